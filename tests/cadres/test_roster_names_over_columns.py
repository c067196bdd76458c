"""Names over two or three columns, and dates over three, in the ways in which rosters title them."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cadres.roster.batch import ReadFile, read_file
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.header import HeaderFinder
from cadres.roster.layout import lay_out
from cadres.roster.reading import Cell, Sheet, read_sheets
from cadres.roster.statements import to_iso
from tests.cadres.test_roster_titles import written
from tests.cadres.workbooks import content_of

pytestmark = pytest.mark.django_db

NAMES = ("Giàng Seo An", "Vàng Thị Súa", "Lý A Dơ", "Nguyễn Thị Lan Anh", "Ma Chùa")
POSTS = ("Chủ tịch UBND", "Bí thư Đoàn", "VP-TK", "TP-HT", "VH-XH")


def in_two(name: str) -> tuple[str, ...]:
    *before, given = name.split()
    return " ".join(before), given


def in_three(name: str) -> tuple[str, ...]:
    family, *middle, given = name.split()
    return family, " ".join(middle), given


def whole(name: str) -> tuple[str, ...]:
    return (name,)


def roster(
    titles: tuple[tuple[Any, ...], ...],
    parts: Any,
    *,
    merged: tuple[str, ...] = (),
    numbering: tuple[Any, ...] | None = None,
    names: tuple[str, ...] = NAMES,
) -> bytes:
    """A roster of Bản Phố: the name's titles stand between the running number and `Năm sinh | Chức vụ | Dân tộc`."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẢN PHỐ, HUYỆN BẮC HÀ"])
    sheet.append(["(Tính đến 31/12/2015)"])
    width = max(map(len, titles))
    for number, line in enumerate(titles):
        rest = ("Năm sinh", "Chức vụ", "Dân tộc") if number == 0 else (None,) * 3
        sheet.append(["TT" if number == 0 else None, *line, *(None,) * (width - len(line)), *rest])
    if len(titles) > 1:
        for column in (1, *range(width + 2, width + 5)):
            sheet.merge_cells(start_row=3, end_row=2 + len(titles), start_column=column, end_column=column)
    for place in merged:
        sheet.merge_cells(place)
    if numbering:
        sheet.append(list(numbering))
    for number, (name, post) in enumerate(zip(names, POSTS, strict=False), start=1):
        said = parts(name)
        sheet.append([number, *said, *(None,) * (width - len(said)), 1970 + number, post, "Mông"])
    return content_of(workbook)


def read(content: bytes) -> ReadFile:
    return read_file("a.xlsx", content)


def names_in(file: ReadFile) -> list[str]:
    return [stated.full_name for stated in file.statements]


