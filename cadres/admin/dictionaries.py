"""The dictionaries by which rosters are understood."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.admin.catalogues import CatalogueAdmin
from cadres.catalogues.dictionaries import ColumnTitleResource, ValueSpellingResource
from cadres.models import ColumnTitle, ValueSpelling
from cadres.roster.columns import names_of_fields


class OfRosterField(CatalogueAdmin):
    """Words of a dictionary; their field is told, and chosen, by its name."""

    moves_no_verdict = "they say how rosters are read, and change nothing that was"
    narrowed_by = ("field",)
    labels_of = {"field": names_of_fields}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "field":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        named = sorted(names_of_fields().items(), key=lambda pair: pair[1])
        return forms.ChoiceField(label="Trường", choices=[("", "---------"), *named])


@admin.register(ColumnTitle)
class ColumnTitleAdmin(OfRosterField):
    resource_classes = [ColumnTitleResource]
    list_display = ("title", "field")
    search_fields = ("title", "title_key", "field")


@admin.register(ValueSpelling)
class ValueSpellingAdmin(OfRosterField):
    resource_classes = [ValueSpellingResource]
    list_display = ("spelling", "code", "field", "learnt_by", "learnt_at")
    list_select_related = ("learnt_by",)
    search_fields = ("spelling", "spelling_key", "code")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The catalogue is everybody's; what one unit decided stands on the page of decisions."""
        return super().get_queryset(request).filter(owner=None)
