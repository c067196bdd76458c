"""A long roster is read and written by a process of its own; its page shows the progress and can be left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from cadres import roles
from cadres.models import ImportBatch, ImportProgress, ImportRow, Official
from cadres.roster.batch import Step, read_file, stage
from cadres.roster.long_work import GIVEN_UP, begin, progress_of, told
from tests.cadres.workbooks import flat
from tests.conftest import client_of, make_user
from tests.processes import environment

ROWS = 300
PATIENCE = 60  # seconds


@pytest.fixture(autouse=True)
def surroundings(own_database, settings, tmp_path, monkeypatch):
    """A database of our own for the processes, and every file is a long one."""
    settings.ROSTER_IN_REQUEST_BYTES = settings.ROSTER_IN_REQUEST_ROWS = 1
    for name, value in environment().items():
        monkeypatch.setenv(name, value)


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
        if batch.state == state and not ImportProgress.objects.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{batch.state}, {batch.problem}, {list(ImportProgress.objects.values())}")


def test_a_long_roster_is_read_written_and_undone_while_its_page_is_left(tmp_path):
    path = tmp_path / "dai.xlsx"
    call_command("generate_roster", str(path), officials=ROWS, stderr=StringIO())
    client = client_of(make_user("so-noi-vu", roles.PROVINCE_STAFF))
    file = SimpleUploadedFile("dai.xlsx", path.read_bytes())
    with held_before(ImportRow):
        page = client.post(reverse("cadres:import-list"), {"file": file}, follow=True)
    batch = ImportBatch.objects.get()
    assert "Có thể rời đi và quay lại" in page.content.decode()
    wait_for(batch, "staged")
    address = reverse("cadres:import-batch", args=[batch.pk])
    assert f"Ghi {ROWS} dòng" in client.get(address).content.decode()

    with held_before(Official):
        page = client.post(reverse("cadres:import-commit", args=[batch.pk]), follow=True)
    assert "Đang ghi" in page.content.decode()
    wait_for(batch, "committed")
    assert Official.objects.count() == ROWS

    client.post(reverse("cadres:import-undo", args=[batch.pk]))
    wait_for(batch, "undone")
    assert not Official.objects.exists()
    batch.file.delete(save=False)


def test_progress_is_seen_while_the_work_goes_on():
    batch = stage(read_file("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=None)
    ImportProgress.objects.create(batch=batch, step=Step.READING)
    with told(batch) as progress:
        progress(Step.WRITING, 10, 10)
        found = progress_of(batch, timezone.now())
        assert (found.step, found.done, found.total) == ("writing", 10, 10)
    assert progress_of(batch, timezone.now()) is None
    batch.file.delete(save=False)


def test_work_is_begun_once_and_again_after_it_was_killed(monkeypatch):
    batch = stage(read_file("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=None)
    user = make_user("so-noi-vu", roles.PROVINCE_STAFF)
    killed = ImportProgress.objects.create(batch=batch, step=Step.WRITING)
    assert begin(batch, Step.WRITING, by=user) is False
    ImportProgress.objects.filter(pk=killed.pk).update(updated_at=timezone.now() - GIVEN_UP - timedelta(seconds=1))
    assert progress_of(batch, timezone.now()) is None
    assert begin(batch, Step.WRITING, by=user) is True
    wait_for(batch, "committed")
    batch.file.delete(save=False)
