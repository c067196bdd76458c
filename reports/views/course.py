"""The rate over the years, unit by unit, in the units of one day: also across a reorganisation."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, names_of_scope
from cadres.correspondence import Correspondence
from cadres.models import Appointment
from cadres.posts import year_ends_with_data
from cadres.rate import Rate
from cadres.web.day import DAY, criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.paper import notes_over, scope_told
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Cell, Table
from cadres.web.units import UNITS_ON, units_asked, units_context
from reports.trends import UnitCourse, course_of_units
from reports.views.rates import (
    DISTRICT,
    FILTER_OF,
    GROUPING,
    district_asked_for,
    districts_visible,
    titles_on,
    units_in_district,
)

YEARS_SHOWN = 6
OFFERED = ("commune", "district")


@dataclass(frozen=True)
class Point:
    """The rate of a unit on a day, with the filters of the list of its people; None: nobody is known of it."""

    rate: Rate | None
    where: dict[str, Any]
    not_known: str


@permission_needed("cadres.view_official")
@require_safe
def course(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/course.html", _course(request))


@permission_needed("cadres.view_official")
@require_safe
def course_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """What the page shows, as a workbook or as comma-separated text. 404 for another type of file."""
    page = _course(request)
    rows: list[list[Cell]] = []
    for number, (row, points) in enumerate(page["rows"], start=1):
        found = [[point.rate.total, point.rate.percent] if point.rate else ["", ""] for point in points]
        rows.append([number, row.group.name, row.group.above, *(cell for pair in found for cell in pair)])
    table = Table(
        title="TỶ LỆ CÁN BỘ, CÔNG CHỨC CẤP XÃ ĐẠT CHUẨN QUA CÁC NĂM",
        notes=[
            *notes_over(
                scope_told(page["scope_names"], page["district"]),
                f"Đơn vị ngày {page['units'].day:%d/%m/%Y}",
                page["criterion"],
            ),
            *(f"{row.group.name}: {row.group.note}." for row, _ in page["rows"] if row.group.note),
            *(
                f"{row.group.name}, {day:%d/%m/%Y}: chưa có số liệu của {names}."
                for row, _ in page["rows"]
                for day, names in row.not_known.items()
            ),
        ],
        columns=[
            *("STT", page["by_title"], "Trực thuộc"),
            *(head for day in page["days"] for head in (f"{day:%d/%m/%Y}: người", "%")),
        ],
        rows=rows,
        sheet="Qua các năm",
    )
    return download_table(request, table, f"ty-le-qua-cac-nam-{page['day']}", file_type)


def _course(request: HttpRequest) -> dict[str, Any]:
    """What page and file show. Raises BadRequest for a grouping that is not by units, or a district out of scope."""
    user = account(request)
    day, criterion = working_day(request), criterion_of(request)
    by = request.GET.get(GROUPING, "commune")
    if by not in OFFERED:
        raise BadRequest(f"Qua các năm không chia theo “{by}”. Hãy chọn lại ở trang Tỷ lệ đạt chuẩn.")
    asked = units_asked(request)
    districts = districts_visible(user, day, asked)
    district = district_asked_for(request, districts)
    units = asked or Correspondence(day)

    def in_scope(then: date) -> QuerySet[Appointment]:
        posts = appointments_visible_to(user, then)
        return posts.filter(unit__in=units_in_district(district, then, units)) if district else posts

    days = sorted({*year_ends_with_data(day)[-YEARS_SHOWN:], day})
    found = course_of_units(days, by, units=units, criterion=criterion, appointments=in_scope)
    within = {DISTRICT: district.code} if district else {}
    titles = {name: title for name, title in titles_on(units.day).items() if name in OFFERED}
    where = partial(_where, within=within, by=by, units_day=units.day)
    return {
        "title": "Tỷ lệ đạt chuẩn qua các năm",
        "day": day,
        "days": days,
        "criterion": criterion,
        "by": by,
        "by_title": titles[by],
        "groupings": titles,
        "district": district,
        "districts": districts,
        "units": units,
        "rows": [
            (row, [Point(row.rates.get(then), where(row, then), row.not_known.get(then, "")) for then in days])
            for row in found
        ],
        "scope_names": names_of_scope(user, day),
        **units_context(request),
    }


def _where(row: UnitCourse, then: date, *, within: dict[str, Any], by: str, units_day: date) -> dict[str, Any]:
    """The filters of the list of people behind a rate of a row on a day."""
    units = {UNITS_ON: units_day} if units_day != then else {UNITS_ON: None}
    return within | {FILTER_OF[by]: row.group.code, DAY: then} | units
