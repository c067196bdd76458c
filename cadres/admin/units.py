"""Units with their versions, zones, relaxations and days of data."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from cadres.admin.catalogues import CatalogueAdmin
from cadres.admin.choices import FoundByUnit, UnitsNamed
from cadres.admin.dated import Dated, TableInline
from cadres.admin.lists import ByUnitAbove
from cadres.admin.scoped import ScopedAdmin
from cadres.catalogues.units import (
    StaffQuotaResource,
    UnitClassResource,
    UnitRelaxationResource,
    UnitVersionResource,
    UnitZoneResource,
)
from cadres.models import (
    RateTarget,
    RosterDay,
    StaffQuota,
    Unit,
    UnitClass,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    ZonePeriod,
)

PARENT_KINDS = (UnitVersion.Kind.PROVINCE, UnitVersion.Kind.DISTRICT)


class ParentsOnly(UnitsNamed):
    """A version lies below a province or a district, and may be in a cluster."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "parent":
            parents = UnitVersion.objects.filter(kind__in=PARENT_KINDS).values("unit")
            field.queryset = field.queryset.filter(pk__in=parents)
        elif db_field.name == "cluster":
            clusters = UnitVersion.objects.filter(kind=UnitVersion.Kind.CLUSTER).values("unit")
            field.queryset = field.queryset.filter(pk__in=clusters)
        return field


class VersionInline(Dated, ParentsOnly, TableInline):
    model = UnitVersion
    fk_name = "unit"
    extra = 0
    fields = ("code", "name", "kind", "parent", "cluster", "start_date", "end_date", "decision")

    def get_extra(self, request: HttpRequest, obj: Unit | None = None, **kwargs: Any) -> int:
        """A unit that is new needs a first name."""
        return 1 if obj is None else 0


class ZoneInline(Dated, TableInline):
    model = UnitZone
    extra = 0
    fields = ("zone", "start_date", "end_date", "decision", "origin")


class ClassInline(Dated, TableInline):
    model = UnitClass
    extra = 0
    fields = ("size_class", "start_date", "end_date", "decision")


class RelaxationInline(Dated, TableInline):
    model = UnitRelaxation
    extra = 0
    fields = ("is_relaxed", "start_date", "end_date", "decision")


class RosterDayInline(TableInline):
    model = RosterDay
    extra = 0
    fields = ("day", "batch")
    readonly_fields = ("batch",)


@admin.register(Unit)
class UnitAdmin(FoundByUnit, ScopedAdmin):
    """The lasting units; what they were called, and where they belonged, is inline."""

    list_display = ("name", "code", "kind", "parent_name", "is_over")
    narrowed_by = ("versions__kind", ByUnitAbove(unit_path=""))
    unit_paths = ("",)
    inlines = (VersionInline, ZoneInline, RelaxationInline, ClassInline, RosterDayInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        last = UnitVersion.objects.filter(unit=OuterRef("pk")).order_by("-start_date")
        last_of_parent = UnitVersion.objects.filter(unit=OuterRef("last_parent")).order_by("-start_date")
        return (
            super()
            .get_queryset(request)
            .prefetch_related("versions")
            .annotate(
                last_code=Subquery(last.values("code")[:1]),
                last_parent=Subquery(last.values("parent")[:1]),
                last_end=Subquery(last.values("end_date")[:1]),
            )
            .annotate(last_parent_name=Subquery(last_of_parent.values("name")[:1]))
            .order_by("last_code", "pk")
        )

    @admin.display(description="tên")
    def name(self, unit: Unit) -> str:
        return str(unit)

    @admin.display(description="mã", ordering="last_code")
    def code(self, unit: Any) -> str:
        return unit.last_code or ""

    @admin.display(description="loại")
    def kind(self, unit: Unit) -> str:
        return unit.last_version.get_kind_display() if unit.last_version else ""

    @admin.display(description="trực thuộc", ordering="last_parent_name")
    def parent_name(self, unit: Any) -> str:
        return unit.last_parent_name or ""

    @admin.display(description="đã kết thúc", ordering="last_end")
    def is_over(self, unit: Any) -> Any:
        return unit.last_end


@admin.register(UnitVersion)
class UnitVersionAdmin(ParentsOnly, FoundByUnit, CatalogueAdmin):
    resource_classes = [UnitVersionResource]
    import_note = (
        "Mỗi dòng là tên, mã của một đơn vị trong một khoảng thời gian. “Tiếp nối mã” là mã mà đơn vị mang trước ngày "
        "bắt đầu; để trống thì dòng đó mở một đơn vị mới (sáp nhập, chia tách)."
    )
    list_display = ("name", "code", "kind", "parent", "starts", "end_date", "decision")
    narrowed_by = ("kind", ByUnitAbove())
    list_select_related = ("unit", "parent")

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitVersion]:
        return super().get_queryset(request).prefetch_related("unit__versions", "parent__versions")


