"""Layouts: each form with known truth is read back to that truth; what is told of columns, and mapped by hand."""

from datetime import date
from random import Random
from typing import Any

import pytest
from openpyxl import Workbook

from cadres.models import UnitVersion
from cadres.roster.batch import read_file
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.reading import UnreadableFileError, read_sheets
from cadres.roster.rows import Layout, lay_out
from cadres.roster.values import Statement, Understanding
from tests.cadres.layouts import (
    FORMS,
    Commune,
    Form,
    Mess,
    differences,
    invent,
    truth_of,
    write,
)
from tests.cadres.workbooks import content_of, flat, layout_b

DAY = date(2015, 12, 31)
pytestmark = pytest.mark.django_db


def laid_out(content: bytes, **options: Any) -> Layout:
    return lay_out("a.xlsx", read_sheets("a.xlsx", content), Dictionaries.load(), **options)


def statements(layout: Layout, day: date = DAY) -> list[Statement]:
    understanding = Understanding(Dictionaries.load(), day)
    return [understanding.statement(row) for row in layout.rows]


def table(*rows: tuple[Any, ...], name: str = "Sheet") -> bytes:
    workbook = Workbook()
    workbook.active.title = name
    for row in rows:
        workbook.active.append(row)
    return content_of(workbook)


# What is told of the columns


def test_each_table_tells_its_header_its_day_and_its_columns():
    (found,) = laid_out(layout_b()).sheets
    assert (found.name, found.first_row, found.last_row) == ("BT 2015", 7, 8)
    assert (found.as_of, found.persons, found.is_understood) == (DAY, 7, True)
    columns = {column.title: (column.index, column.target, column.samples) for column in found.columns}
    assert columns["Năm sinh Nam"] == (2, "birth_date:M", ["5.8.79", "8/1983", "30674"])
    assert columns["Trình độ Văn hóa"] == (6, "education", ["12/12/2015", "12/09/2015", "12/12"])
    assert columns["Đảng viên"][:2] == (13, "party_joined_on")
    assert [column.key for column in found.columns][:4] == ["tt", "hovaten", "namsinh/nam", "namsinh/nu"]


def test_the_key_of_a_layout_is_that_of_its_titles_and_of_nothing_else():
    one, same = laid_out(flat({})).sheets[0], laid_out(flat({}, {}, title="Tính đến 31/12/2016")).sheets[0]
    other = laid_out(flat({"Ghi chú": "Mới"})).sheets[0]
    assert one.key == same.key != other.key


def test_a_column_that_is_not_understood_is_listed_with_what_it_holds():
    (found,) = laid_out(flat({"Số giày": "39"}, {"Số giày": "41"}, {"Số giày": "39"})).sheets
    (column,) = [column for column in found.columns if not column.field]
    assert (column.title, column.key, column.target, column.samples) == ("Số giày", "sogiai", "", ["39", "41"])


def test_titles_that_occur_twice_have_keys_of_their_own_and_a_column_without_title_has_its_place():
    content = table(
        ("STT", "Họ và tên", "Năm sinh", "Chức danh", "Ghi chú", "Ghi chú"),
        (1, "Giàng A Dơ", 1979, "Chủ tịch UBND", "một", "hai", "ba"),
    )
    (found,) = laid_out(content, needs_day=False).sheets
    assert [(column.key, column.field) for column in found.columns[4:]] == [
        ("ghichu", "note"),
        ("ghichu#2", ""),
        ("@7", ""),
    ]


# Mapping by hand


def test_a_mapping_wins_over_the_titles():
    content = table(
        ("STT", "Họ và tên", "Năm sinh", "Chức danh", "Đơn vị", "Nơi làm", "Bằng"),
        (1, "Giàng A Dơ", 1979, "Chủ tịch UBND", "Khối Đảng", "Bản Phố", "ĐH Luật"),
    )
    before = laid_out(content, needs_day=False)
    assert [issue.code for issue in statements(before)[0].issues] == ["unknown_commune"]
    key = before.sheets[0].key
    mapping = {(key, "donvi"): "", (key, "noilam"): "commune", (key, "bang"): "professional"}
    after = laid_out(content, needs_day=False, mapping=mapping)
    (stated,) = statements(after)
    assert (stated.issues, stated.levels, stated.field_of_study) == ([], {"professional": "DH"}, "Luật")
    assert [column.target for column in after.sheets[0].columns[4:]] == ["", "commune", "professional"]
    assert after.sheets[0].key == key


def test_a_mapping_of_another_layout_is_of_no_concern():
    content = flat({})
    mapping = {("0000000000000000", "hovaten"): ""}
    assert len(laid_out(content, mapping=mapping).rows) == 1


