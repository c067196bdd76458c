"""The workbooks that leave: what a cell is, what stands above a table, how it lies on paper, that rows are not kept."""

import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from cadres.periods import PartialDate, Precision
from cadres.web.tables import Table, comma_separated, workbook
from cadres.workbooks import LONGEST_TEXT, MOST_ROOM, Book, fitting, typed

DAY = date(2015, 12, 31)
HEADS = ("STT", "Họ và tên", "Ngày sinh", "Số định danh")


def sheet_of(table: Table) -> Any:
    return load_workbook(BytesIO(workbook(table))).active


def table(*rows: Any, **more: Any) -> Table:
    return Table("DANH SÁCH", more.pop("notes", ["Số liệu ngày 31/12/2015."]), more.pop("columns", HEADS), rows, **more)


@pytest.mark.parametrize(
    ("value", "kept", "number_format"),
    [
        ("05/08/1979", datetime(1979, 8, 5), "dd/mm/yyyy"),  # noqa: DTZ001 (cells have no time zone)
        (date(1979, 8, 5), datetime(1979, 8, 5), "dd/mm/yyyy"),  # noqa: DTZ001
        (PartialDate(date(1979, 8, 5)), datetime(1979, 8, 5), "dd/mm/yyyy"),  # noqa: DTZ001
        (PartialDate(date(1979, 8, 1), Precision.MONTH), "08/1979", "@"),
        ("08/1979", "08/1979", "@"),
        ("31/02/1979", "31/02/1979", "@"),  # no day of the calendar
        ("28/02/1900", "28/02/1900", "@"),  # workbooks count the days before March 1900 wrongly
        ("063111222", "063111222", "@"),
        ("0031", "0031", "@"),
        ("=1+1", "=1+1", "@"),
        (3631, 3631, "#,##0"),
        (Decimal("50.4"), 50.4, "0.0"),
        ("x" * 256, "x" * 256, "General"),  # some programs show a long cell of the format “text” as ####
        ("a\x07b", "ab", "@"),
    ],
)
def test_a_cell_is_what_its_value_is(value, kept, number_format):
    sheet = sheet_of(table([1, "Giàng A Dơ", value, ""]))
    cell = sheet.cell(sheet.max_row, 3)
    assert (cell.value, cell.number_format) == (kept, number_format)
    assert cell.data_type != "f"


def test_a_text_longer_than_a_cell_is_cut():
    assert len(typed("x" * (LONGEST_TEXT + 5))[0]) == LONGEST_TEXT


def test_above_the_table_stand_agency_title_what_it_is_of_and_who_made_it():
    rows = sheet_of(table([1, "a", "", ""], agency="Sở Nội vụ", made="Người lập: Lý A.")).iter_rows(values_only=True)
    assert [row[0] for row in rows] == [
        *("Sở Nội vụ", "DANH SÁCH", "Số liệu ngày 31/12/2015.", "Người lập: Lý A.", None, "STT", 1)
    ]


def test_comma_separated_text_holds_days_as_they_are_written():
    text = comma_separated(table([1, "a", date(1979, 8, 5), PartialDate(date(1979, 8, 1), Precision.MONTH)]))
    assert text.decode("utf-8-sig").splitlines()[1] == "1,a,05/08/1979,08/1979"


def test_a_wide_table_lies_a_narrow_one_stands_and_the_head_is_on_each_page():
    long = "Cán bộ, công chức cấp xã giữ chức danh vào ngày này"
    wide = sheet_of(table([1, *[long] * 9], columns=["STT", *[f"Cột {number}" for number in range(9)]], made="Lý A"))
    narrow = sheet_of(table([1, "Lý A", "", ""]))
    assert (narrow.page_setup.orientation, wide.page_setup.orientation) == ("portrait", "landscape")
    for sheet, head in ((wide, 5), (narrow, 4)):
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == f"${head}:${head}"
        assert sheet.freeze_panes == f"A{head + 1}"
        assert "&P/&N" in str(sheet.oddFooter.center.text).replace("&[Page]", "&P").replace("&[Pages]", "&N")
    assert sum(column.width for column in wide.column_dimensions.values()) <= MOST_ROOM


def test_the_filter_is_of_the_rows_and_not_of_their_sum():
    sheet = sheet_of(table([1, "a", "", 2], [2, "b", "", 3], ["", "Cộng", "", 5]))
    assert sheet.auto_filter.ref == "A4:D6"
    assert sheet.cell(7, 2).font.b
    assert not sheet.cell(6, 2).font.b


def test_columns_are_as_wide_as_what_stands_in_them_up_to_what_can_be_read_on_paper():
    number, name, day, long = fitting(
        ["STT", "Họ và tên", "Ngày", "Lý do"], [[1, "Nguyễn Thị Hạnh", DAY, "chữ " * 40], [200, "Lý A", DAY, ""]]
    )
    assert number < day < name < long
    assert name > 0.85 * len("Nguyễn Thị Hạnh")  # letters are narrower than figures
    assert long < 60
    widths = fitting([f"Cột {number}" for number in range(12)], [["chữ và chữ " * 8] * 12])
    assert sum(widths) <= MOST_ROOM


def test_rows_are_not_kept():
    """However many rows there are, so much memory is taken."""

    def rows(number: int) -> Iterator[list[Any]]:
        return ([at, f"Giàng A Số {at}", DAY, f"{at:012d}"] for at in range(number))

    def most(number: int) -> int:
        tracemalloc.start()
        workbook(Table("DANH SÁCH", [], HEADS, rows(number)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    few, many = most(1_000), most(3_000)
    assert many - few < 300_000  # bytes; the file itself is 70,000 larger, kept rows would take 1.7 million


def test_sheets_of_one_name_are_told_apart():
    stream = BytesIO()
    with Book(stream) as book:
        for name in ("Chức danh: [1]", "Chức danh: [1]", "chức danh   1 ", "x" * 40, "x" * 41):
            book.sheet(name).put(0, 0, "a")
    names = load_workbook(BytesIO(stream.getvalue())).sheetnames
    assert len({name.lower() for name in names}) == 5
    assert all(len(name) <= 31 for name in names)
