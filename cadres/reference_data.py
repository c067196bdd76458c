"""Loads the reference data of cadres/data/: units, positions, levels, standards, requirements, dictionaries.

Idempotent: a row that is there stays as the province has kept it; what is missing is added. Sources of the figures are
named in the rows (decision, legal basis, article, source).
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from cadres.models import (
    ColumnTitle,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Position,
    Requirement,
    RetirementAge,
    StaffQuota,
    Standard,
    Unit,
    UnitSuccession,
    UnitVersion,
    ValueSpelling,
    ZonePeriod,
)
from cadres.periods import UNKNOWN_START, covers, overlapping
from cadres.text import match_key

DATA = Path(__file__).parent / "data"


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a UTF-8 CSV file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def start_of(text: str) -> date:
    return date.fromisoformat(text) if text else UNKNOWN_START


def end_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load(progress: Callable[[str], None] = lambda message: None) -> None:
    """Load everything; `progress` is told each step in Vietnamese."""
    for step, loader in (
        ("đơn vị hành chính", load_units),
        ("giai đoạn phân định khu vực", load_zone_periods),
        ("số lượng cán bộ, công chức theo loại xã", load_staff_quotas),
        ("chức danh", load_positions),
        ("mức trình độ", load_levels),
        ("tiêu chuẩn chức danh", load_standards),
        ("dân tộc, tuổi nghỉ hưu", load_people_catalogues),
        ("từ điển đọc danh sách", load_dictionaries),
    ):
        progress(f"Nạp {step}")
        loader()


def load_units() -> None:
    """The units of units.csv with the successions of unit_successions.csv, where there are no units yet."""
    if not Unit.objects.exists():
        add_units(list(rows_of(DATA / "units.csv")), list(rows_of(DATA / "unit_successions.csv")))


@dataclass(eq=False)
class _Stated:
    """A version of a unit, as a row states it or as it is on record (`row` is None); `unit` once it is known whose."""

    start: date
    end: date | None
    row: dict[str, str] | None = None
    unit: Unit | None = None


def add_units(versions: Sequence[dict[str, str]], successions: Sequence[dict[str, str]]) -> None:
    """Write versions of units (columns of units.csv) and who followed whom (columns of unit_successions.csv).

    They are joined into lasting identities, also with what is on record: one predecessor to one successor with the same
    code (or the same code going on where no succession is recorded) is a new version of the same unit; anything else
    ends and opens units (docs/decisions/04). A line of which one side is nowhere yet is left to the reorganisation that
    opens it.
    """
    by_code: dict[str, list[_Stated]] = defaultdict(list)
    named = {code for row in successions for code in (row["predecessor_code"], row["successor_code"])}
    named |= {code for row in versions for code in (row["code"], row["parent_code"])}
    for version in UnitVersion.objects.filter(code__in=named).select_related("unit"):
        by_code[version.code].append(_Stated(version.start_date, version.end_date, unit=version.unit))
    stated = [_Stated(start_of(row["valid_from"]), end_of(row["valid_to"]), row) for row in versions]
    for one in stated:
        assert one.row
        by_code[one.row["code"]].append(one)

    def on(code: str, day: date) -> _Stated | None:
        return next((one for one in by_code[code] if covers(one.start, one.end, day)), None)

    followed: list[tuple[_Stated, _Stated, dict[str, str]]] = []
    successors: dict[_Stated, set[_Stated]] = defaultdict(set)
    predecessors: dict[_Stated, set[_Stated]] = defaultdict(set)
    for row in successions:
        day = date.fromisoformat(row["effective_on"])
        old, new = on(row["predecessor_code"], day - timedelta(days=1)), on(row["successor_code"], day)
        if old and new:
            followed.append((old, new, row))
            successors[old].add(new)
            predecessors[new].add(old)

    for history in by_code.values():
        runs: list[list[_Stated]] = []
        for one in sorted(history, key=lambda one: one.start):
            before = runs[-1][-1] if runs else None
            # {…}: the succession is one to one, or none is recorded for this code.
            if (
                before is not None
                and before.end == one.start - timedelta(days=1)
                and successors.get(before, {one}) == {one}
                and predecessors.get(one, {before}) == {before}
            ):
                runs[-1].append(one)
            else:
                runs.append([one])
        for run in runs:
            unit = next((one.unit for one in run if one.unit), None) or Unit.objects.create()
            for one in run:
                one.unit = one.unit or unit

    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=one.unit,
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=parent.unit if parent else None,
            start_date=one.start,
            end_date=one.end,
            decision=row["note"] if row["note"].startswith("NQ") else "",
        )
        for one, row in zip(stated, versions, strict=True)
        for parent in [on(row["parent_code"], one.start)]
    )
    UnitSuccession.objects.bulk_create(
        (
            UnitSuccession(
                predecessor=old.unit,
                successor=new.unit,
                effective_on=date.fromisoformat(row["effective_on"]),
                decision=row["decision"],
                confidence=row["confidence"],
            )
            for old, new, row in followed
            if old.unit != new.unit
        ),
        ignore_conflicts=True,  # that are on record already
    )


def load_zone_periods() -> None:
    """The periods for which decisions list zones. The lists themselves are not published as data: they are imported."""
    for row in rows_of(DATA / "zone_periods.csv"):
        first, last = start_of(row["valid_from"]), end_of(row["valid_to"])
        if not ZonePeriod.objects.filter(overlapping(first, last)).exists():
            ZonePeriod.objects.create(start_date=first, end_date=last, decision=row["decision"])


def load_staff_quotas() -> None:
    """How many people a commune may have, by kind and class. What population and area add is decided a commune each."""
    for row in rows_of(DATA / "staff_quotas.csv"):
        StaffQuota.objects.get_or_create(
            kind=row["kind"],
            size_class=int(row["size_class"]),
            start_date=start_of(row["valid_from"]),
            defaults={
                "end_date": end_of(row["valid_to"]),
                "most": int(row["most"]),
                "source": row["source"],
            },
        )


def load_positions() -> None:
    for row in rows_of(DATA / "positions.csv"):
        Position.objects.get_or_create(
            code=row["code"],
            defaults={
                "order": int(row["order"]),
                "group": row["group"],
                "subgroup": row["subgroup"],
                "title": row["title"],
                "full_title": row["full_title"],
                "holders": int(row["holders"]) if row["holders"] else None,
                "start_date": start_of(row["valid_from"]),
                "end_date": end_of(row["valid_to"]),
            },
        )


def load_levels() -> None:
    dimensions: dict[str, Dimension] = {}
    for row in rows_of(DATA / "levels.csv"):
        code = row["dimension"]
        if code not in dimensions:
            dimensions[code], _ = Dimension.objects.get_or_create(
                code=code, defaults={"name": row["dimension_name"], "order": len(dimensions) + 1}
            )
        Level.objects.get_or_create(
            dimension=dimensions[code], code=row["code"], defaults={"rank": int(row["rank"]), "name": row["name"]}
        )


def load_standards() -> None:
    dimensions = {dimension.code: dimension for dimension in Dimension.objects.all()}
    positions = {position.code: position for position in Position.objects.all()}
    levels = {(level.dimension.code, level.code): level for level in Level.objects.select_related("dimension")}
    new: dict[str, Standard] = {}  # a text that is there stays as it is: a line more would move the figures unseen
    there = set(Standard.objects.values_list("code", flat=True))
    for row in rows_of(DATA / "standards.csv"):
        start, end = start_of(row["valid_from"]), end_of(row["valid_to"])
        if row["code"] not in there and not _is_judged(row["position_group"], start, end):
            new[row["code"]] = Standard.objects.create(
                code=row["code"],
                name=row["name"],
                legal_basis=row["legal_basis"],
                position_group=row["position_group"],
                start_date=start,
                end_date=end,
                transition_until=end_of(row["transition_until"]),
            )
    for row in rows_of(DATA / "requirements.csv"):
        if row["standard"] in new:
            Requirement.objects.create(
                standard=new[row["standard"]],
                position=positions[row["position"]],
                dimension=dimensions[row["dimension"]],
                minimum=levels[row["dimension"], row["minimum_level"]],
                minimum_relaxed=levels[row["dimension"], row["minimum_level_relaxed"]],
                article=row["article"],
                source=row["source"],
            )
        else:  # where it is written moves no figure: told where the line says what it said, and nothing of that
            Requirement.objects.filter(
                standard__code=row["standard"],
                position__code=row["position"],
                minimum=levels[row["dimension"], row["minimum_level"]],
                minimum_relaxed=levels[row["dimension"], row["minimum_level_relaxed"]],
                article="",
                source="",
                checked_at=None,
            ).update(article=row["article"], source=row["source"])
    for row in rows_of(DATA / "criteria.csv"):
        criterion, is_new = Criterion.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "definition": row["definition"]}
        )
        if is_new:
            criterion.dimensions.set(dimensions[code] for code in row["dimensions"].split(";") if code)


def _is_judged(group: str, start: date, end: date | None) -> bool:
    """Whether a text of the province's own judges the group on one of these days: ours does not take its place."""
    return Standard.objects.filter(
        overlapping(start, end or date.max), position_group=group, over__isnull=True
    ).exists()


