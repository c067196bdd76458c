"""The one file of a backup: an ordinary tar archive whose last member seals all that stands before it.

    about.json      which product, version and format made it, and when
    uploads/…       the files that rows name
    database.dump   what pg_dump wrote, in its custom format
    contents.json   migrations, each table's count and digest, each upload's size and digest
    SHA256          the digest of every byte before this member

After the seal nothing may follow but the end of the archive, so every byte of the file is either digested or known
beforehand. The seal finds damage and careless changes; who may write the file can seal it anew, so it has to be kept
where nobody else writes.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

PRODUCT = "lao-cai-training"
FORMAT = 1
ABOUT, UPLOADS, DUMP, CONTENTS, SEAL = "about.json", "uploads/", "database.dump", "contents.json", "SHA256"
CHUNK = 1 << 20  # bytes


class BackupError(Exception):
    """A backup cannot be made or used; the message is one Vietnamese line that says what is wrong and what to do."""


class Writing:
    """A backup being written into a new file that can be read too."""

    def __init__(self, file: BinaryIO, made_at: datetime) -> None:
        self.file = file
        self.made_at = made_at

    def add(self, name: str, data: bytes) -> None:
        self.add_from(name, [data])

    def add_from(self, name: str, chunks: Iterable[bytes]) -> dict[str, Any]:
        """Add a member of which only its end tells the size; returns {"size", "sha256"}."""
        begin = self.file.tell()
        self.file.write(_header(name, 0, self.made_at))
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            self.file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        self.file.write(bytes(-size % tarfile.BLOCKSIZE))
        end = self.file.tell()
        self.file.seek(begin)
        self.file.write(_header(name, size, self.made_at))
        self.file.seek(end)
        return {"size": size, "sha256": digest.hexdigest()}

    def seal(self) -> None:
        """End the archive; nothing can be added any more."""
        end = self.file.tell()
        self.file.flush()
        digest = _digest(self.file, end)
        self.file.seek(end)
        self.file.write(_tail(digest, self.made_at))


@dataclass(frozen=True)
class Archive:
    """A backup that was found whole. The open file is the one that was looked through, whatever bears its name now."""

    path: Path
    file: BinaryIO
    about: dict[str, Any]
    contents: dict[str, Any]
    begins: dict[str, int]  # name of each member → where in the file its data begin

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.about["made_at"])

    def dump(self) -> BinaryIO:
        """The file, standing where the dump begins; for one reader at a time."""
        self.file.seek(self.begins[DUMP])
        return self.file

    def upload(self, name: str) -> Iterator[bytes]:
        """What was in that file."""
        self.file.seek(self.begins[UPLOADS + name])
        left = self.contents["uploads"][name]["size"]
        while left:
            chunk = self.file.read(min(left, CHUNK))
            left -= len(chunk)
            yield chunk


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """The backup in that file, looked through from its first byte to its last. Raises BackupError."""
    try:
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise BackupError(
            f"Không đọc được tệp {path} ({error.strerror}): kiểm tra đường dẫn và quyền đọc của tệp."
        ) from error
    with file:
        yield _look_through(path, file)


def is_backup(path: Path) -> bool:
    """Whether the file begins as one of ours."""
    try:
        with path.open("rb") as file:
            _about(path, file)
    except (OSError, BackupError):
        return False
    return path.is_file()


def _look_through(path: Path, file: Any) -> Archive:
    if not path.is_file():
        raise BackupError(f"{path} không phải một tệp: chọn tệp do lệnh backup tạo ra.")
    size = path.stat().st_size
    if not size:
        raise BackupError(f"Tệp {path} rỗng: chọn bản sao lưu khác.")
    about = _about(path, file)
    if about["format"] > FORMAT:
        raise BackupError(
            f"Bản sao lưu {path} do phiên bản mới hơn ({about['version']}) của phần mềm tạo: "
            "cài phiên bản đó rồi khôi phục."
        )
    damaged = BackupError(
        f"Bản sao lưu {path} bị hỏng, bị sửa hoặc chưa chép đủ (mã kiểm tra không khớp): chép lại từ nơi cất giữ, "
        "hoặc chọn bản khác."
    )
    try:
        made_at = datetime.fromisoformat(about["made_at"])
        end = size - len(_tail("", made_at))
        sealed = end > 0 and file.seek(end) and file.read() == _tail(_digest(file, end), made_at)
    except (ValueError, TypeError, KeyError) as error:
        raise damaged from error
    if not sealed:
        raise damaged
    file.seek(0)
    with tarfile.open(fileobj=file, mode="r:", encoding="utf-8", errors="surrogateescape") as members:
        found = {member.name: member for member in members}
        if not {DUMP, CONTENTS} <= found.keys() or not all(map(_is_within, found)):
            raise damaged
        contents = json.load(members.extractfile(found[CONTENTS]) or io.BytesIO())
    if {UPLOADS + name for name in contents["uploads"]} != {name for name in found if name.startswith(UPLOADS)}:
        raise damaged
    return Archive(path, file, about, contents, {name: member.offset_data for name, member in found.items()})


def _about(path: Path, file: BinaryIO) -> dict[str, Any]:
    """The first member. Raises BackupError where it is not one of ours."""
    try:
        head = tarfile.TarInfo.frombuf(file.read(tarfile.BLOCKSIZE), "utf-8", "surrogateescape")
        about = json.loads(file.read(min(head.size, CHUNK))) if head.name == ABOUT else {}
        if about["product"] == PRODUCT and isinstance(about["format"], int) and isinstance(about["version"], str):
            return dict(about)
    except (tarfile.TarError, ValueError, KeyError, TypeError):
        pass
    raise BackupError(
        f"Tệp {path} không phải bản sao lưu của phần mềm này, hoặc đã hỏng ngay phần đầu: chọn tệp do lệnh backup "
        "tạo ra."
    )


def _is_within(name: str) -> bool:
    """Whether a member stays in the folder into which it is unpacked."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _header(name: str, size: int, made_at: datetime) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made_at.timestamp())
    return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def _tail(digest: str, made_at: datetime) -> bytes:
    """The last member and the end of the archive; always of the same length."""
    line = f"{digest:0<64}\n".encode()
    header = _header(SEAL, len(line), made_at)
    return header + line.ljust(tarfile.BLOCKSIZE, b"\0") + bytes(2 * tarfile.BLOCKSIZE)


def _digest(file: BinaryIO, end: int) -> str:
    """SHA-256 of the first `end` bytes, in hexadecimal."""
    digest = hashlib.sha256()
    file.seek(0)
    while end:
        chunk = file.read(min(end, CHUNK))
        if not chunk:
            return ""
        digest.update(chunk)
        end -= len(chunk)
    return digest.hexdigest()
