"""A class from planned to ended, reopened or cancelled, and its people with it."""

from datetime import timedelta

import pytest

from courses.classes import (
    cancel_class,
    commit_funding,
    end_class,
    open_class,
    reopen_class,
    settle,
    start_class,
    withdraw_settlement,
)
from courses.models import Attendance, Certificate, Enrolment, EnrolmentStep, TrainingClass
from tests.builders import make_enrolment, make_institution, make_official, make_session
from tests.conftest import DAY
from tests.courses.classes.march import AFTER, BEFORE, END, START, a_class, enrolled, refusal, state_of

pytestmark = pytest.mark.django_db


def test_a_class_walks_from_planned_to_ended_and_its_people_with_it(province_staff):
    training_class = a_class("planned")

    open_class(training_class, by=province_staff)
    decided = enrolled(training_class, "decided")
    others = [enrolled(training_class, state) for state in ("nominated", "approved", "waiting")]
    out = enrolled(training_class, "withdrawn")
    started = start_class(training_class, day=START, by=province_staff)

    assert (started.attending, started.rejected) == (1, 3)
    assert (state_of(training_class), state_of(decided), state_of(out)) == ("running", "attending", "withdrawn")
    assert {state_of(row) for row in others} == {"rejected"}
    steps = EnrolmentStep.objects.filter(enrolment__in=others)
    assert {(step.note, step.by) for step in steps} == {("Lớp đã khai giảng", province_staff)}

    Enrolment.objects.filter(pk=decided.pk).update(state="completed")
    end_class(training_class, day=END, by=province_staff)
    assert state_of(training_class) == "ended"


