"""The lines of a plan: of the draft, or as the amendment in the making changes them."""

from django.http import HttpRequest, HttpResponse

from cadres.access import fetch_or_404
from cadres.text import dong
from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed
from courses.forms import ConfirmForm
from courses.models import PlanAmendment, PlanLine, TrainingPlan
from courses.planning import add_line, amend_line, delete_line, drop_change, save_line, take_out
from courses.planning.costs import norms_on
from courses.planning.forms import LineForm
from courses.planning.views.plans import change_of_plan, plan_of


@permission_needed("courses.change_trainingplan")
def plan_line_add(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """A new line: of the draft, or of the amendment in the making."""
    plan = plan_of(request, plan_pk)
    amendment = _amendment_for(plan)
    form = LineForm(request.POST or None, day=plan.first_day, norms=norms_on(working_day(request)))

    def write() -> str:
        if amendment:
            line = add_line(amendment, **form.cleaned_data, by=account(request))
        else:
            line = save_line(PlanLine(plan=plan, **form.cleaned_data), by=account(request))
        return f"Đã thêm dòng “{line.programme}”: {line.trainees} học viên, {dong(line.total_cost)}."

    return change_of_plan(request, form, write, plan, title="Thêm dòng kế hoạch", action="Thêm", lead=_says(amendment))


APPROVED = TrainingPlan.State.APPROVED


@permission_needed("courses.change_trainingplan")
def plan_line_edit(request: HttpRequest, plan_pk: int, line_pk: int) -> HttpResponse:
    """Change a line of the draft, or let the amendment in the making replace it."""
    plan, line = line_of(request, plan_pk, line_pk)
    amendment = _amendment_for(plan)
    form = LineForm(request.POST or None, day=plan.first_day, norms=norms_on(working_day(request)), line=line)

    def write() -> str:
        if amendment:
            saved = amend_line(amendment, line, **form.cleaned_data, by=account(request))
        else:
            for name, value in form.cleaned_data.items():
                setattr(line, name, value)
            saved = save_line(line, by=account(request))
        return f"Đã lưu dòng “{saved.programme}”: {saved.trainees} học viên, {dong(saved.total_cost)}."

    return change_of_plan(
        request, form, write, plan, title=f"Sửa dòng: {line.programme}", action="Lưu", lead=_says(amendment)
    )


@permission_needed("courses.change_trainingplan")
def plan_line_delete(request: HttpRequest, plan_pk: int, line_pk: int) -> HttpResponse:
    """Delete a line of the draft; by the amendment take a line out, or take back what it says about one."""
    plan, line = line_of(request, plan_pk, line_pk)
    amendment = _amendment_for(plan)
    of_amendment = amendment is not None and line.amendment_id == amendment.pk
    form = ConfirmForm(request.POST or None)

    def write() -> str:
        if of_amendment:
            drop_change(line, by=account(request))
            return f"Đã bỏ thay đổi về “{line.programme}”."
        if amendment:
            take_out(amendment, line, by=account(request))
            return f"Lần điều chỉnh này bỏ dòng “{line.programme}”."
        delete_line(line, by=account(request))
        return f"Đã xóa dòng “{line.programme}”."

    action = "Bỏ thay đổi" if of_amendment else "Bỏ dòng" if amendment else "Xóa dòng"
    return change_of_plan(
        request,
        form,
        write,
        plan,
        title=f"{action}: {line.programme}",
        action=action,
        lead=_says(amendment) or f"{line.class_count} lớp, {line.trainees} học viên, {dong(line.total_cost)}.",
    )


def line_of(request: HttpRequest, plan_pk: int, line_pk: int) -> tuple[TrainingPlan, PlanLine]:
    lines = PlanLine.objects.select_related("plan", "programme__raises_to", "amendment")
    line = fetch_or_404(lines, account(request), pk=line_pk, plan=plan_pk)
    return line.plan, line


def _amendment_for(plan: TrainingPlan) -> PlanAmendment | None:
    """The amendment through which an approved plan is changed now. A draft needs none, and neither is there one."""
    return plan.amendments.exclude(state=APPROVED).first() if plan.state == APPROVED else None


def _says(amendment: PlanAmendment | None) -> str:
    return f"Ghi vào điều chỉnh lần {amendment.number}: {amendment.reason}." if amendment else ""
