"""What the spellings of rosters mean: titles, levels, positions, ethnic groups, units. Asked for once a file.

A spelling means something in one field only (`CC` is Cao cấp under LLCT and Chứng chỉ under Tin học), and a unit's name
means a unit on one day only, so both are arguments. Nothing is guessed: what is not found stays unknown.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from cadres.asked_again import answer, columns_of, rows_as
from cadres.models import (
    Appointment,
    ColumnTitle,
    Dimension,
    EthnicGroup,
    Level,
    Position,
    Sex,
    UnitSuccession,
    UnitVersion,
    ValueSpelling,
    Zone,
)
from cadres.periods import DatedRow, row_on
from cadres.roster.columns import Column, with_dimensions
from cadres.roster.owners import nearest_first
from cadres.roster.positions import ALIKE, PositionReader, Posts
from cadres.roster.titles import Titles, title_key
from cadres.text import fold, match_key, nfc, place_key

Kind = UnitVersion.Kind
Row = tuple[Any, ...]
Rows = QuerySet[Any, Row]
# `dân tộc Mông`, `Người Dao`; `Mông (Hoa)`
PEOPLE_WORDS = re.compile(r"^(?:dân tộc|người|dt)\s+", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\([^)]*\)")
KIND_WORD = re.compile(r"^(thi tran|thanh pho|thi xa|phuong|huyen|tinh|xa|tt|tp|tx|p|x|h)(?:\.\s*|\s+)(?=\S)")
KIND_OF_WORD = {
    "xa": Kind.COMMUNE, "x": Kind.COMMUNE, "phuong": Kind.WARD, "p": Kind.WARD, "thi tran": Kind.TOWNSHIP,
    "tt": Kind.TOWNSHIP, "huyen": Kind.DISTRICT, "h": Kind.DISTRICT, "thi xa": Kind.DISTRICT, "tx": Kind.DISTRICT,
    "thanh pho": Kind.DISTRICT, "tp": Kind.DISTRICT, "tinh": Kind.PROVINCE,
}  # fmt: skip

PLACE_WORDS = {"tt": "thi tran", "tp": "thanh pho", "tx": "thi xa"}
WORD = re.compile(r"[0-9a-z]+")
MAX_WORD = 100  # characters of a word that is compared with what is known


@dataclass(frozen=True, slots=True)
class LevelEntry:
    pk: int
    dimension: str
    code: str
    rank: int
    name: str


@dataclass(frozen=True, slots=True)
class UnitEntry(DatedRow):
    """A version of a unit: what it was called, and below what, in a period."""

    pk: int
    code: str
    name: str
    kind: str
    parent: int | None
    start_date: date
    end_date: date | None
    cluster: int | None = None

    @property
    def bare_name(self) -> str:
        """The name without the word for the kind."""
        return _without_kind(self.name)[0]

    @property
    def folded_bare_name(self) -> str:
        return _without_kind(self.name)[1]


class Spelling(NamedTuple):
    pk: int
    owner: int | None
    field: str
    code: str
    text: str
    key: str
    learnt_at: datetime | None


@dataclass
class Dictionaries:
    """Of one file, which notes what it has looked up; what it looks up in is shared by all files, so nothing here is
    changed but by being looked up."""

    titles: Titles
    levels: dict[tuple[str, str], LevelEntry]  # (dimension, code)
    level_keys: dict[tuple[str, str], LevelEntry]  # (dimension, spelling)
    positions: dict[str, Position]  # code
    ethnic_groups: dict[str, EthnicGroup]  # code
    ethnic_keys: dict[str, str]
    value_keys: dict[tuple[str, str], str]  # (field, spelling) → code, for sex and zone
    units: list[UnitEntry]
    taught: dict[tuple[str, str], int] = field(default_factory=dict)  # (field, key of a word) → key of ValueSpelling
    columns: list[Column] = field(default_factory=list)
    dimensions: frozenset[str] = frozenset()
    levels_by_key: dict[int, LevelEntry] = field(default_factory=dict)
    titles_by_key: dict[int, str] = field(default_factory=dict)  # of positions
    groups_by_key: dict[int, str] = field(default_factory=dict)  # names of ethnic groups
    positions_by_key: dict[int, Position] = field(default_factory=dict)
    posts: PositionReader = field(init=False)  # of whatever day: what stands above people is told by it
    folded_names: list[tuple[UnitEntry, str]] = field(default_factory=list)  # with a space at both ends
    _groups_seen: dict[str, str] = field(default_factory=dict)
    _units_by_key: dict[str, list[UnitEntry]] = field(default_factory=lambda: defaultdict(list))
    _successions: dict[int, list[int]] | None = None  # asked for where a unit has ended
    _followers: dict[int, list[str]] | None = None  # asked for where a position has ended
    _unit_names: dict[tuple[int, date], UnitEntry | None] = field(default_factory=dict)

    @classmethod
    def load(cls, owners: Sequence[int] = ()) -> "Dictionaries":
        """Read all dictionaries: seven queries, whatever the file.

        `owners` are the units whose spellings hold beside those for everybody, the nearest first: theirs come before
        what the catalogues call things, which comes before everybody's.
        """
        rows = (tuple(answer(words)) for words in (_dimensions, _levels, _positions, _ethnic_groups, _titles, _units))
        return _understood(Written(tuple(owners), tuple(answer(_spellings, *owners)), *rows))._for_a_file()

    def _for_a_file(self) -> "Dictionaries":
        """The same dictionaries, by which nothing has been read and nothing been looked up."""
        another = copy(self)
        another.posts = PositionReader(self.posts.posts)
        another._groups_seen, another._unit_names = {}, {}
        return another

    def _places(self) -> set[str]:
        """The communes as they are named behind a post: with the district behind, without it, without their kind."""
        districts: dict[int, set[str]] = defaultdict(set)
        for unit in self.units:
            if unit.kind not in UnitVersion.COMMUNE_KINDS:
                districts[unit.pk].add(_place_words(unit.name))
        above = {bare for names in districts.values() for name in names for bare in (name, split_kind(name)[1])}
        places = set()
        for unit in self.units:
            if unit.kind in UnitVersion.COMMUNE_KINDS:
                name = _place_words(unit.name)
                places |= {name, *(f"{name} {district}" for district in districts.get(unit.parent or 0, ()))}
                if place_key(unit.bare_name) not in above:  # `Bắc Hà` alone is the district as well
                    places.add(_place_words(unit.bare_name))
                if unit.kind == Kind.WARD:  # `P.` is Phó before a post; before a ward's name it is read so too
                    places.add(f"pho {_place_words(unit.bare_name)}")
        return places

    def level(self, dimension: str, text: str) -> LevelEntry | None:
        return self.level_keys.get((dimension, match_key(text)))

    def position(self, text: str) -> str:
        """The code of the one post that the text names, or ''."""
        codes = self.posts.read(text).codes
        return codes[0] if len(codes) == 1 else ""

    def ethnic_group(self, text: str) -> str:
        code = self._groups_seen.get(text)
        if code is None:
            code = self.ethnic_keys.get(match_key(text)) or self.value("ethnic_group", text) or self._branch_of(text)
            self._groups_seen[text] = code
        return code

    def _branch_of(self, text: str) -> str:
        """The group that a longer text begins with: `Mông (Hoa)`, `Dao Lù Gang`, `dân tộc Tày`; of two groups none."""
        bare = PEOPLE_WORDS.sub("", nfc(text))
        words = IN_BRACKETS.sub(" ", bare).split()
        for count in range(min(len(words), 3), 0, -1):
            if code := self.ethnic_keys.get(match_key(" ".join(words[:count]))):
                rest = " ".join(words[count:])
                is_another = self.ethnic_keys.get(match_key(rest), code) != code
                return "" if is_another or re.search(r"[^\w\s'’]", rest) else code
        return ""

    def value(self, name: str, text: str) -> str:
        """The code of a sex or zone, or of what else a spelling was taught for (an ethnic group, a unit)."""
        return self.value_keys.get((name, title_key(text)), "")

    def named_units(self, text: str, day: date | None, *, communes: bool) -> list[UnitEntry]:
        """The communes (or districts) that bear the name on the day, or on any day where none is given.

        A word for the kind (`xã`, `phường`, `TT`) must agree with the unit's where the text has one.
        """
        kind, key = split_kind(text)
        named = self._with_key(key, day, communes, kind)
        if kind and not named:  # `Xa Pả` is a spelling of Sa Pả, not a commune called Pả
            named = self._with_key(place_key(text), day, communes, "")
        # Sa Pa and Sa Pả share a key; where both are there, the letters decide.
        exact = [unit for unit in named if squeezed(text).endswith(squeezed(unit.bare_name))]
        return exact or named or self._taught_units(text, day, communes)

    def _taught_units(self, text: str, day: date | None, communes: bool) -> list[UnitEntry]:
        """The unit that somebody has said this spelling means: the one that bears the code on the day."""
        code = self.value("commune" if communes else "district", text)
        bearers = [unit for unit in self.units if code and unit.code == code]
        return [unit for unit in bearers if day is None or unit.is_in_force(day)]

    def choices(self, day: date | None) -> dict[str, list[tuple[str, str]]]:
        """What a word may mean, by field: (code, name) in the order of the field, units as of the day."""
        levels: dict[str, list[LevelEntry]] = defaultdict(list)
        for entry in self.levels.values():
            levels[entry.dimension].append(entry)
        units = sorted(
            (unit for unit in self.units if day is None or unit.is_in_force(day)), key=lambda unit: unit.code
        )
        return {
            "position": [
                (position.code, position.title)
                for position in self.positions.values()
                if day is None or position.is_in_force(day)
            ],
            "ethnic_group": [(group.code, group.name) for group in self.ethnic_groups.values()],
            "sex": [(value, str(label)) for value, label in Sex.choices],
            "zone": [(str(value), str(label)) for value, label in Zone.choices],
            "commune": [(unit.code, unit.name) for unit in units if unit.kind in UnitVersion.COMMUNE_KINDS],
            "district": [(unit.code, unit.name) for unit in units if unit.kind == Kind.DISTRICT],
            **{
                dimension: [(entry.code, entry.name) for entry in sorted(entries, key=lambda entry: entry.rank)]
                for dimension, entries in levels.items()
            },
        }

    def suggested(self, name: str, text: str, choices: Sequence[tuple[str, str]], day: date | None) -> str:
        """The code of what a word of the field may mean that is not understood: of (code, name) the likest, or ''."""
        if name == "position":
            return (self.posts.on(day) if day else self.posts).suggest(text)
        names = {match_key(label): code for code, label in choices}
        names |= {match_key(split_kind(label)[1]): code for code, label in choices if name in ("commune", "district")}
        spelled = {key: code for (field_name, key), code in self.value_keys.items() if field_name == name}
        spelled |= {key: entry.code for (dimension, key), entry in self.level_keys.items() if dimension == name}
        known = {**names, **{key: code for key, code in spelled.items() if len(key) > 3}}
        near = get_close_matches(match_key(text)[:MAX_WORD], known, n=1, cutoff=ALIKE)
        return known[near[0]] if near else ""

    def units_in(self, text: str) -> list[UnitEntry]:
        """The units that a title names in full (`UBND XÃ BẢN PHỐ, HUYỆN BẮC HÀ`), on whatever day.

        `Xã Tả Van Chư` is not Xã Tả Van, and of names that differ in their marks only, those written so are meant.
        """
        words = f" {_place_words(text)} "
        found = [(unit, name) for unit, name in self.folded_names if name in words]
        longest = [unit for unit, name in found if not any(name != other and name in other for _, other in found)]
        letters = squeezed(text)
        return [unit for unit in longest if squeezed(unit.name) in letters] or longest

    def _with_key(self, key: str, day: date | None, communes: bool, kind: str) -> list[UnitEntry]:
        return [
            unit
            for unit in self._units_by_key.get(key, ())
            if (unit.kind in UnitVersion.COMMUNE_KINDS if communes else unit.kind == Kind.DISTRICT)
            and (not kind or unit.kind == kind)
            and (day is None or unit.is_in_force(day))
        ]

    def unit_on(self, pk: int, day: date) -> UnitEntry | None:
        """What the unit was on the day."""
        if (pk, day) not in self._unit_names:
            self._unit_names[pk, day] = row_on((unit for unit in self.units if unit.pk == pk), day)
        return self._unit_names[pk, day]

    def ended_units(self, text: str, code: str, day: date, *, communes: bool) -> list[UnitEntry]:
        """The units that bore the name (or code) before the day and are no more: each as it was last."""
        if code:
            named = [unit for unit in self.units if unit.code == code]
        else:
            named = self.named_units(text, None, communes=communes)
        last = {unit.pk: unit for unit in sorted(named, key=lambda unit: unit.start_date)}
        return [unit for unit in last.values() if unit.has_ended(day) and self.unit_on(unit.pk, day) is None]

    def successors_of(self, unit: UnitEntry, day: date) -> list[str]:
        """The names, on the day, of the units that the ended one went to."""
        if self._successions is None:
            self._successions = defaultdict(list)
            rows = UnitSuccession.objects.order_by("effective_on", "pk")
            for old, new in rows.values_list("predecessor", "successor"):
                self._successions[old].append(new)
        found, asked = [], [unit.pk]
        while asked:
            for pk in self._successions.get(asked.pop(0), ()):
                if successor := self.unit_on(pk, day):
                    found.append(successor.name)
                else:  # ended too, meanwhile
                    asked.append(pk)
        return list(dict.fromkeys(found))

    def followers_of(self, position: Position) -> list[str]:
        """The titles in which those went on who held a position when it ended, the commonest first."""
        if self._followers is None:
            self._followers = defaultdict(list)
            carried = Appointment.objects.exclude(position=F("carried_from__position")).filter(
                carried_from__position__in=[known.pk for known in self.positions.values() if known.end_date]
            )
            rows = carried.values_list("carried_from__position", "position__title").annotate(posts=Count("pk"))
            for key, title, _ in rows.order_by("-posts", "position__title"):
                self._followers[key].append(title)
        return self._followers.get(position.pk, [])

    def below(self, pk: int, day: date) -> set[int]:
        """The unit and all below it on the day; of a cluster, the communes in it."""
        found, added = {pk}, {pk}
        while added:
            lying = (unit for unit in self.units if unit.parent in added or unit.cluster in added)
            added = {unit.pk for unit in lying if unit.is_in_force(day)} - found
            found |= added
        return found


def squeezed(text: str) -> str:
    return nfc(text).lower().replace(" ", "")


def split_kind(text: str) -> tuple[str, str]:
    """The kind of unit that the first word names ('' where it names none), and the key of the name."""
    folded = fold(text)
    if found := KIND_WORD.match(folded):
        return KIND_OF_WORD[found[1]], place_key(folded[found.end() :])
    return "", place_key(folded)


@lru_cache(maxsize=2**12)
def _without_kind(name: str) -> tuple[str, str]:
    """The name of a unit without the word for the kind, and its fold. Asked of all communes for each sheet."""
    kind = KIND_WORD.match(fold(name))
    bare = " ".join(name.split()[len(kind[1].split()) :]) if kind else name
    return bare, fold(bare)


def _place_words(text: str) -> str:
    """The words of a text, with the kinds of units spelled out: `TT. Bắc Hà` → `thi tran bac ha`."""
    return " ".join(PLACE_WORDS.get(word, word) for word in WORD.findall(fold(text)))


# What the dictionaries are made of


def _dimensions() -> Rows:
    return Dimension.objects.values_list("code", "name")


def _levels() -> Rows:
    return Level.objects.values_list("pk", "dimension__code", "code", "rank", "name")


def _positions() -> Rows:
    return Position.objects.values_list(*columns_of(Position))


def _ethnic_groups() -> Rows:
    return EthnicGroup.objects.values_list(*columns_of(EthnicGroup))


def _titles() -> Rows:
    return ColumnTitle.objects.values_list("field", "title")


def _units() -> Rows:
    return UnitVersion.objects.values_list(
        "unit_id", "code", "name", "kind", "parent_id", "start_date", "end_date", "cluster_id"
    )


def _spellings(*owners: int) -> Rows:
    held = ValueSpelling.objects.filter(Q(owner=None) | Q(owner__in=owners))
    return held.values_list("pk", "owner", "field", "code", "spelling", "spelling_key", "learnt_at")


class Written(NamedTuple):
    """The rows that dictionaries are made of, as PostgreSQL gives them; `owners` are those of spellings."""

    owners: tuple[int, ...]
    spellings: tuple[Row, ...]
    dimensions: tuple[Row, ...]
    levels: tuple[Row, ...]
    positions: tuple[Row, ...]
    ethnic_groups: tuple[Row, ...]
    titles: tuple[Row, ...]
    units: tuple[Row, ...]


@lru_cache(maxsize=8)
def _understood(written: Written) -> Dictionaries:
    """The dictionaries that the rows make up: those of the same rows are the same, and are put together once.

    It takes three times as long as asking for the rows, and file after file finds them as they were.
    """
    levels: dict[tuple[str, str], LevelEntry] = {}
    level_keys: dict[tuple[str, str], LevelEntry] = {}
    for entry in (LevelEntry(*row) for row in written.levels):
        levels[entry.dimension, entry.code] = entry
    nearest = sorted(
        (Spelling(*row) for row in written.spellings), key=lambda row: nearest_first(written.owners, row.owner)
    )
    for row in nearest:
        if row.owner is not None and (level := levels.get((row.field, row.code))):
            level_keys.setdefault((row.field, match_key(row.text)), level)
    for entry in levels.values():
        level_keys.setdefault((entry.dimension, match_key(entry.name)), entry)
    positions = {position.code: position for position in rows_as(Position, written.positions)}
    own_positions: list[tuple[str, str]] = []
    position_spellings: list[tuple[str, str]] = []
    value_keys: dict[tuple[str, str], str] = {}
    taught: dict[tuple[str, str], int] = {}
    for row in nearest:
        if row.learnt_at:
            taught.setdefault((row.field, row.key), row.pk)
        if row.field == "position":
            (position_spellings if row.owner is None else own_positions).append((row.text, row.code))
        elif (row.field, row.code) in levels:
            level_keys.setdefault((row.field, match_key(row.text)), levels[row.field, row.code])
        else:
            value_keys.setdefault((row.field, title_key(row.text)), row.code)
    ethnic_groups = {group.code: group for group in rows_as(EthnicGroup, written.ethnic_groups)}
    ethnic_keys = {
        match_key(name): group.code
        for group in ethnic_groups.values()
        for name in (group.name, *group.other_names.split(";"))
        if name
    }
    columns = with_dimensions(written.dimensions)
    titles = [(column.field, column.title) for column in columns if column.title]
    dictionaries = Dictionaries(
        titles=Titles.of(
            [*titles, *written.titles],
            levels={key: entry.code for key, entry in level_keys.items()},
            ranks={key: entry.rank for key, entry in levels.items()},
        ),
        levels=levels,
        level_keys=level_keys,
        positions=positions,
        ethnic_groups=ethnic_groups,
        ethnic_keys=ethnic_keys,
        value_keys=value_keys,
        taught=taught,
        units=[UnitEntry(*row) for row in written.units],
        columns=columns,
        dimensions=frozenset(dimension for dimension, _ in levels),
        levels_by_key={entry.pk: entry for entry in levels.values()},
        titles_by_key={position.pk: position.title for position in positions.values()},
        positions_by_key={position.pk: position for position in positions.values()},
        groups_by_key={group.pk: group.name for group in ethnic_groups.values()},
    )
    for unit in dictionaries.units:
        dictionaries._units_by_key[split_kind(unit.name)[1]].append(unit)
    places = cache(dictionaries._places)
    dictionaries.posts = PositionReader(Posts(positions, position_spellings, places, own=own_positions))
    dictionaries.folded_names = [(unit, f" {_place_words(unit.name)} ") for unit in dictionaries.units]
    return dictionaries
