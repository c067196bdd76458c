"""A class from its setting up to its end: seats, quotas, states, sessions, money.

The class runs from Monday 7 to Friday 11 March 2016, with 5 seats, at huyện Bắc Hà. People hold their posts in thị trấn
Bắc Hà or in Thanh Bình (huyện Mường Khương).
"""

from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from cadres.models import Official, Unit
from courses.classes import (
    add_sessions,
    cancel_class,
    change_seats,
    commit_funding,
    delete_session,
    end_class,
    open_class,
    propose_sessions,
    reopen_class,
    save_class,
    save_session,
    set_quotas,
    settle,
    start_class,
    withdraw_settlement,
)
from courses.models import (
    Attendance,
    Certificate,
    ClassFunding,
    ClassSession,
    Enrolment,
    EnrolmentStep,
    PlanLine,
    Room,
    TrainingClass,
    TrainingPlan,
)
from courses.seats import classes_waiting, seats_of, with_district, with_own_seats
from tests.builders import (
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_session,
    make_trainer,
    position_of,
)
from tests.conftest import DAY, make_user, unit_of
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db

START, END = date(2016, 3, 7), date(2016, 3, 11)
BEFORE, AFTER = START - timedelta(days=1), END + timedelta(days=1)
people_made = count(1)


@pytest.fixture
def bac_ha(db) -> Unit:
    return unit_of("085")


@pytest.fixture
def muong_khuong(db) -> Unit:
    return unit_of("083")


def a_class(state: str = "open", **columns) -> TrainingClass:
    return make_class(
        **{"state": state, "start_date": START, "end_date": END, "seats": 5, "place": unit_of("085"), **columns}
    )


def person(
    commune: str = BAC_HA_TOWN, *, start_date: date = date(2010, 1, 1), end_date: date | None = None
) -> Official:
    official = make_official(f"Giàng A {next(people_made):03d}")
    make_appointment(official, position_of("BT_DU"), unit_of(commune), start_date=start_date, end_date=end_date)
    return official


def enrolled(training_class: TrainingClass, state: str, commune: str = BAC_HA_TOWN, **columns) -> Enrolment:
    return make_enrolment(person(commune), training_class, state, **columns)


def at(day: date, text: str) -> datetime:
    return make_aware(datetime.combine(day, time.fromisoformat(text)))


def state_of(row: Enrolment | TrainingClass) -> str:
    return type(row)._default_manager.get(pk=row.pk).state


def refusal(work) -> str:
    with pytest.raises(ValidationError) as refused:
        work()
    return " ".join(refused.value.messages)


# ---------------------------------------------------------------- counting seats


def test_seats_are_counted_by_the_district_of_the_post_on_the_first_day(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated")
    enrolled(training_class, "decided")
    enrolled(training_class, "waiting")
    enrolled(training_class, "rejected")
    enrolled(training_class, "nominated", THANH_BINH)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)

    seats = seats_of(training_class)

    assert (seats.total, seats.taken, seats.waiting, seats.left) == (5, 4, 1, 1)
    assert seats.by_district == {bac_ha.pk: (2, 2), muong_khuong.pk: (1, 1)}
    assert (seats.reserve, seats.reserve_taken, seats.reserve_left) == (2, 1, 1)
    assert (seats.left_of(bac_ha.pk), seats.left_of(muong_khuong.pk)) == (0, 0)


def test_a_class_without_quotas_has_no_reserve_and_seats_for_everybody(bac_ha):
    training_class = a_class(seats=3)
    enrolled(training_class, "nominated")

    seats = seats_of(training_class)

    assert (seats.has_quotas, seats.reserve, seats.left_of(bac_ha.pk), seats.left_of(unit_of("083").pk)) == (
        False,
        0,
        2,
        2,
    )


def test_a_quota_gives_no_seat_of_a_class_that_is_full(bac_ha, muong_khuong):
    training_class = a_class(seats=2)
    set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    for _ in range(2):  # one of them has moved to that district since
        enrolled(training_class, "nominated", THANH_BINH)

    assert seats_of(training_class).left_of(bac_ha.pk) == 0


