"""What the home page says about one day: the rates by district and zone and by position, and what is lacking.

One query that counts, whatever the number of people, and one for the positions; the rest is folding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from cadres.correspondence import Correspondence
from cadres.evaluation import LevelSets, Rulebook, counted_dimensions, judged
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, Criterion, Dimension, Position
from cadres.rate import NOBODY, Rate, rate_of
from reports.at_once import counted_in_sets
from reports.rates import Divided, Group, GroupRate, Uncounted, uncounted_among
from reports.trends import with_comparable

STANDING = ("verdict", "is_in_transition")


@dataclass
class District:
    """A district, cluster or commune with its rate, in all and in each zone of the page (None: nobody)."""

    group: Group
    rate: Rate
    in_zones: list[tuple[Group, Rate | None]]


@dataclass
class Lacking:
    """Of how many people counted a dimension is required, of how many of them it is not met or without any record."""

    dimension: Dimension
    required: int = 0
    not_met: int = 0
    unknown: int = 0
    only_this: int = 0  # not met here, met or exempt in all else: one course away from the standard

    @property
    def percent(self) -> Decimal | None:
        """Of those of whom it is required, how many in a hundred do not meet it; None where it is of nobody."""
        return Rate(compliant=self.not_met, not_compliant=self.required - self.not_met).percent


@dataclass
class Overview:
    rate: Rate
    comparable: Rate  # of the units that are compared
    districts: list[District]
    zones: list[GroupRate]
    positions: list[GroupRate]
    lacking: list[Lacking]
    uncounted: list[Uncounted]  # people of whom no requirement is counted

    @property
    def lacking_one(self) -> int:
        return sum(item.only_this for item in self.lacking)


def overview(
    day: date,
    comparable: Sequence[int],
    *,
    criterion: Criterion,
    appointments: QuerySet[Appointment],
    rulebook: Rulebook,
    by: str = "district",
    units: Correspondence | None = None,
) -> Overview:
    """Everything that the home page says of the day itself, of the appointments given (a scope).

    `comparable` are keys of units; the rate of those is told apart. Its districts are the units above communes, or the
    groups of another grouping by units; `units`: they are those of another day.
    """
    everybody = judged(day, criterion=criterion, appointments=appointments, rulebook=rulebook, everybody=True)
    divided = Divided(everybody, day, (by, "zone"), units)
    with planned_for_the_day():
        in_groups, in_posts, in_compared, lacks = counted_in_sets(
            with_comparable(divided.posts, comparable),
            (*STANDING, *divided.columns),
            (*STANDING, "position_id"),
            (*STANDING, "is_comparable"),
            ("verdict", "asked", "not_met", "unknown"),
        )
    crossed: dict[tuple[Group, Group], Rate] = {}
    of_rows = [(dict(zip(divided.columns, row, strict=True)), rate) for row, rate in _rates(in_groups).items()]
    divided.describe(row for row, _ in of_rows)
    for row, rate in of_rows:
        parts = divided.parts(row)
        groups = (parts[by], parts["zone"])
        crossed[groups] = crossed.get(groups, NOBODY) + rate
    of_positions = {position: rate for (position,), rate in _rates(in_posts).items()}
    uncounted = {position: number for (verdict, _, position), number in in_posts.items() if verdict is None}
    positions = list(Position.objects.order_by("order", "code"))
    districts, zones = _sums(crossed, 0), _sums(crossed, 1)
    dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    return Overview(
        rate=sum(zones.values(), NOBODY),
        comparable=_rates(in_compared).get((True,), NOBODY),
        districts=[
            District(unit, rate, [(zone, crossed.get((unit, zone))) for zone in zones])
            for unit, rate in districts.items()
        ],
        zones=[GroupRate(**vars(zone), rate=rate) for zone, rate in zones.items()],
        positions=[
            GroupRate(item.code, item.title, rate=of_positions[item.pk])
            for item in positions
            if item.pk in of_positions
        ],
        lacking=_lacking(lacks, dimensions, rulebook.level_sets(day)),
        uncounted=uncounted_among(positions, uncounted),
    )


def _rates(counts: dict[tuple[Any, ...], int]) -> dict[tuple[Any, ...], Rate]:
    """The rates of groups, of people by verdict, transition and group; without those of whom nothing is counted."""
    rates: dict[tuple[Any, ...], Rate] = {}
    for (verdict, is_in_transition, *group), people in counts.items():
        if verdict is not None:
            key = tuple(group)
            rates[key] = rates.get(key, NOBODY) + rate_of(people, verdict, is_in_transition)
    return rates


def _lacking(lacks: dict[tuple[Any, ...], int], dimensions: list[Dimension], levels: LevelSets) -> list[Lacking]:
    """What is lacking, by dimension, of verdicts and sets of levels (asked, not met, unknown): how many have them."""
    found = {dimension: Lacking(dimension) for dimension in dimensions}
    for (verdict, asked, not_met, unknown), people in lacks.items():
        if verdict is None:
            continue
        for dimension in dimensions:
            if asked & levels.of(dimension):
                found[dimension].required += people
        short = [dimension for dimension in dimensions if not_met & levels.of(dimension)]
        without_data = [dimension for dimension in dimensions if unknown & levels.of(dimension)]
        for dimension in short:
            found[dimension].not_met += people
        for dimension in without_data:
            found[dimension].unknown += people
        if len(short) == 1 and not without_data:
            found[short[0]].only_this += people
    return list(found.values())


def _sums(crossed: dict[tuple[Group, Group], Rate], side: int) -> dict[Group, Rate]:
    """The rates summed to the units (side 0) or the zones (side 1), in the order in which they are shown."""
    sums: dict[Group, Rate] = {}
    for groups in sorted(crossed, key=lambda groups: groups[side].order):
        sums[groups[side]] = sums.get(groups[side], NOBODY) + crossed[groups]
    return sums
