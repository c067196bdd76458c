"""The file of a catalogue: the first row names the columns, each other row is a row of the catalogue."""

from io import BytesIO
from typing import Any

from import_export.formats.base_formats import XLSX
from tablib import Dataset

from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.rows import cell_text
from cadres.text import nfc
from cadres.workbooks import Book, Look, fitting

ROW = "(dòng)"  # the column of a dataset that carries the row number
SHEET = "Danh mục"
HEAD, CELL = Look(bold=True, wrapped=True, edge="999999"), Look(wrapped=True, edge="999999")


def read_table(name: str, content: bytes) -> Dataset:
    """Read the first sheet that has rows; its first filled row names the columns.

    Returns a tablib Dataset with one more column, ROW, the row number that Excel shows. Raises UnreadableFileError.
    """
    sheets = read_sheets(name, content)
    sheet = next((sheet for sheet in sheets if not sheet.is_hidden and sheet.rows), Sheet(name="", rows=[]))
    filled = [(number, row) for number, row in enumerate(sheet.rows, 1) if any(cell != "" for cell in row)]
    dataset = Dataset()
    if not filled:
        return dataset
    titles = [nfc(str(cell)) for cell in filled[0][1]]
    while titles and not titles[-1]:
        titles.pop()
    dataset.headers = [*titles, ROW]
    for number, row in filled[1:]:
        cells = [*row, *[""] * len(titles)][: len(titles)]
        dataset.append([*(_plain(cell) for cell in cells), number])
    return dataset


def _plain(cell: Cell) -> str | int:
    """A cell as text, dates as dd/mm/yyyy; only whole numbers stay numbers, since Excel took zeros from some codes."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell_text(cell)


class TableFormat(XLSX):
    """A workbook of one table whose cells are text or whole numbers, and never a formula."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        output = BytesIO()
        with Book(output, title=SHEET) as book:
            sheet = book.sheet(SHEET)
            sheet.widths(fitting(dataset.headers, dataset))
            for at, row in enumerate((dataset.headers, *dataset)):
                for place, value in enumerate(row):
                    sheet.put(at, place, value, CELL if at else HEAD, reads_days=bool(at))
            sheet.paper(repeated=(0, 0))
            sheet.made.freeze_panes(1, 0)
            sheet.made.autofilter(0, 0, max(len(dataset), 1), len(dataset.headers) - 1)
        return output.getvalue()
