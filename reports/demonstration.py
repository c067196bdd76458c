"""The published figures of the demonstration: the ends of the years of which the province has data."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from cadres.demonstration import PUBLISHER
from cadres.history.triggers import unrecorded
from cadres.models import Criterion, RateTarget, User
from reports.publications import publish

# What the province wants the rate to be, in %: invented, as its people are.
TARGETS = {2015: Decimal("52.0"), 2016: Decimal("58.0"), 2025: Decimal("60.0"), 2026: Decimal("65.0")}


@transaction.atomic
def build(days: Sequence[date], *, on: date, progress: Callable[[str], None] = lambda message: None) -> None:
    """Publish the year-ends of a demonstration, which must be there, for the whole province; `on` is its own today."""
    progress("Công bố số liệu cuối các năm")
    full, publisher = Criterion.objects.get(code="FULL"), User.objects.get(username=PUBLISHER)
    years = {on.year, on.year + 1} & TARGETS.keys()
    with unrecorded():
        RateTarget.objects.bulk_create(
            RateTarget(year=year, criterion=full, percent=TARGETS[year], decision=f"NQ 01/{year}/NQ-HĐND (minh họa)")
            for year in sorted(years)
        )
        for number, day in enumerate(days, start=11):
            decided_on = min(date(day.year + 1, 1, 15), on)  # the day at which the demonstration is
            decision = f"QĐ số {number}/QĐ-SNV (minh họa)"
            publish(day=day, criterion=full, decision=decision, decided_on=decided_on, on=on, by=publisher)
