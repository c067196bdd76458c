"""Forms of the training plan. They check and translate; the writing is courses/planning's."""

from datetime import date
from typing import Any

from django import forms

from cadres.forms import CorrectionForm, refuse_unchanged
from cadres.models import Unit, Zone
from cadres.two_persons import AloneForm
from cadres.web.day import YEARS
from cadres.web.fields import DoneOnField
from cadres.web.versions import OverRow
from courses.forms import MoneyField, offer_places
from courses.models import FundingSource, Institution, PlanLine, Programme, RegisteredNeed, TrainingPlan
from courses.planning.costs import Norms, estimate
from courses.planning.proposal.registered import NOBODY_UNREGISTERED, UNREGISTERED

Priority = RegisteredNeed.Priority
MONEY_IS_UP_TO = "Số đồng, ví dụ 31.500.000."


class PlanForm(OverRow, forms.ModelForm):
    """The head of a plan: its year, and what each source may give."""

    year = forms.IntegerField(label="Năm", min_value=YEARS[0], max_value=YEARS[-1])
    budget_central = MoneyField(label="Dự toán ngân sách trung ương, đồng", required=False, help_text=MONEY_IS_UP_TO)
    budget_local = MoneyField(label="Dự toán ngân sách địa phương, đồng", required=False)
    budget_other = MoneyField(label="Dự toán nguồn khác, đồng", required=False)

    class Meta:
        model = TrainingPlan
        fields = ("year", "title", "budget_central", "budget_local", "budget_other")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {name: cleaned.get(name) or 0 for name in cleaned if name.startswith("budget_")}


