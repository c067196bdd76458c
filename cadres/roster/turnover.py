"""What a file does to the people of a commune: how many of those known are not in it, how many in it are not known.

Counted of the groups (cadres, civil servants) that the file is a list of, where the commune had people of them before:
a first roster of a commune, or of a group in it, is all new and means nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from cadres.models import JUDGED_GROUPS, ImportBatch, PositionGroup, RosterDay
from cadres.periods import covers
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import Known, Match, Registry
from cadres.roster.people import END, POSITION, PRIMARY, START, UNIT

Scope = ImportBatch.Scope

GROUPS = {
    Scope.FULL: frozenset(JUDGED_GROUPS),
    Scope.CADRES: frozenset({PositionGroup.CADRE}),
    Scope.CIVIL_SERVANTS: frozenset({PositionGroup.CIVIL_SERVANT}),
    Scope.SOME: frozenset(JUDGED_GROUPS),
}


@dataclass(frozen=True, slots=True)
class Turnover:
    """One commune that had data before the file: who was known of the groups concerned, and who is in the file.

    `later` is the last day of its data where that lies after the file's: who has come or gone since is no news.
    """

    unit: int
    known: int
    absent: int
    stated: int
    new: int
    later: date | None = None


def scope_of(matches: Iterable[Match], dictionaries: Dictionaries) -> Scope:
    """What a file is a list of as far as it tells: everybody where it has both groups, else the group that it has."""
    groups = {_group_stated(match, dictionaries) for match in matches}
    for scope in (Scope.FULL, Scope.CADRES, Scope.CIVIL_SERVANTS):
        if GROUPS[scope] <= groups:
            return scope
    return Scope.SOME


def turnover(
    matches: Iterable[Match],
    registry: Registry,
    missing: Iterable[Known],
    *,
    communes: Iterable[int],
    day: date,
    scope: Scope,
    dictionaries: Dictionaries,
) -> list[Turnover]:
    """How the people of each commune change by the file; of those alone that had data by the day. One query."""
    last_days = RosterDay.objects.filter(unit_id__in=list(communes)).order_by().values_list("unit")
    last = dict(last_days.annotate(Max("day")))
    if not last:
        return []
    held = {key: _post_held(registry, key, day, dictionaries) for key in registry.in_communes}
    known = Counter(held.values())
    absent = Counter(held[person.id] for person in missing if person.id in held)
    stated: Counter[tuple[int | None, str]] = Counter()
    new: Counter[tuple[int | None, str]] = Counter()
    for match in matches:
        if match.stated.is_rejected or match.first is not None:
            continue
        place = (match.stated.unit, _group_stated(match, dictionaries))
        stated[place] += 1
        new[place] += match.key is None and not match.is_review
    found = []
    for unit, last_day in sorted(last.items()):
        places = [(unit, group) for group in GROUPS[scope] if known[unit, group]]
        of_known, of_absent, of_stated, of_new = (
            sum(people[place] for place in places) for people in (known, absent, stated, new)
        )
        found.append(Turnover(unit, of_known, of_absent, of_stated, of_new, last_day if last_day > day else None))
    return found


def _group_stated(match: Match, dictionaries: Dictionaries) -> str:
    positions = match.stated.positions
    return dictionaries.positions[positions[0]].group if positions else ""


def _post_held(registry: Registry, key: int, day: date, dictionaries: Dictionaries) -> tuple[int | None, str]:
    """The unit and the group of the primary post on the day."""
    for post in registry.stored.posts.get(key, ()):
        if post[PRIMARY] and covers(post[START], post[END], day):
            return post[UNIT], dictionaries.positions_by_key[post[POSITION]].group
    return None, ""
