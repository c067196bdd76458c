"""Who may be sent to a class, and the way from a nomination to the decision.

The class brings trung cấp professional (degree, six months from 1 March 2016), asks for THPT, and is for BT_DU and
VP_TK. Its people hold their posts in thị trấn Bắc Hà (zone I: no relaxation), where BT_DU needs THPT, TC professional
and TC political theory.
"""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cadres import registry
from cadres.models import Appointment, Official
from cadres.periods import PartialDate, Precision, add_months
from courses.enrolment.candidates import Candidates, most_urgent_first, objections
from courses.enrolment.nomination import approve, decide, give_reserve, move_up, nominate, reject, withdraw
from courses.enrolment.rules import RULES, against, judged_posts
from courses.enrolment.waiting import put_in_turn, waiting_in_turn
from courses.models import ClassQuota, Enrolment, EnrolmentStep, Programme, TrainingClass, TrainingRegulation
from courses.seats import seats_of
from tests.builders import (
    begin_data,
    criterion_of,
    level_of,
    make_accepted_field,
    make_appointment,
    make_class,
    make_enrolment,
    make_official,
    make_programme,
    make_qualification,
    make_zone,
    position_of,
)
from tests.conftest import DAY, client_of, unit_of
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db

State = Enrolment.State
START, END = date(2016, 3, 1), date(2016, 8, 31)
IN_MID_LIFE = PartialDate(date(1980, 5, 20))


@pytest.fixture(autouse=True)
def communes(db):
    for code in (BAC_HA_TOWN, THANH_BINH):
        begin_data(unit_of(code), date(2014, 12, 31))
        make_zone(unit_of(code), 1)


@pytest.fixture
def programme(communes) -> Programme:
    return make_programme(
        "professional:TC",
        kind=Programme.Kind.DEGREE,
        hours=1200,
        targets=("BT_DU", "VP_TK"),
        prerequisites=("education:THPT",),
    )


@pytest.fixture
def training_class(programme) -> TrainingClass:
    return make_class(programme, state="open", start_date=START, end_date=END, seats=3, enrol_until=date(2016, 2, 20))


def person(
    name: str = "Giàng A Dơ",
    *,
    position: str = "BT_DU",
    commune: str = BAC_HA_TOWN,
    born: PartialDate | None = IN_MID_LIFE,
    sex: str = "M",
    **levels: str,
) -> Official:
    """Somebody who needs the class: everything is met but the professional level."""
    official = make_official(name, sex=sex, birth=born)
    make_appointment(official, position_of(position), unit_of(commune))
    held = {"education": "THPT", "professional": "SC", "political_theory": "TC"} | levels
    for dimension, level in held.items():
        if level:
            make_qualification(official, dimension, level)
    return official


def send(training_class: TrainingClass, *officials: Official, day: date = DAY):
    return nominate(training_class, officials, day=day, criterion=criterion_of(), by=None)


def approve_all(training_class: TrainingClass, *, day: date = DAY, waivers=None) -> int:
    waiting_for_it = training_class.enrolments.filter(state=State.NOMINATED)
    return approve(training_class, waiting_for_it, day=day, criterion=criterion_of(), by=None, waivers=waivers)


def rules_against(official: Official, training_class: TrainingClass, day: date = DAY) -> list[str]:
    _, posts = judged_posts(training_class, [official.pk], day=day, criterion=criterion_of())
    return [rule.code for rule in against(posts[official.pk])]


def states(training_class: TrainingClass) -> dict[str, str]:
    return {enrolment.official.full_name: enrolment.state for enrolment in training_class.enrolments.all()}


# ---------------------------------------------------------------- the rules


def test_nothing_stands_against_somebody_who_needs_the_class(training_class):
    assert rules_against(person(), training_class) == []


def test_every_rule_has_a_name_and_a_source(training_class):
    official = person()
    terms, _ = judged_posts(training_class, [official.pk], day=DAY, criterion=criterion_of())
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.label
        assert rule.source(terms)


def test_a_position_that_the_programme_does_not_name_is_a_warning(training_class):
    assert rules_against(person(position="CT_UBND"), training_class) == ["target"]


def test_a_programme_without_target_positions_is_for_all():
    training_class = make_class(make_programme("professional:TC"), state="open", start_date=START, end_date=END)

    assert rules_against(person(position="CT_UBND"), training_class) == []


