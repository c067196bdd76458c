"""Which rows of a sheet are the header, and which column is which field.

A header is found by its titles, not by its place: a row that titles a name column and two more fields opens one; it
may have up to four rows with merged groups (`Trình độ{Văn hóa, Chuyên môn…}`, `Năm sinh{Nam, Nữ}`), stand anywhere
and be repeated at page breaks. A column below a dimension and titled with one of its levels is a mark column: an `x`
in it means that level.

A header may also be mapped by hand: what was decided for a column of a layout wins over its title.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from cadres.roster.reading import Cell, Sheet
from cadres.text import match_key, nfc

NAME_FIELDS = {"full_name", "family_name", "given_name"}
MAX_HEADER_ROWS = 4
MIN_FIELDS = 3

# Group titles above other titles that say nothing about them: below any other group `Xã`, `Huyện` or `Nữ` mean
# something else (`Đại biểu HĐND{Xã, Huyện, Tỉnh}`, `Trong đó{Nữ}`).
NEUTRAL_GROUPS = re.compile(r"^(trinhdo|donvi|thongtin|hoten|diaban|noicongtac)")
TOP_LEVEL_FIELDS = {"commune", "district", "sex", "zone"}
SEXES = {"nam": "M", "nu": "F"}
# Births in two columns without a group title above: `Năm sinh nam`.
BIRTH_OF_SEX = re.compile(r"^(?:ngaisinh|namsinh|ngaithangnamsinh)(nam|nu)$")

IN_BRACKETS = re.compile(r"\([^)]*\)")
DEGREE, TRAINING = re.compile(r"\bTĐ\b"), re.compile(r"\bĐT\b")
# `A 1 2 3 …`, `(1) (2) (3)`: the numbering row below a header
COLUMN_NUMBER = re.compile(r"^\(?(?:[A-Z]|\d{1,2})\)?$")
ROMAN = re.compile(r"^[IVXLC]+\.?$")
SEVERAL_LEVELS = re.compile(r"[,;/]| - |-|–")

# What a row of people looks like below titles that are not understood.
PERSON_NAME = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+){1,5}$")
WRITTEN_DATE = re.compile(r"^(?:\d{1,2}\s*[/.\-]\s*)?(?:\d{1,2}\s*[/.\-]\s*)?(?:19|20)?\d{2}$")
BIRTH_YEARS = range(1920, 2020)
MAX_KEY = 150
MAX_TITLE = 80  # characters; a longer text is a sentence


@dataclass(slots=True)
class ColumnFound:
    """A column of a header: where it is, how it is titled, and what it is understood as.

    `key` names it within its layout: the titles from the group down, with a number where the same occurs again.
    `field` is a name of the dictionary of titles, '' where the column is not understood or is left out by hand;
    `level` is set in a mark column; `sex` (M, F) below `Năm sinh{Nam, Nữ}`. `samples` are up to three of its values.
    """

    index: int  # counted from 0
    title: str
    key: str
    field: str = ""
    level: str = ""
    sex: str = ""
    samples: list[str] = dataclasses.field(default_factory=list)

    @property
    def target(self) -> str:
        """What a mapping by hand has to say to mean this: the field, with the level or sex where there is one."""
        return ":".join(part for part in (self.field, self.level or self.sex) if part)


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
            if len(columns) == 1 and not columns[0].sex:
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


# What was decided by hand: (layout key, column key) → field, `field:level`, `birth_date:F`, or '' to leave it out.
ColumnMapping = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Titles:
    """The dictionary of titles: field by title key, and level code by (dimension, spelling key)."""

    fields: Mapping[str, str]
    levels: Mapping[tuple[str, str], str]
    ranks: Mapping[tuple[str, str], int]
    _seen: dict[str, str] = dataclasses.field(default_factory=dict)

    def field(self, text: str) -> str:
        """The field that a title names, or ''. Abbreviations are spelled out where the title as written is unknown."""
        found = self._seen.get(text)
        if found is None:
            if len(self._seen) > 10_000:  # every text below a header is asked for, to find the header again
                self._seen.clear()
            found = self._seen[text] = self._field(text)
        return found

    def _field(self, text: str) -> str:
        key = title_key(text)
        if not (field := self.fields.get(key, "")):
            spelled = spelled_key(text)
            field = self.fields.get(spelled) or self.fields.get(spelled.removeprefix("trinhdo"), "")
        return field

    def level(self, dimension: str, text: str) -> str:
        """The level that a mark column stands for; of several named (`Chứng chỉ A,B,C`) the lowest, never more."""
        if len(text) > MAX_TITLE:
            return ""
        code = self.levels.get((dimension, match_key(text)), "")
        if code:
            return code
        named = [self._part(dimension, part) for part in SEVERAL_LEVELS.split(text)]
        return min((code for code in named if code), key=lambda code: self.ranks[dimension, code], default="")

    def _part(self, dimension: str, text: str) -> str:
        words = text.split()
        for count in range(len(words)):  # `Chứng chỉ A` → `A`, `CV và tương đương` → `CV`
            for part in (" ".join(words[count:]), " ".join(words[: len(words) - count])):
                if code := self.levels.get((dimension, match_key(part)), ""):
                    return code
        return ""


@lru_cache(maxsize=10_000)
def title_key(text: str) -> str:
    """The key under which a title is looked up: what stands in brackets is an explanation, not the title."""
    return match_key(IN_BRACKETS.sub(" ", text)) or match_key(text)


@lru_cache(maxsize=10_000)
def spelled_key(text: str) -> str:
    """The key with `TĐ` and `ĐT` spelled out: `TĐ học vấn`, `Hệ ĐT`. (`DT`, without the bar, is dân tộc.)"""
    return title_key(DEGREE.sub("trình độ", TRAINING.sub("đào tạo", text)))


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
            if isinstance(cell, str) and len(cell) < MAX_TITLE and not cell[0].isdigit():
                fields.add(field_of(cell))
        fields.discard("")
        return len(fields) >= 2 and bool(fields & (NAME_FIELDS | {"row_number"}))

    def _is_group_row(self, row: int) -> bool:
        """A row of group titles above the row with the name's: `STT | Thông tin | | Trình độ`."""
        texts = [text for text in self._texts(row) if len(text) < MAX_TITLE]
        if len(texts) < 2 or row + 1 >= len(self.rows) or not self._opens(row + 1):
            return False
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
        return min(last, first + MAX_HEADER_ROWS - 1, len(self.rows) - 1)

    def _continues(self, first: int, row: int) -> bool:
        """A further header row: texts only, each titling a field, a sex or a level; never a person or a group row."""
        cells = self.rows[row]
        filled = [(index, cell) for index, cell in enumerate(cells) if cell != ""]
        if len(filled) < 2 or is_numbering_row(cells) or not all(isinstance(cell, str) for _, cell in filled):
            return False
        known = 0
        for index, cell in filled:
            text = str(cell)
            above = self.rows[first][index] if index < len(self.rows[first]) else ""
            if isinstance(above, str) and above and self.titles.field(above) in NAME_FIELDS:
                return False  # something written below the name's title is a name
            known += bool(
                self.titles.field(text) or title_key(text) in SEXES or self._is_level_below(first, row, index, text)
            )
        return known >= 2 or known == len(filled)

    def _is_level_below(self, first: int, row: int, index: int, text: str) -> bool:
        """Whether the text is a level of the dimension that a group title above names, or left above."""
        for above in range(row - 1, first - 1, -1):
            for left in range(index, -1, -1):
                cell = self.rows[above][left] if left < len(self.rows[above]) else ""
                if isinstance(cell, str) and cell:
                    if (dimension := self.titles.field(cell)) and self.titles.level(dimension, text):
                        return True
                    break
        return False

    def _first_of_people(self) -> int | None:
        """The first of three rows in a row that look like people: a running number, a name, a date or year."""
        found: list[int] = []
        for row, cells in enumerate(self.rows):
            if _looks_like_a_person(cells):
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
        self._understand(columns, [path for _, path in paths], layout_key)
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

    def _understand(self, columns: list[ColumnFound], paths: list[list[str]], layout_key: str) -> None:
        """Set field, level and sex of each column: as mapped by hand, else by its titles, each field once."""
        taken: set[str] = set()
        by_titles = []
        for column, path in zip(columns, paths, strict=True):
            target = self.mapping.get((layout_key, column.key))
            if target is None:
                by_titles.append((column, path))
            else:
                self._map(column, path, target)
                taken.add(column.field)
        alone = {SEXES.get(title_key(path[0])) for path in paths if len(path) == 1}
        has_birth = any(self.titles.field(path[-1]) == "birth_date" for path in paths if path)
        sexes_are_births = {"M", "F"} <= alone and not has_birth
        for column, path in by_titles:
            if not path:
                continue
            name, level, sex = self._meaning(path, sexes_are_births)
            if name and (level or sex or name not in taken or name == "party_joined_on"):
                column.field, column.level, column.sex = name, level, sex
            taken.add(name)

    def _map(self, column: ColumnFound, path: list[str], target: str) -> None:
        name, _, detail = target.partition(":")
        column.field = name
        if name == "birth_date":
            column.sex = detail
        elif name:
            # A title that is a level and nothing else makes a mark column; one that only mentions levels does not.
            column.level = detail or (self.titles.levels.get((name, match_key(path[-1])), "") if path else "")

    def _meaning(self, path: list[str], sexes_are_births: bool) -> tuple[str, str, str]:
        """Field, level and sex that the titles of a column mean; empty where they mean nothing known."""
        *groups, leaf = path
        name = self.titles.field(leaf)
        parents = [parent for group in groups if (parent := self.titles.field(group))]
        sex = SEXES.get(title_key(leaf), "")
        if sex and "birth_date" in parents:
            return "birth_date", "", sex
        if sex and "sex" in parents:
            return "sex", sex, ""
        if born := BIRTH_OF_SEX.match(title_key(leaf)):
            return "birth_date", "", SEXES[born[1]]
        if sex and not groups:
            return ("birth_date", "", sex) if sexes_are_births else ("sex", sex, "")
        for parent in reversed(parents):
            if level := self.titles.level(parent, leaf):
                return parent, level, ""
        if name in TOP_LEVEL_FIELDS and any(not NEUTRAL_GROUPS.match(title_key(group)) for group in groups):
            return "", "", ""
        if not name and groups:
            name = self.titles.field(" ".join(path)) or (parents[-1] if parents else "")
        return name, "", ""


def is_numbering_row(cells: list[Cell]) -> bool:
    """Whether the row numbers the columns: `A 1 2 3 …`."""
    filled = [cell_title(cell) for cell in cells if cell != ""]
    numbers = [int(text.strip("()")) for text in filled if text.strip("()").isdigit()]
    return (
        len(filled) >= 3
        and all(COLUMN_NUMBER.match(text) for text in filled)
        and len(numbers) >= 2
        and all(after - before == 1 for before, after in pairwise(numbers))
    )


def cell_title(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _looks_like_a_person(cells: list[Cell]) -> bool:
    """A running number, to the right of it a name of two to six words, and a date or a year of birth."""
    filled = [cell for cell in cells if cell != ""]
    if len(filled) < 4 or not cell_title(filled[0]).rstrip(".").isdigit():
        return False
    has_name = any(isinstance(cell, str) and PERSON_NAME.match(nfc(cell)) for cell in filled[1:])
    return has_name and any(
        isinstance(cell, datetime | date)
        or (isinstance(cell, float) and cell in BIRTH_YEARS)
        or (isinstance(cell, str) and len(cell) >= 4 and WRITTEN_DATE.match(cell.strip()))
        for cell in filled[1:]
    )
