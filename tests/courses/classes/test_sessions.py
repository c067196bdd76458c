"""The sessions of a class: when they may be, what is in their way, and half days filled at once."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from courses.classes import add_sessions, cancel_class, delete_session, propose_sessions, save_session
from courses.classes.holidays import holiday_on
from courses.models import Attendance, ClassSession, Room, TrainingClass
from tests.builders import make_programme, make_session, make_trainer
from tests.conftest import DAY, client_of, unit_of
from tests.courses.classes.march import AFTER, BEFORE, END, START, a_class, at, enrolled, refusal
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db


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


# The first days of Tết and Giỗ Tổ as they were celebrated; in 2007 Tết came a day before China's, and in 2030 it will.
TET = "2007-02-17 2012-01-23 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2020-01-25 2023-01-22 2025-01-29 2030-02-02"
KINGS = "2012-03-31 2014-04-09 2015-04-28 2016-04-16 2017-04-06 2020-04-02 2023-04-29 2025-04-07"


def test_holidays_are_those_of_the_calendars_and_weekends_are_made_up_for():
    for tet in map(date.fromisoformat, TET.split()):
        days = [holiday_on(tet + timedelta(days=shift)) for shift in range(-3, 5)]
        assert days == ["", *["Tết Nguyên đán"] * 6, ""]
    for kings in map(date.fromisoformat, KINGS.split()):
        assert "Giỗ Tổ" in holiday_on(kings)
    spring = [
        f"{day:%d/%m}" for day in (date(2016, 4, 1) + timedelta(days=one) for one in range(40)) if holiday_on(day)
    ]
    # 16/4 and 30/4 are Saturdays, 1/5 a Sunday
    assert spring == ["16/04", "18/04", "30/04", "01/05", "02/05", "03/05"]
    assert holiday_on(date(2016, 5, 3)) == "nghỉ bù Ngày Quốc tế lao động 1/5"
    assert [bool(holiday_on(date(2015, 9, day))) for day in (1, 2, 3)] == [False, True, False]


def test_no_session_is_held_or_proposed_on_a_public_holiday(province_staff):
    dates = {"start_date": date(2016, 9, 1), "end_date": date(2016, 9, 6)}
    training_class = a_class(programme=make_programme(hours=12), **dates)

    told = refusal(lambda: save_session(session(training_class, "07:30", "11:00", day=date(2016, 9, 2)), by=None))
    assert "Ngày 02/09/2016 là ngày nghỉ lễ (Quốc khánh 2/9)" in told
    proposal = propose_sessions(training_class, starts=(time(8),))
    assert [row.day.day for row in proposal.sessions] == [1, 5, 6]
    assert proposal.holidays == {date(2016, 9, 2): "Quốc khánh 2/9"}

    client = client_of(province_staff)
    choices = {"morning": "08:00", "hours_a_session": 4, "weekdays": [0, 1, 2, 3, 4]}
    shown = client.get(reverse("courses:session-propose", args=[training_class.pk]), choices)
    assert "Không xếp vào ngày nghỉ lễ: 02/09/2016 (Quốc khánh 2/9)" in text_of(shown.content.decode())
    typed = {"day": "02/09/2016", "start": "07:30", "end": "11:00", "hours": 4}
    page = reverse("courses:session-add", args=[training_class.pk])
    assert "là ngày nghỉ lễ" in text_of(client.post(page, typed).content.decode())
    backwards = client.post(page, typed | {"day": "01/09/2016", "end": "07:00"})
    assert "Giờ kết thúc phải sau giờ bắt đầu" in text_of(backwards.content.decode())
    assert not training_class.sessions.exists()


def test_half_days_keep_to_the_weekdays_and_tell_the_hours_that_find_no_room():
    training_class = a_class(programme=make_programme(hours=40))

    proposal = propose_sessions(training_class, weekdays=(0, 4), starts=(time(8),), hours_a_session=5)

    assert [row.day for row in proposal.sessions] == [START, END]
    assert proposal.missing_hours == 30


def test_proposing_takes_as_many_queries_for_a_week_as_for_a_year(django_assert_num_queries):
    training_class = a_class(programme=make_programme(hours=800), end_date=date(2017, 3, 6))
    make_session(training_class)

    with django_assert_num_queries(3):  # with the modules of the class
        proposal = propose_sessions(training_class)

    assert proposal.hours == 796
