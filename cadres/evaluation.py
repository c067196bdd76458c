"""The verdict: whether an official meets the standard of the post held on a day. It exists once, in verdict.sql.

In words: the primary post of the day, by the group of its position, picks the standard in force;
the standard asks on that day a minimum level of the position in some dimensions, a lower one in units where it is
relaxed; a local rule over it that is in force (vận dụng) says instead of it, or besides, what it says. A
dimension is met where the highest level on record reaches the minimum (with a field of study that fits, where the
position has such a rule), exempt where a waiver covers the day, not met where a level is known and lower, unknown where
nothing is on record. A person is compliant when every dimension that the criterion counts is met or exempt, not
compliant when one is not met, otherwise undetermined. Nothing of it is stored: the day is an argument.
"""

import json
import re
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    Case,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    TextField,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact, In
from django_cte import CTE, with_cte
from django_cte.raw import raw_cte_sql

from cadres.asked_again import among, answer, answer_about, columns_of, rows_as
from cadres.kept_plans import planned_once
from cadres.models import (
    JUDGED_GROUPS,
    AcceptedField,
    Appointment,
    Criterion,
    Dimension,
    JudgedPost,
    Level,
    Official,
    Qualification,
    Requirement,
    Standard,
    Waiver,
)
from cadres.models.standards import MOST_LEVELS
from cadres.periods import DatedRow, PeriodQuerySet

# Code → first and last age, in full years on the day.
AGE_BANDS: dict[str, tuple[int, int | None]] = {
    "0-30": (0, 30),
    "31-40": (31, 40),
    "41-50": (41, 50),
    "51-60": (51, 60),
    "61-": (61, None),
}
UNKNOWN_CODE = "unknown"

P = TypeVar("P", bound=DatedRow)


class Verdict(TextChoices):
    COMPLIANT = "compliant", "Đạt"
    NOT_COMPLIANT = "not_compliant", "Chưa đạt"
    UNDETERMINED = "undetermined", "Chưa đủ dữ liệu"


class DimensionVerdict(TextChoices):
    """Of one requirement; the values are the sets of a JudgedPost."""

    MET = "met", "Đạt"
    EXEMPT = "exempt", "Được miễn"
    NOT_MET = "not_met", "Chưa đạt"
    UNKNOWN = "unknown", "Chưa có dữ liệu"


def with_age_band(posts: QuerySet[JudgedPost], day: date) -> QuerySet[JudgedPost]:
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
class Asked(DatedRow):
    """A dimension that a standard asks for, from when to when it does; of no matter which position."""

    dimension: Dimension
    start_date: date
    end_date: date | None


