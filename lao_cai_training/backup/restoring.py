"""A backup is put back: beside the database in use, whose place it takes at the end in one step.

Until that step nothing that is in use has been touched: the database is filled under a name of its own, and uploads
only come beside those that are there. After it everything is as the backup says. Whatever is killed has done one or the
other, and what it left is taken away by the next run. The database whose place was taken is kept, with its files, until
the next restore.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection

from lao_cai_training import __version__
from lao_cai_training.backup import uploads
from lao_cai_training.backup.archive import Archive, BackupError
from lao_cai_training.backup.making import LEFT_BEHIND, file_errors
from lao_cai_training.contents import counted, tables
from lao_cai_training.instance import foreign_among, is_behind, note
from lao_cai_training.postgres import databases
from lao_cai_training.postgres.programs import client_of, load
from lao_cai_training.postgres.roles import grant_web_role
from lao_cai_training.postgres.server import WEB

PATIENCE_WITH_A_PREDECESSOR = 6  # seconds until the server has noticed that a restore was killed
STEP = 0.2  # seconds between two looks
RESTORING, CHECKING, PREVIOUS, SWAPPED = "restoring", "checking", "previous", "swapped"

Progress = Callable[[str], object]


@dataclass(frozen=True)
class Restored:
    """`previous`: the name of the database whose place was taken; empty where there was nothing in it."""

    tables: int
    rows: int
    uploads: int
    previous: str


def refuse_other_versions(archive: Archive) -> None:
    """Raises BackupError where the source cannot carry on with what the backup holds."""
    version = archive.about["version"]
    foreign = foreign_among(archive.contents["migrations"], archive.contents["fingerprints"])
    if _numbers(version) > _numbers(__version__):
        raise BackupError(
            f"Bản sao lưu {archive.path} do phiên bản mới hơn ({version}) của phần mềm tạo, bản đang cài là "
            f"{__version__}: cài phiên bản {version} rồi khôi phục."
        )
    if foreign:
        raise BackupError(
            f"Bản sao lưu {archive.path} do bản khác ({version}) của phần mềm tạo, có các bước tạo bảng mà bản đang "
            f"cài không có ({', '.join(foreign)}): cài đúng bản đó rồi khôi phục."
        )


def restore(archive: Archive, *, progress: Progress) -> Restored:
    """Let what the backup holds take the place of database and uploads. Raises BackupError, ServerError."""
    refuse_other_versions(archive)
    present, restoring, previous = _present(), databases.beside(RESTORING), databases.beside(PREVIOUS)
    untouched = "dữ liệu đang có vẫn nguyên"
    with _alone() as server, _dropped_on_failure(server, restoring), file_errors(uploads.folder(), untouched):
        progress("Khôi phục cơ sở dữ liệu vào chỗ riêng…")
        _fill(server, restoring, archive)
        with databases.working_in(restoring) as cursor:
            progress("So với mã kiểm tra trong bản sao lưu…")
            differing = _differences(cursor, archive)
            if differing:
                raise BackupError(
                    f"Dữ liệu khôi phục không khớp với mã kiểm tra ({', '.join(differing)}), {untouched}: "
                    "chọn bản sao lưu khác."
                )
            _bring_uploads(cursor, archive, progress)
            _make_current(cursor, archive, progress)
            cursor.execute("ANALYZE")
        progress("Đưa dữ liệu khôi phục vào dùng…")
        is_there = databases.exists(server, present)
        had_anything = is_there and _has_tables(present)
        _forget(server, previous)
        if is_there:
            databases.copy_access(server, present, restoring)
            databases.rename(server, (present, previous), (restoring, present))
        else:
            databases.rename(server, (restoring, present))
        if not had_anything:
            databases.drop(server, previous)
    contents = archive.contents
    rows = sum(table["rows"] for table in contents["tables"].values())
    return Restored(len(contents["tables"]), rows, len(contents["uploads"]), previous if had_anything else "")


def take_back() -> None:
    """Let the database whose place was taken last change places with the present one.

    Raises BackupError, ServerError.
    """
    present, previous, swapped = _present(), databases.beside(PREVIOUS), databases.beside(SWAPPED)
    with _alone() as server:
        if not databases.exists(server, previous):
            raise BackupError("Không còn giữ dữ liệu trước một lần khôi phục nào: không có gì để quay lại.")
        databases.rename(server, (present, swapped), (previous, present), (swapped, previous))


def check(archive: Archive, *, progress: Progress) -> list[str]:
    """Restore into a database of its own, compare and drop it; returns the tables that differ.

    Raises BackupError, ServerError.
    """
    checking = databases.beside(CHECKING)
    with _alone() as server, _dropped_on_failure(server, checking):
        progress("Khôi phục thử vào một cơ sở dữ liệu riêng…")
        _fill(server, checking, archive)
        progress("So từng bảng…")
        with databases.working_in(checking) as cursor:
            differing = _differences(cursor, archive)
        databases.drop(server, checking)
    return differing


def _present() -> str:
    return str(connection.settings_dict["NAME"])


@contextmanager
def _alone() -> Iterator[Any]:
    """A cursor outside the database, while nobody else restores it; what a killed run has left is taken away."""
    with databases.from_outside() as server:
        deadline = time.monotonic() + PATIENCE_WITH_A_PREDECESSOR
        while True:
            server.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"lao_cai_training restore {_present()}"])
            if server.fetchone() == (True,):
                break
            if time.monotonic() > deadline:
                raise BackupError("Một lệnh khôi phục hoặc kiểm tra bản sao lưu khác đang chạy: chờ lệnh đó xong.")
            time.sleep(STEP)
        uploads.remove(())
        for kind in (RESTORING, CHECKING):
            _forget(server, databases.beside(kind))
        yield server


@contextmanager
def _dropped_on_failure(server: Any, database: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        _forget(server, database)
        raise


def _forget(server: Any, database: str) -> None:
    """Drop a database that is not in use, and the files that it alone names."""
    if not databases.exists(server, database):
        return
    databases.send_away(server, [database])
    with databases.working_in(database) as cursor:
        names = uploads.named(cursor)
    for other in {_present(), databases.beside(PREVIOUS), databases.beside(RESTORING)} - {database}:
        if databases.exists(server, other):
            with databases.working_in(other) as cursor:
                names -= uploads.named(cursor)
    uploads.remove(names)
    databases.drop(server, database)


def _fill(server: Any, database: str, archive: Archive) -> None:
    """Make the database and load the dump into it."""
    client = client_of(archive.contents["pg_dump"], f"Bản sao lưu {archive.path}")
    server.execute("SELECT name FROM pg_settings")
    known = {name for (name,) in server.fetchall()}
    databases.create(server, database)
    load(client, database, archive.dump(), known_settings=known)


def _differences(cursor: Any, archive: Archive) -> list[str]:
    """The tables of which count or digest is not what it was, or that are there in one only."""
    expected, found = archive.contents["tables"], counted(cursor, without=LEFT_BEHIND)
    return sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))


def _bring_uploads(cursor: Any, archive: Archive, progress: Progress) -> None:
    files = archive.contents["uploads"]
    if files:
        progress("Chép các tệp tải lên…")
    renamed = {}
    for name, facts in files.items():
        got = uploads.bring(name, facts, archive.upload(name))
        if got != name:
            renamed[name] = got
    uploads.remove(())
    if renamed:
        uploads.rename_in_rows(cursor, renamed)


def _make_current(cursor: Any, archive: Archive, progress: Progress) -> None:
    """Give the restored database the tables, rights and marks of this installation and version."""
    note(last_backup=archive.about["made_at"])
    if archive.about["version"] != __version__ or is_behind():
        progress("Cập nhật lên phiên bản đang cài…")
        call_command("setup")
    if grant_web_role(create=True):
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [WEB])
        if cursor.fetchone() == (True,):
            progress(
                "Cảnh báo: mọi vai trò tạo được bảng trong lược đồ public (PostgreSQL 14): chạy lệnh ALTER SCHEMA "
                "trong README, mục “On a real server”, sau khi khôi phục."
            )


def _has_tables(database: str) -> bool:
    with databases.working_in(database) as cursor:
        return bool(tables(cursor))


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]
