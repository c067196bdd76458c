"""What is put into SQL once means in every query what it means by itself."""

from datetime import date

import pytest
from django.db.models import Exists, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from cadres.asked_again import Condition
from cadres.models import Appointment, Official, Qualification, Unit
from tests import province
from tests.conftest import unit_of

pytestmark = pytest.mark.django_db
FIRST = date(1990, 1, 1)


def held_there_by(unit: int, *, official: object, day: object) -> Exists:
    """Whether the person held a post in the unit, or below it, on the day."""
    there = Appointment.objects.as_of(day).filter(Q(unit=unit) | Q(unit__versions__parent=unit))
    return Exists(there.filter(official=official))


def keys(rows: QuerySet) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def test_a_kept_condition_holds_of_the_same_rows_wherever_it_stands():
    province.build()
    unit = unit_of("085").pk
    people = set(Appointment.objects.filter(unit__versions__parent=unit).values_list("official", flat=True))
    of_them = keys(Qualification.objects.filter(official__in=people))
    assert 0 < len(of_them) < Qualification.objects.count()
    kept = Condition(held_there_by, unit, official="official", day="today")
    rows = Qualification.objects.alias(today=Greatest("start_date", Value(date(2015, 12, 31))))
    assert keys(rows.filter(kept)) == of_them
    assert keys(rows.exclude(kept)) == keys(Qualification.objects.exclude(official__in=people))
    assert keys(rows.filter(kept | Q(pk=0), level__isnull=False)) == of_them
    # Within a sub-query, whose tables Django calls by the names that those of the condition had.
    assert keys(Official.objects.filter(pk__in=rows.filter(kept).values("official"))) == set(
        Qualification.objects.filter(pk__in=of_them).values_list("official", flat=True)
    )
    # Of another way from the row, by way of a table that it has as well, and of a column with parameters of its own.
    on = {"day": "first", "official": "official__appointments__official"}
    other = Qualification.objects.alias(first=Coalesce(F("official__appointments__start_date"), FIRST))
    assert keys(other.filter(Condition(held_there_by, unit, **on))) == of_them
    assert keys(Unit.objects.filter(Condition(nobody, official="pk"))) == set()


def nobody(*, official: object) -> Exists:
    return Exists(Appointment.objects.filter(official=official, unit__in=[]))
