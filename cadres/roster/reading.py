"""Any roster file becomes sheets of cells; the row numbers are the ones that Excel shows.

Workbooks are read in a process with limits (workbook_reader), text files here. Cells keep their type: text stays text,
so an identifier keeps its leading zero; numbers are floats; dates are dates; of a formula there is the stored value.
All text comes out as composed Unicode, whatever encoding or font it was typed in (encodings).
"""

import codecs
import csv
import io
import pickle
import re
import signal
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Timer
from typing import Any
from zipfile import BadZipFile

from cadres.roster.encodings import SAMPLE, convert_cells, encoding_of
from cadres.roster.workbook_reader import (
    DAMAGED,
    ENCRYPTED,
    FINISHED,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_UNZIPPED_BYTES,
    NO_TABLE,
    ROW_COST,
    TOO_LARGE,
    TOO_MANY_CELLS,
    Refusal,
    SheetStart,
    items,
    scan_zip,
)
from cadres.text import strip_apostrophe, text_of_formula

MAX_FILE_BYTES = 64 * 2**20
MAX_TEXTS = 1_200_000  # different texts in a file; a roster of 220,000 people has about a million
SECONDS = 60  # for the process that reads a workbook
# Its memory: nobody needs more for a file of a district or province. The roster of a nation is a large file.
MEGABYTES, LARGE_FILE_BYTES, LARGE_FILE_MEGABYTES = 512, 8 * 2**20, 1024
# How that process ends when it wants more: the reader's abort, and what the kernel does about time and memory.
OVER_LIMIT = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READERS = {ZIP_MAGIC: "cadres.roster.workbook_reader", OLE_MAGIC: "cadres.roster.legacy_xls"}
MARKUP_READER = "cadres.roster.markup_reader"
# What is often sent in the place of a roster: how it begins, what is in it, what it is.
NO_TABLES = (
    (b"%PDF", b"", "tệp PDF"),
    (b"{\\rtf", b"", "văn bản Word"),
    (ZIP_MAGIC, b"word/document.xml", "văn bản Word"),
    (OLE_MAGIC, "WordDocument".encode("utf-16-le"), "văn bản Word"),
    (b"Rar!", b"", "tệp nén .rar"),
    (b"7z\xbc\xaf", b"", "tệp nén .7z"),
    (b"\xff\xd8\xff", b"", "ảnh"),
    (b"\x89PNG", b"", "ảnh"),
)
PROJECT = Path(__file__).resolve().parents[2]
TEXT_ENDINGS = (".csv", ".txt", ".tsv")
# How HTML, XML and web archives begin; and what stands in none but HTML, however it begins.
MARKUP = re.compile(
    rb"(?:<(?:!doctype|!--|\?xml|(?:ss:)?workbook|html|head|body|meta|style|title|table|thead|tbody|tr|div|center|form|p"
    rb"|span|font|link|script|h\d|b|br)\b|mime-version:|from:\s*<saved by|content-type:\s*multipart/)"
)
TABLE_OF_HTML = re.compile(rb"<table\b[^<>]*>\s*(?:<[^<>]*>\s*){0,99}<t[dh]\b")
QUOTED = re.compile(r'"[^"]*"')
TABLE_LINES = 50  # of which two must have columns
SEPARATOR_LINE = re.compile(r"^\ufeff?sep=([,;\t|])\s*$", re.IGNORECASE)

LOST = "\ufffd"  # what is shown for a character that cannot be read

Cell = str | float | bool | date | datetime | time | timedelta

RESAVE = "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
MESSAGES = {
    DAMAGED: f"Tệp {{name}} bị hỏng, không đọc được. {RESAVE}",
    ENCRYPTED: "Tệp {name} được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.",
    TOO_LARGE: (
        f"Tệp {{name}} giải nén ra quá lớn (giới hạn {MAX_UNZIPPED_BYTES // 2**20} MB) nên không được đọc. "
        "Hãy chép riêng bảng danh sách sang một tệp mới."
    ),
    TOO_MANY_CELLS: (
        f"Tệp {{name}} có quá nhiều ô (giới hạn {MAX_CELLS // 10**6} triệu ô, kể cả ô trống ở giữa). "
        "Hãy xóa các dòng, cột thừa hoặc chép riêng danh sách sang tệp mới."
    ),
    NO_TABLE: (
        "Tệp {name} là một trang web hay tệp XML không có bảng nào (có thể là trang đăng nhập hoặc thông báo lỗi được "
        "lưu nhầm). Hãy xuất lại danh sách từ phần mềm, hoặc mở bằng Excel và lưu lại dạng .xlsx."
    ),
}


