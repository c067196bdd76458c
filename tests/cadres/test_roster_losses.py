"""Nothing is lost in silence: both samples are disordered as clerks and programs do it, and held to what they said.

Of every person row, every fact that was read before is read again, named in an issue of the row or of its sheet, or was
in a column that is told to be unread; and nothing is stated that was not.
"""

import unicodedata
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from cadres.roster.batch import ReadFile, plan_of, report
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.header import HeaderFinder
from cadres.roster.layout import lay_out
from cadres.roster.matching import EVERYWHERE
from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.statements import Statement
from cadres.roster.values import Understanding
from cadres.text import fold, match_key

DAY = date(2015, 12, 31)
DATA = Path(__file__).parent.parent / "data"
SAMPLES = ("bac-ha-2015.xlsx", "muong-khuong-2015.xlsx")
PEOPLE = 24  # rows from the header on that are kept of a sample
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (cells of a workbook have no time zone)

pytestmark = pytest.mark.django_db

# The column in which a fact stands, where it is not called like the fact.
COLUMN_OF = {
    "birth": "birth_date", "identifier": "national_id", "positions": "position", "unit": "commune",
    "appointed": "appointed_on", "term": "appointed_on", "is_party_member": "party_joined_on",
    "party_joined": "party_joined_on", "folded_name": "full_name",
}  # fmt: skip
# Columns that a column may stand for beside its own: a level cell tells a field, Nam/Nữ of the births the sex.
ALSO = {
    "professional": {"field_of_study", "study_mode"},
    "birth_date": {"sex"},
    "position": {"position"},
    "full_name": {"family_name", "given_name"},
}


@dataclass
class Table:
    """A roster as it is disordered: its rows, each with the number of the person's row that it was, and its merges."""

    name: str
    rows: list[list[Cell]]
    origin: list[int | None]
    merged: list[tuple[int, int, int, int]]
    header: tuple[int, int]  # first and last row
    hidden: set[int] = field(default_factory=set)
    next_rows: list[list[Cell]] = field(default_factory=list)  # of a further sheet
    next_origin: list[int | None] = field(default_factory=list)

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    @property
    def people(self) -> list[int]:
        return [index for index, origin in enumerate(self.origin) if origin is not None]

    def insert_row(self, at: int, cells: list[Cell]) -> None:
        self.rows.insert(at, cells)
        self.origin.insert(at, None)
        self.merged = [
            (top + (top >= at), left, bottom + (bottom >= at), right) for top, left, bottom, right in self.merged
        ]
        self.hidden = {row + (row >= at) for row in self.hidden}
        first, last = self.header
        self.header = first + (first >= at), last + (last >= at)

    def insert_column(self, at: int, cells: dict[int, Cell]) -> None:
        for index, row in enumerate(self.rows):
            row.extend([""] * (at - len(row)))
            row.insert(at, cells.get(index, ""))
        self.merged = [
            (top, left + (left >= at), bottom, right + (right >= at)) for top, left, bottom, right in self.merged
        ]

    def sheets(self) -> list[Sheet]:
        found = [Sheet(self.name, self.rows, self.merged, frozenset(self.hidden))]
        return found + ([Sheet("tiếp theo", self.next_rows)] if self.next_rows else [])


@cache
def sample(name: str) -> Sheet:
    (sheet,) = read_sheets(name, (DATA / name).read_bytes())
    return sheet


def table_of(name: str) -> Table:
    """The sample as a table of its own."""
    return deepcopy(_table(name))


@cache
def _table(name: str) -> Table:
    sheet = sample(name)
    header = HeaderFinder(sheet, Dictionaries.load().titles, {}).first()
    assert header is not None
    length = header.last + 1 + PEOPLE
    rows = deepcopy(sheet.rows[:length])
    width = max(map(len, rows))
    for row in rows:
        row.extend([""] * (width - len(row)))
    people = {row.row - 1 for row in lay_out(name, [Sheet(sheet.name, rows, sheet.merged)], Dictionaries.load()).rows}
    merged = [place for place in sheet.merged if place[2] < length]
    origin = [index if index in people else None for index in range(length)]
    return Table(sheet.name, rows, origin, merged, (header.first, header.last))


# What clerks and programs do


def blank_row(table: Table, random: Random) -> None:
    table.insert_row(random.choice(table.people), [])


