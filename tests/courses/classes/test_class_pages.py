"""The pages of classes, as each role: what is listed, what is shown of whom, what a form says and does."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from courses.classes import commit_funding, set_quotas, settle
from courses.models import ClassSession, Enrolment, Programme, TrainingClass
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_session,
    make_trainer,
    position_of,
    the_clock_says,
)
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db

START, END = date(2016, 3, 7), date(2016, 3, 11)
LIST = "/dao-tao/lop/"
MOST_QUERIES = 20
NOTHING = {"csrfmiddlewaretoken": "x"}  # what a browser sends of an empty form


@pytest.fixture(autouse=True)
def data_of_2015(db):
    begin_data(unit_of(BAC_HA_TOWN), DAY)
    it_is(DAY)


def a_class(state: str = "open", **columns) -> TrainingClass:
    return make_class(
        **{"state": state, "start_date": START, "end_date": END, "seats": 5, "place": unit_of("085"), **columns}
    )


def enrolled(name: str, training_class: TrainingClass, state: str, commune: str = BAC_HA_TOWN) -> Enrolment:
    official = make_official(name)
    make_appointment(official, position_of("BT_DU"), unit_of(commune))
    return make_enrolment(official, training_class, state)


def page(training_class: TrainingClass, name: str = "detail", **more: int) -> str:
    return reverse(f"courses:{name if '-' in name else f'class-{name}'}", kwargs={"pk": training_class.pk, **more})


def listed(response) -> list[TrainingClass]:
    return [row.pk for row in response.context["rows"]]


@pytest.fixture
def province(province_staff):
    return client_of(province_staff)


@pytest.fixture
def officer(district_officer):
    return client_of(district_officer)


@pytest.fixture
def school(db):
    return make_institution("Trường thử", user=make_user("truong", "training_institution"))


@pytest.fixture
def teacher(school):
    return client_of(school.accounts.get().user)


# ---------------------------------------------------------------- the list


def test_the_list_has_a_tab_with_its_count_for_each_state(province):
    first, second = a_class("open"), a_class("open", start_date=START - timedelta(days=7))
    a_class("ended")

    response = province.get(LIST)
    tabs = {code: classes for code, _, classes in response.context["selection"].tabs()}
    assert tabs == {"": 3, "planned": 0, "open": 2, "running": 0, "ended": 1, "cancelled": 0}
    assert listed(province.get(f"{LIST}?tinh_trang=open")) == [second.pk, first.pk]  # the nearest first


def test_the_filters_of_the_list(province):
    school = make_institution()
    school.code = "TCT-2"
    school.save()
    secretaries = make_programme(title="Bồi dưỡng Bí thư Đảng ủy xã")
    degree = make_programme(kind=Programme.Kind.DEGREE, title="Đại học Luật")
    classes = {
        "old": a_class("ended", start_date=date(2015, 3, 2), end_date=date(2015, 3, 6), place=unit_of(THANH_BINH)),
        "spring": a_class(programme=secretaries, place=unit_of("083")),
        "autumn": a_class(programme=degree, institution=school),
    }
    TrainingClass.objects.filter(pk=classes["autumn"].pk).update(code="LOP-RIENG")

    for query, found in {
        "nam=2016": {"autumn", "spring"},
        "nam=2015": {"old"},
        "loai=degree": {"autumn"},
        "huyen=083": {"spring", "old"},  # in the district, and in a commune of it
        "co_so=TCT-2": {"autumn"},
        "q=bi thu dang uy": {"spring"},
        "q=BÍ THƯ": {"spring"},
        "q=LOP-RIENG": {"autumn"},
        "q=lop-rieng": {"autumn"},
        "q=nothing": set(),
        "nam=2016&huyen=083": {"spring"},
    }.items():
        shown = set(listed(province.get(f"{LIST}?{query}")))
        assert shown == {classes[name].pk for name in found}, query


def test_a_filter_that_is_none_is_refused(province):
    for query in ("nam=1900", "tinh_trang=nothing", "huyen=999", "loai=x", "linh_vuc=x", "co_so=x"):
        response = province.get(f"{LIST}?{query}")
        assert response.status_code == 400, query
        assert "Bộ lọc" in response.content.decode(), query


def test_an_officer_sees_first_what_still_has_a_seat_for_the_own_people_and_sorts_and_takes_out_what_is_shown(officer):
    full = a_class("open", start_date=START + timedelta(days=30), end_date=END + timedelta(days=30))
    set_quotas(full, {unit_of("083").pk: 5}, by=None)
    own = a_class("open")
    set_quotas(own, {unit_of("085").pk: 2}, by=None)
    enrolled("Giàng A Sử", own, "nominated")
    planned = a_class("planned", start_date=START + timedelta(days=60), end_date=END + timedelta(days=60))

    response = officer.get(LIST)

    assert listed(response) == [own.pk, full.pk, planned.pk]
    seats = {row.pk: (row.own_taken, row.own_quota) for row in response.context["rows"]}
    assert seats == {own.pk: (1, 2), full.pk: (0, 0), planned.pk: (None, None)}

    enrolled("Giàng Thị Chờ", full, "waiting")
    assert listed(officer.get(LIST, {"sap_xep": "-da_co"}))[0] == own.pk
    assert listed(officer.get(LIST, {"sap_xep": "-cho"}))[0] == full.pk
    assert listed(officer.get(LIST, {"sap_xep": "ngay"})) == [own.pk, full.pk, planned.pk]
    words = {"cot": ["ma", "ngay", "da_co", "cho", "chi_tieu"], "tinh_trang": "open", "tep": "xlsx"}
    file = list(load_workbook(BytesIO(officer.get(LIST, words).content)).active.values)
    assert ("STT", "Mã lớp", "Khai giảng", "Đã có", "Chờ chỗ", "Chỉ tiêu đơn vị") in file
    assert [(row[1], row[2].date(), *row[3:]) for row in file[-2:]] == [
        (own.code, START, 1, 0, "1 / 2"),
        (full.code, START + timedelta(days=30), 0, 1, "0 / 0"),
    ]


def test_an_institution_sees_its_own_classes_only(teacher, school):
    own, foreign = a_class("running", institution=school), a_class("running")

    assert listed(teacher.get(LIST)) == [own.pk]
    assert teacher.get(page(own)).status_code == 200
    for name in ("detail", "quotas", "sessions", "session-add", "session-propose"):
        assert teacher.get(page(foreign, name)).status_code == 404, name


@pytest.mark.parametrize("client", ["province", "officer", "teacher"])
def test_an_empty_list_says_what_to_do_next(client, request):
    shown = request.getfixturevalue(client).get(LIST).content.decode()

    assert {"province": "Hãy lập lớp", "officer": "Chưa có lớp nào", "teacher": "Sở Nội vụ giao lớp"}[client] in shown


# ---------------------------------------------------------------- the page of a class


def test_an_officer_sees_the_own_people_of_a_class_and_only_numbers_of_the_others(officer):
    training_class = a_class()
    own = enrolled("Giàng A Sử", training_class, "nominated")
    enrolled("Lù Seo Dơ", training_class, "nominated", THANH_BINH)

    response = officer.get(page(training_class))
    shown = response.content.decode()

    assert [row.pk for row in response.context["people"]] == [own.pk]
    assert response.context["seats"].taken == 2
    assert "Giàng A Sử" in shown
    assert "Lù Seo Dơ" not in shown
    assert "Thị trấn Bắc Hà" in shown


def test_an_institution_sees_everybody_of_its_class_without_a_way_into_the_registry(teacher, school):
    training_class = a_class("running", institution=school)
    enrolled("Giàng A Sử", training_class, "attending")
    enrolled("Lù Seo Dơ", training_class, "attending", THANH_BINH)

    shown = teacher.get(page(training_class)).content.decode()

    assert "Giàng A Sử" in shown
    assert "Lù Seo Dơ" in shown
    assert "/can-bo/" not in shown
    assert "kinh-phi" not in shown


def test_the_people_are_shown_by_state(province):
    training_class = a_class()
    enrolled("Giàng A Sử", training_class, "nominated")
    waiting = enrolled("Lý Thị Lan", training_class, "waiting")

    response = province.get(f"{page(training_class)}?nguoi=waiting")

    assert [row.pk for row in response.context["people"]] == [waiting.pk]
    assert [(row["state"], row["people"]) for row in response.context["counts"]] == [("waiting", 1), ("nominated", 1)]


@pytest.mark.parametrize(
    ("state", "people", "step", "action"),
    [
        ("planned", (), "Giao chỉ tiêu cho các đơn vị nếu cần, rồi mở đăng ký.", "Mở đăng ký cho các đơn vị"),
        ("open", (), "Chờ các đơn vị cử người.", "Duyệt, ra quyết định cử"),
        ("open", ("nominated", "nominated"), "Duyệt 2 người các đơn vị đã cử.", "Duyệt, ra quyết định cử"),
        ("open", ("approved",), "Ra quyết định cử đi học cho 1 người đã duyệt.", "Khai giảng"),
        ("open", ("decided",), "Khai giảng khi đến ngày 07/03/2016.", "Khai giảng"),
        ("running", ("attending",), "Chờ kết quả của 1 người, rồi bế giảng từ ngày 11/03/2016.", "Bế giảng"),
        ("running", ("completed",), "Đã đủ kết quả; bế giảng từ ngày 11/03/2016.", "Bế giảng"),
        ("ended", (), "", "Mở lại để sửa kết quả"),
    ],
)
def test_sonoivu_is_told_the_next_step_of_a_class(province, state, people, step, action):
    training_class = a_class(state)
    for number, of_person in enumerate(people):
        enrolled(f"Giàng A {number}", training_class, of_person)

    response = province.get(page(training_class))

    assert response.context["next_step"] == step
    assert action in response.content.decode()


FOR_ALL = ["Hỗ trợ, thù lao", "Văn bản"]


@pytest.mark.parametrize(
    ("state", "tabs"),
    [
        ("planned", ["Lịch học", "Chỉ tiêu", "Kinh phí", *FOR_ALL]),
        ("open", ["Lịch học", "Chỉ tiêu", "Kinh phí", *FOR_ALL, "Danh sách Excel"]),
        (
            "running",
            [
                "Lịch học",
                "Điểm danh",
                "Kết quả",
                "Chứng chỉ",
                "Chỉ tiêu",
                "Kinh phí",
                *FOR_ALL,
                "Đánh giá",
                "Danh sách Excel",
            ],
        ),
        ("ended", ["Điểm danh", "Kết quả", "Chứng chỉ", "Kinh phí", *FOR_ALL, "Đánh giá", "Danh sách Excel"]),
        ("cancelled", ["Kinh phí", "Văn bản"]),
    ],
)
def test_a_class_has_tabs_only_where_something_is_to_be_done_or_seen(province, state, tabs):
    assert [tab.label for tab in province.get(page(a_class(state))).context["tabs"]] == tabs


def test_who_only_looks_is_led_to_what_there_is(leader):
    client, training_class = client_of(leader), a_class("planned")
    assert [tab.label for tab in client.get(page(training_class)).context["tabs"]] == FOR_ALL

    make_session(training_class, START)
    set_quotas(training_class, {unit_of("085").pk: 3}, by=None)
    commit_funding(training_class, {"local": 1_000_000}, by=None)
    shown = [tab.label for tab in client.get(page(training_class)).context["tabs"]]

    assert shown == ["Lịch học", "Chỉ tiêu", "Kinh phí", *FOR_ALL]


def test_the_next_step_stands_before_the_ways_to_other_pages(province):
    shown = province.get(page(a_class("planned"))).content.decode()

    assert shown.index("Việc tiếp theo:") < shown.index('aria-label="Các trang của lớp"')


def test_who_only_reads_is_offered_no_step(leader):
    client = client_of(leader)
    for state in TrainingClass.State.values:
        shown = client.get(page(a_class(state))).content.decode()
        for action in ("Sửa lớp", "Hủy lớp", "Khai giảng</a>", "Bế giảng</a>", "Mở đăng ký cho", "Cử người", "Ghi kết"):
            assert action not in shown, (state, action)


# ---------------------------------------------------------------- forms


def form_of(training_class: TrainingClass, **changes: object) -> dict[str, object]:
    """What the form of a class sends."""
    return {
        "programme": training_class.programme_id,
        "seats": training_class.seats,
        "start_date": training_class.start_date.isoformat(),
        "end_date": training_class.end_date.isoformat(),
        "form": training_class.form,
        "place": training_class.place_id,
        "code": training_class.code,
        **changes,
    }


def test_a_class_is_set_up_on_a_page(province):
    programme, trainer = make_programme(), make_trainer()
    template = TrainingClass(programme=programme, place=unit_of("085"), start_date=START, end_date=END, seats=30)

    response = province.post(f"{LIST}them/", form_of(template, trainers=[trainer.pk], code=""))

    made = TrainingClass.objects.get(programme=programme)
    assert response["Location"] == page(made)
    assert (made.code, made.state, list(made.trainers.all())) == (f"{programme.code}-2016-1", "planned", [trainer])


def test_a_form_that_a_rule_refuses_says_why_at_the_field_and_writes_nothing(province):
    training_class = a_class(seats=5)
    for number in range(3):
        enrolled(f"Giàng A {number}", training_class, "nominated")

    response = province.post(page(training_class, "edit"), form_of(training_class, seats=2))

    assert response.status_code == 200
    assert "Đã có 3 người giữ chỗ" in response.context["form"].errors["seats"][0]
    assert TrainingClass.objects.get(pk=training_class.pk).seats == 5


def test_dates_that_end_before_they_start_are_refused_on_the_page(province):
    training_class = a_class()

    response = province.post(page(training_class, "edit"), form_of(training_class, end_date="2016-03-06"))

    assert "Ngày bế giảng phải từ ngày khai giảng trở đi." in response.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "is_told"),
    [
        (date(2016, 3, 21), date(2016, 3, 25), False),  # the day before the other class
        (date(2016, 3, 22), date(2016, 3, 26), True),  # its first day
        (date(2016, 4, 1), date(2016, 4, 5), True),  # its last day
        (date(2016, 4, 2), date(2016, 4, 6), False),  # the day after
    ],
)
def test_new_dates_name_whom_they_do_not_suit_of_those_approved(province, first, last, is_told):
    training_class = a_class()
    for name, state in (("Giàng A Sử", "decided"), ("Lù Thị Mỷ", "approved"), ("Tẩn Láo Tả", "withdrawn")):
        enrolment = enrolled(name, training_class, state)
        other = a_class(start_date=date(2016, 3, 26), end_date=date(2016, 4, 1))
        make_enrolment(enrolment.official, other, "approved")
    offered = province.get(page(training_class, "edit")).context["form"]
    wanted = {field.name: field.value() for field in offered if field.value() is not None}

    answer = province.post(
        page(training_class, "edit"), wanted | {"start_date": str(first), "end_date": str(last)}, follow=True
    )

    training_class.refresh_from_db()
    assert training_class.start_date == first
    told = [str(message) for message in answer.context["messages"]]
    assert told[-1] == f"Đã lưu lớp {training_class.code}."
    warning = (
        "Với ngày học mới, 2 người đã duyệt vướng quy định: Lù Thị Mỷ (trùng lịch), Giàng A Sử (trùng lịch). "
        "Hãy rút người không học được, hoặc chọn ngày khác."
    )
    assert told[:-1] == ([warning] if is_told else [])


def test_quotas_are_given_on_a_page_and_an_officer_only_looks(province, officer):
    training_class = a_class(seats=5)
    own, foreign = unit_of("085").pk, unit_of("083").pk

    refused = province.post(page(training_class, "quotas"), {"is_complete": "True", own: 4, foreign: 2})
    assert "Tổng chỉ tiêu 6 nhiều hơn 5 chỗ" in refused.content.decode()
    province.post(page(training_class, "quotas"), {"is_complete": "True", own: 3, foreign: ""})

    assert list(training_class.quotas.values_list("district", "seats")) == [(own, 3)]
    assert b'type="number"' not in officer.get(page(training_class, "quotas")).content
    assert officer.post(page(training_class, "quotas"), {"is_complete": "True"}).status_code == 403
    province.post(page(training_class, "quotas"), {})  # an empty form takes nothing away
    assert training_class.quotas.count() == 1


def test_a_step_asks_to_be_confirmed_and_then_says_what_it_did(province):
    training_class = a_class()
    enrolled("Giàng A Sử", training_class, "decided")
    enrolled("Lý Thị Lan", training_class, "waiting")
    address = f"{page(training_class, 'start')}?ngay={START}"

    assert "1 người có quyết định cử đi học sẽ vào học. 1 người còn chờ" in province.get(address).content.decode()
    assert "Hãy đánh dấu" in province.post(address, NOTHING).content.decode()
    assert TrainingClass.objects.get(pk=training_class.pk).state == "open"

    response = province.post(address, {"is_sure": "on"}, follow=True)
    assert "với 1 người; 1 người chưa có quyết định ra khỏi danh sách" in response.content.decode()
    assert TrainingClass.objects.get(pk=training_class.pk).state == "running"


def test_a_step_too_early_is_refused_on_its_page(province):
    training_class = a_class()
    enrolled("Giàng A Sử", training_class, "decided")

    shown = province.post(f"{page(training_class, 'start')}?ngay=2016-03-06", {"is_sure": "on"}).content.decode()

    assert "Lớp khai giảng ngày 07/03/2016; hôm nay mới là ngày 06/03/2016." in shown


def test_a_class_is_cancelled_on_a_page_with_its_reason(province):
    training_class = a_class()
    person = enrolled("Giàng A Sử", training_class, "approved")

    province.post(page(training_class, "cancel"), {"is_sure": "on", "reason": "Lũ quét"})

    assert "Lớp đã hủy: Lũ quét" in province.get(page(training_class)).content.decode()
    person.refresh_from_db()
    assert person.state == "rejected"


def test_an_institution_keeps_the_timetable_of_its_class(teacher, school):
    training_class = a_class("running", institution=school, programme=make_programme(hours=8))
    typed = {"day": "2016-03-07", "start": "07:30", "end": "11:00", "hours": 4}

    teacher.post(page(training_class, "session-add"), typed)
    session = ClassSession.objects.get()
    assert (session.local_start.hour, session.local_end.hour, session.hours) == (7, 11, 4)
    clash = teacher.post(page(training_class, "session-add"), typed | {"start": "10:00"})
    assert "Lớp đã có buổi học từ 07:30 đến 11:00 ngày 07/03/2016." in clash.content.decode()
    assert clash.context["form"].errors["start"]

    teacher.post(page(training_class, "session-edit", session_pk=session.pk), typed | {"topic": "Khai giảng"})
    choices = "morning=07:30&afternoon=13:30&hours_a_session=4&weekdays=0&weekdays=1"
    seen = teacher.get(f"{page(training_class, 'session-propose')}?{choices}")
    assert [row.hours for row in seen.context["proposal"].sessions] == [4]
    assert "Lớp đã có buổi học từ 07:30" in seen.content.decode()
    posted = {"afternoon": "13:30", "hours_a_session": 4, "weekdays": [0]}
    teacher.post(page(training_class, "session-propose"), posted)
    assert [(row.topic, row.hours) for row in training_class.sessions.all()] == [("Khai giảng", 4), ("", 4)]

    delete = page(training_class, "session-delete", session_pk=session.pk)
    assert "Hãy đánh dấu" in teacher.post(delete, NOTHING).content.decode()
    teacher.post(delete, {"is_sure": "on"})
    assert training_class.sessions.count() == 1


def test_a_session_of_another_class_is_not_found_under_this_one(province):
    mine, other = a_class(), a_class()
    session = make_session(other)

    assert province.get(page(mine, "session-edit", session_pk=session.pk)).status_code == 404
    assert province.post(page(mine, "session-delete", session_pk=session.pk), {"is_sure": "on"}).status_code == 404


def money(prefix: str, **amounts: str) -> dict[str, str]:
    return {"viec": prefix} | {f"{prefix}-{name}": value for name, value in amounts.items()}


def test_money_is_given_settled_and_withdrawn_on_a_page(province):
    the_clock_says(date(2016, 12, 31))
    training_class = a_class("running")
    address = page(training_class, "funding")

    province.post(address, money("giao", central="12.000.000", local="20 000 000 đ", other="0"))
    amounts = {"central": "12.000.000", "local": "20.000.001", "other": "0"}
    refused = province.post(address, money("quyet-toan", **amounts, on="2016-03-11", document="CT 1"))
    assert "Quyết toán 20.000.001 đồng vượt kinh phí đã giao 20.000.000 đồng" in refused.content.decode()
    province.post(address, money("quyet-toan", **amounts | {"local": "0"}, on="2016-03-11", document="CT 1"))
    assert dict(training_class.funding.values_list("source", "spent")) == {"central": 12_000_000, "local": 0}

    assert "Hãy đánh dấu" in province.post(address, money("thu-hoi")).content.decode()
    province.post(address, money("thu-hoi", is_sure="on"))
    assert set(training_class.funding.values_list("spent", "settled_on")) == {(0, None)}


@pytest.mark.parametrize("typed", ["mười triệu", "1.5.x", "-3", "²", "9" * 16])
def test_money_that_is_no_sum_is_refused(province, typed):
    training_class = a_class()

    response = province.post(page(training_class, "funding"), money("giao", central=typed, local="0", other="0"))

    assert "không phải là số tiền" in response.content.decode()
    assert training_class.funding.count() == 0


def test_a_leader_looks_at_the_money_and_writes_none(leader):
    training_class = a_class("running")
    commit_funding(training_class, {"local": 7_500_000}, by=None)
    settle(training_class, {"local": 7_000_000}, on=END, document="CT 1", by=None)
    client, address = client_of(leader), page(training_class, "funding")

    shown = client.get(address).content.decode()

    assert "7.500.000" in shown
    assert 'name="viec"' not in shown
    assert client.post(address, money("giao", central="0", local="0", other="0")).status_code == 403


# ---------------------------------------------------------------- queries


def queries_of(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_pages_take_no_more_queries_for_many_classes_and_people_than_for_one(province, officer, teacher, school):
    def fill(classes: int, people: int) -> TrainingClass:
        for number in range(classes):
            made = a_class("open", seats=40, institution=school, programme=make_programme(), place=unit_of("083"))
            set_quotas(made, {unit_of("085").pk: 20, unit_of("083").pk: 20}, by=None)
            for person in range(people):
                enrolled(f"Giàng A {number} {person}", made, "nominated")
            for day in range(3 if people > 1 else 1):
                make_session(made, START + timedelta(days=day), trainer=make_trainer())
            commit_funding(made, {"local": 1}, by=None)
        return made

    def counted(training_class: TrainingClass) -> dict[tuple[str, str], int]:
        of_all = ["detail", "quotas", "sessions"]
        return {
            (who, name): queries_of(client, page(training_class, name) if name else LIST)
            for who, client, names in (
                ("province", province, ["", *of_all, "edit", "start", "end", "cancel", "funding"]),
                ("officer", officer, ["", *of_all]),
                ("teacher", teacher, ["", *of_all]),
            )
            for name in names
        }

    few = counted(fill(1, 1))
    many = counted(fill(8, 9))

    assert many == few
    assert max(many.values()) <= MOST_QUERIES, many


def test_the_filters_of_the_table_of_classes_are_cleared_by_its_link(province):
    address = reverse("admin:courses_trainingclass_changelist")
    a_class("open")
    a_class("planned", start_date=date(2015, 3, 2), end_date=date(2015, 3, 6))

    page = province.get(address, {"nam": "2016", "state": "open"})
    assert page.context["page"].paginator.count == 1
    assert 'href="?"' in page.content.decode()
    cleared = province.get(address)

    assert cleared.context["page"].paginator.count == 2
