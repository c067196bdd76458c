"""Changes to an approved plan: by amendments, each with a reason and a decision of its own."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q

from cadres.history import signed
from cadres.models import User
from cadres.text import dong
from courses.models import FundingSource, PlanAmendment, PlanLine, ProposedPerson, TrainingClass, TrainingPlan
from courses.planning.money import (
    APPROVED,
    committed_by_source,
    effective_lines,
    living_classes,
    note_author,
    put_decision_on,
    refuse_over_budget,
    totals,
)

LINE_FIELDS = (
    *("programme", "target_group", "class_count", "seats", "months", "place", "institution"),
    *("cost_central", "cost_local", "cost_other", "note"),
)


@signed
def begin_amendment(plan: TrainingPlan, *, reason: str, by: User | None) -> PlanAmendment:
    """Begin to change an approved plan, for a reason. One at a time: raises ValidationError while another is open."""
    plan = TrainingPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != APPROVED:
        raise ValidationError("Kế hoạch chưa được phê duyệt: hãy sửa thẳng các dòng, chưa cần điều chỉnh.")
    last = plan.amendments.aggregate(last=Max("number"))["last"] or 0
    authors = [by.pk] if by else []
    amendment = PlanAmendment(plan=plan, number=last + 1, reason=reason, authors=authors)
    amendment.full_clean()
    amendment.save()
    return amendment


@signed
def amend_line(amendment: PlanAmendment, line: PlanLine, *, by: User | None, **changes: Any) -> PlanLine:
    """Let a line of the amendment stand in the place of a line that holds; asked again, or of its own, change that one.

    `changes`: fields of PlanLine. Raises ValidationError where the amendment is approved, the line holds no longer, or
    fewer classes or less money would be left than classes have been set up with.
    """
    amendment = _locked_amendment(amendment)
    note_author(amendment, by=by)
    new = amendment.lines.filter(Q(replaces=line) | Q(pk=line.pk)).select_related("replaces").first()
    if new is None:
        held = effective_lines(amendment.plan).filter(pk=line.pk).first()
        if held is None:
            raise ValidationError(f"Dòng “{line.programme}” không còn hiệu lực, nên không điều chỉnh được.")
        new = PlanLine(plan=amendment.plan, amendment=amendment, replaces=held)
        for name in LINE_FIELDS:
            setattr(new, name, getattr(held, name))
    for name, value in changes.items():
        setattr(new, name, value)
    new.full_clean()
    if new.replaces:
        _hold_what_is_set_up(new, new.replaces)
    new.save()
    return new


@signed
def add_line(amendment: PlanAmendment, *, by: User | None, **fields: Any) -> PlanLine:
    """Add a line by an amendment; `fields` are those of PlanLine."""
    amendment = _locked_amendment(amendment)
    note_author(amendment, by=by)
    line = PlanLine(plan=amendment.plan, amendment=amendment, **fields)
    line.full_clean()
    line.save()
    return line


def take_out(amendment: PlanAmendment, line: PlanLine, *, by: User | None) -> PlanLine:
    """Take a line out by an amendment: no classes and no money are left. Refused where classes have been set up."""
    return amend_line(amendment, line, class_count=0, cost_central=0, cost_local=0, cost_other=0, by=by)


@signed
def drop_change(line: PlanLine, *, by: User | None) -> None:
    """Take back what an amendment in the making says about a line: the line of before holds on, a new one is gone."""
    if line.amendment is None:
        raise ValidationError("Dòng này không thuộc lần điều chỉnh nào.")
    note_author(_locked_amendment(line.amendment), by=by)
    line.delete()


@signed
def drop_amendment(amendment: PlanAmendment, *, by: User | None) -> None:
    """Drop an amendment in the making, with all it says."""
    _locked_amendment(amendment).delete()


@signed
def approve_amendment(
    amendment: PlanAmendment, *, number: str, on: date, over_budget: bool = False, alone: str = "", by: User | None
) -> PlanAmendment:
    """Approve an amendment by a decision; its lines hold from then on, and classes go over to them, as do the names
    of those proposed for a line that stays one of its programme.

    Raises ValidationError as `approve_plan`, and where classes have meanwhile been set up that it leaves no room for.
    """
    amendment = _locked_amendment(amendment)
    lines = list(amendment.lines.select_related("replaces", "programme"))
    if not lines:
        raise ValidationError("Lần điều chỉnh này chưa thay đổi dòng nào.")
    _lock_what_hangs_on([line.replaces_id for line in lines if line.replaces_id])
    for line in lines:
        if line.replaces:
            _hold_what_is_set_up(line, line.replaces)
    refuse_over_budget(totals(amendment.plan, amendment=amendment), over_budget)
    put_decision_on(amendment, number, on, alone=alone, by=by)
    for line in lines:
        if line.replaces_id:
            TrainingClass.objects.filter(plan_line=line.replaces_id).update(plan_line=line)
            named = ProposedPerson.objects.filter(line=line.replaces_id, line__programme=line.programme)
            ProposedPerson.objects.filter(pk__in=list(named.values_list("pk", flat=True))).update(line=line)
    return amendment


def _lock_what_hangs_on(lines: list[int]) -> None:
    """Lock the classes of these lines and then the lines, in the order in which money is given (check_commitment)."""
    list(TrainingClass.objects.filter(plan_line__in=lines).order_by("pk").select_for_update(of=("self",)))
    list(PlanLine.objects.filter(pk__in=lines).order_by("pk").select_for_update(of=("self",)))


def _locked_amendment(amendment: PlanAmendment) -> PlanAmendment:
    """The amendment as it is now, and its plan, both locked. Raises ValidationError where it is approved."""
    plan = TrainingPlan.objects.select_for_update().get(pk=amendment.plan_id)
    now = PlanAmendment.objects.select_for_update().get(pk=amendment.pk)
    now.plan = plan
    if now.state == APPROVED:
        raise ValidationError(
            f"Điều chỉnh lần {now.number} đã được phê duyệt theo {now.decision_number} "
            f"ngày {now.decision_date:%d/%m/%Y}. Hãy lập lần điều chỉnh khác.",
            "approved",
        )
    return now


def _hold_what_is_set_up(new: PlanLine, old: PlanLine) -> None:
    """Raise ValidationError where classes of the old line find no room, or no money, in the new one."""
    classes = living_classes(old).count()
    if classes and new.programme_id != old.programme_id:
        raise ValidationError({"programme": "Đã có lớp mở theo dòng này, nên không đổi được chương trình."})
    if new.class_count < classes:
        raise ValidationError(
            {
                "class_count": f"Đã có {classes} lớp mở theo dòng “{old.programme}”; số lớp không thể ít hơn. "
                "Hãy hủy bớt lớp trước."
            }
        )
    for source, committed in committed_by_source(old).items():
        if committed > new.cost(source):
            raise ValidationError(
                {
                    f"cost_{source}": f"{FundingSource(source).label}: các lớp của dòng “{old.programme}” đã được giao "
                    f"{dong(committed)}; kinh phí không thể ít hơn."
                }
            )
