"""The verdict: whether an official meets the standard of the post held on a day. It exists here once, in SQL.

In words (contract "Verdicts"): the primary post of the day, by the group of its position, picks the standard in force;
the standard asks a minimum level of the position in some dimensions, a lower one in units where it is relaxed. A
dimension is met where the highest level on record reaches the minimum (with a field of study that fits, where the
position has such a rule), exempt where a waiver covers the day, not met where a level is known and lower, unknown where
nothing is on record. A person is compliant when every dimension that the criterion counts is met or exempt, not
compliant when one is not met, otherwise undetermined. Nothing of it is stored: the day is an argument.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import BitOr
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db.models import (
    Aggregate,
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    F,
    FilteredRelation,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.db.models.sql.constants import LOUTER
from django_cte import CTE, with_cte

from cadres.models import (
    JUDGED_GROUPS,
    AcceptedField,
    Appointment,
    Criterion,
    Dimension,
    Level,
    Official,
    Qualification,
    Requirement,
    Standard,
    UnitVersion,
    Waiver,
    Zone,
)
from cadres.periods import UNKNOWN_START, in_force
from cadres.posts import data_begun, primary_posts

RELAXED_ZONES = (Zone.II, Zone.III)

# Code → first and last age, in full years on the day (contract "What rates promise").
AGE_BANDS: dict[str, tuple[int, int | None]] = {
    "0-30": (0, 30),
    "31-40": (31, 40),
    "41-50": (41, 50),
    "51-60": (51, 60),
    "61-": (61, None),
}
UNKNOWN_CODE = "unknown"

# What posts_on says of a post's unit on the day.
UNIT_FACTS = (
    "commune_code",
    "commune_name",
    "commune_valid_from",
    "district_id",
    "district_code",
    "district_name",
    "district_valid_from",
    "zone",
    "is_relaxed",
)


class Verdict(TextChoices):
    COMPLIANT = "compliant", "Đạt"
    NOT_COMPLIANT = "not_compliant", "Chưa đạt"
    UNDETERMINED = "undetermined", "Chưa đủ dữ liệu"


class DimensionVerdict(TextChoices):
    MET = "met", "Đạt"
    EXEMPT = "exempt", "Được miễn"
    NOT_MET = "not_met", "Chưa đạt"
    UNKNOWN = "unknown", "Chưa có dữ liệu"


# From best to worst: a person's verdict is that of the worst counted dimension, so the two lists run in one order.
BY_SEVERITY = (DimensionVerdict.MET, DimensionVerdict.EXEMPT, DimensionVerdict.UNKNOWN, DimensionVerdict.NOT_MET)
VERDICT_OF_WORST = (Verdict.COMPLIANT, Verdict.COMPLIANT, Verdict.UNDETERMINED, Verdict.NOT_COMPLIANT)
MET, EXEMPT, UNKNOWN, NOT_MET = range(4)


class ItemAt(Func):
    """The item of a fixed list at a position counted from 0; NULL at NULL.

    The position is computed once; a CASE would compute it again for each of its branches.
    """

    template = "(ARRAY[%(items)s])[1 + %(expressions)s]"
    output_field = TextField()

    def __init__(self, items: Iterable[str], position: Any, **extra: Any) -> None:
        super().__init__(position, **({"items": ", ".join(f"'{item}'" for item in items)} | extra))


class DateRange(Func):
    """The days from a start to an end, both included; an empty end is no end."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, start: Any, end: Any) -> None:
        super().__init__(start, end, RangeBoundary(True, True))


class RangeAgg(Aggregate):
    """The days covered by any of the ranges; ranges that touch become one (PostgreSQL 14 and later)."""

    function = "RANGE_AGG"
    output_field = DateRangeField()


class Covers(Func):
    arg_joiner = " @> "
    template = "(%(expressions)s)"
    output_field = BooleanField()


# ---------------------------------------------------------------- which posts


