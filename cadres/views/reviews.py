"""Rà soát dữ liệu: what the checks find, by district and commune; the list of each, and what is set aside."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from cadres.access import communes_in_scope, fetch_or_404, visible_to, writable_by
from cadres.models import Appointment, Official, SetAside, User
from cadres.posts import POST_TOLD, with_post_on
from cadres.review import (
    BY_CODE,
    CHECKS,
    Check,
    Lens,
    Mend,
    Severity,
    end_set_aside,
    people_found_by,
    places_found_by,
    review,
    set_aside,
    set_aside_many,
)
from cadres.search import people_found
from cadres.text import fold
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import dated, kept
from cadres.web.cells import linked
from cadres.web.changes import change
from cadres.web.day import today_of, working_day
from cadres.web.fields import DayField
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way

ASIDE = "de_sang"  # the value of the button below a list of findings
TAGS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: ""}


class ReviewFilter(PlaceFilters):
    """Of which district and commune."""

    BAR = ("huyen", "xa")

    def __init__(self, query: QueryDict, *, user: User, day: Any) -> None:
        super().__init__(query, communes=communes_in_scope(user, day), day=day)


def _lens(request: HttpRequest, filters: ReviewFilter) -> Lens:
    return Lens.of(account(request), working_day(request), now=today_of(request), units=filters.units())


# ---------------------------------------------------------------- the counts


@permission_needed("cadres.view_setaside")
@require_safe
def review_page(request: HttpRequest) -> HttpResponse:
    """All checks with their counts, and the units in which anything is found."""
    filters = ReviewFilter(request.GET, user=account(request), day=working_day(request))
    lens = _lens(request, filters)
    found = review(lens)
    by_check, by_severity = found.by_check, found.by_severity
    lines = [(check, by_check[check.code], TAGS[check.severity]) for check in CHECKS]
    aside = visible_to(SetAside.objects.as_of(lens.day), account(request))
    return render(
        request,
        "cadres/review.html",
        {
            "title": "Rà soát dữ liệu",
            "filters": filters,
            "found": [line for line in lines if line[1]],
            "clean": [check for check, number, _ in lines if not number],
            "severities": [(severity, by_severity[severity], TAGS[severity]) for severity in Severity],
            "units": [] if filters.cleaned_data["xa"] else _units(found.counts, filters),
            "by_commune": _is_by_commune(filters),
            "has_data": lens.communes.exists(),
            "aside": aside.count(),
            "dated": dated(request),
        },
    )


@permission_needed("cadres.add_setaside")
@require_safe
def review_summary(request: HttpRequest) -> HttpResponse:
    """A part of the home page of who can mend, fetched by it: to count takes as long as the whole page."""
    lens = Lens.of(account(request), working_day(request), now=today_of(request))
    found = review(lens).by_severity
    shown = {
        "severities": [(severity, found[severity], TAGS[severity]) for severity in Severity],
        "total": sum(found.values()),
        "review": reverse("cadres:review") + dated(request),
    }
    return render(request, "cadres/review_summary.html", shown)


def _units(counts: Counter[tuple[str, int]], filters: ReviewFilter) -> list[dict[str, Any]]:
    """The districts, or the communes of one, each with how many findings of each severity; those without come too."""
    by_commune = _is_by_commune(filters)
    rows: dict[str, dict[str, Any]] = {}
    row_of: dict[int, dict[str, Any]] = {}
    chosen = filters.units(above=True)
    for commune in filters.communes:
        if chosen is None or commune["unit"] in chosen:
            code, name = ("code", "name") if by_commune else ("above_code", "above_name")
            row = {"name": commune[name], "huyen": commune["above_code"], "numbers": Counter()}
            row_of[commune["unit"]] = rows.setdefault(commune[code], row)
            if by_commune:
                row["xa"] = commune["code"]
    ended: dict[str, Any] = {"name": "Đơn vị đã kết thúc", "numbers": Counter()}
    for (check, unit), number in counts.items():
        row_of.get(unit, ended)["numbers"][BY_CODE[check].severity] += number
    shown = [*rows.values(), *([ended] if ended["numbers"] else [])]
    for row in shown:
        row["numbers"] = [row["numbers"][severity] for severity in Severity]
    return shown


def _is_by_commune(filters: ReviewFilter) -> bool:
    """Whether a district was chosen, or there is but one."""
    return len(filters.districts) < 2 or filters.units(above=True) is not None


# ---------------------------------------------------------------- the list of one check


def _check_or_404(code: str) -> Check:
    if code not in BY_CODE:
        raise Http404("Không có mục rà soát đó. Hãy chọn lại ở trang Rà soát dữ liệu.")
    return BY_CODE[code]


def _columns(request: HttpRequest, check: Check, lens: Lens) -> Columns:
    """The columns of the findings; `finding_list` puts `ways`, `may_set_aside`, `holders` on the rows of a page."""
    day = dated(request)

    def person(post: Any) -> SafeString:
        return linked("cadres:official-detail", post.official_id, post.official.full_name, day)

    def held(row: Any) -> Any:
        """Who holds the posts that a check of communes found, each with the ways to mend it; else what it tells."""
        told = (
            (person(post), holds, format_html_join("", '<br><a class="quiet" href="{1}">{0}</a>', ways))
            for post, holds, ways in row.holders
        )
        return format_html_join(mark_safe("<br>"), '{} <span class="quiet">{}</span>{}', told) or row.told

    def ways(row: Any) -> SafeString:
        links = [(to, label) for label, to in row.ways]
        if check.is_of_people and row.may_set_aside:
            to = reverse("cadres:review-aside-add", args=[check.code, row.official_id])
            links.append((to + day, "Để sang một bên"))
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', links) or mark_safe("–")

    of_person = (
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name, page=person),
        Column(
            "ngay_sinh",
            "Ngày sinh",
            ["official__birth_date"],
            cell=lambda row: str(row.official.birth or ""),
            page=lambda row: str(row.official.birth or "chưa rõ"),
        ),
        Column("chuc_danh", "Chức danh", ["position__order"], cell=lambda row: str(row.position)),
        Column("xa", "Xã", ["district_code", "commune_code"], cell=lambda row: row.commune_name),
        Column("huyen", "Đơn vị cấp trên", ["district_code"], cell=lambda row: row.district_name or ""),
        Column("noi_dung", "Nội dung", cell=lambda row: check.told(row, lens)),
    )
    of_place = (
        Column("xa", "Đơn vị cấp xã", key=lambda row: fold(row.commune_name), cell=lambda row: row.commune_name),
        Column("huyen", "Đơn vị cấp trên", key=lambda row: row.district_code, cell=lambda row: row.district_name),
        Column(
            "chuc_danh",
            "Chức danh",
            key=lambda row: row.position.order if row.position else 0,
            cell=lambda row: str(row.position or ""),
        ),
        Column("noi_dung", "Nội dung", cell=lambda row: row.told, page=held),
    )
    return Columns(
        request,
        [*(of_person if check.is_of_people else of_place), Column("xu_ly", "Xử lý", page=ways)],
        default=["district_code", "commune_code", "position__order", "official__name_order"],
        tie=("official__name_order", "pk"),
        may_choose=True,
        tick=(lambda row: (row.official_id, row.official.full_name)) if check.is_of_people else None,
    )


def _ticks_of(request: HttpRequest, check: Check) -> Ticks | None:
    """The people ticked among whom a check finds; None for who sets nothing aside, and for a check of communes."""
    may_set_aside = check.is_of_people and account(request).has_perm("cadres.add_setaside")
    return Ticks(request, f"findings-{check.code}") if may_set_aside else None


@permission_needed("cadres.view_setaside")
def finding_list(request: HttpRequest, code: str) -> HttpResponse:
    """Whom or what one check finds, each with the ways to mend it."""
    check, user = _check_or_404(code), account(request)
    filters = ReviewFilter(request.GET, user=user, day=working_day(request))
    lens = _lens(request, filters)
    columns, text = _columns(request, check, lens), filters.cleaned_data["q"]
    rows: Any
    if check.is_of_people:
        rows = people_found(people_found_by(check, lens), text).order_by(*columns.order)
    else:
        rows = columns.in_order(
            place for place in places_found_by(check, lens) if fold(text) in fold(f"{place.commune_name} {place.told}")
        )
    ticks = _ticks_of(request, check)
    if request.method not in ("GET", "HEAD"):
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        way = Way(reverse("cadres:review-aside-many", args=[code]) + kept(request))
        return ticks.answer(
            everything=lambda: rows.values_list("official_id", flat=True),
            acts={ASIDE: way},
            filters=filters.sent(),
        )
    if FILE in request.GET:
        notes = [*head_of_file(request, filters), check.why]
        return columns.file(request, rows, title=check.name.upper(), notes=notes, stem=f"ra-soat-{check.code}")
    page = shown_page(request, rows)
    mends = [mend for mend in check.mends if user.has_perm(mend.permission)]
    may_write = set(
        writable_by(Official.objects.all(), user, "cadres.add_setaside")
        .filter(pk__in=_people_of(check, page.object_list))
        .values_list("pk", flat=True)
    )
    if ticks is not None:
        ticks.show(row.official_id for row in page.object_list)
    for row in page.object_list:
        if check.is_of_people:
            row.ways = _ways(mends, row, request) if row.official_id in may_write else []
            row.may_set_aside = ticks is not None and row.official_id in may_write
        else:
            row.ways = _ways([mend for mend in mends if "official_id" not in mend.takes], row, request)
            of_holders = [mend for mend in mends if "official_id" in mend.takes]
            row.holders = [
                (post, _holds(post), _ways(of_holders, post, request) if post.official_id in may_write else [])
                for post in row.posts
            ]
    return render(
        request,
        "cadres/review_findings.html",
        {
            "title": check.name,
            "check": check,
            "severity_tag": TAGS[check.severity],
            "filters": filters,
            "page": page,
            "columns": columns,
            "heads": columns.heads(),
            "rows": list(page.object_list),
            "ticks": ticks,
            "found_on": f"vào ngày {ngay(lens.day)}",
            "dated": dated(request),
        },
    )


def _holds(post: Appointment) -> str:
    """Since when somebody holds a post, and how."""
    parts = (
        f"từ {ngay(post.known_start)}" if post.known_start else "",
        "" if post.is_primary else "kiêm nhiệm",
        f"cùng giữ vì: {post.shared_reason}" if post.shared_reason else "",
    )
    return ", ".join(filter(None, parts))


def _people_of(check: Check, rows: Sequence[Any]) -> list[int]:
    if check.is_of_people:
        return [row.official_id for row in rows]
    return [post.official_id for row in rows for post in row.posts]


def _ways(mends: Sequence[Mend], row: Any, request: HttpRequest) -> list[tuple[str, str]]:
    """The links to where a finding is mended, each with its words."""
    found = []
    for mend in mends:
        words = {mend.narrowed_by: row.commune_code} if mend.narrowed_by else {}
        address = reverse(mend.view, args=[getattr(row, name) for name in mend.takes])
        found.append((mend.label, address + (dated(request, **words) if mend.view.startswith("cadres:") else "")))
    return found


# ---------------------------------------------------------------- what is set aside


class SetAsideForm(forms.Form):
    """Why a check is not counted of a person, and until when."""

    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi lý do để sang một bên."},
    )
    end_date = DayField(label="Đến hết ngày", help_text="Sau ngày này mục được tính lại.")


@permission_needed("cadres.add_setaside")
def aside_add(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Set one check aside of one person, for a reason and a time."""
    check, user, day = _check_or_404(code), account(request), working_day(request)
    if not check.is_of_people:
        raise Http404("Mục này nói về xã, không để sang một bên cho một người được.")
    official = fetch_or_404(writable_by(Official.objects.all(), user, "cadres.add_setaside"), user, pk=pk)
    form = SetAsideForm(request.POST or None)

    def write() -> str:
        wanted = form.cleaned_data
        set_aside(check, official, until=wanted["end_date"], reason=wanted["reason"], day=day, by=user)
        return f"{official}: đã để “{check.name}” sang một bên đến hết ngày {ngay(wanted['end_date'])}."

    return change(
        request,
        form,
        write,
        template="cadres/official_change.html",
        title=f"Để sang một bên: {check.name}",
        action="Để sang một bên",
        lead="Mục này không tính người này nữa cho đến hết ngày ghi dưới đây; xem lại ở “Đã để sang một bên”.",
        back=reverse("cadres:review-findings", args=[code]) + dated(request),
        at_the_same_time="Vừa có người khác để mục này của người này sang một bên. Hãy xem lại danh sách.",
        official=official,
        dated=dated(request),
    )


