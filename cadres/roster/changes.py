"""What a statement of a roster changes about a person: fields filled, posts opened and ended, levels added.

The person is held in memory as the rows of the registry; a change alters those rows, and `written` compares them with
what was loaded. Nothing here reads or writes the database, so the rules can be read and tested by themselves.

What an import promises: a blank never removes, a post starts on its appointment date where that is known to the day,
rosters come in any order, a lower level is not written.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cadres.models import Appointment, OfficialIdentifier, Qualification
from cadres.periods import UNKNOWN_START, PartialDate, Precision, covers, effective_from, row_on
from cadres.registry.rows import Identifier, Person, Post, Record, columns_of
from cadres.roster.columns import DATES, DEGREES, TEXTS
from cadres.roster.dictionaries import Dictionaries, LevelEntry
from cadres.roster.statements import WARNING, Statement, from_iso
from cadres.text import fold, match_key, sort_key

ONE_DAY = timedelta(days=1)
FOREVER = date(9999, 12, 31)
NAME_SPELT_OTHERWISE = "name_spelt_otherwise"  # the issue of a row whose spelling of the name waits to be accepted
LEVEL, START, END, FIELD_KEY, STUDY_MODE = map(
    columns_of(Record).index, ("level_id", "start_date", "end_date", "field_key", "study_mode")
)
FINENESS = {Precision.YEAR: 0, Precision.MONTH: 1, Precision.DAY: 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as people read it."""

    field: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        return {"field": self.field, "before": self.before, "after": self.after}


