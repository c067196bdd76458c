"""What people lack and which programme closes it: counted by programme, unit, position, dimension; and by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.models import Dimension, Position, UnitVersion, User, Zone, zone_told
from cadres.places import NONE, title_offered
from cadres.web.addresses import dated
from cadres.web.cells import in_full
from cadres.web.day import criterion_of, somebody_counts, working_day
from cadres.web.downloads import download_table
from cadres.web.lists import head_of_file
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Table
from courses.models import Programme
from courses.needs.computed import Count, DimensionCount, needs_by, overview
from courses.needs.views.people import need_column, people_page, programme_column
from courses.needs.views.selection import NO_PROGRAMME, NeedSelection
from courses.seats import MOST_IN_A_CLASS

GROUPING = "theo"
TABS = {
    "chuong_trinh": "Chương trình",
    "huyen": "",  # what the units above communes are called on the day
    "xa": "Đơn vị cấp xã",
    "khu_vuc": "Khu vực",
    "chuc_danh": "Chức danh",
    "mat": "Mặt tiêu chuẩn",
}
BY_TAB = {"huyen": "district", "xa": "commune", "khu_vuc": "zone", "chuc_danh": "position"}
NOT_KNOWN = "Chưa rõ"
COUNTED_BY = ("q", "huyen", "huyen_cu", "xa", "khu_vuc", "chuc_danh")


@dataclass(frozen=True)
class Row:
    """One group: its name, what stands beside it, and its figures, each with the list of exactly those counted."""

    name: str
    beside: str
    figures: list[tuple[int | None, str]]
    note: str = ""


Figure = Callable[..., tuple[int | None, str]]


@permission_needed("cadres.view_official")
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/needs/needs.html", _needs(request))


@permission_needed("cadres.view_official")
@require_safe
def needs_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The table of the page as a workbook or as comma-separated text. 404 for another type of file."""
    shown = _needs(request)
    table = table_of(request, shown, "NHU CẦU ĐÀO TẠO, BỒI DƯỠNG THEO")
    return download_table(request, table, f"nhu-cau-{working_day(request)}", file_type)


def table_of(request: HttpRequest, shown: dict[str, Any], title: str) -> Table:
    """What a page of counted needs shows, as a table; `title` is completed by what it is divided by."""
    label = shown["tabs"][shown["by"]]
    return Table(
        title=f"{title} {label.upper()}",
        notes=head_of_file(request, shown["selection"], is_judged=True),
        columns=["STT", label, *shown["columns"]],
        rows=[
            [number, f"{row.name} ({row.beside})" if row.beside else row.name, *(count for count, _ in row.figures)]
            for number, row in enumerate(shown["rows"], start=1)
        ],
        sheet="Nhu cầu",
    )


def list_at(address: str, request: HttpRequest, within: dict[str, Any]) -> Callable[..., str]:
    """What gives the address of the list of people of a page of counted needs, narrowed by filters beside `within`."""
    return lambda **where: reverse(address) + dated(request, **(within | where))


def figure_of(list_of: Callable[..., str]) -> Figure:
    """What gives a count with the address of the list of those counted; where it says nothing of people, without."""
    return lambda count, **where: (count, list_of(**where) if count and where else "")


def _needs(request: HttpRequest) -> dict[str, Any]:
    """What page and file show. Raises BadRequest for an unknown grouping or filter."""
    by = request.GET.get(GROUPING, "chuong_trinh")
    if by not in TABS:
        raise BadRequest(f"Không có cách chia “{by}”. Hãy chọn lại ở trang Nhu cầu.")
    day, criterion, selection = working_day(request), criterion_of(request), _selection(request)
    appointments, within = selection.appointments(), within_of(selection)

    list_of = list_at("courses:need-people", request, within)
    figure = figure_of(list_of)
    if by in BY_TAB:
        counted = needs_by(BY_TAB[by], selection.closing, appointments=appointments)
        total = sum(counted.values(), Count())
        columns = ["Người", "Chỉ thiếu một mặt", *(dimension.name for dimension in selection.closing.counted)]
        rows = _rows_by_key(by, counted, selection, figure)
    else:
        whole = overview(selection.closing, appointments=appointments)
        total = whole.total
        if by == "mat":
            columns = ["Người", "Chỉ thiếu mặt này", "Có chương trình", "Chưa có chương trình"]
            rows = _rows_by_dimension(whole.by_dimension, figure)
        else:
            columns = ["Người", "Học xong là đạt chuẩn", f"Số lớp ({MOST_IN_A_CLASS} người)"]
            rows = _rows_by_programme(whole.by_programme, figure)
    if total.people:
        somebody_counts(request)
    return {
        "title": "Nhu cầu đào tạo, bồi dưỡng",
        "source": "standard",
        "people": total.people,
        "by": by,
        "tabs": TABS | {"huyen": title_offered(selection.communes)},
        "selection": selection,
        "columns": columns,
        "rows": rows,
        "total": total,
        "total_row": [(total.people, list_of()), *_figures(total, selection, figure)[1:]] if by in BY_TAB else [],
        "everybody": list_of(),
        "one_step": list_of(chi_thieu="1"),
        "dated": dated(request),
        "day": day,
        "criterion": criterion,
    }


