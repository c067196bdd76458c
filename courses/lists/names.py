"""A list of names, pasted or from a workbook: whom in the registry each line means, to be put among those ticked.

A line is a name with what tells its bearer from others, in any order and between tabs, commas or semicolons: birth or
its year, identity number, commune. Nothing is written; a line that is not sure says why, and what to add to it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from cadres.models import Official
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.layout import lay_out
from cadres.roster.matching import Known
from cadres.roster.reading import Cell, Sheet, UnreadableFileError, read_sheets
from cadres.roster.values import Understanding
from cadres.text import fold
from courses.lists.reading import People
from courses.models import ClassListImport, TrainingClass

LINES_AT_MOST = 1000
HEADS = ("STT", "Họ và tên", "Ngày sinh", "Số định danh", "Xã")
HEAD = re.compile(r"\bho (va )?ten\b")  # folded: the line is a head of columns, nobody above it is meant
HEAD_WITHIN = 20  # lines
BETWEEN = re.compile(r"[\t;,|]| {3,}| [–-] ")
NUMBERING = re.compile(r"^\s*\d{1,4}\s*(?:[.)/]\s*|\t|$)")
BIRTH = re.compile(r"\(?\b(?:sinh(?: năm| ngày)?:? *)?((?:\d{1,2} *[/.-] *){0,2}(?:19|20)\d\d)\b\)?", re.IGNORECASE)
NUMBER = re.compile(r"\b\d(?:[ .]?\d){8}(?:(?:[ .]?\d){3})?\b")
OTHERWISE = "Có người cùng họ tên nhưng ngày sinh, xã hoặc số định danh khác. Hãy kiểm tra lại dòng này."
UNREAD = "Không đọc được họ tên ở dòng này. Hãy ghi họ và tên đầy đủ, mỗi người một dòng."


@dataclass
class NamedLine:
    """A line of a list: its number and text, whom it means (several: somebody has to say), else why nobody."""

    number: int
    text: str
    people: list[Known] = field(default_factory=list)
    problem: str = ""

    @property
    def is_sure(self) -> bool:
        return len(self.people) == 1 and not self.problem


def named_in_text(
    text: str, training_class: TrainingClass, *, day: date, officials: QuerySet[Official]
) -> list[NamedLine]:
    """The lines of a pasted text, blank ones left out; `officials` are those whom the account may send.

    Raises UnreadableFileError for more than LINES_AT_MOST lines, or where there is none.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise UnreadableFileError("Danh sách không có dòng nào. Hãy dán mỗi người một dòng.")
    if len(lines) > LINES_AT_MOST:
        raise UnreadableFileError(
            f"Danh sách có {len(lines)} dòng, nhiều hơn {LINES_AT_MOST} dòng một lần. Hãy chia thành nhiều lần."
        )
    head = next((place for place, (_, line) in enumerate(lines[:HEAD_WITHIN], 1) if HEAD.search(fold(line))), 0)
    lines = lines[head:]
    rows: list[list[Cell]] = [list(HEADS)]
    rows += [[str(count), *_parts(line)] for count, (_, line) in enumerate(lines, 1)]
    found = _found([Sheet("", rows)], training_class, day, officials)
    told = []
    for row, (number, said) in enumerate(lines, 2):  # the head is the first
        line = found.get(row) or NamedLine(number, said, problem=UNREAD)
        line.number, line.text = number, " ".join(said.split())
        told.append(line)
    return _once(told)


def named_in_file(
    name: str, content: bytes, training_class: TrainingClass, *, day: date, officials: QuerySet[Official]
) -> list[NamedLine]:
    """The people of a workbook with heads of columns, else its rows as lines of text. Raises UnreadableFileError."""
    sheets = read_sheets(name, content)
    found = _found(sheets, training_class, day, officials)
    if not found:
        cells = next((sheet.rows for sheet in sheets if sheet.rows and not sheet.is_hidden), [])
        text = "\n".join("\t".join(map(_told, row)) for row in cells)
        return named_in_text(text, training_class, day=day, officials=officials)
    return _once(found.values())


def _told(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell).removesuffix(".0")


def _parts(line: str) -> tuple[str, str, str, str]:
    """Name, birth, number and commune of a line, each as it is written, '' where it is not."""
    rest = NUMBERING.sub("", line)
    number = NUMBER.search(rest)
    rest = rest.replace(number[0], "\t") if number else rest
    birth = BIRTH.search(rest)
    rest = rest.replace(birth[0], "\t") if birth else rest
    words = [word for part in BETWEEN.split(rest) if (word := part.strip(" .:()"))]
    name, *others = words or [""]
    commune = next((word for word in others if not word.isdigit()), "")
    return name, birth[1].replace(" ", "") if birth else "", re.sub(r"\D", "", number[0]) if number else "", commune


def _found(
    sheets: list[Sheet], training_class: TrainingClass, day: date, officials: QuerySet[Official]
) -> dict[int, NamedLine]:
    """Row → what it means, of the rows that are people."""
    dictionaries = Dictionaries.load()
    layout = lay_out("", sheets, dictionaries, needs_day=False, needs_roster=False)
    understanding = Understanding(dictionaries, day)
    statements = [understanding.statement(raw) for raw in layout.rows]
    people = People.of(training_class, ClassListImport.Subject.NOMINATIONS, statements, day, officials)
    found = {}
    for stated in statements:
        meant, problem = people.meant(stated)
        if not meant and (others := people.namesakes(stated)):
            meant, problem = others, OTHERWISE
        found[stated.row] = NamedLine(stated.row, stated.full_name, meant, problem)
    return found


def _once(lines: Iterable[NamedLine]) -> list[NamedLine]:
    """The lines, each person in the first of those that surely mean them."""
    first: dict[int, int] = {}
    told = list(lines)
    for line in told:
        if line.is_sure and first.setdefault(line.people[0].id, line.number) != line.number:
            line.problem = f"Cùng một người với dòng {first[line.people[0].id]}."
    return told
