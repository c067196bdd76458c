"""Needs beside the standard: who has not studied yet what a programme's target or a regulation asks (NeedRule).

They move no rate. Computed on the day, never stored. Whoever studies it already is not asked again. What the standard
of a post asks itself is a need of courses.needs.computed, and none here.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.sql.constants import LOUTER
from django_cte import CTE, with_cte

from cadres.asked_again import answer, columns_of, fetch, rows_as
from cadres.evaluation import is_everybody, posts_on, requirements_on
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, EthnicGroup, Level, Position, Qualification
from cadres.periods import add_months
from courses.models import Certificate, Enrolment, Ethnicity, NeedRule, Programme
from courses.modules import Progress
from courses.needs.computed import COLUMN_OF, Closing
from courses.under_way import ClassNear, Led, Study, led_to

FOREIGN = Q(official__ethnic_group__code__in=(EthnicGroup.MAJORITY, EthnicGroup.FOREIGNER))
ETHNICITY = {
    Ethnicity.MAJORITY: Q(official__ethnic_group__code=EthnicGroup.MAJORITY),
    Ethnicity.MINORITY: Q(official__ethnic_group__isnull=False) & ~FOREIGN,
}


@dataclass(frozen=True, order=True)
class Kind:
    """What a need is about: a dimension of the standards, or the subject of a programme that raises none."""

    order: tuple[int, int]
    code: str
    name: str


@dataclass(frozen=True)
class Asked:
    """A rule in force, with what it means on the day."""

    rule: NeedRule
    kind: Kind
    positions: frozenset[int] | None  # keys; None: of every position
    left_to_the_standard: frozenset[int]  # positions of which the standard asks the level itself
    counts: Q  # rows of what people have reached, or completed, with `done_on`, that are what is asked
    studying: Q  # posts whose holders study it

    @property
    def level(self) -> Level | None:
        """The level whose record says that it is done; None: a completed class does."""
        return _level_of(self.rule)

    @property
    def done_on(self) -> str:
        """The column of posts that tells the last day on which what is asked was done (`Asking.with_rules`)."""
        return f"done_{self.rule.pk}"

    @property
    def done(self) -> Q:
        """The posts whose holders have done what is asked, since they hold the position where the rule says so."""
        found = Q(**{f"{self.done_on}__isnull": False})
        if self.rule.since_appointment:
            found &= Q(**{f"{self.done_on}__gte": F("held_since")})
        return found

    @property
    def who(self) -> Q:
        """The posts of those whom the rule means."""
        found = Q(**self.rule.facts())
        if self.rule.ethnicity:
            found &= ETHNICITY[Ethnicity(self.rule.ethnicity)]
        if self.positions is not None:
            found &= Q(position__in=self.positions)
        if self.left_to_the_standard:
            found &= ~Q(position__in=self.left_to_the_standard)
        return found


@dataclass(frozen=True)
class AskedNeed:
    """One person, one thing to study beside the standard, and every rule that asks it."""

    post: Any  # a JudgedPost of `Asking.posts`
    rules: tuple[NeedRule, ...]
    kind: Kind
    programmes: tuple[Programme, ...]  # that close it, best first
    due: date | None = None  # the day by which it has to be done, where a rule names one
    is_overdue: bool = False
    study: Study | None = None
    planned: int | None = None  # the year of the approved plan by which the person is to study it
    progress: Progress | None = None  # of a programme in modules that the person has begun

    @property
    def official_id(self) -> int:
        return int(self.post.official_id)

    @property
    def key(self) -> str:
        """What tells it from the person's other needs."""
        rule = self.rules[0]
        return f"{rule.programme.code}" if rule.programme else f"{rule.level}"

    @property
    def programme(self) -> Programme | None:
        return self.programmes[0] if self.programmes else None

    @property
    def others(self) -> tuple[Programme, ...]:
        return self.programmes[1:]

    @property
    def priority(self) -> int:
        """The most urgent that a rule gives it."""
        return min(rule.priority for rule in self.rules)

    @property
    def sources(self) -> tuple[str, ...]:
        """Each text that asks it, and whether nobody has compared it yet."""
        return tuple(dict.fromkeys(rule.told for rule in self.rules))

    @property
    def reason(self) -> str:
        """Why, in a few words, as a registered need says it."""
        texts = "; ".join(dict.fromkeys(rule.document for rule in self.rules))
        return f"{self.rules[0].what}: {texts}"