def numbering_row(table: Table, random: Random) -> None:
    """`1 2 3 …`, `(1) (2) …`, or what Excel makes of the latter."""
    write = random.choice((float, "({})".format, lambda number: -float(number)))
    table.insert_row(table.header[1] + 1, [write(number) for number in range(1, table.width + 1)])


def header_again(table: Table, random: Random) -> None:
    at = random.choice(table.people[1:])
    first, last = table.header
    copies = [list(table.rows[row]) for row in range(first, last + 1)]
    merged = [place for place in table.merged if first <= place[0] <= last]
    for row in reversed(copies):
        table.insert_row(at, row)
    table.merged += [(top - first + at, left, bottom - first + at, right) for top, left, bottom, right in merged]


def note_row(table: Table, random: Random) -> None:
    text = random.choice(("Ghi chú: số liệu chưa đầy đủ", "* Người đang đi học", "(Có danh sách kèm theo)"))
    table.insert_row(random.choice(table.people[1:]), ["", text])


def vacancy(table: Table, random: Random) -> None:
    """A post that nobody holds, between the people."""
    filled = table.rows[table.people[0]]
    titles = {match_key(_title(table, index)): index for index in range(table.width)}
    name, position = (
        next((titles[key] for key in keys if key in titles), None)
        for keys in (("hovaten", "hodem"), ("chucvuchucdanh", "chucdanh"))
    )
    if name is None or position is None:
        return  # titled otherwise by now
    cells: list[Cell] = [""] * len(filled)
    cells[name], cells[position] = random.choice(("Khuyết", "(Khuyết)", "Chưa bố trí")), "Trưởng Công an"
    table.insert_row(random.choice(table.people[1:]), cells)


def row_without_sense(table: Table, random: Random) -> None:
    table.insert_row(random.choice(table.people[1:]), ["", random.choice(("Thôn Nậm Kha và các bản", "Kính chuyển"))])


def hidden_row(table: Table, random: Random) -> None:
    table.hidden.add(random.choice(table.people))


def blank_column(table: Table, random: Random) -> None:
    table.insert_column(random.randrange(1, table.width), {})


def unknown_column(table: Table, random: Random) -> None:
    """A column of the office's own, titled or not."""
    title = random.choice(("Mã hồ sơ giấy", "Kết quả rà soát", "Số ngăn tủ", ""))
    cells: dict[int, Cell] = {row: f"HS{row}" for row in table.people}
    table.insert_column(table.width, cells | {table.header[0]: title})


def unkept_column(table: Table, random: Random) -> None:
    title, cell = random.choice((("Hệ số lương", 2.34), ("Phụ cấp chức vụ", 0.2), ("Tuổi", 36.0), ("Bậc", 3.0)))
    table.insert_column(table.width, dict.fromkeys(table.people, cell) | {table.header[0]: title})


def moved_column(table: Table, random: Random) -> None:
    """A column that no merge touches goes to the end."""
    in_merges = {index for _, left, _, right in table.merged if left != right for index in range(left, right + 1)}
    free = [index for index in range(1, table.width) if index not in in_merges and _title(table, index)]
    if not free:
        return
    moved = random.choice(free)
    first = table.header[0]
    table.merged = [place for place in table.merged if place[1] != moved]
    for index, row in enumerate(table.rows):
        if index >= first:
            row.append(row[moved] if moved < len(row) else "")
            if moved < len(row) - 1:
                row[moved] = ""


def unknown_title(table: Table, random: Random) -> None:
    _retitle(table, random, random.choice(("Nội dung khác", "Mục 7", "Zzz")))


def no_title(table: Table, random: Random) -> None:
    _retitle(table, random, "")


def _title(table: Table, index: int) -> str:
    first, last = table.header
    rows = [row for row in table.rows[first : last + 1] if index < len(row)]
    return " ".join(str(row[index]) for row in rows).strip()


def _retitle(table: Table, random: Random, title: str) -> None:
    # Without a name there is no roster; `Nam` above a birth is itself what is said.
    names = {match_key(name) for name in ("Họ và tên", "Họ đệm", "Tên", "TT", "Nam", "Nữ")}
    titles = {index: match_key(_title(table, index)).removeprefix("namsinh") for index in range(table.width)}
    titled = [index for index, title_key in titles.items() if title_key and title_key not in names]
    at = random.choice(titled)
    first, last = table.header
    lowest = max(row for row in range(first, last + 1) if table.rows[row][at] != "")
    table.rows[lowest][at] = title


