"""Query strings: what they say, and what a change takes with it."""

from datetime import date

from django.test import RequestFactory

from cadres.web.addresses import kept, query_string


def asked(address: str):
    return RequestFactory().get(address)


def test_a_query_string_says_days_and_words_and_nothing_that_is_empty():
    assert (
        query_string({"ngay": date(2015, 12, 31), "huyen": "085", "xa": None, "q": ""}) == "?ngay=2015-12-31&huyen=085"
    )


def test_where_nothing_is_said_there_is_no_query_string():
    assert query_string({"xa": None}) == ""
    assert kept(asked("/")) == ""


def test_the_way_back_to_the_same_page_keeps_every_word():
    assert kept(asked("/?nhom=a&nhom=b&trang=3")) == "?nhom=a&nhom=b&trang=3"


def test_a_change_starts_the_list_from_its_first_page():
    assert kept(asked("/?huyen=085&trang=3"), sap_xep="ten") == "?huyen=085&sap_xep=ten"


def test_the_page_can_be_changed_itself():
    assert kept(asked("/?huyen=085&trang=3"), trang=4) == "?huyen=085&trang=4"


def test_a_word_is_taken_out_by_none():
    assert kept(asked("/?huyen=085&q=an"), huyen=None) == "?q=an"
