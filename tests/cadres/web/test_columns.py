"""Columns of lists: what an address asks for is an order of the list, or is refused in words."""

import pytest
from django.core.exceptions import BadRequest
from django.db.models import F
from django.test import RequestFactory

from cadres.web.lists import Column, Columns

COLUMNS = (
    Column("ten", "Họ và tên", ["official__name_order"]),
    Column("muc", "Mức", [F("level").desc(nulls_last=True), "-rank"]),
    Column("dai", "Độ dài", key=len),
    Column("ghi_chu", "Ghi chú"),
)


def columns(sort: str = "") -> Columns:
    request = RequestFactory().get("/", {"sap_xep": sort} if sort else {})
    return Columns(request, COLUMNS, default=["-on"], tie=("pk",))


def test_without_a_word_the_list_has_its_own_order():
    assert columns().order == ["-on", "pk"]
    assert columns().in_order(["bb", "a"]) == ["bb", "a"]


def test_a_column_sorts_both_ways_and_equal_rows_keep_one_order():
    assert columns("ten").order == ["official__name_order", "pk"]
    assert columns("-ten").order == ["-official__name_order", "pk"]
    first, second, tie = columns("-muc").order
    assert (first.descending, first.nulls_first, second, tie) == (False, True, "rank", "pk")
    assert columns("-dai").in_order(["a", "ccc", "bb"]) == ["ccc", "bb", "a"]


def test_a_first_click_sorts_a_second_turns_round_a_third_leads_back():
    def to(sort: str) -> str | None:
        return columns(sort).heads()[0].to

    assert (to(""), to("ten"), to("-ten")) == ("ten", "-ten", "")
    assert [head.direction for head in columns("-ten").heads()] == ["descending", "", "", ""]
    assert columns().heads()[3].to is None


@pytest.mark.parametrize("sort", ["tuoi", "ghi_chu", "--ten", "-", "official__name_order"])
def test_a_column_that_does_not_sort_is_refused_in_words(sort):
    with pytest.raises(BadRequest, match="không sắp xếp theo"):
        columns(sort)
