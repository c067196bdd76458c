"""Posts that one person of a commune holds (Position.holders), and how many a commune may have: what a file adds there.

Looked at where the commune had data before the file, as alarms are. Who holds a post besides another, concurrently or
not, holds it; whose post ends before the file's day, by decision, does not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from cadres.bulk import among
from cadres.models import JUDGED_GROUPS, StaffQuota, UnitClass
from cadres.periods import covers
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import Known, Match, Registry
from cadres.roster.people import END, POSITION, PRIMARY, START, UNIT
from cadres.roster.statements import WARNING

SHARED = "shared"  # in ImportRow.decision: why somebody comes into a post that another goes on holding
HELD = "post_held"  # the issue of a row that puts somebody into a post that another holds

Seat = tuple[int, int]  # unit, position


@dataclass(slots=True)
class Conflict:
    """A row that puts somebody into a post of one person that others hold: known ones, or other rows of the file."""

    match: Match
    seat: Seat
    known: list[Known]
    rows: list[int]

    @property
    def is_answered(self) -> bool:
        return SHARED in self.match.decision


@dataclass(frozen=True, slots=True)
class OverQuota:
    """A commune that the file gives more people than its class may have."""

    unit: int
    people: int
    most: int


@dataclass
class Seats:
    """Who holds what in the communes looked at, before the file and after."""

    registry: Registry
    day: date
    dictionaries: Dictionaries
    communes: Collection[int]
    ended: Collection[int]  # keys of those whose posts end before the day, by decision

    def __post_init__(self) -> None:
        self.before: dict[int, list[tuple[bool, int, int]]] = {}
        for key in self.registry.people:
            held = [
                (post[PRIMARY], post[UNIT], post[POSITION])
                for post in self.registry.stored.posts.get(key, ())
                if covers(post[START], post[END], self.day) and key not in self.ended
            ]
            if held:
                self.before[key] = held

    def conflicts(self, matches: Iterable[Match]) -> list[Conflict]:
        """The rows, of those accepted, that put somebody into a post of one person that another goes on holding; each
        tells so.
        """
        single = {key for key, position in self.dictionaries.positions_by_key.items() if position.holders == 1}
        left: set[tuple[int, int, int]] = set()  # official, unit, position that the file ends
        coming: dict[Seat, list[Match]] = defaultdict(list)
        for match in matches:
            unit = match.stated.unit
            if unit is None or not match.stated.positions:
                continue
            stated = [self.dictionaries.positions[code].pk for code in match.stated.positions]
            key = match.first.key if match.first else match.key
            held = self.before.get(key, []) if key is not None else []
            if held == [(True, unit, stated[0])] and len(stated) == 1:
                continue  # most people stay where they are
            if match.first is None and key is not None:
                moves = any(is_primary and at != unit for is_primary, at, _ in held)
                left |= {
                    (key, at, position)
                    for is_primary, at, position in held
                    if (is_primary and (at, position) != (unit, stated[0])) or (moves and at != unit)
                }
            there = {(at, position) for _, at, position in held}
            for position in stated:
                if position in single and unit in self.communes and (unit, position) not in there:
                    coming[unit, position].append(match)
        if not coming:
            return []
        holding: dict[Seat, list[int]] = defaultdict(list)
        for key, held in self.before.items():
            for _, unit, position in held:
                if (unit, position) in coming and (key, unit, position) not in left:
                    holding[unit, position].append(key)
        found = []
        for seat, rows in coming.items():
            known = [self.registry.people[key] for key in holding[seat]]
            for match in rows:
                others = [other.stated.row for other in rows if other is not match]
                if known or others:
                    found.append(Conflict(match, seat, known, others))
        for conflict in found:
            self._tell(conflict)
        return found

    def _tell(self, conflict: Conflict) -> None:
        title = self.dictionaries.titles_by_key[conflict.seat[1]]
        told = [f"{person.full_name} (sinh {person.birth or 'không rõ'})" for person in conflict.known]
        told += [f"người ở dòng {row}" for row in conflict.rows]
        after = f" Cùng giữ vì: {conflict.match.decision[SHARED]}." if conflict.is_answered else ""
        conflict.match.stated.find(
            WARNING, HELD, "position",
            f"Chức danh {title} của xã chỉ một người giữ mà {', '.join(told)} đang giữ hoặc cùng vào.{after}",
        )  # fmt: skip

    def over_quota(self, matches: Iterable[Match]) -> list[OverQuota]:
        """The communes that get more cadres and civil servants by the file than their class may have, where both are
        on record. Two queries.
        """
        judged = {
            key for key, position in self.dictionaries.positions_by_key.items() if position.group in JUDGED_GROUPS
        }
        home = {
            key: unit
            for key, held in self.before.items()
            for is_primary, unit, position in held
            if is_primary and position in judged
        }
        before, after = Counter(home.values()), Counter(home.values())
        for match in matches:
            if match.first is not None or not match.stated.positions:
                continue
            if match.key in home:
                after[home[match.key]] -= 1
            if self.dictionaries.positions[match.stated.positions[0]].pk in judged and match.stated.unit is not None:
                after[match.stated.unit] += 1
        more = [unit for unit in self.communes if after[unit] > before[unit]]
        of_them = UnitClass.objects.as_of(self.day).filter(unit__in=among(more)).order_by()
        classes = dict(of_them.values_list("unit", "size_class"))
        quotas = StaffQuota.objects.as_of(self.day)
        most_of = {(kind, size): most for kind, size, most in quotas.values_list("kind", "size_class", "most")}
        found = []
        for unit in sorted(more):
            version = self.dictionaries.unit_on(unit, self.day)
            most = most_of.get((version.kind, classes.get(unit, 0))) if version else None
            if most is not None and after[unit] > most:
                found.append(OverQuota(unit, after[unit], most))
        return found
