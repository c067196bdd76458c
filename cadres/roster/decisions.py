"""What a person decides about a staged batch: who a row speaks of, what became of the missing, what a word means.

Every function keeps who decided, and makes the preview anew, so that what is shown is what would be written.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from cadres.history import signed
from cadres.models import ClockTime, ColumnMapping, ImportBatch, ImportRow, Official, User, ValueSpelling
from cadres.roster.batch import compare_again, lock_batch, read_batch
from cadres.roster.changes import NAME_SPELT_OTHERWISE, Change
from cadres.roster.declared import own_titles, why_own_title
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import LEFT_SCOPE, SAME_AS_TWIN, TAKE_NAME, Match
from cadres.roster.owners import decides_for_everybody, owner_of_decision
from cadres.roster.people import load_people
from cadres.roster.plan import amend
from cadres.roster.reach import Reach
from cadres.roster.sheet_choices import Reading, posts_begun_after
from cadres.roster.statements import LEARNABLE, Statement
from cadres.text import match_key

State = ImportBatch.State

NAMED = 5  # people in a refusal; of more, how many they are
LEARNT_AS = {"concurrent_position": "position"}  # a field that has the words of another


# Who a row speaks of


def same_person(official: Official, *, keep: Iterable[str] = ()) -> dict[str, Any]:
    """The decision that a row speaks of this official; the fields of `keep` stay as they are in the registry."""
    return {"official": official.pk, "keep": sorted(set(keep))}


def another_person() -> dict[str, Any]:
    """The decision that a row speaks of somebody who is not in the registry yet."""
    return {"official": None}


def same_as_twin() -> dict[str, Any]:
    """The decision that a row speaks of the same person as the row of the file that it equals."""
    return {SAME_AS_TWIN: True}


@signed
def decide_rows(batch: ImportBatch, decisions: Mapping[int, dict[str, Any]], *, by: User | None) -> ImportBatch:
    """Keep decisions about rows, by their key; an empty one takes back what was decided. The preview is made anew.

    Raises BatchStateError where the batch is not staged, ValidationError where a row is not of the batch, is for the
    province to decide, or two rows are given to one official.
    """
    batch = lock_batch(batch, State.STAGED)
    rows = {row.pk: row for row in batch.rows.filter(pk__in=decisions).select_related("decided_by")}
    if missing := set(decisions) - set(rows):
        raise ValidationError(f"Dòng không thuộc lần nhập này: {', '.join(map(str, sorted(missing)))}.")
    for key, decision in decisions.items():
        if not decides_for_everybody(by) and _is_for_the_province(rows[key]):
            number = rows[key].row_number
            raise ValidationError(f"Dòng {number} do Sở Nội vụ quyết định. Hãy đề nghị Sở xem danh sách này.")
        rows[key].decision, rows[key].decided_by = decision, by if decision else None
    ImportRow.objects.bulk_update(rows.values(), ["decision", "decided_by"])
    chosen = Counter(
        official
        for official in batch.rows.exclude(decision={}).values_list("decision__official", flat=True)
        if official is not None
    )
    if twice := [official for official, times in chosen.items() if times > 1]:
        names = ", ".join(Official.objects.filter(pk__in=twice).values_list("full_name", flat=True))
        raise ValidationError(f"Hai dòng được xác định là cùng một người trong hồ sơ: {names}. Hãy chọn lại.")
    return compare_again(batch, by=by)


def _is_for_the_province(row: ImportRow) -> bool:
    """Whether a row is for the province to decide, or was decided by it."""
    is_decided = row.decided_by is not None and decides_for_everybody(row.decided_by)
    return is_decided or any(issue["code"] == LEFT_SCOPE for issue in row.issues)


def names_spelt_otherwise(batch: ImportBatch) -> QuerySet[ImportRow]:
    """The rows that spell the name of the person otherwise than the registry, decided or not, in file order."""
    waiting = Q(issues__contains=[{"code": NAME_SPELT_OTHERWISE}])
    return batch.rows.filter(waiting | Q(**{f"decision__{TAKE_NAME}": True})).order_by("pk")


@signed
def decide_names(batch: ImportBatch, rows: Collection[int] | None, *, take: bool, by: User | None) -> int:
    """Decide of rows (all, where None) that spell a name otherwise whether the registry takes the name from them.

    Returns of how many. Raises as `decide_rows` does.
    """
    concerned = names_spelt_otherwise(batch)
    if rows is not None:
        concerned = concerned.filter(pk__in=rows)
    decided = {TAKE_NAME: True} if take else {}
    decisions = {
        key: {name: value for name, value in decision.items() if name != TAKE_NAME} | decided
        for key, decision in concerned.values_list("pk", "decision")
    }
    if decisions:
        decide_rows(batch, decisions, by=by)
    return len(decisions)


def differences(row: ImportRow, official: Official) -> list[Change]:
    """What writing the row to this official would change, field by field, for a person to choose from."""
    batch = row.batch
    assert batch.as_of is not None
    dictionaries = Dictionaries.load()
    columns = batch.summary.get("columns", {}).get(row.sheet, {})
    left = Reach.of_accounts(batch.as_of, by=None, sent_by=batch.created_by).left([official.pk])
    match = Match(Statement.restored(row, columns), 0, same_person(official), key=official.pk)
    match.left = official.pk if left else None
    return amend(load_people([official.pk], batch.as_of)[official.pk], match, batch.as_of, dictionaries)


# Who is missing


@signed
def decide_missing(
    batch: ImportBatch, officials: Collection[int], *, end_date: date | None, end_reason: str, by: User | None
) -> int:
    """Decide that missing officials keep their posts (no date), or that these end; `end_date` is the last day.

    Returns how many people this was decided for; the preview is made anew. Raises BatchStateError where the batch is
    not staged, ValidationError for a day after the roster's or before a post began, or an end without a reason.
    """
    batch = lock_batch(batch, State.STAGED)
    count = end_missing(batch, officials, end_date=end_date, end_reason=end_reason, by=by)
    compare_again(batch, by=by)
    return count


@signed
def end_missing(
    batch: ImportBatch, officials: Collection[int], *, end_date: date | None, end_reason: str, by: User | None
) -> int:
    """What `decide_missing` keeps, of a batch that is locked, without making the preview anew."""
    assert batch.as_of is not None
    missing = batch.missing.filter(official_id__in=officials)
    if end_date is not None:
        if not end_reason:
            raise ValidationError({"end_reason": "Hãy chọn lý do thôi giữ chức danh."})
        if end_date > batch.as_of:
            raise ValidationError(
                {"end_date": f"Ngày cuối giữ chức danh phải từ ngày số liệu {batch.as_of:%d/%m/%Y} trở về trước."}
            )
        begun_later = posts_begun_after(batch, end_date).filter(official__in=missing.values("official"))
        if names := [f"{post.official} (từ {post.start_date:%d/%m/%Y})" for post in begun_later]:
            told = ", ".join(names[:NAMED]) + (f" và {len(names) - NAMED} người khác" if len(names) > NAMED else "")
            raise ValidationError({"end_date": f"Chức danh bắt đầu sau ngày này: {told}. Hãy chọn ngày muộn hơn."})
    return missing.update(end_date=end_date, end_reason=end_reason if end_date else "", decided_by=by)


# What a word or a column means


@dataclass(slots=True)
class UnknownValue:
    """A word of the file that no dictionary knows: in which field, in how many rows, and in which of them first."""

    field: str
    value: str
    rows: int = 0
    first_row: int = 0
    sheet: str = ""
    severity: str = ""
    choices: list[tuple[str, str]] = dataclass_field(default_factory=list)  # (code, name) of what it may mean
    title: str = ""  # of its column in the file
    suggested: str = ""  # the code of what it resembles
    suggested_name: str = ""


def unknown_values(batch: ImportBatch) -> list[UnknownValue]:
    """The words of the batch that were not understood, the most frequent first, with what each may mean."""
    found: dict[tuple[str, str], UnknownValue] = {}
    for sheet, number, issues in (
        batch.rows.exclude(issues=[]).order_by("pk").values_list("sheet", "row_number", "issues")
    ):
        for issue in issues:
            if issue["code"] not in LEARNABLE or not issue["value"]:
                continue
            word = issue.get("word") or issue["value"]
            key = (LEARNT_AS.get(issue["field"], issue["field"]), match_key(word))
            value = found.setdefault(key, UnknownValue(*key, first_row=number, sheet=sheet, severity=issue["severity"]))
            value.value, value.title, value.rows = word, issue["column"], value.rows + 1
    if not found:
        return []
    dictionaries = Dictionaries.load()
    choices = dictionaries.choices(batch.as_of)
    for value in found.values():
        value.choices = choices.get(value.field, [])
        value.suggested = dictionaries.suggested(value.field, value.value, value.choices, batch.as_of)
        value.suggested_name = dict(value.choices).get(value.suggested, "")
    return sorted((value for value in found.values() if value.choices), key=lambda value: (-value.rows, value.field))


@signed
def learn_spellings(batch: ImportBatch, spellings: Iterable[tuple[str, str, str]], *, by: User | None) -> ImportBatch:
    """Teach the dictionaries what words mean, as (field, word, code), and read the batch again.

    They mean it in the files that the account decides for (owner_of_decision). Raises BatchStateError where the batch
    is not staged, ValidationError for a code that the field does not have or a word that means something else already.
    """
    batch = lock_batch(batch, State.STAGED)
    owner = owner_of_decision(batch.chosen_unit, by)
    choices = Dictionaries.load().choices(batch.as_of)
    for name, word, code in spellings:
        if code not in dict(choices.get(name, ())):
            raise ValidationError(f"Không có giá trị “{code}” cho “{word}”. Hãy chọn trong danh mục.")
        spelling = ValueSpelling(
            field=name, spelling=word, code=code, learnt_by=by, owner_id=owner, batch=batch, answer=_first_answer(owner)
        )
        spelling.full_clean()
        spelling.learnt_at = ClockTime()
        spelling.save()
    return read_batch(batch, by=by)


@signed
def map_columns(batch: ImportBatch, columns: Mapping[tuple[str, str], str | None], *, by: User | None) -> ImportBatch:
    """Declare what columns are, by (layout key, column key), for this file and others of the same layout.

    A field of '' leaves the column out; None reads it by its title. It holds for the files that the account decides for
    (owner_of_decision). The batch is read again. Raises BatchStateError where it is not staged (or failed),
    ValidationError where a title of our own would be read otherwise by everybody.
    """
    batch = lock_batch(batch, State.STAGED, State.FAILED)
    owner = owner_of_decision(batch.chosen_unit, by)
    titles = {
        (sheet["key"], column["key"]): column["title"]
        for sheet in batch.summary.get("sheets", ())
        for column in sheet["columns"]
    }
    own = own_titles()
    for (layout_key, column_key), declared in columns.items():
        name = declared
        decisions = ColumnMapping.objects.filter(layout_key=layout_key, column_key=column_key)
        if name is None:
            if owner is None or not decisions.filter(owner=None).exists():
                decisions.filter(owner=owner).delete()
                continue
            name = ColumnMapping.AS_TITLED  # whatever was declared for everybody
        title = titles.get((layout_key, column_key), "")
        if owner is None and (why_not := why_own_title(own, column_key, name)):
            raise ValidationError(f"“{title or column_key}”: {why_not}.")
        decisions.update_or_create(
            layout_key=layout_key,
            column_key=column_key,
            owner_id=owner,
            defaults={
                "field": name, "title": title, "decided_by": by, "batch": batch, "answer": _first_answer(owner),
                "answered_by": None, "answered_at": None,
            },
        )  # fmt: skip
    return read_batch(batch, by=by)


def _first_answer(owner: int | None) -> str:
    """What a unit decided is a proposal for everybody; what was decided for everybody needs no answer."""
    return ColumnMapping.Answer.WAITING if owner is not None else ""


@signed
def choose_sheets(batch: ImportBatch, choices: Mapping[str, Mapping[str, Any]], *, by: User | None) -> ImportBatch:
    """Choose how sheets are read, by name (ImportBatch.sheet_choices; an empty choice takes one back), and read again.

    Raises ValidationError where posts are to end without a day or reason, or after the day of the roster, and else as
    `read_batch` does.
    """
    batch = lock_batch(batch, State.WAITING, State.STAGED, State.FAILED)
    for name, choice in choices.items():
        if choice.get("reading") != Reading.ENDS:
            continue
        if not choice.get("end_date") or not choice.get("end_reason"):
            raise ValidationError(f"Hãy ghi ngày cuối và lý do thôi giữ chức danh của những người ở trang “{name}”.")
        end_date = date.fromisoformat(choice["end_date"])
        if batch.as_of is not None and end_date > batch.as_of:
            raise ValidationError(
                f"Ngày cuối giữ chức danh ở trang “{name}” phải từ ngày số liệu {batch.as_of:%d/%m/%Y} trở về trước."
            )
    wanted = batch.sheet_choices | {name: dict(choice) for name, choice in choices.items()}
    batch.sheet_choices = {name: choice for name, choice in wanted.items() if choice}
    batch.save(update_fields=["sheet_choices"])
    return read_batch(batch, by=by)


@signed
def choose_date_order(batch: ImportBatch, order: str, *, by: User | None) -> ImportBatch:
    """Say how the dates of a file are written (ImportBatch.DateOrder); it is read again. Raises as `read_batch`."""
    batch = lock_batch(batch, State.WAITING, State.STAGED, State.FAILED)
    batch.chosen_order = ImportBatch.DateOrder(order)
    batch.save(update_fields=["chosen_order"])
    return read_batch(batch, by=by)


@signed
def choose_scope(batch: ImportBatch, scope: str, *, by: User | None) -> ImportBatch:
    """Say what the file is a list of (ImportBatch.Scope; '': as it tells itself); the preview is made anew.

    Raises BatchStateError where the batch is not staged.
    """
    batch = lock_batch(batch, State.STAGED)
    batch.chosen_scope = ImportBatch.Scope(scope) if scope else ""
    batch.save(update_fields=["chosen_scope"])
    return compare_again(batch, by=by)


@signed
def choose_day_and_unit(batch: ImportBatch, *, as_of: date | None, unit_code: str, by: User | None) -> ImportBatch:
    """Choose the day and the unit that a batch is read for, and read it again. Raises as `read_batch` does."""
    batch = lock_batch(batch, State.WAITING, State.STAGED, State.FAILED)
    batch.chosen_day, batch.chosen_unit = as_of, unit_code
    batch.save(update_fields=["chosen_day", "chosen_unit"])
    return read_batch(batch, by=by)
