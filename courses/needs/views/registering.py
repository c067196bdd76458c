"""The pages on which a district registers the needs it has ticked, or takes registered ones out: one act each."""

from collections.abc import Callable, Sized
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cadres.access import writable_by
from cadres.models import Appointment, Official
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.ticks import Ticks
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import lock_submission, own_appointments, register_computed, unregister, why_closed
from courses.needs.computed import Need, closing_programmes, lacking_posts, needs_of
from courses.needs.views.campaigns import page_of, submission_of

Priority = RegisteredNeed.Priority
PROGRAMME, PRIORITY = "ct", "ut"  # what is chosen beside a tick: ct-OFFICIAL-DIMENSION


def ticked_needs(request: HttpRequest, row: DistrictSubmission) -> Ticks:
    """The computed needs ticked, OFFICIAL-DIMENSION, with the programme and the priority chosen beside."""
    return Ticks(request, f"submission-computed-{row.pk}", fields=(PROGRAMME, PRIORITY))


def ticked_registered(request: HttpRequest, row: DistrictSubmission) -> Ticks:
    """The registered needs ticked: their keys."""
    return Ticks(request, f"submission-registered-{row.pk}")


def need_key(need: Need) -> str:
    return f"{need.official_id}-{need.dimension.code}"


def chosen_programme(need: Need, ticks: Ticks) -> Any:
    """The programme chosen beside the tick of a need, else the best; None where no programme closes it."""
    asked = key_of(ticks.beside.get(need_key(need), {}).get(PROGRAMME))
    return next((programme for programme in need.programmes if programme.pk == asked), need.programme)


def chosen_priority(need: Need, ticks: Ticks) -> Priority:
    """The priority chosen beside the tick of a need; else urgent where the programme makes the person compliant."""
    asked = key_of(ticks.beside.get(need_key(need), {}).get(PRIORITY))
    return Priority(asked) if asked in Priority.values else Priority.URGENT if need.closes_all else Priority.NORMAL


def page_of_act(
    request: HttpRequest, row: DistrictSubmission, ask: Callable[..., HttpResponse], **page: Any
) -> HttpResponse:
    """The page of an act on a submission; where nothing may be written into it, back to the list with the reason."""
    back = page_of(row) + kept(request)
    if closed := why_closed(row, acting_day(request)):
        messages.error(request, closed)
        return redirect(back)
    return ask(request, lock=lambda: lock_submission(row), back=back, what="nhu cầu", **page)


def page_of_registering(
    request: HttpRequest,
    row: Any,
    ticks: Ticks,
    *,
    found: Callable[[QuerySet[Appointment]], dict[str, Any]],
    line: Callable[[Any], Line],
    write: Callable[[list[Any]], Sized],
    title: str,
) -> HttpResponse:
    """What registering the needs ticked will do; a POST registers them. Whoever needs it no more is said.

    `found`: the needs of the holders of these posts now, by the key of their tick; `line`: what becomes of one of them;
    `write`: registers those of which something becomes.
    """
    day = acting_day(request)

    def plan() -> Plan:
        officials = {key_of(key.partition("-")[0]) for key in ticks.keys} - {None}
        own = own_appointments(row, day, account(request)).filter(official__in=officials)
        needs = found(own)
        people = Official.objects.in_bulk(own.values_list("official", flat=True))
        lines = []
        for key in ticks.keys:
            if key in needs:
                lines.append(line(needs[key]))
            elif official := people.get(key_of(key.partition("-")[0]) or 0):
                lines.append(Line(key, str(official), why_not="Không còn là nhu cầu: hồ sơ vừa thay đổi"))
        return Plan(lines, of=needs)

    def register(shown: Plan, _: Any) -> str:
        written = write([shown.of[str(one.key)] for one in shown.done])
        ticks.clear()
        return f"Đã đăng ký {len(written)} nhu cầu."

    return page_of_act(
        request,
        row,
        lambda request, **page: act(request, plan, register, **page),
        title=f"{title}: {row.district_name}",
        verb="Đăng ký",
    )


@permission_needed("courses.add_registeredneed")
def submission_register(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """What registering the computed needs ticked will do; a POST registers them."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.add_registeredneed")
    ticks, day, criterion = ticked_needs(request, row), acting_day(request), criterion_of(request)

    def found(own: QuerySet[Appointment]) -> dict[str, tuple[Need, bool]]:
        """The needs, each with whether it is registered."""
        closing = closing_programmes(day, criterion=criterion)
        posts: Any = lacking_posts(
            day, criterion=criterion, appointments=own, rulebook=closing.rulebook, finished=closing.finished
        ).select_related("official", "position")
        there = set(row.needs.filter(official__in=own.values("official")).values_list("official", "programme"))
        return {
            need_key(need): (need, bool(there & {(need.official_id, item.pk) for item in need.programmes}))
            for need in needs_of(posts, closing)
        }

    def write(chosen: list[tuple[Need, bool]]) -> Sized:
        entries = [
            (need.official_id, chosen_programme(need, ticks).pk, int(chosen_priority(need, ticks)))
            for need, _ in chosen
        ]
        return register_computed(row, entries, day=day, criterion=criterion, by=account(request))

    return page_of_registering(
        request,
        row,
        ticks,
        found=found,
        line=lambda one: _line(one[0], one[1], ticks),
        write=write,
        title="Đăng ký nhu cầu",
    )


def _line(need: Need, is_there: bool, ticks: Ticks) -> Line:
    post, programme, key = need.post, chosen_programme(need, ticks), need_key(need)
    name, place = str(post.official), f"{post.position} · {post.commune_name}"
    if programme is None:
        return Line(key, name, place, why_not=f"{need.reason}: chưa có chương trình nào bù được")
    if is_there:
        return Line(key, name, place, why_not=f"{need.reason}: đã đăng ký")
    return Line(key, name, place, f"{programme}, {chosen_priority(need, ticks).label.lower()} ({need.reason})")


def _taken_out(need: RegisteredNeed, *, is_own: bool) -> Line:
    if is_own:
        return Line(need.pk, str(need.official), outcome=f"Bỏ {need.programme}")
    return Line(need.pk, str(need.official), why_not="Đã chuyển sang đơn vị khác: hãy đề nghị Sở Nội vụ bỏ")


@permission_needed("courses.delete_registeredneed")
def submission_remove(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Which registered needs taking out those ticked will drop; a POST drops them."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.delete_registeredneed")
    ticks, user = ticked_registered(request, row), account(request)

    def plan() -> Plan:
        chosen = row.needs.filter(pk__in=ticks.numbers)
        own = set(
            writable_by(chosen, user, "courses.delete_registeredneed", official="official").values_list("pk", flat=True)
        )
        needs = chosen.select_related("official", "programme").order_by("official__name_order", "pk")
        return Plan([_taken_out(need, is_own=need.pk in own) for need in needs])

    def write(shown: Plan, _: Any) -> str:
        removed = unregister(row, [int(str(line.key)) for line in shown.done], day=acting_day(request), by=user)
        ticks.clear()
        return f"Đã bỏ {removed} nhu cầu khỏi bản đăng ký."

    return page_of_act(
        request,
        row,
        lambda request, **page: act(request, plan, write, **page),
        title=f"Bỏ khỏi bản đăng ký: {row.district_name}",
        verb="Bỏ",
    )