def posts_on(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The posts that count on the day, of all appointments or of those given (a scope).

    One a person: the primary one, while it, its unit and its position are in force and the commune's data have begun.
    Each carries the facts of its unit on that day: `commune_code`, `commune_name`, `commune_valid_from`; of the unit
    above it (from 1/7/2025 the province) `district_id`, `district_code`, `district_name`, `district_valid_from`;
    `zone` (1, 2, 3 or None); `is_relaxed` (by the decision recorded for the day, else in zones II and III).
    """
    unit_then = CTE(_units_on(day), name="unit_then", materialized=True)
    posts = primary_posts(day, appointments).filter(in_force(day, "position__"))
    posts = with_cte(unit_then, select=unit_then.join(posts, unit=unit_then.col.unit_id))
    return posts.annotate(**{fact: getattr(unit_then.col, fact) for fact in UNIT_FACTS})


def _units_on(day: date) -> QuerySet[Any, Any]:
    """The units in force on the day whose data have begun, with their facts."""
    units = (
        UnitVersion.objects.as_of(day)
        .filter(unit__in=data_begun(day))
        .annotate(
            above=FilteredRelation("parent__versions", condition=in_force(day, "parent__versions__")),
            zone_then=FilteredRelation("unit__zones", condition=in_force(day, "unit__zones__")),
            relaxation=FilteredRelation("unit__relaxations", condition=in_force(day, "unit__relaxations__")),
        )
    )
    return units.order_by().values(
        "unit_id",
        commune_code=F("code"),
        commune_name=F("name"),
        commune_valid_from=F("start_date"),
        district_id=F("parent"),
        district_code=F("above__code"),
        district_name=F("above__name"),
        district_valid_from=F("above__start_date"),
        zone=F("zone_then__zone"),
        is_relaxed=Coalesce(
            F("relaxation__is_relaxed"), Case(When(zone_then__zone__in=RELAXED_ZONES, then=True), default=False)
        ),
    )


def with_age_band(posts: QuerySet[Appointment], day: date) -> QuerySet[Appointment]:
    """Add `age_band`, a code of AGE_BANDS or "unknown", by the full years on the day.

    A birth known to the year only is kept as 1 January and counts so.
    """
    born_after = [
        When(official__birth_date__gt=_years_before(day, last + 1), then=Value(code))
        for code, (_, last) in AGE_BANDS.items()
        if last is not None
    ]
    unknown = When(official__birth_date__isnull=True, then=Value(UNKNOWN_CODE))
    oldest = next(code for code, (_, last) in AGE_BANDS.items() if last is None)
    return posts.annotate(age_band=Case(unknown, *born_after, default=Value(oldest), output_field=TextField()))


def _years_before(day: date, years: int) -> date:
    """The last birthday that makes somebody `years` old on the day; who was born later is younger."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February: who was born on 1 March is a day too young
        return date(year, 2, 28)


# ---------------------------------------------------------------- by which rules


@dataclass(frozen=True)
class FieldRule:
    """Positions of which a field of study is required, and the keys of the fields that fit them."""

    positions: frozenset[int]
    field_keys: frozenset[str]


@dataclass(frozen=True)
class Rulebook:
    """The standards and field-of-study rules of all days: a few hundred rows, read once for any number of verdicts."""

    standards: tuple[Standard, ...]
    dimensions: dict[int, tuple[Dimension, ...]]  # standard → the dimensions it asks for
    levels: tuple[Level, ...]
    accepted_fields: tuple[AcceptedField, ...]

    @classmethod
    def load(cls) -> "Rulebook":
        """Read it all, in three queries."""
        levels = tuple(Level.objects.select_related("dimension").order_by("dimension_id", "rank"))
        dimensions = {level.dimension_id: level.dimension for level in levels}
        asked = _valid_requirements().filter(standard=OuterRef("pk")).order_by("dimension_id").values("dimension")
        standards: tuple[Any, ...] = tuple(Standard.objects.annotate(asked=ArraySubquery(asked.distinct())))
        return cls(
            standards=standards,
            dimensions={standard.pk: tuple(dimensions[key] for key in standard.asked) for standard in standards},
            levels=levels,
            accepted_fields=tuple(AcceptedField.objects.order_by("pk")),
        )

    def standards_on(self, day: date, named: Sequence[Standard] = ()) -> dict[str, Standard]:
        """The standard that judges each position group: the named one, else the one in force on the day, if any.

        Raises ValueError where two of the named are for one group.
        """
        by_group = {standard.position_group: standard for standard in named}
        if len(by_group) < len(named):
            raise ValueError("Mỗi nhóm chức danh chỉ chọn được một văn bản tiêu chuẩn.")
        in_force_then = {item.position_group: item for item in self.standards if item.is_in_force(day)}
        return {group: standard for group, standard in (in_force_then | by_group).items() if group in JUDGED_GROUPS}

    def dimensions_asked(self, day: date, named: Sequence[Standard] = ()) -> list[Dimension]:
        """The dimensions in which any of these standards asks for a level, in their order."""
        asked = {
            dimension
            for standard in self.standards_on(day, named).values()
            for dimension in self.dimensions.get(standard.pk, ())
        }
        return sorted(asked, key=lambda dimension: dimension.order)

    def levels_of(self, dimension: Dimension) -> tuple[Level, ...]:
        """The levels of the dimension, lowest first."""
        return tuple(level for level in self.levels if level.dimension_id == dimension.pk)

    def field_rules(self, day: date, dimension: Dimension) -> list[FieldRule]:
        """The field-of-study rules of the dimension on the day. A position that is in none is judged by level alone."""
        accepted: dict[int, set[str]] = {}
        for field in self.accepted_fields:
            if field.dimension_id == dimension.pk and field.is_in_force(day):
                accepted.setdefault(field.position_id, set()).add(field.field_key)
        alike: dict[frozenset[str], list[int]] = {}
        for position, field_keys in accepted.items():
            alike.setdefault(frozenset(field_keys - {""}), []).append(position)
        return [FieldRule(frozenset(positions), field_keys) for field_keys, positions in alike.items()]


def counted_dimensions(criterion: Criterion, asked: Iterable[Dimension]) -> list[Dimension]:
    """Those of the dimensions asked for that the criterion counts; a criterion that names none counts all."""
    prefetch_related_objects([criterion], "dimensions")
    named = set(criterion.dimensions.all())
    return [dimension for dimension in asked if not named or dimension in named]


def _valid_requirements() -> QuerySet[Requirement]:
    """A line about a position of another group than its standard's asks nothing."""
    return Requirement.objects.filter(position__group=F("standard__position_group"))


# ---------------------------------------------------------------- what a record proves, as bits

BITS_OF_A_WORD = 62


@dataclass(frozen=True)
class Bits:
    """Where the levels of a ladder stand: a column of `held`, and the bit of the lowest level in it."""

    word: str
    first: int
    number: int

    @property
    def all(self) -> int:
        return ((1 << self.number) - 1) << self.first

    def up_to(self, place: int) -> int:
        """The bits of the level at this place and of those below it."""
        return ((2 << place) - 1) << self.first

    def at(self, place: F, held: CTE) -> Any:
        """The bit of the level at this place: 1 where it is reached."""
        return getattr(held.col, self.word).bitrightshift(place + self.first).bitand(1)


@dataclass(frozen=True)
class Ladder:
    """The levels of one dimension, lowest first, each with a bit.

    A record proves its level and all below it. So a record stands for the bits up to its level, the bits of a person's
    records taken together (bit_or) for every level reached, and a requirement is met where the bit of its minimum is
    set: one aggregate over the records tells everything, where the highest rank of each dimension would take one each.
    For a field-of-study rule the records in a field that fits have bits of their own, as have those without a field.
    """

    dimension: Dimension
    levels: tuple[Level, ...]
    bits: Bits
    unstated: Bits
    rules: tuple[tuple[FieldRule, Bits], ...]

    @property
    def positions_with_rule(self) -> frozenset[int]:
        return frozenset(position for rule, _ in self.rules for position in rule.positions)

    def proved_by(self, place: int) -> dict[str, Any]:
        """Word → the bits that a record of the level at this place proves: a number, or by field of study a CASE."""
        proved: dict[str, Any] = {self.bits.word: self.bits.up_to(place)}
        by_field: dict[str, dict[str, int]] = {}
        if self.rules:
            by_field.setdefault(self.unstated.word, {})[""] = self.unstated.up_to(place)
        for rule, bits in self.rules:
            fields = by_field.setdefault(bits.word, {})
            for field_key in rule.field_keys:
                fields[field_key] = fields.get(field_key, 0) | bits.up_to(place)
        for word, fields in by_field.items():
            anyway = proved.get(word, 0)
            alike: dict[int, list[str]] = {}
            for field_key, more in fields.items():
                alike.setdefault(anyway | more, []).append(field_key)
            whens = (When(field_key__in=field_keys, then=bits) for bits, field_keys in alike.items())
            proved[word] = Case(*whens, default=anyway, output_field=BigIntegerField())
        return proved


def _ladders(rulebook: Rulebook, day: date, dimensions: list[Dimension]) -> list[Ladder]:
    """The ladders of the dimensions, their bits packed into as few words as they need."""
    number = used = 0

    def bits_for(levels: Sequence[Level]) -> Bits:
        nonlocal number, used
        if used + len(levels) > BITS_OF_A_WORD:
            number, used = number + 1, 0
        bits = Bits(f"word_{number}", used, len(levels))
        used += len(levels)
        return bits

    ladders = []
    for dimension in dimensions:
        levels, rules = rulebook.levels_of(dimension), rulebook.field_rules(day, dimension)
        ladders.append(
            Ladder(
                dimension=dimension,
                levels=levels,
                bits=bits_for(levels),
                unstated=bits_for(levels if rules else ()),
                rules=tuple((rule, bits_for(levels)) for rule in rules),
            )
        )
    return ladders


# ---------------------------------------------------------------- the verdict


def with_verdicts(
    posts: QuerySet[Appointment],
    day: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    rulebook: Rulebook | None = None,
) -> QuerySet[Appointment]:
    """Add the verdicts of the day to the posts of `posts_on(day)`.

    Adds `standard_id`; `verdict` (a Verdict, or NULL where no requirement is counted: such a post is in no total);
    `is_in_transition`; and for each dimension that one of the standards asks for, `verdict_CODE` (a DimensionVerdict,
    or NULL where the position does not need it), `held_CODE` and `required_CODE` (ranks, or NULL).

    The result is an ordinary queryset: filter, order, group and slice it. Filter by unit, position or person before
    this call: the posts' scope is repeated inside the query, so that a district costs a district's time.
    Raises ValueError where two named standards are for one group.
    """
    rulebook = rulebook or Rulebook.load()
    chosen = rulebook.standards_on(day, standards)
    asked = rulebook.dimensions_asked(day, standards)
    counted = counted_dimensions(criterion, asked)
    if asked:
        posts = _with_severities(posts, day, rulebook, chosen, asked)
    worst = _worst([F(f"severity_{dimension.code}") for dimension in counted])
    posts = posts.annotate(
        standard_id=Case(*(When(position__group=group, then=chosen[group].pk) for group in chosen), default=None)
        if chosen
        else Value(None, output_field=SmallIntegerField()),
        verdict=ItemAt(VERDICT_OF_WORST, worst),
        **{f"verdict_{dimension.code}": ItemAt(BY_SEVERITY, F(f"severity_{dimension.code}")) for dimension in asked},
    )
    in_transition = [
        When(_served_since_before(standard, day), verdict=Verdict.NOT_COMPLIANT, position__group=group, then=True)
        for group, standard in chosen.items()
        if standard.transition_until and UNKNOWN_START < standard.start_date <= day <= standard.transition_until
    ]
    return posts.annotate(is_in_transition=Case(*in_transition, default=False) if in_transition else Value(False))


def _with_severities(
    posts: QuerySet[Appointment], day: date, rulebook: Rulebook, chosen: dict[str, Standard], asked: list[Dimension]
) -> QuerySet[Appointment]:
    """Add for each dimension the ranks required and held, and the severity, an index into BY_SEVERITY."""
    ladders = _ladders(rulebook, day, asked)
    records = Qualification.objects.as_of(day).order_by()
    ctes = [CTE(_demanded(chosen.values(), ladders), name="demanded")]
    if _are_narrowed(posts, day):
        scope = CTE(posts.order_by("official_id").values("official_id"), name="scope")
        records = scope.join(records, official=scope.col.official_id)
        ctes.append(scope)
    demanded, held = ctes[0], CTE(_held(records, ladders), name="held")
    posts = demanded.join(posts, position=demanded.col.position, _join_type=LOUTER)
    posts = held.join(posts, official=held.col.official, _join_type=LOUTER)
    posts = with_cte(*ctes, held, select=posts)

    for ladder in ladders:
        code = ladder.dimension.code
        minimum, place = f"minimum_{code}", f"place_{code}"
        proof, on_record, unstated = f"proof_{code}", f"on_record_{code}", f"unstated_{code}"
        posts = posts.alias(**{minimum: getattr(demanded.col, minimum)})
        posts = posts.alias(
            **{place: Case(When(is_relaxed=True, then=getattr(demanded.col, f"relaxed_{code}")), default=F(minimum))}
        )
        by_rule = (When(position__in=rule.positions, then=bits.at(F(place), held)) for rule, bits in ladder.rules)
        posts = posts.alias(
            **{
                proof: Case(*by_rule, default=ladder.bits.at(F(place), held)),
                on_record: getattr(held.col, ladder.bits.word).bitand(ladder.bits.all),
            }
        )
        may_prove = Q(**{f"{on_record}__isnull": True}) | Q(**{on_record: 0})
        if ladder.rules:
            posts = posts.alias(**{unstated: ladder.unstated.at(F(place), held)})
            may_prove |= Q(position__in=ladder.positions_with_rule, **{unstated: 1})
        waived = Waiver.objects.as_of(day).filter(official=OuterRef("official"), dimension=ladder.dimension)
        severity = Case(
            When(**{f"{minimum}__isnull": True}, then=None),
            When(**{proof: 1}, then=MET),
            When(Exists(waived), then=EXEMPT),
            When(may_prove, then=UNKNOWN),
            default=NOT_MET,
            output_field=SmallIntegerField(),
        )
        posts = posts.alias(**{f"severity_{code}": severity})
        posts = posts.annotate(
            **{f"required_{code}": _rank_at(ladder, F(place)), f"held_{code}": _highest_rank(ladder, F(on_record))}
        )
    return posts


def _rank_at(ladder: Ladder, place: F) -> Case:
    """The rank of the level at a place of the ladder."""
    whens = (When(Exact(place, at), then=level.rank) for at, level in enumerate(ladder.levels))
    return Case(*whens, output_field=SmallIntegerField())


def _highest_rank(ladder: Ladder, on_record: F) -> Case:
    """The rank of the highest level that is on record; NULL where none is."""
    return Case(
        *(
            When(GreaterThanOrEqual(on_record, 1 << (ladder.bits.first + place)), then=level.rank)
            for place, level in reversed(list(enumerate(ladder.levels)))
        ),
        output_field=SmallIntegerField(),
    )


def _are_narrowed(posts: QuerySet[Appointment], day: date) -> bool:
    """Whether the posts are fewer than all of the day: each filter adds a condition to those of `posts_on`.

    It decides how much is read and not what is found: the records of people outside the posts join nothing.
    """
    return posts.query.is_sliced or len(posts.query.where.children) > len(posts_on(day).query.where.children)


def _demanded(standards: Iterable[Standard], ladders: list[Ladder]) -> QuerySet[Any, Any]:
    """Position → places of the minimum levels on their ladders, two columns a dimension.

    A position has one group, so one of the standards judges it.
    """
    columns: dict[str, Max] = {}
    for ladder in ladders:
        for column, field in (("minimum", "minimum"), ("relaxed", "minimum_relaxed")):
            place = Case(*(When(**{field: level}, then=place) for place, level in enumerate(ladder.levels)))
            columns[f"{column}_{ladder.dimension.code}"] = Max(place, filter=Q(dimension=ladder.dimension))
    return _valid_requirements().filter(standard__in=standards).order_by().values("position").annotate(**columns)


def _held(records: QuerySet[Qualification], ladders: list[Ladder]) -> QuerySet[Any, Any]:
    """Official → what the records prove, as bits (Ladder).

    The few dozen levels are written into the query, and records of other dimensions are not filtered out: so PostgreSQL
    reads the records in the order of qualification_of_official and has each person's together. With a join to the
    levels, or with a condition on them, it takes up to twice the time.
    """
    words: dict[str, list[When]] = {}
    for ladder in ladders:
        for place, level in enumerate(ladder.levels):
            for word, proved in ladder.proved_by(place).items():
                words.setdefault(word, []).append(When(level=level, then=proved))
    return records.values("official").annotate(
        **{word: BitOr(Case(*whens, output_field=BigIntegerField())) for word, whens in words.items()}
    )


def _worst(severities: list[F]) -> Any:
    """The worst of the severities that are not NULL; NULL where all are, or where there are none."""
    match severities:
        case []:
            return Value(None, output_field=SmallIntegerField())
        case [severity]:
            return severity
    return Greatest(*severities)


def _served_since_before(standard: Standard, day: date) -> Subquery:
    """Whether the person has held primary posts of the standard's group every day since before it came into force."""
    since = DateRange(Value(standard.start_date - timedelta(days=1)), Value(day))
    served = Appointment.objects.filter(
        official=OuterRef("official"), is_primary=True, position__group=standard.position_group
    ).order_by()
    return Subquery(
        served.values("official")
        .annotate(without_break=Covers(RangeAgg(DateRange("start_date", "end_date")), since))
        .values("without_break"),
        output_field=BooleanField(),
    )


# In which a dimension asks for nothing more.
SETTLED = (DimensionVerdict.MET, DimensionVerdict.EXEMPT)


def one_step(counted: Sequence[Dimension], dimension: Dimension | None = None) -> Q:
    """The condition on posts of `with_verdicts` that one thing makes the holder compliant.

    Just one counted dimension is not met, every other is settled or not asked. With a dimension, that it is this one.
    """
    condition = Q(pk__in=[])
    for lacking in counted:
        if dimension in (None, lacking):
            one = Q(**{f"verdict_{lacking.code}": DimensionVerdict.NOT_MET})
            for other in counted:
                if other != lacking:
                    column = f"verdict_{other.code}"
                    one &= Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__in": SETTLED})
            condition |= one
    return condition


# ---------------------------------------------------------------- the reasons


@dataclass(frozen=True)
class Reason:
    """One requirement of the post a person holds, with the verdict on it and the record that proves it."""

    requirement: Requirement
    required: Level  # the minimum that applies in the unit
    is_relaxed: bool
    is_counted: bool  # whether the criterion counts this dimension
    held: Level | None
    evidence: Qualification | None  # the record that meets the requirement; else the highest one
    waiver: Waiver | None
    verdict: DimensionVerdict

    @property
    def standard(self) -> Standard:
        return self.requirement.standard

    @property
    def dimension(self) -> Dimension:
        return self.requirement.dimension

    @property
    def article(self) -> str:
        """The legal text, to the article where it is recorded."""
        return self.requirement.article or self.standard.legal_basis


def reasons(official: Official, day: date, *, criterion: Criterion, standards: Sequence[Standard] = ()) -> list[Reason]:
    """The requirements of the post that the person holds on the day, in the order of the dimensions.

    The verdicts are those of `with_verdicts`; here they only get the rows behind them. Empty where no post of the
    person counts on that day, or where no standard asks anything of it.
    """
    rulebook = Rulebook.load()
    posts = posts_on(day, Appointment.objects.filter(official=official))
    post: Any = with_verdicts(posts, day, criterion=criterion, standards=standards, rulebook=rulebook).first()
    if post is None:
        return []
    counted = counted_dimensions(criterion, rulebook.dimensions_asked(day, standards))
    waivers = {waiver.dimension_id: waiver for waiver in Waiver.objects.as_of(day).filter(official=official)}
    records = list(
        Qualification.objects.as_of(day)
        .filter(official=official)
        .select_related("level__dimension")
        .order_by("-level__rank", "start_date", "pk")
    )
    found = []
    for requirement in (
        _valid_requirements()
        .filter(standard=post.standard_id, position=post.position_id)
        .select_related("standard", "dimension", "minimum", "minimum_relaxed")
        .order_by("dimension__order")
    ):
        dimension = requirement.dimension
        own = [record for record in records if record.level.dimension_id == dimension.pk]
        rules = (rule for rule in rulebook.field_rules(day, dimension) if post.position_id in rule.positions)
        rule = next(rules, None)
        verdict = DimensionVerdict(getattr(post, f"verdict_{dimension.code}"))
        evidence = own[0] if own else None
        if rule and verdict == DimensionVerdict.MET:
            evidence = next(record for record in own if record.field_key in rule.field_keys)
        found.append(
            Reason(
                requirement=requirement,
                required=requirement.minimum_relaxed if post.is_relaxed else requirement.minimum,
                is_relaxed=post.is_relaxed,
                is_counted=dimension in counted,
                held=own[0].level if own else None,
                evidence=evidence,
                waiver=waivers.get(dimension.pk),
                verdict=verdict,
            )
        )
    return found
