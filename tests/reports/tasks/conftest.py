"""The desks of 15/1/2016, a Friday: of each task something waits that belongs to huyện Bắc Hà, or to the institution,
beside something that does not wait."""

from copy import deepcopy
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils.timezone import now

from cadres import roles
from cadres.models import ImportBatch, PublicationProposal, RoleGrant, Standard, StandardChange, ValueSpelling
from cadres.models.users import day_of_roles
from courses.models import Attendance, Inspection, PlanLine, TrainingPlan
from courses.needs.campaigns import open_campaign, set_deadline, submit
from tests import province
from tests.builders import (
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_session,
    position_of,
)
from tests.conftest import DAY, make_user, rolled_back, unit_of
from tests.province import BAC_HA_TOWN

WHEN = date(2016, 1, 15)
AT = f"?ngay={WHEN}"
HOME = reverse("reports:home") + AT
YESTERDAY, LATER = WHEN - timedelta(days=1), date(2016, 3, 7)


def someone():
    official = make_official("Giàng A Tủa")
    make_appointment(official, position_of("BT_DU"), unit_of(BAC_HA_TOWN), start_date=date(2010, 1, 1))
    return official


@pytest.fixture(scope="module")
def laid_out(province_database):
    with rolled_back():
        yield lay_out()


@pytest.fixture
def desks(laid_out, db):
    """What lies on the desks, and an account of each role; rows of the test's own, laid out once for its module."""
    return deepcopy(laid_out)


def lay_out() -> SimpleNamespace:
    province.people()
    users = {role: make_user(role, role, "085") for role in roles.LABELS}
    school = make_institution(user=users[roles.TRAINING_INSTITUTION])

    campaign = open_campaign(year=2016, title="2016", opens_on=DAY, closes_on=date(2016, 1, 31), by=None)
    own, other, late = (campaign.submissions.get(district=unit_of(code)) for code in ("085", "083", "080"))
    submit(other, day=WHEN, is_empty=True, by=None)
    set_deadline(late, YESTERDAY, by=None)

    plan = TrainingPlan.objects.create(year=2016, title="Kế hoạch 2016", budget_local=1_000)
    PlanLine.objects.create(plan=plan, programme=make_programme(), seats=5, cost_local=1_001)
    past = TrainingPlan.objects.create(year=2015, title="Kế hoạch 2015")
    PlanLine.objects.create(plan=past, programme=make_programme(), seats=5, cost_local=1)
    TrainingPlan.objects.create(
        year=2017, title="Kế hoạch 2017", state="approved", decision_number="1", decision_date=DAY
    )

    def taught(state, start=LATER, end=LATER + timedelta(days=4), **columns):
        return make_class(state=state, start_date=start, end_date=end, institution=school, **columns)

    to_approve, to_decide = taught("open"), taught("open", enrol_until=YESTERDAY)
    make_enrolment(someone(), to_approve, "nominated")
    make_enrolment(someone(), to_approve, "rejected")
    make_enrolment(someone(), to_decide, "approved")
    taught("open", start=WHEN, enrol_until=YESTERDAY)
    running = taught("running", start=WHEN - timedelta(days=3), end=LATER)
    make_session(running, YESTERDAY)
    make_session(running, WHEN)
    begun, halted = (taught("running", start=WHEN - timedelta(days=4), end=LATER) for _ in range(2))
    make_session(begun, WHEN, hour=13)
    make_session(halted, WHEN, is_cancelled=True)
    marked = make_session(halted, YESTERDAY, hour=13)
    Attendance.objects.create(session=marked, enrolment=make_enrolment(someone(), halted, "attending"), mark="present")
    make_enrolment(someone(), running, "attending")
    taught("running", start=WHEN - timedelta(days=5), end=YESTERDAY)
    done = taught("ended", start=date(2015, 11, 2), end=date(2015, 11, 6))
    make_enrolment(someone(), done, "completed")
    make_enrolment(someone(), done, "rejected")
    make_enrolment(someone(), taught("ended", start=date(2015, 6, 1), end=date(2015, 6, 5)), "completed")
    taught("cancelled")
    for remedied_on in (None, YESTERDAY):
        Inspection.objects.create(
            training_class=done, on=DAY, by_whom="Đoàn 1", finding="Thiếu", remedy="Bổ sung", remedied_on=remedied_on
        )

    ImportBatch.objects.create(file_name="bh.xlsx", as_of=DAY, unit=unit_of("085"))
    ImportBatch.objects.create(file_name="bh2.xlsx", as_of=DAY, unit=unit_of("085"), state="discarded")
    for number, answer in enumerate(("waiting", "taken")):
        spelt = {"spelling": f"Kinh {number}", "spelling_key": f"kinh {number}", "code": "01", "field": "ethnic_group"}
        ValueSpelling.objects.create(
            owner=unit_of("085"), answer=answer, learnt_by=users["unit_officer"], learnt_at=now(), **spelt
        )
    for state in ("waiting", "dropped"):
        StandardChange.objects.create(
            kind="correction", state=state, standard=Standard.objects.first(), reason="thử", made_by=users["auditor"]
        )
    for refused_for in ("", "Chưa đúng"):
        PublicationProposal.objects.create(
            asked=AT, title="Số liệu", decision="BC 1", proposed_by=users["registry_staff"], refused_for=refused_for
        )
    PublicationProposal.objects.create(asked=AT, title="Số liệu", decision="BC 3", proposed_by=users["approver"])
    make_user("chua-co-vai-tro", ())
    ending = make_user("sap-het", ())
    lasting = make_user("con-lau", ())
    last_day = day_of_roles() + timedelta(days=31)
    RoleGrant.objects.create(user=lasting, role=roles.LEADER, start_date=date(2015, 1, 1), end_date=last_day)
    users["administrator"].second_factor_since = now()
    users["administrator"].save()
    RoleGrant.objects.create(
        user=ending, role=roles.LEADER, start_date=date(2015, 1, 1), end_date=day_of_roles() + timedelta(days=29)
    )
    return SimpleNamespace(users=users, own=own, plan=plan, to_approve=to_approve)
