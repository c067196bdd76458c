"""What somebody would try who means no good: strings that break software, and names that lead out of a folder.

Rows of another district in every field of every form: tests/foreign_keys.py.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from cadres.models import ImportBatch
from tests.cadres.workbooks import flat
from tests.conftest import client_of, rolled_back
from tests.foreign_keys import LEFT_ALONE
from tests.forms import forms_on
from tests.test_access import TABLE, World, make_world, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        yield make_world()


# ---------------------------------------------------------------- strings that break software

NAUGHTY = (
    "'; DROP TABLE cadres_official; --",
    "\" OR ''='",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% debug %}",
    "%(name)s %s %n",
    "=HYPERLINK(\"http://x\")",
    "../../../../etc/passwd",
    "\u202eetsop\u202c\ufeff\u200b",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "𝒜😀" * 40,
    "ﷺ" * 90,
    "9" * 400,
    "-1",
    "1e309",
    "٣٤",
    "NaN",
    "31/02/2015",
    "0001-01-01",
    "99999-12-31",
    "[]", "{}", "null", "True",
)  # fmt: skip
RAW = ("<script>alert(1)", "onerror=alert(1)>", "49{%")
PEOPLE_FORMS = (
    *("cadres:official-add", "cadres:official-edit", "cadres:official-appoint", "cadres:official-transfer"),
    *("cadres:identifier-add", "cadres:qualification-add", "cadres:post-correct", "cadres:post-error"),
    *("cadres:review-aside-add", "cadres:official-merge", "cadres:import-list", "courses:submission-register"),
    "courses:submission-register-asked",
    *("cadres:default-day", "courses:campaign-add", "courses:class-add", "courses:plan-add", "courses:session-add"),
    *("courses:enrolment-withdraw", "courses:certificate-correct", "courses:measure-record", "courses:commitment-add"),
    *("admin:cadres_unit_add", "admin:cadres_position_add", "admin:courses_programme_add", "admin:courses_trainer_add"),
)


def rounds(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Each string once, one after the other in the fields; all fields hold one in every round."""
    for begin in range(0, len(NAUGHTY), max(len(names), 4)):
        yield {name: NAUGHTY[(begin + at) % len(NAUGHTY)] for at, name in enumerate(names)}


@pytest.mark.parametrize("address", PEOPLE_FORMS)
def test_no_string_breaks_a_form_or_comes_back_as_markup(address, world):
    client = client_of(world.accounts["province"])
    path = path_of(address, world.own)
    for form in forms_on(client, path):
        typed = [
            field.name
            for field in form.form.inputs
            if field.name and field.name not in LEFT_ALONE and field.get("type") not in ("hidden", "file", "submit")
        ]
        for texts in rounds(typed):
            with transaction.atomic():
                answer = form.send(texts)
                assert answer.status_code < 500, f"{address}: {texts}"
                if answer.status_code == 200 and not answer.streaming:
                    shown = answer.content.decode()
                    assert not [raw for raw in RAW if raw in shown], f"{address}: {texts} is markup"
                transaction.set_rollback(True)


LISTS = [
    address
    for address, cells in TABLE.items()
    if cells["province"].startswith("200/") and "list" in address and not address.startswith("admin:")
]
ASKED = (
    "q",
    "trang",
    "sap_xep",
    "ngay",
    "tieu_chi",
    "huyen",
    "xa",
    "chuc_danh",
    "loai",
    "viec",
    "tu",
    "den",
    "nam",
    "tep",
)


@pytest.mark.parametrize("address", LISTS)
def test_no_string_in_an_address_breaks_a_list(address, world):
    client = client_of(world.accounts["province"])
    path = path_of(address, world.own)
    for texts in rounds(ASKED):
        answer = client.get(path + "?" + "&".join(f"{name}={quote(text)}" for name, text in texts.items()))
        assert answer.status_code < 500, f"{address}: {texts}"
        if not answer.streaming and answer["Content-Type"].startswith("text/html"):
            assert not [raw for raw in RAW if raw in answer.content.decode()], f"{address}: {texts} is markup"


# ---------------------------------------------------------------- names that lead out of a folder

OUTSIDE = (
    "../../etc/passwd.xlsx",
    "..\\..\\boot.xlsx",
    "/etc/passwd.xlsx",
    "C:\\Windows\\a.xlsx",
    "a/../../b.xlsx",
    "%2e%2e%2fa.xlsx",
)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_file_is_kept_in_its_folder_whatever_it_is_called(name, world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "in" / "uploads"
    client = client_of(world.accounts["officer"])
    file = SimpleUploadedFile("a.xlsx", flat({"Họ và tên": "Giàng A Dơ"}))
    file._name = name  # past Django's own cleaning, as a library of today may not do it tomorrow
    with transaction.atomic():
        client.post(reverse("cadres:import-list"), {"file": file, "unit": "085"})

        kept = [path for path in tmp_path.rglob("*") if path.is_file()]
        batch = ImportBatch.objects.latest("pk")
        assert [path.is_relative_to(settings.MEDIA_ROOT / "rosters") for path in kept] == [True]
        downloaded = client.get(reverse("cadres:import-file-kept", args=[batch.pk]))
        assert "/" not in downloaded["Content-Disposition"].partition("filename")[2].replace("UTF-8''", "")
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2f..%2fvar/secret_key",
        "/static//etc/passwd",
        "/static/....//....//manage.py",
        "/dao-tao/mau-van-ban/..%2f..%2fsettings/",
        "/uploads/rosters/",
        "/media/",
    ],
)
def test_no_address_leads_to_a_file_of_the_server(path, world):
    answer = client_of(world.accounts["province"]).get(path)
    assert answer.status_code in (301, 302, 404)
