"""Long lists, a page at a time."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpRequest

from cadres.kept_plans import planned_once

PAGE = "trang"  # the number of the page, in the address
A_PAGE = 50
PRINTED, ON_PAPER = "in", "1"  # of the address of a page that is to be printed, with all rows of its list
MOST_PRINTED = 4_000  # rows: more would keep who prints waiting, and fill a hundred sheets


def is_printed(request: HttpRequest) -> bool:
    """Whether the page is wanted for paper."""
    return request.GET.get(PRINTED) == ON_PAPER


def rows_a_page(request: HttpRequest) -> int:
    """How many rows of a list are shown at once."""
    return MOST_PRINTED if is_printed(request) else A_PAGE


def shown_page(request: HttpRequest, rows: Any, *, many: int | None = None) -> Any:
    """The page of the rows that the address asks for. Raises Http404 where the list has no such page. `many`: how many
    rows there are, where that is known already."""
    pages = Paginator(rows, rows_a_page(request)) if many is None else _Counted(rows, rows_a_page(request), many)
    number = request.GET.get(PAGE, "1")
    try:
        return pages.page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(f"Danh sách không có trang {number}.") from error


class _Counted(Paginator):
    """Pages of rows of which somebody else knows how many there are."""

    count = 0

    def __init__(self, rows: Any, a_page: int, many: int = 0) -> None:
        super().__init__(rows, a_page)
        self.count = many


def page_in_one_query(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Like `shown_page`, for rows whose query costs more than they do: the page and the count come by one query.

    What is costly to tell of a row is told of those of the page only. Raises Http404 where the list has no such page.
    """
    return _page(request, rows, rows.annotate(in_all=Window(Count("pk"))), lambda row: (row, row.in_all))


def keys_in_one_query(request: HttpRequest, rows: QuerySet[Any]) -> Page[int]:
    """The same page, of the keys of the rows only."""
    return _page(request, rows, rows.values_list("pk", Window(Count("pk"))), lambda found: found)


def rows_by_keys(
    request: HttpRequest, rows: QuerySet[Any], tell: Callable[[list[int]], QuerySet[Any]]
) -> tuple[Page[int], list[Any]]:
    """The page of the keys, and its rows in their order, as `tell` has those of some keys.

    For rows of which much is told: the whole list is put in order by what it is ordered by, and nothing else is joined
    to it.
    """
    page = keys_in_one_query(request, rows)
    keys = list(page.object_list)
    with planned_once() if len(keys) <= A_PAGE else nullcontext():
        by_key = {row.pk: row for row in tell(keys)}
    return page, [by_key[key] for key in page.object_list if key in by_key]


def _page(
    request: HttpRequest, rows: QuerySet[Any], counted: QuerySet[Any], tell: Callable[[Any], tuple[Any, int]]
) -> Page[Any]:
    """`counted`: the rows of which each knows how many there are; `tell`: what the page has of one, and how many."""
    many = rows_a_page(request)
    paginator = _Counted(rows, many)
    number = request.GET.get(PAGE, "1")
    first = (int(number) - 1) * many if re.fullmatch("[1-9][0-9]{0,8}", number) else 0
    found = [tell(row) for row in counted[first : first + many]]
    paginator.count = found[0][1] if found else rows.count()
    try:
        return Page([row for row, _ in found], paginator.validate_number(number), paginator)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(f"Danh sách không có trang {number}.") from error
