"""The history of one thing: of its own row, of the rows filed under it when it is a person, and of its parts.

A part of a class is an enrolment, a part of that the attendance. What the history says of a row tells where it belongs;
rows that were there before any history (what was invented, or came with an older release) are looked up as they are.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cadres.history.triggers import recorded
from cadres.models import Official

SQL = tuple[str, list[Any]]
MEMBER = "SELECT c.table_name, c.key FROM history.change AS c"


class Entry(NamedTuple):
    """Which change of which act, and of which table: enough to count, to filter and to cut into pages."""

    pk: int
    act: int
    table: str


@dataclass(frozen=True)
class Seen:
    """Which changes about people may be seen: all about `people` (a query for keys; None: about everybody); and about
    others those of `acts` (a query for keys) and those made before a moment."""

    people: QuerySet[Any, Any] | None = None
    acts: QuerySet[Any, Any] | None = None
    before: datetime | None = None


EVERYTHING = Seen()


def entries_of(table: str, key: int, *, seen: Seen = EVERYTHING, tables: Collection[str] | None = None) -> list[Entry]:
    """The changes of the thing with that key, there or gone, and of its parts: newest act first; in one query.

    `seen` says which changes about people may be told, `tables` of which tables; None for all.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(table, key, seen))
        entries = [Entry(*row) for row in cursor.fetchall() if tables is None or row[2] in tables]
    return sorted(entries, key=lambda entry: (-entry.act, entry.pk))


def _statement(table: str, key: int, allowed: Seen) -> SQL:
    """Members are found step by step, and each step by an index: left to itself, the planner would read everything."""
    seen, seen_params = _seen(allowed)
    beginning = [("SELECT %s::text, %s::bigint", [table, key])]
    if table == Official._meta.db_table:
        # An array, since the planner finds no way into the index from an OR.
        merged = "SELECT %s::bigint UNION ALL SELECT id FROM cadres_official WHERE merged_into_id = %s"
        beginning.append((f"{MEMBER} WHERE c.person = ANY (ARRAY({merged}))", [key, key]))
    beginning += _there_already(table, ("SELECT %s::bigint", [key]), allowed.people)
    statement = f"""
        WITH RECURSIVE member (table_name, key) AS (
            ({" UNION ".join(sql for sql, _ in beginning)})
            UNION
            SELECT part.table_name, part.key FROM member CROSS JOIN LATERAL (
                {MEMBER} WHERE c.parent_table = member.table_name AND c.parent = member.key AND {seen} OFFSET 0
            ) AS part
        )
        SELECT c.id, c.act_id, c.table_name FROM member CROSS JOIN LATERAL (
            SELECT c.id, c.act_id, c.table_name FROM history.change AS c
            WHERE c.table_name = member.table_name AND c.key = member.key AND {seen} OFFSET 0
        ) AS c"""  # noqa: S608 — names of our own tables and columns; every value is a parameter
    return statement, [*(value for _, values in beginning for value in values), *seen_params, *seen_params]


def _seen(allowed: Seen) -> SQL:
    """The condition on a change, `c`."""
    if allowed.people is None:
        return "TRUE", []
    people, values = _of(allowed.people, "c.person")
    conditions = [people]
    if allowed.acts is not None:
        acts, params = _among("c.act_id", allowed.acts)
        conditions.append(acts)
        values = [*values, *params]
    if allowed.before is not None:
        conditions.append("c.at < %s")
        values.append(allowed.before)
    return f"({' OR '.join(conditions)})", values


def _of(people: QuerySet[Any, Any] | None, column: str) -> SQL:
    if people is None:
        return "TRUE", []
    statement, params = _among(column, people)
    return f"({column} IS NULL OR {statement})", params


def _among(column: str, keys: QuerySet[Any, Any]) -> SQL:
    try:
        statement, params = keys.query.sql_with_params()
    except EmptyResultSet:  # the account has no units
        return "FALSE", []
    return f"{column} IN ({statement})", list(params)


def _there_already(table: str, above: SQL, people: QuerySet[Any, Any] | None) -> Iterator[SQL]:
    """The present rows below those `above` (a query for keys) that have parts themselves, floor by floor."""
    places = recorded()
    with_parts = {place.parent_table for place in places.values()}
    for part, place in places.items():
        column = place.person if table == Official._meta.db_table and part != table else ""
        if place.parent_table == table:
            column = place.parent
        if not column or part not in with_parts:
            continue
        seen, seen_params = _of(people, f"p.{place.person}") if place.person else _of(None, "")
        keys = f"SELECT p.id FROM {part} AS p WHERE p.{column} IN ({above[0]}) AND {seen}"  # noqa: S608
        params = [*above[1], *seen_params]
        yield f"SELECT %s::text, below.id FROM ({keys}) AS below", [part, *params]  # noqa: S608
        yield from _there_already(part, (keys, params), people)
