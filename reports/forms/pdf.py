"""A form as a PDF: A4 landscape, or A3 where its columns ask for it, in type of 9 points, the titles on each page."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import fontpkg_ibm_plex_serif
from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, Spacer, Table, TableStyle

from cadres.text import thousands
from courses.documents.letterhead import STATE_MOTTO, STATE_TITLE
from reports.forms.layout import Cell, Form, Head, Row, Told, to_nobody

REGULAR, BOLD, ITALIC = "IBMPlexSerif-Regular", "IBMPlexSerif-Bold", "IBMPlexSerif-Italic"
SIZE, TITLE, LEADING = 9, 13, 11  # points
MARGIN = 12 * mm
ASIDE = 8  # points beside what stands below the table
PADDINGS = (2.0, 0.8)  # points beside the text of a cell; the second where the columns would not fit on A3
NARROWEST = 4.6 * mm  # an upright title of one line
TALLEST_HEAD = 42 * mm
ABOVE_TEXT = 1.5  # points, and below it
FRAME = 6  # points that the library keeps free around what is on a page
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


@dataclass(frozen=True)
class Fit:
    """How the columns lie on the paper: its size, their widths, and what a cell keeps free beside its text (points)."""

    page: tuple[float, float]
    widths: list[float]
    padding: float

    @property
    def room(self) -> float:
        return self.page[0] - 2 * MARGIN

    @property
    def height(self) -> float:
        """Of what is on a page, without the frame's own padding."""
        return self.page[1] - 2 * MARGIN - 2 * FRAME


def pdf(form: Form, out: IO[bytes], told: Told = to_nobody) -> None:
    """Write the form as PDF, a page at a time: no more of it is in memory than some pages and what is written.

    Raises TooWide where its columns do not fit on A3.
    """
    _fonts()
    fit = _fit(form)
    canvas = Canvas(out, pagesize=fit.page, lang="vi-VN")
    canvas.setTitle(form.title)
    canvas.setAuthor(form.issuer)
    above = _above(form, fit.room)
    taken = sum(part.wrap(fit.room, fit.height)[1] for part in above)
    done = 0
    for rows, page in _pages(form, fit, fit.height - taken):
        _draw(canvas, fit, [*above, *page])
        above, done = [], done + rows
        told(done, len(form.rows))
    canvas.save()


def _draw(canvas: Canvas, fit: Fit, parts: list[Flowable]) -> None:
    """A page of them, and another of what should not fit. Raises RuntimeError for a part higher than a page."""
    while parts:
        before = len(parts)
        Frame(MARGIN, MARGIN, fit.room, fit.page[1] - 2 * MARGIN, *[FRAME] * 4).addFromList(parts, canvas)
        if len(parts) == before:
            raise RuntimeError("a part of a form is higher than its page")
        canvas.setFont(REGULAR, SIZE)
        canvas.drawCentredString(fit.page[0] / 2, 6 * mm, str(canvas.getPageNumber()))
        canvas.showPage()


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


def _fit(form: Form) -> Fit:
    """The smaller of the two papers on which the columns fit, and their widths; closer to each other where need be."""
    longest = _longest(form)
    for padding in PADDINGS:
        needed = [_needed(form, place, text, padding) for place, text in enumerate(longest)]
        for paper in (A4, A3):
            page = landscape(paper)
            left = page[0] - 2 * MARGIN - sum(needed)
            if left >= 0:
                return Fit(page, _widened(form, needed, left), padding)
    raise TooWide(f"{form.code}: {sum(needed) / mm:.0f} mm")


def _longest(form: Form) -> list[float]:
    """The width of the longest text of each column that is as narrow as what stands in it; 0 of the others."""
    narrow = [place for place, column in enumerate(form.columns) if not column.width]
    longest = [0.0] * len(form.columns)
    for row in form.rows:
        font = BOLD if row.is_bold else REGULAR
        for place in narrow:
            if not row.is_group or place == 0:
                longest[place] = max(longest[place], stringWidth(_shown(row.cells[place]), font, SIZE))
    return longest


def _widened(form: Form, needed: list[float], left: float) -> list[float]:
    """What is left of the page goes to text first, then to all columns alike; none gets broad for nothing."""
    texts = [place for place, column in enumerate(form.columns) if column.width]
    whole = sum(needed[place] for place in texts)
    growth = min(left, MOST_GROWTH * whole)
    widths = [width + (growth * width / whole if place in texts and whole else 0) for place, width in enumerate(needed)]
    even = min((left - growth) / len(widths), WIDEST_NARROW)
    return [width + even for width in widths]


def _needed(form: Form, place: int, longest: float, padding: float) -> float:
    """How wide a column is at the least: its text as it is described, else the longest of what stands in it."""
    column = form.columns[place]
    if column.width:
        return column.width * mm
    number = stringWidth(form.numbered[place], ITALIC, SIZE - 1)
    upright = LEADING * len(simpleSplit(column.heads[-1], BOLD, SIZE, TALLEST_HEAD))
    return max(longest + 2 * padding, number + 2 * padding, upright + 2, NARROWEST)


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    return thousands(value) if isinstance(value, int) else value


# ---------------------------------------------------------------- the table


@dataclass(frozen=True)
class Line:
    """A row as it is set: its cells broken into lines, and its height."""

    row: Row
    cells: list[str]
    height: float


