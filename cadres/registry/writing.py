"""One person at a time: who holds which post, which qualification counts, what is waived.

Every function is keyword-only where it matters, atomic, takes `by` (the account that answers for it, None for a
command) and raises ValidationError with a Vietnamese message where the registry would become untrue. Nothing that was
true once is overwritten: a transfer ends one appointment and opens another.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from cadres.evaluation import DimensionVerdict, Reason, Supposed, reasons
from cadres.history import signed
from cadres.models import (
    Appointment,
    Criterion,
    Dimension,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    Unit,
    User,
    Waiver,
)
from cadres.periods import UNKNOWN_START, PartialDate, effective_from
from cadres.posts import primary_posts
from cadres.walls import wide


@signed
def appoint(
    official: Official,
    position: Position,
    unit: Unit,
    *,
    start_date: date,
    by: User | None,
    is_primary: bool = True,
    stated: PartialDate | None = None,
    term: str = "",
    decision: str = "",
) -> Appointment:
    """Open a post from `start_date`. `stated` is the date as the file states it, with its precision.

    Raises ValidationError where the person already holds a primary post (or the same post) on a day of the period, or
    was not born yet.
    """
    check_after_birth(official, start_date, "Ngày giữ chức danh")
    appointment = Appointment(
        official=official,
        position=position,
        unit=unit,
        start_date=start_date,
        is_primary=is_primary,
        stated_start=stated.first_day if stated else None,
        stated_start_precision=stated.precision if stated else "",
        term=term,
        decision=decision,
    )
    write(appointment)
    return appointment


def in_the_way(post: Appointment) -> list[Appointment]:
    """The posts of others, first come first, of which one at most may be held on a day of this post, saved or not.

    None where the position is not limited (Position.holders), or has room for one more.
    """
    if post.position.holders is None:
        return []
    others = Appointment.objects.lasting_to(post.start_date).filter(unit=post.unit_id, position=post.position_id)
    if post.end_date:
        others = others.begun_by(post.end_date)
    held = list(others.exclude(official=post.official_id).select_related("official").order_by("start_date", "pk"))
    return held if len(held) >= post.position.holders else []


def lock_posts_of(unit: Unit) -> None:
    """Let whoever else puts somebody into a post of the unit wait until this transaction is over."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


@signed
def share_post(appointment: Appointment, *, reason: str, by: User | None) -> Appointment:
    """Say why the post is held beside somebody else who holds it. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"shared_reason": "Hãy ghi lý do cùng giữ chức danh."})
    appointment.shared_reason = reason.strip()
    write(appointment)
    return appointment


@signed
def acknowledge_lacking(appointment: Appointment, *, reason: str, by: User | None) -> Appointment:
    """Keep why somebody was appointed who lacks what the post asks for. Raises ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"lacking_reason": "Hãy ghi lý do vẫn bổ nhiệm."})
    appointment.lacking_reason = reason.strip()
    write(appointment)
    return appointment


@wide()
@signed
def register(
    official: Official,
    position: Position,
    unit: Unit,
    *,
    start_date: date,
    by: User | None,
    decision: str = "",
    identifier: tuple[str, str] | None = None,
) -> Official:
    """Enter a new person (not saved yet) with a first post and, where known, the identity number (kind, number)."""
    record_facts(official, by=by)
    if identifier:
        kind, number = identifier
        issue_identifier(official, kind=kind, number=number, start_date=UNKNOWN_START, by=by)
    appoint(official, position, unit, start_date=start_date, by=by, decision=decision)
    return official


@signed
def record_facts(official: Official, *, by: User | None) -> Official:
    """Write who a person is (name, birth, sex, ethnic group, party, recruitment) as set on the row, new or known.

    Raises ValidationError where that cannot be: no name, a party date of somebody who is no member.
    """
    official.set_name(official.full_name)
    write(official)
    return official


@wide()
@signed
def issue_identifier(
    official: Official, *, kind: str, number: str, start_date: date, by: User | None
) -> OfficialIdentifier:
    """Give a person a new identity number; the one in force until then ends the day before.

    Raises ValidationError for a number of the wrong length or of somebody else.
    """
    current = official.identifiers.as_of(start_date).begun_before(start_date).first()
    if current is not None:
        current.end_date = start_date - timedelta(days=1)
        write(current)
    identifier = OfficialIdentifier(official=official, kind=kind, number=number, start_date=start_date)
    write(identifier)
    return identifier


