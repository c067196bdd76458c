"""What training may cost: dated norms, and what a class comes to by them."""

from datetime import date, timedelta

import pytest

from courses.models import CostNorm, Programme
from courses.planning.costs import Norms, estimate, norms_on
from tests.builders import make_programme

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2012, 1, 1), date(2014, 12, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "norm"),
    [(FIRST - DAY, None), (FIRST, 110_000), (LAST, 110_000), (LAST + DAY, 120_000), (date(2030, 1, 1), 120_000)],
    ids=str,
)
def test_a_norm_holds_from_its_first_to_its_last_day(day, norm):
    programme = make_programme()
    CostNorm.objects.create(kind=programme.kind, per_trainee_day=110_000, start_date=FIRST, end_date=LAST)
    CostNorm.objects.create(kind=programme.kind, per_trainee_day=120_000, start_date=LAST + DAY)

    assert norms_on(day).per_trainee_day(programme) == norm


def test_the_norm_of_a_programme_wins_over_that_of_its_kind_while_it_holds():
    own, other = make_programme(), make_programme()
    CostNorm.objects.create(kind=own.kind, per_trainee_day=110_000)
    CostNorm.objects.create(kind=own.kind, programme=own, per_trainee_day=0, start_date=FIRST, end_date=LAST)

    assert norms_on(LAST).per_trainee_day(own) == 0
    assert norms_on(LAST).per_trainee_day(other) == 110_000
    assert norms_on(LAST + DAY).per_trainee_day(own) == 110_000


def test_a_kind_without_norm_says_so():
    CostNorm.objects.create(kind=Programme.Kind.WORKSHOP, per_trainee_day=150_000)

    norms = norms_on(FIRST)

    assert norms.per_trainee_day(make_programme(kind=Programme.Kind.DEGREE)) is None
    assert norms.per_trainee_day(make_programme(kind=Programme.Kind.WORKSHOP)) == 150_000


def test_norms_of_a_day_are_one_query(django_assert_num_queries):
    programmes = [make_programme() for _ in range(3)]
    for programme in programmes:
        CostNorm.objects.create(kind=programme.kind, programme=programme, per_trainee_day=100_000)

    with django_assert_num_queries(1):
        norms = norms_on(FIRST)
        assert [norms.per_trainee_day(programme) for programme in programmes] == [100_000] * 3


@pytest.mark.parametrize(("hours", "days"), [(1, 1), (8, 1), (9, 2), (40, 5), (41, 6)])
def test_an_estimate_is_days_times_trainees_times_norm(hours, days):
    programme = make_programme(hours=hours)
    norms = Norms(FIRST, of_kinds={programme.kind: 110_000})

    assert programme.days == days
    assert estimate(programme, 30, norms) == days * 30 * 110_000


def test_without_a_norm_nothing_can_be_estimated():
    assert estimate(make_programme(), 30, Norms(FIRST)) == 0
