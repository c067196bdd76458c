"""What holds for the whole installation: what is taken for today, the day of a page that names none, the home page.

*Today* is the clock, which whoever asks has read; only a demonstration has another. The default day is what Sở has set,
else today. No roster moves either.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from cadres.asked_again import answer, columns_of, rows_as
from cadres.history import signed
from cadres.models import Installation, User


def installation() -> Installation:
    """What has been set; one query."""
    return next(iter(rows_as(Installation, answer(_installation))), None) or Installation()


def _installation() -> QuerySet[Installation, Any]:
    return Installation.objects.order_by("pk").values_list(*columns_of(Installation))[:1]


def days(clock: date, row: Installation | None = None) -> tuple[date, date]:
    """What is taken for today, and the default day, where the clock says this day; one query where no row is given."""
    row = row or installation()
    now = row.demonstration_day or clock
    return now, row.default_day or now


def default_day(clock: date) -> date:
    """The day of whoever names none, where the clock says this day."""
    return days(clock)[1]


@signed
def set_default_day(day: date | None, *, by: User | None) -> None:
    """From now on a page that names no day speaks of this one; None: of today."""
    Installation.objects.update_or_create(defaults={"default_day": day})


@signed
def set_home_table(table: str, *, by: User | None) -> None:
    """What the table of the home page is of from now on, where it can be (HomeTable); empty: of what there is."""
    Installation.objects.update_or_create(defaults={"home_table": table})


@signed
def set_demonstration_day(day: date, *, by: User | None) -> None:
    """The demonstration is at this day, and begins with it: for its people and classes the clock is far too late."""
    Installation.objects.update_or_create(defaults={"demonstration_day": day, "default_day": day})
