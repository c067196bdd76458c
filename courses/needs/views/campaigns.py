"""Campaigns in which districts register needs: the list, how far each district is, what the province answers."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from cadres.access import appointments_visible_to, communes_in_scope, fetch_or_404
from cadres.models import UnitVersion
from cadres.text import fold, holds
from cadres.web.addresses import dated
from cadres.web.cells import in_full
from cadres.web.day import acting_day, criterion_of, somebody_counts, working_day
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.form_tokens import token_fields
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.tags import days_left, luc, ngay, so
from courses.access import submissions_visible_to
from courses.class_pages import change
from courses.models import DistrictSubmission, NeedCampaign
from courses.needs.campaigns import WRITABLE, Progress, accept, open_campaign, progress_of, send_back, set_deadline
from courses.needs.forms import CampaignForm, DeadlineForm, SendBackForm

State = DistrictSubmission.State
SUMMED = ("people", "registered", "lacking", "communes", "lacking_communes")  # of a Progress
VIEW = "courses.view_registeredneed"
TAGS = {State.SUBMITTED: "warn", State.ACCEPTED: "good", State.SENT_BACK: "bad"}


class CampaignFilter(FilterForm):
    """The filters of the campaigns."""

    q = forms.CharField(label="Tìm theo tên đợt (không cần dấu)", required=False, max_length=100)
    nam = forms.ChoiceField(label="Kế hoạch năm", required=False)

    BAR = ("nam",)

    def offered(self) -> dict[str, Offered]:
        years = NeedCampaign.objects.order_by("-year").values_list("year", flat=True).distinct()
        return {"nam": [ALL, *((str(year), str(year)) for year in years)]}

    def campaigns(self) -> QuerySet[NeedCampaign]:
        found = NeedCampaign.objects.all()
        if year := self.cleaned_data["nam"]:
            found = found.filter(year=year)
        if words := fold(self.cleaned_data["q"]).split():
            titles = found.values_list("pk", "title")
            found = found.filter(pk__in=[key for key, title in titles if holds(title, words)])
        return found


def _columns_of_campaigns(request: HttpRequest) -> Columns:
    def titled(row: Any) -> SafeString:
        at = reverse("courses:campaign-detail", args=[row.pk]) + dated(request)
        return format_html('<a href="{}" title="{}">{}</a>', at, row.note, row.title)

    def waiting(row: Any) -> SafeString | str:
        return format_html('<span class="tag warn">{}</span>', so(row.waiting)) if row.waiting else "0"

    columns = (
        Column("dot", "Đợt", ["title"], cell=lambda row: row.title, page=titled),
        Column("nam", "Năm", ["year"], cell=lambda row: row.year),
        Column("mo", "Mở từ ngày", ["opens_on"], cell=lambda row: row.opens_on),
        Column("han", "Hạn chung", ["closes_on"], cell=lambda row: row.closes_on),
        Column("don_vi", "Số đơn vị", ["districts"], cell=lambda row: row.districts, is_number=True),
        Column("da_gui", "Đã gửi", ["answered"], cell=lambda row: row.answered, is_number=True),
        Column("cho", "Chờ tiếp nhận", ["waiting"], cell=lambda row: row.waiting, page=waiting, is_number=True),
        Column("ghi_chu", "Ghi chú", ["note"], cell=lambda row: row.note, is_usual=False, is_long=True),
    )
    # grouping drops the model's order
    return Columns(request, columns, default=("-year", "-opens_on"), tie=("-pk",), may_choose=True)


@permission_needed("courses.view_needcampaign")
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """All campaigns; an officer sees how far the own district is."""
    selection, columns = CampaignFilter(request.GET), _columns_of_campaigns(request)
    visible = Q(submissions__in=submissions_visible_to(account(request)))
    answered = Q(submissions__state__in=(State.SUBMITTED, State.ACCEPTED))
    campaigns = (
        selection.campaigns()
        .annotate(
            districts=Count("submissions", filter=visible),
            answered=Count("submissions", filter=visible & answered),
            waiting=Count("submissions", filter=visible & Q(submissions__state=State.SUBMITTED)),
        )
        .order_by(*columns.order)
    )
    title = "Đợt đăng ký nhu cầu"
    if FILE in request.GET:
        notes = head_of_file(request, selection)
        return columns.file(request, campaigns, title=title.upper(), notes=notes, stem="dot-dang-ky-nhu-cau")
    page = shown_page(request, campaigns)
    context = {
        "title": title,
        "selection": selection,
        "columns": columns,
        "heads": columns.heads(),
        "page": page,
        "rows": page.object_list,
    }
    return render(request, "courses/needs/campaign_list.html", context)


@permission_needed("courses.add_needcampaign")
def campaign_add(request: HttpRequest) -> HttpResponse:
    day = working_day(request)
    initial = {"year": day.year + 1, "title": f"Đăng ký nhu cầu đào tạo, bồi dưỡng năm {day.year + 1}", "opens_on": day}
    form = CampaignForm(request.POST or None, initial=initial)
    made: list[NeedCampaign] = []

    def write() -> str:
        made.append(open_campaign(**form.cleaned_data, by=account(request)))
        return f"Đã mở đợt cho {made[0].submissions.count()} đơn vị."

    return change(
        request,
        form,
        write,
        training_class=None,
        title="Mở đợt đăng ký nhu cầu",
        action="Mở đợt",
        back=reverse("courses:campaign-list"),
        target=lambda: reverse("courses:campaign-detail", args=[made[0].pk]),
        lead="Mọi đơn vị có trong ngày mở đợt đều được đăng ký, đến hết hạn của mình.",
    )


class SubmissionFilter(PlaceFilters):
    """The filters of the units of a campaign: those of what is above communes, or was; a district that answers is of
    itself."""

    q = forms.CharField(label="Tìm theo tên đơn vị (không cần dấu)", required=False, max_length=100)

    BAR = ("huyen",)


def _columns_of_units(request: HttpRequest) -> Columns:
    """The columns of the units of a campaign, each as its page and its file say it: of a Progress."""

    def unit(row: Progress) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(row.submission) + dated(request), row.name)

    def tagged(row: Progress) -> SafeString:
        state = row.submission.state
        return format_html(
            '<span class="tag {}">{}</span>', TAGS.get(State(state), ""), row.submission.get_state_display()
        )

    def left(row: Progress) -> SafeString | str:
        return days_left(row.days_left) if row.submission.state in WRITABLE else ""

    def said(row: Progress) -> str:
        """What the province said who sends back; else when it was handed in, and by whom."""
        if row.submission.state == State.SENT_BACK:
            return str(row.submission.note)
        if row.submission.state == State.DRAFT or not row.submission.submitted_at:
            return ""
        return ", ".join(filter(None, [luc(row.submission.submitted_at), str(row.submission.submitted_by or "")]))

    columns = (
        Column("don_vi", "Đơn vị", key=lambda row: row.name, cell=lambda row: row.name, page=unit),
        Column(
            "tinh_trang",
            "Tình trạng",
            key=lambda row: row.submission.state,
            cell=lambda row: row.submission.get_state_display(),
            page=tagged,
        ),
        Column("han", "Hạn", key=lambda row: row.submission.deadline, cell=lambda row: row.submission.deadline),
        Column("con", "Còn", key=lambda row: row.submission.deadline, page=left),
        Column("nguoi", "Người đăng ký", key=lambda row: row.people, cell=lambda row: row.people, is_number=True),
        Column("thieu", "Người có nhu cầu", key=lambda row: row.lacking, cell=lambda row: row.lacking, is_number=True),
        Column("xa", "Xã đăng ký", key=lambda row: row.communes, cell=lambda row: row.communes, is_number=True),
        Column(
            "xa_thieu",
            "Xã có nhu cầu",
            key=lambda row: row.lacking_communes,
            cell=lambda row: row.lacking_communes,
            is_number=True,
        ),
        Column("noi", "Gửi lúc, ý kiến của Sở", key=said, cell=said, page=lambda row: in_full(said(row)), is_long=True),
    )
    return Columns(request, columns, may_choose=True, acts=_acts(request))


def _acts(request: HttpRequest) -> Callable[[Progress], SafeString]:
    """What whoever the request is of may do with the answer of a unit."""
    user, words = account(request), dated(request)

    def link(row: Progress, view: str, label: str) -> SafeString:
        return format_html('<a class="button quiet" href="{}{}">{}</a>', page_of(row.submission, view), words, label)

    def answer(row: Progress) -> SafeString:
        parts = []
        if row.submission.state == State.SUBMITTED:
            accepting = page_of(row.submission, "courses:submission-accept")
            form = '<form method="post" action="{}{}">{}<button type="submit">Tiếp nhận</button></form>'
            parts.append(format_html(form, accepting, words, token_fields(request)))
        if row.submission.state in WRITABLE:
            parts.append(link(row, "courses:submission-deadline", "Đổi hạn"))
        else:
            parts.append(link(row, "courses:submission-send-back", "Trả lại"))
        return format_html('<div class="row-actions">{}</div>', mark_safe(" ".join(parts)))

    if user.has_perm("courses.change_needcampaign"):
        return answer
    if user.has_perm("courses.add_registeredneed"):
        return lambda row: link(row, "courses:submission", "Mở bản đăng ký")
    return lambda row: mark_safe("")


@permission_needed("courses.view_needcampaign")
@require_safe
def campaign_detail(request: HttpRequest, campaign_pk: int) -> HttpResponse:
    """How complete each district's answer is; an officer sees the own district only. Narrowed by the words of
    SubmissionFilter in the address."""
    user, day = account(request), working_day(request)
    campaign = fetch_or_404(NeedCampaign.objects.all(), user, pk=campaign_pk)
    filters = SubmissionFilter(request.GET, communes=communes_in_scope(user, day, VIEW), day=day)
    columns = _columns_of_units(request)
    submissions = submissions_visible_to(user).filter(campaign=campaign)
    if (units := filters.units_of_any_day()) is not None:
        submissions = submissions.filter(district__in=units)
    rows = progress_of(
        submissions,
        day,
        criterion=criterion_of(request),
        appointments=appointments_visible_to(user, day),
    )
    if words := fold(filters.cleaned_data["q"]).split():
        rows = [row for row in rows if holds(row.name, words)]
    rows = columns.in_order(rows)
    if FILE in request.GET:
        notes = [f"{campaign}.", *head_of_file(request, filters, is_judged=True)]
        title = "MỨC ĐỘ HOÀN THÀNH ĐĂNG KÝ NHU CẦU CỦA CÁC ĐƠN VỊ"
        return columns.file(request, rows, title=title, notes=notes, stem=f"dang-ky-nhu-cau-{campaign.year}")
    total = {name: sum(getattr(row, name) for row in rows) for name in SUMMED}
    if total["lacking"]:
        somebody_counts(request)
    accepted = sum(row.submission.state == State.ACCEPTED for row in rows)
    page = shown_page(request, rows)
    return render(
        request,
        "courses/needs/campaign_detail.html",
        {
            "title": campaign.title,
            "campaign": campaign,
            "filters": filters,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
            "total": total,
            "says": f"{so(accepted)} bản đã tiếp nhận; nhu cầu tính ngày {ngay(day)}",
            "dated": dated(request),
        },
    )


def submission_of(request: HttpRequest, campaign_pk: int, submission_pk: int, permission: str = VIEW) -> Any:
    """The submission with its campaign and `district_name`, where the account may see it (or has the permission for its
    district); otherwise Http404."""
    named = UnitVersion.objects.latest_by(working_day(request)).filter(unit=OuterRef("district"))
    visible = (
        submissions_visible_to(account(request), permission)
        .select_related("campaign", "submitted_by", "answered_by")
        .annotate(district_name=Subquery(named.values("name")))
    )
    return fetch_or_404(visible, account(request), pk=submission_pk, campaign=campaign_pk)


def page_of(submission: DistrictSubmission, page: str = "courses:submission") -> str:
    """The address of a page of a submission."""
    return reverse(page, args=[submission.campaign_id, submission.pk])


@permission_needed("courses.change_needcampaign")
@require_POST
def submission_accept(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    submission = submission_of(request, campaign_pk, submission_pk)
    try:
        accept(submission, by=account(request))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        name = submission.district_name
        messages.success(request, f"{name}: đã tiếp nhận bản đăng ký.")
    return redirect(reverse("courses:campaign-detail", args=[campaign_pk]) + dated(request))


@permission_needed("courses.change_needcampaign")
def submission_send_back(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    submission = submission_of(request, campaign_pk, submission_pk)
    form = SendBackForm(request.POST or None)
    name = submission.district_name

    def write() -> str:
        send_back(submission, **form.cleaned_data, day=acting_day(request), by=account(request))
        return f"{name}: đã trả lại bản đăng ký để đơn vị sửa."

    return _answer(
        request,
        form,
        write,
        submission,
        title=f"Trả lại bản đăng ký của {name}",
        action="Trả lại",
        lead=f"Đơn vị sửa và gửi lại được. Hạn hiện nay của đơn vị: {submission.deadline:%d/%m/%Y}.",
    )


@permission_needed("courses.change_needcampaign")
def submission_deadline(request: HttpRequest, campaign_pk: int, submission_pk: int) -> HttpResponse:
    submission = submission_of(request, campaign_pk, submission_pk)
    form = DeadlineForm(request.POST or None, row=submission)
    name = submission.district_name

    def write() -> str:
        set_deadline(submission, form.cleaned_data["deadline"], by=account(request))
        return f"{name}: hạn mới là hết ngày {form.cleaned_data['deadline']:%d/%m/%Y}."

    return _answer(request, form, write, submission, title=f"Hạn của {name}", action="Lưu hạn")


def _answer(request: HttpRequest, form: Any, write: Any, submission: DistrictSubmission, **words: Any) -> HttpResponse:
    back = reverse("courses:campaign-detail", args=[submission.campaign_id]) + dated(request)
    return change(request, form, write, training_class=None, back=back, **words)
