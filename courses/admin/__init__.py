"""The training catalogue and the classes."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.access import ScopedAdmin
from cadres.admin.catalogues import DistrictFilter, UnitsNamed
from cadres.admin.standards import LevelsNamed
from courses.models import Programme, SubjectArea, TrainingClass


@admin.register(SubjectArea)
class SubjectAreaAdmin(ScopedAdmin):
    list_display = ("name", "code")
    search_fields = ("name", "code")


@admin.register(Programme)
class ProgrammeAdmin(LevelsNamed, ScopedAdmin):
    list_display = ("title", "kind", "subject_area", "raises_to", "hours", "code")
    list_filter = ("kind", "subject_area")
    list_select_related = ("subject_area", "raises_to__dimension")
    list_per_page = 50
    search_fields = ("title", "code")
    filter_horizontal = ("target_positions",)


class DistrictOfPlace(DistrictFilter):
    unit_path = "place__"


@admin.register(TrainingClass)
class TrainingClassAdmin(UnitsNamed, ScopedAdmin):
    list_display = ("programme", "code", "state", "start_date", "end_date", "place", "seats")
    list_filter = ("state", "programme__kind", DistrictOfPlace)
    list_select_related = ("programme", "place")
    list_display_links = ("programme", "code")
    list_per_page = 50
    search_fields = ("code", "programme__title")
    date_hierarchy = "start_date"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TrainingClass]:
        return super().get_queryset(request).prefetch_related("place__versions")
