"""Work on a roster that takes longer than a request may: a process of its own does it and tells how far it has come.

What is to be done waits in a queue, a row of ImportProgress each, the oldest first. At most ROSTERS_AT_ONCE processes
work on it for the whole installation, one file at a time each, so that any number of large files takes the memory of
those; at most WORK_WAITING wait, half of them of one account. A process needs no service that somebody would have to
start: who asks for work starts one, and where all were killed, whoever looks at a page of what waits does. They outlive
a restart of the site; where one is killed, nothing has been written, and the next goes on. What goes wrong is kept in
a file (`errors_file`), which the health page reads.

Who lives is told by locks that PostgreSQL gives back when a connection ends, however it ends: a slot, and the batch
that is worked on. A row whose work has begun and whose batch nobody holds was killed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import QuerySet

from cadres.models import ClockTime, ImportBatch, ImportProgress, User
from cadres.roster.batch import BatchStateError, Progress, Step, is_file_lost

A_SECOND = 1.0  # between two words about the progress
UNATTENDED = timedelta(seconds=5)  # what waits for so long while nobody works had its process killed
STARTING = 5.0  # seconds until a process that was started has come to work
LARGEST_ERRORS = 1024 * 1024  # bytes; then a new file is begun and one old one kept

# The first key of two of an advisory lock; the second is the number of the slot, or the batch.
SLOT, AT_WORK = 0x524F5353, 0x524F5357  # "ROSS", "ROSW"
HOLDERS = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid = %s"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)

_started: list[tuple[float, subprocess.Popen[bytes]]] = []  # by this process, and when


class State(StrEnum):
    """What becomes of a piece of work."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"  # killed, and nothing of it written


class QueueFullError(BatchStateError):
    """As much work waits as may, of all accounts or of this one; the message says so and what to do."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How much work there is; `oldest` is since when the first of what waits does."""

    waiting: int
    running: int
    stopped: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """Work on a batch that was asked for. `place` is its place among those that wait, from 1."""

    state: State
    progress: ImportProgress
    place: int = 0


def is_long_to_read(batch: ImportBatch) -> bool:
    return not is_file_lost(batch) and batch.file.size > settings.ROSTER_IN_REQUEST_BYTES


def is_long_to_write(batch: ImportBatch) -> bool:
    return batch.summary.get("rows", 0) > settings.ROSTER_IN_REQUEST_ROWS


def begin(batch: ImportBatch, step: Step, *, by: User) -> bool:
    """Put the reading, writing or undoing of the batch into the queue; False where it is there already.

    What was stopped is forgotten: the work begins anew, and where an effect waits to be told, the other work takes its
    place. A process starts once the row is there for it to see. Raises QueueFullError.
    """
    work = work_on(batch)
    if work and (work.state == State.STOPPED or work.progress.step == Step.FORETELLING != step):
        work.progress.delete()
        work = None
    if work is None:
        _refuse_too_much(by)
    progress, is_new = ImportProgress.objects.get_or_create(batch=batch, defaults={"step": step, "by": by})
    if is_new:
        transaction.on_commit(lambda: _start_process_for(progress))
    return is_new


def _refuse_too_much(by: User) -> None:
    """Raise QueueFullError where no more may wait; one account cannot take all places from the others."""
    most = settings.WORK_WAITING
    if _waiting().count() >= most:
        raise QueueFullError(
            f"Hàng đợi đã có {most} việc của mọi người, chưa nhận thêm được. Hãy quay lại sau ít phút rồi bấm lại."
        )
    if _waiting().filter(by=by).count() >= most // 2:
        raise QueueFullError(
            f"Tài khoản này đã có {most // 2} việc đang chờ, chưa nhận thêm được. Hãy chờ các việc đó xong rồi bấm lại."
        )


def queue() -> Queue:
    """What waits, is worked on, or was stopped, of all accounts."""
    waiting = list(_waiting().order_by("pk").values_list("updated_at", flat=True))
    begun = ImportProgress.objects.exclude(started_at=None).count()
    running = min(_holders(AT_WORK), begun)
    return Queue(len(waiting), running, begun - running, waiting[0] if waiting else None)


def errors_file() -> Path:
    """What the processes say on standard error."""
    return Path(settings.DATA_DIR) / "long-work.log"


def opened_errors_file() -> Any:
    """To be written at its end; a large one is put aside first."""
    file = errors_file()
    if file.exists() and file.stat().st_size > LARGEST_ERRORS:
        file.rename(file.with_suffix(".log.1"))
    return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _start_process_for(progress: ImportProgress) -> None:
    """Start a process, unless those at work, or those started for what waits longer, come to it by themselves."""
    if _place_of(progress) + _holders(SLOT) <= settings.ROSTERS_AT_ONCE:
        _start_process()


