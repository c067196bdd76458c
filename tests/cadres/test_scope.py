"""On which rows an account works (cadres.access): each unit for the time in which it lay in the account's scope."""

from datetime import date, timedelta

import pytest
from django.db.models import DateField, Exists, OuterRef, QuerySet, Value
from django.utils.timezone import localdate  # noqa: TID251 — who may look is a matter of today

from cadres import roles
from cadres.access import (
    appointments_visible_to,
    communes_in_scope,
    held_in_scope,
    last_day_seen,
    posts_writable_by,
    units_visible_to,
    units_writable_on,
    visible_to,
    writable_by,
)
from cadres.models import Appointment, Official, Qualification, RoleGrant, Unit, UnitVersion, User
from tests.builders import (
    make_appointment,
    make_commune,
    make_official,
    make_qualification,
    make_unit,
    make_version,
    position_of,
)
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

MOVED = date(2015, 6, 1)
BEFORE = MOVED - timedelta(days=1)


class Moved:
    """A commune that went from one district of a province to another, and an officer of each district."""

    def __init__(self) -> None:
        self.province = make_unit(UnitVersion.Kind.PROVINCE)
        self.old, self.new = (make_unit(UnitVersion.Kind.DISTRICT, parent=self.province) for _ in range(2))
        self.commune = make_commune(parent=self.old, end_date=BEFORE)
        make_version(self.commune, parent=self.new, start_date=MOVED)
        self.former, self.present = officer_of(self.old, "cu"), officer_of(self.new, "moi")


@pytest.fixture
def moved(db) -> Moved:
    return Moved()


def officer_of(unit: Unit, name: str = "can-bo", **period) -> User:
    user = make_user(name, roles.UNIT_OFFICER)
    RoleGrant.objects.create(user=user, role=roles.UNIT_OFFICER, unit=unit, **period)
    return user


def seated(unit: Unit, start_date: date, end_date: date | None = None) -> Official:
    official = make_official()
    make_appointment(official, position_of("BT_DU"), unit, start_date=start_date, end_date=end_date)
    return official


@pytest.mark.parametrize(
    ("start", "end", "seen_before", "seen_now"),
    [
        (date(2010, 1, 1), BEFORE, True, False),
        (date(2010, 1, 1), MOVED, True, True),
        (date(2010, 1, 1), None, True, True),
        (MOVED, None, False, True),
    ],
)
def test_a_post_is_seen_by_who_had_its_unit_on_one_of_its_days(moved, start, end, seen_before, seen_now):
    seated(moved.commune, start, end)
    posts = Appointment.objects.all()
    seen = [visible_to(posts, user).exists() for user in (moved.former, moved.present)]
    assert seen == [held_in_scope(posts, user).exists() for user in (moved.former, moved.present)]
    assert seen == [seen_before, seen_now]


@pytest.mark.parametrize(("day", "names"), [(BEFORE, ["former"]), (MOVED, ["present"])])
def test_a_post_is_in_the_figures_of_who_has_its_unit_on_the_day(moved, day, names):
    seated(moved.commune, date(2010, 1, 1))
    users = {"former": moved.former, "present": moved.present}
    assert [name for name, user in users.items() if appointments_visible_to(user, day).exists()] == names

    def posts_on_its_day(user: User) -> QuerySet[Appointment]:
        return appointments_visible_to(user, OuterRef("day")).filter(official=OuterRef("pk"))

    people = Official.objects.annotate(day=Value(day, DateField()))
    assert [name for name, user in users.items() if people.filter(Exists(posts_on_its_day(user))).exists()] == names


def test_people_of_a_unit_that_has_ended_are_in_the_figures_of_who_had_it(moved):
    ended = make_commune(parent=moved.old, end_date=BEFORE)
    seated(ended, date(2010, 1, 1))
    assert appointments_visible_to(moved.former, MOVED).exists()
    assert writable_by(Official.objects.all(), moved.former).exists()


@pytest.mark.parametrize(("end", "names"), [(None, ["present"]), (MOVED, ["present"]), (BEFORE, ["former"])])
def test_people_are_written_by_who_has_their_unit_today_or_had_it_when_they_left(moved, end, names):
    seated(moved.commune, date(2010, 1, 1), end)
    users = {"former": moved.former, "present": moved.present}
    assert [name for name, user in users.items() if writable_by(Official.objects.all(), user).exists()] == names


def test_people_of_a_unit_that_is_to_begin_are_written_by_who_will_have_it(moved):
    tomorrow = localdate() + timedelta(days=1)
    seated(make_commune(parent=moved.old, start_date=tomorrow), tomorrow)
    assert writable_by(Official.objects.all(), moved.former).exists()


