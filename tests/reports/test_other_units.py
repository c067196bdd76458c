"""The figures of the small province in the units of another day: of 2025, and of 2015 once they were reorganised.

On 1/7/2025 Bản Phố and thị trấn Bắc Hà became xã Bắc Hà, Thanh Bình a part of xã Mường Khương; districts ended.
"""

import csv
import json
from datetime import date
from functools import partial
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from cadres import roles
from cadres.access import appointments_visible_to, units_seen_on
from cadres.correspondence import Correspondence
from cadres.management.command import CommandFailed
from cadres.models import Official, RosterDay, UnitVersion
from cadres.reference_data import DATA
from reports.movements import movements
from reports.rates import BY, DIMENSION, rates_by
from reports.trends import change
from tests import province, trained_province
from tests.builders import begin_data, criterion_of, make_appointment, make_official, position_of
from tests.conftest import client_of, make_user
from tests.province import DAY
from tests.reports.pages import figures, people_behind, read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

TWO_LEVELS = date(2025, 7, 1)
PAGE = "/ty-le/?ngay=2015-12-31&don_vi=2025-07-01"


@pytest.fixture
def small_province(db):
    return province.people()


def code_of(name: str) -> str:
    return UnitVersion.objects.as_of(TWO_LEVELS).get(name=name).code


