"""What the database of this installation is: which migrations made it, and whether its people are invented.

Both are kept as JSON in the comment on the table django_migrations: there from the first migration on, carried along by
a dump, and readable before anything else is.
"""

import hashlib
import inspect
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest

TABLE = "django_migrations"


def marks() -> dict[str, Any]:
    """What is known about the database; empty where nothing has been noted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s))", [TABLE])
        (comment,) = cursor.fetchone()
    return json.loads(comment) if comment else {}


def note(**news: Any) -> None:
    """Add to what is known about the database, in the caller's transaction if there is one."""
    comment = json.dumps(marks() | news, sort_keys=True)
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {TABLE} IS %s", [comment])


def fingerprints() -> dict[str, str]:
    """The migrations of our own apps as they are in the source: "app.name" → SHA-256 of the file."""
    own = {app.label for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR}
    return {
        f"{app}.{name}": hashlib.sha256(Path(inspect.getfile(type(migration))).read_bytes()).hexdigest()
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in own
    }


def foreign_migrations() -> list[str]:
    """The migrations that made the database and are not, or not so, in the source; empty where it can be migrated."""
    ours = fingerprints()
    own = {name.split(".")[0] for name in ours}
    noted = marks().get("migrations", {})
    applied = [f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations() if app in own]
    return sorted(name for name in applied if name not in ours or noted.get(name) != ours[name])


def note_migrations() -> None:
    """Note which migrations the database is being made by; before the first of them is applied."""
    MigrationRecorder(connection).ensure_schema()
    note(migrations=fingerprints())


def empty_database() -> None:
    """Drop everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


@cache
def is_demonstration() -> bool:
    """Whether the people in the database are invented; asked once a process, as it does not change while one runs."""
    return bool(marks().get("demonstration"))


def banner(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """Context processor: `demonstration`, as a callable so that only pages that show it ask."""
    return {"demonstration": _shows_demonstration}


def _shows_demonstration() -> bool:
    try:
        return is_demonstration()
    except DatabaseError:  # an error page must appear without a database too
        return False
