"""What position cells of rosters name: the titles of the law, of the Party and of the mass organisations, as districts
write them."""

from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from cadres.models import Appointment, Position, UnitVersion
from cadres.roster.batch import read_file
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.positions import MAX_NOT_READ, PositionReader
from cadres.roster.statements import Statement
from tests.builders import make_appointment, make_official, position_of
from tests.cadres.workbooks import content_of, flat

pytestmark = pytest.mark.django_db


def stated(*, day: date = date(2015, 12, 31), **cells) -> Statement:
    (statement,) = read_file("a.xlsx", flat(cells), as_of=day).statements
    return statement


def codes(statement: Statement) -> list[tuple[str, str, str]]:
    return [(issue.severity, issue.code, issue.field) for issue in statement.issues]


NAMED = [
    # Luật Cán bộ, công chức 2008 Điều 61; NĐ 92/2009 Điều 3; NĐ 33/2023 Điều 5
    ("Bí thư Đảng ủy", "BT_DU"),
    ("Phó Bí thư Đảng ủy", "PBT_DU"),
    ("Chủ tịch Hội đồng nhân dân", "CT_HDND"),
    ("Phó Chủ tịch Hội đồng nhân dân", "PCT_HDND"),
    ("Chủ tịch Ủy ban nhân dân", "CT_UBND"),
    ("Phó Chủ tịch Uỷ ban nhân dân", "PCT_UBND"),
    ("Chủ tịch Ủy ban Mặt trận Tổ quốc Việt Nam", "CT_MTTQ"),
    ("Bí thư Đoàn Thanh niên Cộng sản Hồ Chí Minh", "BT_DOAN"),
    ("Chủ tịch Hội Liên hiệp Phụ nữ Việt Nam", "CT_HPN"),
    (
        "Chủ tịch Hội Nông dân Việt Nam (áp dụng đối với xã, phường, thị trấn có hoạt động nông, lâm, ngư, diêm nghiệp "
        "và có tổ chức Hội Nông dân Việt Nam)",
        "CT_HND",
    ),
    ("Chủ tịch Hội Cựu chiến binh Việt Nam", "CT_HCCB"),
    ("Trưởng Công an", "TCA"),
    ("Chỉ huy trưởng Quân sự", "CHT_QS"),
    ("Chỉ huy trưởng Ban Chỉ huy Quân sự cấp xã", "CHT_QS"),
    ("Văn phòng - thống kê", "VP_TK"),
    (
        "Địa chính - xây dựng - đô thị và môi trường (đối với phường, thị trấn) hoặc địa chính - nông nghiệp - xây "
        "dựng và môi trường (đối với xã)",
        "DC_XD",
    ),
    ("Địa chính - xây dựng - đô thị và môi trường", "DC_XD"),
    ("Tài chính - kế toán", "TC_KT"),
    ("Tư pháp - hộ tịch", "TP_HT"),
    ("Văn hóa - xã hội", "VH_XH"),
    # abbreviations, with and without spaces
    ("BT ĐU", "BT_DU"),
    ("BTĐU", "BT_DU"),
    ("BTĐU xã", "BT_DU"),
    ("PBT TT", "PBT_DU"),
    ("PBTTT Đảng ủy", "PBT_DU"),
    ("CTUBND", "CT_UBND"),
    ("CTUBND xã Bản Phố", "CT_UBND"),
    ("PCTUBND", "PCT_UBND"),
    ("P.CT UBND", "PCT_UBND"),
    ("P. Chủ tịch UBND", "PCT_UBND"),
    ("Phó CT.UBND", "PCT_UBND"),
    ("PCT. HĐND", "PCT_HDND"),
    ("CTHĐND", "CT_HDND"),
    ("CT UBMTTQVN", "CT_MTTQ"),
    ("CT.MTTQ xã", "CT_MTTQ"),
    ("Chủ tịch UB MTTQ", "CT_MTTQ"),
    ("Chủ tịch Mặt trận", "CT_MTTQ"),
    ("BT ĐTN", "BT_DOAN"),
    ("Bí thư ĐTNCS HCM", "BT_DOAN"),
    ("Bí thư Đoàn xã", "BT_DOAN"),
    ("Bí thư Đoàn TNCS", "BT_DOAN"),
    ("Bí thư Xã đoàn", "BT_DOAN"),
    ("CTHLHPN", "CT_HPN"),
    ("Chủ tịch Hội LHPN VN xã", "CT_HPN"),
    ("CT PN", "CT_HPN"),
    ("CT Hội nông dân", "CT_HND"),
    ("CTHCCB", "CT_HCCB"),
    ("Chủ tịch CCB", "CT_HCCB"),
    ("Trưởng CA xã", "TCA"),
    ("TCA", "TCA"),
    ("CHT BCHQS", "CHT_QS"),
    ("CHT Ban CHQS xã", "CHT_QS"),
    ("Xã đội trưởng", "CHT_QS"),
    ("VPTK", "VP_TK"),
    ("VP - TK", "VP_TK"),
    ("ĐC-XD-NN&MT", "DC_XD"),
    ("ĐC - XD - ĐT - MT", "DC_XD"),
    ("Địa chính-Nông nghiệp-XD-MT", "DC_XD"),
    ("CC Địa chính-XD-NN&MT", "DC_XD"),
    ("Địa chính - Nông nghiệp", "DC_XD"),
    ("Nông nghiệp - Địa chính", "DC_XD"),
    ("TC - KT", "TC_KT"),
    ("Kế toán ngân sách", "TC_KT"),
    ("TPHT", "TP_HT"),
    ("VH - XH", "VH_XH"),
    ("Văn hóa - Xã hội (LĐTBXH)", "VH_XH"),
    ("VHXH phụ trách LĐ-TB&XH", "VH_XH"),
    # before and behind
    ("Công chức Văn phòng - Thống kê xã", "VP_TK"),
    ("CB Tư pháp - Hộ tịch", "TP_HT"),
    ("Công chức VP-TK UBND xã Bản Phố", "VP_TK"),
    ("Đ/c Chủ tịch UBND", "CT_UBND"),
    ("UVBTV, Chủ tịch UBND", "CT_UBND"),
    ("UVBTV, Phó Chủ tịch HĐND xã", "PCT_HDND"),
    ("Ủy viên Ban Thường vụ Đảng ủy, Phó Chủ tịch UBND", "PCT_UBND"),
    ("UV BTV ĐU - Trưởng Công an", "TCA"),
    ("UV BCH Đảng bộ, Chủ tịch Hội LHPN", "CT_HPN"),
    ("ĐUV - Chủ tịch Hội CCB", "CT_HCCB"),
    ("Đảng ủy viên, Chỉ huy trưởng QS", "CHT_QS"),
    ("Ủy viên UBND, Trưởng Công an", "TCA"),
    ("Chủ tịch Hội Nông dân, đại biểu HĐND xã", "CT_HND"),
    ("Đại úy, Trưởng Công an xã", "TCA"),
    ("Chủ tịch UBND xã Bản Phố, huyện Bắc Hà", "CT_UBND"),
    ("Chủ tịch UBND TT. Bắc Hà", "CT_UBND"),
    ("Chủ tịch HĐND (kiêm nhiệm)", "CT_HDND"),
    ("Trưởng ban Tuyên giáo kiêm Phó Bí thư Đảng ủy", "PBT_DU"),
    ("Phó Chủ tịch UBND kiêm Bí thư Chi bộ thôn Na Hối", "PCT_UBND"),
    ("Phó Chủ tịch UBND phụ trách văn hóa - xã hội", "PCT_UBND"),
    ("PCT UBND (phụ trách kinh tế)", "PCT_UBND"),
    ("Phó Chủ tịch UBND xã (tri thức trẻ)", "PCT_UBND"),
    ("Công chức Tư pháp - Hộ tịch kiêm Phó Bí thư Đoàn", "TP_HT"),
    ("Chủ tịch UBND, Chủ tịch Hội đồng NVQS", "CT_UBND"),
    ("ĐBHĐND huyện, Chủ tịch UBND", "CT_UBND"),
    ("Chủ tịch UBND (từ 2011)", "CT_UBND"),
    ("Chủ tịch UBND nhiệm kỳ 2011-2016", "CT_UBND"),
    ("Quyền Chủ tịch UBND", "CT_UBND"),
    ("Q. Trưởng Công an", "TCA"),
    ("Phụ trách kế toán", "TC_KT"),
    # of the Party and of the councils
    ("Bí thư Đảng bộ", "BT_DU"),
    ("Phó Bí thư Thường trực Đảng ủy", "PBT_DU"),
    ("Phó Bí thư TT ĐU", "PBT_DU"),
    ("Phó Bí thư Đảng ủy chuyên trách", "PBT_DU"),
    ("Thường trực Đảng ủy", "PBT_DU"),
    ("Thường trực HĐND", "PCT_HDND"),
    # two posts
    ("BT kiêm CT HĐND", "BT_DU CT_HDND"),
    ("Bí thư Đảng ủy, Chủ tịch HĐND", "BT_DU CT_HDND"),
    ("Chủ tịch HĐND - Bí thư Đảng ủy", "CT_HDND BT_DU"),
    ("PBT - CT UBND", "PBT_DU CT_UBND"),
    ("Phó Bí thư; Chủ tịch UBND", "PBT_DU CT_UBND"),
    ("Phó Bí thư + Chủ tịch HĐND", "PBT_DU CT_HDND"),
    ("Phó Bí thư/Chủ tịch HĐND", "PBT_DU CT_HDND"),
    ("Phó Bí thư\nChủ tịch UBND xã", "PBT_DU CT_UBND"),
    ("Phó Bí thư Đảng ủy đồng thời là Chủ tịch UBND", "PBT_DU CT_UBND"),
    ("Bí thư Đảng ủy và Chủ tịch UBND", "BT_DU CT_UBND"),
    ("Bí thư Đảng ủy (kiêm Chủ tịch HĐND)", "BT_DU CT_HDND"),
    ("Chủ tịch MTTQ kiêm Trưởng khối Dân vận Đảng ủy", "CT_MTTQ"),
]  # fmt: skip

