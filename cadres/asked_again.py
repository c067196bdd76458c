"""Questions that page after page asks in the same words.

Django takes longer to put such a question into SQL than PostgreSQL to answer it. So the SQL is kept, and nothing of the
answer: what is kept hangs on nothing but the arguments of the function that words the question.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Words = Callable[..., QuerySet[Any, Any]]


def answer(words: Words, *arguments: Hashable) -> list[tuple[Any, ...]]:
    """The rows of the queryset that `words` makes of the arguments, which ends in `values_list`: as PostgreSQL gives
    them, so for columns of plain texts, numbers and days."""
    said = _said(words, arguments)
    if said is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*said)
        return cursor.fetchall()


@lru_cache(maxsize=2000)
def _said(words: Words, arguments: tuple[Hashable, ...]) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL and its parameters; None of a question that nothing can answer."""
    try:
        return words(*arguments).query.sql_with_params()
    except EmptyResultSet:
        return None
