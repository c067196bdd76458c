"""What the classes that ended in a period did: turns, persons and money, by any grouping.

A turn (lượt) is an enrolment completed in a class that ended in the period; persons (người) are the distinct officials
of the turns. Post, unit, district and zone are those of the day on which the class started, by the primary post held
then; where there was none, they are unknown. SQL counts by group; the turns behind a count are the same queryset
(`turns`) filtered by the same values (`in_group`), so a figure and its list cannot differ.

Money is what the classes spent, in đồng, also those that nobody completed. Where a report is about some of the turns
only (a unit, an officer's own people) or divides them by what people are, the money of a class is shared by its
completed turns, each share rounded half up to whole đồng.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear, NullIf
from django_cte import CTE, with_cte

from cadres.correspondence import Correspondence
from cadres.evaluation import UNKNOWN_CODE
from cadres.models import EthnicGroup, Level, Position, PositionGroup, Unit, UnitVersion
from cadres.posts import ABOVE_THEN, with_post_on
from courses.models import ClassFunding, Enrolment, FundingSource, Programme, SubjectArea, TrainingClass
from reports.rates import (
    GROUPINGS,
    UNKNOWN_NAME,
    WITHOUT_ZONE,
    Group,
    Grouping,
    group_of_place,
    order_of_place,
    units_described,
)

M = TypeVar("M", bound=Model)

START = F("training_class__start_date")
PROGRAMME = "training_class__programme__"
RESULT = f"{PROGRAMME}raises_to__"

# Results that the province's own summary speaks of.
UNIVERSITY = ("professional:DH", "professional:CD")
INTERMEDIATE = ("professional:TC", "political_theory:TC")


@dataclass(frozen=True)
class Money:
    """What was spent, in đồng, by source (FundingSource)."""

    central: int = 0
    local: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        return self.central + self.local + self.other


@dataclass(frozen=True)
class TrainingFigures:
    """Turns, persons and money; the turns once more by kind of programme, which add up to them."""

    turns: int = 0
    persons: int = 0
    money: Money = Money()
    degree: int = 0
    certificate: int = 0
    workshop: int = 0


@dataclass(frozen=True)
class TrainingGroup(Group):
    figures: TrainingFigures = TrainingFigures()

    @property
    def key(self) -> str:
        """The group in an address (`in_group`): its code, and where that was re-used the day from which it is meant."""
        return f"{self.code}~{self.valid_from.isoformat()}" if self.valid_from else self.code


@dataclass(frozen=True)
class Highlights:
    """The figures of the province's summary: people who reached a degree, turns of further training."""

    university: int  # persons, at university or college level
    intermediate: int  # persons
    key_certificates: int  # turns of certificate programmes by holders of key positions
    servant_certificates: int  # the same by civil servants


@dataclass(frozen=True)
class Report:
    """The figures of the whole, and of each group that has any, in the order in which they are shown.

    `unshared` is the money of classes that nobody completed, where the groups are of people: it is in the whole only.
    """

    start: date
    end: date
    by: str
    whole: TrainingFigures
    highlights: Highlights
    groups: list[TrainingGroup]
    unshared: Money = field(default=Money())


# ---------------------------------------------------------------- which turns


@dataclass(frozen=True)
class InPlaces:
    """Places of a grouping by units ("district", "commune"), by their codes, among the units of a day."""

    units: Correspondence
    by: str
    codes: Collection[str]


