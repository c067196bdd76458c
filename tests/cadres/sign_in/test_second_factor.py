"""The second factor: set up, asked for, lost; and that no code is good twice."""

import time
from weakref import WeakKeyDictionary

import pytest
from django.core.management import call_command
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from cadres.models import Act, Change, User
from cadres.sign_in import second_factor
from cadres.sign_in.views import AWAITED, PATIENCE
from lao_cai_training import instance
from tests.cadres.sign_in.coming_in import HOME, PASSWORD, code_of, is_in, try_password, visits
from tests.conftest import client_of
from tests.forms import forms_on

pytestmark = pytest.mark.django_db
SET_UP, CODE = reverse("cadres:second-factor-set-up"), reverse("cadres:sign-in-code")


@pytest.fixture(autouse=True)
def marks_of_this_test(monkeypatch):
    """What another test of this process has noted and taken back is not remembered."""
    monkeypatch.setattr(instance, "_read", WeakKeyDictionary())


def set_up(client: Client) -> tuple[str, list[str]]:
    """Scan and type the code; the key, as it is typed in, and the recovery codes."""
    form = forms_on(client, SET_UP)[0]
    key = second_factor.typed_key(_key_in(form.fields["secret"][0]))
    answer = form.send({"code": code_of(key)})
    assert answer.status_code == 200
    return key, answer.context["codes"]


def _key_in(signed: str) -> str:
    return Signer(salt="second factor").unsign_object(signed)[1]


@pytest.fixture
def with_telephone(district_officer) -> tuple[User, str, list[str]]:
    key, codes = set_up(client_of(district_officer))
    district_officer.refresh_from_db()
    TOTPDevice.objects.update(last_t=-1)  # half a minute has passed
    return district_officer, key, codes


def give_code(client: Client, code: str, username: str = "bac-ha") -> int:
    """Password, then the code; the answer to that."""
    assert try_password(client, username, PASSWORD)["Location"].startswith(CODE)
    assert not is_in(client)
    return client.post(CODE, {"code": code}, REMOTE_ADDR="10.0.0.1").status_code


def test_whoever_has_it_comes_in_with_password_and_code_and_each_code_once(with_telephone):
    _, key, _ = with_telephone
    client, again = Client(), Client()
    assert give_code(client, "000000") == 200
    TOTPDevice.objects.update(throttling_failure_count=0)
    code = code_of(key)
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert is_in(client)
    assert give_code(again, code) == 200, "replayed"
    assert not is_in(again)
    assert visits()[:2] == [("wrong_code", "bac-ha"), ("sign_in", "bac-ha")]


def test_a_recovery_code_is_good_once_and_none_is_kept_readably(with_telephone):
    user, _, codes = with_telephone
    assert len(set(codes)) == 10
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert kept.isdisjoint(codes)
    client, again = Client(), Client()
    assert give_code(client, codes[3].upper().replace("-", " ")) == 302
    assert "còn 9 mã" in client.get(HOME).content.decode()
    assert give_code(again, codes[3]) == 200
    assert second_factor.recovery_codes_left(user) == 9
    assert ("recovery", "bac-ha") in visits()


def test_the_password_alone_opens_no_page_and_its_way_in_ends_after_five_minutes(with_telephone):
    _, key, _ = with_telephone
    client = Client()
    try_password(client, "bac-ha", PASSWORD)
    session = client.session
    account, proof, at = session[AWAITED]
    session[AWAITED] = [account, proof, at - PATIENCE - 1]
    session.save()
    late = client.post(CODE, {"code": code_of(key)}, follow=True)
    assert "quá năm phút" in late.content.decode()
    assert not is_in(client)
    session[AWAITED] = [account, "of another password", time.time()]
    session.save()
    assert client.post(CODE, {"code": code_of(key)}).status_code == 302
    assert not is_in(client)


def test_after_wrong_codes_one_has_to_wait_and_the_page_says_how_long(with_telephone, settings):
    settings.AXES_ENABLED = True
    _, key, _ = with_telephone
    client = Client()
    assert give_code(client, "000000") == 200
    page = client.post(CODE, {"code": code_of(key)}, REMOTE_ADDR="10.0.0.1")
    assert "đợi đến" in page.content.decode()
    for _ in range(4):
        TOTPDevice.objects.update(throttling_failure_count=0)
        answer = client.post(CODE, {"code": "000000"}, REMOTE_ADDR="10.0.0.1")
    assert answer.status_code == 429, "wrong codes count as wrong passwords do"
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 429


