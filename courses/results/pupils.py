"""Who sits in a class, and when something may be written about them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from cadres.models import Appointment, RosterDay
from cadres.posts import POST_TOLD, with_post_on
from cadres.text import NAMED
from courses.models import ClassSession, Enrolment, TrainingClass

PUPILS = (Enrolment.State.ATTENDING, *Enrolment.WITH_RESULT)  # not whoever was withdrawn, or never came so far


def pupils_of(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """The people who sit in the class, by name."""
    pupils = Enrolment.objects.filter(training_class=training_class, state__in=PUPILS)
    return pupils.select_related("official").order_by("official__name_order", "pk")


def pupils_with_posts(training_class: TrainingClass) -> QuerySet[Any]:
    """The people who sit in the class, each with the post of the day on which it started (cadres.posts.POST_TOLD)."""
    return with_post_on(pupils_of(training_class), training_class.start_date).annotate(**POST_TOLD)


def check_at_work(training_class: TrainingClass) -> None:
    """Raise ValidationError unless the class is running or has ended: before that nobody has studied anything."""
    if training_class.state not in TrainingClass.AT_WORK:
        raise ValidationError(
            f"Lớp {training_class.code} đang ở tình trạng “{training_class.get_state_display()}”: chỉ điểm danh, ghi "
            "kết quả và cấp chứng chỉ cho lớp đang học hoặc đã kết thúc."
        )


def check_has_begun(training_class: TrainingClass, now: date) -> None:
    """Raise ValidationError before the first session of the class, or its first day where no session is set."""
    first = training_class.sessions.filter(is_cancelled=False).order_by("starts_at").first()
    begins = first.day if first else training_class.start_date
    if now < begins:
        raise ValidationError(
            f"Lớp {training_class.code} bắt đầu học ngày {begins:%d/%m/%Y}, hôm nay là {now:%d/%m/%Y}: chưa ghi kết "
            "quả được."
        )


def check_was_held(session: ClassSession, now: date) -> None:
    """Raise ValidationError for a session of a day to come."""
    if now < session.day:
        raise ValidationError(
            f"Buổi học {session} chưa diễn ra, hôm nay là {now:%d/%m/%Y}: điểm danh từ ngày của buổi học trở đi."
        )


def not_there_then(training_class: TrainingClass, enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Key of the enrolment → why its person cannot have studied in the class: not born yet, or in office only later.

    The first post counts where its first day is one that somebody stated; one that a roster began (the day of the
    roster) says nothing of the time before. Who was recruited by the end of the class was in office.
    """
    enrolments = list(enrolments)
    rosters = RosterDay.objects.filter(unit=OuterRef("unit"), day=OuterRef("start_date"))
    posts = (
        Appointment.objects.filter(official__in=[enrolment.official_id for enrolment in enrolments])
        .annotate(is_of_roster=Exists(rosters))
        .order_by("official_id", "start_date")
        .distinct("official_id")
    )
    first = {post.official_id: post for post in posts}
    start, end = training_class.start_date, training_class.end_date
    wrong = {}
    for enrolment in enrolments:
        official, post = enrolment.official, first.get(enrolment.official_id)
        if official.birth and official.birth.first_day > start:
            wrong[enrolment.pk] = f"sinh {official.birth}, sau ngày khai giảng; hãy xem lại ngày sinh hoặc tên."
        elif (
            post
            and (post.stated_start or not post.is_of_roster)
            and not post.has_begun(end)
            and not (official.recruited_on and official.recruited_on <= end)
        ):
            wrong[enrolment.pk] = (
                f"giữ chức danh đầu tiên từ {post.start_date:%d/%m/%Y}, sau khi lớp bế giảng; hãy xem lại quá trình "
                "công tác hoặc tên."
            )
    return wrong


def pupils_by_key(training_class: TrainingClass, keys: Iterable[int]) -> dict[int, Enrolment]:
    """The enrolments of these keys, locked. Raises ValidationError that names whoever is not in the class."""
    keys = set(keys)
    found = {
        enrolment.pk: enrolment
        for enrolment in pupils_of(training_class).filter(pk__in=keys).select_for_update(of=("self",))
    }
    if foreign := keys - found.keys():
        raise ValidationError(_who_is_not_there(training_class, foreign))
    return found


def _who_is_not_there(training_class: TrainingClass, keys: set[int]) -> list[str]:
    known = Enrolment.objects.filter(pk__in=keys).select_related("official", "training_class").in_bulk()
    told = []
    for key in sorted(keys)[:NAMED]:
        enrolment = known.get(key)
        if enrolment is None:
            told.append(f"Không có lượt học mã {key}. Hãy mở lại trang của lớp {training_class.code}.")
        elif enrolment.training_class_id != training_class.pk:
            told.append(f"{enrolment.official} không có tên trong lớp {training_class.code} (lượt học mã {key}).")
        else:
            told.append(
                f"{enrolment.official} không học lớp {training_class.code} (tình trạng: "
                f"{enrolment.get_state_display().lower()})."
            )
    if len(keys) > NAMED:
        told.append(f"Và {len(keys) - NAMED} lượt học khác.")
    return told
