"""In a real browser, with the demonstration: the roster of Bắc Hà whose people are not those of the registry."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cadres.demonstration.accounts import PASSWORD
from cadres.models import Act, Appointment, ImportBatch, Official
from reports.rates import rates_by
from tests import province
from tests.builders import criterion_of

ROSTER = Path(__file__).parents[1] / "data" / "bac-ha-2015.xlsx"


@pytest.fixture
def site(server, databases, django_db_blocker) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone("demonstration"):
        yield server


def effect_shown(page: Page) -> str:
    """The effect on the day of the file, which comes by itself."""
    expect(page.locator("[data-effect=told]")).to_be_visible(timeout=20_000)
    return page.locator("#effect dd").first.inner_text()


def rate_of_bac_ha() -> str:
    groups = rates_by("district", day=province.DAY, criterion=criterion_of("FULL"))
    (rate,) = (group.rate for group in groups if group.code == "085")
    return f"{rate.compliant} trong {rate.total} người"


def test_a_roster_of_other_people_raises_alarms_and_replaces_those_known_as_one_act(page, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    before = rate_of_bac_ha()
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill("so-noi-vu")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.goto("/nhap-danh-sach/")
    page.get_by_label("Tệp danh sách").set_input_files(ROSTER)
    page.get_by_role("button", name="Xem trước").click()

    batch = ImportBatch.objects.latest("pk")
    raised = {alarm["code"] for alarm in batch.summary["alarms"]}
    assert {"new", "absent", "two_holders"} <= raised
    assert (batch.summary["created"], batch.summary["missing"]) == (468, 479)
    assert f"{before} → 489 trong 928 người" in effect_shown(page)

    page.get_by_label("Danh sách này thay người cũ").check()
    page.get_by_label("lý do thôi giữ").select_option(label="Nghỉ hưu")
    page.get_by_role("button", name="Trả lời", exact=True).click()
    expect(page.get_by_text("479 người không có trong danh sách thôi giữ chức danh")).to_be_visible()
    shown = effect_shown(page)

    acts, people = Act.objects.count(), Official.objects.count()
    page.get_by_role("link", name=re.compile("^Ghi ")).click()
    expect(page.get_by_role("button", name=re.compile("^Ghi "))).to_be_visible()  # the page before has ticks as well
    for tick in page.get_by_role("checkbox").all():
        tick.check()
    page.get_by_label("Vì sao").fill("Người giữ cũ chưa nghỉ hết")  # of six communes with more than their class gives
    page.get_by_role("button", name=re.compile("^Ghi ")).click()
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible(timeout=20_000)

    assert Official.objects.count() == people + 468
    ended = Appointment.objects.filter(end_reason="retired", end_date=province.DAY.replace(day=30))
    assert ended.values("official").distinct().count() == 479  # some of them held a second post
    assert Act.objects.filter(kind=Act.Kind.IMPORT).count() == 1
    assert Act.objects.count() <= acts + 1
    assert f"{before} → {rate_of_bac_ha()}" in shown
