"""What each row of a sheet is: a person, a group (commune, position), a declared total, or no business of ours.

Nothing is understood here yet: a person row leaves as texts and values by field, with what its place in the sheet adds
to it (the commune of the group row above, the commune or district of the title or of the sheet's name, a hidden row).
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cadres.models import UnitVersion
from cadres.periods import PartialDate, Precision
from cadres.roster.dictionaries import Dictionaries, split_kind
from cadres.roster.header import (
    NAME_FIELDS,
    ColumnFound,
    ColumnMapping,
    Header,
    HeaderFinder,
    is_numbering_row,
)
from cadres.roster.reading import Cell, Sheet, UnreadableFileError
from cadres.text import fold, match_key, nfc

Kind = UnitVersion.Kind

AS_OF = re.compile(
    r"(?:tinh den|thoi diem|so lieu den|co den|co mat den|den ngay)\D{0,25}?"
    r"(?:(?P<day>\d{1,2})\s*(?:[/.\-]|thang)\s*)?(?P<month>\d{1,2})\s*(?:[/.\-]|nam)\s*(?P<year>\d{4})"
)
AS_OF_YEAR = re.compile(r"(?:tinh den|den)\s+(?:het|cuoi)\s+nam\s*(?P<year>\d{4})")
TOTAL = re.compile(r"^(?:tổng\s*cộng|tổng\s*số|tổng|cộng(?!\s*h(?:òa|oà)))\b", re.IGNORECASE)
DECLARED = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)")
DECLARED_IN_GROUP = re.compile(
    r"\(\s*(?:tổng\s*số\s*:?\s*|có\s*)?(\d+)\s*(?:người|ng\.?|cb|cc|cbcc)?[^)]*\)|[:–-]\s*(\d+)\s*(?:người|cbcc|cb|cc)\b",
    re.IGNORECASE,
)
ORDER_MARK = re.compile(r"^(?:[IVXLC]+|[A-Za-zĐđ]|\d{1,3})$")
GROUP_PREFIX = re.compile(r"^\s*(?:[IVXLC]+|[A-H]|\d{1,3})\s*[.):\-/]\s*")
STAFF_GROUP = re.compile(r"^(canbo|congchuc|canbocongchuc|khongchuyentrach)")
FOOTER = re.compile(
    r"^(?:nguoi (?:lap|ky)|thu truong|truong phong|giam doc|tm\.|kt\.|noi nhan|\(ky|ky,? ghi"
    r"|.{2,40}, ngay \d{1,2} thang)"
)
NUMBERED = re.compile(r"\d+\s*[.)]?")
COUNT = re.compile(r"(\d+)(?: người)?")
BLANK = re.compile(r"^[\s\-–—_.…/*]*$")
MARKS = {"x", "1", "co", "dat", "dv", "dangvien", "v", "✓", "✔"}
NO_MARKS = {"khong", "chua", "0", "k"}
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
TITLE_ROWS = 100  # what stands further down on a sheet without a header is no title
MAX_TITLE = 300  # characters
MAX_FILLED = 1_000_000  # cells below the first of a merged range; a damaged file may claim any number


@lru_cache(maxsize=2**16)
def clean(text: str) -> str:
    """The text of a cell as it is kept. Rosters repeat themselves: equal texts are cleaned once and share memory."""
    return nfc(text.replace("\0", ""))  # which PostgreSQL cannot hold


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


@dataclass(slots=True)
class RawRow:
    """A person row as read: the cells of the sheet, below which header, and what its place adds.

    `further` are the lines below that belong to the same person, whose name is merged over them.
    """

    sheet: str
    row: int  # the number that Excel shows
    header: Header
    line: list[Cell]
    group_commune: str = ""
    group_district: str = ""
    group_position: str = ""
    is_hidden: bool = False
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
        for index, name in self.header.plain:
            if index >= width or (cell := line[index]) == "":
                continue
            if isinstance(cell, str):
                cell = text = clean(cell)
            else:
                text = cell_text(cell)
            if not text:
                continue
            if is_first or name not in texts:
                cells[name], texts[name] = cell, text
            elif text != texts[name]:
                self._add_leftover(found, name, text)
        for name, columns in self.header.shared:
            for column in columns:
                if column.index >= width or (text := cell_text(cell := line[column.index])) == "":
                    continue
                if column.sex:
                    found.births.append(column)
                held = texts.get(name)
                # Of a mark and a date of the Party the date says more.
                if held is None or (name == "party_joined_on" and len(held) <= 2 < len(text)):
                    cells[name], texts[name] = text if isinstance(cell, str) else cell, text
                    found.columns[name] = column
        for column in self.header.marks:
            if column.index < width and (cell := line[column.index]) != "":
                found.marks.append((column, clean(cell) if isinstance(cell, str) else cell))
                found.columns.setdefault(column.field, column)

    @staticmethod
    def _add_leftover(found: RowCells, name: str, text: str) -> None:
        if name == "position":
            found.texts[name] = f"{found.texts[name]}; {text}"
            found.cells[name] = found.texts[name]
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

    `is_never_kept`: rosters have such a column and the registry does not keep what it says (lương, phụ cấp, tuổi …).
    """

    sheet: str
    column: str  # letters, as Excel shows them
    title: str
    cells: int
    is_never_kept: bool = False

    def as_json(self) -> dict[str, Any]:
        told = {"sheet": self.sheet, "column": self.column, "title": self.title, "cells": self.cells}
        return told | ({"kept": False} if self.is_never_kept else {})


