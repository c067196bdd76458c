"""Attendance: who came to which session, and how many tiết that makes."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from cadres.history import signed
from cadres.models import User
from courses.models import Attendance, ClassSession, TrainingClass
from courses.results.pupils import check_at_work, not_there_then, pupils_by_key

ATTENDED = (Attendance.Mark.PRESENT, Attendance.Mark.LATE)


class Marked(NamedTuple):
    """How many cells were written, and what stands in those that somebody else changed meanwhile (key → mark)."""

    written: int
    overtaken: dict[int, str]


@signed
def mark_attendance(
    session: ClassSession,
    marks: Mapping[int, str],
    *,
    by: User | None,
    was: Mapping[int, str] | None = None,
) -> Marked:
    """Mark who came to a session: key of the enrolment → Attendance.Mark, or "" to clear; others keep their marks.

    `was` is what the writer saw before: a cell that says something else by now is left alone and returned. Raises
    ValidationError, and writes nothing, for somebody not in the class or not in office yet, a mark that is none, a
    cancelled session, or a class that is neither running nor ended.
    """
    session = ClassSession.objects.select_for_update(of=("self",)).select_related("training_class").get(pk=session.pk)
    check_at_work(session.training_class)
    if session.is_cancelled:
        raise ValidationError(f"Buổi học {session} đã hủy, không điểm danh được.")
    for mark in set(marks.values()) - {""}:
        if mark not in Attendance.Mark.values:
            raise ValidationError(f"“{mark}” không phải là ký hiệu điểm danh. Hãy chọn một trong các ký hiệu đã cho.")
    pupils = pupils_by_key(session.training_class, marks)
    came = [pupils[key] for key, mark in marks.items() if mark]
    if wrong := not_there_then(session.training_class, came):
        raise ValidationError([f"{pupils[key].official}: {told}" for key, told in wrong.items()])
    standing = dict(
        Attendance.objects.filter(session=session, enrolment__in=list(marks)).values_list("enrolment", "mark")
    )
    overtaken = {}
    if was is not None:
        overtaken = {
            key: standing.get(key, "")
            for key, mark in marks.items()
            if standing.get(key, "") not in (was.get(key, ""), mark)
        }
    changed = {key: mark for key, mark in marks.items() if key not in overtaken and standing.get(key, "") != mark}
    if cleared := [key for key, mark in changed.items() if not mark]:
        Attendance.objects.filter(session=session, enrolment__in=cleared).delete()
    Attendance.objects.bulk_create(
        [Attendance(session=session, enrolment_id=key, mark=mark) for key, mark in changed.items() if mark],
        update_conflicts=True,
        unique_fields=("enrolment", "session"),
        update_fields=("mark",),
    )
    return Marked(len(changed), overtaken)


class Attended(NamedTuple):
    """Sessions by mark, and the tiết of those that the person came to and of those missed."""

    present: int = 0
    late: int = 0
    excused: int = 0
    unexcused: int = 0
    hours: int = 0
    missed_hours: int = 0

    @property
    def missed(self) -> int:
        return self.excused + self.unexcused

    def is_less_than(self, percent: int) -> bool:
        """Whether of the tiết that were marked a smaller share was attended; a sitting without a mark says nothing."""
        return self.hours * 100 < percent * (self.hours + self.missed_hours)

    @property
    def share(self) -> str:
        """The share of tiết attended, as it is told: whole percents, cut off, so that 79,9 is not 80."""
        marked = self.hours + self.missed_hours
        return f"{self.hours}/{marked} tiết ({self.hours * 100 // marked} %)" if marked else ""


def attendance_summary(training_class: TrainingClass) -> dict[int, Attended]:
    """Key of the enrolment → sessions by mark and tiết attended, in one query; who has no mark yet is not in it.

    Cancelled sessions count for nobody; coming late counts as having come.
    """
    counted = (
        Attendance.objects.filter(session__training_class=training_class, session__is_cancelled=False)
        .order_by()
        .values("enrolment")
        .annotate(
            **{mark: Count("pk", filter=Q(mark=mark)) for mark in Attendance.Mark.values},
            hours=Coalesce(Sum("session__hours", filter=Q(mark__in=ATTENDED)), 0),
            missed_hours=Coalesce(Sum("session__hours", filter=~Q(mark__in=ATTENDED)), 0),
        )
    )
    rows = counted.values_list("enrolment", *Attended._fields)
    return {key: Attended(*numbers) for key, *numbers in rows}


def attended_too_little(training_class: TrainingClass) -> dict[int, str]:
    """Key of the enrolment → what was attended of which tiết, of those below the share that the programme asks for."""
    least = training_class.programme.least_attendance
    if least is None:
        return {}
    return {
        key: f"dự {attended.share}, chương trình đòi ít nhất {least} %"
        for key, attended in attendance_summary(training_class).items()
        if attended.is_less_than(least)
    }
