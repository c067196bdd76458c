"""Query strings: those that carry the day and the criterion to another page, and those that stay on the page."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from cadres.web.day import CRITERION, DAY, criterion_of, working_day
from cadres.web.paging import PAGE

SOME_KEY = 4_072_015_072_015  # a key that no row has, and no address says besides


def query_string(words: Mapping[str, Any]) -> str:
    """The words of an address: "?ngay=2015-12-31&huyen=085". What is None or "" is left out; "" where none is left."""
    said = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in words.items()
        if value not in (None, "")
    }
    return f"?{urlencode(said, doseq=True)}" if said else ""


def path_of(view: str) -> str:
    """The address of a page that is about no row in particular."""
    return _path_of(view, get_script_prefix())


@cache
def _path_of(view: str, script_prefix: str, *keys: int) -> str:
    """The same on every page, where the site lies below that prefix."""
    return reverse(view, args=keys)


def path_of_row(view: str, key: int) -> str:
    """The address of the page of one row: for lists, which ask for it fifty times."""
    return _path_of(view, get_script_prefix(), SOME_KEY).replace(str(SOME_KEY), str(key))


def dated(request: HttpRequest, **words: Any) -> str:
    """For a link to another page of the same day, by the same criterion, that says these words too."""
    return query_string({DAY: working_day(request), CRITERION: criterion_of(request).code, **words})


def carried(request: HttpRequest) -> str:
    """Day and criterion where the address names them; never raises, since the menu of an error page needs it too."""
    try:
        day = working_day(request) if DAY in request.GET else None
        criterion = criterion_of(request).code if CRITERION in request.GET else None
    except BadRequest:
        return ""
    return query_string({DAY: day, CRITERION: criterion})


def kept(request: HttpRequest, **changes: Any) -> str:
    """For a way back to the same page, with changes; None takes a word out.

    The number of the page of a list goes with every change, except a change of itself.
    """
    dropped = {PAGE} if changes else set()
    words = {key: values for key, values in request.GET.lists() if key not in dropped}
    return query_string({**words, **changes})
