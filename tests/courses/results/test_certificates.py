"""Certificates: issued once, recorded in the registry once, taken back by name, and what that does to the rate."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from cadres import registry, roles
from cadres.models import Official, Qualification
from courses.models import Certificate, Enrolment, EnrolmentStep, InstitutionAccount, TrainingClass
from courses.results import (
    Result,
    due_a_certificate,
    effect_of,
    issue_certificates,
    propose_numbers,
    record_results,
    withdraw_result,
)
from reports.rates import rate_on
from tests import province
from tests.builders import (
    criterion_of,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    the_clock_says,
)
from tests.conftest import client_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


@pytest.fixture(autouse=True)
def lately(db):
    """What these tests do has been done."""
    the_clock_says(date(2016, 12, 31))


END = date(2015, 3, 6)
ISSUED = date(2015, 3, 20)
A_DAY = timedelta(days=1)


@pytest.fixture
def people(db) -> dict[str, Official]:
    return province.people()


@pytest.fixture
def it_class(db) -> TrainingClass:
    """A class of tin học that ended on 6 March 2015."""
    return make_class(
        make_programme("it:A", field_of_study="Tin học ứng dụng"),
        state=TrainingClass.State.ENDED,
        end_date=END,
        institution=make_institution("Trường Chính trị tỉnh"),
    )


@pytest.fixture
def anh(people, it_class) -> Enrolment:
    """Trần Thị Ánh: nothing is open but tin học, and the class has been completed."""
    return completed(people["Trần Thị Ánh"], it_class)


def completed(official: Official, training_class: TrainingClass, mark: str = "8") -> Enrolment:
    enrolment = make_enrolment(official, training_class)
    record_results(training_class, {enrolment.pk: Result("completed", Decimal(mark))}, by=None)
    enrolment.refresh_from_db()
    return enrolment


def issue(training_class, *entries, issued_on=ISSUED, signer="Nguyễn Văn Hiệu", by=None) -> list[Certificate]:
    return issue_certificates(training_class, entries, issued_on=issued_on, signer=signer, by=by)


def compliant(day: date = province.DAY) -> int:
    return rate_on(day, criterion=criterion_of()).compliant


def words(refused) -> str:
    return " ".join(refused.value.messages)


# ---------------------------------------------------------------- issuing


def test_a_certificate_records_the_level_once_with_where_it_comes_from(anh, it_class, province_staff):
    (certificate,) = issue(it_class, (anh.pk, " A  0001 ", "01/2015"), by=province_staff)

    record = Qualification.objects.get(official=anh.official, origin=Qualification.Origin.COURSE)
    assert certificate.qualification == record
    assert (record.level, record.start_date, record.awarded_on, record.awarded_precision) == (
        it_class.programme.raises_to,
        ISSUED,
        ISSUED,
        "day",
    )
    assert (record.field_of_study, record.study_mode) == ("Tin học ứng dụng", "Tập trung")
    assert (record.institution, record.number) == ("Trường Chính trị tỉnh", "A 0001")
    assert (certificate.number, certificate.book_entry, certificate.issued_by) == ("A 0001", "01/2015", province_staff)
    step = EnrolmentStep.objects.latest("pk")
    assert (step.state, step.by, step.note) == ("completed", province_staff, "Cấp chứng chỉ ngày 20/03/2015")


def test_a_programme_that_raises_no_level_records_none(people):
    training_class = make_class(make_programme(), institution=make_institution())
    enrolment = completed(people["Trần Thị Ánh"], training_class)

    (certificate,) = issue(training_class, (enrolment.pk, "1", "01/2015"))

    assert certificate.qualification is None
    assert not Qualification.objects.filter(origin=Qualification.Origin.COURSE).exists()


def test_issuing_again_issues_nothing(anh, it_class):
    issue(it_class, (anh.pk, "A1", "01/2015"))

    assert issue(it_class, (anh.pk, "A1", "01/2015")) == []
    with pytest.raises(ValidationError, match="Trần Thị Ánh đã có chứng chỉ số A1"):
        issue(it_class, (anh.pk, "A2", "02/2015"))
    assert Certificate.objects.count() == 1
    assert Qualification.objects.filter(origin=Qualification.Origin.COURSE).count() == 1


@pytest.mark.parametrize(("days", "is_issued"), [(-1, False), (0, True), (1, True)])
def test_a_certificate_is_not_dated_before_the_end_of_the_class(anh, it_class, days, is_issued):
    day = END + timedelta(days=days)
    if is_issued:
        assert issue(it_class, (anh.pk, "A1", "01/2015"), issued_on=day)
    else:
        with pytest.raises(ValidationError, match="trước ngày bế giảng 06/03/2015"):
            issue(it_class, (anh.pk, "A1", "01/2015"), issued_on=day)
        assert not Certificate.objects.exists()


@pytest.mark.parametrize("result", [None, Result("failed", Decimal(3)), Result("absent")])
def test_only_who_has_completed_the_class_gets_one(people, it_class, result):
    enrolment = make_enrolment(people["Trần Thị Ánh"], it_class)
    if result:
        record_results(it_class, {enrolment.pk: result}, by=None)

    assert enrolment not in due_a_certificate(it_class)
    with pytest.raises(ValidationError, match="Trần Thị Ánh: chưa có kết quả Hoàn thành"):
        issue(it_class, (enrolment.pk, "A1", "01/2015"))


def test_a_class_without_an_institution_says_what_to_do(people):
    training_class = make_class()
    enrolment = completed(people["Trần Thị Ánh"], training_class)

    with pytest.raises(ValidationError, match="chưa ghi cơ sở đào tạo"):
        issue(training_class, (enrolment.pk, "A1", "01/2015"))
    assert propose_numbers(training_class, ISSUED, 3) == []


@pytest.mark.parametrize(
    ("numbers", "signer", "told"),
    [
        (("", "01/2015"), "H", "hãy ghi số hiệu"),
        (("A1", " "), "H", "hãy ghi số vào sổ"),
        (("A" * 51, "01/2015"), "H", "dài quá 50"),
        (("A1", "01/2015"), " ", "Hãy ghi người ký"),
    ],
)
def test_an_incomplete_certificate_is_refused(anh, it_class, numbers, signer, told):
    with pytest.raises(ValidationError) as refused:
        issue(it_class, (anh.pk, *numbers), signer=signer)

    assert told in words(refused)
    assert not Certificate.objects.exists()


def test_a_number_given_before_names_it_and_who_has_it(anh, people, it_class):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    other_class = make_class(state=TrainingClass.State.ENDED, institution=it_class.institution)
    other = completed(people["Nguyễn Văn Hùng"], other_class)

    with pytest.raises(ValidationError) as refused:
        issue(other_class, (other.pk, "A1", "02/2015"))
    assert f"số hiệu A1 đã cấp ngày {ISSUED:%d/%m/%Y} cho Trần Thị Ánh, lớp {it_class.code}" in words(refused)
    with pytest.raises(ValidationError) as refused:
        issue(other_class, (other.pk, "A2", "01/2015"))
    assert "số vào sổ 01/2015 đã dùng cho Trần Thị Ánh" in words(refused)

    # a number is given once for ever; a book entry once a year; another institution counts for itself
    with pytest.raises(ValidationError, match="Mỗi số hiệu chỉ cấp cho một người"):
        issue(other_class, (other.pk, "A1", "05/2015"), issued_on=date(2016, 1, 4))
    assert issue(other_class, (other.pk, "A5", "01/2015"), issued_on=date(2016, 1, 4))
    elsewhere = make_class(institution=make_institution())
    third = completed(people["Thào A Chín"], elsewhere)
    assert issue(elsewhere, (third.pk, "A1", "01/2015"))


def test_two_people_cannot_share_a_number_and_none_is_issued(anh, people, it_class):
    other = completed(people["Nguyễn Văn Hùng"], it_class)

    with pytest.raises(ValidationError) as refused:
        issue(it_class, (anh.pk, "A1", "01/2015"), (other.pk, "A1", "02/2015"))

    assert "Số hiệu A1 ghi cho 2 người: Trần Thị Ánh, Nguyễn Văn Hùng" in words(refused)
    assert not Certificate.objects.exists()
    assert not Qualification.objects.filter(origin=Qualification.Origin.COURSE).exists()


def test_somebody_of_another_class_gets_none(anh, it_class):
    with pytest.raises(ValidationError, match="không có tên trong lớp"):
        issue(make_class(institution=it_class.institution), (anh.pk, "A1", "01/2015"))


def test_proposed_numbers_carry_on_in_the_year(anh, people, it_class):
    code = it_class.institution.code
    assert propose_numbers(it_class, ISSUED, 2) == [(f"{code}-2015-001", "01/2015"), (f"{code}-2015-002", "02/2015")]

    issue(it_class, (anh.pk, "mẫu in sẵn 77", "09/2015"))
    other = completed(people["Nguyễn Văn Hùng"], it_class)
    issue(it_class, (other.pk, f"{code}-2015-011", "sổ cũ"))

    assert propose_numbers(it_class, ISSUED, 1) == [(f"{code}-2015-012", "12/2015")]
    assert propose_numbers(it_class, date(2016, 1, 4), 1) == [(f"{code}-2016-001", "01/2016")]
    assert propose_numbers(make_class(institution=make_institution()), ISSUED, 1)[0].book_entry == "01/2015"


def test_the_queries_of_issuing_grow_with_the_class_and_not_with_the_registry(it_class, django_assert_max_num_queries):
    enrolments = [completed(make_official(f"Học viên {number}"), it_class) for number in range(10)]
    entries = [(enrolment.pk, f"A{place}", f"{place}/2015") for place, enrolment in enumerate(enrolments)]

    with django_assert_max_num_queries(12 + 12 * len(entries)):
        issue(it_class, *entries)


# ---------------------------------------------------------------- the rate


def test_a_certificate_raises_the_rate_by_the_person_from_its_day_on(anh, it_class):
    assert compliant() == 4

    issue(it_class, (anh.pk, "A1", "01/2015"))

    assert compliant() == 5
    assert [compliant(day) for day in (ISSUED - A_DAY, ISSUED, ISSUED + A_DAY)] == [4, 5, 5]


def test_the_effect_shown_before_is_the_effect(anh, people, it_class):
    hung = completed(people["Nguyễn Văn Hùng"], it_class)  # complies already
    retired = completed(people["Hoàng Văn Páo"], it_class)  # lacks something else

    effect = effect_of(it_class, [anh, hung, retired], issued_on=ISSUED, criterion=criterion_of())

    assert (effect.judged, effect.before, effect.after, effect.gained) == (3, 1, 2, 1)
    assert not Qualification.objects.filter(level=it_class.programme.raises_to, official=anh.official).exists()
    before = compliant()
    issue(it_class, (anh.pk, "A1", "01/2015"), (hung.pk, "A2", "02/2015"), (retired.pk, "A3", "03/2015"))
    assert compliant() == before + effect.gained


def test_a_programme_that_raises_nothing_has_no_effect_to_show(people):
    training_class = make_class()
    enrolment = completed(people["Trần Thị Ánh"], training_class)

    assert effect_of(training_class, [enrolment], issued_on=ISSUED, criterion=criterion_of()) is None


# ---------------------------------------------------------------- taking back


def test_a_result_written_in_error_never_counted(anh, people, it_class, province_staff):
    other = completed(people["Nguyễn Văn Hùng"], it_class)
    issue(it_class, (anh.pk, "A1", "01/2015"), (other.pk, "A2", "02/2015"))
    assert compliant() == 5

    withdraw_result(anh, reason="Nhầm người", day=date(2015, 4, 1), by=province_staff)

    assert compliant() == 4
    assert compliant(ISSUED) == 4
    anh.refresh_from_db()
    assert (anh.state, anh.mark, anh.grade) == ("attending", None, "")
    assert anh.decision is not None
    certificate = Certificate.objects.get(enrolment=anh)
    assert (certificate.withdrawn_on, certificate.withdrawn_because) == (date(2015, 4, 1), "Nhầm người")
    assert certificate.qualification.is_error
    step = EnrolmentStep.objects.latest("pk")
    assert (step.state, step.by, step.note) == ("attending", province_staff, "Kết quả ghi sai: Nhầm người")
    # nobody else is touched
    other.refresh_from_db()
    assert other.state == "completed"
    assert not Certificate.objects.get(enrolment=other).withdrawn_on


def test_a_revoked_certificate_counts_up_to_the_day_before(anh, it_class):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    revoked = date(2015, 9, 1)

    withdraw_result(anh, reason="Gian lận thi cử", day=date(2015, 10, 1), revoke_from=revoked, by=None)

    assert [compliant(day) for day in (ISSUED - A_DAY, ISSUED, revoked - A_DAY, revoked, revoked + A_DAY)] == [
        4,
        5,
        5,
        4,
        4,
    ]
    anh.refresh_from_db()
    assert (anh.state, anh.mark) == ("completed", Decimal(8))
    certificate = Certificate.objects.get()
    assert (certificate.withdrawn_on, certificate.qualification.is_error) == (revoked, False)
    assert "Thu hồi chứng chỉ số A1 từ 01/09/2015: Gian lận thi cử" in EnrolmentStep.objects.latest("pk").note


@pytest.mark.parametrize(("days", "is_revoked"), [(-1, False), (0, False), (1, True)])
def test_a_certificate_is_revoked_after_its_day(anh, it_class, days, is_revoked):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    day = ISSUED + timedelta(days=days)
    if is_revoked:
        withdraw_result(anh, reason="x", day=ISSUED, revoke_from=day, by=None)
        assert compliant(ISSUED) == 5
        assert compliant(day) == 4
    else:
        with pytest.raises(ValidationError, match="phải sau ngày cấp 20/03/2015"):
            withdraw_result(anh, reason="x", day=ISSUED, revoke_from=day, by=None)
        assert compliant() == 5


def test_a_new_certificate_after_a_withdrawn_one_has_a_new_number(anh, it_class):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    withdraw_result(anh, reason="Sai điểm", day=ISSUED, by=None)
    with pytest.raises(ValidationError, match="chưa có kết quả Hoàn thành"):
        issue(it_class, (anh.pk, "A2", "02/2015"))
    record_results(it_class, {anh.pk: Result("completed", Decimal(6))}, by=None)

    with pytest.raises(ValidationError, match="đã thu hồi, số không dùng lại"):
        issue(it_class, (anh.pk, "A1", "02/2015"))
    issue(it_class, (anh.pk, "A2", "02/2015"))

    assert compliant() == 5
    assert list(Certificate.objects.order_by("pk").values_list("number", "withdrawn_on")) == [
        ("A1", ISSUED),
        ("A2", None),
    ]


def test_whose_certificate_was_revoked_is_due_a_new_one(anh, it_class):
    assert list(due_a_certificate(it_class)) == [anh]
    issue(it_class, (anh.pk, "A1", "01/2015"))
    assert not due_a_certificate(it_class).exists()

    withdraw_result(anh, reason="In sai tên", day=ISSUED, revoke_from=ISSUED + A_DAY, by=None)

    assert list(due_a_certificate(it_class)) == [anh]


def test_a_result_with_a_valid_certificate_is_not_changed_before_it_is_withdrawn(anh, it_class):
    issue(it_class, (anh.pk, "A1", "01/2015"))

    with pytest.raises(ValidationError, match="Trần Thị Ánh: đã có chứng chỉ, hãy thu hồi trước"):
        record_results(it_class, {anh.pk: Result("failed", Decimal(4))}, by=None)
    same = Result("completed", Decimal(8), "excellent")
    assert record_results(it_class, {anh.pk: same}, by=None).written == 0

    withdraw_result(anh, reason="Sai điểm", day=ISSUED, by=None)
    assert record_results(it_class, {anh.pk: Result("failed", Decimal(4))}, by=None).written == 1


def test_a_result_without_a_certificate_is_taken_back_alone(anh, it_class):
    with pytest.raises(ValidationError, match="không có chứng chỉ còn giá trị"):
        withdraw_result(anh, reason="x", day=ISSUED, revoke_from=ISSUED, by=None)

    withdraw_result(anh, reason="Ghi nhầm lớp", day=ISSUED, by=None)

    anh.refresh_from_db()
    assert anh.state == "attending"
    assert compliant() == 4


def test_what_cannot_be_taken_back(anh, it_class):
    with pytest.raises(ValidationError, match="Hãy ghi lý do"):
        withdraw_result(anh, reason="  ", day=ISSUED, by=None)
    with pytest.raises(ValidationError, match="Lý do dài quá 200"):
        withdraw_result(anh, reason="x" * 201, day=ISSUED, by=None)
    withdraw_result(anh, reason="x", day=ISSUED, by=None)
    with pytest.raises(ValidationError, match="chưa có kết quả"):
        withdraw_result(anh, reason="x", day=ISSUED, by=None)


def test_a_record_that_the_registry_revoked_before_is_not_prolonged(anh, it_class):
    (certificate,) = issue(it_class, (anh.pk, "A1", "01/2015"))
    registry.revoke(certificate.qualification, on=date(2015, 5, 1), reason="Sở thu hồi", by=None)

    withdraw_result(anh, reason="x", day=ISSUED, revoke_from=date(2015, 9, 1), by=None)

    assert compliant(date(2015, 4, 30)) == 5
    assert compliant(date(2015, 5, 1)) == 4


def test_a_record_that_the_registry_marked_as_an_error_keeps_its_reason(anh, it_class):
    (certificate,) = issue(it_class, (anh.pk, "A1", "01/2015"))
    registry.correct_as_error(certificate.qualification, reason="Nhầm người", by=None)

    withdraw_result(anh, reason="Gian lận", day=ISSUED, revoke_from=date(2015, 9, 1), by=None)

    record = Qualification.objects.get(pk=certificate.qualification.pk)
    assert (record.is_error, record.end_date, record.note) == (True, None, "Nhầm người")
    assert Certificate.objects.get().withdrawn_on == date(2015, 9, 1)


# ---------------------------------------------------------------- the pages


@pytest.fixture
def account(db, it_class):
    user = make_user("truong-chinh-tri", roles.TRAINING_INSTITUTION)
    InstitutionAccount.objects.create(user=user, institution=it_class.institution)
    return user


def page_of(training_class: TrainingClass) -> str:
    return reverse("courses:class-certificates", args=[training_class.pk])


def shown(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def posted(enrolment: Enrolment, **changes) -> dict[str, str]:
    pk = enrolment.pk
    data = {
        "issued_on": "2015-03-20",
        "signer": "Nguyễn Văn Hiệu",
        "is_confirmed": "on",
        "chon": str(pk),
        f"so-{pk}": "A1",
        f"vao_so-{pk}": "01/2015",
    }
    return data | changes


def test_the_page_shows_whom_it_is_for_and_what_it_would_do(anh, people, it_class, account):
    completed(people["Nguyễn Văn Hùng"], it_class)
    failed = make_enrolment(people["Hoàng Văn Páo"], it_class)
    record_results(it_class, {failed.pk: Result("failed")}, by=None)

    page = shown(client_of(account).get(page_of(it_class), {"ngay_cap": "2015-03-20"}))

    assert "2 người hoàn thành, chưa có chứng chỉ" in page
    assert "Hoàng Văn Páo" not in page
    assert f'value="{it_class.institution.code}-2015-001"' in page
    assert 'value="02/2015"' in page
    assert 'value="Nguyễn Văn Hiệu"' in page  # the head of the institution signs
    assert "Thêm <strong>1 người đạt chuẩn</strong>" in page
    assert "1 → 2 trong 2 người được xét" in page
    assert not Certificate.objects.exists()


def test_certificates_are_issued_on_the_page(anh, it_class, account):
    response = client_of(account).post(page_of(it_class), posted(anh), follow=True)

    assert "Đã cấp 1 chứng chỉ và ghi nhận mức" in said(response)
    assert "1 chứng chỉ đã cấp" in response.content.decode()
    assert Certificate.objects.get().issued_by == account
    assert compliant() == 5


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_confirmed": ""}, "Hãy đánh dấu xác nhận"),
        ({"signer": ""}, "Trường này là bắt buộc"),
        ({"issued_on": "2015-03-05"}, "trước ngày bế giảng 06/03/2015"),
        ({"chon": ""}, "Chưa chọn ai"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_stays_on_the_page(anh, it_class, account, changes, told):
    page = shown(client_of(account).post(page_of(it_class), posted(anh, **changes)))

    assert told in page
    assert "Chưa cấp chứng chỉ nào." in page
    assert 'value="A1"' in page
    assert not Certificate.objects.exists()


def test_a_leader_reads_and_an_officer_sees_the_own_people(anh, people, it_class, leader, district_officer):
    other = completed(people["Thào A Chín"], it_class)
    issue(it_class, (anh.pk, "A1", "01/2015"), (other.pk, "A2", "02/2015"))

    page = shown(client_of(leader).get(page_of(it_class)))
    assert "Trần Thị Ánh" in page
    assert "Thào A Chín" in page
    assert "Cấp chứng chỉ</button>" not in page
    for path in (page_of(it_class), reverse("courses:certificate-list") + "?nam=2015"):
        page = shown(client_of(district_officer).get(path))
        assert "Trần Thị Ánh" in page
        assert "Thào A Chín" not in page
    assert client_of(leader).post(page_of(it_class), posted(anh)).status_code == 403


def test_a_result_is_withdrawn_on_its_page(anh, it_class, account):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    path = reverse("courses:result-withdraw", args=[it_class.pk, anh.pk])
    client = client_of(account)

    page = shown(client.get(path))
    assert "số A1, vào sổ 01/2015, cấp 20/03/2015" in page
    assert "có thể không còn đạt chuẩn" in page
    refused = shown(client.post(path, {"kind": "revoked", "reason": "x", "is_confirmed": "on"}))
    assert "Hãy ghi ngày thu hồi." in refused
    refused = shown(client.post(path, {"kind": "error", "reason": "x"}))
    assert "Hãy đánh dấu xác nhận" in refused
    assert compliant() == 5

    done = client.post(path, {"kind": "error", "reason": "Nhầm người", "is_confirmed": "on"}, follow=True)
    assert "đã thu hồi kết quả" in said(done)
    assert compliant() == 4
    assert Certificate.objects.get().withdrawn_because == "Nhầm người"


def test_a_certificate_is_revoked_on_the_page_from_a_day(anh, it_class, account):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    path = reverse("courses:result-withdraw", args=[it_class.pk, anh.pk])
    data = {"kind": "revoked", "reason": "Gian lận", "revoke_from": "2015-09-01", "is_confirmed": "on"}

    client_of(account).post(path, data)

    assert [compliant(day) for day in (date(2015, 8, 31), date(2015, 9, 1))] == [5, 4]


def test_another_institution_finds_nothing_to_withdraw(anh, it_class):
    other = make_user("trung-tam", roles.TRAINING_INSTITUTION)
    make_institution(user=other)

    assert client_of(other).get(reverse("courses:result-withdraw", args=[it_class.pk, anh.pk])).status_code == 404
    assert client_of(other).get(page_of(it_class)).status_code == 404


# ---------------------------------------------------------------- the register


@pytest.fixture
def register(anh, people, it_class) -> list[Certificate]:
    """Two of 2015, one of them withdrawn, and one of 2016 from elsewhere."""
    hung = completed(people["Nguyễn Văn Hùng"], it_class)
    issue(it_class, (anh.pk, "A1", "01/2015"), (hung.pk, "B2", "02/2015"))
    withdraw_result(hung, reason="Gian lận", day=ISSUED, revoke_from=date(2015, 9, 1), by=None)
    elsewhere = make_class(institution=make_institution("Trung tâm huyện"))
    chin = completed(people["Thào A Chín"], elsewhere)
    issue(elsewhere, (chin.pk, "C3", "01/2016"), issued_on=date(2016, 1, 4))
    return list(Certificate.objects.order_by("pk"))


REGISTER = "courses:certificate-list"
NUMBERS = ("A1", "B2", "C3")


def test_the_register_is_filtered(register, leader):
    client = client_of(leader)
    for query, found in (
        ({}, "A1 B2"),  # the year of the working day
        ({"nam": "2016"}, "C3"),
        ({"nam": "tat_ca"}, "A1 B2 C3"),
        ({"nam": "tat_ca", "tinh_trang": "withdrawn"}, "B2"),
        ({"nam": "tat_ca", "tinh_trang": "valid"}, "A1 C3"),
        ({"nam": "tat_ca", "q": "tran thi anh"}, "A1"),
        ({"nam": "tat_ca", "q": "c3"}, "C3"),
        ({"nam": "tat_ca", "q": "02/2015"}, "B2"),
        ({"nam": "2016", "q": "anh"}, ""),
    ):
        page = shown(client.get(reverse(REGISTER), {"ngay": "2015-12-31", **query}))
        assert [number for number in NUMBERS if f'"Số hiệu">{number}<' in page] == found.split(), query


def test_the_register_is_filtered_by_institution_and_programme_and_sorted(register, leader, it_class):
    client = client_of(leader)

    page = shown(client.get(reverse(REGISTER), {"nam": "tat_ca", "co_so": it_class.institution.code}))
    assert [number for number in NUMBERS if f">{number}<" in page] == ["A1", "B2"]
    page = shown(client.get(reverse(REGISTER), {"nam": "tat_ca", "chuong_trinh": it_class.programme.code}))
    assert [number for number in NUMBERS if f">{number}<" in page] == ["A1", "B2"]
    page = shown(client.get(reverse(REGISTER), {"nam": "tat_ca", "sap_xep": "ten"}))
    assert page.index("Trần Thị Ánh") < page.index("Thào A Chín") < page.index("Nguyễn Văn Hùng")


def test_a_filter_that_is_none_answers_400(leader):
    client = client_of(leader)
    for query in ({"nam": "năm nay"}, {"co_so": "KHÔNG"}, {"tinh_trang": "x"}, {"sap_xep": "x"}):
        assert client.get(reverse(REGISTER), query).status_code == 400, query
    assert client.get(reverse(REGISTER), {"trang": "9"}).status_code == 404


def test_the_register_sorts_by_each_of_its_columns_both_ways(register, leader):
    """Forth of everybody, back of a district."""
    client = client_of(leader)
    columns = ["ten", "so", "so_hieu", "ngay_sinh", "chuc_danh", "xa", "chuong_trinh", "xep_loai", "ngay", "tinh_trang"]
    for sort in columns:
        for way, words, number in (("", {}, 3), ("-", {"huyen": "085"}, 2)):
            page = client.get(reverse(REGISTER), {"nam": "tat_ca", "sap_xep": way + sort, **words})
            assert (page.status_code, len(page.context["rows"])) == (200, number), way + sort


def test_the_list_of_certificates_leaves_as_it_is_shown(register, leader):
    words = {
        "nam": "tat_ca",
        "tinh_trang": "valid",
        "cot": ["so_hieu", "nguoi_ky"],
        "sap_xep": "so_hieu",
        "tep": "xlsx",
    }
    answer = client_of(leader).get(reverse(REGISTER), words)
    rows = [[cell for cell in row if cell is not None] for row in load_workbook(BytesIO(answer.content)).active.values]
    assert ["STT", "Họ và tên", "Số hiệu", "Người ký"] in rows
    assert [row[2] for row in rows[-2:]] == ["A1", "C3"]
    assert "Bộ lọc: Tình trạng: Còn giá trị." in [row[0] for row in rows if row]


def test_an_institution_sees_its_own_register(register, account):
    page = shown(client_of(account).get(reverse(REGISTER), {"nam": "tat_ca"}))

    assert [number for number in NUMBERS if f">{number}<" in page] == ["A1", "B2"]
    assert "Trung tâm huyện" not in page
    assert reverse("cadres:official-detail", args=[register[0].enrolment.official_id]) not in page


def test_the_register_goes_out_as_a_workbook(register, leader):
    response = client_of(leader).get(reverse("courses:certificate-file", args=["xlsx"]), {"nam": "tat_ca"})

    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    head = next(place for place, row in enumerate(rows) if row[0] == "STT")
    assert [row[2] for row in rows[head + 1 :]] == ["C3", "B2", "A1"]
    last = dict(zip(rows[head], rows[-1], strict=True))
    assert (last["Họ và tên"], last["Chức danh"], last["Đơn vị"]) == (
        "Trần Thị Ánh",
        "Văn phòng - thống kê",
        "Thị trấn Bắc Hà",
    )
    assert (last["Xếp loại"], last["Ngày cấp"].date(), last["Tình trạng"]) == ("Giỏi", date(2015, 3, 20), "còn giá trị")
    assert client_of(leader).get(reverse("courses:certificate-file", args=["pdf"])).status_code == 404


def test_the_queries_of_the_register_and_of_issuing_do_not_grow(
    register, it_class, account, django_assert_max_num_queries
):
    for number in range(30):
        enrolment = completed(make_official(f"Học viên {number}"), it_class)
        if number % 2:
            issue(it_class, (enrolment.pk, f"Z{number}", f"{number + 50}/2015"))
    client = client_of(account)

    with django_assert_max_num_queries(14):
        shown(client.get(reverse(REGISTER), {"nam": "2015"}))
    with django_assert_max_num_queries(20):
        shown(client.get(page_of(it_class)))


# ---------------------------------------------------------------- the training of a person


def test_the_training_of_a_person_shows_classes_steps_certificates_and_hours(anh, it_class, district_officer):
    issue(it_class, (anh.pk, "A1", "01/2015"))
    withdraw_result(anh, reason="Sai điểm", day=date(2015, 4, 1), by=None)
    record_results(it_class, {anh.pk: Result("completed", Decimal("6.5"))}, by=None)
    issue(it_class, (anh.pk, "A2", "02/2015"))

    page = shown(client_of(district_officer).get(reverse("courses:official-training", args=[anh.official_id])))

    for text in (
        it_class.programme.title,
        "Văn phòng - thống kê",
        "Trung bình",
        "6,5 điểm",
        "số A1, 20/03/2015",
        "Thu hồi 01/04/2015",
        "số A2, 20/03/2015",
        "Kết quả ghi sai: Sai điểm",
        "1 lượt cử, 1 lượt hoàn thành",
    ):
        assert text in page
    assert "<dt>2015</dt><dd>40 tiết</dd>" in page


def test_the_training_of_somebody_out_of_scope_is_not_found(people, district_officer, account):
    path = reverse("courses:official-training", args=[people["Thào A Chín"].pk])

    assert client_of(district_officer).get(path).status_code == 404
    assert client_of(account).get(path).status_code == 403


def test_a_person_without_training_says_so_and_is_linked_from_the_record(people, district_officer):
    official = people["Trần Thị Ánh"]
    path = reverse("courses:official-training", args=[official.pk])

    assert "Chưa được cử đi học lớp nào." in shown(client_of(district_officer).get(path))
    detail = client_of(district_officer).get(reverse("cadres:official-detail", args=[official.pk]))
    assert path in shown(detail)
