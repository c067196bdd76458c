"""Level cells of rosters: several degrees, what stands beside a level, and levels in a column that is not theirs."""

from typing import Any

import pytest

from cadres.models import Qualification
from cadres.roster.batch import import_file, read_file, report_of
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.levels import LevelReader
from cadres.roster.statements import Statement
from tests.cadres.workbooks import flat

pytestmark = pytest.mark.django_db


@pytest.fixture(name="read")
def _read():
    reader = LevelReader(Dictionaries.load())

    def read(dimension: str, text: str) -> tuple[list[str], tuple[str, ...]]:
        """What was found, as `dimension:LEVEL field|mode|date`, and what was not understood."""
        found = []
        for one in reader.read(dimension, text).found:
            where = "" if one.level.dimension == dimension else f"{one.level.dimension}:"
            details = "|".join((one.field_of_study, one.study_mode, one.awarded)).rstrip("|")
            found.append(f"{where}{one.level.code} {details}".strip())
        return found, reader.read(dimension, text).left

    return read


def test_each_degree_of_a_cell_is_read(read):
    wrong = {}
    for text, degrees in {
        "ĐH Luật, ĐH Kinh tế": ["DH Luật", "DH Kinh tế"],
        "ĐH Luật; TC Nông nghiệp": ["DH Luật", "TC Nông nghiệp"],
        "1. ĐH Luật 2. ĐH Kinh tế": ["DH Luật", "DH Kinh tế"],
        "1) ĐH Luật\n2) TC Kế toán": ["DH Luật", "TC Kế toán"],
        "- ĐH Luật\n- TC Kế toán": ["DH Luật", "TC Kế toán"],
        "ĐH Luật\nTC Nông nghiệp": ["DH Luật", "TC Nông nghiệp"],
        "ĐH Luật + ĐH Kinh tế": ["DH Luật", "DH Kinh tế"],
        "ĐH Luật và ĐH Kinh tế": ["DH Luật", "DH Kinh tế"],
        "ĐH Luật - TC Nông nghiệp": ["DH Luật", "TC Nông nghiệp"],
        "ĐH Luật/TC Nông nghiệp": ["DH Luật", "TC Nông nghiệp"],
        "Ths QLC, ĐH Luật": ["THS QLC", "DH Luật"],
        "ĐH (Luật), TC(Kế toán)": ["DH Luật", "TC Kế toán"],
        "CĐ Kinh tế kỹ thuật; TC Luật; SC Tin học": ["CD Kinh tế kỹ thuật", "TC Luật", "SC Tin học"],
        "ĐH Luật 2010, ĐH Kinh tế 2015": ["DH Luật||2010", "DH Kinh tế||2015"],
        "ĐH Luật, TC": ["DH Luật", "TC"],
        "2 ĐH: Luật, Kinh tế": ["DH Luật, Kinh tế"],
        # one degree
        "ĐH Luật, Kinh tế": ["DH Luật, Kinh tế"],
        "ĐH Sư phạm (Toán, Lý)": ["DH Sư phạm (Toán, Lý)"],
        "ĐH Kế toán - kiểm toán": ["DH Kế toán - kiểm toán"],
        "TC Chăn nuôi, thú y": ["TC Chăn nuôi, thú y"],
        "TC Chăn nuôi - TS": ["TC Chăn nuôi - TS"],  # thủy sản
    }.items():
        if read("professional", text) != (degrees, ()):
            wrong[text] = read("professional", text)
    assert wrong == {}


def test_a_degree_is_read_with_its_field_mode_and_date(read):
    wrong = {}
    for text, degree in {
        "ĐH Luật - Tại chức - 2010": "DH Luật|Tại chức|2010",
        "ĐH Luật - TC - 2010": "DH Luật|Tại chức|2010",
        "TC Nông nghiệp 2008 (VLVH)": "TC Nông nghiệp|Vừa làm vừa học|2008",
        "Đại học sư phạm Toán, hệ từ xa, TN 2012": "DH sư phạm Toán|Từ xa|2012",
        "ĐH Luật, tốt nghiệp năm 2010": "DH Luật||2010",
        "Đại học Luật năm 2010": "DH Luật||2010",
        "ĐH Luật (15/6/2010)": "DH Luật||15/6/2010",
        "ĐH Luật VLVH 2015": "DH Luật|Vừa làm vừa học|2015",
        "ĐH Luật hệ VLVH": "DH Luật|Vừa làm vừa học",
        "ĐH Luật (TC)": "DH Luật|Tại chức",
        "Đại học (VLVH)": "DH |Vừa làm vừa học",
        "ĐHTC Kế toán": "DH Kế toán|Tại chức",
        "TCCQ Kế toán": "TC Kế toán|Chính quy",
        "ĐH.Luật": "DH Luật",
        "ĐH-Luật": "DH Luật",
        "Đại học: Luật": "DH Luật",
        "ĐHSP Toán": "DH sư phạm Toán",
        "TC (Nông nghiệp)": "TC Nông nghiệp",
    }.items():
        if read("professional", text) != ([degree], ()):
            wrong[text] = read("professional", text)
    assert wrong == {}


