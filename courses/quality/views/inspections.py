"""Inspections on screen: the list, and one recorded or put right.

The words of the list's address: tinh_trang (mo: a remedy is asked for and has not come; qua_han), q, sap_xep, tep.
"""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404
from cadres.web.day import today_of, working_day
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.versions import to_be_changed
from courses.class_pages import change, class_of
from courses.models import Inspection, TrainingClass
from courses.quality.forms import InspectionForm
from courses.quality.inspections import inspections_visible_to, open_on, overdue_on, save_inspection

STATE, ALL, OPEN, OVERDUE = "tinh_trang", "", "mo", "qua_han"


def _subject(row: Inspection) -> str:
    return str(row.training_class or row.institution)


COLUMNS = (
    Column("ngay", "Ngày", ["on"], cell=lambda row: ngay(row.on)),
    Column("ai", "Lớp, cơ sở", ["training_class__code", "institution__name"], cell=_subject),
    Column("doan", "Đoàn kiểm tra", ["by_whom"], cell=lambda row: row.by_whom),
    Column("", "Nhận xét, tồn tại", cell=lambda row: row.finding),
    Column("", "Yêu cầu khắc phục", cell=lambda row: row.remedy),
    Column("han", "Hạn khắc phục", ["remedy_until"], cell=lambda row: ngay(row.remedy_until)),
    Column("xong", "Đã khắc phục", ["remedied_on"], cell=lambda row: ngay(row.remedied_on)),
)


@permission_needed("courses.view_inspection")
@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """What was found, the latest first; those whose remedy is due or late on tabs of their own."""
    everything, day = inspections_visible_to(account(request)), working_day(request)
    tabs = {
        ALL: ("Tất cả", everything),
        OPEN: ("Chưa khắc phục", open_on(everything, day)),
        OVERDUE: ("Quá hạn", overdue_on(everything, day)),
    }
    state, text = request.GET.get(STATE, ALL), " ".join(request.GET.get("q", "").split())[:100]
    if state not in tabs:
        raise BadRequest("Không có danh sách đó. Hãy chọn lại ở đầu trang.")
    columns = Columns(request, COLUMNS, default=["-on"], tie=("-pk",))
    found = tabs[state][1].select_related("training_class__programme", "institution").order_by(*columns.order)
    if text:
        named = Q(by_whom__icontains=text) | Q(finding__icontains=text) | Q(remedy__icontains=text)
        of_what = Q(training_class__code__icontains=text) | Q(institution__name__icontains=text)
        found = found.filter(named | of_what)
    if FILE in request.GET:
        notes = [f"{tabs[state][0]}, ngày {day:%d/%m/%Y}.", *([f"Tìm: {text}"] if text else [])]
        return columns.file(request, found, title="KIỂM TRA, GIÁM SÁT ĐÀO TẠO", notes=notes, stem="kiem-tra-giam-sat")
    page = shown_page(request, found)
    return render(
        request,
        "courses/quality/inspection_list.html",
        {
            "title": "Kiểm tra, giám sát",
            "tabs": [(word, label, rows.count()) for word, (label, rows) in tabs.items()],
            "state": state,
            "q": text,
            "heads": columns.heads(),
            "page": page,
            "day": day,
        },
    )


@permission_needed("courses.add_inspection")
def inspection_add(request: HttpRequest) -> HttpResponse:
    """Of an institution."""
    return _recorded(request, Inspection(), None)


@permission_needed("courses.add_inspection")
def class_inspection_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a class."""
    training_class = class_of(request, pk)
    return _recorded(request, Inspection(training_class=training_class), training_class)


@permission_needed("courses.change_inspection")
def inspection_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = to_be_changed(request, inspections_visible_to(account(request)))
    inspection = fetch_or_404(rows, account(request), pk=pk)
    return _recorded(request, inspection, None)


def _recorded(request: HttpRequest, inspection: Inspection, training_class: TrainingClass | None) -> HttpResponse:
    """The page of one inspection; of a new one the day is today."""
    is_new = inspection.pk is None
    initial: dict[str, Any] = {"on": today_of(request)} if is_new else {}
    form = InspectionForm(request.POST or None, instance=inspection, initial=initial)

    def write() -> str:
        save_inspection(inspection, **form.cleaned_data, by=account(request))
        return f"Đã ghi kiểm tra ngày {inspection.on:%d/%m/%Y}: {_subject(inspection)}."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title="Ghi kiểm tra, giám sát" if is_new else f"Sửa kiểm tra: {_subject(inspection)}",
        lead="Điều đoàn kiểm tra thấy, yêu cầu khắc phục và hạn; khi đã khắc phục thì ghi ngày.",
        action="Ghi",
        back=reverse("courses:inspection-list"),
    )
