"""When an official retires: a day that follows from birth, sex and the ladder of retirement ages, in SQL.

The age is that of the year in which it is reached (Bộ luật Lao động 2012 Điều 187; NĐ 135/2020/NĐ-CP Điều 4 and its
Phụ lục I). Somebody works to the last day of the month in which the age is reached (NĐ 135/2020/NĐ-CP Điều 3 khoản 1).
A birth known to the year is kept as 1 January and counts so, as Điều 3 khoản 3 has it; known to the month, as the first
day of that month, which does not change the day of retirement.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Case, DateField, Func, QuerySet, Value, When
from django.db.models.lookups import LessThanOrEqual

from cadres.models import RetirementAge, Sex
from cadres.periods import MonthsAfter, lasting_to

AGES = {Sex.MALE: "men", Sex.FEMALE: "women"}  # sex → whose ages a rung tells


class LastDayOfMonth(Func):
    """The last day of the month of a day."""

    template = "(DATE_TRUNC('month', %(expressions)s) + INTERVAL '1 month' - INTERVAL '1 day')::date"
    output_field = DateField()


def with_retirement_day(posts: QuerySet[Any], ladder: Sequence[RetirementAge] | None = None) -> QuerySet[Any]:
    """Add `retires_on` to the posts: the last day of work; NULL where the sex or the birth is unknown.

    The rung that holds is the first that has not ended when its age is reached: the ages only rise, so it has begun
    by then. NULL too where the ladder of RetirementAge ends before that day. Who asks of many thousands gives the
    `ladder`, all its rungs from the first: it is then a part of the question, and looked up for nobody.
    """
    if ladder is None:
        return posts.annotate(retires_on=LookedUp("official__sex", "official__birth_date"))
    day = partial(_told, ladder)
    return posts.annotate(
        retires_on=Case(
            *(When(official__sex=sex, then=day(group)) for sex, group in AGES.items()),
            output_field=DateField(),
        )
    )


def rungs_to(day: date) -> list[RetirementAge]:
    """The ladder for who only asks which people have retired by the day: without the rungs that come too late to tell.
    Whoever retires later does so, by it, on some later day."""
    rungs = list(RetirementAge.objects.order_by("start_date"))
    found = rungs[: sum(rung.has_ended(day) for rung in rungs) + 1]
    if len(found) < len(rungs):
        found[-1].end_date = None
    return found


# Of somebody of the sex and birth: the last day of work by the ladder in its table.
LAST_DAY_OF_WORK = """(SELECT {last_day} FROM (
    SELECT start_date, end_date, ({birth} + make_interval(months => CASE {sex} {months} END))::date AS reached_on
    FROM cadres_retirementage) AS rung
WHERE {not_over} ORDER BY start_date LIMIT 1)"""


class LookedUp(Func):
    """The day of retirement of somebody of the sex and birth, two columns, from the ladder in its table.

    Written in SQL: a query asks for it in every rule in which it stands, and a queryset in its place took longer to put
    together, each time, than to ask.
    """

    output_field = DateField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[()]]:
        (sex, _), (birth, _) = (compiler.compile(column) for column in self.source_expressions)
        months = " ".join(f"WHEN '{one}' THEN {group}_years * 12 + {group}_months" for one, group in AGES.items())
        last_day = LastDayOfMonth.template % {"expressions": "reached_on"}
        not_over = lasting_to("reached_on")
        return LAST_DAY_OF_WORK.format(sex=sex, birth=birth, months=months, last_day=last_day, not_over=not_over), ()


def _told(ladder: Sequence[RetirementAge], group: str) -> Case:
    """The same, rung after rung of the ladder."""
    reached = [(rung.end_date, MonthsAfter("official__birth_date", Value(months_of(rung, group)))) for rung in ladder]
    return Case(
        *(
            When(LessThanOrEqual(on, Value(end or date.max, DateField())), then=LastDayOfMonth(on))
            for end, on in reached
        ),
        output_field=DateField(),
    )


def months_of(rung: RetirementAge, group: str) -> int:
    """The age of a rung in months, of "men" or "women"."""
    return int(getattr(rung, f"{group}_years") * 12 + getattr(rung, f"{group}_months"))
