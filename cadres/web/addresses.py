"""Addresses that carry the day and the criterion from page to page."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from cadres.models import Criterion
from cadres.web.day import CRITERION, DAY, criterion_of, working_day


def dated(day: date, criterion: Criterion, **more: Any) -> str:
    """The query string of a page on that day, by that criterion; what is None among `more` is left out."""
    query = {DAY: day.isoformat(), CRITERION: criterion.code, **more}
    return "?" + urlencode({key: value for key, value in query.items() if value is not None})


def kept(request: HttpRequest) -> str:
    """The query string of the request, for a way back to the same page; empty where it has none."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def day_and_criterion(request: HttpRequest) -> str:
    """The query string that a link to another page of the same day and criterion carries."""
    return dated(working_day(request), criterion_of(request))