class UnreadableFileError(Exception):
    """The file cannot be read as a roster; the message is one Vietnamese line that also names the remedy."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows[i]` is the row that Excel shows as i + 1; blank cells are '', a blank row may be empty.

    `merged` holds 0-based (first row, first column, last row, last column), both ends inclusive;
    `fonts` names the font of those cells only that are set in a font of an old encoding (TCVN3, VNI);
    `converted` names those encodings whose text has been turned into Unicode (`TCVN3, VNI`), mostly '';
    `formulas_without_value` counts formulas that were never calculated: their cells are blank;
    `strays` names cells far outside of the table (`XFD1048576`), which are left out.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)
    converted: str = ""
    formulas_without_value: int = 0
    strays: tuple[str, ...] = ()


def read_sheets(name: str, content: bytes) -> list[Sheet]:
    """Read every sheet of a roster file.

    Args: name as uploaded (only its ending is looked at), content the bytes of the file.
    Raises UnreadableFileError for an empty, damaged, encrypted, oversized or foreign file.
    """
    if not content:
        raise UnreadableFileError(f"Tệp {name} rỗng. Hãy kiểm tra và gửi lại tệp có dữ liệu.")
    if len(content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // 2**20
        raise UnreadableFileError(f"Tệp {name} quá lớn (giới hạn {limit} MB). Hãy tách thành nhiều tệp nhỏ hơn.")
    if kind := next((kind for begin, part, kind in NO_TABLES if content.startswith(begin) and part in content), ""):
        raise UnreadableFileError(
            f"Tệp {name} là {kind}, không phải bảng tính. Hãy xin tệp Excel gốc hoặc chép bảng sang Excel và gửi lại."
        )
    texts = _Texts(name)
    if reader := next((reader for magic, reader in READERS.items() if content.startswith(magic)), ""):
        sheets = list(_read_workbook(name, content, reader, texts))
    elif _is_markup(content):
        sheets = list(_read_workbook(name, content, MARKUP_READER, texts))
    elif (encoding := encoding_of(content)) and (
        name.lower().endswith(TEXT_ENDINGS) or _is_table(content[:SAMPLE].decode(encoding, "ignore"))
    ):
        sheets = [_read_csv(name, content, encoding, texts)]
    elif name.lower().endswith(TEXT_ENDINGS):
        raise UnreadableFileError(f"Tệp {name} dùng bảng mã lạ. Hãy lưu lại dạng CSV UTF-8 hoặc .xlsx rồi gửi lại.")
    else:
        raise UnreadableFileError(
            f"Tệp {name} không phải là bảng tính (.xlsx, .xls, .ods, .csv) hoặc đã bị hỏng. {RESAVE}"
        )
    return [_in_unicode(sheet, texts) for sheet in sheets]


class _Texts(dict[str, str]):
    """The different texts of a file, each kept once and composed (NFC)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def __missing__(self, text: str) -> str:
        if len(self) >= MAX_TEXTS:
            raise _refused(self.name, TOO_MANY_CELLS)
        self[text] = composed = unicodedata.normalize("NFC", _without_nul(text) if "\0" in text else text)
        return composed


def _without_nul(text: str) -> str:
    """Fields filled up with NUL say what they say; within a text it stands for a character that is lost."""
    return text.strip("\0").replace("\0", LOST)


BLANK_ROW: list[Cell] = []


def _in_unicode(sheet: Sheet, texts: _Texts) -> Sheet:
    """The sheet with text of old encodings as Unicode."""
    converted = convert_cells(sheet.rows, sheet.fonts, texts.values())
    return replace(sheet, converted=", ".join(converted)) if converted else sheet


# Workbooks


def _read_workbook(name: str, content: bytes, reader: str, texts: _Texts) -> list[Sheet]:
    """Whole numbers, which an .xls may hold as such, become floats like those of an .xlsx."""
    sheets = []
    with closing(_items(content, reader)) as found:
        while isinstance(item := next(found), tuple):
            rows: list[list[Cell]] = []
            while (batch := next(found)) is not None:
                if isinstance(batch, str):
                    raise _refused(name, batch)
                rows += [
                    [
                        texts[cell] if cell.__class__ is str else float(cell) if cell.__class__ is int else cell
                        for cell in row
                    ]
                    if row
                    else BLANK_ROW
                    for row in batch
                ]
            start = SheetStart(*item)._asdict()
            _put_errors(rows, start.pop("errors"), texts)
            sheets.append(Sheet(rows=rows, **start))
        if item != FINISHED:
            raise _refused(name, item)
    return sheets


