"""What a list that was read says goes into the class, by the same functions as the screens."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Criterion, Official, User
from courses.enrolment.nomination import Nomination, nominate
from courses.lists.reading import ListRow, rows_of
from courses.models import ClassListImport, Enrolment, TrainingClass
from courses.results import Result, issue_certificates, mark_attendance, parse_mark, record_results
from courses.results.pupils import check_has_begun, check_was_held


@dataclass
class Written:
    """What a list did: rows taken, and of nominations what became of each."""

    rows: int = 0
    certificates: int = 0
    nomination: Nomination | None = None


@signed
def write(
    list_import: ClassListImport,
    *,
    day: date,
    now: date,
    criterion: Criterion,
    officials: QuerySet[Official],
    by: User | None,
    issued_on: date | None = None,
    signer: str = "",
) -> Written:
    """Write the rows of a list that have no problem: all of them, or where one is refused none.

    Certificates are issued where the list gives their numbers and `issued_on` is given. Raises ValidationError where
    the list was written or dropped already, where the class refuses, or has not begun by `now` (what is today).
    """
    list_import = ClassListImport.objects.select_for_update(of=("self",)).get(pk=list_import.pk)
    if list_import.state != ClassListImport.State.STAGED:
        raise ValidationError(f"Danh sách này {list_import.get_state_display().lower()}, không ghi được nữa.")
    rows = [row for row in rows_of(list_import) if not row.problem]
    if not rows:
        raise ValidationError("Không có dòng nào ghi được. Hãy sửa tệp theo lời nhắc ở từng dòng rồi tải lại.")
    training_class = TrainingClass.objects.get(pk=list_import.training_class_id)
    done = Written(rows=len(rows))
    match list_import.subject:
        case ClassListImport.Subject.NOMINATIONS:
            known = officials.in_bulk([row.official for row in rows if row.official])
            chosen = [known[row.official] for row in rows if row.official in known]
            done.nomination = nominate(training_class, chosen, day=day, criterion=criterion, by=by)
        case ClassListImport.Subject.RESULTS:
            check_has_begun(training_class, now)
            done.certificates = _write_results(training_class, rows, issued_on=issued_on, signer=signer, by=by)
        case ClassListImport.Subject.ATTENDANCE:
            _write_attendance(training_class, rows, now=now, by=by)
    list_import.state = ClassListImport.State.WRITTEN
    list_import.save(update_fields=["state"])
    return done


def _write_results(
    training_class: TrainingClass, rows: Collection[ListRow], *, issued_on: date | None, signer: str, by: User | None
) -> int:
    results = {
        row.enrolment: Result(row.says["state"], parse_mark(row.says["mark"]), row.says["grade"])
        for row in rows
        if row.enrolment
    }
    record_results(training_class, results, by=by)
    numbered = [
        (row.enrolment, row.says["certificate_number"], row.says["book_entry"])
        for row in rows
        if row.enrolment and row.says["certificate_number"] and row.says["state"] == Enrolment.State.COMPLETED
    ]
    if issued_on is None or not numbered:
        return 0
    return len(issue_certificates(training_class, numbered, issued_on=issued_on, signer=signer, by=by))


def _write_attendance(training_class: TrainingClass, rows: Collection[ListRow], *, now: date, by: User | None) -> None:
    by_session: dict[int, dict[int, str]] = {}
    for row in rows:
        for key, mark in row.says.items():
            if row.enrolment:
                by_session.setdefault(int(key), {})[row.enrolment] = mark
    for session in training_class.sessions.filter(pk__in=by_session):
        check_was_held(session, now)
        mark_attendance(session, by_session[session.pk], by=by)


@signed
def discard(list_import: ClassListImport, *, by: User | None) -> None:
    """Drop a list that was read and not written. Raises ValidationError where it was."""
    dropped = ClassListImport.objects.filter(pk=list_import.pk, state=ClassListImport.State.STAGED).update(
        state=ClassListImport.State.DISCARDED
    )
    if not dropped:
        raise ValidationError("Danh sách này đã ghi hoặc đã bỏ.")
