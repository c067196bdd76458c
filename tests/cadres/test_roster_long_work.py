"""A long roster is read and written by a process of its own; its page shows the progress and can be left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import IO, Any

import psutil
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cadres import roles
from cadres.models import ImportBatch, ImportProgress, ImportRow, Official, User
from cadres.roster import long_work
from cadres.roster.batch import Step, commit, read_batch, read_file, stage
from cadres.roster.long_work import QueueFullError, State, begin, next_in_turn, work_on
from lao_cai_training.health import latest_errors
from tests.cadres.workbooks import flat
from tests.conftest import client_of, make_user
from tests.forked import Forked
from tests.processes import environment

ROWS = 100
AT_ONCE = 15  # seconds, of a machine on which other tests run too; without being told it would never be said
PATIENCE = 60  # seconds


@pytest.fixture(autouse=True)
def surroundings(own_database, settings, tmp_path, monkeypatch, request):
    """A database and a folder of our own for the processes, and every file is a long one.

    The processes are forks of the test's, but for those tests that ask for `started_anew`.
    """
    settings.ROSTER_IN_REQUEST_BYTES = settings.ROSTER_IN_REQUEST_ROWS = 0
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path / "uploads", tmp_path
    for name, value in (environment() | {"DATA_DIR": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    long_work._started.clear()
    if "started_anew" not in request.fixturenames:
        monkeypatch.setattr(long_work, "subprocess", SimpleNamespace(Popen=forked, DEVNULL=None))
    yield
    for _, process in long_work._started:
        process.wait(PATIENCE)


@pytest.fixture
def started_anew() -> None:
    """The processes begin as those of an installation do."""


def forked(arguments: list[str], *, stderr: IO[bytes], **_: Any) -> Forked:
    return Forked(*arguments[2:], said=stderr)


@contextmanager
def held_before(table: type[Model]) -> Iterator[None]:
    """Nobody writes the table meanwhile: work that does is still going on when its page is looked at."""
    beside = connections.create_connection("default")
    beside.set_autocommit(False)
    with beside.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table._meta.db_table} IN SHARE MODE")
    try:
        yield
    finally:
        beside.close()


def wait_for(batch: ImportBatch, state: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        batch.refresh_from_db()
        if batch.state == state and not ImportProgress.objects.filter(batch=batch).exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{batch.state}, {batch.problem}, {list(ImportProgress.objects.values())}")


def test_a_long_roster_is_read_written_and_undone_while_its_page_is_left(started_anew, tmp_path):
    path = tmp_path / "dai.xlsx"
    call_command("generate_roster", str(path), officials=ROWS, stderr=StringIO())
    client = client_of(make_user("so-noi-vu", roles.PROVINCE_STAFF))
    file = SimpleUploadedFile("dai.xlsx", path.read_bytes())
    with held_before(ImportRow):
        page = client.post(reverse("cadres:import-list"), {"file": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert "rời đi và quay lại" in page.content.decode()
    wait_for(batch, "staged")
    address = reverse("cadres:import-batch", args=[batch.pk])
    assert f"Ghi {ROWS} dòng" in client.get(address).content.decode()

    with held_before(Official):
        page = client.post(reverse("cadres:import-commit", args=[batch.pk]), follow=True)
    assert "rời đi và quay lại" in page.content.decode()
    wait_for(batch, "committed")
    assert Official.objects.count() == ROWS

    client.post(reverse("cadres:import-undo", args=[batch.pk]))
    wait_for(batch, "undone")
    assert not Official.objects.exists()


def staged(number: int = 0) -> ImportBatch:
    return stage(read_file(f"{number}.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=None)


def test_progress_is_seen_while_the_work_goes_on():
    batch = staged()
    ImportProgress.objects.create(batch=batch, step=Step.READING)
    with next_in_turn() as (claimed, progress):
        assert claimed.batch == batch
        progress(Step.WRITING, 10, 10)
        found = work_on(batch)
        assert (found.state, found.progress.step, found.progress.done) == (State.RUNNING, "writing", 10)
    assert work_on(batch) is None


def test_work_is_begun_once_and_again_after_it_was_killed(user, settings):
    settings.ROSTERS_AT_ONCE = 0  # nobody works
    batch = staged()
    killed = ImportProgress.objects.create(batch=batch, step=Step.WRITING, by=user)
    assert begin(batch, Step.WRITING, by=user) is False
    ImportProgress.objects.filter(pk=killed.pk).update(started_at=timezone.now())  # and nobody holds it
    assert work_on(batch).state == State.STOPPED
    assert begin(batch, Step.WRITING, by=user) is True
    assert work_on(batch).state == State.WAITING


# The queue


@pytest.fixture
def user() -> User:
    return make_user("so-noi-vu", roles.PROVINCE_STAFF)


def uploaded(client: Client, count: int) -> list[ImportBatch]:
    """That many files sent in one go."""
    files = [SimpleUploadedFile(f"{at}.xlsx", flat({"Họ và tên": f"Giàng A Số {at}"})) for at in range(count)]
    client.post(reverse("cadres:import-list"), {"file": files})
    return list(ImportBatch.objects.order_by("pk"))


def page_of(client: Client, batch: ImportBatch) -> str:
    return " ".join(client.get(reverse("cadres:import-batch", args=[batch.pk])).content.decode().split())


def soon(said: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until that is so."""
    deadline = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def running() -> list[ImportProgress]:
    return list(ImportProgress.objects.filter(started_at__isnull=False).order_by("pk"))


