"""Text of TCVN3 and VNI: every letter of the charts, by font and by words, and nothing else is touched.

The charts stand here as domain experts write them, apart from the tables of the product.
"""

import unicodedata
from io import BytesIO

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from cadres.roster.encodings import TCVN3, VNI, encoding_of_font, is_syllable, to_unicode
from cadres.roster.reading import Sheet, read_sheets
from tests.cadres.workbooks import content_of

TCVN3_CHART = """
µ¸¶·¹ àáảãạ  ¨»¾¼½Æ ăằắẳẵặ  ©ÇÊÈÉË âầấẩẫậ  ® đ  ÌÐÎÏÑ èéẻẽẹ  ªÒÕÓÔÖ êềếểễệ  ×ÝØÜÞ ìíỉĩị  ßãáâä òóỏõọ
«åèæçé ôồốổỗộ  ¬êíëìî ơờớởỡợ  ïóñòô ùúủũụ  \u00adõøö÷ù ưừứửữự  úýûüþ ỳýỷỹỵ  ¡¢§£¤¥¦ ĂÂĐÊÔƠƯ
"""
VNI_CHART = """
aø aù aû aõ aï àáảãạ  aê aè aé aú aü aë ăằắẳẵặ  aâ aà aá aå aã aä âầấẩẫậ  ñ đ  eø eù eû eõ eï èéẻẽẹ
eâ eà eá eå eã eä êềếểễệ  ì í æ ó ò ìíỉĩị  oø où oû oõ oï òóỏõọ  oâ oà oá oå oã oä ôồốổỗộ
ô ôø ôù ôû ôõ ôï ơờớởỡợ  uø uù uû uõ uï ùúủũụ  ö öø öù öû öõ öï ưừứửữự  yø yù yû yõ î ỳýỷỹỵ
"""

ROSTER = [
    ["TT", "Họ và tên", "Năm sinh", "Dân tộc", "Chức vụ, chức danh", "Trình độ chuyên môn", "Số CMND"],
    [1.0, "Giàng A Dơ", 1979.0, "Mông", "Bí thư Đảng ủy", "Đại học Luật", "063914612"],
    [2.0, "Lê Thị Mỷ", "05/8/1981", "Kinh", "Chủ tịch Hội LHPN", "Trung cấp", "010181000001"],
    [3.0, "Lù Seo Lìn", "8/1975", "Nùng", "Chỉ huy trưởng quân sự", "Sơ cấp", "063914614"],
    [4.0, "Vàng Thị Hà", 1990.0, "Giáy", "Văn hóa - xã hội", "", "063914615"],
    [5.0, "Lý Văn Mỵ", 1984.0, "Dao", "Văn phòng - thống kê", "ĐH Kế toán", "063914616"],
]


def vni_pairs() -> list[tuple[str, str]]:
    """(code, letter) for the small letters of the chart."""
    pairs, codes = [], []
    for word in VNI_CHART.split():
        if all(unicodedata.normalize("NFD", char)[0] in "aeiouyđd" and len(word) > 2 for char in word) or word == "đ":
            pairs += zip(codes, word, strict=True)
            codes = []
        else:
            codes.append(word)
    return pairs


TO_TCVN3 = {
    letter: code for codes, letters in zip(TCVN3_CHART.split()[::2], TCVN3_CHART.split()[1::2], strict=True)
    for code, letter in zip(codes, letters, strict=True)
}  # fmt: skip
TO_VNI = {letter: code for code, letter in vni_pairs()} | {letter.upper(): code.upper() for code, letter in vni_pairs()}


def written(text: str, table: dict[str, str]) -> str:
    """The text as a typist with that font has left it in the file."""
    return "".join(table.get(char, char) for char in text)


def in_encoding(rows: list[list], table: dict[str, str]) -> list[list]:
    return [[written(cell, table) if isinstance(cell, str) else cell for cell in row] for row in rows]


