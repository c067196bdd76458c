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

from django.db.models import Case, DateField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast
from django.db.models.lookups import LessThanOrEqual

from cadres.models import RetirementAge, Sex
from cadres.periods import MonthsAfter, overlapping


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
    day = _looked_up if ladder is None else partial(_told, ladder)
    return posts.annotate(
        retires_on=Case(
            When(official__sex=Sex.MALE, then=day("men")),
            When(official__sex=Sex.FEMALE, then=day("women")),
            output_field=DateField(),
        )
    )


def _looked_up(group: str) -> Subquery:
    """The day of retirement of the official of the outer post, by the ages of "men" or "women"."""
    months = Cast(F(f"{group}_years") * 12 + F(f"{group}_months"), IntegerField())
    rungs: QuerySet[Any] = RetirementAge.objects.alias(reached_on=MonthsAfter(OuterRef("official__birth_date"), months))
    not_over = rungs.filter(overlapping(F("reached_on"), date.max))
    return Subquery(not_over.order_by("start_date").annotate(last=LastDayOfMonth(F("reached_on"))).values("last")[:1])


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