def test_a_mapping_makes_mark_columns_and_births_of_one_sex():
    content = table(
        ("STT", "Họ và tên", "Sinh (ông)", "Sinh (bà)", "Chức danh", "Bậc thợ", None),
        (None, None, None, None, None, "ĐH", "Bậc 2"),
        (1, "Giàng A Dơ", 1979, None, "Chủ tịch UBND", None, "x"),
        (2, "Vàng Thị Mỷ", None, 1981, "Bí thư Đảng ủy", "x", None),
        (3, "Vàng Thị Pà", None, 1982, "Bí thư Đoàn", None, None),
    )
    found = laid_out(content, needs_day=False, needs_roster=False).sheets[0]
    keys = [column.key for column in found.columns]
    assert keys == ["stt", "hovaten", "sinhong", "sinhba", "chucdanh", "bactho/dh", "bactho/bac2"]
    targets = ("row_number", "full_name", "birth_date:M", "birth_date:F", "position", "professional", "professional:TC")
    mapping = {(found.key, key): target for key, target in zip(keys, targets, strict=True)}
    first, second, _ = statements(laid_out(content, needs_day=False, mapping=mapping))
    assert (first.sex, second.sex) == ("M", "F")
    assert (first.levels, second.levels) == ({"professional": "TC"}, {"professional": "DH"})


# Sheets that look like rosters

STRANGE = (
    ("UBND HUYỆN BẮC HÀ",),
    ("Thứ tự", "Cán bộ", "Sinh", "Giữ chức", "Ở xã"),
    (1, "Giàng A Dơ", 1979, "Chủ tịch UBND", "Bản Phố"),
    (2, "Giàng A Páo", "5/8/1980", "Phó Chủ tịch UBND", "Bản Phố"),
    (3, "Vàng Thị Mỷ", "8/1981", "Văn phòng - thống kê", "Bản Phố"),
)


def test_a_sheet_whose_header_is_not_understood_is_told_and_can_be_mapped():
    with pytest.raises(UnreadableFileError, match="không hiểu các tiêu đề cột"):
        laid_out(table(*STRANGE), needs_day=False)
    layout = laid_out(table(*STRANGE, name="Lạ"), needs_day=False, needs_roster=False)
    assert (layout.rows, layout.skipped_sheets) == ([], ["Lạ"])
    (found,) = layout.sheets
    assert (found.first_row, found.last_row, found.persons, found.is_understood) == (2, 2, 0, False)
    targets = ("row_number", "full_name", "birth_date", "position", "commune")
    mapping = {(found.key, column.key): target for column, target in zip(found.columns, targets, strict=True)}
    mapped = laid_out(table(*STRANGE), needs_day=False, mapping=mapping)
    assert [(stated.full_name, stated.positions, stated.is_rejected) for stated in statements(mapped)] == [
        ("Giàng A Dơ", ["CT_UBND"], False),
        ("Giàng A Páo", ["PCT_UBND"], False),
        ("Vàng Thị Mỷ", ["VP_TK"], False),
    ]
    assert (mapped.skipped_sheets, mapped.sheets[0].persons) == ([], 3)


# Forms with known truth


def communes_of(district: str, *names: str) -> list[Commune]:
    """Communes of a district on the day, those named first."""
    versions = UnitVersion.objects.as_of(DAY).filter(
        parent__versions__name=district, kind__in=UnitVersion.COMMUNE_KINDS
    )
    found = {version.name: Commune(version.code, version.name, district) for version in versions.order_by("code")}
    return [found[name] for name in names] or list(found.values())


def assert_read_back(form: Form, mess: Mess, seed: int, *names: str, count: int = 12) -> None:
    """The roster is read to exactly what was written: nobody lost, nobody invented, every fact of everybody."""
    random = Random(seed)
    communes = communes_of("Huyện Bắc Hà", *names)
    roster = write(form, invent(random, form, communes, count), communes, random, mess)
    file = read_file("a.xlsx", roster.content)
    assert [(stated.sheet, stated.row) for stated in file.statements] == roster.places
    wrong = {
        place: found
        for place, person, stated in zip(roster.places, roster.people, file.statements, strict=True)
        if (found := differences(person, truth_of(stated, file.dictionaries)))
    }
    assert wrong == {}
    assert file.day == DAY
    hidden = {
        (stated.sheet, stated.row) for stated in file.statements if "hidden_row" in [i.code for i in stated.issues]
    }
    assert hidden == roster.hidden
    strange = [
        (stated.row, issue.code, issue.value)
        for stated in file.statements
        for issue in stated.issues
        if issue.code not in ("hidden_row", "repaired_identifier", "identifier_mismatch")
    ]
    assert strange == []
    totals = file.layout.totals
    assert len(totals) == roster.totals
    assert [total for total in totals if total.declared != total.counted] == []
    assert file.layout.skipped_sheets == []


ORDERLY = Mess(has_numbering=False)
MESSES = {
    "as it should be": ORDERLY,
    "shuffled, with columns of its own": Mess(is_shuffled=True, has_extra_columns=True),
    "with a cover, hidden rows and columns": Mess(has_cover=True, hidden_rows=True, hidden_columns=True),
    "a header on each page": Mess(page_length=7),
    "groups of titles not merged": Mess(is_merged=False, has_numbering=False),
    "all at once": Mess(True, True, True, True, True, True, True, 5),
}


@pytest.mark.parametrize("mess", MESSES.values(), ids=MESSES)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_is_read_back_to_the_truth(form, mess):
    assert_read_back(form, mess, 1, "Xã Bản Phố", "Thị trấn Bắc Hà", "Xã Tả Van Chư")


@pytest.mark.parametrize("place", ["group", "title", "sheet"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_commune_may_stand_in_a_group_row_the_title_or_the_name_of_the_sheet(form, place):
    assert_read_back(form, Mess(commune_in=place), 2, "Xã Bản Phố", "Thị trấn Bắc Hà", "Xã Tả Van Chư")
