"""Needs: who lacks what the post demands, and which programme closes it. Computed from the verdicts, never stored.

A need is one person and one dimension that the criterion counts and the person does not meet (cadres.evaluation), nor
will once what is under way has been finished (courses.under_way). It is closed by a programme that raises to the
required level or above, is meant for the position (or for all), and gives a field of study that fits where the position
has such a rule. Of those the best is the one that suffices with the lowest level, then one that names the position,
then the first by code.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When
from django_cte import CTE, with_cte

from cadres.asked_again import answer, columns_of
from cadres.evaluation import (
    FieldRule,
    LevelSets,
    Rulebook,
    Supposed,
    counted_dimensions,
    judged,
    one_step,
)
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, Criterion, Dimension, JudgedPost, Level, Position
from cadres.text import match_key
from courses.models import Programme
from courses.modules import Progress
from courses.under_way import Led, Study, as_if_finished, led_to

NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Offer:
    """A programme with what decides whether it closes a need."""

    programme: Programme
    level: Level
    targets: frozenset[int]  # keys of positions; empty: all
    field_key: str

    def is_for(self, position_id: int | None, rank: int) -> bool:
        """Whether it raises the holder of the position to that rank or above."""
        return self.level.rank >= rank and (not self.targets or position_id in self.targets)


def _best_first(offers: list[Offer], position_id: int | None) -> tuple[Programme, ...]:
    """The programmes of offers for a position: the lowest level, then one that names the position, then by code."""
    offers = sorted(
        offers, key=lambda offer: (offer.level.rank, position_id not in offer.targets, offer.programme.code)
    )
    return tuple(offer.programme for offer in offers)


@dataclass(frozen=True)
class Closing:
    """Which programmes close which lack, on one day and by one criterion. Made by `closing_programmes`."""

    day: date
    criterion: Criterion
    rulebook: Rulebook
    counted: tuple[Dimension, ...]  # the dimensions in which somebody can have a need
    offers: dict[int, tuple[Offer, ...]]  # by the key of the dimension
    field_rules: dict[int, tuple[FieldRule, ...]]
    finished: Supposed  # what people study already, as if they had it
    led: tuple[Led, ...] | None  # the same by programme, with what raises no level; None where it was not read
    _found: dict[tuple[int | None, str, int], tuple[Programme, ...]] = field(default_factory=dict, compare=False)

    def all(self, position_id: int | None, dimension_code: str, required_rank: int) -> tuple[Programme, ...]:
        """The programmes that close the lack, best first; `position_id` None: a position that no rule names."""
        key = (position_id, dimension_code, required_rank)
        if key not in self._found:
            dimension = next((item for item in self.counted if item.code == dimension_code), None)
            offers = self.offers.get(dimension.pk, ()) if dimension else ()
            closing = [offer for offer in offers if self._closes(offer, position_id, required_rank)]
            self._found[key] = _best_first(closing, position_id)
        return self._found[key]

    def reaching(self, position_id: int | None, level: Level) -> tuple[Programme, ...]:
        """The programmes for the position that raise to the level or above, best first, whether a standard asks for it
        or not."""
        offers = self.offers.get(level.dimension_id, ())
        return _best_first([offer for offer in offers if offer.is_for(position_id, level.rank)], position_id)

    def best(self, position_id: int | None, dimension_code: str, required_rank: int) -> Programme | None:
        """The first of `all`, if any."""
        return next(iter(self.all(position_id, dimension_code, required_rank)), None)

    def _closes(self, offer: Offer, position_id: int | None, required_rank: int) -> bool:
        if not offer.is_for(position_id, required_rank):
            return False
        rules = (rule for rule in self.field_rules[offer.level.dimension_id] if position_id in rule.positions)
        return all(offer.field_key in rule.field_keys for rule in rules)

    # the same the other way round, as conditions on the posts of `judged`

    def closed_by(self, programme: Programme) -> Q:
        """The posts whose holders the programme helps to a level that they lack, be it the best for that or not."""
        offers = self._offers_of(programme)

        def is_meant(position_id: int | None, dimension: Dimension, rank: int) -> bool:
            return any(self._closes(offer, position_id, rank) for offer in offers[dimension.pk])

        return self._where(is_meant, offers)

    def best_is(self, programme: Programme | None, *, dimension: Dimension | None = None) -> Q:
        """The posts with a need (in this dimension) for which the programme is the best; None: that none closes."""
        among = self._offers_of(programme) if programme else [item.pk for item in self.counted]

        def is_meant(position_id: int | None, dimension: Dimension, rank: int) -> bool:
            return self.best(position_id, dimension.code, rank) == programme

        wanted = {key: self.offers.get(key, ()) for key in among if dimension is None or key == dimension.pk}
        return self._where(is_meant, wanted)

    def _offers_of(self, programme: Programme) -> dict[int, list[Offer]]:
        """The offers of one programme, by the key of the dimension, without those that have none."""
        found = {key: [one for one in offers if one.programme == programme] for key, offers in self.offers.items()}
        return {key: own for key, own in found.items() if own}

    def _where(
        self, is_meant: Callable[[int | None, Dimension, int], bool], offers: Mapping[int, Iterable[Offer]]
    ) -> Q:
        """The posts not meeting a dimension, of those that the offers are told by, for which it is meant.

        Asked of the holders of each position and of each rank that they may lack. Positions that none of the offers and
        no field-of-study rule names are all alike.
        """
        alike: dict[tuple[bool, frozenset[int]], list[Level]] = {}
        for dimension in (item for item in self.counted if item.pk in offers):
            named = {key for offer in offers[dimension.pk] for key in offer.targets}
            named |= {key for rule in self.field_rules[dimension.pk] for key in rule.positions}
            for level in self.rulebook.levels_of(dimension):
                meant = {key for key in named if is_meant(key, dimension, level.rank)}
                if is_meant(None, dimension, level.rank):
                    alike.setdefault((False, frozenset(named - meant)), []).append(level)
                elif meant:
                    alike.setdefault((True, frozenset(meant)), []).append(level)
        condition = NOTHING
        for (are_meant, positions), levels in alike.items():
            here = Q(position__in=positions)
            condition |= (here if are_meant else ~here) & Q(not_met__overlaps=self.levels.only(levels))
        return condition

    # the sets of a post

    @cached_property
    def levels(self) -> LevelSets:
        """What the sets of levels of the day's posts mean."""
        return self.rulebook.level_sets(self.day)

    @cached_property
    def counted_levels(self) -> int:
        """The levels of the dimensions counted, as a set."""
        return self.levels.of(*self.counted)

    def is_one_step(self, post: Any) -> bool:
        """What `one_step` asks in SQL, of a post that is here: one thing makes the holder compliant."""
        lacking = post.not_met & self.counted_levels
        return not post.unknown & self.counted_levels and lacking.bit_count() == 1

    def lacking(self, post: Any) -> list[tuple[Dimension, Level]]:
        """The counted dimensions that the post does not meet, each with the level asked for."""
        lacking = ((dimension, self.levels.level_in(post.not_met, dimension)) for dimension in self.counted)
        return [(dimension, level) for dimension, level in lacking if level is not None]


