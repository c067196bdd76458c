"""Questions that page after page asks in the same words.

Django takes longer to put such a question into SQL than PostgreSQL to answer it. So the SQL is kept, and nothing of the
answer: what is kept hangs on nothing but the arguments of the function that words the question.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
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


def rows_of(model: type[M], words: Words, *arguments: Hashable) -> list[M]:
    """The same of a queryset of a model with all its columns, as its objects; of none whose columns mean something else
    than PostgreSQL gives (JSON)."""
    return rows_as(model, answer(words, *arguments))


def rows_as(model: type[M], rows: Iterable[Sequence[Any]]) -> list[M]:
    """The objects of rows of a model, each with all its columns."""
    columns = columns_of(model)
    return [model.from_db(DEFAULT_DB_ALIAS, columns, row) for row in rows]


@cache
def columns_of(model: type[Model]) -> list[str]:
    """The names of the columns of a model, in the order in which a queryset asks for them."""
    fields = model._meta.concrete_fields
    assert not any(hasattr(field, "from_db_value") for field in fields), model
    return [field.attname for field in fields]


@lru_cache(maxsize=2000)
def _said(words: Words, arguments: tuple[Hashable, ...]) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL and its parameters; None of a question that nothing can answer."""
    try:
        return words(*arguments).query.sql_with_params()
    except EmptyResultSet:
        return None