@dataclass(slots=True)
class Vacancy:
    """A row that says that nobody holds a post (`Khuyết`, `Chưa bố trí`): as written, where it is told."""

    sheet: str
    row: int
    position: str = ""
    commune: str = ""


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


def lay_out(
    file_name: str,
    sheets: list[Sheet],
    dictionaries: Dictionaries,
    *,
    needs_day: bool = True,
    needs_roster: bool = True,
    mapping: ColumnMapping | None = None,
) -> Layout:
    """Sort every row of every visible sheet.

    Args: mapping says what was decided by hand of columns, by (layout key, column key): the field they hold, with a
    level or sex behind a colon where it needs one, or '' to leave the column out; it wins over the titles.
    Raises UnreadableFileError (with needs_roster) where no sheet has a roster, or (with needs_day) where sheets state
    different dates.
    """
    layout = Layout()
    days: list[date] = []
    covers: list[_Walk] = []
    for sheet in sheets:
        walk = _Walk(sheet, dictionaries, mapping or {})
        header = walk.finder.first()
        if sheet.is_hidden:
            if header is not None:
                layout.hidden_sheets.append(sheet.name)
            continue
        if header is None and (header := walk.finder.guessed()) is not None:
            if header.names_people:
                walk.given = header
            else:
                layout.skipped_sheets.append(sheet.name)
                walk.show(header)
        layout.rows.extend(walk.persons())
        layout.totals.extend(walk.totals)
        layout.columns |= walk.columns
        day = walk.as_of or as_of_in(sheet.name)
        layout.sheets.extend(walk.found(day))
        if header is None:
            covers.append(walk)
        elif day and header.names_people:
            days.append(day)
    if needs_roster and not any(table.is_understood for table in layout.sheets):
        raise UnreadableFileError(_no_roster(file_name, layout.skipped_sheets))
    _take_from_covers(layout, covers, days)
    if needs_day and len(set(days)) > 1:
        stated = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(set(days)))
        raise UnreadableFileError(
            f"Tệp {file_name} ghi nhiều ngày số liệu khác nhau ({stated}). Hãy chọn ngày số liệu khi nhập (--as-of)."
        )
    layout.as_of = days[0] if days else None
    return layout


