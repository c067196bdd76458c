"""Forms of commitments, repayments and measures. They check and translate; the writing is courses/obligations'."""

from typing import Any

from django import forms

from cadres.web.fields import DayField, DoneOnField
from cadres.web.versions import OverRow
from courses.forms import MoneyField
from courses.models import Repayment, TrainingMeasure

LONGEST = 600  # months: more is a slip of the pen


class CommitmentForm(OverRow, forms.Form):
    """Ghi, sửa cam kết."""

    signed_on = DoneOnField(label="Ngày cam kết")
    starts_on = DayField(
        label="Phục vụ từ ngày", required=False, help_text="Ngày sau khi học xong; để trống nếu chưa biết."
    )
    months = forms.IntegerField(label="Số tháng cam kết", min_value=1, max_value=LONGEST)
    cost = MoneyField(label="Chi phí đào tạo của người này, đồng", help_text="Không kể lương và phụ cấp.")
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)


class SignedForm(forms.Form):
    """Nhiều người cam kết cùng ngày."""

    signed_on = DoneOnField(label="Ngày cam kết")
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)


class RepaymentForm(forms.Form):
    """Trường hợp đền bù và ngày phát sinh."""

    case = forms.ChoiceField(label="Trường hợp", choices=[("", "---------"), *Repayment.Case.choices])
    on = DoneOnField(label="Ngày phát sinh", help_text="Ngày đầu tiên không còn học, không còn phục vụ.")


class RepaymentDecisionForm(RepaymentForm):
    council = forms.CharField(
        label="Hội đồng xét đền bù",
        max_length=200,
        required=False,
        help_text="Số, ngày quyết định thành lập và biên bản họp; để trống nếu không lập hội đồng.",
    )
    decision = forms.CharField(label="Quyết định đền bù", max_length=200, help_text="Số, cơ quan ban hành.")
    decided_on = DoneOnField(label="Ngày quyết định")


class PaidForm(forms.Form):
    """Đã nộp tiền đền bù."""

    paid_on = DoneOnField(label="Ngày nộp")


class MeasureForm(forms.Form):
    """Một quyết định cho nhiều người."""

    kind = forms.ChoiceField(label="Hình thức")
    on = DoneOnField(label="Ngày")
    decision = forms.CharField(label="Quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành.")
    reason = forms.CharField(label="Lý do", max_length=200)
    amount = MoneyField(
        label="Mức thưởng mỗi người, đồng", required=False, help_text="Để trống nếu không kèm tiền thưởng."
    )

    def __init__(self, *args: Any, is_reward: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reward = TrainingMeasure.Kind.REWARD
        if not is_reward:
            del self.fields["amount"]
        kinds = [(value, label) for value, label in TrainingMeasure.Kind.choices if (value == reward) == is_reward]
        self.fields["kind"].choices = kinds if is_reward else [("", "---------"), *kinds]  # type: ignore[attr-defined]
