"""What a district registers in a campaign: the needs computed, ticked with a priority; others by search; handing in.

All of it on the day on which one acts: needs of another day would be refused, and so would a deadline that has passed.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from cadres.evaluation import posts_on
from cadres.models import Official
from cadres.search import people_found
from cadres.web.addresses import dated, kept
from cadres.web.cells import in_full
from cadres.web.day import acting_day, criterion_of
from cadres.web.filters import FilterForm, Pick
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks, Way
from courses.access import REGISTER, submissions_visible_to
from courses.class_pages import change
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import own_appointments, register_needs, submit, why_closed
from courses.needs.computed import Need
from courses.needs.forms import OtherNeedForm, SubmitForm
from courses.needs.views.campaigns import TAGS, State, page_of, submission_of
from courses.needs.views.registering import (
    PRIORITY,
    PROGRAMME,
    chosen_priority,
    chosen_programme,
    need_key,
    ticked_needs,
    ticked_registered,
)
from courses.needs.views.registering_asked import asked_of_unit
from courses.needs.views.selection import NeedSelectionOfDistrict
from courses.needs.views.to_register import (
    column_of_programme,
    list_to_register,
    of_first,
    person_column,
    registered,
    registered_as,
)

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
        "dated": dated(request),
    }
    if part == OTHER:
        if request.method == "POST" and other is None:
            return HttpResponseNotAllowed(("GET", "HEAD"))
        return render(request, "courses/needs/submission.html", context | _other(request, row, other))
    lists = {COMPUTED: _computed, ASKED: asked_of_unit, REGISTERED: _registered}
    shown: Any = lists[part](request, row, may_write=context["may_write"])
    if isinstance(shown, HttpResponse):
        return shown
    shown["whole"] = kept(request, **dict.fromkeys(shown["selection"].fields)) or "?"
    return render(request, "courses/needs/submission.html", context | shown)


@dataclass(frozen=True)
class NeedRow:
    """A computed need in the list: what is registered of it (`there`), its key, and what is chosen beside its tick."""

    need: Need
    there: RegisteredNeed | None
    key: str
    programme: Any
    priority: RegisteredNeed.Priority


def _of_need(*, may_write: bool) -> tuple[Column, ...]:
    """What the list tells of a computed need; programme and priority are chosen in it by who may register."""

    def lacking(row: Any) -> SafeString:
        line = row[1][0]
        good = mark_safe(' <span class="tag good">học xong là đạt</span>' if line.need.closes_all else "")
        return format_html("{}{}", in_full(line.need.reason), good)

    def programme(row: Any) -> SafeString:
        post, (line,) = row
        if not line.programme:
            return mark_safe('<span class="quiet">chưa có chương trình</span>')
        if line.there or not may_write:
            return in_full(str(line.programme))
        chosen = Pick(
            attrs={"aria-label": f"Chương trình cho {post.official.full_name}"},
            choices=[(one.pk, str(one)) for one in line.need.programmes],
        )
        return chosen.render(f"{PROGRAMME}-{line.key}", line.programme.pk)

    def priority(row: Any) -> SafeString | str:
        post, (line,) = row
        if line.there:
            return format_html('<span class="tag good">{}</span>', registered_as(line))
        if not may_write or not line.programme:
            return ""
        chosen = Pick(attrs={"aria-label": f"Ưu tiên của {post.official.full_name}"}, choices=Priority.choices)
        return chosen.render(f"{PRIORITY}-{line.key}", line.priority.value)

    return (
        Column(
            "con_thieu",
            "Còn thiếu",
            key=of_first(lambda line: (line.need.dimension.order, line.need.required.rank)),
            cell=of_first(lambda line: line.need.reason),
            page=lacking,
            is_long=True,
        ),
        column_of_programme(programme),
        Column(
            "uu_tien",
            "Ưu tiên",
            key=of_first(lambda line: (line.there is not None, line.there.priority if line.there else line.priority)),
            cell=of_first(registered_as),
            page=priority,
        ),
    )


def _computed(request: HttpRequest, row: Any, *, may_write: bool) -> dict[str, Any] | HttpResponse:
    """The computed needs of the district's people, most urgent first, with what is registered of them."""
    user, day, criterion = account(request), acting_day(request), criterion_of(request)
    ticks = ticked_needs(request, row)
    return list_to_register(
        request,
        row,
        NeedSelectionOfDistrict(request.GET, user=user, day=day, criterion=criterion),
        ticks,
        beside=lambda found: _with_registered(row, found, ticks),
        of_need=_of_need(may_write=may_write),
        registering=reverse("courses:submission-register", args=[row.campaign_id, row.pk]) + kept(request),
        title="NHU CẦU ĐÀO TẠO, BỒI DƯỠNG",
        stem="nhu-cau",
        may_write=may_write,
        what="người có nhu cầu",
        hint="Chương trình và ưu tiên chọn ở từng dòng.",
        nobody=f"Không ai của đơn vị thiếu tiêu chuẩn vào ngày {ngay(day)}. Người cần học vì lý do khác thì đăng ký ở "
        "mục “Thêm người khác”.",
    )


