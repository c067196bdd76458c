"""Questions that page after page asks in the same words.

Django takes longer to put such a question into SQL than PostgreSQL to answer it. So the SQL is kept, and nothing of the
answer: what is kept hangs on nothing but the arguments of the function that words the question. Likewise a condition
that stands in question after question, as the scope of an account does.

PostgreSQL in turn takes longer to plan such a question than to answer it: its plan is kept too (`planned_once`).
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigAutoField, BooleanField, Expression, F, Func, Lookup, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.sql import Query

from cadres.walls import role_at_work

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


def among(column: str) -> Func:
    """In words of `answer_about`: the condition that the column is one of the keys."""
    keys = Value(THE_KEYS)
    return Func(F(column), keys, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())


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


# ---------------------------------------------------------------- plans

MOST_PLANS = 250  # of a connection, each some three hundred kilobytes of the server's memory
MOST_PLANS_OF_DAYS = 20  # each a megabyte
# How a parameter of a plan is called that is given as such a value, the first that fits; what is unknown, PostgreSQL
# finds out from where it stands.
TYPES: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    datetime: "timestamptz",
    date: "date",
    Decimal: "numeric",
    str: "unknown",
    list: "unknown",
}
PLACE = re.compile("%s|%%")
LIST = re.compile(r" IN \((%s(?:, %s)*)\)")


@BigAutoField.register_lookup
class Among(Lookup):
    """`pk__among=keys`: one of the keys, however many: with IN each number of them would be a question of its own."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, list(self.rhs))


@contextmanager
def planned_once() -> Iterator[None]:
    """Within, PostgreSQL plans a question when the connection first asks it, and goes by that plan from then on.

    For what is looked up by keys: there the plan is the same whatever the key, and takes three quarters of the time.
    Not for what a day, a word or a filter picks among all people: who does not know them plans badly. May also stand
    over a function (`@planned_once()`).
    """
    with connection.execute_wrapper(ONCE):
        yield


@contextmanager
def planned_for_the_day() -> Iterator[None]:
    """Within, PostgreSQL plans a question once for its day, scope and numbers, which stand in the plan.

    For what these pick among all people, page after page: another day has a plan of its own. Only texts are left open:
    what is supposed of people is another one with every enrolment, and no plan hangs on it.
    """
    with connection.execute_wrapper(FOR_THE_DAY):
        yield


@dataclass(frozen=True)
class Plans:
    """The plans that each open connection keeps; called as a wrapper of Django's, around each question."""

    most: int  # of a connection; the one that has not been used for longest goes
    known: frozenset[type] = frozenset()  # the kinds of parameters whose values stand in the plan
    of: WeakKeyDictionary[Any, OrderedDict[Hashable, str]] = field(default_factory=WeakKeyDictionary, compare=False)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        cursor = context["cursor"]
        innermost = next(one for one in reversed(connection.execute_wrappers) if isinstance(one, Plans))
        kinds = None if many or cursor.name or innermost is not self else self._kinds(params or (), cursor)
        if kinds is None or not str(sql).startswith(("SELECT", "WITH", "(SELECT")):
            return execute(sql, params, many, context)
        asked, kinds, lists = _with_lists(str(sql), kinds)
        plans = self.of.setdefault(connection.connection, OrderedDict())
        key = (role_at_work(), asked, kinds)  # what the wall lets through is part of a plan
        if key not in plans:
            plans[key] = self._prepare(plans, asked, kinds)
        plans.move_to_end(key)
        values: list[Any] = list(params or ())
        for keys in reversed(lists):
            values[keys] = [list(values[keys])]
        given = [value for value, kind in zip(values, kinds, strict=True) if isinstance(kind, str)]
        places = f"({', '.join(['%s'] * len(given))})" if given else ""
        return execute(f"EXECUTE {plans[key]}{places}", given or None, many, context)

    def _kinds(self, params: Sequence[Any], cursor: Any) -> tuple[str | bytes, ...] | None:
        """What each parameter is, or, of what stands in the plan, its value as SQL: of a state too, or whatever else is
        one of a few words of the source, since a plan hangs on it. None where one is of a kind that is not known."""
        kinds: list[str | bytes] = []
        for value in params:
            if isinstance(value, Enum) or value.__class__ in self.known:
                kinds.append(cursor.mogrify("%s", [value]))
            elif (kind := _called(value.__class__)) is None:
                return None
            else:
                kinds.append("bigint" if kind == "integer" and value.bit_length() > 31 else kind)
        return tuple(kinds)

    def _prepare(self, plans: OrderedDict[Hashable, str], sql: str, kinds: tuple[str | bytes, ...]) -> str:
        """Let the open connection keep the plan; its name."""
        name, types = f"kept_{next(numbers)}", [kind for kind in kinds if isinstance(kind, str)]
        declared, numbered = f"({', '.join(types)})" if types else "", count(1)
        written = (f"${next(numbered)}" if isinstance(kind, str) else kind.decode() for kind in kinds)
        body = PLACE.sub(lambda found: "%" if found[0] == "%%" else next(written), sql)
        # Past Django's cursors: it is no question of a page.
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            if len(plans) >= self.most:
                _, oldest = plans.popitem(last=False)
                cursor.execute(f"DEALLOCATE {oldest}")
            cursor.execute(f"PREPARE {name}{declared} AS {body}")
        return name


ONCE = Plans(MOST_PLANS)
FOR_THE_DAY = Plans(MOST_PLANS_OF_DAYS, known=frozenset((date, bool, int, list)))


@lru_cache(maxsize=2000)
def _with_lists(sql: str, kinds: tuple[str | bytes, ...]) -> tuple[str, tuple[str | bytes, ...], tuple[slice, ...]]:
    """The question with the keys of each IN as one list, so that however many they are the plan is the same: its SQL,
    what its parameters are then, and which of those given each list is made of."""
    lists: list[slice] = []

    def as_list(found: re.Match[str]) -> str:
        first = sum(place == "%s" for place in PLACE.findall(sql, 0, found.start()))
        keys = slice(first, first + found[0].count("%s"))
        if not {"integer", "bigint"}.issuperset(kinds[keys]):
            return found[0]
        lists.append(keys)
        return " = ANY(%s)"

    asked, left = LIST.sub(as_list, sql), list(kinds)
    for keys in reversed(lists):
        left[keys] = [TYPES[list]]
    return asked, tuple(left), tuple(lists)


@cache
def _called(kind: type) -> str | None:
    return next((called for known, called in TYPES.items() if issubclass(kind, known)), None)
