"""The jobs of an office day, counted in clicks from the home page, with the demonstration: fields of a form and what
is typed are not counted, each choice of a filter is. They are bounds: a page that takes a click more fails here.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from cadres.demonstration.accounts import PASSWORD
from cadres.models import ImportBatch

HOME = "/?ngay=2015-12-31"


@pytest.fixture(scope="module")
def site(server, databases, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone("demonstration"):
        yield server


class Hand:
    """Somebody at the mouse."""

    def __init__(self, page: Page, username: str) -> None:
        self.page, self.clicks = page, 0
        page.context.clear_cookies()
        page.goto("/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(re.compile(r"/$"))
        page.goto(HOME)

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)
        self.clicks += 1


def test_to_find_a_person_and_why_not_compliant_takes_two(page):
    hand = Hand(page, "so-noi-vu")
    hand.click(page.get_by_role("link", name="Tìm nhanh"))
    window = page.get_by_role("dialog", name="Tìm nhanh")
    window.get_by_role("searchbox").fill("giang a")
    hand.click(window.get_by_role("link", name=re.compile("Giàng A")).first)

    expect(page.get_by_role("heading", level=1)).to_contain_text("Giàng A")
    expect(page.get_by_role("heading", name=re.compile("Từng|tiêu chuẩn", re.I)).first).to_be_visible()
    assert hand.clicks <= 2


def test_who_lacks_the_profession_in_a_zone_goes_to_excel_with_the_reason_in_four(page):
    hand = Hand(page, "bac-ha")
    lacking = page.get_by_role("row").or_(page.locator("li, tr, dl > div")).filter(has_text="Trình độ chuyên môn")
    hand.click(lacking.last.get_by_role("link").first)
    hand.choose(page.get_by_role("combobox", name="Khu vực"), "Khu vực III")
    hand.click(page.get_by_role("button", name="Lọc", exact=True))
    expect(page.get_by_role("combobox", name="Khu vực")).to_have_value("3")
    with page.expect_download() as download:
        hand.click(page.get_by_role("link", name="Xuất Excel"))

    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    cells = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in cells if "Còn thiếu" in row)
    people = [row for row in cells[cells.index(head) + 1 :] if any(row)]
    assert people
    assert [row for row in people if row[0] and "chuyên môn" not in row[head.index("Còn thiếu")].lower()] == []
    assert hand.clicks <= 4


def test_to_take_in_a_roster_with_nothing_to_decide_takes_four(page, tmp_path):
    hand = Hand(page, "bac-ha")
    page.goto("/nhap-danh-sach/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải danh sách hiện có").click()
    roster = tmp_path / "bac-ha.xlsx"
    download.value.save_as(roster)
    page.goto(HOME)

    hand.click(page.get_by_role("link", name="Nhập danh sách Excel").first)
    with page.expect_file_chooser() as chosen:
        hand.click(page.get_by_label("Tệp danh sách"))
    chosen.value.set_files(roster)
    hand.click(page.get_by_role("button", name="Xem trước"))
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    hand.click(page.get_by_role("button", name=re.compile("^(Ghi|Xác nhận) ")))

    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()
    assert ImportBatch.objects.latest("pk").state == "committed"
    assert hand.clicks <= 4


def test_who_moved_the_rate_is_one_click_away(page):
    hand = Hand(page, "lanh-dao")
    hand.click(page.get_by_role("link", name="Ai đã đạt thêm →"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("thay đổi|Ai", re.I))
    assert hand.clicks <= 1
