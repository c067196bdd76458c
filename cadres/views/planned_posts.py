"""Quy hoạch on the page of a person: put in, with what is lacking said before, and taken out."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from cadres import registry
from cadres.access import visible_to
from cadres.forms import PlannedPostForm, TakeOutForm
from cadres.models import Criterion, Official, PlannedPost
from cadres.planned_posts import prospects
from cadres.views.official_changes import change_of_official, official_to_change
from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed

LACKS = "Người này chưa đủ điều mà chức danh quy hoạch yêu cầu; đánh dấu ô dưới đây nếu vẫn đưa vào và cho đi học."


@permission_needed("cadres.add_plannedpost")
def planned_post_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the person for a post; what the post asks and the person lacks is said first, and has to be ticked."""
    official, day = official_to_change(request, pk), working_day(request)
    form = PlannedPostForm(request.POST or None, user=account(request), day=day, initial={"start_date": day})

    def write() -> Official:
        wanted = {name: value for name, value in form.cleaned_data.items() if name != "is_acknowledged"}
        planned = registry.plan_for(official, **wanted, by=account(request))
        _say_what_is_lacking(form, planned)
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title="Đưa vào quy hoạch",
        action="Đưa vào quy hoạch",
        done="đã đưa vào quy hoạch.",
        lead="Quy hoạch không đổi tỷ lệ nào; điều còn thiếu so với chức danh quy hoạch thành nhu cầu học.",
    )


def _say_what_is_lacking(form: PlannedPostForm, planned: PlannedPost) -> None:
    """Raise ValidationError that names what the post asks and the person lacks, until just that is acknowledged."""
    criterion = Criterion.objects.get(code=settings.DEFAULT_CRITERION)
    (prospect,) = prospects([planned], planned.start_date, criterion=criterion)
    what = " ".join((str(planned.position_id), *(f"{gap.dimension.pk}.{gap.required.pk}" for gap in prospect.gaps)))
    if prospect.gaps and form.cleaned_data["is_acknowledged"] != what:
        tick = forms.CheckboxInput(attrs={"value": what}, check_test=lambda value: False)
        form.fields["is_acknowledged"].widget = tick
        raise ValidationError({"is_acknowledged": [LACKS, *(f"{gap}." for gap in prospect.gaps)]})


@permission_needed("cadres.change_plannedpost")
def planned_post_end(request: HttpRequest, pk: int, planned_pk: int) -> HttpResponse:
    """Take the person out of one quy hoạch."""
    official, day = official_to_change(request, pk), working_day(request)
    rows = visible_to(official.planned_posts.lasting_to(day).select_related("position"), account(request))
    planned = get_object_or_404(rows, pk=planned_pk)
    form = TakeOutForm(request.POST or None, initial={"last_day": day})

    def write() -> Official:
        registry.take_out(planned, **form.cleaned_data, by=account(request))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title=f"Đưa ra khỏi quy hoạch: {planned.position}",
        action="Đưa ra khỏi quy hoạch",
        done="đã đưa ra khỏi quy hoạch.",
        lead="Sau ngày ghi dưới đây, người này không còn trong danh sách quy hoạch của chức danh đó.",
    )
