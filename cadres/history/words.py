"""A change in words: which row of which table, and field by field what was and what became of it.

The history keeps columns; what a column is called, and what its values mean, is asked of the models that Django knows.
A table or a column that it no longer knows is told by the name that it has in the database.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import (
    DateField,
    DateTimeField,
    Field,
    ForeignKey,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.timezone import localtime

from cadres.history.tables import models
from cadres.history.triggers import CLOCKS, Recorded, recorded
from cadres.identity import shown_in
from cadres.models import (
    Act,
    Change,
    ColumnTitle,
    ImportBatch,
    Official,
    OfficialIdentifier,
    SetAside,
    Unit,
    UnitVersion,
    User,
    ValueSpelling,
)
from cadres.periods import UNKNOWN_START, PartialDate
from cadres.review.checks import BY_CODE
from cadres.roster.columns import names_of_fields
from cadres.text import thousands

Row = Mapping[str, Any]  # a row as the history keeps it: column → value
Key = tuple[str, int | str]  # table and primary key, or OF_ROSTERS and the code of a field

OF_ROSTERS = "fields of a roster"  # which are no table: what they are called stands in cadres/roster/columns.py
NAMES = ("full_name", "name", "title", "number", "spelling", "code", "file_name", "year")  # by which people call a row
PRECISION = "_precision"
MONEY = 10_000  # from here on a number is written with points; a year is not
LONGEST = 300  # characters of a value that is told
OPERATIONS = {"I": "Thêm", "U": "Sửa", "D": "Xóa"}
GONE = "đã xóa"
HOLDING_FIELDS = (ColumnTitle._meta.get_field("field"), ValueSpelling._meta.get_field("field"))
NUMBERS = (OfficialIdentifier._meta.get_field("number"),)  # of which not every account may see all
CALLED = {  # columns that only the product writes, and whose fields have no name of their own
    "answered_by": "người trả lời",
    "approved_by": "người duyệt",
    "created_by": "người tải lên",
    "enrolment": "lượt học",
    "issued_by": "người cấp",
    "nominated_by": "người cử",
    "qualification": "văn bằng, chứng chỉ",
    "recorded_by": "người ghi",
    "submitted_by": "người gửi",
    "uploaded_by": "người tải lên",
}
BESIDE = {User._meta.db_table, ImportBatch._meta.db_table}  # who wrote a row and from what: no row is called after it


@dataclass(frozen=True)
class Line:
    """What was in one field, and what became of it; empty where nothing was."""

    columns: tuple[str, ...]  # with the one that says how much of a date is known
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Told:
    """One change in words: “Sửa” “văn bằng, chứng chỉ” “Trung cấp” of “Lý Thị Mây”, and its lines."""

    change: Change
    operation: str
    kind: str
    row: str
    person: str
    lines: tuple[Line, ...]

    @property
    def subject(self) -> str:
        """The row, and the person whom it is about where it is not the person."""
        return ", ".join(dict.fromkeys(part for part in (self.person, self.row) if part))

    @property
    def text(self) -> str:
        """All of it, to be searched."""
        lines = (f"{line.label} {line.old} {line.new}" for line in self.lines)
        return " ".join((self.operation, self.kind, self.subject, *lines))


def told(changes: Iterable[Change]) -> list[Told]:
    """The changes in words, in their order; the rows that they name are read in one query (two where some are gone)."""
    parsed = [_Parsed(change) for change in changes]
    names = names_of({key for one in parsed for key in one.wanted()})
    return [one.told(names) for one in parsed]


def kind_of(table: str) -> str:
    """What a row of the table is called."""
    if field := _many_to_many().get(table):
        return f"{field.verbose_name} của {field.model._meta.verbose_name}"
    model = models().get(table)
    return str(model._meta.verbose_name) if model else table


def labels_of(table: str) -> list[str]:
    """What the columns of the table are called that are told of a row."""
    return [capfirst(column.label) for column in _with_a_name(table)]


def rows_in_words(table: str, rows: Collection[Row]) -> list[list[str]]:
    """The rows in words, a text for each of `labels_of`; the rows that they name are read in one query."""
    columns = _with_a_name(table)
    names = names_of({key for column in columns for row in rows if (key := column.leads_to(row))})
    return [[column.show(row, names) for column in columns] for row in rows]


def _with_a_name(table: str) -> list["_Column"]:
    """The columns that are told and that people have a name for."""
    return [column for column in _columns(table).values() if column.field and not _is_nameless(column.field)]


def who(act: Act) -> str:
    """By whom an act was done: the account's name, else the command, else the role that PostgreSQL knows."""
    if act.user_id:
        return str(act.user) if act.user else f"{act.context.get('username', '')} (tài khoản {GONE})"
    if command := act.context.get("command"):
        return f"Lệnh {command}"
    if act.kind == Act.Kind.UNKNOWN:
        return "Người quản trị máy chủ"  # what PostgreSQL calls the role stands with the act's other facts
    return "Không rõ tài khoản"