@pytest.mark.parametrize(
    ("first_day_in_thanh_binh", "district"),
    [(BEFORE, "083"), (START, "083"), (START + timedelta(days=1), "085"), (AFTER, "085")],
)
def test_the_district_is_that_of_the_day_on_which_the_class_starts(first_day_in_thanh_binh, district):
    training_class = a_class()
    mover = person(end_date=first_day_in_thanh_binh - timedelta(days=1))
    make_appointment(mover, position_of("BT_DU"), unit_of(THANH_BINH), start_date=first_day_in_thanh_binh)
    make_enrolment(mover, training_class, "nominated")
    enrolments = Enrolment.objects.all()

    assert with_district(enrolments, training_class).get().district_id == unit_of(district).pk
    assert with_district(enrolments).get().district_id == unit_of(district).pk


def test_who_held_no_post_on_the_first_day_has_no_district():
    training_class = a_class()
    make_enrolment(person(start_date=START + timedelta(days=1)), training_class, "nominated")

    assert seats_of(training_class).by_district == {None: (0, 1)}


def test_counting_seats_takes_as_many_queries_for_one_as_for_many(django_assert_num_queries):
    training_class = a_class(seats=30)
    for _ in range(12):
        enrolled(training_class, "nominated")

    with django_assert_num_queries(2):
        seats_of(training_class)


# ---------------------------------------------------------------- setting up


def test_a_new_class_is_planned_and_gets_the_next_code_of_its_programme_and_year(bac_ha):
    programme = make_programme()

    def new(day: date, **columns) -> TrainingClass:
        unsaved = TrainingClass(
            programme=programme, place=bac_ha, start_date=day, end_date=day, seats=10, state="ended", **columns
        )
        return save_class(unsaved, by=None)

    first, second, named, next_year = new(START), new(START), new(START, code="LOP-RIENG"), new(date(2017, 1, 2))

    assert [row.state for row in (first, second, named, next_year)] == ["planned"] * 4
    assert first.code == f"{programme.code}-2016-1"
    assert second.code == f"{programme.code}-2016-2"
    assert named.code == "LOP-RIENG"
    assert next_year.code == f"{programme.code}-2017-1"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"end_date": BEFORE}, "Ngày bế giảng phải từ ngày khai giảng trở đi."),
        ({"end_date": START}, None),
        ({"seats": 0}, "Số chỗ phải lớn hơn 0."),
        ({"seats": 1}, None),
        ({"enrol_until": AFTER}, "Hạn đăng ký không được sau ngày bế giảng."),
        ({"enrol_until": END}, None),
    ],
)
def test_a_class_ends_on_or_after_its_first_day_and_has_seats(columns, told):
    training_class = a_class("planned")
    for name, value in columns.items():
        setattr(training_class, name, value)

    if told:
        assert told in refusal(lambda: save_class(training_class, by=None))
    else:
        save_class(training_class, by=None)


def test_fewer_seats_than_are_taken_are_refused_with_their_number():
    training_class = a_class(seats=5)
    for state in ("nominated", "approved", "decided", "waiting", "withdrawn"):
        enrolled(training_class, state)

    assert "Đã có 3 người giữ chỗ" in refusal(lambda: change_seats(training_class, 2, by=None))
    assert change_seats(training_class, 3, by=None).seats == 3


