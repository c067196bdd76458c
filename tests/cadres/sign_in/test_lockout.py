"""Who has to wait after wrong passwords, how long, and who has not."""

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client
from django.utils.timezone import now

from cadres.sign_in.lockout import OF_ACCOUNT, OF_ADDRESS
from tests.cadres.sign_in.coming_in import PASSWORD, fail, is_in, let_pass, try_password, visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted(settings):
    settings.AXES_ENABLED = True


def test_the_fifth_wrong_password_locks_the_account_at_that_address_and_the_right_one_does_not_help(district_officer):
    assert fail("bac-ha", 5) == [200, 200, 200, 200, 429]
    client = Client()
    locked = try_password(client, "bac-ha", PASSWORD)
    assert locked.status_code == 429
    assert not is_in(client)
    page = locked.content.decode()
    assert "khóa tạm" in page
    assert "1 phút" in page
    assert visits()[-2:] == [("locked", "bac-ha")] * 2


def test_others_at_the_address_and_the_account_elsewhere_are_not_locked(district_officer, leader):
    fail("bac-ha", 5)
    assert try_password(Client(), "lanh-dao", PASSWORD).status_code == 302
    assert try_password(Client(), "bac-ha", PASSWORD, "10.0.0.2").status_code == 302


def test_the_wait_ends_and_doubles_with_each_failure_after_it_but_not_without_bound(district_officer):
    fail("bac-ha", 5)
    let_pass(0.9)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 429
    let_pass(0.2)
    assert fail("bac-ha", 1) == [429]
    let_pass(1.9)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 429
    let_pass(0.2)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302

    last = now()
    waits = [OF_ACCOUNT.until(failures, last) for failures in (4, 5, 6, 7, 60, 10**6)]
    assert [wait and (wait - last).total_seconds() / 60 for wait in waits] == [None, 1, 2, 4, 60, 60]


def test_what_is_tried_during_a_wait_makes_it_no_longer(district_officer):
    fail("bac-ha", 5)
    fail("bac-ha", 5)
    let_pass(1.1)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302


def test_a_sign_in_forgets_the_failures_before_it_of_that_account_alone(district_officer):
    fail("bac-ha", 4)
    fail("lanh-dao", 4)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302
    assert fail("bac-ha", 4) == [200] * 4
    assert fail("lanh-dao", 1) == [429]


def test_failures_are_forgotten_a_day_after_the_last(district_officer):
    fail("bac-ha", 4)
    let_pass(24 * 60 + 1)
    assert fail("bac-ha", 4) == [200] * 4


def test_an_address_from_which_very_many_fail_has_to_wait_and_no_other(district_officer):
    row = {"user_agent": "", "http_accept": "", "path_info": "", "get_data": "", "post_data": ""}
    AccessAttempt.objects.create(
        username="ai-do", ip_address="10.0.0.1", failures_since_start=OF_ADDRESS.failures - 1, **row
    )
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302
    fail("ai-do-khac", 1)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 429
    assert try_password(Client(), "bac-ha", PASSWORD, "10.0.0.2").status_code == 302
    let_pass(OF_ADDRESS.longest_wait.total_seconds() / 60 + 0.1)
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302


def test_the_command_line_shows_who_is_locked_and_lets_them_in(district_officer, capsys):
    fail("bac-ha", 5)
    call_command("unlock")
    assert "bac-ha" in capsys.readouterr().out
    call_command("unlock", "bac-ha")
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 302
    call_command("unlock")
    assert "Không có" in capsys.readouterr().out
