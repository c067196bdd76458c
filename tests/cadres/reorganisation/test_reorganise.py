"""The reorganisation of 2025 on the small province, and invented ones, by the command as the night shift has it."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command

from cadres import registry, roles
from cadres.history.taking_back import restore, take_back
from cadres.management.command import CommandFailed
from cadres.models import (
    Act,
    Appointment,
    Official,
    RosterDay,
    Unit,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
)
from cadres.posts import primary_posts
from cadres.reference_data import DATA
from cadres.reorganisation import Line, carry_out, done_on, plan
from tests import province
from tests.builders import (
    make_appointment,
    make_commune,
    make_official,
    make_relaxation,
    make_unit,
    make_zone,
    position_of,
)
from tests.conftest import make_user

pytestmark = pytest.mark.django_db

KNOWN = DATA / "unit_successions.csv"
TWO_LEVELS = date(2025, 7, 1)
DAY = date(2018, 7, 1)
EVE = DAY - timedelta(days=1)
HEADER = (
    "effective_on,predecessor_code,predecessor_name,successor_code,successor_name,successor_kind,successor_parent,"
    "decision"
)
# What followed the communes of the small province on 1/7/2025 (NQ 1673/NQ-UBTVQH15).
FOLLOWED = {province.BAN_PHO: "Xã Bắc Hà", province.BAC_HA_TOWN: "Xã Bắc Hà", province.THANH_BINH: "Xã Mường Khương"}
LONG = date(2015, 1, 1)
GROUPINGS = ("district", "commune", "zone", "position", "group", "sex", "ethnic", "age", "dimension")


def reorganise(file: Path, day: date, *flags: str) -> dict[str, Any]:
    out = StringIO()
    call_command("reorganise", str(file), "--on", day.isoformat(), *flags, "--json", stdout=out)
    return json.loads(out.getvalue())


def rates(day: date) -> list[dict[str, Any]]:
    """The rates of a day by every grouping, as the command prints them."""
    printed = []
    for grouping in GROUPINGS:
        out = StringIO()
        call_command("rates", "--as-of", day.isoformat(), "--by", grouping, "--json", stdout=out)
        printed.append(json.loads(out.getvalue()))
    return printed


def places(day: date) -> dict[str, str]:
    """Where everybody is: name → commune on the day."""
    return {
        f"{post.official}": post.unit.name_on(day) for post in primary_posts(day).select_related("official", "unit")
    }


def everything() -> dict[str, str]:
    """All rows of the registry and of units, without the moments of change."""
    written = {}
    for model in apps.get_app_config("cadres").get_models():
        if model._meta.managed and model._meta.model_name not in ("importbatch",):
            fields = [field.name for field in model._meta.concrete_fields if field.name != "changed_at"]
            written[model.__name__] = serializers.serialize("json", model._base_manager.order_by("pk"), fields=fields)
    return written


def test_the_people_of_2015_stand_in_the_communes_of_2025_and_come_back_as_one_act():
    province.build()
    then, before = [rates(day) for day in (date(2015, 12, 31), date(2025, 6, 30))], everything()
    told = reorganise(KNOWN, TWO_LEVELS, "--decision", "NQ 1673/NQ-UBTVQH15")
    assert [told[key] for key in ("on", "closed", "opened")] == ["2025-07-01", 151, 48]
    assert [told[key] for key in ("officials_moved", "total_before", "total_after")] == [9, 9, 9]
    assert places(TWO_LEVELS) == {name: FOLLOWED[commune] for name, commune, *_ in province.PEOPLE}
    assert [rates(day) for day in (date(2015, 12, 31), date(2025, 6, 30))] == then
    post = primary_posts(TWO_LEVELS).get(official__full_name="Lý Thị Lan")
    former = post.carried_from
    assert (post.start_date, post.end_date, post.decision) == (TWO_LEVELS, None, "NQ 1673/NQ-UBTVQH15")
    assert (former.end_date, former.end_reason) == (date(2025, 6, 30), Appointment.EndReason.SUCCEEDED)
    assert post.position == former.position
    assert reorganise(KNOWN, TWO_LEVELS, "--undo")["officials_moved"] == 9
    assert everything() == before
    with pytest.raises(CommandFailed, match="Chưa có lần sắp xếp nào vào ngày 01/07/2025"):
        reorganise(KNOWN, TWO_LEVELS, "--undo")


# ---------------------------------------------------------------- invented units


class World:
    """Two districts; in the first the communes A and B, in the second C. One person in each, and their data begun."""

    def __init__(self) -> None:
        self.province = make_unit(UnitVersion.Kind.PROVINCE, code="P9", name="Tỉnh Thử")
        self.district, self.other = (
            make_unit(UnitVersion.Kind.DISTRICT, parent=self.province, code=code, name=f"Huyện {code}")
            for code in ("D1", "D2")
        )
        self.units: dict[str, Unit] = {}
        self.people: dict[str, Official] = {}
        for code, above in (("A", self.district), ("B", self.district), ("C", self.other)):
            self.units[code] = make_commune(parent=above, code=code, name=f"Xã {code}", data_begin=date(2014, 12, 31))
            self.people[code] = make_official(f"Người {code}")
            make_appointment(self.people[code], position_of("BT_DU"), self.units[code])


@pytest.fixture
def world(db) -> World:
    return World()


@pytest.fixture
def file(tmp_path):
    def written(*lines: str) -> Path:
        path = tmp_path / "ke-tuc.csv"
        path.write_text("\n".join((HEADER, *(f"2018-07-01,{line}" for line in lines))), encoding="utf-8")
        return path

    return written


MERGED = ("A,Xã A,N,Xã Mới,commune,D1,NQ 1", "B,Xã B,N,Xã Mới,commune,D1,NQ 1")


def test_a_successor_that_is_not_known_opens_on_the_day_and_takes_what_its_predecessors_agree_on(world, file):
    for code in ("A", "B"):
        make_zone(world.units[code], 3, end_date=date(2020, 12, 31))
    make_relaxation(world.units["A"], False)
    officer = make_user("huyen-1", roles.UNIT_OFFICER, "D1")
    commune_officer = make_user("xa-a", roles.UNIT_OFFICER, "A")
    before = everything()
    told = reorganise(file(*MERGED), DAY)
    assert [told[key] for key in ("closed", "opened", "officials_moved")] == [2, 1, 2]
    new = UnitVersion.objects.get(code="N")
    assert (new.name, new.kind, new.start_date, new.end_date, new.decision) == ("Xã Mới", "commune", DAY, None, "NQ 1")
    assert new.parent == world.district
    assert [version.end_date for version in UnitVersion.objects.filter(code__in="AB")] == [EVE, EVE]
    assert set(UnitSuccession.objects.filter(effective_on=DAY).values_list("predecessor", "successor")) == {
        (world.units["A"].pk, new.unit_id),
        (world.units["B"].pk, new.unit_id),
    }
    assert places(DAY) == {"Người A": "Xã Mới", "Người B": "Xã Mới", "Người C": "Xã C"}
    assert places(EVE) == {"Người A": "Xã A", "Người B": "Xã B", "Người C": "Xã C"}
    zones = UnitZone.objects.filter(zone=3).order_by("start_date", "unit")
    assert [(zone.end_date, zone.unit_id == new.unit_id) for zone in zones] == [
        (EVE, False), (EVE, False), (date(2020, 12, 31), True),
    ]  # fmt: skip
    assert not UnitRelaxation.objects.filter(unit=new.unit_id).exists()  # of A alone it was decided
    assert told["relaxations_unsettled"] == ["Xã Mới"]
    assert list(RosterDay.objects.filter(unit=new.unit_id).values_list("day", flat=True)) == [DAY]
    assert not officer.grants.filter(unit=new.unit_id).exists()  # it lies in the district already
    assert told["scopes_unsettled"] == [{"account": "xa-a", "unit": "Xã Mới"}]
    assert not commune_officer.grants.filter(unit=new.unit_id).exists()
    reorganise(file(*MERGED), DAY, "--undo")
    assert everything() == before


def test_who_had_all_that_a_unit_follows_has_it_in_scope_from_the_day_on(world, file):
    officer = make_user("xa-ab", roles.UNIT_OFFICER, "A", "B")
    reorganise(file(*MERGED), DAY)
    grant = officer.grants.get(unit__versions__code="N")
    assert (grant.start_date, grant.end_date, grant.role) == (DAY, None, roles.UNIT_OFFICER)


def test_one_that_follows_one_under_the_same_code_is_the_same_unit_with_another_name(world, file):
    told = reorganise(file("A,Xã A,A,Phường A,ward,D1,NQ 1"), DAY)
    assert [told[key] for key in ("closed", "opened", "officials_moved", "total_after")] == [1, 1, 0, 3]
    versions = world.units["A"].versions.order_by("start_date")
    assert [(version.name, version.kind, version.end_date) for version in versions] == [
        ("Xã A", "commune", EVE),
        ("Phường A", "ward", None),
    ]
    assert primary_posts(DAY).get(official=world.people["A"]).unit == world.units["A"]


def test_a_commune_that_takes_another_in_under_its_own_code_is_a_new_unit(world, file):
    told = reorganise(file("A,Xã A,A,Xã A,,,NQ 1", "B,Xã B,A,Xã A,,,NQ 1"), DAY)
    assert [told[key] for key in ("closed", "opened", "officials_moved")] == [2, 1, 2]
    new = UnitVersion.objects.as_of(DAY).get(code="A")
    assert new.unit != world.units["A"]
    assert (new.kind, new.parent) == ("commune", world.district)  # as both were
    assert places(DAY)["Người B"] == "Xã A"


@pytest.mark.parametrize(
    ("start", "end", "is_carried"),
    [
        (LONG, EVE - timedelta(days=1), False),
        (LONG, EVE, False),
        (LONG, DAY, True),
        (EVE, None, True),
    ],
)
def test_a_post_goes_along_that_is_held_on_the_day_before_and_on_the_day(world, file, start, end, is_carried):
    person = make_official("Người D")
    post = make_appointment(person, position_of("CT_HPN"), world.units["A"], start_date=start, end_date=end)
    reorganise(file(*MERGED), DAY)
    (*_, last) = Appointment.objects.filter(official=person).order_by("start_date")
    assert (last.carried_from == post, last.end_date) == (is_carried, end)


def test_a_post_that_is_to_end_later_ends_in_the_successor_and_has_its_end_back_afterwards(world, file):
    person, end = make_official("Người D"), date(2019, 1, 1)
    post = make_appointment(person, position_of("CT_HPN"), world.units["A"], end_date=end)
    Appointment.objects.filter(pk=post.pk).update(end_reason=Appointment.EndReason.RETIRED)
    before = everything()
    reorganise(file(*MERGED), DAY)
    carried = Appointment.objects.get(carried_from=post)
    assert (carried.end_date, carried.end_reason) == (end, Appointment.EndReason.RETIRED)
    reorganise(file(*MERGED), DAY, "--undo")
    assert everything() == before


def test_two_posts_that_become_one_go_on_as_the_primary_one(world, file):
    make_appointment(world.people["A"], position_of("BT_DU"), world.units["B"], is_primary=False)
    make_appointment(world.people["A"], position_of("CT_HDND"), world.units["B"], is_primary=False)
    reorganise(file(*MERGED), DAY)
    held = Appointment.objects.as_of(DAY).filter(official=world.people["A"]).order_by("position__order")
    assert [(post.position.code, post.is_primary) for post in held] == [("BT_DU", True), ("CT_HDND", False)]


def test_of_a_split_commune_who_is_not_chosen_otherwise_goes_to_the_first_successor(world):
    stays = make_official("Người D")
    make_appointment(stays, position_of("CT_HPN"), world.units["A"])
    lines = [Line("Dòng 2", "A", "Xã A", code, f"Xã {code}", "commune", "D1", "NQ 1") for code in ("N1", "N2")]
    done = carry_out(plan(lines, DAY), chosen={stays.pk: "N2"}, by=None)
    assert done.as_json()["split"] == ["Xã A"]
    assert {name: place for name, place in places(DAY).items() if place.startswith("Xã N")} == {
        "Người A": "Xã N1",
        "Người D": "Xã N2",
    }


def test_a_dry_run_tells_the_same_and_writes_nothing(world, file):
    before = everything()
    told = reorganise(file(*MERGED), DAY, "--dry-run")
    assert (told["dry_run"], told["officials_moved"], told["total_after"]) == (True, 2, 3)
    assert everything() == before


def test_what_was_done_since_is_not_taken_away_with_it(world, file):
    reorganise(file(*MERGED), DAY)
    post = primary_posts(DAY).get(official=world.people["A"])
    registry.end_appointment(post, end_date=date(2018, 12, 31), reason=Appointment.EndReason.RETIRED, by=None)
    before = everything()
    told = "Sau việc này đã có thay đổi khác .sửa chức danh đảm nhiệm “Người A”, lúc"
    with pytest.raises(CommandFailed, match=told):
        reorganise(file(*MERGED), DAY, "--undo")
    assert everything() == before


def test_one_change_of_it_brought_back_leaves_it_done(world, file, province_staff):
    make_zone(world.units["A"], 3)
    reorganise(file("A,Xã A,N,Xã Mới,commune,D1,NQ 1"), DAY)
    done = done_on(DAY)
    zone = done.changes.get(table_name=UnitZone._meta.db_table, operation="I")
    restore(zone, reason="khu vực khác", by=province_staff)
    assert done_on(DAY) == done
    take_back(Act.objects.latest("pk"), reason="đúng rồi", by=province_staff)
    reorganise(file("A,Xã A,N,Xã Mới,commune,D1,NQ 1"), DAY, "--undo")
    assert done_on(DAY) is None


REFUSED = {
    "nothing of the day": ([], "Không có dòng sáp nhập, chia tách nào có hiệu lực ngày 01/07/2018"),
    "no successor": (["A,Xã A,,,,,"], "Dòng 2: Xã A không có đơn vị kế tục"),
    "no predecessor": ([",,N,Xã N,commune,D1,"], "Dòng 2: thiếu mã đơn vị cũ"),
    "twice": (["A,Xã A,N,Xã N,commune,D1,"] * 2, "Dòng 3: A → N đã có ở dòng trên"),
    "to itself": (["A,Xã A,A,Xã A,,,"], "Dòng 2: Xã A tiếp tục là chính nó"),
    "in a circle": (["A,Xã A,B,Xã B,,,", "B,Xã B,A,Xã A,,,"], "thành vòng: A → B → A"),
    "no such unit": (["X,,N,Xã N,commune,D1,"], "Dòng 2: không có đơn vị nào mang mã X"),
    "not begun": (["LATE,,N,Xã N,commune,D1,"], "Xã Sau .LATE. mới có từ ngày 01/07/2018"),
    "ended": (["GONE,,N,Xã N,commune,D1,"], "Xã Trước .GONE. đã kết thúc ngày 31/12/2016"),
    "another unit": (["A,Xã Khác,N,Xã N,commune,D1,"], "mã A là Xã A, không phải Xã Khác"),
    "another successor": (["A,Xã A,C,Xã Khác,,,"], "ngày 01/07/2018 mã C là Xã C, không phải Xã Khác"),
    "a district": (["D1,Huyện D1,N,Xã N,commune,D1,"], "Huyện D1 không phải là đơn vị cấp xã"),
    "kind unknown": (["A,Xã A,N,Mới,,D1,"], "không rõ Mới là xã, phường hay thị trấn"),
    "parent unknown": (["A,Xã A,N,Xã N,,D9,"], "không rõ Xã N trực thuộc đơn vị nào"),
    "parents differ": (["A,Xã A,N,Xã N,,,", "C,Xã C,N,Xã N,,,"], "không rõ Xã N trực thuộc đơn vị nào"),
    "one left over": (["A,Xã A,N,Xã N,commune,D1,"], "Xã Cuối .END. kết thúc ngày 30/06/2018 và còn người"),
    "begun too late": (["B,Xã B,N,Xã N,commune,D1,"], "Người Muộn được ghi ở Xã B từ ngày 01/07/2018"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_named_and_nothing_is_written(world, file, case):
    lines, told = REFUSED[case]
    make_commune(parent=world.district, code="LATE", name="Xã Sau", start_date=DAY)
    make_commune(parent=world.district, code="GONE", name="Xã Trước", end_date=date(2016, 12, 31))
    if case == "one left over":
        ending = make_commune(parent=world.district, code="END", name="Xã Cuối", end_date=EVE)
        make_appointment(make_official("Người Cuối"), position_of("BT_DU"), ending)
    if case == "begun too late":
        make_appointment(make_official("Người Muộn"), position_of("CT_HPN"), world.units["B"], start_date=DAY)
    before = everything()
    with pytest.raises(CommandFailed, match=told):
        reorganise(file(*lines), DAY)
    assert everything() == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "không phải là CSV mã UTF-8"),
        (b"", "thiếu cột effective_on"),
        (b"effective_on,predecessor_code\n2018-07-01,A", "thiếu cột successor_code, successor_name"),
        (f"{HEADER}\n1/7/2018,A,Xã A,N,Xã N,,,".encode(), "Dòng 2: “1/7/2018” không phải là ngày"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_place(db, tmp_path, content, told):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(CommandFailed, match=told):
        reorganise(tmp_path / "a.csv", DAY)
