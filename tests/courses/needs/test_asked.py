"""Needs beside the standard: whom a programme's target or a regulation asks to study; against plain loops over rows."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cadres.evaluation import Rulebook, Supposed, posts_on
from cadres.models import Appointment, EthnicGroup, Level, Position, Qualification, RosterDay, Standard
from cadres.periods import add_months
from courses.models import Certificate, Enrolment, Ethnicity, NeedRule, Programme, ProgrammeModule, TrainingClass
from courses.modules import progress_of
from courses.needs.asked import any_of, asked_by, asked_overview, asking
from courses.needs.computed import closing_programmes
from tests.builders import (
    criterion_of,
    level_of,
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_qualification,
    make_requirement,
    make_zone,
    position_of,
)
from tests.conftest import DAY, rolled_back
from tests.courses.needs.test_needs import invent_programmes
from tests.reports.test_invented_provinces import DAYS, invent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

A_DAY = timedelta(days=1)
State = Enrolment.State


@pytest.fixture(autouse=True)
def empty(db):
    """No rule, no programme and nobody who counts but those that a test makes."""
    RosterDay.objects.all().delete()
    NeedRule.objects.all().delete()
    Programme.objects.all().delete()


def rule(
    programme: Programme | None = None, *, level: str = "", positions: tuple[str, ...] = (), **columns
) -> NeedRule:
    columns = {"code": f"R{NeedRule.objects.count()}", "basis": "regulation", "document": "TT 1"} | columns
    made = NeedRule(programme=programme, level=level_of(*level.split(":")) if level else None, **columns)
    made.full_clean()
    made.save()
    made.positions.set(position_of(code) for code in positions)
    return made


def of_day(day: date = DAY, criterion: str = "FULL"):
    return asking(closing_programmes(day, criterion=criterion_of(criterion)))


def asked(day: date = DAY, *, studying: bool = False) -> set[str]:
    """The names of those whom a rule asks something."""
    posts = of_day(day).posts(studying=studying).select_related("official")
    return {post.official.full_name for post in posts}


def holder(name: str, position: str = "VP_TK", *, zone: int | None = None, since: date = date(2012, 1, 1), **official):
    commune = make_commune()
    if zone is not None:
        make_zone(commune, zone)
    person = make_official(name, **official)
    make_appointment(person, position_of(position), commune, start_date=since)
    return person


# ---------------------------------------------------------------- for whom


def test_a_programme_is_asked_of_the_positions_that_it_is_for(db):
    holder("Bí thư", "BT_DU")
    holder("Văn phòng")
    rule(make_programme(targets=("BT_DU",)))

    assert asked() == {"Bí thư"}


def test_the_positions_of_the_rule_go_before_those_of_the_programme(db):
    holder("Bí thư", "BT_DU")
    holder("Văn phòng")
    rule(make_programme(targets=("BT_DU",)), positions=("VP_TK",))

    assert asked() == {"Văn phòng"}


def test_group_subgroup_zone_and_ethnicity_each_narrow_it(db):
    kinh, hmong = EthnicGroup.MAJORITY, EthnicGroup.objects.get(name="Mông").code
    holder("Kinh vùng III", zone=3, ethnic=kinh)
    holder("Mông vùng III", zone=3, ethnic=hmong)
    holder("Chưa rõ dân tộc", zone=3)
    holder("Kinh vùng II", zone=2, ethnic=kinh)
    holder("Kinh chưa có khu vực", ethnic=kinh)
    holder("Cán bộ vùng III", "BT_DU", zone=3, ethnic=kinh)
    one = rule(level="ethnic_language:GT", zone="3", ethnicity=Ethnicity.MAJORITY, position_group="civil_servant")

    assert asked() == {"Kinh vùng III"}
    NeedRule.objects.filter(pk=one.pk).update(ethnicity=Ethnicity.MINORITY)
    assert asked() == {"Mông vùng III"}
    NeedRule.objects.filter(pk=one.pk).update(ethnicity="", subgroup=Position.Subgroup.KEY, position_group="")
    assert asked() == {"Cán bộ vùng III"}


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [
        (date(2015, 1, 31), False),
        (date(2015, 2, 1), True),
        (date(2015, 12, 31), True),
        (date(2016, 1, 1), False),
    ],
)
def test_a_rule_asks_from_its_first_day_to_its_last(day, is_asked):
    holder("Văn phòng")
    rule(make_programme(), start_date=date(2015, 2, 1), end_date=date(2015, 12, 31))

    assert (asked(day) == {"Văn phòng"}) is is_asked


def test_what_the_standard_asks_itself_is_left_to_it(db):
    make_requirement(Standard.objects.get(code="R2012"), position_of("VP_TK"), "state_management", "CV", relaxed="CS")
    holder("Văn phòng")
    holder("Kế toán", "TC_KT")
    one = rule(level="state_management:CV")

    assert asked() == {"Văn phòng", "Kế toán"}  # in the relaxed minimum less is asked than by the rule
    NeedRule.objects.filter(pk=one.pk).update(level=level_of("state_management", "CS"))
    assert asked() == {"Kế toán"}


# ---------------------------------------------------------------- what is done


def test_who_holds_the_level_or_a_higher_one_has_done_it_from_the_day_of_the_record(db):
    person = holder("Văn phòng")
    rule(level="state_management:CS")
    make_qualification(person, "state_management", "CV", awarded=date(2015, 6, 1))

    assert asked(date(2015, 5, 31)) == {"Văn phòng"}
    assert asked(date(2015, 6, 1)) == set()


def test_a_programme_that_raises_none_is_done_by_a_completed_class_from_its_last_day(db):
    person, course = holder("Văn phòng"), make_programme()
    rule(course)
    taught = make_class(course, state=TrainingClass.State.ENDED)
    enrolment = make_enrolment(person, taught, State.COMPLETED)

    assert asked(taught.end_date) == set()
    assert asked(taught.end_date - A_DAY) == set()  # in the class: studies it
    assert asked(taught.start_date - A_DAY) == {"Văn phòng"}
    Enrolment.objects.filter(pk=enrolment.pk).update(state=State.FAILED)
    assert asked(taught.end_date + A_DAY) == {"Văn phòng"}


def test_what_another_programme_gave_is_not_this_one_but_a_record_of_a_roster_is(db):
    course, other = make_programme("position_training:CC"), make_programme("position_training:CC")
    elsewhere, of_roster = holder("Học nghề khác"), holder("Theo danh sách")
    rule(course)
    record = make_qualification(elsewhere, "position_training", "CC", awarded=date(2014, 6, 1))
    enrolment = make_enrolment(elsewhere, make_class(other, state=TrainingClass.State.ENDED), State.COMPLETED)
    Certificate.objects.create(
        enrolment=enrolment,
        institution=make_institution(),
        number="1",
        book_entry="1",
        issued_on=date(2014, 6, 1),
        signer="A",
        qualification=record,
    )
    make_qualification(of_roster, "position_training", "CC", awarded=date(2014, 6, 1))

    assert asked() == {"Học nghề khác"}


def test_what_was_done_longer_ago_than_the_rule_allows_is_asked_again(db):
    person, course = holder("Văn phòng"), make_programme()
    rule(course, within_years=3)
    taught = make_class(course, state=TrainingClass.State.ENDED)
    make_enrolment(person, taught, State.COMPLETED)

    assert asked(add_months(taught.end_date, 36) - A_DAY) == set()
    assert asked(add_months(taught.end_date, 36)) == {"Văn phòng"}


def test_who_has_a_new_position_studies_for_it_anew_where_the_rule_says_so(db):
    course = make_programme()
    end = make_class(course, state=TrainingClass.State.ENDED).end_date
    for name, since in (("Trước", end), ("Sau", end + A_DAY)):
        taught = make_class(course, state=TrainingClass.State.ENDED)
        make_enrolment(holder(name, since=since), taught, State.COMPLETED)
    one = rule(course)

    assert asked() == set()
    NeedRule.objects.filter(pk=one.pk).update(since_appointment=True)
    assert asked() == {"Sau"}


def test_in_modules_it_is_done_by_the_certificate_of_the_whole_and_progress_is_told(db):
    person, course = holder("Văn phòng"), make_programme(hours=80)
    modules = [
        ProgrammeModule.objects.create(programme=course, number=number, title=f"Phần {number}", hours=40)
        for number in (1, 2)
    ]
    rule(course)
    taught = make_class(course, state=TrainingClass.State.ENDED)
    taught.modules.add(modules[0])
    enrolment = make_enrolment(person, taught, State.COMPLETED)

    assert asked() == {"Văn phòng"}
    told = progress_of([person.pk], [course.pk])
    assert str(told[person.pk, course.pk]) == "đã học xong 1/2 học phần, còn thiếu học phần 2"
    Certificate.objects.create(
        enrolment=enrolment,
        institution=make_institution(),
        number="1",
        book_entry="1",
        issued_on=taught.end_date,
        signer="A",
    )
    assert asked() == set()
    assert progress_of([person.pk], [course.pk]) == {}


def test_who_studies_it_is_not_asked_but_told_among_those_who_study(db):
    person, course = holder("Văn phòng"), make_programme()
    rule(course)
    make_enrolment(person, make_class(course, start_date=DAY, end_date=DAY + 9 * A_DAY), State.DECIDED)

    assert asked() == set()
    assert asked(studying=True) == {"Văn phòng"}
    # A plan within a budget supposes nothing of who studies, and asks them for nothing either.
    assert not asking(closing_programmes(DAY, criterion=criterion_of(), finished=Supposed())).posts().exists()


def test_the_day_by_which_it_has_to_be_done_counts_from_the_first_day_in_the_position(db):
    holder("Văn phòng", since=date(2015, 1, 15))
    rule(make_programme(), grace_months=6, priority=1)

    def need(day: date):
        found = of_day(day)
        (told,) = found.needs(found.posts().select_related("official"))
        return told

    assert (need(date(2015, 7, 15)).due, need(date(2015, 7, 15)).is_overdue) == (date(2015, 7, 15), False)
    assert need(date(2015, 7, 16)).is_overdue
    assert need(DAY).priority == 1


def test_what_two_rules_ask_alike_is_one_need_with_both_texts(db):
    holder("Văn phòng")
    course = make_programme()
    rule(course, document="TT 1")
    rule(course, document="TT 2", priority=1)
    found = of_day()

    (told,) = found.needs(found.posts().select_related("official"))

    assert told.sources == ("TT 1 (chưa đối chiếu)", "TT 2 (chưa đối chiếu)")
    assert told.priority == 1
    assert asked_overview(found).by_programme == {course: 1}


def test_a_rule_asks_a_programme_or_a_level_and_not_both_and_not_neither(db):
    with pytest.raises(ValidationError, match="không ghi cả hai"):
        rule(make_programme(), level="it:A")
    with pytest.raises(ValidationError, match="Hãy ghi một chương trình"):
        rule()
    with pytest.raises(ValidationError, match="Không có chức danh nào"):
        rule(level="it:A", position_group="cadre", subgroup="professional")


# ---------------------------------------------------------------- against loops


def loops(day: date, criterion: str) -> dict[tuple[int, int], object]:
    """(Official, rule) → the post, by reading every row."""
    found = {}
    for post in posts_on(day).select_related("official__ethnic_group", "position"):
        for one in NeedRule.objects.all():
            if one.is_in_force(day) and _means(one, post) and not _has_done(one, post.official_id, post, day):
                found[post.official_id, one.pk] = post
    return found


def _means(one: NeedRule, post) -> bool:
    group = post.official.ethnic_group.code if post.official.ethnic_group else ""
    named = list(one.positions.all()) or (list(one.programme.target_positions.all()) if one.programme else [])
    return (
        one.position_group in ("", post.position.group)
        and one.subgroup in ("", post.position.subgroup)
        and (not one.zone or (post.zone is not None and one.zone == str(post.zone)))
        and (one.ethnicity != "majority" or group == "01")
        and (one.ethnicity != "minority" or group not in ("", "01", "55"))
        and (not named or post.position in named)
    )


def _has_done(one: NeedRule, official: int, post, day: date) -> bool:
    since = add_months(day, -12 * one.within_years) if one.within_years else date.min
    held = [row.start_date for row in Appointment.objects.filter(official=official, position=post.position)]
    first = min(held) if one.since_appointment else date.min
    level = one.level or one.programme.raises_to
    if level:
        days = [
            row.start_date
            for row in Qualification.objects.filter(official=official, level__dimension=level.dimension)
            if not row.is_error and row.is_in_force(day) and row.level.rank >= level.rank
        ]
    else:
        days = [
            row.training_class.end_date
            for row in Enrolment.objects.filter(official=official, training_class__programme=one.programme)
            if row.state == "completed" and row.training_class.end_date <= day
        ]
    return any(done > since and done >= first for done in days)


def invent_rules(random: Random) -> None:
    # No level of what the criterion counts: what is left to the standard has a test of its own.
    levels = list(Level.objects.filter(dimension__code__in=("education", "professional")))
    positions = list(Position.objects.filter(code__startswith="X"))
    programmes = list(Programme.objects.all())
    for number in range(6):
        programme = random.choice([None, *programmes])
        made = NeedRule.objects.create(
            code=f"I{number}",
            basis="programme",
            document=f"Văn bản {number}",
            programme=programme,
            level=None if programme else random.choice(levels),
            position_group=random.choice(["", "", "cadre", "civil_servant"]),
            zone=random.choice(["", "", "1", "3"]),
            ethnicity=random.choice(["", "", "majority", "minority"]),
            within_years=random.choice([None, None, 1, 5]),
            since_appointment=random.random() < 0.3,
            start_date=random.choice([date(2009, 1, 1), *DAYS[:4]]),
            end_date=random.choice([None, *DAYS[6:]]),
        )
        made.positions.set(random.sample(positions, random.choice([0, 0, 1, 2])))


def agree(day: date, criterion: str) -> None:
    found = asking(closing_programmes(day, criterion=criterion_of(criterion)))
    expected = loops(day, criterion)
    posts = list(found.posts())
    assert Counter((post.official_id, key) for post in posts for key in post.by_rules) == Counter(expected.keys())
    whole, post_of = asked_overview(found), {post.official_id: post for post in posts}
    assert whole.people == len(posts)
    assert {one.pk: number for one, number in whole.by_rule.items()} == Counter(key for _, key in expected)
    kind_of = {one.rule.pk: one.kind for one in found.rules}
    assert whole.by_kind == Counter(kind for _, kind in {(who, kind_of[key]) for who, key in expected})
    columns = {"district": "district_id", "commune": "unit_id", "zone": "zone", "position": "position_id"}
    for by, column in columns.items():
        counted = asked_by(by, found)
        assert {key: count.people for key, count in counted.items()} == Counter(
            getattr(post_of[who], column) for who in post_of
        )
        assert {
            (key, code): people for key, count in counted.items() for code, people in count.by_kind.items() if people
        } == Counter(
            (getattr(post_of[who], column), code) for who, code in {(who, kind_of[key].code) for who, key in expected}
        )
    for programme in Programme.objects.all():
        asked_for = {
            who
            for who, key in expected
            for one in found.rules
            if one.rule.pk == key and programme in found.programmes_of(one, expected[who, key].position_id)
        }
        meant = found.closed_by(programme)
        everybody = found.with_rules(posts_on(day), meant, None).filter(any_of(meant.values()))
        assert set(everybody.values_list("official", flat=True)) == asked_for


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(seed=st.integers(0, 2**32), day=st.sampled_from(DAYS))
@example(seed=173, day=date(2016, 1, 1))
def test_what_is_asked_is_that_of_the_loops_in_invented_provinces(db, seed, day):
    with rolled_back():
        random = Random(seed)
        invent(random)
        invent_programmes(random)
        invent_rules(random)
        agree(day, "POLITICAL")


def test_the_needs_of_everybody_are_one_query_however_many_rules(db, django_assert_num_queries):
    for position in ("VP_TK", "TC_KT", "BT_DU"):
        holder(position, position)
    for _ in range(3):
        rule(make_programme())
    found = of_day()
    for query in (
        lambda: found.needs(found.posts().select_related("official", "position")),
        lambda: asked_overview(found),
        lambda: asked_by("commune", found),
    ):
        with django_assert_num_queries(1):
            assert query()
    closing = closing_programmes(DAY, criterion=criterion_of(), rulebook=Rulebook.load())
    with django_assert_num_queries(3):
        asking(closing)
