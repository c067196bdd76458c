"""What the learners and the trainers of a class are paid by norms, each sum with how it comes about."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.web.day import today_of
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from courses.access import enrolments_visible_to
from courses.class_pages import class_of
from courses.support.amounts import support_norms, support_of, total, trainers_pay


@permission_needed("courses.view_classfunding")
@require_safe
def class_support(request: HttpRequest, pk: int) -> HttpResponse:
    """The learners of the class that the account sees, and the trainers of the sessions held so far."""
    training_class, today = class_of(request, pk), today_of(request)
    norms = support_norms(training_class)
    learners = support_of(training_class, enrolments_visible_to(account(request)), norms)
    by_distance = any(norm.asks_for_distance for norm in norms)
    trainers = trainers_pay(training_class, today)
    return render(
        request,
        "courses/support/class_support.html",
        {
            "title": "Hỗ trợ học viên, thù lao giảng viên",
            "training_class": training_class,
            "norms": norms,
            "far_unknown": [row for row in learners if row.km is None] if by_distance else [],
            "page": shown_page(request, learners),
            "learners_in_all": total(learners),
            "given": sum(bool(row.parts) for row in learners),
            "trainers": trainers,
            "trainers_in_all": total(trainers),
            "today": today,
        },
    )
