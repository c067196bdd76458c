"""The rate at year-ends to come, step by step and by name.

The verdict of such a day is the one of all days (cadres.evaluation): the rules, posts, units, zones and waivers that
are on record for it, with the records supposed that people are to have by then (reports.forecast.expected). Who is past
the day of retirement is out of the total; nobody is guessed to follow. So that every person counts in one step at a
time, the steps from one year-end to the next are taken in one order, and add up.

How many of those who study will pass is known of former years only. Beside the rate if all of them do stands the one
that is to be expected, and the band of the worst and the best of those years: who becomes compliant by several records
has to pass as often, each time with that share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextChoices

from cadres.evaluation import LevelSets, Rulebook, Supposed, Verdict, counted_dimensions, judged
from cadres.kept_plans import planned_for_the_day, planned_once
from cadres.models import Appointment, Criterion, RetirementAge
from cadres.rate import Rate, percent_of, rate_of
from cadres.retirement import rungs_to, with_retirement_day
from cadres.turning import concerned
from courses.needs.computed import closing_programmes
from reports.forecast.expected import Expected, Plan, Source, of_classes, of_plans
from reports.forecast.passing import PassHistory, pass_history

MOST_YEARS = 10


class Step(TextChoices):
    """Why the rate is another one at the next year-end, in the order in which the steps are taken."""

    RETIRED = "retired", "Nghỉ hưu"
    TERM = "term_over", "Hết nhiệm kỳ, coi như thôi giữ chức danh"
    LEFT = "left", "Chức danh kết thúc theo hồ sơ, đơn vị hoặc chức danh hết hiệu lực"
    CAME = "came", "Chức danh bắt đầu theo hồ sơ"
    POST = "post", "Đổi chức danh theo hồ sơ"
    RULES = "rules", "Yêu cầu khác: văn bản tiêu chuẩn, khu vực"
    RECORDS = "records", "Văn bằng, miễn áp dụng đã ghi cho ngày sau"
    STUDY = "study", "Xong lớp đang học, đã cử học"
    PLAN = "plan", "Xong lớp theo kế hoạch, có tên hoặc đã đăng ký"
    SEATS = "seats", "Chỗ của kế hoạch chưa có tên, nếu dành cho người đang thiếu"


# The steps of what is expected, in the order in which they are taken.
STEPS = {Source.CLASS: Step.STUDY, Source.PLAN: Step.PLAN, Source.SEAT: Step.SEATS}


class Notice(TextChoices):
    """What does not move the rate and has to be known."""

    TRANSITION = "transition", "Hết thời gian chuyển tiếp mà vẫn chưa đạt"
    TERM = "term", "Hết nhiệm kỳ"


class Move(NamedTuple):
    """A person whose verdict is another one by a step, or who comes or goes; None: in no total."""

    official: int
    before: Verdict | None
    after: Verdict | None
    of: str = ""  # the class or plan that it comes from, the day of retirement


@dataclass(frozen=True)
class Taken:
    """A step that was taken: whom it moved, and the rate after it."""

    step: Step
    moves: Sequence[Move]
    after: Rate

    @property
    def compliant(self) -> int:
        """How many compliant people more (less) there are after it."""
        return sum((move.after == Verdict.COMPLIANT) - (move.before == Verdict.COMPLIANT) for move in self.moves)

    @property
    def total(self) -> int:
        """How many people more (less) are in the total after it."""
        return sum((move.after is not None) - (move.before is not None) for move in self.moves)


@dataclass(frozen=True)
class Earned:
    """Somebody compliant only if so many classes are passed; `without` them the verdict would be another one."""

    official: int
    without: Verdict
    classes: int
    of: str


@dataclass(frozen=True)
class YearEnd:
    """A year-end: the steps since the one before (or the day looked at), what it comes to if all who study pass, and
    who has to pass for that. `posts`: official → the post then, by which units are told apart."""

    day: date
    before: Rate
    steps: Sequence[Taken]
    rate: Rate
    earned: Sequence[Earned]
    notices: dict[Notice, Sequence[Move]]
    posts: dict[int, "Post"]

    def expected_by(self, column: str, share: Fraction) -> dict[Any, tuple[Fraction, int]]:
        """What that column of a post says → how many compliant people are to be expected there where that share of
        those who study pass (1: all of them), of how many."""
        totals: Counter[Any] = Counter()
        compliant: dict[Any, Fraction] = defaultdict(Fraction)
        for (group, verdict), people in Counter(map(attrgetter(column, "verdict"), self.posts.values())).items():
            if verdict:
                totals[group] += people
                compliant[group] += people * (verdict == Verdict.COMPLIANT)
        to_pass = Counter((getattr(self.posts[one.official], column), one.classes) for one in self.earned)
        for (group, number), people in to_pass.items():
            compliant[group] -= people * (1 - share**number)
        return {group: (compliant[group], total) for group, total in totals.items()}

    def expected(self, share: Fraction) -> Fraction:
        """How many compliant people there are to be expected where that share of those who study pass."""
        alike = Counter(one.classes for one in self.earned)
        return self.rate.compliant - sum((people * (1 - share**number) for number, people in alike.items()), Fraction())

    def percent(self, share: Fraction) -> Decimal | None:
        """The rate to be expected, rounded half up to one decimal."""
        return percent_of(self.expected(share), self.rate.total)

    def taken(self, step: Step) -> Taken:
        """The step; one that was not looked at moves nobody."""
        return next((one for one in self.steps if one.step == step), Taken(step, (), self.rate))


@dataclass(frozen=True)
class Forecast:
    """The rate on the day looked at and at the year-ends after it.

    `overdue`: past retirement on that day, still in the post on record, so that they leave with the first year-end;
    `undated`: of whom the day is not known, for want of birth or sex.
    """

    day: date
    now: Rate
    posts: dict[int, "Post"]
    years: Sequence[YearEnd]
    history: PassHistory
    plan: Plan
    overdue: int
    undated: int

    @property
    def share(self) -> Fraction:
        """Which share of those who study is taken to pass: that of the years looked at; 1 where they do not tell."""
        return self.history.middle if self.history.is_enough else Fraction(1)


class Post(NamedTuple):
    """What of a judged post the steps ask; made of every person on every day, so a tuple, which is made quickest."""

    verdict: Verdict | None
    is_in_transition: bool
    position: int
    unit: int
    district: int | None
    asked: frozenset[int]  # levels
    lacking: int  # counted dimensions that are neither met nor exempt
    retires_on: date | None
    term: str


Posts = dict[int, Post]
VERDICTS: dict[str | None, Verdict | None] = {None: None, **{verdict.value: verdict for verdict in Verdict}}


@dataclass(frozen=True)
class Choices:
    """What is supposed beside what is known.

    `with_drafts`: plans in the making, and registrations that are not accepted yet, count. `terms_end`: whose term ends
    after the day leaves with the end of its last year, as if nobody were elected again. `fills_seats`: seats of a plan
    that nobody is named for go to those who lack what they give; those at the province only where everybody is seen who
    could take one (`sees_all`).
    """

    with_drafts: bool = False
    terms_end: bool = False
    fills_seats: bool = False
    sees_all: bool = True


def year_ends_after(day: date, years: int) -> list[date]:
    """The ends of so many years, the first being the next one after the day."""
    first = day.year + ((day.month, day.day) == (12, 31))
    return [date(year, 12, 31) for year in range(first, first + years)]


def forecast(
    day: date,
    years: int,
    *,
    criterion: Criterion,
    appointments: Callable[[date], QuerySet[Appointment]] | None = None,
    rulebook: Rulebook | None = None,
    choices: "Choices | None" = None,
) -> Forecast:
    """What the rate is to be at so many year-ends after the day, by what is on record.

    `appointments` gives those in scope on a day; without it everybody is.
    At most five queries a year-end, and none for one that changes nobody, whatever the number of people. Raises
    ValueError for years that are not 1 to 10.
    """
    if not 1 <= years <= MOST_YEARS:
        raise ValueError(f"Dự báo được từ 1 đến {MOST_YEARS} năm, không phải {years}.")
    ends = year_ends_after(day, years)
    reading = _Reading(
        criterion,
        rulebook or Rulebook.load(),
        appointments,
        rungs_to(ends[-1]),
        (day, *ends),
    )
    choices, studying = choices or Choices(), of_classes(day)
    plan = of_plans(
        day,
        [end.year for end in ends],
        studying,
        with_drafts=choices.with_drafts,
        closing=closing_programmes(day, criterion=criterion, rulebook=reading.rulebook)
        if choices.fills_seats
        else None,
        shares_province=choices.sees_all,
    )
    known = now = reading.posts_on_record(day)
    since, found = day, []
    terms_after = day if choices.terms_end else None
    for end in ends:
        year = _year(reading, since, end, known=known, terms_after=terms_after, expected=[*studying, *plan.records])
        found.append(year)
        since, known = end, year.posts
    return Forecast(
        day=day,
        now=_rate(_kinds(now.values())),
        posts=now,
        years=found,
        history=pass_history(day),
        plan=plan,
        overdue=sum(bool(post.verdict and post.retires_on and post.retires_on < day) for post in now.values()),
        undated=sum(bool(post.verdict and post.retires_on is None) for post in now.values()),
    )


def _year(
    reading: "_Reading",
    since: date,
    end: date,
    *,
    known: Posts,
    terms_after: date | None,
    expected: Sequence[Expected],
) -> YearEnd:
    """One year-end from the one before. `terms_after`: whose term ends after that day has left, too (None: goes on)."""
    before = [one for one in expected if one.from_day <= since]
    of_year = [one for one in expected if since < one.from_day <= end]
    new = {source: [one for one in of_year if one.source == source] for source in STEPS}
    alone = reading.posts_on_record(end)
    had, *having = reading.posts_with(end, [before, *new.values()])
    on_record = alone | had
    gone = {key for key, last_day in reading.retires.items() if last_day and last_day < end}
    steps, posts, kinds = [], dict(known), _kinds(known.values())
    rate_before = _rate(kinds)

    def take(step: Step, after: dict[int, Post | None], of: dict[int, str] | None = None) -> None:
        """The posts after the step, of whom it moves."""
        moves = []
        kinds.subtract(_kinds(posts[key] for key in after if key in posts))
        kinds.update(_kinds(filter(None, after.values())))
        for key, post in after.items():
            was, verdict = posts.get(key), post.verdict if post else None
            if (was.verdict if was else None) != verdict:
                moves.append(Move(key, was.verdict if was else None, verdict, (of or {}).get(key, "")))
            if post:
                posts[key] = post
            else:
                posts.pop(key, None)
        steps.append(Taken(step, moves, _rate(kinds)))

    retired = [key for key in known if key in gone]
    take(Step.RETIRED, dict.fromkeys(retired), {key: f"từ {known[key].retires_on:%d/%m/%Y}" for key in retired})
    on_record = {key: post for key, post in on_record.items() if key not in gone}
    if terms_after:
        ending = reading.terms_ending(terms_after, end)
        over = {key: post.term for key, post in on_record.items() if post.term in ending}
        take(Step.TERM, {key: None for key in over if key in posts}, over)
        on_record = {key: post for key, post in on_record.items() if key not in over}
    take(Step.LEFT, {key: None for key in posts if key not in on_record})
    why: dict[Step, dict[int, Post | None]] = defaultdict(dict)
    for key, post in on_record.items():
        if (was := posts.get(key)) is not post and was != post:
            why[_why(was, post)][key] = post
    for step in (Step.CAME, Step.POST, Step.RULES, Step.RECORDS):
        take(step, why[step])
    for (source, step), with_it in zip(STEPS.items(), having, strict=True):
        of = {one.official_id: one.of for one in new[source]}
        take(step, {key: post for key, post in with_it.items() if key in posts}, of)
    return YearEnd(
        day=end,
        before=rate_before,
        steps=steps,
        rate=_rate(kinds),
        earned=_earned(alone, posts, [*before, *of_year]),
        notices=_notices(known, posts, reading.terms_ending(since, end)),
        posts=posts,
    )


def _why(was: Post | None, post: Post) -> Step:
    """What a verdict that is another one by what is on record is put down to."""
    if was is None:
        return Step.CAME
    if (was.position, was.unit) != (post.position, post.unit):
        return Step.POST
    return Step.RULES if was.asked != post.asked else Step.RECORDS


def _earned(alone: Posts, posts: Posts, expected: Sequence[Expected]) -> list[Earned]:
    """Who is compliant by what is only expected, by as many classes as are lacking dimensions without (`alone`)."""
    of: dict[int, list[str]] = defaultdict(list)
    for one in expected:
        if one.official_id in posts and posts[one.official_id].verdict == Verdict.COMPLIANT:
            of[one.official_id].append(one.of)
    return [
        Earned(key, post.verdict, post.lacking, "; ".join(of[key]))
        for key, post in alone.items()
        if key in of and post.verdict not in (None, Verdict.COMPLIANT)
    ]


def _notices(known: Posts, posts: Posts, ending: Collection[str]) -> dict[Notice, Sequence[Move]]:
    """Of whom there is something to tell; `ending` are the terms of office that end since the posts known."""

    def moved(key: int, of: str = "") -> Move:
        was = known.get(key)
        return Move(key, was.verdict if was else None, posts[key].verdict, of)

    return {
        Notice.TRANSITION: [
            moved(key)
            for key, was in known.items()
            if was.is_in_transition
            and key in posts
            and posts[key].verdict == Verdict.NOT_COMPLIANT
            and not posts[key].is_in_transition
        ],
        Notice.TERM: [moved(key, post.term) for key, post in posts.items() if post.term in ending and post.verdict],
    }


@lru_cache(maxsize=1024)
def last_year_of(term: str) -> int | None:
    """The year in which a term as it is written ends: 2016 of "2011-2016"; None where it does not say."""
    found = re.search(r"(\d{4})\s*$", term)
    return int(found[1]) if found and found[1] != "0000" else None


Kinds = Counter[tuple[Verdict | None, bool]]  # verdict, and whether in transition → people


def _kinds(posts: Iterable[Post]) -> Kinds:
    """How many posts there are of each verdict."""
    return Counter(map(attrgetter("verdict", "is_in_transition"), posts))


def _rate(kinds: Kinds) -> Rate:
    """The rate of those of whom a verdict is known."""
    counted = ((people, verdict, in_transition) for (verdict, in_transition), people in kinds.items() if verdict)
    return sum((rate_of(*one) for one in counted), Rate())


def rates_by(column: str, posts: Iterable[Post]) -> dict[Any, Rate]:
    """What that column of a post says → the rate of those posts, of whom a verdict is known."""
    rates: dict[Any, Rate] = {}
    alike = Counter(map(attrgetter(column, "verdict", "is_in_transition"), posts))
    for (group, verdict, is_in_transition), people in alike.items():
        if verdict:
            rates[group] = rates.get(group, Rate()) + rate_of(people, verdict, is_in_transition)
    return rates


@dataclass
class _Reading:
    """The posts of the days of a forecast with their verdicts, by person.

    The days are asked for one after the other. Of a year-end to come little is on record: of whoever nothing is, post
    and verdict are those of the day before it in the row (cadres.turning), and are not asked for again.
    """

    criterion: Criterion
    rulebook: Rulebook
    appointments: Callable[[date], QuerySet[Appointment]] | None
    ladder: list[RetirementAge]
    days: Sequence[date]

    # Looked up for the posts of every day at once: both cost as much as the verdict where they are joined to it.
    def __post_init__(self) -> None:
        self.retires: dict[int, date | None] = {}  # official → the last day of work
        self.terms: dict[int, str] = {}  # post → the term of office as it is written
        self.sets: dict[LevelSets, dict[int | None, frozenset[int]]] = {}  # what is asked of a post → those levels
        held = Appointment.objects.lasting_to(self.days[0]).filter(is_primary=True).order_by()
        columns = ("pk", "official", "term", "retires_on")
        for key, official, term, retires_on in with_retirement_day(held, self.ladder).values_list(*columns):
            self.retires[official], self.terms[key] = retires_on, term
        self.concerned = {self.days[0]: None, **concerned(self.days)}
        self.alone: Posts = {}  # those of the day asked for last
        self.with_expected: Posts = {}  # of that day, of whom something was expected by then

    def posts_on_record(self, day: date) -> Posts:
        """Official → the post of the day."""
        whom = self.concerned[day]
        if whom is None:
            with planned_for_the_day():
                self.alone = self.posts(day)
        elif whom:
            kept = {key: post for key, post in self.alone.items() if key not in whom}
            with planned_once():
                self.alone = kept | self.posts(day, officials=whom)
        return self.alone

    def terms_ending(self, since: date, until: date) -> set[str]:
        """Those of the terms of office whose last year ends after the one day and by the other."""
        last_years = {term: last_year_of(term) for term in set(self.terms.values())}
        return {term for term, year in last_years.items() if year and since < date(year, 12, 31) <= until}

    def posts(self, day: date, expected: Iterable[Expected] = (), officials: Collection[int] | None = None) -> Posts:
        """Official → the post of the day, with the records supposed that are expected; of all or of these officials."""
        scope = self.appointments(day) if self.appointments else Appointment.objects.all()
        if officials is not None:
            scope = scope.filter(official__pk__among=officials)
        posts: Any = judged(
            day,
            criterion=self.criterion,
            appointments=scope,
            rulebook=self.rulebook,
            supposed=Supposed(records=[one.record for one in expected]),
            everybody=officials is None,
        )
        levels = self.rulebook.level_sets(day)
        sets = self.sets.setdefault(levels, {})
        counted = levels.of(*counted_dimensions(self.criterion, self.rulebook.dimensions_asked(day)))
        columns = (
            *("pk", "official_id", "verdict", "is_in_transition", "position_id", "unit_id", "district_id"),
            *("asked", "not_met", "unknown"),
        )
        rows = posts.order_by().values_list(*columns)
        found = {}
        for key, official, verdict, is_in_transition, position, unit, district, asked, not_met, unknown in rows:
            if asked not in sets:
                sets[asked] = frozenset(
                    level.pk for place, level in enumerate(levels.levels) if (asked or 0) >> place & 1
                )
            found[official] = Post(  # by place, which takes two thirds of the time
                VERDICTS[verdict],
                is_in_transition,
                position,
                unit,
                district,
                sets[asked],
                (((not_met or 0) | (unknown or 0)) & counted).bit_count(),
                self.retires[official],
                self.terms[key],
            )
        return found

    @planned_once()
    def posts_with(self, day: date, stages: Sequence[Sequence[Expected]]) -> list[Posts]:
        """Of each stage the posts of the day of those of whom it expects something, with its records supposed and those
        of the stages before. What the first stage expects was there on the day before it in the row.

        One question for all whom one stage concerns, or concerns last; one more for a stage that is followed by others.
        """
        whom = self.concerned[day]
        people = [{one.official_id for one in stage} for stage in stages]
        carried: Posts = {}
        if whom is not None:
            carried = {key: post for key, post in self.with_expected.items() if key in people[0] and key not in whom}
            people[0] &= whom
        last = {key: number for number, keys in enumerate(people) for key in keys}
        every = [one for stage in stages for one in stage]
        in_the_end = self.posts(day, every, last) if last else {}
        found: list[Posts] = []
        had: list[Expected] = []
        for number, stage in enumerate(stages):
            had += stage
            followed = {key for key in people[number] if last[key] != number}
            ending = {key: post for key, post in in_the_end.items() if last[key] == number}
            found.append(ending | (self.posts(day, had, followed) if followed else {}))
        found[0] |= carried
        self.with_expected = {key: post for posts in found for key, post in posts.items()}
        return found
