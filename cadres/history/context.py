"""Who acts, by what and why: told to the database, which keeps it with every change (migrations/0001_history.sql).

    with act(Act.Kind.IMPORT, by=officer, batch=batch.pk):
        …                                             # whatever is written within is one act of a transaction

An act inside another tells more of the same: the account stays, kind and reason become the inner ones. It is a claim;
what PostgreSQL knows for itself (the role of the session) stands beside it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from cadres.models import Act, User
from cadres.proofs import is_broken

P = ParamSpec("P")
R = TypeVar("R")

_told: ContextVar[dict[str, Any]] = ContextVar("told", default={})  # noqa: B039 — replaced, never changed


@contextmanager
def act(kind: str = "", *, by: User | None = None, reason: str = "", **facts: Any) -> Iterator[None]:
    """What is written within is told to be done by the account, for the reason; `facts` are kept beside (JSON).

    Nothing is asked of the database where the same has been told already.
    """
    outer = _told.get()
    news = {
        "kind": kind,
        "user": by.pk if by else None,
        "username": by.username if by else "",
        "reason": reason,
        **facts,
    }
    told = outer | {name: value for name, value in news.items() if value}
    if told == outer:
        yield
        return
    token = _told.set(told)
    _tell(told)
    try:
        yield
    finally:
        _told.reset(token)
        if not is_broken():  # else the rollback takes PostgreSQL back to what was told before
            _tell(outer)


def signed(function: Callable[P, R]) -> Callable[P, R]:
    """A function that changes rows, in one transaction; the account given as `by` answers for it in the history."""

    @wraps(function)
    def acts(*args: P.args, **kwargs: P.kwargs) -> R:
        by = cast(User | None, kwargs.get("by"))
        with transaction.atomic(), act(by=by):
            return function(*args, **kwargs)

    return acts


def for_a_reason(kind: str, asked: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Functions that are signed, and each an act of its own of that kind, with the `reason` given.

    They raise ValidationError, at "reason", with what is `asked` where there is none.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def acts(*args: P.args, **kwargs: P.kwargs) -> R:
            by, reason = cast(User | None, kwargs.get("by")), str(kwargs.get("reason") or "").strip()
            if not reason:
                raise ValidationError({"reason": asked})
            with transaction.atomic(), act(kind, by=by, reason=reason):
                return function(*args, **kwargs)

        return acts

    return decorate


# What had been entered wrongly is put right; two records of one person become one; a former state comes back.
correction = for_a_reason(Act.Kind.CORRECTION, "Hãy ghi lý do đính chính.")
merging = for_a_reason(Act.Kind.MERGE, "Hãy ghi lý do gộp hai hồ sơ.")
taking_back = for_a_reason(Act.Kind.TAKE_BACK, "Hãy ghi lý do hoàn lại.")


def _tell(told: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        context = json.dumps(told, ensure_ascii=False, sort_keys=True) if told else ""
        cursor.execute("SELECT set_config('app.context', %s, false)", [context])
