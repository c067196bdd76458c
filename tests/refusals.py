"""The pages that refuse, where many requests are refused and it is not the page that is looked at.

Such a page tells an account the same wherever it is, and to write it takes most of the time of such an answer: it is
shown once a test run for each way to ask, then there is on it only what the product says of this refusal.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.defaults import permission_denied

from lao_cai_training.errors import bad_request, not_found

Handler = Callable[[HttpRequest, Exception], HttpResponse]

HANDLERS: dict[int, Handler] = {400: bad_request, 403: permission_denied, 404: not_found}
shown: set[tuple[Any, ...]] = set()


def show_once(monkeypatch: Any, *statuses: int) -> None:
    """Whoever is refused with one of these statuses within the test has the page once."""
    for status in statuses:
        monkeypatch.setattr(f"lao_cai_training.urls.handler{status}", _once(status), raising=False)


def _once(status: int) -> Handler:
    def refuse(request: HttpRequest, exception: Exception) -> HttpResponse:
        asked = status, request.user.pk, request.method
        if asked in shown:
            return HttpResponse(escape(str(exception)), status=status)
        shown.add(asked)
        return HANDLERS[status](request, exception)

    return refuse
