"""Forms of lists that come in. They check and translate; the writing is courses/lists'."""

from typing import Any

from django import forms
from django.conf import settings

from cadres.web.fields import DoneOnField


def _checked_file(form: forms.Form) -> Any:
    file = form.cleaned_data["file"]
    if file and file.size > settings.LARGEST_UPLOAD:
        raise forms.ValidationError(f"Tệp quá lớn (giới hạn {settings.LARGEST_UPLOAD // 2**20} MB).")
    return file


class ListForm(forms.Form):
    """A workbook, and what it is about."""

    subject = forms.ChoiceField(label="Danh sách này là")
    file = forms.FileField(
        label="Tệp danh sách",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv"}),
        help_text="Bảng tính có cột họ và tên cùng ngày sinh, xã hoặc số định danh; kết quả thêm cột Điểm, Kết quả, "
        "Xếp loại, Số hiệu, Số vào sổ; điểm danh thêm mỗi buổi một cột, tiêu đề là ngày học.",
        error_messages={"required": "Hãy chọn tệp danh sách.", "empty": "Tệp rỗng. Hãy chọn tệp có dữ liệu."},
    )

    def __init__(self, *args: Any, subjects: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]

    clean_file = _checked_file


class NamesForm(forms.Form):
    """A list of names: pasted, or a workbook."""

    names = forms.CharField(
        label="Dán danh sách, mỗi người một dòng",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        help_text="Họ và tên, kèm ngày hoặc năm sinh, xã hoặc số định danh. Ví dụ: Giàng A Dơ, 20/5/1980, xã Na Hối. "
        "Chép thẳng từ Word, Excel cũng được.",
    )
    file = forms.FileField(
        label="Hoặc chọn tệp",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv,.txt"}),
        required=False,
        help_text="Bảng có cột họ và tên, hoặc một cột tên.",
        error_messages={"empty": "Tệp rỗng. Hãy chọn tệp có dữ liệu."},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned.get("names") or cleaned.get("file")):
            self.add_error("names", "Hãy dán danh sách hoặc chọn tệp.")
        return cleaned

    clean_file = _checked_file


class IssueForm(forms.Form):
    """What a list of results leaves out about its certificates."""

    issued_on = DoneOnField(
        label="Ngày cấp chứng chỉ", required=False, help_text="Để trống thì chỉ ghi kết quả, chưa cấp chứng chỉ."
    )
    signer = forms.CharField(label="Người ký", max_length=100, required=False)
