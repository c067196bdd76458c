"""Clusters of communes: whose they are on a day, what the units above are then, and the pages that keep them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cadres import roles
from cadres.access import appointments_visible_to, communes_in_scope, units_visible_to, visible_to, writable_by
from cadres.clusters import end_cluster, make_clusters, put_into
from cadres.correspondence import Correspondence
from cadres.installation import set_home_table
from cadres.models import Act, Appointment, HomeTable, Official, RoleGrant, Unit, UnitVersion, User
from cadres.posts import units_below
from cadres.walls import acting_as
from reports.rates import rates_by
from tests import province
from tests.builders import criterion_of, it_is, make_appointment, make_commune, make_official, position_of
from tests.cadres.reorganisation.test_reorganise import HEADER, KNOWN, TWO_LEVELS, reorganise
from tests.conftest import client_of, make_user, unit_of
from tests.forms import forms_on

pytestmark = pytest.mark.django_db

BEGIN, MOVED = date(2014, 1, 1), date(2015, 1, 1)
ONE_DAY = timedelta(days=1)
LIST = reverse("cadres:cluster-list")


class World:
    """Three communes right below the province, a person in each; Một and Hai are in Cụm A from 1/1/2014, Ba in none.
    Hai is put into Cụm B on 1/1/2015."""

    def __init__(self) -> None:
        it_is(MOVED)
        above = unit_of("10")
        self.units = {name: make_commune(parent=above, name=f"Xã {name}") for name in ("Một", "Hai", "Ba")}
        self.people = {name: make_official(f"Người {name}") for name in self.units}
        for name, official in self.people.items():
            make_appointment(official, position_of("BT_DU"), self.units[name])
        members = {"Cụm A": [self.units["Một"].pk, self.units["Hai"].pk], "Cụm B": []}
        self.a, self.b = make_clusters(members, day=BEGIN, by=None)
        put_into(self.b, [self.units["Hai"].pk], day=MOVED, by=None)

    def groups(self, day: date, of: User | None = None) -> dict[str, int]:
        """The units above → people in the total of the day, of the three communes."""
        posts = appointments_visible_to(of, day) if of else Appointment.objects.all()
        found = rates_by("district", day=day, criterion=criterion_of(), appointments=posts)
        return {group.name: group.rate.total for group in found}

    def versions(self) -> dict[str, list[tuple[date, date | None, Unit | None]]]:
        return {
            name: [(row.start_date, row.end_date, row.cluster) for row in unit.versions.order_by("start_date")]
            for name, unit in self.units.items()
        }


@pytest.fixture
def world() -> World:
    return World()


def test_the_unit_above_is_the_cluster_while_a_commune_is_in_one_and_else_the_province(world):
    assert world.groups(BEGIN - ONE_DAY) == {"Tỉnh Lào Cai": 3}
    for day in (BEGIN, MOVED - ONE_DAY):
        assert world.groups(day) == {"Cụm A": 2, "Tỉnh Lào Cai": 1}
    for day in (MOVED, MOVED + ONE_DAY):
        assert world.groups(day) == {"Cụm A": 1, "Cụm B": 1, "Tỉnh Lào Cai": 1}
    assert set(units_below(world.a, MOVED - ONE_DAY)) == {world.a.pk, world.units["Một"].pk, world.units["Hai"].pk}
    assert set(units_below(world.a, MOVED)) == {world.a.pk, world.units["Một"].pk}
    above = UnitVersion.objects.filter(unit__in=[unit.pk for unit in world.units.values()]).districts_on(MOVED)
    assert sorted(above.values_list("name", flat=True)) == ["Cụm A", "Cụm B", "Tỉnh Lào Cai"]


def test_the_officer_of_a_cluster_has_its_communes_while_they_are_in_it(world):
    officer = make_user("cum-a", roles.UNIT_OFFICER)
    RoleGrant.objects.create(user=officer, role=roles.UNIT_OFFICER, unit=world.a)
    assert world.groups(BEGIN - ONE_DAY, officer) == {}
    for day, communes in ((BEGIN, 2), (MOVED - ONE_DAY, 2), (MOVED, 1)):
        assert world.groups(day, officer) == {"Cụm A": communes}
        listed = communes_in_scope(officer, day)
        assert [row["above_name"] for row in listed] == ["Cụm A"] * communes
    # Both stay known; who left with the commune is read up to then, and written by the other cluster.
    assert {f"{one}" for one in visible_to(Official.objects.all(), officer)} == {"Người Một", "Người Hai"}
    assert [f"{one}" for one in writable_by(Official.objects.all(), officer)] == ["Người Một"]
    assert set(units_visible_to(officer)) == {world.a, world.units["Một"], world.units["Hai"]}
    with acting_as(officer):  # and the database shows nobody else
        assert {f"{one}" for one in Official.objects.all()} == {"Người Một", "Người Hai"}


def test_a_move_keeps_the_days_before_and_is_one_version_more(world):
    first, hai = unit_of("10").versions.first().start_date, world.units["Hai"]
    assert world.versions()["Hai"] == [
        (first, BEGIN - ONE_DAY, None),
        (BEGIN, MOVED - ONE_DAY, world.a),
        (MOVED, None, world.b),
    ]
    assert put_into(world.b, [hai.pk], day=MOVED, by=None) == 0  # it is there already
    assert put_into(None, [hai.pk], day=MOVED, by=None) == 1  # the same day: the version says another
    assert world.versions()["Hai"][-1] == (MOVED, None, None)
    end_cluster(world.a, last_day=MOVED, by=None)
    assert world.versions()["Một"][-1] == (MOVED + ONE_DAY, None, None)
    assert world.groups(MOVED) == {"Cụm A": 1, "Tỉnh Lào Cai": 2}
    assert world.groups(MOVED + ONE_DAY) == {"Tỉnh Lào Cai": 3}
    # A commune that begins another version later stays in the cluster into which it was put before.
    ba, later = world.units["Ba"], MOVED + 10 * ONE_DAY
    ba.versions.update(end_date=later - ONE_DAY)
    UnitVersion.objects.create(
        unit=ba, code="B2", name="Phường Ba", kind="ward", parent=unit_of("10"), start_date=later
    )
    put_into(world.b, [ba.pk], day=MOVED, by=None)
    assert ba.version_on(later).cluster == world.b


def test_what_cannot_be_in_a_cluster_is_named_and_nothing_is_written(world):
    before, units = world.versions(), Unit.objects.count()
    mot, of_district = world.units["Một"].pk, unit_of(province.BAN_PHO).pk
    for members, told in (
        ({}, "Chưa có cụm nào"),
        ({"Cụm A": [mot]}, "Đã có Cụm A"),
        ({"Cụm C": [mot], "cụm c": []}, "Đã có cụm c"),
        ({"Cụm C": [mot], "Cụm D": [mot]}, "Xã Một có ở hai cụm"),
        ({"Cụm C": [mot, of_district]}, "Xã Bản Phố không trực thuộc tỉnh"),
    ):
        with pytest.raises(ValidationError, match=told):
            make_clusters(members, day=MOVED, by=None)
    with pytest.raises(ValidationError, match="không có Cụm A"):
        put_into(world.a, [mot], day=BEGIN - ONE_DAY, by=None)
    with pytest.raises(ValidationError, match="không có Cụm A"):
        end_cluster(world.a, last_day=BEGIN - ONE_DAY, by=None)
    assert (world.versions(), Unit.objects.count()) == (before, units)
    with pytest.raises(IntegrityError, match="communes_are_in_clusters"), transaction.atomic():
        world.b.versions.update(cluster=world.a)


def test_so_makes_clusters_of_the_former_districts_in_one_act_moves_a_commune_and_takes_it_back(province_staff):
    province.build()
    reorganise(KNOWN, TWO_LEVELS)
    client: Any = client_of(province_staff)
    assert "chưa trực thuộc tỉnh" in client.get(LIST, {"ngay": "2015-12-31"}).content.decode()
    assert "99 xã, phường chưa vào cụm nào" in client.get(LIST, {"ngay": "2025-07-01"}).content.decode()
    page = reverse("cadres:cluster-districts-add")
    (form,) = [form for form in forms_on(client, page) if "districts" in form.fields]
    assert len(form.fields["districts"]) == 9
    done = client.post(page, form.fields, follow=True).content.decode()
    assert "Đã lập 9 cụm, 48 xã, phường, từ ngày 01/07/2025." in done
    assert "Cụm Bắc Hà" in done
    assert "Đổi tên" in done
    # Bảo Hà follows three communes of Bảo Yên and two of Văn Bàn.
    members = UnitVersion.objects.as_of(TWO_LEVELS).communes().select_related("cluster")
    cluster_of = {version.name: f"{version.cluster}" for version in members}
    assert cluster_of["Xã Bảo Hà"] == "Cụm Bảo Yên"
    assert cluster_of["Phường Sa Pa"] == "Cụm Sa Pa"
    assert len(Act.objects.filter(changes__table_name="cadres_unitversion", user=province_staff).distinct()) == 1
    again = client.get(page).content.decode()
    assert "không còn xã nào trực thuộc tỉnh mà chưa vào cụm" in again
    move = reverse("cadres:cluster-move")
    (form,) = [form for form in forms_on(client, move) if "cluster" in form.fields]
    van_ban = UnitVersion.objects.get(name="Cụm Văn Bàn").unit_id
    bao_ha = members.get(name="Xã Bảo Hà").unit
    typed = form.fields | {"cluster": van_ban, "communes": [bao_ha.pk], "day": "2026-01-01", "decision": "QĐ 1"}
    assert "Đã chuyển 1 xã, phường vào Cụm Văn Bàn" in client.post(move, typed, follow=True).content.decode()
    assert [f"{row.cluster}" for row in bao_ha.versions.order_by("start_date")] == ["Cụm Bảo Yên", "Cụm Văn Bàn"]
    act = Act.objects.filter(user=province_staff, changes__table_name="cadres_unitversion").latest("pk")
    client.post(reverse("cadres:act-take-back", args=[act.pk]), {"reason": "Nhầm"})
    assert [f"{row.cluster}" for row in bao_ha.versions.all()] == ["Cụm Bảo Yên"]
    end = reverse("cadres:cluster-end", args=[van_ban])
    assert "kết thúc sau ngày" in client.post(end, {"last_day": "2026-06-30"}, follow=True).content.decode()


def test_a_list_tells_clusters_by_names_or_codes_and_what_it_does_not_tell_is_named(province_staff, world):
    client = client_of(province_staff)
    page = reverse("cadres:cluster-list-add")
    code = world.units["Ba"].version_on(MOVED).code
    wrong = client.post(page, {"day": "2015-01-01", "text": "Cụm C Một\nCụm D: Bốn, Một\nCụm D: Hai"})
    told = wrong.content.decode()
    for line in ("Dòng 1: hãy ghi tên cụm", "không có xã “Bốn”", "Dòng 3: Cụm D đã có"):
        assert line in told
    assert not UnitVersion.objects.filter(name="Cụm D").exists()
    typed = {"day": "2015-01-01", "text": f"Cụm C: một; xã Hai\n\nCụm D: {code}", "decision": "QĐ 2"}
    assert "Đã lập 2 cụm, 3 xã, phường" in client.post(page, typed, follow=True).content.decode()
    assert world.groups(MOVED) == {"Cụm C": 2, "Cụm D": 1}
    one = client.post(
        reverse("cadres:cluster-add"),
        {"name": "Cụm E", "day": "2015-01-01", "communes": [world.units["Ba"].pk]},
        follow=True,
    )
    assert "Đã lập 1 cụm" in one.content.decode()


def test_a_former_district_is_where_most_of_what_a_commune_follows_lay(province_staff):
    """Phường Lào Cai follows five communes of the city and one of Bảo Thắng."""
    names = {version.unit_id: version.name for version in UnitVersion.objects.as_of(TWO_LEVELS).communes()}
    found = {names[unit]: district.name for unit, district in Correspondence(TWO_LEVELS).former_districts().items()}
    assert len(found) == 48
    assert found["Phường Lào Cai"] == "Thành phố Lào Cai"
    assert found["Xã Gia Phú"] == "Huyện Bảo Thắng"
    assert found["Xã Cốc San"] == "Thành phố Lào Cai"
    assert found["Phường Sa Pa"] == "Thị xã Sa Pa"
    in_2015 = Correspondence(province.DAY).former_districts()
    assert in_2015[unit_of(province.BAN_PHO).pk].name == "Huyện Bắc Hà"


def test_figures_lists_and_titles_go_by_former_district_where_nothing_stands_between(province_staff):
    province.build()
    reorganise(KNOWN, TWO_LEVELS)
    it_is(TWO_LEVELS)
    figures = {
        by: {group.name: group.rate.total for group in rates_by(by, day=TWO_LEVELS, criterion=criterion_of())}
        for by in ("district", "former_district", "commune")
    }
    assert set(figures["district"]) == {"Tỉnh Lào Cai"}
    in_bac_ha, in_muong_khuong = figures["commune"]["Xã Bắc Hà"], figures["commune"]["Xã Mường Khương"]
    assert figures["former_district"] == {"Huyện Bắc Hà": in_bac_ha, "Huyện Mường Khương": in_muong_khuong}
    client = client_of(province_staff)
    page = client.get(reverse("reports:rates"), {"theo": "former_district"}).content.decode()
    assert "huyen_cu=085" in page
    assert "Huyện, thị xã, thành phố" not in page  # of a day without districts
    listed = client.get(reverse("cadres:official-list"), {"huyen_cu": "085"}).content.decode()
    assert "Lý Thị Lan" in listed
    assert "Lù Seo Dơ" not in listed
    assert "Huyện cũ" in listed
    assert "Huyện, thị xã, thành phố" not in listed
    before = client.get(reverse("reports:rates"), {"ngay": "2015-12-31"}).content.decode()
    assert "Huyện, thị xã, thành phố" in before
    assert "Huyện cũ" not in before
    make_clusters({"Cụm Bắc Hà": [unit_of("02839", TWO_LEVELS).pk]}, day=TWO_LEVELS, by=None)
    assert "Cụm xã" in client.get(reverse("reports:rates")).content.decode()


def test_the_home_page_of_a_day_without_districts_is_by_commune_and_by_cluster_once_there_are_some(province_staff):
    province.build()
    reorganise(KNOWN, TWO_LEVELS)
    it_is(TWO_LEVELS)
    client = client_of(province_staff)
    home = reverse("reports:home")
    page = client.get(home)
    assert [row.group.name for row, _ in page.context["rows"]] == ["Xã Mường Khương", "Xã Bắc Hà"]
    assert len(page.context["without_data"]) == 97
    assert "chưa có số liệu" in page.content.decode()
    former = client.get(home, {"theo": "former_district"})
    assert [row.group.name for row, _ in former.context["rows"]] == ["Huyện Mường Khương", "Huyện Bắc Hà"]
    assert "huyen_cu=085" in former.content.decode()
    set_home_table(HomeTable.CLUSTER, by=None)  # of which there is none yet
    assert client.get(home).context["table"].by == "commune"
    make_clusters({"Cụm Bắc Hà": [unit_of("02839", TWO_LEVELS).pk]}, day=TWO_LEVELS, by=None)
    page = client.get(home)
    assert sorted(row.group.name for row, _ in page.context["rows"]) == ["Cụm Bắc Hà", "Tỉnh Lào Cai"]
    assert "Theo cụm xã và khu vực" in page.content.decode()
    set_home_table(HomeTable.FORMER_DISTRICT, by=None)
    assert client.get(home).context["table"].by == "former_district"
    assert client.get(home, {"theo": "district"}).context["table"].by == "district"
    of_2015 = client.get(home, {"ngay": "2015-12-31"})
    assert "Theo huyện, thị xã, thành phố và khu vực" in of_2015.content.decode()
    assert client.get(home, {"ngay": "2015-12-31", "theo": "commune"}).status_code == 200
    assert of_2015.context["table"].by == "district"
    assert client.get(home, {"ngay": "2025-07-01", "theo": "nonsense"}).status_code == 400


def test_what_follows_communes_of_one_cluster_is_in_it_and_of_two_in_none(world, tmp_path):
    day = MOVED + ONE_DAY
    codes = {name: unit.version_on(MOVED).code for name, unit in world.units.items()}
    put_into(world.b, [world.units["Ba"].pk], day=MOVED, by=None)
    lines = [
        f"{day},{codes[old]},Xã {old},{new},Xã {name},commune,10,NQ 1"
        for old, new, name in (("Hai", "N1", "Mới"), ("Ba", "N1", "Mới"))
    ]
    file = tmp_path / "mot-cum.csv"
    file.write_text("\n".join((HEADER, *lines)))
    officer = make_user("cum-b", roles.UNIT_OFFICER)
    RoleGrant.objects.create(user=officer, role=roles.UNIT_OFFICER, unit=world.b)
    reorganise(file, day)
    assert UnitVersion.objects.get(code="N1").cluster == world.b
    assert [grant.unit for grant in officer.grants.all()] == [world.b]  # which has what followed, as it is
    assert world.groups(day, officer) == {"Cụm B": 2}
    assert world.groups(day) == {"Cụm A": 1, "Cụm B": 2}
    last = day + ONE_DAY
    file.write_text(
        "\n".join((HEADER, *(f"{last},{old},,N2,Xã Chung,commune,10,NQ 2" for old in ("N1", codes["Một"]))))
    )
    reorganise(file, last)
    assert UnitVersion.objects.get(code="N2").cluster is None
    assert world.groups(last) == {"Tỉnh Lào Cai": 3}