def load_people_catalogues() -> None:
    for row in rows_of(DATA / "ethnic_groups.csv"):
        EthnicGroup.objects.get_or_create(
            code=row["code"], defaults={"name": row["name"], "other_names": row["other_names"]}
        )
    for row in rows_of(DATA / "retirement_ages.csv"):
        RetirementAge.objects.get_or_create(
            start_date=start_of(row["valid_from"]),
            defaults={
                "end_date": end_of(row["valid_to"]),
                "men_years": int(row["men_years"]),
                "men_months": int(row["men_months"]),
                "women_years": int(row["women_years"]),
                "women_months": int(row["women_months"]),
                "source": row["source"],
            },
        )


def load_dictionaries() -> None:
    """Column titles and spellings of values. A remark in brackets in the data is for readers and is left out."""
    ColumnTitle.objects.bulk_create(
        (
            ColumnTitle(field=row["field"], title=title, title_key=match_key(title))
            for row in rows_of(DATA / "column_titles.csv")
            for title in _spellings(row["titles"])
        ),
        ignore_conflicts=True,
    )
    ValueSpelling.objects.bulk_create(
        (
            ValueSpelling(field=row["field"], code=row["code"], spelling=spelling, spelling_key=match_key(spelling))
            for row in rows_of(DATA / "value_synonyms.csv")
            for spelling in _spellings(row["spellings"])
        ),
        ignore_conflicts=True,
    )


def _spellings(text: str) -> list[str]:
    return [spelling for part in text.split(";") if (spelling := part.split(" (")[0].strip())]
