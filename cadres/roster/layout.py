"""What each row of a sheet is: a person, a group (commune, position), a declared total, or no business of ours.

Nothing is understood here yet (values): people leave as raw rows.
"""

import re
from collections import deque
from collections.abc import Iterator
from datetime import date, datetime

from cadres.models import UnitVersion
from cadres.roster.column_meanings import ColumnMapping
from cadres.roster.dictionaries import Dictionaries, split_kind
from cadres.roster.groups import DECLARED_IN_GROUP, GROUP_PREFIX, STAFF_GROUP, Groups
from cadres.roster.header import Header, HeaderFinder, is_numbering_row
from cadres.roster.needed_columns import needed_columns_not_found
from cadres.roster.reading import Cell, Sheet, UnreadableFileError
from cadres.roster.rows import DeclaredTotal, Layout, RawRow, SheetFound, UnreadColumn, cell_text
from cadres.roster.sheet_titles import as_of_in
from cadres.roster.tables import COUNT, TOTAL, Counts, Table, count_in
from cadres.text import fold, match_key, nfc

Kind = UnitVersion.Kind

DECLARED = re.compile(r"(?<!\d)(\d{1,3}(?:[.,]\d{3}){1,2}|\d{1,9})(?!\d)")
ORDER_MARK = re.compile(r"^(?:[IVXLC]+|[A-Za-zĐđ]|\d{1,3})$")
FOOTER = re.compile(
    r"^(?:nguoi (?:lap|ky)|thu truong|truong phong|giam doc|tm\.|kt\.|noi nhan|\(ky|ky,? ghi"
    r"|.{2,40}, ngay \d{1,2} thang)"
)
TITLE_ROWS = 100  # what stands further down on a sheet without a header is no title
MAX_TITLE = 300  # characters
MAX_FILLED = 1_000_000  # cells below the first of a merged range; a damaged file may claim any number


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
        layout.unread.extend(walk.unread())
        if header is None:
            covers.append(walk)
        elif day and header.names_people:
            days.append(day)
    if needs_roster and not any(table.is_understood for table in layout.sheets):
        raise UnreadableFileError(_no_roster(file_name, layout.skipped_sheets))
    _take_from_covers(layout, covers, days)
    layout.notices.extend(needed_columns_not_found(layout.rows, layout.unread))
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
        self.groups = Groups()
        self.title_district = self.title_commune = ""
        self.sheet_commune = self._sheet_commune()
        self.below_footer = False
        self.fills = _fills(sheet)
        # The last texts since the last person that mean nothing by themselves.
        self._between: deque[str] = deque(maxlen=TITLE_ROWS)
        self._headers: dict[tuple[str, tuple[int, ...]], Table] = {}
        self._counted, self._since_subtotal = Counts(), Counts()
        self._ahead: list[tuple[DeclaredTotal, int | None]] = []  # totals above everybody, with the column of marks
        self._is_below_group = False  # nothing has come yet since a group row

    @property
    def has_people(self) -> bool:
        return bool(self._counted.people)

    def show(self, header: Header) -> Table:
        """Take a header into what is shown; one that is repeated keeps its first place."""
        place = (header.key, tuple(column.index for column in header.columns))
        return self._headers.setdefault(place, Table(header))

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

    def unread(self) -> Iterator[UnreadColumn]:
        for table in self._headers.values():
            yield from table.unread_columns(self.sheet.name)

    def persons(self) -> Iterator[RawRow]:
        table: Table | None = None
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
            if table.is_person(filled, names_group=self.names_group, below_footer=self.below_footer):
                last = self._raw_row(table, index, filled)
                yield last
            elif not is_numbering_row(cells):
                last = None
                self._read_other(table, index, cells)
        for total, place in self._ahead:
            total.counted = self._counted.of(place)

    def _raw_row(self, table: Table, index: int, cells: list[Cell]) -> RawRow:
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

    def _goes_on(self, table: Table, index: int, cells: list[Cell]) -> bool:
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
                self.groups = Groups()
        self._between.clear()

    def _sheet_commune(self) -> str:
        """The commune that the sheet is named after. `Bắc Hà` alone is the district as well, and means nothing."""
        name = GROUP_PREFIX.sub("", nfc(self.sheet.name))
        kind, _ = split_kind(name)
        if kind not in UnitVersion.COMMUNE_KINDS and self.dictionaries.named_units(name, None, communes=False):
            return ""
        return name if self.dictionaries.named_units(name, None, communes=True) else ""

    # what stands between them

    def _read_other(self, table: Table, index: int, cells: list[Cell]) -> None:
        """A row below a header that is nobody's: a total, a group, or a note."""
        texts = [text for cell in cells if (text := cell_text(cell))]
        words = [text for text in texts if not ORDER_MARK.match(text.rstrip(".)"))]
        if not words:
            return
        text = words[0]
        if TOTAL.match(text):
            # Without a number these are titles: `Tổng số | Nữ 51-55 | Nam 56-60`.
            if len(words) == 1 or DECLARED.search(text) or any(map(count_in, cells)):
                self._read_total(table, index, text, cells)
        elif FOOTER.match(fold(text)):
            self.below_footer = True
        elif len(words) > 1 or not self._read_group(index, GROUP_PREFIX.sub("", text), texts):
            self._between.extend(word[:MAX_TITLE] for word in words)

    def _read_total(self, table: Table, index: int, text: str, cells: list[Cell]) -> None:
        """`Cộng: 23 người`, or the number alone, or a row of counts below mark columns."""
        numbers = {column: int(count[1]) for column, cell in enumerate(cells) if (count := count_in(cell))}
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
        self._since_subtotal = Counts()

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
            self._since_subtotal = Counts()
        return True


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
