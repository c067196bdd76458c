"""The rows of the registry, to look at and to hand out as tables.

They are written on a person's page, through cadres/registry/: a form of the admin would go round its rules.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from cadres.admin.dated import Dated
from cadres.admin.lists import ByUnitAbove
from cadres.admin.scoped import ScopedAdmin
from cadres.models import Appointment, Official, OfficialIdentifier, Qualification, Waiver
from cadres.text import fold


class ReadOnly:
    """Nobody adds, changes or deletes here, whatever the role."""

    moves_no_verdict = "nothing is written here"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OfOfficialAdmin(ReadOnly, Dated, ScopedAdmin):
    """Rows of a person; the search box takes the person's name, with or without diacritics."""

    official_path = "official__"
    search_label = "Họ và tên (không cần dấu)"

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.official_path}folded_name__contains": fold(text)})

    def page_of(self, request: HttpRequest, row: Any) -> str:
        return reverse("cadres:official-detail", args=[getattr(row, "official_id", row.pk)])


class IdentifierInline(ReadOnly, admin.TabularInline):
    model = OfficialIdentifier
    fields = readonly_fields = ("kind", "number_shown", "start_date", "end_date")
    extra = 0

    @admin.display(description="số")
    def number_shown(self, identifier: OfficialIdentifier) -> str:
        return identifier.shown_number


@admin.register(Official)
class OfficialAdmin(OfOfficialAdmin):
    official_path = ""
    list_display = ("full_name", "sex", "born", "ethnic_group", "is_party_member")
    narrowed_by = ("sex", "is_party_member", "ethnic_group")
    list_select_related = ("ethnic_group",)
    inlines = (IdentifierInline,)

    @admin.display(description="ngày sinh", ordering="birth_date")
    def born(self, official: Official) -> str:
        return str(official.birth or "")


@admin.register(Appointment)
class AppointmentAdmin(OfOfficialAdmin):
    list_display = ("official", "position", "unit", "is_primary", "starts", "end_date", "end_reason")
    narrowed_by = ("position", "is_primary", "end_reason", ByUnitAbove())
    list_select_related = ("official", "position", "unit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return super().get_queryset(request).prefetch_related("unit__versions")


@admin.register(Qualification)
class QualificationAdmin(OfOfficialAdmin):
    list_display = ("official", "dimension", "level", "field_of_study", "awarded_then", "starts", "origin")
    narrowed_by = ("level__dimension", "origin", "is_error")
    list_select_related = ("official", "level__dimension")

    @admin.display(description="mặt", ordering="level__dimension__order")
    def dimension(self, qualification: Qualification) -> str:
        return qualification.level.dimension.name

    @admin.display(description="ngày cấp", ordering="awarded_on")
    def awarded_then(self, qualification: Qualification) -> str:
        return str(qualification.awarded or "")


@admin.register(Waiver)
class WaiverAdmin(OfOfficialAdmin):
    list_display = ("official", "dimension", "starts", "end_date", "reason", "decision")
    narrowed_by = ("dimension",)
    list_select_related = ("official", "dimension")
