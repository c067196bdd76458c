"""Reports in the units of another day beside the plain ones, of 220,000 officials, in turns in one run.

In 2018 every commune of the nation was merged with the next one of its district, and one in a hundred was split.
"""

import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres.correspondence import Correspondence, comparable_units
from cadres.evaluation import Rulebook
from cadres.models import Appointment, Criterion, RosterDay, Unit, UnitSuccession, UnitVersion
from cadres.posts import known_on_both
from reports.overview import overview
from reports.rates import rates_by
from reports.training import training
from tests.benchmarks import nation

THEN, CHANGE, NOW = date(2015, 12, 31), date(2018, 7, 1), date(2019, 12, 31)
TURNS = 100_000
RUNS = 7
AT_MOST = 1.5
MORE_QUERIES = 2


def reorganise() -> None:
    """End the communes in pairs, and let each pair, or each of the hundredth with two others, become one."""
    communes = list(UnitVersion.objects.filter(code__startswith="N", kind="commune").order_by("parent", "code"))
    UnitVersion.objects.filter(pk__in=[version.pk for version in communes]).update(end_date=date(2018, 6, 30))
    pairs = [communes[place : place + 2] for place in range(0, len(communes), 2)]
    successors = Unit.objects.bulk_create(Unit() for _ in pairs)
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit, code=f"M{number:05}", name=f"Xã mới {number}", kind="commune", parent_id=pair[0].parent_id,
            start_date=CHANGE,
        )
        for number, (unit, pair) in enumerate(zip(successors, pairs, strict=True))
    )  # fmt: skip
    RosterDay.objects.bulk_create(RosterDay(unit=unit, day=CHANGE) for unit in successors)
    followed = [(old.unit_id, unit) for pair, unit in zip(pairs, successors, strict=True) for old in pair]
    followed += [(pairs[place][0].unit_id, successors[place + 1]) for place in range(0, len(pairs) - 1, 100)]
    UnitSuccession.objects.bulk_create(
        UnitSuccession(predecessor_id=old, successor=new, effective_on=CHANGE) for old, new in followed
    )


@pytest.mark.django_db
def test_reports_in_other_units_cost_little_more_than_the_plain_ones(country):
    reorganise()
    nation.build_training(TURNS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    full, rulebook = Criterion.objects.get(code="FULL"), Rulebook.load()
    by = {"day": THEN, "criterion": full, "rulebook": rulebook}
    everybody = {"criterion": full, "appointments": Appointment.objects.all(), "rulebook": rulebook}
    period = {"start": date(2010, 1, 1), "end": THEN}

    def home(units: Correspondence | None) -> object:
        return overview(THEN, list(known_on_both(THEN, THEN)), units=units, **everybody)

    reports: dict[str, Callable[[Correspondence | None], object]] = {
        "rates by commune": lambda units: rates_by("commune", units=units, **by),
        "rates by district": lambda units: rates_by("district", units=units, **by),
        "home page": home,
        "training by commune": lambda units: training(by="commune", units=units, **period),
    }
    print(f"\n{nation.OFFICIALS:,} officials, {nation.COMMUNES:,} communes that became half as many, best of {RUNS}")
    for name, report in reports.items():
        asked = []
        for units_day in (None, NOW):
            with CaptureQueriesContext(connection) as queries:
                report(Correspondence(units_day) if units_day else None)
            asked.append(len(queries))
        best = [float("inf")] * 2
        for _ in range(RUNS):
            for place, units_day in enumerate((None, NOW)):
                begin = time.perf_counter()
                report(Correspondence(units_day) if units_day else None)
                best[place] = min(best[place], time.perf_counter() - begin)
        plain, other = best
        print(
            f"{name:22}{plain * 1000:8.0f} ms plain, {other * 1000:8.0f} ms in units of {NOW:%d/%m/%Y}:"
            f" {other / plain:.2f} (at most {AT_MOST}); {asked[0]} and {asked[1]} queries",
            flush=True,
        )
        assert other <= plain * AT_MOST, name
        assert asked[1] <= asked[0] + MORE_QUERIES, name
    begin = time.perf_counter()
    compared = comparable_units(THEN, NOW)
    print(f"which of {len(compared):,} units are compared: {(time.perf_counter() - begin) * 1000:.0f} ms")
