"""Classes under real parallel connections: one trainer, room or class in two sessions at once, the last đồng of a line,
a class started while its seats change.
"""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from courses.classes import add_sessions, cancel_class, change_seats, commit_funding, save_session, start_class
from courses.models import (
    ClassFunding,
    ClassSession,
    Enrolment,
    EnrolmentStep,
    PlanLine,
    Room,
    TrainingClass,
    TrainingPlan,
)
from courses.seats import seats_of
from tests.builders import make_class, make_enrolment, make_official, make_programme, make_trainer
from tests.conftest import unit_of
from tests.parallel import in_parallel

pytestmark = pytest.mark.usefixtures("shared_database")

START, END = date(2016, 3, 7), date(2016, 3, 11)
AT_ONCE = 6


def a_class(state: str = "open", **columns) -> TrainingClass:
    return make_class(state=state, start_date=START, end_date=END, **{"seats": 5, "place": unit_of("085"), **columns})


def session(training_class: TrainingClass, start: str, end: str, **columns) -> ClassSession:
    first, last = (make_aware(datetime.combine(START, time.fromisoformat(text))) for text in (start, end))
    return ClassSession(training_class=training_class, starts_at=first, ends_at=last, **columns)


@pytest.mark.parametrize("what", ["trainer", "room", "class"])
def test_of_sessions_at_one_time_entered_at_once_one_is_written_and_the_others_are_told_which(what):
    """In one class, or in as many classes as there are people who enter one."""
    one_class = a_class()
    classes = [one_class if what == "class" else a_class() for _ in range(AT_ONCE)]
    used = {
        "trainer": lambda: {"trainer": make_trainer("Lò Văn Hạnh")},
        "room": lambda: {"room": Room.objects.create(name="A1", place=unit_of("085"))},
        "class": dict,
    }[what]()
    works = [
        lambda training_class=training_class: save_session(session(training_class, "07:30", "11:00", **used), by=None)
        for training_class in classes
    ]

    raised = in_parallel(*works)

    assert [type(error) for error in raised] == [ValidationError] * (AT_ONCE - 1)
    (written,) = ClassSession.objects.filter(training_class__in=classes)
    for error in raised:
        assert "từ 07:30 đến 11:00 ngày 07/03/2016" in error.messages[0]
        assert what == "class" or written.training_class.code in error.messages[0]


def test_sessions_that_touch_or_share_nothing_are_all_written_at_once():
    trainer, room = make_trainer(), Room.objects.create(name="B1", place=unit_of("085"))
    mine, other = a_class(), a_class()
    works = [
        lambda: save_session(session(mine, "07:30", "09:30", trainer=trainer), by=None),
        lambda: save_session(session(other, "09:30", "11:00", trainer=trainer, room=room), by=None),
        lambda: save_session(session(mine, "13:30", "17:00", room=room), by=None),
        lambda: save_session(session(other, "13:30", "17:00", trainer=trainer), by=None),
    ]

    assert in_parallel(*works) == []
    assert ClassSession.objects.filter(training_class__in=(mine, other)).count() == 4


def test_two_timetables_filled_at_once_share_a_trainer_without_a_clash():
    trainer = make_trainer()
    classes = [a_class(programme=make_programme(hours=20)) for _ in range(2)]

    raised = in_parallel(*(lambda row=row: add_sessions(row, trainer=trainer, by=None) for row in classes))

    assert raised == []  # ten half days, five for each
    assert sorted(row.sessions.count() for row in classes) == [5, 5]
    assert trainer.sessions.values("starts_at").distinct().count() == 10


def test_two_classes_never_take_the_last_of_a_line_together():
    plan = TrainingPlan.objects.create(
        year=2016, title="Kế hoạch 2016", state="approved", decision_number="1", decision_date=date(2015, 12, 1)
    )
    line = PlanLine.objects.create(
        plan=plan, programme=make_programme(), class_count=AT_ONCE, seats=5, cost_local=10_000_000
    )
    classes = [a_class(programme=line.programme, plan_line=line) for _ in range(AT_ONCE)]

    raised = in_parallel(*(lambda row=row: commit_funding(row, {"local": 4_000_000}, by=None) for row in classes))

    assert [type(error) for error in raised] == [ValidationError] * (AT_ONCE - 2)
    committed = ClassFunding.objects.filter(training_class__in=classes).values_list("committed", flat=True)
    assert sum(committed) == 8_000_000


def test_a_class_is_started_or_cancelled_once_whoever_asks_at_once():
    training_class = a_class()
    for number in range(3):
        make_enrolment(make_official(f"Giàng A {number}"), training_class, "decided")

    raised = in_parallel(
        *(lambda: start_class(training_class, day=START, by=None) for _ in range(3)),
    )

    assert [type(error) for error in raised] == [ValidationError] * 2
    begun = EnrolmentStep.objects.filter(enrolment__training_class=training_class, state="attending")
    assert begun.count() == 3


def test_a_class_cancelled_while_it_starts_leaves_nobody_between():
    training_class = a_class()
    people = [make_enrolment(make_official(f"Giàng A {number}"), training_class, "decided") for number in range(3)]

    in_parallel(
        lambda: start_class(training_class, day=START, by=None),
        lambda: cancel_class(training_class, reason="Bão", day=START, by=None),
    )

    training_class.refresh_from_db()
    assert training_class.state == "cancelled"  # started first or not: a running class can be cancelled too
    states = set(Enrolment.objects.filter(pk__in=[row.pk for row in people]).values_list("state", flat=True))
    assert states == {"rejected"}


def test_seats_taken_away_and_given_at_once_are_never_below_those_taken():
    training_class = a_class(seats=3)
    for state in ("nominated", "nominated", "nominated", "waiting", "waiting"):
        make_enrolment(make_official("Giàng A Dơ"), training_class, state)

    in_parallel(*(lambda seats=seats: change_seats(training_class, seats, by=None) for seats in (5, 3, 4, 3)))

    training_class.refresh_from_db()
    seats = seats_of(training_class)
    assert seats.taken + seats.waiting == 5
    assert seats.taken <= seats.total
