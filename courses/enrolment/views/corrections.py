"""A sending decision put right on screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed
from courses.class_pages import change, class_of, page_of
from courses.corrections import TEMPLATE, ask_to_confirm
from courses.enrolment.corrections import correct_decision
from courses.enrolment.forms import DecisionCorrectionForm


@permission_needed("courses.approve_enrolment")
def decision_correct(request: HttpRequest, pk: int, decision_pk: int) -> HttpResponse:
    """The number, day, signer and list of a decision; sent once it shows what was printed, sent again it writes."""
    training_class = class_of(request, pk)
    decision = get_object_or_404(training_class.sending_decisions, pk=decision_pk)
    form = DecisionCorrectionForm(request.POST or None, decision=decision)

    def write() -> str:
        wanted = dict(form.cleaned_data)
        wanted.pop("seen")
        listed = {enrolment.pk for enrolment in wanted.pop("listed")}
        correct_decision(decision, **wanted, listed=listed, by=account(request))
        ask_to_confirm(form, day=working_day(request))
        return f"Đã đính chính quyết định cử đi học số {wanted['number']}."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        template=TEMPLATE,
        title=f"Đính chính quyết định số {decision.number}",
        lead="Sửa điều đã ghi sai trong quyết định; số, ngày, người ký cũ vẫn còn ở trang văn bản của lớp.",
        action="Đính chính",
        back=page_of(training_class, "courses:class-documents"),
    )
