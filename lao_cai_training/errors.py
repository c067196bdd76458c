"""The answer to a request that makes no sense. 403, 404 and 500 are Django's own, with our templates."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

NULL = "\x00"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 in the shell. Only the words of our own views (BadRequest) are shown: they are Vietnamese.

    Django's own view renders the page without the request, so without menu and day.
    """
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


class NullCharacterMiddleware:
    """Refuse a null character in an address or a form, before a view hands it on: PostgreSQL stores none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Not earlier, since the check against forged requests has then read the form. Raises BadRequest."""
        sent = (values for data in (request.GET, request.POST) for values in data.lists())
        if NULL in request.path or any(NULL in text for name, values in sent for text in (name, *values)):
            raise BadRequest("Địa chỉ hoặc biểu mẫu có ký tự không dùng được. Hãy nhập lại bằng bàn phím.")
