"""Questions that page after page asks in the same words.

Django takes longer to put such a question into SQL than PostgreSQL to answer it. So the SQL is kept, and nothing of the
answer: what is kept hangs on nothing but the arguments of the function that words the question. Likewise a condition
that stands in question after question, as the scope of an account does.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, F, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query

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


class Condition(Expression):
    """A condition on the rows of any query, whose SQL is kept like that of a question.

    `words` makes it of the arguments and of a stand-in for each of `columns`, by name: an Exists, or its like. The
    columns themselves are ways from the row ("enrolment__official"), and are put into the SQL where it stands.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, words: Callable[..., Any], *arguments: Hashable, **columns: str) -> None:
        super().__init__()
        self.words, self.arguments, self.names = words, arguments, tuple(columns)
        self.columns: list[Any] = [F(column) for column in columns.values()]

    def get_source_expressions(self) -> list[Any]:
        return list(self.columns)

    def set_source_expressions(self, exprs: Any) -> None:
        self.columns = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        columns = {name: compiler.compile(column) for name, column in zip(self.names, self.columns, strict=True)}
        parts = _parts_of_condition(self.words, self.arguments, self.names)
        if parts is None:
            raise EmptyResultSet
        said = [columns[part] if isinstance(part, str) else part for part in parts]
        return "".join(sql for sql, _ in said), tuple(parameter for _, given in said for parameter in given)


ALIAS = re.compile(r"(?<![\w\"])([A-Z]+\d+)(?![\w\"])")  # as Django names the tables of a sub-query: U0, V1 …
numbers = count(1)


@lru_cache(maxsize=2000)
def _parts_of_condition(
    words: Callable[..., Any], arguments: tuple[Hashable, ...], names: tuple[str, ...]
) -> list[str | tuple[str, tuple[Any, ...]]] | None:
    """The SQL of a condition, cut where a column is to be put in: its name there, else SQL and its parameters. None of
    one that no row meets.

    Its tables get names that no other has, or a column of the query round it would be taken for one of theirs.
    """
    stand_ins = {name: RawSQL(f"<{name}>", ()) for name in names}
    query = Query(None)
    try:
        sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).compile(
            words(*arguments, **stand_ins).resolve_expression(query)
        )
    except EmptyResultSet:
        return None
    own = f"of_{next(numbers)}_"
    parts: list[str | tuple[str, tuple[Any, ...]]] = []
    left = list(parameters)
    for place, text in enumerate(re.split(rf"\(<({'|'.join(names)})>\)", sql)):
        if place % 2:
            parts.append(text)
        else:
            many = text.count("%s")
            parts.append((ALIAS.sub(rf"{own}\1", text), tuple(left[:many])))
            del left[:many]
    return parts


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
