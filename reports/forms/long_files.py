"""Files of forms that take longer than a request may: a process writes them and tells how far it has come.

The request asks for the rows, within the scope of the account, and puts them into a folder of DATA_DIR; the process
reads them from there and asks the database nothing, so that it needs no account and no wall. It holds a lock on the
folder, which goes with it however it ends: whose lock is gone without a file was stopped. What was made is kept for an
hour, for the account that asked; the folder is named after both, and its name is not to be guessed.
"""

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from cadres.disk import TOLD, is_full
from cadres.models import User
from cadres.roster.long_work import opened_errors_file
from reports.forms.catalogue import WRITERS
from reports.forms.layout import Column, Form, Row
from reports.forms.pdf import TooWide

AT_ONCE = 2  # such processes for the whole installation
KEPT = 60 * 60  # seconds that a file is kept
A_WHILE = 0.5  # seconds between two words about the progress
HEAD, ROWS, LOCK, PROGRESS, PROBLEM, MADE = "head.json", "rows.json", "lock", "progress", "problem", "made"
TOO_WIDE = "Biểu này rộng hơn khổ A3. Hãy tải Excel."

_started: list[subprocess.Popen[bytes]] = []  # by this process


class Busy(ValueError):  # noqa: N818 — says what it is
    """As many files are being written as may at a time; the message says what to do."""


class State(StrEnum):
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"  # killed, or refused: `problem` says why


@dataclass(frozen=True)
class Work:
    """A file that was asked for; `done` of `total` rows are written. `name` is that of the file."""

    state: State
    folder: Path
    name: str
    done: int
    total: int
    problem: str = ""

    def opened(self) -> IO[bytes]:
        """The file that was made."""
        return (self.folder / MADE).open("rb")


def begin(form: Form, name: str, *, by: User) -> str:
    """Have the form written as a file of that name, whose ending says what it is; the key to ask for it with.

    Raises Busy; OSError where the disk is full.
    """
    forget_old()
    running = [folder for folder in _folders() if _is_held(folder)]
    if any(folder.name.startswith(f"{by.pk}-") for folder in running):
        raise Busy("Tài khoản này đang có một tệp được lập. Hãy chờ tệp đó xong rồi bấm lại.")
    if len(running) >= AT_ONCE:
        raise Busy(f"Máy chủ đang lập {AT_ONCE} tệp dài. Hãy chờ ít phút rồi bấm lại.")
    key = secrets.token_urlsafe(16)
    folder = _folder(key, by)
    folder.mkdir(mode=0o700, parents=True)
    try:
        _keep(form, name, folder)
        _start(folder)
    except OSError:
        shutil.rmtree(folder)
        raise
    return key


def work_on(key: str, by: User) -> Work | None:
    """What has become of the file that the account asked for; None where there is no such, or not any more."""
    folder = _folder(key, by)
    try:
        about = json.loads((folder / HEAD).read_text())
    except FileNotFoundError:
        return None
    is_held = _is_held(folder)  # before the file is looked for: it is there when the lock goes
    done = (folder / MADE).exists()
    state = State.DONE if done else State.RUNNING if is_held else State.STOPPED
    told = {name: _read(folder / name) for name in (PROGRESS, PROBLEM)}
    rows = about["total"] if done else int(told[PROGRESS] or 0)
    return Work(state, folder, about["name"], rows, about["total"], told[PROBLEM])


def forget_old() -> None:
    """Delete what was asked for longer than an hour ago and is not being written."""
    for folder in _folders():
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > KEPT and not _is_held(folder):
                shutil.rmtree(folder)


def write(folder: Path) -> None:
    """Write the file of the folder: the work of the process."""
    about = json.loads((folder / HEAD).read_text())
    unfinished = folder / f"{MADE}.tmp"
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= A_WHILE:
            last = time.monotonic()
            _write_whole(folder / PROGRESS, str(done))

    try:
        with unfinished.open("wb") as out:
            WRITERS[about["name"].rpartition(".")[2]](_kept(about, folder), out, tell)
        unfinished.rename(folder / MADE)
        (folder / ROWS).unlink()  # the people are in the file by now
    except TooWide:
        _write_whole(folder / PROBLEM, TOO_WIDE)
    except OSError as error:
        if not is_full(error):
            raise
        unfinished.unlink(missing_ok=True)
        _write_whole(folder / PROBLEM, TOLD)


def _all() -> Path:
    return Path(settings.DATA_DIR) / "long-files"


def _folder(key: str, by: User) -> Path:
    return _all() / f"{by.pk}-{key}"


def _folders() -> list[Path]:
    return [folder for folder in _all().glob("*-*") if folder.is_dir()]


def _start(folder: Path) -> None:
    """Start the process, which gets the lock with it, so that there is no moment in which nobody holds it."""
    _started[:] = [process for process in _started if process.poll() is None]
    with (folder / LOCK).open("w") as lock, opened_errors_file() as said:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen(
            [sys.executable, settings.BASE_DIR / "manage.py", "write_form", folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )
    _started.append(process)


def _is_held(folder: Path) -> bool:
    try:
        with (folder / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


# ---------------------------------------------------------------- a form in a folder


class RowsOfFile(Collection[Row]):
    """The rows of a form that lie in a file, a line each: read anew each time they are gone through."""

    def __init__(self, file: Path, total: int) -> None:
        self.file, self.total = file, total

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[Row]:
        with self.file.open(encoding="utf-8") as lines:
            for line in lines:
                cells, is_group, is_total = json.loads(line)
                yield Row(tuple(cells), is_group, is_total)

    def __contains__(self, row: object) -> bool:
        return any(row == one for one in self)


def _keep(form: Form, name: str, folder: Path) -> None:
    head: dict[str, Any] = {
        one.name: getattr(form, one.name) for one in fields(form) if one.init and one.name not in ("rows", "columns")
    }
    head |= {"day": form.day.isoformat(), "columns": [tuple(vars(column).values()) for column in form.columns]}
    with _private(folder / ROWS) as rows:
        for row in form.rows:
            rows.write(json.dumps([row.cells, row.is_group, row.is_total], ensure_ascii=False) + "\n")
    with _private(folder / HEAD) as about:
        json.dump({"name": name, "total": len(form.rows), "form": head}, about, ensure_ascii=False)


def _kept(about: dict[str, Any], folder: Path) -> Form:
    head = about["form"]
    columns = [Column(tuple(heads), *rest) for heads, *rest in head.pop("columns")]
    return Form(
        **head
        | {
            "day": date.fromisoformat(head["day"]),
            "signers": tuple(head["signers"]),
            "columns": columns,
            "rows": RowsOfFile(folder / ROWS, about["total"]),
        }
    )


def _private(file: Path) -> IO[str]:
    return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


def _write_whole(file: Path, text: str) -> None:
    """Whoever reads it meanwhile finds what was there before."""
    unfinished = file.with_suffix(".tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.rename(file)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
