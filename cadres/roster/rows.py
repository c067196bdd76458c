"""A person row of a sheet as read, by field, and all that the sheets of a file hold before a value is understood.

A person row leaves as texts and values by field, with what its place in the sheet adds to it (the commune of the group
row above, the commune or district of the title or of the sheet's name, a hidden row).
"""

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from cadres.roster.column_meanings import ColumnFound
from cadres.roster.columns import COLUMNS, JOINED, Kind
from cadres.roster.header import Header
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.reading import Cell
from cadres.text import match_key, nfc

BLANK = re.compile(r"^[\s\-–—_.…/*]*$")
MARKS = {"x", "1", "co", "dat", "dv", "dangvien", "v", "✓", "✔"}
NO_MARKS = {"khong", "chua", "0", "k"}
# What stands between the lines of a person whose row has two: a second post or degree, or the rest of a text. A field
# that is not in the table of columns is a dimension that is data.
BETWEEN_KIND = {Kind.LEVEL: "; ", Kind.TEXT: " "}
BETWEEN_LINES = {
    **{column.field: BETWEEN_KIND.get(column.kind, "") for column in COLUMNS},
    **dict.fromkeys(NAME_FIELDS, " "),
    **dict.fromkeys(("position", "field_of_study", "study_mode"), "; "),
}
GOES_ON = re.compile(r"(?:[-–,&/(:]|\bvà|\bkiêm)$")  # so ends a text whose rest stands in the next line


@lru_cache(maxsize=2**16)
def clean(text: str) -> str:
    """The text of a cell as it is kept. Rosters repeat themselves: equal texts are cleaned once and share memory."""
    text = nfc(text.replace("\0", ""))  # which PostgreSQL cannot hold
    return text.lstrip("'").lstrip() if text.startswith("'") else text  # Excel's mark of a number that is a text


@lru_cache(maxsize=2**12)
def lines_of(text: str) -> str:
    """The text of a cell with its lines one below the other, as they were typed."""
    return "\n".join(line for line in map(clean, text.splitlines()) if line)


