"""A level cell becomes a level of its dimension; a cell of degrees also tells the field and the mode of study."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from cadres.roster.columns import DEGREES
from cadres.roster.dictionaries import Dictionaries, LevelEntry
from cadres.roster.reading import Cell
from cadres.roster.rows import cell_text, mark_of
from cadres.roster.statements import MAX_LENGTHS, MAX_WORDS
from cadres.text import match_key

STUDY_MODES = {
    "chinhqui": "Chính quy", "cq": "Chính quy", "taptrung": "Chính quy", "taichuc": "Tại chức", "tc": "Tại chức",
    "vualamvuahoc": "Vừa làm vừa học", "vlvh": "Vừa làm vừa học", "tuxa": "Từ xa", "tx": "Từ xa",
    "chuientu": "Chuyên tu", "lienthong": "Liên thông", "lt": "Liên thông",
}  # fmt: skip
# Written right behind a level without a space: `ĐHTC Kế toán`, `CĐCQ`.
GLUED_MODE = re.compile(r"^(ĐH|CĐ|ThS)(TC|CQ|TX|LT)$", re.IGNORECASE)
STILL_STUDYING = re.compile(r"\b(?:đang|chưa tốt nghiệp|chưa TN|chưa có bằng|năm thứ)\b", re.IGNORECASE)
LEADING_MARKS = re.compile(r"^[\s\-–—:,./()]+|[\s(]+$")
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*")


def grade_of(cell: Cell) -> str:
    """An education cell as written: Excel turns `9/12` into 12 September (or 9 December), `12/12` into 12 December."""
    if isinstance(cell, datetime | date):
        if cell.day == 12:
            return f"{cell.month}/12"
        if cell.month == 12:
            return f"{cell.day}/12"
        if cell.day == 10:
            return f"{cell.month}/10"
        if cell.month == 10:
            return f"{cell.day}/10"
    return cell_text(cell)


@dataclass(frozen=True, slots=True)
class ReadLevel:
    """The level that a cell names, and what a cell of degrees says beside it; None where no level was found."""

    level: LevelEntry | None
    field_of_study: str = ""
    study_mode: str = ""


@dataclass(slots=True)
class LevelReader:
    """How level cells of one file are read; equal ones once."""

    dictionaries: Dictionaries
    _read: dict[tuple[str, str], ReadLevel] = field(default_factory=dict)

    def read(self, dimension: str, text: str) -> ReadLevel:
        found = self._read.get((dimension, text))
        if found is None:
            found = self._read[dimension, text] = self._understood(dimension, text)
        return found

    def _understood(self, dimension: str, text: str) -> ReadLevel:
        """A level cell, often with a field and a mode of study behind the level: `ĐH Luật`, `ĐHTC Kế toán`.

        What somebody is still studying for is not held: `ĐH Luật (đang học)` states no level.
        """
        if len(text) > MAX_WORDS:
            return ReadLevel(None)
        if level := self.dictionaries.level(dimension, text):
            return ReadLevel(level)
        if STILL_STUDYING.search(text):
            return ReadLevel(None)
        if level := self.dictionaries.level(dimension, IN_BRACKETS.sub(" ", text)):
            return ReadLevel(level)
        if dimension != DEGREES and mark_of(text):
            return ReadLevel(self.dictionaries.level(dimension, "x"))
        words = text.split()
        mode = ""
        if words and (glued := GLUED_MODE.match(words[0])):
            words = [glued[1], glued[2], *words[1:]]
        for count in range(len(words) - 1, 0, -1):
            level = self.dictionaries.level(dimension, " ".join(words[:count]))
            if level is None:
                continue
            rest = words[count:]
            if level.rank == 0:
                return ReadLevel(None)  # "none" with something behind it is not understood
            if dimension != DEGREES:
                # `Trung cấp lý luận chính trị`: what follows only names the column again.
                named = self.dictionaries.titles.field(" ".join(rest)) == dimension
                return ReadLevel(level if named else None)
            for length in (3, 2, 1):
                if known := STUDY_MODES.get(match_key(" ".join(rest[:length]))):
                    mode, rest = known, rest[length:]
                    break
            field_of_study = LEADING_MARKS.sub("", " ".join(rest)).rstrip(")")
            if len(field_of_study) > MAX_LENGTHS["field_of_study"]:
                return ReadLevel(None)
            return ReadLevel(level, field_of_study, mode)
        return ReadLevel(None)
