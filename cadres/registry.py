"""The only writes to the registry: who holds which post, which qualification counts, what is waived.

Every function is keyword-only where it matters, atomic, takes `by` (the account that answers for it, None for a
command) and raises ValidationError with a Vietnamese message where the registry would become untrue. Nothing that was
true once is overwritten: a transfer ends one appointment and opens another.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from cadres.bulk import insert_rows, reserve_keys, update_rows
from cadres.evaluation import DimensionVerdict, Reason, reasons
from cadres.models import (
    Appointment,
    Criterion,
    Dimension,
    ImportBatch,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    Unit,
    UnitZone,
    User,
    Waiver,
)
from cadres.periods import UNKNOWN_START, PartialDate, effective_from
from cadres.roster.changes import Facts, Identifier, Person, Post, Record, Row, columns_of, values_of


@transaction.atomic
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

    Raises ValidationError where the person already holds a primary post (or the same post) on a day of the period.
    """
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
    appointment.full_clean()
    appointment.save()
    return appointment


@transaction.atomic
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
    official.save()
    if identifier:
        kind, number = identifier
        issue_identifier(official, kind=kind, number=number, start_date=UNKNOWN_START, by=by)
    appoint(official, position, unit, start_date=start_date, by=by, decision=decision)
    return official


@transaction.atomic
def issue_identifier(
    official: Official, *, kind: str, number: str, start_date: date, by: User | None
) -> OfficialIdentifier:
    """Give a person a new identity number; the one in force until then ends the day before.

    Raises ValidationError for a number of the wrong length or of somebody else.
    """
    current = official.identifiers.as_of(start_date).filter(start_date__lt=start_date).first()
    if current is not None:
        current.end_date = start_date - timedelta(days=1)
        current.full_clean()
        current.save()
    identifier = OfficialIdentifier(official=official, kind=kind, number=number, start_date=start_date)
    identifier.full_clean()
    identifier.save()
    return identifier


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, end_date: date, reason: str, by: User | None, decision: str = ""
) -> Appointment:
    """End a post; `end_date` is its last day. Raises ValidationError for an end before the start or no reason."""
    if not reason:
        raise ValidationError({"end_reason": "Hãy chọn lý do thôi giữ chức danh."})
    appointment.end_date = end_date
    appointment.end_reason = reason
    appointment.decision = decision or appointment.decision
    appointment.full_clean()
    appointment.save()
    return appointment


@transaction.atomic
def transfer(
    official: Official, position: Position, unit: Unit, *, start_date: date, by: User | None, decision: str = ""
) -> Appointment:
    """Move a person to another post: the primary post in force ends the day before, the new one starts.

    Raises ValidationError where the person holds no primary post the day before.
    """
    before = start_date - timedelta(days=1)
    current = official.appointments.as_of(before).filter(is_primary=True).first()
    if current is None:
        raise ValidationError(f"{official} không giữ chức danh chính nào vào ngày {before:%d/%m/%Y}.")
    end_appointment(
        current, end_date=before, reason=Appointment.EndReason.TRANSFERRED, by=by, decision=current.decision
    )
    return appoint(official, position, unit, start_date=start_date, by=by, decision=decision)


def missing_training(appointment: Appointment, *, criterion: Criterion) -> list[Reason]:
    """What the criterion counts of the post's requirements and the person does not prove on the post's first day.

    The verdicts are those of the engine, which judges primary posts in communes whose data have begun: the post is made
    one for the length of the question, and everything is as it was afterwards. Empty for a post without a standard.
    """
    official, day = appointment.official, appointment.start_date
    with transaction.atomic():
        official.appointments.exclude(pk=appointment.pk).update(is_primary=False)
        official.appointments.filter(pk=appointment.pk).update(is_primary=True)
        RosterDay.objects.get_or_create(unit=appointment.unit, day=day, batch=None)
        found = reasons(official, day, criterion=criterion)
        transaction.set_rollback(True)
    open_still = (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)
    return [reason for reason in found if reason.is_counted and reason.verdict in open_still]


