"""The rate at year-ends to come: of the small province (tests/province.py) by hand, of invented ones by an oracle.

On 31/12/2015 four of eight are compliant. Lan (F, 1960) and Páo (M, 1950) are past retirement and leave; of Chín no day
of retirement is known. Ánh lacks only it:A, Mỷ only political theory.
"""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadres import registry
from cadres.evaluation import Verdict
from cadres.models import Appointment, Level, Official, Qualification, RetirementAge, Standard
from cadres.periods import PartialDate
from courses.models import (
    DistrictSubmission,
    Enrolment,
    NeedCampaign,
    PlanLine,
    Programme,
    ProposedPerson,
    RegisteredNeed,
    TrainingClass,
    TrainingPlan,
)
from reports.forecast.computing import Choices, Notice, Step, forecast, last_year_of, year_ends_after
from reports.forecast.expected import Source
from tests import province
from tests.builders import (
    criterion_of,
    make_appointment,
    make_class,
    make_enrolment,
    make_official,
    make_programme,
    make_qualification,
    make_requirement,
    make_standard,
    position_of,
)
from tests.cadres.test_retirement import retirement_day
from tests.conftest import rolled_back, unit_of
from tests.province import BAC_HA_TOWN, BAN_PHO, DAY, THANH_BINH
from tests.reports import naive
from tests.reports.test_invented_provinces import DAYS, DIMENSIONS, invent

pytestmark = pytest.mark.usefixtures("province_database")

A_DAY = timedelta(days=1)
END_OF_2016, END_OF_2017 = date(2016, 12, 31), date(2017, 12, 31)
State = Enrolment.State


@pytest.fixture
def people(db) -> dict[str, Official]:
    return province.people()


def ahead(day: date = DAY, years: int = 2, **choices):
    return forecast(day, years, criterion=criterion_of(), choices=Choices(**choices))


def moved(year) -> dict[str, int]:
    return {taken.step.value: len(taken.moves) for taken in year.steps if taken.moves}


def send(official: Official, raises_to: str, end: date, state: str = State.ATTENDING) -> Enrolment:
    run = make_class(make_programme(raises_to), start_date=date(2015, 9, 1), end_date=end)
    return make_enrolment(official, run, state)


def ended(year: int, *, sent: int, completed: int) -> None:
    """A class that ended in the year, with people who are in no rate."""
    programme = make_programme("professional:DH")
    run = make_class(
        programme,
        state=TrainingClass.State.ENDED,
        start_date=date(year, 3, 1),
        end_date=date(year, 11, 30),
    )
    for number in range(sent):
        make_enrolment(make_official(f"Người {number}"), run, State.COMPLETED if number < completed else State.FAILED)


# ---------------------------------------------------------------- who leaves


def test_who_is_past_retirement_leaves_with_the_first_year_end_and_nobody_follows(people):
    found = ahead()
    first, second = found.years
    assert (found.now.compliant, found.now.total, found.overdue, found.undated) == (4, 8, 2, 1)
    assert moved(first) == {"retired": 2}
    assert {move.official for move in first.taken(Step.RETIRED).moves} == {
        people["Lý Thị Lan"].pk,
        people["Hoàng Văn Páo"].pk,
    }
    assert (first.rate.compliant, first.rate.total, str(first.rate.percent)) == (4, 6, "66.7")
    assert moved(second) == {}
    assert second.rate == first.rate


@pytest.mark.parametrize(
    ("birth", "last_year"), [(date(1956, 11, 30), 2015), (date(1956, 12, 1), 2016), (date(1957, 1, 1), 2016)]
)
def test_somebody_is_at_work_on_the_last_day_of_the_month_of_retirement(people, birth, last_year):
    man = make_official("Người sắp nghỉ", sex="M", birth=PartialDate(birth))
    make_appointment(man, position_of("TCA"), unit_of(BAC_HA_TOWN))
    there = [year.day.year for year in ahead().years if man.pk in year.posts]
    assert max(there, default=2015) == last_year


