"""What the list of a decision changes: each commune's zone from a day on, and what was said of it before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from cadres.history import signed
from cadres.models import UnitSuccession, UnitVersion, UnitZone, User, Zone, zone_told
from cadres.periods import row_on
from cadres.zones.reading import Line


@dataclass(frozen=True)
class Change:
    """A commune with what is recorded of its zone on the first day, and what the list makes of it."""

    unit: int
    code: str
    name: str
    above: str
    was: int | None
    will_be: int | None  # as it was where the list says nothing
    is_named: bool

    @property
    def moves(self) -> bool:
        return self.was != self.will_be

    @property
    def was_told(self) -> str:
        return zone_told(self.was)

    @property
    def will_be_told(self) -> str:
        return zone_told(self.will_be)


@dataclass(frozen=True)
class Listed:
    """A list in force from `start` to `end` (None: until the next), ready to be written.

    `is_whole`: what the list leaves out is in no zone; else nothing is said of it.
    """

    start: date
    end: date | None
    decision: str
    is_whole: bool
    changes: tuple[Change, ...]

    @property
    def said(self) -> dict[int, int]:
        """Key of a commune → the zone that the list gives it."""
        return {
            change.unit: change.will_be
            for change in self.changes
            if change.will_be is not None and (change.is_named or self.is_whole)
        }

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many communes are in each zone by it, in the order of the zones; those without any last."""
        found = Counter(change.will_be for change in self.changes)
        return [(zone_told(zone), found[zone]) for zone in (*Zone, None) if found[zone]]


def settle(lines: Iterable[Line], start: date, end: date | None, *, decision: str, is_whole: bool) -> Listed:
    """What a list would change among the communes in force on its first day, those that move first."""
    zones = {line.unit: int(line.zone) for line in lines}
    communes = UnitVersion.objects.as_of(start).communes().with_above(start)
    was = dict(UnitZone.objects.as_of(start).values_list("unit", "zone"))
    changes = []
    for commune in communes:
        unit, before = commune.unit_id, was.get(commune.unit_id)
        will_be = zones.get(unit, int(Zone.OUTSIDE) if is_whole else before)
        above = commune.above_name or ""
        changes.append(Change(unit, commune.code, commune.name, above, before, will_be, unit in zones))
    changes.sort(key=lambda change: (not change.moves, change.above, change.name))
    return Listed(start, end, decision, is_whole, tuple(changes))


@signed
def write(listed: Listed, *, by: User | None) -> int:
    """Record the list; returns of how many communes something was written.

    What was recorded before ends on the day before it. What another decision says from a later day on stays, and the
    list lasts until then; what a roster said within its days gives way to it. A commune that follows others within its
    days has the zone in which all of them lay, as where the reorganisation came later.
    """
    said = listed.said
    known: dict[int, list[UnitZone]] = {unit: [] for unit in said}
    for row in UnitZone.objects.select_for_update().filter(unit__in=said).order_by("start_date"):
        known[row.unit_id].append(row)
    last_days = _last_days(said)
    new, changed, written = [], [], 0
    for unit, zone in said.items():
        later = [row for row in known[unit] if not row.has_begun(listed.start)]
        for row in list(later):
            if row.origin == UnitZone.Origin.ROSTER and (listed.end is None or row.has_begun(listed.end)):
                row.delete()
                later.remove(row)
        end = min((day for day in (listed.end, last_days.get(unit), *_eves(later)) if day), default=None)
        before = row_on(known[unit], listed.start)
        same = {"zone": zone, "origin": UnitZone.Origin.DECISION, "decision": listed.decision, "end_date": end}
        if before and before.start_date == listed.start:
            if all(getattr(before, name) == value for name, value in same.items()):
                continue
            for name, value in same.items():
                setattr(before, name, value)
            changed.append(before)
        else:
            if before:
                before.end_date = listed.start - timedelta(days=1)
                changed.append(before)
            new.append(UnitZone(unit_id=unit, start_date=listed.start, **same))
        written += 1
    UnitZone.objects.bulk_update(changed, ["zone", "origin", "decision", "end_date"])
    UnitZone.objects.bulk_create(new)
    return written + _follow(listed)


def _follow(listed: Listed) -> int:
    """Say of the successors of the communes what all that they follow agreed on, to the end of the list; how many."""
    links = UnitSuccession.objects.filter(effective_on__gt=listed.start, predecessor__in=listed.said)
    if listed.end:
        links = links.filter(effective_on__lte=listed.end)
    written = 0
    for day in sorted(set(links.values_list("effective_on", flat=True))):
        zones = dict(UnitZone.objects.as_of(day - timedelta(days=1)).values_list("unit", "zone"))
        followed: dict[int, set[int | None]] = {}
        for old, new in UnitSuccession.objects.filter(effective_on=day).values_list("predecessor", "successor"):
            followed.setdefault(new, set()).add(zones.get(old))
        agreed = {unit: found.pop() for unit, found in followed.items() if len(found) == 1}
        known = UnitZone.objects.filter(unit__in=agreed).lasting_to(day).values_list("unit", flat=True)
        last_days = _last_days(agreed)
        rows = [
            UnitZone(
                unit_id=unit,
                zone=zone,
                start_date=day,
                end_date=min((last for last in (listed.end, last_days.get(unit)) if last), default=None),
                decision=listed.decision,
            )
            for unit, zone in agreed.items()
            if zone is not None and unit not in set(known)
        ]
        written += len(UnitZone.objects.bulk_create(rows))
    return written


def _eves(rows: Iterable[UnitZone]) -> list[date]:
    """The days before the rows begin."""
    return [row.start_date - timedelta(days=1) for row in rows]


def _last_days(units: Mapping[int, int | None]) -> dict[int, date]:
    """Key of a unit → its last day, of those that have one."""
    rows = UnitVersion.objects.filter(unit__in=units)
    going_on = set(rows.filter(end_date=None).values_list("unit", flat=True))
    ended = rows.order_by().values("unit").annotate(last=Max("end_date")).values_list("unit", "last")
    return {unit: last for unit, last in ended if unit not in going_on}


def counts_on(day: date) -> dict[int | None, int]:
    """How many communes in force on the day are in each zone; None: those of which nothing is recorded."""
    communes = set(UnitVersion.objects.as_of(day).communes().values_list("unit", flat=True))
    zones = dict(UnitZone.objects.as_of(day).filter(unit__in=communes).values_list("unit", "zone"))
    found = Counter(zones.get(unit) for unit in communes)
    return {zone: found[zone] for zone in (*map(int, Zone), None)}
