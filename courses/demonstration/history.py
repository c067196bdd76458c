"""The classes of 2010–2015: which records they explain, and which turns came beside, up to the province's figures.

First the degrees and certificates that the people of the registry took in office are gathered into classes: everything
that decides a verdict, and what has a programme. Then come classes of further training that decide none, until key
positions and civil servants have had as many turns as the province reported.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from cadres.models import Position, PositionGroup
from courses.demonstration.people import FIRST_DAY, LAST_DAY, Held, People, Post, Record
from courses.demonstration.school import Course, School, friday_until, monday_from
from courses.models import Enrolment, Programme

YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)
# What the province reported of 2010–2015: more than 9,700 turns, among them more than 2,500 of further training of key
# positions and 3,800 of civil servants.
TURNS, KEY_TURNS, SERVANT_TURNS = 9_795, 2_505, 3_804
# Candidates for degrees, a few of whom find no class: more than 1,500 people at a university or college, more than
# 1,800 at TC, of a profession or of political theory.
DEGREES = {"DH": 1_530, "CD": 1_530, "TC": 1_836}
SHARE_BY_YEAR = (0.13, 0.15, 0.17, 0.18, 0.19, 0.18)
JUDGED = ("education", "professional", "political_theory", "it")  # the dimensions that the standards of 2015 ask for
SMALLEST, USUAL, LARGEST = 25, 42, 60
REPEATED_AFTER = timedelta(days=760)
AWAITING_CERTIFICATES = (date(2015, 11, 30), date(2015, 12, 18))  # the class whose certificates are not issued yet
DAYS_TRIED = 30
WEIGHT_OF_GENERAL = 1.3  # of a programme for everybody, beside one for the holders of one position


@dataclass(eq=False)
class Turn:
    """Somebody in a class. `record` is what the class explains, `raises` whether it brings a new record."""

    official: int
    state: str = Enrolment.State.COMPLETED
    record: Record | None = None
    raises: bool = False


@dataclass(eq=False)
class Run:
    """One class in the making. `issued` is the day of its certificates, None while there are none."""

    course: Course
    start: date
    end: date
    issued: date | None
    turns: list[Turn] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    @property
    def completed(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.state == Enrolment.State.COMPLETED]

    @property
    def district(self) -> int | None:
        """The district that nearly all its people are of, if there is one."""
        ((district, many),) = Counter(post.district for post in self.posts).most_common(1)
        return district if many >= 0.6 * len(self.posts) else None


def is_key(post: Post) -> bool:
    return post.subgroup == Position.Subgroup.KEY


def is_servant(post: Post) -> bool:
    return post.group == PositionGroup.CIVIL_SERVANT


def is_degree(record: Record) -> bool:
    return record.dimension == "professional" and record.level in DEGREES


def is_of_theory(record: Record) -> bool:
    """Trung cấp lý luận chính trị: whoever takes it is one of those at TC."""
    return record.dimension == "political_theory" and record.level == "TC"


class History:
    def __init__(self, random: Random, people: People, school: School) -> None:
        self.random = random
        self.people = people
        self.school = school
        self.runs: list[Run] = []
        self._done: dict[tuple[int, int], list[date]] = defaultdict(list)  # official, programme → ends of classes

    def build(self) -> list[Run]:
        """All classes that ended from 2010 to 2015, in order of their first day."""
        self._explain_degrees()
        # What made people compliant in 2015 goes first, so that no other class stands in its way.
        self._explain(
            lambda record, post: (
                record.dimension in JUDGED and not is_degree(record) and record.awarded.year == LAST_DAY.year
            )
        )
        self._hold_class_awaiting_certificates()
        self._explain(
            lambda record, post: (
                record.dimension not in ("education", "professional") and (is_key(post) or is_servant(post))
            )
        )
        for belongs, number in ((is_key, KEY_TURNS), (is_servant, SERVANT_TURNS)):
            self._add_turns(Programme.Kind.CERTIFICATE, belongs, number)
        self._add_others()
        self._add_those_who_did_not_complete()
        self.runs.sort(key=lambda run: (run.start, run.course.programme.code))
        return self.runs

    def count(self, kind: str, belongs: Callable[[Post], bool], year: int | None = None) -> int:
        """Completed turns of a kind by the holders of some posts, of all years or of one."""
        return sum(
            belongs(post) and turn.state == Enrolment.State.COMPLETED
            for run in self.runs
            if run.course.programme.kind == kind and year in (None, run.end.year)
            for turn, post in zip(run.turns, run.posts, strict=True)
        )

    # ------------------------------------------------------------ records explained

    def _explain_degrees(self) -> None:
        """As many as the province reported, the latest first; nobody takes two of a kind.

        Who takes TC in political theory takes none in a profession besides, unless a verdict of 2015 hangs on it.
        """
        seen: set[tuple[int, bool]] = set()
        theorists = {record.official for record in self.people.records if self._is_theory_to_explain(record)}
        chosen: Counter[bool] = Counter({True: len(theorists)})
        wanted = set()
        for record in sorted(self.people.records, key=lambda record: (-record.awarded.year, record.key)):
            if not is_degree(record) or not self._options(record):
                continue
            is_tc = record.level == "TC"
            if is_tc and record.official in theorists and record.awarded.year < LAST_DAY.year:
                continue
            if (record.official, is_tc) not in seen and chosen[is_tc] < DEGREES[record.level]:
                seen.add((record.official, is_tc))
                chosen[is_tc] += 1
                wanted.add(record.key)
        self._explain(lambda record, post: record.key in wanted)

    def _is_theory_to_explain(self, record: Record) -> bool:
        post = self.people.post_on(record.official, record.awarded)
        of_those = post is not None and (is_key(post) or is_servant(post))
        return of_those and is_of_theory(record) and bool(self._options(record))

    def _options(self, record: Record) -> list[Course]:
        """The programmes that can have led to the record of somebody in office."""
        post = self.people.post_on(record.official, record.awarded)
        options = self.school.leading_to(record, post) if post else []
        return options if options and self._begun_post(options[0], record) else []

    def _explain(self, wanted: Callable[[Record, Post], bool]) -> None:
        """Gather records into classes of one programme and year."""
        groups: dict[tuple[Course, int], list[Record]] = defaultdict(list)
        for record in self.people.records:
            post = self.people.post_on(record.official, record.awarded)
            if record.is_explained or post is None or not wanted(record, post):
                continue
            if options := self._options(record):
                groups[self._choice(options, record), record.awarded.year].append(record)
        self._merge_small(groups)
        for (course, _), records in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0].programme.code)):
            self._gather(course, records)

    def _begun_post(self, course: Course, record: Record) -> Post | None:
        """The post held when a class that led to the record must have begun."""
        return self.people.post_on(record.official, record.awarded - course.length - timedelta(days=21))

    def _choice(self, options: list[Course], record: Record) -> Course:
        same_field = [course for course in options if course.programme.field_of_study == record.field_of_study]
        return self.random.choice(same_field or options)

    def _merge_small(self, groups: dict[tuple[Course, int], list[Record]]) -> None:
        """Too few people for a class of their own join the largest of the same level and year."""
        for (course, year), records in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0].programme.code)):
            alike = [
                key for key in groups if key[1] == year and key[0].result == course.result and key[0] is not course
            ]
            if len(records) < SMALLEST * 0.8 and alike:
                largest = max(alike, key=lambda key: (len(groups[key]), key[0].programme.code))
                groups[largest] += groups.pop((course, year))

    def _gather(self, course: Course, records: list[Record]) -> None:
        """Hold as many classes as the people fill, neighbours together; who finds no room in one tries another."""
        records.sort(key=lambda record: (self._district(record), record.official, record.key))
        classes = max(1, round(len(records) / USUAL))
        held, left = [], []
        for number in range(classes):
            chunk = records[number * len(records) // classes : (number + 1) * len(records) // classes]
            run, rest = self._hold(course, chunk)
            left += rest
            if run:
                held.append(run)
        while left:
            left = [record for record in left if not any(self._joins(run, record) for run in held)]
            if not left or len(held) > 3 * classes + 3:
                break
            run, left = self._hold(course, left)
            if run is None:
                break
            held.append(run)
        self._dissolve_small(held)

    def _dissolve_small(self, held: list[Run]) -> None:
        """What is left over by twos and threes is no class, unless a verdict of 2015 hangs on it."""
        for run in held:
            decides = run.end.year == LAST_DAY.year and run.course.dimension in JUDGED
            if len(run.turns) < SMALLEST / 2 and not decides:
                self.runs.remove(run)
                for turn in run.turns:
                    assert turn.record is not None
                    turn.record.is_explained = False
                    self.people.release(turn.official, run.start, run.end, beside_work=run.course.beside_work)

    def _district(self, record: Record) -> int:
        post = self.people.post_on(record.official, record.awarded)
        assert post is not None
        return post.district

    def _hold(self, course: Course, records: list[Record]) -> tuple[Run | None, list[Record]]:
        """The class on whose days most of these people can be; returns it, and the others."""
        days = sorted({record.awarded for record in records})
        days = self.random.sample(days, min(len(days), DAYS_TRIED))
        days += [date(records[0].awarded.year, month, 20) for month in (3, 6, 9, 12)]
        best: tuple[int, Run | None, list[Record]] = (0, None, records)
        for day in days:
            run = self._run_before(course, day)
            if run is None:
                continue
            able = [record for record in records if self._is_able(run, record)][:LARGEST]
            if len(able) > best[0]:
                best = (len(able), run, able)
        _, run, able = best
        if run is None:
            return None, records
        for record in able:
            self._put(run, record.official, record=record)
        self.runs.append(run)
        taken = {record.key for record in able}
        return run, [record for record in records if record.key not in taken]

    def _run_before(self, course: Course, issued: date) -> Run | None:
        """A class whose certificates are issued on the day; None where it would have ended in another year."""
        end = friday_until(issued - timedelta(days=self.random.randint(3, 20)))
        start = monday_from(end - course.length)
        return Run(course, min(start, end), end, issued) if end.year == issued.year else None

    def _is_able(self, run: Run, record: Record) -> bool:
        """Whether the person can have been in the class, and the record may bear the day of its certificates."""
        issued = run.issued
        if issued is None or issued.year != record.awarded.year:
            return False
        for other in self.people.of_person[record.official]:
            is_near = other.dimension == record.dimension and other.awarded.year == issued.year
            if is_near and other is not record and (issued > other.awarded) != (record.rank > other.rank):
                return False
        return self._can_attend(run, record.official) and self.people.post_on(record.official, issued) is not None

    def _can_attend(self, run: Run, official: int) -> bool:
        return self.people.post_on(official, run.start) is not None and self.people.is_free(
            official, run.start, run.end, beside_work=run.course.beside_work
        )

    def _joins(self, run: Run, record: Record) -> bool:
        if len(run.turns) >= LARGEST or not self._is_able(run, record):
            return False
        self._put(run, record.official, record=record)
        return True

    def _put(
        self,
        run: Run,
        official: int,
        *,
        state: str = Enrolment.State.COMPLETED,
        record: Record | None = None,
        raises: bool = False,
    ) -> None:
        post = self.people.post_on(official, run.start)
        assert post is not None
        run.turns.append(Turn(official, state, record, raises))
        run.posts.append(post)
        self.people.take(official, run.start, run.end, beside_work=run.course.beside_work)
        self._done[official, run.course.programme.pk].append(run.end)
        if record is not None and run.issued is not None:
            record.is_explained, record.awarded = True, run.issued
        if raises and run.issued is not None:
            self.people.held[official, run.course.dimension].append(Held(run.issued, run.course.rank))

    # ------------------------------------------------------------ further training

    def _add_turns(self, kind: str, belongs: Callable[[Post], bool], number: int) -> None:
        """Classes for the holders of some posts until they have had so many turns of the kind, over all years."""
        missing = [
            max(number * share - self.count(kind, belongs, year), 0)
            for year, share in zip(YEARS, SHARE_BY_YEAR, strict=True)
        ]
        left = number - self.count(kind, belongs)
        for year, share in zip(YEARS, missing, strict=True):
            wanted = left if year == LAST_DAY.year else min(round(left * share / (sum(missing) or 1)), left)
            missing[year - YEARS.start] = 0
            left -= self._add_classes(kind, belongs, wanted, year)
        if left > 0:
            self._fill_up(kind, belongs, left)

    def _add_classes(self, kind: str, belongs: Callable[[Post], bool], wanted: int, year: int) -> int:
        """Classes of one year for so many people or a few less; returns how many."""
        added = 0
        for _ in range(200):
            size = min(self.random.randint(32, 50), wanted - added)
            if wanted - added - size < SMALLEST and wanted - added <= LARGEST:
                size = wanted - added
            if size < SMALLEST:
                break
            added += self._add_class(kind, belongs, size, year)
        return added

    def _add_class(self, kind: str, belongs: Callable[[Post], bool], size: int, year: int) -> int:
        course = self.random.choices(*self._offers(kind, belongs))[0]
        start = monday_from(date(year, self.random.choice((2, 3, 4, 5, 6, 7, 8, 9, 10)), self.random.randint(1, 28)))
        end = start + course.length
        run = Run(course, start, end, friday_until(end + timedelta(days=self.random.randint(7, 24))))
        able = self._able(run, belongs)
        if end.year != year or run.issued.year != year or len(able) < size:  # type: ignore[union-attr]
            return 0
        # Neighbours: one district after another, from anywhere.
        first = self.random.randrange(len(able))
        for official, raises in (able[first:] + able[:first])[:size]:
            self._put(run, official, raises=raises)
        self.runs.append(run)
        return size

    def _offers(self, kind: str, belongs: Callable[[Post], bool]) -> tuple[list[Course], list[float]]:
        """The programmes that decide no verdict, each with its weight."""
        positions = {post.position for posts in self.people.posts.values() for post in posts if belongs(post)}
        offers = [
            course
            for course in self.school.courses
            if course.programme.kind == kind
            and course.dimension not in JUDGED
            and (not course.positions or course.positions & positions)
        ]
        return offers, [min(len(course.positions & positions), 3) or WEIGHT_OF_GENERAL for course in offers]

    def _able(self, run: Run, belongs: Callable[[Post], bool]) -> list[tuple[int, bool]]:
        """Whom the class can take: (official, whether it brings a new record), by district."""
        able = []
        for official in self.people.posts:
            post = self.people.post_on(official, run.start)
            if post is None or not belongs(post) or not run.course.takes(post):
                continue
            if any(abs(end - run.end) < REPEATED_AFTER for end in self._done[official, run.course.programme.pk]):
                continue
            if not self._can_attend(run, official) or self.people.post_on(official, run.end) is None:
                continue
            raises = self._raises(run, official)
            if raises is not None:
                able.append((post.district, official, raises))
        return [(official, raises) for _, official, raises in sorted(able)]

    def _raises(self, run: Run, official: int) -> bool | None:
        """Whether the class brings the person a new record; None where he has no use for it."""
        course = run.course
        if not course.dimension:
            return False
        if self.people.reaches_later(official, course.dimension, course.rank, run.start):
            return None
        rank = self.people.rank_on(official, course.dimension, run.start)
        if rank is None or rank < course.rank:
            return run.issued is not None
        return False if course.positions else None  # further training for one's own post is taken again

    def _fill_up(self, kind: str, belongs: Callable[[Post], bool], number: int) -> None:
        """So many people more, in classes that have room."""
        for run in reversed(self.runs):
            if run.course.programme.kind != kind or run.course.dimension in JUDGED or run.issued is None:
                continue
            for official, raises in self._able(run, belongs)[: min(number, LARGEST - len(run.turns))]:
                self._put(run, official, raises=raises)
                number -= 1
            if number <= 0:
                return

    def _hold_class_awaiting_certificates(self) -> None:
        """A class that ended days ago: its certificates will make people compliant once they are issued."""
        course = next(course for course in self.school.courses if course.result == "it:A")
        run = Run(course, *AWAITING_CERTIFICATES, issued=None)
        able = []
        for official in self.people.posts:
            post = self.people.post_on(official, run.start)
            lacks_it = self.people.rank_on(official, "it", LAST_DAY) == 0 and self.people.post_on(official, LAST_DAY)
            if post and is_servant(post) and lacks_it and self._can_attend(run, official):
                able.append((post.district, official))
        first = self.random.randrange(max(len(able) - 32, 1))
        for _, official in sorted(able)[first : first + 32]:
            self._put(run, official)
        self.runs.append(run)

    def _add_others(self) -> None:
        """Workshops, and further training of the mass organisations, up to the number of all turns."""
        left = TURNS - sum(len(run.completed) for run in self.runs)
        for kind, belongs in (
            (Programme.Kind.WORKSHOP, lambda post: is_key(post) or is_servant(post)),
            (Programme.Kind.CERTIFICATE, lambda post: post.subgroup == Position.Subgroup.MASS),
        ) * 2:
            for _ in range(20):
                if left < SMALLEST:
                    return
                size = left if left <= LARGEST * 0.8 else left // 2
                added = self._add_class(kind, belongs, min(size, USUAL), self.random.choice(YEARS))
                left -= added
                if added:
                    break

    def _add_those_who_did_not_complete(self) -> None:
        """One or two in most classes failed, stayed away or left."""
        states = (Enrolment.State.FAILED, Enrolment.State.ABSENT, Enrolment.State.WITHDRAWN)
        officials = sorted(self.people.posts)
        for run in self.runs:
            districts = {post.district for post in run.posts}
            wanted = self.random.choices((0, 1, 2, 3), (35, 35, 20, 10))[0]
            for official in self.random.sample(officials, 120):
                if not wanted:
                    break
                post = self.people.post_on(official, run.start)
                if not post or post.district not in districts or not run.course.takes(post):
                    continue
                if len(run.turns) >= LARGEST:
                    break
                if self._done[official, run.course.programme.pk] or not self._can_attend(run, official):
                    continue
                self._put(run, official, state=self.random.choices(states, (4, 2, 3))[0])
                wanted -= 1
