"""Attendance and results of a class: who may be marked, what a result may be, what is written and what is not."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import roles
from cadres.periods import PartialDate, Precision
from courses.models import Attendance, Enrolment, EnrolmentStep, Programme, TrainingClass
from courses.results import (
    Attended,
    Result,
    attendance_summary,
    mark_attendance,
    parse_mark,
    proposed_grade,
    record_results,
    shown_mark,
)
from tests.builders import (
    begin_data,
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_institution,
    make_official,
    make_session,
    position_of,
)
from tests.conftest import client_of, make_user
from tests.forms import SentPage, form_on

pytestmark = pytest.mark.django_db

State, Grade, Mark = Enrolment.State, Enrolment.Grade, Attendance.Mark


@pytest.fixture
def account(db):
    return make_user("truong-chinh-tri", roles.TRAINING_INSTITUTION)


@pytest.fixture
def training_class(account) -> TrainingClass:
    return make_class(institution=make_institution("Trường Chính trị tỉnh", user=account))


@pytest.fixture
def pupils(training_class) -> list[Enrolment]:
    return [make_enrolment(make_official(name), training_class) for name in ("Giàng A Sử", "Lý Thị Lan", "Vàng Thị Mỷ")]


def marks_of(session) -> dict[int, str]:
    return dict(Attendance.objects.filter(session=session).values_list("enrolment", "mark"))


def words(refused) -> str:
    return " ".join(refused.value.messages)


# ---------------------------------------------------------------- who can have studied


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"born": PartialDate(date(2015, 3, 3))}, "sinh 03/03/2015, sau ngày khai giảng"),
        ({"born": PartialDate(date(2015, 1, 1), Precision.YEAR)}, ""),  # may have been born before it
        ({"start": date(2015, 3, 7)}, "giữ chức danh đầu tiên từ 07/03/2015, sau khi lớp bế giảng"),
        ({"start": date(2015, 3, 6)}, ""),  # in office on the last day of the class
        ({"start": date(2015, 3, 7), "recruited": date(2015, 3, 6)}, ""),
        ({"start": date(2015, 12, 31), "is_of_roster": True}, ""),  # nobody knows since when
        ({}, ""),
    ],
)
def test_nobody_studied_before_birth_or_before_the_first_post(training_class, columns, told):
    official = make_official("Lù Seo Dơ", birth=columns.get("born"))
    if start := columns.get("start"):
        commune = make_commune()
        if columns.get("is_of_roster"):
            begin_data(commune, start)
        official.recruited_on = columns.get("recruited")
        official.recruited_precision = Precision.DAY if official.recruited_on else ""
        official.save()
        make_appointment(official, position_of("CT_UBND"), commune, start_date=start)
    enrolment, session = make_enrolment(official, training_class), make_session(training_class)

    def write() -> None:
        mark_attendance(session, {enrolment.pk: Mark.PRESENT}, by=None)
        record_results(training_class, {enrolment.pk: Result(State.COMPLETED)}, by=None)

    if not told:
        write()
        return
    with pytest.raises(ValidationError, match=told):
        write()
    with pytest.raises(ValidationError, match=told):
        record_results(training_class, {enrolment.pk: Result(State.COMPLETED)}, by=None)
    mark_attendance(session, {enrolment.pk: ""}, by=None)  # what was marked by mistake can be cleared
    assert marks_of(session) == {}
    assert Enrolment.objects.get().state == State.ATTENDING


# ---------------------------------------------------------------- attendance


def test_marks_are_set_changed_and_cleared(training_class, pupils):
    first, second, third = pupils
    session = make_session(training_class)

    done = mark_attendance(session, {first.pk: Mark.PRESENT, second.pk: Mark.LATE, third.pk: ""}, by=None)
    assert done == (2, {})
    assert marks_of(session) == {first.pk: "present", second.pk: "late"}

    done = mark_attendance(session, {first.pk: "", third.pk: Mark.EXCUSED}, by=None)
    assert done == (2, {})
    assert marks_of(session) == {second.pk: "late", third.pk: "excused"}


def test_the_same_marks_again_write_nothing(training_class, pupils):
    session = make_session(training_class)
    marks = {pupil.pk: Mark.PRESENT for pupil in pupils}
    mark_attendance(session, marks, by=None)

    assert mark_attendance(session, marks, by=None).written == 0


def test_what_somebody_else_changed_meanwhile_is_left_and_told(training_class, pupils):
    first, second, third = pupils
    session = make_session(training_class)
    mark_attendance(session, {first.pk: Mark.EXCUSED, third.pk: Mark.PRESENT}, by=None)

    # seen before: nobody marked
    done = mark_attendance(
        session, {first.pk: Mark.PRESENT, second.pk: Mark.PRESENT, third.pk: Mark.PRESENT}, by=None, was={}
    )

    assert done == (1, {first.pk: "excused"})
    assert marks_of(session) == {first.pk: "excused", second.pk: "present", third.pk: "present"}


def test_attendance_is_one_upsert_whatever_the_number_of_people(training_class, pupils, django_assert_max_num_queries):
    for number in range(30):
        pupils.append(make_enrolment(make_official(f"Học viên {number}"), training_class))
    session = make_session(training_class)

    with django_assert_max_num_queries(8):  # savepoint twice, session, people, marks, delete, upsert
        mark_attendance(session, {pupil.pk: Mark.PRESENT for pupil in pupils}, by=None)


@pytest.mark.parametrize("state", ["nominated", "approved", "decided", "withdrawn", "rejected", "waiting"])
def test_only_who_sits_in_the_class_is_marked(training_class, pupils, state):
    outside = make_enrolment(make_official("Sùng A Páo"), training_class, state)
    session = make_session(training_class)

    with pytest.raises(ValidationError) as refused:
        mark_attendance(session, {pupils[0].pk: Mark.PRESENT, outside.pk: Mark.PRESENT}, by=None)

    assert "Sùng A Páo không học lớp" in words(refused)
    assert marks_of(session) == {}


def test_somebody_of_another_class_is_not_marked(training_class, pupils):
    other = make_enrolment(make_official("Sùng A Páo"), make_class())
    session = make_session(training_class)

    with pytest.raises(ValidationError) as refused:
        mark_attendance(session, {other.pk: Mark.PRESENT, 999999999: Mark.PRESENT}, by=None)

    assert "Sùng A Páo không có tên trong lớp" in words(refused)
    assert "Không có lượt học mã 999999999" in words(refused)


def test_a_cancelled_session_and_a_mark_that_is_none_are_refused(training_class, pupils):
    cancelled = make_session(training_class, is_cancelled=True)
    session = make_session(training_class, hour=14)

    with pytest.raises(ValidationError, match="đã hủy"):
        mark_attendance(cancelled, {pupils[0].pk: Mark.PRESENT}, by=None)
    with pytest.raises(ValidationError, match="ký hiệu"):
        mark_attendance(session, {pupils[0].pk: "X"}, by=None)


@pytest.mark.parametrize(
    ("state", "is_taken"),
    [("planned", False), ("open", False), ("running", True), ("ended", True), ("cancelled", False)],
)
def test_attendance_and_results_are_for_classes_at_work(training_class, pupils, state, is_taken):
    session = make_session(training_class)
    TrainingClass.objects.filter(pk=training_class.pk).update(state=state)

    for write in (
        lambda: mark_attendance(session, {pupils[0].pk: Mark.PRESENT}, by=None),
        lambda: record_results(training_class, {pupils[0].pk: Result("completed")}, by=None),
    ):
        if is_taken:
            write()
        else:
            with pytest.raises(ValidationError, match="đang học hoặc đã kết thúc"):
                write()


def test_attendance_is_summed_in_one_query(training_class, pupils, django_assert_num_queries):
    first, second, third = pupils
    sessions = [make_session(training_class, hour=hour, hours=hours) for hour, hours in ((7, 4), (11, 3), (14, 5))]
    mark_attendance(sessions[0], {first.pk: Mark.PRESENT, second.pk: Mark.LATE}, by=None)
    mark_attendance(sessions[1], {first.pk: Mark.PRESENT, second.pk: Mark.UNEXCUSED}, by=None)
    mark_attendance(sessions[2], {first.pk: Mark.EXCUSED, second.pk: Mark.PRESENT}, by=None)

    with django_assert_num_queries(1):
        summary = attendance_summary(training_class)

    assert summary == {
        first.pk: Attended(present=2, excused=1, hours=7, missed_hours=5),
        second.pk: Attended(present=1, late=1, unexcused=1, hours=9, missed_hours=3),
    }
    assert summary[first.pk].missed == 1
    assert third.pk not in summary


def test_a_session_cancelled_afterwards_counts_for_nobody(training_class, pupils):
    session = make_session(training_class)
    mark_attendance(session, {pupils[0].pk: Mark.PRESENT}, by=None)
    session.is_cancelled = True
    session.save()

    assert attendance_summary(training_class) == {}


# ---------------------------------------------------------------- results


@pytest.mark.parametrize(
    ("typed", "mark"),
    [("7,5", "7.5"), ("7.5", "7.5"), (" 10 ", "10"), ("0", "0"), ("7,25", "7.25"), ("", None)],
)
def test_a_mark_is_typed_with_a_comma_or_a_point(typed, mark):
    assert parse_mark(typed) == (None if mark is None else Decimal(mark))


@pytest.mark.parametrize("typed", ["10,5", "-1", "bảy", "7,555", "1e1", "NaN", "Infinity", "7,5,5", "11", "٧"])
def test_what_is_no_mark_is_refused(typed):
    with pytest.raises(ValidationError, match="từ 0 đến 10"):
        parse_mark(typed)


@pytest.mark.parametrize(("mark", "shown"), [("7.50", "7,5"), ("10.00", "10"), ("0.00", "0"), ("7.25", "7,25")])
def test_a_mark_is_shown_as_it_is_written(mark, shown):
    assert shown_mark(Decimal(mark)) == shown


@pytest.mark.parametrize(
    ("mark", "grade"),
    [
        ("10", "excellent"),
        ("8", "excellent"),
        ("7.99", "good"),
        ("7", "good"),
        ("6.99", "average"),
        ("5", "average"),
        ("4.99", ""),
    ],
)
def test_a_grade_is_proposed_from_the_mark(mark, grade):
    assert proposed_grade(Decimal(mark)) == grade


def test_results_are_written_with_a_step_each(training_class, pupils, province_staff):
    first, second, third = pupils

    done = record_results(
        training_class,
        {
            first.pk: Result("completed", Decimal("8.5"), note=" Lớp trưởng  "),
            second.pk: Result("failed", Decimal(4)),
            third.pk: Result("absent"),
        },
        by=province_staff,
    )

    assert done == (3, {})
    rows = Enrolment.objects.filter(training_class=training_class).order_by("pk")
    assert list(rows.values_list("state", "mark", "grade", "note")) == [
        ("completed", Decimal("8.5"), "excellent", "Lớp trưởng"),
        ("failed", Decimal(4), "", ""),
        ("absent", None, "", ""),
    ]
    steps = EnrolmentStep.objects.order_by("pk").values_list("enrolment", "state", "by")
    assert list(steps) == [
        (first.pk, "completed", province_staff.pk),
        (second.pk, "failed", province_staff.pk),
        (third.pk, "absent", province_staff.pk),
    ]


def test_the_same_results_again_write_nothing_and_are_no_step(training_class, pupils):
    results = {pupils[0].pk: Result("completed", Decimal("7.0"))}
    record_results(training_class, results, by=None)

    assert record_results(training_class, results, by=None).written == 0
    assert EnrolmentStep.objects.count() == 1


def test_the_grade_of_whoever_grades_stands_against_the_proposal(training_class, pupils):
    record_results(training_class, {pupils[0].pk: Result("completed", Decimal(9), Grade.GOOD)}, by=None)

    pupils[0].refresh_from_db()
    assert pupils[0].grade == Grade.GOOD


def test_results_of_a_class_take_as_many_queries_for_many(training_class, pupils, django_assert_max_num_queries):
    for number in range(30):
        pupils.append(make_enrolment(make_official(f"Học viên {number}"), training_class))
    results = {pupil.pk: Result("completed", Decimal(5) + Decimal(place) / 10) for place, pupil in enumerate(pupils)}

    with django_assert_max_num_queries(10):
        record_results(training_class, results, by=None)


@pytest.mark.parametrize(
    ("result", "told"),
    [
        (Result("withdrawn"), "hãy chọn Hoàn thành"),
        (Result("completed", Decimal(4)), "dưới 5 thì không hoàn thành"),
        (Result("completed", Decimal("10.5")), "từ 0 đến 10"),
        (Result("absent", Decimal(5)), "không có điểm"),
        (Result("failed", Decimal(4), Grade.AVERAGE), "chỉ người hoàn thành mới có xếp loại"),
        (Result("completed", None, "xuất sắc"), "Giỏi, Khá hoặc Trung bình"),
        (Result("completed", note="x" * 301), "dài quá 300"),
    ],
)
def test_an_impossible_result_is_refused_with_the_name_and_nothing_is_written(training_class, pupils, result, told):
    with pytest.raises(ValidationError) as refused:
        record_results(training_class, {pupils[0].pk: Result("completed"), pupils[1].pk: result}, by=None)

    assert "Lý Thị Lan" in words(refused)
    assert told in words(refused)
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"attending"}
    assert not EnrolmentStep.objects.exists()


def test_who_attended_less_than_the_programme_asks_completes_with_a_reason_only(training_class, pupils, account):
    """Ten sittings of 4 tiết: eight attended are 80 %, late or not; a sitting without a mark says nothing."""
    sessions = [make_session(training_class, date(2015, 3, day), hour=hour) for day in range(2, 7) for hour in (8, 14)]
    enough, late, little = pupils
    for number, session in enumerate(sessions):
        marks = {
            enough.pk: Mark.PRESENT if number < 4 else "",
            late.pk: Mark.UNEXCUSED if number > 7 else Mark.LATE,
            little.pk: Mark.EXCUSED if number > 6 else Mark.PRESENT,
        }
        mark_attendance(session, marks, by=None)
    Programme.objects.update(least_attendance=80)
    training_class.refresh_from_db()
    completed = {pupil.pk: Result(State.COMPLETED) for pupil in pupils}
    with pytest.raises(ValidationError) as refused:
        record_results(training_class, completed, by=None)
    assert words(refused) == (
        f"{little.official}: dự 28/40 tiết (70 %), chương trình đòi ít nhất 80 %; hãy ghi lý do vào Ghi chú, hoặc chọn "
        "Không đạt."
    )
    page = client_of(account).get(page_of("results", training_class)).content.decode()
    assert page.count("Dự dưới mức đòi") == 1
    assert "Chương trình đòi dự ít nhất 80 % số tiết" in page

    reason = Result(State.COMPLETED, note="Nghỉ ốm, đã học bù")
    record_results(training_class, completed | {little.pk: reason}, by=None)
    assert training_class.enrolments.filter(state=State.COMPLETED).count() == 3
    record_results(training_class, {little.pk: Result(State.FAILED)}, by=None)


@pytest.mark.parametrize("mark", ["5", "10"])
def test_a_class_is_completed_with_any_mark_from_the_pass_mark_to_the_highest(training_class, pupils, mark):
    assert record_results(training_class, {pupils[0].pk: Result("completed", Decimal(mark))}, by=None).written == 1


def test_a_result_for_somebody_not_in_the_class_is_refused_and_nothing_is_written(training_class, pupils):
    elsewhere = make_enrolment(make_official("Sùng A Páo"), make_class())

    with pytest.raises(ValidationError) as refused:
        record_results(training_class, {pupils[0].pk: Result("completed"), elsewhere.pk: Result("completed")}, by=None)

    assert f"Sùng A Páo không có tên trong lớp {training_class.code}" in words(refused)
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"attending"}


def test_a_result_that_somebody_else_wrote_meanwhile_is_left_and_told(training_class, pupils):
    first, second, _ = pupils
    seen = {pupil.pk: Result.of(pupil) for pupil in pupils}
    record_results(training_class, {first.pk: Result("failed")}, by=None)

    done = record_results(
        training_class, {first.pk: Result("completed"), second.pk: Result("completed")}, by=None, was=seen
    )

    assert done == (1, {first.pk: Result("failed")})
    assert list(Enrolment.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk").values_list("state")) == [
        ("failed",),
        ("completed",),
    ]


def test_a_result_may_be_corrected_while_there_is_no_certificate(training_class, pupils):
    record_results(training_class, {pupils[0].pk: Result("completed", Decimal(8))}, by=None)
    record_results(training_class, {pupils[0].pk: Result("failed", Decimal(3))}, by=None)

    pupils[0].refresh_from_db()
    assert (pupils[0].state, pupils[0].mark, pupils[0].grade) == ("failed", Decimal(3), "")


# ---------------------------------------------------------------- the pages


def page_of(name: str, training_class: TrainingClass) -> str:
    return reverse(f"courses:class-{name}", args=[training_class.pk])


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def said(response) -> str:
    """What a page says after its writing: the messages of the page that it leads to."""
    return " ".join(str(message) for message in response.context["messages"])


def test_the_grid_shows_one_week_and_leads_to_the_others(training_class, pupils, account):
    training_class.end_date = date(2015, 3, 13)
    training_class.save()
    make_session(training_class, date(2015, 3, 2), topic="Khai mạc")
    make_session(training_class, date(2015, 3, 8), hour=14)  # a Sunday: still the first week
    second = make_session(training_class, date(2015, 3, 9))
    client = client_of(account)

    page = shown(client.get(page_of("attendance", training_class), {"ngay": "2015-12-31"}))
    assert f'name="d-{second.pk}-{pupils[0].pk}"' in page  # the last week begun
    assert "Khai mạc" not in page
    page = shown(client.get(page_of("attendance", training_class), {"ngay": "2015-03-03"}))
    assert "Khai mạc" in page
    assert "CN 08/03" in page
    page = shown(client.get(page_of("attendance", training_class), {"tuan": "2015-03-11"}))
    assert "T2 09/03" in page
    assert client.get(page_of("attendance", training_class), {"tuan": "2015-06-01"}).status_code == 404
    assert client.get(page_of("attendance", training_class), {"tuan": "hôm nay"}).status_code == 400


def test_only_changed_cells_are_written_and_the_page_says_how_many(training_class, pupils, account):
    first, second, third = pupils
    session = make_session(training_class)
    mark_attendance(session, {second.pk: Mark.LATE}, by=None)
    client = client_of(account)

    response = client.post(
        page_of("attendance", training_class),
        {
            f"was-{session.pk}": f"{first.pk} {second.pk}M {third.pk}",
            f"d-{session.pk}-{first.pk}": "C",
            f"d-{session.pk}-{second.pk}": "M",
            f"d-{session.pk}-{third.pk}": "",
        },
        follow=True,
    )

    assert "Đã ghi 1 ô điểm danh." in said(response)
    assert marks_of(session) == {first.pk: "present", second.pk: "late"}
    again = client.post(
        page_of("attendance", training_class),
        {f"was-{session.pk}": f"{first.pk}C", f"d-{session.pk}-{first.pk}": "C"},
        follow=True,
    )
    assert "Không có ô nào thay đổi." in said(again)


def test_a_cell_that_somebody_else_changed_is_left_and_named(training_class, pupils, account):
    first, second, _ = pupils
    session = make_session(training_class)
    mark_attendance(session, {first.pk: Mark.EXCUSED}, by=None)  # after the page was opened

    response = client_of(account).post(
        page_of("attendance", training_class),
        {
            f"was-{session.pk}": f"{first.pk} {second.pk}",
            f"d-{session.pk}-{first.pk}": "C",
            f"d-{session.pk}-{second.pk}": "C",
        },
        follow=True,
    )

    assert marks_of(session) == {first.pk: "excused", second.pk: "present"}
    (clash,) = response.context["overtaken"]
    assert (clash["name"], clash["theirs"], clash["mine"]) == ("Giàng A Sử, sáng 02/03", "vắng có phép", "C")


@pytest.mark.parametrize(("ticked", "mark"), [(False, "present"), (True, "excused")])
def test_saved_once_more_the_cell_is_as_the_second_chooses(training_class, pupils, account, ticked, mark):
    session = make_session(training_class)
    form = form_on(client_of(account), page_of("attendance", training_class), f"was-{session.pk}")
    mark_attendance(session, {pupils[0].pk: Mark.EXCUSED}, by=None)
    cell = f"{session.pk}-{pupils[0].pk}"
    again = SentPage.of(form.send({f"d-{cell}": "C"}), form)

    again.send({"giu": cell} if ticked else {})

    assert marks_of(session)[pupils[0].pk] == mark


def test_a_refused_grid_still_goes_by_what_it_showed_at_first(training_class, pupils, account):
    """What somebody else writes while a refused page is being mended is not overwritten unseen."""
    session = make_session(training_class)
    form = form_on(client_of(account), page_of("attendance", training_class), f"was-{session.pk}")
    refused = SentPage.of(form.send({f"d-{session.pk}-{pupils[0].pk}": "X"}), form)
    mark_attendance(session, {pupils[1].pk: Mark.EXCUSED}, by=None)

    refused.send({f"d-{session.pk}-{pupils[0].pk}": "C", f"d-{session.pk}-{pupils[1].pk}": "C"})

    assert marks_of(session) == {pupils[0].pk: "present", pupils[1].pk: "excused"}


def test_everybody_came_fills_the_empty_cells_of_one_session(training_class, pupils, account):
    first, second, third = pupils
    morning, afternoon = make_session(training_class), make_session(training_class, hour=14)
    mark_attendance(morning, {second.pk: Mark.UNEXCUSED}, by=None)
    data: dict[str, object] = {"co_mat": morning.pk}
    for session in (morning, afternoon):
        data[f"was-{session.pk}"] = f"{first.pk} {second.pk}{'K' if session == morning else ''} {third.pk}"
        data |= {f"d-{session.pk}-{pupil.pk}": "" for pupil in pupils}
    data[f"d-{morning.pk}-{second.pk}"] = "K"

    client_of(account).post(page_of("attendance", training_class), data)

    assert marks_of(morning) == {first.pk: "present", second.pk: "unexcused", third.pk: "present"}
    assert marks_of(afternoon) == {}


@pytest.mark.parametrize(
    ("field", "told"),
    [("d-{session}-{pupil}", "ký hiệu điểm danh"), ("d-{session}-99999999", "Không có lượt học mã 99999999")],
)
def test_what_a_rule_refuses_is_told_and_the_rest_stays_on_the_page(training_class, pupils, account, field, told):
    session = make_session(training_class)
    response = client_of(account).post(
        page_of("attendance", training_class),
        {
            field.format(session=session.pk, pupil=pupils[0].pk): "X" if "pupil" in field else "C",
            f"d-{session.pk}-{pupils[1].pk}": "P",
        },
    )

    page = shown(response)
    assert told in page
    assert '<option value="P" selected>P</option>' in page
    assert marks_of(session) == {}


def test_results_are_entered_on_the_grid(training_class, pupils, account):
    first, second, _ = pupils
    data = {
        **{f"was-{pupil.pk}": "|||" for pupil in pupils},
        f"mark-{first.pk}": "8,5",
        f"state-{first.pk}": "completed",
        f"grade-{first.pk}": "good",
        f"note-{first.pk}": "Lớp trưởng",
        f"mark-{second.pk}": "",
        f"state-{second.pk}": "absent",
    }

    response = client_of(account).post(page_of("results", training_class), data, follow=True)

    assert "Đã ghi kết quả của 2 người." in said(response)
    rows = Enrolment.objects.filter(training_class=training_class).order_by("pk")
    assert list(rows.values_list("state", "mark", "grade", "note")) == [
        ("completed", Decimal("8.5"), "good", "Lớp trưởng"),
        ("absent", None, "", ""),
        ("attending", None, "", ""),
    ]
    page = response.content.decode()
    assert 'value="8,5"' in page
    assert "completed|8,5|good|Lớp trưởng" in page


def test_a_wrong_row_keeps_everything_on_the_page_and_writes_nothing(training_class, pupils, account):
    first, second, third = pupils
    data = {
        **{f"was-{pupil.pk}": "|||" for pupil in pupils},
        f"mark-{first.pk}": "11",
        f"state-{first.pk}": "completed",
        f"mark-{second.pk}": "7",
        f"state-{second.pk}": "completed",
        f"mark-{third.pk}": "6",
    }

    page = shown(client_of(account).post(page_of("results", training_class), data))

    assert "Giàng A Sử: Điểm “11” không hợp lệ" in page
    assert "Vàng Thị Mỷ: hãy chọn kết quả" in page
    assert 'value="11"' in page
    assert set(Enrolment.objects.values_list("state", flat=True)) == {"attending"}


def test_a_row_that_somebody_else_wrote_is_left_and_named(training_class, pupils, account):
    first, second, _ = pupils
    record_results(training_class, {first.pk: Result("failed", Decimal(3))}, by=None)  # after the page was opened
    data = {
        f"was-{first.pk}": "|||",
        f"state-{first.pk}": "completed",
        f"was-{second.pk}": "|||",
        f"state-{second.pk}": "completed",
    }

    response = client_of(account).post(page_of("results", training_class), data, follow=True)

    (clash,) = response.context["overtaken"]
    assert (clash["name"], str(clash["theirs"])) == ("Giàng A Sử", "Không đạt, điểm 3")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("failed", "completed")


@pytest.mark.parametrize(("ticked", "state"), [(False, "completed"), (True, "failed")])
def test_saved_once_more_the_row_is_as_the_second_chooses(training_class, pupils, account, ticked, state):
    first = pupils[0]
    form = form_on(client_of(account), page_of("results", training_class), f"was-{first.pk}")
    record_results(training_class, {first.pk: Result("failed", Decimal(3))}, by=None)
    again = SentPage.of(form.send({f"state-{first.pk}": "completed"}), form)

    again.send({"giu": str(first.pk)} if ticked else {})

    first.refresh_from_db()
    assert first.state == state


def test_the_others_are_completed_with_one_button(training_class, pupils, account):
    first, second, third = pupils
    record_results(training_class, {first.pk: Result("failed")}, by=None)
    data = {
        "dien": "completed",
        f"was-{first.pk}": "failed|||",
        f"state-{first.pk}": "failed",
        **{f"was-{pupil.pk}": "|||" for pupil in (second, third)},
        **{f"state-{pupil.pk}": "" for pupil in (second, third)},
    }

    client_of(account).post(page_of("results", training_class), data)

    states = Enrolment.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["failed", "completed", "completed"]


@pytest.mark.parametrize("name", ["attendance", "results"])
def test_a_class_that_is_not_at_work_only_shows(training_class, pupils, account, name):
    make_session(training_class)
    TrainingClass.objects.filter(pk=training_class.pk).update(state=TrainingClass.State.OPEN)

    page = shown(client_of(account).get(page_of(name, training_class)))

    assert "chỉ điểm danh, ghi kết quả và cấp chứng chỉ cho lớp đang học hoặc đã kết thúc" in page
    assert '<button type="submit">Lưu' not in page


@pytest.mark.parametrize("name", ["attendance", "results", "certificates"])
def test_an_institution_works_on_its_own_classes_only(training_class, account, name):
    foreign = make_class(institution=make_institution())

    assert client_of(account).get(page_of(name, training_class)).status_code == 200
    assert client_of(account).get(page_of(name, foreign)).status_code == 404
    assert client_of(account).post(page_of(name, foreign)).status_code == 404


@pytest.mark.parametrize("name", ["attendance", "results"])
def test_the_queries_of_a_grid_do_not_grow_with_the_class(
    training_class, pupils, account, name, django_assert_max_num_queries
):
    def add(people: int, sessions: int) -> None:
        for number in range(people):
            official = make_official(f"Học viên {number}")
            make_appointment(official, position_of("VP_TK"), make_commune())
            pupils.append(make_enrolment(official, training_class))
        for number in range(sessions):
            session = make_session(training_class, hour=6 + number, hours=1)
            mark_attendance(session, {pupil.pk: Mark.PRESENT for pupil in pupils}, by=None)

    add(15, 8)
    client = client_of(account)
    with django_assert_max_num_queries(16):
        shown(client.get(page_of(name, training_class)))
