"""40 tiết a year: how they are counted by hand, and the pages of who has too few."""

from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO
from math import floor

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from cadres.models import Act, Appointment, Official, Standard
from cadres.walls import acting_as
from courses.access import year_measures_visible_to
from courses.models import Enrolment, TrainingClass, TrainingRegulation, YearMeasure
from courses.obligations.hours import by_unit, regulation_of, yearly_hours
from courses.obligations.measures import record_year_measures
from tests.builders import make_class, make_enrolment, make_programme
from tests.conftest import DAY, client_of
from tests.courses.obligations.people import MUONG_KHUONG, TA_VAN_CHU, hire
from tests.lists import begin_act, finish_act
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regulation")]

State = Enrolment.State


def hours_of(official: Official, year: int) -> int:
    posts = yearly_hours(year, day=DAY, appointments=Appointment.objects.filter(official=official))
    return posts.get().hours


def study(
    official: Official, start: date, end: date, *, hours: int = 40, state=State.COMPLETED, **columns
) -> Enrolment:
    return make_enrolment(
        official, make_class(make_programme(hours=hours), start_date=start, end_date=end, **columns), state
    )


@pytest.mark.parametrize(
    ("start", "end", "in_2014", "in_2015"),
    [
        (date(2014, 12, 22), date(2014, 12, 31), 40, 0),  # ends on the last day of the year
        (date(2014, 12, 23), date(2015, 1, 1), 36, 4),  # 9 days of 10
        (date(2014, 12, 31), date(2015, 1, 9), 4, 36),
        (date(2015, 1, 1), date(2015, 1, 10), 0, 40),  # begins on the first
        (date(2014, 12, 31), date(2014, 12, 31), 40, 0),  # a class of one day
    ],
)
def test_a_class_over_new_year_counts_in_both_years_by_its_days(start, end, in_2014, in_2015):
    official = hire()
    study(official, start, end)

    assert (hours_of(official, 2014), hours_of(official, 2015)) == (in_2014, in_2015)


def test_tiet_are_rounded_once_and_half_up():
    official = hire()
    # thirds: 1 day of 3 in 2015, and 10 tiết: 3.33… each; three of them are 10
    for _ in range(3):
        study(official, date(2014, 12, 30), date(2015, 1, 1), hours=10)
    assert hours_of(official, 2015) == 10

    # half a day: 1 of 2 days of 1 tiết
    study(official, date(2014, 12, 31), date(2015, 1, 1), hours=1)
    assert hours_of(official, 2015) == 11


@pytest.mark.parametrize(
    ("state", "hours"),
    [
        (State.COMPLETED, 40),
        (State.ATTENDING, 40),
        *((state, 0) for state in State if state not in ("completed", "attending")),
    ],
)
def test_only_completed_and_attended_classes_count(state, hours):
    official = hire()
    study(official, date(2015, 3, 2), date(2015, 3, 6), state=state)

    assert hours_of(official, 2015) == hours


def test_a_cancelled_class_counts_nothing():
    official = hire()
    study(official, date(2015, 3, 2), date(2015, 3, 6), **{"state": State.ATTENDING})
    TrainingClass.objects.update(state=TrainingClass.State.CANCELLED)

    assert hours_of(official, 2015) == 0


def test_people_without_a_class_are_there_with_nothing():
    assert hours_of(hire(), 2015) == 0


def naive_hours(official: Official, year: int) -> int:
    total = Fraction(0)
    for enrolment in official.enrolments.all():
        training_class = enrolment.training_class
        if enrolment.state not in ("completed", "attending") or training_class.state == "cancelled":
            continue
        days = [
            training_class.start_date + timedelta(days=number)
            for number in range((training_class.end_date - training_class.start_date).days + 1)
        ]
        within = sum(day.year == year for day in days)
        total += Fraction(training_class.programme.hours * within, len(days))
    return floor(total + Fraction(1, 2))


def test_the_hours_of_many_agree_with_the_obvious_sum_in_one_query(django_assert_num_queries):
    people = [hire(f"Người {number}", (TA_VAN_CHU, MUONG_KHUONG)[number % 2]) for number in range(12)]
    classes = [
        make_class(
            make_programme(hours=7 + 5 * number),
            start_date=date(2014, 11, 3) + timedelta(days=23 * number),
            end_date=date(2014, 12, 1) + timedelta(days=31 * number),
            state=("running", "cancelled", "ended")[number % 3],
        )
        for number in range(9)
    ]
    for number, official in enumerate(people):
        for place, training_class in enumerate(classes):
            if (number * place) % 4 != 3:
                state = (State.COMPLETED, State.ATTENDING, State.FAILED)[(number + place) % 3]
                make_enrolment(official, training_class, state)

    for year in (2014, 2015):
        with django_assert_num_queries(1):
            found = {post.official_id: post.hours for post in yearly_hours(year, day=DAY)}
        assert found == {official.pk: naive_hours(official, year) for official in people}


