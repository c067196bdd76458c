"""Reading: both samples and both hand-made workbooks come out as they were written, and bad files say what is wrong."""

import unicodedata
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlwt
from openpyxl import Workbook

from cadres.roster import reading
from cadres.roster.batch import ReadFile, read_file
from cadres.roster.reading import UnreadableFileError, read_sheets
from cadres.roster.statements import to_iso
from cadres.text import TONES, protect_from_formula, strip_apostrophe
from tests.cadres.test_hostile_files import SHEET, xlsx
from tests.cadres.workbooks import TRUTH_B, content_of, flat, layout_b, layout_c

DATA = Path(__file__).parent.parent / "data"
pytestmark = pytest.mark.django_db


def read(content: bytes, name: str = "danh-sach.xlsx", **options) -> ReadFile:
    return read_file(name, content, **options)


def unit_name(file: ReadFile, unit: int | None) -> str:
    entry = file.dictionaries.unit_on(unit, file.day) if unit else None
    return entry.name if entry else ""


def codes(file: ReadFile) -> Counter:
    return Counter((issue.severity, issue.code, issue.field) for stated in file.statements for issue in stated.issues)


def test_the_district_list_of_bac_ha_is_read_to_the_last_row():
    file = read((DATA / "bac-ha-2015.xlsx").read_bytes())
    assert file.day == date(2015, 12, 31)
    assert len(file.statements) == 468
    assert len({stated.unit for stated in file.statements}) == 21
    assert codes(file) == Counter()
    # 21 communes with a number in the group row and a subtotal each, and the grand total
    assert len(file.layout.totals) == 43
    assert all(total.declared == total.counted for total in file.layout.totals)
    first, last = file.statements[0], file.statements[-1]
    assert (first.row, first.full_name, to_iso(first.birth), first.sex) == (12, "Ly Quang Lềnh", "1987-05-14", "M")
    assert (last.row, last.full_name, unit_name(file, last.unit)) == (582, "Tráng Mò Xó", "Xã Bản Cái")
    assert last.field_of_study == "Nông nghiệp"


def test_the_flat_list_of_muong_khuong_is_read_to_the_last_row():
    file = read((DATA / "muong-khuong-2015.xlsx").read_bytes())
    assert (len(file.statements), codes(file)) == (357, Counter())
    assert [(total.row, total.declared, total.counted) for total in file.layout.totals] == [(413, 357, 357)]
    first = file.statements[0]
    assert (first.full_name, first.identifier, to_iso(first.appointed)) == ("Bùi Hữu Hòa", "063914612", "2011-09-16")
    assert (first.positions, first.levels["education"], first.study_mode) == (["BT_DU"], "THPT", "")


def test_layout_b_is_understood_person_by_person():
    file = read(layout_b())
    assert file.day == date(2015, 12, 31)
    assert len(file.statements) == 7
    for stated in file.statements[:5]:
        row, commune, birth, sex, positions, levels = TRUTH_B[stated.full_name]
        assert (stated.row, unit_name(file, stated.unit), to_iso(stated.birth)) == (row, commune, birth)
        assert (stated.sex, stated.positions, stated.levels) == (sex, positions, levels)
    secretary, _, _, _, _, first_namesake, second_namesake = file.statements
    assert (secretary.field_of_study, secretary.study_mode) == ("Kinh tế", "Tại chức")
    assert (secretary.is_party_member, to_iso(secretary.party_joined)) == (True, "2001-02-03")
    assert (to_iso(first_namesake.birth), to_iso(second_namesake.birth)) == ("1983-12-24", "1983")
    assert [(total.declared, total.counted) for total in file.layout.totals] == [(4, 4), (4, 4), (3, 3), (3, 3), (7, 7)]


def test_an_unknown_level_is_a_warning_and_stays_unknown():
    file = read(layout_b())
    chief = file.statements[5]
    assert [(issue.severity, issue.code, issue.field) for issue in chief.issues] == [
        ("warning", "unknown_level", "professional")
    ]
    assert "professional" not in chief.levels
    assert not chief.is_rejected


