"""One way down a sheet: what each row is, with what the group rows and titles above it say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from cadres.roster.column_meanings import ColumnMapping
from cadres.roster.dictionaries import Dictionaries, split_kind
from cadres.roster.groups import ORDER_MARK, Group, GroupReader, Groups
from cadres.roster.header import MAX_HEADER_ROWS, Header, HeaderFinder, looks_like_a_person
from cadres.roster.not_people import is_note, is_signature, tells_of_leavers
from cadres.roster.numbering import is_numbering_row
from cadres.roster.reading import Cell, Sheet
from cadres.roster.rows import DeclaredTotal, Notice, RawRow, SheetFound, UnreadColumn, Vacancy, cell_text
from cadres.roster.sheet_titles import as_of_in
from cadres.roster.side_by_side import stacked
from cadres.roster.tables import TOTAL, Counts, Table, count_in
from cadres.roster.unit_names import NamedUnit, UnitNames
from cadres.text import fold, place_key

DECLARED = re.compile(r"(?<!\d)(\d{1,3}(?:[.,]\d{3}){1,2}|\d{1,9})(?!\d)")
TITLE_ROWS = 100  # what stands further down on a sheet without a header is no title
MAX_TITLE = 300  # characters
MOST_LOOKED_AT = 500  # rows of a sheet without titles
LEAST_PEOPLE = 2
MAX_TOLD = 80  # characters of a row that a message quotes
MAX_FILLED = 1_000_000  # cells below the first of a merged range; a damaged file may claim any number


class Walk:
    """One way down a sheet. Afterwards it holds the people who left, vacancies, totals, and what was not understood."""

    def __init__(self, sheet: Sheet, dictionaries: Dictionaries, units: UnitNames, mapping: ColumnMapping) -> None:
        self.numbers: list[int] = []  # of the rows as Excel shows them, where they are not simply counted
        self.finder = HeaderFinder(sheet, dictionaries.titles, mapping)
        self.first = self.finder.first()
        if self.first and (found := stacked(sheet, self.first)):
            sheet, self.numbers = found.sheet, found.numbers
            self.finder = HeaderFinder(sheet, dictionaries.titles, mapping)
            self.first = self.finder.first()
        self.sheet = sheet
        self.dictionaries = dictionaries
        self.units = units
        self.reader = GroupReader(dictionaries, units)
        self.given: Header | None = None  # a header that only the mapping by hand makes one
        self.followed: Header | None = None  # that of the sheet before, whose table goes on here
        self.totals: list[DeclaredTotal] = []
        self.columns: dict[tuple[str, str], int] = {}
        self.notices: list[Notice] = []
        self.vacancies: list[Vacancy] = []
        self.leavers: list[RawRow] = []
        self.takes_leavers = False  # somebody has said that those who have left are in post
        self.as_of: date | None = None
        self.groups = Groups()
        self.title_district = self.title_commune = ""
        self.is_of_leavers = tells_of_leavers(sheet.name)
        self.below_footer = False
        self.fills = _fills(sheet)
        self._sheet_unit: NamedUnit | None = None
        self._footer_communes: set[str] = set()
        self._headers: dict[tuple[str, tuple[int, ...]], Table] = {}
        self._counted, self._since_subtotal = Counts(), Counts()
        self._ahead: list[tuple[DeclaredTotal, int | None]] = []  # totals above everybody, with the column of marks
        self._is_below_group = False  # nothing has come yet since a group row
        # The rows since the last person that mean nothing by themselves: place and texts.
        self._between: list[tuple[int, list[str]]] = []
        self._is_apart = False  # a blank row or a total has come since the last person

    @property
    def has_people(self) -> bool:
        return bool(self._counted.people)

    @property
    def tables(self) -> list[Table]:
        return list(self._headers.values())

    def follow(self, before: "Walk") -> bool:
        """Go on with the table of the sheet before, where this one has people in its columns and no titles.

        What stands above there holds here too, but for the commune where this sheet is named after one.
        """
        table = before.last_table
        if table is None:
            return False
        rows = [cells for cells in self.sheet.rows[:MOST_LOOKED_AT] if sum(cell != "" for cell in cells) > 2]
        people = sum(table.resembles_person(cells) for cells in rows)
        if not people or people * 2 < len(rows):
            return False
        columns = tuple(replace(column, samples=[]) for column in table.header.columns)
        self.followed = replace(table.header, first=-1, last=-1, columns=columns)
        self.title_district, self.is_of_leavers = before._district(), self.is_of_leavers or before.is_of_leavers
        self._counted, self._since_subtotal = before._counted, before._since_subtotal
        if self.units.of_sheet(self.sheet.name, self.title_district) is None:
            self.groups, self.title_commune = before.groups, before._commune()
        return True

    @property
    def last_table(self) -> Table | None:
        return next((table for table in reversed(self.tables) if table.header.names_people), None)

    @property
    def has_unread_people(self) -> bool:
        """Whether rows look like people, though no titles say what their columns are."""
        return sum(map(looks_like_a_person, self.sheet.rows[:MOST_LOOKED_AT])) >= LEAST_PEOPLE

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

    def persons(self) -> list[RawRow]:
        """The people in post, in their order."""
        people = [row for row in self._people() if not self._leaves(row)]
        if len(self._footer_communes) == 1:  # `TM. UBND XÃ BẢN PHỐ` below a list that names no commune above
            (commune,) = self._footer_communes
            for row in (*people, *self.leavers):
                row.group_commune = row.group_commune or commune
        return people

    def _people(self) -> Iterator[RawRow]:
        table = self._begin_table(self.followed) if self.followed else None
        skip_to = 0
        last: RawRow | None = None  # the person of the row above
        given = self.given.first if self.given else -1
        for index, cells in enumerate(self.sheet.rows):
            if index < skip_to:
                continue
            if header := (self.given if index == given else self.finder.at(index)):
                table, skip_to, last = self._begin_table(header), header.last + 1, None
                continue
            if not any(cells):  # blanks are ''
                self._is_apart, last = True, None
                continue
            if table is None:
                if index < TITLE_ROWS:
                    self._read_title([text for cell in cells if (text := cell_text(cell)[:MAX_TITLE])], cells)
                continue
            if is_numbering_row(cells):
                continue
            filled = self._filled(index, cells)
            if last is not None and self._is_merged_into(table, index, cells):
                last.further = (*last.further, filled)
            elif table.is_vacancy(filled):
                self._add_vacancy(table, index, filled)
                last = None
            elif self._is_second_line(table, filled, last):
                last.further = (*last.further, filled)  # type: ignore[union-attr]
            elif table.is_person(filled, names_group=self.reader.names_group, below_footer=self.below_footer):
                last = self._raw_row(table, index, filled)
                yield last
            else:
                last = None
                self._read_other(table, index, cells)
        for total, place in self._ahead:
            total.counted = self._counted.of(place)
        if not self._is_apart:
            self._tell_between()

    def _begin_table(self, header: Header) -> Table:
        self.below_footer = False
        for column in header.columns:
            if column.field:
                self.columns.setdefault((self.sheet.name, column.title), column.index)
        for row in range(header.last + 1, header.last + MAX_HEADER_ROWS):  # a title is merged into the first person
            self.fills[row] = [fill for fill in self.fills.get(row, ()) if fill[2] > header.last]
        self._read_title_between()
        return self.show(header)

    def _raw_row(self, table: Table, index: int, cells: list[Cell]) -> RawRow:
        self._tell_between()
        table.add(cells)
        self.groups.count()
        for counts in (self._counted, self._since_subtotal):
            counts.add(table.counted, cells)
        self._is_below_group = self._is_apart = False
        return RawRow(
            sheet=self.sheet.name,
            row=self._number(index),
            header=table.header,
            line=cells,
            group_commune=self._commune(),
            group_district=self._district(),
            group_position=self.groups.name_of("position"),
            group_staff=self.groups.name_of("staff"),
            is_hidden=index in self.sheet.hidden_rows,
            has_left=self.is_of_leavers or self.groups.of("left") is not None or table.has_left(cells),
        )

    def _number(self, index: int) -> int:
        """The number of a row as Excel shows it."""
        return self.numbers[index] if self.numbers else index + 1

    def _leaves(self, row: RawRow) -> bool:
        row.has_left = row.has_left and not self.takes_leavers
        if row.has_left:
            self.leavers.append(row)
        return row.has_left

    def _commune(self) -> str:
        named = self.groups.name_of("commune") or self.title_commune
        if not named:
            self._sheet_unit = self._sheet_unit or self.units.of_sheet(self.sheet.name, self._district()) or NamedUnit()
            named = self._sheet_unit.commune
        return named

    def _district(self) -> str:
        return self.groups.district or self.title_district

    def _add_vacancy(self, table: Table, index: int, cells: list[Cell]) -> None:
        position = table.text_of("position", cells) or self.groups.name_of("position")
        commune = table.text_of("commune", cells) or self._commune()
        self.vacancies.append(Vacancy(self.sheet.name, self._number(index), position, commune))
        self._is_apart = False

    def _filled(self, index: int, cells: list[Cell]) -> list[Cell]:
        """The row with what is merged over it from above."""
        if index not in self.fills:
            return cells
        cells = list(cells)
        for column, value, _ in self.fills[index]:
            if column < len(cells) and cells[column] == "":
                cells[column] = value
        return cells

    def _is_merged_into(self, table: Table, index: int, cells: list[Cell]) -> bool:
        """Whether the name of the person above is merged over this row."""
        return any(column in table.names and cells[column] == "" for column, *_ in self.fills.get(index, ()))

    def _is_second_line(self, table: Table, cells: list[Cell], last: RawRow | None) -> bool:
        if last is None or self.below_footer or not table.is_second_line(cells, last):
            return False
        filled = [text for cell in cells if (text := cell_text(cell))]
        texts = [text for text in filled if not ORDER_MARK.match(text)]
        if any(TOTAL.match(text) or is_signature(text) for text in texts[:1]):
            return False
        if len(texts) != 1:
            return not any((found := self.units.named(text)) and found.is_whole for text in texts[:1])
        group = self.reader.read(filled, self.groups)
        if group is None:
            return texts[0].isdecimal() or not is_note(texts[0])
        # A position written below another is a second post; counted or elsewhere it begins a group.
        return group.kind == "position" and not group.style and texts[0] == table.text_of("position", cells)

    # what stands above the people

    def _read_title(self, texts: list[str], cells: list[Cell]) -> None:
        """The rows above the first header: the as-of date, the district, the commune, whether the people have left."""
        for text in texts:
            self.as_of = self.as_of or as_of_in(text)
            self._take_title(text)
        if self.as_of is None and any("tinh den" in fold(text) for text in texts):
            days = [cell for cell in cells if isinstance(cell, datetime | date)]
            if days:
                self.as_of = days[0].date() if isinstance(days[0], datetime) else days[0]

    def _take_title(self, text: str) -> None:
        self.is_of_leavers = self.is_of_leavers or tells_of_leavers(text)
        named = self.units.named(text)
        if named is None:
            return
        is_district = not split_kind(named.commune)[0] and self.dictionaries.named_units(
            named.commune, None, communes=False
        )  # `Huyện: | Bắc Hà`
        if is_district and named.is_whole:
            self.title_district = self.title_district or named.commune
            return
        self.title_district = self.title_district or named.district
        if named.commune and not self.title_commune:
            self.title_commune = named.commune
        elif named.commune and split_kind(named.commune)[1] not in split_kind(self.title_commune)[1]:
            # Of two communes it is not known which is meant.
            self.title_commune = f"{self.title_commune}; {named.commune}"

    def _read_title_between(self) -> None:
        """A further table of the sheet, with a title of its own: another commune, another day is no business of it."""
        texts = [text for _, texts in self._between for text in texts]
        self._between.clear()
        communes = [named.commune for text in texts if (named := self.units.named(text)) and named.commune]
        if communes:
            self.title_commune = communes[-1]
            self.groups = Groups()
        if any(map(tells_of_leavers, texts)):
            self.groups.enclose(Group("left", texts[0]))

    # what stands between them

    def _read_other(self, table: Table, index: int, cells: list[Cell]) -> None:
        """A row below a header that is nobody's: a total, a signature, a group, a note, or nothing that is known."""
        texts = [text for cell in cells if (text := cell_text(cell))]
        words = list(dict.fromkeys(text for text in texts if not ORDER_MARK.match(text)))
        if not words:
            return
        text = words[0]
        if TOTAL.match(text):
            # Without a number these are titles: `Tổng số | Nữ 51-55 | Nam 56-60`.
            if len(words) == 1 or DECLARED.search(text) or any(map(count_in, cells)):
                self._read_total(table, index, text, cells)
            self._is_apart = True
        elif any(map(is_signature, words)):
            self.below_footer = True
            for named in filter(None, map(self.units.named, words)):
                if named.commune and named.is_known:
                    self._footer_communes.add(named.commune)
        elif group := self.reader.read(texts, self.groups):
            self._begin(group, index)
        elif not self.below_footer:
            self._between.append((index, [word[:MAX_TITLE] for word in words]))

    def _begin(self, group: Group, index: int) -> None:
        """From here on people belong to the group."""
        if group.kind == "district" and place_key(group.name) == place_key(self._district()):
            return  # a letterhead at the head of a page
        total = (
            DeclaredTotal(self.sheet.name, self._number(index), group.declared) if group.declared is not None else None
        )
        if total:
            self.totals.append(total)
        if group.kind == "commune":
            if self.below_footer and place_key(group.name) == place_key(self._commune()):
                return  # the seal below the signatures
            self.below_footer = False
        self.groups.begin(group, total)
        if group.inner:
            self.groups.begin(group.inner)
        self._is_below_group = True
        if group.kind in ("commune", "district"):
            self._since_subtotal = Counts()

    def _tell_between(self) -> None:
        """Name the rows since the last person that nobody understands; what stands among people may be one."""
        for index, texts in self._between:
            if all(map(is_note, texts)):
                continue
            told = " | ".join(texts)
            told = told if len(told) <= MAX_TOLD else f"{told[:MAX_TOLD]}…"
            self.notices.append(
                Notice(
                    self.sheet.name,
                    self._number(index),
                    "unread_row",
                    f"Dòng “{told}” không hiểu được nên không được đọc. Nếu là một người, hãy ghi số thứ tự, họ tên và "
                    "chức danh; nếu là tên xã, hãy ghi như “Xã Bản Phố”.",
                    value=told,
                )
            )
        self._between.clear()

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
                found.append((DeclaredTotal(self.sheet.name, self._number(index), number, column=mark.title), column))
        if head_count is not None:
            found.append((DeclaredTotal(self.sheet.name, self._number(index), head_count), None))
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


def _fills(sheet: Sheet) -> dict[int, list[tuple[int, Cell, int]]]:
    """Row → (column, value, first row) of what is merged over the row from above."""
    fills: dict[int, list[tuple[int, Cell, int]]] = {}
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
                fills.setdefault(row, []).append((left, value, top))
    return fills
