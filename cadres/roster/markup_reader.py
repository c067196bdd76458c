"""The reader process for what other software calls .xls: HTML tables, Excel's XML of 2003, Excel's web archive (MHTML).

    python -m cadres.roster.markup_reader FILE MEGABYTES SECONDS

It writes the items of workbook_reader. What is in the file is told by its first element, not by its name. An HTML file
is one sheet, its tables below one another with the text around them, as Excel shows it; where it names a worksheet for
each of its tables (Excel does, and libraries that imitate it), each table is a sheet. Values of HTML stay the text that
the page shows, so an identifier keeps its zeros.

libxml2 parses, and builds no tree: a Target sees the tags go by. No entity of the file is ever expanded (XML that
declares one is refused), nothing is fetched, and sizes are limited as for every workbook.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from email import message_from_bytes
from functools import lru_cache
from html import unescape
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from cadres.roster.encodings import encoding_of
from cadres.roster.workbook_reader import (
    BATCH,
    DAMAGED,
    LEGACY_FONT,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    NO_TABLE,
    ROW_COST,
    TOO_MANY_CELLS,
    Refusal,
    SheetStart,
    answered,
    main,
)
from cadres.text import text_of_formula

CHUNK = 2**18  # characters the parser gets at a time
HEAD = 2**12  # bytes in which a file says what it is
ARCHIVE = (b"mime-version", b"from:", b"content-type: multipart")
DECLARED = re.compile(r"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
NOT_ROOT = re.compile(r"<\?.*?\?>|<!--.*?-->|<![^<>]*>", re.DOTALL)
ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?([A-Za-z]\w*)")
HAS_TABLE = re.compile(r"<t(?:able|r)\b(?!:)", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml\b[^<>]*\?>")
ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)

# What Excel says of its sheets in the head of an HTML file.
WORKSHEET_NAME = re.compile(r"<x:Name>([^<]*)</x:Name>", re.IGNORECASE)
WORKSHEET_SOURCE = re.compile(r"""<x:WorksheetSource\s+HRef\s*=\s*["']?([^"'<>]+)""", re.IGNORECASE)
WORKSHEET_HIDDEN = re.compile(r"<x:Visible>\s*Sheet(?:Very)?Hidden", re.IGNORECASE)
SHEET_NAME = "Bảng"  # where the file names none

SPACES = re.compile(r"\s+")
NOT_DISPLAYED = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:collapse|hidden)", re.IGNORECASE)
SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)  # a long number as a narrow column shows it
SILENT = {"script", "style", "title", "xml", "noscript", "template", "select", "textarea", "button", "object"}
LINES = {
    "address", "blockquote", "caption", "center", "div", "dd", "dl", "dt", "fieldset", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "legend", "li", "ol", "p", "pre", "section", "ul",
}  # fmt: skip
LARGEST_SPAN = 65_534  # as browsers have it
SHEET_COST = 1_000  # cells; what a sheet of XML costs besides its rows

Merged = tuple[int, int, int, int]