def test_a_missing_prerequisite_bars(training_class):
    assert rules_against(person(education="THCS"), training_class) == ["prerequisite"]
    assert rules_against(person("Vàng Seo Chứ", education=""), training_class) == ["prerequisite"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2016, 1, 9), []),
        (date(2016, 1, 10), ["held"]),
        (date(2016, 1, 11), ["held"]),
    ],
    ids=str,
)
def test_who_holds_the_level_is_barred_from_the_day_on_which_it_counts(training_class, day, found):
    official = person()
    make_qualification(official, "professional", "TC", as_of=date(2016, 1, 20), awarded=date(2016, 1, 10))

    assert rules_against(official, training_class, day) == found


@pytest.mark.parametrize(("held", "found"), [("A", []), ("B", ["held"]), ("C", ["held"])])
def test_a_level_of_which_no_standard_asks_anything_bars_too(communes, held, found):
    training_class = make_class(make_programme("foreign_language:B"), state="open", start_date=START, end_date=END)

    assert rules_against(person(foreign_language=held), training_class) == found


@pytest.mark.parametrize(
    ("day", "found"),
    [(date(2016, 1, 31), ["held"]), (date(2016, 2, 1), []), (date(2016, 2, 2), [])],
    ids=str,
)
def test_a_level_that_was_revoked_no_longer_bars(training_class, day, found):
    official = person()
    make_qualification(official, "professional", "TC", revoked_on=date(2016, 2, 1))

    assert rules_against(official, training_class, day) == found


@pytest.mark.parametrize(("field", "found"), [("Kế toán", ["held"]), ("Luật", []), ("", [])])
def test_a_level_in_a_field_that_does_not_fit_or_is_not_known_bars_nobody(training_class, field, found):
    make_accepted_field(position_of("BT_DU"), "Kế toán")
    official = person()
    make_qualification(official, "professional", "TC", field_of_study=field)

    assert rules_against(official, training_class) == found


@pytest.mark.parametrize(
    ("start", "end", "clashes"),
    [
        (START - timedelta(days=9), START - timedelta(days=1), False),
        (START - timedelta(days=9), START, True),
        (END, END + timedelta(days=9), True),
        (END + timedelta(days=1), END + timedelta(days=9), False),
        (START + timedelta(days=30), START + timedelta(days=34), True),  # wholly enclosed
        (START - timedelta(days=30), END + timedelta(days=30), True),  # enclosing
    ],
    ids=["before", "touches the first day", "touches the last day", "after", "enclosed", "enclosing"],
)
def test_another_class_on_a_day_of_this_one_is_a_warning(training_class, start, end, clashes):
    official = person()
    make_enrolment(official, make_class(state="open", start_date=start, end_date=end), State.APPROVED)

    assert rules_against(official, training_class) == (["clash"] if clashes else [])


@pytest.mark.parametrize("state", [State.WAITING, State.WITHDRAWN, State.REJECTED, State.COMPLETED])
def test_only_who_has_a_seat_or_studies_is_busy(training_class, state):
    official = person()
    make_enrolment(official, make_class(state="open", start_date=START, end_date=END), state)

    assert rules_against(official, training_class) == []


@pytest.mark.parametrize(("class_state", "state"), [("cancelled", State.APPROVED), ("ended", State.ATTENDING)])
def test_a_class_that_is_cancelled_or_has_ended_keeps_nobody_busy(training_class, class_state, state):
    """In one that has ended somebody attends again whose result was taken back."""
    official = person()
    make_enrolment(official, make_class(state=class_state, start_date=START, end_date=END), state)

    assert rules_against(official, training_class) == []


def born_to_retire_on(day: date) -> PartialDate:
    """A man's birth such that the day is the last of his work: 60 years before, somewhere in that month."""
    return PartialDate(date(day.year - 60, day.month, 10))


def test_who_retires_before_having_served_is_barred(training_class):
    """Six months of study, twice as long to serve: to the end of August 2017."""
    regulation = TrainingRegulation.objects.as_of(START).get()
    until = add_months(END, regulation.commitment_months(START, END))
    month_before = until.replace(day=1) - timedelta(days=1)

    too_old = person(born=born_to_retire_on(month_before))
    just_served = person("Vàng Seo Chứ", born=born_to_retire_on(until))

    assert rules_against(too_old, training_class) == ["retirement"]
    assert rules_against(just_served, training_class) == ["near_retirement"]


