# ruff: noqa: DTZ001 (cells of a workbook have no time zone)
"""The error workbook: the district's own file, untouched but for the marks, mended and sent again."""

import csv
import re
from collections import Counter
from datetime import date, datetime
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlwt
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from cadres.models import Official
from cadres.roster.batch import import_file, plan_of, read_file, report
from cadres.roster.error_workbook import MARKS, error_file_name, write_errors
from cadres.roster.reading import read_sheets
from cadres.roster.workbook_marks import CHUNK, TITLE
from tests.cadres.workbooks import content_of, flat, layout_b, layout_c

DATA = Path(__file__).parent.parent / "data"
DAY = date(2015, 12, 31)
RED, YELLOW = (f"FF{colour}" for colour, _ in MARKS.values())
COUNTS = ("rows", "created", "updated", "unchanged", "review", "rejected", "missing", "as_of", "totals")
NOTE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}comment"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def marked(content: bytes, name: str = "a.xlsx", **options: Any) -> tuple[bytes, dict[str, Any]]:
    """The error workbook of a file, and the report of its dry run."""
    read = read_file(name, content, **options)
    found = report(read, plan_of(read))
    stream = BytesIO()
    write_errors(content, read.layout, found["issues"], stream)
    return stream.getvalue(), found


def checked(content: bytes, name: str = "a.xlsx", **options: Any) -> dict[str, Any]:
    read = read_file(name, content, **options)
    return report(read, plan_of(read))


