"""The forecast on screen and as a file, and the people behind each of its steps.

The words of the address: so_nam (how many years), huyen (the unit within which), theo (how the table is divided),
du_thao (plans in the making count too), het_nhiem_ky (whose term ends leaves), cho_trong (seats that
nobody is named for go to who lacks them); of the list of people nam (the year-end), buoc (the step), sap_xep, tep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, names_of_scope, units_given
from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook, Verdict
from cadres.kept_plans import planned_for_the_day
from cadres.models import Appointment, Criterion, Official, Position, Standard, UnitVersion
from cadres.posts import year_ends_with_data
from cadres.rate import percent_of
from cadres.web.addresses import dated, query_string
from cadres.web.cells import in_full, linked
from cadres.web.day import CRITERION, DAY, criterion_of, somebody_counts, today_of, working_day
from cadres.web.downloads import download_table
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.paper import notes_over, scope_told
from cadres.web.permissions import account, permission_needed
from cadres.web.tables import Cell, Table
from reports.charts import LineChart, Point, line_chart
from reports.forecast.computing import (
    MOST_YEARS,
    Choices,
    Forecast,
    Move,
    Notice,
    Step,
    Taken,
    YearEnd,
    forecast,
    year_ends_after,
)
from reports.forecast.passing import FEWEST_TURNS, FEWEST_YEARS, YEARS_LOOKED_AT
from reports.forecast.units import OF, by_unit
from reports.trends import rates_on
from reports.views.rates import GROUPING, district_asked_for, districts_visible, titles_on, units_in_district

YEARS, DRAFTS, TERMS_END, FILLS_SEATS = "so_nam", "du_thao", "het_nhiem_ky", "cho_trong"
YEAR, STEP = "nam", "buoc"
YEARS_AHEAD, YEARS_BEFORE = 3, 3
EARNED, EARNED_LABEL = "earned", "Chỉ đạt nếu học xong"  # of `?buoc=`, beside the steps and the notices
IN_NO_TOTAL = "không trong tổng số"


@dataclass(frozen=True)
class Asked:
    """What an address asks for, and the forecast that it comes to."""

    day: date
    criterion: Criterion
    years: int
    choices: Choices
    districts: Sequence[Any]
    district: Any
    found: Forecast
    rulebook: Rulebook
    in_scope: Callable[[date], QuerySet[Appointment]]


def _asked(request: HttpRequest, *, years: int | None = None) -> Asked:
    """Read the address and compute. Raises BadRequest for what cannot be looked ahead, and a district out of scope."""
    user = account(request)
    day, criterion, rulebook = working_day(request), criterion_of(request), Rulebook.load()
    wanted = years or _number(request, YEARS, YEARS_AHEAD)
    if not 1 <= wanted <= MOST_YEARS:
        raise BadRequest(f"Dự báo được từ 1 đến {MOST_YEARS} năm, không phải {wanted}. Hãy ghi lại số năm.")
    districts = list(districts_visible(user, day))
    district = district_asked_for(request, districts)
    followed = Correspondence(day) if district else None

    def in_scope(then: date) -> QuerySet[Appointment]:
        posts = appointments_visible_to(user, then)
        return posts.filter(unit__in=units_in_district(district, then, followed)) if followed else posts

    told = {name: bool(request.GET.get(word)) for name, word in WORDS.items()}
    choices = Choices(**told, sees_all=units_given(user) is None)
    found = forecast(day, wanted, criterion=criterion, appointments=in_scope, rulebook=rulebook, choices=choices)
    if found.now.total:
        somebody_counts(request)
    return Asked(day, criterion, wanted, choices, districts, district, found, rulebook, in_scope)


# Of Choices: the name → the word of the address.
WORDS = {"with_drafts": DRAFTS, "terms_end": TERMS_END, "fills_seats": FILLS_SEATS}


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise BadRequest(f"“{text}” không phải là số năm. Hãy ghi một số, ví dụ {default}.")
    return int(text)


# ---------------------------------------------------------------- the page


@permission_needed("cadres.view_official")
@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    """The rate at the coming year-ends: chart, steps with their people, by unit, and how far it can be trusted."""
    asked = _asked(request)
    found = asked.found
    by, titles = _grouping(request, asked), titles_on(asked.day)
    return render(
        request,
        "reports/forecast/forecast.html",
        {
            "title": "Dự báo tỷ lệ đạt chuẩn",
            "asked": asked,
            "found": found,
            "day": asked.day,
            "criterion": asked.criterion,
            "years": [_YearTold(year, asked) for year in found.years],
            "steps": _steps_told(found),
            "notices": [
                (notice, over_years)
                for notice in Notice
                if (over_years := [(year.day, year.notices[notice]) for year in found.years if year.notices[notice]])
            ],
            "is_past": asked.day < today_of(request),
            "years_looked_at": YEARS_LOOKED_AT,
            "chart": _chart(asked),
            "texts": _texts(asked),
            "most_years": MOST_YEARS,
            "fewest_years": FEWEST_YEARS,
            "fewest_turns": FEWEST_TURNS,
            "district": asked.district,
            "districts": asked.districts,
            "by": by,
            "by_title": titles[by],
            "groupings": {name: title for name, title in titles.items() if name in OF},
            "units": by_unit(found, by),
            "is_divided": by == "district",
            "seen": {district.code for district in asked.districts},
            "earned_step": EARNED,
            "scope_names": names_of_scope(account(request), asked.day),
        },
    )


@permission_needed("cadres.view_official")
@require_safe
def forecast_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """What the page shows, as a workbook or as comma-separated text. 404 for another type of file."""
    asked = _asked(request)
    found = asked.found
    rows: list[list[Cell]] = []
    for year in found.years:
        rows.append(["", f"{year.day:%d/%m/%Y}: từ", year.before.compliant, year.before.total, year.before.percent])
        for number, taken in enumerate((taken for taken in year.steps if taken.moves), start=1):
            rows.append([number, taken.step.label, taken.compliant, taken.total, taken.after.percent])
        rows.append(["", "nếu mọi người học đều đạt", year.rate.compliant, year.rate.total, year.rate.percent])
        if found.history.is_enough:
            history = found.history
            for label, share in (("thấp", history.low), ("dự báo", history.middle), ("cao", history.high)):
                expected = year.expected(share)
                rows.append(["", label, round(expected), year.rate.total, percent_of(expected, year.rate.total)])
    table = Table(
        title="DỰ BÁO TỶ LỆ CÁN BỘ, CÔNG CHỨC CẤP XÃ ĐẠT CHUẨN",
        notes=[
            *_notes(request, asked),
            "Dòng có số thứ tự là thay đổi của bước đó (đạt, tổng số), cột cuối là tỷ lệ sau bước.",
            "Người nghỉ hưu ra khỏi tổng số, không đoán ai thay.",
        ],
        columns=["STT", "Bước", "Đạt", "Tổng số", "Tỷ lệ đạt (%)"],
        rows=rows,
        sheet="Dự báo",
    )
    return download_table(request, table, f"du-bao-{asked.day}", file_type)


def _notes(request: HttpRequest, asked: Asked) -> list[str]:
    scope = scope_told(names_of_scope(account(request), asked.day), asked.district)
    return notes_over(scope, f"Dự báo nhìn từ ngày {asked.day:%d/%m/%Y}", asked.criterion)


@dataclass(frozen=True)
class _YearTold:
    """A year-end as the page writes it: what is expected, and between what."""

    year: YearEnd
    asked: Asked

    @property
    def day(self) -> date:
        return self.year.day

    @property
    def percent(self) -> Decimal | None:
        return self.year.percent(self.asked.found.share)

    @property
    def low(self) -> Decimal | None:
        return self.year.percent(self.asked.found.history.low) if self.asked.found.history.is_enough else None

    @property
    def high(self) -> Decimal | None:
        return self.year.percent(self.asked.found.history.high) if self.asked.found.history.is_enough else None

    @property
    def has_band(self) -> bool:
        return self.low != self.high

    @property
    def less(self) -> int:
        """How many of those who have to pass are expected not to, in whole people."""
        return round(self.year.rate.compliant - self.year.expected(self.asked.found.share))


def _steps_told(found: Forecast) -> list[tuple[Step, list[tuple[date, Taken]]]]:
    """The steps that move somebody in one of the years, each over the years."""
    over_years = [(step, [(year.day, year.taken(step)) for year in found.years]) for step in Step]
    return [(step, taken) for step, taken in over_years if any(one.moves for _, one in taken)]


def _chart(asked: Asked) -> LineChart:
    """The rate at the last year-ends, on the day, and at those to come."""
    past = [day for day in year_ends_with_data(asked.day) if day != asked.day][-YEARS_BEFORE:]
    with planned_for_the_day():
        rates = rates_on(
            past, (), criterion=asked.criterion, appointments=asked.in_scope, rulebook=asked.rulebook
        ) if past else {}  # fmt: skip
    known = [(day, rates[day].all) for day in past if rates[day].all.total]
    home = reverse("reports:home")

    def label(day: date) -> str:
        return f"{day.year}" if (day.month, day.day) == (12, 31) else f"{day:%d/%m/%Y}"

    def address(day: date) -> str:
        return home + query_string({DAY: day, CRITERION: asked.criterion.code})

    points = [Point(label(day), rate.percent, address(day)) for day, rate in [*known, (asked.day, asked.found.now)]]
    for year in (_YearTold(year, asked) for year in asked.found.years):
        anchor = f"#nam-{year.day.year}"
        points.append(Point(label(year.day), year.percent, anchor, is_expected=True, low=year.low, high=year.high))
    return line_chart(points, width=520)


def _texts(asked: Asked) -> list[tuple[Standard, date, str]]:
    """The texts of standards that begin, end, or whose transition ends in the years looked at: text, day, what."""
    until = asked.found.years[-1].day
    told = [
        (text, day, what)
        for text in asked.rulebook.standards
        for day, what in (
            (text.start_date, "bắt đầu có hiệu lực"),
            (text.end_date, "hết hiệu lực"),
            (text.transition_until, "hết thời gian chuyển tiếp"),
        )
        if day is not None and asked.day < day <= until
    ]
    return sorted(told, key=lambda one: one[1])


# ---------------------------------------------------------------- by unit


def _grouping(request: HttpRequest, asked: Asked) -> str:
    by = request.GET.get(GROUPING) or ("commune" if asked.district or len(asked.districts) == 1 else "district")
    if by not in OF:
        raise BadRequest(f"Dự báo không chia theo “{by}”. Hãy chọn lại ở trang này.")
    return by


# ---------------------------------------------------------------- the people of a step


@dataclass(frozen=True)
class _Person:
    """A person of a step as the list tells it; the post is the one after, or the one before of who leaves."""

    official: Any
    position: str
    position_order: int
    unit: str
    before: str
    after: str
    of: str


def _columns(request: HttpRequest) -> Columns:
    """The columns of the list, each as its page and its file say it."""
    to_person = dated(request)

    def person(row: _Person) -> SafeString:
        return linked("cadres:official-detail", row.official.pk, row.official.full_name, to_person)

    columns = (
        Column(
            "ten",
            "Họ và tên",
            key=lambda row: row.official.name_order,
            cell=lambda row: row.official.full_name,
            page=person,
        ),
        Column(
            "ngay_sinh",
            "Ngày sinh",
            key=lambda row: str(row.official.birth_date or ""),
            cell=lambda row: str(row.official.birth or ""),
            is_usual=False,
        ),
        Column("chuc_danh", "Chức danh", key=lambda row: row.position_order, cell=lambda row: row.position),
        Column("don_vi", "Đơn vị", key=lambda row: row.unit, cell=lambda row: row.unit),
        Column("truoc", "Trước", key=lambda row: row.before, cell=lambda row: row.before),
        Column("sau", "Sau", key=lambda row: row.after, cell=lambda row: row.after),
        Column(
            "vi_sao",
            "Vì sao",
            key=lambda row: row.of,
            cell=lambda row: row.of,
            page=lambda row: in_full(row.of),
            is_long=True,
        ),
    )
    return Columns(request, columns, may_choose=True)


@permission_needed("cadres.view_official")
@require_safe
def forecast_people(request: HttpRequest) -> HttpResponse:
    """The people of a step (`?buoc=`) of a year (`?nam=`), as a page and as a file."""
    day = working_day(request)
    first = year_ends_after(day, 1)[0].year
    number = _number(request, YEAR, first) - first + 1
    if not 1 <= number <= MOST_YEARS:
        raise BadRequest(f"Dự báo từ ngày {day:%d/%m/%Y} chỉ đến năm {first + MOST_YEARS - 1}. Hãy chọn lại năm.")
    asked = _asked(request, years=number)
    label, moves = _moves(request, asked.found.years[-1])
    columns = _columns(request)
    rows = columns.in_order(_people(moves, asked.found))
    year_end = asked.found.years[-1].day
    title = f"{label}, đến {year_end:%d/%m/%Y}"
    if FILE in request.GET:
        notes = _notes(request, asked)
        return columns.file(request, rows, title=title.upper(), notes=notes, stem=f"du-bao-{year_end.year}")
    page = shown_page(request, rows)
    return render(
        request,
        "reports/forecast/people.html",
        {
            "title": title,
            "asked": asked,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
            "says": f"dự báo nhìn từ ngày {day:%d/%m/%Y}, {asked.criterion.name.lower()}",
            "year_end": year_end,
            "district": asked.district,
            "dated": dated(request),
            "scope_names": names_of_scope(account(request), day),
        },
    )


def _moves(request: HttpRequest, year: YearEnd) -> tuple[str, Sequence[Move]]:
    """What the step is called, and whom it moves. Raises BadRequest for one that there is not."""
    asked = request.GET.get(STEP) or Step.RETIRED
    if asked == EARNED:
        return EARNED_LABEL, [Move(one.official, one.without, Verdict.COMPLIANT, one.of) for one in year.earned]
    if asked in Notice.values:
        return Notice(asked).label, year.notices[Notice(asked)]
    if asked not in Step.values:
        raise BadRequest(f"Dự báo không có bước “{asked}”. Hãy mở lại từ trang Dự báo.")
    return Step(asked).label, year.taken(Step(asked)).moves


def _people(moves: Sequence[Move], found: Forecast) -> list[_Person]:
    """The people of the moves, by name; three queries."""
    last = found.years[-1]
    before = found.years[-2].posts if len(found.years) > 1 else found.posts
    posts = {move.official: last.posts.get(move.official) or before[move.official] for move in moves}
    officials = Official.objects.in_bulk(list(posts))
    positions = Position.objects.in_bulk({post.position for post in posts.values()})
    units = {
        version.unit_id: version.name
        for version in UnitVersion.objects.filter(unit__in={post.unit for post in posts.values()}).order_by(
            "start_date"
        )
    }
    rows = [
        _Person(
            official=officials[move.official],
            position=positions[posts[move.official].position].title,
            position_order=positions[posts[move.official].position].order,
            unit=units[posts[move.official].unit],
            before=move.before.label if move.before else IN_NO_TOTAL,
            after=move.after.label if move.after else IN_NO_TOTAL,
            of=move.of,
        )
        for move in moves
    ]
    return sorted(rows, key=lambda row: (row.official.name_order, row.official.pk))
