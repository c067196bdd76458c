"""Fields and forms that the steps share: money, a place, and the yes to a step that no later page takes back."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cadres.models import UnitVersion
from cadres.text import thousands

NOTHING = "---------"
DIGITS_OF_MONEY = 15


class MoneyField(forms.CharField):
    """An amount in đồng, typed as one pleases: 31500000, 31.500.000, 31 500 000 đ. Cleans to an int."""

    default_error_messages = {"invalid": "“%(text)s” không phải là số tiền. Hãy viết số đồng, ví dụ 31.500.000."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value) or ""
        digits = "".join(text.lower().removesuffix("đồng").removesuffix("đ").replace(".", "").replace(",", "").split())
        if not digits:
            return None
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > DIGITS_OF_MONEY:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"text": text})
        return int(digits)

    def prepare_value(self, value: Any) -> Any:
        return thousands(value) if isinstance(value, int) else value

    def run_validators(self, value: Any) -> None:
        """Length is checked on text; an amount has been understood already."""


def offer_places(field: Any, day: date) -> None:
    """Let a field offer the units of a day: the province with districts or clusters, then the communes of each."""
    versions = list(UnitVersion.objects.as_of(day))
    names = {version.unit_id: version.name for version in versions}
    communes: dict[str, list[tuple[int, str]]] = {}
    above: list[tuple[int, str]] = []
    for version in versions:
        if version.kind in UnitVersion.COMMUNE_KINDS:
            communes.setdefault(names.get(version.above_id or 0, ""), []).append((version.unit_id, version.name))
        else:
            above.append((version.unit_id, version.name))
    field.choices = [("", NOTHING), ("Tỉnh và cấp dưới tỉnh", above), *communes.items()]


class ConfirmForm(forms.Form):
    """Yes to a step that no later page takes back."""

    is_sure = forms.BooleanField(
        label="Tôi đã kiểm tra", error_messages={"required": "Hãy đánh dấu vào ô này để xác nhận."}
    )
