"""Two records of one person made one: what hangs on the second is carried over to the first, which stays.

The second stays too, empty, and says into which it went: the rows of the rosters that made it, its history and whoever
looks for its key find the way. One act, taken back like any other (cadres.history.taking_back).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ManyToOneRel, ProtectedError, RestrictedError, UniqueConstraint

from cadres.history import act, merging, recorded_tables
from cadres.models import Official, User
from cadres.periods import pairs_refused
from cadres.walls import wide

OF_THE_RECORD = ("id", "merged_into", "batch", "changed_at")  # and no fact of the person


def _facts() -> tuple[tuple[str, ...], ...]:
    facts: list[tuple[str, ...]] = []
    for field in Official._meta.concrete_fields:
        if field.name in OF_THE_RECORD:
            continue
        # How well a date is known, and what is made of a name, go with it; so does the day with being a member.
        if not field.editable or field.name.endswith("_precision") or field.name == "party_joined_on":
            facts[-1] += (field.attname,)
        else:
            facts.append((field.attname,))
    return tuple(facts)


# Columns of a person that belong together: which record is right is decided for all of them at once.
FACTS = _facts()


@dataclass(frozen=True)
class Clash:
    """Two rows of which one person can only have one: of the record that stays, and of the one that goes into it."""

    kept: models.Model
    gone: models.Model

    @property
    def key(self) -> str:
        """Names the clash in a form."""
        return f"{self.gone._meta.label_lower}:{self.kept.pk}:{self.gone.pk}"


def facts_that_differ(kept: Official, gone: Official) -> list[tuple[str, ...]]:
    """The facts, as groups of columns, that both records state, and differently."""
    stated = (columns for columns in FACTS if _stated(kept, columns) and _stated(gone, columns))
    return [columns for columns in stated if not _alike(kept, gone, columns)]


def clashes(kept: Official, gone: Official) -> list[Clash]:
    """The rows of the two that their tables would not let one person have together."""
    found: dict[str, Clash] = {}
    for model, field in _tables_of_people():
        mine = list(model._base_manager.filter(**{field: kept}))
        theirs = list(model._base_manager.filter(**{field: gone}))
        for row in theirs:
            setattr(row, field, kept)
        for one, other in _refused_pairs(model, field, mine, theirs):
            clash = Clash(one, other)
            found.setdefault(clash.key, clash)
    return list(found.values())


@wide()
@merging
def merge(
    kept: Official,
    gone: Official,
    *,
    facts_of_gone: Collection[str] = (),
    rows_of_gone: Collection[str] = (),
    reason: str,
    by: User | None,
) -> Official:
    """Make one record of two; `gone` goes into `kept`.

    `facts_of_gone`: first columns of the FACTS in which `gone` is right; what `kept` does not state is taken from it
    anyway. `rows_of_gone`: keys of the clashes in which the row of `gone` stays and that of `kept` goes. Raises
    ValidationError without a reason, for one and the same record, for one merged before, and where a row that would go
    is in use.
    """
    if kept.pk == gone.pk:
        raise ValidationError("Đây là cùng một hồ sơ: hãy chọn hồ sơ khác để gộp.")
    locked = Official.objects.select_for_update().order_by("pk").in_bulk([kept.pk, gone.pk])
    kept, gone = locked[kept.pk], locked[gone.pk]
    for official in (kept, gone):
        if official.merged_into_id is not None:
            raise ValidationError(f"Hồ sơ “{official}” (số {official.pk}) đã được gộp vào hồ sơ khác.")
    with act(kept=kept.pk, gone=gone.pk):
        for clash in clashes(kept, gone):
            _drop(clash.kept if clash.key in rows_of_gone else clash.gone)
        for model, field in _tables_of_people():
            for row in model._base_manager.filter(**{field: gone}):
                setattr(row, field, kept)
                row.full_clean()
                row.save()
        for columns in FACTS:
            if columns[0] in facts_of_gone or not _stated(kept, columns):
                for column in columns:
                    setattr(kept, column, getattr(gone, column))
        gone.merged_into = kept
        for official in (gone, kept):
            official.full_clean()
            official.save()
    return kept


def _tables_of_people() -> Iterator[tuple[type[models.Model], str]]:
    """The recorded tables with rows of a person, and the name of the field that says whose."""
    recorded = recorded_tables() - {Official._meta.db_table}
    for relation in Official._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model._meta.db_table in recorded:
            yield relation.related_model, relation.field.name


def _refused_pairs(
    model: type[models.Model], owner: str, mine: Collection[Any], theirs: Collection[Any]
) -> Iterator[tuple[Any, Any]]:
    own = {row.pk for row in mine}
    for rule in model._meta.constraints:
        if isinstance(rule, ExclusionConstraint):
            for one, other in pairs_refused([*mine, *theirs], rule):
                if (one.pk in own) != (other.pk in own):
                    yield (one, other) if one.pk in own else (other, one)
        elif isinstance(rule, UniqueConstraint) and owner in rule.fields:
            yield from ((one, other) for one in mine for other in theirs if _alike(one, other, rule.fields))


def _drop(row: models.Model) -> None:
    try:
        row.delete()
    except (ProtectedError, RestrictedError):
        raise ValidationError(
            f"{row._meta.verbose_name} “{row}” đang được dùng (lớp, chứng chỉ…): hãy giữ dòng này, bỏ dòng kia."
        ) from None


def _stated(row: models.Model, columns: Collection[str]) -> bool:
    return any(getattr(row, column) not in (None, "") for column in columns)


def _alike(one: models.Model, other: models.Model, columns: Collection[str]) -> bool:
    return all(one.serializable_value(column) == other.serializable_value(column) for column in columns)
