"""The dictionaries by which rosters are understood."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.admin.catalogues import CatalogueAdmin
from cadres.catalogues.dictionaries import ColumnTitleResource, ValueSpellingResource
from cadres.models import ColumnTitle, ValueSpelling


@admin.register(ColumnTitle)
class ColumnTitleAdmin(CatalogueAdmin):
    moves_no_verdict = "they say how rosters are read, and change nothing that was"
    resource_classes = [ColumnTitleResource]
    list_display = ("title", "field")
    list_filter = ("field",)
    search_fields = ("title", "title_key", "field")


@admin.register(ValueSpelling)
class ValueSpellingAdmin(CatalogueAdmin):
    moves_no_verdict = "they say how rosters are read, and change nothing that was"
    resource_classes = [ValueSpellingResource]
    list_display = ("spelling", "code", "field", "learnt_by", "learnt_at")
    list_select_related = ("learnt_by",)
    list_filter = ("field",)
    search_fields = ("spelling", "spelling_key", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The catalogue is everybody's; what one unit decided stands on the page of decisions."""
        return super().get_queryset(request).filter(owner=None)
