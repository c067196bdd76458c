"""Cells that lie far outside of the table: a slip of the hand in the last row or column.

A reader that lays the cells out row by row would need a place for each of the thousands of millions between. Where a
sheet is so sparse, its few cells beyond a wide gap are taken out before it is read, and told.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from shutil import copyfileobj
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from cadres.roster.cell_names import column_of

SPARSE = 8_000_000  # cells of the rectangle around all; what fills less than a fiftieth of that is sparse
GAP_ROWS, GAP_COLUMNS = 10_000, 200  # blank ones between the table and what has strayed
MOST = 100  # cells; more are no slip of the hand

ROW_NUMBER = re.compile(rb'<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["\'](\d{1,7})["\']')
# Whether a cell lies beyond column Z or ZZ, and the last column that it then may lie in.
FURTHER = ((re.compile(rb'r="[A-Z]{3}\d'), 2**14), (re.compile(rb'r="[A-Z]{2}\d'), 702))
FILLED = re.compile(rb'<((?:\w+:)?c)\s[^<>]*?\br\s*=\s*["\']([A-Z]{1,3})(\d{1,7})["\'][^<>]*(?<!/)>')


class Extent:
    """How far a sheet reaches, and how much is in it."""

    def __init__(self) -> None:
        self.values = self.rows = 0
        self.columns = 26

    def see(self, xml: bytes) -> None:
        last = xml.rfind(b"<row")
        if last >= 0 and (number := ROW_NUMBER.match(xml, last)):
            self.rows = max(self.rows, int(number[1]))
        for reference, columns in FURTHER:
            if columns > self.columns and reference.search(xml):
                self.columns = columns
        if self.rows * self.columns > SPARSE:  # below that nothing depends on it
            self.values += xml.count(b"<v") + xml.count(b"<is")

    @property
    def is_sparse(self) -> bool:
        around = self.rows * self.columns
        return around > SPARSE and self.values < around / 50


def strays_in(pieces: Callable[[], Iterator[bytes]]) -> list[str]:
    """The names (`XFD1048576`) of the cells beyond a wide gap, where they are few. `pieces` begins the sheet anew."""
    rows: Counter[int] = Counter()
    columns: Counter[int] = Counter()
    for letters, number in _filled(pieces):
        rows[number] += 1
        columns[column_of(letters)] += 1
    last_row, last_column = _end_of_table(rows, GAP_ROWS), _end_of_table(columns, GAP_COLUMNS)
    return [
        f"{letters.decode()}{number}"
        for letters, number in _filled(pieces)
        if number > last_row or column_of(letters) > last_column
    ]


def _filled(pieces: Callable[[], Iterator[bytes]]) -> Iterator[tuple[bytes, int]]:
    """Column and row of each cell that is not blank; a million blank rows have none, and no end of a cell (`</c>`)."""
    for xml in pieces():
        if b"c>" in xml:
            for _, letters, number in FILLED.findall(xml):
                yield letters, int(number)


def _end_of_table(filled: Counter[int], gap: int) -> int:
    """The last row (or column) before a gap behind which there are few cells."""
    behind = 0
    numbers = sorted(filled, reverse=True)
    end = numbers[0] if numbers else 0
    for number, before in pairwise(numbers):
        behind += filled[number]
        if behind > MOST:
            break
        if number - before > gap:
            end = before
    return end


def without(path: str, strays: dict[str, list[str]], pieces: Callable[[IO[bytes]], Iterator[bytes]]) -> BytesIO:
    """A copy of the workbook without these cells, by the part of the sheet."""
    copy = BytesIO()
    with ZipFile(path) as archive, ZipFile(copy, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for member in archive.infolist():
            with archive.open(member) as stream, target.open(member.filename, "w") as part:
                cells = strays.get(member.filename)
                if not cells:
                    copyfileobj(stream, part)
                    continue
                references = b"|".join(cell.encode() for cell in cells)
                stray = re.compile(
                    rb"<((?:\w+:)?c)\s[^<>]*?\br\s*=\s*[\"'](?:" + references + rb")[\"'][^<>]*(?<!/)>.*?</\1>",
                    re.DOTALL,
                )
                for xml in pieces(stream):
                    part.write(stray.sub(b"", xml))
    copy.seek(0)
    return copy
