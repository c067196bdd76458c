# ruff: noqa: DTZ001 (cells of a workbook have no time zone)
"""Rosters with a known truth, in the forms that districts use: people are invented, then written as a clerk would.

`FORMS` holds layout A (Mẫu 02/CL.CBCCX: marks below levels, people grouped by position), B (district list, communes
as groups), C (flat) and D (marks, one sheet a commune). Each column of a form knows how a person's fact looks in it,
so the people invented for a form hold exactly what it can carry. `write` adds the disorder of real files: see `Mess`.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

import cadres
from cadres.demonstration.names import draw_name
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.statements import Statement, to_iso
from tests.cadres.workbooks import content_of

DAY = date(2015, 12, 31)
DATA = Path(cadres.__file__).parent / "data"
EPOCH = date(1899, 12, 30)


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


SPELLINGS: dict[tuple[str, str], list[str]] = {
    (row["field"], row["code"]): row["spellings"].split(";") for row in _table("value_synonyms")
}
for row in _table("levels"):
    SPELLINGS.setdefault((row["dimension"], row["code"]), []).append(row["name"])
for row in _table("ethnic_groups"):
    SPELLINGS["ethnic_group", row["code"]] = [row["name"], *filter(None, row["other_names"].split(";"))]
SPELLINGS["sex", "F"] = ["Nữ", "nữ", "NỮ"]
POSITION_GROUPS = {row["code"]: row["group"] for row in _table("positions")}
POSITIONS = [  # of DAY
    row["code"]
    for row in _table("positions")
    if row["group"] != "non_specialist" and date.fromisoformat(row["valid_from"]) <= DAY
]
TITLES = {row["code"]: row["title"] for row in _table("positions")}
FIELDS_OF_STUDY = ("Luật", "Kế toán", "Nông nghiệp", "Lâm nghiệp", "Hành chính", "Quản lý đất đai", "Công tác xã hội")
MODES = {"Chính quy": ("chính quy", "CQ"), "Tại chức": ("tại chức", "TC"), "Từ xa": ("từ xa",)}
ALL_LEVELS = {
    dimension: [row["code"] for row in _table("levels") if row["dimension"] == dimension]
    for dimension in (
        "education", "professional", "political_theory", "state_management", "it", "foreign_language",
        "ethnic_language",
    )
}  # fmt: skip


@dataclass
class Person:
    """What a roster states about one person; dates as 1979, 1979-08 or 1979-08-05, the rest as codes."""

    full_name: str
    commune: str
    positions: list[str]
    birth: str = ""
    sex: str = ""
    identifier: str = ""
    ethnic_group: str = ""
    religion: str = ""
    appointed: str = ""
    levels: dict[str, str] = field(default_factory=dict)
    field_of_study: str = ""
    study_mode: str = ""
    party: str = ""  # x: a member since when is not known
    insurance_since: str = ""
    zone: int | None = None
    note: str = ""


def truth_of(stated: Statement, dictionaries: Dictionaries, day: date = DAY) -> Person:
    """What the importer understood, in the same words."""
    unit = dictionaries.unit_on(stated.unit, day) if stated.unit else None
    return Person(
        full_name=stated.full_name,
        commune=unit.code if unit else "",
        positions=list(stated.positions),
        birth=to_iso(stated.birth),
        sex=stated.sex,
        identifier=stated.identifier,
        ethnic_group=stated.ethnic_group,
        religion=stated.facts.get("religion", ""),
        appointed=to_iso(stated.appointed),
        levels=dict(sorted(stated.levels.items())),
        field_of_study=stated.field_of_study,
        study_mode=stated.study_mode,
        party=to_iso(stated.party_joined) or ("x" if stated.is_party_member else ""),
        insurance_since=to_iso(stated.facts.get("insurance_since")),
        zone=stated.zone,
        note=stated.facts.get("note", ""),
    )


# A clerk's hand


@dataclass
class Pen:
    """Writes facts as cells, each time in another of the spellings in use."""

    random: Random
    is_plain: bool = False  # for files without types and fonts: .csv

    def name(self, text: str) -> str:
        kind = self.random.randrange(8)
        if kind == 0:
            return unicodedata.normalize("NFD", text)
        return text.replace(" ", self.random.choice(("  ", "\n", "\u00a0")), 1) + " " if kind == 1 else text

    def day(self, iso: str) -> Any:
        if not iso:
            return None
        parts = [int(part) for part in iso.split("-")]
        year = parts[0]
        if len(parts) == 1:
            return self.random.choice((year, str(year)))
        month = parts[1]
        if len(parts) == 2:
            return self.random.choice((f"{month}/{year}", f"{month:02d}/{year}", f"Tháng {month} năm {year}"))
        day = parts[2]
        written = [
            f"{day:02d}/{month:02d}/{year}", f"{day}/{month}/{year}", f"{day}.{month}.{year % 100:02d}",
            f"{day:02d}-{month:02d}-{year}", f"ngày {day} tháng {month} năm {year}", f"'{day:02d}/{month:02d}/{year}",
        ]  # fmt: skip
        real = [datetime(year, month, day), date(year, month, day), (date(year, month, day) - EPOCH).days]
        return self.random.choice(written if self.is_plain else written + real)

    def mark(self) -> Any:
        return self.random.choice(("x", "X", 1, "x ", "có"))

    def spelled(self, name: str, code: str) -> str:
        return self.random.choice(SPELLINGS[name, code])

    def level(self, dimension: str, person: Person) -> Any:
        code = person.levels.get(dimension, "")
        if not code:
            return self.random.choice((None, "", "-"))
        if dimension == "education" and not self.is_plain and self.random.random() < 0.5:
            # What Excel makes of 12/12 and 9/12, under either of its ideas of which number is the month.
            dates = {"THPT": ((12, 12),), "THCS": ((9, 12), (12, 9)), "TH": ((5, 12), (12, 5))}.get(code)
            if dates:
                return datetime(2015, *self.random.choice(dates))
        if dimension != "professional" or not person.field_of_study:
            return self.spelled(dimension, code)
        spelling = self.spelled(dimension, code)
        mode = self.random.choice(MODES[person.study_mode]) if person.study_mode else ""
        if mode.isupper() and spelling in ("ĐH", "CĐ", "ThS"):
            return f"{spelling}{mode} {person.field_of_study}"
        between = f" {mode} " if mode else self.random.choice((" ", " - ", ": "))
        return f"{spelling}{between}{person.field_of_study}"

    def posts(self, person: Person) -> str:
        between = self.random.choice((" kiêm ", ", ", " kiêm nhiệm ", "\nkiêm "))
        return between.join(self.spelled("position", code) for code in person.positions)

    def identifier(self, number: str) -> Any:
        kinds = [number, number, f"{number[:3]} {number[3:6]} {number[6:]}"]
        return self.random.choice(kinds if self.is_plain or not number else [*kinds, int(number)])

    def party(self, person: Person) -> Any:
        return self.mark() if person.party == "x" else self.day(person.party)

    def title(self, text: str) -> str:
        return text.replace(" ", "\n", 1) if self.random.random() < 0.3 else text


# Forms

Cell = Callable[[Pen, Person], Any]


@dataclass(frozen=True)
class Column:
    path: tuple[str, ...]
    cell: Cell
    is_counted: bool = False  # a column of marks, which total rows count
    is_posts: bool = False


@dataclass(frozen=True)
class Form:
    """A layout. `carries` are the facts of a person it has room for, `levels` the levels it can tell apart."""

    name: str
    columns: tuple[Column, ...]
    carries: frozenset[str]
    levels: dict[str, list[str]]
    groups: tuple[str, ...] = ()  # of the rows: commune, staff, position
    commune_in: str = "column"  # column, group, title, sheet
    has_several_posts: bool = True
    party_is_mark: bool = False


def _number(pen: Pen, person: Person) -> Any:
    raise NotImplementedError("the number of a row is the writer's")


def _births(group: str) -> tuple[Column, ...]:
    def of(sex: str) -> Cell:
        return lambda pen, person: (pen.day(person.birth) or "x") if person.sex == sex else None

    return Column((group, "Nam"), of("M"), is_counted=True), Column((group, "Nữ"), of("F"), is_counted=True)


def _marks(group: str, dimension: str, titles: dict[str, str]) -> Iterator[Column]:
    """A column a level; of several titles for a code the last of them is never ticked."""
    for title, code in titles.items():

        def cell(pen: Pen, person: Person, code: str = code, title: str = title) -> Any:
            held = person.levels.get(dimension)
            if "A,B,C" in title and held in ("B", "C"):
                return held
            if held != code or title.startswith("("):
                return None
            if dimension == "professional" and person.field_of_study:
                return person.field_of_study
            return pen.mark()

        yield Column((group, title), cell, is_counted=True)


def _nothing(*path: str) -> Column:
    return Column(path, lambda pen, person: None)


def _age(low: int, high: int) -> Cell:
    def cell(pen: Pen, person: Person) -> Any:
        age = DAY.year - int(person.birth[:4]) if person.birth else 0
        return "x" if low <= age <= high else None

    return cell


def _ethnic(pen: Pen, person: Person) -> Any:
    return pen.spelled("ethnic_group", person.ethnic_group) if person.ethnic_group else None


FULL_NAME = Column(("Họ và tên",), lambda pen, person: pen.name(person.full_name))
NUMBER = Column(("STT",), _number)
NOTE = Column(("Ghi chú",), lambda pen, person: person.note)
ETHNIC = Column(("Dân tộc",), _ethnic)
RELIGION = Column(("Tôn giáo",), lambda pen, person: person.religion)
PARTY = Column(("Đảng viên",), lambda pen, person: pen.party(person), is_counted=True)

MARKS_A = {
    "education": {"Tiểu học": "TH", "THCS": "THCS", "THPT": "THPT"},
    "professional": {
        "Chưa qua ĐT": "CDT", "SC": "SC", "TC": "TC", "CĐ": "CD", "ĐH": "DH", "Thạc sỹ-tiến sỹ": "THS",
    },
    "political_theory": {"SC": "SC", "TC": "TC", "CC": "CC", "CN": "CN"},
    "state_management": {"Chưa qua đào tạo": "CHUA", "CV và tương đương": "CV", "CVC và tương đương": "CVC"},
    "it": {"Chứng chỉ A,B,C": "A", "TC": "TC", "CĐ": "(", "ĐH": "("},
    "foreign_language": {"Chứng chỉ A,B,C": "A", "TC": "TC", "CĐ": "CD", "ĐH": "DH"},
}  # fmt: skip


def _levels_of(marks: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    codes = {dimension: [code for code in titles.values() if code != "("] for dimension, titles in marks.items()}
    for dimension in ("it", "foreign_language"):
        codes[dimension] = ["A", "B", "C", *codes[dimension][1:]]
    return codes


FORM_A = Form(
    name="A",
    columns=(
        NUMBER, FULL_NAME, *_births("Ngày, tháng, năm sinh"),
        Column(("Tháng, năm bắt đầu tham gia BHXH",), lambda pen, person: pen.day(person.insurance_since)),
        PARTY, ETHNIC, RELIGION,
        *(_nothing("Đại biểu HĐND", level) for level in ("Xã", "Huyện", "Tỉnh")), _nothing("Tham gia cấp ủy cấp xã"),
        *_marks("Trình độ văn hoá", "education", MARKS_A["education"]),
        *_marks("Trình độ chuyên môn", "professional", MARKS_A["professional"]),
        *_marks("Trình độ lý luận chính trị", "political_theory", MARKS_A["political_theory"]),
        *_marks("Trình độ QLNN", "state_management", MARKS_A["state_management"]),
        *_marks("Tin học", "it", MARKS_A["it"]),
        *_marks("Ngoại ngữ", "foreign_language", MARKS_A["foreign_language"]),
        Column(("An ninh, quốc phòng",),
               lambda pen, person: pen.mark() if "defence_security" in person.levels else None),
        Column(("Chia theo độ tuổi", "≤30"), _age(1, 30)), Column(("Chia theo độ tuổi", "31-40"), _age(31, 40)),
        Column(("Chia theo độ tuổi", "41-50"), _age(41, 50)),
        Column(("Chia theo độ tuổi", "51-60", "Tổng số"), _age(51, 60)),
        _nothing("Chia theo độ tuổi", "51-60", "Nữ 51-55"), _nothing("Chia theo độ tuổi", "51-60", "Nam 56-60"),
        Column(("Chia theo độ tuổi", ">60"), _age(61, 99)),
        *(_nothing("Thời gian công tác có BHXH", years) for years in ("<15 năm", "15-20", "21-30", ">30 năm")),
        NOTE,
    ),
    carries=frozenset({"birth", "sex", "insurance_since", "party", "ethnic_group", "religion", "note"}),
    levels=_levels_of(MARKS_A) | {"defence_security": ["D5"]},
    groups=("position",),
    commune_in="title",
    has_several_posts=False,
    party_is_mark=True,
)  # fmt: skip

FORM_B = Form(
    name="B",
    columns=(
        Column(("TT",), _number), FULL_NAME, *_births("Năm sinh"), ETHNIC,
        Column(("Chức vụ, chức danh",), lambda pen, person: pen.posts(person), is_posts=True),
        *(
            Column(("Trình độ", title), lambda pen, person, dimension=dimension: pen.level(dimension, person))
            for title, dimension in (
                ("Văn hóa", "education"), ("Chuyên môn", "professional"), ("LLCT", "political_theory"),
                ("QLNN", "state_management"), ("Tin học", "it"), ("Ngoại ngữ", "foreign_language"),
                ("Tiếng DT", "ethnic_language"),
            )
        ),
        PARTY, NOTE,
    ),
    carries=frozenset({"birth", "sex", "ethnic_group", "party", "note", "field_of_study", "study_mode"}),
    levels=ALL_LEVELS,
    groups=("commune", "staff"),
    commune_in="group",
)  # fmt: skip


def _professional(pen: Pen, person: Person) -> Any:
    code = person.levels.get("professional", "")
    return pen.spelled("professional", code) if code else None


FORM_C = Form(
    name="C",
    columns=(
        NUMBER,
        Column(("Huyện",), lambda pen, person: pen.random.choice(("Huyện Bắc Hà", "Bắc Hà", "H. Bắc Hà"))),
        Column(("Xã",), lambda pen, person: person.commune),  # its name: replaced by the writer
        Column(("Khu vực",), lambda pen, person: pen.spelled("zone", str(person.zone)) if person.zone else None),
        Column(("Họ đệm",), lambda pen, person: person.full_name.rsplit(" ", 1)[0]),
        Column(("Tên",), lambda pen, person: person.full_name.rsplit(" ", 1)[1]),
        Column(("Giới tính",), lambda pen, person: pen.spelled("sex", person.sex)),
        Column(("Ngày sinh",), lambda pen, person: pen.day(person.birth)),
        Column(("CMND",), lambda pen, person: pen.identifier(person.identifier)),
        ETHNIC, RELIGION,
        Column(("Chức danh",), lambda pen, person: pen.posts(person), is_posts=True),
        Column(("Ngày bổ nhiệm",), lambda pen, person: pen.day(person.appointed)),
        Column(("TĐ học vấn",), lambda pen, person: pen.level("education", person)),
        Column(("TĐ chuyên môn",), _professional),
        Column(("Chuyên ngành",), lambda pen, person: person.field_of_study),
        Column(("Hệ ĐT",), lambda pen, person: pen.random.choice((person.study_mode, person.study_mode.lower()))),
        *(
            Column((title,), lambda pen, person, dimension=dimension: pen.level(dimension, person))
            for title, dimension in (
                ("LLCT", "political_theory"), ("QLNN", "state_management"), ("Tin học", "it"),
                ("Tiếng DTTS", "ethnic_language"),
            )
        ),
        Column(("Ngày vào Đảng",), lambda pen, person: pen.party(person)),
        Column(("Đạt chuẩn (Đạt/Chưa)",), lambda pen, person: pen.random.choice(("Đạt", "Chưa", None))),
    ),
    carries=frozenset(
        {"birth", "sex", "identifier", "ethnic_group", "religion", "appointed", "party", "zone", "field_of_study",
         "study_mode"}
    ),
    levels={dimension: codes for dimension, codes in ALL_LEVELS.items() if dimension != "foreign_language"},
)  # fmt: skip

MARKS_D = {
    "education": {"Tiểu học": "TH", "THCS": "THCS", "THPT": "THPT"},
    "professional": {"Sơ cấp": "SC", "Trung cấp": "TC", "Cao đẳng": "CD", "Đại học": "DH", "Trên ĐH": "("},
    "political_theory": {"Sơ cấp": "SC", "Trung cấp": "TC", "Cao cấp": "CC", "Cử nhân": "CN"},
    "state_management": {"Cán sự": "CS", "Chuyên viên": "CV"},
    "it": {"A": "A", "B": "B", "C": "C"},
    "ethnic_language": {"Giao tiếp": "GT", "Chứng chỉ": "CC"},
}

FORM_D = Form(
    name="D",
    columns=(
        NUMBER, Column(("Chức danh",), lambda pen, person: pen.posts(person), is_posts=True), FULL_NAME,
        *_births("Năm sinh"), ETHNIC, PARTY,
        *_marks("Trình độ học vấn", "education", MARKS_D["education"]),
        *_marks("Chuyên môn nghiệp vụ", "professional", MARKS_D["professional"]),
        *_marks("Lý luận chính trị", "political_theory", MARKS_D["political_theory"]),
        *_marks("Quản lý nhà nước", "state_management", MARKS_D["state_management"]),
        *_marks("Tin học", "it", MARKS_D["it"]),
        *_marks("Tiếng dân tộc", "ethnic_language", MARKS_D["ethnic_language"]),
        NOTE,
    ),
    carries=frozenset({"birth", "sex", "ethnic_group", "party", "note", "field_of_study"}),
    levels={dimension: [code for code in titles.values() if code != "("] for dimension, titles in MARKS_D.items()},
    commune_in="sheet",
)  # fmt: skip

FORMS = (FORM_A, FORM_B, FORM_C, FORM_D)


# People


@dataclass(frozen=True)
class Commune:
    """A commune as rosters name it."""

    code: str
    name: str
    district: str


def invent(random: Random, form: Form, communes: Iterable[Commune], count: int) -> list[Person]:
    """So many people a commune, each knowing exactly what the form can carry; the first two are name-sakes."""
    return [_person(random, form, commune, number) for commune in communes for number in range(count)]


def _drawn_positions(random: Random, count: int) -> list[str]:
    """So many posts; nobody is his own deputy, which no roster says."""
    while True:
        drawn = random.sample(POSITIONS, count)
        if not any(f"P{code}" in drawn for code in drawn):
            return drawn


def _person(random: Random, form: Form, commune: Commune, number: int) -> Person:
    def drawn(name: str, draw: Callable[[], Any], default: Any = "", share: float = 0.85) -> Any:
        return draw() if name in form.carries and random.random() < share else default

    group = random.choice(("01", "02", "08", "09", "07"))
    is_woman = random.random() < 0.4
    count = 2 if form.has_several_posts and random.random() < 0.15 else 1
    birth = drawn("birth", lambda: _some_day(random, date(1956, 1, 1), 12_000), share=0.95)
    levels = {
        dimension: random.choice(codes) for dimension, codes in sorted(form.levels.items()) if random.random() < 0.8
    }
    is_trained = levels.get("professional", "CDT") != "CDT"
    field_of_study = drawn("field_of_study", lambda: random.choice(FIELDS_OF_STUDY)) if is_trained else ""
    number_of = {False: "0", True: "1"}[is_woman]
    return Person(
        full_name="Giàng A Dơ" if number < 2 and not is_woman else draw_name(random, group, is_woman),
        commune=commune.code,
        positions=_drawn_positions(random, count),
        birth=birth,
        # Who has no birth in the columns Nam, Nữ is marked there; a flat list has a column of its own.
        sex="F" if is_woman else "M",
        identifier=drawn(
            "identifier",
            lambda: random.choice(
                (
                    f"063{random.randrange(10**6):06d}",
                    f"010{number_of}{(birth or '1980')[2:4]}{random.randrange(10**6):06d}",
                )
            ),
        ),
        ethnic_group=drawn("ethnic_group", lambda: group),
        religion=drawn("religion", lambda: random.choice(("Không", "Tin lành", "Công giáo"))),
        appointed=drawn("appointed", lambda: _some_day(random, date(2004, 1, 1), 4000)),
        levels=levels,
        field_of_study=field_of_study,
        study_mode=drawn("study_mode", lambda: random.choice(tuple(MODES))) if field_of_study else "",
        party=drawn(
            "party",
            lambda: "x" if form.party_is_mark or random.random() < 0.5 else _some_day(random, date(2007, 1, 1), 3000),
            "",
            0.6,
        ),
        insurance_since=drawn("insurance_since", lambda: _some_day(random, date(1990, 1, 1), 8000)[:7]),
        zone=int(commune.code) % 3 + 1 if "zone" in form.carries else None,
        note=drawn("note", lambda: random.choice(("Mới chuyển về", "Đang đi học", "Nghỉ thai sản")), "", 0.2),
    )


def _some_day(random: Random, start: date, days: int) -> str:
    day = (start + timedelta(days=random.randrange(abs(days)) * (1 if days > 0 else -1))).isoformat()
    return day[: random.choice((10, 10, 10, 7, 4))]


# Workbooks


@dataclass(frozen=True)
class Mess:
    """What is added to a form: as a rule, what makes it harder to read."""

    is_shuffled: bool = False
    has_extra_columns: bool = False
    has_cover: bool = False
    has_numbering: bool = True
    is_merged: bool = True  # header cells; else a group's title stands above its first column only
    hidden_rows: bool = False
    hidden_columns: bool = False
    page_length: int = 0  # people after which the header is repeated; 0: never
    counts_in_groups: bool = True
    commune_in: str = ""  # instead of where the form has it
    has_subtotals: bool = False  # `Cộng` below the people of a commune
    is_plain: bool = False


@dataclass
class Written:
    """A roster written: its bytes, and who stands in it where, in the order of its rows."""

    content: bytes
    people: list[Person]
    places: list[tuple[str, int]]
    hidden: set[tuple[str, int]]
    totals: int  # rows or cells that declare a total


class _Writer:
    def __init__(self, form: Form, mess: Mess, random: Random, communes: Iterable[Commune]) -> None:
        self.form, self.mess, self.random = form, mess, random
        self.pen = Pen(random, is_plain=mess.is_plain)
        self.communes = {commune.code: commune for commune in communes}
        self.commune_in = mess.commune_in or form.commune_in
        self.columns = self._columns()
        self.depth = max(len(column.path) for column in self.columns)
        self.workbook = Workbook()
        self.formulas: dict[tuple[int, str], int] = {}  # (sheet, cell) → the value stored with it
        self.written = Written(b"", [], [], set(), 0)

    def _columns(self) -> list[Column]:
        blocks: dict[str, list[Column]] = {}
        for column in self.form.columns:
            if column.path == ("Xã",) and self.commune_in != "column":
                continue
            blocks.setdefault(column.path[0], []).append(column)
        if self.mess.has_extra_columns:
            blocks["Quê quán"] = [Column(("Quê quán",), lambda pen, person: pen.random.choice(("Nam Định", None)))]
            blocks["Lương"] = [
                Column(("Lương", "Hệ số"), lambda pen, person: pen.random.choice((2.34, 3.0, 2.67))),
                Column(("Lương", "Bậc"), lambda pen, person: pen.random.randrange(1, 9)),
            ]
        order = list(blocks)
        if self.mess.is_shuffled:
            self.random.shuffle(order)
        return [column for name in order for column in blocks[name]]

    def write(self, people: list[Person]) -> Written:
        if self.mess.has_cover:
            cover: Any = self.workbook.active
            cover.title = "Bìa"
            cover["B2"], cover["B8"] = "SỞ NỘI VỤ TỈNH LÀO CAI", "DANH SÁCH TRÍCH NGANG"
            cover["B9"] = "Kèm theo Công văn số 12/CV-PNV"
        else:
            self.workbook.remove(self.workbook.active)
        by_sheet: dict[str, list[Person]] = {}
        for person in people:
            commune = self.communes[person.commune]
            is_own = self.commune_in in ("sheet", "title")
            by_sheet.setdefault(self.random_name(commune) if is_own else "Danh sách", []).append(person)
        for name, members in by_sheet.items():
            self._sheet(name, members)
        self.written.content = with_stored_values(content_of(self.workbook), self.formulas)
        return self.written

    def random_name(self, commune: Commune) -> str:
        return commune.name if self.commune_in == "sheet" else f"Biểu {commune.code}"

    def _sheet(self, name: str, people: list[Person]) -> None:
        self.sheet: Any = self.workbook.create_sheet(name)
        self.row = 1
        commune = self.communes[people[0].commune]
        self._line(1, f"UBND {commune.district.upper()}", **{"9": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"})
        self._line(1, "PHÒNG NỘI VỤ", **{"9": "Độc lập - Tự do - Hạnh phúc"})
        self.row += 1
        where = f" {commune.name.upper()}" if self.commune_in == "title" else " CẤP XÃ"
        self._line(1, f"THỐNG KÊ CHẤT LƯỢNG CÁN BỘ, CÔNG CHỨC{where} NĂM {DAY.year}")
        self.sheet.merge_cells(start_row=self.row - 1, end_row=self.row - 1, start_column=1, end_column=12)
        self._line(1, f"(Tính đến ngày {DAY.day} tháng {DAY.month} năm {DAY.year})")
        self.row += 1
        self._header()
        if self.mess.has_numbering:
            self._line(1, "A", *range(1, len(self.columns)))
        groups = [kind for kind in self.form.groups if not (kind == "commune" and self.commune_in != "group")]
        if self.commune_in == "group" and "commune" not in groups:
            groups.insert(0, "commune")
        self._body(people, groups)
        self._line(2, f"Tổng số: {len(people)}")
        self.written.totals += 1
        self._column_totals(people)
        self.row += 1
        self._line(9, f"{commune.district.removeprefix('Huyện ')}, ngày 05 tháng 01 năm {DAY.year + 1}")
        self._line(2, "NGƯỜI LẬP BIỂU", **{"9": f"TM. UBND {commune.name.upper()} - CHỦ TỊCH"})
        self.row += 3
        self._line(2, "Phạm Thị Lệ Thu", **{"9": "Trần Khắc Vinh"})
        if self.mess.hidden_columns:
            for index in self.random.sample(range(1, len(self.columns) + 1), 3):
                self.sheet.column_dimensions[get_column_letter(index)].hidden = True

    def _line(self, column: int, *values: Any, **more: Any) -> None:
        for index, value in enumerate(values, start=column):
            self.sheet.cell(self.row, index, value)
        for place, value in more.items():
            self.sheet.cell(self.row, int(place), value)
        self.row += 1

    def _header(self) -> None:
        top = self.row
        for index, column in enumerate(self.columns, start=1):
            for level, title in enumerate(column.path):
                beside = self.columns[index - 2].path[: level + 1] if index > 1 else ()
                if beside == column.path[: level + 1] and level < len(column.path) - 1:
                    continue  # the group's title stands above its first column
                self.sheet.cell(top + level, index, self.pen.title(title))
                if not self.mess.is_merged:
                    continue
                width = 1
                if level < len(column.path) - 1:
                    while self.columns[index - 1 + width : index + width] and (
                        self.columns[index - 1 + width].path[: level + 1] == column.path[: level + 1]
                    ):
                        width += 1
                bottom = top + self.depth - 1 if level == len(column.path) - 1 else top + level
                if width > 1 or bottom > top + level:
                    self.sheet.merge_cells(
                        start_row=top + level, end_row=bottom, start_column=index, end_column=index + width - 1
                    )
        self.row += self.depth

    def _labels(self, groups: list[str], person: Person) -> list[str]:
        labels = {
            "commune": self.communes[person.commune].name.upper(),
            "staff": "Cán bộ" if POSITION_GROUPS[person.positions[0]] == "cadre" else "Công chức",
            "position": TITLES[person.positions[0]],
        }
        return [labels[kind] for kind in groups]

    def _body(self, people: list[Person], groups: list[str]) -> None:
        keys = {id(person): self._labels(groups, person) for person in people}
        order = sorted(people, key=lambda person: keys[id(person)])
        if not groups:
            order = sorted(people, key=lambda person: person.positions)
        before: list[str] = []
        ordinals = dict.fromkeys(groups, 0)
        for place, person in enumerate(order):
            if self.mess.page_length and place and place % self.mess.page_length == 0:
                self._header()
            labels = keys[id(person)]
            for depth, kind in enumerate(groups):
                if before[: depth + 1] != labels[: depth + 1]:
                    members = [other for other in order if keys[id(other)][: depth + 1] == labels[: depth + 1]]
                    ordinals[kind] += 1
                    self._group_row(kind, labels[depth], ordinals[kind], members)
                    before = labels[: depth + 1]
            before = labels
            self._person_row(place + 1, person)
            if self.mess.has_subtotals and groups[:1] == ["commune"]:
                members = [other for other in order if other.commune == person.commune]
                if person is members[-1]:
                    label = self.random.choice(("Cộng: {} người", "Cộng ({})", "Cộng: {}"))
                    self._line(2, label.format(len(members)))
                    self.written.totals += 1
        if not groups and self.mess.is_merged and self.form.name == "D":
            self._merge_posts(order)

    def _group_row(self, kind: str, label: str, number: int, members: list[Person]) -> None:
        mark = {"commune": roman(number), "staff": "AB"[(number - 1) % 2], "position": str(number)}[kind]
        count = f" ({len(members)} người)" if kind == "commune" and self.mess.counts_in_groups else ""
        self.written.totals += bool(count)
        font = Font(bold=True, italic=kind == "position")
        if kind == "staff":
            self._line(1, f"{mark}. {label}")
        else:
            self._line(1, mark, f"{label}{count}")
        for cell in self.sheet[self.row - 1]:
            cell.font = font

    def _person_row(self, number: int, person: Person) -> None:
        for index, column in enumerate(self.columns, start=1):
            if column.cell is _number:
                value: Any = self.random.choice((number, str(number)))
            elif column.path == ("Xã",):
                commune = self.communes[person.commune]
                value = self.random.choice((commune.name, commune.name.upper()))
            else:
                value = column.cell(self.pen, person)
            if value not in (None, ""):
                cell = self.sheet.cell(self.row, index, value)
                if isinstance(value, str):
                    cell.data_type = "s"
        place = (self.sheet.title, self.row)
        if self.mess.hidden_rows and self.random.random() < 0.2:
            self.sheet.row_dimensions[self.row].hidden = True
            self.written.hidden.add(place)
        self.written.people.append(person)
        self.written.places.append(place)
        self.row += 1

    def _merge_posts(self, order: list[Person]) -> None:
        """One cell for the post of all who stand below one another in it."""
        index = next((number for number, column in enumerate(self.columns, start=1) if column.is_posts), None)
        rows = [row for (sheet, row), _ in zip(self.written.places, self.written.people, strict=True)]
        rows = rows[-len(order) :]
        start = 0
        for place in range(1, len(order) + 1):
            is_on = place < len(order) and order[place].positions == order[start].positions
            if is_on and rows[place] == rows[place - 1] + 1:
                continue
            if index and place - start > 1:
                self.sheet.merge_cells(
                    start_row=rows[start], end_row=rows[place - 1], start_column=index, end_column=index
                )
            start = place

    def _column_totals(self, people: list[Person]) -> None:
        """A row of formulas, with what Excel stored for them."""
        places = [row for sheet, row in self.written.places if sheet == self.sheet.title]
        label = next(index for index, column in enumerate(self.columns, start=1) if not column.is_counted)
        self.sheet.cell(self.row, label, "Tổng cộng")
        for index, column in enumerate(self.columns, start=1):
            if not column.is_counted:
                continue
            letter = get_column_letter(index)
            count = sum(self.sheet.cell(row, index).value not in (None, "") for row in places)
            self.sheet.cell(self.row, index, f"=COUNTA({letter}{places[0]}:{letter}{places[-1]})")
            self.formulas[len(self.workbook.sheetnames), f"{letter}{self.row}"] = count
            self.written.totals += 1
        self.row += 1


def write(
    form: Form, people: list[Person], communes: Iterable[Commune], random: Random, mess: Mess | None = None
) -> Written:
    """Write the people in the form; the order of the people returned is that of the rows."""
    return _Writer(form, mess or Mess(), random, list(communes)).write(people)


def roman(number: int) -> str:
    text = ""
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            text, number = text + letters, number - value
    return text


FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v(?: ?/>|></v>)')


def with_stored_values(content: bytes, values: dict[tuple[int, str], int]) -> bytes:
    """The workbook with the values of its formulas stored beside them, as Excel does and openpyxl does not."""
    if not values:
        return content
    out = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                stored = {
                    cell.encode(): b"%d" % value for (sheet, cell), value in values.items() if sheet == int(found[1])
                }
                data = FORMULA.sub(
                    lambda match, stored=stored: match[1] + b"<v>" + stored.get(match[2], b"") + b"</v>", data
                )
            target.writestr(name, data)
    return out.getvalue()


def differences(expected: Person, found: Person) -> dict[str, tuple[Any, Any]]:
    """Field → (expected, found), where they differ."""
    one, other = asdict(expected), asdict(found)
    one["levels"] = dict(sorted(one["levels"].items()))
    return {
        name.name: (one[name.name], other[name.name]) for name in fields(Person) if one[name.name] != other[name.name]
    }
