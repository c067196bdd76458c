"""Forms of certificates and of taking a result back. They check and translate; the writing is courses/results'."""

from typing import Any

from django import forms

from cadres.forms import CorrectionForm, refuse_unchanged
from cadres.web.fields import DayField, DoneOnField
from cadres.web.versions import OverRow


class CertificateForm(OverRow, CorrectionForm):
    """What a certificate really says."""

    number = forms.CharField(label="Số hiệu", max_length=50)
    book_entry = forms.CharField(label="Số vào sổ", max_length=50)
    issued_on = DoneOnField(label="Ngày cấp")
    signer = forms.CharField(label="Người ký", max_length=100)
    field_order = ("number", "book_entry", "issued_on", "signer", "reason")

    def clean(self) -> dict[str, Any]:
        return refuse_unchanged(self, super().clean())


class WithdrawResultForm(forms.Form):
    """Thu hồi kết quả: which of the two ways, why, and a tick that it is meant."""

    IN_ERROR, REVOKED = "error", "revoked"

    kind = forms.ChoiceField(label="Vì sao thu hồi", widget=forms.RadioSelect)
    revoke_from = DayField(
        label="Thu hồi từ ngày",
        required=False,
        help_text="Chỉ khi thu hồi chứng chỉ: đến hết ngày trước đó chứng chỉ vẫn được tính.",
    )
    reason = forms.CharField(label="Lý do, văn bản", max_length=200)
    is_confirmed = forms.BooleanField(
        label="Đã đối chiếu đúng người, đúng lớp",
        error_messages={"required": "Hãy đánh dấu xác nhận trước khi thu hồi."},
    )

    def __init__(self, *args: Any, has_certificate: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(self.IN_ERROR, "Kết quả ghi sai: coi như chưa từng có, người học chờ kết quả mới")]
        if has_certificate:
            choices.append((self.REVOKED, "Chứng chỉ bị thu hồi từ một ngày: trước ngày đó vẫn được tính"))
        else:
            del self.fields["revoke_from"]
            self.fields["kind"].initial = self.IN_ERROR
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == self.REVOKED and not cleaned.get("revoke_from") and "revoke_from" not in self.errors:
            self.add_error("revoke_from", "Hãy ghi ngày thu hồi.")
        return cleaned


class IssueForm(forms.Form):
    """What all certificates of one issue share. The numbers stand beside the people."""

    issued_on = DoneOnField(label="Ngày cấp")
    signer = forms.CharField(label="Người ký", max_length=100)
    is_confirmed = forms.BooleanField(
        label="Đã đối chiếu danh sách, số hiệu và ngày cấp",
        error_messages={"required": "Hãy đánh dấu xác nhận trước khi cấp."},
    )
