"""Work on a roster that takes longer than a request may: a process of its own does it and tells how far it has come.

The page of the batch shows how far it has come; the browser may be closed meanwhile. The process needs no service that
somebody would have to start, outlives a restart of the site, and where it is killed, nothing has been written.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connections, transaction

from cadres.models import ClockTime, ImportBatch, ImportProgress, User
from cadres.roster.batch import Progress, Step

A_SECOND = 1.0  # between two words about the progress
GIVEN_UP = timedelta(minutes=5)  # without a word the process is taken to have been killed


def is_long_to_read(batch: ImportBatch) -> bool:
    return batch.file.size > settings.ROSTER_IN_REQUEST_BYTES


def is_long_to_write(batch: ImportBatch) -> bool:
    return batch.summary.get("rows", 0) > settings.ROSTER_IN_REQUEST_ROWS


def begin(batch: ImportBatch, step: Step, *, by: User) -> bool:
    """Start a process that reads, writes or undoes the batch; False where one is at work on it already.

    It starts once the batch is there for it to see. One that was killed is forgotten: the work begins anew.
    """
    ImportProgress.objects.filter(batch=batch, updated_at__lt=ClockTime() - GIVEN_UP).delete()
    _, is_new = ImportProgress.objects.get_or_create(batch=batch, defaults={"step": step})
    if is_new:
        transaction.on_commit(lambda: _start(batch, step, by))
    return is_new


def _start(batch: ImportBatch, step: Step, by: User) -> None:
    subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "carry_on_import", str(batch.pk), step, by.username],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def progress_of(batch: ImportBatch, now: datetime) -> ImportProgress | None:
    """How far work on the batch has come; None where there is none, or its process has been killed."""
    return ImportProgress.objects.filter(batch=batch, updated_at__gte=now - GIVEN_UP).first()


@contextmanager
def told(batch: ImportBatch) -> Iterator[Progress]:
    """A progress for `read_batch`, `commit` and `undo` that others see at once.

    It is written over a connection of its own, for the work itself is one transaction that nobody sees before its end.
    """
    beside = connections.create_connection("default")
    last = 0.0

    def tell(step: Step, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < A_SECOND and done < total:
            return
        last = time.monotonic()
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE cadres_importprogress SET step = %s, done = %s, total = %s, updated_at = now()"
                " WHERE batch_id = %s",
                [step, done, total, batch.pk],
            )

    try:
        yield tell
    finally:
        with beside.cursor() as cursor:
            cursor.execute("DELETE FROM cadres_importprogress WHERE batch_id = %s", [batch.pk])
        beside.close()