def test_the_time_to_serve_is_that_of_the_regulation_on_the_first_day_of_the_class(training_class):
    """Twice the six months up to the day before it starts, then three times."""
    regulation = TrainingRegulation.objects.as_of(START).get()
    served_twice = person(born=born_to_retire_on(add_months(END, regulation.commitment_months(START, END))))
    assert "retirement" not in rules_against(served_twice, training_class)

    TrainingRegulation.objects.all().delete()
    TrainingRegulation.objects.create(decree="NĐ cũ", start_date=date(2000, 1, 1), end_date=START - timedelta(days=1))
    TrainingRegulation.objects.create(decree="NĐ mới", start_date=START, commitment_factor=3)

    assert "retirement" in rules_against(served_twice, training_class)


def test_five_years_before_retirement_a_long_programme_is_a_warning(training_class):
    """60 months after 1 March 2016 is 1 March 2021; the man of February 2021 is near, the man of March is not."""
    assert rules_against(person(born=born_to_retire_on(date(2020, 12, 31))), training_class) == ["near_retirement"]
    assert rules_against(person("Vàng Seo Chứ", born=PartialDate(date(1961, 3, 10))), training_class) == []


def test_a_short_course_only_asks_that_one_is_still_in_office_at_its_end():
    course = make_class(make_programme("it:A"), state="open", start_date=START, end_date=END)
    assert rules_against(person(position="VP_TK", born=born_to_retire_on(date(2016, 8, 31))), course) == []
    assert rules_against(
        person("Vàng Seo Chứ", position="VP_TK", born=born_to_retire_on(date(2016, 7, 31))), course
    ) == ["retirement"]


@pytest.mark.parametrize(
    ("born", "is_barred"),
    [
        (PartialDate(date(1970, 3, 2)), False),  # 45 years old on the first day, 46 the day after
        (PartialDate(date(1970, 3, 1)), True),  # 46 on the first day
        (PartialDate(date(1970, 2, 1), Precision.MONTH), True),
        (PartialDate(date(1970, 3, 1), Precision.MONTH), False),  # may have been born at its end
        (PartialDate(date(1969, 1, 1), Precision.YEAR), True),
        (PartialDate(date(1970, 1, 1), Precision.YEAR), False),
        (None, False),
    ],
)
def test_who_is_past_the_age_is_not_sent_to_postgraduate_studies_for_the_first_time(born, is_barred):
    TrainingRegulation.objects.all().delete()
    limit = {"oldest": 45, "oldest_from": level_of("professional", "THS")}
    TrainingRegulation.objects.create(decree="NĐ thử", start_date=START, **limit)
    master, doctor, degree = (
        make_class(make_programme(f"professional:{level}", kind="degree"), start_date=START, end_date=END)
        for level in ("THS", "TS", "DH")
    )
    official = person(born=born)

    assert ("age" in rules_against(official, master)) is is_barred
    assert ("age" in rules_against(official, doctor)) is is_barred
    assert "age" not in rules_against(official, degree)
    TrainingClass.objects.update(start_date=START - timedelta(days=1))
    master.refresh_from_db()
    assert "age" not in rules_against(official, master), "the regulation of the first day holds"
    TrainingClass.objects.update(start_date=START)
    make_qualification(official, "professional", "THS")
    doctor.refresh_from_db()
    assert "age" not in rules_against(official, doctor), "who is a master already is not sent for the first time"


@pytest.mark.parametrize(
    ("appointed", "insured", "is_warned"),
    [
        (date(2013, 3, 1), None, False),  # three years on the first day
        (date(2013, 3, 2), None, True),
        (date(2013, 3, 2), date(2013, 3, 1), False),  # in service before, elsewhere
        (date(2015, 1, 1), date(2013, 3, 2), True),
    ],
)
def test_who_served_too_short_and_whose_good_years_are_not_on_record_is_said_before_postgraduate_studies(
    appointed, insured, is_warned
):
    TrainingRegulation.objects.all().delete()
    limit = {"oldest": 45, "oldest_from": level_of("professional", "THS")}
    TrainingRegulation.objects.create(decree="NĐ thử", start_date=START, **limit)
    master, degree = (
        make_class(make_programme(f"professional:{level}", kind="degree"), start_date=START, end_date=END)
        for level in ("THS", "DH")
    )
    official = person()
    official.appointments.update(start_date=appointed)
    known = {"insurance_since": insured, "insurance_precision": Precision.DAY if insured else ""}
    Official.objects.filter(pk=official.pk).update(**known)

    told = rules_against(official, master)
    assert ("service" in told, "good_years" in told) == (is_warned, True)
    assert not {"service", "good_years"}.intersection(rules_against(official, degree))
    make_qualification(official, "professional", "THS")
    assert "good_years" not in rules_against(official, master), "who is a master already is not sent for the first time"