def test_fewer_seats_than_the_quotas_give_out_are_refused(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated", is_from_reserve=True)

    assert "Đã giao 4 chỗ" in refusal(lambda: change_seats(training_class, 3, by=None))
    assert change_seats(training_class, 4, by=None).seats == 4


def test_more_seats_move_the_waiting_list_up_in_its_order():
    training_class = a_class(seats=1)
    enrolled(training_class, "nominated")
    moment = at(date(2016, 1, 1), "08:00")
    last = enrolled(training_class, "waiting", queued_at=moment + timedelta(minutes=2))
    first = enrolled(training_class, "waiting", queued_at=moment)
    second = enrolled(training_class, "waiting", queued_at=moment + timedelta(minutes=1))

    change_seats(training_class, 3, by=None)

    assert [state_of(row) for row in (first, second, last)] == ["nominated", "nominated", "waiting"]


def test_dates_that_leave_a_session_outside_are_refused_and_name_it():
    training_class = a_class()
    make_session(training_class, END)
    cancelled = make_session(training_class, START, is_cancelled=True)
    training_class.end_date = END - timedelta(days=1)

    assert f"buổi đầu là {END:%d/%m/%Y} 08:00" in refusal(lambda: save_class(training_class, by=None))
    training_class.end_date, training_class.start_date = END, cancelled.day + timedelta(days=1)
    save_class(training_class, by=None)


def test_the_programme_is_fixed_once_somebody_was_nominated_for_it():
    training_class = a_class()
    training_class.programme = make_programme()
    save_class(training_class, by=None)
    enrolled(training_class, "waiting")
    training_class.programme = make_programme()

    assert "Đã có 1 người được cử theo chương trình này" in refusal(lambda: save_class(training_class, by=None))


def test_a_running_class_keeps_its_first_day_and_a_class_that_is_over_keeps_all_but_words():
    running, ended, cancelled = a_class("running"), a_class("ended"), a_class("cancelled")
    running.start_date = BEFORE
    ended.seats = cancelled.seats = 9

    assert "không đổi được chương trình và ngày khai giảng" in refusal(lambda: save_class(running, by=None))
    assert "Hãy mở lại lớp trước." in refusal(lambda: save_class(ended, by=None))
    assert "Hãy lập lớp mới." in refusal(lambda: save_class(cancelled, by=None))
    ended.refresh_from_db()
    ended.venue = "Hội trường A"
    save_class(ended, by=None)


def test_saving_never_changes_the_state():
    training_class = a_class("running")
    training_class.state = "ended"

    assert save_class(training_class, by=None).state == "running"
    assert state_of(training_class) == "running"


def test_a_place_that_is_not_there_on_the_first_day_is_refused():
    training_class = a_class()
    training_class.start_date = training_class.end_date = date(2025, 7, 1)  # the districts ended the day before
    training_class.enrol_until = None

    assert "Đơn vị này không có vào ngày 01/07/2025." in refusal(lambda: save_class(training_class, by=None))
    training_class.start_date = training_class.end_date = date(2025, 6, 30)
    save_class(training_class, by=None)


def a_line(**columns) -> PlanLine:
    plan = TrainingPlan.objects.create(
        year=2016, title="Kế hoạch 2016", state="approved", decision_number="1", decision_date=date(2015, 12, 1)
    )
    return PlanLine.objects.create(plan=plan, **{"programme": make_programme(), "seats": 5, **columns})


def test_a_plan_line_holds_classes_of_its_programme_and_no_more_than_it_has():
    line = a_line(class_count=1)
    other, first, second = a_class(), a_class(programme=line.programme), a_class(programme=line.programme)
    for training_class in (other, first, second):
        training_class.plan_line = line

    assert "Dòng kế hoạch này dành cho" in refusal(lambda: save_class(other, by=None))
    save_class(first, by=None)
    assert "có 1 lớp và đã lập đủ" in refusal(lambda: save_class(second, by=None))
    cancel_class(first, reason="Thiếu người", day=DAY, by=None)
    save_class(second, by=None)


# ---------------------------------------------------------------- quotas


def test_quotas_may_not_be_more_than_the_seats(bac_ha, muong_khuong):
    training_class = a_class(seats=5)

    assert "Tổng chỉ tiêu 6 nhiều hơn 5 chỗ" in refusal(
        lambda: set_quotas(training_class, {bac_ha.pk: 4, muong_khuong.pk: 2}, by=None)
    )
    assert set_quotas(training_class, {bac_ha.pk: 3, muong_khuong.pk: 2}, by=None).reserve == 0


def test_a_quota_below_what_the_district_has_taken_is_refused_and_names_it(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    enrolled(training_class, "nominated")
    enrolled(training_class, "approved")

    told = refusal(lambda: set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 4}, by=None))
    assert "Bắc Hà đã cử 2 người, chỉ tiêu 1" in told
    assert "Bắc Hà đã cử 2 người, chỉ tiêu 0" in refusal(
        lambda: set_quotas(training_class, {muong_khuong.pk: 4}, by=None)
    )
    assert training_class.quotas.count() == 0
    set_quotas(training_class, {bac_ha.pk: 2}, by=None)


