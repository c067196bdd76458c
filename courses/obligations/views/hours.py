"""The 40 tiết of a year: who has not had them, how many by district or commune, and the list as a file."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.access import appointments_visible_to, communes_in_scope, units_given
from cadres.models import Appointment, User
from cadres.search import people_found
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import dated, kept
from cadres.web.cells import linked
from cadres.web.day import somebody_counts, working_day
from cadres.web.lists import FILE, Column, Columns, as_they_come, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import ngay, so
from cadres.web.ticks import Ticks, Way
from courses.access import year_measures_visible_to
from courses.models import YearMeasure
from courses.obligations.forms import MeasureForm
from courses.obligations.hours import by_unit, regulation_of, yearly_hours
from courses.obligations.measures import record_year_measures

BY_PLACE = ("district_code", "commune_code", "position__order", "official__name_order", "official_id")
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

    def listed(self, order: Sequence[Any] = BY_PLACE) -> QuerySet[Any]:
        """Those whom the filters mean."""
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
        return posts.order_by(*order)

    def of_page(self, keys: list[int]) -> list[Any]:
        """The posts of the keys, in their order; only their own classes are summed up again."""
        posts = yearly_hours(self.year, day=self.day, appointments=Appointment.objects.filter(pk__in=keys))
        by_key = {post.pk: post for post in posts.select_related("official", "position")}
        return [by_key[key] for key in keys]


def _columns(request: HttpRequest, hours: _Hours) -> Columns:
    """The columns of the list, each as its page and its file say it; a row has its `year_measures`."""
    to_person = dated(request)

    def person(post: Any) -> SafeString:
        return linked("cadres:official-detail", post.official_id, post.official.full_name, to_person)

    def lacking(post: Any) -> int:
        return int(max(hours.minimum - post.hours, 0))

    def lacking_tagged(post: Any) -> SafeString:
        """How many, and what has been decided about it."""
        told = format_html(' <span class="tag bad">{}</span>', answered(post)) if post.year_measures else ""
        if not (short := lacking(post)):
            return format_html('<span class="tag good">Đủ</span>{}', told)
        return format_html('<span class="tag {}">{}</span>{}', "warn" if post.hours else "bad", so(short), told)

    def answered(post: Any) -> str:
        return "; ".join(measure.get_kind_display() for measure in post.year_measures)

    above = hours.filters.title_above()
    columns = [
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda post: post.official.full_name, page=person),
        Column(
            "ngay_sinh",
            "Ngày sinh",
            ["official__birth_date"],
            cell=lambda post: str(post.official.birth or ""),
            is_usual=False,
        ),
        Column("chuc_danh", "Chức danh", ["position__order"], cell=lambda post: post.position.title),
        Column("xa", "Đơn vị", ["district_code", "commune_code"], cell=lambda post: post.commune_name),
        Column(
            "huyen",
            above,
            ["district_code", "commune_code"],
            cell=lambda post: post.district_name or "",
            is_usual=False,
        ),
        Column("so_lop", "Số lớp", ["turns"], cell=lambda post: post.turns, is_number=True),
        Column("so_tiet", "Số tiết", ["hours"], cell=lambda post: post.hours, is_number=True),
        Column("con_thieu", "Còn thiếu", ["-hours"], cell=lacking, page=lacking_tagged, is_number=True),
    ]
    if account(request).has_perm("courses.view_yearmeasure"):
        columns.append(Column("xu_ly", "Đã xử lý", cell=answered, is_usual=False))
    return Columns(
        request,
        columns,
        default=BY_PLACE[:2],
        tie=BY_PLACE[2:],
        may_choose=True,
        tick=lambda post: (post.official_id, post.official.full_name),
    )


def _ticks_of(request: HttpRequest, year: int) -> Ticks:
    """Who is ticked in the list of a year: keys of officials."""
    return Ticks(request, f"hours-{year}")


@permission_needed("cadres.view_official")
def yearly_hours_list(request: HttpRequest) -> HttpResponse:
    """Who has not had the tiết of the year, to be ticked, and how many by district or commune."""
    hours, user = _Hours(request), account(request)
    ticks = _ticks_of(request, hours.year) if user.has_perm("courses.add_yearmeasure") and hours.minimum else None
    if request.method == "POST":
        if ticks is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        return ticks.answer(
            everything=lambda: hours.listed().values_list("official", flat=True),
            acts={"ghi": Way(reverse("courses:year-measure-record") + kept(request))},
            filters=hours.filters.sent(),
        )
    columns = _columns(request, hours)
    says = f"giữ chức danh ngày {ngay(hours.day)}"
    if hours.regulation:
        says += f"; tối thiểu {hours.minimum} tiết một năm"
    if FILE in request.GET:
        shown = dict(hours.filters.fields["ket_qua"].choices)[hours.wanted["ket_qua"]]  # type: ignore[attr-defined]
        by_law = f"Theo {hours.regulation}." if hours.regulation else "Chưa có văn bản quy định số tiết tối thiểu."
        people = as_they_come(hours.listed(columns.order).select_related("official", "position"))
        return columns.file(
            request,
            _answered(people, _measures_of(user, hours.year)),
            title=f"SỐ TIẾT ĐÀO TẠO, BỒI DƯỠNG TRONG NĂM {hours.year}",
            notes=[*head_of_file(request, hours.filters), f"Danh sách: {shown.lower()}; {says}. {by_law}"],
            stem=f"so-tiet-{hours.year}",
        )
    # Everybody's classes are summed up once for count and page together.
    page = shown_page(request, list(hours.listed(columns.order).values_list("pk", flat=True)))
    posts = hours.of_page(page.object_list)
    keys = [post.official_id for post in posts]
    rows = list(_answered(posts, _measures_of(user, hours.year, keys)))
    if ticks is not None:
        ticks.show(keys)
    units = by_unit(hours.posts, hours.minimum, communes=hours.by_commune)
    if units:
        somebody_counts(request)
    return render(
        request,
        "courses/obligations/hours_list.html",
        {
            "title": f"{hours.minimum or 40} tiết trong năm {hours.year}",
            "page": page,
            "rows": rows,
            "columns": columns,
            "heads": columns.heads(),
            "says": says,
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
            "ticks": ticks,
        },
    )


def _measures_of(user: User, year: int, officials: Collection[int] | None = None) -> dict[int, list[YearMeasure]]:
    """Official (key) → what was decided about the tiết of the year, of these people or all; as the account sees it."""
    found: dict[int, list[YearMeasure]] = {}
    if user.has_perm("courses.view_yearmeasure"):
        measures = year_measures_visible_to(user).filter(year=year)
        for measure in measures if officials is None else measures.filter(official__in=officials):
            found.setdefault(measure.official_id, []).append(measure)
    return found


def _answered(posts: Iterable[Any], measures: dict[int, list[YearMeasure]]) -> Iterator[Any]:
    """The posts, each with `year_measures`."""
    for post in posts:
        post.year_measures = measures.get(post.official_id, [])
        yield post


@permission_needed("courses.add_yearmeasure")
def year_measure_record(request: HttpRequest) -> HttpResponse:
    """One decision about those ticked who have too few tiết of the year: whom it will name; a POST records it."""
    hours, user = _Hours(request), account(request)
    ticks = _ticks_of(request, hours.year)

    def plan() -> Plan:
        own = appointments_visible_to(user, hours.day).filter(official__in=ticks.numbers)
        posts = yearly_hours(hours.year, day=hours.day, appointments=own).select_related("official", "position")
        lines = [_line(post, hours.minimum) for post in posts.order_by("official__name_order", "official_id")]
        return Plan(lines, of={post.official_id: post for post in posts})

    def write(shown: Plan, filled: Any) -> str:
        chosen = [shown.of[line.key] for line in shown.done]
        done = record_year_measures(chosen, year=hours.year, least=hours.minimum, **filled.cleaned_data, by=user)
        ticks.clear()
        return f"Đã ghi “{done[0].get_kind_display()}” của {len(done)} người."

    initial = {"on": hours.day, "reason": f"Chưa đủ {hours.minimum} tiết năm {hours.year}"}
    return act(
        request,
        plan,
        write,
        form=lambda shown: MeasureForm(request.POST or None, initial=initial),
        title=f"Xử lý người chưa đủ số tiết năm {hours.year}",
        verb="Ghi xử lý",
        says="Số tiết",
        back=reverse("courses:yearly-hours") + kept(request),
    )


def _line(post: Any, least: int) -> Line:
    place = ", ".join(part for part in (post.position.title, post.commune_name, post.district_name) if part)
    why_not = f"Đã đủ {least} tiết" if post.hours >= least else ""
    told = f"{post.hours} / {least} tiết, {post.turns} lớp"
    return Line(post.official_id, post.official.full_name, place, told, why_not=why_not)
