"""What whoever keeps the accounts sees of signing in, and does about it."""

import pytest
from django.test import Client
from django.urls import reverse

from cadres import roles
from cadres.models import Change
from cadres.sign_in import second_factor
from tests.cadres.sign_in.coming_in import PASSWORD, code_of, fail, is_in, try_password
from tests.conftest import client_of, make_user

pytestmark = pytest.mark.django_db
LOG = reverse("cadres:sign-in-list")


@pytest.fixture
def administrator(db):
    return client_of(make_user("quan-tri", roles.ADMINISTRATOR))


def lines(client: Client, **asked: str) -> list[tuple[str, str]]:
    page = client.get(LOG, asked)
    assert page.status_code == 200
    return [(visit.username, visit.kind) for visit in page.context["rows"]]


def test_the_log_of_sign_ins_tells_who_came_and_who_was_refused_and_why(
    administrator, district_officer, leader, settings
):
    settings.AXES_ENABLED = True
    try_password(Client(), "bac-ha", PASSWORD, "10.0.0.9")
    fail("bac-ha", 5)
    fail("không có", 1, "10.0.0.2")
    client = client_of(leader)
    client.get("/can-bo/xuat/")
    client.post(reverse("admin:logout"))

    told = lines(administrator)
    assert told[0] == ("lanh-dao", "sign_out")
    assert "export" not in [kind for _, kind in told], "what people looked at is not the administrator's"
    refused = [("bac-ha", "refused")] * 4
    assert lines(administrator, viec="tu_choi") == [("không có", "refused"), ("bac-ha", "locked"), *refused]
    assert lines(administrator, tai_khoan=str(district_officer.pk)) == [
        ("bac-ha", "locked"), *refused, ("bac-ha", "sign_in")
    ]  # fmt: skip
    assert lines(administrator, q="10.0.0.2") == [("không có", "refused")]
    assert "bac-ha</strong> tại 10.0.0.1" in administrator.get(LOG).content.decode()
    assert administrator.get(LOG, {"tep": "csv"})["Content-Disposition"].startswith("attachment")


def test_the_auditor_reads_the_log_and_others_do_not(district_officer, leader):
    assert lines(client_of(make_user("kiem-tra", roles.AUDITOR))) == []
    for user in (district_officer, leader):
        assert client_of(user).get(LOG).status_code == 403


def test_an_administrator_lets_somebody_in_who_is_locked(administrator, district_officer, settings):
    settings.AXES_ENABLED = True
    page = reverse("cadres:account-detail", args=[district_officer.pk])
    assert "Mở khóa ngay" not in administrator.get(page).content.decode()
    fail("bac-ha", 5)
    assert "Mở khóa ngay" in administrator.get(page).content.decode()
    administrator.post(reverse("cadres:account-unlock", args=[district_officer.pk]))
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302


def test_an_administrator_takes_off_a_lost_second_factor_for_a_reason_that_the_history_keeps(district_officer):
    administrator = make_user("quan-tri", roles.ADMINISTRATOR)
    for user in (district_officer, administrator):
        key = second_factor.new_key()
        second_factor.set_up(user, key, code_of(second_factor.typed_key(key)), by=user)
    at_work, client = client_of(district_officer), client_of(administrator)
    off, own = (reverse("cadres:account-second-factor", args=[user.pk]) for user in (district_officer, administrator))
    assert client.post(off, {}).status_code == 200
    assert client.post(off, {"reason": "Mất điện thoại, đến gặp"}).status_code == 302
    district_officer.refresh_from_db()
    assert district_officer.second_factor_since is None
    assert not is_in(at_work)
    told = Change.objects.filter(table_name="cadres_user", key=district_officer.pk).latest("pk").act
    assert (told.user, told.reason) == (administrator, "Mất điện thoại, đến gặp")
    assert client.post(own, {"reason": "ở máy đang mở"}).status_code == 404, "the own only with the password"


def test_a_role_taken_away_while_a_form_is_open_is_told_and_nothing_is_written(district_officer):
    client = client_of(district_officer)
    assert client.get("/can-bo/them/").status_code == 200
    district_officer.grants.all().delete()
    refused = client.post("/can-bo/them/", {"full_name": "Sùng A Mới"})
    assert refused.status_code == 403
    assert "vừa hết hạn hay được giao cho người khác" in refused.content.decode()