class ProposalForm(forms.Form):
    """What a proposal is to reckon with; its fields are words of the address."""

    kinh_phi = MoneyField(label="Kinh phí, đồng", help_text=MONEY_IS_UP_TO)
    dang_ky = MoneyField(
        label="Dành cho nhu cầu đã đăng ký, đồng",
        required=False,
        help_text="Cho lớp mà đơn vị đăng ký nhưng không làm tăng tỷ lệ. Để trống: chỉ phần còn lại của kinh phí.",
    )
    quy_dinh = forms.TypedChoiceField(
        label="Người chưa đăng ký mà quy định đòi hỏi học",
        choices=[
            (NOBODY_UNREGISTERED, "Không tính"),
            (Priority.URGENT, "Ưu tiên gấp"),
            (Priority.NORMAL, "Ưu tiên gấp, trong năm"),
            (Priority.LATER, "Mọi mức ưu tiên"),
        ],
        coerce=int,
        empty_value=str(UNREGISTERED),
        required=False,
        help_text="Theo “Nhu cầu theo chương trình, quy định”; xếp sau người đã đăng ký, trong cùng khoản tiền.",
    )
    it_nhat = forms.IntegerField(
        label="Mỗi đơn vị ít nhất bao nhiêu chỗ",
        required=False,
        min_value=0,
        max_value=9999,
        help_text="Huyện, cụm xã hoặc xã; để trống thì không đặt.",
    )
    kv1, kv2, kv3 = (
        forms.IntegerField(
            label=f"Khu vực {Zone(zone).label} ít nhất bao nhiêu chỗ", required=False, min_value=0, max_value=9999
        )
        for zone in (Zone.I, Zone.II, Zone.III)
    )
    nho_nhat = forms.IntegerField(label="Một lớp ít nhất, người", min_value=1, max_value=9999)
    lon_nhat = forms.IntegerField(label="Một lớp nhiều nhất, người", min_value=1, max_value=9999)
    bo = forms.ModelMultipleChoiceField(
        label="Không mở lớp của chương trình",
        queryset=Programme.objects.filter(raises_to__isnull=False),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    names = {
        "budget": "kinh_phi",
        "for_registered": "dang_ky",
        "unregistered": "quy_dinh",
        "fewest": "nho_nhat",
        "least": "it_nhat",
    }

    @property
    def least_of_zones(self) -> dict[int, int]:
        """Number of a zone → how many seats its people get at the least, where that was asked."""
        return {zone: self.cleaned_data[f"kv{zone}"] for zone in (1, 2, 3) if self.cleaned_data[f"kv{zone}"]}


class LineForm(OverRow, forms.Form):
    """One line; `day` says which units there are, `norms` what a trainee costs. `cleaned_data`: fields of PlanLine."""

    programme = forms.ModelChoiceField(label="Chương trình", queryset=Programme.objects.all())
    target_group = forms.CharField(label="Đối tượng", max_length=200, required=False)
    class_count = forms.IntegerField(label="Số lớp", min_value=1, max_value=9999)
    seats = forms.IntegerField(label="Học viên một lớp", min_value=1, max_value=9999)
    months = forms.CharField(label="Thời điểm", max_length=50, required=False, help_text="Ví dụ: tháng 3–5, quý II.")
    place = forms.TypedChoiceField(label="Địa điểm", required=False)
    institution = forms.ModelChoiceField(
        label="Đơn vị chủ trì", queryset=Institution.objects.all(), required=False, empty_label="Chưa giao"
    )
    cost_central = MoneyField(
        label="Ngân sách trung ương, đồng", required=False, help_text="Cho tất cả các lớp của dòng."
    )
    cost_local = MoneyField(label="Ngân sách địa phương, đồng", required=False)
    cost_other = MoneyField(label="Nguồn khác, đồng", required=False)
    is_by_norm = forms.BooleanField(
        label="Tính ngân sách địa phương theo định mức",
        required=False,
        help_text="Số ngày × số học viên × định mức chi, trừ phần của các nguồn kia.",
    )
    note = forms.CharField(label="Ghi chú", max_length=200, required=False)

    def __init__(self, *args: Any, day: date, norms: Norms, line: PlanLine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, row=line, **kwargs)
        self.norms = norms
        places: Any = self.fields["place"]
        offer_places(places, day)
        if line is not None and line.place is not None and not places.valid_value(line.place_id):
            places.choices = [*places.choices, (line.place_id, str(line.place))]  # it has ended by then

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for source in FundingSource.values:
            cleaned[f"cost_{source}"] = cleaned.get(f"cost_{source}") or 0
        if "place" in cleaned:
            cleaned["place"] = Unit.objects.get(pk=cleaned["place"]) if cleaned["place"] else None
        if cleaned.pop("is_by_norm", False) and {"programme", "class_count", "seats"} <= cleaned.keys():
            cleaned["cost_local"] = self._local_cost_by_norm(**cleaned)
        return cleaned

    def _local_cost_by_norm(
        self, *, programme: Programme, class_count: int, seats: int, cost_central: int, cost_other: int, **rest: Any
    ) -> int:
        """What the other sources leave of the cost by the norms, in đồng."""
        if self.norms.per_trainee_day(programme) is None:
            told = f"Ngày {self.norms.day:%d/%m/%Y} chương trình này chưa có định mức chi. Hãy tự ghi số tiền."
            self.add_error("is_by_norm", told)
        return max(estimate(programme, class_count * seats, self.norms) - cost_central - cost_other, 0)


class DecisionForm(AloneForm):
    """The decision that approves a plan or an amendment. `names` maps the field of the model."""

    number = forms.CharField(label="Số quyết định", max_length=100)
    on = DoneOnField(label="Ngày quyết định")
    over_budget = forms.BooleanField(label="Phê duyệt dù vượt dự toán", required=False)

    def __init__(self, *args: Any, is_over: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_over:
            del self.fields["over_budget"]


class DecisionCorrectionForm(OverRow, CorrectionForm):
    """What the decision on a plan or an amendment really says."""

    number = forms.CharField(label="Số quyết định", max_length=100)
    on = DoneOnField(label="Ngày quyết định")
    field_order = ("number", "on", "reason")
    names = {"decision_number": "number", "decision_date": "on"}

    def clean(self) -> dict[str, Any]:
        return refuse_unchanged(self, super().clean())


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Lý do điều chỉnh", max_length=300)