def test_layout_c_is_understood_and_its_errors_are_found():
    file = read(layout_c())
    assert len(file.statements) == 5
    teacher, chairman, deputy, nowhere, broken = file.statements
    assert (teacher.full_name, teacher.identifier, teacher.zone) == ("Hoàng Thị Liên", "063123456", 2)
    assert (teacher.field_of_study, teacher.study_mode, teacher.facts["religion"]) == ("Luật", "Tại chức", "Không")
    assert unit_name(file, chairman.unit) == "Thị trấn Khánh Yên"
    assert chairman.identifier == "063123457"
    assert [(issue.severity, issue.code) for issue in chairman.issues] == [("warning", "repaired_identifier")]
    assert (unit_name(file, deputy.unit), deputy.levels["professional"]) == ("Xã Sín Chéng", "CDT")
    assert [(issue.severity, issue.field, issue.column) for issue in nowhere.issues] == [("error", "commune", "Xã")]
    assert {(issue.severity, issue.code) for issue in broken.issues} == {
        ("error", "invalid_date"),
        ("error", "unknown_position"),
    }
    assert [(total.declared, total.counted) for total in file.layout.totals] == [(6, 5)]


def test_what_excel_numbers_is_the_row_number_even_below_blank_rows():
    workbook = Workbook()
    sheet = workbook.active
    for column, title in enumerate(("STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã"), start=2):
        sheet.cell(30, column, title)
    for column, value in enumerate((1, "Giàng A Dơ", 1979, "Chủ tịch UBND", "Bản Phố"), start=2):
        sheet.cell(47, column, value)
    file = read(content_of(workbook), as_of=date(2015, 12, 31))
    assert [stated.row for stated in file.statements] == [47]


@pytest.mark.parametrize("row", ['r="2" hidden="1"', "hidden='true' r='2'", 'r="2" ht="9" hidden="1" s="0"'])
def test_a_hidden_row_is_told_in_whatever_order_its_attributes_are(row):
    cells = "".join(f'<row {told}><c t="str"><v>a</v></c></row>' for told in ('r="1"', row, 'r="3" hidden="0"'))
    (sheet,) = read_sheets("a.xlsx", xlsx(SHEET % cells.encode()))
    assert (len(sheet.rows), sheet.hidden_rows) == (3, frozenset({1}))


def test_a_hidden_row_counts_with_a_remark_and_a_hidden_column_is_read():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã", "Dân tộc"])
    sheet.append([1, "Giàng A Dơ", 1979, "Chủ tịch UBND", "Bản Phố", "Mông"])
    sheet.append([2, "Giàng A Páo", 1980, "Phó Chủ tịch UBND", "Bản Phố", "Mông"])
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["F"].hidden = True
    file = read(content_of(workbook), as_of=date(2015, 12, 31))
    assert [[issue.code for issue in stated.issues] for stated in file.statements] == [[], ["hidden_row"]]
    assert [stated.ethnic_group for stated in file.statements] == ["08", "08"]


def test_a_group_row_of_an_unknown_commune_takes_its_people_from_the_one_above():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["TT", "Họ và tên", "Năm sinh", "Chức danh"])
    sheet.append(["I", "XÃ BẢN PHỐ"])
    sheet.append([1, "Giàng A Dơ", 1979, "Chủ tịch UBND"])
    sheet.append(["II", "XÃ KHÔNG CÓ"])
    sheet.append([2, "Giàng A Páo", 1980, "Chủ tịch UBND"])
    file = read(content_of(workbook), as_of=date(2015, 12, 31))
    assert [unit_name(file, stated.unit) for stated in file.statements] == ["Xã Bản Phố", ""]
    assert [issue.field for issue in file.statements[1].issues] == ["commune"]


