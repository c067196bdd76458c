"""What units have registered for a year, the province has accepted, and classes chosen for the rate do not serve.

Units ask for more than what raises the rate: skills, knowledge of their posts. They get classes from the money that is
left, the urgent first; nobody who is registered vanishes without its being said why.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cadres.evaluation import Rulebook
from cadres.models import Criterion, UnitVersion
from courses.enrolment.rules import Terms
from courses.models import DistrictSubmission, Programme, RegisteredNeed
from courses.planning.costs import Norms, estimate
from courses.planning.proposal.people import accepted_needs, run_of, without_bars
from courses.under_way import under_way

LOCAL_SHARE = 60  # percent of a course's people in one unit, from which on its classes are held there

BARRED, NO_NORM, TOO_FEW, NO_MONEY = (
    "không đủ điều kiện cử hoặc đã học",
    "chương trình chưa có định mức chi",
    "không đủ người mở một lớp",
    "hết kinh phí",
)


Room = tuple[int, int]  # the keys of a programme and of the unit where classes of it are held


@dataclass(frozen=True)
class Course:
    """The classes of one programme for people who are registered for it. `place`: a unit, None is the province."""

    programme: Programme
    place: int | None
    officials: tuple[int, ...]


@dataclass(frozen=True)
class Unserved:
    """So many people registered for a programme get no seat, and why."""

    programme: Programme
    people: int
    why: str


def courses_for_registered(
    year: int,
    day: date,
    *,
    criterion: Criterion,
    norms: Norms,
    money: int,
    fewest: int,
    most: int,
    served: Mapping[int, Iterable[Programme]],
    room: Mapping[Room, int],
) -> tuple[list[Course], dict[Room, list[int]], list[Unserved]]:
    """Courses for the people registered for the year, within `money` (đồng); who joins classes that are held already,
    by programme and place; and those who get no seat.

    `served`: official → the programmes that the person is sent to already; whoever learns the same, or something of the
    same dimension, is served. `room`: the seats that classes chosen for the rate have left, for people of their place,
    or at the province. Programmes with most urgent people come first, in each the urgent people first.
    """
    seats, joining = dict(room), defaultdict[Room, list[int]](list)
    province = UnitVersion.objects.province_on(day)
    wanted: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # programme → (priority, official, unit)
    programmes = {programme.pk: programme for programme in Programme.objects.select_related("raises_to")}
    for row in _accepted(year):
        if not _is_served(programmes[row["programme"]], served.get(row["official"], ())):
            wanted[row["programme"]].append((row["priority"], row["official"], row["submission__district"]))
    order = sorted(wanted, key=lambda key: (*_urgency(wanted[key]), programmes[key].code))
    rulebook = Rulebook.load()
    courses, unserved = [], []
    for key in order:
        programme, people = programmes[key], wanted[key]
        price = estimate(programme, 1, norms)
        terms = Terms.of(run_of(programme, year, day), day, rulebook)
        free = _who_may_go(terms, criterion, [official for _, official, _ in people])
        able = [one for one in people if one[1] in free]
        for one in able[: money // price] if price else ():
            here = [(key, one[2]), (key, province.unit_id if province else 0)]
            if place := next((place for place in here if seats.get(place, 0) > 0), None):
                seats[place] -= 1
                joining[place].append(one[1])
                money -= price
        joined = {official for (course, _), taken in joining.items() if course == key for official in taken}
        able = [one for one in able if one[1] not in joined]
        number = min(len(able), money // price) if price else 0
        told = Counter({BARRED: len(people) - len(able) - len(joined)})
        if norms.per_trainee_day(programme) is None or not price:
            told[NO_NORM] += len(able)
        elif number < fewest:
            told[NO_MONEY if len(able) >= fewest else TOO_FEW] += len(able)
        else:
            taken = able[:number]
            told[NO_MONEY] += len(able) - number
            money -= number * price
            courses.append(Course(programme, _home(taken), tuple(official for _, official, _ in taken)))
        unserved += [Unserved(programme, number, why) for why, number in told.items() if number]
    return courses, dict(joining), unserved


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


def _accepted(year: int) -> Iterable[dict[str, Any]]:
    """A row for each person and programme, the urgent first, then as the units have put them."""
    rows: Any = accepted_needs(year).order_by("priority", "pk")
    seen = set()
    for row in rows.values("programme", "official", "priority", "submission__district"):
        if (one := (row["programme"], row["official"])) not in seen:
            seen.add(one)
            yield row


def _is_served(programme: Programme, by: Iterable[Programme]) -> bool:
    level = programme.raises_to
    return any(
        other.pk == programme.pk or (level and other.raises_to and other.raises_to.dimension_id == level.dimension_id)
        for other in by
    )


def _urgency(people: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    urgent = sum(priority == RegisteredNeed.Priority.URGENT for priority, _, _ in people)
    return -urgent, -len(people)


def _who_may_go(terms: Terms, criterion: Criterion, officials: list[int]) -> set[int]:
    """Against whom no bar stands, who does not study the programme already."""
    free = set(without_bars(officials, terms, criterion=criterion).values_list("official", flat=True))
    studying = under_way(terms.day).filter(training_class__programme=terms.programme, official__in=officials)
    return free - set(studying.values_list("official", flat=True))


def _home(people: Sequence[tuple[int, int, int]]) -> int | None:
    """The unit that most of the people come from, where they are LOCAL_SHARE percent of them; else the province."""
    (unit, number), *_ = Counter(unit for _, _, unit in people).most_common(1)
    return unit if 100 * number >= LOCAL_SHARE * len(people) else None
