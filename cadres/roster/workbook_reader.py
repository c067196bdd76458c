"""What a workbook holds, item by item: for each sheet the values of a SheetStart, lists of rows, None; in the end
FINISHED or the word for what is wrong.

    python -m cadres.roster.workbook_reader FILE MEGABYTES SECONDS

What a stranger's file makes a reader do cannot be told beforehand: a few bytes ask for a thousand million cells. So a
file is read in a process of its own with a limit of memory and of time, which may fail, hang or be killed without harm
to anybody, and writes the items as pickles to standard output. Only of a small plain .xlsx it can be shown that it does
no harm (Scan.is_plain); it is read on the spot, which saves the start of a process.

Values come from calamine, which tells neither hidden rows nor fonts: a scan of the XML adds those (legacy_xls for
.xls). The scan uses regular expressions, not an XML parser, so that no entity is ever expanded; none of them can run
past the next tag, so its time is linear. It reads every part to its end, so that a directory that understates a size
is found out.
"""

import gc
import pickle
import re
import resource
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from cadres.roster.cell_names import column_of
from cadres.roster.stray_cells import Extent, strays_in, without

FINISHED, DAMAGED, ENCRYPTED, TOO_LARGE, TOO_MANY_CELLS, NO_TABLE = (
    "finished", "damaged", "encrypted", "too_large", "too_many", "no_table",
)  # fmt: skip

MAX_UNZIPPED_BYTES = 512 * 2**20
MAX_CELLS = 12_000_000  # of a whole file: 220,000 rows of 46 columns
ROW_COST = 8  # cells; what a row costs besides its cells
MAX_ROWS, MAX_COLUMNS = 2**20, 2**14  # of a sheet, as in Excel
BATCH = 2_000  # rows a pickle
CHUNK = 2**20  # bytes of XML at a time
LONGEST_TAG = 16 * 2**20

# A plain workbook unpacks to little, stays within column AZ and row 9,999, writes attributes as Excel does, and its
# shared strings do not grow when each cell gets its own.
PLAIN_BYTES = 32 * 2**20
FAR_REFERENCE = re.compile(rb'="(?:[B-Z][A-Z]|[A-Z]{3}|[A-Z]*\d{5})')
UNIQUE_COUNT = re.compile(rb'uniqueCount\s*=\s*["\'](\d+)')

HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row(?=[^<>]*?\shidden\s*=\s*["\'](?:1|true)["\'])[^<>]*?\sr\s*=\s*["\'](\d+)["\']')
CELL = re.compile(rb"<(?:\w+:)?c\s[^<>]*>")
REFERENCE = re.compile(rb'\sr\s*=\s*["\']([A-Z]+)?(\d+)["\']')
STYLE = re.compile(rb'\ss\s*=\s*["\'](\d+)["\']')
WITHOUT_VALUE = re.compile(rb"(?:</f>|<f(?:\s[^<>]*)?/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
# A cell of the type of errors, with its formula if it has one.
ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c(?=[^<>]*\st\s*=\s*["']e["'])([^<>]*)>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?\s*<v>([^<]{1,20})</v>"""
)
STYLES_TAG = re.compile(rb"<(/?)(?:\w+:)?(fonts|font|name|cellXfs|xf)(?=[\s/>])([^<>]*)>")
FONT_NAME, FONT_NUMBER = re.compile(rb'\sval="([^"<>]*)"'), re.compile(rb'\sfontId="(\d+)"')
LEGACY_FONT = re.compile(r"^(\.Vn|VNI[- ])", re.IGNORECASE)
ODS_TAG = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s>/])([^<>]*)>"
    rb"(?:<text:p>([^<]{1,20})</text:p>)?"
)
ODS_ERROR = re.compile(rb'calcext:value-type\s*=\s*["\']error["\']')
ODS_COUNT = re.compile(rb'table:number-(rows|columns)-(repeated|spanned)\s*=\s*["\'](\d{1,7})["\']')
ODS_HIDDEN = re.compile(rb'table:visibility\s*=\s*["\'](?:collapse|filter)')


class SheetScan(NamedTuple):
    """What calamine does not tell of a sheet. Rows and columns count from 0, both ends of a range are inclusive."""

    hidden_rows: frozenset[int] = frozenset()
    fonts: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] | None = None  # where calamine's are not to be used
    formulas_without_value: int = 0
    errors: dict[tuple[int, int], str] = {}  # #N/A and its like
    strays: tuple[str, ...] = ()  # names of cells far outside of the table, which are left out


