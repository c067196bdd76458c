"""Which lines of a plan hold, what they cost by source (in đồng), and the classes that are set up by them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Sum, When

from cadres.history import signed
from cadres.models import User
from cadres.text import dong
from cadres.two_persons import second_person
from courses.models import (
    ClassFunding,
    FundingSource,
    PlanAmendment,
    PlanLine,
    TrainingClass,
    TrainingPlan,
)

APPROVED = TrainingPlan.State.APPROVED
APPROVE = "courses.approve_trainingplan"


def effective_lines(plan: TrainingPlan) -> QuerySet[PlanLine]:
    """The lines that hold: those of the plan and of approved amendments that no approved amendment has replaced.

    Lines taken out (no class left) are not among them.
    """
    return _holding(plan.lines.all())


def _holding(lines: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    return lines.filter(Q(amendment__isnull=True) | Q(amendment__state=APPROVED), class_count__gt=0).exclude(
        replaced_by__amendment__state=APPROVED
    )


def holding_lines_of(path: str) -> QuerySet[Any]:
    """The lines that hold, grouped by the plan of the query outside: to sum a column of them (path: "plan")."""
    return _holding(PlanLine.objects.filter(**{path: OuterRef("pk")})).order_by().values(path)


def lines_with(amendment: PlanAmendment) -> QuerySet[PlanLine]:
    """The lines that will hold once the amendment is approved."""
    return (
        amendment.plan.lines.filter(
            Q(amendment__isnull=True) | Q(amendment__state=APPROVED) | Q(amendment=amendment), class_count__gt=0
        )
        .exclude(replaced_by__amendment__state=APPROVED)
        .exclude(replaced_by__amendment=amendment)
    )


@dataclass(frozen=True)
class SourceTotal:
    """The money of a plan from one source, in đồng: what may be spent, is planned, given to classes, and settled."""

    source: str
    budget: int
    planned: int
    committed: int
    spent: int

    @property
    def label(self) -> str:
        return FundingSource(self.source).label

    @property
    def over_budget(self) -> int:
        """How much more is planned than the budget has."""
        return max(self.planned - self.budget, 0)

    @property
    def left_of_budget(self) -> int:
        return max(self.budget - self.planned, 0)

    @property
    def left_of_plan(self) -> int:
        """What has been planned and not been given to a class."""
        return max(self.planned - self.committed, 0)


# A cancelled class gives back what it has not spent.
COMMITTED = Sum(
    Case(When(training_class__state=TrainingClass.State.CANCELLED, then=F("spent")), default=F("committed"))
)


def totals(plan: TrainingPlan, *, amendment: PlanAmendment | None = None) -> dict[str, SourceTotal]:
    """Source → its money, from the lines that hold (with an amendment: will hold) and the classes set up by them.

    Two queries. Money that a class has of another source than its line counts where it was given.
    """
    return _totals([plan], lines_with(amendment) if amendment else effective_lines(plan))[plan.pk]


def totals_of_plans(plans: Iterable[TrainingPlan]) -> dict[int, dict[str, SourceTotal]]:
    """Key of a plan → its `totals`; two queries for all of them."""
    plans = list(plans)
    return _totals(plans, _holding(PlanLine.objects.filter(plan__in=plans)))


def _totals(plans: list[TrainingPlan], lines: QuerySet[PlanLine]) -> dict[int, dict[str, SourceTotal]]:
    costs: Any = lines.order_by().values("plan").annotate(**{it: Sum(f"cost_{it}") for it in FundingSource.values})
    planned = {row["plan"]: row for row in costs}
    rows: Any = (
        ClassFunding.objects.filter(training_class__plan_line__plan__in=plans)
        .order_by()
        .values("training_class__plan_line__plan", "source")
        .annotate(given=COMMITTED, settled=Sum("spent"))
    )
    classes = {(row["training_class__plan_line__plan"], row["source"]): (row["given"], row["settled"]) for row in rows}
    return {
        plan.pk: {
            source: SourceTotal(
                source,
                plan.budget(source),
                planned.get(plan.pk, {}).get(source, 0),
                *classes.get((plan.pk, source), (0, 0)),
            )
            for source in FundingSource.values
        }
        for plan in plans
    }


@signed
def put_decision_on(paper: Any, number: str, on: date, *, alone: str, by: User | None) -> Any:
    """Put the decision on a plan or an amendment, which is locked. Raises ValidationError as `second_person` does."""
    if not number.strip() or on is None:
        raise ValidationError("Hãy ghi số và ngày của quyết định phê duyệt.")
    with second_person(by, APPROVE, paper.authors, alone=alone):
        paper.state, paper.decision_number, paper.decision_date, paper.approved_by = APPROVED, number.strip(), on, by
        paper.full_clean()
        paper.save()
    return paper


@signed
def note_author(paper: Any, *, by: User | None) -> None:
    """Keep that the account has a hand in the draft of a plan or an amendment, which is locked."""
    if by is not None and by.pk not in paper.authors:
        paper.authors = [*paper.authors, by.pk]
        paper.save(update_fields=["authors"])


def refuse_over_budget(by_source: Mapping[str, SourceTotal], is_meant: bool) -> None:
    over = [total for total in by_source.values() if total.over_budget]
    if over and not is_meant:
        told = "; ".join(f"{total.label} vượt dự toán {dong(total.over_budget)}" for total in over)
        raise ValidationError(f"{told}. Hãy giảm bớt kinh phí của các dòng, sửa dự toán, hoặc xác nhận.", "over_budget")


def money_of_lines(lines: Iterable[PlanLine]) -> dict[int, tuple[int, int, int]]:
    """Key of a line → classes set up, đồng given to them, đồng settled. Two queries."""
    keys = [line.pk for line in lines]
    classes: Any = (
        TrainingClass.objects.filter(plan_line__in=keys)
        .exclude(state=TrainingClass.State.CANCELLED)
        .order_by()
        .values("plan_line")
        .annotate(number=Count("pk"))
    )
    money: Any = (
        ClassFunding.objects.filter(training_class__plan_line__in=keys)
        .order_by()
        .values("training_class__plan_line")
        .annotate(given=COMMITTED, settled=Sum("spent"))
    )
    numbers = {row["plan_line"]: row["number"] for row in classes}
    sums = {row["training_class__plan_line"]: (row["given"], row["settled"]) for row in money}
    return {key: (numbers.get(key, 0), *sums.get(key, (0, 0))) for key in keys}


def living_classes(line: PlanLine) -> QuerySet[TrainingClass]:
    return TrainingClass.objects.filter(plan_line=line).exclude(state=TrainingClass.State.CANCELLED)


def committed_by_source(line: PlanLine, *, but: TrainingClass | None = None) -> dict[str, int]:
    """Source → đồng given to the classes of a line, of all or of all but one."""
    funding = ClassFunding.objects.filter(training_class__plan_line=line)
    if but is not None:
        funding = funding.exclude(training_class=but)
    rows: Any = funding.order_by().values("source").annotate(given=COMMITTED)
    return dict.fromkeys(FundingSource.values, 0) | {row["source"]: row["given"] for row in rows}


def check_commitment(training_class: TrainingClass, amounts: Mapping[str, int]) -> None:
    """Raise ValidationError where a class would get more than its plan line has left, by source (đồng).

    A class outside the plan has no such limit. Locks the line until the transaction ends, so that two classes of it
    cannot both take the last đồng: call it in the transaction that writes.
    """
    if training_class.plan_line_id is None:
        return
    line = (
        PlanLine.objects.select_for_update(of=("self",)).select_related("programme").get(pk=training_class.plan_line_id)
    )
    others = committed_by_source(line, but=training_class)
    for source, amount in amounts.items():
        over = others[source] + amount - line.cost(source)
        if over > 0:
            told = (
                f"{FundingSource(source).label}: giao {dong(amount)} thì các lớp của dòng kế hoạch “{line.programme}” "
                f"vượt {dong(over)} so với {dong(line.cost(source))} đã duyệt. Hãy giao ít hơn, hoặc lập điều chỉnh "
                "kế hoạch."
            )
            raise ValidationError({source: told})
