"""After 1 July 2025 in a real browser: from “Bắt đầu” to clusters, zones, a campaign and 2015 in the units of now."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from cadres import roles
from cadres.models import RoleGrant, UnitVersion
from courses.models import DistrictSubmission
from tests import province
from tests.browser.conftest import sign_in
from tests.builders import it_is, make_qualification
from tests.cadres.reorganisation.test_reorganise import KNOWN, TWO_LEVELS, reorganise
from tests.conftest import make_user

NOW = date(2026, 1, 15)


def button(page: Page, words: str):
    return page.locator("main").get_by_role("button", name=words)


def test_so_begins_with_two_levels_a_cluster_answers_a_campaign_and_2015_is_told_in_the_units_of_now(
    page, cast, tmp_path: Path
):
    people = province.build()
    reorganise(KNOWN, TWO_LEVELS)
    it_is(NOW)
    make_qualification(people["Lý Thị Lan"], "state_management", "CHUA")
    sign_in(page, cast["province"], at="/")

    # Clusters, from the districts there were.
    page.get_by_role("link", name="Cụm xã", exact=True).click()
    page.get_by_role("link", name="Lập theo huyện cũ…").click()
    page.get_by_label("Từ ngày").fill("2025-07-01")
    button(page, "Lập").last.click()
    expect(page.locator("body")).to_contain_text("Đã lập 9 cụm, 48 xã, phường")

    # “Bắt đầu” leads to the zones of the period, whose list is seen before it is written.
    page.get_by_role("link", name="Bắt đầu", exact=True).click()
    zones = page.locator("section.card", has=page.get_by_role("heading", name="Khu vực của xã"))
    expect(zones).to_contain_text("0 / 99 xã đã có khu vực, giai đoạn 2026–2030")
    zones.get_by_role("link", name="Nhập khu vực").click()
    listed = tmp_path / "khu-vuc.csv"
    listed.write_text("Mã xã,Tên xã,Khu vực\n02839,Xã Bắc Hà,II\n", encoding="utf-8")
    page.get_by_label("Tệp danh sách").set_input_files(listed)
    button(page, "Xem trước").click()
    expect(page.get_by_role("row", name="Xã Bắc Hà")).to_contain_text("Cụm Bắc Hà")
    button(page, "Ghi").click()
    expect(page.locator("body")).to_contain_text("Đã ghi khu vực 2026–2030 của 99 xã")

    # The home page is of clusters; 2015 is told in the communes of now.
    page.goto("/")
    expect(page.locator("body")).to_contain_text("Theo cụm xã và khu vực")
    page.goto("/ty-le/?ngay=2015-12-31&theo=commune")
    page.get_by_text("Đơn vị của ngày đang xem").first.click()
    page.get_by_role("link", name="Đơn vị từ 01/07/2025").click()
    expect(page.get_by_role("row", name="Xã Bắc Hà")).to_contain_text("33,3")

    # A campaign of 2026 is answered by a cluster.
    page.goto("/dao-tao/dot-nhu-cau/them/?ngay=2026-01-15")
    page.get_by_label("Cho kế hoạch năm").fill("2026")
    page.get_by_label("Tên đợt").fill("Nhu cầu 2026")
    page.get_by_label("Mở từ ngày").fill("2026-01-10")
    page.get_by_label("Hạn chung").fill("2026-02-28")
    button(page, "Mở đợt").click()
    expect(page.locator("body")).to_contain_text("Cụm Bắc Hà")
    cluster = UnitVersion.objects.get(name="Cụm Bắc Hà").unit
    officer = make_user("cum-bac-ha", ())
    RoleGrant.objects.create(user=officer, role=roles.UNIT_OFFICER, unit=cluster)
    sign_in(page, officer, at="/")
    page.get_by_role("link", name="Đăng ký nhu cầu", exact=True).click()
    page.get_by_role("link", name="Nhu cầu 2026").click()
    page.get_by_role("link", name="Cụm Bắc Hà").click()
    button(page, "Đăng ký tất cả nhu cầu của đơn vị").click()
    expect(page.locator("body")).to_contain_text("Lý Thị Lan")
    page.locator(".action-bar button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("Đã đăng ký")
    assert DistrictSubmission.objects.get(district=cluster).needs.exists()
