"""Who holds which post in which unit on a day."""

from datetime import date, timedelta

import pytest
from django.db.models import F

from cadres.models import Position, Qualification, Unit, UnitVersion
from cadres.posts import (
    POST_TOLD,
    data_begun,
    first_day_of_data,
    known_on_both,
    nearest_first,
    units_below,
    with_post_on,
)
from tests.builders import (
    begin_data,
    make_appointment,
    make_commune,
    make_official,
    make_position,
    make_qualification,
    make_unit,
    make_version,
)

pytestmark = pytest.mark.django_db

DAY = date(2015, 6, 30)
FIRST, LAST = date(2015, 3, 10), date(2015, 9, 20)
A_DAY = timedelta(days=1)


def test_units_below_a_unit_on_the_day_and_those_that_ended_there():
    province = make_unit(UnitVersion.Kind.PROVINCE)
    district, neighbour = (make_unit(UnitVersion.Kind.DISTRICT, parent=province) for _ in range(2))
    stays = make_unit(parent=district)
    moves = make_unit(parent=district, end_date=LAST)
    make_version(moves, parent=neighbour, start_date=LAST + A_DAY)
    ends = make_unit(parent=district, end_date=FIRST)

    def below(unit: Unit, day: date) -> set[int]:
        return set(units_below(unit, day))

    assert below(district, FIRST) == {district.pk, stays.pk, moves.pk, ends.pk}
    assert below(district, LAST + A_DAY) == {district.pk, stays.pk, ends.pk}
    assert below(neighbour, LAST + A_DAY) == {neighbour.pk, moves.pk}
    assert below(stays, DAY) == {stays.pk}
    assert below(province, DAY) >= {district.pk, neighbour.pk, stays.pk, moves.pk, ends.pk}


# ---------------------------------------------------------------- the post of a day


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (FIRST - A_DAY, (None, None, None)),
        (FIRST, ("Chức danh Một", "Xã Một", "Huyện Một")),
        (LAST, ("Chức danh Một", "Xã Một", "Huyện Một")),
        (LAST + A_DAY, ("Chức danh Hai", "Xã Hai", "Huyện Hai")),
    ],
)
def test_a_row_about_a_person_knows_the_post_of_a_day_given_or_its_own(day, told):
    official = make_official()
    for name, period in (("Một", {"start_date": FIRST, "end_date": LAST}), ("Hai", {"start_date": LAST + A_DAY})):
        commune = make_commune(parent=make_unit(UnitVersion.Kind.DISTRICT, name=f"Huyện {name}"), name=f"Xã {name}")
        position = make_position()
        Position.objects.filter(pk=position.pk).update(title=f"Chức danh {name}")
        make_appointment(official, position, commune, **period)
        make_appointment(official, make_position(), commune, is_primary=False, start_date=FIRST - A_DAY)
    make_qualification(official, "it", "A", as_of=day)
    rows = Qualification.objects.all()
    for asked in (day, F("start_date")):
        row = with_post_on(rows, asked).annotate(**POST_TOLD).get()
        assert (row.position_title, row.commune_name, row.district_name) == told


@pytest.mark.parametrize(
    ("day", "earlier_first", "later_first"),
    [
        (FIRST - A_DAY, "ABC", "ABC"),
        (FIRST, "ABC", "ABC"),
        (LAST, "ABC", "ABC"),
        (LAST + A_DAY, "ABC", "BCA"),  # between A and B
        (date(2016, 1, 1), "BAC", "BCA"),
        (date(2016, 12, 31), "BAC", "BCA"),
        (date(2017, 1, 1), "BAC", "CBA"),  # between B and C
        (date(2018, 1, 1), "CBA", "CBA"),
    ],
)
def test_posts_of_a_person_from_the_nearest_to_a_day_on(day, earlier_first, later_first):
    official, commune = make_official(), make_commune()
    periods = {"A": (FIRST, LAST), "B": (date(2016, 1, 1), date(2016, 12, 31)), "C": (date(2018, 1, 1), None)}
    names = {
        make_appointment(official, make_position(), commune, start_date=start, end_date=end).pk: name
        for name, (start, end) in periods.items()
    }
    posts = official.appointments.all()
    assert "".join(names[post.pk] for post in nearest_first(posts, day)) == earlier_first
    assert "".join(names[post.pk] for post in nearest_first(posts, day, then_later=True)) == later_first


# ---------------------------------------------------------------- where data begin


def test_data_of_a_commune_begin_on_its_first_roster_day():
    commune, without = make_commune(data_begin=LAST), make_commune(data_begin=None)
    begin_data(commune, FIRST)
    assert (first_day_of_data(commune), first_day_of_data(without)) == (FIRST, None)
    assert list(data_begun(FIRST - A_DAY)) == []
    assert set(data_begun(FIRST)) == {commune.pk}


def test_known_on_both_days_is_what_was_there_with_its_data_begun_on_both():
    district = make_unit(UnitVersion.Kind.DISTRICT)
    known, late, ended, new = (
        make_commune(parent=district, data_begin=begin, **period)
        for begin, period in (
            (FIRST, {}),
            (FIRST + A_DAY, {}),
            (FIRST, {"end_date": LAST - A_DAY}),
            (FIRST, {"start_date": FIRST + A_DAY}),
        )
    )
    assert set(known_on_both(FIRST, LAST)) == set(known_on_both(LAST, FIRST)) == {known.pk}
    assert set(known_on_both(FIRST + A_DAY, LAST)) == {known.pk, late.pk, new.pk}
    assert set(known_on_both(FIRST, LAST - A_DAY)) == {known.pk, ended.pk}
