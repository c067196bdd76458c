"""When a session ends, that nothing typed is lost with it, and where the own account shows it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from cadres.models import KeptForm, Session
from tests.cadres.sign_in.coming_in import HOME, PASSWORD, idle, is_in, try_password
from tests.conftest import client_of
from tests.forms import forms_on

pytestmark = pytest.mark.django_db
OWN, END = reverse("cadres:own-account"), reverse("cadres:sessions-end")


def test_a_session_ends_half_an_hour_after_the_last_page_and_says_so(district_officer):
    client = client_of(district_officer)
    idle(district_officer, 29.9)
    assert is_in(client)  # and from here on it is half an hour again
    idle(district_officer, 29.9)
    assert is_in(client)
    idle(district_officer, 30.1)
    page = client.get(HOME, follow=True).content.decode()
    assert "Phiên làm việc đã kết thúc: 30 phút" in page


def test_a_session_ends_twelve_hours_after_the_sign_in_however_busy(district_officer):
    client = client_of(district_officer)
    session = Session.objects.filter(account=district_officer)
    session.update(begun_at=now() - timedelta(hours=11, minutes=50), seen_at=now() - timedelta(minutes=2))
    assert is_in(client)
    assert session.get().expire_date - session.get().begun_at == timedelta(hours=12)
    session.update(expire_date=now())
    assert not is_in(client)


def test_looking_at_pages_writes_the_session_at_most_once_a_minute(district_officer):
    client = client_of(district_officer)
    is_in(client)
    seen = Session.objects.get().seen_at
    is_in(client)
    assert Session.objects.get().seen_at == seen
    idle(district_officer, 1)
    is_in(client)
    assert Session.objects.get().seen_at > seen


def test_what_was_typed_when_a_session_ended_is_in_the_form_after_the_next_sign_in(district_officer):
    client = client_of(district_officer)
    form = forms_on(client, "/can-bo/them/")[0]
    idle(district_officer, 31)
    sent_to = form.send({"full_name": "Sùng A Mới"})["Location"]
    kept = KeptForm.objects.get()
    assert kept.fields["full_name"] == ["Sùng A Mới"]
    page = client.get(sent_to)
    assert page.content.decode().count("Phiên làm việc đã kết thúc") == 1
    answer = client.post(sent_to, {"username": "bac-ha", "password": PASSWORD, "next": kept.filled_page})
    assert client.get(answer["Location"]).context["kept_form"] == kept


def test_the_own_page_shows_where_one_is_signed_in_and_ends_it_there(district_officer, leader):
    here, elsewhere, of_another = Client(), Client(), client_of(leader)
    here.post(
        reverse("admin:login"), {"username": "bac-ha", "password": PASSWORD}, HTTP_USER_AGENT="Firefox/140 Windows"
    )
    try_password(elsewhere, "bac-ha", PASSWORD, "10.1.1.1")
    page = here.get(OWN)
    first, second = page.context["devices"]
    assert (first.called, first.is_this, second.address) == ("Firefox, Windows", True, "10.1.1.1")
    for session in Session.objects.all():
        assert session.pk not in page.content.decode(), "the key of a session signs in whoever reads it"

    assert of_another.post(END, {"thiet_bi": second.name}).status_code == 404
    assert is_in(elsewhere)
    here.post(END, {"thiet_bi": second.name})
    assert is_in(here)
    assert not is_in(elsewhere)

    elsewhere, third = client_of(district_officer), client_of(district_officer)
    here.post(END)
    assert [is_in(client) for client in (here, elsewhere, third, of_another)] == [True, False, False, True]


def test_sessions_that_have_ended_are_cleared_away_by_a_later_sign_in(district_officer, leader):
    client_of(leader)
    idle(leader, 31)
    try_password(Client(), "bac-ha", PASSWORD)
    assert [session.account for session in Session.objects.all()] == [district_officer]
