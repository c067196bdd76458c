"""A form that is sent does its act once, and what cannot be taken is not lost."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from cadres import roles
from cadres.models import KeptForm, Official, SentForm
from cadres.web import form_tokens, kept_forms, sending
from tests.builders import make_class, make_enrolment, make_official, position_of
from tests.conftest import client_of, make_user, unit_of
from tests.forms import SentPage, form_on, forms_on
from tests.parallel import in_parallel

ADD = "/can-bo/them/?ngay=2015-12-31"
PASSWORD = "mật khẩu thử"


def anybody(name: str = "Sùng A Mới", **more: str) -> dict[str, str]:
    """What is typed to enter somebody whose post asks for nothing that is lacking: a tick says that it is known."""
    unit, position = unit_of("02851"), position_of("PCT_UBND")
    return {"full_name": name, "birth": "1980", "unit": str(unit.pk), "position": str(position.pk), **more}


@pytest.fixture
def office(district_officer) -> Client:
    return client_of(district_officer)


@pytest.fixture
def form(office):
    """“Thêm người”, filled in up to the button: what the post asks for is known to be lacking."""
    form = form_on(office, ADD, "full_name")
    form.fields |= {name: [value] for name, value in anybody().items()}
    warned = form.send()
    assert warned.status_code == 200
    form.fields["is_acknowledged"] = [warned.context["form"].fields["is_acknowledged"].widget.attrs["value"]]
    form.fields["lacking_reason"] = ["Chưa có ai khác"]
    return form


def send_anew(form: SentPage) -> None:
    """The same on a page that is opened once more: this is another person of that name."""
    token = form_on(form.client, ADD, "full_name").fields[form_tokens.FIELD]
    form.send({form_tokens.FIELD: token, "is_another": str(Official.objects.get().pk)})


def texts(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def people() -> list[str]:
    return list(Official.objects.order_by("pk").values_list("full_name", flat=True))


# ---------------------------------------------------------------- once


@pytest.mark.django_db
def test_a_form_sent_twice_does_its_act_once_and_leads_to_the_same_page_with_the_same_words(form, office):
    first = form.send()
    said = texts(office.get(first["Location"]))
    second = form.send()
    said_again = texts(office.get(second["Location"]))

    assert people() == ["Sùng A Mới"]
    assert (
        second["Location"] == first["Location"] == f"/can-bo/{Official.objects.get().pk}/?ngay=2015-12-31&tieu_chi=FULL"
    )
    assert said == ["Sùng A Mới: đã thêm, với chức danh đầu tiên."]
    assert said_again == [*said, "Biểu mẫu này được gửi hai lần; chỉ lần đầu được ghi."]


@pytest.mark.django_db
def test_a_form_that_was_refused_may_be_sent_again(form):
    assert form.send({"full_name": "123"}).status_code == 200
    assert people() == []

    assert form.send().status_code == 302
    assert people() == ["Sùng A Mới"]


@pytest.mark.django_db
def test_what_a_correction_would_come_to_can_be_asked_while_it_is_filled_in_and_nothing_of_it_stays(form):
    form.send()
    edit = form_on(form.client, f"/can-bo/{Official.objects.get().pk}/sua/", "full_name")

    def asked(client: Client, **changes: str):
        filled = edit.filled(**{"full_name": "Sùng A Mới Hơn", "reason": "Ghi nhầm"} | changes)
        return client.post(edit.action, filled, headers={sending.AHEAD: "1"})

    told = asked(form.client)
    assert (told.status_code, told.context["form"].errors.keys()) == (200, {"seen"})
    assert asked(form.client, seen=told.context["form"]["seen"].value()).status_code == 204
    assert asked(Client()).status_code == 401
    assert people() == ["Sùng A Mới"]
    assert "đã lưu" not in form.client.get("/can-bo/").content.decode()

    assert edit.send({"full_name": "Sùng A Mới Hơn", "reason": "Ghi nhầm"}).status_code == 200
    assert people() == ["Sùng A Mới"]


@pytest.mark.django_db
def test_only_a_correction_can_be_asked_what_it_would_come_to(form):
    """So nobody tries a password, or takes out a list, in a way that leaves no trace."""
    assert form.client.post(form.action, form.filled(), headers={sending.AHEAD: "1"}).status_code == 400
    assert people() == []


@pytest.mark.django_db
def test_the_page_opened_anew_gives_a_form_that_may_do_the_act_once_more(form, office):
    form.send()
    other = form_on(office, ADD, "full_name")
    other.fields = {
        **form.fields,
        form_tokens.FIELD: other.fields[form_tokens.FIELD],
        "is_another": [str(Official.objects.get().pk)],
    }
    other.send()

    assert people() == ["Sùng A Mới", "Sùng A Mới"]


@pytest.mark.django_db
def test_a_form_sent_once_more_with_other_contents_is_looked_at_first(form, office):
    form.send()
    again = form.send({"full_name": "Sùng A Khác"})

    assert people() == ["Sùng A Mới"]
    page = office.get(again["Location"])
    assert "đã được ghi một lần, với nội dung khác" in page.content.decode()
    assert page.context["kept_form"].fields["full_name"] == ["Sùng A Khác"]


@pytest.mark.django_db
def test_a_form_that_lay_open_too_long_is_looked_at_first(form, office, monkeypatch):
    monkeypatch.setattr(form_tokens, "GOOD_FOR", timedelta(seconds=-1))
    answer = form.send()

    assert people() == []
    assert office.get(answer["Location"]).context["kept_form"].reason == KeptForm.Reason.TOO_OLD


@pytest.mark.django_db
def test_a_token_that_is_not_ours_is_none(form, office):
    form.fields[form_tokens.FIELD] = ["x:y:z"]
    form.send()

    assert SentForm.objects.count() == 0


@pytest.mark.django_db
def test_an_act_that_could_not_be_done_may_be_tried_again(province_staff):
    """It leads to its page and says why not, so nothing is spent."""
    office = client_of(province_staff)
    training_class = make_class(state="open", start_date=date(2016, 3, 7), end_date=date(2016, 3, 11))
    waiting = make_enrolment(make_official("Giàng A Dơ"), training_class, "waiting")
    token = form_on(office, ADD, "full_name").fields[form_tokens.FIELD]
    reserve = f"/dao-tao/lop/{training_class.pk}/luot/{waiting.pk}/du-phong/"
    answer = office.post(reserve, {form_tokens.FIELD: token})  # without a reason

    assert answer.status_code == 302
    assert [message.level_tag for message in office.get(answer["Location"]).context["messages"]] == ["error"]
    assert SentForm.objects.count() == 0


def test_a_form_sent_twice_at_the_same_instant_does_its_act_once(own_database):
    client = client_of(make_user("so", roles.PROVINCE_STAFF))
    form = form_on(client, ADD, "full_name")
    form.fields |= {name: [value] for name, value in anybody().items()}
    warned = form.send()
    form.fields["is_acknowledged"] = [warned.context["form"].fields["is_acknowledged"].widget.attrs["value"]]
    form.fields["lacking_reason"] = ["Chưa có ai khác"]
    answers = []

    raised = in_parallel(*[lambda: answers.append(form.send())] * 4)

    assert raised == []
    assert people() == ["Sùng A Mới"]
    assert {answer["Location"] for answer in answers} == {
        f"/can-bo/{Official.objects.get().pk}/?ngay=2015-12-31&tieu_chi=FULL"
    }


@pytest.mark.django_db
def test_spent_tokens_are_forgotten(form, monkeypatch):
    form.send()
    monkeypatch.setattr("cadres.web.sending.GOOD_FOR", timedelta(seconds=-1))
    form_on(form.client, ADD, "full_name")
    other = form_on(form.client, ADD, "full_name")
    other.fields = {
        **form.fields,
        form_tokens.FIELD: other.fields[form_tokens.FIELD],
        "is_another": [str(Official.objects.get().pk)],
    }
    other.send()

    assert SentForm.objects.count() == 0


# ---------------------------------------------------------------- kept


def sign_in_by_form(client: Client, address: str, username: str) -> str:
    """Sign in on the page that one was led to; the address that follows."""
    page = client.get(address)
    answer = client.post(
        "/quan-tri/login/",
        {"username": username, "password": PASSWORD, "next": page.context["next"]},
    )
    assert answer.status_code == 302
    return answer["Location"]


@pytest.mark.django_db
def test_what_was_filled_in_when_the_session_had_ended_is_there_after_signing_in(form, office, district_officer):
    office.cookies.pop("sessionid")
    answer = form.send()
    login = office.get(answer["Location"])

    assert answer["Location"].startswith("/quan-tri/login/?next=")
    assert "những gì đã nhập vẫn còn" in login.content.decode()
    assert "Sùng A Mới" not in login.content.decode()

    page = office.get(sign_in_by_form(office, answer["Location"], district_officer.username))
    shown = page.content.decode()

    assert page.request["PATH_INFO"] == "/can-bo/them/"
    assert "biểu mẫu bạn vừa gửi chưa được ghi" in shown
    assert page.context["kept_form"].fields["full_name"] == ["Sùng A Mới"]
    assert people() == []


@pytest.mark.django_db
def test_another_account_never_sees_what_was_filled_in(form, office, foreign_officer, monkeypatch):
    """By the page alone, where no second wall stands: that hides it anyhow."""
    monkeypatch.setattr("cadres.walls.can_be_asked", lambda: False)
    office.cookies.pop("sessionid")
    answer = form.send()
    page = office.get(sign_in_by_form(office, answer["Location"], foreign_officer.username))

    assert page.status_code == 200
    assert page.context["kept_form"] is None
    assert "Sùng A Mới" not in page.content.decode()


@pytest.mark.django_db
def test_a_form_of_one_account_is_not_taken_from_another(form, foreign_officer):
    form.client = client_of(foreign_officer)
    answer = form.send()

    assert answer.status_code == 403
    assert "được mở bởi một tài khoản khác" in answer.content.decode()
    assert people() == []


@pytest.mark.django_db
def test_a_form_opened_before_signing_in_again_is_kept_too(form, office, district_officer):
    """Its token against forged requests is that of the session before."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(district_officer)
    form.client = strict
    answer = form.send()

    assert answer.status_code == 302
    page = strict.get(answer["Location"])
    assert "Biểu mẫu được mở từ trước khi đăng nhập lại" in page.content.decode()
    assert page.context["kept_form"].fields["full_name"] == ["Sùng A Mới"]


