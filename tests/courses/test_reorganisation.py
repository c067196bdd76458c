"""What a reorganisation touches of training: quotas, classes, enrolments, submissions that still go on on its day."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cadres.models import Official, PlannedPost
from cadres.reorganisation import Line, plan, touched
from courses.models import ClassQuota, DistrictSubmission, Enrolment, NeedCampaign, TrainingClass
from tests import province
from tests.builders import it_is, make_class, make_enrolment, make_qualification, position_of
from tests.cadres.reorganisation.test_reorganise import DAY, EVE, KNOWN, TWO_LEVELS, World, reorganise
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

LINES = [Line("Dòng 2", "A", "Xã A", "N", "Xã Mới", "commune", "D1", "NQ 1")]


def counted() -> dict[str, int]:
    return {one.kind: one.count for one in touched(plan(LINES, DAY))}


@pytest.mark.parametrize(("end", "is_touched"), [(EVE, False), (DAY, True), (DAY + timedelta(days=1), True)])
def test_a_class_is_touched_that_ends_on_the_day_or_later(end, is_touched):
    world = World()
    training_class = make_class(
        place=world.units["A"], start_date=date(2018, 6, 1), end_date=end, state=TrainingClass.State.RUNNING
    )
    ClassQuota.objects.create(training_class=training_class, district=world.units["A"], seats=3)
    ClassQuota.objects.create(training_class=training_class, district=world.units["B"], seats=4)
    make_enrolment(world.people["A"], training_class)
    make_enrolment(world.people["B"], training_class)
    assert counted() == ({"lớp học": 1, "chỉ tiêu của đơn vị": 1, "lượt học": 1} if is_touched else {})


def test_what_is_over_is_not_touched_and_the_page_tells_the_rest(province_staff):
    world = World()
    cancelled = make_class(place=world.units["A"], start_date=DAY, end_date=DAY, state=TrainingClass.State.CANCELLED)
    make_enrolment(world.people["A"], cancelled, Enrolment.State.NOMINATED)
    campaign = NeedCampaign.objects.create(title="Đợt 2019", year=2019, opens_on=date(2018, 6, 1), closes_on=DAY)
    for code, state in (("A", "draft"), ("B", "draft")):
        DistrictSubmission.objects.create(campaign=campaign, district=world.units[code], deadline=DAY, state=state)
    assert counted() == {"bản đăng ký của đơn vị": 1}
    file = "effective_on,predecessor_code,successor_code,successor_name,successor_parent\n2018-07-01,A,N,Xã Mới,D1"
    sent = {"file": SimpleUploadedFile("a.csv", file.encode()), "day": "2018-07-01"}
    page = client_of(province_staff).post(reverse("cadres:reorganisation-list"), sent).content.decode()
    assert "bản đăng ký của đơn vị đang có hiệu lực" in page
    DistrictSubmission.objects.update(state="accepted")
    assert counted() == {}


def test_lists_of_a_day_without_districts_are_narrowed_to_a_former_district(province_staff):
    province.build()
    reorganise(KNOWN, TWO_LEVELS)
    it_is(TWO_LEVELS)
    for name in ("Lý Thị Lan", "Lù Seo Dơ"):
        official = Official.objects.get(full_name=name)
        make_qualification(official, "state_management", "CHUA")
        unit = official.appointments.get(end_date=None).unit
        PlannedPost.objects.create(official=official, position=position_of("CT_UBND"), unit=unit, start_date=TWO_LEVELS)
    client = client_of(province_staff)
    lists = (
        "cadres:official-list",
        "courses:need-people",
        "courses:yearly-hours",
        "courses:planned-list",
    )
    of_figures = ("courses:needs", "cadres:review")
    for name in (*lists, *of_figures):
        page = client.get(reverse(name)).content.decode()
        assert "Huyện cũ" in page, name
        if name not in of_figures:
            assert {"Lý Thị Lan", "Lù Seo Dơ"} == {one for one in ("Lý Thị Lan", "Lù Seo Dơ") if one in page}, name
            narrowed = client.get(reverse(name), {"huyen_cu": "085"}).content.decode()
            assert ("Lý Thị Lan" in narrowed, "Lù Seo Dơ" in narrowed) == (True, False), name
            assert "Xã Mường Khương" not in narrowed, name  # no commune of another is offered either
    counted = client.get(reverse("courses:needs"), {"huyen_cu": "085"})
    assert "huyen_cu=085" in counted.context["everybody"]
    of_2015 = client.get(reverse("courses:need-people"), {"ngay": "2015-12-31"}).content.decode()
    assert "Huyện cũ" not in of_2015
