"""Dated rows on admin pages: a start that is unknown, and rows of one page that must not share a day."""

from datetime import date
from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db.models import DateField
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest

from cadres.web.fields import DayField
from cadres.web.versions import RowForm


class Dated:
    """For an admin page or inline of dated rows: a start that is unknown is shown empty, not as 01/01/0001."""

    @admin.display(description="từ ngày", ordering="start_date")
    def starts(self, row: Any) -> date | None:
        return row.known_start

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """First what the row is of, then from when to when, unless the page says otherwise.

        Who may not change the row reads its start through `starts`; a form field shows it empty by itself.
        """
        fields = [name for name in super().get_fields(request, obj) if name != "starts"]  # type: ignore[misc]
        if not self.fields:  # type: ignore[attr-defined]
            fields.sort(key=lambda name: name in ("start_date", "end_date"))
        if self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fields
        return ["starts" if name == "start_date" else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is no field of the model must be known as read-only."""
        return (*super().get_readonly_fields(request, obj), "starts")  # type: ignore[misc]


# A day is filled in on every form alike.
DAYS: dict[Any, dict[str, Any]] = {DateField: {"widget": DayField.widget}}


class NamedRows(forms.BaseInlineFormSet):
    default_error_messages = {
        "missing_management_form": "Trang gửi lên thiếu bảng này nên chưa ghi được. Hãy mở lại trang rồi làm lại.",
    }

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """With a row that somebody else has deleted since the page was opened: left out, or asked about."""
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        if self.is_bound and i < self.initial_form_count() and form.instance.pk is None:
            form.fields["id"] = forms.CharField(required=False, widget=forms.HiddenInput)
            form.is_gone = form.empty_permitted = True
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = "Xóa dòng này"

    def clean(self) -> None:
        """Refuse rows that share a day: Django leaves constraints with the page's own row to the database.

        All rows are in the form, so they are compared with each other as they are to be, not as they were.
        """
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.is_valid()
            and (form.instance.pk or form.has_changed())
            and not form.cleaned_data.get(DELETION_FIELD_NAME)
        ]
        constraints: Any = self.model._meta.constraints  # type: ignore[union-attr]
        for constraint in constraints:
            if not isinstance(constraint, ExclusionConstraint) or constraint.condition:
                continue
            fields = [expression for expression, _ in constraint.expressions if isinstance(expression, str)]
            if self.fk.name not in fields:
                continue
            for before, form in combinations(kept, 2):
                same = all(getattr(before.instance, field) == getattr(form.instance, field) for field in fields)
                if same and before.instance.shares_a_day(form.instance.start_date, form.instance.end_date):
                    form.add_error("start_date", str(constraint.violation_error_message))


class TableInline(admin.TabularInline):
    """For a table of rows inside a form: each field bears the name of its column, which a screen reader would miss."""

    form = RowForm
    formset: Any = NamedRows
    formfield_overrides = DAYS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field
