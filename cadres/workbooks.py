"""The one writer of workbooks that leave: lists, registers, catalogues, exports, official forms, papers of classes.

A cell is what its value is: days and numbers are real ones, whatever is text stays text, numbers of persons and papers
and what looks like a formula among it. Rows go to a temporary file as they come, so that a file of any length takes
the memory of one row. What is on paper (A4, heads on each page, numbers of pages) is said here once.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import IO, Any, NamedTuple

import xlsxwriter
from django.utils.timezone import is_aware, make_naive
from xlsxwriter.worksheet import Worksheet

from cadres.periods import PartialDate, Precision

FONT = "Times New Roman"
A3, A4 = 8, 9  # as workbooks number the sizes of paper
LONGEST_NAME = 31  # characters of a sheet's
LONGEST_TEXT = 32_767  # characters of a cell
LONGEST_TYPED = 255  # characters: some programs show a longer one of the format “text” as ####
FIRST_DAY = date(1900, 3, 1)  # before it workbooks count days wrongly, or not at all
FORBIDDEN_IN_A_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
A_DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})")

TEXT, LONG_TEXT, DAY, MOMENT, WHOLE, PART = "@", "General", "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "#,##0", "0.0"


class Look(NamedTuple):
    """How a cell looks; `colour` behind it as hexadecimal figures, `edge` of its frame, none without it."""

    bold: bool = False
    italic: bool = False
    underlined: bool = False
    size: int = 11  # points
    align: str = "left"
    wrapped: bool = False
    upright: bool = False
    edge: str = ""
    colour: str = ""
    font: str = FONT


PLAIN = Look()


def typed(value: Any, *, reads_days: bool = True) -> tuple[Any, str]:
    """A value as a workbook keeps it, and the format of its number; None for an empty cell.

    A text that is a whole day (05/08/1979) is that day, unless `reads_days` is False; one that is less stays text.
    """
    if value is None or value == "":
        return None, LONG_TEXT
    if isinstance(value, str):
        day = A_DAY.fullmatch(value) if reads_days else None
        if day is not None and (found := _day_of(*map(int, day.groups()))):
            return found, DAY
        text = ILLEGAL.sub("", value)[:LONGEST_TEXT]
        return text or None, TEXT if len(text) <= LONGEST_TYPED else LONG_TEXT
    if isinstance(value, PartialDate):
        return typed(value.first_day if value.precision == Precision.DAY else str(value))
    if isinstance(value, datetime):
        return (make_naive(value) if is_aware(value) else value), MOMENT
    if isinstance(value, date):
        return (value, DAY) if value >= FIRST_DAY else (f"{value:%d/%m/%Y}", TEXT)
    return value, PART if isinstance(value, Decimal | float) else WHOLE


def _day_of(day: int, month: int, year: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found >= FIRST_DAY else None


class Book:
    """A workbook that is written to the stream, sheet by sheet; `with` closes it.

    `in_rows`: its rows come one after the other, none is gone back to, and none is kept in memory.
    """

    def __init__(self, stream: IO[bytes], *, title: str = "", in_rows: bool = True) -> None:
        self._book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": in_rows,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                # Widths are counted in figures of this typeface: one that everybody has, or a sheet that fills its
                # paper would be printed a quarter smaller where it has to be replaced by a broader one.
                "default_format_properties": {"font_name": FONT, "font_size": PLAIN.size},
            },
        )
        self._book.set_properties({"title": title, "author": ""})
        self._formats: dict[tuple[Look, str], Any] = {}
        self._names: set[str] = set()

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        if kind is None:
            self._book.close()

    def sheet(self, name: str, *, is_hidden: bool = False, is_first_bare: bool = False) -> "Sheet":
        """A new sheet, by a name as workbooks allow them, each once; `is_first_bare`: no number on the first page."""
        allowed = FORBIDDEN_IN_A_NAME.sub(" ", ILLEGAL.sub("", name)).strip()[:LONGEST_NAME] or "-"
        taken, number = allowed, 1
        while taken.lower() in self._names:
            number += 1
            taken = f"{allowed[: LONGEST_NAME - 4]} {number}"
        self._names.add(taken.lower())
        made = self._book.add_worksheet(taken, FirstPageBare if is_first_bare else None)
        if is_hidden:
            made.hide()
        return Sheet(self, made)

    def frame(self) -> Any:
        """A frame and nothing else, to be laid over the format of cells."""
        return self._book.add_format({"border": 1})

    def format_of(self, look: Look, number: str = LONG_TEXT) -> Any:
        """The format of such cells, made once."""
        if (look, number) not in self._formats:
            self._formats[look, number] = self._book.add_format(_options(look) | {"num_format": number})
        return self._formats[look, number]


def _options(look: Look) -> dict[str, Any]:
    options: dict[str, Any] = {
        "font_name": look.font,
        "font_size": look.size,
        "bold": look.bold,
        "italic": look.italic,
        "underline": int(look.underlined),
        "align": look.align,
        "valign": "vcenter",
        "text_wrap": look.wrapped,
        "rotation": 90 if look.upright else 0,
    }
    if look.edge:
        options |= {"border": 1, "border_color": f"#{look.edge}"}
    if look.colour:
        options |= {"bg_color": f"#{look.colour}"}
    return options


class FirstPageBare(Worksheet):
    """A sheet whose first page has neither head nor foot, which the library has no word for."""

    def _xml_start_tag(self, tag: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        super()._xml_start_tag(tag, [*attributes, ("differentFirst", 1)] if tag == "headerFooter" else attributes)


class Sheet:
    """A sheet that is being written; rows and columns are counted from 0. `made` is the library's own."""

    def __init__(self, book: Book, made: Any) -> None:
        self.book, self.made = book, made

    def put(
        self, row: int, column: int, value: Any, look: Look = PLAIN, *, reads_days: bool = True, number: str = ""
    ) -> None:
        """Write a cell by the type of its value; `number`: the format, where it is not that of the type."""
        value, of_type = typed(value, reads_days=reads_days)
        form = self.book.format_of(look, number or of_type)
        if value is None:
            self.made.write_blank(row, column, None, form)
        elif isinstance(value, str):
            self.made.write_string(row, column, value, form)
        elif isinstance(value, date):
            self.made.write_datetime(row, column, value, form)
        else:
            self.made.write_number(row, column, value, form)

    def across(self, row: int, first: int, last: int, text: str, look: Look) -> None:
        """Write a text over several columns."""
        self.put(row, first, text, look, reads_days=False)
        for place in range(first + 1, last + 1):
            self.made.write_blank(row, place, None, self.book.format_of(look))
        self.join(row, first, row, last)

    def join(self, first_row: int, first: int, last_row: int, last: int) -> None:
        """Make one cell of those, which are written each by itself: the library's own way would go back to rows that
        are gone."""
        if (first_row, first) != (last_row, last):
            self.made.merge.append([first_row, first, last_row, last])

    def frame_where(self, formula: str, first_row: int, first: int, last_row: int, last: int) -> None:
        """Frame each of those cells for which the formula holds, written as for the first of them."""
        frame = self.book.frame()
        self.made.conditional_format(
            first_row, first, last_row, last, {"type": "formula", "criteria": formula, "format": frame}
        )

    def widths(self, widths: Sequence[float]) -> None:
        """Of the columns, in characters."""
        for place, width in enumerate(widths):
            self.made.set_column(place, place, width)

    def height(self, row: int, points: float) -> None:
        """Of a row that is being written; what the library keeps of those before it, which are gone, it may forget."""
        for kept in (self.made.row_info, self.made.row_sizes):
            for gone in [before for before in kept if before < row - 1]:
                del kept[gone]
        self.made.set_row(row, points)

    def paper(
        self, *, size: int = A4, is_landscape: bool = True, repeated: tuple[int, int] | None = None, margin: float = 0.5
    ) -> None:
        """Set up for printing: all columns on one page across, the rows `repeated` on each, pages numbered; `margin` at
        the sides in inches."""
        if is_landscape:
            self.made.set_landscape()
        self.made.set_paper(size)
        self.made.fit_to_pages(1, 0)
        self.made.set_margins(left=margin, right=margin, top=0.6, bottom=0.7)
        self.made.set_footer("&C&10Trang &P/&N")
        if repeated:
            self.made.repeat_rows(*repeated)


