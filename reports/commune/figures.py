"""What is known of one commune on a day: who holds its posts, which are vacant, how its rate went, what it was and what
became of it, which rosters it sent."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet

from cadres.access import appointments_visible_to
from cadres.evaluation import LevelSets, Rulebook, Verdict, counted_dimensions, judged
from cadres.models import Appointment, Criterion, Dimension, Unit, UnitSuccession, User, zone_told
from cadres.periods import UNKNOWN_START, in_force
from cadres.posts import year_ends_with_data
from cadres.rate import Rate, rate_of
from cadres.review.sources import COMMUNES, Lens
from courses.access import enrolments_visible_to
from courses.models import Enrolment, TrainingClass
from reports.trends import rates_on

YEARS_SHOWN = 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holder:
    """Who holds a post; the counted dimensions in which more is needed, or nothing is on record; the classes attended.

    `verdict` is None where nothing that counts is asked of the post. A post beside the first one is not judged.
    """

    post: Any
    verdict: Verdict | None = None
    lacking: list[Dimension] = field(default_factory=list)
    without_data: list[Dimension] = field(default_factory=list)
    studies: list[TrainingClass] = field(default_factory=list)
    is_beside: bool = False

    def place(self) -> tuple[int, str, int]:
        """What holders are sorted by: post, name."""
        return (self.post.position.order, self.post.official.name_order, self.post.pk)


@dataclass(frozen=True)
class Past:
    """A line of what the commune was: from when (None: not known) until when (None: still), and by which decision."""

    start: date | None
    end: date | None
    told: str
    decision: str


@dataclass(frozen=True)
class Kin:
    """A unit that the commune came from or went on in, and a day on which it was there."""

    unit: Unit
    day: date
    is_successor: bool
    succession: UnitSuccession


@dataclass(frozen=True)
class Commune:
    holders: list[Holder]  # by post and name
    rate: Rate
    course: list[tuple[date, Rate]]  # of the year ends with data before the day, and of the day
    facts: Any  # the row of the review: zone, last_roster, people, quota, vacant (titles); None without data

    @property
    def beyond_quota(self) -> int:
        """How many cadres and civil servants there are above the most that a commune of its class may have."""
        return max(0, self.facts.people - self.facts.quota) if self.facts and self.facts.quota else 0

    @property
    def studying(self) -> list[tuple[TrainingClass, int]]:
        """The classes that are going on with people of the commune, and how many of them."""
        attended = [one for holder in self.holders for one in holder.studies]
        people = Counter(one.pk for one in attended)
        return [(one, people[one.pk]) for one in {one.pk: one for one in attended}.values()]


def commune_on(unit: Unit, lens: Lens, *, user: User, criterion: Criterion) -> Commune:
    """The commune as the account may see it on the day of the lens, which is that of the account upon the commune."""
    day, rulebook, seen = lens.day, lens.rulebook, partial(_posts_of, unit, user)
    judged_posts = judged(day, criterion=criterion, appointments=seen(day), rulebook=rulebook)
    held: list[Any] = list(judged_posts.select_related("official", "position"))
    beside = list(seen(day).filter(in_force(day), is_primary=False).select_related("official", "position"))
    counted = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    levels, studies = rulebook.level_sets(day), _studies([post.official_id for post in held], user, day)
    holders = [
        *(_holder(post, counted, levels, studies.get(post.official_id, [])) for post in held),
        *(Holder(post, is_beside=True) for post in beside),
    ]
    return Commune(
        holders=sorted(holders, key=Holder.place),
        rate=sum((rate_of(1, post.verdict, post.is_in_transition) for post in held if post.verdict), Rate()),
        course=_course(day, seen, criterion, rulebook),
        facts=COMMUNES.detailed(COMMUNES.rows(lens), lens).first(),
    )


def _posts_of(unit: Unit, user: User, day: date) -> QuerySet[Appointment]:
    return appointments_visible_to(user, day).filter(unit=unit)


def _holder(post: Any, counted: list[Dimension], levels: LevelSets, studies: list[TrainingClass]) -> Holder:
    verdict = Verdict(post.verdict) if post.verdict else None
    lacking, without_data = (levels.dimensions_in(found, counted) for found in (post.not_met, post.unknown))
    return Holder(post, verdict, lacking, without_data, studies)


def _studies(people: list[int], user: User, day: date) -> dict[int, list[TrainingClass]]:
    """Key of an official → the classes going on that they are in, or are to be."""
    rows = enrolments_visible_to(user).filter(Enrolment.going_on(day), official__in=people)
    found: dict[int, list[TrainingClass]] = {}
    for enrolment in rows.select_related("training_class__programme").order_by("training_class__start_date"):
        found.setdefault(enrolment.official_id, []).append(enrolment.training_class)
    return found


def _course(
    day: date, seen: Callable[[date], QuerySet[Appointment]], criterion: Criterion, rulebook: Rulebook
) -> list[tuple[date, Rate]]:
    days = [*(end for end in year_ends_with_data(day)[-YEARS_SHOWN:] if end != day), day]
    rates = rates_on(days, [], criterion=criterion, appointments=seen, rulebook=rulebook)
    return [(then, rates[then].all) for then in days if rates[then].all.total]


def past_of(unit: Unit, until: date | None) -> list[Past]:
    """What the commune was called and belonged to, its zones, its standard and its class, the latest first.

    With `until` nothing that began after that day: so much is told to whom it left then.
    """
    lines = sorted(_lines(unit), key=lambda line: (line.start or UNKNOWN_START, line.told), reverse=True)
    return [line for line in lines if until is None or (line.start or UNKNOWN_START) <= until]


def _lines(unit: Unit) -> Iterator[Past]:
    told: tuple[tuple[Any, Callable[[Any], str]], ...] = (
        (unit.versions.select_related("parent", "cluster"), _version_told),
        (unit.zones.all(), lambda row: zone_told(row.zone)),
        (unit.relaxations.all(), lambda row: "Áp dụng mức giảm" if row.is_relaxed else "Áp dụng mức chung"),
        (unit.classes.all(), lambda row: f"Xã {row.get_size_class_display().lower()}"),
    )
    for rows, tell in told:
        for row in rows:
            yield Past(row.known_start, row.end_date, tell(row), row.decision)


def _version_told(version: Any) -> str:
    above = [unit.name_on(version.start_date) for unit in (version.cluster, version.parent) if unit]
    return f"{version.name} (mã {version.code}){', thuộc ' + ', '.join(above) if above else ''}"


def kin_of(unit: Unit) -> list[Kin]:
    """From which units it came and which went on with it, in the order of time."""
    rows = UnitSuccession.objects.select_related("predecessor", "successor").order_by("effective_on", "pk")
    found = [
        *(Kin(row.predecessor, row.effective_on - ONE_DAY, False, row) for row in rows.filter(successor=unit)),
        *(Kin(row.successor, row.effective_on, True, row) for row in rows.filter(predecessor=unit)),
    ]
    return sorted(found, key=lambda kin: (kin.succession.effective_on, kin.succession.pk))