@pytest.mark.parametrize(("day", "is_seen"), [(BEFORE, True), (MOVED, False)])
def test_of_who_has_left_the_rows_are_seen_that_had_begun_by_the_last_day(moved, day, is_seen):
    official = seated(moved.old, date(2010, 1, 1), BEFORE)
    make_appointment(official, position_of("CT_UBND"), moved.new, start_date=MOVED)
    make_qualification(official, "it", "A", as_of=day)
    rows = Qualification.objects.all()
    assert visible_to(rows, moved.present).exists()
    assert visible_to(rows, moved.former).exists() is is_seen
    assert [last_day_seen(user, official) for user in (moved.former, moved.present)] == [BEFORE, None]
    assert visible_to(Official.objects.all(), moved.former).exists()


def test_of_the_people_of_a_commune_that_left_the_rows_are_seen_up_to_that_day(moved):
    official = seated(moved.commune, date(2010, 1, 1))
    for day in (BEFORE, MOVED):
        make_qualification(official, "it", "A", as_of=day)
    seen = [visible_to(Qualification.objects.all(), user).count() for user in (moved.former, moved.present)]
    assert seen == [1, 2]
    assert last_day_seen(moved.former, official) == BEFORE


def test_of_who_has_retired_everything_is_seen_by_the_last_unit(moved):
    official = seated(moved.old, date(2010, 1, 1), BEFORE)
    make_qualification(official, "it", "A", as_of=MOVED)
    assert visible_to(Qualification.objects.all(), moved.former).exists()
    assert last_day_seen(moved.former, official) is None
    assert writable_by(Official.objects.all(), moved.former).exists()


def test_people_are_written_by_who_has_the_unit_of_their_latest_primary_post(moved):
    official = seated(moved.old, date(2010, 1, 1), date(2012, 12, 31))
    make_appointment(official, position_of("CT_UBND"), moved.new, start_date=date(2013, 1, 1))
    make_appointment(official, position_of("CT_HDND"), moved.old, start_date=date(2014, 1, 1), is_primary=False)
    people = Official.objects.all()
    assert [writable_by(people, user).exists() for user in (moved.former, moved.present)] == [False, True]


def test_posts_of_people_answered_for_leave_out_who_is_to_leave_and_who_holds_a_second_post_only(moved):
    clock = localdate()
    there, soon = date(2010, 1, 1), clock + timedelta(days=30)
    communes = [make_commune(parent=moved.old) for _ in range(3)]
    staying, second, _ = seated(moved.old, there), seated(moved.new, there), seated(communes[0], there, BEFORE)
    leaving, moving_within = (seated(unit, there, soon - timedelta(days=1)) for unit in communes[:2])
    for official, unit in ((leaving, moved.new), (moving_within, communes[2])):
        make_appointment(official, position_of("CT_UBND"), unit, start_date=soon)
    make_appointment(second, position_of("CT_HDND"), moved.old, start_date=there, is_primary=False)

    def found(user: User, day: date, is_today: bool) -> set[Official]:
        posts = posts_writable_by(user, day, "courses.add_enrolment", is_today=is_today)
        return {post.official for post in posts.select_related("official")}

    for is_today in (True, False):  # by both ways
        assert found(moved.former, clock, is_today) == {staying, moving_within}
        assert found(moved.present, clock, is_today) == {second}
    assert found(moved.present, soon, is_today=False) == {second, leaving}


@pytest.mark.parametrize(("day", "names"), [(BEFORE, ["former"]), (MOVED, ["present"])])
def test_a_unit_is_written_by_who_has_it_on_the_day(moved, day, names):
    users = {"former": moved.former, "present": moved.present}
    assert [name for name, user in users.items() if moved.commune.pk in (units_writable_on(user, day) or ())] == names
    assert [name for name, user in users.items() if communes_in_scope(user, day)] == names


def test_who_has_a_province_has_the_communes_of_its_districts(moved):
    seen = units_visible_to(officer_of(moved.province))
    assert set(seen) == {moved.province, moved.old, moved.new, moved.commune}


def test_a_leader_who_is_an_officer_too_reads_everything_and_writes_the_own_district(moved):
    both = officer_of(moved.old, "ca-hai")
    RoleGrant.objects.create(user=both, role=roles.LEADER)
    own, other = (seated(unit, date(2010, 1, 1)) for unit in (moved.old, moved.new))
    people = Official.objects.all()
    assert set(visible_to(people, both)) == {own, other}
    assert set(writable_by(people, both)) == {own}
    assert appointments_visible_to(both, MOVED).count() == 2
    assert units_writable_on(both, MOVED) == {moved.old.pk}
    assert moved.commune.pk in {row["unit"] for row in communes_in_scope(both, MOVED)}
    assert communes_in_scope(both, MOVED, "cadres.add_appointment") == []


@pytest.mark.parametrize(
    ("days", "is_seen"), [((-9, -1), False), ((-9, 0), True), ((0, 9), True), ((1, 9), False)], ids=str
)
def test_a_scope_holds_on_the_days_for_which_it_was_given(moved, days, is_seen):
    start, end = (localdate() + timedelta(days=number) for number in days)
    user = officer_of(moved.old, start_date=start, end_date=end)
    assert units_visible_to(user).filter(pk=moved.old.pk).exists() is is_seen
