"""Somebody in a class stands with the post of the day on which it started: on screen, on paper, in seats and reports.

One person moves twice: nominated on 2 February 2015 in Xã Trước, in Xã Khi Đó on the first day of the class (2 March),
in Xã Sau before it ends (6 March). Each commune is in a district of its own, each post another position.
"""

from datetime import date

import pytest
from django.urls import reverse

from cadres import registry
from cadres.models import Official, Unit, UnitVersion, User
from courses.classes import set_quotas
from courses.documents import contents
from courses.enrolment.nomination import nominate
from courses.models import Enrolment, TrainingClass
from courses.results import issue_certificates
from courses.results.pupils import pupils_with_posts
from courses.seats import seats_of
from reports.training import training
from tests.builders import (
    criterion_of,
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_institution,
    make_official,
    make_session,
    make_unit,
    position_of,
)
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

NOMINATED, START, END = date(2015, 2, 2), date(2015, 3, 2), date(2015, 3, 6)
DAY = date(2015, 12, 31)


class Places:
    """Commune → its district, by their names."""

    def __init__(self) -> None:
        self.districts = {
            name: make_unit(UnitVersion.Kind.DISTRICT, name=f"Huyện {name}") for name in ("Trước", "Khi Đó", "Sau")
        }
        self.communes = {name: make_commune(parent=unit, name=f"Xã {name}") for name, unit in self.districts.items()}


@pytest.fixture
def places(db) -> Places:
    return Places()


def moves(official: Official, places: Places) -> None:
    """The two transfers."""
    for name, position, day in (("Khi Đó", "BT_DU", date(2015, 3, 1)), ("Sau", "CT_UBND", date(2015, 3, 4))):
        registry.transfer(official, position_of(position), places.communes[name], start_date=day, by=None)


@pytest.fixture
def mover(places) -> Official:
    official = make_official("Lý A Sì")
    make_appointment(official, position_of("VP_TK"), places.communes["Trước"])
    return official


@pytest.fixture
def pupil(mover, places) -> Enrolment:
    """Whoever has moved, with a certificate of the class, which has ended."""
    moves(mover, places)
    ended = TrainingClass.State.ENDED
    training_class = make_class(state=ended, start_date=START, end_date=END, institution=make_institution())
    make_session(training_class)
    enrolment = make_enrolment(mover, training_class, Enrolment.State.COMPLETED)
    issued = [(enrolment.pk, "1", "01/2015")]
    issue_certificates(training_class, issued, issued_on=END, signer="Nguyễn Văn Hiệu", by=None)
    return enrolment


PAGES = {
    "class-detail": lambda pupil: [pupil.training_class_id],
    "class-attendance": lambda pupil: [pupil.training_class_id],
    "class-results": lambda pupil: [pupil.training_class_id],
    "class-certificates": lambda pupil: [pupil.training_class_id],
    "certificate-list": lambda pupil: [],
    "official-training": lambda pupil: [pupil.official_id],
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_training_name_the_post_of_the_first_day(pupil, province_staff, page):
    address = reverse(f"courses:{page}", args=PAGES[page](pupil))
    assert_stands_there(client_of(province_staff).get(address, {"ngay": DAY.isoformat()}))


def test_the_list_behind_a_figure_names_the_post_of_the_first_day(pupil, province_staff):
    address = reverse("reports:training-turns")
    period = {"tu_ngay": "2015-01-01", "den_ngay": "2015-12-31", "ngay": DAY.isoformat()}
    assert_stands_there(client_of(province_staff).get(address, period))


def assert_stands_there(response) -> None:
    page = response.content.decode()
    assert response.status_code == 200
    rows = page.partition("<tbody>")[2] or page  # above them the filters offer every commune
    assert position_of("BT_DU").title in rows
    assert "Xã Khi Đó" in rows
    assert not [place for place in ("Xã Trước", "Xã Sau") if place in rows]


def test_papers_name_the_post_of_the_first_day(pupil, province_staff):
    (line,) = contents.class_list(pupil.training_class, user=province_staff, day=DAY).data["danh_sach"]
    assert (line["chuc_danh"], line["xa"], line["huyen"]) == (position_of("BT_DU").title, "Xã Khi Đó", "Huyện Khi Đó")


@pytest.mark.parametrize(
    ("by", "code"), [("commune", "Khi Đó"), ("district", "Khi Đó"), ("position", "BT_DU"), ("zone", "none")]
)
def test_reports_count_the_post_of_the_first_day(pupil, places, by, code):
    units = {"commune": places.communes, "district": places.districts}.get(by, {})
    wanted = units[code].versions.get().code if units else code
    groups = training(date(2015, 1, 1), DAY, by=by).groups
    assert [(group.code, group.figures.turns) for group in groups] == [(wanted, 1)]


def test_a_seat_is_taken_from_the_district_of_the_first_day_whichever_day_it_is_counted(mover, places):
    before, then = places.districts["Trước"], places.districts["Khi Đó"]
    training_class = open_class({before: 1, then: 1})
    send(training_class, mover)
    assert seats_of(training_class).by_district == {before.pk: (1, 1), then.pk: (1, 0)}  # nobody knows of a move yet
    moves(mover, places)
    assert seats_of(training_class).by_district == {before.pk: (1, 0), then.pk: (1, 1)}


@pytest.mark.parametrize(("district", "state"), [("Trước", "waiting"), ("Khi Đó", "nominated"), ("Sau", "waiting")])
def test_who_is_known_to_move_is_nominated_for_a_seat_of_the_district_of_the_first_day(mover, places, district, state):
    """Only one district has a seat in the class."""
    moves(mover, places)
    training_class = open_class({places.districts[district]: 1})
    send(training_class, mover)
    assert training_class.enrolments.get().state == state


def open_class(quotas: dict[Unit, int]) -> TrainingClass:
    """A class that takes nominations."""
    training_class = make_class(state=TrainingClass.State.OPEN, start_date=START, end_date=END)
    set_quotas(training_class, {district.pk: seats for district, seats in quotas.items()}, by=None)
    return training_class


def send(training_class: TrainingClass, official: Official):
    return nominate(training_class, [official], day=NOMINATED, criterion=criterion_of(), by=None)


def test_without_a_post_on_the_first_day_figures_and_pages_name_none_and_a_paper_the_nearest(
    places, province_staff: User
):
    """A paper has to name everybody; a figure, and the list behind it, says what is known of the day."""
    official = make_official("Lý A Sì")
    make_appointment(official, position_of("BT_DU"), places.communes["Trước"], end_date=date(2015, 1, 31))
    make_appointment(official, position_of("VP_TK"), places.communes["Sau"], start_date=date(2015, 4, 1))
    training_class = make_class(state=TrainingClass.State.ENDED, start_date=START, end_date=END)
    make_enrolment(official, training_class, Enrolment.State.COMPLETED)

    pupil = pupils_with_posts(training_class).get()
    assert (pupil.position_title, pupil.commune_name, pupil.district_id) == (None, None, None)
    assert [group.code for group in training(date(2015, 1, 1), DAY, by="position").groups] == ["unknown"]
    assert seats_of(training_class).by_district == {None: (0, 1)}
    (line,) = contents.class_list(training_class, user=province_staff, day=DAY).data["danh_sach"]
    assert (line["chuc_danh"], line["xa"]) == (position_of("BT_DU").title, "Xã Trước")
