"""The row below a header that numbers the columns: `A B 1 2 3 …`, `(1) (2) (3)=(4)+(5)`, `I II III`."""

import re
from itertools import pairwise

from cadres.roster.reading import Cell
from cadres.text import nfc

# `(1)` typed into Excel is -1; a column may say how it is computed.
NUMBER = re.compile(
    r"^(?:cột|c)?\s*[(\[<]?\s*-?\s*(\d{1,2})\s*[)\]>.]?\s*(?:[:=]\s*[-+*/x:\d()\[\]\s,.=cột]*)?$", re.IGNORECASE
)
LETTER = re.compile(r"^[(\[]?[A-Za-zĐđ][)\].]?$")
ROMAN = re.compile(r"^[(\[]?[IVX]+[)\].]?$")
ROMAN_NUMBERS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI")
LEAST_FILLED, LEAST_NUMBERS = 3, 2


def is_numbering_row(cells: list[Cell]) -> bool:
    """Whether the row numbers the columns: three marks or more, among them numbers that go up one by one."""
    filled, numbers = [], []
    for cell in cells:
        if cell == "":
            continue
        text = _text(cell)
        if found := NUMBER.match(text):
            numbers.append(int(found[1]))
        elif not LETTER.match(text) and not ROMAN.match(text):
            return False
        filled.append(text)
    if not numbers:
        romans = [text.strip("()[].") for text in filled]
        numbers = [ROMAN_NUMBERS.index(text) + 1 for text in romans if text in ROMAN_NUMBERS]
    return (
        len(filled) >= LEAST_FILLED
        and len(numbers) >= LEAST_NUMBERS
        and all(after - before == 1 for before, after in pairwise(numbers))
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else "?"
    return nfc(cell) if isinstance(cell, str) else "?"