def turns(
    start: date,
    end: date,
    *,
    kind: str | None = None,
    enrolments: QuerySet[Enrolment] | None = None,
    unit: Unit | None = None,
    places: InPlaces | None = None,
) -> QuerySet[Enrolment]:
    """The turns completed in classes that ended from `start` to `end`, both included; of all or of those given.

    `kind` is a Programme.Kind; `unit` keeps those whose post was in the unit, or below it, when the class started,
    `places` those whose unit then belongs to one of these places among the units of another day. The result knows post
    and unit of the day on which the class started (cadres.posts.with_post_on).
    """
    found: QuerySet[Any] = Enrolment.objects.all() if enrolments is None else enrolments
    found = with_post_on(found.filter(_ended(start, end, kind), state=Enrolment.State.COMPLETED), START)
    if unit:
        # By names of columns: a condition on a relation would join it once more than those who group by it.
        found = found.alias(
            post_unit=F("post_then__unit"),
            unit_then=F("version_then__unit"),
            cluster_of_then=F("version_then__cluster"),
            district_then=F("version_then__parent"),
            province_then=F("parent_then__parent"),
        ).filter(
            Q(unit_then=unit.pk) | Q(cluster_of_then=unit.pk) | Q(district_then=unit.pk) | Q(province_then=unit.pk)
        )
        # The keys of the units that ever lay there say less, but of the posts alone: PostgreSQL begins with those.
        ever = UnitVersion.objects.filter(
            Q(unit=unit) | Q(cluster=unit) | Q(parent=unit) | Q(parent__versions__parent=unit)
        )
        found = found.filter(post_unit__in=set(ever.values_list("unit", flat=True)))
    return in_group(found, places.by, places.codes, end=end, units=places.units) if places else found


def _ended(start: date, end: date, kind: str | None) -> Q:
    """The condition that a row belongs to a class that ended in the period, of a programme of the kind if one is told.

    `end_date` here is the last day of a class, not of a dated row of the registry.
    """
    ended = Q(training_class__state=TrainingClass.State.ENDED, training_class__end_date__range=(start, end))
    return ended & Q(training_class__programme__kind=kind) if kind else ended


# ---------------------------------------------------------------- by what


def _like(by: str, /, **columns: Any) -> Grouping:
    """A grouping of the rates, by what was true when the class started."""
    grouping = GROUPINGS[by]
    return Grouping(grouping.title, names=grouping.names, absent=grouping.absent, is_above=grouping.is_above, **columns)


_RAISES = Q(**{f"{RESULT}isnull": False})
_YEAR = ExtractYear("training_class__end_date")

# By what a class is: its money belongs to one group.
OF_CLASSES = {
    "kind": Grouping("Loại hình", code=F(f"{PROGRAMME}kind"), names=dict(Programme.Kind.choices)),
    "result": Grouping(
        "Trình độ đạt được",
        # Levels in the order of their ladders, before what raises none.
        order=Case(
            When(_RAISES, then=F(f"{RESULT}dimension__order") * 100 + F(f"{RESULT}rank") - 10_000),
            output_field=IntegerField(),
        ),
        code=Case(
            When(_RAISES, then=Concat(f"{RESULT}dimension__code", Value(":"), f"{RESULT}code")),
            default=F(f"{PROGRAMME}kind"),
            output_field=CharField(),
        ),
        name=F(f"{RESULT}name"),
        above=F(f"{RESULT}dimension__name"),
        names={kind.value: f"{kind.label}, không nâng trình độ" for kind in Programme.Kind},
    ),
    "subject": Grouping("Lĩnh vực", code=F(f"{PROGRAMME}subject_area__code"), name=F(f"{PROGRAMME}subject_area__name")),
    "year": Grouping("Năm kết thúc lớp", code=_YEAR, name=Cast(_YEAR, CharField())),
}
# By what the person is, or was when the class started.
OF_PEOPLE = {
    "group": _like("group", code=F("post_then__position__group")),
    "subgroup": Grouping(
        "Phân nhóm chức danh", code=F("post_then__position__subgroup"), names=dict(Position.Subgroup.choices)
    ),
    "position": _like(
        "position",
        order=F("post_then__position__order"),
        code=F("post_then__position__code"),
        name=F("post_then__position__title"),
    ),
    "district": _like("district", unit_id=ABOVE_THEN),
    "commune": _like("commune", unit_id=F("version_then__unit")),
    "zone": Grouping(
        GROUPINGS["zone"].title,
        code=Case(
            When(version_then__isnull=True, then=None),
            When(zone_then__isnull=True, then=Value(WITHOUT_ZONE)),
            default=Cast("zone_then__zone", CharField()),
        ),
        names=GROUPINGS["zone"].names,
    ),
    "sex": _like("sex", code=NullIf("official__sex", Value(""))),
    "ethnic": _like("ethnic", code=F("official__ethnic_group__code"), name=F("official__ethnic_group__name")),
}
SOURCE = "source"
TRAINING_GROUPINGS = OF_CLASSES | OF_PEOPLE
# What `training --by` and the page offer.
TRAINING_BY = (*TRAINING_GROUPINGS, SOURCE)
TRAINING_TITLES = {by: grouping.title for by, grouping in TRAINING_GROUPINGS.items()} | {SOURCE: "Nguồn kinh phí"}