def test_units_are_counted_by_who_reached_the_minimum(django_assert_num_queries):
    for hours in (40, 39, 0):
        official = hire(f"Giàng A {hours}")
        if hours:
            study(official, date(2015, 3, 2), date(2015, 3, 6), hours=hours)
    hire("Sùng Seo Lạ", MUONG_KHUONG)
    posts = yearly_hours(2015, day=DAY)

    with django_assert_num_queries(1):
        districts = by_unit(posts, 40)
    communes = by_unit(posts, 40, communes=True)

    assert [(unit.code, unit.people, unit.reached, unit.short) for unit in districts] == [
        ("083", 1, 0, 1),
        ("085", 3, 1, 2),
    ]
    assert [(unit.code, unit.people, unit.reached) for unit in communes] == [(MUONG_KHUONG, 1, 0), (TA_VAN_CHU, 3, 1)]


@pytest.mark.parametrize(("year", "hours"), [(2014, 40), (2015, 48), (2016, 48)])
def test_the_minimum_is_that_of_the_years_end(regulation, year, hours):
    regulation.end_date = date(2015, 12, 30)
    regulation.save()
    TrainingRegulation.objects.create(decree="NĐ mới", start_date=date(2015, 12, 31), yearly_hours=48)

    assert regulation_of(year).yearly_hours == hours


HOURS = reverse("courses:yearly-hours")


def test_the_page_lists_who_has_too_few_and_counts_the_district(district_officer):
    short, enough = hire("Giàng A Thiếu"), hire("Lý A Đủ")
    hire("Sùng Seo Lạ", MUONG_KHUONG)
    study(short, date(2015, 3, 2), date(2015, 3, 6), hours=16)
    study(enough, date(2015, 3, 2), date(2015, 3, 6))
    client = client_of(district_officer)

    page = text_of(read(client, f"{HOURS}?ngay=2015-12-31"))

    assert "1 người giữ chức danh ngày 31/12/2015; tối thiểu 40 tiết một năm" in page
    assert "Giàng A Thiếu Chủ tịch UBND Xã Tả Van Chư 1 16 24" in page
    assert "Cộng 2 1 1" in page
    assert "Lý A Đủ" not in page
    assert "Sùng Seo Lạ" not in page
    assert "Lý A Đủ" in read(client, f"{HOURS}?ngay=2015-12-31&ket_qua=du")
    assert "Không có ai khớp" in read(client, f"{HOURS}?ngay=2015-12-31&ket_qua=khong")
    assert "Giàng A Thiếu" in read(client, f"{HOURS}?ngay=2015-12-31&ket_qua=moi&q=thieu")


@pytest.mark.parametrize("query", ["huyen=083", "xa=02779", "ket_qua=x"])
def test_an_officer_asks_for_no_foreign_unit(district_officer, query):
    hire()

    read(client_of(district_officer), f"{HOURS}?ngay=2015-12-31&{query}", 400)


def test_a_year_without_a_regulation_says_so(leader, regulation):
    regulation.delete()
    hire()

    page = text_of(read(client_of(leader), f"{HOURS}?ngay=2015-12-31"))

    assert "Chưa có văn bản nào quy định số tiết tối thiểu vào cuối năm 2015" in page
    assert "Không còn ai thiếu số tiết" in page


def test_the_file_holds_the_list(province_staff):
    study(hire("Giàng A Thiếu"), date(2015, 3, 2), date(2015, 3, 6), hours=16)

    address, client = f"{HOURS}?ngay=2015-12-31", client_of(province_staff)
    answer = client.get(f"{address}&tep=xlsx&sap_xep=-con_thieu")

    rows = [[cell for cell in row if cell is not None] for row in load_workbook(BytesIO(answer.content)).active.values]
    assert rows[-1] == [1, "Giàng A Thiếu", "Chủ tịch UBND", "Xã Tả Van Chư", 1, 16, 24]
    assert ["Phạm vi: toàn tỉnh."] in rows
    assert any(row and str(row[0]).startswith("Danh sách: chưa đủ; giữ chức danh ngày 31/12/2015") for row in rows)
    assert client.get(f"{address}&tep=exe").status_code == 404


def test_the_hours_page_asks_as_many_questions_for_many(province_staff, django_assert_max_num_queries):
    for number in range(60):
        study(
            hire(f"Người {number}", (TA_VAN_CHU, MUONG_KHUONG)[number % 2]), date(2015, 3, 2), date(2015, 3, 6), hours=8
        )
    client = client_of(province_staff)

    with django_assert_max_num_queries(15):
        page = read(client, f"{HOURS}?ngay=2015-12-31")
    assert "Trang 1 / 2" in text_of(page)
    read(client, f"{HOURS}?ngay=2015-12-31&trang=3", 404)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2015, 3, 1), 0), (date(2015, 3, 2), 8), (date(2015, 3, 4), 24), (date(2015, 12, 31), 40)]
)
def test_a_class_that_goes_on_counts_up_to_the_day_looked_at(day, hours):
    official = hire()
    study(official, date(2015, 3, 2), date(2015, 3, 6), state=State.ATTENDING)

    assert yearly_hours(2015, day=day).get(official_id=official.pk).hours == hours


