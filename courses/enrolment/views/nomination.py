"""People on their way into a class: the officer nominates, the province approves and sends, either withdraws.

Everything is written by courses.enrolment.nomination; here are the lists and the forms.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.access import appointments_visible_to, communes_in_scope, fetch_or_404, visible_to
from cadres.evaluation import DimensionVerdict
from cadres.forms import DayField
from cadres.models import Appointment, Level, Official, Position, User, Zone
from cadres.text import first_named
from cadres.views.selection import people_found
from cadres.web.addresses import kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.paging import page_or_404
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of, ticked
from courses.access import enrolments_visible_to
from courses.class_pages import change, class_of, page_of
from courses.enrolment.candidates import Candidates, most_urgent_first, objections
from courses.enrolment.nomination import (
    Nomination,
    approve,
    decide,
    give_reserve,
    nominate,
    reject,
    why_closed,
    withdraw,
)
from courses.enrolment.rules import Severity
from courses.models import Enrolment, TrainingClass
from courses.seats import Seats, seats_of

State = Enrolment.State
TICKED, REASON = "luot", "ly_do"
CHOSEN = "nguoi"


def _refused(request: HttpRequest, refusal: ValidationError) -> None:
    for message in refusal.messages:
        messages.error(request, message)


# ---------------------------------------------------------------- nominate


class CandidateFilter(forms.Form):
    """The filters above the candidates: what it offers is what the account may see on the day."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    huyen = forms.ChoiceField(label="Huyện", required=False)
    xa = forms.ChoiceField(label="Xã, phường, thị trấn", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    ai = forms.ChoiceField(
        label="Những ai", required=False, choices=[("", "Người cần lớp này"), ("moi", "Mọi người trong phạm vi")]
    )
    du_dieu_kien = forms.BooleanField(label="Chỉ người đủ điều kiện", required=False)

    def __init__(self, *args: Any, user: User, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = communes_in_scope(user, day)
        districts = {row["above_code"]: row["above_name"] for row in communes}
        self.district_keys = {row["above_unit"] for row in communes}
        chosen = self.data.get("huyen")
        by_district = [
            (name, [(row["code"], row["name"]) for row in communes if row["above_code"] == code])
            for code, name in districts.items()
            if chosen in (None, "", code)
        ]
        self._offer("huyen", list(districts.items()))
        self._offer("xa", by_district)
        self._offer("chuc_danh", list(Position.objects.as_of(day).values_list("code", "title")))

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = [("", "Tất cả"), *choices]  # type: ignore[attr-defined]

    def bar(self) -> list[forms.BoundField]:
        """The drop-down lists that offer a choice (an officer of one district needs no list of districts)."""
        offered: dict[str, Any] = {name: self.fields[name] for name in ("huyen", "xa", "chuc_danh", "ai")}
        names = [name for name, field in offered.items() if len(field.choices) > 2 or name == "ai"]
        return [self[name] for name in names]


@permission_needed("courses.view_enrolment")
def class_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the class is for, most urgent first; POST nominates those ticked."""
    training_class, user = class_of(request, pk), account(request)
    day, criterion = acting_day(request), criterion_of(request)
    if not user.has_perm("courses.add_enrolment"):
        raise PermissionDenied("Vai trò của tài khoản này không cử người đi học.")
    if request.method == "POST":
        return _nominate(request, training_class)
    appointments = appointments_visible_to(user)
    candidates = Candidates.of(training_class, day, criterion=criterion, appointments=appointments)
    filters = CandidateFilter(request.GET, user=user, day=day)
    page, shown = _page_of(request, candidates, filters)
    seats = seats_of(training_class)
    return render(
        request,
        "courses/enrolment/class_enrol.html",
        {
            "title": f"Cử người đi học: {training_class.programme}",
            "training_class": training_class,
            "seats": seats,
            "own": None if user.sees_every_unit else _own_seats(seats, filters.district_keys),
            "closed": "" if training_class.takes_nominations_on(day) else why_closed(training_class, day),
            "filters": filters,
            "is_filtered": any(filters[name].value() for name in filters.fields),
            "page": page,
            "rows": shown,
            "dimension": candidates.dimension,
            "counts": candidates.counts(appointments) if candidates.asks_for_it else {},
            "day": day,
        },
    )


def _page_of(
    request: HttpRequest, candidates: Candidates, filters: CandidateFilter
) -> tuple[Any, list[dict[str, Any]]]:
    """The page asked for, and its rows: the post, why the class is needed, what stands against it."""
    if not filters.is_valid():
        field, errors = next(iter(filters.errors.items()))
        raise BadRequest(f"Bộ lọc “{filters.fields[field].label}” trong địa chỉ không dùng được: {errors[0]}")
    wanted = filters.cleaned_data
    posts = candidates.posts()
    if text := wanted.get("q"):
        posts = people_found(posts, text)
    for name, column in (("huyen", "district_code"), ("xa", "commune_code"), ("chuc_danh", "position__code")):
        if wanted.get(name):
            posts = posts.filter(**{column: wanted[name]})
    posts = posts.filter(is_in_class=False) if wanted.get("ai") else candidates.needing(posts)
    if wanted.get("du_dieu_kien"):
        posts = candidates.eligible(posts)
    keys = list(most_urgent_first(posts, candidates).values_list("pk", flat=True))
    page = page_or_404(keys, request.GET.get("trang", "1"))
    shown = candidates.posts(Appointment.objects.filter(pk__in=page.object_list))
    by_key = {post.pk: post for post in shown.select_related("official__ethnic_group", "position")}
    found = [by_key[key] for key in page.object_list]
    levels = {(level.dimension_id, level.rank): level for level in candidates.rulebook.levels}
    rows = []
    for post in found:
        post.zone_label = Zone(post.zone).label if post.zone else ""
        standing = objections(post, candidates.terms)
        rows.append(
            {
                "post": post,
                "held": _level(levels, candidates, post, "held"),
                "required": _level(levels, candidates, post, "required"),
                "lacking": _lacking_besides(candidates, post),
                "objections": standing,
                "is_barred": any(item.rule.severity == Severity.BAR for item in standing),
            }
        )
    return page, rows


def _level(levels: dict[tuple[int, int], Level], candidates: Candidates, post: Any, what: str) -> Level | None:
    """The level of the class's dimension that the post holds or needs."""
    dimension = candidates.dimension
    rank = getattr(post, f"{what}_{dimension.code}", None) if dimension else None
    return levels.get((dimension.pk, rank)) if dimension and rank is not None else None


def _lacking_besides(candidates: Candidates, post: Any) -> list[str]:
    """The other counted dimensions in which the post is short, or of which nothing is on record."""
    short = (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)
    return [
        dimension.name
        for dimension in candidates.closing.counted
        if dimension != candidates.dimension and getattr(post, f"verdict_{dimension.code}", None) in short
    ]


def _own_seats(seats: Seats, districts: Iterable[int]) -> dict[str, int] | None:
    """The quota of the districts (keys), how many of it are taken and left; None where the class has no quotas."""
    if not seats.has_quotas:
        return None
    pairs = [seats.by_district.get(district, (0, 0)) for district in districts]
    return {
        "quota": sum(quota for quota, _ in pairs),
        "taken": sum(taken for _, taken in pairs),
        "left": sum(seats.left_of(district) for district in districts),
    }


def _nominate(request: HttpRequest, training_class: TrainingClass) -> HttpResponse:
    user, keys = account(request), ticked(request, CHOSEN)
    back = redirect(request.path + kept(request))
    in_scope = visible_to(Official.objects.filter(pk__in=keys), user).in_bulk()
    if not in_scope:
        messages.error(request, "Chưa chọn ai. Hãy đánh dấu những người cần cử rồi bấm lại.")
        return back
    try:
        done = nominate(
            training_class,
            [in_scope[key] for key in keys if key in in_scope],
            day=acting_day(request),
            criterion=criterion_of(request),
            by=user,
        )
    except ValidationError as refusal:
        _refused(request, refusal)
        return back
    tell_nomination(request, done)
    return back


def tell_nomination(request: HttpRequest, done: Nomination) -> None:
    if done.nominated:
        people = [enrolment.official for enrolment in done.nominated]
        messages.success(request, f"Đã cử {len(people)} người, chờ Sở Nội vụ duyệt: {first_named(people)}.")
    if done.waiting:
        people = [enrolment.official for enrolment in done.waiting]
        messages.warning(
            request,
            f"{len(people)} người vào danh sách chờ vì đã hết chỗ hoặc hết chỉ tiêu của huyện: {first_named(people)}. "
            "Khi có chỗ trống, người chờ trước được lên trước.",
        )
    for refusal in done.refused:
        messages.error(request, f"Không cử được {refusal.official}: {'; '.join(refusal.reasons)}.")


# ---------------------------------------------------------------- approve


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
        _refused(request, refusal)
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
        _refused(request, refusal)
    return redirect(reverse("courses:class-approve", args=[pk]) + kept(request))


# ---------------------------------------------------------------- decide, withdraw


class DecisionForm(forms.Form):
    """Quyết định cử đi học."""

    number = forms.CharField(label="Số quyết định", max_length=100, help_text="Ví dụ: 125/QĐ-SNV.")
    signed_on = DayField(label="Ngày ký")
    signer = forms.CharField(label="Người ký", max_length=100, required=False)
    signer_post = forms.CharField(label="Chức vụ người ký", max_length=100, required=False)


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


class WithdrawForm(forms.Form):
    """Rút khỏi lớp."""

    reason = forms.ChoiceField(label="Lý do", choices=[("", "---------"), *Enrolment.WithdrawalReason.choices])
    on = DayField(label="Từ ngày")
    note = forms.CharField(label="Giải thích", max_length=200, required=False)


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
