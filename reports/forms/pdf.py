"""A form as a PDF: A4 landscape, or A3 where its columns ask for it, in type of 9 points, the titles on each page."""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import fontpkg_ibm_plex_serif
from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, LongTable, SimpleDocTemplate, Spacer, Table, TableStyle

from cadres.text import thousands
from courses.documents.letterhead import STATE_MOTTO, STATE_TITLE
from reports.forms.layout import Cell, Form, Head

REGULAR, BOLD, ITALIC = "IBMPlexSerif-Regular", "IBMPlexSerif-Bold", "IBMPlexSerif-Italic"
SIZE, TITLE, LEADING = 9, 13, 11  # points
MARGIN = 12 * mm
PADDING = 2.0  # points beside the text of a cell
NARROWEST = 5.5 * mm
TALLEST_HEAD = 42 * mm
MOST_GROWTH = 0.8  # of the width of text columns
WIDEST_NARROW = 12 * mm  # what a column of figures may get beyond its need
SIGNED_WITH = 3  # rows of the table that stay on the page of the signatures
ROOM_TO_SIGN = 20 * mm


class TooWide(ValueError):  # noqa: N818 — says what it is
    """The columns do not fit on A3."""


@cache
def _fonts() -> None:
    """Make the typeface known, once: a serif with Vietnamese, from a package."""
    folder = Path(fontpkg_ibm_plex_serif.__file__).parent / "files"
    for name in (REGULAR, BOLD, ITALIC):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))


class Turned(Flowable):
    """A title that stands upright, in as many lines as it needs within the height."""

    def __init__(self, text: str, height: float) -> None:
        super().__init__()
        self.lines = simpleSplit(text, BOLD, SIZE, height)
        self.width = LEADING * len(self.lines)
        self.height = max(stringWidth(line, BOLD, SIZE) for line in self.lines)

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self.canv.rotate(90)
        self.canv.setFont(BOLD, SIZE)
        for number, line in enumerate(self.lines):
            own = stringWidth(line, BOLD, SIZE)
            self.canv.drawString((self.height - own) / 2, -LEADING * (number + 1) + 2.5, line)


def pdf(form: Form) -> bytes:
    """The form as PDF. Raises TooWide where its columns do not fit on A3."""
    _fonts()
    page, widths = _page_for(form)
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=page,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=form.title,
        author=form.issuer,
        lang="vi-VN",
    )
    room = page[0] - 2 * MARGIN
    document.build([*_above(form, room), _table(form, widths, room)], onFirstPage=_foot, onLaterPages=_foot)
    return out.getvalue()


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(REGULAR, SIZE)
    canvas.drawCentredString(document.pagesize[0] / 2, 6 * mm, str(canvas.getPageNumber()))


def _above(form: Form, room: float) -> list[Flowable]:
    """The head of the paper, the title, and what stands below it."""
    head = _plain(
        [
            [form.above, STATE_TITLE],
            [form.issuer, STATE_MOTTO],
            [form.mark, form.place_and_day],
        ],
        [room * 0.4, room * 0.6],
        [(REGULAR, BOLD), (BOLD, BOLD), (ITALIC, ITALIC)],
    )
    lines = [[line] for text in form.lines for line in simpleSplit(text, REGULAR, SIZE + 1, room)]
    title = [[line] for line in simpleSplit(form.title, BOLD, TITLE, room)]
    below = _plain(
        [*title, *lines], [room], [(BOLD,)] * len(title) + [(REGULAR,)] * len(lines), sizes=[TITLE] * len(title)
    )
    parts: list[Flowable] = [head, Spacer(1, 4 * mm), below, Spacer(1, 2 * mm)]
    if form.unit:
        unit = _plain([[f"Đơn vị tính: {form.unit}"]], [room], [(ITALIC,)])
        unit.setStyle(TableStyle([("ALIGN", (0, 0), (-1, -1), "RIGHT")]))
        parts.append(unit)
    return parts


