"""The page of a commune: its people by post, its rate and course, its past, its rosters and classes, what to do."""

from datetime import date

import pytest

from cadres.models import ImportBatch, SizeClass, UnitClass, UnitRelaxation, UnitSuccession, UnitVersion, UnitZone
from tests import province
from tests.builders import it_is, make_appointment, make_class, make_enrolment, make_official, position_of
from tests.conftest import client_of, unit_of
from tests.reports.pages import figures, people_behind, read, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]
DAY = province.DAY


def address(code: str, day: date = DAY) -> str:
    return f"/xa/{unit_of(code, day).pk}/?ngay={day}"


def shown(user, code: str, day: date = DAY) -> str:
    return text_of(read(client_of(user), address(code, day)))


def test_the_rate_is_that_of_its_people_and_every_figure_opens_them(province_staff):
    client = client_of(province_staff)
    page = read(client, address(province.BAN_PHO))

    assert "66,7 % 2 / 3 người" in text_of(page)
    found = figures(page)
    assert sorted(number for _, number in found) == [0, 1, 1, 2, 2, 3]
    for behind, number in found:
        assert people_behind(client, behind) == number


def test_who_holds_which_post_is_told_with_what_each_lacks(province_staff):
    page = shown(province_staff, province.BAN_PHO)

    assert "Bí thư Đảng ủy Giàng A Sử Đạt" in page
    assert "Vàng Thị Mỷ Chưa đủ dữ liệu Lý luận chính trị: chưa có dữ liệu" in page
    assert "Sùng A Páo Không xét" in page
    assert "Lý Thị Lan Chưa đạt" in shown(province_staff, province.BAC_HA_TOWN)


def test_a_post_held_beside_another_is_told_as_such_and_counted_once(province_staff):
    person = province.people()["Giàng A Sử"]
    make_appointment(person, position_of("CT_HDND"), unit_of(province.BAN_PHO), is_primary=False)
    page = shown(province_staff, province.BAN_PHO)

    assert "Chủ tịch HĐND kiêm nhiệm Giàng A Sử Không xét" in page
    assert "2 / 3 người" in page


def test_key_posts_that_nobody_holds_are_vacant_and_a_quota_is_named(province_staff):
    UnitClass.objects.create(unit=unit_of(province.BAN_PHO), size_class=SizeClass.THREE, start_date=date(2010, 1, 1))
    page = shown(province_staff, province.BAN_PHO)

    assert "Chức danh chủ chốt còn trống: Phó Bí thư Đảng ủy, Chủ tịch HĐND" in page
    assert "Bí thư Đảng ủy, Phó Bí thư" not in page
    assert "3 cán bộ, công chức, nhiều nhất 21" in page
    assert "vượt" not in page


def test_one_above_the_quota_is_said(province_staff):
    unit = unit_of(province.BAN_PHO)
    UnitClass.objects.create(unit=unit, size_class=SizeClass.THREE, start_date=date(2010, 1, 1))
    for number in range(18):
        make_appointment(make_official(f"Má A {number}"), position_of("VP_TK"), unit)
    assert "21 cán bộ, công chức, nhiều nhất 21" in shown(province_staff, province.BAN_PHO)
    assert "vượt" not in shown(province_staff, province.BAN_PHO)

    make_appointment(make_official("Má A Cuối"), position_of("VP_TK"), unit)
    assert "22 cán bộ, công chức, nhiều nhất 21 vượt 1" in shown(province_staff, province.BAN_PHO)


def test_the_course_begins_with_the_data_and_ends_with_the_day(province_staff):
    page = shown(province_staff, province.BAN_PHO)
    assert "31/12/2014" in page
    assert "31/12/2013" not in page
    assert "Chưa có số liệu vào ngày này" in shown(province_staff, province.BAN_PHO, date(2014, 12, 30))


