"""The rows of a person as they are held in memory: altered there, compared with what was loaded, written in bulk."""

from dataclasses import dataclass, field, fields, make_dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from cadres.models import Official, Qualification
from cadres.periods import UNKNOWN_START, DatedRow, PartialDate

_Columns: Any = make_dataclass(
    "_Columns",
    [
        (column.attname, Any, field(default=column.get_default()))
        for column in Official._meta.concrete_fields
        if column.name not in ("batch", "changed_at")  # who wrote the row, and when, is not the person's
    ],
    slots=True,
)


class Facts(_Columns):
    """A row of Official: its columns as the model has them, so that a new one is not named again here."""

    __slots__ = ()


@dataclass(slots=True)
class Identifier(DatedRow):
    """A row of OfficialIdentifier. `attested` is the as-of date of the roster that brought it, where one did."""

    id: int | None
    kind: str
    number: str
    start_date: date = UNKNOWN_START
    end_date: date | None = None


@dataclass(slots=True)
class Post(DatedRow):
    """A row of Appointment."""

    id: int | None
    position_id: int
    unit_id: int
    start_date: date
    is_primary: bool = True
    end_date: date | None = None
    stated_start: date | None = None
    stated_start_precision: str = ""
    term: str = ""
    end_reason: str = ""
    decision: str = ""
    shared_reason: str = ""  # why another who holds the post goes on holding it

    def is_at(self, position: int, unit: int) -> bool:
        return self.position_id == position and self.unit_id == unit


@dataclass(slots=True)
class Record(DatedRow):
    """A row of Qualification."""

    id: int | None
    level_id: int
    start_date: date
    end_date: date | None = None
    awarded_on: date | None = None
    awarded_precision: str = ""
    field_of_study: str = ""
    field_key: str = ""
    study_mode: str = ""
    origin: str = Qualification.Origin.ROSTER


Row = Facts | Identifier | Post | Record


def columns_of(kind: type) -> list[str]:
    """The columns of a table that a row of the kind holds."""
    return [column.name for column in fields(kind)]


@dataclass(slots=True)
class Person:
    """A person of the registry (or one to be created, without key) with all rows that a roster may touch."""

    facts: Facts
    identifiers: list[Identifier] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    stored_records: list[tuple[Any, ...]] = field(default_factory=list)  # values, and when last written: see `records`
    # The rows as they were loaded, to compare with later: their values, and at the end when they were last written.
    loaded: dict[tuple[type, int], tuple[Any, ...]] = field(default_factory=dict)
    identifier_days: dict[str, date] = field(default_factory=dict)  # number → as-of date of the roster that brought it
    later_rosters: date | None = None  # the as-of date of the next roster after this one that names the person
    _records: list[Record] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """The records, made of the stored ones when first asked for: most rosters say of most people what is known."""
        if self.stored_records:
            for row in self.stored_records:
                self._records.append(Record(*row[:-1]))
                self.loaded[Record, row[0]] = row
            self.stored_records = []
        return self._records

    def rows(self) -> list[Row]:
        return [self.facts, *self.identifiers, *self.posts, *self.records]


VALUES_OF = {kind: attrgetter(*columns_of(kind)) for kind in (Facts, Identifier, Post, Record)}


def values_of(row: Row) -> tuple[Any, ...]:
    values: tuple[Any, ...] = VALUES_OF[type(row)](row)
    return values


@dataclass(frozen=True, slots=True)
class Proof:
    """A degree or certificate, as `record_qualifications` takes it; `id` is the row that it says more about, if any."""

    official_id: int
    level_id: int
    as_of: date
    awarded: PartialDate | None = None
    field_of_study: str = ""
    study_mode: str = ""
    institution: str = ""
    number: str = ""
    origin: str = Qualification.Origin.ENTERED
    id: int | None = None
