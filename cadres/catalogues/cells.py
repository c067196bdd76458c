"""What a cell of a catalogue's table may hold: text, numbers, days, choices, codes of other catalogues, units.

A column is a django-import-export Field; its widget reads the cell, and writes it in the export.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.widgets import ManyToManyWidget, Widget

from cadres.models import (
    Level,
    Unit,
    UnitVersion,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.text import match_key

YES, NO = "Có", "Không"
START, END, DECISION = "Từ ngày", "Đến ngày", "Văn bản"


class TextWidget(Widget):
    """Text; a number that Excel made of a code is text again. `width` gives back the zeros that Excel took away."""

    def __init__(self, width: int = 0) -> None:
        super().__init__()
        self.width = width

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = "" if value is None else str(value)
        return text.zfill(self.width) if text and isinstance(value, int) else text


class NumberWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        try:
            return None if value in ("", None) else int(str(value))
        except ValueError as error:
            raise ValueError(f"“{value}” không phải là số nguyên.") from error

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | None:
        return value


class DayWidget(Widget):
    """A day as Excel's date or as dd/mm/yyyy; an unknown start is an empty cell."""

    def __init__(self, *, is_start: bool = False) -> None:
        super().__init__()
        self.is_start = is_start

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        if value in ("", None):
            return UNKNOWN_START if self.is_start else None
        try:
            day = PartialDate.parse(str(value))
        except ValueError as error:
            raise ValueError(f"“{value}” không phải là ngày. Hãy viết ngày/tháng/năm, ví dụ 31/12/2015.") from error
        if day.precision != Precision.DAY:
            raise ValueError(f"“{value}” thiếu ngày. Hãy viết đủ ngày/tháng/năm, ví dụ 31/12/2015.")
        return day.first_day

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value in (None, UNKNOWN_START) else str(PartialDate(value))


class YesNoWidget(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        key = match_key(str(value))
        if key in ("co", "x", "1", "true", "dung"):
            return True
        if key in ("khong", "0", "false", "sai", ""):
            return False
        raise ValueError(f"“{value}” không rõ là có hay không. Hãy viết “{YES}” hoặc “{NO}”.")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return YES if value else NO


class ChoiceWidget(Widget):
    """One of the choices of a model field, by its label or its code."""

    def __init__(self, choices: Iterable[tuple[Any, str]]) -> None:
        super().__init__()
        self.labels = dict(choices)
        self.values = {match_key(str(text)): value for value, label in self.labels.items() for text in (value, label)}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in ("", None):
            return ""
        try:
            return self.values[match_key(str(value))]
        except KeyError as error:
            allowed = ", ".join(self.labels.values())
            raise ValueError(f"“{value}” không có trong danh mục. Các giá trị dùng được: {allowed}.") from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(self.labels.get(value, ""))


class CodeWidget(Widget):
    """A row of another catalogue by its code. The catalogue is read once a table."""

    def __init__(self, queryset: QuerySet[Any], name: str) -> None:
        super().__init__()
        self.queryset = queryset
        self.name = name
        self.rows: dict[str, Any] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in ("", None):
            return None
        if self.rows is None:
            self.rows = {instance.code: instance for instance in self.queryset.all()}
        try:
            return self.rows[str(value)]
        except KeyError as error:
            raise ValueError(f"Không có {self.name} mang mã “{value}”.") from error

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class CodesWidget(ManyToManyWidget):
    """Several rows of another catalogue by their codes, separated by semicolons. A code that is none is an error."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model, separator=";", field="code")
        self.name = name

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> QuerySet[Any]:
        codes = {code.strip() for code in str(value or "").split(";") if code.strip()}
        found = self.model.objects.filter(code__in=codes)
        if unknown := codes - {instance.code for instance in found}:
            raise ValueError(f"Không có {self.name} mang mã {', '.join(sorted(unknown))}.")
        return found


class LevelWidget(Widget):
    """A level by its code within the dimension that the same row names."""

    def __init__(self, dimension_column: str) -> None:
        super().__init__()
        self.dimension_column = dimension_column
        self.rows: dict[tuple[str, str], Level] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Level | None:
        if value in ("", None):
            return None
        if self.rows is None:
            levels = Level.objects.select_related("dimension")
            self.rows = {(level.dimension.code, level.code): level for level in levels}
        dimension = str(row.get(self.dimension_column, ""))
        try:
            return self.rows[dimension, str(value)]
        except KeyError as error:
            raise ValueError(f"Mặt tiêu chuẩn “{dimension}” không có mức mang mã “{value}”.") from error

    def render(self, value: Level | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class UnitWidget(Widget):
    """A unit by the code it bears on the row's start date: a code means a unit only on a day.

    Where the start is unknown, it is the unit that has borne the code since before records, else the only one ever.
    """

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Unit | None:
        if value in ("", None):
            return None
        codes = [str(value)]
        if isinstance(value, int):  # Excel took the leading zeros away: districts have 3 digits, communes 5
            codes += [str(value).zfill(3), str(value).zfill(5)]
        bearers = UnitVersion.objects.filter(code__in=codes).select_related("unit")
        day = DayWidget(is_start=True).clean((row or {}).get(START)) or UNKNOWN_START
        units = {version.unit for version in bearers.as_of(day)}
        if not units and day == UNKNOWN_START:
            units = {version.unit for version in bearers}
        if not units:
            raise ValueError(f"Không có đơn vị nào mang mã “{value}” vào ngày ghi ở cột {START}.")
        if len(units) > 1:
            raise ValueError(f"Mã “{value}” đã dùng cho nhiều đơn vị; hãy ghi cột {START} để biết là đơn vị nào.")
        return units.pop()


class UnitField(Field):
    """A unit, written with the code it bears on the row's first day."""

    def __init__(self, attribute: str, title: str) -> None:
        super().__init__(attribute, title, UnitWidget())

    def export(self, instance: Any, **kwargs: Any) -> str:
        unit = self.get_value(instance)
        version = version_of(unit, instance.start_date) if unit else None
        return version.code if version else ""


def version_of(unit: Unit, day: date) -> UnitVersion | None:
    """The unit's version on the day, or its first where the day is unknown; works on prefetched versions."""
    if day == UNKNOWN_START:
        return min(unit.versions.all(), key=lambda version: version.start_date, default=None)
    return unit.version_on(day)


def start_field() -> Field:
    return Field("start_date", START, DayWidget(is_start=True))


def end_field() -> Field:
    return Field("end_date", END, DayWidget())


def text_field(attribute: str, title: str, width: int = 0) -> Field:
    return Field(attribute, title, TextWidget(width))