def test_a_birth_or_a_sex_that_is_not_known_bars_nobody(training_class):
    assert rules_against(person(born=None), training_class) == []
    assert rules_against(person("Vàng Seo Chứ", sex="", born=PartialDate(date(1955, 1, 1))), training_class) == []
    by_year = PartialDate(date(1955, 1, 1), Precision.YEAR)
    assert "retirement" in rules_against(person("Lù Seo Dơ", born=by_year), training_class)


@pytest.mark.parametrize(
    ("ended", "found"),
    [
        (date(2014, 2, 28), []),
        (date(2014, 3, 1), ["repeated"]),
        (date(2014, 3, 2), ["repeated"]),
    ],
    ids=str,
)
def test_a_programme_that_raises_nothing_is_not_repeated_within_two_years(ended, found):
    workshop = make_programme(kind=Programme.Kind.WORKSHOP)
    again = make_class(workshop, state="open", start_date=START, end_date=END)
    official = person()
    before = make_class(workshop, state="ended", start_date=ended - timedelta(days=2), end_date=ended)
    make_enrolment(official, before, State.COMPLETED)

    assert rules_against(official, again) == found


# ---------------------------------------------------------------- candidates


def test_the_class_is_offered_to_those_who_need_it_most_urgent_first(training_class):
    """One whom it makes compliant, one who lacks more besides, one who has it, one it is not for."""
    person("Lý Lacks More", position="VP_TK", it="", professional="SC")
    person("An Complies")
    person("Bình Has It", professional="TC")
    person("Chi Not Targeted", position="CT_UBND")
    candidates = Candidates.of(training_class, DAY, criterion=criterion_of(), appointments=Appointment.objects.all())

    found = list(most_urgent_first(candidates.needing(candidates.posts()), candidates).select_related("official"))

    assert [(post.official.full_name, post.would_comply) for post in found] == [
        ("An Complies", True),
        ("Lý Lacks More", False),
    ]


def test_whom_the_class_was_opened_for_comes_first(training_class):
    """Without quotas the unit where it is held; with quotas those that have one; where both say nothing, by urgency."""
    person("An Complies", commune=THANH_BINH)
    person("Lý Lacks More", position="VP_TK", it="", professional="SC")
    bac_ha, muong_khuong = unit_of("085"), unit_of("083")

    def first() -> str:
        candidates = Candidates.of(
            training_class, DAY, criterion=criterion_of(), appointments=Appointment.objects.all()
        )
        post = most_urgent_first(candidates.needing(candidates.posts()), candidates).first()
        assert post is not None
        return post.official.full_name

    assert training_class.place == unit_of("10")
    assert first() == "An Complies"
    TrainingClass.objects.update(place=unit_of(BAC_HA_TOWN))
    training_class.refresh_from_db()
    assert first() == "Lý Lacks More"
    ClassQuota.objects.create(training_class=training_class, district=muong_khuong, seats=1)
    assert first() == "An Complies"
    ClassQuota.objects.update(district=bac_ha)
    training_class.place = unit_of(THANH_BINH)
    assert first() == "Lý Lacks More"


def test_who_is_in_the_class_is_not_offered_again_until_withdrawn(training_class):
    official = person()
    enrolment = make_enrolment(official, training_class, State.NOMINATED)
    candidates = Candidates.of(training_class, DAY, criterion=criterion_of(), appointments=Appointment.objects.all())
    assert not candidates.needing(candidates.posts()).exists()

    withdraw(enrolment, on=DAY, reason="health", by=None)

    assert candidates.needing(candidates.posts()).get().official == official


