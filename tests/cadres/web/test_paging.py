"""A long list, a page at a time: the page that the address asks for, or word that the list has none such."""

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cadres.models import Unit
from cadres.web.paging import A_PAGE, page_in_one_query, rows_by_keys, shown_page
from tests.builders import make_unit

pytestmark = pytest.mark.django_db

NO_PAGE = ("0", "-1", "4", "x", "1.5", "²", "99999999999999999999")


def page_by_keys(request, rows):
    return rows_by_keys(request, rows, lambda keys: Unit.objects.filter(pk__in=keys))[0]


WAYS = (shown_page, page_in_one_query, page_by_keys)


def asked(number: str | None = None):
    return RequestFactory().get("/", {"trang": number} if number is not None else {})


@pytest.fixture
def units():
    for _ in range(2 * A_PAGE + 1):
        make_unit()
    new = Unit.objects.order_by("-pk").values_list("pk", flat=True)[: 2 * A_PAGE + 1]
    return Unit.objects.filter(pk__in=list(new)).order_by("pk")


def test_all_ways_tell_the_same_pages(units):
    for number, first, last in (("1", 1, 50), (None, 1, 50), ("2", 51, 100), ("3", 101, 101)):
        pages = [way(asked(number), units) for way in WAYS]
        for page in pages:
            assert (page.start_index(), page.end_index(), page.paginator.count) == (first, last, 101)
            assert page.has_next() == (number != "3")
        rows = rows_by_keys(asked(number), units, lambda keys: Unit.objects.filter(pk__in=keys).order_by("-pk"))[1]
        assert list(pages[0]) == list(pages[1]) == rows
        assert [unit.pk for unit in rows] == list(pages[2])


def test_a_page_that_the_list_has_not_is_not_found(units):
    for way in WAYS:
        for number in NO_PAGE:
            with pytest.raises(Http404):
                way(asked(number), units)


def test_an_empty_list_has_one_empty_page(units):
    for way in WAYS:
        page = way(asked(), units.none())
        assert (list(page), page.paginator.num_pages) == ([], 1)


def test_page_and_count_come_by_one_query(units):
    with CaptureQueriesContext(connection) as captured:
        page = page_in_one_query(asked("2"), units)
        assert (len(list(page)), page.paginator.num_pages) == (A_PAGE, 3)
    assert len(captured) == 1
