"""Every address that answers with a page: no fault of accessibility at either width, and nothing wider than a phone.

The addresses are those of tests/test_access.py, with its rows: a new page is looked at as soon as it is in that table.
tests/browser/test_pages.py looks at the pages that matter most with many people on them.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from lxml import html
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import faults_at_another_width, faults_of
from tests.conftest import client_of
from tests.test_access import ROUTES, TABLE, World, make_world, path_of

CATALOGUES = "/quan-tri/"  # some 200 pages made of the same parts
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


def kinds_of(page: str) -> set[tuple[object, ...]]:
    """The kinds of element on a page: tag, class, type and role, and below what of which class."""
    kinds = set()
    for element in html.document_fromstring(page).iter("*"):
        above = element.getparent()
        below = (above.tag, above.get("class")) if above is not None else ()
        kinds.add((element.tag, *(element.get(name) for name in ("class", "type", "role")), *below))
    return kinds


def enough_of(pages: dict[str, str]) -> list[str]:
    """The addresses of pages on which each kind of element stands that stands on any; the one with most comes first."""
    left, chosen = {path: kinds_of(page) for path, page in pages.items()}, []
    while any(left.values()):
        richest = max(left, key=lambda path: len(left[path]))
        chosen.append(richest)
        found = left.pop(richest)
        left = {path: kinds - found for path, kinds in left.items()}
    return chosen


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
    addresses = [name for name in pages_of(role) if not path_of(name, world.own).startswith(CATALOGUES)]
    if role != "province":
        addresses = [name for name in addresses if "institution" in name or name.startswith("courses:class")]
    faults, seen = [], 0
    for address in addresses[part::PARTS] if role == "province" else addresses:
        path = path_of(address, world.own)
        answer = client.get(path)
        if b"<html" not in b"".join(answer):  # a file, or a part of a page
            continue
        seen += 1
        faults += faults_at_both_widths(page, path, address)
    page.context.close()

    assert seen > 10
    assert not faults, "\n".join(faults)


def test_no_kind_of_thing_on_the_pages_of_catalogues_has_a_fault_of_accessibility(chromium, site, world):
    """They are made of the same parts: of 194 pages some 14 show all there is."""
    client = client_of(world.accounts["province"])
    paths = [path_of(name, world.own) for name in pages_of("province")]
    shown = {path: b"".join(client.get(path)) for path in paths if path.startswith(CATALOGUES)}
    pages = {path: answer.decode() for path, answer in shown.items() if b"<html" in answer}
    page = signed_in(chromium, site, client)
    chosen = enough_of(pages)
    faults = [fault for path in chosen for fault in faults_at_both_widths(page, path, path)]
    page.context.close()

    assert 8 < len(chosen) < len(pages) / 4
    assert not faults, "\n".join(faults)


def faults_at_both_widths(page: Page, path: str, name: str) -> list[str]:
    """The serious findings of axe on the page, and whether it is wider than a phone."""
    page.goto(path)
    page.set_viewport_size(WIDE)
    faults = faults_of(page, f"{name} at {WIDE['width']}")
    page.set_viewport_size(PHONE)
    faults += faults_at_another_width(page, f"{name} at {PHONE['width']}")
    width = page.evaluate("document.documentElement.scrollWidth")
    return faults + ([f"{name}: {width} pixels wide"] if width > PHONE["width"] else [])
