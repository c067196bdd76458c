"""The databases of the tests. What many tests begin with is made once a run, by whichever worker is first, and cloned.

A template is a database in which nobody works: TEMPLATES names it, what it is made from, and what is put into it. Each
worker has a clone of `reference` in which tests write and take back (pytest-django). Who commits, or begins with more,
works in a clone of its own within `clone`; so nobody sees another's rows.

The embedded server of the tests has a folder of its own, in memory where the machine has such a place (IN_MEMORY), else
DATA_DIR/tests, and never waits for the disk: a clone is made and dropped in a tenth of a second, where otherwise either
takes one. Should the machine itself stop while tests run on a disk, delete that folder.

The tables and the reference data stay on that server for the next run, until a migration, a data file or what loads
them changes (MADE_FROM). With `--reuse-db` all templates stay, and those that stayed are used; with `--create-db` they
are made anew.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cadres import demonstration
from cadres.demonstration.careers import ROSTER_DAYS
from cadres.reference_data import load as load_cadres
from courses import demonstration as training
from courses.reference_data import load as load_courses
from lao_cai_training.postgres.databases import working_in
from lao_cai_training.postgres.roles import grant_web_role, take_down_walls
from lao_cai_training.postgres.server import SETTINGS, cluster_in
from reports import demonstration as figures
from tests import province

# Two runs at a time, in one folder or on one server, have databases of their own.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid():08x}")[:8]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

# A clone is a thousand new files, and a run makes some hundred: a file system without a journal is slow to find room
# for a file where many have just been deleted (1.3 s a clone beside other work, in memory 0.1 s).
MEMORY, ROOM = Path("/dev/shm"), 3 * 1024**3  # bytes: what a run takes at most, three times

# Template that stays → the files that it is made from: another content is another template. Migrating takes a few
# seconds; to put up the second wall and to load the data takes one.
TABLES = (
    "requirements.txt",
    "*/migrations/*.py",
    "*/migrations/*.sql",
    "cadres/history/triggers.py",
    "lao_cai_training/settings.py",
)
MADE_FROM = {
    "tables": TABLES,
    "reference": (
        *TABLES,
        "*/data/*.csv",
        "*/reference_data.py",
        "cadres/roles.py",
        "lao_cai_training/postgres/*.sql",
        "lao_cai_training/postgres/roles.py",
        "lao_cai_training/postgres/policies.py",
    ),
}

# What keeps data over a power cut; and the tidying up of tables that nobody will use again.
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1d",
    "bgwriter_lru_maxpages": "0",
    "autovacuum": "off",
}


def make_tables() -> None:
    call_command("migrate", verbosity=0)
    take_down_walls()


def make_reference() -> None:
    grant_web_role()
    load_cadres()
    load_courses()


def make_demonstration() -> None:
    training.build()
    figures.build(ROSTER_DAYS, on=ROSTER_DAYS[-1])


# Name → the template that it begins as, and what is written into it.
TEMPLATES: dict[str, tuple[str, Callable[[], object]]] = {
    "tables": ("", make_tables),
    "reference": ("tables", make_reference),
    "province": ("reference", province.build),
    "people": ("reference", demonstration.build),
    "demonstration": ("people", make_demonstration),
}


def use_careless_server() -> None:
    """Work on the embedded server of the tests, unless the settings name a server."""
    if connection.settings_dict.get("CLUSTER"):
        cluster = cluster_in(folder_in_memory() or settings.DATA_DIR / "tests")
        cluster.settings = SETTINGS | CARELESS
        connection.settings_dict["CLUSTER"] = cluster.folder


def prove_password_quickly(cursor: Any) -> None:
    """Have the server of the tests know the password of the connections by one round of hashing in place of 4,096.

    One that nobody made up needs no more. Half of what it takes to connect, 6 ms of CPU, went into that; and each
    database, thread and process of a test connects anew.
    """
    if cursor.connection.server_version >= 160000:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('password')); SET scram_iterations = 1;"
            "ALTER ROLE CURRENT_USER PASSWORD %s",
            [connection.get_connection_params()["password"]],
        )


def folder_in_memory() -> Path | None:
    """The folder in memory for tests that work with this DATA_DIR, to which it has a link; None where there is no room.

    Folders of which DATA_DIR is gone are deleted.
    """
    name = f"lao-cai-training-tests-{os.getuid()}"
    for folder in MEMORY.glob(f"{name}-*"):
        if (folder / "of").is_symlink() and not (folder / "of").exists():
            shutil.rmtree(folder)
    folder = MEMORY / f"{name}-{hashlib.sha256(os.fsencode(settings.DATA_DIR)).hexdigest()[:12]}"
    if not folder.exists():
        if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
            return None
        folder.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            (folder / "of").symlink_to(settings.DATA_DIR)
    return folder


def digest(patterns: Iterable[str]) -> str:
    """What these files hold now, in twelve characters."""
    sum_of = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            sum_of.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return sum_of.hexdigest()[:12]


class Databases:
    """The databases that the tests of one worker use, on the server of the settings."""

    def __init__(self, *, keep: bool, anew: bool, careless: bool) -> None:
        """`keep`: leave the templates for the next run and use those that one has left; `anew`: use none of them.

        `careless`: the embedded server, where that is used, does not wait for the disk.
        """
        if careless:
            use_careless_server()
        self.prefix = f"test_{connection.settings_dict['NAME']}"
        self.keep = keep
        self.anew = anew
        self.lasting: dict[str, str] = {}
        if connection.settings_dict.get("CLUSTER") and careless:
            self.lasting = {name: f"{self.prefix}_{name}_{digest(files)}" for name, files in MADE_FROM.items()}
        self._number = count()
        self._made: dict[str, float] = {}

    @contextmanager
    def of_this_worker(self) -> Iterator[None]:
        """Work in a clone of the reference data; the last worker that leaves takes away whatever any run has left."""
        in_use = f"{self.prefix} in use"
        with connection._nodb_cursor() as cursor:
            if self.lasting:
                prove_password_quickly(cursor)
            cursor.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [in_use])
            with self.clone("reference"):
                yield
            cursor.execute("SELECT pg_advisory_unlock_shared(hashtext(%s))", [in_use])
            cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [in_use])
            (is_last,) = cursor.fetchone()
            if is_last:
                kept = [self._template(name) for name in (TEMPLATES if self.keep else self.lasting)]
                cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"{self.prefix}_"])
                for (database,) in cursor.fetchall():
                    if database not in kept:
                        self._drop(cursor, database)

    @contextmanager
    def clone(self, name: str) -> Iterator[float]:
        """Work in a new clone of the template, dropped at the end; yields the seconds in which that was made."""
        seconds = self.made(name)
        with self._new(self._template(name)):
            yield seconds

    @contextmanager
    def copy(self) -> Iterator[None]:
        """Work in a copy of the database in use, dropped at the end."""
        connection.close()
        with self._new(connection.settings_dict["NAME"]):
            yield

    @contextmanager
    def _new(self, origin: str) -> Iterator[None]:
        database = f"{self.prefix}_{RUN}_{WORKER}_{next(self._number)}"
        with connection._nodb_cursor() as cursor:
            self._create(cursor, database, origin)
            with working_in(database):
                yield
            self._drop(cursor, database)

    def made(self, name: str) -> float:
        """Make the template, unless a worker of this run has; returns the seconds that took."""
        if name in self._made:
            return self._made[name]
        begun_as, write = TEMPLATES[name]
        if begun_as:
            self.made(begun_as)
        template = self._template(name)
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])  # until the connection is closed
            seconds = self._noted(cursor, name)
            if seconds is None:
                self._drop(cursor, template)
                self._create(cursor, template, begun_as and self._template(begun_as))
                with working_in(template):
                    begun = time.perf_counter()
                    write()
                    with connection.cursor() as own:
                        own.execute("ANALYZE")
                    seconds = time.perf_counter() - begun
                cursor.execute(f"COMMENT ON DATABASE \"{template}\" IS '{RUN} {seconds:.2f}'")
        self._made[name] = seconds
        return seconds

    def _template(self, name: str) -> str:
        if name in self.lasting:
            return self.lasting[name]
        return f"{self.prefix}_{name}" if self.keep else f"{self.prefix}_{RUN}_{name}"

    def _noted(self, cursor: Any, name: str) -> float | None:
        """The seconds noted on a template that is finished and of this run, or to be trusted; None if there is none."""
        template = self._template(name)
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [template])
        (note,) = cursor.fetchone() or ("",)
        run, _, seconds = (note or "").partition(" ")
        is_kept = (self.keep or name in self.lasting) and not self.anew
        return float(seconds) if seconds and (is_kept or run == RUN) else None

    def _create(self, cursor: Any, database: str, origin: str) -> None:
        """A new database that begins as another one, or empty. Files are copied as such where nothing is synced."""
        cursor.execute(
            "SELECT current_setting('fsync') = 'off' AND current_setting('server_version_num')::int >= 150000"
        )
        (is_careless,) = cursor.fetchone()
        template = f' TEMPLATE "{origin}"' if origin else ""
        strategy = " STRATEGY file_copy" if is_careless else ""
        cursor.execute(f'CREATE DATABASE "{database}"{template}{strategy}')

    def _drop(self, cursor: Any, database: str) -> None:
        """Drop it with whoever of us is still connected. FORCE would also end an autovacuum, which we may not."""
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
        cursor.execute(ours, [database])
        cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
