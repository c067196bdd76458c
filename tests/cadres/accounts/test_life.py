"""What becomes of an account: roles for a time, suspended, handed over, let in by a word; one administrator stays."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now

from cadres import accounts, roles
from cadres.access import units_given
from cadres.accounts.administrators import LAST
from cadres.models import Act, Change, RoleGrant, User
from cadres.models.users import day_of_roles
from courses.models import Institution, InstitutionAccount
from tests.conftest import client_of, make_user, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db) -> User:
    return make_user("quan-tri", roles.ADMINISTRATOR)


def today(days: int = 0) -> date:
    return day_of_roles() + timedelta(days=days)


def fresh(user: User) -> User:
    """The account as the next request finds it."""
    return User.objects.get(pk=user.pk)


def held(user: User) -> list[tuple[str, date, date | None]]:
    rows = user.grants.order_by("role", "start_date")
    return [(row.role, row.start_date, row.end_date) for row in rows]


@pytest.mark.parametrize(("first", "last", "is_held"), [(-9, -1, False), (-9, 0, True), (0, 9, True), (1, 9, False)])
def test_a_role_may_be_used_on_its_days_only(administrator, first, last, is_held):
    user = make_user("moi", roles.LEADER)
    accounts.give(
        user, role=roles.REGISTRY_STAFF, unit=None, start_date=today(first), end_date=today(last), by=administrator
    )
    assert fresh(user).has_perm("cadres.change_official") is is_held
    answer = client_of(fresh(user)).get("/can-bo/them/")
    assert answer.status_code == (200 if is_held else 403)


def test_an_account_may_do_what_any_of_its_roles_may(administrator):
    user = make_user("bac-ha", roles.UNIT_OFFICER, "085")
    accounts.give(user, role=roles.LEADER, unit=None, start_date=today(), end_date=None, by=administrator)
    both = fresh(user)
    assert both.roles_today == {roles.UNIT_OFFICER, roles.LEADER}
    assert both.sees_every_unit
    assert both.has_perm("cadres.change_official")


def test_an_officer_needs_a_unit_others_have_none_and_nothing_is_given_twice(administrator):
    user = make_user("bac-ha", roles.UNIT_OFFICER, "085")
    for role, unit in [
        (roles.UNIT_OFFICER, None),
        (roles.LEADER, unit_of("085")),
        (roles.UNIT_OFFICER, unit_of("085")),
    ]:
        with pytest.raises(ValidationError):
            accounts.give(user, role=role, unit=unit, start_date=today(), end_date=None, by=administrator)
    accounts.give(
        user, role=roles.UNIT_OFFICER, unit=unit_of("083"), start_date=today(), end_date=None, by=administrator
    )
    assert set(units_given(fresh(user))) == {unit_of("085").pk, unit_of("083").pk}


def test_who_gives_a_role_to_the_own_account_is_told_in_the_log(administrator):
    accounts.give(administrator, role=roles.APPROVER, unit=None, start_date=today(), end_date=None, by=administrator)
    assert Act.objects.first().reason == "Tự giao vai trò cho mình"


def test_a_suspended_account_is_out_at_once_and_what_it_did_keeps_its_name(administrator, district_officer):
    client = client_of(district_officer)
    accounts.give(
        district_officer, role=roles.LEADER, unit=None, start_date=today(), end_date=None, by=district_officer
    )
    accounts.suspend(district_officer, reason="Chuyển công tác", by=administrator)
    assert client.get("/can-bo/").status_code == 302
    suspended = fresh(district_officer)
    assert (suspended.is_active, suspended.suspended_for) == (False, "Chuyển công tác")
    assert Act.objects.first().reason == "Chuyển công tác"
    assert Act.objects.filter(user=district_officer).exists()
    assert len(held(suspended)) == 2

    accounts.resume(suspended, by=administrator)
    assert fresh(district_officer).has_perm("cadres.change_official")


def test_an_account_is_suspended_for_a_reason_and_by_somebody_else(administrator, district_officer):
    make_user("quan-tri-2", roles.ADMINISTRATOR)
    with pytest.raises(ValidationError, match="lý do"):
        accounts.suspend(district_officer, reason=" ", by=administrator)
    with pytest.raises(ValidationError, match="người quản trị khác"):
        accounts.suspend(administrator, reason="Nghỉ", by=administrator)


def test_a_successor_holds_what_was_held_from_the_day_on_and_the_other_to_the_day_before(administrator):
    old = make_user("cu", (roles.UNIT_OFFICER, roles.TRAINING_INSTITUTION), "085")
    new = make_user("moi", roles.LEADER)
    school = Institution.objects.get(code="TCT")
    InstitutionAccount.objects.create(user=old, institution=school, end_date=today(30))
    accounts.hand_over(old, to=new, on=today(), by=administrator)
    assert {(role, end) for role, _, end in held(old)} == {
        (roles.UNIT_OFFICER, today(-1)),
        (roles.TRAINING_INSTITUTION, today(-1)),
    }
    assert (roles.UNIT_OFFICER, today(), None) in held(new)
    assert units_given(fresh(old)) == []
    given = InstitutionAccount.objects.get(user=new)
    assert (given.institution, given.start_date, given.end_date) == (school, today(), today(30))
    assert fresh(old).succeeded_by == new
    assert held(new)[0][:1] == (roles.LEADER,)


def test_a_successor_who_holds_the_same_for_a_while_holds_it_on(administrator):
    old, new = make_user("cu", roles.UNIT_OFFICER, "085"), make_user("moi", roles.LEADER)
    for start, end in [(-20, -10), (5, 9)]:
        grant = {"role": roles.UNIT_OFFICER, "unit": unit_of("085")}
        RoleGrant.objects.create(user=new, **grant, start_date=today(start), end_date=today(end))
    accounts.hand_over(old, to=new, on=today(), by=administrator)
    assert [row[1:] for row in held(new) if row[0] == roles.UNIT_OFFICER] == [
        (today(-20), today(-10)),
        (today(), None),
    ]


def test_nothing_is_handed_to_who_is_suspended_or_where_nothing_is_held(administrator):
    old, new = make_user("cu", roles.UNIT_OFFICER, "085"), make_user("moi", roles.LEADER)
    empty = User.objects.create_user("trong", full_name="Trống")
    for giver, to in [(old, old), (empty, new)]:
        with pytest.raises(ValidationError):
            accounts.hand_over(giver, to=to, on=today(), by=administrator)
    accounts.suspend(new, reason="Nghỉ", by=administrator)
    with pytest.raises(ValidationError):
        accounts.hand_over(old, to=fresh(new), on=today(), by=administrator)


def test_a_word_is_good_for_days_is_kept_nowhere_and_puts_out_who_is_signed_in(administrator, district_officer):
    client = client_of(district_officer)
    word = accounts.give_word(district_officer, by=administrator)
    user = fresh(district_officer)
    assert user.check_password(word)
    assert user.must_change_password
    assert timedelta(days=2, hours=23) < user.word_expires_at - now() <= accounts.GOOD_FOR
    assert client.post("/can-bo/them/")["Location"].startswith(reverse("admin:login"))
    kept = [str(change.after) for change in Change.objects.filter(table_name="cadres_user")]
    assert not any(word in text or user.password in text for text in kept)
    assert accounts.give_word(user, by=administrator) != word
    for refused in (administrator, User(is_active=False)):
        with pytest.raises(ValidationError):
            accounts.give_word(refused, by=administrator)


@pytest.mark.parametrize("way", ["suspend", "end"])
def test_the_last_administrator_is_not_lost(administrator, leader, way):
    def lose() -> None:
        if way == "suspend":
            accounts.suspend(administrator, reason="Nghỉ", by=leader)
        else:
            accounts.end_grant(administrator.grants.get(), on=today(300), by=administrator)

    second = make_user("quan-tri-2", roles.ADMINISTRATOR)
    second.grants.update(end_date=today(400))
    with pytest.raises(ValidationError, match="cuối cùng") as refusal:
        lose()
    assert LAST in refusal.value.messages
    assert fresh(administrator).is_active
    assert held(administrator) == [(roles.ADMINISTRATOR, date(1, 1, 1), None)]
    second.grants.update(end_date=None)
    lose()


def test_the_last_administrator_may_hand_over_and_is_one_to_the_day_before(administrator, leader):
    accounts.hand_over(administrator, to=leader, on=today(1), by=administrator)
    assert held(administrator) == [(roles.ADMINISTRATOR, date(1, 1, 1), today())]
    assert held(leader)[0] == (roles.ADMINISTRATOR, today(1), None)


def test_a_role_that_has_not_begun_is_taken_out(administrator):
    user = make_user("moi", roles.LEADER)
    grant = accounts.give(user, role=roles.AUDITOR, unit=None, start_date=today(5), end_date=today(9), by=administrator)
    with pytest.raises(ValidationError):
        accounts.end_grant(grant, on=today(10), by=administrator)
    accounts.end_grant(grant, on=today(4), by=administrator)
    assert [role for role, _, _ in held(user)] == [roles.LEADER]
