"""Cells in which Excel shows an error: said with their address, read as nothing, whatever kind of file they are in."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlrd
import xlwt
from openpyxl import Workbook

from cadres.roster.batch import read_file
from cadres.roster.reading import read_sheets
from tests.cadres.test_roster_foreign_files import table, xml, xml_row
from tests.cadres.test_roster_reading import ods, ods_row, replaced
from tests.cadres.workbooks import content_of

pytestmark = pytest.mark.django_db

CODES = {text: code for code, text in xlrd.error_text_from_code.items()}
ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
TITLES = ["STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã", "Số CMND", "Dân tộc", "Ngày vào Đảng"]
PERSON = ["1", "Giàng A Dơ", "1979", "Chủ tịch UBND", "Bản Phố", "063914612", "Mông", "03/02/2001"]
FIELDS = ["", "full_name", "birth_date", "position", "commune", "national_id", "ethnic_group", "party_joined_on"]


def lines_with(error: str) -> list[list[str]]:
    """A person a column, with the error in it."""
    hurt = [[error if at == column else cell for at, cell in enumerate(PERSON)] for column in range(1, len(PERSON))]
    return [TITLES, *hurt]


def as_xlsx(error: str, *, formula: str = "") -> bytes:
    workbook = Workbook()
    sheet: Any = workbook.active
    for line in lines_with(error):
        sheet.append(line)  # openpyxl types an error as one
    content = content_of(workbook)
    return replaced(content, f"<v>{error}</v>", f"{formula}<v>{error}</v>") if formula else content


def as_xls(error: str) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row, line in enumerate(lines_with(error)):
        for column, cell in enumerate(line):
            if cell == error:
                sheet.row(row).set_cell_error(column, CODES[error])
            else:
                sheet.write(row, column, cell)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods(error: str) -> bytes:
    rows = [ods_row(*line) for line in lines_with(error)]
    typed = 'office:value-type="string"><text:p>' + error
    kinds = ('office:value-type="string" office:string-value=""', 'office:value-type="float" office:value="0"')
    return ods(
        *(
            row.replace(typed, f'table:formula="of:=X" {kinds[at % 2]} calcext:value-type="error"><text:p>{error}')
            for at, row in enumerate(rows)
        )
    )


def as_csv(error: str) -> bytes:
    return "\n".join(";".join(line) for line in lines_with(error)).encode()


def as_html(error: str) -> bytes:
    return table(*lines_with(error)).encode()


def as_xml(error: str) -> bytes:
    rows = "".join(xml_row(*line) for line in lines_with(error))
    return xml(rows.replace(f'ss:Type="String">{error}', f'ss:Type="Error">{error}'))


KINDS = {"a.xlsx": as_xlsx, "a.xls": as_xls, "a.ods": as_ods, "a.csv": as_csv, "a.htm": as_html, "a.xml": as_xml}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", KINDS)
def test_an_error_is_said_with_its_cell_and_is_no_value(name, error):
    content = KINDS[name](error)
    file = read_file(name, content, as_of=date(2015, 12, 31), unit_code="085")
    assert len(file.statements) == len(TITLES) - 1
    for column, stated in enumerate(file.statements, start=1):
        (issue,) = [issue for issue in stated.issues if issue.code == "error_cell"]
        cell = f"{'ABCDEFGH'[column]}{column + 1}"
        assert (issue.severity, issue.field, issue.value) == ("warning", FIELDS[column], error)
        assert f"Ô {cell} hiện lỗi {error}" in issue.message
        assert "Hãy" in issue.message
        assert error not in str(stated.understood())


@pytest.mark.parametrize(
    "formula", ["<f>VLOOKUP(A2,X!A:B,2,0)</f>", '<f t="shared" si="0"/>', '<f t="array" ref="B2">A1</f>']
)
def test_an_error_of_a_formula_is_one_too(formula):
    (sheet,) = read_sheets("a.xlsx", as_xlsx("#N/A", formula=formula))
    assert [row[at] for at, row in enumerate(sheet.rows[1:], start=1)] == ["#N/A"] * 7


def test_an_error_below_a_mark_column_is_no_tick():
    titles = ["STT", "Họ và tên", "Năm sinh", "Chức danh", "Trình độ chuyên môn", ""]
    levels = ["", "", "", "", "TC", "ĐH"]
    people = [["1", "Giàng A Dơ", "1979", "Chủ tịch UBND", "#REF!", "x"]]
    content = "\n".join(";".join(line) for line in [["Xã Bản Phố"], titles, levels, *people]).encode()
    (stated,) = read_file("a.csv", content, as_of=date(2015, 12, 31), unit_code="085").statements
    assert stated.levels == {"professional": "DH"}
    assert [(issue.code, issue.field) for issue in stated.issues] == [("error_cell", "professional")]


def test_an_error_below_one_of_two_columns_of_births_tells_no_sex():
    titles = [["STT", "Họ và tên", "Năm sinh", "", "Chức danh", "Xã"], ["", "", "Nam", "Nữ", "", ""]]
    content = "\n".join(";".join(line) for line in [*titles, ["1", "Vàng Thị Mỷ", "#N/A", "1981", "VP-TK", "Bản Phố"]])
    (stated,) = read_file("a.csv", content.encode(), as_of=date(2015, 12, 31), unit_code="085").statements
    assert "two_births" not in [issue.code for issue in stated.issues]


@pytest.mark.parametrize("text", ["####", "##########", "Err:502", "#SPILL!"])
def test_what_a_narrow_column_or_another_program_shows_is_an_error_too(text):
    content = "\n".join(";".join(line) for line in [TITLES, [*PERSON[:-1], text]]).encode()
    (stated,) = read_file("a.csv", content, as_of=date(2015, 12, 31), unit_code="085").statements
    assert [issue.code for issue in stated.issues] == ["error_cell"]


@pytest.mark.parametrize("text", ["#", "##", "# 5", "Em", "E", "Err", "#1"])
def test_other_texts_are_no_errors(text):
    content = "\n".join(";".join(line) for line in [TITLES, [*PERSON[:-2], text, ""]]).encode()
    (stated,) = read_file("a.csv", content, as_of=date(2015, 12, 31), unit_code="085").statements
    assert "error_cell" not in [issue.code for issue in stated.issues]