NOT_NAMED = [
    "Bí thư Chi bộ", "Bí thư Chi đoàn", "Bí thư Huyện ủy", "Phó Bí thư Đoàn xã", "Phó Chủ tịch Hội Nông dân",
    "Phó Chủ tịch UBMTTQ", "Phó Chủ tịch Hội LHPN", "Phó Trưởng Công an", "Phó Chỉ huy trưởng Quân sự",
    "Nguyên Chủ tịch UBND", "Nguyên Bí thư Đảng ủy xã", "Chủ tịch UBND (đã nghỉ hưu)", "Quy hoạch Chủ tịch UBND",
    "Chủ tịch UBND huyện Bắc Hà", "Trưởng Công an huyện", "Chủ tịch Công đoàn", "Chủ tịch Hội Người cao tuổi",
    "Chủ tịch Hội Chữ thập đỏ", "Công an viên", "Trưởng thôn", "Thôn đội trưởng", "Văn phòng Đảng ủy", "UVBTV Đảng ủy",
    "Đảng ủy viên", "Đại biểu HĐND xã", "Bí thư, Phó Bí thư Đảng ủy", "Chủ tịch hoặc Phó Chủ tịch UBND",
    "Chủ tịch Hội Nông dân (không chuyên trách)", "Chủ tịch UBND từ 2004 đến 2011", "Trạm trưởng Y tế", "Hiệu trưởng",
    "Chủ tịch", "Phó Chủ tịch", "Phó", "Xã", "kiêm", "Chủ tịch UBND kiêm Thổ địa", "Văn thư", "Ban Công an",
    "Trưởng ban Tuyên giáo", "Phó Chủ tịch UBND phụ trách Trưởng Công an viên",
]  # fmt: skip


