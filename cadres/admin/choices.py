"""What can be chosen on admin pages: units in scope, told apart; rows to tick; and how rows are found by their unit."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest

from cadres.access import visible_to
from cadres.models import Unit, UnitVersion
from cadres.text import place_key
from cadres.web.permissions import account


class UnitChoiceField(forms.ModelChoiceField):
    """A unit with its latest code, since names repeat (two communes are called Thanh Bình)."""

    def label_from_instance(self, unit: Any) -> str:
        last = unit.last_version
        return f"{last.name} ({last.code})" if last else str(unit)


class BareChoices:
    """For an admin page or inline: choices without the buttons that would add, change or delete what is chosen from."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class UnitsNamed(BareChoices):
    """For an admin page or inline with a field for a unit: its choices are in scope and named without a query each."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Unit:
            kwargs["form_class"] = UnitChoiceField
            kwargs["queryset"] = visible_to(Unit.objects.prefetch_related("versions"), account(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class Ticked:
    """For an admin page: where a field takes several rows, each is a box to tick: the admin's two lists are English."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


def units_found(text: str) -> list[int]:
    """The units with a name or code like the text, as typed with or without diacritics (`Sapa` finds Sa Pa)."""
    key = place_key(text)
    return [
        version.unit_id
        for version in UnitVersion.objects.only("unit_id", "name", "code")
        if key in place_key(version.name) or version.code == text.strip()
    ]


class FoundByUnit:
    """For an admin list of rows of units: the search box takes the unit's name or code."""

    search_label = "Tên hoặc mã đơn vị (không cần dấu)"
    unit_paths: tuple[str, ...] = ("unit__",)

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = units_found(text)
        return rows.filter(reduce(or_, (Q(**{f"{path}pk__in": found}) for path in self.unit_paths)))
