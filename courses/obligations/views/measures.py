"""Rewards and measures: who is to be rewarded or answered, and the decisions recorded."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres.search import people_found
from cadres.web.addresses import kept
from cadres.web.changes import add_refusal
from cadres.web.day import working_day
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import ticked
from courses.access import enrolments_visible_to, measures_visible_to
from courses.documents.people import places_of
from courses.models import Enrolment
from courses.obligations.forms import MeasureForm
from courses.obligations.measures import record_measures, to_answer, to_reward

REWARDS, FAULTS, RECORDED = "khen", "xu_ly", "da_ghi"


@permission_needed("courses.view_trainingmeasure")
def measure_list(request: HttpRequest) -> HttpResponse:
    """Who is to be rewarded or answered, and what was recorded; POST records one decision about those ticked."""
    user, shown = account(request), request.GET.get("loai", REWARDS)
    if shown not in (REWARDS, FAULTS, RECORDED):
        raise BadRequest("Không có danh sách đó. Hãy chọn lại ở đầu trang.")
    may_record = user.has_perm("courses.add_trainingmeasure")
    if request.method not in ("GET", "HEAD") and not may_record:
        raise PermissionDenied("Vai trò của tài khoản này không ghi khen thưởng, xử lý.")
    enrolments, text = enrolments_visible_to(user), request.GET.get("q", "").strip()[:100]
    lists: dict[str, QuerySet[Any]] = {
        REWARDS: to_reward(enrolments),
        FAULTS: to_answer(enrolments),
        RECORDED: measures_visible_to(user),
    }
    initial = {"on": working_day(request), "reason": "Đạt loại giỏi" if shown == REWARDS else ""}
    form = MeasureForm(request.POST or None, is_reward=shown == REWARDS, initial=initial)
    chosen = ticked(request, "luot")
    if request.method == "POST" and shown != RECORDED and form.is_valid():
        try:
            done = record_measures(list(enrolments.filter(pk__in=chosen)), **form.cleaned_data, by=user)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Đã ghi “{done[0].get_kind_display()}” cho {len(done)} lượt học.")
            return redirect(reverse("courses:measure-list") + kept(request))
    page, rows = _measured(request, lists[shown], shown, text)
    return render(
        request,
        "courses/obligations/measure_list.html",
        {
            "title": "Khen thưởng, xử lý",
            "shown": shown,
            "q": text,
            "tabs": [
                (code, label, page.paginator.count if code == shown and not text else lists[code].count())
                for code, label in ((REWARDS, "Đề nghị khen"), (FAULTS, "Cần xử lý"), (RECORDED, "Đã ghi"))
            ],
            "page": page,
            "rows": rows,
            "chosen": chosen,
            "form": form if may_record and shown != RECORDED else None,
        },
    )


def _measured(request: HttpRequest, found: QuerySet[Any], shown: str, text: str) -> tuple[Any, list[Any]]:
    """The page asked for, and its rows: enrolments, or the measures recorded, each with post and unit."""
    path = "enrolment__" if shown == RECORDED else ""
    if text:
        named = people_found(Enrolment.objects.all(), text)
        found = found.filter(**{f"{path or 'pk'}".removesuffix("__") + "__in": named.values("pk")})
    found = found.select_related(f"{path}official", f"{path}training_class__programme")
    order = ("-on", "-pk") if shown == RECORDED else ("-training_class__end_date", "official__name_order", "pk")
    page = shown_page(request, found.order_by(*order))
    rows = list(page.object_list)
    keys = {row.pk: row.enrolment_id if shown == RECORDED else row.pk for row in rows}
    places = places_of(keys.values())
    for row in rows:
        row.place = places.get(keys[row.pk], "")
    return page, rows
