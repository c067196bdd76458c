"""A cell far outside of the table, typed by a slip of the hand: the roster is read, and the cell is named."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from cadres.roster.batch import read_file, report_of, stage
from cadres.roster.error_workbook import write_errors
from cadres.roster.reading import read_sheets
from tests.cadres.test_hostile_files import SHEET, rows, xlsx
from tests.cadres.workbooks import content_of, flat

pytestmark = pytest.mark.django_db

DAY = date(2015, 12, 31)


def with_strays(cells: dict[str, Any], *, people: int = 3) -> bytes:
    workbook = load_workbook(BytesIO(flat(*({"Họ và tên": f"Giàng A {word}"} for word in WORDS[:people]))))
    for place, value in cells.items():
        workbook.active[place] = value
    return content_of(workbook)


WORDS = ["Dơ", "Páo", "Lử"]


@pytest.mark.parametrize(
    "cells",
    [
        {"XFD1048576": "x"}, {"A1048576": "x", "XFD3": "x"}, {"XFD1": 1}, {"XFD3": "x"}, {"ZZZ900000": 1.5},
        {"T1048576": "x"}, {"AB1048576": "x"}, {"B65536": "x", "IV65536": "y"}, {"XFD2": date(2015, 1, 1)},
        {"C1048576": "=1+1", "XFD1048575": "x"}, {"XFC1048576": "x", "XFD1048576": "x"},
    ],
)  # fmt: skip
def test_a_stray_cell_is_left_out_and_named_or_read_as_what_it_is(cells):
    content = with_strays(cells)
    file = read_file("a.xlsx", content, as_of=DAY)
    assert [stated.full_name for stated in file.statements] == [f"Giàng A {word}" for word in WORDS]
    told = {notice.value for notice in file.layout.notices if notice.code == "stray_cell"}
    assert told <= set(cells)
    rows_told = {str(notice.row) for notice in file.layout.notices}
    columns_told = {column.column for column in file.layout.unread}
    for place in set(cells) - told:
        column, row = place.rstrip("0123456789"), place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert row in rows_told or column in columns_told or row in ("1", "2")  # above the people


def test_a_stray_cell_in_the_far_corner_is_named_with_what_to_do():
    file = read_file("a.xlsx", with_strays({"XFD1048576": "x"}), as_of=DAY)
    (notice,) = [notice for notice in file.layout.notices if notice.code == "stray_cell"]
    assert (notice.row, notice.severity) == (1048576, "warning")
    assert "Ô XFD1048576 nằm lạc rất xa bảng" in notice.message
    assert "Hãy xóa ô đó" in notice.message


def test_the_error_workbook_of_such_a_file_is_given_back(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = with_strays({"XFD1048576": "x"})
    batch = stage(read_file("a.xlsx", content, as_of=DAY), by=None)
    write_errors(content, read_file("a.xlsx", content, as_of=DAY).layout, report_of(batch)["issues"], BytesIO())


def test_blank_rows_with_a_style_between_are_no_table():
    cell = b'<c r="A1" t="inlineStr"><is><t>a</t></is></c>'
    many = rows(1_048_575, b'<row r="#"><c r="B#" s="0"/></row>')
    content = xlsx(
        SHEET % (b'<row r="1">' + cell + b"</row>" + many + b'<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>')
    )
    (sheet,) = read_sheets("a.xlsx", content)
    assert sheet.strays == ("ZZ1048576",)
    assert sheet.rows == [["a"]]


def test_a_long_table_and_a_wide_one_have_no_strays():
    workbook = Workbook(write_only=True)
    long, wide = workbook.create_sheet("a"), workbook.create_sheet("b")
    for number in range(30_000):
        long.append([number, "x"])
    for _ in range(3):
        wide.append(["x"] * 1_000)
    content = content_of(workbook)
    first, second = read_sheets("a.xlsx", content)
    assert (len(first.rows), len(second.rows[0]), first.strays, second.strays) == (30_000, 1_000, (), ())
