"""A published figure in a real browser, with the demonstration: it stays, and says what has moved it since."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cadres.evaluation import judged
from cadres.models import Appointment, Criterion, Qualification, User
from tests import province
from tests.browser.conftest import PHONE, sign_in

HOME = "/?ngay=2015-12-31"


@pytest.fixture
def site(server, databases, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone("demonstration"):
        yield server


def deciding_record() -> Qualification:
    """The only record of political theory of somebody who meets the standard."""
    posts = judged(province.DAY, criterion=Criterion.objects.get(code="FULL")).filter(
        verdict="compliant", position__code="BT_DU"
    )
    for post in posts.order_by("official_id"):
        records = Qualification.objects.filter(official=post.official_id, level__dimension__code="political_theory")
        if len(records) == 1:
            return records[0]
    raise AssertionError("nobody hangs on one record")


def test_a_published_figure_stays_and_its_page_names_the_record_that_moved_it(page):
    record = deciding_record()
    name = record.official.full_name
    sign_in(page, User.objects.get(username="so-noi-vu"), at=HOME)
    expect(page.locator(".figure").first).to_contain_text("50,4")
    page.goto(f"/can-bo/{record.official_id}/van-bang/{record.pk}/nhap-sai/?ngay=2015-12-31")
    page.get_by_label(re.compile("Lý do")).fill("Bằng của người khác")
    page.locator("form.form button[type=submit]").click()
    expect(page.get_by_text("Nhập sai").first).to_be_visible()

    page.goto(HOME)
    expect(page.locator(".figure").first).to_contain_text("50,4")
    expect(page.locator(".figure-note").first).to_contain_text("1.829 / 3.631")
    page.get_by_role("link", name="có thay đổi sau công bố").first.click()

    expect(page.get_by_role("heading", name="Vì sao khác: 1 người")).to_be_visible()
    why = page.locator("#khac")
    expect(why).to_contain_text("Bằng của người khác")
    expect(why).to_contain_text("Sở Nội vụ")
    expect(why.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(why).to_contain_text(record.number)
    why.get_by_role("row", name="Bằng của người khác").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@pytest.mark.parametrize("size", [None, PHONE], ids=["wide", "phone"])
def test_a_leader_gets_from_the_published_figure_to_the_names(page, size):
    if size:
        page.set_viewport_size(size)
    holder = (
        Appointment.objects.as_of(province.DAY).filter(position__code="BT_DU", unit__versions__name="Xã Bản Phố").get()
    )
    sign_in(page, User.objects.get(username="lanh-dao"), at=HOME)
    page.locator(".figure-note").first.get_by_role("link", name="3.631").click()
    expect(page.get_by_role("heading", name="3.631 người")).to_be_visible()
    page.get_by_label(re.compile("Tìm theo tên")).fill(holder.official.folded_name)
    page.get_by_role("button", name="Lọc").click()
    row = page.get_by_role("row", name="Xã Bản Phố")
    page.get_by_role("link", name="Từng yêu cầu").click()
    expect(row).to_contain_text("QĐ 04/2004/QĐ-BNV")
    row.get_by_role("link", name=holder.official.full_name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(holder.official.full_name)