def _in_some_cells(change: Callable[[Cell], Cell]) -> Callable[[Table, Random], None]:
    """The change of cells of people, in one column or in all."""

    def disorder(table: Table, random: Random) -> None:
        only = random.choice((None, random.randrange(table.width)))
        for row in table.people:
            cells = table.rows[row]
            for index, cell in enumerate(cells):
                if cell != "" and only in (None, index):
                    cells[index] = change(cell)

    return disorder


def _of_text(change: Callable[[str], str]) -> Callable[[Table, Random], None]:
    return _in_some_cells(lambda cell: change(cell) if isinstance(cell, str) else cell)


def _number_as_text(cell: Cell) -> Cell:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell


def _day_as_text(cell: Cell) -> Cell:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime) and cell.day not in (10, 12) else cell


def _day_as_serial(cell: Cell) -> Cell:
    is_grade = isinstance(cell, datetime) and {cell.day, cell.month} & {10, 12}
    return float((cell - EPOCH).days) if isinstance(cell, datetime) and not is_grade else cell


def _digits_as_number(cell: Cell) -> Cell:
    return float(cell) if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) < 13 else cell


def merged_places(table: Table, random: Random) -> None:
    """Cells below one another that say the same are merged over the first, as in a list that was made nice."""
    column = random.randrange(1, table.width)
    for one, other in zip(table.people, table.people[1:], strict=False):
        upper, lower = table.rows[one], table.rows[other]
        if other == one + 1 and upper[column] == lower[column] != "" and fold(str(upper[column])) != "":
            lower[column] = ""
            table.merged.append((one, column, other, column))
            return


def split_name(table: Table, random: Random) -> None:
    """`Họ và tên` in two columns below the one title, merged over both or not."""
    first, last = table.header
    at = next((index for index in range(table.width) if match_key(_title(table, index)) == "hovaten"), None)
    if at is None:
        return
    table.insert_column(at + 1, {})
    for row in table.people:
        *family, given = str(table.rows[row][at]).split()
        table.rows[row][at], table.rows[row][at + 1] = " ".join(family), given
    table.merged = [place for place in table.merged if not (place[1] == at and first <= place[0] <= last)]
    if random.random() < 0.5:
        table.merged.append((first, at, last, at + 1))


def goes_on_elsewhere(table: Table, random: Random) -> None:
    """The rest of the table stands on the next sheet, without a header. Only where no group stands above it."""
    if any(origin is None for origin in table.origin[table.header[1] + 1 :]) or len(table.people) < 3:
        return
    at = random.choice(table.people[2:])
    table.next_rows, table.rows = table.rows[at:], table.rows[:at]
    table.next_origin, table.origin = table.origin[at:], table.origin[:at]
    table.merged = [place for place in table.merged if place[2] < at]
    table.hidden = {row for row in table.hidden if row < at}


DISORDER: dict[str, Callable[[Table, Random], None]] = {
    change.__name__: change
    for change in (
        blank_row, numbering_row, header_again, note_row, vacancy, row_without_sense, hidden_row, blank_column,
        unknown_column, unkept_column,
        moved_column, unknown_title, no_title, merged_places, split_name,
    )
} | {
    "decomposed": _of_text(lambda text: unicodedata.normalize("NFD", text)),
    "no-break spaces": _of_text(lambda text: text.replace(" ", "\u00a0")),
    "invisible": _of_text(lambda text: f"\u200b{text}\u202e\u2060\ufeff"),
    "broken over lines": _of_text(lambda text: text.replace(" ", "\n", 1)),
    "apostrophes": _of_text(lambda text: f"'{text}"),
    "spaces around": _of_text(lambda text: f"  {text.replace(' ', '  ')} "),
    "capitals": _of_text(str.upper),
    "numbers as text": _in_some_cells(_number_as_text),
    "days as text": _in_some_cells(_day_as_text),
    "days as serials": _in_some_cells(_day_as_serial),
    "digits as numbers": _in_some_cells(_digits_as_number),
}  # fmt: skip
LAST = {"goes on elsewhere": goes_on_elsewhere}


def facts_of(stated: Statement) -> dict[str, str]:
    """What a row states, each fact as a text that does not tell letter case: a file in capitals does not either."""
    facts: dict[str, Any] = {name: value for name, value in stated.understood().items() if name != "issues"}
    del facts["full_name"]
    facts |= facts.pop("levels", {})
    return {name: match_key(str(value)) for name, value in facts.items()}