WAYS = {
    "Họ | Tên": roster((("Họ", "Tên"),), in_two),
    "Họ đệm | Tên": roster((("Họ đệm", "Tên"),), in_two),
    "Họ và đệm | Tên": roster((("Họ và đệm", "Tên"),), in_two),
    "Họ và tên đệm | Tên": roster((("Họ và tên đệm", "Tên"),), in_two),
    "Họ và tên lót | Tên": roster((("Họ và tên lót", "Tên"),), in_two),
    "Họ, chữ đệm | Tên": roster((("Họ, chữ đệm", "Tên"),), in_two),
    "Họ | Đệm | Tên": roster((("Họ", "Đệm", "Tên"),), in_three),
    "Họ | Tên đệm | Tên": roster((("Họ", "Tên đệm", "Tên"),), in_three),
    "Họ | Chữ lót | Tên": roster((("Họ", "Chữ lót", "Tên"),), in_three),
    "a title merged over two": roster((("Họ và tên", None),), in_two, merged=("B3:C3",)),
    "a title merged over three": roster((("Họ và tên", None, None),), in_three, merged=("B3:D3",)),
    "a title merged over two, with a row of numbers": roster(
        (("Họ và tên", None),), in_two, merged=("B3:C3",), numbering=("1", "2", "3", "4", "5", "6")
    ),
    "a title merged over two, numbered as one": roster(
        (("Họ và tên", None),), in_two, merged=("B3:C3", "B4:C4"), numbering=("A", "B", None, 1, 2, 3)
    ),
    "a title merged over two and two rows": roster((("HỌ VÀ TÊN", None), (None, None)), in_two, merged=("B3:C4",)),
    "a title merged over two of which the second is empty": roster((("Họ và tên", None),), whole, merged=("B3:C3",)),
    "a title merged over three of which two are filled": roster(
        (("Họ và tên", None, None),), in_two, merged=("B3:D3",)
    ),
    "a group of two titles": roster((("Họ và tên", None), ("Họ đệm", "Tên")), in_two, merged=("B3:C3",)),
    "a group of two short titles": roster((("Họ và tên", None), ("Họ", "Tên")), in_two, merged=("B3:C3",)),
    "a group of three titles": roster(
        (("Họ và tên", None, None), ("Họ", "Đệm", "Tên")), in_three, merged=("B3:D3",)
    ),
    "a group not merged": roster((("Họ và tên", None), ("Họ đệm", "Tên")), in_two),
    "a group with a row of numbers": roster(
        (("Họ và tên", None), ("Họ", "Tên")), in_two, merged=("B3:C3",), numbering=(1, 2, 3, 4, 5, 6)
    ),
    "a title and an untitled column": roster((("Họ và tên", None),), in_two),
    "a title and an untitled column, numbered": roster(
        (("Họ và tên", None),), in_two, numbering=("A", "B", "1", "2", "3", "4")
    ),
    "Họ đệm and an untitled column": roster((("Họ đệm", None),), in_two),
    "Họ và tên | Tên, the first without the given name": roster((("Họ và tên", "Tên"),), in_two),
    "Họ và tên | Tên, the first with it": roster(
        (("Họ và tên", "Tên"),), lambda name: (name, name.split()[-1])
    ),
    "Họ tên whole": roster((("Họ tên",),), whole),
    "Tên whole": roster((("Tên",),), whole),
}  # fmt: skip


@pytest.mark.parametrize("content", WAYS.values(), ids=WAYS)
def test_a_name_is_put_together_from_its_columns(content):
    file = read(content)
    assert names_in(file) == list(NAMES)
    assert [issue for stated in file.statements for issue in stated.issues] == []
    assert [column for column in file.layout.unread if not column.is_never_kept] == []


def test_a_header_that_is_repeated_parts_names_alike():
    workbook = load_workbook(BytesIO(roster((("Họ và tên", None),), in_two, merged=("B3:C3",))))
    sheet = workbook.active
    sheet.append([cell.value for cell in sheet[3]])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=2, end_column=3)
    sheet.append([6, "Thào", "Pà", 1980, "Chủ tịch HĐND", "Mông"])
    assert names_in(read(content_of(workbook))) == [*NAMES, "Thào Pà"]


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("a sex", ("Nam", "Nữ", "Nam", "Nữ", "Nữ")),
        ("an ethnic group", ("Mông", "Mông", "Dao", "Mông", "Mông")),
        ("a mark", ("x", "x", None, "x", "x")),
        ("numbers", (1, 2, 3, 4, 5)),
        ("dates", (date(2001, 2, 3),) * 5),
        ("remarks here and there", ("Nghỉ", None, None, None, None)),
        ("sentences", ("Đang học lớp trung cấp",) * 5),
    ],
)
@pytest.mark.parametrize("merged", [(), ("B3:C3",)], ids=["untitled", "merged"])
def test_what_stands_beside_whole_names_is_no_part_of_them(beside, said, merged):
    told = dict(zip(NAMES, said, strict=True))
    file = read(roster((("Họ và tên", None),), lambda name: (name, told[name]), merged=merged))
    assert names_in(file) == list(NAMES)
    assert [(column.column, column.cells, column.suggested) for column in file.layout.unread] == [
        ("C", sum(value is not None for value in said), "")
    ]


