"""A forecast unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cadres.models import UnitVersion
from cadres.rate import Rate, percent_of
from reports.forecast.computing import Forecast, rates_by

OF = {"district": "district", "commune": "unit"}  # how it can be divided → the column of a post


@dataclass(frozen=True)
class UnitForecast:
    """A unit with its rate on the day looked at and the rates to be expected at the year-ends (None: nobody)."""

    code: str
    name: str
    now: Rate
    years: Sequence[Decimal | None]


def by_unit(found: Forecast, by: str) -> list[UnitForecast]:
    """The units of a forecast by code, those too that there are on one of its days only. `by`: of OF. One query."""
    of = OF[by]
    now = rates_by(of, found.posts.values())
    then = [year.expected_by(of, found.share) for year in found.years]
    versions = {
        version.unit_id: version
        for version in UnitVersion.objects.filter(unit__in=set(now).union(*then)).order_by("start_date")
    }
    rows = [
        UnitForecast(
            code=version.code,
            name=version.name,
            now=now.get(key, Rate()),
            years=[percent_of(*expected[key]) if key in expected else None for expected in then],
        )
        for key, version in versions.items()
    ]
    return sorted(rows, key=lambda row: row.code)
