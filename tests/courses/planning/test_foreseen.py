"""What a plan's lines are to do to the rate: who is named for each, each person once."""

import pytest
from django.urls import reverse

from courses.models import CostNorm, PlanLine, Programme, TrainingClass, TrainingPlan
from courses.planning.draft import create_plan, save_line
from courses.planning.foreseen import foreseen
from tests.builders import class_of_line, criterion_of, make_enrolment, make_programme, make_qualification
from tests.conftest import client_of, unit_of
from tests.courses.planning.proposal.test_proposing import clerks, register
from tests.province import DAY, THANH_BINH
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


@pytest.fixture
def plan(province_database) -> TrainingPlan:
    Programme.objects.all().delete()
    CostNorm.objects.all().delete()
    return create_plan(year=2016, title="2016", budgets={"local": 90_000_000}, by=None)


def line_of(plan: TrainingPlan, programme: Programme, seats: int, **columns) -> PlanLine:
    return save_line(PlanLine(plan=plan, programme=programme, class_count=1, seats=seats, **columns), by=None)


def told(plan: TrainingPlan, *lines: PlanLine) -> list[tuple[int, int]]:
    found = foreseen(plan, lines, DAY, criterion=criterion_of())
    return [(found[line.pk].named, len(found[line.pk].made_compliant)) for line in lines]


def test_who_studies_and_who_is_registered_for_the_seats_left_is_named(plan):
    course = make_programme("it:A", title="Tin học cơ bản")
    line = line_of(plan, course, 3)
    people = clerks(5)
    assert told(plan, line) == [(0, 0)]
    taught = class_of_line(line, code="L1", state=TrainingClass.State.OPEN)
    taught.save()
    make_enrolment(people[0], taught, "approved")
    people[1].qualifications.filter(level__dimension__code="education").delete()  # lacks more than the course
    make_enrolment(people[1], taught, "approved")
    assert told(plan, line) == [(2, 1)]

    register("085", (people[0], course, 1), *((one, course, 2) for one in people[2:]))

    assert told(plan, line) == [(3, 2)], "one seat is left, and who studies already takes none of it"
    make_qualification(people[0], "it", "A", as_of=DAY)
    assert told(plan, line) == [(3, 1)], "who meets the standard already is not made compliant"


def test_a_line_in_a_unit_is_for_its_people_and_each_person_counts_once(plan):
    course, other = make_programme("it:A"), make_programme("it:B")
    near = line_of(plan, course, 4, place=unit_of("085"))
    anywhere, higher = line_of(plan, course, 5), line_of(plan, other, 5)
    people, foreign = clerks(2), clerks(1, THANH_BINH)
    register("085", *((one, course, 2) for one in people))
    register("083", (foreign[0], course, 2))

    assert told(plan, near, anywhere, higher) == [(2, 2), (1, 1), (0, 0)]

    register_again = clerks(1)
    taught = class_of_line(higher, code="L9", state=TrainingClass.State.OPEN)
    taught.save()
    for one in (*people, *register_again):
        make_enrolment(one, taught, "approved")
    assert told(plan, near, anywhere, higher) == [(2, 2), (1, 1), (3, 1)]


def test_the_page_of_the_plan_says_it_of_each_line_and_of_all(plan, province_staff, district_officer):
    course, skills = make_programme("it:A"), make_programme(title="Kỹ năng")
    line_of(plan, course, 3), line_of(plan, skills, 3)
    register("085", *((one, course, 2) for one in clerks(2)))
    page = reverse("courses:plan-detail", args=[plan.pk]) + f"?ngay={DAY}"

    text = text_of(read(client_of(province_staff), page))

    assert "2 trong 2 người có tên" in text
    assert "không nâng mức" in text
    assert "2 người, mỗi người tính một lần" in text
    assert "Sẽ thành đạt chuẩn" not in read(client_of(district_officer), page), "an officer sees a part of the people"
