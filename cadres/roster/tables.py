"""A header in use: which rows below it are people, and what is counted of them to compare with declared totals."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from cadres.roster.header import Header, is_numbering_row
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.reading import Cell
from cadres.roster.rows import BLANK, UnreadColumn, cell_text, is_ticked

TOTAL = re.compile(r"^(?:tổng\s*cộng|tổng\s*số|tổng|cộng(?!\s*h(?:òa|oà)))\b", re.IGNORECASE)
COUNT = re.compile(r"(\d{1,9})(?: người)?")
NUMBERED = re.compile(r"\d+\s*[.)]?")
# What makes a row a person's when it stands beside a name (or without one).
EVIDENCE = {
    "birth_date", "national_id", "position", "ethnic_group", "education", "professional", "political_theory",
    "state_management", "appointed_on", "party_joined_on", "sex", "commune",
}  # fmt: skip
STRONG_EVIDENCE = {"birth_date", "national_id", "position"}
UNCOUNTED = {"birth_date", "party_joined_on"}  # a number below a year in one of their columns is a head count
LOWEST_YEAR = 1900
# A number in one of these columns of a total row is the head count; elsewhere it counts the marks of its column.
HEAD_COUNT_FIELDS = {*NAME_FIELDS, "row_number", "position"}
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

    def is_person(self, cells: list[Cell], *, names_group: Callable[[str], bool], below_footer: bool) -> bool:
        width = len(cells)
        name = " ".join(text for index in self.names if index < width and (text := cell_text(cells[index])))
        number = cell_text(cells[self.number]) if self.number is not None and self.number < width else ""
        is_numbered = bool(NUMBERED.fullmatch(number))
        if is_numbered and len(name) > 5 and any(index < width and cells[index] != "" for index in self.certain):
            return True  # as nearly always
        said = {
            of
            for index, of in self.evidence
            if index < width and cells[index] != "" and not (of in UNCOUNTED and _is_count(cells[index]))
        }
        ticked = {of for index, of in self.ticks if index < width and cells[index] != ""}
        if not name:
            first = next((cell for cell in cells if isinstance(cell, str) and cell), "")
            return len(said | ticked) >= 3 and not said.isdisjoint(STRONG_EVIDENCE) and not TOTAL.match(first)
        if TOTAL.match(name) and not is_numbered:
            return False
        if len(name) <= 5 and (name.isdigit() or is_numbering_row(cells)):
            return False
        if not said and names_group(name):  # `1 | Xã Bản Phố | 18`: a group row with its counts
            return False
        if not is_numbered:
            is_evident = len(said | ticked) >= 2 or not said.isdisjoint(("birth_date", "national_id"))
            return is_evident and not below_footer
        return bool(said or ticked) or not below_footer

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
                get_column_letter(index + 1),
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

    def add(self, table: Table, cells: list[Cell]) -> None:
        self.people += 1
        for column in table.counted:
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
