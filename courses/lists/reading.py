"""Lists of a class that come in as workbooks: whom a district nominates, who attended, results and certificates.

The roster's reader does the reading: any layout, any old encoding, the row number that Excel shows (cadres.roster).
Each row is matched with one person: by the identity number, else by the name as far as birth and commune do not
contradict. What is not sure is not written and says why; the rest goes through the same functions as the screens.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Criterion, Official, User
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.layout import lay_out
from cadres.roster.matching import Known, Registry
from cadres.roster.reading import read_sheets
from cadres.roster.rows import cell_text
from cadres.roster.statements import ERROR, Statement
from cadres.roster.values import Understanding
from cadres.text import fold, nfc
from courses.lists.checks import against_attendance, against_results, foreseen
from courses.lists.rows import ListRow
from courses.models import Attendance, ClassListImport, ClassSession, Enrolment, TrainingClass
from courses.results import check_at_work, parse_mark, pupils_of, shown_mark
from courses.results.pupils import check_has_begun

Subject = ClassListImport.Subject
# Titles of the columns that only lists of classes have, beside those of rosters.
TITLES = {
    "mark": ("Điểm", "Điểm thi", "Điểm kiểm tra", "Điểm tổng kết", "Điểm trung bình"),
    "grade": ("Xếp loại", "Xếp loại tốt nghiệp"),
    "result": ("Kết quả", "Kết quả học tập"),
    "certificate_number": (
        *("Số hiệu", "Số hiệu chứng chỉ", "Số chứng chỉ", "Số hiệu văn bằng"),
        "Số hiệu văn bằng, chứng chỉ",
    ),
    "book_entry": ("Số vào sổ", "Số vào sổ cấp chứng chỉ", "Số vào sổ gốc"),
}
RESULTS = {
    Enrolment.State.COMPLETED: ("hoan thanh", "dat", "dat yeu cau", "x", "tot nghiep"),
    Enrolment.State.FAILED: ("khong dat", "chua dat", "khong hoan thanh", "truot", "hong"),
    Enrolment.State.ABSENT: ("khong den hoc", "khong den", "vang", "khong hoc", "bo hoc"),
}
GRADES = {
    Enrolment.Grade.EXCELLENT: ("gioi", "xuat sac"),
    Enrolment.Grade.GOOD: ("kha",),
    Enrolment.Grade.AVERAGE: ("trung binh", "tb", "tb kha", "trung binh kha"),
}
MARKS = {
    Attendance.Mark.PRESENT: ("c", "x", "co", "co mat", "1", "+"),
    Attendance.Mark.LATE: ("m", "muon", "di muon"),
    Attendance.Mark.EXCUSED: ("p", "cp", "phep", "vang co phep"),
    Attendance.Mark.UNEXCUSED: ("k", "kp", "v", "vang", "vang khong phep", "0"),
}
DAY_IN_TITLE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")
NUMBER_IN_TITLE = re.compile(r"^(?:buoi|b)?\s*(\d{1,3})$")
OWN_FIELDS = ("full_name", "birth_date", "national_id")  # whose errors leave it open who is meant


@signed
def stage(
    training_class: TrainingClass,
    subject: str,
    *,
    name: str,
    content: bytes,
    day: date,
    now: date,
    criterion: Criterion,
    officials: QuerySet[Official],
    by: User | None,
) -> ClassListImport:
    """Read a workbook about a class and keep what it says; nothing is written into the class.

    `officials` are the people whom the account may speak of, `day` that on which they would be nominated, `now` what is
    today. Raises UnreadableFileError where the file holds no list of people, ValidationError where the class takes no
    nominations, or a list of results or attendance comes before it has begun.
    """
    if subject != Subject.NOMINATIONS:
        check_at_work(training_class)
        check_has_begun(training_class, now)
    dictionaries = Dictionaries.load()
    dictionaries.titles = dictionaries.titles.with_own((name, title) for name, own in TITLES.items() for title in own)
    layout = lay_out(name, read_sheets(name, content), dictionaries, needs_day=False)
    understanding = Understanding(dictionaries, day)
    statements = [understanding.statement(raw) for raw in layout.rows]
    people = People.of(training_class, subject, statements, day, officials)
    read = _READERS[Subject(subject)](training_class)
    rows = []
    for stated in statements:
        row = ListRow(stated.sheet, stated.row, stated.full_name)
        people.find(stated, row)
        if not row.problem:
            read(stated, row)
        rows.append(row)
    _refuse_repeated(rows)
    _refuse_as_writing_does(training_class, subject, rows, day=day, now=now, criterion=criterion)
    return ClassListImport.objects.create(
        training_class=training_class,
        subject=subject,
        file_name=name,
        rows=[asdict(row) for row in rows],
        created_by=by,
    )


def _refuse_repeated(rows: Iterable[ListRow]) -> None:
    """One person in two rows: neither is taken, since nobody knows which is meant."""
    rows = [row for row in rows if row.official and not row.problem]
    times = Counter(row.official for row in rows)
    for row in rows:
        if times[row.official] > 1:
            others = ", ".join(str(other.row) for other in rows if other.official == row.official and other is not row)
            row.problem = f"Cùng một người với dòng {others}. Hãy bỏ dòng thừa."


def _refuse_as_writing_does(
    training_class: TrainingClass,
    subject: str,
    rows: Iterable[ListRow],
    *,
    day: date,
    now: date,
    criterion: Criterion,
) -> None:
    """What the functions that write would refuse is told of each row now, all at once."""
    taken = {row.official: row for row in rows if row.official and not row.problem}
    match subject:
        case Subject.NOMINATIONS:
            faults = foreseen(training_class, taken.values(), day=day, criterion=criterion)
        case Subject.RESULTS:
            faults = against_results(training_class, taken.values(), year=now.year)
        case Subject.ATTENDANCE:
            faults = against_attendance(training_class, taken.values(), now=now)
    for official, told in faults.items():
        taken[official].problem = " ".join(told)


# ---------------------------------------------------------------- who is meant


@dataclass
class People:
    """The people whom the rows of one list may mean."""

    registry: Registry
    allowed: set[int]  # officials in the account's scope; for results and attendance, those who sit in the class
    enrolments: dict[int, int]  # official → enrolment in the class
    absent: str  # why somebody else is not taken

    @classmethod
    def of(
        cls,
        training_class: TrainingClass,
        subject: str,
        statements: list[Statement],
        day: date,
        officials: QuerySet[Official],
    ) -> "People":
        registry = Registry.load(statements, (), day)
        if subject == Subject.NOMINATIONS:
            allowed = set(officials.filter(pk__in=registry.people).values_list("pk", flat=True))
            told = "thuộc đơn vị ngoài phạm vi được giao; mỗi đơn vị chỉ cử người của mình"
            return cls(registry, allowed, {}, f"Người này {told}.")
        pupils = {enrolment.official_id: enrolment.pk for enrolment in pupils_of(training_class)}
        return cls(registry, set(pupils), pupils, f"Không có tên trong lớp {training_class.code}.")

    def find(self, stated: Statement, row: ListRow) -> None:
        """Set whom the row means, or why that is not sure."""
        meant, row.problem = self.meant(stated)
        if not row.problem:
            row.official = meant[0].id
            row.enrolment = self.enrolments.get(meant[0].id)

    def meant(self, stated: Statement) -> tuple[list[Known], str]:
        """Whom a row may mean of those allowed, and why that is not sure; '' where it is one person."""
        wrong = [issue.message for issue in stated.issues if issue.severity == ERROR and issue.field in OWN_FIELDS]
        if wrong:
            return [], " ".join(wrong)
        known = self._candidates(stated)
        if not known:
            return [], "Không tìm thấy trong hồ sơ. Hãy kiểm tra họ tên, ngày sinh, xã hoặc số định danh."
        meant = [person for person in known if person.id in self.allowed]
        if not meant:
            return [], self.absent
        if len(meant) > 1:
            return meant, f"Có {len(meant)} người trùng họ tên. Hãy ghi thêm ngày sinh, xã hoặc số định danh."
        return meant, ""

    def namesakes(self, stated: Statement) -> list[Known]:
        """Those allowed who bear the name of a row, whatever else it says."""
        named = self.registry.by_name.get(stated.folded_name, ())
        return [self.registry.people[key] for key in named if key in self.allowed]

    def _candidates(self, stated: Statement) -> list[Known]:
        people = self.registry.people
        if stated.identifier and (keys := self.registry.by_number.get(stated.identifier)):
            return [people[key] for key in sorted(keys)]
        return [
            person
            for person in (people[key] for key in self.registry.by_name.get(stated.folded_name, ()))
            if not (person.birth and stated.birth and person.birth.contradicts(stated.birth))
            and stated.unit in (None, person.home)
        ]


# ---------------------------------------------------------------- what is said


def _text(stated: Statement, name: str) -> str:
    return stated.read.get(name, "").strip()


def _code(text: str, words: Mapping[Any, tuple[str, ...]]) -> str:
    """The code that a word means, or ''."""
    return next((str(code) for code, spellings in words.items() if fold(text) in spellings), "")


def _nominations(training_class: TrainingClass) -> Callable[[Statement, ListRow], None]:
    return lambda stated, row: None


def _results(training_class: TrainingClass) -> Callable[[Statement, ListRow], None]:
    def read(stated: Statement, row: ListRow) -> None:
        mark, result, grade = (_text(stated, name) for name in ("mark", "result", "grade"))
        found, wrong = None, []
        try:
            found = parse_mark(mark)
        except ValidationError as error:
            wrong += error.messages
        state = _code(result, RESULTS)
        if result and not state:
            wrong.append(f"Không hiểu kết quả “{result}”. Hãy ghi Hoàn thành, Không đạt hoặc Không đến học.")
        if grade and not _code(grade, GRADES):
            wrong.append(f"Không hiểu xếp loại “{grade}”. Hãy ghi Giỏi, Khá hoặc Trung bình.")
        if not (mark or result or grade):
            wrong.append("Dòng này không có điểm, kết quả hay xếp loại.")
        row.problem = " ".join(wrong)
        if not state:  # a mark or a grade says it
            state = Enrolment.State.FAILED if found is not None and found < 5 else Enrolment.State.COMPLETED
        row.says = {
            "state": state,
            "mark": shown_mark(found),
            "grade": _code(grade, GRADES),
            "certificate_number": _text(stated, "certificate_number"),
            "book_entry": _text(stated, "book_entry"),
            "note": nfc(_text(stated, "note")),
        }

    return read


def _attendance(training_class: TrainingClass) -> Callable[[Statement, ListRow], None]:
    sessions = list(training_class.sessions.filter(is_cancelled=False))
    of_headers: dict[int, dict[int, ClassSession]] = {}

    def read(stated: Statement, row: ListRow) -> None:
        raw = stated.raw
        if raw is None:
            return
        if id(raw.header) not in of_headers:
            titles = {column.index: column.title for column in raw.header.columns if not column.field}
            of_headers[id(raw.header)] = session_columns(titles, sessions)
        wrong = []
        for index, session in of_headers[id(raw.header)].items():
            text = cell_text(raw.line[index]).strip() if index < len(raw.line) else ""
            if not text:
                continue
            mark = _code(text, MARKS)
            if not mark:
                wrong.append(f"Không hiểu “{text}” ở buổi {session}. Hãy ghi C, M, P hoặc K.")
            row.says[str(session.pk)] = mark
        row.problem = " ".join(wrong)
        if not row.says:
            row.problem = "Không thấy buổi học nào của lớp ở tiêu đề cột. Hãy đặt tiêu đề là ngày học, ví dụ 02/03."

    return read


def session_columns(titles: dict[int, str], sessions: list[ClassSession]) -> dict[int, ClassSession]:
    """Which columns are which sessions: by the day in the title ("02/03", the second time its second session), or by
    the session's number in the class ("Buổi 3", "3").
    """
    of_day: dict[tuple[int, int], list[ClassSession]] = {}
    for session in sessions:
        of_day.setdefault((session.day.day, session.day.month), []).append(session)
    found: dict[int, ClassSession] = {}
    for index, title in sorted(titles.items()):
        if match := DAY_IN_TITLE.search(title):
            left = of_day.get((int(match[1]), int(match[2])), [])
            if left:
                found[index] = left.pop(0)
        elif (match := NUMBER_IN_TITLE.match(fold(title))) and 0 < int(match[1]) <= len(sessions):
            found[index] = sessions[int(match[1]) - 1]
    return found


_READERS: dict[Subject, Callable[[TrainingClass], Callable[[Statement, ListRow], None]]] = {
    Subject.NOMINATIONS: _nominations,
    Subject.RESULTS: _results,
    Subject.ATTENDANCE: _attendance,
}
