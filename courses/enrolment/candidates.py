"""Whom a class is for: the people in scope who need it, most urgent first, each with why and what stands against.

Somebody needs a class where the standard of the post asks for a level that the person has not reached and that the
programme brings (the verdicts, cadres.evaluation), where a rule beside the standard asks it (courses.needs.asked), or
where the district has registered the need. A programme that raises no level is for the holders of its target positions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from cadres.asked_again import answer
from cadres.evaluation import Rulebook, Supposed, Verdict, judged, one_step
from cadres.kept_plans import planned_once
from cadres.models import Appointment, Criterion, Dimension, UnitVersion
from cadres.models.units import answering
from courses.enrolment.rules import (
    BARS,
    STUDYING,
    Rule,
    Terms,
    against,
    completes_programme,
    in_words,
    is_of,
    is_targeted,
    with_rules,
)
from courses.models import (
    ClassQuota,
    DistrictSubmission,
    Enrolment,
    ProposedPerson,
    RegisteredNeed,
    TrainingClass,
)
from courses.needs.asked import Asking, any_of, asking
from courses.needs.computed import Closing, closing_programmes, urgency_order

OUT = (Enrolment.State.WITHDRAWN, Enrolment.State.REJECTED)


@dataclass(frozen=True)
class Candidates:
    """The people whom a class may take, of the appointments given (a scope), on a day."""

    terms: Terms
    closing: Closing
    appointments: QuerySet[Appointment]
    asking: Asking

    @classmethod
    @planned_once()
    def of(
        cls, training_class: TrainingClass, day: date, *, criterion: Criterion, appointments: QuerySet[Appointment]
    ) -> "Candidates":
        terms = Terms.of(training_class, day)
        # Who studies it already is shown, with the bar that stands against it.
        closing = closing_programmes(day, criterion=criterion, rulebook=terms.rulebook, finished=Supposed())
        return cls(terms, closing, appointments, asking(closing, programme=terms.programme))

    @property
    def criterion(self) -> Criterion:
        return self.closing.criterion

    @property
    def training_class(self) -> TrainingClass:
        return self.terms.training_class

    @cached_property
    def dimension(self) -> Dimension | None:
        """The dimension that the programme raises."""
        level = self.terms.programme.raises_to
        return level.dimension if level else None

    @property
    def rulebook(self) -> Rulebook:
        return self.terms.rulebook

    @property
    def asks_for_it(self) -> bool:
        """Whether finishing the class can move the rate that the criterion counts."""
        return self.dimension in self.closing.counted

    def posts(self, appointments: QuerySet[Appointment] | None = None, *, everybody: bool = False) -> QuerySet[Any]:
        """Posts of the day with verdicts and rules (with_rules), and what the page of candidates says of them.

        Adds `is_needed`, `is_registered`, `is_proposed` (the plan names the person), `would_comply`, and `by_rules`:
        the keys of the rules beside the standard. Filters may ask for `is_in_class`. Who filters by nothing that picks
        people out says so (`everybody`, see `judged`).
        """
        scope = self.appointments if appointments is None else appointments
        posts = with_rules(scope, self.terms, criterion=self.criterion, everybody=everybody)
        by_rules = self.asking.closed_by(self.terms.programme)
        taught, named = self.training_class, dict[str, list[int]]()
        for official, why in answer(
            _named, taught.pk, taught.plan_line_id, taught.programme_id, taught.start_date.year
        ):
            named.setdefault(why, []).append(official)
        return (
            self.asking.with_rules(posts, by_rules, scope)
            .alias(is_in_class=is_of(named.get(IN_CLASS, ())))
            .annotate(
                is_registered=is_of(named.get(REGISTERED, ())),
                is_proposed=is_of(named.get(PROPOSED, ())),
                is_needed=_truth(self._lacks_it() | any_of(by_rules.values())),
                would_comply=self._would_comply(),
            )
        )

    def texts(self, post: Any) -> list[str]:
        """What asks the class of a post of `posts` beside the standard."""
        return [one.rule.told for one in self.asking.rules if one.rule.pk in post.by_rules]

    def _lacks_it(self) -> Q:
        """Whether the programme closes a need of the post (courses.needs), or where it raises no level is for it."""
        if self.terms.programme.raises_to_id is not None:
            return self.closing.closed_by(self.terms.programme)
        return is_targeted(self.terms)

    def _would_comply(self) -> Any:
        """Whether finishing the class makes the person compliant: it closes the one thing that is lacking."""
        if self.dimension is None or not self.asks_for_it:
            return Value(False)
        just_this = one_step(self.closing.levels, self.closing.counted, self.dimension)
        closes = self.closing.closed_by(self.terms.programme) & just_this
        return _truth(closes & completes_programme(self.terms))

    def needing(self, posts: QuerySet[Any]) -> QuerySet[Any]:
        """Those who need the class, are registered for it or named for it by the plan, and are not in it."""
        return posts.filter(Q(is_needed=True) | Q(is_registered=True) | Q(is_proposed=True), is_in_class=False)

    def eligible(self, posts: QuerySet[Any]) -> QuerySet[Any]:
        """Those against whom no bar stands."""
        return posts.filter(**{rule.column: False for rule in BARS})

    @cached_property
    def is_meant(self) -> Q:
        """Whether a post is one that the class is for: of its programme's positions, in a commune it was opened for.

        Those are the communes of the units that have a quota; without quotas those of the unit where it is held, of a
        class of the province all.
        """
        taught = self.training_class
        found = [unit for (unit,) in answer(_communes_meant, taught.pk, taught.start_date, taught.place_id)]
        return is_targeted(self.terms) & Q(unit__in=found) if found else is_targeted(self.terms)

    def counts(self, appointments: QuerySet[Appointment]) -> dict[Verdict, int]:
        """How many people of the appointments have each verdict on the day, for the rate before and after."""
        posts = judged(
            self.terms.day,
            criterion=self.criterion,
            appointments=appointments,
            rulebook=self.rulebook,
            everybody=True,
        )
        rows = posts.values("verdict").annotate(people=Count("pk"))
        return {Verdict(row["verdict"]): row["people"] for row in rows if row["verdict"]}


REGISTERED, PROPOSED, IN_CLASS = "registered", "proposed", "in_class"


def _named(training_class: int, line: int | None, programme: int, year: int) -> QuerySet[Any, Any]:
    """Official and why: whom a unit has registered for the programme in the year, whom the plan names for the line, who
    is in the class and has not left it. They are asked for once, since few are; not anew for each person of a list."""
    submitted = RegisteredNeed.objects.filter(
        programme=programme,
        submission__campaign__year=year,
        submission__state__in=(DistrictSubmission.State.SUBMITTED, DistrictSubmission.State.ACCEPTED),
    )
    proposed = ProposedPerson.objects.filter(line=line)
    enrolled = Enrolment.objects.filter(training_class=training_class).exclude(state__in=OUT)
    registered, named, there = (
        rows.order_by().annotate(why=Value(why)).values_list("official", "why")
        for rows, why in ((submitted, REGISTERED), (proposed, PROPOSED), (enrolled, IN_CLASS))
    )
    return registered.union(there, *([] if line is None else [named]), all=True)


def _communes_meant(training_class: int, start: date, place: int | None) -> QuerySet[Any, Any]:
    """The communes for which a class was opened, by its key, first day and unit (`Candidates.is_meant`)."""
    communes = UnitVersion.objects.as_of(start).communes().annotate(by=answering())
    quotas = ClassQuota.objects.filter(training_class=training_class, seats__gt=0).values("district")
    there = communes.filter(Q(unit=place) | Q(parent=place) | Q(cluster=place)).values("by")
    given, around = Q(by__in=quotas), ~Q(Exists(quotas)) & Q(by__in=there)
    return communes.order_by().filter(given | around).values_list("unit")


def most_urgent_first(posts: QuerySet[Any], candidates: Candidates) -> QuerySet[Any]:
    """In the order in which they should go: whom the class is for first, of those whom the plan names, then by urgency
    (courses.needs.urgency_order), whom a district registered before others; who studies it already last."""
    first, key_position, *rest = urgency_order(candidates.closing, candidates.dimension)
    is_meant = _truth(candidates.is_meant)
    return posts.order_by(
        STUDYING.column, is_meant.desc(), F("is_proposed").desc(), first, key_position, F("is_registered").desc(), *rest
    )


def _truth(condition: Q) -> Any:
    """A condition as a column; one that asks nothing is true of all. (PostgreSQL sorts by no bare constant.)"""
    if not condition:
        return Cast(Value(True), BooleanField())
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


@dataclass(frozen=True)
class Objection:
    """A rule that stands against a person, with what makes it so and the source."""

    rule: Rule
    detail: str
    source: str


def objections(posts: Iterable[Any], terms: Terms) -> dict[int, list[Objection]]:
    """Official → everything that stands against a post of `Candidates.posts`, bars first, each with its source."""
    return {
        post.official_id: [Objection(rule, _detail(rule, post, terms), rule.source(terms)) for rule in against(post)]
        for post in posts
    }


def _detail(rule: Rule, post: Any, terms: Terms) -> str:
    match rule.code:
        case "clash":
            return in_words(terms.clashing[post.official_id])
        case STUDYING.code:
            return in_words(terms.studying[post.official_id])
        case "retirement":
            return f"nghỉ hưu {post.retires_on:%m/%Y}, phải phục vụ đến {terms.serves_until:%m/%Y}"
        case "age":
            return f"sinh {post.official.birth}, khai giảng {terms.training_class.start_date:%d/%m/%Y}"
        case "service":
            return f"giữ chức danh từ {post.start_date:%d/%m/%Y}"
        case "near_retirement":
            return f"nghỉ hưu {post.retires_on:%m/%Y}"
        case "prerequisite":
            return "cần " + ", ".join(f"{level.dimension.name}: {level}" for level in terms.prerequisites)
        case "held":
            level = terms.programme.raises_to
            return f"{level.dimension.name}: {level} trở lên" if level else ""
        case "target":
            return f"chức danh {post.position}"
    return ""
