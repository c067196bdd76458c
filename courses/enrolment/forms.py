"""Forms of approving, of the decision that sends people and of taking somebody out; nomination.py does the writing."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cadres.forms import CorrectionForm, refuse_unchanged
from cadres.two_persons import AloneForm
from cadres.web.fields import DoneOnField
from cadres.web.versions import OverRow
from courses.enrolment.corrections import may_be_listed
from courses.enrolment.nomination import Reviewed
from courses.models import Enrolment, SendingDecision

REASON = "ly_do"


class WaiverForm(forms.Form):
    """Why people are approved though warnings stand: a reason for each warning, or one for all that have none."""

    def __init__(self, *args: Any, reviewed: Sequence[Reviewed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = [(item.enrolment, rule) for item in reviewed for rule in item.warnings]
        if len(self.wanted) > 1:
            self.fields[REASON] = forms.CharField(
                label="Lý do vẫn cử, dùng cho mọi cảnh báo không có lý do riêng", max_length=300, required=False
            )
        for enrolment, rule in self.wanted:
            self.fields[self._name(enrolment, rule.code)] = forms.CharField(
                label=f"Lý do vẫn cử {enrolment.official} dù {rule.label.lower()}", max_length=300, required=False
            )

    @staticmethod
    def _name(enrolment: Enrolment, rule: str) -> str:
        return f"{REASON}-{enrolment.pk}-{rule}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for enrolment, rule in self.wanted:
            name = self._name(enrolment, rule.code)
            if not cleaned.get(name) and not cleaned.get(REASON):
                self.add_error(name, "Hãy ghi lý do vẫn cử, hoặc quay lại bỏ đánh dấu người này.")
        return cleaned

    def reasons(self) -> dict[int, dict[str, str]]:
        """Enrolment → rule → reason."""
        said: dict[int, dict[str, str]] = {}
        for enrolment, rule in self.wanted:
            reason = self.cleaned_data[self._name(enrolment, rule.code)] or self.cleaned_data[REASON]
            said.setdefault(enrolment.pk, {})[rule.code] = reason
        return said


class RejectForm(forms.Form):
    """Không duyệt."""

    reason = forms.CharField(label="Lý do không duyệt", max_length=300)


class DecisionForm(AloneForm):
    """Quyết định cử đi học."""

    number = forms.CharField(label="Số quyết định", max_length=100, help_text="Ví dụ: 125/QĐ-SNV.")
    signed_on = DoneOnField(label="Ngày ký")
    signer = forms.CharField(label="Người ký", max_length=100, required=False)
    signer_post = forms.CharField(label="Chức vụ người ký", max_length=100, required=False)


class PeopleField(forms.ModelMultipleChoiceField):
    """Enrolments, called by the names of the people."""

    def label_from_instance(self, enrolment: Any) -> str:
        return str(enrolment.official)


class DecisionCorrectionForm(OverRow, CorrectionForm, DecisionForm):
    """What a decision really says, and who is in its list."""

    listed = PeopleField(
        label="Người có tên trong quyết định",
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Quyết định phải có ít nhất một người."},
    )
    field_order = ("number", "signed_on", "signer", "signer_post", "listed", "reason")

    def __init__(self, *args: Any, decision: SendingDecision, **kwargs: Any) -> None:
        people = may_be_listed(decision)
        listed = [enrolment.pk for enrolment in people if enrolment.decision_id]
        super().__init__(*args, row=decision, **kwargs, initial={"listed": listed})
        self.fields["listed"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return refuse_unchanged(self, super().clean())


class WithdrawForm(forms.Form):
    """Rút khỏi lớp."""

    reason = forms.ChoiceField(label="Lý do", choices=[("", "---------"), *Enrolment.WithdrawalReason.choices])
    on = DoneOnField(label="Từ ngày")
    note = forms.CharField(label="Giải thích", max_length=200, required=False)
