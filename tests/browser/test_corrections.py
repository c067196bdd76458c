"""What had been entered wrongly, put right as an officer does it."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect

from cadres import registry
from tests import province
from tests.browser.conftest import PHONE, WIDE, page_in, sign_in, window
from tests.builders import position_of
from tests.conftest import unit_of

PERSON = "/can-bo/{}/?ngay=2015-12-31"


def rate_shown(page: Page) -> str:
    page.goto("/ty-le/?ngay=2015-12-31&theo=district")
    return " ".join(page.get_by_role("row", name="Huyện Bắc Hà").inner_text().split())


def test_a_wrong_transfer_is_taken_back_in_one_step_and_the_rate_is_what_it_was(page, cast):
    lan = province.build()["Lý Thị Lan"]
    sign_in(page, cast["officer"])
    before = rate_shown(page)
    assert "33,3" in before
    for number, size in enumerate((WIDE, PHONE), start=1):
        page.set_viewport_size(size)
        registry.transfer(lan, position_of("BT_DU"), unit_of(province.BAN_PHO), start_date=date(2015, 6, 1), by=None)
        assert rate_shown(page) != before, size

        page.goto(PERSON.format(lan.pk))
        page.get_by_role("link", name="Gỡ điều động").click()
        expect(page.locator("#effect")).to_contain_text("50,0 % → 33,3 %")
        page.get_by_label("Lý do đính chính").fill("Quyết định của người khác")
        page.get_by_role("button", name="Gỡ điều động").click()

        expect(page.get_by_text("đã gỡ điều động, chức danh trước được khôi phục.")).to_be_visible()
        expect(page.get_by_text("Nhập sai, không tính")).to_have_count(number)
        expect(page.get_by_text("Nhập sai, không tính").last).to_be_visible()
        assert rate_shown(page) == before, size


def test_what_was_filled_in_before_the_script_came_is_foretold_too(page, cast):
    lan = province.build()["Lý Thị Lan"]
    sign_in(page, cast["officer"])
    held: list[Route] = []

    def hold(way: Route) -> None:
        held.append(way)

    page.route("**/static/ahead*.js", hold)
    address = f"/can-bo/{lan.pk}/chuc-danh/{lan.appointments.get().pk}/dinh-chinh/?ngay=2015-12-31"
    with page.expect_request("**/static/ahead*.js"):
        page.goto(address, wait_until="commit")
    page.get_by_label("Chức danh:", exact=True).select_option(label="Văn phòng - thống kê")
    page.get_by_label("Lý do đính chính").fill("Ghi nhầm chức danh")
    held[0].continue_()

    expect(page.locator("#effect")).to_contain_text("Văn phòng - thống kê")


@pytest.fixture
def page_with_a_clock(chromium, site) -> Iterator[Page]:
    """A window of its own, whose time the test lets pass."""
    with window(chromium, site) as context, page_in(context, site) as page:
        yield page


def test_what_is_being_done_is_not_foretold_any_more(page_with_a_clock, cast):
    """The answer would come after the act, of a row that is another by then."""
    page = page_with_a_clock
    lan = province.build()["Lý Thị Lan"]
    registry.transfer(lan, position_of("BT_DU"), unit_of(province.BAN_PHO), start_date=date(2015, 6, 1), by=None)
    sign_in(page, cast["officer"])
    page.goto(PERSON.format(lan.pk))
    page.get_by_role("link", name="Gỡ điều động").click()
    expect(page.locator("#effect")).to_be_visible()
    sent: list[bool] = []

    def hold(way: Route) -> None:
        sent.append("x-ahead" in way.request.headers)
        way.fulfill(status=204)  # by which the page stays as it is

    page.route(lambda address: True, lambda way: hold(way) if way.request.method == "POST" else way.continue_())
    page.clock.install()
    page.get_by_label("Lý do đính chính").fill("Quyết định của người khác")
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Gỡ điều động").click()
    page.clock.run_for(2_000)
    expect(page.locator("#effect")).to_be_visible()

    assert sent == [False]
