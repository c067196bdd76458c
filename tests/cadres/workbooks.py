# ruff: noqa: DTZ001 (cells of a workbook have no time zone)
"""Rosters made in memory, as districts type them: the hand-made workbooks of layout B and C, and small flat ones.

`TRUTH_B` and `TRUTH_C` say what the two hand-made workbooks hold, person by person, for tests to compare with.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from cadres.roster.columns import exported, roster_columns

FLAT = ("STT", "Huyện", "Xã", "Họ và tên", "Giới tính", "Ngày sinh", "Số CMND", "Dân tộc", "Chức danh")
CELLS, NAME = b"<!-- the cells -->", b'"Sheet"'


def in_words(number: int) -> str:
    """A number as a name may hold it: 12 → `Một Hai`."""
    digits = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")
    return " ".join(digits[int(digit)] for digit in str(number))


def exported_titles() -> list[str]:
    """The header of the flat export and of the template."""
    return [column.export for column in exported(roster_columns())]


def content_of(workbook: Workbook) -> bytes:
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def flat(
    *people: dict[str, Any],
    title: str = "Tính đến 31/12/2015",
    district: str = "Bắc Hà",
    without: Collection[str] = (),
) -> bytes:
    """A flat roster of people given by column title; what a row does not name is filled with something plain.

    Row 1 is the title, row 2 the header, people begin in row 3. The columns `without` are not there at all.
    """
    titles = list(FLAT) + [name for person in people for name in person if name not in FLAT]
    titles = [name for name in dict.fromkeys(titles) if name not in without]
    plain = {
        "Huyện": district, "Xã": "Bản Phố", "Giới tính": "Nam", "Ngày sinh": "05/08/1979", "Dân tộc": "Mông",
        "Chức danh": "Chủ tịch UBND",
    }  # fmt: skip
    rows: list[list[Any]] = [[title], titles]
    for number, person in enumerate(people, start=1):
        cells = {"STT": number, "Họ và tên": f"Giàng A Số {in_words(number)}"} | plain | person
        rows.append([cells.get(name) for name in titles])
    return sheet_of(rows)


def sheet_of(rows: Iterable[Iterable[Any]], *, name: str = "Sheet", merged: Collection[str] = ()) -> bytes:
    """A workbook with these values on its one sheet, as openpyxl would write it in twenty times the time."""
    written = "".join(
        f'<row r="{row}">{"".join(_cell(row, column, value) for column, value in enumerate(values, start=1))}</row>'
        for row, values in enumerate(rows, start=1)
    )
    spans = "".join(f'<mergeCell ref="{span}"/>' for span in merged)
    written = f"<sheetData>{written}</sheetData>" + (f"<mergeCells>{spans}</mergeCells>" if spans else "")
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for part, content in _parts().items():
            archive.writestr(part, content.replace(NAME, f'"{escape(name)}"'.encode()).replace(CELLS, written.encode()))
    return stream.getvalue()


@cache
def _parts() -> dict[str, bytes]:
    """The parts of a workbook with CELLS for its cells, of which those of style 1 are days, of style 2 moments."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet["A1"], sheet["A2"] = date(2015, 12, 31), datetime(2015, 12, 31)
    with ZipFile(BytesIO(content_of(workbook))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    head, _, rest = parts[name].partition(b"<sheetData>")
    head = re.sub(rb"<dimension [^>]*>", b"", head)
    return parts | {name: head + CELLS + rest.partition(b"</sheetData>")[2]}


def _cell(row: int, column: int, value: Any) -> str:
    if value is None:
        return ""
    name = f"{get_column_letter(column)}{row}"
    if isinstance(value, str):
        return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{name}" s="{1 + isinstance(value, datetime)}"><v>{to_excel(value)}</v></c>'
    return f'<c r="{name}"><v>{value}</v></c>'


# Layout B: district list with letterhead, births in two columns, commune group rows, totals


@cache
def layout_b() -> bytes:
    """Huyện Bảo Thắng, two communes, 7 people, dated in words; the second page repeats the header."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "BT 2015"
    sheet["A1"], sheet["H1"] = "UBND HUYỆN BẢO THẮNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    sheet["A2"], sheet["H2"] = "PHÒNG NỘI VỤ", "Độc lập - Tự do - Hạnh phúc"
    sheet["A4"] = "DANH SÁCH CÁN BỘ, CÔNG CHỨC CẤP XÃ NĂM 2015"
    sheet["A5"] = "(Tính đến ngày 31 tháng 12 năm 2015)"
    _header_b(sheet, 7)
    row = 9
    row = _row(sheet, row, "I", "XÃ GIA PHÚ (4 người)")
    row = _row(sheet, row, "A. Cán bộ")
    row = _row(
        sheet, row, 1, "Hoàng Văn Cộng", "5.8.79", None, "Tày", "BT kiêm CT HĐND", datetime(2015, 12, 12),
        "ĐHTC Kinh tế", "CC", "CV", "A", None, "x", "03/02/2001", None,
    )  # fmt: skip
    row = _row(sheet, row, 2, "Vàng Thị Mỷ", None, 1981, "Mông", "CT Hội LHPN", datetime(2015, 9, 12), "TC Luật", "TC")
    row = _row(sheet, row, "B. Công chức")
    row = _row(sheet, row, 3, "Tống Văn Nam", "8/1983", None, "Kinh", "TC-KT", "12/12", "ĐH Kế toán", "SC", None, "Có")
    row = _row(sheet, row, 4, "Phàn Lở Mẩy", None, "30/4/1990", "Dao đỏ", "Không chuyên trách", "THCS")
    row = _row(sheet, row, None, "Cộng: 4 người")
    _header_b(sheet, row)
    row += 2
    row = _row(sheet, row, "II", "THỊ TRẤN PHỐ LU (3 người)")
    row = _row(sheet, row, 5, "Nguyễn Thị Hạnh", None, date(1985, 3, 8), "Kinh", "VH-XH", "12/12", "Cao học Luật", "TC")
    row = _row(sheet, row, 6, "Lù A Dơ", 30674, None, "Giáy", "Trưởng CA", "10/10", "Trình độ lạ", "Sơ cấp")
    row = _row(sheet, row, 7, "Lù A Dơ", "1983", None, "Giáy", "VP-TK")
    row = _row(sheet, row, None, "Cộng: 3 người")
    row = _row(sheet, row, None, "Tổng cộng: 7 người")
    sheet.cell(row + 2, 9, "Bảo Thắng, ngày 05 tháng 01 năm 2016")
    sheet.cell(row + 3, 2, "NGƯỜI LẬP BIỂU")
    sheet.cell(row + 3, 9, "TRƯỞNG PHÒNG")
    sheet.cell(row + 7, 2, "Phạm Thị Lệ Thu")
    sheet.cell(row + 7, 9, "Trần Khắc Vinh")
    return content_of(workbook)


def _header_b(sheet: Worksheet, row: int) -> None:
    _row(sheet, row, "TT", "Họ và tên", "Năm sinh", None, "Dân tộc", "Chức vụ, chức danh", "Trình độ")
    _row(
        sheet, row + 1, None, None, "Nam", "Nữ", None, None, "Văn\nhóa", "Chuyên môn", "LLCT", "QLNN", "Tin học",
        "Ngoại ngữ", "Tiếng DT",
    )  # fmt: skip
    sheet.cell(row, 14, "Đảng viên")
    sheet.cell(row, 15, "Ghi chú")
    for column in (1, 2, 5, 6, 14, 15):
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)
    sheet.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)
    sheet.merge_cells(start_row=row, end_row=row, start_column=7, end_column=13)


def _row(sheet: Worksheet, row: int, *values: Any) -> int:
    for column, value in enumerate(values, start=1):
        if value is not None:
            sheet.cell(row, column, value)
    return row + 1


# name → (row, commune, birth as known, sex, positions, levels)
TRUTH_B = {
    "Hoàng Văn Cộng": (
        11, "Xã Gia Phú", "1979-08-05", "M", ["BT_DU", "CT_HDND"],
        {"education": "THPT", "professional": "DH", "political_theory": "CC", "state_management": "CV", "it": "A",
         "ethnic_language": "GT"},
    ),
    "Vàng Thị Mỷ": (
        12, "Xã Gia Phú", "1981", "F", ["CT_HPN"],
        {"education": "THCS", "professional": "TC", "political_theory": "TC"},
    ),
    "Tống Văn Nam": (
        14, "Xã Gia Phú", "1983-08", "M", ["TC_KT"],
        {"education": "THPT", "professional": "DH", "political_theory": "SC", "it": "A"},
    ),
    "Phàn Lở Mẩy": (15, "Xã Gia Phú", "1990-04-30", "F", ["KCT"], {"education": "THCS"}),
    "Nguyễn Thị Hạnh": (
        20, "Thị trấn Phố Lu", "1985-03-08", "F", ["VH_XH"],
        {"education": "THPT", "professional": "THS", "political_theory": "TC"},
    ),
}  # fmt: skip


# Layout C: flat, one row a person, family and given name apart


@cache
def layout_c() -> bytes:
    """Two districts, 5 rows, identifiers as text and as numbers, one of them with a lost zero."""
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet["A1"] = "SỞ NỘI VỤ TỈNH LÀO CAI"
    sheet["A2"] = "Danh sách cán bộ, công chức cấp xã - Tính đến 31-12-2015"
    titles = (
        "STT", "Huyện", "Xã", "Khu vực", "Họ đệm", "Tên", "Giới tính", "Ngày sinh", "CMND", "Dân tộc", "Tôn giáo",
        "Chức danh", "Ngày bổ nhiệm", "TĐ học vấn", "TĐ chuyên môn", "Chuyên ngành", "Hệ ĐT", "LLCT", "QLNN", "Tin học",
        "Tiếng DTTS", "Ngày vào Đảng", "Đạt chuẩn (Đạt/Chưa)",
    )  # fmt: skip
    _row(sheet, 4, *titles)
    _row(
        sheet, 5, 1, "Huyện Văn Bàn", "Khánh Yên Thượng", "II", "Hoàng Thị", "Liên", "Nữ", "02/09/1980", "063123456",
        "Tày", "Không", "Văn hóa - xã hội", "01/06/2009", "12/12", "Đại học", "Luật", "Tại chức", "Trung cấp", "CV",
        "B", "CC", "19/5/2006", "Đạt",
    )  # fmt: skip
    _row(
        sheet, 6, 2, "Văn Bàn", "TT Khánh Yên", "I", "La Văn", "Thắng", "Nam", "7/1975", 63123457, "Tày", None,
        "Chủ tịch UBND", "2011", "10/10", "Trung cấp", "Nông nghiệp", "Chính quy", "CC", None, None, None, "x", "Đạt",
    )  # fmt: skip
    _row(
        sheet, 7, 3, "H. Si Ma Cai", "Xã Xín Chéng", "III", "Giàng Seo", "Chín", "Nam", "1968", "010068000001",
        "H'Mông", None, "Phó Chủ tịch UBND", None, "9/12", "Chưa qua đào tạo", None, None, "SC", None, None, "x", "1",
    )  # fmt: skip
    _row(
        sheet, 8, 4, "Huyện Si Ma Cai", "Xã Không Có", "III", "Giàng Seo", "Páo", "Nam", "1970", None, "Mông", None,
        "Trưởng Công an",
    )  # fmt: skip
    _row(
        sheet, 9, 5, "Huyện Si Ma Cai", "Xã Xín Chéng", "III", "Giàng Seo", "Lử", "Nam", "31/02/1979", None, "Mông",
        None, "Chức danh lạ",
    )  # fmt: skip
    _row(sheet, 10, None, "Tổng cộng: 6 người")
    return content_of(workbook)
