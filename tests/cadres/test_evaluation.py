"""Each sentence of the verdict in words; of dated rules the day before, the first, the last and the day after."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count

from cadres.evaluation import (
    AGE_BANDS,
    DimensionVerdict,
    Rulebook,
    Supposed,
    Verdict,
    judged,
    judgement_of,
    posts_on,
    reasons,
    with_age_band,
)
from cadres.models import (
    Appointment,
    Dimension,
    Level,
    Official,
    Position,
    Qualification,
    Requirement,
    Standard,
    UnitVersion,
    Waiver,
)
from cadres.models.standards import MOST_LEVELS
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.posts import left_behind
from tests.builders import (
    begin_data,
    criterion_of,
    dimension_of,
    level_of,
    make_accepted_field,
    make_appointment,
    make_commune,
    make_official,
    make_position,
    make_qualification,
    make_relaxation,
    make_requirement,
    make_standard,
    make_unit,
    make_version,
    make_waiver,
    make_zone,
)
from tests.conftest import rolled_back
from tests.judgements import by_dimension

pytestmark = pytest.mark.django_db

DAY = date(2015, 6, 30)
FIRST, LAST = date(2015, 3, 10), date(2015, 9, 20)
A_DAY = timedelta(days=1)
PERIOD = {"start_date": FIRST, "end_date": LAST}
NOT_COUNTED = "not counted"

around_a_period = pytest.mark.parametrize(
    ("day", "is_in_force"),
    [
        pytest.param(FIRST - A_DAY, False, id="the day before"),
        pytest.param(FIRST, True, id="the first day"),
        pytest.param(LAST, True, id="the last day"),
        pytest.param(LAST + A_DAY, False, id="the day after"),
    ],
)


class World:
    """One cadre position that asks for professional TC (SC where relaxed), one commune, one holder."""

    def __init__(self) -> None:
        Standard.objects.all().delete()
        self.position = make_position()
        self.standard = make_standard()
        self.requirement = make_requirement(self.standard, self.position, "professional", "TC", relaxed="SC")
        self.commune = make_commune()
        self.official = make_official()

    def appoint(self, **period) -> Appointment:
        return make_appointment(self.official, self.position, self.commune, **period)


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world as it is written once: the rows that a test changes are taken back after it."""
    with django_db_blocker.unblock(), rolled_back():
        yield World()


@pytest.fixture
def world(written, db) -> World:
    """The world with objects of the test's own, which it may change."""
    return deepcopy(written)


def row_of(official: Official, day: date = DAY, *, criterion: str = "FULL", standards: tuple[Standard, ...] = ()):
    own = Appointment.objects.filter(official=official)
    post = judged(day, criterion=criterion_of(criterion), standards=standards, appointments=own).first()
    return by_dimension(post, day, standards) if post else None


def verdict_of(official: Official, day: date = DAY, **choices) -> str | None:
    """The verdict; None where no requirement is counted; NOT_COUNTED where no post counts."""
    row = row_of(official, day, **choices)
    return row.verdict if row else NOT_COUNTED


# ---------------------------------------------------------------- 1. the post, its standard, the unit's relaxation


@around_a_period
def test_post_counts_while_it_is_in_force(world, day, is_in_force):
    world.appoint(**PERIOD)
    make_qualification(world.official, "professional", "TC")
    assert verdict_of(world.official, day) == (Verdict.COMPLIANT if is_in_force else NOT_COUNTED)


@around_a_period
def test_post_counts_while_its_position_is_in_force(world, day, is_in_force):
    Position.objects.filter(pk=world.position.pk).update(**PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "TC")
    assert verdict_of(world.official, day) == (Verdict.COMPLIANT if is_in_force else NOT_COUNTED)


@around_a_period
def test_post_counts_while_its_unit_is_in_force(world, day, is_in_force):
    UnitVersion.objects.filter(unit=world.commune).update(**PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "TC")
    assert verdict_of(world.official, day) == (Verdict.COMPLIANT if is_in_force else NOT_COUNTED)


@pytest.mark.parametrize(("day", "begun"), [(FIRST - A_DAY, False), (FIRST, True), (FIRST + A_DAY, True)])
def test_post_counts_from_the_first_roster_of_its_commune(world, day, begun):
    world.commune.roster_days.all().delete()
    begin_data(world.commune, LAST)
    begin_data(world.commune, FIRST)
    world.appoint()
    assert verdict_of(world.official, day) == (Verdict.UNDETERMINED if begun else NOT_COUNTED)


def test_post_in_a_commune_without_data_does_not_count(world):
    world.commune.roster_days.all().delete()
    world.appoint()
    assert verdict_of(world.official) == NOT_COUNTED


def test_concurrent_post_does_not_count(world):
    elsewhere = make_position()
    world.appoint()
    make_appointment(world.official, elsewhere, world.commune, is_primary=False)
    assert [post.position for post in posts_on(DAY)] == [world.position]


