"""What had been entered wrongly is put right: each correction with a reason, which the history keeps with it.

A correction changes what the registry holds to be true of the past too; what was true once and ended is no error
(`writing`). Every function takes `reason` and `by`, is atomic, and raises ValidationError with a Vietnamese message
where the reason is missing or the registry would become untrue; nothing is written then.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from cadres.history import correction
from cadres.models import Appointment, Change, Official, OfficialIdentifier, Qualification, User
from cadres.periods import Period, Precision
from cadres.registry.writing import record_facts, write
from cadres.walls import wide

# ---------------------------------------------------------------- posts


@correction
def mark_post_as_error(appointment: Appointment, *, reason: str, by: User | None) -> Appointment:
    """Mark a post as entered in error: it never counted, and does not stand in the way of another."""
    appointment.is_error = True
    appointment.note = reason
    write(appointment)
    return appointment


@correction
def correct_post(appointment: Appointment, *, reason: str, by: User | None) -> Appointment:
    """Write the unit, position and days of a post that had been entered wrongly, as set on the row.

    Raises ValidationError where the unit or the position was not there on the first or the last day of the post, and
    where the person would hold two primary posts, or one post twice, on a day.
    """
    _refuse_where_not_there(appointment)
    write(appointment)
    return appointment


@correction
def take_back_transfer(appointment: Appointment, *, reason: str, by: User | None) -> Appointment:
    """Take back a transfer that never was: the post it opened never counted, the one before it is as it had been.

    Returns that one. Raises ValidationError where the post was not opened by a transfer (`before_transfer`), or where
    the unit or position of the one before has ended since.
    """
    before = before_transfer(appointment)
    if before is None:
        raise ValidationError("Chức danh này không do điều động mà có; nếu ghi nhầm, hãy đánh dấu nhập sai.")
    _refuse_ended(before, appointment.start_date)
    mark_post_as_error(appointment, reason=reason, by=by)
    write(before)
    return before


def before_transfer(appointment: Appointment) -> Appointment | None:
    """The post that a transfer to this one ended, as it had been before it; not saved. None where there was none.

    How it had been is told by the history; where that tells nothing, it had no end.
    """
    posts = appointment.official.appointments.select_related("position").prefetch_related("unit__versions")
    before = transferred_from(appointment, posts)
    if before is None:
        return None
    was = _before_end(before)
    before.end_date = date.fromisoformat(was["end_date"]) if was.get("end_date") else None
    before.end_reason = was.get("end_reason", "")
    before.decision = was.get("decision", before.decision)
    return before


def transferred_from(appointment: Appointment, posts: Iterable[Appointment]) -> Appointment | None:
    """The one of the person's posts that a transfer to this post ended; None where this one came about otherwise.

    A transfer can be taken back from the last primary post only, while it is held.
    """
    if not appointment.is_primary or appointment.is_error or appointment.end_date:
        return None
    last_day = appointment.start_date - timedelta(days=1)
    reason = Appointment.EndReason.TRANSFERRED
    return next(
        (post for post in posts if post.is_primary and (post.end_date, post.end_reason) == (last_day, reason)), None
    )


def _before_end(appointment: Appointment) -> dict[str, str]:
    """The columns of a post before it was given its present end; empty where the history does not tell."""
    end = str(appointment.end_date)
    given = Change.objects.filter(
        table_name=Appointment._meta.db_table,
        key=appointment.pk,
        operation=Change.Operation.UPDATED,
        after__end_date=end,
    )
    change = given.exclude(before__end_date=end).order_by("-pk").first()
    return (change.before or {}) if change else {}


def _refuse_where_not_there(post: Appointment) -> None:
    """Raise ValidationError where the unit or the position was not in force on the first or last day of the post."""
    for day, field in ((post.start_date, "start_date"), (post.end_date, "end_date")):
        if day is None:
            continue
        if post.unit.version_on(day) is None:
            raise ValidationError({field: _not_there(f"{post.unit}", post.unit.versions.all(), day, "đơn vị")})
        if not post.position.is_in_force(day):
            raise ValidationError({field: _not_there(f"Chức danh {post.position}", [post.position], day, "chức danh")})


def _refuse_ended(post: Appointment, day: date) -> None:
    if post.unit.version_on(day) is None or not post.position.is_in_force(day):
        raise ValidationError(
            f"{post} không còn vào ngày {day:%d/%m/%Y}, nên không khôi phục được; "
            "hãy đính chính đơn vị, chức danh của lần điều động thay vì gỡ nó."
        )


def _not_there(name: str, periods: Iterable[Period], day: date, what: str) -> str:
    begun = min(period.start_date for period in periods)
    if day < begun:
        return f"{name} có từ ngày {begun:%d/%m/%Y}: hãy ghi ngày từ đó trở đi, hoặc chọn {what} có vào ngày đó."
    ended = max(period.end_date for period in periods if period.end_date)
    return f"{name} kết thúc ngày {ended:%d/%m/%Y}: hãy ghi ngày đến hết hôm đó, hoặc chọn {what} kế tiếp."


# ---------------------------------------------------------------- the person


@correction
def correct_facts(official: Official, *, reason: str, by: User | None) -> Official:
    """Write who a person is as set on the row, where the name, birth or sex on file was wrong."""
    return record_facts(official, by=by)


@wide()
@correction
def correct_identifier(identifier: OfficialIdentifier, *, reason: str, by: User | None) -> OfficialIdentifier:
    """Write a number that had been entered wrongly, or its period, as set on the row.

    Raises ValidationError for a number of the wrong length or of somebody else, and for a period that overlaps.
    """
    write(identifier)
    return identifier


# ---------------------------------------------------------------- records


@correction
def correct_record(
    qualification: Qualification, *, awarded_on: date, number: str, reason: str, by: User | None
) -> Qualification:
    """Write the day and the number of a record's paper that had been entered wrongly; it counts from that day.

    Raises ValidationError for a day after the one on which it was revoked.
    """
    qualification.start_date = qualification.awarded_on = awarded_on
    qualification.awarded_precision, qualification.number = Precision.DAY, number
    write(qualification)
    return qualification


@correction
def correct_as_error(qualification: Qualification, *, reason: str, by: User | None) -> Qualification:
    """Mark a record as entered in error: it never counted."""
    qualification.is_error = True
    qualification.note = reason
    write(qualification)
    return qualification
