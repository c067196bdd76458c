"""A person row becomes what it states about one person: dates with their precision, levels, posts, the commune.

Nothing is invented: a blank or a word that no dictionary knows stays unknown. What was repaired, dropped or refused is
an issue with a Vietnamese message; an issue of severity `error` rejects the row.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from cadres.models import UnitVersion
from cadres.periods import PartialDate, Precision
from cadres.roster.columns import COLUMNS, DATES, DEGREES, TEXTS, Kind
from cadres.roster.dictionaries import Dictionaries, LevelEntry, UnitEntry
from cadres.roster.reading import Cell
from cadres.roster.rows import BLANK, RawRow, RowCells, cell_text, is_ticked, mark_of
from cadres.text import fold, match_key

ERROR, WARNING, INFO = "error", "warning", "info"

EXCEL_EPOCH = date(1899, 12, 30)
YEARS = range(1900, 2101)
SERIALS = range(5_000, 80_000)  # 1913 to 2119: no year, and no day that matters here lies outside
OLDEST, YOUNGEST = 90, 15  # ages on the roster's day outside which a birth date cannot be meant

YEAR_OR_SERIAL = re.compile(r"^\d{4,5}$")
DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})\.?$")
MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})\.?$")
ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?$")
CLOCK = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?$")
DATE_WORDS = re.compile(r"\b(?:ngay|thang|nam|sinh)\b")
TERM = re.compile(r"^(\d{4})\s*[-–]\s*(\d{4})$")

STUDY_MODES = {
    "chinhqui": "Chính quy", "cq": "Chính quy", "taptrung": "Chính quy", "taichuc": "Tại chức", "tc": "Tại chức",
    "vualamvuahoc": "Vừa làm vừa học", "vlvh": "Vừa làm vừa học", "tuxa": "Từ xa", "tx": "Từ xa",
    "chuientu": "Chuyên tu", "lienthong": "Liên thông", "lt": "Liên thông",
}  # fmt: skip
# Written right behind a level without a space: `ĐHTC Kế toán`, `CĐCQ`.
GLUED_MODE = re.compile(r"^(ĐH|CĐ|ThS)(TC|CQ|TX|LT)$", re.IGNORECASE)
STILL_STUDYING = re.compile(r"\b(?:đang|chưa tốt nghiệp|chưa TN|chưa có bằng|năm thứ)\b", re.IGNORECASE)
LEADING_MARKS = re.compile(r"^[\s\-–—:,./()]+|[\s(]+$")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")
# `BT kiêm CT HĐND`, `PBT, CT UBND`; & and a dash are tried last, for they also stand inside titles (`ĐC-NN-XD&MT`).
SEVERAL_POSTS = (
    re.compile(r"\s+kiêm(?:\s+nhiệm)?\s+", re.IGNORECASE),
    re.compile(r"\s*[,;+/]\s*"),
    re.compile(r"\s*&\s*"),
    re.compile(r"\s+[-–]\s+"),
)

BETWEEN_DIGITS = re.compile(r"[\s.'’\-]")
IDENTIFIER = re.compile(r"[0-9]{8,12}")

MAX_WORDS = 300  # characters; a longer text is no position and no level
MAX_LENGTHS = {column.field: length for column in COLUMNS if (length := column.max_length)}


@dataclass(slots=True)
class Issue:
    """What is wrong or worth knowing in one cell, in words a newcomer can act on."""

    severity: str
    code: str
    field: str
    message: str
    value: str = ""
    column: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "column": self.column, "field": self.field, "value": self.value, "severity": self.severity,
            "code": self.code, "message": self.message,
        }  # fmt: skip


@dataclass(slots=True)
class Statement:
    """What one roster row states about one person. Empty and None mean that the row does not say."""

    sheet: str
    row: int
    full_name: str = ""
    folded_name: str = ""
    birth: PartialDate | None = None
    sex: str = ""
    identifier: str = ""
    ethnic_group: str = ""  # code
    unit: int | None = None
    positions: list[str] = field(default_factory=list)  # codes, the primary post first
    appointed: PartialDate | None = None
    term: str = ""
    levels: dict[str, str] = field(default_factory=dict)  # dimension → level code
    field_of_study: str = ""
    study_mode: str = ""
    is_party_member: bool | None = None
    party_joined: PartialDate | None = None
    zone: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # field of columns.TEXTS, DATES → text, PartialDate
    issues: list[Issue] = field(default_factory=list)  # noticed while reading
    findings: list[Issue] = field(default_factory=list)  # noticed while comparing with the registry
    titles: dict[str, str] = field(default_factory=dict)  # field → title of its column; shared by the rows of a table
    raw: RawRow | None = None  # the row as read; None where it comes from the database
    kept: dict[str, str] | None = None  # what was read, where it comes from the database

    @property
    def read(self) -> dict[str, str]:
        """Field → text as in the cell, made anew from the row each time: kept, it would take most of the memory."""
        return self.raw.texts() if self.raw else self.kept or {}

    @property
    def is_rejected(self) -> bool:
        return any(issue.severity == ERROR for issue in (*self.issues, *self.findings))

    def add(self, severity: str, code: str, name: str, message: str, *, value: str = "") -> None:
        """Note an issue of the row itself."""
        self.issues.append(self._issue(severity, code, name, message, value))

    def find(self, severity: str, code: str, name: str, message: str) -> None:
        """Note an issue that comes from what the registry holds now, or from the other rows of the file."""
        self.findings.append(self._issue(severity, code, name, message, ""))

    def _issue(self, severity: str, code: str, name: str, message: str, value: str) -> Issue:
        title = self.raw.title_of(name) if self.raw else self.titles.get(name, "")
        return Issue(severity, code, name, message, value or self.read.get(name, ""), title)

    def without(self, names: Iterable[str]) -> "Statement":
        """The statement as if the row said nothing about these fields (names as in Change); issues are shared."""
        blank = {name: default for field_name in names for name, default in _BLANK.get(field_name, {}).items()}
        levels = {dimension: code for dimension, code in self.levels.items() if dimension not in set(names)}
        facts = {name: value for name, value in self.facts.items() if name not in set(names)}
        return replace(self, **{"levels": levels, "facts": facts, **blank})

    def understood(self) -> dict[str, Any]:
        """The cleaned values, for the database: dates as 1979, 1979-08 or 1979-08-05, the rest as codes."""
        values = {name: getattr(self, name) for name in _PLAIN_FIELDS}
        values |= {name: to_iso(getattr(self, name)) for name in _DATE_FIELDS}
        values |= {name: value if isinstance(value, str) else to_iso(value) for name, value in self.facts.items()}
        values["issues"] = len(self.issues)
        return {name: value for name, value in values.items() if value not in ("", None, [], {}, 0)}

    @classmethod
    def restored(cls, row: Any, titles: dict[str, str]) -> "Statement":
        """The inverse of `understood` for an ImportRow, without what was found by comparing: that is found anew."""
        values: dict[str, Any] = {"facts": {}}
        for name, value in row.understood.items():
            if kind := _KIND_OF_FACT.get(name):
                values["facts"][name] = from_iso(value) if kind is Kind.DATE else value
            elif name != "issues":
                values[name] = from_iso(value) if name in _DATE_FIELDS else value
        issues = [Issue(**issue) for issue in row.issues[: row.understood.get("issues", 0)]]
        return cls(sheet=row.sheet, row=row.row_number, kept=row.read, issues=issues, titles=titles, **values)


_DATE_FIELDS = ("birth", "appointed", "party_joined")
_PLAIN_FIELDS = (
    "full_name", "folded_name", "sex", "identifier", "ethnic_group", "unit", "positions", "term", "levels",
    "field_of_study", "study_mode", "is_party_member", "zone",
)  # fmt: skip
_KIND_OF_FACT = {column.field: column.kind for column in (*TEXTS, *DATES)}


# What a statement that says nothing about a field holds; levels are told apart by dimension, facts by field.
_BLANK: dict[str, dict[str, Any]] = {
    "full_name": {"full_name": ""},
    "birth_date": {"birth": None},
    "sex": {"sex": ""},
    "national_id": {"identifier": ""},
    "ethnic_group": {"ethnic_group": ""},
    "position": {"positions": [], "appointed": None, "term": ""},
    "appointed_on": {"appointed": None},
    "term": {"term": ""},
    DEGREES: {"field_of_study": "", "study_mode": ""},
    "field_of_study": {"field_of_study": ""},
    "study_mode": {"study_mode": ""},
    "party_joined_on": {"is_party_member": None, "party_joined": None},
}


def to_iso(stated: PartialDate | None) -> str:
    if stated is None:
        return ""
    return stated.first_day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(stated.precision, 10)]  # type: ignore[call-overload]


def from_iso(text: str) -> PartialDate:
    precision = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)
    return PartialDate(date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text), precision)


class NotADateError(ValueError):
    """The text is not written like a date."""


class ImpossibleDateError(ValueError):
    """The text is written like a date, but there is no such day."""


def stated_date(cell: Cell, century: Callable[[int], int]) -> PartialDate:
    """The date that a cell states, day before month always, with the precision it is known to.

    `century` turns a year of two digits into one of four. Raises NotADateError and ImpossibleDateError.
    """
    if isinstance(cell, datetime):
        return PartialDate(cell.date())
    if isinstance(cell, date):
        return PartialDate(cell)
    if (isinstance(cell, float) and cell.is_integer()) or (isinstance(cell, str) and YEAR_OR_SERIAL.match(cell)):
        number = int(cell)
        if number in YEARS:
            return PartialDate(date(number, 1, 1), Precision.YEAR)
        if number in SERIALS:
            return PartialDate(EXCEL_EPOCH + timedelta(days=number))
        raise ImpossibleDateError
    if not isinstance(cell, str):
        raise NotADateError
    text = cell.strip().lstrip("'")
    found = DAY_MONTH_YEAR.match(text)
    if not found:
        text = CLOCK.sub("", text)
        if found := ISO_DAY.match(text):
            return PartialDate(_day(int(found[3]), int(found[2]), int(found[1])))
        folded = fold(text)
        if DATE_WORDS.search(folded):
            text = "/".join(re.findall(r"\d+", folded)) if re.search(r"\d", folded) else folded
        found = DAY_MONTH_YEAR.match(text)
    if found:
        return PartialDate(_day(int(found[1]), int(found[2]), _year(found[3], century)))
    if found := MONTH_YEAR.match(text):
        return PartialDate(_day(1, int(found[1]), _year(found[2], century)), Precision.MONTH)
    if re.fullmatch(r"\d{4}", text) and int(text) in YEARS:
        return PartialDate(date(int(text), 1, 1), Precision.YEAR)
    if re.fullmatch(r"\d{8}", text):
        return PartialDate(_day(int(text[:2]), int(text[2:4]), int(text[4:])))
    raise NotADateError


def _day(day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError from error


def _year(text: str, century: Callable[[int], int]) -> int:
    return int(text) if len(text) == 4 else century(int(text))


def grade_of(cell: Cell) -> str:
    """An education cell as written: Excel turns `9/12` into 12 September (or 9 December), `12/12` into 12 December."""
    if isinstance(cell, datetime | date):
        if cell.day == 12:
            return f"{cell.month}/12"
        if cell.month == 12:
            return f"{cell.day}/12"
        if cell.day == 10:
            return f"{cell.month}/10"
        if cell.month == 10:
            return f"{cell.day}/10"
    return cell_text(cell)


@dataclass(slots=True)
class Understanding:
    """How rows of one file are understood: the dictionaries, the day, and the units the file may speak of.

    `allowed` is the set of unit keys the import is limited to (None: no limit); `home` is the unit given by hand.
    """

    dictionaries: Dictionaries
    day: date
    allowed: set[int] | None = None
    home: UnitEntry | None = None
    _units: dict[tuple[str, str, str], UnitEntry | tuple[str, str, str]] = field(default_factory=dict)
    _levels: dict[tuple[str, str], "ReadLevel"] = field(default_factory=dict)
    _posts: dict[str, list[str]] = field(default_factory=dict)
    _dates: dict[tuple[Cell, bool], PartialDate | type[ValueError]] = field(default_factory=dict)
    _dimensions: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self._dimensions = sorted(self.dictionaries.dimensions)

    def statement(self, raw: RawRow) -> Statement:
        """What the row states, with everything that was noticed on the way."""
        row = raw.read()
        stated = Statement(sheet=raw.sheet, row=raw.row, titles=raw.header.titles, raw=raw)
        for name in [name for name, text in row.texts.items() if not text[0].isalnum() and BLANK.match(text)]:
            del row.cells[name], row.texts[name]
        if raw.is_hidden:
            stated.add(INFO, "hidden_row", "row_number", "Dòng này bị ẩn trong tệp nhưng vẫn được đọc.")
        for name, text in row.leftover:
            stated.add(
                WARNING, "second_line", name,
                "Ô họ tên gộp nhiều dòng; chỉ dòng đầu được ghi ở cột này. Hãy ghi mỗi người một dòng.", value=text,
            )  # fmt: skip
        self._name(stated, row)
        self._birth(stated, row)
        self._identifier(stated, row)
        self._commune(stated, row, raw)
        self._posts_of(stated, row, raw)
        self._person(stated, row)
        self._party(stated, row)
        self._levels_of(stated, row)
        return stated

    def _name(self, stated: Statement, row: RowCells) -> None:
        texts = row.texts
        name = texts.get("full_name", "")
        if "family_name" in texts or "given_name" in texts:
            family, given = texts.get("family_name", ""), texts.get("given_name", "")
            if given or not name:
                name = f"{family} {given}".strip()
            if not given and "full_name" not in texts:
                stated.add(ERROR, "missing_name", "given_name", "Thiếu tên. Hãy điền đủ họ, tên đệm và tên.")
        stated.full_name = name
        stated.folded_name = fold(name)
        if not name:
            stated.add(ERROR, "missing_name", "full_name", "Dòng này không có họ tên. Hãy điền họ và tên.")
        elif len(name) > MAX_LENGTHS["full_name"]:
            stated.add(ERROR, "too_long", "full_name", "Họ tên dài quá 100 ký tự. Hãy kiểm tra lại ô này.")

    def _birth(self, stated: Statement, row: RowCells) -> None:
        ticked = {column.level for column, cell in row.marks if column.field == "sex" and is_ticked(cell)}
        births = {column.sex for column in row.births}
        if text := row.texts.get("sex"):
            stated.sex = self.dictionaries.value("sex", text)
        elif len(ticked or births) == 1:
            (stated.sex,) = ticked or births
        if (text or len(ticked) > 1) and not stated.sex:
            stated.add(
                WARNING, "unknown_value", "sex", "Giới tính không rõ, để trống. Hãy ghi Nam hoặc Nữ nếu cần sửa."
            )
        if len(births) > 1:
            stated.add(
                ERROR, "two_births", "birth_date", "Cả cột Nam và cột Nữ đều có ngày sinh. Hãy chỉ điền một cột."
            )
            return
        if "birth_date" not in row.texts:
            return
        if births and mark_of(row.texts["birth_date"]):
            return  # only a mark for the sex
        stated.birth = self._date(stated, row, "birth_date", is_birth=True)
        if stated.birth is None:
            return
        if stated.birth.first_day > self.day:
            stated.add(ERROR, "invalid_date", "birth_date", "Ngày sinh sau ngày số liệu. Hãy kiểm tra lại ngày sinh.")
        elif stated.birth.first_day.year < self.day.year - 120:
            stated.add(ERROR, "invalid_date", "birth_date", "Ngày sinh cách đây hơn 120 năm. Hãy kiểm tra lại.")
        elif not YOUNGEST <= self.day.year - stated.birth.first_day.year <= OLDEST:
            stated.add(
                WARNING, "doubtful_date", "birth_date", "Tuổi theo ngày sinh này khó có thể đúng; đã ghi như tệp."
            )

    def _birth_century(self, year: int) -> int:
        return 1900 + year if self.day.year - 1900 - year <= OLDEST else 2000 + year

    def _recent_century(self, year: int) -> int:
        return 2000 + year if 2000 + year <= self.day.year + 1 else 1900 + year

    def _date(self, stated: Statement, row: RowCells, name: str, *, is_birth: bool = False) -> PartialDate | None:
        cell = row.cells.get(name)
        if cell is None:
            return None
        found = self._dates.get((cell, is_birth))
        if found is None:
            found = self._dates[cell, is_birth] = self._read_date(cell, is_birth=is_birth)
        if isinstance(found, PartialDate):
            return found
        text = row.texts[name]
        if found is ImpossibleDateError:
            stated.add(ERROR, "invalid_date", name, f"“{text}” không phải là ngày có thật. Hãy sửa lại ngày.")
        elif is_birth:
            stated.add(
                ERROR, "invalid_date", name,
                f"“{text}” không đọc được là ngày. Hãy ghi ngày/tháng/năm, tháng/năm hoặc năm.",
            )  # fmt: skip
        else:
            stated.add(
                WARNING, "unknown_value", name,
                f"“{text}” không đọc được là ngày nên để trống. Hãy ghi ngày/tháng/năm nếu cần.",
            )  # fmt: skip
        return None

    def _read_date(self, cell: Cell, *, is_birth: bool) -> PartialDate | type[ValueError]:
        try:
            return stated_date(cell, self._birth_century if is_birth else self._recent_century)
        except ImpossibleDateError:
            return ImpossibleDateError
        except NotADateError:
            return NotADateError

    def _identifier(self, stated: Statement, row: RowCells) -> None:
        if "national_id" not in row.texts:
            return
        digits = row.texts["national_id"]
        if not (digits.isascii() and digits.isdigit()):
            digits = BETWEEN_DIGITS.sub("", digits)
        if not IDENTIFIER.fullmatch(digits):
            stated.add(
                WARNING, "invalid_identifier", "national_id",
                "Số định danh không có 9 hoặc 12 chữ số nên không ghi. Hãy kiểm tra lại và định dạng cột là Văn bản.",
            )  # fmt: skip
            return
        if len(digits) in (8, 10, 11):
            repaired = digits.zfill(9 if len(digits) == 8 else 12)
            stated.add(
                WARNING, "repaired_identifier", "national_id",
                f"Số định danh thiếu số 0 ở đầu, đã sửa {digits} thành {repaired}. Hãy định dạng cột là Văn bản.",
            )  # fmt: skip
            digits = repaired
        stated.identifier = digits
        if len(digits) == 12:
            self._check_citizen_number(stated)

    def _check_citizen_number(self, stated: Statement) -> None:
        """CCCD: digit 4 is century and sex, digits 5 and 6 the year of birth (Luật Căn cước công dân, NĐ 137/2015)."""
        mark, year = int(stated.identifier[3]), int(stated.identifier[4:6])
        wrong = []
        if stated.sex and mark <= 3 and "MF"[mark % 2] != stated.sex:
            wrong.append("giới tính")
        if stated.birth and (1900 + 100 * (mark // 2) + year) != stated.birth.first_day.year:
            wrong.append("năm sinh")
        if wrong:
            stated.add(
                WARNING, "identifier_mismatch", "national_id",
                f"Số định danh không khớp với {' và '.join(wrong)} của dòng này; đã ghi như tệp. Hãy kiểm tra lại.",
            )  # fmt: skip

    def _commune(self, stated: Statement, row: RowCells, raw: RawRow) -> None:
        district = row.texts.get("district", raw.group_district)
        commune = row.texts.get("commune", raw.group_commune)
        code = row.texts.get("commune_code", "")
        key = (district, commune, code)
        if key not in self._units:
            self._units[key] = self._find_unit(*key)
        found = self._units[key]
        if isinstance(found, UnitEntry):
            stated.unit = found.pk
        else:
            problem, name, message = found
            stated.add(ERROR, problem, name, message, value=commune if name == "commune" else district)

    def _find_unit(self, district: str, commune: str, code: str) -> UnitEntry | tuple[str, str, str]:
        """The commune a row belongs to on the day, or what is wrong: (code, field, message)."""
        parents: set[int] | None = None
        if district:
            named = self.dictionaries.named_units(district, self.day, communes=False)
            if not named:
                return (
                    "unknown_district",
                    "district",
                    f"Không có huyện nào tên “{district}” vào ngày {self._day_text}.",
                )
            parents = {unit.pk for unit in named}
        if not commune and not code:
            if self.home and self.home.kind in ("commune", "ward", "township"):
                return self.home
            return (
                "missing_commune", "commune",
                "Không biết người này thuộc xã nào. Hãy thêm cột Xã hoặc dòng tên xã phía trên.",
            )  # fmt: skip
        if code:
            named = [unit for unit in self.dictionaries.units if unit.code == code and unit.is_in_force(self.day)]
        else:
            named = []
        named = named or self.dictionaries.named_units(commune, self.day, communes=True) or self._mentioned(commune)
        in_district = [unit for unit in named if parents is None or unit.parent in parents]
        if not in_district:
            where = f" thuộc {district}" if district else ""
            return (
                "unknown_commune", "commune",
                f"Không có xã, phường, thị trấn nào tên “{commune}”{where} vào ngày {self._day_text}. "
                "Hãy kiểm tra tên xã.",
            )  # fmt: skip
        inside = [unit for unit in in_district if self.allowed is None or unit.pk in self.allowed]
        if not inside:
            return (
                "outside_unit", "commune",
                f"“{commune or code}” không thuộc đơn vị được nhập. Hãy gửi dòng này cho đơn vị quản lý xã đó.",
            )  # fmt: skip
        if len(inside) > 1:
            return (
                "ambiguous_commune", "commune",
                f"Có nhiều xã tên “{commune}” ở các huyện khác nhau. Hãy thêm cột Huyện hoặc chọn huyện khi nhập.",
            )  # fmt: skip
        return inside[0]

    def _mentioned(self, text: str) -> list[UnitEntry]:
        """The communes of the day that a longer text names in full: `UBND xã Bản Phố`, `Xã Bản Phố, huyện Bắc Hà`."""
        found = [unit for unit in self.dictionaries.units_in(text) if unit.is_in_force(self.day)]
        districts = {unit.pk for unit in found if unit.kind == UnitVersion.Kind.DISTRICT}
        communes = [unit for unit in found if unit.kind in UnitVersion.COMMUNE_KINDS]
        return [unit for unit in communes if not districts or unit.parent in districts]

    @property
    def _day_text(self) -> str:
        return f"{self.day:%d/%m/}{self.day.year}"

    def _posts_of(self, stated: Statement, row: RowCells, raw: RawRow) -> None:
        text = row.texts.get("position", raw.group_position)
        if text:
            if text not in self._posts:
                self._posts[text] = self._positions_in(text)
            stated.positions = self._posts[text]
            if not stated.positions:
                stated.add(
                    ERROR, "unknown_position", "position",
                    f"Không có chức danh nào được ghi là “{text}”. Hãy sửa theo danh mục chức danh.", value=text,
                )  # fmt: skip
        if "appointed_on" in row.texts and (term := TERM.match(row.texts["appointed_on"])):
            stated.term = f"{term[1]}-{term[2]}"
        else:
            stated.appointed = self._date(stated, row, "appointed_on")

    def _positions_in(self, text: str) -> list[str]:
        """The posts that a cell names, primary first; none where any part of it is unknown."""
        if len(text) > MAX_WORDS:
            return []
        if code := self.dictionaries.position(text):
            return [code]
        for separator in SEVERAL_POSTS:
            parts = [part for part in separator.split(text) if part]
            if len(parts) > 1:
                found = [self._positions_in(part) for part in parts]
                if all(found):
                    return list(dict.fromkeys(code for codes in found for code in codes))
        return []

    def _person(self, stated: Statement, row: RowCells) -> None:
        if text := row.texts.get("ethnic_group"):
            stated.ethnic_group = self.dictionaries.ethnic_group(text)
            if not stated.ethnic_group:
                stated.add(
                    WARNING, "unknown_value", "ethnic_group",
                    f"Không có dân tộc “{text}” trong danh mục nên để trống.",
                )  # fmt: skip
        for column in TEXTS:
            if (text := row.texts.get(column.field)) is None:
                continue
            if column.if_marked and mark_of(text):
                stated.add(WARNING, "unknown_value", column.field, column.if_marked)
            elif text := self._fitting(stated, column.field, text):
                stated.facts[column.field] = text
        for column in DATES:
            if day := self._date(stated, row, column.field):
                stated.facts[column.field] = day
        if text := row.texts.get("zone"):
            zone = self.dictionaries.value("zone", text)
            stated.zone = int(zone) if zone else None
            if not zone:
                stated.add(WARNING, "unknown_value", "zone", f"“{text}” không phải khu vực I, II hay III nên để trống.")

    def _text(self, stated: Statement, row: RowCells, name: str) -> str:
        return self._fitting(stated, name, row.texts.get(name, ""))

    def _fitting(self, stated: Statement, name: str, text: str) -> str:
        if len(text) > MAX_LENGTHS.get(name, len(text)):
            stated.add(
                WARNING, "too_long", name, f"Nội dung dài quá {MAX_LENGTHS[name]} ký tự nên không ghi. Hãy rút gọn."
            )
            return ""
        return text

    def _party(self, stated: Statement, row: RowCells) -> None:
        text = row.texts.get("party_joined_on")
        if text is None:
            return
        mark = mark_of(text)
        if mark is not None:
            stated.is_party_member = mark
        elif joined := self._date(stated, row, "party_joined_on"):
            stated.is_party_member, stated.party_joined = True, joined

    def _levels_of(self, stated: Statement, row: RowCells) -> None:
        for dimension in self._dimensions:
            text = row.texts.get(dimension)
            if text is None:
                continue
            if dimension == "education":
                text = grade_of(row.cells[dimension])
            found = self._level_in(dimension, text)
            if found.level is None:
                stated.add(
                    WARNING, "unknown_level", dimension,
                    f"“{text}” không có trong danh mục trình độ của cột này nên để trống. Hãy sửa theo danh mục.",
                )  # fmt: skip
                continue
            stated.levels[dimension] = found.level.code
            if dimension == DEGREES:
                stated.field_of_study, stated.study_mode = found.field_of_study, found.study_mode
        for column, cell in row.marks:
            if column.field in self.dictionaries.dimensions:
                self._mark(stated, column.field, column.level, cell)
        if "field_of_study" in row.texts:
            stated.field_of_study = self._text(stated, row, "field_of_study")
        if mode := self._text(stated, row, "study_mode"):
            stated.study_mode = STUDY_MODES.get(match_key(mode), mode)

    def _mark(self, stated: Statement, dimension: str, level: str, cell: Cell) -> None:
        """A cell below a level: a mark means the level; another level of the ladder written there means that one."""
        if not is_ticked(cell):
            return
        text = cell_text(cell)
        if STILL_STUDYING.search(text):
            stated.add(WARNING, "unknown_level", dimension, f"“{text}”: chưa có trình độ này nên để trống.", value=text)
            return
        found = self._level_in(dimension, text) if not mark_of(text) else ReadLevel(None)
        entry = found.level or self.dictionaries.levels.get((dimension, level))
        held = self.dictionaries.levels.get((dimension, stated.levels.get(dimension, "")))
        if entry is None or (held is not None and held.rank >= entry.rank):
            return
        stated.levels[dimension] = entry.code
        if dimension == DEGREES:
            is_field = not found.level and not mark_of(text) and isinstance(cell, str)
            stated.field_of_study, stated.study_mode = found.field_of_study, found.study_mode
            if is_field:  # some write it instead of an x
                stated.field_of_study = self._fitting(stated, "field_of_study", text)

    def _level_in(self, dimension: str, text: str) -> "ReadLevel":
        found = self._levels.get((dimension, text))
        if found is None:
            found = self._levels[dimension, text] = self._read_level(dimension, text)
        return found

    def _read_level(self, dimension: str, text: str) -> "ReadLevel":
        """A level cell, often with a field and a mode of study behind the level: `ĐH Luật`, `ĐHTC Kế toán`.

        What somebody is still studying for is not held: `ĐH Luật (đang học)` states no level.
        """
        if len(text) > MAX_WORDS:
            return ReadLevel(None)
        if level := self.dictionaries.level(dimension, text):
            return ReadLevel(level)
        if STILL_STUDYING.search(text):
            return ReadLevel(None)
        if level := self.dictionaries.level(dimension, IN_BRACKETS.sub(" ", text)):
            return ReadLevel(level)
        if dimension != DEGREES and mark_of(text):
            return ReadLevel(self.dictionaries.level(dimension, "x"))
        words = text.split()
        mode = ""
        if words and (glued := GLUED_MODE.match(words[0])):
            words = [glued[1], glued[2], *words[1:]]
        for count in range(len(words) - 1, 0, -1):
            level = self.dictionaries.level(dimension, " ".join(words[:count]))
            if level is None:
                continue
            rest = words[count:]
            if level.rank == 0:
                return ReadLevel(None)  # "none" with something behind it is not understood
            if dimension != DEGREES:
                # `Trung cấp lý luận chính trị`: what follows only names the column again.
                named = self.dictionaries.titles.field(" ".join(rest)) == dimension
                return ReadLevel(level if named else None)
            for length in (3, 2, 1):
                if known := STUDY_MODES.get(match_key(" ".join(rest[:length]))):
                    mode, rest = known, rest[length:]
                    break
            field_of_study = LEADING_MARKS.sub("", " ".join(rest)).rstrip(")")
            if len(field_of_study) > MAX_LENGTHS["field_of_study"]:
                return ReadLevel(None)
            return ReadLevel(level, field_of_study, mode)
        return ReadLevel(None)


@dataclass(frozen=True, slots=True)
class ReadLevel:
    """The level that a cell names, and what a cell of degrees says beside it; None where no level was found."""

    level: LevelEntry | None
    field_of_study: str = ""
    study_mode: str = ""
