"""The life of a roster file: kept, read and understood, staged with its preview, then written whole or discarded.

A file is staged without touching the registry: every row is kept with what was read, what it was understood as, what
will happen and why. Writing compares the rows with the registry once more, under a lock, and refuses where that would
do something else than the preview showed. Either the whole file is written or nothing.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from string import ascii_uppercase
from typing import Any
from uuid import uuid4

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from cadres.bulk import collector_paused, insert_rows, reserve_keys, update_rows
from cadres.history import act, signed
from cadres.models import (
    Act,
    ClockTime,
    ImportBatch,
    ImportEffect,
    ImportProgress,
    ImportRow,
    MissingOfficial,
    Unit,
    User,
)
from cadres.periods import ended, row_on
from cadres.registry import apply_roster, end_posts, open_roster_days
from cadres.roster.alarms import alarms_of, unaccepted
from cadres.roster.dates import month_first_proofs
from cadres.roster.declared import Declared, words_used
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.layout import lay_out
from cadres.roster.matching import BY_PROVINCE
from cadres.roster.owners import decides_for_everybody, owners_of_file
from cadres.roster.people import WRITTEN, Outcome, load_people
from cadres.roster.plan import Plan, PlannedRow, make_plan, people_of
from cadres.roster.reach import Reach
from cadres.roster.reading import Sheet, UnreadableFileError, read_sheets
from cadres.roster.rows import DeclaredTotal, Layout, Notice
from cadres.roster.sheet_choices import chosen, end_posts_of_leavers, take_back_ends
from cadres.roster.statements import INFO, LEARNABLE, WARNING, Statement
from cadres.roster.values import Understanding, date_texts
from cadres.walls import wide

State = ImportBatch.State
Step = ImportProgress.Step
Progress = Callable[[Step, int, int], None]  # what is being done, rows done, rows in all

# Imports are written one after another: the second sees what the first has written, and no name-sake slips between.
IMPORT_LOCK = 0x524F5354  # "ROST"


class BatchChangedError(Exception):
    """The registry has changed since the preview; the batch shows the new preview now and nothing was written."""


class BatchStateError(Exception):
    """The batch is in a state that does not allow this: it was written, discarded or undone already."""


class AlarmsError(BatchStateError):
    """Alarms of the file as a whole that nobody has accepted: nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("Chưa ghi gì: tệp có cảnh báo chưa được xác nhận. Hãy xem cảnh báo rồi xác nhận từng mục.")
        self.plan = plan


class FileLostError(BatchStateError):
    """The uploaded file is not in its place any more, or cannot be opened there."""

    def __init__(self, batch: ImportBatch) -> None:
        super().__init__(
            f"Tệp gốc {batch.file_name} của lần nhập này không còn trên máy chủ. Những gì đã đọc và đã ghi vẫn còn; để "
            "đọc lại, hãy tải tệp lên lần nữa, hoặc đề nghị người quản trị lấy lại tệp từ bản sao lưu."
        )


def unwatched(step: Step, done: int, total: int) -> None:
    """The progress of work that nobody waits for."""


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
    reach: Reach  # what the account may write
    chosen_day: date | None = None
    chosen_unit: str = ""
    converted: list[str] = field(default_factory=list)  # the encodings older than Unicode that were found
    uncalculated: dict[str, int] = field(default_factory=dict)  # sheet → formulas without a stored value
    # what people decided that it was read by: "words", "columns" → key of the decision → rows
    decisions: dict[str, dict[str, int]] = field(default_factory=dict)
    leavers: list[Statement] = field(default_factory=list)  # whose posts a person wants ended
    month_first_dates: list[str] = field(default_factory=list)  # some that leave it in doubt how dates are written
    scope: str = ""  # what a person has said that the file is a list of
    is_future: bool = False  # whether its day is still to come


