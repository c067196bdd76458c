"""The pages on which accounts are kept, as an administrator sees them."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse

from cadres import accounts, roles
from cadres.models import User
from cadres.models.users import day_of_roles
from tests.conftest import client_of, make_user, unit_of
from tests.reports.pages import read
from tests.reports.pages import text_of as text_of_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db) -> User:
    return make_user("quan-tri", roles.ADMINISTRATOR)


def text_of(answer: str | HttpResponse) -> str:
    return text_of_page(answer if isinstance(answer, str) else answer.content.decode())


def page(name: str, *args: int) -> str:
    return reverse(f"cadres:{name}", args=args)


def test_an_account_is_opened_given_a_role_after_its_meaning_was_shown_and_a_word(administrator):
    client = client_of(administrator)
    answer = client.post(page("account-add"), {"username": "si-ma-cai", "full_name": "Sùng Thị Máy", "email": ""})
    user = User.objects.get(username="si-ma-cai")
    assert answer["Location"] == page("account-detail", user.pk)
    assert not user.has_usable_password()
    assert "Chưa có vai trò nào" in text_of(client.get(answer["Location"]))

    typed = {"role": roles.UNIT_OFFICER, "unit": unit_of("084").pk, "start_date": f"{day_of_roles():%Y-%m-%d}"}
    shown = client.post(page("grant-add", user.pk), typed)
    assert "Chưa ghi gì. Khi giao, sẽ là" in text_of(shown)
    assert "đề cử người của các xã" in text_of(shown)
    assert not user.grants.exists()
    answer = client.post(page("grant-add", user.pk), typed | {"da_xem": shown.context["seen"]})
    assert answer["Location"] == page("account-detail", user.pk)
    assert [grant.unit for grant in user.grants.all()] == [unit_of("084")]

    assert client.get(page("account-word", user.pk)).status_code == 200
    given = client.post(page("account-word", user.pk))
    user.refresh_from_db()
    assert user.check_password(given.context["word"])
    assert given.context["word"] in text_of(given)
    assert given.context["word"] not in text_of(client.get(page("account-word", user.pk)))


def test_what_was_shown_is_what_is_given(administrator, leader):
    client = client_of(administrator)
    typed = {"role": roles.AUDITOR, "start_date": f"{day_of_roles():%Y-%m-%d}"}
    seen = client.post(page("grant-add", leader.pk), typed).context["seen"]
    other = client.post(page("grant-add", leader.pk), typed | {"role": roles.APPROVER, "da_xem": seen})
    assert "phê duyệt kế hoạch" in text_of(other)
    assert leader.grants.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"role": roles.UNIT_OFFICER}, "Hãy chọn đơn vị"),
        ({"role": roles.LEADER}, "đã được giao trong khoảng thời gian đó"),
        ({"role": roles.AUDITOR, "end_date": "2015-12-31"}, "Ngày kết thúc phải từ ngày bắt đầu"),
    ],
)
def test_a_role_that_cannot_be_given_is_told_at_its_field(administrator, leader, typed, told):
    typed = {"start_date": f"{day_of_roles():%Y-%m-%d}"} | typed
    assert told in text_of(client_of(administrator).post(page("grant-add", leader.pk), typed))
    assert leader.grants.count() == 1


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"quan-tri", "bac-ha", "lanh-dao"}),
        ("?q=bac ha", {"bac-ha"}),
        ("?vai_tro=leader", {"lanh-dao"}),
        ("?tinh_trang=tam_ngung", {"lanh-dao"}),
        ("?tinh_trang=chua_co", set()),
        ("?sap_xep=-ten", {"quan-tri", "bac-ha", "lanh-dao"}),
    ],
)
def test_accounts_are_found_by_name_role_and_state(administrator, district_officer, leader, query, names):
    User.objects.filter(pk=district_officer.pk).update(full_name="Phòng Nội vụ huyện Bắc Hà")
    User.objects.filter(pk=leader.pk).update(is_active=False)
    shown = client_of(administrator).get(page("account-list") + query)
    assert {row.username for row in shown.context["rows"]} == names


def test_the_list_asks_as_much_of_many_accounts_as_of_one(administrator, django_assert_max_num_queries):
    client = client_of(administrator)
    for number in range(12):
        make_user(f"bac-ha-{number}", roles.UNIT_OFFICER, "085")
    with django_assert_max_num_queries(12):
        assert "bac-ha-11" in text_of(read(client, page("account-list")))
    assert client.get(page("account-list") + "?tep=xlsx").status_code == 200


def test_the_page_of_an_account_shows_past_present_and_coming_roles(administrator, leader):
    day = day_of_roles()
    for role, start, end in [(roles.AUDITOR, -9, -1), (roles.APPROVER, 3, 9)]:
        first, last = day + timedelta(days=start), day + timedelta(days=end)
        accounts.give(leader, role=role, unit=None, start_date=first, end_date=last, by=administrator)
    shown = text_of(read(client_of(administrator), page("account-detail", leader.pk)))
    for standing in ("đang giữ", "đã hết", "chưa đến ngày"):
        assert standing in shown


def test_suspending_ending_and_handing_over_are_done_on_their_pages(administrator, district_officer, leader):
    client, day = client_of(administrator), f"{day_of_roles():%Y-%m-%d}"
    client.post(page("account-hand-over", district_officer.pk), {"to": leader.pk, "on": day})
    assert leader.grants.filter(role=roles.UNIT_OFFICER).exists()
    grant = leader.grants.get(role=roles.LEADER)
    client.post(page("grant-end", leader.pk, grant.pk), {"on": day})
    grant.refresh_from_db()
    assert grant.end_date == day_of_roles()
    client.post(page("account-suspend", district_officer.pk), {"reason": "Nghỉ hưu"})
    district_officer.refresh_from_db()
    assert not district_officer.is_active
    shown = text_of(read(client, page("account-detail", district_officer.pk)))
    assert "Nghỉ hưu" in shown
    assert "Đã bàn giao cho" in shown
    assert "Nghỉ hưu" in text_of(read(client, page("account-history", district_officer.pk)))
    client.post(page("account-resume", district_officer.pk))
    district_officer.refresh_from_db()
    assert district_officer.is_active


def test_a_lost_role_is_told_in_the_form_that_was_open(administrator, leader):
    client = client_of(administrator)
    assert client.get(page("account-suspend", leader.pk)).status_code == 200
    make_user("quan-tri-2", roles.ADMINISTRATOR)
    accounts.end_grant(administrator.grants.get(), on=day_of_roles() - timedelta(days=1), by=None)
    answer = client.post(page("account-suspend", leader.pk), {"reason": "Nghỉ"})
    assert answer.status_code == 403
    leader.refresh_from_db()
    assert leader.is_active


def test_the_last_administrator_is_told_what_to_do_first(administrator):
    answer = client_of(administrator).post(
        page("grant-end", administrator.pk, administrator.grants.get().pk), {"on": f"{day_of_roles():%Y-%m-%d}"}
    )
    assert "Hãy giao vai trò quản trị" in text_of(answer)


def test_an_administrator_sees_accounts_and_no_people(administrator):
    client = client_of(administrator)
    assert client.get("/can-bo/").status_code == 403
    assert client.get("/nhat-ky/").status_code == 403
