"""The columns of a list: which are shown, how each sorts, and what a file of the list says in it.

A list names its columns once. The heads of the table, the columns that the address asks for (`?cot=ten&cot=xa`), the
order (`?sap_xep=ten`, `-ten` from the last to the first) and the file of what is shown (`?tep=xlsx`) come from there,
for every list alike.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from cadres.models import SavedView
from cadres.text import thousands
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.escaping import escaped
from cadres.web.filters import FilterForm
from cadres.web.paper import notes_over, scope_of
from cadres.web.permissions import account
from cadres.web.tables import Cell, Table
from cadres.web.ticks import CHOSEN, Ticks, tick_box

SORT, FILE = "sap_xep", "tep"
FETCHED = 2_000  # rows at a time
R = TypeVar("R")


@dataclass(frozen=True)
class Column:
    """A column: its word in the address, its head, what it sorts by and what a file says.

    `order` are names or expressions, the first weighing most; `key` takes their place in a list that is sorted in
    Python. Without either the column does not sort; without `cell` it is in no file, without `is_shown` in no table.
    `page` is what the page writes where that is more than the file does; days and numbers it writes by itself. One
    that is not `is_usual` is shown where it is asked for; one without a name is in the file where the one before it
    is.
    """

    name: str
    label: str
    order: Sequence[Any] = ()
    key: Callable[[Any], Any] | None = None
    cell: Callable[[Any], Cell] | None = None
    is_number: bool = False
    is_shown: bool = True
    is_usual: bool = True
    is_long: bool = False  # takes what is left of the width, and is cut there
    page: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Choice:
    """A column in the list of those that may be chosen; the first of a list is always there."""

    column: Column
    is_on: bool
    is_fixed: bool


@dataclass(frozen=True)
class Head:
    """The head of a column as the page writes it. `to`: the order that a click asks for; None where it does not sort.

    `direction` is what aria-sort says; empty where the list is sorted by another column.
    """

    column: Column
    to: str | None
    direction: str


class Columns:
    """The columns of a list in the order that a request asks for. Raises BadRequest for one that the list has not.

    `default`: the order where the address names none; `tie` follows every other order, so that pages do not overlap.
    `may_choose`: whether the page lets the columns be chosen. `tick`: of a row of a list with ticks, its key and whom
    its box is for; None for a row that has no box. `acts`: what may be done with a row, at its end.
    """

    def __init__(
        self,
        request: HttpRequest,
        columns: Iterable[Column],
        *,
        default: Sequence[Any] = (),
        tie: Sequence[Any] = (),
        may_choose: bool = False,
        tick: Callable[[Any], tuple[object, str] | None] | None = None,
        acts: Callable[[Any], SafeString] | None = None,
    ) -> None:
        self.columns, self.default, self.tie, self.may_choose = list(columns), default, tie, may_choose
        self.tick, self.acts = tick, acts
        self.asked = request.GET.get(SORT, "")
        self.is_descending = self.asked.startswith("-")
        name = self.asked.removeprefix("-")
        self.by = next((column for column in self.columns if column.name == name and _sorts(column)), None)
        self.left_out: list[str] = []  # what a view that was kept asks for and the list has not
        self.is_kept = SavedView.NAME in request.GET
        if self.asked and self.by is None and self.is_kept:
            self.left_out.append(f"thứ tự theo “{name[:40]}”")
        elif self.asked and self.by is None:
            raise BadRequest(f"Danh sách này không sắp xếp theo “{name}” được. Hãy bấm vào đầu một cột.")
        self.shows = self._chosen(request.GET.getlist(CHOSEN))

    def _chosen(self, asked: Sequence[str]) -> frozenset[str]:
        """The names of the columns shown; where the address names none, the usual ones."""
        named = [column for column in self.columns if column.name]
        if self.is_kept:
            there = {column.name for column in named}
            self.left_out += [f"cột “{name[:40]}”" for name in asked if name not in there]
            asked = list(dict.fromkeys(name for name in asked if name in there))
        if not asked:
            return frozenset(column.name for column in named if column.is_usual)
        if not self.may_choose:
            raise BadRequest("Danh sách này không chọn cột được. Hãy bỏ “cot” trong địa chỉ.")
        if len(asked) > len(named):
            raise BadRequest(f"Địa chỉ đòi {len(asked)} cột, danh sách này chỉ có {len(named)}. Hãy chọn lại cột.")
        if twice := next((name for number, name in enumerate(asked) if name in asked[:number]), None):
            raise BadRequest(f"Địa chỉ đòi cột “{twice}” hai lần. Hãy chọn lại cột.")
        if unknown := set(asked).difference(column.name for column in named):
            raise BadRequest(f"Danh sách này không có cột “{min(unknown)[:40]}”. Hãy chọn lại cột.")
        return frozenset((named[0].name, *asked))

    @property
    def has_boxes(self) -> bool:
        """Whether rows may be ticked, by who the request is of."""
        return self.tick is not None

    @property
    def has_acts(self) -> bool:
        return self.acts is not None

    @property
    def may_sort(self) -> bool:
        return any(_sorts(column) for column in self.shown)

    @property
    def shown(self) -> list[Column]:
        """The columns of the table."""
        return [column for column in self.columns if column.is_shown and column.name in self.shows]

    def choices(self) -> list[Choice]:
        """The columns that the page lets be chosen; none where it does not."""
        if not self.may_choose:
            return []
        there = [column for column in self.columns if column.name and column.is_shown]
        return [Choice(column, column.name in self.shows, place == 0) for place, column in enumerate(there)]

    def cells(self, row: Any, ticks: Ticks | None = None) -> SafeString:
        """The cells of a row of the table, of which the first is its head; where the list has ticks, behind the box.

        No template, since one that goes through the columns of each row takes several times as long.
        """
        made = []
        if ticks is not None and self.tick:
            key, whom = self.tick(row) or (None, "")
            box = "" if key is None else tick_box(ticks, key, f"Chọn {whom}")
            made.append(f'<td class="tick" data-label="Chọn">{box}</td>')
        for column, begin, end in self._frames:
            told = column.page or column.cell
            text = escaped(_on_page(column, told(row) if told else None))
            if column.page and text:  # a card of a phone sets what lies side by side in a cell apart
                text = f"<span>{text}</span>"
            made += (begin, text, end)
        if self.acts:
            made.append(f'<td data-label="Việc">{self.acts(row)}</td>')
        return mark_safe("".join(made))

    @cached_property
    def _frames(self) -> list[tuple[Column, str, str]]:
        """The columns of the table, each with what stands around its cell: the same in all rows."""
        frames = []
        for place, column in enumerate(self.shown):
            look = "number" if column.is_number else "rest" if column.is_long else ""
            begin = f'<td class="{look}" data-label="{escaped(column.label)}">' if place else '<th scope="row">'
            frames.append((column, begin, "</td>" if place else "</th>"))
        return frames

    @property
    def order(self) -> list[Any]:
        """What a queryset is ordered by."""
        if self.by is None:
            return [*self.default, *self.tie]
        return [*(_turned(item) if self.is_descending else item for item in self.by.order), *self.tie]

    def in_order(self, rows: Iterable[R]) -> list[R]:
        """The rows of a list that is sorted in Python; equal ones stay in the order they came in."""
        if self.by is None or self.by.key is None:
            return list(rows)
        return sorted(rows, key=self.by.key, reverse=self.is_descending)

    def heads(self) -> list[Head]:
        """A first click sorts, a second turns the order round, a third leads back to the list's own."""
        heads = []
        for column in self.shown:
            is_sorted = column is self.by
            to: str | None = column.name
            if is_sorted:
                to = "" if self.is_descending else f"-{column.name}"
            direction = ("descending" if self.is_descending else "ascending") if is_sorted else ""
            heads.append(Head(column, to if _sorts(column) else None, direction))
        return heads

    def file(
        self, request: HttpRequest, rows: Iterable[Any], *, title: str, notes: Sequence[str], stem: str
    ) -> HttpResponse:
        """The rows as the file that the request asks for. Raises Http404 for another type of file than xlsx or csv."""
        told = self._told()
        table = Table(
            title=title,
            notes=notes,
            columns=["STT", *(column.label for column in told)],
            rows=(
                [number, *(column.cell(row) for column in told if column.cell)]
                for number, row in enumerate(as_they_come(rows), 1)
            ),
            sheet="Danh sách",
        )
        return download_table(request, table, stem, request.GET[FILE])

    def _told(self) -> list[Column]:
        """The columns of the file: those of the page, and what belongs to them."""
        told, is_on = [], True
        for column in self.columns:
            is_on = column.name in self.shows if column.name else is_on
            if is_on and column.cell:
                told.append(column)
        return told


