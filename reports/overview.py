"""What the home page says about one day: two grouped queries, folded here."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from cadres.evaluation import DimensionVerdict
from cadres.models import Appointment, Dimension, PositionGroup
from cadres.text import sort_key
from reports.rates import Rate

NO_RATE = Rate()


@dataclass
class District:
    """A district (the province, for communes right below it) with its rate, in all and by zone (None: no zone)."""

    code: str | None
    name: str
    valid_from: date | None
    rate: Rate = NO_RATE
    by_zone: dict[int | None, Rate] = field(default_factory=lambda: defaultdict(Rate))


@dataclass
class PositionRate:
    code: str
    title: str
    group: str
    rate: Rate = NO_RATE


@dataclass
class Lacking:
    """How many people fall short in one dimension, and of how many nothing is on record, among those counted."""

    dimension: Dimension
    not_met: int = 0
    unknown: int = 0
    only_this: int = 0  # not met here, met or exempt everywhere else


@dataclass
class Overview:
    rate: Rate
    districts: list[District]
    zones: list[int | None]
    positions: list[PositionRate]
    lacking: list[Lacking]
    uncounted: dict[str, int]  # position group → people of whom no requirement is counted

    @property
    def lacking_one(self) -> int:
        return sum(item.only_this for item in self.lacking)

    @property
    def most_lacking(self) -> int:
        """The longest bar of the lacking table."""
        return max((item.not_met for item in self.lacking), default=0)

    def zone_totals(self) -> dict[int | None, Rate]:
        totals: dict[int | None, Rate] = defaultdict(Rate)
        for district in self.districts:
            for zone, rate in district.by_zone.items():
                totals[zone] += rate
        return totals


def overview(judged: QuerySet[Appointment], dimensions: Sequence[Dimension]) -> Overview:
    """Fold the judged posts of a day (evaluation.with_verdicts) into everything the home page shows of it.

    `dimensions` are those that the criterion counts and some standard of the day asks for.
    """
    districts, zones = _districts(judged)
    positions, lacking, uncounted = _positions_and_lacking(judged, dimensions)
    return Overview(
        rate=sum((district.rate for district in districts), NO_RATE),
        districts=districts,
        zones=zones,
        positions=positions,
        lacking=lacking,
        uncounted=uncounted,
    )


def _districts(judged: QuerySet[Appointment]) -> tuple[list[District], list[int | None]]:
    unit = ("district_code", "district_name", "district_valid_from")
    rows = judged.order_by().values(*unit, "zone", "verdict").annotate(people=Count("pk"))
    districts: dict[str | None, District] = {}
    zones = set()
    for row in rows.filter(verdict__isnull=False):
        code = row["district_code"]
        district = districts.setdefault(code, District(code, row["district_name"] or "", row["district_valid_from"]))
        rate = Rate(**{row["verdict"]: row["people"]})
        district.rate += rate
        district.by_zone[row["zone"]] += rate
        zones.add(row["zone"])
    in_order = sorted(districts.values(), key=lambda district: (district.code is None, district.code))
    return in_order, sorted(zones, key=lambda zone: (zone is None, zone))


def _positions_and_lacking(
    judged: QuerySet[Appointment], dimensions: Sequence[Dimension]
) -> tuple[list[PositionRate], list[Lacking], dict[str, int]]:
    post = ("position__order", "position__code", "position__title", "position__group")
    verdict_of = {dimension: f"verdict_{dimension.code}" for dimension in dimensions}
    rows = judged.order_by().values(*post, "verdict", *verdict_of.values()).annotate(people=Count("pk"))
    positions: dict[str, PositionRate] = {}
    lacking = {dimension: Lacking(dimension) for dimension in dimensions}
    uncounted: Counter[str] = Counter()
    for row in sorted(rows, key=lambda row: row["position__order"]):
        people = row["people"]
        if row["verdict"] is None:
            uncounted[row["position__group"]] += people
            continue
        position = positions.setdefault(
            row["position__code"], PositionRate(row["position__code"], row["position__title"], row["position__group"])
        )
        position.rate += Rate(**{row["verdict"]: people})
        short = [dimension for dimension in dimensions if row[verdict_of[dimension]] == DimensionVerdict.NOT_MET]
        unknown = [dimension for dimension in dimensions if row[verdict_of[dimension]] == DimensionVerdict.UNKNOWN]
        for dimension in short:
            lacking[dimension].not_met += people
        for dimension in unknown:
            lacking[dimension].unknown += people
        if len(short) == 1 and not unknown:
            lacking[short[0]].only_this += people
    return list(positions.values()), list(lacking.values()), dict(uncounted)
