"""A proposal for a year: whom it sends, that its rate is the one that the certificates would give, what it refuses."""

import json
from datetime import date
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from cadres.management.command import CommandFailed
from cadres.models import Official
from cadres.periods import PartialDate, Precision
from cadres.rate import Rate
from courses.management.commands.plan_training import as_json
from courses.models import CostNorm, Enrolment, NeedCampaign, NeedRule, PlanLine, Programme, TrainingPlan
from courses.needs.campaigns import accept, open_campaign, register_needs, submit
from courses.planning.draft import create_plan
from courses.planning.proposal.choosing import OfZone
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.people import run_of
from courses.planning.proposal.proposing import Proposal, propose
from courses.planning.proposal.registered import units_without_registration
from reports.rates import rate_on
from tests.builders import (
    criterion_of,
    level_of,
    make_appointment,
    make_class,
    make_enrolment,
    make_official,
    make_programme,
    make_qualification,
    position_of,
)
from tests.conftest import client_of, unit_of
from tests.province import BAC_HA_TOWN, BAN_PHO, DAY, THANH_BINH
from tests.reports.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

A_DAY = 50_000  # đồng a trainee
COST = 10 * A_DAY  # of the course of ten days


@pytest.fixture
def course() -> Programme:
    """One programme of ten days to the level that civil servants need; no other, and a cost norm from 2015 on."""
    Programme.objects.all().delete()
    CostNorm.objects.all().delete()
    CostNorm.objects.create(kind=Programme.Kind.CERTIFICATE, per_trainee_day=A_DAY, start_date=date(2015, 1, 1))
    return make_programme("it:A", hours=80)


def clerks(number: int, commune: str = BAC_HA_TOWN) -> list[Official]:
    """So many who hold all that their post asks for but the computer certificate, of which they have none."""
    found = []
    for at in range(number):
        official = make_official(f"Lù A {commune} {at}", sex="M", birth=PartialDate(date(1985, 1, 1), Precision.YEAR))
        make_appointment(official, position_of("VP_TK"), unit_of(commune))
        for dimension, level in (("education", "THPT"), ("professional", "TC"), ("it", "KHONG")):
            make_qualification(official, dimension, level)
        found.append(official)
    return found


def asked(budget: int, **choices) -> Proposal:
    return propose(2016, budget, day=DAY, criterion=criterion_of(), **({"fewest": 3, "most": 6} | choices))


def test_the_rate_predicted_is_that_of_the_day_once_the_records_are_there(course):
    clerks(7)
    proposal = asked(5 * COST)
    (one,) = proposal.classes
    assert (one.programme, one.place_code, one.seats, one.cost) == (course, "085", 5, 5 * COST)
    assert (proposal.made_compliant, proposal.is_proved, proposal.gap) == (5, True, 0)
    assert proposal.now == rate_on(day=DAY, criterion=criterion_of())
    for official in one.officials:
        make_qualification(Official.objects.get(pk=official), "it", "A", as_of=DAY)
    really: Rate = rate_on(day=DAY, criterion=criterion_of())
    assert (proposal.predicted.compliant, proposal.predicted.total) == (really.compliant, really.total)
    assert really.compliant == proposal.now.compliant + 5
    assert proposal.year_end == date(2016, 12, 31)


def test_nobody_is_sent_who_studies_retires_or_whose_record_says_too_little(course):
    studying, old, unknown, free = clerks(4)
    make_enrolment(studying, make_class(course, start_date=date(2015, 12, 1), end_date=date(2016, 3, 31)))
    old.birth_date = date(1950, 1, 1)
    old.save()
    unknown.qualifications.filter(level__dimension__code="education").delete()
    proposal = asked(100 * COST, fewest=1, most=2)
    assert [one.officials for one in proposal.classes] == [(free.pk,)]
    told = proposal.left_out
    assert told["đang học, đã cử học"] == 1
    assert told["không đủ điều kiện cử (nghỉ hưu, điều kiện đầu vào)"] == 1
    assert told["chưa có chương trình bù đủ"] == 2  # Lan and Páo of the small province


def test_people_of_two_districts_too_few_for_a_class_each_learn_at_the_province(course):
    clerks(2), clerks(2, THANH_BINH)
    (one,) = asked(100 * COST).classes
    assert (one.place_code, one.seats) == ("10", 4)
    apart = asked(100 * COST, fewest=1, most=6)
    assert sorted((one.place_code, one.seats) for one in apart.classes) == [("083", 2), ("085", 2)]


