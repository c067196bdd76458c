"""The file of a catalogue: the first row names the columns, each other row is a row of the catalogue."""

from io import BytesIO
from typing import Any

from import_export.formats.base_formats import XLSX
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.rows import cell_text
from cadres.text import nfc

ROW = "(dòng)"  # the column of a dataset that carries the row number


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
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("Danh mục")
        sheet.freeze_panes = "A2"
        for column, title in enumerate(dataset.headers, 1):
            widest = max(len(str(value)) for value in (title, *dataset.get_col(column - 1)))
            sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, 60)
        sheet.append([self._cell(sheet, title, Font(bold=True)) for title in dataset.headers])
        for row in dataset:
            sheet.append([self._cell(sheet, value) for value in row])
        output = BytesIO()
        workbook.save(output)
        return output.getvalue()

    @staticmethod
    def _cell(sheet: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"
        if font:
            cell.font = font
        return cell
