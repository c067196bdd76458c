"""What holds where nobody has chosen otherwise: the day that a page speaks of, the table of the home page.

Set by Sở, with its history; in a demonstration its own today is moved on there too.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.forms import InstallationForm
from cadres.history.pages import history_page
from cadres.installation import set_default_day, set_demonstration_day, set_home_table
from cadres.models import Installation
from cadres.web.changes import change
from cadres.web.day import clock, today_of
from cadres.web.permissions import account, permission_needed


@permission_needed("cadres.change_installation")
def default_day(request: HttpRequest) -> HttpResponse:
    today = today_of(request)
    row = Installation.objects.first()
    form = InstallationForm(request.POST or None, instance=row, latest=today, clock=clock())

    def write() -> str:
        by, chosen = account(request), form.cleaned_data
        day, now = chosen["default_day"], chosen.get("demonstration_day", today)
        if now != today:
            day = now if day == today else day  # whoever looks at today goes on doing so
            set_demonstration_day(now, by=by)
        set_default_day(day, by=by)
        set_home_table(chosen["home_table"], by=by)
        moved = f"Hôm nay của tỉnh minh họa là {now:%d/%m/%Y}. " if now != today else ""
        return moved + (f"Ngày làm việc mặc định là {day:%d/%m/%Y}." if day else "Ngày làm việc mặc định là hôm nay.")

    return change(
        request,
        form,
        write,
        template="cadres/default_day.html",
        title="Ngày mặc định, trang chủ",
        action="Lưu",
        back=reverse("cadres:default-day"),
        at_the_same_time="Vừa có người khác đặt ngày này. Hãy xem lại rồi lưu lại.",
        today_is=today,
    )


@permission_needed("cadres.change_installation")
@require_safe
def default_day_history(request: HttpRequest) -> HttpResponse:
    back = reverse("cadres:default-day")
    return history_page(request, Installation(), title="Lịch sử: ngày mặc định, trang chủ", back=back)
