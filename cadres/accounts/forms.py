"""Forms of the life of an account. They check and translate; the writing is cadres/accounts'."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cadres import roles
from cadres.models import Unit, UnitVersion, User
from cadres.web.fields import DayField
from cadres.web.versions import OverRow

NOTHING = ("", "---------")


class AccountForm(OverRow, forms.ModelForm):
    class Meta:
        model = User
        fields = ("username", "full_name", "email")
        help_texts = {
            "username": "Chữ, số và . _ - @ +, không dấu cách. Không đặt theo số định danh.",
            "full_name": "Người dùng tài khoản. Mọi việc làm được ghi tên này trong nhật ký.",
        }


class RemindersForm(OverRow, forms.ModelForm):
    """Of what somebody wants to be told by mail, and where."""

    class Meta:
        model = User
        fields = ("email", "remind_of_work", "remind_of_data")
        help_texts = {"email": "Để trống: không nhận thư nào. Thư chỉ nói số việc và hạn, không nêu tên ai."}


class GrantForm(forms.Form):
    """Vai trò, đơn vị, thời gian."""

    role = forms.ChoiceField(label="Vai trò", choices=[NOTHING, *roles.LABELS.items()])
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        label="Đơn vị phụ trách",
        required=False,
        help_text="Chỉ với cán bộ đơn vị: đơn vị ấy và mọi đơn vị trực thuộc.",
    )
    start_date = DayField(label="Từ ngày")
    end_date = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa định ngày kết thúc.")

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_date"].initial = day
        self.fields["unit"].choices = units_offered(day)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role in roles.OF_A_UNIT and unit is None and "unit" not in self.errors:
            raise ValidationError({"unit": "Hãy chọn đơn vị mà cán bộ này phụ trách."})
        if role and role not in roles.OF_A_UNIT and unit is not None:
            raise ValidationError({"unit": f"Vai trò “{roles.LABELS[role]}” không gắn với đơn vị: hãy để trống."})
        return cleaned


class EndForm(forms.Form):
    on = DayField(label="Giữ vai trò đến hết ngày")


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Ví dụ: nghỉ hưu, chuyển công tác, nghi lộ mật khẩu."
    )


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label="Người kế nhiệm")
    on = DayField(label="Nhận từ ngày")

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=giver.pk).order_by("full_name", "username")
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
        self.fields["to"].label_from_instance = lambda user: f"{user.full_name} ({user.username})"  # type: ignore[attr-defined]


ORDER: dict[str, int] = {  # communes of every kind follow
    UnitVersion.Kind.PROVINCE: 0,
    UnitVersion.Kind.DISTRICT: 1,
    UnitVersion.Kind.CLUSTER: 2,
}


def units_offered(day: date) -> list[Any]:
    """The units that can be given: by kind and name those there are on the day, then those that have ended."""
    latest = UnitVersion.objects.order_by("unit", "-start_date").distinct("unit")
    groups: dict[str, list[tuple[int, str]]] = {}
    for version in sorted(latest, key=lambda one: (one.has_ended(day), ORDER.get(one.kind, 3), one.name)):
        label = "Đơn vị đã kết thúc" if version.has_ended(day) else UnitVersion.Kind(version.kind).label
        groups.setdefault(str(label), []).append((version.unit_id, f"{version.name} ({version.code})"))
    return [NOTHING, *groups.items()]
