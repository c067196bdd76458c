"""The standardization rate: of the officials whose post has a standard, how many meet it, by any grouping.

SQL counts, by group and verdict; Python folds the counts and divides last. The people behind a count are the same
queryset (`judged`) filtered by the same values, so a figure and its list cannot differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, When
from django.db.models.functions import Coalesce

from cadres.correspondence import NOWHERE, Correspondence, Place, Places
from cadres.evaluation import (
    AGE_BANDS,
    UNKNOWN_CODE,
    DimensionVerdict,
    LevelSets,
    Rulebook,
    Verdict,
    counted_dimensions,
    judged,
    posts_on,
    with_age_band,
)
from cadres.models import (
    JUDGED_GROUPS,
    NO_ZONE,
    Appointment,
    Criterion,
    Dimension,
    JudgedPost,
    Position,
    PositionGroup,
    Sex,
    Standard,
    UnitVersion,
    Zone,
)
from cadres.periods import UNKNOWN_START, in_force_then
from cadres.rate import NOBODY, Rate, rate_of
from cadres.standards.checking import posts_not_judged

# By dimension, a waiver counts as meeting the requirement.
VERDICT_OF = {
    DimensionVerdict.MET: Verdict.COMPLIANT,
    DimensionVerdict.EXEMPT: Verdict.COMPLIANT,
    DimensionVerdict.NOT_MET: Verdict.NOT_COMPLIANT,
    DimensionVerdict.UNKNOWN: Verdict.UNDETERMINED,
}

WITHOUT_ZONE = "none"
UNKNOWN_NAME = "Chưa rõ"


@dataclass(frozen=True)
class Group:
    """One group of a grouping. `valid_from` is given where its code meant something else at another time."""

    code: str
    name: str
    valid_from: date | None = None
    unit_id: int | None = None
    above: str = ""  # the district beside a commune: two communes may share a name
    note: str = ""  # in units of another day: what stands against taking it for one of them
    order: tuple[Any, ...] = field(default=(), compare=False, repr=False)  # what groups of a grouping are sorted by


@dataclass(frozen=True)
class GroupRate(Group):
    rate: Rate = NOBODY


@dataclass(frozen=True)
class Uncounted:
    """How many people of a position group are in no total, since nothing that counts is asked of their posts."""

    group: PositionGroup
    people: int
    titles: tuple[str, ...]  # of those posts, in their order


class Grouping:
    """A way to divide officials: the columns that describe a group, and the names of groups that have fixed codes.

    Columns are `code`, and where the grouping has them `name` and `order`. A grouping by units has the one column
    `unit_id`: SQL counts faster by one number than by four columns, and `_units` finds the rest for the few units. In
    units of another day it is the number of a place (cadres.correspondence), of communes or of the units `above` them.
    Groups with fixed codes are shown in the order of `names`, others by `order` and code; what is unknown comes last.
    """

    def __init__(
        self,
        title: str,
        *,
        names: dict[str, str] | None = None,
        absent: str = UNKNOWN_CODE,
        prepared: Callable[[QuerySet[JudgedPost], date], QuerySet[JudgedPost]] | None = None,
        is_above: bool = False,
        placed: Callable[[date], Places] | None = None,
        **columns: Any,
    ) -> None:
        self.title = title
        self.is_above = is_above  # of the units above the communes
        self.placed = placed  # to which places the communes of a day belong, where that is no unit of the day
        self.names = names or {}
        self.absent = absent  # the code of those for whom the fact is missing
        self.prepared = prepared  # what adds to the posts of a day that which the columns speak of
        self.columns = columns

    def group(self, row: dict[str, Any]) -> Group:
        """The group that a row of the columns means."""
        if row["code"] in (None, "", self.absent):
            return Group(self.absent, self.names.get(self.absent, UNKNOWN_NAME))
        code = str(row["code"])
        since = row.get("valid_from")
        return Group(
            code=code,
            name=row.get("name") or self.names[code],
            valid_from=None if since == UNKNOWN_START else since,
            unit_id=row.get("unit_id"),
            above=row.get("above") or "",
        )

    def place(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """What the groups are sorted by."""
        code = self.absent if row["code"] in (None, "") else str(row["code"])
        fixed = list(self.names)
        told = row.get("order")
        order = fixed.index(code) if code in fixed else "" if told is None else told
        return (code == self.absent, order, code)


def group_of_place(place: Place) -> Group:
    """The group of those who belong to a place among the units of another day."""
    unit = min(place.units) if len(place.units) == 1 else None
    return Group(place.code, place.name, unit_id=unit, above=place.above_name, note=place.note)


def order_of_place(place: Place) -> tuple[Any, ...]:
    """What such groups are sorted by, as Grouping.place."""
    return (place.code == NOWHERE, place.above_code, place.code)


def _age_name(first: int, last: int | None) -> str:
    if last is None:
        return f"Từ {first} tuổi"
    return f"{first}–{last} tuổi" if first else f"Đến {last} tuổi"


DIMENSION = "dimension"

GROUPINGS = {
    "district": Grouping("Huyện, thị xã, thành phố", is_above=True, unit_id=F("district_id")),
    "commune": Grouping("Đơn vị cấp xã", unit_id=F("unit")),
    "zone": Grouping(
        "Khu vực",
        code=F("zone"),
        names={str(zone.value): zone.in_full for zone in Zone} | {WITHOUT_ZONE: NO_ZONE},
        absent=WITHOUT_ZONE,
    ),
    "position": Grouping("Chức danh", order=F("position__order"), code=F("position__code"), name=F("position__title")),
    "group": Grouping("Nhóm chức danh", code=F("position__group"), names=dict(PositionGroup.choices)),
    "sex": Grouping("Giới tính", code=F("official__sex"), names=dict(Sex.choices)),
    "ethnic": Grouping("Dân tộc", code=F("official__ethnic_group__code"), name=F("official__ethnic_group__name")),
    "age": Grouping(
        "Độ tuổi",
        prepared=with_age_band,
        code=F("age_band"),
        names={code: _age_name(*ages) for code, ages in AGE_BANDS.items()},
    ),
}
FORMER_DISTRICT = "former_district"
# Told of the day as it is now, and in no published figure: what became of communes is known only afterwards.
BESIDE = {
    FORMER_DISTRICT: Grouping("Huyện cũ", placed=lambda day: Correspondence(day).former_places(), unit_id=F("unit"))
}
# What `rates --by` and the pages offer. By dimension an official is counted once for each requirement.
BY = (*GROUPINGS, DIMENSION)
OFFERED = (*BY, *BESIDE)


def rate_on(
    day: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
) -> Rate:
    """The rate of everybody in scope."""
    crossed = cross_rates(day, criterion=criterion, standards=standards, appointments=appointments, rulebook=rulebook)
    return crossed.get((), NOBODY)


def rates_by(
    by: str,
    *,
    day: date,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
    units: Correspondence | None = None,
) -> list[GroupRate]:
    """The rate of each group that has somebody in the total, in the order in which it is shown.

    `by` is a name of OFFERED. By dimension, each group counts the officials of whom that dimension is required.
    `units`: by the units of another day.
    """
    crossed = cross_rates(
        day, by, criterion=criterion, standards=standards, appointments=appointments, rulebook=rulebook, units=units
    )
    return [GroupRate(**vars(group), rate=rate) for (group,), rate in crossed.items()]


def cross_rates(
    day: date,
    *by: str,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
    units: Correspondence | None = None,
) -> dict[tuple[Group, ...], Rate]:
    """The rate of each combination of groups, in one query: `cross_rates(day, "district", "zone", criterion=full)`.

    In the order in which they are shown. Rates of coarser groups are sums of these, but by dimension, where an official
    is counted once for each requirement. `units`: the groups by units are of another day.
    """
    rulebook = rulebook or Rulebook.load()
    posts = judged(
        day, criterion=criterion, standards=standards, appointments=appointments, rulebook=rulebook, everybody=True
    )
    divided = Divided(posts, day, [name for name in by if name != DIMENSION], units)
    dimensions: list[Dimension] = []
    counted: tuple[str, ...] = ("is_in_transition", "verdict")
    if DIMENSION in by:
        dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(day, standards))
        counted = ("verdict", *DimensionVerdict)
    levels = rulebook.level_sets(day, standards)
    # In this order, since PostgreSQL may sort by it: numbers first, texts (whose order costs more) only among equals.
    rows: list[Any] = list(divided.posts.values(*divided.columns, *counted).annotate(officials=Count("pk")))
    divided.describe(rows)
    rates: dict[tuple[Group, ...], Rate] = {}
    for row in rows:
        if row["verdict"] is None:  # no requirement is counted: sorted out here, since SQL would compute it twice
            continue
        parts = divided.parts(row)
        if DIMENSION not in by:
            found = [(parts, rate_of(row["officials"], row["verdict"], row["is_in_transition"]))]
        else:
            found = [
                (parts | {DIMENSION: Group(dimension.code, dimension.name, order=(dimension.order,))}, rate)
                for dimension, rate in _of_dimensions(SimpleNamespace(**row), dimensions, levels)
            ]
        for of_row, rate in found:
            groups = tuple(of_row[name] for name in by)
            rates[groups] = rates.get(groups, NOBODY) + rate
    return {groups: rates[groups] for groups in sorted(rates, key=lambda groups: [group.order for group in groups])}


def _of_dimensions(kind: Any, dimensions: Iterable[Dimension], levels: LevelSets) -> Iterator[tuple[Dimension, Rate]]:
    """The dimensions required of the `officials` counted with the same sets, with what was found of them in each."""
    for dimension in dimensions:
        if verdict := levels.verdict(kind, dimension):
            yield dimension, rate_of(kind.officials, VERDICT_OF[verdict])


class Divided:
    """Posts of a day with the columns of some groupings (names of GROUPINGS, BESIDE), and the groups that their rows
    mean. `units`: the groups by units are of another day."""

    def __init__(
        self, posts: QuerySet[JudgedPost], day: date, by: Sequence[str], units: Correspondence | None = None
    ) -> None:
        self.day = day
        self.groupings = {name: (GROUPINGS | BESIDE)[name] for name in by}
        for grouping in self.groupings.values():
            posts = grouping.prepared(posts, day) if grouping.prepared else posts
        self.places = {name: grouping.placed(day) for name, grouping in self.groupings.items() if grouping.placed}
        if units:
            self.places |= {
                name: units.places(day, above=grouping.is_above)
                for name, grouping in self.groupings.items()
                if "unit_id" in grouping.columns and not grouping.placed
            }
        annotated = {
            f"by_{name}_{column}": self.places[name].column("unit") if name in self.places else to
            for name, grouping in self.groupings.items()
            for column, to in grouping.columns.items()
        }
        self.columns = list(annotated)
        self.posts: QuerySet[Any] = posts.annotate(**annotated)
        self._units: dict[int, dict[str, Any]] = {}

    def telling(self, name: str) -> str:
        """The column that tells one group of the grouping from another."""
        return f"by_{name}_{'unit_id' if 'unit_id' in self.groupings[name].columns else 'code'}"

    def describe(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up the units that these rows name, before their groups are asked for."""
        columns = [
            f"by_{name}_unit_id"
            for name, grouping in self.groupings.items()
            if "unit_id" in grouping.columns and name not in self.places
        ]
        self._units = units_described({row[column] for row in rows for column in columns}, self.day)

    def parts(self, row: Mapping[str, Any]) -> dict[str, Group]:
        """Grouping → the group of the row, with what it is sorted by."""
        parts: dict[str, Group] = {}
        for name, grouping in self.groupings.items():
            part = {column: row[f"by_{name}_{column}"] for column in grouping.columns}
            if name in self.places:
                place = self.places[name].numbered(part["unit_id"])
                parts[name] = replace(group_of_place(place), order=order_of_place(place))
                continue
            if "unit_id" in part:
                part = self._units.get(part["unit_id"], {"code": None})
            parts[name] = replace(grouping.group(part), order=grouping.place(part))
        return parts


