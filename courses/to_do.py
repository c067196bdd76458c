"""What is to be done about classes and the people in them, for whoever it is (cadres/to_do.py)."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from cadres.models import User
from cadres.periods import MonthsAfter, add_months
from cadres.to_do import ToDo
from courses.access import classes_visible_to, districts_of, enrolments_visible_to
from courses.models import Attendance, ClassSession, Enrolment, FeedbackCode, Respondent, TrainingClass
from courses.modules import without_certificate
from courses.seats import with_seats_for

State = TrainingClass.State
MONTHS_REMINDED = 12  # that the effect of a class is to be asked about; later few remember what was before it


def _with(state: str) -> Exists:
    return Exists(Enrolment.objects.filter(training_class=OuterRef("pk"), state=state))


def _to_approve(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    return classes_visible_to(user).filter(_with(Enrolment.State.NOMINATED), state=State.OPEN)


def _to_decide(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    return classes_visible_to(user).filter(_with(Enrolment.State.APPROVED), state=State.OPEN)


def _with_own_seats(user: User, day: date) -> QuerySet[Any, Any]:
    return with_seats_for(classes_visible_to(user), districts_of(user, day), day=day)


def _to_start(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    return classes_visible_to(user).filter(state=State.OPEN, start_date__lte=day)


def _taught_on(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    sessions = ClassSession.objects.filter(training_class=OuterRef("pk"), starts_at__date=day, is_cancelled=False)
    return classes_visible_to(user).filter(Exists(sessions), state=State.RUNNING)


def _without_attendance(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    """With a session before the day of which nobody has said who came."""
    unmarked = ~Exists(Attendance.objects.filter(session=OuterRef("pk")))
    held = ClassSession.objects.filter(training_class=OuterRef("pk"), starts_at__date__lt=day, is_cancelled=False)
    return classes_visible_to(user).filter(Exists(held.filter(unmarked)), state=State.RUNNING)


def _past_their_end(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    return classes_visible_to(user).filter(state=State.RUNNING, end_date__lt=day)


def _to_certify(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    due = Enrolment.objects.filter(without_certificate(), training_class=OuterRef("pk"))
    return classes_visible_to(user).filter(Exists(due), state=State.ENDED)


def _to_ask_about(user: User, day: date) -> QuerySet[TrainingClass, Any]:
    """With an effect that heads of units can be asked about since not long ago, and no code for them yet."""
    codes = FeedbackCode.objects.filter(training_class=OuterRef("pk"), asked_of=Respondent.HEAD)
    classes = classes_visible_to(user).alias(asked_from=MonthsAfter("end_date", Value(FeedbackCode.MONTHS_LATER)))
    return classes.filter(
        _with(Enrolment.State.COMPLETED),
        ~Exists(codes),
        state=State.ENDED,
        asked_from__gt=add_months(day, -MONTHS_REMINDED),
        asked_from__lte=day,
    )


CLASSES = {
    "duyet": ToDo("lớp có người được cử chờ duyệt", _to_approve, due="start_date"),
    "quyet_dinh": ToDo("lớp có người đã duyệt, chờ quyết định cử", _to_decide, due="start_date"),
    "con_cho": ToDo("lớp còn chỗ cho đơn vị", _with_own_seats, due=Coalesce("enrol_until", "start_date")),
    "khai_giang": ToDo("lớp đã đến ngày khai giảng, chưa khai giảng", _to_start, due="start_date"),
    "hoc_hom_nay": ToDo("lớp có buổi học hôm nay", _taught_on),
    "diem_danh": ToDo("lớp có buổi học chưa điểm danh", _without_attendance),
    "ket_qua": ToDo("lớp đã qua ngày bế giảng, chưa đủ kết quả", _past_their_end, due="end_date"),
    "chung_chi": ToDo("lớp có người chờ cấp chứng chỉ", _to_certify),
    "hieu_qua": ToDo("lớp đã xong sáu tháng, chưa hỏi đơn vị về hiệu quả", _to_ask_about),
}


def _refused(user: User, day: date) -> QuerySet[Enrolment, Any]:
    going_on = TrainingClass.objects.filter(TrainingClass.going_on(day))
    return enrolments_visible_to(user).filter(state=Enrolment.State.REJECTED, training_class__in=going_on.values("pk"))


def _studying(user: User, day: date) -> QuerySet[Enrolment, Any]:
    return enrolments_visible_to(user).filter(
        state=Enrolment.State.ATTENDING, training_class__state=TrainingClass.State.RUNNING
    )


TURNS = {
    "khong_duoc_cu": ToDo("người của đơn vị không được cử, có lý do", _refused),
    "dang_hoc": ToDo("người của đơn vị đang học", _studying),
}
