# ruff: noqa: DTZ001 (cells of a workbook have no time zone)
"""Dates of rosters: every way of writing one, what is known of it, and what cannot be."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cadres.roster.batch import ReadFile, read_file
from cadres.roster.dates import NotADateError, month_first_proofs, stated_date, stated_term, without_note
from cadres.roster.statements import Statement, to_iso
from tests.cadres.workbooks import content_of, flat, sheet_of


def last_century(year: int) -> int:
    return 1900 + year


def stated(**cells) -> Statement:
    (statement,) = read_file("a.xlsx", flat(cells)).statements
    return statement


def codes(statement: Statement) -> list[tuple[str, str, str]]:
    return [(issue.severity, issue.code, issue.field) for issue in statement.issues]


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        # words and abbreviations
        ("T8/1979", "1979-08"), ("t8-1979", "1979-08"), ("Th8/1979", "1979-08"), ("T.8/1979", "1979-08"),
        ("thg 8/1979", "1979-08"), ("tháng 8/1979", "1979-08"), ("tháng 8 năm 1979", "1979-08"),
        ("05-thg 8-1979", "1979-08-05"), ("sinh ngày 5/8/1979", "1979-08-05"), ("NS 1979", "1979"),
        ("năm 1979", "1979"), ("sinh năm 1979", "1979"), ("SN: 1979", "1979"),
        # parts that are not known
        ("…/…/1979", "1979"), ("../../1979", "1979"), ("--/8/1979", "1979-08"), ("-/-/1979", "1979"),
        ("…/8/1979", "1979-08"), ("__/__/1979", "1979"), ("?/?/1979", "1979"), ("xx/xx/1979", "1979"),
        ("//1979", "1979"), ("/8/1979", "1979-08"), ("5/../1979", "1979"), ("00/08/1979", "1979-08"),
        ("00/00/1979", "1979"), ("0/0/1979", "1979"), ("05/00/1979", "1979"), ("1979-00-00", "1979"),
        ("1979-08-00", "1979-08"),
        # numbers that are texts, and the other way round
        ("1979.0", "1979"), ("1979,0", "1979"), ("29072.0", "1979-08-05"), (29072.5, "1979-08-05"),
        (8.1979, "1979-08"), (8.198, "1980-08"), (5081979.0, "1979-08-05"), ("05081979", "1979-08-05"),
        ("19790805", "1979-08-05"),
        # the year first
        ("1979-08", "1979-08"), ("1979/08/05", "1979-08-05"), ("1979.8.5", "1979-08-05"),
        # what programs write; a moment is a day in Việt Nam
        ("Sun Aug 05 1979 00:00:00 GMT+0700 (Indochina Time)", "1979-08-05"),
        ("Wed Aug 05 1970 00:00:00 GMT+0800 (Giờ Đông Dương)", "1970-08-05"),
        ("Sun Aug 05 1979 00:00:00 GMT+0900 (Japan Standard Time)", "1979-08-05"),
        ("Sat Aug 04 1979 17:00:00 GMT+0000 (Coordinated Universal Time)", "1979-08-05"),
        ("1979-08-04T17:00:00.000Z", "1979-08-05"), ("1970-08-04T16:00:00.000Z", "1970-08-05"),
        ("1979-08-05T00:00:00Z", "1979-08-05"), ("1979-08-05T00:00:00+07:00", "1979-08-05"),
        ("1979-08-04 17:00:00+00", "1979-08-05"), ("1979-08-05T00:00:00", "1979-08-05"),
        ("Sat, 04 Aug 1979 17:00:00 GMT", "1979-08-05"), ("Sun Aug 05 00:00:00 ICT 1979", "1979-08-05"),
        ("/Date(302634000000)/", "1979-08-05"), ("5-Aug-79", "1979-08-05"), ("Aug 5, 1979", "1979-08-05"),
        ("05/08/1979 00:00:00.000", "1979-08-05"), ("5/8/1979 12:00:00 SA", "1979-08-05"),
        # what stands around
        ("05/8/1979.", "1979-08-05"), ("'05/8/1979", "1979-08-05"), ("1979*", "1979"), ("05/08/1979 0:00",
        "1979-08-05"),
    ],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_known(cell, known):
    assert to_iso(stated_date(cell, last_century)) == known


@pytest.mark.parametrize(
    "cell", ["1979?", "79", "5/8", "05/08/19790", "5//8/1979", "9" * 5000, "05/08/19" + "7" * 5000]
)
def test_what_is_not_surely_a_date_is_none(cell):
    with pytest.raises(NotADateError):
        stated_date(cell, last_century)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("2011-2016", "2011-2016"), ("NK 2011-2016", "2011-2016"), ("nhiệm kỳ 2011 - 2016", "2011-2016"),
        ("2011–2016", "2011-2016"), ("2011/2016", "2011-2016"), ("Khóa XX, NK 2010-2015", "2010-2015"),
        ("Khóa XIX (2010-2015)", "2010-2015"), ("từ 2011 đến 2016", "2011-2016"), ("NK: 2015-2020.", "2015-2020"),
        ("2011-2030", ""), ("2016-2011", ""), ("15/5/2011", ""), ("2011-2016 (tái cử)", ""), ("2011", ""),
    ],
)  # fmt: skip
def test_a_term_of_office_is_two_years_a_few_apart(text, term):
    assert stated_term(text) == term


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1979 (Nữ)", ("1979", "Nữ")), ("1979(nam)", ("1979", "nam")), ("1979 - Nữ", ("1979", "Nữ")),
        ("1979 nữ", ("1979", "nữ")), ("Nữ 1979", ("1979", "Nữ")), ("Nam: 05/8/1979", ("05/8/1979", "Nam")),
        ("05/8/1979 [Nam]", ("05/8/1979", "Nam")), ("1979 (Nữ", ("1979", "Nữ")),
        ("5/8/1979 (35 tuổi)", ("5/8/1979", "35 tuổi")), ("năm 1979", ("năm 1979", "")), ("1979", ("1979", "")),
        ("nam 1979", ("nam 1979", "")), ("/Date(302634000000)/", ("/Date(302634000000)/", "")),
    ],
)  # fmt: skip
def test_a_note_beside_a_date_is_told_from_it(text, parts):
    assert without_note(text) == parts


@pytest.mark.parametrize(
    ("texts", "is_so"),
    [
        (["02/28/1985", "11/30/1988", "08/05/1979"], True),
        (["02/28/1985", "02/28/1985"], True),
        (["02/28/1985", "11/30/1988", "19/05/1995"], True),
        (["2/28/85", "11-30-88"], True),
        (["02/28/1985 00:00:00", "11/30/1988 00:00:00"], True),
        (["02/28/1985"], False),  # one is a mistake
        (["02/28/1985", "11/30/1988", "19/05/1995", "20/05/1995"], False),
        (["08/05/1979", "12/12/1966", "1979", "03/1972"], False),
        (["02/31/1985", "99/99/1999", "02/45/1985"], False),
        ([], False),
    ],
)
def test_a_file_is_month_first_where_several_dates_prove_it_and_fewer_the_contrary(texts, is_so):
    assert bool(month_first_proofs(texts)) is is_so


@pytest.mark.django_db
class TestOfPeople:
    @pytest.mark.parametrize(
        ("sex", "birth", "told", "found"),
        [
            (None, "1979 (Nữ)", "F", []),
            (None, "1979 (nam)", "M", []),
            ("Nam", "1979 (Nam)", "M", []),
            ("Nam", "1979 (Nữ)", "M", [("warning", "sex_disagrees", "sex")]),
            (None, "05/8/1979 (35 tuổi)", "", [("info", "date_note", "birth_date")]),
        ],
    )
    def test_a_birth_may_say_the_sex_where_no_column_does(self, sex, birth, told, found):
        statement = stated(**{"Giới tính": sex, "Ngày sinh": birth})
        assert (statement.sex, statement.birth.first_day.year, codes(statement)) == (told, 1979, found)

    @pytest.mark.parametrize(
        ("title", "field", "cell"),
        [
            ("Ngày bổ nhiệm", "appointed_on", "12/05/2051"),  # after the file's day
            ("Ngày bổ nhiệm", "appointed_on", "01/01/2016"),
            ("Ngày bổ nhiệm", "appointed_on", "12/05/1975"),  # before the birth
            ("Ngày bổ nhiệm", "appointed_on", "31/02/2012"),
            ("Ngày vào Đảng", "party_joined_on", "03/02/2041"),
            ("Ngày vào Đảng", "party_joined_on", "03/02/1978"),
            ("Ngày vào Đảng", "party_joined_on", "04/08/1997"),  # a day before the eighteenth birthday
            ("Ngày vào Đảng", "party_joined_on", "1996"),
            ("Ngày tuyển dụng", "recruited_on", "2016"),
            ("Tham gia BHXH từ", "insurance_since", "01/1979"),
        ],
    )
    def test_a_date_that_cannot_be_is_a_warning_and_is_not_written(self, title, field, cell):
        statement = stated(**{title: cell})
        assert codes(statement) == [("warning", "invalid_date", field)]
        assert (statement.appointed, statement.party_joined, statement.facts) == (None, None, {})
        assert not statement.is_rejected

    @pytest.mark.parametrize(
        ("title", "cell"),
        [
            ("Ngày vào Đảng", "05/08/1997"), ("Ngày vào Đảng", "1997"), ("Ngày vào Đảng", "8/1997"),
            ("Ngày bổ nhiệm", "31/12/2015"), ("Ngày bổ nhiệm", "2015"), ("Ngày tuyển dụng", "1979"),
        ],
    )  # fmt: skip
    def test_a_date_that_can_be_true_on_one_day_at_least_is_written(self, title, cell):
        assert codes(stated(**{title: cell})) == []

    def test_who_is_said_to_have_joined_the_party_on_no_day_that_can_be_is_a_member_all_the_same(self):
        assert stated(**{"Ngày vào Đảng": "03/02/2041"}).is_party_member is True
        assert stated(**{"Ngày vào Đảng": "không rõ"}).is_party_member is None

    def test_no_birth_says_nothing_against_a_date(self):
        assert codes(stated(**{"Ngày sinh": None, "Ngày vào Đảng": "1950"})) == []

    def test_a_term_beside_the_date_of_the_post_is_read_as_well(self):
        statement = stated(**{"Ngày bổ nhiệm": "15/5/2011 (NK 2011-2016)"})
        assert (to_iso(statement.appointed), statement.term, codes(statement)) == ("2011-05-15", "2011-2016", [])


def read_births(*births: object) -> ReadFile:
    people = [
        (number, "Giàng A Dơ", birth, "12/12/2010", "Chủ tịch UBND", "Bản Phố")
        for number, birth in enumerate(births, start=1)
    ]
    titles = ("STT", "Họ và tên", "Ngày sinh", "Ngày vào Đảng", "Chức danh", "Xã")
    return read_file("a.xlsx", sheet_of([titles, *people]), as_of=date(2015, 12, 31))


@pytest.mark.django_db
def test_of_a_month_first_file_no_date_is_read_that_could_mean_two_days():
    births = ("02/28/1985", "11/30/1988", "08/05/1979", "07/07/1977", "1979", "8/1979", datetime(1979, 8, 5))
    found = [(to_iso(stated.birth), codes(stated)) for stated in read_births(*births).statements]
    doubtful = ("", [("error", "date_order", "birth_date")])
    clear = [("1977-07-07", []), ("1979", []), ("1979-08", []), ("1979-08-05", [])]
    assert found == [doubtful, doubtful, doubtful, *clear]


@pytest.mark.django_db
def test_a_book_that_counts_its_days_from_1904_says_the_same_days():
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append(("STT", "Họ và tên", "Ngày sinh", "Trình độ văn hóa", "Chức danh", "Xã"))
    person = (1, "Giàng A Dơ", datetime(1979, 8, 5), datetime(2015, 9, 12), "Chủ tịch UBND", "Bản Phố")
    workbook.active.append(person)
    (statement,) = read_file("a.xlsx", content_of(workbook), as_of=date(2015, 12, 31)).statements
    assert (to_iso(statement.birth), statement.levels) == ("1979-08-05", {"education": "THCS"})


@pytest.mark.django_db
def test_a_single_date_that_is_no_day_is_an_error_and_says_nothing_of_the_others():
    found = [(to_iso(stated.birth), codes(stated)) for stated in read_births("02/28/1985", "08/05/1979").statements]
    assert found == [("", [("error", "invalid_date", "birth_date")]), ("1979-05-08", [])]