@around_a_period
def test_standard_judges_while_it_is_in_force_and_nobody_is_in_the_total_without_one(world, day, is_in_force):
    Standard.objects.filter(pk=world.standard.pk).update(**PERIOD)
    world.appoint()
    row = row_of(world.official, day)
    assert (row.standard_id, row.verdict) == (
        (world.standard.pk, Verdict.UNDETERMINED) if is_in_force else (None, None)
    )


@around_a_period
@pytest.mark.parametrize("relaxes", [False, True])
def test_an_amended_requirement_asks_in_its_own_period_and_the_others_before_and_after(
    world, day, is_in_force, relaxes
):
    world.requirement.end_date = FIRST - A_DAY
    world.requirement.save()
    again = make_requirement(world.standard, world.position, "professional", "DH", start_date=LAST + A_DAY)
    amended = make_requirement(world.standard, world.position, "professional", "CD", relaxed="TC", **PERIOD)
    make_relaxation(world.commune, relaxes)
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    asked = amended if is_in_force else world.requirement if day < FIRST else again
    (reason,) = reasons(world.official, day, criterion=criterion_of())
    assert (reason.requirement, reason.required) == (asked, asked.minimum_relaxed if relaxes else asked.minimum)
    row = row_of(world.official, day)
    assert row.required_professional == reason.required.rank
    assert row.verdict == (Verdict.COMPLIANT if reason.required.code == "SC" else Verdict.NOT_COMPLIANT)


@around_a_period
def test_a_dimension_is_asked_for_only_while_a_requirement_in_it_is_in_force(world, day, is_in_force):
    make_requirement(world.standard, world.position, "it", "A", **PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "TC")
    assert verdict_of(world.official, day) == (Verdict.UNDETERMINED if is_in_force else Verdict.COMPLIANT)
    asked = [dimension.code for dimension in Rulebook.load().dimensions_asked(day)]
    assert asked == (["professional", "it"] if is_in_force else ["professional"])


@around_a_period
@pytest.mark.parametrize("is_named", [False, True])
def test_local_rules_say_instead_of_their_standard_or_besides_while_they_are_in_force(
    world, day, is_in_force, is_named
):
    rules = make_standard(over=world.standard, **PERIOD)
    lower = make_requirement(rules, world.position, "professional", "SC")
    besides = make_requirement(rules, world.position, "it", "A")
    make_requirement(rules, make_position(), "professional", "DH")  # of another position
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    make_qualification(world.official, "it", "A")
    row = row_of(world.official, day, standards=(world.standard,) if is_named else ())
    assert row.verdict == (Verdict.COMPLIANT if is_in_force else Verdict.NOT_COMPLIANT)
    assert row.standard_id == world.standard.pk
    found = [reason.requirement for reason in reasons(world.official, day, criterion=criterion_of())]
    assert found == ([lower, besides] if is_in_force else [world.requirement])


