"""Dates of the registry: periods with both ends inclusive, and dates known only in part."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cadres.models import UnitZone
from cadres.periods import (
    UNKNOWN_START,
    PartialDate,
    Precision,
    StartDateFormField,
    effective_from,
    in_force,
    latest,
    overlapping,
    row_on,
)
from tests.builders import make_commune, make_zone

FIRST, LAST = date(2015, 3, 10), date(2015, 9, 20)
A_DAY = timedelta(days=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "day", "expected"),
    [
        (FIRST, LAST, FIRST - A_DAY, False),
        (FIRST, LAST, FIRST, True),
        (FIRST, LAST, LAST, True),
        (FIRST, LAST, LAST + A_DAY, False),
        (FIRST, FIRST, FIRST, True),
        (FIRST, None, date(9999, 12, 31), True),
        (UNKNOWN_START, LAST, UNKNOWN_START, True),
        (UNKNOWN_START, LAST, LAST + A_DAY, False),
    ],
)
def test_period_covers_its_first_and_last_day(start, end, day, expected):
    zone = make_zone(make_commune(), 1, start_date=start, end_date=end)
    assert UnitZone.objects.as_of(day).exists() is expected
    assert UnitZone.objects.filter(in_force(day)).exists() is expected
    assert zone.is_in_force(day) is expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (FIRST - A_DAY, FIRST - A_DAY, False),
        (FIRST - A_DAY, FIRST, True),
        (LAST, LAST + A_DAY, True),
        (LAST + A_DAY, LAST + A_DAY, False),
        (UNKNOWN_START, date(9999, 12, 31), True),
    ],
)
def test_periods_overlap_where_they_share_a_day(start, end, expected):
    zone = make_zone(make_commune(), 1, start_date=FIRST, end_date=LAST)
    assert UnitZone.objects.filter(overlapping(start, end)).exists() is expected
    assert zone.shares_a_day(start, end) is expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "has_begun", "begins_before", "has_ended", "nearest"),
    [
        (FIRST - A_DAY, False, False, False, FIRST),
        (FIRST, True, False, False, FIRST),
        (FIRST + A_DAY, True, True, False, FIRST + A_DAY),
        (LAST, True, True, False, LAST),
        (LAST + A_DAY, True, True, True, LAST),
    ],
)
def test_where_a_day_lies_is_told_alike_by_a_row_and_by_the_database(day, has_begun, begins_before, has_ended, nearest):
    zone, zones = make_zone(make_commune(), 1, start_date=FIRST, end_date=LAST), UnitZone.objects
    assert zone.has_begun(day) is zones.begun_by(day).exists() is has_begun
    assert zones.begun_after(day).exists() is not has_begun
    assert zone.begins_before(day) is zones.begun_before(day).exists() is begins_before
    assert zone.has_ended(day) is zones.ended_before(day).exists() is has_ended
    assert zones.lasting_to(day).exists() is not has_ended
    assert zone.nearest_day(day) == nearest


@pytest.mark.django_db
def test_a_row_without_an_end_never_ends():
    zone = make_zone(make_commune(), 1, start_date=FIRST)
    far = date(9999, 12, 31)
    assert not zone.has_ended(far)
    assert UnitZone.objects.lasting_to(far).exists()
    assert zone.nearest_day(far) == far
    assert zone.shares_a_day(LAST, None)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (FIRST, LAST, True),
        (FIRST, None, True),
        (FIRST + A_DAY, LAST, False),
        (FIRST, LAST - A_DAY, False),
    ],
)
def test_a_period_lies_within_another_where_it_has_no_day_outside(start, end, expected):
    assert UnitZone(start_date=FIRST, end_date=LAST).lies_within(start, end) is expected


def test_a_period_without_an_end_lies_within_none_that_ends():
    endless = UnitZone(start_date=FIRST)
    assert endless.lies_within(FIRST, None)
    assert not endless.lies_within(FIRST, LAST)


def test_of_rows_in_memory_the_one_of_the_day_and_the_last_one_to_begin():
    first, second = UnitZone(start_date=FIRST, end_date=LAST), UnitZone(start_date=LAST + A_DAY)
    assert [row_on([first, second], day) for day in (FIRST - A_DAY, LAST, LAST + A_DAY)] == [None, first, second]
    assert latest([second, first]) is second
    assert latest([]) is None


@pytest.mark.django_db
def test_overlap_is_impossible_and_adjacent_periods_are_not():
    commune = make_commune()
    make_zone(commune, 1, start_date=FIRST, end_date=LAST)
    make_zone(commune, 2, start_date=LAST + A_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_zone(commune, 3, start_date=LAST, end_date=LAST)
    with pytest.raises(ValidationError, match="đã có khu vực"):
        UnitZone(unit=commune, zone=3, start_date=LAST, end_date=LAST).full_clean()


@pytest.mark.django_db
def test_end_before_the_start_is_impossible():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_zone(make_commune(), 1, start_date=LAST, end_date=FIRST)


def test_unknown_start_is_shown_empty_and_kept_as_the_first_day_there_is():
    field = StartDateFormField(required=False)
    assert field.clean("") == UNKNOWN_START
    assert field.prepare_value(UNKNOWN_START) is None
    assert UnitZone(start_date=UNKNOWN_START).known_start is None
    assert UnitZone(start_date=FIRST).known_start == FIRST


@pytest.mark.parametrize(
    ("stated", "last_day", "text"),
    [
        (PartialDate(date(1979, 8, 5)), date(1979, 8, 5), "05/08/1979"),
        (PartialDate(date(1979, 8, 1), Precision.MONTH), date(1979, 8, 31), "08/1979"),
        (PartialDate(date(2016, 2, 1), Precision.MONTH), date(2016, 2, 29), "02/2016"),
        (PartialDate(date(1979, 1, 1), Precision.YEAR), date(1979, 12, 31), "1979"),
    ],
)
def test_partial_date_knows_its_last_day_and_how_it_is_written(stated, last_day, text):
    assert (stated.last_day, str(stated)) == (last_day, text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (PartialDate(date(1979, 8, 5)), PartialDate(date(1979, 1, 1), Precision.YEAR), False),
        (PartialDate(date(1979, 8, 5)), PartialDate(date(1979, 8, 1), Precision.MONTH), False),
        (PartialDate(date(1979, 8, 1)), PartialDate(date(1979, 8, 1), Precision.MONTH), False),
        (PartialDate(date(1979, 8, 31)), PartialDate(date(1979, 8, 1), Precision.MONTH), False),
        (PartialDate(date(1979, 8, 31)), PartialDate(date(1979, 9, 1), Precision.MONTH), True),
        (PartialDate(date(1979, 8, 5)), PartialDate(date(1979, 9, 1), Precision.MONTH), True),
        (PartialDate(date(1979, 8, 5)), PartialDate(date(1979, 8, 6)), True),
        (PartialDate(date(1979, 1, 1), Precision.YEAR), PartialDate(date(1980, 1, 1), Precision.YEAR), True),
    ],
)
def test_partial_dates_contradict_where_no_day_can_be_meant_by_both(one, other, expected):
    assert one.contradicts(other) is expected
    assert other.contradicts(one) is expected


days = st.dates(date(1950, 1, 1), date(2030, 12, 31))
partial_dates = (
    days.map(PartialDate)
    | days.map(lambda day: PartialDate(day.replace(day=1), Precision.MONTH))
    | days.map(lambda day: PartialDate(day.replace(month=1, day=1), Precision.YEAR))
)


@given(partial_dates, st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_record_never_counts_before_its_date_can_be_and_in_part_never_later_than_its_roster(stated, as_of):
    effective = effective_from(stated, as_of)
    if stated.precision == Precision.DAY:
        assert effective == stated.first_day
    else:
        assert effective <= as_of
        assert effective in (stated.last_day, as_of)
    assert effective_from(None, as_of) == as_of
