"""The list of a catalogue: searched, narrowed, sorted, shown a page at a time and handed out as every other list is.

What a list shows, sorts and searches by stands in the admin class of its rows (`list_display`, `search_fields`,
`narrowed_by`), where Django has it too; how it is shown is the product's own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Protocol

from django import forms
from django.contrib.admin.utils import display_for_field, get_fields_from_path, label_for_field, lookup_field
from django.core.exceptions import BadRequest
from django.db.models import (
    BooleanField,
    Field,
    ForeignKey,
    IntegerField,
    ManyToManyField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cadres.access import visible_to
from cadres.kept_plans import planned_once
from cadres.models import SavedView, Unit, UnitVersion
from cadres.periods import Period, begun, ended, in_force
from cadres.text import thousands
from cadres.web.day import working_day
from cadres.web.filters import ALL, EVERYWHERE, SEARCH, FilterForm
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account
from cadres.web.tables import Cell
from cadres.web.tags import luc, ngay

YES_NO = {True: "Có", False: "Không", None: ""}
EXACT = "__exact"  # how the addresses of such lists named a filter before
YEAR = "year"  # a number without points
NOW, OVER, TO_COME = "dang", "het", "chua"


class Narrowing(Protocol):
    """One filter of a list: its word in the address, its name, what it offers, and what it leaves."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    def offered(self, request: HttpRequest, rows: QuerySet[Any]) -> Collection[tuple[str, str]]: ...

    def narrow(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]: ...