@around_a_period
def test_a_local_rule_says_something_only_while_its_own_line_is_in_force(world, day, is_in_force):
    make_requirement(make_standard(over=world.standard), world.position, "professional", "SC", **PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    assert verdict_of(world.official, day) == (Verdict.COMPLIANT if is_in_force else Verdict.NOT_COMPLIANT)


def test_local_rules_over_another_standard_say_nothing_and_are_not_named_themselves(world):
    Standard.objects.filter(pk=world.standard.pk).update(end_date=LAST)
    later = make_standard(start_date=LAST + A_DAY)
    rules = make_standard(over=later)
    make_requirement(rules, world.position, "professional", "SC")
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    assert verdict_of(world.official) == Verdict.NOT_COMPLIANT
    with pytest.raises(ValueError, match="văn bản gốc"):
        row_of(world.official, standards=(rules,))


def test_a_local_rule_is_over_a_text_of_its_group_that_is_over_none(world):
    rules = make_standard(over=world.standard)
    with pytest.raises(ValidationError, match="văn bản gốc"):
        Standard(code="X", name="X", legal_basis="X", position_group="cadre", over=rules).clean()
    with pytest.raises(ValidationError, match="Nhóm chức danh"):
        Standard(code="X", name="X", legal_basis="X", position_group="civil_servant", over=world.standard).clean()
    with pytest.raises(ValidationError, match="đã có quy định vận dụng"):
        Standard(code="X", name="X", legal_basis="X", position_group="cadre", over=world.standard).full_clean()


def test_standard_judges_its_own_group_only(world):
    servant = make_position(group="civil_servant")
    make_requirement(world.standard, servant, "professional", "TC")
    make_appointment(world.official, servant, world.commune)
    row = row_of(world.official)
    assert (row.standard_id, row.verdict, row.verdict_professional) == (None, None, None)


def test_people_outside_the_two_groups_are_never_judged(world):
    outside = make_position(group="non_specialist")
    standard = make_standard(group="non_specialist")
    make_requirement(standard, outside, "professional", "TC")
    make_appointment(world.official, outside, world.commune)
    assert verdict_of(world.official) is None
    assert verdict_of(world.official, standards=(standard,)) is None


@around_a_period
@pytest.mark.parametrize(("zone", "relaxes"), [(1, False), (2, True), (3, True)])
def test_zone_two_and_three_relax_while_the_zone_is_in_force(world, day, is_in_force, zone, relaxes):
    make_zone(world.commune, zone, **PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    row = row_of(world.official, day)
    assert row.zone == (zone if is_in_force else None)
    assert row.is_relaxed is (is_in_force and relaxes)
    assert row.verdict == (Verdict.COMPLIANT if is_in_force and relaxes else Verdict.NOT_COMPLIANT)


@around_a_period
@pytest.mark.parametrize("decision", [True, False])
def test_decision_of_the_day_wins_over_the_zone(world, day, is_in_force, decision):
    make_zone(world.commune, 1 if decision else 3)
    make_relaxation(world.commune, decision, **PERIOD)
    world.appoint()
    assert row_of(world.official, day).is_relaxed is (decision if is_in_force else not decision)


# ---------------------------------------------------------------- 2. and 3. dimensions, and the person


@pytest.mark.parametrize(
    ("level", "in_dimension", "in_all"),
    [
        ("DH", DimensionVerdict.MET, Verdict.COMPLIANT),
        ("TC", DimensionVerdict.MET, Verdict.COMPLIANT),
        ("SC", DimensionVerdict.NOT_MET, Verdict.NOT_COMPLIANT),
        ("CDT", DimensionVerdict.NOT_MET, Verdict.NOT_COMPLIANT),  # "none" is known; it is not the same as unknown
        (None, DimensionVerdict.UNKNOWN, Verdict.UNDETERMINED),
    ],
)
def test_level_held_against_the_minimum(world, level, in_dimension, in_all):
    world.appoint()
    if level:
        make_qualification(world.official, "professional", level)
    row = row_of(world.official)
    assert (row.verdict_professional, row.verdict) == (in_dimension, in_all)
    assert row.held_professional == (level_of("professional", level).rank if level else None)
    assert row.required_professional == level_of("professional", "TC").rank


@around_a_period
@pytest.mark.parametrize("level", ["SC", None])
def test_waiver_exempts_while_it_is_in_force(world, day, is_in_force, level):
    world.appoint()
    make_waiver(world.official, "professional", **PERIOD)
    if level:
        make_qualification(world.official, "professional", level)
    row = row_of(world.official, day)
    otherwise = DimensionVerdict.NOT_MET if level else DimensionVerdict.UNKNOWN
    assert row.verdict_professional == (DimensionVerdict.EXEMPT if is_in_force else otherwise)
    assert (row.verdict == Verdict.COMPLIANT) is is_in_force


def test_waiver_of_another_dimension_or_person_exempts_nobody(world):
    world.appoint()
    make_waiver(world.official, "education")
    make_waiver(make_official("Người khác"), "professional")
    assert row_of(world.official).verdict_professional == DimensionVerdict.UNKNOWN


def test_who_meets_the_requirement_has_met_it_whatever_is_waived(world):
    world.appoint()
    make_waiver(world.official, "professional")
    make_qualification(world.official, "professional", "TC")
    assert row_of(world.official).verdict_professional == DimensionVerdict.MET
    post = judged(DAY, criterion=criterion_of()).get()
    assert (post.met, post.exempt, post.not_met, post.unknown) == (post.asked, 0, 0, 0)


def test_one_not_met_outweighs_one_unknown(world):
    make_requirement(world.standard, world.position, "education", "THPT")
    make_requirement(world.standard, world.position, "it", "A")
    world.appoint()
    make_qualification(world.official, "education", "THPT")
    assert verdict_of(world.official) == Verdict.UNDETERMINED
    make_qualification(world.official, "it", "KHONG")
    assert verdict_of(world.official) == Verdict.NOT_COMPLIANT


def test_criterion_counts_its_own_dimensions_and_shows_the_others(world):
    make_requirement(world.standard, world.position, "education", "THPT")
    world.appoint()
    make_qualification(world.official, "professional", "TC")
    make_qualification(world.official, "education", "THCS")
    row = row_of(world.official, criterion="PROFESSIONAL")
    assert (row.verdict, row.verdict_education) == (Verdict.COMPLIANT, DimensionVerdict.NOT_MET)
    assert verdict_of(world.official, criterion="EDUCATION") == Verdict.NOT_COMPLIANT
    assert verdict_of(world.official) == Verdict.NOT_COMPLIANT


def test_who_has_no_counted_requirement_is_not_in_the_total(world):
    world.appoint()
    make_qualification(world.official, "professional", "TC")
    assert verdict_of(world.official, criterion="POLITICAL") is None


def test_position_that_its_standard_does_not_name_is_not_in_the_total(world):
    unnamed = make_position()
    make_appointment(world.official, unnamed, world.commune)
    row = row_of(world.official)
    assert (row.verdict, row.standard_id) == (None, world.standard.pk)


# ---------------------------------------------------------------- the field-of-study rule


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([("TC", "Kế toán")], DimensionVerdict.MET, id="reaches and fits"),
        pytest.param([("TC", "KẾ TOÁN ")], DimensionVerdict.MET, id="fits in another spelling"),
        pytest.param([("TC", "")], DimensionVerdict.UNKNOWN, id="field not recorded"),
        pytest.param([("TC", "Luật")], DimensionVerdict.NOT_MET, id="does not fit"),
        pytest.param([("SC", "Kế toán")], DimensionVerdict.NOT_MET, id="fits but too low"),
        pytest.param([("SC", "")], DimensionVerdict.NOT_MET, id="too low, field not recorded"),
        pytest.param([], DimensionVerdict.UNKNOWN, id="no record"),
        pytest.param([("DH", "Luật"), ("TC", "Kế toán")], DimensionVerdict.MET, id="a lower record reaches and fits"),
        pytest.param([("DH", "Luật"), ("SC", "Kế toán")], DimensionVerdict.NOT_MET, id="what fits is too low"),
        pytest.param([("DH", "Luật"), ("TC", "")], DimensionVerdict.UNKNOWN, id="the unrecorded one may fit"),
        pytest.param([("DH", "Luật"), ("SC", "")], DimensionVerdict.NOT_MET, id="the unrecorded one is too low"),
    ],
)
def test_field_of_study_rule(world, records, expected):
    make_accepted_field(world.position, "Kế toán")
    make_accepted_field(make_position(), "Luật")  # what fits another position does not fit this one
    world.appoint()
    for level, field_of_study in records:
        make_qualification(world.official, "professional", level, field_of_study=field_of_study)
    assert row_of(world.official).verdict_professional == expected


