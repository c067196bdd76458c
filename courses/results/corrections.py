"""A certificate put right: its number, book entry, day and signer, and with them the record that it brought."""

from datetime import date

from django.core.exceptions import ValidationError

from cadres.evaluation import Supposed
from cadres.history import correction
from cadres.models import Qualification, User
from cadres.registry import correct_record
from courses.models import Certificate, Institution
from courses.results.certificates import check_day, check_numbers


@correction
def correct_certificate(
    certificate: Certificate,
    *,
    number: str,
    book_entry: str,
    issued_on: date,
    signer: str,
    reason: str,
    by: User | None,
) -> Certificate:
    """Write what a certificate really says; its record in the registry says the same.

    Raises ValidationError for a day before the class ended, a certificate withdrawn, and a number or book entry given
    to somebody else.
    """
    institution = Institution.objects.select_for_update().get(pk=certificate.institution_id)
    certificate = Certificate.objects.select_related("enrolment__training_class", "qualification").get(
        pk=certificate.pk
    )
    if certificate.withdrawn_on is not None:
        raise ValidationError("Chứng chỉ đã thu hồi nên không đính chính được; hãy cấp chứng chỉ khác nếu cần.")
    check_day(certificate.enrolment.training_class, issued_on)
    check_numbers(institution, issued_on, [(certificate.enrolment, number, book_entry)], but=certificate)
    certificate.number, certificate.book_entry = number, book_entry
    certificate.issued_on, certificate.signer = issued_on, signer
    certificate.full_clean()
    certificate.save()
    if certificate.qualification is not None:
        correct_record(certificate.qualification, awarded_on=issued_on, number=number, reason=reason, by=by)
    return certificate


def record_corrected(certificate: Certificate, issued_on: date) -> Supposed:
    """The rows as they would be with that day of issue: the record of the certificate counts from it on."""
    record = certificate.qualification
    if record is None or record.is_error:
        return Supposed()
    instead = Qualification(
        official_id=record.official_id,
        level_id=record.level_id,
        start_date=issued_on,
        end_date=record.end_date,
        field_of_study=record.field_of_study,
        field_key=record.field_key,
    )
    return Supposed(gone=[record], records=[instead])
