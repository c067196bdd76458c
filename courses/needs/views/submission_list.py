"""What units said in all campaigns, on one list.

The words of its address: q (name of the unit, without diacritics), tinh_trang (state), nam (year of the plan), can_lam
(what is to be done: courses/needs/to_do.py), sap_xep, cot and tep (cadres.web.lists).
"""

from datetime import date
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.models import UnitVersion, User
from cadres.text import fold, holds
from cadres.web.addresses import dated
from cadres.web.cells import in_full
from cadres.web.day import working_day
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import days_left, luc
from cadres.web.to_do import ToDoFilter
from courses.access import submissions_visible_to
from courses.models import DistrictSubmission
from courses.needs.campaigns import WRITABLE
from courses.needs.to_do import SUBMISSIONS
from courses.needs.views.campaigns import TAGS, VIEW

State = DistrictSubmission.State


class SubmissionSelection(ToDoFilter):
    """The filters of the list."""

    q = forms.CharField(label="Tìm theo tên đơn vị (không cần dấu)", required=False, max_length=100)
    nam = forms.ChoiceField(label="Kế hoạch năm", required=False)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[ALL, *State.choices])

    BAR = ("nam", "tinh_trang")
    TO_DO = SUBMISSIONS

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user, self.day = user, day
        self.visible = submissions_visible_to(user)
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        years = self.visible.order_by("-campaign__year").values_list("campaign__year", flat=True).distinct()
        return {**super().offered(), "nam": [ALL, *((str(year), str(year)) for year in years)]}

    def submissions(self) -> QuerySet[Any]:
        """Those selected, each with `district_name`: what its unit is called on the day, else was last."""
        wanted = self.cleaned_data
        named = UnitVersion.objects.latest_by(self.day).filter(unit=OuterRef("district"))
        found = self.waiting(self.visible, self.user, self.day).annotate(district_name=Subquery(named.values("name")))
        if wanted["nam"]:
            found = found.filter(campaign__year=wanted["nam"])
        if wanted["tinh_trang"]:
            found = found.filter(state=wanted["tinh_trang"])
        if words := fold(wanted["q"]).split():
            names = found.values_list("pk", "district_name")
            found = found.filter(pk__in=[pk for pk, name in names if holds(name or "", words)])
        return found.select_related("campaign")


def _columns(request: HttpRequest, day: date) -> Columns:
    """The columns of the list, each as its page and its file say it."""

    def unit(row: Any) -> SafeString:
        at = reverse("courses:submission", args=[row.campaign_id, row.pk]) + dated(request)
        return format_html('<a href="{}">{}</a>', at, row.district_name or "")

    def campaign(row: Any) -> SafeString:
        at = reverse("courses:campaign-detail", args=[row.campaign_id]) + dated(request)
        return format_html('<a href="{}">{}</a>', at, row.campaign.title)

    def tagged(row: Any) -> SafeString:
        return format_html('<span class="tag {}">{}</span>', TAGS.get(State(row.state), ""), row.get_state_display())

    def left(row: Any) -> SafeString | str:
        return days_left((row.deadline - day).days) if row.state in WRITABLE else ""

    columns = (
        Column("don_vi", "Đơn vị", ["district_name"], cell=lambda row: row.district_name or "", page=unit),
        Column(
            "dot", "Đợt", ["campaign__year", "campaign__opens_on"], cell=lambda row: row.campaign.title, page=campaign
        ),
        Column("nam", "Năm", ["campaign__year"], cell=lambda row: row.campaign.year, is_usual=False),
        Column("tinh_trang", "Tình trạng", ["state"], cell=lambda row: row.get_state_display(), page=tagged),
        Column("han", "Hạn của đơn vị", ["deadline"], cell=lambda row: row.deadline),
        Column("con", "Còn", ["deadline"], page=left),
        Column("gui", "Gửi lúc", ["submitted_at"], cell=lambda row: luc(row.submitted_at)),
        Column(
            "y_kien",
            "Ý kiến của Sở",
            ["note"],
            cell=lambda row: row.note,
            page=lambda row: in_full(row.note),
            is_long=True,
        ),
    )
    default = ("-campaign__year", "deadline")
    return Columns(request, columns, default=default, tie=("district_name", "pk"), may_choose=True)


@permission_needed(VIEW)
@require_safe
def submission_list(request: HttpRequest) -> HttpResponse:
    """The submissions of every campaign that the account sees, the nearest deadline first."""
    user, day = account(request), working_day(request)
    selection = SubmissionSelection(request.GET, user=user, day=day)
    columns = _columns(request, day)
    found = selection.submissions().order_by(*columns.order)
    if FILE in request.GET:
        notes = head_of_file(request, selection)
        return columns.file(request, found, title="BẢN ĐĂNG KÝ NHU CẦU", notes=notes, stem="ban-dang-ky-nhu-cau")
    page = shown_page(request, found)
    return render(
        request,
        "courses/needs/submission_list.html",
        {
            "title": "Bản đăng ký nhu cầu của các đơn vị",
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
            "dated": dated(request),
        },
    )