@dataclass(slots=True)
class RowCells:
    """A person row by field: the cells, the same as texts, and the columns that neither alone would tell.

    `marks` are the ticked mark columns, `births` the filled columns Nam, Nữ; `leftover` is what a second line of the
    same person says otherwise than the first (field, text).
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    columns: dict[str, ColumnFound] = field(default_factory=dict)  # of fields that several columns speak of
    marks: list[tuple[ColumnFound, Cell]] = field(default_factory=list)
    births: list[ColumnFound] = field(default_factory=list)
    leftover: list[tuple[str, str]] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)  # the texts of several lines, one below the other


@dataclass(slots=True)
class RawRow:
    """A person row as read: the cells of the sheet, below which header, and what its place adds.

    `further` are the lines below that belong to the same person. `has_left`: the file says that the person has left.
    """

    sheet: str
    row: int  # the number that Excel shows
    header: Header
    line: list[Cell]
    group_commune: str = ""
    group_district: str = ""
    group_position: str = ""
    group_staff: str = ""  # a body or a room: `Phòng Kinh tế`
    is_hidden: bool = False
    has_left: bool = False
    further: tuple[list[Cell], ...] = ()

    def read(self) -> RowCells:
        """The cells by field. Of several columns for one field the first that is filled counts."""
        found = RowCells()
        for number, line in enumerate((self.line, *self.further)):
            self._read_line(found, line, is_first=number == 0)
        return found

    def _read_line(self, found: RowCells, line: list[Cell], *, is_first: bool) -> None:
        cells, texts = found.cells, found.texts
        width = len(line)
        parts: dict[str, dict[str, str]] = {}
        for index, name in self.header.plain:
            if index >= width or (cell := line[index]) == "":
                continue
            if isinstance(cell, str):
                if "\n" in cell:
                    found.lines[name] = lines_of(cell)
                cell = text = clean(cell)
            else:
                text = cell_text(cell)
            if not text:
                continue
            if is_first or name not in texts:
                cells[name], texts[name] = cell, text
            elif text != texts[name]:
                self._add_line(found, name, text)
        for name, columns in self.header.shared:
            for column in columns:
                if column.index >= width or (text := cell_text(cell := line[column.index])) == "":
                    continue
                if column.sex:
                    found.births.append(column)
                if column.part:
                    parts.setdefault(name, {})[column.part] = text
                    found.columns[name] = column
                    continue
                held = texts.get(name)
                if held is not None and name in JOINED:
                    texts[name] = cells[name] = f"{held}{JOINED[name]}{text}"
                    continue
                if held is not None and not is_first and held != text:
                    self._add_line(found, name, text)
                    continue
                # Of a mark and a date of the Party the date says more.
                if held is None or (name == "party_joined_on" and len(held) <= 2 < len(text)):
                    cells[name], texts[name] = text if isinstance(cell, str) else cell, text
                    found.columns[name] = column
        for name, of_date in parts.items():
            cells[name] = texts[name] = _date_of_parts(of_date)
        for column in self.header.marks:
            if column.index < width and (cell := line[column.index]) != "":
                found.marks.append((column, clean(cell) if isinstance(cell, str) else cell))
                found.columns.setdefault(column.field, column)

    @staticmethod
    def _add_line(found: RowCells, name: str, text: str) -> None:
        """Add what a further line of the person says in a column that the lines above have filled."""
        held = found.texts[name]
        between = BETWEEN_LINES.get(name, BETWEEN_KIND[Kind.LEVEL])
        if between and (GOES_ON.search(held) or text[0].islower() or text[0] == "("):
            between = " "
        if between:
            found.texts[name] = found.cells[name] = f"{held}{between}{text}"
        elif name != "row_number":
            found.leftover.append((name, text))

    def texts(self) -> dict[str, str]:
        """Field → text as in the cells; for a mark the code of the level it stands below."""
        found = self.read()
        for column, cell in found.marks:
            text = cell_text(cell)
            text = column.level if mark_of(text) else text
            said = found.texts.get(column.field)
            found.texts[column.field] = f"{said}; {text}" if said else text
        return found.texts

    def title_of(self, name: str) -> str:
        """The title of the column in which the field was read, or would be."""
        column = self.read().columns.get(name)
        return column.title if column else self.header.titles.get(name, "")


def _date_of_parts(parts: dict[str, str]) -> str:
    """A date whose day, month and year stand in columns of their own, as people write it; no day without a month."""
    if "m" not in parts and len(parts) > 1:
        parts = {part: text for part, text in parts.items() if part != "d"}
    return "/".join(parts[part] for part in ("d", "dm", "m", "my", "y") if part in parts)


@dataclass(slots=True)
class DeclaredTotal:
    """A total that the file states: `Cộng: 23 người`, `XÃ BẢN PHỐ (22 người)`, beside what was counted there.

    `column` is empty for people; else the title of the column whose marks are counted.
    """

    sheet: str
    row: int
    declared: int
    counted: int = 0
    column: str = ""


@dataclass(slots=True)
class SheetFound:
    """A table of a sheet as it was understood: where its header is, which day it states, what its columns are.

    `key` names the layout (header.Header); header rows are numbered as Excel shows them. A sheet with two different
    headers is two tables. Where the header is not understood, nobody is read, but its columns can be mapped by hand.
    """

    name: str
    key: str
    first_row: int
    last_row: int
    is_understood: bool
    as_of: date | None
    persons: int
    columns: list[ColumnFound]

    def as_json(self) -> dict[str, Any]:
        values = asdict(self) | {"as_of": self.as_of.isoformat() if self.as_of else None}
        for column, found in zip(values["columns"], self.columns, strict=True):
            column["target"] = found.target
        return values


@dataclass(slots=True)
class Notice:
    """What is worth knowing of a file beyond its person rows: a sheet left out, a row that is not understood."""

    sheet: str
    row: int | None  # the number that Excel shows; None where the sheet as a whole is meant
    code: str
    message: str
    severity: str = "warning"
    column: str = ""
    field: str = ""
    value: str = ""


@dataclass(slots=True)
class UnreadColumn:
    """A filled column of a table that is not read: how it is titled, and how many person rows have it filled.

    `is_never_kept`: rosters have such a column and the registry does not keep what it says (lương, phụ cấp, tuổi …), or
    somebody has chosen to leave it out. `suggested` is the field that the title resembles, to be asked about.
    """

    sheet: str
    column: str  # letters, as Excel shows them
    title: str
    cells: int
    is_never_kept: bool = False
    suggested: str = ""

    def as_json(self) -> dict[str, Any]:
        told = {"sheet": self.sheet, "column": self.column, "title": self.title, "cells": self.cells}
        suggested = {"suggested": self.suggested} if self.suggested else {}
        return told | suggested | ({"kept": False} if self.is_never_kept else {})


@dataclass(slots=True)
class Vacancy:
    """A row that says that nobody holds a post (`Khuyết`, `Chưa bố trí`): as written, where it is told."""

    sheet: str
    row: int
    position: str = ""
    commune: str = ""


@dataclass(slots=True)
class SheetUse:
    """What became of a sheet: `state` is read, left_out, hidden or other (no list in it); people in post, and left.

    `choice` is what a person has chosen for it (sheet_choices.Reading).
    """

    name: str
    state: str
    persons: int = 0
    leavers: int = 0
    is_hidden: bool = False
    choice: str = ""


@dataclass(slots=True)
class Layout:
    """All that the sheets hold, before any value is understood."""

    rows: list[RawRow] = field(default_factory=list)
    totals: list[DeclaredTotal] = field(default_factory=list)
    as_of: date | None = None
    sheets: list[SheetFound] = field(default_factory=list)
    hidden_sheets: list[str] = field(default_factory=list)
    skipped_sheets: list[str] = field(
        default_factory=list
    )  # they look like rosters, but their header is not understood
    columns: dict[tuple[str, str], int] = field(default_factory=dict)  # (sheet, title) → column, counted from 0
    notices: list[Notice] = field(default_factory=list)
    unread: list[UnreadColumn] = field(default_factory=list)
    vacancies: list[Vacancy] = field(default_factory=list)
    uses: list[SheetUse] = field(default_factory=list)
    leavers: list[RawRow] = field(default_factory=list)  # whose posts are to end


@lru_cache(maxsize=2**14)
def mark_of(text: str) -> bool | None:
    """What a text says as a mark: yes, no, or nothing (it is something else)."""
    key = match_key(text) or text
    return True if key in MARKS else False if key in NO_MARKS else None


def is_ticked(cell: Cell) -> bool:
    """Whether a mark column says yes: anything but a blank, a dash or a no."""
    text = cell_text(cell)
    return bool(text) and not BLANK.match(text) and mark_of(text) is not False


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: whole numbers without decimals, dates as dd/mm/yyyy."""
    if isinstance(cell, str):
        return clean(cell) if cell else ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/}{cell.year:04d}"
    return str(cell)