def test_quotas_leave_the_seats_that_the_reserve_has_given(bac_ha):
    training_class = a_class(seats=3)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)

    assert "Chỗ dự phòng còn 1 nhưng đã dùng 2" in refusal(lambda: set_quotas(training_class, {bac_ha.pk: 2}, by=None))


def test_a_larger_quota_moves_the_people_of_its_district_up(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated", THANH_BINH)
    enrolled(training_class, "nominated")
    own, foreign = enrolled(training_class, "waiting"), enrolled(training_class, "waiting", THANH_BINH)

    seats = set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)

    assert (state_of(own), state_of(foreign)) == ("nominated", "waiting")
    assert seats.by_district == {bac_ha.pk: (2, 2), muong_khuong.pk: (1, 1)}


def test_quotas_of_none_are_taken_away_and_the_seats_are_for_whoever_comes_first(bac_ha):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    waiting = enrolled(training_class, "waiting", THANH_BINH)

    seats = set_quotas(training_class, {bac_ha.pk: 0}, by=None)

    assert (seats.has_quotas, training_class.quotas.count(), state_of(waiting)) == (False, 0, "nominated")


def test_only_districts_of_the_first_day_have_quotas_and_only_before_the_class_starts(bac_ha):
    commune = unit_of(BAC_HA_TOWN)

    assert "không phải là huyện" in refusal(lambda: set_quotas(a_class(), {commune.pk: 1}, by=None))
    for state in ("running", "ended", "cancelled"):
        training_class = a_class(state)
        assert "khi lớp chưa khai giảng" in refusal(
            lambda training_class=training_class: set_quotas(training_class, {bac_ha.pk: 1}, by=None)
        )


# ---------------------------------------------------------------- states


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


# ---------------------------------------------------------------- sessions


def session(training_class: TrainingClass, start: str, end: str, *, day: date = START, **columns) -> ClassSession:
    return ClassSession(
        training_class=training_class, starts_at=at(day, start), ends_at=at(day, end), **{"hours": 4, **columns}
    )


@pytest.mark.parametrize(
    ("day", "is_within"),
    [(BEFORE, False), (START, True), (END, True), (AFTER, False)],
    ids=["before", "1", "5", "after"],
)
def test_a_session_lies_within_the_dates_of_its_class(day, is_within):
    unsaved = session(a_class(), "07:30", "11:00", day=day)

    if is_within:
        save_session(unsaved, by=None)
    else:
        assert "từ 07/03/2016 đến 11/03/2016" in refusal(lambda: save_session(unsaved, by=None))


def test_the_day_of_a_session_is_the_local_one():
    """Half past midnight on the first day is still the day before in Greenwich."""
    save_session(session(a_class(), "00:30", "04:00"), by=None)


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        ("06:00", "07:30", False),  # touches its beginning
        ("06:00", "07:31", True),
        ("08:00", "09:00", True),  # wholly enclosed
        ("07:00", "12:00", True),  # encloses it
        ("07:30", "11:00", True),  # the same
        ("10:59", "12:00", True),
        ("11:00", "12:00", False),  # touches its end
    ],
)
@pytest.mark.parametrize("what", ["trainer", "room", "class"])
def test_no_trainer_room_or_class_is_in_two_sessions_at_one_time(what, start, end, clashes):
    room, trainer = Room.objects.create(name="A1", place=unit_of("085")), make_trainer("Lò Văn Hạnh")
    mine = a_class()
    other = mine if what == "class" else a_class()
    used = {"trainer": {"trainer": trainer}, "room": {"room": room}, "class": {}}[what]
    save_session(session(other, "07:30", "11:00", **used), by=None)
    unsaved = session(mine, start, end, **used)

    if not clashes:
        save_session(unsaved, by=None)
        return
    told = refusal(lambda: save_session(unsaved, by=None))
    assert "từ 07:30 đến 11:00 ngày 07/03/2016" in told
    assert (other.code in told) == (what != "class")
    assert {"trainer": "Lò Văn Hạnh", "room": "A1", "class": "Lớp đã có"}[what] in told


