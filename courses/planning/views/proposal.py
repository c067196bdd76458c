"""“Phương án”: which classes of the year raise the rate most for the money, what if; and the one chosen as the draft.

The words of the address: kinh_phi (đồng), nho_nhat and lon_nhat (people a class), it_nhat (seats that each unit gets at
the least), bo (codes of programmes of which no class is held), tinh (reckon it), tep.
"""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres.models import Official, UnitVersion
from cadres.web.addresses import dated
from cadres.web.changes import add_refusal
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.lists import FILE
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Table
from courses.models import TrainingPlan
from courses.planning.forms import ProposalForm
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.people import MOST_BUNDLES, MOST_STUDY_DAYS
from courses.planning.proposal.proposing import FEWEST_IN_A_CLASS, Proposal, propose
from courses.planning.views.plans import plan_of
from courses.seats import MOST_IN_A_CLASS

RECKON = "tinh"


@permission_needed("courses.change_trainingplan")
def plan_proposal(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """The best classes for the money, beside those chosen by hand; a POST puts what was shown into the draft."""
    plan = plan_of(request, plan_pk)
    initial = {"kinh_phi": plan.total_budget or None, "nho_nhat": FEWEST_IN_A_CLASS, "lon_nhat": MOST_IN_A_CLASS}
    is_asked = RECKON in request.GET
    form = ProposalForm(request.GET if is_asked else None, initial=initial)
    proposal = _proposed(request, plan, form) if is_asked and form.is_valid() else None
    if proposal and FILE in request.GET:
        return download_table(_names(proposal, plan), f"phuong-an-{plan.year}", request.GET[FILE])
    has_lines = plan.lines.exists()
    sure = _DraftForm(request.POST or None, has_lines=has_lines)
    if request.method == "POST" and proposal and sure.is_valid():
        try:
            if sure.cleaned_data["seen"] != _digest(proposal):
                raise ValidationError("Hồ sơ vừa thay đổi, nên phương án dưới đây đã khác. Hãy xem lại rồi làm tiếp.")
            draft_from_proposal(plan, proposal, replace=has_lines, by=account(request))
        except ValidationError as refusal:
            add_refusal(sure, refusal)
        else:
            return redirect(reverse("courses:plan-detail", args=[plan.pk]) + dated(request))
    return render(
        request,
        "courses/planning/proposal.html",
        {
            "title": f"Phương án năm {plan.year}",
            "plan": plan,
            "form": form,
            "proposal": proposal,
            "seen": _digest(proposal) if proposal else "",
            "sure": sure,
            "dated": dated(request),
            "most_days": MOST_STUDY_DAYS,
            "most_ways": MOST_BUNDLES,
            "classes": _with_people(proposal) if proposal else [],
        },
    )


class _DraftForm(forms.Form):
    """That what was shown is meant, and that the lines that are there go."""

    seen = forms.CharField(widget=forms.HiddenInput)
    is_sure = forms.BooleanField(label="Các dòng đang có của dự thảo bị thay")

    def __init__(self, *args: Any, has_lines: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_lines:
            del self.fields["is_sure"]


def _proposed(request: HttpRequest, plan: TrainingPlan, form: ProposalForm) -> Proposal | None:
    """What the form asks for; None where it cannot be, and the form says why."""
    wanted, day = form.cleaned_data, working_day(request)
    answering = UnitVersion.objects.answering_on(day)
    least: dict[int | None, int] = {}
    if wanted["it_nhat"]:
        least = {version.unit_id: wanted["it_nhat"] for version in answering}
    try:
        return propose(
            plan.year,
            wanted["kinh_phi"],
            day=day,
            criterion=criterion_of(request),
            fewest=wanted["nho_nhat"],
            most=wanted["lon_nhat"],
            least=least,
            without=[programme.pk for programme in wanted["bo"]],
        )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None


def _digest(proposal: Proposal) -> str:
    """What tells this proposal from another: its classes with their people."""
    told = [(one.programme.code, one.place, one.officials) for one in proposal.classes]
    return sha256(repr(told).encode()).hexdigest()[:16]


def _people(proposal: Proposal) -> dict[int, Official]:
    return Official.objects.in_bulk([official for one in proposal.classes for official in one.officials])


def _with_people(proposal: Proposal) -> list[tuple[Any, list[Official]]]:
    people = _people(proposal)
    return [
        (one, sorted((people[key] for key in one.officials), key=lambda official: official.name_order))
        for one in proposal.classes
    ]


def _names(proposal: Proposal, plan: TrainingPlan) -> Table:
    """Every class with its people, a row each."""
    rows = [
        [number, official.full_name, str(official.birth or ""), one.programme.title, one.place_name]
        for number, (one, official) in enumerate(
            ((one, official) for one, people in _with_people(proposal) for official in people), start=1
        )
    ]
    told = f"{proposal.now.percent} % → {proposal.predicted.percent} %".replace(".", ",")
    return Table(
        title=f"PHƯƠNG ÁN ĐÀO TẠO, BỒI DƯỠNG NĂM {plan.year}",
        notes=[f"Tính ngày {proposal.day:%d/%m/%Y}, {proposal.criterion.name.lower()}. Tỷ lệ đạt chuẩn {told}."],
        columns=["STT", "Họ và tên", "Ngày sinh", "Chương trình", "Mở tại"],
        rows=rows,
        sheet="Phương án",
    )
