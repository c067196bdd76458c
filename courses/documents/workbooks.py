"""The same papers as workbooks: typed cells, no formula ever, set up to be printed on A4 like their Word twins."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cadres.periods import PartialDate, Precision
from courses.documents import kinds
from courses.documents.kinds import Column, Kind
from courses.documents.letterhead import ISSUER_HEAD, STATE_MOTTO, STATE_TITLE
from courses.documents.wording import Content

FONT = "Times New Roman"
SIZE, TITLE = 13, 14
TEXT = "@"
THIN = Side(style="thin", color="000000")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MM_A_CHARACTER = 2.0  # of a column's width
MM_A_LETTER = 2.2  # about the mean, with room for lines that break between words
POINTS_A_LINE = 17
MM_AN_INCH = 25.4
MARGINS = {"left": 30, "right": 15, "top": 20, "bottom": 20, "header": 10, "footer": 10}  # mm, as in blocks


@dataclass(frozen=True)
class Block:
    """Rows below a line across the table; the line is left out where it says nothing."""

    title: str
    rows: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Sheet:
    """What one worksheet shows, in the order in which it shows it."""

    name: str
    title: Sequence[str]  # bold; what follows in `lines` is not
    lines: Sequence[str]
    columns: Sequence[Column]
    blocks: Sequence[Block]
    total: dict[str, Any] | None = None
    foot: str = ""
    signers: Sequence[tuple[str, str]] = ()  # titles, left and right, and the names where they are known


def workbook(content: Content) -> bytes:
    """The paper as .xlsx."""
    book = Workbook()
    book.remove(book.active)
    book.properties.title, book.properties.creator = content.kind.label, ""
    for sheet in SHEETS[content.kind](content.data):
        _write(book.create_sheet(sheet.name), sheet, content.data)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# ---------------------------------------------------------------- what is on the sheets


def _of_decision(data: dict[str, Any]) -> Iterable[Sheet]:
    """The list; the text of the decision is for Word."""
    words = data["lop"]
    number, day = data["so"], data["ngay_quyet_dinh"]
    yield Sheet(
        name="Danh sách",
        title=(
            "DANH SÁCH",
            f"Cán bộ, công chức cấp xã được cử đi học lớp {words['ten']} (mã lớp {words['ma']})",
        ),
        lines=(f"(Kèm theo Quyết định số {number} {day} của Giám đốc Sở Nội vụ tỉnh Lào Cai)", data["pham_vi"]),
        columns=kinds.columns_of(Kind.SENDING_DECISION, data),
        blocks=[Block("", data["danh_sach"])],
        foot=f"Danh sách có {data['so_trong_danh_sach']} người./.",
        signers=(("", ""), (data["nguoi_ky"]["chuc_vu"] or ISSUER_HEAD, data["nguoi_ky"]["ho_ten"])),
    )


def _of_list(kind: Kind, name: str, title: str, note: str) -> Callable[[dict[str, Any]], Iterable[Sheet]]:
    """The list that goes with a paper: its title, which names the class, and the note that names the paper. The text of
    the paper is for Word."""

    def sheets(data: dict[str, Any]) -> Iterable[Sheet]:
        words = data["lop"]
        yield Sheet(
            name=name,
            title=("DANH SÁCH", f"{title} lớp {words['ten']} (mã lớp {words['ma']})"),
            lines=(note.format(so=data["so"]), data["pham_vi"]),
            columns=kinds.columns_of(kind, data),
            blocks=[Block("", data["danh_sach"])],
            foot=f"Danh sách có {data['so_trong_danh_sach']} người./.",
            signers=(("", ""), (data["nguoi_ky"]["chuc_vu"], data["nguoi_ky"]["ho_ten"])),
        )

    return sheets


def _of_registration(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Nhu cầu",
        title=(data["tieu_de"],),
        lines=data["dong_phu"],
        columns=kinds.columns_of(Kind.REGISTRATION, data),
        blocks=[Block("", data["danh_sach"])],
        foot=data["tong_ket"],
        signers=(("NGƯỜI LẬP BIỂU", ""), (data["nguoi_ky"]["chuc_vu"], data["nguoi_ky"]["ho_ten"])),
    )


def _of_support(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Chi hỗ trợ",
        title=(data["tieu_de"],),
        lines=(*data["dong_phu"], data["pham_vi"]),
        columns=kinds.columns_of(Kind.SUPPORT, data),
        blocks=[Block("", data["danh_sach"])],
        total={"ho_ten": "Cộng", **data["tong"]},
        foot=f"Tổng số tiền bằng chữ: {data['bang_chu']}.",
        signers=(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", "")),
    )


def _of_settlement(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Quyết toán",
        title=(data["tieu_de"],),
        lines=data["dong_phu"],
        columns=kinds.SETTLEMENT,
        blocks=[Block("", data["danh_sach"])],
        total={"nguon": "Cộng", **data["tong"]},
        foot=f"Số quyết toán bằng chữ: {data['bang_chu']}.",
        signers=(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", "")),
    )


def _of_transcript(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Quá trình đào tạo",
        title=(data["tieu_de"],),
        lines=(*data["dong_phu"], f"{data['ho_ten']}, {data['don_vi']}"),
        columns=kinds.TRANSCRIPT,
        blocks=[Block("", data["danh_sach"])],
        signers=(("NGƯỜI KHAI", data["ho_ten"]), ("XÁC NHẬN CỦA ĐƠN VỊ", "")),
    )


def _of_class_list(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Danh sách lớp",
        title=(data["tieu_de"],),
        lines=(*data["dong_phu"], data["pham_vi"]),
        columns=kinds.columns_of(Kind.CLASS_LIST, data),
        blocks=[Block("", data["danh_sach"])],
        foot=f"Danh sách có {data['so_trong_danh_sach']} người./.",
        signers=(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", "")),
    )


def _of_attendance(data: dict[str, Any]) -> Iterable[Sheet]:
    for paper in data["cac_to"]:
        places = range(kinds.SESSIONS_A_SHEET)
        sessions = [
            Column(f"dau_{place}", paper["cac_buoi"][place], kinds.SESSION_WIDTH, align="center") for place in places
        ]
        rows = [
            person | {f"dau_{place}": person["cac_dau"][place] for place in places} for person in paper["danh_sach"]
        ]
        yield Sheet(
            name=f"Tờ {paper['so']}",
            title=(data["tieu_de"],),
            lines=(*data["dong_phu"], data["pham_vi"]),
            columns=(*kinds.ATTENDANCE, *sessions, *kinds.ATTENDANCE_END),
            blocks=[Block("", rows)],
            foot=data["chu_thich"],
            signers=(("NGƯỜI ĐIỂM DANH", ""), ("GIẢNG VIÊN", "")),
        )


def _of_results(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Kết quả",
        title=(data["tieu_de"],),
        lines=(*data["dong_phu"], data["pham_vi"]),
        columns=kinds.columns_of(Kind.RESULTS, data),
        blocks=[Block("", data["danh_sach"])],
        foot=data["tong_ket"],
        signers=(("NGƯỜI LẬP BẢNG", ""), ("THỦ TRƯỞNG ĐƠN VỊ", data["nguoi_dung_dau"])),
    )


def _of_certificates(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name="Sổ cấp",
        title=(data["tieu_de"],),
        lines=(*data["dong_phu"], data["pham_vi"]),
        columns=kinds.CERTIFICATES,
        blocks=[Block(group["ten"], group["danh_sach"]) for group in data["cac_nhom"]],
        foot=data["tong_ket"],
        signers=(("NGƯỜI VÀO SỔ", ""), ("THỦ TRƯỞNG ĐƠN VỊ", data["nguoi_dung_dau"])),
    )


def _of_plan(data: dict[str, Any]) -> Iterable[Sheet]:
    yield Sheet(
        name=f"Kế hoạch {data['nam']}",
        title=(data["tieu_de"],),
        lines=data["dong_phu"],
        columns=kinds.PLAN,
        blocks=[Block(group["ten"], group["danh_sach"]) for group in data["cac_nhom"]],
        total={"noi_dung": "Tổng cộng", **data["tong"]},
        foot=data["tong_ket"],
        signers=(("NGƯỜI LẬP BIỂU", ""), ("THỦ TRƯỞNG ĐƠN VỊ", "")),
    )


# A paper that is no list has no workbook.
SHEETS: dict[Kind, Callable[[dict[str, Any]], Iterable[Sheet]]] = {
    Kind.REGISTRATION: _of_registration,
    Kind.PROPOSAL: _of_list(
        Kind.PROPOSAL,
        "Đề nghị cử",
        "Cán bộ, công chức cấp xã được đề nghị cử đi học",
        "(Kèm theo Tờ trình số {so})",
    ),
    Kind.SENDING_DECISION: _of_decision,
    Kind.SUMMONS: _of_list(
        Kind.SUMMONS, "Triệu tập", "Học viên được triệu tập tham gia", "(Kèm theo Giấy triệu tập số {so})"
    ),
    Kind.CLASS_LIST: _of_class_list,
    Kind.ATTENDANCE: _of_attendance,
    Kind.RESULTS: _of_results,
    Kind.RECOGNITION: _of_list(
        Kind.RECOGNITION, "Công nhận", "Học viên được công nhận kết quả học tập", "(Kèm theo Quyết định số {so})"
    ),
    Kind.CERTIFICATES: _of_certificates,
    Kind.SUPPORT: _of_support,
    Kind.SETTLEMENT: _of_settlement,
    Kind.TRANSCRIPT: _of_transcript,
    Kind.PLAN: _of_plan,
}


# ---------------------------------------------------------------- how they are written


def _write(sheet: Worksheet, what: Sheet, data: dict[str, Any]) -> None:
    width = len(what.columns)
    for place, column in enumerate(what.columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width / MM_A_CHARACTER
    half = _half(what.columns)
    row = 1
    for left, right, is_bold in (
        (data["co_quan_chu_quan"], STATE_TITLE, False),
        (data["co_quan"], STATE_MOTTO, True),
    ):
        _line(sheet, row, 1, half, left, bold=is_bold, underlined=is_bold)
        _line(sheet, row, half + 1, width, right, bold=True, underlined=is_bold)
        row += 1
    _line(sheet, row, half + 1, width, data["noi_va_ngay"], italic=True)
    row += 2
    for text in what.title:
        _line(sheet, row, 1, width, text, bold=True, size=TITLE)
        row += 1
    for text in filter(None, what.lines):
        _line(sheet, row, 1, width, text, italic=text.startswith("("))
        row += 1
    row += 1
    first_head = row
    row = _head(sheet, row, what.columns)
    sheet.print_title_rows = f"{first_head}:{row - 1}"
    sheet.freeze_panes = sheet.cell(row, 3)
    row = _body(sheet, row, what)
    if what.foot:
        _line(sheet, row + 1, 1, width, what.foot, italic=True, align="left")
    _signers(sheet, row + 3, what.signers, half, width)
    _print_setup(sheet)


def _half(columns: Sequence[Column]) -> int:
    """The number of the column up to which the left block of the head goes: about two fifths of the width."""
    whole, so_far = sum(column.width for column in columns), 0
    for place, column in enumerate(columns, start=1):
        so_far += column.width
        if so_far >= whole * 0.4:
            return place
    return 1


def _head(sheet: Worksheet, row: int, columns: Sequence[Column]) -> int:
    """The titles, in two rows where some stand below that of their group; returns the row after them."""
    rows = 2 if any(column.group for column in columns) else 1
    place = 1
    for title, same in groupby(columns, key=lambda column: column.group):
        members = list(same)
        if title:
            _head_cells(sheet, (row, place, row, place + len(members) - 1), title)
        for column in members:
            _head_cells(sheet, (row + rows - 1 if title else row, place, row + rows - 1, place), column.title)
            place += 1
    lines = max(_lines(column.title, column.width) for column in columns)
    for each in range(row, row + rows):
        sheet.row_dimensions[each].height = POINTS_A_LINE * max(2, ceil(lines / rows)) + 4
    return row + rows


def _head_cells(sheet: Worksheet, at: tuple[int, int, int, int], text: str) -> None:
    """Args: at is the first row and column and the last ones."""
    first_row, first_column, last_row, last_column = at
    for each_row in range(first_row, last_row + 1):
        for each_column in range(first_column, last_column + 1):
            sheet.cell(each_row, each_column).border = FRAME
    _put(sheet, first_row, first_column, text, bold=True, align="center", framed=True)
    if (first_row, first_column) != (last_row, last_column):
        sheet.merge_cells(start_row=first_row, start_column=first_column, end_row=last_row, end_column=last_column)


def _body(sheet: Worksheet, row: int, what: Sheet) -> int:
    for block in what.blocks:
        if block.title:
            _head_cells(sheet, (row, 1, row, len(what.columns)), block.title)
            sheet.cell(row, 1).alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
            sheet.row_dimensions[row].height = POINTS_A_LINE + 4
            row += 1
        for line in block.rows:
            _row(sheet, row, what.columns, line)
            row += 1
    if what.total is not None:
        _row(sheet, row, what.columns, what.total, bold=True)
        row += 1
    return row


def _row(sheet: Worksheet, row: int, columns: Sequence[Column], line: dict[str, Any], *, bold: bool = False) -> None:
    lines = 1
    for place, column in enumerate(columns, start=1):
        cell = _put(sheet, row, place, line.get(column.key), bold=bold, align=column.align, framed=True)
        lines = max(lines, _lines(cell.value, column.width))
    sheet.row_dimensions[row].height = POINTS_A_LINE * lines + 4


def _lines(value: Any, width: float) -> int:
    """How many lines a text takes in a cell of so many millimetres: not every program finds the height by itself."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, ceil(len(part) * MM_A_LETTER / width)) for part in value.split("\n"))


