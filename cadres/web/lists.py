"""The columns of a list: how each sorts, and what a file of the list says in it.

A list names its columns once. The heads of the table, the order that the address asks for (`?sap_xep=ten`, `-ten` from
the last to the first) and the file of what is shown (`?tep=xlsx`) come from there, for every list alike.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import F
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse

from cadres.web.downloads import download_table
from cadres.web.tables import Cell, Table

SORT, FILE = "sap_xep", "tep"
R = TypeVar("R")


@dataclass(frozen=True)
class Column:
    """A column: its word in the address, its head, what it sorts by and what a file says.

    `order` are names or expressions, the first weighing most; `key` takes their place in a list that is sorted in
    Python. Without either the column does not sort; without `cell` it is in no file, without `is_shown` in no table.
    """

    name: str
    label: str
    order: Sequence[Any] = ()
    key: Callable[[Any], Any] | None = None
    cell: Callable[[Any], Cell] | None = None
    is_number: bool = False
    is_shown: bool = True


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
    """

    def __init__(
        self, request: HttpRequest, columns: Iterable[Column], *, default: Sequence[Any] = (), tie: Sequence[Any] = ()
    ) -> None:
        self.columns, self.default, self.tie = list(columns), default, tie
        self.asked = request.GET.get(SORT, "")
        self.is_descending = self.asked.startswith("-")
        name = self.asked.removeprefix("-")
        self.by = next((column for column in self.columns if column.name == name and _sorts(column)), None)
        if self.asked and self.by is None:
            raise BadRequest(f"Danh sách này không sắp xếp theo “{name}” được. Hãy bấm vào đầu một cột.")

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
        for column in self.columns:
            if not column.is_shown:
                continue
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
        told = [column for column in self.columns if column.cell]
        table = Table(
            title=title,
            notes=notes,
            columns=["STT", *(column.label for column in told)],
            rows=[
                [number, *(column.cell(row) for column in told if column.cell)] for number, row in enumerate(rows, 1)
            ],
            sheet="Danh sách",
        )
        return download_table(table, stem, request.GET[FILE])


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