class ByField:
    """Rows with one value in a field, of their own or of a row that the path leads to; `labels` name its values."""

    def __init__(self, model: Any, path: str, labels: dict[str, str] | None = None) -> None:
        self.name, self.labels = path, labels or {}
        self.field: Any = get_fields_from_path(model, path)[-1]
        self.label = str(capfirst(self.field.verbose_name))

    def offered(self, request: HttpRequest, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        if isinstance(self.field, ForeignKey | ManyToManyField):
            others = visible_to(self.field.related_model._default_manager.all(), account(request))
            return [(str(other.pk), str(other)) for other in others]
        if isinstance(self.field, BooleanField):
            return [("1", YES_NO[True]), ("0", YES_NO[False])]
        if self.field.choices:
            return [(str(key), str(label)) for key, label in self.field.flatchoices]
        held = rows.order_by(self.name).values_list(self.name, flat=True).distinct()
        return [(str(one), self.labels.get(one, str(_text(one)))) for one in held if one]

    def narrow(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        having = rows.model._default_manager.filter(**{self.name: value})
        return rows.filter(pk__in=having.values("pk"))


@dataclass(frozen=True)
class ByUnitAbove:
    """Rows whose unit is a district or a cluster, or lies or lay below it. `unit_path` leads to the unit."""

    unit_path: str = "unit__"
    name: str = "huyen"
    label: str = "Đơn vị cấp trên"

    def offered(self, request: HttpRequest, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        districts = visible_to(UnitVersion.objects.filter(kind__in=UnitVersion.BETWEEN_KINDS), account(request))
        names = {version.unit_id: version.name for version in districts.order_by("start_date")}
        return [(str(pk), name) for pk, name in sorted(names.items(), key=lambda item: item[1])]

    def narrow(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        versions = UnitVersion.objects
        lying = versions.filter(Q(parent=int(value)) | Q(unit=int(value)) | Q(cluster=int(value)))
        return rows.filter(**{f"{self.unit_path}pk__in": lying.values("unit")})


@dataclass(frozen=True)
class ByYear:
    """Rows by the year of a day."""

    field: str
    label: str
    name: str = "nam"

    def offered(self, request: HttpRequest, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        return [(str(day.year), str(day.year)) for day in rows.order_by().dates(self.field, "year", order="DESC")]

    def narrow(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.field}__year": int(value)})


@dataclass(frozen=True)
class ByPeriod:
    """Dated rows by what they are on the day of the page."""

    name: str = "hieu_luc"
    label: str = "Hiệu lực"

    def offered(self, request: HttpRequest, rows: QuerySet[Any]) -> list[tuple[str, str]]:
        day = f"{working_day(request):%d/%m/%Y}"
        return [(NOW, f"đang có ngày {day}"), (OVER, f"đã hết trước {day}"), (TO_COME, f"có sau ngày {day}")]

    def narrow(self, request: HttpRequest, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        day = working_day(request)
        return rows.filter({NOW: in_force(day), OVER: ended(day), TO_COME: ~begun(day)}[value])


class CatalogueList:
    """The rows of an admin class that a request asks for. Raises BadRequest, in words, for what the list has not."""

    def __init__(self, admin: Any, request: HttpRequest) -> None:
        self.admin, self.request = admin, request
        self.labels = {name: read() for name, read in admin.labels_of.items()}
        self.filters: list[Narrowing] = [
            ByField(admin.model, one, self.labels.get(one)) if isinstance(one, str) else one
            for one in admin.narrowed_by
        ]
        if issubclass(admin.model, Period):
            self.filters.append(ByPeriod())

    @property
    def is_dated(self) -> bool:
        return issubclass(self.admin.model, Period)

    @cached_property
    def in_scope(self) -> QuerySet[Any]:
        rows = self.admin.get_queryset(self.request)
        return rows.select_related(*self.admin.list_select_related) if self.admin.list_select_related else rows

    @cached_property
    def form(self) -> FilterForm:
        known = {SEARCH, *EVERYWHERE, *(one.name for one in self.filters)}
        for word in self.request.GET:
            if word not in known and SavedView.NAME not in self.request.GET:  # a view that was kept is told instead
                raise BadRequest(f"Danh sách này không có bộ lọc “{word}”. Hãy chọn lại bộ lọc ở trên danh sách.")
        search = forms.CharField(label=self.admin.search_label, required=False, max_length=100)
        chosen = {one.name: forms.ChoiceField(label=one.label, required=False) for one in self.filters}
        offers = {one.name: [ALL, *one.offered(self.request, self.in_scope)] for one in self.filters}
        names = tuple(chosen)
        made = {SEARCH: search, **chosen, "BAR": names, "ONLY_IF_CHOICE": names, "offered": lambda form: offers}
        form: type[FilterForm] = type("CatalogueFilter", (FilterForm,), made)
        return form(self.request.GET)

    @cached_property
    def columns(self) -> Columns:
        default = self.in_scope.query.order_by or self.admin.opts.ordering
        made = [self._column(name, place == 0) for place, name in enumerate(self.admin.get_list_display(self.request))]
        return Columns(self.request, made, default=default, tie=["pk"], may_choose=True)

    @cached_property
    def found(self) -> QuerySet[Any]:
        rows, chosen = self.in_scope, self.form.cleaned_data
        if chosen[SEARCH]:
            rows = self.admin.searched(rows, chosen[SEARCH])
        for one in self.filters:
            if chosen[one.name]:
                rows = one.narrow(self.request, rows, chosen[one.name])
        return rows.order_by(*self.columns.order)

    def notes(self) -> list[str]:
        """What a file of the list says above it: scope, day where rows are dated, how many, what it is narrowed to."""
        head = head_of_file(self.request, self.form, is_dated=self.is_dated)
        return [*head, f"{thousands(self.found.count())} dòng."]

    def _column(self, name: str, is_first: bool) -> Column:
        label, by = label_for_field(name, self.admin.model, self.admin, return_attr=True)
        field = None if by else self.admin.opts.get_field(name)
        order = [field.name] if field is not None else _ordered_by(by)
        if isinstance(field, ForeignKey) and field.related_model is Unit:
            last = UnitVersion.objects.filter(unit=OuterRef(name)).order_by("-start_date")
            order = [Subquery(last.values("name")[:1])]

        def cell(row: Any) -> Cell:
            return told(self.admin, name, row, self.labels)

        def linked(row: Any) -> SafeString:
            return format_html('<a href="{}">{}</a>', self.admin.page_of(self.request, row), cell(row) or "(trống)")

        return Column(
            name,
            str(capfirst(label)),
            order,
            cell=cell,
            page=linked if is_first else None,
            is_number=isinstance(field, IntegerField) and not field.choices and name != YEAR,
            is_usual=name not in self.admin.only_if_chosen,
        )


def told(admin: Any, name: str, row: Any, labels: dict[str, dict[str, str]] | None = None) -> Cell:
    """What a row holds in a field, or what the admin class says of it under that name, for a person to read."""
    field, _, value = lookup_field(name, row, admin)
    if labels is None:
        labels = {name: read() for name, read in getattr(admin, "labels_of", {}).items()}
    if name in labels:
        return labels[name].get(value, str(value))
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(field, ManyToManyField):
        return "; ".join(str(other) for other in value.all())
    if isinstance(field, Field) and field.choices:
        return str(display_for_field(value, field, ""))
    return _text(value)


def _ordered_by(attribute: Any) -> list[Any]:
    order = getattr(attribute, "admin_order_field", None)
    return [order] if order else []


def _text(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return luc(value)
    if isinstance(value, date):
        return ngay(value)
    return value if isinstance(value, int) else str(value)


def list_page(admin: Any, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page of the list, or its file. Raises BadRequest for an address that asks for what the list has not."""
    shown = CatalogueList(admin, request)
    if renamed := _as_named_now(request.GET, {one.name for one in shown.filters}):
        return redirect(f"{request.path}?{renamed.urlencode()}")
    title = str(capfirst(admin.opts.verbose_name_plural))
    if request.GET.get(FILE):
        return shown.columns.file(
            request, shown.found, title=title.upper(), notes=shown.notes(), stem=admin.opts.model_name
        )
    page = shown_page(request, shown.found)
    with planned_once():  # catalogues are short: how they are read hangs on no word and no filter
        rows = list(page.object_list)
    return render(
        request,
        "cadres/catalogue_list.html",
        {
            **admin.admin_site.each_context(request),
            **context,
            "title": title,
            "opts": admin.opts,
            "filters": shown.form,
            "is_dated": shown.is_dated,
            "nearest_data": None,
            "columns": shown.columns,
            "heads": shown.columns.heads(),
            "page": page,
            "rows": rows,
            "may_add": admin.has_add_permission(request),
        },
    )


def _as_named_now(query: QueryDict, names: Collection[str]) -> QueryDict | None:
    """The address with the filters of an earlier version as they are called now; None where it has none."""
    renamed = QueryDict(mutable=True)
    for word, values in query.lists():
        plain = word.removesuffix(EXACT).removesuffix("__id")
        renamed.setlist(plain if word.endswith(EXACT) and plain in names else word, values)
    return renamed if renamed.keys() != query.keys() else None
