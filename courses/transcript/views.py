"""The training of one person: every class with its steps, result and certificate, and the tiết of each year."""

from typing import Any

from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.access import appointments_visible_to, fetch_or_404, last_day_seen
from cadres.kept_plans import planned_once
from cadres.models import Official
from cadres.posts import POST_TOLD, with_post_on
from cadres.web.addresses import dated
from cadres.web.day import acting_day, criterion_of
from cadres.web.permissions import account, permission_needed
from courses.access import SEND, certificates_visible_to, enrolments_visible_to
from courses.models import Enrolment, EnrolmentStep
from courses.modules import programmes_begun
from courses.needs.asked import AskedNeed, asking
from courses.needs.computed import Need, closing_programmes, lacking_posts, needs_of
from courses.needs.openings import Opening, openings_for
from courses.obligations.hours import STUDYING, hours_by_year
from courses.under_way import planned_studies

TAGS = {
    Enrolment.State.COMPLETED: "good",
    Enrolment.State.FAILED: "bad",
    Enrolment.State.ABSENT: "bad",
    Enrolment.State.NOMINATED: "warn",
    Enrolment.State.WAITING: "warn",
}


@permission_needed("cadres.view_official")
@require_safe
@planned_once()
def official_training(request: HttpRequest, official_pk: int) -> HttpResponse:
    """All of it, and of who has left the account's scope up to then; 404 for somebody out of scope."""
    user = account(request)
    official = fetch_or_404(Official.objects.all(), user, pk=official_pk)
    seen = enrolments_visible_to(user).filter(official=official)
    enrolments: list[Any] = list(
        with_post_on(seen, F("training_class__start_date"))
        .annotate(**POST_TOLD)
        .select_related("training_class__programme__raises_to__dimension", "training_class__institution", "decision")
        .prefetch_related(
            "training_class__modules",
            Prefetch("steps", EnrolmentStep.objects.select_related("by").order_by("pk")),
            Prefetch("certificates", certificates_visible_to(user).order_by("pk")),
        )
        .order_by("-training_class__start_date", "-pk")
    )
    # What is asked of them besides is asked by their keys: whose they are is found out once.
    found = Enrolment.objects.filter(pk__among=[enrolment.pk for enrolment in enrolments])
    has_modules = any(enrolment.training_class.own_modules for enrolment in enrolments)
    needs, beside = _needs(request, official)
    for enrolment in enrolments:
        enrolment.tag = TAGS.get(enrolment.state, "")
    return render(
        request,
        "courses/transcript/official_training.html",
        {
            "title": f"Quá trình đào tạo: {official}",
            "official": official,
            "enrolments": enrolments,
            "completed": sum(enrolment.state == Enrolment.State.COMPLETED for enrolment in enrolments),
            "needs": needs,
            "asked": beside,
            "hours": _hours(enrolments),
            "begun": programmes_begun(found) if has_modules else [],
            "until": last_day_seen(user, official),
            "dated": dated(request),
        },
    )


def _needs(
    request: HttpRequest, official: Official
) -> tuple[list[tuple[Any, list[Opening]]], list[tuple[Any, list[Opening]]]]:
    """What the person lacks on the day that nothing under way brings, and what is asked beside the standard; each with
    the open classes that close it, for who may send people to them."""
    user, day, criterion = account(request), acting_day(request), criterion_of(request)
    closing = closing_programmes(day, criterion=criterion)
    appointments = appointments_visible_to(user, day).filter(official=official)
    posts = lacking_posts(
        day,
        criterion=criterion,
        appointments=appointments,
        rulebook=closing.rulebook,
        finished=closing.finished,
    )
    planned, found = planned_studies(day, [official.pk]), asking(closing)
    needs: list[Need | AskedNeed] = [*needs_of(posts, closing, planned=planned)]
    own = len(needs)
    if rules := found.about(set(appointments.values_list("position", flat=True))):
        needs += found.needs(found.posts(appointments, rules=rules), planned=planned)
    opened = openings_for(needs, day) if user.has_perm(SEND) else [(need, []) for need in needs]
    return opened[:own], opened[own:]


def _hours(enrolments: list[Any]) -> list[dict[str, int]]:
    """The tiết of each year from the first to the last in which the person studied."""
    studied = [enrolment.training_class for enrolment in enrolments if enrolment.state in STUDYING]
    if not studied:
        return []
    first = min(training_class.start_date.year for training_class in studied)
    last = max(training_class.end_date.year for training_class in studied)
    years = range(first, last + 1)
    hours = hours_by_year([enrolment.pk for enrolment in enrolments], years)
    return [{"year": year, "hours": hours.get(year, 0)} for year in years]
