"""A crash at any moment leaves the whole roster in the registry or nothing of it; imports at one time wait in turn."""

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
from django.db import connection

from cadres.models import Appointment, ImportBatch, ImportRow, Official, Qualification, RosterDay
from cadres.roster.batch import BatchStateError, commit, import_file, read_file, stage
from lao_cai_training.postgres.server import DATABASE, cluster_in
from tests.cadres.workbooks import flat
from tests.parallel import in_parallel
from tests.processes import environment

ROOT = Path(__file__).resolve().parents[2]
ROWS = 400
# Only what the database keeps is asked, so these tests work on rows that are really committed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("committed_reference_data")]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def importing(path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_roster", str(path)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def counts() -> tuple[int, ...]:
    tables = (Official, Appointment, ImportBatch, ImportRow, RosterDay)
    return tuple(table.objects.count() for table in tables)


# In this test's own database: tests beside it on the same server hold turns too.
TURN_TO_IMPORT = "locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


def writing_has_begun() -> bool:
    """Whether another process holds the turn to import."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {TURN_TO_IMPORT} AND granted")
        (held,) = cursor.fetchone()
    return bool(held)


@pytest.fixture
def roster(tmp_path) -> Path:
    path = tmp_path / "danh-sach.xlsx"
    call_command("generate_roster", str(path), officials=ROWS, stderr=StringIO())
    return path


def test_a_killed_import_leaves_all_or_nothing_and_can_be_repeated(roster):
    """Killed while it writes, at several moments; PostgreSQL's own backend is killed in the last round."""
    complete = None
    for delay in (0.0, 0.05, 0.15, 0.3):
        process = importing(roster)
        deadline = time.monotonic() + 30
        while not writing_has_begun() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        while writing_has_begun():  # the server takes a moment to notice
            time.sleep(0.01)
        found = counts()
        assert found[0] in (0, ROWS), f"killed after {delay} s: {found}"
        assert all(found) if found[0] else not any(found)
        if found[0]:
            complete = found
            break
    if complete is None:
        process = importing(roster)
        _, errors = process.communicate()
        assert process.returncode in (0, 1), errors.decode()
        assert Official.objects.count() == ROWS
        assert Qualification.objects.count() > ROWS


def test_a_lost_connection_to_the_database_writes_nothing_and_says_so(roster):
    process = importing(roster)
    deadline = time.monotonic() + 30
    while not writing_has_begun() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {TURN_TO_IMPORT} AND pid <> pg_backend_pid()"
        )
    _, errors = process.communicate()
    if process.returncode == 2:
        assert b"Traceback" not in errors
        assert not any(counts())
    else:  # it was done before it could be stopped
        assert Official.objects.count() == ROWS


def test_a_killed_server_leaves_all_or_nothing_and_the_import_can_be_repeated(roster, tmp_path):
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

    manage("setup").communicate()
    cluster = cluster_in(folder / "postgres")
    client = psycopg2.connect(**vars(cluster.join()), dbname=DATABASE)
    client.autocommit = True
    try:
        process = manage("import_roster", str(roster))
        with client.cursor() as cursor:
            while process.poll() is None:
                cursor.execute(f"SELECT count(*) FROM pg_locks WHERE {TURN_TO_IMPORT} AND granted")
                if cursor.fetchone()[0]:
                    break
        (number,) = (folder / "postgres").glob("*/postmaster.pid")
        os.kill(int(number.read_text().split()[0]), signal.SIGKILL)
        _, errors = process.communicate()
        assert b"Traceback" not in errors
        output, errors = manage("import_roster", str(roster), "--json").communicate()
        told = json.loads(output)
        assert (told["created"], told["unchanged"]) in ((ROWS, 0), (0, ROWS)), errors.decode()
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
