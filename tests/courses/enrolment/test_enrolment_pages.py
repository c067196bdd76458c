"""Nominating and approving on screen: who is ticked stays ticked, and an act does what its page has shown, at once.

The people of thị trấn Bắc Hà, named Giàng A 00 to Giàng A 04, lack trung cấp professional, which the class brings; it
has three seats. Where the list has a second page, there are eight of them, and six stand on a page.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from cadres import roles
from cadres.models import Act, Appointment, Official
from cadres.periods import PartialDate
from cadres.web import paging
from cadres.web.acts import ON
from cadres.web.ticks import CHOOSE, GO, NARROW, SHOWN, TICKED
from courses.enrolment.views.nominating import moved_up_told
from courses.enrolment.views.people import why
from courses.models import Enrolment, EnrolmentStep, RuleWaiver, TrainingClass
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_class,
    make_enrolment,
    make_official,
    make_programme,
    make_qualification,
    make_zone,
    position_of,
)
from tests.conftest import DAY, client_of, make_user, rolled_back, unit_of
from tests.forms import form_on
from tests.lists import act_on, begin_act, finish_act, told
from tests.province import BAC_HA_TOWN

pytestmark = pytest.mark.django_db

State = Enrolment.State
SEATS = 3
PEOPLE = "/dao-tao/nguoi-hoc/"


@pytest.fixture(scope="module")
def town_and_class(django_db_setup, django_db_blocker) -> Iterator[tuple[list[Official], TrainingClass]]:
    with django_db_blocker.unblock(), rolled_back():
        town = unit_of(BAC_HA_TOWN)
        begin_data(town, date(2014, 12, 31))
        it_is(date(2014, 12, 31))
        make_zone(town, 1)
        people = [person(f"Giàng A {number:02d}") for number in range(5)]
        programme = make_programme("professional:TC", targets=("BT_DU", "VP_TK"))
        dates = {"start_date": date(2016, 3, 1), "end_date": date(2016, 3, 31)}
        yield people, make_class(programme, state="open", seats=SEATS, **dates)


@pytest.fixture
def people(town_and_class, db) -> list[Official]:
    return deepcopy(town_and_class[0])


@pytest.fixture
def eight(people, monkeypatch) -> list[Official]:
    monkeypatch.setattr(paging, "A_PAGE", 6)
    return [*people, *(person(f"Giàng A {number}", position="VP_TK") for number in (62, 63, 64))]


def person(name: str, *, position: str = "BT_DU", professional: str = "SC") -> Official:
    official = make_official(name, sex="M", birth=PartialDate(date(1980, 5, 20)))
    make_appointment(official, position_of(position), unit_of(BAC_HA_TOWN))
    for dimension, level in {"education": "THPT", "professional": professional, "political_theory": "TC"}.items():
        make_qualification(official, dimension, level)
    return official


@pytest.fixture
def training_class(town_and_class, db) -> TrainingClass:
    return deepcopy(town_and_class[1])


@pytest.fixture
def officer(district_officer) -> Client:
    return client_of(district_officer)


@pytest.fixture
def staff(province_staff) -> Client:
    return client_of(province_staff)


def candidates(training_class: TrainingClass, more: str = "") -> str:
    return f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={DAY}{more}"


def approvals(training_class: TrainingClass) -> str:
    return f"/dao-tao/lop/{training_class.pk}/duyet/?ngay={DAY}"


def shown(page) -> list[int]:
    return [row["post"].official_id for row in page.context["rows"]]


def press(client: Client, address: str, page, ticked: list[int], **button: str):
    """What a browser sends from a page of the list: its rows, those ticked, the button."""
    sent = {SHOWN: page.context["ticks"].shown, TICKED: [str(key) for key in ticked]}
    return client.post(address, sent | button, follow=True)


# ---------------------------------------------------------------- ticks


def test_ticks_survive_paging_sorting_filtering_and_searching(training_class, eight, officer):
    address = candidates(training_class)
    first = officer.get(address)
    one, two = shown(first)[:2]

    second = press(officer, address, first, [one, two], **{GO: f"?ngay={DAY}&trang=2"})
    assert second.request["QUERY_STRING"] == f"ngay={DAY}&trang=2"
    three = shown(second)[0]
    assert three not in shown(first)
    by_name = press(officer, f"{address}&trang=2", second, [three], **{GO: f"?ngay={DAY}&sap_xep=-ten"})
    still = [key for key in (one, two, three) if key in shown(by_name)]
    found = press(officer, f"{address}&sap_xep=-ten", by_name, still, **{NARROW: "1", "q": "giang a 64"})

    assert set(by_name.context["ticks"].numbers) == {one, two, three}
    assert [row["post"].official.full_name for row in found.context["rows"]] == ["Giàng A 64"]
    assert found.request["QUERY_STRING"] == f"ngay={DAY}&sap_xep=-ten&q=giang+a+64"
    assert set(found.context["ticks"].numbers) == {one, two, three}
    assert "3 ở trang hoặc bộ lọc khác" in found.content.decode()


def test_a_tick_taken_off_is_off_and_the_others_stay(training_class, eight, officer):
    address = candidates(training_class)
    first = officer.get(address)
    one, two = shown(first)[:2]
    press(officer, address, first, [one, two], **{GO: "?trang=2"})

    again = press(officer, address, officer.get(address), [two], **{GO: f"?ngay={DAY}"})

    assert again.context["ticks"].numbers == [two]


def test_all_of_the_filter_are_chosen_on_every_page_and_none_again(training_class, eight, officer):
    address = candidates(training_class)
    page = press(officer, address, officer.get(address), [], **{CHOOSE: "tat_ca"})
    assert "Chọn tất cả (8)" in page.content.decode()
    assert set(page.context["ticks"].numbers) == {official.pk for official in eight}
    assert page.context["ticks"].elsewhere == 2

    page = press(officer, address, page, shown(page), **{CHOOSE: "bo"})
    assert page.context["ticks"].numbers == []


def test_those_ticked_are_named_on_every_page_and_taken_out_one_by_one(training_class, eight, officer):
    address = candidates(training_class)
    first = officer.get(address)
    one, two = shown(first)[:2]
    assert [what for what, _ in first.context["meant"]] == ["Đối tượng", "Học xong có"]

    page = press(officer, address, first, [one, two], **{NARROW: "1", "q": "giang a 64"})
    assert [post.official_id for post in page.context["basket"]] == [one, two]
    assert "Bỏ Giàng A 00 khỏi danh sách cử" in page.content.decode()
    three = shown(page)[0]
    page = press(officer, f"{address}&q=giang+a+64", page, [three], **{CHOOSE: f"bo:{one}"})

    assert [post.official_id for post in page.context["basket"]] == [two, three]
    assert shown(page) == [three]


def test_ticks_sent_once_more_after_the_way_back_are_taken(training_class, people, officer):
    """They are no act: the same form may be sent as often as somebody goes back to it."""
    address = candidates(training_class)
    form = form_on(officer, address, SHOWN)
    form.send({TICKED: [str(people[0].pk)], GO: f"?ngay={DAY}"})

    form.send({TICKED: [str(people[1].pk)], GO: f"?ngay={DAY}"})

    assert officer.get(address).context["ticks"].numbers == [people[1].pk]


def test_the_ticks_of_one_class_are_not_those_of_another_nor_of_another_account(training_class, people, officer, staff):
    other = make_class(training_class.programme, state="open", start_date=date(2016, 5, 2), end_date=date(2016, 5, 3))
    address = candidates(training_class)
    press(officer, address, officer.get(address), [people[0].pk], **{GO: "?trang=2"})

    assert len(officer.get(candidates(other)).context["ticks"]) == 0
    assert len(staff.get(address).context["ticks"]) == 0


def test_a_button_leads_nowhere_but_to_the_list(training_class, officer):
    answer = officer.post(candidates(training_class), {GO: "https://example.org/?trang=2"})
    assert answer["location"].startswith(f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?")
    assert officer.post(candidates(training_class), {}).status_code == 400
    assert officer.post(candidates(training_class), {"viec": "xoa"}).status_code == 400


def test_the_list_sorts_by_each_column(training_class, officer):
    first_by = {"ten": "Giàng A 00", "-ten": "Giàng A 04", "dieu_kien": "Giàng A 00", "dang_co": None}
    for sort, first in first_by.items():
        page = officer.get(candidates(training_class, f"&sap_xep={sort}"))
        assert page.status_code == 200, sort
        assert first is None or page.context["rows"][0]["post"].official.full_name == first, sort
        for head in page.context["heads"]:
            assert head.to is not None, sort
    assert officer.get(candidates(training_class, "&sap_xep=tuoi")).status_code == 400


def test_the_file_holds_what_the_list_shows_in_its_order(training_class, officer):
    answer = officer.get(candidates(training_class, "&sap_xep=-ten&q=giang+a+0&tep=xlsx"))

    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    head = next(number for number, row in enumerate(rows) if row[0] == "STT")
    assert rows[head][1] == "Họ và tên"
    assert [row[1] for row in rows[head + 1 :]] == [f"Giàng A 0{number}" for number in range(4, -1, -1)]
    assert any("Tìm: giang a 0" in str(row[0]) for row in rows[:head])
    assert officer.get(candidates(training_class, "&tep=pdf")).status_code == 404


# ---------------------------------------------------------------- nominating


def test_a_nomination_shows_who_gets_a_seat_who_waits_and_who_cannot_go(training_class, people, officer):
    has_it = person("Lù Thị Mỷ", professional="DH")
    chosen = [has_it.pk, *(official.pk for official in people[: SEATS + 1])]

    page = begin_act(officer, candidates(training_class), chosen, "cu")

    text = page.content.decode()
    assert f"Cử {SEATS + 1} người" in text
    assert [line.name for line in page.context["plan"].left_out] == ["Lù Thị Mỷ"]
    assert "Đã có trình độ này" in page.context["plan"].left_out[0].why_not
    assert page.context["plan"].done[-1].outcome.startswith("Vào danh sách chờ")
    assert "học xong" in text.lower()
    assert not Enrolment.objects.exists()

    finish_act(officer, page)

    assert Enrolment.objects.filter(state=State.NOMINATED).count() == SEATS
    assert Enrolment.objects.get(state=State.WAITING).official == people[SEATS]
    assert not Enrolment.objects.filter(official=has_it).exists()
    assert len(officer.get(candidates(training_class)).context["ticks"]) == 0


def test_a_mass_act_is_one_act_of_the_history_and_is_taken_back_as_one(training_class, people, officer):
    answer = act_on(officer, candidates(training_class), [official.pk for official in people[:3]], "cu")

    done = Act.objects.get(kind=Act.Kind.BULK)
    assert done.user.username == "bac-ha"
    assert done.context["title"] == f"Cử người đi học: {training_class.programme}"
    way = reverse("cadres:act-take-back", args=[done.pk])
    assert way in told(answer)[-1]
    officer.post(way, {"reason": "Cử nhầm lớp"})
    assert not Enrolment.objects.exists()


def test_what_has_changed_since_the_page_was_shown_is_said_and_asked_again(training_class, people, officer):
    page = begin_act(officer, candidates(training_class), [official.pk for official in people[:3]], "cu")
    make_enrolment(people[0], training_class, State.NOMINATED)
    make_qualification(people[1], "professional", "TC")

    again = finish_act(officer, page)

    assert "số liệu vừa thay đổi" in again.content.decode()
    assert again.context["changed"] == {people[0].pk, people[1].pk}
    assert Enrolment.objects.count() == 1
    finish_act(officer, again)
    assert set(Enrolment.objects.values_list("official", flat=True)) == {people[0].pk, people[2].pk}


def test_the_same_yes_twice_does_it_once(training_class, people, officer):
    page = begin_act(officer, candidates(training_class), [people[0].pk], "cu")
    finish_act(officer, page)

    again = finish_act(officer, page)

    assert "Chưa chọn ai" in again.content.decode()
    assert EnrolmentStep.objects.count() == 1


def test_nobody_out_of_scope_is_nominated_whatever_is_posted(training_class, people, officer, monkeypatch):
    """By the page alone, where no second wall stands: that hides the people of others anyhow."""
    monkeypatch.setattr("cadres.walls.can_be_asked", lambda: False)
    foreign = make_official("Ma Thị Pà", sex="F")
    make_appointment(foreign, position_of("BT_DU"), unit_of("02779"))

    page = begin_act(officer, candidates(training_class), [foreign.pk], "cu")

    assert page.context["plan"].lines == []
    assert "Ma Thị Pà" not in page.content.decode()


def test_a_class_that_is_closed_is_said_before_anything_is_asked(training_class, people, officer):
    TrainingClass.objects.update(state="planned")
    page = begin_act(officer, candidates(training_class), [people[0].pk], "cu")
    assert any("không mở đăng ký" in message for message in told(page))


def test_select_all_of_a_filter_and_the_act_ask_a_bounded_number_of_queries(training_class, people, officer):
    address = candidates(training_class)
    officer.get(address)
    asked = []
    for choice in ([people[0].pk], [official.pk for official in people]):
        with CaptureQueriesContext(connection) as queries:
            page = begin_act(officer, address, choice, "cu")
        asked.append(len(queries))
        assert len(page.context["plan"].lines) == len(choice)
    assert asked[0] == asked[1] <= 55  # of both pages, each with the menu and the modules of the class


# ---------------------------------------------------------------- approving


@pytest.fixture
def nominated(training_class, people) -> list[Enrolment]:
    """Three: against the last stands that the programme is not for the position."""
    Appointment.objects.filter(official=people[2]).update(position=position_of("CT_UBND"))
    return [make_enrolment(official, training_class, State.NOMINATED) for official in people[:3]]


def states() -> list[str]:
    return list(Enrolment.objects.order_by("pk").values_list("state", flat=True))


def test_all_against_whom_nothing_stands_are_approved_in_one_act(training_class, nominated, staff):
    page = staff.get(approvals(training_class))
    assert "Duyệt cả 2 người đủ điều kiện" in page.content.decode()

    page = begin_act(staff, approvals(training_class), [], "du_dieu_kien")
    assert "Duyệt 2 người" in page.content.decode()
    assert [line.name for line in page.context["plan"].lines] == ["Giàng A 00", "Giàng A 01"]
    assert "Học xong, 2 người đạt chuẩn: tỷ lệ 0,0 → " in page.content.decode()
    answer = finish_act(staff, page)

    assert told(answer)[0] == "Đã duyệt 2 người. Việc tiếp theo: ra quyết định cử đi học."
    assert states() == [State.APPROVED, State.APPROVED, State.NOMINATED]


def test_who_may_send_them_too_goes_on_to_the_decision_as_long_as_nobody_else_could(training_class, nominated, staff):
    page = begin_act(staff, approvals(training_class), [], "du_dieu_kien")
    answer = finish_act(staff, page, **{ON: "1"})
    assert answer.request["PATH_INFO"] == reverse("courses:class-decide", args=[training_class.pk])
    assert "2 người đã duyệt được cử theo quyết định này" in answer.content.decode()

    make_user("nguoi-thu-hai", roles.APPROVER)
    page = begin_act(staff, approvals(training_class), [nominated[2].pk], "duyet")
    assert page.context["goes_on"] is None
    assert "rồi ra quyết định" not in page.content.decode()


def test_a_warning_wants_its_reason_on_the_page_of_the_act(training_class, nominated, staff):
    keys = [enrolment.pk for enrolment in nominated]
    field = f"ly_do-{nominated[2].pk}-target"
    page = begin_act(staff, approvals(training_class), keys, "duyet")
    assert "Lý do vẫn cử Giàng A 02 dù không thuộc đối tượng" in page.content.decode()

    refused = finish_act(staff, page)
    assert "Hãy ghi lý do vẫn cử" in refused.content.decode()
    assert set(states()) == {State.NOMINATED}

    finish_act(staff, page, **{field: "Nguồn quy hoạch"})
    assert set(states()) == {State.APPROVED}
    assert RuleWaiver.objects.get().reason == "Nguồn quy hoạch"


def test_one_reason_may_stand_for_all_warnings_that_have_none_of_their_own(training_class, nominated, people, staff):
    Appointment.objects.filter(official__in=people[:3]).update(position=position_of("CT_UBND"))
    own = f"ly_do-{nominated[0].pk}-target"

    act_on(
        staff,
        approvals(training_class),
        [enrolment.pk for enrolment in nominated],
        "duyet",
        ly_do="Nguồn quy hoạch",
        **{own: "Sắp nhận chức danh khác"},
    )

    reasons = RuleWaiver.objects.order_by("enrolment").values_list("reason", flat=True)
    assert list(reasons) == ["Sắp nhận chức danh khác", "Nguồn quy hoạch", "Nguồn quy hoạch"]


def test_who_was_turned_down_meanwhile_is_left_out_and_asked_about_again(training_class, nominated, staff):
    page = begin_act(staff, approvals(training_class), [nominated[0].pk, nominated[1].pk], "duyet")
    Enrolment.objects.filter(pk=nominated[1].pk).update(state=State.REJECTED)

    again = finish_act(staff, page)

    assert again.context["changed"] == {nominated[1].pk}
    assert again.context["plan"].left_out[0].why_not == "Không được cử, không còn chờ duyệt"
    assert states() == [State.NOMINATED, State.REJECTED, State.NOMINATED]


def test_turning_down_wants_a_reason_and_names_whom(training_class, nominated, staff):
    page = begin_act(staff, approvals(training_class), [nominated[1].pk], "khong_duyet")
    assert "Không duyệt 1 người" in page.content.decode()
    assert "Giàng A 01" in page.content.decode()
    assert "Trường này là bắt buộc" in finish_act(staff, page, reason=" ").content.decode()

    finish_act(staff, page, reason="Chưa cần")

    assert states() == [State.NOMINATED, State.REJECTED, State.NOMINATED]
    assert EnrolmentStep.objects.get(state=State.REJECTED).note == "Chưa cần"


def test_who_moved_up_is_named_to_those_who_see_them_and_counted_to_the_others(training_class, people, officer, staff):
    foreign = make_official("Ma Thị Pà", sex="F")
    make_appointment(foreign, position_of("BT_DU"), unit_of("02779"))
    first, second, _ = [make_enrolment(official, training_class, State.NOMINATED) for official in people[:3]]
    for official in (foreign, people[3]):
        make_enrolment(official, training_class, State.WAITING)
    for client, out, said in ((officer, first, "1 người của đơn vị khác"), (staff, second, "Giàng A 03")):
        address = reverse("courses:enrolment-withdraw", args=[training_class.pk, out.pk])
        form = form_on(client, address, "on")
        answer = client.post(form.action, form.filled(reason="mistake"), follow=True)
        assert told(answer)[0].endswith(f"Lên từ danh sách chờ: {said}."), told(answer)


def test_where_seats_or_quotas_grow_who_moved_up_is_said(training_class, people, staff):
    TrainingClass.objects.update(seats=1)
    make_enrolment(people[0], training_class, State.NOMINATED)
    for official in people[1:3]:
        make_enrolment(official, training_class, State.WAITING)

    form = form_on(staff, reverse("courses:class-edit", args=[training_class.pk]), "seats")
    answer = staff.post(form.action, form.filled(seats="2"), follow=True)
    assert told(answer)[0].endswith("Lên từ danh sách chờ: Giàng A 01."), told(answer)

    TrainingClass.objects.update(seats=3)
    bac_ha = unit_of("085").pk
    form = form_on(staff, reverse("courses:class-quotas", args=[training_class.pk]), str(bac_ha))
    answer = staff.post(form.action, form.filled(**{str(bac_ha): "3"}), follow=True)
    assert told(answer)[0].endswith("Lên từ danh sách chờ: Giàng A 02."), told(answer)


def test_who_moved_up_is_named_in_scope_even_where_the_database_would_show_all(training_class, district_officer):
    """The page asks by itself: without the second wall, which a page of a class may have put away."""
    foreign = make_official("Ma Thị Pà", sex="F")
    make_appointment(foreign, position_of("BT_DU"), unit_of("02779"))
    moved = make_enrolment(foreign, training_class, State.NOMINATED)
    request = RequestFactory().get("/")
    request.user = district_officer

    assert moved_up_told(request, [moved]) == " Lên từ danh sách chờ: 1 người của đơn vị khác."


def test_an_approval_is_taken_back_as_one_act(training_class, nominated, staff):
    keys = [enrolment.pk for enrolment in nominated]
    reason = {f"ly_do-{keys[2]}-target": "Nguồn quy hoạch"}
    answer = act_on(staff, approvals(training_class), keys, "duyet", **reason)
    assert set(states()) == {State.APPROVED}
    way = reverse("cadres:act-take-back", args=[Act.objects.get(kind=Act.Kind.BULK).pk])
    assert way in told(answer)[-1]

    staff.post(way, {"reason": "Duyệt nhầm lớp"}, follow=True)

    assert set(states()) == {State.NOMINATED}
    assert not RuleWaiver.objects.exists()


def test_nobody_ticked_is_told(training_class, nominated, staff):
    assert "Chưa chọn ai" in begin_act(staff, approvals(training_class), [], "duyet").content.decode()


def test_the_nominations_sort_by_each_column_and_leave_as_a_file(training_class, nominated, staff):
    for sort, names in (("-ten", [2, 1, 0]), ("chuc_danh", [0, 1, 2]), ("-dieu_kien", [2, 0, 1])):
        page = staff.get(f"{approvals(training_class)}&sap_xep={sort}")
        assert [row["enrolment"].official.full_name for row in page.context["nominated"]] == [
            f"Giàng A 0{number}" for number in names
        ]
    file = staff.get(f"{approvals(training_class)}&sap_xep=-ten&tep=xlsx")
    rows = list(load_workbook(BytesIO(file.content)).active.values)
    assert [row[1] for row in rows[-3:]] == ["Giàng A 02", "Giàng A 01", "Giàng A 00"]
    assert [row[-1] for row in rows[-3:]] == ["Không thuộc đối tượng", "Đủ điều kiện", "Đủ điều kiện"]


# ---------------------------------------------------------------- from a need to the class


def test_a_need_and_a_person_lead_to_the_open_classes_that_close_it(training_class, people, officer, leader):
    make_enrolment(people[4], training_class, State.NOMINATED)
    make_class(training_class.programme, state="planned", start_date=date(2016, 2, 1), end_date=date(2016, 2, 2))
    leads_to = f"/dao-tao/lop/{training_class.pk}/cu-nguoi/?ngay={DAY}&"
    said = f"Cử vào lớp {training_class.code}, khai giảng 01/03/2016, còn 2 chỗ"
    for address in (f"/dao-tao/nhu-cau/nguoi/?ngay={DAY}", f"/dao-tao/nguoi/{people[0].pk}/?ngay={DAY}"):
        asked = officer.get(address)
        text = unescape(asked.content.decode())
        assert said in text
        link = next(part for part in text.split('"') if part.startswith(leads_to) and "q=Gi" in part)
        assert [row["post"].official for row in officer.get(link).context["rows"]] == [people[0]]
        seen_by_others = client_of(leader).get(address).content.decode()
        assert "cần Trung cấp" in seen_by_others.replace("Cần", "cần")
        assert "Cử vào lớp" not in seen_by_others
    in_it = officer.get(f"/dao-tao/nguoi/{people[4].pk}/?ngay={DAY}")
    assert in_it.context["needs"] == []


# ---------------------------------------------------------------- the waiting list


def test_an_officer_puts_the_own_people_in_order_and_sees_no_others(training_class, people, officer, staff):
    foreign = make_official("Ma Thị Pà", sex="F")
    make_appointment(foreign, position_of("BT_DU"), unit_of("02779"))
    waiting = [make_enrolment(official, training_class, State.WAITING) for official in (*people[:3], foreign)]
    address = reverse("courses:class-waiting", args=[training_class.pk])

    def shown_to(client: Client) -> list[tuple[int, str]]:
        rows = client.get(address).context["rows"]
        return [(row["place"], row["person"].official.full_name) for row in rows]

    assert shown_to(officer) == [(1, "Giàng A 00"), (2, "Giàng A 01"), (3, "Giàng A 02")]
    assert "còn 1 người của đơn vị khác" in officer.get(address).content.decode()
    for button, key, order in (("dau", 2, "201"), ("xuong", 2, "021"), ("len", 1, "012"), ("len", 0, "012")):
        officer.post(address, {button: waiting[key].pk})
        assert [name[-1] for _, name in shown_to(officer)] == list(order)
    officer.post(address, {"xuong": waiting[0].pk})
    names = [name for _, name in shown_to(staff)]
    assert names == ["Giàng A 01", "Giàng A 00", "Giàng A 02", "Ma Thị Pà"]
    approval = staff.get(approvals(training_class)).context["waiting"]
    assert [row["enrolment"].official.full_name for row in approval] == names

    assert officer.post(address, {"dau": waiting[3].pk}).status_code == 400
    assert officer.post(address, {"dau": "x"}).status_code == 400
    assert staff.post(address, {"dau": waiting[2].pk}).status_code == 403
    assert [name for _, name in shown_to(staff)] == names


# ---------------------------------------------------------------- the own people in classes


def test_the_own_people_stand_by_state_with_why_who_is_out_is_out(training_class, people, officer, staff):
    foreign = make_official("Ma Thị Pà", sex="F")
    make_appointment(foreign, position_of("BT_DU"), unit_of("02779"))
    act_on(officer, candidates(training_class), [official.pk for official in people[:3]], "cu")
    make_enrolment(foreign, training_class, State.NOMINATED)
    first, second, _ = Enrolment.objects.filter(official__in=people).order_by("pk")
    act_on(staff, approvals(training_class), [first.pk], "khong_duyet", reason="Đã học lớp khác")
    form = form_on(officer, reverse("courses:enrolment-withdraw", args=[training_class.pk, second.pk]), "on")
    officer.post(form.action, form.filled(reason="work", note="Trực bầu cử", on="2014-12-31"))

    page = officer.get(PEOPLE)
    assert [tab[1:] for tab in page.context["selection"].tabs()] == [
        ("Tất cả", 3),
        ("Đã cử, chờ duyệt", 1),
        ("Đã rút", 1),
        ("Không được cử", 1),
    ]
    told_of = {row.official.full_name: why(row) for row in page.context["rows"]}
    assert told_of == {
        "Giàng A 00": "Đã học lớp khác",
        "Giàng A 01": "Công việc của đơn vị. Trực bầu cử; từ 31/12/2014",
        "Giàng A 02": "",
    }
    assert "Ma Thị Pà" not in page.content.decode()
    assert "Đã học lớp khác" in officer.get(reverse("courses:class-detail", args=[training_class.pk])).content.decode()
    assert len(staff.get(PEOPLE).context["rows"]) == 4


def test_the_own_people_are_searched_sorted_and_leave_as_a_file(training_class, people, officer):
    for official in people:
        make_enrolment(official, training_class, State.NOMINATED)

    def names(words: str) -> list[str]:
        return [row.official.full_name for row in officer.get(f"{PEOPLE}?{words}").context["rows"]]

    assert names("sap_xep=-ten")[0] == "Giàng A 04"
    for sort in ("chuc_danh", "lop", "ngay", "-tinh_trang"):
        assert len(names(f"sap_xep={sort}")) == 5
    assert names("q=a+03&nam=2016&tinh_trang=nominated") == ["Giàng A 03"]
    assert names(f"xa={BAC_HA_TOWN}&tinh_trang=rejected") == []
    assert officer.get(f"{PEOPLE}?nam=1900").status_code == 400
    file = officer.get(f"{PEOPLE}?sap_xep=-ten&tep=xlsx")
    rows = list(load_workbook(BytesIO(file.content)).active.values)
    assert [row[1] for row in rows[-5:]] == [f"Giàng A 0{number}" for number in range(4, -1, -1)]
    columns = next(row for row in rows if row[0] == "STT")
    assert dict(zip(columns, rows[-1], strict=True))["Tình trạng"] == "Đã cử, chờ duyệt"
    chosen = officer.get(f"{PEOPLE}?cot=be_giang&cot=xa&tep=xlsx")
    heads = next(row for row in load_workbook(BytesIO(chosen.content)).active.values if row[0] == "STT")
    assert heads == ("STT", "Họ và tên", "Đơn vị", "Bế giảng")
    assert officer.get(f"{PEOPLE}?cot=luong").status_code == 400


def test_the_page_of_the_own_people_asks_as_much_for_many_as_for_one(training_class, people, officer):
    officer.get(PEOPLE)
    asked = []
    for some in (people[:1], people[1:]):
        for official in some:
            make_enrolment(official, training_class, State.NOMINATED)
        with CaptureQueriesContext(connection) as queries:
            officer.get(PEOPLE)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 16
