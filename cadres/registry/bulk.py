"""Many people at once: what a roster changed, and taking it back; many qualifications.

A row of a roster touches four tables, and each table is written by one INSERT and at most two UPDATEs, whatever the
number of rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q

from cadres.bulk import Insert, insert_rows, insert_tables, reserve_keys, update_rows
from cadres.history import signed
from cadres.models import (
    Appointment,
    ImportBatch,
    Official,
    OfficialIdentifier,
    Qualification,
    RosterDay,
    UnitZone,
    User,
)
from cadres.periods import effective_from, pairs_refused
from cadres.registry.rows import Facts, Identifier, Person, Post, Proof, Record, Row, columns_of, values_of
from cadres.text import match_key

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
QUALIFICATION_REST = {"institution": "", "number": "", "is_error": False, "note": ""}


@signed
def apply_roster(people: Iterable[Person], *, batch: ImportBatch | None, by: User | None) -> dict[int, dict[str, Any]]:
    """Write what a roster changed about people: new ones, and the rows of known ones that differ from those loaded.

    `batch` is None where no file stands behind it. New people receive their keys (`person.facts.id`). Returns, for each
    person changed, the columns before: {key: {table: {row key: {column: value}}}}, so that an undo needs nothing more.
    A state that the constraints forbid raises IntegrityError, and nothing is written.
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
    insert_tables([_insert(kind, new_rows[kind], batch.pk if batch else None) for kind in ROSTER_TABLES])
    return before


def end_posts(person: Person, *, end_date: date, reason: str) -> None:
    """End every post in force after `end_date`, the last day: somebody missing from a roster no longer holds them."""
    for post in person.posts:
        if post.is_in_force(end_date) and post.end_date != end_date:
            post.end_date, post.end_reason = end_date, reason


PROOF_COLUMNS = (
    "id", "official_id", "level_id", "start_date", "awarded_on", "awarded_precision", "field_of_study", "field_key",
    "study_mode", "institution", "number", "origin",
)  # fmt: skip


@signed
def record_qualifications(proofs: Sequence[Proof], *, by: User | None) -> list[int]:
    """What record_qualification does, of many; returns the keys in their order.

    A proof that names a row is written over it: a paper says more of a level than the roster that stated it.
    """
    keys = iter(reserve_keys(Qualification, sum(proof.id is None for proof in proofs)))
    rows = [
        (
            proof.id or next(keys),
            proof.official_id,
            proof.level_id,
            effective_from(proof.awarded, proof.as_of),
            proof.awarded.first_day if proof.awarded else None,
            proof.awarded.precision if proof.awarded else "",
            proof.field_of_study,
            match_key(proof.field_of_study),
            proof.study_mode,
            proof.institution,
            proof.number,
            proof.origin,
        )
        for proof in proofs
    ]
    known = {proof.id for proof in proofs}
    update_rows(Qualification, PROOF_COLUMNS, (row for row in rows if row[0] in known))
    new = ((*row, False, "") for row in rows if row[0] not in known)
    insert_rows(Qualification, (*PROOF_COLUMNS, "is_error", "note"), new)
    return [row[0] for row in rows]


@signed
def drop_statements_overtaken(*, by: User | None) -> None:
    """Delete each statement of a level, without a date, of somebody who held a higher one by then.

    No roster would have written it: a lower level is not written.
    """
    higher_by_then = Qualification.objects.begun_by(OuterRef("start_date")).filter(
        official=OuterRef("official"),
        level__dimension=OuterRef("level__dimension"),
        level__rank__gt=OuterRef("level__rank"),
        end_date=None,
        is_error=False,
    )
    Qualification.objects.filter(Exists(higher_by_then), awarded_on=None).delete()