def test_who_is_in_no_rate_is_not_asked_for_the_minimum():
    official = hire()
    assert yearly_hours(2015, day=DAY).filter(official_id=official.pk).exists()

    Standard.objects.exclude(position_group="civil_servants").delete()

    assert not yearly_hours(2015, day=DAY).filter(official_id=official.pk).exists()


# ---------------------------------------------------------------- what follows

YEAR_LIST = reverse("courses:yearly-hours") + "?ngay=2015-12-31"
DECISION = {"kind": "reminder", "decision": "QĐ 9", "reason": "Chưa đủ 40 tiết"}


def posts_of(*officials: Official, day: date = DAY):
    own = Appointment.objects.filter(official__in=officials)
    return list(yearly_hours(2015, day=day, appointments=own).select_related("official").order_by("official_id"))


def test_who_has_too_few_is_answered_without_a_class_and_taken_back_as_one(province_staff, district_officer):
    none, some, enough = hire("Giàng A Không"), hire("Lý A Ít"), hire("Vàng A Đủ")
    study(some, date(2015, 3, 2), date(2015, 3, 6), hours=39)
    study(enough, date(2015, 3, 2), date(2015, 3, 6))
    client = client_of(province_staff)
    asked = begin_act(client, YEAR_LIST, [none.pk, some.pk, enough.pk], "ghi")
    told = text_of(asked.content.decode())
    assert "Ghi xử lý 2 người" in told
    assert "39 / 40 tiết, 1 lớp" in told
    assert "Không làm được với 1 người" in told
    assert "Đã đủ 40 tiết" in told
    early = finish_act(client, asked, **DECISION, on="2015-12-30")
    assert "Năm 2015 chưa hết: chỉ xử lý từ ngày 31/12/2015" in early.content.decode()
    assert not YearMeasure.objects.exists()

    done = finish_act(client, asked, **DECISION, on="2015-12-31")

    assert "Đã ghi “Phê bình, nhắc nhở” của 2 người." in done.content.decode()
    rows = YearMeasure.objects.values_list("official", "year", "hours", "least", "kind", "on", "recorded_by")
    said = ("reminder", date(2015, 12, 31), province_staff.pk)
    assert set(rows) == {(none.pk, 2015, 0, 40, *said), (some.pk, 2015, 39, 40, *said)}
    assert "Còn thiếu" in (page := text_of(read(client_of(district_officer), YEAR_LIST)))
    assert page.count("Phê bình, nhắc nhở") == 2
    recorded = reverse("courses:measure-list") + "?loai=so_tiet"
    listed = text_of(read(client, recorded))
    assert "Chưa đủ số tiết, đã xử lý (2)" in listed
    assert "2015 39 / 40 Phê bình, nhắc nhở 31/12/2015 QĐ 9 Chưa đủ 40 tiết" in listed
    assert "Lý A Ít" in read(client, f"{recorded}&q=ly")
    assert client.get(f"{recorded}&tep=xlsx").status_code == 200

    client.post(reverse("cadres:act-take-back", args=[Act.objects.latest("pk").pk]), {"reason": "Ghi nhầm"})
    assert not YearMeasure.objects.exists()


def test_one_decision_of_a_year_is_for_all_named_or_for_none():
    few, other = hire("Giàng A Ít"), hire("Lý A Đủ")
    study(other, date(2015, 3, 2), date(2015, 3, 6))
    terms = {**DECISION, "year": 2015, "least": 40, "on": date(2015, 12, 31), "by": None}
    with pytest.raises(ValidationError, match="Chưa chọn ai"):
        record_year_measures([], **terms)
    with pytest.raises(ValidationError, match="đã đủ 40 tiết: Lý A Đủ"):
        record_year_measures(posts_of(few, other), **terms)
    assert not YearMeasure.objects.exists()

    record_year_measures(posts_of(few), **terms)
    with pytest.raises(ValidationError, match="Đã có hình thức “Phê bình, nhắc nhở” của năm 2015: Giàng A Ít"):
        record_year_measures(posts_of(few), **terms)
    record_year_measures(posts_of(few), **terms | {"kind": "rating"})
    record_year_measures(posts_of(few), **terms | {"year": 2014})


def test_measures_of_a_year_are_seen_in_the_own_units_only(district_officer):
    own, foreign = hire("Giàng A Dơ"), hire("Sùng Seo Lạ", MUONG_KHUONG)
    terms = {**DECISION, "year": 2015, "least": 40, "on": date(2015, 12, 31), "by": None}
    record_year_measures(posts_of(own, foreign), **terms)
    client = client_of(district_officer)

    assert [row.official for row in year_measures_visible_to(district_officer)] == [own]
    with acting_as(district_officer):
        assert [row.official for row in YearMeasure.objects.all()] == [own]
    assert "Sùng Seo Lạ" not in read(client, reverse("courses:measure-list") + "?loai=so_tiet")
    assert 'name="chon"' not in read(client, YEAR_LIST)
    assert client.post(YEAR_LIST, {"viec": "ghi"}).status_code == 405
