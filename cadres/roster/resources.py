"""Catalogues in and out as tables, by code: units, zones, positions, standards, dictionaries (django-import-export).

A table is a workbook or CSV file whose first row names the columns in Vietnamese, as the export writes them. A row is
recognised by its codes and start date; what is equal is skipped, what differs is changed, what is new is added, and
nothing is ever deleted. Constraints of the models speak for themselves: every row passes full_clean().

Rosters of people take another road (batch.py): one row of theirs is a person, a post and several qualifications.
"""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import Diff, ModelResource
from import_export.results import Result
from import_export.widgets import ManyToManyWidget, Widget
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from cadres.models import (
    AcceptedField,
    ColumnTitle,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Position,
    PositionGroup,
    Requirement,
    RetirementAge,
    Standard,
    Unit,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    ValueSpelling,
    Zone,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.rows import cell_text
from cadres.text import match_key, nfc

YES, NO = "Có", "Không"
START, END, DECISION = "Từ ngày", "Đến ngày", "Văn bản"
CONTINUES = "Tiếp nối mã"
ROW = "(dòng)"  # the column of a dataset that carries the row number


def read_table(name: str, content: bytes) -> Dataset:
    """Read the first sheet that has rows; its first filled row names the columns.

    Returns a tablib Dataset with one more column, ROW, the row number that Excel shows. Raises UnreadableFileError.
    """
    sheets = read_sheets(name, content)
    sheet = next((sheet for sheet in sheets if not sheet.is_hidden and sheet.rows), Sheet(name="", rows=[]))
    filled = [(number, row) for number, row in enumerate(sheet.rows, 1) if any(cell != "" for cell in row)]
    dataset = Dataset()
    if not filled:
        return dataset
    titles = [nfc(str(cell)) for cell in filled[0][1]]
    while titles and not titles[-1]:
        titles.pop()
    dataset.headers = [*titles, ROW]
    for number, row in filled[1:]:
        cells = [*row, *[""] * len(titles)][: len(titles)]
        dataset.append([*(_plain(cell) for cell in cells), number])
    return dataset


def _plain(cell: Cell) -> str | int:
    """A cell as text, dates as dd/mm/yyyy; only whole numbers stay numbers, since Excel took zeros from some codes."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell_text(cell)


class TableFormat(XLSX):
    """A workbook of one table whose cells are text or whole numbers, and never a formula."""

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        workbook = Workbook(write_only=True)
        sheet = workbook.create_sheet("Danh mục")
        sheet.freeze_panes = "A2"
        for column, title in enumerate(dataset.headers, 1):
            widest = max(len(str(value)) for value in (title, *dataset.get_col(column - 1)))
            sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, 60)
        sheet.append([self._cell(sheet, title, Font(bold=True)) for title in dataset.headers])
        for row in dataset:
            sheet.append([self._cell(sheet, value) for value in row])
        output = BytesIO()
        workbook.save(output)
        return output.getvalue()

    @staticmethod
    def _cell(sheet: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            cell.data_type = "s"
        if font:
            cell.font = font
        return cell


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


class Changes(Diff):
    """What a row changes, as (column, before, after). The package's own makes HTML with inline styles."""

    def __init__(self, resource: "CatalogueResource", instance: Any, new: bool) -> None:
        self.columns = resource.get_diff_headers()
        self.before = [""] * len(self.columns) if new else self._read_field_values(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: "CatalogueResource", instance: Any) -> None:
        self.after = self._read_field_values(resource, instance) if instance else [""] * len(self.columns)

    @classmethod
    def _read_field_values(cls, resource: Any, instance: Any) -> list[str]:
        many = ManyToManyWidget
        return [
            "" if isinstance(field.widget, many) and not instance.pk else str(field.export(instance) or "")
            for field in resource.get_import_fields()
        ]

    def as_html(self) -> list[tuple[str, str, str]]:
        rows = zip(self.columns, self.before, self.after, strict=True)
        return [(column, before, after) for column, before, after in rows if before != after]


def start_field() -> Field:
    return Field("start_date", START, DayWidget(is_start=True))


def end_field() -> Field:
    return Field("end_date", END, DayWidget())


def text_field(attribute: str, title: str, width: int = 0) -> Field:
    return Field(attribute, title, TextWidget(width))


class CatalogueResource(ModelResource):
    """The common rules; a subclass names columns and by which of them a row is recognised.

    `required_columns` may not be missing in the table; other columns that are missing leave what is there.
    `queryset` is the scope of the account: rows outside are neither read nor changed.
    """

    required_columns: tuple[str, ...] = ()

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def __init__(self, queryset: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset

    def get_queryset(self) -> QuerySet[Any]:
        """The package takes the model's default manager, which knows no scope."""
        return super().get_queryset() if self.queryset is None else self.queryset

    @classmethod
    def get_diff_class(cls) -> type[Changes]:
        return Changes

    def columns(self) -> list[tuple[str, bool]]:
        """The titles of the columns that are read, each with whether it must be there."""
        return [
            (field.column_name, field.column_name in self.required_columns)
            for field in self.get_import_fields()
            if not field.readonly or field.column_name == CONTINUES
        ]

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        missing = [title for title in self.required_columns if title not in (dataset.headers or [])]
        if missing:
            raise ValidationError(
                f"Bảng thiếu cột {', '.join(missing)}. Hãy xuất danh mục ra Excel để có bảng đúng mẫu rồi nhập lại."
            )


def row_errors(result: Result, dataset: Dataset, model: Any) -> list[tuple[int, str]]:
    """The errors of an import as (row number that Excel shows, Vietnamese sentence), in the order of the table."""
    numbers = dataset[ROW]
    labels = {field.name: field.verbose_name for field in model._meta.fields}
    errors = {
        (numbers[row.number - 1], f"{labels[name]}: {message}" if name in labels else message)
        for row in result.invalid_rows
        for name, messages in row.error_dict.items()
        for message in messages
    }
    errors |= {(numbers[row.number - 1], _told(error.error)) for row in result.error_rows for error in row.errors}
    return sorted(errors)


def _told(error: Exception) -> str:
    """What a person is told: our widgets speak Vietnamese, the database does not."""
    if isinstance(error, IntegrityError):
        return "Dòng này trùng với dữ liệu người khác vừa ghi. Hãy nhập lại tệp."
    return str(error)


class UnitVersionResource(CatalogueResource):
    """A version of a unit by its code and start date.

    `Tiếp nối mã` names the unit that goes on under this version by the code it bore the day before; empty means that
    a new unit begins (a merger or split).
    """

    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    kind = Field("kind", "Loại", ChoiceWidget(UnitVersion.Kind.choices))
    parent = UnitField("parent", "Mã đơn vị cấp trên")
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)
    continues = Field(column_name=CONTINUES, readonly=True)

    required_columns = ("Mã", "Tên", "Loại", START)

    class Meta(CatalogueResource.Meta):
        model = UnitVersion
        import_id_fields = ("code", "start_date")
        fields = ("code", "name", "kind", "parent", "start_date", "end_date", "decision", "continues")

    def dehydrate_continues(self, version: UnitVersion) -> str:
        if not version.unit_id:
            return ""
        earlier = [other for other in version.unit.versions.all() if other.start_date < version.start_date]
        return max(earlier, key=lambda other: other.start_date).code if earlier else ""

    def after_init_instance(self, instance: UnitVersion, new: bool, row: Any, **kwargs: Any) -> None:
        if not new:
            return
        code = row.get(CONTINUES)
        if code in ("", None):
            instance.unit = Unit.objects.create()
            return
        start = DayWidget(is_start=True).clean(row.get(START))
        earlier = UnitVersion.objects.filter(code=str(code), start_date__lt=start).order_by("start_date").last()
        if earlier is None:
            raise ValidationError(f"Không có đơn vị nào mang mã “{code}” trước ngày {start:%d/%m/%Y}.")
        instance.unit = earlier.unit


class UnitZoneResource(CatalogueResource):
    """Zones by commune code and start date: the way a published list of zones comes in."""

    unit = UnitField("unit", "Mã xã")
    unit_name = Field(column_name="Xã", readonly=True)
    zone = Field("zone", "Khu vực", ChoiceWidget(Zone.choices))
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)

    required_columns = ("Mã xã", "Khu vực", START)

    class Meta(CatalogueResource.Meta):
        model = UnitZone
        import_id_fields = ("unit", "start_date")
        fields = ("unit", "unit_name", "zone", "start_date", "end_date", "decision")

    def dehydrate_unit_name(self, zone: UnitZone) -> str:
        return unit_name(zone)


