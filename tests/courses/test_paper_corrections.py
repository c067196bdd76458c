"""A paper of training put right: for a reason, with what was printed before named beside it and kept in the history."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres.models import Act
from courses.classes import commit_funding, correct_settlement, settle
from courses.corrections import corrections_of
from courses.enrolment.corrections import correct_decision
from courses.models import Certificate, Enrolment, PlanAmendment, SendingDecision, TrainingClass, TrainingPlan
from courses.planning.corrections import correct_plan_decision
from courses.results import issue_certificates
from courses.results.corrections import correct_certificate
from reports.rates import rate_on
from tests import province
from tests.builders import criterion_of, make_class, make_enrolment, make_institution, make_programme, the_clock_says
from tests.conftest import client_of, correct

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


@pytest.fixture(autouse=True)
def lately(db):
    """What these tests do has been done."""
    the_clock_says(date(2016, 12, 31))


START, END, ISSUED = date(2015, 3, 2), date(2015, 3, 6), date(2015, 3, 10)
WHY = {"reason": "Nhầm số", "by": None}
State = Enrolment.State


@pytest.fixture
def people() -> dict:
    return province.people()


@pytest.fixture
def it_class() -> TrainingClass:
    programme = make_programme("it:A")
    return make_class(
        programme=programme,
        state=TrainingClass.State.ENDED,
        institution=make_institution(),
        start_date=START,
        end_date=END,
    )


@pytest.fixture
def certificate(people, it_class) -> Certificate:
    enrolment = make_enrolment(people["Trần Thị Ánh"], it_class, State.COMPLETED)
    entries = [(enrolment.pk, "A1", "01/2015")]
    return issue_certificates(it_class, entries, issued_on=ISSUED, signer="Hiệu trưởng", by=None)[0]


def compliant(day: date = province.DAY) -> int:
    return rate_on(day, criterion=criterion_of("FULL")).compliant


def told(paper) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The reason of each correction of a paper, and what it changed."""
    found = corrections_of([paper])[paper.pk]
    return [(one.reason, [(line.label, line.old, line.new) for line in one.lines]) for one in found]


# ---------------------------------------------------------------- certificates


def test_a_certificate_corrected_names_what_was_printed_before_and_its_record_says_the_same(certificate):
    assert [compliant(day) for day in (date(2015, 3, 9), ISSUED)] == [4, 5]
    correct_certificate(
        certificate, number="A7", book_entry="01/2015", issued_on=date(2015, 3, 20), signer="Hiệu trưởng", **WHY
    )
    certificate.refresh_from_db()
    record = certificate.qualification
    assert (record.number, record.awarded_on, record.start_date) == ("A7", date(2015, 3, 20), date(2015, 3, 20))
    assert [compliant(day) for day in (date(2015, 3, 19), date(2015, 3, 20))] == [4, 5]
    assert told(certificate) == [("Nhầm số", [("Số hiệu", "A1", "A7"), ("Ngày cấp", "10/03/2015", "20/03/2015")])]


def test_a_number_belongs_to_one_person_for_ever(certificate, people, it_class):
    other = make_enrolment(people["Nguyễn Văn Hùng"], it_class, State.COMPLETED)
    given = issue_certificates(
        it_class, [(other.pk, "A2", "01/2016")], issued_on=date(2016, 1, 4), signer="Hiệu trưởng", by=None
    )[0]
    with pytest.raises(ValidationError, match=r"số hiệu A1 đã cấp ngày 10/03/2015 cho Trần Thị Ánh"):
        correct_certificate(
            given, number="A1", book_entry="01/2016", issued_on=date(2016, 1, 4), signer="Hiệu trưởng", **WHY
        )
    given.refresh_from_db()
    assert given.number == "A2"


