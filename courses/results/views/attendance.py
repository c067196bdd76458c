"""Attendance on screen: people down, the sessions of a week across; on the phone one session at a time.

Only cells that were changed are written. Beside each session the page carries what it showed (`was-SESSION`), so that a
cell changed by somebody else meanwhile is left and told. Addresses: tuan (the Monday of the week), buoi (the session
that the phone shows).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.web.day import parse_day, today_of, working_day
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.tags import so
from courses.class_pages import class_of, refusals
from courses.models import Attendance, ClassSession, Enrolment, TrainingClass
from courses.results import attendance_summary, check_at_work, mark_attendance
from courses.results.pupils import check_was_held, pupils_with_posts

# The letters of the grid, and of the keyboard.
LETTERS = {
    "C": Attendance.Mark.PRESENT,
    "M": Attendance.Mark.LATE,
    "P": Attendance.Mark.EXCUSED,
    "K": Attendance.Mark.UNEXCUSED,
}
LETTER_OF = {mark.value: letter for letter, mark in LETTERS.items()}
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


@dataclass(frozen=True)
class Week:
    monday: date
    sessions: tuple[ClassSession, ...]

    @property
    def last_day(self) -> date:
        return self.monday + timedelta(days=6)


def weeks_of(sessions: Iterable[ClassSession]) -> list[Week]:
    """The sessions, in their order, by weeks that begin on Monday."""
    by_monday: dict[date, list[ClassSession]] = {}
    for session in sessions:
        by_monday.setdefault(session.day - timedelta(days=session.day.weekday()), []).append(session)
    return [Week(monday, tuple(held)) for monday, held in by_monday.items()]


def half_day(session: ClassSession) -> str:
    hour = session.local_start.hour
    return "sáng" if hour < 12 else "chiều" if hour < 18 else "tối"


@permission_needed("courses.grade_enrolment")
def class_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of one week; POST writes the cells that were changed."""
    training_class = class_of(request, pk)
    weeks = weeks_of(training_class.sessions.filter(is_cancelled=False).select_related("trainer"))
    posted: dict[tuple[int, int], str] = {}
    overtaken: list[dict[str, Any]] | None = []
    if request.method == "POST":
        posted = _posted(request)
        overtaken = _save(request, training_class, posted)
        if overtaken == []:
            return redirect(request.get_full_path())
        if overtaken:
            posted = {clash["cell"]: clash["mine"] for clash in overtaken}
    week = _week_asked_for(request, weeks)
    columns = _columns(request, week.sessions if week else ())
    rows = _rows(training_class, columns, posted)
    if overtaken is None:  # refused: the page still goes by what it showed at first
        for column in columns:
            column["was"] = request.POST.get(f"was-{column['session'].pk}", column["was"])
    return render(
        request,
        "courses/results/attendance.html",
        {
            "title": f"Điểm danh: {training_class.programme}",
            "training_class": training_class,
            "closed": why_closed(training_class),
            "weeks": weeks,
            "week": week,
            "before": _neighbour(weeks, week, -1),
            "after": _neighbour(weeks, week, 1),
            "columns": columns,
            "rows": rows,
            "overtaken": overtaken,
            "letters": [(letter, mark.label) for letter, mark in LETTERS.items()],
        },
    )


def why_closed(training_class: TrainingClass) -> str:
    """Why nothing can be written about the people of the class; empty where something can."""
    try:
        check_at_work(training_class)
    except ValidationError as refusal:
        return refusal.messages[0]
    return ""


def _week_asked_for(request: HttpRequest, weeks: Sequence[Week]) -> Week | None:
    """The week of the address; else the last one begun by the working day, else the first. Http404 for one without."""
    if not weeks:
        return None
    if asked := request.GET.get("tuan"):
        day = parse_day(asked)
        for week in weeks:
            if week.monday <= day <= week.last_day:
                return week
        raise Http404(f"Tuần có ngày {day:%d/%m/%Y} không có buổi học nào của lớp.")
    day = working_day(request)
    begun = [week for week in weeks if week.monday <= day]
    return begun[-1] if begun else weeks[0]


def _neighbour(weeks: Sequence[Week], week: Week | None, step: int) -> Week | None:
    if week is None:
        return None
    place = weeks.index(week) + step
    return weeks[place] if 0 <= place < len(weeks) else None


def _columns(request: HttpRequest, sessions: Sequence[ClassSession]) -> list[dict[str, Any]]:
    """The sessions as columns. The one that the phone shows: that of the address, else the last held by the day."""
    asked, day = request.GET.get("buoi", ""), working_day(request)
    held = [session for session in sessions if session.day <= day]
    shown = next((session for session in sessions if str(session.pk) == asked), None)
    shown = shown or (held[-1] if held else sessions[0] if sessions else None)
    return [
        {
            "session": session,
            "weekday": WEEKDAYS[session.day.weekday()],
            "half_day": half_day(session),
            "told": " · ".join(
                str(what) for what in (f"{so(session.hours)} tiết", session.topic, session.trainer) if what
            ),
            "is_shown": session == shown,
        }
        for session in sessions
    ]