@permission_needed("cadres.add_setaside")
def aside_many(request: HttpRequest, code: str) -> HttpResponse:
    """Set one check aside of the people ticked, for a reason and a time; one act."""
    check, user, day = _check_or_404(code), account(request), working_day(request)
    ticks = _ticks_of(request, check)
    if ticks is None:
        raise Http404("Mục này nói về xã, không để sang một bên cho một người được.")

    def plan() -> Plan:
        lens = Lens.of(user, day, now=today_of(request))
        people = Official.objects.filter(pk__in=ticks.numbers)
        own = set(writable_by(people, user, "cadres.add_setaside").values_list("pk", flat=True))
        found = people_found_by(check, lens).filter(official__in=ticks.numbers).order_by("official__name_order", "pk")
        lines = {}
        for row in found:
            beside = f"{row.position}, {row.commune_name}"
            why_not = "" if row.official_id in own else "Do đơn vị khác quản lý"
            lines[row.official_id] = Line(row.official_id, row.official.full_name, beside, why_not=why_not)
        return Plan(list(lines.values()))

    def write(shown: Plan, filled: Any) -> str:
        wanted, people = filled.cleaned_data, [int(str(line.key)) for line in shown.done]
        set_aside_many(check, people, until=wanted["end_date"], reason=wanted["reason"], day=day, by=user)
        ticks.clear()
        return f"Đã để “{check.name}” của {len(people)} người sang một bên đến hết ngày {ngay(wanted['end_date'])}."

    return act(
        request,
        plan,
        write,
        form=lambda shown: SetAsideForm(request.POST or None),
        title=f"Để sang một bên: {check.name}",
        verb="Để sang một bên của",
        back=reverse("cadres:review-findings", args=[code]) + kept(request),
    )


