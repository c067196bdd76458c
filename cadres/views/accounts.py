"""Accounts and the roles they hold, as those who keep them see them."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from cadres import accounts, roles
from cadres.accounts.forms import AccountForm, EndForm, GrantForm, HandOverForm, SuspendForm
from cadres.accounts.to_do import ACCOUNTS
from cadres.history.pages import history_page
from cadres.models import RoleGrant, Session, UnitVersion, User
from cadres.models.users import day_of_roles
from cadres.sign_in.lockout import locked_now
from cadres.sign_in.second_factor import take_off
from cadres.text import fold, thousands
from cadres.views.own_account import devices_of
from cadres.web.changes import add_refusal, change
from cadres.web.day import working_day
from cadres.web.filters import ALL
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import luc
from cadres.web.to_do import ToDoFilter

AT_THE_SAME_TIME = "Vừa có người khác sửa tài khoản này. Hãy xem lại rồi làm lại."
SEEN = "da_xem"
IN_USE, SUSPENDED, WITHOUT_ROLE = "dang_dung", "tam_ngung", "chua_co"
STATES = [(IN_USE, "Đang dùng"), (SUSPENDED, "Tạm ngừng"), (WITHOUT_ROLE, "Chưa có vai trò hôm nay")]


class AccountFilter(ToDoFilter):
    q = forms.CharField(label="Tên đăng nhập hoặc họ tên (không cần dấu)", required=False, max_length=100)
    vai_tro = forms.ChoiceField(label="Vai trò", required=False, choices=[ALL, *roles.LABELS.items()])
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[ALL, *STATES])

    BAR = ("vai_tro", "tinh_trang")
    TO_DO = ACCOUNTS


def state_of(user: User) -> str:
    return "Đang dùng" if user.is_active else "Tạm ngừng"


COLUMNS = (
    Column(
        "ten",
        "Họ và tên",
        ["full_name", "username"],
        cell=lambda user: user.full_name or user.username,
        page=lambda user: format_html(
            '<a href="{}">{}</a>', reverse("cadres:account-detail", args=[user.pk]), user.full_name or user.username
        ),
    ),
    Column("tai_khoan", "Tên đăng nhập", ["username"], cell=lambda user: user.username),
    Column(
        "vai_tro",
        "Vai trò hôm nay",
        cell=lambda user: "; ".join(str(grant) for grant in user.held),
        page=lambda user: format_html_join(mark_safe("<br>"), "{}", ((grant,) for grant in user.held)) or "Chưa có",
    ),
    Column(
        "tinh_trang",
        "Tình trạng",
        ["-is_active", "full_name"],
        cell=state_of,
        page=lambda user: format_html(
            '<span class="tag {}">{}</span>', "good" if user.is_active else "bad", state_of(user)
        ),
    ),
    Column(
        "vao",
        "Đăng nhập gần nhất",
        ["last_login"],
        cell=lambda user: luc(user.last_login),
        page=lambda user: luc(user.last_login) or "Chưa lần nào",
    ),
    Column("thu", "Địa chỉ thư", ["email"], cell=lambda user: user.email, is_usual=False),
)


@permission_needed("cadres.view_user")
@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    filters = AccountFilter(request.GET)
    columns = Columns(request, COLUMNS, default=["full_name"], tie=["username"], may_choose=True)
    chosen = filters.waiting(_found(filters.cleaned_data), account(request), working_day(request))
    found = chosen.order_by(*columns.order)
    if request.GET.get(FILE):
        notes = [*head_of_file(request, filters, is_dated=False), f"{thousands(found.count())} tài khoản."]
        return columns.file(request, found, title="TÀI KHOẢN", notes=notes, stem="tai-khoan")
    page = shown_page(request, found)
    context = {
        "title": "Tài khoản",
        "filters": filters,
        "columns": columns,
        "heads": columns.heads(),
        "page": page,
        "rows": page.object_list,
    }
    return render(request, "cadres/accounts/list.html", context)


def _found(chosen: dict[str, Any]) -> QuerySet[User]:
    held = RoleGrant.objects.held_now().select_related("unit").prefetch_related("unit__versions")
    found = User.objects.prefetch_related(Prefetch("grants", held.order_by("role", "unit"), to_attr="held"))
    if chosen["q"]:
        words = fold(chosen["q"])
        named = [
            pk for pk, *names in found.values_list("pk", "full_name", "username") if words in fold(" ".join(names))
        ]
        found = found.filter(pk__in=named)
    now = RoleGrant.objects.held_now()
    if chosen["vai_tro"]:
        found = found.filter(pk__in=now.filter(role=chosen["vai_tro"]).values("user"))
    if chosen["tinh_trang"] == WITHOUT_ROLE:
        return found.filter(is_active=True).exclude(pk__in=now.values("user"))
    return found.filter(is_active=chosen["tinh_trang"] == IN_USE) if chosen["tinh_trang"] else found


@permission_needed("cadres.view_user")
@require_safe
def account_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User.objects.select_related("succeeded_by"), pk=pk)
    day = day_of_roles()
    grants = list(user.grants.select_related("unit").prefetch_related("unit__versions").order_by("role", "start_date"))
    return render(
        request,
        "cadres/accounts/detail.html",
        {
            "title": f"Tài khoản {user.username}",
            "subject": user,
            "grants": [(grant, _standing(grant, day)) for grant in sorted(grants, key=lambda one: one.has_ended(day))],
            "institutions": user.institutions.select_related("institution"),
            "is_institution": any(grant.role == roles.TRAINING_INSTITUTION for grant in grants),
            "devices": devices_of(user, None),
            "locked": locked_now(user.username),
            "predecessors": user.predecessors.all(),
            "may_change": request.user.has_perm("cadres.change_user"),
            "is_own": user == request.user,
            "duties": roles.DUTIES,
        },
    )


def _standing(grant: RoleGrant, day: date) -> str:
    if grant.has_ended(day):
        return "đã hết"
    return "đang giữ" if grant.has_begun(day) else "chưa đến ngày"


@permission_needed("cadres.view_user")
@require_safe
def account_history(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    return history_page(request, user, title=f"Lịch sử tài khoản {user.username}", back=_page_of(user))


# ---------------------------------------------------------------- changes


@permission_needed("cadres.add_user")
def account_add(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)

    def write() -> str:
        user = accounts.open_account(form.instance, by=account(request))
        return f"Đã mở tài khoản {user.username}. Tiếp theo: giao vai trò, rồi cấp mật khẩu dùng một lần."

    return change(
        request,
        form,
        write,
        template="cadres/accounts/change.html",
        title="Mở tài khoản",
        action="Mở tài khoản",
        lead="Tài khoản mới chưa làm được gì cho đến khi được giao vai trò và được cấp mật khẩu.",
        back=reverse("cadres:account-list"),
        target=lambda: _page_of(form.instance),
        at_the_same_time="Vừa có người khác mở tài khoản cùng tên đăng nhập.",
    )


@permission_needed("cadres.change_user")
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = AccountForm(request.POST or None, instance=user)

    def write() -> str:
        accounts.save_account(form.instance, by=account(request))
        return "Đã lưu tài khoản."

    return _change(request, form, write, user, title="Sửa tài khoản", action="Lưu")


@permission_needed("cadres.add_rolegrant")
def grant_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role: what that will mean is shown first, and it is done when it is sent again."""
    user = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST or None, day=day_of_roles())
    if request.method == "POST" and form.is_valid():
        grant = RoleGrant(user=user, **form.cleaned_data)
        try:
            grant.full_clean()
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            if request.POST.get(SEEN) != _digest(grant):
                return _change(
                    request,
                    form,
                    str,
                    user,
                    is_shown=True,
                    title="Giao vai trò",
                    action=f"Giao vai trò {grant.get_role_display()}",
                    meaning=_meaning(grant, account(request)),
                    seen=_digest(grant),
                )

    def write() -> str:
        grant = accounts.give(user, **form.cleaned_data, by=account(request))
        return f"Đã giao cho {user.full_name} vai trò {grant}."

    return _change(
        request,
        form,
        write,
        user,
        title="Giao vai trò",
        action="Xem trước",
        lead="Một tài khoản giữ được nhiều vai trò; mỗi vai trò có đơn vị và thời gian riêng.",
        duties=[(label, roles.DUTIES[role]) for role, label in roles.LABELS.items()],
    )


