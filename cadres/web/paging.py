"""Long lists, a page at a time."""

from typing import Any

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
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
