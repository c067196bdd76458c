"""A year of training in a real browser: from what a district registers, through a plan within 7,2 tỷ, to the rate.

The ten people of test_training_chain, of whom eight can be made compliant; here nothing is there before but they, the
programme and a campaign: the plan, its class, its list and its results are all made on the pages.
"""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from courses.models import CostNorm, PlanLine, Programme, TrainingClass, TrainingPlan
from courses.needs.campaigns import open_campaign
from tests.browser.conftest import sign_in
from tests.browser.test_training_chain import (
    BEFORE,
    ENDS,
    STARTS,
    TAUGHT_BY,
    compliant_on_the_home_page,
    institution_certifies,
    on,
    programme,
    province_ends,
    province_sends_and_starts,
    states,
)
from tests.courses.lists.test_lists import workbook

BUDGET = 7_200_000_000
FROM, UNTIL = date(2015, 11, 2), date(2015, 11, 30)

__all__ = ["programme"]  # the fixture


@pytest.fixture
def asked(programme, cast) -> Programme:
    CostNorm.objects.all().delete()
    CostNorm.objects.create(kind=Programme.Kind.CERTIFICATE, per_trainee_day=250_000, start_date=date(2014, 1, 1))
    open_campaign(year=2015, title="Đợt 2015", opens_on=FROM, closes_on=UNTIL, by=cast["province"])
    return programme


def officer_registers(page: Page) -> None:
    on(page, BEFORE)
    page.get_by_role("link", name="Đăng ký nhu cầu").first.click()
    page.get_by_role("link", name="Đợt 2015").first.click()
    page.get_by_role("link", name="Mở bản đăng ký").first.click()
    page.get_by_role("button", name="Đăng ký tất cả nhu cầu của đơn vị").click()
    page.get_by_role("button", name="Đăng ký").last.click()
    page.get_by_role("link", name="Gửi Sở Nội vụ").click()
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Gửi Sở Nội vụ").click()
    expect(page.get_by_text("Đã gửi").first).to_be_visible()


def province_plans_within_the_budget(page: Page) -> TrainingClass:
    """Accepts, reckons, drafts, approves; then the class of the line."""
    on(page, BEFORE)
    page.get_by_role("link", name="Đăng ký nhu cầu").first.click()
    page.get_by_role("link", name="Đợt 2015").first.click()
    page.get_by_role("button", name="Tiếp nhận").click()
    expect(page.get_by_text("đã tiếp nhận bản đăng ký")).to_be_visible()

    page.goto("/dao-tao/ke-hoach/them/")
    page.get_by_label("Năm", exact=False).first.fill("2015")
    page.get_by_label("Tên kế hoạch").fill("Kế hoạch 2015")
    page.get_by_label("Dự toán ngân sách địa phương, đồng").fill("7.200.000.000")
    page.get_by_role("button", name="Lập kế hoạch").click()
    page.get_by_role("link", name="Lập từ nhu cầu").first.click()
    page.get_by_label("Một lớp ít nhất, người").fill("5")
    page.get_by_role("button", name="Tính phương án").click()
    expect(page.get_by_text("Đã chứng minh")).to_be_visible()
    expect(page.get_by_text("0,0 % → 80,0 %")).to_be_visible()
    expect(page.get_by_text("2.250.000 trên 7.200.000.000 đồng")).to_be_visible()
    page.get_by_role("button", name="Đưa các lớp đã đánh dấu vào dự thảo").click()
    page.get_by_role("link", name="Phê duyệt").click()
    page.get_by_label("Số quyết định").fill("77/QĐ-UBND")
    page.get_by_label("Ngày quyết định").fill(f"{BEFORE}")
    page.get_by_label("Vì sao một mình vừa lập vừa phê duyệt").fill("Phòng chỉ có một người")
    page.get_by_role("button", name="Phê duyệt").click()
    expect(page.get_by_text("Đã phê duyệt").first).to_be_visible()
    plan = TrainingPlan.objects.get()
    line = PlanLine.objects.get()
    # Eight by whom the rate rises, and Giàng A 9, who is registered and lacks more; Giàng A 0 retires before.
    assert (plan.state, line.class_count, line.seats, line.total_cost) == ("approved", 1, 9, 2_250_000)
    assert line.total_cost <= BUDGET

    page.get_by_role("link", name="Lập lớp").first.click()
    page.get_by_label("Khai giảng").fill(f"{STARTS}")
    page.get_by_label("Bế giảng").fill(f"{ENDS}")
    page.locator("select[name=institution]").select_option(label=TAUGHT_BY)
    page.get_by_role("button", name="Lập lớp").click()
    page.get_by_role("link", name="Mở đăng ký cho các đơn vị").click()
    page.get_by_label("Tôi đã kiểm tra").check()
    page.get_by_role("button", name="Mở đăng ký cho các đơn vị").click()
    expect(page.locator("ul.messagelist .success")).to_be_visible()
    training_class = TrainingClass.objects.get()
    assert training_class.state == "open"
    return training_class


