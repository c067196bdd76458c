"""What the home page says about one day: the rates by district and zone and by position, and what is lacking.

One grouped query, whatever the number of people; the rest is folding.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from cadres.evaluation import Rulebook, Verdict, counted_dimensions, judged
from cadres.models import JUDGED_GROUPS, Appointment, Criterion, Dimension, PositionGroup
from reports.rates import GROUPINGS, Group, GroupRate, Rate

DISTRICT, ZONE, POSITION = GROUPINGS["district"], GROUPINGS["zone"], GROUPINGS["position"]


@dataclass
class District:
    """A district (after 1/7/2025 the province) with its rate, in all and in each zone of the page (None: nobody)."""

    group: Group
    rate: Rate
    in_zones: list[tuple[Group, Rate | None]]


@dataclass
class Lacking:
    """Of how many people counted one dimension is not met, and of how many nothing is on record of it."""

    dimension: Dimension
    not_met: int = 0
    unknown: int = 0
    only_this: int = 0  # not met here, met or exempt in all else: one course away from the standard


@dataclass
class Overview:
    rate: Rate
    districts: list[District]
    zones: list[GroupRate]
    positions: list[GroupRate]
    lacking: list[Lacking]
    uncounted: dict[PositionGroup, int]  # people of whom no requirement is counted

    @property
    def lacking_one(self) -> int:
        return sum(item.only_this for item in self.lacking)

    @property
    def most_lacking(self) -> int:
        """The longest bar of the table of what is lacking."""
        return max((item.not_met for item in self.lacking), default=0)


def overview(day: date, *, criterion: Criterion, appointments: QuerySet[Appointment], rulebook: Rulebook) -> Overview:
    """Everything that the home page says of the day itself, of the appointments given (a scope)."""
    dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    crossed: dict[tuple[Group, Group], Rate] = {}
    positions: dict[Group, Rate] = {}
    lacking = {dimension: Lacking(dimension) for dimension in dimensions}
    uncounted: Counter[str] = Counter()
    levels = rulebook.level_sets(day)
    for row in _counts(day, criterion, appointments, rulebook):
        people = row["people"]
        if row["verdict"] is None:
            uncounted[row["position__group"]] += people
            continue
        rate = _rate(row)
        unit = DISTRICT.group({"code": row["district_code"], "name": row["district_name"]})
        zone = ZONE.group({"code": row["zone"]})
        position = POSITION.group({"code": row["position__code"], "name": row["position__title"]})
        crossed[unit, zone] = crossed.get((unit, zone), Rate()) + rate
        positions[position] = positions.get(position, Rate()) + rate
        short = [item for item in dimensions if row["not_met"] & levels.of(item)]
        unknown = [item for item in dimensions if row["unknown"] & levels.of(item)]
        for dimension in short:
            lacking[dimension].not_met += people
        for dimension in unknown:
            lacking[dimension].unknown += people
        if len(short) == 1 and not unknown:
            lacking[short[0]].only_this += people
    units, zones = _sums(crossed, 0), _sums(crossed, 1)
    return Overview(
        rate=sum(zones.values(), Rate()),
        districts=[
            District(unit, rate, [(zone, crossed.get((unit, zone))) for zone in zones]) for unit, rate in units.items()
        ],
        zones=[GroupRate(**vars(zone), rate=rate) for zone, rate in zones.items()],
        positions=[GroupRate(**vars(position), rate=rate) for position, rate in positions.items()],
        lacking=list(lacking.values()),
        uncounted={PositionGroup(group): uncounted[group] for group in JUDGED_GROUPS if uncounted[group]},
    )


def _counts(
    day: date,
    criterion: Criterion,
    appointments: QuerySet[Appointment],
    rulebook: Rulebook,
) -> list[dict[str, Any]]:
    """How many people there are of each kind that the page tells apart; by position in their order."""
    posts = judged(day, criterion=criterion, appointments=appointments, rulebook=rulebook)
    position = ("position__order", "position__code", "position__title", "position__group")
    verdicts = ("verdict", "is_in_transition", "not_met", "unknown")
    rows = posts.values("district_code", "district_name", "zone", *position, *verdicts)
    return sorted(rows.annotate(people=Count("pk")), key=lambda row: row["position__order"])


def _rate(row: dict[str, Any]) -> Rate:
    in_transition = row["people"] if row["is_in_transition"] and row["verdict"] == Verdict.NOT_COMPLIANT else 0
    return Rate(**{row["verdict"]: row["people"]}, in_transition=in_transition)


def _sums(crossed: dict[tuple[Group, Group], Rate], side: int) -> dict[Group, Rate]:
    """The rates summed to the units (side 0) or the zones (side 1), in the order of their codes."""
    sums: dict[Group, Rate] = {}
    for groups in sorted(crossed, key=lambda groups: groups[side].code):
        sums[groups[side]] = sums.get(groups[side], Rate()) + crossed[groups]
    return sums
