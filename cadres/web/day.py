"""The day and the criterion a page speaks of. This is where the clock is read, and nowhere below.

Both live in the address (`?ngay=2015-12-31&tieu_chi=FULL`), so that a page can be kept, sent and printed; the picked
day also holds for the rest of the session. A cookie remembers it, not the session's row: reading a page writes nothing.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.timezone import localdate  # noqa: TID251

from cadres.models import Criterion

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
        request.working_day = _day_asked_for(request) or _default_day(request)  # type: ignore[attr-defined]
    return request.working_day  # type: ignore[attr-defined]


def _default_day(request: HttpRequest) -> date:
    """The default day, looked up once a request."""
    if not hasattr(request, "default_day"):
        default_day: Callable[[date], date] = import_string(settings.DEFAULT_DAY)
        request.default_day = default_day(localdate())  # type: ignore[attr-defined]
    return request.default_day  # type: ignore[attr-defined]


def acting_day(request: HttpRequest) -> date:
    """The day on which something is done: the one looked at, but not before the default day.

    So nobody meets a deadline that has passed by looking at an earlier day.
    """
    return max(working_day(request), _default_day(request))


def _day_asked_for(request: HttpRequest) -> date | None:
    if text := request.GET.get(DAY):
        return parse_day(text)
    try:
        return date.fromisoformat(request.COOKIES.get(DAY, ""))
    except ValueError:
        return None


def remember_day(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: keep the day that the address of a page names until the browser is closed or the person leaves."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if DAY in request.GET and hasattr(request, "working_day"):
            day = request.working_day.isoformat()
            if request.COOKIES.get(DAY) != day:
                response.set_cookie(DAY, day, httponly=True, samesite="Lax", secure=request.is_secure())
        elif DAY in request.COOKIES and not request.user.is_authenticated:
            response.delete_cookie(DAY, samesite="Lax")
        return response

    return respond


def criteria_of(request: HttpRequest) -> list[Criterion]:
    """All criteria, read once a request."""
    if not hasattr(request, "criteria"):
        request.criteria = list(Criterion.objects.all())  # type: ignore[attr-defined]
    return request.criteria  # type: ignore[attr-defined]


def criterion_of(request: HttpRequest) -> Criterion:
    """The criterion of a request: `?tieu_chi=CODE`, else the full standard. Raises BadRequest for an unknown code."""
    code = request.GET.get(CRITERION) or settings.DEFAULT_CRITERION
    for criterion in criteria_of(request):
        if criterion.code == code:
            return criterion
    raise BadRequest(f"Không có bộ tiêu chí “{code}”. Hãy chọn lại ở đầu trang.")


def header(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the head of a page says and offers. Callables, so that only what is shown is asked for.

    `shown_day` and `shown_criterion` are those of the request, or the default where the address holds nonsense (the
    page that says so has a head too).
    """
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {
        "shown_day": lambda: shown_day(request),
        "shown_criterion": lambda: _shown_criterion(request),
        "criteria": lambda: criteria_of(request),
        "year_ends": lambda: year_ends(shown_day(request), localdate()),
        "today": localdate,
    }


def shown_day(request: HttpRequest) -> date:
    """The day of a request, or the default where the address holds nonsense: the page that says so has a head too."""
    try:
        return working_day(request)
    except BadRequest:
        return _default_day(request)


def _shown_criterion(request: HttpRequest) -> Criterion:
    try:
        return criterion_of(request)
    except BadRequest:
        return criteria_of(request)[0]


def year_ends(day: date, today: date) -> list[date]:
    """The year ends offered beside the calendar, latest first: those up to the year after the day, and none to come."""
    last = min(day.year + 1, today.year - 1)
    return [date(year, 12, 31) for year in range(last, max(last - YEAR_ENDS_OFFERED, 0), -1)]