@dataclass(frozen=True)
class Rulebook:
    """The standards and field-of-study rules of all days: a few hundred rows, read once for any number of verdicts."""

    standards: tuple[Standard, ...]  # that judge, and the local rules over them
    asked: dict[int, tuple[Asked, ...]]  # standard → the dimensions it asks for, each with its periods
    levels: tuple[Level, ...]
    accepted_fields: tuple[AcceptedField, ...]
    kept: Hashable  # all that was read, as an argument of what is kept (cadres.asked_again)

    @classmethod
    def load(cls) -> "Rulebook":
        """Read it all, in three queries."""
        read = tuple(tuple(answer(words)) for words in (_levels, _standards, _accepted_fields))
        levels, dimensions = [], dict[int, Dimension]()
        of_level = len(columns_of(Level))
        for row in read[0]:
            level = Level.from_db(DEFAULT_DB_ALIAS, columns_of(Level), row[:of_level])
            if level.dimension_id not in dimensions:
                dimension = Dimension.from_db(DEFAULT_DB_ALIAS, columns_of(Dimension), row[of_level:])
                dimensions[level.dimension_id] = dimension
            level.dimension = dimensions[level.dimension_id]
            levels.append(level)
        standards, asked = [], {}
        for *columns, said in read[1]:
            standard = Standard.from_db(DEFAULT_DB_ALIAS, columns_of(Standard), columns)
            standards.append(standard)
            asked[standard.pk] = tuple(
                Asked(
                    dimensions[one["dimension"]],
                    date.fromisoformat(one["start"]),
                    date.fromisoformat(one["end"]) if one["end"] else None,
                )
                for one in json.loads(said)
            )
        return cls(
            standards=tuple(standards),
            asked=asked,
            levels=tuple(levels),
            accepted_fields=tuple(rows_as(AcceptedField, read[2])),
            kept=read,
        )

    def standards_on(self, day: date, named: Sequence[Standard] = ()) -> dict[str, Standard]:
        """The standard that judges each position group: the named one, else the one in force on the day, if any.

        Raises ValueError where two of the named are for one group, or one is a local rule over another.
        """
        if local := next((standard for standard in named if standard.over_id), None):
            raise ValueError(f"{local} chỉ vận dụng một văn bản khác. Hãy chọn văn bản gốc.")
        by_group = {standard.position_group: standard for standard in named}
        if len(by_group) < len(named):
            raise ValueError("Mỗi nhóm chức danh chỉ chọn được một văn bản tiêu chuẩn.")
        judging = (item for item in self.standards if item.over_id is None and item.is_in_force(day))
        in_force_then = {item.position_group: item for item in judging}
        return {group: standard for group, standard in (in_force_then | by_group).items() if group in JUDGED_GROUPS}

    def local_rules_on(self, day: date, standards: Iterable[Standard]) -> dict[int, Standard]:
        """Key of a standard → the local rules over it that are in force on the day, where there are any."""
        keys = {standard.pk for standard in standards}
        return {item.over_id: item for item in self.standards if item.over_id in keys and item.is_in_force(day)}

    def dimensions_asked(
        self, day: date, named: Sequence[Standard] = (), supposed: Iterable[Requirement] = ()
    ) -> list[Dimension]:
        """The dimensions in which any of these standards, or local rules over one, ask for a level, in order."""
        chosen = self.standards_on(day, named)
        local = self.local_rules_on(day, chosen.values())
        group_of = {standard.pk: group for group, standard in chosen.items()}
        group_of |= {rules.pk: group_of[standard] for standard, rules in local.items()}
        asked = {row.dimension for key in group_of for row in self.asked.get(key, ()) if row.is_in_force(day)}
        asked |= {
            requirement.dimension
            for requirement in _in_force(supposed, day)
            if requirement.position.group == group_of.get(requirement.standard_id)
        }
        return sorted(asked, key=lambda dimension: dimension.order)

    def level_sets(
        self, day: date, named: Sequence[Standard] = (), supposed: Iterable[Requirement] = ()
    ) -> "LevelSets":
        """What the sets of the posts of `judged` mean. Raises ValueError where there are more levels than bits."""
        asked = {dimension.pk for dimension in self.dimensions_asked(day, named, supposed)}
        return LevelSets(tuple(level for level in self.levels if level.dimension_id in asked))

    @cached_property
    def by_key(self) -> dict[tuple[type[Model], int], Any]:
        """Model and key → the standard, or the level with its dimension."""
        return {(type(row), row.pk): row for row in (*self.standards, *self.levels)}

    def levels_of(self, dimension: Dimension) -> tuple[Level, ...]:
        """The levels of the dimension, lowest first."""
        return tuple(level for level in self.levels if level.dimension_id == dimension.pk)

    def field_rules(self, day: date, dimension: Dimension) -> list[FieldRule]:
        """The field-of-study rules of the dimension on the day. A position that is in none is judged by level alone."""
        accepted: dict[int, set[str]] = {}
        for rule in self.accepted_fields:
            if rule.dimension_id == dimension.pk and rule.is_in_force(day):
                accepted.setdefault(rule.position_id, set()).add(rule.field_key)
        alike: dict[frozenset[str], list[int]] = {}
        for position, field_keys in accepted.items():
            alike.setdefault(frozenset(field_keys - {""}), []).append(position)
        return [FieldRule(frozenset(positions), field_keys) for field_keys, positions in alike.items()]


