"""The history of one thing: of its own row, of the rows filed under it when it is a person, and of its parts.

A part of a class is an enrolment, a part of that the attendance. What the history says of a row tells where it belongs;
rows that were there before any history (what was invented, or came with an older release) are looked up as they are.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

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


def entries_of(
    table: str, key: int, *, people: QuerySet[Any, Any] | None = None, tables: Collection[str] | None = None
) -> list[Entry]:
    """The changes of the thing with that key, there or gone, and of its parts: newest act first; in one query.

    `people` are the keys of the officials whose rows may be seen, `tables` the tables; None for all.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(table, key, people))
        entries = [Entry(*row) for row in cursor.fetchall() if tables is None or row[2] in tables]
    return sorted(entries, key=lambda entry: (-entry.act, entry.pk))


def _statement(table: str, key: int, people: QuerySet[Any, Any] | None) -> SQL:
    """Members are found step by step, and each step by an index: left to itself, the planner would read everything."""
    seen, seen_params = _seen(people)
    beginning = [("SELECT %s::text, %s::bigint", [table, key])]
    if table == Official._meta.db_table:
        # An array, since the planner finds no way into the index from an OR.
        merged = "SELECT %s::bigint UNION ALL SELECT id FROM cadres_official WHERE merged_into_id = %s"
        beginning.append((f"{MEMBER} WHERE c.person = ANY (ARRAY({merged}))", [key, key]))
    beginning += _there_already(table, ("SELECT %s::bigint", [key]), people)
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


def _seen(people: QuerySet[Any, Any] | None, column: str = "c.person") -> SQL:
    if people is None:
        return "TRUE", []
    statement, params = people.query.sql_with_params()
    return f"({column} IS NULL OR {column} IN ({statement}))", list(params)


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
        seen, seen_params = _seen(people, f"p.{place.person}") if place.person else _seen(None)
        keys = f"SELECT p.id FROM {part} AS p WHERE p.{column} IN ({above[0]}) AND {seen}"  # noqa: S608
        params = [*above[1], *seen_params]
        yield f"SELECT %s::text, below.id FROM ({keys}) AS below", [part, *params]  # noqa: S608
        yield from _there_already(part, (keys, params), people)
