"""The two demonstrations: the province of 2015, and the present; each in a database of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from psycopg2.extensions import make_dsn

from cadres import demonstration
from cadres.demonstration import today as present
from cadres.demonstration.careers import ROSTER_DAYS
from courses import demonstration as training
from courses.demonstration import year
from lao_cai_training.postgres import databases
from reports import demonstration as figures

OF_2015, OF_TODAY = "2015", "today"
BESIDE = "hom_nay"  # the database of the present is named after the other one
FOLDER = "hom-nay"  # and so is its folder
URLS = ("DATABASE_URL", "WEB_DATABASE_URL")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """`key` is what the database is marked with; `told` says on the command line what the site shows."""

    key: str
    told: str
    seed: int
    accounts: Sequence[Mapping[str, Any]]
    build: Callable[[int, date, Progress], None]


def _of_2015(seed: int, today: date, progress: Progress) -> None:
    demonstration.build(seed=seed, progress=progress)
    training.build(seed=seed, progress=progress)
    figures.build(ROSTER_DAYS, on=ROSTER_DAYS[-1], progress=progress)


def _of_today(seed: int, today: date, progress: Progress) -> None:
    present.build(now=today, seed=seed, progress=progress)
    year.build(now=today, seed=seed, progress=progress)
    figures.build((present.YEAR_END,), on=today, progress=progress)


DEMONSTRATIONS = {
    one.key: one
    for one in (
        Demonstration(
            OF_2015,
            "Tỉnh minh họa năm 2015: 164 xã, phường, thị trấn của Lào Cai; hôm nay của tỉnh này là 31/12/2015.",
            2015,
            demonstration.ACCOUNTS,
            _of_2015,
        ),
        Demonstration(
            OF_TODAY,
            "Tỉnh minh họa hiện nay: 99 xã, phường sau khi Lào Cai và Yên Bái hợp nhất; hôm nay là ngày của máy.",
            2026,
            present.ACCOUNTS,
            _of_today,
        ),
    )
}


def place_of_the_present(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which the demonstration of the present works: folder and database beside the usual ones."""
    beside = {"DATA_DIR": str(Path(settings.DATA_DIR) / FOLDER)}
    for name in URLS:
        if url := environment.get(name):
            beside[name] = make_dsn(url, dbname=databases.beside(BESIDE))
    return {**environment, **beside}


def make_database_of_the_present() -> None:
    """On a server of the settings: make the database where it is not there. Raises ServerError."""
    name = databases.beside(BESIDE)
    with databases.from_outside() as cursor:
        if not databases.exists(cursor, name):
            databases.create(cursor, name)
