"""What a person decides about the sheets of a file: leavers, sheets left out, hidden sheets; for this file only."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from cadres.models import Appointment, ImportBatch, Official
from tests.cadres.test_roster_groups import DO, HEAD, MY, PAO, PLAIN
from tests.cadres.test_roster_pages import text_of
from tests.cadres.test_roster_pages import upload as upload_for
from tests.cadres.workbooks import content_of
from tests.conftest import client_of

TITLE = ("DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẢN PHỐ",)
STATED, BEFORE = ("(Tính đến 31/12/2015)",), ("(Tính đến 31/12/2014)",)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def book(*sheets: tuple[str, list[tuple[Any, ...]]], hidden: tuple[str, ...] = ()) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    return content_of(workbook)


LEAVERS = book(("DS", [HEAD, TITLE, STATED, PLAIN, DO]), ("Nghỉ hưu", [TITLE, PLAIN, PAO, MY]))


def upload(user, content: bytes):
    return upload_for(user, content, unit="085")


def chosen(user, batch: ImportBatch, at: int, reading: str, **fields: str):
    """Choose for the sheet at this place."""
    data = {f"trang-{at}-reading": reading} | {f"trang-{at}-{name}": value for name, value in fields.items()}
    return client_of(user).post(reverse("cadres:import-sheets", args=[batch.pk]), data, follow=True)


def commit(user, batch: ImportBatch):
    return client_of(user).post(reverse("cadres:import-commit", args=[batch.pk]), follow=True)


def people(batch: ImportBatch) -> list[str]:
    return [row.understood["full_name"] for row in ImportBatch.objects.get(pk=batch.pk).rows.order_by("pk")]


def test_a_sheet_of_leavers_is_asked_about_and_adds_nobody(district_officer):
    page = upload(district_officer, LEAVERS)
    batch = ImportBatch.objects.get()
    assert people(batch) == ["Giàng A Dơ"]
    assert "Trang “Nghỉ hưu” có 2 người đã nghỉ hay chuyển đi" in text_of(page)
    reading = text_of(client_of(district_officer).get(reverse("cadres:import-reading", args=[batch.pk])))
    assert "Đọc là người thôi giữ chức danh" in reading
    page = chosen(district_officer, batch, 1, "out")
    assert "đã nghỉ hay chuyển đi" not in text_of(page)
    assert people(batch) == ["Giàng A Dơ"]


def test_leavers_may_be_read_as_people_in_post(district_officer):
    upload(district_officer, LEAVERS)
    batch = ImportBatch.objects.get()
    chosen(district_officer, batch, 1, "people")
    assert people(batch) == ["Giàng A Dơ", "Giàng A Páo", "Vàng Thị Mỷ"]
    chosen(district_officer, batch, 1, "")
    assert people(batch) == ["Giàng A Dơ"]


def test_leavers_may_be_read_as_ends_of_their_posts(district_officer):
    upload(district_officer, book(("DS", [HEAD, TITLE, BEFORE, PLAIN, DO, PAO])))
    commit(district_officer, ImportBatch.objects.get())
    assert Official.objects.count() == 2
    upload(district_officer, LEAVERS)
    batch = ImportBatch.objects.first()
    page = chosen(district_officer, batch, 1, "ends")
    assert "Hãy ghi ngày cuối và lý do" in text_of(page)
    page = chosen(district_officer, batch, 1, "ends", end_date="01/02/2016", end_reason="retired")
    assert "từ ngày số liệu 31/12/2015 trở về trước" in text_of(page)
    page = chosen(district_officer, batch, 1, "ends", end_date="30/11/2015", end_reason="retired")
    assert "Vàng Thị Mỷ khớp với không ai" in text_of(page)
    assert not Appointment.objects.filter(end_date__isnull=False).exists()
    commit(district_officer, batch)
    (ended,) = Appointment.objects.filter(end_date__isnull=False)
    assert (ended.official.full_name, ended.end_date, ended.end_reason) == (
        "Giàng A Páo",
        date(2015, 11, 30),
        "retired",
    )
    assert not Official.objects.filter(full_name="Vàng Thị Mỷ").exists()


def test_a_leaver_of_another_birth_ends_nobodys_post(district_officer):
    upload(district_officer, book(("DS", [HEAD, TITLE, BEFORE, PLAIN, DO, PAO])))
    commit(district_officer, ImportBatch.objects.get())
    other = (PAO[0], PAO[1], 1962, *PAO[3:])
    upload(district_officer, book(("DS", [HEAD, TITLE, STATED, PLAIN, DO]), ("Nghỉ hưu", [TITLE, PLAIN, other])))
    batch = ImportBatch.objects.first()
    page = chosen(district_officer, batch, 1, "ends", end_date="30/11/2015", end_reason="retired")
    assert "Giàng A Páo khớp với không ai" in text_of(page)
    assert not batch.missing.filter(end_date__isnull=False).exists()


def test_a_post_that_begins_after_the_day_of_leaving_is_not_ended(district_officer):
    upload(district_officer, book(("DS", [HEAD, TITLE, BEFORE, PLAIN, DO, PAO])))
    commit(district_officer, ImportBatch.objects.get())
    start = Appointment.objects.get(official__full_name="Giàng A Páo").start_date
    upload(district_officer, LEAVERS)
    batch = ImportBatch.objects.first()
    day_before = start - timedelta(days=1)
    page = chosen(district_officer, batch, 1, "ends", end_date=f"{day_before:%d/%m/%Y}", end_reason="retired")
    assert f"Giàng A Páo giữ chức danh từ sau ngày {day_before:%d/%m/%Y}" in text_of(page)
    assert not batch.missing.filter(end_date__isnull=False).exists()
    chosen(district_officer, batch, 1, "ends", end_date=f"{start:%d/%m/%Y}", end_reason="retired")
    assert batch.missing.filter(end_date=start).count() == 1


def test_ends_that_are_taken_back_end_nothing(district_officer):
    upload(district_officer, book(("DS", [HEAD, TITLE, BEFORE, PLAIN, DO, PAO])))
    commit(district_officer, ImportBatch.objects.get())
    upload(district_officer, LEAVERS)
    batch = ImportBatch.objects.first()
    chosen(district_officer, batch, 1, "ends", end_date="30/11/2015", end_reason="retired")
    assert batch.missing.filter(end_date__isnull=False).count() == 1
    chosen(district_officer, batch, 1, "out")
    assert batch.missing.filter(end_date__isnull=False).count() == 0


def test_a_sheet_may_be_left_out_and_taken_in_again(district_officer):
    upload(district_officer, book(("DS", [HEAD, TITLE, STATED, PLAIN, DO]), ("Cốc Ly", [HEAD, PLAIN, PAO])))
    batch = ImportBatch.objects.get()
    assert people(batch) == ["Giàng A Dơ", "Giàng A Páo"]
    chosen(district_officer, batch, 1, "out")
    assert people(batch) == ["Giàng A Dơ"]
    reading = text_of(client_of(district_officer).get(reverse("cadres:import-reading", args=[batch.pk])))
    assert "không đọc, theo lựa chọn" in reading
    chosen(district_officer, batch, 1, "")
    assert people(batch) == ["Giàng A Dơ", "Giàng A Páo"]


def test_a_hidden_sheet_may_be_read(district_officer):
    content = book(("DS", [HEAD, TITLE, STATED, PLAIN, DO]), ("Ẩn", [HEAD, TITLE, PLAIN, PAO]), hidden=("Ẩn",))
    upload(district_officer, content)
    batch = ImportBatch.objects.get()
    assert people(batch) == ["Giàng A Dơ"]
    chosen(district_officer, batch, 1, "read")
    assert people(batch) == ["Giàng A Dơ", "Giàng A Páo"]


def test_a_roster_that_is_on_a_hidden_sheet_only_is_said_and_can_be_read(district_officer):
    content = book(("Bìa", [HEAD]), ("DS", [HEAD, TITLE, STATED, PLAIN, DO]), hidden=("DS",))
    page = upload(district_officer, content)
    batch = ImportBatch.objects.get()
    assert batch.state == ImportBatch.State.FAILED
    assert "chỉ có danh sách ở trang bị ẩn (“DS”)" in text_of(page)
    chosen(district_officer, batch, 1, "read")
    assert people(batch) == ["Giàng A Dơ"]


def test_what_was_chosen_for_a_file_holds_for_no_other(district_officer):
    upload(district_officer, LEAVERS)
    first = ImportBatch.objects.get()
    chosen(district_officer, first, 1, "people")
    upload(district_officer, LEAVERS)
    assert people(ImportBatch.objects.first()) == ["Giàng A Dơ"]


def test_the_marked_file_is_that_of_the_sheets_that_were_chosen(district_officer):
    unknown = (*DO[:-1], "Lái xe")
    upload(district_officer, book(("Bìa", [HEAD]), ("DS", [HEAD, TITLE, STATED, PLAIN, unknown]), hidden=("DS",)))
    batch = ImportBatch.objects.first()
    chosen(district_officer, batch, 1, "read")
    marked = client_of(district_officer).get(reverse("cadres:import-file-marked", args=[batch.pk]))
    sheet = load_workbook(BytesIO(b"".join(marked.streaming_content)))["DS"]
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.comment] == ["Lái xe"]