def what(act: Act) -> str:
    """By what an act was done."""
    known = act.kind in Act.Kind.values
    return str(Act.Kind(act.kind).label) if known else act.kind


# ---------------------------------------------------------------- columns


@dataclass(frozen=True)
class _Column:
    name: str
    label: str
    field: "Field[Any, Any] | None" = None  # None: Django does not know the column
    precision: str = ""  # the column that says how much of the date is known

    @property
    def target(self) -> str:
        """The table that a key leads to, or OF_ROSTERS; empty for a plain value."""
        if self.field in HOLDING_FIELDS:
            return OF_ROSTERS
        return self.field.related_model._meta.db_table if isinstance(self.field, ForeignKey) else ""

    def leads_to(self, row: Row) -> Key | None:
        """What the row names in this column by a key; None for a plain value, or for nothing."""
        value = row.get(self.name)
        is_key = bool(self.target) and isinstance(value, str if self.target == OF_ROSTERS else int)
        return (self.target, value) if is_key else None  # type: ignore[return-value]

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.name, self.precision) if self.precision else (self.name,)

    def differs(self, before: Row, after: Row) -> bool:
        return any(before.get(name) != after.get(name) for name in self.columns)

    def show(self, row: Row, names: Mapping[Key, str]) -> str:
        value = row.get(self.name)
        if value in (None, "", [], {}):
            return ""
        if key := self.leads_to(row):
            return names.get(key, f"{GONE} (số {value})" if isinstance(value, int) else GONE)
        shown = _shown(self.field, value, row.get(self.precision) or "")
        return shown_in(shown) if self.field in NUMBERS else shown


def _shown(field: "Field[Any, Any] | None", value: Any, precision: str) -> str:
    """A value as a person reads it: a label, Có or Không, a day, a number with points."""
    if field == SetAside._meta.get_field("check_code"):
        return BY_CODE[value].name if value in BY_CODE else str(value)
    if field is not None and field.choices and not isinstance(value, list | dict):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, list | dict):
        return shown_in(_contents(value))[:LONGEST]
    if isinstance(value, int):
        return thousands(value) if abs(value) >= MONEY else str(value)
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    return _day_in(field, str(value), precision)[:LONGEST]


def _contents(value: list[Any] | dict[str, Any]) -> str:
    """What a column of several values holds: the values where they are plain, else how many; never the names that the
    source gives them."""
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return ", ".join(map(str, value))
    return f"{len(value)} mục"


def _day_in(field: "Field[Any, Any] | None", text: str, precision: str) -> str:
    """A date or a moment in the text of PostgreSQL as people write it; another text as it is."""
    try:
        if isinstance(field, DateTimeField):
            return f"{localtime(datetime.fromisoformat(text)):%d/%m/%Y %H:%M}"
        if isinstance(field, DateField):
            day = date.fromisoformat(text)
            return "" if day == UNKNOWN_START else str(PartialDate(day, precision or "day"))
    except ValueError:
        pass  # a secret that changed, or a column that was no date then
    return text