@around_a_period
def test_field_of_study_rule_holds_while_a_row_of_it_is_in_force(world, day, is_in_force):
    make_accepted_field(world.position, "Kế toán", **PERIOD)
    world.appoint()
    make_qualification(world.official, "professional", "TC", field_of_study="Luật")
    expected = DimensionVerdict.NOT_MET if is_in_force else DimensionVerdict.MET
    assert row_of(world.official, day).verdict_professional == expected


def test_position_without_a_rule_is_judged_by_level_alone(world):
    make_accepted_field(make_position(), "Kế toán")
    make_accepted_field(world.position, "Kế toán", dimension="it")
    world.appoint()
    make_qualification(world.official, "professional", "TC", field_of_study="Luật")
    assert row_of(world.official).verdict_professional == DimensionVerdict.MET


def test_there_is_room_for_as_many_field_rules_as_there_are_positions(world):
    """A field of study takes no bit: only levels do."""
    make_requirement(world.standard, world.position, "education", "THPT")
    for number in range(15):
        make_accepted_field(make_position(), f"Ngành {number}")
    make_accepted_field(world.position, "Kế toán")
    world.appoint()
    make_qualification(world.official, "professional", "TC", field_of_study="Ngành 3")
    assert row_of(world.official).verdict_professional == DimensionVerdict.NOT_MET
    make_qualification(world.official, "professional", "DH", field_of_study="Kế toán")
    row = row_of(world.official)
    assert (row.verdict_professional, row.held_professional) == (
        DimensionVerdict.MET,
        level_of("professional", "DH").rank,
    )
    assert row.verdict_education == DimensionVerdict.UNKNOWN


def test_waiver_exempts_from_a_field_that_does_not_fit(world):
    make_accepted_field(world.position, "Kế toán")
    world.appoint()
    make_qualification(world.official, "professional", "TC", field_of_study="Luật")
    make_waiver(world.official, "professional")
    assert row_of(world.official).verdict_professional == DimensionVerdict.EXEMPT


# ---------------------------------------------------------------- 4. which records are held


@around_a_period
def test_record_counts_from_its_award_until_it_is_revoked(world, day, is_in_force):
    world.appoint()
    make_qualification(world.official, "professional", "TC", awarded=FIRST, revoked_on=LAST + A_DAY)
    expected = DimensionVerdict.MET if is_in_force else DimensionVerdict.UNKNOWN
    assert row_of(world.official, day).verdict_professional == expected


def test_record_corrected_as_an_error_never_counted(world):
    world.appoint()
    make_qualification(world.official, "professional", "SC")
    make_qualification(world.official, "professional", "DH", is_error=True)
    assert row_of(world.official).held_professional == level_of("professional", "SC").rank


def test_highest_record_counts_and_not_the_latest(world):
    world.appoint()
    make_qualification(world.official, "professional", "DH", awarded=date(2012, 1, 1))
    make_qualification(world.official, "professional", "SC", awarded=date(2014, 1, 1))
    assert row_of(world.official).held_professional == level_of("professional", "DH").rank


@pytest.mark.parametrize(
    ("awarded", "as_of", "first_day"),
    [
        pytest.param(PartialDate(FIRST), DAY, FIRST, id="known to the day"),
        pytest.param(PartialDate(FIRST), date(2015, 1, 1), FIRST, id="known to the day, after its roster"),
        pytest.param(PartialDate(date(2015, 3, 1), Precision.MONTH), DAY, date(2015, 3, 31), id="month"),
        pytest.param(PartialDate(date(2015, 3, 1), Precision.MONTH), FIRST, FIRST, id="month, not after its roster"),
        pytest.param(PartialDate(date(2014, 1, 1), Precision.YEAR), DAY, date(2014, 12, 31), id="year"),
        pytest.param(PartialDate(date(2015, 1, 1), Precision.YEAR), FIRST, FIRST, id="year, not after its roster"),
        pytest.param(None, FIRST, FIRST, id="not known"),
    ],
)
def test_first_day_on_which_a_record_counts(world, awarded, as_of, first_day):
    world.appoint()
    make_qualification(world.official, "professional", "TC", awarded=awarded, as_of=as_of)
    assert row_of(world.official, first_day - A_DAY).verdict_professional == DimensionVerdict.UNKNOWN
    assert row_of(world.official, first_day).verdict_professional == DimensionVerdict.MET


