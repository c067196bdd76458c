"""The rates of 220,000 officials beside pandas and beside the least that any answer must do: read the tables once."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection

from cadres.models import Criterion, Qualification
from reports.rates import rates_by
from tests.benchmarks import in_pandas, nation
from tests.benchmarks.page_cost import BEFORE, NoHistoryError, source_before
from tests.processes import environment

DAY = date(2015, 12, 31)
RUNS = 5
DISTRICT, RUNS_OF_DISTRICT = 5, 20  # which takes a thirtieth of the time of the nation
AT_MOST_OF_PANDAS = 0.6
AT_MOST_OF_ONE_AGGREGATE = 4
AT_MOST_OF_DISTRICT_BEFORE = 1 / 2

# One district, asked by the earlier source from the same database, once for each line; it answers with the seconds.
DISTRICT_BEFORE = f"""
import sys
import time
import django
django.setup()
from datetime import date
from cadres.models import Appointment, Criterion, UnitVersion
from reports.rates import rates_by
full = Criterion.objects.get(code="FULL")
posts = Appointment.objects.filter(unit__versions__parent=UnitVersion.objects.get(code="N{DISTRICT:05}").unit)
for _ in sys.stdin:
    begin = time.perf_counter()
    rates_by("commune", day=date({DAY.year}, {DAY.month}, {DAY.day}), criterion=full, appointments=posts)
    print(time.perf_counter() - begin, flush=True)
"""

# The same tables, read once and aggregated, without any rule: the posts of each district, their records and levels.
ONE_AGGREGATE = """
    SELECT version.parent_id, level.dimension_id, count(*), max(level.rank)
    FROM cadres_appointment AS appointment
    JOIN cadres_unitversion AS version USING (unit_id)
    JOIN cadres_qualification AS qualification USING (official_id)
    JOIN cadres_level AS level ON level.id = qualification.level_id
    GROUP BY version.parent_id, level.dimension_id
"""


def one_aggregate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_AGGREGATE)
        cursor.fetchall()


def seconds(*works: Callable[[], float], runs: int = RUNS) -> list[float]:
    """The best time of each, taken in turns, so that whatever else the machine does falls on all of them."""
    times = [[work() for work in works] for _ in range(runs)]
    return [min(found) for found in zip(*times, strict=True)]


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """The seconds that a work takes."""

    def seconds_of_it() -> float:
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return seconds_of_it


@contextmanager
def district_before() -> Iterator[Callable[[], float]]:
    """The seconds of one district by the earlier source, each time they are asked for. Raises NoHistoryError."""
    tree = source_before()
    surroundings = environment() | {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "lao_cai_training.settings"}
    command = [sys.executable, "-c", DISTRICT_BEFORE]
    with subprocess.Popen(
        command, cwd=tree, env=surroundings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asking, answers = process.stdin, process.stdout

        def ask() -> float:
            print(file=asking, flush=True)
            return float(answers.readline())

        yield ask


@pytest.mark.django_db
def test_rates_by_district_of_the_nation(country):
    full = Criterion.objects.get(code="FULL")

    def by_district() -> dict[int, dict[str, int]]:
        found = {}
        for group in rates_by("district", day=DAY, criterion=full):
            counts = {
                "compliant": group.rate.compliant,
                "not_compliant": group.rate.not_compliant,
                "undetermined": group.rate.undetermined,
            }
            found[group.unit_id] = {verdict: officials for verdict, officials in counts.items() if officials}
        return found

    assert by_district() == in_pandas.rates_by_district(DAY)
    ours, pandas, aggregate = seconds(
        timed(by_district), timed(lambda: in_pandas.rates_by_district(DAY)), timed(one_aggregate)
    )
    print(
        f"\n{nation.OFFICIALS:,} officials, {Qualification.objects.count():,} records, best of {RUNS} in turns"
        f"\nrates by district     {ours:6.2f} s"
        f"\npandas, same rule     {pandas:6.2f} s   rates take {ours / pandas:.2f} of it"
        f" (at most {AT_MOST_OF_PANDAS:.2f})"
        f"\none aggregate         {aggregate:6.2f} s   rates take {ours / aggregate:.1f} times it"
        f" (at most {AT_MOST_OF_ONE_AGGREGATE})"
    )
    assert ours <= pandas * AT_MOST_OF_PANDAS
    assert ours <= aggregate * AT_MOST_OF_ONE_AGGREGATE


@pytest.mark.django_db
def test_rates_of_a_district_of_the_nation(country):
    full = Criterion.objects.get(code="FULL")

    def of_one_district() -> None:
        rates_by("commune", day=DAY, criterion=full, appointments=nation.of_district(DISTRICT))

    try:
        with district_before() as asked_before:
            ours, before = seconds(timed(of_one_district), asked_before, runs=RUNS_OF_DISTRICT)
    except NoHistoryError as reason:
        pytest.skip(str(reason))
    print(
        f"\none district by commune {ours * 1000:4.0f} ms, best of {RUNS_OF_DISTRICT} in turns"
        f"\nthe same in {BEFORE} {before * 1000:7.0f} ms   {ours / before:.2f} of it"
        f" (at most {AT_MOST_OF_DISTRICT_BEFORE:.2f})"
    )
    assert ours <= before * AT_MOST_OF_DISTRICT_BEFORE
