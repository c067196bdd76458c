"""The form of a Word template. Whether it works is courses/documents/word_templates' to say."""

from django import forms


class TemplateForm(forms.Form):
    file = forms.FileField(
        label="Tệp mẫu",
        help_text="Tệp Word .docx, không quá 4 MB. Phần mềm thử mẫu trước; thử không được thì giữ mẫu đang dùng.",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "Hãy chọn tệp mẫu.", "empty": "Tệp rỗng. Hãy chọn tệp mẫu .docx."},
    )