# ---------------------------------------------------------------- 5. left behind


@pytest.mark.parametrize("ended", ["unit", "position"])
def test_people_in_an_ended_unit_or_position_are_left_behind_and_counted_nowhere(world, ended):
    appointment = world.appoint()
    if ended == "unit":
        UnitVersion.objects.filter(unit=world.commune).update(end_date=LAST)
    else:
        Position.objects.filter(pk=world.position.pk).update(end_date=LAST)
    assert list(left_behind(LAST)) == []
    assert verdict_of(world.official, LAST) == Verdict.UNDETERMINED
    assert list(left_behind(LAST + A_DAY)) == [appointment]
    assert verdict_of(world.official, LAST + A_DAY) == NOT_COUNTED


def test_a_unit_that_goes_on_under_another_name_leaves_nobody_behind(world):
    world.appoint()
    parent = world.commune.versions.get().parent
    UnitVersion.objects.filter(unit=world.commune).update(end_date=LAST)
    make_version(world.commune, parent=parent, start_date=LAST + A_DAY)
    assert not left_behind(LAST + A_DAY).exists()
    assert verdict_of(world.official, LAST + A_DAY) == Verdict.UNDETERMINED


def test_who_left_before_the_end_or_holds_a_concurrent_post_is_not_left_behind(world):
    world.appoint(end_date=FIRST)
    other = make_official("Người khác")
    make_appointment(other, make_position(), world.commune)
    make_appointment(other, world.position, world.commune, is_primary=False)
    Position.objects.filter(pk=world.position.pk).update(end_date=FIRST)
    assert not left_behind(LAST).exists()


def test_a_unit_or_position_that_has_not_begun_leaves_nobody_behind(world):
    world.appoint()
    UnitVersion.objects.filter(unit=world.commune).update(start_date=LAST)
    assert not left_behind(FIRST).exists()
    assert verdict_of(world.official, FIRST) == NOT_COUNTED


@pytest.mark.parametrize(("data_begin", "found"), [(LAST, 1), (LAST + A_DAY, 0), (None, 0)])
def test_nobody_is_left_behind_before_the_data_of_the_commune_begin(world, data_begin, found):
    world.commune.roster_days.all().delete()
    if data_begin:
        begin_data(world.commune, data_begin)
    world.appoint()
    Position.objects.filter(pk=world.position.pk).update(end_date=FIRST)
    assert left_behind(LAST).count() == found


# ---------------------------------------------------------------- 6. in transition


@pytest.fixture
def successive(world) -> Standard:
    """A stricter standard since FIRST, with a transition until LAST; the holder meets the old one only."""
    Standard.objects.filter(pk=world.standard.pk).update(end_date=FIRST - A_DAY)
    stricter = make_standard(start_date=FIRST, transition_until=LAST)
    make_requirement(stricter, world.position, "professional", "DH")
    make_qualification(world.official, "professional", "TC")
    return stricter


@around_a_period
def test_transition_lasts_from_the_standards_first_day_to_its_last(world, successive, day, is_in_force):
    world.appoint()
    row = row_of(world.official, day)
    assert row.is_in_transition is is_in_force
    assert row.verdict == (Verdict.COMPLIANT if day < FIRST else Verdict.NOT_COMPLIANT)


@pytest.mark.parametrize(("start", "expected"), [(FIRST - A_DAY, True), (FIRST, False), (FIRST + A_DAY, False)])
def test_transition_is_for_those_who_served_before_the_standard_began(world, successive, start, expected):
    world.appoint(start_date=start)
    assert row_of(world.official).is_in_transition is expected


@pytest.mark.parametrize(("gap", "expected"), [(0, True), (1, False)])
def test_a_day_out_of_the_group_ends_the_transition(world, successive, gap, expected):
    break_starts = date(2015, 4, 1)
    world.appoint(end_date=break_starts - A_DAY)
    other_post = make_position()
    make_requirement(successive, other_post, "professional", "DH")
    make_appointment(world.official, other_post, world.commune, start_date=break_starts + timedelta(days=gap))
    assert row_of(world.official).is_in_transition is expected


def test_time_in_the_other_group_does_not_count_for_the_transition(world, successive):
    servant = make_position(group="civil_servant")
    make_appointment(world.official, servant, world.commune, end_date=FIRST)
    world.appoint(start_date=FIRST + A_DAY)
    assert row_of(world.official).is_in_transition is False


def test_a_concurrent_post_of_the_group_does_not_count_for_the_transition(world, successive):
    servant = make_position(group="civil_servant")
    make_appointment(world.official, servant, world.commune, end_date=FIRST)
    make_appointment(world.official, make_position(), world.commune, is_primary=False)
    world.appoint(start_date=FIRST + A_DAY)
    assert row_of(world.official).is_in_transition is False


