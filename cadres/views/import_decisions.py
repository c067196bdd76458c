"""What a person decides about a staged roster, and the undo of a written one."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.access import fetch_or_404, visible_to, writable_by
from cadres.models import Appointment, ImportBatch, ImportRow, Official, User
from cadres.posts import primary_posts
from cadres.roster.batch import NOTHING_TO_WRITE, BatchStateError, Step, has_something_to_write
from cadres.roster.decisions import (
    another_person,
    decide_rows,
    differences,
    same_as_twin,
    same_person,
)
from cadres.roster.long_work import QueueFullError, begin, is_long_to_write, work_on
from cadres.roster.undo import undo
from cadres.text import fold
from cadres.views.import_answers import questions
from cadres.views.import_batches import batch_in
from cadres.views.import_effect import effect_shown
from cadres.views.import_words import Words, shown_row
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of

State = ImportBatch.State
Outcome = ImportRow.Outcome
FOUND_AT_MOST = 20
KEEP_REGISTRY = "ho-so"


# Who a row speaks of


@permission_needed("cadres.change_importbatch")
def import_row(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    """One row beside the people it may be; a POST decides, or takes a decision back."""
    user = account(request)
    batch = batch_in(request, pk, State.STAGED)
    row = batch.rows.select_related("decided_by").prefetch_related("unit__versions").filter(pk=row_pk).first()
    if row is None:
        raise Http404("Danh sách không có dòng này.")
    row.batch = batch
    people = visible_to(Official.objects.all(), user)
    if request.method == "POST":
        return _decide_row(request, batch, row, people, user)
    text = request.GET.get("q", "").strip()
    decided = row.decision.get("official")
    wanted = [*row.candidates, *([decided] if decided else [])]
    candidates = _with_posts(people.filter(pk__in=wanted).order_by("name_order", "pk"), batch)
    found = []
    if text:
        matching = people.filter(folded_name__contains=fold(text)).exclude(pk__in=wanted)
        found = _with_posts(matching.order_by("name_order", "pk")[:FOUND_AT_MOST], batch)
    is_new, is_twin = row.decision.get("official", "") is None, "twin" in row.decision
    only_one = candidates[0][0].pk if len(candidates) == 1 and not is_new and not is_twin else None
    proposed = decided or only_one
    words = Words.load()
    open_rows = list(batch.rows.filter(outcome=Outcome.REVIEW).order_by("pk").values_list("pk", flat=True))
    return render(
        request,
        "cadres/import_row.html",
        {
            "title": f"Dòng {row.row_number}: {row.understood.get('full_name', '')}",
            "batch": batch,
            "item": shown_row(row, words),
            "seen": _as_seen(row),
            "read": [(label, row.read[name]) for name, label in words.fields.items() if row.read.get(name)],
            "candidates": [
                (official, post, _compared(row, official, words) if index < 3 else None)
                for index, (official, post) in enumerate(candidates)
            ],
            "found": found,
            "text": text,
            "proposed": proposed,
            "is_new": is_new,
            "is_twin": is_twin,
            "may_be_twin": any(issue["code"] == "equal_row" for issue in row.issues) or "twin" in row.decision,
            "kept": row.decision.get("keep", []),
            "open": len(open_rows),
            "before": next((key for key in reversed(open_rows) if key < row.pk), None),
            "after": next((key for key in open_rows if key > row.pk), None),
            "KEEP": KEEP_REGISTRY,
        },
    )


def _with_posts(officials: Iterable[Official], batch: ImportBatch) -> list[tuple[Official, Appointment | None]]:
    """The officials, each with the primary post of the batch's day."""
    listed = list(officials)
    assert batch.as_of is not None
    posts = {
        post.official_id: post
        for post in primary_posts(batch.as_of)
        .filter(official__in=listed)
        .select_related("position")
        .prefetch_related("unit__versions")
    }
    return [(official, posts.get(official.pk)) for official in listed]


def _compared(row: ImportRow, official: Official, words: Words) -> list[dict[str, Any]]:
    """Field by field what would change, with the name of the field."""
    return [
        change.as_json() | {"label": words.fields.get(change.field, change.field)}
        for change in differences(row, official)
    ]


