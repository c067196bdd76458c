"""Any roster file becomes sheets of cells; the row numbers are the ones that Excel shows.

Workbooks are read by calamine, which gives values and merged ranges but neither hidden rows nor fonts:
one scan of the sheet's XML adds those. The scan uses regular expressions on purpose, not an XML parser, so that
no entity in a hostile file is ever expanded. Cells keep their type: text stays text, so an identifier keeps its
leading zero; numbers are floats; dates are dates.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MAX_FILE_BYTES = 64 * 2**20
MAX_UNZIPPED_BYTES = 512 * 2**20
MAX_CELLS = 12_000_000  # 220,000 rows of 50 columns

# A cell further right than column ZZ or further down than this makes the bounding box worth a closer look.
FAR_COLUMN = re.compile(rb'<c r="[A-Z]{3}\d')
CELL_REFERENCE = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)(\d+)"')
ROW_TAG = re.compile(rb"<(?:\w+:)?row\s[^>]*>")
ROW_NUMBER = re.compile(rb'\sr="(\d+)"')
HIDDEN = re.compile(rb'\shidden="(?:1|true)"')
CELL_STYLE = re.compile(rb'<(?:\w+:)?c r="([A-Z]+)(\d+)" s="(\d+)"')
LEGACY_FONT = re.compile(r"^(\.Vn|VNI[- ])", re.IGNORECASE)

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Cell = str | float | bool | date | datetime | time | timedelta


class UnreadableFileError(Exception):
    """The file cannot be read as a roster; the message is one Vietnamese line that also names the remedy."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows[i]` is the row that Excel shows as i + 1; blank cells are ''.

    `merged` holds 0-based (first row, first column, last row, last column), both ends inclusive;
    `fonts` names the font of those cells only that are set in a font of an old encoding (TCVN3, VNI).
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    is_hidden: bool = False
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)


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
    if content.startswith(ZIP_MAGIC):
        return _read_workbook(name, content, _scan_zip(name, content))
    if content.startswith(OLE_MAGIC):
        return _read_workbook(name, content, {})
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        return [_read_csv(name, content)]
    raise UnreadableFileError(
        f"Tệp {name} không phải là bảng tính (.xlsx, .xls, .ods, .csv) hoặc đã bị hỏng. "
        "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
    )


@dataclass(frozen=True)
class _Scan:
    hidden_rows: frozenset[int]
    fonts: dict[tuple[int, int], str]


def _read_workbook(name: str, content: bytes, scans: dict[int, _Scan]) -> list[Sheet]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        for index, metadata in enumerate(workbook.sheets_metadata):
            if metadata.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_index(index)
            if sheet.end is None:
                continue
            last_row, last_column = sheet.end
            if (last_row + 1) * (last_column + 1) > MAX_CELLS:
                raise _too_many_cells(name)
            scan = scans.get(index, _Scan(frozenset(), {}))
            sheets.append(
                Sheet(
                    name=metadata.name,
                    rows=_with_floats(sheet.to_python(skip_empty_area=False), scans),
                    merged=[(*start, *end) for start, end in sheet.merged_cell_ranges or []],
                    hidden_rows=scan.hidden_rows,
                    is_hidden=metadata.visible != SheetVisibleEnum.Visible,
                    fonts=scan.fonts,
                )
            )
    except PasswordError as error:
        raise _encrypted(name) from error
    except (CalamineError, ValueError, OSError) as error:
        # An encrypted .xlsx is an OLE container; calamine names the missing stream, not the password.
        if content.startswith(OLE_MAGIC) and "EncryptedPackage".encode("utf-16-le") in content:
            raise _encrypted(name) from error
        raise _damaged(name) from error
    return sheets


def _with_floats(rows: list[list[Cell]], scans: dict[int, _Scan]) -> list[list[Cell]]:
    """Of an .xls whole numbers come as int; everything after counts on float, as an .xlsx gives them."""
    return rows if scans else [[float(cell) if type(cell) is int else cell for cell in row] for row in rows]


