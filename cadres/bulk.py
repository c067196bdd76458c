"""Many rows at once: COPY into a temporary table, then one INSERT or UPDATE from it.

COPY is several times faster than any INSERT of values; going through a temporary table keeps column defaults of the
database, triggers by statement and row-level security working, which COPY straight into a table would not.
"""

import gc
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import RawSQL

from cadres.models import ChangedAtField

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TO_ESCAPE = re.compile(r"[\\\t\n\r]")
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=date.isoformat).encode


@contextmanager
def collector_paused() -> Iterator[None]:
    """Leave the cyclic garbage collector out while many objects are made that all stay.

    It would look through all of them again and again: a fifth of the time of an import. Counted references still go.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def among(keys: Iterable[int]) -> RawSQL:
    """What `__in` takes for thousands of keys: one array, where a list is prepared one by one."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])


def among_texts(texts: Iterable[str]) -> RawSQL:
    """The same for texts."""
    return RawSQL("SELECT unnest(%s::text[])", [list(texts)])


def reserve_keys(model: type[Model], count: int) -> list[int]:
    """Take `count` primary keys from the model's sequence, so that rows of several tables can be written together."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(sequence) FROM generate_series(1, %s),"
            " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS named",  # looked up once
            [count, model._meta.db_table, model._meta.pk.column],
        )
        return [key for (key,) in cursor.fetchall()]


def insert_rows(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    alike: Mapping[str, Any] | None = None,
) -> None:
    """Insert rows; `columns` are names of database columns, in the order of the values.

    `alike` are the columns that are the same in all rows, with their values.
    """
    insert_tables([Insert(model, columns, rows, alike or {})])


@dataclass(slots=True)
class Insert:
    """Rows to be inserted, as `insert_rows` takes them.

    `comes_again`: many rows are equal but in their last value, as the levels of people are; they are written out once.
    """

    model: type[Model]
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    alike: Mapping[str, Any]
    comes_again: bool = False


def insert_tables(inserts: Sequence[Insert]) -> None:
    """Insert into several tables, one after another; the rows of the next are written out as text meanwhile."""
    with ThreadPoolExecutor(1) as ahead:
        texts = [ahead.submit(_written_out, insert.rows, insert.comes_again) for insert in inserts]
        for insert, text in zip(inserts, texts, strict=True):
            names, all_names = _names(insert.columns), _names((*insert.columns, *insert.alike))
            values = "".join(", %s" for _ in insert.alike)
            _stage_and_run(
                insert.model,
                insert.columns,
                text.result(),
                f"INSERT INTO {{table}} ({all_names}) SELECT {names}{values} FROM {{staged}}",  # noqa: S608
                tuple(insert.alike.values()),
            )


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
        _written_out(rows),
        f"UPDATE {{table}} SET {settings} FROM {{staged}} AS staged WHERE {{table}}.{key} = staged.{key}",  # noqa: S608
    )


def _names(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _written_out(rows: Iterable[Sequence[Any]], comes_again: bool = False) -> StringIO:
    """The rows as COPY wants them; `comes_again` as in Insert."""
    buffer = StringIO()
    if comes_again:
        written: dict[tuple[Any, ...], str] = {}  # the values of a column are of one type: none equals another's
        for *values, last in rows:
            key = tuple(values)
            if (text := written.get(key)) is None:
                text = written[key] = _line(values)
            buffer.write(f"{text}\t{FORMATS[last.__class__](last)}\n")
        return buffer
    for row in rows:
        buffer.write(_line(row) + "\n")
    return buffer


def _line(values: Iterable[Any]) -> str:
    return "\t".join([FORMATS[value.__class__](value) for value in values])


def _stage_and_run(
    model: type[Model], columns: Sequence[str], buffer: StringIO, statement: str, values: tuple[Any, ...] = ()
) -> None:
    """Only names of our own tables and columns are put into the statements; every value goes through COPY."""
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
        cursor.execute(statement.format(table=table, staged=staged), values or None)
        cursor.execute(f"DROP TABLE {staged}")


def _escaped(text: str) -> str:
    return text.translate(ESCAPES) if TO_ESCAPE.search(text) else text


class _Formats(dict[type, Callable[[Any], str]]):
    """Type → how COPY wants a value of it written; a subclass is written like its base.

    One look-up a value: a chain of isinstance took twice as long, and a roster has half a million values.
    """

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = found = next(write for base, write in self.items() if issubclass(kind, base))
        return found


FORMATS = _Formats(
    {
        type(None): lambda value: "\\N",
        str: _escaped,
        bool: lambda value: "t" if value else "f",
        int: str,
        datetime: datetime.isoformat,
        date: date.isoformat,
        dict: lambda value: _escaped(as_json(value)) if value else "{}",
        list: lambda value: _escaped(as_json(value)) if value else "[]",
        object: str,
    }
)