def test_an_objection_names_the_other_class_and_its_days(training_class):
    official = person()
    other = make_class(state="open", start_date=START, end_date=date(2016, 3, 20))
    make_enrolment(official, other, State.APPROVED)
    candidates = Candidates.of(training_class, DAY, criterion=criterion_of(), appointments=Appointment.objects.all())
    post = candidates.posts().select_related("official", "position").get()

    found = objections([post], candidates.terms)[official.pk]

    assert [(item.rule.code, item.detail) for item in found] == [
        ("clash", f"lớp {other.code}, 01/03–20/03/2016"),
    ]


# ---------------------------------------------------------------- nominate and wait


def test_who_is_barred_is_named_with_the_reason_and_the_others_go(training_class):
    good, barred = person("An"), person("Bình", education="THCS")

    done = send(training_class, good, barred)

    assert [enrolment.official for enrolment in done.nominated] == [good]
    assert [refusal.official for refusal in done.refused] == [barred]
    assert "Thiếu điều kiện đầu vào" in done.refused[0].reasons[0]
    assert states(training_class) == {"An": State.NOMINATED}


def test_a_warning_does_not_keep_an_officer_from_nominating(training_class):
    done = send(training_class, person(position="CT_UBND"))

    assert len(done.nominated) == 1


def test_who_finds_no_seat_waits_in_the_order_of_nomination(training_class):
    people = [person(name) for name in ("An", "Bình", "Chi", "Dung", "Em")]

    done = send(training_class, *people)

    assert [item.official.full_name for item in done.nominated] == ["An", "Bình", "Chi"]
    assert [item.official.full_name for item in done.waiting] == ["Dung", "Em"]


def test_somebody_is_in_a_class_once(training_class):
    official = person()
    send(training_class, official)

    done = send(training_class, official)

    assert "Đã có tên trong lớp" in done.refused[0].reasons[0]
    assert training_class.enrolments.count() == 1


def test_a_quota_holds_a_district_back_and_not_another(training_class):
    ClassQuota.objects.create(training_class=training_class, district=unit_of("085"), seats=1)
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=1)

    done = send(training_class, person("An"), person("Bình"), person("Chi", commune=THANH_BINH))

    assert [item.official.full_name for item in done.nominated] == ["An", "Chi"]
    assert [item.official.full_name for item in done.waiting] == ["Bình"]


def test_a_district_without_a_quota_waits_for_the_reserve(training_class):
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=2)
    done = send(training_class, person("An"), person("Bình"))
    assert [item.official.full_name for item in done.waiting] == ["An", "Bình"]

    give_reserve(done.waiting[0], reason="Xã đang thiếu bí thư đạt chuẩn", by=None)

    assert states(training_class) == {"An": State.NOMINATED, "Bình": State.WAITING}
    with pytest.raises(ValidationError, match="không còn chỗ dự phòng"):
        give_reserve(done.waiting[1], reason="Cũng cần", by=None)


def test_the_reserve_is_given_for_a_reason_only(training_class):
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=2)
    done = send(training_class, person("An"))

    with pytest.raises(ValidationError, match="ghi lý do"):
        give_reserve(done.waiting[0], reason=" ", by=None)
    assert states(training_class) == {"An": State.WAITING}


def test_the_reserve_gives_no_seat_of_a_class_that_is_full(training_class):
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=2)
    for name in ("Chi", "Dung", "Em"):  # one of them has moved to the district since
        make_enrolment(person(name, commune=THANH_BINH), training_class, State.NOMINATED)
    waiting = send(training_class, person("An")).waiting[0]

    assert seats_of(training_class).reserve_left == 1
    with pytest.raises(ValidationError, match="không còn chỗ dự phòng"):
        give_reserve(waiting, reason="Xã đang thiếu bí thư đạt chuẩn", by=None)


def test_the_first_who_waits_moves_up_when_a_seat_is_free(training_class):
    people = [person(name) for name in ("An", "Bình", "Chi", "Dung", "Em")]
    done = send(training_class, *people)

    withdraw(done.nominated[1], on=DAY, reason="work", by=None)

    assert states(training_class) == {
        "An": State.NOMINATED,
        "Bình": State.WITHDRAWN,
        "Chi": State.NOMINATED,
        "Dung": State.NOMINATED,
        "Em": State.WAITING,
    }


