"""The training catalogue in and out as tables, by code, on the rules of cadres.catalogues."""

from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field
from import_export.widgets import ManyToManyWidget, Widget

from cadres.catalogues.cells import (
    DECISION,
    START,
    ChoiceWidget,
    CodesWidget,
    CodeWidget,
    NumberWidget,
    UnitField,
    end_field,
    start_field,
    text_field,
)
from cadres.catalogues.resource import CatalogueResource
from cadres.catalogues.units import unit_name
from cadres.models import Level, Position, Unit, UnitVersion
from courses.models import CostNorm, Institution, Programme, StudyForm, SubjectArea, Trainer, UnitDistance

LEVEL_HELP = "Hãy viết mặt tiêu chuẩn và mức, ví dụ “professional:TC”."


def level_code(level: Level) -> str:
    """A level as tables write it, with its dimension: "professional:TC"."""
    return f"{level.dimension.code}:{level.code}"


def levels_by_code() -> dict[str, Level]:
    return {level_code(level): level for level in Level.objects.select_related("dimension")}


class DimensionLevelWidget(Widget):
    """A level with its dimension. The catalogue is read once a table."""

    rows: dict[str, Level] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Level | None:
        if value in ("", None):
            return None
        if self.rows is None:
            self.rows = levels_by_code()
        try:
            return self.rows[str(value).strip()]
        except KeyError as error:
            raise ValueError(f"Không có mức “{value}”. {LEVEL_HELP}") from error

    def render(self, value: Level | None, obj: Any = None, **kwargs: Any) -> str:
        return level_code(value) if value else ""


class DimensionLevelsWidget(ManyToManyWidget):
    """Several levels with their dimensions, separated by semicolons."""

    def __init__(self) -> None:
        super().__init__(Level, separator=";")
        self.rows: dict[str, Level] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> QuerySet[Level]:
        codes = {code.strip() for code in str(value or "").split(";") if code.strip()}
        if self.rows is None:
            self.rows = levels_by_code()
        if unknown := codes - self.rows.keys():
            raise ValueError(f"Không có mức {', '.join(sorted(unknown))}. {LEVEL_HELP}")
        return Level.objects.filter(pk__in=[self.rows[code].pk for code in codes])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ";".join(level_code(level) for level in value.all()) if value else ""