class Scan(NamedTuple):
    """A whole file looked over: what `of(position, name)` a sheet calamine does not tell."""

    of: Callable[[int, str], SheetScan]
    is_plain: bool = False  # calamine can do no harm with it
    copy: IO[bytes] | None = None  # what calamine is to read in the place of the file


class SheetStart(NamedTuple):
    """The head of a sheet; its rows follow in lists."""

    name: str
    is_hidden: bool
    merged: list[tuple[int, int, int, int]]
    hidden_rows: frozenset[int]
    fonts: dict[tuple[int, int], str]
    formulas_without_value: int
    errors: dict[tuple[int, int], str] = {}  # cells for which the rows have blanks
    strays: tuple[str, ...] = ()


class Refusal(Exception):  # noqa: N818 (it is an answer, not a fault)
    """The file is not read; the argument says why: DAMAGED, ENCRYPTED, TOO_LARGE, TOO_MANY_CELLS or NO_TABLE."""


def items(file: str | IO[bytes], scan: Callable[[], Scan]) -> Iterator[object]:
    """Everything that a workbook (a path, or the bytes) holds; it is scanned before calamine gets it."""
    return answered(_opened(file, scan))


def _opened(file: str | IO[bytes], scan: Callable[[], Scan]) -> Iterator[object]:
    found = scan()
    file = found.copy or file
    yield from _sheets(
        CalamineWorkbook.from_path(file) if isinstance(file, str) else CalamineWorkbook.from_filelike(file), found
    )


