"""The list of a decision on zones as a workbook: communes by name or code, with districts beside or above them.

Lists come in several shapes: a column with the zone, a column a zone with a mark in it, or a heading a zone with its
communes below. What a row cannot be understood as is told with the number that Excel shows.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from cadres.models import Zone
from cadres.roster.communes import CommuneFinder
from cadres.roster.dictionaries import Dictionaries, UnitEntry
from cadres.roster.reading import Cell, UnreadableFileError, read_sheets
from cadres.roster.rows import cell_text
from cadres.text import fold

ZONE_TITLE = 25  # characters: the title of a column that stands for one zone is shorter
LONGEST_TITLE = 80
COMMUNE_DIGITS = 5  # of a code
ROWS_TO_TITLES = 30  # a decision's list has at most so many rows above its column titles
ZONE_IN_TEXT = re.compile(r"\b(?:khu vuc|kv|vung)\s*(?P<zone>i{1,3}|[123])\b")
OUTSIDE_IN_TEXT = re.compile(r"\b(?:ngoai|khong thuoc)\s+(?:khu vuc|kv)\b")
OF_ZONE = {"i": Zone.I, "ii": Zone.II, "iii": Zone.III, "1": Zone.I, "2": Zone.II, "3": Zone.III}
IN_ALL = re.compile(r"^(?:tong|cong)\b")


class UnreadableListError(Exception):
    """The file is no list of zones; the message says in Vietnamese what is wrong and how to mend it."""


@dataclass(frozen=True)
class Line:
    """A commune and the zone that the list says it is in. `place` is where it stands, for messages."""

    unit: int
    code: str
    name: str
    zone: Zone
    place: str


@dataclass
class _Columns:
    """Where in a sheet the list says what; `zones`: columns that stand for one zone each."""

    name: int | None = None
    code: int | None = None
    district: int | None = None
    zone: int | None = None
    zones: dict[int, Zone] = field(default_factory=dict)


def read(name: str, content: bytes, day: date) -> tuple[list[Line], list[str]]:
    """The lines of a list of zones in force from the day, and what is wrong with it, row by row.

    Raises UnreadableListError where the file is none.
    """
    try:
        sheets = [sheet for sheet in read_sheets(name, content) if not sheet.is_hidden]
    except UnreadableFileError as error:
        raise UnreadableListError(str(error)) from error
    reader = _Reader(day)
    tables = [(sheet, found) for sheet in sheets if (found := _titles(sheet.rows))]
    if not tables:
        raise UnreadableListError(
            "Không thấy dòng tên cột của danh sách khu vực. Tệp cần một dòng có cột xã (tên hoặc mã) và cột khu vực."
        )
    for sheet, (first, columns) in tables:
        reader.read(sheet.rows, first, columns, f"Trang {sheet.name}, dòng" if len(tables) > 1 else "Dòng")
    return reader.lines, [*reader.wrong, *_twice(reader.lines)]


def zone_in(text: str, dictionaries: Dictionaries | None = None) -> Zone | None:
    """The zone that a text names: “III”, “Khu vực III”, “ngoài khu vực”; None where it names none."""
    if dictionaries and (code := dictionaries.value("zone", text)):
        return Zone(int(code))
    return OF_ZONE.get(fold(text), zone_named(text))


def zone_named(text: str) -> Zone | None:
    """The zone that a text names with the word for it: “Xã khu vực III”; None where it names none."""
    folded = fold(text)
    if OUTSIDE_IN_TEXT.search(folded):
        return Zone.OUTSIDE
    found = ZONE_IN_TEXT.search(folded)
    return OF_ZONE[found["zone"]] if found else None


def _titles(rows: list[list[Cell]]) -> tuple[int, _Columns] | None:
    """The number of the first row below the column titles, and what they say; None where there are none."""
    for number, row in enumerate(rows[:ROWS_TO_TITLES]):
        columns = _Columns()
        for place, cell in enumerate(row):
            title = fold(cell_text(cell))
            if not title or len(title) > LONGEST_TITLE:
                continue
            if (zone := zone_in(title)) is not None and len(title) < ZONE_TITLE:
                columns.zones[place] = zone
            elif re.search(r"\b(?:khu vuc|kv)\b|^vung$", title):
                columns.zone = place
            elif re.search(r"\bma\b", title):
                columns.code = place if columns.code is None or "xa" in title else columns.code
            elif re.search(r"\b(?:xa|phuong)\b", title) and "thi xa," not in title:
                columns.name = place
            elif re.search(r"\bhuyen\b", title):
                columns.district = place
        has_commune = columns.name is not None or columns.code is not None
        if has_commune and (columns.zone is not None or columns.zones or _has_headings(rows[number + 1 :])):
            return number + 1, columns
    return None


def _has_headings(rows: list[list[Cell]]) -> bool:
    """Whether rows of the list are headings that name a zone."""
    texts = ([cell_text(cell) for cell in row if cell != ""] for row in rows)
    return any(len(filled) <= 2 and any(zone_named(text) is not None for text in filled) for filled in texts)


class _Reader:
    """Reads the rows below column titles; what a heading says holds for the rows below it."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.dictionaries = Dictionaries.load()
        self.finder = CommuneFinder(self.dictionaries, day)
        self.lines: list[Line] = []
        self.wrong: list[str] = []
        self.district = ""
        self.heading: Zone | None = None

    def read(self, rows: list[list[Cell]], first: int, columns: _Columns, where: str) -> None:
        self.district, self.heading = "", None
        for number, row in enumerate(rows[first:], first + 1):
            texts = [cell_text(cell) for cell in row]
            zone = self._zone_of(columns, texts)
            name, code = _at(texts, columns.name), _at(texts, columns.code).removesuffix(".0")
            filled = [text for text in texts if text and not text.replace(".", "").isdigit()]
            if zone is None and not code and len(filled) <= 2 and self._is_heading(filled):
                continue
            if (name and not IN_ALL.match(fold(name))) or code:
                self._line(f"{where} {number}", columns, texts, zone)

    def _zone_of(self, columns: _Columns, texts: list[str]) -> Zone | None:
        """The zone that a row states in its columns."""
        if text := _at(texts, columns.zone):
            return zone_in(text, self.dictionaries)
        marked = [zone for place, zone in columns.zones.items() if _at(texts, place)]
        return marked[0] if len(marked) == 1 else None

    def _is_heading(self, filled: list[str]) -> bool:
        """Whether a row with little in it says what holds for the rows below, or sums up; what it says is kept."""
        named = self.dictionaries.named_units
        for said in filled:
            if (zone := zone_named(said)) is not None:
                self.heading = zone
                return True
            if named(said, self.day, communes=False) and not named(said, self.day, communes=True):
                self.district = said
                return True
        return not filled

    def _line(self, place: str, columns: _Columns, texts: list[str], zone: Zone | None) -> None:
        code = _at(texts, columns.code).removesuffix(".0")
        code = code.zfill(COMMUNE_DIGITS) if code.isdigit() else code  # Excel takes the zeros of numbers away
        found = self.finder.find(_at(texts, columns.district) or self.district, _at(texts, columns.name), code)
        zone = self.heading if zone is None and not _at(texts, columns.zone) else zone
        if not isinstance(found, UnitEntry):
            self.wrong.append(f"{place}: {found[2]}")
        elif zone is not None:
            self.lines.append(Line(found.pk, found.code, found.name, zone, place))
        elif told := _at(texts, columns.zone):
            self.wrong.append(f"{place}: {found.name} ghi khu vực “{told}”, không phải I, II hay III.")
        else:
            self.wrong.append(f"{place}: {found.name} chưa ghi khu vực. Hãy ghi I, II hoặc III.")


def _at(texts: list[str], place: int | None) -> str:
    return texts[place] if place is not None and place < len(texts) else ""


def _twice(lines: list[Line]) -> list[str]:
    """The communes that the list names more than once."""
    seen: dict[int, Line] = {}
    wrong = []
    for line in lines:
        if first := seen.get(line.unit):
            wrong.append(f"{line.place}: {line.name} đã có ở {first.place.lower()}. Hãy bỏ một dòng.")
        seen.setdefault(line.unit, line)
    return wrong
