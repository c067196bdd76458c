"""Papers out: what can be printed of a class, the files, and the Word templates that the province may replace."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404
from cadres.web.changes import add_refusal
from cadres.web.day import working_day
from cadres.web.downloads import download
from cadres.web.permissions import account, permission_needed
from courses.access import institutions_of, is_institution
from courses.class_pages import class_of
from courses.documents import contents
from courses.documents.contents import Content
from courses.documents.default_templates import default_template
from courses.documents.forms import TemplateForm
from courses.documents.kinds import OF_A_CLASS, Kind
from courses.documents.offers import MAY_SEE_DRAFTS, offers
from courses.documents.samples import tags_of
from courses.documents.word_templates import drop_template, keep_template, read_upload, template_of, word_document
from courses.documents.workbooks import workbook
from courses.models import DocumentTemplate, Institution, SendingDecision, TrainingClass, TrainingPlan

WORD = "docx"
WRITERS: dict[str, Callable[[Content], bytes]] = {WORD: word_document, "xlsx": workbook}
NUMBER_DIGITS = 9  # of a key in an address


def _paper(file_type: str, make: Callable[[], Content]) -> HttpResponse:
    """The file of a paper; where it cannot be made, a page that says why and what to do."""
    if file_type not in WRITERS:
        raise Http404(f"Không có dạng tệp {file_type}.")
    try:
        content = make()
        return download(WRITERS[file_type](content), f"{content.stem}.{file_type}")
    except ValidationError as refusal:
        raise BadRequest(" ".join(refusal.messages)) from refusal


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
    """A paper of a class: ?quyet_dinh= names the decision (without it the draft), ?de_trong=1 asks for a blank one."""
    user, day = account(request), working_day(request)
    training_class = fetch_or_404(contents.classes_for_papers(user), user, pk=pk)
    makers: dict[str, Callable[[], Content]] = {
        Kind.SENDING_DECISION: lambda: _decision(request, training_class),
        Kind.CLASS_LIST: lambda: contents.class_list(training_class, user=user, day=day),
        Kind.ATTENDANCE: lambda: contents.attendance(
            training_class, user=user, day=day, is_blank=bool(request.GET.get("de_trong"))
        ),
        Kind.RESULTS: lambda: contents.results(training_class, user=user, day=day),
        Kind.CERTIFICATES: lambda: contents.class_certificates(training_class, user=user, day=day),
    }
    if kind not in OF_A_CLASS:
        raise Http404(f"Lớp không có văn bản {kind}.")
    return _paper(file_type, makers[kind])


def _decision(request: HttpRequest, training_class: TrainingClass) -> Content:
    user, day = account(request), working_day(request)
    if key := _number(request, "quyet_dinh"):
        decision = get_object_or_404(SendingDecision, training_class=training_class, pk=key)
        return contents.sending_decision(training_class, decision, user=user, day=day)
    if not user.has_perm(MAY_SEE_DRAFTS):
        raise PermissionDenied("Dự thảo quyết định do Sở Nội vụ lập.")
    return contents.draft_decision(training_class, user=user, day=day)


# ---------------------------------------------------------------- of a year


@permission_needed("courses.view_trainingplan")
@require_safe
def plan_document(request: HttpRequest, plan_pk: int, file_type: str) -> HttpResponse:
    plan = get_object_or_404(TrainingPlan, pk=plan_pk)
    return _paper(file_type, lambda: contents.plan(plan, day=working_day(request)))


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
    return _paper(
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