def test_posts_that_end_begin_or_change_on_record_are_steps_of_their_own(people):
    registry.end_appointment(
        people["Giàng A Sử"].appointments.get(), end_date=date(2016, 6, 1), reason="resigned", by=None
    )
    moving = people["Nguyễn Văn Hùng"].appointments.get()
    registry.end_appointment(moving, end_date=date(2016, 6, 1), reason="transferred", by=None)
    make_appointment(people["Nguyễn Văn Hùng"], position_of("BT_DU"), unit_of(BAN_PHO), start_date=date(2016, 6, 2))
    newcomer = make_official("Cư Seo Vần", sex="M", birth=PartialDate(date(1980, 1, 1)))
    make_appointment(newcomer, position_of("TCA"), unit_of(BAN_PHO), start_date=date(2016, 6, 2))
    first = ahead().years[0]
    assert moved(first) == {"retired": 2, "left": 1, "came": 1, "post": 1}
    told = {taken.step.value: (taken.compliant, taken.total) for taken in first.steps if taken.moves}
    assert told == {"retired": (0, -2), "left": (-1, -1), "came": (0, 1), "post": (-1, 0)}


# ---------------------------------------------------------------- what is to come


@pytest.mark.parametrize(("end", "year"), [(END_OF_2016, 0), (END_OF_2016 + A_DAY, 1)])
def test_a_class_counts_from_the_year_end_by_which_it_has_ended(people, end, year):
    send(people["Trần Thị Ánh"], "it:A", end)
    years = ahead().years
    taken = years[year].taken(Step.STUDY)
    assert [(move.official, move.before, move.after) for move in taken.moves] == [
        (people["Trần Thị Ánh"].pk, "undetermined", "compliant")
    ]
    assert not years[1 - year].taken(Step.STUDY).moves
    assert str(years[1].rate.percent) == "83.3"


def test_who_retires_before_the_class_ends_brings_nothing(people):
    send(people["Lý Thị Lan"], "professional:TC", date(2016, 6, 30))
    first = ahead().years[0]
    assert moved(first) == {"retired": 2}


def test_what_a_class_gave_in_one_year_is_there_when_the_post_changes_in_the_next(people):
    anh = people["Trần Thị Ánh"]
    send(anh, "it:A", date(2016, 6, 30))
    post = anh.appointments.get()
    registry.end_appointment(post, end_date=date(2017, 6, 1), reason="transferred", by=None)
    make_appointment(anh, post.position, unit_of(THANH_BINH), start_date=date(2017, 6, 2))
    first, second = ahead().years
    assert moved(first) == {"retired": 2, "study": 1}
    assert second.rate == first.rate


def test_what_ended_and_waits_for_its_result_counts_with_the_first_year_end(people):
    send(people["Trần Thị Ánh"], "it:A", date(2015, 12, 1))
    assert moved(ahead().years[0]) == {"retired": 2, "study": 1}


def test_a_standard_that_begins_is_a_step_and_a_transition_that_ends_is_told_without_moving_the_rate(people):
    old = position_of("BT_DU")
    ending = date(2016, 6, 30)
    Standard.objects.filter(code="R2004").update(end_date=ending)
    text = make_standard(start_date=ending + A_DAY, end_date=date(2023, 7, 31), transition_until=date(2017, 6, 30))
    make_requirement(text, old, "professional", "DH")
    years = ahead().years
    rules = years[0].taken(Step.RULES)
    assert {move.official for move in rules.moves if move.after == "not_compliant"} == {people["Giàng A Sử"].pk}
    assert not years[0].notices[Notice.TRANSITION]
    assert [move.official for move in years[1].notices[Notice.TRANSITION]] == [people["Giàng A Sử"].pk]
    assert moved(years[1]) == {}


def test_a_term_that_ends_is_told_and_moves_nothing(people):
    Appointment.objects.filter(official=people["Giàng A Sử"]).update(term="2012-2017")
    first, second = ahead().years
    assert not first.notices[Notice.TERM]
    assert [(move.official, move.of) for move in second.notices[Notice.TERM]] == [
        (people["Giàng A Sử"].pk, "2012-2017")
    ]
    assert second.rate == first.rate
    assert [last_year_of(term) for term in ("2011-2016", "2011 – 2016 ", "khóa XIX", "", "9-0000")] == [
        2016, 2016, None, None, None,
    ]  # fmt: skip


def test_where_terms_end_who_holds_one_leaves_with_its_last_year_and_a_later_term_goes_on(people):
    Appointment.objects.filter(official=people["Giàng A Sử"]).update(term="2012-2017")
    Appointment.objects.filter(official=people["Lù Seo Dơ"]).update(term="2010-2015")  # over on the day looked at
    first, second = ahead(terms_end=True).years
    assert moved(first) == {"retired": 2}
    assert moved(second) == {"term_over": 1}
    assert [(move.official, move.after) for move in second.taken(Step.TERM).moves] == [(people["Giàng A Sử"].pk, None)]
    assert (second.rate.compliant, second.rate.total) == (3, 5)
    assert not second.notices[Notice.TERM]


# ---------------------------------------------------------------- the plan