@dataclass
class Outcome:
    """What was made of a file: the statements and the issues by (sheet, row), those of whole sheets under row None."""

    statements: dict[tuple[str, int], Statement]
    issues: dict[tuple[str, int | None], list[dict[str, Any]]]
    unread: set[tuple[str, str]]  # (sheet, column)

    @classmethod
    def of(cls, sheets: list[Sheet]) -> "Outcome":
        dictionaries = Dictionaries.load()
        layout = lay_out("a.xlsx", sheets, dictionaries)
        home = next(unit for unit in dictionaries.units if unit.code == "085" and unit.is_in_force(DAY))
        understanding = Understanding(dictionaries, DAY, None, home)
        statements = [understanding.statement(row) for row in layout.rows]
        read = ReadFile("a.xlsx", b"", DAY, layout, statements, dictionaries, None, EVERYWHERE)
        told = report(read, plan_of(read))
        issues: dict[tuple[str, int | None], list[dict[str, Any]]] = {}
        for issue in told["issues"]:
            issues.setdefault((issue["sheet"], issue["row"]), []).append(issue)
        return cls(
            {(stated.sheet, stated.row): stated for stated in statements},
            issues,
            {(column["sheet"], column["column"]) for column in told["unread"]},
        )


@cache
def truth(name: str) -> dict[int, Statement]:
    """The row of each person of a sample (from 0) → what it states."""
    table = table_of(name)
    outcome = Outcome.of(table.sheets())
    return {row - 1: stated for (_, row), stated in outcome.statements.items()}


# What may lose nothing at all: nobody is rejected for it.
HARMLESS = DISORDER.keys() - {"unknown_title", "no_title", "merged_places"}


def losses(table: Table, expected: dict[int, Statement], *, is_harmless: bool = False) -> list[str]:
    """What the disordered table lost, or says otherwise, without a word; where that is harmless, even with one."""
    found = Outcome.of(table.sheets())
    lost = []
    places = [((table.name, row + 1), origin, table.rows[row]) for row, origin in enumerate(table.origin)]
    places += [(("tiếp theo", row + 1), origin, table.next_rows[row]) for row, origin in enumerate(table.next_origin)]
    for place, origin, cells in places:
        if origin is None:
            continue
        said = found.issues.get(place, [])
        stated = found.statements.get(place)
        if stated is None:
            if not said and (place[0], None) not in found.issues:
                lost.append(f"{place}: {expected[origin].full_name} is nowhere")
            continue
        if stated.is_rejected:
            if is_harmless and not expected[origin].is_rejected:
                lost.append(f"{place}: {[issue['message'] for issue in said if issue['severity'] == 'error']}")
            continue
        named = {issue["field"] for issue in said}
        named |= {also for name in named for also in ALSO.get(name, ())}
        unread = {get_column_letter(index + 1) for index, cell in enumerate(cells) if cell != ""}
        has_unread = bool({column for sheet, column in found.unread if sheet == place[0]} & unread)
        old, new = facts_of(expected[origin]), facts_of(stated)
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) == new.get(name):
                continue
            column = COLUMN_OF.get(name, name)
            if {column, name} & named or (has_unread and name not in new):
                continue
            lost.append(f"{place}: {name} was {old.get(name)}, is {new.get(name)}")
    return lost


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_as_it_is_loses_nothing(name):
    table = table_of(name)
    assert len(table.people) > 15
    assert losses(table, truth(name), is_harmless=True) == []


@pytest.mark.parametrize("change", [*DISORDER, *LAST])
@pytest.mark.parametrize("name", SAMPLES)
def test_one_disorder_loses_nothing_in_silence(name, change):
    for seed in range(2):
        table = table_of(name)
        (DISORDER | LAST)[change](table, Random(seed))
        assert losses(table, truth(name), is_harmless=change in HARMLESS) == []


@given(
    name=st.sampled_from(SAMPLES),
    changes=st.lists(st.sampled_from(sorted(DISORDER)), min_size=2, max_size=4, unique=True),
    last=st.sampled_from([None, *LAST]),
    random=st.randoms(use_true_random=False),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
def test_several_disorders_lose_nothing_in_silence(name, changes, last, random):
    table = table_of(name)
    for change in changes:
        DISORDER[change](table, random)
    if last:
        LAST[last](table, random)
    assert losses(table, truth(name)) == []
