"""A header in use: what each row below it is by its columns, and what is counted of the people."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cadres.roster.cell_names import letters_of
from cadres.roster.column_meanings import ColumnFound
from cadres.roster.groups import ORDER_MARK
from cadres.roster.header import Header
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.not_people import REASON_LEFT, is_like_a_name, is_vacant
from cadres.roster.reading import Cell
from cadres.roster.rows import BLANK, RawRow, UnreadColumn, cell_text, is_ticked, mark_of
from cadres.text import fold

TOTAL = re.compile(r"^(?:tổng\s*cộng|tổng\s*số|tổng|cộng(?!\s*h(?:òa|oà)))\b", re.IGNORECASE)
COUNT = re.compile(r"(\d{1,9})(?: người)?")
NUMBERED = re.compile(r"\d+\s*[.)]?")
# What makes a row a person's when it stands beside a name (or without one).
EVIDENCE = {
    "birth_date", "national_id", "position", "ethnic_group", "education", "professional", "political_theory",
    "state_management", "appointed_on", "party_joined_on", "sex", "commune",
}  # fmt: skip
STRONG_EVIDENCE = {"birth_date", "national_id", "position"}
# What a second line of a person cannot say again.
SAID_ONCE = {"birth_date", "national_id", "sex", "ethnic_group"}
UNCOUNTED = {"birth_date", "party_joined_on"}  # a number below a year in one of their columns is a head count
LOWEST_YEAR = 1900
# A number in one of these columns of a total row is the head count; elsewhere it counts the marks of its column.
HEAD_COUNT_FIELDS = {*NAME_FIELDS, "row_number", "position"}
# How a text begins that is no name, whatever stands beside it. (`Xa` without its mark is a family name.)
NO_NAME = re.compile(
    r"^\W*(?:ubnd|u[ỷy] ?ban|[uủ][ỷy] ban|hđnd|đảng [uủ][ỷy]|đảng bộ|xã|phường|thị trấn|huyện|đơn vị|danh sách|khối)\b",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"\d{4}|\d\s*[/.-]\s*\d")
SAMPLE_ROWS, SAMPLES = 50, 3


class Table:
    """A header in use: which columns make a row a person's, and samples of all columns for a screen to show."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.persons = 0
        columns = [column for column in header.columns if column.field]
        self.names = [column.index for column in columns if column.field in NAME_FIELDS]
        self.number = next((column.index for column in columns if column.field == "row_number"), None)
        self.evidence = [
            (column.index, column.field) for column in columns if column.field in EVIDENCE and not column.level
        ]
        self.certain = [index for index, field_name in self.evidence if field_name not in UNCOUNTED]
        self.ticks = [(column.index, column.field) for column in columns if column.level]
        self.counted = [column for column in columns if column.level or column.sex or column.field == "party_joined_on"]
        if len({column.index for column in self.counted if column.field == "party_joined_on"}) > 1:
            self.counted = [column for column in self.counted if column.field != "party_joined_on"]
        self.unread = {column.index: 0 for column in header.columns if not column.field}  # cells of people in each
        self.head_count = {column.index for column in columns if column.field in HEAD_COUNT_FIELDS}
        self.reasons_left = [column.index for column in header.columns if REASON_LEFT.match(fold(column.title))]

    def name_in(self, cells: list[Cell]) -> str:
        width = len(cells)
        return " ".join(text for index in self.names if index < width and (text := cell_text(cells[index])))

    def is_numbered(self, cells: list[Cell]) -> bool:
        return bool(NUMBERED.fullmatch(self.number_in(cells)))

    def number_in(self, cells: list[Cell]) -> str:
        return cell_text(cells[self.number]) if self.number is not None and self.number < len(cells) else ""

    def text_of(self, field_name: str, cells: list[Cell]) -> str:
        """The text of the first filled column of a field."""
        columns = (column.index for column in self.header.columns if column.field == field_name)
        return next((text for index in columns if index < len(cells) and (text := cell_text(cells[index]))), "")

    def said_in(self, cells: list[Cell]) -> set[str]:
        """The fields that the row states, head counts left out."""
        width = len(cells)
        return {
            of
            for index, of in self.evidence
            if index < width and cells[index] != "" and not (of in UNCOUNTED and _is_count(cells[index]))
        }

    def ticked_in(self, cells: list[Cell]) -> set[str]:
        return {of for index, of in self.ticks if index < len(cells) and cells[index] != ""}

    def is_person(self, cells: list[Cell], *, names_group: Callable[[str], bool], below_footer: bool) -> bool:
        width = len(cells)
        name = self.name_in(cells)
        is_numbered = self.is_numbered(cells)
        if (
            is_numbered
            and len(name) > 5
            and any(index < width and cells[index] != "" for index in self.certain)
            and not NO_NAME.match(name)
        ):
            return True  # as nearly always
        said, ticked = self.said_in(cells), self.ticked_in(cells)
        if not name:
            first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
            return len(said | ticked) >= 3 and not said.isdisjoint(STRONG_EVIDENCE) and not TOTAL.match(first)
        if TOTAL.match(name) and not is_numbered:
            return False
        if len(name) <= 5 and (not any(map(str.isalpha, name)) or ORDER_MARK.match(name)):
            return False
        is_unit = NO_NAME.match(name) and "position" not in said
        if (not said or is_unit or not self._is_somebodys(cells)) and names_group(name):
            return False  # `1 | Xã Bản Phố | 18`: a group row with its counts
        if not is_numbered:
            is_evident = len(said | ticked) >= 2 or not said.isdisjoint(("birth_date", "national_id"))
            return is_evident and not below_footer
        return bool(said or ticked) or not below_footer

    def _is_somebodys(self, cells: list[Cell]) -> bool:
        """Whether a date or a year of birth, a number, or a post in a commune says that the row is somebody's."""
        births = (self.text_of("birth_date", cells), self.text_of("national_id", cells))
        if any(map(DATE_LIKE.search, births)):
            return True
        said = {self.name_in(cells), self.text_of("position", cells), self.text_of("commune", cells)}
        return len(said) == 3 and all(any(map(str.isalpha, text)) and not COUNT.fullmatch(text) for text in said)

    def is_vacancy(self, cells: list[Cell]) -> bool:
        """Whether the row says that nobody holds a post: a word for that, or nothing, in the place of the name."""
        width = len(cells)
        if not self.said_in(cells).isdisjoint(("birth_date", "national_id")) and not all(
            is_vacant(text) for name in ("birth_date", "national_id") if (text := self.text_of(name, cells))
        ):
            return False
        name = self.name_in(cells)
        if name:
            is_told = is_vacant(name)
            return is_told and (any(map(str.isalpha, name)) or self._has_post_or_number(cells))
        if not self._has_post_or_number(cells):
            return False
        others = [text for cell in cells if (text := cell_text(cell)) and not BLANK.match(text)]
        if any(is_vacant(text) and len(text) > 3 for text in others):
            return True
        positions = {column.index for column in self.header.columns if column.field == "position"}
        filled = {index for index in range(width) if cells[index] != "" and not BLANK.match(cell_text(cells[index]))}
        return self.is_numbered(cells) and bool(filled & positions) and filled <= {*positions, self.number}

    def _has_post_or_number(self, cells: list[Cell]) -> bool:
        return self.is_numbered(cells) or bool(self.text_of("position", cells))

    def is_second_line(self, cells: list[Cell], person: RawRow) -> bool:
        """Whether the row goes on with the person of the row above: no number, and nothing that would be another's.

        `| Long |` below `2 | Nguyễn Hoàng`; `| | Chủ tịch HĐND | ĐH Luật` below a person with another post.
        """
        if self.number_in(cells):
            return False
        name = self.name_in(cells)
        said = self.said_in(cells)
        again = said & SAID_ONCE & self.said_in(person.line)
        if "birth_date" in again or "national_id" in again:
            return False
        if name:
            if is_vacant(name):
                return False
            is_rest = " " not in name or name.startswith("(") or " " not in self.name_in(person.line)
            return is_rest and said.isdisjoint(SAID_ONCE)
        return any(
            (
                isinstance(cell, str)
                and (text := cell_text(cell))
                and not text.isdigit()
                and (not BLANK.match(text) and (len(text) > 1 or mark_of(text) is True))
            )
            or not isinstance(cell, str | float)
            or (isinstance(cell, float) and cell >= LOWEST_YEAR)
            for cell in cells
        )

    def has_left(self, cells: list[Cell]) -> bool:
        """Whether the row says why the person has left."""
        return any(
            index < len(cells) and (text := cell_text(cells[index])) and not BLANK.match(text) and mark_of(text) is None
            for index in self.reasons_left
        )

    def resembles_person(self, cells: list[Cell]) -> bool:
        """Whether the row looks like one of this table's people: a number, a name in its column, and two facts."""
        return (
            (self.number is None or self.is_numbered(cells))
            and is_like_a_name(self.name_in(cells))
            and len(self.said_in(cells) | self.ticked_in(cells)) >= 2
        )

    def add(self, cells: list[Cell]) -> None:
        """Count a person, and the cells in columns that nobody reads; keep what the first ones have in each column."""
        self.persons += 1
        for index in range(len(self.header.columns), len(cells)):  # right of all titles
            self.unread.setdefault(index, 0)
        for index in self.unread:
            if index < len(cells) and (cell := cells[index]) != "" and not BLANK.match(cell_text(cell)):
                self.unread[index] += 1
        if self.persons > SAMPLE_ROWS:
            return
        for column in self.header.columns:
            if len(column.samples) < SAMPLES and column.index < len(cells):
                text = cell_text(cells[column.index])
                if text and text not in column.samples:
                    column.samples.append(text)

    def unread_columns(self, sheet: str) -> Iterator[UnreadColumn]:
        """The columns of the table that are filled in rows of people and not read, from the left."""
        columns = {column.index: column for column in self.header.columns}
        for index, cells in sorted(self.unread.items()):
            if not cells:
                continue
            column = columns.get(index)
            yield UnreadColumn(
                sheet,
                letters_of(index),
                column.title if column else "",
                cells,
                is_never_kept=bool(column and column.not_kept),
                suggested=column.suggested if column else "",
            )


@dataclass(slots=True)
class Counts:
    """People counted, and ticks by mark column."""

    people: int = 0
    marks: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def of(self, column: int | None) -> int:
        """The ticks of a mark column; without one, the people."""
        return self.people if column is None else self.marks[column]

    def add(self, columns: list[ColumnFound], cells: list[Cell]) -> None:
        """Count a person, by the mark columns of the table."""
        self.people += 1
        for column in columns:
            cell = cells[column.index] if column.index < len(cells) else ""
            if is_ticked(cell):
                self.marks[column.index] += 1


def _is_count(cell: Cell) -> bool:
    """Whether a cell of a birth column holds a head count instead: `18`."""
    if isinstance(cell, str):
        return len(cell) <= 4 and cell.isdecimal() and int(cell) < LOWEST_YEAR
    return isinstance(cell, float) and cell < LOWEST_YEAR


def count_in(cell: Cell) -> re.Match[str] | None:
    return COUNT.fullmatch(cell_text(cell)) if isinstance(cell, str | float) else None