# From 1/7/2025 on: the rooms of NĐ 150/2025/NĐ-CP, the posts of cadres/data/positions.csv.
NAMED_OF_TWO_LEVELS = [
    ("Bí thư Đảng ủy", "BT_DU"),
    ("Phó Bí thư Thường trực Đảng ủy", "PBT_DU"),
    ("Phó Bí thư - Chủ tịch UBND phường", "PBT_DU CT_UBND"),
    ("Chỉ huy trưởng Ban CHQS xã", "CHT_QS"),
    ("Chánh Văn phòng HĐND và UBND", "CVP"),
    ("Chánh VP HĐND-UBND xã", "CVP"),
    ("PCVP HĐND&UBND", "PCVP"),
    ("Phó Chánh Văn phòng", "PCVP"),
    ("Trưởng phòng Kinh tế", "TP_KT"),
    ("Trưởng Phòng Kinh tế, Hạ tầng và Đô thị", "TP_KT"),
    ("TP KT-HT&ĐT", "TP_KT"),
    ("Phó Trưởng phòng Kinh tế, Hạ tầng và Đô thị phường", "PTP_KT"),
    ("PTP Kinh tế", "PTP_KT"),
    ("Phó phòng Kinh tế", "PTP_KT"),
    ("Trưởng phòng VH-XH", "TP_VHXH"),
    ("P. Trưởng phòng Văn hóa - Xã hội", "PTP_VHXH"),
    ("Giám đốc Trung tâm Phục vụ hành chính công", "GD_HCC"),
    ("GĐ TTPVHCC", "GD_HCC"),
    ("PGĐ Trung tâm PVHCC xã", "PGD_HCC"),
    ("Phó Giám đốc Trung tâm phục vụ HCC", "PGD_HCC"),
    ("Phó Chỉ huy trưởng Ban CHQS", "PCHT_QS"),
    ("Chuyên viên văn phòng", "CV_VP"),
    ("Chuyên viên Văn phòng HĐND và UBND", "CV_VP"),
    ("CV tư pháp - hộ tịch", "CV_TP"),
    ("Chuyên viên đối ngoại", "CV_DN"),
    ("Chuyên viên phụ trách tài chính", "CV_TC"),
    ("CV Tài chính - Kế toán", "CV_TC"),
    ("Chuyên viên kế hoạch và đầu tư", "CV_KH"),
    ("Chuyên viên quản lý xây dựng", "CV_XD"),
    ("Chuyên viên giao thông", "CV_GT"),
    ("Chuyên viên công thương", "CV_CTH"),
    ("Chuyên viên Nông nghiệp và PTNT", "CV_NN"),
    ("Chuyên viên TN&MT", "CV_TNMT"),
    ("Chuyên viên nội vụ", "CV_NV"),
    ("Chuyên viên lao động", "CV_LD"),
    ("Chuyên viên Dân tộc và Tôn giáo", "CV_DTTG"),
    ("Chuyên viên GD&ĐT", "CV_GDDT"),
    ("Chuyên viên văn hóa, thể thao và du lịch", "CV_VH"),
    ("Chuyên viên khoa học và công nghệ", "CV_KHCN"),
    ("Chuyên viên thông tin, truyền thông", "CV_TT"),
    ("Chuyên viên y tế", "CV_YT"),
    ("Chuyên viên Trung tâm Phục vụ hành chính công", "CV_HCC"),
    ("Trợ lý Ban CHQS", "TL_QS"),
    ("Phó Chủ tịch UBMTTQ Việt Nam", "PCT_MTTQ"),
    ("PCT UBMTTQ, Chủ tịch Hội Nông dân xã", "PCT_MTTQ"),
    ("Phó Chủ tịch UB MTTQ kiêm Bí thư Đoàn TNCS Hồ Chí Minh", "PCT_MTTQ"),
    ("Chánh Văn phòng Đảng ủy", "CVP_DU"),
    ("Phó Chánh VP Đảng ủy", "PCVP_DU"),
    ("Trưởng Ban Xây dựng Đảng", "TB_XDD"),
    ("UVBTV, Trưởng Ban XDĐ Đảng ủy", "TB_XDD"),
    ("Phó Trưởng Ban Xây dựng Đảng của Đảng ủy", "PTB_XDD"),
    ("Chủ nhiệm Ủy ban Kiểm tra Đảng ủy", "CN_UBKT"),
    ("PCN UBKT ĐU", "PCN_UBKT"),
    ("Chuyên viên Văn phòng Đảng ủy", "CV_DU"),
    ("Chuyên viên Ban Xây dựng Đảng", "CV_DU"),
    ("Chuyên viên Ủy ban Kiểm tra Đảng ủy", "CV_DU"),
]  # fmt: skip

