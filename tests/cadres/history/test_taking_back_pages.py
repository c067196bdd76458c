"""Taking back on screen: shown first, for a reason, by Sở or by whoever did it."""

from datetime import date

import pytest
from django.urls import reverse

from cadres import registry, roles
from cadres.effect import effect_of
from cadres.evaluation import NOTHING
from cadres.models import Act, Appointment, Change, Criterion, Official
from cadres.periods import in_force
from tests import province
from tests.builders import make_appointment, make_commune, make_official, make_position
from tests.conftest import client_of, make_user, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Official:
    official = make_official("Vàng Thị Súa")
    make_appointment(official, make_position(), make_commune(parent=unit_of("085")), start_date=date(2012, 1, 1))
    return official


def renamed(person: Official, by, name: str = "Vàng Thị Sua") -> Change:
    person.full_name = name
    registry.record_facts(person, by=by)
    return Change.objects.filter(table_name="cadres_official").latest("pk")


def address(name: str, row) -> str:
    return reverse(f"cadres:{name}", args=[row.pk])


def test_a_name_changed_by_a_district_is_put_back_by_the_province(person, district_officer, province_staff):
    change = renamed(person, district_officer)
    client, page = client_of(province_staff), address("change-restore", change)
    shown = client.get(page).content.decode()
    assert "Họ và tên: Vàng Thị Sua → Vàng Thị Súa" in shown
    answer = client.post(page, {"columns": ["full_name"], "reason": "theo giấy khai sinh"}, follow=True)
    assert "Đã hoàn lại 1 dòng" in answer.content.decode()
    person.refresh_from_db()
    assert (person.full_name, person.folded_name) == ("Vàng Thị Súa", "vang thi sua")
    assert Act.objects.latest("pk").reason == "theo giấy khai sinh"


def test_nothing_is_put_back_without_a_reason_or_a_choice(person, province_staff):
    page = address("change-restore", renamed(person, province_staff))
    for posted in ({"columns": ["full_name"], "reason": " "}, {"reason": "nhầm"}, {"columns": ["x"], "reason": "nhầm"}):
        assert client_of(province_staff).post(page, posted).status_code == 200
    person.refresh_from_db()
    assert person.full_name == "Vàng Thị Sua"


def test_whoever_did_an_act_takes_it_back_and_others_of_the_district_do_not(
    person, district_officer, foreign_officer, leader
):
    page = address("act-take-back", renamed(person, district_officer).act)
    colleague = make_user("bac-ha-2", roles.UNIT_OFFICER, "085")
    for other, answered in ((colleague, 403), (foreign_officer, 404), (leader, 403)):
        assert client_of(other).get(page).status_code == answered
        assert client_of(other).post(page, {"reason": "nhầm"}).status_code == answered
    assert client_of(district_officer).post(page, {"reason": "nhầm"}).status_code == 302
    person.refresh_from_db()
    assert person.full_name == "Vàng Thị Súa"


def test_what_somebody_did_to_a_person_who_has_left_is_the_provinces_to_take_back(
    person, district_officer, province_staff
):
    act = renamed(person, district_officer).act
    registry.transfer(
        person, make_position(), make_commune(parent=unit_of("083")), start_date=date(2015, 1, 1), by=province_staff
    )
    assert client_of(district_officer).get(address("act-take-back", act)).status_code == 403
    assert client_of(province_staff).get(address("act-take-back", act)).status_code == 200


def test_a_district_takes_back_a_person_whom_it_entered_by_mistake_with_nothing_left(person, district_officer):
    known = person.appointments.get()
    post = known.position, make_commune(parent=unit_of("085"))
    entered = registry.register(
        Official(full_name="Giàng A Dơ"), *post, start_date=date(2013, 1, 1), by=district_officer
    )
    page = address("act-take-back", Change.objects.filter(person=entered.pk).latest("pk").act)
    assert client_of(district_officer).post(page, {"reason": "nhập nhầm"}).status_code == 302
    assert not Official.objects.filter(pk=entered.pk).exists()


def test_who_never_was_of_the_district_is_not_changed_by_taking_back(person, district_officer, province_staff):
    act = renamed(person, district_officer).act
    post = person.appointments.get()
    post.unit = make_commune(parent=unit_of("083"))
    registry.correct_post(post, reason="sai xã", by=province_staff)  # the district never had that person
    answer = client_of(district_officer).post(address("act-take-back", act), {"reason": "nhầm"})
    assert answer.status_code == 403
    person.refresh_from_db()
    assert person.full_name == "Vàng Thị Sua"


def test_a_refused_taking_back_says_what_stands_in_the_way(person, province_staff, district_officer):
    act = renamed(person, district_officer).act
    renamed(person, province_staff, "Vàng Thị Sủa")
    answer = client_of(province_staff).post(address("act-take-back", act), {"reason": "nhầm"})
    assert answer.status_code == 200
    assert "Hãy hoàn lại những thay đổi đó trước" in answer.content.decode()


def test_what_is_as_it_was_has_nothing_to_be_put_back(person, province_staff):
    change = renamed(person, province_staff)
    renamed(person, province_staff, "Vàng Thị Súa")
    assert client_of(province_staff).get(address("change-restore", change)).status_code == 404


def test_the_history_of_a_merged_record_is_told_with_the_one_that_stays(person, province_staff):
    other = make_official("Vàng Thị Sứa")
    renamed(other, province_staff, "Vàng Thị Sừa")
    registry.merge(person, other, reason="ghi hai lần", by=province_staff)
    told = client_of(province_staff).get(reverse("cadres:official-history", args=[person.pk])).content.decode()
    assert "Vàng Thị Sừa" in told


def test_the_verdict_and_the_rate_after_a_wrong_transfer_is_taken_back_are_told_first(province_staff):
    """A transfer to a post of another commune: both rates as they will be are on the page, before anything is done."""
    province.build()
    day = date(2015, 12, 31)
    post = Appointment.objects.filter(in_force(day), is_primary=True).order_by("pk").first()
    full = Criterion.objects.get(code="FULL")
    before = effect_of(NOTHING, post.official, day, criterion=full)
    elsewhere = Appointment.objects.filter(in_force(day), is_primary=True).exclude(unit=post.unit).first().unit
    registry.transfer(post.official, post.position, elsewhere, start_date=date(2015, 6, 1), by=province_staff)
    page = client_of(province_staff).get(address("act-take-back", Act.objects.latest("pk")), {"ngay": f"{day}"})
    told = page.context["effect"]
    assert told.after == before.after
    rates = {unit.name: unit.after for unit in told.units}
    assert {unit.name: unit.after for unit in before.units}.items() <= rates.items()
    assert any(unit.before != unit.after for unit in told.units)
