"""Việc cần làm: whose work is what, and that a number told is that of the list it leads to.

Everything stands on 15/1/2016, a Friday, and of each task something waits that belongs to huyện Bắc Hà, or to the
institution, beside something that does not wait.
"""

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
from reports.publications import publish, withdraw
from reports.tasks.counting import counted, tasks_of
from reports.tasks.table import TASKS
from tests import province
from tests.builders import (
    criterion_of,
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_session,
    position_of,
)
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.province import BAC_HA_TOWN
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

WHEN = date(2016, 1, 15)
AT = f"?ngay={WHEN}"
HOME = reverse("reports:home") + AT
YESTERDAY, LATER = WHEN - timedelta(days=1), date(2016, 3, 7)


def someone():
    official = make_official("Giàng A Tủa")
    make_appointment(official, position_of("BT_DU"), unit_of(BAC_HA_TOWN), start_date=date(2010, 1, 1))
    return official


@pytest.fixture
def desks(db):
    """What lies on the desks, and an account of each role."""
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


def listed(page, task) -> int:
    """How many rows the list of a task shows."""
    if task.part:
        return len(page.context[task.part])
    return page.context["page"].paginator.count


@pytest.mark.parametrize("role", roles.LABELS)
def test_a_number_told_is_that_of_the_list_it_leads_to_and_of_each_task_something_waits(desks, role):
    user = desks.users[role]
    client = client_of(user)
    page = client.get(HOME)
    shown = {one.task.code: one for one in page.context["tasks"]}
    assert set(shown) == {task.code for task in TASKS if role in task.of}
    told = text_of(page.content.decode())
    for one in shown.values():
        assert f"{one.number} {one.told}" in told
        assert f'href="{one.address.replace("&", "&amp;")}"' in page.content.decode()
        assert f"ngay={WHEN}" in one.address
        assert listed(client.get(one.address), one.task) == one.number > 0, one.task.code


def test_of_each_task_only_what_waits_is_counted(desks):
    numbers = {
        one.task.code.split("/")[-1]: one.number
        for role in roles.LABELS
        for one in counted(tasks_of(desks.users[role]), desks.users[role], WHEN)
    }
    assert numbers == {
        **dict.fromkeys(("dang_ky", "tiep_nhan", "qua_han", "phe_duyet", "vuot_du_toan"), 1),
        **dict.fromkeys(("duyet", "quyet_dinh", "con_cho", "khong_duoc_cu", "khai_giang", "ket_qua"), 1),
        **dict.fromkeys(("diem_danh", "chung_chi", "inspections"), 1),
        **dict.fromkeys(("hoc_hom_nay", "dang_hoc"), 2),
        **dict.fromkeys(("ghi", "reading", "xac_nhan", "cong_bo", "figure-due"), 1),
        **{"chua_co_vai_tro": 1, "sap_het_vai_tro": 1, "chua_hai_buoc": 1},
    }


def test_each_role_has_work_and_the_tasks_of_an_account_are_those_of_all_its_roles(desks):
    assert all(tasks_of(user) for user in desks.users.values())
    both = make_user("hai-vai-tro", (roles.LEADER, roles.ADMINISTRATOR))
    of_one = [{task.code for task in tasks_of(desks.users[role])} for role in (roles.LEADER, roles.ADMINISTRATOR)]
    assert {task.code for task in tasks_of(both)} == of_one[0] | of_one[1]


def test_what_is_late_comes_first_and_says_so(desks):
    page = client_of(desks.users[roles.TRAINING_STAFF]).get(HOME)
    first, *_ = page.context["tasks"]
    assert (first.task.code, first.days_left) == ("courses:submission-list/qua_han", -1)
    assert "14/01/2016 quá hạn" in text_of(page.content.decode())
    officer = client_of(desks.users[roles.UNIT_OFFICER]).get(HOME)
    assert "31/01/2016 còn 16 ngày" in text_of(officer.content.decode())
    assert officer.context["tasks"][-1].task.code == "courses:enrolment-list/dang_hoc"  # good to know


def test_what_somebody_drafted_is_not_theirs_to_approve(desks):
    approver = desks.users[roles.APPROVER]
    desks.plan.authors = [approver.pk]
    desks.plan.save()
    assert "phe_duyet" not in {one.task.code.split("/")[-1] for one in client_of(approver).get(HOME).context["tasks"]}


def test_a_published_year_end_is_due_no_more_and_a_withdrawn_one_again(desks):
    def due() -> bool:
        told = text_of(read(client_of(desks.users[roles.APPROVER]), HOME))
        return "số liệu cuối năm của toàn tỉnh chưa công bố" in told

    assert due()
    published = publish(day=DAY, criterion=criterion_of(), decision="BC 2", on=WHEN, by=None)
    assert not due()
    withdraw(published, reason="Sai", by=None)
    assert due()


def test_the_number_in_the_menu_leads_to_the_rows_it_counts(desks):
    page = read(client_of(desks.users[roles.TRAINING_STAFF]), reverse("courses:plan-list") + AT)
    for view, word in (("class-list", "duyet"), ("submission-list", "tiep_nhan")):
        address = f"{reverse(f'courses:{view}')}?can_lam={word}&amp;ngay={WHEN}"
        assert f'<a class="waiting" href="{address}">1<' in page


@pytest.mark.parametrize("view", ["class-list", "enrolment-list", "plan-list", "submission-list"])
def test_work_that_a_list_does_not_know_is_refused_in_words(desks, view):
    page = client_of(desks.users[roles.TRAINING_STAFF]).get(reverse(f"courses:{view}"), {"can_lam": "khong_co"})
    assert page.status_code == 400
    assert "Việc cần làm" in text_of(page.content.decode())


def test_the_home_page_of_who_sees_no_people_is_what_waits_and_the_ways_on(desks):
    for role, way in ((roles.TRAINING_INSTITUTION, "courses:class-list"), (roles.ADMINISTRATOR, "cadres:account-list")):
        page = read(client_of(desks.users[role]), HOME)
        assert "Việc cần làm" in page
        assert f'href="{reverse(way)}"' in page
