"""From a nomination to the decision that sends: Sở Nội vụ approves, turns down, decides; and the way out of a class."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.access import fetch_or_404
from cadres.models import Appointment
from cadres.text import first_named
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of, ticked
from courses.access import enrolments_visible_to
from courses.class_pages import change, class_of, page_of, refusals
from courses.enrolment.candidates import Candidates, objections
from courses.enrolment.forms import DecisionForm, WithdrawForm
from courses.enrolment.nomination import approve, decide, give_reserve, reject, withdraw
from courses.models import Enrolment, TrainingClass
from courses.seats import seats_of

State = Enrolment.State
TICKED, REASON = "luot", "ly_do"


@permission_needed("courses.approve_enrolment")
@require_safe
def class_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Nominations to approve with what stands against them, the waiting list, and those approved already."""
    return _approval_page(request, class_of(request, pk))


def _approval_page(request: HttpRequest, training_class: TrainingClass, *, is_refused: bool = False) -> HttpResponse:
    """The page; after a refusal with the ticks and reasons that were sent, so that nothing is typed twice."""
    lists = _by_state(request, training_class)
    return render(
        request,
        "courses/enrolment/class_approve.html",
        {
            "title": f"Duyệt danh sách: {training_class.programme}",
            "training_class": training_class,
            "seats": seats_of(training_class),
            **lists,
            "eligible": sum(_is_eligible(row) for row in lists["nominated"]),
            "rejection": request.POST.get(REASON, ""),
            "dated": kept(request),
        },
        status=400 if is_refused else 200,
    )


def _is_eligible(row: dict[str, Any]) -> bool:
    """Whether nothing at all stands against somebody of the page."""
    return row["post"] is not None and not row["objections"]


def _by_state(request: HttpRequest, training_class: TrainingClass) -> dict[str, list[dict[str, Any]]]:
    """The enrolments of each list of the page, each with the person's post and what stands against it."""
    enrolments = list(
        enrolments_visible_to(account(request))
        .filter(training_class=training_class, state__in=(State.NOMINATED, State.WAITING, State.APPROVED))
        .select_related("official")
        .prefetch_related("waivers")
        .order_by("queued_at", "pk")
    )
    chosen, typed = set(ticked(request, TICKED)), _waivers(request)
    scope = Appointment.objects.filter(official__in=[enrolment.official_id for enrolment in enrolments])
    candidates = Candidates.of(training_class, acting_day(request), criterion=criterion_of(request), appointments=scope)
    posts = {post.official_id: post for post in candidates.posts().select_related("position")}
    lists: dict[str, list[dict[str, Any]]] = {"nominated": [], "waiting": [], "approved": []}
    for enrolment in enrolments:
        post = posts.get(enrolment.official_id)
        standing = objections(post, candidates.terms) if post else []
        waived = {waiver.rule: waiver.reason for waiver in enrolment.waivers.all()}
        lists[enrolment.state].append(
            {
                "enrolment": enrolment,
                "post": post,
                "is_ticked": enrolment.pk in chosen,
                "objections": [
                    (item, waived.get(item.rule.code, ""), typed.get(enrolment.pk, {}).get(item.rule.code, ""))
                    for item in standing
                ],
            }
        )
    return lists