@collector_paused()
def read_file(
    name: str,
    content: bytes,
    *,
    as_of: date | None = None,
    unit_code: str = "",
    date_order: str = "",
    by: User | None = None,
    sent_by: User | None = None,
    sheet_choices: Mapping[str, Mapping[str, Any]] | None = None,
    scope: str = "",
    latest: date | None = None,
) -> ReadFile:
    """Read and understand a roster; the registry is not looked at.

    Args: as_of wins over the date that the file states; unit_code (on that day) limits the file to a district or
    commune and gives it to rows that do not name one; by is the account, whose scope on the day limits the file too,
    and sent_by the one that sent it (roster.reach);
    date_order is how its dates are written (ImportBatch.DateOrder), '' where nobody has said so; sheet_choices is how a
    person wants sheets read (ImportBatch.sheet_choices); scope is what the file is a list of (ImportBatch.Scope), ''
    where nobody has said so; latest is the last day that is no alarm.
    Raises UnreadableFileError for a file that cannot be read, has no roster or no as-of date, or for a unit unknown.
    """
    owners = owners_of_file(unit_code, by)
    dictionaries, declared = Dictionaries.load(owners), Declared.load(owners)
    sheets = read_sheets(name, content)
    layout = lay_out(
        name,
        sheets,
        dictionaries,
        needs_day=as_of is None,
        mapping=declared.mapping,
        choices=chosen(sheet_choices or {}),
    )
    layout.notices += declared.notices(layout)
    layout.notices += [_about_stray(sheet, cell) for sheet in sheets for cell in sheet.strays]
    day = as_of or layout.as_of
    if day is None:
        raise UnreadableFileError(
            f"Tệp {name} không ghi ngày số liệu (“Tính đến …”). Hãy chọn ngày số liệu khi nhập (--as-of)."
        )
    home = None
    reach = Reach.of_accounts(day, by=by, sent_by=sent_by)
    allowed = reach.units
    if unit_code:
        home = row_on((entry for entry in dictionaries.units if entry.code == unit_code), day)
        if home is None:
            raise UnreadableFileError(
                f"Không có đơn vị mã {unit_code} vào ngày {day:%d/%m/%Y}. Hãy kiểm tra mã và ngày."
            )
        inside = dictionaries.below(home.pk, day)
        allowed = inside if allowed is None else allowed & inside
    # Where the dates prove that the file was written month first, none of the others is read one way or the other.
    proofs = [] if date_order else month_first_proofs(date_texts(layout.rows))
    month_first = None if proofs else date_order == ImportBatch.DateOrder.MONTH_FIRST
    understanding = Understanding(dictionaries, day, allowed, home, month_first)
    statements = [understanding.statement(row) for row in layout.rows]
    return ReadFile(
        name=name,
        content=content,
        day=day,
        layout=layout,
        converted=sorted({sheet.converted for sheet in sheets} - {""}),
        uncalculated={sheet.name: sheet.formulas_without_value for sheet in sheets if sheet.formulas_without_value},
        statements=statements,
        leavers=[understanding.statement(row) for row in layout.leavers],
        decisions={"words": words_used(statements, dictionaries), "columns": declared.used_in(layout)},
        dictionaries=dictionaries,
        unit=Unit.objects.get(pk=home.pk) if home else None,
        reach=reach,
        chosen_day=as_of,
        chosen_unit=unit_code,
        month_first_dates=sorted(set(proofs))[:3],
        scope=scope,
        is_future=latest is not None and day > latest,
    )


def _about_stray(sheet: Sheet, cell: str) -> Notice:
    return Notice(
        sheet.name,
        int(cell.lstrip(ascii_uppercase)),
        "stray_cell",
        f"Ô {cell} nằm lạc rất xa bảng nên không được đọc. Hãy xóa ô đó; nếu là dữ liệu, hãy chuyển vào trong bảng.",
        value=cell,
    )


def plan_of(
    read: ReadFile,
    *,
    decisions: dict[int, dict[str, Any]] | None = None,
    ended: Collection[int] = (),
    lock: bool = False,
) -> Plan:
    """What a file would do to the registry as it is now."""
    return make_plan(
        read.statements,
        read.day,
        read.dictionaries,
        unit=read.unit,
        reach=read.reach,
        scope=read.scope,
        decisions=decisions,
        ended=ended,
        lock=lock,
    )


def communes_of(read: ReadFile) -> set[int]:
    """The communes that the rows of a file name."""
    return {stated.unit for stated in read.statements if stated.unit is not None}


# Staging


@signed
def keep_file(
    name: str,
    content: bytes,
    *,
    by: User | None,
    as_of: date | None = None,
    unit_code: str = "",
    unit: Unit | None = None,
    scope: str = "",
) -> ImportBatch:
    """Keep an uploaded file as a batch that waits to be read; `as_of`, `unit_code`, `scope` are those of `read_file`.

    `unit` is the unit that bears the code, as far as that is known before the day is: those who answer for it see it.
    """
    batch = ImportBatch(
        file_name=name[-255:],
        chosen_day=as_of,
        chosen_unit=unit_code,
        chosen_scope=scope,
        unit=unit,
        created_by=by,
        state=State.WAITING,
    )
    batch.file.save(_stored_name(name), ContentFile(content), save=False)
    batch.save()
    return batch


