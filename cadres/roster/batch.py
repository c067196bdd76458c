"""The life of a roster file: read and understood, staged with its preview, then written whole or discarded.

A file is staged without touching the registry: every row is kept with what was read, what it was understood as, what
will happen and why. Writing compares the rows with the registry once more, under a lock, and refuses where that would
do something else than the preview showed. Either the whole file is written or nothing.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models.functions import Now

from cadres.access import units_writable_on
from cadres.bulk import insert_rows, reserve_keys, update_rows
from cadres.models import ImportBatch, ImportRow, Unit, UnitZone, User, Zone
from cadres.periods import PartialDate, Precision
from cadres.registry import apply_roster
from cadres.roster.changes import Amendment, Change, Facts, Person
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import Match, Matcher, Registry
from cadres.roster.reading import UnreadableFileError, read_sheets
from cadres.roster.rows import DeclaredTotal, Layout, lay_out
from cadres.roster.values import ERROR, INFO, WARNING, Statement, Understanding

Outcome = ImportRow.Outcome

# Imports are written one after another: the second sees what the first has written, and no name-sake slips between.
IMPORT_LOCK = 0x524F5354  # "ROST"
ALIKE = 0.85  # similarity of folded names from which a new person is shown beside a missing one


class BatchChangedError(Exception):
    """The registry has changed since the preview; the batch shows the new preview now and nothing was written."""


class BatchStateError(Exception):
    """The batch has been written or discarded already."""


@dataclass(slots=True)
class PlannedRow:
    """One row: what will happen to it, to whom, and which fields change."""

    match: Match
    outcome: str
    person: Person | None = None
    changes: list[Change] = field(default_factory=list)

    @property
    def stated(self) -> Statement:
        return self.match.stated

    def issues(self) -> list[dict[str, str]]:
        return [issue.as_json() for issue in (*self.stated.issues, *self.stated.findings)]

    def shown(self) -> tuple[str, int | None, list[dict[str, str]]]:
        """What a preview shows of it, to compare with what it showed before."""
        key = self.person.facts.id if self.person and self.outcome != Outcome.CREATED else None
        return self.outcome, key, [change.as_json() for change in self.changes]


@dataclass(slots=True)
class Plan:
    """What a file will do to the registry on its day."""

    day: date
    rows: list[PlannedRow]
    communes: set[int]  # whose people are known on the day through this file
    zones: dict[int, tuple[int, date | None]]
    missing: list[Person]

    def counts(self) -> dict[str, int]:
        outcomes = Counter(row.outcome for row in self.rows)
        return {
            "rows": len(self.rows),
            **{str(outcome): outcomes[outcome] for outcome in Outcome.values},
            "missing": len(self.missing),
        }

    def people(self) -> list[Person]:
        """Everybody to be written, once each."""
        found = {id(row.person): row.person for row in self.rows if row.person and row.outcome in WRITTEN}
        return list(found.values())


WRITTEN = (Outcome.CREATED, Outcome.UPDATED)
ACCEPTED = (*WRITTEN, Outcome.UNCHANGED)


# Reading


@dataclass(slots=True)
class ReadFile:
    """A file read and understood, before it is compared with the registry."""

    name: str
    content: bytes
    day: date
    layout: Layout
    statements: list[Statement]
    dictionaries: Dictionaries
    unit: Unit | None  # the district or commune the file is limited to
    writable: set[int] | None  # the units the account may write to; None: all


def read_file(
    name: str,
    content: bytes,
    *,
    as_of: date | None = None,
    unit_code: str = "",
    by: User | None = None,
) -> ReadFile:
    """Read and understand a roster; the registry is not looked at.

    Args: as_of wins over the date that the file states; unit_code (on that day) limits the file to a district or
    commune and gives it to rows that do not name one; by is the account, whose scope on the day limits the file too.
    Raises UnreadableFileError for a file that cannot be read, has no roster or no as-of date, or for a unit unknown.
    """
    dictionaries = Dictionaries.load()
    layout = lay_out(name, read_sheets(name, content), dictionaries, needs_day=as_of is None)
    day = as_of or layout.as_of
    if day is None:
        raise UnreadableFileError(
            f"Tệp {name} không ghi ngày số liệu (“Tính đến …”). Hãy chọn ngày số liệu khi nhập (--as-of)."
        )
    home = None
    writable = allowed = units_writable_on(by, day) if by else None
    if unit_code:
        home = next((entry for entry in dictionaries.units if entry.code == unit_code and entry.covers(day)), None)
        if home is None:
            raise UnreadableFileError(
                f"Không có đơn vị mã {unit_code} vào ngày {day:%d/%m/%Y}. Hãy kiểm tra mã và ngày."
            )
        inside = dictionaries.below(home.pk, day)
        allowed = inside if writable is None else writable & inside
    understanding = Understanding(dictionaries, day, allowed, home)
    return ReadFile(
        name=name,
        content=content,
        day=day,
        layout=layout,
        statements=[understanding.statement(row) for row in layout.rows],
        dictionaries=dictionaries,
        unit=Unit.objects.get(pk=home.pk) if home else None,
        writable=writable,
    )


# Comparing with the registry


def make_plan(
    statements: list[Statement],
    day: date,
    dictionaries: Dictionaries,
    *,
    unit: Unit | None = None,
    writable: set[int] | None = None,
    lock: bool = False,
) -> Plan:
    """What the statements would change on the day. Writes nothing; with `lock`, the people compared stay locked."""
    named = {stated.unit for stated in statements if stated.unit is not None}
    communes = named if unit is None else dictionaries.below(unit.pk, day)
    registry = Registry.load(statements, communes, day, lock=lock)
    matches = Matcher(registry, day, dictionaries, writable).match(statements)
    rows_by_match: dict[int, PlannedRow] = {}
    rows = []
    for match in matches:
        row = rows_by_match[id(match)] = _planned(match, rows_by_match, day, dictionaries)
        rows.append(row)
    missing = _missing(registry, rows)
    _point_out_resemblances(rows, missing, day)
    accepted = {row.stated.unit for row in rows if row.outcome in ACCEPTED and row.stated.unit is not None}
    return Plan(day, rows, accepted, _zones(rows, accepted, day), missing)


def _planned(match: Match, done: dict[int, PlannedRow], day: date, dictionaries: Dictionaries) -> PlannedRow:
    stated = match.stated
    if match.first is not None and not stated.is_rejected:
        return _planned_concurrent(match, done[id(match.first)], day, dictionaries)
    if match.person is None and not match.is_review and not stated.positions and not stated.is_rejected:
        stated.find(ERROR, "missing_position", "position", "Không có chức danh. Hãy điền chức danh của người này.")
    if stated.is_rejected:
        return PlannedRow(match, Outcome.REJECTED)
    if match.is_review:
        return PlannedRow(match, Outcome.REVIEW)
    if match.person is None:
        person = Person(Facts())
        Amendment(person, stated, day, dictionaries).apply()
        return PlannedRow(match, Outcome.CREATED, person)
    changes = Amendment(match.person, stated, day, dictionaries).apply()
    return PlannedRow(match, Outcome.UPDATED if changes else Outcome.UNCHANGED, match.person, changes)


def _planned_concurrent(match: Match, first: PlannedRow, day: date, dictionaries: Dictionaries) -> PlannedRow:
    if first.person is None:
        match.stated.find(
            WARNING, "first_row_open", "national_id",
            f"Chờ xử lý dòng {first.stated.row} của cùng người này.",
        )  # fmt: skip
        return PlannedRow(match, Outcome.REVIEW)
    changes = Amendment(first.person, match.stated, day, dictionaries).apply_concurrent()
    return PlannedRow(match, Outcome.UPDATED if changes else Outcome.UNCHANGED, first.person, changes)


def _missing(registry: Registry, rows: list[PlannedRow]) -> list[Person]:
    """Who holds a post in the file's communes on the day and is in none of its rows, not even in one to be decided."""
    present = {row.person.facts.id for row in rows if row.person}
    present |= {key for row in rows for key in row.match.resembles}
    for row in rows:
        if row.outcome == Outcome.REJECTED:
            # A rejected row is still a row about somebody.
            present |= registry.by_number.get(row.stated.identifier, set())
            present |= set(registry.by_name.get(row.stated.folded_name, ()))
    missing = [registry.people[key] for key in registry.in_communes - present]
    return sorted(missing, key=lambda person: (person.facts.name_order, person.facts.id))


