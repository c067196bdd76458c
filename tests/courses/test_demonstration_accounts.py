"""The demonstration's account of a training institution."""

import pytest

from cadres import demonstration, roles
from courses.access import institutions_of
from courses.demonstration.accounts import INSTITUTIONS, give_institutions
from courses.models import Institution, InstitutionAccount
from tests.conftest import make_user

pytestmark = pytest.mark.django_db


def test_each_account_of_an_institution_is_given_one_once():
    accounts = [row["username"] for row in demonstration.ACCOUNTS if roles.TRAINING_INSTITUTION in row["roles"]]
    users = [make_user(username, roles.TRAINING_INSTITUTION) for username in accounts]

    give_institutions()
    give_institutions()

    assert set(accounts) == set(INSTITUTIONS)
    assert InstitutionAccount.objects.count() == len(users)
    assert list(institutions_of(users[0])) == [Institution.objects.get(code="TCT")]


def test_without_the_accounts_nothing_is_given():
    make_user("truong-chinh-tri", roles.LEADER)

    give_institutions()

    assert not InstitutionAccount.objects.exists()
