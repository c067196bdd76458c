"""Two administrators who put each other out at the same moment: one of them stays."""

import pytest

from cadres import accounts, roles
from cadres.models import RoleGrant, User
from cadres.models.users import day_of_roles
from tests.conftest import make_user
from tests.parallel import before_commit, in_parallel

pytestmark = pytest.mark.usefixtures("own_database")


def remaining() -> list[str]:
    grants = RoleGrant.objects.held_now().filter(role=roles.ADMINISTRATOR, user__is_active=True)
    return list(grants.values_list("user__username", flat=True))


def test_two_administrators_who_suspend_each_other_leave_one():
    one, two = (make_user(name, roles.ADMINISTRATOR) for name in ("mot", "hai"))
    refused = before_commit(
        lambda: accounts.suspend(User.objects.get(pk=two.pk), reason="Nghỉ", by=one),
        lambda: accounts.suspend(User.objects.get(pk=one.pk), reason="Nghỉ", by=two),
    )
    assert len(refused) == 1
    assert "cuối cùng" in str(refused[0])
    assert remaining() == ["mot"]


def test_two_who_hand_over_and_end_at_once_leave_one():
    one, two = (make_user(name, roles.ADMINISTRATOR) for name in ("mot", "hai"))
    day = day_of_roles()
    refused = in_parallel(
        lambda: accounts.end_grant(one.grants.get(), on=day, by=one),
        lambda: accounts.end_grant(two.grants.get(), on=day, by=two),
    )
    assert len(refused) == 1
    assert RoleGrant.objects.filter(role=roles.ADMINISTRATOR, end_date=None).count() == 1