NOT_NAMED_OF_TWO_LEVELS = [
    "Chuyên viên", "Trưởng phòng", "Phó Trưởng phòng", "Giám đốc", "Chuyên viên Phòng Kinh tế", "Phòng Kinh tế",
    "Trưởng phòng Nội vụ", "Nguyên Trưởng phòng Kinh tế", "Giám đốc Sở Nội vụ", "Chủ tịch Hội Nông dân",
    "Văn phòng - thống kê", "Tư pháp - hộ tịch", "Phó Chủ tịch Hội LHPN", "Chánh Văn phòng Huyện ủy",
]  # fmt: skip

TWO_LEVELS = date(2026, 6, 30)


@pytest.fixture
def reader() -> PositionReader:
    return Dictionaries.load().posts.on(date(2015, 12, 31))


def test_the_posts_of_the_commune_of_two_levels_are_understood_by_their_words():
    reader = Dictionaries.load().posts.on(TWO_LEVELS)
    assert {text: " ".join(reader.read(text).codes) for text, _ in NAMED_OF_TWO_LEVELS} == dict(NAMED_OF_TWO_LEVELS)
    assert {code for _, codes in NAMED_OF_TWO_LEVELS for code in codes.split()} >= {
        position.code for position in Position.objects.begun_after(date(2025, 6, 30))
    }
    assert [text for text in NOT_NAMED_OF_TWO_LEVELS if reader.read(text).codes] == []
    for position in Position.objects.as_of(TWO_LEVELS):
        for title in (position.title, *position.full_title.split(";")):
            assert reader.read(title).codes == [position.code], title


