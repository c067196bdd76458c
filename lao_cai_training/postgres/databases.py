"""Databases beside that of the settings: made, filled, put in its place and dropped, while people work in it.

They are named after it: `…_restoring` and `…_checking` while they are being filled, `…_previous` the one whose place
was taken last. Who may do this owns the database and has CREATEDB (roles.sql).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from django.db import DatabaseError, ProgrammingError, connection, connections
from psycopg2.sql import SQL, Identifier

from lao_cai_training.postgres.binaries import ServerError

MAINTENANCE = "postgres"  # the database from which others are made and renamed
LONGEST_NAME = 63  # bytes; PostgreSQL cuts off the rest
STEP = 0.05  # seconds between two looks for people to send away

# Only those whom this role may: it belongs to their role, or is it.
SEND_AWAY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = ANY(%s) AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND pg_has_role(current_user, usesysid, 'USAGE')
"""


def beside(kind: str) -> str:
    """The name of the database of that kind. Raises ServerError."""
    name = f"{connection.settings_dict['NAME']}_{kind}"
    if len(name.encode()) > LONGEST_NAME:
        raise ServerError(
            f"Tên cơ sở dữ liệu {connection.settings_dict['NAME']} quá dài để đặt thêm “_{kind}”: đổi tên ngắn hơn."
        )
    return name


@contextmanager
def from_outside() -> Iterator[Any]:
    """A cursor in another database of the server, where each statement is a transaction unless one is begun."""
    server = type(connections[connection.alias])(connection.settings_dict | {"NAME": MAINTENANCE}, connection.alias)
    try:
        with server.cursor() as cursor:
            yield cursor
    finally:
        server.close()


@contextmanager
def working_in(database: str) -> Iterator[Any]:
    """Every connection of this process opened within is one to that database; yields a cursor."""
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = database
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def exists(cursor: Any, database: str) -> bool:
    cursor.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def create(cursor: Any, database: str) -> None:
    """A new, empty database. Raises ServerError where the role may make none."""
    # Before 15 the schema `public` is open to everybody; there, template1 can have been prepared, template0 cannot.
    template = "template0" if cursor.connection.server_version >= 150000 else "template1"
    statement = SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}").format(Identifier(database), SQL(template))
    try:
        cursor.execute(statement)
    except ProgrammingError as error:
        role = cursor.connection.info.user
        raise ServerError(
            f"Vai trò PostgreSQL {role} chưa được phép tạo cơ sở dữ liệu: nhờ quản trị máy chủ chạy "
            f"ALTER ROLE {role} CREATEDB rồi chạy lại."
        ) from error


def copy_access(cursor: Any, old: str, new: str) -> None:
    """Let who may connect to the one, and nobody else, connect to the other."""
    cursor.execute(
        "SELECT grantee, coalesce(rolname, ''), privilege_type FROM pg_database CROSS JOIN aclexplode(datacl)"
        " LEFT JOIN pg_roles ON pg_roles.oid = grantee WHERE datname = %s",
        [old],
    )
    granted = cursor.fetchall()
    if granted:  # else it has what every new one has
        cursor.execute(SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(new)))
    for grantee, role, privilege in granted:
        to = Identifier(role) if grantee else SQL("PUBLIC")
        cursor.execute(SQL("GRANT {} ON DATABASE {} TO {}").format(SQL(privilege), Identifier(new), to))


def send_away(cursor: Any, databases: list[str]) -> None:
    """End the connections to these databases."""
    cursor.execute(SEND_AWAY, [databases])


def drop(cursor: Any, database: str) -> None:
    """Drop the database, if there is one, with whoever works in it."""
    send_away(cursor, [database])
    cursor.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(database)))


def rename(cursor: Any, *moves: tuple[str, str]) -> None:
    """Rename databases, each from the first name to the second: all of them or, where this is killed, none.

    A database is renamed only where nobody is in it. Whoever is, is sent away; whoever comes, waits for the end.
    """
    connections.close_all()  # ours need not be ended by the server
    done = Event()
    sender = Thread(target=_send_away_until, args=[done, [name for name, _ in moves]])
    sender.start()
    try:
        cursor.execute("BEGIN")
        for old, new in moves:
            cursor.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(old), Identifier(new)))
        cursor.execute("COMMIT")
    except DatabaseError as error:
        cursor.execute("ROLLBACK")
        raise ServerError(
            "Chưa đổi được sang dữ liệu khôi phục vì còn phiên làm việc không ngắt được (chẳng hạn psql của quản trị "
            "máy chủ): đóng phiên đó rồi chạy lại. Dữ liệu đang có vẫn nguyên."
        ) from error
    finally:
        done.set()
        sender.join()


def _send_away_until(done: Event, databases: list[str]) -> None:
    with from_outside() as cursor:
        while not done.wait(STEP):
            send_away(cursor, databases)