def _decide_row(
    request: HttpRequest, batch: ImportBatch, row: ImportRow, people: QuerySet[Official], user: User
) -> HttpResponse:
    wanted = request.POST.get("quyet_dinh", "")
    here = redirect("cadres:import-row", pk=batch.pk, row_pk=row.pk)
    if wanted == "nguoi_moi":
        decision = another_person()
    elif wanted == "trung_dong":
        decision = same_as_twin()
    elif wanted == "bo":
        decision = {}
    elif key := key_of(wanted):
        official = fetch_or_404(writable_by(people, user), user, pk=key)
        begin = f"giu-{official.pk}-"
        keep = [
            name.removeprefix(begin)
            for name, value in request.POST.items()
            if name.startswith(begin) and value == KEEP_REGISTRY
        ]
        decision = same_person(official, keep=keep)
    else:
        messages.error(request, "Hãy chọn một trong các cách.")
        return here
    if decision != row.decision and request.POST.get("da_quyet", _as_seen(row)) != _as_seen(row):
        told = f"{row.decided_by or 'Người khác'} vừa quyết định dòng này: {_in_words(row.decision, people)}"
        messages.error(request, f"{told}. Bạn chọn: {_in_words(decision, people)}. Nếu vẫn muốn, hãy quyết định lại.")
        return here
    try:
        decide_rows(batch, {row.pk: decision}, by=user)
    except (ValidationError, BatchStateError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return here
    row.refresh_from_db()
    messages.success(request, f"Dòng {row.row_number}: {row.get_outcome_display().lower()}.")
    following = batch.rows.filter(outcome=Outcome.REVIEW, pk__gt=row.pk).order_by("pk").first()
    if following and decision:
        return redirect("cadres:import-row", pk=batch.pk, row_pk=following.pk)
    return redirect(f"{reverse('cadres:import-batch', args=[batch.pk])}?ket_qua={row.outcome}")


def _as_seen(row: ImportRow) -> str:
    """What is decided about a row, for its page to send back."""
    return json.dumps(row.decision, sort_keys=True)


def _in_words(decision: dict[str, Any], people: QuerySet[Official]) -> str:
    if "twin" in decision:
        return "cùng một người với dòng giống hệt"
    if "official" not in decision:
        return "chưa quyết định"
    official = people.filter(pk=decision["official"]).first()
    return f"là {official}" if official else "là người khác, thêm mới"


# Writing and undoing


@permission_needed("cadres.change_importbatch")
@require_safe
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """What will be written, to be looked at once more before it is."""
    batch = batch_in(request, pk, State.STAGED)
    if not has_something_to_write(batch, batch.summary):
        messages.error(request, NOTHING_TO_WRITE)
        return redirect("cadres:import-batch", pk=pk)
    ending = batch.missing.filter(end_date__isnull=False).count()
    return render(
        request,
        "cadres/import_confirm.html",
        {
            "title": f"Ghi {batch.file_name} vào hồ sơ",
            "batch": batch,
            "counts": batch.summary,
            "to_write": batch.summary["created"] + batch.summary["updated"],
            "ending": ending,
            "staying": batch.summary["missing"] - ending,
            "questions": (asked := questions(batch)),
            "is_unanswered": any(question.is_about_people and not question.answered for question in asked),
            **effect_shown(batch, work_on(batch)),
        },
    )


@permission_needed("cadres.change_importbatch")
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What an undo would reverse and keep; a POST carries it out."""
    user = account(request)
    batch = batch_in(request, pk, State.COMMITTED)
    title = f"Hoàn tác {batch.file_name}"
    if is_long_to_write(batch):
        if request.method == "POST":
            try:
                begin(batch, Step.UNDOING, by=user)
            except QueueFullError as full:
                messages.error(request, str(full))
            return redirect("cadres:import-batch", pk=pk)
        return render(request, "cadres/import_undo.html", {"title": title, "batch": batch, "undone": None})
    try:
        result = undo(batch, by=user, dry_run=request.method != "POST")
    except BatchStateError as error:
        messages.error(request, str(error))
        return redirect("cadres:import-batch", pk=pk)
    if request.method == "POST":
        messages.success(request, f"Đã hoàn tác: {result.reversed} dòng trở lại như trước khi nhập.")
        return redirect("cadres:import-batch", pk=pk)
    return render(request, "cadres/import_undo.html", {"title": title, "batch": batch, "undone": result.as_json()})
