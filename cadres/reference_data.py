"""Loads the reference data of cadres/data/: units, positions, levels, standards, requirements, dictionaries.

Idempotent: a row that is there stays as the province has kept it; what is missing is added. Sources of the figures are
named in the rows (decision, legal basis, article, source).
"""

import csv
from collections.abc import Callable, Iterator
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
)
from cadres.periods import UNKNOWN_START
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
    """Units of units.csv, joined into lasting identities through unit_successions.csv.

    One predecessor to one successor with the same code (or the same code going on where no succession is recorded) is a
    new version of the same unit; anything else ends and opens units (docs/decisions/04).
    """
    if Unit.objects.exists():
        return
    versions = list(rows_of(DATA / "units.csv"))
    successions = list(rows_of(DATA / "unit_successions.csv"))
    successors: dict[tuple[str, str], set[tuple[str, str]]] = {}
    predecessors: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for row in successions:
        old = (row["predecessor_code"], row["predecessor_valid_from"])
        new = (row["successor_code"], row["successor_valid_from"])
        successors.setdefault(old, set()).add(new)
        predecessors.setdefault(new, set()).add(old)

    unit_of: dict[tuple[str, str], Unit] = {}
    by_code: dict[str, list[dict[str, str]]] = {}
    for row in versions:
        by_code.setdefault(row["code"], []).append(row)
    for code, history in by_code.items():
        earlier: dict[str, str] | None = None
        for row in sorted(history, key=lambda row: row["valid_from"]):
            key = (code, row["valid_from"])
            goes_on = False
            if earlier is not None:
                old = (code, earlier["valid_from"])
                adjacent = end_of(earlier["valid_to"]) == start_of(row["valid_from"]) - timedelta(days=1)
                # {old}/{key}: the succession is one to one; empty sets: no succession is recorded for this code.
                one_to_one = successors.get(old, {key}) == {key} and predecessors.get(key, {old}) == {old}
                goes_on = adjacent and one_to_one
            unit_of[key] = unit_of[(code, earlier["valid_from"])] if goes_on and earlier else Unit.objects.create()
            earlier = row

    def parent_of(row: dict[str, str]) -> Unit | None:
        if not row["parent_code"]:
            return None
        day = start_of(row["valid_from"])
        for parent in by_code[row["parent_code"]]:
            end = end_of(parent["valid_to"])
            if start_of(parent["valid_from"]) <= day and (end is None or day <= end):
                return unit_of[(parent["code"], parent["valid_from"])]
        raise ValueError(f"{row['code']}: {row['parent_code']} is no unit on {day}")

    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit_of[(row["code"], row["valid_from"])],
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent=parent_of(row),
            start_date=start_of(row["valid_from"]),
            end_date=end_of(row["valid_to"]),
            decision=row["note"] if row["note"].startswith("NQ") else "",
        )
        for row in versions
    )
    UnitSuccession.objects.bulk_create(
        UnitSuccession(
            predecessor=predecessor,
            successor=successor,
            effective_on=date.fromisoformat(row["effective_on"]),
            decision=row["decision"],
            confidence=row["confidence"],
        )
        for row in successions
        if (predecessor := unit_of[(row["predecessor_code"], row["predecessor_valid_from"])])
        != (successor := unit_of[(row["successor_code"], row["successor_valid_from"])])
    )


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
    for row in rows_of(DATA / "standards.csv"):
        standard, is_new = Standard.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "legal_basis": row["legal_basis"],
                "position_group": row["position_group"],
                "start_date": start_of(row["valid_from"]),
                "end_date": end_of(row["valid_to"]),
                "transition_until": end_of(row["transition_until"]),
            },
        )
        if is_new:
            new[row["code"]] = standard
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
