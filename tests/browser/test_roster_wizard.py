"""A roster with faults in a real browser: preview, decisions, writing, the marked file mended and sent again, undo."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from cadres.models import ImportBatch, Official, ValueSpelling
from cadres.roster.batch import import_file, read_file
from tests.browser.conftest import sign_in, write_roster
from tests.cadres.workbooks import flat

DO = {"Họ và tên": "Giàng A Dơ", "Ngày sinh": "05/08/1979", "Dân tộc": "Mông"}
PAO = {"Họ và tên": "Lù Seo Pao", "Ngày sinh": "01/02/1960"}
# The year after: an unknown word, a date that is none, a question about Giàng A Dơ, and Lù Seo Pao is missing.
A_YEAR_LATER = (
    DO | {"Dân tộc": "Dao", "Tôn giáo": "Không"},
    {"Họ và tên": "Vàng Thị Mỷ", "Giới tính": "Nữ", "Ngày sinh": "31/02/1985", "Trình độ chuyên môn": "Thợ cả"},
    {"Họ và tên": "Thào A Chín", "Ngày sinh": "08/1985", "Trình độ chuyên môn": "Thợ cả"},
)


def send(page: Page, path: Path) -> ImportBatch:
    page.get_by_role("link", name="Nhập danh sách Excel").first.click()
    page.get_by_label("Tệp danh sách").set_input_files(path)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Xem trước")).to_be_visible()
    return ImportBatch.objects.latest("pk")


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path()).read_bytes()


def test_a_roster_goes_from_its_faults_to_the_registry_and_back(page, cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    import_file(read_file("2015.xlsx", flat(DO, PAO)), by=None)
    (tmp_path / "2016.xlsx").write_bytes(flat(*A_YEAR_LATER, title="Tính đến 31/12/2016"))
    sign_in(page, cast["province"], at="/")
    batch = send(page, tmp_path / "2016.xlsx")
    counts = ("created", "review", "rejected", "missing")
    assert [batch.summary[name] for name in counts] == [1, 1, 1, 1]

    # The word that nobody knew is taught once.
    page.get_by_role("link", name="Tệp gồm những gì").click()
    page.get_by_label("Nghĩa của Thợ cả").select_option(label="Sơ cấp")
    page.get_by_role("button", name="Ghi nhớ và đọc lại").click()
    expect(page.get_by_text("Đã ghi nhớ 1 cách viết")).to_be_visible()
    assert ValueSpelling.objects.get(spelling="Thợ cả").learnt_by == cast["province"]
    page.get_by_role("link", name="Về danh sách").click()

    # The question is decided: the same person, who keeps the ethnic group of the registry.
    page.get_by_role("link", name="1 dòng cần xem xét").click()
    page.get_by_role("link", name="Quyết định", exact=True).click()
    page.get_by_role("radio", name="Là Giàng A Dơ trong hồ sơ").check()
    page.get_by_role("radio", name="Mông", exact=True).check()
    page.get_by_role("button", name="Quyết định").click()
    expect(page.get_by_text("Dòng 3: thay đổi.")).to_be_visible()

    # The missing one has retired.
    page.goto(f"/nhap-danh-sach/{batch.pk}/?ket_qua=missing")
    page.get_by_label("Chọn Lù Seo Pao").check()
    page.get_by_role("button", name="Thôi giữ chức danh: 1 người").click()
    page.get_by_label("Ngày cuối cùng giữ chức danh").fill("2016-06-30")
    page.get_by_label("Lý do").select_option(label="Nghỉ hưu")
    page.get_by_role("button", name="Thôi giữ chức danh: 1 người").click()
    expect(page.get_by_text("1 người thôi giữ chức danh; được ghi khi ghi danh sách")).to_be_visible()
    write_roster(page)
    do, pao = Official.objects.get(full_name="Giàng A Dơ"), Official.objects.get(full_name="Lù Seo Pao")
    assert (do.ethnic_group.name, do.religion) == ("Mông", "Không")
    assert pao.appointments.get().end_date == date(2016, 6, 30)
    chin = Official.objects.get(full_name="Thào A Chín")
    assert chin.qualifications.get().level.code == "SC"
    assert not Official.objects.filter(full_name="Vàng Thị Mỷ").exists()

    # The district's own file comes back with the fault marked; mended and sent again, the rest goes in.
    workbook = load_workbook(BytesIO(downloaded(page, "Tải tệp đã đánh dấu lỗi")))
    sheet = workbook.active
    (marked,) = [
        cell for row in sheet.iter_rows() for cell in row if cell.comment and "ngày có thật" in cell.comment.text
    ]
    assert (marked.value, marked.fill.fgColor.rgb[-6:]) == ("31/02/1985", "FFC7CE")
    marked.value = "28/02/1985"
    workbook.save(tmp_path / "2016 sửa.xlsx")
    again = send(page, tmp_path / "2016 sửa.xlsx")
    assert (again.summary["created"], again.summary["rejected"]) == (1, 0)
    write_roster(page)
    assert Official.objects.filter(full_name="Vàng Thị Mỷ").exists()

    # The second import is undone: only what it wrote goes.
    page.get_by_role("link", name="Hoàn tác").click()
    expect(page.get_by_text("Trở lại như trước 1")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác 1 dòng").click()
    expect(page.get_by_role("heading", name="Đã hoàn tác")).to_be_visible()
    assert set(Official.objects.values_list("full_name", flat=True)) == {"Giàng A Dơ", "Lù Seo Pao", "Thào A Chín"}
    page.goto(f"/nhap-danh-sach/{batch.pk}/hoan-tac/")
    page.get_by_role("button", name=re.compile("^Hoàn tác ")).click()
    do.refresh_from_db()
    assert (do.religion, pao.appointments.get().end_date) == ("", None)
