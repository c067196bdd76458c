"""Whose commune a row is of: group rows, titles, sheet names and footers, in every way in which districts write them.

What names a unit and is not understood never leaves its people to the unit above.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadres.roster.batch import ReadFile, read_file
from tests.cadres.workbooks import sheet_of

DAY = date(2015, 12, 31)
pytestmark = pytest.mark.django_db

PLAIN = ("TT", "Họ và tên", "Năm sinh", "Dân tộc", "Chức vụ")
DO = (1, "Giàng A Dơ", 1979, "Mông", "Chủ tịch UBND")
PAO = (2, "Giàng A Páo", 1980, "Mông", "Phó Chủ tịch UBND")
MY = (3, "Vàng Thị Mỷ", 1981, "Mông", "Văn phòng - thống kê")
HEAD = ("UBND HUYỆN BẮC HÀ",)


def read(*rows: tuple[Any, ...], name: str = "DS", merged: tuple[str, ...] = (), unit: str = "085") -> ReadFile:
    return read_file("a.xlsx", sheet_of(rows, name=name, merged=merged), as_of=DAY, unit_code=unit)


def places(file: ReadFile) -> list[str]:
    """Of each person the commune, or what keeps the row from being taken in."""
    return [
        unit.name
        if stated.unit and (unit := file.dictionaries.unit_on(stated.unit, DAY))
        else next(issue.code for issue in stated.issues if issue.severity == "error")
        for stated in file.statements
    ]


def told(file: ReadFile) -> list[tuple[int | None, str]]:
    return [(notice.row, notice.code) for notice in file.layout.notices]


COC_LY = [
    ("UBND xã Cốc Ly",),
    ("II", "UBND xã Cốc Ly"),
    ("II", "Xã Cốc Ly"),
    (None, "II. XÃ CỐC LY"),
    ("II. XÃ CỐC LY",),
    ("II/", "Xã Cốc Ly"),
    ("II/ Xã Cốc Ly",),
    ("(II)", "Xã Cốc Ly"),
    ("(II) Xã Cốc Ly",),
    ("II-", "Cốc Ly"),
    ("II- Cốc Ly",),
    ("II.", "Đơn vị: Xã Cốc Ly"),
    ("Đơn vị: Cốc Ly",),
    ("Đơn vị:", "Cốc Ly"),
    ("Đơn vị", "UBND xã Cốc Ly"),
    (None, "Đơn vị công tác: UBND xã Cốc Ly"),
    ("Tên đơn vị: Xã Cốc Ly",),
    ("2.1. Xã Cốc Ly",),
    ("2.1", "Xã Cốc Ly"),
    ("1.2) Xã Cốc Ly",),
    ("b) Xã Cốc Ly",),
    ("B.", "Xã Cốc Ly"),
    ("B - Cốc Ly",),
    ("2", "Xã Cốc Ly"),
    (2, "Cốc Ly"),
    ("2 Xã Cốc Ly",),
    ("* Xã Cốc Ly",),
    ("*", "Xã Cốc Ly"),
    (None, "+ Xã Cốc Ly"),
    (None, "- Xã Cốc Ly"),
    (None, "• Cốc Ly"),
    (None, "– Xã Cốc Ly:"),
    ("Xã: Cốc Ly",),
    ("Xã:", "Cốc Ly"),
    ("Xã Cốc Ly KV III",),
    ("II", "Xã Cốc Ly", "KV III"),
    ("Xã Cốc Ly (khu vực III)",),
    ("Xã Cốc Ly - khu vực 3",),
    ("Xã Cốc Ly, vùng 3",),
    ("Xã Cốc Ly (KV3): 1 người",),
    ("Xã Cốc Ly (xã loại 1)",),
    ("Xã Cốc Ly - xã đặc biệt khó khăn",),
    ("Xã Cốc Ly 1 người",),
    ("II", "Xã Cốc Ly", "1 người"),
    ("II", "Xã Cốc Ly", 1),
    ("Xã Cốc Ly: 1",),
    ("Xã Cốc Ly = 1",),
    ("Xã Cốc Ly có 1 đ/c",),
    ("Xã Cốc Ly gồm 01 đồng chí",),
    ("Xã Cốc Ly (1 người, trong đó nữ 0)",),
    ("Xã Cốc Ly, biên chế 22",),
    ("Xã Cốc Ly (biên chế giao 22)",),
    ("Đảng ủy - HĐND - UBND xã Cốc Ly",),
    ("Đảng ủy, HĐND, UBND, UBMTTQ xã Cốc Ly",),
    ("Đảng bộ xã Cốc Ly",),
    ("Ủy ban nhân dân xã Cốc Ly",),
    ("Cán bộ xã Cốc Ly",),
    ("Cán bộ, công chức xã Cốc Ly",),
    ("Danh sách cán bộ xã Cốc Ly năm 2015",),
    ("Xã Cốc Ly (huyện Bắc Hà)",),
    ("Cốc Ly (Bắc Hà)",),
    ("Xã Cốc Ly, huyện Bắc Hà",),
    ("Xã Cốc Ly - Bắc Hà",),
    ("XA COC LY",),
    ("xa coc ly",),
    ("X. Cốc Ly",),
    ("UBND X.Cốc Ly",),
    ("CỐC LY",),
    ("Coc Ly",),
    ("CocLy",),
    ("Xã\u00a0Cốc\u00a0Ly",),
    ("\u200bXã Cốc Ly\u200b",),
    ("Xã Cốc\u00adLy",),
    ("\u202aXã Cốc Ly\u202c",),
    ("\ufeffXã Cốc Ly",),
    ("Xã Cốc Ly",) * 5,
    (None, None, None, None, "Xã Cốc Ly"),
    (None, None, "Xã Cốc Ly"),
    ("Xã Cốc Ly:",),
    ("Xã Cốc Ly (tiếp theo)",),
    ("1. Bí thư Đảng ủy xã Cốc Ly",),
]


@pytest.mark.parametrize("row", COC_LY, ids=lambda row: " | ".join(str(cell or "") for cell in row))
def test_people_below_a_group_row_are_of_the_commune_that_it_names(row):
    file = read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, row, PAO)
    assert places(file) == ["Xã Bản Phố", "Xã Cốc Ly"]
    assert told(file) == []
    assert all(total.declared == total.counted for total in file.layout.totals)


@pytest.mark.parametrize(
    "row",
    [
        "Thị trấn Bắc Hà", "TT. Bắc Hà", "TT Bắc Hà", "* Thị trấn Bắc Hà", "UBND thị trấn Bắc Hà",
        "III. Thị trấn Bắc Hà (5)", "UBND TT Bắc Hà", "THI TRAN BAC HA", "T.Trấn Bắc Hà",
    ],
)  # fmt: skip
def test_a_township_may_bear_the_name_of_its_district(row):
    file = read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, (row,), PAO)
    assert places(file) == ["Xã Bản Phố", "Thị trấn Bắc Hà"]


@pytest.mark.parametrize(
    "row",
    [
        ("UBND xã Hoang Tưởng",),
        ("II", "Xã Hoang Tưởng"),
        ("Đơn vị: Xã Hoang Tưởng",),
        ("II. XÃ HOANG TƯỞNG (12 người)",),
        ("* Phường Hoang Tưởng",),
        ("II", "Hoang Tưởng"),  # marked as `I`, which was a commune
        ("II. Hoang Tưởng",),
        ("Xã Cốc Ly và xã Nậm Lúc",),
        ("XA HOANG TUONG",),
        ("Thị trấn Hoang Tưởng",),
        ("2. Cán bộ xã Hoang Tưởng",),
    ],
    ids=" | ".join,
)
def test_a_unit_that_is_not_understood_leaves_nobody_to_the_unit_above(row):
    file = read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, row, PAO, MY)
    first, *others = places(file)
    assert first == "Xã Bản Phố"
    assert len(others) == 2
    assert set(others) <= {"unknown_commune", "ambiguous_commune"}
    (issue,) = [issue for issue in file.statements[1].issues if issue.severity == "error"]
    assert row[-1] in issue.message


@pytest.mark.parametrize(
    "row", ["Xã Pha Long (huyện Mường Khương)", "Xã Pha Long", "Pha Long, huyện Mường Khương", "UBND xã Pha Long"]
)
def test_a_commune_of_another_district_is_not_taken_for_one_of_this(row):
    file = read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, ("II", row), PAO)
    assert places(file)[1] in ("outside_unit", "unknown_commune")
    file = read(PLAIN, ("I", "Xã Bản Phố"), DO, ("II", row), PAO, unit="")
    assert places(file) == ["Xã Bản Phố", "Xã Pha Long"]


def test_a_name_without_the_word_for_its_kind_must_have_its_marks_right():
    file = read(HEAD, PLAIN, ("Xã Bản Phố",), DO, ("Văn hóa",), PAO)  # not Vạn Hoà
    assert places(file) == ["Xã Bản Phố", "Xã Bản Phố"]


def test_a_group_row_may_be_merged_over_the_table():
    file = read(HEAD, PLAIN, ("Xã Bản Phố",), DO, ("UBND xã Cốc Ly",), PAO, merged=("A3:E3", "A5:E5"))
    assert places(file) == ["Xã Bản Phố", "Xã Cốc Ly"]


@pytest.mark.parametrize(
    "row",
    [
        ("A. Cán bộ",), ("B", "Công chức"), ("Cán bộ xã",), ("Cán bộ cấp xã",), ("Công chức chuyên môn",),
        ("Cơ quan Đảng, Mặt trận Tổ quốc",), ("I", "Các cơ quan tham mưu của Đảng ủy"),
        ("B. Cơ quan chuyên môn thuộc UBND",),
        ("Khối Đảng",), ("Khối đoàn thể",), ("Cán bộ chuyên trách",), ("Những người hoạt động không chuyên trách",),
        ("Lãnh đạo",), ("Đảng ủy",), ("UBND",), ("1. Chủ tịch UBND",), ("Các hội, đoàn thể",), ("* Công chức",),
        ("Văn hóa - xã hội",), ("II. Công chức",),
    ],
)  # fmt: skip
def test_kinds_of_staff_stay_within_their_commune(row):
    file = read(HEAD, PLAIN, ("Xã Bản Phố",), DO, row, PAO)
    assert places(file) == ["Xã Bản Phố", "Xã Bản Phố"]
    assert told(file) == []


def test_a_letterhead_at_the_head_of_a_page_ends_no_commune():
    file = read(
        HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, (), (HEAD[0], None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("PHÒNG NỘI VỤ", None, None, "Độc lập - Tự do - Hạnh phúc"), HEAD, PAO,
    )  # fmt: skip
    assert places(file) == ["Xã Bản Phố", "Xã Bản Phố"]


SHEETS = [
    "UBND xã Bản Phố", "DS Bản Phố", "Danh sách Bản Phố", "1. Bản Phố", "Bản Phố (2)", "xã Bản Phố 2015", "BanPho",
    "X.Bản Phố", "DS cán bộ, công chức xã Bản Phố", "Bản Phố_1", "01_Bản Phố", "BẢN PHỐ 31.12.2015", "02866 Bản Phố",
    "CBCC Bản Phố",
    "Bản Phố - 2015", "XaBanPho", "xa_ban_pho", "2 Bản Phố", "Bản Phố CBCC",
]  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_may_be_named_after_its_commune(name):
    assert places(read(HEAD, PLAIN, DO, name=name)) == ["Xã Bản Phố"]


@pytest.mark.parametrize(
    ("name", "commune"),
    [
        ("Danh sach can bo cong chuc Ban Ph"[:31], "missing_commune"),
        ("Danh sách cán bộ, CC xã Lùng Ph", "Xã Lùng Phình"),
        ("DS trích ngang CBCC xã Tả Van C", "Xã Tả Van Chư"),
        ("Xã Hoang Tưởng", "unknown_commune"),
        ("Bắc Hà", "missing_commune"),
        ("Sheet1", "missing_commune"),
        ("Xã 1", "missing_commune"),
    ],
)
def test_the_name_of_a_sheet_that_excel_cut_off_is_understood_where_it_can_be(name, commune):
    assert places(read(HEAD, PLAIN, DO, name=name)) == [commune]


@pytest.mark.parametrize(
    "rows",
    [
        (("DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẢN PHỐ",),),
        (("Đơn vị: UBND xã Bản Phố",),),
        (("Đơn vị: Bản Phố",),),
        (("Đơn vị:", None, "Bản Phố"),),
        (("Xã: Bản Phố",),),
        (("Xã:", "Bản Phố"),),
        ((None, None, None, "UBND XÃ BẢN PHỐ"),),
        (("Huyện:", "Bắc Hà"), ("Xã:", "Bản Phố")),
        (("DANH SÁCH",), ("cán bộ, công chức xã Bản Phố, huyện Bắc Hà",)),
        (("ĐẢNG BỘ XÃ BẢN PHỐ",), ("DANH SÁCH CẤP ỦY XÃ BẢN PHỐ",)),
        (("UBND X. BẢN PHỐ",),),
        (("THỐNG KÊ SỐ LƯỢNG, CHẤT LƯỢNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",), ("Xã Bản Phố (KV III)",)),
    ],
)
def test_the_title_may_name_the_commune(rows):
    assert places(read(HEAD, *rows, PLAIN, DO)) == ["Xã Bản Phố"]


@pytest.mark.parametrize(
    "row",
    [
        ("TM. UBND XÃ BẢN PHỐ",), (None, None, None, "T/M UBND XÃ BẢN PHỐ"), ("XÁC NHẬN CỦA UBND XÃ BẢN PHỐ",),
        ("Người lập", None, None, "KT. CHỦ TỊCH UBND XÃ BẢN PHỐ"),
    ],
)  # fmt: skip
def test_the_seal_below_a_list_names_its_commune_where_nothing_above_does(row):
    assert places(read(HEAD, PLAIN, DO, PAO, (), row)) == ["Xã Bản Phố", "Xã Bản Phố"]
    file = read(HEAD, PLAIN, ("Xã Cốc Ly",), DO, PAO, (), row)
    assert places(file) == ["Xã Cốc Ly", "Xã Cốc Ly"]


def test_of_two_communes_in_the_title_none_is_taken():
    for titles in ([("DANH SÁCH CÁN BỘ XÃ BẢN PHỐ VÀ XÃ CỐC LY",)], [("UBND XÃ BẢN PHỐ",), ("CÁN BỘ XÃ CỐC LY",)]):
        assert places(read(HEAD, *titles, PLAIN, DO)) == ["ambiguous_commune"]


MARKS = ["", "I. ", "II/ ", "(III) ", "II- ", "2.1. ", "1.2) ", "a) ", "B. ", "* ", "+ ", "- ", "• "]
LABELS = [
    "", "Xã ", "XÃ ", "xa ", "UBND xã ", "Đơn vị: Xã ", "Đơn vị công tác: UBND xã ", "Đảng bộ xã ", "X. ", "Xã: ",
    "Đảng ủy - HĐND - UBND xã ", "Cán bộ xã ",
]  # fmt: skip
NAMES = ["Cốc Ly", "CỐC LY", "Nậm Lúc", "Tả Van Chư", "Hoang Tưởng", "Coc Ly", "Lùng Phình"]
REMARKS = [
    "", ":", " KV III", " (khu vực III)", " - vùng 3", " (22 người)", ": 22", " = 22", " có 22 đ/c", ", biên chế 22",
    " (huyện Bắc Hà)", ", huyện Bắc Hà", " năm 2015",
]  # fmt: skip
INVISIBLE = ["", "\u200b", "\u00a0", "\u00ad", "\u202a", "\ufeff"]
texts = st.tuples(*map(st.sampled_from, (MARKS, LABELS, NAMES, REMARKS, INVISIBLE)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=texts, column=st.integers(0, 4), is_apart=st.booleans())
def test_nobody_below_a_row_that_names_another_unit_is_of_the_unit_above(text, column, is_apart):
    mark, label, name, remark, unseen = text
    row: list[str | None] = [None] * 5
    row[column] = f"{unseen}{label}{name}{remark}{unseen}"
    if is_apart and mark and column:
        row[column - 1] = mark.strip()
    else:
        row[column] = f"{mark}{row[column]}"
    if name == "Hoang Tưởng" and not label:
        return  # a name that nobody knows and nothing says is a unit's
    first, *others = places(read(HEAD, PLAIN, ("I", "Xã Bản Phố"), DO, tuple(row), PAO, MY))
    assert (first, len(others)) == ("Xã Bản Phố", 2)
    assert "Xã Bản Phố" not in others
    if name != "Hoang Tưởng":
        assert "unknown_commune" not in others
