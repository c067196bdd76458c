"""Two records of one person become one, and two again."""

from datetime import date
from itertools import product
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import registry
from cadres.effect import effect_of
from cadres.evaluation import NOTHING
from cadres.history.taking_back import take_back
from cadres.models import Act, Appointment, Criterion, Official, OfficialIdentifier, Qualification
from cadres.periods import PartialDate, in_force
from cadres.registry.merging import FACTS
from cadres.roster.matching import Registry
from cadres.views.merging import MergeForm
from courses.models import Attendance, Enrolment
from tests import province
from tests.builders import (
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_official,
    make_position,
    make_qualification,
)
from tests.conftest import client_of, rolled_back, unit_of

pytestmark = pytest.mark.django_db
TABLES = (Official, OfficialIdentifier, Appointment, Qualification, Enrolment, Attendance)


def everything() -> list[list[dict]]:
    """All rows of the tables, but for clocks."""
    rows = [table.objects.order_by("pk").values() for table in TABLES]
    return [[{name: value for name, value in row.items() if name != "changed_at"} for row in of] for of in rows]


@pytest.fixture
def post():
    return make_position(), make_commune()


@pytest.fixture
def kept(post) -> Official:
    official = make_official("Lý Thị Mây")
    make_appointment(official, post[0], post[1], start_date=date(2012, 1, 1))
    return official


@pytest.fixture
def gone() -> Official:
    official = make_official("Lý Thị Mây")
    make_qualification(official, "professional", "DH")
    return official


def merge(kept: Official, gone: Official, **choices) -> Official:
    return registry.merge(kept, gone, reason="nhập hai lần", by=None, **choices)


def test_what_hangs_on_the_second_record_is_carried_over(kept, gone):
    make_enrolment(gone, make_class())
    registry.issue_identifier(gone, kind="CCCD", number="010185000123", start_date=date(2015, 1, 1), by=None)
    merge(kept, gone)
    gone.refresh_from_db()
    assert gone.merged_into == kept
    assert (kept.qualifications.count(), kept.enrolments.count(), kept.identifiers.count()) == (1, 1, 1)
    assert (gone.qualifications.count(), gone.enrolments.count(), gone.identifiers.count()) == (0, 0, 0)


def test_merging_is_one_act_and_is_taken_back_as_one(kept, gone, post, province_staff):
    make_appointment(gone, post[0], post[1], start_date=date(2013, 1, 1))
    make_enrolment(gone, make_class())
    before = everything()
    registry.merge(kept, gone, reason="nhập hai lần", by=province_staff)
    merged = Act.objects.latest("pk")
    assert (merged.kind, merged.reason, merged.user) == (Act.Kind.MERGE, "nhập hai lần", province_staff)
    assert everything() != before
    take_back(merged, reason="hai người trùng tên", by=province_staff)
    assert everything() == before


def test_facts_that_only_the_second_states_are_taken_over(kept, gone):
    Official.objects.filter(pk=gone.pk).update(religion="Không", birth_date=date(1980, 5, 1), birth_precision="month")
    Official.objects.filter(pk=kept.pk).update(birth_date=None, birth_precision="")
    merged = merge(kept, gone)
    assert merged.religion == "Không"
    assert merged.birth == PartialDate(date(1980, 5, 1), "month")


def test_every_column_of_a_person_is_in_one_fact_and_a_date_with_how_well_it_is_known():
    columns = sorted(column for columns in FACTS for column in columns)
    of_the_record = {"id", "merged_into_id", "batch_id", "changed_at"}

    assert columns == sorted({field.attname for field in Official._meta.concrete_fields} - of_the_record)
    assert ("full_name", "folded_name", "name_order") in FACTS
    assert ("is_party_member", "party_joined_on", "party_joined_precision") in FACTS
    assert {("birth_date", "birth_precision"), ("recruited_on", "recruited_precision"), ("phone",)} < set(FACTS)


