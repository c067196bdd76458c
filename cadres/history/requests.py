"""What a request leaves in the history: who acts in it, and that somebody came in, looked at a person, searched, or
took data out.

The lines about visits are written beside the page, after it; a page that is only read writes nothing itself.
"""

import re
from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from cadres.history.context import act
from cadres.models import Act, User, Visit

Answer = Callable[[HttpRequest], HttpResponseBase]

READING = ("GET", "HEAD", "OPTIONS")
SIGN_OUT = "admin:logout"
# Pages of one person: name of the address → the part of it that names the person.
PERSON_PAGES = {
    "cadres:official-detail": "pk",
    "cadres:official-history": "pk",
    "cadres:official-data-export": "pk",
    "cadres:official-edit": "pk",
    "cadres:official-merge": "pk",
    "courses:official-training": "official_pk",
    "admin:cadres_official_change": "object_id",
    "admin:cadres_official_history": "object_id",
}
SEARCHED = ("q",)  # in an address: what is searched for
LEAFED = ("trang",)  # and the page of a list
KEY = re.compile(r"[0-9]{1,18}", re.ASCII)
LONGEST = 500  # characters of a kept address


def tell_visit(request: HttpRequest, kind: Visit.Kind, username: str = "") -> None:
    """Have it written what became of a request to sign in, or of the own password: by the account that is then signed
    in, else for the name given."""
    request.visit = kind, username  # type: ignore[attr-defined]


def remember(get_response: Answer) -> Answer:
    """Middleware, after the one that knows the account."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        by = None
        if request.method in READING:
            response = get_response(request)
        else:
            by = request.user if isinstance(request.user, User) else None
            # One request, one number: what two requests write is never taken for one act.
            with act(Act.Kind.REQUEST, by=by, path=request.path[:LONGEST], request=uuid4().hex[:12]):
                response = get_response(request)
        if visit := visit_in(request, response):
            record_visit(request, by, *visit)
        return response

    return respond


def visit_in(request: HttpRequest, response: HttpResponseBase) -> tuple[str, int | None] | None:
    """What kind of visit a request was, and to whom (key of an official); None where nobody need know."""
    place = request.resolver_match
    name = place.view_name if place else ""
    if told := getattr(request, "visit", None):
        return told[0], None
    if name == SIGN_OUT and request.method == "POST":
        return Visit.Kind.SIGN_OUT, None
    if not request.user.is_authenticated or response.status_code != 200:
        return None
    person = None
    if place and name in PERSON_PAGES:
        key = str(place.kwargs[PERSON_PAGES[name]])
        person = int(key) if KEY.fullmatch(key) else None
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return Visit.Kind.EXPORT, person
    if person is not None and request.method == "GET":
        return Visit.Kind.PERSON, person
    return (Visit.Kind.SEARCH, None) if is_search(request) else None


def is_search(request: HttpRequest) -> bool:
    """Whether the page asked for is to show what is found by a word, or a further page of a list: so people are looked
    up, and so a list is copied."""
    return request.method == "GET" and any(request.GET.get(name, "").strip() for name in (*SEARCHED, *LEAFED))


def record_visit(request: HttpRequest, by: User | None, kind: str, person: int | None = None) -> None:
    """Write a line; `by` is the account that is signed in, where that is known."""
    user = by or (request.user if request.user.is_authenticated else None)  # who signs out is nobody afterwards
    _, name = getattr(request, "visit", (None, ""))
    username = user.get_username() if user else name[:150]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT history.record_visit(%s, %s, %s, %s, %s, %s)",
            [
                user.pk if user else None,
                username.replace("\0", ""),
                kind,
                person,
                "" if kind in Visit.SIGNING_IN else request.get_full_path()[:LONGEST].replace("\0", ""),
                request.META.get("REMOTE_ADDR", ""),
            ],
        )
