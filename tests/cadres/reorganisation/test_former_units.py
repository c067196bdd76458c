"""Units of a province that joins: loaded on demand, as far as they are not on record, in lasting units."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cadres.history.taking_back import take_back
from cadres.models import Act, UnitSuccession, UnitVersion
from cadres.posts import primary_posts
from cadres.reference_data import DATA
from cadres.reorganisation import KNOWN, ReorganisationRefused, load_former, of_known, read_former
from tests import province
from tests.builders import make_appointment, make_commune, make_official, make_unit, position_of
from tests.cadres.reorganisation.test_reorganise import TWO_LEVELS, everything, reorganise
from tests.conftest import client_of
from tests.forms import forms_of, forms_on

pytestmark = pytest.mark.django_db

YEN_BAI = KNOWN["yen-bai"]
EVE = date(2025, 6, 30)
PAGE = reverse("cadres:former-units")
LINES = "effective_on,predecessor_code,successor_code,successor_name\n"
HEADER = "code,name,kind,parent_code,valid_from,valid_to,note"


def communes_on(day: date) -> int:
    return UnitVersion.objects.as_of(day).communes().count()


def test_the_units_of_the_former_yen_bai_are_loaded_once_and_taken_back_as_one_act():
    before = everything()
    found = of_known(YEN_BAI)
    assert (len(found.units), found.communes, len(found.above), found.there) == (178, 168, 10, 0)
    assert found.days == [(TWO_LEVELS, 168)]
    load_former(found, title=YEN_BAI.name, by=None)
    assert (communes_on(EVE), communes_on(TWO_LEVELS)) == (151 + 168, 99)
    # Châu Quế Hạ became Châu Quế alone and under its code: the same unit; Yên Ninh went into another.
    goes_on, ended = (UnitVersion.objects.as_of(EVE).get(code=code).unit for code in ("04423", "04252"))
    assert goes_on.version_on(TWO_LEVELS).code == "04423"
    assert ended.version_on(TWO_LEVELS) is None
    assert ended.successions.get().successor.version_on(TWO_LEVELS).name == "Phường Yên Bái"
    again = of_known(YEN_BAI)
    assert (len(again.units), again.there) == (0, 178)
    load_former(again, title=YEN_BAI.name, by=None)
    assert communes_on(EVE) == 151 + 168
    take_back(Act.objects.get(kind=Act.Kind.BULK), reason="Thử", by=None)
    assert everything() == before


def test_both_provinces_are_reorganised_by_one_file_which_loads_the_units_that_it_names(tmp_path):
    province.build()
    header, *lines = (DATA / "unit_successions.csv").read_text(encoding="utf-8-sig").splitlines()
    _, *others = (DATA / YEN_BAI.successions).read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "ca-hai.csv").write_text("\n".join((header, *lines, *others)), encoding="utf-8")
    tried = reorganise(tmp_path / "ca-hai.csv", TWO_LEVELS, "--dry-run")
    assert communes_on(EVE) == 151
    told = reorganise(tmp_path / "ca-hai.csv", TWO_LEVELS)
    assert {**told, "dry_run": True} == tried
    assert [told[key] for key in ("closed", "opened", "total_after", "loaded")] == [319, 99, 9, ["Tỉnh Yên Bái cũ"]]
    assert reorganise(tmp_path / "ca-hai.csv", TWO_LEVELS, "--undo")["officials_moved"] == 9


def test_people_of_the_other_province_go_by_its_own_file_and_those_of_this_one_wait_for_theirs(province_staff):
    province.build()
    load_former(of_known(YEN_BAI), title=YEN_BAI.name, by=None)
    person = make_official("Người Yên Bái")
    unit = UnitVersion.objects.as_of(EVE).get(code="04252").unit
    make_appointment(person, position_of("BT_DU"), unit, start_date=date(2020, 1, 1))
    assert reorganise(DATA / YEN_BAI.successions, TWO_LEVELS)["officials_moved"] == 1
    assert primary_posts(TWO_LEVELS).get(official=person).unit.name_on(TWO_LEVELS) == "Phường Yên Bái"
    client = client_of(province_staff)
    assert "Còn người chưa chuyển" in client.get(reverse("cadres:reorganisation-list")).content.decode()
    page = reverse("cadres:reorganisation", args=[TWO_LEVELS])
    (form,) = [form for form in forms_on(client, page) if "decision" in form.fields]
    assert "9 người theo đơn vị kế tục" in client.post(page, form.fields, follow=True).content.decode()


def test_so_sees_which_units_would_be_loaded_and_loads_them(province_staff):
    client = client_of(province_staff)
    listed = client.get(reverse("cadres:reorganisation-list")).content.decode()
    assert f"{PAGE}?bo=yen-bai" in listed
    uploaded = {"file": SimpleUploadedFile("a.csv", (DATA / YEN_BAI.successions).read_bytes()), "day": "2025-07-01"}
    assert f"{PAGE}?bo=yen-bai" in client.post(reverse("cadres:reorganisation-list"), uploaded).content.decode()
    shown = client.get(f"{PAGE}?bo=yen-bai").content.decode()
    assert "Nạp 178 đơn vị" in shown
    assert communes_on(EVE) == 151
    done = client.post(f"{PAGE}?bo=yen-bai", follow=True).content.decode()
    assert "Đã nạp 178 đơn vị: Tỉnh Yên Bái cũ." in done
    assert communes_on(EVE) == 151 + 168
    assert "không có gì để nạp" in client.get(f"{PAGE}?bo=yen-bai").content.decode()
    assert (
        "Thực hiện sắp xếp, 0 người" in client.get(reverse("cadres:reorganisation", args=[TWO_LEVELS])).content.decode()
    )


def test_units_of_files_are_shown_before_they_are_loaded(province_staff):
    client = client_of(province_staff)
    files = [
        SimpleUploadedFile(name, text.encode())
        for name, text in (
            ("d.csv", f"{HEADER}\nX1,Xã Cũ,commune,10,,2025-06-30,"),
            ("k.csv", f"{LINES}2025-07-01,X1,02647,Xã Bắc Hà"),
        )
    ]
    shown = client.post(PAGE, {"units": files[0], "successions": files[1]})
    assert "Nạp 1 đơn vị" in shown.content.decode()
    assert not UnitVersion.objects.filter(code="X1").exists()
    (form,) = [form for form in forms_of(client, PAGE, shown) if "noi_dung_units" in form.fields]
    client.post(PAGE, form.fields)
    assert UnitVersion.objects.filter(code="X1").exists()
    wrong = SimpleUploadedFile("d.csv", f"{HEADER}\n,Xã Cũ,commune,10,,,".encode())
    assert "thiếu mã hoặc tên đơn vị" in client.post(PAGE, {"units": wrong}).content.decode()
    assert "Hãy chọn tệp." in client.post(PAGE, {"successions": ""}).content.decode()


REFUSED = {
    "nothing in it": ([], "Tệp đơn vị không có dòng nào"),
    "no name": (["X1,,commune,D1,,,"], "Dòng 2 của tệp đơn vị: thiếu mã hoặc tên"),
    "no such kind": (["X1,Xã X,xã,D1,,,"], "“xã” không phải là loại đơn vị"),
    "no day": (["X1,Xã X,commune,D1,30/6/2025,,"], "ngày phải viết NĂM-THÁNG-NGÀY"),
    "ends first": (["X1,Xã X,commune,D1,2020-01-01,2019-12-31,"], "Xã X kết thúc trước khi bắt đầu"),
    "another unit's code": (["A,Xã X,commune,D1,,,"], "mã A trong thời gian đó đã là Xã A, không thể là Xã X"),
    "one code twice": (["X1,Xã X,commune,D1,,,", "X1,Xã Y,commune,D1,,,"], "Dòng 3 .*đã là Xã X, không thể là Xã Y"),
    "parent unknown": (["X1,Xã X,commune,D9,,,"], "không rõ Xã X trực thuộc đơn vị nào"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_with_a_file_of_units_is_named_with_its_row(case):
    lines, told = REFUSED[case]
    district = make_unit(UnitVersion.Kind.DISTRICT, parent=None, code="D1", name="Huyện D1")
    make_commune(parent=district, code="A", name="Xã A")
    with pytest.raises(ReorganisationRefused, match=told):
        read_former("\n".join((HEADER, *lines)).encode())


def test_units_come_without_the_first_zero_that_a_spreadsheet_drops_and_a_line_of_nobody_is_refused():
    file = f"{HEADER}\n4249,Phường Yên Thịnh,ward,10,,2025-06-30,".encode()
    found = read_former(file, f"{LINES}2025-07-01,4249,4279,Phường Văn Phú".encode())
    load_former(found, title="Thử", by=None)
    assert UnitSuccession.objects.get(predecessor__versions__code="04249").successor.last_version.code == "04279"
    with pytest.raises(ReorganisationRefused, match="Dòng 2 của tệp đơn vị kế tục: ngày 30/06/2025 không có"):
        read_former(file, f"{LINES}2025-07-01,4255,4279,Phường Văn Phú".encode())
