"""The glossary that pages explain themselves by: words.csv, a word a line, and the pages on which it stands.

README's glossary names every word of it (tests/test_helping.py), with what it is called in the source.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from cadres.text import fold

FILE = Path(__file__).with_name("words.csv")


@dataclass(frozen=True)
class Word:
    """A word of the office: what it means here, and where that is written; `pages` are names of views."""

    word: str
    meaning: str
    source: str
    pages: frozenset[str]


@cache
def words() -> tuple[Word, ...]:
    """All words, in the order of the file: that of the menu."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Word(row["word"], row["meaning"], row["source"], frozenset(row["pages"].split()))
            for row in csv.DictReader(file)
        )


@cache
def words_of(page: str) -> tuple[Word, ...]:
    """The words that the page of that name explains."""
    return tuple(word for word in words() if page in word.pages)


def found(text: str) -> list[Word]:
    """The words in which the text stands, or whose meaning has it; without its marks too. All for an empty text."""
    wanted = fold(text)
    by_word = [word for word in words() if wanted in fold(word.word)]
    return by_word + [word for word in words() if word not in by_word and wanted in fold(word.meaning)]


def page_words(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what the “?” of the page explains."""
    match = getattr(request, "resolver_match", None)
    return {"page_words": words_of(match.view_name) if match and match.view_name else ()}