def rates(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rates", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_the_people_of_2015_in_the_communes_of_2025_on_screen_as_a_file_and_by_command(small_province, province_staff):
    client = client_of(province_staff)
    page = read(client, f"{PAGE}&theo=commune")
    assert "Xã Mường Khương 100,0 2 2 0 0 Xã Bắc Hà 33,3 6 2 2 2 Cộng 50,0 8 4 2 2" in text_of(page)
    for address, number in figures(page):
        assert people_behind(client, address) == number, address
    text = text_of(read(client, f"{PAGE}&theo=district"))
    assert "Tỉnh Lào Cai 50,0 8 4 2 2" in text
    assert "đơn vị ngày 01/07/2025" in text
    assert "trong phạm vi" in read(client, f"{PAGE}&huyen=085", status=400)  # there is none that day
    response = client.get("/ty-le/ty-le-dat-chuan.csv?ngay=2015-12-31&don_vi=2025-07-01&theo=commune")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [row[1:4] for row in rows[1:]] == [
        ["Xã Mường Khương", "2", "2"],
        ["Xã Bắc Hà", "6", "2"],
        ["Cộng", "8", "4"],
    ]
    told = rates("--as-of", "2015-12-31", "--units-as-of", "2025-07-01", "--by", "commune")
    assert (told["units_as_of"], told["total"], told["rate"]) == ("2025-07-01", 8, "50.0")
    assert [(group["name"], group["total"]) for group in told["groups"]] == [("Xã Mường Khương", 2), ("Xã Bắc Hà", 6)]
    code = told["groups"][1]["code"]
    assert rates("--as-of", "2015-12-31", "--units-as-of", "2025-07-01", "--unit", code)["total"] == 6
    with pytest.raises(CommandFailed, match=r"vào ngày 01/07/2025; hãy kiểm tra mã hoặc ngày \(--units-as-of\)"):
        rates("--as-of", "2015-12-31", "--units-as-of", "2025-07-01", "--unit", "085")


def test_looking_back_a_commune_is_the_set_of_those_that_became_it_and_a_filter_finds_it_whole(
    small_province, province_staff
):
    """On 1/11/2024 Tà Chải, of which nobody is known, was merged into thị trấn Bắc Hà. The chiefs of police are no
    posts of the commune any more."""
    told = rates("--as-of", "2024-12-31", "--units-as-of", "2015-12-31", "--by", "commune")
    town = f"{province.BAC_HA_TOWN}+02872"
    groups = {group["code"]: (group["name"], group["total"], group.get("note")) for group in told["groups"]}
    assert groups == {
        province.THANH_BINH: ("Xã Thanh Bình", 1, None),
        town: ("Thị trấn Bắc Hà, Xã Tà Chải", 2, "ngày 31/12/2024 là Thị trấn Bắc Hà"),
        province.BAN_PHO: ("Xã Bản Phố", 3, None),
    }
    asked = ("--as-of", "2024-12-31", "--units-as-of", "2015-12-31", "--unit")
    assert [rates(*asked, code)["total"] for code in ("085", province.BAC_HA_TOWN, "02872")] == [5, 0, 0]
    client = client_of(province_staff)
    page = read(client, "/ty-le/?ngay=2024-12-31&don_vi=2015-12-31&theo=commune&huyen=085")
    assert "Thị trấn Bắc Hà, Xã Tà Chải ngày 31/12/2024 là Thị trấn Bắc Hà" in text_of(page)
    for address, number in figures(page):
        assert people_behind(client, address) == number, address


@pytest.fixture
def merged(small_province) -> dict[str, Official]:
    """The people, and Tẩn A Phù of Tà Chải, who went to thị trấn Bắc Hà with the commune on 1/11/2024."""
    commune = UnitVersion.objects.as_of(DAY).get(code="02872").unit
    begin_data(commune, province.DATA_BEGIN)
    newcomer = make_official("Tẩn A Phù")
    make_appointment(newcomer, position_of("BT_DU"), commune)
    call_command("reorganise", str(DATA / "unit_successions.csv"), "--on", "2024-11-01", "--json", stdout=StringIO())
    return small_province | {"Tẩn A Phù": newcomer}


def test_a_year_is_compared_across_a_merger_in_what_became_one(merged, province_staff):
    before, after = date(2023, 12, 31), date(2024, 12, 31)
    compared = change(before, after, criterion=criterion_of())
    assert (compared.before.total, compared.after.total) == (7, 7)
    moved = movements(before, after, criterion=criterion_of())
    assert {move: len(people) for move, people in moved.people.items() if people} == {}
    client = client_of(province_staff)
    text = text_of(read(client, "/?ngay=2024-12-31"))
    assert "ở các xã có số liệu cả hai ngày" not in text
    page = "/ty-le/thay-doi/?ngay=2024-12-31&tu=2023-12-31"
    assert "% của 7)" in text_of(read(client, page))
    assert "% của 6)" in text_of(read(client, f"{page}&huyen=085"))
    assert "% của 6)" in text_of(read(client, f"{page}&don_vi=2015-12-31&huyen=085"))
    assert "% của 7)" in text_of(read(client, f"{page}&don_vi=2025-07-01&huyen=15"))
    RosterDay.objects.filter(unit__versions__code="02872").delete()  # then nobody knows who was there before
    compared = change(before, after, criterion=criterion_of())
    assert (compared.before.total, compared.after.total) == (4, 4)


def test_who_saw_a_part_of_what_became_one_compares_without_it(merged):
    """The officer of the former town sees people of Tà Chải in the present one: they did not come by themselves."""
    officer = make_user("can-bo-thi-tran", roles.UNIT_OFFICER, province.BAC_HA_TOWN)
    before, after = date(2023, 12, 31), date(2024, 12, 31)
    seen = {"appointments": partial(appointments_visible_to, officer), "seen": partial(units_seen_on, officer)}
    moved = movements(before, after, criterion=criterion_of(), **seen)
    assert (moved.before.total, moved.after.total) == (0, 0)
    whole = make_user("can-bo-bac-ha", roles.UNIT_OFFICER, "085")
    seen = {"appointments": partial(appointments_visible_to, whole), "seen": partial(units_seen_on, whole)}
    moved = movements(before, after, criterion=criterion_of(), **seen)
    assert (moved.before.total, moved.after.total) == (6, 6)


def test_the_rate_over_the_years_is_that_of_the_communes_that_became_the_present_one(merged, province_staff):
    client = client_of(province_staff)
    page = read(client, "/ty-le/cac-nam/?ngay=2024-12-31")
    text = text_of(page)
    assert "đơn vị ngày 31/12/2024" in text
    # Of Lý Thị Lan, Trần Thị Ánh and Tẩn A Phù nobody meets the standard; in 2014 the chief of police is there too.
    assert "Thị trấn Bắc Hà Huyện Bắc Hà 0,0 ( 4 ) 0,0 ( 3 )" in text
    for address, number in figures(page):
        assert people_behind(client, address) == number, address
    text = text_of(read(client, "/ty-le/cac-nam/?ngay=2024-12-31&don_vi=2015-12-31&theo=commune&huyen=085"))
    assert "Thị trấn Bắc Hà, Xã Tà Chải ngày 31/12/2024 là Thị trấn Bắc Hà" in text
    RosterDay.objects.filter(unit__versions__code="02872").delete()
    text = text_of(read(client, "/ty-le/cac-nam/?ngay=2024-12-31"))
    assert "* chưa có số liệu của Xã Tà Chải 0,0 * ( 3 ) 0,0 ( 3 )" in text
    response = client.get("/ty-le/cac-nam/ty-le-qua-cac-nam.csv?ngay=2024-12-31&theo=district")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][1:] == [
        "Huyện, thị xã, thành phố", "Trực thuộc", "31/12/2014: người", "%", "31/12/2024: người", "%"
    ]  # fmt: skip
    assert rows[2][:4] == ["2", "Huyện Bắc Hà", "", "6"]
    assert "không chia theo “zone”" in text_of(read(client, "/ty-le/cac-nam/?theo=zone", status=400))


