"""Many rows at once: COPY into a temporary table, then one INSERT or UPDATE from it.

COPY is several times faster than any INSERT of values; going through a temporary table keeps column defaults of the
database, triggers by statement and row-level security working, which COPY straight into a table would not.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.db import connection
from django.db.models import Model

from cadres.models import ChangedAtField

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TO_ESCAPE = re.compile(r"[\\\t\n\r]")
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode


def reserve_keys(model: type[Model], count: int) -> list[int]:
    """Take `count` primary keys from the model's sequence, so that rows of several tables can be written together."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def insert_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows; `columns` are names of database columns, in the order of the values."""
    names = _names(columns)
    _stage_and_run(model, columns, rows, f"INSERT INTO {{table}} ({names}) SELECT {names} FROM {{staged}}")  # noqa: S608


def update_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of existing rows; the first of `columns` is the primary key.

    The moment of change is set beside them, unless it is among the columns.
    """
    key, *others = (connection.ops.quote_name(column) for column in columns)
    settings = ", ".join(f"{column} = staged.{column}" for column in others)
    for column in model._meta.fields:
        if isinstance(column, ChangedAtField) and column.attname not in columns:
            settings += f", {connection.ops.quote_name(column.attname)} = clock_timestamp()"
    _stage_and_run(
        model,
        columns,
        rows,
        f"UPDATE {{table}} SET {settings} FROM {{staged}} AS staged WHERE {{table}}.{key} = staged.{key}",  # noqa: S608
    )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _stage_and_run(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], statement: str) -> None:
    """Only names of our own tables and columns are put into the statements; every value goes through COPY."""
    buffer = StringIO()
    for row in rows:
        buffer.write("\t".join([_copy_text(value) for value in row]))
        buffer.write("\n")
    if not buffer.tell():
        return
    buffer.seek(0)
    names = _names(columns)
    table = connection.ops.quote_name(model._meta.db_table)
    staged = connection.ops.quote_name(f"staged_{model._meta.db_table}")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"  # noqa: S608
        )
        cursor.copy_expert(f"COPY {staged} ({names}) FROM STDIN", buffer)
        cursor.execute(statement.format(table=table, staged=staged))
        cursor.execute(f"DROP TABLE {staged}")


def _copy_text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, dict | list):
        value = as_json(value)
    if isinstance(value, str):
        return value.translate(ESCAPES) if TO_ESCAPE.search(value) else value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
