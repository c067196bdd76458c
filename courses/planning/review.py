"""What became of a plan: each line beside its classes in turns, money and people made compliant; why it was less."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from cadres.evaluation import Rulebook, Verdict, counted_dimensions, judged
from cadres.models import Appointment, Criterion
from courses.models import Certificate, Enrolment, PlanLine, TrainingClass, TrainingPlan
from courses.planning.money import effective_lines, money_of_lines

State = Enrolment.State
SENT = (State.DECIDED, State.ATTENDING, State.COMPLETED, State.FAILED, State.ABSENT, State.WITHDRAWN)
# Why fewer completed than were sent, in the order in which it is told.
LOST = {
    State.WITHDRAWN: "thôi học",
    State.ABSENT: "không đến học",
    State.FAILED: "không đạt",
    State.ATTENDING: "chưa có kết quả",
    State.DECIDED: "chưa học",
}


@dataclass
class LineResult:
    """A line, and what its classes came to by a day. Money in đồng, `planned_*` as the line has it.

    `made_compliant`: the people who hold a certificate of its classes, did not meet the standard when the year began
    and do on the day; nobody where the line gives no level that the criterion counts (`raises`). `why`: why it was less
    than planned, in words.
    """

    line: PlanLine
    classes: int = 0
    cancelled: int = 0
    sent: int = 0
    completed: int = 0
    given: int = 0
    settled: int = 0
    made_compliant: set[int] = field(default_factory=set)
    certified: int = 0
    raises: bool = False
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PlanResult:
    """The lines that hold with their results, and the people made compliant by all of them, each counted once."""

    day: date
    lines: Sequence[LineResult]

    @property
    def made_compliant(self) -> int:
        return len(set[int]().union(*(one.made_compliant for one in self.lines)))

    def sum_of(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.lines)

    @property
    def planned_turns(self) -> int:
        return sum(one.line.trainees for one in self.lines)

    @property
    def planned_cost(self) -> int:
        return sum(one.line.total_cost for one in self.lines)


def result_of(plan: TrainingPlan, day: date, *, criterion: Criterion) -> PlanResult:
    """What the lines that hold have come to by the day (of the year of the plan or after it).

    Nine queries at the most, however many lines and people. Of an account that sees all people.
    """
    lines = list(
        effective_lines(plan).select_related("programme__raises_to", "institution").order_by("programme__title", "pk")
    )
    money = money_of_lines(lines)
    classes = _counted(TrainingClass.objects.filter(plan_line__in=lines), "plan_line", "state")
    turns = _counted(
        Enrolment.objects.filter(training_class__plan_line__in=lines).exclude(
            training_class__state=TrainingClass.State.CANCELLED
        ),
        "training_class__plan_line",
        "state",
    )
    certified: dict[int, set[int]] = {}
    valid = Certificate.objects.filter(
        enrolment__training_class__plan_line__in=lines, withdrawn_on=None, issued_on__lte=day
    )
    for key, official in valid.values_list("enrolment__training_class__plan_line", "enrolment__official"):
        certified.setdefault(key, set()).add(official)
    risen = _risen(set().union(*certified.values()), plan.year, day, criterion)
    counted = {item.pk for item in counted_dimensions(criterion, Rulebook.load().dimensions_asked(day))}
    found = []
    for line in lines:
        by_state, by_turn = classes.get(line.pk, Counter()), turns.get(line.pk, Counter())
        cancelled = by_state.pop(TrainingClass.State.CANCELLED, 0)
        _, given, settled = money[line.pk]
        raises = _raises(line, counted)
        one = LineResult(
            line,
            classes=by_state.total(),
            cancelled=cancelled,
            sent=sum(by_turn[state] for state in SENT),
            completed=by_turn[State.COMPLETED],
            given=given,
            settled=settled,
            made_compliant=certified.get(line.pk, set()) & risen if raises else set(),
            raises=raises,
            certified=len(certified.get(line.pk, ())),
        )
        one.why = list(_why(one, by_turn))
        found.append(one)
    return PlanResult(day, found)


def _raises(line: PlanLine, dimensions: set[int]) -> bool:
    """Whether the line gives a level of what the criterion counts: else it makes nobody compliant."""
    level = line.programme.raises_to
    return level is not None and level.dimension_id in dimensions


def _counted(rows: QuerySet[Any], line: str, state: str) -> dict[int, Counter[str]]:
    """Key of a line → state → how many; one query."""
    found: dict[int, Counter[str]] = {}
    for key, value, number in rows.order_by().values_list(line, state).annotate(number=Count("pk")):
        found.setdefault(key, Counter())[value] = number
    return found


def _risen(officials: Iterable[int], year: int, day: date, criterion: Criterion) -> set[int]:
    """Who of them meets the standard on the day, and did not (or had no post) on the last day before the year."""
    own = Appointment.objects.filter(official__in=list(officials))

    def compliant(on: date) -> set[int]:
        posts = judged(on, criterion=criterion, appointments=own, everybody=True)
        return set(posts.filter(verdict=Verdict.COMPLIANT).values_list("official", flat=True))

    return compliant(day) - compliant(date(year - 1, 12, 31)) if officials else set()


def _why(one: LineResult, turns: Counter[str]) -> Iterable[str]:
    """Classes that were not held, seats left empty, people lost on the way, certificates that are still to come, and
    people who lack more than the line gives."""
    missing = one.line.class_count - one.classes
    if missing > 0:
        yield f"{missing} lớp chưa mở" + (f" ({one.cancelled} lớp đã hủy)" if one.cancelled else "")
    if (empty := one.line.trainees - one.sent) > 0:
        yield f"{empty} chỗ trống"
    for state, words in LOST.items():
        if turns[state]:
            yield f"{turns[state]} {words}"
    if (waiting := one.completed - one.certified) > 0:
        yield f"{waiting} chưa có chứng chỉ"
    if one.raises and (lacking := one.certified - len(one.made_compliant)) > 0:
        yield f"{lacking} có chứng chỉ mà chưa thành đạt chuẩn (còn thiếu điều khác, hoặc đã đạt từ trước)"
