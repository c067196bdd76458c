"""Rows that say of a person nothing but what the registry holds: most of a roster, told from rows as they were read.

A short cut beside `changes`, which says what comes of every other row: it says yes only where that would change nothing
and find nothing, and no where it is in doubt.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat

from cadres.bulk import among
from cadres.models import Qualification
from cadres.periods import PartialDate, Precision, covers, in_force
from cadres.registry.rows import Identifier, columns_of
from cadres.roster.columns import DATES, DEGREES, TEXTS
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.people import FACTS, POST, Stored
from cadres.roster.statements import Statement
from cadres.text import match_key

RULED = itemgetter(
    *map(
        FACTS.index,
        (
            "full_name", "birth_date", "birth_precision", "sex", "ethnic_group_id", "is_party_member",
            "party_joined_on", "party_joined_precision",
        ),
    )
)  # fmt: skip
AT = {column.field: FACTS.index(column.field) for column in (*TEXTS, *DATES)}
PRECISION_AT = {column.field: FACTS.index(column.precision) for column in DATES}
NUMBER = 1 + columns_of(Identifier).index("number")  # behind the as-of date
BETWEEN = "\x1f"  # stands in no text that is kept
POST_SAID = itemgetter(
    *map(
        POST.index,
        (
            "is_primary", "start_date", "end_date", "position_id", "unit_id", "stated_start", "stated_start_precision",
            "term",
        ),
    )
)  # fmt: skip


@dataclass(slots=True)
class Confirmations:
    """Tells whether rows of a roster of the stored day say nothing new of those whom they speak of."""

    stored: Stored
    dictionaries: Dictionaries
    levels: dict[int, str] = field(default_factory=dict)  # the keys of those held on the day, by official
    degrees: dict[int, str] = field(default_factory=dict)  # level/field/mode of each, between two BETWEEN
    _higher: dict[tuple[str, str], frozenset[str]] = field(init=False)  # level → keys of the higher ones

    def __post_init__(self) -> None:
        levels = self.dictionaries.levels
        self._higher = {
            (level.dimension, level.code): frozenset(
                str(other.pk)
                for other in levels.values()
                if other.dimension == level.dimension and other.rank > level.rank
            )
            for level in levels.values()
        }

    def read(self, keys: Collection[int]) -> None:
        """Read what these people, who are stored, have of levels on the day, in one query: as few values as tell it."""
        level = Cast("level_id", TextField())
        degree = Concat(level, Value("/"), "field_key", Value("/"), "study_mode", output_field=TextField())
        records = Qualification.objects.filter(in_force(self.stored.day), official_id__in=among(keys), is_error=False)
        told = {
            "held": StringAgg(level, " "),
            "degrees": StringAgg(degree, BETWEEN, filter=Q(level__dimension__code=DEGREES)),
        }
        for official, held, degrees in records.order_by().values_list("official_id").annotate(**told):
            self.levels[official] = held
            self.degrees[official] = f"{BETWEEN}{degrees}{BETWEEN}"

    def says_nothing_new(self, key: int, stated: Statement) -> bool:
        """Whether everything stated of the person is held, so that nothing would come of the row."""
        held = self.stored.facts[key]
        name, birth, birth_precision, sex, group, is_member, joined, joined_precision = RULED(held)
        return (
            stated.full_name in ("", name)
            and (stated.birth is None or _is_day(stated.birth, birth, birth_precision))
            and stated.sex in ("", sex)
            and (not stated.ethnic_group or self._group(stated.ethnic_group) == group)
            and (stated.is_party_member is None or stated.is_party_member == is_member)
            and (stated.party_joined is None or _is_day(stated.party_joined, joined, joined_precision))
            and (not stated.facts or _holds_facts(held, stated.facts))
            and (not stated.identifier or self._holds_number(key, stated.identifier))
            and self._holds_post(key, stated)
            and self._holds_levels(key, stated)
        )

    def _group(self, code: str) -> int | None:
        group = self.dictionaries.ethnic_groups.get(code)
        return group.pk if group else None

    def _holds_number(self, key: int, number: str) -> bool:
        return any(known[NUMBER] == number for known in self.stored.identifiers.get(key, ()))

    def _holds_post(self, key: int, stated: Statement) -> bool:
        if stated.unit is None or not stated.positions:
            return True
        code, *concurrent = stated.positions
        if concurrent:
            return False
        for post in self.stored.posts.get(key, ()):
            is_primary, start, end, position, unit, begun, precision, term = POST_SAID(post)
            if is_primary and covers(start, end, self.stored.day):
                return (
                    position == self.dictionaries.positions[code].pk
                    and unit == stated.unit
                    and (stated.appointed is None or _is_day(stated.appointed, begun or start, precision))
                    and stated.term in ("", term)
                )
        return False

    def _holds_levels(self, key: int, stated: Statement) -> bool:
        if stated.further:
            return False
        held, levels = self.levels.get(key, "").split(), self.dictionaries.levels
        for entry in stated.levels.items():
            if str(levels[entry].pk) not in held or not self._higher[entry].isdisjoint(held):
                return False
        if (code := stated.levels.get(DEGREES)) is None:
            return True
        field_key = match_key(stated.field_of_study) if stated.field_of_study else ""
        return f"{BETWEEN}{levels[DEGREES, code].pk}/{field_key}/{stated.study_mode}{BETWEEN}" in self.degrees[key]


def _is_day(stated: PartialDate, day: date | None, precision: str) -> bool:
    """Whether a date stated is the one held, without making one of what is held."""
    return stated.first_day == day and stated.precision == (precision or Precision.DAY)


def _holds_facts(held: tuple[Any, ...], facts: dict[str, Any]) -> bool:
    for name, value in facts.items():
        if name in PRECISION_AT:
            if not _is_day(value, held[AT[name]], held[PRECISION_AT[name]]):
                return False
        elif held[AT[name]] != value:
            return False
    return True
