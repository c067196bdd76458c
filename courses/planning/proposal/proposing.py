"""A proposal for the plan of a year: the classes that raise the rate most for the money, each with its names.

The rate that it predicts is not reckoned by itself: it is the verdict of everybody as if those proposed had the records
of their classes already (supposed rows).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from cadres.evaluation import Supposed, Verdict, judged
from cadres.models import Appointment, Criterion, Qualification, UnitVersion
from cadres.rate import Rate
from cadres.text import dong, match_key
from courses.models import Programme
from courses.planning.costs import Norms, estimate, norms_on
from courses.planning.proposal import choosing
from courses.planning.proposal.choosing import Choice, Group, Problem
from courses.planning.proposal.people import Sendable, run_of, sendable
from courses.seats import MOST_IN_A_CLASS

FEWEST_IN_A_CLASS = 15  # people: fewer are not worth a class


@dataclass(frozen=True)
class ProposedClass:
    """One class: its programme, where it is held (a unit; `place_code` and `place_name` on the day), who goes."""

    programme: Programme
    place: int
    place_code: str
    place_name: str
    officials: tuple[int, ...]
    cost: int  # đồng

    @property
    def seats(self) -> int:
        return len(self.officials)


@dataclass(frozen=True)
class Proposal:
    """The classes, and the rate: as it is (`now`), with them (`predicted`), with those chosen by hand (`greedy`).

    `bound`: how many people more no plan for the money could make compliant. `left_out` says whom it could not reckon
    with, in words → people. `year_end`: the first end of a year by which all the classes have ended; None without any.
    """

    year: int
    day: date
    criterion: Criterion
    budget: int
    classes: tuple[ProposedClass, ...]
    now: Rate
    predicted: Rate
    greedy: Rate
    made_compliant: int
    bound: int
    is_proved: bool
    left_out: Mapping[str, int]
    year_end: date | None

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.classes)

    @property
    def gap(self) -> int:
        """How many people more there might be than were found; 0 where the proposal is proved to be the best."""
        return max(self.bound - self.made_compliant, 0)


def propose(
    year: int,
    budget: int,
    *,
    day: date,
    criterion: Criterion,
    seed: int = 0,
    fewest: int = FEWEST_IN_A_CLASS,
    most: int = MOST_IN_A_CLASS,
    least: Mapping[int | None, int] | None = None,
    appointments: QuerySet[Appointment] | None = None,
    without: Iterable[int] = (),
) -> Proposal:
    """Which classes of the year raise the rate most within the budget (đồng), by what is on record on the day.

    `fewest` and `most` people a class; `least`: key of a district or cluster → how many seats its people get at the
    least; `without`: keys of programmes of which no class is to be held. Raises ValidationError without a budget or
    cost norm, for class sizes that leave gaps, and where the least seats cannot be given.
    """
    if budget <= 0:
        raise ValidationError({"budget": "Chưa có kinh phí: hãy ghi số tiền lớn hơn 0 đồng."})
    if not 1 <= fewest <= most or most < 2 * fewest - 1:
        raise ValidationError(
            {
                "fewest": f"Lớp từ {fewest} đến {most} người thì có số người không xếp được: hãy để lớp nhỏ nhất không "
                "quá nửa lớp lớn nhất."
            }
        )
    norms = norms_on(date(year, 1, 1))
    if not norms.of_kinds and not norms.of_programmes:
        raise ValidationError(
            f"Năm {year} chưa có định mức chi nào, nên không tính được kinh phí. Hãy ghi định mức ở mục Danh mục, "
            "Định mức chi."
        )
    people = sendable(year, day, criterion=criterion, norms=norms, appointments=appointments)
    groups, prices = _offered(people, norms, set(without))
    problem = Problem(groups, prices, budget, fewest, most, least or {})
    try:
        choice = choosing.best(problem, seed=seed)
    except choosing.Infeasible as refusal:
        raise ValidationError(
            {
                "least": f"Với {dong(budget)} không đủ chỗ tối thiểu đã đặt cho các đơn vị. Hãy giảm số chỗ tối "
                "thiểu, hoặc tăng kinh phí."
            }
        ) from refusal
    except choosing.NothingFound as refusal:
        raise ValidationError(
            {"least": "Hết thời gian tính mà chưa tìm được phương án đủ số chỗ tối thiểu. Hãy giảm số đó."}
        ) from refusal
    by_hand = choosing.greedy(problem)
    classes = _classes(choice, people, norms, day)
    return Proposal(
        year=year,
        day=day,
        criterion=criterion,
        budget=budget,
        classes=classes,
        now=_rate(day, criterion, people, appointments, []),
        predicted=_rate(day, criterion, people, appointments, _records(classes, day)),
        greedy=_rate(day, criterion, people, appointments, _records(_classes(by_hand, people, norms, day), day)),
        made_compliant=choice.people,
        bound=choice.people if choice.bound is None else choice.bound,
        is_proved=choice.is_proved,
        left_out=people.left_out,
        year_end=max((date(run_of(one.programme, year).end_date.year, 12, 31) for one in classes), default=None),
    )


def _offered(people: Sendable, norms: Norms, without: set[int]) -> tuple[list[Group], dict[Any, int]]:
    """The groups with the bundles that no excluded programme is in, and what a seat of each course costs."""
    groups = [
        Group(group.key, group.place, group.people, kept, group.weight)
        for group in people.groups
        if (kept := tuple(bundle for bundle in group.bundles if not bundle & without))
    ]
    used = {key for group in groups for bundle in group.bundles for key in bundle}
    return groups, {key: estimate(people.programmes[key], 1, norms) for key in used}


def _classes(choice: Choice, people: Sendable, norms: Norms, day: date) -> tuple[ProposedClass, ...]:
    """The classes with their names: of a group those go who come first, evenly over the classes of a course."""
    students: dict[tuple[Any, Any], list[int]] = defaultdict(list)  # course, place of the people → officials
    place_of = {group.key: group.place for group in people.groups}
    taken: dict[Any, int] = defaultdict(int)
    for (key, bundle), number in sorted(choice.sent.items(), key=lambda item: (item[0][0], sorted(item[0][1]))):
        begin = taken[key]
        taken[key] += number
        for course in bundle:
            students[course, place_of[key]] += people.officials[key][begin : begin + number]
    seated: dict[tuple[Any, Any], list[int]] = defaultdict(list)  # course, place of the class → officials
    for (course, place, home), number in sorted(choice.seats.items(), key=lambda item: str(item[0])):
        waiting = students[course, home]
        seated[course, place] += waiting[:number]
        del waiting[:number]
    province = UnitVersion.objects.province_on(day)
    assert province is not None
    places = {
        version.unit_id: version
        for version in UnitVersion.objects.as_of(day).filter(unit__in=[place for _, place in seated if place])
    }
    found = []
    for (course, place), officials in seated.items():
        programme, held = people.programmes[course], places.get(place, province)
        number = choice.classes[course, place]
        for one in range(number):
            part = tuple(officials[one::number])
            cost = estimate(programme, len(part), norms)
            found.append(ProposedClass(programme, held.unit_id, held.code, held.name, part, cost))
    return tuple(sorted(found, key=lambda one: (one.programme.code, one.place_code, one.officials)))


def _records(classes: Iterable[ProposedClass], day: date) -> list[Qualification]:
    """What the people of the classes will have, as if they had it on the day."""
    return [
        Qualification(
            official_id=official,
            level=one.programme.raises_to,
            start_date=day,
            field_key=match_key(one.programme.field_of_study),
        )
        for one in classes
        for official in one.officials
    ]


def _rate(
    day: date,
    criterion: Criterion,
    people: Sendable,
    appointments: QuerySet[Appointment] | None,
    records: list[Qualification],
) -> Rate:
    posts = judged(
        day,
        criterion=criterion,
        appointments=appointments,
        rulebook=people.closing.rulebook,
        supposed=Supposed(records=records),
        everybody=True,
    )
    rows: Any = posts.order_by().filter(verdict__isnull=False).values("verdict").annotate(people=Count("pk"))
    counted = {row["verdict"]: row["people"] for row in rows}
    return Rate(
        *(counted.get(verdict, 0) for verdict in (Verdict.COMPLIANT, Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED))
    )
