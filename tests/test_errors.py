"""What no page can make sense of, or what is too much, is refused in one place, with words that say what to do."""

import resource
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, OperationalError
from django.test import override_settings

from cadres import roles
from cadres.disk import is_full
from cadres.models import ImportBatch
from tests.conftest import DAY, client_of, make_user

pytestmark = pytest.mark.django_db

REMEDY = "Hãy nhập lại bằng bàn phím."


@pytest.mark.parametrize(
    "address",
    [
        "/can-bo/?q=%00",
        "/dao-tao/cam-ket/?q=Giàng%00A",
        "/bao-cao/dao-tao/luot/?chuc_danh=%00",
        "/dao-tao/lop/?%00=1",
        "/quan-tri/cadres/position/?q=%00",
        "/quan-tri/cadres/position/%00/change/",
    ],
)
def test_a_null_character_in_an_address_is_refused(province_staff, address):
    answer = client_of(province_staff).get(address)

    assert answer.status_code == 400
    assert REMEDY in answer.content.decode()


def test_a_null_character_in_a_form_is_refused(province_staff):
    answer = client_of(province_staff).post("/can-bo/them/", {"full_name": "Giàng A\x00 Dơ"})

    assert answer.status_code == 400
    assert REMEDY in answer.content.decode()


# ---------------------------------------------------------------- too much at once


@pytest.mark.parametrize(("fields", "told"), [(10_001, "nhiều nhất 10.000 ô"), (1, "nhiều nhất 2 MB")])
def test_a_form_that_says_too_much_is_refused_in_words(fields, told, province_staff):
    client = client_of(province_staff)
    text = "chon=1&" * fields if fields > 1 else f"full_name={'a' * 3 * 2**20}"

    answer = client.post("/can-bo/them/", text, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert told in answer.content.decode()
    assert "Chưa có gì được ghi." in answer.content.decode()


@pytest.mark.parametrize("address", ["/nhap-danh-sach/", "/khong-co/", "/can-bo/0/"])
def test_files_that_are_too_many_are_refused_in_words(address, province_staff):
    files = [SimpleUploadedFile(f"{number}.csv", b"STT") for number in range(101)]

    answer = client_of(province_staff).post(address, {"file": files})

    assert answer.status_code == 413
    assert "nhiều nhất 100 tệp" in answer.content.decode()
    assert not ImportBatch.objects.exists()


@override_settings(LARGEST_POST=1000)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_files_that_are_too_large_together_are_refused_before_they_are_read(is_signed_in, client, province_staff):
    client = client_of(province_staff) if is_signed_in else client
    client.handler.enforce_csrf_checks = True

    answer = client.post("/nhap-danh-sach/", {"file": SimpleUploadedFile("a.csv", b"a" * 1000)})

    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()


# ---------------------------------------------------------------- a disk that is full


@contextmanager
def files_no_larger_than(size: int):
    """As on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("is_reserve", [True, False])
def test_an_upload_onto_a_full_disk_is_told_as_such_and_leaves_nothing(is_reserve, settings, tmp_path):
    settings.MEDIA_ROOT, settings.LEAST_FREE = tmp_path, 2**60 if is_reserve else 0
    client = client_of(make_user("so-noi-vu", roles.PROVINCE_STAFF))
    client.raise_request_exception = False
    roster = SimpleUploadedFile("ds.csv", b"a" * 400_000)

    with files_no_larger_than(300_000):
        answer = client.post("/nhap-danh-sach/", {"file": roster, "as_of": f"{DAY:%d/%m/%Y}"})

    assert answer.status_code == 507
    assert "Ổ đĩa của máy chủ đã đầy" in answer.content.decode()
    assert not ImportBatch.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_that_the_disk_of_the_database_is_full_is_known_by_its_code():
    full, other = OperationalError("no space"), DataError("no number")
    full.__cause__ = type("DiskFull", (Exception,), {"pgcode": "53100"})()
    wrapped = RuntimeError()
    wrapped.__context__ = full

    assert is_full(wrapped)
    assert not any(is_full(error) for error in (other, FileNotFoundError(2, "there is none"), None))
