"""The day and the criterion a page speaks of. This is where the clock is read, and nowhere below.

Both live in the address (`?ngay=2015-12-31&tieu_chi=FULL`), so that a page can be kept, sent and printed; what was
picked also holds for the rest of the session. Cookies remember it, not the session's row: a page that is read writes
nothing.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate  # noqa: TID251

from cadres.access import appointments_visible_to
from cadres.asked_again import answer, columns_of, rows_as
from cadres.installation import days, installation
from cadres.models import Criterion, Installation
from cadres.posts import nearest_day_of_data
from cadres.web.permissions import account

DAY = "ngay"
CRITERION = "tieu_chi"
YEARS = range(1900, 2200)  # outside it a day is a slip of the pen, and the year before it may not exist
YEAR_ENDS_OFFERED = 5


def parse_day(text: str) -> date:
    """A day as the address (2015-12-31) or a person (31/12/2015) writes it. Raises BadRequest for anything else."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            parsed = date(year, month, day)
        else:
            parsed = date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"“{text}” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 31/12/2015.") from error
    if parsed.year not in YEARS:
        raise BadRequest(f"Năm {parsed.year} nằm ngoài sổ sách. Hãy chọn một năm từ {YEARS[0]} đến {YEARS[-1]}.")
    return parsed


def working_day(request: HttpRequest) -> date:
    """The day of a request: `?ngay=`, else the one picked last in this session, else the default.

    Looked up once a request. Raises BadRequest for a day that is none.
    """
    if not hasattr(request, "working_day"):
        request.working_day = _day_asked_for(request) or _days(request)[1]  # type: ignore[attr-defined]
    return request.working_day  # type: ignore[attr-defined]


def _day_asked_for(request: HttpRequest) -> date | None:
    if text := request.GET.get(DAY):
        return parse_day(text)
    try:
        return date.fromisoformat(request.COOKIES.get(DAY, ""))
    except ValueError:
        return None


def today_of(request: HttpRequest) -> date:
    """What is taken for today: the clock, but in a demonstration a day of its own."""
    return _days(request)[0]


def acting_day(request: HttpRequest) -> date:
    """The day on which something is done: the one looked at, but not before today.

    So nobody meets a deadline that has passed by looking at an earlier day.
    """
    return max(working_day(request), today_of(request))


def _days(request: HttpRequest) -> tuple[date, date]:
    """Today and the default day, looked up once a request."""
    if not hasattr(request, "days"):
        request.days = days(clock(), installation_of(request))  # type: ignore[attr-defined]
    return request.days  # type: ignore[attr-defined]


def installation_of(request: HttpRequest) -> Installation:
    """What has been set for the whole installation, read once a request."""
    if not hasattr(request, "installation"):
        request.installation = installation()  # type: ignore[attr-defined]
    return request.installation  # type: ignore[attr-defined]


def clock() -> date:
    """The day by the clock, whatever a demonstration takes for today: it lies behind that."""
    return localdate()


def criteria_of(request: HttpRequest) -> list[Criterion]:
    """All criteria, read once a request."""
    if not hasattr(request, "criteria"):
        request.criteria = rows_as(Criterion, answer(_criteria))  # type: ignore[attr-defined]
    return request.criteria  # type: ignore[attr-defined]


def _criteria() -> QuerySet[Criterion, Any]:
    return Criterion.objects.values_list(*columns_of(Criterion))


def criterion_of(request: HttpRequest) -> Criterion:
    """The criterion of a request: `?tieu_chi=CODE`, else the one picked last in this session, else the full standard.

    Looked up once a request. Raises BadRequest for an unknown code in the address.
    """
    if not hasattr(request, "criterion"):
        request.criterion = _criterion_asked_for(request)  # type: ignore[attr-defined]
    return request.criterion  # type: ignore[attr-defined]


def _criterion_asked_for(request: HttpRequest) -> Criterion:
    by_code = {criterion.code: criterion for criterion in criteria_of(request)}
    picked = by_code.get(request.COOKIES.get(CRITERION, ""))
    code = request.GET.get(CRITERION) or (picked.code if picked else settings.DEFAULT_CRITERION)
    if code not in by_code:
        raise BadRequest(f"Không có bộ tiêu chí “{code}”. Hãy chọn lại ở đầu trang.")
    return by_code[code]


# What is remembered: the word of the address, which is the cookie's name too → what the page made of it, as text.
REMEMBERED: dict[str, Callable[[Any], str | None]] = {
    DAY: lambda request: request.working_day.isoformat() if hasattr(request, "working_day") else None,
    CRITERION: lambda request: request.criterion.code if hasattr(request, "criterion") else None,
}
HOLDS_ANYWAY = {CRITERION: settings.DEFAULT_CRITERION}


def remember(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: keep the day and the criterion that the address of a page names until the browser is closed or the
    person leaves."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, picked in REMEMBERED.items():
            if name in request.GET and (text := picked(request)):
                # What holds anyway is not remembered: another cookie makes a browser forget the pages to go back to.
                if request.COOKIES.get(name, HOLDS_ANYWAY.get(name)) != text:
                    response.set_cookie(name, text, httponly=True, samesite="Lax", secure=request.is_secure())
            elif name in request.COOKIES and not request.user.is_authenticated:
                response.delete_cookie(name, samesite="Lax")
        return response

    return respond


def header(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the head of a page says and offers. Callables, so that only what is shown is asked for.

    `shown_day` and `shown_criterion` are those of the request, or the default where the address holds nonsense (the
    page that says so has a head too). `nearest_data` is a day with data where the one shown has none, else None.
    """
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "shown_day": lambda: shown_day(request),
        "shown_criterion": lambda: _shown_criterion(request),
        "criteria": lambda: criteria_of(request),
        "year_ends": lambda: year_ends(shown_day(request), today_of(request)),
        "today": lambda: today_of(request),
        "printed_on": localdate,
        "nearest_data": lambda: _nearest_data(request),
    }


def shown_day(request: HttpRequest) -> date:
    """The day of a request, or the default where the address holds nonsense: the page that says so has a head too."""
    try:
        return working_day(request)
    except BadRequest:
        return _days(request)[1]


def _shown_criterion(request: HttpRequest) -> Criterion:
    try:
        return criterion_of(request)
    except BadRequest:
        return criteria_of(request)[0]


def somebody_counts(request: HttpRequest) -> None:
    """The page has found somebody of the account who counts on its day: its head need not look for a day with data."""
    request.somebody_counts = True  # type: ignore[attr-defined]


def _nearest_data(request: HttpRequest) -> date | None:
    if hasattr(request, "somebody_counts"):
        return None
    day = shown_day(request)
    nearest = nearest_day_of_data(day, partial(appointments_visible_to, account(request)))
    return None if nearest == day else nearest


def year_ends(day: date, today: date) -> list[date]:
    """The year ends offered beside the calendar, latest first: those up to the year after the day, and none to come."""
    last = min(day.year + 1, (today + timedelta(days=1)).year - 1)
    return [date(year, 12, 31) for year in range(last, max(last - YEAR_ENDS_OFFERED, 0), -1)]
