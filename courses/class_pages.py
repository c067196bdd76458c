"""What the pages of a class share, whichever step they are of: the class through the scope, and the page of a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres.access import fetch_or_404
from cadres.periods import in_force_then
from cadres.web.changes import add_refusal
from cadres.web.permissions import account
from courses.access import classes_visible_to
from courses.models import TrainingClass

State = TrainingClass.State
AT_THE_SAME_TIME = "Vừa có người khác ghi một thay đổi trùng với thay đổi này. Hãy xem lại lớp rồi làm lại."
TAGS = {State.OPEN: "good", State.RUNNING: "warn", State.CANCELLED: "bad"}


def with_place(classes: QuerySet[TrainingClass]) -> QuerySet[Any]:
    """The classes with `place_name`: what their place was called on their first day."""
    place_then = in_force_then("place__versions", F("start_date"))
    return classes.alias(place_then=place_then).annotate(place_name=F("place_then__name"))


def class_of(request: HttpRequest, pk: int) -> Any:
    """The class with `place_name`, where the account may open it; otherwise Http404."""
    classes = with_place(classes_visible_to(account(request))).select_related(
        "programme__subject_area", "programme__raises_to__dimension", "institution", "plan_line__plan"
    )
    return fetch_or_404(classes, account(request), pk=pk)


def page_of(training_class: TrainingClass, page: str = "courses:class-detail") -> str:
    return reverse(page, args=[training_class.pk])


def change(
    request: HttpRequest,
    form: Any,
    write: Callable[[], str],
    *,
    training_class: TrainingClass | None,
    title: str,
    action: str,
    back: str,
    target: Callable[[], str] | None = None,
    lead: str = "",
    is_final: bool = False,
    template: str = "courses/class_change.html",
    **context: Any,
) -> HttpResponse:
    """Show the form; once it is valid, write and go on (`target`, else `back`). `write` returns what to tell then.

    Where a rule or a constraint refuses, the form says why and nothing is written.
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                done = write()
        except ValidationError as refusal:
            add_refusal(form, refusal)
        except IntegrityError:
            form.add_error(None, AT_THE_SAME_TIME)
        else:
            messages.success(request, done)
            return redirect(target() if target else back)
    context |= {
        "title": title,
        "training_class": training_class,
        "form": form,
        "lead": lead,
        "action": action,
        "is_final": is_final,
        "back": back,
    }
    return render(request, template, context)


def refusals(request: HttpRequest, refusal: ValidationError) -> None:
    """Tell why nothing was written, each reason by itself."""
    for message in refusal.messages:
        messages.error(request, message)
