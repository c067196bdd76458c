"""The forms of coming in, and of the own account."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from cadres.models import User

CODE = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}


class SignInForm(AuthenticationForm):
    """Django's, which says the same whether there is no such account or the password is wrong."""

    error_messages = {
        "invalid_login": "Tên đăng nhập hoặc mật khẩu không đúng. Mật khẩu phân biệt chữ hoa, chữ thường.",
    }

    def confirm_login_allowed(self, user: Any) -> None:
        """What only whoever knows the password is told: why it does not help (views.REFUSALS)."""
        if not user.is_active:
            raise ValidationError("Tài khoản này đã tạm ngừng.", code="suspended")
        if user.word_expires_at and user.word_expires_at <= now():
            raise ValidationError("Mật khẩu dùng một lần đã hết hạn.", code="expired")


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Mã xác thực",
        max_length=30,
        widget=forms.TextInput(attrs=CODE | {"autofocus": True}),
        help_text="Sáu chữ số đang hiện trong ứng dụng trên điện thoại, hoặc một mã dự phòng.",
    )


class SetUpForm(forms.Form):
    """`secret` is the key that the page has shown, signed for the account; kept_forms keeps no field of that name."""

    secret = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label="Mã đang hiện trên điện thoại",
        max_length=10,
        widget=forms.TextInput(attrs=CODE | {"inputmode": "numeric"}),
        help_text="Sáu chữ số; đổi sau mỗi nửa phút.",
    )


class OwnPasswordForm(PasswordChangeForm):
    """Django's, in words of ours."""

    error_messages = {
        "password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau.",
        "password_incorrect": "Mật khẩu đang dùng không đúng.",
    }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "Mật khẩu đang dùng"
        self.fields["new_password1"].label = "Mật khẩu mới"
        self.fields["new_password2"].label = "Nhập lại mật khẩu mới"

    def clean_new_password1(self) -> str:
        new: str = self.cleaned_data["new_password1"]
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        return new


class PasswordAgainForm(forms.Form):
    """The own password once more, before what somebody at an open screen must not do."""

    password = forms.CharField(
        label="Mật khẩu của bạn",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError("Mật khẩu không đúng.")
        return password
