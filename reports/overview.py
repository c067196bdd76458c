"""What the home page says about one day: the rates by district and zone and by position, and what is lacking.

One grouped query, whatever the number of people, and one for the positions; the rest is folding.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet

from cadres.correspondence import Places
from cadres.evaluation import LevelSets, Rulebook, counted_dimensions, judged
from cadres.models import Appointment, Criterion, Dimension, JudgedPost, Position
from cadres.rate import Rate, rate_of
from reports.rates import GROUPINGS, Group, GroupRate, Uncounted, group_of_place, uncounted_among
from reports.trends import with_comparable

DISTRICT, ZONE = GROUPINGS["district"], GROUPINGS["zone"]


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
    places: Places | None = None,
) -> Overview:
    """Everything that the home page says of the day itself, of the appointments given (a scope).

    `comparable` are keys of units; the rate of those is told apart. Its districts are the units above communes, or `by`
    "commune" these; with `places` those (former districts, the districts of another day).
    """
    units: Counter[tuple[Any, ...]] = Counter()
    posts: Counter[tuple[Any, ...]] = Counter()
    lacks: Counter[tuple[int, ...]] = Counter()
    compared: Counter[tuple[str, bool]] = Counter()
    uncounted: Counter[int] = Counter()
    everybody = judged(day, criterion=criterion, appointments=appointments, rulebook=rulebook, everybody=True)
    kinds = _kinds(everybody, comparable, by, places)
    for position_id, asked, not_met, unknown, verdict, is_in_transition, is_comparable, zone, *unit, people in kinds:
        if verdict is None:
            uncounted[position_id] += people
            continue
        units[tuple(unit), zone, verdict, is_in_transition] += people
        posts[position_id, verdict, is_in_transition] += people
        lacks[asked, not_met, unknown] += people
        if is_comparable:
            compared[verdict, is_in_transition] += people
    crossed: dict[tuple[Group, Group], Rate] = {}
    for (unit, zone, *standing), people in units.items():
        groups = (_unit(unit, places), ZONE.group({"code": zone}))
        crossed[groups] = crossed.get(groups, Rate()) + rate_of(people, *standing)
    rates: dict[int, Rate] = {}
    for (position_id, *standing), people in posts.items():
        rates[position_id] = rates.get(position_id, Rate()) + rate_of(people, *standing)
    positions = list(Position.objects.order_by("order", "code"))
    districts, zones = _sums(crossed, 0), _sums(crossed, 1)
    dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    return Overview(
        rate=sum(zones.values(), Rate()),
        comparable=sum((rate_of(people, *verdict) for verdict, people in compared.items()), Rate()),
        districts=[
            District(unit, rate, [(zone, crossed.get((unit, zone))) for zone in zones])
            for unit, rate in districts.items()
        ],
        zones=[GroupRate(**vars(zone), rate=rate) for zone, rate in zones.items()],
        positions=[GroupRate(item.code, item.title, rate=rates[item.pk]) for item in positions if item.pk in rates],
        lacking=_lacking(lacks, dimensions, rulebook.level_sets(day)),
        uncounted=uncounted_among(positions, uncounted),
    )


def _kinds(
    posts: QuerySet[JudgedPost], comparable: Sequence[int], by: str, places: Places | None
) -> QuerySet[Any, tuple[Any, ...]]:
    """How many people there are of each kind that the page tells apart; texts last, since PostgreSQL sorts by them.

    Before the people stand the columns of the unit: code and name, or the number of a place.
    """
    numbers = ("position_id", "asked", "not_met", "unknown", "verdict", "is_in_transition", "is_comparable", "zone")
    columns: tuple[str, ...] = (*numbers, f"{by}_code", f"{by}_name")
    kinds = with_comparable(posts, comparable)
    if places:
        columns, kinds = (*numbers, "place"), kinds.annotate(place=places.column("unit"))
    return kinds.values(*columns).annotate(people=Count("pk")).values_list(*columns, "people")


def _unit(columns: tuple[Any, ...], places: Places | None) -> Group:
    """The group that the columns of the unit mean."""
    if places:
        return group_of_place(places.numbered(*columns))
    code, name = columns
    return DISTRICT.group({"code": code, "name": name})


def _lacking(lacks: dict[tuple[int, ...], int], dimensions: list[Dimension], levels: LevelSets) -> list[Lacking]:
    """What is lacking, by dimension, of sets of levels (asked, not met, unknown) and how many people have them."""
    found = {dimension: Lacking(dimension) for dimension in dimensions}
    for (asked, not_met, unknown), people in lacks.items():
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
    grouping = (DISTRICT, ZONE)[side]
    for groups in sorted(crossed, key=lambda groups: grouping.place({"code": groups[side].code})):
        sums[groups[side]] = sums.get(groups[side], Rate()) + crossed[groups]
    return sums
