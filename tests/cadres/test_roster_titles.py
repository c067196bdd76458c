"""Titles of columns as rosters write them: each is understood by its words, known as not kept, or not understood."""

import csv
from pathlib import Path

import pytest

from cadres.roster.column_meanings import ColumnFound, understand
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.titles import Titles
from cadres.text import match_key

TITLES = Path(__file__).parent.parent / "data" / "roster_titles.csv"
NOT_KEPT = "không lưu"
pytestmark = pytest.mark.django_db


def written() -> list[tuple[str, str]]:
    with TITLES.open(encoding="utf-8", newline="") as stream:
        return [(row["title"], row["means"]) for row in csv.DictReader(stream)]


def meant(titles: Titles, title: str) -> str:
    path = title.split(" > ")
    column = ColumnFound(0, title, match_key(title))
    understand([column], [path], [], titles, {})
    return column.target or (NOT_KEPT if column.not_kept else "")


def test_titles_of_real_rosters_mean_what_people_mean_by_them():
    titles = Dictionaries.load().titles
    assert {title: found for title, means in written() if (found := meant(titles, title)) != means} == {}
