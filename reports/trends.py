"""How the rate moved between two days, in communes of which both days are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from cadres.evaluation import Rulebook
from cadres.models import Appointment, Criterion, RosterDay, Standard, UnitVersion
from reports.rates import Rate, rate_on


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
    rulebook = rulebook or Rulebook.load()
    known_on_both = (
        UnitVersion.objects.as_of(before)
        .filter(unit__in=UnitVersion.objects.as_of(after).values("unit"))
        .filter(unit__in=RosterDay.objects.filter(day__lte=min(before, after)).values("unit"))
    )
    posts = Appointment.objects.all() if appointments is None else appointments
    comparable = posts.filter(unit__in=known_on_both.values("unit"))
    rate_before, rate_after = (
        rate_on(day, criterion=criterion, standards=standards, appointments=comparable, rulebook=rulebook)
        for day in (before, after)
    )
    return Change(rate_before, rate_after)
