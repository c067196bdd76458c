"""Which tables are recorded: an operation of a migration, one a table; and how a table is written unrecorded.

A new table that people's work changes is recorded in the migration that makes it; tests/cadres/history/test_recorded.py
fails for one that is not, and names those that need not be.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.operations import RunSQL

from cadres.proofs import is_broken

SCHEMA = Path(__file__).parent.parent / "migrations" / "0001_history.sql"
CLOCKS = ("changed_at",)  # columns that say when a row was written: moved alone they are no change


class CreateHistory(RunSQL):
    """The schema `history` with its tables and functions, before the first table that is recorded."""

    def __init__(self) -> None:
        super().__init__(SCHEMA.read_text(encoding="utf-8"), "DROP SCHEMA history CASCADE")


class RecordTable(RunSQL):
    """From now on every change of the table enters the history.

    `person` is the column with the official whom a row is about; `parent` the table that a row is a part of and the
    column that leads there; `secret` columns are told as changed, without their value; `left_out` are not told.
    """

    def __init__(
        self,
        table: str,
        *,
        person: str = "",
        parent: tuple[str, str] = ("", ""),
        secret: tuple[str, ...] = (),
        left_out: tuple[str, ...] = (),
    ) -> None:
        arguments = [table, person, *parent, ",".join(secret), ",".join(left_out)]
        super().__init__([("SELECT history.record_table(%s, %s, %s, %s, %s, %s)", arguments)], RunSQL.noop)


class RecordArrivals(RunSQL):
    """From now on the entry of a new row of a recorded table about people does not repeat its columns.

    They stand in the table, or in the `before` of the row's next entry, where `Change.after` finds them. For tables of
    which rosters bring thousands of rows: migrations/0028_rows_told_once.sql. `kept` are the columns that tell on which
    days a row counts, for tables on which verdicts hang. A table with secrets cannot be recorded so.
    """

    def __init__(self, table: str, *, person: str, kept: tuple[str, ...] = ()) -> None:
        told = f"'{person}', '', '', '', '', '{','.join(kept)}'"
        statement = f"""
            CREATE OR REPLACE TRIGGER history_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION history.record_arrival({told})"""
        super().__init__(statement, RunSQL.noop)


@dataclass(frozen=True)
class Recorded:
    """How a table is filed: its column with the person; the parent's table, and the column that leads there."""

    person: str = ""
    parent_table: str = ""
    parent: str = ""


@cache
def recorded() -> dict[str, Recorded]:
    """Table → how its rows are filed, as the database has it; asked once a process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = 'history_update'")
        return {table: Recorded(*bytes(told).decode().split("\0")[:3]) for table, told in cursor.fetchall()}


def recorded_tables() -> set[str]:
    """The names of the tables whose changes enter the history, as the database has them."""
    return set(recorded())


@contextmanager
def unrecorded() -> Iterator[None]:
    """Write without history: for invented data and benchmarks. Only the owner of the tables may; nobody else writes
    meanwhile."""
    _switch("DISABLE")
    try:
        yield
    finally:
        if not is_broken():  # else the rollback does it
            _switch("ENABLE")


@transaction.atomic
def _switch(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in sorted(recorded_tables()):
            for event in ("insert", "update", "delete"):
                cursor.execute(f"ALTER TABLE {table} {how} TRIGGER history_{event}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