def test_what_one_file_is_full_of_takes_nothing_from_the_next():
    full, several_ways = Dictionaries.load().posts, "ĐC-XD-NN&MT"
    for number in range(MAX_NOT_READ):
        full.read(f"Chức danh lạ số {number}")
    assert full.read(several_ways).codes == []
    assert Dictionaries.load().posts.read(several_ways).codes == ["DC_XD"]


@pytest.mark.parametrize(("text", "codes"), NAMED, ids=[text for text, _ in NAMED])
def test_a_position_is_understood_by_its_words(reader, text, codes):
    assert " ".join(reader.read(text).codes) == codes


@pytest.mark.parametrize("text", NOT_NAMED)
def test_what_is_no_post_of_a_commune_is_not_taken_for_one(reader, text):
    assert reader.read(text).codes == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phó Chủ tich UBNN", "PCT_UBND"),
        ("Chủ tịhc UBND", "CT_UBND"),
        ("Trưởng côg an", "TCA"),
        ("Phó Chủ tịch", "PCT_UBND"),
        ("Phó Chủ tịch UBND xã (KT)", "PCT_UBND"),
        ("Địa chính viên", "DC_XD"),
        ("LĐTBXH", "VH_XH"),
        ("Chủ tịch HDNN", "CT_HDND"),
        ("Truởng Coong an", "TCA"),
        ("Văn phòng thốg kê", "VP_TK"),
        ("Bí thư Đảng ủy Công an", "BT_DU"),
        ("Chỉ huy phó", ""),
        ("Chủ tịch UBND đến 30/6/2015", ""),
        ("Phó Chủ tịch Hội Nông dân", "KCT"),  # never the head's post
        ("Phó Trưởng Công an", "KCT"),
        ("Bí thư Chi bộ", ""),
        ("Nguyên Chủ tịch UBND", ""),
        ("Trưởng thôn", ""),
        ("Lái xe", ""),
    ],
)
def test_what_is_not_understood_is_suggested_where_it_resembles_a_post(reader, text, code):
    assert reader.read(text).codes == []
    assert reader.suggest(text) == code


def test_a_cell_that_says_since_when_and_for_which_term_tells_both(reader):
    found = reader.read("Chủ tịch UBND xã, nhiệm kỳ 2011-2016 (từ 7/2011)")
    assert (found.codes, found.term, found.since) == (["CT_UBND"], "2011-2016", "7/2011")


def test_what_is_read_of_a_position_beside_the_post_is_said_in_the_row():
    told = stated(**{"Chức danh": "Quyền Chủ tịch UBND kiêm Chủ tịch Công đoàn, từ 7/2011"})
    assert (told.positions, str(told.appointed)) == (["CT_UBND"], "07/2011")
    assert codes(told) == [("info", "acting_post", "position"), ("info", "post_left_out", "position")]


