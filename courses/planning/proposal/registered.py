"""What units have registered for a year, the province has accepted, and classes chosen for the rate do not serve; and
what a rule asks of people whom no unit has registered (courses.needs.asked), as far as its priority says so.

Units ask for more than what raises the rate: skills, knowledge of their posts. They get classes from the money that is
left, the urgent first, who is registered before who is not; nobody vanishes without its being said why.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from cadres.models import Appointment, Criterion, UnitVersion
from courses.enrolment.rules import Terms
from courses.models import DistrictSubmission, Programme, RegisteredNeed
from courses.needs.asked import asking, urgency
from courses.needs.computed import Closing
from courses.planning.costs import Norms, estimate
from courses.planning.proposal.people import accepted_needs, run_of, without_bars
from courses.under_way import under_way

LOCAL_SHARE = 60  # percent of a course's people in one unit, from which on its classes are held there
NOBODY_UNREGISTERED = 0  # more urgent than any priority
UNREGISTERED = int(RegisteredNeed.Priority.URGENT)  # where nobody chooses: what a rule calls urgent waits for no unit

BARRED, NO_NORM, TOO_FEW, NO_MONEY = (
    "không đủ điều kiện cử hoặc đã học",
    "chương trình chưa có định mức chi",
    "không đủ người mở một lớp",
    "hết kinh phí",
)


Room = tuple[int, int]  # the keys of a programme and of the unit where classes of it are held


@dataclass(frozen=True)
class Course:
    """The classes of one programme for people who are registered for it, or whom a rule asks it (`is_registered`: at
    least one by a unit). `place`: a unit, None is the province."""

    programme: Programme
    place: int | None
    officials: tuple[int, ...]
    is_registered: bool


@dataclass(frozen=True)
class Unserved:
    """So many people registered for a programme, or asked by a rule, get no seat, and why."""

    programme: Programme
    people: int
    why: str
    is_registered: bool = True


class _Wish(NamedTuple):
    """That somebody studies a programme; `unit` answers for the person, None: no unit below the province."""

    priority: int
    official: int
    unit: int | None
    is_registered: bool


@dataclass
class _Wanted:
    """One programme: who could go, the registered first, and who is barred; who is seated."""

    programme: Programme
    price: int
    able: list[_Wish]
    barred: list[_Wish]
    joined: set[int] = field(default_factory=set)  # in classes that are held anyway
    taken: list[_Wish] = field(default_factory=list)

    def waiting(self, *, is_registered: bool) -> list[_Wish]:
        """Those of the one kind or the other who are able and have no seat yet."""
        seated = self.joined.union(wish.official for wish in self.taken)
        return [wish for wish in self.able if wish.is_registered == is_registered and wish.official not in seated]


def courses_for_registered(
    year: int,
    *,
    closing: Closing,
    norms: Norms,
    money: int,
    fewest: int,
    most: int,
    served: Mapping[int, Iterable[Programme]],
    room: Mapping[Room, int],
    unregistered: int = NOBODY_UNREGISTERED,
    appointments: QuerySet[Appointment] | None = None,
) -> tuple[list[Course], dict[Room, list[int]], list[Unserved]]:
    """Courses for the people registered for the year, within `money` (đồng); who joins classes that are held already,
    by programme and place; and those who get no seat.

    `served`: official → the programmes that the person is sent to already; whoever learns the same, or something of the
    same dimension, is served. `room`: the seats that classes chosen for the rate have left, for people of their place,
    or at the province. Programmes with most urgent people come first, in each the urgent people first.

    `unregistered`: whom a rule of this priority (RegisteredNeed.Priority), or of a more urgent one, asks something and
    no unit has registered, of `appointments` (None: all). They fill classes for which too few are registered, and get
    what those leave.
    """
    day, criterion = closing.day, closing.criterion
    province = UnitVersion.objects.province_on(day)
    programmes = {programme.pk: programme for programme in Programme.objects.select_related("raises_to")}
    wishes = [*_registered_wishes(year)]
    wishes += _asked_wishes(closing, unregistered, appointments, {(key, wish.official) for key, wish in wishes})
    by_programme: dict[int, list[_Wish]] = defaultdict(list)
    for key, wish in wishes:
        if not _is_served(programmes[key], served.get(wish.official, ())):
            by_programme[key].append(wish)
    wanted = []
    for key in sorted(by_programme, key=lambda key: (*_urgency(by_programme[key]), programmes[key].code)):
        programme, people = programmes[key], by_programme[key]
        terms = Terms.of(run_of(programme, year, day), day, closing.rulebook)
        free = _who_may_go(terms, criterion, [wish.official for wish in people])
        price = estimate(programme, 1, norms) if norms.per_trainee_day(programme) is not None else 0
        able = [wish for wish in people if wish.official in free]
        wanted.append(_Wanted(programme, price, able, [wish for wish in people if wish.official not in free]))
    seats, joining = dict(room), defaultdict[Room, list[int]](list)
    for is_registered in (True, False):
        for one in wanted:
            if not one.price:
                continue
            for wish in one.waiting(is_registered=is_registered)[: money // one.price]:
                here = [(one.programme.pk, wish.unit or 0), (one.programme.pk, province.unit_id if province else 0)]
                if place := next((place for place in here if seats.get(place, 0) > 0), None):
                    seats[place] -= 1
                    joining[place].append(wish.official)
                    one.joined.add(wish.official)
                    money -= one.price
            going = one.waiting(is_registered=is_registered)
            if is_registered and 0 < len(going) < fewest:
                going += one.waiting(is_registered=False)[: fewest - len(going)]
            going = going[: money // one.price]
            if one.taken or len(going) >= fewest:
                one.taken += going
                money -= len(going) * one.price
    courses = [
        Course(
            one.programme,
            _home(one.taken),
            tuple(wish.official for wish in one.taken),
            any(wish.is_registered for wish in one.taken),
        )
        for one in wanted
        if one.taken
    ]
    return courses, dict(joining), [left for one in wanted for left in _unserved(one, fewest)]


def _unserved(one: _Wanted, fewest: int) -> Iterable[Unserved]:
    """Who wants the programme and gets no seat, the registered apart from the others, with why."""
    left = [*one.waiting(is_registered=True), *one.waiting(is_registered=False)]
    why = NO_NORM if not one.price else NO_MONEY if one.taken or len(left) >= fewest else TOO_FEW
    for is_registered in (True, False):
        for told, people in ((BARRED, one.barred), (why, left)):
            if number := sum(wish.is_registered == is_registered for wish in people):
                yield Unserved(one.programme, number, told, is_registered)


def units_without_registration(year: int, day: date) -> list[str]:
    """The names of the units that answer on the day and have nothing accepted for the year, by code.

    Empty where no campaign of the year has been opened: then nobody was asked.
    """
    of_year = DistrictSubmission.objects.filter(campaign__year=year)
    if not of_year.exists():
        return []
    accepted = of_year.filter(state=DistrictSubmission.State.ACCEPTED)
    return [
        version.name for version in UnitVersion.objects.answering_on(day).exclude(unit__in=accepted.values("district"))
    ]


def _registered_wishes(year: int) -> Iterable[tuple[int, _Wish]]:
    """Programme (its key) and wish, one a person and programme, the urgent first, then as units have put them."""
    rows: Any = accepted_needs(year).order_by("priority", "pk")
    seen = set()
    for programme, official, priority, unit in rows.values_list(
        "programme", "official", "priority", "submission__district"
    ):
        if (programme, official) not in seen:
            seen.add((programme, official))
            yield programme, _Wish(priority, official, unit, is_registered=True)


def _asked_wishes(
    closing: Closing, unregistered: int, appointments: QuerySet[Appointment] | None, registered: set[tuple[int, int]]
) -> list[tuple[int, _Wish]]:
    """Programme and wish of those whom a rule so urgent asks it, by the programme that is best for it; nobody who is
    `registered` (programme, official) for one that does what is asked. The urgent first, then key positions."""
    if unregistered == NOBODY_UNREGISTERED:
        return []
    everything = asking(closing)
    rules = {one.rule.pk: one for one in everything.rules if one.rule.priority <= unregistered}
    posts: Any = everything.posts(appointments, rules=rules.values()).order_by(*urgency())
    found: dict[tuple[int, int], _Wish] = {}
    for official, unit, position, keys in posts.values_list("official_id", "district_id", "position_id", "by_rules"):
        for one in map(rules.__getitem__, keys):
            offers = everything.programmes_of(one, position)
            if not offers or any((programme.pk, official) in registered for programme in offers):
                continue
            place = offers[0].pk, official
            if place not in found or one.rule.priority < found[place].priority:
                found[place] = _Wish(one.rule.priority, official, unit, is_registered=False)
    return sorted(((programme, wish) for (programme, _), wish in found.items()), key=lambda row: row[1].priority)


def _is_served(programme: Programme, by: Iterable[Programme]) -> bool:
    level = programme.raises_to
    return any(
        other.pk == programme.pk or (level and other.raises_to and other.raises_to.dimension_id == level.dimension_id)
        for other in by
    )


def _urgency(wishes: Sequence[_Wish]) -> tuple[int, ...]:
    """What programmes are ordered by: the registered speak first."""
    number = Counter((wish.is_registered, wish.priority == RegisteredNeed.Priority.URGENT) for wish in wishes)
    registered, others = (number[kind, True] + number[kind, False] for kind in (True, False))
    return -number[True, True], -registered, -number[False, True], -others


def _who_may_go(terms: Terms, criterion: Criterion, officials: list[int]) -> set[int]:
    """Against whom no bar stands, who does not study the programme already."""
    free = set(without_bars(officials, terms, criterion=criterion).values_list("official", flat=True))
    studying = under_way(terms.day).filter(training_class__programme=terms.programme, official__in=officials)
    return free - set(studying.values_list("official", flat=True))


def _home(wishes: Sequence[_Wish]) -> int | None:
    """The unit that most of the people come from, where they are LOCAL_SHARE percent of them; else the province."""
    (unit, number), *_ = Counter(wish.unit for wish in wishes).most_common(1)
    return unit if 100 * number >= LOCAL_SHARE * len(wishes) else None
