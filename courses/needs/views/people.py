"""The people who need to study something, a line each: one page and one file, whatever the needs come from.

The words of the address beside those of the selection: sap_xep, cot and tep (cadres.web.lists).
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cadres.asked_again import fetch
from cadres.models import Position
from cadres.web.addresses import dated, path_of_row
from cadres.web.cells import linked
from cadres.web.day import acting_day, somebody_counts
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.permissions import account
from cadres.web.tags import ngay
from courses.access import SEND
from courses.needs.openings import Opening, openings_for
from courses.needs.views.selection import NeedSelection

# A row of the page: a post and its needs, each with the open classes that close it; of the file: with one of them.
Row = tuple[Any, Sequence[tuple[Any, Sequence[Opening]]]]
ETHNIC_GROUP, OPEN_CLASSES = "dan_toc", "lop"
BY_PLACE = ("district_code", "commune_code", "position__order")


def people_page(
    request: HttpRequest,
    selection: NeedSelection,
    *,
    of_need: Sequence[Column],
    title: str,
    stem: str,
    **context: Any,
) -> HttpResponse:
    """The people of the selection, most urgent first. `of_need`: what is told of their needs (`need_column`)."""
    columns = _columns(request, selection, of_need)
    if FILE in request.GET:
        rows = _with_openings(request, selection.everybody(selection.posts(), columns.order), columns)
        return columns.file(
            request,
            [(post, [need]) for post, needs in rows for need in needs],
            title=f"DANH SÁCH {title.upper()}",
            notes=head_of_file(request, selection, is_judged=True),
            stem=f"{stem}-{selection.day}",
        )
    page, found = selection.page(request, columns.order)
    if found:
        somebody_counts(request)
    return render(
        request,
        "courses/needs/people.html",
        {
            "title": title,
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": _with_openings(request, found, columns),
            "dated": dated(request),
            **context,
        },
    )


def need_column(name: str, label: str, tell: Callable[[Any], Any], page: Callable[[Any], Any] | None = None) -> Column:
    """A column of `of_need`: in the file what `tell` says of the need of the row, in the table `page` of all of them.

    Without `page` it is in the file only, where the column before it is.
    """
    shown = None if page is None else lambda row: _in_one_line(page(need) for need, _ in row[1])
    return Column(
        name,
        label,
        cell=lambda row: tell(row[1][0][0]),
        page=shown,
        is_shown=page is not None,
        is_long=page is not None,
    )


def programme_column(what_for: Callable[[Any], str]) -> Column:
    """What closes a need, and how far the person is on the way. `what_for`: what is lacking."""

    def told(need: Any) -> SafeString:
        if not need.programme:
            return format_html('<span class="quiet">{}: chưa có chương trình</span>', what_for(need))
        parts = [format_html("{}", need.programme)]
        if need.others:
            parts.append(format_html('<span class="quiet">và {} chương trình khác</span>', len(need.others)))
        return mark_safe(" ".join([*parts, *_standing(need)]))

    return need_column("chuong_trinh", "Chương trình phù hợp", lambda need: str(need.programme or ""), told)


def _standing(need: Any) -> list[SafeString]:
    """How far somebody is on the way to closing a need, as tags."""
    parts = []
    if need.progress:
        parts.append(format_html('<span class="tag">{}</span>', need.progress))
    if getattr(need, "closes_all", False):
        parts.append(mark_safe('<span class="tag good">học xong là đạt</span>'))
    if need.study:
        at = reverse("courses:class-detail", args=[need.study.class_id])
        told = '<span class="tag warn">{}</span> <a href="{}">{}</a>, đến {}'
        parts.append(format_html(told, need.study.stage.label, at, need.study.class_code, ngay(need.study.end_date)))
    elif need.planned:
        parts.append(format_html('<span class="tag">dự kiến theo kế hoạch năm {}</span>', need.planned))
    return parts


def _in_one_line(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("; ", "{}", ((part,) for part in parts))


def _columns(request: HttpRequest, selection: NeedSelection, of_need: Sequence[Column]) -> Columns:
    to_person = dated(request)

    def person(row: Row) -> SafeString:
        return linked("cadres:official-detail", row[0].official_id, row[0].official.full_name, to_person)

    def is_key(row: Row) -> str:
        return "x" if row[0].position.subgroup == Position.Subgroup.KEY else ""

    def ways(row: Row) -> SafeString:
        """The open classes, each leading to the person in its list of candidates."""
        to_them = dated(request, q=row[0].official.full_name)
        links = (
            (
                path_of_row("courses:class-enrol", opening.training_class.pk) + to_them,
                opening,
                opening.training_class.code,
                opening.seats_told,
            )
            for _, openings in row[1]
            for opening in openings
        )
        return format_html_join("; ", '<a href="{}" title="Cử vào lớp {}">{}</a> <span class="quiet">{}</span>', links)

    has_several = len(selection.districts) > 1 and not selection.cleaned_data["huyen"]
    columns = [
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row[0].official.full_name, page=person),
        Column(
            "ngay_sinh",
            "Ngày sinh",
            ["official__birth_date"],
            cell=lambda row: str(row[0].official.birth or ""),
            is_usual=False,
        ),
        Column(
            ETHNIC_GROUP,
            "Dân tộc",
            ["official__ethnic_group__name"],
            cell=lambda row: str(row[0].official.ethnic_group or ""),
            is_usual=False,
        ),
        Column("chuc_danh", "Chức danh", ["position__order"], cell=lambda row: row[0].position.title),
        Column("chu_chot", "Chủ chốt", ["position__subgroup"], cell=is_key, is_usual=False),
        Column("xa", "Đơn vị", BY_PLACE, cell=lambda row: row[0].commune_name),
        Column(
            "huyen",
            selection.title_above(),
            BY_PLACE,
            cell=lambda row: row[0].district_name or "",
            is_usual=has_several,
        ),
        *of_need,
    ]
    if account(request).has_perm(SEND):
        columns.append(
            Column(
                OPEN_CLASSES,
                "Lớp đang mở",
                cell=lambda row: "; ".join(opening.training_class.code for opening in row[1][0][1]),
                page=ways,
                is_long=True,
            )
        )
    urgency = selection.urgency()
    return Columns(request, columns, default=urgency[:-2], tie=urgency[-2:], may_choose=True)


def _with_openings(request: HttpRequest, rows: list[tuple[Any, list[Any]]], columns: Columns) -> list[Row]:
    """The rows with the open classes, where these are told; and with what else is looked up for a column alone."""
    if ETHNIC_GROUP in columns.shows:
        fetch((post.official for post, _ in rows), "ethnic_group")
    needs = [need for _, found in rows for need in found]
    are_told = OPEN_CLASSES in columns.shows
    opened = iter(openings_for(needs, acting_day(request)) if are_told else ((need, ()) for need in needs))
    return [(post, [next(opened) for _ in found]) for post, found in rows]
