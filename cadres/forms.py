"""Forms of the registry's own pages. They check and translate; the writing is the registry's.

Dates of life and of award are often known to the year only, so they are typed as one text: `1975`, `08/1975` or
`05/08/1975` (PartialDateField). Days of decisions are full days.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import date
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Prefetch, Q
from django.utils.choices import flatten_choices
from django.utils.safestring import mark_safe

from cadres.access import communes_in_scope, unit_versions_in_scope, visible_to
from cadres.effect import Altered, Effect
from cadres.models import (
    Appointment,
    Dimension,
    HomeTable,
    Installation,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Unit,
    User,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.places import communes_offered
from cadres.roster.columns import COLUMNS, DATED, TEXTS, Kind
from cadres.text import fold, nfc, thousands
from cadres.web.fields import DayField, DayInput, PartialDateField
from cadres.web.versions import OverRow

MOST_NAMED = 5  # of those who resemble a newcomer
APPOINT = "cadres.add_appointment"


class PostFields(forms.Form):
    """The fields that say which post, where and from when. Units and positions are those of the account and the day.

    `cleaned_data` has `unit` (Unit), `position` (Position) and `start_date`. The fields of ASKED stay hidden until
    there is something to ask: whether somebody who lacks training is appointed all the same, and what becomes of
    whoever holds the post, where one person holds it.
    """

    END, BOTH = "end", "both"  # what becomes of the other holder
    ASKED = (
        *("is_acknowledged", "lacking_reason"),
        *("other_asked", "other_holder", "other_end_reason", "shared_reason"),
    )

    unit = forms.TypedChoiceField(
        label="Đơn vị cấp xã",
        error_messages={"invalid_choice": "Đơn vị này không có, hoặc chưa được giao, vào ngày đang xem."},
    )
    position = forms.ModelChoiceField(label="Chức danh", queryset=Position.objects.none())
    start_date = DayField(label="Từ ngày")
    decision = forms.CharField(
        label="Quyết định", max_length=200, required=False, help_text="Số, ngày, cơ quan ban hành."
    )
    is_acknowledged = forms.CharField(
        label="Đã biết, vẫn bổ nhiệm", max_length=200, required=False, widget=forms.HiddenInput
    )
    lacking_reason = forms.CharField(
        label="Lý do vẫn bổ nhiệm", max_length=200, required=False, widget=forms.HiddenInput
    )
    other_asked = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    other_holder = forms.ChoiceField(
        label="Chức danh này đang có người giữ",
        required=False,
        choices=[
            (END, "Kết thúc chức danh của người đang giữ vào ngày trước đó"),
            (BOTH, "Giữ cả hai"),
        ],
        widget=forms.HiddenInput,
    )
    other_end_reason = forms.ChoiceField(
        label="Lý do thôi giữ của người đang giữ",
        required=False,
        choices=[("", "---------"), *Appointment.EndReason.given()],
        widget=forms.HiddenInput,
        help_text="Khi kết thúc chức danh của người đang giữ.",
    )
    shared_reason = forms.CharField(
        label="Lý do cùng giữ",
        max_length=200,
        required=False,
        widget=forms.HiddenInput,
        help_text="Khi giữ cả hai; hiện ở trang Rà soát dữ liệu.",
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        communes = communes_offered(communes_in_scope(user, day, APPOINT), key="unit")
        self.fields["unit"].choices = [("", "---------"), *communes]  # type: ignore[attr-defined]
        self.fields["unit"].coerce = int  # type: ignore[attr-defined]
        self.fields["position"].queryset = Position.objects.as_of(day)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The unit and the position must be there on the first day of the post, not only on the day looked at."""
        cleaned = super().clean() or self.cleaned_data
        start, position, unit = cleaned.get("start_date"), cleaned.get("position"), cleaned.get("unit")
        if start and position and not position.is_in_force(start):
            self.add_error(
                "position",
                f"Chức danh này không có hiệu lực vào ngày {start:%d/%m/%Y}: hãy chọn chức danh khác, hoặc sửa ngày.",
            )
        if start and unit:
            if not unit_versions_in_scope(self.user, APPOINT).as_of(start).filter(unit=unit).exists():
                there_is_none = f"Đơn vị này không có, hoặc chưa được giao, vào ngày {start:%d/%m/%Y}"
                self.add_error("unit", f"{there_is_none}: hãy chọn đơn vị có vào ngày đó, hoặc sửa ngày.")
            cleaned["unit"] = Unit.objects.get(pk=unit)
        return cleaned

    def ask_to_acknowledge(self, what: str, told: list[str], field: str = "is_acknowledged") -> None:
        """Raise ValidationError with what is told and show the checkbox, unless its tick came for just this.

        `what` stands for what is told: a tick given for another position, changed since, is none.
        """
        if self.cleaned_data[field] != what:
            checkbox = forms.CheckboxInput(attrs={"value": what}, check_test=lambda value: False)
            self.fields[field].widget = checkbox
            if field == "is_acknowledged":
                self.fields["lacking_reason"].widget = forms.TextInput(attrs={"maxlength": 200})
            raise ValidationError({field: told})
        if field == "is_acknowledged" and not self.cleaned_data["lacking_reason"]:
            self.fields["lacking_reason"].widget = forms.TextInput(attrs={"maxlength": 200})
            raise ValidationError({"lacking_reason": "Hãy ghi lý do vẫn bổ nhiệm."})

    def ask_about(self, held: Sequence[Appointment]) -> str:
        """What becomes of those who hold the post, END or BOTH; raises ValidationError with the question until then.

        An answer given about others than these, or for another day, is none.
        """
        wanted = self.cleaned_data
        what = f"{wanted['start_date']:%Y%m%d} {' '.join(str(post.pk) for post in held)}"
        answer = wanted["other_holder"]
        if wanted["other_asked"] != what or not answer:
            self._show_question(what)
            raise ValidationError({"other_holder": [_holds(post, wanted["start_date"]) for post in held]})
        reason = {self.END: "other_end_reason", self.BOTH: "shared_reason"}[answer]
        if not wanted[reason].strip():
            self._show_question(what)
            asked = "Hãy chọn lý do thôi giữ chức danh." if answer == self.END else "Hãy ghi lý do cùng giữ."
            raise ValidationError({reason: asked})
        return answer

    def _show_question(self, what: str) -> None:
        data = cast(Any, self.data).copy()
        data["other_asked"] = what
        self.data = data
        for name, widget in (
            ("other_holder", forms.RadioSelect),
            ("other_end_reason", forms.Select),
            ("shared_reason", forms.TextInput),
        ):
            field: Any = self.fields[name]
            field.widget = widget()
            if hasattr(field, "choices"):
                field.widget.choices = field.choices

    def post_wanted(self) -> dict[str, Any]:
        """What is cleaned, without the answers."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.ASKED}


def _holds(post: Appointment, start: date) -> str:
    """Who holds a post, since when, and where to look."""
    since = f" từ ngày {post.known_start:%d/%m/%Y}" if post.known_start else ""
    until = f" đến hết ngày {post.end_date:%d/%m/%Y}" if post.end_date else ""
    beside = "" if post.is_primary else ", kiêm nhiệm"
    return f"{post.official} giữ chức danh này{since}{until}{beside}. Chọn một trong hai cách dưới đây."


class TransferForm(PostFields):
    """Điều động: the primary post ends the day before, the new one starts."""


class AppointForm(PostFields):
    """Bổ nhiệm: a first or a concurrent post."""

    is_primary = forms.BooleanField(
        template_name="parts/named_field.html",
        label="Là chức danh chính",
        required=False,
        help_text="Bỏ chọn nếu kiêm nhiệm; số người được tính theo chức danh chính.",
    )
    stated = PartialDateField(label="Ngày bổ nhiệm theo hồ sơ", required=False)
    term = forms.CharField(label="Nhiệm kỳ", max_length=20, required=False, help_text="Ví dụ: 2011-2016.")
    field_order = ("unit", "position", "is_primary", "start_date", "stated", "term", "decision")
    names = {"stated_start": "stated"}


class CorrectionForm(forms.Form):
    """A correction: its reason is asked for, and its effect has to be seen before it is written.

    `effect` is what the page shows, once there is something to show; `seen` says for what the page came back.
    """

    reason = forms.CharField(
        label="Lý do đính chính",
        max_length=200,
        help_text="Được giữ trong lịch sử hồ sơ, cùng giá trị cũ và người sửa.",
    )
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    effect: Effect | None = None
    first_action = "Xem ảnh hưởng"  # what the button says before the effect has been seen

    @property
    def is_correction(self) -> bool:
        """Whether what was typed is a correction; a form may also be filled in to complete what is not known."""
        return True

    def show(self, effect: Effect) -> None:
        """Show the effect; who sends the page then has seen it."""
        self.effect = effect
        if self.is_bound:
            data = cast(Any, self.data).copy()
            data["seen"] = _shown(effect)
            self.data = data
        else:
            self.initial["seen"] = _shown(effect)

    def ask_for(self, effect: Effect) -> None:
        """Raise ValidationError and show the effect, unless it is what has been seen."""
        if self.cleaned_data["seen"] != _shown(effect):
            self.show(effect)
            raise ValidationError({"seen": "Chưa xem ảnh hưởng."})

    def changes(self) -> list[Altered]:
        """The fields that were changed, each as it was and as it is typed, in words."""
        return [
            Altered(str(field.label), _told(field, self.get_initial_for_field(field, name)), _told(field, new))
            for name, field in self.fields.items()
            if name not in ("reason", "seen", *PostFields.ASKED) and name in self.changed_data
            for new in [self.cleaned_data.get(name)]
        ]


def refuse_unchanged(form: CorrectionForm, cleaned: dict[str, Any] | None) -> dict[str, Any]:
    """What a form of correction has cleaned. Raises ValidationError where nothing was changed."""
    if not form.errors and not form.changes():
        raise ValidationError("Chưa sửa gì: hãy sửa ô ghi sai.")
    return form.cleaned_data if cleaned is None else cleaned


def _shown(effect: Effect) -> str:
    """What stands for an effect. The rates are not in it: they move with every change of somebody else."""
    told = (effect.day, effect.before, effect.after, [(change.name, change.after) for change in effect.changes])
    return sha256(repr(told).encode()).hexdigest()


def _told(field: forms.Field, value: Any) -> str:
    """The value of a field, or of what it would show at first, in words."""
    if value in (None, "", UNKNOWN_START):
        return "–"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, int) and not isinstance(field, forms.ChoiceField):
        return thousands(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        keys = [getattr(one, "pk", one) for one in value]
        return ", ".join(field.label_from_instance(one) for one in field.queryset.filter(pk__in=keys))  # type: ignore[union-attr]
    if isinstance(field, forms.ModelChoiceField):
        return str(field.clean(value) if not isinstance(value, Model) else value)
    if isinstance(field, forms.ChoiceField):
        key = value.pk if isinstance(value, Model) else value
        return str(dict(flatten_choices(cast(Any, field.choices))).get(key, value))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


class PostCorrectionForm(OverRow, CorrectionForm, PostFields):
    """Where and when a post was really held."""

    end_date = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu còn giữ chức danh.")
    end_reason = forms.ChoiceField(
        label="Lý do thôi giữ chức danh", required=False, choices=[("", "---------"), *Appointment.EndReason.given()]
    )
    stated = PartialDateField(label="Ngày bổ nhiệm theo hồ sơ", required=False)
    term = forms.CharField(label="Nhiệm kỳ", max_length=20, required=False, help_text="Ví dụ: 2011-2016.")
    is_acknowledged = lacking_reason = None  # type: ignore[assignment]
    field_order = (
        *("unit", "position", "start_date", "stated", "end_date", "end_reason", "term", "decision", "reason"),
        *PostFields.ASKED,
    )  # fmt: skip
    names = {"stated_start": "stated"}

    def __init__(self, *args: Any, appointment: Appointment, day: date, **kwargs: Any) -> None:
        """`day` is the day looked at; units and positions are those of the post's day nearest to it."""
        super().__init__(*args, row=appointment, day=appointment.nearest_day(day), **kwargs)
        self.initial = {**self.initial, "start_date": appointment.known_start, "stated": appointment.stated}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("end_date") and not cleaned.get("end_reason"):
            self.add_error("end_reason", "Hãy chọn lý do thôi giữ chức danh.")
        if cleaned.get("end_reason") and not cleaned.get("end_date") and "end_date" not in self.errors:
            self.add_error("end_date", "Hãy ghi ngày cuối cùng giữ chức danh, hoặc bỏ lý do thôi giữ.")
        return refuse_unchanged(self, cleaned)

    def corrected(self, appointment: Appointment) -> Appointment:
        """The post as it should be; not saved."""
        wanted, post = self.cleaned_data, copy(appointment)
        for name in ("unit", "position", "start_date", "end_date", "end_reason", "term", "decision"):
            setattr(post, name, wanted[name])
        stated = wanted["stated"]
        post.stated_start, post.stated_start_precision = (stated.first_day, stated.precision) if stated else (None, "")
        return post