def _plain(
    rows: list[list[Any]], widths: list[float], fonts: Sequence[Sequence[str]], *, sizes: Sequence[int] = ()
) -> Table:
    """Centred text without a frame; `sizes` of the first rows, then 10 points."""
    style: list[Any] = [
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    for row, names in enumerate(fonts):
        size = sizes[row] if row < len(sizes) else SIZE + 1
        for column, name in enumerate(names):
            style.append(("FONT", (column, row), (column, row), name, size, size * 1.25))
    return Table(rows, widths, style=TableStyle(style))


# ---------------------------------------------------------------- widths


def _page_for(form: Form) -> tuple[tuple[float, float], list[float]]:
    """The smaller of the two papers on which the columns fit, and their widths."""
    needed = [_needed(form, place) for place in range(len(form.columns))]
    for paper in (A4, A3):
        page = landscape(paper)
        left = page[0] - 2 * MARGIN - sum(needed)
        if left >= 0:
            return page, _widened(form, needed, left)
    raise TooWide(f"{form.code}: {sum(needed) / mm:.0f} mm")


def _widened(form: Form, needed: list[float], left: float) -> list[float]:
    """What is left of the page goes to text first, then to all columns alike; none gets broad for nothing."""
    texts = [place for place, column in enumerate(form.columns) if column.width]
    whole = sum(needed[place] for place in texts)
    growth = min(left, MOST_GROWTH * whole)
    widths = [width + (growth * width / whole if place in texts and whole else 0) for place, width in enumerate(needed)]
    even = min((left - growth) / len(widths), WIDEST_NARROW)
    return [width + even for width in widths]


def _needed(form: Form, place: int) -> float:
    """How wide a column is at the least: its text as it is described, else the longest of what stands in it."""
    column = form.columns[place]
    if column.width:
        return column.width * mm
    longest = max(
        (
            stringWidth(_shown(row.cells[place]), BOLD if row.is_bold else REGULAR, SIZE)
            for row in form.rows
            if not row.is_group or place == 0
        ),
        default=0,
    )
    number = stringWidth(form.numbered[place], ITALIC, SIZE - 1)
    upright = LEADING * len(simpleSplit(column.heads[-1], BOLD, SIZE, TALLEST_HEAD))
    return max(longest + 2 * PADDING, number + 2 * PADDING, upright + 2, NARROWEST)


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    return thousands(value) if isinstance(value, int) else value


# ---------------------------------------------------------------- the table


def _table(form: Form, widths: list[float], room: float) -> LongTable:
    """Titles, numbers, rows, and as the last row, without a frame, the notes and who signs: it stays with the rows
    before it."""
    depth, number = form.depth, len(form.columns)
    cells: list[list[Any]] = [[""] * number for _ in range(depth)]
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SIZE, LEADING),
        ("FONT", (0, 0), (-1, depth - 1), BOLD, SIZE, LEADING),
        ("FONT", (0, depth), (-1, depth), ITALIC, SIZE - 1, LEADING),
        ("ALIGN", (0, 0), (-1, depth), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("GRID", (0, 0), (-1, -2), 0.4, colors.black),
    ]
    for place, column in enumerate(form.columns):
        style.append(("ALIGN", (place, depth + 1), (place, -1), column.align.upper()))
    heights = _fill_heads(form, widths, cells, style)
    cells.append(list(form.numbered))
    for at, row in enumerate(form.rows, start=depth + 1):
        font = BOLD if row.is_bold else REGULAR
        if row.is_bold:
            style.append(("FONT", (0, at), (-1, at), BOLD, SIZE, LEADING))
        if row.is_group:
            style.append(("SPAN", (1, at), (-1, at)))
        cells.append(
            [
                _broken(_shown(value), font, sum(widths[1:]) if row.is_group and place == 1 else widths[place])
                for place, value in enumerate(row.cells)
            ]
        )
    cells.append([_below(form, room), *[""] * (number - 1)])
    style += [
        ("SPAN", (0, -1), (-1, -1)),
        ("NOSPLIT", (0, max(-1 - SIGNED_WITH, -1 - len(form.rows))), (-1, -1)),
    ]
    return LongTable(
        cells,
        widths,
        rowHeights=[*heights, *[None] * (len(cells) - depth)],
        repeatRows=depth + 1,
        style=TableStyle(style),
    )


def _broken(text: str, font: str, width: float) -> str:
    room = width - 2 * PADDING
    return text if stringWidth(text, font, SIZE) <= room else "\n".join(simpleSplit(text, font, SIZE, room))


def _fill_heads(form: Form, widths: list[float], cells: list[list[Any]], style: list[Any]) -> list[float]:
    """Write the titles; returns how high each row of them is."""
    heights = [LEADING + 4.0] * form.depth
    found: list[tuple[Head, float]] = []
    for head in form.heads:
        width = sum(widths[head.column : head.column + head.columns]) - 2 * PADDING
        is_upright = any(stringWidth(word, BOLD, SIZE) > width for word in head.text.split())
        cell: Any = Turned(head.text, TALLEST_HEAD) if is_upright else "\n".join(
            simpleSplit(head.text, BOLD, SIZE, width)
        )  # fmt: skip
        cells[head.row][head.column] = cell
        needed = cell.height + 6 if isinstance(cell, Turned) else LEADING * (cell.count("\n") + 1) + 4
        if head.rows == 1:
            heights[head.row] = max(heights[head.row], needed)
        else:
            found.append((head, needed))
        end = head.column + head.columns - 1, head.row + head.rows - 1
        style.append(("SPAN", (head.column, head.row), end))
    for head, needed in found:
        lacking = needed - sum(heights[head.row : head.row + head.rows])
        heights[-1] += max(lacking, 0)
    return heights


def _below(form: Form, room: float) -> list[Flowable]:
    """The notes, and the two who sign."""
    notes = [[line] for note in form.all_notes for line in simpleSplit(note, ITALIC, SIZE, room - 4 * PADDING)]
    parts: list[Flowable] = []
    if notes:
        told = TableStyle([("FONT", (0, 0), (-1, -1), ITALIC, SIZE, LEADING), ("TOPPADDING", (0, 0), (-1, -1), 0),
                           ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("LEFTPADDING", (0, 0), (-1, -1), 0)])  # fmt: skip
        parts += [Table(notes, [room - 4 * PADDING], style=told), Spacer(1, 3 * mm)]
    parts.append(
        _plain(
            [list(form.signers), ["(Ký, ghi rõ họ tên)", "(Ký, đóng dấu)"]],
            [(room - 4 * PADDING) / 2] * 2,
            [(BOLD, BOLD), (ITALIC, ITALIC)],
        )
    )
    return [*parts, Spacer(1, ROOM_TO_SIGN)]
