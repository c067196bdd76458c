"""Việc cần làm: whose work is what, and that a number told is that of the list it leads to.

What lies on the desks: conftest.py.
"""

from urllib.parse import urlsplit

import pytest
from django.urls import resolve, reverse
from lxml import html

from cadres import roles
from reports.publications import publish, withdraw
from reports.tasks.counting import counted, tasks_of
from reports.tasks.table import TASKS
from tests.builders import (
    criterion_of,
)
from tests.conftest import DAY, client_of, make_user
from tests.reports.pages import read, text_of
from tests.reports.tasks.conftest import AT, HOME, WHEN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


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
        **dict.fromkeys(("diem_danh", "hieu_qua", "inspections"), 1),
        **dict.fromkeys(("hoc_hom_nay", "dang_hoc", "chung_chi"), 2),
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


def test_a_class_of_a_task_leads_to_where_it_is_done_for_who_may_do_it(desks):
    def leads_to(role: str, word: str) -> set[str]:
        page = client_of(desks.users[role]).get(reverse("courses:class-list"), {"can_lam": word, "ngay": WHEN})
        cells = html.fromstring(page.content).xpath("//tbody//th//a/@href | //tbody//td//a/@href")
        return {resolve(urlsplit(address).path).url_name for address in cells}

    assert leads_to(roles.TRAINING_STAFF, "duyet") == {"class-detail", "class-approve"}
    assert leads_to(roles.TRAINING_STAFF, "hieu_qua") == {"class-detail", "class-feedback"}
    assert leads_to(roles.UNIT_OFFICER, "con_cho") == {"class-detail", "class-enrol"}
    assert leads_to(roles.TRAINING_INSTITUTION, "ket_qua") == {"class-detail", "class-results"}
    assert leads_to(roles.LEADER, "ket_qua") == {"class-detail"}


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