def content_of(batch: ImportBatch) -> bytes:
    """The uploaded file. Raises FileLostError."""
    try:
        with batch.file.open("rb") as stream:
            return stream.read()
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise FileLostError(batch) from error


def read_as_chosen(batch: ImportBatch, content: bytes, *, by: User | None) -> ReadFile:
    """Read the file of a batch with all that was chosen for it: day, unit, order of dates, sheets.

    Raises UnreadableFileError as `read_file` does.
    """
    return read_file(
        batch.file_name, content, as_of=batch.chosen_day, unit_code=batch.chosen_unit,
        date_order=batch.chosen_order, sheet_choices=batch.sheet_choices, scope=batch.chosen_scope, by=by,
        sent_by=batch.created_by,
    )  # fmt: skip


def is_file_lost(batch: ImportBatch) -> bool:
    """Whether the uploaded file is not in its place any more."""
    name = batch.file.name
    try:
        return not (name and batch.file.storage.exists(name))
    except SuspiciousFileOperation:
        return True


@collector_paused()
def read_batch(
    batch: ImportBatch, *, by: User | None, latest: date | None = None, progress: Progress = unwatched
) -> ImportBatch:
    """Read the file of a batch (again), with the dictionaries and columns as they are now; the preview is made anew.

    What was decided about a row is kept where the row is still there. A file that cannot be read, or that states a day
    after `latest`, fails the batch and says why. Raises BatchStateError where it has been written or discarded,
    FileLostError where the file is not there any more.
    """
    with transaction.atomic():
        batch = lock_batch(batch, State.WAITING, State.STAGED, State.FAILED)
        if progress is unwatched:  # what was asked of a process before is done now, or void
            ImportProgress.objects.filter(batch=batch).delete()
        progress(Step.READING, 0, 0)
        content = content_of(batch)
        try:
            read = read_as_chosen(batch, content, by=by)
            if latest is not None and read.day > latest:
                raise UnreadableFileError(
                    f"Ngày số liệu {read.day:%d/%m/%Y} ở sau hôm nay. Hãy chọn đúng ngày số liệu khi nhập."
                )
        except UnreadableFileError as error:
            batch.state, batch.problem = State.FAILED, str(error)
            batch.summary = _sheets_in(batch, content, by)
            batch.save(update_fields=["state", "problem", "summary"])
            return batch
        places = {(stated.sheet, stated.row): index for index, stated in enumerate(read.statements)}
        if len(places) < len(read.statements):  # of tables side by side a row has several people
            times = Counter((stated.sheet, stated.row) for stated in read.statements)
            places = {place: index for place, index in places.items() if times[place] == 1}
        decisions = {
            places[sheet, row]: (decision, decided_by)
            for sheet, row, decision, decided_by in batch.rows.exclude(decision={}).values_list(
                "sheet", "row_number", "decision", "decided_by"
            )
            if (sheet, row) in places
        }
        batch.rows.all().delete()
        with wide():  # to be compared; its reading, whatever the file may do to that, meets nobody else's people
            plan = plan_of(
                read,
                decisions=_with_authority(decisions, read.reach),
                ended=_ended(batch, read.day),
            )
            batch.state, batch.problem, batch.as_of, batch.unit = State.STAGED, "", read.day, read.unit
            take_back_ends(batch)
            _save_preview(batch, read, plan, decisions, progress=progress)
            _end_leavers(batch, read, plan, by=by)
    return batch


def _with_authority(decisions: Mapping[int, tuple[dict[str, Any], int | None]], reach: Reach) -> dict[int, Any]:
    """The decisions about rows, with a mark on those of the province where the file is of who has not its authority."""
    if not reach.limited:
        return {index: decision for index, (decision, _) in decisions.items()}
    deciders = User.objects.filter(pk__in={by for _, by in decisions.values() if by is not None})
    province = {account.pk for account in deciders if decides_for_everybody(account)}
    return {
        index: decision | {BY_PROVINCE: True} if by in province else decision
        for index, (decision, by) in decisions.items()
    }


def _ended(batch: ImportBatch, day: date) -> set[int]:
    """Those missing whose posts end before the day, as was decided."""
    return set(batch.missing.filter(ended(day)).values_list("official_id", flat=True))


