"""Nothing entered is lost: what a district changes, Sở finds, reads and puts back."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from cadres import registry
from cadres.history.triggers import unrecorded
from cadres.models import Official, Position, User
from tests.browser.conftest import PHONE, sign_in
from tests.conftest import unit_of


def test_a_name_changed_by_a_district_is_found_by_so_with_both_values_and_put_back(
    page: Page, cast: dict[str, User]
) -> None:
    with unrecorded():
        person = Official.objects.create(full_name="Lý Thị Liên")
        position = Position.objects.get(code="CT_UBND")
        registry.appoint(person, position, unit_of("02851"), start_date=date(2012, 7, 1), by=None)

    sign_in(page, cast["officer"])
    page.goto(f"/can-bo/{person.pk}/")
    page.get_by_role("link", name="Sửa thông tin").click()
    page.get_by_label("Họ và tên").fill("Lý Thị Liễn")
    page.get_by_label("Lý do đính chính").fill("theo giấy khai sinh")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Ảnh hưởng", exact=True)).to_be_visible()
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name=re.compile("Sửa lần cuối bởi bac-ha")).click()
    expect(page.locator(".change")).to_contain_text("Lý Thị Liên → Lý Thị Liễn")

    sign_in(page, cast["province"])
    page.get_by_role("link", name="Nhật ký").click()
    page.get_by_label("Người: tên").fill("ly thi lien")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name="Sửa cán bộ, công chức: Lý Thị Liễn").click()
    expect(page.locator(".change")).to_contain_text("Lý Thị Liên → Lý Thị Liễn")
    expect(page.locator(".lead")).to_contain_text("bac-ha")

    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Hoàn lại cả việc này").click()
    page.get_by_label("Lý do hoàn lại").fill("giấy khai sinh ghi Liên")
    page.get_by_role("button", name="Hoàn lại", exact=True).click()
    page.goto(f"/can-bo/{person.pk}/lich-su/")
    expect(page.locator(".change").first).to_contain_text("Lý Thị Liễn → Lý Thị Liên")
    expect(page.get_by_text("giấy khai sinh ghi Liên")).to_be_visible()
    person.refresh_from_db()
    assert person.full_name == "Lý Thị Liên"