@cache
def _many_to_many() -> dict[str, Any]:
    """Tables that only tie rows of two others, with the field that they stand for."""
    fields: list[Any] = [field for model in apps.get_models() for field in model._meta.local_many_to_many]
    through = {field.remote_field.through: field for field in fields}
    return {tie._meta.db_table: field for tie, field in through.items() if tie._meta.auto_created}


@cache
def _fields(table: str) -> dict[str, Any]:
    """Column → field, of a table that Django knows."""
    fields: Any = models()[table]._meta.concrete_fields if table in models() else ()
    return {field.column: field for field in fields}


@cache
def _columns(table: str) -> dict[str, _Column]:
    """The columns of the table that are told, in the order of the model's fields."""
    fields = _fields(table)
    return {
        name: _Column(name, CALLED.get(field.name, str(field.verbose_name)), field, _precision_of(field, fields))
        for name, field in fields.items()
        if not (field.primary_key or name in CLOCKS or _is_technical(field) or name.endswith(PRECISION))
    }


def _is_technical(field: Any) -> bool:
    """A key for searching or sorting, or where a row came from: nobody enters it and it has no name."""
    return not field.editable and _is_nameless(field)


def _is_nameless(field: Any) -> bool:
    return str(field.verbose_name) == field.name.replace("_", " ")


def _precision_of(field: Any, columns: Collection[str]) -> str:
    """The column beside a date that says how much of it is known: birth_precision beside birth_date."""
    stems = (name.removesuffix(PRECISION) for name in columns if name.endswith(PRECISION))
    if not isinstance(field, DateField):
        return ""
    return next((f"{stem}{PRECISION}" for stem in stems if f"{field.column}_".startswith(f"{stem}_")), "")


# ---------------------------------------------------------------- one change