def _end_leavers(batch: ImportBatch, read: ReadFile, plan: Plan, *, by: User | None) -> None:
    if not read.leavers:
        return
    ended, notices = end_posts_of_leavers(batch, read.leavers, plan.missing, by=by)
    batch.summary["ended_by_sheet"] = ended
    batch.summary["notices"] += [asdict(notice) for notice in notices]
    batch.save(update_fields=["summary"])


def _sheets_in(batch: ImportBatch, content: bytes, by: User | None) -> dict[str, Any]:
    """The tables of a file that is no roster yet: once its columns have been declared by hand it may be one."""
    try:
        sheets = read_sheets(batch.file_name, content)
    except UnreadableFileError:
        return {"sheets": []}
    owners = owners_of_file(batch.chosen_unit, by)
    layout = lay_out(
        batch.file_name,
        sheets,
        Dictionaries.load(owners),
        needs_day=False,
        needs_roster=False,
        mapping=Declared.load(owners).mapping,
        choices=chosen(batch.sheet_choices),
    )
    return {
        "sheets": [sheet.as_json() for sheet in layout.sheets],
        "uses": [asdict(use) for use in layout.uses],
        "hidden_sheets": layout.hidden_sheets,
    }


@wide()
@collector_paused()
@signed
def stage(read: ReadFile, *, by: User | None, progress: Progress = unwatched) -> ImportBatch:
    """Keep a file just read with its rows and what would happen to each. The registry is not written to."""
    batch = _new_batch(read, by=by)
    _save_preview(batch, read, plan_of(read), {}, progress=progress)
    return batch


def _new_batch(read: ReadFile, *, by: User | None, keeps_file: bool = True) -> ImportBatch:
    batch = ImportBatch(
        file_name=read.name[-255:], as_of=read.day, unit=read.unit, created_by=by, chosen_day=read.chosen_day,
        chosen_unit=read.chosen_unit, chosen_scope=read.scope,
    )  # fmt: skip
    if keeps_file:
        batch.file.save(_stored_name(read.name), ContentFile(read.content), save=False)
    batch.save()
    return batch


ROW_COLUMNS = (
    "id", "batch_id", "sheet", "row_number", "read", "understood", "outcome", "official_id", "unit_id", "changes",
    "candidates", "issues", "decision", "decided_by_id", "before",
)  # fmt: skip


def _save_preview(
    batch: ImportBatch,
    read: ReadFile,
    plan: Plan,
    decisions: Mapping[int, tuple[dict[str, Any], int | None]],
    *,
    progress: Progress,
) -> None:
    """Write the rows of a batch, who is missing from it, and its summary."""
    effect_has_changed(batch)
    keys = reserve_keys(ImportRow, len(plan.matches))
    done = 0
    for rows in plan.windows():
        insert_rows(
            ImportRow,
            ROW_COLUMNS,
            (
                (*_row_columns(batch, keys, row), *decisions.get(row.match.index, ({}, None)), {})
                for row in rows
            ),
        )  # fmt: skip
        done += len(rows)
        progress(Step.COMPARING, done, len(keys))
    batch.summary = _summary(plan, _summary_of_file(read))
    batch.save()
    _save_missing(batch, plan)


def _row_columns(batch: ImportBatch, keys: list[int], row: PlannedRow) -> tuple[Any, ...]:
    """The values of ROW_COLUMNS up to `issues`."""
    stated = row.stated
    return (
        keys[row.match.index], batch.pk, stated.sheet[:100], stated.row, stated.read, stated.understood(),
        *_shown_columns(row),
    )  # fmt: skip


def _shown_columns(row: PlannedRow) -> tuple[Any, ...]:
    """What a preview shows: outcome, official, unit, changes, candidates, issues."""
    outcome, key, changes = row.shown()
    return outcome, key, row.stated.unit, changes, row.match.resembles, row.issues()


def _save_missing(batch: ImportBatch, plan: Plan) -> None:
    """Keep who is missing; what was decided about somebody who still is stays."""
    missing = [person.id for person in plan.missing]
    batch.missing.exclude(official_id__in=missing).delete()
    held = set(batch.missing.values_list("official_id", flat=True))
    insert_rows(
        MissingOfficial,
        ("batch_id", "official_id", "end_reason", "before"),
        ((batch.pk, key, "", {}) for key in missing if key not in held),
    )


