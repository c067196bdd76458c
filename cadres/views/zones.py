"""The zones of communes by period: what is recorded, and a decision's list with its effect before it is written."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.access import unit_versions_in_scope
from cadres.history import act as told
from cadres.models import NO_ZONE, Act, UnitVersion, UnitZone, Zone, ZonePeriod, zone_told
from cadres.periods import UNKNOWN_START
from cadres.text import thousands
from cadres.web.acts import offer_to_take_back
from cadres.web.day import today_of
from cadres.web.effects import Context, done_or_shown
from cadres.web.fields import DayField
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.zones import Line, Listed, UnreadableListError, counts_on, read, settle, write

LARGEST_FILE = 2 * 1024 * 1024  # bytes; the list of the whole country has a tenth
LINES = "danh_sach"  # the list as it was understood, carried from what was shown to what is done
NONE = "chua"  # in the address: the communes of which no zone is recorded
WRONG_SHOWN = 50
AT_THE_SAME_TIME = "Vừa có người khác sửa khu vực của các xã này. Hãy tải lại tệp rồi xem lại."


class ZoneListForm(forms.Form):
    """The list of a decision: the file at first, what was understood of it when it is sent again."""

    file = forms.FileField(
        label="Tệp danh sách (Excel, CSV)",
        required=False,
        help_text="Mỗi dòng một xã, có cột tên xã hoặc mã xã và cột khu vực; hoặc mỗi khu vực một mục, bên dưới là các "
        "xã. Xã trùng tên thì cần cột hoặc dòng tên đơn vị cấp trên.",
    )
    decision = forms.CharField(label="Quyết định", max_length=200, error_messages={"required": "Hãy ghi quyết định."})
    start = DayField(label="Áp dụng từ ngày", error_messages={"required": "Hãy ghi ngày bắt đầu áp dụng."})
    end = DayField(label="Đến hết ngày", required=False, help_text="Để trống: đến khi có danh sách sau.")
    is_whole = forms.BooleanField(
        label="Danh sách đầy đủ của tỉnh: xã không có tên là “Ngoài khu vực”",
        required=False,
        help_text="Bỏ đánh dấu nếu quyết định chỉ sửa vài xã: các xã khác giữ như đang ghi.",
    )
    danh_sach = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, period: ZonePeriod, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.lines: list[Line] = []

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        start, end = filled.get("start"), filled.get("end")
        if not start:
            return filled
        if not self.period.is_in_force(start):
            self.add_error("start", f"Ngày này không thuộc giai đoạn {self.period}.")
        elif end and end < start:
            self.add_error("end", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        elif file := filled.get("file"):
            self._read(file, start)
        elif kept := filled.get(LINES):
            self.lines = _understood(kept, start)
        else:
            self.add_error("file", "Hãy chọn tệp.")
        return filled

    def _read(self, file: Any, start: date) -> None:
        if file.size > LARGEST_FILE:
            self.add_error("file", "Tệp lớn hơn 2 MB: không phải là danh sách khu vực.")
            return
        try:
            self.lines, wrong = read(file.name, file.read(), start)
        except UnreadableListError as error:
            self.add_error("file", str(error))
            return
        if wrong:
            more = [f"… và {thousands(len(wrong) - WRONG_SHOWN)} dòng khác."] if len(wrong) > WRONG_SHOWN else []
            self.add_error("file", [*wrong[:WRONG_SHOWN], *more])
        elif not self.lines:
            self.add_error("file", "Tệp không có xã nào dưới dòng tên cột.")

    def settled(self) -> Listed:
        filled = self.cleaned_data
        return settle(
            self.lines, filled["start"], filled["end"], decision=filled["decision"], is_whole=filled["is_whole"]
        )


def _kept(lines: list[Line]) -> str:
    return " ".join(f"{line.code}:{int(line.zone)}" for line in lines)


def _understood(kept: str, day: date) -> list[Line]:
    """The lines that were shown; codes mean the communes of the day, and what is none of them is left out."""
    said = dict(pair.split(":", 1) for pair in kept.split() if ":" in pair)
    communes = UnitVersion.objects.as_of(day).communes().filter(code__in=said)
    valid = {str(int(zone)) for zone in Zone}
    return [
        Line(commune.unit_id, commune.code, commune.name, Zone(int(said[commune.code])), commune.code)
        for commune in communes.order_by("code")
        if said[commune.code] in valid
    ]


@permission_needed("cadres.view_unitzone")
@require_safe
def zone_list(request: HttpRequest) -> HttpResponse:
    """The periods, each with how many communes are in which zone."""
    today = today_of(request)
    rows = []
    for period in ZonePeriod.objects.order_by("-start_date"):
        day = period.nearest_day(today)
        counts = counts_on(day)
        in_zones = [(zone, counts[int(zone)]) for zone in Zone]
        row = {"period": period, "day": day, "counts": in_zones, "missing": counts[None], "all": sum(counts.values())}
        rows.append(row)
    context = {"title": "Khu vực của xã", "rows": rows, "zones": list(Zone), "no_zone": NO_ZONE}
    return render(request, "cadres/zones/list.html", context)


@permission_needed("cadres.view_unitzone")
def zone_period(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The communes of a period with their zones; a list is shown with all it changes, and written when sent again."""
    period = get_object_or_404(ZonePeriod, pk=pk)
    if request.method != "POST":
        return _page(request, period, _form(period))
    return _listed(request, period)


