"""Which rows of a sheet are the header, and which column is which field.

A header is found by its titles, not by its place: a row that titles a name column and two more fields opens one; it
may have up to four rows with merged groups (`Trình độ{Văn hóa, Chuyên môn…}`, `Năm sinh{Nam, Nữ}`), stand anywhere
and be repeated at page breaks. A column below a dimension and titled with one of its levels is a mark column: an `x`
in it means that level.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cadres.roster.reading import Cell, Sheet
from cadres.text import match_key

NAME_FIELDS = {"full_name", "family_name", "given_name"}
MAX_HEADER_ROWS = 4
MIN_FIELDS = 3

# Titles of our own export that no roster has; they name a commune beyond doubt.
EXPORT_TITLES = {"maxa": "commune_code"}

# Group titles above other titles that say nothing about them: below any other group `Xã`, `Huyện` or `Nữ` mean
# something else (`Đại biểu HĐND{Xã, Huyện, Tỉnh}`, `Trong đó{Nữ}`).
NEUTRAL_GROUPS = re.compile(r"^(trinhdo|donvi|thongtin|hoten|diaban|noicongtac)")
TOP_LEVEL_FIELDS = {"commune", "district", "sex", "zone"}

IN_BRACKETS = re.compile(r"\([^)]*\)")
DEGREE, TRAINING = re.compile(r"\bTĐ\b"), re.compile(r"\bĐT\b")
# `A 1 2 3 …`, `(1) (2) (3)`: the numbering row below a header
COLUMN_NUMBER = re.compile(r"^\(?(?:[A-Z]|\d{1,2})\)?$")
SEVERAL_LEVELS = re.compile(r"[,;/]| - |-|–")


@dataclass(frozen=True)
class Column:
    """A column that is understood. `sex` is set below `Năm sinh{Nam, Nữ}`; `level` in a mark column."""

    index: int
    field: str
    title: str
    sex: str = ""
    level: str = ""


@dataclass(frozen=True)
class Header:
    """Rows first..last (0-based, inclusive) and the columns they title."""

    first: int
    last: int
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Titles:
    """The dictionary of titles: field by title key, and level code by (dimension, spelling key)."""

    fields: Mapping[str, str]
    levels: Mapping[tuple[str, str], str]
    ranks: Mapping[tuple[str, str], int]

    def field(self, text: str) -> str:
        """The field that a title names, or ''. Abbreviations are spelled out where the title as written is unknown."""
        key = title_key(text)
        if not (field := self.fields.get(key) or EXPORT_TITLES.get(key, "")):
            spelled = spelled_key(text)
            field = self.fields.get(spelled) or self.fields.get(spelled.removeprefix("trinhdo"), "")
        return field

    def level(self, dimension: str, text: str) -> str:
        """The level that a mark column stands for; of several named (`Chứng chỉ A,B,C`) the lowest, never more."""
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


def header_at(sheet: Sheet, row: int, titles: Titles) -> Header | None:
    """The header that begins at the row (0-based), or None where none does."""
    if not _opens_header(sheet.rows[row], titles):
        return None
    merged = {(top, left): (bottom, right) for top, left, bottom, right in sheet.merged}
    last = _last_header_row(sheet, row, titles, merged)
    columns = tuple(_columns(sheet, row, last, titles, merged))
    fields = {column.field for column in columns}
    if not fields & NAME_FIELDS or len(fields - {"row_number"}) < MIN_FIELDS:
        return None
    return Header(row, last, columns)


def is_numbering_row(cells: list[Cell]) -> bool:
    """Whether the row numbers the columns: `A 1 2 3 …`."""
    filled = [_text(cell) for cell in cells if cell != ""]
    numbers = [int(text.strip("()")) for text in filled if text.strip("()").isdigit()]
    return (
        len(filled) >= 3
        and all(COLUMN_NUMBER.match(text) for text in filled)
        and len(numbers) >= 2
        and all(after - before == 1 for before, after in pairwise(numbers))
    )


def _opens_header(cells: list[Cell], titles: Titles) -> bool:
    """A row of texts, among them titles of at least two fields: a name's, or a group row's above it."""
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    if len(texts) < 2 or any(isinstance(cell, float) for cell in cells):
        return False
    fields = {titles.field(text) for text in texts if len(text) < 80} - {""}
    return len(fields) >= 2 and bool(fields & (NAME_FIELDS | {"row_number"}))


def _last_header_row(sheet: Sheet, first: int, titles: Titles, merged: dict[tuple[int, int], tuple[int, int]]) -> int:
    last = first
    for row in range(first, min(first + MAX_HEADER_ROWS, len(sheet.rows))):
        spans = [bottom for (top, _), (bottom, _) in merged.items() if top == row and bottom > row]
        if row <= last:
            last = max(last, *spans) if spans else last
            continue
        if not _continues_header(sheet, first, row, titles):
            break
        last = max(row, *spans) if spans else row
    return min(last, first + MAX_HEADER_ROWS - 1, len(sheet.rows) - 1)


def _continues_header(sheet: Sheet, first: int, row: int, titles: Titles) -> bool:
    """A further header row: texts only, each titling a field, a sex or a level; never a person or a group row."""
    filled = [(index, cell) for index, cell in enumerate(sheet.rows[row]) if cell != ""]
    if len(filled) < 2 or is_numbering_row(sheet.rows[row]) or not all(isinstance(cell, str) for _, cell in filled):
        return False
    known = 0
    for index, cell in filled:
        key = title_key(str(cell))
        above = sheet.rows[first][index] if index < len(sheet.rows[first]) else ""
        known += bool(titles.field(str(cell))) or key in ("nam", "nu")
        if isinstance(above, str) and above and titles.field(above) in NAME_FIELDS:
            return False  # something written below the name's title is a name
    return known >= 2 or known == len(filled)


def _columns(
    sheet: Sheet, first: int, last: int, titles: Titles, merged: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[Column]:
    width = max(len(sheet.rows[row]) for row in range(first, last + 1))
    grid = [[_text(cell) for cell in sheet.rows[row]] + [""] * width for row in range(first, last + 1)]
    grid = [line[:width] for line in grid]
    for (top, left), (_, right) in merged.items():
        if first <= top <= last:
            for index in range(left + 1, min(right + 1, width)):
                grid[top - first][index] = grid[top - first][left]
    for depth, line in enumerate(grid[:-1]):
        # A group title that was centred without merging reaches right over titles that have none above them.
        for index in range(1, width):
            below = any(lower[index] for lower in grid[depth + 1 :])
            beside = any(lower[index - 1] for lower in grid[depth + 1 :])
            if not line[index] and below and beside and line[index - 1]:
                line[index] = line[index - 1]
    taken: set[str] = set()
    for index in range(width):
        path = list(dict.fromkeys(line[index] for line in grid if line[index]))
        if path and (column := _column(index, path, titles)):
            if column.sex or column.level or column.field not in taken or column.field == "party_joined_on":
                yield column
            taken.add(column.field)


def _column(index: int, path: list[str], titles: Titles) -> Column | None:
    *groups, leaf = path
    title = " ".join(" ".join(path).split())
    field = titles.field(leaf)
    parents = [parent for group in groups if (parent := titles.field(group))]
    key = title_key(leaf)
    if "birth_date" in parents and key in ("nam", "nu"):
        return Column(index, "birth_date", title, sex="M" if key == "nam" else "F")
    for parent in reversed(parents):
        if level := titles.level(parent, leaf):
            return Column(index, parent, title, level=level)
    if field in TOP_LEVEL_FIELDS and any(not NEUTRAL_GROUPS.match(title_key(group)) for group in groups):
        return None
    if not field and groups:
        field = titles.field(" ".join(path)) or (parents[-1] if parents else "")
    return Column(index, field, title) if field else None


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
