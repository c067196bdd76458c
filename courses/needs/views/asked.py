"""What a programme's target or a regulation asks people to study beside the standard: counted, and by name.

The words of the address are those of the needs by the standard (selection.py); and loai, what the need is about.
"""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment
from cadres.places import title_offered
from cadres.posts import primary_posts
from cadres.web.addresses import dated
from cadres.web.day import criterion_of, somebody_counts, working_day
from cadres.web.downloads import download_table
from cadres.web.filters import ALL, Offered
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from courses.modules import in_modules, progress_of
from courses.needs.asked import AskedCount, AskedNeed, Asking, Kind, asked_by, asked_overview, asking, urgency
from courses.needs.views.computed import (
    BY_TAB,
    GROUPING,
    NOT_KNOWN,
    Figure,
    Row,
    figure_of,
    list_at,
    names_of_groups,
    table_of,
    within_of,
)
from courses.needs.views.people import need_column, people_page, programme_column
from courses.needs.views.selection import NO_PROGRAMME, NeedSelection
from courses.seats import MOST_IN_A_CLASS
from courses.under_way import planned_studies, studies

TABS = {
    "loai": "Loại nhu cầu",
    "chuong_trinh": "Chương trình",
    "can_cu": "Văn bản",
    "huyen": "",  # what the units above communes are called on the day
    "xa": "Đơn vị cấp xã",
    "khu_vuc": "Khu vực",
    "chuc_danh": "Chức danh",
}