class PlaceWidget(Widget):
    """A unit by the code it bears now, or bore last: an institution has no first day on which a code could be read."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Unit | None:
        if value in ("", None):
            return None
        codes = [str(value)]
        if isinstance(value, int):  # Excel took the leading zeros away: districts have 3 digits, communes 5
            codes += [str(value).zfill(3), str(value).zfill(5)]
        versions = UnitVersion.objects.filter(code__in=codes).select_related("unit")
        units = {version.unit for version in versions if version.end_date is None}
        units = units or {version.unit for version in versions}
        if not units:
            raise ValueError(f"Không có đơn vị nào mang mã “{value}”.")
        if len(units) > 1:
            raise ValueError(f"Mã “{value}” đã dùng cho nhiều đơn vị; hãy chọn địa bàn trên màn hình của cơ sở.")
        return units.pop()

    def render(self, value: Unit | None, obj: Any = None, **kwargs: Any) -> str:
        return value.last_version.code if value and value.last_version else ""


class InstitutionResource(CatalogueResource):
    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    place = Field("place", "Mã địa bàn", PlaceWidget())
    superior = text_field("superior", "Cơ quan chủ quản")
    head = text_field("head", "Người đứng đầu")

    required_columns = ("Mã", "Tên")

    class Meta(CatalogueResource.Meta):
        model = Institution
        import_id_fields = ("code",)
        fields = ("code", "name", "place", "superior", "head")


class TrainerResource(CatalogueResource):
    """Trainers have no code: one is recognised by name and institution."""

    full_name = text_field("full_name", "Họ và tên")
    kind = Field("kind", "Loại", ChoiceWidget(Trainer.Kind.choices))
    institution = Field("institution", "Mã cơ sở", CodeWidget(Institution.objects.all(), "cơ sở đào tạo"))
    post = text_field("post", "Chức vụ, nơi công tác")
    subjects = Field("subjects", "Mã lĩnh vực dạy", CodesWidget(SubjectArea, "lĩnh vực đào tạo"))
    phone = text_field("phone", "Điện thoại")

    required_columns = ("Họ và tên", "Loại", "Mã cơ sở")

    class Meta(CatalogueResource.Meta):
        model = Trainer
        import_id_fields = ("full_name", "institution")
        fields = ("full_name", "kind", "institution", "post", "subjects", "phone")

    def get_instance(self, instance_loader: Any, row: Any) -> Trainer | None:
        try:
            return super().get_instance(instance_loader, row)
        except Trainer.MultipleObjectsReturned as error:
            raise ValueError(
                f"Cơ sở này có nhiều giảng viên tên “{row.get('Họ và tên')}”; hãy sửa từng người trên màn hình."
            ) from error


class ProgrammeResource(CatalogueResource):
    code = text_field("code", "Mã")
    title = text_field("title", "Tên chương trình")
    kind = Field("kind", "Loại hình", ChoiceWidget(Programme.Kind.choices))
    subject_area = Field("subject_area", "Mã lĩnh vực", CodeWidget(SubjectArea.objects.all(), "lĩnh vực đào tạo"))
    raises_to = Field("raises_to", "Nâng lên mức", DimensionLevelWidget())
    field_of_study = text_field("field_of_study", "Chuyên ngành")
    form = Field("form", "Hình thức", ChoiceWidget(StudyForm.choices))
    hours = Field("hours", "Số tiết", NumberWidget())
    least_attendance = Field("least_attendance", "Phải dự ít nhất, %", NumberWidget())
    target_positions = Field("target_positions", "Chức danh được học", CodesWidget(Position, "chức danh"))
    prerequisites = Field("prerequisites", "Phải có trước", DimensionLevelsWidget())

    required_columns = ("Mã", "Tên chương trình", "Loại hình", "Mã lĩnh vực", "Số tiết")

    class Meta(CatalogueResource.Meta):
        model = Programme
        import_id_fields = ("code",)
        fields = (
            *("code", "title", "kind", "subject_area", "raises_to", "field_of_study", "form", "hours"),
            *("least_attendance", "target_positions", "prerequisites"),
        )


class CostNormResource(CatalogueResource):
    """Norms by kind, programme and first day: the way a decision of the province comes in."""

    kind = Field("kind", "Loại hình", ChoiceWidget(Programme.Kind.choices))
    programme = Field("programme", "Mã chương trình", CodeWidget(Programme.objects.all(), "chương trình"))
    per_trainee_day = Field("per_trainee_day", "Đồng một học viên một ngày", NumberWidget())
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)

    required_columns = ("Loại hình", "Mã chương trình", "Đồng một học viên một ngày", START)

    class Meta(CatalogueResource.Meta):
        model = CostNorm
        import_id_fields = ("kind", "programme", "start_date")
        fields = ("kind", "programme", "per_trainee_day", "start_date", "end_date", "decision")


class UnitDistanceResource(CatalogueResource):
    """Distances by the codes of the commune and of the place, and first day: the way a table of a decision comes in."""

    unit = UnitField("unit", "Mã xã")
    unit_name = Field(column_name="Xã", readonly=True)
    place = UnitField("place", "Mã nơi mở lớp")
    km = Field("km", "Khoảng cách một chiều, km", NumberWidget())
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)
    confidence = text_field("confidence", "Mức tin cậy")

    required_columns = ("Mã xã", "Mã nơi mở lớp", "Khoảng cách một chiều, km", START)

    class Meta(CatalogueResource.Meta):
        model = UnitDistance
        import_id_fields = ("unit", "place", "start_date")
        fields = ("unit", "unit_name", "place", "km", "start_date", "end_date", "decision", "confidence")

    def dehydrate_unit_name(self, distance: UnitDistance) -> str:
        return unit_name(distance)
