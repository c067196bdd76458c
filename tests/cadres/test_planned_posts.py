"""Quy hoạch: being planned moves no figure, is said with what is lacking, and is judged as if the post were held."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import registry
from cadres.evaluation import Supposed, Verdict, reasons
from cadres.models import Appointment, Change, Official, PlannedPost
from cadres.planned_posts import prospects
from reports.rates import rates_by
from tests.builders import criterion_of, make_unit, position_of
from tests.conftest import client_of, make_user
from tests.province import DAY
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

FROM, UNTIL = date(2015, 6, 1), date(2020, 5, 31)
TERM = {"term": "2015-2020", "decision": "QĐ 5", "start_date": FROM, "end_date": UNTIL}


@pytest.fixture(scope="module", autouse=True)
def province(province_database):
    """The small province."""


def person(name: str) -> Official:
    return Official.objects.get(full_name=name)


def plan(official: Official, code: str, **facts) -> PlannedPost:
    unit = official.appointments.as_of(DAY).get(is_primary=True).unit
    return registry.plan_for(official, position_of(code), unit, **TERM | facts, by=None)


def everybody() -> list[Official]:
    return list(Official.objects.filter(appointments__in=Appointment.objects.as_of(DAY)).distinct().order_by("pk"))


def test_the_verdict_in_a_planned_post_is_that_of_the_post_if_it_were_held():
    """Beside the slow way: each person by itself, the reasons of a supposed post."""
    planned = [
        plan(official, code)
        for official in everybody()
        for code in ("BT_DU", "CT_UBND", "TC_KT")
        if not official.appointments.as_of(FROM).filter(position__code=code).exists()
    ]
    criterion, told = criterion_of("FULL"), 0
    for found in prospects(planned, DAY, criterion=criterion):
        row = found.planned
        held = Appointment(official=row.official, position=row.position, unit=row.unit, start_date=DAY)
        asked = [
            reason
            for reason in reasons(row.official, DAY, criterion=criterion, supposed=Supposed(posts=[held]))
            if reason.is_counted
        ]
        lacking = {(reason.dimension, reason.required) for reason in asked if reason.verdict in ("not_met", "unknown")}
        assert {(gap.dimension, gap.required) for gap in found.gaps} == lacking
        assert (found.verdict == Verdict.COMPLIANT) == (bool(asked) and not lacking)
        told += len(lacking)
    assert told > len(planned) / 2  # many lack something: the comparison says something


def test_as_many_queries_are_asked_as_one_person_has_planned_posts(django_assert_max_num_queries):
    officials = everybody()
    planned = [
        plan(official, "BT_DU")
        for official in officials
        if not official.appointments.as_of(FROM).filter(position__code="BT_DU").exists()
    ]
    criterion = criterion_of("FULL")
    with django_assert_max_num_queries(5):
        prospects(planned, DAY, criterion=criterion)
    planned.append(plan(planned[0].official, "CT_UBND"))
    with django_assert_max_num_queries(6):
        found = prospects(planned, DAY, criterion=criterion)
    assert [row.planned for row in found] == planned
    assert all(row.verdict for row in found)


def test_being_planned_moves_no_figure():
    before = rates_by("district", day=DAY, criterion=criterion_of("FULL"))
    for official in everybody():
        if not official.appointments.as_of(FROM).filter(position__code="BT_DU").exists():
            plan(official, "BT_DU")
    assert rates_by("district", day=DAY, criterion=criterion_of("FULL")) == before


@pytest.mark.parametrize(
    ("day", "is_planned"),
    [(FROM - timedelta(1), False), (FROM, True), (UNTIL, True), (UNTIL + timedelta(1), False)],
)
def test_somebody_is_planned_from_the_decision_to_the_end_of_the_term(day, is_planned):
    plan(person("Trần Thị Ánh"), "BT_DU")
    assert PlannedPost.objects.as_of(day).exists() == is_planned


def test_nobody_is_planned_for_the_post_that_is_held_nor_twice_for_one():
    official = person("Trần Thị Ánh")
    held = official.appointments.as_of(DAY).get(is_primary=True)
    with pytest.raises(ValidationError, match="đang giữ chức danh này"):
        registry.plan_for(official, held.position, held.unit, **TERM, by=None)
    plan(official, "BT_DU")
    with pytest.raises(ValidationError, match="đã có trong quy hoạch"):
        plan(official, "BT_DU", start_date=UNTIL, end_date=None)
    plan(official, "BT_DU", start_date=UNTIL + timedelta(1), end_date=None)
    with pytest.raises(ValidationError):
        plan(official, "CT_UBND", end_date=FROM - timedelta(1))


def test_who_is_taken_out_stays_to_the_last_day_given():
    planned = plan(person("Trần Thị Ánh"), "BT_DU")
    for day, told in (
        (FROM - timedelta(1), "từ ngày 01/06/2015"),
        (UNTIL + timedelta(1), "đã hết vào ngày 31/05/2020"),
    ):
        with pytest.raises(ValidationError, match=told):
            registry.take_out(planned, last_day=day, reason="Chuyển", by=None)
    registry.take_out(planned, last_day=FROM, reason="Chuyển công tác", by=None)
    assert [PlannedPost.objects.as_of(FROM + timedelta(days)).count() for days in (0, 1)] == [1, 0]
    assert Change.objects.filter(table_name="cadres_plannedpost", person=planned.official_id).count() == 2


# ---------------------------------------------------------------- on screen


def test_what_is_lacking_is_said_before_somebody_is_planned(province_staff):
    official, client = person("Trần Thị Ánh"), client_of(province_staff)
    unit = official.appointments.as_of(DAY).get(is_primary=True).unit
    add = reverse("cadres:planned-post-add", args=[official.pk]) + f"?ngay={DAY}"
    typed = {
        "position": position_of("BT_DU").pk,
        "unit": unit.pk,
        "term": "2015-2020",
        "start_date": "2015-06-01",
        "decision": "QĐ 5",
    }
    asked = client.post(add, typed)
    assert "chưa đủ điều mà chức danh quy hoạch yêu cầu" in text_of(asked.content.decode())
    assert not PlannedPost.objects.exists()
    tick = asked.context["form"].fields["is_acknowledged"].widget.attrs["value"]

    refused = client.post(add, typed | {"is_acknowledged": tick, "position": position_of("CT_UBND").pk})
    assert refused.status_code == 200  # the tick was for what another post asks
    assert client.post(add, typed | {"is_acknowledged": tick}).status_code == 302
    planned = PlannedPost.objects.get()
    assert (planned.position.code, planned.unit, planned.end_date) == ("BT_DU", unit, None)

    page = read(client, reverse("cadres:official-detail", args=[official.pk]) + f"?ngay={DAY}")
    assert "Đưa ra khỏi quy hoạch" not in text_of(page)
    assert "2015-2020" in text_of(page)
    end = reverse("cadres:planned-post-end", args=[official.pk, planned.pk])
    assert client.post(end, {"last_day": "2015-12-31", "reason": "Chuyển"}).status_code == 302
    planned.refresh_from_db()
    assert (planned.end_date, planned.taken_out_because) == (DAY, "Chuyển")


def test_an_officer_sees_and_plans_the_own_people_only():
    officials = everybody()
    for official in officials:
        if not official.appointments.as_of(FROM).filter(position__code="BT_DU").exists():
            plan(official, "BT_DU")
    make_unit()
    own = client_of(make_user("huyen", "unit_officer", "085"))
    everyone = client_of(make_user("lanh-dao-tinh", "leader"))
    address = reverse("courses:planned-list") + f"?ngay={DAY}"
    shown = [page.context["page"].paginator.count for page in (own.get(address), everyone.get(address))]
    assert 0 < shown[0] < shown[1] == PlannedPost.objects.as_of(DAY).count()
