"""Who studies already: who is sent to a class, sits in one or waits for what it gave, and to which level that leads.

A need is what would still be lacking once everybody has finished what is under way (courses.needs): who studies a
programme is not asked for it again, by the list of needs, a campaign, a plan or another class.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.lookups import IsNull

from cadres.asked_again import among, answer, answer_about
from cadres.evaluation import Supposed, SupposedRecord
from cadres.models import Level
from cadres.periods import add_months
from cadres.text import match_key
from courses.models import (
    Certificate,
    DistrictSubmission,
    Enrolment,
    ModuleTaught,
    PlanLine,
    ProposedPerson,
    RegisteredNeed,
    TrainingClass,
    TrainingPlan,
)
from courses.modules import is_part, teaching_the_same

State = Enrolment.State
AWAITED_MONTHS = 6  # after the end of a class: what has not come by then is lacking again


class Stage(TextChoices):
    """How far somebody is who studies already."""

    NOMINATED = "nominated", "đã cử, chờ duyệt"
    DECIDED = "decided", "đã có quyết định cử"
    STUDYING = "studying", "đang học"
    AWAITING = "awaiting", "chờ kết quả, chứng chỉ"


class ClassNear(NamedTuple):
    """A class in which somebody can be under way on a day, and what it leads to (`level_id` None: to no level)."""

    key: int
    end_date: date
    goes_on: bool  # ends on the day or later
    runs: bool
    is_over: bool  # ended on the day, or not longer ago than one waits for what it gave
    in_modules: bool
    programme_id: int
    field_of_study: str
    level_id: int | None
    dimension_id: int | None
    rank: int | None

    def reaches(self, level: Level) -> bool:
        """Whether it gives the level or a higher one."""
        return self.dimension_id == level.dimension_id and self.rank is not None and self.rank >= level.rank


Near = tuple[ClassNear, ...]


def near(day: date) -> Near:
    """The classes in which somebody can be under way on the day; one query.

    They are looked up before the people: of ten years' classes a few are near, and whose they are is soon found.
    """
    return tuple(ClassNear(*row) for row in answer(_near, day))


def _near(day: date) -> QuerySet[TrainingClass, Any]:
    lately = add_months(day, -AWAITED_MONTHS)
    asked = {
        "goes_on": Q(end_date__gte=day),
        "runs": Q(start_date__lte=day, end_date__gte=day),
        "is_over": Q(end_date__range=(lately, day)),
        "in_modules": Q(Exists(ModuleTaught.objects.filter(training_class=OuterRef("pk")))),
    }
    classes = TrainingClass.objects.filter(end_date__gte=lately).exclude(state=TrainingClass.State.CANCELLED)
    told = {name: ExpressionWrapper(condition, BooleanField()) for name, condition in asked.items()}
    of_level = ("programme__raises_to", "programme__raises_to__dimension", "programme__raises_to__rank")
    columns = ("pk", "end_date", *told, "programme", "programme__field_of_study", *of_level)
    return classes.annotate(**told).order_by("pk").values_list(*columns)


def under_way(day: date) -> QuerySet[Enrolment]:
    """The enrolments in which somebody was, on the day, on the way to what the programme gives, with their `stage`.

    Nominated or sent to a class that has not ended by the day; sitting in one; or, up to AWAITED_MONTHS after its end,
    without a result yet, or completed without a certificate. Who has dropped out, or waits for a seat, is not. One
    query to word it.
    """
    classes = near(day)
    return _with_stage(_going(classes), classes)


def _with_stage(enrolments: QuerySet[Enrolment], classes: Near) -> QuerySet[Enrolment]:
    stage = Case(
        When(state=State.NOMINATED, then=Value(Stage.NOMINATED)),
        When(state__in=(State.APPROVED, State.DECIDED), then=Value(Stage.DECIDED)),
        When(_in(one for one in classes if one.runs), then=Value(Stage.STUDYING)),
        default=Value(Stage.AWAITING),
        output_field=CharField(),
    )
    return enrolments.annotate(stage=stage)


def _going(classes: Near) -> QuerySet[Enrolment]:
    """The enrolments of `under_way` in the classes near the day, without their stage."""
    # Looked up for each of them: for NOT EXISTS PostgreSQL reads the certificates of all years.
    certificate = Certificate.objects.filter(enrolment=OuterRef("pk")).order_by().values("pk")[:1]
    uncertified = IsNull(Subquery(certificate), True)
    awaiting = Q(_in(one for one in classes if one.is_over), uncertified, state=State.COMPLETED)
    if _has_modules(classes):
        awaiting &= ~is_part()  # of some modules, with others lacking, no certificate is to come
    return Enrolment.objects.filter(_studying(classes) | awaiting)


def _studying(classes: Near) -> Q:
    """The condition on enrolments of people who are sent, sit in their class or wait for its result."""
    sent = Q(_in(one for one in classes if one.goes_on), state__in=(State.NOMINATED, State.APPROVED, State.DECIDED))
    sat = Q(_in(one for one in classes if one.runs), state__in=(State.ATTENDING, State.COMPLETED, State.FAILED))
    return sent | sat | Q(_in(one for one in classes if one.is_over), state=State.ATTENDING)


def _in(classes: Iterable[ClassNear]) -> Q:
    return Q(training_class__in=[one.key for one in classes])


def _has_modules(classes: Near) -> bool:
    return any(one.in_modules for one in classes)


@dataclass(frozen=True)
class Study:
    """What somebody studies already: the level it leads to, at which stage, in which class, until when."""

    official_id: int
    programme_id: int
    level: Level | None  # None: the programme raises to none
    stage: Stage
    class_id: int
    class_code: str
    end_date: date

    def __str__(self) -> str:
        return f"{self.stage.label}, lớp {self.class_code}, đến {self.end_date:%d/%m/%Y}"

    def reaches(self, dimension_id: int, rank: int) -> bool:
        """Whether it leads to that level of the dimension, or above."""
        level = self.level
        return level is not None and level.dimension_id == dimension_id and level.rank >= rank


def studies(day: date, officials: Iterable[int]) -> dict[int, list[Study]]:
    """Official → what the person studies already, the nearest end first; one query."""
    found: dict[int, list[Study]] = {}
    rows: Any = leading(day).filter(official__in=list(officials)).select_related("training_class__programme__raises_to")
    for row in rows.order_by("training_class__end_date", "pk"):
        taught, programme = row.training_class, row.training_class.programme
        study = Study(
            row.official_id,
            programme.pk,
            programme.raises_to,
            Stage(row.stage),
            taught.pk,
            taught.code,
            taught.end_date,
        )
        found.setdefault(row.official_id, []).append(study)
    return found


def record_given(official_id: int, level_id: int, field_of_study: str, day: date) -> SupposedRecord:
    """The record, not written, that somebody has from the day on who finishes a programme of that level and field."""
    return SupposedRecord(official_id, level_id, match_key(field_of_study), day)


class Led(NamedTuple):
    """Somebody of `leading`, and the class by which the programme is finished."""

    official_id: int
    taught: ClassNear


def led_to(day: date) -> list[Led]:
    """What those of `leading` are led to, of those whom the second wall shows to the account; two queries."""
    classes = near(day)
    by_key = {one.key: one for one in classes}
    return [Led(official, by_key[key]) for official, key in answer(_led, classes, of_a_day=True)]


def _led(classes: Near) -> QuerySet[Enrolment, Any]:
    return _leading(classes).order_by("pk").values_list("official", "training_class")


def as_if_finished(day: date, led: Iterable[Led] | None = None) -> Supposed:
    """The records that people will have of what they study already, as if they had them on the day. `led`: `led_to` of
    the day where it is here already; else one query."""
    return Supposed(
        records=[
            record_given(one.official_id, one.taught.level_id, one.taught.field_of_study, day)
            for one in (led_to(day) if led is None else led)
            if one.taught.level_id is not None
        ]
    )


def raising(day: date) -> QuerySet[Enrolment]:
    """Those under way that lead to a level by themselves."""
    return leading(day).filter(training_class__programme__raises_to__isnull=False)


def raised_by_class(day: date) -> list[tuple[int, int]]:
    """Official and class of those of `raising`, the class that ends first before the others; two queries."""
    classes = near(day)
    ends = {one.key: one.end_date for one in classes if one.level_id is not None}
    return sorted((row for row in answer(_led, classes, of_a_day=True) if row[1] in ends), key=lambda row: ends[row[1]])


def leading(day: date) -> QuerySet[Enrolment]:
    """Those under way that lead to the whole of what is taught: of a programme in modules, the last that completes
    it. One query to word it."""
    classes = near(day)
    return _with_stage(_leading(classes), classes)


def _leading(classes: Near) -> QuerySet[Enrolment]:
    """Those of `leading`, without their stage."""
    if not _has_modules(classes):
        return _going(classes)
    taught = Enrolment.objects.filter(_studying(classes)).annotate(module=F("training_class__taught__module"))
    return _going(classes).filter(~is_part(taught))


def levels_under_way(day: date) -> set[tuple[int, int, int]]:
    """Official, dimension and rank of what those of `under_way` lead to, be it by a part of the whole; two queries."""
    classes = near(day)
    raised = {
        one.key: (one.dimension_id, one.rank)
        for one in classes
        if one.dimension_id is not None and one.rank is not None
    }
    return {(official, *raised[key]) for official, key in answer(_in_them, classes, of_a_day=True) if key in raised}


def _in_them(classes: Near) -> QuerySet[Enrolment, Any]:
    return _going(classes).order_by().values_list("official", "training_class")


def planned_studies(day: date, officials: Iterable[int]) -> dict[tuple[int, int], int]:
    """(Official, programme) → the year in which the person is to study it, by an approved plan that is not over on the
    day: named by it, or registered by the unit, accepted, and with a line in the plan of that year. One query."""
    found: dict[tuple[int, int], int] = {}
    for official, programme, year in answer_about(officials, _planned, day.year):
        found[official, programme] = min(year, found.get((official, programme), year))
    return found


def _planned(year: int) -> QuerySet[Any, Any]:
    """Official, programme and year of the plans of that year and of later ones."""
    holding = Q(line__amendment__isnull=True) | Q(line__amendment__state=TrainingPlan.State.APPROVED)
    named = ProposedPerson.objects.filter(
        holding,
        among("official"),
        line__class_count__gt=0,
        line__plan__state=TrainingPlan.State.APPROVED,
        line__plan__year__gte=year,
    )
    line = PlanLine.objects.filter(
        plan__year=OuterRef("submission__campaign__year"),
        plan__state=TrainingPlan.State.APPROVED,
        programme=OuterRef("programme"),
    )
    by_unit = RegisteredNeed.objects.filter(
        Exists(line),
        among("official"),
        submission__state=DistrictSubmission.State.ACCEPTED,
        submission__campaign__year__gte=year,
    )
    told = named.order_by().values_list("official", "line__programme", "line__plan__year")
    return told.union(by_unit.order_by().values_list("official", "programme", "submission__campaign__year"))


def already_under_way(training_class: TrainingClass, classes: Near) -> QuerySet[Enrolment]:
    """The enrolments in others of the classes near the day that lead to what this one does: the same programme (of one
    in modules, a module of this class), or by another programme its level or above."""
    programme = training_class.programme
    level = programme.raises_to
    others = [one for one in classes if one.key != training_class.pk]
    same = [one for one in others if one.programme_id == programme.pk]
    higher = [one for one in others if one not in same and level is not None and one.reaches(level)]
    going = _going((*same, *higher))
    return going.filter(teaching_the_same(training_class) | _in(higher)) if _has_modules(tuple(same)) else going