def test_a_seat_that_a_position_cell_names_is_written_where_no_column_says_it():
    told = stated(**{"Chức danh": "UVBTV, Phó Chủ tịch HĐND xã, đại biểu HĐND huyện"})
    assert (told.positions, told.facts) == (
        ["PCT_HDND"],
        {"party_committee": "Ủy viên Ban Thường vụ Đảng ủy", "council_deputy": "Đại biểu HĐND huyện"},
    )
    told = stated(**{"Chức danh": "UVBTV, Phó Chủ tịch HĐND xã", "Cấp ủy": "Đảng bộ xã"})
    assert told.facts == {"party_committee": "Đảng bộ xã"}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Bí thư Đảng ủy kiêm Chủ tịhc HĐND", "Chủ tịhc HĐND"),
        ("UVBTV, Trưởng ban X, Phó Chủ tịch HĐND", "Trưởng ban X"),
        ("Chủ tịhc HĐND", ""),
        ("Thổ địa, Thợ cả", ""),
    ],
)
def test_of_several_posts_the_one_that_is_not_understood_is_asked_about(reader, text, word):
    assert reader.unknown_part(text) == word


def test_an_unknown_position_is_told_with_what_it_may_be():
    (issue,) = stated(**{"Chức danh": "Chủ tịhc UBND"}).issues
    assert (issue.severity, issue.code) == ("error", "unknown_position")
    assert "Có phải Chủ tịch UBND?" in issue.message


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2023, 7, 30), []),
        (date(2023, 7, 31), []),
        (date(2023, 8, 1), ["ended_position"]),
    ],
)
def test_a_post_counts_on_its_last_day_and_is_an_error_on_the_day_after(day, found):
    told = stated(day=day, **{"Chức danh": "Trưởng Công an"})
    assert [issue.code for issue in told.issues] == found
    assert told.is_rejected == bool(found)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2025, 6, 29), []),
        (date(2025, 6, 30), []),
        (date(2025, 7, 1), ["ended_unit"]),
    ],
)
def test_a_unit_counts_on_its_last_day_and_is_an_error_with_its_successor_on_the_day_after(day, found):
    told = stated(day=day, **{"Chức danh": "Chủ tịch UBND", "Xã": "Bản Phố", "Huyện": "Bắc Hà"})
    assert [issue.code for issue in told.issues] == found
    if found:
        assert told.issues[0].field == "commune"
        assert "nay thuộc Xã Bắc Hà" in told.issues[0].message


@pytest.mark.parametrize(
    ("text", "day", "found", "told"),
    [
        ("Tư pháp - hộ tịch", date(2025, 6, 30), [], ""),
        ("Tư pháp - hộ tịch", date(2025, 7, 1), ["ended_position"], "không còn sau ngày 30/06/2025"),
        ("Trưởng phòng Kinh tế", date(2025, 6, 30), ["unknown_position"], "có từ ngày 01/07/2025"),
        ("Trưởng phòng Kinh tế", date(2025, 7, 1), [], ""),
        ("Chủ tịch Hội Nông dân", date(2025, 7, 1), ["ended_position"], "không còn sau ngày 30/06/2025"),
    ],
)
def test_a_title_is_that_of_a_post_of_the_day(text, day, found, told):
    commune = "Xã Bản Phố" if day < date(2025, 7, 1) else "Xã Bắc Hà"
    stated_then = stated(day=day, **{"Chức danh": text, "Xã": commune, "Huyện": ""})
    assert [issue.code for issue in stated_then.issues] == found
    assert told in "".join(issue.message for issue in stated_then.issues)


