"""Taking a written roster back: what it wrote is reversed, except where somebody has changed it since.

People are taken back one by one or not at all: a person whom the batch created goes, with everything the batch wrote
about them; of a person whom it changed the rows it added go and the columns it changed become what they were. Whoever
has been changed since, by hand or by a later batch, is kept as they are now, and named.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from cadres.history import act
from cadres.models import Act, ClockTime, ImportBatch, ImportRow, Official, User, Waiver
from cadres.registry import ROSTER_TABLES, close_roster_days, obstacles, take_back_roster
from cadres.roster.batch import Progress, Step, check_state, lock_batch, take_turns, unwatched
from cadres.roster.plan import WRITTEN
from cadres.walls import wide

State = ImportBatch.State

CHANGED_SINCE, GONE, IMPOSSIBLE = "changed_since", "gone", "impossible"


@dataclass(slots=True)
class Written:
    """What a batch wrote about one person; `rows` counts the rows of the file (and the end of a missing one's post)."""

    key: int
    name: str
    unit: int | None
    is_new: bool = False
    rows: int = 0
    before: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class NotReversed:
    """A person who was not taken back, and why, in words."""

    official: int | None
    name: str
    rows: int
    code: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"official": self.official, "name": self.name, "code": self.code, "reason": self.reason}


@dataclass(slots=True)
class Undone:
    """The result of an undo. All counts are rows: reversed + kept + failed = what the batch had written."""

    batch: int
    reversed: int
    kept: int
    failed: int
    reasons: list[NotReversed]

    def as_json(self) -> dict[str, Any]:
        return {
            "batch": self.batch,
            "reversed": self.reversed,
            "kept": self.kept,
            "failed": self.failed,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@wide()
def undo(batch: ImportBatch, *, by: User | None, dry_run: bool = False, progress: Progress = unwatched) -> Undone:
    """Take a committed batch back, in one transaction; with `dry_run` say only what would happen, and write nothing.

    Raises BatchStateError where the batch is not written, or has been undone already.
    """
    with transaction.atomic(), act(Act.Kind.IMPORT_UNDO, by=by, file=batch.file_name):
        if dry_run:
            batch.refresh_from_db()
            check_state(batch, State.COMMITTED)
        else:
            take_turns()
            batch = lock_batch(batch, State.COMMITTED)
        written, gone = _written_by(batch)
        progress(Step.UNDOING, 0, len(written))
        touched = _touched_since(batch, written)
        kept = [_not_reversed(written[key], CHANGED_SINCE, reason) for key, reason in touched.items()]
        free, failed = _without_obstacles(batch, [person for key, person in written.items() if key not in touched])
        result = Undone(
            batch=batch.pk,
            reversed=sum(person.rows for person in free),
            kept=sum(reason.rows for reason in kept),
            failed=sum(reason.rows for reason in gone + failed),
            reasons=gone + kept + failed,
        )
        if dry_run:
            return result
        take_back_roster(batch, **_told(free))
        still_here = written.keys() - {person.key for person in free}
        close_roster_days(batch, but_of={unit for key in still_here if (unit := written[key].unit)})
        batch.state, batch.undone_by = State.UNDONE, by
        batch.undone_at = ClockTime()
        batch.summary["undone"] = result.as_json()
        batch.save()
        progress(Step.UNDOING, len(written), len(written))
    return result


def _written_by(batch: ImportBatch) -> tuple[dict[int, Written], list[NotReversed]]:
    """Whom the batch wrote about, by key, and the rows whose person has been deleted since."""
    written: dict[int, Written] = {}
    gone: list[NotReversed] = []
    rows = batch.rows.filter(outcome__in=WRITTEN).order_by("pk")
    for official, outcome, unit, understood, before in rows.values_list(
        "official_id", "outcome", "unit_id", "understood", "before"
    ):
        name = understood.get("full_name", "")
        if official is None:
            gone.append(NotReversed(None, name, 1, GONE, "Người này đã bị xóa khỏi hồ sơ sau khi nhập."))
            continue
        person = written.setdefault(official, Written(official, name, unit))
        person.is_new = person.is_new or outcome == ImportRow.Outcome.CREATED
        person.rows += 1
        person.before = person.before or before
    for official, name, before in batch.missing.filter(end_date__isnull=False).values_list(
        "official_id", "official__full_name", "before"
    ):
        person = written.setdefault(official, Written(official, name, None))
        person.rows += 1
        person.before = person.before or before
    return written, gone


def _touched_since(batch: ImportBatch, written: dict[int, Written]) -> dict[int, str]:
    """Who has been changed since the batch was written: key → by what, in words."""
    assert batch.committed_at is not None
    touched: dict[int, str] = {}
    for table in ROSTER_TABLES.values():
        name = str(table._meta.model_name)
        owner = "pk" if table is Official else "official_id"
        rows = table._base_manager.filter(**{f"{owner}__in": written})  # also what was marked as an error since
        strange = ~Q(batch=batch) | Q(changed_at__gt=batch.committed_at)
        here: dict[int, set[str]] = defaultdict(set)
        for key, official, owner_batch, changed_at in rows.filter(strange).values_list(
            "pk", owner, "batch_id", "changed_at"
        ):
            person = written[official]
            is_ours = person.is_new or owner_batch == batch.pk or str(key) in person.before.get(name, {})
            here[official].add(str(key))
            if is_ours and (changed_at > batch.committed_at or (person.is_new and owner_batch != batch.pk)):
                touched.setdefault(official, _by_what(batch, owner_batch))
        for person in written.values():
            if not set(person.before.get(name, ())) <= here[person.key]:
                touched.setdefault(person.key, "Dữ liệu mà lần nhập này đã thay đổi nay không còn trong hồ sơ.")
    for official in Waiver.objects.filter(official_id__in=written).values_list("official_id", flat=True):
        if written[official].is_new:
            touched.setdefault(official, "Đã được miễn một mặt tiêu chuẩn sau khi nhập.")
    return touched


def _by_what(batch: ImportBatch, other: int | None) -> str:
    if other is not None and other != batch.pk:
        return f"Đã có dữ liệu của lần nhập số {other}."
    return "Đã được sửa sau khi nhập."


def _without_obstacles(batch: ImportBatch, people: list[Written]) -> tuple[list[Written], list[NotReversed]]:
    """Those who can be taken back together, and why the others cannot.

    Who stays keeps what another's state of before would need, so it is asked again about those left.
    """
    failed: list[NotReversed] = []
    while found := obstacles(batch, **_told(people)):
        failed += [_not_reversed(person, IMPOSSIBLE, found[person.key]) for person in people if person.key in found]
        people = [person for person in people if person.key not in found]
    return people, failed


def _told(people: list[Written]) -> dict[str, Any]:
    """The people as the registry is told of them."""
    return {
        "created": [person.key for person in people if person.is_new],
        "changed": {person.key: person.before for person in people if not person.is_new},
    }


def _not_reversed(person: Written, code: str, reason: str) -> NotReversed:
    return NotReversed(person.key, person.name, person.rows, code, reason)