def test_the_command_tells_training_in_the_units_of_another_day(small_province):
    trained_province.build(small_province)
    out = StringIO()
    period = ("--from", "2010-01-01", "--to", "2015-12-31", "--units-as-of", "2025-07-01")
    call_command("training", *period, "--by", "commune", "--json", stdout=out)
    told = {group["name"]: (group["turns"], group["persons"]) for group in json.loads(out.getvalue())["groups"]}
    assert told == {"Xã Bắc Hà": (8, 6), "Xã Mường Khương": (1, 1)}
    out = StringIO()
    call_command("training", *period, "--unit", code_of("Xã Bắc Hà"), "--json", stdout=out)
    assert json.loads(out.getvalue())["turns"] == 8


def test_a_list_that_leaves_in_other_units_says_where_everybody_belongs_and_can_come_back(
    small_province, province_staff, tmp_path
):
    response = client_of(province_staff).get("/can-bo/xuat/?ngay=2015-12-31&don_vi=2025-07-01")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[0][-1] == "Quy về đơn vị ngày 01/07/2025"
    assert sorted(row[-1] for row in rows[1:]) == ["Xã Bắc Hà"] * 7 + ["Xã Mường Khương"] * 2
    file, out = tmp_path / "danh-sach.csv", StringIO()
    asked = ("--as-of", "2015-12-31", "--units-as-of", "2025-07-01")
    call_command("export_roster", str(file), *asked, "--unit", code_of("Xã Bắc Hà"), stderr=StringIO())
    call_command("import_roster", str(file), "--as-of", "2015-12-31", "--dry-run", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["rows"], told["unchanged"], told["alarms"]) == (7, 7, [])
    assert [column["kept"] for column in told["unread"]] == [False]
    with pytest.raises(CommandFailed, match="hãy bỏ --units-as-of"):
        call_command("export_roster", str(tmp_path / "mau.xlsx"), *asked, "--template")


def test_every_grouping_adds_up_to_the_same_people_in_any_units(small_province):
    plain = {by: rates_by(by, day=DAY, criterion=criterion_of()) for by in BY}
    for units_day in (date(2009, 12, 31), date(2020, 1, 1), date(2020, 3, 1), date(2024, 11, 1), TWO_LEVELS):
        units = Correspondence(units_day)
        for by in BY:
            groups = rates_by(by, day=DAY, criterion=criterion_of(), units=units)
            if by in ("district", "commune", DIMENSION):
                assert sum(group.rate.total for group in groups) == sum(group.rate.total for group in plain[by])
            else:
                assert groups == plain[by]


def test_an_officer_sees_the_places_of_the_own_people_only(small_province, district_officer):
    client = client_of(district_officer)
    assert "Xã Bắc Hà 33,3 6 2 2 2 Cộng 33,3" in text_of(read(client, f"{PAGE}&theo=commune"))
    listed = read(client, f"/can-bo/?ngay=2015-12-31&don_vi=2025-07-01&xa={code_of('Xã Bắc Hà')}")
    assert people_behind(client, f"/can-bo/?ngay=2015-12-31&don_vi=2025-07-01&xa={code_of('Xã Bắc Hà')}") == 7
    assert "Đơn vị ngày 01/07/2025" in text_of(listed)
    assert "Xã Bắc Hà" in text_of(listed)
    read(client, f"/can-bo/?ngay=2015-12-31&don_vi=2025-07-01&xa={code_of('Xã Mường Khương')}", status=400)


def test_units_of_days_between_reorganisations_are_offered_and_nonsense_is_told(province_staff):
    client = client_of(province_staff)
    text = text_of(read(client, "/ty-le/?ngay=2015-12-31"))
    for choice in ("Đơn vị của ngày đang xem", "từ 01/07/2025", "01/11/2024 – 30/06/2025"):
        assert choice in text
    assert "đến 31/12/2019" not in text  # the own ones
    assert "Đơn vị đến 31/12/2019" in text_of(read(client, "/ty-le/?ngay=2020-01-01"))
    assert "không phải là ngày" in text_of(read(client, "/ty-le/?don_vi=hom-nay", status=400))
    same = read(client, "/ty-le/?ngay=2015-12-31&don_vi=2015-12-31")  # the day itself is no other day
    assert "đơn vị ngày" not in same


def test_number_of_queries_is_two_more_than_in_the_units_of_the_day(small_province, django_assert_num_queries):
    criterion = criterion_of()
    rates_by("commune", day=DAY, criterion=criterion)
    with django_assert_num_queries(1 + 3 + 2):  # the verdict, the rulebook, units and successions
        rates_by("commune", day=DAY, criterion=criterion, units=Correspondence(TWO_LEVELS))