def test_a_post_entered_in_error_is_no_time_served_before_the_standard(world, successive):
    wrong = make_appointment(world.official, make_position(), world.commune, end_date=FIRST)
    world.appoint(start_date=FIRST + A_DAY)
    assert row_of(world.official).is_in_transition is True
    Appointment.entered.filter(pk=wrong.pk).update(is_error=True)
    assert row_of(world.official).is_in_transition is False


def test_only_the_not_compliant_are_in_transition(world, successive):
    world.appoint()
    make_qualification(world.official, "professional", "DH", awarded=DAY)
    assert row_of(world.official, DAY - A_DAY).is_in_transition is True
    assert row_of(world.official, DAY).is_in_transition is False


def test_a_standard_without_transition_has_nobody_in_it(world, successive):
    Standard.objects.filter(pk=successive.pk).update(transition_until=None)
    world.appoint()
    assert row_of(world.official).is_in_transition is False


def test_nobody_is_in_transition_under_a_named_standard_that_has_not_begun(world, successive):
    world.appoint()
    row = row_of(world.official, FIRST - A_DAY, standards=(successive,))
    assert (row.verdict, row.is_in_transition) == (Verdict.NOT_COMPLIANT, False)


# ---------------------------------------------------------------- 7. named standards


def test_named_standard_replaces_the_one_in_force_for_its_group_only(world):
    servant, clerk = make_position(group="civil_servant"), make_official("Công chức")
    in_force = make_standard(group="civil_servant")
    make_requirement(in_force, servant, "it", "A")
    make_appointment(clerk, servant, world.commune)
    world.appoint()
    future = make_standard_after(world.standard)
    make_requirement(future, world.position, "education", "THPT")
    row = row_of(world.official, standards=(future,))
    assert (row.standard_id, row.verdict_education, row.verdict_it) == (future.pk, DimensionVerdict.UNKNOWN, None)
    assert not hasattr(row, "verdict_professional")  # no standard asks for it any more
    assert row_of(clerk, standards=(future,)).standard_id == in_force.pk


def make_standard_after(standard: Standard) -> Standard:
    Standard.objects.filter(pk=standard.pk).update(end_date=date(2099, 12, 31))
    return make_standard(start_date=date(2100, 1, 1))


def test_two_named_standards_for_one_group_are_refused(world):
    with pytest.raises(ValueError, match="một văn bản"):
        row_of(world.official, standards=(world.standard, make_standard_after(world.standard)))


def test_named_standard_judges_where_none_is_in_force(world):
    Standard.objects.filter(pk=world.standard.pk).update(start_date=LAST)
    world.appoint()
    assert verdict_of(world.official) is None
    assert verdict_of(world.official, standards=(world.standard,)) == Verdict.UNDETERMINED


# ---------------------------------------------------------------- the facts of a post, and the queryset


def test_post_carries_the_facts_of_its_unit_on_the_day(world):
    old, new = (make_unit(UnitVersion.Kind.DISTRICT, name=name) for name in ("Huyện cũ", "Huyện mới"))
    UnitVersion.objects.filter(unit=world.commune).update(parent=old, end_date=DAY - A_DAY, name="Xã cũ")
    make_version(world.commune, parent=new, start_date=DAY, name="Xã mới")
    world.appoint()
    before, after = posts_on(DAY - A_DAY).get(), posts_on(DAY).get()
    assert (before.commune_name, before.district_name, before.district_id) == ("Xã cũ", "Huyện cũ", old.pk)
    assert (after.commune_name, after.district_name, after.district_id) == ("Xã mới", "Huyện mới", new.pk)
    assert after.commune_valid_from == DAY


def test_province_stands_for_the_district_where_there_is_none(world):
    province = make_unit(UnitVersion.Kind.PROVINCE, code="99", name="Tỉnh thử")
    UnitVersion.objects.filter(unit=world.commune).update(parent=province)
    world.appoint()
    assert posts_on(DAY).get().district_code == "99"


def test_result_is_a_queryset_to_filter_order_group_and_slice(world, django_assert_num_queries):
    for name, level in (("Bình", "TC"), ("An", "SC"), ("Chi", "DH")):
        official = make_official(name)
        make_appointment(official, world.position, world.commune)
        make_qualification(official, "professional", level)
    criterion, rulebook = criterion_of(), Rulebook.load()
    posts = judged(DAY, criterion=criterion, rulebook=rulebook)
    levels = rulebook.level_sets(DAY)
    professional, university = levels.of(dimension_of("professional")), levels.only([level_of("professional", "DH")])
    with django_assert_num_queries(4):
        counts = dict(posts.values_list("verdict").annotate(Count("pk")))
        ordered = posts.select_related("official", "position").order_by("official__name_order")
        page = [post.official.full_name for post in ordered.filter(verdict="compliant")[:5]]
        assert posts.filter(not_met__overlaps=professional).count() == 1
        assert posts.filter(held__overlaps=university).exists()
    assert counts == {"compliant": 2, "not_compliant": 1}
    assert page == ["Bình", "Chi"]
    assert Official.objects.filter(pk__in=posts.filter(verdict="not_compliant").values("official")).count() == 1