def test_whole_names_with_an_untitled_column_of_words_are_left_whole_and_the_column_is_asked_about():
    nicknames = dict(zip(NAMES, ("Pao", "Hoa", "Sơn", "Mai", "Tú"), strict=True))
    file = read(roster((("Họ và tên", None),), lambda name: (name, nicknames[name])))
    assert names_in(file) == list(NAMES)
    assert [column.as_json() for column in file.layout.unread] == [
        {"sheet": "Sheet", "column": "C", "title": "", "cells": 5, "suggested": "given_name"}
    ]


@pytest.mark.parametrize("merged", [(), ("B3:C3",)], ids=["untitled", "merged"])
def test_where_some_rows_part_the_name_and_some_do_not_the_column_is_asked_about(merged):
    parted = dict(zip(NAMES, (True, False, True, False, True), strict=True))
    file = read(roster((("Họ và tên", None),), lambda name: in_two(name) if parted[name] else (name,), merged=merged))
    assert [(column.column, column.cells, column.suggested) for column in file.layout.unread] == [
        ("C", 3, "given_name")
    ]


def test_titles_may_be_numbered():
    titles = ("2. Họ đệm", "3. Tên")
    content = load_workbook(BytesIO(roster((titles,), in_two)))
    for cell in content.active[3]:
        if not str(cell.value)[0].isdigit():
            cell.value = f"{cell.column}. {cell.value}"
    assert names_in(read(content_of(content))) == list(NAMES)


# Dates in three columns


def dated(*header: tuple[Any, ...], cells: tuple[tuple[Any, ...], ...], merged: tuple[str, ...] = ()) -> list[str]:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["Xã Bản Phố, huyện Bắc Hà, tính đến 31/12/2015"])
    for number, line in enumerate(header):
        sheet.append(["TT", "Họ và tên", *line, "Chức vụ"] if number == 0 else [None, None, *line, None])
    for place in merged:
        sheet.merge_cells(place)
    for number, (name, said) in enumerate(zip(NAMES, cells, strict=False), start=1):
        sheet.append([number, name, *said, POSTS[number]])
    return [to_iso(stated.birth) for stated in read(content_of(workbook)).statements]


DAYS = ((5, 8, 1979), ("05", "08", "1983"), (None, 8, 1985), (None, None, 1990))
BIRTHS = ["1979-08-05", "1983-08-05", "1985-08", "1990"]


@pytest.mark.parametrize(
    ("header", "merged"),
    [
        ((("Ngày sinh", None, None), ("Ngày", "Tháng", "Năm")), ("C2:E2",)),
        ((("Ngày, tháng, năm sinh", None, None), ("Ngày", "Tháng", "Năm")), ("C2:E2",)),
        ((("Năm sinh", None, None), ("NGÀY", "THÁNG", "NĂM")), ("C2:E2",)),
        ((("Sinh", None, None), ("Ngày sinh", "Tháng sinh", "Năm sinh")), ("C2:E2",)),
        ((("Ngày sinh", "Tháng sinh", "Năm sinh"),), ()),
        ((("Sinh ngày", "Tháng sinh", "Năm sinh"),), ()),
        ((("Ngày sinh", None, None), ("Ngày", "Tháng", "Năm")), ()),
    ],
)
def test_a_birth_is_put_together_from_day_month_and_year(header, merged):
    assert dated(*header, cells=DAYS, merged=merged) == BIRTHS


def test_the_order_of_day_month_and_year_is_that_of_their_titles():
    assert dated(("Năm sinh", "Tháng sinh", "Ngày sinh"), cells=tuple(day[::-1] for day in DAYS)) == BIRTHS


