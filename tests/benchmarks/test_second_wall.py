"""What the second wall costs: pages and the commit of a roster with it and without it, in turns in one run.

Without it the session stays the owner's, which no policy holds back. CPU is counted, of Python and of PostgreSQL
together, since whatever else the machine does does not fall on it.
"""

import statistics
import time
from collections.abc import Callable
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import call_command

from cadres import roles, walls
from cadres.models import Appointment
from cadres.roster.batch import commit, read_file, stage
from tests.benchmarks.page_client import postgres_seconds
from tests.conftest import client_of, make_user, rolled_back

ROUNDS, WARM = 20, 3
ROWS, COMMITS = 3_600, 5
# Page → as whom, at most so many times its cost without, or so many milliseconds more.
OF_A_PROVINCE = (
    ("home", "/?ngay=2015-12-31", "province", 1.10, 0),
    ("rates by district", "/ty-le/?ngay=2015-12-31&theo=district", "province", 1.10, 0),
    ("person", "/can-bo/{person}/", "province", 1.10, 0),
    ("list", "/can-bo/?ngay=2015-12-31", "province", 1.10, 0),
    ("home", "/?ngay=2015-12-31", "officer", 1.25, 15),
    ("rates by commune", "/ty-le/?ngay=2015-12-31&theo=commune", "officer", 1.25, 15),
    ("person", "/can-bo/{person}/", "officer", 1.25, 15),
    ("list", "/can-bo/?ngay=2015-12-31", "officer", 1.25, 15),
    ("list, not compliant", "/can-bo/?ngay=2015-12-31&ket_qua=not_compliant", "officer", 1.25, 15),
    ("needs, people", "/dao-tao/nhu-cau/nguoi/", "officer", 1.25, 15),
    ("classes", "/dao-tao/lop/", "officer", 1.25, 15),
)
OF_A_NATION = (
    ("list", "/can-bo/?ngay=2015-12-31", "province", 1.3, 0),
    ("list, name searched", "/can-bo/?ngay=2015-12-31&q=giang+a+do", "province", 1.3, 0),
    ("list, not compliant", "/can-bo/?ngay=2015-12-31&ket_qua=not_compliant", "province", 1.3, 0),
    ("list", "/can-bo/?ngay=2015-12-31", "officer", 1.3, 15),
    ("list, name searched", "/can-bo/?ngay=2015-12-31&q=giang+a+do", "officer", 1.3, 15),
)


@contextmanager
def without_wall():
    stands, walls.can_be_asked = walls.can_be_asked, lambda: False
    try:
        yield
    finally:
        walls.can_be_asked = stands


def cost(work: Callable[[], object]) -> float:
    """Seconds of CPU."""
    begin = time.process_time() + postgres_seconds()
    work()
    return time.process_time() + postgres_seconds() - begin


def compare(pages, district: str, rounds: int = ROUNDS) -> list[str]:
    """Print the ratio of each page; returns those that cost more than they may."""
    browsers = {
        "province": client_of(make_user("so", roles.PROVINCE_STAFF)),
        "officer": client_of(make_user("huyen", roles.UNIT_OFFICER, district)),
    }
    person = Appointment.objects.filter(unit__versions__parent__versions__code=district, end_date=None).first()
    too_dear = []
    print(f"\n{'page':22}{'as':10}{'without ms':>11}{'with ms':>9}{'ratio':>7}{'at most':>9}", flush=True)
    for name, address, account, most, more in pages:
        path = address.format(person=person.official_id)

        def ask(browser=browsers[account], path=path) -> None:
            assert browser.get(path).status_code == 200, path

        bare, walled = [], []
        for _ in range(WARM + rounds):
            with without_wall():
                bare.append(1000 * cost(ask))
            walled.append(1000 * cost(ask))
        before, now = statistics.median(bare[WARM:]), statistics.median(walled[WARM:])
        mark = "" if now <= max(most * before, before + more) else "  !"
        if mark:
            too_dear.append(f"{name} as {account}")
        print(f"{name:22}{account:10}{before:11.1f}{now:9.1f}{now / before:7.2f}{most:9.2f}{mark}", flush=True)
    return too_dear


@pytest.fixture(scope="module")
def demonstration(django_db_setup, databases, django_db_blocker):
    with django_db_blocker.unblock(), databases.clone("demonstration"):
        yield


def test_pages_of_a_province_hardly_cost_more_with_the_wall(demonstration):
    assert compare(OF_A_PROVINCE, "085") == []


def test_the_commit_of_a_roster_hardly_costs_more_with_the_wall(demonstration, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    call_command("generate_roster", str(tmp_path / "a.xlsx"), officials=ROWS, stderr=StringIO())
    content, by = (tmp_path / "a.xlsx").read_bytes(), make_user("so-2", roles.PROVINCE_STAFF)
    bare, walled = [], []

    def seconds_of_commit() -> float:
        batch = stage(read_file("a.xlsx", content, by=by), by=by)
        return cost(lambda: commit(batch, by=by, accepts_alarms=True))

    for _ in range(COMMITS):
        with rolled_back(), without_wall(), walls.acting_as(by):
            bare.append(seconds_of_commit())
        with rolled_back(), walls.acting_as(by):
            walled.append(seconds_of_commit())
    ratio = min(walled) / min(bare)
    print(f"\ncommit of {ROWS:,} rows: {min(bare):.2f} s without the wall, {min(walled):.2f} s with it: {ratio:.2f}")
    assert ratio <= 1.15


def test_lists_of_a_nation_cost_little_more_with_the_wall(country):
    assert compare(OF_A_NATION, "N00005", rounds=7) == []
