"""A proposal for the plan of a year: the classes that raise the rate most for the money, each with its names.

The rate that it predicts is not reckoned by itself: it is the verdict of everybody as if those proposed had the records
of their classes already (supposed rows).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.evaluation import Rulebook, Supposed, SupposedRecord, Verdict, judged
from cadres.models import Appointment, Criterion, UnitVersion, Zone
from cadres.posts import ABOVE_THEN, primary_posts, with_post_on
from cadres.rate import Rate
from cadres.text import dong
from courses.models import Programme
from courses.needs.computed import Closing
from courses.planning.costs import Norms, estimate, norms_on
from courses.planning.proposal import choosing
from courses.planning.proposal.choosing import Choice, Group, OfZone, Problem
from courses.planning.proposal.people import Sendable, run_of, sendable
from courses.planning.proposal.registered import NOBODY_UNREGISTERED, Room, Unserved, courses_for_registered
from courses.seats import MOST_IN_A_CLASS
from courses.under_way import record_given

FEWEST_IN_A_CLASS = 15  # people: fewer are not worth a class


@dataclass(frozen=True)
class ProposedClass:
    """One class: its programme, where it is held (a unit; `place_code` and `place_name` on the day), who goes.

    `made_compliant`: how many of them meet the standard with what all the classes of the proposal give them; so many
    fewer would, were this class not held. `near`: how many learn in the cluster or district of their own post on the
    day, since the class is held there. `is_registered`: units have asked for it, it was not chosen for the rate;
    `is_asked`: a rule has, and no unit.
    """

    programme: Programme
    place: int
    place_code: str
    place_name: str
    officials: tuple[int, ...]
    cost: int  # đồng
    is_registered: bool = False
    is_asked: bool = False
    made_compliant: int = 0
    near: int = 0

    @property
    def seats(self) -> int:
        return len(self.officials)

    @property
    def study_days(self) -> int:
        """People × days of study."""
        return self.seats * self.programme.days

    @property
    def study_days_near(self) -> int:
        """Those of them that are taught in the people's own cluster or district; held at the province: none."""
        return self.near * self.programme.days


@dataclass(frozen=True)
class Proposal:
    """The classes, and the rate: as it is (`now`), with them (`predicted`), with those chosen by hand (`greedy`).

    `bound`: how many people more no plan for the money could make compliant. `left_out` says whom it could not reckon
    with, in words → people; `unserved`, who is registered, or asked by a rule, and gets no seat. `year_end`: the first
    end of a year by which all the classes have ended; None without any.
    """

    year: int
    day: date
    criterion: Criterion
    budget: int
    classes: tuple[ProposedClass, ...]
    now: Rate
    predicted: Rate
    greedy: Rate
    bound: int
    is_proved: bool
    left_out: Mapping[str, int]
    unserved: tuple[Unserved, ...] = ()

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.classes)

    @property
    def turns(self) -> int:
        return sum(one.seats for one in self.classes)

    @property
    def study_days(self) -> int:
        """People × days of study in all the classes."""
        return sum(one.study_days for one in self.classes)

    @property
    def study_days_near(self) -> int:
        """Those taught in the people's own cluster or district; were all classes held at the province: none."""
        return sum(one.study_days_near for one in self.classes)

    @property
    def made_compliant(self) -> int:
        """How many people the classes make compliant, each counted once."""
        return self.predicted.compliant - self.now.compliant

    @property
    def gap(self) -> int:
        """How many people more there might be than were found; 0 where the proposal is proved to be the best."""
        return max(self.bound - self.made_compliant, 0)

    @property
    def year_end(self) -> date | None:
        ends = [run_of(one.programme, self.year, self.day).end_date.year for one in self.classes]
        return date(max(ends), 12, 31) if ends else None


