"""Ctrl-K in a real browser: from any page, by keyboard alone, and on a phone without opening the menu."""

import re

import pytest
from playwright.sync_api import Page, expect

from cadres.models import Official
from tests.browser.conftest import PHONE, sign_in


@pytest.fixture
def finder(page: Page, cast):
    """Sở on a page that is not the home page."""
    sign_in(page, cast["province"])
    page.goto("/dao-tao/lop/")
    return page.get_by_role("dialog", name="Tìm nhanh")


def test_a_person_is_found_and_opened_by_keyboard_alone(page: Page, finder):
    page.keyboard.press("Control+k")
    expect(finder.get_by_role("searchbox")).to_be_focused()

    page.keyboard.type("giangg")
    expect(finder.get_by_role("link")).to_contain_text("Giàng A Sử sinh 1985 · Bí thư Đảng ủy, Xã Bản Phố")
    page.keyboard.press("Enter")

    person = Official.objects.get(full_name="Giàng A Sử")
    expect(page).to_have_url(re.compile(f"/can-bo/{person.pk}/$"))


def test_the_arrows_walk_through_what_was_found_and_escape_leaves_the_page_as_it_was(page: Page, finder):
    page.keyboard.press("Control+k")
    expect(finder.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("thi")
    expect(finder.get_by_role("link", name="Lý Thị Lan")).to_be_visible()

    page.keyboard.press("ArrowDown")
    expect(finder.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(finder.get_by_role("link").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(finder.get_by_role("searchbox")).to_be_focused()

    page.keyboard.press("Escape")
    expect(finder).to_be_hidden()
    expect(page).to_have_url(re.compile("/dao-tao/lop/$"))


def test_on_a_phone_it_is_in_view_without_the_menu(page: Page, finder):
    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="Tìm nhanh").click()
    finder.get_by_role("searchbox").fill("khong-co-ai")
    expect(finder).to_contain_text("Không tìm thấy “khong-co-ai”")
    finder.get_by_role("searchbox").fill("ban pho")
    expect(finder.get_by_role("link", name="Xã Bản Phố Huyện Bắc Hà")).to_be_visible()


def test_who_searches_after_the_session_has_ended_comes_to_the_sign_in(page: Page, finder):
    page.context.clear_cookies()
    page.keyboard.press("Control+k")
    expect(finder.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("lan")
    expect(page.get_by_label("Tên đăng nhập")).to_be_visible()