def _start_process() -> None:
    _started[:] = [(at, process) for at, process in _started if process.poll() is None]
    with opened_errors_file() as said:
        process = subprocess.Popen(
            [sys.executable, settings.BASE_DIR / "manage.py", "carry_on_import"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
    _started.append((time.monotonic(), process))


def _restart_if_unattended(progress: ImportProgress) -> None:
    """Start a process where what waits has nobody who will come to it."""
    if _holders(SLOT) or any(time.monotonic() - at < STARTING for at, _ in _started):
        return
    if _waiting().filter(pk=progress.pk, updated_at__lt=ClockTime() - UNATTENDED).exists():
        _start_process()


def _waiting() -> QuerySet[ImportProgress]:
    return ImportProgress.objects.filter(started_at=None)


def _place_of(progress: ImportProgress) -> int:
    return _waiting().filter(pk__lte=progress.pk).count()


def work_on(batch: ImportBatch) -> Work | None:
    """The work on a batch; None where there is none. Where all processes were killed, one is started anew."""
    progress = ImportProgress.objects.filter(batch=batch).first()
    if progress is None:
        return None
    if progress.started_at is None:
        _restart_if_unattended(progress)
        return Work(State.WAITING, progress, _place_of(progress))
    if _holders(AT_WORK, batch.pk):
        return Work(State.RUNNING, progress)
    # Its row goes before its lock does. A row that is still there now was left behind.
    is_left = ImportProgress.objects.filter(pk=progress.pk, started_at=progress.started_at).exists()
    return Work(State.STOPPED, progress) if is_left else None


def places() -> dict[int, int]:
    """Batch → its place among those that wait for a process, from 1."""
    waiting = _waiting().order_by("pk").values_list("batch_id", flat=True)
    return {batch: place for place, batch in enumerate(waiting, start=1)}


def _holders(key: int, second: int | None = None) -> int:
    """How many hold an advisory lock of that first key, with that second one."""
    narrowed, values = ("", [key]) if second is None else (" AND objid = %s", [key, second])
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS + narrowed, values)
        (count,) = cursor.fetchone()
    return count


# The process


@contextmanager
def next_in_turn() -> Iterator[tuple[ImportProgress, Progress] | None]:
    """The oldest work that waits, claimed, with a progress for `read_batch`, `commit` and `undo` that others see at
    once; None where nothing waits, or as many as there may be are at it. Its row goes with the block.

    Both are told over a connection of its own, for the work itself is one transaction that nobody sees before its end.
    """
    beside = connections.create_connection("default")
    try:
        claimed = _claimed(beside)
        if claimed is None:
            yield None
            return
        try:
            yield claimed, _teller(beside, claimed)
        finally:
            _ask(beside, "DELETE FROM cadres_importprogress WHERE id = %s RETURNING id", claimed.pk)
    finally:
        beside.close()


def _claimed(beside: Any) -> ImportProgress | None:
    while (slot := _free_slot(beside)) is not None:
        beside.set_autocommit(False)
        waiting = _ask(
            beside,
            "SELECT id, batch_id FROM cadres_importprogress WHERE started_at IS NULL ORDER BY id LIMIT 1"
            " FOR UPDATE SKIP LOCKED",
        )
        if waiting:
            key, batch = waiting
            _ask(beside, "SELECT pg_advisory_lock(%s, %s)", AT_WORK, batch)
            _ask(
                beside,
                "UPDATE cadres_importprogress SET started_at = now(), updated_at = now() WHERE id = %s RETURNING id",
                key,
            )
        beside.commit()
        beside.set_autocommit(True)
        if waiting:
            return ImportProgress.objects.select_related("by").get(pk=key)
        # Whoever asked for work meanwhile found the slot taken and started nobody: look once more without it.
        _ask(beside, "SELECT pg_advisory_unlock(%s, %s)", SLOT, slot)
        if not _waiting().exists():
            break
    return None


def _free_slot(beside: Any) -> int | None:
    for slot in range(settings.ROSTERS_AT_ONCE):
        if _ask(beside, "SELECT pg_try_advisory_lock(%s, %s)", SLOT, slot) == (True,):
            return slot
    return None


def _teller(beside: Any, progress: ImportProgress) -> Progress:
    last = 0.0

    def tell(step: Step, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last < A_SECOND and done < total:
            return
        last = time.monotonic()
        _ask(
            beside,
            "UPDATE cadres_importprogress SET step = %s, done = %s, total = %s, updated_at = now() WHERE id = %s"
            " RETURNING id",
            step, done, total, progress.pk,
        )  # fmt: skip

    return tell


def _ask(beside: Any, sql: str, *values: Any) -> tuple[Any, ...] | None:
    with beside.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()
