"""The home page: the rate on the day, where it comes from, what is lacking, and what waits to be put right.

Days of which the figure was published show what was published; the others are computed.

Before all that: what the account has to do. Whoever sees no registry has but that, and the way to its lists.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres import roles
from cadres.access import appointments_visible_to, communes_in_scope, names_of_scope, units_seen_on
from cadres.correspondence import Correspondence, comparable_units
from cadres.evaluation import Rulebook
from cadres.models import JUDGED_GROUPS, Criterion, PositionGroup, RateTarget, UnitVersion, User
from cadres.places import TITLES as ABOVE_TITLES
from cadres.places import title_above_on
from cadres.posts import first_day_of_data, left_behind
from cadres.rate import Rate
from cadres.standards.checking import compared_on
from cadres.web.addresses import query_string
from cadres.web.day import CRITERION, DAY, criterion_of, installation_of, somebody_counts, working_day
from cadres.web.permissions import account, permission_needed
from cadres.web.units import units_asked, units_context
from reports.charts import LineChart, chart_of_days
from reports.overview import Overview, overview
from reports.publications.shown import Shown, published_on
from reports.rates import BESIDE, FORMER_DISTRICT
from reports.tasks.shown import everything_waiting
from reports.trends import Change, DayRate, rates_on
from reports.views.rates import FILTER_OF, GROUPING, TITLES, titles_on

# What the home page of an account that sees no people leads to, by what it may see; without any role there is none.
WITHOUT_PEOPLE = (
    ("courses.view_trainingclass", "courses:class-list", "Các lớp của cơ sở"),
    ("courses.view_enrolment", "courses:enrolment-list", "Người trong các lớp"),
    ("courses.view_certificate", "courses:certificate-list", "Sổ cấp chứng chỉ"),
    ("cadres.view_user", "cadres:account-list", "Tài khoản"),
    ("cadres.view_installation", "health", "Tình trạng hệ thống"),
)
YEARS_SHOWN = 4  # year ends before the day
PROVINCE_ALONE = ABOVE_TITLES[UnitVersion.Kind.PROVINCE]  # above the communes


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The page on which every account lands after signing in."""
    may = request.user.has_perm
    if not may("cadres.view_official"):
        if may("cadres.change_installation") and first_day_of_data() is None:  # a new installation
            return redirect("cadres:getting-started")
        ways = [(page, label) for permission, page, label in WITHOUT_PEOPLE if may(permission)]
        return _tasks_alone(request, ways) if ways else redirect("cadres:own-account")
    return standardization(request)


def _tasks_alone(request: HttpRequest, ways: list[tuple[str, str]]) -> HttpResponse:
    shown = {"title": "Trang chủ", "tasks": everything_waiting(request), "ways": ways}
    return render(request, "reports/home_without_people.html", shown)


@permission_needed("cadres.view_official")
def standardization(request: HttpRequest) -> HttpResponse:
    user = account(request)
    day, criterion = working_day(request), criterion_of(request)
    rulebook, in_scope = Rulebook.load(), partial(appointments_visible_to, user)
    year_before = same_day_last_year(day)
    comparable = comparable_units(year_before, day, seen=partial(units_seen_on, user))
    units = units_asked(request)
    table = _table(request, day, units)
    now = overview(
        day, comparable, criterion=criterion, appointments=in_scope(day), rulebook=rulebook, by=table.by, units=units
    )
    if now.rate.total:
        somebody_counts(request)
    data_begin = first_day_of_data()
    first_day = data_begin or day
    year_ends = [date(day.year - years, 12, 31) for years in range(YEARS_SHOWN, 0, -1)]
    year_ends = [then for then in year_ends if then >= first_day]
    published = published_on(
        {*year_ends, year_before, day}, comparable, criterion=criterion, user=user, rulebook=rulebook
    )
    to_compute = {*year_ends, year_before} - published.keys()
    rates: dict[date, DayRate] = {}
    if to_compute:
        rates = rates_on(to_compute, comparable, criterion=criterion, appointments=in_scope, rulebook=rulebook)
    rates |= {day: DayRate(now.rate, now.comparable)} | {then: one.rates for then, one in published.items()}
    change = Change(rates[year_before].comparable, rates[day].comparable)
    course = since_first_data([YearEnd(then, rates[then].all, published.get(then)) for then in (*year_ends, day)])
    targets = _targets(user, criterion, (one.day.year for one in course))
    standards = rulebook.standards_on(day)
    return render(
        request,
        "reports/home.html",
        {
            "title": "Chuẩn hóa cán bộ, công chức cấp xã",
            "tasks": everything_waiting(request),
            "now": now,
            "table": table,
            "rows": [(row, {FILTER_OF[table.by]: row.group.code}) for row in now.districts],
            "without_data": _without_data(user, day, now) if table.by == "commune" else [],
            "is_new": data_begin is None,
            "year_before": year_before,
            "change": change,
            "change_covers_all": (change.before, change.after) == (rates[year_before].all, rates[day].all),
            "published": published.get(day),
            "headline": rates[day].all,
            "target": targets.get(day.year),
            "target_missing": _missing(targets.get(day.year), rates[day].all),
            "targets": targets,
            "leads": user.has_role(roles.LEADER),
            "touched": [one for one in course if one.published and one.published.is_touched],
            "course": course,
            "course_chart": course_chart(course, criterion, targets),
            "standards": list(standards.values()),
            "groups_without_standard": [PositionGroup(group) for group in JUDGED_GROUPS if group not in standards],
            "compared": compared_on(day),
            "left_behind": left_behind(day, in_scope(day)).count(),
            "scope_names": names_of_scope(user, day),
            **units_context(request),
        },
    )