def test_people_times_days_taught_in_their_own_district_are_told_beside_each_class_and_in_sum(course, province_staff):
    clerks(4), clerks(2, THANH_BINH)
    apart = asked(100 * COST, fewest=1, most=6)
    assert sorted((one.place_code, one.near, one.study_days_near) for one in apart.classes) == [
        ("083", 2, 2 * 10),
        ("085", 4, 4 * 10),
    ]
    assert (apart.study_days_near, apart.study_days) == (60, 60)

    # Too few at home for a class of their own: at the province nobody is near.
    together = asked(100 * COST, fewest=5, most=10)
    assert [(one.place_code, one.near) for one in together.classes] == [("10", 0)]
    assert (together.study_days_near, together.study_days) == (0, 60)

    plan = create_plan(year=2016, title="2016", budgets={"local": 100 * COST}, by=None)
    page = reverse("courses:plan-proposal", args=[plan.pk]) + f"?ngay={DAY}&tinh=1&kinh_phi={100 * COST}"
    client = client_of(province_staff)
    shown = client.get(f"{page}&nho_nhat=1&lon_nhat=6")
    told = text_of(shown.content.decode())
    assert "60 trong 60 người × ngày học ngay tại" in told
    assert "bớt 60 người × ngày phải đi xa" in told
    ticked = client.post(page, {"kept": shown.context["kept"], "lop": ["1"]})
    assert "40 trong 40 người × ngày" in text_of(ticked.content.decode())


def test_a_programme_left_out_and_least_seats_change_the_proposal(course):
    clerks(4), clerks(4, THANH_BINH)
    assert asked(100 * COST, without=[course.pk]).classes == ()
    foreign = unit_of("083").pk
    least = asked(4 * COST, least={foreign: 4})
    assert [one.place_code for one in least.classes] == ["083"]
    with pytest.raises(ValidationError, match="không đủ chỗ tối thiểu của Huyện Mường Khương"):
        asked(4 * COST, least={foreign: 5})
    with pytest.raises(ValidationError, match="của các đơn vị cộng lại"):
        asked(4 * COST, least={foreign: 3, unit_of("085").pk: 3})


def test_a_zone_gets_its_least_seats(course):
    clerks(4), clerks(4, THANH_BINH)
    assert [one.place_code for one in asked(4 * COST, least={OfZone(2): 4}).classes] == ["083"]  # zone II
    with pytest.raises(ValidationError, match="không đủ chỗ tối thiểu của khu vực III"):
        asked(4 * COST, least={OfZone(1): 1, OfZone(2): 3, OfZone(3): 1})


# ---------------------------------------------------------------- what units have registered


@pytest.fixture
def skills(course) -> Programme:
    """A course of five days that raises nothing, for which units register."""
    return make_programme(title="Kỹ năng", hours=40)


def register(district: str, *needs: tuple[Official, Programme, int]) -> None:
    """People registered for 2016 with their priority, accepted."""
    campaign = NeedCampaign.objects.filter(year=2016).first() or open_campaign(
        year=2016, title="Đợt", opens_on=date(2015, 12, 1), closes_on=date(2016, 1, 31), by=None
    )
    submission = campaign.submissions.get(district=unit_of(district))
    register_needs(submission, [(*need, "Nguồn") for need in needs], day=DAY, by=None)
    accept(submit(submission, day=DAY, by=None), by=None)


def test_who_is_registered_for_what_raises_no_rate_gets_the_money_that_is_left_the_urgent_first(course, skills):
    people = clerks(10)
    half = COST // 2
    register("085", *((one, skills, 1 if number > 6 else 2) for number, one in enumerate(people)))
    register("083", *((one, skills, 2) for one in clerks(1, THANH_BINH)))

    none = asked(8 * COST, least={}, for_registered=None, without=[course.pk])
    assert (none.classes, none.unserved) == ((), ())
    proposal = asked(4 * half, for_registered=0, without=[course.pk])
    (one,) = proposal.classes
    assert (one.programme, one.place_code, one.cost, one.is_registered) == (skills, "085", 4 * half, True)
    assert {people[7].pk, people[8].pk, people[9].pk} < set(one.officials)
    assert [(left.programme, left.people, left.why) for left in proposal.unserved] == [(skills, 7, "hết kinh phí")]
    assert proposal.made_compliant == 0

    # Money kept for them is not spent on the rate; without it the rate takes everything.
    kept_for = asked(5 * COST, for_registered=2 * COST)
    assert [(one.programme, one.seats) for one in kept_for.classes] == [(course, 3), (skills, 4)]
    assert [one.programme for one in asked(4 * COST, for_registered=0).classes] == [course]
    with pytest.raises(ValidationError, match="Nhiều hơn cả kinh phí"):
        asked(COST, for_registered=2 * COST)


