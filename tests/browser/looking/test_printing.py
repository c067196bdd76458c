"""Pages on paper, as the browser would print them: as wide as the paper, without what is pressed, with their heads."""

import re
from ctypes import c_float

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from playwright.sync_api import Page, expect

from cadres.models import Official
from lao_cai_training.helping.leaflets import LEAFLETS
from tests.browser.conftest import sign_in
from tests.conftest import DAY

# What is left of A4 between the margins, in pixels of a browser.
UPRIGHT, LYING = 703, 1031
# What the page asks of the browser is left on the page, where an expectation can wait for it over a change of page:
# a function that is waited for as text is refused by the policy of the site as soon as it has to be asked twice.
MARK_PRINTED = "window.print = () => document.documentElement.setAttribute('data-printed', '')"
PRINTED = "html[data-printed]"


def on_paper(page: Page, address: str, width: int) -> None:
    page.add_init_script(MARK_PRINTED)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="print")
    page.goto(f"{address}{'&' if '?' in address else '?'}in=1")


@pytest.mark.parametrize(
    ("address", "width", "head"),
    [
        ("/can-bo/", LYING, "Họ và tên"),
        ("/ty-le/?theo=commune", UPRIGHT, "Chưa đạt"),
        ("/", LYING, ""),
        ("person", UPRIGHT, "Mặt tiêu chuẩn"),
    ],
)
def test_a_printed_page_fits_the_paper_and_has_nothing_to_press(page, cast, address, width, head):
    sign_in(page, cast["province"])
    if address == "person":
        address = f"/can-bo/{Official.objects.get(full_name='Lý Thị Lan').pk}/"
    on_paper(page, f"{address}{'&' if '?' in address else '?'}ngay={DAY}", width)
    expect(page.get_by_text("Phạm vi của tài khoản: toàn tỉnh.")).to_be_visible()
    expect(page.locator("button:visible, input:visible, select:visible, .button:visible, .side:visible")).to_have_count(
        0
    )
    if head:
        expect(page.get_by_role("columnheader", name=head).first).to_be_visible()
    if address.startswith("/can-bo/?"):
        expect(page.locator("tbody tr")).to_have_count(Official.objects.count())
    expect(page.locator(PRINTED)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beside = page.evaluate(
        "[...document.querySelectorAll('#content *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && getComputedStyle(e).clipPath === 'none' && e.getClientRects().length).map(e => e.outerHTML.slice(0, 80))"
    )
    assert beside == []


def test_a_list_that_is_printed_by_the_browser_keeps_its_heads_though_they_are_pressed(page, cast):
    sign_in(page, cast["province"])
    page.emulate_media(media="print")
    page.goto(f"/can-bo/?ngay={DAY}")

    expect(page.get_by_role("columnheader", name="Họ và tên").get_by_role("button")).to_be_visible()
    expect(page.locator("main button:visible:not(thead *), .button:visible")).to_have_count(0)


def test_the_button_leads_to_paper_and_back(page, cast):
    sign_in(page, cast["province"])
    page.add_init_script(MARK_PRINTED)
    page.goto(f"/can-bo/?ngay={DAY}")
    page.get_by_role("link", name="In", exact=True).click()
    expect(page.locator(PRINTED)).to_be_attached()
    page.get_by_role("link", name="Thôi in").click()
    expect(page).to_have_url(re.compile(rf"/can-bo/\?ngay={DAY}$"))


def test_each_leaflet_is_two_pages_of_type_of_nine_points_or_more(page, cast):
    sign_in(page, cast["leader"])
    for slug in LEAFLETS:
        page.goto(f"/tro-giup/huong-dan/{slug}/", wait_until="networkidle")
        pages = list(pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True)))
        assert len(pages) == 2, slug
        assert "Hỏi về công việc" in pages[1].get_textpage().get_text_range(), slug
        sizes = {_size(text) for one in pages for text in one.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT])}
        assert min(sizes) >= 9, slug


def _size(text: pypdfium2.PdfObject) -> float:
    """In points, as it is on paper."""
    size = c_float()
    pdfium.FPDFTextObj_GetFontSize(text, size)
    return round(size.value * abs(text.get_matrix().d), 1)
