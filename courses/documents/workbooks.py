"""The same papers as workbooks: typed cells, no formula ever, set up to be printed on A4 like their Word twins."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from math import ceil
from typing import Any

from cadres.workbooks import A4, Book, Look
from cadres.workbooks import Sheet as Written
from courses.documents import kinds
from courses.documents.kinds import Column, Kind
from courses.documents.letterhead import ISSUER_HEAD, STATE_MOTTO, STATE_TITLE
from courses.documents.wording import Content

SIZE, TITLE = 13, 14  # points: Nghị định 30/2020/NĐ-CP asks 13 to 14 of the text
BLACK = "000000"
MM_A_CHARACTER = 2.0  # of a column's width
MM_A_LETTER = 2.2  # about the mean, with room for lines that break between words
POINTS_A_LINE = 17
MM_AN_INCH = 25.4
MARGINS = {"left": 30, "right": 15, "top": 20, "bottom": 20}  # mm, as in blocks
HEADER = 10  # mm above the number of the page
PAGE = 297, 210  # mm, width and height of A4 lying
ROWS_WITH_SIGNATURE = 2
POINTS_AN_INCH, POINTS_A_PIXEL = 72, 0.75
PIXELS_A_FIGURE, PIXELS_BESIDE = 7, 5  # of the width of a column
EMPTY_ROW = 15  # points
LATITUDE = 1.05  # programs differ by so much in what they bring onto a page

PAPER = Look(size=SIZE, wrapped=True)
FRAMED = PAPER._replace(edge=BLACK)


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
    out = BytesIO()
    with Book(out, title=content.kind.label, in_rows=False) as book:
        for sheet in SHEETS[content.kind](content.data):
            _write(book.sheet(sheet.name, is_first_bare=True), sheet, content.data)
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


def _write(sheet: Written, what: Sheet, data: dict[str, Any]) -> None:
    """All of it; rows and columns are counted from 0."""
    last = len(what.columns) - 1
    sheet.widths([column.width / MM_A_CHARACTER for column in what.columns])
    half = _half(what.columns)
    halves = (0, half), (half + 1, last)
    row = 0
    for left, right, is_bold in (
        (data["co_quan_chu_quan"], STATE_TITLE, False),
        (data["co_quan"], STATE_MOTTO, True),
    ):
        looks = PAPER._replace(bold=is_bold, underlined=is_bold), PAPER._replace(bold=True, underlined=is_bold)
        _line(sheet, row, what.columns, *zip(halves, (left, right), looks, strict=True))
        row += 1
    _line(sheet, row, what.columns, (halves[1], data["noi_va_ngay"], PAPER._replace(italic=True)))
    row += 2
    whole = 0, last
    for text in what.title:
        _line(sheet, row, what.columns, (whole, text, PAPER._replace(bold=True, size=TITLE)))
        row += 1
    for text in filter(None, what.lines):
        _line(sheet, row, what.columns, (whole, text, PAPER._replace(italic=text.startswith("("))))
        row += 1
    row += 1
    first_head = row
    row = _head(sheet, row, what.columns)
    sheet.made.repeat_rows(first_head, row - 1)
    sheet.made.freeze_panes(row, 2)
    first_row, row = row, _body(sheet, row, what)
    last_row = row - 1
    if what.foot:
        look = PAPER._replace(italic=True, align="left")
        _line(sheet, row + 1, what.columns, (whole, what.foot, look), is_centred=False)
    end = _signers(sheet, row + 3, what, halves)
    _print_setup(sheet)
    _keep_with_signatures(sheet, what.columns, (first_head, first_row), last_row, end)


def _half(columns: Sequence[Column]) -> int:
    """The column up to which the left block of the head goes: about two fifths of the width."""
    whole, so_far = sum(column.width for column in columns), 0
    for place, column in enumerate(columns):
        so_far += column.width
        if so_far >= whole * 0.4:
            return place
    return 0


def _head(sheet: Written, row: int, columns: Sequence[Column]) -> int:
    """The titles, in two rows where some stand below that of their group; returns the row after them."""
    rows = 2 if any(column.group for column in columns) else 1
    place = 0
    for title, same in groupby(columns, key=lambda column: column.group):
        members = list(same)
        if title:
            _head_cells(sheet, (row, place, row, place + len(members) - 1), title)
        for column in members:
            _head_cells(sheet, (row + rows - 1 if title else row, place, row + rows - 1, place), column.title)
            place += 1
    lines = max(_lines(column.title, column.width) for column in columns)
    for each in range(row, row + rows):
        sheet.made.set_row(each, POINTS_A_LINE * max(2, ceil(lines / rows)) + 4)
    return row + rows


def _head_cells(sheet: Written, at: tuple[int, int, int, int], text: str, *, align: str = "center") -> None:
    """Args: at is the first row and column and the last ones."""
    first_row, first, last_row, last = at
    look = FRAMED._replace(bold=True, align=align)
    for row in range(first_row, last_row + 1):
        for column in range(first, last + 1):
            is_first = (row, column) == (first_row, first)
            sheet.put(row, column, text if is_first else None, look, reads_days=False)
    sheet.join(first_row, first, last_row, last)


def _body(sheet: Written, row: int, what: Sheet) -> int:
    for block in what.blocks:
        if block.title:
            _head_cells(sheet, (row, 0, row, len(what.columns) - 1), block.title, align="left")
            sheet.made.set_row(row, POINTS_A_LINE + 4)
            row += 1
        for line in block.rows:
            _row(sheet, row, what.columns, line)
            row += 1
    if what.total is not None:
        _row(sheet, row, what.columns, what.total, bold=True)
        row += 1
    return row


def _row(sheet: Written, row: int, columns: Sequence[Column], line: dict[str, Any], *, bold: bool = False) -> None:
    lines = 1
    for place, column in enumerate(columns):
        value = line.get(column.key)
        number = ("0.##" if value % 1 else "0") if isinstance(value, Decimal) else ""
        sheet.put(row, place, value, FRAMED._replace(bold=bold, align=column.align), number=number)
        lines = max(lines, _lines(value, column.width))
    sheet.made.set_row(row, POINTS_A_LINE * lines + 4)


def _lines(value: Any, width: float) -> int:
    """How many lines a text takes in a cell of so many millimetres: not every program finds the height by itself."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, ceil(len(part) * MM_A_LETTER / width)) for part in value.split("\n"))