def test_without_any_standard_the_posts_have_no_verdict(world):
    Standard.objects.all().delete()
    world.appoint()
    row = row_of(world.official)
    assert (row.verdict, row.standard_id, row.is_in_transition) == (None, None, False)


@pytest.mark.parametrize(
    ("born", "day", "band"),
    [
        (date(1984, 7, 1), DAY, "0-30"),  # 31 tomorrow
        (date(1984, 6, 30), DAY, "31-40"),  # 31 today
        (date(1974, 6, 30), DAY, "41-50"),
        (date(1964, 6, 30), DAY, "51-60"),
        (date(1955, 6, 30), DAY, "51-60"),  # 60 today
        (date(1954, 7, 1), DAY, "51-60"),  # 61 tomorrow
        (date(1954, 6, 30), DAY, "61-"),  # 61 today
        (date(1985, 3, 1), date(2016, 2, 29), "0-30"),  # 31 on 1 March
        (date(1985, 2, 28), date(2016, 2, 29), "31-40"),
        (date(1984, 2, 29), date(2015, 2, 28), "0-30"),  # the birthday comes on 1 March where there is no 29 February
        (date(1984, 2, 29), date(2015, 3, 1), "31-40"),
        (None, DAY, "unknown"),
    ],
)
def test_age_band_by_full_years_on_the_day(world, born, day, band):
    Official.objects.filter(pk=world.official.pk).update(birth_date=born, birth_precision="day" if born else "")
    world.appoint()
    assert with_age_band(posts_on(day), day).get().age_band == band
    assert band in {*AGE_BANDS, "unknown"}


def test_birth_known_to_the_year_counts_as_the_first_of_january(world):
    world.official = make_official("Giàng A Sử", birth=PartialDate(date(1984, 1, 1), Precision.YEAR))
    world.appoint()
    assert with_age_band(posts_on(date(2014, 12, 31)), date(2014, 12, 31)).get().age_band == "0-30"
    assert with_age_band(posts_on(date(2015, 1, 1)), date(2015, 1, 1)).get().age_band == "31-40"


# ---------------------------------------------------------------- the reasons


def test_reasons_name_requirement_level_evidence_and_article(world):
    world.requirement.article = "Điều 8 khoản 2"
    world.requirement.save()
    make_requirement(world.standard, world.position, "education", "THPT")
    make_zone(world.commune, 3)
    world.appoint()
    record = make_qualification(world.official, "professional", "SC")
    make_qualification(world.official, "professional", "CDT")
    education, professional = reasons(world.official, DAY, criterion=criterion_of("PROFESSIONAL"))
    assert (education.dimension, education.is_counted) == (dimension_of("education"), False)
    assert (education.held, education.evidence, education.verdict) == (None, None, DimensionVerdict.UNKNOWN)
    assert education.article == world.standard.legal_basis
    assert professional.article == "Điều 8 khoản 2"
    assert (professional.required, professional.is_relaxed) == (level_of("professional", "SC"), True)
    assert (professional.held, professional.evidence) == (record.level, record)
    assert (professional.verdict, professional.is_counted) == (DimensionVerdict.MET, True)


def test_evidence_of_a_field_rule_is_the_record_that_fits(world):
    make_accepted_field(world.position, "Kế toán")
    world.appoint()
    make_qualification(world.official, "professional", "DH", field_of_study="Luật")
    fitting = make_qualification(world.official, "professional", "TC", field_of_study="Kế toán")
    (reason,) = reasons(world.official, DAY, criterion=criterion_of())
    assert (reason.verdict, reason.evidence) == (DimensionVerdict.MET, fitting)
    assert reason.held == level_of("professional", "DH")


def test_of_two_records_of_the_level_the_earlier_is_the_evidence(world):
    world.appoint()
    make_qualification(world.official, "professional", "TC", awarded=date(2014, 1, 1))
    earlier = make_qualification(world.official, "professional", "TC", awarded=date(2012, 1, 1))
    (reason,) = reasons(world.official, DAY, criterion=criterion_of())
    assert reason.evidence == earlier


def test_reasons_show_the_waiver(world):
    world.appoint()
    waiver = make_waiver(world.official, "professional")
    (reason,) = reasons(world.official, DAY, criterion=criterion_of())
    assert (reason.verdict, reason.waiver) == (DimensionVerdict.EXEMPT, waiver)


def test_no_reasons_without_a_counted_post(world):
    assert reasons(world.official, DAY, criterion=criterion_of()) == []


def test_rulebook_and_sql_agree_on_what_is_in_force(world):
    Standard.objects.filter(pk=world.standard.pk).update(**PERIOD)
    rulebook = Rulebook.load()
    for day in (UNKNOWN_START, FIRST - A_DAY, FIRST, LAST, LAST + A_DAY):
        assert list(rulebook.standards_on(day).values()) == list(Standard.objects.as_of(day))


# ---------------------------------------------------------------- what would be


