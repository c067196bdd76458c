"""A crash at any moment leaves the whole roster in the registry or nothing of it; imports at one time wait in turn.

The moment is not left to luck: a lock on a table holds the process there, and it is killed once it is seen to wait.
"""

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model

from cadres.models import Appointment, ImportBatch, ImportRow, Official, Qualification, RosterDay, Unit
from cadres.roster.batch import BatchStateError, commit, import_file, read_file, stage
from lao_cai_training.postgres.server import DATABASE, cluster_in
from tests.cadres.workbooks import flat
from tests.forked import Forked
from tests.parallel import in_parallel

ROOT = Path(__file__).resolve().parents[2]
ROWS = 150
PATIENCE = 120  # seconds until a process has come to the moment at which it is held
# Only what the database keeps is asked, so these tests work on rows that are really committed.
pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def importing(roster: Path) -> Forked:
    with said_in(roster).open("wb") as said:
        return Forked("import_roster", str(roster), said=said)


def said_in(roster: Path) -> Path:
    """The file in which an import says how it went."""
    return roster.with_suffix(".txt")


def counts() -> tuple[int, ...]:
    tables = (Official, Appointment, ImportBatch, ImportRow, RosterDay)
    return tuple(table.objects.count() for table in tables)


# In the database of the connection that asks: tests beside it on the same server hold turns too. Who waits, holding the
# turn to import, for a lock on the table.
HELD = """
    SELECT pid FROM pg_locks AS turn JOIN pg_locks AS wish USING (pid)
    WHERE turn.locktype = 'advisory' AND turn.granted AND NOT wish.granted AND wish.relation = %s::regclass
      AND turn.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
TURNS = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def wait_until_held(cursor, table: type[Model], process: Forked | subprocess.Popen[bytes]) -> int:
    """Wait until the process stands before the table, which the cursor's transaction has locked; returns its backend.

    Fails where the process ends instead: then it never came to that moment.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        cursor.execute(HELD, [table._meta.db_table])
        if found := cursor.fetchone():
            return found[0]
        if process.poll() is not None:
            pytest.fail(f"it did not stop before {table.__name__}")
        time.sleep(0.01)
    process.kill()
    pytest.fail(f"it did not come to {table.__name__} in {PATIENCE} seconds")


def wait_for_the_server() -> None:
    """Wait until no import holds its turn: the server takes a moment to notice that a client is gone."""
    with connection.cursor() as cursor:
        while cursor.execute(TURNS) or cursor.fetchone()[0]:
            time.sleep(0.01)


@pytest.fixture
def roster(tmp_path) -> Path:
    path = tmp_path / "danh-sach.xlsx"
    call_command("generate_roster", str(path), officials=ROWS, stderr=StringIO())
    return path


def kill_at(table: type[Model], roster: Path, *, lock: str) -> None:
    """Kill an import of the roster while it waits for the table, which is locked in that mode."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table._meta.db_table} IN {lock} MODE")
        process = importing(roster)
        wait_until_held(cursor, table, process)
        process.kill()
        process.wait()
    wait_for_the_server()


def test_an_import_killed_while_it_writes_leaves_nothing_and_can_be_repeated(roster):
    """Killed before its first row, between the tables of a person, and before its last row."""
    for table in (Official, Qualification, RosterDay):
        kill_at(table, roster, lock="SHARE")  # others may read it, nobody may write
        assert not any(counts()), table
    process = importing(roster)
    assert process.wait() in (0, 1), said_in(roster).read_text()
    assert Official.objects.count() == ROWS
    assert Qualification.objects.count() > ROWS


def test_an_import_killed_while_it_commits_is_whole(roster):
    """That the units exist is checked at the commit, which goes on only when their rows may be locked for that."""
    kill_at(Unit, roster, lock="EXCLUSIVE")
    assert Official.objects.count() == ImportRow.objects.count() == ROWS
    assert all(counts())


def test_a_lost_connection_to_the_database_writes_nothing_and_says_so(roster):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Appointment._meta.db_table} IN SHARE MODE")
        process = importing(roster)
        cursor.execute("SELECT pg_terminate_backend(%s)", [wait_until_held(cursor, Appointment, process)])
        assert process.wait() == 2
    assert "Traceback" not in said_in(roster).read_text()
    assert not any(counts())


def test_a_server_killed_while_an_import_writes_keeps_nothing_of_it_and_the_import_can_be_repeated(roster, tmp_path):
    """kill -9 of PostgreSQL itself while the import writes; the embedded server, on data of its own."""
    folder = tmp_path / "data"
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    surroundings["DATA_DIR"] = str(folder)

    def manage(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    call_command("backup", str(tmp_path / "reference.tar"), stdout=StringIO(), stderr=StringIO())
    manage("restore", str(tmp_path / "reference.tar"), "--yes").communicate()  # sooner there than by `setup`
    cluster = cluster_in(folder / "postgres")
    client = psycopg2.connect(**vars(cluster.join()), dbname=DATABASE)
    try:
        with client.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Appointment._meta.db_table} IN SHARE MODE")
            process = manage("import_roster", str(roster))
            wait_until_held(cursor, Appointment, process)
        (number,) = (folder / "postgres").glob("*/postmaster.pid")
        os.kill(int(number.read_text().split()[0]), signal.SIGKILL)
        _, errors = process.communicate()
        assert process.returncode == 2
        assert b"Traceback" not in errors
        output, errors = manage("import_roster", str(roster), "--json").communicate()
        told = json.loads(output)
        assert (told["created"], told["unchanged"]) == (ROWS, 0), errors.decode()
    finally:
        client.close()
        cluster.leave()


def test_two_imports_of_the_same_people_at_once_make_them_once():
    people = [{"Họ và tên": f"Giàng A {number:03d}", "Số CMND": f"063{number:06d}"} for number in range(60)]

    def bring() -> None:
        import_file(read_file("a.xlsx", flat(*people)), by=None)

    assert in_parallel(bring, bring, bring) == []
    assert Official.objects.count() == 60
    summaries = [batch.summary for batch in ImportBatch.objects.order_by("committed_at")]
    assert [(summary["created"], summary["unchanged"]) for summary in summaries] == [(60, 0), (0, 60), (0, 60)]


def test_two_browsers_that_write_one_batch_write_it_once():
    batch = stage(read_file("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=None)
    raised = in_parallel(lambda: commit(batch, by=None), lambda: commit(batch, by=None))
    assert [type(error) for error in raised] == [BatchStateError]
    assert Official.objects.count() == 1
