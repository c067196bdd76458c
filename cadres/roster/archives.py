"""A zip of rosters: each file in it is a file of its own, named as it is there without its folders.

Nothing is unpacked to the disk, so no path in it leads anywhere. What is in it and is no roster file is told, but for
what other systems leave behind.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812

from cadres.roster.reading import MAX_FILE_BYTES, ZIP_MAGIC, UnreadableFileError
from cadres.roster.workbook_reader import MAX_UNZIPPED_BYTES

MAX_MEMBERS = 200
# By these parts a zip is a document: workbooks of Excel and OpenDocument, papers of Word.
DOCUMENT_PARTS = {"[Content_Types].xml", "mimetype", "content.xml", "xl/workbook.xml", "xl/workbook.bin"}
ROSTER_ENDINGS = {
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".txt", ".tsv", ".htm", ".html", ".mht", ".mhtml", ".xml",
}  # fmt: skip
LEFT_BEHIND = ("__MACOSX", ".", "~$", "Thumbs.db", "desktop.ini")
FLAG_ENCRYPTED, FLAG_UTF8 = 0x1, 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A file that was sent, alone or in a zip; `problem` says in one line why one in a zip is not read."""

    name: str
    content: bytes
    problem: str = ""


def is_archive(content: bytes) -> bool:
    """Whether this is a zip of files rather than a document."""
    if not content.startswith((ZIP_MAGIC, b"PK\x05\x06")):
        return False
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    return DOCUMENT_PARTS.isdisjoint(names)


def files_in(name: str, content: bytes) -> Iterator[Member]:
    """The files that a zip holds, one at a time; of anything else the file itself.

    Raises UnreadableFileError for a zip that is empty or holds too much.
    """
    if not is_archive(content):
        yield Member(name, content)
        return
    with ZipFile(BytesIO(content)) as archive:
        files = [(member, _path_of(member)) for member in archive.infolist() if not member.is_dir()]
        members = [(member, path) for member, path in files if not _is_left_behind(path)]
        if not members:
            raise UnreadableFileError(f"Tệp nén {name} không có tệp nào. Hãy kiểm tra và nén lại các tệp danh sách.")
        if len(members) > MAX_MEMBERS or sum(member.file_size for member, _ in members) > MAX_UNZIPPED_BYTES:
            raise UnreadableFileError(
                f"Tệp nén {name} chứa quá nhiều (giới hạn {MAX_MEMBERS} tệp và {MAX_UNZIPPED_BYTES // 2**20} MB khi "
                "giải nén). Hãy chia thành nhiều tệp nén nhỏ hơn."
            )
        same = Counter(path.name for _, path in members)
        for member, path in members:
            called = path.name if same[path.name] == 1 else " - ".join(path.parts[-3:])
            yield _read(archive, member, called, name)


def _path_of(member: ZipInfo) -> PurePosixPath:
    """The path as it was meant: Windows writes it in its own code page and claims nothing, often it is UTF-8."""
    path = member.filename
    if not member.flag_bits & FLAG_UTF8:
        for encoding in ("utf-8", "cp1258"):
            try:
                path = path.encode("cp437").decode(encoding)
                break
            except UnicodeError:
                continue
    path = unicodedata.normalize("NFC", path)
    parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return PurePosixPath(*parts)


def _is_left_behind(path: PurePosixPath) -> bool:
    return any(part.startswith(LEFT_BEHIND) for part in path.parts)


def _read(archive: ZipFile, member: ZipInfo, called: str, of: str) -> Member:
    ending = PurePosixPath(called).suffix.lower()
    if member.flag_bits & FLAG_ENCRYPTED:
        return _problem(called, of, "được đặt mật khẩu. Hãy bỏ mật khẩu rồi nén lại.")
    if member.file_size > MAX_FILE_BYTES:
        return _problem(called, of, f"quá lớn (giới hạn {MAX_FILE_BYTES // 2**20} MB). Hãy tách thành nhiều tệp.")
    if ending in (".zip", ".rar", ".7z"):
        return _problem(called, of, "cũng là tệp nén nên không được đọc. Hãy giải nén rồi gửi các tệp trong đó.")
    if ending not in ROSTER_ENDINGS:
        return _problem(called, of, "không phải bảng tính nên không được đọc. Hãy bỏ qua nếu đó không phải danh sách.")
    try:
        content = archive.read(member)
    except (BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return _problem(called, of, "bị hỏng nên không giải nén được. Hãy nén lại rồi gửi lại.")
    if is_archive(content):
        return _problem(called, of, "cũng là tệp nén nên không được đọc. Hãy giải nén rồi gửi các tệp trong đó.")
    return Member(called, content)


def _problem(called: str, of: str, what: str) -> Member:
    return Member(called, b"", f"Tệp {called} trong {of} {what}")