def test_levels_of_degrees_have_many_names_and_none_is_read_as_more_than_it_is(read):
    wrong = {}
    for text, degree in {
        "Trung học": "TC", "TCCN": "TC", "Trung cấp nghề": "TC", "Y sĩ": "TC", "Dược sĩ trung học": "TC",
        "Cao đẳng nghề": "CD", "Cử nhân cao đẳng": "CD", "Kỹ sư thực hành": "CD", "CĐ nghề": "CD",
        "KS cao đẳng": "CD", "CN trung cấp Kế toán": "TC Kế toán",
        "KS": "DH", "Kỹ sư Lâm nghiệp": "DH Lâm nghiệp", "Cử nhân Luật": "DH Luật", "Bác sỹ": "DH",
        "BSCKI": "THS", "BSCK I": "THS", "Bác sĩ chuyên khoa I": "THS", "Thạc sỹ": "THS", "BSCKII": "TS",
        "Dược sĩ cao đẳng": "CD", "Trung học cơ sở": "", "Trung học phổ thông": "", "12/12": "", "ĐH năm 3": "",
        "Đang học ĐH": "", "ĐH Luật (đang học)": "", "Theo học ĐH": "", "Chưa tốt nghiệp ĐH": "", "Luật": "",
        "Không rõ ngành": "", "Chưa qua đào tạo Luật": "",
    }.items():  # fmt: skip
        if read("professional", text)[0] != [degree] * bool(degree):
            wrong[text] = read("professional", text)
    assert wrong == {}


def test_a_cell_that_a_narrow_column_breaks_over_lines_is_one(read):
    wrong = {}
    for dimension, text, levels in (
        ("foreign_language", "Không\ncó", ["KHONG"]),
        ("foreign_language", "Chứng chỉ\nA", ["A"]),
        ("foreign_language", "Anh A\nTrung B", ["A Tiếng Anh", "B Tiếng Trung"]),
        ("ethnic_language", "Giao\ntiếp được", ["GT"]),
        ("ethnic_language", "Chứng\nchỉ", ["CC"]),
        ("ethnic_language", "Có chứng chỉ", ["CC"]),
        ("it", "Ứng dụng\nCNTT cơ bản", ["A"]),
        ("political_theory", "Trung\ncấp", ["TC"]),
        ("professional", "Chưa qua\nđào tạo", ["CDT"]),
        ("professional", "Đại\nhọc Luật", ["DH Luật"]),
        ("professional", "ĐH Luật\nTC Kế toán", ["DH Luật", "TC Kế toán"]),
    ):
        if read(dimension, text) != (levels, ()):
            wrong[text] = read(dimension, text)
    assert wrong == {}


def test_what_is_no_degree_is_read_where_it_belongs(read):
    wrong = {}
    for dimension, text, levels in (
        ("professional", "Trung cấp lý luận chính trị", ["political_theory:TC"]),
        ("professional", "TC LLCT", ["political_theory:TC"]),
        ("professional", "Trung cấp chính trị", ["political_theory:TC"]),
        ("professional", "Cao cấp LLCT", ["political_theory:CC"]),
        ("professional", "ĐH Luật, TC LLCT", ["DH Luật", "political_theory:TC"]),
        ("professional", "Trung cấp Lý luận CT - HC", ["political_theory:TC"]),
        ("professional", "Cử nhân chính trị", ["DH chính trị"]),
        ("professional", "TC Hành chính", ["TC Hành chính"]),
        ("professional", "TC QLNN", ["TC QLNN"]),
        ("professional", "Chuyên viên", ["state_management:CV"]),
        ("professional", "Chứng chỉ A tin học", ["it:A"]),
        ("professional", "ĐH Luật, Tin học A", ["DH Luật", "it:A"]),
        ("professional", "ĐH Tin học", ["DH Tin học"]),
        ("professional", "CĐ Tiếng Anh", ["CD Tiếng Anh"]),
        ("foreign_language", "Chứng chỉ A tin học", ["it:A"]),
        ("foreign_language", "A Tin học, B Anh văn", ["it:A", "B Tiếng Anh"]),
        ("foreign_language", "Anh A; Tin B", ["A Tiếng Anh", "it:B"]),
        ("foreign_language", "Tiếng Mông", ["ethnic_language:GT Tiếng Mông"]),
        ("it", "Anh B", ["foreign_language:B Tiếng Anh"]),
        ("ethnic_language", "Tiếng Anh B", ["foreign_language:B Tiếng Anh"]),
        ("political_theory", "TC, CV", ["TC", "state_management:CV"]),
    ):
        if read(dimension, text) != (levels, ()):
            wrong[dimension, text] = read(dimension, text)
    assert wrong == {}


