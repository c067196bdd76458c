"""The error workbook: the district's own file with a coloured cell and a note where something was wrong.

An .xlsx or .xlsm comes back as it was sent but for the marks (workbook_marks). Any other file comes back as an .xlsx
of the cells as they were read, with the same marks, which imports to the same result.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.cell_range import CellRange

from cadres.roster.cell_names import letters_of
from cadres.roster.column_meanings import ColumnFound
from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.rows import Layout
from cadres.roster.statements import ERROR, WARNING
from cadres.roster.workbook_marks import ILLEGAL, Mark, Place, UnmarkableWorkbookError, mark_workbook

# Severity → colour of the cell, and what the note says first. What is no more than a remark (info) is not marked.
MARKS = {
    ERROR: ("FFC7CE", "LỖI (ô đỏ: dòng chưa được nhập, hãy sửa rồi gửi lại)"),
    WARNING: ("FFEB9C", "CẦN XEM LẠI (ô vàng: hãy kiểm tra, sửa nếu sai)"),
}
NAMES = ("full_name", "given_name", "family_name")
COLOURS = [colour for colour, _ in MARKS.values()]
WORKBOOK_ENDINGS = {".xlsx", ".xlsm"}
FORMATS = {datetime: "dd/mm/yyyy", date: "dd/mm/yyyy", time: "hh:mm", timedelta: "[h]:mm:ss", str: "@"}
FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
MAX_NAME = 31
WIDTHS = range(6, 41)


def error_file_name(name: str) -> str:
    """The name under which the marked file is given back: `bac-ha.xls` → `bac-ha (đánh dấu lỗi).xlsx`."""
    path = PurePath(name)
    ending = path.suffix.lower()
    return f"{path.stem} (đánh dấu lỗi){ending if ending in WORKBOOK_ENDINGS else '.xlsx'}"


def write_errors(content: bytes, layout: Layout, issues: Iterable[dict[str, Any]], stream: IO[bytes]) -> None:
    """Write the file with every error and warning marked; the issues are those of a report (batch.report_of).

    Raises UnreadableFileError where the content cannot be read.
    """
    marks = _marks(layout, issues)
    try:
        mark_workbook(content, marks, COLOURS, stream)
    except UnmarkableWorkbookError:
        # What is neither a zip nor an OLE file can only be the text of a CSV: the name decides nothing else.
        sheets = read_sheets("danh-sach.csv", content)
        names = _names(sheets)
        copied = {names[name]: cells for name, cells in marks.items() if name in names}
        mark_workbook(_copied(sheets, names), copied, COLOURS, stream)


def _marks(layout: Layout, issues: Iterable[dict[str, Any]]) -> dict[str, dict[Place, Mark]]:
    """Every issue at its place; see _place."""
    found: dict[str, dict[Place, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    serious = [issue for issue in issues if issue["severity"] in MARKS]
    rows = {(issue["sheet"], issue["row"]) for issue in serious}
    columns = {(row.sheet, row.row): row.header.columns for row in layout.rows if (row.sheet, row.row) in rows}
    for issue in serious:
        sheet, place, is_in_column = _place(layout, columns.get((issue["sheet"], issue["row"]), ()), issue)
        where = f"Cột “{issue['column']}”: " if issue["column"] and not is_in_column else ""
        found[sheet][place].append((issue["severity"], f"{where}{issue['message']}"))
    return {sheet: {place: _mark(said) for place, said in cells.items()} for sheet, cells in found.items()}


def _place(layout: Layout, columns: Iterable[ColumnFound], issue: dict[str, Any]) -> tuple[str, Place, bool]:
    """The sheet and cell where an issue is shown, and whether that is in the column which it names.

    Without a column, the row's name cell; of a whole sheet, its first cell; of a sheet that nobody sees because it is
    hidden, the first cell of the first sheet that was read.
    """
    sheet, title = issue["sheet"], issue["column"]
    tables = [table for table in layout.sheets if table.name == sheet]
    if not issue["row"]:
        return (sheet if tables or not layout.sheets else layout.sheets[0].name), (0, 0), False
    row = issue["row"] - 1
    if title:
        titled = sorted((column.field != issue["field"], column.index) for column in columns if column.title == title)
        if titled:
            return sheet, (row, titled[0][1]), True
        if (sheet, title) in layout.columns:
            return sheet, (row, layout.columns[sheet, title]), True
    fields = {column.field: column.index for column in columns or (tables[0].columns if tables else ())}
    return sheet, (row, next((fields[name] for name in NAMES if name in fields), 0)), False


def _mark(said: list[tuple[str, str]]) -> Mark:
    severities = [severity for severity in MARKS if any(found == severity for found, _ in said)]
    lines = [
        f"{MARKS[severity][1]}: {message}" for severity in severities for found, message in said if found == severity
    ]
    return Mark(MARKS[severities[0]][0], tuple(dict.fromkeys(lines)))


# Files that are no .xlsx


def _copied(sheets: list[Sheet], names: dict[str, str]) -> bytes:
    """An .xlsx of the cells as read: same values, types, rows, merged ranges, hidden rows and sheets.

    Texts are in Unicode whatever the file's fonts, and typed as text: an identifier keeps its zeros, nothing becomes
    a formula.
    """
    workbook = Workbook(write_only=True)
    for sheet in sheets:
        target: Any = workbook.create_sheet(names[sheet.name])
        target.sheet_state = "hidden" if sheet.is_hidden else "visible"
        for column, width in enumerate(_widths(sheet)):
            target.column_dimensions[letters_of(column)].width = width
        for row in sheet.hidden_rows:
            target.row_dimensions[row + 1].hidden = True
        for cells in sheet.rows:
            target.append([_cell(target, cell) for cell in cells])
        for top, left, bottom, right in sheet.merged:
            target.merged_cells.add(CellRange(min_row=top + 1, min_col=left + 1, max_row=bottom + 1, max_col=right + 1))
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if value == "":
        return None
    cell = WriteOnlyCell(sheet, ILLEGAL.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True  # stays text when somebody edits it
    cell.number_format = FORMATS.get(type(value), "General")
    return cell


def _widths(sheet: Sheet) -> list[int]:
    """Column widths in characters that show most cells, from the first rows."""
    widths: dict[int, int] = {}
    for cells in sheet.rows[:200]:
        for column, cell in enumerate(cells):
            width = 10 if isinstance(cell, date) else len(str(cell))
            if width <= WIDTHS[-1]:  # longer ones are titles that run over their neighbours
                widths[column] = max(widths.get(column, 0), width + 1)
    return [min(max(widths.get(column, 0), WIDTHS[0]), WIDTHS[-1]) for column in range(max(widths, default=0) + 1)]


def _names(sheets: list[Sheet]) -> dict[str, str]:
    """The sheets' names as Excel allows them, each once."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for sheet in sheets:
        allowed = ILLEGAL.sub("", sheet.name).translate(FORBIDDEN_IN_NAME).strip("'")[:MAX_NAME] or "-"
        name, number = allowed, 1
        while name.lower() in taken:
            number += 1
            name = f"{allowed[: MAX_NAME - 3]} {number}"
        taken.add(name.lower())
        names[sheet.name] = name
    return names
