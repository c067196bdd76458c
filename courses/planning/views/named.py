"""Whom a line of a plan was proposed for, and what has become of each since.

The words of the address: sap_xep and tep (cadres.web.lists).
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.posts import POST_TOLD
from cadres.web.addresses import dated
from cadres.web.day import working_day
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from courses.access import proposed_visible_to
from courses.planning.views.lines import line_of
from courses.proposed import Since, with_since

TAGS = {Since.IN_CLASS: "good", Since.GONE: "bad", Since.HELD: "", Since.WAITS: "warn"}

COLUMNS = (
    Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name),
    Column("", "Ngày sinh", is_shown=False, cell=lambda row: str(row.official.birth or "")),
    Column("chuc_danh", "Chức danh", ["position_title"], cell=lambda row: row.position_title or ""),
    Column("xa", "Đơn vị", ["district_name", "commune_name"], cell=lambda row: row.commune_name or ""),
    Column("", "Đơn vị cấp trên", is_shown=False, cell=lambda row: row.district_name or ""),
    Column("nay", "Đến nay", ["since"], cell=lambda row: Since(row.since).label),
)


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_line_people(request: HttpRequest, plan_pk: int, line_pk: int) -> HttpResponse:
    """The names of a line, of people whom the account sees, with where each stands on the day."""
    plan, line = line_of(request, plan_pk, line_pk)
    day = working_day(request)
    columns = Columns(request, COLUMNS, default=("official__name_order",), tie=("pk",))
    named = with_since(proposed_visible_to(account(request)).filter(line=line), day)
    rows = named.annotate(**POST_TOLD).select_related("official").order_by(*columns.order)
    title = f"Người có tên: {line.programme}"
    if FILE in request.GET:
        notes = [f"Kế hoạch năm {plan.year}. Chức danh, đơn vị và tình trạng vào ngày {day:%d/%m/%Y}."]
        return columns.file(request, rows, title=title.upper(), notes=notes, stem=f"nguoi-co-ten-{plan.year}-{line.pk}")
    page = shown_page(request, rows)
    shown = list(page.object_list)
    for row in shown:
        row.label, row.tag = Since(row.since).label, TAGS[Since(row.since)]
    context = {
        "title": title,
        "plan": plan,
        "line": line,
        "day": day,
        "dated": dated(request),
        "heads": columns.heads(),
        "page": page,
        "rows": shown,
    }
    return render(request, "courses/planning/line_people.html", context)