def closing_programmes(
    day: date, *, criterion: Criterion, rulebook: Rulebook | None = None, finished: Supposed | None = None
) -> Closing:
    """Read the catalogue of programmes once: one query (and the rulebook's), whatever is asked of the answer.

    `finished`: what people study already, as if they had it; None: what is under way on the day, one query more.
    """
    rulebook = rulebook or Rulebook.load()
    led = tuple(led_to(day)) if finished is None else None
    counted = tuple(counted_dimensions(criterion, rulebook.dimensions_asked(day)))
    offers: dict[int, list[Offer]] = {}
    for *columns, named in answer(_programmes):
        programme = Programme.from_db(DEFAULT_DB_ALIAS, columns_of(Programme), columns)
        assert programme.raises_to_id is not None
        programme.raises_to = level = rulebook.by_key[Level, programme.raises_to_id]
        targets = frozenset(key for key in named if key is not None)
        offer = Offer(programme, level, targets, match_key(programme.field_of_study))
        offers.setdefault(level.dimension_id, []).append(offer)
    return Closing(
        day=day,
        criterion=criterion,
        rulebook=rulebook,
        counted=counted,
        offers={dimension: tuple(found) for dimension, found in offers.items()},
        field_rules={dimension.pk: tuple(rulebook.field_rules(day, dimension)) for dimension in counted},
        finished=as_if_finished(day, led) if finished is None else finished,
        led=led,
    )


def _programmes() -> QuerySet[Any, Any]:
    """The programmes that raise to a level, each followed by the keys of the positions that it is meant for."""
    programmes = Programme.objects.filter(raises_to__isnull=False)
    return programmes.values_list(*columns_of(Programme), ArrayAgg("target_positions"))


# ---------------------------------------------------------------- who


