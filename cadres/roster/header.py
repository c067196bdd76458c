"""Which rows of a sheet are the header, and which column is which field.

A header is found by its titles, not by its place: a row that titles a name column and two more fields opens one; it
may have up to four rows with merged groups (`Trình độ{Văn hóa, Chuyên môn…}`, `Năm sinh{Nam, Nữ}`), stand anywhere
and be repeated at page breaks. What its columns mean is said in column_meanings.

A header may also be mapped by hand: what was decided for a column of a layout wins over its title.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from cadres.roster.column_meanings import (
    NEUTRAL_GROUPS,
    SEXES,
    TIME_WORDS,
    ColumnFound,
    ColumnMapping,
    understand,
)
from cadres.roster.columns import DATE_FIELDS
from cadres.roster.name_columns import NAME_FIELDS, NAME_PARTS, ROWS_LOOKED_AT
from cadres.roster.numbering import is_numbering_row
from cadres.roster.reading import Cell, Sheet
from cadres.roster.titles import MAX_TITLE, PLACE, Titles, title_key
from cadres.text import match_key, nfc

MAX_HEADER_ROWS = 4
MIN_FIELDS = 3

# `A 1 2 3 …`, `(1) (2) (3)`: the numbering row below a header
COLUMN_NUMBER = re.compile(r"^\(?(?:[A-Z]|\d{1,2})\)?$")
ROMAN = re.compile(r"^[IVXLC]+\.?$")

# What a row of people looks like below titles that are not understood.
PERSON_NAME = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+){1,5}$")
WRITTEN_DATE = re.compile(r"^(?:\d{1,2}\s*[/.\-]\s*)?(?:\d{1,2}\s*[/.\-]\s*)?(?:19|20)?\d{2}$")
BIRTH_YEARS = frozenset(range(1920, 2020))
MAX_KEY = 150


@dataclass(slots=True)
class Header:
    """Rows first..last (0-based, inclusive), all columns they title, and the key of this layout of columns.

    The key depends on the titles and their order only, so the same form has the same key in every file.
    """

    first: int
    last: int
    columns: tuple[ColumnFound, ...]
    key: str
    # The columns as a row is read by them: plain ones, those of which several speak of one field, mark columns.
    plain: list[tuple[int, str]] = dataclasses.field(init=False)
    shared: list[tuple[str, list[ColumnFound]]] = dataclasses.field(init=False)
    marks: list[ColumnFound] = dataclasses.field(init=False)
    titles: dict[str, str] = dataclasses.field(init=False)  # field → title of its first column

    def __post_init__(self) -> None:
        by_field: dict[str, list[ColumnFound]] = {}
        self.titles, self.marks = {}, []
        for column in self.columns:
            if not column.field:
                continue
            self.titles.setdefault(column.field, column.title)
            if column.level:
                self.marks.append(column)
            else:
                by_field.setdefault(column.field, []).append(column)
        self.plain, self.shared = [], []
        for name, columns in by_field.items():
            if len(columns) == 1 and not columns[0].sex and not columns[0].part:
                self.plain.append((columns[0].index, name))
            else:
                self.shared.append((name, columns))

    @property
    def fields(self) -> set[str]:
        return set(self.titles)

    @property
    def names_people(self) -> bool:
        """Whether enough is understood to read people: a name, and two fields more."""
        fields = self.fields
        return bool(fields & NAME_FIELDS) and len(fields - {"row_number"}) >= MIN_FIELDS


class HeaderFinder:
    """Finds the headers of one sheet. `mapping` is what was decided by hand, for any layout."""

    def __init__(self, sheet: Sheet, titles: Titles, mapping: ColumnMapping) -> None:
        self.sheet = sheet
        self.rows = sheet.rows
        self.titles = titles
        self.mapping = mapping
        self.merged: dict[int, list[tuple[int, int, int]]] = {}  # top row → (left, bottom, right)
        for top, left, bottom, right in sheet.merged:
            self.merged.setdefault(top, []).append((left, bottom, right))

    def at(self, row: int) -> Header | None:
        """The header that begins at the row (0-based), or None where none does."""
        start = row
        if not self._opens(row):
            if not self._is_group_row(row):
                return None
            start = row + 1
        last = self._last_row(row, start)
        header = self._header(row, last)
        return header if header.names_people else None

    def first(self) -> Header | None:
        return next((header for row in range(len(self.rows)) if (header := self.at(row))), None)

    def guessed(self) -> Header | None:
        """The titles above what looks like people, where none of the headers is understood.

        It tells what could be mapped by hand; with a mapping that names the people it is as good as any header.
        """
        people = self._first_of_people()
        if people is None:
            return None
        above = [row for row in range(max(people - 2 * MAX_HEADER_ROWS, 0), people) if self._could_be_titles(row)]
        if not above:
            return None
        first = last = above[-1]
        while first - 1 in above and last - first < MAX_HEADER_ROWS - 1:
            first -= 1
        return self._header(first, last)

    def _could_be_titles(self, row: int) -> bool:
        """Two texts or more that do not begin like a group row: `I | Xã Bản Phố`."""
        texts = self._texts(row)
        return len(texts) >= 2 and not COLUMN_NUMBER.match(texts[0]) and not ROMAN.match(texts[0])

    # where a header begins and ends

    def _texts(self, row: int) -> list[str]:
        """The texts of a row that has nothing but texts; empty where a number stands among them."""
        cells = self.rows[row]
        texts = [cell for cell in cells if isinstance(cell, str) and cell]
        return [] if any(isinstance(cell, float) for cell in cells) else texts

    def _opens(self, row: int) -> bool:
        """A row of texts, among them titles of at least two fields: a name's, or a group row's above it."""
        fields = set()
        field_of = self.titles.field
        for cell in self.rows[row]:
            if cell == "":
                continue
            if isinstance(cell, float):
                return False
            if isinstance(cell, str) and len(cell) < MAX_TITLE and (not cell[0].isdigit() or PLACE.match(cell)):
                fields.add(field_of(cell))
        fields.discard("")
        return len(fields) >= 2 and bool(fields & (NAME_FIELDS | {"row_number"}))

    def _is_group_row(self, row: int) -> bool:
        """A row of group titles above the row with the name's: `STT | Thông tin | | Trình độ`."""
        texts = [text for text in self._texts(row) if len(text) < MAX_TITLE]
        if not texts or row + 1 >= len(self.rows) or not self._opens(row + 1):
            return False
        if any(text.rstrip().endswith(":") for text in texts):  # `Đơn vị: | Bản Phố` is a title of the sheet
            return False
        if len(texts) == 1:  # else it is the title of the sheet
            return bool(self.titles.field(texts[0])) and self.rows[row].index(texts[0]) > 1
        for cell, above in zip(self.rows[row + 1], self.rows[row], strict=False):
            if above and isinstance(cell, str) and self.titles.field(cell) in NAME_FIELDS:
                return bool(NEUTRAL_GROUPS.match(title_key(str(above))))  # else it is a person's name
        return any(self.titles.field(text) or NEUTRAL_GROUPS.match(title_key(text)) for text in texts)

    def _last_row(self, first: int, start: int) -> int:
        last = start
        for row in range(first, min(first + MAX_HEADER_ROWS, len(self.rows))):
            spans = [bottom for _, bottom, _ in self.merged.get(row, ()) if bottom > row]
            if row <= last:
                last = max(last, *spans) if spans else last
                continue
            if not self._continues(first, row):
                break
            last = max(row, *spans) if spans else row
        last = min(last, first + MAX_HEADER_ROWS - 1, len(self.rows) - 1)
        while last > start and _has_day(self.rows[last], least=8):  # a title is merged into the row of the first person
            last -= 1
        return last

    def _continues(self, first: int, row: int) -> bool:
        """A further header row: texts only, each titling a field, a sex or a level; never a person or a group row."""
        cells = self.rows[row]
        filled = [(index, cell) for index, cell in enumerate(cells) if cell != ""]
        if not filled or is_numbering_row(cells) or not all(isinstance(cell, str) for _, cell in filled):
            return False
        if len(filled) == 1 and filled[0][0] == 0:  # `A. Cán bộ`
            return False
        known = 0
        for index, cell in filled:
            text = str(cell)
            above = self.rows[first][index] if index < len(self.rows[first]) else ""
            name = self.titles.field(text)
            if isinstance(above, str) and above and self.titles.field(above) in NAME_FIELDS and name not in NAME_PARTS:
                return False  # something written below the name's title is a name
            known += bool(
                name
                or title_key(text) in SEXES
                or self.titles.subject_not_kept([text])
                or self._means_something_below(first, row, index, text)
            )
        return known >= 2 or known == len(filled)

    def _means_something_below(self, first: int, row: int, index: int, text: str) -> bool:
        """Whether the text is a title below a group title above, or left above: a level, a part of a date, a field."""
        for above in range(row - 1, first - 1, -1):
            for left in range(index, -1, -1):
                cell = self.rows[above][left] if left < len(self.rows[above]) else ""
                if isinstance(cell, str) and cell:
                    group = self.titles.field(cell)
                    if (
                        (group and self.titles.level(group, text))
                        or (group in DATE_FIELDS and text.strip().lower() in TIME_WORDS)
                        or self.titles.of_path([cell, text])
                        # The words of a group row stand on the left.
                        or (index > 1 and self.titles.subject_not_kept([cell, text]))
                    ):
                        return True
                    break
        return False

    def _first_of_people(self) -> int | None:
        """The first of three rows in a row that look like people: a running number, a name, a date or year."""
        found: list[int] = []
        for row, cells in enumerate(self.rows):
            if looks_like_a_person(cells):
                if found and row - found[-1] > 3:
                    found.clear()
                found.append(row)
                if len(found) == 3:
                    return found[0]
        return None

    # what its columns are

    def _header(self, first: int, last: int) -> Header:
        paths = list(self._paths(first, last))
        times: Counter[str] = Counter()
        columns = []
        for index, path in paths:
            key = "/".join(match_key(title) or title for title in path)[:MAX_KEY] if path else f"@{index + 1}"
            times[key] += 1
            key = key if times[key] == 1 else f"{key}#{times[key]}"
            columns.append(ColumnFound(index, nfc(" ".join(path)), key))
        titled = "\n".join(column.key for column in columns if column.title)
        layout_key = blake2b(titled.encode(), digest_size=8).hexdigest()
        mapped = {
            column.key: self.mapping[layout_key, column.key]
            for column in columns
            if (layout_key, column.key) in self.mapping
        }
        below = [row for row in self.rows[last + 1 : last + 1 + ROWS_LOOKED_AT] if not is_numbering_row(row)]
        understand(columns, [path for _, path in paths], below, self.titles, mapped)
        return Header(first, last, tuple(columns), layout_key)

    def _paths(self, first: int, last: int) -> Iterator[tuple[int, list[str]]]:
        """Each column with its titles from the group down; an untitled column with none."""
        width = max(map(len, self.rows[first : last + 6]))
        grid = [[cell_title(cell) for cell in self.rows[row]] + [""] * width for row in range(first, last + 1)]
        grid = [line[:width] for line in grid]
        for depth, line in enumerate(grid):
            for left, _, right in self.merged.get(first + depth, ()):
                for index in range(left + 1, min(right + 1, width)):
                    line[index] = line[left]
        for depth, line in enumerate(grid[:-1]):
            # A group title that was centred without merging reaches right over titles that have none above them.
            for index in range(1, width):
                below = any(lower[index] for lower in grid[depth + 1 :])
                beside = any(lower[index - 1] for lower in grid[depth + 1 :])
                if not line[index] and below and beside and line[index - 1]:
                    line[index] = line[index - 1]
        for index in range(width):
            yield index, list(dict.fromkeys(line[index] for line in grid if line[index]))


def cell_title(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def looks_like_a_person(cells: list[Cell]) -> bool:
    """A running number, to the right of it a name of two to six words, and a date or a year of birth."""
    filled = [cell for cell in cells if cell != ""]
    if len(filled) < 4 or not cell_title(filled[0]).rstrip(".").isdigit():
        return False
    has_name = any(isinstance(cell, str) and PERSON_NAME.match(nfc(cell)) for cell in filled[1:])
    return has_name and _has_day(filled[1:], least=4)


def _has_day(cells: list[Cell], *, least: int) -> bool:
    """Whether a date, as text of `least` characters, or a year of birth is among the cells. (`51-60` is a title.)"""
    return any(
        isinstance(cell, datetime | date)
        or (isinstance(cell, float) and cell in BIRTH_YEARS)
        or (isinstance(cell, str) and len(cell) >= least and bool(WRITTEN_DATE.match(cell.strip())))
        for cell in cells
    )
