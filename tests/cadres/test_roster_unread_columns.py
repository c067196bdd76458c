"""What is filled in a roster and not read is said: which column, how many cells, and what it may be."""

from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from cadres.models import Appointment, ColumnMapping, Official
from cadres.roster.batch import import_file, read_file, report_of, stage
from tests.cadres.workbooks import sheet_of
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def roster(titles: tuple[Any, ...], *people: tuple[Any, ...], above: tuple[Any, ...] | None = None) -> bytes:
    head = ["DANH SÁCH XÃ BẢN PHỐ, HUYỆN BẮC HÀ (Tính đến 31/12/2015)"]
    return sheet_of([head, *([above] if above else []), titles, *people])


PLAIN = ("TT", "Họ và tên", "Năm sinh", "Chức vụ")
DO = (1, "Giàng A Dơ", 1979, "Chủ tịch UBND")
PAO = (2, "Giàng A Páo", 1980, "Bí thư Đoàn")


def unread(content: bytes) -> list[dict[str, Any]]:
    return [column.as_json() for column in read_file("a.xlsx", content).layout.unread]


def test_a_filled_column_that_nobody_understands_is_told_with_its_cells():
    assert unread(roster((*PLAIN, "Số giày"), (*DO, 39), (*PAO, None))) == [
        {"sheet": "Sheet", "column": "E", "title": "Số giày", "cells": 1}
    ]


def test_a_column_that_rosters_have_and_the_registry_does_not_keep_is_told_as_such():
    titles = (*PLAIN, "Hệ số lương", "Tuổi", "Thành phần xuất thân", "Khen thưởng")
    columns = unread(roster(titles, (*DO, 2.34, 36, "Bần nông", "Bằng khen"), (*PAO, 1.86, 35, None, None)))
    assert [(column["title"], column["cells"], column.get("kept")) for column in columns] == [
        ("Hệ số lương", 2, False), ("Tuổi", 2, False), ("Thành phần xuất thân", 1, False), ("Khen thưởng", 1, False),
    ]  # fmt: skip


def test_a_filled_column_without_a_title_is_told_also_right_of_all_titles():
    columns = unread(roster((*PLAIN, None), (*DO, "x"), (*PAO, None, None, "gì đó")))
    assert columns == [
        {"sheet": "Sheet", "column": "E", "title": "", "cells": 1},
        {"sheet": "Sheet", "column": "G", "title": "", "cells": 1},
    ]


def test_an_empty_column_and_one_of_dashes_are_not_told():
    assert unread(roster((*PLAIN, "Số giày", "Số mũ"), (*DO, None, "-"), (*PAO, None, "…"))) == []


def test_a_second_column_of_a_field_is_told():
    columns = unread(roster((*PLAIN, "Ngày sinh"), (*DO, "05/08/1979"), (*PAO, None)))
    assert [(column["title"], column["cells"]) for column in columns] == [("Ngày sinh", 1)]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Lý luận chính trị đã học", "political_theory"),
        ("Chuyên môn chính", "professional"),
        ("Dân tộc gì", "ethnic_group"),
        ("Chuyên nghành", "field_of_study"),
        ("Tôn giáo, tín ngưỡng", "religion"),
    ],
)
def test_a_title_of_which_only_some_words_agree_is_asked_about_and_not_read(title, field):
    (column,) = unread(roster((*PLAIN, title), (*DO, "Kinh"), PAO))
    assert (column.get("suggested"), column.get("kept")) == (field, None)


def test_a_title_is_not_taken_for_a_field_that_another_column_has():
    (column,) = unread(roster((*PLAIN, "Chức vụ phụ"), (*DO, "Bí thư Đoàn"), PAO))
    assert "suggested" not in column
    (column,) = unread(roster((*PLAIN[:3], "Chức danh", "Chức danh phụ"), (*DO, "Bí thư Đoàn"), PAO))
    assert "suggested" not in column


def test_where_no_column_has_the_posts_the_file_says_so_once_and_names_what_may_be_it():
    titles = ("TT", "Họ và tên", "Năm sinh", "Dân tộc", "Chức vị")
    content = roster(
        titles, (1, "Giàng A Dơ", 1979, "Mông", "Chủ tịch UBND"), (2, "Giàng A Páo", 1980, "Mông", "VP-TK")
    )
    result = report_of(import_file(read_file("a.xlsx", content), by=None, accepts_alarms=True))
    (notice,) = [issue for issue in result["issues"] if issue["row"] is None]
    assert (notice["code"], notice["field"], notice["severity"]) == ("column_not_found", "position", "warning")
    assert notice["message"].startswith(
        "Không thấy cột “Chức danh” trong các tiêu đề ở dòng 2. Có phải cột E “Chức vị”?"
    )
    of_rows = [issue for issue in result["issues"] if issue["severity"] == "error"]
    assert {issue["message"] for issue in of_rows} == {
        "Không thấy cột chức danh trong tệp nên không biết chức danh của người này."
    }
    assert (len(of_rows), result["rejected"]) == (2, 2)