SPELLINGS = {
    "political_theory": {
        "TC": "TC LLCT-HC;TCCT;TC CT-HC;Trung cấp chính trị - hành chính;Trung cấp LL;TC (tương đương);Trung cấp LLCT",
        "CC": "Cao cấp LLCT;CCCT;Cao cấp chính trị;CC LLCT;Cao cấp lý luận",
        "SC": "Sơ cấp LLCT;SCCT;Bồi dưỡng LLCT",
        "CN": "Cử nhân chính trị;CN",
        "TC ||2012": "TC 2012",
        "": "Đang học TC;ĐH Luật;LLCT;Hoàn chỉnh CC",
    },
    "state_management": {
        "CV": "Bồi dưỡng QLNN ngạch CV;CV + TĐ;CV và TĐ;CV (tương đương);BD CV;QLNN CV;Chứng chỉ CV;ngạch CV",
        "CVC": "CVC + TĐ;Chứng chỉ QLNN ngạch chuyên viên chính;Chuyên viên chính",
        "CS": "ngạch cán sự;BD QLNN;Cán sự",
        "": "CV (đang học);QLNN;Trung cấp;TC",
    },
    "it": {
        "A": "CC A;Chứng chỉ A;A tin học;Tin học A;Tin học văn phòng;CNTT cơ bản;CC ứng dụng CNTT cơ bản;Tin A;IC3",
        "B": "Bằng B;Trình độ B;Tin học B",
        "TC": "ĐH CNTT;Trung cấp tin học;Kỹ sư tin học",
        "": "B1;Thành thạo;Biết",
    },
    "foreign_language": {
        "B": "B;CC B",
        "B Tiếng Anh": "Anh văn B;B Anh văn;Tiếng Anh B;Tiếng Anh trình độ B;Chứng chỉ B tiếng Anh;Anh (B)",
        "A Tiếng Trung": "Trung A;Tiếng Trung A",
        "DH": "ĐH Ngoại ngữ",
        "DH Tiếng Anh": "ĐH tiếng Anh;Cử nhân Anh",
        "TC": "Trung cấp",
        "": "Tiếng Anh B1;TOEIC 450;B1;Tiếng Anh;IELTS 5.0",
    },
    "ethnic_language": {
        "GT Tiếng Mông": "Biết tiếng Mông;Tiếng Mông;Mông;Nói được tiếng Mông;Tiếng H'Mông;tiếng dân tộc Mông",
        "CC Tiếng Mông": "Chứng chỉ tiếng Mông;CC tiếng Mông",
        "GT": "x;Giao tiếp",
    },
    "education": {
        "THPT": "12/12 PT;12/12 (BT);Lớp 12/12;10/10;THPT (BTVH);BT 12/12;Bổ túc 12/12;THPT 12/12;12;TN THPT;12/12\nBT",
        "THCS": "Hết lớp 9;Học hết lớp 9;9/12 BT;lớp 9;Tốt nghiệp cấp 2;7/10;9/12",
        "": "Đang học lớp 12;THCS 12/12;9+3;3/10;Đại học",
    },
    "defence_security": {"D4": "Đối tượng 4;ĐT4;Bồi dưỡng QP-AN đối tượng 4"},
}  # fmt: skip


@pytest.mark.parametrize("dimension", SPELLINGS)
def test_a_level_has_many_spellings_and_what_is_none_stays_unknown(read, dimension):
    wrong = {
        text: read(dimension, text)
        for level, texts in SPELLINGS[dimension].items()
        for text in texts.split(";")
        if read(dimension, text) != ([level] if level else [], () if level else (text,))
    }
    assert wrong == {}