def columns_of(by: str, units: Correspondence | None) -> dict[str, Any]:
    """The columns of a grouping; of one by units, those in which `units` of another day number their places."""
    grouping = TRAINING_GROUPINGS[by]
    if units is None or "unit_id" not in grouping.columns:
        return grouping.columns
    return {"unit_id": units.places_of_any_day(above=grouping.is_above).column("version_then__unit", START)}


def in_group(
    found: QuerySet[M], by: str, keys: Collection[str], *, end: date, units: Correspondence | None = None
) -> QuerySet[M]:
    """Those of the turns that are of one group (TrainingGroup.key), or of several; `end` is the period's last day.

    `units`: the keys of groups by units are codes of places among those of another day. An unknown key finds nothing.
    By what a class is (OF_CLASSES), `found` may also be the money of classes.
    """
    grouping, known = TRAINING_GROUPINGS[by], [key for key in keys if key != UNKNOWN_CODE]
    column = "unit_id" if "unit_id" in grouping.columns else "code"
    name = f"in_{by}"
    values: Sequence[Any] = known
    if column == "unit_id" and units:
        values = units.places_of_any_day(above=grouping.is_above).numbers_of(known)
    elif column == "unit_id":
        values = list(_units_meant(known, end))
    elif by == "year":
        values = [int(key) for key in known if key.isdecimal()]
    wanted = Q(**{f"{name}__in": values})
    if UNKNOWN_CODE in keys:
        wanted |= Q(**{f"{name}__isnull": True})
    return found.alias(**{name: columns_of(by, units)[column]}).filter(wanted)


def name_of_group(by: str, key: str, *, end: date, units: Correspondence | None = None) -> str:
    """What a group's key means, in words; the key itself where it means nothing."""
    names = TRAINING_GROUPINGS[by].names | {UNKNOWN_CODE: UNKNOWN_NAME}
    if key in names:
        return names[key]
    found: Any = key
    match by:
        case "result":
            dimension, _, code = key.partition(":")
            level = Level.objects.filter(dimension__code=dimension, code=code).select_related("dimension").first()
            found = f"{level} ({level.dimension})" if level else None
        case "position":
            found = Position.objects.filter(code=key).first()
        case "subject":
            found = SubjectArea.objects.filter(code=key).first()
        case "ethnic":
            found = EthnicGroup.objects.filter(code=key).first()
        case "district" | "commune" if units:
            place = units.places_of_any_day(above=TRAINING_GROUPINGS[by].is_above).get(key)
            found = place and place.name
        case "district" | "commune":
            found = next((row["name"] for row in _units_meant([key], end).values()), None)
    return str(found or key)


def _units_meant(keys: Collection[str], end: date) -> dict[int, dict[str, Any]]:
    """The units that the keys of groups mean, as `units_described` describes them."""
    codes = [key.partition("~")[0] for key in keys]
    bearers: set[int | None] = set(UnitVersion.objects.filter(code__in=codes).values_list("unit", flat=True))
    grouping = GROUPINGS["commune"]
    described = units_described(bearers, end, with_ended=True)
    return {unit: row for unit, row in described.items() if TrainingGroup(**vars(grouping.group(row))).key in keys}


# ---------------------------------------------------------------- the report