def test_marks_below_levels_become_the_level():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["STT", "Họ và tên", "Năm sinh", "Chức danh", "Trình độ chuyên môn", None, None, "Tin học"])
    sheet.append([None, None, None, None, "SC", "TC", "Thạc sỹ-tiến sỹ", "Chứng chỉ A,B,C"])
    for column in "ABCD":
        sheet.merge_cells(f"{column}1:{column}2")
    sheet.merge_cells("E1:G1")
    sheet.append(["A", 1, 2, 3, 4, 5, 6, 7])
    sheet.append(["I", "Xã Bản Phố"])
    sheet.append([1, "Giàng A Dơ", 1979, "Chủ tịch UBND", None, "x", None, 1])
    sheet.append([2, "Giàng A Páo", 1980, "Phó Chủ tịch UBND", None, None, "x", None])
    file = read(content_of(workbook), as_of=date(2015, 12, 31))
    assert [stated.levels for stated in file.statements] == [
        {"professional": "TC", "it": "A"},
        {"professional": "THS"},
    ]


def test_a_commune_is_looked_up_on_the_day_and_in_the_district():
    content = flat({"Xã": "Thanh Bình"}, {"Xã": "Thanh Bình", "Huyện": "Mường Khương"})
    before = read(content, as_of=date(2015, 12, 31))
    assert [stated.is_rejected for stated in before.statements] == [True, False]
    after = read(flat({"Xã": "Thanh Bình", "Huyện": ""}), as_of=date(2020, 12, 31))
    assert [issue.code for issue in after.statements[0].issues] == ["ambiguous_commune"]


def test_a_csv_of_any_common_kind_is_read():
    text = "STT;Họ và tên;Năm sinh;Chức danh;Xã\n1;Giàng A Dơ;1979;Chủ tịch UBND;Xã Bản Phố\n"
    for content in (text.encode("utf-8-sig"), text.encode("utf-16"), text.replace(";", "\t").encode()):
        file = read(content, "danh-sach.csv", as_of=date(2015, 12, 31))
        assert [stated.full_name for stated in file.statements] == ["Giàng A Dơ"]


def test_the_apostrophe_before_a_formula_goes_on_and_comes_off():
    for text in ("=1+1", "+84", "-", "@x", "'=1", "''+1", "Giàng", "'Giàng'", ""):
        assert strip_apostrophe(protect_from_formula(text)) == text
    assert protect_from_formula("=cmd|' /C calc'!A0").startswith("'=")


# Bad input


def one_line(content: bytes, name: str = "danh-sach.xlsx", **options) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read(content, name, **options)
    message = str(caught.value)
    assert "\n" not in message
    assert name in message
    return message


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["Kế hoạch", "Tháng", "Tiền"]], id="no names"),
        pytest.param([["STT", "Họ và tên", "Năm sinh"], [1, "Giàng A Dơ", "1979"]], id="names and births alone"),
    ],
)
def test_a_file_without_a_roster_is_refused_in_one_line(rows):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    assert "không có danh sách" in one_line(content_of(workbook))


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Tính đến 15/6/2015", date(2015, 6, 15)),
        ("Tính đến tháng 6/2015", date(2015, 6, 30)),
        ("Số liệu đến tháng 02 năm 2016", date(2016, 2, 29)),
        ("Tính đến hết năm 2015", date(2015, 12, 31)),
    ],
)
def test_a_title_that_names_a_month_or_a_year_means_its_last_day(title, day):
    assert read(flat({}, title=title)).day == day


def test_a_roster_without_a_day_is_refused_in_one_line():
    assert "ngày số liệu" in one_line(flat({}, title="Danh sách năm 2015"))


