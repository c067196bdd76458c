"""The training of the demonstration province: the figures that were reported, out of rows that hold together."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations

import pytest

from cadres.demonstration import COMPLIANT
from cadres.demonstration.accounts import PASSWORD
from cadres.evaluation import Rulebook, Verdict, judged
from cadres.models import Appointment, Criterion, Qualification
from courses.models import (
    Attendance,
    Certificate,
    ClassFunding,
    ClassSession,
    Commitment,
    DistrictSubmission,
    Enrolment,
    Programme,
    Repayment,
    StudyForm,
    Trainer,
    TrainingClass,
    TrainingMeasure,
    TrainingPlan,
)
from courses.planning.proposal.proposing import propose
from courses.results.certificates import due_a_certificate, issue_certificates, propose_numbers
from courses.seats import seats_of
from reports.rates import rate_on
from reports.training import training
from tests.builders import criterion_of
from tests.courses.planning.proposal.test_run import hold
from tests.judgements import by_dimension

FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2015, 12, 31)
YEAR_BEFORE = date(2014, 12, 31)
BILLION = 1_000_000_000
State = Enrolment.State
pytestmark = pytest.mark.django_db

SECONDS = 120  # it takes 12–15 on two idle cores; the bound catches a query a person
# The training of the default seed on any machine, in any process. Who means to make another writes down its digest.
MADE = "c7a1f23ae1a0fe43"


@pytest.fixture(scope="module")
def province(django_db_setup, databases, django_db_blocker):
    """The province of the default seed with its training; yields the seconds that took beside its people."""
    with django_db_blocker.unblock(), databases.clone("demonstration") as took:
        yield took


def fingerprint() -> str:
    """The digest of what the training consists of, without keys: equal for equal provinces."""
    enrolments = Enrolment.objects.order_by("pk").values_list(
        "training_class__code", "training_class__start_date", "official__full_name", "state", "mark"
    )
    certificates = Certificate.objects.order_by("pk").values_list("number", "issued_on", "signer")
    money = ClassFunding.objects.order_by("training_class__code", "source").values_list("source", "committed", "spent")
    trainers = Trainer.objects.order_by("pk").values_list("full_name", "post")
    return sha256(repr([list(rows) for rows in (enrolments, certificates, money, trainers)]).encode()).hexdigest()[:16]


def posts_by_official() -> dict[int, list[tuple]]:
    posts = defaultdict(list)
    for official, *post in Appointment.objects.filter(is_primary=True).values_list(
        "official", "start_date", "end_date", "position__group", "position__subgroup"
    ):
        posts[official].append(post)
    return posts


def post_on(posts: dict[int, list[tuple]], official: int, day: date) -> tuple | None:
    return next(
        (post for post in posts[official] if post[0] <= day and (post[1] is None or post[1] >= day)),
        None,
    )


@pytest.fixture
def turns(province) -> list[tuple]:
    """(official, kind, dimension, level, group, subgroup) of each completed turn of 2010–2015, in a plain loop."""
    posts = posts_by_official()
    rows = Enrolment.objects.filter(state="completed", training_class__state="ended").values_list(
        "official",
        "training_class__start_date",
        "training_class__end_date",
        "training_class__programme__kind",
        "training_class__programme__raises_to__dimension__code",
        "training_class__programme__raises_to__code",
    )
    return [
        (official, *result, *post_on(posts, official, start)[2:])
        for official, start, end, *result in rows
        if FIRST_DAY <= end <= LAST_DAY
    ]


# ---------------------------------------------------------------- the figures of the province


def test_there_are_more_than_9700_turns(turns):
    assert 9_700 <= len(turns) <= 9_800


UNIVERSITY = {("professional", "DH"), ("professional", "CD")}
INTERMEDIATE = {("professional", "TC"), ("political_theory", "TC")}


@pytest.mark.parametrize(("degrees", "least", "most"), [(UNIVERSITY, 1_500, 1_600), (INTERMEDIATE, 1_800, 1_900)])
def test_as_many_people_took_a_degree_as_reported_and_nobody_twice_in_a_dimension(turns, degrees, least, most):
    """Trung cấp lý luận chính trị is đào tạo and one of those reported; few have it beside that of a profession."""
    graduates = [(official, dimension) for official, _, dimension, level, *_ in turns if (dimension, level) in degrees]

    assert least <= len({official for official, _ in graduates}) <= most
    assert len(set(graduates)) == len(graduates)


def test_political_theory_from_intermediate_on_is_no_further_training(turns):
    kinds = {(level, kind) for _, kind, dimension, level, *_ in turns if dimension == "political_theory"}

    assert kinds == {("SC", "certificate"), ("TC", "degree"), ("CC", "degree")}


def test_further_training_of_key_positions_and_civil_servants_is_as_reported(turns):
    certificates = [(group, subgroup) for _, kind, _, _, group, subgroup in turns if kind == "certificate"]

    assert 2_500 <= sum(subgroup == "key" for _, subgroup in certificates) <= 2_600
    assert 3_800 <= sum(group == "civil_servant" for group, _ in certificates) <= 3_900


def test_the_money_is_as_reported_by_source(province):
    spent = Counter()
    for source, amount in ClassFunding.objects.filter(
        training_class__state="ended", training_class__end_date__range=(FIRST_DAY, LAST_DAY)
    ).values_list("source", "spent"):
        spent[source] += amount

    assert 31 * BILLION <= spent.total() <= 32 * BILLION
    assert 26.8 * BILLION <= spent["local"] <= 26.9 * BILLION
    assert spent["central"] == spent.total() - spent["local"]


def test_the_report_of_the_six_years_shows_these_figures(turns):
    report = training(FIRST_DAY, LAST_DAY, by="kind")

    assert report.whole.turns == len(turns)
    assert 1_500 <= report.highlights.university <= 1_600
    assert 1_800 <= report.highlights.intermediate <= 1_900
    assert 2_500 <= report.highlights.key_certificates <= 2_600
    assert 3_800 <= report.highlights.servant_certificates <= 3_900


def test_there_are_turns_of_every_kind_in_every_year(province):
    years = Counter(
        Enrolment.objects.filter(state="completed", training_class__state="ended").values_list(
            "training_class__end_date__year", flat=True
        )
    )
    kinds = set(TrainingClass.objects.filter(state="ended").values_list("programme__kind", flat=True))

    assert set(years) == set(range(2010, 2016))
    assert min(years.values()) > 800
    assert kinds == set(Programme.Kind)


# ---------------------------------------------------------------- the rate


def verdicts(day: date) -> dict[int, str]:
    posts = judged(day, criterion=Criterion.objects.get(code="FULL"))
    return dict(posts.filter(verdict__isnull=False).values_list("official", "verdict"))


def test_the_rates_of_2014_and_2015_are_still_those_of_the_province(province):
    before, after = Counter(verdicts(YEAR_BEFORE).values()), Counter(verdicts(LAST_DAY).values())

    assert f"{100 * before[Verdict.COMPLIANT] / before.total():.1f}" == "41.9"
    assert (after[Verdict.COMPLIANT], after.total()) == (COMPLIANT, 3631)


def test_whoever_became_compliant_in_2015_by_a_new_record_has_it_from_a_class(province):
    before, after = verdicts(YEAR_BEFORE), verdicts(LAST_DAY)
    risen = [
        official
        for official, verdict in after.items()
        if verdict == Verdict.COMPLIANT and before.get(official) == Verdict.NOT_COMPLIANT
    ]
    asked = Rulebook.load().dimensions_asked(LAST_DAY)
    new = Qualification.objects.filter(
        official__in=risen, level__dimension__in=asked, start_date__range=(date(2015, 1, 1), LAST_DAY)
    )
    # A record above what they held already explains nothing, wherever it comes from.
    unexplained = []
    for record in new.filter(certificate__isnull=True).select_related("level"):
        held_before = Qualification.objects.as_of(YEAR_BEFORE).filter(
            official=record.official, level__dimension=record.level.dimension_id
        )
        required = required_rank(record.official_id, record.level.dimension.code)
        if required is not None and not held_before.filter(level__rank__gte=required).exists():
            unexplained.append(record)

    assert len(risen) > 250
    assert new.filter(certificate__isnull=False).values("official").distinct().count() > 250
    assert unexplained == []


def required_rank(official: int, dimension: str) -> int | None:
    own = Appointment.objects.filter(official=official)
    post = judged(LAST_DAY, criterion=Criterion.objects.get(code="FULL"), appointments=own).get()
    return getattr(by_dimension(post, LAST_DAY), f"required_{dimension}")


# ---------------------------------------------------------------- rows that hold together


def test_everybody_in_a_class_held_a_post_when_it_began(province):
    posts = posts_by_official()
    rows = Enrolment.objects.filter(training_class__start_date__lte=LAST_DAY).values_list(
        "official", "training_class__start_date"
    )

    assert [row for row in rows if post_on(posts, *row) is None] == []


def test_nobody_is_in_two_classes_at_a_time_but_beside_a_degree_studied_part_time(province):
    classes = defaultdict(list)
    for official, start, end, kind, form, dimension in Enrolment.objects.filter(state__in=Enrolment.SEATED).values_list(
        "official",
        "training_class__start_date",
        "training_class__end_date",
        "training_class__programme__kind",
        "training_class__form",
        "training_class__programme__raises_to__dimension__code",
    ):
        at_weekends = form in (StudyForm.IN_SERVICE, StudyForm.PART_TIME) and dimension != "political_theory"
        beside_work = kind == "degree" and at_weekends
        classes[official].append((start, end, beside_work))
    clashes = [
        (official, one, other)
        for official, several in classes.items()
        for one, other in combinations(several, 2)
        if one[0] <= other[1] and other[0] <= one[1] and one[2] == other[2] and one[1] <= LAST_DAY
    ]

    assert clashes == []


def test_every_certificate_number_and_book_entry_is_given_once(province):
    rows = Certificate.objects.values_list("institution", "issued_on__year", "number", "book_entry")

    assert len(rows) > 9_000
    assert len({(institution, year, number) for institution, year, number, _ in rows}) == len(rows)
    assert len({(institution, year, entry) for institution, year, _, entry in rows}) == len(rows)


def test_a_record_says_what_its_certificate_says(province):
    rows = Certificate.objects.filter(qualification__isnull=False).values_list(
        "number",
        "issued_on",
        "issued_on",
        "institution__name",
        "enrolment__official",
        "enrolment__training_class__programme__raises_to",
    )
    records = Certificate.objects.filter(qualification__isnull=False).values_list(
        "qualification__number",
        "qualification__awarded_on",
        "qualification__start_date",
        "qualification__institution",
        "qualification__official",
        "qualification__level",
    )

    assert len(rows) > 6_000
    assert list(rows.order_by("pk")) == list(records.order_by("pk"))
    assert not Certificate.objects.filter(qualification__isnull=False).exclude(qualification__origin="course").exists()
    assert not Qualification.objects.filter(origin="course", certificate__isnull=True).exists()


def test_certificates_follow_the_end_of_the_class_within_weeks(province):
    waits = [
        issued - end
        for issued, end in Certificate.objects.values_list("issued_on", "enrolment__training_class__end_date")
    ]

    assert min(waits) >= timedelta(0)
    assert max(waits) <= timedelta(days=31)


def test_classes_are_of_a_size_and_have_seats_for_all(province):
    seated = Counter(Enrolment.objects.filter(state__in=Enrolment.SEATED).values_list("training_class", flat=True))
    sizes = [seated[key] for key in TrainingClass.objects.filter(state="ended").values_list("pk", flat=True)]

    assert max(sizes) <= 62
    assert sum(size >= 25 for size in sizes) > 0.85 * len(sizes)
    assert not [row for row in TrainingClass.objects.all() if seated[row.pk] > row.seats]


def test_nobody_is_stated_to_hold_less_than_a_class_has_proved(province):
    known = defaultdict(list)
    for official, dimension, rank, start, awarded in Qualification.objects.filter(
        is_error=False, end_date=None
    ).values_list("official", "level__dimension", "level__rank", "start_date", "awarded_on"):
        known[official, dimension].append((start, rank, awarded))

    for records in known.values():
        for start, rank, awarded in records:
            assert awarded or not any(then <= start and higher > rank for then, higher, _ in records)


# ---------------------------------------------------------------- the present


def test_there_are_classes_in_every_state(province):
    states = Counter(TrainingClass.objects.filter(end_date__gte=date(2015, 12, 1)).values_list("state", flat=True))

    assert set(states) == set(TrainingClass.State)
    assert states["open"] >= 4
    assert TrainingClass.objects.get(state="cancelled").state_reason


def test_enrolments_of_2016_are_in_every_state_before_the_class(province):
    states = set(Enrolment.objects.filter(training_class__start_date__year=2016).values_list("state", flat=True))

    assert states >= {*Enrolment.BEFORE_CLASS, State.WITHDRAWN, State.REJECTED}


def test_a_class_has_a_waiting_list_and_others_have_seats_left(province):
    seats = [seats_of(training_class) for training_class in TrainingClass.objects.filter(state="open")]

    assert any(counted.waiting and counted.left <= 5 for counted in seats)
    assert sum(counted.left > 10 for counted in seats) >= 3


def test_the_class_that_ended_last_waits_for_certificates_that_make_people_compliant(province):
    training_class = TrainingClass.objects.get(state="ended", end_date=date(2015, 12, 18), programme__code="TH-A")
    due = list(due_a_certificate(training_class))
    day = date(2016, 1, 4)
    before = Counter(verdicts(day).values())

    numbers = propose_numbers(training_class, day, len(due))
    issue_certificates(
        training_class,
        [(enrolment.pk, *proposed) for enrolment, proposed in zip(due, numbers, strict=True)],
        issued_on=day,
        signer="Nguyễn Văn Hiệu",
        by=None,
    )

    assert len(due) > 25
    assert Counter(verdicts(day).values())[Verdict.COMPLIANT] > before[Verdict.COMPLIANT]


def test_a_class_is_under_way_with_attendance_and_no_results(province):
    training_class = TrainingClass.objects.get(state="running", start_date=date(2015, 11, 16))
    held = ClassSession.objects.filter(training_class=training_class, starts_at__date__lte=LAST_DAY)

    assert training_class.enrolments.filter(state=State.ATTENDING).count() >= 30
    assert held.count() > 30
    assert Attendance.objects.filter(session__in=held).count() > 1_000


def test_the_plan_of_2015_is_approved_and_that_of_2016_is_a_draft_within_reach(province):
    approved, draft = TrainingPlan.objects.get(year=2015), TrainingPlan.objects.get(year=2016)

    assert (approved.state, draft.state) == ("approved", "draft")
    assert draft.lines.exists()
    assert not TrainingClass.objects.filter(start_date__year=2015, plan_line__isnull=True).exists()
    for line in approved.lines.all():
        committed = ClassFunding.objects.filter(training_class__plan_line=line)
        assert sum(row.committed for row in committed) <= line.total_cost


def test_a_campaign_is_open_with_districts_at_different_points(province):
    states = Counter(DistrictSubmission.objects.values_list("state", flat=True))

    assert states["submitted"] == 2
    assert states["sent_back"] == 1
    assert states["draft"] == 6
    assert not DistrictSubmission.objects.filter(deadline__lt=LAST_DAY).exists()


def test_the_rate_predicted_is_the_rate_once_the_classes_of_a_proposal_are_held_to_their_certificates(province):
    plan, criterion = TrainingPlan.objects.get(year=2016), criterion_of()
    proposal = propose(2016, 400_000_000, day=LAST_DAY, criterion=criterion)
    assert proposal.made_compliant > 200

    hold(plan, proposal)

    before, after = (rate_on(date(2016, 3, day), criterion=criterion) for day in (10, 11))
    assert after.compliant - before.compliant == proposal.made_compliant
    assert after == proposal.predicted


def test_there_are_obligations_to_look_at(province):
    assert Commitment.objects.count() >= 12
    assert Repayment.objects.count() == 1
    assert set(TrainingMeasure.objects.values_list("kind", flat=True)) == {"reward", "reminder"}


def test_the_political_school_sees_its_classes(province, client):
    assert client.login(username="truong-chinh-tri", password=PASSWORD)


def test_it_is_made_within_seconds(province):
    assert province < SECONDS


def test_a_seed_makes_the_same_rows(province):
    assert fingerprint() == MADE