@dataclass(slots=True)
class Grid:
    """A sheet as it grows, cell by cell. Raises Refusal where it grows too large."""

    name: str = ""
    is_hidden: bool = False
    rows: list[list[Any]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    fonts: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas_without_value: int = 0
    cost: int = 0
    _row: list[Any] | None = None
    _covered: dict[int, int] = field(default_factory=dict)  # column → the last row that a cell above reaches

    def begin_row(self, *, is_hidden: bool = False) -> None:
        self.end_row()
        if is_hidden:
            self.hidden_rows.add(len(self.rows))
        self._row = []

    def skip_rows(self, until: int) -> None:
        """Blank rows, so that the next one is the row with this number, counted from 0."""
        if not len(self.rows) <= until < MAX_ROWS:
            raise Refusal(DAMAGED)
        self.spend(ROW_COST * (until - len(self.rows)))
        self.rows.extend([] for _ in range(until - len(self.rows)))

    def end_row(self) -> None:
        if self._row is not None:
            self.spend(ROW_COST)
            self.rows.append(self._row if self._row.count("") < len(self._row) else [])
            self._row = None

    def put(self, value: Any, *, down: int = 1, right: int = 1, column: int | None = None, font: str = "") -> None:
        """The next cell of the row, which stretches over `down` rows and `right` columns; `column` where it is told."""
        if self._row is None:
            self.begin_row()
        assert self._row is not None
        row, here, at = self._row, len(self.rows), len(self._row)
        if column is not None:
            if column < at:
                raise Refusal(DAMAGED)
            at = column
        while column is None and self._covered.get(at, -1) >= here:
            at += 1
        if at + right > MAX_COLUMNS:
            raise Refusal(TOO_MANY_CELLS)
        self.spend(at + right - len(row))
        row.extend([""] * (at - len(row)))
        row.append(value)
        row.extend([""] * (right - 1))
        if font:
            self.fonts[here, at] = font
        if (down, right) != (1, 1):
            self.spend(ROW_COST)
            self.merged.append((here, at, here + down - 1, at + right - 1))
        if down > 1:
            self._covered.update(dict.fromkeys(range(at, at + right), here + down - 1))

    def end_table(self, first_merged: int) -> None:
        """No cell of the table reaches further; its merged ranges begin with that number."""
        self.end_row()
        last = len(self.rows) - 1
        self.merged[first_merged:] = [
            (top, left, min(bottom, last), right) for top, left, bottom, right in self.merged[first_merged:]
        ]
        self._covered.clear()

    def add(self, below: "Grid") -> None:
        """Another grid below this one."""
        at = len(self.rows)
        self.rows += below.rows
        self.merged += [(top + at, left, bottom + at, right) for top, left, bottom, right in below.merged]
        self.hidden_rows |= {row + at for row in below.hidden_rows}
        self.fonts |= {(row + at, column): font for (row, column), font in below.fonts.items()}

    def items(self) -> Iterator[object]:
        """The sheet as a reader tells it; blank rows at the end are left out."""
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        if not self.rows:
            return
        yield tuple(
            SheetStart(
                self.name, self.is_hidden, self.merged, frozenset(self.hidden_rows), self.fonts,
                self.formulas_without_value,
            )
        )  # fmt: skip
        for start in range(0, len(self.rows), BATCH):
            yield self.rows[start : start + BATCH]
        yield None

    def spend(self, cells: int) -> None:
        """Count cells, or what is worth as much. Raises Refusal where it is too much."""
        self.cost += cells
        if self.cost > MAX_CELLS:
            raise Refusal(TOO_MANY_CELLS)


# HTML


class _Page:
    """A page on its way through the parser: `grids` are its tables, each with the lines of text that stand above it."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._grid = Grid()  # the table that is open, or lines of text above the next
        self._open: list[int] = []  # tables open: where the merged ranges of each begin
        self._silent = 0
        self._text: list[str] = []
        self._cell: dict[str, str] | None = None  # the attributes of the cell that is open
        self.has_table = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag == "table":
            self._end_text()
            self._grid.end_row()
            self._open.append(len(self._grid.merged))
            self.has_table = True
        elif tag == "tr":
            self._end_text()
            self._grid.begin_row(is_hidden=bool(NOT_DISPLAYED.search(attributes.get("style", ""))))
        elif tag in ("td", "th"):
            self._end_text()
            self._cell = dict(attributes)
        elif tag == "br":
            self._text.append("\n")
        elif tag == "input" and not self._silent:
            self._text.append(_shown_in_input(attributes))
        elif tag in LINES:
            self._begin_line()

    def end(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th"):
            self._end_text()
        elif tag == "tr":
            self._end_text()
            self._grid.end_row()
        elif tag == "table" and self._open:
            self._end_text()
            self._grid.end_table(self._open.pop())
            if not self._open:
                self.grids.append(self._grid)
                self._grid = Grid(cost=self._grid.cost)
        elif tag in LINES:
            self._begin_line()

    def data(self, text: str) -> None:
        if not self._silent:
            self._text.append(SPACES.sub(" ", text))

    def comment(self, text: str) -> None:
        """What only Internet Explorer or Excel would see."""

    def close(self) -> None:
        self._end_text()
        self._grid.end_table(0)
        if self._grid.rows or not self.grids:
            self.grids.append(self._grid)

    def _begin_line(self) -> None:
        if self._cell is None:
            self._end_text()
        else:
            self._text.append("\n")

    def _end_text(self) -> None:
        """What has been read since the last tag that matters is a cell, or a line of its own outside of all cells."""
        cell, self._cell = self._cell, None
        text = "".join(self._text)
        self._text.clear()
        lines = [line for line in (" ".join(line.split()) for line in text.split("\n")) if line]
        if cell is not None:
            number = cell.get("x:num", "")
            text = number if number and len(lines) == 1 and SCIENTIFIC.fullmatch(lines[0]) else "\n".join(lines)
            self._grid.put(
                text_of_formula(text),
                down=_count(cell.get("rowspan"), LARGEST_SPAN) or 1,
                right=_count(cell.get("colspan"), MAX_COLUMNS) or 1,
            )
            return
        for line in lines:
            self._grid.begin_row()
            self._grid.put(line)
            self._grid.end_row()


def _shown_in_input(attributes: dict[str, str]) -> str:
    kind = attributes.get("type", "text").lower()
    if kind in ("checkbox", "radio"):
        return "x" if "checked" in attributes else ""
    return attributes.get("value", "") if kind in ("text", "number", "date") else ""


def _count(text: str | None, most: int) -> int:
    """A small whole number of the file; 0 where there is none."""
    if not text:
        return 0
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text[:9]), most)


class Worksheet(NamedTuple):
    """What Excel says of a sheet in the head of an HTML file."""

    name: str
    is_hidden: bool
    source: str  # the name of the part that holds it, in a web archive


def _page_of(text: str) -> list[Grid]:
    """The tables of a page, each with the text above it, the last with the text below it too."""
    tail = text[-(2**16) :].lower()
    if max(tail.rfind("<td"), tail.rfind("<th")) > max(tail.rfind("</tr"), tail.rfind("</table")):
        raise Refusal(DAMAGED)  # cut off within a row
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True, no_network=True)
    _feed(parser, text)
    if not page.has_table and not any(len(row) > 1 for grid in page.grids for row in grid.rows):
        raise Refusal(NO_TABLE)
    if len(page.grids) > 1 and max(map(len, page.grids[-1].rows), default=0) < 2:
        last = page.grids.pop()
        page.grids[-1].add(last)
    return page.grids


def _html_sheets(text: str) -> Iterator[object]:
    grids = _page_of(text)
    worksheets = _worksheets(text)
    if len(grids) != len(worksheets):
        below = grids[1:]
        del grids[1:]
        for grid in below:
            grids[0].add(grid)
    for index, grid in enumerate(grids):
        name = f"{SHEET_NAME} {index + 1}" if len(grids) > 1 else SHEET_NAME
        if index < len(worksheets):
            name, grid.is_hidden = worksheets[index].name or name, worksheets[index].is_hidden and len(grids) > 1
        grid.name = name
        yield from grid.items()


def _worksheets(text: str) -> list[Worksheet]:
    found = []
    for piece in text[: 2**18].split("<x:ExcelWorksheet>")[1:]:
        about = piece.split("</x:ExcelWorksheet>")[0]
        name, source = WORKSHEET_NAME.search(about), WORKSHEET_SOURCE.search(about)
        found.append(
            Worksheet(
                unescape(name[1]).strip() if name else "",
                bool(WORKSHEET_HIDDEN.search(about)),
                _file_name(unescape(source[1])) if source else "",
            )
        )
    return found


def _file_name(address: str) -> str:
    return re.split(r"[/\\]", address)[-1].lower()


def _archive_sheets(content: bytes) -> Iterator[object]:
    """A web archive: the pages in it are the sheets; which is which says the first of them."""
    pages: dict[str, str] = {}
    for part in message_from_bytes(content).walk():
        if part.get_content_type() == "text/html":
            place = str(part.get("Content-Location", f"{len(pages)}"))
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                pages.setdefault(_file_name(place), _decoded(payload))
    named = {sheet.source: sheet for text in pages.values() for sheet in _worksheets(text) if sheet.source in pages}
    if not named:
        for text in pages.values():
            if HAS_TABLE.search(text):
                yield from _html_sheets(text)
                return
        raise Refusal(NO_TABLE)
    cost = 0
    for source, sheet in named.items():
        text = pages[source]
        if not HAS_TABLE.search(text):
            continue
        first, *below = _page_of(text)
        for grid in below:
            first.add(grid)
        cost += max(grid.cost for grid in (first, *below))
        if cost > MAX_CELLS:
            raise Refusal(TOO_MANY_CELLS)
        first.name, first.is_hidden = sheet.name or source, sheet.is_hidden
        yield from first.items()


# XML of Excel 2003


class _Workbook:
    """SpreadsheetML on its way through the parser."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self._style = ""
        self._fonts: dict[str, str] = {}  # style → font, for fonts of old encodings
        self._cell: dict[str, str] | None = None
        self._type = ""
        self._value: Any = ""
        self._text: list[str] | None = None  # of the element whose text is wanted
        self._is_remark = False
        self._cost = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        if name == "Cell":
            self._cell = {_local(key): value for key, value in attributes.items()}
            self._value = ""
        elif name == "Data":
            if not self._is_remark:
                self._text = []
                self._type = next((value for key, value in attributes.items() if _local(key) == "Type"), "String")
        elif name == "Comment":
            self._is_remark = True
        elif name == "Row" and self.grids:
            if attributes:
                self._begin_row({_local(key): value for key, value in attributes.items()})
            else:
                self.grids[-1].begin_row()
        elif name == "Worksheet":
            told = {_local(key): value for key, value in attributes.items()}
            self.grids.append(Grid(told.get("Name", ""), cost=self._cost))
            self.grids[-1].spend(SHEET_COST)
        elif name == "Visible":
            self._text = []
        elif name == "Style":
            self._style = next((value for key, value in attributes.items() if _local(key) == "ID"), "")
        elif name == "Font":
            font = next((value for key, value in attributes.items() if _local(key) == "FontName"), "")
            if LEGACY_FONT.match(font):
                self._fonts[self._style] = font

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "Data" and self._text is not None:
            self._value, self._text = _typed("".join(self._text), self._type), None
        elif name == "Cell" and self._cell is not None and self.grids:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "Comment":
            self._is_remark = False
        elif name == "Row" and self.grids:
            self.grids[-1].end_row()
        elif name == "Worksheet":
            self.grids[-1].end_table(0)
            self._cost = self.grids[-1].cost
        elif name == "Visible" and self._text is not None:
            if self.grids and "hidden" in "".join(self._text).lower():
                self.grids[-1].is_hidden = True
            self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def close(self) -> None:
        """The file has been read to its end."""

    def _begin_row(self, told: dict[str, str]) -> None:
        grid = self.grids[-1]
        grid.end_row()
        if number := _count(told.get("Index"), MAX_ROWS + 1):
            grid.skip_rows(number - 1)
        if more := _count(told.get("Span"), MAX_ROWS):  # as many blank rows more like this one
            grid.skip_rows(len(grid.rows) + more)
        grid.begin_row(is_hidden=told.get("Hidden", "0") not in ("0", "false"))

    def _end_cell(self, told: dict[str, str]) -> None:
        grid = self.grids[-1]
        place = _count(told.get("Index"), MAX_COLUMNS + 1)
        if "Formula" in told and self._value == "" and self._type != "String":
            grid.formulas_without_value += 1
        self._type = ""
        grid.put(
            self._value,
            down=_count(told.get("MergeDown"), MAX_ROWS) + 1,
            right=_count(told.get("MergeAcross"), MAX_COLUMNS) + 1,
            column=place - 1 if place else None,
            font=self._fonts.get(told.get("StyleID", ""), ""),
        )


@lru_cache(maxsize=256)  # a file has few names, each again and again
def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _typed(text: str, kind: str) -> Any:
    """The value of a cell; text where it is not what its type says."""
    try:
        if kind == "Number":
            number = float(text)
            return number if isfinite(number) else text
        if kind == "DateTime":
            moment = datetime.fromisoformat(text.strip())
            return moment.date() if moment.time() == time() else moment
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() in ("1", "true")
    return text_of_formula(text)


def _xml_sheets(text: str) -> Iterator[object]:
    if ENTITY.search(text):
        raise Refusal(DAMAGED)
    workbook = _Workbook()
    parser = etree.XMLParser(
        target=workbook, encoding="utf-8", huge_tree=True, no_network=True, resolve_entities=False, load_dtd=False
    )
    _feed(parser, XML_DECLARATION.sub("", text))
    for grid in workbook.grids:
        yield from grid.items()


# Either


def _decoded(content: bytes) -> str:
    """The text of a file, in the encoding that its bytes prove, else the one it declares."""
    encoding = encoding_of(content)
    if not encoding:
        declared = DECLARED.search(content[:HEAD].decode("latin-1"))
        encoding = declared[1] if declared else "cp1252"
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return content.decode("cp1252", "replace")


def _feed(parser: Any, text: str) -> None:
    try:
        for start in range(0, len(text), CHUNK):
            parser.feed(text[start : start + CHUNK].encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError as error:
        raise Refusal(DAMAGED) from error


def sheets(path: str) -> Iterator[object]:
    """Every sheet of the file. Raises Refusal."""
    content = Path(path).read_bytes()
    head = content[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(ARCHIVE):
        yield from _archive_sheets(content)
        return
    text = _decoded(content)
    del content
    root = ROOT.search(NOT_ROOT.sub("", text[: 4 * HEAD]))
    if root and root[1] == "Workbook":
        yield from _xml_sheets(text)
    elif HAS_TABLE.search(text):
        yield from _html_sheets(text)
    else:
        raise Refusal(NO_TABLE)


if __name__ == "__main__":
    main(lambda path: answered(sheets(path)))
