"""The units of one day in those of another: 2015 in the communes of 2026, 2026 in the districts of 2015.

Forward a unit goes where its successions lead, backward where they come from. People are never divided: where a unit
was split, or several became one, a place has several units, and says so (docs/decisions/32).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Func, IntegerField, QuerySet, TextField, Value

from cadres.asked_again import answer
from cadres.models import UnitSuccession, UnitVersion
from cadres.models.units import ABOVE
from cadres.periods import DatedRow, row_on
from cadres.posts import data_begun, known_on_both

SEPARATOR = "+"
NO_DISTRICT = "Chưa từng thuộc huyện"
NOWHERE = "nowhere"  # the code of the place of whom no unit of the other day corresponds


@dataclass(frozen=True, slots=True)
class Described(DatedRow):
    """A version of a unit, as far as it is needed here."""

    unit_id: int
    start_date: date
    end_date: date | None
    code: str
    name: str
    kind: str
    above: int | None  # a district, a cluster, the province


@dataclass(frozen=True)
class Place:
    """Where the people of some units of another day belong among the units of a day: one unit, mostly.

    Several, where the unit has been split since, so that nobody knows in which of them its people would be; or, looking
    back, where several have become one. None where nothing corresponds. Two places are one where their code is.
    """

    code: str  # of several the codes, joined by SEPARATOR
    name: str
    above_code: str = ""  # of a commune the unit above
    above_name: str = ""
    units: frozenset[int] = frozenset()  # the keys
    note: str = ""  # what somebody has to know who reads its figure


class Correspondence:
    """Which units of `day` the units of other days belong to. Two queries, whatever is asked then."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._found: dict[tuple[date | None, bool], Places] = {}
        self._versions: dict[int, list[Described]] = defaultdict(list)
        columns = ("unit", "start_date", "end_date", "code", "name", "kind", ABOVE)
        for version in UnitVersion.objects.order_by().values_list(*columns):
            self._versions[version[0]].append(Described(*version))
        self._after: dict[int, list[tuple[date, int]]] = defaultdict(list)
        self._before: dict[int, list[tuple[date, int]]] = defaultdict(list)
        for old, new, on in UnitSuccession.objects.order_by().values_list("predecessor", "successor", "effective_on"):
            self._after[old].append((on, new))
            self._before[new].append((on, old))

    def units_of(self, unit: int, then: date) -> frozenset[int]:
        """The keys of the units of the day to which a unit that was there on `then` corresponds."""
        return self._lead(unit, then, self.day)

    def _lead(self, unit: int, since: date, until: date) -> frozenset[int]:
        """Where the unit of one day leads to on another, later or earlier.

        Every step lies beyond the one before, so that successions in a circle come to an end.
        """
        found = {unit} if row_on(self._versions[unit], until) else set()
        if since < until:
            for on, new in self._after.get(unit, ()):
                if since < on <= until:
                    found |= self._lead(new, on, until)
        else:
            for on, old in self._before.get(unit, ()):
                if until < on <= since:
                    found |= self._lead(old, on - timedelta(days=1), until)
        return frozenset(found)

    # ---------------------------------------------------------------- the districts there were

    def former_places(self) -> "Places":
        """The former districts as places to which the communes of the day belong."""
        former = self.former_districts()
        none = Place(NOWHERE, NO_DISTRICT)
        places = {
            district.unit_id: Place(district.code, district.name, units=frozenset((district.unit_id,)))
            for district in former.values()
        }
        return Places(
            (), [{unit: places[former[unit].unit_id] if unit in former else none for unit in self._communes()}]
        )

    def former_districts(self) -> dict[int, Described]:
        """Key of a commune of the day → the district in which it, or what it follows, lay last, as that was last then.

        A commune that follows communes of several districts counts where most of them lay (where that is a tie, where
        the first by code did): people are never divided. A commune that lies in a district on the day is in that one;
        whatever never lay in one is left out.
        """
        found = {}
        for unit in self._communes():
            if cast := self._last_districts(unit, self.day):
                found[unit] = min(cast, key=lambda one: (-cast.count(one), one.code))
        return found

    def _communes(self) -> list[int]:
        """The keys of the communes of the day."""
        versions = ((unit, row_on(self._versions[unit], self.day)) for unit in self._versions)
        return [unit for unit, version in versions if version and version.kind in UnitVersion.COMMUNE_KINDS]

    def _last_districts(self, unit: int, until: date) -> list[Described]:
        """The district in which a unit lay last by the day; where it never did, those of all that it follows."""
        for version in sorted(self._versions[unit], key=lambda one: one.start_date, reverse=True):
            is_told = version.has_begun(until) and version.above is not None
            if is_told and (district := self._last_as(version.above, UnitVersion.Kind.DISTRICT)):
                return [district]
        olds = [(on - timedelta(days=1), old) for on, old in self._before.get(unit, ()) if on <= until]
        return [district for eve, old in olds for district in self._last_districts(old, eve)]

    def _last_as(self, unit: int | None, kind: str) -> Described | None:
        """How a unit of that kind was last by the day; None of one that never was of it."""
        begun = [one for one in self._versions.get(unit or 0, ()) if one.has_begun(self.day) and one.kind == kind]
        return max(begun, key=lambda one: one.start_date, default=None)

    # ---------------------------------------------------------------- all units

    def places(self, then: date, *, above: bool = False) -> "Places":
        """Where the people of every unit of `then` belong; `above`: to which of the units above the communes."""
        if (then, above) not in self._found:
            self._found[then, above] = Places((), [self._places(then, then, above)])
        return self._found[then, above]

    def placed(self, communes: Iterable[dict[str, Any]], then: date) -> list[dict[str, Any]]:
        """The places of communes of `then` (rows of access.communes_in_scope), each once, as such rows; by above and
        name. `unit` and `above_unit` are left out: a place may have several."""
        places, above = self.places(then), self.places(then, above=True)
        found: dict[str, dict[str, Any]] = {}
        for row in communes:
            place, over = places.of(row["unit"]), above.of(row["unit"])
            if place and over:
                found[place.code] = {
                    "code": place.code, "name": place.name, "above_code": over.code, "above_name": over.name,
                }  # fmt: skip
        return sorted(found.values(), key=lambda row: (row["above_code"], row["name"]))

    def places_of_any_day(self, *, above: bool = False) -> "Places":
        """The same for rows of which each has a day of its own."""
        if (None, above) in self._found:
            return self._found[None, above]
        changes = sorted({on for after in self._after.values() for on, _ in after})
        starts = [date.min, *changes]
        ends = [*(on - timedelta(days=1) for on in changes), date.max]
        self._found[None, above] = Places(
            changes, [self._places(*ends, above) for ends in zip(starts, ends, strict=True)]
        )
        return self._found[None, above]

    def _places(self, first: date, last: date, above: bool) -> dict[int, Place]:
        """Unit → place, of all that are there on one of the days; between the two nothing follows anything."""
        sources: dict[frozenset[int], list[int]] = defaultdict(list)
        for unit, versions in self._versions.items():
            if any(version.shares_a_day(first, last) for version in versions):
                units = self.units_of(unit, first)
                sources[self._above(units) if above else units].append(unit)
        found: dict[int, Place] = {}
        for units, olds in sources.items():
            found |= dict.fromkeys(olds, self._place(units, olds, first, above))
        return found

    def units_within(self, inside: Iterable[int], then: date) -> list[int]:
        """The keys of the units of `then` of which all that corresponds to them is among these units of the day."""
        places = self.places(then)
        return places.units_in(places.within(inside))

    def not_known(self, units: Iterable[int], day: date, first_days: Mapping[int, date]) -> list[str]:
        """The names of those of these communes of the day whose data (first day of each unit) had not begun."""
        unknown = [unit for unit in units if unit not in first_days or first_days[unit] > day]
        versions = (row_on(self._versions[unit], day) for unit in unknown)
        return sorted(version.name for version in versions if version and version.kind in UnitVersion.COMMUNE_KINDS)

    def wholes(self, then: date) -> list[tuple[set[int], set[int]]]:
        """Units of `then`, and units of the day, that correspond to each other and to no other: the smallest such sets.

        A unit that stayed what it was is a whole by itself; two that became one are a whole with that.
        """
        of_unit: dict[tuple[bool, int], tuple[set[int], set[int]]] = {}
        for unit in self._versions:
            if row_on(self._versions[unit], then):
                whole: tuple[set[int], set[int]] = ({unit}, set())
                for new in self.units_of(unit, then):
                    olds, news = of_unit.get((True, new), (set(), {new}))
                    whole = (whole[0] | olds, whole[1] | news)
                of_unit |= {(False, old): whole for old in whole[0]} | {(True, new): whole for new in whole[1]}
        return list({id(whole): whole for whole in of_unit.values()}.values())

    def _above(self, units: Iterable[int]) -> frozenset[int]:
        return frozenset(version.above for version in self._on_the_day(units) if version.above is not None)

    def _on_the_day(self, units: Iterable[int]) -> Iterator[Described]:
        """The versions of these units on the day, of those that are there."""
        return (version for unit in units if (version := row_on(self._versions[unit], self.day)))

    def _place(self, units: frozenset[int], sources: list[int], then: date, above: bool) -> Place:
        found = sorted(self._on_the_day(units), key=lambda version: version.code)
        if not found:
            return self.nowhere
        over = []
        if not above:
            over = sorted(self._on_the_day(self._above(units)), key=lambda version: version.code)
        return Place(
            code=SEPARATOR.join(version.code for version in found),
            name=", ".join(version.name for version in found),
            above_code=SEPARATOR.join(version.code for version in over),
            above_name=", ".join(version.name for version in over),
            units=units,
            note="" if above else self._note(units, sources, then),
        )

    def _note(self, units: frozenset[int], sources: list[int], then: date) -> str:
        """What is to be said of communes that were split, or have become one."""
        names = ", ".join(sorted(self._name_on(unit, then) for unit in sources))
        if then < self.day:
            return f"{names} đã chia tách: không chia người cho từng đơn vị" if len(units) > 1 else ""
        parts = [unit for unit in units if not self._lead(unit, self.day, then) <= set(sources)]
        said = f"ngày {then:%d/%m/%Y} là {names}" if len(units) > 1 or parts else ""
        if parts:
            said += f"; {', '.join(sorted(self._name_on(unit, self.day) for unit in parts))} chỉ một phần"
        return said

    @property
    def nowhere(self) -> Place:
        """The place of whom no unit of the day corresponds."""
        return Place(NOWHERE, f"Không có đơn vị tương ứng ngày {self.day:%d/%m/%Y}")

    def _name_on(self, unit: int, day: date) -> str:
        version = row_on(self._versions[unit], day)
        return version.name if version else ""


