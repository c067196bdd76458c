"""Back to a former state: a whole act taken back, or one row (all of it, or some columns) as it was before a change.

Rows are written as the models and the constraints of their tables allow, and all of them or none. What others have
built on an act since is not pulled from under them: it is named, and has to be taken back first.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError, Q, QuerySet, RestrictedError
from django.db.models.deletion import Collector
from django.utils.text import capfirst
from django.utils.timezone import localtime

from cadres.bulk import among, update_rows
from cadres.history import tables
from cadres.history.context import act as act_of
from cadres.history.context import taking_back
from cadres.history.triggers import CLOCKS, recorded_tables
from cadres.history.words import kind_of, names_of, told, who
from cadres.models import Act, Appointment, Change, Requirement, Standard, StandardChange, Unit, UnitVersion, User
from cadres.proofs import SecretField
from cadres.walls import undoing

Row = tuple[str, int]  # table and key
ONE_BY_ONE = 50  # rows that are put back so; of more the database is asked at once what stands against them


@dataclass(frozen=True)
class Former:
    """A row to be put back: `before` is how it was; None: it was not there."""

    table: str
    key: int
    before: dict[str, Any] | None

    @property
    def row(self) -> Row:
        return self.table, self.key

    @property
    def model(self) -> type[models.Model]:
        return model_of(self.table)


def model_of(table: str) -> type[models.Model]:
    """The model of a table. Raises ValidationError for a table that this version no longer has."""
    try:
        return tables.models()[table]
    except KeyError:
        raise ValidationError(f"Bảng “{table}” không còn trong phiên bản này: không hoàn lại được.") from None


def former_rows(act: Act) -> list[Former]:
    """The rows that an act changed, as they were before it and as it left them; the last one written comes first."""
    before: dict[Row, Any] = {}
    left: dict[Row, bool] = {}
    for change in act.changes.defer("after").order_by("-pk"):
        row = change.table_name, change.key
        left.setdefault(row, change.operation != Change.Operation.DELETED)
        before.pop(row, None)  # to the place of its first change
        before[row] = change.before
    return [Former(*row, was) for row, was in before.items() if was is not None or left[row]]


# What moves the figures of everybody is changed on pages that show it before, and back there too.
LAW = {model._meta.db_table for model in (Standard, Requirement, StandardChange)}


@taking_back
def take_back(act: Act, *, reason: str, by: User | None) -> int:
    """Undo what an act wrote, as an act of its own; returns how many rows were put back.

    Raises ValidationError without a reason, where something it touched has been changed since (by whom is said), where
    others have built on it, and where a rule or constraint refuses the former state.
    """
    with act_of(act=act.pk), undoing():  # all of its rows, or it would be taken back in part
        formers = former_rows(act)
        if not formers:
            raise ValidationError("Việc này không còn gì để hoàn lại.")
        refuse_changed_since(act)
        put_back(formers, since=act.changes.latest("pk"))
    return len(formers)


@taking_back
def restore(change: Change, columns: Collection[str] | None = None, *, reason: str, by: User | None) -> None:
    """Bring one row back to what it was before a change, whatever came after; or only those of its columns.

    Raises ValidationError without a reason, and where a rule or constraint refuses the former state.
    """
    with act_of(act=change.act_id, change=change.pk), undoing():
        row = change.table_name, change.key
        now = present([row], lock=True).get(row)
        before = change.before
        if now is not None and before is not None and columns is not None:
            before = now | {name: before[name] for name in columns}
        if _is_as_it_was(now, before):
            raise ValidationError("Hồ sơ đang đúng như vậy: không có gì để hoàn lại.")
        put_back([Former(*row, before)], since=change)


def present(rows: Iterable[Row], *, lock: bool = False) -> dict[Row, dict[str, Any]]:
    """The rows that are there, as the history would keep them, by a query a table; with `lock` nobody changes them."""
    found: dict[Row, dict[str, Any]] = {}
    for table, keys in _by_table(rows).items():
        quote, options = connection.ops.quote_name, model_of(table)._meta
        shown = (one.column or "" for one in options.concrete_fields if not isinstance(one, SecretField))
        read = ", ".join(quote(column) for column in shown)
        rows_of = f"(SELECT {read} FROM {quote(options.db_table)}) t"  # noqa: S608
        statement = f"SELECT id, (to_jsonb(t) - %s)::text FROM {rows_of} WHERE id = ANY(%s)"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} FOR UPDATE" if lock else statement, [list(CLOCKS), keys])
            found |= {(table, key): json.loads(row) for key, row in cursor.fetchall()}
    return found


def _is_as_it_was(now: dict[str, Any] | None, before: dict[str, Any] | None) -> bool:
    """Whether a row is as the history has it; what that does not keep (clocks, secrets) differs in nothing."""
    if now is None or before is None:
        return now is before
    return all(now.get(name) == value for name, value in before.items() if name not in CLOCKS)


# ---------------------------------------------------------------- what has been built on it since


def changed_since(act: Act) -> list[Change]:
    """Later changes, by other acts, of the rows themselves, of their parts, or of the state of what they are parts of.

    At most a handful, the first ones. Where those of a row come to nothing, since what was built on the act has been
    taken back, they stand against nothing.
    """
    touched = list(act.changes.values_list("table_name", "key", "parent_table", "parent"))
    rows = {(table, key) for table, key, *_ in touched}
    parents = {(table, key) for _, _, table, key in touched if table and key} - rows
    asked = Q()
    for names, of in ((("table_name", "key"), rows), (("parent_table", "parent"), rows)):
        for table, keys in _by_table(of).items():
            asked |= Q(**{names[0]: table, f"{names[1]}__in": keys})
    for table, keys in _by_table(parents).items():
        moved = ~Q(before__state=F("after__state"))
        asked |= Q(table_name=table, key__in=keys, operation=Change.Operation.UPDATED) & moved
    last = act.changes.latest("pk").pk
    later = Change.objects.filter(asked, pk__gt=last).exclude(act=act).order_by("pk")
    first: dict[Row, tuple[int, Any]] = {}
    now: dict[Row, Any] = {}
    for key, table, row, before, after in later.values_list("pk", "table_name", "key", "before", "after").iterator():
        is_parent = (table, row) in parents
        first.setdefault((table, row), (key, _compared(before, of_parent=is_parent)))
        now[table, row] = _compared(after, of_parent=is_parent)
    differing = [key for row, (key, before) in first.items() if before != now[row]]
    return list(Change.objects.filter(pk__in=differing[:3]).select_related("act__user").order_by("pk"))


def _compared(kept: dict[str, Any] | None, *, of_parent: bool) -> Any:
    """What of a row has to be as it was; of what the row is a part of, its state alone."""
    if kept is None or of_parent:
        return kept and kept.get("state")
    return {name: value for name, value in kept.items() if name not in CLOCKS}


def refuse_changed_since(act: Act) -> None:
    """Raise ValidationError where something that the act touched has been changed since; what, when, by whom."""
    if later := told(changed_since(act)):
        said = "; ".join(
            f"{one.operation.lower()} {one.kind} “{one.person or one.row or one.change.key}”, lúc "
            f"{localtime(one.change.at):%H:%M %d/%m/%Y}, {who(one.change.act)}"
            for one in later
        )
        raise ValidationError(f"Sau việc này đã có thay đổi khác ({said}). Hãy hoàn lại những thay đổi đó trước.")


def _by_table(rows: Iterable[Row]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for table, key in sorted(rows):
        found.setdefault(table, []).append(key)
    return found


# ---------------------------------------------------------------- writing


def put_back(formers: Sequence[Former], *, since: Change) -> None:
    """Write rows as they were, in their order; `since` is the change that they are brought back behind.

    Raises ValidationError where a rule or constraint refuses one; within a transaction of the caller's.
    """
    if any(former.table in LAW for former in formers):
        raise ValidationError(
            "Văn bản tiêu chuẩn không hoàn lại từ nhật ký. Hãy mở trang Văn bản tiêu chuẩn rồi dùng Đính chính, hoặc "
            "gỡ văn bản lập nhầm: ở đó thấy ảnh hưởng trước khi ghi."
        )
    gone = {former.row for former in formers if former.before is None}
    there = present((former.row for former in formers), lock=True)
    if len(formers) > ONE_BY_ONE and _put_back_at_once(formers, there.keys(), since):
        return
    for former in formers:
        try:
            with transaction.atomic():
                _put_back_one(former, gone, since)
        except ValidationError as refusal:
            raise ValidationError([f"{_named(former)}: {message}" for message in refusal.messages]) from None
        except (ProtectedError, RestrictedError):
            raise ValidationError(
                f"{_named(former)}: đã có số liệu khác dùng đến. Hãy hoàn lại số liệu đó trước."
            ) from None
        except IntegrityError:
            raise ValidationError(
                f"{_named(former)}: trùng hoặc trái với số liệu hiện nay. Hãy xem lịch sử và sửa trực tiếp."
            ) from None


def _put_back_at_once(formers: Sequence[Former], there: Collection[Row], since: Change) -> bool:
    """Write many rows as they were, those of a table that follow one another at once; False: refused, nothing written.

    The constraints of the tables say what stands against it all; against which row, only one by one.
    """
    units = {former.before["unit_id"] for former in formers if former.model is Appointment and former.before}
    if _units_changed(since).filter(parent_table=Unit._meta.db_table, parent__in=among(units)).exists():
        return False
    try:
        with transaction.atomic():
            for (model, goes), run in groupby(formers, lambda former: (former.model, former.before is None)):
                rows = list(run)
                if goes:
                    own = model._base_manager.filter(pk__in=among(former.key for former in rows))
                    own._raw_delete(own.db)  # alone: what hangs on them makes the constraints refuse
                    continue
                restored = {former.row: row_of(former, former.before or {}) for former in rows}
                model._base_manager.bulk_create(row for key, row in restored.items() if key not in there)
                kept = rows[0].before or {}
                fields = [
                    field
                    for field in model._meta.concrete_fields
                    if field.column in kept and field.column not in CLOCKS and not field.generated
                ]
                columns = [field.column for field in fields]  # the primary key is the first
                values = (
                    [getattr(row, field.attname) for field in fields] for key, row in restored.items() if key in there
                )
                update_rows(model, columns, values)
            connection.check_constraints()
    except (IntegrityError, DataError):
        return False
    return True


def _units_changed(since: Change) -> QuerySet[Change]:
    """The changes of names and days of units that came after."""
    return Change.objects.filter(table_name=UnitVersion._meta.db_table, pk__gt=since.pk)


def _put_back_one(former: Former, gone: Collection[Row], since: Change) -> None:
    row = former.model._base_manager.filter(pk=former.key).first()
    if former.before is None:
        if row is not None:
            _refuse_to_take_along(row, gone)
            row.delete()
        return
    is_new = row is None
    row, unknown = _set_to(row or former.model(pk=former.key), former.before)
    row.full_clean(exclude=unknown)
    if isinstance(row, Appointment):
        _refuse_beyond_its_unit(row, since)
    row.save(force_insert=is_new)


def _refuse_beyond_its_unit(post: Appointment, since: Change) -> None:
    """A post does not come back into a unit that has ended since: whoever held it was moved on, or has to be."""
    if not _units_changed(since).filter(parent_table=Unit._meta.db_table, parent=post.unit_id).exists():
        return
    last_days = [version.end_date for version in post.unit.versions.all()]
    if post.is_error or not last_days or None in last_days:
        return
    last = max(day for day in last_days if day)
    if not post.has_ended(last + timedelta(days=1)):
        raise ValidationError(
            f"{post.unit} kết thúc ngày {last:%d/%m/%Y} nên chức danh không trở lại được; "
            "hãy bổ nhiệm, điều động người này vào đơn vị kế tiếp."
        )


def row_of(former: Former, kept: dict[str, Any]) -> models.Model:
    """The model object of a row as the history keeps it; not saved."""
    return _set_to(former.model(pk=former.key), kept)[0]


def _set_to(row: models.Model, kept: dict[str, Any]) -> tuple[models.Model, set[str]]:
    """The row with the columns that the history keeps of it; and the names of the fields of which it knows nothing (a
    secret, a clock, a column that is younger than the entry)."""
    unknown = set()
    for field in row._meta.concrete_fields:
        if field.column not in kept or field.column in CLOCKS or field.generated:
            unknown.add(field.name)
        else:
            setattr(row, field.attname, _value(field, kept[field.column]))
    return row, unknown


def _value(field: "models.Field[Any, Any]", stored: Any) -> Any:
    """What JSON keeps of a column, as the model holds it."""
    if isinstance(field, models.ForeignKey):
        return _value(field.target_field, stored)
    if isinstance(stored, float) and isinstance(field, models.DecimalField):
        return Decimal(str(stored))
    return stored if isinstance(field, models.JSONField) else field.to_python(stored)


def _refuse_to_take_along(row: models.Model, gone: Collection[Row]) -> None:
    """A row is not deleted with others that hang on it and were not part of the act."""
    collector = Collector(using=connection.alias, origin=row)
    collector.collect([row])
    hanging = [one for rows in (*collector.data.values(), *collector.fast_deletes) for one in rows]
    for one in hanging:
        table = one._meta.db_table
        if table in recorded_tables() and (table, one.pk) not in gone:
            raise ValidationError(f"còn {one._meta.verbose_name} “{one}” đi kèm. Hãy hoàn lại phần đó trước.")


def _named(former: Former) -> str:
    """A row by what people call it: “Chức danh đang, đã giữ “Lý Thị Mây””."""
    return f"{capfirst(kind_of(former.table))} “{names_of([former.row]).get(former.row, former.key)}”"
