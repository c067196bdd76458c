"""“Lập từ nhu cầu”: which classes of the year raise the rate most for the money, what if; those chosen as the draft.

The words of the address: kinh_phi (đồng), nho_nhat and lon_nhat (people a class), dang_ky (đồng for registered needs
that do not raise the rate), quy_dinh (the least urgent priority of rules whose people are reckoned with unregistered),
it_nhat (seats that each unit gets at the least), kv1 to kv3 (the same of a zone), bo
(codes of programmes of which no class is held), tinh (reckon it). What was reckoned comes back with the form (`kept`),
with the classes that are ticked (`lop`): to be reckoned again, as a file, or as the draft.
"""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres.models import Official
from cadres.places import names_answering
from cadres.web.addresses import dated
from cadres.web.changes import add_refusal
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.lists import FILE
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import ticked
from cadres.web.tables import Cell, Table
from courses.models import TrainingPlan
from courses.planning.forms import ProposalForm
from courses.planning.proposal.choosing import OfZone
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.kept import kept, restored
from courses.planning.proposal.people import MOST_BUNDLES, MOST_STUDY_DAYS
from courses.planning.proposal.proposing import FEWEST_IN_A_CLASS, Proposal, ProposedClass, propose, with_these
from courses.planning.proposal.registered import UNREGISTERED, Unserved, units_without_registration
from courses.planning.views.plans import plan_of
from courses.seats import MOST_IN_A_CLASS

RECKON = "tinh"
DRAFT = "ghi"


@permission_needed("courses.change_trainingplan")
def plan_proposal(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """The best classes for the money, beside those chosen by hand; a POST weighs those ticked, or drafts them."""
    plan = plan_of(request, plan_pk)
    initial = {
        "kinh_phi": plan.total_budget or None,
        "nho_nhat": FEWEST_IN_A_CLASS,
        "lon_nhat": MOST_IN_A_CLASS,
        "quy_dinh": UNREGISTERED,
    }
    is_asked = RECKON in request.GET
    form = ProposalForm(request.GET if is_asked else None, initial=initial)
    chosen = ChosenForm(request.POST or None, plan=plan)
    offered: Proposal | None = None  # what was reckoned; `proposal` is what is ticked of it
    if request.method == "POST":
        offered = chosen.offered if chosen.is_valid() else None
    elif is_asked and form.is_valid():
        offered = _proposed(request, plan, form)
    proposal = with_these(offered, ticked(request, "lop")) if offered and chosen.is_bound else offered
    if proposal and FILE in request.POST:
        return download_table(request, _names(proposal, plan), f"phuong-an-{plan.year}", request.POST[FILE])
    if offered and proposal and DRAFT in request.POST:
        try:
            if proposal.now != offered.now:
                raise ValidationError("Hồ sơ vừa thay đổi từ khi tính. Hãy xem lại số liệu mới dưới đây rồi làm tiếp.")
            if chosen.replaces and not chosen.cleaned_data["is_sure"]:
                raise ValidationError({"is_sure": "Hãy đánh dấu vào ô này để xác nhận."})
            draft_from_proposal(plan, proposal, replace=chosen.replaces, by=account(request))
        except ValidationError as refusal:
            add_refusal(chosen, refusal)
        else:
            return redirect(reverse("courses:plan-detail", args=[plan.pk]) + dated(request))
    context = {
        "title": f"Lập từ nhu cầu: phương án năm {plan.year}",
        "plan": plan,
        "form": form,
        "chosen": chosen,
        "proposal": proposal,
        "dated": dated(request),
        "most_days": MOST_STUDY_DAYS,
        "most_ways": MOST_BUNDLES,
    }
    if offered and proposal:
        context |= {
            "kept": kept(replace(offered, now=proposal.now)),
            "classes": _shown(offered, proposal),
            "unserved": _unserved(proposal),
            "dropped": len(offered.classes) - len(proposal.classes),
            "not_registered": units_without_registration(plan.year, offered.day),
        }
    return render(request, "courses/planning/proposal.html", context)


class ChosenForm(forms.Form):
    """What was reckoned, and that the lines that are there go."""

    kept = forms.CharField(widget=forms.HiddenInput)
    is_sure = forms.BooleanField(label="Các dòng đang có của dự thảo bị thay", required=False)

    def __init__(self, *args: Any, plan: TrainingPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.offered: Proposal | None = None
        self.replaces = plan.lines.exists()
        if not self.replaces:
            del self.fields["is_sure"]

    def clean_kept(self) -> str:
        text: str = self.cleaned_data["kept"]
        self.offered = restored(text, year=self.plan.year)
        return text


def _proposed(request: HttpRequest, plan: TrainingPlan, form: ProposalForm) -> Proposal | None:
    """What the form asks for; None where it cannot be, and the form says why."""
    wanted, day = form.cleaned_data, working_day(request)
    least: dict[int | OfZone | None, int] = {OfZone(zone): seats for zone, seats in form.least_of_zones.items()}
    if wanted["it_nhat"]:
        least |= dict.fromkeys(names_answering(day), wanted["it_nhat"])
    try:
        return propose(
            plan.year,
            wanted["kinh_phi"],
            day=day,
            criterion=criterion_of(request),
            fewest=wanted["nho_nhat"],
            most=wanted["lon_nhat"],
            least=least,
            for_registered=wanted["dang_ky"] or 0,
            unregistered=int(wanted["quy_dinh"]),
            without=[programme.pk for programme in wanted["bo"]],
        )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None


def _shown(offered: Proposal, proposal: Proposal) -> list[tuple[int, ProposedClass, bool, list[Official]]]:
    """Every class that was offered, by its place: as it is in the proposal where it is ticked, with its people."""
    people = Official.objects.in_bulk([official for one in offered.classes for official in one.officials])
    held = {one.officials: one for one in proposal.classes}
    return [
        (
            number,
            held.get(one.officials, one),
            one.officials in held,
            sorted((people[key] for key in one.officials if key in people), key=lambda official: official.name_order),
        )
        for number, one in enumerate(offered.classes)
    ]


def _unserved(proposal: Proposal) -> list[tuple[str, int, list[Unserved]]]:
    """Who asked for a seat and gets none: in whose name, how many turns and for what; only names in which one waits."""
    found = []
    for label, is_registered in (("Đã đăng ký", True), ("Theo quy định", False)):
        if rows := [one for one in proposal.unserved if one.is_registered == is_registered]:
            found.append((label, sum(one.people for one in rows), rows))
    return found


def _names(proposal: Proposal, plan: TrainingPlan) -> Table:
    """Every class with its people, a row each."""
    rows: list[list[Cell]] = [
        [number, official.full_name, str(official.birth or ""), one.programme.title, one.place_name]
        for number, (one, official) in enumerate(
            ((one, official) for _, one, _, people in _shown(proposal, proposal) for official in people), start=1
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
