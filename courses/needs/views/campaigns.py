"""Campaigns in which districts register needs: the list, how far each district is, what the province answers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.access import appointments_visible_to, communes_in_scope, fetch_or_404
from cadres.models import UnitVersion
from cadres.text import fold, holds
from cadres.web.addresses import dated
from cadres.web.day import acting_day, criterion_of, working_day
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from courses.access import submissions_visible_to
from courses.class_pages import change
from courses.models import DistrictSubmission, NeedCampaign
from courses.needs.campaigns import accept, open_campaign, progress_of, send_back, set_deadline
from courses.needs.forms import CampaignForm, DeadlineForm, SendBackForm

State = DistrictSubmission.State
VIEW = "courses.view_registeredneed"
TAGS = {State.SUBMITTED: "warn", State.ACCEPTED: "good", State.SENT_BACK: "bad"}


@permission_needed("courses.view_needcampaign")
@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    """All campaigns; an officer sees how far the own district is."""
    visible = Q(submissions__in=submissions_visible_to(account(request)))
    answered = Q(submissions__state__in=(State.SUBMITTED, State.ACCEPTED))
    campaigns = NeedCampaign.objects.annotate(
        districts=Count("submissions", filter=visible),
        answered=Count("submissions", filter=visible & answered),
        waiting=Count("submissions", filter=visible & Q(submissions__state=State.SUBMITTED)),
    ).order_by("-year", "-opens_on", "-pk")  # grouping drops the model's order
    page = shown_page(request, campaigns)
    context = {"title": "Đợt đăng ký nhu cầu", "page": page, "dated": dated(request)}
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


@permission_needed("courses.view_needcampaign")
@require_safe
def campaign_detail(request: HttpRequest, campaign_pk: int) -> HttpResponse:
    """How complete each district's answer is; an officer sees the own district only. Narrowed by the words of
    SubmissionFilter in the address."""
    user, day = account(request), working_day(request)
    campaign = fetch_or_404(NeedCampaign.objects.all(), user, pk=campaign_pk)
    filters = SubmissionFilter(request.GET, communes=communes_in_scope(user, day, VIEW), day=day)
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
    sums = ("people", "registered", "lacking", "communes", "lacking_communes")
    return render(
        request,
        "courses/needs/campaign_detail.html",
        {
            "title": campaign.title,
            "campaign": campaign,
            "filters": filters,
            "rows": [(row, TAGS.get(State(row.submission.state), "")) for row in rows],
            "total": {name: sum(getattr(row, name) for row in rows) for name in sums},
            "accepted": sum(row.submission.state == State.ACCEPTED for row in rows),
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