def _take_from_covers(layout: Layout, covers: list["_Walk"], days: list[date]) -> None:
    """The day and the district that only a cover sheet names hold for sheets that do not name their own."""
    if not days:
        days.extend(walk.as_of for walk in covers if walk.as_of)
    districts = {walk.title_district for walk in covers} - {""}
    if len(districts) == 1:
        district = districts.pop()
        for row in layout.rows:
            row.group_district = row.group_district or district


def _no_roster(file_name: str, skipped: list[str]) -> str:
    if skipped:
        return (
            f"Tệp {file_name} có vẻ là danh sách (trang “{skipped[0]}”) nhưng không hiểu các tiêu đề cột. Hãy ghi tiêu "
            "đề như tệp mẫu (Họ và tên, Ngày sinh, Chức danh…) hoặc chọn trường cho từng cột khi nhập trên trang web."
        )
    return (
        f"Tệp {file_name} không có danh sách cán bộ, công chức: không thấy dòng tiêu đề có cột họ tên và các cột "
        "khác. Hãy kiểm tra lại tệp hoặc dùng tệp mẫu."
    )


class _Groups:
    """The group rows above a person, outermost first: what they name, and their head counts.

    Which kind stands within which is told by the order of their first rows: a row of a kind that is open ends that
    group and all within it, any other begins a group within.
    """

    def __init__(self) -> None:
        self.open: list[tuple[str, str, list[DeclaredTotal]]] = []  # (kind, name, totals)

    def begin(self, kind: str, name: str, total: DeclaredTotal | None) -> None:
        kinds = [known for known, _, _ in self.open]
        if kind in kinds:
            del self.open[kinds.index(kind) :]
        elif kind == "staff":  # `B. Công chức` ends a group of one position
            self.open = [group for group in self.open if group[0] != "position"]
        elif kind == "district":
            self.open.clear()
        self.open.append((kind, name, [total] if total else []))

    def add(self, *totals: DeclaredTotal) -> None:
        """Further totals of the innermost group."""
        self.open[-1][2].extend(totals)

    def name_of(self, kind: str) -> str:
        return next((name for known, name, _ in self.open if known == kind), "")

    def count(self) -> None:
        for _, _, totals in self.open:
            for total in totals:
                total.counted += 1


