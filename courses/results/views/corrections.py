"""A certificate put right on screen."""

from django.http import HttpRequest, HttpResponse

from cadres.access import fetch_or_404
from cadres.effect import effect_of
from cadres.web.day import criterion_of, working_day
from cadres.web.permissions import account, permission_needed
from courses.access import certificates_visible_to
from courses.class_pages import change, class_of, page_of
from courses.corrections import TEMPLATE, ask_to_confirm
from courses.results.corrections import correct_certificate, record_corrected
from courses.results.forms import CertificateForm


@permission_needed("courses.correct_certificate")
def certificate_correct(request: HttpRequest, pk: int, certificate_pk: int) -> HttpResponse:
    """The number, book entry, day and signer of a valid certificate, with what the day does to the verdict."""
    training_class, user, day = class_of(request, pk), account(request), working_day(request)
    certificates = certificates_visible_to(user).filter(enrolment__training_class=training_class, withdrawn_on=None)
    certificate = fetch_or_404(
        certificates.select_related("enrolment__official", "qualification"), user, pk=certificate_pk
    )
    official = certificate.enrolment.official
    names = ("number", "book_entry", "issued_on", "signer")
    form = CertificateForm(request.POST or None, row=certificate)

    def write() -> str:
        wanted = {name: form.cleaned_data[name] for name in names}
        effect = None
        if certificate.qualification is not None:
            effect = effect_of(
                record_corrected(certificate, wanted["issued_on"]),
                official,
                day,
                criterion=criterion_of(request),
                changes=form.changes(),
            )
        correct_certificate(certificate, **wanted, reason=form.cleaned_data["reason"], by=user)
        ask_to_confirm(form, day=day, effect=effect)
        return f"Đã đính chính chứng chỉ số {wanted['number']} của {official}."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        template=TEMPLATE,
        title=f"Đính chính chứng chỉ của {official}",
        lead="Sửa điều đã ghi sai; hồ sơ văn bằng của người này được sửa theo. Số cũ vẫn còn ở trang chứng chỉ.",
        action="Đính chính",
        back=page_of(training_class, "courses:class-certificates"),
    )