def answered(sheets: Iterator[object]) -> Iterator[object]:
    """The items of the sheets, and how it ended."""
    try:
        yield from sheets
        answer = FINISHED
    except Refusal as refusal:
        answer = refusal.args[0]
    except PasswordError:
        answer = ENCRYPTED
    except MemoryError:
        answer = TOO_MANY_CELLS
    except (CalamineError, BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        answer = DAMAGED
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what calamine did not foresee; the class cannot be imported
            raise
        answer = DAMAGED
    yield answer


def _sheets(workbook: CalamineWorkbook, scan: Scan) -> Iterator[object]:
    cells = 0
    for index, metadata in enumerate(workbook.sheets_metadata):
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(index)
        if sheet.end is None:
            continue
        if sheet.end[0] >= MAX_ROWS:
            raise Refusal(DAMAGED)
        more = scan.of(index, metadata.name)
        merged = more.merged
        if merged is None:
            merged = [(*start, *end) for start, end in sheet.merged_cell_ranges or []]
        is_hidden = metadata.visible != SheetVisibleEnum.Visible
        start = SheetStart(
            metadata.name, is_hidden, merged, more.hidden_rows, more.fonts, more.formulas_without_value, more.errors,
            more.strays,
        )  # fmt: skip
        yield tuple(start)  # run as a program, this module has no name that the other side could import
        for rows in _batches(sheet):
            cells += sum(map(len, rows)) + ROW_COST * len(rows)
            if cells > MAX_CELLS:
                raise Refusal(TOO_MANY_CELLS)
            yield rows
        yield None


def _batches(sheet: CalamineSheet) -> Iterator[list[list[Any]]]:
    """The rows from the first of the sheet on; a blank one is an empty list, and blank ones at the end are left out."""
    indent: list[Any] = [""] * (sheet.start or (0, 0))[1]
    batch: list[list[Any]] = []
    blanks = 0
    for row in sheet.iter_rows():
        if row.count("") == len(row):
            blanks += 1
            continue
        # A million blank rows between two filled ones are a million rows.
        while blanks:
            some = min(blanks, BATCH)
            batch.extend([] for _ in range(some))
            blanks -= some
            if len(batch) >= BATCH:
                yield batch
                batch = []
        batch.append(indent + row if indent else row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


# .xlsx, .xlsm, .xlsb, .ods


def scan_zip(file: str | IO[bytes], *, plain_only: bool = False) -> Scan:
    """Check the sizes of an archive as really unpacked, and find what calamine does not tell.

    With plain_only the scan ends where the file turns out not to be plain. Raises Refusal for an archive that is
    encrypted or unpacks to too much, BadZipFile and its like for one that is damaged.
    """
    with ZipFile(file) as archive:
        members = archive.infolist()
        if any(member.flag_bits & 0x1 for member in members):
            raise Refusal(ENCRYPTED)
        strays: dict[str, list[str]] = {}
        size = sum(member.file_size for member in members)
        if size > MAX_UNZIPPED_BYTES:
            raise Refusal(TOO_LARGE)
        names = {member.filename for member in members}
        plain = _Plainness(size <= PLAIN_BYTES and "xl/workbook.xml" in names)
        sheets: dict[str, int] = {}
        styles: dict[int, str] = {}
        scans: dict[int, SheetScan] = {}
        if plain_only and not plain.so_far:
            return Scan(lambda index, name: SheetScan())
        if "xl/workbook.xml" in names:
            relationships = "xl/_rels/workbook.xml.rels"
            paths = _sheet_paths(
                archive.read("xl/workbook.xml"), archive.read(relationships) if relationships in names else b""
            )
            sheets = {path: index for index, path in enumerate(paths)}
            styles = _legacy_font_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
        for member in members:
            if not member.filename.endswith((".xml", ".rels", ".bin")):
                continue
            with archive.open(member) as stream:
                if member.filename in sheets:
                    extent = None if plain_only else Extent()
                    found = _scan_sheet(stream, styles, plain, extent)
                    if extent and extent.is_sparse:
                        strays[member.filename] = strays_in(partial(_rows_of, archive, member.filename))
                        found = found._replace(strays=tuple(strays[member.filename]))
                    scans[sheets[member.filename]] = found
                elif member.filename == "content.xml":
                    scans = dict(enumerate(_scan_ods(stream)))
                elif member.filename == "xl/sharedStrings.xml":
                    for xml in _pieces(stream, b"<si"):
                        plain.see_strings(xml)
                else:
                    while stream.read(CHUNK):
                        pass
            if plain_only and not plain.so_far:
                break
    copy = None
    if any(strays.values()) and isinstance(file, str):
        copy = without(file, strays, partial(_pieces, start=b"<row"))
    return Scan(lambda index, name: scans.get(index, SheetScan()), plain.so_far and plain.strings_fit(), copy)


class _Plainness:
    """Whether calamine can be let loose on an .xlsx: how much it would allocate for what has been seen."""

    def __init__(self, so_far: bool) -> None:
        self.so_far = so_far
        self.cells = self.longest = 0

    def see_sheet(self, xml: bytes) -> None:
        if self.so_far:
            attributes = xml.count(b'="')
            self.cells += attributes  # a cell has one or more
            self.so_far = attributes == xml.count(b"=") and b"\0" not in xml and not FAR_REFERENCE.search(xml)

    def see_strings(self, xml: bytes) -> None:
        if self.so_far:
            self.longest = max(self.longest, *map(len, xml.split(b"</si>")))
            self.so_far = all(int(count) < PLAIN_BYTES // 8 for count in UNIQUE_COUNT.findall(xml))

    def strings_fit(self) -> bool:
        return self.cells * self.longest <= 4 * PLAIN_BYTES


def _pieces(stream: IO[bytes], start: bytes) -> Iterator[bytes]:
    """The XML in pieces that end before a tag, where possible before one that begins like `start`."""
    rest = b""
    while data := stream.read(CHUNK):
        data = rest + data
        cut = data.rfind(start)
        if cut <= 0:
            cut = data.rfind(b"<")
        if cut <= 0:
            if len(data) > LONGEST_TAG:
                raise Refusal(DAMAGED)
            cut = 0
        rest = data[cut:]
        yield data[:cut]
    yield rest


def _rows_of(archive: ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        yield from _pieces(stream, b"<row")


def _scan_sheet(stream: IO[bytes], styles: dict[int, str], plain: _Plainness, extent: Extent | None) -> SheetScan:
    """Args: styles are the numbers of the cell styles with a font of an old encoding, and its name; without an extent
    to be told, the scan ends where the sheet is not plain.
    """
    hidden: set[int] = set()
    fonts: dict[tuple[int, int], str] = {}
    errors: dict[tuple[int, int], str] = {}
    formulas = 0
    for xml in _pieces(stream, b"<row"):
        plain.see_sheet(xml)
        if extent:
            extent.see(xml)
        elif not plain.so_far:
            break
        if b"hidden" in xml:
            hidden.update(int(number) - 1 for number in HIDDEN_ROW.findall(xml))
        if b"<f" in xml:
            formulas += len(WITHOUT_VALUE.findall(xml))
        if b"#" in xml and b"<v>#" in xml:  # the first is found sooner
            for tag, text in ERROR_CELL.findall(xml):
                if (reference := REFERENCE.search(tag)) and reference[1]:
                    errors[int(reference[2]) - 1, column_of(reference[1])] = text.decode("ascii", "replace")
        if styles:
            for tag in CELL.findall(xml):
                style, reference = STYLE.search(tag), REFERENCE.search(tag)
                if style and reference and reference[1] and (font := styles.get(int(style[1]))):
                    fonts[int(reference[2]) - 1, column_of(reference[1])] = font
    return SheetScan(frozenset(hidden), fonts, None, formulas, errors)


def _scan_ods(stream: IO[bytes]) -> Iterator[SheetScan]:
    """The hidden rows, merged ranges and errors of each table, in their order."""
    hidden: set[int] = set()
    merged: list[tuple[int, int, int, int]] = []
    errors: dict[tuple[int, int], str] = {}
    row = next_row = column = depth = 0
    for xml in _pieces(stream, b"<table:table-row"):
        for is_end, tag, attributes, text in ODS_TAG.findall(xml):
            if tag == b"table":
                depth += -1 if is_end else 0 if attributes.endswith(b"/") else 1
                if is_end and depth == 0:
                    yield SheetScan(frozenset(hidden), merged=merged, errors=errors)
                    hidden, merged, errors, next_row = set(), [], {}, 0
                continue
            if is_end or depth != 1:
                continue
            counts = {(of, what): int(count) for of, what, count in ODS_COUNT.findall(attributes)}
            if tag == b"table-row":
                row, column = next_row, 0
                next_row += counts.get((b"rows", b"repeated"), 1)
                if ODS_HIDDEN.search(attributes):
                    # The blank rest of a sheet may be hidden too; nobody is in it.
                    hidden.update(range(row, min(next_row, row + 10_000)))
                continue
            down, right = counts.get((b"rows", b"spanned"), 1), counts.get((b"columns", b"spanned"), 1)
            if (down, right) != (1, 1):
                merged.append((row, column, row + down - 1, column + right - 1))
            if text and ODS_ERROR.search(attributes):
                errors[row, column] = text.decode("utf-8", "replace")
            column += counts.get((b"columns", b"repeated"), 1)


def _sheet_paths(workbook: bytes, relationships: bytes) -> list[str]:
    """Paths of the sheets in the order of the workbook."""
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\s[^<>]*>", relationships):
        identifier, target = re.search(rb'\sId="([^"]*)"', tag), re.search(rb'\sTarget="([^"]*)"', tag)
        if identifier and target:
            path = target[1].decode("utf-8", "replace")
            targets[identifier[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    return [
        targets.get(identifier[1], "") if (identifier := re.search(rb'\s\w+:id="([^"]*)"', tag)) else ""
        for tag in re.findall(rb"<(?:\w+:)?sheet\s[^<>]*>", workbook)
    ]


def _legacy_font_styles(xml: bytes) -> dict[int, str]:
    """Cell style number → font name, for the fonts that imply an encoding older than Unicode."""
    fonts: list[str] = []
    styles: list[int] = []
    block = b""
    for is_end, tag, attributes in STYLES_TAG.findall(xml):
        if tag in (b"fonts", b"cellXfs"):
            block = b"" if is_end else tag
        elif is_end:
            continue
        elif block == b"fonts" and tag == b"font":
            fonts.append("")
        elif block == b"fonts" and tag == b"name" and fonts and (name := FONT_NAME.search(attributes)):
            fonts[-1] = name[1].decode("utf-8", "replace")
        elif block == b"cellXfs" and tag == b"xf":
            number = FONT_NUMBER.search(attributes)
            styles.append(int(number[1]) if number else 0)
    legacy = {number: font for number, font in enumerate(fonts) if LEGACY_FONT.match(font)}
    return {style: legacy[font] for style, font in enumerate(styles) if font in legacy}


# The process


def main(items_of: Callable[[str], Iterator[object]]) -> None:
    """Read the file that the command line names, within its limits."""
    path, megabytes, seconds = sys.argv[1:]
    memory = int(megabytes) * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # millions of rows would be looked through again and again, and none of them points in circles
    for item in items_of(path):
        pickle.dump(item, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main(lambda path: items(path, lambda: scan_zip(path)))
