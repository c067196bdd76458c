"""Form fields of days: a full day, and a date as far as it is known."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator

from cadres.periods import PartialDate

FIRST_YEAR = 1900


class PartialDateField(forms.CharField):
    """A date as far as it is known. Cleans to a PartialDate, or None for an empty text; shows one as it was typed."""

    default_error_messages = {
        "invalid": "“%(text)s” không phải là ngày. Hãy viết 05/08/1975, 08/1975 hoặc chỉ năm 1975.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "Ngày, tháng/năm hoặc chỉ năm: 05/08/1975, 08/1975, 1975.")
        kwargs.setdefault("widget", forms.TextInput({"data-day": "", "data-part-of-day": "", "autocomplete": "off"}))
        super().__init__(max_length=10, **kwargs)

    def to_python(self, value: Any) -> PartialDate | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            typed = PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"text": text}) from error
        if typed.first_day.year < FIRST_YEAR:
            raise ValidationError(self.error_messages["invalid"], "invalid", {"text": text})
        return typed

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def run_validators(self, value: Any) -> None:
        """Length is checked on text; a PartialDate has been understood already."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class DayInput(forms.DateInput):
    """A day as text, 31/12/2015, whatever the browser's language; day.js sets a calendar beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        said = {"data-day": "", "autocomplete": "off", "maxlength": "10", "placeholder": "ngày/tháng/năm"}
        super().__init__(said | (attrs or {}), format="%d/%m/%Y")


class DayField(forms.DateField):
    """A full day, typed as 31/12/2015 or picked from the calendar."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        too_early = MinValueValidator(date(FIRST_YEAR, 1, 1), f"Ngày phải từ năm {FIRST_YEAR} trở đi.")
        super().__init__(validators=[too_early], **kwargs)


class DoneOnField(DayField):
    """A day on which something was done: not after today (`is_valid_on`)."""


def is_valid_on(form: Any, now: date) -> bool:
    """Whether a form is valid, and says of nothing that it was done on a day to come.

    `now` is what the one who calls takes for today: the clock, or a demonstration's own (cadres.web.day).
    """
    if not form.is_valid():
        return False
    for name, field in getattr(form, "fields", {}).items():
        day = form.cleaned_data.get(name)
        if isinstance(field, DoneOnField) and day and day > now:
            form.add_error(name, f"Hôm nay là {now:%d/%m/%Y}, ngày này chưa đến. Hãy ghi ngày đã làm việc đó.")
    return not form.errors