class UnitRelaxationResource(CatalogueResource):
    unit = UnitField("unit", "Mã xã")
    unit_name = Field(column_name="Xã", readonly=True)
    is_relaxed = Field("is_relaxed", "Áp dụng mức giảm", YesNoWidget())
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)

    required_columns = ("Mã xã", "Áp dụng mức giảm", START, DECISION)

    class Meta(CatalogueResource.Meta):
        model = UnitRelaxation
        import_id_fields = ("unit", "start_date")
        fields = ("unit", "unit_name", "is_relaxed", "start_date", "end_date", "decision")

    def dehydrate_unit_name(self, relaxation: UnitRelaxation) -> str:
        return unit_name(relaxation)


def unit_name(row: UnitZone | UnitRelaxation) -> str:
    """The name of the row's unit on the row's first day; '' while the unit is not understood yet."""
    version = version_of(row.unit, row.start_date) if row.unit_id else None
    return version.name if version else ""


class PositionResource(CatalogueResource):
    code = text_field("code", "Mã")
    order = Field("order", "Thứ tự", NumberWidget())
    group = Field("group", "Nhóm", ChoiceWidget(PositionGroup.choices))
    subgroup = Field("subgroup", "Phân nhóm", ChoiceWidget(Position.Subgroup.choices))
    title = text_field("title", "Chức danh")
    full_title = text_field("full_title", "Tên đầy đủ")
    start_date = start_field()
    end_date = end_field()

    required_columns = ("Mã", "Nhóm", "Phân nhóm", "Chức danh")

    class Meta(CatalogueResource.Meta):
        model = Position
        import_id_fields = ("code",)
        fields = ("code", "order", "group", "subgroup", "title", "full_title", "start_date", "end_date")


