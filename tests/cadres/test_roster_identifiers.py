"""Identifiers: what stands for a number, what was lost of it, and what stands beside it."""

import pytest

from cadres.roster.batch import read_file
from cadres.roster.identifiers import is_invented, read_number
from tests.cadres.workbooks import flat


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("063914612", "063914612"), ("63914612", "063914612"), ("10079000123", "010079000123"),
        ("010 079 000 123", "010079000123"), ("010.079.001.234", "010079001234"), ("063-123-456", "063123456"),
        ("063’123’456", "063123456"), ("063123456.", "063123456"), ("Số 063123456", "063123456"),
        ("CMND: 063123456", "063123456"), ("CCCD số 010079001234", "010079001234"), ("O63123456", "063123456"),
        ("06312345O", "063123450"), ("0l0079001234", "010079001234"),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(text, number):
    found = read_number(text)
    assert (found.number, found.others) == (number, ())


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("063123456 / 010079001234", ("063123456",)), ("010079001234; 063123456", ("063123456",)),
        ("063123456 010079001234", ("063123456",)), ("CMND: 063123456, CCCD: 010079001234", ("063123456",)),
        ("063123456 (cũ), 010079001234 (mới)", ("063123456",)),
        ("010079001234 cấp ngày 1/1/2010", ("cấp ngày 1/1/2010",)),
        ("010079001234, cấp ngày 01/01/2010 tại CA Lào Cai", ("cấp ngày 01/01/2010 tại CA Lào Cai",)),
        ("010079001234 - 01/01/2010", ("01/01/2010",)), ("010079001234 (CA Lào Cai)", ("CA Lào Cai",)),
        ("010079001234 Cục CS ĐKQL cư trú", ("Cục CS ĐKQL cư trú",)),
    ],
)  # fmt: skip
def test_of_two_numbers_the_citizen_card_counts_and_what_else_stands_there_is_told(text, others):
    found = read_number(text)
    assert (found.number, found.others) == ("010079001234", others)


@pytest.mark.parametrize(
    "number",
    [
        "000000000", "111111111", "999999999", "123456789", "012345678", "987654321", "012345678912", "123456789012",
        "123123123", "121212121", "000000000000", "123412341234", "00000000",
    ],
)  # fmt: skip
def test_a_repetition_or_a_sequence_is_nobodys_number(number):
    assert is_invented(number)
    assert read_number(number).number == ""


@pytest.mark.parametrize("number", ["063123456", "010079000001", "010000000001", "063000000", "013456789", "098765012"])
def test_a_number_is_not_invented_for_having_a_few_equal_digits(number):
    assert not is_invented(number)


@pytest.mark.parametrize(
    "text",
    ["12345", "AB1234567", "CMQĐ 12345678", "6.3E+10", "6,3123E+08", "0631234567890", "không có", "x", "9" * 5000,
    "SQ 20123456"],
)  # fmt: skip
def test_what_is_no_such_number_is_not_made_one(text):
    assert read_number(text).number == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cell", "number", "found"),
    [
        ("000000000", "", [("warning", "invalid_identifier")]),
        (123456789, "", [("warning", "invalid_identifier")]),
        ("6.3E+10", "", [("warning", "invalid_identifier")]),
        ("O63123456", "063123456", [("warning", "repaired_identifier")]),
        ("063123456 / 010079001234", "010079001234", [("info", "identifier_note")]),
        ("063123456 cấp ngày 1/1/2010", "063123456", [("info", "identifier_note")]),
    ],
)
def test_what_is_done_to_a_number_is_told_on_its_row(cell, number, found):
    (statement,) = read_file("a.xlsx", flat({"Số CMND": cell})).statements
    assert statement.identifier == number
    assert [(issue.severity, issue.code) for issue in statement.issues] == found
    assert not statement.is_rejected
