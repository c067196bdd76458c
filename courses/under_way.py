"""Who studies already: who is sent to a class, sits in one or waits for what it gave, and to which level that leads.

A need is what would still be lacking once everybody has finished what is under way (courses.needs): who studies a
programme is not asked for it again, by the list of needs, a campaign, a plan or another class.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, TextChoices, Value, When

from cadres.asked_again import answer
from cadres.evaluation import Supposed, SupposedRecord
from cadres.models import Level
from cadres.periods import add_months
from cadres.text import match_key
from courses.models import (
    Certificate,
    DistrictSubmission,
    Enrolment,
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


def under_way(day: date) -> QuerySet[Enrolment]:
    """The enrolments in which somebody was, on the day, on the way to what the programme gives, with their `stage`.

    Nominated or sent to a class that has not ended by the day; sitting in one; or, up to AWAITED_MONTHS after its end,
    without a result yet, or completed without a certificate. Who has dropped out, or waits for a seat, is not.
    """
    stage = Case(
        When(state=State.NOMINATED, then=Value(Stage.NOMINATED)),
        When(state__in=(State.APPROVED, State.DECIDED), then=Value(Stage.DECIDED)),
        When(_runs(day), then=Value(Stage.STUDYING)),
        default=Value(Stage.AWAITING),
        output_field=CharField(),
    )
    return _going(day).annotate(stage=stage)


def _going(day: date) -> QuerySet[Enrolment]:
    """The enrolments of `under_way`, without their stage."""
    return _worded(day).all()


@lru_cache(maxsize=100)
def _worded(day: date) -> QuerySet[Enrolment]:
    """The question alone, to be asked by copies of it: it hangs on nothing but the day, and takes long to word."""
    uncertified = ~Exists(Certificate.objects.filter(enrolment=OuterRef("pk")))
    # Of some modules, with others lacking, no certificate is to come.
    awaiting = Q(_lately(day), uncertified, ~is_part(), state=State.COMPLETED)
    going = Enrolment.objects.filter(_studying(day) | awaiting)
    return going.exclude(training_class__state=TrainingClass.State.CANCELLED)


def _studying(day: date) -> Q:
    """The condition on enrolments of people who are sent, sit in their class or wait for its result."""
    sent = Q(state__in=(State.NOMINATED, State.APPROVED, State.DECIDED), training_class__end_date__gte=day)
    sat = Q(_runs(day), state__in=(State.ATTENDING, State.COMPLETED, State.FAILED))
    return sent | sat | Q(_lately(day), state=State.ATTENDING)


def _runs(day: date) -> Q:
    return Q(training_class__start_date__lte=day, training_class__end_date__gte=day)


def _lately(day: date) -> Q:
    return Q(training_class__end_date__range=(add_months(day, -AWAITED_MONTHS), day))


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
    """Somebody of `leading`: the programme that is finished by it, the level that this gives (None: none), and of which
    dimension and rank that is."""

    official_id: int
    programme_id: int
    field_of_study: str
    level_id: int | None
    dimension_id: int | None
    rank: int | None

    def reaches(self, level: Level) -> bool:
        """Whether it gives the level or a higher one."""
        return self.dimension_id == level.dimension_id and self.rank is not None and self.rank >= level.rank


def led_to(day: date) -> list[Led]:
    """What those of `leading` are led to, of those whom the second wall shows to the account; one query."""
    return [Led(*row) for row in answer(_led, day)]


def _led(day: date) -> QuerySet[Enrolment, Any]:
    programme = "training_class__programme"
    of_programme = (f"{programme}__field_of_study", f"{programme}__raises_to")
    of_level = (f"{programme}__raises_to__dimension", f"{programme}__raises_to__rank")
    return leading(day).order_by("pk").values_list("official", programme, *of_programme, *of_level)


def as_if_finished(day: date, led: Iterable[Led] | None = None) -> Supposed:
    """The records that people will have of what they study already, as if they had them on the day. `led`: `led_to` of
    the day where it is here already; else one query."""
    return Supposed(
        records=[
            record_given(one.official_id, one.level_id, one.field_of_study, day)
            for one in (led_to(day) if led is None else led)
            if one.level_id is not None
        ]
    )


def raising(day: date) -> QuerySet[Enrolment]:
    """Those under way that lead to a level by themselves."""
    return leading(day).filter(training_class__programme__raises_to__isnull=False)


def leading(day: date) -> QuerySet[Enrolment]:
    """Those under way that lead to the whole of what is taught: of a programme in modules, the last that completes
    it."""
    taught = Enrolment.objects.filter(_studying(day)).annotate(module=F("training_class__taught__module"))
    also = taught.exclude(training_class__state=TrainingClass.State.CANCELLED)
    return under_way(day).filter(~is_part(also))


def levels_under_way(day: date) -> list[tuple[int, int, int]]:
    """Official, dimension and rank of what those of `under_way` lead to, be it by a part of the whole; one query."""
    return answer(_levels_raised, day)


def _levels_raised(day: date) -> QuerySet[Enrolment, Any]:
    of_level = "training_class__programme__raises_to__"
    raised = _going(day).filter(training_class__programme__raises_to__isnull=False)
    return raised.order_by().values_list("official", f"{of_level}dimension", f"{of_level}rank").distinct()


def planned_studies(day: date, officials: Iterable[int]) -> dict[tuple[int, int], int]:
    """(Official, programme) → the year in which the person is to study it, by an approved plan that is not over on the
    day: named by it, or registered by the unit, accepted, and with a line in the plan of that year. One query."""
    officials = list(officials)
    holding = Q(line__amendment__isnull=True) | Q(line__amendment__state=TrainingPlan.State.APPROVED)
    named = ProposedPerson.objects.filter(
        holding,
        official__in=officials,
        line__class_count__gt=0,
        line__plan__state=TrainingPlan.State.APPROVED,
        line__plan__year__gte=day.year,
    )
    line = PlanLine.objects.filter(
        plan__year=OuterRef("submission__campaign__year"),
        plan__state=TrainingPlan.State.APPROVED,
        programme=OuterRef("programme"),
    )
    rows = RegisteredNeed.objects.filter(
        Exists(line),
        official__in=officials,
        submission__state=DistrictSubmission.State.ACCEPTED,
        submission__campaign__year__gte=day.year,
    )
    by_name = named.order_by().values_list("official", "line__programme", "line__plan__year")
    by_unit = rows.order_by().values_list("official", "programme", "submission__campaign__year")
    found: dict[tuple[int, int], int] = {}
    for official, programme, year in by_name.union(by_unit):
        found[official, programme] = min(year, found.get((official, programme), year))
    return found


def already_under_way(training_class: TrainingClass, day: date) -> QuerySet[Enrolment]:
    """The enrolments in other classes that lead to what this one does: the same programme (of one in modules, a module
    of this class), or by another programme its level or above."""
    programme = training_class.programme
    same = teaching_the_same(training_class)
    if level := programme.raises_to:
        same |= ~Q(training_class__programme=programme.pk) & Q(
            training_class__programme__raises_to__dimension=level.dimension_id,
            training_class__programme__raises_to__rank__gte=level.rank,
        )
    return _going(day).filter(same).exclude(training_class=training_class.pk)