def _rows_by_key(by: str, counted: dict[int | None, Count], selection: NeedSelection, figure: Figure) -> list[Row]:
    names = names_of_groups(by, list(counted), selection.day)
    rows = []
    for key, count in counted.items():
        if key in names:
            code, name, beside, order = names[key]
            rows.append((order, Row(name, beside, _figures(count, selection, figure, **{by: code}))))
        else:  # in no district: the list has no filter for them
            rows.append(((1,), Row(NOT_KNOWN, "", _figures(count, selection, lambda number, **_: (number, "")))))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _figures(count: Count, selection: NeedSelection, figure: Figure, **where: str) -> list[tuple[int | None, str]]:
    return [
        figure(count.people, **where),
        figure(count.one_step, **where, chi_thieu="1"),
        *(
            figure(count.by_dimension.get(dimension.code, 0), **where, mat=dimension.code)
            for dimension in selection.closing.counted
        ),
    ]


def names_of_groups(
    by: str, keys: Iterable[int | None], day: date
) -> dict[int | None, tuple[str, str, str, tuple[Any, ...]]]:
    """Key → code, name, what stands beside it, and what the groups are sorted by."""
    if by == "khu_vuc":  # what nothing is recorded of last, “Ngoài khu vực” before it
        last = int(Zone.OUTSIDE)
        return {
            key: (NONE if key is None else str(key), zone_told(key), "", (key is None, key == last, key or 0))
            for key in keys
        }
    wanted = [key for key in keys if key is not None]
    if by == "chuc_danh":
        positions = Position.objects.filter(pk__in=wanted)
        return {item.pk: (item.code, item.title, "", (0, item.order)) for item in positions}
    versions = {version.unit_id: version for version in UnitVersion.objects.as_of(day).filter(unit__in=wanted)}
    above: dict[int | None, UnitVersion] = {}
    if by == "xa":
        parents = {version.above_id for version in versions.values()}
        above = {version.unit_id: version for version in UnitVersion.objects.as_of(day).filter(unit__in=parents)}
    found: dict[int | None, tuple[str, str, str, tuple[Any, ...]]] = {}
    for key, version in versions.items():
        district = above.get(version.above_id)
        order = (0, district.code if district else "", version.code)
        found[key] = (version.code, version.name, district.name if district else "", order)
    return found


def _rows_by_programme(counted: dict[Programme | None, Count], figure: Figure) -> list[Row]:
    rows = []
    for programme, count in counted.items():
        if programme is None:
            figures = [figure(count.people, chuong_trinh=NO_PROGRAMME), (None, ""), (None, "")]
            rows.append(((1, 0, ""), Row("Chưa có chương trình nào", "danh mục cần bổ sung", figures)))
            continue
        where = {"chuong_trinh": programme.code}
        figures = [
            figure(count.people, **where),
            figure(count.one_step, **where, chi_thieu="1"),
            figure(-(-count.people // MOST_IN_A_CLASS)),
        ]
        assert programme.raises_to is not None
        beside = f"{programme.get_kind_display()} · {programme.raises_to.dimension}: {programme.raises_to}"
        rows.append(((0, -count.people, programme.title), Row(programme.title, beside, figures)))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


def _rows_by_dimension(counted: dict[Dimension, DimensionCount], figure: Figure) -> list[Row]:
    rows = []
    for dimension, count in sorted(counted.items(), key=lambda item: item[0].order):
        where = {"mat": dimension.code}
        figures = [
            figure(count.people, **where),
            figure(count.one_step, **where, chi_thieu="1"),
            figure(count.with_programme),
            figure(count.without_programme, **where, chuong_trinh=NO_PROGRAMME),
        ]
        rows.append(Row(dimension.name, "", figures))
    return rows


# ---------------------------------------------------------------- by name


@permission_needed("cadres.view_official")
@require_safe
def need_people(request: HttpRequest) -> HttpResponse:
    """The people who lack something, most urgent first, each with what closes it; as a page and as a file."""
    return people_page(
        request,
        _selection(request),
        of_need=(
            need_column(
                "con_thieu",
                "Còn thiếu",
                lambda need: need.dimension.name,
                lambda need: in_full(need.reason),
            ),
            need_column("", "Yêu cầu", lambda need: need.required.name),
            need_column("", "Hiện có", lambda need: need.held.name if need.held else ""),
            programme_column(lambda need: need.dimension.name),
            need_column("", "Học xong là đạt chuẩn", lambda need: "x" if need.closes_all else ""),
        ),
        title="Người cần đào tạo, bồi dưỡng",
        stem="nguoi-can-dao-tao",
        figures=reverse("courses:needs"),
        says="đứng trước: người chỉ còn thiếu một mặt, rồi chức danh chủ chốt",
        nobody="Không có ai thiếu tiêu chuẩn",
    )


# ---------------------------------------------------------------- shared


def _selection(request: HttpRequest) -> NeedSelection:
    user: User = account(request)
    return NeedSelection(request.GET, user=user, day=working_day(request), criterion=criterion_of(request))


def within_of(selection: NeedSelection) -> dict[str, str]:
    """The filters of the page that say whom it counts; its figures hand them on to the list."""
    return {name: value for name in COUNTED_BY if (value := selection.cleaned_data[name])}
