"""What stands against the rows of a list: asked when it has been read, and once more when it is written."""

from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from cadres.models import Criterion, Official
from courses.enrolment.nomination import foresee, why_closed
from courses.lists.rows import ListRow
from courses.models import Certificate, Enrolment, TrainingClass
from courses.results import Result, parse_mark
from courses.results.certificates import wrong_numbers
from courses.results.marks import graded, wrong_results
from courses.results.pupils import check_was_held, not_there_then


def enrolments_of(rows: Iterable[ListRow]) -> dict[int, Enrolment]:
    """Key → the enrolment that a row means."""
    return Enrolment.objects.select_related("official").in_bulk([row.enrolment for row in rows if row.enrolment])


def result_of(row: ListRow, enrolment: Enrolment) -> Result:
    """What a row says became of its person; a note on record is not wiped out by a row without one."""
    says = row.says
    note = says.get("note") or enrolment.note
    return graded(Result(says["state"], parse_mark(says["mark"]), says["grade"], note))


def numbered(
    rows: Iterable[ListRow], enrolments: dict[int, Enrolment], standing: dict[int, Certificate]
) -> list[tuple[Enrolment, str, str]]:
    """Who is to be given a certificate, with its number and book entry; not again who has that one already."""
    return [
        (enrolments[row.enrolment], *numbers)
        for row in rows
        if row.enrolment
        and row.says["state"] == Enrolment.State.COMPLETED
        and (numbers := (row.says["certificate_number"], row.says["book_entry"]))[0]
        and not ((had := standing.get(row.enrolment)) and (had.number, had.book_entry) == numbers)
    ]


def certificates_of(rows: Iterable[ListRow]) -> dict[int, Certificate]:
    """Enrolment → its valid certificate, of the rows that mean an enrolment."""
    valid = Certificate.objects.filter(enrolment__in=[row.enrolment for row in rows], withdrawn_on=None)
    return {certificate.enrolment_id: certificate for certificate in valid}


def against_results(
    training_class: TrainingClass, rows: Collection[ListRow], *, year: int | None
) -> dict[int, list[str]]:
    """Official → what stands against the result; with the year of issue, also against the certificate's numbers."""
    found = enrolments_of(rows)
    results = {row.enrolment: result_of(row, found[row.enrolment]) for row in rows if row.enrolment}
    faults = {key: [told] for key, told in wrong_results(training_class, found, results).items()}
    if year is not None and training_class.institution:
        standing = certificates_of(rows)
        entries = numbered(rows, found, standing)
        for key, told in wrong_numbers(training_class.institution, year, entries).items():
            faults.setdefault(key, []).extend(told)
        for enrolment, *_ in entries:
            if had := standing.get(enrolment.pk):
                faults.setdefault(enrolment.pk, []).append(f"đã có chứng chỉ số {had.number} của lớp này.")
    return {
        found[key].official_id: [capfirst(one.removeprefix(f"{found[key].official}: ")) for one in told]
        for key, told in faults.items()
    }


def against_attendance(training_class: TrainingClass, rows: Collection[ListRow], *, now: date) -> dict[int, list[str]]:
    """Official → the sessions marked that are still to come, and why nobody of that name can have come."""
    ahead = {}
    for session in training_class.sessions.filter(is_cancelled=False):
        try:
            check_was_held(session, now)
        except ValidationError as refusal:
            ahead[str(session.pk)] = refusal.messages[0]
    found = enrolments_of(rows)
    too_early = not_there_then(training_class, found.values())
    faults = {row.official: [ahead[key] for key in row.says if key in ahead] for row in rows if row.official}
    for key, told in too_early.items():
        faults.setdefault(found[key].official_id, []).append(capfirst(told))
    return {official: told for official, told in faults.items() if told}


def foreseen(
    training_class: TrainingClass, rows: Collection[ListRow], *, day: date, criterion: Criterion
) -> dict[int, list[str]]:
    """Official → why not nominated; each other row is told whether its person gets a seat or waits.

    Raises ValidationError where the class takes no nominations on the day.
    """
    if not training_class.takes_nominations_on(day):
        raise ValidationError(why_closed(training_class, day))
    people = Official.objects.in_bulk([row.official for row in rows if row.official])
    found = {
        one.official.pk: one
        for one in foresee(
            training_class,
            [people[row.official] for row in rows if row.official],
            day=day,
            criterion=criterion,
        )
    }
    for row in rows:
        if row.official and (state := found[row.official].state):
            row.says = {"state": str(state)}
    return {key: [f"{reason}." for reason in one.reasons] for key, one in found.items() if one.state is None}
