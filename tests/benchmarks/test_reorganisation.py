"""A reorganisation of 220,000 officials in 3,321 communes, two and two into one: and back again."""

import time
from datetime import date, timedelta

import pytest

from cadres.models import UnitVersion
from cadres.periods import row_on
from cadres.posts import primary_posts
from cadres.reorganisation import Line, carry_out, plan, take_back_of
from tests.benchmarks import nation

DAY = date(2018, 7, 1)
SECONDS = 10 * nation.OFFICIALS / 3_700  # as many as ten for 3,700 people


def _lines() -> list[Line]:
    """Each two communes of a district become one; the last of an odd number goes on under another name."""
    eve = DAY - timedelta(days=1)
    communes = UnitVersion.objects.as_of(eve).communes().filter(code__startswith="N").order_by("code")
    by_district: dict[str, list[UnitVersion]] = {}
    for version in communes.prefetch_related("parent__versions"):
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
    begin = time.perf_counter()
    done = carry_out(found, by=None)
    carried = time.perf_counter() - begin
    begin = time.perf_counter()
    back = take_back_of(DAY, reason="Thử", by=None)
    taken_back = time.perf_counter() - begin
    print(
        f"\nreorganisation of {done.officials_moved:,} officials in {len(found.successors):,} communes into "
        f"{len(found.predecessors):,}: planned {planned:.2f} s, carried out {carried:.2f} s "
        f"({carried / done.officials_moved * 3_700:.2f} s for 3,700 people), taken back {taken_back:.2f} s"
    )
    assert done.officials_moved == back == people
    assert carried + planned <= SECONDS