def lacking_posts(
    day: date,
    *,
    criterion: Criterion,
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
    finished: Supposed | None = None,
    everybody: bool = False,
) -> QuerySet[JudgedPost]:
    """The posts, with their verdicts, of everybody who does not meet a dimension that the criterion counts, nor will
    once what is under way is finished (`finished`, as `closing_programmes` has it).

    Of all appointments or of those given. One query tells the needs of the whole province; filter by unit, position or
    person before, so that a district costs a district's time. `everybody`: as `judged` has it.
    """
    rulebook = rulebook or Rulebook.load()
    posts = judged(
        day,
        criterion=criterion,
        appointments=appointments,
        rulebook=rulebook,
        supposed=as_if_finished(day) if finished is None else finished,
        everybody=everybody,
    )
    # By the set, and not by the verdict that follows from it: of that PostgreSQL expects hardly anybody to pass, and
    # then looks up the people and positions of half a province one by one.
    counted = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    return posts.filter(not_met__overlaps=rulebook.level_sets(day).of(*counted))


@dataclass(frozen=True)
class Need:
    """One person, one dimension not met."""

    post: Any  # a JudgedPost of `lacking_posts`
    dimension: Dimension
    required: Level
    held: Level | None
    programmes: tuple[Programme, ...]  # that close it, best first
    closes_all: bool  # finishing one of them makes the person compliant
    study: Study | None = None  # what the person studies already that closes it
    planned: int | None = None  # the year of the approved plan by which the person is to study it
    progress: Progress | None = None  # of a programme in modules that the person has begun

    @property
    def official_id(self) -> int:
        return int(self.post.official_id)

    @property
    def programme(self) -> Programme | None:
        """The best of the programmes that close it."""
        return self.programmes[0] if self.programmes else None

    @property
    def others(self) -> tuple[Programme, ...]:
        """The programmes that close it too."""
        return self.programmes[1:]

    @property
    def is_in_wrong_field(self) -> bool:
        """The level is there, but in a field of study that does not fit the position."""
        return self.held is not None and self.held.rank >= self.required.rank

    @property
    def reason(self) -> str:
        """What is lacking, in a few words: "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp"."""
        if self.is_in_wrong_field:
            return f"{self.dimension}: có {self.held}, nhưng chuyên ngành chưa phù hợp"
        return f"{self.dimension}: cần {self.required}, hiện là {self.held or 'chưa rõ'}"


def needs_of(
    posts: Iterable[Any],
    closing: Closing,
    *,
    studied: Mapping[int, Sequence[Study]] = MappingProxyType({}),
    planned: Mapping[tuple[int, int], int] = MappingProxyType({}),
    begun: Mapping[tuple[int, int], Progress] = MappingProxyType({}),
) -> list[Need]:
    """The needs of posts of `lacking_posts`, in the order of the posts and then of the dimensions. Asks no query.

    `studied` (studies), `planned` (planned_studies) and `begun` (modules.progress_of) say how far
    people are on the way.
    """
    found = []
    for post in posts:
        one_step = closing.is_one_step(post)
        for dimension, required in closing.lacking(post):
            programmes = closing.all(post.position_id, dimension.code, required.rank)
            found.append(
                Need(
                    post=post,
                    dimension=dimension,
                    required=required,
                    held=closing.levels.level_in(post.held, dimension),
                    programmes=programmes,
                    closes_all=one_step and bool(programmes),
                    study=next(
                        (
                            study
                            for study in studied.get(post.official_id, ())
                            if study.reaches(dimension.pk, required.rank)
                        ),
                        None,
                    ),
                    planned=next(
                        (year for item in programmes if (year := planned.get((post.official_id, item.pk)))), None
                    ),
                    progress=next(
                        (told for item in programmes if (told := begun.get((post.official_id, item.pk)))), None
                    ),
                )
            )
    return found


def all_needs(closing: Closing, *, appointments: QuerySet[Appointment] | None = None) -> list[Need]:
    """Every need, of all appointments or of those given, in one query that reads no more than it takes.

    The posts in them bear keys and sets of levels only: official_id, position_id, unit_id, district_id, not_met…
    """
    posts = lacking_posts(
        closing.day,
        criterion=closing.criterion,
        appointments=appointments,
        rulebook=closing.rulebook,
        finished=closing.finished,
        everybody=True,
    )
    columns = ("pk", "official_id", "position_id", "unit_id", "district_id", "held", "not_met", "unknown")
    return needs_of(posts.order_by().values_list(*columns, named=True), closing)


def urgency_order(closing: Closing, dimension: Dimension | None = None) -> list[Any]:
    """What to order posts of `judged` by, most urgent first.

    First whom one thing makes compliant (with a dimension: this one; that of the programme somebody is to be sent to),
    then key positions, then by position and name.
    """
    is_one_step = one_step(closing.levels, closing.counted, dimension)
    return [
        Case(When(is_one_step, then=Value(0)), default=Value(1), output_field=IntegerField()),
        Case(When(position__subgroup=Position.Subgroup.KEY, then=Value(0)), default=Value(1)),
        "position__order",
        "official__name_order",
        "official_id",
    ]


