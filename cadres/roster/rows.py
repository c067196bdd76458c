"""What each row of a sheet is: a person, a group (commune, position), a declared total, or no business of ours.

Nothing is understood here yet: a person row leaves as texts and values by field, with what its place in the sheet adds
to it (the commune of the group row above, the commune or district of the title, a hidden row).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from cadres.models import UnitVersion
from cadres.periods import PartialDate, Precision
from cadres.roster.dictionaries import Dictionaries, split_kind
from cadres.roster.header import Header, header_at, is_numbering_row
from cadres.roster.reading import Cell, Sheet, UnreadableFileError
from cadres.text import fold, match_key, nfc

AS_OF = re.compile(
    r"(?:tinh den|thoi diem|so lieu den|co den|co mat den|den ngay)\D{0,25}?"
    r"(?:(?P<day>\d{1,2})\s*(?:[/.\-]|thang)\s*)?(?P<month>\d{1,2})\s*(?:[/.\-]|nam)\s*(?P<year>\d{4})"
)
AS_OF_YEAR = re.compile(r"(?:tinh den|den)\s+(?:het|cuoi)\s+nam\s*(?P<year>\d{4})")
TOTAL = re.compile(r"^(?:tổng\s*cộng|tổng\s*số|tổng|cộng(?!\s*h(?:òa|oà)))\b", re.IGNORECASE)
DECLARED = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)")
DECLARED_IN_GROUP = re.compile(r"\(\s*(\d+)\s*(?:người|ng\.?|cb|cc|cbcc)?[^)]*\)", re.IGNORECASE)
ORDER_MARK = re.compile(r"^(?:[IVXLC]+|[A-Za-zĐđ]|\d{1,3})$")
GROUP_PREFIX = re.compile(r"^\s*(?:[IVXLC]+|[A-H]|\d{1,3})\s*[.):\-/]\s*")
STAFF_GROUP = re.compile(r"^(canbo|congchuc|canbocongchuc|khongchuyentrach)")
FOOTER = re.compile(
    r"^(?:nguoi (?:lap|ky)|thu truong|truong phong|giam doc|tm\.|kt\.|noi nhan|\(ky|ky,? ghi"
    r"|.{2,40}, ngay \d{1,2} thang)"
)
# What makes a row a person's when it stands beside a name (or without one).
EVIDENCE = {
    "birth_date", "national_id", "position", "ethnic_group", "education", "professional", "political_theory",
    "state_management", "appointed_on", "party_joined_on", "sex", "commune",
}  # fmt: skip
STRONG_EVIDENCE = {"birth_date", "national_id", "position"}


@dataclass(slots=True)
class RawRow:
    """A person row as read: cells by field. Marks hold the fields and levels of mark columns that are ticked."""

    sheet: str
    row: int  # the number that Excel shows
    cells: dict[str, Cell]
    titles: dict[str, str]
    marks: list[tuple[str, str, Cell]]
    group_commune: str = ""
    group_district: str = ""
    group_position: str = ""
    is_hidden: bool = False
    birth_columns: int = 1  # how many of the columns Nam, Nữ are filled
    birth_sex: str = ""


@dataclass(slots=True)
class DeclaredTotal:
    """A total that the file states: `Cộng: 23 người`, `XÃ BẢN PHỐ (22 người)`, beside what was counted there."""

    sheet: str
    row: int
    declared: int
    counted: int = 0


@dataclass(slots=True)
class Layout:
    """All that the sheets hold, before any value is understood."""

    rows: list[RawRow] = field(default_factory=list)
    totals: list[DeclaredTotal] = field(default_factory=list)
    as_of: date | None = None
    hidden_sheets: list[str] = field(default_factory=list)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)  # (sheet, title) → column, counted from 0


def lay_out(file_name: str, sheets: list[Sheet], dictionaries: Dictionaries, *, needs_day: bool = True) -> Layout:
    """Sort every row of every visible sheet.

    Raises UnreadableFileError where no sheet has a roster, or (with needs_day) where sheets state different dates.
    """
    layout, days, found = Layout(), [], False
    for sheet in sheets:
        walk = _Walk(sheet, dictionaries)
        if sheet.is_hidden:
            if walk.first_header() is not None:
                layout.hidden_sheets.append(sheet.name)
            continue
        if walk.first_header() is None:
            continue
        found = True
        layout.rows.extend(walk.persons())
        layout.totals.extend(walk.totals)
        layout.columns |= walk.columns
        if day := walk.as_of or as_of_in(sheet.name):
            days.append(day)
    if not found:
        raise UnreadableFileError(
            f"Tệp {file_name} không có danh sách cán bộ, công chức: không thấy dòng tiêu đề có cột họ tên và các cột "
            "khác. Hãy kiểm tra lại tệp hoặc dùng tệp mẫu."
        )
    if needs_day and len(set(days)) > 1:
        stated = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(set(days)))
        raise UnreadableFileError(
            f"Tệp {file_name} ghi nhiều ngày số liệu khác nhau ({stated}). Hãy chọn ngày số liệu khi nhập (--as-of)."
        )
    layout.as_of = days[0] if days else None
    return layout


class _Walk:
    """One way down a sheet, with what the group rows and titles above say."""

    def __init__(self, sheet: Sheet, dictionaries: Dictionaries) -> None:
        self.sheet = sheet
        self.dictionaries = dictionaries
        self.titles = dictionaries.titles
        self.totals: list[DeclaredTotal] = []
        self.columns: dict[tuple[str, str], int] = {}
        self.as_of: date | None = None
        self.commune = self.district = self.position = ""
        self.title_district = self.title_commune = ""
        self.below_footer = False
        self._counted = 0
        self._group_totals: list[DeclaredTotal] = []  # group rows whose people are still being counted
        self._subtotals = 0  # people counted since the last subtotal

    def first_header(self) -> Header | None:
        for row in range(len(self.sheet.rows)):
            if header := header_at(self.sheet, row, self.titles):
                return header
        return None

    def persons(self) -> Iterator[RawRow]:
        header: Header | None = None
        skip_to = 0
        for index, cells in enumerate(self.sheet.rows):
            if index < skip_to:
                continue
            if found := header_at(self.sheet, index, self.titles):
                header, skip_to, self.below_footer = found, found.last + 1, False
                for column in found.columns:
                    self.columns.setdefault((self.sheet.name, column.title), column.index)
                continue
            if not any(cells):  # blanks are ''
                continue
            if header is None:
                texts = [text for cell in cells if (text := cell_text(cell))]
                self._read_title(texts, cells)
                continue
            row = self._person(header, index, cells)
            if row is not None:
                self._counted += 1
                self._subtotals += 1
                for total in self._group_totals:
                    total.counted += 1
                yield row
            elif not is_numbering_row(cells):
                self._read_other(index, [text for cell in cells if (text := cell_text(cell))])

    def _person(self, header: Header, index: int, cells: list[Cell]) -> RawRow | None:
        values: dict[str, Cell] = {}
        titles: dict[str, str] = {}
        marks = []
        sexes = []
        for column in header.columns:
            cell = cells[column.index] if column.index < len(cells) else ""
            if isinstance(cell, str):
                cell = nfc(cell)
            if column.level:
                titles.setdefault(column.field, column.title)
                if cell != "":
                    marks.append((column.field, column.level, cell))
                continue
            if cell == "":
                titles.setdefault(column.field, column.title)
                continue
            if column.sex:
                sexes.append(column.sex)
            # Of two columns for one field the first that is filled counts; a date says more than a mark.
            if column.field not in values or (column.field == "party_joined_on" and len(cell_text(cell)) > 2):
                values[column.field] = cell
                titles[column.field] = column.title
        name = " ".join(
            cell_text(values[field]) for field in ("full_name", "family_name", "given_name") if field in values
        )
        is_numbered = bool(re.fullmatch(r"\d+\.?", cell_text(values.get("row_number", ""))))
        evidence = {field for field in values if field in EVIDENCE} | {field for field, _, _ in marks}
        if not self._is_person(name, is_numbered, evidence):
            return None
        return RawRow(
            sheet=self.sheet.name,
            row=index + 1,
            cells=values,
            titles=titles,
            marks=marks,
            group_commune=self.commune or self.title_commune,
            group_district=self.district or self.title_district,
            group_position=self.position,
            is_hidden=index in self.sheet.hidden_rows,
            birth_columns=len(sexes),
            birth_sex=sexes[0] if len(sexes) == 1 else "",
        )

    def _is_person(self, name: str, is_numbered: bool, evidence: set[str]) -> bool:
        if not name:
            return len(evidence) >= 3 and bool(evidence & STRONG_EVIDENCE)
        if name.isdigit() or (TOTAL.match(name) and not is_numbered):
            return False
        if not is_numbered:
            return len(evidence) >= 2 and not self.below_footer
        if not evidence:  # `1 | Xã Bản Phố`: a numbered group row
            return not self.below_footer and not self._names_group(DECLARED_IN_GROUP.sub("", name))
        return True

    def _names_group(self, name: str) -> bool:
        kind, _ = split_kind(name)
        known = self.dictionaries.named_units(name, None, communes=True) or self.dictionaries.position(name)
        return bool(kind or known or STAFF_GROUP.match(match_key(name)))

    def _read_title(self, texts: list[str], cells: list[Cell]) -> None:
        """The rows above the first header: the as-of date, the district, the commune."""
        for text in texts:
            self.as_of = self.as_of or as_of_in(text)
            self._read_place(text)
        if self.as_of is None and any("tinh den" in fold(text) for text in texts):
            days = [cell for cell in cells if isinstance(cell, datetime | date)]
            if days:
                self.as_of = days[0].date() if isinstance(days[0], datetime) else days[0]

    def _read_place(self, text: str) -> None:
        folded = f" {fold(text)} "
        for unit, name in self.dictionaries.folded_names:
            if f" {name} " in folded:
                if unit.kind == UnitVersion.Kind.DISTRICT:
                    self.title_district = self.title_district or unit.name
                elif unit.kind in UnitVersion.COMMUNE_KINDS:
                    self.title_commune = self.title_commune or unit.name

    def _read_other(self, index: int, texts: list[str]) -> None:
        """A row below a header that is nobody's: a total, a group, or a note."""
        words = [text for text in texts if not ORDER_MARK.match(text.rstrip(".)"))]
        if not words:
            return
        text = words[0]
        if TOTAL.match(text):
            self._read_total(index, text, texts)
        elif FOOTER.match(fold(text)):
            self.below_footer = True
        elif len(words) == 1:
            self._read_group(index, GROUP_PREFIX.sub("", text))

    def _read_total(self, index: int, text: str, texts: list[str]) -> None:
        is_grand = not fold(text).startswith("cong")
        found = DECLARED.search(text) or _only_number(texts)
        # `Tổng` before any group is a grand total; `Cộng` counts since the last one.
        counted = self._counted if is_grand else self._subtotals
        if found:
            declared = int(re.sub(r"[.,]", "", found[1]))
            self.totals.append(DeclaredTotal(self.sheet.name, index + 1, declared, counted))
        self._subtotals = 0

    def _read_group(self, index: int, text: str) -> None:
        name = DECLARED_IN_GROUP.sub("", text).strip(" .:-")
        declared = DECLARED_IN_GROUP.search(text)
        kind, _ = split_kind(name)
        if kind in UnitVersion.COMMUNE_KINDS or (not kind and self.dictionaries.named_units(name, None, communes=True)):
            # A commune that nobody knows still ends the one above: its people must not be counted there.
            self.commune, self.position = name, ""
            self._group_totals = []
        elif kind == UnitVersion.Kind.DISTRICT:
            self.district, self.commune, self.position = name, "", ""
            self._group_totals = []
        elif STAFF_GROUP.match(match_key(name)) and not self.dictionaries.position(name):
            self.position = ""
            return
        elif self.dictionaries.position(name):
            self.position = name
            return
        else:
            return
        self._subtotals = 0
        if declared:
            total = DeclaredTotal(self.sheet.name, index + 1, int(declared[1]))
            self.totals.append(total)
            self._group_totals = [total]


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
        return nfc(cell)
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/}{cell.year:04d}"
    return str(cell)


def _only_number(texts: list[str]) -> re.Match[str] | None:
    """The number of a total row that has one: `Cộng | 23`. A row of many is a matrix, not a head count."""
    numbers = [match for text in texts if (match := re.fullmatch(r"(\d+)(?: người)?", text))]
    return numbers[0] if len(numbers) == 1 else None
