"""What law and the province decide: positions, levels, standards, requirements, criteria."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, ForeignKey, ManyToManyField, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest, HttpResponse

from cadres.admin.catalogues import CatalogueAdmin
from cadres.admin.choices import BareChoices
from cadres.admin.dated import TableInline
from cadres.admin.scoped import ScopedAdmin
from cadres.catalogues.standards import (
    AcceptedFieldResource,
    CriterionResource,
    EthnicGroupResource,
    LevelResource,
    PositionResource,
    RequirementResource,
    RetirementAgeResource,
    StandardResource,
)
from cadres.models import (
    AcceptedField,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Position,
    Requirement,
    RetirementAge,
    Standard,
)


class LevelChoiceField(ModelChoiceField):
    """A level with its dimension, since “Trung cấp” is a level of three."""

    def label_from_instance(self, level: Any) -> str:
        return f"{level.dimension}: {level}"


class LevelsOfDimensions(ModelChoiceIterator):
    def __iter__(self) -> Iterator[Any]:
        for dimension, levels in groupby(self.queryset, key=attrgetter("dimension")):
            yield str(dimension), [self.choice(level) for level in levels]


class LevelsChoiceField(ModelMultipleChoiceField):
    """Several levels, below the names of their dimensions."""

    iterator = LevelsOfDimensions


class LevelsNamed(BareChoices):
    """For an admin page or inline with a field for a level, or for several."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Level:
            kwargs["form_class"] = LevelChoiceField
            kwargs["queryset"] = Level.objects.select_related("dimension")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Level:
            kwargs["form_class"] = LevelsChoiceField
            # the lowest of a dimension says that there is none yet
            levels = Level.objects.filter(rank__gt=0).select_related("dimension")
            kwargs["queryset"] = levels.order_by("dimension__order", "rank")
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


@admin.register(Position)
class PositionAdmin(CatalogueAdmin):
    resource_classes = [PositionResource]
    list_display = ("title", "code", "group", "subgroup", "holders", "starts", "end_date")
    narrowed_by = ("group", "subgroup")
    search_fields = ("code", "title", "full_title")


class LevelInline(TableInline):
    model = Level
    extra = 0


@admin.register(Dimension)
class DimensionAdmin(ScopedAdmin):
    list_display = ("name", "code", "level_count")
    only_if_chosen = ("code",)
    search_fields = ("code", "name")
    inlines = (LevelInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dimension]:
        return super().get_queryset(request).annotate(number_of_levels=Count("levels"))

    @admin.display(description="số mức")
    def level_count(self, dimension: Any) -> int:
        return dimension.number_of_levels


@admin.register(Level)
class LevelAdmin(CatalogueAdmin):
    resource_classes = [LevelResource]
    list_display = ("name", "dimension", "rank", "code")
    narrowed_by = ("dimension",)
    list_select_related = ("dimension",)
    search_fields = ("code", "name")


class OnPagesOfTheirOwn(CatalogueAdmin):
    """Tables of law that are looked through and exported here; they change on pages that show the effect before."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        told = {"is_changed_elsewhere": True, "may_export": True}
        return super().changelist_view(request, told | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Standard)
class StandardAdmin(OnPagesOfTheirOwn):
    resource_classes = [StandardResource]
    list_display = ("name", "code", "position_group", "over", "starts", "end_date", "transition_until", "legal_basis")
    narrowed_by = ("position_group",)
    list_select_related = ("over",)
    search_fields = ("code", "name", "legal_basis")


@admin.register(Requirement)
class RequirementAdmin(LevelsNamed, OnPagesOfTheirOwn):
    resource_classes = [RequirementResource]
    list_display = (
        *("position", "dimension", "minimum", "minimum_relaxed", "standard", "starts", "end_date", "article"),
        *("source", "checked_at", "checked_by"),
    )
    only_if_chosen = ("source", "checked_at", "checked_by")
    narrowed_by = ("standard", "dimension", "position")
    list_select_related = ("standard", "position", "dimension", "minimum", "minimum_relaxed", "checked_by")
    search_fields = ("position__title", "position__code", "article")


@admin.register(AcceptedField)
class AcceptedFieldAdmin(CatalogueAdmin):
    resource_classes = [AcceptedFieldResource]
    import_note = (
        "Chức danh có ít nhất một chuyên ngành ở đây thì bằng cấp phải đúng chuyên ngành mới được tính là đạt; "
        "chức danh không có dòng nào thì chỉ xét mức trình độ."
    )
    list_display = ("field_of_study", "position", "dimension", "starts", "end_date")
    narrowed_by = ("position", "dimension")
    list_select_related = ("position", "dimension")
    search_fields = ("field_of_study",)


@admin.register(Criterion)
class CriterionAdmin(CatalogueAdmin):
    resource_classes = [CriterionResource]
    list_display = ("name", "code", "definition", "counted")
    search_fields = ("code", "name", "definition")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Criterion]:
        return super().get_queryset(request).prefetch_related("dimensions")

    def criterion_judged(self, request: HttpRequest, object_id: str | None) -> Criterion | None:
        """Whom a criterion counts is told by itself; one that is new counts nobody yet."""
        return Criterion.objects.filter(pk=object_id).first() if object_id else None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Pages that name no criterion count by this one."""
        is_needed = obj is not None and obj.code == settings.DEFAULT_CRITERION
        return not is_needed and super().has_delete_permission(request, obj)

    @admin.display(description="các mặt được tính")
    def counted(self, criterion: Criterion) -> str:
        return ", ".join(str(dimension) for dimension in criterion.dimensions.all()) or "Tất cả"


@admin.register(EthnicGroup)
class EthnicGroupAdmin(CatalogueAdmin):
    moves_no_verdict = "no standard asks of which people somebody is"
    resource_classes = [EthnicGroupResource]
    list_display = ("name", "code", "other_names")
    search_fields = ("code", "name", "other_names")


@admin.register(RetirementAge)
class RetirementAgeAdmin(CatalogueAdmin):
    moves_no_verdict = "who is past the age stays in post until the post ends"
    resource_classes = [RetirementAgeResource]
    list_display = ("source", "starts", "end_date", "men_years", "men_months", "women_years", "women_months")
    search_fields = ("source",)
