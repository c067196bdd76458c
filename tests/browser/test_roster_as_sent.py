"""A roster as a district sends it, taken in by the district alone: what is not understood is asked, not lost."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from cadres.models import Appointment, ImportBatch, Official, Qualification
from tests.browser.conftest import PHONE, WIDE, sign_in, write_roster

TITLES = ("TT", "Họ và tên", "Năm sinh", "Giới tính", "Dân tộc", "Chức vụ", "Văn hóa", "Mục 7")


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """Of xã Bản Phố: a title nobody knows above levels of theory, two words of posts, a vacancy, a sheet of leavers."""
    workbook = Workbook()
    people = workbook.active
    people.title = "Danh sách"
    people.append(["UBND HUYỆN BẮC HÀ"])
    people.append(["DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẢN PHỐ"])
    people.append(["(Tính đến 31/12/2015)"])
    people.append(TITLES)
    people.append([1, "Giàng Seo An", 1979, "Nam", "Mông", "Bí thư Đảng ủy", "12/12", "Trung cấp"])
    people.append([2, "Vàng Thị Súa", 1985, "Nữ", "Mông", "Công chức một cửa", "12/12", "Sơ cấp"])
    people.append([3, "Lý A Dơ", 1990, "Nam", "Dao", "Công chức một cửa", "9/12", "Sơ cấp"])
    people.append([4, "Ma Văn Phú", 1981, "Nam", "Tày", "Cán bộ nông thôn mới", "12/12", "Trung cấp"])
    people.append([5, "Khuyết", None, None, None, "Trưởng Công an", None, None])
    leavers = workbook.create_sheet("Nghỉ hưu 2015")
    leavers.append(["DANH SÁCH CÁN BỘ NGHỈ HƯU NĂM 2015"])
    leavers.append(TITLES)
    leavers.append([1, "Lù Seo Cấn", 1955, "Nam", "Mông", "Chủ tịch UBND", "7/10", "Trung cấp"])
    path = tmp_path / "ban-pho.xlsx"
    workbook.save(path)
    return path


def upload(page: Page, roster: Path) -> ImportBatch:
    page.get_by_role("link", name="Nhập danh sách Excel").first.click()
    page.get_by_label("Tệp danh sách").set_input_files(roster)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    return ImportBatch.objects.latest("pk")


def test_a_district_takes_in_its_roster_without_help_and_is_asked_nothing_the_next_time(page, cast, roster):
    sign_in(page, cast["officer"], at="/")
    batch = upload(page, roster)
    main = page.locator("main")

    # The preview says what is not understood, and what is nobody.
    expect(main).to_contain_text("1 chức danh khuyết")
    expect(main).to_contain_text("Trưởng Công an")
    unread = page.get_by_role("region", name="Cột có nội dung nhưng không được đọc")
    expect(unread).to_contain_text("“Mục 7”")
    words = page.get_by_role("region", name="Từ chưa hiểu")
    expect(words).to_contain_text("Công chức một cửa")
    expect(words).to_contain_text("Cán bộ nông thôn mới")
    assert (batch.summary["created"], batch.summary["rejected"]) == (1, 3)

    # What is asked fits a phone.
    page.set_viewport_size(PHONE)
    for address in (f"/nhap-danh-sach/{batch.pk}/cach-doc/", f"/nhap-danh-sach/{batch.pk}/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)

    # Each word is decided once, for all its rows.
    words.get_by_label("Nghĩa của Công chức một cửa").select_option(label="Văn phòng - thống kê")
    words.get_by_label("Nghĩa của Cán bộ nông thôn mới").select_option(label="Địa chính - xây dựng")
    words.get_by_role("button", name="Ghi nhớ và đọc lại").click()
    expect(page.get_by_role("heading", name="Từ chưa hiểu")).to_have_count(0)

    # The column is said to be what it is.
    unread.get_by_role("link", name="Chọn trường khác").first.click()  # the sheet of leavers has the column too
    page.get_by_label("Cột Mục 7 được đọc là").first.select_option("political_theory")
    page.get_by_role("button", name="Ghi nhớ cách đọc các cột và đọc lại").click()

    # Those who have left are asked about: nobody of them is in post.
    page.get_by_label("Cách đọc trang Nghỉ hưu 2015").select_option(label="Không đọc trang này")
    page.get_by_role("button", name="Đọc lại theo cách chọn này").click()

    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    expect(main).not_to_contain_text("không được đọc")
    expect(page.get_by_text("Ghi 4 dòng")).to_be_visible()
    write_roster(page)

    assert list(Official.objects.order_by("pk").values_list("full_name", flat=True)) == [
        "Giàng Seo An", "Vàng Thị Súa", "Lý A Dơ", "Ma Văn Phú",
    ]  # fmt: skip
    posts = Appointment.objects.order_by("official_id").values_list("position__code", flat=True)
    assert list(posts) == ["BT_DU", "VP_TK", "VP_TK", "DC_XD"]
    theory = Qualification.objects.filter(level__dimension__code="political_theory").order_by("official_id")
    assert list(theory.values_list("level__code", flat=True)) == ["TC", "SC", "SC", "TC"]

    # The next file of the district asks nothing again.
    batch = upload(page, roster)
    assert batch.summary["rejected"] == 0
    expect(page.get_by_role("heading", name="Từ chưa hiểu")).to_have_count(0)
    expect(page.get_by_role("heading", name="Cột có nội dung nhưng không được đọc")).to_have_count(0)
