"""What the lines of a plan are to do to the rate: the people who are named for them, and whom they make compliant."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from cadres.evaluation import NOTHING, Rulebook, Supposed, SupposedRecord, Verdict, judged
from cadres.models import Appointment, Criterion, UnitVersion
from courses.models import Enrolment, PlanLine, TrainingClass, TrainingPlan
from courses.planning.proposal.people import accepted_needs
from courses.proposed import Since, names_of
from courses.under_way import raising, record_given


@dataclass(frozen=True)
class Foreseen:
    """Of a line: how many are named for it, and whom it makes compliant (keys of officials).

    `gone`: how many others had been proposed for it and hold no post any more.
    """

    named: int
    made_compliant: frozenset[int]
    gone: int = 0


def foreseen(plan: TrainingPlan, lines: Sequence[PlanLine], day: date, *, criterion: Criterion) -> dict[int, Foreseen]:
    """Line (its key) → what it is to do, of the lines that give a level; the lines come with their programme.

    Named are who studies in the line's classes without a result yet; for its seats that no class has taken those for
    whom the line was proposed, who are in office and have not the level yet; then those whom a unit has registered for
    the programme (accepted, the most urgent first): of a line in a unit its own people, of one at the province
    everybody. Who does not meet the standard on the day, and would if all who are named had what they study, is counted
    once: at the first line that has the person. Of an account that sees all people; twelve queries.
    """
    giving = [line for line in lines if line.programme.raises_to_id is not None]
    named = _studying(giving, day)
    left = _seats_left(plan, giving)
    gone = _add_proposed(named, left, day)
    _add_registered(named, left, plan, giving, day)
    people = {official for officials in named.values() for official in officials}
    records = [
        record_given(official, level, line.programme.field_of_study, day)
        for line in giving
        if (level := line.programme.raises_to_id) is not None
        for official in named[line.pk]
    ]
    made = _made_compliant(people, records, day, criterion) if people else set()
    found = {}
    for line in giving:
        here = frozenset(made.intersection(named[line.pk]))
        made -= here
        found[line.pk] = Foreseen(len(named[line.pk]), here, gone[line.pk])
    return found


def _made_compliant(people: set[int], records: Sequence[SupposedRecord], day: date, criterion: Criterion) -> set[int]:
    """Who of the people meets the standard with the records, and does not without."""
    rulebook = Rulebook.load()

    def compliant(whom: set[int], supposed: Supposed = NOTHING) -> set[int]:
        own = Appointment.objects.filter(official__pk__among=whom)
        posts = judged(day, criterion=criterion, appointments=own, rulebook=rulebook, supposed=supposed)
        return set(posts.filter(verdict=Verdict.COMPLIANT).values_list("official_id", flat=True))

    others = people - compliant(people)
    return compliant(others, Supposed(records=[record for record in records if record.official_id in others]))


def _studying(lines: Iterable[PlanLine], day: date) -> dict[int, list[int]]:
    """Line → who is under way in its classes."""
    named: dict[int, list[int]] = defaultdict(list)
    rows = raising(day).filter(training_class__plan_line__in=[line.pk for line in lines])
    for line, official in rows.order_by("pk").values_list("training_class__plan_line", "official"):
        if line is not None:
            named[line].append(official)
    return named


def _seats_left(plan: TrainingPlan, lines: Iterable[PlanLine]) -> dict[int, int]:
    """Line → how many of its seats no class of it has given to anybody."""
    taken = dict(
        Enrolment.objects.filter(training_class__plan_line__plan=plan, state__in=Enrolment.SEATED)
        .exclude(training_class__state=TrainingClass.State.CANCELLED)
        .order_by()
        .values_list("training_class__plan_line")
        .annotate(people=Count("pk"))
    )
    return {line.pk: line.trainees - taken.get(line.pk, 0) for line in lines}


def _add_proposed(named: dict[int, list[int]], left: dict[int, int], day: date) -> Counter[int]:
    """Give the seats that are `left` to those for whom the lines were proposed; line → how many of them are gone."""
    gone: Counter[int] = Counter()
    for line, official, since in names_of(left, day):
        if since == Since.GONE:
            gone[line] += 1
        elif since == Since.WAITS and left[line] > 0:
            named[line].append(official)
            left[line] -= 1
    return gone


def _add_registered(
    named: dict[int, list[int]], left: dict[int, int], plan: TrainingPlan, lines: Iterable[PlanLine], day: date
) -> None:
    """Give the seats that are `left` to those who are registered for the programme."""
    province = UnitVersion.objects.province_on(day)
    everywhere = (None, province.unit_id if province else None)
    offered: dict[int, list[PlanLine]] = defaultdict(list)
    for line in lines:
        offered[line.programme_id].append(line)
    served = {(official, line.programme_id) for line in lines for official in named[line.pk]}
    rows = accepted_needs(plan.year).filter(programme__in=offered).order_by("priority", "official__name_order", "pk")
    for official, programme, home in rows.values_list("official", "programme", "submission__district"):
        seats = [line for line in offered[programme] if left[line.pk] > 0 and line.place_id in (home, *everywhere)]
        if seats and (official, programme) not in served:
            line = min(seats, key=lambda line: line.place_id != home)
            named[line.pk].append(official)
            left[line.pk] -= 1
            served.add((official, programme))
