"""The way of a class through its states: planned → open → running → ended, or cancelled; and of its people with it."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import User
from cadres.text import dong, first_named
from courses.models import Certificate, Enrolment, TrainingClass
from courses.modules import resting_on
from courses.seats import lock_class
from courses.steps import move

State = TrainingClass.State
LATE = "Lớp đã khai giảng"


@dataclass(frozen=True)
class Started:
    """What became of the people of a class that started."""

    attending: int
    rejected: int


def _in_state(training_class: TrainingClass, *states: str, action: str) -> TrainingClass:
    """The class, locked. Raises ValidationError where it is in none of the states."""
    locked = lock_class(training_class)
    if locked.state not in states:
        allowed = " hoặc ".join(f"“{State(state).label}”" for state in states)
        raise ValidationError(
            f"Chỉ {action} được lớp {allowed}; lớp {locked.code} hiện là “{locked.get_state_display()}”."
        )
    return locked


def _set_state(training_class: TrainingClass, locked: TrainingClass, state: str, reason: str = "") -> None:
    locked.state, locked.state_reason = state, reason
    locked.save(update_fields=("state", "state_reason"))
    training_class.state, training_class.state_reason = state, reason


@signed
def open_class(training_class: TrainingClass, *, by: User | None) -> TrainingClass:
    """Let the districts nominate: planned → open."""
    locked = _in_state(training_class, State.PLANNED, action="mở đăng ký")
    _set_state(training_class, locked, State.OPEN)
    return training_class


@signed
def start_class(training_class: TrainingClass, *, day: date, by: User | None) -> Started:
    """Start a class on the day: open → running. Who has a decision attends; who has none is no longer in it.

    Raises ValidationError before the start date, and while nobody has a decision.
    """
    locked = _in_state(training_class, State.OPEN, action="khai giảng")
    if day < locked.start_date:
        raise ValidationError(
            f"Lớp khai giảng ngày {locked.start_date:%d/%m/%Y}; hôm nay mới là ngày {day:%d/%m/%Y}. "
            "Nếu khai giảng sớm, hãy sửa ngày khai giảng của lớp."
        )
    people = list(locked.enrolments.filter(state__in=Enrolment.BEFORE_CLASS))
    decided = [person for person in people if person.state == Enrolment.State.DECIDED]
    if not decided:
        raise ValidationError("Chưa có ai có quyết định cử đi học. Hãy duyệt danh sách và ra quyết định trước.")
    others = [person for person in people if person.state != Enrolment.State.DECIDED]
    _set_state(training_class, locked, State.RUNNING)
    return Started(
        attending=move(decided, Enrolment.State.ATTENDING, by=by, note="Khai giảng"),
        rejected=move(others, Enrolment.State.REJECTED, by=by, note=LATE, is_from_reserve=False),
    )


@signed
def end_class(training_class: TrainingClass, *, day: date, by: User | None) -> TrainingClass:
    """End a class on the day: running → ended. From then on its results are turns in the reports.

    Raises ValidationError before the end date, and while somebody has no result yet.
    """
    locked = _in_state(training_class, State.RUNNING, action="bế giảng")
    if day < locked.end_date:
        raise ValidationError(
            f"Lớp bế giảng ngày {locked.end_date:%d/%m/%Y}; hôm nay mới là ngày {day:%d/%m/%Y}. "
            "Nếu kết thúc sớm, hãy sửa ngày bế giảng của lớp."
        )
    open_results = locked.enrolments.filter(state=Enrolment.State.ATTENDING)
    without = list(
        open_results.order_by("official__name_order", "official_id").values_list("official__full_name", flat=True)
    )
    if without:
        raise ValidationError(
            f"Còn {len(without)} người chưa có kết quả: {first_named(without)}. Hãy ghi kết quả trước khi bế giảng."
        )
    _set_state(training_class, locked, State.ENDED)
    return training_class


@signed
def reopen_class(training_class: TrainingClass, *, by: User | None) -> TrainingClass:
    """Take the end of a class back to mend its results: ended → running.

    Raises ValidationError while a certificate of the class is valid.
    """
    locked = _in_state(training_class, State.ENDED, action="mở lại")
    if many := _valid_certificates(locked):
        raise ValidationError(
            f"Lớp đã cấp {many} chứng chỉ còn hiệu lực. Hãy thu hồi kết quả của từng người cần sửa, hoặc tất cả."
        )
    _set_state(training_class, locked, State.RUNNING)
    return training_class


@signed
def cancel_class(training_class: TrainingClass, *, reason: str, day: date, by: User | None) -> int:
    """Cancel a class for a reason; returns how many people it held, who are free again.

    Everybody without a result is out of it, and is told why; sessions that were not held free trainer and room. Raises
    ValidationError without a reason, for a class that has ended, with valid certificates, or with money settled.
    """
    locked = _in_state(training_class, State.PLANNED, State.OPEN, State.RUNNING, action="hủy")
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Hãy ghi lý do hủy lớp."})
    if many := _valid_certificates(locked):
        raise ValidationError(f"Lớp đã cấp {many} chứng chỉ còn hiệu lực nên không hủy được. Hãy bế giảng lớp.")
    if settled := locked.funding.filter(settled_on__isnull=False).order_by("source").first():
        raise ValidationError(
            f"Lớp đã quyết toán {dong(settled.spent)} từ {settled.get_source_display().lower()} nên không hủy "
            "được. Hãy bế giảng lớp, hoặc thu hồi quyết toán trước."
        )
    without_result = (*Enrolment.BEFORE_CLASS, Enrolment.State.ATTENDING)
    people = list(locked.enrolments.filter(state__in=without_result))
    move(people, Enrolment.State.REJECTED, by=by, note=f"Lớp bị hủy: {reason}", is_from_reserve=False)
    locked.sessions.filter(attendance__isnull=True).update(is_cancelled=True)
    _set_state(training_class, locked, State.CANCELLED, f"{reason} ({day:%d/%m/%Y})")
    return len(people)


def _valid_certificates(training_class: TrainingClass) -> int:
    """How many valid certificates rest on the class: its own, and those for which it gave modules."""
    own = Certificate.objects.filter(enrolment__training_class=training_class, withdrawn_on__isnull=True).count()
    return own + len(resting_on(training_class.enrolments.values_list("pk", flat=True)))
