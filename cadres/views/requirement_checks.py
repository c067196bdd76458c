"""The lines of the texts of standards: where each is written, and who has compared it with its text; ticked in bulk."""

from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cadres.models import Dimension, Requirement, Standard
from cadres.search import rows_found
from cadres.standards.checking import compared_on, lines_that_count, mark_checked, mark_unchecked
from cadres.standards.texts import lines_on
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import dated, kept
from cadres.web.day import working_day
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way

SEE, CHANGE = "cadres.view_standard", "cadres.change_standard"
DEED, MARK, UNMARK = "viec", "ghi", "bo"
CHECKED, UNCHECKED = "da", "chua"


def state_of(line: Requirement) -> str:
    """Whether the line is compared; who did that and when."""
    if line.checked_at is None:
        return "Chưa đối chiếu"
    return f"Đã đối chiếu ngày {ngay(line.checked_at)}" + (f", {line.checked_by}" if line.checked_by else "")


def asked(line: Requirement) -> str:
    relaxed = f" (mức giảm: {line.minimum_relaxed.name})" if line.minimum_relaxed_id != line.minimum_id else ""
    return f"{line.minimum.name}{relaxed}"


def _text_linked(line: Requirement) -> SafeString:
    at = reverse("cadres:standard-detail", args=[line.standard_id])
    return format_html('<a href="{}">{}</a>', at, line.standard.name)


def _tagged(line: Requirement) -> SafeString:
    if line.checked_at is None:
        return mark_safe('<span class="tag warn">Chưa đối chiếu</span>')
    by = ", ".join(filter(None, (ngay(line.checked_at), str(line.checked_by or ""))))
    return format_html('<span class="tag good">Đã đối chiếu</span><br><span class="quiet">{}</span>', by)


COLUMNS = (
    Column("chuc_danh", "Chức danh", ["position__order"], cell=lambda line: line.position.title),
    Column("mat", "Mặt tiêu chuẩn", ["dimension__order"], cell=lambda line: line.dimension.name),
    Column("muc", "Mức tối thiểu", cell=asked),
    Column(
        "van_ban",
        "Văn bản",
        ["standard__start_date", "standard"],
        cell=lambda line: line.standard.name,
        page=_text_linked,
    ),
    Column(
        "dieu",
        "Điều khoản",
        ["article"],
        cell=lambda line: line.article,
        page=lambda line: line.article or "chưa ghi",
    ),
    Column("nguon", "Nguồn", ["source"], cell=lambda line: line.source, page=lambda line: line.source or "chưa ghi"),
    Column("doi_chieu", "Đối chiếu", ["checked_at"], cell=state_of, page=_tagged),
)


class LinesFilter(FilterForm):
    """Which lines: of one text (else of all that apply on the day), compared or not, of one dimension."""

    q = forms.CharField(label="Tìm chức danh, điều khoản, nguồn (không cần dấu)", required=False, max_length=100)
    van_ban = forms.ChoiceField(label="Văn bản", required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[ALL, (UNCHECKED, "Chưa đối chiếu"), (CHECKED, "Đã đối chiếu")],
    )
    mat = forms.ChoiceField(label="Mặt tiêu chuẩn", required=False)

    BAR = ("van_ban", "tinh_trang", "mat")
    TOLD_ALONE = ("tinh_trang",)

    def offered(self) -> dict[str, Offered]:
        texts = Standard.objects.order_by("position_group", "start_date").values_list("code", "name")
        return {
            "van_ban": [("", "Mọi văn bản áp dụng ngày đang xem"), *texts],
            "mat": [ALL, *Dimension.objects.values_list("code", "name")],
        }


def _found(query: QueryDict, request: HttpRequest) -> tuple[LinesFilter, QuerySet[Requirement]]:
    filters, day = LinesFilter(query), working_day(request)
    wanted = filters.cleaned_data
    lines: QuerySet[Requirement]
    if wanted["van_ban"]:
        text = Standard.objects.get(code=wanted["van_ban"])
        lines = lines_on(text.nearest_day(day), [text])
    else:
        lines = _with_names(lines_that_count(day))
    if wanted["tinh_trang"]:
        lines = lines.filter(checked_at__isnull=wanted["tinh_trang"] == UNCHECKED)
    if wanted["q"]:
        lines = rows_found(lines, wanted["q"], ("position__title", "article", "source"))
    if wanted["mat"]:
        lines = lines.filter(dimension__code=wanted["mat"])
    return filters, lines


def _with_names(lines: QuerySet[Requirement]) -> QuerySet[Requirement]:
    return lines.select_related("position", "dimension", "minimum", "minimum_relaxed", "standard", "checked_by")