@around_a_period
def test_a_supposed_record_counts_in_its_own_period(world, day, is_in_force):
    world.appoint()
    record = Qualification(official=world.official, level=level_of("professional", "TC"), **PERIOD)
    (reason,) = reasons(world.official, day, criterion=criterion_of(), supposed=Supposed(records=[record]))
    assert (reason.verdict, reason.evidence) == (
        (DimensionVerdict.MET, record) if is_in_force else (DimensionVerdict.UNKNOWN, None)
    )


def test_a_supposed_record_entered_in_error_does_not_count(world):
    world.appoint()
    record = Qualification(official=world.official, level=level_of("professional", "TC"), is_error=True)
    supposed = Supposed(records=[record])
    post, _ = judgement_of(world.official, DAY, criterion=criterion_of(), supposed=supposed)
    assert post.verdict == Verdict.UNDETERMINED


def test_a_supposed_post_stands_in_the_place_of_the_own_also_where_data_have_not_begun(world):
    world.appoint()
    elsewhere, unasked = make_commune(), make_position()
    elsewhere.roster_days.all().delete()
    make_requirement(world.standard, unasked, "education", "THPT")
    supposed = Supposed(posts=[Appointment(official=world.official, position=unasked, unit=elsewhere, **PERIOD)])
    post, found = judgement_of(world.official, DAY, criterion=criterion_of(), supposed=supposed)
    assert (post.position, post.unit) == (unasked, elsewhere)
    assert judged(DAY, criterion=criterion_of(), supposed=supposed).count() == 1
    assert [reason.dimension.code for reason in found] == ["education"]
    after, _ = judgement_of(world.official, LAST + A_DAY, criterion=criterion_of(), supposed=supposed)
    assert (after.position, after.unit) == (world.position, world.commune)


def test_supposed_requirements_and_waivers_have_their_reasons(world):
    world.appoint()
    higher = Requirement(
        standard=world.standard,
        position=world.position,
        dimension=dimension_of("professional"),
        minimum=level_of("professional", "DH"),
        minimum_relaxed=level_of("professional", "CD"),
    )
    new = Requirement(
        standard=world.standard,
        position=world.position,
        dimension=dimension_of("education"),
        minimum=level_of("education", "THPT"),
        minimum_relaxed=level_of("education", "THPT"),
    )
    waiver = Waiver(official=world.official, dimension=dimension_of("education"), start_date=FIRST)
    make_qualification(world.official, "professional", "TC")
    found = reasons(
        world.official,
        DAY,
        criterion=criterion_of(),
        supposed=Supposed(requirements=[higher, new], waivers=[waiver]),
    )
    assert [(reason.requirement, reason.required.code, reason.waiver, reason.verdict) for reason in found] == [
        (new, "THPT", waiver, DimensionVerdict.EXEMPT),
        (higher, "DH", None, DimensionVerdict.NOT_MET),
    ]
    assert [reason.required.code for reason in reasons(world.official, DAY, criterion=criterion_of())] == ["TC"]


# ---------------------------------------------------------------- how many levels there is room for


def levels_beside(world, number: int) -> None:
    """Let the standard ask for something in a dimension of so many levels, beside those of the world."""
    dimension = Dimension.objects.create(code="many", name="Nhiều mức", order=99)
    levels = [Level.objects.create(dimension=dimension, code=f"M{n}", rank=n, name=f"Mức {n}") for n in range(number)]
    Requirement.objects.create(
        standard=world.standard,
        position=world.position,
        dimension=dimension,
        minimum=levels[-1],
        minimum_relaxed=levels[0],
    )


def test_the_last_of_as_many_levels_as_a_set_holds_is_judged(world):
    levels_beside(world, MOST_LEVELS - Level.objects.filter(dimension__code="professional").count())
    world.appoint()
    make_qualification(world.official, "many", "M1")
    row = row_of(world.official)
    assert (row.verdict_many, row.held_many) == (DimensionVerdict.NOT_MET, 1)
    make_qualification(world.official, "many", Level.objects.filter(dimension__code="many").last().code)
    assert row_of(world.official).verdict_many == DimensionVerdict.MET


def test_more_levels_than_a_set_holds_are_refused_where_they_are_entered(world):
    levels_beside(world, MOST_LEVELS - Level.objects.filter(dimension__code="professional").count())
    world.requirement.full_clean()
    with pytest.raises(ValidationError, match="62 mức"):
        Level(dimension=dimension_of("many"), code="MORE", rank=99, name="Thêm").full_clean()
    Level(dimension=dimension_of("education"), code="MORE", rank=99, name="Thêm").full_clean()  # nobody asks for it
    thpt = level_of("education", "THPT")
    with pytest.raises(ValidationError, match="62 mức"):
        Requirement(
            standard=world.standard,
            position=world.position,
            dimension=thpt.dimension,
            minimum=thpt,
            minimum_relaxed=thpt,
        ).full_clean()
    Level.objects.create(dimension=dimension_of("many"), code="MORE", rank=99, name="Thêm")  # past the form
    with pytest.raises(ValueError, match="62 mức"):
        row_of(world.official)
