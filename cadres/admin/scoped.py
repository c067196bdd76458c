"""What the admin pages of rows with a unit share."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst

from cadres.access import visible_to
from cadres.admin.foretold import Foretelling
from cadres.history.pages import history_page
from cadres.web.permissions import account
from cadres.web.versions import RowForm


class ScopedAdmin(Foretelling, admin.ModelAdmin):
    """An admin page that shows the rows in scope, offers only them in its fields, and knows no others.

    Django checks a foreign key against the default manager, so a field must be given the scoped rows, or a posted id
    of another district would be taken.
    """

    form: Any = RowForm
    actions = None  # what is deleted is looked at first, on its own page
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), account(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", visible_to(db_field.related_model._default_manager.all(), account(request)))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django redirects to the home page; a wrong address should say so."""
        raise Http404("Không tìm thấy, hoặc không thuộc đơn vị được giao.")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django tells what was done on its own pages only; ours what the database wrote, whoever changed the row."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
        return history_page(request, row, title=f"Lịch sử: {self.opts.verbose_name} {row}", back=back)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Django redirects a wrong filter to `?e=1` and reads a wrong page as the first; this says 400 to both."""
        try:
            page = int(request.GET.get(PAGE_VAR, "1"))
            changelist = super().get_changelist_instance(request)
            changelist.title = str(capfirst(self.opts.verbose_name_plural))
            if self.date_hierarchy:
                # Django hands a chosen year on to the link that clears the filters, as moments it takes for no date.
                changelist.clear_all_filters_qs = changelist.get_query_string(remove=changelist.get_filters_params())
            if not 1 <= page <= changelist.paginator.num_pages:
                raise IncorrectLookupParameters(f"page {page}")
        except (IncorrectLookupParameters, ValueError, OverflowError) as error:
            raise BadRequest("Bộ lọc hoặc số trang trong địa chỉ không hợp lệ.") from error
        return changelist
