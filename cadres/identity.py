"""Identity numbers as they are shown: whole to roles that need them (`reveal` in roles.py), to others the last digits.

Whatever shows or hands out a number asks `shown_number`, or for a text that may quote one `shown_in`. To whom it is
shown is known from the beginning of a request; commands and long work see whole numbers.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.http import HttpRequest

REVEAL = "cadres.reveal_officialidentifier"
LAST = 3  # digits that stay
NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{9}|[0-9]{12})(?![0-9])")  # CMND, CCCD

_is_whole: ContextVar[Callable[[], bool]] = ContextVar("is_whole", default=lambda: True)


def to_the_account(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware, after the one that knows the account."""

    def respond(request: HttpRequest) -> Any:
        token = _is_whole.set(cache(lambda: request.user.has_perm(REVEAL)))
        try:
            return get_response(request)
        finally:
            _is_whole.reset(token)

    return respond


def shown_number(number: str) -> str:
    """The number as the account at work may see it."""
    return number if _is_whole.get()() else "•" * (len(number) - LAST) + number[-LAST:]


def shown_in(text: str) -> str:
    """The text with the identity numbers in it as the account at work may see them."""
    return text if _is_whole.get()() else NUMBER.sub(lambda found: shown_number(found[0]), text)