def _summary(plan: Plan, of_file: dict[str, Any]) -> dict[str, Any]:
    """What a batch keeps of a plan, beside what it keeps of the file: counts, zones, alarms."""
    zones = {str(unit): zone for unit, (zone, _) in plan.zones.items()}
    later = [commune.later for commune in plan.turnover if commune.later]
    of_plan = {
        "zones": zones,
        "scope": plan.scope,
        "alarms": alarms_of(plan, of_file),
        "holders": sorted({person.id for conflict in plan.conflicts for person in conflict.known}),
        "later": {"communes": len(later), "until": max(later).isoformat()} if later else {},
    }
    return of_file | plan.counts() | of_plan


def _summary_of_file(read: ReadFile) -> dict[str, Any]:
    return {
        "totals": [_total_json(total) for total in read.layout.totals],
        "hidden_sheets": read.layout.hidden_sheets,
        "skipped_sheets": read.layout.skipped_sheets,
        "sheets": [sheet.as_json() for sheet in read.layout.sheets],
        "converted": read.converted,
        "month_first_dates": read.month_first_dates,
        "uncalculated": read.uncalculated,
        "decisions": read.decisions,
        "unknown_words": sum(issue.code in LEARNABLE for stated in read.statements for issue in stated.issues),
        "columns": {stated.sheet: stated.titles for stated in read.statements},
        "notices": [asdict(notice) for notice in read.layout.notices],
        "unread": [column.as_json() for column in read.layout.unread],
        "vacancies": [asdict(vacancy) for vacancy in read.layout.vacancies],
        "uses": [asdict(use) for use in read.layout.uses],
        "is_future": read.is_future,
    }


def _total_json(total: DeclaredTotal) -> dict[str, Any]:
    told = {"sheet": total.sheet, "row": total.row, "declared": total.declared, "counted": total.counted}
    return told | ({"column": total.column} if total.column else {})


def _stored_name(name: str) -> str:
    """A name of our own; only the ending of the uploaded one is kept."""
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return f"{uuid4().hex}.{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 else uuid4().hex


# Comparing again


@dataclass(slots=True)
class KeptRow:
    """A row of a staged batch as it was shown: what an ImportRow has, its JSON as text until somebody asks.

    Of most rows three of five are empty, and what was read is asked for only where something is wrong.
    """

    pk: int
    sheet: str
    row_number: int
    outcome: str
    official_id: int | None
    decided_by: int | None
    read_text: str
    understood_text: str
    changes_text: str
    issues_text: str
    decision_text: str

    read = property(lambda row: json.loads(row.read_text))
    understood = property(lambda row: json.loads(row.understood_text))
    changes = property(lambda row: json.loads(row.changes_text))
    issues = property(lambda row: json.loads(row.issues_text))
    decision = property(lambda row: json.loads(row.decision_text))


PLAIN_COLUMNS = ("pk", "sheet", "row_number", "outcome", "official_id", "decided_by")
AS_TEXT = [Cast(name, TextField()) for name in ("read", "understood", "changes", "issues", "decision")]


@dataclass(slots=True)
class Comparison:
    """A staged batch compared with the registry as it is now; `kept` are its rows as shown, in file order."""

    kept: list[KeptRow]
    plan: Plan


def compared(batch: ImportBatch, *, by: User | None, lock: bool = False) -> Comparison:
    """Compare the rows kept with the registry; `by` is the account whose scope limits what may be written."""
    kept = [KeptRow(*row) for row in batch.rows.order_by("pk").values_list(*PLAIN_COLUMNS, *AS_TEXT)]
    columns = batch.summary.get("columns", {})
    reach = Reach.of_accounts(batch.as_of, by=by, sent_by=batch.created_by)  # type: ignore[arg-type]  # a staged batch has a day
    plan = make_plan(
        [Statement.restored(row, columns.get(row.sheet, {})) for row in kept],
        batch.as_of,  # type: ignore[arg-type]  # a staged batch has a day
        Dictionaries.load(),
        unit=batch.unit,
        reach=reach,
        scope=batch.chosen_scope,
        decisions=_with_authority(
            {i: (row.decision, row.decided_by) for i, row in enumerate(kept) if row.decision_text != "{}"}, reach
        ),
        ended=_ended(batch, batch.as_of) if batch.as_of else (),
        lock=lock,
    )
    return Comparison(kept, plan)


def effect_has_changed(batch: ImportBatch) -> None:
    """Forget what was told of the writing of a batch: something else would be written now."""
    ImportEffect.objects.filter(batch=batch).delete()


