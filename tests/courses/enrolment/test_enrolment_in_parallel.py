"""Seats and quotas under real parallel connections: officers on the last seat, two districts, seats freed at once."""

from datetime import date

import pytest

from cadres import roles
from cadres.models import Official
from courses.enrolment.nomination import nominate, withdraw
from courses.models import ClassQuota, TrainingClass
from courses.seats import seats_of
from tests.builders import (
    begin_data,
    criterion_of,
    it_is,
    make_appointment,
    make_class,
    make_official,
    make_programme,
    make_qualification,
    make_zone,
    position_of,
)
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.lists import begin_act, finish_act
from tests.parallel import in_parallel
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.usefixtures("shared_database")

OFFICERS = 8


@pytest.fixture(autouse=True, scope="module")
def communes(shared_database):
    it_is(date(2014, 12, 31))
    for code in (BAC_HA_TOWN, THANH_BINH):
        begin_data(unit_of(code), date(2014, 12, 31))
        make_zone(unit_of(code), 1)


def people(count: int, commune: str) -> list[Official]:
    found = []
    for number in range(count):
        official = make_official(f"Giàng A {commune} {number}", sex="M")
        make_appointment(official, position_of("BT_DU"), unit_of(commune))
        make_qualification(official, "professional", "SC")
        found.append(official)
    return found


def open_class(seats: int) -> TrainingClass:
    programme = make_programme("professional:TC")
    return make_class(programme, state="open", start_date=date(2016, 3, 1), end_date=date(2016, 3, 31), seats=seats)


def test_officers_who_nominate_at_once_never_give_a_seat_twice():
    training_class = open_class(3)
    criterion = criterion_of()
    works = [
        lambda official=official: nominate(training_class, [official], day=DAY, criterion=criterion, by=None)
        for official in people(OFFICERS, BAC_HA_TOWN)
    ]

    assert in_parallel(*works) == []

    seats = seats_of(training_class)
    assert (seats.taken, seats.waiting) == (3, OFFICERS - 3)


def test_quotas_hold_when_two_districts_nominate_at_once():
    training_class = open_class(4)
    ClassQuota.objects.create(training_class=training_class, district=unit_of("085"), seats=1)
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=2)
    criterion = criterion_of()
    works = [
        lambda official=official: nominate(training_class, [official], day=DAY, criterion=criterion, by=None)
        for official in people(4, BAC_HA_TOWN) + people(4, THANH_BINH)
    ]

    assert in_parallel(*works) == []

    assert seats_of(training_class).by_district == {unit_of("085").pk: (1, 1), unit_of("083").pk: (2, 2)}


def test_one_person_nominated_by_two_browsers_is_in_the_class_once():
    training_class = open_class(3)
    (official,) = people(1, BAC_HA_TOWN)
    criterion = criterion_of()

    def send():
        nominate(training_class, [official], day=DAY, criterion=criterion, by=None)

    assert in_parallel(send, send) == []
    assert training_class.enrolments.count() == 1


def test_seats_freed_at_once_go_to_the_first_who_wait_and_to_each_once():
    training_class = open_class(3)
    criterion = criterion_of()
    done = nominate(training_class, people(6, BAC_HA_TOWN), day=DAY, criterion=criterion, by=None)
    works = [
        lambda enrolment=enrolment: withdraw(enrolment, on=DAY, reason="work", by=None)
        for enrolment in done.nominated[:2]
    ]

    assert in_parallel(*works) == []

    states = {enrolment.pk: enrolment.state for enrolment in training_class.enrolments.all()}
    assert [states[enrolment.pk] for enrolment in done.waiting] == ["nominated", "nominated", "waiting"]
    assert seats_of(training_class).taken == 3


def test_of_two_who_were_shown_the_last_seat_one_is_asked_again_and_puts_nobody_on_the_waiting_list_unseen():
    training_class = open_class(1)
    address = f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={DAY}"
    clients = [client_of(make_user(f"bac-ha-{number}", roles.UNIT_OFFICER, "085")) for number in (1, 2)]
    pages = [
        begin_act(client, address, [official.pk], "cu")
        for client, official in zip(clients, people(2, BAC_HA_TOWN), strict=True)
    ]
    assert [page.context["plan"].done[0].outcome for page in pages] == ["Có chỗ, chờ duyệt"] * 2
    answers = []

    def say_yes(client, page):
        answers.append(finish_act(client, page))

    assert in_parallel(*(lambda pair=pair: say_yes(*pair) for pair in zip(clients, pages, strict=True))) == []

    assert list(training_class.enrolments.values_list("state", flat=True)) == ["nominated"]
    (asked_again,) = [answer for answer in answers if "số liệu vừa thay đổi" in answer.content.decode()]
    assert asked_again.context["plan"].done[0].outcome.startswith("Vào danh sách chờ")