@permission_needed("courses.approve_enrolment")
@require_POST
def enrolments_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or turn down the nominations ticked, or approve all against whom nothing stands.

    Reasons for warnings come as `ly_do-ENROLMENT-RULE`.
    """
    training_class, user = class_of(request, pk), account(request)
    if "du_dieu_kien" in request.POST:
        nominated = _by_state(request, training_class)["nominated"]
        chosen = [row["enrolment"] for row in nominated if _is_eligible(row)]
    else:
        chosen = list(enrolments_visible_to(user).filter(training_class=training_class, pk__in=ticked(request, TICKED)))
    if not chosen:
        messages.error(request, "Chưa chọn ai. Hãy đánh dấu những người cần duyệt rồi bấm lại.")
        return _approval_page(request, training_class, is_refused=True)
    try:
        if "khong_duyet" in request.POST:
            done = reject(training_class, chosen, reason=request.POST.get(REASON, ""), by=user)
            messages.success(request, f"Đã ghi không duyệt {done} người; chỗ trống dành cho danh sách chờ.")
        else:
            done = approve(
                training_class,
                chosen,
                day=acting_day(request),
                criterion=criterion_of(request),
                by=user,
                waivers=_waivers(request),
            )
            messages.success(request, f"Đã duyệt {done} người. Việc tiếp theo: ra quyết định cử đi học.")
    except ValidationError as refusal:
        refusals(request, refusal)
        return _approval_page(request, training_class, is_refused=True)
    return redirect(reverse("courses:class-approve", args=[pk]) + kept(request))


def _waivers(request: HttpRequest) -> dict[int, dict[str, str]]:
    """Enrolment → rule → reason, as the page posts them."""
    reasons: dict[int, dict[str, str]] = {}
    for name, reason in request.POST.items():
        prefix, _, rest = name.partition("-")
        key, _, rule = rest.partition("-")
        enrolment = key_of(key)
        if prefix == REASON and enrolment and rule and str(reason).strip():
            reasons.setdefault(enrolment, {})[rule] = str(reason)
    return reasons


@permission_needed("courses.approve_enrolment")
@require_POST
def enrolment_reserve(request: HttpRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Give somebody who waits a seat of the reserve."""
    training_class, user = class_of(request, pk), account(request)
    enrolment = fetch_or_404(enrolments_visible_to(user).filter(training_class=training_class), user, pk=enrolment_pk)
    try:
        give_reserve(enrolment, reason=request.POST.get(REASON, ""), by=user)
        messages.success(request, f"{enrolment.official} đã có chỗ dự phòng, chờ duyệt.")
    except ValidationError as refusal:
        refusals(request, refusal)
    return redirect(reverse("courses:class-approve", args=[pk]) + kept(request))


@permission_needed("courses.approve_enrolment")
def class_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision sends everybody approved."""
    training_class = class_of(request, pk)
    form = DecisionForm(request.POST or None, initial={"signed_on": acting_day(request)})
    approved = [
        enrolment.official
        for enrolment in training_class.enrolments.filter(state=State.APPROVED).select_related("official")
    ]

    def write() -> str:
        decision = decide(training_class, **form.cleaned_data, by=account(request))
        return f"Quyết định số {decision.number} cử {len(approved)} người đi học."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=f"Ra quyết định cử đi học: {training_class.programme}",
        lead=f"{len(approved)} người đã duyệt được cử theo quyết định này: {first_named(approved)}."
        if approved
        else "Chưa có ai được duyệt; hãy duyệt danh sách trước.",
        action=f"Cử {len(approved)} người",
        back=page_of(training_class),
        is_final=True,
    )


@permission_needed("courses.change_enrolment")
def enrolment_withdraw(request: HttpRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Take somebody out: a district its own people until they are sent, the province until there is a result."""
    training_class, user = class_of(request, pk), account(request)
    enrolment = fetch_or_404(
        enrolments_visible_to(user).filter(training_class=training_class).select_related("official"),
        user,
        pk=enrolment_pk,
    )
    if enrolment.state in (State.DECIDED, State.ATTENDING) and not user.has_perm("courses.approve_enrolment"):
        raise PermissionDenied("Người đã có quyết định cử đi học chỉ do Sở Nội vụ rút. Hãy báo cho Sở Nội vụ.")
    form = WithdrawForm(request.POST or None, initial={"on": acting_day(request)})

    def write() -> str:
        withdraw(enrolment, **form.cleaned_data, by=user)
        return f"Đã rút {enrolment.official} khỏi lớp."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=f"Rút khỏi lớp: {enrolment.official}",
        lead="Chỗ trống được dành cho người đầu danh sách chờ của huyện. Nếu cần, có thể cử lại người này sau.",
        action="Rút khỏi lớp",
        back=page_of(training_class),
    )
