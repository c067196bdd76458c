"""Programmes in modules: taken apart over time, credited with class and day, completed by one certificate."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse

from cadres.models import Appointment, Official
from courses.classes import change_class, save_class
from courses.classes.states import reopen_class
from courses.enrolment.candidates import Candidates
from courses.enrolment.nomination import foresee
from courses.enrolment.rules import against
from courses.models import Certificate, Enrolment, ModuleTaught, Programme, ProgrammeModule, TrainingClass
from courses.modules import progress_in
from courses.needs.computed import closing_programmes, lacking_posts, needs_of
from courses.obligations.hours import yearly_hours
from courses.results import Result, due_a_certificate, issue_certificates, record_results, withdraw_result
from courses.under_way import studies, under_way
from reports.rates import rate_on
from tests import province
from tests.builders import criterion_of, make_class, make_enrolment, make_institution, make_programme, the_clock_says
from tests.conftest import client_of
from tests.province import DAY
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

NAME = "Lý Thị Lan"  # lacks a TC of her profession, and nothing else
FIRST_END, LAST_END = date(2015, 3, 27), date(2015, 10, 30)
A_DAY = timedelta(days=1)
State, ClassState = Enrolment.State, TrainingClass.State


@pytest.fixture(autouse=True)
def lately(db):
    the_clock_says(date(2016, 12, 31))


@pytest.fixture
def lan(db) -> Official:
    Programme.objects.all().delete()
    return province.people()[NAME]


@pytest.fixture
def course(lan) -> Programme:
    """120 tiết: modules of 40, 56 and 24."""
    programme = make_programme("professional:TC", title="Trung cấp hành chính", hours=120)
    for number, hours in enumerate((40, 56, 24), start=1):
        ProgrammeModule.objects.create(programme=programme, number=number, title=f"Phần {number}", hours=hours)
    return programme


def run(course: Programme, *numbers: int, end: date = FIRST_END, state: str = ClassState.ENDED) -> TrainingClass:
    """A class of three weeks up to the day that teaches the modules of these numbers."""
    school = make_institution("Trường Chính trị tỉnh")
    run = make_class(course, start_date=end - timedelta(20), end_date=end, state=state, institution=school)
    run.modules.set(course.modules.filter(number__in=numbers))
    return run


def complete(official: Official, training_class: TrainingClass) -> Enrolment:
    enrolment = make_enrolment(official, training_class)
    record_results(training_class, {enrolment.pk: Result("completed", Decimal(8))}, by=None)
    enrolment.refresh_from_db()
    return enrolment


def issue(enrolment: Enrolment, number: str = "1", on: date = LAST_END) -> list[Certificate]:
    entries = [(enrolment.pk, number, number)]
    return issue_certificates(enrolment.training_class, entries, issued_on=on, signer="Hiệu", by=None)


def needs_it(official: Official, day: date = DAY) -> bool:
    posts = lacking_posts(day, criterion=criterion_of()).select_related("official")
    closing = closing_programmes(day, criterion=criterion_of())
    return official.pk in {need.official_id for need in needs_of(posts, closing)}


def rules_against(
    official: Official, training_class: TrainingClass, day: date = date(2015, 11, 30)
) -> tuple[list[str], bool]:
    """The codes of what stands against sending the person, besides her age, and whether the class makes compliant."""
    own = Appointment.objects.filter(official=official)
    posts = Candidates.of(training_class, day, criterion=criterion_of(), appointments=own).posts()
    (post,) = posts
    return [rule.code for rule in against(post) if rule.code != "retirement"], post.would_comply


def test_all_modules_together_give_the_one_certificate_and_each_result_it_rests_on_stands(lan, course):
    first, last = run(course, 1, 2), run(course, 3, end=LAST_END)
    early = complete(lan, first)
    assert not due_a_certificate(first).exists()
    with pytest.raises(ValidationError, match=f"{NAME}: còn thiếu học phần 3 của chương trình"):
        issue(early)
    before = rate_on(LAST_END, criterion=criterion_of()).compliant

    late = complete(lan, last)
    assert [due.pk for due in due_a_certificate(last)] == [late.pk]
    assert not due_a_certificate(first).exists()  # on its last day module 3 was lacking
    with pytest.raises(ValidationError, match=f"học xong học phần cuối ở lớp {last.code}"):
        issue(early)
    far = progress_in(course, [lan.pk])[lan.pk]
    assert [(one.module.number, one.training_class) for one in far.finished] == [(1, first), (2, first), (3, last)]
    (certificate,) = issue(late)
    assert rate_on(LAST_END, criterion=criterion_of()).compliant == before + 1
    assert rate_on(LAST_END - A_DAY, criterion=criterion_of()).compliant == before

    # a second certificate, and what it rests on: results, reopening
    for enrolment in (early, late):
        assert not due_a_certificate(enrolment.training_class).exists()
    with pytest.raises(ValidationError, match="chứng chỉ của chương trình đã cấp, số 1 ở lớp"):
        issue(early, "2")
    with pytest.raises(ValidationError, match="hãy thu hồi trước"):
        record_results(first, {early.pk: Result("failed")}, by=None)
    with pytest.raises(ValidationError, match=f"chứng chỉ số 1 của lớp {last.code} dựa vào học phần này"):
        withdraw_result(early, reason="Nhầm", day=LAST_END, by=None)
    with pytest.raises(ValidationError, match="còn hiệu lực"):
        reopen_class(first, by=None)

    withdraw_result(late, reason="Nhầm", day=LAST_END + A_DAY, by=None)
    withdraw_result(early, reason="Nhầm", day=LAST_END + A_DAY, by=None)
    certificate.refresh_from_db()
    assert certificate.withdrawn_on
    assert progress_in(course, [lan.pk])[lan.pk].finished == ()


def test_two_classes_that_end_on_one_day_give_one_certificate(lan, course):
    one, other = run(course, 1, end=LAST_END), run(course, 2, 3, end=LAST_END)
    mine, too = complete(lan, one), complete(lan, other)
    assert due_a_certificate(one).exists()
    assert due_a_certificate(other).exists()
    issue(mine)
    assert not due_a_certificate(other).exists()
    with pytest.raises(ValidationError, match="đã cấp"):
        issue(too, "2")


def test_nobody_is_sent_twice_to_a_module_and_everybody_to_those_lacking(lan, course):
    complete(lan, run(course, 1))
    coming = {"end": date(2015, 12, 25), "state": ClassState.OPEN}
    again, partly, other, whole = (run(course, *numbers, **coming) for numbers in ((1,), (1, 2), (2,), ()))
    assert rules_against(lan, again) == (["module"], False)
    assert rules_against(lan, partly) == (["some_modules"], False)
    assert rules_against(lan, other) == ([], False)
    assert rules_against(lan, whole) == (["some_modules"], True)
    (refused,) = foresee(again, [lan], day=date(2015, 11, 30), criterion=criterion_of())
    assert "Đã học xong các học phần này" in refused.reasons[0]

    # under way: the same module is barred, another is not; the last that is lacking makes compliant
    make_enrolment(lan, run(course, 2, end=date(2015, 12, 4), state=ClassState.RUNNING), State.ATTENDING)
    assert rules_against(lan, other) == (["studying"], False)
    assert rules_against(lan, run(course, 3, **coming)) == ([], False)
    Enrolment.objects.filter(state=State.ATTENDING).update(state=State.COMPLETED)
    assert rules_against(lan, run(course, 3, **coming)) == ([], True)


def test_a_need_ends_with_the_class_that_completes_the_programme(lan, course):
    make_enrolment(lan, run(course, 1, 2, end=date(2016, 1, 15), state=ClassState.RUNNING), State.ATTENDING)
    assert needs_it(lan)
    assert studies(DAY, [lan.pk]) == {}
    last = run(course, 3, end=date(2016, 2, 26), state=ClassState.OPEN)
    decided = make_enrolment(lan, last, State.NOMINATED)
    assert not needs_it(lan)
    assert [study.class_id for study in studies(DAY, [lan.pk])[lan.pk]] == [last.pk]
    decided.delete()
    # who has finished modules waits for nothing, others lacking
    Enrolment.objects.update(state=State.COMPLETED)
    TrainingClass.objects.update(state=ClassState.ENDED, start_date=date(2015, 11, 2), end_date=date(2015, 11, 20))
    assert needs_it(lan)
    assert not under_way(DAY).filter(official=lan).exists()


def test_a_class_has_the_hours_of_its_modules(lan, course):
    some, whole = run(course, 1, 3), run(course)
    assert (some.hours, some.days, whole.hours, whole.days) == (64, 8, 120, 15)
    make_enrolment(lan, some, State.COMPLETED)
    (post,) = yearly_hours(2015, day=DAY, appointments=Appointment.objects.filter(official=lan))
    assert post.hours == 64
    make_enrolment(lan, whole, State.COMPLETED)
    (post,) = yearly_hours(2015, day=DAY, appointments=Appointment.objects.filter(official=lan))
    assert post.hours == 184


def test_modules_are_of_the_programme_and_stay_once_somebody_is_sent(lan, course):
    foreign = ProgrammeModule.objects.create(programme=make_programme(), number=1, title="Lạ", hours=8)
    planned = run(course, 1, state=ClassState.PLANNED, end=date(2016, 5, 27))
    with pytest.raises(ValidationError, match="không phải học phần của “Trung cấp hành chính”"):
        save_class(planned, modules=[foreign], by=None)
    two = list(course.modules.filter(number__in=(1, 2)))
    change_class(planned, modules=two, by=None)
    assert planned.own_modules == two
    change_class(planned, by=None)  # None leaves them
    assert planned.own_modules == two
    with pytest.raises(ProtectedError):
        two[0].delete()

    make_enrolment(lan, planned, State.NOMINATED)
    with pytest.raises(ValidationError, match="Đã có 1 người được cử học các học phần"):
        change_class(planned, modules=two[:1], by=None)
    Enrolment.objects.all().delete()
    TrainingClass.objects.update(state=ClassState.RUNNING)
    planned.refresh_from_db()
    with pytest.raises(ValidationError, match="không đổi được chương trình, học phần"):
        change_class(planned, modules=two[:1], by=None)
    assert ModuleTaught.objects.filter(training_class=planned).count() == 2


def test_the_pages_say_which_modules_a_class_teaches_and_who_lacks_which(lan, course, province_staff):
    client = client_of(province_staff)
    first = run(course, 1, 2)
    complete(lan, first)
    assert "1. Phần 1" in text_of(read(client, reverse("courses:class-detail", args=[first.pk])))
    page = text_of(read(client, reverse("courses:class-certificates", args=[first.pk])))
    assert "1 người hoàn thành lớp, còn thiếu học phần khác" in page
    assert "3. Phần 3" in page
    page = text_of(read(client, reverse("courses:official-training", args=[lan.pk])))
    assert "Chương trình đang học từng học phần" in page
    assert first.code in page
    last = run(course, 3, end=date(2016, 5, 27), state=ClassState.OPEN)
    page = text_of(read(client, reverse("courses:class-enrol", args=[last.pk]) + f"?ngay={DAY}"))
    assert "đã học xong 2/3 học phần, còn thiếu học phần 3" in page
    assert "Học đủ các học phần có" in page


def test_a_class_is_set_up_for_modules_on_screen(lan, course, province_staff):
    client, (one, two, _) = client_of(province_staff), course.modules.all()
    other = make_programme()
    sent = {
        "programme": course.pk,
        "modules": [one.pk, two.pk],
        "seats": 30,
        "start_date": "2016-03-01",
        "end_date": "2016-03-20",
        "form": "full_time",
        "place": make_class(other).place_id,
    }
    assert "1. Phần 1 (40 tiết)" in text_of(read(client, reverse("courses:class-add")))
    refused = client.post(reverse("courses:class-add"), sent | {"programme": other.pk})
    assert "không phải học phần của" in text_of(refused.content.decode())
    made = client.post(reverse("courses:class-add"), sent)
    assert made.status_code == 302
    assert TrainingClass.objects.get(programme=course).own_modules == [one, two]


def test_modules_have_no_more_hours_than_their_programme(lan, course, province_staff):
    client, address = client_of(province_staff), reverse("admin:courses_programme_change", args=[course.pk])
    form = client.get(address).context["adminform"].form
    sent = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    rows = {"modules-TOTAL_FORMS": 3, "modules-INITIAL_FORMS": 3}
    for place, module in enumerate(course.modules.all()):
        beginning = f"modules-{place}-"
        rows |= {f"{beginning}{name}": getattr(module, name) for name in ("id", "number", "title", "hours")}
    refused = client.post(address, sent | rows | {"modules-0-hours": 41}, follow=True).content.decode()
    assert "Các học phần cộng lại 121 tiết, nhiều hơn 120 tiết của chương trình" in text_of(refused)
    assert course.modules.get(number=1).hours == 40
    client.post(address, sent | rows | {"modules-0-hours": 39}, follow=True)
    assert course.modules.get(number=1).hours == 39
