"""What a reorganisation touches of training: quotas, classes, enrolments, submissions that still go on on its day."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cadres.reorganisation import Line, plan, touched
from courses.models import ClassQuota, DistrictSubmission, Enrolment, NeedCampaign, TrainingClass
from tests.builders import make_class, make_enrolment
from tests.cadres.reorganisation.test_reorganise import DAY, EVE, World
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
