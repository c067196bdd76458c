"""What decisions fix about training, for a time: cost norms, and what law asks of officials who study."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.admin.catalogues import CatalogueAdmin
from cadres.admin.dated import Dated
from cadres.admin.lists import ByUnitAbove
from cadres.admin.scoped import ScopedAdmin
from cadres.admin.units import OfUnitAdmin
from cadres.web.tags import phan_tram, so
from courses.models import CostNorm, NeedRule, SupportNorm, TrainerNorm, TrainingRegulation, UnitDistance
from courses.resources import CostNormResource, UnitDistanceResource


@admin.register(CostNorm)
class CostNormAdmin(CatalogueAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    resource_classes = [CostNormResource]
    import_note = (
        "Mỗi dòng là định mức của một loại hình, hoặc của riêng một chương trình, trong một khoảng thời gian. Khi định "
        "mức thay đổi, hãy ghi ngày cuối cùng của định mức cũ vào cột Đến ngày của dòng cũ, đặt trên dòng mới."
    )
    list_display = ("applies_to", "kind", "amount", "starts", "end_date", "decision")
    narrowed_by = ("kind",)
    list_select_related = ("programme",)
    search_fields = ("programme__title", "programme__code", "decision")

    @admin.display(description="áp dụng cho", ordering="programme__title")
    def applies_to(self, norm: CostNorm) -> str:
        return str(norm.programme or f"Mọi chương trình {norm.get_kind_display().lower()}")

    @admin.display(description="đồng một học viên một ngày", ordering="per_trainee_day")
    def amount(self, norm: CostNorm) -> str:
        return so(norm.per_trainee_day)


@admin.register(TrainingRegulation)
class TrainingRegulationAdmin(Dated, ScopedAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    list_select_related = ("commits_from",)
    search_fields = ("decree",)
    list_display = ("decree", "starts", "end_date", "hours", "factor", "reduction", "reduction_favoured", "confidence")

    @admin.display(description="tiết một năm", ordering="yearly_hours")
    def hours(self, regulation: TrainingRegulation) -> int:
        return regulation.yearly_hours

    @admin.display(description="cam kết", ordering="commitment_factor")
    def factor(self, regulation: TrainingRegulation) -> str:
        least = f", từ {regulation.commits_from}" if regulation.commits_from else ""
        return f"{regulation.commitment_factor} lần thời gian học{least}"

    @admin.display(description="giảm mỗi năm", ordering="reduction_percent")
    def reduction(self, regulation: TrainingRegulation) -> str:
        return f"{phan_tram(regulation.reduction_percent)} %"

    @admin.display(description="nữ, dân tộc thiểu số", ordering="reduction_percent_favoured")
    def reduction_favoured(self, regulation: TrainingRegulation) -> str:
        return f"{phan_tram(regulation.reduction_percent_favoured)} %"


@admin.register(SupportNorm)
class SupportNormAdmin(Dated, ScopedAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    list_display = ("content", "sum", "measure", "for_whom", "starts", "end_date", "decision", "confidence")
    narrowed_by = ("measure", "programme_kind")
    search_fields = ("content", "decision")

    @admin.display(description="đồng", ordering="amount")
    def sum(self, norm: SupportNorm) -> str:
        return so(norm.amount)

    @admin.display(description="đối tượng")
    def for_whom(self, norm: SupportNorm) -> str:
        return norm.who


@admin.register(UnitDistance)
class UnitDistanceAdmin(OfUnitAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    resource_classes = [UnitDistanceResource]
    import_note = (
        "Mỗi dòng là khoảng cách từ một xã đến một nơi mở lớp (mã của huyện, xã, cụm hoặc tỉnh ghi ở Địa điểm lớp), "
        "theo đường bộ, một chiều. Mã là mã đơn vị mang vào ngày ở cột Từ ngày."
    )
    list_display = ("unit", "place", "km", "starts", "end_date", "decision", "confidence")
    narrowed_by = (ByUnitAbove(),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitDistance]:
        return super().get_queryset(request).prefetch_related("place__versions")


@admin.register(TrainerNorm)
class TrainerNormAdmin(Dated, ScopedAdmin):
    search_fields = ("decision",)
    moves_no_verdict = "training counts by the records that it leads to"
    list_display = ("trainer_kind", "sum", "starts", "end_date", "decision", "confidence")

    @admin.display(description="đồng một tiết", ordering="per_hour")
    def sum(self, norm: TrainerNorm) -> str:
        return so(norm.per_hour)


@admin.register(NeedRule)
class NeedRuleAdmin(Dated, ScopedAdmin):
    moves_no_verdict = "what it asks stands beside the standard"
    list_display = ("code", "what_is_asked", "for_whom", "document", "starts", "end_date", "confidence")
    narrowed_by = ("basis", "position_group", "zone")
    list_select_related = ("programme", "level__dimension")
    search_fields = ("code", "document", "programme__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NeedRule]:
        return super().get_queryset(request).prefetch_related("positions")

    @admin.display(description="phải học")
    def what_is_asked(self, rule: NeedRule) -> str:
        return rule.what

    @admin.display(description="đối tượng")
    def for_whom(self, rule: NeedRule) -> str:
        named = [position.title for position in rule.positions.all()]
        return "; ".join(filter(None, [rule.who, ", ".join(named)])) or "theo đối tượng của chương trình"