@pytest.mark.parametrize(("chosen", "name"), [((), "Lý Thị Mây"), (("full_name",), "Lý Thị Mai")])
def test_facts_that_differ_are_decided_one_by_one(kept, gone, chosen, name):
    gone.full_name = "Lý Thị Mai"
    registry.record_facts(gone, by=None)
    assert ("full_name", "folded_name", "name_order") in registry.facts_that_differ(kept, gone)
    merged = merge(kept, gone, facts_of_gone=chosen)
    assert merged.full_name == name
    assert merged.folded_name == ("ly thi mai" if chosen else "ly thi may")


@pytest.mark.parametrize("of_gone", [False, True])
def test_of_two_posts_held_at_once_one_is_chosen(kept, gone, post, of_gone):
    make_appointment(gone, make_position(), post[1], start_date=date(2013, 1, 1))
    mine, theirs = kept.appointments.get(), gone.appointments.get()
    (clash,) = registry.clashes(kept, gone)
    assert (clash.kept, clash.gone) == (mine, theirs)
    merge(kept, gone, rows_of_gone=[clash.key] if of_gone else [])
    assert kept.appointments.get() == (theirs if of_gone else mine)


def test_posts_one_after_the_other_make_one_career(kept, gone, post):
    registry.end_appointment(kept.appointments.get(), end_date=date(2013, 12, 31), reason="transferred", by=None)
    make_appointment(gone, make_position(), post[1], start_date=date(2014, 1, 1))
    assert registry.clashes(kept, gone) == []
    merge(kept, gone)
    assert kept.appointments.count() == 2


def test_of_two_numbers_in_force_one_is_chosen(kept, gone):
    for official, number in ((kept, "010185000123"), (gone, "010185000124")):
        registry.issue_identifier(official, kind="CCCD", number=number, start_date=date(2015, 1, 1), by=None)
    (clash,) = registry.clashes(kept, gone)
    merge(kept, gone, rows_of_gone=[clash.key])
    assert [row.number for row in kept.identifiers.all()] == ["010185000124"]


def test_both_in_one_class_count_once(kept, gone):
    training_class = make_class()
    mine = make_enrolment(kept, training_class)
    make_enrolment(gone, training_class)
    merge(kept, gone)
    assert list(training_class.enrolments.all()) == [mine]


def test_a_record_merged_before_is_merged_no_more(kept, gone):
    merge(kept, gone)
    with pytest.raises(ValidationError, match="đã được gộp"):
        merge(make_official("Khác"), gone)
    with pytest.raises(ValidationError, match="đã được gộp"):
        merge(gone, make_official("Khác"))


def test_a_record_is_not_merged_with_itself_or_without_a_reason(kept, gone):
    with pytest.raises(ValidationError, match="cùng một hồ sơ"):
        merge(kept, kept)
    with pytest.raises(ValidationError, match="lý do"):
        registry.merge(kept, gone, reason=" ", by=None)
    assert Official.objects.get(pk=gone.pk).merged_into is None


# ---------------------------------------------------------------- the pages


def merge_page(kept: Official) -> str:
    return reverse("cadres:official-merge", args=[kept.pk])


@pytest.fixture
def in_bac_ha() -> tuple[Official, Official]:
    """Two records of one person in communes of huyện Bắc Hà."""
    pair = make_official("Vàng Thị Súa"), make_official("Vàng Thị Sua")
    for official in pair:
        make_appointment(official, make_position(), make_commune(parent=unit_of("085")), start_date=date(2012, 1, 1))
    return pair


def test_namesakes_are_offered_and_others_are_searched(in_bac_ha, district_officer):
    kept, other = in_bac_ha
    stranger = make_official("Vàng Thị Súa")  # holds no post: nobody's
    page = client_of(district_officer).get(merge_page(kept))
    assert [side["official"] for side in page.context["sides"]] == [other]
    assert reverse("cadres:official-detail", args=[stranger.pk]) not in page.content.decode()
    nobody = client_of(district_officer).get(merge_page(kept), {"q": "không ai"})
    assert "Không có ai như vậy" in nobody.content.decode()


