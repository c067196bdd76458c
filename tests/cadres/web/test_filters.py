"""The filters of a list: what stands in its bar, what chips tell, what an address may not say."""

import pytest
from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict

from cadres.web.filters import ALL, FilterForm


class Fruit(FilterForm):
    q = forms.CharField(label="Tìm", required=False, max_length=10)
    loai = forms.ChoiceField(label="Loại", required=False)
    vuon = forms.ChoiceField(label="Vườn", required=False)
    chin = forms.ChoiceField(label="Độ chín", required=False, choices=[ALL, ("1", "chỉ quả chín")])
    sap_xep = forms.ChoiceField(label="Sắp xếp", required=False, choices=[("ten", "ten")])

    BAR = ("loai", "vuon")
    ONLY_IF_CHOICE = ("vuon",)
    BESIDE = ("sap_xep",)
    TOLD_ALONE = ("chin",)

    def __init__(self, query: str, *, gardens: int = 2) -> None:
        self.gardens = [(str(number), f"Vườn {number}") for number in range(1, gardens + 1)]
        super().__init__(QueryDict(query))

    def offered(self):
        return {"loai": [ALL, ("cam", "Cam"), ("Quả nhỏ", [("man", "Mận")])], "vuon": lambda: [ALL, *self.gardens]}


def test_a_list_that_offers_one_thing_is_left_out_of_the_bar_where_it_says_so():
    assert [field.name for field in Fruit("").bar()] == ["loai", "vuon"]
    assert [field.name for field in Fruit("", gardens=1).bar()] == ["loai"]


def test_every_filter_in_use_has_a_chip_with_the_way_to_drop_it():
    chips = Fruit("q=ngon&loai=man&chin=1&sap_xep=ten&ngay=2015-12-31&trang=4").chips()
    assert chips == [
        ("Tìm: ngon", "?loai=man&chin=1&sap_xep=ten&ngay=2015-12-31"),
        ("Loại: Mận", "?q=ngon&chin=1&sap_xep=ten&ngay=2015-12-31"),
        ("chỉ quả chín", "?q=ngon&loai=man&sap_xep=ten&ngay=2015-12-31"),
    ]


def test_the_last_chip_leads_to_the_bare_address_and_not_to_the_same_one():
    assert Fruit("loai=cam").chips() == [("Loại: Cam", "?")]


def test_the_bar_carries_what_it_does_not_ask_but_no_page():
    assert Fruit("q=ngon&loai=cam&chin=1&ngay=2015-12-31&trang=4").kept() == [("chin", "1"), ("ngay", "2015-12-31")]


@pytest.mark.parametrize("query", ["loai=buoi", "vuon=3", "q=" + "a" * 11])
def test_a_filter_that_is_none_is_refused_by_its_name(query):
    with pytest.raises(BadRequest, match=r"Bộ lọc “(Loại|Vườn|Tìm)” trong địa chỉ không dùng được"):
        Fruit(query)
