"""What a district registers in a campaign: the needs computed, ticked with a priority; others by search; handing in.

All of it on the day on which one acts: needs of another day would be refused, and so would a deadline that has passed.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cadres.evaluation import posts_on
from cadres.models import Official
from cadres.search import people_found
from cadres.web.addresses import dated
from cadres.web.day import acting_day, criterion_of
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of, ticked
from courses.class_pages import change
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import own_appointments, register_computed, register_needs, submit, unregister, why_closed
from courses.needs.forms import OtherNeedForm, SubmitForm
from courses.needs.views.campaigns import TAGS, State, page_of, submission_of
from courses.needs.views.selection import NeedSelectionOfDistrict

PART = "muc"
COMPUTED, REGISTERED, OTHER = "tinh-duoc", "da-dang-ky", "them"
PARTS = {COMPUTED: "Nhu cầu tính được", REGISTERED: "Đã đăng ký", OTHER: "Thêm người khác"}
MOST_FOUND = 20
Priority = RegisteredNeed.Priority


@permission_needed("courses.view_registeredneed")
@require_safe
def submission(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    return _page(request, submission_of(request, campaign_pk, submission_pk))


def _page(request: HttpRequest, row: Any, other: OtherNeedForm | None = None) -> HttpResponse:
    part = OTHER if other else request.GET.get(PART, COMPUTED)
    if part not in PARTS:
        raise BadRequest(f"Trang này không có mục “{part}”.")
    closed = why_closed(row, acting_day(request))
    counted = row.needs.aggregate(needs=Count("pk"), people=Count("official", distinct=True))
    context: dict[str, Any] = {
        "title": f"Đăng ký nhu cầu: {row.district_name}",
        "submission": row,
        "campaign": row.campaign,
        "tag": TAGS.get(State(row.state), ""),
        "part": part,
        "parts": PARTS,
        "registered": counted["needs"],
        "people": counted["people"],
        "closed": closed,
        "day": acting_day(request),
        "may_write": not closed and request.user.has_perm("courses.add_registeredneed"),
        "days_left": (row.deadline - acting_day(request)).days,
        "priorities": Priority.choices,
        "dated": dated(request),
    }
    fill = {COMPUTED: _computed, REGISTERED: _registered, OTHER: _other}[part]
    return render(request, "courses/needs/submission.html", context | fill(request, row, other))


def _computed(request: HttpRequest, row: DistrictSubmission, other: OtherNeedForm | None) -> dict[str, Any]:
    """The computed needs of the district's people, most urgent first, with what is registered of them."""
    user, day, criterion = account(request), acting_day(request), criterion_of(request)
    selection = NeedSelectionOfDistrict(request.GET, user=user, day=day, criterion=criterion)
    appointments = selection.appointments().filter(pk__in=own_appointments(row, day, user).values("pk"))
    page, posts = selection.page(selection.posts(appointments))
    registered = {
        (need.official_id, need.programme_id): need
        for need in row.needs.filter(official__in=[post.official_id for post, _ in posts]).select_related("programme")
    }
    rows = []
    for post, needs in posts:
        lines = []
        for need in needs:
            there = next(
                (registered[key] for item in need.programmes if (key := (need.official_id, item.pk)) in registered),
                None,
            )
            lines.append((need, there, f"{need.official_id}-{need.dimension.code}"))
        rows.append((post, lines))
    return {"selection": selection, "page": page, "rows": rows}


def _registered(request: HttpRequest, row: DistrictSubmission, other: OtherNeedForm | None) -> dict[str, Any]:
    needs = row.needs.select_related("official", "programme").order_by("priority", "official__name_order", "pk")
    page = shown_page(request, needs)
    day = acting_day(request)
    posts: Any = posts_on(
        day, own_appointments(row, day, None).filter(official__in=[need.official_id for need in page.object_list])
    )
    posts_of = {post.official_id: post for post in posts.select_related("position")}
    return {"page": page, "rows": [(need, posts_of.get(need.official_id)) for need in page.object_list]}


