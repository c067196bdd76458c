"""The seats of a class: whose they are, how many are left, and what waits for whom."""

from datetime import timedelta

import pytest

from cadres.models import Unit
from courses.classes import set_quotas
from courses.models import Enrolment, TrainingClass
from courses.seats import seats_of, with_district, with_own_seats
from courses.to_do import CLASSES
from tests.builders import make_appointment, make_enrolment, make_institution, position_of
from tests.conftest import DAY, make_user, unit_of
from tests.courses.classes.march import AFTER, BEFORE, END, START, a_class, enrolled, person
from tests.province import THANH_BINH

pytestmark = pytest.mark.django_db


def test_seats_are_counted_by_the_district_of_the_post_on_the_first_day(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated")
    enrolled(training_class, "decided")
    enrolled(training_class, "waiting")
    enrolled(training_class, "rejected")
    enrolled(training_class, "nominated", THANH_BINH)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)

    seats = seats_of(training_class)

    assert (seats.total, seats.taken, seats.waiting, seats.left) == (5, 4, 1, 1)
    assert seats.by_district == {bac_ha.pk: (2, 2), muong_khuong.pk: (1, 1)}
    assert (seats.reserve, seats.reserve_taken, seats.reserve_left) == (2, 1, 1)
    assert (seats.left_of(bac_ha.pk), seats.left_of(muong_khuong.pk)) == (0, 0)


def test_a_class_without_quotas_has_no_reserve_and_seats_for_everybody(bac_ha):
    training_class = a_class(seats=3)
    enrolled(training_class, "nominated")

    seats = seats_of(training_class)

    assert (seats.has_quotas, seats.reserve, seats.left_of(bac_ha.pk), seats.left_of(unit_of("083").pk)) == (
        False,
        0,
        2,
        2,
    )


def test_a_quota_gives_no_seat_of_a_class_that_is_full(bac_ha, muong_khuong):
    training_class = a_class(seats=2)
    set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    for _ in range(2):  # one of them has moved to that district since
        enrolled(training_class, "nominated", THANH_BINH)

    assert seats_of(training_class).left_of(bac_ha.pk) == 0


@pytest.mark.parametrize(
    ("first_day_in_thanh_binh", "district"),
    [(BEFORE, "083"), (START, "083"), (START + timedelta(days=1), "085"), (AFTER, "085")],
)
def test_the_district_is_that_of_the_day_on_which_the_class_starts(first_day_in_thanh_binh, district):
    training_class = a_class()
    mover = person(end_date=first_day_in_thanh_binh - timedelta(days=1))
    make_appointment(mover, position_of("BT_DU"), unit_of(THANH_BINH), start_date=first_day_in_thanh_binh)
    make_enrolment(mover, training_class, "nominated")
    enrolments = Enrolment.objects.all()

    assert with_district(enrolments, training_class).get().district_id == unit_of(district).pk
    assert with_district(enrolments).get().district_id == unit_of(district).pk


def test_who_held_no_post_on_the_first_day_has_no_district():
    training_class = a_class()
    make_enrolment(person(start_date=START + timedelta(days=1)), training_class, "nominated")

    assert seats_of(training_class).by_district == {None: (0, 1)}


def test_counting_seats_takes_as_many_queries_for_one_as_for_many(django_assert_num_queries):
    training_class = a_class(seats=30)
    for _ in range(12):
        enrolled(training_class, "nominated")

    with django_assert_num_queries(2):
        seats_of(training_class)


# ---------------------------------------------------------------- what waits for whom


def test_an_officer_is_told_of_open_classes_with_a_seat_for_the_own_people(district_officer, bac_ha, muong_khuong):
    a_class("planned")
    free = a_class(seats=1)  # no quotas, one seat
    quota = a_class(seats=4)
    set_quotas(quota, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    foreign = a_class()
    set_quotas(foreign, {muong_khuong.pk: 5}, by=None)
    closed = a_class(enrol_until=DAY - timedelta(days=1))
    last_day = a_class(enrol_until=DAY)

    assert CLASSES["con_cho"].rows(district_officer, DAY).count() == 3  # free, quota, last_day
    enrolled(quota, "nominated", THANH_BINH)
    assert CLASSES["con_cho"].rows(district_officer, DAY).count() == 3
    enrolled(quota, "nominated")
    assert CLASSES["con_cho"].rows(district_officer, DAY).count() == 2
    enrolled(free, "nominated", THANH_BINH)
    assert CLASSES["con_cho"].rows(district_officer, DAY).count() == 1
    assert CLASSES["con_cho"].rows(district_officer, DAY + timedelta(days=1)).count() == 0
    assert {closed.state, last_day.state} == {"open"}


def test_own_seats_are_those_of_the_districts_and_unknown_without_quotas(bac_ha, muong_khuong):
    quota, free = a_class(), a_class()
    set_quotas(quota, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(quota, "nominated")
    enrolled(quota, "nominated", THANH_BINH)
    enrolled(free, "nominated")
    own = Unit.objects.filter(pk=bac_ha.pk)

    found = {
        row.pk: (row.own_quota, row.own_taken, row.all_taken)
        for row in with_own_seats(TrainingClass.objects.all(), own)
    }
    assert found == {quota.pk: (2, 1, 2), free.pk: (None, 1, 1)}


def test_a_seat_of_the_reserve_uses_up_no_quota(district_officer, bac_ha):
    training_class = a_class(seats=3)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    enrolled(training_class, "nominated", is_from_reserve=True)

    (found,) = with_own_seats(TrainingClass.objects.all(), Unit.objects.filter(pk=bac_ha.pk))
    assert (found.own_quota, found.own_taken, found.all_taken) == (1, 0, 1)
    assert CLASSES["con_cho"].rows(district_officer, DAY).count() == 1


def test_sonoivu_is_told_of_nominations_and_an_institution_of_its_classes_past_their_end(province_staff):
    institution_account = make_user("truong", "training_institution")
    school = make_institution(user=institution_account)
    enrolled(a_class(), "nominated")
    enrolled(a_class(), "waiting")
    a_class("running", institution=school)
    a_class("running")

    assert CLASSES["duyet"].rows(province_staff, DAY).count() == 1
    assert [CLASSES["ket_qua"].rows(institution_account, day).count() for day in (END, AFTER)] == [0, 1]