def _digest(grant: RoleGrant) -> str:
    return f"{grant.role}/{grant.unit_id or ''}/{grant.start_date}/{grant.end_date or ''}"


def _meaning(grant: RoleGrant, by: User) -> list[str]:
    """What the role will let the account do, and what is to be thought of before it is given."""
    told = [f"Vai trò {grant.get_role_display()}: {roles.DUTIES[grant.role]}."]
    if grant.unit_id:
        below = UnitVersion.objects.filter(
            Q(parent=grant.unit_id) | Q(parent__versions__parent=grant.unit_id) | Q(cluster=grant.unit_id)
        )
        communes = below.as_of(max(grant.start_date, day_of_roles())).communes().values("unit").distinct().count()
        told.append(f"Đơn vị: {grant.unit}" + (f", {communes} đơn vị cấp xã trực thuộc." if communes else "."))
    last = f" đến hết {grant.end_date:%d/%m/%Y}" if grant.end_date else ", không có ngày kết thúc"
    told.append(f"Thời gian: từ {grant.start_date:%d/%m/%Y}{last}.")
    held = {row.role for row in grant.user.grants.lasting_to(grant.start_date)}
    if held:
        told.append("Cộng thêm vào: " + ", ".join(roles.LABELS[role] for role in roles.LABELS if role in held) + ".")
    proposing = {roles.REGISTRY_STAFF, roles.TRAINING_STAFF}
    if (grant.role == roles.APPROVER and held & proposing) or (grant.role in proposing and roles.APPROVER in held):
        told.append(
            "Tài khoản sẽ vừa lập vừa phê duyệt được, nhưng không phê duyệt việc do chính mình lập; khi không còn ai "
            "khác phê duyệt thì phải ghi lý do, và nhật ký đánh dấu."
        )
    if not grant.user.is_active:
        told.append("Tài khoản đang tạm ngừng: vai trò chỉ dùng được sau khi mở lại.")
    if grant.user == by:
        told.append("Đây là tài khoản của chính bạn: nhật ký sẽ ghi là tự giao.")
    return told


