"""The demonstration of the present: both provinces joined by the reorganisation itself, posts and zones of today."""

from collections import Counter
from datetime import date

import pytest
from django.urls import reverse

from cadres.demonstration import today as present
from cadres.models import Appointment, Official, OfficialIdentifier, RoleGrant, RosterDay, UnitVersion, User, Zone
from cadres.posts import left_behind, primary_posts
from cadres.zones import counts_on
from courses.demonstration import year
from courses.models import Certificate, DistrictSubmission, Enrolment, Institution, TrainingClass, TrainingPlan
from reports.demonstration import build as publish_year_ends
from reports.rates import rates_by
from tests.builders import criterion_of
from tests.conftest import client_of, rolled_back

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module", autouse=True)
def province(django_db_setup, django_db_blocker):
    """A small one: four people at the most in a commune of 2024."""
    with django_db_blocker.unblock(), rolled_back():
        present.build(now=TODAY, most=4)
        year.build(now=TODAY)
        publish_year_ends((present.YEAR_END,), on=TODAY)
        yield


def test_the_people_of_319_communes_went_over_into_99_and_nobody_was_left_behind():
    before = primary_posts(present.EVE)
    left = before.filter(end_date=present.EVE).exclude(end_reason__in=("succeeded", "renamed"))
    assert before.values("unit").distinct().count() == 319
    assert UnitVersion.objects.as_of(TODAY).communes().count() == present.COMMUNES
    assert primary_posts(present.JOINED).count() == before.count() - left.count()
    for day in (present.JOINED, present.YEAR_END, TODAY):
        assert left_behind(day).count() == 0
    assert len(rates_by("commune", day=TODAY, criterion=criterion_of())) == present.COMMUNES
    heads = Appointment.objects.as_of(TODAY).filter(position__holders=1).values_list("unit", "position__code")
    assert max(Counter(heads).values()) == 1


def test_the_page_of_the_reorganisation_shows_that_it_was_done_and_what_stands_against_taking_it_back():
    client = client_of(User.objects.get(username="so-noi-vu"))
    page = reverse("cadres:reorganisation", args=[present.JOINED.isoformat()])
    assert "Đã làm lúc" in client.get(page).content.decode()
    back = reverse("cadres:reorganisation-take-back", args=[present.JOINED.isoformat()])
    told = client.post(back, {"reason": "Thử"}).content.decode()
    assert "Sau việc này đã có thay đổi khác" in told
    assert "sửa chức danh đảm nhiệm “" in told


def test_no_institution_bears_the_name_of_a_district():
    assert not Institution.objects.filter(name__contains=" huyện ").exists()
    assert Institution.objects.get(code="BDCT-080").name == "Trung tâm Bồi dưỡng chính trị Lào Cai"


def test_zones_rosters_and_accounts_are_those_of_the_present():
    assert counts_on(TODAY) == {1: 12, 2: 36, 3: 47, 0: 4, None: 0}
    assert counts_on(date(2025, 12, 31))[None] > 0  # where the communes that joined lay in different zones
    outside = UnitVersion.objects.as_of(TODAY).filter(unit__zones__zone=Zone.OUTSIDE, unit__zones__end_date__gt=TODAY)
    assert sorted(outside.values_list("code", flat=True)) == sorted(present.OUTSIDE)
    days = RosterDay.objects.order_by("day").values_list("day", flat=True).distinct()
    assert list(days) == [present.FIRST_ROSTER, present.JOINED, present.YEAR_END, date(2026, 9, 30)]
    assert set(RoleGrant.objects.values_list("user__username", flat=True)) == {
        account["username"] for account in present.ACCOUNTS
    }
    officer = RoleGrant.objects.get(user__username="cum-bac-ha")
    assert officer.unit
    assert officer.unit.name_on(TODAY) == "Cụm Bắc Hà"
    assert set(OfficialIdentifier.objects.values_list("kind", flat=True)) == {"CCCD"}
    assert Official.objects.filter(birth_date__gt=date(2008, 1, 1)).count() == 0


def test_a_year_was_held_is_under_way_and_to_come():
    states = Counter(TrainingClass.objects.values_list("state", flat=True))
    assert states[TrainingClass.State.ENDED] >= 10
    assert states[TrainingClass.State.RUNNING] >= 1
    assert states[TrainingClass.State.OPEN] >= len(year.OPEN)
    ended = TrainingClass.objects.filter(state=TrainingClass.State.ENDED)
    assert not ended.filter(end_date__gte=TODAY)
    assert not ended.filter(start_date__lt=year.BEGIN)
    assert Certificate.objects.filter(issued_on__gt=TODAY).count() == 0
    raised = Enrolment.objects.filter(certificates__qualification__isnull=False)
    assert raised.count() > 50
    parts = TrainingClass.objects.filter(programme__code=year.MODULAR, state=TrainingClass.State.ENDED)
    assert [[one.number for one in part.own_modules] for part in parts.order_by("start_date")] == [[1], [2], [3]]
    whole = Certificate.objects.filter(enrolment__training_class__in=parts)
    assert whole.count() == parts.last().enrolments.count() == year.MODULAR_PEOPLE
    assert set(whole.values_list("enrolment__training_class__modules__number", flat=True)) == {3}
    assert DistrictSubmission.objects.filter(state=DistrictSubmission.State.SUBMITTED).exists()
    assert list(TrainingPlan.objects.order_by("year").values_list("year", "state")) == [
        (2026, TrainingPlan.State.APPROVED),
        (2027, TrainingPlan.State.DRAFT),
    ]