class _Walk:
    """One way down a sheet, with what the group rows and titles above say."""

    def __init__(self, sheet: Sheet, dictionaries: Dictionaries, mapping: ColumnMapping) -> None:
        self.sheet = sheet
        self.dictionaries = dictionaries
        self.finder = HeaderFinder(sheet, dictionaries.titles, mapping)
        self.given: Header | None = None  # a header that only the mapping by hand makes one
        self.totals: list[DeclaredTotal] = []
        self.columns: dict[tuple[str, str], int] = {}
        self.as_of: date | None = None
        self.groups = _Groups()
        self.title_district = self.title_commune = ""
        self.sheet_commune = self._sheet_commune()
        self.below_footer = False
        self.fills = _fills(sheet)
        # The last texts since the last person that mean nothing by themselves.
        self._between: deque[str] = deque(maxlen=TITLE_ROWS)
        self._headers: dict[tuple[str, tuple[int, ...]], _Table] = {}
        self._counted, self._since_subtotal = _Counts(), _Counts()
        self._ahead: list[tuple[DeclaredTotal, int | None]] = []  # totals above everybody, with the column of marks
        self._is_below_group = False  # nothing has come yet since a group row

    @property
    def has_people(self) -> bool:
        return bool(self._counted.people)

    def show(self, header: Header) -> "_Table":
        """Take a header into what is shown; one that is repeated keeps its first place."""
        place = (header.key, tuple(column.index for column in header.columns))
        return self._headers.setdefault(place, _Table(header))

    def found(self, day: date | None) -> Iterator[SheetFound]:
        for table in self._headers.values():
            header = table.header
            columns = [column for column in header.columns if column.title or column.samples]
            yield SheetFound(
                name=self.sheet.name,
                key=header.key,
                first_row=header.first + 1,
                last_row=header.last + 1,
                is_understood=header.names_people,
                as_of=day,
                persons=table.persons,
                columns=columns,
            )

    def persons(self) -> Iterator[RawRow]:
        table: _Table | None = None
        skip_to = 0
        last: RawRow | None = None
        given = self.given.first if self.given else -1
        for index, cells in enumerate(self.sheet.rows):
            if index < skip_to:
                continue
            if header := (self.given if index == given else self.finder.at(index)):
                table, skip_to, self.below_footer = self.show(header), header.last + 1, False
                for column in header.columns:
                    if column.field:
                        self.columns.setdefault((self.sheet.name, column.title), column.index)
                self._read_title_between()
                continue
            if not any(cells):  # blanks are ''
                continue
            if table is None:
                if index < TITLE_ROWS:
                    self._read_title([text for cell in cells if (text := cell_text(cell)[:MAX_TITLE])], cells)
                continue
            filled = self._filled(index, cells)
            if last is not None and self._goes_on(table, index, cells):
                last.further = (*last.further, filled)
                continue
            if table.is_person(filled, self):
                last = self._raw_row(table, index, filled)
                yield last
            elif not is_numbering_row(cells):
                last = None
                self._read_other(table, index, cells)
        for total, place in self._ahead:
            total.counted = self._counted.of(place)

    def _raw_row(self, table: "_Table", index: int, cells: list[Cell]) -> RawRow:
        table.add(cells)
        self.groups.count()
        for counts in (self._counted, self._since_subtotal):
            counts.add(table, cells)
        self._between.clear()
        self._is_below_group = False
        return RawRow(
            sheet=self.sheet.name,
            row=index + 1,
            header=table.header,
            line=cells,
            group_commune=self.groups.name_of("commune") or self.title_commune or self.sheet_commune,
            group_district=self.groups.name_of("district") or self.title_district,
            group_position=self.groups.name_of("position"),
            is_hidden=index in self.sheet.hidden_rows,
        )

    def _filled(self, index: int, cells: list[Cell]) -> list[Cell]:
        """The row with what is merged over it from above."""
        if index not in self.fills:
            return cells
        cells = list(cells)
        for column, value in self.fills[index]:
            if column < len(cells) and cells[column] == "":
                cells[column] = value
        return cells

    def _goes_on(self, table: "_Table", index: int, cells: list[Cell]) -> bool:
        """Whether the name of the person above is merged over this row."""
        return any(column in table.names and cells[column] == "" for column, _ in self.fills.get(index, ()))

    def names_group(self, name: str) -> bool:
        name = DECLARED_IN_GROUP.sub("", name)
        kind, _ = split_kind(name)
        known = self.dictionaries.named_units(name, None, communes=True) or self.dictionaries.position(name)
        return bool(kind or known or STAFF_GROUP.match(match_key(name)))

    # what stands above the people

    def _read_title(self, texts: list[str], cells: list[Cell]) -> None:
        """The rows above the first header: the as-of date, the district, the commune."""
        for text in texts:
            self.as_of = self.as_of or as_of_in(text)
            for unit in self.dictionaries.units_in(text):
                if unit.kind == Kind.DISTRICT:
                    self.title_district = self.title_district or unit.name
                elif unit.kind in UnitVersion.COMMUNE_KINDS:
                    self.title_commune = self.title_commune or unit.name
        if self.as_of is None and any("tinh den" in fold(text) for text in texts):
            days = [cell for cell in cells if isinstance(cell, datetime | date)]
            if days:
                self.as_of = days[0].date() if isinstance(days[0], datetime) else days[0]

    def _read_title_between(self) -> None:
        """A further table of the sheet, with a title of its own: another commune, another day is no business of it."""
        named = [unit for text in self._between for unit in self.dictionaries.units_in(text)]
        for unit in named:
            if unit.kind in UnitVersion.COMMUNE_KINDS:
                self.title_commune = unit.name
                self.groups = _Groups()
        self._between.clear()

    def _sheet_commune(self) -> str:
        """The commune that the sheet is named after. `Bắc Hà` alone is the district as well, and means nothing."""
        name = GROUP_PREFIX.sub("", nfc(self.sheet.name))
        kind, _ = split_kind(name)
        if kind not in UnitVersion.COMMUNE_KINDS and self.dictionaries.named_units(name, None, communes=False):
            return ""
        return name if self.dictionaries.named_units(name, None, communes=True) else ""

    # what stands between them

    def _read_other(self, table: "_Table", index: int, cells: list[Cell]) -> None:
        """A row below a header that is nobody's: a total, a group, or a note."""
        texts = [text for cell in cells if (text := cell_text(cell))]
        words = [text for text in texts if not ORDER_MARK.match(text.rstrip(".)"))]
        if not words:
            return
        text = words[0]
        if TOTAL.match(text):
            # Without a number these are titles: `Tổng số | Nữ 51-55 | Nam 56-60`.
            if len(words) == 1 or DECLARED.search(text) or any(map(_count_in, cells)):
                self._read_total(table, index, text, cells)
        elif FOOTER.match(fold(text)):
            self.below_footer = True
        elif len(words) > 1 or not self._read_group(index, GROUP_PREFIX.sub("", text), texts):
            self._between.extend(word[:MAX_TITLE] for word in words)

    def _read_total(self, table: "_Table", index: int, text: str, cells: list[Cell]) -> None:
        """`Cộng: 23 người`, or the number alone, or a row of counts below mark columns."""
        numbers = {column: int(count[1]) for column, cell in enumerate(cells) if (count := _count_in(cell))}
        marks = {column.index: column for column in table.counted}
        in_text = DECLARED.search(text)
        head_count = int(re.sub(r"[.,]", "", in_text[1])) if in_text else None
        found: list[tuple[DeclaredTotal, int | None]] = []
        for column, number in numbers.items():
            mark = marks.get(column)
            is_alone = len(numbers) == 1 and not (mark and mark.level)
            if head_count is None and (column in table.head_count or is_alone):
                head_count = number
            elif mark is not None and not is_alone:
                found.append((DeclaredTotal(self.sheet.name, index + 1, number, column=mark.title), column))
        if head_count is not None:
            found.append((DeclaredTotal(self.sheet.name, index + 1, head_count), None))
        is_of_group = self._is_below_group and (head_count is None or head_count != self._counted.people)
        if is_of_group:  # the total of a group at its head; its marks are not counted apart
            found = [(total, place) for total, place in found if place is None]
            self.groups.add(*(total for total, _ in found))
        self.totals.extend(total for total, _ in found)
        if is_of_group:
            return
        if not self._counted.people:
            self._ahead.extend(found)
            return
        # `Tổng` is a grand total; `Cộng` counts since the last one.
        counts = self._since_subtotal if fold(text).startswith("cong") else self._counted
        for total, place in found:
            total.counted = counts.of(place)
        self._since_subtotal = _Counts()

    def _read_group(self, index: int, text: str, texts: list[str]) -> bool:
        """Whether the row names a group; from it on people belong to that."""
        declared = DECLARED_IN_GROUP.search(text)
        name = DECLARED_IN_GROUP.sub("", text).strip(" .:-")
        kind, _ = split_kind(name)
        if kind in UnitVersion.COMMUNE_KINDS or (not kind and self.dictionaries.named_units(name, None, communes=True)):
            # A commune that nobody knows still ends the one above: its people must not be counted there.
            group = "commune"
        elif kind == Kind.DISTRICT:
            group = "district"
        elif self.dictionaries.position(name):
            group = "position"
        elif STAFF_GROUP.match(match_key(name)):
            group = "staff"
        else:
            return False
        number = int(declared[1] or declared[2]) if declared else None
        if number is None:  # `I | XÃ BẢN PHỐ | 22`
            place = next((place for place, found in enumerate(texts) if name in found), 0)
            behind = [found for found in map(COUNT.fullmatch, texts[place + 1 :]) if found]
            number = int(behind[0][1]) if len(behind) == 1 else None
        total = DeclaredTotal(self.sheet.name, index + 1, number) if number is not None else None
        if total:
            self.totals.append(total)
        self.groups.begin(group, name, total)
        self._is_below_group = True
        if group in ("commune", "district"):
            self._since_subtotal = _Counts()
        return True


