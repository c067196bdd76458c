"""Who studies already: needs it no more, is barred from the same again, and is shown with the class."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from courses.enrolment.nomination import foresee
from courses.models import (
    Certificate,
    DistrictSubmission,
    Enrolment,
    Institution,
    PlanLine,
    Programme,
    TrainingClass,
)
from courses.needs.campaigns import accept, open_campaign, register_computed, submit
from courses.needs.computed import closing_programmes, lacking_posts, needs_of, overview
from courses.planning.draft import approve_plan, create_plan, save_line
from courses.under_way import Stage, planned_studies, studies, under_way
from tests import province
from tests.builders import criterion_of, make_class, make_enrolment, make_programme
from tests.conftest import client_of, unit_of
from tests.province import DAY
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

State = Enrolment.State
NAME = "Lý Thị Lan"  # lacks a TC of her profession, and nothing else
START, END = date(2015, 9, 1), date(2016, 6, 30)


@pytest.fixture
def people():
    Programme.objects.all().delete()
    return province.people()


@pytest.fixture
def course(people):
    return make_programme("professional:TC")


def run(course, *, start: date = START, end: date = END, state: str = TrainingClass.State.RUNNING) -> TrainingClass:
    return make_class(course, start_date=start, end_date=end, state=state)


def who_needs(day: date = DAY) -> set[str]:
    posts = lacking_posts(day, criterion=criterion_of()).select_related("official")
    return {need.post.official.full_name for need in needs_of(posts, closing_programmes(day, criterion=criterion_of()))}


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (State.NOMINATED, Stage.NOMINATED),
        (State.APPROVED, Stage.DECIDED),
        (State.DECIDED, Stage.DECIDED),
        (State.ATTENDING, Stage.STUDYING),
        (State.WAITING, None),
        (State.WITHDRAWN, None),
        (State.REJECTED, None),
        (State.ABSENT, None),
    ],
)
def test_whoever_is_sent_or_studies_needs_it_no_more_and_others_do(people, course, state, stage):
    make_enrolment(people[NAME], run(course), state)
    assert (NAME in who_needs()) == (stage is None)
    assert [study.stage for study in studies(DAY, [people[NAME].pk]).get(people[NAME].pk, [])] == (
        [stage] if stage else []
    )
    whole = overview(closing_programmes(DAY, criterion=criterion_of()))
    assert whole.by_programme[course].people == (1 if stage else 2)  # Páo lacks it too


@pytest.mark.parametrize(
    ("day", "studies_it"),
    [
        *((START - timedelta(1), False), (START, True), (END, True), (END + timedelta(1), True)),
        *((date(2016, 12, 31), True), (date(2017, 1, 1), False)),
    ],
)
def test_a_pupil_studies_from_the_first_day_to_half_a_year_after_the_last(people, course, day, studies_it):
    make_enrolment(people[NAME], run(course), State.ATTENDING)
    assert under_way(day).exists() == studies_it
    assert (NAME in who_needs(max(day, province.DATA_BEGIN))) == (not studies_it)


def test_who_completed_waits_for_the_certificate_and_a_withdrawn_one_ends_that(people, course):
    ended = run(course, start=date(2015, 3, 2), end=date(2015, 11, 30), state=TrainingClass.State.ENDED)
    completed = make_enrolment(people[NAME], ended, State.COMPLETED)
    assert [study.stage for study in studies(DAY, [people[NAME].pk])[people[NAME].pk]] == [Stage.AWAITING]
    assert NAME not in who_needs()

    Certificate.objects.create(
        enrolment=completed,
        institution=Institution.objects.first(),
        number="1",
        book_entry="1",
        issued_on=DAY,
        withdrawn_on=DAY,
        withdrawn_because="Sai",
    )
    assert NAME in who_needs()


def test_a_cancelled_class_a_lower_level_and_another_field_bring_nothing(people, course):
    cancelled = run(course, state=TrainingClass.State.CANCELLED)
    make_enrolment(people[NAME], cancelled, State.ATTENDING)
    make_enrolment(people[NAME], run(make_programme("professional:SC")), State.ATTENDING)
    make_enrolment(people[NAME], run(make_programme("it:A")), State.ATTENDING)
    assert NAME in who_needs()


def test_the_list_shows_who_studies_apart_with_class_and_end(people, course, province_staff):
    taught = run(course)
    make_enrolment(people[NAME], taught, State.ATTENDING)
    client, address = client_of(province_staff), reverse("courses:need-people") + f"?ngay={DAY}"
    assert NAME not in read(client, address)
    shown = text_of(read(client, address + "&dang_hoc=1"))
    assert "1 người" in shown
    assert f"đang học {taught.code} , đến 30/06/2016" in shown
    assert "Hoàng Văn Páo" not in shown
    make_enrolment(people["Hoàng Văn Páo"], run(make_programme("professional:SC")), State.ATTENDING)
    assert "Hoàng Văn Páo" not in read(client, address + "&dang_hoc=1")
    make_enrolment(people["Hoàng Văn Páo"], run(make_programme("professional:DH")), State.ATTENDING)
    assert "Hoàng Văn Páo" in read(client, address + "&dang_hoc=1")


def test_the_same_level_twice_at_once_is_barred_and_said_with_the_class(people, course, province_staff):
    taught, same_level = run(course), make_programme("professional:TC")
    other = run(same_level, start=date(2016, 9, 1), end=date(2017, 6, 30), state="open")
    make_enrolment(people[NAME], taught, State.ATTENDING)
    (refused,) = foresee(other, [people[NAME]], day=DAY, criterion=criterion_of())
    assert refused.state is None
    assert "Đang học, đã cử học" in refused.reasons[0]
    page = text_of(read(client_of(province_staff), reverse("courses:class-enrol", args=[other.pk]) + f"?ngay={DAY}"))
    assert f"lớp {taught.code}, 01/09–30/06/2016" in page
    higher = run(make_programme("professional:DH"), start=date(2017, 9, 1), end=date(2019, 6, 30), state="open")
    (taken,) = foresee(higher, [people[NAME]], day=DAY, criterion=criterion_of())
    assert not any("Đang học" in reason for reason in taken.reasons)


def test_a_campaign_registers_nobody_who_studies_it(people, course, province_staff):
    make_enrolment(people[NAME], run(course), State.ATTENDING)
    opens = date(2015, 12, 1)
    campaign = open_campaign(year=2016, title="2016", opens_on=opens, closes_on=date(2016, 1, 31), by=None)
    submission = DistrictSubmission.objects.get(campaign=campaign, district=unit_of("085"))
    found = register_computed(submission, None, day=DAY, criterion=criterion_of(), by=province_staff)
    assert {need.official.full_name for need in found} == {"Hoàng Văn Páo"}


def test_who_is_to_study_by_the_approved_plan_is_told_so(people, course, province_staff):
    campaign = open_campaign(
        year=2016, title="2016", opens_on=date(2015, 12, 1), closes_on=date(2016, 1, 31), by=province_staff
    )
    submission = DistrictSubmission.objects.get(campaign=campaign, district=unit_of("085"))
    register_computed(submission, None, day=DAY, criterion=criterion_of(), by=province_staff)
    accept(submit(submission, day=DAY, by=province_staff), by=province_staff)
    lan = people[NAME].pk
    assert planned_studies(DAY, [lan]) == {}
    plan = create_plan(year=2016, title="2016", budgets={"local": 10**9}, by=None)
    save_line(PlanLine(plan=plan, programme=course, seats=2), by=None)
    assert planned_studies(DAY, [lan]) == {}
    approve_plan(plan, number="1", on=DAY, by=province_staff)
    assert planned_studies(DAY, [lan]) == {(lan, course.pk): 2016}
    assert planned_studies(date(2017, 1, 1), [lan]) == {}
    page = read(client_of(province_staff), reverse("courses:need-people") + f"?ngay={DAY}")
    assert "dự kiến theo kế hoạch năm 2016" in page
