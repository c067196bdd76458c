"""Reminders by mail: who gets one, what it says, and that it is one a day. What lies on the desks: conftest.py."""

from datetime import date
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from cadres import roles
from cadres.models import Change, Reminder
from tests.builders import it_is
from tests.conftest import client_of, make_user
from tests.reports.pages import read, text_of
from tests.reports.tasks.conftest import WHEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]
OWN = reverse("cadres:own-reminders")


@pytest.fixture
def reached(desks, settings):
    """Everybody has an address, and it is the day of the desks."""
    it_is(WHEN)
    settings.SITE_ADDRESS = "https://daotao.laocai.gov.vn"
    for user in desks.users.values():
        user.email = f"{user.username}@laocai.gov.vn"
        user.save(update_fields=["email"])
    return desks.users


def sent() -> dict[str, mail.EmailMessage]:
    """Run the command: address → what came there."""
    mail.outbox.clear()
    call_command("remind", stdout=StringIO())
    assert all(len(one.to) == 1 for one in mail.outbox)
    return {one.to[0].partition("@")[0]: one for one in mail.outbox}


def test_each_account_is_told_what_its_home_page_tells_with_the_way_there(reached):
    found = sent()
    assert set(found) == set(roles.LABELS)
    told = found["training_staff"].body
    assert "- 1 đơn vị quá hạn đăng ký nhu cầu, hạn 14/01/2016, quá hạn\n" in told
    assert "- 1 lớp có người được cử chờ duyệt, hạn 07/03/2016, còn 52 ngày\n" in told
    assert f"https://daotao.laocai.gov.vn{reverse('courses:class-list')}?can_lam=duyet\n" in told
    assert found["training_staff"].subject == "Việc cần làm ngày 15/01/2016: 9 việc"
    assert "Rà soát dữ liệu" not in told
    assert "- Rà soát dữ liệu, cần xem lại: " in found["unit_officer"].body


def test_a_mail_names_nobody(reached):
    names = {"Giàng", "Tủa", "Vàng Thị Mỷ", "Bắc Hà"}
    for one in sent().values():
        assert not [name for name in names if name in one.body + one.subject]


def test_an_account_is_reminded_once_a_day(reached):
    assert len(sent()) == len(roles.LABELS)
    assert sent() == {}
    Reminder.objects.update(day=date(2016, 1, 14))
    assert len(sent()) == len(roles.LABELS)


def test_what_only_is_good_to_know_is_no_reason_for_a_mail(reached):
    assert "đang học" not in sent()["unit_officer"].body


def test_each_kind_of_work_is_told_as_long_as_the_account_wants_it(reached):
    officer = reached[roles.UNIT_OFFICER]
    officer.remind_of_work = False
    officer.save()
    data = sent()["unit_officer"].body
    assert "danh sách chờ ghi" in data
    assert "bản đăng ký nhu cầu" not in data
    Reminder.objects.all().delete()
    officer.remind_of_work, officer.remind_of_data = True, False
    officer.save()
    work = sent()["unit_officer"].body
    assert "bản đăng ký nhu cầu" in work
    assert "danh sách chờ ghi" not in work
    assert "Rà soát" not in work


def test_nobody_is_reminded_who_has_no_address_no_role_is_suspended_or_wants_nothing(reached):
    without = {roles.LEADER: {"email": ""}, roles.APPROVER: {"is_active": False}}
    without[roles.AUDITOR] = {"remind_of_work": False, "remind_of_data": False}
    for role, columns in without.items():
        type(reached[role]).objects.filter(pk=reached[role].pk).update(**columns)
    nobody = make_user("khong-vai-tro", ())
    nobody.email = "khong-vai-tro@laocai.gov.vn"
    nobody.save()
    output = StringIO()
    call_command("remind", dry_run=True, stdout=output)
    told = {line.partition(":")[0] for line in output.getvalue().splitlines()}
    assert told == set(roles.LABELS) - without.keys()
    assert not Reminder.objects.exists()
    assert set(sent()) == told


def test_who_has_nothing_to_do_is_left_alone(db):
    """An institution that holds no class."""
    school = make_user("truong", roles.TRAINING_INSTITUTION)
    school.email = "truong@laocai.gov.vn"
    school.save()
    assert sent() == {}


def test_a_mail_that_the_server_refuses_is_tried_again_and_stops_no_other(reached, monkeypatch):
    def refused(message, *args, **kwargs):
        if message.to == ["leader@laocai.gov.vn"]:
            raise OSError("Connection refused")
        return sends(message, *args, **kwargs)

    sends = mail.EmailMessage.send
    monkeypatch.setattr(mail.EmailMessage, "send", refused)
    errors = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("remind", stdout=StringIO(), stderr=errors)
    assert ended.value.code == 1
    assert "leader: Connection refused" in errors.getvalue()
    assert len(mail.outbox) == len(roles.LABELS) - 1
    monkeypatch.undo()
    assert set(sent()) == {"leader"}


def test_somebody_sets_the_own_address_and_switches_and_the_history_tells_it(db):
    officer = make_user("can-bo", roles.UNIT_OFFICER, "085")
    client = client_of(officer)
    typed = {"email": "bac-ha@laocai.gov.vn", "remind_of_work": "on"}
    assert client.post(OWN, typed).status_code == 302
    officer.refresh_from_db()
    assert (officer.email, officer.remind_of_work, officer.remind_of_data) == ("bac-ha@laocai.gov.vn", True, False)
    change = Change.objects.filter(table_name="cadres_user", key=officer.pk).order_by("-pk")[0]
    assert change.after["email"] == "bac-ha@laocai.gov.vn"
    own = text_of(read(client, reverse("cadres:own-account")))
    assert "Gửi đến bac-ha@laocai.gov.vn: việc chờ xử lý, đến hạn" in own
    refused = client.post(OWN, {"email": "bac-ha"})
    assert "email" in refused.context["form"].errors
    officer.refresh_from_db()
    assert officer.email == "bac-ha@laocai.gov.vn"
