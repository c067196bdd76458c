"""A plan in the making: opened, adjusted line by line, approved by a decision (drafted: `proposal.drafting`)."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import User
from courses.models import PlanLine, ProposedPerson, TrainingClass, TrainingPlan
from courses.planning.money import APPROVED, note_author, put_decision_on, refuse_over_budget, totals


@signed
def save_plan(plan: TrainingPlan, *, by: User | None) -> TrainingPlan:
    """Write the head of a plan, a new one or a draft: year, title, budgets by source.

    Raises ValidationError where the year has a plan already, or the plan is approved.
    """
    plan.authors = locked_draft(plan).authors if plan.pk else []
    plan.full_clean()
    plan.save()
    note_author(plan, by=by)
    return plan


def create_plan(*, year: int, title: str, budgets: Mapping[str, int], by: User | None) -> TrainingPlan:
    """Open the plan of a year. `budgets`: source (FundingSource) → đồng; a source left out has none."""
    plan = TrainingPlan(year=year, title=title, **{f"budget_{source}": sum_ for source, sum_ in budgets.items()})
    return save_plan(plan, by=by)


@signed
def save_line(line: PlanLine, *, by: User | None) -> PlanLine:
    """Write a line of a draft, a new or a changed one. Raises ValidationError where the plan is approved.

    A line that becomes one of another programme forgets whom it was proposed for.
    """
    note_author(locked_draft(line.plan), by=by)
    line.full_clean()
    ProposedPerson.objects.filter(line=line.pk).exclude(line__programme=line.programme).delete()
    line.save()
    return line


@signed
def delete_line(line: PlanLine, *, by: User | None) -> None:
    """Take a line out of a draft. Raises ValidationError where the plan is approved, or classes hang on the line."""
    note_author(locked_draft(line.plan), by=by)
    if line.classes.exists():
        raise ValidationError(f"Đã có lớp mở theo dòng “{line.programme}”, nên không xóa được.")
    line.delete()


@signed
def delete_plan(plan: TrainingPlan, *, by: User | None) -> None:
    """Drop a draft with its lines. Raises ValidationError where it is approved, or classes hang on it."""
    plan = locked_draft(plan)
    if TrainingClass.objects.filter(plan_line__plan=plan).exists():
        raise ValidationError("Đã có lớp mở theo kế hoạch này, nên không xóa được.")
    plan.delete()


@signed
def approve_plan(
    plan: TrainingPlan, *, number: str, on: date, over_budget: bool = False, alone: str = "", by: User | None
) -> TrainingPlan:
    """Approve a draft by a decision; from then on its lines are frozen.

    Raises ValidationError where it is approved already (by whom and which decision), has no line, lacks number or date,
    or plans more than the budget of a source, unless that is meant (`over_budget`); and where the account had a hand in
    the draft, unless nobody else could approve it and `alone` says why.
    """
    plan = locked_draft(plan)
    if not plan.lines.exists():
        raise ValidationError("Kế hoạch chưa có dòng nào. Hãy lập từ nhu cầu, hoặc thêm từng dòng.")
    refuse_over_budget(totals(plan), over_budget)
    return put_decision_on(plan, number, on, alone=alone, by=by)


def locked_draft(plan: TrainingPlan) -> TrainingPlan:
    """The plan as it is now, locked until the transaction ends. Raises ValidationError where it is approved."""
    now = TrainingPlan.objects.select_for_update(of=("self",)).select_related("approved_by").get(pk=plan.pk)
    if now.state == APPROVED:
        raise ValidationError(
            f"Kế hoạch năm {now.year} đã được phê duyệt theo {now.decision_number} ngày {now.decision_date:%d/%m/%Y}"
            f"{f' ({now.approved_by})' if now.approved_by else ''}. Muốn thay đổi, hãy lập điều chỉnh kế hoạch.",
            "approved",
        )
    return now
