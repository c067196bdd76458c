"""Forms of codes, sheets and inspections. They check and translate; the writing is courses/quality's."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cadres.web.fields import DayField, DoneOnField
from cadres.web.versions import OverRow
from courses.models import FeedbackScore, Inspection, Institution
from courses.quality.feedback import MOST_CODES, Asked

LEVELS = {1: "Rất kém", 2: "Kém", 3: "Được", 4: "Tốt", 5: "Rất tốt"}


class CodesForm(forms.Form):
    """How many more codes."""

    how_many = forms.IntegerField(label="Số mã tạo thêm", min_value=1, max_value=MOST_CODES)


class CodeForm(forms.Form):
    """The code on the slip of paper."""

    ma = forms.CharField(label="Mã phiếu", max_length=20, help_text="8 chữ và số in trên phiếu, ví dụ K7M2-Q9RT.")


class SheetForm(forms.Form):
    """The questions of a sheet, none of which has to be answered."""

    def __init__(self, *args: Any, asked: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        levels = range(FeedbackScore.LOWEST, FeedbackScore.HIGHEST + 1)
        for one in asked:
            self.fields[one.key] = forms.TypedChoiceField(
                label=one.question.text,
                choices=[(level, f"{level} – {LEVELS[level]}") for level in levels],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
        self.fields["remark"] = forms.CharField(
            label="Ý kiến khác",
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Xin đừng ghi tên mình hay tên người khác.",
        )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What is asked, under a heading for each kind of question and each trainer."""
        found: dict[str, list[forms.BoundField]] = {}
        for one in self.asked:
            heading = f"Giảng viên {one.trainer}" if one.trainer else one.question.get_about_display()
            found.setdefault(heading, []).append(self[one.key])
        return list(found.items())

    @property
    def scores(self) -> dict[str, int]:
        """Key of a question → 1 to 5, of those that were answered."""
        return {one.key: score for one in self.asked if (score := self.cleaned_data[one.key]) is not None}


class InspectionForm(OverRow, forms.ModelForm):
    """An inspection of a class where one is given, else of an institution."""

    on = DoneOnField(label="Ngày kiểm tra")
    remedy_until = DayField(label="Hạn khắc phục", required=False)
    remedied_on = DoneOnField(label="Đã khắc phục ngày", required=False)

    class Meta:
        model = Inspection
        fields = ("institution", "on", "by_whom", "finding", "remedy", "remedy_until", "remedied_on")
        widgets = {"finding": forms.Textarea(attrs={"rows": 4}), "remedy": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.training_class_id:
            del self.fields["institution"]
        else:
            self.fields["institution"] = forms.ModelChoiceField(
                Institution.objects.all(), label="Cơ sở đào tạo", empty_label="---------"
            )
