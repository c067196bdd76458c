"""Nothing entered is lost: what a district changes, Sở finds, reads and puts back."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from cadres import registry
from cadres.history.triggers import unrecorded
from cadres.models import Official, Position, User
from tests.browser.conftest import PHONE, sign_in, write_roster
from tests.browser.test_roster_wizard import send
from tests.cadres.workbooks import flat
from tests.conftest import unit_of


def test_a_name_changed_by_a_district_is_found_by_so_with_both_values_and_put_back(
    page: Page, cast: dict[str, User]
) -> None:
    with unrecorded():
        person = Official.objects.create(full_name="Lý Thị Liên")
        position = Position.objects.get(code="CT_UBND")
        registry.appoint(person, position, unit_of("02851"), start_date=date(2012, 7, 1), by=None)

    sign_in(page, cast["officer"])
    page.goto(f"/can-bo/{person.pk}/")
    page.get_by_role("link", name="Sửa thông tin").click()
    page.get_by_label("Họ và tên").fill("Lý Thị Liễn")
    page.get_by_label("Lý do đính chính").fill("theo giấy khai sinh")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Ảnh hưởng", exact=True)).to_be_visible()
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name=re.compile("Sửa lần cuối bởi bac-ha")).click()
    expect(page.locator(".change")).to_contain_text("Lý Thị Liên → Lý Thị Liễn")

    sign_in(page, cast["province"], at="/")
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    page.get_by_label("Người: tên").fill("ly thi lien")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name="Sửa cán bộ, công chức: Lý Thị Liễn").click()
    expect(page.locator(".change")).to_contain_text("Lý Thị Liên → Lý Thị Liễn")
    expect(page.locator(".lead")).to_contain_text("bac-ha")

    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Hoàn lại cả việc này").click()
    page.get_by_label("Lý do hoàn lại").fill("giấy khai sinh ghi Liên")
    page.get_by_role("button", name="Hoàn lại", exact=True).click()
    page.goto(f"/can-bo/{person.pk}/lich-su/")
    expect(page.locator(".change").first).to_contain_text("Lý Thị Liễn → Lý Thị Liên")
    expect(page.get_by_text("giấy khai sinh ghi Liên")).to_be_visible()
    person.refresh_from_db()
    assert person.full_name == "Lý Thị Liên"


def test_two_records_of_one_person_are_merged_and_separated_again(page: Page, cast: dict[str, User]) -> None:
    position = Position.objects.get(code="CT_UBND")
    people = [Official.objects.create(full_name=name) for name in ("Vàng Thị Súa", "Vàng Thị Sua")]
    for person, begun in zip(people, (date(2012, 7, 1), date(2014, 7, 1)), strict=True):
        registry.appoint(person, position, unit_of("02851"), start_date=begun, by=None)
    kept, other = people

    sign_in(page, cast["officer"])
    page.goto(f"/can-bo/{kept.pk}/")
    page.get_by_role("link", name="Gộp hồ sơ trùng").click()
    page.get_by_role("link", name="So sánh với Vàng Thị Sua").click()
    page.get_by_label("Vàng Thị Sua (hồ sơ kia)").check()
    page.get_by_label("Lý do gộp").fill("xã khai hai lần")
    page.get_by_role("button", name="Xem ảnh hưởng").click()
    expect(page.get_by_text("Ảnh hưởng", exact=True)).to_be_visible()
    page.get_by_role("button", name="Gộp hai hồ sơ").click()
    expect(page.get_by_text("đã gộp hai hồ sơ làm một")).to_be_visible()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.full_name, kept.appointments.count(), other.merged_into) == ("Vàng Thị Sua", 1, kept)

    sign_in(page, cast["province"])
    page.goto(f"/can-bo/{other.pk}/")
    expect(page).to_have_url(re.compile(f"/can-bo/{kept.pk}/"))
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    page.get_by_role("row", name="Gộp hồ sơ").get_by_role("link").first.click()
    page.get_by_role("link", name="Hoàn lại cả việc này").click()
    page.get_by_label("Lý do hoàn lại").fill("hai chị em")
    page.get_by_role("button", name="Hoàn lại", exact=True).click()
    expect(page.get_by_text("Đã hoàn lại")).to_be_visible()
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.full_name, other.full_name, other.merged_into) == ("Vàng Thị Súa", "Vàng Thị Sua", None)
    assert (kept.appointments.count(), other.appointments.count()) == (1, 1)


def test_an_import_is_one_act_of_the_log_and_its_undo_another(
    page: Page, cast: dict[str, User], settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    people = ({"Họ và tên": f"Giàng A {name}"} for name in ("Dơ", "Páo", "Chín"))
    (tmp_path / "bac-ha.xlsx").write_bytes(flat(*people))
    sign_in(page, cast["province"], at="/")
    batch = send(page, tmp_path / "bac-ha.xlsx")
    write_roster(page)
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    page.get_by_role("link", name="Nhập danh sách bac-ha.xlsx: 3 hồ sơ").click()
    expect(page.locator(".change").first).to_be_visible()
    page.get_by_role("link", name="Hoàn lại cả việc này").click()
    expect(page).to_have_url(re.compile(f"/nhap-danh-sach/{batch.pk}/hoan-tac/"))
    page.get_by_role("button", name="Hoàn tác 3 dòng").click()
    page.get_by_role("link", name="Nhật ký", exact=True).click()
    expect(page.get_by_role("cell", name="Hoàn tác nhập danh sách", exact=True)).to_have_count(1)
    of_both = re.compile("(Nhập|Hoàn tác nhập) danh sách bac-ha.xlsx: 3 hồ sơ")
    expect(page.get_by_role("link", name=of_both)).to_have_count(2)
    assert not Official.objects.exists()