@dataclass(slots=True)
class _Counts:
    """People counted, and ticks by mark column."""

    people: int = 0
    marks: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def of(self, column: int | None) -> int:
        """The ticks of a mark column; without one, the people."""
        return self.people if column is None else self.marks[column]

    def add(self, table: "_Table", cells: list[Cell]) -> None:
        self.people += 1
        for column in table.counted:
            cell = cells[column.index] if column.index < len(cells) else ""
            if is_ticked(cell):
                self.marks[column.index] += 1


class _Table:
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
        self.head_count = {column.index for column in columns if column.field in HEAD_COUNT_FIELDS}

    def is_person(self, cells: list[Cell], walk: _Walk) -> bool:
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
        if not said and walk.names_group(name):  # `1 | Xã Bản Phố | 18`: a group row with its counts
            return False
        if not is_numbered:
            is_evident = len(said | ticked) >= 2 or not said.isdisjoint(("birth_date", "national_id"))
            return is_evident and not walk.below_footer
        return bool(said or ticked) or not walk.below_footer

    def add(self, cells: list[Cell]) -> None:
        """Count a person; keep what the first ones have in each column."""
        self.persons += 1
        if self.persons > SAMPLE_ROWS:
            return
        for column in self.header.columns:
            if len(column.samples) < SAMPLES and column.index < len(cells):
                text = cell_text(cells[column.index])
                if text and text not in column.samples:
                    column.samples.append(text)


