"""What learners and trainers are paid by norms: counted by hand, refused in words, shown and printed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.walls import acting_as
from courses.documents.kinds import Kind
from courses.documents.papers_of_class import settlement, support_list
from courses.models import Attendance, Enrolment, SupportNorm, Trainer, TrainerNorm, UnitDistance
from courses.support.amounts import pay_in_all, support_norms, support_of, total, trainers_pay
from tests.builders import make_class, make_enrolment, make_official, make_programme, make_session, make_zone
from tests.conftest import client_of, unit_of
from tests.courses.obligations.people import MUONG_KHUONG, TA_VAN_CHU, hire
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

State = Enrolment.State
START = date(2015, 3, 2)


def norm(content: str = "Tiền ăn", amount: int = 50_000, measure: str = "day", **columns) -> SupportNorm:
    row = SupportNorm(content=content, amount=amount, measure=measure, **({"decision": "NQ 1"} | columns))
    row.full_clean()
    row.save()
    return row


def woman(name: str = "Lý Thị Mai", commune: str = TA_VAN_CHU, ethnic: str = "01"):
    official = hire(name, commune)
    official.sex, official.ethnic_group_id = "F", make_official(ethnic=ethnic).ethnic_group_id
    official.save()
    return official


def amounts(training_class) -> dict[str, int]:
    given = support_of(training_class, Enrolment.objects.all(), support_norms(training_class))
    return {row.enrolment.official.full_name: row.amount for row in given}


def test_a_person_is_given_what_holds_for_her_and_nothing_that_cannot_be_told(django_assert_num_queries):
    make_zone(unit_of(TA_VAN_CHU), 3)
    make_zone(unit_of(MUONG_KHUONG), 2)
    norm()  # 5 days × 50.000
    norm("Đi lại", 200_000, "turn", zone="3")
    norm("Chỗ ở", 300_000, "month", position_group="cadre")
    norm("Hỗ trợ thêm với nữ", 20_000, sex="F")
    norm("Hỗ trợ thêm với DTTS", 10_000, ethnicity="minority")
    norm("Đi học xa", 999, programme_kind="degree")
    norm("Công chức", 999, position_group="civil_servant")
    training_class = make_class(make_programme(hours=40))
    make_enrolment(woman(), training_class, State.COMPLETED)  # Kinh, zone III
    make_enrolment(woman("Vàng Thị Dua", MUONG_KHUONG, "02"), training_class)  # zone II
    make_enrolment(hire("Giàng A Dơ"), training_class, State.FAILED)  # neither sex nor ethnic group known
    make_enrolment(make_official("Người Không Chức"), training_class)
    for state in (State.WAITING, State.DECIDED, State.ABSENT, State.WITHDRAWN, State.REJECTED):
        make_enrolment(hire(f"Người {state}"), training_class, state)

    with django_assert_num_queries(4):
        found = amounts(training_class)

    assert found == {
        "Lý Thị Mai": 250_000 + 200_000 + 300_000 + 100_000,
        "Giàng A Dơ": 250_000 + 200_000 + 300_000,
        "Vàng Thị Dua": 250_000 + 300_000 + 100_000 + 50_000,
        "Người Không Chức": 250_000,
    }


def test_days_are_those_of_the_attendance_where_it_is_taken():
    norm()
    training_class = make_class(make_programme(hours=40))
    there, late, away = (make_enrolment(hire(f"Người {number}"), training_class) for number in range(3))
    assert set(amounts(training_class).values()) == {250_000}

    morning, noon = make_session(training_class), make_session(training_class, hour=14)
    next_day = make_session(training_class, START + timedelta(days=1))
    cancelled = make_session(training_class, START + timedelta(days=2), is_cancelled=True)
    for session in (morning, noon, next_day, cancelled):
        Attendance.objects.create(session=session, enrolment=there, mark="present")
    Attendance.objects.create(session=morning, enrolment=late, mark="late")
    for session in (morning, next_day):
        Attendance.objects.create(session=session, enrolment=away, mark="unexcused")

    assert amounts(training_class) == {"Người 0": 100_000, "Người 1": 50_000, "Người 2": 0}


@pytest.mark.parametrize(
    ("start", "amount"),
    [
        (date(2015, 2, 28), 0),
        (date(2015, 3, 1), 250_000),
        (date(2015, 3, 31), 250_000),
        (date(2015, 4, 1), 0),
    ],
)
def test_the_norms_of_the_first_day_of_the_class_hold(start, amount):
    norm(start_date=date(2015, 3, 1), end_date=date(2015, 3, 31))
    training_class = make_class(make_programme(hours=40), start_date=start, end_date=start + timedelta(days=10))
    make_enrolment(hire(), training_class)

    assert sum(amounts(training_class).values()) == amount


@pytest.mark.parametrize(
    ("one", "other", "is_refused"),
    [
        ({}, {}, True),
        ({}, {"sex": "F"}, True),  # a woman would have it twice
        ({"zone": "3"}, {"sex": "F"}, True),
        ({"zone": "3"}, {"zone": "2"}, False),
        ({"zone": "3", "sex": "F"}, {"zone": "3", "sex": "M"}, False),
        ({}, {"content": "tiền  ĂN"}, True),  # the same words written otherwise
        ({}, {"content": "Tiền ăn thêm"}, False),
        ({"end_date": date(2014, 12, 31)}, {"start_date": date(2014, 12, 31)}, True),
        ({"end_date": date(2014, 12, 31)}, {"start_date": date(2015, 1, 1)}, False),
        ({"programme_kind": "degree"}, {"programme_kind": "workshop"}, False),
        ({"km_from": 15}, {"km_below": 15}, False),
        ({"km_from": 15}, {"km_below": 16}, True),
        ({"km_from": 15, "km_below": 30}, {"km_from": 20}, True),
        ({"km_from": 15, "km_below": 30}, {"km_from": 30}, False),
        ({}, {"km_from": 30}, True),
    ],
)
def test_norms_that_overlap_are_refused_in_words(one, other, is_refused):
    norm(**one)
    if not is_refused:
        assert norm(**other).pk
        return
    with pytest.raises(ValidationError, match="người thuộc cả hai đối tượng sẽ được tính hai lần"):
        norm(**other)
    assert SupportNorm.objects.count() == 1


def test_who_comes_from_afar_is_paid_by_the_km_of_the_first_day_of_the_class(django_assert_num_queries):
    """Both ways once; by a band of distances; nothing where the distance is not on record."""
    norm("Tiền xe", 1_000, "km", km_from=15)
    norm("Chỗ ở", 300_000, "turn", km_from=15, km_below=30)
    norm("Chỗ ở", 500_000, "turn", km_from=30)
    town = unit_of("085")
    training_class = make_class(make_programme(hours=40), place=town)
    official = hire()
    make_enrolment(official, training_class)
    make_enrolment(make_official("Người Không Chức"), training_class)
    assert amounts(training_class) == {"Giàng A Dơ": 0, "Người Không Chức": 0}

    far = UnitDistance.objects.create(unit=unit_of(TA_VAN_CHU), place=town, km=14)
    UnitDistance.objects.create(unit=unit_of(TA_VAN_CHU), place=unit_of("10"), km=99)  # to another place
    for km, amount in ((14, 0), (15, 330_000), (29, 358_000), (30, 560_000)):
        UnitDistance.objects.filter(pk=far.pk).update(km=km)
        assert amounts(training_class)["Giàng A Dơ"] == amount

    norms = support_norms(training_class)
    with django_assert_num_queries(4):
        given, _ = support_of(training_class, Enrolment.objects.all(), norms)
    assert given.how == "Chỗ ở: 1 lượt học × 500.000; Tiền xe: 60 km đi và về × 1.000"
    for end, amount in ((START, 560_000), (START - timedelta(days=1), 0)):
        UnitDistance.objects.filter(pk=far.pk).update(end_date=end)
        assert amounts(training_class)["Giàng A Dơ"] == amount


def test_who_studies_where_the_post_is_has_no_way(db):
    norm("Tiền xe", 1_000, "km")
    norm("Ở gần", 7, "turn", km_below=1)
    training_class = make_class(make_programme(hours=40), place=unit_of(TA_VAN_CHU))
    make_enrolment(hire(), training_class)

    assert amounts(training_class) == {"Giàng A Dơ": 7}


def test_the_page_says_whose_distance_is_not_on_record(province_staff):
    norm("Tiền xe", 1_000, "km")
    training_class = make_class(make_programme(hours=40), place=unit_of("085"))
    make_enrolment(hire(), training_class)
    page = reverse("courses:class-support", args=[training_class.pk])
    client = client_of(province_staff)
    assert "1 người chưa tính được khoản theo khoảng cách" in text_of(read(client, page))

    UnitDistance.objects.create(unit=unit_of(TA_VAN_CHU), place=unit_of("085"), km=20)

    text = text_of(read(client, page))
    assert "chưa tính được" not in text
    assert "cách 20 km" in text
    assert "Tiền xe: 40 km đi và về × 1.000" in text


def test_trainers_are_paid_for_the_sessions_held_by_the_norm_of_their_kind():
    training_class = make_class()
    beside = Trainer.objects.create(full_name="Trần Văn Ba", kind=Trainer.Kind.EXPERT)
    staff = Trainer.objects.create(full_name="Vũ Thị Tư", kind=Trainer.Kind.FULL_TIME)
    TrainerNorm.objects.create(trainer_kind="expert", per_hour=90_000, decision="QĐ 1", end_date=date(2015, 3, 1))
    TrainerNorm.objects.create(trainer_kind="expert", per_hour=100_000, decision="QĐ 2", start_date=START)
    make_session(training_class, trainer=beside, hours=4)
    make_session(training_class, START + timedelta(days=1), trainer=beside, hours=3)
    make_session(training_class, START + timedelta(days=2), trainer=beside, hours=3)
    make_session(training_class, START + timedelta(days=1), hour=14, trainer=staff, is_cancelled=True)
    make_session(training_class, hour=14, trainer=staff)

    paid = trainers_pay(training_class, START + timedelta(days=1))

    assert [(row.trainer, row.sessions, row.hours, row.amount) for row in paid] == [
        (beside, 2, 7, 700_000),
        (staff, 1, 4, 0),
    ]
    assert trainers_pay(training_class, START - timedelta(days=1)) == []
    assert pay_in_all(training_class, START + timedelta(days=1)) == total(paid)
    assert pay_in_all(training_class, START + timedelta(days=2)) == 1_000_000


def test_a_sum_of_the_class_is_of_the_whole_class_whoever_asks(district_officer):
    """An account that sees some of the people must not be told their part as if it were all of it."""
    norm()
    training_class = make_class(make_programme(hours=40))
    make_enrolment(hire(), training_class)
    make_enrolment(hire("Sùng Seo Lạ", MUONG_KHUONG), training_class)
    training_class.funding.create(source="local", committed=900, spent=800, settled_on=START, document="QT 1")

    with acting_as(district_officer):
        told = settlement(training_class, day=START).data["dong_phu"]
        listed = support_list(training_class, user=district_officer, day=START).data

    assert "Thực học 2 người, hoàn thành 0 người; 5 ngày học" in told
    assert told[-1] == "Theo định mức: hỗ trợ học viên 500.000 đồng, thù lao giảng viên 0 đồng"
    assert listed["tong"]["so_tien"] == 250_000
    assert "1 trong 2 dòng" in listed["pham_vi"], "a list of some of them says that it is an extract"


def test_the_pages_of_the_money_read_each_norm_once(province_staff, django_assert_max_num_queries):
    training_class = make_class(make_programme(hours=40))
    client = client_of(province_staff)
    pages = {name: reverse(f"courses:class-{name}", args=[training_class.pk]) for name in ("funding", "support")}
    for page in pages.values():
        read(client, page)  # warm
    with CaptureQueriesContext(connection) as without:
        read(client, pages["funding"])
    norm()
    make_enrolment(hire(), training_class)
    with CaptureQueriesContext(connection) as with_norms, django_assert_max_num_queries(len(without) + 3):
        read(client, pages["funding"])
    with CaptureQueriesContext(connection) as support:
        read(client, pages["support"])

    for asked in (without, with_norms, support):
        assert sum('FROM "courses_supportnorm"' in query["sql"] for query in asked.captured_queries) == 1


def test_the_page_of_a_class_and_its_paper_say_how_each_sum_comes_about(province_staff, district_officer):
    training_class = make_class(make_programme(hours=40))
    page = reverse("courses:class-support", args=[training_class.pk])
    client = client_of(province_staff)
    assert "Chưa có định mức hỗ trợ nào" in text_of(read(client, page))
    norm()
    make_enrolment(hire(), training_class)

    text = text_of(read(client, page))

    assert "Học viên: 250.000 đồng 1 / 1 người học được hỗ trợ" in text
    assert "Tiền ăn: 5 ngày học × 50.000" in text
    assert "Chưa đối chiếu" in text
    funding = text_of(read(client, reverse("courses:class-funding", args=[training_class.pk])))
    assert "Theo định mức: hỗ trợ học viên 250.000 đồng" in funding
    for file_type in ("docx", "xlsx"):
        paper = reverse("courses:class-document", args=[training_class.pk, Kind.SUPPORT.value, file_type])
        assert client.get(paper).status_code == 200
        assert client_of(district_officer).get(paper).status_code == 403
    assert client_of(district_officer).get(page).status_code == 403
    papers = reverse("courses:class-documents", args=[training_class.pk])
    assert Kind.SUPPORT.value in read(client, papers)
    Enrolment.objects.update(state=State.ABSENT)
    assert "không có ai được hỗ trợ" in client.get(paper).content.decode()
    assert Kind.SUPPORT.value not in read(client, papers), "no link to a paper that nobody stands in"


def test_a_norm_of_a_form_that_overlaps_is_told_at_the_form(province_staff):
    norm()
    data = {"content": "Tiền ăn", "amount": "60000", "measure": "day", "sex": "F", "decision": "NQ 2"}

    answer = client_of(province_staff).post(
        reverse("admin:courses_supportnorm_add"), data | {"confidence": "Chưa đối chiếu"}
    )

    assert "Trùng với định mức đã có “Tiền ăn: 50.000 đồng một ngày học (mọi người học)”" in answer.content.decode()
    assert SupportNorm.objects.count() == 1
