"""What the tables of the database hold, and whether a page has written anything: told by the counters of PostgreSQL, so
that only those tables are read again in which something was written."""

from collections.abc import Collection

from django.db import connection

SESSIONS = "cadres_session"  # what somebody looks at is remembered there, refused or not, by SessionMiddleware


def every_table() -> dict[str, tuple[int, str]]:
    """Number of rows and checksum of the contents of each table of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s", [SESSIONS])
        return contents_of([name for (name,) in cursor.fetchall()])


def contents_of(tables: Collection[str]) -> dict[str, tuple[int, str]]:
    if not tables:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{table}', count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM \"{table}\" AS t"
                for table in tables
            )
        )
        return {table: (count, checksum) for table, count, checksum in cursor.fetchall()}


def rows_written() -> dict[str, int]:
    """How many rows of each table this transaction has written, also those rolled back to a savepoint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, written FROM pg_class CROSS JOIN LATERAL (SELECT pg_stat_get_xact_tuples_inserted(oid)"
            " + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS written) AS told"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> %s AND written > 0",
            [SESSIONS],
        )
        return dict(cursor.fetchall())


class Tables:
    """The tables as they are; those are read again in which something was written since: mostly none or few."""

    def __init__(self, contents: dict[str, tuple[int, str]]) -> None:
        self.written, self.contents = rows_written(), contents

    def now(self) -> dict[str, tuple[int, str]]:
        written = rows_written()
        if touched := {table for table, _ in written.items() ^ self.written.items()}:
            self.written, self.contents = written, self.contents | contents_of(touched)
        return self.contents
