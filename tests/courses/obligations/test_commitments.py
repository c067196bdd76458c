"""Commitments and repayments: the rules by hand, and the pages of each role."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import registry
from cadres.models import Act, Level, Official
from cadres.periods import Precision, add_months, full_months
from courses.models import (
    ClassFunding,
    Commitment,
    Enrolment,
    OddDays,
    Programme,
    Repayment,
    TrainingClass,
    TrainingMeasure,
    TrainingRegulation,
)
from courses.obligations.commitments import (
    RepaymentParts,
    Standing,
    breach_of,
    change_commitment,
    half_up,
    mark_paid,
    proposal,
    record_commitment,
    record_commitments,
    record_repayment,
    repayment,
    with_cost,
    with_standing,
    without_commitment,
)
from tests.builders import make_appointment, make_class, make_enrolment, make_programme, position_of
from tests.conftest import DAY, client_of, unit_of
from tests.courses.obligations.people import MUONG_KHUONG, TA_VAN_CHU, degree_class, hire
from tests.lists import begin_act, finish_act
from tests.province import BAC_HA_TOWN
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regulation")]

State, Kind = Enrolment.State, TrainingMeasure.Kind
DECIDED = {"decision": "QĐ 7", "decided_on": date(2016, 1, 10)}


def commit(official: Official, training_class: TrainingClass | None = None, **columns) -> Commitment:
    """48 months from 1/1/2014 for 48 triệu, after two years of study."""
    enrolment = make_enrolment(official, training_class or degree_class(), State.COMPLETED)
    terms = {"signed_on": date(2012, 1, 1), "starts_on": date(2014, 1, 1), "months": 48, "cost": 48_000_000} | columns
    return record_commitment(enrolment, **terms, by=None)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2012, 1, 1), date(2013, 12, 31), 48),  # two years
        (date(2012, 1, 1), date(2014, 1, 1), 50),  # and a day: a month begun counts
        (date(2012, 1, 1), date(2012, 1, 31), 2),
        (date(2012, 1, 31), date(2012, 2, 28), 2),
    ],
)
def test_the_time_to_serve_is_a_multiple_of_the_time_of_study(start, end, months):
    make_enrolment(hire(), degree_class(start, end), State.COMPLETED)

    enrolment = without_commitment(Enrolment.objects.all()).select_related("training_class").get()
    proposed = proposal(enrolment, TrainingRegulation.objects.all())

    assert (proposed.months, proposed.starts_on) == (months, end + timedelta(days=1))


@pytest.mark.parametrize(("start", "factor"), [(date(2012, 12, 31), 2), (date(2013, 1, 1), 3), (date(2013, 1, 2), 3)])
def test_the_regulation_of_the_first_day_of_the_class_holds(regulation, start, factor):
    regulation.end_date = date(2012, 12, 31)
    regulation.save()
    TrainingRegulation.objects.create(decree="NĐ mới", start_date=date(2013, 1, 1), commitment_factor=3)
    make_enrolment(hire(), degree_class(start, date(2013, 12, 1)), State.COMPLETED)

    enrolment = without_commitment(Enrolment.objects.all()).select_related("training_class").get()

    assert proposal(enrolment, TrainingRegulation.objects.all()).regulation.commitment_factor == factor


def test_the_cost_is_the_money_of_the_class_by_the_people_who_studied():
    training_class = degree_class()
    states = (State.COMPLETED, State.ATTENDING, State.FAILED, State.WITHDRAWN, State.ABSENT)
    for number, state in enumerate(states):
        make_enrolment(hire(f"Người {number}"), training_class, state)
    ClassFunding.objects.create(training_class=training_class, source="central", committed=80)
    local = ClassFunding.objects.create(training_class=training_class, source="local", committed=20)
    enrolments = with_cost(Enrolment.objects.filter(state=State.COMPLETED)).select_related("training_class")

    promised = proposal(enrolments.get(), [])
    local.spent, local.settled_on = 20, date(2014, 1, 1)
    local.save()
    spent = proposal(enrolments.get(), [])

    assert (promised.money, promised.is_spent, promised.people, promised.cost) == (100, False, 3, 33)
    assert (spent.money, spent.is_spent, spent.cost) == (20, True, 7)  # 6.67
    assert promised.months is None  # no regulation was given


def test_dao_tao_without_a_commitment_is_listed_and_nothing_else():
    wanted = make_enrolment(hire("Đang học"), degree_class(), State.ATTENDING)
    make_enrolment(hire("Trượt"), degree_class(), State.FAILED)
    make_enrolment(hire("Bồi dưỡng"), make_class(), State.COMPLETED)
    make_enrolment(hire("Lớp hủy"), degree_class(state=TrainingClass.State.CANCELLED), State.ATTENDING)
    commit(hire("Đã cam kết"))

    assert list(without_commitment(Enrolment.objects.all())) == [wanted]


TERMS = {"signed_on": date(2012, 1, 1), "starts_on": date(2014, 1, 1), "months": 48, "cost": 1}


def test_a_commitment_is_recorded_once():
    commitment = commit(hire())

    with pytest.raises(ValidationError, match="đã có cam kết cho lớp này"):
        record_commitment(commitment.enrolment, **TERMS, by=None)


@pytest.mark.parametrize(
    ("state", "kind", "told"),
    [
        (State.FAILED, Programme.Kind.DEGREE, "Chỉ người đang học hoặc đã học xong mới cam kết"),
        (State.COMPLETED, Programme.Kind.CERTIFICATE, "không phải chương trình đào tạo"),
    ],
)
def test_who_is_not_bound_does_not_commit(state, kind, told):
    enrolment = make_enrolment(hire(), make_class(make_programme(kind=kind)), state)

    with pytest.raises(ValidationError, match=told):
        record_commitment(enrolment, **TERMS, by=None)


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"months": 0}, "lớn hơn"),
        ({"starts_on": date(2011, 12, 31)}, "không thể bắt đầu trước ngày khai giảng 01/01/2012"),
    ],
)
def test_terms_that_cannot_be_are_refused(terms, told):
    enrolment = make_enrolment(hire(), degree_class(), State.COMPLETED)

    with pytest.raises(ValidationError, match=told):
        record_commitment(enrolment, **(TERMS | terms), by=None)
    assert not Commitment.objects.exists()


def standing(commitment: Commitment, day: date):
    return with_standing(Commitment.objects.filter(pk=commitment.pk), day).get()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2017, 12, 30), Standing.RUNNING),
        (date(2017, 12, 31), Standing.RUNNING),  # the last day
        (date(2018, 1, 1), Standing.SERVED),
    ],
)
def test_a_commitment_runs_to_its_last_day(day, expected):
    commitment = standing(commit(hire()), day)

    assert commitment.ends_on == date(2017, 12, 31)
    assert commitment.standing == expected


def leave(official: Official, last: date, reason: str) -> None:
    registry.end_appointment(official.appointments.get(), end_date=last, reason=reason, by=None)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("resigned", Standing.BROKEN),
        ("disciplined", Standing.BROKEN),
        ("transferred", Standing.BROKEN),
        ("retired", Standing.RUNNING),
        ("not_reelected", Standing.RUNNING),
        ("died", Standing.RUNNING),
    ],
)
def test_who_leaves_the_service_breaks_it_and_who_retires_does_not(reason, expected):
    official = hire()
    commitment = commit(official)
    leave(official, date(2015, 6, 30), reason)

    assert standing(commitment, DAY).standing == expected


@pytest.mark.parametrize(
    ("last", "day", "expected"),
    [
        (date(2015, 6, 30), date(2015, 6, 30), Standing.RUNNING),  # still there
        (date(2015, 6, 30), date(2015, 7, 1), Standing.BROKEN),
        (date(2017, 12, 30), date(2018, 6, 1), Standing.BROKEN),  # a day too early
        (date(2017, 12, 31), date(2018, 6, 1), Standing.SERVED),
    ],
)
def test_leaving_counts_from_the_day_after_and_before_the_end_only(last, day, expected):
    official = hire()
    commitment = commit(official)
    leave(official, last, "resigned")

    assert standing(commitment, day).standing == expected


def test_a_transfer_within_the_province_breaks_nothing():
    official = hire()
    commitment = commit(official)
    registry.transfer(official, position_of("BT_DU"), unit_of(MUONG_KHUONG), start_date=date(2015, 7, 1), by=None)

    assert standing(commitment, DAY).standing == Standing.RUNNING
    assert breach_of(standing(commitment, DAY)) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2015, 6, 30), Standing.RUNNING),
        (date(2015, 7, 1), Standing.BROKEN),
        (date(2015, 9, 30), Standing.BROKEN),
        (date(2015, 10, 1), Standing.RUNNING),
    ],
)
def test_a_post_is_left_for_good_until_another_begins(day, expected):
    official = hire()
    commitment = commit(official)
    leave(official, date(2015, 6, 30), "transferred")
    make_appointment(official, position_of("CT_UBND"), unit_of(MUONG_KHUONG), start_date=date(2015, 10, 1))

    assert standing(commitment, day).standing == expected


@pytest.mark.parametrize(
    ("last", "expected"), [(date(2011, 12, 31), Standing.RUNNING), (date(2012, 1, 1), Standing.BROKEN)]
)
def test_a_post_left_counts_from_the_first_day_of_the_studies(last, expected):
    official = hire(start_date=date(2010, 1, 1))
    leave(official, last, "resigned")

    assert standing(commit(official), DAY).standing == expected


def test_a_post_left_before_the_studies_is_no_breach():
    official = hire(start_date=date(2010, 1, 1))
    leave(official, date(2011, 6, 30), "resigned")
    make_appointment(official, position_of("CT_UBND"), unit_of(TA_VAN_CHU), start_date=date(2011, 12, 1))

    assert standing(commit(official), DAY).standing == Standing.RUNNING


@pytest.mark.parametrize(
    ("state", "columns", "expected"),
    [
        (State.WITHDRAWN, {"withdrawal_reason": "quit", "withdrawn_on": date(2013, 5, 6)}, ("quit", date(2013, 5, 6))),
        (State.FAILED, {}, ("no_degree", date(2013, 12, 31))),
        (State.WITHDRAWN, {"withdrawal_reason": "health", "withdrawn_on": date(2013, 5, 6)}, None),
    ],
)
def test_who_quits_or_fails_breaks_it_and_the_sick_do_not(state, columns, expected):
    commitment = commit(hire())
    Enrolment.objects.update(state=state, **columns)

    found = standing(commitment, DAY)

    assert breach_of(found) == expected
    assert found.standing == (Standing.BROKEN if expected else Standing.RUNNING)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2013, 6, 30), ("quit", date(2013, 7, 1))),  # during the studies
        (date(2013, 12, 31), ("quit", date(2014, 1, 1))),  # not a day served
        (date(2014, 1, 1), ("left_early", date(2014, 1, 2))),
    ],
)
def test_how_it_was_broken_follows_from_the_day(last, expected):
    official = hire()
    commitment = commit(official)
    leave(official, last, "resigned")

    assert breach_of(standing(commitment, DAY)) == expected


def test_a_changed_commitment_is_as_told_until_a_repayment_is_recorded():
    commitment = commit(hire(), starts_on=None)
    assert standing(commitment, DAY).ends_on is None

    change_commitment(commitment, **TERMS, by=None)
    assert standing(commitment, DAY).ends_on == date(2017, 12, 31)

    record_repayment(commitment, case="quit", on=date(2013, 1, 1), **DECIDED, by=None)
    with pytest.raises(ValidationError, match="không sửa được nữa"):
        change_commitment(commitment, **TERMS, by=None)


# ---------------------------------------------------------------- repayment, by hand


@pytest.mark.parametrize(
    ("on", "served", "amount"),
    [
        # F = 48.000.000, T1 = 48: a million for each month not served
        (date(2014, 1, 1), 0, 48_000_000),
        (date(2014, 1, 31), 0, 48_000_000),
        (date(2014, 2, 1), 1, 47_000_000),  # January is full
        (date(2014, 2, 28), 1, 47_000_000),
        (date(2016, 1, 1), 24, 24_000_000),
        (date(2017, 12, 31), 47, 1_000_000),
    ],
)
def test_who_leaves_early_repays_for_the_months_not_served(on, served, amount):
    # hired on 1/1/2012, the first day of the class: no year before it
    parts = repayment(commit(hire()), case="left_early", on=on)

    assert (parts.required_months, parts.served_months, parts.base, parts.amount) == (48, served, amount, amount)


@pytest.mark.parametrize("case", ["quit", "no_degree"])
def test_who_quits_or_gets_no_degree_repays_everything(case):
    parts = repayment(commit(hire()), case=case, on=date(2016, 1, 1))

    assert (parts.served_months, parts.base, parts.reduction, parts.amount) == (0, 48_000_000, 0, 48_000_000)


def test_the_sum_is_rounded_half_up_to_dong():
    # 100 / 48 × 42 = 87.5
    parts = repayment(commit(hire(), cost=100), case="left_early", on=date(2014, 7, 1))

    assert (parts.served_months, parts.amount) == (6, 88)
    assert half_up(Fraction(1, 2)) == 1
    assert half_up(Fraction(49, 100)) == 0


@pytest.mark.parametrize(
    ("sex", "ethnic", "percent", "amount"),
    [
        ("M", "01", "5", 45_600_000),  # 5 full years × 1 %
        ("M", "", "5", 45_600_000),
        ("", "55", "5", 45_600_000),  # a foreigner is of no minority
        ("F", "01", "7.5", 44_400_000),  # × 1.5 %
        ("M", "02", "7.5", 44_400_000),
        ("F", "02", "7.5", 44_400_000),
    ],
)
def test_each_full_year_before_the_studies_reduces_it(sex, ethnic, percent, amount):
    official = hire(start_date=date(2006, 2, 1), sex=sex, ethnic=ethnic)  # 5 years 11 months before 1/1/2012

    parts = repayment(commit(official), case="quit", on=date(2013, 1, 1))

    assert (parts.years_before, str(parts.reduction_percent.normalize()), parts.amount) == (5, percent, amount)
    assert parts.base - parts.reduction == parts.amount


@pytest.mark.parametrize(
    ("recruited", "years"),
    [
        (date(2006, 12, 31), 5),
        (date(2007, 1, 1), 5),
        (date(2007, 1, 2), 4),
        (date(2011, 1, 2), 0),
        (date(2012, 6, 1), 0),
    ],
)
def test_years_are_full_ones_from_the_recruitment_to_the_first_day_of_the_class(recruited, years):
    official = hire(start_date=date(2000, 1, 1))
    official.recruited_on, official.recruited_precision = recruited, Precision.DAY
    official.save()

    assert repayment(commit(official), case="quit", on=date(2013, 1, 1)).years_before == years


def test_the_reduction_is_that_of_the_regulation_on_the_first_day_of_the_class(regulation):
    regulation.end_date = date(2012, 12, 31)
    regulation.save()
    TrainingRegulation.objects.create(decree="NĐ mới", start_date=date(2013, 1, 1), reduction_percent=2)

    parts = repayment(commit(hire(start_date=date(2009, 1, 1))), case="quit", on=date(2013, 1, 1))

    assert (parts.years_before, parts.reduction_percent) == (3, 3)


def test_nobody_is_given_back_more_than_was_spent(regulation):
    regulation.reduction_percent = 60
    regulation.save()

    parts = repayment(commit(hire(start_date=date(2009, 1, 1))), case="quit", on=date(2013, 1, 1))

    assert (parts.years_before, parts.reduction_percent, parts.amount) == (3, 100, 0)


@pytest.mark.parametrize(
    ("columns", "case", "on", "told"),
    [
        ({}, "left_early", date(2018, 1, 1), "đã phục vụ đủ 48 tháng"),
        ({}, "left_early", date(2013, 12, 31), "hãy chọn trường hợp bỏ học"),
        ({}, "quit", date(2011, 12, 31), "không thể trước ngày khai giảng 01/01/2012"),
        ({"starts_on": None}, "left_early", date(2014, 6, 1), "chưa ghi ngày bắt đầu phục vụ"),
    ],
)
def test_a_day_that_does_not_fit_is_refused(columns, case, on, told):
    with pytest.raises(ValidationError, match=told):
        repayment(commit(hire(), **columns), case=case, on=on)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2014, 1, 1), date(2014, 1, 1), 0),
        (date(2014, 1, 31), date(2014, 2, 27), 0),
        (date(2014, 1, 31), date(2014, 2, 28), 1),
        (date(2014, 3, 15), date(2015, 3, 14), 11),
        (date(2014, 3, 15), date(2015, 3, 15), 12),
        (date(2014, 3, 15), date(2013, 3, 15), 0),
    ],
)
def test_months_are_full_ones(start, end, months):
    assert full_months(start, end) == months
    assert not months or add_months(start, months) <= end


def test_a_repayment_keeps_its_parts_and_is_recorded_and_paid_once(province_staff):
    official = hire(start_date=date(2006, 2, 1), sex="F")
    commitment = commit(official)

    record = record_repayment(commitment, case="left_early", on=date(2016, 1, 1), **DECIDED, by=province_staff)

    record.refresh_from_db()
    assert record.amount == 22_200_000  # 24 triệu less 7.5 %
    assert RepaymentParts.from_json(record.parts) == repayment(commitment, case="left_early", on=date(2016, 1, 1))
    assert standing(commitment, DAY).standing == Standing.REPAID
    with pytest.raises(ValidationError, match="đã có quyết định đền bù"):
        record_repayment(commitment, case="quit", on=date(2016, 1, 1), **DECIDED, by=None)
    with pytest.raises(ValidationError, match="không thể trước ngày quyết định 10/01/2016"):
        mark_paid(record, paid_on=date(2016, 1, 9), by=None)
    assert mark_paid(record, paid_on=date(2016, 1, 10), by=None).paid_on == date(2016, 1, 10)
    with pytest.raises(ValidationError, match="đã nộp ngày 10/01/2016"):
        mark_paid(record, paid_on=date(2016, 2, 1), by=None)


def test_a_repayment_of_earlier_days_without_the_day_of_its_decision_is_paid_from_the_day_it_arose():
    record = record_repayment(commit(hire()), case="quit", on=date(2013, 1, 1), **DECIDED, by=None)
    record.decided_on = None
    record.save()
    with pytest.raises(ValidationError, match="không thể trước ngày phát sinh 01/01/2013"):
        mark_paid(record, paid_on=date(2012, 12, 31), by=None)
    mark_paid(record, paid_on=date(2013, 1, 1), by=None)


def test_a_repayment_is_not_decided_before_it_arose():
    commitment, arose = commit(hire()), date(2013, 1, 1)
    with pytest.raises(ValidationError, match="31/12/2012 trước ngày phát sinh 01/01/2013"):
        record_repayment(
            commitment, case="quit", on=arose, decision="QĐ 7", decided_on=arose - timedelta(days=1), by=None
        )
    record_repayment(commitment, case="quit", on=arose, decision="QĐ 7", decided_on=arose, by=None)


def test_a_repayment_without_a_decision_is_none():
    with pytest.raises(ValidationError):
        record_repayment(commit(hire()), case="quit", on=date(2013, 1, 1), **DECIDED | {"decision": ""}, by=None)
    assert not Repayment.objects.exists()


# ---------------------------------------------------------------- the pages of commitments


LIST = reverse("courses:commitment-list")


def detail(commitment: Commitment) -> str:
    return reverse("courses:commitment-detail", args=[commitment.pk]) + "?ngay=2015-12-31"


def test_the_lists_show_how_commitments_stand(district_officer):
    running, broken = hire("Giàng A Còn"), hire("Lý A Bỏ")
    commit(running)
    commit(broken)
    leave(broken, date(2015, 6, 30), "resigned")
    commit(hire("Sùng Seo Lạ", MUONG_KHUONG))
    make_enrolment(hire("Vàng A Chưa"), degree_class(), State.ATTENDING)
    client = client_of(district_officer)

    page = text_of(read(client, f"{LIST}?ngay=2015-12-31"))
    assert "Đang phục vụ (1) Vi phạm, chưa đền bù (1) Đã phục vụ đủ (0) Đã tính đền bù (0) Chưa ghi cam kết" in page
    assert "Giàng A Còn" in page
    assert "48 01/01/2014 31/12/2017 48.000.000" in page
    assert "Sùng Seo Lạ" not in page
    assert "Thôi việc 30/06/2015" in text_of(read(client, f"{LIST}?ngay=2015-12-31&loai=vi_pham"))
    missing = text_of(read(client, f"{LIST}?ngay=2015-12-31&loai=can_ghi"))
    assert "1 lượt học" in missing
    assert "Vàng A Chưa" in missing
    assert "Ghi cam kết" not in missing.replace("Chưa ghi cam kết", "")
    assert "Chưa có cam kết nào" in read(client, f"{LIST}?ngay=2015-12-31&loai=da_du")
    assert "Không có ai khớp" in read(client, f"{LIST}?ngay=2015-12-31&q=khong-co")
    assert "Giàng A Còn" in read(client, f"{LIST}?ngay=2015-12-31&xa={TA_VAN_CHU}")
    assert "Không có ai khớp" in read(client, f"{LIST}?ngay=2015-12-31&xa={BAC_HA_TOWN}")
    read(client, f"{LIST}?loai=x", 400)


def test_the_province_records_what_is_proposed(province_staff):
    enrolment = make_enrolment(hire(), degree_class(), State.COMPLETED)
    ClassFunding.objects.create(training_class=enrolment.training_class, source="local", committed=31_500_000)
    client = client_of(province_staff)
    address = reverse("courses:commitment-add", args=[enrolment.pk]) + "?ngay=2015-12-31"

    page = text_of(read(client, address))
    assert "24 tháng học × 2 lần = 48 tháng" in page
    assert "kinh phí giao 31.500.000 đồng / 1 người học = 31.500.000 đồng" in page
    data = {"signed_on": "2012-01-01", "starts_on": "2014-01-01", "months": "48", "cost": "31.500.000"}
    assert client.post(address, data).status_code == 302

    commitment = Commitment.objects.get()
    assert (commitment.months, commitment.cost) == (48, 31_500_000)
    assert "đã có cam kết cho lớp này" in client.post(address, data).content.decode()
    edit = reverse("courses:commitment-edit", args=[commitment.pk])
    assert "31.500.000" in read(client, edit)
    assert client.post(edit, {**data, "months": "50"}).status_code == 302
    commitment.refresh_from_db()
    assert commitment.months == 50


@pytest.mark.parametrize("months", ["0", "601", "", "x"])
def test_a_wrong_number_of_months_is_told_at_its_field(province_staff, months):
    enrolment = make_enrolment(hire(), degree_class(), State.COMPLETED)
    data = {"signed_on": "2012-01-01", "starts_on": "", "months": months, "cost": "1"}

    page = client_of(province_staff).post(reverse("courses:commitment-add", args=[enrolment.pk]), data)

    assert page.status_code == 200
    assert "Chưa ghi gì" in page.content.decode()
    assert not Commitment.objects.exists()


def test_the_formula_is_shown_with_its_numbers_before_it_is_recorded(province_staff):
    official = hire(start_date=date(2006, 2, 1), sex="F")
    commitment = commit(official)
    leave(official, date(2015, 12, 30), "resigned")
    client = client_of(province_staff)

    page = text_of(read(client, detail(commitment)))
    assert "Hồ sơ cho thấy vi phạm: bỏ việc khi chưa phục vụ đủ cam kết, từ ngày 31/12/2015." in page
    shown = text_of(read(client, f"{detail(commitment)}&case=left_early&on=2016-01-01"))
    assert "48.000.000 / 48 × (48 − 24) = 24.000.000 đồng" in shown
    assert "5 năm công tác trước khi học (từ 01/02/2006) × 1,5 %" in shown
    assert "= 7,5 % → giảm 1.800.000 đồng" in shown
    assert "24.000.000 − 1.800.000 = 22.200.000 đồng" in shown
    assert not Repayment.objects.exists()

    record = reverse("courses:repayment-record", args=[commitment.pk])
    data = {
        "case": "left_early",
        "on": "2016-01-01",
        "council": "Biên bản 3/BB-HĐ",
        "decision": "QĐ 7/QĐ-SNV",
        "decided_on": "2016-01-10",
    }
    told = client.post(record, {**data, "decision": ""}, follow=True)
    assert "Chưa ghi gì" in told.content.decode()
    assert "đã ghi khoản đền bù 22.200.000 đồng" in client.post(record, data, follow=True).content.decode()
    assert "đã có quyết định đền bù" in client.post(record, data, follow=True).content.decode()
    kept = text_of(read(client, detail(commitment)))
    assert "QĐ 7/QĐ-SNV" in kept
    assert "24.000.000 − 1.800.000 = 22.200.000 đồng" in kept
    paid = reverse("courses:repayment-paid", args=[commitment.pk])
    assert "Chưa ghi gì" in client.post(paid, {"paid_on": ""}, follow=True).content.decode()
    assert "không thể trước" in client.post(paid, {"paid_on": "2015-01-01"}, follow=True).content.decode()
    assert "Đã nộp 02/02/2016" in client.post(paid, {"paid_on": "2016-02-02"}, follow=True).content.decode()


def test_a_day_that_does_not_fit_is_told_and_nothing_is_computed(province_staff):
    commitment = commit(hire())

    page = text_of(read(client_of(province_staff), f"{detail(commitment)}&case=left_early&on=2018-01-01"))

    assert "đã phục vụ đủ 48 tháng, không phải đền bù" in page
    assert "Phải đền bù" not in page


def test_readers_see_a_commitment_and_change_nothing(leader, district_officer, foreign_officer):
    commitment = commit(hire())

    for user in (leader, district_officer):
        page = read(client_of(user), detail(commitment))
        assert "Tính đền bù" not in page
        assert "Sửa cam kết" not in page
        assert client_of(user).post(reverse("courses:repayment-record", args=[commitment.pk])).status_code == 403
    read(client_of(foreign_officer), detail(commitment), 404)


def test_the_lists_of_commitments_ask_as_many_questions_for_many(province_staff, django_assert_max_num_queries):
    training_class = degree_class()
    for number in range(55):
        commit(hire(f"Người {number}"), training_class)
        make_enrolment(hire(f"Chưa {number}"), training_class, State.ATTENDING)
    client = client_of(province_staff)

    with django_assert_max_num_queries(20):
        assert "Trang 1 / 2" in text_of(read(client, f"{LIST}?ngay=2015-12-31"))
    with django_assert_max_num_queries(20):
        assert "Trang 1 / 2" in text_of(read(client, f"{LIST}?ngay=2015-12-31&loai=can_ghi"))


@pytest.mark.parametrize(
    ("raises_to", "start", "binds"),
    [
        ("professional:DH", date(2012, 12, 31), True),  # the day before: every programme of đào tạo
        ("professional:DH", date(2013, 1, 1), False),
        ("professional:THS", date(2013, 1, 1), True),
        ("professional:TS", date(2013, 1, 1), True),
        ("political_theory:CN", date(2013, 1, 1), False),
        ("", date(2013, 1, 1), False),
    ],
)
def test_a_regulation_may_bind_from_a_level_on_only(regulation, raises_to, start, binds):
    regulation.end_date = date(2012, 12, 31)
    regulation.save()
    level = Level.objects.get(dimension__code="professional", code="THS")
    TrainingRegulation.objects.create(decree="NĐ mới", start_date=date(2013, 1, 1), commits_from=level)
    programme = make_programme(raises_to, kind=Programme.Kind.DEGREE, title="Chương trình học")
    training_class = make_class(programme, start_date=start, end_date=date(2014, 6, 30))
    enrolment = make_enrolment(hire(), training_class, State.COMPLETED)

    assert without_commitment(Enrolment.objects.all()).exists() == binds
    if binds:
        assert record_commitment(enrolment, **TERMS, by=None).pk
    else:
        with pytest.raises(ValidationError, match=r"Theo NĐ mới, .* chỉ học từ Thạc sĩ trở lên mới phải cam kết"):
            record_commitment(enrolment, **TERMS, by=None)


@pytest.mark.parametrize(
    ("until", "counted", "half", "dropped"),
    [
        (date(2014, 1, 1), 0, 0, 0),  # nothing yet
        (date(2014, 1, 2), 1, 0, 0),
        (date(2014, 2, 1), 1, 1, 1),  # a full month
        (date(2014, 2, 15), 2, 1, 1),  # 14 days more
        (date(2014, 2, 16), 2, 2, 1),
        (date(2014, 3, 1), 2, 2, 2),
    ],
)
def test_odd_days_are_counted_as_the_regulation_says(regulation, until, counted, half, dropped):
    start = date(2014, 1, 1)
    found = [ways.months(start, until) for ways in (OddDays.COUNTED, OddDays.HALF, OddDays.DROPPED)]
    assert found == [counted, half, dropped]

    regulation.odd_days_studied = OddDays.HALF
    assert regulation.commitment_months(start, until - timedelta(days=1)) == max(2 * half, 1)


def test_months_served_are_rounded_as_the_regulation_says(regulation):
    commitment = commit(hire())
    on = date(2015, 1, 20)  # 12 months and 19 days
    assert repayment(commitment, case=Repayment.Case.LEFT_EARLY, on=on).served_months == 12

    regulation.odd_days_served = OddDays.HALF
    regulation.save()

    assert repayment(commitment, case=Repayment.Case.LEFT_EARLY, on=on).served_months == 13


TO_RECORD = f"{LIST}?loai=can_ghi"


def test_many_of_a_class_commit_at_once_and_are_taken_back_as_one(province_staff):
    taught, other = degree_class(), degree_class()
    turns = [make_enrolment(hire(f"Người {number}"), taught, State.COMPLETED) for number in range(3)]
    make_enrolment(hire("Lớp khác"), other, State.COMPLETED)
    ClassFunding.objects.create(training_class=taught, source="local", committed=9_000_000)
    client = client_of(province_staff)
    paper = read(client, reverse("courses:class-documents", args=[taught.pk]))
    assert f"loai=can_ghi&amp;lop={taught.pk}" in paper
    page = f"{TO_RECORD}&lop={taught.pk}"
    shown = text_of(read(client, page))
    assert "3 lượt học" in shown
    assert "Lớp khác" not in shown
    read(client, f"{TO_RECORD}&lop=999999", 404)

    asked = begin_act(client, page, [turn.pk for turn in turns[:2]], "ghi")
    told = text_of(asked.content.decode())
    assert "Ghi cam kết của 2 người" in told
    assert f"48 tháng từ 01/01/2014, chi phí 3.000.000 đồng (lớp {taught.code})" in told
    assert "tổng cộng 6.000.000 đồng" in told
    finish_act(client, asked, signed_on="")
    assert not Commitment.objects.exists()
    done = finish_act(client, asked, signed_on="2014-01-01", note="Ký tại lớp")

    assert "Đã ghi cam kết phục vụ của 2 người." in done.content.decode()
    rows = Commitment.objects.values_list("enrolment", "signed_on", "starts_on", "months", "cost", "note")
    terms = (date(2014, 1, 1), date(2014, 1, 1), 48, 3_000_000, "Ký tại lớp")
    assert set(rows) == {(turn.pk, *terms) for turn in turns[:2]}

    back = reverse("cadres:act-take-back", args=[Act.objects.latest("pk").pk])
    client.post(back, {"reason": "Ghi nhầm lớp"})
    assert not Commitment.objects.exists()


def test_of_many_all_commit_or_none(regulation):
    taught = degree_class()
    one, two = (make_enrolment(hire(f"Người {number}"), taught, State.COMPLETED) for number in range(2))
    rows = with_cost(Enrolment.objects.filter(pk__in=[one.pk, two.pk])).select_related("training_class")
    proposed = {row.pk: proposal(row, [regulation]) for row in rows}
    signed = {"signed_on": date(2014, 1, 1), "by": None}
    with pytest.raises(ValidationError, match="Chưa chọn ai"):
        record_commitments({}, **signed)
    record_commitment(one, **TERMS, by=None)
    with pytest.raises(ValidationError, match="Người 0 đã có cam kết cho lớp này"):
        record_commitments(proposed, **signed)
    Commitment.objects.all().delete()
    Enrolment.objects.filter(pk=two.pk).update(state=State.FAILED)
    with pytest.raises(ValidationError, match="Người 1 không học lớp"):
        record_commitments(proposed, **signed)
    Enrolment.objects.filter(pk=two.pk).update(state=State.COMPLETED)
    regulation.delete()
    without = {row.pk: proposal(row, []) for row in rows}
    with pytest.raises(ValidationError, match="chưa có văn bản quy định số tháng"):
        record_commitments(without, **signed)
    assert not Commitment.objects.exists()


def test_who_cannot_commit_with_the_others_is_left_out_and_said_why(province_staff, regulation):
    taught = degree_class()
    turns = [make_enrolment(hire(f"Người {number}"), taught, State.COMPLETED) for number in range(2)]
    client = client_of(province_staff)
    asked = begin_act(client, TO_RECORD, [turn.pk for turn in turns], "ghi")
    record_commitment(turns[0], **TERMS, by=None)
    again = text_of(finish_act(client, asked, signed_on="2014-01-01").content.decode())
    assert "số liệu vừa thay đổi" in again
    assert "Đã có cam kết, hoặc không còn phải cam kết" in again
    regulation.delete()
    told = text_of(read(client, reverse("courses:commitment-record")))
    assert "Ngày khai giảng chưa có văn bản quy định: hãy ghi riêng" in told


def test_an_officer_ticks_no_commitment(district_officer):
    make_enrolment(hire(), degree_class(), State.COMPLETED)
    client = client_of(district_officer)
    assert 'name="chon"' not in read(client, TO_RECORD)
    assert client.post(TO_RECORD, {"viec": "ghi"}).status_code == 405
