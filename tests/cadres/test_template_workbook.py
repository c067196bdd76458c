"""The template: it comes back unchanged where nothing was changed, and offers the words that are understood."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from cadres.models import Appointment, EthnicGroup, Level, Official, Position
from cadres.posts import units_below
from cadres.roster.batch import import_file, read_file, report_of
from cadres.roster.columns import Kind, exported, roster_columns
from cadres.roster.template_workbook import BLANK_ROWS, HEADER_ROW, write_template
from cadres.roster.workbook_out import roster_rows
from tests.cadres.workbooks import content_of, exported_titles, flat, layout_b, layout_c
from tests.conftest import unit_of

DATA = Path(__file__).parent.parent / "data"
DAY = date(2015, 12, 31)
FIRST = HEADER_ROW + 1
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(content: bytes, **options: Any) -> dict[str, Any]:
    return report_of(import_file(read_file("a.xlsx", content, **options), by=None))


def template(code: str = "", day: date = DAY, place: str = "") -> bytes:
    units = set(units_below(unit_of(code, day), day)) if code else None
    posts = Appointment.objects.filter(unit__in=units) if units else Appointment.objects.all()
    stream = BytesIO()
    write_template(roster_rows(day, posts), day, stream, units=units, place=place)
    return stream.getvalue()


def sheet_cell(title: str, row: int) -> str:
    """The address of the column's cell in the row: `H5`."""
    return f"{get_column_letter(exported_titles().index(title) + 1)}{row}"


def lists_of(content: bytes) -> dict[str, list[str]]:
    """Column → the words of its drop-down list, found the way Excel finds them."""
    workbook = load_workbook(BytesIO(content))
    sheet = workbook["Danh sách"]
    lists = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list":
            continue
        assert len(rule.formula1) <= 255
        name, _, cells = rule.formula1.partition("!")
        left, top, right, bottom = range_boundaries(cells.replace("$", ""))
        assert left == right
        words = [row[0] for row in workbook[name.strip("'")].iter_rows(top, bottom, left, right, values_only=True)]
        (column,) = {bounds.min_col for bounds in rule.sqref.ranges}
        lists[sheet.cell(HEADER_ROW, column).value] = words
    return lists


def assert_comes_back_unchanged(content: bytes, people: int) -> None:
    result = bring(content)
    strange = [issue for issue in result["issues"] if issue["severity"] != "info"]
    assert (result["rows"], result["unchanged"], result["missing"]) == (people, people, 0), strange[:3]
    assert (result["as_of"], strange) == ("2015-12-31", [])


@pytest.mark.parametrize(("name", "code"), [("bac-ha-2015.xlsx", "085"), ("muong-khuong-2015.xlsx", "083")])
def test_the_template_of_a_district_sent_back_as_it_is_changes_nothing(name, code):
    bring((DATA / name).read_bytes())
    assert_comes_back_unchanged(template(code, place="Huyện Bắc Hà" if code == "085" else ""), Official.objects.count())


def test_the_template_of_many_districts_sent_back_as_it_is_changes_nothing():
    bring(layout_b())
    bring(layout_c())
    assert_comes_back_unchanged(template(), Official.objects.count())


def test_a_unit_without_people_gets_an_empty_template_for_new_ones():
    workbook = load_workbook(BytesIO(template("085", place="Huyện Bắc Hà")))
    sheet = workbook["Danh sách"]
    assert [cell.value for cell in sheet[HEADER_ROW]] == exported_titles()
    assert sheet.max_row == HEADER_ROW + BLANK_ROWS
    filled = {
        "Xã": "Xã Bản Phố", "Họ và tên": "Giàng A Dơ", "Giới tính": "Nam", "Ngày sinh": "1979",
        "Số định danh": "063111222", "Dân tộc": "Mông", "Chức danh": "Chủ tịch UBND", "Ngày vào Đảng": "x",
        "Trình độ học vấn": "Trung học phổ thông", "Hình thức đào tạo": "Tại chức",
    }  # fmt: skip
    for row in (FIRST, FIRST + 100):  # without numbers, with blank rows between
        for title, value in filled.items():
            sheet[sheet_cell(title, row)] = value
    sheet[sheet_cell("Số định danh", FIRST + 100)] = "063111223"
    sheet[sheet_cell("Họ và tên", FIRST + 100)] = "Lù Seo Pao"
    result = bring(content_of(workbook))
    assert (result["rows"], result["created"], result["issues"]) == (2, 2, [])
    official = Official.objects.get(full_name="Giàng A Dơ")
    assert official.appointments.get().unit == unit_of("02866")
    assert official.is_party_member