@pytest.fixture
def plan(people):
    """One seat of it:A in the plan of 2016, for which Hùng (2) and Ánh (1, the more urgent) are registered."""
    programme = make_programme("it:A")
    plan = TrainingPlan.objects.create(
        year=2016, title="KH", state="approved", decision_number="1/QĐ", decision_date=date(2015, 12, 1)
    )
    PlanLine.objects.create(plan=plan, programme=programme, class_count=1, seats=1)
    campaign = NeedCampaign.objects.create(
        year=2016, title="Đợt", opens_on=date(2015, 10, 1), closes_on=date(2015, 11, 1)
    )
    submission = DistrictSubmission.objects.create(
        campaign=campaign, district=unit_of("085"), deadline=date(2015, 11, 1), state="accepted"
    )
    for name, priority in (("Nguyễn Văn Hùng", 2), ("Trần Thị Ánh", 1)):
        RegisteredNeed.objects.create(
            submission=submission, official=people[name], programme=programme, priority=priority, reason="thử"
        )
    return plan


def test_a_planned_seat_goes_to_the_most_urgent_who_is_registered(people, plan):
    found = ahead()
    assert [(one.official_id, one.source) for one in found.plan.records] == [(people["Trần Thị Ánh"].pk, Source.PLAN)]
    assert found.plan.unnamed == {}
    assert moved(found.years[0]) == {"retired": 2, "plan": 1}


def test_who_finishes_a_class_and_takes_a_seat_in_one_year_is_in_both_steps(people, plan):
    anh = people["Trần Thị Ánh"]
    Qualification.objects.filter(official=anh, level__dimension__code="professional").delete()
    make_qualification(anh, "professional", "SC")
    Qualification.objects.filter(official=anh, level__dimension__code="it").delete()
    send(anh, "professional:DH", date(2016, 6, 30))
    (year, _) = ahead().years
    moves = {step: [(move.before, move.after) for move in year.taken(step).moves] for step in (Step.STUDY, Step.PLAN)}
    assert moves == {
        Step.STUDY: [(Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED)],
        Step.PLAN: [(Verdict.UNDETERMINED, Verdict.COMPLIANT)],
    }


def test_seats_that_a_class_took_are_not_counted_twice_and_those_without_a_name_are_told(people, plan):
    line = plan.lines.get()
    PlanLine.objects.filter(pk=line.pk).update(seats=5)
    run = make_class(line.programme, start_date=date(2016, 3, 7), end_date=date(2016, 3, 11), seats=2, plan_line=line)
    make_enrolment(people["Trần Thị Ánh"], run, State.NOMINATED)
    found = ahead()
    assert [one.official_id for one in found.plan.records] == [people["Nguyễn Văn Hùng"].pk]
    assert found.plan.unnamed == {2016: 2}
    assert moved(found.years[0]) == {"retired": 2, "study": 1}


def test_a_seat_goes_to_whom_the_plan_names_before_who_is_registered_and_in_a_class_that_has_room(people, plan):
    line = plan.lines.get()
    named, gone = (make_official(name, sex="M", birth=PartialDate(date(1980, 1, 1))) for name in ("A Một", "B Hai"))
    make_appointment(named, position_of("VP_TK"), unit_of(BAC_HA_TOWN))
    for dimension, level in (("education", "THPT"), ("professional", "TC")):
        make_qualification(named, dimension, level)
    for one in (gone, people["Nguyễn Văn Hùng"], named):  # Hùng has the level already
        ProposedPerson.objects.create(line=line, official=one, proposed_on=DAY)

    def seated() -> list[tuple[int, str]]:
        return [(one.official_id, one.of) for one in ahead().plan.records]

    of_plan, urgent = f"kế hoạch năm 2016: {line.programme.title}", people["Trần Thị Ánh"].pk
    assert seated() == [(named.pk, of_plan)]
    assert moved(ahead().years[0]) == {"retired": 2, "plan": 1}
    dates = {"start_date": date(2016, 5, 2), "end_date": date(2016, 5, 6)}
    run = make_class(line.programme, state="open", **dates, seats=1, plan_line=line)
    assert seated() == [(named.pk, f"kế hoạch năm 2016, lớp {run.code}: {line.programme.title}")]
    assert ahead().plan.records[0].from_day == date(2016, 5, 6)
    PlanLine.objects.filter(pk=line.pk).update(seats=2)  # the class has one of them
    assert [official for official, _ in seated()] == [named.pk, urgent]
    make_enrolment(make_official("Học viên"), run, State.NOMINATED)
    assert seated() == [(named.pk, of_plan)], "the class is full, and the last seat is for the name"
    TrainingClass.objects.update(state="running")
    Enrolment.objects.all().delete()
    assert seated() == [(named.pk, of_plan)], "nobody comes into a class that has begun"


