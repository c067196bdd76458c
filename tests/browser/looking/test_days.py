"""Fields of days and what opens over a page, in a browser that speaks English: by typing, by keyboard, on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, page_in, sign_in, window

HOME = "/can-bo/?ngay=2015-12-31"


@pytest.fixture(scope="module")
def english_window(chromium, server) -> Iterator[BrowserContext]:
    """A browser in English, as the machines of some offices are."""
    with window(chromium, server, locale="en-US", viewport={"width": 1366, "height": 650}) as context:
        yield context


@pytest.fixture
def english(english_window, site, cast) -> Iterator[Page]:
    """A page of it, signed in as Sở Nội vụ."""
    with page_in(english_window, site) as page:
        sign_in(page, cast["province"])
        yield page


def open_picker(page: Page) -> None:
    page.goto(HOME)
    page.locator("summary").filter(has_text="Ngày").first.click()


def test_a_day_is_written_as_the_office_writes_it_whatever_the_browser_speaks_or_it_says_so_in_vietnamese(english):
    open_picker(english)
    field = english.get_by_label("Xem số liệu của ngày")
    expect(field).to_have_value("31/12/2015")
    field.fill("31/02/2015")
    field.blur()
    expect(field).to_have_js_property("validationMessage", "Hãy viết ngày/tháng/năm, ví dụ 31/12/2015.")
    for typed in ("30062015", "30.6.2015", "30-06-2015", "2015-06-30", "30 6 2015"):
        field.fill(typed)
        field.blur()
        expect(field).to_have_value("30/06/2015")

    english.get_by_role("button", name="Xem", exact=True).click()

    expect(english.locator("summary").filter(has_text="Ngày").first).to_contain_text("30/06/2015")


@pytest.mark.parametrize("size", [{"width": 1366, "height": 650}, PHONE])
def test_a_day_is_picked_from_a_calendar_in_vietnamese_by_keyboard_alone(english, size):
    english.set_viewport_size(size)
    open_picker(english)
    english.get_by_role("button", name="Mở lịch").first.focus()
    english.keyboard.press("Enter")
    calendar = english.get_by_role("dialog", name="Chọn ngày")
    expect(calendar).to_be_visible()
    expect(calendar.get_by_role("combobox", name="Tháng")).to_have_value("12")
    expect(calendar.get_by_role("combobox", name="Tháng").locator("option").first).to_have_attribute("label", "Tháng 1")
    expect(calendar.get_by_role("button", name="31 tháng 12")).to_be_focused()
    box = calendar.bounding_box()
    assert 0 <= box["x"] <= size["width"] - box["width"]
    assert 0 <= box["y"] <= size["height"] - box["height"]

    english.keyboard.press("ArrowUp")  # a week back
    expect(calendar.get_by_role("button", name="24 tháng 12")).to_be_focused()
    english.keyboard.press("Enter")

    expect(calendar).to_be_hidden()
    field = english.get_by_label("Xem số liệu của ngày")
    expect(field).to_have_value("24/12/2015")
    expect(field).to_be_focused()


def test_escape_closes_the_calendar_and_then_what_it_lies_in_and_so_does_a_click_elsewhere(english):
    open_picker(english)
    english.get_by_role("button", name="Mở lịch").first.click()
    calendar = english.get_by_role("dialog", name="Chọn ngày")
    expect(calendar).to_be_visible()

    english.keyboard.press("Escape")

    expect(calendar).to_be_hidden()
    expect(english.get_by_label("Xem số liệu của ngày")).to_be_visible()
    english.keyboard.press("Escape")
    expect(english.get_by_label("Xem số liệu của ngày")).to_be_hidden()
    expect(english.locator("summary").filter(has_text="Ngày").first).to_be_focused()

    english.keyboard.press("Enter")
    expect(english.get_by_label("Xem số liệu của ngày")).to_be_visible()
    english.locator("h1").click()
    expect(english.get_by_label("Xem số liệu của ngày")).to_be_hidden()


def test_a_menu_on_a_phone_closes_on_escape_and_on_a_click_elsewhere(page, cast):
    sign_in(page, cast["province"])
    page.set_viewport_size(PHONE)
    page.goto(HOME)
    menu = page.get_by_role("navigation", name="Menu chính")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        page.get_by_text("Menu", exact=True).click()
        expect(menu).to_be_visible()
        close()
        expect(menu).to_be_hidden()


def test_without_script_a_day_is_a_field_of_text(chromium, site, cast):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast["province"])
    page.goto("/ty-le/thay-doi/?ngay=2015-12-31")
    field = page.get_by_label("So với ngày")
    field.fill("30/06/2015")
    field.press("Enter")
    expect(page.get_by_label("So với ngày")).to_have_value("30/06/2015")
    context.close()


def test_a_page_to_be_filled_in_begins_with_its_first_field(page, cast):
    sign_in(page, cast["officer"])
    page.goto("/can-bo/them/?ngay=2015-12-31")
    expect(page.get_by_label("Họ và tên")).to_be_focused()


def test_signing_out_is_in_view_on_a_small_screen(page, cast):
    page.set_viewport_size({"width": 1366, "height": 650})
    sign_in(page, cast["province"], at="/")
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_in_viewport()