def test_who_waits_in_a_district_whose_quota_is_used_up_is_passed_over(training_class):
    ClassQuota.objects.create(training_class=training_class, district=unit_of("085"), seats=1)
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=1)
    done = send(
        training_class,
        person("An"),
        person("Bình"),
        person("Chi", commune=THANH_BINH),
        person("Dung", commune=THANH_BINH),
    )

    withdraw(done.nominated[1], on=DAY, reason="work", by=None)

    assert states(training_class)["Dung"] == State.NOMINATED
    assert states(training_class)["Bình"] == State.WAITING


def test_who_was_withdrawn_may_be_nominated_again_and_queues_behind(training_class):
    people = [person(name) for name in ("An", "Bình", "Chi", "Dung")]
    done = send(training_class, *people)
    withdraw(done.nominated[0], on=DAY, reason="health", note="Ốm", by=None)

    again = send(training_class, people[0])

    assert [item.official.full_name for item in again.waiting] == ["An"]
    enrolment = Enrolment.objects.get(official=people[0])
    assert (enrolment.withdrawal_reason, enrolment.withdrawn_on) == ("", None)
    assert enrolment.queued_at > Enrolment.objects.get(official=people[3]).queued_at


def test_whoever_queued_first_moves_up_first(training_class):
    people = [person(name) for name in ("An", "Bình", "Chi", "Dung", "Em")]
    done = send(training_class, *people)
    withdraw(done.nominated[0], on=DAY, reason="health", by=None)  # Dung moves up
    send(training_class, people[0])  # An, whose row is the oldest, now waits behind Em

    withdraw(done.nominated[1], on=DAY, reason="work", by=None)

    assert states(training_class) == {
        "An": State.WAITING,
        "Bình": State.WITHDRAWN,
        "Chi": State.NOMINATED,
        "Dung": State.NOMINATED,
        "Em": State.NOMINATED,
    }


def test_a_unit_chooses_who_of_its_people_moves_up_first_and_takes_no_place_of_others(training_class):
    """Waiting in this order: An, Bình of Bắc Hà, Chi of Mường Khương, Dung, Em of Bắc Hà."""
    send(training_class, *(person(name) for name in "XYZ"))
    bac_ha = send(training_class, person("An"), person("Bình")).waiting
    send(training_class, person("Chi", commune=THANH_BINH))
    bac_ha += send(training_class, person("Dung"), person("Em")).waiting
    an, binh, dung, em = (enrolment.pk for enrolment in bac_ha)

    def turn() -> list[str]:
        return [enrolment.official.full_name for enrolment in waiting_in_turn(training_class)]

    assert turn() == ["An", "Bình", "Chi", "Dung", "Em"]
    put_in_turn(training_class, [em, an], by=None)
    assert turn() == ["Em", "Bình", "Chi", "Dung", "An"]
    put_in_turn(training_class, [dung, em, binh], by=None)
    assert turn() == ["Dung", "Em", "Chi", "Bình", "An"]
    send(training_class, person("Giang"))
    assert turn() == ["Dung", "Em", "Chi", "Bình", "An", "Giang"]

    withdraw(Enrolment.objects.get(official__full_name="X"), on=DAY, reason="health", by=None)

    assert states(training_class)["Dung"] == State.NOMINATED
    assert turn() == ["Em", "Bình", "Chi", "An", "Giang"]
    with pytest.raises(ValidationError, match="Danh sách chờ vừa thay đổi"):
        put_in_turn(training_class, [dung, em], by=None)
    withdraw(Enrolment.objects.get(pk=em), on=DAY, reason="health", by=None)
    send(training_class, Official.objects.get(full_name="Em"))
    assert turn() == ["Bình", "An", "Chi", "Giang", "Em"]


def test_a_reason_given_for_a_nomination_does_not_hold_for_the_next(training_class):
    official = person(position="CT_UBND")
    enrolment = send(training_class, official).nominated[0]
    approve_all(training_class, waivers={enrolment.pk: {"target": "Nguồn quy hoạch bí thư"}})
    withdraw(enrolment, on=DAY, reason="work", by=None)

    send(training_class, official)

    assert not enrolment.waivers.exists()
    with pytest.raises(ValidationError, match="cần ghi lý do bỏ qua cảnh báo"):
        approve_all(training_class)


@pytest.mark.parametrize(
    ("day", "is_taken"),
    [(date(2016, 2, 19), True), (date(2016, 2, 20), True), (date(2016, 2, 21), False)],
    ids=str,
)
def test_nominations_are_taken_up_to_the_last_day(training_class, day, is_taken):
    official = person()
    if is_taken:
        assert send(training_class, official, day=day).nominated
    else:
        with pytest.raises(ValidationError, match="quá hạn đăng ký"):
            send(training_class, official, day=day)


