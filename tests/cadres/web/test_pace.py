"""How often an account may take data out and search."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cadres.models import Visit
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

LIST, SEARCH, FILE = "/can-bo/", "/can-bo/?q=Giàng", "/xuat-danh-sach/?tep=xlsx"


@pytest.fixture(autouse=True)
def pace(settings):
    settings.PACE = {"export": (2, 600), "search": (2, 60)}


def statuses(client, *addresses: str) -> list[int]:
    return [client.get(address).status_code for address in addresses]


def test_who_searches_too_often_is_told_when_to_try_again_and_may_do_all_else(province_staff, district_officer):
    client = client_of(province_staff)
    assert statuses(client, SEARCH, SEARCH, SEARCH, LIST, FILE, "/can-bo/?q=") == [200, 200, 429, 200, 200, 200]

    refused = client.get(SEARCH)

    again = timezone.localtime(Visit.objects.filter(kind="search").earliest("id").at + timedelta(seconds=60))
    shown = refused.content.decode()
    assert "đã tìm kiếm, lật trang 2 lần trong 1 phút" in shown
    assert f"{again:%H:%M:%S}" in shown
    assert 50 <= int(refused["Retry-After"]) <= 60
    assert statuses(client_of(district_officer), SEARCH) == [200]  # each account has its own


def test_who_leafs_through_a_list_as_a_program_would_is_told_so_too(province_staff):
    """The first page of a list is free, whatever it is narrowed to; further ones count with the searches."""
    client = client_of(province_staff)
    further = "/can-bo/?ngay=2015-12-31&trang=1"
    assert statuses(client, LIST, further, LIST, SEARCH, further, LIST) == [200, 200, 200, 200, 429, 200]


def test_what_was_done_before_the_time_counts_no_more(province_staff):
    client = client_of(province_staff)
    assert statuses(client, SEARCH, SEARCH, SEARCH)[-1] == 429
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE history.visit DISABLE TRIGGER USER")
        cursor.execute("UPDATE history.visit SET at = at - interval '61 s' WHERE kind = 'search'")

    assert statuses(client, SEARCH) == [200]


def test_who_takes_data_out_too_often_is_told_so_of_whatever_file(province_staff):
    client = client_of(province_staff)
    lists = "/can-bo/?tep=xlsx"

    assert statuses(client, FILE, "/can-bo/xuat/", lists, FILE, LIST) == [200, 200, 429, 429, 200]
    assert "đã tải dữ liệu về 2 lần trong 10 phút" in client.get(FILE).content.decode()


def test_that_somebody_was_stopped_is_in_the_log_once(province_staff):
    client = client_of(province_staff)
    statuses(client, *[SEARCH] * 5)

    assert list(Visit.objects.order_by("id").values_list("kind", flat=True)) == ["search", "search", "limited"]
    log = client.get("/nhat-ky/luot-vao/").content.decode()
    assert "Bị dừng vì tải về, tìm kiếm, lật trang quá nhiều" in log
    assert "Tìm kiếm" in log
