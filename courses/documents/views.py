"""Papers out: what can be printed of a class, the files, and the Word templates that the province may replace."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404
from cadres.models import Official
from cadres.web.changes import add_refusal
from cadres.web.day import working_day
from cadres.web.downloads import download
from cadres.web.permissions import account, permission_needed
from courses.access import institutions_of, is_institution, submissions_visible_to
from courses.class_pages import class_of
from courses.documents import contents, papers_of_class, papers_of_person, papers_of_units
from courses.documents.default_templates import default_template
from courses.documents.forms import TemplateForm
from courses.documents.kinds import Kind
from courses.documents.offers import MAY_SEE_DRAFTS, may_print, offers
from courses.documents.papers_of_units import units_that_propose
from courses.documents.printing import WORD, printed
from courses.documents.samples import tags_of
from courses.documents.word_templates import drop_template, keep_template, read_upload, template_of
from courses.documents.wording import Content, classes_for_papers, nobody
from courses.models import DocumentTemplate, Institution, SendingDecision, TrainingClass, TrainingPlan

NUMBER_DIGITS = 9  # of a key in an address


def _number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address; None where it names none. Raises BadRequest for anything else."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > NUMBER_DIGITS:
        raise BadRequest(f"“{text}” không phải là số. Hãy quay lại và chọn lại.")
    return int(text)


# ---------------------------------------------------------------- of a class


@permission_needed("courses.view_enrolment")
@require_safe
def class_documents(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    return render(
        request,
        "courses/documents/document_list.html",
        {
            "title": "Văn bản, danh sách",
            "training_class": training_class,
            "offers": offers(training_class, account(request)),
        },
    )


@permission_needed("courses.view_enrolment")
@require_safe
def class_document(request: HttpRequest, pk: int, kind: str, file_type: str) -> HttpResponse:
    """A paper of a class, for who may print it. The address may say which:

    ?quyet_dinh= the sending decision (without it the draft), ?don_vi= whose request, ?luot= whose commitment,
    ?chung_chi= which certificate (each without it: all), ?de_trong=1 a blank sheet.
    """
    user = account(request)
    training_class = fetch_or_404(classes_for_papers(user), user, pk=pk)
    if kind not in OF_A_CLASS:
        raise Http404(f"Lớp không có văn bản {kind}.")
    of_kind = Kind(kind)
    if not may_print(user, of_kind):
        raise PermissionDenied(f"Tài khoản không in “{of_kind.label}”.")
    return printed(of_kind, file_type, lambda: OF_A_CLASS[of_kind](request, training_class))


def _decision(request: HttpRequest, training_class: TrainingClass) -> Content:
    user, day = account(request), working_day(request)
    if key := _number(request, "quyet_dinh"):
        decision = get_object_or_404(SendingDecision, training_class=training_class, pk=key)
        return contents.sending_decision(training_class, decision, user=user, day=day)
    if not user.has_perm(MAY_SEE_DRAFTS):
        raise PermissionDenied("Dự thảo quyết định do Sở Nội vụ lập.")
    return contents.draft_decision(training_class, user=user, day=day)


def _proposal(request: HttpRequest, training_class: TrainingClass) -> Content:
    """Of the unit that ?don_vi= names (its key), or of the only one that has people in the class."""
    user = account(request)
    units = dict(units_that_propose(training_class, user))
    key = _number(request, "don_vi")
    named = [unit for unit in units if key is None or unit.pk == key]
    if key is not None and not named:
        raise Http404("Đơn vị này không cử ai vào lớp.")
    if len(named) > 1:
        raise ValidationError(
            "Tài khoản được giao nhiều đơn vị. Hãy in tờ trình của từng đơn vị ở trang Văn bản của lớp."
        )
    if not named:
        raise nobody(Kind.PROPOSAL.label, user)
    return papers_of_units.proposal(training_class, named[0], user=user, day=working_day(request))


def _as_of_day(make: Callable[..., Content]) -> Callable[[HttpRequest, TrainingClass], Content]:
    """A paper of a class that depends on the account and the day, and on nothing else."""
    return lambda request, training_class: make(training_class, user=account(request), day=working_day(request))


OF_A_CLASS: dict[Kind, Callable[[HttpRequest, TrainingClass], Content]] = {
    Kind.OPENING: lambda request, of: papers_of_class.opening(of, day=working_day(request)),
    Kind.PROPOSAL: _proposal,
    Kind.SENDING_DECISION: _decision,
    Kind.SUMMONS: _as_of_day(papers_of_class.summons),
    Kind.COMMITMENT: lambda request, of: papers_of_person.commitments(
        of, user=account(request), only=_number(request, "luot")
    ),
    Kind.CLASS_LIST: _as_of_day(contents.class_list),
    Kind.ATTENDANCE: lambda request, of: contents.attendance(
        of, user=account(request), day=working_day(request), is_blank=bool(request.GET.get("de_trong"))
    ),
    Kind.RESULTS: _as_of_day(contents.results),
    Kind.RECOGNITION: _as_of_day(papers_of_class.recognition),
    Kind.CERTIFICATE_SHEET: lambda request, of: papers_of_class.certificate_sheets(
        of, user=account(request), only=_number(request, "chung_chi")
    ),
    Kind.CERTIFICATES: _as_of_day(contents.class_certificates),
    Kind.SUPPORT: _as_of_day(papers_of_class.support_list),
    Kind.SETTLEMENT: lambda request, of: papers_of_class.settlement(of, day=working_day(request)),
}


# ---------------------------------------------------------------- of a unit, of a person


@permission_needed("courses.view_registeredneed")
@require_safe
def submission_document(request: HttpRequest, campaign_pk: int, submission_pk: int, file_type: str) -> HttpResponse:
    """What a unit has registered in a campaign."""
    user = account(request)
    submissions = (
        submissions_visible_to(user).select_related("campaign", "district").prefetch_related("district__versions")
    )
    submission = fetch_or_404(submissions, user, pk=submission_pk, campaign=campaign_pk)
    day = working_day(request)
    return printed(Kind.REGISTRATION, file_type, lambda: papers_of_units.registration(submission, day=day))


@permission_needed("cadres.view_official")
@require_safe
def official_training_document(request: HttpRequest, official_pk: int, file_type: str) -> HttpResponse:
    """The training of one person, as the account sees it."""
    user, day = account(request), working_day(request)
    official = fetch_or_404(Official.objects.select_related("ethnic_group"), user, pk=official_pk)
    return printed(Kind.TRANSCRIPT, file_type, lambda: papers_of_person.transcript(official, user=user, day=day))


# ---------------------------------------------------------------- of a year


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_document(request: HttpRequest, plan_pk: int, file_type: str) -> HttpResponse:
    plan = get_object_or_404(TrainingPlan, pk=plan_pk)
    return printed(Kind.PLAN, file_type, lambda: contents.plan(plan, day=working_day(request)))


@permission_needed("courses.view_certificate")
@require_safe
def certificate_register(request: HttpRequest, file_type: str) -> HttpResponse:
    """The register of a year (?nam=, else that of the day), of one institution (?co_so=CODE) or of each."""
    user, day = account(request), working_day(request)
    institution = None
    if code := request.GET.get("co_so", ""):
        seen = institutions_of(user) if is_institution(user) else Institution.objects.all()
        institution = fetch_or_404(seen, user, code=code)
    year = _number(request, "nam") or day.year
    return printed(
        Kind.CERTIFICATES,
        file_type,
        lambda: contents.certificate_register(year=year, institution=institution, user=user, day=day),
    )


# ---------------------------------------------------------------- templates


@permission_needed("courses.view_documenttemplate")
@require_safe
def document_templates(request: HttpRequest) -> HttpResponse:
    """All kinds, each with the template in use."""
    own = {template.kind: template for template in DocumentTemplate.objects.select_related("uploaded_by")}
    return render(
        request,
        "courses/documents/document_templates.html",
        {"title": "Mẫu văn bản", "kinds": [(kind, own.get(kind)) for kind in Kind]},
    )


@permission_needed("courses.view_documenttemplate")
@require_safe
def document_template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The template in use, or with ?goc=1 the product's own."""
    of_kind = _kind(kind)
    try:
        own = None if request.GET.get("goc") else template_of(of_kind)
    except ValidationError as refusal:
        raise BadRequest(" ".join(refusal.messages)) from refusal
    return download(own or default_template(of_kind), f"mau-{kind}.{WORD}")


