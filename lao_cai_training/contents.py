"""What a database holds, table by table: how many rows, and a digest that two databases with the same rows share.

Goes by what the database says of itself: it may have been made by another version. Rows are digested as text that no
setting of the session changes, and without regard to their order, so that any server from PostgreSQL 14 on says the
same.
"""

from collections.abc import Collection
from typing import Any

from psycopg2.sql import SQL, Identifier

# How a value is written as text.
AS_TEXT = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}
# The name is one that no column has: a column would be taken before the row.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(digest, 16))::bit(64)::bigint::numeric), 0)::text
FROM (
    SELECT encode(sha256(convert_to(whole_row_::text, 'UTF8')), 'hex') AS digest FROM {table} AS whole_row_
) AS digests
"""
OURS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"


def schemas(cursor: Any) -> list[str]:
    """The schemas that are not PostgreSQL's own."""
    cursor.execute(f"SELECT nspname FROM pg_namespace WHERE {OURS} ORDER BY nspname")  # noqa: S608
    return [name for (name,) in cursor.fetchall()]


def tables(cursor: Any) -> list[tuple[str, str]]:
    """Schema and name of every table that is neither PostgreSQL's nor an extension's."""
    cursor.execute(
        f"""
        SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind = 'r' AND {OURS} AND NOT EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
        )
        ORDER BY nspname, relname
        """  # noqa: S608
    )
    return list(cursor.fetchall())


def counted(cursor: Any, *, without: Collection[str] = ()) -> dict[str, dict[str, Any]]:
    """ "schema.table" → {"rows", "digest"}; `without` names tables that are left out."""
    before = _set(cursor, AS_TEXT)
    found = {}
    for schema, name in tables(cursor):
        if f"{schema}.{name}" not in without:
            cursor.execute(SQL(DIGEST).format(table=Identifier(schema, name)))
            rows, digest = cursor.fetchone()
            found[f"{schema}.{name}"] = {"rows": rows, "digest": digest}
    _set(cursor, before)
    return found


def _set(cursor: Any, values: dict[str, str]) -> dict[str, str]:
    """Change settings of the session; returns what they were."""
    before = {}
    for name, value in values.items():
        cursor.execute("SELECT current_setting(%s), set_config(%s, %s, false)", [name, name, value])
        before[name], _ = cursor.fetchone()
    return before
