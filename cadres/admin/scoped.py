"""What the admin pages of rows with a unit share."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst

from cadres.access import visible_to
from cadres.admin.choices import BareChoices, Ticked
from cadres.admin.dated import DAYS
from cadres.admin.foretold import Foretelling
from cadres.admin.lists import Narrowing, list_page
from cadres.history.pages import history_page
from cadres.search import rows_found
from cadres.web.permissions import account
from cadres.web.tags import so
from cadres.web.versions import RowForm

NAMED = 10  # of each kind of rows that keep a row from being deleted


class ScopedAdmin(Foretelling, BareChoices, Ticked, admin.ModelAdmin):
    """An admin page that shows the rows in scope, offers only them in its fields, and knows no others.

    Django checks a foreign key against the default manager, so a field must be given the scoped rows, or a posted id
    of another district would be taken.
    """

    form: Any = RowForm
    formfield_overrides = DAYS
    actions = None  # what is deleted is looked at first, on its own page
    narrowed_by: tuple[str | Narrowing, ...] = ()  # the filters of the list: fields, or paths to fields, and others
    only_if_chosen: tuple[str, ...] = ()  # columns that the list shows to who asks for them
    labels_of: dict[str, Callable[[], dict[str, str]]] = {}  # fields that hold codes → what reads their names
    search_label = "Tìm (không cần dấu)"

    @property
    def media(self) -> Media:
        """Nothing of the admin's own scripts; the tables of a form bring what adds rows to them."""
        return Media()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to(super().get_queryset(request), account(request))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return list_page(self, request, extra_context or {})

    def searched(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The rows that the search box finds."""
        return rows_found(rows, text, self.search_fields)

    def page_of(self, request: HttpRequest, row: Any) -> str:
        """Where the list leads from a row."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", visible_to(db_field.related_model._default_manager.all(), account(request)))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Without the rows that only tie two others together: they have no name that a person knows.

        Of rows that keep these from going, a few of each kind by name and how many there are: of a post that thousands
        hold, the names of all of them would take a minute to find and nobody reads them.
        """
        found = NestedObjects(using=DEFAULT_DB_ALIAS, origin=objs)
        found.collect(objs)
        if found.protected:
            return [], {}, set(), _told(found.protected)
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        ties = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
        nameless = {str(tie.verbose_name_plural) for tie in ties}
        counted = {name: count for name, count in counts.items() if str(name) not in nameless}
        return _without(deleted, tuple(f"{capfirst(tie.verbose_name)}:" for tie in ties)), counted, lacking, protected

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


def _told(protected: Iterable[Model]) -> list[str]:
    """The kinds of rows in use, each with how many, and the first of them by name."""
    kinds: dict[str, list[Model]] = {}
    for row in sorted(protected, key=lambda row: row.pk):
        kinds.setdefault(capfirst(str(row._meta.verbose_name)), []).append(row)
    return [
        f"{kind} ({so(len(rows))}): {'; '.join(map(str, rows[:NAMED]))}{' …' if len(rows) > NAMED else ''}"
        for kind, rows in sorted(kinds.items())
    ]


def _without(told: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """A list of texts with lists below them, without the texts that begin so."""
    return [
        _without(one, beginnings) if isinstance(one, list) else one
        for one in told
        if isinstance(one, list) or not one.startswith(beginnings)
    ]
