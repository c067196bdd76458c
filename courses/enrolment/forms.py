"""Forms of the decision that sends people and of taking somebody out. The writing is courses/enrolment's."""

from django import forms

from cadres.web.fields import DayField
from courses.models import Enrolment


class DecisionForm(forms.Form):
    """Quyết định cử đi học."""

    number = forms.CharField(label="Số quyết định", max_length=100, help_text="Ví dụ: 125/QĐ-SNV.")
    signed_on = DayField(label="Ngày ký")
    signer = forms.CharField(label="Người ký", max_length=100, required=False)
    signer_post = forms.CharField(label="Chức vụ người ký", max_length=100, required=False)


class WithdrawForm(forms.Form):
    """Rút khỏi lớp."""

    reason = forms.ChoiceField(label="Lý do", choices=[("", "---------"), *Enrolment.WithdrawalReason.choices])
    on = DayField(label="Từ ngày")
    note = forms.CharField(label="Giải thích", max_length=200, required=False)
