"""The admin pages of catalogues, each with its table in and out.

A table is read, shown with what it would change, and written only after a person has confirmed; all rows or none.
"""

from contextlib import suppress
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from import_export.results import Result, RowResult
from tablib import Dataset

from cadres.admin.choices import UnitsNamed
from cadres.admin.dated import Dated
from cadres.admin.lists import CatalogueList
from cadres.admin.scoped import ScopedAdmin
from cadres.catalogues.resource import CatalogueResource, row_errors
from cadres.catalogues.table import ROW, TableFormat, read_table
from cadres.history import act as told
from cadres.roster.reading import UnreadableFileError
from cadres.web.downloads import download
from cadres.web.effects import foretold, summary

MAX_ROWS = 5000
ROWS_SHOWN = 200


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


class _NothingToTellError(Exception):
    """A table that is refused, or changes nothing: it has no effect. Ends the trial."""


def _is_change(row: RowResult) -> bool:
    return row.import_type in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE)


def _changes(result: Result) -> bool:
    """Whether the table was taken and has changed anything."""
    is_refused = result.has_errors() or result.has_validation_errors()
    return not is_refused and any(_is_change(row) for row in result.rows)


def _digest(result: Result) -> str:
    """What stands for the changes that were shown."""
    return sha256(repr([(row.import_type, row.diff) for row in result.rows]).encode()).hexdigest()


class CatalogueAdmin(UnitsNamed, Dated, ScopedAdmin):
    """A catalogue with “Xuất Excel” and “Nhập từ Excel”; a subclass names its resource."""

    resource_classes: list[type[CatalogueResource]] = []
    import_note = ""

    # out

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The rows of the list as the table that can be read in again."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = CatalogueList(self, request).found
        return download(TableFormat().export_data(self._resource(request).export(rows)), f"{self.opts.model_name}.xlsx")

    # in

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [
            path("export/", self.admin_site.admin_view(self.export_action), name=name.replace("_import", "_export")),
            path("nhap/", self.admin_site.admin_view(self.import_view), name=name),
            path("nhap/ghi/", self.admin_site.admin_view(self.import_confirm_view), name=f"{name}_confirm"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may_import = self.has_import_permission(request)
        files = {"may_export": may_import, "may_import": may_import}
        return super().changelist_view(request, files | (extra_context or {}))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a table; then show what it would change, having changed nothing."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = TableForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._import_page(request, form)
        return self._preview(request, form, form.dataset)

    def _preview(self, request: HttpRequest, form: TableForm, dataset: Dataset, **page: Any) -> HttpResponse:
        """Try the table: show its changes, and what they would do to verdicts; keep it for the confirmation."""
        result = Result()

        def write() -> None:
            nonlocal result
            result = self._write(request, dataset)
            if not _changes(result):
                raise _NothingToTellError

        effect = None
        if self.moves_no_verdict:
            result = self._resource(request).import_data(dataset, dry_run=True)
        else:
            with suppress(_NothingToTellError):
                effect = foretold(request, write)
        request.session[self._staged] = {
            "table": [dataset.headers, *(list(row) for row in dataset)],
            "shown": _digest(result),
            "effect": summary(effect) if effect else None,
        }
        return self._import_page(request, form, dataset, result, foretold=effect, **page)

    def import_confirm_view(self, request: HttpRequest) -> HttpResponse:
        """Write the table that was last shown, as it was shown: all rows, or none and the reasons."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST" or self._staged not in request.session:
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_import"))
        kept = request.session.pop(self._staged)
        headers, *rows = kept["table"]
        dataset = Dataset(*rows, headers=headers)
        with told(foretold=kept["effect"]), transaction.atomic():
            result = self._write(request, dataset)
            is_as_shown = _digest(result) == kept["shown"]
            if not is_as_shown:
                transaction.set_rollback(True)
        if not is_as_shown:
            return self._preview(request, TableForm(), dataset, is_overtaken=True)
        if result.has_errors() or result.has_validation_errors():
            return self._import_page(request, TableForm(), dataset, result)
        self._log(request, result)
        messages.success(
            request,
            f"Đã ghi: thêm {result.totals['new']}, sửa {result.totals['update']}, "
            f"không đổi {result.totals['skip']} dòng.",
        )
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _write(self, request: HttpRequest, dataset: Dataset) -> Result:
        return self._resource(request).import_data(
            dataset, dry_run=False, rollback_on_validation_errors=True, retain_instance_in_row_result=True
        )

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
        **page: Any,
    ) -> HttpResponse:
        context = page | {
            **self.admin_site.each_context(request),
            "title": f"Nhập {self.opts.verbose_name_plural} từ Excel",
            "opts": self.opts,
            "here": "Nhập từ Excel",
            "form": form,
            "note": self.import_note,
            "columns": self._resource(request).columns(),
        }
        if dataset is not None and result is not None:
            base_errors = [message for error in result.base_errors for message in error.error.messages]
            errors = row_errors(result, dataset, self.model)
            changed = [(number, row) for number, row in zip(dataset[ROW], result.rows, strict=True) if _is_change(row)]
            context |= {
                "base_errors": base_errors,
                "row_errors": errors[:ROWS_SHOWN],
                "error_count": len(base_errors) + len(errors),
                "changes": changed[:ROWS_SHOWN],
                "totals": result.totals,
                "rows_shown": ROWS_SHOWN,
            }
        return TemplateResponse(request, "cadres/catalogue_import.html", context)
