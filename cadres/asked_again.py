"""Questions that page after page asks in the same words.

Django takes longer to put such a question into SQL than PostgreSQL to answer it. So the SQL is kept, and nothing of the
answer: what is kept hangs on nothing but the arguments of the function that words the question. Likewise a condition
that stands in question after question, as the scope of an account does.

PostgreSQL in turn takes longer to plan such a question than to answer it: its plan is kept too (kept_plans.py).
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query

from cadres.kept_plans import planned_for_the_day, planned_once

M = TypeVar("M", bound=Model)
Words = Callable[..., QuerySet[Any, Any]]
THE_KEYS = object()  # stands among the parameters of a question where the keys that it is about are put in


def answer(words: Words, *arguments: Hashable, of_a_day: bool = False) -> list[tuple[Any, ...]]:
    """The rows of the queryset that `words` makes of the arguments, which ends in `values_list`: as PostgreSQL gives
    them, so for columns of plain texts, numbers and days. `of_a_day`: the question is `planned_for_the_day`."""
    said = _said(words, arguments)
    if said is None:
        return []
    with planned_for_the_day() if of_a_day else planned_once(), connection.cursor() as cursor:
        cursor.execute(*said)
        return cursor.fetchall()


def answer_anew(key: Hashable, words: Callable[[], QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The same of what `words` asks, whose SQL is kept by a key that tells all that it hangs on.

    Planned each time: for what a day or a condition picks among all people.
    """
    place = _place_of(key)
    if not place:
        place.append(_in_sql(words()))
    if place[0] is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*place[0])
        return cursor.fetchall()


def answer_about(keys: Iterable[int], words: Words, *arguments: Hashable) -> list[tuple[Any, ...]]:
    """The same of a question about rows of these keys, which the words call `among("official")`.

    So that what is asked of the fifty people of a page is worded once, whoever they are.
    """
    said = _said(words, arguments)
    if said is None:
        return []
    sql, parameters = said
    given = list(keys)
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(sql, tuple(given if item is THE_KEYS else item for item in parameters))
        return cursor.fetchall()


class IsAmong(Func):
    """The condition that the first is an element of the second, an array."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def among(column: str) -> IsAmong:
    """In words of `answer_about`: the condition that the column is one of the keys."""
    return IsAmong(F(column), Value(THE_KEYS))


def rows_as(model: type[M], rows: Iterable[Sequence[Any]]) -> list[M]:
    """The objects of rows of a model, each with all its columns."""
    columns = columns_of(model)
    return [model.from_db(DEFAULT_DB_ALIAS, columns, row) for row in rows]


def fetch(rows: Iterable[Any], *names: str) -> None:
    """Give each of the rows the objects that its foreign keys of these names lead to: one question each, of the words
    that `prefetch_related` has for them, and takes several times as long to say."""
    rows = list(rows)
    for name in names if rows else ():
        key = rows[0]._meta.get_field(name)
        wanted = {getattr(row, key.attname) for row in rows} - {None}
        found = {one.pk: one for one in rows_as(key.related_model, answer_about(wanted, _of_keys, key.related_model))}
        for row in rows:
            if (value := getattr(row, key.attname)) in found:
                key.set_cached_value(row, found[value])


def _of_keys(model: type[Model]) -> QuerySet[Any, Any]:
    return model._default_manager.filter(among("pk")).order_by().values_list(*columns_of(model))


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


Said = tuple[str, tuple[Any, ...]] | None  # SQL and its parameters; None of a question that nothing can answer


@lru_cache(maxsize=2000)
def _said(words: Words, arguments: tuple[Hashable, ...]) -> Said:
    return _in_sql(words(*arguments))


@lru_cache(maxsize=500)
def _place_of(key: Hashable) -> list[Said]:
    """Where the SQL of a key is put."""
    return []


def _in_sql(question: QuerySet[Any, Any]) -> Said:
    try:
        return question.query.sql_with_params()
    except EmptyResultSet:
        return None
