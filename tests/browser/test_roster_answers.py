"""In a real browser: a list of others raises alarms, is answered once, and does to the rate what was shown before."""

import re
from datetime import date

from playwright.sync_api import Page, Route, expect

from cadres.models import Act, Appointment, ImportBatch
from cadres.roster.batch import import_file, read_file
from reports.rates import rate_on
from tests.browser.conftest import PHONE, WIDE, sign_in
from tests.builders import criterion_of
from tests.cadres.test_roster_turnover_alarms import LATER, people
from tests.cadres.workbooks import flat

DAY = date(2015, 12, 31)
SCHOOLED = {"Trình độ học vấn": "12/12", "Trình độ chuyên môn": "Đại học", "Lý luận chính trị": "Cao cấp"}


def effect_shown(page: Page) -> str:
    """The effect on the preview, which comes by itself."""
    expect(page.locator("[data-effect=told]")).to_be_visible(timeout=20_000)
    return page.locator("#effect dd").first.inner_text()


def test_what_stands_below_the_effect_keeps_its_place_when_that_comes(page, cast, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route(lambda url: url.endswith("/anh-huong/"), hold)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        (tmp_path / "moi.xlsx").write_bytes(flat(*people(first=size["width"], **SCHOOLED), title=LATER))
        sign_in(page, cast["province"], at="/nhap-danh-sach/")
        page.get_by_label("Tệp danh sách").set_input_files(tmp_path / "moi.xlsx")
        page.get_by_role("button", name="Xem trước").click()
        expect(page.get_by_text("Đang tính ảnh hưởng")).to_be_visible()
        expect(page.get_by_role("button", name="Tính ảnh hưởng")).to_be_hidden()
        for _ in range(1000):
            if not asked:
                page.wait_for_timeout(20)
        page.evaluate("() => document.fonts.ready.then(() => true)")  # else it is the type that moves it
        button = page.get_by_role("button", name=re.compile("^Ghi "))
        before = button.bounding_box()
        asked.pop().continue_()
        effect_shown(page)
        assert button.bounding_box() == before


def test_a_list_that_replaces_those_known_is_answered_once_and_does_what_was_shown(page, cast, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    import_file(read_file("a.xlsx", flat(*people(), title="Tính đến 31/12/2014")), by=cast["province"])
    (tmp_path / "moi.xlsx").write_bytes(flat(*people(first=51, **SCHOOLED), title=LATER))
    sign_in(page, cast["province"])
    page.goto("/nhap-danh-sach/")
    page.get_by_label("Tệp danh sách").set_input_files(tmp_path / "moi.xlsx")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("12 trong 12 người có trong hồ sơ không có trong danh sách.")).to_be_visible()
    assert "0 trong 12 người → 8 trong 24 người" in effect_shown(page)

    page.get_by_role("link", name=re.compile("^Ghi ")).click()  # leads back to what is to be answered
    page.get_by_role("link", name="Trả lời trước khi ghi").click()
    page.set_viewport_size(PHONE)
    page.get_by_label("Danh sách này thay người cũ").check()
    page.get_by_label("lý do thôi giữ").select_option(label="Nghỉ hưu")
    page.get_by_role("button", name="Trả lời", exact=True).click()
    expect(page.get_by_text("12 người không có trong danh sách thôi giữ chức danh")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    shown = effect_shown(page)
    assert "0 trong 12 người → 8 trong 12 người" in shown

    acts = Act.objects.filter(kind=Act.Kind.IMPORT).count()
    page.get_by_role("link", name=re.compile("^Ghi ")).click()
    page.get_by_role("button", name=re.compile("^Ghi ")).click()
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()
    assert ImportBatch.objects.latest("pk").state == "committed"
    assert Act.objects.filter(kind=Act.Kind.IMPORT).count() == acts + 1
    assert Appointment.objects.filter(end_date=date(2015, 12, 30), end_reason="retired").count() == 12
    rate = rate_on(DAY, criterion=criterion_of("FULL"))
    assert (rate.compliant, rate.total) == (8, 12)
    assert page.locator("#effect dd").first.inner_text() == shown
