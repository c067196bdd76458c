"""Sessions that end: so long after the last page (SESSION_IDLE), and so long after the sign-in (SESSION_COOKIE_AGE).

The engine of the settings (SESSION_ENGINE). The end stands in the row and is moved on while somebody works, at most
once a minute; what is past it is no session, so that nothing has to be checked elsewhere.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from cadres.models import Session, User

BROWSER, ADDRESS = "browser", "address"  # in the session's data until it is written
ASKED = "SELECT * FROM cadres_session WHERE session_key = %s AND expire_date > %s"  # before every page
A_MINUTE = timedelta(minutes=1)
AT_A_TIME = 100  # ended sessions that one sign-in clears away


def end_of(begun: datetime, seen: datetime) -> datetime:
    """When a session ends that began and was last used then."""
    return min(begun + timedelta(seconds=settings.SESSION_COOKIE_AGE), seen + timedelta(seconds=settings.SESSION_IDLE))


def row_of(key: str) -> str:
    """The key under which the row of a session is kept: whoever reads the table finds no key to the site."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    row: Session | None = None

    @property
    def row_key(self) -> str:
        """The key of its row; empty where it has none yet."""
        return row_of(self.session_key) if self.session_key else ""

    @property
    def key_salt(self) -> str:
        """What the data are signed with besides SECRET_KEY: those of another session are none for this one."""
        return f"{super().key_salt} {self.session_key}"

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        self.row = next(iter(Session.objects.raw(ASKED, [self.row_key, now()])), None)
        if self.row is None:
            self._session_key = None
        return self.row

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=row_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(pk=row_of(session_key) if session_key else self.row_key).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is written; one with a new key begins now: Django gives one to whoever signs in."""
        session = cast(Session, super().create_model_instance(data))
        session.session_key = self.row_key
        is_the_same = self.row is not None and self.row.session_key == session.session_key
        session.begun_at = self.row.begun_at if is_the_same and self.row else session.seen_at
        session.expire_date = end_of(session.begun_at, session.seen_at)
        session.account_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        session.browser, session.address = data.get(BROWSER, ""), data.get(ADDRESS, "")
        return session

    def move_on(self) -> None:
        """It is being used: its end moves on, where it has not within the last minute."""
        seen = now()
        if self.row and self.row_key == self.row.session_key and seen - self.row.seen_at >= A_MINUTE:
            until = end_of(self.row.begun_at, seen)
            Session.objects.filter(pk=self.row_key).update(seen_at=seen, expire_date=until)


def keep_alive(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, next to Django's of sessions: whoever asks for a page is there."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(request.session, SessionStore):
            request.session.move_on()
        return response

    return respond


def remember_device(request: HttpRequest) -> None:
    """Of a session that begins: from where. Some that have ended are cleared away."""
    request.session[BROWSER] = request.META.get("HTTP_USER_AGENT", "")[:300]
    request.session[ADDRESS] = request.META.get("REMOTE_ADDR", "")[:50]
    ended = Session.objects.filter(expire_date__lt=now()).select_for_update(skip_locked=True)[:AT_A_TIME]
    Session.objects.filter(pk__in=ended.values("pk")).delete()


def end_sessions(account: User, *, but: str | None = None) -> int:
    """Sign the account out everywhere, but of the session with that row; returns of how many."""
    ended, _ = Session.objects.filter(account=account).exclude(pk=but or "").delete()
    return ended
