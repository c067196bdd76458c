"""What follows the people of a reorganised unit: zone, relaxation, days of data, scopes of accounts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cadres.models import RoleGrant, Unit, UnitRelaxation, UnitVersion, UnitZone
from cadres.posts import data_begun, units_below
from cadres.reorganisation.planning import Plan


@dataclass
class Said:
    """What decisions say of the units that a successor follows: `agreed` where it is the same of all, else unsettled.

    Both by the code of the successor; `agreed` has the row of one of them.
    """

    agreed: dict[str, Any] = field(default_factory=dict)
    unsettled: list[str] = field(default_factory=list)


@dataclass
class Following:
    """What goes along with the people of a plan. Asked before anything is written."""

    plan: Plan

    @cached_property
    def sources(self) -> dict[str, list[int]]:
        """Code of a successor → keys of the units that end for it."""
        ending = self.plan.moving
        found = {
            code: [self.plan.old[old].unit_id for old in olds if old in ending]
            for code, olds in self.plan.predecessors.items()
        }
        return {code: units for code, units in found.items() if units}

    @cached_property
    def ending(self) -> set[int]:
        """The keys of the units that end."""
        return {unit for units in self.sources.values() for unit in units}

    @cached_property
    def zones(self) -> Said:
        return self._said(UnitZone, "zone")

    @cached_property
    def relaxations(self) -> Said:
        return self._said(UnitRelaxation, "is_relaxed")

    def _said(self, model: Any, column: str) -> Said:
        rows = {row.unit_id: row for row in model.objects.as_of(self.plan.eve).filter(unit__in=self.ending)}
        there = {unit.pk: code for code, unit in self.plan.there.items()}
        decided = model.objects.as_of(self.plan.day).filter(unit__in=there).values_list("unit", flat=True)
        settled = {there[unit] for unit in decided}
        said = Said()
        for code, units in self.sources.items():
            values = {getattr(rows[unit], column) if unit in rows else None for unit in units}
            if code in settled or values == {None}:
                continue
            if len(values) > 1:
                said.unsettled.append(code)
            else:
                said.agreed[code] = rows[units[0]]
        return said

    @cached_property
    def data_begin(self) -> list[str]:
        """The codes of the successors whose data begin on the day: those of a unit that they follow had begun."""
        known, there = set(data_begun(self.plan.eve)), set(data_begun(self.plan.day))
        return [
            code
            for code, units in self.sources.items()
            if known.intersection(units) and (code not in self.plan.there or self.plan.there[code].pk not in there)
        ]

    @cached_property
    def scopes(self) -> tuple[list[tuple[RoleGrant, str]], list[tuple[RoleGrant, str]]]:
        """The successors (codes) that come into the scope of accounts, each as one of their grants of a unit; and those
        of which an account had only a part of what they follow, so that somebody has to decide."""
        follow: list[tuple[RoleGrant, str]] = []
        unsettled: list[tuple[RoleGrant, str]] = []
        for grants in self._grants_by_account():
            before = set[int]().union(*(self._below(grant.unit, self.plan.eve) for grant in grants))
            now = set[int]().union(*(self._below(grant.unit, self.plan.day) for grant in grants))
            for code, units in self.sources.items():
                if before.intersection(units) and self._above(code) not in now:
                    (follow if before.issuperset(units) else unsettled).append((grants[0], code))
        return follow, unsettled

    def _grants_by_account(self) -> Iterable[list[RoleGrant]]:
        found: dict[tuple[int, str], list[RoleGrant]] = defaultdict(list)
        grants = RoleGrant.objects.filter(unit__isnull=False).as_of(self.plan.eve).lasting_to(self.plan.day)
        for grant in grants.select_related("user", "unit").order_by("user__username", "pk"):
            found[(grant.user_id, grant.role)].append(grant)
        return found.values()

    def _below(self, unit: Unit | None, day: Any) -> set[int]:
        assert unit is not None
        if (unit.pk, day) not in self._known:
            self._known[(unit.pk, day)] = set(units_below(unit, day))
        return self._known[(unit.pk, day)]

    @cached_property
    def _known(self) -> dict[Any, set[int]]:
        return {}

    def _above(self, code: str) -> int | None:
        """The key of the unit above a successor on the day; of one on record the successor itself."""
        if code in self.plan.there:
            return self.plan.there[code].pk
        return self.plan.cluster_of(code) or self._parents.get(self.plan.opening[code].parent)

    @cached_property
    def _parents(self) -> dict[str, int]:
        above = {opening.parent for opening in self.plan.opening.values()}
        return dict(UnitVersion.objects.as_of(self.plan.day).filter(code__in=above).values_list("code", "unit"))
