"""The home page of the small province (tests/province.py): what it says, to whom, and where its figures lead."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from cadres import roles
from cadres.models import ImportBatch, Official, Position, RateTarget, RosterDay, UnitVersion
from courses.models import ClassFunding, PlanLine, TrainingPlan
from tests import province
from tests.builders import (
    criterion_of,
    make_appointment,
    make_class,
    make_official,
    make_programme,
    make_qualification,
    position_of,
)
from tests.conftest import client_of, make_user, unit_of
from tests.reports.pages import figures, follow, people_behind, read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

HOME = "/?ngay=2015-12-31"


@pytest.fixture
def small_province(db):
    return province.people()


def test_rate_is_shown_with_its_counts(small_province, province_staff):
    text = text_of(read(client_of(province_staff), HOME))
    assert "50,0 %" in text
    assert "4 / 8 người" in text
    assert "Ngày 31/12/2015" in text
    assert "Tiêu chuẩn: Quyết định 04/2004/QĐ-BNV" in text
    assert "Thông tư 06/2012/TT-BNV." in text


def test_officer_sees_the_own_district_and_which_it_is(small_province, district_officer):
    text = text_of(read(client_of(district_officer), HOME))
    assert "33,3 %" in text
    assert "2 / 6 người" in text
    assert "Phạm vi: Huyện Bắc Hà." in text
    assert "Mường Khương" not in text


@pytest.mark.parametrize(
    ("cast", "criterion"), [("province_staff", "FULL"), ("province_staff", "POLITICAL"), ("district_officer", "FULL")]
)
def test_every_figure_leads_to_exactly_as_many_people(small_province, cast, criterion, request):
    client = client_of(request.getfixturevalue(cast))
    found = figures(read(client, f"{HOME}&tieu_chi={criterion}"))
    assert len(found) > 10
    assert all(f"tieu_chi={criterion}" in address for address, _ in found)
    follow(client, found)


def test_what_is_lacking_counts_people(small_province, province_staff):
    client = client_of(province_staff)
    counts = {
        address.split("FULL&")[1]: number for address, number in figures(read(client, HOME)) if "thieu" in address
    }
    # Lý Thị Lan lacks the professional level, Hoàng Văn Páo the professional and the education (zone I: not relaxed).
    assert counts["thieu=professional"] == 2
    assert counts["thieu=education"] == 1
    assert counts["thieu_du_lieu=it"] == 1
    assert counts["chi_thieu=1"] == 1


def test_what_is_lacking_is_a_share_of_those_of_whom_it_is_required(small_province, province_staff):
    """Of a civil servant no political theory is asked, of a cadre no computer skill."""
    page = client_of(province_staff).get(HOME)
    found = {
        item.dimension.code: (item.not_met, item.required, str(item.percent)) for item in page.context["now"].lacking
    }
    assert found == {
        "education": (1, 8, "12.5"),
        "professional": (2, 8, "25.0"),
        "political_theory": (0, 4, "0.0"),
        "it": (0, 2, "0.0"),
    }
    text = text_of(page.content.decode())
    assert "2 trong 8 người 25,0" in text


def test_change_is_in_points_and_needs_data_a_year_before(small_province, province_staff):
    client = client_of(province_staff)
    assert "không đổi so với 31/12/2014" in text_of(read(client, HOME))
    assert "so với 30/12/2014: chưa có số liệu" in text_of(read(client, "/?ngay=2015-12-30"))


def test_change_covers_only_communes_known_on_both_days(small_province, province_staff):
    thanh_binh = unit_of(province.THANH_BINH)
    RosterDay.objects.filter(unit=thanh_binh).update(day=date(2015, 6, 30))
    text = text_of(read(client_of(province_staff), HOME))
    assert "50,0 %" in text
    assert "không đổi so với 31/12/2014 , ở các xã có số liệu cả hai ngày" in text  # not 100 % of Thanh Bình alone


def test_course_over_the_years_begins_with_the_first_data(small_province, province_staff):
    text = text_of(read(client_of(province_staff), HOME))
    course = text.split("Xem bảng số liệu")[1].split("Còn thiếu")[0]
    assert [day for day in ("31/12/2013", "31/12/2014", "31/12/2015") if day in course] == ["31/12/2014", "31/12/2015"]


def test_a_day_before_the_first_data_says_what_to_do(small_province, province_staff):
    text = text_of(read(client_of(province_staff), "/?ngay=2014-12-30"))
    assert "Chưa có số liệu cho ngày 30/12/2014" in text
    assert "Nhập danh sách Excel" in text


def test_a_group_without_a_standard_is_named(small_province, province_staff):
    RosterDay.objects.update(day=date(2011, 1, 1))
    text = text_of(read(client_of(province_staff), "/?ngay=2012-12-14"))
    assert "4 công chức không nằm trong tổng số" in text
    assert "chưa có văn bản tiêu chuẩn áp dụng cho nhóm này" in text
    assert "công chức không nằm trong tổng số" not in text_of(read(client_of(province_staff), "/?ngay=2012-12-15"))


def test_people_left_behind_are_a_warning_with_their_list(small_province, province_staff):
    Position.objects.filter(code="TCA").update(end_date=date(2015, 6, 30))
    client = client_of(province_staff)
    page = read(client, HOME)
    assert "2 người còn ghi ở đơn vị hoặc chức danh đã hết hiệu lực" in text_of(page)
    assert people_behind(client, "/can-bo/?ngay=2015-12-31&tieu_chi=FULL&bo_lai=1") == 2
    assert "bo_lai=1" in page


@pytest.mark.parametrize("cast", ["province_staff", "district_officer"])
def test_number_of_queries_does_not_grow_with_people(small_province, cast, request, django_assert_max_num_queries):
    client = client_of(request.getfixturevalue(cast))
    for _ in range(2):
        with django_assert_max_num_queries(22):
            read(client, HOME)
        with django_assert_max_num_queries(22):
            read(client, "/")
        unit = unit_of(province.BAN_PHO)
        for _ in range(20):
            make_appointment(make_official(), position_of("VH_XH"), unit)


@pytest.mark.parametrize("day", ["hôm qua", "2015-02-30", "31-12-2015", "0001-01-01", "9999-12-31", "1/2"])
def test_a_day_that_is_none_answers_400_in_vietnamese(province_staff, day):
    text = text_of(read(client_of(province_staff), f"/?ngay={day}", status=400))
    assert "Yêu cầu không hợp lệ" in text
    assert "Hãy" in text


def test_an_unknown_criterion_answers_400(province_staff):
    assert "Không có bộ tiêu chí “X”" in text_of(read(client_of(province_staff), "/?tieu_chi=X", status=400))


def test_a_day_may_be_written_as_a_person_writes_it(small_province, province_staff):
    assert "4 / 8 người" in text_of(read(client_of(province_staff), "/?ngay=31/12/2015"))


def test_the_picked_day_holds_until_the_person_leaves(small_province, province_staff):
    client = client_of(province_staff)
    read(client, "/?ngay=2015-03-01")
    assert "Ngày 01/03/2015" in text_of(read(client, "/ty-le/"))
    client.post("/quan-tri/logout/")
    client.force_login(province_staff)
    assert "Ngày 01/03/2015" not in text_of(read(client, "/ty-le/"))


def test_without_a_post_today_the_day_is_that_of_the_latest_data(small_province, province_staff):
    Position.objects.begun_before(date(2020, 12, 31)).update(end_date=date(2020, 12, 31))
    assert "Ngày 31/12/2014" in text_of(read(client_of(province_staff), "/"))


def test_reading_writes_nothing(small_province, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    with django_assert_max_num_queries(22) as queries:
        read(client, HOME)
    assert not [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "WITH", "(", "EXECUTE"))]


def test_menu_shows_what_the_role_may_do(small_province, province_staff, leader):
    staff, reader = (text_of(read(client_of(user), HOME)) for user in (province_staff, leader))
    assert "Nhật ký đăng nhập" in staff
    assert "Nhật ký đăng nhập" not in reader
    assert "Tỷ lệ đạt chuẩn" in reader


def test_menu_counts_the_rosters_that_wait_in_the_own_scope(small_province, province_staff, district_officer):
    foreign = UnitVersion.objects.as_of(province.DAY).get(code="083").unit
    ImportBatch.objects.create(file_name="mk.xlsx", as_of=province.DAY, unit=foreign)
    assert "1 danh sách chờ ghi" in text_of(read(client_of(province_staff), HOME))
    assert "danh sách chờ ghi" not in text_of(read(client_of(district_officer), HOME))


def test_strangers_are_sent_to_sign_in_and_come_back(db):
    client = Client()
    response = client.get(HOME)
    assert response.status_code == 302
    assert response.url == "/quan-tri/login/?next=/%3Fngay%3D2015-12-31"
    make_user("khach", roles.LEADER)
    signed_in = client.post(response.url, {"username": "khach", "password": "mật khẩu thử"})
    assert signed_in.url == HOME


def test_signing_in_leads_to_the_home_page(db):
    make_user("khach", roles.LEADER)
    signed_in = Client().post("/quan-tri/login/", {"username": "khach", "password": "mật khẩu thử"})
    assert signed_in.url == "/"


def test_error_pages_speak_vietnamese_in_the_shell(province_staff):
    client = client_of(province_staff)
    for address in ("/khong-co/", "/quan-tri/khong-co/", "/quan-tri/cadres/unit/999999/change/"):
        text = text_of(read(client, address, status=404))
        assert "Không tìm thấy" in text
        assert "Cán bộ, công chức" in text


def test_a_form_of_an_old_session_is_explained(province_staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(province_staff)
    response = client.post("/quan-tri/logout/")
    assert response.status_code == 403
    assert "Phiên làm việc đã thay đổi" in text_of(response.content.decode())


def test_a_role_without_the_right_gets_403_that_says_so(leader):
    text = text_of(read(client_of(leader), "/tai-khoan/", status=403))
    assert "Lãnh đạo (chỉ xem)" in text
    assert "không có quyền" in text


def test_definition_shows_the_standards_of_the_day(leader):
    text = text_of(read(client_of(leader), "/cach-tinh/?ngay=2015-12-31"))
    assert "QĐ 04/2004/QĐ-BNV ngày 16/01/2004" in text
    assert "Bí thư Đảng ủy Trung học phổ thông Trung cấp (Sơ cấp) Trung cấp" in text
    early = text_of(read(client_of(leader), "/cach-tinh/?ngay=2012-12-14"))
    assert "Ngày 14/12/2012 chưa có văn bản tiêu chuẩn nào áp dụng cho nhóm này" in early


# ---------------------------------------------------------------- the target, and what a leader asks


def test_the_target_of_the_year_is_shown_beside_the_rate_of_the_whole_province(
    small_province, province_staff, district_officer
):
    RateTarget.objects.create(year=2015, criterion=criterion_of(), percent=Decimal("52.5"), decision="NQ 1")
    RateTarget.objects.create(year=2016, criterion=criterion_of(), percent=Decimal("99.0"), decision="NQ 2")
    page = read(client_of(province_staff), HOME)
    assert "Chỉ tiêu năm 2015: 52,5 % còn thiếu 2,5 điểm %" in text_of(page)
    assert "Nét đứt: chỉ tiêu của tỉnh, 2015: 52,5 %" in text_of(page)
    assert page.count('<line class="chart-target"') == 1
    assert "Chỉ tiêu" not in text_of(read(client_of(district_officer), HOME)).split("Tỷ lệ đạt chuẩn")[1]
    RateTarget.objects.filter(year=2015).update(percent=Decimal("50.0"))
    assert "Chỉ tiêu năm 2015: 50,0 % đã đạt" in text_of(read(client_of(province_staff), HOME))
    other = text_of(read(client_of(province_staff), f"{HOME}&tieu_chi=POLITICAL"))
    assert "Chỉ tiêu năm" not in other


def test_a_leader_is_told_each_district_against_the_year_before_and_the_money_of_the_plans(small_province, leader):
    make_qualification(Official.objects.get(full_name="Lý Thị Lan"), "professional", "TC", as_of=date(2015, 6, 1))
    plan = TrainingPlan.objects.create(year=2015, title="Kế hoạch 2015", budget_local=7_000_000)
    line = PlanLine.objects.create(plan=plan, programme=make_programme(), seats=5, cost_local=6_000_000)
    taught = make_class(programme=line.programme, plan_line=line)
    ClassFunding.objects.create(
        training_class=taught, source="local", committed=5_000_000, spent=4_000_000, settled_on=date(2015, 5, 1)
    )
    client = client_of(leader)
    assert f'data-part="{reverse("reports:year-summary")}?ngay=2015-12-31"' in read(client, HOME)
    told = text_of(read(client, reverse("reports:year-summary") + "?ngay=2015-12-31"))
    assert "Huyện Mường Khương 15 xã chưa có số liệu ngày 31/12/2014 100,0 100,0 không đổi" in told
    assert "Huyện Bắc Hà 19 xã chưa có số liệu ngày 31/12/2014 33,3 50,0 tăng 16,7 điểm %" in told
    assert told.index("Mường Khương") < told.index("Bắc Hà")  # who rose least comes first
    assert "Dự toán 7.000.000 Theo kế hoạch 6.000.000 Đã giao cho lớp 5.000.000 Đã quyết toán 4.000.000" in told


def test_a_year_before_the_first_data_is_said_to_be_unknown(small_province, leader):
    told = text_of(read(client_of(leader), reverse("reports:year-summary") + "?ngay=2014-12-31"))
    assert "Ngày 31/12/2013 chưa có số liệu để so sánh." in told