def test_two_courses_for_registered_people_share_the_money(course, skills):
    people = clerks(6)
    other = make_programme(title="Nghiệp vụ", hours=40)
    register("085", *((one, skills, 1) for one in people[:3]), *((one, other, 2) for one in people[3:]))
    proposal = asked(4 * COST // 2, for_registered=0, without=[course.pk])
    assert [(one.programme, one.seats) for one in proposal.classes] == [(skills, 3)]
    assert [(left.programme, left.people, left.why) for left in proposal.unserved] == [(other, 3, "hết kinh phí")]


def test_why_somebody_registered_gets_no_seat_is_said(course, skills):
    old, *young = clerks(4)
    old.birth_date = date(1950, 1, 1)
    old.save()
    register("085", (old, skills, 1), *((one, skills, 1) for one in young[:2]), (young[2], course, 1))
    proposal = asked(100 * COST, for_registered=0)
    # Three learn the course already, one of them as registered; two are too few for a class of skills.
    assert [sorted(one.officials) for one in proposal.classes] == [[one.pk for one in young]]
    assert [(left.programme, left.people, left.why) for left in proposal.unserved] == [
        (skills, 1, "không đủ điều kiện cử hoặc đã học"),
        (skills, 2, "không đủ người mở một lớp"),
    ]
    register("083", *((one, skills, 2) for one in clerks(1, THANH_BINH)))
    CostNorm.objects.update(kind=Programme.Kind.WORKSHOP)
    CostNorm.objects.create(programme=course, per_trainee_day=A_DAY, start_date=date(2015, 1, 1))
    told = {left.why: left.people for left in asked(100 * COST, for_registered=0).unserved}
    assert told == {"không đủ điều kiện cử hoặc đã học": 1, "chương trình chưa có định mức chi": 3}


def test_who_is_registered_beside_what_raises_the_rate_joins_its_classes_while_there_is_room(course, skills):
    clerks(4)
    more = clerks(3, BAN_PHO)
    for official in more:  # they lack more than the course brings
        official.qualifications.filter(level__dimension__code="education").delete()
        make_qualification(official, "education", "THCS")
    far = clerks(1, THANH_BINH)
    far[0].qualifications.filter(level__dimension__code="education").update(level=more[0].qualifications.first().level)
    register("085", *((one, course, number) for number, one in enumerate(more, start=1)))
    register("083", (far[0], course, 1))
    proposal = asked(100 * COST, for_registered=0)
    (one,) = proposal.classes
    assert (one.place_code, one.seats, one.made_compliant, one.cost) == ("085", 6, 4, 6 * COST)
    assert {more[0].pk, more[1].pk} < set(one.officials)
    assert [(left.people, left.why) for left in proposal.unserved] == [(2, "không đủ người mở một lớp")]


def test_whom_a_rule_asks_is_planned_for_unregistered_as_far_as_its_priority_says_so_after_the_registered(
    course, skills, province_staff
):
    people, half = clerks(5), COST // 2
    choices = {"for_registered": 0, "without": [course.pk]}
    NeedRule.objects.all().delete()
    made = NeedRule.objects.create(
        code="R", basis="regulation", document="TT 1", programme=skills, start_date=date(2015, 1, 1), priority=2
    )
    made.positions.add(position_of("VP_TK"))  # so are two of the small province
    assert asked(20 * half, **choices).classes == ()
    assert asked(20 * half, **choices, unregistered=1).classes == ()  # the rule is not so urgent
    classes = asked(20 * half, **choices, unregistered=2).classes
    assert [(one.programme, one.seats, one.is_registered, one.is_asked) for one in classes] == [
        (skills, 4, False, True),
        (skills, 3, False, True),
    ]

    # Two registered are too few for a class: those of the rule fill it up, and get what the registered leave.
    other = make_programme(title="Nghiệp vụ", hours=40)
    register("085", *((one, skills, 3) for one in people[3:]), *((one, other, 3) for one in people[:3]))
    proposal = asked(7 * half, **choices, unregistered=2)
    seats = {one.programme: (one.seats, one.is_registered, one.is_asked) for one in proposal.classes}
    assert seats == {other: (3, True, False), skills: (4, True, False)}
    assert {people[3].pk, people[4].pk} < {key for one in proposal.classes[1:] for key in one.officials}
    assert [(left.programme, left.people, left.why, left.is_registered) for left in proposal.unserved] == [
        (skills, 3, "hết kinh phí", False)
    ]

    # The page reckons with urgent rules unless it is told not to, and carries all of it to what is ticked.
    NeedRule.objects.update(priority=1)
    plan = create_plan(year=2016, title="2016", budgets={"local": 7 * half}, by=None)
    page = reverse("courses:plan-proposal", args=[plan.pk])
    wanted = f"{page}?ngay={DAY}&tinh=1&kinh_phi={7 * half}&nho_nhat=3&lon_nhat=6&bo={course.code}"
    client = client_of(province_staff)
    shown = client.get(wanted)
    assert shown.context["proposal"] == proposal
    again = client.post(wanted, {"kept": shown.context["kept"], "lop": ["0", "1"]})
    assert again.context["proposal"] == proposal
    assert "Theo quy định, chưa xếp 3 lượt người 3 người học" in text_of(again.content.decode())
    assert client.get(f"{wanted}&quy_dinh=0").context["proposal"].turns == 3


def test_a_rule_waits_for_a_unit_that_has_registered_the_same_person_for_another_programme_of_it(course, skills):
    people = clerks(3)
    best = make_programme("ethnic_language:GT", title="Tiếng Mông", hours=40)
    other = make_programme("ethnic_language:GT", title="Tiếng Dao", hours=40)
    NeedRule.objects.all().delete()
    made = NeedRule.objects.create(
        code="R",
        basis="regulation",
        document="CT 38",
        level=level_of("ethnic_language", "GT"),
        start_date=date(2015, 1, 1),
        priority=1,
    )
    made.positions.add(position_of("VP_TK"))
    register("085", *((one, other, 2) for one in people))
    proposal = asked(100 * COST, for_registered=0, unregistered=1, without=[course.pk])
    assert [(one.programme, one.seats, one.is_asked) for one in proposal.classes] == [(other, 3, False)]
    assert [(left.programme, left.people, left.why) for left in proposal.unserved] == [
        (best, 2, "không đủ người mở một lớp")
    ]


def test_a_class_of_the_year_that_is_running_does_not_begin_before_the_day(course):
    begins = [run_of(course, 2016, day).start_date for day in (DAY, date(2016, 2, 29), date(2016, 3, 2))]
    assert begins == [date(2016, 3, 1), date(2016, 3, 1), date(2016, 3, 2)]


def test_units_that_have_not_registered_are_named_and_their_people_reckoned_with_all_the_same(course, skills):
    far = clerks(3, THANH_BINH)
    assert units_without_registration(2016, DAY) == []  # nobody was asked
    register("085", *((one, skills, 2) for one in clerks(1)))
    told = units_without_registration(2016, DAY)
    assert "Huyện Mường Khương" in told
    assert "Huyện Bắc Hà" not in told
    assert [one.officials for one in asked(3 * COST, for_registered=0, least={unit_of("083").pk: 3}).classes] == [
        tuple(official.pk for official in far)
    ]


def test_of_very_many_ways_the_shortest_are_looked_at(course):
    clerks(2)
    for number in range(30):
        make_programme("professional:TC", title=f"Luật {number}", hours=8 * (number + 1))
    assert len(asked(2 * COST, fewest=1, most=2).classes) == 1


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"budget": 0}, "Chưa có kinh phí"),
        ({"budget": COST, "fewest": 0}, "có số người không xếp được"),
        ({"budget": COST, "fewest": 5, "most": 8}, "có số người không xếp được"),
    ],
)
def test_what_cannot_be_planned_with_is_refused_in_words(course, choices, told):
    clerks(3)
    with pytest.raises(ValidationError, match=told):
        asked(choices.pop("budget"), **choices)


