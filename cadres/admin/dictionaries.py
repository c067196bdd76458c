"""The dictionaries by which rosters are understood."""

from django.contrib import admin

from cadres.admin.catalogues import CatalogueAdmin
from cadres.catalogues.dictionaries import ColumnTitleResource, ValueSpellingResource
from cadres.models import ColumnTitle, ValueSpelling


@admin.register(ColumnTitle)
class ColumnTitleAdmin(CatalogueAdmin):
    resource_classes = [ColumnTitleResource]
    list_display = ("title", "field")
    list_filter = ("field",)
    search_fields = ("title", "title_key", "field")


@admin.register(ValueSpelling)
class ValueSpellingAdmin(CatalogueAdmin):
    resource_classes = [ValueSpellingResource]
    list_display = ("spelling", "code", "field", "learnt_by", "learnt_at")
    list_select_related = ("learnt_by",)
    list_filter = ("field",)
    search_fields = ("spelling", "spelling_key", "code")
