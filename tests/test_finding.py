"""“Tìm nhanh”: what anybody finds from any page, without diacritics, by a slip of the pen, and only in scope."""

import re
from datetime import date

import pytest

from cadres import roles
from cadres.models import Appointment, Official, UnitVersion
from lao_cai_training.finding.kinds import ENOUGH, KINDS, Asked
from tests import province
from tests.builders import make_class, make_enrolment, make_institution, make_programme, make_sending_decision
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.reports.pages import read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]
PART = {"X-Fragment": "1"}
FOUND = re.compile(r'<li><a href="([^"]+)"><strong>([^<]+)</strong>')


@pytest.fixture
def sought(province_staff):
    """What Sở finds for a text, in the page's order: (name, address)."""
    return lambda text: found_by(province_staff, text)


def found_by(user, text: str) -> list[tuple[str, str]]:
    answer = client_of(user).get("/tim/", {"q": text, "ngay": "2015-12-31"})
    assert answer.status_code == 200
    return [(name, address) for address, name in FOUND.findall(answer.content.decode())]


def names(found: list[tuple[str, str]]) -> list[str]:
    return [name for name, _ in found]


def people(found: list[tuple[str, str]]) -> list[str]:
    return [name for name, address in found if re.match(r"/can-bo/\d", address)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("giang a su", "Giàng A Sử"), ("GIÀNG A SỬ", "Giàng A Sử"), ("sử giàng", "Giàng A Sử"),
        ("hung", "Nguyễn Văn Hùng"),
        ("nguyen vna hung", "Nguyễn Văn Hùng"), ("hoangg pao", "Hoàng Văn Páo"), ("trần thị anhh", "Trần Thị Ánh"),
    ],
)  # fmt: skip
def test_a_person_is_found_without_diacritics_by_the_given_name_and_in_spite_of_a_slip(sought, typed, first):
    assert people(sought(typed))[0] == first


def test_who_is_called_so_comes_before_who_has_the_words_somewhere(sought):
    for name in ("Lan Thị Hạnh", "Lý Thị Lan Anh", "Phùng Thị Lan"):
        Official.objects.create(full_name=name)

    assert people(sought("lan")) == ["Lý Thị Lan", "Phùng Thị Lan", "Lan Thị Hạnh", "Lý Thị Lan Anh"]
    assert people(sought("lý thị lan"))[:2] == ["Lý Thị Lan", "Lý Thị Lan Anh"]


def test_a_name_that_is_merely_alike_comes_after_all_that_bear_the_words(sought):
    for name in ("Giàng A Sửu", "Giàng A So"):
        Official.objects.create(full_name=name)

    assert people(sought("giàng a sử")) == ["Giàng A Sử", "Giàng A Sửu", "Giàng A So"]


def test_who_is_called_so_is_not_cut_off_by_many_names_that_come_before_in_order(sought):
    """Two names that are written alike stand apart in the order: the first of them stands for both."""
    middle = [f"Ân Lan A{chr(ord('a') + number % 26)}{number // 26 or ''}" for number in range(40)]
    for name in (*middle, "Vàng Thị Lan", "Vàng Thị Lân"):
        Official.objects.create(full_name=name)

    found = people(sought("lan"))
    assert found[:3] == ["Lý Thị Lan", "Vàng Thị Lan", "Vàng Thị Lân"]
    assert len(found) == ENOUGH


def test_of_names_that_are_written_alike_the_first_in_order_tells_which_come_first(sought):
    """Lan, Lăn, Lân are one to who types without diacritics, and three in the order of names."""
    between = [f"Vàng A{chr(ord('a') + number % 26)}{number // 26 or ''} Lăn" for number in range(40)]
    for name in (*between, "Vàng Thị Lân", "Vàng Thị Lan"):
        Official.objects.create(full_name=name)

    assert people(sought("lan"))[:2] == ["Lý Thị Lan", "Vàng Thị Lan"]


def test_a_whole_identity_number_finds_its_person_and_a_part_finds_nobody(sought):
    person = Official.objects.get(full_name="Lý Thị Lan")
    person.identifiers.create(kind="CMND", number="063123456")

    assert sought("063 123 456") == [("Lý Thị Lan", f"/can-bo/{person.pk}/")]
    assert sought("06312345") == []


def test_a_person_is_told_by_year_of_birth_latest_post_and_commune(province_staff):
    page = text_of(read(client_of(province_staff), "/tim/?q=giang a su"))
    assert "Giàng A Sử sinh 1985 · Bí thư Đảng ủy, Xã Bản Phố" in page


@pytest.mark.parametrize("typed", ["ban pho", "Bản Phố", "BANPHO", "xã bản phố"])
def test_a_commune_is_found_however_it_is_spelt(sought, typed):
    assert ("Xã Bản Phố", f"/xa/{unit_of('02866').pk}/") in sought(typed)


def test_spaces_and_y_or_i_make_no_difference_for_a_commune(sought):
    assert names(sought("y ty")) == names(sought("Ý Tí")) == names(sought("yty")) == ["Xã Y Tý"]


def test_pages_of_the_menu_are_found_by_the_beginnings_of_their_words(sought):
    assert ("Tỷ lệ đạt chuẩn", "/ty-le/") in sought("ty le")
    assert ("Kế hoạch", "/dao-tao/ke-hoach/") in sought("ke hoa")
    assert "Kế hoạch" not in names(sought("oach"))


