"""The rules by which catalogues come in and go out as tables (django-import-export).

A table is a workbook or CSV file whose first row names the columns in Vietnamese, as the export writes them. A row is
recognised by its codes and start date; what is equal is skipped, what differs is changed, what is new is added, and
nothing is ever deleted. Constraints of the models speak for themselves: every row passes full_clean().

Rosters of people take another road (cadres/roster): one row of theirs is a person, a post and several qualifications.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from import_export.resources import Diff, ModelResource
from import_export.results import Result
from import_export.widgets import ManyToManyWidget
from tablib import Dataset

from cadres.catalogues.table import ROW


class Changes(Diff):
    """What a row changes, as (column, before, after). The package's own makes HTML with inline styles."""

    def __init__(self, resource: "CatalogueResource", instance: Any, new: bool) -> None:
        self.columns = resource.get_diff_headers()
        self.before = [""] * len(self.columns) if new else self._read_field_values(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: "CatalogueResource", instance: Any) -> None:
        self.after = self._read_field_values(resource, instance) if instance else [""] * len(self.columns)

    @classmethod
    def _read_field_values(cls, resource: Any, instance: Any) -> list[str]:
        many = ManyToManyWidget
        return [
            "" if isinstance(field.widget, many) and not instance.pk else str(field.export(instance) or "")
            for field in resource.get_import_fields()
        ]

    def as_html(self) -> list[tuple[str, str, str]]:
        rows = zip(self.columns, self.before, self.after, strict=True)
        return [(column, before, after) for column, before, after in rows if before != after]


class CatalogueResource(ModelResource):
    """The common rules; a subclass names columns and by which of them a row is recognised.

    `required_columns` may not be missing in the table; other columns that are missing leave what is there.
    `also_read` names columns that are read without being a field of the row.
    `queryset` is the scope of the account: rows outside are neither read nor changed.
    """

    required_columns: tuple[str, ...] = ()
    also_read: tuple[str, ...] = ()

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        use_transactions = True

    def __init__(self, queryset: QuerySet[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queryset = queryset

    def get_queryset(self) -> QuerySet[Any]:
        """The package takes the model's default manager, which knows no scope."""
        return super().get_queryset() if self.queryset is None else self.queryset

    @classmethod
    def get_diff_class(cls) -> type[Changes]:
        return Changes

    def columns(self) -> list[tuple[str, bool]]:
        """The titles of the columns that are read, each with whether it must be there."""
        return [
            (field.column_name, field.column_name in self.required_columns)
            for field in self.get_import_fields()
            if not field.readonly or field.column_name in self.also_read
        ]

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        missing = [title for title in self.required_columns if title not in (dataset.headers or [])]
        if missing:
            raise ValidationError(
                f"Bảng thiếu cột {', '.join(missing)}. Hãy xuất danh mục ra Excel để có bảng đúng mẫu rồi nhập lại."
            )

    def after_import(self, dataset: Dataset, result: Result, **kwargs: Any) -> None:
        """The package would set the sequence of keys, which the web process may not; no table brings keys along."""


def row_errors(result: Result, dataset: Dataset, model: Any) -> list[tuple[int, str]]:
    """The errors of an import as (row number that Excel shows, Vietnamese sentence), in the order of the table."""
    numbers = dataset[ROW]
    labels = {field.name: field.verbose_name for field in model._meta.fields}
    errors = {
        (numbers[row.number - 1], f"{labels[name]}: {message}" if name in labels else message)
        for row in result.invalid_rows
        for name, messages in row.error_dict.items()
        for message in messages
    }
    errors |= {(numbers[row.number - 1], _told(error.error)) for row in result.error_rows for error in row.errors}
    return sorted(errors)


def _told(error: Exception) -> str:
    """What a person is told: our widgets speak Vietnamese, the database does not."""
    if isinstance(error, IntegrityError):
        return "Dòng này trùng với dữ liệu người khác vừa ghi. Hãy nhập lại tệp."
    return str(error)