def test_a_certificate_withdrawn_or_dated_before_its_class_ended_is_not_corrected(certificate):
    words = {"number": "A1", "book_entry": "01/2015", "signer": "Hiệu trưởng"}
    with pytest.raises(ValidationError, match="trước ngày bế giảng"):
        correct_certificate(certificate, **words, issued_on=date(2015, 3, 5), **WHY)
    Certificate.objects.update(withdrawn_on=date(2015, 5, 1), withdrawn_because="Thu hồi")
    with pytest.raises(ValidationError, match="đã thu hồi nên không đính chính được"):
        correct_certificate(certificate, **words, issued_on=ISSUED, **WHY)


def test_a_certificate_is_corrected_on_its_page_with_the_effect_seen_before(certificate, province_staff):
    client, training_class = client_of(province_staff), certificate.enrolment.training_class
    page = reverse("courses:certificate-correct", args=[training_class.pk, certificate.pk]) + "?ngay=2015-03-15"
    typed = {field.name: field.value() or "" for field in client.get(page).context["form"]}
    typed |= {"number": "A9", "issued_on": "2015-03-20", "reason": "Nhầm phôi"}
    shown = client.post(page, typed).content.decode()
    assert "A1 → <strong>A9</strong>" in shown
    assert "Đạt → <strong>Chưa đủ dữ liệu</strong>" in shown
    assert not Act.objects.filter(kind=Act.Kind.CORRECTION).exists()
    assert correct(client, page, typed).status_code == 302
    listed = client.get(reverse("courses:class-certificates", args=[training_class.pk])).content.decode()
    assert "số hiệu cũ A1" in listed
    assert "lý do: Nhầm phôi" in listed


# ---------------------------------------------------------------- sending decisions


@pytest.fixture
def open_class(people) -> TrainingClass:
    return make_class(state=TrainingClass.State.OPEN, start_date=START, end_date=END)


@pytest.fixture
def sent(people, open_class) -> Enrolment:
    return make_enrolment(people["Lý Thị Lan"], open_class, State.DECIDED)


def as_it_is(decision: SendingDecision, **changes) -> dict:
    names = ("number", "signed_on", "signer", "signer_post")
    listed = set(decision.enrolments.values_list("pk", flat=True))
    return {name: getattr(decision, name) for name in names} | {"listed": listed} | changes


def test_a_sending_decision_corrected_names_what_was_printed_before(sent):
    decision, number = sent.decision, sent.decision.number
    correct_decision(decision, **as_it_is(decision, number="126/QĐ-SNV", signer="Trần Văn B"), **WHY)
    ((reason, lines),) = told(decision)
    assert reason == "Nhầm số"
    assert ("Số quyết định", number, "126/QĐ-SNV") in lines
    assert SendingDecision.objects.get(pk=decision.pk).signer == "Trần Văn B"


def test_who_was_left_out_of_a_decision_stands_in_it_and_who_stood_in_it_by_mistake_does_not(sent, people, open_class):
    left_out = make_enrolment(people["Hoàng Văn Páo"], open_class, State.APPROVED)
    decision = sent.decision
    correct_decision(decision, **as_it_is(decision, listed={left_out.pk}), **WHY)
    sent.refresh_from_db()
    left_out.refresh_from_db()
    assert (sent.state, sent.decision) == (State.APPROVED, None)
    assert (left_out.state, left_out.decision) == (State.DECIDED, decision)
    assert "Không có tên trong quyết định" in sent.steps.last().note
    with pytest.raises(ValidationError, match="ít nhất một người"):
        correct_decision(decision, **as_it_is(decision, listed=set()), **WHY)


def test_who_studies_already_is_not_taken_out_of_the_decision(sent, people, open_class):
    other = make_enrolment(people["Hoàng Văn Páo"], open_class, State.APPROVED)
    Enrolment.objects.filter(pk=sent.pk).update(state=State.ATTENDING)
    with pytest.raises(ValidationError, match=r"Đã vào học .* Lý Thị Lan.* hãy rút khỏi lớp"):
        correct_decision(sent.decision, **as_it_is(sent.decision, listed={other.pk}), **WHY)
    other.refresh_from_db()
    assert other.state == State.APPROVED