def test_day_and_month_may_stand_together():
    cells = (("5/8", 1979), ("05/08", "1983"), (None, 1985))
    assert dated(("Ngày, tháng sinh", "Năm sinh"), cells=cells) == ["1979-08-05", "1983-08-05", "1985"]


def test_a_day_without_its_month_is_no_month():
    cells = ((5, None, 1979), (6, 8, 1980))
    assert dated(("Ngày sinh", "Tháng sinh", "Năm sinh"), cells=cells) == ["1979", "1980-08-06"]


def test_a_whole_date_beside_its_year_is_the_date():
    assert dated(("Ngày sinh", "Năm sinh"), cells=(("05/08/1979", 1979), ("6/8/1983", 1983))) == [
        "1979-08-05",
        "1983-08-06",
    ]


# Any order of columns


# Without lone places below a group that is not merged: nobody can tell them from a row of people.
TITLES = [(title.split(" > "), means) for title, means in written() if means and not title.endswith("> Thôn")]
# What one roster has once: fields that take further columns in their own way are tried above.
FIELDS = sorted(
    {means for _, means in TITLES}
    - {"không lưu", "full_name", "family_name", "given_name", "row_number", "birth_date:M", "birth_date:F", "sex:F"}
    - {means for _, means in TITLES if means.split(":")[0] in ("council_deputy", "party_committee") and ":" in means}
)


@st.composite
def headers(draw: st.DrawFn) -> list[tuple[list[str], str]]:
    """Columns as (titles from the group down, what they mean): a number, a name, and any others in any order."""
    fields = draw(st.lists(st.sampled_from([f for f in FIELDS if ":" not in f]), min_size=3, max_size=9, unique=True))
    chosen = [draw(st.sampled_from([title for title in TITLES if title[1] == name])) for name in fields]
    chosen += draw(
        st.lists(
            st.sampled_from([title for title in TITLES if title[1] == "không lưu" and len(title[0]) == 1]), max_size=4
        )
    )
    name = draw(st.sampled_from([title for title in TITLES if title[1] == "full_name" and len(title[0]) == 1]))
    others = draw(st.permutations([name, *chosen]))
    return [(["TT"], "row_number"), *others]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(columns=headers(), merged=st.booleans())
def test_columns_are_understood_in_any_order_and_either_style_of_header(columns, merged):
    columns = [column for at, column in enumerate(columns) if at == 0 or column[0][0] != columns[at - 1][0][0]]
    depth = max(len(path) for path, _ in columns)
    rows: list[list[Cell]] = [[path[row] if row < len(path) else "" for path, _ in columns] for row in range(depth)]
    spans = [(0, at, depth - 1, at) for at, (path, _) in enumerate(columns) if len(path) < depth] if merged else []
    rows += [[float(number), "Giàng Seo An", *("x",) * (len(columns) - 2)] for number in (1, 2, 3)]
    finder = HeaderFinder(Sheet("DS", rows, spans), Dictionaries.load().titles, {})
    header = finder.first()
    assert header is not None
    assert (header.first, header.last) == (0, depth - 1)
    assert [column.target or ("không lưu" if column.not_kept else "") for column in header.columns] == [
        means for _, means in columns
    ]


def test_a_column_chosen_as_the_given_name_makes_the_one_titled_as_the_name_the_rest_of_it():
    nicknames = dict(zip(NAMES, ("Pao", "Hoa", "Sơn", "Mai", "Tú"), strict=True))
    content = roster((("Họ và tên", None),), lambda name: (name, nicknames[name]))
    sheets = read_sheets("a.xlsx", content)
    dictionaries = Dictionaries.load()
    found = lay_out("a.xlsx", sheets, dictionaries).sheets[0]
    mapping = {(found.key, column.key): "given_name" for column in found.columns if column.index == 2}
    (row, *_) = lay_out("a.xlsx", sheets, dictionaries, mapping=mapping).rows
    assert (row.texts()["family_name"], row.texts()["given_name"]) == ("Giàng Seo An", "Pao")
