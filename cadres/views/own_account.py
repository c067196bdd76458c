"""“Tài khoản của tôi”: what everybody does with the own account — password, second factor, where it is signed in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from cadres.accounts import save_reminders
from cadres.accounts.forms import RemindersForm
from cadres.history import signed
from cadres.history.requests import tell_visit
from cadres.models import RoleGrant, Session, User, Visit
from cadres.sign_in import second_factor
from cadres.sign_in.forms import OwnPasswordForm, PasswordAgainForm, SetUpForm
from cadres.sign_in.sessions import end_sessions, row_of
from cadres.web.changes import add_refusal, change
from cadres.web.permissions import account

OWN_PAGE = "cadres:own-account"
NEXT = "next"
ONE_TIME_WORD = (
    "Mật khẩu đang dùng là mật khẩu dùng một lần, do người khác cấp. Hãy đặt mật khẩu mà chỉ bạn biết, rồi mới làm "
    "việc tiếp."
)
_signer = Signer(salt="second factor")

# What a browser calls itself, and what it is called here; the first that fits.
BROWSERS = {
    **{"Edg/": "Edge", "OPR/": "Opera", "coc_coc": "Cốc Cốc", "Firefox/": "Firefox", "Chrome/": "Chrome"},
    "Safari/": "Safari",
}
SYSTEMS = {
    **{"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS"},
    "Linux": "Linux",
}


def called(browser: str) -> str:
    """A browser as people call it: “Chrome, Windows”."""
    names = [next((name for word, name in table.items() if word in browser), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name) or "Không rõ trình duyệt"


def name_of(session_key: str) -> str:
    """What a form calls a session: the key itself signs in whoever reads it."""
    return salted_hmac("device", session_key).hexdigest()[:20]


def devices_of(user: User, session: str | None) -> list[Any]:
    """Where the account is signed in, the one with that key first, then who was there last."""
    devices: list[Any] = list(Session.objects.filter(account=user, expire_date__gt=now()).order_by("-seen_at"))
    for device in devices:
        device.called, device.is_this = called(device.browser), device.pk == session
        device.name = name_of(device.pk)
    return sorted(devices, key=lambda device: not device.is_this)


def after(request: HttpRequest) -> str:
    """The page that the address names as the next, if it is of this site; else the own page."""
    page = request.GET.get(NEXT, "")
    is_here = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_here else reverse(OWN_PAGE)


@login_required
@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    user = account(request)
    return render(
        request,
        "cadres/own_account.html",
        {
            "title": "Tài khoản của tôi",
            "grants": RoleGrant.objects.held_now().filter(user=user).select_related("unit"),
            "devices": devices_of(user, row_of(request.session.session_key or "")),
            "codes_left": second_factor.recovery_codes_left(user) if user.second_factor_since else 0,
            "is_demanded": second_factor.is_demanded(user),
        },
    )


@login_required
def own_reminders(request: HttpRequest) -> HttpResponse:
    """Of what the account is told by mail (command `remind`), and where."""
    user = account(request)
    form = RemindersForm(request.POST or None, instance=User.objects.get(pk=user.pk))

    def write() -> str:
        save_reminders(form.instance, by=user)
        return "Đã lưu cách nhắc việc."

    return change(
        request,
        form,
        write,
        template="cadres/sign_in/change.html",
        title="Nhắc việc qua thư điện tử",
        action="Lưu",
        lead="Mỗi ngày nhiều nhất một thư, chỉ khi có việc: những gì đang chờ ở “Việc cần làm” của trang chủ.",
        back=reverse(OWN_PAGE),
        at_the_same_time="Tài khoản này vừa được sửa ở nơi khác. Hãy xem lại rồi lưu lại.",
    )


@sensitive_post_parameters()
@login_required
def own_password(request: HttpRequest) -> HttpResponse:
    """Another password: every other session of the account ends."""
    user = account(request)
    form = OwnPasswordForm(user, request.POST or None)

    @signed
    def write_for(*, by: User) -> None:
        by.must_change_password, by.word_expires_at = False, None
        form.save()

    def write() -> str:
        write_for(by=user)
        update_session_auth_hash(request, user)
        ended = end_sessions(user, but=row_of(request.session.session_key or ""))
        tell_visit(request, Visit.Kind.PASSWORD)
        return "Đã đổi mật khẩu." + (f" Đã đăng xuất khỏi {ended} thiết bị khác." if ended else "")

    return change(
        request,
        form,
        write,
        template="cadres/sign_in/change.html",
        title="Đổi mật khẩu",
        action="Đổi mật khẩu",
        back=reverse(OWN_PAGE),
        target=lambda: after(request),
        at_the_same_time="Mật khẩu vừa được đổi ở nơi khác. Hãy đăng nhập lại.",
        lead=ONE_TIME_WORD
        if user.must_change_password
        else "Sau khi đổi, các thiết bị khác đang đăng nhập tài khoản này phải đăng nhập lại.",
    )


@sensitive_variables("key", "codes")
@sensitive_post_parameters()
@login_required
def second_factor_set_up(request: HttpRequest) -> HttpResponse:
    """Scan, type the code that the telephone shows, and be shown the recovery codes: that once."""
    user = account(request)
    if user.second_factor_since:
        messages.info(request, "Xác thực hai bước đã được bật.")
        return redirect(OWN_PAGE)
    if request.method == "POST":
        key = _key_of(request, user)
        form = SetUpForm(request.POST)
        if form.is_valid():
            try:
                codes = second_factor.set_up(
                    user, key, form.cleaned_data["code"], by=user, session=row_of(request.session.session_key or "")
                )
            except ValidationError as refusal:
                add_refusal(form, refusal)
            else:
                return _told_codes(request, codes, "Đã bật xác thực hai bước")
    else:
        key = second_factor.new_key()
        form = SetUpForm(initial={"secret": _signer.sign_object([user.pk, key])})
    context = {
        "title": "Bật xác thực hai bước",
        "form": form,
        "picture": second_factor.picture(user, key),
        "typed_key": second_factor.typed_key(key),
        "is_demanded": second_factor.is_demanded(user),
        "back": reverse(OWN_PAGE),
    }
    return render(request, "cadres/sign_in/set_up.html", context)


def _key_of(request: HttpRequest, user: User) -> str:
    """The key that the page has shown to the account. Raises BadRequest."""
    try:
        owner, key = _signer.unsign_object(request.POST.get("secret", ""))
    except (BadSignature, ValueError):
        owner, key = None, ""
    if owner != user.pk:
        raise BadRequest("Trang bật xác thực hai bước này không còn dùng được. Hãy mở lại trang rồi quét mã mới.")
    return str(key)


@sensitive_variables("codes")
@sensitive_post_parameters()
@login_required
def recovery_codes_renew(request: HttpRequest) -> HttpResponse:
    user = account(request)
    if not user.second_factor_since:
        return redirect(OWN_PAGE)
    form = PasswordAgainForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.renew_recovery_codes(user, by=user)
        return _told_codes(request, codes, "Mã dự phòng mới")
    context = {
        "title": "Tạo mã dự phòng mới",
        "form": form,
        "lead": "Các mã dự phòng cũ sẽ không dùng được nữa.",
        "action": "Tạo mã mới",
        "back": reverse(OWN_PAGE),
    }
    return render(request, "cadres/sign_in/change.html", context)


def _told_codes(request: HttpRequest, codes: list[str], title: str) -> HttpResponse:
    return render(
        request, "cadres/sign_in/recovery_codes.html", {"title": title, "codes": codes, "after": after(request)}
    )


@sensitive_post_parameters()
@login_required
def second_factor_take_off(request: HttpRequest) -> HttpResponse:
    """For another telephone: whoever has to have it is asked for it again at once."""
    user = account(request)
    if not user.second_factor_since:
        return redirect(OWN_PAGE)
    form = PasswordAgainForm(user, request.POST or None)

    def write() -> str:
        second_factor.take_off(user, by=user)
        return "Đã tắt xác thực hai bước."

    return change(
        request,
        form,
        write,
        template="cadres/sign_in/change.html",
        title="Tắt xác thực hai bước",
        action="Tắt",
        back=reverse(OWN_PAGE),
        at_the_same_time="Vừa được tắt ở nơi khác.",
        lead="Từ lần đăng nhập sau chỉ cần mật khẩu. Mã trên điện thoại và mã dự phòng không dùng được nữa.",
    )


@login_required
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out on the device that the form names, or on all but this one."""
    user, own = account(request), row_of(request.session.session_key or "")
    if which := request.POST.get("thiet_bi", ""):
        keys = {name_of(device.pk): device.pk for device in Session.objects.filter(account=user)}
        session = get_object_or_404(Session, pk=keys.get(which, ""), account=user)
        session.delete()
        messages.success(request, f"Đã đăng xuất khỏi thiết bị {called(session.browser)}.")
    else:
        messages.success(request, f"Đã đăng xuất khỏi {end_sessions(user, but=own)} thiết bị khác.")
    return redirect(OWN_PAGE)