def _line(
    sheet: Written,
    row: int,
    columns: Sequence[Column],
    *texts: tuple[tuple[int, int], str, Look],
    is_centred: bool = True,
) -> None:
    """A row of texts, each across columns: the first and the last of them, the text, how it looks."""
    height = 0
    for (first, last), text, look in texts:
        sheet.across(row, first, last, text, look._replace(align="center") if is_centred else look)
        width = sum(column.width for column in columns[first : last + 1])
        height = max(height, (POINTS_A_LINE if look.size <= SIZE else 19) * _lines(text, width))
    sheet.made.set_row(row, height)


def _signers(sheet: Written, row: int, what: Sheet, halves: Sequence[tuple[int, int]]) -> int:
    """Titles of those who sign, and their names below the room for the signature; returns the row of the names."""
    bold = PAPER._replace(bold=True)
    titles = [title.split("\n") for title, _ in what.signers]
    for line in range(max(map(len, titles), default=0)):
        shown = [one[line] if line < len(one) else "" for one in titles]
        _line(sheet, row + line, what.columns, *((half, text, bold) for half, text in zip(halves, shown, strict=False)))
    names = [name for _, name in what.signers]
    _line(sheet, row + 6, what.columns, *((half, name, bold) for half, name in zip(halves, names, strict=False)))
    return row + 6


def _print_setup(sheet: Written) -> None:
    """A4 lying, one page wide, with the margins of the decree and the number of the page on top, not on the first."""
    made, inches = sheet.made, {side: length / MM_AN_INCH for side, length in MARGINS.items()}
    made.set_landscape()
    made.set_paper(A4)
    made.fit_to_pages(1, 0)
    made.set_margins(**inches)
    made.center_horizontally()
    made.set_header(f'&C&"{PAPER.font},Regular"&{SIZE}&P', {"margin": HEADER / MM_AN_INCH})


def _keep_with_signatures(
    sheet: Written, columns: Sequence[Column], head: tuple[int, int], last: int, end: int
) -> None:
    """Make the rows of the list somewhat higher where who signs would stand on a page with fewer than two of them: a
    workbook has no word for what is kept together, and its own breaks count for nothing on paper one page wide.

    Args: head is the first row of the titles and the first after them, last that of the list, end that of the names.
    """
    room = _room(columns)
    heights = [_height(sheet, row) for row in range(end + 1)]
    titles = sum(heights[slice(*head)])
    kept = last + 1 - ROWS_WITH_SIGNATURE  # the first of the rows that stay with the signatures
    pages = [_page_starts(heights, room * factor, titles) for factor in (1, LATITUDE)]
    starts = pages[-1]
    if kept <= head[1] or all(all(start <= kept for start in one) for one in pages):
        return
    page = max(at for at, start in enumerate(starts) if start < kept)
    first = max(starts[page], head[1])
    before = sum(heights[:first] if page == 0 else heights[slice(*head)])
    free = room * LATITUDE - before - sum(heights[first:kept]) - heights[kept] / 2
    if free > 0:
        for row in range(first, last + 1):
            sheet.made.set_row(row, heights[row] + free / (kept - first + 0.5))


def _room(columns: Sequence[Column]) -> float:
    """The height of a page between its margins, in points of what is printed smaller where the columns are broad."""
    wide, high = (
        (PAGE[at] - sum(MARGINS[side] for side in sides)) / MM_AN_INCH * POINTS_AN_INCH
        for at, sides in enumerate((("left", "right"), ("top", "bottom")))
    )
    width = sum(column.width / MM_A_CHARACTER * PIXELS_A_FIGURE + PIXELS_BESIDE for column in columns) * POINTS_A_PIXEL
    return high * max(1, width / wide)


def _height(sheet: Written, row: int) -> float:
    """Of a row that is written, in points."""
    pixels: float = sheet.made.row_sizes.get(row, (EMPTY_ROW / POINTS_A_PIXEL,))[0]
    return pixels * POINTS_A_PIXEL


def _page_starts(heights: Sequence[float], room: float, repeated: float) -> list[int]:
    """The rows with which pages begin; `repeated`: the height of the titles, which stand on each after the first."""
    starts, taken = [0], 0.0
    for row, height in enumerate(heights):
        if taken + height > room:
            starts.append(row)
            taken = repeated
        taken += height
    return starts
