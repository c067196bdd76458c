"""Units with their names, zones and relaxations, as tables."""

from typing import Any

from django.core.exceptions import ValidationError
from import_export.fields import Field

from cadres.catalogues.cells import (
    DECISION,
    START,
    ChoiceWidget,
    DayWidget,
    NumberWidget,
    UnitField,
    YesNoWidget,
    end_field,
    start_field,
    text_field,
    version_of,
)
from cadres.catalogues.resource import CatalogueResource
from cadres.models import (
    SizeClass,
    StaffQuota,
    Unit,
    UnitClass,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    Zone,
)
from cadres.periods import latest

CONTINUES = "Tiếp nối mã"


class UnitVersionResource(CatalogueResource):
    """A version of a unit by its code and start date.

    `Tiếp nối mã` names the unit that goes on under this version by the code it bore the day before; empty means that
    a new unit begins (a merger or split).
    """

    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    kind = Field("kind", "Loại", ChoiceWidget(UnitVersion.Kind.choices))
    parent = UnitField("parent", "Mã đơn vị cấp trên")
    cluster = UnitField("cluster", "Mã cụm")
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)
    continues = Field(column_name=CONTINUES, readonly=True)

    required_columns = ("Mã", "Tên", "Loại", START)
    also_read = (CONTINUES,)

    class Meta(CatalogueResource.Meta):
        model = UnitVersion
        import_id_fields = ("code", "start_date")
        fields = ("code", "name", "kind", "parent", "cluster", "start_date", "end_date", "decision", "continues")

    def dehydrate_continues(self, version: UnitVersion) -> str:
        if not version.unit_id:
            return ""
        before = latest(other for other in version.unit.versions.all() if other.begins_before(version.start_date))
        return before.code if before else ""

    def after_init_instance(self, instance: UnitVersion, new: bool, row: Any, **kwargs: Any) -> None:
        if not new:
            return
        code = row.get(CONTINUES)
        if code in ("", None):
            instance.unit = Unit.objects.create()
            return
        start = DayWidget(is_start=True).clean(row.get(START))
        earlier = latest(UnitVersion.objects.filter(code=str(code)).begun_before(start))
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


class UnitClassResource(CatalogueResource):
    """Classes by commune code and start date, as the province's decision lists them."""

    unit = UnitField("unit", "Mã xã")
    unit_name = Field(column_name="Xã", readonly=True)
    size_class = Field("size_class", "Loại", ChoiceWidget(SizeClass.choices))
    start_date = start_field()
    end_date = end_field()
    decision = text_field("decision", DECISION)

    required_columns = ("Mã xã", "Loại", START)

    class Meta(CatalogueResource.Meta):
        model = UnitClass
        import_id_fields = ("unit", "start_date")
        fields = ("unit", "unit_name", "size_class", "start_date", "end_date", "decision")

    def dehydrate_unit_name(self, row: UnitClass) -> str:
        return unit_name(row)


class StaffQuotaResource(CatalogueResource):
    kind = Field("kind", "Loại đơn vị", ChoiceWidget(UnitVersion.COMMUNE_CHOICES))
    size_class = Field("size_class", "Loại", ChoiceWidget(SizeClass.choices))
    start_date = start_field()
    end_date = end_field()
    most = Field("most", "Số người nhiều nhất", NumberWidget())
    source = text_field("source", DECISION)

    required_columns = ("Loại đơn vị", "Loại", START, "Số người nhiều nhất", DECISION)

    class Meta(CatalogueResource.Meta):
        model = StaffQuota
        import_id_fields = ("kind", "size_class", "start_date")
        fields = ("kind", "size_class", "start_date", "end_date", "most", "source")


def unit_name(row: Any) -> str:
    """The name of the unit of a dated row on its first day; '' while the unit is not understood yet."""
    version = version_of(row.unit, row.start_date) if row.unit_id else None
    return version.name if version else ""
