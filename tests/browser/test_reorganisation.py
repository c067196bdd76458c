"""1 July 2025 in a real browser, as Sở walks it: units, then posts, then people one by one; and all the way back."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from cadres.models import Appointment
from cadres.posts import primary_posts
from tests import province
from tests.browser.conftest import PHONE, WIDE, sign_in

TWO_LEVELS = date(2025, 7, 1)


def posts() -> set[tuple[str, str, str]]:
    """Who is where and what on the day."""
    held = primary_posts(TWO_LEVELS).select_related("official", "position", "unit").prefetch_related("unit__versions")
    return {(f"{post.official}", post.position.title, post.unit.name_on(TWO_LEVELS)) for post in held}


def button(page: Page, words: str):
    return page.get_by_role("button", name=words)


def confirm(page: Page, do: Locator, words: str) -> None:
    """Do it, and once more where the page shows first what has changed since it was opened."""
    asked, done = page.get_by_text(re.compile("Chưa ghi gì")), page.get_by_text(words)
    do.click()
    expect(asked.or_(done).first).to_be_visible()
    if asked.count():
        do.click()
    expect(done.first).to_be_visible()


def test_units_posts_and_people_go_over_to_two_levels_and_come_back(page, cast):
    province.build()
    before = posts()
    ended = Appointment.objects.filter(position__end_date="2025-06-30").values("position__code", "position__title")
    former = sorted({(row["position__code"], row["position__title"]) for row in ended})
    sign_in(page, cast["province"], at="/")
    page.get_by_role("link", name="Sắp xếp đơn vị", exact=True).click()
    page.get_by_role("link", name="01/07/2025").click()
    button(page, "Thực hiện sắp xếp, 9 người").click()
    expect(page.locator("body")).to_contain_text("trước 9, sau 9 người")
    assert {place for _, _, place in posts()} == {"Xã Bắc Hà", "Xã Mường Khương"}

    page.get_by_role("link", name="Chuyển chức danh", exact=True).click()
    for code, title in former:
        page.get_by_label(title, exact=True).select_option("CV_VP")
        assert code not in page.url
    button(page, "Xem ai sẽ chuyển").click()
    do = page.locator(".action-bar button[type=submit]")
    expect(do).to_be_visible()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size(WIDE)
    do.click()
    expect(page.locator("body")).to_contain_text("Việc này đổi kết quả đánh giá")
    do.click()
    expect(page.locator("body")).to_contain_text("chức danh từ ngày 01/07/2025")
    assert not {title for _, title in former} & {title for _, title, _ in posts()}
    mapping = page.get_by_role("link", name="Hoàn lại cả việc này").get_attribute("href")

    page.goto("/can-bo/?ngay=2025-07-01&chuc_danh=CV_VP")
    page.locator("input[name=chon]").first.check()
    button(page, "Điều động 1 người…").click()
    page.get_by_label("Chức danh").select_option(label="Chuyên viên nội vụ")
    page.get_by_label("Từ ngày").fill("2025-09-01")
    page.get_by_label("Lý do vẫn bổ nhiệm").fill("Đang học")
    confirm(page, do, "Điều động: đã ghi 1 người.")

    page.get_by_role("link", name="Hoàn lại cả việc này").click()
    for address in (None, mapping, "/sap-xep-don-vi/2025-07-01/hoan-lai/"):
        if address:
            page.goto(address)
        page.get_by_label("Lý do hoàn lại").fill("Làm thử")
        back = page.locator("main form").get_by_role("button", name="Hoàn lại", exact=True)
        confirm(page, back, "Đã hoàn lại")
    assert posts() == before