class OfUnitAdmin(FoundByUnit, CatalogueAdmin):
    """A dated fact of a unit."""

    list_select_related = ("unit",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("unit__versions")


@admin.register(UnitZone)
class UnitZoneAdmin(OfUnitAdmin):
    resource_classes = [UnitZoneResource]
    import_note = (
        "Danh sách khu vực theo quyết định: mỗi dòng một xã. Mã xã là mã xã mang vào ngày ở cột Từ ngày. Khi khu vực "
        "của một xã thay đổi, hãy ghi ngày cuối cùng của khu vực cũ vào cột Đến ngày của dòng cũ, đặt trên dòng mới."
    )
    list_display = ("unit", "zone", "starts", "end_date", "decision", "origin")
    narrowed_by = ("zone", "origin", ByUnitAbove())


@admin.register(ZonePeriod)
class ZonePeriodAdmin(Dated, ScopedAdmin):
    search_fields = ("decision",)
    moves_no_verdict = "it says for which years there is a list, and gives no commune a zone"
    list_display = ("__str__", "starts", "end_date", "decision")


@admin.register(UnitRelaxation)
class UnitRelaxationAdmin(OfUnitAdmin):
    resource_classes = [UnitRelaxationResource]
    import_note = (
        "Quyết định cho xã áp dụng (hoặc không áp dụng) mức giảm. Xã không có quyết định: khu vực II, III được giảm."
    )
    list_display = ("unit", "is_relaxed", "starts", "end_date", "decision")
    narrowed_by = ("is_relaxed", ByUnitAbove())


@admin.register(UnitClass)
class UnitClassAdmin(OfUnitAdmin):
    moves_no_verdict = "the class of a commune says how many people it may have"
    resource_classes = [UnitClassResource]
    import_note = (
        "Quyết định phân loại: mỗi dòng một xã, loại 1, 2 hoặc 3 (không phải khu vực I, II, III). Khi loại của một xã "
        "thay đổi, hãy ghi ngày cuối cùng của loại cũ vào cột Đến ngày của dòng cũ, đặt trên dòng mới. Xã chưa phân "
        "loại thì không xét số lượng cán bộ, công chức."
    )
    list_display = ("unit", "size_class", "starts", "end_date", "decision")
    narrowed_by = ("size_class", ByUnitAbove())


@admin.register(StaffQuota)
class StaffQuotaAdmin(CatalogueAdmin):
    moves_no_verdict = "it says how many people a commune may have"
    resource_classes = [StaffQuotaResource]
    list_display = ("kind", "size_class", "most", "starts", "end_date", "source")
    narrowed_by = ("kind", "size_class")
    search_fields = ("source",)


@admin.register(RateTarget)
class RateTargetAdmin(ScopedAdmin):
    search_fields = ("decision",)
    moves_no_verdict = "it says what the province wants, and is compared with the rate"
    list_display = ("year", "criterion", "percent", "decision")


@admin.register(RosterDay)
class RosterDayAdmin(UnitsNamed, FoundByUnit, ScopedAdmin):
    list_display = ("unit", "day", "batch")
    narrowed_by = ("day", ByUnitAbove())
    list_select_related = ("unit", "batch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RosterDay]:
        return super().get_queryset(request).prefetch_related("unit__versions")


@admin.register(UnitSuccession)
class UnitSuccessionAdmin(UnitsNamed, FoundByUnit, ScopedAdmin):
    unit_paths = ("predecessor__", "successor__")
    moves_no_verdict = "it tells what became of a unit and moves nobody"
    list_display = ("predecessor", "successor", "effective_on", "decision", "confidence")
    narrowed_by = ("effective_on",)
    list_select_related = ("predecessor", "successor")

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitSuccession]:
        return super().get_queryset(request).prefetch_related("predecessor__versions", "successor__versions")
