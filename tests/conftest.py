"""What every test can ask for: the reference data (loaded once), and the cast of accounts.

`province_staff` of Sở Nội vụ sees and writes everything; `district_officer` works for huyện Bắc Hà, `foreign_officer`
for huyện Mường Khương; `leader` reads.
"""

import gc
import os
from collections.abc import Iterable
from contextlib import contextmanager
from datetime import date
from itertools import count
from typing import Any
from zlib import crc32

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, override_settings
from django.test.utils import instrumented_test_render
from psutil import virtual_memory

from cadres import roles
from cadres.models import RoleGrant, Unit, UnitVersion, User
from cadres.sign_in.sessions import SessionStore
from lao_cai_training.frames import with_room
from tests.databases import Databases, folder_in_memory

DAY = date(2015, 12, 31)
MEMORY_TO_SPARE = 6 * 1024**3  # bytes


def pytest_configure():
    """What a test writes into a folder of its own, whole servers too, lies in memory as the databases do."""
    if folder := folder_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


@pytest.fixture(scope="session")
def databases(request, django_test_environment) -> Databases:
    keep, anew = request.config.getvalue("reuse_db"), request.config.getvalue("create_db")
    return Databases(keep=keep, anew=anew, careless=True)


@pytest.fixture(scope="session")
def django_db_setup(databases, django_db_blocker):
    with django_db_blocker.unblock(), databases.of_this_worker():
        yield


@pytest.fixture
def own_database(django_db_setup, databases, django_db_blocker):
    """The reference data in a database of the test's own: for tests that commit, or work in several connections.

    It takes the place of the mark `django_db(transaction=True)`, which would empty the tables for all others.
    """
    with django_db_blocker.unblock(), databases.clone("reference"):
        yield


@pytest.fixture(scope="module")
def shared_database(django_db_setup, databases, django_db_blocker):
    """The reference data in a database that the tests of the module share: they commit, and look at what they made."""
    with django_db_blocker.unblock(), databases.clone("reference"):
        yield


@pytest.fixture(scope="module")
def province_database(django_db_setup, databases, django_db_blocker):
    """The small province (tests/province.py) is there when a test of the module begins, and taken back to it after."""
    with django_db_blocker.unblock(), databases.clone("province"):
        yield


def pytest_collection_modifyitems(items):
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs) or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: a test that commits uses own_database")


def pytest_collection():
    gc.disable()


def pytest_collection_finish():
    """What was imported and collected stays to the end: the collector of garbage need not go through it each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    """As pytest runs a test, with room for frames: what tests do beside pages is a hundred functions deep, too."""
    return with_room(item.config.pluginmanager.get_plugin("runner").pytest_runtest_protocol)(item, nextitem)


finished_tests = count(1)


def pytest_runtest_logfinish():
    """Every thirty tests look for garbage, where memory grows short: to look for it and to give it back took a seventh
    of the CPU. Where it does not, two processes have six gigabytes between them at the end of a run.

    What outlives that, as what is imported late, stays to the end: to go through it took a third of a second each time.
    """
    if next(finished_tests) % 30 == 0 and virtual_memory().available < MEMORY_TO_SPARE:
        gc.collect()
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_settings(django_test_environment):
    """What is slow on purpose or only once a server, and what no test is about; and a page that is read writes nothing.

    An account here does in a minute what people do in a day.

    Hashing takes a quarter of a second an account; with every new client the style sheets would be looked for.
    """
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(
        PASSWORD_HASHERS=[quick, *settings.PASSWORD_HASHERS],
        WHITENOISE_AUTOREFRESH=True,
        AXES_ENABLED=False,
        SECOND_FACTOR_DEMANDED=False,
        PACE=dict.fromkeys(settings.PACE, (10**6, 60)),
        MIDDLEWARE=[*settings.MIDDLEWARE, "tests.reading.read_only"],
    ):
        Template._render = told_of_pages
        yield
        Template._render = instrumented_test_render


def told_of_pages(template: Template, context: Context) -> str:
    """Keep for a test what a page is made of, as Django does; but not of each box in a form, which are templates too:
    on a page with a form that took a tenth of the CPU."""
    if (template.name or "").startswith("django/forms/"):
        return template.nodelist.render(context)
    return instrumented_test_render(template, context)


@contextmanager
def rolled_back():
    """A transaction whose writes are taken back at the end: for rows that the tests of one module share."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def unit_of(code: str, day: date = DAY) -> Unit:
    """The unit that bears the code on the day."""
    return UnitVersion.objects.as_of(day).select_related("unit").get(code=code).unit


def make_user(username: str, held: str | Iterable[str], *unit_codes: str) -> User:
    """An account with a role, or several; an officer's is granted for the units with these codes.

    Its key is that of its name, the same in every test: the site words once for an account what waits for it, and an
    account of another key each time would have it worded anew, for 30 ms of CPU.
    """
    key = 100_000_000 + crc32(username.encode()) % 800_000_000
    user = User(pk=key, username=username, full_name=username)
    user.set_password("mật khẩu thử")
    user.save(force_insert=True)
    units = {True: [unit_of(code) for code in unit_codes], False: [None]}
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit)
        for role in ([held] if isinstance(held, str) else held)
        for unit in units[role in roles.OF_A_UNIT]
    )
    return user


@pytest.fixture
def province_staff(db) -> User:
    return make_user("so-noi-vu", roles.PROVINCE_STAFF)


@pytest.fixture
def district_officer(db) -> User:
    return make_user("bac-ha", roles.UNIT_OFFICER, "085")


@pytest.fixture
def foreign_officer(db) -> User:
    return make_user("muong-khuong", roles.UNIT_OFFICER, "083")


@pytest.fixture
def leader(db) -> User:
    return make_user("lanh-dao", roles.LEADER)


def correct(client: Client, page: str, typed: dict[str, Any]) -> HttpResponse:
    """Fill in a page of correction, look at the effect that it shows, and send it; the answer to that."""
    shown = client.post(page, typed)
    return client.post(page, typed | {"seen": shown.context["form"]["seen"].value()})


def client_of(user: User) -> Client:
    """A browser in which the account is signed in: it has the session that signing in leaves, and has not signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