def _pages(form: Form, fit: Fit, first: float) -> Iterator[tuple[int, list[Flowable]]]:
    """The table, a page of it each, under its titles, and at its end the notes and who signs, with the rows before;
    with each page how many rows are on it.

    `first`: the height left on the first page. The library would divide one table by itself, but in a time that grows
    with the square of the rows: 17 seconds for 3,600.
    """
    titles = _titles(form, fit)
    below = _below(form, fit.room)
    foot = sum(part.wrap(fit.room, fit.height)[1] for part in below) + 2
    taken = sum(titles[1])
    pages: deque[list[Line]] = deque([[]])
    left = first - taken
    for row in form.rows:
        line = _line(form, fit, row)
        if line.height > left and pages[-1]:
            # A heading goes to the rows that it is of.
            moved = [pages[-1].pop()] if len(pages[-1]) > 1 and pages[-1][-1].row.is_group else []
            pages.append(moved)
            left = fit.height - taken - sum(one.height for one in moved)
        pages[-1].append(line)
        left -= line.height
        while len(pages) > SIGNED_WITH + 1:  # nothing of it can move to the page of the signatures
            page = pages.popleft()
            yield len(page), [_table(form, fit, titles, page)]
    if foot > left:
        pages.append([])
    while len(pages) > 1 and len(pages[-1]) < min(SIGNED_WITH, len(form.rows)):
        pages[-1].insert(0, pages[-2].pop())
        pages = deque(filter(None, pages))
    last = list(filter(None, pages)) or [[]]
    for page in last[:-1]:
        yield len(page), [_table(form, fit, titles, page)]
    yield len(last[-1]), [_table(form, fit, titles, last[-1]), *below]


def _line(form: Form, fit: Fit, row: Row) -> Line:
    font = BOLD if row.is_bold else REGULAR
    cells = [
        _broken(
            _shown(value),
            font,
            (sum(fit.widths[1:]) if row.is_group and place == 1 else fit.widths[place]) - 2 * fit.padding,
        )
        for place, value in enumerate(row.cells)
    ]
    return Line(row, cells, LEADING * (1 + max(cell.count("\n") for cell in cells)) + 2 * ABOVE_TEXT)


def _titles(form: Form, fit: Fit) -> tuple[list[list[Any]], list[float], list[Any]]:
    """The titles and the row that numbers them, the height of each, and which cells are one."""
    cells: list[list[Any]] = [[""] * len(form.columns) for _ in range(form.depth)]
    spans: list[Any] = []
    heights = _fill_heads(form, fit, cells, spans)
    return [*cells, list(form.numbered)], [*heights, LEADING + 2 * ABOVE_TEXT], spans


def _table(form: Form, fit: Fit, titles: tuple[list[list[Any]], list[float], list[Any]], lines: list[Line]) -> Table:
    """The titles and these rows."""
    head, heights, spans = titles
    depth = form.depth
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, SIZE, LEADING),
        ("FONT", (0, 0), (-1, depth - 1), BOLD, SIZE, LEADING),
        ("FONT", (0, depth), (-1, depth), ITALIC, SIZE - 1, LEADING),
        ("ALIGN", (0, 0), (-1, depth), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), fit.padding),
        ("RIGHTPADDING", (0, 0), (-1, -1), fit.padding),
        ("TOPPADDING", (0, 0), (-1, -1), ABOVE_TEXT),
        ("BOTTOMPADDING", (0, 0), (-1, -1), ABOVE_TEXT),
        ("GRID", (0, 0), (-1, -1), 0.4, colors.black),
        *spans,
    ]
    for place, column in enumerate(form.columns):
        style.append(("ALIGN", (place, depth + 1), (place, -1), column.align.upper()))
    for at, line in enumerate(lines, start=depth + 1):
        if line.row.is_bold:
            style.append(("FONT", (0, at), (-1, at), BOLD, SIZE, LEADING))
        if line.row.is_group:
            style.append(("SPAN", (1, at), (-1, at)))
    return Table(
        [*head, *(line.cells for line in lines)],
        fit.widths,
        rowHeights=[*heights, *(line.height for line in lines)],
        style=TableStyle(style),
    )


def _broken(text: str, font: str, room: float) -> str:
    return text if stringWidth(text, font, SIZE) <= room else "\n".join(simpleSplit(text, font, SIZE, room))


def _fill_heads(form: Form, fit: Fit, cells: list[list[Any]], style: list[Any]) -> list[float]:
    """Write the titles; returns how high each row of them is."""
    heights = [LEADING + 4.0] * form.depth
    found: list[tuple[Head, float]] = []
    for head in form.heads:
        width = sum(fit.widths[head.column : head.column + head.columns]) - 2 * fit.padding
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
    notes = [[line] for note in form.all_notes for line in simpleSplit(note, ITALIC, SIZE, room - ASIDE)]
    parts: list[Flowable] = []
    if notes:
        told = TableStyle([("FONT", (0, 0), (-1, -1), ITALIC, SIZE, LEADING), ("TOPPADDING", (0, 0), (-1, -1), 0),
                           ("BOTTOMPADDING", (0, 0), (-1, -1), 0), ("LEFTPADDING", (0, 0), (-1, -1), 0)])  # fmt: skip
        parts += [Table(notes, [room - ASIDE], style=told), Spacer(1, 3 * mm)]
    parts.append(
        _plain(
            [list(form.signers), ["(Ký, ghi rõ họ tên)", "(Ký, đóng dấu)"]],
            [(room - ASIDE) / 2] * 2,
            [(BOLD, BOLD), (ITALIC, ITALIC)],
        )
    )
    return [*parts, Spacer(1, ROOM_TO_SIGN)]