@lru_cache(maxsize=2**14)
def mark_of(text: str) -> bool | None:
    """What a text says as a mark: yes, no, or nothing (it is something else)."""
    key = match_key(text) or text
    return True if key in MARKS else False if key in NO_MARKS else None


def is_ticked(cell: Cell) -> bool:
    """Whether a mark column says yes: anything but a blank, a dash or a no."""
    text = cell_text(cell)
    return bool(text) and not BLANK.match(text) and mark_of(text) is not False


def _fills(sheet: Sheet) -> dict[int, list[tuple[int, Cell]]]:
    """Row → (column, value) of what is merged over the row from above."""
    fills: dict[int, list[tuple[int, Cell]]] = {}
    filled = 0
    for top, left, bottom, _ in sheet.merged:
        if bottom == top or top >= len(sheet.rows) or left >= len(sheet.rows[top]):
            continue
        value = sheet.rows[top][left]
        filled += min(bottom, len(sheet.rows)) - top
        if filled > MAX_FILLED:
            break
        if value != "":
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                fills.setdefault(row, []).append((left, value))
    return fills


def _is_count(cell: Cell) -> bool:
    """Whether a cell of a birth column holds a head count instead: `18`."""
    if isinstance(cell, str):
        return cell.isdigit() and int(cell) < LOWEST_YEAR
    return isinstance(cell, float) and cell < LOWEST_YEAR


def _count_in(cell: Cell) -> re.Match[str] | None:
    return COUNT.fullmatch(cell_text(cell)) if isinstance(cell, str | float) else None


def as_of_in(text: str) -> date | None:
    """The day in `(Tính đến 31/12/2015)`, `tính đến ngày 31 tháng 12 năm 2015`; a month or year means its last day."""
    folded = fold(text)
    if found := AS_OF.search(folded):
        year, month = int(found["year"]), int(found["month"])
        try:
            if found["day"]:
                return date(year, month, int(found["day"]))
            return PartialDate(date(year, month, 1), Precision.MONTH).last_day
        except ValueError:
            return None
    if found := AS_OF_YEAR.search(folded):
        return date(int(found["year"]), 12, 31)
    return None


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
