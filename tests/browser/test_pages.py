"""Every kind of page with real data: nothing wider than a phone, no serious fault of accessibility."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cadres.models import ImportBatch, Official, UnitVersion
from cadres.roster.batch import import_file, read_file, stage
from courses.demonstration import build_classes
from tests.browser.conftest import PHONE, WIDE, sign_in

ROSTER = Path(__file__).parent.parent / "data" / "bac-ha-2015.xlsx"

# Our own pages, and one of each kind that the admin has.
OWN_PAGES = (
    "/",
    "/ty-le/",
    "/ty-le/?theo=position",
    "/ty-le/?theo=commune&huyen=085",
    "/cach-tinh/",
    "/can-bo/",
    "/can-bo/?ket_qua=not_compliant&thieu=professional",
    "/can-bo/?q=khong co ai",
    "/can-bo/{official}/",
    "/nhap-danh-sach/",
    "/nhap-danh-sach/{committed}/",
    "/nhap-danh-sach/{staged}/",
)
WRITING_PAGES = (
    "/can-bo/them/",
    "/can-bo/{official}/sua/",
    "/can-bo/{official}/dieu-dong/",
    "/can-bo/{official}/bo-nhiem/",
    "/can-bo/{official}/van-bang/them/",
)
ADMIN_PAGES = (
    "/quan-tri/",
    "/quan-tri/cadres/requirement/",
    "/quan-tri/cadres/position/add/",
    "/quan-tri/cadres/unit/",
    "/quan-tri/cadres/unit/{unit}/change/",
    "/quan-tri/cadres/unitzone/nhap/",
    "/quan-tri/cadres/user/",
    "/quan-tri/courses/programme/",
    "/quan-tri/courses/trainingclass/",
    "/quan-tri/password_change/",
)
PAGES_OF = {"province": (*OWN_PAGES, *WRITING_PAGES, *ADMIN_PAGES), "officer": OWN_PAGES}
SERIOUS = ("serious", "critical")
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture
def addresses(cast) -> dict[str, list[str]]:
    """Role → pages to visit, in a registry into which huyện Bắc Hà's roster has gone, and is staged once more."""
    read = read_file(ROSTER.name, ROSTER.read_bytes(), unit_code="085", by=cast["officer"])
    import_file(read, by=cast["officer"])
    stage(read, by=cast["officer"])
    build_classes()
    keys = {
        "official": Official.objects.filter(appointments__isnull=False).first().pk,
        "committed": ImportBatch.objects.get(state="committed").pk,
        "staged": ImportBatch.objects.get(state="staged").pk,
        "unit": UnitVersion.objects.filter(parent__versions__code="085").first().unit_id,
    }
    return {role: [page.format(**keys) for page in pages] for role, pages in PAGES_OF.items()}


def open_page(page: Page, address: str) -> None:
    answered = page.goto(address)
    assert answered.status == 200, f"{address}: {answered.status}"


@pytest.mark.parametrize("role", PAGES_OF)
def test_nothing_is_wider_than_a_phone(page, cast, addresses, role):
    sign_in(page, cast[role])
    page.set_viewport_size(PHONE)
    too_wide = {}
    for address in addresses[role]:
        open_page(page, address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            too_wide[address] = width

    assert too_wide == {}


@pytest.fixture
def audited_page(chromium, site) -> Iterator[Page]:
    """A page into which axe may put its own styles; the content security policy rightly forbids it elsewhere."""
    context = chromium.new_context(base_url=site, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("size", "role"), [(WIDE, "province"), (PHONE, "officer")])
def test_no_page_has_a_serious_fault_of_accessibility(audited_page, cast, addresses, size, role):
    audited_page.set_viewport_size(size)
    audited_page.goto("/")
    faults = _faults(audited_page, "sign-in")
    sign_in(audited_page, cast[role])
    for address in addresses[role]:
        open_page(audited_page, address)
        faults += _faults(audited_page, address)

    assert not faults, "\n".join(faults)


def _faults(page: Page, address: str) -> list[str]:
    """The serious findings of axe, each with the page and the first element it names."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{address}: {fault['id']} ({fault['help']}): {fault['nodes'][0]['html'][:160]}"
        for fault in found
        if fault["impact"] in SERIOUS
    ]
