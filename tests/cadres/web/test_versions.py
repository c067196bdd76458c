"""Two people at one form: what each changed stays; where both changed one field, the second sees both and chooses."""

import re
from datetime import date

import pytest
from django.test import Client

from cadres import roles
from cadres.models import Official, UnitVersion, UnitZone, User
from courses.models import ClassSession, TrainingClass
from tests.builders import make_appointment, make_class, make_official, make_session, position_of
from tests.conftest import client_of, make_user, unit_of
from tests.forms import SentPage, form_on
from tests.parallel import before_commit, in_parallel


@pytest.fixture
def official(db) -> Official:
    return resident()


def resident() -> Official:
    official = make_official("Vàng Seo Quen")
    Official.objects.update(note="cũ", religion="Không")
    official.refresh_from_db()
    make_appointment(official, position_of("CT_UBND"), unit_of("02851"))
    return official


def two_at(page: str, *users: User) -> tuple[SentPage, SentPage]:
    """The same form in two windows, opened at the same time."""
    first, second = (form_on(client_of(user), page) for user in users)
    return first, second


@pytest.fixture
def forms(official, province_staff, district_officer) -> tuple[SentPage, SentPage]:
    return two_at(f"/can-bo/{official.pk}/sua/", province_staff, district_officer)


def said(client: Client, answer) -> list[str]:
    return [str(message) for message in client.get(answer["Location"]).context["messages"]]


def test_what_the_first_changed_stays_where_the_second_did_not_touch_it(forms, official):
    first, second = forms
    first.send({"note": "của Sở"})
    answer = second.send({"religion": "Tin Lành"})
    official.refresh_from_db()

    assert (official.note, official.religion) == ("của Sở", "Tin Lành")
    done, kept = said(second.client, answer)
    assert done == "Vàng Seo Quen: đã lưu thông tin."
    assert kept.startswith(
        "Trong lúc đó người khác đã sửa, và được giữ như họ ghi: Ghi chú: của Sở (so-noi-vu đã ghi lúc "
    )


def test_where_both_changed_a_field_the_second_sees_both_values_and_nothing_is_written(forms, official):
    first, second = forms
    first.send({"note": "của Sở"})
    answer = second.send({"note": "của huyện", "religion": "Tin Lành"})
    official.refresh_from_db()
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    assert answer.status_code == 200
    assert (official.note, official.religion) == ("của Sở", "Không")
    assert re.search(r"so-noi-vu đã ghi lúc \d\d:\d\d \d\d/\d\d/\d{4}: của Sở Bạn nhập: của huyện", page)


@pytest.mark.parametrize(("choice", "note"), [("cua_toi", "của huyện"), ("cua_nguoi_kia", "của Sở")])
def test_the_second_chooses_and_the_rest_is_written_too(forms, official, choice, note):
    first, second = forms
    first.send({"note": "của Sở"})
    asked = SentPage.of(second.send({"note": "của huyện", "religion": "Tin Lành"}), second)
    answer = asked.send({"note-chon": choice})
    official.refresh_from_db()

    assert answer.status_code == 302
    assert (official.note, official.religion) == (note, "Tin Lành")


def test_who_does_not_choose_is_asked_again(forms, official):
    first, second = forms
    first.send({"note": "của Sở"})
    asked = SentPage.of(second.send({"note": "của huyện"}), second)

    assert asked.send().status_code == 200
    official.refresh_from_db()
    assert official.note == "của Sở"


def test_a_third_who_writes_while_the_second_chooses_is_seen_too(forms, official, province_staff):
    first, second = forms
    first.send({"note": "của Sở"})
    asked = SentPage.of(second.send({"note": "của huyện"}), second)
    form_on(client_of(province_staff), first.page).send({"note": "lần ba"})

    answer = asked.send({"note-chon": "cua_toi"})

    official.refresh_from_db()
    assert answer.status_code == 200
    assert official.note == "lần ba"
    assert "<strong>lần ba</strong>" in answer.content.decode()


def test_both_say_the_same_and_nobody_is_asked(forms, official):
    first, second = forms
    first.send({"note": "như nhau"})

    assert second.send({"note": "như nhau"}).status_code == 302


def test_a_date_and_a_choice_are_told_in_words(forms, official):
    first, second = forms
    first.send({"sex": "F", "birth": "1980"})
    page = second.send({"sex": "M", "birth": "08/1979"}).content.decode()

    assert "<strong>Nữ</strong>" in page
    assert "<strong>1980</strong>" in page
    assert "<strong>08/1979</strong>" in page


def test_who_saves_while_another_is_saving_waits_and_is_asked(own_database):
    official = resident()
    users = make_user("so", roles.PROVINCE_STAFF), make_user("huyen", roles.UNIT_OFFICER, "085")
    first, second = two_at(f"/can-bo/{official.pk}/sua/", *users)
    answers = []

    raised = before_commit(
        lambda: first.send({"note": "một"}),
        lambda: answers.append(second.send({"note": "hai"})),
    )

    official.refresh_from_db()
    assert raised == []
    assert answers[0].status_code == 200
    assert official.note == "một"


def test_two_who_save_at_the_same_instant_lose_nothing(own_database):
    official = resident()
    users = make_user("so", roles.PROVINCE_STAFF), make_user("huyen", roles.UNIT_OFFICER, "085")
    first, second = two_at(f"/can-bo/{official.pk}/sua/", *users)
    answers = {}

    raised = in_parallel(
        lambda: answers.update(first=first.send({"note": "một", "religion": "A"})),
        lambda: answers.update(second=second.send({"note": "hai", "religion": "B"})),
    )

    official.refresh_from_db()
    assert raised == []
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]  # one is asked
    assert official.note in ("một", "hai")