def test_a_draft_counts_where_it_is_asked_for(people, plan):
    TrainingPlan.objects.update(state="draft")
    DistrictSubmission.objects.update(state="submitted")
    assert not ahead().plan.records
    assert len(ahead(with_drafts=True).plan.records) == 1


def test_seats_without_a_name_go_where_it_is_asked_for_to_who_lacks_them_at_home_before_the_province(people):
    """Two at home who lack a TC, of whom one lacks more; one at Mường Khương. A seat at home, one at the province."""
    Programme.objects.all().delete()
    lacking = {}
    for name, commune, education in (
        ("A Một", BAC_HA_TOWN, "THPT"), ("B Hai", BAC_HA_TOWN, "THCS"), ("C Ba", THANH_BINH, "THPT"),
    ):  # fmt: skip
        lacking[name] = official = make_official(name, sex="M", birth=PartialDate(date(1980, 1, 1)))
        make_appointment(official, position_of("TCA"), unit_of(commune))
        make_qualification(official, "professional", "SC")
        make_qualification(official, "education", education)
    programme = make_programme("professional:TC")
    plan = TrainingPlan.objects.create(
        year=2016, title="KH", state="approved", decision_number="1/QĐ", decision_date=date(2015, 12, 1)
    )
    line = PlanLine.objects.create(plan=plan, programme=programme, class_count=1, seats=1, place=unit_of("085"))
    assert ahead().plan.unnamed == {2016: 1}
    assert not ahead().plan.records

    def seated(**choices) -> set[int]:
        return {one.official_id for one in ahead(fills_seats=True, **choices).plan.records}

    one, two, three = (official.pk for official in lacking.values())  # Lan lacks it too, and retires
    assert seated() == {one}
    PlanLine.objects.filter(pk=line.pk).update(seats=2)
    assert seated() == {one, two}
    PlanLine.objects.create(plan=plan, programme=programme, class_count=1, seats=2)  # at the province
    assert seated() == {one, two, three}
    found = ahead(fills_seats=True, sees_all=False)
    assert {record.official_id for record in found.plan.records} == {one, two}
    assert found.plan.unnamed == {2016: 2}
    assert moved(found.years[0]) == {"retired": 2, "seats": 1}  # who lacks more is not compliant by it


# ---------------------------------------------------------------- the band


def test_the_band_is_the_worst_and_the_best_of_former_years_and_two_classes_are_passed_twice(people):
    for year, completed in ((2012, 10), (2013, 20), (2014, 15)):
        ended(year, sent=20, completed=completed)
    make_qualification(make_official("Ngoài"), "it", "A")
    send(people["Trần Thị Ánh"], "it:A", date(2016, 6, 30))
    send(people["Vàng Thị Mỷ"], "political_theory:TC", date(2016, 6, 30))
    Qualification.objects.filter(official=people["Vàng Thị Mỷ"], level__dimension__code="professional").delete()
    send(people["Vàng Thị Mỷ"], "professional:TC", date(2016, 7, 31))
    found = ahead()
    first = found.years[0]
    assert found.history.is_enough
    assert {one.official: one.classes for one in first.earned} == {
        people["Trần Thị Ánh"].pk: 1,
        people["Vàng Thị Mỷ"].pk: 2,
    }
    shares = (found.history.low, found.history.middle, found.history.high)
    assert shares == (Fraction(1, 2), Fraction(3, 4), Fraction(1))
    assert [first.expected(share) for share in shares] == [
        4 + Fraction(1, 2) + Fraction(1, 4), 4 + Fraction(3, 4) + Fraction(9, 16), 6,
    ]  # fmt: skip
    assert str(first.percent(found.history.low)) == "79.2"
    assert first.expected_by("district", Fraction(1, 2)) == {
        unit_of("085").pk: (2 + Fraction(1, 2) + Fraction(1, 4), 4),
        unit_of("083").pk: (Fraction(2), 2),
    }


@pytest.mark.parametrize(("sent", "is_enough"), [(19, False), (20, True)])
def test_without_three_years_of_enough_turns_there_is_no_band(people, sent, is_enough):
    ended(2012, sent=20, completed=20)
    ended(2013, sent=20, completed=20)
    ended(2014, sent=sent, completed=sent)
    ended(2015, sent=20, completed=20)  # not over
    assert ahead().history.is_enough is is_enough


