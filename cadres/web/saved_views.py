"""The bar “Khung nhìn” of a list: the views that somebody kept of it, and what the one shown could not show."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, ResolverMatch, resolve, reverse
from django.utils.functional import cached_property

from cadres.asked_again import answer, columns_of
from cadres.models import SavedView, User
from cadres.web.addresses import query_string
from cadres.web.day import DAY, working_day
from cadres.web.filters import FilterForm
from cadres.web.lists import FILE, Columns
from cadres.web.paging import PAGE
from cadres.web.paper import scope_of
from cadres.web.permissions import account

PAGE_OF, QUERY = "danh_sach", "dia_chi"  # of the page that keeps a view: which list, and its address


def views_for(user: User, page: str) -> QuerySet[SavedView]:
    """The views of the list that the account may open: its own, and what others share."""
    return SavedView.objects.filter(Q(account=user) | Q(is_shared=True), page=page).select_related("account")


OF_ACCOUNT = ("username", "full_name")  # what the bar says of whose view it is


def _views(account: int, page: str) -> QuerySet[Any, Any]:
    """The views for the account (its key), each followed by whose it is."""
    columns = (*columns_of(SavedView), *(f"account__{name}" for name in OF_ACCOUNT))
    return views_for(User(pk=account), page).values_list(*columns)


def kept_words(text: str) -> str:
    """What is kept of a query string: neither the page of the list, nor that it is a file, nor which view it was."""
    query = QueryDict(text)
    return query_string(
        {key: values for key, values in query.lists() if key not in (PAGE, FILE, SavedView.NAME)}
    ).removeprefix("?")


def list_of(match: ResolverMatch | None) -> str:
    """Under which name views of the list are kept: that of its address, with the words in it; empty for a list within
    something that ends, as a class does, of which none are kept."""
    words = list(match.kwargs.values()) if match else []
    if match is None or not all(isinstance(word, str) for word in words):
        return ""
    return "/".join([match.view_name, *words])


def address_of_list(page: str) -> str:
    """The address of the list of that name. Raises NoReverseMatch where there is none."""
    name, *words = page.split("/")
    address = reverse(name, args=words)
    if list_of(resolve(address)) != page:
        raise NoReverseMatch
    return address


class Bar:
    """What the bar of a list says. `filters`, `columns`: those of the list, which say what they had to leave out."""

    def __init__(self, request: HttpRequest, filters: FilterForm | None, columns: Columns | None) -> None:
        self.request, self.user = request, account(request)
        self.page = list_of(request.resolver_match)
        self.list = request.path
        self.parts: Sequence[Any] = [part for part in (filters, columns) if part]

    @cached_property
    def views(self) -> list[tuple[SavedView, str]]:
        """Each with its address; the own ones first."""
        found = []
        for row in answer(_views, self.user.pk, self.page):
            view = SavedView.from_db(DEFAULT_DB_ALIAS, columns_of(SavedView), row[: -len(OF_ACCOUNT)])
            view.account = User(pk=view.account_id, **dict(zip(OF_ACCOUNT, row[-len(OF_ACCOUNT) :], strict=True)))
            found.append(view)
        found.sort(key=lambda view: view.account_id != self.user.pk)
        words = f"{SavedView.NAME}={{}}"
        return [(view, "&".join(filter(None, (view.query, words.format(view.pk))))) for view in found]

    @property
    def may_keep(self) -> bool:
        """Whether views are kept of the list."""
        return bool(self.page)

    @property
    def shown(self) -> SavedView | None:
        """The view that the address names; None where it names none, or one that is gone or not for this account."""
        asked = self.request.GET.get(SavedView.NAME)
        return next((view for view, _ in self.views if str(view.pk) == asked), None) if asked else None

    @property
    def is_gone(self) -> bool:
        return SavedView.NAME in self.request.GET and self.shown is None

    @property
    def is_of_another(self) -> bool:
        return self.shown is not None and self.shown.account_id != self.user.pk

    @property
    def scope(self) -> str:
        """The own scope of the account in words, beside a view that somebody else has made."""
        return scope_of(self.user, working_day(self.request))

    @property
    def left_out(self) -> list[str]:
        return [told for part in self.parts for told in part.left_out]

    @property
    def keep(self) -> str:
        """The address of the page that keeps what is shown."""
        words = kept_words(self.request.META["QUERY_STRING"])
        return reverse("cadres:view-add") + query_string({PAGE_OF: self.page, QUERY: words})

    @property
    def is_dated(self) -> bool:
        return DAY in self.request.GET
