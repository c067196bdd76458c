"""Whose verdict can be another one on a later day by what is on record, and whose cannot.

For days in the future, of which little is on record: whoever asks for the verdicts of one after the other asks for
everybody once, and then for those whom something changes.
"""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import DateField, Min, QuerySet, Value
from django.db.models.functions import Cast

from cadres.asked_again import answer
from cadres.models import (
    AcceptedField,
    Appointment,
    Position,
    Qualification,
    Requirement,
    RosterDay,
    Standard,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    Waiver,
)
from cadres.periods import turns_between

# All that cadres/verdict.sql finds in force on its day: what is of one person, and what is of no person.
OF_A_PERSON: tuple[Any, ...] = (Appointment, Qualification, Waiver)
OF_NO_PERSON: tuple[Any, ...] = (UnitVersion, UnitZone, UnitRelaxation, Position, Standard, Requirement, AcceptedField)


def concerned(days: Iterable[date]) -> dict[date, frozenset[int] | None]:
    """Each of the days but the first, in their order → the people whose post or verdict can be another one than on the
    day before it in the row: those of whom a post, a record or a waiver begins or has ended since.

    None: everybody, since something has that is of no person (a unit, zone, text, requirement …), a commune's first
    roster came, or a transition ended. Two queries; of people only what comes after the first day is read.
    """
    in_a_row = list(days)
    pairs = list(pairwise(in_a_row))
    of_no_person = answer(_of_no_person, in_a_row[0])
    found: dict[date, frozenset[int] | None] = {
        until: None
        for since, until in pairs
        if any(turns_between(start, end, since, until) for start, end in of_no_person)
    }
    others = [pair for pair in pairs if pair[1] not in found]
    of_people = answer(_of_people, others[0][0]) if others else []
    for since, until in others:
        found[until] = frozenset(key for key, start, end in of_people if turns_between(start, end, since, until))
    return found


def _of_no_person(day: date) -> QuerySet[Any, Any]:
    """The different periods of rows that begin or end after the day. What has one day only is there from that day on;
    a transition up to its last."""
    no_end = Cast(Value(None), DateField())
    periods = [
        model.objects.turning_after(day).order_by().values_list("start_date", "end_date") for model in OF_NO_PERSON
    ]
    known = RosterDay.objects.order_by().values("unit").annotate(first=Min("day"))
    rosters = known.filter(first__gt=day).values_list("first", no_end)
    mergers = UnitSuccession.objects.filter(effective_on__gt=day).order_by().values_list("effective_on", no_end)
    texts = Standard.objects.filter(transition_until__gte=day).order_by()
    return rosters.union(mergers, texts.values_list("start_date", "transition_until"), *periods)


def _of_people(day: date) -> QuerySet[Any, Any]:
    """Person, first and last day of what begins or ends after the day."""
    rows = [
        model.objects.turning_after(day).order_by().values_list("official", "start_date", "end_date")
        for model in OF_A_PERSON
    ]
    return rows[0].union(*rows[1:])