@permission_needed("cadres.change_rolegrant")
def grant_end(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    grant = get_object_or_404(user.grants.select_related("unit"), pk=grant_pk)
    form = EndForm(request.POST or None, initial={"on": day_of_roles()})

    def write() -> str:
        accounts.end_grant(grant, on=form.cleaned_data["on"], by=account(request))
        return f"Vai trò {grant} hết hạn sau ngày {form.cleaned_data['on']:%d/%m/%Y}."

    return _change(
        request,
        form,
        write,
        user,
        title=f"Kết thúc vai trò {grant}",
        action="Kết thúc vai trò",
        lead="Việc đã làm giữ nguyên tên. Muốn kết thúc ngay từ hôm nay, hãy chọn ngày hôm qua.",
    )


@permission_needed("cadres.change_user")
def account_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk, is_active=True)
    form = SuspendForm(request.POST or None)

    def write() -> str:
        accounts.suspend(user, reason=form.cleaned_data["reason"], by=account(request))
        return f"Đã tạm ngừng tài khoản {user.username}; ai đang đăng nhập bằng tài khoản này đã bị đăng xuất."

    return _change(
        request,
        form,
        write,
        user,
        title="Tạm ngừng tài khoản",
        action="Tạm ngừng",
        lead="Không ai đăng nhập bằng tài khoản này được nữa, ngay từ bây giờ. Việc đã làm giữ nguyên tên người làm. "
        "Nếu có người thay, hãy bàn giao trước.",
    )