def marks_in(content: bytes) -> dict[tuple[str, str], str]:
    """(sheet, cell) → colour, of the cells that bear a note of ours."""
    return {
        (sheet.title, cell.coordinate): cell.fill.fgColor.rgb
        for sheet in load_workbook(BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and TITLE in cell.comment.text
    }


def notes_in(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as package:
        parts = [package.read(name) for name in package.namelist() if name.startswith("xl/comments")]
    return "\n".join("".join(note.itertext()) for part in parts for note in ElementTree.fromstring(part).iter(NOTE))


def edited(content: bytes, changes: dict[str, Any], sheet: str | None = None) -> bytes:
    """The workbook opened, some cells typed over, and saved: what the district does with it."""
    workbook = load_workbook(BytesIO(content), keep_vba=True)
    target = workbook[sheet] if sheet else workbook.active
    for reference, value in changes.items():
        target[reference] = value
    saved = content_of(workbook)
    workbook.vba_archive.close()
    return saved


# The same workbook in the other formats


@cache
def opened(content: bytes) -> Workbook:
    """To look at only."""
    return load_workbook(BytesIO(content))


def as_xls(content: bytes) -> bytes:
    book = xlwt.Workbook()
    dates = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for sheet in opened(content):
        target = book.add_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    style = [dates] if isinstance(cell.value, date) else []
                    target.write(cell.row - 1, cell.column - 1, cell.value, *style)
        for merged in sheet.merged_cells.ranges:
            target.merge(merged.min_row - 1, merged.max_row - 1, merged.min_col - 1, merged.max_col - 1)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_ods(content: bytes) -> bytes:
    tables = []
    for sheet in opened(content):
        rows = []
        for row in sheet.iter_rows():
            cells = []
            for cell in row:
                value = cell.value
                if value is None:
                    cells.append("<table:table-cell/>")
                elif isinstance(value, date):
                    day = value.strftime("%Y-%m-%d")
                    cells.append(f'<table:table-cell office:value-type="date" office:date-value="{day}"/>')
                elif isinstance(value, int | float):
                    cells.append(f'<table:table-cell office:value-type="float" office:value="{value}"/>')
                else:
                    text = f"<text:p>{escape(value)}</text:p>"
                    cells.append(f'<table:table-cell office:value-type="string">{text}</table:table-cell>')
            rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        tables.append(f'<table:table table:name="{sheet.title}">{"".join(rows)}</table:table>')
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", f"<office:document-content {names}>{body}</office:document-content>")
    return stream.getvalue()


def as_csv(content: bytes) -> bytes:
    stream = StringIO(newline="")
    writer = csv.writer(stream)
    for row in opened(content).active.iter_rows(values_only=True):
        writer.writerow(
            ["" if value is None else f"{value:%d/%m/%Y}" if isinstance(value, date) else value for value in row]
        )
    return stream.getvalue().encode("utf-8-sig")


def faulty_sample(name: str) -> bytes:
    """A sample with a few cells spoilt: a birth, a position, a commune, a level."""
    content = (DATA / name).read_bytes()
    header = {"bac-ha-2015.xlsx": {"D12": "31/02/1979", "G13": "Chức danh lạ"}}
    return edited(content, header.get(name, {"J40": "31/02/1979", "J41": "không rõ"}))


ROSTERS = {
    "Bắc Hà": lambda: faulty_sample("bac-ha-2015.xlsx"),
    "Mường Khương": lambda: faulty_sample("muong-khuong-2015.xlsx"),
    "layout B": layout_b,
    "layout C": layout_c,
    "flat": lambda: flat({"Ngày sinh": "31/02/1979"}, {"Xã": "Không Có"}, {"Dân tộc": "lạ"}, {"Số CMND": 63111222}),
}
FORMATS = {"a.xlsx": lambda content: content, "a.xls": as_xls, "a.ods": as_ods, "a.csv": as_csv}


@cache
def content_of_roster(roster: str) -> bytes:
    return ROSTERS[roster]()


@pytest.mark.parametrize("roster", ROSTERS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_error_and_warning_stands_in_a_note_and_sent_again_unmended_it_gives_the_same_result(roster, name):
    content = FORMATS[name](content_of_roster(roster))
    result, first = marked(content, name)
    serious = [issue["message"] for issue in first["issues"] if issue["severity"] != "info"]
    notes = notes_in(result)
    assert serious
    assert [message for message in serious if message not in notes] == []
    again = checked(result)
    assert {key: again[key] for key in COUNTS} == {key: first[key] for key in COUNTS}
    assert [(issue["row"], issue["code"]) for issue in again["issues"]] == [
        (issue["row"], issue["code"]) for issue in first["issues"]
    ]
    assert again["rows"] > 0
    for before, after in zip(read_sheets(name, content), read_sheets("a.xlsx", result), strict=True):
        filled = [[cell for cell in row if cell != ""] for row in before.rows]
        assert filled == [[cell for cell in row if cell != ""] for row in after.rows]
        assert sorted(before.merged) == sorted(after.merged)


@pytest.mark.parametrize("name", FORMATS)
def test_mended_and_sent_again_it_goes_in(name):
    content = FORMATS[name](flat({"Ngày sinh": "31/02/1979"}, {"Xã": "Không Có"}, {"Họ và tên": "Lù Seo Pao"}))
    result, found = marked(content, name)
    assert found["rejected"] == 2
    sheet = load_workbook(BytesIO(result)).active
    assert {cell for (_, cell), colour in marks_in(result).items() if colour == RED} == {"F3", "C4"}
    assert "không phải là ngày có thật" in sheet["F3"].comment.text
    mended = checked(edited(result, {"F3": "28/02/1979", "C4": "Bản Phố"}))
    assert (mended["rows"], mended["created"], mended["issues"]) == (3, 3, [])


def test_only_the_parts_that_carry_a_mark_are_changed():
    content = layout_c()
    result, _ = marked(content)
    before, after = ZipFile(BytesIO(content)), ZipFile(BytesIO(result))
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed == {"[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}
    assert set(after.namelist()) - set(before.namelist()) == {
        "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels",
    }  # fmt: skip
    for name in after.namelist():
        ElementTree.fromstring(after.read(name))  # well-formed


def with_parts(content: bytes, changes: dict[str, Any]) -> bytes:
    """The package with parts added, or replaced by a function of their text."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            change = changes.get(name)
            target.writestr(name, change(source.read(name).decode()) if change else source.read(name))
        for name in changes.keys() - set(source.namelist()):
            target.writestr(name, changes[name])
    return stream.getvalue()


def test_stored_values_of_formulas_macros_and_pictures_stay():
    def with_formula(xml: str) -> str:
        formula = '<c r="K3" t="str"><f>UPPER("x")</f><v>Kinh</v></c></row>'
        return re.sub(r"</row>(?=<row r=\"4\")", lambda _: formula, xml, count=1)

    content = with_parts(
        flat({"Ngày sinh": "31/02/1979"}, {"Họ và tên": "Lù Seo Pao"}),
        {"xl/worksheets/sheet1.xml": with_formula, "xl/vbaProject.bin": b"\0\1macro", "xl/media/a.png": b"\x89PNG"},
    )
    result, _ = marked(content, "a.xlsm")
    with ZipFile(BytesIO(result)) as package:
        assert package.read("xl/vbaProject.bin") == b"\0\1macro"
        assert package.read("xl/media/a.png") == b"\x89PNG"
    assert load_workbook(BytesIO(result)).active["K3"].value == '=UPPER("x")'
    assert load_workbook(BytesIO(result), data_only=True).active["K3"].value == "Kinh"
    assert error_file_name("Bắc Hà.xlsm") == "Bắc Hà (đánh dấu lỗi).xlsm"
    assert error_file_name("bac-ha.2015.xls") == "bac-ha.2015 (đánh dấu lỗi).xlsx"


def test_fonts_formats_hidden_rows_notes_and_colours_of_the_district_stay():
    workbook = load_workbook(BytesIO(flat({"Ngày sinh": "31/02/1979"}, {"Xã": "Không Có"}, {"Chức danh": "Lạ"})))
    sheet = workbook.active
    sheet["F3"].font = Font(name="Times New Roman", size=13, italic=True)
    sheet["F3"].comment = Comment("Hỏi lại xã", "Chị Hạnh")
    sheet["A1"].comment = Comment("Bản chính thức", "Chị Hạnh")
    sheet["D3"].fill = PatternFill("solid", fgColor="00FF00")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["C"].width = 33
    sheet.print_title_rows = "1:2"
    sheet.merge_cells("A1:H1")
    result, _ = marked(content_of(workbook))
    sheet = load_workbook(BytesIO(result)).active
    assert (sheet["F3"].font.name, sheet["F3"].font.size, sheet["F3"].font.italic) == ("Times New Roman", 13, True)
    assert sheet["F3"].comment.text.startswith("Hỏi lại xã\n[")
    assert "không phải là ngày có thật" in sheet["F3"].comment.text
    assert (sheet["A1"].comment.text, sheet["A1"].comment.author) == ("Bản chính thức", "Chị Hạnh")
    assert sheet["D3"].fill.fgColor.rgb == "0000FF00"
    assert sheet.row_dimensions[4].hidden
    assert sheet.column_dimensions["B"].hidden
    assert sheet.column_dimensions["C"].width == 33
    assert sheet.print_title_rows == "$1:$2"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:H1"]


def test_an_issue_inside_a_merged_range_marks_the_cell_that_shows():
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["STT", "Họ và tên", "Năm sinh", "Chức danh", "Xã"])
    sheet.append([1, "Giàng A Dơ", 1979, "Chức danh lạ", "Bản Phố"])
    sheet.append([2, "Giàng A Páo", 1980, None, "Bản Phố"])
    sheet.merge_cells("D2:D3")
    result, found = marked(content_of(workbook), as_of=DAY)
    assert found["rejected"] >= 1
    assert {cell for _, cell in marks_in(result)} == {"D2"}


def test_an_issue_without_a_column_marks_the_name_or_the_first_cell():
    content = flat({"Họ và tên": "Giàng A Dơ"})
    read = read_file("a.xlsx", content)
    issue = {"sheet": "Sheet", "row": 3, "column": "", "field": "", "value": "", "code": "", "message": "Thiếu xã."}
    stream = BytesIO()
    hidden = issue | {"row": None, "sheet": "Trang ẩn", "severity": "warning", "message": "Trang bị ẩn."}
    write_errors(content, read.layout, [issue | {"severity": "error"}, hidden], stream)
    assert marks_in(stream.getvalue()) == {("Sheet", "D3"): RED, ("Sheet", "A1"): YELLOW}
    assert "Thiếu xã." in notes_in(stream.getvalue())


def test_errors_are_red_warnings_yellow_remarks_bare_and_of_both_red_wins():
    content = flat({"Họ và tên": "Giàng A Dơ"})
    layout = read_file("a.xlsx", content).layout
    issue = {"sheet": "Sheet", "row": 3, "field": "", "value": "", "code": ""}
    issues = [
        issue | {"column": "Xã", "severity": "warning", "message": "Vàng."},
        issue | {"column": "Xã", "severity": "error", "message": "Đỏ."},
        issue | {"column": "Dân tộc", "severity": "warning", "message": "Vàng."},
        issue | {"column": "Chức danh", "severity": "info", "message": "Trắng."},
    ]
    stream = BytesIO()
    write_errors(content, layout, issues, stream)
    assert marks_in(stream.getvalue()) == {("Sheet", "C3"): RED, ("Sheet", "H3"): YELLOW}
    assert "Trắng" not in notes_in(stream.getvalue())
    note = load_workbook(BytesIO(stream.getvalue())).active["C3"].comment.text
    assert note.index("Đỏ.") < note.index("Vàng.")


def test_a_second_round_shows_only_what_is_wrong_then():
    workbook = load_workbook(BytesIO(flat({"Ngày sinh": "31/02/1979"}, {"Xã": "Không Có"}, {"Dân tộc": "lạ"})))
    workbook.active["F3"].comment = Comment("Hỏi lại xã", "Chị Hạnh")
    first, _ = marked(content_of(workbook))
    assert len(marks_in(first)) == 3
    second, found = marked(edited(first, {"F3": "28/02/1979", "H5": "Mông"}))
    assert found["rejected"] == 1
    assert marks_in(second) == {("Sheet", "C4"): RED}
    sheet = load_workbook(BytesIO(second)).active
    assert (sheet["F3"].comment.text, sheet["F3"].fill.fill_type) == ("Hỏi lại xã", None)
    assert (sheet["H5"].comment, sheet["H5"].fill.fill_type) == (None, None)
    third, _ = marked(edited(second, {"C4": "Bản Phố"}))
    assert marks_in(third) == {}


def test_a_blank_cell_and_a_row_without_cells_can_be_marked():
    content = flat({"Họ và tên": "Giàng A Dơ", "Chức danh": None})
    content = with_parts(
        content, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(r'<c r="I3"[^>]*/>', "", xml)}
    )  # the cell is not there at all
    result, found = marked(content)
    assert [issue["code"] for issue in found["issues"]] == ["missing_position"]
    assert set(marks_in(result)) == {("Sheet", "I3")}
    layout = read_file("a.xlsx", content).layout
    stream = BytesIO()
    issue = {"sheet": "Sheet", "row": 90, "column": "Xã", "severity": "error", "message": "Ở đây."}
    write_errors(content, layout, [issue], stream)
    assert set(marks_in(stream.getvalue())) == {("Sheet", "C90")}


def test_a_workbook_written_with_prefixes_is_marked_as_well():
    def prefixed(xml: str) -> str:
        xml = re.sub(r"<(/?)(?![?!])", r"<\1x:", xml)
        return xml.replace(
            ' xmlns="http://schemas.openxmlformats.org/sp', ' xmlns:x="http://schemas.openxmlformats.org/sp'
        )

    content = with_parts(
        flat({"Ngày sinh": "31/02/1979"}), {"xl/worksheets/sheet1.xml": prefixed, "xl/styles.xml": prefixed}
    )
    result, found = marked(content)
    assert found["rejected"] == 1
    assert marks_in(result) == {("Sheet", "F3"): RED}
    assert checked(result)["rejected"] == 1


def test_what_cannot_be_edited_safely_comes_back_as_a_copy():
    content = with_parts(
        flat({"Ngày sinh": "31/02/1979", "Số CMND": "063111222"}),
        {"xl/worksheets/sheet1.xml": lambda xml: xml.replace("<sheetData>", "<!-- a --><sheetData>")},
    )
    result, _ = marked(content)
    assert marks_in(result) == {("Sheet", "F3"): RED}
    assert load_workbook(BytesIO(result)).active["G3"].value == "063111222"


def test_a_copy_keeps_identifiers_and_formulas_as_text_and_dates_as_dates():
    stream = BytesIO()
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bản Phố")
    titles = ("STT", "Họ và tên", "Ngày sinh", "Số CMND", "Chức danh", "Xã")
    for column, title in enumerate(titles):
        sheet.write(0, column, title)
    dated = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for column, value in enumerate((1, "=cmd|' /C calc'!A0", datetime(1979, 8, 5), "063111222", "Lạ", "Bản Phố")):
        sheet.write(1, column, value, *([dated] if isinstance(value, datetime) else []))
    sheet.write(2, 3, 63111222)
    book.save(stream)
    result, _ = marked(stream.getvalue(), "a.xls", as_of=DAY)
    copied = load_workbook(BytesIO(result)).active
    assert (copied["B2"].value, copied["B2"].data_type, copied["B2"].quotePrefix) == ("=cmd|' /C calc'!A0", "s", True)
    assert (copied["D2"].value, copied["D2"].data_type, copied["D2"].number_format) == ("063111222", "s", "@")
    assert copied["C2"].value == datetime(1979, 8, 5)
    assert copied["D3"].value == 63111222


def test_a_copy_of_a_file_in_an_old_encoding_is_in_unicode():
    book = xlwt.Workbook()
    sheet = book.add_sheet("DS")
    old = xlwt.easyxf("font: name .VnTime")
    for column, title in enumerate(("STT", "Họ và tên", "Ngày sinh", "Chức danh", "Xã")):
        sheet.write(0, column, title)
    for column, value in enumerate(("1", "NguyÔn V¨n Hoµ", "31/02/1979", "Chñ tÞch UBND", "B¶n Phè")):
        sheet.write(1, column, value, old)
    stream = BytesIO()
    book.save(stream)
    result, first = marked(stream.getvalue(), "a.xls", as_of=DAY)
    copied = load_workbook(BytesIO(result)).active
    assert (copied["B2"].value, copied["D2"].value) == ("Nguyễn Văn Hoà", "Chủ tịch UBND")
    assert checked(result, as_of=DAY)["issues"] == [
        issue for issue in first["issues"] if issue["code"] not in ("converted_text", "converted")
    ]


def test_rows_and_cells_that_do_not_say_where_they_stand_are_found():
    def bare(xml: str) -> str:
        return re.sub(r"<(row|c) r=\"[A-Z]*\d+\"", r"<\1", xml)

    people = [{"Ngày sinh": "31/02/1979", "Số CMND": "063111222"}, {"Xã": "Không Có", "Số CMND": "063111223"}]
    content = with_parts(flat(*people), {"xl/worksheets/sheet1.xml": bare})
    result, found = marked(content)
    assert found["rejected"] == 2
    with ZipFile(BytesIO(result)) as package:
        rows = re.findall(r"<row.*?</row>", package.read("xl/worksheets/sheet1.xml").decode())
    plain, _ = marked(flat(*people))
    with ZipFile(BytesIO(plain)) as package:
        expected = re.findall(r"<row.*?</row>", package.read("xl/worksheets/sheet1.xml").decode())
    assert rows == [bare(row) for row in expected]


def test_a_sheet_longer_than_a_piece_is_marked_throughout():
    people = [{"Ngày sinh": "31/02/1979" if number % 500 == 0 else "1979"} for number in range(2500)]
    content = flat(*people)
    with ZipFile(BytesIO(content)) as package:
        assert package.getinfo("xl/worksheets/sheet1.xml").file_size > CHUNK
    result, found = marked(content)
    assert found["rejected"] == 5
    assert set(marks_in(result)) == {("Sheet", f"F{number + 3}") for number in range(0, 2500, 500)}
    with ZipFile(BytesIO(content)) as before, ZipFile(BytesIO(result)) as after:
        texts = [package.read("xl/worksheets/sheet1.xml").decode() for package in (before, after)]
    assert re.sub(r' s="\d+"', "", re.sub("<legacyDrawing[^>]*>", "", texts[1])) == re.sub(r' s="\d+"', "", texts[0])


def test_thousands_of_marks_on_several_sheets_are_all_there():
    people = [{"Ngày sinh": "31/02/1979", "Dân tộc": "lạ"} for _ in range(700)]
    workbook = load_workbook(BytesIO(flat(*people)))
    copy = workbook.copy_worksheet(workbook.active)
    copy.title = "Trang 2"
    result, found = marked(content_of(workbook))
    assert found["rejected"] == 1400
    colours = Counter((sheet, colour) for (sheet, _), colour in marks_in(result).items())
    assert colours == {(sheet, colour): 700 for sheet in ("Sheet", "Trang 2") for colour in (RED, YELLOW)}
    shapes = ZipFile(BytesIO(result)).read("xl/drawings/vmlDrawing2.vml").decode()
    numbers = re.findall(r'id="_x0000_s(\d+)"', shapes)
    assert len(set(numbers)) == 1400
    assert {int(number) // 1024 for number in numbers} <= set(
        map(int, re.search(r'data="([\d,]+)"', shapes)[1].split(","))
    )


def test_importing_the_marked_file_after_the_original_changes_nothing():
    content = layout_b()
    import_file(read_file("a.xlsx", content), by=None)
    people = Official.objects.count()
    result, found = marked(content)
    assert found["unchanged"] == found["rows"] - found["review"] - found["rejected"]
    import_file(read_file("a.xlsx", result), by=None)
    assert Official.objects.count() == people
