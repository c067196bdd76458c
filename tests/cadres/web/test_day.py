"""The day and the criterion of a page: what was picked holds for the session; else the day that Sở has set, else today.

Nothing that comes in with a roster moves either, and a day without data says so and leads to one with.
"""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate  # noqa: TID251 — today is the clock

from cadres.installation import days, default_day, set_default_day
from cadres.models import Act, Change, Criterion, Installation, RosterDay, UnitVersion
from cadres.web.day import acting_day, criterion_of, working_day, year_ends
from tests import province
from tests.conftest import client_of, unit_of
from tests.forms import forms_on
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

TODAY = province.DATA_BEGIN
HOME, LIST, PAGE = "/", reverse("cadres:official-list"), reverse("cadres:default-day")


@pytest.fixture
def small_province(db):
    return province.people()


def shown(client, address: str) -> tuple[str, str]:
    """Day and criterion that the page speaks of."""
    request = client.get(address).wsgi_request
    return str(working_day(request)), criterion_of(request).code


def test_what_was_picked_holds_for_the_session_and_no_longer(small_province, province_staff):
    client = client_of(province_staff)
    assert shown(client, HOME) == ("2014-12-31", "FULL")
    assert shown(client, f"{HOME}?tieu_chi=POLITICAL&ngay=2015-12-31") == ("2015-12-31", "POLITICAL")
    assert shown(client, LIST) == ("2015-12-31", "POLITICAL")
    assert shown(client, f"{LIST}?tieu_chi=FULL") == ("2015-12-31", "FULL")
    assert shown(client, HOME) == ("2015-12-31", "FULL")
    client.get(f"{LIST}?tieu_chi=POLITICAL")
    client.post(reverse("admin:logout"))
    client.get(HOME)  # the page to sign in
    client.force_login(province_staff)
    assert shown(client, HOME) == ("2014-12-31", "FULL")


def test_a_criterion_that_is_none_is_refused_in_the_address_and_passed_over_in_the_session(
    small_province, province_staff
):
    client = client_of(province_staff)
    client.get(f"{LIST}?tieu_chi=POLITICAL")
    Criterion.objects.filter(code="POLITICAL").delete()
    assert shown(client, LIST)[1] == "FULL"
    assert "Không có bộ tiêu chí “POLITICAL”" in text_of(read(client, f"{LIST}?tieu_chi=POLITICAL", 400))


def test_no_roster_moves_the_day_of_anybody(db):
    clock = date(2026, 11, 27)
    Installation.objects.update(demonstration_day=None, default_day=None)
    assert default_day(clock) == clock
    unit = unit_of(province.BAN_PHO)
    RosterDay.objects.create(unit=unit, day=date(2020, 1, 1))
    assert default_day(clock) == clock
    set_default_day(province.DAY, by=None)
    RosterDay.objects.create(unit=unit, day=date(2021, 1, 1))
    assert default_day(clock) == province.DAY


def test_soe_sets_the_default_day_which_moves_no_deadline(small_province, province_staff, leader):
    Installation.objects.update(demonstration_day=None)
    staff, reader = client_of(province_staff), client_of(leader)
    assert reader.get(PAGE).status_code == 403
    typed = {"default_day": "2015-06-30", "initial-default_day": "2014-12-31"}
    answer = staff.post(PAGE, typed, follow=True)
    assert "Ngày làm việc mặc định là 30/06/2015." in text_of(answer.content.decode())
    assert answer.context["today_is"] == localdate()  # what is done is done today
    assert shown(reader, HOME) == ("2015-06-30", "FULL")
    assert "Ngày làm việc mặc định 31/12/2014 → 30/06/2015" in text_of(read(staff, f"{PAGE}lich-su/"))
    change = Change.objects.filter(table_name="cadres_installation").order_by("-pk")[0]
    assert Act.objects.get(pk=change.act_id).user == province_staff
    staff.post(PAGE, {"default_day": "", "initial-default_day": "2015-06-30"})
    assert default_day(localdate()) == localdate()


def test_the_default_day_may_be_today_and_not_tomorrow(small_province, province_staff):
    client = client_of(province_staff)
    today, tomorrow = "2014-12-31", "2015-01-01"
    refused = client.post(PAGE, {"default_day": tomorrow, "initial-default_day": today})
    assert "Ngày mặc định không thể ở sau hôm nay (31/12/2014)." in text_of(refused.content.decode())
    assert client.post(PAGE, {"default_day": today, "initial-default_day": today}).status_code == 302