def as_they_come(rows: Iterable[R]) -> Iterable[R]:
    """The rows without keeping them: those of a queryset are fetched some at a time."""
    return rows.iterator(FETCHED) if isinstance(rows, QuerySet) else rows


def head_of_file(
    request: HttpRequest, filters: FilterForm | None = None, *, is_judged: bool = False, is_dated: bool = True
) -> list[str]:
    """What stands over the file of a list: scope, day where it is of one, criterion where it tells of verdicts, filters
    in use."""
    day = working_day(request)
    of_day = f"Số liệu ngày {day:%d/%m/%Y}" if is_dated else ""
    notes = notes_over(scope_of(account(request), day), of_day, criterion_of(request) if is_judged else None)
    if filters is not None and (chips := filters.chips()):
        notes.append(f"Bộ lọc: {'; '.join(text for text, _ in chips)}.")
    return notes


def _on_page(column: Column, value: Any) -> Any:
    """A cell as a page writes it: a day as dd/mm/yyyy, a number with points, nothing where there is nothing."""
    if value is None:
        return ""
    if column.is_number and isinstance(value, int):
        return thousands(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else value


def _sorts(column: Column) -> bool:
    return bool(column.order or column.key)


def _turned(item: Any) -> Any:
    """What orders the other way round."""
    if isinstance(item, str):
        return item.removeprefix("-") if item.startswith("-") else f"-{item}"
    turned: OrderBy = (
        item.copy() if isinstance(item, OrderBy) else OrderBy(item if hasattr(item, "resolve_expression") else F(item))
    )
    turned.reverse_ordering()
    return turned
