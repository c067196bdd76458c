"""What units said in all campaigns, on one list.

The words of its address: q (name of the unit, without diacritics), tinh_trang (state), nam (year of the plan), can_lam
(what is to be done: courses/needs/to_do.py), sap_xep and tep (cadres.web.lists).
"""

from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.models import UnitVersion, User
from cadres.text import fold, holds
from cadres.web.addresses import dated
from cadres.web.day import working_day
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import luc, ngay
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

    def __init__(self, query: QueryDict, *, user: User, day: Any) -> None:
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


COLUMNS = (
    Column("don_vi", "Đơn vị", ["district_name"], cell=lambda row: row.district_name or ""),
    Column("dot", "Đợt", ["campaign__year", "campaign__opens_on"], cell=lambda row: row.campaign.title),
    Column("tinh_trang", "Tình trạng", ["state"], cell=lambda row: row.get_state_display()),
    Column("han", "Hạn của đơn vị", ["deadline"], cell=lambda row: ngay(row.deadline)),
    Column("gui", "Gửi lúc", ["submitted_at"], cell=lambda row: luc(row.submitted_at)),
    Column("y_kien", "Ý kiến của Sở", cell=lambda row: row.note),
)


@permission_needed(VIEW)
@require_safe
def submission_list(request: HttpRequest) -> HttpResponse:
    """The submissions of every campaign that the account sees, the nearest deadline first."""
    user, day = account(request), working_day(request)
    selection = SubmissionSelection(request.GET, user=user, day=day)
    columns = Columns(request, COLUMNS, default=("-campaign__year", "deadline"), tie=("district_name", "pk"))
    found = selection.submissions().order_by(*columns.order)
    if FILE in request.GET:
        notes = [f"Ngày {ngay(day)}.", *(text for text, _ in selection.chips())]
        return columns.file(request, found, title="BẢN ĐĂNG KÝ NHU CẦU", notes=notes, stem="ban-dang-ky-nhu-cau")
    page = shown_page(request, found)
    rows = list(page.object_list)
    for row in rows:
        row.tag = TAGS.get(State(row.state), "")
        row.days_left = (row.deadline - day).days if row.state in WRITABLE else None
    return render(
        request,
        "courses/needs/submission_list.html",
        {
            "title": "Bản đăng ký nhu cầu của các đơn vị",
            "selection": selection,
            "heads": columns.heads(),
            "page": page,
            "rows": rows,
            "dated": dated(request),
        },
    )