def _line(
    sheet: Worksheet,
    row: int,
    first: int,
    last: int,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
    size: int = SIZE,
    align: str = "center",
) -> None:
    """A line of text across columns."""
    cell = _put(sheet, row, first, text, bold=bold, align=align)
    cell.font = Font(name=FONT, size=size, bold=bold, italic=italic, underline="single" if underlined else None)
    width = sum(sheet.column_dimensions[get_column_letter(place)].width for place in range(first, last + 1))
    height = (POINTS_A_LINE if size <= SIZE else 19) * _lines(text, width * MM_A_CHARACTER)
    sheet.row_dimensions[row].height = max(height, sheet.row_dimensions[row].height or 0)
    if last > first:
        sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,
    *,
    bold: bool = False,
    align: str = "left",
    framed: bool = False,
) -> Any:
    """A cell by the type of its value. Text stays text, whatever it begins with."""
    cell = sheet.cell(row, column)
    if isinstance(value, PartialDate):
        value = value.first_day if value.precision == Precision.DAY else str(value)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    if value not in (None, ""):
        cell.value = value
    number_format = _number_format(value)
    if number_format == TEXT:
        cell.data_type = "s"
    # Openpyxl looks each style up by its contents, which takes ten times as long as all the rest: once is enough.
    look = (bold, align, framed, number_format)
    looks = sheet.parent.looks = getattr(sheet.parent, "looks", {})
    if look in looks:
        cell._style = copy(looks[look])
        return cell
    cell.font = Font(name=FONT, size=SIZE, bold=bold)
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    cell.number_format = number_format
    if framed:
        cell.border = FRAME
    looks[look] = copy(cell._style)
    return cell