@pytest.mark.parametrize("state", ["planned", "running", "ended", "cancelled"])
def test_only_an_open_class_takes_nominations(training_class, state):
    training_class.state = state
    training_class.save()

    with pytest.raises(ValidationError, match="không mở đăng ký"):
        send(training_class, person())


def test_who_holds_no_post_is_not_sent(training_class):
    official = person()
    post = official.appointments.get()
    registry.end_appointment(post, end_date=date(2015, 6, 30), reason="retired", by=None)

    done = send(training_class, official)

    assert "Không giữ chức danh" in done.refused[0].reasons[0]


# ---------------------------------------------------------------- approve, reject, decide


def test_a_warning_is_approved_with_a_reason_only_and_nothing_is_half_done(training_class):
    send(training_class, person("An"), person("Bình", position="CT_UBND"))
    other = training_class.enrolments.get(official__full_name="Bình")

    with pytest.raises(ValidationError, match="Bình: cần ghi lý do bỏ qua cảnh báo “Không thuộc đối tượng”"):
        approve_all(training_class)
    assert set(states(training_class).values()) == {State.NOMINATED}

    assert approve_all(training_class, waivers={other.pk: {"target": "Nguồn quy hoạch bí thư"}}) == 2
    assert other.waivers.get().reason == "Nguồn quy hoạch bí thư"


def test_a_rule_that_stands_against_nobody_is_not_waived(training_class):
    done = send(training_class, person("An"))

    approve_all(training_class, waivers={done.nominated[0].pk: {"clash": "không cần", "unheard-of": "x"}})

    assert not done.nominated[0].waivers.exists()


def test_a_bar_that_arose_since_the_nomination_stops_the_approval(training_class):
    official = person("An")
    send(training_class, official)
    make_qualification(official, "professional", "TC", as_of=DAY, awarded=DAY)

    with pytest.raises(ValidationError, match="An: Đã có trình độ này"):
        approve_all(training_class)


def test_what_is_turned_down_gives_its_seat_to_who_waits(training_class):
    done = send(training_class, *(person(name) for name in ("An", "Bình", "Chi", "Dung")))

    with pytest.raises(ValidationError, match="ghi lý do"):
        reject(training_class, [done.nominated[0]], reason="", by=None)
    moved = reject(training_class, [done.nominated[0]], reason="Xã đang thiếu người", by=None)
    assert [enrolment.official.full_name for enrolment in moved] == ["Dung"]

    assert states(training_class) == {
        "An": State.REJECTED,
        "Bình": State.NOMINATED,
        "Chi": State.NOMINATED,
        "Dung": State.NOMINATED,
    }


def test_a_decision_sends_everybody_approved(training_class):
    send(training_class, person("An"), person("Bình"))
    with pytest.raises(ValidationError, match="Chưa có ai được duyệt"):
        decide(training_class, number="1/QĐ-SNV", signed_on=DAY, signer="", signer_post="", by=None)
    approve_all(training_class)

    decision = decide(training_class, number="1/QĐ-SNV", signed_on=DAY, signer="Lê A", signer_post="Giám đốc", by=None)

    assert set(states(training_class).values()) == {State.DECIDED}
    assert decision.enrolments.count() == 2


@pytest.mark.parametrize(
    ("signed_on", "is_taken"),
    [(END - timedelta(days=1), True), (END, True), (END + timedelta(days=1), False)],
    ids=str,
)
def test_a_decision_is_signed_before_the_class_is_over(training_class, signed_on, is_taken):
    send(training_class, person())
    approve_all(training_class)

    if is_taken:
        decide(training_class, number="1", signed_on=signed_on, signer="", signer_post="", by=None)
    else:
        with pytest.raises(ValidationError, match="sau ngày bế giảng"):
            decide(training_class, number="1", signed_on=signed_on, signer="", signer_post="", by=None)


def test_a_number_of_a_decision_is_used_once_a_year(programme):
    classes = [make_class(programme, state="open", start_date=START, end_date=END) for _ in range(2)]
    for training_class, name in zip(classes, ("An", "Bình"), strict=True):
        send(training_class, person(name))
        approve_all(training_class)
    order = {"number": "7/QĐ-SNV", "signer": "", "signer_post": "", "by": None}
    decide(classes[0], signed_on=date(2016, 1, 4), **order)

    with pytest.raises(ValidationError, match="đã dùng trong năm"):
        decide(classes[1], signed_on=date(2016, 3, 1), **order)
    decide(classes[1], signed_on=date(2015, 12, 31), **order)


