"""A district decides in the browser about words and columns of a roster; Sở Nội vụ answers; computer and phone."""

import pytest
from playwright.sync_api import expect

from cadres.models import ColumnMapping, ImportBatch, ValueSpelling
from tests.browser.conftest import PHONE, WIDE, sign_in
from tests.cadres.workbooks import flat


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_a_district_decides_alone_and_the_province_takes_it_over(page, cast):
    people = [
        {"Họ và tên": "Giàng A Dơ", "Chức danh": "Chủ tịhc UBND", "Nghề gốc": "Luật", "Chuyên môn": "Thợ cả"},
        {"Họ và tên": "Giàng A Sử", "Chức danh": "Phó Chủ tịch Hội Nông dân", "Nghề gốc": "Luật", "Chuyên môn": "ĐH"},
        {"Họ và tên": "Giàng A Pao", "Chức danh": "Lái xe UBND", "Nghề gốc": "Luật", "Chuyên môn": "TC"},
    ]
    page.set_viewport_size(WIDE)
    sign_in(page, cast["officer"])
    page.goto("/nhap-danh-sach/")
    page.get_by_label("Tệp danh sách").set_input_files(
        {"name": "bac-ha.xlsx", "mimeType": "application/octet-stream", "buffer": flat(*people)}
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Từ chưa hiểu")).to_be_visible()
    page.get_by_role("button", name="Đúng, Chủ tịhc UBND là Chủ tịch UBND").click()
    expect(page.get_by_text("Đã ghi nhớ 1 cách viết cho tệp của đơn vị")).to_be_visible()
    page.get_by_label("Nghĩa của Thợ cả").select_option(label="Sơ cấp")
    page.get_by_role("button", name="Ghi nhớ và đọc lại").click()
    page.get_by_role("link", name="Tệp gồm những gì").first.click()
    page.get_by_label("Cột Nghề gốc được đọc là").select_option(label="Chuyên ngành")
    page.get_by_role("button", name="Ghi nhớ cách đọc các cột và đọc lại").click()
    expect(page.get_by_text("Đã ghi nhớ 1 cột cho tệp cùng bố cục")).to_be_visible()
    assert ImportBatch.objects.get().rows.filter(outcome="created").count() == 1

    page.get_by_role("link", name="Quyết định khi nhập", exact=True).click()
    for told in ("Chủ tịhc UBND", "Thợ cả", "Nghề gốc"):
        expect(page.get_by_role("rowheader", name=told)).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.get_by_role("button", name="Dùng chung cho mọi đơn vị").count() == 0

    page.set_viewport_size(WIDE)
    sign_in(page, cast["province"])
    page.goto("/quyet-dinh-nhap/")
    page.get_by_role("checkbox", name="Chọn Thợ cả").check()
    page.get_by_role("checkbox", name="Chọn Nghề gốc").check()
    page.get_by_role("button", name="Dùng chung cho mọi đơn vị: 2").click()
    page.get_by_role("button", name="Dùng chung cho mọi đơn vị: 2 quyết định").click()
    expect(page.get_by_text("2 quyết định dùng chung cho mọi đơn vị.")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert ValueSpelling.objects.filter(spelling="Thợ cả", owner=None).count() == 1
    assert ColumnMapping.objects.filter(title="Nghề gốc", owner=None).count() == 1
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
