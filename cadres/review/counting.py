"""How often each check is found in each unit on a day; nothing of it is stored."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from cadres.review.checks import BY_CODE, CHECKS, Check, Severity
from cadres.review.sources import Lens


@dataclass(frozen=True)
class Review:
    """The counts of one day: (code of the check, key of the commune) → how often."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def by_check(self) -> dict[str, int]:
        """Code → how often, of all checks, in their order; 0 where nothing is found."""
        totals = dict.fromkeys(BY_CODE, 0)
        for (code, _), number in self.counts.items():
            totals[code] += number
        return totals

    @property
    def by_severity(self) -> dict[Severity, int]:
        """Severity → how many findings."""
        totals = dict.fromkeys(Severity, 0)
        for code, number in self.by_check.items():
            totals[BY_CODE[code].severity] += number
        return totals

    @property
    def units(self) -> set[int]:
        """The keys of the communes in which anything is found."""
        return {unit for _, unit in self.counts}

    def of(self, units: Collection[int]) -> "Review":
        """What of it lies in these communes."""
        return Review(Counter({key: number for key, number in self.counts.items() if key[1] in units}))


def review(lens: Lens) -> Review:
    """All checks, counted by commune: a query a source, and one for what is set aside."""
    counts: Counter[tuple[str, int]] = Counter()
    for code, unit, number in _found(lens):
        counts[code, unit] += number
    return Review(counts)


def _found(lens: Lens) -> Iterator[tuple[str, int, int]]:
    for source, checks in groupby(sorted(CHECKS, key=_place_of_source), key=lambda check: check.source):
        yield from source.count(lens, list(checks))


def _place_of_source(check: Check) -> str:
    return type(check.source).__name__


def review_counts(day: date, units: Collection[int], *, now: date) -> dict[str, int]:
    """Code of each check → how often it is found in these communes on the day, as the rows are now.

    Asked before and inside an act that is taken back, it tells what the act adds or settles.
    """
    return review(Lens.of_units(day, units, now=now)).by_check
