"""The rates of 220,000 officials beside pandas and beside the least that any answer must do: read the tables once."""

import subprocess
import sys
import time
from collections.abc import Callable
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
DISTRICT = 5
AT_MOST_OF_PANDAS = 0.6
AT_MOST_OF_ONE_AGGREGATE = 4
AT_MOST_OF_DISTRICT_BEFORE = 1 / 2

# One district, asked by the earlier source from the same database.
DISTRICT_BEFORE = f"""
import time
import django
django.setup()
from datetime import date
from cadres.models import Appointment, Criterion, UnitVersion
from reports.rates import rates_by
full = Criterion.objects.get(code="FULL")
posts = Appointment.objects.filter(unit__versions__parent=UnitVersion.objects.get(code="N{DISTRICT:05}").unit)
taken = []
for _ in range({RUNS}):
    begin = time.perf_counter()
    rates_by("commune", day=date({DAY.year}, {DAY.month}, {DAY.day}), criterion=full, appointments=posts)
    taken.append(time.perf_counter() - begin)
print(min(taken))
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


def seconds(*works: Callable[[], object]) -> list[float]:
    """The best time of each, taken in turns, so that whatever else the machine does falls on all of them."""
    best = [float("inf")] * len(works)
    for _ in range(RUNS):
        for place, work in enumerate(works):
            begin = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - begin)
    return best


def district_before() -> float | None:
    """The best time of one district by the earlier source; None where there is no history to take it from."""
    try:
        tree = source_before()
    except NoHistoryError as reason:
        print(f"\n{reason}")
        return None
    surroundings = environment() | {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "lao_cai_training.settings"}
    asked = subprocess.run(
        [sys.executable, "-c", DISTRICT_BEFORE], cwd=tree, env=surroundings, check=True, stdout=subprocess.PIPE
    )
    return float(asked.stdout)


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

    def of_one_district() -> None:
        rates_by("commune", day=DAY, criterion=full, appointments=nation.of_district(DISTRICT))

    assert by_district() == in_pandas.rates_by_district(DAY)
    ours, pandas, aggregate, district = seconds(
        by_district, lambda: in_pandas.rates_by_district(DAY), one_aggregate, of_one_district
    )
    before = district_before()
    print(
        f"\n{nation.OFFICIALS:,} officials, {Qualification.objects.count():,} records, best of {RUNS} in turns"
        f"\nrates by district     {ours:6.2f} s"
        f"\npandas, same rule     {pandas:6.2f} s   rates take {ours / pandas:.2f} of it"
        f" (at most {AT_MOST_OF_PANDAS:.2f})"
        f"\none aggregate         {aggregate:6.2f} s   rates take {ours / aggregate:.1f} times it"
        f" (at most {AT_MOST_OF_ONE_AGGREGATE})"
        f"\none district by commune {district * 1000:4.0f} ms"
    )
    if before:
        print(
            f"the same in {BEFORE} {before * 1000:7.0f} ms   {district / before:.2f} of it"
            f" (at most {AT_MOST_OF_DISTRICT_BEFORE:.2f})"
        )
    assert ours <= pandas * AT_MOST_OF_PANDAS
    assert ours <= aggregate * AT_MOST_OF_ONE_AGGREGATE
    assert before is None or district <= before * AT_MOST_OF_DISTRICT_BEFORE
