"""The review of 220,000 officials in 3,321 communes, all checks counted by commune."""

import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import StaffQuota, UnitClass, UnitVersion
from cadres.posts import units_below
from cadres.review import Lens, review
from tests.benchmarks import nation

DAY = date(2015, 12, 31)
RUNS = 3
SECONDS, SECONDS_OF_A_DISTRICT = 5.0, 0.5
QUERIES = 12


@pytest.mark.django_db
def test_review_of_the_nation(country):
    communes = UnitVersion.objects.as_of(DAY).communes()
    UnitClass.objects.bulk_create(
        UnitClass(unit_id=unit, size_class=2) for unit in communes.values_list("unit", flat=True)
    )
    StaffQuota.objects.filter(kind="commune").update(most=66)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cadres_unitclass")
    district = UnitVersion.objects.get(code="N00005").unit

    def taken(lens: Lens) -> float:
        begin = time.perf_counter()
        review(lens)
        return time.perf_counter() - begin

    with CaptureQueriesContext(connection) as queries:
        counts = review(Lens.of(None, DAY, now=DAY)).by_check
    everybody = min(taken(Lens.of(None, DAY, now=DAY)) for _ in range(RUNS))
    one = min(taken(Lens.of(None, DAY, now=DAY, units=units_below(district, DAY))) for _ in range(RUNS))
    print(
        f"\nreview of {nation.OFFICIALS:,} officials   {everybody:6.2f} s   {len(queries)} queries"
        f"\none district                  {one:6.3f} s"
        f"\n{counts}"
    )
    for query in sorted(queries, key=lambda query: -float(query["time"]))[:4]:
        print(query["time"], " ".join(query["sql"].split())[:160])
    assert sum(counts.values()) > 100_000
    assert len(queries) <= QUERIES
    assert everybody <= SECONDS
    assert one <= SECONDS_OF_A_DISTRICT
