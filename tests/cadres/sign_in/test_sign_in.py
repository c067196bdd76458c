"""Name and password: which passwords are good, how they are kept, who is told what, and what an attacker tries."""

from datetime import timedelta

import pytest
from django.conf import settings as given
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from cadres.models import Change, Session, User
from cadres.sign_in.passwords import Hasher
from tests.cadres.sign_in.coming_in import HOME, PASSWORD, SIGN_IN, is_in, try_password, visits
from tests.conftest import client_of

pytestmark = pytest.mark.django_db
OWN_PASSWORD = reverse("cadres:own-password")


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("1", "quá ngắn"),
        ("abcdefghi", "quá ngắn"),
        ("password123", "phổ biến"),
        ("20151231201", "chỉ có chữ số"),
        ("Laocai@20152015", "đoán được"),
        ("mật khẩu 2015!", "đoán được"),
        ("bac-ha-2015-xyz", "giống tên đăng nhập"),
        ("giangthimay2015", "giống họ và tên"),
        ("Giàng Thị Mây", "giống họ và tên"),
    ],
)
def test_a_password_that_is_short_common_or_like_the_person_is_refused_in_vietnamese(password, why):
    user = User(username="bac-ha", full_name="Giàng Thị Mây")
    with pytest.raises(ValidationError) as refused:
        validate_password(password, user)
    assert any(why in message for message in refused.value.messages), refused.value.messages


def test_a_few_words_are_a_good_password():
    validate_password("suối trâu gỗ trăng", User(username="bac-ha", full_name="Giàng Thị Mây"))


def test_passwords_are_hashed_by_argon2_with_the_memory_that_owasp_asks_for(settings):
    settings.PASSWORD_HASHERS = given.PASSWORD_HASHERS[1:]  # without the quick one of the tests
    hashed = make_password("suối trâu gỗ trăng")
    assert hashed.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert Hasher().verify("suối trâu gỗ trăng", hashed)