@wide()
@collector_paused()
@signed
def compare_again(batch: ImportBatch, *, by: User | None) -> ImportBatch:
    """Make the preview of a staged batch anew: after a decision, or because the registry has changed.

    Raises BatchStateError where it is not staged.
    """
    batch = lock_batch(batch, State.STAGED)
    comparison = compared(batch, by=by)
    for rows in comparison.plan.windows():
        update_rows(
            ImportRow,
            ("id", "outcome", "official_id", "unit_id", "changes", "candidates", "issues"),
            ((comparison.kept[row.match.index].pk, *_shown_columns(row)) for row in rows),
        )
    _save_missing(batch, comparison.plan)
    effect_has_changed(batch)
    batch.summary = _summary(comparison.plan, batch.summary)
    batch.save(update_fields=["summary"])
    return batch


@signed
def accept_alarms(
    batch: ImportBatch, codes: Collection[str], *, reasons: Mapping[str, str] | None = None, by: User | None
) -> ImportBatch:
    """Keep that the alarms of these codes, as they are now, were accepted, by whom and when, so that it may be written.

    `reasons`: code → why, of those that ask for it.

    Raises BatchStateError where the batch is not staged.
    """
    take_turns()  # it is written next, and whoever writes takes a turn before the batch
    batch = lock_batch(batch, State.STAGED)
    told = reasons or {}
    alarms = [
        alarm | ({"told": told[alarm["code"]]} if alarm["code"] in told else {})
        for alarm in batch.summary.get("alarms", ())
        if alarm["code"] in codes
    ]
    keep_accepted(batch, codes, alarms, by=by)
    batch.save(update_fields=["summary"])
    return batch


@signed
def keep_accepted(batch: ImportBatch, codes: Collection[str], alarms: list[dict[str, Any]], *, by: User | None) -> None:
    """Put alarms, as they were accepted, into the summary in the place of others of these codes; it is not saved."""
    moment = ImportBatch.objects.values_list(ClockTime(), flat=True).get(pk=batch.pk)
    signature = {"by": by.username if by else "", "at": moment.isoformat()}
    others = [alarm for alarm in batch.summary.get("accepted_alarms", ()) if alarm["code"] not in codes]
    batch.summary["accepted_alarms"] = [*others, *(alarm | signature for alarm in alarms)]


# Writing


@wide()
@collector_paused()
def commit(
    batch: ImportBatch, *, by: User | None, accepts_alarms: bool = False, progress: Progress = unwatched
) -> ImportBatch:
    """Write a staged batch: all its rows to be written, and the posts of missing people decided to end, or nothing.

    Raises BatchStateError where it is no longer staged or nothing in it can be written, AlarmsError where an alarm has
    not been accepted (`accepts_alarms`: all are), and BatchChangedError where the registry has changed so that other
    things would happen than the preview showed; the preview is made anew then.
    """
    try:
        with transaction.atomic(), act(Act.Kind.IMPORT, by=by, file=batch.file_name):
            take_turns()
            batch = lock_batch(batch, State.STAGED)
            comparison = compared(batch, by=by, lock=True)
            kept, plan = comparison.kept, comparison.plan
            if not has_something_to_write(batch, batch.summary):
                raise BatchStateError(NOTHING_TO_WRITE)
            alarms = alarms_of(plan, batch.summary)
            if not accepts_alarms and unaccepted(alarms, batch.summary.get("accepted_alarms", ())):
                raise AlarmsError(plan)
            done = 0
            for rows in plan.windows(to_write=True):
                for row in rows:
                    old = kept[row.match.index]
                    if row.shown() != (old.outcome, old.official_id, old.changes):
                        raise BatchChangedError
                written = _written(rows, apply_roster(people_of(rows), batch=batch, by=by))
                update_rows(
                    ImportRow,
                    ("id", "official_id", "before"),
                    (
                        (kept[row.match.index].pk, key, before)
                        for row, key, before in written
                        if before or row.outcome == Outcome.CREATED
                    ),
                )
                done += len(rows)
                progress(Step.WRITING, done, len(kept))
            _close(batch, plan, by=by)
    except BatchChangedError:
        compare_again(batch, by=by)
        raise BatchChangedError("Hồ sơ đã thay đổi sau khi xem trước; bản xem trước đã được lập lại.") from None
    except AlarmsError:
        compare_again(batch, by=by)
        raise
    return batch


NOTHING_TO_WRITE = (
    "Không có dòng nào được nhận nên không có gì để ghi hay xác nhận. Hãy tải tệp đã đánh dấu lỗi, sửa rồi nhập lại."
)


