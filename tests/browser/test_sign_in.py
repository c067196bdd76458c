"""Coming in with a telephone, in a real browser, under its content security policy."""

import re

from playwright.sync_api import Page, expect

from cadres.models import User
from tests.browser.conftest import PASSWORD, sign_in
from tests.cadres.sign_in.coming_in import code_of


def test_somebody_sets_up_the_second_factor_and_comes_in_with_it(page: Page, cast: dict[str, User]) -> None:
    sign_in(page, cast["officer"], at="/")
    page.get_by_role("link", name="Tài khoản của tôi").click()
    page.get_by_role("link", name="Bật xác thực hai bước").click()
    picture = page.get_by_role("img", name="Mã để điện thoại quét").locator("svg")
    expect(picture).to_be_visible()
    assert picture.bounding_box()["width"] > 150
    page.get_by_text("Không quét được?").click()
    expect(page.locator("details code")).to_be_visible()
    key = page.locator("details code").inner_text()
    page.get_by_label("Mã đang hiện trên điện thoại").fill("000 000")
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.get_by_text("Mã không khớp")).to_be_visible()
    page.get_by_label("Mã đang hiện trên điện thoại").fill(code_of(key))
    page.get_by_role("button", name="Bật xác thực hai bước").click()
    expect(page.locator(".codes code").first).to_be_visible()
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="Tôi đã cất, tiếp tục").click()
    expect(page.get_by_text("Còn 10 mã dự phòng")).to_be_visible()
    page.get_by_role("button", name="Đăng xuất", exact=True).click()

    page.goto("/can-bo/")
    page.get_by_label("Tên đăng nhập").fill("bac-ha")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Xác thực hai bước")).to_be_visible()
    page.get_by_label("Mã xác thực").fill(recovery)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/can-bo/$"))
    expect(page.get_by_text("còn 9 mã")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Đăng xuất", exact=True)).to_be_visible()