def _point_out_resemblances(rows: list[PlannedRow], missing: list[Person], day: date) -> None:
    """A new person beside a missing one of the commune who may be the same: a corrected name, a corrected birth."""
    missing_of: dict[int, list[Person]] = defaultdict(list)
    for person in missing:
        if post := person.post_on(day):
            missing_of[post.unit_id].append(person)
    for row in rows:
        if row.outcome != Outcome.CREATED or row.stated.unit is None:
            continue
        for person in missing_of.get(row.stated.unit, ()):
            facts, birth = person.facts, row.stated.birth
            same_birth = (
                birth
                and birth.precision == Precision.DAY
                and birth == PartialDate.of(facts.birth_date, facts.birth_precision)
            )
            if same_birth or _alike(facts.folded_name, row.stated.folded_name):
                held = PartialDate.of(facts.birth_date, facts.birth_precision)
                row.stated.find(
                    INFO, "resembles_missing", "full_name",
                    f"Giống {facts.full_name} (sinh {held or 'không rõ'}) có trong hồ sơ của xã nhưng không có trong "
                    "danh sách: có thể là cùng một người.",
                )  # fmt: skip
                break


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    # The first two are upper bounds of the third, and cost next to nothing.
    return min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= ALIKE and matcher.ratio() >= ALIKE


