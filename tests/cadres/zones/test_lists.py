"""The list of a decision on zones: read in the shapes it comes in, written from a day on, told before, taken back."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from cadres.clusters import make_clusters
from cadres.history.taking_back import take_back
from cadres.models import Act, UnitSuccession, UnitVersion, UnitZone, Zone, ZonePeriod
from cadres.posts import first_day_of_data
from cadres.zones import Line, UnreadableListError, counts_on, read, settle, write
from reports.rates import rate_on, rates_by
from tests import province
from tests.builders import criterion_of
from tests.conftest import client_of, unit_of
from tests.forms import forms_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

BAN_PHO, TOWN, THANH_BINH = province.BAN_PHO, province.BAC_HA_TOWN, province.THANH_BINH
BEGIN, LAST = date(2012, 1, 1), date(2015, 12, 31)
LAST_OF_COMMUNE = date(2025, 6, 30)
TITLES = ("TT", "Tên xã", "Mã xã", "Khu vực")


def csv(*rows: tuple[Any, ...]) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode()


def xlsx(*rows: tuple[Any, ...]) -> bytes:
    workbook, output = Workbook(), BytesIO()
    for row in rows:
        workbook.active.append(row)
    workbook.save(output)
    return output.getvalue()


def zones_read(*rows: tuple[Any, ...], day: date = BEGIN) -> dict[str, Zone]:
    lines, wrong = read("danh-sach.xlsx", xlsx(*rows), day)
    assert wrong == []
    return {line.code: line.zone for line in lines}


def wrong_in(*rows: tuple[Any, ...], day: date = BEGIN) -> list[str]:
    return read("danh-sach.xlsx", xlsx(*rows), day)[1]


def line(code: str, zone: int) -> Line:
    return Line(unit_of(code).pk, code, code, Zone(zone), code)


def put(*lines: Line, start: date = BEGIN, end: date | None = LAST, is_whole: bool = False) -> int:
    return write(settle(lines, start, end, decision="QĐ thử", is_whole=is_whole), by=None)


def zone_of(code: str) -> list[tuple[int, date, date | None]]:
    rows = UnitZone.objects.filter(unit=unit_of(code)).order_by("start_date")
    return list(rows.values_list("zone", "start_date", "end_date"))


# ---------------------------------------------------------------- reading


def test_a_list_is_read_in_the_shapes_in_which_decisions_come():
    in_a_column = zones_read(
        ("DANH SÁCH XÃ KHU VỰC I, II, III",), ("(Kèm theo Quyết định số 447/QĐ-UBDT)",), TITLES,
        ("I", "Huyện Bắc Hà"), (1, "Xã Bản Phố", "", "III"), (2, "TT Bắc Hà", "", "KV I"),
        ("II", "Huyện Mường Khương"), (1, "Thanh Bình", "", 2), ("", "Tổng cộng", "", 3),
    )  # fmt: skip
    by_code = zones_read(("Mã xã", "Thuộc khu vực"), (2866, "III"), ("02839", "I"), (THANH_BINH, "Khu vực II"))
    below_headings = zones_read(
        ("STT", "Tên huyện", "Tên xã"), ("A", "XÃ KHU VỰC I"), (1, "Bắc Hà", "Thị trấn Bắc Hà"),
        ("B", "XÃ KHU VỰC II"), (1, "Mường Khương", "Thanh Bình"), ("C", "XÃ KHU VỰC III"), (1, "Bắc Hà", "Bản Phố"),
    )  # fmt: skip
    marked = zones_read(
        ("Xã", "Mã xã", "KV I", "KV II", "KV III"),
        ("", BAN_PHO, "", "", "x"),
        ("", TOWN, "x"),
        ("", THANH_BINH, "", "x"),
    )
    assert in_a_column == by_code == below_headings == marked
    assert in_a_column == {BAN_PHO: Zone.III, TOWN: Zone.I, THANH_BINH: Zone.II}
    assert zones_read(TITLES, (1, "", TOWN, "Ngoài khu vực")) == {TOWN: Zone.OUTSIDE}


def test_what_cannot_be_understood_is_named_with_its_row():
    assert wrong_in(TITLES, (1, "Xã Không Có", "", "I"), (2, "Bản Phố", "", "IV"), (3, "TT Bắc Hà", "", "")) == [
        "Dòng 2: Không có đơn vị cấp xã nào tên “Xã Không Có” vào ngày 01/01/2012. Hãy kiểm tra tên xã.",
        "Dòng 3: Xã Bản Phố ghi khu vực “IV”, không phải I, II hay III.",
        "Dòng 4: Thị trấn Bắc Hà chưa ghi khu vực. Hãy ghi I, II hoặc III.",
    ]
    assert wrong_in(TITLES, (1, "", BAN_PHO, "I"), (2, "Bản Phố", "", "II")) == [
        "Dòng 3: Xã Bản Phố đã có ở dòng 2. Hãy bỏ một dòng."
    ]
    # A code means the commune that bears it on the day; of one that has ended, what it went to is said.
    (told,) = wrong_in(TITLES, (1, "Thị trấn Bắc Hà", "", "I"), day=date(2026, 1, 1))
    assert "nay thuộc Xã Bắc Hà" in told
    with pytest.raises(UnreadableListError, match="Không thấy dòng tên cột"):
        read("danh-sach.xlsx", xlsx(("Họ và tên", "Năm sinh"), ("Giàng A Sử", 1985)), BEGIN)


# ---------------------------------------------------------------- writing


def test_a_list_of_a_day_without_districts_names_the_cluster_of_each_commune():
    begin, commune = date(2026, 1, 1), unit_of("02839", date(2026, 1, 1))
    make_clusters({"Cụm Bắc Hà": [commune.pk]}, day=begin, by=None)
    listed = settle([], begin, None, decision="QĐ", is_whole=False)
    assert {change.above for change in listed.changes} == {"Cụm Bắc Hà", "Tỉnh Lào Cai"}
    assert [change.unit for change in listed.changes if change.above == "Cụm Bắc Hà"] == [commune.pk]


def test_a_list_holds_from_its_first_day_to_its_last_and_ends_what_was_there_before():
    assert put(line(BAN_PHO, 1), start=date(2014, 1, 1)) == 1
    assert zone_of(BAN_PHO) == [(3, date(2010, 1, 1), date(2013, 12, 31)), (1, date(2014, 1, 1), LAST)]
    assert zone_of(TOWN) == [(1, date(2010, 1, 1), None)]  # not named: as it was
    assert put(line(BAN_PHO, 1), start=date(2014, 1, 1)) == 0  # the same list again changes nothing
    assert put(line(BAN_PHO, 2), start=date(2014, 1, 1), end=None) == 1  # put right
    assert zone_of(BAN_PHO)[-1] == (2, date(2014, 1, 1), LAST_OF_COMMUNE)


def test_a_list_of_an_earlier_period_goes_up_to_what_is_known_of_a_later_one_but_a_roster_gives_way():
    UnitZone.objects.all().delete()
    put(line(BAN_PHO, 2), start=date(2016, 1, 1), end=date(2020, 12, 31))
    UnitZone.objects.create(unit=unit_of(TOWN), zone=3, start_date=date(2014, 12, 31), origin=UnitZone.Origin.ROSTER)
    put(line(BAN_PHO, 3), line(TOWN, 1), end=None)
    assert zone_of(BAN_PHO) == [(3, BEGIN, LAST), (2, date(2016, 1, 1), date(2020, 12, 31))]
    assert zone_of(TOWN) == [(1, BEGIN, LAST_OF_COMMUNE)]  # no longer than the commune


def test_a_whole_list_puts_who_is_not_in_it_outside_and_that_is_not_the_same_as_nothing_recorded():
    UnitZone.objects.all().delete()
    before = counts_on(LAST)
    assert before[None] == sum(before.values()) == 164
    put(line(BAN_PHO, 3), line(THANH_BINH, 2), is_whole=True)
    assert counts_on(BEGIN) == counts_on(LAST) == {1: 0, 2: 1, 3: 1, 0: 162, None: 0}
    assert counts_on(date(2011, 12, 31))[None] == counts_on(date(2016, 1, 1))[None] == 164  # the day before, after
    UnitZone.objects.filter(unit=unit_of(THANH_BINH)).delete()
    rates = {
        group.code: (group.name, group.rate.total) for group in rates_by("zone", day=LAST, criterion=criterion_of())
    }
    assert rates == {"3": ("Khu vực III", 3), "0": ("Ngoài khu vực", 3), "none": ("Chưa có khu vực", 2)}
    assert list(rates) == ["3", "0", "none"]


def test_a_commune_that_follows_others_within_the_list_lies_where_all_of_them_lay():
    UnitZone.objects.all().delete()
    joined = date(2025, 7, 1)
    links = UnitSuccession.objects.filter(effective_on=joined)
    xa_bac_ha, lung_phinh = (
        UnitVersion.objects.as_of(joined).get(name=name).unit for name in ("Xã Bắc Hà", "Xã Lùng Phình")
    )
    before = {unit: [link.predecessor for link in links.filter(successor=unit)] for unit in (xa_bac_ha, lung_phinh)}
    lines = [Line(old.pk, "", "", Zone.III, "") for olds in before.values() for old in olds]
    lines[-1] = Line(lines[-1].unit, "", "", Zone.II, "")  # one of those that Lùng Phình follows
    put(*lines, start=date(2021, 6, 4), end=date(2025, 12, 31))
    rows = UnitZone.objects.filter(unit=xa_bac_ha).values_list("zone", "start_date", "end_date")
    assert list(rows) == [(3, joined, date(2025, 12, 31))]
    assert not UnitZone.objects.filter(unit=lung_phinh)
    last = UnitZone.objects.filter(unit__in=before[xa_bac_ha]).values_list("end_date", flat=True)
    assert set(last) == {date(2025, 6, 30)}
    put(*lines, start=date(2021, 6, 4), end=date(2025, 12, 31))  # again: nothing twice
    assert UnitZone.objects.filter(unit=xa_bac_ha).count() == 1


def test_who_lies_outside_every_zone_is_judged_by_the_full_minimum():
    rate = rate_on(LAST, criterion=criterion_of())
    put(line(BAN_PHO, 0))
    assert rate_on(LAST, criterion=criterion_of()).compliant == rate.compliant - 1  # Giàng A Sử, by SC in zone III


# ---------------------------------------------------------------- the pages


def test_so_sends_the_list_of_a_decision_sees_its_effect_writes_it_and_takes_it_back(province_staff, leader):
    client = client_of(province_staff)
    period = ZonePeriod.objects.as_of(LAST).get()
    page = reverse("cadres:zone-period", args=[period.pk])
    assert page in client.get(reverse("cadres:zone-list")).content.decode()
    filled = {"decision": "QĐ 447/QĐ-UBDT", "start": "2012-01-01", "end": "2015-12-31", "is_whole": "on"}
    rows = (TITLES, (1, "Bản Phố", "", "I"), (2, "TT Bắc Hà", "", "III"), (3, "", THANH_BINH, "II"))
    file = SimpleUploadedFile("khu-vuc.csv", csv(*rows))
    shown = client.post(page, {**filled, "file": file})
    told = shown.content.decode()
    assert "Ngoài khu vực: 161" in told
    assert "Giàng A Sử" in told  # SC is enough in zone III, and no more in zone I
    assert "Lý Thị Lan" in told
    assert zone_of(BAN_PHO) == [(3, date(2010, 1, 1), None)]
    (form,) = [form for form in forms_of(client, page, shown) if "danh_sach" in form.fields]
    done = form.send()
    assert done.status_code == 302
    assert "Đã ghi khu vực 2012–2015 của 164 xã" in client.get(page).content.decode()
    assert zone_of(BAN_PHO) == [(3, date(2010, 1, 1), date(2011, 12, 31)), (1, BEGIN, LAST)]
    act = Act.objects.filter(kind=Act.Kind.BULK).latest("pk")
    assert act.context["foretold"]["days"]
    take_back(act, reason="Nhập nhầm tệp", by=province_staff)
    assert zone_of(BAN_PHO) == [(3, date(2010, 1, 1), None)]
    assert first_day_of_data() == province.DATA_BEGIN
    # Who may only look sees the communes and no form; what is no list comes back with what is wrong.
    assert "Nhập danh sách của quyết định" not in client_of(leader).get(page).content.decode()
    assert client_of(leader).post(page, filled).status_code == 403
    file = SimpleUploadedFile("khu-vuc.csv", csv(TITLES, (1, "Xã Lạ", "", "I")))
    assert "Dòng 2: Không có đơn vị cấp xã" in client.post(page, {**filled, "file": file}).content.decode()
    assert "Hãy chọn tệp." in client.post(page, filled).content.decode()
    told = client.post(page, {**filled, "start": "2016-01-01", "file": SimpleUploadedFile("a.csv", csv(*rows))})
    assert "không thuộc giai đoạn 2012–2015" in told.content.decode()


def test_the_communes_of_a_period_are_told_by_zone_and_those_without_any_apart(province_staff):
    UnitZone.objects.filter(unit=unit_of(TOWN)).update(zone=Zone.OUTSIDE)
    client = client_of(province_staff)
    period = ZonePeriod.objects.as_of(LAST).get()
    page = reverse("cadres:zone-period", args=[period.pk])
    assert "Chưa có khu vực (161)" in client.get(page).content.decode()
    outside = client.get(page, {"kv": "0"}).content.decode()
    assert "Thị trấn Bắc Hà" in outside
    assert "Xã Bản Phố" not in outside
    # And wherever a person's zone is told.
    people = client.get(reverse("cadres:official-list"), {"ngay": "2015-12-31", "khu_vuc": "0"}).content.decode()
    assert "Lý Thị Lan" in people
    assert "ngoài KV" in people
    assert "Giàng A Sử" not in people