@transaction.atomic
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

    From when it counts follows from both dates (periods.effective_from).
    """
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
    qualification.full_clean()
    qualification.save()
    return qualification


@transaction.atomic
def revoke(qualification: Qualification, *, on: date, reason: str, by: User | None) -> Qualification:
    """Take a qualification back: from the day `on` it no longer counts. Raises ValidationError without a reason."""
    if not reason:
        raise ValidationError({"note": "Hãy ghi lý do thu hồi."})
    if on <= qualification.start_date:
        raise ValidationError("Ngày thu hồi phải sau ngày văn bằng có hiệu lực; nếu nhập sai, hãy đánh dấu nhập sai.")
    qualification.end_date = on - timedelta(days=1)
    qualification.note = reason
    qualification.full_clean()
    qualification.save()
    return qualification


@transaction.atomic
def correct_as_error(qualification: Qualification, *, reason: str, by: User | None) -> Qualification:
    """Mark a record as entered in error: it never counted. Raises ValidationError without a reason."""
    if not reason:
        raise ValidationError({"note": "Hãy ghi lý do đánh dấu nhập sai."})
    qualification.is_error = True
    qualification.note = reason
    qualification.full_clean()
    qualification.save()
    return qualification


@transaction.atomic
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
    waiver.full_clean()
    waiver.save()
    return waiver


# The bulk form of the functions above, for rosters. A row of a roster touches four tables, and each table is written by
# one INSERT and at most two UPDATEs, whatever the number of rows.

ROSTER_TABLES: dict[type, type[models.Model]] = {
    Facts: Official,
    Identifier: OfficialIdentifier,
    Post: Appointment,
    Record: Qualification,
}
# From here on the planner is told at once. It would find out within a minute or so, and until then take a verdict on
# 3,600 people, just imported into empty tables, through nested loops: a minute and more instead of a fifth of a second.
MANY_ROWS = 100

# Columns without a default in the database that no roster speaks of.
QUALIFICATION_REST = {"awarded_precision": "", "institution": "", "number": "", "is_error": False, "note": ""}


@transaction.atomic
def apply_roster(people: Iterable[Person], *, batch: ImportBatch, by: User | None) -> dict[int, dict[str, Any]]:
    """Write what a roster changed about people: new ones, and the rows of known ones that differ from those loaded.

    New people receive their keys (`person.facts.id`). Returns, for each person changed, the columns before:
    {key: {table: {row key: {column: value}}}}, so that an undo needs nothing more. A state that the constraints forbid
    raises IntegrityError, and nothing is written.
    """
    people = list(people)
    created = [person for person in people if person.facts.id is None]
    new_rows: dict[type, list[tuple[int, Row]]] = {kind: [] for kind in ROSTER_TABLES}
    changed_rows: list[tuple[dict[str, Any], Row]] = []
    before: dict[int, dict[str, Any]] = {}
    for person, key in zip(created, reserve_keys(Official, len(created)), strict=True):
        person.facts.id = key
        new_rows[Facts].append((key, person.facts))
    for person in people:
        official = person.facts.id
        assert official is not None
        for row in person.rows():
            kind = type(row)
            if row.id is None:
                new_rows[kind].append((official, row))
            elif (loaded := person.loaded.get((kind, row.id))) and loaded[:-1] != values_of(row):
                old = dict(zip(columns_of(kind), loaded[:-1], strict=True))
                name = str(ROSTER_TABLES[kind]._meta.model_name)
                differing = {column: value for column, value in old.items() if value != getattr(row, column)}
                differing["changed_at"] = loaded[-1].isoformat()
                before.setdefault(official, {}).setdefault(name, {})[row.id] = differing
                changed_rows.append((old, row))
    _update(changed_rows)
    for kind in ROSTER_TABLES:
        _insert(kind, new_rows[kind], batch)
    return before


def end_posts(person: Person, *, end_date: date, reason: str) -> None:
    """End every post in force after `end_date`, the last day: somebody missing from a roster no longer holds them."""
    for post in person.posts:
        if post.start_date <= end_date and (post.end_date is None or post.end_date > end_date):
            post.end_date, post.end_reason = end_date, reason


def open_roster_days(
    batch: ImportBatch,
    *,
    communes: Iterable[int],
    zones: dict[int, tuple[int, date | None]],
    many: int,
    by: User | None,
) -> None:
    """From the batch's day on the people of these communes are known; `zones` gives a unit its zone up to an end.

    `many` is how many rows the batch wrote: the planner is told of many (refresh_registry_statistics).
    """
    insert_rows(
        UnitZone,
        ("unit_id", "zone", "origin", "decision", "start_date", "end_date", "batch_id"),
        (
            (unit, zone, UnitZone.Origin.ROSTER, "", batch.as_of, end, batch.pk)
            for unit, (zone, end) in sorted(zones.items())
        ),
    )
    insert_rows(
        RosterDay, ("unit_id", "day", "batch_id"), ((unit, batch.as_of, batch.pk) for unit in sorted(set(communes)))
    )
    if many >= MANY_ROWS:
        with connection.cursor() as cursor:
            cursor.execute("SELECT refresh_registry_statistics()")


@transaction.atomic
def take_back_roster(
    batch: ImportBatch, *, created: Collection[int], changed: Iterable[dict[str, Any]], changed_people: Collection[int]
) -> None:
    """Take back what a batch wrote: the people it created, the rows it added to others, the columns it changed.

    `changed` holds the columns before, as `apply_roster` returned them. Raises ProtectedError where something else
    refers to a row, IntegrityError where the state before is no longer possible; nothing is taken back then.
    """
    Official.objects.filter(pk__in=created, batch=batch).delete()
    for table in ROSTER_TABLES.values():
        if table is not Official:
            table._default_manager.filter(official_id__in=changed_people, batch=batch).delete()
    wanted: dict[type, dict[int, dict[str, Any]]] = {kind: {} for kind in ROSTER_TABLES}
    kinds = {str(table._meta.model_name): kind for kind, table in ROSTER_TABLES.items()}
    for before in changed:
        for name, rows in before.items():
            wanted[kinds[name]].update({int(key): columns for key, columns in rows.items()})
    restored: list[tuple[dict[str, Any], Row]] = []
    changed_at: dict[tuple[type, int], str] = {}
    for kind, rows in wanted.items():
        columns, table = columns_of(kind), ROSTER_TABLES[kind]
        for values in table._default_manager.filter(pk__in=rows).values_list(*columns):
            now = dict(zip(columns, values, strict=True))
            old = dict(rows[now["id"]])
            changed_at[kind, now["id"]] = old.pop("changed_at")
            types = {column.attname: column for column in table._meta.fields}
            old = {name: types[name].to_python(value) for name, value in old.items()}
            restored.append((now, kind(**(now | old))))
    _update(restored)
    for kind, table in ROSTER_TABLES.items():
        # The rows are again as they were, also to the undo of an earlier batch.
        update_rows(
            table, ("id", "changed_at"), ((key, moment) for (of, key), moment in changed_at.items() if of is kind)
        )


def _update(rows: Iterable[tuple[dict[str, Any], Row]]) -> None:
    """Write rows that differ from what they are now (the first of each pair).

    Those that make room go first: no two posts may overlap, not even for the length of a statement.
    """
    yielding: dict[type, list[Row]] = {kind: [] for kind in ROSTER_TABLES}
    others: dict[type, list[Row]] = {kind: [] for kind in ROSTER_TABLES}
    for now, row in rows:
        (yielding if _yields(now, row) else others)[type(row)].append(row)
    for kind, table in ROSTER_TABLES.items():
        for group in (yielding[kind], others[kind]):
            update_rows(table, columns_of(kind), (values_of(row) for row in group))


def _insert(kind: type, rows: list[tuple[int, Row]], batch: ImportBatch) -> None:
    columns = columns_of(kind)
    if kind is Facts:
        insert_rows(Official, (*columns, "batch_id"), ((*values_of(row), batch.pk) for _, row in rows))
        return
    rest = QUALIFICATION_REST if kind is Record else {}
    insert_rows(
        ROSTER_TABLES[kind],
        (*columns[1:], "official_id", "batch_id", *rest),  # the key is the database's to give
        ((*values_of(row)[1:], key, batch.pk, *rest.values()) for key, row in rows),
    )


def _yields(old: dict[str, Any], row: Row) -> bool:
    """Whether a changed row only gives up days, or the place of the primary post."""
    if not isinstance(row, Post | Identifier):
        return False
    if row.start_date < old["start_date"] or (row.end_date or date.max) > (old["end_date"] or date.max):
        return False
    if isinstance(row, Post):
        moved = (row.position_id, row.unit_id) != (old["position_id"], old["unit_id"])
        return not moved and (old["is_primary"] or not row.is_primary)
    return True