@permission_needed("courses.change_documenttemplate")
def document_template_replace(request: HttpRequest, kind: str) -> HttpResponse:
    of_kind = _kind(kind)
    form = TemplateForm(request.POST, request.FILES) if request.method == "POST" else TemplateForm()
    if request.method == "POST" and form.is_valid():
        try:
            keep_template(of_kind, read_upload(form.cleaned_data["file"]), by=account(request))
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{of_kind.label}: đã dùng mẫu mới.")
            return redirect("courses:document-templates")
    context: dict[str, Any] = {
        "title": f"Thay mẫu: {of_kind.label}",
        "kind": of_kind,
        "form": form,
        "tags": list(tags_of(of_kind)),
    }
    return render(
        request, "courses/documents/document_template_replace.html", context, status=400 if form.errors else 200
    )


@permission_needed("courses.delete_documenttemplate")
def document_template_reset(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask, then delete the province's template of the kind and use the product's."""
    of_kind = _kind(kind)
    own = DocumentTemplate.objects.filter(kind=of_kind).select_related("uploaded_by").first()
    if request.method == "POST":
        drop_template(of_kind)
        messages.success(request, f"{of_kind.label}: đã dùng lại mẫu gốc.")
        return redirect("courses:document-templates")
    context = {"title": f"Dùng lại mẫu gốc: {of_kind.label}", "kind": of_kind, "own": own}
    return render(request, "courses/documents/document_template_reset.html", context)


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise Http404(f"Không có loại văn bản {text}.") from error