def _put_errors(rows: list[list[Cell]], errors: dict[tuple[int, int], str], texts: _Texts) -> None:
    """Errors such as #N/A stand in their cells as text: what is written there is nobody's value, but it is written."""
    for (row, column), text in errors.items():
        if row < MAX_ROWS and column < MAX_COLUMNS:
            rows += [BLANK_ROW] * (row + 1 - len(rows))
            cells = rows[row] or []
            cells += [""] * (column + 1 - len(cells))
            cells[column] = texts[text]
            rows[row] = cells


def _items(content: bytes, reader: str) -> Generator[Any, None, None]:
    """What the workbook holds (workbook_reader.items), read here where that is harmless, else in a process."""
    if content.startswith(ZIP_MAGIC) and len(content) <= LARGE_FILE_BYTES:
        with suppress(Refusal, BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
            scan = scan_zip(io.BytesIO(content), plain_only=True)
            if scan.is_plain:
                yield from items(io.BytesIO(content), lambda: scan)
                return
    megabytes = LARGE_FILE_MEGABYTES if len(content) > LARGE_FILE_BYTES else MEGABYTES
    with NamedTemporaryFile(suffix=_ending(content)) as file:
        file.write(content)
        file.flush()
        with _process(reader, file.name, str(megabytes), str(SECONDS)) as process:
            assert process.stdout
            try:
                while True:
                    item = pickle.load(process.stdout)
                    yield item
                    if isinstance(item, str):
                        return
            except (EOFError, pickle.UnpicklingError):
                yield TOO_MANY_CELLS if process.wait() in OVER_LIMIT else DAMAGED


def _ending(content: bytes) -> str:
    """The ending by which calamine knows the kind, whatever the file was called."""
    if content.startswith(OLE_MAGIC):
        return ".xls"
    if b"xl/workbook.bin" in content:
        return ".xlsb"
    return ".ods" if b"content.xml" in content and b"xl/workbook.xml" not in content else ".xlsx"


@contextmanager
def _process(module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of ours, ended with the block or when its time is over."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        clock = Timer(SECONDS, process.kill)
        clock.start()
        try:
            yield process
        finally:
            clock.cancel()
            process.kill()


# Text files


def _is_markup(content: bytes) -> bool:
    head = content[:SAMPLE]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode("ascii", "replace")
    head = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    return bool(MARKUP.match(head) or TABLE_OF_HTML.search(head))


def _is_table(text: str) -> bool:
    """Whether text is a table though its name does not say so: lines of several columns."""
    delimiter, _ = _delimiter(text)
    return sum(line.count(delimiter) > 1 for line in text.splitlines()[:TABLE_LINES]) > 1


def _read_csv(name: str, content: bytes, encoding: str, texts: _Texts) -> Sheet:
    delimiter, lines_to_skip = _delimiter(content[:SAMPLE].decode(encoding, "ignore"))
    stream = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    for _ in range(lines_to_skip):
        stream.readline()
    reader = csv.reader(_lines(name, stream, delimiter), delimiter=delimiter, strict=True)
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for row in reader:
            cells += len(row) + ROW_COST
            if cells > MAX_CELLS:
                raise _refused(name, TOO_MANY_CELLS)
            rows.append([texts[_text_in_csv(cell)] for cell in row] if row else BLANK_ROW)
    except csv.Error as error:
        raise UnreadableFileError(
            f"Tệp {name} có dấu ngoặc kép không khép hoặc một ô quá dài, ở khoảng dòng {reader.line_num}. "
            "Hãy sửa chỗ đó hoặc lưu lại dạng .xlsx rồi gửi lại."
        ) from error
    return Sheet(name="CSV", rows=rows)


def _text_in_csv(cell: str) -> str:
    return text_of_formula(cell) if cell.startswith("=") else strip_apostrophe(cell)


def _lines(name: str, stream: Iterable[str], delimiter: str) -> Iterator[str]:
    for line in stream:
        if line.count(delimiter) > MAX_COLUMNS and QUOTED.sub("", line).count(delimiter) > MAX_COLUMNS:
            raise _refused(name, TOO_MANY_CELLS)
        yield line


def _delimiter(sample: str) -> tuple[str, int]:
    """The delimiter, and how many lines above the table only name it (`sep=;`, which Excel does not show)."""
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    if lines and (named := SEPARATOR_LINE.match(lines[0])):
        return named[1], 1
    return max(
        ",;\t", key=lambda mark: (sum(mark in line for line in lines), sum(line.count(mark) for line in lines))
    ), 0


def _refused(name: str, reason: str) -> UnreadableFileError:
    return UnreadableFileError(MESSAGES[reason].format(name=name))
