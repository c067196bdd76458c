# ruff: noqa: DTZ001 (cells of a workbook have no time zone)
"""Values: every spelling of a date, an identifier, a level and a post, with what is known of it and what is not."""

from datetime import date, datetime

import pytest

from cadres.roster.batch import read_file
from cadres.roster.dates import ImpossibleDateError, NotADateError, stated_date
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.levels import grade_of
from cadres.roster.statements import Statement, from_iso, to_iso
from tests.cadres.workbooks import flat, sheet_of

DAY = date(2015, 12, 31)


def last_century(year: int) -> int:
    return 1900 + year


@pytest.mark.parametrize(
    ("cell", "known"),
    [
        (datetime(1979, 8, 5), "1979-08-05"),
        (date(1979, 8, 5), "1979-08-05"),
        (29072.0, "1979-08-05"),
        ("29072", "1979-08-05"),
        (1979.0, "1979"),
        ("1979", "1979"),
        ("05/8/1979", "1979-08-05"),
        ("5.8.79", "1979-08-05"),
        ("05-08-1979", "1979-08-05"),
        ("5 / 8 / 1979", "1979-08-05"),
        ("8/1979", "1979-08"),
        ("08/79", "1979-08"),
        ("1979-08-05", "1979-08-05"),
        ("1979-08-05 00:00:00", "1979-08-05"),
        ("ngày 5 tháng 8 năm 1979", "1979-08-05"),
        ("Tháng 8 năm 1979", "1979-08"),
        ("05081979", "1979-08-05"),
    ],
)
def test_a_date_is_read_with_its_precision(cell, known):
    assert to_iso(stated_date(cell, last_century)) == known
    assert to_iso(from_iso(known)) == known


@pytest.mark.parametrize("cell", ["31/02/1979", "30.2.79", "13/1979", "32/01/1979", 123.0])
def test_a_date_that_never_was_is_impossible(cell):
    with pytest.raises(ImpossibleDateError):
        stated_date(cell, last_century)


@pytest.mark.parametrize("cell", ["không rõ", "x", "2011-2016", "1/2/3/4"])
def test_what_is_no_date_is_not_made_one(cell):
    with pytest.raises(NotADateError):
        stated_date(cell, last_century)


@pytest.mark.parametrize(
    ("cell", "grade"),
    [
        (datetime(2015, 9, 12), "9/12"),
        (datetime(2015, 12, 9), "9/12"),
        (datetime(2015, 12, 12), "12/12"),
        (datetime(2015, 10, 10), "10/10"),
        (datetime(2015, 10, 12), "10/12"),
        (datetime(2015, 7, 10), "7/10"),
        (datetime(2015, 10, 7), "7/10"),
        ("7/10", "7/10"),
    ],
)
def test_excel_dates_in_an_education_cell_are_grades(cell, grade):
    assert grade_of(cell) == grade


def stated(**cells) -> Statement:
    (statement,) = read_file("a.xlsx", flat(cells)).statements
    return statement


def codes(statement: Statement) -> list[tuple[str, str, str]]:
    return [(issue.severity, issue.code, issue.field) for issue in statement.issues]


