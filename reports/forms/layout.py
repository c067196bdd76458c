"""What a form is: its head, columns with titles in several rows, rows, and who signs. It knows no file and no table."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from courses.documents.letterhead import BODY_ABOVE, ISSUER, PLACE, place_and_day

Cell = str | int | None
Told = Callable[[int, int], None]  # is told how many rows are done, of how many
NO_DATA = "chưa có số liệu"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")


def to_nobody(done: int, total: int) -> None:
    """Where nobody wants to be told."""


@dataclass(frozen=True)
class Column:
    """`heads`: the titles from the outermost on; neighbours that begin alike share a cell. `width` in millimetres: of
    text that is broken into lines; 0: as narrow as what stands in it. `is_lacking`: the registry does not have it, so
    that the column stays empty and the form says so."""

    heads: tuple[str, ...]
    width: int = 0
    align: str = "center"
    is_lacking: bool = False


@dataclass(frozen=True)
class Row:
    """`is_group`: a heading of those that follow, `is_total`: a sum; both are bold."""

    cells: tuple[Cell, ...]
    is_group: bool = False
    is_total: bool = False

    @property
    def is_bold(self) -> bool:
        return self.is_group or self.is_total


@dataclass(frozen=True)
class Head:
    """A title with its place: the first row and column, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True)
class Form:
    """`mark`: the number of the form, on the upper left; `lines` stand below the title; `unit`: of the figures;
    `numbers`: what the row below the titles says, without it 1, 2, 3 …; `notes` stand below the table."""

    code: str
    mark: str
    title: str
    lines: Sequence[str]
    columns: Sequence[Column]
    rows: Collection[Row]  # gone through several times, never kept
    day: date  # of the paper
    unit: str = ""
    numbers: Sequence[str] = ()
    notes: Sequence[str] = ()
    signers: tuple[str, str] = ("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    above: str = BODY_ABOVE
    issuer: str = ISSUER
    place: str = PLACE
    heads: tuple[Head, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "heads", tuple(heads_of(self.columns)))
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.code}: a row has another number of cells than there are columns")

    @property
    def depth(self) -> int:
        """How many rows the titles take."""
        return max(len(column.heads) for column in self.columns)

    @property
    def place_and_day(self) -> str:
        return place_and_day(self.day, place=self.place)

    @property
    def numbered(self) -> Sequence[str]:
        return self.numbers or [str(number) for number in range(1, len(self.columns) + 1)]

    @property
    def all_notes(self) -> list[str]:
        """The notes, and which columns the registry cannot fill."""
        lacking = [number for number, column in zip(self.numbered, self.columns, strict=True) if column.is_lacking]
        return [*self.notes, *([f"Cột {', '.join(lacking)}: {NO_DATA}."] if lacking else [])]


def heads_of(columns: Sequence[Column]) -> Iterator[Head]:
    """The titles of the columns, shared ones once; the last of a column reaches down to the last row."""
    depth = max(len(column.heads) for column in columns)
    for level in range(depth):
        place = 0
        while place < len(columns):
            heads = columns[place].heads
            end = place + 1
            if len(heads) <= level:
                place = end
                continue
            is_last = len(heads) == level + 1
            while not is_last and end < len(columns) and _alike(columns[end].heads, heads, level):
                end += 1
            yield Head(heads[level], level, place, depth - level if is_last else 1, end - place)
            place = end


def _alike(one: tuple[str, ...], other: tuple[str, ...], level: int) -> bool:
    return len(one) > level + 1 and one[: level + 1] == other[: level + 1]
