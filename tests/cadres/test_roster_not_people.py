"""Rows that are nobody's (vacancies, numbering rows, notes, signatures), people in two lines, tables in pieces."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cadres.roster.batch import ReadFile, read_file
from cadres.roster.not_people import is_vacant, tells_of_leavers
from cadres.roster.numbering import is_numbering_row
from cadres.roster.reading import UnreadableFileError
from tests.cadres.test_roster_groups import DAY, DO, HEAD, MY, PAO, PLAIN, places, read, told
from tests.cadres.workbooks import content_of

pytestmark = pytest.mark.django_db

TITLE = ("DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẢN PHỐ",)


def names(file: ReadFile) -> list[str]:
    return [stated.full_name for stated in file.statements]


def read_sheets_of(sheets: dict[str, list[tuple[Any, ...]]], **hidden: bool) -> ReadFile:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if hidden.get("all_hidden") and name != "Bìa":
            sheet.sheet_state = "hidden"
    return read_file("a.xlsx", content_of(workbook), as_of=DAY, unit_code="085")


# Vacancies

VACANT = [
    "Khuyết", "(khuyết)", "KHUYẾT", "Khuyết chức danh", "Khuyết 01", "Hiện khuyết", "đang khuyết", "Chưa bố trí",
    "Chưa bố trí được", "(chưa bố trí)", "Chưa có", "Chưa có người", "Chưa bầu", "Chưa bầu bổ sung", "Còn thiếu",
    "Thiếu", "Thiếu 1", "Trống", "(trống)", "Vị trí trống", "Chưa tuyển", "Chưa tuyển dụng", "Đang tuyển dụng",
    "Chờ tuyển dụng", "Chờ bầu", "Chưa bổ nhiệm", "Chưa kiện toàn", "Kiêm nhiệm", "Kiêm", "Không có", "Không",
    "Không bố trí", "Để trống", "Bỏ trống", "-", "–", "...", "…", "/", "0", "x", "X", "?", "??", "*", "_____",
    "khuyet", "chua bo tri", "Khuyết (chờ bổ nhiệm)", "Khuyết từ 01/7/2015", "N/A", "Chờ phê chuẩn",
]  # fmt: skip


@pytest.mark.parametrize("word", VACANT)
def test_a_word_for_a_vacancy_is_nobody_and_is_counted(word):
    file = read(HEAD, TITLE, PLAIN, DO, (2, word, None, None, "Trưởng Công an"), MY)
    assert names(file) == ["Giàng A Dơ", "Vàng Thị Mỷ"]
    assert [(vacancy.row, vacancy.position, vacancy.commune) for vacancy in file.layout.vacancies] == [
        (5, "Trưởng Công an", "XÃ BẢN PHỐ")
    ]
    assert told(file) == []


@pytest.mark.parametrize("word", ["Khuyết", "Chưa bố trí", "(trống)", "-"])
def test_a_vacancy_needs_no_position_on_its_row(word):
    file = read(HEAD, TITLE, PLAIN, DO, ("* Văn hóa - xã hội",), (2, word), PAO)
    assert (len(file.layout.vacancies), names(file)) == (1, ["Giàng A Dơ", "Giàng A Páo"])
    assert file.layout.vacancies[0].position == "Văn hóa - xã hội"


@pytest.mark.parametrize(
    "row",
    [
        (2, None, None, None, "Trưởng Công an"), (2, None, "Khuyết", None, "Trưởng Công an"),
        (2, None, None, None, "Trưởng Công an", "Chưa bố trí"), (None, "Khuyết", None, None, "Trưởng Công an"),
        (2, "Khuyết", "-", "-", "Trưởng Công an"), (2, "Khuyết", None, None, "Trưởng Công an", "x"),
    ],
)  # fmt: skip
def test_a_post_without_a_name_is_a_vacancy_wherever_that_is_said(row):
    file = read(HEAD, TITLE, (*PLAIN, "Ghi chú"), DO, row, MY)
    assert (len(file.layout.vacancies), names(file)) == (1, ["Giàng A Dơ", "Vàng Thị Mỷ"])


@pytest.mark.parametrize(
    "name",
    ["Trọng", "Nguyễn Văn Trọng", "Thiệu Văn Khuyên", "Chứ A Khổng", "Khổng Thị Chưa", "Na Thị Kiêm", "Tuyển"],
)
def test_names_that_only_sound_like_a_vacancy_are_names(name):
    assert not is_vacant(name)


def test_pre_numbered_rows_without_anything_are_nothing():
    file = read(HEAD, TITLE, PLAIN, DO, (2,), (3,), (4, "-", "-", "-", None), (5,))
    assert (names(file), told(file)) == (["Giàng A Dơ"], [])


# Numbering rows

NUMBERINGS = [
    ("A", 1, 2, 3, 4), ("A", "B", 1, 2, 3), (1, 2, 3, 4, 5), (-1, -2, -3, -4, -5), ("(1)", "(2)", "(3)", "(4)", "(5)"),
    ("[1]", "[2]", "[3]", "[4]", "[5]"), ("1", "2", "3", "4=5+6", "5"), ("(1)", "(2)=(3)+(4)", "(3)", "(4)", "(5)"),
    ("I", "II", "III", "IV", "V"), ("1.", "2.", "3.", "4.", "5."), ("Cột 1", "Cột 2", "Cột 3", "Cột 4", "Cột 5"),
    ("a", "b", "1", "2", "3"), ("A", "B", "C", 1, 2), (1, 2, 3, "4 = 5 + 6", 5), ("(A)", "(B)", "(1)", "(2)", "(3)"),
    (None, 1, 2, 3, 4), ("1", "2", "3=4+5", "4", "5"), ("C1", "C2", "C3", "C4", "C5"),
]  # fmt: skip


@pytest.mark.parametrize("row", NUMBERINGS, ids=str)
def test_the_row_that_numbers_the_columns_is_nobody(row):
    file = read(HEAD, TITLE, PLAIN, row, DO, PLAIN, row, PAO)
    assert (names(file), told(file), file.layout.vacancies) == (["Giàng A Dơ", "Giàng A Páo"], [], [])


@settings(max_examples=50, deadline=None)
@given(first=st.integers(1, 20), width=st.integers(3, 25), form=st.sampled_from(["{}", "({})", "[{}]", "-{}", "{}."]))
def test_numbers_that_go_up_by_one_number_the_columns(first, width, form):
    assert is_numbering_row([form.format(number) for number in range(first, first + width)])
    assert not is_numbering_row(["1", "Giàng A Dơ", "1979"])
    assert not is_numbering_row([float(number) for number in (12, 3, 9)])


# Notes and signatures make no noise; what may be a person is told


@pytest.mark.parametrize(
    "rows",
    [
        [("Ghi chú: Danh sách này có 2 người",)],
        [(), ("Người lập biểu", None, "TM. UBND XÃ"), ("(Ký, ghi rõ họ tên)",), (), ("Phạm Thu", None, "Lê Vinh")],
        [(), (None, "Lào Cai, ngày 31 tháng 12 năm 2015"), ("NGƯỜI LẬP", "TRƯỞNG PHÒNG"), (), ("Vũ Văn Lập",)],
        [("Tổng số: 2 người, trong đó nữ 0",), ("Ấn định danh sách có 2 người./.",)],
        [("Tổng cộng", 2), (), ("XÁC NHẬN CỦA PHÒNG NỘI VỤ", None, None, "CHỦ TỊCH"), (), (None, "Lê Văn Duyệt")],
        [(), ("Nơi nhận:",), ("- Như trên;",), ("- Lưu: VT, NV.",)],
        [("Cộng: 2",), ("Trang 1/2",)],
        [("* Ghi chú: cột 5 ghi theo quyết định bổ nhiệm",)],
        [(), ("Bản Phố, ngày ... tháng ... năm 2015",), ("KT. CHỦ TỊCH",), ("PHÓ CHỦ TỊCH",), (), ("Giàng Seo Lử",)],
        [("(Danh sách gồm 2 người)",)],
    ],
)  # fmt: skip
def test_what_stands_below_a_list_raises_no_issue(rows):
    file = read(HEAD, TITLE, PLAIN, DO, PAO, *rows)
    assert (names(file), told(file)) == (["Giàng A Dơ", "Giàng A Páo"], [])
    assert all(total.declared == total.counted for total in file.layout.totals)


@pytest.mark.parametrize("row", [(None, "Thào A Sì"), (None, "Thào A Sì", None, "Mông"), ("Thào A Sì",)])
def test_a_row_that_may_be_a_person_and_is_not_understood_is_told(row):
    file = read(HEAD, TITLE, PLAIN, DO, PAO, row, MY)
    assert (names(file), told(file)) == (["Giàng A Dơ", "Giàng A Páo", "Vàng Thị Mỷ"], [(6, "unread_row")])
    file = read(HEAD, TITLE, PLAIN, DO, PAO, row)
    assert told(file) == [(6, "unread_row")]


def test_people_without_number_among_the_numbered_are_people():
    file = read(HEAD, TITLE, PLAIN, DO, (None, *PAO[1:]), MY, ("a)", "Thào A Sì", 1984, "Mông", "Bí thư Đoàn"))
    assert (len(file.statements), told(file)) == (4, [])


# People in two lines


@pytest.mark.parametrize(
    ("first", "second", "name", "positions"),
    [
        ((1, "Nguyễn Hoàng", 1979, "Kinh", "Trưởng Công an"), (None, "Long"), "Nguyễn Hoàng Long", ["TCA"]),
        ((1, "Giàng", 1979, "Mông", "Trưởng Công an"), (None, "Seo An"), "Giàng Seo An", ["TCA"]),
        ((1, "Giàng A Dơ", 1979, "Mông", "Bí thư Đảng ủy"), (None, None, None, None, "Chủ tịch HĐND"),
         "Giàng A Dơ", ["BT_DU", "CT_HDND"]),
        ((1, "Giàng A Dơ", 1979, "Mông", "Văn phòng -"), (None, None, None, None, "thống kê"), "Giàng A Dơ", ["VP_TK"]),
        ((1, "Giàng A Dơ", None, "Mông", "Trưởng Công an"), (None, None, 1979), "Giàng A Dơ", ["TCA"]),
        ((1, "Giàng A", 1979, "Mông", "Bí thư Đảng ủy"), (None, "Dơ", None, None, "Chủ tịch HĐND"), "Giàng A Dơ",
         ["BT_DU", "CT_HDND"]),
    ],
)  # fmt: skip
def test_the_second_line_of_a_person_goes_on_with_the_first(first, second, name, positions):
    file = read(HEAD, TITLE, PLAIN, first, second, PAO)
    stated, other = file.statements
    assert (stated.full_name, stated.positions, other.full_name) == (name, positions, "Giàng A Páo")
    assert stated.birth is not None
    assert told(file) == []


def test_what_a_second_line_says_again_is_told():
    file = read(HEAD, TITLE, (*PLAIN, "Giới tính"), (*DO, "Nam"), (None, None, None, "Dao", "Chủ tịch HĐND", "Nữ"), PAO)
    issues = [(issue.code, issue.value) for issue in file.statements[0].issues]
    assert sorted(issues) == [("second_line", "Dao"), ("second_line", "Nữ")]


def test_a_row_with_another_birth_is_no_second_line():
    file = read(HEAD, TITLE, PLAIN, DO, (None, None, 1985, "Mông", "Bí thư Đoàn"), PAO)
    assert [issue.code for issue in file.statements[1].issues] == ["missing_name"]
    assert names(file) == ["Giàng A Dơ", "", "Giàng A Páo"]


def test_a_group_row_below_a_person_is_no_second_line():
    file = read(HEAD, TITLE, PLAIN, DO, (None, "Công chức"), PAO, (None, None, None, None, "Xã Cốc Ly"), MY)
    assert places(file) == ["Xã Bản Phố", "Xã Bản Phố", "Xã Cốc Ly"]


# Tables in pieces


@pytest.mark.parametrize("name", ["tiếp", "Sheet2", "Trang 2", "DS (2)", "2"])
@pytest.mark.parametrize("above", [[], [("(tiếp theo)",)], [()]])
def test_a_table_goes_on_on_the_next_sheet_without_titles(name, above):
    rows = [HEAD, PLAIN, ("Xã Bản Phố (2 người)",), DO]
    file = read_sheets_of({"DS": rows, name: [*above, PAO, ("II", "Xã Cốc Ly"), MY, ("Tổng cộng", 3)]})
    assert places(file) == ["Xã Bản Phố", "Xã Bản Phố", "Xã Cốc Ly"]
    assert all(total.declared == total.counted for total in file.layout.totals)
    assert told(file) == []


def test_a_sheet_that_goes_on_and_is_named_after_another_commune_is_of_that():
    rows = [HEAD, PLAIN, ("Xã Bản Phố",), DO]
    assert places(read_sheets_of({"DS": rows, "Cốc Ly": [PAO, MY]})) == ["Xã Bản Phố", "Xã Cốc Ly", "Xã Cốc Ly"]
    assert places(read_sheets_of({"DS": rows, "Xã Hoang Tưởng": [PAO]})) == ["Xã Bản Phố", "unknown_commune"]


def test_people_of_a_sheet_whose_columns_are_not_known_are_told():
    other = [(1, "x", "y", "Giàng Seo Bảo", 1979), (2, "x", "y", "Giàng Seo Cấn", 1980)]
    file = read_sheets_of({"DS": [HEAD, TITLE, PLAIN, DO], "khác": other})
    assert [(notice.sheet, notice.code) for notice in file.layout.notices] == [("khác", "unread_sheet")]


def test_a_table_goes_on_after_signatures_and_at_a_new_page():
    file = read(
        HEAD,
        TITLE,
        PLAIN,
        DO,
        (),
        ("Người lập biểu",),
        (),
        ("Trần Thị Lan",),
        (),
        PLAIN,
        ("A", 1, 2, 3, 4),
        PAO,
        (),
        MY,
    )
    assert (names(file), told(file)) == (["Giàng A Dơ", "Giàng A Páo", "Vàng Thị Mỷ"], [])


LEFT_AND_RIGHT = [
    HEAD, TITLE, (*PLAIN, *PLAIN), (*DO, *MY), (*PAO, 4, "Thào A Sì", 1984, "Mông", "Bí thư Đoàn"),
    (3, "Lù A Sử", 1982, "Mông", "Tài chính - kế toán"), ("Tổng cộng: 5 người",), (),
    ("Người lập biểu", None, None, None, None, None, "TM. UBND XÃ"), (),
    (None, "Lê Thu", None, None, None, None, "Lê Vinh"),
]  # fmt: skip


def test_tables_side_by_side_are_read_one_after_the_other():
    file = read(*LEFT_AND_RIGHT)
    assert [(stated.row, stated.full_name) for stated in file.statements] == [
        (4, "Giàng A Dơ"), (5, "Giàng A Páo"), (6, "Lù A Sử"), (4, "Vàng Thị Mỷ"), (5, "Thào A Sì"),
    ]  # fmt: skip
    assert [stated.positions for stated in file.statements][3:] == [["VP_TK"], ["BT_DOAN"]]
    assert [(total.row, total.declared, total.counted) for total in file.layout.totals] == [(7, 5, 5)]
    assert (told(file), file.layout.unread) == ([], [])


def test_a_table_on_the_right_goes_on_in_the_commune_in_which_the_left_one_ends():
    blank = (None,) * 5
    file = read(
        HEAD, (*PLAIN, *PLAIN), ("I. Xã Bản Phố", *(None,) * 4, *MY), (*DO, "III. Xã Nậm Lúc"), ("II. Xã Cốc Ly",),
        (*PAO, 4, "Thào A Sì", 1984, "Mông", "Bí thư Đoàn"), blank,
    )  # fmt: skip
    assert places(file) == ["Xã Bản Phố", "Xã Cốc Ly", "Xã Cốc Ly", "Xã Nậm Lúc"]


@pytest.mark.parametrize("span", ["A3:A4", "B3:B4", "D3:D4"])
def test_a_title_merged_into_the_first_person_takes_nobody_away(span):
    file = read(HEAD, TITLE, PLAIN, (*DO[:2], "05/08/1979", *DO[3:]), PAO, merged=(span,))
    assert len(file.statements) + len(file.layout.notices) == 2
    assert "Giàng A Páo" in names(file)
    assert not {"TT", "Họ và tên"} & {stated.read.get(key, "") for stated in file.statements for key in stated.read}


def test_a_roster_on_a_hidden_sheet_only_is_named():
    with pytest.raises(UnreadableFileError, match=r"trang bị ẩn \(“DS 2015”\)"):
        read_sheets_of({"Bìa": [("UBND HUYỆN BẮC HÀ",)], "DS 2015": [HEAD, TITLE, PLAIN, DO]}, all_hidden=True)


# Those who have left


@pytest.mark.parametrize(
    "name",
    [
        "Nghỉ việc", "Nghỉ hưu", "Chuyển công tác", "Thôi việc", "Đã chuyển", "DS nghỉ", "Từ trần", "Giảm trong năm",
        "Biến động giảm", "CB nghỉ hưu 2015", "Nghỉ việc, nghỉ hưu 2015", "nghi huu", "DS giảm", "Cán bộ đã nghỉ",
        "Miễn nhiệm", "Giảm", "Chuyển đi",
    ],
)  # fmt: skip
def test_people_of_a_sheet_of_leavers_are_told_and_not_in_post(name):
    file = read_sheets_of({"DS": [HEAD, TITLE, PLAIN, DO], name: [TITLE, PLAIN, PAO, MY, ("Cộng: 2",)]})
    assert names(file) == ["Giàng A Dơ"]
    assert [(notice.sheet, notice.row, notice.code, notice.severity) for notice in file.layout.notices] == [
        (name, row, "left_post", "warning") for row in (3, 4)
    ]
    assert all(total.declared == total.counted for total in file.layout.totals)


@pytest.mark.parametrize(
    "text",
    [
        "Dự kiến nghỉ hưu 2016", "Sắp nghỉ hưu", "Cán bộ đến tuổi nghỉ hưu", "Công chức chuyên ngành", "Giám đốc",
        "Danh sách tăng, giảm", "DS cán bộ", "Đề nghị thôi việc", "Chuyên môn", "Nghị quyết", "Kế hoạch nghỉ hưu",
        "Cán bộ giám sát",
    ],
)  # fmt: skip
def test_who_is_going_to_leave_has_not_left(text):
    assert not tells_of_leavers(text)


@pytest.mark.parametrize("row", ["Cán bộ đã nghỉ hưu", "C. Nghỉ việc trong năm", "Chuyển công tác", "* Đã thôi việc"])
def test_a_group_of_leavers_ends_with_the_next_group(row):
    file = read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, (row,), PAO, ("II", "Xã Cốc Ly"), MY)
    assert places(file) == ["Xã Bản Phố", "Xã Cốc Ly"]
    assert told(file) == [(6, "left_post")]


def test_a_reason_for_leaving_says_that_a_person_has_left():
    file = read(HEAD, TITLE, (*PLAIN, "Lý do nghỉ"), (*DO, None), (*PAO, "Nghỉ hưu từ 1/11/2015"), (*MY, "-"))
    assert names(file) == ["Giàng A Dơ", "Vàng Thị Mỷ"]
    assert told(file) == [(5, "left_post")]
