"""Who follows whom: the lines of a file of successions, or those on record, of one day."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from cadres.models import UnitSuccession, UnitVersion
from cadres.text import nfc

NEEDED = ("effective_on", "predecessor_code", "successor_code", "successor_name")
FIVE_DIGITS = 5  # of the code of a commune


class UnreadableSuccessions(Exception):  # noqa: N818 — reads as what happened
    """The file is no file of successions; the message says in Vietnamese what is wrong and how to mend it."""


@dataclass(frozen=True)
class Line:
    """One predecessor and one successor, as stated. `kind` and `parent` are needed where the successor is not known."""

    place: str  # where it stands, for messages
    predecessor: str  # code, on the day before
    predecessor_name: str
    successor: str  # code, on the day
    successor_name: str
    kind: str = ""
    parent: str = ""  # code, on the day
    decision: str = ""
    confidence: str = ""


def rows_of_file(content: bytes, needed: Iterable[str], *, alike: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a header, each with its number; a column that is not there is empty.

    Raises UnreadableSuccessions where it is none, or lacks a needed column; `alike` names one that is as it should be.
    """
    try:
        table = csv.DictReader(StringIO(content.decode("utf-8-sig")))
        rows, titles = list(table), table.fieldnames or ()
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableSuccessions("Tệp không phải là CSV mã UTF-8. Hãy lưu lại dạng “CSV UTF-8”.") from error
    if missing := [name for name in needed if name not in titles]:
        raise UnreadableSuccessions(f"Tệp thiếu cột {', '.join(missing)}. Dòng đầu phải là tên cột, như tệp {alike}.")
    for number, row in enumerate(rows, 2):
        yield number, defaultdict(str, {name: nfc((value or "").strip()) for name, value in row.items() if name})


def code_of(text: str) -> str:
    """The code of a commune as a file has it: a spreadsheet drops the first 0 of the five digits."""
    return f"0{text}" if len(text) == FIVE_DIGITS - 1 and text.isdigit() else text


def succession_rows(content: bytes) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows of a file of successions (columns as data/unit_successions.csv). Raises UnreadableSuccessions."""
    for number, row in rows_of_file(content, NEEDED, alike="unit_successions.csv"):
        try:
            date.fromisoformat(row["effective_on"])
        except ValueError:
            raise UnreadableSuccessions(
                f"Dòng {number}: “{row['effective_on']}” không phải là ngày. Hãy viết NĂM-THÁNG-NGÀY: 2025-07-01."
            ) from None
        yield number, row | {name: code_of(row[name]) for name in ("predecessor_code", "successor_code")}


def read(content: bytes, day: date) -> list[Line]:
    """The lines of the day in a file of successions, whose further columns may be successor_kind, successor_parent.

    Raises UnreadableSuccessions.
    """
    return [
        Line(
            place=f"Dòng {number}",
            predecessor=row["predecessor_code"],
            predecessor_name=row["predecessor_name"],
            successor=row["successor_code"],
            successor_name=row["successor_name"],
            kind=row["successor_kind"],
            parent=row["successor_parent"],
            decision=row["decision"],
            confidence=row["confidence"],
        )
        for number, row in succession_rows(content)
        if date.fromisoformat(row["effective_on"]) == day
    ]


def on_record(day: date) -> list[Line]:
    """The successions of the day on record. Units that went on under their code are not among them: nobody moves."""
    rows = UnitSuccession.objects.filter(effective_on=day).select_related("predecessor", "successor")
    rows = rows.prefetch_related("predecessor__versions", "successor__versions")
    lines = []
    for row in rows:
        old = row.predecessor.version_on(day - timedelta(days=1)) or row.predecessor.last_version
        new = row.successor.version_on(day) or row.successor.last_version
        if old and new:
            lines.append(_line(row, old, new))
    return lines


def _line(row: UnitSuccession, old: UnitVersion, new: UnitVersion) -> Line:
    return Line(
        place=f"{old.name} → {new.name}",
        predecessor=old.code,
        predecessor_name=old.name,
        successor=new.code,
        successor_name=new.name,
        decision=row.decision,
        confidence=row.confidence,
    )


def days_on_record() -> Iterable[date]:
    """The days of the successions on record, the first one first."""
    return UnitSuccession.objects.order_by("effective_on").values_list("effective_on", flat=True).distinct()
