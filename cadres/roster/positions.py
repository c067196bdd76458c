"""A position cell becomes the posts that it names, the primary one first."""

import re
from dataclasses import dataclass, field

from cadres.roster.dictionaries import Dictionaries
from cadres.roster.statements import MAX_WORDS

# `BT kiêm CT HĐND`, `PBT, CT UBND`; & and a dash are tried last, for they also stand inside titles (`ĐC-NN-XD&MT`).
SEVERAL_POSTS = (
    re.compile(r"\s+kiêm(?:\s+nhiệm)?\s+", re.IGNORECASE),
    re.compile(r"\s*[,;+/]\s*"),
    re.compile(r"\s*&\s*"),
    re.compile(r"\s+[-–]\s+"),
)


@dataclass(slots=True)
class PositionReader:
    """How position cells of one file are read; equal ones once."""

    dictionaries: Dictionaries
    _read: dict[str, list[str]] = field(default_factory=dict)

    def read(self, text: str) -> list[str]:
        """The codes of the posts that a cell names, primary first; none where any part of it is unknown."""
        if text not in self._read:
            self._read[text] = self._named(text)
        return self._read[text]

    def _named(self, text: str) -> list[str]:
        if len(text) > MAX_WORDS:
            return []
        if code := self.dictionaries.position(text):
            return [code]
        for separator in SEVERAL_POSTS:
            parts = [part for part in separator.split(text) if part]
            if len(parts) > 1:
                found = [self._named(part) for part in parts]
                if all(found):
                    return list(dict.fromkeys(code for codes in found for code in codes))
        return []
