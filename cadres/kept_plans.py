"""Plans of questions that page after page asks, kept by each connection to PostgreSQL.

To plan such a question takes longer than to answer it. So whoever asks it says that it is planned once
(`planned_once`), or once for its day (`planned_for_the_day`); the connection then prepares it when it first asks.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.models import BigAutoField, Lookup

from cadres.walls import role_at_work

MOST_PLANS = 250  # of a connection, each some three hundred kilobytes of the server's memory
MOST_PLANS_OF_DAYS = 40  # each a megabyte
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
numbers = count(1)


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
