"""What a district registers in a campaign: the needs computed, ticked with a priority; others by search; handing in.

All of it on the day on which one acts: needs of another day would be refused, and so would a deadline that has passed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cadres.evaluation import posts_on
from cadres.models import Official
from cadres.search import people_found
from cadres.text import sort_key
from cadres.web.addresses import dated, kept
from cadres.web.day import acting_day, criterion_of
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.ticks import Ticks, Way
from courses.access import REGISTER, submissions_visible_to
from courses.class_pages import change
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import own_appointments, register_needs, submit, why_closed
from courses.needs.computed import Need
from courses.needs.forms import OtherNeedForm, SubmitForm
from courses.needs.views.campaigns import TAGS, State, page_of, submission_of
from courses.needs.views.registering import (
    chosen_priority,
    chosen_programme,
    need_key,
    ticked_needs,
    ticked_registered,
)
from courses.needs.views.registering_asked import asked_of_unit
from courses.needs.views.selection import NeedSelectionOfDistrict

PART = "muc"
COMPUTED, ASKED, REGISTERED, OTHER = "tinh-duoc", "theo-quy-dinh", "da-dang-ky", "them"
PARTS = {
    COMPUTED: "Nhu cầu tính được",
    ASKED: "Theo chương trình, quy định",
    REGISTERED: "Đã đăng ký",
    OTHER: "Thêm người khác",
}
MOST_FOUND = 20
Priority = RegisteredNeed.Priority


@permission_needed("courses.view_registeredneed")
def submission(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """The answer of a district; POST keeps what is ticked in its lists."""
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
        "may_write": not closed and submissions_visible_to(account(request), REGISTER).filter(pk=row.pk).exists(),
        "days_left": (row.deadline - acting_day(request)).days,
        "priorities": Priority.choices,
        "dated": dated(request),
    }
    if part == OTHER:
        if request.method == "POST" and other is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        return render(request, "courses/needs/submission.html", context | _other(request, row, other))
    lists = {COMPUTED: _computed, ASKED: asked_of_unit, REGISTERED: _registered}
    shown = lists[part](request, row)
    return (
        shown if isinstance(shown, HttpResponse) else render(request, "courses/needs/submission.html", context | shown)
    )


@dataclass(frozen=True)
class NeedRow:
    """A computed need in the list: what is registered of it (`there`), its key, and what is chosen beside its tick."""

    need: Need
    there: RegisteredNeed | None
    key: str
    programme: Any
    priority: RegisteredNeed.Priority

    @property
    def may_be_ticked(self) -> bool:
        return self.there is None and self.programme is not None


def _of_post(tell: Callable[[NeedRow], Any]) -> Callable[[tuple[Any, list[NeedRow]]], Any]:
    """Orders a post by the first of its needs."""
    return lambda row: tell(row[1][0])


# The table has a line for each need below its post, a file a row for each: (post, rows of its needs).
COMPUTED_COLUMNS = (
    Column("ten", "Họ và tên", key=lambda row: row[0].official.name_order, cell=lambda row: row[0].official.full_name),
    Column("", "Chức danh", is_shown=False, cell=lambda row: str(row[0].position)),
    Column("", "Đơn vị", is_shown=False, cell=lambda row: row[0].commune_name),
    Column(
        "con_thieu",
        "Còn thiếu",
        key=_of_post(lambda row: (row.need.dimension.order, row.need.required.rank)),
        cell=lambda row: row[1][0].need.reason,
    ),
    Column(
        "chuong_trinh",
        "Chương trình",
        key=_of_post(lambda row: sort_key(str(row.programme or ""))),
        cell=lambda row: str(row[1][0].programme or "chưa có chương trình"),
    ),
    Column(
        "uu_tien",
        "Ưu tiên",
        key=_of_post(lambda row: (row.there is not None, row.there.priority if row.there else row.priority)),
        cell=lambda row: _priority_told(row[1][0]),
    ),
)
REGISTERED_COLUMNS = (
    Column("ten", "Họ và tên", ["official__name_order"], cell=lambda row: row[0].official.full_name),
    Column("", "Chức danh", is_shown=False, cell=lambda row: str(row[1].position) if row[1] else ""),
    Column("", "Đơn vị", is_shown=False, cell=lambda row: row[1].commune_name if row[1] else ""),
    Column("chuong_trinh", "Chương trình", ["programme__code"], cell=lambda row: str(row[0].programme)),
    Column("uu_tien", "Ưu tiên", ["priority"], cell=lambda row: row[0].get_priority_display()),
    Column("ly_do", "Lý do", ["reason"], cell=lambda row: row[0].reason),
)


def _priority_told(row: NeedRow) -> str:
    return f"Đã đăng ký: {row.there.get_priority_display().lower()}" if row.there else ""


def _computed(request: HttpRequest, row: Any) -> dict[str, Any] | HttpResponse:
    """The computed needs of the district's people, most urgent first, with what is registered of them."""
    user, day, criterion = account(request), acting_day(request), criterion_of(request)
    selection = NeedSelectionOfDistrict(request.GET, user=user, day=day, criterion=criterion)
    columns, ticks = Columns(request, COMPUTED_COLUMNS), ticked_needs(request, row)
    own = own_appointments(row, day, user)
    posts = selection.posts(selection.appointments().filter(pk__in=own.values("pk")))
    if request.method == "POST":
        registering = reverse("courses:submission-register", args=[row.campaign_id, row.pk]) + kept(request)
        return ticks.answer(
            everything=lambda: _keys(selection, row, posts, ticks),
            acts={
                "dang_ky": Way(registering),
                "dang_ky_het": Way(registering, lambda: _keys(selection, row, selection.posts(own), ticks)),
            },
            filters=selection.sent(),
        )
    if FILE in request.GET:
        rows = columns.in_order(_with_registered(row, selection.everybody(posts), ticks))
        return columns.file(
            request,
            [(post, [line]) for post, lines in rows for line in lines],
            title=f"NHU CẦU ĐÀO TẠO, BỒI DƯỠNG: {row.district_name.upper()}",
            notes=[f"{row.campaign}; tính ngày {day:%d/%m/%Y}.", *(text for text, _ in selection.chips())],
            stem=f"nhu-cau-{row.pk}",
        )
    if columns.by:
        everybody = columns.in_order(_with_registered(row, selection.everybody(posts), ticks))
        page = shown_page(request, everybody)
        rows = list(page.object_list)
    else:
        page, found = selection.page(request, selection.urgency(), posts)
        rows = _with_registered(row, found, ticks)
    ticks.show(line.key for _, lines in rows for line in lines if line.may_be_ticked)
    return {"selection": selection, "page": page, "rows": rows, "ticks": ticks, "heads": columns.heads()}