def workers() -> list[psutil.Process]:
    """The processes at work, the oldest first; each has forked from one that only waits for it."""
    parents = [psutil.Process(process.pid) for _, process in long_work._started if process.poll() is None]
    return sorted((child for parent in parents for child in parent.children()), key=lambda worker: worker.create_time())


def test_many_large_files_are_read_in_turn_a_few_at_a_time_each_with_its_place(user, settings):
    client = client_of(user)
    with held_before(ImportRow):
        batches = uploaded(client, 8)
        soon(lambda: len(running()) == settings.ROSTERS_AT_ONCE)
        long_work._start_process()  # one too many goes again
        assert long_work._started[-1][1].wait(PATIENCE) == 0
        assert [work.batch_id for work in running()] == [batch.pk for batch in batches[:2]]
        assert len(workers()) == settings.ROSTERS_AT_ONCE
        assert [work_on(batch).place for batch in batches] == [0, 0, 1, 2, 3, 4, 5, 6]
        assert "thứ 6 trong hàng đợi" in page_of(client, batches[7])
        assert "thứ 6 trong hàng đợi" in client.get(reverse("cadres:import-list")).content.decode()
    for batch in batches:
        wait_for(batch, "staged")
    soon(lambda: not workers())


def test_a_killed_reading_is_told_at_once_and_those_behind_it_go_on(user, settings):
    client = client_of(user)
    with held_before(ImportRow):
        batches = uploaded(client, 4)
        soon(lambda: len(running()) == settings.ROSTERS_AT_ONCE)
        at_work = [work.batch for work in running()]
        assert all("Đang" in page_of(client, batch) for batch in at_work)
        workers()[0].kill()  # whichever batch it reads: processes started together take them as they come
        soon(lambda: State.STOPPED in [work_on(batch).state for batch in at_work], seconds=AT_ONCE)
        (killed,) = (batch for batch in at_work if work_on(batch).state == State.STOPPED)
        assert "bị dừng giữa chừng" in page_of(client, killed)
    for batch in batches:
        if batch != killed:
            wait_for(batch, "staged")
    page = page_of(client, killed)
    assert "Hãy đọc lại" in page
    assert reverse("cadres:import-read", args=[killed.pk]) in page
    client.post(reverse("cadres:import-read", args=[killed.pk]))
    wait_for(killed, "staged")


def test_where_every_process_was_killed_who_looks_at_what_waits_starts_one(user, monkeypatch):
    monkeypatch.setattr(long_work, "UNATTENDED", timedelta(seconds=0))
    monkeypatch.setattr(long_work, "STARTING", 0)
    client = client_of(user)
    with held_before(ImportRow):
        batches = uploaded(client, 5)
        soon(lambda: len(running()) == 2)
        parents = [process for _, process in long_work._started]
        for process in (*parents, *workers()):
            process.kill()
        soon(lambda: [work_on(batch).state for batch in batches[:2]] == [State.STOPPED] * 2, seconds=AT_ONCE)
    assert [ImportProgress.objects.filter(batch=batch).count() for batch in batches] == [1] * 5
    page_of(client, batches[3])
    for batch in batches[2:]:
        wait_for(batch, "staged")
    assert "bị dừng giữa chừng" in page_of(client, batches[1])


@pytest.mark.parametrize(
    ("step", "table", "state", "says"),
    [(Step.WRITING, Official, "staged", "Hãy ghi lại"), (Step.UNDOING, Official, "committed", "Hãy hoàn tác lại")],
)
def test_a_killed_writing_or_undo_has_changed_nothing_and_is_told(step, table, state, says, user):
    batch = staged()
    if step == Step.UNDOING:
        commit(batch, by=None)
        batch.refresh_from_db()
    client = client_of(user)
    people = Official.objects.count()
    with held_before(table):
        begin(batch, step, by=user)
        soon(lambda: len(running()) == 1)
        time.sleep(0.5)
        workers()[0].kill()
        soon(lambda: says in page_of(client, batch), seconds=AT_ONCE)
    batch.refresh_from_db()
    assert (batch.state, Official.objects.count()) == (state, people)
    begin(batch, step, by=user)
    wait_for(batch, "undone" if step == Step.UNDOING else "committed")


