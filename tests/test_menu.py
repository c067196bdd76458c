"""What waits for an account, in the menu of every page: counted in one query, which is built once a standing."""

from datetime import date, timedelta

import pytest

from cadres import roles
from cadres.models import ImportBatch, RoleGrant
from courses.models import TrainingClass
from tests.builders import make_class
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db
PAGE = "/nhap-danh-sach/?ngay="


def shown(user, day: date = DAY) -> str:
    return text_of(read(client_of(user), f"{PAGE}{day:%Y-%m-%d}"))


def test_who_is_given_another_district_is_told_what_waits_there(district_officer):
    for _ in range(2):
        ImportBatch.objects.create(file_name="mk.xlsx", as_of=DAY, unit=unit_of("083"))
    assert "danh sách chờ ghi" not in shown(district_officer)

    RoleGrant.objects.create(user=district_officer, role=roles.UNIT_OFFICER, unit=unit_of("083"))
    assert "2 danh sách chờ ghi" in shown(district_officer)

    RoleGrant.objects.filter(unit=unit_of("083")).delete()
    assert "danh sách chờ ghi" not in shown(district_officer)


def test_what_waits_is_that_of_the_day_looked_at(district_officer):
    begin = DAY + timedelta(days=60)
    make_class(state=TrainingClass.State.OPEN, enrol_until=DAY, start_date=begin, end_date=begin, seats=1)
    assert "1 lớp còn chỗ cho đơn vị" in shown(district_officer)
    assert "lớp còn chỗ" not in shown(district_officer, DAY + timedelta(days=1))


def test_who_gets_another_role_is_told_what_waits_for_that():
    user = make_user("can-bo", roles.UNIT_OFFICER, "085")
    ImportBatch.objects.create(file_name="mk.xlsx", as_of=DAY, unit=unit_of("083"))
    assert "danh sách chờ ghi" not in shown(user)

    RoleGrant.objects.create(user=user, role=roles.REGISTRY_STAFF)
    assert "1 danh sách chờ ghi" in shown(user)


def test_a_page_that_refuses_has_the_menu_and_counts_nothing_for_it(district_officer):
    ImportBatch.objects.create(file_name="bh.xlsx", as_of=DAY, unit=unit_of("085"))
    client = client_of(district_officer)
    assert "1 danh sách chờ ghi" in text_of(read(client, f"{PAGE}{DAY}"))
    for address, status in (("/can-bo/?sap_xep=khong-co", 400), ("/tai-khoan/", 403), ("/can-bo/999999999/", 404)):
        refused = text_of(read(client, address, status=status))
        assert "Nhập danh sách Excel" in refused
        assert "danh sách chờ ghi" not in refused, address
