"""The sessions of a class: each within its dates, and no trainer, room or class in two at one time.

The database forbids two at one time (exclusion constraints); here the class, the trainer and the room are locked first,
always in that order, so that of two sessions entered at the same moment the later one is told what stands against it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, Sum
from django.utils.timezone import get_current_timezone, localtime

from cadres.history import signed
from cadres.models import User
from courses.classes.holidays import holiday_on
from courses.models import ClassSession, Room, Trainer, TrainingClass
from courses.seats import lock_class

State = TrainingClass.State
MINUTES_A_HOUR, BREAK_MINUTES = 45, 10  # a tiết, and what lies between two: 4 tiết from 07:30 end at 11:00
HALF_DAYS = (time(7, 30), time(13, 30))
WORKING_WEEK = (0, 1, 2, 3, 4)


@dataclass
class Proposal:
    """Half days that would give a class the hours of its programme.

    `skipped` says of each half day left out what stands against it, `holidays` which days are left out and why;
    `missing_hours` are the tiết for which the dates of
    the class leave no room.
    """

    sessions: list[ClassSession] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    holidays: dict[date, str] = field(default_factory=dict)
    missing_hours: int = 0

    @property
    def hours(self) -> int:
        return sum(session.hours for session in self.sessions)


def hours_planned(training_class: TrainingClass) -> int:
    """The tiết of the sessions of a class that are not cancelled."""
    return training_class.sessions.filter(is_cancelled=False).aggregate(hours=Sum("hours"))["hours"] or 0


@signed
def save_session(session: ClassSession, *, by: User | None) -> ClassSession:
    """Write a session, new or changed.

    Raises ValidationError outside the dates of its class, on a public holiday, for a class that is over, and where the
    class, the trainer or the room has another session at that time (named, with its hours). One may begin when the
    other ends.
    """
    training_class = _lock(session.training_class, session.trainer, session.room)
    _check_open(training_class)
    if session.is_cancelled:
        raise ValidationError("Buổi học này đã hủy. Hãy thêm buổi khác.")
    session.clean_fields()
    if session.ends_at <= session.starts_at:
        raise ValidationError({"ends_at": "Giờ kết thúc phải sau giờ bắt đầu."})
    if not training_class.start_date <= session.day <= localtime(session.ends_at).date() <= training_class.end_date:
        raise ValidationError(
            f"Buổi học phải nằm trong thời gian của lớp: từ {training_class.start_date:%d/%m/%Y} "
            f"đến {training_class.end_date:%d/%m/%Y}."
        )
    if holiday := holiday_on(session.day):
        raise ValidationError(
            {"starts_at": f"Ngày {session.day:%d/%m/%Y} là ngày nghỉ lễ ({holiday}). Hãy chọn ngày khác."}
        )
    if session.hours < 1:
        raise ValidationError({"hours": "Số tiết phải lớn hơn 0."})
    others = _at_the_time_of([session]).exclude(pk=session.pk)
    if clashes := _clashes(session, others):
        raise ValidationError(clashes)
    session.full_clean()
    session.save()
    return session


@signed
def delete_session(session: ClassSession, *, by: User | None) -> None:
    """Take a session out of the timetable. Raises ValidationError once its attendance has been taken."""
    _check_open(lock_class(session.training_class))
    if session.attendance.exists():
        raise ValidationError(f"Buổi {session} đã điểm danh nên không xóa được. Hãy xóa điểm danh của buổi đó trước.")
    session.delete()


def propose_sessions(
    training_class: TrainingClass,
    *,
    hours_a_session: int = 4,
    starts: Sequence[time] = HALF_DAYS,
    weekdays: Collection[int] = WORKING_WEEK,
    trainer: Trainer | None = None,
    room: Room | None = None,
) -> Proposal:
    """Half days, from the first day of a class to its last, for the tiết of its programme that it does not have yet.

    `weekdays`: 0 is Monday. Where the class, the trainer or the room has a session at that time, the half day is
    skipped and named, and so is a public holiday. Nothing is written (add_sessions); one query for what is there.
    """
    left = max(training_class.hours - hours_planned(training_class), 0)
    proposal = Proposal()
    slots: list[ClassSession] = []
    day = training_class.start_date
    while day <= training_class.end_date:
        if day.weekday() in weekdays:
            slots += (
                ClassSession(
                    training_class=training_class,
                    starts_at=starts_at,
                    ends_at=starts_at + length_of(hours_a_session),
                    hours=hours_a_session,
                    trainer=trainer,
                    room=room,
                )
                for start in sorted(starts)
                for starts_at in (datetime.combine(day, start, tzinfo=get_current_timezone()),)
            )
        day += timedelta(days=1)
    there = list(_at_the_time_of(slots)) if slots else []
    for slot in slots:
        if not left:
            break
        if holiday := holiday_on(slot.day):
            proposal.holidays[slot.day] = holiday
            continue
        overlapping = [other for other in there if other.starts_at < slot.ends_at and slot.starts_at < other.ends_at]
        if clashes := _clashes(slot, overlapping):
            proposal.skipped += sorted(clashes.values())
            continue
        slot.hours = min(hours_a_session, left)
        slot.ends_at = slot.starts_at + length_of(slot.hours)
        left -= slot.hours
        proposal.sessions.append(slot)
        there.append(slot)  # two beginnings so near that they would overlap
    proposal.missing_hours = left
    return proposal


@signed
def add_sessions(
    training_class: TrainingClass,
    *,
    hours_a_session: int = 4,
    starts: Sequence[time] = HALF_DAYS,
    weekdays: Collection[int] = WORKING_WEEK,
    trainer: Trainer | None = None,
    room: Room | None = None,
    by: User | None,
) -> Proposal:
    """Propose sessions and write them; returns what was written and what was skipped.

    Raises ValidationError for a class that is over, and where not one session could be written.
    """
    training_class = _lock(training_class, trainer, room)
    _check_open(training_class)
    proposal = propose_sessions(
        training_class,
        hours_a_session=hours_a_session,
        starts=starts,
        weekdays=weekdays,
        trainer=trainer,
        room=room,
    )
    if not proposal.sessions:
        raise ValidationError(
            "Không xếp thêm được buổi nào: lớp đã đủ số tiết."
            if not proposal.missing_hours
            else "Không xếp thêm được buổi nào trong thời gian của lớp. Hãy chọn ngày, giờ, giảng viên hoặc phòng khác."
        )
    ClassSession.objects.bulk_create(proposal.sessions)
    return proposal


def length_of(hours: int) -> timedelta:
    """How long so many tiết last, with the breaks between them."""
    return timedelta(minutes=hours * MINUTES_A_HOUR + (hours - 1) * BREAK_MINUTES)


def _lock(training_class: TrainingClass, trainer: Trainer | None, room: Room | None) -> TrainingClass:
    """Lock whatever may not be in two places, the class first."""
    locked = lock_class(training_class)
    if trainer is not None:
        list(Trainer.objects.select_for_update(no_key=True).filter(pk=trainer.pk).values_list("pk"))
    if room is not None:
        list(Room.objects.select_for_update(no_key=True).filter(pk=room.pk).values_list("pk"))
    return locked


def _check_open(training_class: TrainingClass) -> None:
    if training_class.state in (State.ENDED, State.CANCELLED):
        raise ValidationError(
            f"Lớp {training_class.code} {training_class.get_state_display().lower()}: lịch học không sửa được nữa."
        )


def _at_the_time_of(slots: Sequence[ClassSession]) -> QuerySet[ClassSession]:
    """The sessions between the first and the last of the slots (all of one class, trainer and room) that may clash."""
    one = slots[0]
    same = Q(training_class=one.training_class)
    if one.trainer_id is not None:
        same |= Q(trainer=one.trainer_id)
    if one.room_id is not None:
        same |= Q(room=one.room_id)
    first, last = min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots)
    taken = ClassSession.objects.filter(same, is_cancelled=False, starts_at__lt=last, ends_at__gt=first)
    return taken.select_related("training_class", "trainer", "room").order_by("starts_at")


def _clashes(session: ClassSession, others: Iterable[ClassSession]) -> dict[str, str]:
    """By field, what stands against a session among others that overlap it."""
    found: dict[str, str] = {}
    for other in others:
        hours = f"từ {other.local_start:%H:%M} đến {other.local_end:%H:%M} ngày {other.day:%d/%m/%Y}"
        when = f"{other.training_class.code} {hours}"
        if other.training_class_id == session.training_class_id:
            found.setdefault("starts_at", f"Lớp đã có buổi học {hours}.")
        if session.trainer_id is not None and other.trainer_id == session.trainer_id:
            found.setdefault("trainer", f"Giảng viên {session.trainer} đã có buổi của lớp {when}.")
        if session.room_id is not None and other.room_id == session.room_id:
            found.setdefault("room", f"Phòng {session.room} đã có buổi của lớp {when}.")
    return found
