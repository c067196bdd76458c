"""What is taught, by whom and where: subject areas, programmes, institutions, trainers, rooms."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, ForeignKey, QuerySet
from django.http import HttpRequest

from cadres import roles
from cadres.admin.catalogues import CatalogueAdmin
from cadres.admin.choices import UnitsNamed
from cadres.admin.dated import Dated, NamedRows, TableInline
from cadres.admin.lists import ByUnitAbove
from cadres.admin.scoped import ScopedAdmin
from cadres.admin.standards import LevelsNamed
from cadres.models import User
from cadres.web.tags import so
from cadres.web.versions import RowForm
from courses.models import (
    FeedbackQuestion,
    Institution,
    InstitutionAccount,
    Programme,
    ProgrammeModule,
    Room,
    SubjectArea,
    Trainer,
)
from courses.resources import InstitutionResource, ProgrammeResource, TrainerResource


@admin.register(SubjectArea)
class SubjectAreaAdmin(ScopedAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    list_display = ("name", "code", "programme_count", "trainer_count")
    search_fields = ("name", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubjectArea]:
        counts = {
            "number_of_programmes": Count("programmes", distinct=True),
            "number_of_trainers": Count("trainers", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description="số chương trình")
    def programme_count(self, area: Any) -> int:
        return area.number_of_programmes

    @admin.display(description="số giảng viên")
    def trainer_count(self, area: Any) -> int:
        return area.number_of_trainers


class ProgrammeForm(RowForm):
    def clean(self) -> dict[str, Any]:
        """Nobody can be asked to have what the programme leads to, or more."""
        data = super().clean() or {}
        raised = data.get("raises_to")
        for level in data.get("prerequisites") or ():
            if raised and level.dimension_id == raised.dimension_id and level.rank >= raised.rank:
                self.add_error(
                    "prerequisites",
                    f"Chương trình nâng lên “{raised}” thì không thể đòi phải có trước “{level}”. "
                    "Hãy chọn mức thấp hơn, hoặc bỏ điều kiện này.",
                )
        return data


class ModuleRows(NamedRows):
    def clean(self) -> None:
        """The modules are parts of the programme: together they have no more tiết than it."""
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid() and form not in self.deleted_forms]
        hours, whole = sum(row.get("hours") or 0 for row in rows), self.instance.hours
        if whole and hours > whole:
            raise ValidationError(
                f"Các học phần cộng lại {so(hours)} tiết, nhiều hơn {so(whole)} tiết của chương trình. "
                "Hãy sửa số tiết của học phần hoặc của chương trình."
            )


class ModuleInline(TableInline):
    """The parts in which the programme may be taught, class by class (courses/modules.py)."""

    model = ProgrammeModule
    formset = ModuleRows
    extra = 1
    fields = ("number", "title", "hours")


@admin.register(Programme)
class ProgrammeAdmin(LevelsNamed, CatalogueAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    form = ProgrammeForm
    resource_classes = [ProgrammeResource]
    import_note = (
        "Mức viết kèm mặt tiêu chuẩn, ví dụ “professional:TC”. Nhiều chức danh hoặc nhiều mức thì cách nhau bằng dấu "
        "chấm phẩy. Chức danh để trống: dành cho mọi chức danh. Số tiết: một ngày học là 8 tiết."
    )
    list_display = ("title", "code", "kind", "subject_area", "raised", "needed", "form", "length")
    narrowed_by = ("kind", "subject_area", "form", "raises_to__dimension", "target_positions")
    list_select_related = ("subject_area", "raises_to__dimension")
    search_fields = ("title", "code", "field_of_study")
    fieldsets = (
        (None, {"fields": ("code", "title", "kind", "subject_area")}),
        ("Học như thế nào", {"fields": ("form", "hours")}),
        ("Kết quả", {"fields": ("raises_to", "field_of_study", "least_attendance")}),
        ("Ai được học", {"fields": ("target_positions", "prerequisites")}),
    )
    inlines = (ModuleInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Programme]:
        return super().get_queryset(request).prefetch_related("prerequisites__dimension", "target_positions")

    @admin.display(description="nâng lên mức", ordering="raises_to__dimension__order")
    def raised(self, programme: Programme) -> str:
        level = programme.raises_to
        return f"{level.dimension}: {level}" if level else ""

    @admin.display(description="phải có trước")
    def needed(self, programme: Programme) -> str:
        return "; ".join(f"{level.dimension}: {level}" for level in programme.prerequisites.all())

    @admin.display(description="thời gian", ordering="hours")
    def length(self, programme: Programme) -> str:
        return f"{so(programme.hours)} tiết ({so(programme.days)} ngày)"


class AccountInline(UnitsNamed, Dated, TableInline):
    """The accounts that work on the classes of the institution."""

    model = InstitutionAccount
    extra = 1
    fields = ("user", "start_date", "end_date")
    verbose_name_plural = "tài khoản được giao cơ sở này"

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is User:
            kwargs["queryset"] = User.objects.filter(grants__role=roles.TRAINING_INSTITUTION).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Institution)
class InstitutionAdmin(CatalogueAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    resource_classes = [InstitutionResource]
    import_note = "Mã địa bàn là mã hiện nay của tỉnh, huyện hoặc xã; cơ sở ở ngoài tỉnh thì để trống."
    list_display = ("name", "code", "place", "head", "trainer_count", "accounts_given")
    narrowed_by = (ByUnitAbove("place__"),)
    search_fields = ("name", "code", "head")
    inlines = (AccountInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Institution]:
        return (
            super()
            .get_queryset(request)
            .select_related("place")
            .prefetch_related("place__versions", "accounts__user")
            .annotate(number_of_trainers=Count("trainers"))
        )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Which accounts there are is for those who give them."""
        may_see = request.user.has_perm("courses.view_institutionaccount")
        return self.list_display if may_see else self.list_display[:-1]

    @admin.display(description="số giảng viên")
    def trainer_count(self, institution: Any) -> int:
        return institution.number_of_trainers

    @admin.display(description="tài khoản")
    def accounts_given(self, institution: Institution) -> str:
        names = sorted({account.user.get_username() for account in institution.accounts.all()})
        return ", ".join(names) or "Chưa giao"