def has_something_to_write(batch: ImportBatch, counts: Mapping[str, Any]) -> bool:
    """Whether the batch, with these counts of its preview, says anything of the registry.

    A row that changes nothing does: it confirms the data of its commune on the file's day. A row that is rejected does
    not.
    """
    return counts["rows"] > counts[Outcome.REJECTED] or batch.missing.filter(end_date__isnull=False).exists()


@collector_paused()
def import_file(
    read: ReadFile, *, by: User | None, accepts_alarms: bool = False, progress: Progress = unwatched
) -> ImportBatch:
    """Stage and write a file in one step, for the command line. Raises AlarmsError where there are alarms, unless
    `accepts_alarms`; nothing is written then.
    """
    with transaction.atomic(), act(Act.Kind.IMPORT, by=by, file=read.name):
        return write_file(read, by=by, accepts_alarms=accepts_alarms, progress=progress)


def write_file(
    read: ReadFile,
    *,
    by: User | None,
    accepts_alarms: bool,
    keeps_file: bool = True,
    progress: Progress = unwatched,
) -> ImportBatch:
    """What `import_file` does, within a transaction and an act that are there already; a file that is only tried is
    not kept.
    """
    take_turns()
    plan = plan_of(read, lock=True)
    of_file = _summary_of_file(read)
    if not accepts_alarms and alarms_of(plan, of_file):
        raise AlarmsError(plan)
    batch = _new_batch(read, by=by, keeps_file=keeps_file)
    keys = reserve_keys(ImportRow, len(plan.matches))
    done = 0
    for rows in plan.windows(to_write=True):
        written = _written(rows, apply_roster(people_of(rows), batch=batch, by=by))
        insert_rows(
            ImportRow,
            ROW_COLUMNS,
            ((*_with_official(_row_columns(batch, keys, row), key), {}, None, before) for row, key, before in written),
        )
        done += len(rows)
        progress(Step.WRITING, done, len(keys))
    batch.summary = _summary(plan, of_file)
    if alarms := batch.summary["alarms"]:
        keep_accepted(batch, [], alarms, by=by)
    _save_missing(batch, plan)
    _close(batch, plan, by=by)
    return batch


def _with_official(columns: tuple[Any, ...], key: int | None) -> tuple[Any, ...]:
    place = ROW_COLUMNS.index("official_id")
    return (*columns[:place], key, *columns[place + 1 :])


def _written(
    rows: Iterable[PlannedRow], before: dict[int, dict[str, Any]]
) -> list[tuple[PlannedRow, int | None, dict[str, Any]]]:
    """Each row with the official it belongs to and the columns before, which the first row of a person carries."""
    written = []
    for row in rows:
        key = row.official
        changed = before.pop(key, {}) if key is not None and row.outcome in WRITTEN else {}
        written.append((row, key, changed))
    return written


def _close(batch: ImportBatch, plan: Plan, *, by: User | None) -> None:
    _end_missing(batch, by=by)
    written = sum(plan.outcomes[outcome] for outcome in WRITTEN)
    open_roster_days(batch, communes=plan.communes, zones=plan.zones, many=written)
    batch.state, batch.committed_by = State.COMMITTED, by
    batch.committed_at = ClockTime()  # what is changed later is later than this
    batch.save()
    batch.refresh_from_db()


def _end_missing(batch: ImportBatch, *, by: User | None) -> None:
    """End the posts of missing people where that was decided."""
    ending = list(batch.missing.filter(end_date__isnull=False))
    people = load_people([missing.official_id for missing in ending], batch.as_of)  # type: ignore[arg-type]
    for missing in ending:
        end_posts(people[missing.official_id], end_date=missing.end_date, reason=missing.end_reason)  # type: ignore[arg-type]
    before = apply_roster(list(people.values()), batch=batch, by=by)
    update_rows(
        MissingOfficial,
        ("id", "before"),
        ((missing.pk, before.get(missing.official_id, {})) for missing in ending),
    )


@signed
def discard(batch: ImportBatch, *, by: User | None) -> None:
    """Give a batch up before it is written; it stays in the list of imports. Raises BatchStateError otherwise."""
    open_batch = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.WAITING, State.FAILED, State.STAGED])
    if not open_batch.update(state=State.DISCARDED, committed_by=by, committed_at=ClockTime()):
        raise BatchStateError("Lần nhập này đã được ghi hoặc đã bỏ.")


def lock_batch(batch: ImportBatch, *states: State) -> ImportBatch:
    """The batch as it is now, locked until the end of the transaction. Raises BatchStateError in any other state."""
    batch = ImportBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("unit").get(pk=batch.pk)
    check_state(batch, *states)
    return batch


