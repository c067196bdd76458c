"""Rates of rows × columns on a side (a day, and the texts that judge then), and of rows over the ends of the years.

A table is one query (reports.rates.cross_rates), and so is one of years a year. Its sums are sums of its cells, so that
they agree down and across; by dimension there are none, since an official is counted there once for each requirement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook, judged
from cadres.models import Appointment, Criterion, Standard
from cadres.rate import NOBODY, Rate
from reports.rates import DIMENSION, GROUPINGS, Divided, Group, cross_rates

YEARS = "years"  # as columns: the ends of the years, whatever the rows are
ROWS = (*GROUPINGS, DIMENSION)
COLUMNS = (*ROWS, YEARS)

InScope = Callable[[date], QuerySet[Appointment]]


@dataclass(frozen=True)
class Side:
    """A day, and the texts that judge on it instead of those in force; none: those in force."""

    day: date
    standards: tuple[Standard, ...] = ()


@dataclass(frozen=True)
class Crossed:
    """A table of rates: its rows and columns in their order, and each cell in which somebody is, by their codes."""

    rows: list[Group]
    columns: list[Group]
    cells: Mapping[tuple[str, str], Rate]
    has_row_sums: bool
    has_column_sums: bool

    def cell(self, row: str, column: str) -> Rate:
        return self.cells.get((row, column), NOBODY)

    def of_row(self, row: str) -> Rate | None:
        """The sum across; None where the cells of a row are not of different people."""
        if not self.has_row_sums:
            return None
        return sum((rate for (code, _), rate in self.cells.items() if code == row), NOBODY)

    def of_column(self, column: str) -> Rate | None:
        """The sum down; None where the cells of a column are not of different people."""
        if not self.has_column_sums:
            return None
        return sum((rate for (_, code), rate in self.cells.items() if code == column), NOBODY)

    @property
    def total(self) -> Rate | None:
        """Everybody; None where cells are not of different people."""
        return sum(self.cells.values(), NOBODY) if self.has_row_sums and self.has_column_sums else None


def crossed(
    side: Side,
    row: str,
    column: str,
    *,
    criterion: Criterion,
    in_scope: InScope,
    rulebook: Rulebook,
    units: Correspondence | None = None,
) -> Crossed:
    """The rates of a side by two names of ROWS that differ. `units`: the groups by units are those of another day."""
    found = cross_rates(
        side.day,
        row,
        column,
        criterion=criterion,
        standards=side.standards,
        appointments=in_scope(side.day),
        rulebook=rulebook,
        units=units,
    )
    return Crossed(
        rows=_in_order(group for group, _ in found),
        columns=_in_order(group for _, group in found),
        cells={(of_row.code, of_column.code): rate for (of_row, of_column), rate in found.items()},
        has_row_sums=column != DIMENSION,
        has_column_sums=row != DIMENSION,
    )


def crossed_by_years(
    days: Sequence[date],
    row: str,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    in_scope: InScope,
    rulebook: Rulebook,
    units: Correspondence | None = None,
) -> Crossed:
    """The rates of the rows on each of these days; a column's code is its day as the address writes it."""
    columns = [Group(day.isoformat(), f"{day:%d/%m/%Y}") for day in days]
    found = [
        (column, group, rate)
        for column, day in zip(columns, days, strict=True)
        for (group,), rate in cross_rates(
            day,
            row,
            criterion=criterion,
            standards=standards,
            appointments=in_scope(day),
            rulebook=rulebook,
            units=units,
        ).items()
    ]
    return Crossed(
        rows=_in_order(group for _, group, _ in reversed(found)),
        columns=columns,
        cells={(group.code, column.code): rate for column, group, rate in found},
        has_row_sums=False,
        has_column_sums=row != DIMENSION,
    )


def divided_on(
    side: Side,
    by: Sequence[str],
    *,
    criterion: Criterion,
    in_scope: InScope,
    rulebook: Rulebook,
    units: Correspondence | None = None,
) -> Divided:
    """The judged posts of a side with the columns of these groupings (names of GROUPINGS), for who counts by person."""
    posts = judged(
        side.day,
        criterion=criterion,
        standards=side.standards,
        appointments=in_scope(side.day),
        rulebook=rulebook,
        everybody=True,
    )
    return Divided(posts, side.day, by, units)


def people_in(cell: tuple[str, str], divided: Divided, *, verdict: str = "") -> list[int]:
    """The keys of the officials of a cell (codes of its row and column), or of those with the verdict; of posts divided
    by the row and the column."""
    rows: list[Mapping[str, Any]] = list(divided.posts.values(*divided.columns, "official", "verdict"))
    divided.describe(rows)
    return [
        row["official"]
        for row in rows
        if row["verdict"]
        and verdict in ("", row["verdict"])
        and tuple(group.code for group in divided.parts(row).values()) == cell
    ]


def side_by_side(crossed: Iterable[Crossed]) -> tuple[list[Group], list[Group]]:
    """The rows and the columns that any of the tables has, in order, named as the first table that has them does."""
    tables = list(crossed)
    rows = _in_order(group for table in tables for group in table.rows)
    return rows, _in_order(group for table in tables for group in table.columns)


def _in_order(groups: Iterable[Group]) -> list[Group]:
    """Each code once, as it came first."""
    found: dict[str, Group] = {}
    for group in groups:
        found.setdefault(group.code, group)
    return sorted(found.values(), key=lambda group: group.order)
