"""Rewards and measures: who is to have one, and the page that records them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.models import Enrolment, TrainingMeasure
from courses.obligations.measures import record_measures, to_answer, to_reward
from tests.builders import make_class, make_enrolment
from tests.conftest import client_of
from tests.courses.obligations.people import MUONG_KHUONG, TA_VAN_CHU, hire
from tests.lists import begin_act, finish_act
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

State, Kind = Enrolment.State, TrainingMeasure.Kind


def graded(name: str, grade: str, commune: str = TA_VAN_CHU) -> Enrolment:
    return make_enrolment(hire(name, commune), make_class(), State.COMPLETED, grade=grade)


def withdrawn(name: str, reason: str, commune: str = TA_VAN_CHU) -> Enrolment:
    return make_enrolment(hire(name, commune), make_class(), State.WITHDRAWN, withdrawal_reason=reason)


DECISION = {"on": date(2015, 12, 1), "decision": "QĐ 9", "reason": "Kết quả học tập", "by": None}


def test_the_best_are_to_be_rewarded_until_they_are():
    best, _ = graded("Giỏi", "excellent"), graded("Khá", "good")
    assert list(to_reward(Enrolment.objects.all())) == [best]

    record_measures([best], kind=Kind.REWARD, **DECISION)

    assert not to_reward(Enrolment.objects.all()).exists()


def test_who_refused_quit_or_failed_is_to_be_answered_until_one_is():
    refused, quit_ = withdrawn("Từ chối", "refused"), withdrawn("Bỏ học", "quit")
    failed = make_enrolment(hire("Trượt"), make_class(), State.FAILED)
    absent = make_enrolment(hire("Vắng"), make_class(), State.ABSENT)
    withdrawn("Ốm", "health")
    graded("Giỏi", "excellent")
    assert set(to_answer(Enrolment.objects.all())) == {refused, quit_, failed, absent}

    record_measures([refused, failed], kind=Kind.REMINDER, **DECISION)

    assert set(to_answer(Enrolment.objects.all())) == {quit_, absent}
    assert TrainingMeasure.objects.filter(decision="QĐ 9", kind="reminder").count() == 2


def test_one_decision_is_for_all_named_or_for_none():
    best, good = graded("Giàng A Giỏi", "excellent"), graded("Lý A Khá", "good")

    with pytest.raises(ValidationError, match="không có kết quả loại giỏi: Lý A Khá"):
        record_measures([best, good], kind=Kind.REWARD, **DECISION)
    with pytest.raises(ValidationError, match="không từ chối, bỏ học, vắng hay trượt: Giàng A Giỏi"):
        record_measures([best], kind=Kind.DISCIPLINE, **DECISION)
    with pytest.raises(ValidationError, match="Chưa chọn ai"):
        record_measures([], kind=Kind.REWARD, **DECISION)
    assert not TrainingMeasure.objects.exists()

    record_measures([best], kind=Kind.REWARD, **DECISION)
    with pytest.raises(ValidationError, match="Đã có hình thức “Khen thưởng” cho lượt học này: Giàng A Giỏi"):
        record_measures([best], kind=Kind.REWARD, **DECISION)


@pytest.mark.parametrize(
    ("enrolment", "kind", "first_day"),
    [
        (lambda: graded("Giàng A Giỏi", "excellent"), Kind.REWARD, date(2015, 3, 6)),  # the end of the class
        (lambda: make_enrolment(hire(), make_class(), State.FAILED), Kind.REMINDER, date(2015, 3, 6)),
        (lambda: make_enrolment(hire(), make_class(), State.ABSENT), Kind.REMINDER, date(2015, 3, 2)),
        (lambda: withdrawn("Từ chối", "refused"), Kind.REMINDER, date(2015, 2, 20)),
    ],
)
def test_a_measure_is_not_older_than_what_it_answers(enrolment, kind, first_day):
    answered = enrolment()
    Enrolment.objects.filter(state=State.WITHDRAWN).update(withdrawn_on=date(2015, 2, 20))
    with pytest.raises(ValidationError, match="Ngày này trước khi có kết quả để khen"):
        record_measures([answered], kind=kind, **(DECISION | {"on": first_day - timedelta(days=1)}))
    record_measures([answered], kind=kind, **(DECISION | {"on": first_day}))


MEASURES = reverse("courses:measure-list")


def test_many_are_rewarded_with_one_decision(province_staff):
    best = [graded(f"Người {number}", "excellent") for number in range(3)]
    Enrolment.objects.filter(pk=best[0].pk).update(mark="8.50")
    client = client_of(province_staff)
    assert "Giỏi điểm 8,5 " in text_of(read(client, MEASURES)), "a mark reads the same on every page"
    data = {"kind": "reward", "on": "2015-12-01", "decision": "QĐ 9", "reason": "Đạt loại giỏi"}

    assert "Chưa chọn ai" in begin_act(client, MEASURES, [], "ghi").content.decode()
    asked = begin_act(client, MEASURES, [best[0].pk, best[1].pk], "ghi")
    assert "Ghi khen thưởng 2 lượt học" in asked.content.decode()
    refused = finish_act(client, asked, **data | {"decision": ""}).content.decode()
    assert "Chưa ghi gì" in refused
    assert not TrainingMeasure.objects.exists()
    answer = finish_act(client, asked, **data)

    assert "Đã ghi “Khen thưởng” cho 2 lượt học." in answer.content.decode()
    assert "Đề nghị khen (1) Cần xử lý (0) Đã ghi (2)" in text_of(answer.content.decode())
    assert "QĐ 9" in read(client, f"{MEASURES}?loai=da_ghi&q=nguoi")


def test_faults_are_answered_and_no_reward_is_offered_for_them(province_staff):
    enrolment = withdrawn("Từ chối", "refused")
    client = client_of(province_staff)
    page = read(client, f"{MEASURES}?loai=xu_ly")
    assert "Từ chối quyết định cử đi học" in page
    asked = begin_act(client, f"{MEASURES}?loai=xu_ly", [enrolment.pk], "ghi")
    assert 'value="reward"' not in asked.content.decode()

    data = {"on": "2015-12-01", "decision": "QĐ 9", "reason": "Từ chối"}
    finish_act(client, asked, **data, kind="reward")
    assert not TrainingMeasure.objects.exists()
    finish_act(client, asked, **data, kind="rating")
    assert TrainingMeasure.objects.get().kind == "rating"


def test_an_officer_sees_the_own_people_and_records_nothing(district_officer):
    graded("Giàng A Giỏi", "excellent")
    foreign = graded("Sùng Seo Lạ", "excellent", MUONG_KHUONG)
    client = client_of(district_officer)

    page = read(client, MEASURES)

    assert "Giàng A Giỏi" in page
    assert "Sùng Seo Lạ" not in page
    assert 'name="chon"' not in page
    assert client.post(MEASURES, {"chon": [foreign.pk], "viec": "ghi"}).status_code == 405
    assert client.get(reverse("courses:measure-record")).status_code == 403
    read(client, f"{MEASURES}?loai=x", 400)


def test_who_was_rewarded_meanwhile_is_left_out_and_asked_about_again(province_staff):
    best = [graded(f"Người {number}", "excellent") for number in range(2)]
    client = client_of(province_staff)
    asked = begin_act(client, MEASURES, [one.pk for one in best], "ghi")
    record_measures([best[0]], kind=Kind.REWARD, **DECISION)

    again = finish_act(client, asked, kind="reward", on="2015-12-01", decision="QĐ 9", reason="Đạt loại giỏi")

    assert "số liệu vừa thay đổi" in again.content.decode()
    assert again.context["changed"] == {best[0].pk}
    assert TrainingMeasure.objects.count() == 1


def test_the_lists_of_measures_sort_by_each_column_and_leave_as_files(province_staff):
    best = [graded(f"Người {number}", "excellent") for number in range(2)]
    record_measures([best[0]], kind=Kind.REWARD, **DECISION)
    client = client_of(province_staff)
    for shown, sorts in {
        "khen": ("ten", "lop", "-be_giang", "ket_qua"),
        "da_ghi": ("-ten", "lop", "hinh_thuc", "ngay", "quyet_dinh", "ly_do"),
    }.items():
        for sort in sorts:
            assert client.get(MEASURES, {"loai": shown, "sap_xep": sort}).status_code == 200
        file = client.get(MEASURES, {"loai": shown, "tep": "csv"}).content.decode("utf-8-sig")
        assert len(file.splitlines()) == 2


def test_the_lists_of_measures_ask_as_many_questions_for_many(province_staff, django_assert_max_num_queries):
    for number in range(55):
        graded(f"Giỏi {number}", "excellent")
    client = client_of(province_staff)

    with django_assert_max_num_queries(20):
        assert "Trang 1 / 2" in text_of(read(client, MEASURES))