class EndForm(forms.Form):
    """Thôi giữ chức danh."""

    end_date = DayField(label="Ngày cuối cùng giữ chức danh")
    end_reason = forms.ChoiceField(label="Lý do", choices=[("", "---------"), *Appointment.EndReason.given()])
    decision = forms.CharField(label="Quyết định", max_length=200, required=False)


class ShareForm(OverRow, forms.Form):
    """Why a post that one person holds is held by two."""

    shared_reason = forms.CharField(
        label="Lý do cùng giữ chức danh",
        max_length=200,
        error_messages={"required": "Hãy ghi lý do cùng giữ chức danh."},
        help_text="Hiện ở trang Rà soát dữ liệu chừng nào hai người còn cùng giữ.",
    )


class QualificationForm(forms.Form):
    """Ghi nhận văn bằng: from when it counts follows from the date of award (periods.effective_from)."""

    level = forms.ModelChoiceField(label="Trình độ", queryset=Level.objects.none())
    field_of_study = forms.CharField(label="Chuyên ngành", max_length=200, required=False)
    study_mode = forms.CharField(
        label="Hình thức đào tạo", max_length=50, required=False, help_text="Chính quy, tại chức, từ xa…"
    )
    institution = forms.CharField(label="Cơ sở đào tạo", max_length=200, required=False)
    number = forms.CharField(label="Số hiệu văn bằng, chứng chỉ", max_length=50, required=False)
    awarded = PartialDateField(
        label="Ngày cấp",
        required=False,
        help_text="Ngày, tháng/năm hoặc chỉ năm: 05/08/1975, 08/1975, 1975. Để trống thì tính từ ngày ghi nhận.",
    )
    known_on = DayField(label="Ngày ghi nhận", help_text="Ngày hồ sơ được xác nhận.")
    names = {"awarded_on": "awarded"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = Level.objects.select_related("dimension")
        field: Any = self.fields["level"]
        field.queryset = levels
        by_dimension: dict[str, list[tuple[int, str]]] = {}
        for level in levels:
            by_dimension.setdefault(level.dimension.name, []).append((level.pk, level.name))
        field.choices = [("", "---------"), *by_dimension.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        awarded, known_on = cleaned.get("awarded"), cleaned.get("known_on")
        if awarded and known_on and awarded.first_day > known_on:
            self.add_error("awarded", "Ngày cấp ở sau ngày ghi nhận.")
        return cleaned


class RevokeForm(forms.Form):
    """Thu hồi văn bằng."""

    on = DayField(label="Thu hồi từ ngày", help_text="Từ ngày này văn bằng không còn được tính; trước đó vẫn tính.")
    reason = forms.CharField(label="Lý do, quyết định", max_length=200)
    names = {"note": "reason", "end_date": "on"}


class WaiverForm(forms.Form):
    """Miễn tiêu chuẩn."""

    dimension = forms.ModelChoiceField(label="Mặt tiêu chuẩn", queryset=Dimension.objects.all())
    start_date = DayField(label="Từ ngày")
    end_date = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu không thời hạn.")
    reason = forms.CharField(label="Lý do", max_length=200)
    decision = forms.CharField(label="Quyết định", max_length=200, help_text="Số, ngày, cơ quan ban hành.")


class PlannedPostForm(forms.Form):
    """Đưa vào quy hoạch: which post, where, in which term. Units and positions are those of the day."""

    position = forms.ModelChoiceField(label="Chức danh quy hoạch", queryset=Position.objects.none())
    unit = forms.TypedChoiceField(label="Đơn vị quy hoạch", coerce=int)
    term = forms.CharField(label="Nhiệm kỳ", max_length=20, help_text="Ví dụ: 2015-2020.")
    start_date = DayField(label="Từ ngày", help_text="Ngày quyết định phê duyệt quy hoạch.")
    end_date = DayField(label="Đến hết ngày", required=False, help_text="Hết nhiệm kỳ; để trống nếu chưa biết.")
    decision = forms.CharField(label="Quyết định", max_length=200, help_text="Số, ngày, cơ quan phê duyệt.")
    is_acknowledged = forms.CharField(
        label="Đã biết, vẫn đưa vào quy hoạch và cho đi học", max_length=200, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes = communes_offered(communes_in_scope(user, day), key="unit")
        self.fields["unit"].choices = [("", "---------"), *communes]  # type: ignore[attr-defined]
        self.fields["position"].queryset = Position.objects.as_of(day)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if unit := cleaned.get("unit"):
            cleaned["unit"] = Unit.objects.get(pk=unit)
        return cleaned


class TakeOutForm(forms.Form):
    """Đưa ra khỏi quy hoạch."""

    last_day = DayField(label="Ngày cuối trong quy hoạch")
    reason = forms.CharField(label="Lý do, văn bản", max_length=200)


class IdentifierForm(OverRow, CorrectionForm, forms.ModelForm):
    """A person's identity number and its period, to be corrected."""

    field_order = ("kind", "number", "start_date", "end_date", "reason")

    class Meta:
        model = OfficialIdentifier
        fields = ("kind", "number", "start_date", "end_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_date", "end_date"):
            self.fields[name].widget = DayInput()

    def _get_validation_exclusions(self) -> set[str]:
        """The person is set by the page, and the constraints need it."""
        return super()._get_validation_exclusions() - {"official"}  # type: ignore[misc]


def _further_fields() -> Iterator[str]:
    """The texts and dates of the roster's columns, in their order; whether of the Party, before since when."""
    for column in COLUMNS:
        if column.form == "party_joined":
            yield "is_party_member"
        if column.precision or column.kind is Kind.TEXT:
            yield column.form or column.field


IDENTITY = ("full_name", "birth", "sex", "ethnic_group")
FURTHER = tuple(name for name in _further_fields() if name not in IDENTITY)


class OfficialForm(OverRow, forms.ModelForm):
    """Who a person is. Each partly known date is one text field over its pair of columns."""

    field_order: tuple[str, ...] = (*IDENTITY, *FURTHER)

    class Meta:
        model = Official
        fields = ("full_name", "sex", "ethnic_group", "is_party_member", *(column.field for column in TEXTS))
        widgets = {
            "is_party_member": forms.NullBooleanSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in DATED:
            held = column.day_of(self.instance)
            self.fields[column.form] = PartialDateField(label=column.title, required=False, initial=held)
        self.order_fields(self.field_order)

    def clean_full_name(self) -> str:
        name = nfc(self.cleaned_data["full_name"])
        if not any(char.isalpha() for char in name):
            raise ValidationError("Hãy ghi họ và tên bằng chữ.")
        return name

    def clean(self) -> dict[str, Any]:
        """Put the dates into their columns before the model checks itself; a party date makes a member."""
        cleaned = super().clean() or self.cleaned_data
        for column in DATED:
            typed = cleaned.get(column.form)
            setattr(self.instance, column.field, typed.first_day if typed else None)
            setattr(self.instance, column.precision, typed.precision if typed else "")
        if cleaned.get("party_joined") and cleaned.get("is_party_member") is None:
            cleaned["is_party_member"] = True
        if cleaned.get("party_joined") and cleaned.get("is_party_member") is False:
            self.add_error("party_joined", "Chỉ đảng viên mới có ngày vào Đảng.")
        return cleaned


class OfficialEditForm(CorrectionForm, OfficialForm):
    """Who a known person is. Another name, birth or sex than the one on file is a correction, with its reason."""

    field_order = (*IDENTITY, *FURTHER, "reason")
    first_action = "Lưu"
    corrected = ("full_name", "birth", "sex")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        self.fields[
            "reason"
        ].help_text = "Bắt buộc khi sửa họ tên, ngày sinh hoặc giới tính đã ghi; được giữ trong lịch sử hồ sơ."

    @property
    def is_correction(self) -> bool:
        return any(self._contradicts(name) for name in self.corrected if name in self.changed_data)

    def _contradicts(self, name: str) -> bool:
        """Whether what is typed is another value than the one on file, and not only more of it."""
        held, typed = self.get_initial_for_field(self.fields[name], name), self.cleaned_data.get(name)
        if isinstance(held, PartialDate) and isinstance(typed, PartialDate):
            finest_first = Precision.values
            return held.contradicts(typed) or finest_first.index(typed.precision) > finest_first.index(held.precision)
        return bool(held) and held != typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.is_correction and not cleaned.get("reason"):
            self.add_error("reason", "Hãy ghi lý do: sửa họ tên, ngày sinh hoặc giới tính là đính chính hồ sơ.")
        return cleaned


class NewIdentifierForm(forms.Form):
    """Số định danh mới."""

    kind = forms.ChoiceField(label="Giấy tờ", choices=OfficialIdentifier.Kind.choices)
    number = forms.CharField(label="Số", max_length=12)
    start_date = DayField(label="Ngày cấp")


class NewOfficialForm(PostFields, OfficialForm):
    """A new person with the first post. Somebody of that name and a like birth must have been looked at first."""

    kind = forms.ChoiceField(
        label="Giấy tờ", choices=[("", "Chưa có"), *OfficialIdentifier.Kind.choices], required=False
    )
    number = forms.CharField(label="Số định danh", max_length=12, required=False)
    is_another = forms.CharField(
        label="Đây là người khác, vẫn thêm người mới", required=False, widget=forms.HiddenInput
    )

    field_order = (
        *IDENTITY, "kind", "number", "unit", "position", "start_date", "decision",
        *FURTHER, "is_another", *PostFields.ASKED,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("number")) != bool(cleaned.get("kind")):
            self.add_error("number", "Số định danh và loại giấy tờ phải đi cùng nhau.")
        name = fold(cleaned.get("full_name", ""))
        if resembling := self._resembling(name, cleaned.get("number"), cleaned.get("birth")):
            what = " ".join(str(other.pk) for other in resembling)
            shown = {"people": resembling[:MOST_NAMED], "all": resembling}
            told = mark_safe(self.renderer.render("cadres/resembling.html", shown))
            self.ask_to_acknowledge(what, [told], "is_another")
        return cleaned

    def _resembling(self, name: str, number: str | None, birth: PartialDate | None) -> list[Official]:
        """Who in scope it may be: of that number, or of that name and no other birth; each with `posts`, latest first.

        As a row of a roster is compared (roster/matching.py), but in the whole scope: a person decides.
        """
        alike = Q(folded_name=name) | Q(identifiers__number=number) if number else Q(folded_name=name)
        people = visible_to(Official.objects.filter(alike, merged_into=None), self.user).distinct()
        posts = Appointment.objects.select_related("position").prefetch_related("unit__versions")
        return [
            other
            for other in people.prefetch_related(
                "identifiers", Prefetch("appointments", posts.order_by("-start_date"), to_attr="posts")
            )
            if any(held.number == number for held in other.identifiers.all())
            or not (birth and other.birth and other.birth.contradicts(birth))
        ]


# ---------------------------------------------------------------- the installation


class InstallationForm(OverRow, forms.ModelForm):
    """The day of a page that names none, which may lie behind today, not after it; the table of the home page.

    A demonstration's own today is moved on, up to what the clock says.
    """

    default_day = DayField(label="Ngày làm việc mặc định", required=False, help_text="Để trống: luôn là hôm nay.")

    class Meta:
        model = Installation
        fields = ("default_day", "home_table")

    demonstration_day = DayField(
        label="Hôm nay của tỉnh minh họa",
        help_text="Chuyển đến một ngày sau đó thì hạn đăng ký, lớp học, tuổi nghỉ hưu tính theo ngày mới; trang này "
        "không chuyển lùi.",
    )

    def __init__(self, *args: Any, latest: date, clock: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.latest, self.clock = latest, clock
        table: Any = self.fields["home_table"]
        table.choices = [("", "Cụm xã; chưa lập cụm thì từng xã"), *HomeTable.choices]
        if self.instance.demonstration_day is None:
            del self.fields["demonstration_day"]
        else:
            self.initial["demonstration_day"] = self.instance.demonstration_day

    def clean_demonstration_day(self) -> date:
        day: date = self.cleaned_data["demonstration_day"]
        if day < self.latest:
            raise ValidationError(f"Tỉnh minh họa đã ở ngày {self.latest:%d/%m/%Y}: hãy chọn ngày sau đó.")
        if day > max(self.clock, self.latest):
            raise ValidationError(f"Tỉnh minh họa không thể ở sau hôm nay theo đồng hồ ({self.clock:%d/%m/%Y}).")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        latest = cleaned.get("demonstration_day") or self.latest
        day = cleaned.get("default_day")
        if day and day > latest:
            self.add_error("default_day", f"Ngày mặc định không thể ở sau hôm nay ({latest:%d/%m/%Y}).")
        return cleaned