def _keys(selection: NeedSelectionOfDistrict, row: DistrictSubmission, posts: Any, ticks: Ticks) -> list[str]:
    """The keys of the needs of these posts that may be ticked, most urgent first."""
    rows = _with_registered(row, selection.everybody(posts), ticks)
    return [line.key for _, lines in rows for line in lines if line.may_be_ticked]


def _with_registered(
    row: DistrictSubmission, found: list[tuple[Any, list[Need]]], ticks: Ticks
) -> list[tuple[Any, list[NeedRow]]]:
    """The posts with their needs, each beside what is registered of it."""
    needs = row.needs.filter(official__in=[post.official_id for post, _ in found]).select_related("programme")
    registered = {(need.official_id, need.programme_id): need for need in needs}

    def of(need: Need) -> NeedRow:
        there = next(
            (registered[key] for item in need.programmes if (key := (need.official_id, item.pk)) in registered), None
        )
        programme = there.programme if there else chosen_programme(need, ticks)
        return NeedRow(need, there, need_key(need), programme, chosen_priority(need, ticks))

    return [(post, [of(need) for need in needs]) for post, needs in found]


def _registered(request: HttpRequest, row: Any) -> dict[str, Any] | HttpResponse:
    columns = Columns(
        request, REGISTERED_COLUMNS, default=["priority"], tie=("official__name_order", "programme__code", "pk")
    )
    ticks = ticked_registered(request, row)
    needs = row.needs.select_related("official", "programme").order_by(*columns.order)
    if request.method == "POST":
        removing = reverse("courses:submission-remove", args=[row.campaign_id, row.pk]) + kept(request)
        return ticks.answer(everything=lambda: needs.values_list("pk", flat=True), acts={"bo": Way(removing)})
    if FILE in request.GET:
        return columns.file(
            request,
            _with_posts(request, row, list(needs)),
            title=f"NHU CẦU ĐÃ ĐĂNG KÝ: {row.district_name.upper()}",
            notes=[f"{row.campaign}; {row.get_state_display().lower()}."],
            stem=f"nhu-cau-dang-ky-{row.pk}",
        )
    page = shown_page(request, needs)
    rows = _with_posts(request, row, list(page.object_list))
    ticks.show(need.pk for need, _ in rows)
    return {"page": page, "rows": rows, "ticks": ticks, "heads": columns.heads()}


def _with_posts(
    request: HttpRequest, row: DistrictSubmission, needs: list[RegisteredNeed]
) -> list[tuple[RegisteredNeed, Any]]:
    """The needs, each with the post that its person holds in the district on the day."""
    day = acting_day(request)
    own = own_appointments(row, day, None).filter(official__in=[need.official_id for need in needs])
    posts: Any = posts_on(day, own)
    posts_of = {post.official_id: post for post in posts.select_related("position")}
    return [(need, posts_of.get(need.official_id)) for need in needs]


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
def submission_add(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Register one person for one programme, whatever the verdicts say."""
    row = submission_of(request, campaign_pk, submission_pk, REGISTER)
    form = OtherNeedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    day, wanted = acting_day(request), form.cleaned_data
    who = Official.objects.filter(
        pk=wanted["official"], appointments__in=own_appointments(row, day, account(request))
    ).first()
    try:
        if who is None:
            raise ValidationError({"official": "Không có người này trong đơn vị. Hãy tìm lại."})
        entry = (who, wanted["programme"], wanted["priority"], wanted["reason"])
        register_needs(row, [entry], day=day, by=account(request))
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _page(request, row, form)
    messages.success(request, f"{who}: đã đăng ký {wanted['programme']}.")
    return _back(request, row, REGISTERED)


@permission_needed("courses.change_registeredneed")
def submission_submit(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    """Look once more, and hand in."""
    row = submission_of(request, campaign_pk, submission_pk, "courses.change_registeredneed")
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
        lead=f"{row.campaign}: {needs} nhu cầu đã đăng ký. Sau khi gửi, đơn vị không sửa được nữa trừ khi Sở trả lại.",
    )


def _back(request: HttpRequest, row: DistrictSubmission, part: str) -> HttpResponse:
    return redirect(f"{page_of(row)}{dated(request)}&{PART}={part}")
