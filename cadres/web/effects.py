"""The effect before the act: what a form would do to verdicts is shown first, and written when it is sent again.

The act is tried within the request and taken back (cadres.effect). Where it moves no verdict it is done at once. Else
the page comes back with what it would come to, and with a signed note of what was shown for which contents; sent again
with that note it is done, and the history keeps with it what was shown.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from cadres.effect import Foretold, foretell
from cadres.history import act as told
from cadres.models import Criterion
from cadres.posts import year_ends_with_data
from cadres.web.day import criterion_of, today_of, working_day
from cadres.web.kept_forms import NEVER_KEPT
from cadres.web.versions import merging

SEEN = "anh_huong"  # the field that carries the note back
SALT = "cadres.web.effects"
MOST_KEPT = 100  # people of a day whose names stay with the act; of more, how many they are
Context = dict[str, Any]


def foretold(
    request: HttpRequest,
    act: Callable[[], object],
    *,
    criterion: Criterion | None = None,
    units: Collection[int] | None = None,
    also_on: Collection[date] = (),
) -> Foretold:
    """What the act would do to verdicts on the day looked at, at the ends of the years with data, and on more days."""
    day = working_day(request)
    days = {day, *also_on, *year_ends_with_data(max(day, today_of(request)))}
    return foretell(act, days=days, criterion=criterion or criterion_of(request), units=units)


def summary(foretold: Foretold) -> dict[str, Any]:
    """What is kept with the act: the days that change, the rates of all and of the districts, the first people."""
    days = (replace(day, communes=(), moved=day.moved[:MOST_KEPT]) for day in foretold.changing)
    return {"days": [day.as_json() for day in days]}


def done_or_shown(
    request: HttpRequest,
    act: Callable[[], HttpResponse],
    ask: Callable[[Context], HttpResponse],
    *,
    of: object = "",
    at_once: bool = True,
    **how: Any,
) -> HttpResponse:
    """Answer a form: do the act; where that would move a verdict, only once its effect has been seen, until then `ask`.
    Not `at_once`: also where it moves none.

    `act` returns a redirect where it has been done, else the page that says why not. `ask` makes the page from the
    context that the template part cadres/effect_seen.html needs. `of` stands for what, beside the contents of the form,
    must be as it was when the effect was shown. `how` goes to `foretold`.
    """
    if effect := _seen(request, of):
        response = _done_as_seen(request, act, effect)
        if response is not None:
            return response
    with merging() as merged, unheard(request):
        try:
            found = foretold(request, lambda: _tried(act), **how)
        except _NotDoneError as refused:
            return refused.response
    if at_once and not found.changing:
        return act()
    note = dumps([_contents(request, of), summary(found)], salt=SALT, compress=True)
    return ask({"foretold": found, "seen": note, "merged": merged, "of_some": how.get("units") is not None})


def _done_as_seen(request: HttpRequest, act: Callable[[], HttpResponse], effect: dict[str, Any]) -> HttpResponse | None:
    """The answer of the act, done; None where somebody else has changed the row meanwhile, and nothing is written."""
    with merging() as merged, unheard(request) as said, told(foretold=effect), transaction.atomic():
        response = act()
        heard = list(said)
        if merged:
            transaction.set_rollback(True)
    if merged:
        return None
    for message in heard:
        messages.add_message(request, message.level, message.message, message.extra_tags)
    return response


class _NotDoneError(Exception):
    """The act was refused: its page says why. Ends the trial."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def _tried(act: Callable[[], HttpResponse]) -> None:
    response = act()
    if not 300 <= response.status_code < 400:
        raise _NotDoneError(response)


def _contents(request: HttpRequest, of: object) -> str:
    """What was filled in, whichever button sent it, however boxes are ordered and lines broken."""
    names = sorted(name for name in request.POST if name not in NEVER_KEPT and name != SEEN and name[:1] != "_")
    filled = [(name, sorted(" ".join(text.split()) for text in request.POST.getlist(name))) for name in names]
    return sha256(repr((request.path, filled, str(of))).encode()).hexdigest()


def _seen(request: HttpRequest, of: object) -> dict[str, Any] | None:
    """The effect that was shown of just these contents; None where none was."""
    try:
        contents, effect = loads(request.POST.get(SEEN, ""), salt=SALT)
    except (BadSignature, ValueError):
        return None
    return effect if contents == _contents(request, of) else None


class _Unheard(BaseStorage):
    """What an act says while it is only tried."""

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Any], bool]:
        return [], True

    def _store(self, messages: Any, response: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return []


@contextmanager
def unheard(request: Any) -> Iterator[_Unheard]:
    """What is said within is not shown; it can be read from the storage."""
    heard, request._messages = request._messages, _Unheard(request)
    try:
        yield request._messages
    finally:
        request._messages = heard
