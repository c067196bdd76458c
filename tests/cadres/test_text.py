"""Vietnamese text: one stored form, one folded form, one order, whatever Unicode a file was typed in."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cadres.text import alphabetical, first_named, fold, match_key, nfc, place_key, sort_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ '’-"
vietnamese = st.text(alphabet=LETTERS, max_size=40)
anything = st.text(max_size=40)


@given(anything)
def test_each_form_of_a_form_is_itself(text):
    assert nfc(nfc(text)) == nfc(text)
    assert fold(fold(text)) == fold(text)
    assert match_key(match_key(text)) == match_key(text)


@given(vietnamese)
def test_decomposed_text_is_the_same_text(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert nfc(decomposed) == nfc(text)
    assert fold(decomposed) == fold(text)
    assert sort_key(decomposed) == sort_key(text)
    assert match_key(decomposed) == match_key(text)


@pytest.mark.parametrize("mark", "\u00ad\u200b\u200d\u200e\u202e\u2060\ufeff\ufe0f")
@given(vietnamese)
def test_marks_that_nobody_sees_are_not_text(mark, text):
    marked = mark.join(["", *text, ""])
    assert nfc(marked) == nfc(text)
    assert fold(marked) == fold(text)


@given(vietnamese)
def test_folded_text_has_plain_letters_only(text):
    assert fold(text).isascii()
    assert fold(text) == fold(text.upper())


@given(vietnamese, vietnamese)
def test_names_that_differ_in_spelling_only_by_spaces_and_case_sort_alike(family, given_name):
    assert sort_key(f"{family} {given_name}") == sort_key(f" {family.upper()}  {given_name} ")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Giàng  A Dơ ", "giang a do"),
        ("ĐẶNG THỊ ÁNH", "dang thi anh"),
        ("Lý Thị Mỷ", "ly thi my"),
        ("H'Mông", "hmong"),
        ("Tả Van Chư", "ta van chu"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("Kỹ sư", "kĩ  SƯ"), ("VP-TK", "VPTK"), ("Chức vụ,\nchức danh", "chuc vu chuc danh")]
)
def test_spellings_that_share_a_key(one, other):
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(("one", "other"), [("Sa Pa", "Sapa"), ("Si Ma Cai", "Xi Ma Cai")])
def test_places_that_share_a_key(one, other):
    assert place_key(one) == place_key(other)


@pytest.mark.parametrize(
    "in_order",
    [
        ["An", "Anh", "Ảnh", "Ánh", "Ăn", "Ân", "Dao", "Đào"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai"],  # tones come second, letters first
        ["On", "Ôn", "Ơn"],
        ["Vàng Văn An", "Giàng A Bình", "Lý Thị Bình", "Giàng A Cư"],  # by given name, then family and middle names
        ["Bình", "Lý Bình", "Lý A Bình"],
    ],
)
def test_names_are_ordered_by_given_name_in_vietnamese(in_order):
    shuffled = sorted(in_order, key=len)
    assert sorted(shuffled, key=sort_key) == in_order


@pytest.mark.parametrize(
    ("people", "told"),
    [(1, "1"), (5, "1, 2, 3, 4, 5"), (6, "1, 2, 3, 4, 5 và 1 người khác"), (9, "1, 2, 3, 4, 5 và 4 người khác")],
)
def test_a_message_names_five_and_counts_the_others(people, told):
    assert first_named(range(1, people + 1)) == told


def test_places_are_ordered_as_in_a_vietnamese_dictionary():
    in_order = [
        "Phường Cam Đường",
        "Phường Sa Pa",
        "Xã A Mú Sung",
        "Xã Âu Lâu",
        "Xã Bản Hồ",
        "Xã Bảo Hà",
        "Xã Đông Cuông",
    ]
    assert sorted(sorted(in_order), key=alphabetical) == in_order


def test_database_orders_the_keys_as_python_does(db):
    names = ["Đỗ Văn Ơn", "Giàng A Dơ", "Vàng Thị Mỷ", "Lý Ân", "Tẩn Ăn", "Lù Anh", "Hoàng Ánh", "Trần Đào", "Phàn Dao"]
    keys = [sort_key(name) for name in names]
    with connection.cursor() as cursor:
        cursor.execute('SELECT key FROM unnest(%s) AS key ORDER BY key COLLATE "C"', [keys])
        assert [key for (key,) in cursor.fetchall()] == sorted(keys)