def test_posts_in_group_rows_need_no_column():
    content = roster(
        ("TT", "Họ và tên", "Năm sinh", "Dân tộc"), (None, "Chủ tịch UBND"), (1, "Giàng A Dơ", 1979, "Mông"),
        (None, "Bí thư Đoàn"), (2, "Giàng A Páo", 1980, "Mông"),
    )  # fmt: skip
    assert report_of(import_file(read_file("a.xlsx", content), by=None))["issues"] == []


def test_who_has_no_post_in_a_file_with_posts_is_told_so():
    result = report_of(import_file(read_file("a.xlsx", roster(PLAIN, DO, (2, "Giàng A Páo", 1980, None))), by=None))
    assert [issue["message"] for issue in result["issues"]] == ["Không có chức danh. Hãy điền chức danh của người này."]


def test_the_command_names_the_columns_not_read_and_what_they_may_be(tmp_path):
    content = roster((*PLAIN, "Dân tộc gì", "Số giày", "Tuổi"), (*DO, "Mông", 39, 36), PAO)
    (tmp_path / "a.xlsx").write_bytes(content)
    said = StringIO()
    with suppress(SystemExit):
        call_command("import_roster", tmp_path / "a.xlsx", "--dry-run", stdout=said, stderr=StringIO())
    told = [line.strip() for line in said.getvalue().splitlines() if "Không đọc:" in line]
    assert told == [
        "Không đọc: Sheet, cột E “Dân tộc gì”, 1 ô (có phải Dân tộc?).",
        "Không đọc: Sheet, cột F “Số giày”, 1 ô.",
        "Không đọc: Sheet, cột G “Tuổi”, 1 ô (hồ sơ không lưu nội dung này).",
    ]


# Posts over several columns


@pytest.mark.parametrize(
    ("titles", "cells", "held"),
    [
        (("Chức vụ chính quyền", "Chức vụ Đảng"), ("Chủ tịch UBND", "Phó Bí thư Đảng ủy"), ["CT_UBND", "PBT_DU"]),
        (("Chức vụ Đảng", "Chức vụ chính quyền"), ("Phó Bí thư Đảng ủy", "Chủ tịch UBND"), ["CT_UBND", "PBT_DU"]),
        (("Chức vụ Đảng", "Chức vụ chính quyền"), ("Bí thư Đảng ủy", None), ["BT_DU"]),
        (("Chức vụ", "Kiêm nhiệm"), ("Bí thư Đảng ủy", "Chủ tịch HĐND"), ["BT_DU", "CT_HDND"]),
        (("Chức vụ", "Chức danh kiêm nhiệm"), ("Bí thư Đảng ủy", "Không"), ["BT_DU"]),
        (("Chức danh", "Chức vụ"), ("Chủ tịch UBND", "Chủ tịch UBND"), ["CT_UBND"]),
        (("Chức vụ chính quyền", "Chức vụ Đảng"), ("Chủ tịch UBND", "Đảng ủy viên"), ["CT_UBND"]),
        (("Chức vụ chính quyền", "Chức vụ Đảng"), ("Chủ tịch UBND", "Đảng viên"), ["CT_UBND"]),
        (("Chức vụ chính quyền", "Chức vụ Đảng"), ("VP-TK", "Bí thư Chi bộ thôn Nậm Cáy"), ["VP_TK"]),
        (("Chức danh", "Chức vụ"), ("VP-TK", "Công chức"), ["VP_TK"]),
        (("Chức danh", "Chức vụ"), ("VP-TK", "Bí thư Đoàn"), ["VP_TK", "BT_DOAN"]),
    ],
)
def test_posts_over_several_columns_are_all_held(titles, cells, held):
    (stated,) = read_file("a.xlsx", roster((*PLAIN[:3], *titles), (*DO[:3], *cells))).statements
    assert (stated.positions, stated.issues) == (held, [])


def test_a_concurrent_post_that_nobody_knows_is_a_warning_and_the_post_is_held():
    content = roster((*PLAIN, "Chức vụ Đảng"), (*DO, "Thợ săn"))
    result = report_of(import_file(read_file("a.xlsx", content), by=None))
    assert [(issue["severity"], issue["code"], issue["field"], issue["value"]) for issue in result["issues"]] == [
        ("warning", "unknown_position", "concurrent_position", "Thợ săn")
    ]
    assert Appointment.objects.get().position.code == "CT_UBND"