def test_of_several_languages_each_is_read(read):
    assert read("foreign_language", "Anh B, Trung A") == (["B Tiếng Anh", "A Tiếng Trung"], ())
    assert read("ethnic_language", "Mông, Dao") == (["GT Tiếng Mông", "GT Tiếng Dao"], ())
    assert read("state_management", "CV, CVC") == (["CV", "CVC"], ())


def test_what_of_a_cell_is_not_understood_is_told_beside_what_is(read):
    assert read("professional", "ĐH Luật, đang học ThS") == (["DH Luật"], ("đang học ThS",))
    assert read("it", "A; Thành thạo") == (["A"], ("Thành thạo",))


# People


def stated(**cells) -> Statement:
    (statement,) = read_file("a.xlsx", flat(cells)).statements
    return statement


def bring(content: bytes) -> dict[str, Any]:
    return report_of(import_file(read_file("a.xlsx", content), by=None))


def records() -> list[str]:
    return [
        f"{record.level.dimension.code}:{record.level.code} {record.field_of_study}|{record.study_mode}|"
        f"{record.awarded_on or ''} {record.start_date}".strip()
        for record in Qualification.objects.select_related("level__dimension").order_by("pk")
    ]


def test_the_highest_degree_counts_and_each_is_recorded():
    content = flat({"Chuyên môn": "TC Nông nghiệp 2003; ĐH Luật - Tại chức - 2010; ĐH Kinh tế"})
    assert bring(content)["created"] == 1
    assert records() == [
        "professional:DH Luật|Tại chức|2010-01-01 2010-12-31",
        "professional:TC Nông nghiệp||2003-01-01 2003-12-31",
        "professional:DH Kinh tế|| 2015-12-31",
    ]
    again = bring(content)
    assert (again["unchanged"], again["issues"], len(records())) == (1, [], 3)


def test_what_a_cell_says_more_of_a_degree_held_is_added_to_it():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Luật"}))
    assert bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Luật 2010, TC Kế toán"}))["updated"] == 1
    assert records() == [
        "professional:DH Luật||2010-01-01 2010-12-31",
        "professional:TC Kế toán|| 2015-12-31",
    ]
    assert bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Luật"}))["unchanged"] == 1


def test_lower_degrees_beside_one_that_is_not_written_are_not_written_either():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "Thạc sĩ Luật"}))
    result = bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Luật, TC Kế toán"}))
    assert [issue["code"] for issue in result["issues"]] == ["lower_level"]
    assert len(records()) == 1


@pytest.mark.parametrize("note", ["2006-2010", "loại khá", "Khóa 2006 - 2010"])
def test_what_is_not_kept_of_a_degree_is_told(note):
    statement = stated(**{"Chuyên môn": f"ĐH Luật, {note}"})
    assert (statement.field_of_study, statement.further) == ("Luật", [])
    assert [(issue.severity, issue.code) for issue in statement.issues] == [("info", "level_note")]
    assert f"“{note}”" in statement.issues[0].message


def test_a_level_in_a_column_not_its_own_is_written_and_told():
    result = bring(flat({"Chuyên môn": "Trung cấp lý luận chính trị"}))
    assert records() == ["political_theory:TC || 2015-12-31"]
    assert [(issue["severity"], issue["code"]) for issue in result["issues"]] == [("info", "read_elsewhere")]


def test_the_higher_of_two_columns_counts():
    statement = stated(**{"Chuyên môn": "ĐH Luật, TC LLCT", "LLCT": "SC"})
    assert statement.levels == {"professional": "DH", "political_theory": "TC"}
    assert statement.further == [["political_theory", "SC", "", "", ""]]


def test_a_year_of_award_that_cannot_be_is_told_and_the_degree_is_written():
    statement = stated(**{"Chuyên môn": "ĐH Luật 2020"})
    assert (statement.levels, statement.further) == ({"professional": "DH"}, [])
    assert [(issue.severity, issue.code, issue.field) for issue in statement.issues] == [
        ("warning", "invalid_date", "professional")
    ]


def test_what_was_stated_comes_back_from_the_database_with_all_its_records():
    statement = stated(**{"Chuyên môn": "ĐH Luật 2010, TC Kế toán", "Ngoại ngữ": "Anh B, Trung A"})
    assert statement.understood()["further"] == [
        ["foreign_language", "B", "Tiếng Anh", "", ""], ["foreign_language", "A", "Tiếng Trung", "", ""],
        ["professional", "DH", "Luật", "", "2010"], ["professional", "TC", "Kế toán", "", ""],
    ]  # fmt: skip
    assert statement.without(["professional"]).further == statement.further[:2]
