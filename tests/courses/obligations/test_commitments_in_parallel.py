"""Two at the same moment on one commitment: it is repaid once, and not changed under a repayment computed from it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from courses.models import Commitment, Enrolment, Programme, Repayment
from courses.obligations.commitments import change_commitment, mark_paid, record_commitment, record_repayment
from tests.builders import make_class, make_enrolment, make_official, make_programme
from tests.parallel import before_commit

pytestmark = pytest.mark.usefixtures("shared_database")

TERMS = {"signed_on": date(2015, 3, 1), "starts_on": date(2015, 4, 1), "months": 2}


@pytest.fixture
def enrolment() -> Enrolment:
    programme = make_programme(kind=Programme.Kind.DEGREE)
    return make_enrolment(make_official(), make_class(programme), Enrolment.State.COMPLETED)


@pytest.fixture
def commitment(enrolment) -> Commitment:
    return record_commitment(enrolment, **TERMS, cost=100, by=None)


def repay(commitment: Commitment) -> Repayment:
    return record_repayment(
        commitment, case="quit", on=date(2015, 3, 3), decision="QĐ 1", decided_on=date(2015, 3, 3), by=None
    )


def test_of_two_commitments_for_one_class_one_is_refused(enrolment):
    def record() -> None:
        record_commitment(enrolment, **TERMS, cost=100, by=None)

    (refusal,) = before_commit(record, record)

    assert isinstance(refusal, ValidationError)
    assert "đã có cam kết cho lớp này" in refusal.messages[0]


def test_a_repayment_is_recorded_once(commitment):
    (refusal,) = before_commit(lambda: repay(commitment), lambda: repay(commitment))

    assert isinstance(refusal, ValidationError)
    assert "đã có quyết định đền bù" in refusal.messages[0]


def test_a_commitment_is_not_changed_under_a_repayment_computed_from_it(commitment):
    (refusal,) = before_commit(
        lambda: repay(commitment), lambda: change_commitment(commitment, **TERMS, cost=200, by=None)
    )

    assert isinstance(refusal, ValidationError)
    commitment.refresh_from_db()
    assert commitment.cost == Repayment.objects.get(commitment=commitment).amount == 100


def test_a_repayment_is_computed_from_what_a_change_has_left(commitment):
    raised = before_commit(lambda: change_commitment(commitment, **TERMS, cost=200, by=None), lambda: repay(commitment))

    assert raised == []
    assert Repayment.objects.get(commitment=commitment).amount == 200


def test_a_repayment_is_paid_once(commitment):
    record = repay(commitment)
    first, second = date(2015, 5, 1), date(2015, 6, 1)

    (refusal,) = before_commit(
        lambda: mark_paid(record, paid_on=first, by=None), lambda: mark_paid(record, paid_on=second, by=None)
    )

    assert isinstance(refusal, ValidationError)
    assert Repayment.objects.get(pk=record.pk).paid_on == first
