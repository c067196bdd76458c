"""What a file will do to the registry on its day: to whom each row belongs, what changes, and who is missing.

Two passes, so that a roster of the whole nation needs no more memory than its own rows: the first says who each row
speaks of and looks at little of the registry; the second takes the people of some thousand rows at a time, with all
that a roster may change about them. A roster of a province is one such window.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from cadres.models import (
    Unit,
    UnitZone,
    Zone,
)
from cadres.periods import Precision
from cadres.registry.rows import Facts, Person
from cadres.roster.changes import Amendment, Change
from cadres.roster.confirmations import Confirmations
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import EVERYWHERE, TAKE_NAME, Known, Match, Matcher, Registry
from cadres.roster.people import WRITTEN, Outcome, Stored, load_people
from cadres.roster.reach import Reach
from cadres.roster.seats import SHARED, Conflict, OverQuota, Seats
from cadres.roster.statements import INFO, WARNING, Statement
from cadres.roster.turnover import Scope, Turnover, scope_of, turnover

WINDOW = 10_000  # rows whose people are in memory at once
ALIKE = 0.85  # similarity of folded names from which a new person is shown beside a missing one


@dataclass(slots=True)
class PlannedRow:
    """One row: what will happen to it, to whom, and which fields change.

    There is no person of those of whom the row says nothing new: the match tells their key.
    """

    match: Match
    outcome: str
    person: Person | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def official(self) -> int | None:
        """The key of whom the row belongs to; None of somebody new who is not written yet, or where it is nobody."""
        return self.person.facts.id if self.person else self.match.key

    @property
    def stated(self) -> Statement:
        return self.match.stated

    def issues(self) -> list[dict[str, str]]:
        return [issue.as_json() for issue in (*self.stated.issues, *self.stated.findings)]

    def shown(self) -> tuple[str, int | None, list[dict[str, str]]]:
        """What a preview shows of it, to compare with what it showed before."""
        key = self.official if self.outcome != Outcome.CREATED else None
        return self.outcome, key, [change.as_json() for change in self.changes]


@dataclass(slots=True)
class Plan:
    """What a file will do to the registry on its day."""

    day: date
    dictionaries: Dictionaries
    matches: list[Match]
    communes: set[int]  # whose people are known on the day through this file
    zones: dict[int, tuple[int, date | None]]
    missing: list[Known]
    scope: Scope
    is_scope_chosen: bool  # by a person; else what the file itself tells
    turnover: list[Turnover]
    conflicts: list[Conflict]
    over_quota: list[OverQuota]
    stored: Stored | None = None  # who was compared, where that is one window's worth
    outcomes: Counter[str] = field(default_factory=Counter)  # complete once all windows have been taken

    def windows(self, size: int = WINDOW, *, to_write: bool = False) -> Iterator[list[PlannedRow]]:
        """The rows with what will happen to each, some thousand at a time; a second row of a person beside the first.

        New people are made only where the rows are `to_write`, or a second row needs them: nothing is to be said of
        them that their row does not say. The number of queries of a window does not depend on its rows.
        """
        self.outcomes = Counter()
        for matches in _windows(self.matches, size):
            people = self._people_to_compare(matches)
            rows = []
            by_match: dict[int, PlannedRow] = {}
            for match in matches:
                row = by_match[id(match)] = _planned(match, people, by_match, self.day, self.dictionaries)
                if to_write and row.outcome == Outcome.CREATED and row.person is None:
                    row.person = _new_person(match, self.day, self.dictionaries)
                self.outcomes[row.outcome] += 1
                rows.append(row)
            yield rows

    def _people_to_compare(self, matches: list[Match]) -> dict[int, Person]:
        """Whom the matches speak of, without those of whom nothing new is said."""
        keys = {match.key for match in matches if match.key is not None}
        left = {match.left for match in matches if match.left is not None}
        if not keys | left:
            return {}
        stored = self.stored or Stored(self.day)
        stored.read(keys | left)
        confirmations = Confirmations(stored, self.dictionaries)
        confirmations.read(keys)
        with_further_rows = {match.first.key for match in matches if match.first is not None}
        new = {
            match.key
            for match in matches
            if match.key is not None
            and (match.key in with_further_rows or not confirmations.says_nothing_new(match.key, match.stated))
        }
        return load_people(new | left, self.day, stored)

    def counts(self) -> dict[str, int]:
        return {
            "rows": len(self.matches),
            **{str(outcome): self.outcomes[outcome] for outcome in Outcome.values},
            "missing": len(self.missing),
        }


def people_of(rows: Iterable[PlannedRow]) -> list[Person]:
    """Everybody to be written, once each."""
    return list({id(row.person): row.person for row in rows if row.person and row.outcome in WRITTEN}.values())


def make_plan(
    statements: list[Statement],
    day: date,
    dictionaries: Dictionaries,
    *,
    unit: Unit | None = None,
    reach: Reach = EVERYWHERE,
    scope: str = "",
    decisions: Mapping[int, Mapping[str, Any]] | None = None,
    ended: Collection[int] = (),
    lock: bool = False,
) -> Plan:
    """Say who each statement speaks of. Writes nothing; with `lock`, the people compared stay locked.

    `reach` says what may be written; `scope` is what a person has said that the file is a list of (ImportBatch.Scope),
    '' where nobody has; `decisions` are by the row's place in the file (ImportRow.decision says what they hold);
    `ended` are the keys of missing people whose posts end before the day, as was decided.
    """
    decisions = decisions or {}
    named = {stated.unit for stated in statements if stated.unit is not None}
    communes = named if unit is None else dictionaries.below(unit.pk, day)
    also = {key for decision in decisions.values() if (key := decision.get("official")) is not None}
    registry = Registry.load(statements, communes, day, also=also, lock=lock)
    matches = Matcher(registry, day, dictionaries, reach).match(statements, decisions)
    missing = _missing(registry, matches, reach)
    _point_out_resemblances(matches, missing)
    in_place = [match for match in matches if match.stated.unit is not None and match.is_accepted]
    accepted = {match.stated.unit for match in in_place if match.stated.unit is not None}
    stored = registry.stored if len(statements) <= WINDOW else None
    of_file = Scope(scope) if scope else scope_of(matches, dictionaries)
    changes = turnover(matches, registry, missing, communes=communes, day=day, scope=of_file, dictionaries=dictionaries)
    seats = Seats(registry, day, dictionaries, {commune.unit for commune in changes if not commune.later}, ended)
    return Plan(
        day=day,
        dictionaries=dictionaries,
        matches=matches,
        communes=accepted,
        zones=_zones(matches, accepted, day),
        missing=missing,
        scope=of_file,
        is_scope_chosen=bool(scope),
        turnover=changes,
        conflicts=seats.conflicts(in_place),
        over_quota=seats.over_quota(in_place),
        stored=stored,
    )


def _windows(matches: list[Match], size: int) -> Iterator[list[Match]]:
    """The matches in windows; one with a concurrent post follows the row that its person comes from."""
    concurrent: dict[int, list[Match]] = defaultdict(list)
    for match in matches:
        if match.first is not None:
            concurrent[match.first.index].append(match)
    window: list[Match] = []
    for match in matches:
        if match.first is not None:
            continue
        window.append(match)
        window.extend(concurrent.get(match.index, ()))
        if len(window) >= size:
            yield window
            window = []
    if window:
        yield window


def _planned(
    match: Match, people: dict[int, Person], done: dict[int, PlannedRow], day: date, dictionaries: Dictionaries
) -> PlannedRow:
    """What will happen to a row; somebody new is not made yet."""
    if match.stated.is_rejected:
        return PlannedRow(match, Outcome.REJECTED)
    if match.first is not None:
        return _planned_concurrent(match, done[id(match.first)], day, dictionaries)
    if match.is_review:
        proposed = people.get(match.left) if match.left is not None else None
        return PlannedRow(match, Outcome.REVIEW, changes=amend(proposed, match, day, dictionaries) if proposed else [])
    if match.key is None:
        return PlannedRow(match, Outcome.CREATED)
    person = people.get(match.key)
    if person is None:
        return PlannedRow(match, Outcome.UNCHANGED)
    changes = amend(person, match, day, dictionaries)
    return PlannedRow(match, Outcome.UPDATED if changes else Outcome.UNCHANGED, person, changes)


def _new_person(match: Match, day: date, dictionaries: Dictionaries) -> Person:
    person = Person(Facts())
    Amendment(person, match.stated, day, dictionaries).apply()
    _share(person, match, dictionaries)
    return person


def _share(person: Person, match: Match, dictionaries: Dictionaries) -> None:
    """Keep with the posts that a row opens, and that one person holds, why another goes on holding them."""
    if reason := match.decision.get(SHARED):
        for post in person.posts:
            if post.id is None and dictionaries.positions_by_key[post.position_id].holders == 1:
                post.shared_reason = reason


def amend(person: Person, match: Match, day: date, dictionaries: Dictionaries) -> list[Change]:
    """Apply a row to the person it was matched with; the fields that a person decided to keep stay as they are.

    Of who has left the scope of who sent the file, only what the row says of its time is.
    """
    stated = match.stated
    if match.left is not None:
        stated = stated.of_its_time()
        latest = max((post for post in person.posts if post.is_primary), key=lambda post: post.start_date, default=None)
        if latest and latest.is_in_force(day):  # it is the unit that has left: the post goes on under another
            stated = stated.without(["position"])
    if keep := match.decision.get("keep", ()):
        stated = stated.without(keep)
    takes_name = match.is_decided or TAKE_NAME in match.decision
    changes = Amendment(person, stated, day, dictionaries, takes_name=takes_name).apply()
    _share(person, match, dictionaries)
    return changes


def _planned_concurrent(match: Match, first: PlannedRow, day: date, dictionaries: Dictionaries) -> PlannedRow:
    if first.outcome == Outcome.CREATED and first.person is None:
        first.person = _new_person(first.match, day, dictionaries)
    if first.person is None:
        match.stated.find(
            WARNING, "first_row_open", "national_id",
            f"Chờ xử lý dòng {first.stated.row} của cùng người này.",
        )  # fmt: skip
        return PlannedRow(match, Outcome.REVIEW)
    changes = Amendment(first.person, match.stated, day, dictionaries).apply_concurrent()
    _share(first.person, match, dictionaries)
    return PlannedRow(match, Outcome.UPDATED if changes else Outcome.UNCHANGED, first.person, changes)


def _missing(registry: Registry, matches: list[Match], reach: Reach) -> list[Known]:
    """Who holds a post in the file's communes on the day and is in none of its rows, not even in one to be decided.

    Whose latest post the account at work may not write is not asked about: the end of a post is for others to say.
    """
    present: set[int] = set()
    for match in matches:
        present.update(match.resembles)
        if match.key is not None:
            present.add(match.key)
        if match.stated.is_rejected:
            # A rejected row is still a row about somebody.
            present |= registry.by_number.get(match.stated.identifier, set())
            present.update(registry.by_name.get(match.stated.folded_name, ()))
    absent = registry.in_communes - present
    if not reach.is_province:
        absent -= reach.left(absent)
    missing = [registry.people[key] for key in absent]
    return sorted(missing, key=lambda person: (person.name_order, person.id))


def _point_out_resemblances(matches: list[Match], missing: list[Known]) -> None:
    """A new person beside a missing one of the commune who may be the same: a corrected name, a corrected birth."""
    missing_of: dict[int | None, list[Known]] = defaultdict(list)
    for person in missing:
        missing_of[person.home].append(person)
    for match in matches:
        stated = match.stated
        if not match.is_accepted or match.key is not None or match.first or stated.unit is None or match.decision:
            continue
        for person in missing_of.get(stated.unit, ()):
            same_birth = stated.birth and stated.birth.precision == Precision.DAY and stated.birth == person.birth
            if same_birth or _alike(person.folded_name, stated.folded_name):
                stated.find(
                    INFO, "resembles_missing", "full_name",
                    f"Giống {person.full_name} (sinh {person.birth or 'không rõ'}) có trong hồ sơ của xã nhưng không "
                    "có trong danh sách: có thể là cùng một người.",
                )  # fmt: skip
                match.resembles = [*match.resembles, person.id]
                break


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    # The first two are upper bounds of the third, and cost next to nothing.
    return min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= ALIKE and matcher.ratio() >= ALIKE


def _zones(matches: list[Match], communes: set[int], day: date) -> dict[int, tuple[int, date | None]]:
    """The zones to set: where none is recorded on the day and the file's rows for the commune agree."""
    stated: dict[int, set[int]] = defaultdict(set)
    with_zone: list[tuple[Statement, int, int]] = []
    for match in matches:
        row = match.stated
        if row.zone is not None and row.unit and not row.is_rejected:
            with_zone.append((row, row.unit, row.zone))
            stated[row.unit].add(row.zone)
    if not stated:
        return {}
    recorded: dict[int, int] = {}
    later: dict[int, date] = {}
    for known in UnitZone.objects.filter(unit_id__in=stated).order_by("start_date"):
        if known.is_in_force(day):
            recorded[known.unit_id] = known.zone
        elif not known.has_begun(day):
            later.setdefault(known.unit_id, known.start_date)
    for row, unit, zone in with_zone:
        if len(stated[unit]) > 1:
            row.find(
                WARNING,
                "zones_disagree",
                "zone",
                "Các dòng của xã này ghi khu vực khác nhau nên không ghi khu vực nào.",
            )
        elif recorded.get(unit, zone) != zone:
            row.find(
                WARNING,
                "zone_differs",
                "zone",
                f"Xã này đang được ghi nhận là {Zone(recorded[unit]).in_words} nên không đổi.",
            )
    return {
        unit: (zones.pop(), later[unit] - timedelta(days=1) if unit in later else None)
        for unit, zones in stated.items()
        if len(zones) == 1 and unit not in recorded and unit in communes
    }