def test_a_session_may_be_moved_within_its_own_hours_and_a_cancelled_one_is_in_nobodys_way():
    mine, trainer = a_class(), make_trainer()
    saved = save_session(session(mine, "07:30", "11:00", trainer=trainer), by=None)
    saved.starts_at = at(START, "08:00")
    save_session(saved, by=None)
    cancel_class(mine, reason="Thiếu người", day=DAY, by=None)

    save_session(session(a_class(), "07:30", "11:00", trainer=trainer), by=None)


@pytest.mark.parametrize("state", ["ended", "cancelled"])
def test_the_timetable_of_a_class_that_is_over_is_closed(state):
    training_class = a_class(state)
    there = make_session(training_class)

    for work in (
        lambda: save_session(session(training_class, "13:30", "17:00"), by=None),
        lambda: delete_session(there, by=None),
        lambda: add_sessions(training_class, by=None),
    ):
        assert "lịch học không sửa được nữa" in refusal(work)


def test_a_session_ends_after_it_starts_and_has_hours():
    assert "Giờ kết thúc phải sau" in refusal(lambda: save_session(session(a_class(), "11:00", "11:00"), by=None))
    assert "Số tiết" in refusal(lambda: save_session(session(a_class(), "07:30", "11:00", hours=0), by=None))


def test_a_session_with_attendance_is_not_deleted():
    training_class = a_class("running")
    held, coming = make_session(training_class, START), make_session(training_class, END)
    Attendance.objects.create(session=held, enrolment=enrolled(training_class, "attending"), mark="present")

    assert "đã điểm danh" in refusal(lambda: delete_session(held, by=None))
    delete_session(coming, by=None)
    assert list(training_class.sessions.all()) == [held]


def test_half_days_are_filled_until_the_programme_has_its_hours():
    training_class = a_class(programme=make_programme(hours=14))

    written = add_sessions(training_class, by=None)

    told = [(f"{row.local_start:%d %H:%M}", f"{row.local_end:%H:%M}", row.hours) for row in written.sessions]
    assert told == [
        ("07 07:30", "11:00", 4),
        ("07 13:30", "17:00", 4),
        ("08 07:30", "11:00", 4),
        ("08 13:30", "15:10", 2),  # what is left: two tiết of 45 minutes, and the break between them
    ]
    assert (training_class.sessions.count(), written.skipped, written.missing_hours) == (4, [], 0)
    assert "đã đủ số tiết" in refusal(lambda: add_sessions(training_class, by=None))


def test_half_days_skip_what_clashes_and_say_which():
    trainer, room = make_trainer("Lò Văn Hạnh"), Room.objects.create(name="A1", place=unit_of("085"))
    other = a_class()
    save_session(session(other, "08:00", "09:00", trainer=trainer), by=None)
    save_session(session(other, "16:00", "18:00", room=room), by=None)
    mine = a_class(programme=make_programme(hours=8))
    save_session(session(mine, "07:30", "08:30", day=START + timedelta(days=1), hours=1), by=None)

    proposal = propose_sessions(mine, trainer=trainer, room=room)

    assert [f"{row.local_start:%d %H:%M}" for row in proposal.sessions] == ["08 13:30", "09 07:30"]
    assert [row.hours for row in proposal.sessions] == [4, 3]  # one tiết was there
    assert len(proposal.skipped) == 3
    assert f"Giảng viên Lò Văn Hạnh đã có buổi của lớp {other.code} từ 08:00 đến 09:00" in proposal.skipped[0]
    assert f"Phòng A1 đã có buổi của lớp {other.code} từ 16:00 đến 18:00" in proposal.skipped[1]
    assert "Lớp đã có buổi học từ 07:30 đến 08:30" in proposal.skipped[2]
    assert ClassSession.objects.filter(training_class=mine).count() == 1


