"""Campaigns and seats where no district stands above communes: clusters answer, or communes by themselves."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import roles
from cadres.models import RoleGrant, UnitVersion, User
from courses.access import districts_of, submissions_visible_to
from courses.classes.setup import set_quotas
from courses.enrolment.nomination import nominate
from courses.models import DistrictSubmission, Enrolment, NeedCampaign, TrainingClass
from courses.needs.campaigns import open_campaign, own_appointments, progress_of, register_needs
from courses.seats import districts_at_start, seats_of
from tests.builders import criterion_of, make_class, make_programme
from tests.cadres.test_clusters import BEGIN, MOVED, ONE_DAY, World
from tests.conftest import client_of, make_user, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def officer_of(unit: Any) -> User:
    user = make_user(f"cua-{unit.pk}", roles.UNIT_OFFICER)
    RoleGrant.objects.create(user=user, role=roles.UNIT_OFFICER, unit=unit)
    return user


def opened(day: date, **how: Any) -> NeedCampaign:
    return open_campaign(year=2016, title="Nhu cầu 2016", opens_on=day, closes_on=date(2099, 1, 31), by=None, **how)


def names(units: Any) -> set[str]:
    """Of the units those of this world, by name."""
    return {f"{unit}" for unit in units} & {"Cụm A", "Cụm B", "Xã Một", "Xã Hai", "Xã Ba", "Tỉnh Lào Cai"}


def test_clusters_answer_a_campaign_and_communes_in_none_by_themselves_or_each_where_so_is_wanted(world):
    campaign = opened(MOVED)
    assert names(row.district for row in campaign.submissions.all()) == {"Cụm A", "Cụm B", "Xã Ba"}
    answers: dict[str, DistrictSubmission] = {f"{row.district}": row for row in campaign.submissions.all()}
    for name, day, people in (
        ("Cụm A", MOVED - ONE_DAY, {"Người Một", "Người Hai"}),
        ("Cụm A", MOVED, {"Người Một"}),
        ("Cụm B", MOVED, {"Người Hai"}),
        ("Xã Ba", MOVED, {"Người Ba"}),
    ):
        posts = own_appointments(answers[name], day, None)
        assert {f"{post.official}" for post in posts} == people
    of_cluster, of_commune = officer_of(world.a), officer_of(world.units["Ba"])
    assert names(row.district for row in submissions_visible_to(of_cluster)) == {"Cụm A"}
    assert names(row.district for row in submissions_visible_to(of_commune)) == {"Xã Ba"}
    course = make_programme("professional:TC")
    entry = (world.people["Một"], course, 1, "Quy hoạch")
    assert len(register_needs(answers["Cụm A"], [entry], day=MOVED, by=of_cluster)) == 1
    with pytest.raises(ValidationError, match="Không giữ chức danh ở xã nào của đơn vị"):
        register_needs(answers["Xã Ba"], [entry], day=MOVED, by=of_commune)
    told = {row.name: row for row in progress_of(campaign.submissions.all(), MOVED, criterion=criterion_of())}
    assert (told["Cụm A"].people, told["Cụm A"].communes) == (1, 1)
    page = client_of(of_commune).get(reverse("courses:campaign-detail", args=[campaign.pk]), {"ngay": "2015-01-01"})
    assert "Xã Ba" in page.content.decode()
    assert "huyện" not in page.content.decode().lower().split("<main")[1]
    each = opened(MOVED, by_commune=True)
    assert names(row.district for row in each.submissions.all()) == {"Xã Một", "Xã Hai", "Xã Ba"}
    assert names(row.district for row in submissions_visible_to(of_cluster).filter(campaign=each)) == {"Xã Một"}


def test_a_seat_is_of_the_cluster_or_of_the_commune_that_is_in_none_on_the_first_day(world):
    day = MOVED - timedelta(days=30)
    before, after = (
        make_class(state=TrainingClass.State.OPEN, start_date=start, end_date=start, seats=3)
        for start in (MOVED - ONE_DAY, MOVED)
    )
    people = world.people
    keys = [official.pk for official in people.values()]
    a, b, ba = world.a.pk, world.b.pk, world.units["Ba"].pk
    assert districts_at_start(before, keys) == {people["Một"].pk: a, people["Hai"].pk: a, people["Ba"].pk: ba}
    assert districts_at_start(after, keys) == {people["Một"].pk: a, people["Hai"].pk: b, people["Ba"].pk: ba}
    set_quotas(before, {a: 1, ba: 1}, by=None)
    nominate(before, list(people.values()), day=day, criterion=criterion_of(), by=None)
    states = dict(before.enrolments.values_list("official__full_name", "state"))
    assert states == {"Người Một": "nominated", "Người Hai": "waiting", "Người Ba": "nominated"}
    assert seats_of(before).by_district == {a: (1, 1), ba: (1, 1)}
    with pytest.raises(ValidationError, match="không được giao chỉ tiêu"):
        set_quotas(after, {unit_of("10").pk: 1}, by=None)
    assert names(districts_of(officer_of(world.a), BEGIN)) == {"Cụm A"}
    assert names(districts_of(officer_of(world.units["Ba"]), BEGIN)) == {"Xã Ba"}
    assert names(districts_of(officer_of(world.units["Hai"]), MOVED)) == {"Cụm B"}
    assert Enrolment.objects.count() == 3
    answering = UnitVersion.objects.answering_on(MOVED)
    assert names(version.unit for version in answering) == {"Cụm A", "Cụm B", "Xã Ba"}
    assert "Tỉnh Lào Cai" not in {version.name for version in answering}