class Places:
    """Unit → place, of one day or between the days on which something changes; and the same for SQL."""

    def __init__(self, changes: Sequence[date], by_period: Sequence[dict[int, Place]]) -> None:
        self._changes, self._by_period = changes, by_period
        by_code: dict[str, Place] = {}
        for places in by_period:
            for place in places.values():
                if (known := by_code.get(place.code)) is None or known.note == place.note:
                    by_code[place.code] = place
                elif place.note not in known.note:
                    by_code[place.code] = replace(known, note="; ".join(filter(None, (known.note, place.note))))
        self._codes = sorted(by_code)
        self._by_code = by_code

    def __iter__(self) -> Iterator[Place]:
        return iter(self._by_code.values())

    def of(self, unit: int) -> Place | None:
        """The place of a unit, where the places are of one day; None of one that was not there."""
        return self._by_period[0].get(unit)

    def units_in(self, codes: Iterable[str]) -> list[int]:
        """The keys of the units, on any of the days, whose people belong to the places of these codes."""
        wanted = set(codes)
        return [unit for places in self._by_period for unit, place in places.items() if place.code in wanted]

    def numbered(self, number: int) -> Place:
        """The place of a number that `column` gave."""
        return self._by_code[self._codes[number - 1]]

    def get(self, code: str) -> Place | None:
        """The place of a code."""
        return self._by_code.get(code)

    def within(self, inside: Iterable[int]) -> list[str]:
        """The codes of the places of which every unit is among these units of the day."""
        wanted = frozenset(inside)
        return [code for code, place in self._by_code.items() if place.units and place.units <= wanted]

    def numbers_of(self, codes: Iterable[str]) -> list[int]:
        """The numbers of the places of these codes, those that there are."""
        return [self._codes.index(code) + 1 for code in codes if code in self._by_code]

    def column(self, unit: Any, day: Any = None) -> Func:
        """The number of the place of a unit as SQL sees it; with places of any day, of a unit of a day. 0 of none.

        An array whose subscript is the key of the unit needs no table, and is read at once where no element is NULL.
        """
        numbers = {code: number for number, code in enumerate(self._codes, start=1)}
        last = max((max(places, default=0) for places in self._by_period), default=0)
        rows = [
            _array(str(numbers[places[unit].code]) if unit in places else "0" for unit in range(1, last + 1))
            for places in self._by_period
        ]
        if day is None:
            return _Element(Value(rows[0], TextField()), unit)
        changes = _array(change.isoformat() for change in self._changes)
        return _ElementOfDay(Value(_array(rows), TextField()), day, Value(changes, TextField()), unit)