def test_half_days_keep_to_the_weekdays_and_tell_the_hours_that_find_no_room():
    training_class = a_class(programme=make_programme(hours=40))

    proposal = propose_sessions(training_class, weekdays=(0, 4), starts=(time(8),), hours_a_session=5)

    assert [row.day for row in proposal.sessions] == [START, END]
    assert proposal.missing_hours == 30


def test_proposing_takes_as_many_queries_for_a_week_as_for_a_year(django_assert_num_queries):
    training_class = a_class(programme=make_programme(hours=800), end_date=date(2017, 3, 6))
    make_session(training_class)

    with django_assert_num_queries(2):
        proposal = propose_sessions(training_class)

    assert proposal.hours == 796


# ---------------------------------------------------------------- money


def money_of(training_class: TrainingClass) -> dict[str, tuple[int, int]]:
    return {
        row.source: (row.committed, row.spent) for row in ClassFunding.objects.filter(training_class=training_class)
    }


def test_money_is_given_and_settled_by_source():
    training_class = a_class("running")

    commit_funding(training_class, {"central": 10_000_000, "local": 5_000_000, "other": 0}, by=None)
    settle(training_class, {"central": 9_000_000, "local": 5_000_000}, on=END, document="CT 12", by=None)

    assert money_of(training_class) == {"central": (10_000_000, 9_000_000), "local": (5_000_000, 5_000_000)}
    row = training_class.funding.get(source="central")
    assert (row.settled_on, row.document) == (END, "CT 12")


def test_a_spend_above_the_commitment_is_refused_with_both_sums_and_nothing_is_written():
    training_class = a_class("ended")
    commit_funding(training_class, {"central": 10_000_000, "local": 5_000_000}, by=None)

    told = refusal(
        lambda: settle(training_class, {"central": 10_000_000, "local": 5_000_001}, on=END, document="CT 12", by=None)
    )

    assert "Ngân sách địa phương: Quyết toán 5.000.001 đồng vượt kinh phí đã giao 5.000.000 đồng" in told
    assert money_of(training_class) == {"central": (10_000_000, 0), "local": (5_000_000, 0)}


def test_a_commitment_below_what_was_spent_is_refused():
    training_class = a_class("ended")
    commit_funding(training_class, {"local": 5_000_000}, by=None)
    settle(training_class, {"local": 4_000_000}, on=END, document="CT 12", by=None)

    assert "ít hơn số đã quyết toán 4.000.000 đồng" in refusal(
        lambda: commit_funding(training_class, {"local": 3_999_999}, by=None)
    )
    commit_funding(training_class, {"local": 4_000_000}, by=None)


@pytest.mark.parametrize(("day", "is_allowed"), [(BEFORE, False), (START, True), (END, True), (AFTER, True)])
def test_money_is_settled_from_the_first_day_on(day, is_allowed):
    training_class = a_class("running")
    commit_funding(training_class, {"local": 5}, by=None)

    if is_allowed:
        settle(training_class, {"local": 5}, on=day, document="CT", by=None)
    else:
        assert "ở trước ngày khai giảng" in refusal(
            lambda: settle(training_class, {"local": 5}, on=day, document="CT", by=None)
        )


@pytest.mark.parametrize("state", ["planned", "open", "cancelled"])
def test_a_class_that_has_not_started_settles_nothing(state):
    training_class = a_class(state)

    assert "Chỉ quyết toán lớp đang học hoặc đã kết thúc" in refusal(
        lambda: settle(training_class, {"local": 0}, on=END, document="CT", by=None)
    )


