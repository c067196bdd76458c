"""The published figures of some days as pages of figures show them, in the place of computing those days again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from cadres.access import units_given, visible_to
from cadres.evaluation import Rulebook
from cadres.models import Criterion, Publication, PublishedGroup, User
from cadres.rate import COUNTS, Rate
from reports.publications.changes import touched
from reports.trends import DayRate, with_comparable


@dataclass(frozen=True)
class Shown:
    """A published figure as far as it is the account's, and of the units compared."""

    publication: Publication
    rates: DayRate
    is_touched: bool  # the history holds something since that touches the day

    @property
    def rate(self) -> Rate:
        return self.rates.all


def published_on(
    days: Iterable[date], comparable: Sequence[int], *, criterion: Criterion, user: User, rulebook: Rulebook
) -> dict[date, Shown]:
    """Day → the figure published of it, by the criterion and the standards then in force, of the account's scope.

    For an account with units of its own that is the figure of its one unit, else what falls to its communes of the
    province's. Three queries, whatever the number of days. `comparable` are keys of units.
    """
    given = units_given(user)
    scope = Q(unit=None)
    if given is not None and len(given) == 1:
        scope |= Q(unit=given[0])
    found = Publication.objects.in_effect().filter(scope, day__in=list(days), criterion=criterion)
    # Of one day the figure of the own unit comes last and stays.
    publications = {
        one.day: one for one in sorted(found, key=lambda one: one.unit_id or 0) if not one.is_by_named_standards
    }
    if not publications:
        return {}
    communes = visible_to(
        PublishedGroup.objects.filter(publication__in=publications.values(), grouping="commune"), user
    )
    sums = with_comparable(communes.order_by(), comparable, unit="unit_id").values_list("publication", "is_comparable")
    rates = {one.pk: DayRate() for one in publications.values()}
    for key, is_comparable, *counts in sums.annotate(**{f"sum_{name}": Sum(name) for name in COUNTS}):
        rates[key] = rates[key].with_people(Rate(*counts), is_comparable)
    since = touched(list(publications.values()), user=user, rulebook=rulebook)
    return {day: Shown(one, rates[one.pk], one.pk in since) for day, one in publications.items()}
