"""How the rate moved: over a row of days, and between two days in communes of which both are known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Count, DateField, F, Func, QuerySet, Value

from cadres.evaluation import Rulebook, judged
from cadres.models import Appointment, Criterion, JudgedPost, Standard
from cadres.posts import known_on_both
from cadres.rate import Rate, rate_of


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
    """The rates of the two days in the communes that were there, with their data begun, on both.

    A commune that ended or began in between, or whose data did, would move the rate without anybody having moved.
    """
    compared = rates_on(
        (before, after),
        list(known_on_both(before, after)),
        criterion=criterion,
        standards=standards,
        appointments=appointments,
        rulebook=rulebook,
    )
    return Change(compared[before].comparable, compared[after].comparable)


@dataclass(frozen=True)
class DayRate:
    """The rate of everybody on a day, and of those in the units that are compared."""

    all: Rate
    comparable: Rate


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
    rates = dict.fromkeys(wanted, DayRate(Rate(), Rate()))
    for day, is_comparable, verdict, officials in _united(counts):
        if verdict is not None:  # a requirement is counted
            rate, known = rate_of(officials, verdict), rates[day]
            rates[day] = DayRate(known.all + rate, known.comparable + rate if is_comparable else known.comparable)
    return rates


def with_comparable(posts: QuerySet[JudgedPost], comparable: Sequence[int]) -> QuerySet[Any]:
    """Add to the posts whether their unit is one of those compared (keys), as `is_comparable`."""
    return posts.annotate(is_comparable=IsOneOf(F("unit"), Value(comparable, ArrayField(BigIntegerField()))))


class IsOneOf(Func):
    """Whether the first is an element of the second, an array."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


def _united(queries: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of all, by one UNION ALL; QuerySet.union() cannot, as the queries have WITH parts of the same names."""
    statements, parameters = zip(*(query.query.sql_with_params() for query in queries), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({statement})" for statement in statements), sum(parameters, ()))
        return cursor.fetchall()