@dataclass(frozen=True)
class Asking:
    """The rules of a day, read once for any number of people. Made by `asking`."""

    day: date
    rules: tuple[Asked, ...]
    closing: Closing

    def posts(
        self,
        appointments: QuerySet[Appointment] | None = None,
        *,
        rules: Iterable[Asked] | None = None,
        studying: bool = False,
        where: Mapping[int, Q] = MappingProxyType({}),
    ) -> QuerySet[Any]:
        """The posts of everybody whom one of the rules asks something not done yet, each with `by_rules`: their keys.

        `studying`: those who study it already, instead of those who do not. `where`: key of a rule → a further
        condition on the posts that it counts for.
        """
        conditions = {
            one.rule.pk: self._open(one, studying) & where.get(one.rule.pk, Q())
            for one in (self.rules if rules is None else rules)
        }
        posts = self.with_rules(posts_on(self.day, appointments), conditions, appointments)
        return posts.filter(any_of(conditions.values()))

    def about(self, positions: Set[int]) -> list[Asked]:
        """The rules that may mean holders of these positions (keys): of one person the others need not be asked, and to
        word a rule takes longer than to answer it."""
        return [one for one in self.rules if one.positions is None or one.positions & positions]

    def with_rules(
        self, posts: QuerySet[Any], conditions: Mapping[int, Q], appointments: QuerySet[Appointment] | None
    ) -> QuerySet[Any]:
        """Posts with `by_rules`: the keys of rules whose condition holds, in their order; and with what conditions ask,
        `held_since` and of each rule the day on which it was done. `appointments`: those that the posts are of.
        """
        rules = [one for one in self.rules if one.rule.pk in conditions]
        if not rules:
            return posts.annotate(by_rules=Value([], output_field=ArrayField(BigIntegerField())))
        posts = with_start(posts)
        people = {}
        if appointments is not None and not is_everybody(appointments):
            people = {"official__in": appointments.order_by().values("official")}
        of_level = [one for one in rules if one.level]
        posts = _with_last_days(posts, of_level, _reached(self.day, of_level).filter(**people), "reached")
        of_class = [one for one in rules if not one.level]
        posts = _with_last_days(posts, of_class, _completed(self.day, of_class).filter(**people), "completed")
        cases = [
            Case(When(condition, then=Value(key)), default=Value(None), output_field=BigIntegerField())
            for key, condition in conditions.items()
        ]
        array = Func(
            *cases,
            template="ARRAY_REMOVE(ARRAY[%(expressions)s]::bigint[], NULL)",
            output_field=ArrayField(BigIntegerField()),
        )
        return posts.annotate(by_rules=array)

    @staticmethod
    def _open(one: Asked, studying: bool) -> Q:
        return one.who & ~one.done & (one.studying if studying else ~one.studying)

    def programmes_of(self, one: Asked, position_id: int | None) -> tuple[Programme, ...]:
        """The programmes by which the holder of the position does what the rule asks, best first."""
        if one.rule.programme:
            return (one.rule.programme,)
        assert one.rule.level is not None  # a rule asks one or the other
        return self.closing.reaching(position_id, one.rule.level)

    def best_is(self, one: Asked, programme: Programme | None) -> Q:
        """The posts for which the programme is the best by which to do what the rule asks; None: there is none."""
        if one.rule.programme:
            return Q() if one.rule.programme == programme else Q(pk__in=[])
        return Q(position__in=[key for key in self._positions if _first(self.programmes_of(one, key)) == programme])

    @cached_property
    def _positions(self) -> list[int]:
        return list(Position.objects.order_by().values_list("pk", flat=True))

    def closed_by(self, programme: Programme) -> dict[int, Q]:
        """Key of a rule → the posts whose holders it asks what the programme gives, and who have not done it, studying
        or not."""
        found = {}
        for one in self.rules:
            if one.rule.programme:
                meant = Q() if one.rule.programme == programme else None
            else:
                keys = [key for key in self._positions if programme in self.programmes_of(one, key)]
                meant = Q(position__in=keys) if keys else None
            if meant is not None:
                found[one.rule.pk] = one.who & ~one.done & meant
        return found

    def needs(
        self,
        posts: Iterable[Any],
        *,
        studied: Mapping[int, Sequence[Study]] = MappingProxyType({}),
        planned: Mapping[tuple[int, int], int] = MappingProxyType({}),
        begun: Mapping[tuple[int, int], Progress] = MappingProxyType({}),
    ) -> list[AskedNeed]:
        """The needs of posts of `posts`, in their order; what several rules ask in one. Asks no query of its own, where
        the posts bear `held_since` (with_start)."""
        by_key = {one.rule.pk: one for one in self.rules}
        found = []
        for post in posts:
            alike: dict[Any, list[Asked]] = {}
            for key in post.by_rules:
                one = by_key[key]
                alike.setdefault((one.rule.programme_id, one.rule.level_id), []).append(one)
            for rows in alike.values():
                first, official = rows[0], post.official_id
                programmes = self.programmes_of(first, post.position_id)
                due = min((day for one in rows if (day := _due(one.rule, post))), default=None)
                found.append(
                    AskedNeed(
                        post=post,
                        rules=tuple(one.rule for one in rows),
                        kind=first.kind,
                        programmes=programmes,
                        due=due,
                        is_overdue=due is not None and due < self.day,
                        study=next((s for s in studied.get(official, ()) if _leads_to(s, first.rule)), None),
                        planned=next((year for item in programmes if (year := planned.get((official, item.pk)))), None),
                        progress=next((told for item in programmes if (told := begun.get((official, item.pk)))), None),
                    )
                )
        return found