def _zones(rows: list[PlannedRow], communes: set[int], day: date) -> dict[int, tuple[int, date | None]]:
    """The zones to set: where none is recorded on the day and the file's rows for the commune agree."""
    stated: dict[int, set[int]] = defaultdict(set)
    with_zone: list[tuple[PlannedRow, int, int]] = []
    for row in rows:
        if row.stated.zone and row.stated.unit and row.outcome != Outcome.REJECTED:
            with_zone.append((row, row.stated.unit, row.stated.zone))
            stated[row.stated.unit].add(row.stated.zone)
    if not stated:
        return {}
    recorded: dict[int, int] = {}
    later: dict[int, date] = {}
    known = UnitZone.objects.filter(unit_id__in=stated).order_by("start_date")
    for unit, zone, start, end in known.values_list("unit_id", "zone", "start_date", "end_date"):
        if start <= day and (end is None or end >= day):
            recorded[unit] = zone
        elif start > day:
            later.setdefault(unit, start)
    for row, unit, zone in with_zone:
        if len(stated[unit]) > 1:
            row.stated.find(
                WARNING,
                "zones_disagree",
                "zone",
                "Các dòng của xã này ghi khu vực khác nhau nên không ghi khu vực nào.",
            )
        elif recorded.get(unit, zone) != zone:
            row.stated.find(
                WARNING,
                "zone_differs",
                "zone",
                f"Xã này đang được ghi nhận là khu vực {Zone(recorded[unit]).label} nên không đổi.",
            )
    return {
        unit: (zones.pop(), later[unit] - timedelta(days=1) if unit in later else None)
        for unit, zones in stated.items()
        if len(zones) == 1 and unit not in recorded and unit in communes
    }


# Staging


def plan_of(read: ReadFile, *, lock: bool = False) -> Plan:
    """What a file would do to the registry as it is now."""
    return make_plan(read.statements, read.day, read.dictionaries, unit=read.unit, writable=read.writable, lock=lock)


