"""Lists of a class as workbooks: upload, look at every row, write or drop."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.access import fetch_or_404, writable_by
from cadres.models import Official, User
from cadres.roster.reading import UnreadableFileError
from cadres.web.changes import add_refusal
from cadres.web.day import acting_day, criterion_of, today_of
from cadres.web.fields import is_valid_on
from cadres.web.permissions import account, permission_needed
from courses.access import SEND, is_institution, sends_own
from courses.class_pages import class_of
from courses.enrolment.views.nominating import tell_nomination
from courses.lists.forms import IssueForm, ListForm
from courses.lists.reading import stage
from courses.lists.rows import ListRow, rows_of
from courses.lists.writing import discard, write
from courses.models import Attendance, ClassListImport, ClassSession, Enrolment, TrainingClass

Subject = ClassListImport.Subject
PERMISSION = {
    Subject.NOMINATIONS: "courses.add_enrolment",
    Subject.ATTENDANCE: "courses.grade_enrolment",
    Subject.RESULTS: "courses.grade_enrolment",
}
STATE_TAGS = {"staged": "warn", "written": "good", "discarded": ""}


def _imports(user: User, training_class: TrainingClass) -> QuerySet[ClassListImport]:
    """The lists of the class that the account may see: a district those that it, or who handed over to it, sent."""
    sent = training_class.list_imports.select_related("created_by")
    return sent if user.sees_every_unit or is_institution(user) else sent.filter(_sent_by(user))


def _sent_by(user: User) -> Q:
    return Q(created_by=user) | Q(created_by__succeeded_by=user)


def _subjects(user: User) -> list[tuple[str, str]]:
    return [(subject.value, subject.label) for subject in Subject if user.has_perm(PERMISSION[subject])]


@permission_needed("courses.view_enrolment")
def class_lists(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists sent for a class, and the form that sends one. A form with errors answers 400."""
    training_class, user = class_of(request, pk), account(request)
    subjects = _subjects(user)
    if not subjects:
        raise PermissionDenied("Vai trò của tài khoản này không nhập danh sách của lớp.")
    form = ListForm(request.POST or None, request.FILES or None, subjects=subjects)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            staged = stage(
                training_class,
                form.cleaned_data["subject"],
                name=file.name,
                content=file.read(),
                day=acting_day(request),
                now=today_of(request),
                criterion=criterion_of(request),
                officials=writable_by(Official.objects.all(), user, SEND),
                by=user,
            )
        except UnreadableFileError as error:
            form.add_error("file", str(error))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("courses:class-list-import", pk, staged.pk)
    return render(
        request,
        "courses/lists/class_lists.html",
        {
            "title": f"Nhập danh sách từ Excel: {training_class.code}",
            "training_class": training_class,
            "form": form,
            "sent": [
                (item, STATE_TAGS[item.state], len(item.rows), sum(bool(row["problem"]) for row in item.rows))
                for item in _imports(user, training_class)[:20]
            ],
        },
        status=400 if request.method == "POST" else 200,
    )


@permission_needed("courses.view_enrolment")
def class_list_import(request: HttpRequest, pk: int, import_pk: int) -> HttpResponse:
    """A list as read, row by row; POST writes it (`ghi`) or drops it (`bo`)."""
    training_class, user = class_of(request, pk), account(request)
    sent = fetch_or_404(_imports(user, training_class), user, pk=import_pk)
    if not user.has_perm(PERMISSION[Subject(sent.subject)]):
        raise PermissionDenied("Vai trò của tài khoản này không nhập danh sách này.")
    if request.method == "POST" and sends_own(user):
        sent = fetch_or_404(training_class.list_imports.filter(_sent_by(user)), user, pk=import_pk)
    head = training_class.institution.head if training_class.institution else ""
    form = IssueForm(request.POST if "ghi" in request.POST else None, initial={"signer": head})
    if request.method == "POST":
        if "bo" in request.POST:
            return _drop(request, sent)
        is_asked = "ghi" in request.POST and is_valid_on(form, today_of(request))
        if is_asked and (answer := _write(request, sent, form)):
            return answer
    rows = rows_of(sent)
    return render(
        request,
        "courses/lists/class_list_import.html",
        {
            "title": f"{sent.get_subject_display()}: {sent.file_name}",
            "training_class": training_class,
            "sent": sent,
            "rows": _shown(rows, training_class, sent),
            "good": sum(not row.problem for row in rows),
            "bad": sum(bool(row.problem) for row in rows),
            "form": form,
            "has_certificates": any(row.says.get("certificate_number") for row in rows),
        },
    )


def _write(request: HttpRequest, sent: ClassListImport, form: IssueForm) -> HttpResponse | None:
    """Write the list; None where a rule refuses, and the form, which keeps what was typed, says why."""
    user = account(request)
    try:
        done = write(
            sent,
            day=acting_day(request),
            now=today_of(request),
            criterion=criterion_of(request),
            officials=writable_by(Official.objects.all(), user, SEND),
            by=user,
            **form.cleaned_data,
        )
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return None
    if done.nomination is not None:
        tell_nomination(request, done.nomination)
    else:
        issued = f", cấp {done.certificates} chứng chỉ" if done.certificates else ""
        messages.success(request, f"Đã ghi {done.rows} dòng của tệp {sent.file_name}{issued}.")
    return redirect("courses:class-detail", sent.training_class_id)


def _drop(request: HttpRequest, sent: ClassListImport) -> HttpResponse:
    try:
        discard(sent, by=account(request))
        messages.success(request, f"Đã bỏ tệp {sent.file_name}; không có gì được ghi.")
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("courses:class-lists", sent.training_class_id)


def _shown(rows: list[ListRow], training_class: TrainingClass, sent: ClassListImport) -> list[dict[str, Any]]:
    """The rows with what they were understood as, in words; those with a problem first."""
    people = Official.objects.in_bulk([row.official for row in rows if row.official])
    sessions = training_class.sessions.in_bulk() if sent.subject == Subject.ATTENDANCE else {}
    return [
        {"row": row, "official": people.get(row.official or 0), "says": _words(row, sessions)}
        for row in sorted(rows, key=lambda row: not row.problem)
    ]


def _words(row: ListRow, sessions: dict[Any, ClassSession]) -> str:
    if sessions:
        return "; ".join(
            f"{sessions[int(key)]}: {Attendance.Mark(mark).label.lower()}"
            for key, mark in row.says.items()
            if int(key) in sessions
        )
    says = row.says
    parts = [
        Enrolment.State(says["state"]).label if says.get("state") else "",
        f"điểm {says['mark']}" if says.get("mark") else "",
        Enrolment.Grade(says["grade"]).label if says.get("grade") else "",
        f"số hiệu {says['certificate_number']}" if says.get("certificate_number") else "",
        f"vào sổ {says['book_entry']}" if says.get("book_entry") else "",
        f"ghi chú: {says['note']}" if says.get("note") else "",
    ]
    return ", ".join(part for part in parts if part)
