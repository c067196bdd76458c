"""Tells the database for whom a request works, so that it gives out the rows of that account and no others.

    with acting_as(user): …     # a request, or a piece of long work
    with wide(): …              # within: what has to look beyond the account's units

The database does the rest (lao_cai_training/postgres/walls.sql, policies.py). Whoever works as the owner and begins
nothing (commands, migrations) sees everything; the login of the web process sees nobody until something is begun.

Past Django's cursors: what is asked here belongs to no page. Where a transaction is broken nothing is asked: its
rollback takes the session back to what was told before.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from cadres import roles
from cadres.history.context import is_broken
from cadres.models import User

WIDE, SCOPED = "lao_cai_wide", "lao_cai_scoped"  # as in roles.sql
STANDS = """
SELECT to_regprocedure('walls.enter(bigint,text,text)') IS NOT NULL
    AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'lao_cai_wide' AND pg_has_role(session_user, oid, 'MEMBER'))
"""
ENTER = "RESET ROLE; SELECT walls.enter(%s, %s, %s); SET ROLE "
# A temporary table that somebody left in the session would stand before the real one of its name.
AFRESH = "DISCARD TEMP; "
WIDELY, TAKING_BACK = "wide", "taking back"
END = "RESET ROLE; SELECT set_config('walls.told', '', false), set_config('walls.proof', '', false)"

_told: ContextVar[tuple[int, str, str] | None] = ContextVar("told", default=None)  # account, role, how
_stands: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()  # what each open connection has answered


@cache
def key(secret: str) -> bytes:
    """What the proofs are made with: of SECRET_KEY, and known to the owner of the database (walls.key)."""
    return hashlib.sha256(f"lao_cai_training walls {secret}".encode()).digest()


def middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, after the one that knows the account: the request of an account works within `acting_as`."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return get_response(request)
        with acting_as(request.user):
            return get_response(request)

    return respond


@contextmanager
def acting_as(user: User) -> Iterator[None]:
    """What is asked of the database within is asked for the account.

    How far it reaches is asked of its roles: what the pages ask (`sees_every_unit`) may be wrong and opens nothing.
    """
    reaches_all = not roles.SEES_EVERY_UNIT.isdisjoint(user.roles_today)
    with _telling(user.pk, WIDE if reaches_all else SCOPED):
        yield


@contextmanager
def keeping_for(account: int) -> Iterator[None]:
    """What an account (its key) filled in is kept for it, though it is not signed in any more."""
    with _telling(account, SCOPED):
        yield


@contextmanager
def for_nobody() -> Iterator[None]:
    """The process itself works, for no account, and sees everybody: what becomes of long work, what has grown old."""
    with _telling(0, WIDE, WIDELY):
        yield


@contextmanager
def wide() -> Iterator[None]:
    """Within, everybody is seen: for what an officer may not see and has to be counted or compared all the same.

    Used by rosters (matching with those there are, writing), by what enters a new person or number, where two records
    become one (the second then holds no post), by the count of seats and who moves up to them, and by what an extract
    says of the whole paper. What comes out of it passes cadres/access.py.
    """
    account, role, _ = _told.get() or (0, WIDE, "")
    with nullcontext() if role == WIDE else _telling(account, WIDE, WIDELY):
        yield


@contextmanager
def undoing() -> Iterator[None]:
    """Within, an act may be taken back: whole, whoever holds no post before or after it, and with the steps of
    enrolments that it wrote, which are otherwise only added."""
    told = _told.get()
    with _telling(told[0], WIDE, TAKING_BACK) if told else nullcontext():
        yield


@contextmanager
def _telling(account: int, role: str, how: str = "") -> Iterator[None]:
    outer, new = _told.get(), (account, role, how)
    token = _told.set(new)
    _tell(new, "" if outer else AFRESH)
    try:
        yield
    finally:
        _told.reset(token)
        _tell(outer)


def _tell(told: tuple[int, str, str] | None, before: str = "") -> None:
    if not _can_be_asked():
        return
    opened = connection.connection
    with connection.wrap_database_errors, opened.cursor() as cursor:
        if told is None:
            cursor.execute(END)
            return
        account, role, how = told
        message = f"enter {account} {how} {opened.info.backend_pid}"
        proof = hmac.digest(key(settings.SECRET_KEY), message.encode(), "sha256").hex()
        cursor.execute(before + ENTER + role, [account, how, proof])


def _can_be_asked() -> bool:
    """Whether the walls stand in this database, and the connection is one that can be asked."""
    connection.ensure_connection()
    opened = connection.connection
    if is_broken():
        return False
    if opened not in _stands:
        with connection.wrap_database_errors, opened.cursor() as cursor:
            cursor.execute(STANDS)
            _stands[opened] = cursor.fetchone() == (True,)
    return _stands[opened]
