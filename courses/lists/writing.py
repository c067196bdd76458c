"""What a list that was read says goes into the class, by the same functions as the screens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Criterion, Official, User
from courses.enrolment.nomination import Nomination, nominate
from courses.lists.checks import (
    against_attendance,
    against_results,
    certificates_of,
    enrolments_of,
    numbered,
    result_of,
)
from courses.lists.rows import ListRow, rows_of
from courses.models import ClassListImport, TrainingClass
from courses.results import issue_certificates, mark_attendance, record_results
from courses.results.pupils import check_has_begun


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
            _check(rows, against_results(training_class, rows, year=issued_on.year if issued_on else None))
            done.certificates = _write_results(training_class, rows, issued_on=issued_on, signer=signer, by=by)
        case ClassListImport.Subject.ATTENDANCE:
            _check(rows, against_attendance(training_class, rows, now=now))
            _write_attendance(training_class, rows, by=by)
    list_import.state = ClassListImport.State.WRITTEN
    list_import.save(update_fields=["state"])
    return done


def _check(rows: Iterable[ListRow], faults: Mapping[int, list[str]]) -> None:
    """Raise ValidationError with everything that stands against the rows by now, each told with its row."""
    wrong = [
        f"Dòng {row.row}, {row.name}: {' '.join(faults[row.official])}"
        for row in rows
        if row.official and row.official in faults
    ]
    if wrong:
        raise ValidationError(wrong)


def _write_results(
    training_class: TrainingClass, rows: Collection[ListRow], *, issued_on: date | None, signer: str, by: User | None
) -> int:
    enrolments = enrolments_of(rows)
    entries = numbered(rows, enrolments, certificates_of(rows))
    results = {row.enrolment: result_of(row, enrolments[row.enrolment]) for row in rows if row.enrolment}
    record_results(training_class, results, by=by)
    if issued_on is None or not entries:
        return 0
    given = [(enrolment.pk, number, book_entry) for enrolment, number, book_entry in entries]
    return len(issue_certificates(training_class, given, issued_on=issued_on, signer=signer, by=by))


def _write_attendance(training_class: TrainingClass, rows: Collection[ListRow], *, by: User | None) -> None:
    by_session: dict[int, dict[int, str]] = {}
    for row in rows:
        for key, mark in row.says.items():
            if row.enrolment:
                by_session.setdefault(int(key), {})[row.enrolment] = mark
    for session in training_class.sessions.filter(pk__in=by_session):
        mark_attendance(session, by_session[session.pk], by=by)


@signed
def discard(list_import: ClassListImport, *, by: User | None) -> None:
    """Drop a list that was read and not written. Raises ValidationError where it was."""
    dropped = ClassListImport.objects.filter(pk=list_import.pk, state=ClassListImport.State.STAGED).update(
        state=ClassListImport.State.DISCARDED
    )
    if not dropped:
        raise ValidationError("Danh sách này đã ghi hoặc đã bỏ.")