@pytest.mark.django_db
class TestCells:
    @pytest.mark.parametrize(
        ("text", "level", "field", "mode"),
        [
            ("ĐH Luật", "DH", "Luật", ""),
            ("ĐHTC Kế toán", "DH", "Kế toán", "Tại chức"),
            ("Đại học tại chức Kế toán", "DH", "Kế toán", "Tại chức"),
            ("TC Nông nghiệp", "TC", "Nông nghiệp", ""),
            ("Th.S Công tác xã hội", "THS", "Công tác xã hội", ""),
            ("Cử nhân", "DH", "", ""),
            ("Chưa qua đào tạo", "CDT", "", ""),
            ("CĐ - Lâm nghiệp", "CD", "Lâm nghiệp", ""),
            ("Tiến sĩ", "TS", "", ""),
        ],
    )
    def test_a_professional_cell_holds_level_field_and_mode(self, text, level, field, mode):
        statement = stated(**{"Chuyên môn": text})
        assert (statement.levels["professional"], statement.field_of_study, statement.study_mode) == (
            level,
            field,
            mode,
        )

    @pytest.mark.parametrize(
        ("column", "text", "level"),
        [
            ("LLCT", "CC", "political_theory:CC"),
            ("LLCT", "Trung cấp lý luận chính trị", "political_theory:TC"),
            ("LLCT", "CN", "political_theory:CN"),
            ("Tin học", "CC", "it:A"),
            ("Tin học", "x", "it:A"),
            ("Tiếng DT", "CC", "ethnic_language:CC"),
            ("Tiếng DT", "x", "ethnic_language:GT"),
            ("QLNN", "Chuyên viên và tương đương", "state_management:CV"),
            ("Trình độ tin học", "B", "it:B"),
        ],
    )
    def test_an_abbreviation_means_what_it_means_in_its_column(self, column, text, level):
        statement = stated(**{column: text})
        assert [f"{dimension}:{code}" for dimension, code in statement.levels.items()] == [level]

    @pytest.mark.parametrize("text", ["ĐH (đang học)", "ĐH Luật đang học", "Đang học TC", "ĐH Luật (chưa tốt nghiệp)"])
    def test_what_is_still_studied_for_is_not_held(self, text):
        statement = stated(**{"Chuyên môn": text})
        assert (statement.levels, codes(statement)) == ({}, [("warning", "unknown_level", "professional")])

    @pytest.mark.parametrize("text", ["", "-", "…"])
    def test_a_blank_level_is_unknown_and_never_none(self, text):
        statement = stated(**{"Chuyên môn": text})
        assert (statement.levels, codes(statement)) == ({}, [])

    @pytest.mark.parametrize(
        ("text", "positions"),
        [
            ("BT kiêm CT HĐND", ["BT_DU", "CT_HDND"]),
            ("PBT, CT UBND", ["PBT_DU", "CT_UBND"]),
            ("Bí thư Đảng uỷ", ["BT_DU"]),
            ("trưởng ca", ["TCA"]),
            ("Văn phòng - thống kê kiêm Phó Bí thư", ["VP_TK", "PBT_DU"]),
            ("Công chức Tư pháp - hộ tịch xã", ["TP_HT"]),
            ("CT.UBND", ["CT_UBND"]),
            ("Chỉ  huy trưởng QS", ["CHT_QS"]),
        ],
    )
    def test_a_position_cell_may_name_several_posts_the_primary_first(self, text, positions):
        assert stated(**{"Chức danh": text}).positions == positions

    def test_an_unknown_part_makes_the_whole_position_unknown(self):
        statement = stated(**{"Chức danh": "Chủ tịch UBND kiêm Thổ địa"})
        assert codes(statement) == [("error", "unknown_position", "position")]

    @pytest.mark.parametrize(
        ("cell", "identifier", "found"),
        [
            ("063914612", "063914612", []),
            (63914612, "063914612", ["repaired_identifier"]),
            ("010079000123", "010079000123", []),
            (10079000123, "010079000123", ["repaired_identifier"]),
            ("010 079 000 123", "010079000123", []),
            ("12345", "", ["invalid_identifier"]),
            ("AB1234567", "", ["invalid_identifier"]),
            ("010179000123", "010179000123", ["identifier_mismatch"]),  # a woman's number, born 1979
        ],
    )
    def test_an_identifier_is_kept_repaired_or_left_out(self, cell, identifier, found):
        statement = stated(**{"Số CMND": cell})
        assert statement.identifier == identifier
        assert [issue.code for issue in statement.issues] == found
        assert not statement.is_rejected

    @pytest.mark.parametrize("cell", ["31/02/1979", "hôm qua", "01/01/2030", datetime(2016, 1, 1)])
    def test_an_impossible_birth_date_rejects_the_row(self, cell):
        statement = stated(**{"Ngày sinh": cell})
        assert codes(statement) == [("error", "invalid_date", "birth_date")]
        assert statement.issues[0].column == "Ngày sinh"

    def test_a_birth_on_the_day_of_the_roster_is_doubtful_and_not_refused(self):
        statement = stated(**{"Ngày sinh": DAY})
        assert codes(statement) == [("warning", "doubtful_date", "birth_date")]

    @pytest.mark.parametrize(("cell", "year"), [("5.8.25", 1925), ("5.8.15", 2015), ("5.8.26", 1926)])
    def test_a_birth_of_two_digits_is_of_somebody_at_most_ninety(self, cell, year):
        assert stated(**{"Ngày sinh": cell}).birth.first_day.year == year

    @pytest.mark.parametrize(("cell", "year"), [("1/2/15", 2015), ("1/2/16", 2016), ("1/2/17", 1917)])
    def test_any_other_date_of_two_digits_is_at_most_a_year_ahead(self, cell, year):
        statement = stated(**{"Ngày sinh": "1910", "Ngày bổ nhiệm": cell})
        told = statement.appointed or statement.issues[-1].message  # a day after the file's cannot be
        assert f"01/02/{year}" in str(told)

    @pytest.mark.parametrize(
        ("number", "told"),
        [("010179000123", "giới tính"), ("010080000123", "năm sinh"), ("010579000123", "năm sinh")],
    )
    def test_a_citizen_number_tells_the_sex_of_those_born_up_to_2099(self, number, told):
        (issue,) = stated(**{"Số CMND": number}).issues
        assert f"không khớp với {told} của dòng này" in issue.message

    @pytest.mark.parametrize("text", ["Chưa qua đào tạo Luật", "Không rõ ngành", "Luật, chưa qua đào tạo"])
    def test_none_with_something_beside_it_is_not_understood(self, text):
        statement = stated(**{"Chuyên môn": text})
        assert (statement.levels, codes(statement)) == ({}, [("warning", "unknown_level", "professional")])

    @pytest.mark.parametrize(
        ("cell", "member", "joined"),
        [
            ("x", True, ""), ("X", True, ""), (1, True, ""), ("có", True, ""), ("ĐV", True, ""),
            ("03/02/2001", True, "2001-02-03"), ("2001", True, "2001"), ("Không", False, ""), (None, None, ""),
        ],
    )  # fmt: skip
    def test_a_party_cell_is_a_mark_or_a_date(self, cell, member, joined):
        statement = stated(**{"Ngày vào Đảng": cell})
        assert (statement.is_party_member, to_iso(statement.party_joined)) == (member, joined)

    @pytest.mark.parametrize(
        ("code", "texts"),
        [
            ("08", "Mông;H'Mông;H.Mông;HMÔNG;hmông;Mèo;Mông (Hoa);Mông Hoa;Mông trắng;dân tộc Mông;Người Mông;Hmong"),
            ("09", "Dao;Dao đỏ;Dao (Đỏ);Dao Tuyển;Dao họ;Dao Quần trắng;Mán;DT Dao"),
            ("25", "Giáy;Dáy;Nhắng"), ("15", "Sán Chay;Sán Chỉ;Sán Chí;Cao Lan"), ("38", "La Chí;Cù Tê"),
            ("40", "Phù Lá;Phu La;Xa Phó;Xá Phó"), ("49", "Bố Y;Tu Dí"), ("02", "Tày;Pa Dí;Thu Lao"),
            ("07", "Nùng;Nùng Dín;Nùng An;Nùng Phàn Slình"), ("35", "Hà Nhì;Hà Nhì đen"), ("01", "Kinh;Việt"),
            ("", "Tày - Nùng;Mông, Dao;Tày Nùng;Sao Hỏa;Không"),
        ],
    )  # fmt: skip
    def test_a_group_is_found_by_each_of_its_names_and_of_two_none(self, code, texts):
        groups = Dictionaries.load().ethnic_group
        assert {text: groups(text) for text in texts.split(";") if groups(text) != code} == {}

    @pytest.mark.parametrize(
        ("title", "text", "sex"),
        [
            ("Giới tính", "Trai", "M"), ("Giới tính", "Gái", "F"), ("Giới tính", "Nam: x", "M"),
            ("Giới tính", "Nữ (x)", "F"), ("Giới tính", "NỮ", "F"), ("Giới tính", "1", ""), ("Giới tính", 0, ""),
            ("Giới tính (1: Nam, 0: Nữ)", 1, "M"), ("Giới tính (1: Nam, 0: Nữ)", "0", "F"),
            ("Giới tính (Nam: 0; Nữ: 1)", "1", "F"),
        ],
    )  # fmt: skip
    def test_a_sex_has_several_words_and_a_number_means_what_the_title_says(self, title, text, sex):
        titles = ("STT", "Họ và tên", title, "Ngày sinh", "Chức danh", "Xã")
        person = (1, "Giàng A Dơ", text, "1979", "Chủ tịch UBND", "Bản Phố")
        (statement,) = read_file("a.xlsx", sheet_of([titles, person]), as_of=DAY).statements
        assert statement.sex == sex
        assert [code for _, code, _ in codes(statement)] == ([] if sex else ["unknown_value"])

    @pytest.mark.parametrize(("male", "female", "sex"), [(1, 0, "M"), (0, 1, "F"), ("x", None, "M"), ("0", "1", "F")])
    def test_a_one_or_a_nought_below_each_sex_is_a_mark(self, male, female, sex):
        assert stated(**{"Giới tính": None, "Nam": male, "Nữ": female}).sex == sex

    @pytest.mark.parametrize(
        ("text", "zone"), [("Vùng III", 3), ("KV3", 3), ("KV II", 2), ("Khu vực 1", 1), ("III", 3), ("ĐBKK", None)]
    )
    def test_a_zone_has_several_words(self, text, zone):
        statement = stated(**{"Khu vực": text})
        assert (statement.zone, bool(statement.issues)) == (zone, zone is None)

    @pytest.mark.parametrize(("text", "term"), [("NK 2011-2016", "2011-2016"), ("Khóa XX", "Khóa XX")])
    def test_a_column_of_terms_is_read(self, text, term):
        assert stated(**{"Nhiệm kỳ": text}).term == term

    def test_a_term_is_no_date(self):
        statement = stated(**{"Thời gian giữ chức vụ": "2011-2016"})
        assert (statement.term, statement.appointed, codes(statement)) == ("2011-2016", None, [])

    def test_a_name_is_kept_in_composed_unicode(self):
        statement = stated(**{"Họ và tên": "Gia\u0300ng  A Do\u031b "})
        assert statement.full_name == "Giàng A Dơ"

    @pytest.mark.parametrize(
        ("district", "text", "found"),
        [
            (None, "Bản Phố (Bắc Hà)", True), (None, "Bản Phố - Bắc Hà", True), (None, "Bản Phố, Bắc Hà", True),
            (None, "Xã Bản Phố (huyện Bắc Hà)", True), (None, "xã Bản Phố/H. Bắc Hà", True),
            ("Bắc Hà", "Bản Phố (Bắc Hà)", True), ("Bắc Hà", "Bản Phố (KV III)", True),
            (None, "Thanh Bình (Mường Khương)", True), ("Sa Pa", "Bản Phố (Bắc Hà)", False),
            ("Bắc Hà", "Bản Phố (Hà Nội)", False),
        ],
    )  # fmt: skip
    def test_a_commune_may_have_its_district_beside_it(self, district, text, found):
        statement = stated(**{"Huyện": district, "Xã": text})
        assert (statement.unit is not None) is found

    @pytest.mark.parametrize("text", ["Sa Pa", "thị trấn Sapa", "TT. Sa Pa"])
    def test_a_commune_is_found_by_any_spelling(self, text):
        content = flat({"Xã": text}, district="Huyện Sa Pa")
        (statement,) = read_file("a.xlsx", content).statements
        assert statement.unit is not None