def _ticks_of(request: HttpRequest) -> Ticks:
    return Ticks(request, "requirements")


@permission_needed(SEE)
def requirement_list(request: HttpRequest) -> HttpResponse:
    """The lines, to be ticked by whoever may change the texts."""
    filters, lines = _found(request.GET, request)
    columns = Columns(
        request,
        COLUMNS,
        default=["standard__start_date", "standard", "position__order"],
        tie=TIE,
        may_choose=True,
        tick=lambda line: (line.pk, f"{line.position.title}, {line.dimension.name}"),
    )
    lines = lines.order_by(*columns.order)
    ticks = _ticks_of(request) if account(request).has_perm(CHANGE) else None
    if request.method == "POST":
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        there = reverse("cadres:requirement-check")
        ways = {deed: Way(there + kept(request, **{DEED: deed})) for deed in (MARK, UNMARK)}
        return ticks.answer(everything=lambda: lines.values_list("pk", flat=True), acts=ways, filters=filters.sent())
    if FILE in request.GET:
        notes = head_of_file(request, filters)
        return columns.file(
            request, lines, title="YÊU CẦU TIÊU CHUẨN VÀ VIỆC ĐỐI CHIẾU", notes=notes, stem="doi-chieu-tieu-chuan"
        )
    page = shown_page(request, lines)
    if ticks is not None:
        ticks.show(line.pk for line in page.object_list)
    return render(
        request,
        "cadres/standards/lines.html",
        {
            "title": "Đối chiếu tiêu chuẩn",
            "filters": filters,
            "without_any": reverse("cadres:requirement-list") + dated(request),
            "page": page,
            "rows": page.object_list,
            "ticks": ticks,
            "columns": columns,
            "heads": columns.heads(),
            "compared": compared_on(working_day(request)),
        },
    )


TIE = ("position__order", "dimension__order", "pk")


class CheckForm(forms.Form):
    """With what the lines were compared."""

    source = forms.CharField(
        label="Đã đối chiếu với",
        max_length=300,
        help_text="Bản đã đọc: Công báo số…, bản chính lưu tại…, địa chỉ trên Cơ sở dữ liệu quốc gia về văn bản.",
    )
    article = forms.CharField(
        label="Điều khoản",
        max_length=200,
        required=False,
        help_text="Ghi cho mọi dòng đã chọn, ví dụ: Điều 5 khoản 1. Để trống: giữ như đang ghi.",
    )


@permission_needed(CHANGE)
def requirement_check(request: HttpRequest) -> HttpResponse:
    """Of the lines ticked: they were compared with their text (`?viec=ghi`), or that is taken back (`?viec=bo`)."""
    deed, user = request.GET.get(DEED, MARK), account(request)
    if deed not in (MARK, UNMARK):
        raise BadRequest("Danh sách này không có việc đó. Hãy quay lại trang Đối chiếu tiêu chuẩn.")
    ticks, is_mark = _ticks_of(request), deed == MARK

    def plan() -> Plan:
        lines = _with_names(Requirement.objects.filter(pk__in=ticks.numbers)).order_by("standard", *TIE)
        return Plan([_line(line, is_mark=is_mark) for line in lines], of={line.pk: line for line in lines})

    def write(shown: Plan, filled: Any) -> str:
        lines = [shown.of[line.key] for line in shown.done]
        done = mark_checked(lines, **filled.cleaned_data, by=user) if is_mark else mark_unchecked(lines, by=user)
        ticks.clear()
        return f"Đã ghi {done} yêu cầu là đã đối chiếu." if is_mark else f"Đã bỏ đối chiếu của {done} yêu cầu."

    return act(
        request,
        plan,
        write,
        form=(lambda shown: CheckForm(request.POST or None)) if is_mark else None,
        title="Đã đối chiếu với nguyên văn" if is_mark else "Bỏ ghi đã đối chiếu",
        verb="Ghi đã đối chiếu" if is_mark else "Bỏ đối chiếu",
        what="yêu cầu",
        says="Phần mềm đang ghi",
        named="Yêu cầu",
        beside="Văn bản",
        back=reverse("cadres:requirement-list") + kept(request, **{DEED: None}),
        has_way_back=False,  # of law the log takes nothing back; the other button does
    )


def _line(line: Requirement, *, is_mark: bool) -> Line:
    told = "; ".join(part for part in (asked(line), line.article, line.source) if part)
    refused = "" if is_mark or line.checked_at else "Chưa được đối chiếu"
    return Line(line.pk, f"{line.position}: {line.dimension}", line.standard.name, told, why_not=refused)
