"""The uploads of an installation: which files its rows name, and files that come beside those there are.

A file is named by rows only, so the folder may hold more than the database in use names: what a backup brings lies
there before its database takes the place of the present one, and nothing has to be switched.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models import FileField
from psycopg2.sql import SQL, Identifier

CHUNK = 1 << 20  # bytes
LONGEST_NAME = 100  # characters, where a column says nothing else
ARRIVING = ".arriving"  # the folder in which a file is written before it gets its name


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def columns() -> list[tuple[str, str, int]]:
    """Table, column and greatest length of the names of files."""
    return sorted(
        (model._meta.db_table, str(field.column), field.max_length or LONGEST_NAME)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField) and not model._meta.proxy
    )


def named(cursor: Any) -> set[str]:
    """The files that rows name; of a database that another version made, those of the columns it has."""
    names: set[str] = set()
    for table, column, _ in columns():
        cursor.execute(
            "SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s", [f"public.{table}", column]
        )
        if cursor.fetchone() is not None:
            cursor.execute(
                SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} <> ''").format(Identifier(column), _table(table))
            )
            names |= {name for (name,) in cursor.fetchall()}
    return names


def newest_first(names: Iterable[str]) -> list[str]:
    """The names in the order in which their files were written; first those that are not there."""

    def age(name: str) -> float:
        with suppress(FileNotFoundError):
            return -(folder() / name).stat().st_mtime
        return float("-inf")

    return sorted(names, key=age)


def chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def bring(name: str, facts: dict[str, Any], content: Iterable[bytes]) -> str:
    """Put a file into the folder under that name; returns the name it got: another where a different file has it.

    It is there whole or not at all. `facts` are its "size" and "sha256". Raises OSError.
    """
    target = folder() / name
    if target.exists():
        if _digest(target) == facts["sha256"]:
            return name
        name = FileSystemStorage(location=folder()).get_available_name(name, min(length for *_, length in columns()))
        target = folder() / name
    new = folder() / ARRIVING / facts["sha256"]
    _make_folder(new.parent)
    _make_folder(target.parent)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, settings.FILE_UPLOAD_PERMISSIONS), "wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())
    _give(new)
    new.rename(target)
    sync_folder(target.parent)
    return name


def rename_in_rows(cursor: Any, renamed: dict[str, str]) -> None:
    """Let rows name the files by the names they got. No trigger notices: it is not a change that anybody made."""
    for table, column, _ in columns():
        cursor.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(_table(table)))
        for old, new in renamed.items():
            cursor.execute(
                SQL("UPDATE {0} SET {1} = %s WHERE {1} = %s").format(_table(table), Identifier(column)), [new, old]
            )
        cursor.execute(SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(_table(table)))


def remove(names: Iterable[str]) -> None:
    """Delete these files, and whatever had not got its name yet."""
    shutil.rmtree(folder() / ARRIVING, ignore_errors=True)
    for name in names:
        with suppress(FileNotFoundError):
            (folder() / name).unlink()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for chunk in chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def sync_folder(path: Path) -> None:
    """Have the names in a folder safe on the disk."""
    with suppress(OSError):  # not every file system can be asked
        opened = os.open(path, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


def _make_folder(path: Path) -> None:
    if not path.exists():
        _make_folder(path.parent)
        path.mkdir()
        _give(path)


def _give(path: Path) -> None:
    """What root brings belongs to whom the data belong to, or the site could not read it."""
    if os.geteuid() == 0:
        owner = settings.DATA_DIR.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _table(name: str) -> Identifier:
    return Identifier("public", name)