def _number_format(value: Any) -> str:
    if isinstance(value, str):
        return TEXT if value else "General"
    if isinstance(value, date):
        return "dd/mm/yyyy"
    if isinstance(value, Decimal):
        return "0.##" if value % 1 else "0"
    return "#,##0" if isinstance(value, int) else "General"


def _signers(sheet: Worksheet, row: int, signers: Sequence[tuple[str, str]], half: int, width: int) -> None:
    """Titles of those who sign, and their names below the room for the signature."""
    for (title, name), (first, last) in zip(signers, ((1, half), (half + 1, width)), strict=False):
        for line, text in enumerate(title.split("\n")):
            _line(sheet, row + line, first, last, text, bold=True)
        _line(sheet, row + 6, first, last, name, bold=True)


def _print_setup(sheet: Worksheet) -> None:
    """A4 lying, one page wide, with the margins of the decree and the number of the page on top, not on the first."""
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    for side, length in MARGINS.items():
        setattr(sheet.page_margins, side, round(length / MM_AN_INCH, 2))
    sheet.print_options.horizontalCentered = True
    sheet.HeaderFooter.differentFirst = True
    sheet.oddHeader.center.text, sheet.oddHeader.center.font, sheet.oddHeader.center.size = "&P", f"{FONT},Regular", 13
