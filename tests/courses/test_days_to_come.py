"""What has been done bears a day that has come: every day of a form in the chain, and what is written of a class."""

import inspect
from datetime import date, timedelta
from importlib import import_module

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres.web.fields import DayField, DoneOnField, is_valid_on
from courses.models import Attendance, Enrolment
from courses.results.pupils import check_has_begun, check_was_held
from tests.builders import it_is, make_class, make_enrolment, make_institution, make_session
from tests.conftest import client_of
from tests.courses.obligations.people import hire
from tests.reports.pages import text_of

STEPS = ("classes", "enrolment", "lists", "needs", "obligations", "planning", "quality", "results")
# Days that may lie ahead: form → fields. Whoever adds a day to a form of the chain says here that it may, or makes it a
# DoneOnField.
MAY_LIE_AHEAD = {
    "TrainingClassForm": {"start_date", "end_date", "enrol_until"},
    "SessionForm": {"day"},
    "CampaignForm": {"opens_on", "closes_on"},
    "DeadlineForm": {"deadline"},
    "SendBackForm": {"deadline"},
    "CommitmentForm": {"starts_on"},  # whoever studies promises to serve afterwards
    "InspectionForm": {"remedy_until"},
    "WithdrawResultForm": {"revoke_from"},  # a decision may take force later
}
TODAY = date(2016, 3, 1)


def days_of_forms() -> dict[str, dict[str, forms.Field]]:
    found = {}
    for step in STEPS:
        for name, form in inspect.getmembers(import_module(f"courses.{step}.forms"), inspect.isclass):
            fields = {
                field: what for field, what in getattr(form, "base_fields", {}).items() if isinstance(what, DayField)
            }
            if fields:
                found[name] = fields
    return found


def test_every_day_of_a_form_has_come_or_is_named_as_one_that_may_lie_ahead():
    ahead = {
        form: {name for name, field in fields.items() if not isinstance(field, DoneOnField)}
        for form, fields in days_of_forms().items()
    }
    assert {form: names for form, names in ahead.items() if names} == MAY_LIE_AHEAD
    assert sum(len(fields) for fields in days_of_forms().values()) > 20


class Done(forms.Form):
    on = DoneOnField(label="Ngày")
    until = DayField(label="Hạn", required=False)


@pytest.mark.parametrize(
    ("on", "is_valid"), [(TODAY - timedelta(1), True), (TODAY, True), (TODAY + timedelta(1), False)]
)
def test_a_day_on_which_something_was_done_is_not_after_today(on, is_valid):
    form = Done({"on": on.isoformat(), "until": "2030-01-01"})
    assert is_valid_on(form, TODAY) == is_valid
    assert ("Hôm nay là 01/03/2016" in str(form.errors)) == (not is_valid)
    assert not is_valid_on(Done({}), TODAY)


@pytest.mark.django_db
def test_results_are_written_from_the_first_session_on_and_attendance_on_the_day_of_each():
    taught = make_class(start_date=date(2016, 2, 29), end_date=date(2016, 3, 4))
    with pytest.raises(ValidationError, match="bắt đầu học ngày 29/02/2016"):
        check_has_begun(taught, date(2016, 2, 28))
    check_has_begun(taught, date(2016, 2, 29))
    session = make_session(taught, date(2016, 3, 1))
    with pytest.raises(ValidationError, match="bắt đầu học ngày 01/03/2016"):
        check_has_begun(taught, date(2016, 2, 29))
    with pytest.raises(ValidationError, match="chưa diễn ra"):
        check_was_held(session, date(2016, 2, 29))
    check_has_begun(taught, TODAY)
    check_was_held(session, TODAY)


@pytest.mark.django_db
def test_the_pages_go_by_the_day_that_the_demonstration_takes_for_today(province_staff):
    it_is(date(2016, 2, 29))
    taught = make_class(start_date=date(2016, 2, 29), end_date=date(2016, 2, 29), institution=make_institution())
    session = make_session(taught, date(2016, 3, 1))
    pupil, client = make_enrolment(hire(), taught), client_of(province_staff)
    marked = {f"d-{session.pk}-{pupil.pk}": "C", f"was-{session.pk}": f"{pupil.pk}"}
    graded = {f"state-{pupil.pk}": "completed", f"was-{pupil.pk}": "|||"}
    pages = {
        reverse("courses:class-attendance", args=[taught.pk]): (marked, "chưa diễn ra"),
        reverse("courses:class-results", args=[taught.pk]): (graded, "chưa ghi kết quả được"),
    }
    for page, (sent, told) in pages.items():
        assert told in text_of(client.post(page, sent, follow=True).content.decode())
    assert not Attendance.objects.exists()
    it_is(TODAY)
    for page, (sent, _) in pages.items():
        client.post(page, sent)
    assert Attendance.objects.count() == 1
    assert Enrolment.objects.get().state == "completed"
    issue = reverse("courses:class-certificates", args=[taught.pk])
    typed = {
        "chon": str(pupil.pk),
        f"so-{pupil.pk}": "1",
        f"vao_so-{pupil.pk}": "1",
        "signer": "A",
        "is_confirmed": "on",
    }
    refused = client.post(issue, typed | {"issued_on": "2016-03-02"})
    assert "ngày này chưa đến" in text_of(refused.content.decode())
    assert client.post(issue, typed | {"issued_on": "2016-03-01"}).status_code == 302
