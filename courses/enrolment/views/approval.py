"""From a nomination to the decision that sends: Sở Nội vụ approves, turns down, decides; and the way out of a class."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cadres.access import fetch_or_404, writable_by
from cadres.kept_plans import planned_once
from cadres.models import Appointment
from cadres.text import first_named
from cadres.two_persons import goes_alone
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.lists import FILE, Column, Columns
from cadres.web.permissions import account, permission_needed
from cadres.web.ticks import Way
from courses.access import enrolments_visible_to
from courses.class_pages import change, class_of, page_of, refusals
from courses.enrolment.candidates import Candidates, objections
from courses.enrolment.forms import DecisionForm, WithdrawForm
from courses.enrolment.nomination import DECIDE, approved_by, decide, give_reserve, withdraw
from courses.enrolment.rules import Severity
from courses.enrolment.views.approving import APPROVE, REJECT, ticks_of
from courses.enrolment.views.nominating import moved_up_told
from courses.enrolment.waiting import waiting_in_turn
from courses.models import Enrolment, TrainingClass
from courses.seats import seats_of

State = Enrolment.State
REASON = "ly_do"
APPROVE_ALL = "du_dieu_kien"


def _place_order(post: Any) -> tuple[Any, ...]:
    """By position, then district and commune; who holds no post any more comes last."""
    return (post is None, *((post.position.order, post.district_code or "", post.commune_code) if post else ()))


def _severity_order(row: dict[str, Any]) -> tuple[bool, int, int]:
    """Those against whom nothing stands first, then warnings, then bars."""
    severities = [item.rule.severity for item, _ in row["objections"]]
    return row["post"] is None, severities.count(Severity.BAR), severities.count(Severity.WARNING)


def _standing_told(row: dict[str, Any]) -> str:
    if row["post"] is None:
        return "Không còn giữ chức danh"
    return "; ".join(item.rule.label for item, _ in row["objections"]) or "Đủ điều kiện"


COLUMNS = (
    Column(
        "ten",
        "Họ và tên",
        key=lambda row: row["enrolment"].official.name_order,
        cell=lambda row: row["enrolment"].official.full_name,
    ),
    Column("chuc_danh", "Chức danh, đơn vị", key=lambda row: _place_order(row["post"])),
    Column("", "Chức danh", is_shown=False, cell=lambda row: str(row["post"].position) if row["post"] else ""),
    Column("", "Đơn vị", is_shown=False, cell=lambda row: row["post"].commune_name if row["post"] else ""),
    Column("", "Đơn vị cấp trên", is_shown=False, cell=lambda row: row["post"].district_name if row["post"] else ""),
    Column("", "Vì sao cần", is_shown=False, cell=lambda row: row["why"]),
    Column("dieu_kien", "Điều kiện", key=_severity_order, cell=_standing_told),
)


@permission_needed("courses.approve_enrolment")
@planned_once()
def class_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Nominations to approve with what stands against them, the waiting list, and those approved already."""
    training_class = class_of(request, pk)
    lists, columns = _by_state(request, training_class), Columns(request, COLUMNS)
    nominated = columns.in_order(lists["nominated"])
    eligible = [row["enrolment"].pk for row in nominated if _is_eligible(row)]
    ticks = ticks_of(request, training_class)
    if request.method == "POST":
        page_of_act = reverse("courses:enrolments-decide", args=[pk])
        approving, rejecting = (page_of_act + kept(request, viec=what) for what in (APPROVE, REJECT))
        return ticks.answer(
            everything=lambda: [row["enrolment"].pk for row in nominated],
            acts={APPROVE: Way(approving), APPROVE_ALL: Way(approving, lambda: eligible), REJECT: Way(rejecting)},
        )
    if FILE in request.GET:
        title = f"ĐỀ NGHỊ CỬ ĐI HỌC, CHỜ DUYỆT: {training_class.programme}"
        notes = [f"Lớp {training_class.code}; điều kiện xét vào ngày {acting_day(request):%d/%m/%Y}."]
        return columns.file(request, nominated, title=title, notes=notes, stem=f"cho-duyet-{training_class.pk}")
    ticks.show(row["enrolment"].pk for row in nominated)
    return render(
        request,
        "courses/enrolment/class_approve.html",
        {
            "title": f"Duyệt danh sách: {training_class.programme}",
            "training_class": training_class,
            "seats": seats_of(training_class),
            **lists,
            "nominated": nominated,
            "heads": columns.heads(),
            "ticks": ticks,
            "eligible": len(eligible),
            "dated": kept(request),
        },
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
    scope = Appointment.objects.filter(official__pk__among=[enrolment.official_id for enrolment in enrolments])
    candidates = Candidates.of(training_class, acting_day(request), criterion=criterion_of(request), appointments=scope)
    posts = {post.official_id: post for post in candidates.posts().select_related("position")}
    turn = {enrolment.pk: place for place, enrolment in enumerate(waiting_in_turn(training_class), 1)}
    enrolments.sort(key=lambda enrolment: turn.get(enrolment.pk, 0))
    against = objections(posts.values(), candidates.terms)
    lists: dict[str, list[dict[str, Any]]] = {"nominated": [], "waiting": [], "approved": []}
    for enrolment in enrolments:
        post = posts.get(enrolment.official_id)
        standing = against.get(enrolment.official_id, [])
        waived = {waiver.rule: waiver.reason for waiver in enrolment.waivers.all()}
        lists[enrolment.state].append(
            {
                "enrolment": enrolment,
                "post": post,
                "why": _why(post) if post else "",
                "objections": [(item, waived.get(item.rule.code, "")) for item in standing],
            }
        )
    return lists


def _why(post: Any) -> str:
    """What the class is to somebody nominated: whether it is needed, registered, and makes compliant."""
    said = [
        "học xong đạt chuẩn"
        if post.would_comply
        else "cần lớp này"
        if post.is_needed
        else "chuẩn chức danh không cần lớp này"
    ]
    return "; ".join([*said, *(["đơn vị đã đăng ký"] if post.is_registered else [])])


@permission_needed("courses.approve_enrolment")
@require_POST
def enrolment_reserve(request: HttpRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Give somebody who waits a seat of the reserve."""
    training_class, user = class_of(request, pk), account(request)
    own = writable_by(training_class.enrolments.all(), user, "courses.approve_enrolment", official="official")
    enrolment = fetch_or_404(own, user, pk=enrolment_pk)
    try:
        give_reserve(enrolment, reason=request.POST.get(REASON, ""), by=user)
        messages.success(request, f"{enrolment.official} đã có chỗ dự phòng, chờ duyệt.")
    except ValidationError as refusal:
        refusals(request, refusal)
    return redirect(reverse("courses:class-approve", args=[pk]) + kept(request))


@permission_needed(DECIDE)
def class_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision sends everybody approved."""
    training_class = class_of(request, pk)
    alone = goes_alone(account(request), DECIDE, approved_by(training_class))
    form = DecisionForm(request.POST or None, initial={"signed_on": acting_day(request)}, is_alone=alone)
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
        writable_by(training_class.enrolments.select_related("official"), user, official="official"),
        user,
        pk=enrolment_pk,
    )
    if enrolment.state in (State.DECIDED, State.ATTENDING) and not user.has_perm("courses.approve_enrolment"):
        raise PermissionDenied("Người đã có quyết định cử đi học chỉ do Sở Nội vụ rút. Hãy báo cho Sở Nội vụ.")
    form = WithdrawForm(request.POST or None, initial={"on": acting_day(request)})

    def write() -> str:
        moved = withdraw(enrolment, **form.cleaned_data, by=user)
        return f"Đã rút {enrolment.official} khỏi lớp.{moved_up_told(request, moved)}"

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=f"Rút khỏi lớp: {enrolment.official}",
        lead="Chỗ trống được dành cho người đầu danh sách chờ của đơn vị. Nếu cần, có thể cử lại người này sau.",
        action="Rút khỏi lớp",
        back=page_of(training_class),
    )