def test_a_default_day_behind_today_opens_no_deadline_again(small_province, province_staff):
    """Looked at is 2013; whoever acts does so on the day that is today."""
    set_default_day(date(2013, 12, 31), by=None)
    request = client_of(province_staff).get(HOME).wsgi_request
    assert (working_day(request), acting_day(request)) == (date(2013, 12, 31), province.DATA_BEGIN)


def test_two_who_set_the_default_day_are_told(small_province, province_staff):
    set_default_day(date(2013, 12, 31), by=None)
    typed = {"default_day": "2012-12-31", "initial-default_day": "2014-12-31"}
    answer = client_of(province_staff).post(PAGE, typed)
    assert "31/12/2013" in text_of(answer.content.decode())
    assert Installation.objects.get().default_day == date(2013, 12, 31)


@pytest.mark.parametrize(
    ("day", "nearest", "why"),
    [
        ("2014-12-30", "31/12/2014", "danh sách đầu tiên"),
        ("2014-12-31", "", ""),
        ("2025-06-30", "", ""),
        ("2025-07-01", "31/12/2014", "đã hết hiệu lực"),
    ],
)
def test_a_day_without_data_says_so_and_leads_to_the_nearest(small_province, district_officer, day, nearest, why):
    page = read(client_of(district_officer), f"{LIST}?ngay={day}&q=a")
    assert ('id="no-data"' in page) == bool(nearest)
    if nearest:
        assert f"Xem số liệu gần nhất: {nearest}" in page
        assert "?ngay=2014-12-31&amp;q=a" in page
        assert why in text_of(page)


def test_whose_communes_have_no_data_is_led_to_where_the_account_has_some(small_province, district_officer):
    RosterDay.objects.filter(unit__in=UnitVersion.objects.filter(parent=unit_of("085")).values("unit")).update(
        day=date(2015, 6, 30)
    )
    assert "Xem số liệu gần nhất: 30/06/2015" in read(client_of(district_officer), f"{HOME}?ngay=2015-06-29")


def test_a_province_without_anybody_is_led_nowhere(province_staff):
    assert 'id="no-data"' not in read(client_of(province_staff), HOME)


@pytest.mark.parametrize(
    ("day", "today", "last"),
    [
        ("2015-12-31", "2016-03-01", 2015),
        ("2015-12-31", "2015-12-31", 2015),
        ("2015-12-31", "2015-12-30", 2014),
        ("2012-12-31", "2016-03-01", 2013),
    ],
)
def test_year_ends_are_offered_up_to_the_next_and_none_to_come(day, today, last):
    offered = year_ends(date.fromisoformat(day), date.fromisoformat(today))
    assert [then.year for then in offered] == list(range(last, last - 5, -1))


def test_the_day_of_a_demonstration_is_moved_on_up_to_the_clock_and_who_looks_at_today_goes_along(
    small_province, province_staff
):
    client, now = client_of(province_staff), localdate()

    def sent(day: date, default: date) -> str:
        (form,) = [form for form in forms_on(client, PAGE) if "default_day" in form.fields]
        typed = {"demonstration_day": day.isoformat(), "default_day": default.isoformat()}
        return text_of(client.post(PAGE, form.fields | typed, follow=True).content.decode())

    assert "Tỉnh minh họa đã ở ngày 31/12/2014" in sent(date(2014, 12, 30), TODAY)
    assert "Tỉnh minh họa không thể ở sau hôm nay theo đồng hồ" in sent(now + timedelta(days=1), TODAY)
    assert days(now) == (TODAY, TODAY)
    assert "Hôm nay của tỉnh minh họa là 01/03/2015." in sent(date(2015, 3, 1), TODAY)
    assert days(now) == (date(2015, 3, 1), date(2015, 3, 1))
    assert "Ngày làm việc mặc định là 31/12/2014." in sent(now, TODAY)
    assert days(now) == (now, TODAY)
    Installation.objects.update(demonstration_day=None)
    assert "Hôm nay của tỉnh minh họa" not in text_of(read(client, PAGE))
