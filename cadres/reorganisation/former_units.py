"""Units that are not on record yet, with who followed them: those of a province that joins, loaded on demand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.contrib.postgres.constraints import ExclusionConstraint

from cadres.history import act, signed
from cadres.models import Act, UnitVersion, User
from cadres.periods import pairs_refused, row_on
from cadres.reference_data import DATA, add_units, end_of, start_of
from cadres.reorganisation.planning import ReorganisationRefused
from cadres.reorganisation.successions import Line, code_of, rows_of_file, succession_rows
from cadres.text import fold

NEEDED = ("code", "name", "kind", "parent_code")
ABOVE = (UnitVersion.Kind.PROVINCE, UnitVersion.Kind.DISTRICT)


@dataclass(frozen=True)
class Known:
    """Units that come with the product, and are loaded only where somebody needs them."""

    key: str
    name: str
    units: str  # file of cadres/data, with the columns of units.csv
    successions: str  # with those of unit_successions.csv


KNOWN = {
    known.key: known
    for known in (Known("yen-bai", "Tỉnh Yên Bái cũ", "units_yen_bai.csv", "unit_successions_yen_bai.csv"),)
}


@dataclass(frozen=True)
class FormerUnits:
    """What a file of units adds to those on record (`there`: how many of its rows are there already)."""

    units: Sequence[dict[str, str]]
    successions: Sequence[dict[str, str]]
    there: int

    @property
    def days(self) -> list[tuple[date, int]]:
        """The days on which others follow, each with the number of lines."""
        counted = Counter(date.fromisoformat(row["effective_on"]) for row in self.successions)
        return sorted(counted.items())

    @property
    def above(self) -> list[tuple[dict[str, str], int, date | None]]:
        """The provinces and districts of the file, each with how many units lie below it, and its last day."""
        below = Counter(row["parent_code"] for row in self.units)
        return [(row, below[row["code"]], end_of(row["valid_to"])) for row in self.units if row["kind"] in ABOVE]

    @property
    def communes(self) -> int:
        return sum(row["kind"] not in ABOVE for row in self.units)


def of_known(known: Known) -> FormerUnits:
    """What units that come with the product would add."""
    return read_former((DATA / known.units).read_bytes(), (DATA / known.successions).read_bytes())


def read_former(units: bytes, successions: bytes = b"") -> FormerUnits:
    """What a file of units, and one of those that followed them, would add to what is on record.

    Raises UnreadableSuccessions for a file that is none, ReorganisationRefused with all that is wrong with the rows.
    """
    rows = [
        (f"Dòng {number} của tệp đơn vị", row | {"code": code_of(row["code"])})
        for number, row in rows_of_file(units, NEEDED, alike="units.csv")
    ]
    if refused := list(_wrong_rows(rows)) if rows else ["Tệp đơn vị không có dòng nào."]:
        raise ReorganisationRefused(refused)
    lines = list(succession_rows(successions)) if successions else []
    stated = {place: _version(row) for place, row in rows}
    named = {code for _, row in rows for code in (row["code"], row["parent_code"])}
    named |= {line["predecessor_code"] for _, line in lines}
    known = list(UnitVersion.objects.filter(code__in=named))
    there = {(version.code, fold(version.name), version.start_date) for version in known}
    new = {place: one for place, one in stated.items() if (one.code, fold(one.name), one.start_date) not in there}
    bearers: dict[str, list[UnitVersion]] = defaultdict(list)
    for version in (*known, *new.values()):
        bearers[version.code].append(version)
    refused = [
        *_clashing(new, known),
        *_without_parent([(place, row) for place, row in rows if place in new], bearers),
        *_unknown(lines, bearers),
    ]
    if refused:
        raise ReorganisationRefused(refused)
    return FormerUnits(
        [row for place, row in rows if place in new], [line for _, line in lines], there=len(rows) - len(new)
    )


@signed
def load_former(found: FormerUnits, *, title: str, by: User | None) -> None:
    """Write them as one act called `title`, joined into lasting units with what is on record (reference_data)."""
    with act(Act.Kind.BULK, title=f"Nạp đơn vị: {title}"):
        add_units(found.units, found.successions)


def known_for(lines: Iterable[Line], day: date) -> list[Known]:
    """Of the units that come with the product those that lines of the day name and nobody bears the day before."""
    asked = {line.predecessor: fold(line.predecessor_name) for line in lines}
    borne = UnitVersion.objects.as_of(day - timedelta(days=1)).filter(code__in=asked)
    missing = asked.keys() - set(borne.values_list("code", flat=True))
    found = []
    for known in KNOWN.values() if missing else ():
        rows = (row for _, row in rows_of_file((DATA / known.units).read_bytes(), NEEDED, alike=known.units))
        if any(row["code"] in missing and asked[row["code"]] in ("", fold(row["name"])) for row in rows):
            found.append(known)
    return found


Bearers = Mapping[str, Sequence[UnitVersion]]  # code → the versions of units that bear it


def _version(row: dict[str, str]) -> UnitVersion:
    return UnitVersion(
        code=row["code"], name=row["name"], start_date=start_of(row["valid_from"]), end_date=end_of(row["valid_to"])
    )


def _wrong_rows(rows: Iterable[tuple[str, dict[str, str]]]) -> Iterable[str]:
    """What is wrong with the rows by themselves."""
    for place, row in rows:
        if not row["code"] or not row["name"]:
            yield f"{place}: thiếu mã hoặc tên đơn vị."
        if row["kind"] not in UnitVersion.Kind.values:
            kinds = ", ".join(UnitVersion.Kind.values)
            yield f"{place}: “{row['kind']}” không phải là loại đơn vị. Hãy ghi một trong các loại: {kinds}."
        try:
            start, end = start_of(row["valid_from"]), end_of(row["valid_to"])
        except ValueError:
            yield f"{place}: ngày phải viết NĂM-THÁNG-NGÀY, ví dụ 2025-06-30."
        else:
            if end and end < start:
                yield f"{place}: {row['name']} kết thúc trước khi bắt đầu. Hãy kiểm tra hai ngày."


def _clashing(new: Mapping[str, UnitVersion], known: Sequence[UnitVersion]) -> Iterable[str]:
    """Codes that mean another unit on a day of theirs, on record or in the file. `new`: by the place of the row."""
    (once_a_day,) = (rule for rule in UnitVersion._meta.constraints if rule.name == "unit_code_once_a_day")
    places = {id(version): place for place, version in new.items()}
    for one, other in pairs_refused([*known, *new.values()], cast(ExclusionConstraint, once_a_day)):
        place = places.get(id(other)) or places[id(one)]
        yield f"{place}: mã {one.code} trong thời gian đó đã là {one.name}, không thể là {other.name}. Hãy kiểm tra mã."


def _without_parent(rows: Iterable[tuple[str, dict[str, str]]], bearers: Bearers) -> Iterable[str]:
    for place, row in rows:
        if row["kind"] != UnitVersion.Kind.PROVINCE and not row_on(
            bearers[row["parent_code"]], _version(row).start_date
        ):
            yield f"{place}: không rõ {row['name']} trực thuộc đơn vị nào. Hãy kiểm tra cột parent_code."


def _unknown(lines: Iterable[tuple[int, dict[str, str]]], bearers: Bearers) -> Iterable[str]:
    """Lines of successions that begin with a unit which is nowhere the day before."""
    for number, line in lines:
        eve, code = date.fromisoformat(line["effective_on"]) - timedelta(days=1), line["predecessor_code"]
        if not row_on(bearers[code], eve):
            yield (
                f"Dòng {number} của tệp đơn vị kế tục: ngày {eve:%d/%m/%Y} không có đơn vị nào mang mã {code}. "
                "Hãy kiểm tra mã."
            )
