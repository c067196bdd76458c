"""Whom a line of a plan was proposed for, and what has become of each since.

The words of the address: sap_xep, cot and tep (cadres.web.lists).
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.posts import POST_TOLD
from cadres.web.addresses import dated
from cadres.web.cells import linked
from cadres.web.day import working_day
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from courses.access import proposed_visible_to
from courses.planning.views.lines import line_of
from courses.proposed import Since, with_since

TAGS = {Since.IN_CLASS: "good", Since.GONE: "bad", Since.HELD: "", Since.WAITS: "warn"}


def _columns(request: HttpRequest) -> Columns:
    """The columns of the list, each as its page and its file say it."""

    to_person = dated(request)

    def person(row: Any) -> SafeString:
        return linked("cadres:official-detail", row.official_id, row.official.full_name, to_person)

    def tagged(row: Any) -> SafeString:
        since = Since(row.since)
        return format_html('<span class="tag {}">{}</span>', TAGS[since], since.label)

    columns = (
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name, page=person),
        Column("ngay_sinh", "Ngày sinh", ["official__birth_date"], cell=lambda row: str(row.official.birth or "")),
        Column("chuc_danh", "Chức danh", ["position_title"], cell=lambda row: row.position_title or ""),
        Column("xa", "Đơn vị", ["district_name", "commune_name"], cell=lambda row: row.commune_name or ""),
        Column("cap_tren", "Đơn vị cấp trên", ["district_name"], cell=lambda row: row.district_name or ""),
        Column("nay", "Đến nay", ["since"], cell=lambda row: Since(row.since).label, page=tagged),
    )
    return Columns(request, columns, default=("official__name_order",), tie=("pk",), may_choose=True)


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_line_people(request: HttpRequest, plan_pk: int, line_pk: int) -> HttpResponse:
    """The names of a line, of people whom the account sees, with where each stands on the day."""
    plan, line = line_of(request, plan_pk, line_pk)
    day = working_day(request)
    columns = _columns(request)
    named = with_since(proposed_visible_to(account(request)).filter(line=line), day)
    rows = named.annotate(**POST_TOLD).select_related("official").order_by(*columns.order)
    title = f"Người có tên: {line.programme}"
    if FILE in request.GET:
        notes = [f"Kế hoạch năm {plan.year}.", *head_of_file(request)]
        return columns.file(request, rows, title=title.upper(), notes=notes, stem=f"nguoi-co-ten-{plan.year}-{line.pk}")
    page = shown_page(request, rows)
    context = {
        "title": title,
        "plan": plan,
        "line": line,
        "day": day,
        "dated": dated(request),
        "columns": columns,
        "heads": columns.heads(),
        "page": page,
        "rows": page.object_list,
    }
    return render(request, "courses/planning/line_people.html", context)
