"""A list with ticks in a real browser: they survive whatever shows the list otherwise, and the act does what it showed.

Fifty-five people of thị trấn Bắc Hà may be sent to a class with sixty seats; a page shows fifty.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from cadres.models import Official
from cadres.periods import PartialDate
from courses.models import Enrolment, TrainingClass
from tests.browser.conftest import PHONE, WIDE, cast_of_all, sign_in, site_with
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_class,
    make_enrolment,
    make_official,
    make_programme,
    make_zone,
    position_of,
)
from tests.conftest import DAY, unit_of
from tests.province import BAC_HA_TOWN

site = site_with("reference")
cast = cast_of_all()


@pytest.fixture(scope="module")
def empty_class(cast) -> TrainingClass:
    town = unit_of(BAC_HA_TOWN)
    it_is(date(2014, 12, 31))
    begin_data(town, date(2014, 12, 31))
    make_zone(town, 1)
    for number in range(55):
        official = make_official(f"Giàng A {number:02d}", sex="M", birth=PartialDate(date(1980, 5, 20)))
        make_appointment(official, position_of("VP_TK"), town)
    return make_class(
        make_programme(title="Kỹ năng soạn thảo văn bản", targets=("VP_TK",)),
        state="open",
        start_date=date(2016, 3, 1),
        end_date=date(2016, 3, 4),
        seats=60,
    )


@pytest.fixture
def training_class(empty_class) -> Iterator[TrainingClass]:
    yield empty_class
    Enrolment.objects.all().delete()


def candidates(page: Page, training_class: TrainingClass) -> None:
    page.goto(f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={DAY}")


def box(page: Page, name: str):
    return page.get_by_role("checkbox", name=f"Cử {name}")


def act(page: Page, words: str):
    return page.get_by_role("button", name=words, exact=True)


def nominated() -> list[str]:
    return sorted(Enrolment.objects.values_list("official__full_name", flat=True))


def tick_on_two_pages_and_in_a_search(page: Page) -> None:
    box(page, "Giàng A 07").check()
    page.get_by_role("button", name="Trang sau").click()
    expect(page.get_by_text("(1 ở trang hoặc bộ lọc khác)")).to_be_visible()
    box(page, "Giàng A 52").check()
    page.get_by_role("button", name="Họ và tên").first.click()
    expect(page.get_by_role("columnheader", name="Họ và tên")).to_have_attribute("aria-sort", "ascending")
    page.get_by_label(re.compile("^Tìm theo tên")).fill("giang a 30")
    page.get_by_label(re.compile("^Tìm theo tên")).press("Enter")
    expect(page.get_by_text("1 người", exact=True)).to_be_visible()
    box(page, "Giàng A 30").check()


def test_ticks_survive_paging_sorting_and_searching_and_are_acted_upon_together(page, cast, training_class):
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    tick_on_two_pages_and_in_a_search(page)

    # A look at somebody else, and back by the menu: nothing is lost.
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name="Giàng A 30").click()
    candidates(page, training_class)
    act(page, "Cử 3 người").click()

    for name in ("Giàng A 07", "Giàng A 30", "Giàng A 52"):
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Có chỗ, chờ duyệt")
    assert nominated() == []
    act(page, "Cử 3 người").click()
    expect(page.get_by_text("Đã cử 3 người, chờ Sở Nội vụ duyệt")).to_be_visible()
    assert nominated() == ["Giàng A 07", "Giàng A 30", "Giàng A 52"]


def test_all_are_chosen_with_one_click_and_one_tick_taken_off(page, cast, training_class):
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    page.get_by_role("button", name="Chọn tất cả (55)").click()
    expect(act(page, "Cử 55 người")).to_be_visible()
    page.get_by_role("button", name="Trang sau").click()
    box(page, "Giàng A 54").uncheck()
    act(page, "Cử 54 người").click()
    act(page, "Cử 54 người").click()
    expect(page.get_by_text("Đã cử 54 người")).to_be_visible()
    assert "Giàng A 54" not in nominated()


def test_those_ticked_are_named_at_once_on_every_page_and_taken_off_there(page, cast, training_class):
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    basket = page.locator("[data-basket]")
    expect(basket).to_be_hidden()
    tick_on_two_pages_and_in_a_search(page)
    expect(basket.get_by_role("listitem")).to_have_count(3)

    basket.get_by_role("button", name="Bỏ Giàng A 30 khỏi danh sách cử").click()  # ticked on this page, not sent yet
    expect(act(page, "Cử 2 người")).to_be_visible()
    expect(box(page, "Giàng A 30")).not_to_be_checked()
    basket.get_by_role("button", name="Bỏ Giàng A 52 khỏi danh sách cử").click()
    expect(basket).to_contain_text("Danh sách cử: 1 người")
    expect(basket.get_by_role("button")).to_have_count(1)
    expect(basket).to_contain_text("Giàng A 07")


def test_what_somebody_else_does_between_the_page_of_the_act_and_the_yes_is_asked_about_again(
    page, cast, training_class
):
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    for name in ("Giàng A 01", "Giàng A 02"):
        box(page, name).check()
    act(page, "Cử 2 người").click()
    make_enrolment(Official.objects.get(full_name="Giàng A 01"), training_class, "nominated")

    act(page, "Cử 2 người").click()

    expect(page.get_by_role("alert")).to_contain_text("số liệu vừa thay đổi")
    expect(page.get_by_role("row").filter(has_text="Giàng A 01")).to_contain_text("vừa thay đổi")
    expect(page.get_by_role("row").filter(has_text="Giàng A 01")).to_contain_text("Đã có tên trong lớp")
    act(page, "Cử 1 người").click()
    expect(page.get_by_text("Đã cử 1 người")).to_be_visible()
    assert nominated() == ["Giàng A 01", "Giàng A 02"]


def test_a_list_with_ticks_does_all_of_it_without_a_script_and_on_a_phone(chromium, site, cast, training_class):
    context = chromium.new_context(base_url=site, viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    box(page, "Giàng A 07").check()
    page.get_by_role("button", name="Trang sau").click()
    box(page, "Giàng A 52").check()
    act(page, "Cử những người đã chọn").click()
    act(page, "Cử 2 người").click()
    expect(page.get_by_text("Đã cử 2 người")).to_be_visible()
    context.close()
    assert nominated() == ["Giàng A 07", "Giàng A 52"]


def test_the_pages_of_a_list_fit_a_phone(page, cast, training_class):
    page.set_viewport_size(PHONE)
    sign_in(page, cast["officer"])
    candidates(page, training_class)
    page.get_by_text("Sắp xếp", exact=True).click()
    page.locator(".picker-panel").get_by_role("button", name="Họ và tên").click()
    box(page, "Giàng A 00").check()
    expect(act(page, "Cử 1 người")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    act(page, "Cử 1 người").click()
    expect(act(page, "Cử 1 người")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(WIDE)