def asking(closing: Closing, *, programme: Programme | None = None) -> Asking:
    """The rules in force on the day of `closing`, with what is done and studied: at most four queries, however many
    rules; one where there is none.

    `programme`: only those that it can satisfy, and without who studies.
    """
    day = closing.day
    level = programme.raises_to if programme else None
    meant = (programme and programme.pk, level and level.dimension_id, level and level.rank)
    rules, named = _rules(closing, answer(_in_force, day, *meant))
    if not rules:
        return Asking(day, (), closing)
    on_the_way: Iterable[Led] = ()
    if not programme:
        on_the_way = led_to(day) if closing.led is None else closing.led
    standards = list(closing.rulebook.standards_on(day).values())
    standing = requirements_on(day, standards, closing.rulebook) if any(rule.level for rule in rules) else {}
    counted = {dimension.pk for dimension in closing.counted}
    return Asking(
        day,
        tuple(
            Asked(
                rule=rule,
                kind=_kind(rule),
                positions=named[rule.pk],
                left_to_the_standard=frozenset(
                    position
                    for (_, position, dimension), asked in standing.items()
                    if rule.level is not None
                    and dimension == rule.level.dimension_id
                    and dimension in counted
                    and min(asked.minimum.rank, (asked.minimum_relaxed or asked.minimum).rank) >= rule.level.rank
                ),
                counts=_counts(rule, closing),
                studying=Q(official__in=[one.official_id for one in on_the_way if _gives(one.taught, rule)]),
            )
            for rule in rules
        ),
        closing,
    )


def _in_force(day: date, programme: int | None, dimension: int | None, rank: int | None) -> QuerySet[Any, Any]:
    """The rules of the day, or those that a programme with this key, which raises to this level, can satisfy. Each is
    followed by the keys of the positions that it names, and that its programme is meant for."""
    rules = NeedRule.objects.as_of(day)
    if programme:
        meant = Q(programme=programme)
        rules = rules.filter(meant | Q(level__dimension=dimension, level__rank__lte=rank) if dimension else meant)
    named = NeedRule.positions.through.objects.filter(needrule=OuterRef("pk")).values("position")
    targets = Programme.target_positions.through.objects.filter(programme=OuterRef("programme")).values("position")
    return rules.values_list(*columns_of(NeedRule), ArraySubquery(named), ArraySubquery(targets))


