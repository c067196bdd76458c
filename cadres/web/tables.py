"""Tables as files: a workbook to be printed or filed, and comma-separated text for other programs.

No text of ours is ever a formula: in a workbook cells are typed as text, in comma-separated text what a spreadsheet
would take for a formula gets an apostrophe in front.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from typing import IO

from cadres.periods import PartialDate
from cadres.text import protect_from_formula
from cadres.workbooks import BESIDE, POINTS_A_LINE, ROOM_PORTRAIT, Book, Look, fitting, lines_of

Cell = str | int | Decimal | date | datetime | PartialDate | None

EDGE = "999999"
LOOKED_AT = 1_000  # rows by which the widths of the columns are found; those after them are written as they come

AGENCY, TITLE, NOTE = Look(bold=True, wrapped=True), Look(bold=True, size=14, wrapped=True), Look(wrapped=True)
MADE = Look(italic=True, size=10, wrapped=True)
HEAD = Look(bold=True, align="center", wrapped=True, edge=EDGE)
# A cell by whether its row is a total, and whether it holds a figure.
CELLS = {
    (is_total, is_figure): Look(bold=is_total, align="right" if is_figure else "left", wrapped=True, edge=EDGE)
    for is_total in (False, True)
    for is_figure in (False, True)
}


@dataclass(frozen=True)
class Table:
    """A title, notes below it (day, scope, definition, legal basis), and a table whose last row may be a total.

    `rows` are gone through once. Above the title stands the agency, below the notes who made the file and when, where
    they are known.
    """

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    sheet: str = "Bảng"
    agency: str = ""
    made: str = ""


def workbook(*tables: Table) -> bytes:
    """The tables as .xlsx, a sheet each, set to be printed on A4."""
    out = BytesIO()
    write_workbook(out, *tables)
    return out.getvalue()


def write_workbook(stream: IO[bytes], *tables: Table) -> None:
    """Write the tables as .xlsx; their rows are written as they come, whatever their number."""
    with Book(stream, title=tables[0].title if tables else "") as book:
        for table in tables:
            _write(book, table)


def _write(book: Book, table: Table) -> None:
    sheet, coming = book.sheet(table.sheet), iter(table.rows)
    first = list(islice(coming, LOOKED_AT))
    widths, last = fitting(table.columns, first), len(table.columns) - 1
    whole = sum(widths)
    sheet.widths(widths)
    above = [(table.agency, AGENCY), (table.title, TITLE), *((note, NOTE) for note in table.notes), (table.made, MADE)]
    row = 0
    for text, look in above:
        if text:
            sheet.height(row, POINTS_A_LINE * lines_of(text, whole * 11 / look.size) + look.size - 9)
            sheet.across(row, 0, last, text, look)
            row += 1
    head = row + 1
    heads = max((lines_of(column, width) for column, width in zip(table.columns, widths, strict=True)), default=1)
    sheet.height(head, POINTS_A_LINE * heads)
    for place, column in enumerate(table.columns):
        sheet.put(head, place, column, HEAD, reads_days=False)
    row, is_total = head, False
    for cells in chain(first, coming):
        row, is_total, lines = row + 1, cells[0] == "", 1
        for place, value in enumerate(cells):
            sheet.put(row, place, value, CELLS[is_total, isinstance(value, int | Decimal)])
            if isinstance(value, str) and len(value) > widths[place] - BESIDE:
                lines = max(lines, lines_of(value, widths[place]))
        if lines > 1:  # not every program finds the height by itself
            sheet.height(row, POINTS_A_LINE * lines)
    sheet.paper(is_landscape=whole > ROOM_PORTRAIT, repeated=(head, head))
    sheet.made.freeze_panes(head + 1, 0)
    if row - is_total > head:
        sheet.made.autofilter(head, 0, row - is_total, last)


def comma_separated(table: Table) -> bytes:
    """The columns and rows as UTF-8 with a byte-order mark, which Excel needs; decimals with a comma, as on screen."""
    out = BytesIO()
    write_comma_separated(out, table)
    return out.getvalue()


def write_comma_separated(stream: IO[bytes], table: Table) -> None:
    """Write the columns and rows as text; nothing of what stands above them."""
    text = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([protect_from_formula(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([_as_text(value) for value in row])
    text.flush()
    text.detach()


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date | PartialDate):
        return str(value if isinstance(value, PartialDate) else PartialDate(value))
    return protect_from_formula(value) if isinstance(value, str) else str(value).replace(".", ",")


# Ending of the file's name → what writes the file.
WRITERS: dict[str, Callable[[IO[bytes], Table], None]] = {"xlsx": write_workbook, "csv": write_comma_separated}