def test_seats_of_a_class_are_not_sixty_and_fifty_again(province_staff, db):
    training_class = make_class(seats=50)
    first, second = two_at(f"/dao-tao/lop/{training_class.pk}/sua/", province_staff, province_staff)
    first.send({"seats": "60"})
    second.send({"venue": "Hội trường B"})

    training_class = TrainingClass.objects.get()
    assert (training_class.seats, training_class.venue) == (60, "Hội trường B")


def test_quotas_of_a_class_are_put_together(province_staff, db):
    training_class = make_class(seats=50, state=TrainingClass.State.OPEN)
    first, second = two_at(f"/dao-tao/lop/{training_class.pk}/chi-tieu/", province_staff, province_staff)
    bac_ha, muong_khuong = str(unit_of("085").pk), str(unit_of("083").pk)
    first.send({bac_ha: "20"})
    second.send({muong_khuong: "10"})

    assert dict(training_class.quotas.values_list("district", "seats")) == {int(bac_ha): 20, int(muong_khuong): 10}


def test_a_session_is_put_together(province_staff, db):
    session = make_session(make_class(), date(2015, 3, 2))
    page = f"/dao-tao/lop/{session.training_class_id}/buoi-hoc/{session.pk}/sua/"
    first, second = two_at(page, province_staff, province_staff)
    first.send({"start": "09:00"})
    second.send({"topic": "Kỹ năng"})

    session = ClassSession.objects.get()
    assert (session.local_start.hour, session.topic) == (9, "Kỹ năng")


# ---------------------------------------------------------------- the admin


@pytest.fixture
def unit_pages(province_staff, db) -> tuple[SentPage, SentPage]:
    unit = unit_of("02851")
    for zone, year in ((1, 2010), (2, 2012)):
        UnitZone.objects.create(
            unit=unit, zone=zone, start_date=date(year, 1, 1), end_date=date(year, 12, 31), decision="QĐ"
        )
    return two_at(f"/quan-tri/cadres/unit/{unit.pk}/change/", province_staff, province_staff)


def test_a_page_of_the_admin_and_its_tables_are_put_together(unit_pages):
    first, second = unit_pages
    assert first.send({"versions-0-decision": "NQ 1"}).status_code == 302
    assert second.send({"zones-0-decision": "QĐ 2"}).status_code == 302

    assert UnitVersion.objects.filter(decision="NQ 1").count() == 1
    assert UnitZone.objects.filter(decision="QĐ 2").count() == 1


def test_in_a_table_of_the_admin_too_the_second_sees_both(unit_pages):
    first, second = unit_pages
    first.send({"zones-0-decision": "QĐ 1"})
    answer = second.send({"zones-0-decision": "QĐ 2"})

    assert answer.status_code == 200
    assert "<strong>QĐ 1</strong>" in answer.content.decode()
    asked = SentPage.of(answer, second)
    assert asked.send({"zones-0-decision-chon": "cua_toi"}).status_code == 302
    assert UnitZone.objects.filter(decision="QĐ 2").count() == 1


def test_a_row_of_a_table_that_was_deleted_meanwhile_is_left_out_where_nobody_changed_it(unit_pages):
    first, second = unit_pages
    first.send({"zones-0-DELETE": "on"})
    answer = second.send({"zones-1-decision": "QĐ 2"})

    assert answer.status_code == 302
    assert list(UnitZone.objects.values_list("decision", flat=True)) == ["QĐ 2"]


def test_a_row_of_a_table_that_was_deleted_meanwhile_is_asked_about_where_it_was_changed(unit_pages):
    first, second = unit_pages
    first.send({"zones-0-DELETE": "on"})
    answer = second.send({"zones-0-decision": "QĐ 2"})

    assert answer.status_code == 200
    assert "Dòng này vừa bị người khác xóa" in answer.content.decode()
    assert "QĐ 2" in answer.content.decode()
    assert SentPage.of(answer, second).send({"zones-0-chon": "cua_nguoi_kia"}).status_code == 302
    assert UnitZone.objects.count() == 1


# ---------------------------------------------------------------- gone


def test_a_page_of_the_admin_whose_row_is_gone_says_so_and_shows_what_was_typed(province_staff, db):
    zone = UnitZone.objects.create(unit=unit_of("02851"), zone=1, start_date=date(2010, 1, 1), decision="QĐ 1")
    page = f"/quan-tri/cadres/unitzone/{zone.pk}/change/"
    form = form_on(client_of(province_staff), page, "decision")
    zone.delete()

    answer = form.send({"decision": "QĐ 77 đã gõ"})

    assert answer.status_code == 404
    assert "vừa bị người khác xóa" in answer.content.decode()
    assert "<dt>Văn bản</dt><dd>QĐ 77 đã gõ</dd>" in answer.content.decode()
    assert UnitZone.objects.count() == 0


def test_a_page_of_ours_whose_row_is_gone_says_so_and_shows_what_was_typed(province_staff, db):
    session = make_session(make_class(), date(2015, 3, 2))
    form = form_on(client_of(province_staff), f"/dao-tao/lop/{session.training_class_id}/buoi-hoc/{session.pk}/sua/")
    session.delete()

    answer = form.send({"topic": "Kỹ năng điều hành"})

    assert answer.status_code == 404
    assert "<dt>Nội dung</dt><dd>Kỹ năng điều hành</dd>" in answer.content.decode()


def test_an_address_that_never_was_is_not_found_as_before(province_staff, db):
    answer = client_of(province_staff).post("/can-bo/999999/sua/", {"full_name": "Lý A"})

    assert answer.status_code == 404
    assert "vừa bị người khác xóa" not in answer.content.decode()
