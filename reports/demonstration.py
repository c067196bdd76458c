"""The published figures of the demonstration: the ends of the years of which the province has data."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db import transaction

from cadres.demonstration import PUBLISHER
from cadres.history.triggers import unrecorded
from cadres.models import Criterion, User
from reports.publications import publish


@transaction.atomic
def build(days: Sequence[date], *, on: date, progress: Callable[[str], None] = lambda message: None) -> None:
    """Publish the year-ends of a demonstration, which must be there, for the whole province; `on` is its own today."""
    progress("Công bố số liệu cuối các năm")
    full, publisher = Criterion.objects.get(code="FULL"), User.objects.get(username=PUBLISHER)
    with unrecorded():
        for number, day in enumerate(days, start=11):
            decided_on = min(date(day.year + 1, 1, 15), on)  # the day at which the demonstration is
            decision = f"QĐ số {number}/QĐ-SNV (minh họa)"
            publish(day=day, criterion=full, decision=decision, decided_on=decided_on, on=on, by=publisher)
