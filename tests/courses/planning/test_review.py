"""A plan beside its result: turns, money and people made compliant of each line, and why it was less."""

from datetime import date

import pytest
from django.urls import reverse

from courses.models import CostNorm, FundingSource, PlanLine, Programme, TrainingClass
from courses.planning.draft import approve_plan, create_plan, save_line
from courses.planning.review import result_of
from courses.results.certificates import issue_certificates
from tests.builders import (
    class_of_line,
    criterion_of,
    make_enrolment,
    make_institution,
    make_programme,
    make_qualification,
)
from tests.conftest import client_of
from tests.courses.planning.proposal.test_proposing import clerks
from tests.province import DAY
from tests.reports.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

ENDS = date(2016, 3, 11)
AFTER = date(2016, 12, 31)


@pytest.fixture
def line() -> PlanLine:
    """Two classes of four of the course that clerks lack, of which one was held and one cancelled: of five who were
    sent three completed, two of whom meet the standard by it."""
    Programme.objects.all().delete()
    CostNorm.objects.all().delete()
    plan = create_plan(year=2016, title="2016", budgets={"local": 9_000_000}, by=None)
    course = make_programme("it:A", title="Tin học cơ bản")
    line = save_line(PlanLine(plan=plan, programme=course, class_count=2, seats=4, cost_local=8_000_000), by=None)
    approve_plan(plan, number="1/QĐ", on=DAY, by=None)
    taught = class_of_line(line, code="L1", institution=make_institution(), state=TrainingClass.State.ENDED)
    taught.save()
    taught.funding.create(source=FundingSource.LOCAL, committed=4_000_000, spent=3_500_000, settled_on=ENDS)
    dropped = class_of_line(line, code="L2", state=TrainingClass.State.CANCELLED)
    dropped.save()
    dropped.funding.create(source=FundingSource.LOCAL, committed=4_000_000, spent=100_000, settled_on=ENDS)
    people = clerks(6)
    people[2].qualifications.filter(level__dimension__code="education").delete()  # lacks more than the course
    states = ("completed", "completed", "completed", "failed", "withdrawn")
    enrolments = [make_enrolment(one, taught, state) for one, state in zip(people, states, strict=False)]
    make_enrolment(people[5], dropped, "rejected")
    entries = [(one.pk, f"{at}/CC", f"{at}") for at, one in enumerate(enrolments[:3], start=1)]
    issue_certificates(taught, entries, issued_on=ENDS, signer="Hiệu trưởng", by=None)
    return line


def test_a_line_is_told_beside_what_its_classes_came_to(line):
    result = result_of(line.plan, AFTER, criterion=criterion_of())
    (one,) = result.lines
    assert (one.classes, one.cancelled, one.sent, one.completed) == (1, 1, 5, 3)
    assert (one.given, one.settled) == (4_100_000, 3_600_000)
    assert (len(one.made_compliant), result.made_compliant, result.planned_turns) == (2, 2, 8)
    assert one.why == [
        "1 lớp chưa mở (1 lớp đã hủy)",
        "3 chỗ trống",
        "1 thôi học",
        "1 không đạt",
        "1 có chứng chỉ mà chưa thành đạt chuẩn (còn thiếu điều khác, hoặc đã đạt từ trước)",
    ]


def test_before_the_certificates_nobody_is_made_compliant_and_from_their_day_on_they_are(line):
    def made(day: date) -> int:
        return result_of(line.plan, day, criterion=criterion_of()).made_compliant

    assert [made(day) for day in (date(2016, 3, 10), ENDS, date(2016, 3, 12))] == [0, 2, 2]
    (one,) = result_of(line.plan, date(2016, 3, 10), criterion=criterion_of()).lines
    assert "3 chưa có chứng chỉ" in one.why


def test_who_learns_in_two_lines_is_counted_once_in_all(line):
    other = save_line(_second(line), by=None)
    taught = class_of_line(other, code="L3", institution=make_institution("Trường B"), state=TrainingClass.State.ENDED)
    taught.save()
    person = line.classes.get(code="L1").enrolments.filter(state="completed").first().official
    again = make_enrolment(person, taught, "completed")
    issue_certificates(taught, [(again.pk, "9/CC", "9")], issued_on=ENDS, signer="Hiệu trưởng", by=None)
    result = result_of(line.plan, AFTER, criterion=criterion_of())
    assert sorted(len(one.made_compliant) for one in result.lines) == [1, 2]
    assert result.made_compliant == 2
    make_qualification(person, "it", "A", as_of=date(2015, 6, 1))  # it was there before the year: nothing was raised
    assert result_of(line.plan, AFTER, criterion=criterion_of()).made_compliant == 1


def test_a_line_that_gives_no_level_that_counts_makes_nobody_compliant(line):
    person = line.classes.get(code="L1").enrolments.filter(state="completed").first().official
    for number, programme in enumerate(
        (make_programme(title="Kỹ năng"), make_programme("foreign_language:A")), start=1
    ):
        other = save_line(_second(line, programme), by=None)
        school = make_institution(f"Trường {number}")
        taught = class_of_line(other, code=f"L{number}0", institution=school, state=TrainingClass.State.ENDED)
        taught.save()
        again = make_enrolment(person, taught, "completed")
        issue_certificates(taught, [(again.pk, "9/CC", "9")], issued_on=ENDS, signer="Hiệu trưởng", by=None)
    result = result_of(line.plan, AFTER, criterion=criterion_of())
    assert sorted(len(one.made_compliant) for one in result.lines) == [0, 0, 2]


def _second(line: PlanLine, programme: Programme | None = None) -> PlanLine:
    plan = line.plan
    type(plan).objects.filter(pk=plan.pk).update(state="draft", decision_number="", decision_date=None)
    programme = programme or make_programme("professional:TC", title="Trung cấp Luật")
    return PlanLine(plan=type(plan).objects.get(pk=plan.pk), programme=programme, class_count=1, seats=1)


def test_the_page_and_its_file_say_it_to_who_sees_the_money(line, province_staff, leader, district_officer):
    address = reverse("courses:plan-result", args=[line.plan.pk]) + f"?ngay={AFTER}"
    for user in (province_staff, leader):
        page = read(client_of(user), address)
        assert "1 / 2" in page
        assert "quyết toán 3.600.000" in page
        assert "3 chỗ trống; 1 thôi học; 1 không đạt" in page
    assert "3 chỗ trống" in client_of(leader).get(address + "&tep=csv").content.decode()
    assert client_of(district_officer).get(address).status_code == 403
    assert "So với kết quả" in read(client_of(leader), reverse("courses:plan-detail", args=[line.plan.pk]))


def test_a_plan_without_lines_says_so_and_queries_do_not_grow(line, province_staff, django_assert_max_num_queries):
    empty = create_plan(year=2017, title="2017", budgets={}, by=None)
    page = read(client_of(province_staff), reverse("courses:plan-result", args=[empty.pk]))
    assert "chưa có kết quả để so" in page
    with django_assert_max_num_queries(24):
        result_of(line.plan, AFTER, criterion=criterion_of())