def _other(request: HttpRequest, row: DistrictSubmission, other: OtherNeedForm | None) -> dict[str, Any]:
    """People of the district found by name or number, and the form for the one chosen."""
    user, day = account(request), acting_day(request)
    text = request.GET.get("tim", "").strip()
    own = own_appointments(row, day, user)
    found: list[Any] = []
    if text:
        posts: Any = posts_on(day, people_found(own, text)).select_related("official", "position")
        found = list(posts.order_by("official__name_order", "official_id")[: MOST_FOUND + 1])
    chosen = key_of(other["official"].value() if other else request.GET.get("nguoi"))
    who: Any = posts_on(day, own.filter(official=chosen)).select_related("official", "position").first()
    return {
        "text": text,
        "found": found[:MOST_FOUND],
        "has_more": len(found) > MOST_FOUND,
        "who": who,
        "form": other or OtherNeedForm(initial={"official": chosen}),
    }


@permission_needed("courses.add_registeredneed")
@require_POST
def submission_register(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Register the computed needs that were ticked, or all of the district (`tat_ca`)."""
    row = submission_of(request, campaign_pk, submission_pk)
    chosen: list[tuple[int, int, int]] | None = None
    if "tat_ca" not in request.POST:
        chosen = [
            (
                key_of(need.partition("-")[0]) or 0,  # 0: nobody, refused with the others
                key_of(request.POST.get(f"ct-{need}")) or 0,
                _priority(request.POST.get(f"ut-{need}")),
            )
            for need in request.POST.getlist("can")
        ]
        if not chosen:
            messages.warning(request, "Chưa chọn ai. Hãy đánh dấu những nhu cầu cần đăng ký.")
            return _back(request, row, COMPUTED)
    try:
        written = register_computed(
            row, chosen, day=acting_day(request), criterion=criterion_of(request), by=account(request)
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Đã đăng ký {len(written)} nhu cầu.")
    return _back(request, row, COMPUTED)


@permission_needed("courses.add_registeredneed")
@require_POST
def submission_add(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Register one person for one programme, whatever the verdicts say."""
    row = submission_of(request, campaign_pk, submission_pk)
    form = OtherNeedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    day, wanted = acting_day(request), form.cleaned_data
    who = Official.objects.filter(
        pk=wanted["official"], appointments__in=own_appointments(row, day, account(request))
    ).first()
    try:
        if who is None:
            raise ValidationError({"official": "Không có người này trong huyện. Hãy tìm lại."})
        entry = (who, wanted["programme"], wanted["priority"], wanted["reason"])
        register_needs(row, [entry], day=day, by=account(request))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, row, form)
    messages.success(request, f"{who}: đã đăng ký {wanted['programme']}.")
    return _back(request, row, REGISTERED)


@permission_needed("courses.delete_registeredneed")
@require_POST
def submission_remove(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    row = submission_of(request, campaign_pk, submission_pk)
    try:
        removed = unregister(row, ticked(request, "bo"), day=acting_day(request), by=account(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if removed:
            messages.success(request, f"Đã bỏ {removed} nhu cầu khỏi bản đăng ký.")
        else:
            messages.warning(request, "Chưa chọn dòng nào để bỏ.")
    return _back(request, row, REGISTERED)


@permission_needed("courses.change_registeredneed")
def submission_submit(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Look once more, and hand in."""
    row = submission_of(request, campaign_pk, submission_pk)
    needs = row.needs.count()
    form = SubmitForm(request.POST or None)
    if needs:
        del form.fields["is_empty"]

    def write() -> str:
        submit(row, day=acting_day(request), is_empty=form.cleaned_data.get("is_empty", False), by=account(request))
        return "Đã gửi bản đăng ký lên Sở Nội vụ."

    return change(
        request,
        form,
        write,
        training_class=None,
        title=f"Gửi bản đăng ký: {row.district_name}",
        action="Gửi Sở Nội vụ",
        back=page_of(row) + dated(request),
        lead=f"{row.campaign}: {needs} nhu cầu đã đăng ký. Sau khi gửi, huyện không sửa được nữa trừ khi Sở trả lại.",
    )


def _priority(text: str | None) -> int:
    return Priority(key) if (key := key_of(text)) in Priority.values else Priority.NORMAL


def _back(request: HttpRequest, row: DistrictSubmission, part: str) -> HttpResponse:
    return redirect(f"{page_of(row)}{dated(request)}&{PART}={part}")
