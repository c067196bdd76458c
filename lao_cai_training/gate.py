"""What stands between a sign-in and the pages: a password of one's own, and a second factor where the role asks for it.

Also tells whoever is led to the sign-in why a session has ended.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from cadres.models import KeptForm, User
from cadres.sign_in.second_factor import is_demanded
from cadres.web.form_tokens import token_of
from cadres.web.kept_forms import keep
from lao_cai_training.instance import is_demonstration

PASSWORD, SECOND_FACTOR = "cadres:own-password", "cadres:second-factor-set-up"
ALWAYS_OPEN = frozenset(("admin:login", "admin:logout", "cadres:sign-in-code", "cadres:sessions-end"))
OPEN = {
    PASSWORD: ALWAYS_OPEN | {PASSWORD, "admin:password_change"},
    SECOND_FACTOR: ALWAYS_OPEN | {PASSWORD, SECOND_FACTOR, "admin:password_change", "cadres:own-account"},
}


def first_needed(user: User) -> str | None:
    """The page that the account has to go through before any other; None: none."""
    if user.must_change_password:
        return PASSWORD
    if not user.second_factor_since and settings.SECOND_FACTOR_DEMANDED and is_demanded(user):
        return None if is_demonstration() else SECOND_FACTOR
    return None


class Gate:
    """Middleware, next to the one for forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        leads_to_sign_in = response.headers.get("Location", "").startswith(reverse(settings.LOGIN_URL))
        if request.method == "GET" and leads_to_sign_in and (why := why_signed_out(request)):
            messages.warning(request, why)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user: Any = request.user
        place: Any = request.resolver_match
        if not user.is_authenticated or not (needed := first_needed(user)) or place.view_name in OPEN[needed]:
            return None
        token = token_of(request) if request.method == "POST" else None
        if token and token.account == user.pk:  # a form that lay open when the role was given: it is filled in again
            return keep(request, token, KeptForm.Reason.NOT_YET)
        here = request.get_full_path() if request.method == "GET" else reverse("reports:home")
        return redirect(f"{reverse(needed)}?{urlencode({'next': here})}")


def why_signed_out(request: HttpRequest) -> str:
    """Why somebody who was signed in is not any more; empty for who was not."""
    if request.user.is_authenticated:
        return ""
    if SESSION_KEY in request.session:
        request.session.flush()
        return (
            "Tài khoản đang dùng đã tạm ngừng hoặc không còn, nên phiên làm việc đã kết thúc. Nếu bạn vẫn làm việc "
            "này, hãy đề nghị người quản trị hệ thống của Sở Nội vụ mở lại tài khoản."
        )
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None:
        return (
            f"Phiên làm việc đã kết thúc: {settings.SESSION_IDLE // 60} phút không mở trang nào, đã quá "
            f"{settings.SESSION_COOKIE_AGE // 3600} giờ, hoặc tài khoản được đăng xuất, đổi mật khẩu, tạm ngừng từ "
            "nơi khác. Hãy đăng nhập lại."
        )
    return ""