# ---------------------------------------------------------------- widths by content

NARROWEST, WIDEST = 5.0, 48.0  # characters
LONGEST_WORD = 20  # characters; a longer one is broken
ROOM_PORTRAIT, ROOM_LANDSCAPE = 92, 142  # characters on A4 in type of 11 points
MOST_ROOM = 172  # characters: more would be printed in type below 9 points
MOST_LINES = 8
BESIDE = 1.8  # characters that a cell keeps free
FIGURES, A_LETTER, A_BOLD = "0123456789", 0.8, 1.15  # a letter of the typeface beside a figure, and a bold one
WORDS_FILL = 0.9  # of a line, where words are not divided
POINTS_A_LINE = 15


def fitting(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[float]:
    """How wide columns of those heads and rows of values are, in characters: as wide as what stands in them, broken
    into lines where it would not fit on A4 landscape in readable type."""
    needed = [_longest_word(head, bold=True) for head in heads]
    least = list(needed)
    for row in rows:
        for place, value in enumerate(row):
            text = _shown(value)
            if len(text) > needed[place]:
                needed[place] = max(needed[place], *map(_length, text.split("\n")))
            if len(text) > least[place]:
                least[place] = max(least[place], min(_longest_word(text), LONGEST_WORD))
    lines = 1.0  # that a long text takes: all columns give way alike, so that none makes its rows much higher
    while True:
        widths = [
            max(min(of_all, WIDEST) / lines, of_word, NARROWEST - BESIDE) + BESIDE
            for of_all, of_word in zip(needed, least, strict=True)
        ]
        if sum(widths) <= MOST_ROOM or lines > MOST_LINES:
            return widths
        lines += 0.05


def _length(text: str) -> float:
    """Of a text, in figures: letters are narrower."""
    figures = sum(map(text.count, FIGURES))
    return figures + (len(text) - figures) * A_LETTER


def _longest_word(text: str, *, bold: bool = False) -> float:
    return max((_length(word) for word in text.split()), default=0) * (A_BOLD if bold else 1)


def _shown(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else "" if value is None else str(value)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell of so many characters."""
    room = max(width - BESIDE, 1)
    lengths = (_length(line) if len(line) > room else 0 for line in text.split("\n"))
    return sum(ceil(length / room / WORDS_FILL) if length > room + 0.1 else 1 for length in lengths)