def test_a_wrong_or_foreign_key_sets_nothing_up(district_officer, leader):
    officer = client_of(district_officer)
    form = forms_on(officer, SET_UP)[0]
    assert form.send({"code": "000000"}).status_code == 200
    assert form.send({"code": "abc"}).status_code == 200
    of_another = forms_on(client_of(leader), SET_UP)[0].fields["secret"][0]
    assert (
        form.send({"secret": of_another, "code": code_of(second_factor.typed_key(_key_in(of_another)))}).status_code
        == 400
    )
    assert not TOTPDevice.objects.exists()
    assert "Mã không khớp" in form.send({"code": "000000"}).content.decode()


def test_setting_it_up_signs_out_everywhere_else_and_is_in_the_history_without_the_secret(district_officer):
    here, elsewhere = client_of(district_officer), client_of(district_officer)
    set_up(here)
    assert (is_in(here), is_in(elsewhere)) == (True, False)
    told = Change.objects.filter(table_name="cadres_user", key=district_officer.pk).latest("pk")
    assert told.after["second_factor_since"]
    assert told.act.user == district_officer
    history = str(list(Change.objects.values()) + list(Act.objects.values()))
    assert TOTPDevice.objects.get().key not in history
    assert here.get(SET_UP).status_code == 302, "once"


def test_it_is_taken_off_and_its_recovery_codes_are_made_anew_with_the_password_only(with_telephone):
    user, _, codes = with_telephone
    client = client_of(user)
    renew, off = (reverse(f"cadres:{name}") for name in ("recovery-codes-renew", "second-factor-take-off"))
    for page in (renew, off):
        assert client.post(page, {"password": "sai"}).status_code == 200
    assert second_factor.verify(user, codes[0])
    new = client.post(renew, {"password": PASSWORD}).context["codes"]
    assert not second_factor.verify(user, codes[1])
    StaticDevice.objects.update(throttling_failure_count=0)
    assert second_factor.verify(user, new[0])
    assert client.post(off, {"password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.second_factor_since is None
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()
    assert try_password(Client(), "bac-ha", PASSWORD)["Location"] == HOME


def test_whose_role_must_have_it_sees_no_page_before_and_comes_back_to_the_one_asked_for(province_staff, settings):
    settings.SECOND_FACTOR_DEMANDED = True
    client = client_of(province_staff)
    form = forms_on(client, reverse("cadres:own-password"))[0]  # open all the same
    for page in (HOME, "/can-bo/", reverse("cadres:act-list")):
        assert client.get(page)["Location"].startswith(SET_UP)
    assert form.client.post("/can-bo/them/", {"full_name": "Sùng A Mới"})["Location"].startswith(SET_UP)
    asked = client.get("/can-bo/?q=x")["Location"]
    answer = forms_on(client, asked)[0]
    key = second_factor.typed_key(_key_in(answer.fields["secret"][0]))
    told = client.post(asked, {**answer.fields, "code": code_of(key)})
    assert told.context["after"] == "/can-bo/?q=x"
    assert client.get("/can-bo/").status_code == 200


def test_a_demonstration_offers_it_and_does_not_ask_for_it(province_staff, settings):
    settings.SECOND_FACTOR_DEMANDED = True
    instance.note(demonstration=True)
    client = client_of(province_staff)
    assert client.get(HOME).status_code == 200
    set_up(client)


def test_a_form_that_lay_open_when_the_role_was_given_is_filled_in_again(province_staff, settings):
    client = client_of(province_staff)
    form = forms_on(client, "/can-bo/them/")[0]
    settings.SECOND_FACTOR_DEMANDED = True
    sent_to = form.send({"full_name": "Sùng A Mới"})["Location"]
    asked = client.get(sent_to)["Location"]
    assert asked.startswith(SET_UP)
    set_up(client)
    assert client.get(sent_to).context["kept_form"].fields["full_name"] == ["Sùng A Mới"]


def test_whoever_has_lost_everything_is_let_in_from_the_command_line(with_telephone, capsys):
    user, _, _ = with_telephone
    at_work = client_of(user)
    call_command("unlock", "bac-ha", "--second-factor")
    assert "xác thực hai bước" in capsys.readouterr().out
    assert not is_in(at_work)
    assert try_password(Client(), "bac-ha", PASSWORD)["Location"] == HOME
