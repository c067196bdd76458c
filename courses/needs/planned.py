"""Needs of those who are planned for a post (quy hoạch): what that post asks and they lack, and what closes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cadres.models import Criterion, PlannedPost
from cadres.planned_posts import Gap, Prospect, prospects
from courses.models import Programme
from courses.needs.computed import Closing, closing_programmes


@dataclass(frozen=True)
class ProspectNeed:
    """One gap of a planned post, with the programmes that close it, best first."""

    gap: Gap
    programmes: tuple[Programme, ...]

    @property
    def programme(self) -> Programme | None:
        """The best of them."""
        return self.programmes[0] if self.programmes else None


@dataclass(frozen=True)
class PlannedNeeds:
    """A planned post, the verdict the person would have in it, and what is to be studied before."""

    prospect: Prospect
    needs: tuple[ProspectNeed, ...]

    @property
    def planned(self) -> PlannedPost:
        return self.prospect.planned

    def reason(self, need: ProspectNeed) -> str:
        """Why somebody is registered for it, as a registered need says it."""
        return f"Quy hoạch {self.planned.position}, nhiệm kỳ {self.planned.term}: {need.gap}"


def planned_needs(
    planned: Iterable[PlannedPost], day: date, *, criterion: Criterion, closing: Closing | None = None
) -> list[PlannedNeeds]:
    """What each of the planned posts asks its person to study, in the order given."""
    closing = closing or closing_programmes(day, criterion=criterion)
    found = prospects(planned, day, criterion=criterion, rulebook=closing.rulebook)
    return [PlannedNeeds(prospect, _needs(prospect, closing)) for prospect in found]


def _needs(prospect: Prospect, closing: Closing) -> tuple[ProspectNeed, ...]:
    position = prospect.planned.position_id
    return tuple(
        ProspectNeed(gap, closing.all(position, gap.dimension.code, gap.required.rank)) for gap in prospect.gaps
    )


def programmes_needed(rows: Sequence[PlannedNeeds]) -> list[tuple[Programme | None, int]]:
    """Each best programme and how many people need it for a planned post, most first; None: none closes the gap."""
    people: dict[Programme | None, set[int]] = {}
    for row in rows:
        for need in row.needs:
            people.setdefault(need.programme, set()).add(row.planned.official_id)
    counted = [(programme, len(keys)) for programme, keys in people.items()]
    return sorted(counted, key=lambda item: (-item[1], item[0].code if item[0] else ""))
