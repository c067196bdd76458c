"""What was decided about reading rosters, by whom and for whom; what the province answers; and how it is taken back.

A decision of a unit holds for its files from the moment it is made. The province takes it over for everybody or leaves
it with the unit. Taken back, it is as if it had not been made: staged files that were read by it are read again, what
has been written stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.access import units_in_scope_today, units_visible_to, visible_to
from cadres.history import signed
from cadres.history.context import taking_back
from cadres.models import ClockTime, ColumnMapping, ImportBatch, User, ValueSpelling
from cadres.roster.batch import FileLostError, read_batch
from cadres.roster.declared import own_titles, why_own_title
from cadres.roster.long_work import Step, begin, is_long_to_read
from cadres.roster.owners import DECIDE, decides_for_everybody

Decision = ColumnMapping | ValueSpelling
Answer = ColumnMapping.Answer
COLUMN, WORD = "cot", "tu"
MODELS: dict[str, type[ColumnMapping] | type[ValueSpelling]] = {COLUMN: ColumnMapping, WORD: ValueSpelling}
IN_SUMMARY = {COLUMN: "columns", WORD: "words"}  # of a batch: under what the decisions stand that it was read by


def kind_of(decision: Decision) -> str:
    return COLUMN if isinstance(decision, ColumnMapping) else WORD


def key_of_decision(decision: Decision) -> str:
    """A key that no other decision has, whether about a column or about a word: `12-cot`."""
    return f"{decision.pk}-{kind_of(decision)}"


def decisions_writable_by(user: User, keys: Iterable[str]) -> list[Decision]:
    """Of the decisions of these keys those that the account may answer or take back: of the units it has today."""
    found = decisions_visible_to(user, keys)
    if decides_for_everybody(user):
        return found
    own = units_in_scope_today(user, DECIDE)
    return [decision for decision in found if decision.owner_id in own]


def decisions_visible_to(user: User, keys: Iterable[str] | None = None) -> list[Decision]:
    """The decisions that people made, the latest first; of these keys, or all. A district sees those of its units."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for number, _, kind in (key.partition("-") for key in keys or ()):
        wanted[kind].append(int(number))
    found: list[Decision] = []
    for kind, made in _made().items():
        rows = made
        if keys is not None:
            rows = rows.filter(pk__in=wanted[kind])
        if not user.sees_every_unit:
            rows = rows.filter(owner__in=units_visible_to(user).values("pk"))
        found += rows.select_related("owner", "batch", "answered_by", "learnt_by" if kind == WORD else "decided_by")
    return sorted(found, key=lambda decision: (made_at(decision), decision.pk), reverse=True)


def _made() -> dict[str, QuerySet[Any]]:
    """What people decided; a spelling that nobody taught belongs to the product or to the catalogue's page."""
    return {
        COLUMN: ColumnMapping.objects.prefetch_related("owner__versions"),
        WORD: ValueSpelling.objects.filter(learnt_at__isnull=False).prefetch_related("owner__versions"),
    }


def made_at(decision: Decision) -> Any:
    return decision.decided_at if isinstance(decision, ColumnMapping) else decision.learnt_at


def made_by(decision: Decision) -> User | None:
    return decision.decided_by if isinstance(decision, ColumnMapping) else decision.learnt_by


@dataclass(frozen=True, slots=True)
class Use:
    """A file that was read by a decision, and how many of its rows that concerned."""

    batch: int
    file_name: str
    state: str
    rows: int


def uses_of(user: User) -> dict[str, list[Use]]:
    """Key of a decision → the files read by it that the account may see, the latest first. One query."""
    batches = visible_to(ImportBatch.objects.filter(summary__has_key="decisions"), user)
    used: dict[str, list[Use]] = defaultdict(list)
    for pk, name, state, decisions in batches.order_by("-pk").values_list(
        "pk", "file_name", "state", "summary__decisions"
    ):
        for kind, in_summary in IN_SUMMARY.items():
            for key, rows in decisions.get(in_summary, {}).items():
                used[f"{key}-{kind}"].append(Use(pk, name, state, rows))
    return used


def proposals() -> QuerySet[Any, Any]:
    """What waits for the province's answer, about columns and words: their keys."""
    columns, words = (
        model._default_manager.filter(answer=Answer.WAITING).order_by().values("pk") for model in MODELS.values()
    )
    return columns.union(words, all=True)