def test_a_district_merges_its_own_records_and_says_which_name_is_right(in_bac_ha, district_officer):
    kept, other = in_bac_ha
    client, page = client_of(district_officer), f"{merge_page(kept)}?voi={other.pk}"
    shown = client.get(page)
    assert "Vàng Thị Sua (hồ sơ kia)" in shown.content.decode()
    (clash,) = registry.clashes(kept, other)
    wanted = {"fact-full_name": "gone", f"row-{clash.key}": "kept", "reason": "ghi hai lần"}
    told = client.post(page, wanted)
    assert "Ảnh hưởng" in told.content.decode()
    assert Official.objects.get(pk=other.pk).merged_into is None, "seen first, then done"
    assert client.post(page, wanted | {"seen": told.context["form"]["seen"].value()}).status_code == 302
    kept.refresh_from_db()
    assert kept.full_name == "Vàng Thị Sua"
    assert kept.appointments.count() == 1
    merging = Act.objects.filter(kind=Act.Kind.MERGE).latest("pk")
    back = client.post(reverse("cadres:act-take-back", args=[merging.pk]), {"reason": "hai người khác nhau"})
    assert back.status_code == 302
    kept.refresh_from_db()
    assert (kept.full_name, Official.objects.get(pk=other.pk).merged_into) == ("Vàng Thị Súa", None)


def test_the_page_of_the_second_record_leads_to_the_first(in_bac_ha, province_staff):
    kept, other = in_bac_ha
    registry.merge(kept, other, reason="ghi hai lần", by=province_staff)
    answer = client_of(province_staff).get(reverse("cadres:official-detail", args=[other.pk]))
    assert answer.status_code == 302
    assert answer.url == reverse("cadres:official-detail", args=[kept.pk])


def test_a_district_does_not_merge_with_a_record_of_another_district(in_bac_ha, district_officer):
    kept, other = in_bac_ha
    registry.transfer(other, make_position(), make_commune(parent=unit_of("083")), start_date=date(2015, 1, 1), by=None)
    answer = client_of(district_officer).post(
        f"{merge_page(kept)}?voi={other.pk}", {"reason": "ghi hai lần"}, follow=True
    )
    assert "Sở Nội vụ để gộp" in answer.content.decode()
    assert Official.objects.get(pk=other.pk).merged_into is None


@pytest.mark.parametrize("other", ["x", "0", "99999999999999999999", "²"])
def test_a_record_that_is_not_there_is_not_found(in_bac_ha, district_officer, other):
    assert client_of(district_officer).get(merge_page(in_bac_ha[0]), {"voi": other}).status_code == 404


def test_a_merged_record_is_no_namesake_to_a_roster(in_bac_ha):
    kept, other = in_bac_ha
    registry.merge(kept, other, reason="ghi hai lần", by=None)
    found = Registry.load([SimpleNamespace(identifier="", folded_name=kept.folded_name)], [], date(2015, 12, 31))
    assert set(found.people) == {kept.pk}


def test_the_effect_shown_is_the_effect_done():
    """The verdict and the rates are those that the merging itself leaves, whichever rows are chosen."""
    province.build()
    day = date(2015, 12, 31)
    posts = list(Appointment.objects.filter(in_force(day), is_primary=True).order_by("pk").select_related("official"))
    full = Criterion.objects.get(code="FULL")
    for pair, choice in product([(0, 1), (1, 0), (2, 5), (5, 3)], ["kept", "gone"]):
        with rolled_back():
            kept, other = (Official.objects.get(pk=posts[place].official_id) for place in pair)
            form = MergeForm({}, kept=kept, gone=other)
            chosen = {name: choice for name in form.fields if name not in ("reason", "seen")}
            form = MergeForm(chosen | {"reason": "ghi hai lần"}, kept=kept, gone=other)
            assert form.is_valid(), form.errors
            foretold = effect_of(form.merged(), kept, day, criterion=full, others=[other])
            registry.merge(
                kept,
                other,
                facts_of_gone=form.of_gone("fact"),
                rows_of_gone=form.of_gone("row"),
                reason="ghi hai lần",
                by=None,
            )
            done = effect_of(NOTHING, kept, day, criterion=full)
            assert foretold.after == done.after, (pair, choice)
            after = {unit.name: unit.after for unit in foretold.units}
            assert {unit.name: unit.after for unit in done.units}.items() <= after.items(), (pair, choice)
