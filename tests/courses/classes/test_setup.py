"""Setting a class up, and the seats of its districts."""

from datetime import date, timedelta

import pytest

from courses.classes import cancel_class, change_seats, save_class, set_quotas
from courses.models import TrainingClass
from courses.seats import seats_of
from tests.builders import make_programme, make_session
from tests.conftest import DAY, unit_of
from tests.courses.classes.march import AFTER, BEFORE, END, START, a_class, a_line, at, enrolled, refusal, state_of
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db


def test_a_new_class_is_planned_and_gets_the_next_code_of_its_programme_and_year(bac_ha):
    programme = make_programme()

    def new(day: date, **columns) -> TrainingClass:
        unsaved = TrainingClass(
            programme=programme, place=bac_ha, start_date=day, end_date=day, seats=10, state="ended", **columns
        )
        return save_class(unsaved, by=None)

    first, second, named, next_year = new(START), new(START), new(START, code="LOP-RIENG"), new(date(2017, 1, 2))

    assert [row.state for row in (first, second, named, next_year)] == ["planned"] * 4
    assert first.code == f"{programme.code}-2016-1"
    assert second.code == f"{programme.code}-2016-2"
    assert named.code == "LOP-RIENG"
    assert next_year.code == f"{programme.code}-2017-1"


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"end_date": BEFORE}, "Ngày bế giảng phải từ ngày khai giảng trở đi."),
        ({"end_date": START}, None),
        ({"seats": 0}, "Số chỗ phải lớn hơn 0."),
        ({"seats": 1}, None),
        ({"enrol_until": AFTER}, "Hạn đăng ký không được sau ngày bế giảng."),
        ({"enrol_until": END}, None),
    ],
)
def test_a_class_ends_on_or_after_its_first_day_and_has_seats(columns, told):
    training_class = a_class("planned")
    for name, value in columns.items():
        setattr(training_class, name, value)

    if told:
        assert told in refusal(lambda: save_class(training_class, by=None))
    else:
        save_class(training_class, by=None)


def test_fewer_seats_than_are_taken_are_refused_with_their_number():
    training_class = a_class(seats=5)
    for state in ("nominated", "approved", "decided", "waiting", "withdrawn"):
        enrolled(training_class, state)

    assert "Đã có 3 người giữ chỗ" in refusal(lambda: change_seats(training_class, 2, by=None))
    assert change_seats(training_class, 3, by=None).seats == 3