@permission_needed("cadres.change_user")
def account_resume(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk, is_active=False)

    def write() -> str:
        accounts.resume(user, by=account(request))
        return f"Tài khoản {user.username} dùng lại được, với mật khẩu đã có."

    return _change(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        write,
        user,
        title="Mở lại tài khoản",
        action="Mở lại",
        lead=f"Đã tạm ngừng vì: {user.suspended_for or 'không ghi lý do'}. Vai trò còn hạn dùng được ngay khi mở lại.",
    )


@permission_needed("cadres.change_user")
def account_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = HandOverForm(request.POST or None, giver=user, initial={"on": day_of_roles()})

    def write() -> str:
        handed = accounts.hand_over(user, **form.cleaned_data, by=account(request))
        return f"Đã bàn giao {len(handed)} vai trò, cơ sở cho {form.cleaned_data['to'].full_name}."

    return _change(
        request,
        form,
        write,
        user,
        title="Bàn giao cho người kế nhiệm",
        action="Bàn giao",
        lead="Từ ngày nhận, người kế nhiệm giữ mọi vai trò, đơn vị, cơ sở đào tạo mà tài khoản này đang giữ, và thấy "
        "việc còn dở; tài khoản này thôi giữ từ ngày đó. Việc đã làm giữ nguyên tên người làm.",
    )


@permission_needed("cadres.change_user")
@sensitive_variables("word")
def account_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a word that is good once. It stands on the page that answers, and nowhere else."""
    user = get_object_or_404(User, pk=pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    context = {"title": "Cấp mật khẩu dùng một lần", "subject": user, "form": form, "back": _page_of(user)}
    context["days"] = accounts.GOOD_FOR.days
    if request.method == "POST" and form.is_valid():
        try:
            context["word"] = accounts.give_word(user, by=account(request))
        except ValidationError as refusal:
            add_refusal(form, refusal)
    return render(request, "cadres/accounts/word.html", context)


@permission_needed("cadres.change_user")
@require_POST
def account_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End one device of the account (`thiet_bi`), or all."""
    user = get_object_or_404(User, pk=pk)
    asked = request.POST.get("thiet_bi", "")
    devices = [device for device in devices_of(user, None) if asked in ("", device.name)]
    Session.objects.filter(account=user, pk__in=[device.pk for device in devices]).delete()
    messages.success(request, f"Đã đăng xuất {len(devices)} thiết bị của {user.full_name}.")
    return redirect(_page_of(user))


@permission_needed("cadres.change_user")
def account_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever has lost the telephone and the recovery codes sets it up anew."""
    others = User.objects.exclude(pk=account(request).pk)  # the own is taken off with the password
    user = get_object_or_404(others, pk=pk, second_factor_since__isnull=False)
    form = SuspendForm(request.POST or None)
    form.fields["reason"].help_text = "Ví dụ: mất điện thoại. Hãy gặp hoặc gọi đúng người trước khi tắt."

    def write() -> str:
        take_off(user, by=account(request), reason=form.cleaned_data["reason"])
        return f"Đã tắt xác thực hai bước của {user.username}; người dùng bật lại bằng điện thoại mới khi đăng nhập."

    return _change(
        request,
        form,
        write,
        user,
        title="Tắt xác thực hai bước",
        action="Tắt",
        lead="Chỉ dùng khi người dùng mất cả điện thoại lẫn mã dự phòng. Ai đang đăng nhập bằng nó bị đăng xuất.",
    )


def _change(
    request: HttpRequest, form: Any, write: Any, user: User, *, is_shown: bool = False, **context: Any
) -> HttpResponse:
    """The page of one change of the account; `is_shown`: what it would mean is shown, and nothing is written."""
    if is_shown:
        page = {"form": form, "subject": user, "back": _page_of(user)}
        return render(request, "cadres/accounts/change.html", page | context)
    return change(
        request,
        form,
        write,
        template="cadres/accounts/change.html",
        back=_page_of(user),
        at_the_same_time=AT_THE_SAME_TIME,
        subject=user,
        **context,
    )


def _page_of(user: User) -> str:
    return reverse("cadres:account-detail", args=[user.pk])
