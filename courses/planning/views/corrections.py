"""The decision on a plan or an amendment put right on screen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed
from courses.corrections import TEMPLATE, ask_to_confirm
from courses.models import TrainingPlan
from courses.planning.corrections import correct_plan_decision
from courses.planning.forms import DecisionCorrectionForm
from courses.planning.views.plans import APPROVED, change_of_plan, plan_of


@permission_needed("courses.change_trainingplan")
def plan_decision_correct(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    get_object_or_404(TrainingPlan, pk=plan.pk, state=APPROVED)
    return _correct(request, plan, plan, f"quyết định phê duyệt kế hoạch năm {plan.year}")


@permission_needed("courses.change_trainingplan")
def amendment_decision_correct(request: HttpRequest, plan_pk: int, amendment_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    amendment = get_object_or_404(plan.amendments, pk=amendment_pk, state=APPROVED)
    return _correct(request, plan, amendment, f"quyết định điều chỉnh kế hoạch lần {amendment.number}")


def _correct(request: HttpRequest, plan: TrainingPlan, paper: Any, name: str) -> HttpResponse:
    held = {"number": paper.decision_number, "on": paper.decision_date}
    form = DecisionCorrectionForm(request.POST or None, row=paper, initial=held)

    def write() -> str:
        wanted = form.cleaned_data
        correct_plan_decision(
            paper, number=wanted["number"], on=wanted["on"], reason=wanted["reason"], by=account(request)
        )
        ask_to_confirm(form, day=working_day(request))
        return f"Đã đính chính {name}."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        template=TEMPLATE,
        title=f"Đính chính {name}",
        lead="Sửa số, ngày đã ghi sai; số và ngày cũ vẫn còn ở trang kế hoạch.",
        action="Đính chính",
    )