def test_whoever_picks_another_commune_need_not_know_its_code():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Số CMND": "063111222"}))
    workbook = load_workbook(BytesIO(template("085", place="Huyện Bắc Hà")))
    sheet = workbook["Danh sách"]
    place = sheet[sheet_cell("Xã", FIRST)]
    assert (place.value, sheet[sheet_cell("Mã xã", FIRST)].value) == ("Xã Bản Phố", None)
    place.value = next(name for name in lists_of(template("085"))["Xã"] if name != "Xã Bản Phố")
    sheet["A3"] = "Tính đến 31/12/2016"
    result = bring(content_of(workbook))
    assert (result["updated"], result["rejected"]) == (1, 0)
    unit = Official.objects.get().appointments.get(end_date=None).unit
    assert unit.name_on(date(2016, 12, 31)) == place.value


def test_the_drop_down_lists_are_the_catalogues():
    lists = lists_of(template("085"))
    assert lists["Giới tính"] == ["Nam", "Nữ"]
    assert lists["Khu vực"] == ["I", "II", "III", "Ngoài khu vực"]
    assert lists["Huyện"] == ["Huyện Bắc Hà"]
    assert len(lists["Xã"]) == 21
    assert {"Xã Bản Phố", "Thị trấn Bắc Hà"} <= set(lists["Xã"])
    assert set(lists["Dân tộc"]) == set(EthnicGroup.objects.values_list("name", flat=True))
    assert lists["Chức danh"] == list(Position.objects.as_of(DAY).values_list("title", flat=True))
    for column in exported(roster_columns()):
        if column.kind is not Kind.LEVEL:
            continue
        levels = Level.objects.filter(dimension__code=column.field).order_by("rank")
        assert lists[column.export] == list(levels.values_list("name", flat=True))
    assert {"Chính quy", "Tại chức", "Từ xa"} <= set(lists["Hình thức đào tạo"])
    assert lists["Ngày vào Đảng"] == ["x"]


def test_what_is_open_takes_words_that_are_not_in_its_list():
    sheet = load_workbook(BytesIO(template("085")))["Danh sách"]
    refuses = {
        sheet.cell(HEADER_ROW, next(iter(rule.sqref.ranges)).min_col).value: bool(rule.showErrorMessage)
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert refuses == {
        column.export: not column.is_open for column in exported(roster_columns()) if column.export in refuses
    }
    assert set(refuses.values()) == {True, False}


def test_the_lists_are_those_of_the_day_and_of_the_unit():
    province, later = lists_of(template()), lists_of(template(day=date(2025, 12, 31)))
    assert len(province["Huyện"]) > 5
    assert "Huyện" not in later  # from 1/7/2025 communes lie directly below the province
    assert "Xã Bản Phố" in province["Xã"]
    assert "Xã Bản Phố" not in later["Xã"]
    assert lists_of(template("02866"))["Xã"] == ["Xã Bản Phố"]


def test_every_word_offered_is_understood():
    lists = lists_of(template("085"))
    workbook = load_workbook(BytesIO(template("085", place="Huyện Bắc Hà")))
    sheet = workbook["Danh sách"]
    for row in range(max(map(len, lists.values()))):
        person = {
            "Họ và tên": f"Giàng A {'ABCDEGHIKL'[row // 10]}{'abcdeghikl'[row % 10]}", "Ngày sinh": "1979",
            "Số định danh": f"0631112{row:02}",
        }  # fmt: skip
        for title, words in lists.items():
            person[title] = words[row % len(words)]
        for title, value in person.items():
            sheet[sheet_cell(title, FIRST + row)] = value
    result = bring(content_of(workbook))
    problems = [issue for issue in result["issues"] if issue["code"] != "zones_disagree"]
    assert [issue for issue in problems if issue["severity"] != "info"] == []
    assert result["created"] == result["rows"] == max(map(len, lists.values()))


def test_it_is_set_up_for_the_printer_and_typed_as_text():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Số CMND": "063111222", "Tôn giáo": "=cmd|' /C calc'!A0"}))
    workbook = load_workbook(BytesIO(template("085", place="Huyện Bắc Hà")))
    sheet, guide, names = workbook.worksheets
    assert (sheet["A1"].value, sheet["A3"].value) == ("Huyện Bắc Hà", "Tính đến 31/12/2015")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("G5", "$4:$4")
    assert (guide.sheet_state, names.sheet_state) == ("visible", "hidden")
    assert "Tính đến" in "\n".join(str(cell.value) for (cell,) in guide.iter_rows())
    cells = [cell for row in sheet.iter_rows(min_row=FIRST, min_col=2) for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert sheet[sheet_cell("Số định danh", FIRST)].value == "063111222"
    assert sheet[sheet_cell("Tôn giáo", FIRST)].value == "=cmd|' /C calc'!A0"
    assert {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