def test_names_zones_and_decisions_are_told_in_time(province_staff):
    unit = unit_of(province.BAN_PHO)
    UnitZone.objects.filter(unit=unit).delete()
    UnitZone.objects.create(
        unit=unit, zone=3, start_date=date(2012, 1, 1), end_date=date(2015, 12, 31), decision="QĐ 447"
    )
    UnitZone.objects.create(unit=unit, zone=2, start_date=date(2016, 1, 1))
    UnitRelaxation.objects.create(unit=unit, is_relaxed=True, start_date=date(2013, 5, 1), decision="QĐ 12")
    page = shown(province_staff, province.BAN_PHO)

    later, relaxed, earlier = (page.index(told) for told in ("01/01/2016 nay Khu vực II", "QĐ 12", "QĐ 447"))
    assert later < relaxed < earlier
    assert "01/01/2012 31/12/2015 Khu vực III" in page
    assert f"Xã Bản Phố (mã {province.BAN_PHO}), thuộc Huyện Bắc Hà" in page


def test_what_became_of_a_commune_leads_there_on_a_day_on_which_it_is(province_staff):
    client, town = client_of(province_staff), unit_of(province.BAC_HA_TOWN)
    UnitSuccession.objects.create(
        predecessor=unit_of(province.BAN_PHO), successor=town, effective_on=date(2016, 7, 1), decision="NQ 9"
    )
    UnitVersion.objects.filter(unit=unit_of(province.BAN_PHO)).update(end_date=date(2016, 6, 30))

    page = read(client, address(province.BAN_PHO))
    assert "01/07/2016: chuyển vào Thị trấn Bắc Hà (NQ 9)" in text_of(page)
    assert f"/xa/{town.pk}/?ngay=2016-07-01" in page
    page = read(client, address(province.BAC_HA_TOWN))
    assert "01/07/2016: tiếp nhận từ Xã Bản Phố (NQ 9)" in text_of(page)
    assert "ngay=2016-06-30" in page


def test_who_studies_and_which_rosters_came_are_told(province_staff):
    it_is(date(2015, 12, 31))
    training_class = make_class(code="LLCT-9", start_date=date(2015, 12, 1), end_date=date(2016, 1, 31))
    for name in ("Giàng A Sử", "Vàng Thị Mỷ"):
        make_enrolment(province.people()[name], training_class)
    ImportBatch.objects.create(file_name="ban-pho.xlsx", unit=unit_of(province.BAN_PHO), as_of=DAY)
    ImportBatch.objects.create(file_name="thanh-binh.xlsx", unit=unit_of(province.THANH_BINH), as_of=DAY)
    page = shown(province_staff, province.BAN_PHO)

    assert "2 người học lớp LLCT-9" in page
    assert "ban-pho.xlsx tính đến 31/12/2015" in page
    assert "thanh-binh.xlsx" not in page


def test_a_commune_of_another_district_is_no_page_of_an_officer(district_officer, foreign_officer):
    read(client_of(district_officer), address(province.BAN_PHO))
    read(client_of(foreign_officer), address(province.BAN_PHO), 404)


def test_a_former_district_sees_the_commune_on_days_on_which_it_had_it_alone(district_officer, province_staff):
    unit = unit_of(province.BAN_PHO)
    version = unit.version_on(DAY)
    version.end_date = date(2016, 6, 30)
    version.save()
    UnitVersion.objects.create(
        unit=unit, code=version.code, name="Xã Bản Phố Mới", kind=version.kind, parent=unit_of("083"),
        start_date=date(2016, 7, 1),
    )  # fmt: skip

    assert "Xã Bản Phố Mới" not in shown(district_officer, province.BAN_PHO)
    assert "Xã Bản Phố Mới" in shown(province_staff, province.BAN_PHO)
    read(client_of(district_officer), f"/xa/{unit.pk}/?ngay=2016-07-01", 404)


def test_a_district_is_no_commune(province_staff):
    read(client_of(province_staff), address("085"), 404)


def test_the_queries_do_not_grow_with_the_people(province_staff, django_assert_max_num_queries):
    client, unit = client_of(province_staff), unit_of(province.BAN_PHO)
    training_class = make_class(start_date=date(2015, 12, 1), end_date=date(2016, 1, 31))
    for number in range(30):
        person = make_official(f"Má A {number}")
        make_appointment(person, position_of("VP_TK"), unit)
        make_enrolment(person, training_class)
    read(client, address(province.BAN_PHO))

    with django_assert_max_num_queries(40):
        read(client, address(province.BAN_PHO))
