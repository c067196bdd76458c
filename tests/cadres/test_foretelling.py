"""What an act would come to is told exactly, of the days and people it touches, and nothing of it stays written."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from cadres import registry
from cadres.effect import Foretold, foretell
from cadres.evaluation import Verdict
from cadres.history import act
from cadres.models import Act, Appointment, Criterion, Official, Requirement, RosterDay, UnitRelaxation, UnitZone
from cadres.posts import year_ends_with_data
from reports.rates import rate_on, rates_by
from tests import province
from tests.builders import criterion_of, level_of, make_appointment, make_official, make_qualification, position_of
from tests.conftest import unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

DAY, YEAR_BEFORE = province.DAY, date(2014, 12, 31)
COMPLIANT, NOT, OPEN = Verdict.COMPLIANT, Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED


@pytest.fixture(autouse=True)
def people() -> dict[str, Official]:
    return province.people()


def told(doing: Any, *days: date, **how: Any) -> Foretold:
    return foretell(doing, days=days or [DAY], criterion=criterion_of("FULL"), **how)


def moved(foretold: Foretold) -> dict[str, tuple[Verdict | None, Verdict | None]]:
    (day,) = foretold.days
    assert len(day.moved) == day.moved_in_all
    return {person.name: (person.before, person.after) for person in day.moved}


def ask_more_of_secretaries() -> None:
    Requirement.objects.filter(position__code="BT_DU", dimension__code="professional", standard__code="R2004").update(
        minimum=level_of("professional", "DH"), minimum_relaxed=level_of("professional", "TC")
    )


def test_a_requirement_is_tried_and_everybody_whose_verdict_it_changes_is_named(people):
    foretold = told(ask_more_of_secretaries)
    assert foretold.days[0].turns == [(COMPLIANT, NOT, 1)]
    assert moved(foretold) == {"Giàng A Sử": (COMPLIANT, NOT)}  # Lan fell short before, Dơ is exempt
    (day,) = foretold.days
    assert (day.before.compliant, day.after.compliant, day.after.total) == (4, 3, 8)
    assert [(unit.name, unit.before.compliant, unit.after.compliant) for unit in day.districts] == [
        ("Huyện Bắc Hà", 2, 1)
    ]
    assert [(unit.name, unit.before.total, unit.after.compliant) for unit in day.communes] == [("Xã Bản Phố", 3, 1)]
    (person,) = day.moved
    assert (person.official, person.position, person.unit) == (people["Giàng A Sử"].pk, "Bí thư Đảng ủy", "Xã Bản Phố")


def test_what_is_told_before_is_what_is_there_after():
    foretold = told(ask_more_of_secretaries, YEAR_BEFORE, DAY)
    ask_more_of_secretaries()
    assert [day.after for day in foretold.days] == [
        rate_on(day, criterion=criterion_of("FULL")) for day in (YEAR_BEFORE, DAY)
    ]
    districts = {group.name: group.rate for group in rates_by("district", day=DAY, criterion=criterion_of("FULL"))}
    for unit in foretold.days[-1].districts:
        assert districts[unit.name] == unit.after


def test_nothing_of_an_act_that_was_tried_stays_written():
    acts, levels = Act.objects.count(), list(Requirement.objects.order_by("pk").values_list("minimum", flat=True))
    with act(Act.Kind.CORRECTION, reason="Thử"):
        told(ask_more_of_secretaries)
    assert Act.objects.count() == acts
    assert list(Requirement.objects.order_by("pk").values_list("minimum", flat=True)) == levels
    assert rate_on(DAY, criterion=criterion_of("FULL")).compliant == 4


def test_only_the_days_that_it_changes_are_told_as_changing(people):
    def earn_a_level() -> None:
        make_qualification(people["Lý Thị Lan"], "professional", "TC", as_of=date(2015, 6, 1))
        make_qualification(people["Trần Thị Ánh"], "it", "A", as_of=date(2015, 6, 1))

    foretold = told(earn_a_level, YEAR_BEFORE, DAY)
    assert [day.day for day in foretold.days] == [YEAR_BEFORE, DAY]
    assert [day.day for day in foretold.changing] == [DAY]
    assert not told(lambda: None, YEAR_BEFORE, DAY).changing


def test_somebody_whom_the_act_makes_or_takes_out_is_named_without_an_address(people):
    def come_and_go() -> None:
        newcomer = make_official("Ma Seo Lử")
        make_appointment(newcomer, position_of("TCA"), unit_of(province.BAN_PHO))
        people["Hoàng Văn Páo"].appointments.all().delete()

    (day,) = told(come_and_go).days
    found = {person.name: person for person in day.moved}
    assert (found["Ma Seo Lử"].official, found["Ma Seo Lử"].before, found["Ma Seo Lử"].after) == (None, None, OPEN)
    gone = found["Hoàng Văn Páo"]
    assert (gone.official, gone.before, gone.after, gone.unit) == (
        people["Hoàng Văn Páo"].pk, NOT, None, "Thị trấn Bắc Hà",
    )  # fmt: skip


def test_of_a_scope_only_its_own_people_and_units_are_told():
    def relax_none() -> None:
        UnitZone.objects.all().delete()
        UnitRelaxation.objects.all().delete()
        ask_more_of_secretaries()
        Requirement.objects.filter(position__code="TCA").update(minimum=level_of("professional", "DH"))

    bac_ha, ban_pho = unit_of("085"), unit_of(province.BAN_PHO)
    everywhere = told(relax_none).days[0]
    assert {unit.name for unit in everywhere.districts} == {"Huyện Bắc Hà", "Huyện Mường Khương"}
    inside = told(relax_none, units={bac_ha.pk}).days[0]
    assert [unit.name for unit in inside.districts] == ["Huyện Bắc Hà"]
    assert inside.before.total == 6
    # Of a single commune the district, of which the others are not asked, is not told.
    commune = told(relax_none, units={ban_pho.pk}).days[0]
    assert (commune.districts, [unit.name for unit in commune.communes]) == ([], ["Xã Bản Phố"])


def test_a_refusal_comes_through_and_leaves_nothing(people):
    def refused() -> None:
        ask_more_of_secretaries()
        raise ValidationError("Không được.")

    with pytest.raises(ValidationError):
        told(refused)
    assert rate_on(DAY, criterion=criterion_of("FULL")).compliant == 4


def test_what_the_database_would_refuse_at_the_end_is_refused_here(people):
    def points_nowhere() -> None:
        Appointment.objects.filter(official=people["Lý Thị Lan"]).update(position_id=999_999)

    with pytest.raises(IntegrityError):
        told(points_nowhere)
    assert rate_on(DAY, criterion=criterion_of("FULL")).total == 8


def test_a_further_day_is_judged_by_its_own_criterion(people):
    other = Criterion.objects.exclude(code="FULL").order_by("pk").first()
    foretold = told(ask_more_of_secretaries, DAY, also=[(DAY, other), (YEAR_BEFORE, criterion_of("FULL"))])
    assert [(day.day, day.criterion) for day in foretold.days] == [
        (DAY, "FULL"), (DAY, other.code), (YEAR_BEFORE, "FULL"),
    ]  # fmt: skip
    assert foretold.days[1].before == rate_on(DAY, criterion=other)


def test_it_is_kept_as_json_and_read_again_as_it_was():
    foretold = told(ask_more_of_secretaries, YEAR_BEFORE, DAY)
    kept = json.loads(json.dumps(foretold.as_json()))
    assert Foretold.restored(kept) == foretold
    assert kept["days"][1]["before"] == {
        "total": 8, "compliant": 4, "not_compliant": 2, "undetermined": 2, "in_transition": 0, "rate": "50.0",
    }  # fmt: skip


def test_the_queries_do_not_grow_with_the_people(people):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            told(ask_more_of_secretaries)
        return len(captured)

    before = queries()
    for number in range(12):
        official = make_official(f"Giàng A {number}")
        make_appointment(official, position_of("BT_DU"), unit_of(province.BAN_PHO))
        registry.record_facts(official, by=None)
        for dimension, level in {"education": "THPT", "professional": "SC", "political_theory": "TC"}.items():
            make_qualification(official, dimension, level)
    assert len(moved(told(ask_more_of_secretaries))) == 13
    assert queries() == before


def test_it_is_told_in_words():
    page = render_to_string("cadres/foretold.html", {"foretold": told(ask_more_of_secretaries)})
    for words in ("31/12/2015", "50,0 %", "37,5 %", "4 trong 8 người", "1 người đổi kết quả", "Giàng A Sử", "Chưa đạt"):
        assert words in page
    nothing = render_to_string("cadres/foretold.html", {"foretold": told(lambda: None)})
    assert "không làm thay đổi kết quả đánh giá của ai" in nothing


def test_the_year_ends_with_data_go_from_the_first_roster_to_the_year_of_the_last():
    ends = [date(2014, 12, 31), date(2015, 12, 31)]
    assert year_ends_with_data(date(2016, 12, 31)) == ends[:1]  # the data of 2014 only: no roster has come since
    commune = unit_of(province.BAN_PHO)
    RosterDay.objects.create(unit=commune, day=date(2015, 6, 30))
    assert year_ends_with_data(date(2016, 12, 31)) == ends
    assert year_ends_with_data(date(2015, 12, 30)) == ends[:1]
    assert year_ends_with_data(date(2015, 12, 31)) == ends
    assert year_ends_with_data(date(2014, 12, 30)) == []