def test_a_page_that_the_account_may_not_open_is_not_found(leader, province_staff):
    assert "Nhật ký" in names(found_by(province_staff, "nhat ky"))
    assert "Nhật ký" not in names(found_by(leader, "nhat ky"))


def test_a_class_its_programme_and_its_sending_decision_are_found(sought):
    programme = make_programme(title="Bồi dưỡng tiếng Mông")
    training_class = make_class(programme, code="TM-07")
    decision = make_sending_decision(training_class)

    assert ("TM-07", f"/dao-tao/lop/{training_class.pk}/") in sought("tieng mong")
    assert ("Bồi dưỡng tiếng Mông", f"/quan-tri/courses/programme/{programme.pk}/change/") in sought("tieng mong")
    assert names(sought("tm-07")) == ["TM-07"]
    assert (str(decision), f"/dao-tao/lop/{training_class.pk}/") in sought(decision.number)


def test_an_officer_finds_people_and_communes_of_the_own_district_only(district_officer, foreign_officer):
    assert people(found_by(district_officer, "giang a su")) == ["Giàng A Sử"]
    assert found_by(foreign_officer, "giang a su") == []
    assert found_by(foreign_officer, "giangg a suu") == []
    assert names(found_by(foreign_officer, "thanh binh")) == ["Xã Thanh Bình"]
    assert found_by(district_officer, "thanh binh") == []


def test_people_are_looked_for_in_the_scope_and_this_is_not_left_to_the_database(district_officer, foreign_officer):
    def found(user, text: str) -> list[str]:
        return [one.label for one in KINDS[1].look(Asked.by(user, text, DAY))]

    assert found(district_officer, "giang a su") == ["Giàng A Sử"]
    assert found(foreign_officer, "giang a su") == found(foreign_officer, "giangg a suu") == []
    # Nor where the commune goes to the district of the other after the last post there has ended.
    Appointment.objects.filter(official__full_name="Giàng A Sử").update(end_date=date(2015, 6, 29))
    there = UnitVersion.objects.as_of(DAY).get(code=province.BAN_PHO)
    there.end_date = date(2015, 6, 30)
    there.save()
    there.pk, there.parent, there.start_date, there.end_date = None, unit_of("083"), date(2015, 7, 1), None
    there.save()
    assert found(foreign_officer, "giang a su") == []
    Appointment.objects.filter(official__full_name="Giàng A Sử").update(end_date=date(2015, 7, 1))
    assert found(foreign_officer, "giang a su") == ["Giàng A Sử"]


def test_an_institution_finds_its_own_classes_and_nobody_of_the_registry():
    account = make_user("truong", roles.TRAINING_INSTITUTION)
    own, other = make_institution(user=account), make_institution()
    for institution, code in ((own, "LC-01"), (other, "LC-02")):
        training_class = make_class(code=code, institution=institution)
        make_enrolment(Official.objects.get(full_name="Giàng A Sử"), training_class)

    assert names(found_by(account, "lc")) == ["LC-01"]
    assert found_by(account, "giang a su") == []


def test_the_administrator_of_accounts_finds_pages_and_no_class():
    make_class(code="TAI-KHOAN-1")

    assert names(found_by(make_user("quan-tri", roles.ADMINISTRATOR), "tai khoan")) == ["Tài khoản"]


def test_who_has_left_a_district_is_shown_there_with_the_post_held_in_it(district_officer, foreign_officer):
    person = province.people()["Giàng A Sử"]
    post = person.appointments.get()
    post.end_date = date(2015, 6, 30)
    post.save()
    person.appointments.create(unit=unit_of("02779"), position=post.position, start_date=date(2015, 7, 1))

    assert "Xã Bản Phố" in text_of(read(client_of(district_officer), "/tim/?q=giang a su"))
    assert "Xã Thanh Bình" in text_of(read(client_of(foreign_officer), "/tim/?q=giang a su"))
    (found,) = KINDS[1].look(Asked.by(district_officer, "giang a su", DAY))
    assert found.detail == "sinh 1985 · Bí thư Đảng ủy, Xã Bản Phố"


@pytest.mark.parametrize("typed", ["", "a", " - ", "'", "%%", "𝔘"])
def test_too_little_finds_nothing_and_says_how_much_it_takes(province_staff, typed):
    assert "Gõ từ 2 chữ" in text_of(client_of(province_staff).get("/tim/", {"q": typed}).content.decode())


def test_what_is_nowhere_is_said_with_a_remedy(province_staff):
    page = text_of(read(client_of(province_staff), "/tim/?q=<b>khong co</b>"))
    assert "Không tìm thấy “<b>khong co</b>”" in page
    assert "bỏ bớt chữ" in page


def test_the_window_gets_what_was_found_alone_and_six_of_a_kind(province_staff):
    for number in range(8):
        Official.objects.create(full_name=f"Má A Tùng {chr(97 + number)}")

    part = client_of(province_staff).get("/tim/", {"q": "ma a tung"}, headers=PART).content.decode()

    assert "<html" not in part
    assert len(FOUND.findall(part)) == 6
    assert 'href="/can-bo/?q=ma+a+tung">Tất cả trong danh sách' in part


def test_the_queries_do_not_grow_with_what_is_found(province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    for number in range(40):
        Official.objects.create(full_name=f"Má A Tùng {number}")
        make_class(code=f"TUNG-{number:02}")
    client.get("/tim/", {"q": "tung"}, headers=PART)

    with django_assert_max_num_queries(20):
        client.get("/tim/", {"q": "tung"}, headers=PART)