def _levels() -> QuerySet[Any, Any]:
    """The levels, each followed by its dimension."""
    columns = (*columns_of(Level), *(f"dimension__{name}" for name in columns_of(Dimension)))
    return Level.objects.order_by("dimension_id", "rank").values_list(*columns)


def _standards() -> QuerySet[Any, Any]:
    """The standards, each followed by the dimensions that it asks for and their periods, as a text of JSON."""
    row = JSONObject(dimension="dimension_id", start="start_date", end="end_date")
    asked = _valid_requirements().filter(standard=OuterRef("pk")).order_by().values(row=row).distinct()
    said = Func(ArraySubquery(asked), template="to_json(%(expressions)s)::text", output_field=TextField())
    return Standard.objects.values_list(*columns_of(Standard), said)


def _accepted_fields() -> QuerySet[Any, Any]:
    return AcceptedField.objects.order_by("pk")


def counted_dimensions(criterion: Criterion, asked: Iterable[Dimension]) -> list[Dimension]:
    """Those of the dimensions asked for that the criterion counts; a criterion that names none counts all."""
    with planned_once():
        prefetch_related_objects([criterion], "dimensions")
    named = set(criterion.dimensions.all())
    return [dimension for dimension in asked if not named or dimension in named]


def _valid_requirements() -> PeriodQuerySet[Requirement]:
    """A line about a position of another group than its standard's asks nothing."""
    return Requirement.objects.filter(position__group=F("standard__position_group"))


# ---------------------------------------------------------------- what would be


@dataclass(frozen=True)
class SupposedRecord(DatedRow):
    """A record that stands nowhere: what verdict.sql reads of one. Of hundreds it is made in a tenth of the time that
    so many objects of the model take."""

    official_id: int
    level_id: int
    field_key: str
    start_date: date
    end_date: date | None = None
    is_error: bool = False


@dataclass(frozen=True)
class Supposed:
    """Rows that stand nowhere, to ask what would be; model objects that are not saved, each true in its own period.

    A post stands in the place of the primary post that the person holds, and its commune's data have begun (unless not
    `with_data`); a requirement stands in the place of the one of its text, position and dimension, or beside those
    written. Records and waivers come to those on file. What is `gone` are posts and records on file, supposed not to be
    there. Whether somebody is in transition is told by the posts that were really held.
    """

    records: Sequence[Qualification | SupposedRecord] = ()
    posts: Sequence[Appointment] = ()
    waivers: Sequence[Waiver] = ()
    requirements: Sequence[Requirement] = ()
    gone: Sequence[Appointment | Qualification] = ()
    with_data: bool = True

    def rows_on(self, day: date) -> dict[str, Any]:
        """Kind → its rows that count on the day, as verdict.sql takes them (JSON, keys); only kinds that have any."""
        posts = [
            # A post that has no key yet gets one that no other has.
            {"id": row.pk or -row.official_id, **_columns(row, "official_id", "position_id", "unit_id")}
            for row in _in_force(self.posts, day)
        ]
        records: dict[int, list[dict[str, Any]]] = {}
        for row in _in_force(self.records, day):
            if not row.is_error:
                records.setdefault(row.official_id, []).append(_columns(row, "level_id", "field_key"))
        waivers = [_columns(row, "official_id", "dimension_id") for row in _in_force(self.waivers, day)]
        asked = ("standard_id", "position_id", "dimension_id", "minimum_id", "minimum_relaxed_id")
        requirements = [_columns(row, *asked) for row in _in_force(self.requirements, day)]
        rows = {"records": records, "posts": posts, "waivers": waivers, "requirements": requirements}
        gone = {"gone_posts": self._gone(Appointment), "gone_records": self._gone(Qualification)}
        gone |= {"data": [row["id"] for row in posts if self.with_data]}
        return {kind: json.dumps(found) for kind, found in rows.items() if found} | {
            kind: found for kind, found in gone.items() if found
        }

    def _gone(self, model: type[Model]) -> list[Any]:
        return [row.pk for row in self.gone if isinstance(row, model)]