def held_for_everybody(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Key of each decision → what holds for everybody about the same column or word, where something does."""
    columns = [decision for decision in decisions if isinstance(decision, ColumnMapping)]
    words = [decision for decision in decisions if isinstance(decision, ValueSpelling)]
    mapped = ColumnMapping.objects.filter(owner=None, layout_key__in={column.layout_key for column in columns})
    spelled = ValueSpelling.objects.filter(owner=None, spelling_key__in={word.spelling_key for word in words})
    held: dict[tuple[str, ...], Decision] = {(COLUMN, row.layout_key, row.column_key): row for row in mapped}
    held |= {(WORD, row.field, row.spelling_key): row for row in spelled}
    keys = {
        **{key_of_decision(column): (COLUMN, column.layout_key, column.column_key) for column in columns},
        **{key_of_decision(word): (WORD, word.field, word.spelling_key) for word in words},
    }
    return {key: held[place] for key, place in keys.items() if place in held}


def why_not_for_everybody(decision: Decision, held: Decision | None, own: Mapping[str, str]) -> str:
    """Why what a unit decided cannot hold for everybody, or ''; `held` is what does now, `own` our own titles."""
    if decision.owner_id is None:
        return "đã dùng chung cho mọi đơn vị"
    if isinstance(decision, ColumnMapping):
        if decision.field == ColumnMapping.AS_TITLED:
            return "chỉ chọn đọc theo tiêu đề, không có gì để dùng chung"
        return why_own_title(own, decision.column_key, decision.field)
    if isinstance(held, ValueSpelling) and held.learnt_at is None:
        return "từ điển chung đã có cách viết này: cần thì sửa ở Danh mục, Cách viết trong danh sách"
    return ""


@signed
def take_over(decision: Decision, *, by: User | None) -> Decision:
    """Make what a unit decided hold for everybody; the unit's own stays. Returns the decision for everybody.

    Raises ValidationError for what cannot hold for everybody.
    """
    held = held_for_everybody([decision]).get(key_of_decision(decision))
    if why_not := why_not_for_everybody(decision, held, own_titles()):
        raise ValidationError(f"“{decision}”: {why_not}.")
    for_all: Decision
    if isinstance(decision, ColumnMapping):
        for_all = held or ColumnMapping(layout_key=decision.layout_key, column_key=decision.column_key)
        for_all.field, for_all.title, for_all.decided_by = decision.field, decision.title, by  # type: ignore[union-attr]
    else:
        for_all = held or ValueSpelling(field=decision.field, spelling=decision.spelling)
        for_all.code, for_all.learnt_by, for_all.learnt_at = decision.code, by, ClockTime()  # type: ignore
    for_all.batch = decision.batch
    for_all.save()
    _answered(decision, Answer.TAKEN, by)
    return for_all


@signed
def leave(decision: Decision, *, by: User | None) -> None:
    """Leave what a unit decided with the unit: it goes on to hold for its files."""
    _answered(decision, Answer.LEFT, by)


def _answered(decision: Decision, answer: str, by: User | None) -> None:
    if decision.owner_id is None:
        raise ValidationError(f"“{decision}” đã dùng chung cho mọi đơn vị.")
    decision.answer, decision.answered_by, decision.answered_at = answer, by, ClockTime()
    decision.save(update_fields=["answer", "answered_by", "answered_at"])


def staged_by(decisions: Iterable[Decision], user: User) -> set[int]:
    """The keys of the staged files, of those that the account may see, that were read by the decisions."""
    used = uses_of(user)
    return {
        use.batch
        for decision in decisions
        for use in used.get(key_of_decision(decision), ())
        if use.state == ImportBatch.State.STAGED
    }


@taking_back
def take_back(decisions: Sequence[Decision], *, reason: str, by: User) -> int:
    """Make that these were not decided. The staged files that were read by them are read again; returns how many.

    Raises ValidationError, at "reason", without a reason.
    """
    staged = staged_by(decisions, by)
    for decision in decisions:
        decision.delete()
    for batch in ImportBatch.objects.filter(pk__in=staged).select_related("created_by"):
        if is_long_to_read(batch):
            begin(batch, Step.READING, by=batch.created_by or by)
        else:
            with suppress(FileLostError):  # what was read of it before stays
                read_batch(batch, by=batch.created_by)
    return len(staged)
