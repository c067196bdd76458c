"""What the admin pages of catalogues share: units that can be told apart, and tables in and out.

A table is read, shown with what it would change, and written only after a person has confirmed; all rows or none.
"""

from datetime import date
from itertools import combinations
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import ForeignKey, Q, QuerySet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from import_export.admin import ExportMixin
from import_export.results import Result, RowResult
from tablib import Dataset

from cadres.access import visible_to
from cadres.admin.scoped import ScopedAdmin
from cadres.models import Unit, UnitVersion
from cadres.roster.reading import UnreadableFileError
from cadres.roster.resources import ROW, CatalogueResource, TableFormat, read_table, row_errors
from cadres.text import place_key
from cadres.web.permissions import account

MAX_ROWS = 5000
ROWS_SHOWN = 200


class UnitChoiceField(forms.ModelChoiceField):
    """A unit with its latest code, since names repeat (two communes are called Thanh Bình)."""

    def label_from_instance(self, unit: Any) -> str:
        last = max(unit.versions.all(), key=lambda version: version.start_date, default=None)
        return f"{last.name} ({last.code})" if last else str(unit)


class BareChoices:
    """For an admin page or inline: choices without the buttons that would add, change or delete what is chosen from."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class Ticked:
    """For an admin page: where a field takes several rows, each is a box to tick: the admin's two lists are English."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple(attrs={"class": "boxes"}))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


class Dated:
    """For an admin page or inline of dated rows: a start that is unknown is shown empty, not as 01/01/0001."""

    @admin.display(description="từ ngày", ordering="start_date")
    def starts(self, row: Any) -> date | None:
        return row.known_start

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Who may not change the row reads its start through `starts`; a form field shows it empty by itself."""
        fields = [name for name in super().get_fields(request, obj) if name != "starts"]  # type: ignore[misc]
        if self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fields
        return ["starts" if name == "start_date" else name for name in fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What is no field of the model must be known as read-only."""
        return (*super().get_readonly_fields(request, obj), "starts")  # type: ignore[misc]