def test_fewer_seats_than_the_quotas_give_out_are_refused(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated", is_from_reserve=True)

    assert "Đã giao 4 chỗ" in refusal(lambda: change_seats(training_class, 3, by=None))
    assert change_seats(training_class, 4, by=None).seats == 4


def test_more_seats_move_the_waiting_list_up_in_its_order():
    training_class = a_class(seats=1)
    enrolled(training_class, "nominated")
    moment = at(date(2016, 1, 1), "08:00")
    last = enrolled(training_class, "waiting", queued_at=moment + timedelta(minutes=2))
    first = enrolled(training_class, "waiting", queued_at=moment)
    second = enrolled(training_class, "waiting", queued_at=moment + timedelta(minutes=1))

    change_seats(training_class, 3, by=None)

    assert [state_of(row) for row in (first, second, last)] == ["nominated", "nominated", "waiting"]


def test_dates_that_leave_a_session_outside_are_refused_and_name_it():
    training_class = a_class()
    make_session(training_class, END)
    cancelled = make_session(training_class, START, is_cancelled=True)
    training_class.end_date = END - timedelta(days=1)

    assert f"buổi đầu là {END:%d/%m/%Y} 08:00" in refusal(lambda: save_class(training_class, by=None))
    training_class.end_date, training_class.start_date = END, cancelled.day + timedelta(days=1)
    save_class(training_class, by=None)


def test_the_programme_is_fixed_once_somebody_was_nominated_for_it():
    training_class = a_class()
    training_class.programme = make_programme()
    save_class(training_class, by=None)
    enrolled(training_class, "waiting")
    training_class.programme = make_programme()

    assert "Đã có 1 người được cử theo chương trình này" in refusal(lambda: save_class(training_class, by=None))


def test_a_running_class_keeps_its_first_day_and_a_class_that_is_over_keeps_all_but_words():
    running, ended, cancelled = a_class("running"), a_class("ended"), a_class("cancelled")
    running.start_date = BEFORE
    ended.seats = cancelled.seats = 9

    assert "không đổi được chương trình, học phần và ngày khai giảng" in refusal(lambda: save_class(running, by=None))
    assert "Hãy mở lại lớp trước." in refusal(lambda: save_class(ended, by=None))
    assert "Hãy lập lớp mới." in refusal(lambda: save_class(cancelled, by=None))
    ended.refresh_from_db()
    ended.venue = "Hội trường A"
    save_class(ended, by=None)


def test_saving_never_changes_the_state():
    training_class = a_class("running")
    training_class.state = "ended"

    assert save_class(training_class, by=None).state == "running"
    assert state_of(training_class) == "running"


def test_a_place_that_is_not_there_on_the_first_day_is_refused():
    training_class = a_class()
    training_class.start_date = training_class.end_date = date(2025, 7, 1)  # the districts ended the day before
    training_class.enrol_until = None

    assert "Đơn vị này không có vào ngày 01/07/2025." in refusal(lambda: save_class(training_class, by=None))
    training_class.start_date = training_class.end_date = date(2025, 6, 30)
    save_class(training_class, by=None)


def test_a_plan_line_holds_classes_of_its_programme_and_no_more_than_it_has():
    line = a_line(class_count=1)
    other, first, second = a_class(), a_class(programme=line.programme), a_class(programme=line.programme)
    for training_class in (other, first, second):
        training_class.plan_line = line

    assert "Dòng kế hoạch này dành cho" in refusal(lambda: save_class(other, by=None))
    save_class(first, by=None)
    assert "có 1 lớp và đã lập đủ" in refusal(lambda: save_class(second, by=None))
    cancel_class(first, reason="Thiếu người", day=DAY, by=None)
    save_class(second, by=None)


# ---------------------------------------------------------------- quotas


def test_quotas_may_not_be_more_than_the_seats(bac_ha, muong_khuong):
    training_class = a_class(seats=5)

    assert "Tổng chỉ tiêu 6 nhiều hơn 5 chỗ" in refusal(
        lambda: set_quotas(training_class, {bac_ha.pk: 4, muong_khuong.pk: 2}, by=None)
    )
    set_quotas(training_class, {bac_ha.pk: 3, muong_khuong.pk: 2}, by=None)
    assert seats_of(training_class).reserve == 0


def test_a_quota_below_what_the_district_has_taken_is_refused_and_names_it(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    enrolled(training_class, "nominated")
    enrolled(training_class, "approved")

    told = refusal(lambda: set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 4}, by=None))
    assert "Bắc Hà đã cử 2 người, chỉ tiêu 1" in told
    assert "Bắc Hà đã cử 2 người, chỉ tiêu 0" in refusal(
        lambda: set_quotas(training_class, {muong_khuong.pk: 4}, by=None)
    )
    assert training_class.quotas.count() == 0
    set_quotas(training_class, {bac_ha.pk: 2}, by=None)


def test_quotas_leave_the_seats_that_the_reserve_has_given(bac_ha):
    training_class = a_class(seats=3)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)
    enrolled(training_class, "nominated", THANH_BINH, is_from_reserve=True)

    assert "Chỗ dự phòng còn 1 nhưng đã dùng 2" in refusal(lambda: set_quotas(training_class, {bac_ha.pk: 2}, by=None))


def test_a_larger_quota_moves_the_people_of_its_district_up(bac_ha, muong_khuong):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 1, muong_khuong.pk: 1}, by=None)
    enrolled(training_class, "nominated", THANH_BINH)
    enrolled(training_class, "nominated")
    own, foreign = enrolled(training_class, "waiting"), enrolled(training_class, "waiting", THANH_BINH)

    moved = set_quotas(training_class, {bac_ha.pk: 2, muong_khuong.pk: 1}, by=None)

    assert (state_of(own), state_of(foreign)) == ("nominated", "waiting")
    assert moved == [own]
    assert seats_of(training_class).by_district == {bac_ha.pk: (2, 2), muong_khuong.pk: (1, 1)}


def test_quotas_of_none_are_taken_away_and_the_seats_are_for_whoever_comes_first(bac_ha):
    training_class = a_class(seats=5)
    set_quotas(training_class, {bac_ha.pk: 1}, by=None)
    waiting = enrolled(training_class, "waiting", THANH_BINH)

    assert set_quotas(training_class, {bac_ha.pk: 0}, by=None) == [waiting]

    assert not seats_of(training_class).has_quotas
    assert (training_class.quotas.count(), state_of(waiting)) == (0, "nominated")


def test_only_districts_of_the_first_day_have_quotas_and_only_before_the_class_starts(bac_ha):
    commune = unit_of(BAC_HA_TOWN)

    assert "không được giao chỉ tiêu" in refusal(lambda: set_quotas(a_class(), {commune.pk: 1}, by=None))
    for state in ("running", "ended", "cancelled"):
        training_class = a_class(state)
        assert "khi lớp chưa khai giảng" in refusal(
            lambda training_class=training_class: set_quotas(training_class, {bac_ha.pk: 1}, by=None)
        )