# Further facts


def facts(titles: tuple[Any, ...], cells: tuple[Any, ...], above: tuple[Any, ...] | None = None) -> dict[str, str]:
    above = (*(None,) * 4, *above) if above else None
    import_file(read_file("a.xlsx", roster((*PLAIN, *titles), (*DO, *cells), above=above)), by=None)
    official = Official.objects.get()
    names = ("council_deputy", "party_committee", "hometown", "residence", "phone")
    return {name: held for name in names if (held := getattr(official, name))}


@pytest.mark.parametrize(
    ("titles", "cells", "above", "held"),
    [
        (("Đại biểu HĐND",), ("xã, huyện",), None, {"council_deputy": "xã, huyện"}),
        (("Đại biểu HĐND",), ("x",), None, {"council_deputy": "Có"}),
        (("Đại biểu HĐND",), ("Không",), None, {}),
        (("Đại biểu HĐND xã", "Đại biểu HĐND huyện"), ("x", "x"), None, {"council_deputy": "xã, huyện"}),
        (("Xã", "Huyện", "Tỉnh"), ("x", None, "1"), ("Đại biểu HĐND", None, None), {"council_deputy": "xã, tỉnh"}),
        (("Tham gia cấp ủy cấp xã",), ("x",), None, {"party_committee": "xã"}),
        (("Tham gia cấp ủy cấp xã",), ("UVBTV",), None, {"party_committee": "xã: UVBTV"}),
        (("Cấp ủy",), ("Đảng ủy viên",), None, {"party_committee": "Đảng ủy viên"}),
        (("Chức vụ Đảng",), ("Đảng ủy viên",), None, {"party_committee": "Đảng ủy viên"}),
        (("Quê quán", "Nơi ở hiện nay"), ("Bắc Hà", "Bản Phố"), None, {"hometown": "Bắc Hà", "residence": "Bản Phố"}),
        (("Xã", "Huyện"), ("Mỹ Lộc", "Bình Lục"), ("Quê quán", None), {"hometown": "Mỹ Lộc, Bình Lục"}),
        (("SĐT",), ("0912 345 678",), None, {"phone": "0912 345 678"}),
        (("Điện thoại",), (912345678,), None, {"phone": "0912345678"}),
        (("Ngày CT vào Đảng", "Số ĐT"), ("x", "0214.3820.123"), None, {"phone": "0214.3820.123"}),
    ],
)
def test_seats_homes_and_telephones_are_kept(titles, cells, above, held):
    assert facts(titles, cells, above) == held


# On the page


def test_the_preview_asks_what_a_column_is_and_one_click_answers(province_staff):
    content = roster((*PLAIN, "Dân tộc gì", "Số giày", "Hệ số lương"), (*DO, "Mông", 39, 2.34))
    batch = stage(read_file("a.xlsx", content), by=None)
    client = client_of(province_staff)
    address = reverse("cadres:import-batch", args=[batch.pk])
    page = client.get(address).content.decode()
    assert "Có phải Dân tộc?" in page
    assert "“Số giày”" in page
    assert "Hồ sơ không lưu nội dung của các cột" in page
    reading = client.get(reverse("cadres:import-reading", args=[batch.pk])).content.decode()
    assert reading.count("Có phải ") == reading.count("Có phải Dân tộc?") == 1
    answer = client.post(
        reverse("cadres:import-reading", args=[batch.pk]), {"0-4": "ethnic_group", "from_preview": "1"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == address
    assert "Có phải Dân tộc?" not in answer.content.decode()
    assert batch.rows.get().understood["ethnic_group"]
    assert ColumnMapping.objects.get().field == "ethnic_group"
    client.post(reverse("cadres:import-reading", args=[batch.pk]), {"0-5": "", "from_preview": "1"})
    batch.refresh_from_db()
    assert [(column["title"], column.get("kept")) for column in batch.summary["unread"]] == [
        ("Số giày", False),
        ("Hệ số lương", False),
    ]


def test_who_may_only_look_is_not_asked(leader):
    batch = stage(read_file("a.xlsx", roster((*PLAIN, "Dân tộc gì"), (*DO, "Mông"))), by=None)
    page = client_of(leader).get(reverse("cadres:import-batch", args=[batch.pk])).content.decode()
    assert "“Dân tộc gì”" in page
    assert "Phải</button>" not in page
