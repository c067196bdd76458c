"""Who waits for a file is told how many of its rows are written, and that it has come."""

import os
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.test import RequestFactory

from cadres.web.downloads import download_table
from cadres.web.progress import COME, LEFT_BEHIND, told, written
from cadres.web.tables import Table
from tests.conftest import client_of

KEY = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def data(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def asked(user, key=KEY):
    request = RequestFactory().get("/can-bo/", {"theo_doi": key})
    request.user = user
    return request


def rows_shown_to(user) -> int:
    return client_of(user).get(f"/tep-dang-lap/{KEY}/").json()["rows"]


def test_the_rows_written_so_far_are_told_to_who_waits_and_to_nobody_else(province_staff, leader, data):
    coming = iter(told(asked(province_staff), ["một", "hai", "ba"]))
    assert rows_shown_to(province_staff) == 0

    assert next(coming) == "một"
    assert (rows_shown_to(province_staff), rows_shown_to(leader)) == (1, 0)

    assert list(coming) == ["hai", "ba"]
    assert rows_shown_to(province_staff) == 0
    assert list((data / "files-under-way").iterdir()) == []


def test_what_is_told_grows(province_staff, monkeypatch):
    monkeypatch.setattr("cadres.web.progress.A_WHILE", 0)
    coming = iter(told(asked(province_staff), range(10)))
    for number in range(1, 11):
        next(coming)
        assert written(KEY, province_staff) == number


def test_a_file_that_breaks_off_is_not_waited_for_any_more(province_staff):
    def rows():
        yield "một"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(told(asked(province_staff), rows()))
    assert written(KEY, province_staff) == 0


def test_what_a_killed_process_left_behind_goes_with_the_next_file(province_staff, data):
    left = [data / "files-under-way" / f"{province_staff.pk}-{name}" for name in ("old", "new")]
    left[0].parent.mkdir()
    for place in left:
        place.write_text("1")
    an_hour_ago = time.time() - LEFT_BEHIND - 1
    os.utime(left[0], (an_hour_ago, an_hour_ago))

    next(iter(told(asked(province_staff), ["một"])))

    assert [place.exists() for place in left] == [False, True]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 33, "G" * 32])
def test_a_key_that_no_page_makes_up_names_no_file(key, province_staff, data):
    assert list(told(asked(province_staff, key), ["một"])) == ["một"]
    assert list(data.iterdir()) == []


def test_the_key_comes_with_the_file(province_staff):
    table = Table("Bảng", [], ["Cột"], [["một"]])
    file = download_table(asked(province_staff), table, "bang", "csv")

    assert file.cookies[COME].value == KEY
    assert COME not in download_table(asked(province_staff, ""), table, "bang", "csv").cookies
    assert BytesIO(file.content).read().decode("utf-8-sig").split() == ["Cột", "một"]