def _rows(
    training_class: TrainingClass, columns: Sequence[dict[str, Any]], posted: dict[tuple[int, int], str]
) -> list[dict[str, Any]]:
    """The people with a cell for each column: what stands, or what was posted and not written.

    Each column is given `was`, what stands in it, for the page to send back.
    """
    sessions = [column["session"].pk for column in columns]
    marks = {
        (session, enrolment): LETTER_OF[mark]
        for session, enrolment, mark in Attendance.objects.filter(session__in=sessions).values_list(
            "session", "enrolment", "mark"
        )
    }
    summary = attendance_summary(training_class)
    pupils = list(pupils_with_posts(training_class))
    for column in columns:
        column["was"] = " ".join(f"{pupil.pk}{marks.get((column['session'].pk, pupil.pk), '')}" for pupil in pupils)
    return [
        {
            "enrolment": pupil,
            "attended": summary.get(pupil.pk),
            "cells": [
                {
                    "name": f"d-{session}-{pupil.pk}",
                    "session": column["session"],
                    "is_shown": column["is_shown"],
                    "letter": posted.get((session, pupil.pk), marks.get((session, pupil.pk), "")),
                }
                for session, column in zip(sessions, columns, strict=True)
            ],
        }
        for pupil in pupils
    ]


# ---------------------------------------------------------------- writing


def _posted(request: HttpRequest) -> dict[tuple[int, int], str]:
    """(session, enrolment) → letter, of the fields "d-SESSION-ENROLMENT"; a letter unknown stays what it is."""
    found = {}
    for name, value in request.POST.items():
        prefix, _, both = name.partition("-")
        session, enrolment = (key_of(text) for text in both.partition("-")[::2])
        if prefix == "d" and session and enrolment:
            found[session, enrolment] = str(value)
    return found


def _seen(text: str) -> dict[int, str]:
    """What the page showed of a session: "12C 13 14K" → {12: "C", 13: "", 14: "K"}."""
    seen = {}
    for word in text.split():
        digits = word.rstrip("CMPK")
        if key := key_of(digits):
            seen[key] = word[len(digits) :]
    return seen


def _save(
    request: HttpRequest, training_class: TrainingClass, posted: dict[tuple[int, int], str]
) -> list[dict[str, Any]] | None:
    """Write the cells changed on the page, all or none; tell what was done. None where a rule refuses them.

    Returns the cells that somebody else has changed meanwhile, with both marks; they are left as they are.
    """
    all_came, left = request.POST.get("co_mat", ""), set(request.POST.getlist("giu"))
    sessions = {session.pk: session for session in training_class.sessions.all()}
    written, overtaken = 0, []
    try:
        with transaction.atomic():
            for key in sorted({session for session, _ in posted}):
                if key not in sessions:
                    raise ValidationError("Một buổi học không còn nữa. Hãy mở lại trang điểm danh.")
                was = _seen(request.POST.get(f"was-{key}", ""))
                cells = {enrolment: letter for (session, enrolment), letter in posted.items() if session == key}
                if str(key) == all_came:
                    cells = {enrolment: letter or "C" for enrolment, letter in cells.items()}
                changed = {
                    enrolment: _mark(letter)
                    for enrolment, letter in cells.items()
                    if letter != was.get(enrolment, "") and f"{key}-{enrolment}" not in left
                }
                if not changed:
                    continue
                check_was_held(sessions[key], today_of(request))
                done = mark_attendance(
                    sessions[key],
                    changed,
                    was={enrolment: _mark(letter) for enrolment, letter in was.items()},
                    by=account(request),
                )
                written += done.written
                overtaken += [
                    (sessions[key], enrolment, mark, cells[enrolment]) for enrolment, mark in done.overtaken.items()
                ]
    except ValidationError as refusal:
        refusals(request, refusal)
        return None
    if written:
        messages.success(request, f"Đã ghi {written} ô điểm danh.")
    elif not overtaken:
        messages.info(request, "Không có ô nào thay đổi.")
    return _told_overtaken(overtaken)


def _mark(letter: str) -> str:
    """The mark of a letter; what is none goes on as it is, and is refused by the rule."""
    return LETTERS[letter].value if letter in LETTERS else letter


def _told_overtaken(overtaken: Sequence[tuple[ClassSession, int, str, str]]) -> list[dict[str, Any]]:
    people = Enrolment.objects.filter(pk__in=[key for _, key, *_ in overtaken]).select_related("official").in_bulk()
    return [
        {
            "key": f"{session.pk}-{key}",
            "cell": (session.pk, key),
            "name": f"{people[key].official}, {half_day(session)} {session.day:%d/%m}",
            "theirs": Attendance.Mark(mark).label.lower() if mark else "để trống",
            "mine": letter,
        }
        for session, key, mark, letter in overtaken
    ]
