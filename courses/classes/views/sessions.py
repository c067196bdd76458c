"""The timetable of a class: all who see the class look at it, Sở Nội vụ and the institution that teaches keep it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from cadres.web.changes import add_refusal
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from courses.class_pages import AT_THE_SAME_TIME, change, class_of, page_of
from courses.classes import add_sessions, delete_session, hours_planned, save_session
from courses.classes.forms import ProposalForm, SessionForm
from courses.forms import ConfirmForm
from courses.models import ClassSession, TrainingClass

State = TrainingClass.State


@permission_needed("courses.view_classsession")
@require_safe
def class_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    sessions = training_class.sessions.select_related("trainer", "room").annotate(
        marked=Count("attendance"), missing=Count("attendance", filter=~Q(attendance__mark__in=("present", "late")))
    )
    hours = hours_planned(training_class)
    page = shown_page(request, sessions.order_by("starts_at", "pk"))
    return render(
        request,
        "courses/classes/class_sessions.html",
        {
            "title": "Lịch học",
            "training_class": training_class,
            "page": page,
            "sessions": list(page.object_list),
            "hours": hours,
            "missing": training_class.hours - hours,
            "may_change": training_class.state not in (State.ENDED, State.CANCELLED),
        },
    )


def _session(training_class: TrainingClass, session_pk: int) -> ClassSession:
    """The session of the class that still counts; otherwise Http404."""
    sessions = training_class.sessions.filter(is_cancelled=False).select_related("training_class", "trainer", "room")
    return get_object_or_404(sessions, pk=session_pk)


@permission_needed("courses.add_classsession")
def session_add(request: HttpRequest, pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    session = ClassSession(training_class=training_class)
    return _session_form(request, training_class, session, title="Thêm buổi học", action="Thêm buổi học")


@permission_needed("courses.change_classsession")
def session_edit(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    session = _session(training_class, session_pk)
    return _session_form(request, training_class, session, title=f"Sửa buổi học {session}", action="Lưu")


def _session_form(
    request: HttpRequest, training_class: TrainingClass, session: ClassSession, *, title: str, action: str
) -> HttpResponse:
    initial = {} if session.pk else {"day": training_class.start_date, "start": "07:30", "end": "11:00"}
    form = SessionForm(request.POST or None, session=session, initial=initial)

    def write() -> str:
        save_session(session, by=account(request))
        return f"Đã ghi buổi học {session}."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=title,
        action=action,
        back=page_of(training_class, "courses:class-sessions"),
        lead=f"Lớp học từ {training_class.start_date:%d/%m/%Y} đến {training_class.end_date:%d/%m/%Y}.",
    )


@permission_needed("courses.delete_classsession")
def session_delete(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    training_class = class_of(request, pk)
    session = _session(training_class, session_pk)
    told = str(session)

    def write() -> str:
        delete_session(session, by=account(request))
        return f"Đã xóa buổi học {told}."

    return change(
        request,
        ConfirmForm(request.POST or None),
        write,
        training_class=training_class,
        title=f"Xóa buổi học {told}",
        action="Xóa buổi học",
        back=page_of(training_class, "courses:class-sessions"),
        lead=f"{session.hours} tiết{f', {session.trainer}' if session.trainer else ''}. {session.topic}",
        is_final=True,
    )


@permission_needed("courses.add_classsession")
def session_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Half days for the tiết that are missing: looked at first (GET with choices), then written (POST)."""
    training_class = class_of(request, pk)
    data = request.POST if request.method == "POST" else request.GET
    form = ProposalForm(data or None, training_class=training_class)
    proposal = None
    if form.is_valid():
        if request.method == "POST":
            try:
                written = add_sessions(training_class, **form.choices_made, by=account(request))
            except ValidationError as refusal:
                add_refusal(form, refusal)
            except IntegrityError:
                form.add_error(None, AT_THE_SAME_TIME)
            else:
                messages.success(
                    request, f"Đã xếp {len(written.sessions)} buổi, {written.hours} tiết cho lớp {training_class.code}."
                )
                return redirect(page_of(training_class, "courses:class-sessions"))
        else:
            proposal = form.proposal()
    return render(
        request,
        "courses/classes/class_propose.html",
        {
            "title": "Xếp lịch học",
            "training_class": training_class,
            "form": form,
            "proposal": proposal,
            "hours": hours_planned(training_class),
            "may_change": training_class.state not in (State.ENDED, State.CANCELLED),
        },
    )