class LevelResource(CatalogueResource):
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    code = text_field("code", "Mã")
    rank = Field("rank", "Bậc", NumberWidget())
    name = text_field("name", "Tên")

    required_columns = ("Mặt tiêu chuẩn", "Mã", "Bậc", "Tên")

    class Meta(CatalogueResource.Meta):
        model = Level
        import_id_fields = ("dimension", "code")
        fields = ("dimension", "code", "rank", "name")


class StandardResource(CatalogueResource):
    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    legal_basis = text_field("legal_basis", "Căn cứ pháp lý")
    position_group = Field("position_group", "Nhóm chức danh", ChoiceWidget(PositionGroup.choices))
    start_date = start_field()
    end_date = end_field()
    transition_until = Field("transition_until", "Chuyển tiếp đến", DayWidget())

    required_columns = ("Mã", "Tên", "Nhóm chức danh", START)

    class Meta(CatalogueResource.Meta):
        model = Standard
        import_id_fields = ("code",)
        fields = ("code", "name", "legal_basis", "position_group", "start_date", "end_date", "transition_until")


class RequirementResource(CatalogueResource):
    standard = Field("standard", "Văn bản", CodeWidget(Standard.objects.all(), "văn bản tiêu chuẩn"))
    position = Field("position", "Chức danh", CodeWidget(Position.objects.all(), "chức danh"))
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    minimum = Field("minimum", "Mức tối thiểu", LevelWidget("Mặt tiêu chuẩn"))
    minimum_relaxed = Field("minimum_relaxed", "Mức tối thiểu (xã được giảm)", LevelWidget("Mặt tiêu chuẩn"))
    article = text_field("article", "Điều khoản")
    confidence = text_field("confidence", "Mức tin cậy")

    required_columns = ("Văn bản", "Chức danh", "Mặt tiêu chuẩn", "Mức tối thiểu", "Mức tối thiểu (xã được giảm)")

    class Meta(CatalogueResource.Meta):
        model = Requirement
        import_id_fields = ("standard", "position", "dimension")
        fields = ("standard", "position", "dimension", "minimum", "minimum_relaxed", "article", "confidence")