def _columns_of_asides(request: HttpRequest) -> Columns:
    day, may_end = dated(request), request.user.has_perm("cadres.change_setaside")

    def person(row: Any) -> SafeString:
        return linked("cadres:official-detail", row.official_id, row.official, day)

    def end(row: Any) -> SafeString:
        at = reverse("cadres:review-aside-end", args=[row.pk])
        return format_html('<a href="{}{}">Tính lại</a>', at, day) if may_end else mark_safe("–")

    columns = (
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row.official.full_name, page=person),
        Column("chuc_danh", "Chức danh", ["position_title"], cell=lambda row: row.position_title or ""),
        Column("xa", "Xã", ["commune_name"], cell=lambda row: row.commune_name or ""),
        Column("muc", "Mục", ["check_code"], cell=lambda row: row.name),
        Column("ly_do", "Lý do", cell=lambda row: row.reason),
        Column("den", "Đến hết ngày", ["end_date"], cell=lambda row: row.end_date),
        Column("ai", "Ai", ["made_by__full_name"], cell=lambda row: str(row.made_by or "dòng lệnh")),
        Column("xu_ly", "Xử lý", page=end),
    )
    return Columns(request, columns, default=["end_date"], tie=("official__name_order", "pk"), may_choose=True)


@permission_needed("cadres.view_setaside")
@require_safe
def aside_list(request: HttpRequest) -> HttpResponse:
    """What is set aside on the day, of whom, why and until when."""
    user, day = account(request), working_day(request)
    columns = _columns_of_asides(request)
    text = request.GET.get("q", "").strip()[:100]
    asides: QuerySet[Any] = people_found(visible_to(SetAside.objects.as_of(day), user), text)
    placed = with_post_on(asides, day).annotate(
        **{name: POST_TOLD[name] for name in ("position_title", "commune_name")}
    )
    rows = placed.select_related("official", "made_by").order_by(*columns.order)

    def told(found: Any) -> list[Any]:
        shown = list(found)
        for row in shown:
            check = BY_CODE.get(row.check_code)
            row.name = check.name if check else row.check_code
        return shown

    if FILE in request.GET:
        title = "CÁC MỤC RÀ SOÁT ĐỂ SANG MỘT BÊN"
        notes = [*head_of_file(request), *([f"Tìm: {text}."] if text else [])]
        return columns.file(request, told(rows), title=title, notes=notes, stem="de-sang-mot-ben")
    page = shown_page(request, rows)
    return render(
        request,
        "cadres/review_asides.html",
        {
            "title": "Đã để sang một bên",
            "page": page,
            "rows": told(page.object_list),
            "q": text,
            "columns": columns,
            "heads": columns.heads(),
            "dated": dated(request),
        },
    )


@permission_needed("cadres.change_setaside")
def aside_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the check again of the person, from the day looked at on."""
    user, day = account(request), working_day(request)
    row = fetch_or_404(SetAside.objects.as_of(day).select_related("official"), user, pk=pk)
    own = writable_by(Official.objects.all(), user, "cadres.change_setaside")
    official = fetch_or_404(own, user, pk=row.official_id)
    name = BY_CODE[row.check_code].name if row.check_code in BY_CODE else row.check_code

    def write() -> str:
        end_set_aside(row, day=day, by=user)
        return f"{official}: “{name}” được tính lại."

    return change(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        write,
        template="cadres/official_change.html",
        title=f"Tính lại: {name}",
        action="Tính lại",
        lead=f"Từ ngày {ngay(day)} mục này lại tính người này. Lý do đã ghi: {row.reason}",
        back=reverse("cadres:review-asides") + dated(request),
        at_the_same_time="Vừa có người khác tính lại mục này. Hãy xem lại danh sách.",
        official=official,
        dated=dated(request),
    )
