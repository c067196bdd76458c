"""Quy hoạch on screen: who is planned for which post, what is lacking for it; and registering that as a need.

The words of the address: q, huyen, huyen_cu, xa (where the planned post is), chuc_danh, ket_qua (the verdict in the
planned post), sap_xep, cot, tep.
"""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import communes_in_scope, visible_to
from cadres.evaluation import Verdict
from cadres.models import PlannedPost, Position, User
from cadres.search import people_found
from cadres.text import thousands
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import dated
from cadres.web.cells import in_full, linked
from cadres.web.day import acting_day, criterion_of, working_day
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from courses.models import RegisteredNeed
from courses.needs.campaigns import own_appointments, register_needs
from courses.needs.planned import PlannedNeeds, planned_needs, programmes_needed
from courses.needs.views.campaigns import submission_of
from courses.needs.views.registering import page_of_act

NOT_ASKED = "khong_xet"


class PlannedSelection(PlaceFilters):
    """The filters of the list."""

    xa = forms.ChoiceField(label="Đơn vị quy hoạch", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh quy hoạch", required=False)
    ket_qua = forms.ChoiceField(
        label="So với tiêu chuẩn", required=False, choices=[ALL, *Verdict.choices, (NOT_ASKED, "Không xét")]
    )

    BAR = ("huyen", "xa", "chuc_danh", "ket_qua")

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user = user
        super().__init__(query, communes=communes_in_scope(user, day), day=day)

    def offered(self) -> dict[str, Offered]:
        planned_for = Position.objects.filter(planned_posts__isnull=False).distinct()
        return super().offered() | {
            "chuc_danh": [ALL, *planned_for.values_list("code", "title")],
        }

    def planned(self) -> QuerySet[PlannedPost]:
        """Who is planned on the day, of those the account sees; the verdict is not looked at."""
        wanted = self.cleaned_data
        rows = people_found(visible_to(PlannedPost.objects.as_of(self.day), self.user), wanted["q"])
        if (units := self.units()) is not None:
            rows = rows.filter(unit__in=units)
        if wanted["chuc_danh"]:
            rows = rows.filter(position__code=wanted["chuc_danh"])
        named = rows.select_related("official", "position").prefetch_related("unit__versions")
        return named.order_by("position__order", "official__name_order", "pk")

    def is_wanted(self, row: PlannedNeeds) -> bool:
        """Whether the verdict is the one asked for."""
        wanted = self.cleaned_data["ket_qua"]
        return not wanted or wanted == (row.prospect.verdict or NOT_ASKED)


def _columns(request: HttpRequest) -> Columns:
    """The columns of the list, each as its page and its file say it."""

    to_person = dated(request)

    def person(row: PlannedNeeds) -> SafeString:
        return linked("cadres:official-detail", row.planned.official_id, row.planned.official.full_name, to_person)

    def unit(row: PlannedNeeds) -> str:
        return row.planned.unit.name_on(row.planned.start_date)

    def verdict(row: PlannedNeeds) -> str:
        return row.prospect.verdict.label if row.prospect.verdict else "không xét"

    def tagged(row: PlannedNeeds) -> SafeString:
        if not row.prospect.verdict:
            return format_html('<span class="quiet">{}</span>', verdict(row))
        return format_html('<span class="tag {}">{}</span>', row.prospect.verdict.value, verdict(row))

    def lacking(row: PlannedNeeds) -> str:
        return "; ".join(str(need.gap) for need in row.needs)

    def programmes(row: PlannedNeeds) -> str:
        return "; ".join(str(need.programme or "chưa có chương trình") for need in row.needs)

    columns = (
        Column(
            "ten",
            "Họ và tên",
            key=lambda row: row.planned.official.name_order,
            cell=lambda row: str(row.planned.official),
            page=person,
        ),
        Column(
            "chuc_danh",
            "Chức danh quy hoạch",
            key=lambda row: row.planned.position.order,
            cell=lambda row: str(row.planned.position),
        ),
        Column("don_vi", "Đơn vị", key=unit, cell=unit),
        Column("nhiem_ky", "Nhiệm kỳ", key=lambda row: row.planned.term, cell=lambda row: row.planned.term),
        Column("ket_qua", "So với tiêu chuẩn", key=verdict, cell=verdict, page=tagged),
        Column(
            "thieu",
            "Còn thiếu so với chức danh quy hoạch",
            key=lambda row: len(row.needs),
            cell=lacking,
            page=lambda row: in_full(lacking(row)),
            is_long=True,
        ),
        Column(
            "chuong_trinh",
            "Chương trình phù hợp",
            key=programmes,
            cell=programmes,
            page=lambda row: in_full(programmes(row)),
            is_long=True,
        ),
        Column(
            "quyet_dinh",
            "Quyết định",
            key=lambda row: row.planned.decision,
            cell=lambda row: row.planned.decision,
            is_usual=False,
        ),
    )
    return Columns(request, columns, may_choose=True)


@permission_needed("cadres.view_plannedpost")
@require_safe
def planned_list(request: HttpRequest) -> HttpResponse:
    """Who is planned for which post on the day, what is lacking for it, and what would close that."""
    day, criterion = working_day(request), criterion_of(request)
    selection = PlannedSelection(request.GET, user=account(request), day=day)
    columns = _columns(request)
    everybody = planned_needs(selection.planned(), day, criterion=criterion)
    rows = columns.in_order(row for row in everybody if selection.is_wanted(row))
    if FILE in request.GET:
        notes = head_of_file(request, selection, is_judged=True)
        return columns.file(request, rows, title="QUY HOẠCH VÀ NHU CẦU THEO QUY HOẠCH", notes=notes, stem="quy-hoach")
    page = shown_page(request, rows)
    return render(
        request,
        "courses/needs/planned_list.html",
        {
            "title": "Quy hoạch",
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
            "says": "một người có thể trong quy hoạch nhiều chức danh",
            "programmes": programmes_needed(rows),
            "lacking": sum(1 for row in rows if row.needs),
            "dated": dated(request),
        },
    )


@permission_needed("courses.add_registeredneed")
def submission_planned(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Register what the people of the unit lack for the posts that they are planned for; a POST registers it."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.add_registeredneed")
    user, day, criterion = account(request), acting_day(request), criterion_of(request)

    def plan() -> Plan:
        own = own_appointments(row, day, user)
        planned = PlannedPost.objects.as_of(day).filter(official__in=own.values("official"))
        rows = planned_needs(planned.select_related("official", "position"), day, criterion=criterion)
        there = set(row.needs.values_list("official", "programme"))
        lines, of = [], {}
        for found in rows:
            for need in found.needs:
                key = f"{found.planned.pk}-{need.gap.dimension.code}"
                of[key] = (found, need)
                lines.append(_line(key, found, need, there))
        return Plan(lines, of=of)

    def write(shown: Plan, _: Any) -> str:
        entries = [
            (found.planned.official, need.programme, int(RegisteredNeed.Priority.NORMAL), found.reason(need)[:200])
            for found, need in (shown.of[line.key] for line in shown.done)
        ]
        return f"Đã đăng ký {thousands(len(register_needs(row, entries, day=day, by=user)))} nhu cầu theo quy hoạch."

    return page_of_act(
        request,
        row,
        lambda request, **page: act(request, plan, write, **page),
        title=f"Đăng ký nhu cầu theo quy hoạch: {row.district_name}",
        verb="Đăng ký",
    )


def _line(key: str, found: PlannedNeeds, need: Any, there: set[tuple[int, int]]) -> Line:
    name, place = str(found.planned.official), f"quy hoạch {found.planned.position}, nhiệm kỳ {found.planned.term}"
    if need.programme is None:
        return Line(key, name, place, why_not=f"{need.gap}: chưa có chương trình nào bù được")
    if there & {(found.planned.official_id, item.pk) for item in need.programmes}:
        return Line(key, name, place, why_not=f"{need.gap}: đã đăng ký")
    return Line(key, name, place, f"{need.programme} ({need.gap})")
