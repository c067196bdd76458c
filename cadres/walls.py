"""Tells the database for whom a request works, so that it gives out the rows of that account and no others.

    with acting_as(user): …     # a request, or a piece of long work
    with wide(): …              # within: what has to look beyond the account's units

The database does the rest (lao_cai_training/postgres/walls.sql, policies.py). Whoever works as the owner and begins
nothing (commands, migrations) sees everything; the login of the web process sees nobody until something is begun.

Past Django's cursors: what is asked here belongs to no page. Where a transaction is broken nothing is asked: its
rollback takes the session back to what was told before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar

from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from cadres import roles
from cadres.models import User
from cadres.proofs import can_be_asked, proof_of

WIDE, SCOPED = "lao_cai_wide", "lao_cai_scoped"  # as in roles.sql
ENTER = "RESET ROLE; SELECT walls.enter(%s, %s, %s); SET ROLE "
# A temporary table that somebody left in the session would stand before the real one of its name.
AFRESH = "DISCARD TEMP; "
WIDELY, TAKING_BACK = "wide", "taking back"
OF_THE_ACCOUNT = ("walls.told", "walls.proof", "walls.people")  # settings of the session
END = "RESET ROLE; SELECT " + ", ".join(f"set_config('{name}', '', false)" for name in OF_THE_ACCOUNT)

_told: ContextVar[tuple[int, str, str] | None] = ContextVar("told", default=None)  # account, role, how


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


def role_at_work() -> str:
    """The role of the database as which is asked just now; empty where nothing has been begun."""
    told = _told.get()
    return told[1] if told else ""


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
    if not can_be_asked():
        return
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        if told is None:
            cursor.execute(END)
            return
        account, role, how = told
        cursor.execute(before + ENTER + role, [account, how, proof_of(f"enter {account} {how}")])