NOTHING = Supposed()


def _in_force(rows: Iterable[P], day: date) -> list[P]:
    return [row for row in rows if row.is_in_force(day)]


def _columns(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


# ---------------------------------------------------------------- sets of levels


@dataclass(frozen=True)
class LevelSets:
    """Which level each bit of a set stands for (verdict.sql): reads the sets of a post, and writes them for filters."""

    levels: tuple[Level, ...]  # of the dimensions asked for, in the order in which verdict.sql numbers them
    _of_dimension: dict[int, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.levels) > MOST_LEVELS:
            raise ValueError(
                f"Các văn bản tiêu chuẩn của ngày này dùng {len(self.levels)} mức trình độ, nhiều hơn {MOST_LEVELS} "
                "mức mà một lần đánh giá chứa được. Hãy bớt mức ở mặt tiêu chuẩn chi tiết nhất."
            )
        sets: dict[int, int] = {}
        for place, level in enumerate(self.levels):
            sets[level.dimension_id] = sets.get(level.dimension_id, 0) | 1 << place
        object.__setattr__(self, "_of_dimension", sets)

    @property
    def dimension_keys(self) -> list[int]:
        """The keys of the dimensions that have a level here."""
        return list(self._of_dimension)

    def of(self, *dimensions: Dimension) -> int:
        """The set of all levels of the dimensions; empty for those for which nothing is asked."""
        found = 0
        for dimension in dimensions:
            found |= self._of_dimension.get(dimension.pk, 0)
        return found

    def dimensions_in(self, levels: int | None, dimensions: Iterable[Dimension]) -> list[Dimension]:
        """Those of the dimensions of which a set has a level."""
        return [dimension for dimension in dimensions if (levels or 0) & self.of(dimension)]

    def only(self, levels: Iterable[Level]) -> int:
        """The set of these levels."""
        keys = {level.pk for level in levels}
        return sum(1 << place for place, level in enumerate(self.levels) if level.pk in keys)

    def verdict(self, post: Any, dimension: Dimension) -> DimensionVerdict | None:
        """The verdict on one dimension of a JudgedPost (or a row with its sets); None where nothing is asked there."""
        levels = self.of(dimension)
        return next((verdict for verdict in DimensionVerdict if (getattr(post, verdict) or 0) & levels), None)

    def level_in(self, levels: int | None, dimension: Dimension) -> Level | None:
        """The highest level of the dimension in a set: of `asked` the minimum, of `held` the level held; or None."""
        found = (levels or 0) & self.of(dimension)
        return self.levels[found.bit_length() - 1] if found else None


# ---------------------------------------------------------------- the verdict


END_OF_POSTS = "-- So far the posts"


@cache
def _page(kinds: frozenset[str], are_judged: bool) -> tuple[str, tuple[str, ...]]:
    """verdict.sql as a query, and the names of its parameters in their order.

    With the lines that end in "if" and one of these kinds; where posts are not to be judged, only the part that finds
    them.
    """
    text = (Path(__file__).parent / "verdict.sql").read_text(encoding="utf-8")
    if not are_judged:
        text = text.partition(END_OF_POSTS)[0].rstrip().removesuffix(",") + "\nSELECT * FROM post"
    lines = text.splitlines()
    kept = [line for line in lines if (kind := re.search("-- if ([a-z_]+)$", line)) is None or kind[1] in kinds]
    page = "\n".join(line.partition("--")[0].rstrip() for line in kept)
    page = re.sub(
        r"\{(\w+) in force\}", r"(\1.start_date <= %(day)s AND (\1.end_date IS NULL OR \1.end_date >= %(day)s))", page
    )
    return re.sub(r"%\(\w+\)s", "%s", page), tuple(re.findall(r"%\((\w+)\)s", page))


def judged(
    day: date,
    *,
    criterion: Criterion | None,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
    supposed: Supposed = NOTHING,
    everybody: bool = False,
) -> QuerySet[JudgedPost]:
    """The posts that count on the day, one a person, with their verdicts; of all appointments or of those given.

    A verdict without criterion counts all dimensions.

    An ordinary queryset: filter, order, group, slice it, use it in a subquery. Filters that come after it reach the
    tables, so that a district costs a district's time. Who counts everybody and filters nothing says so (`everybody`):
    the records of all people are then read in one go, in nine tenths of the time. The levels in its sets are told by
    `Rulebook.level_sets` of the same day, standards and requirements supposed. Raises ValueError where two named
    standards are for one group, and where there are more levels than bits.
    """
    rulebook = rulebook or Rulebook.load()
    asked = rulebook.dimensions_asked(day, standards, supposed.requirements)
    judging = rulebook.standards_on(day, standards).values()
    local = [rules.pk for rules in rulebook.local_rules_on(day, judging).values()]
    rows = supposed.rows_on(day) | ({"local": local} if local else {})
    given = rows | {
        "day": day,
        "standards": [standard.pk for standard in judging],
        "asked": rulebook.level_sets(day, standards, supposed.requirements).dimension_keys,
        "counted": [dimension.pk for dimension in (counted_dimensions(criterion, asked) if criterion else asked)],
    }
    are_all = everybody and is_everybody(appointments)
    return _posts(appointments, given, _page(frozenset({*rows, "all" if are_all else "some"}), are_judged=True))


def is_everybody(appointments: QuerySet[Appointment] | None) -> bool:
    """Whether the appointments are all there are, and no scope or filter of them."""
    return appointments is None or appointments.query.where == Appointment.objects.all().query.where


def posts_on(day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[JudgedPost]:
    """The posts that count on the day with the facts of their units, but without verdicts (see `judged`)."""
    posts = _posts(appointments, {"day": day}, _page(frozenset(), are_judged=False))
    return posts.defer(*JudgedPost.VERDICT_COLUMNS)


READ_OF_APPOINTMENT = (
    *("id", "official_id", "position_id", "unit_id"),
    *("is_primary", "is_error", "start_date", "end_date"),
)


def _posts(
    appointments: QuerySet[Appointment] | None, given: dict[str, Any], page: tuple[str, tuple[str, ...]]
) -> QuerySet[JudgedPost]:
    scope = Appointment.objects.all() if appointments is None else appointments
    text, names = page
    return with_cte(
        CTE(scope.order_by().values(*READ_OF_APPOINTMENT), name="appointment"),
        CTE(raw_cte_sql(text, [given[name] for name in names], {}), name=JudgedPost._meta.db_table),
        select=JudgedPost.objects.all(),
    )


def one_step(levels: LevelSets, counted: Iterable[Dimension], dimension: Dimension | None = None) -> Q:
    """The condition on posts of `judged` that one thing makes the holder compliant.

    Just one counted dimension is not met, every other is settled or not asked. With a dimension, that it is this one.
    """
    all_counted = levels.of(*counted)
    lacking = all_counted if dimension is None else all_counted & levels.of(dimension)
    just_one = [1 << place for place in range(len(levels.levels)) if lacking >> place & 1]
    return Q(Exact(F("unknown").bitand(all_counted), 0)) & Q(In(F("not_met").bitand(all_counted), just_one))


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


def judgement_of(
    official: Official,
    day: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    supposed: Supposed = NOTHING,
) -> tuple[JudgedPost | None, list[Reason]]:
    """The post of the person that counts on the day, with its position, or None; and the reasons of its verdict.

    The reasons are the requirements of the post, in the order of the dimensions. Their verdicts are those of `judged`;
    here they only get the rows behind them. None where no standard asks anything of the post.
    """
    rulebook = Rulebook.load()
    posts = judged(
        day,
        criterion=criterion,
        standards=standards,
        appointments=Appointment.objects.filter(official=official),
        rulebook=rulebook,
        supposed=supposed,
    )
    post = posts.select_related("position").first()
    if post is None:
        return None, []
    levels = rulebook.level_sets(day, standards, supposed.requirements)
    counted = counted_dimensions(criterion, rulebook.dimensions_asked(day, standards, supposed.requirements))
    waivers = {waiver.dimension_id: waiver for waiver in _of_person(Waiver, official, day, supposed.waivers)}
    records = _of_person(Qualification, official, day, supposed.records)
    records = [record for record in records if record not in supposed.gone]
    for record in records:
        record.level = rulebook.by_key[Level, record.level_id]
    records.sort(key=lambda record: (-record.level.rank, record.start_date, record.pk or 0))
    found = []
    texts = [standard for standard in rulebook.standards if standard.pk == post.standard_id]
    asked = requirements_on(day, texts, rulebook, supposed=supposed.requirements, position=post.position_id).values()
    for requirement in sorted(asked, key=lambda requirement: requirement.dimension.order):
        dimension = requirement.dimension
        own = [record for record in records if record.level.dimension_id == dimension.pk]
        rules = (rule for rule in rulebook.field_rules(day, dimension) if post.position_id in rule.positions)
        rule = next(rules, None)
        verdict = levels.verdict(post, dimension)
        assert verdict is not None  # asked of the post
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
    return post, found


def reasons(official: Official, day: date, **choices: Any) -> list[Reason]:
    """The reasons of `judgement_of` alone; empty where no post of the person counts or nothing is asked of it."""
    return judgement_of(official, day, **choices)[1]


def _of_person(model: Any, official: Official, day: date, supposed: Iterable[Any]) -> list[Any]:
    """The rows of one person that count on the day, on file and supposed."""
    rows = rows_as(model, answer_about([official.pk], _in_force_of, model, day))
    return [*rows, *(row for row in _in_force(supposed, day) if row.official_id == official.pk)]


def _in_force_of(model: Any, day: date) -> QuerySet[Any, Any]:
    return model.objects.as_of(day).filter(among("official"))


def requirements_on(
    day: date,
    standards: Collection[Standard],
    rulebook: Rulebook,
    *,
    supposed: Iterable[Requirement] = (),
    position: int | None = None,
) -> dict[tuple[int, int, int], Requirement]:
    """Keys of a standard, a position and a dimension → what is asked there on the day, of all positions or of one.

    What local rules over a standard say stands in its place, below the key of the standard. In one query.
    """
    base = {standard.pk: standard.pk for standard in standards}
    base |= {rules.pk: standard for standard, rules in rulebook.local_rules_on(day, standards).items()}
    written = rows_as(Requirement, answer(_requirements, tuple(base), day, position))
    for row in written:
        row.standard, row.minimum = rulebook.by_key[Standard, row.standard_id], rulebook.by_key[Level, row.minimum_id]
        row.dimension, row.minimum_relaxed = row.minimum.dimension, rulebook.by_key[Level, row.minimum_relaxed_id]
    said = (
        *written,
        *(row for row in _in_force(supposed, day) if row.standard_id in base and position in (None, row.position_id)),
    )
    # The later prevails: of one text what is supposed, of two the local rule.
    in_order = sorted(said, key=lambda row: row.standard_id != base[row.standard_id])
    return {(base[row.standard_id], row.position_id, row.dimension_id): row for row in in_order}


def _requirements(standards: tuple[int, ...], day: date, position: int | None) -> PeriodQuerySet[Requirement]:
    written = _valid_requirements().as_of(day).filter(standard__in=standards)
    return written if position is None else written.filter(position=position)
