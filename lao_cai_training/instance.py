"""What the database of this installation is: which migrations made it, whether its people are invented, and when it
was backed up last.

All of it is kept as JSON in the comment on the table django_migrations: there from the first migration on, carried
along by a dump, and readable before anything else is.
"""

import hashlib
import inspect
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest
from django.utils.timezone import localtime
from psycopg2.sql import SQL, Identifier

from lao_cai_training import __version__
from lao_cai_training.contents import schemas

TABLE = "django_migrations"
STEP = 0.2  # seconds between two looks whether another process has finished
MAKING = ("migrate", "setup", "demo")  # the commands that make a demonstration


def marks() -> dict[str, Any]:
    """What is known about the database; empty where nothing has been noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s))", [TABLE])
        (comment,) = cursor.fetchone()
    return json.loads(comment) if comment else {}


def note(**news: Any) -> None:
    """Add to what is known about the database, in the caller's transaction if there is one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {TABLE} IN SHARE UPDATE EXCLUSIVE MODE")  # who notes something else waits
        comment = json.dumps(marks() | news, sort_keys=True)
        cursor.execute(f"COMMENT ON TABLE {TABLE} IS %s", [comment])
    _read.pop(connection.connection, None)


@contextmanager
def alone(waiting: Callable[[str], object]) -> Iterator[None]:
    """Only one process at a time makes or changes the tables of this database; `waiting` is told where another does.

    May be asked for again within.
    """
    key = "lao_cai_training setup"
    with connection.cursor() as cursor:
        told = False
        while True:  # not one call that waits in the server: Ctrl-C would not end it
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [key])
            if cursor.fetchone() == (True,):
                break
            if not told:
                waiting("Một lệnh setup hoặc demo khác đang chuẩn bị cơ sở dữ liệu này: chờ lệnh đó xong…")
                told = True
            time.sleep(STEP)
    try:
        yield
    finally:
        # Where the connection or its transaction is broken, what broke it is to be told; the lock goes with them.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [key])


def fingerprints() -> dict[str, str]:
    """The migrations of our own apps as they are in the source: "app.name" → SHA-256.

    It is that of the file and of those with SQL that bear the same number.
    """
    own = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    found = {}
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app in own:
            file = Path(inspect.getfile(type(migration)))
            number, _, _ = file.name.partition("_")
            digest = hashlib.sha256(file.read_bytes())
            for statements in sorted(file.parent.glob(f"{number}_*.sql")):
                digest.update(statements.read_bytes())
            found[f"{app}.{name}"] = digest.hexdigest()
    return found


def foreign_migrations() -> list[str]:
    """The migrations that made the database and are not, or not so, in the source; empty where it can be migrated."""
    return foreign_among(applied_migrations(), marks().get("migrations", {}))


def applied_migrations() -> list[str]:
    """The migrations of all apps that made the database: "app.name"."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def is_behind() -> bool:
    """Whether the source has migrations that the database has not."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def foreign_among(applied: Iterable[str], noted: Mapping[str, str]) -> list[str]:
    """Those of the migrations applied that are our own apps' and are not, or by the digests `noted` not so, in the
    source."""
    ours = fingerprints()
    own = {name.split(".")[0] for name in ours}
    return sorted(name for name in applied if name.split(".")[0] in own and noted.get(name, "") != ours.get(name))


def note_migrations() -> None:
    """Note which migrations the database is being made by; before the first of them is applied."""
    MigrationRecorder(connection).ensure_schema()
    note(migrations=fingerprints())


def empty_database() -> None:
    """Drop everything in the database."""
    with connection.cursor() as cursor:
        for schema in schemas(cursor):
            cursor.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))
        cursor.execute("CREATE SCHEMA public")


def note_demonstration(of: str = "2015") -> None:
    """Note that the people in the database are invented, of which demonstration they are (demonstrations.py), and where
    its history ends before anybody enters anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM history.act")
        (last,) = cursor.fetchone()
    note(demonstration=True, demonstration_of=of, demonstration_made_until=last)


def nobody_has_entered_anything() -> bool:
    """Whether the database is a demonstration whose history tells of nothing since but of the commands that make one.

    Signing in and looking are in no act. May be asked of a database that another version made; one without a history
    cannot tell.
    """
    made = marks().get("demonstration_made_until")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('history.act') IS NOT NULL")
        if made is None or cursor.fetchone() != (True,):
            return False
        cursor.execute(
            "SELECT FROM history.act WHERE id > %s AND (kind <> 'command' OR context ->> 'command' <> ALL(%s))",
            [made, list(MAKING)],
        )
        return cursor.fetchone() is None


READ_ANEW = 60  # seconds
# What each open connection has read, and when. A connection ends when another database takes the place of its own, so
# that what the pages show is never older than a minute, and a page does not ask by itself.
_read: WeakKeyDictionary[Any, tuple[float, dict[str, Any]]] = WeakKeyDictionary()


def shown_marks() -> dict[str, Any]:
    """`marks()`, read once a minute by a connection; empty where there is no database: an error page appears too."""
    try:
        connection.ensure_connection()
        opened = connection.connection
        read_at, shown = _read.get(opened, (0.0, {}))
        if opened not in _read or time.monotonic() - read_at > READ_ANEW:
            with connection.wrap_database_errors, opened.cursor() as cursor:
                cursor.execute("SELECT obj_description(to_regclass(%s))", [TABLE])
                (comment,) = cursor.fetchone()
            shown = json.loads(comment) if comment else {}
            _read[opened] = time.monotonic(), shown
        return shown
    except DatabaseError:
        return {}


def is_demonstration() -> bool:
    """Whether the people in the database are invented."""
    return bool(shown_marks().get("demonstration"))


def is_of_today() -> bool:
    """Whether the invented people are those of the present."""
    return is_demonstration() and shown_marks().get("demonstration_of") == "today"


def last_backup() -> datetime | None:
    """When the newest backup of this database was made; of a restored one, the backup that it came from."""
    noted = shown_marks().get("last_backup")
    return datetime.fromisoformat(noted) if noted else None


def told_last_backup() -> str:
    """The day of the last backup, in words."""
    made = last_backup()
    return f"Sao lưu gần nhất: {localtime(made):%d/%m/%Y}" if made else "Chưa sao lưu lần nào"


def installation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: which demonstration this is, the last backup (asked where they are shown), the version."""
    return {
        "demonstration": is_demonstration,
        "of_today": is_of_today,
        "told_last_backup": told_last_backup,
        "product_version": __version__,
    }