def test_a_decision_is_corrected_on_screen_and_the_paper_says_what_was_printed(sent, province_staff):
    client, decision = client_of(province_staff), sent.decision
    page = reverse("courses:decision-correct", args=[sent.training_class_id, decision.pk])
    papers = reverse("courses:class-documents", args=[sent.training_class_id])
    assert page in client.get(papers).content.decode()
    typed = {field.name: field.value() or "" for field in client.get(page).context["form"]}
    assert "Chưa sửa gì" in client.post(page, typed | {"reason": "x"}).content.decode()
    typed |= {"number": "126/QĐ-SNV", "reason": "Văn thư ghi nhầm"}
    assert "→ <strong>126/QĐ-SNV</strong>" in client.post(page, typed).content.decode()
    assert correct(client, page, typed).status_code == 302
    shown = client.get(papers).content.decode()
    assert f"số quyết định cũ {decision.number}" in shown
    assert "lý do: Văn thư ghi nhầm" in shown


# ---------------------------------------------------------------- plans and money


@pytest.mark.parametrize("of_amendment", [False, True])
def test_the_decision_on_a_plan_or_an_amendment_is_corrected(of_amendment, province_staff):
    decided = {"state": "approved", "decision_number": "12/QĐ-UBND", "decision_date": date(2015, 12, 25)}
    plan = paper = TrainingPlan.objects.create(year=2016, title="Kế hoạch 2016", **decided)
    keys = [plan.pk]
    if of_amendment:
        paper = PlanAmendment.objects.create(plan=plan, number=1, reason="Thêm lớp", **decided)
        keys.append(paper.pk)
    client = client_of(province_staff)
    page = reverse(f"courses:{'amendment' if of_amendment else 'plan'}-decision-correct", args=keys)
    typed = {"number": "21/QĐ-UBND", "on": "2015-12-25", "reason": "Đảo số"}
    assert correct(client, page, typed).status_code == 302
    paper.refresh_from_db()
    assert paper.decision_number == "21/QĐ-UBND"
    assert told(paper) == [("Đảo số", [("Số quyết định", "12/QĐ-UBND", "21/QĐ-UBND")])]
    assert "số quyết định cũ 12/QĐ-UBND" in client.get(reverse("courses:plan-detail", args=[plan.pk])).content.decode()


def test_a_draft_has_no_decision_to_correct():
    plan = TrainingPlan.objects.create(year=2016, title="Kế hoạch 2016")
    with pytest.raises(ValidationError, match="chưa có quyết định để đính chính"):
        correct_plan_decision(plan, number="1", on=date(2015, 12, 25), **WHY)


def test_a_settled_amount_is_never_written_over_without_a_reason(it_class, province_staff):
    commit_funding(it_class, {"local": 9_000_000}, by=None)
    settle(it_class, {"local": 7_000_000}, on=END, document="CT 1", by=None)
    settle(it_class, {"local": 7_000_000}, on=END, document="CT 1", by=None)  # the same once more changes nothing
    with pytest.raises(ValidationError, match="hãy đính chính và ghi lý do"):
        settle(it_class, {"local": 8_000_000}, on=END, document="CT 1", by=None)
    with pytest.raises(ValidationError, match="vượt kinh phí đã giao"):
        correct_settlement(it_class, {"local": 9_000_001}, on=END, document="CT 1", **WHY)
    client = client_of(province_staff)
    page = reverse("courses:settlement-correct", args=[it_class.pk])
    typed = {"central": "0", "local": "8.000.000", "other": "0", "on": END.isoformat(), "document": "CT 1"}
    answer = client.post(page, typed | {"reason": "Cộng sót"}).content.decode()
    assert "7.000.000 → <strong>8.000.000</strong>" in answer
    assert correct(client, page, typed | {"reason": "Cộng sót"}).status_code == 302
    row = it_class.funding.get(source="local")
    assert row.spent == 8_000_000
    assert [reason for reason, _ in told(row)] == ["Cộng sót"]
    shown = client.get(reverse("courses:class-funding", args=[it_class.pk])).content.decode()
    assert "7.000.000" in shown
    assert "lý do: Cộng sót" in shown