def test_a_password_hashed_by_an_earlier_version_is_good_and_hashed_anew_which_is_no_change_of_it(settings):
    settings.PASSWORD_HASHERS = given.PASSWORD_HASHERS[1:]
    user = User.objects.create(username="cu", full_name="Cũ", password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    assert try_password(Client(), "cu", PASSWORD).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("argon2$")
    told = Change.objects.filter(table_name="cadres_user", key=user.pk).latest("pk").act
    assert told.reason == "Mật khẩu giữ nguyên, được băm lại khi đăng nhập"


def test_who_changes_the_own_password_needs_the_old_one_and_a_good_new_one_and_stays_signed_in(district_officer):
    here, elsewhere = client_of(district_officer), client_of(district_officer)
    new = "suối trâu gỗ trăng"

    def send(old: str, new: str, again: str) -> str:
        page = here.post(OWN_PASSWORD, {"old_password": old, "new_password1": new, "new_password2": again})
        return page.content.decode() if page.status_code == 200 else page["Location"]

    assert "Mật khẩu đang dùng không đúng" in send("sai", new, new)
    assert "không giống nhau" in send(PASSWORD, new, new + "x")
    assert "quá ngắn" in send(PASSWORD, "1", "1")
    assert is_in(elsewhere)
    assert send(PASSWORD, new, new) == reverse("cadres:own-account")
    assert is_in(here)
    assert not is_in(elsewhere)
    assert Session.objects.filter(account=district_officer).count() == 1
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 200
    assert try_password(Client(), "bac-ha", new).status_code == 302


# ---------------------------------------------------------------- who is told what


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(district_officer):
    answers = {
        try_password(Client(), name, "sai").content.decode().count("Tên đăng nhập hoặc mật khẩu không đúng")
        for name in ("bac-ha", "không có")
    }
    assert answers == {1}
    assert visits() == [("refused", "bac-ha"), ("refused", "không có")]


def test_a_suspended_account_is_told_so_only_to_whom_knows_its_password(district_officer):
    at_work = client_of(district_officer)
    User.objects.filter(pk=district_officer.pk).update(is_active=False)
    right, wrong = (try_password(Client(), "bac-ha", password) for password in (PASSWORD, "sai"))
    assert (right.status_code, wrong.status_code) == (403, 200)
    assert "tạm ngừng" in right.content.decode()
    assert "tạm ngừng" not in wrong.content.decode()
    assert visits() == [("suspended", "bac-ha"), ("refused", "bac-ha")]
    left = at_work.get(HOME, follow=True)
    assert "Tài khoản đang dùng đã tạm ngừng hoặc không còn" in left.content.decode()


def test_a_one_time_word_leads_to_a_password_of_ones_own_and_to_nothing_else_and_is_then_good_no_longer(
    district_officer,
):
    User.objects.filter(pk=district_officer.pk).update(
        must_change_password=True, word_expires_at=now() + timedelta(hours=1)
    )
    client = Client()
    try_password(client, "bac-ha", PASSWORD)
    for page in (HOME, "/can-bo/", reverse("cadres:own-account"), reverse("cadres:second-factor-set-up")):
        assert client.get(page)["Location"].startswith(OWN_PASSWORD)
    assert client.post("/can-bo/them/", {"full_name": "Sùng A Mới"})["Location"].startswith(OWN_PASSWORD)
    asked = client.get("/can-bo/?q=x")["Location"]
    assert "dùng một lần" in client.get(asked).content.decode()
    new = {"new_password1": "suối trâu gỗ trăng", "new_password2": "suối trâu gỗ trăng"}
    assert client.post(asked, {"old_password": PASSWORD, **new})["Location"] == "/can-bo/?q=x"
    assert client.get("/can-bo/?q=x").status_code == 200
    assert try_password(Client(), "bac-ha", PASSWORD).status_code == 200
    district_officer.refresh_from_db()
    assert (district_officer.must_change_password, district_officer.word_expires_at) == (False, None)


def test_a_one_time_word_is_refused_from_its_last_moment_on_and_the_page_says_what_to_do(district_officer):
    User.objects.filter(pk=district_officer.pk).update(must_change_password=True, word_expires_at=now())
    expired = try_password(Client(), "bac-ha", PASSWORD)
    assert expired.status_code == 403
    assert "hết hạn" in expired.content.decode()
    assert visits() == [("expired", "bac-ha")]


def test_the_session_of_a_deleted_account_is_none_and_says_why(district_officer):
    at_work = client_of(district_officer)
    district_officer.delete()
    assert not Session.objects.exists()
    assert "Phiên làm việc đã kết thúc" in at_work.get(HOME, follow=True).content.decode()


# ---------------------------------------------------------------- what is tried


def test_a_session_that_somebody_else_has_fixed_is_not_the_one_that_is_signed_in(district_officer):
    known = Session.get_session_store_class()()
    known["note"] = "of whoever fixed it"
    known.create()
    victim, attacker = Client(), Client()
    for client in (victim, attacker):
        client.cookies["sessionid"] = known.session_key
    assert try_password(victim, "bac-ha", PASSWORD).status_code == 302
    assert victim.cookies["sessionid"].value != known.session_key
    assert is_in(victim)
    assert not is_in(attacker)


def test_a_key_of_a_session_that_never_was_is_not_taken_over(district_officer):
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    try_password(client, "bac-ha", PASSWORD)
    assert client.cookies["sessionid"].value != "a" * 32


def test_nobody_is_signed_in_by_a_form_of_another_site(district_officer):
    client = Client(enforce_csrf_checks=True)
    assert client.post(SIGN_IN, {"username": "bac-ha", "password": PASSWORD}).status_code == 403
    assert not is_in(client)
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(district_officer)
    for address in ("own-password", "second-factor-set-up", "sessions-end"):
        assert signed_in.post(reverse(f"cadres:{address}"), {}).status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "http:///example.org", "\thttps://e.org"],
)  # fmt: skip
def test_a_sign_in_leads_to_no_other_site(elsewhere, district_officer):
    for client in (Client(), Client()):
        assert try_password(client, "bac-ha", PASSWORD, next=elsewhere)["Location"] == HOME
    new = {"old_password": PASSWORD, "new_password1": "suối trâu gỗ trăng", "new_password2": "suối trâu gỗ trăng"}
    changed = client.post(f"{OWN_PASSWORD}?next={elsewhere}", new)
    assert changed["Location"] == reverse("cadres:own-account")


def test_a_sign_in_leads_to_the_page_asked_for(district_officer):
    page = "/can-bo/?q=l%C3%BD"
    client = Client()
    sent_to = client.get(page)["Location"]
    answer = client.post(sent_to, {"username": "bac-ha", "password": PASSWORD, "next": page})
    assert answer["Location"] == page


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(leader):
    client = Client()
    try_password(client, "lanh-dao", PASSWORD)
    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_no_page_is_kept_by_a_browser_and_no_address_is_told_to_other_sites(district_officer):
    for client in (Client(), client_of(district_officer)):
        for page in (SIGN_IN, HOME, "/can-bo/", "/can-bo/xuat/", "/khong-co/"):
            answer = client.get(page)
            assert answer["Cache-Control"] == "private, no-store", page
            assert answer["Referrer-Policy"] == "same-origin", page
    assert client.post("/can-bo/them/", {})["Cache-Control"] == "private, no-cache", "the way back leads to it"
    assert client.post(reverse("admin:logout"))["Clear-Site-Data"] == '"cache"'
