"""Codes, sheets and what is told of them: nothing says who answered what, nothing is told of a handful."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from cadres import roles
from cadres.models import Change
from courses.models import (
    Enrolment,
    FeedbackCode,
    FeedbackQuestion,
    FeedbackScore,
    FeedbackSheet,
    Institution,
    InstitutionAccount,
    Respondent,
    TrainingClass,
)
from courses.quality import feedback
from courses.to_do import CLASSES
from tests.builders import make_class, make_enrolment, make_trainer
from tests.conftest import client_of, make_user
from tests.courses.obligations.people import MUONG_KHUONG, TA_VAN_CHU, hire
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db

State = TrainingClass.State
ENDED = date(2015, 3, 6)
ANSWER = reverse("courses:feedback-answer")


@pytest.fixture
def taught() -> TrainingClass:
    """A class that has ended: three pupils of two communes, one of whom failed, and two trainers."""
    school = Institution.objects.get(code="TCT")
    taught = make_class(state=State.ENDED, institution=school)
    make_enrolment(hire("Giàng A Sử", TA_VAN_CHU), taught, Enrolment.State.COMPLETED)
    make_enrolment(hire("Lý Thị Lan", TA_VAN_CHU), taught, Enrolment.State.COMPLETED)
    make_enrolment(hire("Lù Seo Dơ", MUONG_KHUONG), taught, Enrolment.State.FAILED)
    for name in ("Trần Thị Hoa", "Vũ Văn Bình"):
        taught.trainers.add(make_trainer(name))
    return taught


def text(response) -> str:
    return text_of(response.content.decode())


def codes(taught: TrainingClass, number: int, asked_of: str = Respondent.LEARNER) -> list[FeedbackCode]:
    return FeedbackCode.objects.bulk_create(
        FeedbackCode(code=f"{asked_of[0].upper()}ABC23{at:02}", training_class=taught, asked_of=asked_of)
        for at in range(number)
    )


def answer_all(taught: TrainingClass, scores: list[int], asked_of: str = Respondent.LEARNER) -> None:
    """A sheet for each score, which it gives to every question."""
    for code, score in zip(codes(taught, len(scores), asked_of), scores, strict=True):
        asked = feedback.sheet_of(taught, asked_of)
        feedback.answer(code, {one.key: score for one in asked}, remark=f"Ý kiến {score}", day=ENDED)


def by(grouping: str, asked_of: str = Respondent.LEARNER) -> list[dict]:
    return list(feedback.answers_by(grouping, TrainingClass.objects.all(), asked_of).order_by("name"))


def test_learners_are_asked_about_each_trainer_and_others_about_none(taught):
    assert {str(one.trainer) for one in feedback.sheet_of(taught, "learner") if one.trainer} == {
        "Trần Thị Hoa",
        "Vũ Văn Bình",
    }
    of_trainers = FeedbackQuestion.objects.filter(asked_of="learner", about="trainer").count()
    others = FeedbackQuestion.objects.filter(asked_of="learner").count() - of_trainers
    assert len(feedback.sheet_of(taught, "learner")) == others + 2 * of_trainers
    assert not [one for asked_of in ("trainer", "head") for one in feedback.sheet_of(taught, asked_of) if one.trainer]

    FeedbackQuestion.objects.filter(about="trainer").update(is_asked=False)
    assert len(feedback.sheet_of(taught, "learner")) == others


def test_as_many_codes_are_proposed_as_there_are_pupils_trainers_and_units_of_who_completed(taught, province_staff):
    later = date(2015, 9, 6)
    assert [row.proposed for row in feedback.codes_of(taught, later)] == [3, 2, 1]

    feedback.make_codes(taught, "learner", 2, day=ENDED, by=province_staff)
    assert [row.proposed for row in feedback.codes_of(taught, later)] == [1, 2, 1]


@pytest.mark.parametrize(
    ("day", "is_asked"),
    [(ENDED, False), (date(2015, 9, 5), False), (date(2015, 9, 6), True), (date(2015, 9, 7), True)],
)
def test_heads_are_asked_half_a_year_after_the_end(taught, province_staff, day, is_asked):
    *_, heads = feedback.codes_of(taught, day)
    assert (heads.why_not == "") == is_asked
    if is_asked:
        feedback.make_codes(taught, "head", 1, day=day, by=province_staff)
    else:
        with pytest.raises(ValidationError, match="từ ngày 06/09/2015"):
            feedback.make_codes(taught, "head", 1, day=day, by=province_staff)
    assert FeedbackCode.objects.count() == is_asked


@pytest.mark.parametrize(
    ("day", "is_told"),
    [
        (date(2015, 9, 5), False),
        (date(2015, 9, 6), True),
        (date(2015, 9, 7), True),
        (date(2016, 9, 5), True),
        (date(2016, 9, 6), False),
    ],
)
def test_who_plans_is_told_of_the_effect_to_ask_about_for_a_year(taught, province_staff, day, is_told):
    assert list(CLASSES["hieu_qua"].rows(province_staff, day)) == [taught][:is_told]


def test_nobody_is_told_of_a_class_that_was_asked_about_or_taught_nobody_or_goes_on(taught, province_staff):
    def told() -> bool:
        return CLASSES["hieu_qua"].rows(province_staff, date(2015, 9, 6)).exists()

    codes(taught, 1)  # of learners
    assert told()
    codes(taught, 1, Respondent.HEAD)
    assert not told()
    FeedbackCode.objects.all().delete()
    taught.enrolments.update(state=Enrolment.State.FAILED)
    assert not told()
    taught.enrolments.update(state=Enrolment.State.COMPLETED)
    assert told()
    TrainingClass.objects.update(state=State.RUNNING)
    assert not told()


def test_nobody_is_asked_about_a_class_that_has_not_begun(taught, province_staff):
    TrainingClass.objects.update(state=State.OPEN)
    taught.refresh_from_db()
    with pytest.raises(ValidationError, match="Đang mở đăng ký"):
        feedback.make_codes(taught, "learner", 1, day=ENDED, by=province_staff)
    TrainingClass.objects.update(state=State.RUNNING)
    taught.refresh_from_db()
    feedback.make_codes(taught, "learner", feedback.MOST_CODES, day=ENDED, by=province_staff)
    with pytest.raises(ValidationError, match="nhiều nhất 500 mã"):
        feedback.make_codes(taught, "learner", 1, day=ENDED, by=province_staff)
    with pytest.raises(ValidationError, match="sau khi lớp đã kết thúc"):
        feedback.make_codes(taught, "head", 1, day=date(2030, 1, 1), by=province_staff)


def test_a_code_is_found_however_it_is_typed_and_used_once(taught):
    (code,) = codes(taught, 1)
    for typed in ("LABC2300", "labc2300", " LABC-2300 ", "labc 2300"):
        assert feedback.opened_by(typed) == code
    for typed in ("LABC2301", "", "ééé"):
        with pytest.raises(ValidationError, match="Không có mã này"):
            feedback.opened_by(typed)

    key = feedback.sheet_of(taught, "learner")[0].key
    with pytest.raises(ValidationError, match="chưa có câu trả lời"):
        feedback.answer(code, {}, remark="  ", day=ENDED)
    with pytest.raises(ValidationError, match="không có câu hỏi mã 0"):
        feedback.answer(code, {"0": 5}, remark="", day=ENDED)
    assert not FeedbackSheet.objects.exists()

    feedback.answer(code, {key: 4}, remark="", day=ENDED)
    with pytest.raises(ValidationError, match="đã được dùng"):
        feedback.opened_by("LABC2300")
    with pytest.raises(ValidationError, match="vừa được dùng"):  # who opened it before
        feedback.answer(code, {key: 1}, remark="", day=ENDED)
    assert list(FeedbackScore.objects.values_list("score", flat=True)) == [4]


def test_an_answer_bears_no_code_no_account_no_time_and_no_number_in_a_row(taught):
    answer_all(taught, [5, 4])
    for model in (FeedbackSheet, FeedbackScore):
        columns = {field.column: field.get_internal_type() for field in model._meta.concrete_fields}
        assert columns.pop("id") == "UUIDField"
        assert "DateTimeField" not in columns.values()
        assert not {"code_id", "user_id", "official_id", "created_by_id"} & columns.keys()
    assert not Change.objects.filter(table_name__startswith="courses_feedback").exclude(
        table_name="courses_feedbackquestion"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version FROM (SELECT substr(id::text, 15, 1) AS version FROM courses_feedbacksheet) AS v"
        )
        assert {version for (version,) in cursor.fetchall()} == {"4"}  # random, not of the clock


def test_nothing_is_told_of_fewer_than_five_sheets(taught):
    answer_all(taught, [5, 5, 4, 2])
    assert {row.mean for row in feedback.answers_about(taught, "learner")} == {None}
    assert feedback.remarks_about(taught, "learner") == []
    assert [(row["sheets"], row["course"]) for row in by("lop")] == [(4, None)]

    code = FeedbackCode.objects.create(code="ZZZZZZZZ", training_class=taught, asked_of="learner")
    course = next(one for one in feedback.sheet_of(taught, "learner") if one.question.about == "course")
    feedback.answer(code, {course.key: 4}, remark="", day=ENDED)
    assert [(row["sheets"], row["course"], row["trainer"]) for row in by("lop")] == [(5, 4.0, None)]
    told = {row.question.pk: (row.mean, list(row.chosen)) for row in feedback.answers_about(taught, "learner")}
    assert told[course.question.pk] == (4.0, [0, 1, 0, 2, 2])
    assert sorted(feedback.remarks_about(taught, "learner")) == ["Ý kiến 2", "Ý kiến 4", "Ý kiến 5", "Ý kiến 5"]


def test_answers_are_put_together_by_class_programme_trainer_and_institution(taught):
    answer_all(taught, [5, 5, 4, 4, 2])
    answer_all(taught, [1, 1, 1, 1, 1], Respondent.TRAINER)
    assert [(row["name"], row["sheets"], row["course"]) for row in by("lop")] == [(taught.code, 5, 4.0)]
    assert [row["name"] for row in by("chuong_trinh")] == [taught.programme.title]
    assert [(row["name"], row["trainer"], row["course"]) for row in by("giang_vien")] == [
        ("Trần Thị Hoa", 4.0, None),
        ("Vũ Văn Bình", 4.0, None),
    ]
    assert [(row["name"], row["facilities"]) for row in by("co_so")] == [(str(taught.institution), 4.0)]
    assert [row["course"] for row in by("lop", Respondent.TRAINER)] == [1.0]
    assert by("lop", Respondent.HEAD) == []


# ---------------------------------------------------------------- on screen


def test_a_learner_without_account_opens_the_sheet_and_answers_once(client, taught):
    (code,) = codes(taught, 1)
    assert "Không có mã này" in text(client.get(ANSWER, {"ma": "SAI"}))
    page = client.get(ANSWER, {"ma": "labc-2300"})
    assert "Giảng viên Trần Thị Hoa" in text(page)
    course, trainer = page.context["form"].asked[0], page.context["form"].asked[-1]

    refused = client.post(ANSWER, {"ma": code.code})
    assert "chưa có câu trả lời nào" in text(refused)
    refused = client.post(ANSWER, {"ma": code.code, course.key: "6"})
    assert not FeedbackSheet.objects.exists()
    assert refused.status_code == 200

    sent = {"ma": code.code, course.key: "5", trainer.key: "4", "remark": " Rất  hay "}
    thanks = client.post(ANSWER, sent, follow=True)
    assert "Cảm ơn bạn" in text(thanks)
    sheet = FeedbackSheet.objects.get()
    assert (sheet.training_class, sheet.asked_of, sheet.remark) == (taught, "learner", "Rất hay")
    assert set(sheet.scores.values_list("score", "trainer__full_name")) == {(5, None), (4, str(trainer.trainer))}
    assert "đã được dùng" in text(client.post(ANSWER, sent))
    assert FeedbackSheet.objects.count() == 1


def test_codes_are_made_and_printed_by_the_province(taught, province_staff):
    client = client_of(province_staff)
    add = reverse("courses:feedback-codes-add", args=[taught.pk, "learner"])
    assert client.get(add).context["form"].initial == {"how_many": 3}
    assert client.post(add, {"how_many": "3"}).status_code == 302
    page = text(client.get(reverse("courses:class-feedback", args=[taught.pk])))
    assert "In 3 mã để cắt" in page

    print_page = reverse("courses:feedback-print", args=[taught.pk, "learner"])
    slips = text(client.get(print_page))
    shown = {f"{code[:4]}-{code[4:]}" for code in FeedbackCode.objects.values_list("code", flat=True)}
    assert all(code in slips for code in shown)
    FeedbackCode.objects.filter(pk=FeedbackCode.objects.first().pk).update(is_used=True)
    sheets = client.get(print_page, {"kieu": "phieu"})
    assert len(sheets.context["slips"]) == 2
    assert "Vũ Văn Bình" in text(sheets)
    assert client.get(reverse("courses:feedback-codes-add", args=[taught.pk, "ai-do"])).status_code == 400


def test_an_institution_reads_of_its_own_classes_only(taught, db):
    answer_all(taught, [5, 5, 4, 4, 2])
    foreign = make_class(state=State.ENDED)
    code = FeedbackCode.objects.create(code="K2345678", training_class=foreign, asked_of="learner")
    feedback.answer(code, {feedback.sheet_of(foreign, "learner")[0].key: 1}, remark="", day=ENDED)
    account = make_user("truong", roles.TRAINING_INSTITUTION)
    InstitutionAccount.objects.create(user=account, institution=taught.institution)
    school = client_of(account)
    shown = text(school.get(reverse("courses:feedback-report")))
    assert taught.code in shown
    assert foreign.code not in shown
    assert school.get(reverse("courses:class-feedback", args=[foreign.pk])).status_code == 404


def test_the_report_sorts_filters_and_leaves_as_a_file(taught, leader):
    answer_all(taught, [5, 5, 4, 4, 2])
    client, report = client_of(leader), reverse("courses:feedback-report")
    shown = text(client.get(report, {"nam": "2015", "sap_xep": "-course"}))
    assert taught.code in shown
    assert "4,00" in shown
    assert client.get(report, {"nam": "2014"}).status_code == 400
    assert client.get(report, {"theo": "khac"}).status_code == 400
    table = client.get(report, {"tep": "csv", "theo": "giang_vien"}).content.decode()
    found = client.get(report, {"tep": "csv", "theo": "giang_vien", "q": "tran hoa"}).content.decode()
    assert "Trần Thị Hoa" in found
    assert "Vũ Văn Bình" not in found
    assert "Không có phiếu nào khớp" in text(client.get(report, {"q": "khong co"}))
    assert "1,Trần Thị Hoa,5," in table
    assert "2,Vũ Văn Bình,5," in table
