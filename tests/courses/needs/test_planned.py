"""What those in the quy hoạch lack for the planned post: listed with what closes it, registered as a need before."""

from datetime import date

import pytest
from django.urls import reverse

from cadres import registry
from cadres.models import Official
from courses.models import DistrictSubmission, RegisteredNeed
from courses.needs.campaigns import open_campaign
from tests.builders import position_of
from tests.conftest import client_of, unit_of
from tests.lists import finish_act
from tests.province import DAY
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

LIST = reverse("courses:planned-list") + f"?ngay={DAY}"


@pytest.fixture(scope="module", autouse=True)
def province(province_database):
    """The small province."""


@pytest.fixture
def planned():
    """Ánh of Bắc Hà is planned for the Party committee; Chín of Mường Khương for the same in his commune."""
    found = []
    for name in ("Trần Thị Ánh", "Thào A Chín"):
        official = Official.objects.get(full_name=name)
        unit = official.appointments.as_of(DAY).get(is_primary=True).unit
        facts = {"start_date": date(2015, 6, 1), "end_date": None, "term": "2015-2020", "decision": "QĐ 5"}
        found.append(registry.plan_for(official, position_of("BT_DU"), unit, **facts, by=None))
    return found


def test_the_list_says_what_is_lacking_and_what_closes_it(planned, province_staff):
    client = client_of(province_staff)
    shown = text_of(read(client, LIST))
    assert "2 lượt quy hoạch" in shown
    assert "Lý luận chính trị: cần Trung cấp, hồ sơ chưa ghi" in shown
    assert "Trung cấp lý luận chính trị - hành chính 2 người" in shown
    assert "1 lượt quy hoạch" in text_of(read(client, LIST + "&q=anh"))
    assert "1 lượt quy hoạch" in text_of(read(client, LIST + "&huyen=083"))
    assert "2 lượt quy hoạch" in text_of(read(client, LIST + "&ket_qua=undetermined&sap_xep=-thieu"))
    assert "Không có ai trong quy hoạch khớp" in text_of(read(client, LIST + "&ket_qua=compliant"))
    table = client.get(LIST + "&tep=csv").content.decode()
    assert "Thào A Chín,Bí thư Đảng ủy" in table


def test_a_district_registers_what_its_own_lack_for_the_planned_post_once(planned, district_officer):
    opens, closes = date(2015, 12, 1), date(2016, 1, 31)
    campaign = open_campaign(year=2016, title="Nhu cầu 2016", opens_on=opens, closes_on=closes, by=None)
    submission = DistrictSubmission.objects.get(campaign=campaign, district=unit_of("085"))
    client = client_of(district_officer)
    page = reverse("courses:submission-planned", args=[campaign.pk, submission.pk]) + f"?ngay={DAY}"
    finish_act(client, client.get(page))
    (need,) = RegisteredNeed.objects.all()
    assert (need.official.full_name, need.programme.code) == ("Trần Thị Ánh", "TC-LLCT")
    assert need.reason.startswith("Quy hoạch Bí thư Đảng ủy, nhiệm kỳ 2015-2020: Lý luận chính trị")

    again = text_of(read(client, page))
    assert "đã đăng ký" in again
    assert RegisteredNeed.objects.count() == 1