def test_a_cancelled_class_is_given_no_money():
    assert "Lớp đã hủy" in refusal(lambda: commit_funding(a_class("cancelled"), {"local": 1}, by=None))


def test_money_less_than_nothing_and_from_nowhere_is_refused():
    assert "từ 0 đồng trở lên" in refusal(lambda: commit_funding(a_class(), {"local": -1}, by=None))
    assert "Không có nguồn kinh phí" in refusal(lambda: commit_funding(a_class(), {"vàng": 1}, by=None))


def test_the_classes_of_a_plan_line_are_given_no_more_than_the_line_has():
    line = a_line(class_count=2, cost_local=10_000_000)
    first, second = (a_class(programme=line.programme, plan_line=line) for _ in range(2))
    commit_funding(first, {"local": 6_000_000}, by=None)

    assert "vượt 1 đồng so với 10.000.000 đồng" in refusal(
        lambda: commit_funding(second, {"local": 4_000_001}, by=None)
    )
    commit_funding(second, {"local": 4_000_000}, by=None)
    cancel_class(first, reason="Thiếu người", day=DAY, by=None)
    commit_funding(second, {"local": 10_000_000}, by=None)


# ---------------------------------------------------------------- what waits for whom


def test_an_officer_is_told_of_open_classes_with_a_seat_for_the_own_people(district_officer, bac_ha, muong_khuong):
    a_class("planned")
    free = a_class(seats=1)  # no quotas, one seat
    quota = a_class(seats=4)
    set_quotas(quota, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    foreign = a_class()
    set_quotas(foreign, {muong_khuong.pk: 5}, by=None)
    closed = a_class(enrol_until=DAY - timedelta(days=1))
    last_day = a_class(enrol_until=DAY)

    assert classes_waiting(district_officer, DAY).count() == 3  # free, quota, last_day
    enrolled(quota, "nominated", THANH_BINH)
    assert classes_waiting(district_officer, DAY).count() == 3
    enrolled(quota, "nominated")
    assert classes_waiting(district_officer, DAY).count() == 2
    enrolled(free, "nominated", THANH_BINH)
    assert classes_waiting(district_officer, DAY).count() == 1
    assert classes_waiting(district_officer, DAY + timedelta(days=1)).count() == 0
    assert {closed.state, last_day.state} == {"open"}


def test_own_seats_are_those_of_the_districts_and_unknown_without_quotas(bac_ha, muong_khuong):
    quota, free = a_class(), a_class()
    set_quotas(quota, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(quota, "nominated")
    enrolled(quota, "nominated", THANH_BINH)
    enrolled(free, "nominated")
    own = Unit.objects.filter(pk=bac_ha.pk)

    found = {
        row.pk: (row.own_quota, row.own_taken, row.all_taken)
        for row in with_own_seats(TrainingClass.objects.all(), own)
    }
    assert found == {quota.pk: (2, 1, 2), free.pk: (None, 1, 1)}


def test_a_seat_of_the_reserve_uses_up_no_quota(district_officer, bac_ha):
    training_class = a_class(seats=3)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    enrolled(training_class, "nominated", is_from_reserve=True)

    (found,) = with_own_seats(TrainingClass.objects.all(), Unit.objects.filter(pk=bac_ha.pk))
    assert (found.own_quota, found.own_taken, found.all_taken) == (1, 0, 1)
    assert classes_waiting(district_officer, DAY).count() == 1


def test_sonoivu_is_told_of_nominations_and_an_institution_of_its_classes_past_their_end(province_staff):
    institution_account = make_user("truong", "training_institution")
    school = make_institution(user=institution_account)
    enrolled(a_class(), "nominated")
    enrolled(a_class(), "waiting")
    a_class("running", institution=school)
    a_class("running")

    assert classes_waiting(province_staff, DAY).count() == 1
    assert [classes_waiting(institution_account, day).count() for day in (END, AFTER)] == [0, 1]
