"""A plan within its budget: the demonstration province, and ten of them at once, with the gap that is left."""

import time
from dataclasses import replace
from datetime import date

import pytest

from cadres.models import Criterion
from courses.planning.costs import norms_on
from courses.planning.proposal import choosing, proposing
from courses.planning.proposal.people import sendable

DAY, YEAR, BUDGET = date(2015, 12, 31), 2016, 7_200_000_000
SECONDS_OF_A_PROVINCE, SECONDS_OF_TEN = 20, 60


@pytest.fixture
def demonstration(databases, django_db_blocker):
    with django_db_blocker.unblock(), databases.clone("demonstration"):
        yield


def test_a_province_is_planned_in_twenty_seconds_and_ten_in_sixty(demonstration):
    criterion = Criterion.objects.get(code="FULL")
    begun = time.perf_counter()
    proposal = proposing.propose(YEAR, BUDGET, day=DAY, criterion=criterion)
    took = time.perf_counter() - begun
    print(
        f"\n{proposal.now.total:,} officials, {BUDGET / 1e9:.1f} thousand million: {proposal.now.percent} → "
        f"{proposal.predicted.percent} % ({proposal.greedy.percent} by hand), {len(proposal.classes)} classes, "
        f"at most {proposal.gap} people more, {took:.1f} s"
    )
    assert took <= SECONDS_OF_A_PROVINCE
    assert proposal.greedy.compliant <= proposal.predicted.compliant
    people = sendable(YEAR, DAY, criterion=criterion, norms=norms_on(date(YEAR, 1, 1)))
    groups, prices = proposing._offered(people, norms_on(date(YEAR, 1, 1)), set())
    for provinces in (1, 2, 5, 10):
        many = [
            replace(group, key=number * 10_000 + group.key, place=number * 1_000_000 + (group.place or 0))
            for number in range(provinces)
            for group in groups
        ]
        problem = choosing.Problem(many, prices, BUDGET * provinces, 15, 40)
        begun = time.perf_counter()
        found = choosing.best(problem, seconds=SECONDS_OF_TEN)
        took = time.perf_counter() - begun
        gap = (found.bound or 0) - found.people
        print(f"{provinces:>2} provinces, {len(many):>5} groups: {found.people:>6} people, gap {gap}, {took:5.1f} s")
        assert took <= SECONDS_OF_TEN + 2
