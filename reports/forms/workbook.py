"""A form as a workbook: the paper's head, titles merged and repeated on each page, landscape."""

from typing import IO

from cadres.workbooks import A3, A4, BESIDE, Book, Look, Sheet, lines_of
from courses.documents.letterhead import STATE_MOTTO, STATE_TITLE
from reports.forms.layout import Form, Row, Told, to_nobody

BLACK = "000000"
MM_A_CHARACTER = 2.0
NARROWEST = 3.4  # characters
LINE = 15  # points of a line of 11 points
UPRIGHT = 90  # points of the last row of titles
LONG_HEAD = 7  # characters of a title from which on it stands upright in a narrow column
COLUMNS_ON_A4 = 24

PAPER = Look(size=12, align="center", wrapped=True)
TITLE = PAPER._replace(size=14, bold=True)
BOLD, ITALIC = PAPER._replace(bold=True), PAPER._replace(italic=True)
UNIT, NOTE = ITALIC._replace(align="right"), ITALIC._replace(size=11, align="left")
HEAD = Look(bold=True, size=10, align="center", wrapped=True, edge=BLACK)
NUMBER = HEAD._replace(bold=False, italic=True)


def workbook(form: Form, out: IO[bytes], told: Told = to_nobody) -> None:
    """Write the form as .xlsx, row by row."""
    with Book(out, title=form.title) as book:
        _write(book.sheet(form.code), form, told)


def _write(sheet: Sheet, form: Form, told: Told) -> None:
    last = len(form.columns) - 1
    middle = max(len(form.columns) // 2, 2) - 1
    widths = _widths(form)
    sheet.widths(widths)
    for at, (left, right, look) in enumerate(
        ((form.above, STATE_TITLE, PAPER), (form.issuer, STATE_MOTTO, BOLD), (form.mark, form.place_and_day, ITALIC))
    ):
        sheet.across(at, 0, middle, left, look)
        sheet.across(at, middle + 1, last, right, look._replace(bold=not look.italic))
    sheet.made.set_row(3, 2 * LINE)
    sheet.across(3, 0, last, form.title, TITLE)
    row = 4
    for line in form.lines:
        sheet.made.set_row(row, (LINE + 1) * lines_of(line, sum(widths)))
        sheet.across(row, 0, last, line, PAPER)
        row += 1
    if form.unit:
        sheet.across(row, 0, last, f"Đơn vị tính: {form.unit}", UNIT)
        row += 1
    head = row
    row = _heads(sheet, form, head)
    repeated = head, row - 1
    for one in form.rows:
        _row(sheet, row, form, one, widths)
        row += 1
        told(row - repeated[1] - 1, len(form.rows))
    for note in form.all_notes:
        sheet.made.set_row(row, LINE * lines_of(note, sum(widths)))
        sheet.across(row, 0, last, note, NOTE)
        row += 1
    row += 1
    for texts, look in ((form.signers, BOLD), (("(Ký, ghi rõ họ tên)", "(Ký, đóng dấu)"), ITALIC)):
        sheet.across(row, 0, middle, texts[0], look)
        sheet.across(row, middle + 1, last, texts[1], look)
        row += 1
    sheet.paper(size=A4 if last < COLUMNS_ON_A4 else A3, repeated=repeated)
    sheet.made.freeze_panes(repeated[1] + 1, 2)
    sheet.made.print_area(0, 0, row + 4, last)  # with room to sign


def _heads(sheet: Sheet, form: Form, first: int) -> int:
    """The titles, and the row that numbers the columns; returns the row after them."""
    last = len(form.columns) - 1
    texts = {(head.row, head.column): head for head in form.heads}
    for at in range(form.depth):
        if at == form.depth - 1:
            sheet.made.set_row(first + at, UPRIGHT)
        for place in range(last + 1):
            head = texts.get((at, place))
            is_upright = (
                head is not None
                and head.columns == 1
                and not form.columns[head.column].width
                and len(head.text) > LONG_HEAD
            )
            sheet.put(
                first + at, place, head.text if head else None, HEAD._replace(upright=is_upright), reads_days=False
            )
    for head in form.heads:
        top = first + head.row
        sheet.join(top, head.column, top + head.rows - 1, head.column + head.columns - 1)
    numbers = first + form.depth
    for place, text in enumerate(form.numbered):
        sheet.put(numbers, place, text, NUMBER, reads_days=False)
    return numbers + 1


def _row(sheet: Sheet, at: int, form: Form, row: Row, widths: list[float]) -> None:
    lines = 1
    for place, (column, value) in enumerate(zip(form.columns, row.cells, strict=True)):
        is_heading = row.is_group and place == 1
        look = Look(
            bold=row.is_bold,
            align="left" if is_heading else column.align,
            wrapped=bool(column.width) and not row.is_group,
            edge=BLACK,
        )
        sheet.put(at, place, value, look)
        if column.width and isinstance(value, str) and not row.is_group:
            lines = max(lines, lines_of(value, widths[place]))
    if row.is_group:
        sheet.join(at, 1, at, len(form.columns) - 1)
    sheet.height(at, LINE * lines)


def _widths(form: Form) -> list[float]:
    """Of the columns, in characters: as they are described, else as wide as what stands in them."""
    widths = [column.width / MM_A_CHARACTER or NARROWEST for column in form.columns]
    narrow = [place for place, column in enumerate(form.columns) if not column.width]
    for row in form.rows:
        for place in narrow:
            value = row.cells[place]
            if value is not None and value != "" and not (row.is_group and place):
                widths[place] = max(widths[place], len(str(value)) + BESIDE)
    return widths
