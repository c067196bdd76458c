"""Names that stand in two or three columns: which column has the family name, which the given one.

Titles decide where they can (`Họ đệm | Tên`). Where one title stands over several columns, or the column beside it has
none, the cells do: a column of one or two words, filled wherever the name is, which are not the same few again and
again.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from cadres.roster.reading import Cell
from cadres.text import fold, match_key, nfc

NAME_PARTS = {"family_name", "given_name"}
NAME_FIELDS = {"full_name", *NAME_PARTS}

ROWS_LOOKED_AT = 60
WORDS = re.compile(r"^[^\W\d_]+(?:[ '’.\-]+[^\W\d_]+){0,4}\.?$")
NO_NAMES = {"nam", "nu", "x", "co", "khong", "kinh", "mong", "dao", "tai", "giai", "nung", "hmong", "thai"}
BEFORE_GIVEN = {"thi", "van", "a", "seo"}  # middle words that end no name
MOSTLY = 0.8


class Named(Protocol):
    """What is asked of a column here."""

    index: int
    title: str
    field: str
    part: str
    level: str
    not_kept: str
    suggested: str


def part_names(
    columns: Sequence[Named], paths: Mapping[int, list[str]], below: Sequence[list[Cell]], by_hand: Sequence[Named] = ()
) -> None:
    """Say of columns titled as names, and of an untitled one beside them, which part of the name each has.

    `by_hand` are columns whose field somebody has chosen: theirs stay.
    """
    named = [column for column in columns if column.field in NAME_FIELDS]
    if chosen := next((column for column in by_hand if column.field == "given_name"), None):
        for column in named:
            if column.field == "full_name" and not _repeats(_pairs(below, column.index, chosen.index)):
                column.field = "family_name"
        return
    if not named:
        return
    fields = {column.field for column in named}
    by_index = {column.index: column for column in columns}
    last = max(named, key=lambda column: column.index)
    beside = by_index.get(last.index + 1)
    if fields == {"full_name"}:
        first, *further = [column for column in named if paths[column.index] == paths[named[0].index]]
        for column in named:
            if column is not first and column not in further:
                column.field = ""  # another title for the whole name
        filled = [column for column in further if _filled(below, column.index)]
        for column in further:
            column.field = ""
        if filled:
            _split(first, filled, below, is_titled=True)
        elif not further and beside is not None and not paths[beside.index]:
            _split(first, [beside], below, is_titled=False)
    elif fields == {"full_name", "given_name"}:
        whole = next(column for column in named if column.field == "full_name")
        given = [column for column in named if column.field == "given_name"]
        for column in given:
            column.field = ""
        _split(whole, given[:1], below, is_titled=True)
    elif fields == {"given_name"}:
        names = [name for name, _ in _pairs(below, last.index, last.index)]
        if sum(" " in name for name in names) > len(names) / 2:
            last.field = "full_name"  # `Tên` is all that the list titles the whole name with
    elif fields == {"family_name"} and beside is not None and not paths[beside.index]:
        pairs = _pairs(below, last.index, beside.index)
        if _are_names([given for _, given in pairs if given]):
            beside.field = "given_name"


def _split(first: Named, further: Sequence[Named], below: Sequence[list[Cell]], *, is_titled: bool) -> None:
    """Make family, middle and given name of columns, where their cells are such; else the first has the whole name."""
    given = further[-1]
    pairs = _pairs(below, first.index, given.index)
    both = [(one, other) for one, other in pairs if other]
    if not both:
        return
    if _repeats(pairs):
        for column in further:
            column.not_kept = "Tên, đã có trong cột họ và tên"
        return
    if len(both) < len(pairs) / 2 or not _are_names([other for _, other in both]):
        return
    is_filled = len(both) >= MOSTLY * len(pairs)
    if not is_filled or not (is_titled or _lack_given([one for one, _ in both])):
        given.suggested = "given_name"
        return
    first.field, given.field = "family_name", "given_name"
    for column in further[:-1]:
        column.field = "family_name"


def _repeats(pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the second column only says again how the first one ends."""
    both = [(fold(one).split(), fold(other).split()) for one, other in pairs if other]
    return bool(both) and sum(one[-len(other) :] == other for one, other in both) >= MOSTLY * len(both)


def _pairs(below: Sequence[list[Cell]], name: int, given: int) -> list[tuple[str, str]]:
    """What the two columns say in the rows that look like people: a name, and two more cells filled."""
    pairs = []
    for cells in below[:ROWS_LOOKED_AT]:
        text = cells[name] if name < len(cells) else ""
        others = sum(cell != "" for at, cell in enumerate(cells) if at not in (name, given))
        if isinstance(text, str) and WORDS.match(text := nfc(text).lstrip("'")) and others >= 2:
            beside = cells[given] if given < len(cells) else ""
            pairs.append((text, nfc(beside).lstrip("'") if isinstance(beside, str) else "0"))
    return pairs


def _filled(below: Sequence[list[Cell]], index: int) -> bool:
    return any(
        index < len(cells) and isinstance(cells[index], str) and cells[index] for cells in below[:ROWS_LOOKED_AT]
    )


def _are_names(texts: Sequence[str]) -> bool:
    """Whether these are given names: one word or two, and not one of few values again and again."""
    keys = [match_key(text) for text in texts if WORDS.match(text) and len(text.split()) <= 2]
    if not keys or len(keys) < MOSTLY * len(texts):
        return False
    if sum(key in NO_NAMES for key in keys) > len(keys) / 2:
        return False
    return len(keys) < 6 or len(set(keys)) > len(keys) / 3


def _lack_given(names: Sequence[str]) -> bool:
    """Whether names end where no name ends (the family name alone, `Thị`, `Văn`), or mostly have two words only."""
    ending = [name for name in names if " " not in name or fold(name).split()[-1] in BEFORE_GIVEN]
    short = [name for name in names if name.count(" ") < 2]
    return len(ending) > len(names) / 4 or len(short) > len(names) / 2
