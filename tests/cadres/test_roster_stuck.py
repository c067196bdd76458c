"""A roster with which somebody is stuck: its file lost, or nothing in it to write. Each page says how to go on."""

from pathlib import Path

import pytest
from django.urls import reverse

from cadres.models import Appointment, ColumnMapping, ImportBatch, Official, RosterDay
from cadres.roster.batch import BatchStateError, FileLostError, commit, read_batch, read_file, stage
from tests.cadres.test_roster_pages import text_of, upload
from tests.cadres.workbooks import flat, layout_c
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


# The file is lost


def lose_file(batch: ImportBatch) -> None:
    Path(batch.file.path).unlink()


@pytest.fixture
def lost(province_staff) -> ImportBatch:
    upload(province_staff, layout_c())
    batch = ImportBatch.objects.get()
    lose_file(batch)
    return batch


LOST = "không còn trên máy chủ"


@pytest.mark.parametrize("name", ["import-batch", "import-file-kept", "import-file-marked"])
def test_every_page_of_a_roster_whose_file_is_lost_says_so_and_how_to_go_on(name, lost, province_staff):
    page = client_of(province_staff).get(reverse(f"cadres:{name}", args=[lost.pk]), follow=True)
    assert page.status_code == 200
    assert LOST in text_of(page)
    assert "tải tệp lên lần nữa" in text_of(page)
    assert reverse("cadres:import-file-kept", args=[lost.pk]) not in page.content.decode()


@pytest.mark.parametrize("name", ["import-reading", "import-confirm", "import-discard", "import-list"])
def test_pages_that_need_no_file_work_without(name, lost, province_staff):
    address = reverse(f"cadres:{name}", args=[] if name == "import-list" else [lost.pk])
    assert client_of(province_staff).get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("import-place", {"as_of": "31/12/2014", "unit": ""}),
        ("import-reading", {"0-13": ""}),
        ("import-date-order", {"date_order": "mdy"}),
    ],
)
def test_a_lost_file_is_not_read_again_and_nothing_of_the_attempt_stays(name, said, lost, province_staff):
    page = client_of(province_staff).post(reverse(f"cadres:{name}", args=[lost.pk]), said, follow=True)
    assert LOST in text_of(page)
    assert ImportBatch.objects.values_list("chosen_day", "chosen_order", "state").get() == (None, "", "staged")
    assert not ColumnMapping.objects.exists()


def test_what_was_read_before_the_file_was_lost_is_still_written_and_undone(lost, province_staff):
    client = client_of(province_staff)
    client.post(reverse("cadres:import-commit", args=[lost.pk]))
    assert Official.objects.count() == 3
    client.post(reverse("cadres:import-undo", args=[lost.pk]))
    assert not Official.objects.exists()


@pytest.mark.parametrize("state", ["waiting", "failed"])
def test_a_file_lost_before_it_was_read_can_only_be_sent_again_or_given_up(state, lost, province_staff):
    ImportBatch.objects.update(state=state, as_of=None, summary={})
    page = text_of(client_of(province_staff).get(reverse("cadres:import-batch", args=[lost.pk])))
    assert LOST in page
    assert "Bỏ tệp này" in page
    assert "đọc lại</a>" not in page


def test_a_folder_in_the_place_of_the_file_a_name_of_nothing_and_one_outside_are_lost_files(lost):
    Path(lost.file.path).mkdir()
    with pytest.raises(FileLostError):
        read_batch(lost, by=None)
    for name in ("", "../../etc/passwd"):
        ImportBatch.objects.update(file=name)
        lost.refresh_from_db()
        with pytest.raises(FileLostError):
            read_batch(lost, by=None)


# Nothing to write


REJECTED = {"Chức danh": "Trưởng thôn", "Ngày sinh": "31/02/1979"}


def test_where_every_row_is_rejected_there_is_nothing_to_confirm(province_staff):
    page = upload(province_staff, flat(REJECTED, REJECTED))
    batch = ImportBatch.objects.get()
    assert "Không có dòng nào được nhận" in text_of(page)
    assert "Xác nhận số liệu" not in text_of(page)
    client = client_of(province_staff)
    for method, name in ((client.get, "import-confirm"), (client.post, "import-commit")):
        page = method(reverse(f"cadres:{name}", args=[batch.pk]), follow=True)
        assert "không có gì để ghi hay xác nhận" in text_of(page)
        assert "Hãy" in text_of(page)
    batch.refresh_from_db()
    assert batch.state == "staged"
    assert not RosterDay.objects.exists()
    with pytest.raises(BatchStateError, match="không có gì để ghi"):
        commit(batch, by=None)


def test_the_same_of_a_long_roster_starts_no_process(province_staff, settings):
    settings.ROSTER_IN_REQUEST_ROWS = 1
    upload(province_staff, flat(REJECTED, REJECTED, REJECTED))
    batch = ImportBatch.objects.get()
    page = client_of(province_staff).post(reverse("cadres:import-commit", args=[batch.pk]), follow=True)
    assert "không có gì để ghi hay xác nhận" in text_of(page)
    assert not hasattr(ImportBatch.objects.get(), "progress")


def test_rows_that_change_nothing_are_confirmed(province_staff):
    roster = flat({"Họ và tên": "Giàng A Dơ"}, REJECTED)
    commit(stage(read_file("a.xlsx", roster), by=None), by=None)
    page = upload(province_staff, roster)
    assert "Xác nhận số liệu" in text_of(page)
    page = client_of(province_staff).post(
        reverse("cadres:import-commit", args=[ImportBatch.objects.order_by("pk").last().pk]), follow=True
    )
    assert "Đã ghi danh sách vào hồ sơ" in text_of(page)


def test_the_end_of_a_post_of_somebody_missing_is_something_to_write(province_staff):
    commit(stage(read_file("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=None), by=None)
    upload(province_staff, flat(REJECTED, title="Tính đến 31/12/2016"), unit="085")
    batch = ImportBatch.objects.order_by("pk").last()
    batch.missing.update(end_date="2016-06-30", end_reason=Appointment.EndReason.values[0])
    client_of(province_staff).post(reverse("cadres:import-commit", args=[batch.pk]))
    assert Appointment.objects.get().end_date is not None


def test_a_cell_of_five_thousand_digits_is_an_issue_of_its_row(province_staff):
    page = upload(province_staff, flat({"STT": "1" * 5_000}, {"Ngày sinh": "2" * 5_000}, {"Số CMND": "3" * 5_000}))
    assert page.status_code == 200
    assert ImportBatch.objects.get().summary["rejected"] == 1
