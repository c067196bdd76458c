"""The answer to a request that makes no sense. 403, 404 and 500 are Django's own, with our templates."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 in the shell. Only the words of our own views (BadRequest) are shown: they are Vietnamese.

    Django's own view renders the page without the request, so without menu and day.
    """
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)