@transaction.atomic
def stage(read: ReadFile, *, by: User | None) -> ImportBatch:
    """Keep a file with its rows and what would happen to each. The registry is not written to."""
    return _save_new(read, plan_of(read), by=by)[0]


def _save_new(read: ReadFile, plan: Plan, *, by: User | None) -> tuple[ImportBatch, list[int]]:
    """Write batch and rows; returns the batch and the keys of its rows, in their order."""
    batch = ImportBatch(file_name=read.name[-255:], as_of=read.day, unit=read.unit, created_by=by)
    batch.summary = _summary(plan) | {
        "totals": [_total_json(total) for total in read.layout.totals],
        "hidden_sheets": read.layout.hidden_sheets,
        "columns": {stated.sheet: stated.titles for stated in read.statements},
    }
    batch.file.save(_stored_name(read.name), ContentFile(read.content), save=False)
    batch.save()
    keys = reserve_keys(ImportRow, len(plan.rows))
    insert_rows(
        ImportRow,
        (
            "id", "batch_id", "sheet", "row_number", "read", "understood", "outcome", "official_id", "unit_id",
            "changes", "before", "issues",
        ),
        (
            (
                key, batch.pk, row.stated.sheet[:100], row.stated.row, row.stated.read, row.stated.understood(),
                *_shown_columns(row), {}, row.issues(),
            )
            for key, row in zip(keys, plan.rows, strict=True)
        ),
    )  # fmt: skip
    return batch, keys


def _shown_columns(row: PlannedRow) -> tuple[Any, ...]:
    outcome, key, changes = row.shown()
    return outcome, key, row.stated.unit, changes


def _summary(plan: Plan) -> dict[str, Any]:
    return plan.counts() | {
        "missing_officials": [person.facts.id for person in plan.missing],
        "zones": {str(unit): zone for unit, (zone, _) in plan.zones.items()},
    }


def _total_json(total: DeclaredTotal) -> dict[str, Any]:
    return {"sheet": total.sheet, "row": total.row, "declared": total.declared, "counted": total.counted}


def _stored_name(name: str) -> str:
    """A name of our own; only the ending of the uploaded one is kept."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return f"{uuid4().hex}.{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 else uuid4().hex


# Writing


def commit(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Write a staged batch: all its rows to be written, in one transaction.

    Raises BatchStateError where it is no longer staged, and BatchChangedError where the registry has changed so that
    other things would happen than the preview showed; the preview is made anew then.
    """
    with transaction.atomic():
        _take_turns()
        batch = ImportBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
        if batch.state != ImportBatch.State.STAGED:
            raise BatchStateError(f"Lần nhập này {batch.get_state_display().lower()}.")
        kept = list(batch.rows.defer("before").order_by("pk"))
        columns = batch.summary.get("columns", {})
        statements = [Statement.restored(row, columns.get(row.sheet, {})) for row in kept]
        writable = units_writable_on(by, batch.as_of) if by else None
        plan = make_plan(statements, batch.as_of, Dictionaries.load(), unit=batch.unit, writable=writable, lock=True)
        is_as_shown = all(
            row.shown() == (old.outcome, old.official_id, old.changes) for row, old in zip(plan.rows, kept, strict=True)
        )
        keys = [row.pk for row in kept]
        if is_as_shown:
            _write(batch, plan, keys, by=by)
        else:
            update_rows(
                ImportRow,
                ("id", "outcome", "official_id", "unit_id", "changes", "issues"),
                ((key, *_shown_columns(row), row.issues()) for key, row in zip(keys, plan.rows, strict=True)),
            )
            batch.summary |= _summary(plan)
            batch.save(update_fields=["summary"])
    if not is_as_shown:
        raise BatchChangedError("Hồ sơ đã thay đổi sau khi xem trước; bản xem trước đã được lập lại.")
    return batch


@transaction.atomic
def import_file(read: ReadFile, *, by: User | None) -> ImportBatch:
    """Stage and write a file in one step, for the command line."""
    _take_turns()
    plan = plan_of(read, lock=True)
    batch, keys = _save_new(read, plan, by=by)
    _write(batch, plan, keys, by=by)
    batch.refresh_from_db()
    return batch


