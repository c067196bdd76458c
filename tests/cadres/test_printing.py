"""Pages on paper: all rows of a list, whose paper it is, and a bound that is said."""

import re
from datetime import date

import pytest
from django.urls import reverse

from cadres.web import paging
from tests.builders import begin_data, make_appointment, make_official, position_of
from tests.conftest import client_of, unit_of

pytestmark = pytest.mark.django_db

DAY = date(2015, 12, 31)
PEOPLE = 61  # more than a page of a list


@pytest.fixture
def people():
    commune = unit_of("02866")
    begin_data(commune, DAY)
    for number in range(PEOPLE):
        make_appointment(make_official(f"Giàng A Số {number}"), position_of("VP_TK"), commune)


def shown(user, **words) -> str:
    response = client_of(user).get(reverse("cadres:official-list"), {"ngay": f"{DAY}", **words})
    assert response.status_code == 200
    return response.content.decode()


def people_in(page: str) -> int:
    return len(set(re.findall(r">Giàng A Số \d+<", page)))


def test_on_paper_are_all_rows_and_not_a_page_of_them(people, province_staff):
    assert people_in(shown(province_staff)) == paging.A_PAGE
    assert people_in(shown(province_staff, **{"in": "1"})) == PEOPLE


def test_more_rows_than_one_prints_come_in_parts_and_that_is_said(people, province_staff, monkeypatch):
    monkeypatch.setattr(paging, "MOST_PRINTED", PEOPLE - 1)
    page = shown(province_staff, **{"in": "1"})
    assert people_in(page) == PEOPLE - 1
    assert f"Mỗi lần in nhiều nhất {PEOPLE - 1} dòng, danh sách có {PEOPLE}." in page
    assert people_in(shown(province_staff, **{"in": "1", "trang": "2"})) == 1


@pytest.mark.parametrize(
    ("account", "agency", "scope"),
    [
        ("province_staff", "Sở Nội vụ tỉnh Lào Cai", "toàn tỉnh"),
        ("district_officer", "Huyện Bắc Hà", "Huyện Bắc Hà"),
    ],
)
def test_paper_says_whose_it_is_of_whom_and_who_made_it(account, agency, scope, request):
    user = request.getfixturevalue(account)
    page = shown(user, **{"in": "1"})
    assert f"<strong>{agency}</strong>" in page
    assert f"Phạm vi của tài khoản: {scope}. Người lập: {user.full_name or user.username}, lúc " in page
    assert "Người lập" not in shown(user)


def test_a_page_that_is_printed_opens_the_window_for_it_and_leads_back(province_staff):
    assert 'href="?ngay=2015-12-31&amp;in=1"' in shown(province_staff)
    page = shown(province_staff, **{"in": "1"})
    assert "data-print" in page
    assert "print.js" in page
    assert 'href="?ngay=2015-12-31"' in page
