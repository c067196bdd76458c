"""The choice of classes: as many people as possible made compliant within a budget. It knows numbers, and no tables.

People who lack the same, in one place, are alike: a Group. Somebody is made compliant by a Bundle of courses, one for
each thing that is lacking, and takes a seat in each. The seats of a course in one place are filled from that place; a
class at the province (None) takes people of every place. A class holds from `fewest` to `most` people, so that nobody
is sent to a class of one. What is spent is a sum for each seat.

`best` solves it as a mixed integer programme with HiGHS, and says what no plan can exceed (`bound`); `greedy` takes the
cheapest people first, and is what a careful officer would do by hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import highspy

Place = int | None  # the key of a district or cluster; None is the province
Course = int  # the key of a programme
Key = TypeVar("Key")


@dataclass(frozen=True)
class Group:
    """So many people of one place, any of whom each of the bundles makes compliant.

    `weight` breaks ties: of two who cost the same, the one with more is sent. `zone`: where the people live, if asked.
    """

    key: int
    place: Place
    people: int
    bundles: tuple[frozenset[Course], ...]
    weight: float = 0.0
    zone: int | None = None

    def is_of(self, part: "Place | OfZone") -> bool:
        """Whether a seat of these people is one of that place, or of that zone."""
        return part.number == self.zone if isinstance(part, OfZone) else part == self.place


@dataclass(frozen=True)
class OfZone:
    """Of a zone (khu vực I, II, III), to tell its number from the key of a place."""

    number: int


@dataclass(frozen=True)
class Problem:
    """`prices`: course → đồng a seat. `least`: place or zone → how many seats its people get at the least."""

    groups: Sequence[Group]
    prices: Mapping[Course, int]
    budget: int
    fewest: int
    most: int
    least: Mapping[Place | OfZone, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """`sent`: (key of a group, bundle) → people. `classes`: (course, place) → how many, with `seats` in all of them.

    `bound`: how many people no choice can make more compliant than; None where nobody has looked.
    """

    sent: Mapping[tuple[int, frozenset[Course]], int]
    seats: Mapping[tuple[Course, Place, Place], int]  # course, place of the class, place of the people → people
    classes: Mapping[tuple[Course, Place], int]
    cost: int
    bound: int | None = None
    is_proved: bool = False

    @property
    def people(self) -> int:
        return sum(self.sent.values())


class Infeasible(Exception):  # noqa: N818 — says what it is
    """The least seats asked for cannot be given within the budget, those of `parts` not even alone."""

    def __init__(self, parts: Iterable[Place | OfZone] = ()) -> None:
        super().__init__()
        self.parts = tuple(parts)


NOBODY = Choice({}, {}, {}, 0, bound=0, is_proved=True)


class NothingFound(Exception):  # noqa: N818 — says what it is
    """The time was up before a choice with the least seats was found; there may be one."""


SECONDS = 15.0  # for one solution; the plan of the province takes a part of it
SECONDS_TO_TELL = 2.0  # for each part that may be to blame that there is no solution
TIE = 0.05  # what all weights together may count for, at the most, beside one person
AWAY = 1e-6  # what a seat in a class of the province costs beside one person: people learn near where they are


# ---------------------------------------------------------------- the best


def best(problem: Problem, *, seed: int = 0, seconds: float = SECONDS) -> Choice:
    """The choice that makes most people compliant.

    Where the time is up before one is found it is the greedy one, with the bound. Raises Infeasible where the least
    seats cannot be given, with the parts to which they could not be given alone; NothingFound where it is not known in
    time whether they can.
    """
    try:
        return _solved(problem, seed, seconds)
    except Infeasible:
        alone = [part for part in problem.least if not _can_be_given(problem, part, seed)]
        raise Infeasible(alone) from None


def _can_be_given(problem: Problem, part: Place | OfZone, seed: int) -> bool:
    """Whether there is a choice with the least seats of that part alone; True also where it is not known in time."""
    try:
        _solved(replace(problem, least={part: problem.least[part]}), seed, SECONDS_TO_TELL)
    except Infeasible:
        return False
    except NothingFound:
        pass
    return True


def _solved(problem: Problem, seed: int, seconds: float) -> Choice:
    groups = [group for group in problem.groups if group.people and group.bundles]
    if not groups:
        if any(problem.least.values()):
            raise Infeasible
        return NOBODY
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("log_to_console", False),
        ("random_seed", seed),
        ("time_limit", seconds),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.01),  # of people
        ("threads", 1),
    ):
        solver.setOptionValue(option, value)
    integer = highspy.HighsVarType.kInteger
    heaviest = max((abs(group.weight) for group in groups), default=0) * sum(group.people for group in groups)
    tie = TIE / heaviest if heaviest else 0.0
    sent = {
        (group.key, bundle): solver.addVariable(0, group.people, 1 + tie * group.weight, integer)
        for group in groups
        for bundle in group.bundles
    }
    for group in groups:
        solver.addConstr(sum(sent[group.key, bundle] for bundle in group.bundles) <= group.people)
    seats = _seats(solver, problem, groups, sent)
    solver.addConstr(
        sum(problem.prices[course] * variable for (course, _, _), variable in seats.items()) <= problem.budget
    )
    for part, number in problem.least.items():
        taken = [
            len(bundle) * sent[group.key, bundle] for group in groups if group.is_of(part) for bundle in group.bundles
        ]
        if number:
            if not taken:
                raise Infeasible
            solver.addConstr(sum(taken) >= number)
    solver.maximize()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise Infeasible
    at_most = sum(group.people for group in groups)
    away = AWAY * sum(group.people * max(map(len, group.bundles)) for group in groups)
    bound = min(at_most, int(min(info.mip_dual_bound, at_most + 1) + away + 1e-6))
    if info.primal_solution_status != SOLVED:
        if any(problem.least.values()):
            raise NothingFound
        return replace(greedy(problem), bound=bound)
    values = solver.getSolution().col_value

    def told(variables: Mapping[Key, Any]) -> dict[Key, int]:
        return {key: number for key, variable in variables.items() if (number := round(values[variable.index]))}

    found, chosen = told(seats), sum(told(sent).values())
    bound = max(bound, chosen)
    return Choice(
        sent=told(sent),
        seats=found,
        classes=_classes_for(found, problem.most),
        cost=sum(problem.prices[course] * number for (course, _, _), number in found.items()),
        bound=bound,
        is_proved=bound == chosen,
    )


SOLVED = 2  # of HiGHS: a feasible point


def _seats(
    solver: Any, problem: Problem, groups: Sequence[Group], sent: Mapping[tuple[int, frozenset[Course]], Any]
) -> dict[tuple[Course, Place, Place], Any]:
    """The seats that each place takes in classes of its own and in those of the province.

    Whoever is sent is seated, and there are so many classes that each is neither too small nor too large.
    """
    integer = highspy.HighsVarType.kInteger
    wanted: dict[tuple[Course, Place], list[Any]] = defaultdict(list)
    for group in groups:
        for bundle in group.bundles:
            for course in bundle:
                wanted[course, group.place].append(sent[group.key, bundle])
    seats: dict[tuple[Course, Place, Place], Any] = {}
    of_class: dict[tuple[Course, Place], list[Any]] = defaultdict(list)
    for (course, home), variables in wanted.items():
        for place in dict.fromkeys((home, None)):
            away = -AWAY if place != home else 0.0
            seat = seats[course, place, home] = solver.addVariable(0, highspy.kHighsInf, away, integer)
            of_class[course, place].append(seat)
        solver.addConstr(sum(variables) == sum(seats[course, place, home] for place in dict.fromkeys((home, None))))
    for variables in of_class.values():
        number = solver.addVariable(0, highspy.kHighsInf, 0, integer)
        solver.addConstr(sum(variables) >= problem.fewest * number)
        solver.addConstr(sum(variables) <= problem.most * number)
    return seats


def _classes_for(seats: Mapping[tuple[Course, Place, Place], int], most: int) -> dict[tuple[Course, Place], int]:
    """Course and place of the class → as few classes as the seats take."""
    together: dict[tuple[Course, Place], int] = defaultdict(int)
    for (course, place, _), number in seats.items():
        together[course, place] += number
    return {key: -(-number // most) for key, number in together.items()}


# ---------------------------------------------------------------- by hand


def greedy(problem: Problem) -> Choice:
    """The cheapest people first, each by the cheapest bundle, as long as there is money.

    A class that stays too small is given up with its people, and their money is spent again. It knows nothing of least
    seats.
    """
    closed: set[tuple[Course, Place]] = set()
    while True:
        sent, seated, spent = _filled(problem, closed)
        small = {key for key, number in seated.items() if number < problem.fewest}
        if not small:
            break
        # The emptiest class goes: its people may fill others.
        closed.add(min(small, key=lambda key: (seated[key], str(key))))
    seats = {(course, place, place): number for (course, place), number in seated.items()}
    return Choice(sent=sent, seats=seats, classes=_classes_for(seats, problem.most), cost=spent)


def _filled(
    problem: Problem, closed: set[tuple[Course, Place]]
) -> tuple[dict[tuple[int, frozenset[Course]], int], dict[tuple[Course, Place], int], int]:
    """Who is sent where no class of `closed` is held, seats by course and place, and what that costs."""
    offers = []

    def price_of(bundle: frozenset[Course]) -> int:
        return sum(problem.prices[course] for course in bundle)

    for group in problem.groups:
        open_ = [bundle for bundle in group.bundles if not any((course, group.place) in closed for course in bundle)]
        if open_:
            bundle = min(open_, key=lambda bundle: (price_of(bundle), sorted(map(str, bundle))))
            offers.append((price_of(bundle), -group.weight, str(group.key), group, bundle))
    sent: dict[tuple[int, frozenset[Course]], int] = {}
    seated: dict[tuple[Course, Place], int] = defaultdict(int)
    left = problem.budget
    for price, _, _, group, bundle in sorted(offers, key=lambda offer: offer[:3]):
        number = group.people if not price else min(group.people, left // price)
        if number:
            sent[group.key, bundle] = number
            left -= number * price
            for course in bundle:
                seated[course, group.place] += number
    return sent, dict(seated), problem.budget - left