def _form(period: ZonePeriod) -> ZoneListForm:
    start = None if period.start_date == UNKNOWN_START else period.start_date
    initial = {"decision": period.decision, "start": start, "end": period.end_date, "is_whole": True}
    return ZoneListForm(period=period, initial=initial)


@permission_needed("cadres.change_unitzone")
def _listed(request: HttpRequest, period: ZonePeriod) -> HttpResponse:
    form = ZoneListForm(request.POST, request.FILES, period=period)
    if not form.is_valid():
        return _page(request, period, form)
    if form.cleaned_data["file"]:
        filled = request.POST.copy()
        filled[LINES] = _kept(form.lines)
        request.POST = QueryDict(filled.urlencode())  # what is shown is what is sent again
    listed = form.settled()

    def shown(more: Context | None = None) -> HttpResponse:
        again = ZoneListForm(request.POST, period=period)
        context = {"title": f"Danh sách khu vực {period}", "period": period, "form": again, "listed": listed}
        return render(request, "cadres/zones/listed.html", context | (more or {}))

    def done() -> HttpResponse:
        try:
            with transaction.atomic(), told(Act.Kind.BULK, title=f"Danh sách khu vực {period}", reason=listed.decision):
                written = write(listed, by=account(request))
                offer_to_take_back(request)
        except IntegrityError:
            form.add_error(None, AT_THE_SAME_TIME)
            return _page(request, period, form)
        messages.success(request, f"Đã ghi khu vực {period} của {thousands(written)} xã.")
        return redirect("cadres:zone-period", period.pk)

    return done_or_shown(request, done, shown, of=[change.was for change in listed.changes], at_once=False)


def _page(request: HttpRequest, period: ZonePeriod, form: ZoneListForm) -> HttpResponse:
    """The communes of the period on a day of it: today where it lies there."""
    day = period.nearest_day(today_of(request))
    communes = unit_versions_in_scope(account(request), "cadres.view_unitzone").as_of(day).communes()
    zones = {row.unit_id: row for row in UnitZone.objects.as_of(day)}
    wanted = request.GET.get("kv", "")
    rows = []
    counts: dict[str, int] = {**{str(int(zone)): 0 for zone in Zone}, NONE: 0}
    for commune in communes.with_above(day).order_by("code"):
        row = zones.get(commune.unit_id)
        key = NONE if row is None else str(row.zone)
        counts[key] += 1
        if wanted in ("", key):
            rows.append(
                {
                    "commune": commune,
                    "above": commune.above_name or "",
                    "zone": row,
                    "told": zone_told(row.zone if row else None),
                }
            )
    page = shown_page(request, rows)
    titles = {**{str(int(zone)): zone.in_full for zone in Zone}, NONE: NO_ZONE}
    return render(
        request,
        "cadres/zones/period.html",
        {
            "title": f"Khu vực của xã, giai đoạn {period}",
            "period": period,
            "day": day,
            "form": form,
            "page": page,
            "tabs": [("", "Tất cả", sum(counts.values())), *((key, titles[key], counts[key]) for key in titles)],
            "wanted": wanted,
            "back": reverse("cadres:zone-list"),
            "told_days": f"{ngay(period.known_start)} – {ngay(period.end_date)}",
        },
    )
