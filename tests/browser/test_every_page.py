"""Every address that answers with a page: no fault of accessibility at either width, and nothing wider than a phone.

The addresses are those of tests/test_access.py, with its rows: a new page is looked at as soon as it is in that table.
tests/browser/test_pages.py looks at the pages that matter most with many people on them.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import faults_at_another_width, faults_of
from tests.conftest import client_of
from tests.test_access import ROUTES, TABLE, World, make_world, path_of

ADMIN = "/quan-tri/"  # pages of Django's, with markup of its own
PARTS = 4  # that several processors can share


@pytest.fixture(scope="module")
def site(server, databases, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone("reference"):
        yield server


@pytest.fixture(scope="module")
def world(site) -> World:
    return make_world()


def pages_of(column: str) -> list[str]:
    """The addresses that the role opens. What of them is a file is known when it answers."""
    return [name for name, cells in TABLE.items() if cells[column].startswith("200") and name in ROUTES]


def signed_in(chromium: Browser, site: str, client: Client) -> Page:
    context = chromium.new_context(base_url=site, viewport=WIDE, locale="vi-VN")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
    return context.new_page()


ASKED = [
    *(("province", part) for part in range(PARTS)),
    ("institution", 0),
]


@pytest.mark.parametrize(("role", "part"), ASKED)
def test_no_page_has_a_fault_of_accessibility_or_is_wider_than_a_phone(chromium, site, world, role, part):
    client = client_of(world.accounts[role])
    page = signed_in(chromium, site, client)
    addresses = pages_of(role)
    if role != "province":
        addresses = [name for name in addresses if "institution" in name or name.startswith("courses:class")]
    faults, seen = [], 0
    for address in addresses[part::PARTS] if role == "province" else addresses:
        path = path_of(address, world.own)
        answer = client.get(path)
        if path.startswith(ADMIN) or b"<html" not in b"".join(answer):  # a file, or a part of a page
            continue
        page.goto(path)
        seen += 1
        page.set_viewport_size(WIDE)
        faults += faults_of(page, f"{address} at {WIDE['width']}")
        page.set_viewport_size(PHONE)
        faults += faults_at_another_width(page, f"{address} at {PHONE['width']}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            faults.append(f"{address}: {width} pixels wide")
    page.context.close()

    assert seen > 10
    assert not faults, "\n".join(faults)
