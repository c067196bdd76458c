"""The day that a page speaks of where nobody has chosen one: set by Sở for everybody, with its history."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.forms import DefaultDayForm
from cadres.history.pages import history_page
from cadres.installation import set_default_day
from cadres.models import Installation
from cadres.web.changes import change
from cadres.web.day import today_of
from cadres.web.permissions import account, permission_needed


@permission_needed("cadres.change_installation")
def default_day(request: HttpRequest) -> HttpResponse:
    form = DefaultDayForm(request.POST or None, instance=Installation.objects.first(), latest=today_of(request))

    def write() -> str:
        day = form.cleaned_data["default_day"]
        set_default_day(day, by=account(request))
        return f"Ngày làm việc mặc định từ nay là {day:%d/%m/%Y}." if day else "Ngày mặc định từ nay là hôm nay."

    return change(
        request,
        form,
        write,
        template="cadres/default_day.html",
        title="Ngày làm việc mặc định",
        action="Lưu",
        back=reverse("cadres:default-day"),
        at_the_same_time="Vừa có người khác đặt ngày này. Hãy xem lại rồi lưu lại.",
        today_is=today_of(request),
    )


@permission_needed("cadres.change_installation")
@require_safe
def default_day_history(request: HttpRequest) -> HttpResponse:
    back = reverse("cadres:default-day")
    return history_page(request, Installation(), title="Lịch sử: ngày làm việc mặc định", back=back)
