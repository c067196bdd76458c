"""The day and the criterion a page speaks of. This is where the clock is read, and nowhere below."""

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Max
from django.http import HttpRequest
from django.utils.timezone import localdate  # noqa: TID251

from cadres.models import JUDGED_GROUPS, Appointment, Criterion, Position, RosterDay

DAY = "ngay"
CRITERION = "tieu_chi"


def parse_day(text: str) -> date:
    """A day as the address (2015-12-31) or a person (31/12/2015) writes it. Raises BadRequest for anything else."""
    try:
        if "/" in text:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"“{text}” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 31/12/2015.") from error


def default_day(today: date) -> date:
    """Today where somebody holds a post in force today; else the latest day for which there are data (decision 3)."""
    in_force_today = Position.objects.as_of(today).filter(group__in=JUDGED_GROUPS)
    if Appointment.objects.as_of(today).filter(position__in=in_force_today).exists():
        return today
    return RosterDay.objects.aggregate(latest=Max("day"))["latest"] or today


def working_day(request: HttpRequest) -> date:
    """The day of a request: `?ngay=` (which is remembered for the session), else the session's, else the default.

    Raises BadRequest for a day that is none.
    """
    if text := request.GET.get(DAY):
        day = parse_day(text)
        if request.session.get(DAY) != day.isoformat():
            request.session[DAY] = day.isoformat()
        return day
    if text := request.session.get(DAY):
        return date.fromisoformat(text)
    return default_day(localdate())


def criterion_of(request: HttpRequest) -> Criterion:
    """The criterion of a request: `?tieu_chi=CODE`, else the full standard. Raises BadRequest for an unknown code."""
    code = request.GET.get(CRITERION, "FULL")
    criterion = Criterion.objects.filter(code=code).first()
    if criterion is None:
        raise BadRequest(f"Không có bộ tiêu chí “{code}”.")
    return criterion


def header(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: the working day, named in the header."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    return {"working_day": working_day(request)}
