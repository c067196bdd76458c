"""How often an account may take data out, search and leaf through lists: who asks too often is told when to try again.

What was done is in the log of visits already (cadres/history/requests.py), and is counted there: nothing else is kept,
and it holds for all processes of the site together.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cadres.history.requests import is_search, record_visit
from cadres.models import User, Visit
from cadres.web.lists import FILE
from cadres.web.permissions import account

# The addresses that hand out a file, by their names; a list does where its address asks for one (FILE).
FILES = re.compile(r"[-_](file|export|form|document|register|kept|marked)$")
TOLD = {
    Visit.Kind.EXPORT: ("Tải về quá nhiều lần", "tải dữ liệu về {most} lần trong {minutes} phút"),
    Visit.Kind.SEARCH: ("Tìm kiếm, lật trang quá nhiều lần", "tìm kiếm, lật trang {most} lần trong {minutes} phút"),
}


def kind_of(request: HttpRequest) -> Visit.Kind | None:
    """What of that which is counted a request asks for; None where it asks for nothing such."""
    place = request.resolver_match
    if place and (FILES.search(place.url_name or "") or FILE in request.GET) and is_handed_out(request):
        return Visit.Kind.EXPORT
    return Visit.Kind.SEARCH if is_search(request) else None


def is_handed_out(request: HttpRequest) -> bool:
    """Whether a request may be answered with a file: a form of the admin is, where it is sent."""
    place: Any = request.resolver_match
    return request.method == "GET" or place.url_name.endswith("_export")


class PaceMiddleware:
    """Answers 429 in place of a view that an account has asked too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_first_refusal", False):
            record_visit(request, account(request), Visit.Kind.LIMITED)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        kind = kind_of(request)
        if kind is None or not isinstance(request.user, User):
            return None
        most, seconds = settings.PACE[kind]
        times = _latest(request.user, kind, most, timedelta(seconds=seconds))
        if len(times) < most:
            return None
        again = timezone.localtime(times[-1] + timedelta(seconds=seconds))
        title, done = TOLD[kind]
        told = done.format(most=most, minutes=seconds // 60)
        context = {"title": title, "told": told, "again": again}
        refusal: Any = render(request, "429.html", context, status=429)
        refusal["Retry-After"] = str(max(1, round((again - timezone.now()).total_seconds())))
        refusal.is_first_refusal = not _latest(request.user, Visit.Kind.LIMITED, 1, timedelta(seconds=seconds))
        return refusal


def _latest(user: User, kind: str, most: int, within: timedelta) -> list[Any]:
    """When the account last did so, the latest first."""
    done = Visit.objects.filter(user_id=user.pk, kind=kind, at__gt=timezone.now() - within)
    return list(done.order_by("-id").values_list("at", flat=True)[:most])
