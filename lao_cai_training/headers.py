"""What goes round a page: whose request it is behind a proxy, and that nobody keeps a copy of the answer."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def client_address(get_response: Answer) -> Answer:
    """Middleware, where a proxy is in front: the address is what the proxy says, the last of X-Forwarded-For.

    The others in it anybody can write. Without this all would come from the proxy's own address: the log could tell
    nobody from another, and a few wrong passwords would lock everybody out.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        with suppress(ValueError):  # no proxy, or one that does not say
            request.META["REMOTE_ADDR"] = str(ip_address(told))
        return get_response(request)

    return respond


def kept_nowhere(get_response: Answer) -> Answer:
    """Middleware, after the one for style sheets: no page and no file is kept by a browser or on the way to it.

    Machines are shared: who goes back after somebody else has left sees the sign-in. Only a form that was sent and came
    back is kept by the browser that has it, or its way back would lead to an error; whoever signs out takes it along.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        came_back = request.method == "POST" and response.status_code == 200
        response.headers["Cache-Control"] = "private, no-cache" if came_back else "private, no-store"
        if request.resolver_match and request.resolver_match.view_name == "admin:logout":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return respond
