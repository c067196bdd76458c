"""Addresses that carry the day and the criterion, and the list behind a figure."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cadres.models import Criterion
from cadres.working_day import CRITERION, DAY


def dated(day: date, criterion: Criterion, **more: Any) -> str:
    """The query string of a page on that day, by that criterion; what is None among `more` is left out."""
    query = {DAY: day.isoformat(), CRITERION: criterion.code, **more}
    return "?" + urlencode({key: value for key, value in query.items() if value is not None})


def kept(request: HttpRequest) -> str:
    """The query string of the request, for a way back to the same page; empty where it has none."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def people_address(day: date, criterion: Criterion, **filters: Any) -> str:
    """The official list with exactly the people of a figure; the filters are named as in the list's own address.

    People who meet the standard in Bắc Hà: people_address(day, full, huyen="085", ket_qua="compliant").
    """
    return reverse("cadres:official-list") + dated(day, criterion, **filters)
