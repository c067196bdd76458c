"""Who signed in and who was refused, and what keeps one account from signing in: for whoever keeps the accounts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cadres.models import User, Visit
from cadres.sign_in import second_factor
from cadres.sign_in.lockout import locked_now, unlock
from cadres.sign_in.sessions import end_sessions
from cadres.views.history import COUNTED, LogFilter, newest
from cadres.views.own_account import devices_of
from cadres.web.changes import change
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import luc

ANY_REFUSAL = "tu_choi"


class SignInFilter(LogFilter):
    q = forms.CharField(label="Tên đăng nhập hoặc địa chỉ máy", required=False, max_length=100)

    def offered(self) -> dict[str, Offered]:
        kinds = [(kind.value, kind.label) for kind in Visit.SIGNING_IN]
        return super().offered() | {"viec": [ALL, (ANY_REFUSAL, "Mọi lần bị từ chối"), *kinds]}

    def condition(self) -> Q:
        """Whoever was refused is nobody: of an account also what was tried by its name."""
        chosen, condition = self.cleaned_data, self.between_days() & Q(kind__in=Visit.SIGNING_IN)
        if chosen["tai_khoan"]:
            name = User.objects.filter(pk=chosen["tai_khoan"]).values("username")[:1]
            condition &= Q(user=chosen["tai_khoan"]) | Q(user=None, username=name)
        if kind := chosen["viec"]:
            condition &= Q(kind__in=Visit.REFUSALS) if kind == ANY_REFUSAL else Q(kind=kind)
        if chosen["q"]:
            condition &= Q(username__icontains=chosen["q"]) | Q(address__startswith=chosen["q"])
        return condition


@permission_needed("cadres.view_visit")
@require_safe
def sign_in_list(request: HttpRequest) -> HttpResponse:
    filters = SignInFilter(request.GET)
    found = newest(Visit.objects.filter(filters.condition()))
    if request.GET.get(FILE):
        columns = Columns(
            request,
            [
                Column("luc", "Lúc", cell=lambda visit: luc(visit.at)),
                Column("ten", "Tên đăng nhập", cell=lambda visit: visit.username),
                Column("viec", "Việc", cell=lambda visit: visit.what),
                Column("may", "Máy", cell=lambda visit: visit.address),
            ],
        )
        notes = [f"{len(found)} dòng mới nhất."]
        return columns.file(request, _told(found), title="Nhật ký đăng nhập", notes=notes, stem="nhat-ky-dang-nhap")
    page = shown_page(request, found)
    context = {
        "title": "Nhật ký đăng nhập",
        "filters": filters,
        "page": page,
        "counted": COUNTED,
        "visits": _told(list(page.object_list)),
        "locked": locked_now(),
    }
    return render(request, "cadres/sign_in/log.html", context)


def _told(keys: list[int]) -> list[Any]:
    visits: dict[int, Any] = Visit.objects.select_related("user").in_bulk(keys)
    for visit in visits.values():
        visit.what = Visit.Kind(visit.kind).label
        visit.is_refusal = visit.kind in Visit.REFUSALS
    return [visits[key] for key in keys]


# ---------------------------------------------------------------- one account


@permission_needed("cadres.view_user")
@require_safe
def account_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the account is signed in, whether it is locked, whether it has a second factor."""
    user = get_object_or_404(User, pk=pk)
    context = {
        "title": f"Đăng nhập của tài khoản {user.username}",
        "subject": user,
        "devices": devices_of(user, None),
        "locked": [(address, until) for name, address, until in locked_now() if name == user.username],
        "is_demanded": second_factor.is_demanded(user),
        "codes_left": second_factor.recovery_codes_left(user) if user.second_factor_since else 0,
        "may_change": request.user.has_perm("cadres.change_user"),
    }
    return render(request, "cadres/sign_in/of_account.html", context)


@permission_needed("cadres.change_user")
@require_POST
def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    unlock(user.username)
    messages.success(request, f"{user.username} đăng nhập lại được ngay.")
    return redirect("cadres:account-sign-in", pk)


@permission_needed("cadres.change_user")
@require_POST
def account_sessions_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    ended = end_sessions(user, but=request.session.session_key)
    messages.success(request, f"Đã đăng xuất {user.username} khỏi {ended} thiết bị.")
    return redirect("cadres:account-sign-in", pk)


@permission_needed("cadres.change_user")
def account_second_factor_off(request: HttpRequest, pk: int) -> HttpResponse:
    """For somebody who has lost the telephone and the recovery codes."""
    user = get_object_or_404(User, pk=pk, second_factor_since__isnull=False)
    form = LostForm(request.POST or None)

    def write() -> str:
        if user == request.user:
            raise ValidationError("Của chính mình thì tắt ở trang “Tài khoản của tôi”, bằng mật khẩu.")
        second_factor.take_off(user, by=account(request), reason=form.cleaned_data["reason"])
        return f"Đã tắt xác thực hai bước của {user.username}; tài khoản đã được đăng xuất khỏi mọi thiết bị."

    return change(
        request,
        form,
        write,
        template="cadres/sign_in/change.html",
        title=f"Tắt xác thực hai bước của {user.username}",
        action="Tắt xác thực hai bước",
        back=reverse("cadres:account-sign-in", args=[pk]),
        at_the_same_time="Vừa có người khác tắt.",
        lead=f"Chỉ tắt khi đã biết chắc người yêu cầu là {user.full_name}: từ lúc đó ai biết mật khẩu của tài khoản là "
        "vào được, cho đến khi người đó bật lại bằng điện thoại mới.",
    )


class LostForm(forms.Form):
    reason = forms.CharField(
        label="Lý do, và đã xác minh bằng cách nào",
        max_length=300,
        help_text="Ví dụ: mất điện thoại, đến gặp trực tiếp.",
    )