STATES = TrainingClass.State.values
STEPS = {
    "open": (("planned",), lambda row: open_class(row, by=None)),
    "start": (("open",), lambda row: start_class(row, day=START, by=None)),
    "end": (("running",), lambda row: end_class(row, day=END, by=None)),
    "reopen": (("ended",), lambda row: reopen_class(row, by=None)),
    "cancel": (("planned", "open", "running"), lambda row: cancel_class(row, reason="Bão", day=START, by=None)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_taken_from_its_states_only(step, state):
    allowed, take = STEPS[step]
    training_class = a_class(state)
    if step == "start":
        enrolled(training_class, "decided")

    if state in allowed:
        take(training_class)
        assert state_of(training_class) != state
    else:
        assert f"hiện là “{TrainingClass.State(state).label}”" in refusal(lambda: take(training_class))
        assert state_of(training_class) == state


@pytest.mark.parametrize(("day", "is_allowed"), [(BEFORE, False), (START, True), (END, True), (AFTER, True)])
def test_a_class_starts_from_its_first_day_on(day, is_allowed):
    training_class = a_class()
    enrolled(training_class, "decided")

    if is_allowed:
        start_class(training_class, day=day, by=None)
    else:
        assert "Lớp khai giảng ngày 07/03/2016" in refusal(lambda: start_class(training_class, day=day, by=None))
        assert state_of(training_class) == "open"


@pytest.mark.parametrize(
    ("day", "is_allowed"), [(START, False), (END - timedelta(days=1), False), (END, True), (AFTER, True)]
)
def test_a_class_ends_from_its_last_day_on(day, is_allowed):
    training_class = a_class("running")

    if is_allowed:
        end_class(training_class, day=day, by=None)
    else:
        assert "Lớp bế giảng ngày 11/03/2016" in refusal(lambda: end_class(training_class, day=day, by=None))


def test_a_class_does_not_start_while_nobody_has_a_decision():
    training_class = a_class()
    approved = enrolled(training_class, "approved")

    assert "Chưa có ai có quyết định" in refusal(lambda: start_class(training_class, day=START, by=None))
    assert (state_of(training_class), state_of(approved)) == ("open", "approved")


@pytest.mark.parametrize(("many", "told"), [(1, "Giàng A 1"), (5, "Giàng A 5"), (7, "và 2 người khác")])
def test_a_class_does_not_end_while_somebody_has_no_result_and_names_up_to_five(many, told):
    training_class = a_class("running")
    for number in range(1, many + 1):
        make_enrolment(make_official(f"Giàng A {number}"), training_class, "attending")

    message = refusal(lambda: end_class(training_class, day=END, by=None))
    assert f"Còn {many} người chưa có kết quả" in message
    assert told in message
    assert message.count("Giàng A") == min(many, 5)


def certificate_of(enrolment: Enrolment, **columns) -> Certificate:
    institution = make_institution()
    return Certificate.objects.create(
        enrolment=enrolment, institution=institution, number="1", book_entry="1", issued_on=END, signer="A", **columns
    )


def test_an_ended_class_is_reopened_only_while_no_certificate_is_valid():
    training_class = a_class("ended")
    certificate = certificate_of(enrolled(training_class, "completed"))

    assert "Lớp đã cấp 1 chứng chỉ còn hiệu lực" in refusal(lambda: reopen_class(training_class, by=None))
    certificate.withdrawn_on, certificate.withdrawn_because = AFTER, "ghi sai"
    certificate.save()
    reopen_class(training_class, by=None)
    assert state_of(training_class) == "running"


def test_a_cancelled_class_lets_its_people_and_its_rooms_go_and_says_why(province_staff):
    training_class = a_class("running")
    people = [enrolled(training_class, state) for state in ("waiting", "nominated", "approved", "decided", "attending")]
    with_result, out = enrolled(training_class, "failed"), enrolled(training_class, "withdrawn")
    held, coming = make_session(training_class, START), make_session(training_class, END)
    Attendance.objects.create(session=held, enrolment=with_result, mark="present")

    assert cancel_class(training_class, reason=" Lũ quét ", day=START, by=province_staff) == 5

    training_class.refresh_from_db()
    assert (training_class.state, training_class.state_reason) == ("cancelled", "Lũ quét (07/03/2016)")
    assert {state_of(row) for row in people} == {"rejected"}
    assert (state_of(with_result), state_of(out)) == ("failed", "withdrawn")
    notes = EnrolmentStep.objects.filter(enrolment__in=people).values_list("note", "by")
    assert set(notes) == {("Lớp bị hủy: Lũ quét", province_staff.pk)}
    held.refresh_from_db()
    coming.refresh_from_db()
    assert (held.is_cancelled, coming.is_cancelled) == (False, True)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_class_is_not_cancelled_without_a_reason(reason):
    training_class = a_class()
    nominated = enrolled(training_class, "nominated")

    assert "Hãy ghi lý do" in refusal(lambda: cancel_class(training_class, reason=reason, day=DAY, by=None))
    assert (state_of(training_class), state_of(nominated)) == ("open", "nominated")


def test_a_class_with_certificates_or_settled_money_is_not_cancelled():
    certified, settled = a_class("running"), a_class("running")
    certificate_of(enrolled(certified, "completed"))
    commit_funding(settled, {"local": 1_500_000}, by=None)
    settle(settled, {"local": 1_200_000}, on=END, document="CT 1", by=None)

    assert "Lớp đã cấp 1 chứng chỉ" in refusal(lambda: cancel_class(certified, reason="x", day=END, by=None))
    assert "Lớp đã quyết toán 1.200.000 đồng" in refusal(lambda: cancel_class(settled, reason="x", day=END, by=None))
    withdraw_settlement(settled, by=None)
    cancel_class(settled, reason="x", day=END, by=None)


@pytest.mark.parametrize("pairs", [1, 10])
def test_a_step_of_a_class_takes_as_many_queries_for_one_as_for_many(pairs, django_assert_num_queries):
    training_class = a_class(seats=40)
    for _ in range(pairs):
        enrolled(training_class, "decided")
        enrolled(training_class, "nominated")

    with django_assert_num_queries(13):  # six of them savepoints
        start_class(training_class, day=START, by=None)