def uncounted_on(
    day: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
) -> list[Uncounted]:
    """Who holds a post on the day and is in no total, by group. In two queries, without a verdict."""
    rulebook = rulebook or Rulebook.load()
    dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(day, standards))
    texts = rulebook.standards_on(day, standards).values()
    positions = {position.pk: position for position in posts_not_judged(day, dimensions, list(texts))}
    held = posts_on(day, appointments).filter(position__in=positions).order_by()
    return uncounted_among(positions.values(), dict(held.values_list("position").annotate(Count("pk"))))


def uncounted_among(positions: Iterable[Position], people: Mapping[int, int]) -> list[Uncounted]:
    """The same of these posts, in their order, and how many hold each that is held."""
    found = []
    for group in JUDGED_GROUPS:
        of_group = [position for position in positions if position.group == group and people.get(position.pk)]
        if of_group:
            number = sum(people[position.pk] for position in of_group)
            found.append(Uncounted(PositionGroup(group), number, tuple(position.title for position in of_group)))
    return found


def units_described(keys: set[int | None], day: date, *, with_ended: bool = False) -> dict[int, dict[str, Any]]:
    """Key of a unit in force on the day → the columns that describe it; `with_ended`, of ended ones as they last were.

    `valid_from` is None unless the code has stood for something else at another time.
    """
    if not keys:
        return {}
    of_same_code = UnitVersion.objects.filter(code=OuterRef("code")).exclude(unit=OuterRef("unit"))
    versions = UnitVersion.objects.filter(unit__in=keys - {None})
    versions = versions.latest_by(day) if with_ended else versions.as_of(day)
    rows: Any = versions.annotate(
        parent_then=in_force_then("parent__versions", day), cluster_then=in_force_then("cluster__versions", day)
    ).values(
        "unit_id",
        "code",
        "name",
        above=Case(When(kind__in=UnitVersion.COMMUNE_KINDS, then=Coalesce("cluster_then__name", "parent_then__name"))),
        order=Coalesce("cluster_then__code", "parent_then__code"),
        valid_from=Case(When(Exists(of_same_code), then="start_date")),
    )
    return {row["unit_id"]: row for row in rows}


def by_dimension(posts: QuerySet[Any], dimensions: Sequence[Dimension], levels: LevelSets) -> dict[Dimension, Rate]:
    """Of those of whom each of the dimensions is required, how many meet it; of posts with the sets of a JudgedPost."""
    counted: Any = posts.order_by().values(*DimensionVerdict).annotate(officials=Count("pk"))
    rates = dict.fromkeys(dimensions, NOBODY)
    for kind in counted.values_list(*DimensionVerdict, "officials", named=True):
        for dimension, rate in _of_dimensions(kind, dimensions, levels):
            rates[dimension] += rate
    return {dimension: rate for dimension, rate in rates.items() if rate.total}
