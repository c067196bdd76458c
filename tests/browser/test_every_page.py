"""Every address that answers with a page: no fault of accessibility at either width, and nothing wider than a phone.

The addresses are those of tests/test_access.py, with its rows: a new page is looked at as soon as it is in that table.
tests/browser/test_pages.py looks at the pages that matter most with many people on them.
"""

import pytest
from lxml import html
from playwright.sync_api import Error, Page

from cadres.models import User
from tests.browser.accessibility import Auditor
from tests.browser.conftest import PHONE, sign_in, site_with
from tests.conftest import client_of
from tests.test_access import ROUTES, TABLE, World, make_world, path_of

CATALOGUES = "/quan-tri/"  # some 200 pages made of the same parts
PARTS = 4  # that several processors can share


site = site_with("reference")


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


def auditor_of(page: Page, user: User) -> Auditor:
    """A phone on which the account is signed in."""
    page.set_viewport_size(PHONE)
    sign_in(page, user)
    return Auditor(page)


def is_page(page: Page, path: str) -> bool:
    """Open the path; whether that is a page, and not a file or a part of a page."""
    try:
        answered = page.goto(path)
    except Error as reason:
        if "Download is starting" in reason.message:
            return False
        raise
    return "<html" in answered.text()


ASKED = [
    *(("province", part) for part in range(PARTS)),
    ("institution", 0),
]


@pytest.mark.parametrize(("role", "part"), ASKED)
def test_no_page_has_a_fault_of_accessibility_or_is_wider_than_a_phone(unpainted, world, role, part):
    auditor = auditor_of(unpainted, world.accounts[role])
    addresses = [name for name in pages_of(role) if not path_of(name, world.own).startswith(CATALOGUES)]
    if role != "province":
        addresses = [name for name in addresses if "institution" in name or name.startswith("courses:class")]
    faults, seen = [], 0
    for address in addresses[part::PARTS] if role == "province" else addresses:
        if is_page(auditor.page, path_of(address, world.own)):
            seen += 1
            faults += auditor.faults(address)

    assert seen > 10
    assert not faults, "\n".join(faults)


def test_no_kind_of_thing_on_the_pages_of_catalogues_has_a_fault_of_accessibility(unpainted, world):
    """They are made of the same parts: of 194 pages some 14 show all there is."""
    client = client_of(world.accounts["province"])
    paths = [path_of(name, world.own) for name in pages_of("province")]
    shown = {path: b"".join(client.get(path)) for path in paths if path.startswith(CATALOGUES)}
    pages = {path: answer.decode() for path, answer in shown.items() if b"<html" in answer}
    auditor = auditor_of(unpainted, world.accounts["province"])
    chosen, faults = enough_of(pages), []
    for path in chosen:
        auditor.page.goto(path)
        faults += auditor.faults(path)

    assert 8 < len(chosen) < len(pages) / 4
    assert not faults, "\n".join(faults)
