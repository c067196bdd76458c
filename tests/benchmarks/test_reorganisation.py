"""A reorganisation of 220,000 officials in 3,321 communes, two and two into one: seconds, queries, and back again."""

import time
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.models import UnitVersion
from cadres.periods import row_on
from cadres.posts import primary_posts
from cadres.reorganisation import Line, carry_out, plan, take_back_of
from tests.benchmarks import nation

DAY = date(2018, 7, 1)
SECONDS = 10 * nation.OFFICIALS / 3_700  # as many as ten for 3,700 people
QUERIES = 400  # those of the units, of which each is written by itself, are not among them


def _lines() -> list[Line]:
    """Each two communes of a district become one; the last of an odd number goes on under another name."""
    eve = DAY - timedelta(days=1)
    communes = (
        UnitVersion.objects.as_of(eve).communes().filter(code__startswith="N").prefetch_related("parent__versions")
    )
    by_district: dict[str, list[UnitVersion]] = {}
    for version in communes.order_by("code"):
        above = row_on(version.parent.versions.all(), eve)  # type: ignore[union-attr]
        by_district.setdefault(above.code if above else "", []).append(version)
    lines = []
    for district, versions in by_district.items():
        for first, *others in (versions[number : number + 2] for number in range(0, len(versions), 2)):
            new = f"S{first.code[1:]}"
            lines += [
                Line(old.code, old.code, old.name, new, f"Xã mới {new}", "commune", district, "NQ thử")
                for old in (first, *others)
            ]
    return lines


@pytest.mark.django_db
def test_reorganisation_of_the_nation(country):
    lines = _lines()
    people = primary_posts(DAY).count()
    begin = time.perf_counter()
    found = plan(lines, DAY)
    planned = time.perf_counter() - begin
    with CaptureQueriesContext(connection) as queries:
        begin = time.perf_counter()
        done = carry_out(found, by=None)
        carried = time.perf_counter() - begin
    begin = time.perf_counter()
    back = take_back_of(DAY, reason="Thử", by=None)
    taken_back = time.perf_counter() - begin
    units = len(found.successors) + len(found.predecessors)
    print(
        f"\nreorganisation of {done.officials_moved:,} officials in {len(found.successors):,} communes into "
        f"{len(found.predecessors):,}: planned {planned:.2f} s, carried out {carried:.2f} s "
        f"({carried / done.officials_moved * 3_700:.2f} s for 3,700 people), {len(queries)} queries of {units} units, "
        f"taken back {taken_back:.2f} s"
    )
    for query in sorted(queries, key=lambda query: -float(query["time"]))[:8]:
        print(query["time"], " ".join(query["sql"].split())[:160])
    assert done.officials_moved == back == people
    assert carried + planned <= SECONDS
    assert len(queries) <= QUERIES + 8 * units
