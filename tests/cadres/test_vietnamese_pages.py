"""How pages write dates, counts and rates, and how their links carry the address on."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from cadres.periods import UNKNOWN_START
from cadres.web.day import year_ends
from cadres.web.tags import diem, ngay, phan_tram, so


def test_dates_are_day_month_year():
    assert ngay(date(2015, 1, 2)) == "02/01/2015"
    assert ngay(UNKNOWN_START) == ""
    assert ngay(None) == ""
    assert ngay(datetime(2015, 12, 31, 20, 0, tzinfo=UTC)) == "01/01/2016"  # already morning in Lào Cai


def test_counts_have_points_between_thousands():
    assert [so(number) for number in (0, 999, 3631, 1234567)] == ["0", "999", "3.631", "1.234.567"]
    assert so(None) == "–"


def test_rates_have_one_decimal_after_a_comma():
    assert phan_tram(Decimal("50.4")) == "50,4"
    assert phan_tram(Decimal("100.0")) == "100,0"
    assert phan_tram(None) == "–"


@pytest.mark.parametrize(
    ("points", "words"), [("8.5", "tăng 8,5 điểm %"), ("-0.3", "giảm 0,3 điểm %"), ("0.0", "không đổi")]
)
def test_differences_are_said_in_words(points, words):
    assert diem(Decimal(points)) == words


def render(source: str, address: str) -> str:
    return Template("{% load vn %}" + source).render(Context({"request": RequestFactory().get(address)}))


def test_a_link_changes_the_address_and_drops_the_page_number():
    shown = render('{% address theo="zone" huyen=None %}', "/ty-le/?ngay=2015-12-31&huyen=085&trang=3")
    assert shown == "?ngay=2015-12-31&amp;theo=zone"


def test_a_form_carries_the_rest_of_the_address_escaped():
    shown = render('{% kept_fields without="ngay" %}', "/?ngay=2015-12-31&q=%22%3E%3Cb%3E&trang=2")
    assert shown.strip() == '<input type="hidden" name="q" value="&quot;&gt;&lt;b&gt;">'


def test_year_ends_offered_are_past():
    assert year_ends(date(2015, 12, 31), date(2026, 8, 1))[0] == date(2016, 12, 31)
    assert year_ends(date(2026, 8, 1), date(2026, 8, 1))[0] == date(2025, 12, 31)
    assert len(year_ends(date(2015, 12, 31), date(2026, 8, 1))) == 5