def test_a_post_that_has_ended_is_told_with_those_in_which_its_holders_went_on():
    commune = UnitVersion.objects.get(code="02839", start_date=date(2025, 7, 1)).unit
    for name, followed in (("Lý A Sử", "CV_VP"), ("Má Thị Hoa", "CV_VP"), ("Vàng A Mai", "CV_HCC")):
        official = make_official(name)
        old = make_appointment(official, position_of("VP_TK"), commune, end_date=date(2025, 6, 30))
        new = make_appointment(official, position_of(followed), commune, start_date=date(2025, 7, 1))
        Appointment.objects.filter(pk=new.pk).update(carried_from=old)
    (issue,) = stated(day=TWO_LEVELS, Xã="Xã Bắc Hà", Huyện="", **{"Chức danh": "Văn phòng - thống kê"}).issues
    assert issue.code == "ended_position"
    assert "người giữ đã chuyển sang Chuyên viên văn phòng, Chuyên viên phục vụ hành chính công." in issue.message


def test_a_head_of_a_room_is_known_by_the_room_in_a_column_or_above():
    def of(**cells):
        return stated(day=TWO_LEVELS, **{"Xã": "Xã Bắc Hà", "Huyện": "", **cells}).positions

    assert of(**{"Chức danh": "Trưởng phòng", "Phòng, ban": "Phòng Văn hóa - Xã hội"}) == ["TP_VHXH"]
    by_room = stated(day=TWO_LEVELS, Xã="Xã Bắc Hà", Huyện="", **{"Chức danh": "Trưởng phòng", "Phòng": "Kinh tế"})
    assert codes(by_room) == [("info", "post_by_room", "position")]
    assert "“Trưởng phòng Kinh tế” được ghi là Trưởng phòng Kinh tế" in by_room.issues[0].message
    assert of(**{"Chức danh": "Phó Giám đốc", "Phòng, ban": "Trung tâm Phục vụ hành chính công"}) == ["PGD_HCC"]
    of_commune = flat(
        {"Họ và tên": "Lý A Sử", "Chức vụ": "Trưởng phòng", "Đơn vị công tác": "Phòng Kinh tế", "Chức danh": ""},
        {"Họ và tên": "Má A Lử", "Chức vụ": "Giám đốc", "Đơn vị công tác": "TT PVHCC xã Bắc Hà", "Chức danh": ""},
        title="UBND xã Bắc Hà. Danh sách tính đến 30/06/2026",
        without=("Xã", "Huyện", "Chức danh"),
    )
    assert [(person.positions, person.unit is None) for person in read_file("a.xlsx", of_commune).statements] == [
        (["TP_KT"], False),
        (["GD_HCC"], False),
    ]
    assert of(**{"Chức danh": "Chuyên viên", "Vị trí việc làm": "Chuyên viên nội vụ"}) == ["CV_NV"]
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Xã Bắc Hà"
    for row in (
        ["STT", "Họ và tên", "Ngày sinh", "Chức vụ"],
        ["I", "Phòng Kinh tế, Hạ tầng và Đô thị", "", ""],
        ["1", "Nguyễn Văn An", "05/08/1979", "Trưởng phòng"],
        ["2", "Lý Thị Hoa", "06/07/1985", "Chuyên viên xây dựng"],
        ["II", "Trung tâm Phục vụ hành chính công", "", ""],
        ["3", "Vàng A Sử", "04/03/1980", "Giám đốc"],
        ["III", "Ban Xây dựng Đảng", "", ""],
        ["4", "Giàng Thị Mỷ", "02/01/1982", "Phó Trưởng ban"],
    ):
        sheet.append(row)
    roster = read_file("a.xlsx", content_of(book), as_of=TWO_LEVELS)
    assert [statement.positions for statement in roster.statements] == [["TP_KT"], ["CV_XD"], ["GD_HCC"], ["PTB_XDD"]]


def test_a_district_that_has_ended_is_told_where_the_commune_has_not():
    told = stated(day=date(2025, 7, 1), **{"Chức danh": "", "Xã": "Xã Bắc Hà", "Huyện": "Bắc Hà"})
    assert [(issue.code, issue.field) for issue in told.issues] == [("ended_unit", "district")]


def test_a_unit_that_has_ended_is_told_where_the_file_names_no_district():
    told = stated(day=date(2025, 7, 1), **{"Chức danh": "KCT", "Xã": "Bản Phố", "Huyện": ""})
    assert [(issue.code, issue.field) for issue in told.issues] == [("ended_unit", "commune")]
    assert "Xã Bản Phố đã kết thúc hoạt động sau ngày 30/06/2025, nay thuộc Xã Bắc Hà" in told.issues[0].message
