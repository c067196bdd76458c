"""The jobs of an office day, counted in clicks from the home page, with the demonstration: fields of a form and what
is typed are not counted, each choice of a filter is. They are bounds: a page that takes a click more fails here.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from cadres.demonstration.accounts import PASSWORD
from cadres.models import Appointment, ImportBatch, Publication, User
from reports.publications import withdraw
from tests.browser.conftest import sign_in, site_with

DAY = date(2015, 12, 31)
HOME = f"/?ngay={DAY}"


site = site_with("demonstration")


class Hand:
    """Somebody at the mouse."""

    def __init__(self, page: Page, username: str) -> None:
        self.page, self.clicks = page, 0
        sign_in(page, User.objects.get(username=username), at=HOME)

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
    assert lacking_profession(page, hand)
    assert hand.clicks <= 4


def test_so_does_it_for_who_sees_every_district(page):
    hand = Hand(page, "so-noi-vu")
    of_district = page.get_by_role("row", name=re.compile("^Huyện Bắc Hà"))
    zone = page.locator("table", has=of_district).get_by_role("columnheader").all_inner_texts().index("KV III")
    hand.click(of_district.get_by_role("cell").nth(zone - 1).get_by_role("link"))
    hand.choose(page.get_by_role("combobox", name="Chưa đạt về"), "Trình độ chuyên môn")
    hand.click(page.get_by_role("button", name="Lọc", exact=True))
    expect(page.get_by_role("combobox", name="Chưa đạt về")).to_have_value("professional")
    people = lacking_profession(page, hand)
    assert people
    assert hand.clicks <= 4


def lacking_profession(page: Page, hand: Hand) -> list[list[str]]:
    """The rows of the file that the list gives, once more is asked of it; each with somebody who lacks it."""
    with page.expect_download() as download:
        hand.click(page.get_by_role("link", name="Xuất Excel"))
    sheet = load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active
    cells = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in cells if "Còn thiếu" in row)
    people = [row for row in cells[cells.index(head) + 1 :] if any(row)]
    assert [row for row in people if row[0] and "chuyên môn" not in row[head.index("Còn thiếu")].lower()] == []
    return people


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


def test_to_correct_a_wrong_post_takes_four(page):
    post = Appointment.objects.as_of(DAY).filter(position__code="BT_DU", unit__versions__name="Xã Bản Phố").get()
    hand = Hand(page, "bac-ha")
    hand.click(page.get_by_role("link", name="Tìm nhanh"))
    window = page.get_by_role("dialog", name="Tìm nhanh")
    window.get_by_role("searchbox").fill(post.official.full_name)
    hand.click(window.locator(f'a[href^="/can-bo/{post.official_id}/"]'))
    hand.click(page.locator(f'a[href*="/{post.pk}/"]', has_text="Đính chính"))
    page.get_by_label("Chức danh:", exact=True).select_option(label="Văn phòng - thống kê")
    page.get_by_label("Lý do đính chính").fill("Ghi nhầm chức danh")
    expect(page.locator("#effect")).to_contain_text("Văn phòng - thống kê")
    hand.click(page.get_by_role("button", name="Đính chính"))

    expect(page.get_by_text("đã đính chính chức danh")).to_be_visible()
    assert Appointment.objects.get(pk=post.pk).position.code == "VP_TK"
    assert hand.clicks <= 4


def test_a_new_decree_from_the_old_one_takes_four_and_its_changes(page):
    hand = Hand(page, "so-noi-vu")
    hand.click(page.get_by_role("link", name="Văn bản tiêu chuẩn"))
    hand.click(page.get_by_role("link", name="Lập văn bản thay thế").first)
    for label, text in (("Mã:", "R2017"), ("Tên văn bản:", "Nghị định mới"), ("Căn cứ pháp lý:", "NĐ 1/2017")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Hiệu lực từ ngày").fill("01/01/2017")
    page.get_by_label("Lý do").fill("Thay văn bản cũ")
    hand.click(page.get_by_role("button", name="Xem ảnh hưởng"))
    hand.click(page.get_by_role("button", name=re.compile("^(Thực hiện|Gửi để xác nhận)$")))

    expect(page.get_by_text(re.compile("Đã thực hiện: Văn bản mới|Đã gửi để"))).to_be_visible()
    assert hand.clicks <= 4


def test_to_propose_the_year_end_takes_four_and_to_publish_it_four(page):
    withdraw(Publication.objects.get(day=DAY), reason="Công bố lại", by=None)
    hand = Hand(page, "so-noi-vu")
    hand.click(page.get_by_role("link", name="số liệu cuối năm của toàn tỉnh chưa công bố").first)
    hand.click(page.get_by_role("link", name="Toàn tỉnh, ngày 31/12/2015"))
    page.locator("[name=decision]").fill("BC 12/BC-SNV")
    hand.click(page.get_by_role("button", name="Đề nghị công bố"))
    expect(page.get_by_text("Đã đề nghị công bố")).to_be_visible()
    assert hand.clicks <= 4

    second = Hand(page, "so-noi-vu-2")
    second.click(page.get_by_role("link", name="đề nghị chờ công bố").first)
    second.click(page.get_by_role("link", name="Xem, công bố"))
    second.click(page.get_by_role("button", name="Công bố", exact=True))
    expect(page.get_by_text("Đã công bố").first).to_be_visible()
    assert Publication.objects.filter(day=DAY, withdrawal=None).exists()
    assert second.clicks <= 4


@pytest.fixture
def alone(site) -> Iterator[None]:
    """A Sở of one person (cadres/two_persons.py)."""
    others = User.objects.filter(username__in=("so-noi-vu-2", "phe-duyet"))
    others.update(is_active=False)
    yield
    others.update(is_active=True)


def test_to_approve_who_was_nominated_and_send_them_takes_four_and_its_form(page, alone):
    hand = Hand(page, "so-noi-vu")
    hand.click(page.get_by_role("link", name="lớp có người được cử chờ duyệt").first)
    hand.click(page.locator("tbody tr").first.get_by_role("link").nth(1))
    hand.click(page.get_by_role("button", name=re.compile("^Duyệt cả")))
    hand.click(page.get_by_role("button", name="rồi ra quyết định"))
    assert hand.clicks <= 4

    page.get_by_label("Số quyết định").fill("25/QĐ-SNV")
    page.get_by_label(re.compile("Vì sao một mình")).fill("Sở chỉ có một người")
    page.get_by_role("button", name=re.compile("^Cử ")).click()
    expect(page.get_by_text("Quyết định số 25/QĐ-SNV cử")).to_be_visible()


# ---------------------------------------------------------------- by keyboard alone

FOCUSED = """place => {
    const here = document.activeElement;
    if (!here || here.tabIndex < 0) return "";  // no stop of Tab: there the address leads, as soon as the page is there
    const { left, top, width, height } = here.getBoundingClientRect();
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(here);
    const name = `${here.tagName} ${here.name || ""} ${here.textContent.trim().slice(0, 40)}`;
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return `unseen: ${name}`;
    const there = document.elementFromPoint(left + Math.min(width / 2, 20), top + height / 2);
    if (!there || !(here.contains(there) || there.contains(here))) return `covered: ${name}`;
    return here === place ? "there" : "";
}"""


class Keys:
    """Somebody without a mouse, who has to see at each step where they are."""

    def __init__(self, page: Page, username: str) -> None:
        self.page = page
        page.context.clear_cookies()
        page.goto(HOME)
        expect(page.get_by_label("Tên đăng nhập")).to_be_focused()  # the page begins with its first field
        page.keyboard.type(username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Việc cần làm")).to_be_visible()
        self.past_the_menu()

    def past_the_menu(self) -> None:
        self.page.keyboard.press("Tab")
        expect(self.page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile("#content-start$"))  # which takes the focus there

    def to(self, place: Locator, *, at_most: int = 150) -> None:
        """By Tab; each stop on the way can be seen. Some pages begin there."""
        expect(place).to_be_visible()
        there = place.element_handle()
        if there.evaluate("place => place === document.activeElement"):
            return
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            told = self.page.evaluate(FOCUSED, there)
            if told == "there":
                return
            assert told == ""
        raise AssertionError(f"{place} is not reached by Tab")

    def press(self, place: Locator, key: str = "Enter") -> None:
        self.to(place)
        self.page.keyboard.press(key)

    def open(self, place: Locator, heading: str | re.Pattern[str]) -> None:
        """The page to which the place leads."""
        self.press(place)
        expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()

    def write(self, place: Locator, text: str) -> None:
        self.to(place)
        self.page.keyboard.type(text)


def test_somebody_is_found_and_nominated_by_keyboard_alone(page):
    keys = Keys(page, "bac-ha")
    page.keyboard.press("Control+k")
    window = page.get_by_role("dialog", name="Tìm nhanh")
    expect(window.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("lớp học")
    expect(window.get_by_role("link", name="Lớp học")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(window.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()

    keys.open(page.get_by_role("link", name="lớp còn chỗ cho đơn vị").last, "Lớp học")
    keys.past_the_menu()
    keys.open(page.locator("tbody tr").first.get_by_role("link").nth(1), re.compile("^Cử"))
    keys.past_the_menu()
    keys.press(page.get_by_role("checkbox", name=re.compile("^Cử ")).first, "Space")
    keys.press(page.get_by_role("button", name="Cử 1 người"))
    expect(page.get_by_role("heading", name="Cử 1 người")).to_be_visible()
    keys.press(page.get_by_role("button", name="Cử 1 người"))
    expect(page.get_by_text(re.compile("Đã (cử|đưa) 1 người")).first).to_be_visible()


def test_nominations_are_approved_by_keyboard_alone(page):
    keys = Keys(page, "so-noi-vu")
    keys.open(page.get_by_role("link", name="lớp có người được cử chờ duyệt").last, "Lớp học")
    keys.past_the_menu()
    keys.open(page.locator("tbody tr").last.get_by_role("link").nth(1), re.compile("^Duyệt"))
    keys.past_the_menu()
    keys.press(page.get_by_role("checkbox", name=re.compile("^Chọn ")).nth(1), "Space")
    keys.press(page.get_by_role("button", name="Duyệt 1 người", exact=True))
    expect(page.get_by_role("heading", name="Duyệt 1 người")).to_be_visible()
    if page.get_by_label(re.compile("^Lý do vẫn cử")).count():
        keys.write(page.get_by_label(re.compile("^Lý do vẫn cử")).first, "Nguồn quy hoạch")
    keys.press(page.get_by_role("button", name="Duyệt 1 người", exact=True))
    expect(page.get_by_text("Đã duyệt 1 người")).to_be_visible()


def test_a_roster_is_taken_in_by_keyboard_alone(page, tmp_path):
    roster = tmp_path / "bac-ha.xlsx"
    keys = Keys(page, "bac-ha")
    page.goto("/nhap-danh-sach/")
    with page.expect_download() as download:
        keys.press(page.get_by_role("link", name="Tải danh sách hiện có"))
    download.value.save_as(roster)
    with page.expect_file_chooser() as chosen:
        keys.press(page.get_by_label("Tệp danh sách"))
    chosen.value.set_files(roster)
    keys.press(page.get_by_role("button", name="Xem trước"))
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    keys.press(page.get_by_role("button", name=re.compile("^(Ghi|Xác nhận) ")))
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()


def test_a_figure_is_proposed_and_published_by_keyboard_alone(page):
    withdraw(Publication.objects.get(day=DAY, withdrawal=None), reason="Công bố lại", by=None)
    keys = Keys(page, "so-noi-vu")
    keys.open(page.get_by_role("link", name="số liệu cuối năm của toàn tỉnh chưa công bố").last, "Số liệu công bố")
    keys.open(page.get_by_role("link", name="Toàn tỉnh, ngày 31/12/2015"), "Đề nghị công bố số liệu")
    keys.write(page.locator("[name=decision]"), "BC 13/BC-SNV")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã đề nghị công bố")).to_be_visible()

    keys = Keys(page, "so-noi-vu-2")
    keys.open(page.get_by_role("link", name="đề nghị chờ công bố").last, "Số liệu công bố")
    keys.open(page.get_by_role("link", name="Xem, công bố"), "Công bố số liệu")
    keys.press(page.get_by_role("button", name="Công bố", exact=True))
    expect(page.get_by_text("Đã công bố").first).to_be_visible()


def test_who_waits_for_the_file_of_a_long_list_is_told_how_far_it_has_come(page):
    Hand(page, "so-noi-vu")
    page.goto(f"/can-bo/?ngay={DAY}")
    told = page.get_by_role("status").filter(has_text=re.compile("Đang lập tệp…|Đã lập xong tệp."))
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất Excel").click()
        expect(told).to_be_visible()
        expect(told).to_have_text("Đã lập xong tệp.")
    assert len(list(load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active.iter_rows())) > 3_631
    expect(page.get_by_role("link", name="Xuất Excel")).not_to_have_attribute("href", re.compile("theo_doi"))
