"""The rates by group on screen and as files (figures: tests/province.py)."""

import csv
import re
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cadres.models import UnitVersion
from cadres.web.tables import Table, comma_separated, workbook
from reports.rates import BY
from tests import province
from tests.conftest import client_of
from tests.reports.pages import figures, follow, read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

PAGE = "/ty-le/?ngay=2015-12-31"
PEOPLE = reverse("cadres:official-list")


@pytest.fixture
def small_province(db):
    return province.people()


def test_every_figure_of_every_grouping_leads_to_exactly_as_many_people(
    small_province, province_staff, django_assert_max_num_queries
):
    """And a page asks as many questions however many groups it has."""
    client, found = client_of(province_staff), []
    for by in BY:
        with django_assert_max_num_queries(17):
            page = read(client, f"{PAGE}&theo={by}")
        assert figures(page), by
        found += figures(page)
    follow(client, found)


def test_groups_stand_beside_their_rates(small_province, province_staff):
    text = text_of(read(client_of(province_staff), f"{PAGE}&theo=district"))
    assert "Huyện Mường Khương 100,0 2 2 0 0" in text
    assert "Huyện Bắc Hà 33,3 6 2 2 2" in text
    assert "Cộng 50,0 8 4 2 2" in text


def test_a_district_opens_on_its_communes(small_province, province_staff):
    client = client_of(province_staff)
    page = read(client, f"{PAGE}&theo=commune&huyen=085")
    text = text_of(page)
    assert "Tỷ lệ đạt chuẩn: Huyện Bắc Hà" in text
    assert "Xã Bản Phố 66,7 3 2 0 1" in text
    assert "Xã Thanh Bình" not in text
    found = figures(page)
    assert all("huyen=085" in address for address, _ in found)
    follow(client, found)


def test_the_list_says_why_it_counts_more_than_the_rate(small_province, province_staff):
    """Eight are judged; Sùng A Páo, a non-specialist, holds a post of which nothing is asked."""
    client = client_of(province_staff)
    page = client.get(f"{PEOPLE}?ngay=2015-12-31").content.decode()
    assert "9 = 8 trong tổng số của tỷ lệ + 1 ngoài tổng số" in text_of(page)
    links = re.findall(r'<a href="([^"]*)">(\d+) (?:trong|ngoài) tổng số', page)
    for address, number in links:
        assert f"{number} người" in text_of(client.get(PEOPLE + unescape(address)).content.decode())
    assert len(links) == 2
    # by the political theory, three of the cadres and nobody of the civil servants are judged
    political = text_of(client.get(f"{PEOPLE}?ngay=2015-12-31&tieu_chi=POLITICAL").content.decode())
    assert "9 = 4 trong tổng số của tỷ lệ + 5 ngoài tổng số" in political
    for of_one_kind in ("ket_qua=counted", "ket_qua=none", "khu_vuc=1", "bo_lai=1"):
        narrowed = client.get(f"{PEOPLE}?ngay=2015-12-31&tieu_chi=FULL&{of_one_kind}")
        assert 'id="outside"' not in narrowed.content.decode()


def test_officer_of_one_district_sees_no_other(small_province, district_officer):
    client = client_of(district_officer)
    text = text_of(read(client, f"{PAGE}&theo=district"))
    assert "Cộng 33,3 6 2 2 2" in text
    assert "Mường Khương" not in text
    read(client, f"{PAGE}&theo=commune&huyen=083", status=400)
    assert client.get("/ty-le/ty-le-dat-chuan.csv?ngay=2015-12-31&huyen=083").status_code == 400


@pytest.mark.parametrize("address", [f"{PAGE}&theo=mau", f"{PAGE}&theo=", "/ty-le/?ngay=32/1/2015"])
def test_a_grouping_or_day_that_is_none_answers_400(province_staff, address):
    assert "Yêu cầu không hợp lệ" in text_of(read(client_of(province_staff), address, status=400))


def test_an_unknown_district_is_told_and_an_unknown_file_type_is_not_found(province_staff):
    client = client_of(province_staff)
    assert "không có đơn vị mã “999”" in text_of(read(client, f"{PAGE}&huyen=999", status=400))
    assert "Hãy chọn ngày khác" in text_of(read(client, "/ty-le/?ngay=2025-07-01&huyen=085", status=400))  # it ended
    read(client, "/ty-le/ty-le-dat-chuan.pdf", status=404)


def test_a_day_without_data_says_so(small_province, province_staff):
    assert "Chưa có ai trong tổng số vào ngày 01/01/2014" in text_of(
        read(client_of(province_staff), "/ty-le/?ngay=2014-01-01")
    )


def test_after_the_districts_ended_the_province_is_the_unit_above(province_staff):
    text = text_of(read(client_of(province_staff), "/ty-le/?ngay=2025-08-01&theo=commune&huyen=15"))
    assert "Tỷ lệ đạt chuẩn: Tỉnh Lào Cai" in text
    assert UnitVersion.objects.get(code="15", kind="province").start_date.year == 2025


def test_workbook_holds_what_the_page_shows(small_province, province_staff):
    response = client_of(province_staff).get("/ty-le/ty-le-dat-chuan.xlsx?ngay=2015-12-31&theo=district")
    assert "ty-le-dat-chuan-2015-12-31.xlsx" in response["Content-Disposition"]
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [rows[place][0] for place in (0, 2, 3)] == [
        "Sở Nội vụ tỉnh Lào Cai",
        "Phạm vi: toàn tỉnh.",
        "Số liệu ngày 31/12/2015.",
    ]
    assert "chưa được đối chiếu với nguyên văn" in rows[6][0]
    assert rows[7][0].startswith("Người lập: so-noi-vu, lúc ")
    assert rows[9][2:] == ("Tổng số", "Đạt", "Chưa đạt", "Chưa đủ dữ liệu", "Tỷ lệ đạt (%)")
    assert (2, "Huyện Bắc Hà", 6, 2, 2, 2, 33.3) in rows
    assert rows[-1][1:] == ("Cộng", 8, 4, 2, 2, 50)


def test_comma_separated_text_has_a_header_and_no_more(small_province, province_staff):
    response = client_of(province_staff).get("/ty-le/ty-le-dat-chuan.csv?ngay=2015-12-31&theo=zone")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["STT", "Khu vực", "Tổng số"]
    assert rows[1] == ["1", "Khu vực I", "3", "0", "2", "1", "0,0"]
    assert rows[-1] == ["", "Cộng", "8", "4", "2", "2", "50,0"]


def test_no_exported_text_is_a_formula():
    table = Table(title="=1+1", notes=["+1"], columns=["@a"], rows=[["-1"], ["=cmd()"], ["thường"]])
    sheet = load_workbook(BytesIO(workbook(table))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    rows = list(csv.reader(StringIO(comma_separated(table).decode("utf-8-sig"))))
    assert rows == [["'@a"], ["'-1"], ["'=cmd()"], ["thường"]]