def training(
    start: date,
    end: date,
    *,
    by: str,
    kind: str | None = None,
    enrolments: QuerySet[Enrolment] | None = None,
    unit: Unit | None = None,
    places: InPlaces | None = None,
    units: Correspondence | None = None,
) -> Report:
    """The figures of the period, whole and by group: `by` is one of TRAINING_BY, the rest is told in `turns`. `units`:
    groups by units are places among those of a day, in which each turn's unit of the class's first day belongs.

    At most eight queries, whatever the number of turns. By source, the groups carry money only.
    """
    everything, paid = turns(start, end, kind=kind), funding(start, end, kind=kind)
    counted = turns(start, end, kind=kind, enrolments=enrolments, unit=unit, places=places)
    is_part = enrolments is not None or unit is not None or places is not None
    whole, highlights = _whole(counted)
    money = money_of(shared(counted, everything) if is_part else spent(paid))
    report: dict[str, Any] = {
        "start": start,
        "end": end,
        "by": by,
        "whole": TrainingFigures(**whole, money=money),
        "highlights": highlights,
    }
    if by == SOURCE:
        return Report(**report, groups=_sources(money))
    grouping = TRAINING_GROUPINGS[by]
    columns = {f"by_{column}": to for column, to in columns_of(by, units).items()}
    is_shared = is_part or by in OF_PEOPLE
    sums = shared(counted, everything, **columns) if is_shared else spent(paid, **columns)
    return Report(
        **report,
        groups=_groups(grouping, _counts(counted, columns), sums, end, units),
        unshared=money_of(spent(of_nobody(paid))) if by in OF_PEOPLE and not is_part else Money(),
    )


def _by_kind() -> dict[str, Any]:
    return {kind.value: Count("pk", filter=Q(**{f"{PROGRAMME}kind": kind})) for kind in Programme.Kind}


def _of_each_person(counted: QuerySet[Enrolment], columns: dict[str, Any], **counts: Any) -> CTE:
    """The turns of each person, in all, by kind and as `counts` say, within each group of the columns.

    In two steps, since PostgreSQL sorts for a count of distinct persons: three times as long for the nation.
    """
    rows = counted.order_by().annotate(**columns).values(*columns, "official")
    return CTE(rows.annotate(turns=Count("pk"), **_by_kind(), **counts), name="of_each_person")


def _sums() -> dict[str, Any]:
    """Turns, persons and turns by kind, of the rows of `_of_each_person`."""
    return {
        "turns": Coalesce(Sum("turns"), 0),
        "persons": Count("official"),
        **{kind: Coalesce(Sum(kind), 0) for kind in Programme.Kind.values},
    }


def _whole(counted: QuerySet[Enrolment]) -> tuple[dict[str, int], Highlights]:
    """The counts of all turns, and the highlights.

    In two queries, since only the turns of certificate programmes need to be looked up in the posts.
    """
    of_each = _of_each_person(
        counted,
        {},
        university=Count("pk", filter=_reached(UNIVERSITY)),
        intermediate=Count("pk", filter=_reached(INTERMEDIATE)),
    )
    found = with_cte(of_each, select=of_each.queryset()).aggregate(
        **_sums(),
        university=Count("official", filter=Q(university__gt=0)),
        intermediate=Count("official", filter=Q(intermediate__gt=0)),
    )
    certificates = counted.filter(**{f"{PROGRAMME}kind": Programme.Kind.CERTIFICATE}).aggregate(
        key=Count("pk", filter=Q(post_then__position__subgroup=Position.Subgroup.KEY)),
        servants=Count("pk", filter=Q(post_then__position__group=PositionGroup.CIVIL_SERVANT)),
    )
    highlights = Highlights(
        university=found.pop("university"),
        intermediate=found.pop("intermediate"),
        key_certificates=certificates["key"],
        servant_certificates=certificates["servants"],
    )
    return found, highlights


def _reached(results: Iterable[str]) -> Q:
    """The condition that a turn raised somebody to one of the levels, each DIMENSION:LEVEL."""
    condition = Q(pk__in=[])
    for result in results:
        dimension, _, level = result.partition(":")
        condition |= Q(**{f"{RESULT}dimension__code": dimension, f"{RESULT}code": level})
    return condition


def _counts(counted: QuerySet[Enrolment], columns: dict[str, Any]) -> QuerySet[Any, Any]:
    """Turns, persons and turns by kind of each group."""
    of_each = _of_each_person(counted, columns)
    return with_cte(of_each, select=of_each.queryset()).values(*columns).annotate(**_sums())


# ---------------------------------------------------------------- money


