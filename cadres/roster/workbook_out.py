"""Rosters written out: the flat export, one row a person, as .xlsx or CSV. Importing it back changes nothing."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from django.db.models import QuerySet

from cadres.correspondence import Correspondence
from cadres.evaluation import Verdict, judged
from cadres.identity import shown_number
from cadres.models import (
    Appointment,
    Criterion,
    Level,
    OfficialIdentifier,
    Qualification,
    Sex,
    UnitVersion,
    UnitZone,
    zone_label,
)
from cadres.periods import UNKNOWN_START, PartialDate
from cadres.posts import primary_posts
from cadres.roster.columns import DATES, DEGREES, MEMBER_WITHOUT_DATE, TEXTS, Kind, exported, roster_columns
from cadres.roster.dictionaries import Dictionaries
from cadres.text import protect_from_formula
from cadres.workbooks import A3, Book, Look

WIDTH_OF_MORE = 30  # characters
STATED_DAYS = ("birth_date", "appointed_on", "party_joined_on")  # beside the columns of a date
HEAD, CELL = Look(bold=True, wrapped=True), Look()

POST_COLUMNS = (
    "official_id", "unit_id", "position__title", "position__order", "start_date", "stated_start",
    "stated_start_precision", "batch_id", "official__full_name", "official__name_order", "official__sex",
    "official__birth_date", "official__birth_precision", "official__ethnic_group__name",
    "official__is_party_member", "official__party_joined_on", "official__party_joined_precision",
    *(f"official__{column.field}" for column in exported(TEXTS)),
    *(f"official__{name}" for column in exported(DATES) for name in (column.field, column.precision)),
)  # fmt: skip


def column_of_units(units: Correspondence | None) -> list[str]:
    """The title of the column that `roster_rows` adds; the importer knows that it is not kept."""
    return [f"Quy về đơn vị ngày {units.day:%d/%m/%Y}"] if units else []


def roster_rows(
    day: date, appointments: QuerySet[Appointment], *, units: Correspondence | None = None
) -> Iterator[list[str]]:
    """One row of texts, by the exported columns, a person who holds a primary post on the day among the appointments.

    With `units` one more tells to which of the units of another day the commune belongs. Ordered by district, commune,
    position and name. The number of queries does not depend on the people.
    """
    dictionaries = Dictionaries.load()
    columns = exported(dictionaries.columns)
    levels_asked = [column.field for column in columns if column.kind is Kind.LEVEL]
    texts_asked, dates_asked = exported(TEXTS), exported(DATES)
    primary = primary_posts(day, appointments).order_by()
    officials = primary.values("official")
    posts = list(primary.values_list(*POST_COLUMNS, named=True))
    verdicts = _verdicts(day, appointments)
    identifiers = dict(
        OfficialIdentifier.objects.as_of(day).filter(official__in=officials).values_list("official_id", "number")
    )
    zones = dict(UnitZone.objects.as_of(day).values_list("unit_id", "zone"))
    concurrent = defaultdict(list)
    for official, unit, title in (
        Appointment.objects.as_of(day)
        .filter(official__in=officials, is_primary=False)
        .order_by("position__order")
        .values_list("official_id", "unit_id", "position__title")
    ):
        concurrent[official, unit].append(title)
    levels = _levels_held(day, officials)

    def place(unit: int) -> tuple[str, str, str, str]:
        version = dictionaries.unit_on(unit, day)
        if version is None:
            return "", "", "", ""
        above = dictionaries.unit_on(version.parent, day) if version.parent else None
        if above is None or above.kind != UnitVersion.Kind.DISTRICT:  # from 1/7/2025 the province is above
            return "", "", version.code, version.name
        return above.code, above.name, version.code, version.name

    places = {post.unit_id: place(post.unit_id) for post in posts}
    belonging = {unit: found.name if (found := units.places(day).of(unit)) else "" for unit in places} if units else {}

    def order(post: Any) -> tuple[Any, ...]:
        district, _, commune, _ = places[post.unit_id]
        return district, commune, post.position__order, post.official__name_order, post.official_id

    posts.sort(key=order)
    for number, post in enumerate(posts, start=1):
        _, district, code, commune = places[post.unit_id]
        held = levels.get(post.official_id, {})
        _, _, field_of_study, study_mode = held.get(DEGREES, (0, "", "", ""))
        texts = {
            "row_number": str(number),
            "district": district,
            "commune_code": code,
            "commune": commune,
            "zone": zone_label(zones.get(post.unit_id)),
            "full_name": post.official__full_name,
            "sex": Sex(post.official__sex).label if post.official__sex else "",
            "birth_date": _text(PartialDate.of(post.official__birth_date, post.official__birth_precision)),
            "national_id": shown_number(identifiers.get(post.official_id, "")),
            "ethnic_group": post.official__ethnic_group__name or "",
            "position": " kiêm ".join([post.position__title, *concurrent[post.official_id, post.unit_id]]),
            "appointed_on": _appointed(post),
            "field_of_study": field_of_study,
            "study_mode": study_mode,
            "party_joined_on": _party(post, day),
            "declared_compliant": str(Verdict(verdict).label) if (verdict := verdicts.get(post.official_id)) else "",
            **{dimension: held[dimension][1] for dimension in levels_asked if dimension in held},
            **{column.field: getattr(post, f"official__{column.field}") for column in texts_asked},
            **{column.field: _text(column.day_of(post, "official__")) for column in dates_asked},
        }
        yield [texts.get(column.field, "") for column in columns] + ([belonging[post.unit_id]] if units else [])


def write_xlsx(rows: Iterable[list[str]], day: date, stream: IO[bytes], *, more: Sequence[str] = ()) -> None:
    """Write the rows with the header in row 1. Days that are known to the day are days; all else but the number is
    text, what looks like a formula among it.

    `more` are the titles of columns beside the exported ones. The day stands in the sheet's name, so that the importer
    finds it.
    """
    columns = exported(roster_columns())
    days = [column.kind is Kind.DATE or column.field in STATED_DAYS for column in columns] + [False] * len(more)
    with Book(stream) as book:
        sheet = book.sheet(f"Tính đến {day:%d-%m-%Y}")
        sheet.widths([*(column.width for column in columns), *(WIDTH_OF_MORE for _ in more)])
        for place, title in enumerate((*(column.export for column in columns), *more)):
            sheet.put(0, place, title, HEAD)
        last = 0
        for last, (number, *texts) in enumerate(rows, start=1):
            sheet.put(last, 0, int(number), CELL)
            for place, text in enumerate(texts, start=1):
                if text:
                    sheet.put(last, place, text, CELL, reads_days=days[place])
        sheet.paper(size=A3, repeated=(0, 0))
        sheet.made.freeze_panes(1, 0)
        sheet.made.autofilter(0, 0, max(last, 1), len(days) - 1)


def write_csv(rows: Iterable[list[str]], stream: IO[str], *, more: Sequence[str] = ()) -> None:
    """Write the rows to a stream opened as UTF-8 with BOM; no cell begins like a formula. `more` as in `write_xlsx`."""
    writer = csv.writer(stream)
    writer.writerow([*(column.export for column in exported(roster_columns())), *more])
    for row in rows:
        writer.writerow([protect_from_formula(text) for text in row])


def _text(stated: PartialDate | None) -> str:
    return str(stated) if stated else ""


def _appointed(post: Any) -> str:
    """The appointment date as stated; of a post entered by hand, its start. A start that was computed is no date."""
    stated = PartialDate.of(post.stated_start, post.stated_start_precision)
    if stated is None and post.batch_id is None and post.start_date != UNKNOWN_START:
        stated = PartialDate(post.start_date)
    return _text(stated)


def _party(post: Any, day: date) -> str:
    """The date of joining, or that somebody is a member; who joined after the day was none on it."""
    joined = PartialDate.of(post.official__party_joined_on, post.official__party_joined_precision)
    if joined and joined.first_day > day:
        return ""
    return _text(joined) or (MEMBER_WITHOUT_DATE if post.official__is_party_member else "")


def _verdicts(day: date, appointments: QuerySet[Appointment]) -> dict[int, str | None]:
    posts = judged(day, criterion=Criterion.objects.get(code="FULL"), appointments=appointments)
    return dict(posts.order_by().values_list("official_id", "verdict"))


def _levels_held(day: date, officials: Any) -> dict[int, dict[str, tuple[int, str, str, str]]]:
    """Official → dimension → the highest level that counts on the day: (rank, name, field of study, mode)."""
    names = {
        pk: (dimension, rank, name)
        for pk, dimension, rank, name in Level.objects.values_list("pk", "dimension__code", "rank", "name")
    }
    held: dict[int, dict[str, tuple[int, str, str, str]]] = defaultdict(dict)
    records = Qualification.objects.as_of(day).filter(official__in=officials).order_by("pk")
    for official, level, field_of_study, study_mode in records.values_list(
        "official_id", "level_id", "field_of_study", "study_mode"
    ):
        dimension, rank, name = names[level]
        if dimension not in held[official] or rank > held[official][dimension][0]:
            held[official][dimension] = (rank, name, field_of_study, study_mode)
    return held
