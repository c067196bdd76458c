"""The page of nominating: who of those ticked will have a seat, who will wait, who cannot go and why; asked once."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cadres.access import appointments_visible_to, writable_by
from cadres.evaluation import Verdict
from cadres.kept_plans import planned_once
from cadres.models import Appointment, Official
from cadres.text import first_named, thousands
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import phan_tram
from cadres.web.ticks import Ticks
from courses.access import SEND, enrolments_visible_to
from courses.class_pages import class_of
from courses.enrolment.candidates import Candidates
from courses.enrolment.nomination import Foreseen, Nomination, foresee, nominate, why_closed
from courses.enrolment.rules import Severity, against
from courses.models import Enrolment, TrainingClass
from courses.seats import lock_class

State = Enrolment.State


def ticks_of(request: HttpRequest, training_class: TrainingClass) -> Ticks:
    """Who is ticked to be nominated for the class: keys of officials."""
    return Ticks(request, f"class-enrol-{training_class.pk}")


@permission_needed("courses.add_enrolment")
@planned_once()
def class_nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """What nominating those ticked will do; a POST nominates them, as one act."""
    training_class, user = class_of(request, pk), account(request)
    day, criterion = acting_day(request), criterion_of(request)
    back = reverse("courses:class-enrol", args=[pk]) + kept(request)
    if not training_class.takes_nominations_on(day):
        messages.error(request, why_closed(training_class, day))
        return redirect(back)
    ticks = ticks_of(request, training_class)

    def plan() -> Plan:
        own = writable_by(Official.objects.filter(pk__in=ticks.numbers), user, SEND).in_bulk()
        people = [own[key] for key in ticks.numbers if key in own]
        foreseen = foresee(training_class, people, day=day, criterion=criterion) if people else []
        lines = [_line(item) for item in foreseen]
        return Plan(lines, lambda: _effect(request, training_class, foreseen), of=foreseen)

    def write(shown: Plan, _: Any) -> str:
        meant = [item for item in shown.of if item.state is not None]
        people = [item.official for item in meant]
        done = nominate(training_class, people, day=day, criterion=criterion, by=user, foreseen=meant)
        ticks.clear()
        tell_nomination(request, done)
        return ""

    return act(
        request,
        plan,
        write,
        lock=lambda: lock_class(training_class),
        title=f"Cử người đi học: {training_class.programme}",
        verb="Cử",
        back=back,
        template="courses/class_act.html",
        training_class=training_class,
    )


def _line(foreseen: Foreseen) -> Line:
    post = foreseen.post
    place = f"{post.position} · {post.commune_name}" if post else ""
    if foreseen.state is None:
        return Line(foreseen.official.pk, str(foreseen.official), place, why_not="; ".join(foreseen.reasons))
    warnings = [rule.label for rule in against(post) if rule.severity == Severity.WARNING]
    seat = "Vào danh sách chờ: hết chỗ hoặc hết chỉ tiêu" if foreseen.state == State.WAITING else "Có chỗ, chờ duyệt"
    outcome = "; ".join([seat, *(f"cảnh báo: {label.lower()}" for label in warnings)])
    is_warned = bool(warnings) or foreseen.state == State.WAITING
    return Line(foreseen.official.pk, str(foreseen.official), place, outcome, is_warned)


def _effect(request: HttpRequest, training_class: TrainingClass, foreseen: list[Foreseen]) -> list[str]:
    """How many find a seat and how many wait, and what becomes of the rate in scope once they have finished."""
    seated = [item.official.pk for item in foreseen if item.state == State.NOMINATED]
    waiting = sum(item.state == State.WAITING for item in foreseen)
    if not seated and not waiting:
        return []
    told = f"{thousands(len(seated))} người có chỗ và chờ Sở Nội vụ duyệt"
    if waiting:
        told += f"; {thousands(waiting)} người vào danh sách chờ, ai được cử trước lên trước"
    return [f"{told}.", *effect_on_rate(request, training_class, seated)]


def effect_on_rate(request: HttpRequest, training_class: TrainingClass, officials: list[int]) -> list[str]:
    """What becomes of the rate in scope once the people (keys) have finished; empty where the class moves no rate."""
    day = acting_day(request)
    scope = appointments_visible_to(account(request), day)
    candidates = Candidates.of(training_class, day, criterion=criterion_of(request), appointments=scope)
    if not candidates.asks_for_it:
        return []
    sent = candidates.posts(Appointment.objects.filter(official__pk__among=officials))
    gained = sent.filter(would_comply=True).count()
    counts: dict[Any, int] = candidates.counts(scope)
    total = sum(counts.values())
    if not gained or not total:
        return ["Học xong, tỷ lệ đạt chuẩn trong phạm vi của tài khoản không đổi."]
    now = counts.get(Verdict.COMPLIANT, 0)
    before, after = (phan_tram(Decimal(number * 100) / total) for number in (now, now + gained))
    return [f"Học xong, {thousands(gained)} người đạt chuẩn: tỷ lệ {before} → {after} %."]


def moved_up_told(request: HttpRequest, moved: list[Enrolment]) -> str:
    """Who got a seat from the waiting list, by name where the account sees them, else by number."""
    if not moved:
        return ""
    seen = enrolments_visible_to(account(request)).filter(pk__in=[enrolment.pk for enrolment in moved])
    people = [enrolment.official for enrolment in seen.select_related("official").order_by("queued_at", "pk")]
    others = len(moved) - len(people)
    named = [first_named(people)] if people else []
    counted = [f"{thousands(others)} người của đơn vị khác"] if others else []
    return f" Lên từ danh sách chờ: {'; '.join(named + counted)}."


def tell_nomination(request: HttpRequest, done: Nomination) -> None:
    """Say what became of the people of a nomination."""
    if done.nominated:
        people = [enrolment.official for enrolment in done.nominated]
        messages.success(request, f"Đã cử {len(people)} người, chờ Sở Nội vụ duyệt: {first_named(people)}.")
    if done.waiting:
        people = [enrolment.official for enrolment in done.waiting]
        messages.warning(
            request,
            f"{len(people)} người vào danh sách chờ vì đã hết chỗ hoặc hết chỉ tiêu của đơn vị: {first_named(people)}. "
            "Khi có chỗ trống, người chờ trước được lên trước; thứ tự người của đơn vị sắp lại được ở Danh sách chờ.",
        )
    for refusal in done.refused:
        messages.error(request, f"Không cử được {refusal.official}: {'; '.join(refusal.reasons)}.")
