"""Layouts: each form with known truth is read back to that truth; what is told of columns, and mapped by hand."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cadres.models import Appointment, Qualification, UnitVersion
from cadres.roster.batch import ReadFile, commit, read_file, report_of, stage
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.layout import lay_out
from cadres.roster.matching import EVERYWHERE
from cadres.roster.reading import Cell, Sheet, UnreadableFileError, read_sheets
from cadres.roster.rows import Layout
from cadres.roster.statements import Statement, to_iso
from cadres.roster.values import Understanding
from tests.cadres.layouts import (
    FORM_B,
    FORM_C,
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
    "with subtotals": Mess(commune_in="group", has_subtotals=True),
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


# Single traits


def read_rows(*rows: tuple[Any, ...], merged: tuple[str, ...] = (), name: str = "Sheet", **options: Any) -> ReadFile:
    workbook = Workbook()
    workbook.active.title = name
    for row in rows:
        workbook.active.append(row)
    for span in merged:
        workbook.active.merge_cells(span)
    return read_file("a.xlsx", content_of(workbook), **({"as_of": DAY} | options))


def units(file: ReadFile) -> list[str]:
    found = [file.dictionaries.unit_on(stated.unit, file.day) if stated.unit else None for stated in file.statements]
    return [f"{unit.code} {unit.name}" if unit else "" for unit in found]


PLAIN = ("STT", "Họ và tên", "Năm sinh", "Chức danh")
DO = (1, "Giàng A Dơ", 1979, "Chủ tịch UBND")
PAO = (2, "Giàng A Páo", 1980, "Phó Chủ tịch UBND")
MY = (3, "Vàng Thị Mỷ", 1981, "Văn phòng - thống kê")


@pytest.mark.parametrize(
    ("name", "title", "options"),
    [
        ("Thanh Bình", "UBND HUYỆN MƯỜNG KHƯƠNG", {}),
        ("1. Xã Thanh Bình", "Huyện Mường Khương", {}),
        ("Thanh Bình", "", {"unit_code": "083"}),
        ("Biểu 1", "UBND XÃ THANH BÌNH, HUYỆN MƯỜNG KHƯƠNG", {}),
    ],
)
def test_of_two_communes_of_one_name_the_district_says_which(name, title, options):
    day = date(2020, 12, 31)  # another Thanh Bình is in Sa Pa by then
    file = read_rows((title,), PLAIN, DO, name=name, **({"as_of": day} | options))
    assert units(file) == ["02779 Xã Thanh Bình"]


def test_a_sheet_named_after_a_district_names_no_township():
    file = read_rows(PLAIN, DO, name="Bắc Hà")
    assert [issue.code for issue in file.statements[0].issues] == ["missing_commune"]
    assert units(read_rows(PLAIN, DO, name="TT Bắc Hà")) == ["02839 Thị trấn Bắc Hà"]


def test_the_longest_name_in_a_title_is_meant():
    assert units(read_rows(("UBND XÃ TẢ VAN CHƯ",), PLAIN, DO)) == ["02851 Xã Tả Van Chư"]


def test_the_day_and_the_district_may_stand_on_the_cover_only():
    workbook = Workbook()
    workbook.active.append(["UBND HUYỆN MƯỜNG KHƯƠNG"])
    workbook.active.append(["Số liệu tính đến ngày 31/12/2020"])
    sheet = workbook.create_sheet("Thanh Bình")
    sheet.append(PLAIN)
    sheet.append(DO)
    file = read_file("a.xlsx", content_of(workbook))
    assert (file.day, units(file)) == (date(2020, 12, 31), ["02779 Xã Thanh Bình"])


def test_each_table_of_a_sheet_has_the_commune_of_its_own_title():
    file = read_rows(
        ("UBND XÃ BẢN PHỐ",), PLAIN, DO, ("Tổng số: 1",), ("TM. UBND XÃ BẢN PHỐ",), (),
        ("UBND XÃ TẢ VAN CHƯ",), ("DANH SÁCH CÁN BỘ",), PLAIN, PAO, MY,
    )  # fmt: skip
    assert [unit.partition(" ")[2] for unit in units(file)] == ["Xã Bản Phố", "Xã Tả Van Chư", "Xã Tả Van Chư"]


def test_a_merged_position_reaches_everybody_in_its_range_and_nobody_below():
    file = read_rows(("Xã Bản Phố",), PLAIN, DO, (2, "Giàng A Páo", 1980), (3, "Vàng Thị Mỷ", 1981), merged=("D3:D4",))
    assert [stated.positions for stated in file.statements] == [["CT_UBND"], ["CT_UBND"], []]


def test_a_name_merged_over_two_lines_is_one_person_with_two_posts():
    file = read_rows(
        ("Xã Bản Phố",), (*PLAIN, "Chuyên môn"), (*DO, "TC Luật"), (None, None, None, "Bí thư Đảng ủy", "ĐH Luật"), PAO,
        merged=("A3:A4", "B3:B4", "C3:C4"),
    )  # fmt: skip
    first, second = file.statements
    assert (first.positions, first.read["professional"]) == (["CT_UBND", "BT_DU"], "TC Luật; ĐH Luật")
    assert not first.is_rejected
    assert second.full_name == "Giàng A Páo"


def test_marks_below_nam_and_nu_say_the_sex():
    file = read_rows(
        ("Xã Bản Phố",), ("STT", "Họ và tên", "Giới tính", None, "Năm sinh", "Chức danh"),
        (None, None, "Nam", "Nữ"), (1, "Giàng A Dơ", "x", None, 1979, "Chủ tịch UBND"),
        (2, "Vàng Thị Mỷ", None, "x", 1981, "Bí thư Đoàn"), merged=("C2:D2",),
    )  # fmt: skip
    assert [(stated.sex, to_iso(stated.birth)) for stated in file.statements] == [("M", "1979"), ("F", "1981")]


def test_nam_and_nu_without_a_group_hold_births():
    file = read_rows(
        ("Xã Bản Phố",), ("STT", "Họ và tên", "Nam", "Nữ", "Chức danh"), (1, "Giàng A Dơ", 1979, None, "Chủ tịch UBND"),
        (2, "Vàng Thị Mỷ", None, "8/1981", "Bí thư Đoàn"),
    )  # fmt: skip
    assert [(stated.sex, to_iso(stated.birth)) for stated in file.statements] == [("M", "1979"), ("F", "1981-08")]


def test_two_days_of_the_party_are_those_of_admission_and_of_full_membership():
    file = read_rows(
        ("Xã Bản Phố",), (*PLAIN, "Ngày vào Đảng", None), (None, None, None, None, "Dự bị", "Chính thức"),
        (*DO, "03/02/2001", "03/02/2002"), (*PAO, "x", "19/5/2006"), merged=("E2:F2",),
    )  # fmt: skip
    assert [
        (stated.is_party_member, to_iso(stated.party_joined), to_iso(stated.facts.get("party_official_on")))
        for stated in file.statements
    ] == [(True, "2001-02-03", "2002-02-03"), (True, "", "2006-05-19")]


def test_a_level_written_below_another_is_the_one_written():
    file = read_rows(
        ("Xã Bản Phố",), (*PLAIN, "Tin học", None), (None, None, None, None, "Chứng chỉ A,B,C", "TC"),
        (*DO, "B"), (*PAO, "x"), merged=("E2:F2",),
    )  # fmt: skip
    assert [stated.levels for stated in file.statements] == [{"it": "B"}, {"it": "A"}]


def test_a_field_or_a_whole_degree_may_stand_below_its_level():
    file = read_rows(
        ("Xã Bản Phố",), (*PLAIN, "Chuyên môn", None), (None, None, None, None, "TC", "ĐH"),
        (*DO, "Luật"), (*PAO, None, "ĐHTC Kế toán"), (*MY, "x", "đang học"), merged=("E2:F2",),
    )  # fmt: skip
    assert [(stated.levels, stated.field_of_study, stated.study_mode) for stated in file.statements] == [
        ({"professional": "TC"}, "Luật", ""),
        ({"professional": "DH"}, "Kế toán", "Tại chức"),
        ({"professional": "TC"}, "", ""),
    ]


def test_a_mark_takes_nothing_from_the_degree_written_beside_it():
    file = read_rows(
        ("Xã Bản Phố",), (*PLAIN, "Chuyên môn", None), (None, None, None, None, "TC", "ĐH"),
        (*DO, "ĐHTC Luật", "x"), (*PAO, "x", "ĐHTC Luật"), merged=("E2:F2",),
    )  # fmt: skip
    assert [(stated.levels, stated.field_of_study, stated.study_mode) for stated in file.statements] == [
        ({"professional": "DH"}, "Luật", "Tại chức")
    ] * 2
    assert [stated.further for stated in file.statements] == [[], [["professional", "TC", "", "", ""]]]


def test_a_long_sheet_without_a_roster_takes_no_time():
    rows: list[list[Cell]] = [[f"Xã Bản Phố {number}", "Kế hoạch", float(number)] for number in range(20_000)]
    merged = [(0, 0, 10**6, 0)] * 10_000
    header: list[list[Cell]] = [["STT", "Họ và tên", "Năm sinh", "Chức danh"]]
    began = process_time()
    layout = lay_out("a.xlsx", [Sheet("Một", rows, merged), Sheet("Hai", header)], Dictionaries.load(), needs_day=False)
    assert process_time() - began < 5
    assert (layout.rows, layout.skipped_sheets) == ([], [])


@pytest.mark.parametrize("text", ["x" * 5_000, "a, " * 5_000, "(" * 5_000, "ĐH " * 5_000, "\0", "1/" * 5_000])
def test_a_cell_of_any_length_goes_in_or_is_refused(text, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    columns = list(FORM_C.columns)
    header: list[list[Cell]] = [["Huyện Bắc Hà, tính đến 31/12/2015"], [column.path[0] for column in columns]]
    plain: dict[str, Cell] = {"Họ đệm": "Giàng A", "Tên": "Dơ", "Xã": "Bản Phố", "Chức danh": "Bí thư Đoàn"}
    rows: list[list[Cell]] = []
    for place in range(len(columns)):
        row: list[Cell] = [plain.get(column.path[0], "") for column in columns]
        row[0], row[place] = str(place + 1), text
        rows.append(row)
    marks: list[list[Cell]] = [
        ["STT", "Họ và tên", "Năm sinh", "Chuyên môn", ""],
        ["", "", "", "TC", "ĐH"],
        ["1", "Giàng A Dơ", "1979", text],
    ]
    sheets = [Sheet("Một", header + rows), Sheet("Bản Phố", marks)]
    dictionaries = Dictionaries.load()
    layout = lay_out("a.xlsx", sheets, dictionaries)
    read = ReadFile("a.xlsx", b"", DAY, layout, statements(layout), dictionaries, None, EVERYWHERE)
    began = process_time()
    result = report_of(commit(stage(read, by=None), by=None))
    assert process_time() - began < 5
    assert result["rows"] >= len(columns)


def test_a_mark_for_a_religion_names_none():
    (stated,) = read_rows(("Xã Bản Phố",), (*PLAIN, "Tôn giáo"), (*DO, "x")).statements
    assert (stated.facts.get("religion", ""), [issue.code for issue in stated.issues]) == ("", ["unknown_value"])


def test_titles_of_groups_may_stand_above_the_row_with_the_name():
    file = read_rows(
        ("Xã Bản Phố",), ("STT", "Thông tin cá nhân", None, "Trình độ", None, "Chức danh"),
        (None, "Họ và tên", "Ngày sinh", "Chuyên môn", "LLCT"), (1, "Giàng A Dơ", 1979, "ĐH", "CC", "Chủ tịch UBND"),
        merged=("A2:A3", "B2:C2", "D2:E2", "F2:F3"),
    )  # fmt: skip
    (stated,) = file.statements
    assert (stated.levels, stated.positions) == ({"professional": "DH", "political_theory": "CC"}, ["CT_UBND"])


@pytest.mark.parametrize(
    "text", ["UBND xã Bản Phố", "Đảng ủy xã Bản Phố", "Xã Bản Phố, huyện Bắc Hà", "UBND xã Bản Phố - H. Bắc Hà"]
)
def test_the_commune_may_be_named_within_an_office(text):
    file = read_rows((*PLAIN, "Cơ quan, đơn vị đang làm việc"), (*DO, text))
    assert units(file) == ["02866 Xã Bản Phố"]


def test_the_position_may_name_its_commune():
    file = read_rows(("Xã Bản Phố",), PLAIN, (1, "Giàng A Dơ", 1979, "Trưởng Công an xã Bản Phố"))
    assert file.statements[0].positions == ["TCA"]


def test_who_has_no_number_is_a_person_by_birth_but_not_below_the_signatures():
    file = read_rows(
        ("Xã Bản Phố",), ("Họ và tên", "Năm sinh", "Chức danh", "Dân tộc"), ("Giàng A Dơ", 1979),
        ("Vàng Thị Mỷ", None, "Bí thư Đoàn", "Mông"), (), ("NGƯỜI LẬP BIỂU", None, "CHỦ TỊCH"),
        ("Phạm Thị Lệ Thu", 2016, "Trần Khắc Vinh"),
    )  # fmt: skip
    assert [stated.full_name for stated in file.statements] == ["Giàng A Dơ", "Vàng Thị Mỷ"]


# Totals


def totals(file: ReadFile) -> list[tuple[int, int, int, str]]:
    return [(total.row, total.declared, total.counted, total.column) for total in file.layout.totals]


@pytest.mark.parametrize(
    "row",
    [("Tổng số: 2",), ("Tổng cộng", 2), (None, "Tổng cộng: 2 người"), ("Cộng", None, "2"), ("TỔNG CỘNG (2 người)",)],
)
def test_a_total_is_compared_with_the_count(row):
    assert totals(read_rows(("Xã Bản Phố",), PLAIN, DO, PAO, row)) == [(5, 2, 2, "")]


@pytest.mark.parametrize(
    "row",
    [
        ("I", "XÃ BẢN PHỐ (3 người)"),
        ("I. Xã Bản Phố: 3 người",),
        ("I", "Xã Bản Phố", 3),
        ("I", "Xã Bản Phố (tổng số: 3)"),
    ],
)
def test_a_head_count_of_a_group_is_compared_with_its_people(row):
    file = read_rows(PLAIN, row, DO, ("A. Cán bộ (1 người)",), PAO, ("II", "Xã Tả Van Chư"), MY)
    assert totals(file) == [(2, 3, 2, ""), (4, 1, 1, "")]
    assert [unit.partition(" ")[2] for unit in units(file)] == ["Xã Bản Phố", "Xã Bản Phố", "Xã Tả Van Chư"]


def test_districts_communes_and_staff_are_counted_each_within_the_other():
    file = read_rows(
        PLAIN, ("HUYỆN BẮC HÀ (3 người)",), ("I", "XÃ BẢN PHỐ (2 người)"), ("A. Cán bộ (1 người)",), DO,
        ("B. Công chức (1 người)",), PAO, ("II", "XÃ TẢ VAN CHƯ (1 người)"), MY, ("HUYỆN MƯỜNG KHƯƠNG (1 người)",),
        ("I", "Xã Thanh Bình"), (4, "Lù A Sử", 1982, "Bí thư Đoàn"),
    )  # fmt: skip
    assert [(declared, counted) for _, declared, counted, _ in totals(file)] == [
        (3, 3),
        (2, 2),
        (1, 1),
        (1, 1),
        (1, 1),
        (1, 1),
    ]
    assert not any(stated.is_rejected for stated in file.statements)


def test_totals_may_stand_above_the_people():
    file = read_rows(
        PLAIN, ("Tổng số", 3), ("I", "Xã Bản Phố"), (None, "Cộng", 2), DO, PAO, ("II", "Xã Tả Van Chư"), MY, ("Cộng", 1)
    )
    assert totals(file) == [(2, 3, 3, ""), (4, 2, 2, ""), (9, 1, 1, "")]


def test_titles_that_begin_like_a_total_are_none():
    file = read_rows(
        ("I", "Xã Bản Phố"), PLAIN, ("I", "XÃ BẢN PHỐ (2 người)"), DO, PLAIN,
        (None, None, None, None, "Tổng số", "Nữ 51-55"), PAO, ("Cộng: 2 người", None, "trong đó nữ 0"),
    )  # fmt: skip
    assert totals(file) == [(3, 2, 2, ""), (8, 2, 2, "")]


def test_an_empty_group_takes_no_grand_total():
    file = read_rows(("Xã Bản Phố",), PLAIN, ("A. Cán bộ",), DO, PAO, ("B. Công chức",), ("Tổng cộng: 2",))
    assert totals(file) == [(7, 2, 2, "")]


def test_counts_below_mark_columns_are_compared_each():
    file = read_rows(
        ("Xã Bản Phố",), ("STT", "Họ và tên", "Năm sinh", None, "Chức danh", "Đảng viên", "Chuyên môn", None),
        (None, None, "Nam", "Nữ", None, None, "TC", "ĐH"),
        (1, "Giàng A Dơ", 1979, None, "Chủ tịch UBND", "x", None, "x"),
        (2, "Vàng Thị Mỷ", None, 1981, "Bí thư Đoàn", "x", None, "Luật"),
        ("Tổng cộng", 2, 1, 1, None, 1, 0, 2), merged=("C2:D2", "G2:H2"),
    )  # fmt: skip
    assert totals(file) == [
        (6, 1, 1, "Năm sinh Nam"), (6, 1, 1, "Năm sinh Nữ"), (6, 1, 2, "Đảng viên"), (6, 0, 0, "Chuyên môn TC"),
        (6, 2, 2, "Chuyên môn ĐH"), (6, 2, 2, ""),
    ]  # fmt: skip


def test_counts_in_group_rows_make_nobody():
    file = read_rows(
        ("Xã Bản Phố",), ("STT", "Họ và tên", "Năm sinh", None, "Chuyên môn", None, "LLCT", None),
        (None, None, "Nam", "Nữ", "TC", "ĐH", "SC", "TC"), ("1", "Chủ tịch UBND", 1, 0, 1, None, 1, None),
        (1, "Giàng A Dơ", 1979, None, "x", None, "x"), (2, "Bí thư Đoàn", None, 1, 1, 1, 1),
        (1, "Vàng Thị Mỷ", None, 1981, None, "x"), merged=("C2:D2", "E2:F2", "G2:H2"),
    )  # fmt: skip
    assert [(stated.full_name, stated.positions) for stated in file.statements] == [
        ("Giàng A Dơ", ["CT_UBND"]), ("Vàng Thị Mỷ", ["BT_DOAN"]),
    ]  # fmt: skip


# Into the registry


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_form_goes_into_the_registry_and_again_unchanged(form, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    random = Random(7)
    communes = communes_of("Huyện Bắc Hà", "Xã Bản Phố", "Thị trấn Bắc Hà")
    roster = write(form, invent(random, form, communes, 15), communes, random, Mess(has_cover=True, hidden_rows=True))
    first = report_of(commit(stage(read_file("a.xlsx", roster.content), by=None), by=None))
    assert (first["created"], first["review"], first["rejected"]) == (len(roster.people), 0, 0)
    expected = Counter((person.full_name, person.positions[0], person.commune) for person in roster.people)
    posts = Appointment.objects.as_of(DAY).filter(is_primary=True).select_related("official", "position")
    held = {post.unit_id: post.unit.name_on(DAY) for post in posts.select_related("unit")}
    names = {commune.name: commune.code for commune in communes}
    assert expected == Counter(
        (post.official.full_name, post.position.code, names[held[post.unit_id]]) for post in posts
    )
    levels = Counter(Qualification.objects.values_list("official__full_name", "level__dimension__code", "level__code"))
    assert levels == Counter((person.full_name, *level) for person in roster.people for level in person.levels.items())
    second = report_of(commit(stage(read_file("a.xlsx", roster.content), by=None), by=None))
    assert (second["unchanged"], second["missing"]) == (len(roster.people), 0)


@pytest.mark.parametrize("form", [FORM_B, FORM_C], ids=lambda form: form.name)
def test_a_form_saved_as_csv_says_the_same(form):
    random = Random(3)
    communes = communes_of("Huyện Bắc Hà", "Xã Bản Phố", "Xã Tả Van Chư")
    roster = write(form, invent(random, form, communes, 12), communes, random, Mess(is_plain=True, page_length=5))
    sheet = load_workbook(BytesIO(roster.content)).worksheets[0]
    text = StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(sheet.iter_rows(values_only=True))
    file = read_file("a.csv", text.getvalue().encode("utf-8-sig"))
    assert [truth_of(stated, file.dictionaries) for stated in file.statements] == [
        replace(person, levels=dict(sorted(person.levels.items()))) for person in roster.people
    ]


@pytest.mark.parametrize("number", ["060000001", None])
def test_a_person_called_like_a_unit_is_one_where_a_number_or_a_post_in_a_commune_says_so(number):
    person = {"Họ và tên": "Xã Văn Huyện", "Ngày sinh": None, "Số CMND": number}
    file = read_file("a.xlsx", flat(person, {"Họ và tên": "Giàng A Sử"}))
    assert [stated.full_name for stated in file.statements] == ["Xã Văn Huyện", "Giàng A Sử"]


@pytest.mark.parametrize("written", ["18", "18 người", None])
def test_a_unit_in_the_place_of_a_name_is_a_group_row_whatever_it_counts_where_posts_stand(written):
    group = {"Họ và tên": "Xã Bản Phố", "Ngày sinh": None, "Số CMND": None, "Chức danh": written}
    file = read_file("a.xlsx", flat(group, {"Họ và tên": "Giàng A Sử"}))
    assert [stated.full_name for stated in file.statements] == ["Giàng A Sử"]


# Any mixture

mixtures = st.builds(
    Mess,
    *(st.booleans() for _ in range(7)),
    page_length=st.sampled_from((0, 3, 7)),
    counts_in_groups=st.booleans(),
    commune_in=st.sampled_from(("", "group", "title", "sheet")),
    has_subtotals=st.booleans(),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=st.sampled_from(FORMS), mess=mixtures, seed=st.integers(0, 10**6))
def test_any_mixture_is_read_back_to_the_truth(form, mess, seed):
    assert_read_back(form, mess, seed, "Xã Bản Phố", "Thị trấn Bắc Hà", "Xã Tả Van Chư", count=6)
