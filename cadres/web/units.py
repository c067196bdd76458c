"""The day whose units a page of figures divides people by: `?don_vi=2026-01-01`; without it that of the figures."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest

from cadres.correspondence import Correspondence, days_of_change
from cadres.web.day import parse_day, working_day

UNITS_ON = "don_vi"
DAYS_OFFERED = 6


@dataclass(frozen=True)
class Offered:
    """Units that stayed the same from one reorganisation to the next; `day` is one on which they were there."""

    day: date
    name: str
    is_own: bool  # those of the working day


def units_day(request: HttpRequest) -> date | None:
    """The day of the address whose units are asked for; None where it names none. Raises BadRequest for nonsense."""
    text = request.GET.get(UNITS_ON)
    return parse_day(text) if text else None


def units_asked(request: HttpRequest, own: date | None = None) -> Correspondence | None:
    """How the units of other days correspond to those asked for, read once a request; None where no others are.

    `own`: the day of the figures; without it the working day.
    """
    if not hasattr(request, "units_asked"):
        day = units_day(request)
        is_another = day is not None and day != (own or working_day(request))
        request.units_asked = Correspondence(day) if is_another else None  # type: ignore[attr-defined,arg-type]
    return request.units_asked  # type: ignore[attr-defined]


def units_context(request: HttpRequest, own: date | None = None) -> dict[str, Any]:
    """What a page of figures gives to its template, so that its head offers the units of other days."""
    units = units_asked(request, own)
    return {
        "units_day": units.day if units else None,
        "units_offered": lambda: [one for one in units_offered(own or working_day(request)) if not one.is_own],
    }


def units_offered(own: date) -> list[Offered]:
    """The units between the days of reorganisations, the present ones first; of one of which the day is."""
    changes = days_of_change()
    if not changes:
        return []
    found = []
    for first, following in zip([None, *changes], [*changes, None], strict=True):
        last = following - timedelta(days=1) if following else None
        is_own = (first is None or first <= own) and (last is None or own <= last)
        ends = (f"{first:%d/%m/%Y}" if first else "", f"{last:%d/%m/%Y}" if last else "")
        name = " – ".join(ends) if all(ends) else f"từ {ends[0]}" if first else f"đến {ends[1]}"
        found.append(Offered(own if is_own else last or changes[-1], name, is_own))
    return found[: -DAYS_OFFERED - 1 : -1]