def test_a_file_read_in_the_request_waits_for_no_process_any_more(user):
    batch = staged()
    ImportProgress.objects.create(batch=batch, step=Step.READING, by=user)
    read_batch(batch, by=user)
    assert work_on(batch) is None


def test_work_that_cannot_be_done_says_why_and_holds_up_nobody(user, settings, monkeypatch, tmp_path):
    """What fails for what the process runs into is kept without names, too, and shown on its page."""
    settings.ROSTERS_AT_ONCE = 1  # a process does one after another
    monkeypatch.setenv("ROSTERS_AT_ONCE", "1")
    suspended = make_user("so-noi-vu-2", roles.PROVINCE_STAFF)
    broken, of_nobody, without_file, to_come, good = batches = [staged(number) for number in range(5)]
    ImportBatch.objects.exclude(pk=broken.pk).update(state="waiting")
    User.objects.filter(pk=suspended.pk).update(is_active=False)
    without_file.file.delete(save=False)
    ImportBatch.objects.filter(pk=to_come.pk).update(chosen_day=timezone.now() + timedelta(days=2))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no place for %', NEW.full_name; END $$;"
            " CREATE TRIGGER break BEFORE INSERT ON cadres_official FOR EACH ROW EXECUTE FUNCTION break()"
        )
    for batch in batches:
        step = Step.WRITING if batch == broken else Step.READING
        begin(batch, step, by=suspended if batch == of_nobody else user)
    wait_for(good, "staged")
    for batch, says in (
        (of_nobody, "không còn dùng được"), (without_file, "không còn trên máy chủ"), (to_come, "ở sau hôm nay"),
    ):  # fmt: skip
        batch.refresh_from_db()
        assert says in batch.problem
    assert not ImportProgress.objects.exists()

    assert "phần mềm gặp lỗi" in page_of(client_of(user), broken)
    kept = (tmp_path / "long-work.log").read_text()
    assert "RaiseException P0001" in kept
    assert "cadres/roster" in kept  # where
    assert "Giàng" not in kept
    ((_, said),) = latest_errors()
    assert said.startswith(f"Lần nhập số {broken.pk} dừng giữa chừng: InternalError")


def test_no_more_waits_than_may_and_no_account_takes_all_places(user, settings):
    settings.WORK_WAITING, settings.ROSTERS_AT_ONCE = 4, 0  # nobody works
    client, other = client_of(user), client_of(make_user("so-noi-vu-2", roles.PROVINCE_STAFF))
    said = client.post(
        reverse("cadres:import-list"),
        {"file": [SimpleUploadedFile(f"{at}.xlsx", flat({"Họ và tên": f"Giàng A Số {at}"})) for at in range(4)]},
        follow=True,
    ).content.decode()

    assert said.count("Tài khoản này đã có 2 việc đang chờ") == 1  # told once
    assert ImportProgress.objects.count() == 2
    assert ImportBatch.objects.filter(state="waiting").count() == 4  # kept, to be read later
    uploaded(other, 2)
    assert ImportProgress.objects.count() == 4
    third = make_user("so-noi-vu-3", roles.PROVINCE_STAFF)
    with pytest.raises(QueueFullError, match="4 việc của mọi người"):
        begin(staged(), Step.WRITING, by=third)
    last = ImportBatch.objects.exclude(progress__isnull=False).latest("pk")
    page = client_of(third).post(reverse("cadres:import-commit", args=[last.pk]), follow=True).content.decode()
    assert "Hàng đợi đã có 4 việc của mọi người" in page
    assert ImportProgress.objects.count() == 4


def test_what_waits_stays_where_the_database_does_not_take_the_proofs_of_a_process(
    started_anew, user, tmp_path, monkeypatch
):
    batch = staged()
    monkeypatch.setenv("SECRET_KEY", "another than the database knows, which setup has not told it yet")
    begin(batch, Step.WRITING, by=user)
    long_work._started[-1][1].wait(PATIENCE)
    assert "lệnh setup" in (tmp_path / "long-work.log").read_text()
    assert work_on(batch).state == State.WAITING

    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    long_work._start_process()
    soon(lambda: not ImportProgress.objects.exists())
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == (ImportBatch.State.COMMITTED, "")
