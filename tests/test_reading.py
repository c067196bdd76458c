"""The guard that all tests of pages stand under (tests/reading.py) refuses what a page must not do."""

import pytest
from django.db import InternalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cadres.models import EthnicGroup
from tests.reading import read_only


def changing(request: HttpRequest) -> HttpResponse:
    EthnicGroup.objects.filter(code="01").update(name="Khác")
    return HttpResponse()


def changing_and_taking_back(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        response = changing(request)
        transaction.set_rollback(True)
    return response


def locking(request: HttpRequest) -> HttpResponse:
    EthnicGroup.objects.select_for_update().get(code="01")
    return HttpResponse()


VIEWS = pytest.mark.parametrize("view", [changing, changing_and_taking_back, locking])


def refuses_a_get_alone(view) -> None:
    answer = read_only(transaction.atomic(view))
    with pytest.raises(InternalError, match="read-only transaction"):
        answer(RequestFactory().get("/"))
    assert answer(RequestFactory().post("/")).status_code == 200


@VIEWS
@pytest.mark.django_db
def test_a_page_that_is_read_neither_changes_nor_locks_a_row_and_a_form_that_is_sent_may(view):
    refuses_a_get_alone(view)


@VIEWS
def test_so_it_is_where_every_statement_is_committed_by_itself(view, own_database):
    refuses_a_get_alone(view)