def test_damaged_foreign_and_empty_files_are_refused_in_one_line():
    whole = layout_b()
    assert "hỏng" in one_line(whole[: len(whole) // 2])
    assert "bảng tính" in one_line(b"%PDF-1.4 ...", "quyet-dinh.pdf")
    assert "rỗng" in one_line(b"")
    assert "hỏng" in one_line(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "cu.xls")
    assert "hỏng" in one_line(b"PK\x03\x04 nothing")


def test_an_encrypted_workbook_asks_for_the_password_to_be_taken_off():
    encrypted = reading.OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    assert "mật khẩu" in one_line(encrypted)


def test_a_lost_cell_at_the_far_corner_does_not_eat_the_memory():
    workbook = Workbook()
    workbook.active["A1"] = "Họ và tên"
    workbook.active["XFD1048576"] = "x"
    (sheet,) = read_sheets("a.xlsx", content_of(workbook))
    assert (sheet.rows, sheet.strays) == ([["Họ và tên"]], ("XFD1048576",))


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 1000)
    assert "quá lớn" in one_line(layout_b())


def test_sheets_keep_text_as_text():
    workbook = Workbook()
    workbook.active.append(["063914612", 63914612, "1979"])
    (sheet,) = read_sheets("a.xlsx", content_of(workbook))
    assert sheet.rows[0] == ["063914612", 63914612.0, "1979"]


# .xls, .ods and text files as districts have them


def test_an_xls_keeps_identifiers_hidden_rows_and_merged_cells():
    book = xlwt.Workbook()
    book.add_sheet("Bìa").write(0, 0, "Bìa")
    sheet = book.add_sheet("Danh sách")
    sheet.write(0, 0, "Tính đến 31/12/2015")
    for column, title in enumerate(("STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã", "Số CMND", "Ngày vào Đảng")):
        sheet.write(2, column, title)
    sheet.write_merge(3, 4, 4, 4, "Bản Phố")
    a_day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for row, (name, born, post, number) in enumerate(
        (("Giàng A Dơ", 1979, "Chủ tịch UBND", "063914612"), ("Vàng Thị Mỷ", "8/1981", "VH-XH", "063914613")), start=3
    ):
        sheet.write(row, 0, row - 2)
        for column, value in ((1, name), (2, born), (3, post), (5, number)):
            sheet.write(row, column, value)
        sheet.write(row, 6, date(2001, 2, 3), a_day)
    sheet.row(4).hidden = True
    stream = BytesIO()
    book.save(stream)

    _, roster = read_sheets("cu.xls", stream.getvalue())
    assert roster.rows[1] == []
    assert roster.rows[3] == [1.0, "Giàng A Dơ", 1979.0, "Chủ tịch UBND", "Bản Phố", "063914612", date(2001, 2, 3)]
    assert (roster.hidden_rows, roster.merged) == (frozenset({4}), [(3, 4, 4, 4)])
    file = read(stream.getvalue(), "cu.xls")
    assert [stated.identifier for stated in file.statements] == ["063914612", "063914613"]
    assert [[issue.code for issue in stated.issues] for stated in file.statements] == [[], ["hidden_row"]]


def ods(*rows: str, sheets: str = "") -> bytes:
    """An OpenDocument workbook of one table with the given rows of XML."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'{sheets}<table:table table:name="Danh sách">{"".join(rows)}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def ods_row(*texts: str, attributes: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


def test_an_ods_keeps_row_numbers_identifiers_and_hidden_rows():
    blank = '<table:table-row table:number-rows-repeated="%d"><table:table-cell/></table:table-row>'
    content = ods(
        blank % 2,
        ods_row("Họ và tên", "Năm sinh", "Chức danh", "Xã", "Số CMND"),
        blank % 3,
        ods_row("Giàng A Dơ", "1979", "Chủ tịch UBND", "Bản Phố", "063914612", attributes='table:visibility="filter"'),
        ods_row("Giàng A Páo", "1980", "VH-XH", "Bản Phố", "063914613", attributes='table:visibility="collapse"'),
        ods_row("Giàng A Lử", "1981", "TC-KT", "Bản Phố", "063914614"),
        blank % 1_000_000,
        sheets='<table:table table:name="Bìa">' + ods_row("Bìa", attributes='table:visibility="collapse"')
        + "</table:table>",
    )  # fmt: skip
    _, sheet = read_sheets("a.ods", content)
    assert len(sheet.rows) == 9
    assert sheet.hidden_rows == {6, 7}
    file = read(content, "a.ods", as_of=date(2015, 12, 31))
    assert [(stated.row, stated.identifier) for stated in file.statements] == [
        (7, "063914612"), (8, "063914613"), (9, "063914614"),
    ]  # fmt: skip
    assert [len(stated.issues) for stated in file.statements] == [1, 1, 0]


def test_an_ods_tells_its_merged_cells():
    def cell(text: str, down: int, right: int) -> str:
        spans = f'table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"'
        return f'<table:table-cell {spans} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    covered = "<table:covered-table-cell/>"
    content = ods(
        f"<table:table-row>{cell('TT', 2, 1)}{cell('Năm sinh', 1, 2)}{covered}</table:table-row>",
        f"<table:table-row>{covered}{cell('Nam', 1, 1)}{cell('Nữ', 1, 1)}</table:table-row>",
    )
    (sheet,) = read_sheets("a.ods", content)
    assert sheet.rows == [["TT", "Năm sinh", ""], ["", "Nam", "Nữ"]]
    assert sheet.merged == [(0, 0, 1, 0), (0, 1, 0, 2)]


def test_a_formula_counts_by_its_stored_value_and_one_without_is_blank_and_told():
    workbook = Workbook()
    workbook.active.append(["Họ và tên", "=1+1", "=cmd|' /C calc'!A0", "Xã"])
    (sheet,) = read_sheets("a.xlsx", content_of(workbook))
    assert sheet.rows == [["Họ và tên", "", "", "Xã"]]
    assert sheet.formulas_without_value == 2
    stored = replaced(content_of(workbook), "<f>1+1</f><v></v>", "<f>1+1</f><v>7</v>")
    stored = replaced(stored, "<f>1+1</f><v />", "<f>1+1</f><v>7</v>")
    (sheet,) = read_sheets("a.xlsx", stored)
    assert sheet.rows == [["Họ và tên", 7.0, "", "Xã"]]
    assert sheet.formulas_without_value == 1


def replaced(content: bytes, old: str, new: str) -> bytes:
    """The workbook with a piece of its sheet's XML replaced."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(stream, "w", ZIP_DEFLATED) as after:
        for member in before.infolist():
            xml = before.read(member)
            after.writestr(member, xml.replace(old.encode(), new.encode()) if "sheet1" in member.filename else xml)
    return stream.getvalue()


TABLE = (
    "STT;Họ và tên;Năm sinh;Chức danh;Xã;Số CMND\n1;Giàng A Dơ;1979;Chủ tịch UBND;Xã Bản Phố;063914612\n"
    "2;Vàng Thị Mỷ;8/1981;Văn hóa - xã hội;Xã Bản Phố;010181000001\n"
)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
@pytest.mark.parametrize("head", ["", "sep=%s\n"])
def test_a_csv_of_every_encoding_and_delimiter_is_read(encoding, delimiter, head):
    text = (head % delimiter if head else "") + TABLE.replace(";", delimiter)
    content = cp1258(text) if encoding == "cp1258" else text.encode(encoding)
    (sheet,) = read_sheets("a.csv", content)
    assert sheet.rows == [line.split(";") for line in TABLE.splitlines()]


def cp1258(text: str) -> bytes:
    """As Windows-1258 has it: tones as marks of their own behind the letter, for it has few letters with tones."""
    pieces = []
    for char in text:
        try:
            pieces.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            letter, *marks = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in marks if mark in TONES)
            plain = unicodedata.normalize("NFC", letter + "".join(mark for mark in marks if mark != tone))
            pieces.append((plain + tone).encode("cp1258"))
    return b"".join(pieces)


def test_a_csv_in_code_page_1258_is_composed():
    (sheet,) = read_sheets("a.csv", cp1258("Họ và tên,Xã\nNguyễn Thị Thuỷ,Bản Phố\n"))
    assert sheet.rows == [["Họ và tên", "Xã"], ["Nguyễn Thị Thuỷ", "Bản Phố"]]
    assert sheet.converted == ""


def test_a_quoted_cell_may_hold_line_breaks_and_delimiters():
    (sheet,) = read_sheets("a.csv", 'Họ tên,"Chức vụ,\nchức danh"\r\nGiàng A Dơ,"CT ""UBND"""\r\n'.encode())
    assert sheet.rows == [["Họ tên", "Chức vụ,\nchức danh"], ["Giàng A Dơ", 'CT "UBND"']]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('Họ tên,Xã\n"Giàng A Dơ,Bản Phố\nVàng,Bản\n'.encode(), "ngoặc kép"),
        (b"a,b\n" + b"x" * 200_000, "ô quá dài"),
        (bytes(range(1, 256)) * 50, "bảng mã lạ"),
    ],
)
def test_a_csv_that_cannot_be_read_surely_is_refused(content, says):
    assert says in one_line(content, "a.csv")
