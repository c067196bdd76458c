"""The rate explorer on screen and as a file (figures: tests/province.py)."""

import re
from datetime import date
from io import BytesIO
from itertools import product

import pytest
from openpyxl import load_workbook

from cadres import registry
from reports.explorer.crossing import ROWS
from reports.explorer.views import MOST_COLUMNS
from tests import province
from tests.builders import make_appointment, make_official, make_qualification, position_of
from tests.conftest import client_of, unit_of
from tests.province import BAC_HA_TOWN, BAN_PHO
from tests.reports.pages import figures, follow, read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

PAGE = "/ty-le/kham-pha/?ngay=2015-12-31"
PEOPLE = "/ty-le/kham-pha/nguoi/?ngay=2015-12-31"


@pytest.fixture
def small_province(db):
    return province.people()


def test_every_figure_of_every_table_leads_to_exactly_as_many_people(small_province, province_staff):
    """Of each table every third of those that no table before it has."""
    client = client_of(province_staff)
    seen: set[tuple[str, int]] = set()
    for row, column in product(ROWS, ("zone", "sex", "dimension", "years")):
        if row == column:
            continue
        found = set(figures(read(client, f"{PAGE}&theo={row}&cot={column}")))
        assert found, (row, column)
        follow(client, sorted(found - seen)[::3])
        seen |= found


def test_rows_stand_beside_columns_with_sums(small_province, province_staff):
    text = text_of(read(client_of(province_staff), f"{PAGE}&theo=district&cot=zone"))
    assert "Cộng 0,0 0 / 3 100,0 2 / 2 66,7 2 / 3 50,0 4 / 8" in text.replace("/", " / ").replace("  ", " ")


def test_two_days_stand_side_by_side_and_a_cell_tells_who_moved(small_province, province_staff):
    day = "2016-12-31"
    make_qualification(small_province["Vàng Thị Mỷ"], "political_theory", "TC", awarded=date(2016, 3, 1))
    make_qualification(small_province["Vàng Thị Mỷ"], "education", "THPT", awarded=date(2016, 3, 1))
    client = client_of(province_staff)
    asked = f"?ngay={day}&so_ngay=2015-12-31&theo=commune&cot=zone"
    text = text_of(read(client, f"/ty-le/kham-pha/{asked}"))
    assert "so với ngày 31/12/2015" in text
    assert "+33,3" in text
    assert "ai chuyển" in text
    told = text_of(read(client, f"/ty-le/kham-pha/nguoi/{asked}&hang=02866&o=3"))
    assert "số đạt +1" in told
    assert "Mới đạt, vẫn trong ô 1" in told
    assert "Vàng Thị Mỷ" in told
    read(client, f"/ty-le/kham-pha/nguoi/{asked}&hang=02866&o=3&viec=7", status=400)


def test_of_each_person_who_moved_it_is_told_what_happened(small_province, province_staff):
    people, half, by = small_province, date(2016, 6, 30), province_staff
    make_qualification(people["Vàng Thị Mỷ"], "political_theory", "TC", awarded=date(2016, 3, 1))
    make_qualification(people["Vàng Thị Mỷ"], "education", "THPT", awarded=date(2016, 3, 1))
    for name in ("Lù Seo Dơ", "Thào A Chín"):
        registry.end_appointment(people[name].appointments.get(), end_date=half, reason="retired", by=by)
    moved = people["Nguyễn Văn Hùng"].appointments.get()
    registry.end_appointment(moved, end_date=half, reason="transferred", by=by)
    make_appointment(people["Nguyễn Văn Hùng"], position_of("TC_KT"), unit_of(BAC_HA_TOWN), start_date=date(2016, 7, 1))
    make_appointment(make_official("Vàng A Mới"), position_of("VP_TK"), unit_of(BAN_PHO), start_date=date(2016, 5, 1))
    client, asked = client_of(province_staff), "?ngay=2016-12-31&so_ngay=2015-12-31&theo=commune&cot=zone"

    def told(cell: str, **more: str) -> str:
        return text_of(read(client, f"/ty-le/kham-pha/nguoi/{asked}&{cell}"))

    ban_pho, thanh_binh, town = told("hang=02866&o=3"), told("hang=02779&o=2"), told("hang=02839&o=1")
    assert re.search(r"Lý luận chính trị: Trung cấp, từ 01/03/2016", ban_pho)
    assert "giữ chức danh từ 01/05/2016" in ban_pho
    assert "đơn vị: Xã Bản Phố → Thị trấn Bắc Hà" in town
    assert "chức danh: Văn phòng - thống kê → Tài chính - kế toán" in town
    assert "thôi giữ chức danh, ngày cuối 30/06/2016: nghỉ hưu" in thanh_binh
    assert "Xã Thanh Bình – " in thanh_binh  # a cell that only the earlier day has is named too
    assert "02779 – 2" not in thanh_binh
    supposed = f"{PEOPLE}&theo=district&cot=group&so_ngay=2015-12-31&so_chuan=R2023_CB&hang=085&o=cadre"
    by_text = text_of(read(client, supposed))
    assert re.search(r"văn bản: \S.* → \S", by_text)


