"""How the rate moved: over a row of days, and between two days in communes of which both are known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Count, DateField, F, Func, QuerySet, Value

from cadres.correspondence import Correspondence, Places, comparable_units
from cadres.evaluation import Rulebook, judged
from cadres.models import Appointment, Criterion, Standard
from cadres.posts import first_days_of_data
from cadres.rate import NOBODY, Rate, rate_of
from reports.at_once import united
from reports.rates import GROUPINGS, Group, group_of_place, order_of_place


@dataclass(frozen=True)
class Change:
    """The rate of the communes with data on both days, before and after."""

    before: Rate
    after: Rate

    @property
    def points(self) -> Decimal | None:
        """The difference of the two rates as they are shown, in percentage points (điểm %).

        None where nobody is judged on one of the days: to be shown as "chưa có số liệu".
        """
        if self.before.percent is None or self.after.percent is None:
            return None
        return self.after.percent - self.before.percent


def change(
    before: date,
    after: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: Callable[[date], QuerySet[Appointment]] | None = None,
    rulebook: Rulebook | None = None,
) -> Change:
    """The rates of the two days in the communes that were there, with their data begun, on both, or follow such.

    A commune that ended or began in between, or whose data did, would move the rate without anybody having moved.
    """
    compared = rates_on(
        (before, after),
        comparable_units(before, after),
        criterion=criterion,
        standards=standards,
        appointments=appointments,
        rulebook=rulebook,
    )
    return Change(compared[before].comparable, compared[after].comparable)


@dataclass(frozen=True)
class DayRate:
    """The rate of everybody on a day, and of those in the units that are compared."""

    all: Rate = NOBODY
    comparable: Rate = NOBODY

    def with_people(self, rate: Rate, is_comparable: bool) -> "DayRate":
        """This rate and that of some people more, of units that are compared or of others."""
        return DayRate(self.all + rate, self.comparable + rate if is_comparable else self.comparable)


def rates_on(
    days: Iterable[date],
    comparable: Sequence[int],
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: Callable[[date], QuerySet[Appointment]] | None = None,
    rulebook: Rulebook | None = None,
) -> dict[date, DayRate]:
    """The rates of each of the days, in one query; empty before the first data. `comparable` are keys of units.

    `appointments` gives those in scope on a day; without it everybody is.
    """
    rulebook = rulebook or Rulebook.load()
    wanted = sorted(set(days))
    counts = [
        with_comparable(
            judged(
                day,
                criterion=criterion,
                standards=standards,
                appointments=appointments(day) if appointments else None,
                rulebook=rulebook,
                everybody=True,
            ),
            comparable,
        )
        .annotate(day=Value(day, output_field=DateField()))
        .values("day", "is_comparable", "verdict")
        .annotate(officials=Count("pk"))
        for day in wanted
    ]
    rates = dict.fromkeys(wanted, DayRate())
    for day, is_comparable, verdict, officials in united(counts):
        if verdict is not None:  # a requirement is counted
            rates[day] = rates[day].with_people(rate_of(officials, verdict), is_comparable)
    return rates


@dataclass(frozen=True)
class UnitCourse:
    """A unit, or place of several, with the rates of its people on days; of communes of which on a day `not_known`
    (names) had no data yet, the rate is one of the others."""

    group: Group
    rates: dict[date, Rate]
    not_known: dict[date, str]

    @property
    def not_known_names(self) -> list[str]:
        """Each of these lists of names once."""
        return list(dict.fromkeys(self.not_known.values()))


def course_of_units(
    days: Iterable[date],
    by: str,
    *,
    units: Correspondence,
    criterion: Criterion,
    appointments: Callable[[date], QuerySet[Appointment]] | None = None,
    rulebook: Rulebook | None = None,
) -> list[UnitCourse]:
    """How the rate of each of the units of a day moved over these days: of its people, and before it was there of those
    of the communes that became it. `by` is a grouping by units ("commune", "district"). One query for all verdicts.
    """
    rulebook, is_above = rulebook or Rulebook.load(), GROUPINGS[by].is_above
    wanted = sorted(set(days))
    places = {day: units.places(day, above=is_above) for day in wanted}
    counts = [
        judged(
            day,
            criterion=criterion,
            appointments=appointments(day) if appointments else None,
            rulebook=rulebook,
            everybody=True,
        )
        .annotate(day=Value(day, output_field=DateField()), place=places[day].column("unit"))
        .values("day", "place", "verdict")
        .annotate(officials=Count("pk"))
        for day in wanted
    ]
    found: dict[Group, dict[date, Rate]] = {}
    orders: dict[Group, tuple[Any, ...]] = {}
    for day, number, verdict, officials in united(counts):
        if verdict is not None:
            place = places[day].numbered(number)
            group = replace(group_of_place(place), note="")
            orders[group] = order_of_place(place)
            rates = found.setdefault(group, {})
            rates[day] = rates.get(day, Rate()) + rate_of(officials, verdict)
    begun = first_days_of_data()
    return [
        UnitCourse(
            group=replace(group, note=_notes(group, places.values())),
            rates=found[group],
            not_known={
                day: ", ".join(names)
                for day in found[group]
                if (names := units.not_known(places[day].units_in([group.code]), day, begun))
            },
        )
        for group in sorted(found, key=lambda group: orders[group])
    ]


def _notes(group: Group, places: Iterable[Places]) -> str:
    said = (place.note for of_a_day in places for place in of_a_day if place.code == group.code and place.note)
    return "; ".join(dict.fromkeys(said))


def with_comparable(rows: QuerySet[Any], comparable: Sequence[int], *, unit: str = "unit") -> QuerySet[Any]:
    """Add to posts, or rows of units, whether their unit is one of those compared (keys), as `is_comparable`."""
    return rows.annotate(is_comparable=IsOneOf(F(unit), Value(comparable, ArrayField(BigIntegerField()))))


class IsOneOf(Func):
    """Whether the first is an element of the second, an array: one of thousands, so PostgreSQL makes a table to look up
    of it. It would go through all of an array for every row, which took longer than the verdicts of the rows."""

    template = "(%(expressions)s)))"
    arg_joiner = " IN (SELECT unnest("
    output_field = BooleanField()