def _with_registered(
    row: DistrictSubmission, found: list[tuple[Any, list[Need]]], ticks: Ticks
) -> list[tuple[Any, list[NeedRow]]]:
    """The posts with their needs, each beside what is registered of it."""
    registered_of = registered(row, found)

    def of(need: Need) -> NeedRow:
        there = registered_of(need)
        programme = chosen_programme(need, ticks)
        if there:
            programme = next(item for item in need.programmes if item.pk == there.programme_id)
        return NeedRow(need, there, need_key(need), programme, chosen_priority(need, ticks))

    return [(post, [of(need) for need in needs]) for post, needs in found]


class RegisteredFilter(FilterForm):
    """The filter of what is registered."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)

    WORDS = (PART,)


def _columns_of_registered(*, may_write: bool, request: HttpRequest) -> Columns:
    """Of (need, post): what is registered, and the post that its person holds in the unit."""

    def tagged(row: Any) -> SafeString:
        look = "warn" if row[0].priority == Priority.URGENT else ""
        return format_html('<span class="tag {}">{}</span>', look, row[0].get_priority_display())

    columns = (
        person_column(request, lambda row: row[0].official, order=["official__name_order"]),
        Column(
            "chuc_danh",
            "Chức danh",
            cell=lambda row: str(row[1].position) if row[1] else "không còn giữ chức danh ở đơn vị",
        ),
        Column("xa", "Đơn vị", cell=lambda row: row[1].commune_name if row[1] else ""),
        Column(
            "chuong_trinh",
            "Chương trình",
            ["programme__title"],
            cell=lambda row: str(row[0].programme),
            page=lambda row: in_full(str(row[0].programme)),
            is_long=True,
        ),
        Column("uu_tien", "Ưu tiên", ["priority"], cell=lambda row: row[0].get_priority_display(), page=tagged),
        Column(
            "ly_do",
            "Lý do",
            ["reason"],
            cell=lambda row: row[0].reason,
            page=lambda row: in_full(row[0].reason),
            is_long=True,
        ),
    )
    return Columns(
        request,
        columns,
        default=["priority"],
        tie=("official__name_order", "programme__code", "pk"),
        may_choose=True,
        tick=(lambda row: (row[0].pk, f"{row[0].official.full_name}: {row[0].programme}")) if may_write else None,
    )


def _registered(request: HttpRequest, row: Any, *, may_write: bool) -> dict[str, Any] | HttpResponse:
    """What is registered, to be taken out by ticks."""
    columns, selection = _columns_of_registered(may_write=may_write, request=request), RegisteredFilter(request.GET)
    ticks = ticked_registered(request, row)
    needs = people_found(row.needs.select_related("official", "programme"), selection.cleaned_data["q"])
    needs = needs.order_by(*columns.order)
    if request.method == "POST":
        removing = reverse("courses:submission-remove", args=[row.campaign_id, row.pk]) + kept(request)
        return ticks.answer(
            everything=lambda: needs.values_list("pk", flat=True),
            acts={"bo": Way(removing)},
            filters=selection.sent(),
        )
    if FILE in request.GET:
        notes = [
            f"{row.campaign}; {row.get_state_display().lower()}.",
            *head_of_file(request, selection, is_dated=False),
        ]
        return columns.file(
            request,
            _with_posts(request, row, list(needs)),
            title=f"NHU CẦU ĐÃ ĐĂNG KÝ: {row.district_name.upper()}",
            notes=notes,
            stem=f"nhu-cau-dang-ky-{row.pk}",
        )
    page = shown_page(request, needs)
    rows = _with_posts(request, row, list(page.object_list))
    ticks.show(need.pk for need, _ in rows)
    sent = ", ".join(filter(None, [f"gửi ngày {ngay(row.submitted_at)}", str(row.submitted_by or "")]))
    return {
        "selection": selection,
        "columns": columns,
        "heads": columns.heads(),
        "page": page,
        "rows": rows,
        "ticks": ticks,
        "what": "nhu cầu",
        "says": sent if row.submitted_at else "",
        "hint": "Đánh dấu những dòng muốn bỏ.",
        "nobody": "Chưa đăng ký ai."
        + (" Hãy chọn ở mục “Nhu cầu tính được”, hoặc thêm người khác." if may_write else ""),
    }


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
