"""The people that a form of a day is about, each with what the forms ask; in three queries, whatever their number."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cadres.evaluation import posts_on
from cadres.models import JUDGED_GROUPS, Appointment, EthnicGroup, Official, Qualification, Sex
from cadres.periods import UNKNOWN_START, PartialDate, full_months
from cadres.text import fold

NO_RELIGION = {"", "khong", "ko", "khong ton giao"}


@dataclass(frozen=True)
class Person:
    """Somebody in office on the day: the post, and dimension → code and name of the highest level on record.

    `age` and `insured` are full years on the day; None where the day of birth, or the first of insurance, is unknown.
    """

    official: Official
    post: Any  # a JudgedPost without verdict
    held_since: PartialDate | None
    levels: dict[str, str]
    names: dict[str, str]
    age: int | None
    insured: int | None

    @property
    def is_woman(self) -> bool:
        return self.official.sex == Sex.FEMALE

    @property
    def is_minority(self) -> bool:
        group = self.official.ethnic_group
        return group is not None and group.code not in (EthnicGroup.MAJORITY, EthnicGroup.FOREIGNER)

    @property
    def has_religion(self) -> bool:
        return fold(self.official.religion) not in NO_RELIGION

    @property
    def insured_since(self) -> PartialDate | None:
        return PartialDate.of(self.official.insurance_since, self.official.insurance_precision)

    @property
    def official_member_since(self) -> PartialDate | None:
        return PartialDate.of(self.official.party_official_on, self.official.party_official_precision)


def people_on(day: date, appointments: QuerySet[Appointment] | None = None) -> list[Person]:
    """Who is in office on the day among cadres and civil servants, of all appointments or of those given: by district,
    commune, position and name."""
    posts: Any = (
        posts_on(day, appointments)
        .filter(position__group__in=JUDGED_GROUPS)
        .select_related("official__ethnic_group", "position", "appointment")
        .order_by("district_code", "commune_code", "position__order", "official__name_order", "official_id")
    )
    found = list(posts)
    levels, names = _highest(day, [post.official_id for post in found])
    return [
        Person(
            official=post.official,
            post=post,
            held_since=_since(post.appointment),
            levels=levels[post.official_id],
            names=names[post.official_id],
            age=_full_years(post.official.birth_date, day),
            insured=_full_years(post.official.insurance_since, day),
        )
        for post in found
    ]


def _highest(day: date, officials: list[int]) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]]:
    """Official → dimension → code of the highest level on record on the day; and the same with its name."""
    rows = (
        Qualification.objects.as_of(day)
        .filter(official__in=officials, is_error=False)
        .order_by("official_id", "level__dimension_id", "-level__rank")
        .distinct("official_id", "level__dimension_id")
        .values_list("official_id", "level__dimension__code", "level__code", "level__name")
    )
    codes: dict[int, dict[str, str]] = defaultdict(dict)
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for official, dimension, code, name in rows:
        codes[official][dimension] = code
        names[official][dimension] = name
    return codes, names


def _since(appointment: Appointment) -> PartialDate | None:
    """From when the post is held: as the papers say, else as it is on record, if it is known at all."""
    if stated := PartialDate.of(appointment.stated_start, appointment.stated_start_precision):
        return stated
    return None if appointment.start_date == UNKNOWN_START else PartialDate(appointment.start_date)


def _full_years(since: date | None, day: date) -> int | None:
    return full_months(since, day) // 12 if since else None