def _targets(user: User, criterion: Criterion, years: Iterable[int]) -> dict[int, Decimal]:
    """Year → what the province wants the rate to be at its end; for whoever sees the whole province, whose rate it is
    of."""
    if not user.sees_every_unit:
        return {}
    wanted = RateTarget.objects.filter(year__in=set(years), criterion=criterion)
    return dict(wanted.order_by("year").values_list("year", "percent"))


def _missing(target: Decimal | None, rate: Rate) -> Decimal | None:
    """How many points are missing to the target; None where there is none, or no rate."""
    return None if target is None or rate.percent is None else target - rate.percent


@dataclass(frozen=True)
class TableOf:
    """What the table of units is of: a grouping of the rates, and which others are offered (grouping → title)."""

    by: str
    offered: dict[str, str]

    @property
    def title(self) -> str:
        return self.offered[self.by]


def _table(request: HttpRequest, day: date, units: Correspondence | None) -> TableOf:
    """The units above communes; on a day without districts also former districts, and the communes themselves. Of which
    of these it is Sở chooses; else of clusters, or of communes as long as there are none. Raises BadRequest for what is
    not offered."""
    above = title_above_on(units.day if units else day)
    if units or above == TITLES["district"]:
        return TableOf("district", {"district": above})
    offered = {name: title for name, title in titles_on(day).items() if name == "commune"}
    offered = {FORMER_DISTRICT: BESIDE[FORMER_DISTRICT].title} | offered
    if above != PROVINCE_ALONE:
        offered = {"district": above} | offered
    chosen = installation_of(request).home_table
    by = request.GET.get(GROUPING) or next(name for name in (chosen, "district", "commune") if name in offered)
    if by not in offered:
        raise BadRequest(f"Trang chủ không chia theo “{by}” vào ngày này. Hãy mở lại trang chủ.")
    return TableOf(by, offered)


def _without_data(user: User, day: date, now: Overview) -> list[str]:
    """The names of the communes of the account of whose people nobody counts on the day."""
    there = {row.group.code for row in now.districts}
    return [row["name"] for row in communes_in_scope(user, day) if row["code"] not in there]


def same_day_last_year(day: date) -> date:
    """The day a year before; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@dataclass(frozen=True)
class YearEnd:
    """A day of the course of years with its rate: as it was published, where it was."""

    day: date
    rate: Rate
    published: Shown | None = None


def since_first_data(course: list[YearEnd]) -> list[YearEnd]:
    """Without the days before the first of which anybody is known."""
    known = [place for place, one in enumerate(course) if one.rate.total]
    return course[known[0] :] if known else []


def course_chart(course: list[YearEnd], criterion: Criterion, targets: Mapping[int, Decimal]) -> LineChart:
    """The rates as a line, and the targets of its years; each point leads to the home page of its day."""
    home_page = reverse("reports:home")
    return chart_of_days(
        [(one.day, one.rate.percent) for one in course],
        lambda day: home_page + query_string({DAY: day, CRITERION: criterion.code}),
        targets,
    )