def funding(start: date, end: date, *, kind: str | None = None) -> QuerySet[ClassFunding]:
    """The money of all classes that ended in the period."""
    return ClassFunding.objects.filter(_ended(start, end, kind), spent__gt=0)


def of_nobody(paid: QuerySet[ClassFunding]) -> QuerySet[ClassFunding]:
    """The money of those of the classes that nobody completed."""
    completed = Enrolment.objects.filter(training_class=OuterRef("training_class"), state=Enrolment.State.COMPLETED)
    return paid.filter(~Exists(completed))


def spent(paid: QuerySet[ClassFunding], **columns: Any) -> QuerySet[Any, Any]:
    """What the classes spent, by `source` and by the columns, which are of classes; the sum is `amount`."""
    return paid.order_by().annotate(**columns).values(*columns, "source").annotate(amount=Sum("spent"))


def shared(counted: QuerySet[Enrolment], everything: QuerySet[Enrolment], **columns: Any) -> QuerySet[Any, Any]:
    """What the classes spent on the turns counted, by `source` and by the columns; the sum is `amount`.

    Of each class and source it is spent × turns counted ÷ turns completed, rounded half up in whole numbers.
    """
    part = CTE(
        counted.order_by().annotate(**columns).values("training_class", *columns).annotate(turns=Count("pk")),
        name="part",
    )
    all_turns = CTE(everything.order_by().values("training_class").annotate(turns=Count("pk")), name="all_turns")
    paid = part.join(ClassFunding.objects.order_by(), training_class=part.col.training_class)
    paid = all_turns.join(paid, training_class=all_turns.col.training_class)
    share = (2 * F("spent") * part.col.turns + all_turns.col.turns) / (2 * all_turns.col.turns)
    return (
        with_cte(part, all_turns, select=paid)
        .annotate(**{column: getattr(part.col, column) for column in columns})
        .values(*columns, "source")
        .annotate(amount=Sum(share))
    )


def money_of(rows: Iterable[dict[str, Any]]) -> Money:
    """The rows of `spent` or `shared`, one a source, as money."""
    return Money(**{row["source"]: int(row["amount"]) for row in rows})


# ---------------------------------------------------------------- rows with names


def _groups(
    grouping: Grouping,
    counts: Iterable[dict[str, Any]],
    amounts: Iterable[dict[str, Any]],
    end: date,
    units: Correspondence | None,
) -> list[TrainingGroup]:
    """The groups of the counted rows, and of classes that nobody completed, with names, in their order."""
    rows, sums = list(counts), list(amounts)
    is_by_units = "unit_id" in grouping.columns
    of_day = units.places_of_any_day(above=grouping.is_above) if units and is_by_units else None
    own: dict[Any, Any] = {}
    if is_by_units and not of_day:
        own = units_described({row["by_unit_id"] for row in rows}, end, with_ended=True)
    places: dict[Group, tuple[Any, ...]] = {}

    def group_of(row: dict[str, Any]) -> Group:
        described = {column: row[f"by_{column}"] for column in grouping.columns}
        if of_day and (number := described["unit_id"]):
            place = of_day.numbered(number)
            group = group_of_place(place)
            places[group] = order_of_place(place)
            return group
        if "unit_id" in described:
            described = own.get(described["unit_id"], {"code": None})
        group = grouping.group(described)
        places[group] = grouping.place(described)
        return group

    figures: dict[Group, dict[str, Any]] = {}
    for row in rows:
        figures.setdefault(group_of(row), {}).update(
            {name: row[name] for name in ("turns", "persons", *Programme.Kind.values)}
        )
    money: dict[Group, dict[str, int]] = {}
    for row in sums:
        money.setdefault(group_of(row), {})[row["source"]] = int(row["amount"])
    return [
        TrainingGroup(
            **vars(group), figures=TrainingFigures(**figures.get(group, {}), money=Money(**money.get(group, {})))
        )
        for group in sorted(places, key=lambda group: places[group])
    ]


def _sources(money: Money) -> list[TrainingGroup]:
    """The money by source, each source of which there is any."""
    return [
        TrainingGroup(source.value, source.label, figures=TrainingFigures(money=Money(**{source.value: amount})))
        for source in FundingSource
        if (amount := getattr(money, source.value))
    ]
