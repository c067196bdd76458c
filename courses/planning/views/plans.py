"""The training plans: lines against the budget, drafting from needs, approval, and the workbook."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404
from cadres.history.pages import history_page
from cadres.models import UnitVersion
from cadres.text import dong
from cadres.two_persons import goes_alone
from cadres.web.addresses import dated
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Cell, Table
from cadres.web.to_do import ToDoFilter
from cadres.web.versions import to_be_changed
from courses.access import proposed_visible_to
from courses.class_pages import change
from courses.corrections import corrections_of
from courses.forms import ConfirmForm
from courses.models import FundingSource, PlanAmendment, PlanLine, Programme, ProposedPerson, TrainingPlan
from courses.planning import (
    SourceTotal,
    approve_plan,
    delete_plan,
    effective_lines,
    money_of_lines,
    save_plan,
    totals,
    totals_of_plans,
)
from courses.planning.foreseen import foreseen
from courses.planning.forms import DecisionForm, PlanForm
from courses.planning.money import APPROVE
from courses.planning.to_do import PLANS

APPROVED = TrainingPlan.State.APPROVED


class PlanFilter(ToDoFilter):
    """The plans narrowed to those with which something is to be done."""

    TO_DO = PLANS


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    filters = PlanFilter(request.GET)
    plans = filters.waiting(TrainingPlan.objects.all(), account(request), working_day(request))
    page = shown_page(request, plans)
    sums = totals_of_plans(page.object_list)
    context = {
        "title": "Kế hoạch đào tạo, bồi dưỡng",
        "filters": filters,
        "page": page,
        "rows": [(plan, _whole(sums[plan.pk])) for plan in page.object_list],
    }
    return render(request, "courses/planning/plan_list.html", context)


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_history(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    return history_page(request, plan, title=f"Lịch sử: {plan}", back=_there(plan))


@permission_needed("courses.add_trainingplan")
def plan_add(request: HttpRequest) -> HttpResponse:
    year = working_day(request).year + 1
    initial = {"year": year, "title": f"Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức cấp xã năm {year}"}
    form = PlanForm(request.POST or None, initial=initial)
    made: list[TrainingPlan] = []

    def write() -> str:
        made.append(save_plan(form.instance, by=account(request)))
        return f"Đã lập kế hoạch năm {made[0].year}. Giờ có thể lập các dòng từ nhu cầu trong kinh phí đó."

    return change(
        request,
        form,
        write,
        training_class=None,
        title="Lập kế hoạch năm",
        action="Lập kế hoạch",
        back=reverse("courses:plan-list"),
        target=lambda: _there(made[0]),
    )


@permission_needed("courses.change_trainingplan")
def plan_edit(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    form = PlanForm(request.POST or None, instance=plan)

    def write() -> str:
        save_plan(form.instance, by=account(request))
        return "Đã lưu."

    return change_of_plan(request, form, write, plan, title="Sửa kế hoạch", action="Lưu")


@permission_needed("courses.delete_trainingplan")
def plan_delete(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    form = ConfirmForm(request.POST or None)

    def write() -> str:
        delete_plan(plan, by=account(request))
        return f"Đã xóa kế hoạch năm {plan.year}."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        title="Xóa kế hoạch",
        action="Xóa",
        is_final=True,
        lead=f"{plan}: kế hoạch đang lập và mọi dòng của nó bị xóa.",
        target=lambda: reverse("courses:plan-list"),
    )


# ---------------------------------------------------------------- one plan


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_detail(request: HttpRequest, plan_pk: int) -> HttpResponse:
    """The lines that hold, the money by source, the amendments and what they change."""
    plan = plan_of(request, plan_pk)
    amendments = list(plan.amendments.select_related("approved_by"))
    open_amendment = next((item for item in amendments if item.state != APPROVED), None)
    changes = _named(
        plan.lines.filter(amendment__isnull=False).select_related(
            "programme", "institution", "replaces__programme", "replaces__institution"
        ),
        plan,
    )
    lines = _named(effective_lines(plan).select_related("programme__raises_to", "institution", "amendment"), plan)
    effect = (
        foreseen(plan, lines, working_day(request), criterion=criterion_of(request))
        if account(request).sees_every_unit
        else {}
    )
    money = money_of_lines(lines)
    names = _names_kept(proposed_visible_to(account(request)), lines)
    replaced = {line.replaces_id for line in changes if open_amendment and line.amendment_id == open_amendment.pk}
    for line in lines:
        line.classes_made, line.given, line.settled = money[line.pk]
        line.is_changing = line.pk in replaced
        line.effect = effect.get(line.pk)
        line.proposed_people = names.get(line.pk, 0)
    sums, amended = totals(plan), corrections_of(amendments)
    return render(
        request,
        "courses/planning/plan_detail.html",
        {
            "title": plan.title,
            "plan": plan,
            "is_draft": plan.state != APPROVED,
            "plan_corrections": corrections_of([plan])[plan.pk],
            "groups": _groups(lines),
            "lines": lines,
            "sums": list(sums.values()),
            "over_budget": [total for total in sums.values() if total.over_budget],
            "whole": _whole(sums),
            "amendments": [
                (item, [line for line in changes if line.amendment_id == item.pk], amended[item.pk])
                for item in reversed(amendments)
            ],
            "open_amendment": open_amendment,
            "may_approve": request.user.has_perm(APPROVE),
            "may_change": request.user.has_perm("courses.change_trainingplan"),
            "dated": dated(request),
            "has_effect": bool(effect),
            "made_compliant": sum(len(one.made_compliant) for one in effect.values()),
            "criterion": criterion_of(request),
            "day": working_day(request),
        },
    )


def _names_kept(names: QuerySet[ProposedPerson], lines: Iterable[PlanLine]) -> dict[int, int]:
    """Line → how many of the names it keeps."""
    counted: Any = names.filter(line__in=[line.pk for line in lines]).order_by().values("line")
    return {row["line"]: row["people"] for row in counted.annotate(people=Count("pk"))}


def _whole(sums: dict[str, Any]) -> dict[str, int]:
    names = ("budget", "planned", "committed", "spent", "over_budget")
    return {name: sum(getattr(total, name) for total in sums.values()) for name in names}


def _groups(lines: Sequence[Any]) -> list[tuple[str, list[Any], dict[str, int]]]:
    """The lines by kind of programme, each kind with its sums."""
    groups = []
    for kind in Programme.Kind:
        own = [line for line in lines if line.programme.kind == kind]
        if own:
            sums = {
                "class_count": sum(line.class_count for line in own),
                "trainees": sum(line.trainees for line in own),
                "total_cost": sum(line.total_cost for line in own),
            }
            groups.append((kind.label, own, sums))
    return groups


def _named(lines: Any, plan: TrainingPlan) -> list[Any]:
    """The lines, each with `place_name`: what its place was called in the year, else last."""
    found = list(lines)
    places = {line.place_id for line in found} | {line.replaces.place_id for line in found if line.replaces_id}
    names = {
        version.unit_id: version.name
        for version in UnitVersion.objects.filter(unit__in=places - {None}).latest_by(date(plan.year, 12, 31))
    }
    for line in found:
        line.place_name = names.get(line.place_id, "")
        if line.replaces_id and line.replaces:
            line.replaces.place_name = names.get(line.replaces.place_id, "")
    return found


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_file(request: HttpRequest, plan_pk: int, file_type: str) -> HttpResponse:
    """The plan as it holds, in the layout of the yearly plan. 404 for another type of file."""
    plan = plan_of(request, plan_pk)
    return download_table(request, plan_table(plan), f"ke-hoach-{plan.year}", file_type)


def plan_table(plan: TrainingPlan) -> Table:
    """The lines that hold, grouped by kind, with sums; costs in đồng."""
    lines = _named(effective_lines(plan).select_related("programme", "institution"), plan)
    rows: list[list[Cell]] = []
    number = 0
    for label, own, sums in _groups(lines):
        rows.append(["", label.upper(), "", sums["class_count"], None, sums["trainees"], *[None] * 4, *_costs(own), ""])
        for line in own:
            number += 1
            rows.append(
                [
                    *(number, line.programme.title, line.target_group, line.class_count, line.seats, line.trainees),
                    *(line.programme.days, line.months, line.place_name, str(line.institution or "")),
                    *_costs([line]),
                    line.note,
                ]
            )
    classes, trainees = sum(line.class_count for line in lines), sum(line.trainees for line in lines)
    rows.append(["", "TỔNG CỘNG", "", classes, None, trainees, *[None] * 4, *_costs(lines), ""])
    if plan.state == APPROVED:
        decided = f"Phê duyệt theo {plan.decision_number} ngày {plan.decision_date:%d/%m/%Y}"
        later = plan.amendments.filter(state=APPROVED)
        notes = [f"{decided}{'; ' if later else ''}{'; '.join(_decided(item) for item in later)}."]
    else:
        notes = ["Dự thảo, chưa phê duyệt."]
    return Table(
        title=plan.title.upper(),
        notes=[*notes, "Đơn vị tính kinh phí: đồng."],
        columns=[
            *("TT", "Nội dung, tên lớp", "Đối tượng", "Số lớp", "Số học viên/lớp", "Tổng số học viên"),
            *("Thời gian (ngày)", "Thời điểm (tháng, quý)", "Địa điểm", "Đơn vị chủ trì, phối hợp"),
            *("Kinh phí: ngân sách trung ương", "Kinh phí: ngân sách địa phương", "Kinh phí: nguồn khác", "Ghi chú"),
        ],
        rows=rows,
        sheet=f"Kế hoạch {plan.year}",
    )


def _decided(amendment: PlanAmendment) -> str:
    return f"điều chỉnh lần {amendment.number} theo {amendment.decision_number} ngày {amendment.decision_date:%d/%m/%Y}"


def _costs(lines: Sequence[PlanLine]) -> list[Cell]:
    return [sum(line.cost(source) for line in lines) for source in FundingSource.values]


# ---------------------------------------------------------------- approving


@permission_needed(APPROVE)
def plan_approve(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan = plan_of(request, plan_pk)
    alone = goes_alone(account(request), APPROVE, plan.authors)
    form = DecisionForm(request.POST or None, is_over=is_over(totals(plan)), is_alone=alone)

    def write() -> str:
        approve_plan(plan, **form.cleaned_data, by=account(request))
        return f"Kế hoạch năm {plan.year} đã được phê duyệt; từ nay chỉ thay đổi bằng điều chỉnh."

    return change_of_plan(
        request,
        form,
        write,
        plan,
        title="Phê duyệt kế hoạch",
        action="Phê duyệt",
        is_final=True,
        lead=lead_of_approval(plan, totals(plan)),
    )


def is_over(sums: dict[str, Any]) -> bool:
    return any(total.over_budget for total in sums.values())


def lead_of_approval(plan: TrainingPlan, sums: dict[str, SourceTotal]) -> str:
    """What is planned beside what may be spent, of each source that has either."""
    told = [
        f"{total.label.lower()} {dong(total.planned)} trên dự toán {dong(total.budget)}"
        + (f", vượt {dong(total.over_budget)}" if total.over_budget else "")
        for total in sums.values()
        if total.planned or total.budget
    ]
    return f"{plan}: {'; '.join(told) or 'chưa có kinh phí'}."


def plan_of(request: HttpRequest, plan_pk: int) -> TrainingPlan:
    return fetch_or_404(to_be_changed(request, TrainingPlan.objects.all()), account(request), pk=plan_pk)


# ---------------------------------------------------------------- shared


def _there(plan: TrainingPlan) -> str:
    return reverse("courses:plan-detail", args=[plan.pk])


def change_of_plan(
    request: HttpRequest,
    form: Any,
    write: Callable[[], str],
    plan: TrainingPlan,
    *,
    target: Callable[[], str] | None = None,
    **words: Any,
) -> HttpResponse:
    return change(request, form, write, training_class=None, back=_there(plan), target=target, **words)