@signed
def end_appointment(
    appointment: Appointment, *, end_date: date, reason: str, by: User | None, decision: str = ""
) -> Appointment:
    """End a post; `end_date` is its last day. Raises ValidationError for an end before the start or no reason."""
    if not reason:
        raise ValidationError({"end_reason": "Hãy chọn lý do thôi giữ chức danh."})
    appointment.end_date = end_date
    appointment.end_reason = reason
    appointment.decision = decision or appointment.decision
    write(appointment)
    return appointment


@signed
def transfer(
    official: Official, position: Position, unit: Unit, *, start_date: date, by: User | None, decision: str = ""
) -> Appointment:
    """Move a person to another post: the primary post in force ends the day before, the new one starts.

    Raises ValidationError where the person holds no primary post the day before.
    """
    before = start_date - timedelta(days=1)
    current = primary_posts(before, official.appointments.all()).first()
    if current is None:
        raise ValidationError(f"{official} không giữ chức danh chính nào vào ngày {before:%d/%m/%Y}.")
    end_appointment(
        current, end_date=before, reason=Appointment.EndReason.TRANSFERRED, by=by, decision=current.decision
    )
    return appoint(official, position, unit, start_date=start_date, by=by, decision=decision)


def missing_training(appointment: Appointment, *, criterion: Criterion) -> list[Reason]:
    """What the criterion counts of the post's requirements and the person does not prove on the post's first day.

    The verdicts are those of the engine, which is asked as if the post were the person's primary one. Empty for a post
    without a standard.
    """
    found = reasons(
        appointment.official, appointment.start_date, criterion=criterion, supposed=Supposed(posts=[appointment])
    )
    open_still = (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)
    return [reason for reason in found if reason.is_counted and reason.verdict in open_still]


@signed
def record_qualification(
    official: Official,
    level: Level,
    *,
    as_of: date,
    by: User | None,
    awarded: PartialDate | None = None,
    field_of_study: str = "",
    study_mode: str = "",
    institution: str = "",
    number: str = "",
    origin: str = Qualification.Origin.ENTERED,
) -> Qualification:
    """Add a qualification; `as_of` is the day on which it is known (the roster's, or the day of entry).

    From when it counts follows from both dates (periods.effective_from). Raises ValidationError for a day before the
    person was born.
    """
    check_after_birth(official, awarded.last_day if awarded else as_of, "Ngày cấp")
    qualification = Qualification(
        official=official,
        level=level,
        start_date=effective_from(awarded, as_of),
        awarded_on=awarded.first_day if awarded else None,
        awarded_precision=awarded.precision if awarded else "",
        study_mode=study_mode,
        institution=institution,
        number=number,
        origin=origin,
    )
    qualification.set_field_of_study(field_of_study)
    write(qualification)
    return qualification


def check_after_birth(official: Official, day: date, what: str) -> None:
    """Raise ValidationError for a day on which the person surely was not born yet; one that is not known is none."""
    if official.birth and UNKNOWN_START < day < official.birth.first_day:
        raise ValidationError(f"{what} {day:%d/%m/%Y} không thể trước ngày sinh của {official} ({official.birth}).")


@signed
def revoke(qualification: Qualification, *, on: date, reason: str, by: User | None) -> Qualification:
    """Take a qualification back: from the day `on` it no longer counts. Raises ValidationError without a reason."""
    if not reason:
        raise ValidationError({"note": "Hãy ghi lý do thu hồi."})
    if not qualification.begins_before(on):
        raise ValidationError("Ngày thu hồi phải sau ngày văn bằng có hiệu lực; nếu nhập sai, hãy đánh dấu nhập sai.")
    qualification.end_date = on - timedelta(days=1)
    qualification.note = reason
    write(qualification)
    return qualification


@signed
def waive(
    official: Official,
    dimension: Dimension,
    *,
    start_date: date,
    end_date: date | None,
    reason: str,
    decision: str,
    by: User | None,
) -> Waiver:
    """Exempt a person from one dimension for a period, by a numbered decision."""
    waiver = Waiver(
        official=official,
        dimension=dimension,
        start_date=start_date,
        end_date=end_date,
        reason=reason,
        decision=decision,
    )
    write(waiver)
    return waiver


def write(row: models.Model) -> None:
    """Save a row that its table's constraints allow; raises ValidationError with their messages for any other.

    PostgreSQL looks at them anyhow: each is asked by itself only where that has refused. Nor is asked whether a row is
    there that the caller had in hand.
    """
    there = {field.name for field in row._meta.fields if isinstance(field, models.ForeignKey) and field.is_cached(row)}
    try:
        row.full_clean(exclude=there, validate_constraints=False)
        with transaction.atomic():
            row.save()
    except (ValidationError, IntegrityError, DataError):
        row.full_clean()  # all that stands against it, in words
        raise
