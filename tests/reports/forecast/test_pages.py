"""The forecast on screen: its figures lead to as many people, the scope holds, bad words of the address are refused."""

import re
from datetime import date
from html import unescape
from urllib.parse import quote

import pytest

from cadres.models import Appointment
from courses.models import Enrolment
from tests import province
from tests.builders import make_class, make_enrolment, make_programme
from tests.conftest import client_of
from tests.reports.pages import people_behind, read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

PAGE = "/ty-le/du-bao/?ngay=2015-12-31"
PEOPLE = "/ty-le/du-bao/nguoi/?ngay=2015-12-31"


@pytest.fixture
def people(db):
    found = province.people()
    run = make_class(make_programme("it:A"), start_date=date(2015, 9, 1), end_date=date(2016, 6, 30))
    make_enrolment(found["Trần Thị Ánh"], run, Enrolment.State.ATTENDING)
    Appointment.objects.filter(official=found["Giàng A Sử"]).update(term="2012-2017")
    return found


def test_every_number_of_the_page_leads_to_as_many_people(people, province_staff):
    client = client_of(province_staff)
    page = read(client, PAGE)
    links = re.findall(r'<a href="(/ty-le/du-bao/nguoi/[^"]+)">([\d.]+)\s+người', page)
    assert len(links) == 6  # retired, study; earned in three years; a term
    for address, number in links:
        assert people_behind(client, unescape(address)) == int(number), address


def test_the_page_says_what_it_comes_to_and_how_far_that_goes(people, province_staff):
    told = text_of(read(client_of(province_staff), PAGE))
    for words in (
        "Ngày 31/12/2015: 50,0 % (4 trong 8 người). Cuối năm 2016: 83,3 % .",
        "Chưa đủ kết quả các năm trước",
        "2 người đã quá ngày nghỉ hưu",
        "1 người chưa rõ ngày sinh",
        "Hết nhiệm kỳ (không làm đổi tỷ lệ ở đây): 1 người đến 31/12/2017",
        "Huyện Bắc Hà 33,3 (6) 75,0 75,0 75,0",
    ):
        assert words in told, (words, told)


def test_the_people_of_a_step_are_told_with_what_moves_them(people, province_staff):
    client = client_of(province_staff)
    told = text_of(read(client, f"{PEOPLE}&nam=2016&buoc=study"))
    assert "Trần Thị Ánh Văn phòng - thống kê Thị trấn Bắc Hà Chưa đủ dữ liệu Đạt lớp LOP-" in told
    file = client.get(f"{PEOPLE}&nam=2016&buoc=retired&tep=csv").content.decode("utf-8-sig")
    assert "Lý Thị Lan,Bí thư Đảng ủy,Thị trấn Bắc Hà,Chưa đạt,không trong tổng số,từ 31/01/2015" in file
    assert "Không có ai ở bước này" in text_of(read(client, f"{PEOPLE}&nam=2017&buoc=study"))


def test_an_officer_sees_the_own_district_and_a_district_can_be_chosen(
    people, province_staff, district_officer, foreign_officer
):
    assert "50,0 % (1 trong 2" not in (own := text_of(read(client_of(district_officer), PAGE)))
    assert "33,3 % (2 trong 6 người). Cuối năm 2016: 75,0 %" in own
    assert "100,0 % (2 trong 2 người). Cuối năm 2016: 100,0 %" in text_of(read(client_of(foreign_officer), PAGE))
    client = client_of(province_staff)
    assert "33,3 % (2 trong 6 người)" in text_of(read(client, f"{PAGE}&huyen=085"))
    assert people_behind(client, f"{PEOPLE}&huyen=085&nam=2016&buoc=retired") == 2
    assert people_behind(client_of(foreign_officer), f"{PEOPLE}&nam=2016&buoc=retired") == 0


def test_files_say_the_steps(people, province_staff):
    file = (
        client_of(province_staff).get("/ty-le/du-bao/du-bao.csv?ngay=2015-12-31&so_nam=1").content.decode("utf-8-sig")
    )
    assert file.splitlines() == [
        "STT,Bước,Đạt,Tổng số,Tỷ lệ đạt (%)",
        ',31/12/2016: từ,4,8,"50,0"',
        '1,Nghỉ hưu,0,-2,"66,7"',
        '2,"Xong lớp đang học, đã cử học",1,0,"83,3"',
        ',nếu mọi người học đều đạt,5,6,"83,3"',
    ]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{PAGE}&so_nam=11", "Dự báo được từ 1 đến 10 năm, không phải 11"),
        (f"{PAGE}&so_nam=0", "Dự báo được từ 1 đến 10 năm, không phải 0"),
        (f"{PAGE}&so_nam={quote('một')}", "“một” không phải là số năm"),
        (f"{PAGE}&theo=zone", "Dự báo không chia theo “zone”"),
        (f"{PAGE}&huyen=999", "không có đơn vị mã “999”"),
        (f"{PEOPLE}&nam=2015", "chỉ đến năm 2025"),
        (f"{PEOPLE}&nam=2026", "chỉ đến năm 2025"),
        (f"{PEOPLE}&buoc=khac", "không có bước “khac”"),
    ],
)
def test_words_of_the_address_that_mean_nothing_are_refused_in_words(people, province_staff, address, said):
    assert said in text_of(read(client_of(province_staff), address, 400))


def test_a_day_without_data_says_so(people, province_staff):
    assert "Chưa dự báo được" in text_of(read(client_of(province_staff), "/ty-le/du-bao/?ngay=2010-01-01"))


def test_pages_ask_a_bounded_number_of_queries(people, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    for address, most in ((PAGE, 45), (f"{PEOPLE}&buoc=retired", 35)):
        with django_assert_max_num_queries(most):
            read(client, address)
