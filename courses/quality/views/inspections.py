"""Inspections on screen: the list, and one recorded or put right.

The words of the list's address: tinh_trang (mo: a remedy is asked for and has not come; qua_han), q, sap_xep, cot, tep.
"""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404
from cadres.text import fold, holds
from cadres.web.cells import in_full, linked
from cadres.web.day import today_of, working_day
from cadres.web.filters import FilterForm
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.versions import to_be_changed
from courses.class_pages import change, class_of
from courses.models import Inspection, TrainingClass
from courses.quality.forms import InspectionForm
from courses.quality.inspections import inspections_visible_to, open_on, overdue_on, save_inspection

OPEN, OVERDUE = "mo", "qua_han"
OF_CLASS = ("training_class__code", "training_class__programme__title")
SEARCHED = ("by_whom", "finding", "remedy", *OF_CLASS, "institution__name")


class InspectionFilter(FilterForm):
    """The filters of the list; whether the remedy has come stands on tabs."""

    q = forms.CharField(label="Tìm lớp, cơ sở, đoàn hoặc nội dung (không cần dấu)", required=False, max_length=100)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[("", "Tất cả"), (OPEN, "Chưa khắc phục"), (OVERDUE, "Quá hạn")],
    )

    BESIDE = ("tinh_trang",)

    def inspections(self, everything: QuerySet[Inspection], day: date) -> QuerySet[Any]:
        """Of everything (a scope) what the filters mean on the day; `is_late`: whether the remedy is."""
        found = self.of_state(everything, day, self.cleaned_data["tinh_trang"])
        if words := fold(self.cleaned_data["q"]).split():
            told = found.values_list("pk", *SEARCHED)
            found = found.filter(pk__in=[key for key, *texts in told if holds(" ".join(filter(None, texts)), words)])
        is_late = Exists(overdue_on(Inspection.objects.filter(pk=OuterRef("pk")), day))
        return found.annotate(is_late=is_late).select_related("training_class__programme", "institution")

    @staticmethod
    def of_state(everything: QuerySet[Inspection], day: date, state: str) -> QuerySet[Inspection]:
        return {OPEN: open_on, OVERDUE: overdue_on}.get(state, lambda rows, _: rows)(everything, day)


def _subject(row: Inspection) -> str:
    return str(row.training_class or row.institution)


def _columns(request: HttpRequest) -> Columns:
    """The columns of the list, each as its page and its file say it."""
    may_change = request.user.has_perm("courses.change_inspection")

    def on(row: Inspection) -> SafeString | str:
        at = reverse("courses:inspection-edit", args=[row.pk])
        return format_html('<a href="{}">{}</a>', at, ngay(row.on)) if may_change else ngay(row.on)

    def subject(row: Inspection) -> SafeString | str:
        if not row.training_class:
            return _subject(row)
        return linked("courses:class-detail", row.training_class.pk, _subject(row))

    def until(row: Any) -> SafeString | str:
        told = ngay(row.remedy_until)
        return format_html('<span class="tag bad">{}</span>', told) if row.is_late else told

    def remedied(row: Inspection) -> SafeString | str:
        return format_html('<span class="tag good">{}</span>', ngay(row.remedied_on)) if row.remedied_on else ""

    columns = (
        Column("ngay", "Ngày", ["on"], cell=lambda row: row.on, page=on),
        Column("ai", "Lớp, cơ sở", ["training_class__code", "institution__name"], cell=_subject, page=subject),
        Column("doan", "Đoàn kiểm tra", ["by_whom"], cell=lambda row: row.by_whom),
        Column(
            "thay",
            "Nhận xét, tồn tại",
            ["finding"],
            cell=lambda row: row.finding,
            page=lambda row: in_full(row.finding),
            is_long=True,
        ),
        Column(
            "yeu_cau",
            "Yêu cầu khắc phục",
            ["remedy"],
            cell=lambda row: row.remedy,
            page=lambda row: in_full(row.remedy),
            is_long=True,
        ),
        Column("han", "Hạn khắc phục", ["remedy_until"], cell=lambda row: row.remedy_until, page=until),
        Column("xong", "Đã khắc phục", ["remedied_on"], cell=lambda row: row.remedied_on, page=remedied),
    )
    return Columns(request, columns, default=["-on"], tie=("-pk",), may_choose=True)


@permission_needed("courses.view_inspection")
@require_safe
def inspection_list(request: HttpRequest) -> HttpResponse:
    """What was found, the latest first; those whose remedy is due or late on tabs of their own."""
    everything, day = inspections_visible_to(account(request)), working_day(request)
    selection, columns = InspectionFilter(request.GET), _columns(request)
    found, states = selection.inspections(everything, day).order_by(*columns.order), selection.fields["tinh_trang"]
    state, labels = selection.cleaned_data["tinh_trang"], dict(states.choices)  # type: ignore[attr-defined]
    title = "Kiểm tra, giám sát"
    if FILE in request.GET:
        notes = [*head_of_file(request, selection), f"Tình trạng: {labels[state]}."]
        return columns.file(request, found, title="KIỂM TRA, GIÁM SÁT ĐÀO TẠO", notes=notes, stem="kiem-tra-giam-sat")
    page = shown_page(request, found)
    return render(
        request,
        "courses/quality/inspection_list.html",
        {
            "title": title,
            "tabs": [
                (word, label, selection.of_state(everything, day, word).count()) for word, label in labels.items()
            ],
            "state": state,
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
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
