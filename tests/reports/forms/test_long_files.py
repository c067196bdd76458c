"""Forms of so many rows that a process writes their files: asked for, followed, handed out, forgotten."""

import os
import re
import signal
import time
from io import BytesIO

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook

from reports.forms import catalogue, long_files
from reports.forms.catalogue import file_of
from reports.forms.layout import Column, Form, Row
from tests import province
from tests.conftest import DAY, client_of, rolled_back
from tests.reports.pages import text_of

ADDRESS = f"/bieu-mau/trich-ngang.pdf?ngay={DAY}"
BEGIN = f"/bieu-mau/trich-ngang.pdf/lap/?ngay={DAY}"
PATIENCE = 60  # seconds until a process is taken for one that does not end


@pytest.fixture(scope="module", autouse=True)
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back():
        yield province.build()


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(catalogue, "IN_REQUEST", {"pdf": 5, "xlsx": 5})


def followed(client: Client, address: str) -> str:
    """The page of a file once its process has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        shown = client.get(address).content.decode()
        if "Đang lập tệp" not in shown:
            return shown
        assert 'http-equiv="refresh"' in shown
        time.sleep(0.2)
    raise AssertionError("the process does not end")


def test_a_long_form_is_written_beside_and_is_the_one_that_is_written_at_once(province_staff, leader, monkeypatch):
    client = client_of(province_staff)
    assert "Lập tệp trich-ngang-" in text_of(client.get(ADDRESS).content.decode())
    begun = client.post(BEGIN)
    assert begun.status_code == 302
    shown = followed(client, begun.url)
    assert "Đã lập xong" in shown
    link = re.search(r"/bieu-mau/da-lap/[\w-]+/", shown)[0]
    made = b"".join(client.get(link))
    monkeypatch.setattr(catalogue, "IN_REQUEST", {"pdf": 5_000, "xlsx": 5_000})
    at_once = client.get(ADDRESS).content
    assert words_of(made) == words_of(at_once)
    assert "Giàng A Sử" in words_of(made)
    assert client.post(BEGIN).url == ADDRESS  # short by now: no process

    stranger = client_of(leader)
    assert [stranger.get(address).status_code for address in (begun.url, link)] == [404, 404]


def words_of(pdf: bytes) -> str:
    return " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))


def many(rows: int) -> Form:
    columns = (Column(("STT",)), Column(("Họ và tên",), 60, "left"), Column(("Nhóm", "Số")))
    people = [Row((str(number), f"Người {number}", number)) for number in range(1, rows + 1)]
    return Form(
        "thu", "Mẫu thử", "DANH SÁCH", ["dòng phụ"], columns, [Row(("I", "XÃ", ""), is_group=True), *people], DAY
    )


@pytest.mark.parametrize("file_type", ["pdf", "xlsx"])
def test_a_form_comes_out_of_its_folder_as_it_was_put_in(file_type, tmp_path):
    form = many(90)
    long_files._keep(form, f"thu.{file_type}", tmp_path)
    assert (tmp_path / "rows.json").stat().st_mode & 0o077 == 0
    long_files.write(tmp_path)
    assert not (tmp_path / "rows.json").exists()
    made = (tmp_path / "made").read_bytes()
    at_once = file_of(form, file_type)
    if file_type == "pdf":
        assert words_of(made) == words_of(at_once)
    else:
        assert cells_of(made) == cells_of(at_once)


def cells_of(workbook: bytes) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(workbook)).active.values)


def test_one_file_of_an_account_is_written_at_a_time_and_a_killed_one_is_told(province_staff, monkeypatch):
    monkeypatch.setattr(catalogue, "IN_REQUEST", {"pdf": 5, "xlsx": 5})
    key = long_files.begin(many(60_000), "thu.pdf", by=province_staff)
    with pytest.raises(long_files.Busy, match="đang có một tệp được lập"):
        long_files.begin(many(10), "khac.pdf", by=province_staff)
    refused = client_of(province_staff).post(BEGIN)
    assert refused.status_code == 400
    process = long_files._started[-1]
    deadline = time.monotonic() + PATIENCE
    while not (work := long_files.work_on(key, province_staff)).done and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (work.state, work.total) == ("running", 60_001)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert long_files.work_on(key, province_staff).state == "stopped"
    shown = client_of(province_staff).get(f"/bieu-mau/dang-lap/{key}/").content.decode()
    assert "dừng giữa chừng" in shown


def test_a_file_is_forgotten_after_an_hour(province_staff, tmp_path, monkeypatch):
    monkeypatch.setattr(long_files, "_start", lambda folder: (folder / "lock").touch())
    key = long_files.begin(many(10), "thu.pdf", by=province_staff)
    (folder,) = (tmp_path / "long-files").iterdir()
    before = time.time() - long_files.KEPT
    os.utime(folder, (before + 30, before + 30))
    long_files.forget_old()
    assert long_files.work_on(key, province_staff)
    os.utime(folder, (before - 1, before - 1))
    long_files.forget_old()
    assert long_files.work_on(key, province_staff) is None
    assert not folder.exists()


def test_what_is_too_wide_for_a3_is_told_on_its_page(province_staff, tmp_path):
    wide = Form("thu", "", "DANH SÁCH", [], [Column((f"C{at}",), 60) for at in range(9)], [], DAY)
    folder = tmp_path / "long-files" / f"{province_staff.pk}-khoa"
    folder.mkdir(parents=True)
    long_files._keep(wide, "thu.pdf", folder)
    long_files.write(folder)
    assert "rộng hơn khổ A3" in client_of(province_staff).get("/bieu-mau/dang-lap/khoa/").content.decode()