class Amendment:
    """Applies one statement to one person on the roster's day and keeps what changed."""

    def __init__(
        self,
        person: Person,
        stated: Statement,
        day: date,
        dictionaries: Dictionaries,
        *,
        takes_name: bool = False,
    ) -> None:
        """`takes_name`: a person has said that the row spells the name right."""
        self.person = person
        self.is_new = not person.facts.full_name  # nothing is shown as changed of who was not there
        self.takes_name = takes_name
        self.stated = stated
        self.day = day
        self.dictionaries = dictionaries
        self.changes: list[Change] = []

    def apply(self) -> list[Change]:
        self._name()
        self._partial_date("birth_date", "birth_precision", self.stated.birth, "birth_date")
        self._plain("sex", self.stated.sex, "sex", {"M": "Nam", "F": "Nữ"}.get)
        group = self.dictionaries.ethnic_groups.get(self.stated.ethnic_group)
        key = group.pk if group else None
        self._plain("ethnic_group_id", key, "ethnic_group", self.dictionaries.groups_by_key.get)
        facts = self.stated.facts
        for column in TEXTS:
            self._plain(column.field, facts.get(column.field), column.field)
        self._party()
        for column in DATES:
            self._partial_date(column.field, column.precision, facts.get(column.field), column.field)
        self._identifier()
        self._posts()
        self._levels()
        return self.changes

    def apply_concurrent(self) -> list[Change]:
        """A second row of the same person: its posts are concurrent, nothing else of it is looked at."""
        for code in self.stated.positions:
            self._concurrent_post(self.dictionaries.positions[code].pk, self._start())
        return self.changes

    # facts

    def _changed(self, name: str, before: Any, after: Any) -> None:
        if self.is_new:
            return
        self.changes.append(Change(name, str(before or ""), str(after or "")))

    def _name(self) -> None:
        facts, name = self.person.facts, self.stated.full_name
        if not facts.full_name:
            facts.full_name, facts.folded_name, facts.name_order = name, self.stated.folded_name, sort_key(name)
            return
        if name in ("", facts.full_name):
            return
        if fold(name) == facts.folded_name:
            name = respelt(facts.full_name, name)
            if name == facts.full_name:
                return
        if not self.takes_name:
            # Marks, capitals, a middle name more or less: who has the number may be sure, how the name is spelt is not.
            self.stated.find(
                WARNING, NAME_SPELT_OTHERWISE, "full_name",
                f"Hồ sơ ghi “{facts.full_name}”, danh sách ghi “{name}”; hồ sơ chỉ được sửa khi chấp nhận cách ghi "
                "này.",
            )  # fmt: skip
            return
        self._changed("full_name", facts.full_name, name)
        facts.full_name, facts.folded_name, facts.name_order = name, fold(name), sort_key(name)

    def _plain(self, column: str, value: Any, name: str, label: Any = lambda value: value) -> None:
        held = getattr(self.person.facts, column)
        if value in ("", None) or value == held:
            return
        self._changed(name, label(held) if held else "", label(value))
        setattr(self.person.facts, column, value)

    def _partial_date(self, column: str, precision: str, value: PartialDate | None, name: str) -> None:
        if value is None:
            return
        facts = self.person.facts
        held = PartialDate.of(getattr(facts, column), getattr(facts, precision))
        if not self._may_replace(held, value, name):
            return
        self._changed(name, held, value)
        setattr(facts, column, value.first_day)
        setattr(facts, precision, str(value.precision))

    def _may_replace(self, held: PartialDate | None, value: PartialDate, name: str) -> bool:
        """Whether a date stated is written over the one held; a coarser one that contradicts it is only told."""
        if not _says_more(held, value):
            return False
        if held is None or _fineness(value) >= _fineness(held):
            return True
        self.stated.find(
            WARNING, "not_written", name,
            f"Hồ sơ ghi {held}, danh sách chỉ ghi {value} nên không đổi. Hãy sửa trong hồ sơ nếu cần.",
        )  # fmt: skip
        return False

    def _party(self) -> None:
        facts, stated = self.person.facts, self.stated
        if stated.is_party_member is None or (facts.is_party_member and stated.is_party_member is False):
            if stated.is_party_member is False:
                stated.add(
                    WARNING, "not_written", "party_joined_on",
                    "Hồ sơ ghi là đảng viên nên không đổi thành không phải đảng viên. Hãy sửa trong hồ sơ nếu cần.",
                )  # fmt: skip
            return
        if stated.is_party_member != facts.is_party_member and stated.party_joined is None:
            self._changed("party_joined_on", "", "x" if stated.is_party_member else "Không")
        facts.is_party_member = stated.is_party_member
        self._partial_date("party_joined_on", "party_joined_precision", stated.party_joined, "party_joined_on")

    # identifiers

    def _identifier(self) -> None:
        number = self.stated.identifier
        identifiers = self.person.identifiers
        if not number or number in {known.number for known in identifiers}:
            return
        kind = OfficialIdentifier.Kind.CMND if len(number) == 9 else OfficialIdentifier.Kind.CCCD
        new = Identifier(None, kind, number)
        for known in identifiers:
            attested = known.start_date
            if attested == UNKNOWN_START:
                attested = self.person.identifier_days.get(known.number, UNKNOWN_START)
            if known.end_date is not None and known.has_ended(self.day):
                new.start_date = max(new.start_date, known.end_date + ONE_DAY)
            elif attested > self.day:
                # Rosters come in any order: this number was in use before the one that a later roster attests.
                known.start_date = max(known.start_date, attested)
                new.end_date = min(new.end_date or FOREVER, attested - ONE_DAY)
            elif kind == OfficialIdentifier.Kind.CCCD and known.kind == OfficialIdentifier.Kind.CMND:
                known.end_date = self.day - ONE_DAY
                new.start_date = self.day
            else:
                self.stated.find(
                    WARNING, "not_written", "national_id",
                    "Hồ sơ đã có số định danh khác đang dùng nên số này không được ghi. Hãy sửa trong hồ sơ nếu cần.",
                )  # fmt: skip
                return
        before = next((known.number for known in identifiers if known.end_date == self.day - ONE_DAY), "")
        identifiers.append(new)
        self._changed("national_id", before, number)

    # posts

    def _start(self) -> date:
        """The appointment date where known to the day and not after the roster's day, else that day."""
        appointed = self.stated.appointed
        if appointed and appointed.precision == Precision.DAY and appointed.first_day <= self.day:
            return appointed.first_day
        return self.day

    def _posts(self) -> None:
        unit = self.stated.unit
        if unit is None or not self.stated.positions:
            return
        primary, *others = (self.dictionaries.positions[code].pk for code in self.stated.positions)
        posts = sorted((post for post in self.person.posts if post.is_primary), key=lambda post: post.start_date)
        current = row_on(posts, self.day)
        following = next((post for post in posts if not post.has_begun(self.day)), None)
        ended = [post.end_date for post in posts if post.end_date and post.has_ended(self.day)]
        # The first day free of earlier primary posts.
        free_from = max(ended, default=date.min) + ONE_DAY if ended else date.min
        start = self._start() if self._start() >= free_from else self.day
        if current is not None and current.is_at(primary, unit):
            self._confirm(current, min(start, current.start_date))
        elif current is not None:
            start = self._replace(current, following, primary, unit)
        elif following is not None and following.is_at(primary, unit):
            self._move_back(following, start)
            if following.stated_start is None:
                self._state(following)
        else:
            self._open(primary, unit, start, following.start_date - ONE_DAY if following else None)
            if posts:
                self._changed("position", "", self._post_text(primary, unit))
        for position in others:
            self._concurrent_post(position, start)

    def _confirm(self, post: Post, start: date) -> None:
        held = PartialDate.of(post.stated_start, post.stated_start_precision)
        appointed = self.stated.appointed
        if held is None and appointed == PartialDate(post.start_date):
            appointed = None  # a post entered by hand begins on the date that an export states
        if held is not None and self.person.later_rosters is not None:
            appointed = None  # what a later roster said about the post is not taken back by an earlier one
        if appointed and self._may_replace(held, appointed, "appointed_on"):
            self._changed("appointed_on", held, appointed)
            self._state(post)
            post.start_date = self._free_start(post, start)
        if self.stated.term and post.term != self.stated.term:
            self._changed("term", post.term, self.stated.term)
            post.term = self.stated.term

    def _replace(self, current: Post, following: Post | None, primary: int, unit: int) -> date:
        """Another post than the one in force: that one ends the day before. Returns the new post's start."""
        start = self._start()
        if not current.begins_before(start):
            start = self.day
        self._changed("position", self._post_text(current.position_id, current.unit_id), self._post_text(primary, unit))
        if not current.begins_before(start):
            self._correct(current, primary, unit)
            return start
        old_end, old_reason = current.end_date, current.end_reason
        later = self.person.later_rosters
        again = None
        self._end(current, start - ONE_DAY)
        if following is not None and following.is_at(primary, unit) and following.start_date - ONE_DAY == old_end:
            following.start_date = self._free_start(following, start)
        elif later is not None and (old_end is None or later <= old_end):
            # A later roster has attested the old post again: it goes on from that day.
            again = replace(current, id=None, start_date=later, end_date=old_end, end_reason=old_reason)
            self._open(primary, unit, start, later - ONE_DAY)
            self.person.posts.append(again)
        else:
            self._open(primary, unit, start, old_end, reason=old_reason)
        if current.unit_id != unit and again is None:
            for post in self.person.posts:
                left_behind = not post.is_primary and post.unit_id == current.unit_id
                if left_behind and post.is_in_force(start) and post.begins_before(start):
                    self._end(post, start - ONE_DAY)
        return start

    def _correct(self, current: Post, primary: int, unit: int) -> None:
        """Another roster of the same day opened the post: that statement is corrected, not succeeded."""
        held = row_on((post for post in self.person.posts if post.is_at(primary, unit)), self.day)
        if held is not None:
            current.is_primary, held.is_primary = False, True
            current = held
        else:
            current.position_id, current.unit_id = primary, unit
        self._state(current)

    def _free_start(self, post: Post, start: date) -> date:
        """The start wished for, but after every earlier row of the same post."""
        ends = [
            other.end_date
            for other in self.person.posts
            if other is not post
            and other.is_at(post.position_id, post.unit_id)
            and other.end_date is not None
            and other.has_ended(post.start_date)
        ]
        return max([start, *(end + ONE_DAY for end in ends)])

    def _move_back(self, post: Post, start: date) -> None:
        before, post.start_date = post.start_date, self._free_start(post, start)
        self._changed("appointed_on", _day_text(before), _day_text(post.start_date))

    def _open(
        self, position: int, unit: int, start: date, end: date | None, *, reason: str = "", is_primary: bool = True
    ) -> None:
        for post in self.person.posts:
            same = post.is_at(position, unit) and not post.is_primary
            if same and is_primary and post.shares_a_day(start, end):
                if post.begins_before(start):
                    self._end(post, start - ONE_DAY)
                else:  # held as a concurrent post from this day on: it becomes the primary one
                    post.is_primary, post.start_date, post.end_date = True, start, end
                    self._state(post)
                    return
        post = Post(None, position, unit, start, is_primary, end, end_reason=reason, term=self.stated.term)
        self._state(post)
        self.person.posts.append(post)

    def _end(self, post: Post, day: date) -> None:
        post.end_date, post.end_reason = day, Appointment.EndReason.TRANSFERRED

    def _state(self, post: Post) -> None:
        """Keep the appointment date as stated, beside the computed start."""
        if self.stated.appointed:
            post.stated_start = self.stated.appointed.first_day
            post.stated_start_precision = str(self.stated.appointed.precision)

    def _concurrent_post(self, position: int, start: date) -> None:
        unit = self.stated.unit
        if unit is None:
            return
        same = sorted(
            (post for post in self.person.posts if post.is_at(position, unit)), key=lambda post: post.start_date
        )
        if row_on(same, self.day):
            return
        if any(post.shares_a_day(start, self.day) for post in same):
            start = self.day
        following = next((post for post in same if not post.has_begun(self.day)), None)
        self._changed("position", "", f"kiêm {self._post_text(position, unit)}")
        if following is not None and not following.is_primary:
            following.start_date = start
        else:
            end = following.start_date - ONE_DAY if following else None
            self._open(position, unit, start, end, is_primary=False)

    def _post_text(self, position: int, unit: int) -> str:
        title = self.dictionaries.titles_by_key[position]
        version = self.dictionaries.unit_on(unit, self.day)
        return f"{title}, {version.name}" if version else title

    # qualifications

    def _levels(self) -> None:
        open_levels = self._levels_not_held()
        if not open_levels and not self.stated.further:
            return
        names = self.dictionaries.levels_by_key
        by_dimension: dict[str, list[Record]] = defaultdict(list)
        for record in self.person.records:
            by_dimension[names[record.level_id].dimension].append(record)
        refused: set[str] = set()
        for dimension, code in sorted(open_levels.items()):  # the database keeps no order of keys
            entry = self.dictionaries.levels[dimension, code]
            field_of_study = self.stated.field_of_study if dimension == DEGREES else ""
            study_mode = self.stated.study_mode if dimension == DEGREES else ""
            of_dimension = by_dimension.get(dimension)
            if of_dimension is None:
                self._changed(dimension, "", entry.name)
                self._add_record(entry.pk, field_of_study, study_mode)
                continue
            held = [record for record in of_dimension if record.is_in_force(self.day)]
            rank = max((names[record.level_id].rank for record in held), default=-1)
            if entry.rank < rank:
                best = next(names[record.level_id].name for record in held if names[record.level_id].rank == rank)
                self.stated.find(
                    WARNING, "lower_level", dimension,
                    f"Hồ sơ đã có mức cao hơn ({best}) nên mức “{entry.name}” không được ghi.",
                )  # fmt: skip
                refused.add(dimension)
                continue
            if entry.rank == rank:
                same = [record for record in held if record.level_id == entry.pk]
                self._same_level(same, entry.pk, entry.name, field_of_study, study_mode)
                continue
            later = [
                record
                for record in of_dimension
                if record.level_id == entry.pk
                and not record.has_begun(self.day)
                and record.awarded_on is None
                and record.origin == Qualification.Origin.ROSTER
                and (not field_of_study or not record.field_key or record.field_key == match_key(field_of_study))
            ]
            before = next((names[record.level_id].name for record in held if names[record.level_id].rank == rank), "")
            self._changed(dimension, before, entry.name)
            if later:  # a later roster brought it: an earlier one moves its beginning back
                min(later, key=lambda record: record.start_date).start_date = self.day
            else:
                self._add_record(entry.pk, field_of_study, study_mode)
        for dimension, code, *details in self.stated.further:
            if dimension not in refused:
                self._further_record(self.dictionaries.levels[dimension, code], *details)

    def _further_record(self, entry: LevelEntry, field_of_study: str, study_mode: str, awarded: str) -> None:
        """A record beside the highest of its dimension, or what a cell says more of that one: the year of award."""
        same = [record for record in self.person.records if record.level_id == entry.pk]
        key = match_key(field_of_study) if field_of_study else ""
        record = next((record for record in same if record.field_key == key), None)
        record = record or next((record for record in same if not record.field_key or not key), None)
        if record is None:
            self._changed(entry.dimension, "", f"{entry.name} {field_of_study}".strip())
            record = self._add_record(entry.pk, field_of_study, study_mode)
        elif key and not record.field_key:
            self._changed("field_of_study", "", field_of_study)
            record.field_of_study, record.field_key = field_of_study, key
        if study_mode and not record.study_mode:
            self._changed("study_mode", "", study_mode)
            record.study_mode = study_mode
        day = from_iso(awarded) if awarded else None
        held = PartialDate.of(record.awarded_on, record.awarded_precision)
        if day and _says_more(held, day) and not (held and held.contradicts(day)):
            self._changed("awarded_on", held, day)
            record.awarded_on, record.awarded_precision = day.first_day, str(day.precision)
            record.start_date = min(record.start_date, effective_from(day, self.day))
        elif not record.has_begun(self.day) and record.awarded_on is None:
            record.start_date = self.day  # a later roster brought it

    def _levels_not_held(self) -> dict[str, str]:
        """The levels stated but those that a stored record holds on the day, higher than which none is held: nothing
        comes of those, and most of a roster are.
        """
        stated, stored = self.stated, self.person.stored_records
        if not stored:
            return stated.levels
        names = self.dictionaries.levels_by_key
        best: dict[str, int] = {}
        held = set()
        for row in stored:
            if covers(row[START], row[END], self.day):
                level = names[row[LEVEL]]
                best[level.dimension] = max(level.rank, best.get(level.dimension, -1))
                said = (row[FIELD_KEY], row[STUDY_MODE]) if level.dimension == DEGREES else None
                held.add((row[LEVEL], said))
        degree = (match_key(stated.field_of_study) if stated.field_of_study else "", stated.study_mode)
        return {
            dimension: code
            for dimension, code in stated.levels.items()
            if (entry := self.dictionaries.levels[dimension, code]).rank != best.get(dimension)
            or (entry.pk, degree if dimension == DEGREES else None) not in held
        }

    def _same_level(self, same: list[Record], level: int, name: str, field_of_study: str, study_mode: str) -> None:
        """The level is held already: only a field or mode of study may be new."""
        key = match_key(field_of_study) if field_of_study else ""
        record = next((record for record in same if record.field_key == key), None)
        if record is None and key:
            record = next((record for record in same if not record.field_key), None)
            if record is None:  # a second degree of the same level
                self._changed(DEGREES, "", f"{name} {field_of_study}")
                self._add_record(level, field_of_study, study_mode)
                return
            self._changed("field_of_study", "", field_of_study)
            record.field_of_study, record.field_key = field_of_study, key
        record = record or same[0]
        if study_mode and not record.study_mode:
            self._changed("study_mode", "", study_mode)
            record.study_mode = study_mode
        elif study_mode and match_key(record.study_mode) != match_key(study_mode):
            self.stated.find(
                WARNING, "not_written", "study_mode",
                f"Hồ sơ ghi hình thức đào tạo “{record.study_mode}” nên không đổi. Hãy sửa trong hồ sơ nếu cần.",
            )  # fmt: skip

    def _add_record(self, level: int, field_of_study: str, study_mode: str) -> Record:
        record = Record(None, level, self.day, study_mode=study_mode)
        if field_of_study:
            record.field_of_study, record.field_key = field_of_study, match_key(field_of_study)
        self.person.records.append(record)
        return record


def _says_more(held: PartialDate | None, stated: PartialDate) -> bool:
    """Whether a stated date is new: nothing held, a contradiction, or the same to a finer precision."""
    if held == stated:
        return False
    if held is None or held.contradicts(stated):
        return True
    return _fineness(stated) > _fineness(held)


def _fineness(stated: PartialDate) -> int:
    return FINENESS[Precision(stated.precision)]


def respelt(held: str, name: str) -> str:
    """What a name of the registry becomes if a file's spelling of it is right: one that differs in marks or capitals.

    A file written in capitals tells nothing of capitals, and the place of a tone mark (hoà, hòa) means nothing: what
    does not differ otherwise is the name held.

    >>> respelt("Lý Thị Liên", "LÝ THỊ LIỄN")
    'Lý Thị Liễn'
    """
    if name.isupper() and not held.isupper():
        name = name.title()
        if _letters(name) == _letters(held):
            return held
    is_placed_otherwise = _letters(name) == _letters(held) and name.lower() != held.lower()
    return held if is_placed_otherwise else name


def _letters(name: str) -> str:
    """A name without capitals, and without the place of a tone mark."""
    return "".join(sorted(sort_key(name)))


def _day_text(day: date) -> str:
    return str(PartialDate(day))
