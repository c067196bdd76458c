"""Whose a decision about reading rosters is: a district's holds for its files at once, for everybody when Sở takes it
over."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import roles
from cadres.models import ColumnMapping, ImportBatch, ValueSpelling
from cadres.roster.batch import commit, read_file, stage
from cadres.roster.decisions import learn_spellings, map_columns, unknown_values
from cadres.roster.owners import owner_of_decision, owners_of_file
from cadres.roster.proposals import decisions_visible_to, leave, take_back, take_over
from tests.cadres.workbooks import exported_titles, flat
from tests.conftest import client_of, make_user, unit_of
from tests.lists import act_on, begin_act, finish_act

pytestmark = pytest.mark.django_db
BAC_HA, MUONG_KHUONG, BAN_PHO = "085", "083", "02866"
IN_MUONG_KHUONG = {"Huyện": "Mường Khương", "Xã": "Bản Lầu"}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bac_ha(district_officer):
    return district_officer


@pytest.fixture
def muong_khuong(foreign_officer):
    return foreign_officer


def staged(*people: dict, by=None, unit_code: str = "", **options) -> ImportBatch:
    return stage(read_file("b.xlsx", flat(*people, **options), by=by, unit_code=unit_code), by=by)


def taught(batch: ImportBatch) -> list[str]:
    return [row.understood.get("levels", {}).get("professional", "") for row in batch.rows.order_by("pk")]


WORD = {"Trình độ chuyên môn": "Thợ cả"}


def column_of(batch: ImportBatch, title: str) -> tuple[str, str]:
    (sheet,) = batch.summary["sheets"]
    return sheet["key"], next(column["key"] for column in sheet["columns"] if column["title"] == title)


def teach(batch: ImportBatch, by, code: str = "SC") -> ValueSpelling:
    learn_spellings(batch, [("professional", "Thợ cả", code)], by=by)
    return ValueSpelling.objects.order_by("pk").last()


# whose it is


def test_a_word_that_a_district_taught_holds_for_its_files_at_once_and_for_nobody_elses(bac_ha, muong_khuong):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    assert (spelling.owner, spelling.answer) == (unit_of(BAC_HA), "waiting")
    assert taught(staged(WORD, by=bac_ha, unit_code=BAC_HA)) == ["SC"]
    assert taught(staged(WORD, by=bac_ha, unit_code=BAN_PHO)) == ["SC"]
    assert taught(staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)) == [""]
    assert taught(staged(WORD)) == [""]  # a file of several districts


def test_what_the_province_decides_holds_for_everybody(province_staff, muong_khuong):
    spelling = teach(staged(WORD, by=province_staff, unit_code=BAC_HA), province_staff)
    assert (spelling.owner, spelling.answer) == (None, "")
    assert taught(staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)) == ["SC"]


def test_two_districts_may_mean_different_things_by_one_word_and_each_comes_before_everybody(
    bac_ha, muong_khuong, province_staff
):
    own, foreign = (
        staged(WORD, by=bac_ha, unit_code=BAC_HA),
        staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG),
    )
    teach(own, bac_ha, "SC")
    teach(foreign, muong_khuong, "TC")
    teach(staged(WORD), province_staff, "CD")
    assert taught(staged(WORD, by=bac_ha, unit_code=BAC_HA)) == ["SC"]
    assert taught(staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)) == ["TC"]
    assert taught(staged(WORD)) == ["CD"]


def test_an_account_of_one_commune_decides_for_that_commune(province_staff):
    commune = make_user("ban-pho", roles.UNIT_OFFICER, BAN_PHO)
    assert owner_of_decision(BAN_PHO, commune) == unit_of(BAN_PHO).pk
    teach(staged(WORD, by=commune, unit_code=BAN_PHO), commune)
    assert taught(staged(WORD, by=province_staff, unit_code=BAN_PHO)) == ["SC"]
    assert taught(staged(WORD, by=province_staff, unit_code=BAC_HA)) == [""]


def test_an_account_of_several_districts_decides_for_the_district_of_the_file():
    both = make_user("hai-huyen", roles.UNIT_OFFICER, BAC_HA, MUONG_KHUONG)
    assert owner_of_decision(MUONG_KHUONG, both) == unit_of(MUONG_KHUONG).pk
    assert owner_of_decision(BAN_PHO, both) == unit_of(BAC_HA).pk
    with pytest.raises(ValidationError, match="chọn đơn vị của tệp"):
        owner_of_decision("", both)


def test_a_file_without_a_unit_is_read_by_the_decisions_of_the_one_unit_of_its_account(bac_ha):
    assert owners_of_file("", bac_ha) == [unit_of(BAC_HA).pk]
    assert owners_of_file(BAN_PHO, None) == [unit_of(BAN_PHO).pk, unit_of(BAC_HA).pk]
    assert owners_of_file("", None) == []


def test_a_part_of_a_position_cell_is_taught_alone_and_the_other_post_is_kept(bac_ha):
    batch = staged({"Chức danh": "Bí thư Đảng ủy kiêm Chủ tịhc HĐND"}, by=bac_ha, unit_code=BAC_HA)
    (unknown,) = unknown_values(batch)
    assert (unknown.value, unknown.suggested) == ("Chủ tịhc HĐND", "CT_HDND")
    learn_spellings(batch, [("position", unknown.value, "CT_HDND")], by=bac_ha)
    assert batch.rows.get().understood["positions"] == ["BT_DU", "CT_HDND"]


# columns


def test_what_a_district_says_of_a_column_of_the_export_empties_no_other_districts_column(bac_ha, muong_khuong):
    bac_ha_file = staged({"Dân tộc": "Mông"}, by=bac_ha, unit_code=BAC_HA)
    map_columns(bac_ha_file, {column_of(bac_ha_file, "Dân tộc"): ""}, by=bac_ha)
    bac_ha_file.refresh_from_db()
    assert "ethnic_group" not in bac_ha_file.rows.get().understood
    other = staged(IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)
    assert other.rows.get().understood["ethnic_group"] == "08"
    (notice,) = [notice for notice in bac_ha_file.summary["notices"] if notice["code"] == "own_title_declared"]
    assert (notice["field"], notice["severity"]) == ("ethnic_group", "warning")
    assert "Huyện Bắc Hà đã chọn cách đọc khác" in notice["message"]


def test_a_title_of_our_own_is_read_whatever_was_once_decided_for_everybody(province_staff):
    batch = staged({"Dân tộc": "Mông"})
    key, column = column_of(batch, "Dân tộc")
    ColumnMapping.objects.create(layout_key=key, column_key=column, field="")  # as releases before wrote it
    assert staged({"Dân tộc": "Mông"}).rows.get().understood["ethnic_group"] == "08"
    with pytest.raises(ValidationError, match="cột của tệp mẫu"):
        map_columns(batch, {(key, column): ""}, by=province_staff)


def test_a_district_may_read_a_column_by_its_title_though_everybody_does_otherwise(bac_ha, province_staff):
    batch = staged({"Nghề gốc": "Đại học"}, by=bac_ha, unit_code=BAC_HA)
    place = column_of(batch, "Nghề gốc")
    map_columns(staged({"Nghề gốc": "Đại học"}), {place: "professional"}, by=province_staff)
    assert taught(staged({"Nghề gốc": "Đại học"}, by=bac_ha, unit_code=BAC_HA)) == ["DH"]
    map_columns(batch, {place: None}, by=bac_ha)
    assert taught(batch) == [""]
    assert ColumnMapping.objects.get(owner=unit_of(BAC_HA)).field == ColumnMapping.AS_TITLED
    assert taught(staged({"Nghề gốc": "Đại học"})) == ["DH"]


def test_no_title_of_the_export_can_be_emptied_for_everybody():
    cells = dict.fromkeys(set(exported_titles()) - {"STT", "Huyện", "Xã", "Họ và tên", "Chức danh", "Ngày sinh"}, "x")
    (sheet,) = staged(cells).summary["sheets"]
    for column in sheet["columns"]:
        if column["title"] in exported_titles():
            ColumnMapping.objects.create(layout_key=sheet["key"], column_key=column["key"], field="")
    (again,) = staged(cells).summary["sheets"]
    targets = {column["title"]: column["target"] for column in again["columns"] if column["title"] in exported_titles()}
    assert targets == {
        column["title"]: column["target"] for column in sheet["columns"] if column["title"] in exported_titles()
    }


# what Sở does with it


def test_what_the_province_takes_over_holds_for_everybody_and_the_district_keeps_its_own(
    bac_ha, province_staff, muong_khuong
):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    for_all = take_over(spelling, by=province_staff)
    assert (for_all.owner, for_all.learnt_by) == (None, province_staff)
    spelling.refresh_from_db()
    assert (spelling.answer, spelling.answered_by) == ("taken", province_staff)
    assert taught(staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)) == ["SC"]
    take_back([for_all], reason="Nhầm", by=province_staff)
    assert taught(staged(WORD | IN_MUONG_KHUONG, by=muong_khuong, unit_code=MUONG_KHUONG)) == [""]
    assert taught(staged(WORD, by=bac_ha, unit_code=BAC_HA)) == ["SC"]


def test_what_the_province_leaves_with_the_district_goes_on_to_hold_there(bac_ha, province_staff):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    leave(spelling, by=province_staff)
    spelling.refresh_from_db()
    assert spelling.answer == "left"
    assert taught(staged(WORD, by=bac_ha, unit_code=BAC_HA)) == ["SC"]
    assert taught(staged(WORD)) == [""]


def test_a_column_is_taken_over_unless_it_is_one_of_our_own(bac_ha, province_staff):
    batch = staged({"Nghề gốc": "Đại học"}, by=bac_ha, unit_code=BAC_HA)
    map_columns(batch, {column_of(batch, "Nghề gốc"): "professional", column_of(batch, "Dân tộc"): ""}, by=bac_ha)
    own = ColumnMapping.objects.get(column_key="dantoc")
    with pytest.raises(ValidationError, match="cột của tệp mẫu"):
        take_over(own, by=province_staff)
    take_over(ColumnMapping.objects.get(field="professional"), by=province_staff)
    assert taught(staged({"Nghề gốc": "Đại học"})) == ["DH"]


def test_what_is_taken_back_is_read_again_where_staged_and_stays_where_written(bac_ha):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    written = staged(WORD, by=bac_ha, unit_code=BAC_HA)
    commit(written, by=bac_ha)
    waiting = staged(WORD | {"Họ và tên": "Lù Seo Pao"}, by=bac_ha, unit_code=BAC_HA)
    with pytest.raises(ValidationError, match="lý do"):
        take_back([spelling], reason=" ", by=bac_ha)
    take_back([spelling], reason="Không phải sơ cấp", by=bac_ha)
    assert (taught(waiting), taught(written)) == ([""], ["SC"])
    assert not ValueSpelling.objects.filter(pk=spelling.pk).exists()


# the page


def page_of(user, **query) -> str:
    return client_of(user).get(reverse("cadres:decision-list"), query).content.decode()


def test_the_page_shows_whose_a_decision_is_and_where_it_was_used(bac_ha, muong_khuong, province_staff):
    assert "Chưa có quyết định nào" in page_of(bac_ha)
    batch = staged(WORD, WORD, by=bac_ha, unit_code=BAC_HA)
    teach(batch, bac_ha)
    for user in (bac_ha, province_staff):
        page = page_of(user)
        for told in ("Thợ cả", "Sơ cấp", "Huyện Bắc Hà", "bac-ha", "2 dòng", "Chờ Sở Nội vụ", f"/{batch.pk}/"):
            assert told in page, told
    assert "Thợ cả" not in page_of(muong_khuong)
    assert decisions_visible_to(muong_khuong) == []
    assert "Thợ cả" not in page_of(province_staff, q="không có")
    assert "Thợ cả" not in page_of(province_staff, loai="cot")
    assert "Thợ cả" in page_of(province_staff, sap_xep="-tep", tra_loi="waiting", cua="rieng", q="so cap")


def test_the_province_takes_over_and_takes_back_on_the_page(bac_ha, province_staff):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    client, address = client_of(province_staff), reverse("cadres:decision-list")
    assert "1 quyết định" in page_of(province_staff)
    act_on(client, address, [f"{spelling.pk}-tu"], "chung")
    for_all = ValueSpelling.objects.get(spelling="Thợ cả", owner=None)
    assert taught(staged(WORD)) == ["SC"]
    shown = begin_act(client, address, [f"{for_all.pk}-tu"], "thu_hoi")
    assert "1 tệp chờ ghi" in shown.content.decode()
    finish_act(client, shown, reason="Nhầm")
    assert not ValueSpelling.objects.filter(pk=for_all.pk).exists()


def test_a_district_takes_back_its_own_and_answers_for_nobody(bac_ha, muong_khuong):
    spelling = teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    address = reverse("cadres:decision-list")
    foreign = begin_act(client_of(muong_khuong), address, [f"{spelling.pk}-tu"], "thu_hoi")
    assert "Chưa chọn quyết định nào" in foreign.content.decode()
    client = client_of(bac_ha)
    assert client.get(reverse("cadres:decisions-decide"), {"viec": "chung"}).status_code == 403
    act_on(client, address, [f"{spelling.pk}-tu"], "thu_hoi", reason="Nhầm")
    assert not ValueSpelling.objects.filter(pk=spelling.pk).exists()


def test_the_page_asks_no_more_of_the_database_for_more_decisions(
    bac_ha, province_staff, django_assert_max_num_queries
):
    batch = staged(WORD, by=bac_ha, unit_code=BAC_HA)
    learn_spellings(batch, [("professional", f"Thợ {number}", "SC") for number in range(30)], by=bac_ha)
    keys = [f"{key}-tu" for key in ValueSpelling.objects.filter(owner__isnull=False).values_list("pk", flat=True)]
    client, address = client_of(province_staff), reverse("cadres:decision-list")
    with django_assert_max_num_queries(25):
        assert client.get(address).content.decode().count("Thợ ") >= 30
    with django_assert_max_num_queries(50):  # the list that is posted, and the page of the act
        begin_act(client, address, keys, "chung")


def test_the_catalogue_of_spellings_is_that_of_everybody(bac_ha, province_staff):
    teach(staged(WORD, by=bac_ha, unit_code=BAC_HA), bac_ha)
    page = client_of(province_staff).get(reverse("admin:cadres_valuespelling_changelist"), {"q": "Thợ cả"})
    assert "field-spelling" not in page.content.decode()
