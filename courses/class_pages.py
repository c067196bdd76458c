"""What the pages of a class share, whichever step they are of: the class through the scope, and the page of a form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cadres.access import fetch_or_404
from cadres.kept_plans import planned_once
from cadres.periods import in_force_then
from cadres.web import changes
from cadres.web.permissions import account
from cadres.web.versions import to_be_changed
from courses.access import classes_visible_to
from courses.models import TrainingClass

State = TrainingClass.State
AT_THE_SAME_TIME = "Vừa có người khác ghi một thay đổi trùng với thay đổi này. Hãy xem lại lớp rồi làm lại."
TAGS = {State.OPEN: "good", State.RUNNING: "warn", State.CANCELLED: "bad"}


def with_place(classes: QuerySet[TrainingClass]) -> QuerySet[Any]:
    """The classes with `place_name`: what their place was called on their first day."""
    place_then = in_force_then("place__versions", F("start_date"))
    return classes.alias(place_then=place_then).annotate(place_name=F("place_then__name"))


@planned_once()
def class_of(request: HttpRequest, pk: int, *also: str) -> Any:
    """The class with `place_name`, where the account may open it, locked for a form; otherwise Http404.

    With its programme and institution, and what the page shows `also`: every table more is longer planning.
    """
    related = ("programme__raises_to__dimension", "institution", *also)
    classes = with_place(classes_visible_to(account(request))).select_related(*related).prefetch_related("modules")
    return fetch_or_404(to_be_changed(request, classes), account(request), pk=pk)


def page_of(training_class: TrainingClass, page: str = "courses:class-detail") -> str:
    return reverse(page, args=[training_class.pk])


def change(
    request: HttpRequest,
    form: Any,
    write: Callable[[], str],
    *,
    training_class: TrainingClass | None,
    template: str = "courses/class_change.html",
    **page: Any,
) -> HttpResponse:
    """The page of one change (cadres.web.changes), below the head of its class where there is one."""
    return changes.change(
        request,
        form,
        write,
        training_class=training_class,
        template=template,
        at_the_same_time=AT_THE_SAME_TIME,
        **page,
    )


def refusals(request: HttpRequest, refusal: ValidationError) -> None:
    """Tell why nothing was written, each reason by itself."""
    for message in refusal.messages:
        messages.error(request, message)
