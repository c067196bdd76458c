"""What every test can ask for: the reference data (loaded once), and the cast of accounts.

`province_staff` of Sở Nội vụ sees and writes everything; `district_officer` works for huyện Bắc Hà, `foreign_officer`
for huyện Mường Khương; `leader` reads.
"""

from contextlib import contextmanager
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from cadres import roles
from cadres.models import Unit, UnitVersion, User, UserScope
from cadres.reference_data import load as load_cadres
from courses.reference_data import load as load_courses

DAY = date(2015, 12, 31)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)
        load_cadres()
        load_courses()


@pytest.fixture(scope="module")
def reference_data_put_back(django_db_setup, django_db_blocker):
    """What tests with real transactions have emptied is put back for the modules that follow."""
    yield
    with django_db_blocker.unblock():
        load_cadres()
        load_courses()


@pytest.fixture
def committed_reference_data(reference_data_put_back, transactional_db):
    """The rows that every database has; a test with real transactions begins and ends with empty tables."""
    load_cadres()
    load_courses()


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hashing is slow on purpose, a quarter of a second an account; no test is about its strength."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@contextmanager
def rolled_back():
    """A transaction whose writes are taken back at the end: for rows that the tests of one module share."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def unit_of(code: str, day: date = DAY) -> Unit:
    """The unit that bears the code on the day."""
    return UnitVersion.objects.as_of(day).get(code=code).unit


def make_user(username: str, role: str, *unit_codes: str) -> User:
    user = User.objects.create_user(username, password="mật khẩu thử", role=role, full_name=username)
    for code in unit_codes:
        UserScope.objects.create(user=user, unit=unit_of(code))
    return user


@pytest.fixture
def province_staff(db) -> User:
    return make_user("so-noi-vu", roles.PROVINCE_STAFF)


@pytest.fixture
def district_officer(db) -> User:
    return make_user("bac-ha", roles.DISTRICT_OFFICER, "085")


@pytest.fixture
def foreign_officer(db) -> User:
    return make_user("muong-khuong", roles.DISTRICT_OFFICER, "083")


@pytest.fixture
def leader(db) -> User:
    return make_user("lanh-dao", roles.LEADER)


def client_of(user: User) -> Client:
    """A browser in which the account is signed in."""
    client = Client()
    client.force_login(user)
    return client