# ---------------------------------------------------------------- how many


@dataclass
class Count:
    """How many people of one group lack something. A person may lack in several dimensions."""

    people: int = 0
    one_step: int = 0  # whom one thing makes compliant
    by_dimension: dict[str, int] = field(default_factory=dict)  # code → people

    def __add__(self, other: "Count") -> "Count":
        both = {*self.by_dimension, *other.by_dimension}
        return Count(
            self.people + other.people,
            self.one_step + other.one_step,
            {code: self.by_dimension.get(code, 0) + other.by_dimension.get(code, 0) for code in both},
        )


# What people can be counted by: the column of the posts that tells a group.
COLUMN_OF = {"district": "district_id", "commune": "unit_id", "zone": "zone", "position": "position_id"}


@planned_for_the_day()
def needs_by(
    by: str, closing: Closing, *, appointments: QuerySet[Appointment] | None = None
) -> dict[int | None, Count]:
    """Key of a district, commune or position, or number of a zone → how many people there lack what; one query with a
    row a group.

    The verdicts are found once and folded by kind; only then the kinds are told apart, so that no verdict is computed
    twice and no more rows are read than there are groups.
    """
    posts = lacking_posts(
        closing.day,
        criterion=closing.criterion,
        appointments=appointments,
        rulebook=closing.rulebook,
        finished=closing.finished,
        everybody=True,
    )
    group = COLUMN_OF[by]
    kinds = CTE(posts.values(group, "not_met", "unknown").annotate(officials=models.Count("pk")), name="kinds")
    found: Any = with_cte(kinds, select=kinds.queryset())
    rows = (
        found.values(group)
        .annotate(
            people=Sum("officials"),
            one_step=Sum("officials", filter=one_step(closing.levels, closing.counted), default=0),
            **{
                f"lacks_{item.code}": Sum("officials", filter=Q(not_met__overlaps=closing.levels.of(item)), default=0)
                for item in closing.counted
            },
        )
        .order_by()
    )
    return {
        row[group]: Count(
            row["people"], row["one_step"], {item.code: row[f"lacks_{item.code}"] for item in closing.counted}
        )
        for row in rows
    }


@dataclass
class DimensionCount:
    """How many people lack one dimension, and for how many of them there is a programme."""

    people: int = 0
    one_step: int = 0
    with_programme: int = 0

    @property
    def without_programme(self) -> int:
        return self.people - self.with_programme


@dataclass(frozen=True)
class Overview:
    """The needs of everybody in scope, by programme and by dimension; one query."""

    total: Count
    by_programme: dict[Programme | None, Count]  # each need at its best programme; None: no programme closes it
    by_dimension: dict[Dimension, DimensionCount]


@planned_for_the_day()
def overview(closing: Closing, *, appointments: QuerySet[Appointment] | None = None) -> Overview:
    """Who lacks what by programme and dimension. Rows read: as many as there are kinds of lack, not people."""
    total = Count()
    programmes: dict[Programme | None, Count] = {}
    dimensions: dict[Dimension, DimensionCount] = {}
    for kind in _kinds(closing, appointments):
        lacking = _with_programme(kind, closing)
        people, one = kind.officials, kind.officials if closing.is_one_step(kind) else 0
        total = total + Count(people, one, {dimension.code: people for dimension, _ in lacking})
        for programme in {programme for _, programme in lacking}:
            programmes[programme] = programmes.get(programme, Count()) + Count(people, one)
        for dimension, programme in lacking:
            counted = dimensions.setdefault(dimension, DimensionCount())
            counted.people += people
            counted.one_step += one
            counted.with_programme += people if programme else 0
    return Overview(total, programmes, dimensions)


def _kinds(closing: Closing, appointments: QuerySet[Appointment] | None) -> Iterable[Any]:
    """How many people there are of each position with each lack."""
    posts = lacking_posts(
        closing.day,
        criterion=closing.criterion,
        appointments=appointments,
        rulebook=closing.rulebook,
        finished=closing.finished,
        everybody=True,
    )
    columns = ("position_id", "not_met", "unknown")
    counted: Any = posts.values(*columns).annotate(officials=models.Count("pk"))
    return counted.values_list(*columns, "officials", named=True)


def _with_programme(kind: Any, closing: Closing) -> list[tuple[Dimension, Programme | None]]:
    """The dimensions not met in a row of `_kinds`, each with the best programme."""
    return [
        (dimension, closing.best(kind.position_id, dimension.code, required.rank))
        for dimension, required in closing.lacking(kind)
    ]
