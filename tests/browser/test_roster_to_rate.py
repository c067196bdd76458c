"""The main job in a real browser: a district's workbook goes in, and the rate is read off the home page."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cadres.access import appointments_visible_to
from cadres.models import Criterion, ImportBatch, User
from reports.rates import rate_on
from tests.browser.conftest import sign_in, write_roster
from tests.cadres.workbooks import layout_b, layout_c
from tests.reports.naive import Registry, judge

DAY = date(2015, 12, 31)
DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def workbooks(tmp_path) -> dict[str, Path]:
    """Both rosters as districts sent them, and one of each layout made by hand."""
    made = {"bao-thang.xlsx": layout_b(), "van-ban-si-ma-cai.xlsx": layout_c()}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    sent = {name: DATA / name for name in ("bac-ha-2015.xlsx", "muong-khuong-2015.xlsx")}
    return sent | {name: tmp_path / name for name in made}


def take_in(page: Page, workbook: Path) -> ImportBatch:
    """Upload, look at the preview, write; ends on the result."""
    page.get_by_role("link", name="Nhập danh sách Excel").first.click()
    page.get_by_label("Tệp danh sách").set_input_files(workbook)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    batch = ImportBatch.objects.latest("pk")
    assert batch.state == "staged"
    expect(page.get_by_text("Chưa có gì được ghi")).to_be_visible()

    write_roster(page)
    batch.refresh_from_db()
    assert batch.state == "committed"
    return batch


def rate_on_the_home_page(page: Page) -> tuple[str, int, int]:
    """The percentage as written, and the two numbers behind it."""
    page.get_by_role("link", name="Xem tỷ lệ đạt chuẩn").click()
    expect(page.locator(".figure-note")).to_be_visible()
    percent = page.locator(".figure").inner_text().replace("\u00a0", "").replace(" ", "")
    note = page.locator(".figure-note").inner_text()
    compliant, total = re.match(r"\s*([\d.]+)\s*/\s*([\d.]+) người", note).groups()
    return percent, int(compliant.replace(".", "")), int(total.replace(".", ""))


def the_figure_opens_exactly_those_people(page: Page, compliant: int) -> None:
    page.locator(".figure-note a").first.click()
    expect(page.get_by_role("heading", name="Cán bộ, công chức cấp xã")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{compliant:,}".replace(",", ".") + " người")


def counted_by_hand(user: User) -> tuple[str, int, int]:
    """The same three, from the slow obvious count over plain rows."""
    seen = set(appointments_visible_to(user, DAY).values_list("official", flat=True))
    people = judge(Registry(), DAY, Criterion.objects.get(code="FULL"))
    counted = [person for person in people if person.verdict and person.post.official_id in seen]
    compliant = sum(person.verdict == "compliant" for person in counted)
    tenths = (2000 * compliant + len(counted)) // (2 * len(counted))
    return f"{tenths // 10},{tenths % 10}%", compliant, len(counted)


def test_four_workbooks_go_in_and_the_rate_comes_out(page, cast, workbooks):
    sign_in(page, cast["province"], at="/")
    totals = []
    for workbook in workbooks.values():
        batch = take_in(page, workbook)
        assert batch.summary["created"] > 0
        shown = rate_on_the_home_page(page)
        engine = rate_on(DAY, criterion=Criterion.objects.get(code="FULL"))

        assert shown == counted_by_hand(cast["province"])
        assert shown[1:] == (engine.compliant, engine.total)
        totals.append(shown[2])

    assert totals == sorted(set(totals)), "each workbook adds people to the total"
    the_figure_opens_exactly_those_people(page, shown[1])


def test_a_district_officer_takes_in_the_own_roster_and_reads_the_own_rate_and_whose_it_is(page, cast, workbooks):
    sign_in(page, cast["officer"], at="/")

    take_in(page, workbooks["bac-ha-2015.xlsx"])

    shown = rate_on_the_home_page(page)
    assert shown == counted_by_hand(cast["officer"])
    assert shown[2] > 400
    expect(page.get_by_text("Huyện Bắc Hà").first).to_be_visible()
    the_figure_opens_exactly_those_people(page, shown[1])


def test_a_file_that_is_no_roster_changes_nothing(page, cast, tmp_path):
    sign_in(page, cast["province"], at="/")
    letter = tmp_path / "công văn.xlsx"
    letter.write_bytes(b"Day khong phai bang tinh")

    page.get_by_role("link", name="Nhập danh sách Excel").first.click()
    page.get_by_label("Tệp danh sách").set_input_files(letter)
    page.get_by_label("Số liệu tính đến ngày").fill("2015-12-31")
    with page.expect_response("**/nhap-danh-sach/") as answered:
        page.get_by_role("button", name="Xem trước").click()

    assert answered.value.status == 400
    expect(page.locator(".errorlist")).to_have_count(1)
    assert not ImportBatch.objects.exists()
