"""What a leader asks on the home page beside the rate: each unit against the year before, and the money of the plans.

A part of the home page, fetched by it: it asks for the verdicts of two days.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to
from cadres.correspondence import Correspondence
from cadres.places import title_above_on
from cadres.web.day import criterion_of, working_day
from cadres.web.permissions import account, permission_needed
from courses.models import TrainingPlan
from courses.planning import SourceTotal, totals_of_plans
from reports.rates import Group
from reports.trends import Change, UnitCourse, course_of_units
from reports.views.home import same_day_last_year


@dataclass(frozen=True)
class Moved:
    """A unit above communes with its rates a year before and now; `unknown`: how many communes had no data then."""

    group: Group
    change: Change
    unknown: int


@dataclass(frozen=True)
class Money:
    """A plan with the sums of its sources, in đồng: what may be spent, is planned, given to classes, and settled."""

    plan: TrainingPlan
    budget: int
    planned: int
    committed: int
    spent: int

    @classmethod
    def of(cls, plan: TrainingPlan, sources: dict[str, SourceTotal]) -> "Money":
        names = ("budget", "planned", "committed", "spent")
        return cls(plan, *(sum(getattr(total, name) for total in sources.values()) for name in names))


@permission_needed("courses.view_classfunding")
@require_safe
def year_summary(request: HttpRequest) -> HttpResponse:
    user, day = account(request), working_day(request)
    before = same_day_last_year(day)
    course = course_of_units(
        (before, day),
        "district",
        units=Correspondence(day),
        criterion=criterion_of(request),
        appointments=partial(appointments_visible_to, user),
    )
    moved = [_moved(one, before, day) for one in course if before in one.rates and day in one.rates]
    plans = list(TrainingPlan.objects.filter(year__in=years_of(day)))
    sums = totals_of_plans(plans)
    return render(
        request,
        "reports/year_summary.html",
        {
            "day": day,
            "before": before,
            "above": title_above_on(day),
            "moved": sorted(moved, key=lambda one: (one.change.points is None, one.change.points or 0)),
            "money": [Money.of(plan, sums[plan.pk]) for plan in plans],
        },
    )


def _moved(one: UnitCourse, before: date, day: date) -> Moved:
    names = one.not_known.get(before, "")
    return Moved(one.group, Change(one.rates[before], one.rates[day]), len(names.split(", ")) if names else 0)


def years_of(day: date) -> tuple[int, int]:
    """The years whose plans a leader asks about on the day: its own and the next."""
    return day.year, day.year + 1