class UnitsNamed(BareChoices):
    """For an admin page or inline with a field for a unit: its choices are in scope and named without a query each."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Unit:
            kwargs["form_class"] = UnitChoiceField
            kwargs["queryset"] = visible_to(Unit.objects.prefetch_related("versions"), account(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class NamedRows(forms.BaseInlineFormSet):
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
                if same and before.instance.shares_a_day_with(form.instance):
                    form.add_error("start_date", str(constraint.violation_error_message))


class TableInline(admin.TabularInline):
    """For a table of rows inside a form: each field bears the name of its column, which a screen reader would miss."""

    formset: Any = NamedRows

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field


class DistrictFilter(SimpleListFilter):
    """Rows whose unit is a district, or lies or lay below it. `unit_path` leads to the unit."""

    title = "huyện, thị xã, thành phố"
    parameter_name = "huyen"
    unit_path = "unit__"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        districts = visible_to(UnitVersion.objects.filter(kind=UnitVersion.Kind.DISTRICT), account(request))
        names = {version.unit_id: version.name for version in districts.order_by("start_date")}
        return [(str(pk), name) for pk, name in sorted(names.items(), key=lambda item: item[1])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters(self.value())
        of_district = UnitVersion.objects.filter(Q(parent=self.value()) | Q(unit=self.value())).values("unit")
        return queryset.filter(**{f"{self.unit_path}pk__in": of_district})


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

    search_fields: Any = ("unit",)
    search_help_text: Any = "Tên hoặc mã đơn vị, có dấu hay không dấu"
    unit_path = "unit__"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(**{f"{self.unit_path}pk__in": units_found(search_term)}), False


class TableForm(forms.Form):
    """The file of a catalogue; `dataset` holds its rows once the form is valid."""

    table = forms.FileField(
        label="Tệp Excel hoặc CSV", help_text="Dòng đầu là tên các cột, như trong tệp xuất ra từ danh mục này."
    )

    def clean_table(self) -> UploadedFile:
        table = self.cleaned_data["table"]
        try:
            self.dataset = read_table(table.name, table.read())
        except UnreadableFileError as error:
            raise forms.ValidationError(str(error)) from error
        if not self.dataset:
            raise forms.ValidationError("Tệp không có dòng dữ liệu nào dưới dòng tên cột.")
        if len(self.dataset) > MAX_ROWS:
            raise forms.ValidationError(f"Tệp có hơn {MAX_ROWS} dòng. Hãy tách thành nhiều tệp.")
        return table


class CatalogueAdmin(UnitsNamed, Ticked, Dated, ExportMixin, ScopedAdmin):
    """A catalogue with “Xuất Excel” and “Nhập từ Excel”; a subclass names its resource."""

    resource_classes: list[type[CatalogueResource]] = []
    import_note = ""
    export_formats = [TableFormat]
    skip_export_form = True
    list_per_page = 50
    import_export_change_list_template = "cadres/catalogue_list.html"

    # out

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().export_action(request)
        except (IncorrectLookupParameters, ValueError, OverflowError) as error:
            raise BadRequest("Bộ lọc trong địa chỉ không hợp lệ.") from error

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        return f"{self.opts.model_name}.xlsx"

    # in

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [
            path("nhap/", self.admin_site.admin_view(self.import_view), name=name),
            path("nhap/ghi/", self.admin_site.admin_view(self.import_confirm_view), name=f"{name}_confirm"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(
            request, {"has_import_permission": self.has_import_permission(request), **(extra_context or {})}
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a table; then show what it would change, having changed nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = TableForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._import_page(request, form)
        result = self._resource(request).import_data(form.dataset, dry_run=True)
        request.session[self._staged] = [form.dataset.headers, *(list(row) for row in form.dataset)]
        return self._import_page(request, form, form.dataset, result)

    def import_confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Write the table that was last shown: all rows, or none and the reasons."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST" or self._staged not in request.session:
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        headers, *rows = request.session.pop(self._staged)
        dataset = Dataset(*rows, headers=headers)
        result = self._resource(request).import_data(
            dataset, dry_run=False, rollback_on_validation_errors=True, retain_instance_in_row_result=True
        )
        if result.has_errors() or result.has_validation_errors():
            return self._import_page(request, TableForm(), dataset, result)
        self._log(request, result)
        messages.success(
            request,
            f"Đã ghi: thêm {result.totals['new']}, sửa {result.totals['update']}, "
            f"không đổi {result.totals['skip']} dòng.",
        )
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    @property
    def _staged(self) -> str:
        return f"table of {self.opts.label_lower}"

    def _resource(self, request: HttpRequest) -> CatalogueResource:
        return self.resource_classes[0](queryset=self.get_queryset(request))

    def _log(self, request: HttpRequest, result: Result) -> None:
        for kind, flag in ((RowResult.IMPORT_TYPE_NEW, ADDITION), (RowResult.IMPORT_TYPE_UPDATE, CHANGE)):
            if instances := [row.instance for row in result.rows if row.import_type == kind]:
                LogEntry.objects.log_actions(request.user.pk or 0, instances, flag, change_message="Nhập từ Excel")

    def _import_page(
        self,
        request: HttpRequest,
        form: TableForm,
        dataset: Dataset | None = None,
        result: Result | None = None,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Nhập {self.opts.verbose_name_plural} từ Excel",
            "opts": self.opts,
            "form": form,
            "note": self.import_note,
            "columns": self._resource(request).columns(),
        }
        if dataset is not None and result is not None:
            base_errors = [message for error in result.base_errors for message in error.error.messages]
            errors = row_errors(result, dataset, self.model)
            changed = [
                (number, row)
                for number, row in zip(dataset[ROW], result.rows, strict=True)
                if row.import_type in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE)
            ]
            context |= {
                "base_errors": base_errors,
                "row_errors": errors[:ROWS_SHOWN],
                "error_count": len(base_errors) + len(errors),
                "changes": changed[:ROWS_SHOWN],
                "totals": result.totals,
                "rows_shown": ROWS_SHOWN,
            }
        return TemplateResponse(request, "cadres/catalogue_import.html", context)
