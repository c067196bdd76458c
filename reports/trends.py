"""How the rate moved: over a row of days, and between two days in communes of which both are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Count, DateField, QuerySet, Value, When

from cadres.evaluation import Rulebook, judged
from cadres.models import Appointment, Criterion, Standard
from cadres.posts import known_on_both
from reports.rates import Rate


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
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
) -> Change:
    """The rates of the two days in the communes that were there, with their data begun, on both.

    A commune that ended or began in between, or whose data did, would move the rate without anybody having moved.
    """
    _, moved = trend(
        (),
        before,
        after,
        criterion=criterion,
        standards=standards,
        appointments=appointments,
        rulebook=rulebook,
    )
    return moved


def trend(
    days: Iterable[date],
    before: date,
    after: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard] = (),
    appointments: QuerySet[Appointment] | None = None,
    rulebook: Rulebook | None = None,
) -> tuple[dict[date, Rate], Change]:
    """The rate of everybody on each of the days and on `before` and `after`, and the change between these two.

    One query, whatever the number of days. The change covers only communes with data on both days (`change`); the
    rates of the days cover whoever has data then, and are empty before the first data.
    """
    rulebook = rulebook or Rulebook.load()
    comparable = known_on_both(before, after)
    counts = [
        judged(day, criterion=criterion, standards=standards, appointments=appointments, rulebook=rulebook)
        .annotate(
            day=Value(day, output_field=DateField()),
            is_comparable=Case(When(unit__in=comparable, then=True), default=False),
        )
        .order_by()
        .values("day", "is_comparable", "verdict")
        .annotate(officials=Count("pk"))
        for day in sorted({*days, before, after})
    ]
    rates = {day: Rate() for day in (*days, before, after)}
    compared = {before: Rate(), after: Rate()}
    for day, is_comparable, verdict, officials in _united(counts):
        if verdict is None:  # no requirement is counted
            continue
        rate = Rate(**{verdict: officials})
        rates[day] += rate
        if is_comparable and day in compared:
            compared[day] += rate
    return rates, Change(compared[before], compared[after])


def _united(queries: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of all, by one UNION ALL; QuerySet.union() cannot, as the queries have WITH parts of the same names."""
    statements, parameters = zip(*(query.query.sql_with_params() for query in queries), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({statement})" for statement in statements), sum(parameters, ()))
        return cursor.fetchall()
