"""How many in a hundred of those who were sent to a class that raises a level completed it, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from cadres.rate import percent_of
from courses.models import Enrolment, TrainingClass

State = Enrolment.State
YEARS_LOOKED_AT, FEWEST_YEARS, FEWEST_TURNS = 5, 3, 20  # a year of fewer turns tells nothing


@dataclass(frozen=True)
class PassedYear:
    year: int
    sent: int
    completed: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.completed, self.sent)


@dataclass(frozen=True)
class PassHistory:
    """The years that tell something, the first first; `is_enough` for a band."""

    years: Sequence[PassedYear]

    @property
    def is_enough(self) -> bool:
        return len(self.years) >= FEWEST_YEARS

    @property
    def low(self) -> Fraction:
        return min(year.share for year in self.years)

    @property
    def high(self) -> Fraction:
        return max(year.share for year in self.years)

    @property
    def middle(self) -> Fraction:
        return Fraction(sum(year.completed for year in self.years), sum(year.sent for year in self.years))

    low_percent = property(lambda self: percent_of(self.low, 1))
    middle_percent = property(lambda self: percent_of(self.middle, 1))
    high_percent = property(lambda self: percent_of(self.high, 1))


def pass_history(day: date) -> PassHistory:
    """Of the five years before that of the day, those in which at least 20 were sent to a class that raises a level.

    Sent is who had a decision and sat, failed, stayed away or was taken out later; completed, who completed. A class
    belongs to the year in which it ended. Of those whom the account sees: the second wall stands before. One query.
    """
    sent = Q(state__in=(State.DECIDED, State.ATTENDING, *Enrolment.WITH_RESULT)) | Q(
        state=State.WITHDRAWN, decision__isnull=False
    )
    rows: Any = (
        Enrolment.objects.filter(
            sent,
            training_class__programme__raises_to__isnull=False,
            training_class__end_date__year__range=(day.year - YEARS_LOOKED_AT, day.year - 1),
        )
        .exclude(training_class__state=TrainingClass.State.CANCELLED)
        .order_by("training_class__end_date__year")
        .values_list("training_class__end_date__year")
        .annotate(sent=Count("pk"), completed=Count("pk", filter=Q(state=State.COMPLETED)))
    )
    return PassHistory([PassedYear(*row) for row in rows if row[1] >= FEWEST_TURNS])
