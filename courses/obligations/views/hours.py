"""The 40 tiết of a year: who has not had them, how many by district or commune, and the list as a file."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, communes_in_scope, names_of_scope, units_given
from cadres.models import Appointment, User
from cadres.search import people_found
from cadres.web.day import working_day
from cadres.web.downloads import download_table
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tables import Table
from courses.obligations.hours import by_unit, regulation_of, yearly_hours

SHORT, NONE, REACHED, EVERYBODY = "", "khong", "du", "moi"


class HoursFilter(PlaceFilters):
    """The filters above the list: what it offers is what the account may see on the day."""

    ket_qua = forms.ChoiceField(
        label="Số tiết trong năm",
        required=False,
        choices=[(SHORT, "Chưa đủ"), (NONE, "Chưa học tiết nào"), (REACHED, "Đã đủ"), (EVERYBODY, "Tất cả")],
    )

    BAR = ("huyen", "xa", "ket_qua")

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        super().__init__(query, communes=communes_in_scope(user, day), day=day)


class _Hours:
    """The people of the page and of the file, by the address."""

    def __init__(self, request: HttpRequest) -> None:
        user, self.day = account(request), working_day(request)
        self.year = self.day.year
        self.regulation = regulation_of(self.year)
        self.minimum = self.regulation.yearly_hours if self.regulation else 0
        self.filters = HoursFilter(request.GET, user=user, day=self.day)
        self.wanted = self.filters.cleaned_data
        scope = None if units_given(user) is None else appointments_visible_to(user, self.day)
        posts: QuerySet[Any] = yearly_hours(self.year, day=self.day, appointments=scope)
        if (units := self.filters.units(above=True)) is not None:
            posts = posts.filter(unit__in=units)
        self.posts = posts
        self.by_commune = units is not None or len(self.filters.districts) == 1

    def listed(self) -> QuerySet[Any]:
        posts: QuerySet[Any] = people_found(self.posts, self.wanted["q"])
        if self.wanted["xa"]:
            posts = posts.filter(commune_code=self.wanted["xa"])
        match self.wanted["ket_qua"]:
            case "":
                posts = posts.filter(hours__lt=self.minimum)
            case "khong":
                posts = posts.filter(hours=0)
            case "du":
                posts = posts.filter(hours__gte=self.minimum)
        order = ("district_code", "commune_code", "position__order", "official__name_order", "official_id")
        return posts.order_by(*order)

    def of_page(self, keys: list[int]) -> list[Any]:
        """The posts of the keys, in their order; only their own classes are summed up again."""
        posts = yearly_hours(self.year, day=self.day, appointments=Appointment.objects.filter(pk__in=keys))
        by_key = {post.pk: post for post in posts.select_related("official", "position")}
        return [by_key[key] for key in keys]


@permission_needed("cadres.view_official")
@require_safe
def yearly_hours_list(request: HttpRequest) -> HttpResponse:
    """Who has not had the tiết of the year, and how many by district or commune."""
    hours = _Hours(request)
    # Everybody's classes are summed up once for count and page together.
    page = shown_page(request, list(hours.listed().values_list("pk", flat=True)))
    posts = hours.of_page(page.object_list)
    for post in posts:
        post.lacking = max(hours.minimum - post.hours, 0)
    units = by_unit(hours.posts, hours.minimum, communes=hours.by_commune)
    return render(
        request,
        "courses/obligations/hours_list.html",
        {
            "title": f"{hours.minimum or 40} tiết trong năm {hours.year}",
            "page": page,
            "posts": posts,
            "filters": hours.filters,
            "is_filtered": any(hours.wanted.values()),
            "regulation": hours.regulation,
            "minimum": hours.minimum,
            "year": hours.year,
            "day": hours.day,
            "units": units,
            "by_commune": hours.by_commune,
            "people": sum(unit.people for unit in units),
            "reached": sum(unit.reached for unit in units),
            "short": sum(unit.short for unit in units),
        },
    )


@permission_needed("cadres.view_official")
@require_safe
def yearly_hours_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The people that the list shows, as a workbook or as comma-separated text. 404 for another type of file."""
    hours = _Hours(request)
    people = hours.listed().select_related("official", "position")
    scope = names_of_scope(account(request), hours.day) or ["toàn tỉnh"]
    shown = dict(hours.filters.fields["ket_qua"].choices)[hours.wanted["ket_qua"]]  # type: ignore[attr-defined]
    table = Table(
        title=f"SỐ TIẾT ĐÀO TẠO, BỒI DƯỠNG TRONG NĂM {hours.year}",
        notes=[
            f"Người giữ chức danh ngày {hours.day:%d/%m/%Y}. Phạm vi: {', '.join(scope)}. Danh sách: {shown.lower()}.",
            f"Tối thiểu {hours.minimum} tiết một năm theo {hours.regulation}."
            if hours.regulation
            else "Chưa có văn bản quy định số tiết tối thiểu của năm này.",
        ],
        columns=[
            "STT",
            "Họ và tên",
            "Ngày sinh",
            "Chức danh",
            "Xã",
            "Đơn vị cấp trên",
            "Số lớp",
            "Số tiết",
            "Còn thiếu",
        ],
        rows=[
            [
                number,
                post.official.full_name,
                str(post.official.birth or ""),
                post.position.title,
                post.commune_name,
                post.district_name or "",
                post.turns,
                post.hours,
                max(hours.minimum - post.hours, 0),
            ]
            for number, post in enumerate(people.iterator(), start=1)
        ],
    )
    return download_table(table, f"so-tiet-{hours.year}", file_type)
