"""Forms of campaigns and of what a district says in them. The writing is courses/needs/campaigns'."""

from django import forms

from cadres.web.day import YEARS
from cadres.web.fields import DayField
from cadres.web.versions import OverRow
from courses.forms import ConfirmForm
from courses.models import Programme, RegisteredNeed

Priority = RegisteredNeed.Priority


class CampaignForm(forms.Form):
    """What a campaign says; each unit gets the common deadline, which may be changed for it afterwards."""

    year = forms.IntegerField(label="Cho kế hoạch năm", min_value=YEARS[0], max_value=YEARS[-1])
    title = forms.CharField(label="Tên đợt", max_length=200)
    opens_on = DayField(label="Mở từ ngày")
    closes_on = DayField(label="Hạn chung", help_text="Hết ngày này. Sau khi mở, có thể gia hạn cho từng đơn vị.")
    by_commune = forms.BooleanField(
        label="Từng xã, phường đăng ký",
        required=False,
        help_text="Không đánh dấu: đơn vị ngay trên xã đăng ký cho các xã của mình; xã trực thuộc tỉnh mà chưa "
        "vào cụm nào tự đăng ký.",
    )
    note = forms.CharField(label="Văn bản, ghi chú", max_length=300, required=False)


class DeadlineForm(OverRow, forms.Form):
    deadline = DayField(label="Hạn của đơn vị", help_text="Đơn vị đăng ký được đến hết ngày này.")


class SendBackForm(forms.Form):
    reason = forms.CharField(label="Lý do trả lại", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    deadline = DayField(label="Hạn mới", required=False, help_text="Để trống thì giữ hạn cũ, nếu hạn đó chưa qua.")


class OtherNeedForm(forms.Form):
    """Somebody whom the verdicts do not name, with a programme and a reason."""

    official = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Hãy tìm và chọn một người ở trên."}
    )
    programme = forms.ModelChoiceField(label="Chương trình", queryset=Programme.objects.all())
    priority = forms.TypedChoiceField(
        label="Ưu tiên",
        coerce=int,
        choices=Priority.choices,
        initial=Priority.NORMAL.value,
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=200,
        help_text="Ví dụ: nguồn quy hoạch Phó Chủ tịch UBND, chuyển sang công tác địa chính.",
    )


class SubmitForm(ConfirmForm):
    """Yes to handing in; with nobody registered, yes to that too."""

    is_empty = forms.BooleanField(label="Đơn vị không có nhu cầu đào tạo, bồi dưỡng nào", required=False)
    field_order = ("is_empty", "is_sure")
