"""The classes of a proposal really held, from the draft of the plan to the certificates: its rate is the rate after."""

from datetime import date, timedelta

import pytest

from cadres.models import Level, Official
from courses.classes import commit_funding, save_class
from courses.classes.states import end_class, open_class, start_class
from courses.enrolment.nomination import approve, decide, nominate
from courses.models import Certificate, CostNorm, FundingSource, PlanLine, Programme, TrainingClass, TrainingPlan
from courses.needs.computed import closing_programmes, lacking_posts
from courses.planning.draft import approve_plan, create_plan
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import Proposal, ProposedClass, propose
from courses.results.certificates import issue_certificates
from courses.results.marks import Result, record_results
from reports.rates import rate_on
from tests.builders import class_of_line, criterion_of, make_institution, make_programme
from tests.conftest import unit_of
from tests.courses.planning.proposal.test_proposing import clerks
from tests.province import BAN_PHO, DAY, THANH_BINH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

STARTS = date(2016, 3, 7)
MANY = 10**9  # đồng


@pytest.fixture
def catalogue() -> dict[str, Programme]:
    """Two courses, of which some people need both, and a norm for either kind."""
    Programme.objects.all().delete()
    CostNorm.objects.all().delete()
    CostNorm.objects.create(kind=Programme.Kind.CERTIFICATE, per_trainee_day=50_000, start_date=date(2015, 1, 1))
    return {
        "it": make_programme("it:A", hours=40, title="Tin học"),
        "law": make_programme("professional:TC", hours=80, title="Trung cấp Luật"),
    }


def held(line: PlanLine, one: ProposedClass, number: int) -> TrainingClass:
    """A class of the line, taught to its people from nomination to certificate by those who do each step."""
    ends = STARTS + timedelta(days=4)
    taught = class_of_line(
        line,
        institution=make_institution(f"Trường {number}"),
        code=f"L{number}",
        start_date=STARTS,
        end_date=ends,
    )
    taught.seats, taught.place = one.seats, unit_of(one.place_code)
    taught = save_class(taught, by=None)
    commit_funding(taught, {FundingSource.LOCAL: one.cost}, by=None)
    open_class(taught, by=None)
    people = list(Official.objects.filter(pk__in=one.officials))
    done = nominate(taught, people, day=DAY, criterion=criterion_of(), by=None)
    assert not done.refused, done.refused
    enrolments = list(taught.enrolments.all())
    warned = {one.pk: {"quota": "Theo kế hoạch"} for one in enrolments}
    approve(taught, enrolments, day=DAY, criterion=criterion_of(), by=None, waivers=warned)
    decide(taught, number=f"{number}/QĐ", signed_on=DAY, signer="Lê Văn Minh", signer_post="Giám đốc", by=None)
    start_class(taught, day=STARTS, by=None)
    results = {enrolment.pk: Result("completed", None, "", "") for enrolment in enrolments}
    record_results(taught, results, by=None)
    end_class(taught, day=ends, by=None)
    entries = [(enrolment.pk, f"{number}-{at}", f"{at}") for at, enrolment in enumerate(enrolments, start=1)]
    issue_certificates(taught, entries, issued_on=ends, signer="Hiệu trưởng", by=None)
    return taught


def hold(plan: TrainingPlan, proposal: Proposal) -> None:
    """The proposal as the plan's draft, approved, and every class of it held."""
    drafted = draft_from_proposal(plan, proposal, replace=True, by=None)
    lines = {(line.programme_id, line.place_id): line.pk for line in drafted}
    approve_plan(plan, number="1/QĐ", on=DAY, by=None)
    for number, one in enumerate(proposal.classes, start=1):
        held(PlanLine.objects.get(pk=lines[one.programme.pk, one.place]), one, number)


def test_the_rate_predicted_is_the_rate_once_its_classes_have_been_held(catalogue):
    clerks(5), clerks(3, THANH_BINH), clerks(2, BAN_PHO)
    below = Level.objects.get(dimension__code="professional", code="SC")
    for official in clerks(3):  # these lack both
        official.qualifications.filter(level__dimension__code="professional").update(level=below)
    plan = create_plan(year=2016, title="2016", budgets={"local": MANY}, by=None)
    proposal = propose(2016, MANY, day=DAY, criterion=criterion_of(), fewest=2, most=6)
    assert proposal.made_compliant == 13
    assert sum(one.programme == catalogue["law"] for one in proposal.classes) == 1
    hold(plan, proposal)
    assert Certificate.objects.count() == proposal.turns

    after = rate_on(date(2016, 3, 11), criterion=criterion_of())
    before = rate_on(date(2016, 3, 10), criterion=criterion_of())
    assert (after.compliant - before.compliant, after.total) == (proposal.made_compliant, proposal.predicted.total)
    assert after.compliant == proposal.predicted.compliant
    closing = closing_programmes(date(2016, 3, 11), criterion=criterion_of())
    still = lacking_posts(date(2016, 3, 11), criterion=criterion_of(), finished=closing.finished)
    sent = {official for one in proposal.classes for official in one.officials}
    assert not still.filter(official__in=sent).exists()