def propose(
    year: int,
    budget: int,
    *,
    day: date,
    criterion: Criterion,
    seed: int = 0,
    fewest: int = FEWEST_IN_A_CLASS,
    most: int = MOST_IN_A_CLASS,
    least: Mapping[int | OfZone | None, int] | None = None,
    for_registered: int | None = None,
    unregistered: int = NOBODY_UNREGISTERED,
    appointments: QuerySet[Appointment] | None = None,
    without: Iterable[int] = (),
) -> Proposal:
    """Which classes of the year raise the rate most within the budget (đồng), by what is on record on the day.

    `fewest` and `most` people a class; `least`: key of a district or cluster, or a zone → how many seats its people get
    at the least; `without`: keys of programmes of which no class is to be held. `for_registered`: so many đồng of the
    budget, and what the rest leaves, go to classes that units have registered for and the rate does not ask for; None:
    to none. `unregistered`: and to those whom no unit has registered and a rule of this priority
    (RegisteredNeed.Priority), or of a more urgent one, asks to study. Raises ValidationError without a budget or cost
    norm, for class sizes that leave gaps, and where the least seats cannot be given, naming the units and zones that
    could not get theirs.
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
    if (for_registered or 0) > budget:
        raise ValidationError({"for_registered": f"Nhiều hơn cả kinh phí {dong(budget)}. Hãy ghi số nhỏ hơn."})
    least = {part: number for part, number in (least or {}).items() if number}
    by_zone = any(isinstance(part, OfZone) for part in least)
    people = sendable(year, day, criterion=criterion, norms=norms, appointments=appointments, by_zone=by_zone)
    groups, prices = _offered(people, norms, set(without))
    problem = Problem(groups, prices, budget - (for_registered or 0), fewest, most, least)
    try:
        choice = choosing.best(problem, seed=seed)
    except choosing.Infeasible as refusal:
        raise ValidationError({"least": _why_infeasible(problem, refusal, day)}) from refusal
    except choosing.NothingFound as refusal:
        raise ValidationError(
            {"least": "Hết thời gian tính mà chưa tìm được phương án đủ số chỗ tối thiểu. Hãy giảm số đó."}
        ) from refusal
    classes = _classes(choice, people, norms, day)
    unserved: list[Unserved] = []
    if for_registered is not None:
        classes, unserved = _for_registered(
            classes,
            year=year,
            closing=people.closing,
            norms=norms,
            budget=budget,
            fewest=fewest,
            most=most,
            unregistered=unregistered,
            appointments=appointments,
        )
    by_hand = _classes(choosing.greedy(problem), people, norms, day)
    rulebook = people.closing.rulebook
    return Proposal(
        year=year,
        day=day,
        criterion=criterion,
        budget=budget,
        **_weighed(classes, day, criterion, rulebook, appointments),
        greedy=_rate(_verdicts(by_hand, day, criterion, rulebook, appointments)),
        bound=choice.people if choice.bound is None else choice.bound,
        is_proved=choice.is_proved,
        left_out=people.left_out,
        unserved=tuple(unserved),
    )


def with_these(proposal: Proposal, chosen: Collection[int]) -> Proposal:
    """What is left of a proposal when only the classes at these places of it are held: rate and effect anew, exactly.

    Of an account that sees everybody, by what is on record on the day of the proposal.
    """
    classes = tuple(one for number, one in enumerate(proposal.classes) if number in chosen)
    return replace(
        proposal,
        **_weighed(classes, proposal.day, proposal.criterion, Rulebook.load(), None),
        is_proved=proposal.is_proved and len(classes) == len(proposal.classes),
    )


def _why_infeasible(problem: Problem, refusal: choosing.Infeasible, day: date) -> str:
    """In words, with the units and zones that could not get their seats even alone."""
    units = dict(
        UnitVersion.objects.as_of(day)
        .filter(unit__in=[part for part in refusal.parts if isinstance(part, int)])
        .values_list("unit", "name")
    )
    named = [
        Zone(part.number).in_words if isinstance(part, OfZone) else units.get(part or 0, "các xã chưa thuộc đơn vị nào")
        for part in refusal.parts
    ]
    whose = f" của {', '.join(named)}" if named else " của các đơn vị cộng lại"
    return (
        f"Với {dong(problem.budget)} và lớp {problem.fewest} đến {problem.most} người không đủ chỗ tối thiểu{whose}. "
        "Hãy giảm số chỗ tối thiểu ở đó, hoặc tăng kinh phí."
    )


def _for_registered(
    classes: tuple[ProposedClass, ...],
    *,
    year: int,
    closing: Closing,
    norms: Norms,
    budget: int,
    fewest: int,
    most: int,
    unregistered: int,
    appointments: QuerySet[Appointment] | None,
) -> tuple[tuple[ProposedClass, ...], list[Unserved]]:
    """The classes chosen for the rate with who is registered beside, and classes of their own, from the money left."""
    served: dict[int, list[Programme]] = defaultdict(list)
    for one in classes:
        for official in one.officials:
            served[official].append(one.programme)
    room: dict[Room, int] = defaultdict(int)
    for one in classes:
        room[one.programme.pk, one.place] += most - one.seats
    courses, joining, unserved = courses_for_registered(
        year,
        closing=closing,
        norms=norms,
        money=budget - sum(one.cost for one in classes),
        fewest=fewest,
        most=most,
        served=served,
        room=room,
        unregistered=unregistered,
        appointments=appointments,
    )
    versions = _versions([course.place for course in courses], closing.day)
    more = [
        replace(one, is_registered=course.is_registered, is_asked=not course.is_registered)
        for course in courses
        for one in _parted(
            course.programme, versions[course.place], course.officials, -(-len(course.officials) // most), norms
        )
    ]
    return (*_joined(classes, joining, norms), *more), unserved


def _joined(
    classes: tuple[ProposedClass, ...], joining: Mapping[Room, list[int]], norms: Norms
) -> tuple[ProposedClass, ...]:
    """The classes with those who join them, each the emptiest class of the course and place."""
    officials = [list(one.officials) for one in classes]
    for key, people in joining.items():
        own = [number for number, one in enumerate(classes) if (one.programme.pk, one.place) == key]
        for official in people:
            officials[min(own, key=lambda number: len(officials[number]))].append(official)
    return tuple(
        replace(one, officials=tuple(people), cost=estimate(one.programme, len(people), norms))
        for one, people in zip(classes, officials, strict=True)
    )


def _offered(people: Sendable, norms: Norms, without: set[int]) -> tuple[list[Group], dict[Any, int]]:
    """The groups with the bundles that no excluded programme is in, and what a seat of each course costs."""
    groups = [
        replace(group, bundles=kept)
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
    versions = _versions([place for _, place in seated], day)
    found = [
        one
        for (course, place), officials in seated.items()
        for one in _parted(people.programmes[course], versions[place], officials, choice.classes[course, place], norms)
    ]
    return tuple(sorted(found, key=lambda one: (one.programme.code, one.place_code, one.officials)))


def _parted(
    programme: Programme, held: UnitVersion, officials: Sequence[int], number: int, norms: Norms
) -> Iterable[ProposedClass]:
    """The people of a course evenly in so many classes, in turn."""
    for one in range(number):
        part = tuple(officials[one::number])
        yield ProposedClass(programme, held.unit_id, held.code, held.name, part, estimate(programme, len(part), norms))


def _versions(places: Iterable[int | None], day: date) -> dict[int | None, UnitVersion]:
    """Place → the unit as it is on the day; None is the province, and so is what is no unit on the day."""
    province = UnitVersion.objects.province_on(day)
    assert province is not None
    found: dict[int | None, UnitVersion] = defaultdict(lambda: province)
    for version in UnitVersion.objects.as_of(day).filter(unit__in=[place for place in places if place]):
        found[version.unit_id] = version
    return found


def _records(classes: Iterable[ProposedClass], day: date) -> list[SupposedRecord]:
    """What the people of the classes will have, as if they had it on the day."""
    return [
        record_given(official, one.programme.raises_to.pk, one.programme.field_of_study, day)
        for one in classes
        if one.programme.raises_to is not None
        for official in one.officials
    ]


def _weighed(
    classes: tuple[ProposedClass, ...],
    day: date,
    criterion: Criterion,
    rulebook: Rulebook,
    appointments: QuerySet[Appointment] | None,
) -> dict[str, Any]:
    """`now` and `predicted` of a Proposal, and its `classes`, each with how many of its people all of them together
    make compliant, and how many learn near. Four queries."""
    now, then = (_verdicts(held, day, criterion, rulebook, appointments) for held in ((), classes))
    made, homes = _compliant(then) - _compliant(now), _homes(classes, day)
    told = [
        replace(
            one,
            made_compliant=len(made.intersection(one.officials)) if one.programme.raises_to else 0,
            near=sum(homes.get(official) == one.place for official in one.officials),
        )
        for one in classes
    ]
    return {"classes": tuple(told), "now": _rate(now), "predicted": _rate(then)}


def _homes(classes: Iterable[ProposedClass], day: date) -> dict[int, int]:
    """Who goes to the classes → the cluster or district of the post on the day; not whose commune lies right below the
    province. Two queries."""
    going = {official for one in classes for official in one.officials}
    province = UnitVersion.objects.province_on(day)
    held = with_post_on(primary_posts(day).filter(official__in=going), day).annotate(above=ABOVE_THEN)
    return {
        official: above
        for official, above in held.values_list("official", "above")
        if above is not None and (province is None or above != province.unit_id)
    }


def _verdicts(
    classes: Iterable[ProposedClass],
    day: date,
    criterion: Criterion,
    rulebook: Rulebook,
    appointments: QuerySet[Appointment] | None,
) -> list[tuple[int, str]]:
    """Official and verdict of everybody who is judged on the day, as if these classes had given what they give."""
    posts: Any = judged(
        day,
        criterion=criterion,
        appointments=appointments,
        rulebook=rulebook,
        supposed=Supposed(records=_records(classes, day)),
        everybody=True,
    )
    return list(posts.order_by().filter(verdict__isnull=False).values_list("official_id", "verdict"))


def _compliant(verdicts: Iterable[tuple[int, str]]) -> set[int]:
    return {official for official, verdict in verdicts if verdict == Verdict.COMPLIANT}


def _rate(verdicts: Iterable[tuple[int, str]]) -> Rate:
    people = Counter(verdict for _, verdict in verdicts)
    return Rate(*(people[verdict] for verdict in (Verdict.COMPLIANT, Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED)))
