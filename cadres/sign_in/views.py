"""The two pages of signing in: password, then a code where the account has a second factor."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.timezone import localtime, now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from cadres.history import act
from cadres.history.requests import tell_visit
from cadres.models import User, Visit
from cadres.sign_in import second_factor
from cadres.sign_in.forms import CodeForm, SignInForm
from cadres.sign_in.lockout import locked_until
from cadres.sign_in.sessions import remember_device
from cadres.walls import keeping_for

AWAITED = "code_awaited"  # in the session: who has given the password and still has to give a code
PATIENCE = 5 * 60  # seconds between the two
BACKEND = "cadres.backends.RoleBackend"


@dataclass(frozen=True)
class Refusal:
    title: str
    what_to_do: tuple[str, ...]
    kind: Visit.Kind


# Why a right password does not help (SignInForm): what the page says.
REFUSALS = {
    "suspended": Refusal(
        "Tài khoản đã tạm ngừng",
        (
            "Mật khẩu đúng, nhưng tài khoản này đã được tạm ngừng nên không đăng nhập được.",
            "Nếu bạn vẫn làm công việc này, hãy đề nghị người quản trị hệ thống của Sở Nội vụ mở lại tài khoản.",
        ),
        Visit.Kind.SUSPENDED,
    ),
    "expired": Refusal(
        "Mật khẩu dùng một lần đã hết hạn",
        (
            "Mật khẩu này được cấp để dùng một lần, và đã quá hạn mà chưa được đổi, nên không đăng nhập được nữa.",
            "Hãy đề nghị người quản trị hệ thống của Sở Nội vụ cấp mật khẩu khác, rồi đăng nhập và đổi ngay.",
        ),
        Visit.Kind.EXPIRED,
    ),
}


def enter(request: HttpRequest, user: User) -> None:
    """Sign the account in, in a session with a new key."""
    request.session.pop(AWAITED, None)
    login(request, user, backend=BACKEND)
    remember_device(request)


def told_locked(request: HttpRequest, username: str, until: datetime) -> HttpResponse:
    """The page of whoever has to wait."""
    tell_visit(request, Visit.Kind.LOCKED, username)
    minutes = max(1, -(-(until - now()).total_seconds() // 60))
    context = {"title": "Đăng nhập đang bị khóa tạm", "username": username, "until": until, "minutes": int(minutes)}
    return render(request, "cadres/sign_in/locked.html", context, status=429)


@method_decorator([sensitive_post_parameters("password"), csrf_protect, never_cache], name="dispatch")
class SignIn(LoginView):
    """Name and password. `?next=` leads on only within the site."""

    authentication_form = SignInForm
    template_name = "cadres/sign_in/sign_in.html"
    extra_context = {"title": "Đăng nhập"}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where the password is hashed anew, as others are by now, nobody has changed it.
        with act(reason="Mật khẩu giữ nguyên, được băm lại khi đăng nhập"):
            return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        if not user.second_factor_since:
            enter(self.request, user)
            tell_visit(self.request, Visit.Kind.SIGN_IN)
            return redirect(self.get_success_url())
        self.request.session.cycle_key()
        self.request.session[AWAITED] = [user.pk, user.get_session_auth_hash(), time.time()]
        return redirect(f"{reverse('cadres:sign-in-code')}?{urlencode({'next': self.get_success_url()})}")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        username = form.cleaned_data.get("username", "")
        for code, refusal in REFUSALS.items():
            if form.has_error(NON_FIELD_ERRORS, code):
                tell_visit(self.request, refusal.kind, username)
                return render(
                    self.request,
                    "cadres/sign_in/refused.html",
                    {"title": refusal.title, "refusal": refusal},
                    status=403,
                )
        if username and (until := locked_until(self.request.META.get("REMOTE_ADDR", ""), username)):
            return told_locked(self.request, username, until)
        tell_visit(self.request, Visit.Kind.REFUSED, username)
        return super().form_invalid(form)


@method_decorator([sensitive_post_parameters("code"), csrf_protect, never_cache], name="dispatch")
class Code(RedirectURLMixin, FormView):
    """The second factor of whoever has given the password within the last minutes."""

    form_class = CodeForm
    template_name = "cadres/sign_in/code.html"
    extra_context = {"title": "Xác thực hai bước"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = self._awaited()
        if user is None:
            if not request.user.is_authenticated:
                messages.warning(
                    request, "Đã quá năm phút từ khi nhập mật khẩu, hoặc chưa nhập. Hãy nhập lại mật khẩu."
                )
            return redirect(f"{reverse('admin:login')}?{urlencode({'next': self.get_success_url()})}")
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def _awaited(self) -> User | None:
        account, proof, at = self.request.session.get(AWAITED) or (0, "", 0.0)
        user = User.objects.filter(pk=account, is_active=True).first()
        if user is None or time.time() - at > PATIENCE or proof != user.get_session_auth_hash():
            return None
        return user

    def get_default_redirect_url(self) -> str:
        return resolve_url("reports:home")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"account": self.user, "next": self.get_success_url()}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        request, user, code = self.request, self.user, form.cleaned_data["code"]
        if until := locked_until(request.META.get("REMOTE_ADDR", ""), user.username):
            return told_locked(request, user.username, until)
        try:
            is_right = second_factor.verify(user, code)
        except ValidationError as wait:
            form.add_error("code", wait)
            tell_visit(request, Visit.Kind.WRONG_CODE, user.username)
            return self.form_invalid(form)
        if is_right:
            enter(request, user)
            by_recovery = second_factor.is_recovery_code(code)
            tell_visit(request, Visit.Kind.RECOVERY if by_recovery else Visit.Kind.SIGN_IN)
            if by_recovery:
                with keeping_for(user.pk):  # the request began for nobody
                    left = second_factor.recovery_codes_left(user)
                messages.warning(
                    request,
                    f"Đã đăng nhập bằng mã dự phòng; còn {left} mã. Nếu mất điện thoại, hãy tắt xác thực hai bước rồi "
                    "bật lại bằng điện thoại mới ở trang “Tài khoản của tôi”.",
                )
            return redirect(self.get_success_url())
        AxesProxyHandler.user_login_failed(type(self), {"username": user.username}, request)
        tell_visit(request, Visit.Kind.WRONG_CODE, user.username)
        if until := locked_until(request.META.get("REMOTE_ADDR", ""), user.username):
            return told_locked(request, user.username, until)
        form.add_error(
            "code", f"Mã không đúng, đã dùng rồi, hoặc đã hết hạn ({localtime(now()):%H:%M:%S}). Hãy nhập mã mới."
        )
        return self.form_invalid(form)
