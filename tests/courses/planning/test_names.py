"""The names that a plan keeps of its proposal: what has become of them, and who comes first for a class."""

from datetime import date

import pytest
from django.urls import reverse

from cadres import registry
from cadres.models import Appointment
from courses.access import proposed_visible_to
from courses.enrolment.candidates import Candidates, most_urgent_first
from courses.models import CostNorm, Programme, ProposedPerson, TrainingClass, TrainingPlan
from courses.planning import amend_line, approve_amendment, approve_plan, begin_amendment, save_line
from courses.planning.draft import create_plan
from courses.planning.foreseen import foreseen
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import propose
from courses.proposed import Since, counted_since
from courses.under_way import planned_studies
from tests.builders import class_of_line, criterion_of, make_enrolment, make_programme, make_qualification
from tests.conftest import client_of
from tests.courses.planning.proposal.test_proposing import clerks
from tests.province import DAY, THANH_BINH
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


@pytest.fixture
def drafted(province_database) -> tuple[TrainingPlan, list, list]:
    """A draft with one line for the three clerks of thị trấn Bắc Hà who lack the computer certificate."""
    Programme.objects.all().delete()
    CostNorm.objects.all().delete()
    make_programme("it:A", title="Tin học cơ bản")
    CostNorm.objects.create(kind="certificate", per_trainee_day=100_000, start_date=date(2015, 1, 1))
    people = clerks(3)
    plan = create_plan(year=2016, title="2016", budgets={"local": 90_000_000}, by=None)
    others = Appointment.objects.filter(official__in=people)
    proposal = propose(2016, 90_000_000, day=DAY, criterion=criterion_of(), fewest=3, most=6, appointments=others)
    return plan, draft_from_proposal(plan, proposal, by=None), people


def names_of(line) -> set[int]:
    return set(ProposedPerson.objects.filter(line=line).values_list("official", flat=True))


def told(line, day: date = DAY) -> dict[Since, int]:
    return dict(counted_since(ProposedPerson.objects.filter(line=line), day))


def leave(official, day: date) -> None:
    post = Appointment.objects.get(official=official)
    registry.end_appointment(post, end_date=day, reason="transferred", by=None)


def test_a_drafted_line_says_for_whom_it_is(drafted, province_staff):
    plan, (line,), people = drafted
    assert names_of(line) == {one.pk for one in people}

    found = foreseen(plan, [line], DAY, criterion=criterion_of())[line.pk]
    assert (found.named, len(found.made_compliant), found.gone) == (3, 3, 0)
    page = text_of(read(client_of(province_staff), reverse("courses:plan-detail", args=[plan.pk]) + f"?ngay={DAY}"))
    assert "3 người có tên" in page
    assert "chưa ai có tên" not in page


def test_what_has_become_of_each_name_is_said(drafted, province_staff):
    plan, (line,), people = drafted
    assert told(line) == {Since.WAITS: 3}
    taught = class_of_line(line, code="L1", state=TrainingClass.State.OPEN)
    taught.save()
    make_enrolment(people[0], taught, "approved")
    leave(people[1], date(2015, 12, 1))
    make_qualification(people[2], "it", "A", as_of=DAY)

    assert told(line) == {Since.IN_CLASS: 1, Since.GONE: 1, Since.HELD: 1}
    assert Since.GONE not in told(line, date(2015, 12, 1)), "the last day in office"
    assert told(line, date(2015, 12, 2))[Since.GONE] == 1
    found = foreseen(plan, [line], DAY, criterion=criterion_of())[line.pk]
    assert (found.named, found.gone) == (1, 1), "who has the level already needs no seat"
    client = client_of(province_staff)
    page = text_of(read(client, reverse("courses:plan-line-people", args=[plan.pk, line.pk]) + f"?ngay={DAY}"))
    for words in ("3 người", "Đã vào lớp của dòng này", "Không còn giữ chức danh", "Đã có trình độ này"):
        assert words in page
    detail = text_of(read(client, reverse("courses:plan-detail", args=[plan.pk]) + f"?ngay={DAY}"))
    assert "1 người đã rời" in detail


def test_a_seat_that_a_class_has_given_is_not_for_a_name(drafted):
    plan, (line,), _ = drafted
    taught = class_of_line(line, code="L1", state=TrainingClass.State.OPEN)
    taught.save()
    for one in clerks(2, THANH_BINH):
        make_enrolment(one, taught, "approved")

    assert foreseen(plan, [line], DAY, criterion=criterion_of())[line.pk].named == 3, "two study, one seat is left"


def test_names_stay_with_a_line_of_their_programme_only(drafted):
    _, (line,), _ = drafted
    line.seats = 10
    save_line(line, by=None)
    assert len(names_of(line)) == 3
    line.programme = make_programme(title="Kỹ năng")
    save_line(line, by=None)
    assert names_of(line) == set()


def test_names_go_over_to_the_line_of_an_approved_amendment(drafted):
    plan, (line,), people = drafted
    approve_plan(plan, number="1", on=DAY, by=None)
    assert planned_studies(DAY, [people[0].pk]) == {(people[0].pk, line.programme_id): 2016}
    assert planned_studies(date(2017, 1, 1), [people[0].pk]) == {}
    amendment = begin_amendment(plan, reason="Thêm chỗ", by=None)
    new = amend_line(amendment, line, seats=8, by=None)
    assert (len(names_of(line)), len(names_of(new))) == (3, 0)

    approve_amendment(amendment, number="2", on=DAY, by=None)

    assert (len(names_of(line)), len(names_of(new))) == (0, 3)
    assert planned_studies(DAY, [people[0].pk]) == {(people[0].pk, line.programme_id): 2016}


def test_who_is_named_comes_first_for_a_class_of_the_line_and_can_be_chosen_alone(drafted, district_officer):
    _, (line,), people = drafted
    others = clerks(2)
    taught = class_of_line(line, code="L1", state=TrainingClass.State.OPEN)
    taught.save()
    candidates = Candidates.of(taught, DAY, criterion=criterion_of(), appointments=Appointment.objects.all())
    ordered = list(
        most_urgent_first(candidates.needing(candidates.posts()), candidates).values_list("official", flat=True)
    )
    assert set(ordered[:3]) == {one.pk for one in people}
    assert {one.pk for one in others} < set(ordered)

    client, page = client_of(district_officer), reverse("courses:class-enrol", args=[taught.pk]) + f"?ngay={DAY}"
    everybody = text_of(read(client, page))
    assert "chờ cử vào lớp 3 người" in everybody
    named = read(client, page + "&ai=ke_hoach")
    assert "Kế hoạch có tên" in named
    assert all(f"/can-bo/{one.pk}/" in named for one in people)
    assert not any(f"/can-bo/{one.pk}/" in named for one in others)


def test_an_officer_sees_the_names_of_the_own_people(drafted, district_officer, province_staff):
    _, (line,), people = drafted
    foreign = clerks(1, THANH_BINH)
    ProposedPerson.objects.create(line=line, official=foreign[0], proposed_on=DAY)

    assert proposed_visible_to(province_staff).filter(line=line).count() == 4
    assert set(proposed_visible_to(district_officer).filter(line=line).values_list("official", flat=True)) == {
        one.pk for one in people
    }