def _scan_zip(name: str, content: bytes) -> dict[int, _Scan]:
    """Check sizes as really unpacked (sizes in the directory may lie) and scan the sheets of an .xlsx.

    Returns what was found by the sheet's position in the workbook; nothing for .ods.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 0x1 for member in members):
                raise _encrypted(name)
            if sum(member.file_size for member in members) > MAX_UNZIPPED_BYTES:
                raise UnreadableFileError(
                    f"Tệp {name} giải nén ra quá lớn (giới hạn {MAX_UNZIPPED_BYTES // 2**20} MB) nên không được đọc. "
                    "Hãy chép riêng bảng danh sách sang một tệp mới."
                )
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                return {}
            relationships = "xl/_rels/workbook.xml.rels"
            paths = _sheet_paths(
                archive.read("xl/workbook.xml"), archive.read(relationships) if relationships in names else b""
            )
            legacy_styles = _legacy_font_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
            if "xl/sharedStrings.xml" in names:
                with archive.open("xl/sharedStrings.xml") as member:
                    # Reading to the end checks length and CRC: a directory that understates a size fails here.
                    while member.read(2**20):
                        pass
            return {
                index: _scan_sheet(name, archive.read(path), legacy_styles)
                for index, path in enumerate(paths)
                if path in names
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise _damaged(name) from error


def _scan_sheet(name: str, xml: bytes, legacy_styles: dict[int, str]) -> _Scan:
    _check_bounding_box(name, xml)
    hidden = set()
    if b"hidden=" in xml:
        for tag in ROW_TAG.findall(xml):
            number = ROW_NUMBER.search(tag)
            if number and HIDDEN.search(tag):
                hidden.add(int(number[1]) - 1)
    fonts = {}
    if legacy_styles:
        for column, row, style in CELL_STYLE.findall(xml):
            if font := legacy_styles.get(int(style)):
                fonts[int(row) - 1, _column_index(column)] = font
    return _Scan(frozenset(hidden), fonts)


def _sheet_paths(workbook: bytes, relationships: bytes) -> list[str]:
    """Paths of the sheets in the order of the workbook."""
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", relationships):
        identifier, target = re.search(rb'\sId="([^"]*)"', tag), re.search(rb'\sTarget="([^"]*)"', tag)
        if identifier and target:
            path = target[1].decode("utf-8", "replace")
            targets[identifier[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return [
        targets.get(identifier[1], "") if (identifier := re.search(rb'\sr:id="([^"]*)"', tag)) else ""
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", workbook)
    ]


def _check_bounding_box(name: str, xml: bytes) -> None:
    """Refuse a sheet whose bounding box would not fit in memory: the reader allocates the whole box.

    One lost cell at XFD1048576 is enough for 17 thousand million cells.
    """
    last_row = xml.rfind(b"<row ")
    number = ROW_NUMBER.search(xml, last_row) if last_row >= 0 else None
    if not FAR_COLUMN.search(xml) and (number is None or int(number[1]) * 702 <= MAX_CELLS * 10):
        return
    rows, columns = 0, 0
    for column, row in CELL_REFERENCE.findall(xml):
        rows, columns = max(rows, int(row)), max(columns, _column_index(column) + 1)
    if rows * columns > MAX_CELLS:
        raise _too_many_cells(name)


def _legacy_font_styles(styles: bytes) -> dict[int, str]:
    """Cell style number → font name, for the fonts that imply an encoding older than Unicode."""
    fonts_block = re.search(rb"<(?:\w+:)?fonts[\s>].*?</(?:\w+:)?fonts>", styles, re.DOTALL)
    formats_block = re.search(rb"<(?:\w+:)?cellXfs[\s>].*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    if not fonts_block or not formats_block:
        return {}
    names = []
    for font in re.findall(rb"<(?:\w+:)?font(?:\s[^>]*)?(?:/>|>.*?</(?:\w+:)?font>)", fonts_block[0], re.DOTALL):
        found = re.search(rb'<(?:\w+:)?name\s[^>]*val="([^"]*)"', font)
        names.append(found[1].decode("utf-8", "replace") if found else "")
    legacy = {}
    for number, tag in enumerate(re.findall(rb"<(?:\w+:)?xf\s[^>]*>", formats_block[0])):
        found = re.search(rb'\sfontId="(\d+)"', tag)
        if found and int(found[1]) < len(names) and LEGACY_FONT.match(names[int(found[1])]):
            legacy[number] = names[int(found[1])]
    return legacy


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _read_csv(name: str, content: bytes) -> Sheet:
    text = _decode(name, content)
    if "\0" in text:
        raise _damaged(name)
    lines = [line for line in text.splitlines() if line.strip()][:20]
    delimiter = max(",;\t", key=lambda mark: sum(line.count(mark) for line in lines))
    csv.field_size_limit(2**20)
    try:
        rows: list[list[Cell]] = [
            [strip_apostrophe(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise _damaged(name) from error
    if sum(map(len, rows)) > MAX_CELLS:
        raise _too_many_cells(name)
    return Sheet(name="CSV", rows=rows)


def _decode(name: str, content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1258"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(f"Tệp {name} dùng bảng mã lạ. Hãy lưu lại dạng CSV UTF-8 hoặc .xlsx rồi gửi lại.")


def strip_apostrophe(text: str) -> str:
    """Take off the apostrophe that an export puts before text which a spreadsheet would run as a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def protect_from_formula(text: str) -> str:
    """The inverse of strip_apostrophe, for CSV cells."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def _damaged(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"Tệp {name} bị hỏng, không đọc được. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
    )


def _encrypted(name: str) -> UnreadableFileError:
    return UnreadableFileError(f"Tệp {name} được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.")


def _too_many_cells(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"Tệp {name} có quá nhiều ô (giới hạn {MAX_CELLS // 10**6} triệu ô một trang). "
        "Hãy xóa các dòng, cột thừa hoặc chép riêng danh sách sang tệp mới."
    )