# ---------------------------------------------------------------- all of it


def test_year_ends_begin_with_the_next_one():
    assert year_ends_after(date(2015, 12, 30), 2) == [date(2015, 12, 31), END_OF_2016]
    assert year_ends_after(DAY, 2) == [END_OF_2016, END_OF_2017]


@pytest.mark.parametrize("years", [0, 11])
def test_years_that_nobody_can_look_ahead_are_refused(people, years):
    with pytest.raises(ValueError, match="từ 1 đến 10 năm"):
        ahead(years=years)


def test_the_number_of_queries_does_not_grow_with_people(people, plan, django_assert_max_num_queries):
    for turn in range(2):
        with django_assert_max_num_queries(23):
            ahead()
        for number in range(10):
            official = make_official(f"Thêm {turn} {number}", sex="M", birth=PartialDate(date(1980, 1, 1)))
            make_appointment(official, position_of("VP_TK"), unit_of(BAN_PHO))
            send(official, "it:A", date(2016, 6, 30))


def verdicts_by_hand(day: date, end: date, criterion) -> dict[int, tuple[str, int]]:
    """Official → the verdict of the year-end and the dimensions counted that are lacking; without who has retired."""
    ages = list(RetirementAge.objects.order_by("start_date"))
    counted = {dimension.code for dimension in criterion.dimensions.all()}
    found = {}
    for person in naive.judge(naive.Registry(), end, criterion):
        official = person.post.official
        retires = retirement_day(official.birth_date, official.sex, ages)
        if person.verdict and not (retires and retires < end):
            lacking = [
                code
                for code, verdict in person.dimensions.items()
                if verdict in ("not_met", "unknown") and (not counted or code in counted)
            ]
            found[official.pk] = (person.verdict, len(lacking))
    return found


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    seed=st.integers(0, 2**32),
    day=st.sampled_from(DAYS),
    criterion=st.sampled_from(["FULL", "FULL", "PROFESSIONAL"]),
)
def test_the_forecast_is_what_becomes_of_it_when_it_is_really_done(db, seed, day, criterion):
    """The classes are written as records and who retires is taken out: then the naive verdict of that day counts."""
    random = Random(seed)
    by = criterion_of(criterion)
    with rolled_back():
        Enrolment.objects.all().delete()
        invent(random)
        for official in Official.objects.order_by("pk"):
            birth = random.choice([None, date(1955, 12, 30), date(1956, 6, 1), date(1980, 1, 1)])
            Official.objects.filter(pk=official.pk).update(birth_date=birth, birth_precision="day" if birth else "")
        for official in Official.objects.order_by("pk"):
            for dimension in random.sample(DIMENSIONS, random.randint(0, 2)):
                level = random.choice(list(official_levels(dimension)))
                end = random.choice([day - A_DAY, day, day + A_DAY, date(2016, 6, 1), date(2016, 12, 31), END_OF_2017])
                programme = make_programme(f"{dimension}:{level}", field_of_study=random.choice(("", "ketoan")))
                make_enrolment(official, make_class(programme, start_date=date(2014, 9, 1), end_date=end))
        found = forecast(day, 3, criterion=by)
        before = {end.day: verdicts_by_hand(day, end.day, by) for end in found.years}
        for turn in Enrolment.objects.select_related("training_class__programme"):
            programme = turn.training_class.programme
            Qualification.objects.create(
                official_id=turn.official_id,
                level=programme.raises_to,
                start_date=max(turn.training_class.end_date, day + A_DAY),
                field_of_study=programme.field_of_study,
            )
        since = found.now
        for year in found.years:
            done = verdicts_by_hand(day, year.day, by)
            assert Counter(verdict for verdict, _ in done.values()) == +Counter(
                compliant=year.rate.compliant,
                not_compliant=year.rate.not_compliant,
                undetermined=year.rate.undetermined,
            )
            without = before[year.day]
            assert {one.official: one.classes for one in year.earned} == {
                key: without[key][1]
                for key, (verdict, _) in done.items()
                if verdict == "compliant" and without.get(key, (None,))[0] not in (None, "compliant")
            }
            assert year.before == since
            rate = year.before
            for taken in year.steps:  # each from where the one before had come
                assert taken.after.compliant == rate.compliant + taken.compliant
                assert taken.after.total == rate.total + taken.total
                rate = taken.after
            assert rate == (since := year.rate)


def official_levels(dimension: str) -> list[str]:
    return list(Level.objects.filter(dimension__code=dimension).values_list("code", flat=True))
