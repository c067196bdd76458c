"""Tables that stand side by side under titles in the same rows: people 1 to 20 on the left, 21 to 40 on the right.

The right one is put below the left one, for so they are read: each from top to bottom. What stands below both, totals
and signatures, follows at last.
"""

from dataclasses import dataclass, replace

from cadres.roster.header import Header
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.reading import Cell, Sheet

LEAST_ALIKE = 3  # titles that both tables have
NARROWEST = 3  # columns of a table


@dataclass(frozen=True, slots=True)
class Stacked:
    """The sheet with its tables below each other; `numbers` are the row numbers that Excel shows."""

    sheet: Sheet
    numbers: list[int]


def stacked(sheet: Sheet, header: Header) -> Stacked | None:
    """The tables of a sheet below each other; None where there is only one."""
    starts = _starts(header)
    if len(starts) < 2:
        return None
    width = starts[1] - starts[0]
    begin = header.last + 1
    places = [start - starts[0] for start in starts[1:]]
    end = max(
        (index + 1 for index in range(begin, len(sheet.rows)) if _reaches_right(sheet.rows[index], starts[1], width)),
        default=begin,
    )
    while end < len(sheet.rows) and sum(cell != "" for cell in sheet.rows[end][: starts[1]]) >= LEAST_ALIKE:
        end += 1  # the table on the left is longer
    rows: list[list[Cell]] = [row if index < header.first else row[: starts[1]] for index, row in enumerate(sheet.rows)]
    region = range(begin, end)
    body = [(index + 1, rows[index]) for index in region]
    for place in places:
        for index in region:
            cells: list[Cell] = ["" for _ in range(starts[0])]
            body.append((index + 1, cells + sheet.rows[index][starts[0] + place : starts[1] + place]))
    ordered = [(index + 1, rows[index]) for index in range(begin)] + body
    ordered += [(index + 1, sheet.rows[index]) for index in range(end, len(rows))]
    numbers = [number for number, _ in ordered]
    hidden = frozenset(place for place, number in enumerate(numbers) if number - 1 in sheet.hidden_rows)
    merged = [span for span in sheet.merged if span[2] < begin and span[1] < starts[1]]
    return Stacked(replace(sheet, rows=[row for _, row in ordered], merged=merged, hidden_rows=hidden), numbers)


def _starts(header: Header) -> list[int]:
    """The first column of each table, told by titles that are repeated in the same order."""
    keys = {column.index: column.key.partition("#")[0] for column in header.columns if column.title}
    name = next((column.index for column in header.columns if column.field in NAME_FIELDS), None)
    if name is None:
        return []
    again = next((at for at, key in keys.items() if key == keys.get(name) and at >= name + NARROWEST), None)
    if again is None:
        return []
    width = again - name
    start = name
    while start and start - 1 in keys and keys[start - 1] == keys.get(start - 1 + width):
        start -= 1
    alike = sum(at in keys and keys[at] == keys.get(at + width) for at in range(start, start + width))
    if alike < LEAST_ALIKE:
        return []
    count = 2
    while keys.get(name + count * width) == keys[name]:
        count += 1
    return [start + side * width for side in range(count)]


def _reaches_right(row: list[Cell], start: int, width: int) -> bool:
    """Whether the table on the right has something in the row: more than one cell, for a signature has one."""
    return sum(cell != "" for cell in row[start : start + width]) > 1