def test_without_a_cost_norm_nothing_is_proposed(course):
    CostNorm.objects.all().delete()
    with pytest.raises(ValidationError, match="chưa có định mức chi nào"):
        asked(COST)
    CostNorm.objects.create(kind=Programme.Kind.WORKSHOP, per_trainee_day=1, start_date=date(2015, 1, 1))
    clerks(3)
    assert asked(COST).left_out["chương trình chưa có định mức chi"] == 3


def test_a_proposal_becomes_the_draft_within_the_money_of_each_source(course):
    clerks(7)
    plan = create_plan(year=2016, title="2016", budgets={"local": 3 * COST, "central": 2 * COST}, by=None)
    proposal = asked(plan.total_budget)
    draft_from_proposal(plan, proposal, by=None)
    (line,) = PlanLine.objects.all()
    assert (line.class_count, line.seats, line.cost_local, line.cost_central) == (1, 5, 3 * COST, 2 * COST)
    with pytest.raises(ValidationError, match="Kế hoạch đã có 1 dòng"):
        draft_from_proposal(plan, proposal, by=None)
    draft_from_proposal(plan, proposal, replace=True, by=None)
    assert PlanLine.objects.count() == 1
    with pytest.raises(ValidationError, match="tốn hơn dự toán"):
        draft_from_proposal(plan, asked(7 * COST), replace=True, by=None)