def discard(batch: ImportBatch, *, by: User | None) -> None:
    """Give a staged batch up; it stays in the list of imports. Raises BatchStateError where it is not staged."""
    staged = ImportBatch.objects.filter(pk=batch.pk, state=ImportBatch.State.STAGED)
    if not staged.update(state=ImportBatch.State.DISCARDED, committed_by=by, committed_at=Now()):
        raise BatchStateError("Lần nhập này đã được ghi hoặc đã bỏ.")


def _take_turns() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def _write(batch: ImportBatch, plan: Plan, keys: list[int], *, by: User | None) -> None:
    before = apply_roster(plan.people(), batch=batch, communes=plan.communes, zones=plan.zones, by=by)
    rows = []
    for key, row in zip(keys, plan.rows, strict=True):
        if row.person is not None and row.outcome in WRITTEN:
            official = row.person.facts.id
            rows.append((key, official, before.pop(official, {})))  # type: ignore[arg-type]
    update_rows(ImportRow, ("id", "official_id", "before"), rows)
    batch.state, batch.committed_by = ImportBatch.State.COMMITTED, by
    ImportBatch.objects.filter(pk=batch.pk).update(state=batch.state, committed_by=by, committed_at=Now())


# Reporting


def report(read: ReadFile, plan: Plan) -> dict[str, Any]:
    """The result of a dry run, in the form of contracts.md."""
    rows = ((row.stated.sheet, row.stated.row, row.issues()) for row in plan.rows)
    totals, hidden = [_total_json(total) for total in read.layout.totals], read.layout.hidden_sheets
    return _report(read.name, read.day, None, plan.counts(), totals=totals, hidden_sheets=hidden, rows=rows)


def report_of(batch: ImportBatch) -> dict[str, Any]:
    """The result of an import, in the form of contracts.md."""
    counts = {name: batch.summary[name] for name in ("rows", *Outcome.values, "missing")}
    rows = batch.rows.exclude(issues=[]).order_by("pk").values_list("sheet", "row_number", "issues")
    totals, hidden = batch.summary["totals"], batch.summary["hidden_sheets"]
    return _report(batch.file_name, batch.as_of, batch.pk, counts, totals=totals, hidden_sheets=hidden, rows=rows)


def _report(
    name: str, day: date, batch: int | None, counts: dict[str, int], *, totals: Any, hidden_sheets: Any, rows: Any
) -> dict[str, Any]:
    issues = [{"sheet": sheet, "row": row, **issue} for sheet, row, found in rows for issue in found]
    return {
        "file": name,
        "as_of": day.isoformat(),
        "batch": batch,
        "dry_run": batch is None,
        **counts,
        "totals": totals,
        "issues": issues + file_issues(totals, hidden_sheets),
    }


def file_issues(totals: list[dict[str, Any]], hidden_sheets: list[str]) -> list[dict[str, Any]]:
    """What is wrong with the file beyond its rows: totals that disagree, hidden sheets left out."""
    issues = [
        {
            "sheet": total["sheet"], "row": total["row"], "column": "", "field": "", "value": str(total["declared"]),
            "severity": WARNING, "code": "total_differs",
            "message": f"Tệp ghi {total['declared']} người nhưng đếm được {total['counted']}. Hãy kiểm tra dòng thiếu "
            "hoặc thừa.",
        }
        for total in totals
        if total["declared"] != total["counted"]
    ]  # fmt: skip
    return issues + [
        {
            "sheet": sheet, "row": None, "column": "", "field": "", "value": "", "severity": WARNING,
            "code": "hidden_sheet",
            "message": f"Trang “{sheet}” bị ẩn nên không được đọc. Hãy bỏ ẩn rồi gửi lại nếu cần nhập.",
        }
        for sheet in hidden_sheets
    ]  # fmt: skip
