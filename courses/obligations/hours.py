"""The yearly minimum of training: how many tiết each official has in a year, and who has too few.

NĐ 18/2010/NĐ-CP and NĐ 101/2017/NĐ-CP Điều 14 ask for one week a year, 40 tiết; what they ask is a dated row
(TrainingRegulation). A class over New Year counts in both years, its tiết spread evenly over its days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, Round
from django.db.models.sql.constants import LOUTER
from django_cte import CTE, with_cte

from cadres.asked_again import among, answer_about
from cadres.evaluation import posts_on
from cadres.models import JUDGED_GROUPS, Appointment, Standard
from cadres.periods import overlapping
from courses.models import Enrolment, TrainingClass, TrainingRegulation
from courses.modules import hours_taught

STUDYING = (Enrolment.State.COMPLETED, Enrolment.State.ATTENDING)
EXACT = DecimalField(max_digits=20, decimal_places=10)


class DaysUpTo(Func):
    """How many days there are from a day to another, both included."""

    template = "(%(expressions)s + 1)"
    arg_joiner = " - "
    output_field = IntegerField()

    def __init__(self, start: Any, end: Any) -> None:
        super().__init__(end, start)


@dataclass(frozen=True)
class UnitHours:
    """How many of the people of a unit reached the minimum."""

    code: str
    name: str
    people: int
    reached: int

    @property
    def short(self) -> int:
        return self.people - self.reached


def regulation_of(year: int) -> TrainingRegulation | None:
    """The regulation that says how many tiết the year asks for: the one in force at its end."""
    return TrainingRegulation.objects.as_of(date(year, 12, 31)).first()


def yearly_hours(year: int, *, day: date, appointments: QuerySet[Appointment] | None = None) -> QuerySet[Appointment]:
    """The posts of `posts_on(day)` that a standard judges, with `hours` and `turns` of the year up to the day.

    Hours are tiết (whole, half up), turns are classes: those that the person completed or attends and that were not
    cancelled; of a class that goes on beyond the day its part up to then. Who is in no rate, since no standard of the
    day is for such posts, is not here. One query for any number of people: the turns of the year (of the people of
    `appointments`, where given) are summed up once and joined.
    """
    turns = Enrolment.objects.all()
    if appointments is not None:
        turns = turns.filter(official__in=appointments.values("official"))
    summed = _hours_by_official(turns, date(year, 1, 1), min(date(year, 12, 31), day))
    # Materialized: where it is reckoned to have a row, it would be summed up anew for every post.
    studied = CTE(summed, name="studied", materialized=True)
    standards = Standard.objects.as_of(day).filter(position_group__in=JUDGED_GROUPS)
    judged = posts_on(day, appointments).filter(position__group__in=standards.values("position_group"))
    posts = studied.join(judged, official=studied.col.official, _join_type=LOUTER)
    return with_cte(studied, select=posts).annotate(
        hours=Coalesce(studied.col.hours, 0), turns=Coalesce(studied.col.turns, 0)
    )


def _hours_by_official(turns: QuerySet[Enrolment], first: date, last: date) -> QuerySet[Any, Any]:
    """Official → tiết and number of classes within the days from first to last."""
    start, end = F("training_class__start_date"), F("training_class__end_date")
    within = DaysUpTo(
        Greatest(start, Value(first), output_field=DateField()), Least(end, Value(last), output_field=DateField())
    )
    share = Cast(hours_taught("training_class"), EXACT) * within / DaysUpTo(start, end)
    return (
        turns.filter(overlapping(first, last, "training_class__"), state__in=STUDYING)
        .exclude(training_class__state=TrainingClass.State.CANCELLED)
        .order_by()
        .values("official")
        .annotate(
            # Thirds of a class add up to 39.499…: six decimals first, so that a half stays a half.
            hours=Cast(Round(Round(Sum(share, output_field=EXACT), 6)), IntegerField()),
            turns=Count("pk"),
        )
    )


def hours_by_year(turns: Iterable[int], years: range) -> dict[int, int]:
    """Year → tiết of the turns of one person, by their keys, as in `yearly_hours`, in one query; a year without any is
    not in it."""
    return dict(answer_about(turns, _hours_by_year, years)) if years else {}


def _hours_by_year(years: range) -> QuerySet[Any, Any]:
    turns = Enrolment.objects.filter(among("pk"))
    by_year = [
        _hours_by_official(turns, date(year, 1, 1), date(year, 12, 31))
        .annotate(year=Value(year))
        .values_list("year", "hours")
        for year in years
    ]
    return by_year[0].union(*by_year[1:])


def by_unit(posts: QuerySet[Any], minimum: int, *, communes: bool = False) -> list[UnitHours]:
    """Count the posts of `yearly_hours` by district (or by commune), in the order of the codes."""
    unit = "commune" if communes else "district"
    counted: Iterable[dict[str, Any]] = (
        posts.order_by()
        .values(
            code=F(f"{unit}_code"),
            name=F(f"{unit}_name"),
            has_reached=Case(When(hours__gte=minimum, then=True), default=False, output_field=BooleanField()),
        )
        .annotate(people=Count("pk"))
    )
    found: dict[tuple[str, str], list[int]] = {}
    for row in counted:
        of_unit = found.setdefault((row["code"] or "", row["name"] or "Không thuộc đơn vị nào"), [0, 0])
        of_unit[0] += row["people"]
        of_unit[1] += row["people"] if row["has_reached"] else 0
    return [UnitHours(code, name, *numbers) for (code, name), numbers in sorted(found.items())]