class AskedSelection(NeedSelection):
    """The filters of what is asked beside the standard, and the posts they mean."""

    mat = None  # type: ignore[assignment]  # the need is of no dimension of the standard
    chi_thieu = None  # type: ignore[assignment]
    loai = forms.ChoiceField(label="Loại nhu cầu", required=False)
    can_cu = forms.ChoiceField(label="Văn bản", required=False)

    BAR: tuple[str, ...] = ("huyen", "xa", "khu_vuc", "chuc_danh", "loai", "chuong_trinh", "dang_hoc")
    TOLD_ALONE: tuple[str, ...] = ("dang_hoc",)

    def offered(self) -> dict[str, Offered]:
        self.asking: Asking = asking(self.closing)
        named = (one.rule.programme for one in self.asking.rules)
        self.programmes |= {programme.code: programme for programme in named if programme}
        kinds = sorted({one.kind for one in self.asking.rules})
        offered = {name: choices for name, choices in super().offered().items() if name != "mat"}
        return offered | {
            "loai": [ALL, *((kind.code, kind.name) for kind in kinds)],
            "can_cu": [ALL, *((one.rule.code, str(one.rule)) for one in self.asking.rules)],
        }

    def of_unit(self, appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
        # Looked up once: what is asked, what was reached and what was completed would each find out whose they are.
        with planned_for_the_day():
            held = list(primary_posts(self.day, appointments).order_by().values_list("pk", flat=True))
        return Appointment.objects.filter(pk__among=sorted(held))

    def posts(self, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Any]:
        wanted = self.cleaned_data
        rules = [
            one
            for one in self.asking.rules
            if wanted["loai"] in ("", one.kind.code) and wanted["can_cu"] in ("", one.rule.code)
        ]
        where: dict[int, Q] = {}
        if wanted["chuong_trinh"]:
            where = {one.rule.pk: self.asking.best_is(one, self.programme) for one in rules}
        return self.asking.posts(
            self.appointments() if appointments is None else appointments,
            rules=rules,
            studying=self.is_of_students,
            where=where,
        )

    def urgency(self) -> list[Any]:
        return urgency()

    def rows(self, posts: list[Any]) -> list[tuple[Any, list[Any]]]:
        """The posts, in their order, each with what is asked."""
        people = [post.official_id for post in posts]
        found = self.asking.needs(
            posts,
            studied=studies(self.day, people) if self.is_of_students else {},
            planned=planned_studies(self.day, people),
            begun=progress_of(people, in_modules(self.programmes.values())),
        )
        of_post: dict[int, list[Any]] = {post.pk: [] for post in posts}
        for need in found:
            of_post[need.post.pk].append(need)
        return [(post, of_post[post.pk]) for post in posts]


@permission_needed("cadres.view_official")
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/needs/asked.html", _asked(request))


@permission_needed("cadres.view_official")
@require_safe
def asked_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The table of the page as a workbook or as comma-separated text. 404 for another type of file."""
    shown = _asked(request)
    table = table_of(request, shown, "NHU CẦU BỒI DƯỠNG THEO CHƯƠNG TRÌNH, QUY ĐỊNH, CHIA THEO")
    return download_table(request, table, f"nhu-cau-theo-quy-dinh-{working_day(request)}", file_type)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What page and file show. Raises BadRequest for an unknown grouping or filter."""
    by = request.GET.get(GROUPING, "loai")
    if by not in TABS:
        raise BadRequest(f"Không có cách chia “{by}”. Hãy chọn lại ở trang Nhu cầu.")
    selection = _selection(request)
    appointments = selection.appointments()
    within = within_of(selection)

    list_of = list_at("courses:asked-people", request, within)
    figure = figure_of(list_of)
    whole = asked_overview(selection.asking, appointments=appointments)
    kinds = sorted(whole.by_kind)
    if by in BY_TAB:
        columns = ["Người", *(kind.name for kind in kinds)]
        counted = asked_by(BY_TAB[by], selection.asking, appointments=appointments)
        rows = _rows_by_group(by, counted, kinds, selection, figure)
    else:
        columns = ["Người", f"Số lớp ({MOST_IN_A_CLASS} người)"]
        rows = [
            Row(name, beside, [figure(people, **where), (-(-people // MOST_IN_A_CLASS), "")])
            for name, beside, people, where in _told(by, whole)
        ]
    if whole.people:
        somebody_counts(request)
    return {
        "title": "Nhu cầu đào tạo, bồi dưỡng",
        "source": "rule",
        "by": by,
        "tabs": TABS | {"huyen": title_offered(selection.communes)},
        "selection": selection,
        "columns": columns,
        "rows": rows,
        "people": whole.people,
        "everybody": list_of(),
        "total_row": [],
        "dated": dated(request),
        "day": selection.day,
    }


def _told(by: str, whole: Any) -> list[tuple[str, str, int, dict[str, str]]]:
    """Name, what stands beside it, people and filter of each row, in order."""
    if by == "loai":
        return [(kind.name, "", whole.by_kind[kind], {"loai": kind.code}) for kind in sorted(whole.by_kind)]
    if by == "can_cu":
        return [
            (
                rule.document,
                ", ".join(filter(None, [rule.what, rule.who, rule.confidence])),
                n,
                {"can_cu": rule.code},
            )
            for rule, n in sorted(whole.by_rule.items(), key=lambda item: item[0].code)
        ]
    found = sorted(whole.by_programme.items(), key=lambda item: (item[0] is None, -item[1], str(item[0] or "")))
    return [
        (programme.title, programme.get_kind_display(), people, {"chuong_trinh": programme.code})
        if programme
        else ("Chưa có chương trình nào", "danh mục cần bổ sung", people, {"chuong_trinh": NO_PROGRAMME})
        for programme, people in found
    ]


def _rows_by_group(
    by: str, counted: dict[int | None, AskedCount], kinds: list[Kind], selection: AskedSelection, figure: Figure
) -> list[Row]:
    names = names_of_groups(by, list(counted), selection.day)
    rows = []
    for key, count in counted.items():
        code, name, beside, order = names.get(key, ("", NOT_KNOWN, "", (1,)))
        where = {by: code} if code else {}  # in no district: the list has no filter for them
        figures = [figure(count.people, **where)]
        figures += [
            figure(count.by_kind.get(kind.code, 0), **(where | {"loai": kind.code} if code else {})) for kind in kinds
        ]
        rows.append((order, Row(name, beside, figures)))
    return [row for _, row in sorted(rows, key=lambda item: item[0])]


# ---------------------------------------------------------------- by name


@permission_needed("cadres.view_official")
@require_safe
def asked_people(request: HttpRequest) -> HttpResponse:
    """The people who are asked something, each with the text that asks it and what closes it; page and file."""

    def told(need: AskedNeed) -> SafeString:
        sources = "; ".join(need.sources)
        due = ""
        if need.is_overdue:
            due = format_html(' <span class="tag bad">quá hạn {}</span>', ngay(need.due))
        elif need.due:
            due = format_html(' <span class="tag">hạn {}</span>', ngay(need.due))
        return format_html(
            '<span title="{0}: {1}">{0}: <span class="quiet">{1}</span></span>{2}', need.kind.name, sources, due
        )

    return people_page(
        request,
        _selection(request),
        of_need=(
            need_column("phai_hoc", "Phải học, theo văn bản", lambda need: need.kind.name, told),
            need_column("", "Căn cứ", lambda need: "; ".join(need.sources)),
            need_column("", "Hạn", lambda need: need.due),
            programme_column(lambda need: need.kind.name),
        ),
        title="Người cần học theo chương trình, quy định",
        stem="nguoi-can-hoc-theo-quy-dinh",
        figures=reverse("courses:asked"),
        says="đứng trước: người phải học nhiều thứ, rồi chức danh chủ chốt",
        nobody="Không có ai còn phải học theo chương trình, quy định",
    )


def _selection(request: HttpRequest) -> AskedSelection:
    return AskedSelection(request.GET, user=account(request), day=working_day(request), criterion=criterion_of(request))