class _Parsed:
    """A change taken apart: which columns it tells of, which rows have to be named."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.before: Row = change.before or {}
        self.after: Row = change.after or {}
        self.row: Row = self.after or self.before
        self.place = recorded().get(change.table_name, Recorded())
        self.columns = list(self._columns_told())

    def _columns_told(self) -> Iterator[_Column]:
        """What differs; of a row that is new or gone all that is in it, but the person and the parent."""
        known = _columns(self.change.table_name)
        unknown = sorted({*self.before, *self.after} - _fields(self.change.table_name).keys() - {"id"})
        beside: set[str] = set()
        if self.change.operation != Change.Operation.UPDATED:
            beside = {self.place.person, self.place.parent, *(self._tie_targets() if self._is_tie else ())}
        for column in (*known.values(), *(_Column(name, name) for name in unknown)):
            if column.name not in beside and column.differs(self.before, self.after):
                yield column

    @property
    def _is_tie(self) -> bool:
        return self.change.table_name in _many_to_many()

    def _tie_targets(self) -> list[str]:
        return [column.name for column in _columns(self.change.table_name).values() if column.target]

    def _named(self) -> str:
        """What the row is called, by a column of its own."""
        return _as_shown(self.change.table_name, _own_name(self.row))

    def _calling(self) -> list[Key]:
        """The rows after which this one is called, where it has no name of its own."""
        if self._named():
            return []
        beside = {self.place.person, self.place.parent}
        return [
            (column.target, self.row[column.name])
            for column in _columns(self.change.table_name).values()
            if column.target and column.name not in beside and column.target not in BESIDE and self.row.get(column.name)
        ]

    def _person(self) -> list[Key]:
        return [(Official._meta.db_table, self.change.person_id)] if self.change.person_id else []

    def wanted(self) -> Iterator[Key]:
        yield from self._calling()
        yield from self._person()
        for column in self.columns:
            for row in (self.before, self.after):
                if key := column.leads_to(row):
                    yield key

    def told(self, names: Mapping[Key, str]) -> Told:
        lines = [
            _line(column, column.show(self.before, names), column.show(self.after, names)) for column in self.columns
        ]
        called = self._named() or ", ".join(dict.fromkeys(names.get(key, GONE) for key in self._calling()))
        is_person = self.change.table_name == Official._meta.db_table
        return Told(
            change=self.change,
            operation=OPERATIONS[self.change.operation],
            kind=kind_of(self.change.table_name),
            row=called,
            person="" if is_person else next((names.get(key, GONE) for key in self._person()), ""),
            lines=tuple(line for line in lines if line.old or line.new),
        )


def _line(column: _Column, old: str, new: str) -> Line:
    """A line, of which two values that are told alike (`_contents`) are told apart."""
    return Line(column.columns, capfirst(column.label), old, f"{new}, khác trước" if old and old == new else new)


# ---------------------------------------------------------------- names of rows


def _own_name(row: Row) -> str:
    """What a row is called by a column of its own; empty where it has none."""
    return next((str(row[name]) for name in NAMES if row.get(name)), "")


def names_of(keys: Iterable[Key]) -> dict[Key, str]:
    """What the rows are called now, in one query; what they were called last for those that are gone. Fields of rosters
    take a query more."""
    by_table: dict[str, set[Any]] = defaultdict(set)
    for table, key in keys:
        by_table[table].add(key)
    fields = names_of_fields() if by_table.pop(OF_ROSTERS, None) else {}
    asked = [_calls(models()[table], wanted) for table, wanted in sorted(by_table.items()) if table in models()]
    found = {
        (table, key): _as_shown(table, _text(name))
        for table, key, name in (asked[0].union(*asked[1:], all=True) if asked else ())
    }
    missing = {(table, key) for table, wanted in by_table.items() for key in wanted} - found.keys()
    return found | _last_names(missing) | {(OF_ROSTERS, code): name for code, name in fields.items()}


def _as_shown(table: str, name: str) -> str:
    """A name as the account may see it: that of an identity number is the number."""
    return shown_in(name) if table == OfficialIdentifier._meta.db_table else name


def _text(name: str | None) -> str:
    return name or "(không tên)"


def _calls(model: type[Model], keys: Iterable[int]) -> QuerySet[Any, Any]:
    rows = model._base_manager.filter(pk__in=sorted(keys)).order_by()
    table = Value(model._meta.db_table, output_field=TextField())
    return rows.annotate(called_table=table, called=_name_in(model)).values_list("called_table", "pk", "called")


def _name_in(model: type[Model], path: str = "", depth: int = 3) -> Combinable:
    """The expression for what a row is called: a column of its own, else the person or another row it belongs to."""
    if model is Unit:
        versions = UnitVersion.objects.filter(unit=OuterRef(f"{path}pk")).order_by("-start_date")
        return Subquery(versions.values("name")[:1], output_field=TextField())
    fields = {field.name: field for field in model._meta.concrete_fields}
    if name := next((name for name in NAMES if name in fields), None):
        return Cast(f"{path}{name}", TextField())
    keys = [field for field in fields.values() if isinstance(field, ForeignKey)]
    keys.sort(key=lambda field: field.related_model is not Official)
    if not keys or not depth:
        return Value("", output_field=TextField())
    return _name_in(keys[0].related_model, f"{path}{keys[0].name}__", depth - 1)


def _last_names(keys: Iterable[Key]) -> dict[Key, str]:
    wanted = Q()
    for table, key in keys:
        wanted |= Q(table_name=table, key=key)
    if not wanted:
        return {}
    gone = Change.objects.filter(wanted, operation=Change.Operation.DELETED).order_by("pk")
    names: dict[Key, str] = {}
    for change in gone:
        name = _as_shown(change.table_name, _own_name(change.before or {}))
        names[change.table_name, change.key] = f"{name} ({GONE})" if name else GONE
    return names