def open_roster_days(
    batch: ImportBatch,
    *,
    communes: Iterable[int],
    zones: dict[int, tuple[int, date | None]],
    many: int,
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


def close_roster_days(batch: ImportBatch, *, but_of: Collection[int]) -> None:
    """The days and zones that a batch brought go, except of the units in `but_of`, where people of it remain."""
    for table in (RosterDay, UnitZone):
        table._default_manager.filter(batch=batch).exclude(unit_id__in=but_of).delete()


@transaction.atomic
def take_back_roster(batch: ImportBatch, *, created: Collection[int], changed: Mapping[int, dict[str, Any]]) -> None:
    """Take back what a batch wrote: the people it created, the rows it added to others, the columns it changed.

    `changed` holds the columns before of each person, as `apply_roster` returned them. `obstacles` says whom this
    cannot be done of: for one of them it raises ProtectedError or IntegrityError, and nothing is taken back then.
    """
    Official.objects.filter(pk__in=created, batch=batch).delete()
    for table in ROSTER_TABLES.values():
        if table is not Official:
            table._default_manager.filter(official_id__in=changed, batch=batch).delete()
    restored: list[tuple[dict[str, Any], Row]] = []
    changed_at: dict[tuple[type, int], str] = {}
    for kind, table in ROSTER_TABLES.items():
        columns, before = columns_of(kind), _columns_before(table, changed)
        for values in table._default_manager.filter(pk__in=before).values_list(*columns):
            now = dict(zip(columns, values, strict=True))
            old = before[now["id"]]
            changed_at[kind, now["id"]] = old.pop("changed_at")
            restored.append((now, kind(**(now | old))))
    _update(restored)
    for kind, table in ROSTER_TABLES.items():
        # The rows are again as they were, also to the undo of an earlier batch.
        update_rows(
            table, ("id", "changed_at"), ((key, moment) for (of, key), moment in changed_at.items() if of is kind)
        )


def obstacles(batch: ImportBatch, *, created: Collection[int], changed: Mapping[int, dict[str, Any]]) -> dict[int, str]:
    """Whom `take_back_roster`, told the same, could not take back, and why, in words. Writes nothing."""
    users: dict[int, set[str]] = defaultdict(set)
    for table in ROSTER_TABLES.values():
        owner = "pk" if table is Official else "official"
        going = table._default_manager.filter(**{f"{owner}__in": created})
        if table is not Official:
            going |= table._default_manager.filter(official__in=changed, batch=batch)
        for relation in table._meta.related_objects:
            if relation.on_delete is models.PROTECT:
                name = relation.field.name
                using = relation.related_model._default_manager.filter(**{f"{name}__in": going})
                for official in using.values_list(f"{name}__{owner}", flat=True):
                    users[official].add(str(relation.related_model._meta.verbose_name))
    found = dict.fromkeys(_clashing(batch, changed), "Dữ liệu trước khi nhập nay trùng thời gian với dữ liệu khác.")
    return found | {official: f"Đang được dùng ở: {', '.join(sorted(what))}." for official, what in users.items()}


def _clashing(batch: ImportBatch, changed: Mapping[int, dict[str, Any]]) -> set[int]:
    """The people two of whose rows could not stand together once a batch is taken back, or one with somebody else's."""
    clashing = set()
    for table in (OfficialIdentifier, Appointment):
        before = _columns_before(table, changed)
        concerned = Q(official__in=changed)
        if table is OfficialIdentifier:
            concerned |= Q(number__in=table.objects.filter(pk__in=before).values("number"))
        rows: list[Any] = list(table._default_manager.filter(concerned).exclude(official__in=changed, batch=batch))
        for row in rows:
            for name, value in before.get(row.pk, {}).items():
                setattr(row, name, value)
        for rule in table._meta.constraints:
            if isinstance(rule, ExclusionConstraint):
                clashing |= {row.official_id for pair in pairs_refused(rows, rule) for row in pair}
    return clashing & changed.keys()


def _columns_before(table: type[models.Model], changed: Mapping[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """Key of each changed row of the table → its columns before, as `apply_roster` returned them, and when written."""
    fields = {field.attname: field.to_python for field in table._meta.fields} | {"changed_at": str}
    return {
        int(key): {name: fields[name](value) for name, value in columns.items()}
        for before in changed.values()
        for key, columns in before.get(str(table._meta.model_name), {}).items()
    }


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


def _insert(kind: type, rows: list[tuple[int, Row]], batch: int | None) -> Insert:
    columns = columns_of(kind)
    alike = {"batch_id": batch} | (QUALIFICATION_REST if kind is Record else {})
    if kind is Facts:
        return Insert(Official, columns, (values_of(row) for _, row in rows), alike)
    # The key is the database's to give.
    values = ((*values_of(row)[1:], key) for key, row in rows)
    return Insert(ROSTER_TABLES[kind], (*columns[1:], "official_id"), values, alike, comes_again=kind is Record)


def _yields(old: dict[str, Any], row: Row) -> bool:
    """Whether a changed row only gives up days, or the place of the primary post."""
    if not isinstance(row, Post | Identifier):
        return False
    if not row.lies_within(old["start_date"], old["end_date"]):
        return False
    if isinstance(row, Post):
        moved = (row.position_id, row.unit_id) != (old["position_id"], old["unit_id"])
        return not moved and (old["is_primary"] or not row.is_primary)
    return True
