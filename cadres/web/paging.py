"""Long lists, a page at a time."""

import re
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpRequest

PAGE = "trang"  # the number of the page, in the address
A_PAGE = 50


def shown_page(request: HttpRequest, rows: Any) -> Any:
    """The page of the rows that the address asks for. Raises Http404 where the list has no such page."""
    return page_or_404(rows, request.GET.get(PAGE, "1"))


def page_or_404(rows: Any, number: str) -> Any:
    """The page of that number, as the address writes it. Raises Http404 where the list has no such page."""
    try:
        return Paginator(rows, A_PAGE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(f"Danh sách không có trang {number}.") from error


class _Counted(Paginator):
    """Pages of rows of which somebody else knows how many there are."""

    count = 0


def page_in_one_query(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Like `shown_page`, for rows whose query costs more than they do: the page and the count come by one query.

    What is costly to tell of a row is told of those of the page only. Raises Http404 where the list has no such page.
    """
    paginator = _Counted(rows, A_PAGE)
    number = request.GET.get(PAGE, "1")
    first = (int(number) - 1) * A_PAGE if re.fullmatch("[1-9][0-9]{0,8}", number) else 0
    found = list(rows.annotate(in_all=Window(Count("pk")))[first : first + A_PAGE])
    paginator.count = found[0].in_all if found else rows.count()
    try:
        return Page(found, paginator.validate_number(number), paginator)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404(f"Danh sách không có trang {number}.") from error
