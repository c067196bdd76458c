"""Two at the same moment: the plan is approved once, the last class of a line is set up once, its money given once."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from courses.classes import commit_funding, save_class
from courses.models import ClassFunding, PlanLine, TrainingClass, TrainingPlan
from courses.planning import (
    approve_plan,
    begin_amendment,
    create_plan,
    save_line,
)
from tests.builders import class_of_line, make_programme
from tests.parallel import in_parallel

pytestmark = pytest.mark.usefixtures("own_database")

SIGNED = date(2015, 12, 25)


@pytest.fixture
def line() -> PlanLine:
    plan = create_plan(year=2016, title="Kế hoạch", budgets={"local": 100}, by=None)
    return save_line(PlanLine(plan=plan, programme=make_programme(), seats=40, class_count=1, cost_local=100), by=None)


def test_of_two_approvals_one_holds_and_the_other_is_told(line):
    raised = in_parallel(*(lambda n=n: approve_plan(line.plan, number=f"QĐ {n}", on=SIGNED, by=None) for n in range(4)))

    [plan] = TrainingPlan.objects.all()
    assert len(raised) == 3
    assert all(isinstance(error, ValidationError) for error in raised)
    assert all(plan.decision_number in error.messages[0] for error in raised)


def test_of_two_amendments_begun_at_once_one_is_refused(line):
    approve_plan(line.plan, number="QĐ 1", on=SIGNED, by=None)

    raised = in_parallel(*(lambda: begin_amendment(line.plan, reason="x", by=None) for _ in range(3)))

    assert [type(error) for error in raised] == [ValidationError] * 2
    assert line.plan.amendments.count() == 1


def test_the_last_class_of_a_line_is_set_up_once(line):
    approve_plan(line.plan, number="QĐ 1", on=SIGNED, by=None)

    classes = [class_of_line(line, code=f"L{number}") for number in range(4)]
    raised = in_parallel(*(lambda it=it: save_class(it, by=None) for it in classes))

    assert [type(error) for error in raised] == [ValidationError] * 3
    assert TrainingClass.objects.count() == 1
    assert list(ClassFunding.objects.values_list("committed", flat=True)) == [100]


def test_two_classes_of_a_line_do_not_both_take_what_is_left(line):
    line.class_count = 2
    save_line(line, by=None)
    approve_plan(line.plan, number="QĐ 1", on=SIGNED, by=None)
    classes = [save_class(class_of_line(line, code=f"L{number}"), by=None) for number in range(2)]
    for training_class in classes:
        commit_funding(training_class, {"local": 30}, by=None)

    raised = in_parallel(*(lambda it=it: commit_funding(it, {"local": 70}, by=None) for it in classes))

    assert [type(error) for error in raised] == [ValidationError]
    assert sorted(ClassFunding.objects.values_list("committed", flat=True)) == [30, 70]