def check_state(batch: ImportBatch, *states: State) -> None:
    """Raise BatchStateError where the batch is in none of these states."""
    if batch.state not in states:
        raise BatchStateError(f"Lần nhập này {batch.get_state_display().lower()}.")


def take_turns() -> None:
    """Wait until no other import is being written or undone; held until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


# Reporting


def report(read: ReadFile, plan: Plan, *, dry_run: bool = True) -> dict[str, Any]:
    """The result of a dry run, or of a file not written for its alarms, as `import_roster --json` prints it."""
    rows = [row for window in plan.windows() for row in window]
    rows.sort(key=lambda row: row.match.index)
    issues = [{"sheet": row.stated.sheet, "row": row.stated.row, **issue} for row in rows for issue in row.issues()]
    head = {"file": read.name, "as_of": read.day.isoformat(), "batch": None, "dry_run": dry_run}
    return _report(head | plan.counts(), _summary(plan, _summary_of_file(read)), issues)


def report_of(batch: ImportBatch) -> dict[str, Any]:
    """The result of an import, as `import_roster --json` prints it."""
    assert batch.as_of is not None
    counts = {name: batch.summary[name] for name in ("rows", *Outcome.values, "missing")}
    rows = batch.rows.exclude(issues=[]).order_by("pk").values_list("sheet", "row_number", "issues")
    issues = [{"sheet": sheet, "row": row, **issue} for sheet, row, found in rows for issue in found]
    head = {"file": batch.file_name, "as_of": batch.as_of.isoformat(), "batch": batch.pk, "dry_run": False}
    return _report(head | counts, batch.summary, issues)


def _report(head: dict[str, Any], summary: dict[str, Any], issues: list[dict[str, Any]]) -> dict[str, Any]:
    return head | {
        "totals": summary["totals"],
        "issues": issues + file_issues(summary),
        "unread": summary.get("unread", []),  # batches of 1.0.0 have neither
        "vacancies": len(summary.get("vacancies", ())),
        "alarms": summary.get("alarms", []),
        "scope": summary.get("scope", ""),
    }


UNREAD_SHEETS = {
    "hidden_sheets": ("hidden_sheet", "Trang “{}” bị ẩn nên không được đọc. Hãy bỏ ẩn rồi gửi lại nếu cần nhập."),
    "skipped_sheets": (
        "header_not_understood",
        "Trang “{}” giống một danh sách nhưng không hiểu được dòng tiêu đề nên không đọc ai. Hãy chọn trường cho các "
        "cột của trang, hoặc sửa tiêu đề cột rồi gửi lại.",
    ),
}


def file_issues(summary: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with a file beyond its person rows: totals that disagree, sheets left out, rows not understood."""
    wrong = [total for total in summary.get("totals", ()) if total["declared"] != total["counted"]]
    issues = [
        _file_issue(
            total["sheet"],
            "total_differs",
            f"Tệp ghi {total['declared']} {'dấu' if 'column' in total else 'người'} nhưng đếm được "
            f"{total['counted']}. Hãy kiểm tra dòng thiếu hoặc thừa.",
            row=total["row"],
            value=str(total["declared"]),
        )
        | {"column": total.get("column", "")}
        for total in wrong
    ]
    issues += [
        _file_issue(
            sheet,
            "formula_without_value",
            f"{count} công thức chưa có kết quả nên ô được coi là trống. Hãy mở tệp bằng Excel, lưu lại rồi gửi lại.",
        )
        for sheet, count in summary.get("uncalculated", {}).items()
    ]
    for name, (code, message) in UNREAD_SHEETS.items():
        issues += [_file_issue(sheet, code, message.format(sheet)) for sheet in summary.get(name, ())]
    if later := summary.get("later"):
        until = date.fromisoformat(later["until"])
        issues.append(
            _file_issue(
                "",
                "earlier_roster",
                f"Hồ sơ của {later['communes']} xã đã có số liệu sau ngày của danh sách này (đến {until:%d/%m/%Y}); "
                "người khác nhau giữa hai ngày là bình thường.",
            )
            | {"severity": INFO}
        )
    return issues + summary.get("notices", [])


def _file_issue(sheet: str, code: str, message: str, *, row: int | None = None, value: str = "") -> dict[str, Any]:
    return {
        "sheet": sheet, "row": row, "column": "", "field": "", "value": value, "severity": WARNING, "code": code,
        "message": message,
    }  # fmt: skip