def _rules(closing: Closing, rows: list[Any]) -> tuple[list[NeedRule], dict[int, frozenset[int] | None]]:
    """The rules of rows of `_in_force`; and by their key the positions that each is about, None: every one."""
    rules = rows_as(NeedRule, [columns for *columns, _, _ in rows])
    positions = {
        rule.pk: frozenset(named or targets) or None for rule, (*_, named, targets) in zip(rules, rows, strict=True)
    }
    fetch(rules, "programme")
    programmes = {rule.programme for rule in rules if rule.programme}
    fetch(programmes, "subject_area")
    levels = closing.rulebook.by_key
    for rule in rules:
        if rule.level_id is not None:
            rule.level = levels[Level, rule.level_id]
    for programme in programmes:
        if programme.raises_to_id is not None:
            programme.raises_to = levels[Level, programme.raises_to_id]
    return rules, positions


def _gives(taught: ClassNear, rule: NeedRule) -> bool:
    """Whether a class gives what the rule asks to who finishes it."""
    return taught.programme_id == rule.programme_id or bool(rule.level and taught.reaches(rule.level))


def _level_of(rule: NeedRule) -> Level | None:
    return rule.level or (rule.programme.raises_to if rule.programme else None)


def _kind(rule: NeedRule) -> Kind:
    level = _level_of(rule)
    if level:
        return Kind((0, level.dimension.order), level.dimension.code, level.dimension.name)
    assert rule.programme is not None
    area = rule.programme.subject_area
    return Kind((1, area.pk), area.code, area.name)


# ---------------------------------------------------------------- what is done


def _counts(rule: NeedRule, closing: Closing) -> Q:
    """The condition on rows of `_reached`, or of `_completed`, that they are what the rule asks, and late enough.

    A level by a record of it or a higher one; a programme that raises to a level also by a record, unless that came of
    another programme; one that raises none by a completed class of it.
    """
    if level := _level_of(rule):
        levels = closing.rulebook.levels_of(level.dimension)
        higher = [item.pk for item in levels if item.rank > level.rank]
        same = Q(level=level.pk)
        if rule.programme:
            same &= Q(of_programme=None) | Q(of_programme=rule.programme.pk)
        found = Q(level__in=higher) | same
    else:
        found = Q(of_programme=rule.programme_id)
    if rule.within_years:
        found &= Q(done_on__gt=add_months(closing.day, -12 * rule.within_years))
    return found


def _reached(day: date, rules: Iterable[Asked]) -> QuerySet[Any]:
    """The records in force on the day of the dimensions that the rules are about, with `done_on` and, where one came of
    a class, `of_programme`."""
    dimensions = {one.level.dimension_id for one in rules if one.level}
    records = Qualification.objects.as_of(day).filter(level__dimension__in=dimensions)
    return records.alias(of_programme=F("certificate__enrolment__training_class__programme"), done_on=F("start_date"))


def _completed(day: date, rules: Iterable[Asked]) -> QuerySet[Any]:
    """The completed classes of the programmes that the rules ask, by the day, with `of_programme` and `done_on`; in
    modules those with the certificate of the whole."""
    certified = Certificate.objects.filter(enrolment=OuterRef("pk"), withdrawn_on=None)
    whole: Any = Q(training_class__taught__isnull=True) | Q(Exists(certified))
    programmes = [one.rule.programme_id for one in rules]
    completed = Enrolment.objects.filter(
        whole,
        training_class__programme__in=programmes,
        state=Enrolment.State.COMPLETED,
    )
    rows = completed.alias(of_programme=F("training_class__programme"), done_on=F("training_class__end_date"))
    return rows.filter(done_on__lte=day)


