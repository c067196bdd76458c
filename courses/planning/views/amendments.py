"""Amendments of an approved plan: begun, approved, dropped."""

from django.http import HttpRequest, HttpResponse

from cadres.access import fetch_or_404
from cadres.two_persons import goes_alone
from cadres.web.permissions import account, permission_needed
from courses.forms import ConfirmForm
from courses.models import PlanAmendment, TrainingPlan
from courses.planning import approve_amendment, begin_amendment, drop_amendment, lines_with, totals
from courses.planning.forms import DecisionForm, ReasonForm
from courses.planning.money import APPROVE
from courses.planning.views.plans import change_of_plan, is_over, lead_of_approval, plan_of


@permission_needed("courses.change_trainingplan")
def plan_amend(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    form = ReasonForm(request.POST or None)

    def write() -> str:
        amendment = begin_amendment(plan, reason=form.cleaned_data["reason"], by=account(request))
        return f"Đã mở điều chỉnh lần {amendment.number}: sửa, thêm hoặc bỏ dòng, rồi phê duyệt."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        title="Điều chỉnh kế hoạch",
        action="Bắt đầu điều chỉnh",
        lead="Kế hoạch đã duyệt vẫn có hiệu lực cho đến khi lần điều chỉnh được phê duyệt.",
    )


@permission_needed(APPROVE)
def amendment_approve(request: HttpRequest, plan_pk: int, amendment_pk: int) -> HttpResponse:
    plan, amendment = _amendment(request, plan_pk, amendment_pk)
    sums = totals(plan, amendment=amendment)
    alone = goes_alone(account(request), APPROVE, amendment.authors)
    form = DecisionForm(request.POST or None, is_over=is_over(sums), is_alone=alone)

    def write() -> str:
        approve_amendment(amendment, **form.cleaned_data, by=account(request))
        return f"Điều chỉnh lần {amendment.number} đã được phê duyệt và có hiệu lực."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        title=f"Phê duyệt điều chỉnh lần {amendment.number}",
        action="Phê duyệt",
        is_final=True,
        lead=f"{lines_with(amendment).count()} dòng sau điều chỉnh. {lead_of_approval(plan, sums)}",
    )


@permission_needed("courses.change_trainingplan")
def amendment_drop(request: HttpRequest, plan_pk: int, amendment_pk: int) -> HttpResponse:
    plan, amendment = _amendment(request, plan_pk, amendment_pk)
    form = ConfirmForm(request.POST or None)

    def write() -> str:
        drop_amendment(amendment, by=account(request))
        return f"Đã bỏ điều chỉnh lần {amendment.number}; kế hoạch giữ nguyên."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        title=f"Bỏ điều chỉnh lần {amendment.number}",
        action="Bỏ điều chỉnh",
        is_final=True,
        lead=f"{amendment.reason}: mọi thay đổi của lần này bị xóa.",
    )


def _amendment(request: HttpRequest, plan_pk: int, amendment_pk: int) -> tuple[TrainingPlan, PlanAmendment]:
    amendments = PlanAmendment.objects.select_related("plan")
    amendment = fetch_or_404(amendments, account(request), pk=amendment_pk, plan=plan_pk)
    return amendment.plan, amendment
