"""The rates of 220,000 officials beside pandas and beside the least that any answer must do: read the tables once."""

import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from cadres.models import Criterion, Qualification
from reports.rates import rates_by
from tests.benchmarks import in_pandas, nation

DAY = date(2015, 12, 31)
RUNS = 5
AT_MOST_OF_PANDAS = 1 / 3
AT_MOST_OF_ONE_AGGREGATE = 4
ONE_DISTRICT = 0.1  # seconds

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
        rates_by("commune", day=DAY, criterion=full, appointments=nation.of_district(5))

    assert by_district() == in_pandas.rates_by_district(DAY)
    ours, pandas, aggregate, district = seconds(
        by_district, lambda: in_pandas.rates_by_district(DAY), one_aggregate, of_one_district
    )
    print(
        f"\n{nation.OFFICIALS:,} officials, {Qualification.objects.count():,} records, best of {RUNS} in turns"
        f"\nrates by district     {ours:6.2f} s"
        f"\npandas, same rule     {pandas:6.2f} s   rates take {ours / pandas:.2f} of it"
        f" (at most {AT_MOST_OF_PANDAS:.2f})"
        f"\none aggregate         {aggregate:6.2f} s   rates take {ours / aggregate:.1f} times it"
        f" (at most {AT_MOST_OF_ONE_AGGREGATE})"
        f"\none district by commune {district * 1000:4.0f} ms"
    )
    assert ours <= pandas * AT_MOST_OF_PANDAS
    assert ours <= aggregate * AT_MOST_OF_ONE_AGGREGATE
    assert district <= ONE_DISTRICT