def _array(elements: Iterable[str]) -> str:
    """An array as PostgreSQL writes it."""
    return f"{{{','.join(elements)}}}"


class _Element(Func):
    template = "(%(expressions)s]"
    arg_joiner = "::int[])["
    output_field = IntegerField()


class _ElementOfDay(Func):
    """(rows)[which of the periods][unit]."""

    output_field = IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        (rows, day, changes, unit), parameters = [sql for sql, _ in parts], [p for _, given in parts for p in given]
        return f"({rows}::int[])[width_bucket({day}, {changes}::date[]) + 1][{unit}]", parameters


def days_of_change() -> list[date]:
    """The days on which units followed others, the first one first."""
    return [day for (day,) in answer(_days_of_change)]


def _days_of_change() -> QuerySet[Any, Any]:
    return UnitSuccession.objects.order_by("effective_on").values_list("effective_on").distinct()


# ---------------------------------------------------------------- two days that are compared


def comparable_units(
    before: date, after: date, *, seen: Callable[[date], Collection[int] | None] | None = None
) -> list[int]:
    """The keys of the units whose people of the two days may be compared: those there, with their data begun, on both;
    and those that were merged or split in between, together, where the data of all of them had begun.

    `seen`: the keys of the units of a day of which somebody is looked at (None: of all). What was merged or split is
    compared only where all of it is looked at, or who was not looked at before would have come.
    """
    before, after = min(before, after), max(before, after)
    if not any(before < day <= after for day in days_of_change()):
        return [unit for (unit,) in answer(known_on_both, before, after)]
    then, now = ({*data_begun(day)} for day in (before, after))
    then_seen, now_seen = (seen(day) if seen else None for day in (before, after))
    return [
        unit
        for olds, news in Correspondence(after).wholes(before)
        if news
        and olds <= then
        and news <= now
        and (olds == news or (_is_among(olds, then_seen) and _is_among(news, now_seen)))
        for unit in olds | news
    ]


def _is_among(units: set[int], seen: Collection[int] | None) -> bool:
    return seen is None or units.issubset(seen)