def test_another_text_is_supposed_and_its_cells_tell_their_people_here(small_province, province_staff):
    client = client_of(province_staff)
    asked = "&theo=district&cot=group&chuan=R2023_CB"
    page = read(client, PAGE + asked)
    assert "giả định theo" in text_of(page)
    assert figures(page) == []  # the official list judges by the texts in force
    people = text_of(read(client, f"{PEOPLE}{asked}&hang=085&o=cadre"))
    assert "4 người" not in people
    assert "Giàng A Sử" in people
    assert "Lù Seo Dơ" not in people


def test_a_group_is_followed_over_the_years(small_province, province_staff):
    page = read(client_of(province_staff), f"{PAGE}&theo=sex&cot=years&hang=F")
    assert "Nữ qua các năm" in text_of(page)
    assert '<svg class="chart"' in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("&theo=zone&cot=zone", "cùng một cách"),
        ("&theo=nothing", "Không có cách chia"),
        ("&cot=nothing", "Không có cách chia"),
        ("&chuan=NOTHING", "Không có văn bản"),
        ("&chuan=R2012&chuan=R2019", "chỉ chọn được một văn bản"),
        ("&so_ngay=hom-qua", "không phải là ngày"),
        ("&huyen=999", "không có đơn vị"),
    ],
)
def test_what_is_not_offered_is_said_in_words(small_province, province_staff, asked, said):
    assert said in text_of(read(client_of(province_staff), PAGE + asked, status=400))


def test_too_many_columns_are_refused_with_the_remedy(small_province, province_staff, monkeypatch):
    monkeypatch.setattr("reports.explorer.views.MOST_COLUMNS", 2)
    assert MOST_COLUMNS > 2
    said = text_of(read(client_of(province_staff), f"{PAGE}&theo=zone&cot=commune", status=400))
    assert "Bảng có 3 cột" in said
    assert "làm hàng" in said


def test_a_day_without_data_says_so(small_province, province_staff):
    page = text_of(read(client_of(province_staff), "/ty-le/kham-pha/?ngay=2001-01-01"))
    assert "Chưa có ai trong tổng số" in page


def test_the_same_day_by_the_same_texts_is_no_comparison(small_province, province_staff):
    page = text_of(read(client_of(province_staff), f"{PAGE}&so_ngay=2015-12-31"))
    assert "so với ngày" not in page


def test_an_officer_sees_the_own_district_on_both_sides(small_province, district_officer):
    client = client_of(district_officer)
    text = text_of(read(client, f"{PAGE}&theo=district&cot=zone&so_ngay=2014-12-31"))
    assert "Mường Khương" not in text
    people = text_of(read(client, f"{PEOPLE}&theo=district&cot=zone&so_ngay=2014-12-31&hang=083&o=2"))
    assert "Lù Seo Dơ" not in people
    assert "Lù Seo Dơ" not in text_of(read(client, f"{PEOPLE}&theo=district&cot=zone&chuan=R2023_CB&hang=083&o=2"))


def test_the_file_says_what_the_page_shows(small_province, province_staff):
    address = "/ty-le/kham-pha/kham-pha-ty-le.xlsx?ngay=2015-12-31&theo=district&cot=zone&so_ngay=2014-12-31"
    sheet = load_workbook(BytesIO(client_of(province_staff).get(address).getvalue())).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[1] == "Huyện Bắc Hà" and 6 in row for row in cells)
    assert any("So với: ngày 31/12/2014" in str(row[0]) for row in cells)


def test_queries_do_not_grow_with_the_people(small_province, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    asked = f"{PAGE}&theo=district&cot=zone&so_ngay=2014-12-31"
    read(client, asked)
    with django_assert_max_num_queries(24):
        read(client, asked)
    for number in range(5):
        make_appointment(make_official(f"Vàng A {number}"), position_of("VP_TK"), unit_of(province.BAN_PHO))
    with django_assert_max_num_queries(24):
        read(client, asked)


def test_a_district_asked_for_is_all_that_counts(small_province, province_staff):
    text = text_of(read(client_of(province_staff), f"{PAGE}&theo=commune&cot=sex&huyen=083"))
    assert "Xã Thanh Bình" in text
    assert "Xã Bản Phố" not in text
