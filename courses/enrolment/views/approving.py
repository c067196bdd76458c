"""The page of approving or turning down those ticked: what it will do, to whom, who is left out and why; asked once."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cadres.access import writable_by
from cadres.two_persons import goes_alone
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.permissions import account, permission_needed
from cadres.web.ticks import Ticks
from courses.class_pages import class_of
from courses.enrolment.forms import RejectForm, WaiverForm
from courses.enrolment.nomination import DECIDE, REJECTABLE, Reviewed, approve, reject, review
from courses.enrolment.views.nominating import effect_on_rate, moved_up_told
from courses.models import Enrolment, TrainingClass
from courses.seats import lock_class

APPROVE, REJECT = "duyet", "khong_duyet"


def ticks_of(request: HttpRequest, training_class: TrainingClass) -> Ticks:
    """Which nominations for the class are ticked: keys of enrolments."""
    return Ticks(request, f"class-approve-{training_class.pk}")


@permission_needed("courses.approve_enrolment")
def enrolments_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What approving, or turning down (`?viec=khong_duyet`), the nominations ticked will do; a POST does it."""
    training_class = class_of(request, pk)
    what = request.GET.get("viec", APPROVE)
    if what not in (APPROVE, REJECT):
        raise BadRequest("Danh sách chờ duyệt không có việc đó. Hãy quay lại danh sách.")
    deed = _rejecting if what == REJECT else _approving
    return deed(
        request,
        training_class,
        ticks_of(request, training_class),
        back=reverse("courses:class-approve", args=[pk]) + kept(request, viec=None),
        lock=lambda: lock_class(training_class),
        template="courses/class_act.html",
    )


def _chosen(request: HttpRequest, training_class: TrainingClass, ticks: Ticks) -> QuerySet[Enrolment]:
    chosen = training_class.enrolments.filter(pk__in=ticks.numbers)
    return writable_by(chosen, account(request), "courses.approve_enrolment", official="official")


def _approving(request: HttpRequest, training_class: TrainingClass, ticks: Ticks, **page: Any) -> HttpResponse:
    day, criterion = acting_day(request), criterion_of(request)

    def plan() -> Plan:
        chosen = list(_chosen(request, training_class, ticks))
        reviewed = review(training_class, chosen, day=day, criterion=criterion) if chosen else []
        approved = [item.enrolment.official_id for item in reviewed if not item.problems]

        def effect() -> list[str]:
            return effect_on_rate(request, training_class, approved) if approved else []

        return Plan([_line(item) for item in reviewed], effect, of={item.enrolment.pk: item for item in reviewed})

    def form(shown: Plan) -> WaiverForm:
        return WaiverForm(request.POST or None, reviewed=[shown.of[line.key] for line in shown.done])

    def write(shown: Plan, filled: WaiverForm) -> str:
        done = approve(
            training_class,
            [shown.of[line.key].enrolment for line in shown.done],
            day=day,
            criterion=criterion,
            by=account(request),
            waivers=filled.reasons(),
        )
        ticks.clear()
        return f"Đã duyệt {done} người. Việc tiếp theo: ra quyết định cử đi học."

    return act(
        request,
        plan,
        write,
        form=form,
        title=f"Duyệt: {training_class.programme}",
        verb="Duyệt",
        goes_on=_on_to_the_decision(request, training_class),
        training_class=training_class,
        **page,
    )


def _on_to_the_decision(request: HttpRequest, training_class: TrainingClass) -> tuple[str, str] | None:
    """The next step, where whoever approves may take it too: nobody else could (cadres/two_persons.py)."""
    user = account(request)
    if not user.has_perm(DECIDE) or not goes_alone(user, DECIDE, [user.pk]):
        return None
    address = reverse("courses:class-decide", args=[training_class.pk]) + kept(request, viec=None)
    return "rồi ra quyết định", address


def _line(item: Reviewed) -> Line:
    place = f"{item.post.position} · {item.post.commune_name}" if item.post else ""
    return Line(
        item.enrolment.pk,
        str(item.enrolment.official),
        place,
        outcome="; ".join(f"Cảnh báo: {rule.label.lower()}" for rule in item.warnings) or "Được duyệt",
        is_warned=bool(item.warnings),
        why_not="; ".join(item.problems).capitalize() if item.problems else "",
    )


def _rejecting(request: HttpRequest, training_class: TrainingClass, ticks: Ticks, **page: Any) -> HttpResponse:
    def plan() -> Plan:
        chosen = _chosen(request, training_class, ticks).select_related("official").order_by("queued_at", "pk")
        return Plan([_rejected(enrolment) for enrolment in chosen], of={one.pk: one for one in chosen})

    def form(shown: Plan) -> RejectForm:
        return RejectForm(request.POST or None)

    def write(shown: Plan, filled: RejectForm) -> str:
        chosen = [shown.of[line.key] for line in shown.done]
        moved = reject(training_class, chosen, reason=filled.cleaned_data["reason"], by=account(request))
        ticks.clear()
        told = f"Đã ghi không duyệt {len(chosen)} người; chỗ trống dành cho danh sách chờ."
        return told + moved_up_told(request, moved)

    return act(
        request,
        plan,
        write,
        form=form,
        title=f"Không duyệt: {training_class.programme}",
        verb="Không duyệt",
        training_class=training_class,
        **page,
    )


def _rejected(enrolment: Enrolment) -> Line:
    told = enrolment.get_state_display()
    is_open = enrolment.state in REJECTABLE
    return Line(enrolment.pk, str(enrolment.official), why_not="" if is_open else f"{told}, không còn chờ duyệt")
