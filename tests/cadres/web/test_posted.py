"""Keys that pages send back: whatever is typed into an address or a form, it is a key or it is none."""

import pytest
from django.test import RequestFactory

from cadres.web.posted import key_of, ticked


@pytest.mark.parametrize(("text", "key"), [("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_key_is_digits_and_no_more_than_the_database_has(text, key):
    assert key_of(text) == key


@pytest.mark.parametrize("text", ["9" * 19, "-7", "1.5", "", "²", "７", "7 ", "x", None])
def test_anything_else_is_no_key(text):
    assert key_of(text) is None


def test_what_is_ticked_is_read_once_in_its_order():
    request = RequestFactory().post("/", {"dong": ["12", "3", "12", "²", "", "99999999999999999999"], "khac": "5"})

    assert ticked(request, "dong") == [12, 3]
