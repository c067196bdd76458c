"""Who is on a list, in the order of official lists: by district, commune, position, then name.

Post and unit are those of the day on which the class started; who held no post that day stands with
the one held before, else with the first one after, since the paper has to name everybody.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, prefetch_related_objects

from cadres.models import Appointment, Official, Sex, Unit, UnitVersion
from cadres.periods import PartialDate
from cadres.posts import nearest_first
from courses.models import Enrolment

LAST_OF_ALL = "\uffff"
DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Person:
    """Somebody on a list, with the words for it. `order` sorts a list."""

    row: Any  # what puts somebody on the list, with its `official`: an enrolment, a need that was registered
    position: str
    commune: str
    district: str  # empty where the province itself is above the commune (from 1/7/2025)
    order: tuple[Any, ...]

    @property
    def enrolment(self) -> Enrolment:
        """Of a list of enrolments."""
        enrolment: Enrolment = self.row
        return enrolment

    @property
    def official(self) -> Official:
        official: Official = self.row.official
        return official

    @property
    def place(self) -> str:
        """ "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà"."""
        return ", ".join(part for part in (self.position, self.commune, self.district) if part)


def people_of(enrolments: QuerySet[Enrolment]) -> list[Person]:
    """The people of the enrolments, sorted, each with post and unit on the day its class starts.

    5 queries, however many people: the enrolments with the keys of their posts, the posts, the names of the units.
    """
    rows = enrolments.select_related("training_class")
    return _people(rows, OuterRef("training_class__start_date"), lambda row: row.training_class.start_date)


def people_on(rows: QuerySet[Any], day: date) -> list[Person]:
    """The people of rows with an `official`, sorted, each with post and unit on the day. 5 queries."""
    return _people(rows, day, lambda row: day)


def _people(rows: QuerySet[Any], day: Any, day_of: Callable[[Any], date]) -> list[Person]:
    """`day` is what the query asks for, `day_of` the same of a row that has been found."""
    posts = nearest_first(Appointment.objects.filter(official=OuterRef("official"), is_primary=True), day)
    found = list(rows.select_related("official__ethnic_group").annotate(post_pk=Subquery(posts.values("pk")[:1])))
    by_key = _posts({row.post_pk for row in found})
    people = [_person(row, by_key.get(row.post_pk), day_of(row)) for row in found]
    return sorted(people, key=lambda person: person.order)


def places_of(enrolments: Iterable[int]) -> dict[int, str]:
    """Key of an enrolment → post and unit on the day its class starts."""
    return {
        person.enrolment.pk: person.place for person in people_of(Enrolment.objects.filter(pk__in=list(enrolments)))
    }


def place_on(official: Official, day: date) -> str:
    """Post and unit of one person on the day, as `Person.place` has them; empty for who never held a post."""
    people = people_on(Appointment.objects.filter(official=official, is_primary=True), day)
    return people[0].place if people else ""


def _posts(keys: Iterable[int]) -> dict[int, Appointment]:
    posts = list(Appointment.objects.filter(pk__in=list(keys)).select_related("position", "unit"))
    units = {post.unit_id: post.unit for post in posts}
    prefetch_related_objects([*units.values()], "versions__parent__versions")
    for post in posts:
        post.unit = units[post.unit_id]  # one object for all who are there, which knows its names
    return {post.pk: post for post in posts}


def _person(row: Any, post: Appointment | None, day: date) -> Person:
    name_order = (row.official.name_order, row.official_id)
    if post is None:
        return Person(row, "", "", "", (LAST_OF_ALL, LAST_OF_ALL, 0, *name_order))
    commune = _version(post.unit, day)
    above = _version(commune.parent, day) if commune and commune.parent else None
    district = above.name if above and above.kind != UnitVersion.Kind.PROVINCE else ""
    order = (above.code if above else LAST_OF_ALL, commune.code if commune else LAST_OF_ALL, post.position.order)
    return Person(row, post.position.title, commune.name if commune else "", district, (*order, *name_order))


def _version(unit: Unit, day: date) -> UnitVersion | None:
    """The unit as it was on the day; its last state where it was not in force then."""
    return unit.version_on(day) or unit.last_version


def natural_order(text: str) -> tuple[Any, ...]:
    """A key under which "9" comes before "10": numbers by their size, what is between them as text."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in DIGITS.split(text) if part)


def born(official: Official) -> dict[str, PartialDate | None]:
    """The date of birth in the column of the sex, as official lists have it; where the sex is unknown in neither."""
    return {
        "sinh_nam": official.birth if official.sex == Sex.MALE else None,
        "sinh_nu": official.birth if official.sex == Sex.FEMALE else None,
    }


def with_unknown_sex(official: Official, note: str) -> str:
    """The note of a line, with the birth of whoever finds no column for it."""
    birth = f"Sinh {official.birth}" if official.birth and not official.sex else ""
    return "; ".join(part for part in (birth, note) if part)