def _with_last_days(posts: QuerySet[Any], rules: Sequence[Asked], rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    """Posts with the last day on which each of the rules was done by one of the rows, read once for all of them."""
    if not rules:
        return posts
    last = {one.done_on: Max("done_on", filter=one.counts) for one in rules}
    found = CTE(rows.order_by().values("official").annotate(**last), name=name, materialized=True)
    joined = found.join(posts, official_id=found.col.official, _join_type=LOUTER)
    return with_cte(found, select=joined).alias(**{column: getattr(found.col, column) for column in last})


def with_start(posts: QuerySet[Any]) -> QuerySet[Any]:
    """Posts with `held_since`: the day on which the holder first held the position, in whichever unit."""
    first = (
        Appointment.objects.filter(official=OuterRef("official"), position=OuterRef("position"))
        .order_by()
        .values("official")
        .annotate(first=Min("start_date"))
        .values("first")
    )
    return posts.annotate(held_since=Subquery(first))


def _due(rule: NeedRule, post: Any) -> date | None:
    if rule.grace_months is None or post.held_since is None:
        return None
    return add_months(post.held_since, rule.grace_months)


def any_of(conditions: Iterable[Q]) -> Q:
    """That one of the conditions holds; of none, nobody."""
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _leads_to(study: Study, rule: NeedRule) -> bool:
    if rule.level:
        return study.reaches(rule.level.dimension_id, rule.level.rank)
    return study.programme_id == rule.programme_id


def _first(programmes: Sequence[Programme]) -> Programme | None:
    return programmes[0] if programmes else None


# ---------------------------------------------------------------- how many


@dataclass
class AskedCount:
    """How many people of one group are asked something, and by what it is about."""

    people: int
    by_kind: dict[str, int]


@planned_for_the_day()
def asked_by(
    by: str, asking: Asking, *, appointments: QuerySet[Appointment] | None = None
) -> dict[int | None, AskedCount]:
    """Key of a district, commune or position, or number of a zone → how many people there are asked what; one query
    with a row a group."""
    group = COLUMN_OF[by]
    posts = asking.posts(appointments).order_by()
    counted = CTE(posts.values(group, "by_rules").annotate(officials=Count("pk")), name="kinds")
    found: Any = with_cte(counted, select=counted.queryset())
    of_kind: dict[str, list[int]] = {}
    for one in asking.rules:
        of_kind.setdefault(one.kind.code, []).append(one.rule.pk)
    rows = (
        found.values(group)
        .annotate(
            people=Sum("officials"),
            **{
                f"kind_{number}": Sum("officials", filter=Q(by_rules__overlap=keys), default=0)
                for number, keys in enumerate(of_kind.values())
            },
        )
        .order_by()
    )
    return {
        row[group]: AskedCount(row["people"], {code: row[f"kind_{number}"] for number, code in enumerate(of_kind)})
        for row in rows
    }


@dataclass(frozen=True)
class AskedOverview:
    """The needs of everybody in scope by programme, by kind and by rule; one query."""

    people: int
    by_programme: dict[Programme | None, int]
    by_kind: dict[Kind, int]
    by_rule: dict[NeedRule, int]


@planned_for_the_day()
def asked_overview(asking: Asking, *, appointments: QuerySet[Appointment] | None = None) -> AskedOverview:
    """Who is asked what. Rows read: as many as there are positions and sets of rules, not people."""
    by_key = {one.rule.pk: one for one in asking.rules}
    posts = asking.posts(appointments).order_by()
    rows = posts.values("position_id", "by_rules").annotate(officials=Count("pk"))
    people, programmes, kinds, of_rules = 0, dict[Programme | None, int](), dict[Kind, int](), dict[NeedRule, int]()
    for position, keys, officials in rows.values_list("position_id", "by_rules", "officials"):
        asked = [by_key[key] for key in keys]
        people += officials
        for programme in {_first(asking.programmes_of(one, position)) for one in asked}:
            programmes[programme] = programmes.get(programme, 0) + officials
        for kind in {one.kind for one in asked}:
            kinds[kind] = kinds.get(kind, 0) + officials
        for one in asked:
            of_rules[one.rule] = of_rules.get(one.rule, 0) + officials
    return AskedOverview(people, programmes, kinds, of_rules)


def urgency() -> list[Any]:
    """What to order posts of `Asking.posts` by: whom more is asked first, then key positions, position and name."""
    return [
        F("by_rules__len").desc(),
        Case(When(position__subgroup=Position.Subgroup.KEY, then=Value(0)), default=Value(1)),
        "position__order",
        "official__name_order",
        "official_id",
    ]