def saved(rows: list[list], font: str = "", columns: str = "") -> bytes:
    """An .xlsx of the rows, in the font (of the columns named, else everywhere)."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append([None if cell == "" else cell for cell in row])
    for cells in workbook.active.iter_rows():
        for cell in cells:
            if font and (not columns or cell.column_letter in columns):
                cell.font = Font(name=font)
    return content_of(workbook)


def read_one(content: bytes, name: str = "a.xlsx") -> Sheet:
    (sheet,) = read_sheets(name, content)
    return sheet


def test_every_letter_of_tcvn3_is_converted():
    assert len(TO_TCVN3) == 74
    for letter, code in TO_TCVN3.items():
        assert to_unicode(code, TCVN3) == letter


def test_every_letter_of_vni_is_converted_small_and_capital():
    assert len(TO_VNI) == 134
    for letter, code in TO_VNI.items():
        assert to_unicode(code, VNI) == letter
    assert to_unicode("Aùnh", VNI) == "Ánh"  # a capital with the mark of a small letter


def test_fonts_tell_the_encoding():
    fonts = {".VnTime": TCVN3, ".VnArialH": TCVN3, ".vntime": TCVN3, "VNI-Times": VNI, "VNI Helve": VNI}
    assert {font: encoding_of_font(font) for font in fonts} == fonts
    assert not any(map(encoding_of_font, ("Times New Roman", "Vni", "Arial", "")))


@pytest.mark.parametrize(("font", "table", "encoding"), [(".VnTime", TO_TCVN3, TCVN3), ("VNI-Times", TO_VNI, VNI)])
def test_a_roster_typed_in_an_old_font_is_read_as_unicode(font, table, encoding):
    sheet = read_one(saved(in_encoding(ROSTER, table), font))
    assert sheet.rows == ROSTER
    assert sheet.converted == encoding


@pytest.mark.parametrize(("table", "encoding"), [(TO_TCVN3, TCVN3), (TO_VNI, VNI)])
def test_without_a_font_the_words_tell(table, encoding):
    sheet = read_one(saved(in_encoding(ROSTER, table)))
    assert sheet.rows == ROSTER
    assert sheet.converted == encoding


@pytest.mark.parametrize("font", ["", ".VnTime", "VNI-Times"])
def test_good_unicode_is_not_touched_whatever_the_font_says(font):
    sheet = read_one(saved(ROSTER, font))
    assert sheet.rows == ROSTER
    assert sheet.converted == ""


def test_a_column_of_names_alone_does_not_lie_under_an_old_font():
    names = [["Họ và tên"], ["Lê Văn Tý"], ["Tô Hà"], ["Vũ Thị Lệ"], ["Đỗ Lê"]]
    assert read_one(saved(names, ".VnTime")).rows == names


def test_rows_of_both_kinds_in_one_sheet_are_told_apart():
    rows = ROSTER + in_encoding(ROSTER[1:], TO_TCVN3)
    sheet = read_one(saved(rows))
    assert sheet.rows == ROSTER + ROSTER[1:]


def test_columns_in_different_fonts_are_told_apart():
    rows = [[written(row[1], TO_TCVN3), row[3], written(row[4], TO_VNI)] for row in ROSTER]
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for column, font in (("A", ".VnTime"), ("C", "VNI-Times")):
        for cell in workbook.active[column]:
            cell.font = Font(name=font)
    sheet = read_one(content_of(workbook))
    assert sheet.rows == [[row[1], row[3], row[4]] for row in ROSTER]
    assert sheet.converted == "TCVN3, VNI"


def test_a_font_of_capitals_gives_capitals():
    rows = [["x· b¶n phè", "giµng a d¬"], ["huyÖn B¾c Hµ", "lao cai"]]
    sheet = read_one(saved(rows, ".VnTimeH"))
    assert sheet.rows == [["XÃ BẢN PHỐ", "GIÀNG A DƠ"], ["HUYỆN BẮC HÀ", "LAO CAI"]]


@pytest.mark.parametrize(("font", "table", "encoding"), [(".VnTime", TO_TCVN3, TCVN3), ("VNI-Times", TO_VNI, VNI)])
def test_an_xls_typed_in_an_old_font_is_read_as_unicode(font, table, encoding):
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Xa")
    style = xlwt.easyxf(f"font: name {font}")
    for row, cells in enumerate(in_encoding(ROSTER, table)):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, style)
    stream = BytesIO()
    workbook.save(stream)
    sheet = read_one(stream.getvalue(), "cu.xls")
    assert sheet.rows == ROSTER
    assert sheet.converted == encoding


@pytest.mark.parametrize("table", [TO_TCVN3, TO_VNI])
def test_a_csv_of_bytes_in_an_old_encoding_is_read_as_unicode(table):
    text = "\n".join(";".join(str(cell) for cell in row) for row in in_encoding(ROSTER, table))
    sheet = read_one(text.encode("latin-1"), "cu.csv")
    assert sheet.rows == [[str(cell) for cell in row] for row in ROSTER]


def test_words_of_other_languages_are_not_converted():
    rows = [["Ghi chú"], ["café"], ["Müller"], ["São Paulo"], ["25°C"], ["®"], ["5 µm"], ["naïve"], ["Đạt"]]
    assert read_one(saved(rows)).rows == rows


def test_decomposed_text_comes_out_composed():
    rows = [[unicodedata.normalize("NFD", cell) if isinstance(cell, str) else cell for cell in row] for row in ROSTER]
    sheet = read_one(saved(rows))
    assert sheet.rows == ROSTER
    assert sheet.converted == ""


NAMES = "Nguyễn Phùng Thào Sùng Chẩu Lềnh Phàn Lở Mẩy Tẩn Sử Lừu Giếng Hoà Thuỷ Thủy quý khuỷu Đặng Hoàng"
SYLLABLES = sorted({*NAMES.split(), *(cell for row in ROSTER for cell in row if isinstance(cell, str) and cell)})
assert all(map(is_syllable, NAMES.split()))


@given(st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4), min_size=4, max_size=12))
def test_any_names_survive_both_encodings_and_none(lines):
    names = [" ".join(words) for words in lines]
    header = ["Họ và tên", "Chức vụ"]
    rows = [header, *([name, "Chủ tịch Hội Cựu chiến binh"] for name in names)]
    for table in ({}, TO_TCVN3, TO_VNI):
        assert read_one(saved(in_encoding(rows, table))).rows == rows