@admin.register(Trainer)
class TrainerAdmin(CatalogueAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    resource_classes = [TrainerResource]
    import_note = (
        "Giảng viên được nhận ra bằng họ và tên cùng mã cơ sở; người kiêm chức không thuộc cơ sở nào thì để trống mã "
        "cơ sở. Nhiều lĩnh vực thì cách nhau bằng dấu chấm phẩy."
    )
    list_display = ("full_name", "kind", "institution", "post", "subjects_taught", "phone")
    narrowed_by = ("kind", "institution", "subjects")
    list_select_related = ("institution",)
    search_fields = ("full_name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trainer]:
        return super().get_queryset(request).prefetch_related("subjects")

    @admin.display(description="lĩnh vực dạy")
    def subjects_taught(self, trainer: Trainer) -> str:
        return ", ".join(subject.name for subject in trainer.subjects.all())

    def save_model(self, request: HttpRequest, obj: Trainer, form: Any, change: bool) -> None:
        """Two people may bear one name; one person entered twice is told, not refused."""
        super().save_model(request, obj, form, change)
        namesakes = Trainer.objects.filter(folded_name=obj.folded_name).exclude(pk=obj.pk).select_related("institution")
        if told := [f"{other} ({other.institution or other.post or 'không rõ cơ sở'})" for other in namesakes]:
            messages.warning(
                request,
                f"Danh mục đã có người cùng họ tên: {'; '.join(told)}. Nếu là một người, hãy xóa bớt dòng thừa.",
            )


@admin.register(Room)
class RoomAdmin(UnitsNamed, ScopedAdmin):
    moves_no_verdict = "training counts by the records that it leads to"
    list_display = ("name", "place", "seats")
    narrowed_by = (ByUnitAbove("place__"),)
    list_select_related = ("place",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        return super().get_queryset(request).prefetch_related("place__versions")


@admin.register(FeedbackQuestion)
class FeedbackQuestionAdmin(ScopedAdmin):
    moves_no_verdict = "what people think of a class is in no verdict"
    list_display = ("text", "code", "asked_of", "about", "order", "is_asked")
    narrowed_by = ("asked_of", "about", "is_asked")
    search_fields = ("text", "code")
    fixed_once_answered = ("code", "asked_of", "about", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: FeedbackQuestion | None = None) -> Any:
        """What has been answered is not worded anew, or the answers would be to another question."""
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, *self.fixed_once_answered) if obj and obj.scores.exists() else fixed
