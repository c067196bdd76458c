"""A backup is made: one snapshot of the database and the files that its rows name, while people go on working."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.utils.timezone import localtime, now

from cadres.disk import is_full
from lao_cai_training import __version__
from lao_cai_training.backup import uploads
from lao_cai_training.backup.archive import (
    ABOUT,
    CHUNK,
    CONTENTS,
    DUMP,
    FORMAT,
    PRODUCT,
    UPLOADS,
    BackupError,
    Writing,
    is_backup,
)
from lao_cai_training.backup.uploads import sync_folder
from lao_cai_training.contents import counted
from lao_cai_training.instance import applied_migrations, marks, note
from lao_cai_training.postgres.programs import client_of, dumped, server_version

# Rows that stay behind: a session is a key to the site, and who signed out since must not be signed in again; what
# proves a request goes with the secret key.
LEFT_BEHIND = ("public.cadres_session", "public.django_session", "walls.key")  # sessions, and those of release 1.0
DATED_NAME = "sao-luu-%Y-%m-%d-%H%M%S.tar"
UNFINISHED = ".sao-luu-*.tar.part"
TRIES = 5  # where files are being replaced at the same time


@dataclass(frozen=True)
class Made:
    """A backup that was made; `missing` names the files that rows name and that are not there."""

    path: Path
    size: int  # bytes
    tables: int
    rows: int
    uploads: int
    missing: list[str]


class _ReplacedError(Exception):
    """A file went while it was to be read, and with it the row that named it: a new snapshot is needed."""


def make(out: Path, *, progress: Callable[[str], object]) -> Made:
    """Back up the database and the uploads into the file `out`, or in folder `out` into one with the day in its name.

    The file is there whole or not at all. Raises BackupError, ServerError.
    """
    made_at = now()
    path = _target(out, made_at)
    with connection.cursor() as cursor:
        client = client_of(server_version(cursor), "Máy chủ")
    with file_errors(path.parent, "chưa có bản sao lưu nào được ghi"), _new_file(path) as file:
        for attempt in range(TRIES):
            file.seek(0)
            file.truncate()
            try:
                contents = _write(Writing(file, made_at), client, progress)
                break
            except _ReplacedError:
                if attempt == TRIES - 1:
                    raise BackupError("Các tệp tải lên đang bị thay liên tục: chạy lại sau ít phút.") from None
        size = file.tell()
    note(last_backup=made_at.isoformat())
    rows = sum(table["rows"] for table in contents["tables"].values())
    return Made(path, size, len(contents["tables"]), rows, len(contents["uploads"]), contents["missing_uploads"])


def _write(archive: Writing, client: Any, progress: Callable[[str], object]) -> dict[str, Any]:
    """Write all members; returns the contents."""
    about = {
        "product": PRODUCT,
        "format": FORMAT,
        "version": __version__,
        "made_at": archive.made_at.isoformat(),
    }
    archive.add(ABOUT, json.dumps(about, indent=1).encode())
    with _snapshot() as (cursor, snapshot):
        progress("Chép các tệp tải lên…")
        files, missing = {}, []
        for name in uploads.newest_first(uploads.named(cursor)):  # those may be replaced soonest
            try:
                with (uploads.folder() / name).open("rb") as file:
                    files[name] = archive.add_from(UPLOADS + name, iter(lambda: file.read(CHUNK), b""))
            except FileNotFoundError:
                with connection.cursor() as fresh:
                    is_named = name in uploads.named(fresh)
                if not is_named or (uploads.folder() / name).exists():  # a newer file may have taken the freed name
                    raise _ReplacedError from None
                missing.append(name)
        progress("Chép cơ sở dữ liệu…")
        with dumped(client, connection.settings_dict["NAME"], snapshot=snapshot, without_rows=LEFT_BEHIND) as dump:
            archive.add_from(DUMP, iter(lambda: dump.read(CHUNK), b""))
        progress("Tính mã kiểm tra…")
        contents = {
            "server": server_version(cursor),
            "pg_dump": client.version,
            "migrations": applied_migrations(),
            "fingerprints": marks().get("migrations", {}),
            "tables": counted(cursor, without=LEFT_BEHIND),
            "uploads": files,
            "missing_uploads": missing,
        }
    archive.add(CONTENTS, json.dumps(contents, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape"))
    archive.seal()
    return contents


@contextmanager
def _snapshot() -> Iterator[tuple[Any, str]]:
    """A cursor that sees the database as it is now, whatever others commit, and the name by which pg_dump does."""
    beside = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        beside.set_autocommit(False)
        with beside.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            yield cursor, snapshot
    finally:
        beside.close()


def _target(out: Path, made_at: datetime) -> Path:
    """The file to be written. Raises BackupError where it must not be."""
    path = out / localtime(made_at).strftime(DATED_NAME) if out.is_dir() else out
    if not path.parent.is_dir():
        raise BackupError(f"Không có thư mục {path.parent}: tạo thư mục đó hoặc chọn nơi khác.")
    if path.exists() and not is_backup(path):
        raise BackupError(f"{path} đã có và không phải bản sao lưu của phần mềm này: chọn tên khác.")
    return path


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that only its owner reads and that gets its name when all is written and safe on the disk.

    What a killed run has left is used or taken away.
    """
    part = path.with_name(f".{path.name}.part")
    _take_away_unfinished(path.parent)
    with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        if not _lock(file):
            raise BackupError(f"Một lệnh backup khác đang ghi {path}: chờ lệnh đó xong hoặc chọn tên khác.")
        try:
            os.fchmod(file.fileno(), 0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def _take_away_unfinished(folder: Path) -> None:
    for left in folder.glob(UNFINISHED):
        with suppress(OSError), left.open("rb") as file:
            if _lock(file):
                left.unlink()


def _lock(file: BinaryIO) -> bool:
    """Whether nobody else is writing the file."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def file_errors(folder: Path, left: str) -> Iterator[None]:
    """Tell in words what kept files from being written into the folder; `left` says how things are then."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise BackupError(
                f"Hết chỗ trên ổ đĩa của {folder}, {left}: giải phóng chỗ trống hoặc dùng ổ đĩa khác rồi chạy lại."
            ) from error
        raise BackupError(
            f"Không đọc, ghi được {error.filename or folder} ({error.strerror}), {left}: sửa quyền hoặc chọn nơi khác "
            "rồi chạy lại."
        ) from error