def test_every_step_is_kept_with_who_took_it(training_class, province_staff):
    enrolment = nominate(training_class, [person()], day=DAY, criterion=criterion_of(), by=province_staff).nominated[0]
    approve(training_class, [enrolment], day=DAY, criterion=criterion_of(), by=province_staff)
    withdraw(enrolment, on=DAY, reason="refused", note="Không muốn đi", by=province_staff)

    steps = EnrolmentStep.objects.filter(enrolment=enrolment)

    assert [(step.state, step.by) for step in steps] == [
        (State.NOMINATED, province_staff),
        (State.APPROVED, province_staff),
        (State.WITHDRAWN, province_staff),
    ]
    assert "Từ chối quyết định" in steps.last().note


def test_who_studies_already_was_not_sent_by_mistake(training_class):
    sent = make_enrolment(person("An"), training_class, State.DECIDED)
    withdraw(sent, on=DAY, reason="mistake", by=None)
    assert Enrolment.objects.get(pk=sent.pk).get_withdrawal_reason_display() == "Cử nhầm"

    sitting = make_enrolment(person("Bình"), training_class, State.ATTENDING)
    with pytest.raises(ValidationError, match="không còn là cử nhầm"):
        withdraw(sitting, on=DAY, reason="mistake", by=None)


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED, State.ABSENT, State.REJECTED])
def test_who_has_a_result_or_is_out_is_not_withdrawn(training_class, state):
    enrolment = make_enrolment(person(), training_class, state)

    with pytest.raises(ValidationError, match="không rút được"):
        withdraw(enrolment, on=DAY, reason="work", by=None)


def test_a_running_class_takes_nobody_up_from_the_waiting_list(training_class):
    done = send(training_class, *(person(name) for name in ("An", "Bình", "Chi", "Dung")))
    TrainingClass.objects.update(state="running")

    withdraw(done.nominated[0], on=DAY, reason="work", by=None)

    assert move_up(training_class, by=None) == []
    assert states(training_class)["Dung"] == State.WAITING


def test_more_seats_let_those_who_wait_in(training_class):
    send(training_class, *(person(name) for name in ("An", "Bình", "Chi", "Dung", "Em")))
    TrainingClass.objects.update(seats=4)

    moved = move_up(training_class, by=None)

    assert [enrolment.official.full_name for enrolment in moved] == ["Dung"]
    training_class.refresh_from_db()
    assert (seats_of(training_class).taken, seats_of(training_class).waiting) == (4, 1)


def test_the_number_of_queries_does_not_depend_on_how_many_are_nominated(training_class, django_assert_max_num_queries):
    TrainingClass.objects.update(seats=60)
    people = [person(f"Giàng A {number}") for number in range(30)]

    with django_assert_max_num_queries(26):
        send(training_class, *people)
    with django_assert_max_num_queries(26):
        approve_all(training_class)


def test_a_programme_that_demands_nothing_bars_nobody():
    """A rule without a condition must not empty the list of those who may be sent."""
    training_class = make_class(make_programme(), state="open", start_date=START, end_date=END)
    official = person()
    candidates = Candidates.of(training_class, DAY, criterion=criterion_of(), appointments=Appointment.objects.all())

    assert candidates.eligible(candidates.posts()).get().official == official


@pytest.mark.parametrize("account", ["district_officer", "province_staff"])
def test_the_page_asks_at_most_30_queries_whatever_the_number_of_people(training_class, request, account):
    user = request.getfixturevalue(account)
    other = make_class(state="open", start_date=START, end_date=END)
    ClassQuota.objects.create(training_class=training_class, district=unit_of("085"), seats=2)
    client, asked = client_of(user), []
    address = f"/dao-tao/lop/{training_class.pk}/cu-nguoi/"
    client.get(address)  # what is asked once a process
    for count in (1, 12):
        for number in range(count):
            make_enrolment(person(f"Giàng A {count} {number}"), other, State.APPROVED)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)  # also looks up the day to begin with
        assert page.status_code == 200
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 30
