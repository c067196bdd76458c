"""Tables as files: a workbook to be printed or filed, and comma-separated text for other programs.

No text of ours is ever a formula: in a workbook cells are typed as text, in comma-separated text what a spreadsheet
would take for a formula gets an apostrophe in front.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cadres.text import protect_from_formula

Cell = str | int | Decimal | None

FONT = "Times New Roman"
THIN = Side(style="thin", color="999999")
LONGEST_NAME = 31  # characters of a sheet's
FORBIDDEN_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
NARROW, WIDE = 12, 36  # column widths in characters


@dataclass(frozen=True)
class Table:
    """A title, notes below it (day, scope, definition, legal basis), and a table whose last row may be a total."""

    title: str
    notes: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    sheet: str = "Bảng"


def workbook(*tables: Table) -> bytes:
    """The tables as .xlsx, a sheet each, set to be printed on A4."""
    book = Workbook(write_only=True)
    for table in tables:
        _write(book, table)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(FORBIDDEN_IN_A_NAME.sub(" ", table.sheet)[:LONGEST_NAME])
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    head = len(table.notes) + 3
    sheet.print_title_rows = f"{head}:{head}"
    sheet.freeze_panes = f"A{head + 1}"
    for place, column in enumerate(table.columns, start=1):
        texts = [row[place - 1] for row in table.rows if isinstance(row[place - 1], str)]
        is_wide = any(len(str(text)) > NARROW for text in texts)
        sheet.column_dimensions[get_column_letter(place)].width = 6 if column == "STT" else WIDE if is_wide else NARROW

    def cell(value: Cell, *, bold: bool = False, framed: bool = True, centred: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"
        made.font = Font(name=FONT, size=12, bold=bold)
        if isinstance(value, Decimal):
            made.number_format = "0.0"
        elif isinstance(value, int):
            made.number_format = "#,##0"
        if framed:
            made.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
        if centred:
            made.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        return made

    sheet.append([cell(table.title, bold=True, framed=False)])
    for note in table.notes:
        sheet.append([cell(note, framed=False)])
    sheet.append([])
    sheet.append([cell(column, bold=True, centred=True) for column in table.columns])
    for row in table.rows:
        is_total = row[0] == ""
        sheet.append([cell(value, bold=is_total) for value in row])


def comma_separated(table: Table) -> bytes:
    """The columns and rows as UTF-8 with a byte-order mark, which Excel needs; decimals with a comma, as on screen."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([protect_from_formula(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([_as_text(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    return protect_from_formula(value) if isinstance(value, str) else str(value).replace(".", ",")


# Ending of the file's name → what makes the file.
WRITERS: dict[str, Callable[[Table], bytes]] = {"xlsx": workbook, "csv": comma_separated}
