"""Who signed in, who was refused and why, and who is locked now: for whoever keeps the accounts, and the auditor."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from cadres.models import User, Visit
from cadres.sign_in.lockout import locked_now, unlock
from cadres.views.history import LogFilter, log_page, newest, tagged
from cadres.web.filters import ALL, Offered
from cadres.web.lists import Column
from cadres.web.permissions import permission_needed
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


COLUMNS = (
    Column("ten", "Tên đăng nhập", cell=lambda visit: visit.username or "(không nhập tên)"),
    Column("ai", "Họ tên", cell=lambda visit: str(visit.user or "")),
    Column("viec", "Việc", cell=lambda visit: visit.what, page=lambda visit: tagged(visit, *Visit.REFUSALS)),
    Column("may", "Máy", cell=lambda visit: visit.address),
    Column("luc", "Lúc", cell=lambda visit: luc(visit.at)),
)


@permission_needed("cadres.view_visit")
@require_safe
def sign_in_list(request: HttpRequest) -> HttpResponse:
    filters = SignInFilter(request.GET)
    return log_page(
        request,
        filters,
        newest(Visit.objects.filter(filters.condition())),
        _told,
        COLUMNS,
        title="Nhật ký đăng nhập",
        file="lượt đăng nhập, đăng xuất, bị từ chối",
        template="cadres/sign_in/log.html",
        locked=locked_now(),
    )


def _told(keys: Sequence[int]) -> list[Any]:
    visits: dict[int, Any] = Visit.objects.select_related("user").in_bulk(keys)
    for visit in visits.values():
        visit.what = Visit.Kind(visit.kind).label
    return [visits[key] for key in keys]


@permission_needed("cadres.change_user")
@require_POST
def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has to wait after wrong passwords may try again at once."""
    user = get_object_or_404(User, pk=pk)
    unlock(user.username)
    messages.success(request, f"{user.username} đăng nhập lại được ngay.")
    return redirect("cadres:account-detail", pk)