# ---------------------------------------------------------------- command and page


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("plan_training", "--year", "2016", "--as-of", "2015-12-31", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_proposes_as_json_and_writes_a_draft_only_when_asked(course):
    people = clerks(16)
    told = json.loads(command("--budget", str(16 * COST), "--json"))
    assert told["classes"] == [
        {
            "programme": course.code,
            "place": "085",
            "seats": 16,
            "cost": 16 * COST,
            "officials": sorted(official.pk for official in people),
            "for": "rate",
        }
    ]
    assert (told["cost"], told["proved_optimal"], told["year_end"]) == (16 * COST, True, "2016-12-31")
    assert (told["rate_now"], told["rate_predicted"], told["rate_greedy"]) == ("16.7", "83.3", "83.3")
    assert command("--budget", str(16 * COST), "--json") == command("--budget", str(16 * COST), "--json")
    assert not TrainingPlan.objects.exists()
    assert "16 người đạt chuẩn thêm, đã chứng minh là cao nhất" in command("--budget", str(16 * COST), "--draft")
    assert PlanLine.objects.get().trainees == 16
    for arguments in (("--budget", "0"), ("--budget", "5", "--criterion", "KHONG")):
        with pytest.raises(CommandFailed):
            command(*arguments)


def test_the_command_reckons_with_the_registered_and_urgent_rules_as_the_page_does(course, skills, province_staff):
    people = clerks(15)
    NeedRule.objects.all().delete()
    made = NeedRule.objects.create(
        code="R", basis="regulation", document="TT 1", programme=skills, start_date=date(2015, 1, 1), priority=1
    )
    made.positions.add(position_of("VP_TK"))
    register("085", (people[0], skills, 2))
    money = 100 * COST
    told = json.loads(command("--budget", str(money), "--json"))
    plan = create_plan(year=2016, title="2016", budgets={"local": money}, by=None)
    page = reverse("courses:plan-proposal", args=[plan.pk]) + f"?ngay={DAY}"
    client = client_of(province_staff)
    sizes = {name: client.get(page).context["form"][name].value() for name in ("nho_nhat", "lon_nhat", "quy_dinh")}
    shown = client.get(page + "&" + urlencode({"tinh": 1, "kinh_phi": money} | sizes)).context["proposal"]
    assert told == as_json(shown)
    assert [(one["programme"], one["seats"], one["for"]) for one in told["classes"]] == [
        (course.code, 15, "rate"),
        (skills.code, 17, "registered"),
    ]
    without = json.loads(command("--budget", str(money), "--unregistered", "0", "--json"))
    assert [one["for"] for one in without["classes"]] == ["rate"]
    assert without["unserved"] == [
        {"programme": skills.code, "people": 1, "why": "không đủ người mở một lớp", "for": "registered"}
    ]
    assert "Chưa xếp 1 người đã đăng ký học Kỹ năng" in command("--budget", str(money), "--unregistered", "0")


def test_the_page_shows_what_would_be_and_puts_it_into_the_draft_once(course, province_staff):
    people = clerks(6)
    plan = create_plan(year=2016, title="2016", budgets={"local": 6 * COST}, by=None)
    client = client_of(province_staff)
    page = reverse("courses:plan-proposal", args=[plan.pk]) + f"?ngay={DAY}"
    assert client.get(page).context["form"]["kinh_phi"].value() == "3.000.000"
    wanted = f"{page}&tinh=1&kinh_phi={6 * COST}&nho_nhat=3&lon_nhat=6"
    shown = client.get(wanted)
    assert "Đã chứng minh" in text_of(shown.content.decode())
    assert people[0].full_name in text_of(shown.content.decode())
    assert people[5].full_name in client.get(wanted + "&tep=csv").content.decode()
    assert "Chưa có kinh phí" in text_of(client.get(f"{page}&tinh=1&kinh_phi=0&nho_nhat=3&lon_nhat=6").content.decode())
    assert "Hãy ghi số từ 1 trở lên." in text_of(client.get(f"{page}&tinh=1&nho_nhat=0").content.decode())

    make_qualification(people[0], "it", "A", as_of=DAY)  # somebody writes meanwhile
    all_of_it = {"lop": ["0"], "ghi": "1"}
    changed = client.post(wanted, all_of_it | {"kept": shown.context["kept"]})
    assert "Hồ sơ vừa thay đổi" in text_of(changed.content.decode())
    assert not PlanLine.objects.exists()
    assert client.post(wanted, all_of_it | {"kept": changed.context["kept"]}).status_code == 302
    assert PlanLine.objects.get().trainees == 6  # what was shown is what is written, whatever the solver would say now
    assert not Enrolment.objects.exists()
    again = client.get(wanted)
    refused = client.post(wanted, all_of_it | {"kept": again.context["kept"]})
    assert "đánh dấu vào ô này" in text_of(refused.content.decode())  # what is there goes only when that is ticked
    assert client.post(wanted, all_of_it | {"kept": again.context["kept"], "is_sure": "on"}).status_code == 302
    assert PlanLine.objects.get().trainees == 5


def test_what_if_a_class_is_not_held_is_reckoned_again_and_what_is_ticked_is_drafted(course, province_staff):
    near, far = clerks(3), clerks(3, THANH_BINH)
    plan = create_plan(year=2016, title="2016", budgets={"local": 6 * COST}, by=None)
    client = client_of(province_staff)
    page = reverse("courses:plan-proposal", args=[plan.pk])
    wanted = f"{page}?ngay={DAY}&tinh=1&kinh_phi={6 * COST}&nho_nhat=3&lon_nhat=6"
    shown = client.get(wanted)
    whole = shown.context["proposal"]
    assert [(one.place_code, one.made_compliant) for one in whole.classes] == [("083", 3), ("085", 3)]
    ticked = {"kept": shown.context["kept"], "lop": ["1"]}
    half = client.post(wanted, ticked)
    proposal = half.context["proposal"]
    assert (proposal.made_compliant, proposal.cost, proposal.is_proved) == (3, 3 * COST, False)
    assert "Đã bỏ 1 lớp" in text_of(half.content.decode())
    assert not PlanLine.objects.exists()
    assert [is_held for _, _, is_held, _ in half.context["classes"]] == [False, True]
    named = client.post(wanted, ticked | {"tep": "csv"}).content.decode()
    assert near[0].full_name in named
    assert far[0].full_name not in named
    assert client.post(wanted, ticked | {"ghi": "1"}).status_code == 302
    assert PlanLine.objects.get().place == unit_of("085")
    forged = client.post(wanted, {"kept": shown.context["kept"][:-1] + "x", "lop": ["1"], "ghi": "1"})
    assert "Phương án này đã cũ" in text_of(forged.content.decode())
    other = create_plan(year=2017, title="2017", budgets={"local": 6 * COST}, by=None)
    elsewhere = client.post(reverse("courses:plan-proposal", args=[other.pk]), ticked | {"ghi": "1"})
    assert "Phương án này đã cũ" in text_of(elsewhere.content.decode())
