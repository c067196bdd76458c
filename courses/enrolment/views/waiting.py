"""Who waits for a seat of a class; a unit puts its own people in the order in which they are to go."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.access import writable_by
from cadres.places import names_answering
from cadres.posts import POST_TOLD, with_post_on
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from courses.access import SEND, VIEW, enrolments_visible_to, sends_own
from courses.class_pages import class_of, refusals
from courses.enrolment.waiting import put_in_turn, waiting_in_turn

FIRST, UP, DOWN = "dau", "len", "xuong"  # the buttons, each with the key of an enrolment


@permission_needed(VIEW)
def class_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    """The waiting list as far as the account sees it, who is next first; a POST moves one of the own people."""
    training_class, user = class_of(request, pk), account(request)
    turn = waiting_in_turn(training_class)
    may_order = sends_own(user)
    if request.method == "POST":
        if not may_order:
            raise PermissionDenied("Thứ tự trong danh sách chờ do đơn vị sắp cho người của mình.")
        mine = writable_by(training_class.enrolments.all(), user, SEND, official="official")
        own = set(mine.filter(pk__in=[enrolment.pk for enrolment in turn]).values_list("pk", flat=True))
        try:
            put_in_turn(training_class, _moved(request, [one for one in turn if one.pk in own]), by=user)
            messages.success(request, "Đã sắp lại danh sách chờ của đơn vị.")
        except ValidationError as refusal:
            refusals(request, refusal)
        return redirect("courses:class-waiting", pk)
    seen = enrolments_visible_to(user).filter(pk__in=[enrolment.pk for enrolment in turn])
    told = with_post_on(seen, training_class.start_date).annotate(**POST_TOLD).select_related("official")
    people = {enrolment.pk: enrolment for enrolment in told}
    units = names_answering(training_class.start_date)
    rows, of_unit = [], dict.fromkeys((one.district_id for one in turn), 0)
    for place, one in enumerate(turn, 1):
        of_unit[one.district_id] += 1
        if one.pk in people:
            unit = units.get(one.district_id, "")
            rows.append({"person": people[one.pk], "place": place, "own": of_unit[one.district_id], "unit": unit})
    return render(
        request,
        "courses/enrolment/class_waiting.html",
        {
            "title": f"Danh sách chờ: {training_class.programme}",
            "training_class": training_class,
            "rows": rows,
            "others": len(turn) - len(rows),
            "may_order": may_order and len(rows) > 1,
        },
    )


def _moved(request: HttpRequest, own: list[Any]) -> list[int]:
    """The keys of the own people in the order that a button asks for: one of them before or behind the next of the
    same unit, or first of it."""
    button = next((name for name in (FIRST, UP, DOWN) if name in request.POST), "")
    keys = {enrolment.pk: enrolment for enrolment in own}
    key = key_of(request.POST.get(button, ""))
    if key not in keys:
        raise BadRequest("Người này không còn ở danh sách chờ của đơn vị. Hãy tải lại trang.")
    unit = [one.pk for one in own if one.district_id == keys[key].district_id]
    place = unit.index(key)
    unit.pop(place)
    unit.insert({FIRST: 0, UP: max(place - 1, 0), DOWN: place + 1}[button], key)
    return unit