class AcceptedFieldResource(CatalogueResource):
    position = Field("position", "Chức danh", CodeWidget(Position.objects.all(), "chức danh"))
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    field_of_study = text_field("field_of_study", "Chuyên ngành")
    start_date = start_field()
    end_date = end_field()

    required_columns = ("Chức danh", "Mặt tiêu chuẩn", "Chuyên ngành", START)

    class Meta(CatalogueResource.Meta):
        model = AcceptedField
        import_id_fields = ("position", "dimension", "field_of_study", "start_date")
        fields = ("position", "dimension", "field_of_study", "start_date", "end_date")


class CriterionResource(CatalogueResource):
    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    definition = text_field("definition", "Cách tính")
    dimensions = Field("dimensions", "Các mặt được tính", CodesWidget(Dimension, "mặt tiêu chuẩn"))

    required_columns = ("Mã", "Tên", "Cách tính")

    class Meta(CatalogueResource.Meta):
        model = Criterion
        import_id_fields = ("code",)
        fields = ("code", "name", "definition", "dimensions")


class EthnicGroupResource(CatalogueResource):
    code = text_field("code", "Mã", width=2)
    name = text_field("name", "Tên")
    other_names = text_field("other_names", "Tên khác")

    required_columns = ("Mã", "Tên")

    class Meta(CatalogueResource.Meta):
        model = EthnicGroup
        import_id_fields = ("code",)
        fields = ("code", "name", "other_names")


class RetirementAgeResource(CatalogueResource):
    start_date = start_field()
    end_date = end_field()
    men_years = Field("men_years", "Nam, năm", NumberWidget())
    men_months = Field("men_months", "Nam, tháng", NumberWidget())
    women_years = Field("women_years", "Nữ, năm", NumberWidget())
    women_months = Field("women_months", "Nữ, tháng", NumberWidget())
    source = text_field("source", DECISION)

    required_columns = (START, "Nam, năm", "Nam, tháng", "Nữ, năm", "Nữ, tháng", DECISION)

    class Meta(CatalogueResource.Meta):
        model = RetirementAge
        import_id_fields = ("start_date",)
        fields = ("start_date", "end_date", "men_years", "men_months", "women_years", "women_months", "source")


class ColumnTitleResource(CatalogueResource):
    field = text_field("field", "Trường")
    title = text_field("title", "Tiêu đề cột")

    required_columns = ("Trường", "Tiêu đề cột")

    class Meta(CatalogueResource.Meta):
        model = ColumnTitle
        import_id_fields = ("field", "title")
        fields = ("field", "title")


class ValueSpellingResource(CatalogueResource):
    field = text_field("field", "Trường")
    code = text_field("code", "Mã giá trị")
    spelling = text_field("spelling", "Cách viết")

    required_columns = ("Trường", "Mã giá trị", "Cách viết")

    class Meta(CatalogueResource.Meta):
        model = ValueSpelling
        import_id_fields = ("field", "spelling")
        fields = ("field", "code", "spelling")
