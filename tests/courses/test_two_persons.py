"""Two persons: who prepared a plan, an amendment or a list of people does not approve it as long as another could."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import roles
from cadres.models import Act, User
from courses.enrolment.nomination import decide
from courses.models import Enrolment, PlanLine, TrainingPlan
from courses.planning import add_line, approve_amendment, approve_plan, begin_amendment, create_plan, save_line
from courses.steps import move
from tests.builders import make_class, make_enrolment, make_official, make_programme
from tests.conftest import DAY, client_of, make_user
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(db) -> User:
    return make_user("mot", (roles.TRAINING_STAFF, roles.APPROVER))


@pytest.fixture
def other(db) -> User:
    return make_user("hai", roles.APPROVER)


def plan_of(*writers: User) -> TrainingPlan:
    plan = create_plan(year=2016, title="Kế hoạch 2016", budgets={}, by=writers[0])
    for writer in writers:
        save_line(PlanLine(plan=plan, programme=make_programme(), class_count=1, seats=30), by=writer)
    return plan


def test_who_had_a_hand_in_a_plan_does_not_approve_it_and_another_does(one, other):
    plan = plan_of(one)
    with pytest.raises(ValidationError, match="Hãy nhờ người phê duyệt khác: hai"):
        approve_plan(plan, number="QĐ 1", on=DAY, alone="Vội", by=one)
    assert approve_plan(plan, number="QĐ 1", on=DAY, by=other).approved_by == other


def test_where_nobody_else_could_it_goes_with_a_reason_and_the_log_says_so(one):
    plan = plan_of(one)
    with pytest.raises(ValidationError, match="vì sao một người làm cả hai việc"):
        approve_plan(plan, number="QĐ 1", on=DAY, by=one)
    approve_plan(plan, number="QĐ 1", on=DAY, alone="Sở chỉ có một người", by=one)
    assert Act.objects.first().reason == "Một mình vừa lập vừa phê duyệt: Sở chỉ có một người"


def test_two_who_both_wrote_are_alone_together_and_who_is_suspended_does_not_count(one, other):
    plan = plan_of(one, make_user("ba", (roles.TRAINING_STAFF, roles.APPROVER)))
    User.objects.filter(pk=other.pk).update(is_active=False)
    approve_plan(plan, number="QĐ 1", on=DAY, alone="Cả hai cùng lập", by=one)


def test_an_amendment_is_approved_by_another_than_who_wrote_it(one, other):
    plan = plan_of(one)
    approve_plan(plan, number="QĐ 1", on=DAY, by=other)
    amendment = begin_amendment(plan, reason="Thêm lớp", by=None)
    add_line(amendment, programme=make_programme(), class_count=1, seats=30, by=other)
    with pytest.raises(ValidationError, match="mot"):
        approve_amendment(amendment, number="QĐ 2", on=DAY, by=other)
    assert approve_amendment(amendment, number="QĐ 2", on=DAY, by=one).approved_by == one


def test_people_are_sent_by_another_than_who_approved_them(one, other):
    training_class = make_class(state="open", start_date=DAY, end_date=DAY)
    move([make_enrolment(make_official(), training_class, Enrolment.State.NOMINATED)], Enrolment.State.APPROVED, by=one)
    order = {"number": "1/QĐ", "signed_on": DAY, "signer": "", "signer_post": ""}
    with pytest.raises(ValidationError, match="hai"):
        decide(training_class, **order, by=one)
    assert decide(training_class, **order, by=other).number == "1/QĐ"
    User.objects.filter(pk=other.pk).update(is_active=False)
    move([make_enrolment(make_official(), training_class, Enrolment.State.NOMINATED)], Enrolment.State.APPROVED, by=one)
    decide(training_class, **order | {"number": "2/QĐ"}, alone="Một mình", by=one)
    assert Act.objects.first().reason == "Một mình vừa lập vừa phê duyệt: Một mình"


def test_the_pages_ask_for_the_reason_only_where_one_is_alone(one, leader):
    plan = plan_of(one)
    page = reverse("courses:plan-approve", args=[plan.pk])
    assert "Vì sao một mình" in text_of(client_of(one).get(page).content.decode())
    assert client_of(leader).get(page).status_code == 403
    other = make_user("hai", roles.APPROVER)
    assert "Vì sao một mình" not in text_of(client_of(one).get(page).content.decode())
    refused = client_of(one).post(page, {"number": "QĐ 1", "on": "2015-12-31"})
    assert "Hãy nhờ người phê duyệt khác: hai" in text_of(refused.content.decode())
    assert client_of(other).post(page, {"number": "QĐ 1", "on": "2015-12-31"}).status_code == 302
