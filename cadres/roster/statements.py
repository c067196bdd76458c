"""What a row states about one person, with what was noticed on the way; as it is kept in the database and read back."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from cadres.periods import PartialDate, Precision
from cadres.roster.columns import COLUMNS, DATES, DEGREES, TEXTS, Kind
from cadres.roster.rows import RawRow

ERROR, WARNING, INFO = "error", "warning", "info"

MAX_WORDS = 300  # characters; a longer text is no position and no level
MAX_LENGTHS = {column.field: length for column in COLUMNS if (length := column.max_length)}


# Issues of a row that say that a word was not understood, so that the dictionary of its field can learn it.
LEARNABLE = {"unknown_level", "unknown_position", "unknown_value", "unknown_commune", "unknown_district"}


@dataclass(slots=True)
class Issue:
    """What is wrong or worth knowing in one cell, in words a newcomer can act on."""

    severity: str
    code: str
    field: str
    message: str
    value: str = ""
    column: str = ""
    word: str = ""  # the part of the value that is not understood, where that is not all of it

    def as_json(self) -> dict[str, str]:
        return {
            "column": self.column, "field": self.field, "value": self.value, "severity": self.severity,
            "code": self.code, "message": self.message, **({"word": self.word} if self.word else {}),
        }  # fmt: skip


@dataclass(slots=True)
class Statement:
    """What one roster row states about one person. Empty and None mean that the row does not say."""

    sheet: str
    row: int
    full_name: str = ""
    folded_name: str = ""
    birth: PartialDate | None = None
    sex: str = ""
    identifier: str = ""
    ethnic_group: str = ""  # code
    unit: int | None = None
    positions: list[str] = field(default_factory=list)  # codes, the primary post first
    appointed: PartialDate | None = None
    term: str = ""
    levels: dict[str, str] = field(default_factory=dict)  # dimension → level code
    field_of_study: str = ""
    study_mode: str = ""
    # Records beyond the highest levels, or that say more of those: (dimension, level, field, mode, date of award).
    further: list[list[str]] = field(default_factory=list)
    is_party_member: bool | None = None
    party_joined: PartialDate | None = None
    zone: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)  # field of columns.TEXTS, DATES → text, PartialDate
    issues: list[Issue] = field(default_factory=list)  # noticed while reading
    findings: list[Issue] = field(default_factory=list)  # noticed while comparing with the registry
    titles: dict[str, str] = field(default_factory=dict)  # field → title of its column; shared by the rows of a table
    raw: RawRow | None = None  # the row as read; None where it comes from the database
    kept: Any = None  # the ImportRow, or what has its `read` and no more, where it comes from the database

    @property
    def read(self) -> dict[str, str]:
        """Field → text as in the cell, made anew from the row each time: kept, it would take most of the memory."""
        return self.raw.texts() if self.raw else self.kept.read if self.kept else {}

    @property
    def is_rejected(self) -> bool:
        if not self.issues and not self.findings:  # most rows, which are asked again and again
            return False
        return any(issue.severity == ERROR for issue in (*self.issues, *self.findings))

    def add(self, severity: str, code: str, name: str, message: str, *, value: str = "", word: str = "") -> None:
        """Note an issue of the row itself; `word` is the part of the value that it speaks of."""
        self.issues.append(replace(self._issue(severity, code, name, message, value), word=word))

    def find(self, severity: str, code: str, name: str, message: str) -> None:
        """Note an issue that comes from what the registry holds now, or from the other rows of the file."""
        self.findings.append(self._issue(severity, code, name, message, ""))

    def _issue(self, severity: str, code: str, name: str, message: str, value: str) -> Issue:
        title = self.raw.title_of(name) if self.raw else self.titles.get(name, "")
        return Issue(severity, code, name, message, value or self.read.get(name, ""), title)

    def without(self, names: Iterable[str]) -> "Statement":
        """The statement as if the row said nothing about these fields (names as in Change); issues are shared."""
        blank = {name: default for field_name in names for name, default in _BLANK.get(field_name, {}).items()}
        levels = {dimension: code for dimension, code in self.levels.items() if dimension not in set(names)}
        facts = {name: value for name, value in self.facts.items() if name not in set(names)}
        further = [record for record in self.further if record[0] not in set(names)]
        return replace(self, **{"levels": levels, "facts": facts, "further": further, **blank})

    def of_its_time(self) -> "Statement":
        """What the row states of the day itself: post and levels, and not who the person is."""
        return replace(
            self, full_name="", folded_name="", birth=None, sex="", identifier="", ethnic_group="",
            is_party_member=None, party_joined=None, facts={},
        )  # fmt: skip

    def understood(self) -> dict[str, Any]:
        """The cleaned values, for the database: dates as 1979, 1979-08 or 1979-08-05, the rest as codes."""
        values = dict(zip(_PLAIN_FIELDS, _PLAIN_OF(self), strict=True))
        for name in _DATE_FIELDS:
            values[name] = to_iso(getattr(self, name))
        for name, value in self.facts.items():
            values[name] = value if isinstance(value, str) else to_iso(value)
        values["issues"] = len(self.issues)
        # Who is said not to be a member is kept; nothing else that is empty is.
        return {name: value for name, value in values.items() if value or value is False}

    @classmethod
    def restored(cls, row: Any, titles: dict[str, str]) -> "Statement":
        """The inverse of `understood` for an ImportRow, without what was found by comparing: that is found anew."""
        values: dict[str, Any] = {"facts": {}}
        understood = row.understood
        for name, value in understood.items():
            if kind := _KIND_OF_FACT.get(name):
                values["facts"][name] = from_iso(value) if kind is Kind.DATE else value
            elif name != "issues":
                values[name] = from_iso(value) if name in _DATE_FIELDS else value
        own = understood.get("issues", 0)  # of those shown, the first: the others came of comparing
        issues = [Issue(**issue) for issue in row.issues[:own]] if own else []
        return cls(sheet=row.sheet, row=row.row_number, kept=row, issues=issues, titles=titles, **values)


_DATE_FIELDS = ("birth", "appointed", "party_joined")
_PLAIN_FIELDS = (
    "full_name", "folded_name", "sex", "identifier", "ethnic_group", "unit", "positions", "term", "levels",
    "field_of_study", "study_mode", "further", "is_party_member", "zone",
)  # fmt: skip
_PLAIN_OF = attrgetter(*_PLAIN_FIELDS)
_KIND_OF_FACT = {column.field: column.kind for column in (*TEXTS, *DATES)}


# What a statement that says nothing about a field holds; levels are told apart by dimension, facts by field.
_BLANK: dict[str, dict[str, Any]] = {
    "full_name": {"full_name": ""},
    "birth_date": {"birth": None},
    "sex": {"sex": ""},
    "national_id": {"identifier": ""},
    "ethnic_group": {"ethnic_group": ""},
    "position": {"positions": [], "appointed": None, "term": ""},
    "appointed_on": {"appointed": None},
    "term": {"term": ""},
    DEGREES: {"field_of_study": "", "study_mode": ""},
    "field_of_study": {"field_of_study": ""},
    "study_mode": {"study_mode": ""},
    "party_joined_on": {"is_party_member": None, "party_joined": None},
}


_ISO_LENGTHS: dict[str, int] = {Precision.YEAR: 4, Precision.MONTH: 7}


def to_iso(stated: PartialDate | None) -> str:
    if stated is None:
        return ""
    return stated.first_day.isoformat()[: _ISO_LENGTHS.get(stated.precision, 10)]


def from_iso(text: str) -> PartialDate:
    precision = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)
    return PartialDate(date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 10 else text), precision)
