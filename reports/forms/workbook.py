"""A form as a workbook: the paper's head, titles merged and repeated on each page, landscape."""

from copy import copy
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cadres.web.tables import FONT
from courses.documents.letterhead import STATE_MOTTO, STATE_TITLE
from reports.forms.layout import Form

THIN = Side(style="thin", color="000000")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MM_A_CHARACTER = 2.0
NARROWEST = 3.4  # characters
LINE = 15  # points of a line of 11 points
LONG_HEAD = 7  # characters of a title from which on it stands upright in a narrow column
COLUMNS_ON_A4 = 24


def workbook(form: Form) -> bytes:
    """The form as .xlsx."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = form.code[:31]
    number = len(form.columns)
    last = get_column_letter(number)
    middle = max(number // 2, 2)

    def across(row: int, first: int, end: int, text: str, *, size: int = 12, bold: bool = False, italic: bool = False,
               align: str = "center") -> None:  # fmt: skip
        cell = sheet.cell(row, first, text)
        cell.font = Font(name=FONT, size=size, bold=bold, italic=italic)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
        if end > first:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=end)

    across(1, 1, middle, form.above)
    across(1, middle + 1, number, STATE_TITLE, bold=True)
    across(2, 1, middle, form.issuer, bold=True)
    across(2, middle + 1, number, STATE_MOTTO, bold=True)
    across(3, 1, middle, form.mark, italic=True)
    across(3, middle + 1, number, form.place_and_day, italic=True)
    across(4, 1, number, form.title, size=14, bold=True)
    row = 5
    for line in form.lines:
        across(row, 1, number, line)
        row += 1
    if form.unit:
        across(row, 1, number, f"Đơn vị tính: {form.unit}", italic=True, align="right")
        row += 1
    first_head = row
    for head in form.heads:
        cell = sheet.cell(first_head + head.row, head.column + 1, head.text)
        if head.rows > 1 or head.columns > 1:
            sheet.merge_cells(
                start_row=cell.row,
                end_row=cell.row + head.rows - 1,
                start_column=cell.column,
                end_column=cell.column + head.columns - 1,
            )
        is_narrow = head.columns == 1 and not form.columns[head.column].width and len(head.text) > LONG_HEAD
        cell.alignment = Alignment(
            horizontal="center", vertical="center", wrap_text=True, text_rotation=90 if is_narrow else 0
        )
    numbers = first_head + form.depth
    for place, text in enumerate(form.numbered, start=1):
        sheet.cell(numbers, place, text).alignment = Alignment(horizontal="center")
    for at in range(first_head, numbers + 1):
        for place in range(1, number + 1):
            cell = sheet.cell(at, place)
            cell.border, cell.font = FRAME, Font(name=FONT, size=10, bold=at < numbers, italic=at == numbers)
    sheet.row_dimensions[numbers - 1].height = 90
    widths = [_width(form, place) for place in range(number)]
    row = numbers + 1
    styles: dict[tuple[bool, bool, int], Any] = {}  # made once: to hash them for each cell takes ten times as long
    for one in form.rows:
        for place, (column, value) in enumerate(zip(form.columns, one.cells, strict=True), start=1):
            cell = sheet.cell(row, place, value)
            is_number = isinstance(value, int)
            if isinstance(value, str):
                cell.data_type = "s"
            if (kind := (one.is_bold, is_number, place)) not in styles:
                cell.border, cell.font = FRAME, Font(name=FONT, size=11, bold=one.is_bold)
                cell.alignment = Alignment(horizontal=column.align, vertical="center", wrap_text=bool(column.width))
                if is_number:
                    cell.number_format = "#,##0"
                styles[kind] = cell._style
            else:
                cell._style = copy(styles[kind])
        if one.is_group:
            sheet.cell(row, 2).alignment = Alignment(horizontal="left", vertical="center")
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=number)
        else:
            texts = zip(one.cells, form.columns, widths, strict=True)
            lines = max(-(-len(str(value or "")) // int(width)) if of.width else 1 for value, of, width in texts)
            sheet.row_dimensions[row].height = LINE * max(lines, 1)
        row += 1
    for note in form.all_notes:
        across(row, 1, number, note, size=11, italic=True, align="left")
        row += 1
    row += 1
    across(row, 1, middle, form.signers[0], bold=True)
    across(row, middle + 1, number, form.signers[1], bold=True)
    across(row + 1, 1, middle, "(Ký, ghi rõ họ tên)", italic=True)
    across(row + 1, middle + 1, number, "(Ký, đóng dấu)", italic=True)
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.row_dimensions[4].height = 2 * LINE
    sheet.print_title_rows = f"{first_head}:{numbers}"
    sheet.freeze_panes = f"C{numbers + 1}"
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4 if number <= COLUMNS_ON_A4 else Worksheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P/&N"
    sheet.print_area = f"A1:{last}{row + 6}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _width(form: Form, place: int) -> float:
    """Of a column, in characters: as it is described, else as wide as what stands in it."""
    column = form.columns[place]
    if column.width:
        return column.width / MM_A_CHARACTER
    texts = (
        str(row.cells[place]) for row in form.rows if not (row.is_group and place) and row.cells[place] is not None
    )
    return max([len(text) + 1.3 for text in texts if text] + [NARROWEST])