def officer_fills_the_basket(page: Page, training_class: TrainingClass) -> None:
    """Ticks survive a search; who cannot be sent has no box."""
    on(page, BEFORE)
    page.goto(f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={BEFORE}")
    expect(page.get_by_text("10 người, gấp nhất trước")).to_be_visible()
    for number in range(1, 5):
        page.get_by_role("checkbox", name=f"Cử Giàng A {number}").check()
    for number in range(5, 9):
        search = page.get_by_label("Tìm theo tên")
        search.fill(f"giang a {number}")
        search.press("Enter")
        expect(page.get_by_text("1 người, gấp nhất trước")).to_be_visible()
        page.get_by_role("checkbox", name=f"Cử Giàng A {number}").check()
    page.get_by_role("button", name="Cử 8 người", exact=True).click()
    expect(page.get_by_text("8 người có chỗ")).to_be_visible()
    page.get_by_role("button", name="Cử 8 người", exact=True).click()
    expect(page.get_by_text("Đã cử 8 người, chờ Sở Nội vụ duyệt")).to_be_visible()
    assert states(training_class) == {"nominated": 8}


def institution_sends_results(page: Page, training_class: TrainingClass) -> None:
    """A workbook with two faults, both told at once with their rows; mended, it goes in."""
    on(page, STARTS)
    columns = ["Họ và tên", "Ngày sinh", "Điểm"]
    people = [
        ["Giàng A 1", "02/01/1980", "11"],
        ["Giàng A 2", "03/01/1980", "bảy"],
        *([f"Giàng A {number}", f"{number + 1:02}/01/1980", "8,5"] for number in range(3, 9)),
    ]

    def send(rows: list[list[str]]) -> None:
        page.goto(f"/dao-tao/lop/{training_class.pk}/danh-sach/")
        page.get_by_label("Danh sách này là").select_option("results")
        page.get_by_label("Tệp danh sách").set_input_files(
            {"name": "ket-qua.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(columns, *rows)}
        )
        page.get_by_role("button", name="Xem trước").click()

    send(people)
    expect(page.get_by_text("6 dòng ghi được, 2 dòng không nhận")).to_be_visible()
    for told in ("Điểm “11” không hợp lệ", "“bảy” không phải là điểm"):
        expect(page.get_by_text(told).first).to_be_visible()
    page.get_by_role("button", name="Bỏ tệp này").click()
    people[0][2], people[1][2] = "9", "7"
    send(people)
    page.get_by_role("button", name="Ghi 8 dòng").click()
    expect(page.get_by_text("đã ghi").or_(page.get_by_text("Đã ghi")).first).to_be_visible()
    assert states(training_class) == {"completed": 8}


def test_from_registration_within_the_budget_to_the_certificates_and_the_rate(page, cast, asked):
    sign_in(page, cast["officer"])
    officer_registers(page)
    sign_in(page, cast["province"])
    assert compliant_on_the_home_page(page) == (0, 10)
    training_class = province_plans_within_the_budget(page)
    sign_in(page, cast["officer"])
    officer_fills_the_basket(page, training_class)
    sign_in(page, cast["province"])
    province_sends_and_starts(page, training_class)
    sign_in(page, cast["institution"])
    institution_sends_results(page, training_class)
    sign_in(page, cast["province"])
    province_ends(page, training_class)
    sign_in(page, cast["institution"])
    institution_certifies(page, training_class, people=8)
    sign_in(page, cast["province"])
    assert compliant_on_the_home_page(page) == (8, 10)  # as the plan had foretold