@pytest.mark.django_db
def test_a_forged_form_is_refused_as_before(district_officer):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(district_officer)

    answer = strict.post(ADD, anybody())

    assert answer.status_code == 403
    assert "Phiên làm việc đã thay đổi" in answer.content.decode()
    assert KeptForm.objects.count() == 0


@pytest.mark.django_db
def test_once_it_has_been_sent_nothing_is_kept(form, office, district_officer):
    office.cookies.pop("sessionid")
    following = sign_in_by_form(office, form.send()["Location"], district_officer.username)
    again = form_on(office, following, "full_name")
    again.fields = {**form.fields, form_tokens.FIELD: again.fields[form_tokens.FIELD]}
    again.send()

    assert people() == ["Sùng A Mới"]
    assert KeptForm.objects.count() == 0


@pytest.mark.django_db
def test_who_signs_in_elsewhere_is_told_of_what_was_not_sent(form, office, district_officer):
    office.cookies.pop("sessionid")
    form.send()
    page = office.get(sign_in_by_form(office, "/quan-tri/login/", district_officer.username))

    assert "mà chưa được ghi" in page.content.decode()
    assert KeptForm.objects.get().filled_page in unescape(page.content.decode())


@pytest.mark.django_db
def test_no_password_and_no_file_is_kept(district_officer, office):
    form = forms_on(office, "/tai-khoan-cua-toi/mat-khau/")[0]
    office.cookies.pop("sessionid")
    form.send({"old_password": "bí mật cũ", "new_password1": "bí mật mới", "new_password2": "bí mật mới"})

    assert KeptForm.objects.count() == 0


@pytest.mark.django_db
def test_what_is_kept_is_bounded_in_size_number_and_age(form, office, monkeypatch):
    office.cookies.pop("sessionid")
    for number in range(kept_forms.AT_MOST + 2):
        form.send({"full_name": f"Sùng A {number}"})
    assert KeptForm.objects.count() == kept_forms.AT_MOST

    form.send({"full_name": "a" * (kept_forms.LARGEST + 1)})
    assert KeptForm.objects.count() == kept_forms.AT_MOST

    monkeypatch.setattr(kept_forms, "GOOD_FOR", timedelta(seconds=-1))
    form.send()
    assert KeptForm.objects.count() == 0


@pytest.mark.django_db
def test_leaving_after_the_session_has_ended_keeps_nothing(office):
    page = office.get("/can-bo/").content.decode()
    token = page.split(f'name="{form_tokens.FIELD}" value="')[1].split('"')[0]
    office.cookies.pop("sessionid")
    office.post("/quan-tri/logout/", {form_tokens.FIELD: token})

    assert KeptForm.objects.count() == 0
