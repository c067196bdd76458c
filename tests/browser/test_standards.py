"""A requirement of Bí thư Đảng ủy is corrected and amended in the browser, by Sở and its second account."""

from datetime import date

from playwright.sync_api import Page, expect

from cadres import roles
from cadres.models import Standard, StandardChange
from reports.publications import publish
from reports.rates import rate_on
from tests import province
from tests.browser.conftest import PHONE, sign_in
from tests.builders import criterion_of
from tests.conftest import make_user

BT_DU_PROFESSIONAL = "Bí thư Đảng ủy, Trình độ chuyên môn, mức giảm"


def choose(page: Page, label: str) -> None:
    page.get_by_label(BT_DU_PROFESSIONAL, exact=True).select_option(label=label)
    page.get_by_label("Lý do").fill("Đối chiếu lại với văn bản")
    page.get_by_role("button", name="Xem ảnh hưởng").click()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_correction_waits_for_a_second_account_and_an_amendment_leaves_the_years_before(page, cast):
    province.build()
    text = Standard.objects.get(code="R2004")
    publish(day=province.DAY, criterion=criterion_of(), decision="BC 1", on=date(2016, 2, 1), by=None)
    second = make_user("so-noi-vu-2", roles.PROVINCE_STAFF)
    sign_in(page, cast["province"])
    page.goto("/tieu-chuan/?ngay=2015-12-31")
    page.get_by_role("link", name=text.name, exact=True).click()
    page.get_by_role("link", name="Đính chính").click()
    choose(page, "giảm: như mức tối thiểu")
    expect(page.locator("#effect")).to_contain_text("50,0 % → 37,5 %")
    page.get_by_text("1 người đổi kết quả đánh giá").first.click()
    expect(page.get_by_role("link", name="Giàng A Sử").first).to_be_visible()
    expect(page.get_by_text("phải do người thứ hai của Sở Nội vụ xác nhận")).to_be_visible()
    page.get_by_role("button", name="Gửi để xác nhận").click()
    expect(page.get_by_text("Đã gửi để người thứ hai của Sở xác nhận")).to_be_visible()

    sign_in(page, second, at="/")
    page.get_by_role("link", name="thay đổi văn bản tiêu chuẩn chờ xác nhận").first.click()
    expect(page.get_by_role("link", name="Đính chính")).to_be_visible()
    page.set_viewport_size(PHONE)
    assert fits(page)
    page.get_by_role("link", name="Đính chính").click()
    expect(page.get_by_label("Ý kiến, lý do")).to_be_visible()
    assert fits(page)
    page.get_by_label("Ý kiến, lý do").fill("Văn bản không cho giảm")
    page.get_by_role("button", name="Không xác nhận").click()
    expect(page.get_by_text("Đã trả lời không xác nhận")).to_be_visible()
    assert rate_on(province.DAY, criterion=criterion_of()).compliant == 4

    page.goto(f"/tieu-chuan/{text.pk}/?ngay=2015-12-31")
    assert fits(page)
    page.get_by_role("link", name="Sửa đổi từ ngày…").click()
    expect(page.get_by_label("Sửa đổi từ ngày")).to_be_visible()
    assert fits(page)
    page.get_by_label("Sửa đổi từ ngày").fill("2016-01-01")
    page.get_by_label("Số quyết định, văn bản sửa đổi").fill("TT 1/2016")
    choose(page, "giảm: như mức tối thiểu")
    expect(page.locator("#effect")).to_contain_text("Ngày 01/01/2016")
    expect(page.locator("#effect")).not_to_contain_text("31/12/2015")
    page.get_by_role("button", name="Thực hiện", exact=True).click()
    expect(page.get_by_text("Đã thực hiện: Sửa đổi")).to_be_visible()
    assert [rate_on(day, criterion=criterion_of()).compliant for day in (province.DAY, date(2016, 1, 1))] == [4, 3]
    assert StandardChange.objects.filter(state="done").count() == 1
