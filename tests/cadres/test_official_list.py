"""The list of officials: its filters mean what they say, and it shows nobody out of scope."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from cadres import registry
from cadres.models import (
    EthnicGroup,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    RosterDay,
    UnitVersion,
    UnitZone,
)
from cadres.periods import UNKNOWN_START, PartialDate
from tests.conftest import DAY, client_of, rolled_back, unit_of
from tests.reports.pages import text_of

LIST = reverse("cadres:official-list")
START = date(2012, 1, 1)
LUNG_CAI, LUNG_PHINH, MUONG_KHUONG = "02842", "02845", "02761"


def hire(name: str, commune: str, position: str, *levels: str, birth: str = "", **facts) -> Official:
    """Somebody who has held the post since 2012, with levels written "dimension:code"."""
    typed = PartialDate.parse(birth) if birth else None
    official = Official.objects.create(
        full_name=name,
        birth_date=typed.first_day if typed else None,
        birth_precision=typed.precision if typed else "",
        **facts,
    )
    unit = unit_of(commune)
    RosterDay.objects.get_or_create(unit=unit, day=START)
    registry.appoint(official, Position.objects.get(code=position), unit, start_date=START, by=None)
    for level in levels:
        dimension, code = level.split(":")
        registry.record_qualification(
            official, Level.objects.get(dimension__code=dimension, code=code), as_of=START, by=None
        )
    return official


GOOD_CADRE = ("education:THPT", "professional:DH", "political_theory:TC")


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker) -> Iterator[dict[str, Official]]:
    """Four people of Bắc Hà and one of Mường Khương; on 31/12/2015 they are judged as the names of the keys say.

    They are there for all tests of the module, and what one of these writes is taken back to them.
    """
    with django_db_blocker.unblock(), rolled_back():
        yield make_people()


def make_people() -> dict[str, Official]:
    mong = EthnicGroup.objects.get(name="Mông")
    people = {
        "compliant": hire(
            "Giàng A Dơ", LUNG_CAI, "BT_DU", *GOOD_CADRE, birth="1975", sex="M", ethnic_group=mong
        ),
        "lacks_one": hire(
            "Vàng Thị Mỷ", LUNG_CAI, "CT_UBND", "education:THPT", "professional:DH", "political_theory:CHUA",
            birth="12/03/1980", sex="F", ethnic_group=mong,
        ),
        "lacks_two": hire("Đỗ Văn Ảnh", LUNG_PHINH, "VP_TK", "education:THCS", "professional:SC", "it:A", sex="M"),
        "unknown": hire("Lý Seo Chứ", LUNG_PHINH, "VP_TK", "education:THPT", "professional:DH"),
        "foreign": hire("Giàng Seo Sử", MUONG_KHUONG, "BT_DU", *GOOD_CADRE, sex="M"),
    }  # fmt: skip
    UnitZone.objects.create(unit=unit_of(LUNG_CAI), zone=1, start_date=START)
    OfficialIdentifier.objects.create(official=people["unknown"], kind="CMND", number="063123456")
    return people


def names(client, **query) -> list[str]:
    """The names that the list shows, in its order; `count` beside them must agree."""
    answer = client.get(LIST, {"ngay": DAY.isoformat(), **query})
    assert answer.status_code == 200, answer.content.decode()
    shown = [post.official.full_name for post in answer.context["rows"]]
    assert answer.context["page"].paginator.count == len(shown)
    assert f"{len(shown)} người" in answer.content.decode()
    return shown


def test_people_are_in_the_order_of_given_names(people, province_staff):
    assert names(client_of(province_staff)) == [
        "Đỗ Văn Ảnh", "Lý Seo Chứ", "Giàng A Dơ", "Vàng Thị Mỷ", "Giàng Seo Sử"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"huyen": "085"}, "compliant lacks_one lacks_two unknown"),
        ({"xa": LUNG_CAI}, "compliant lacks_one"),
        ({"huyen": "083", "xa": LUNG_CAI}, None),
        ({"khu_vuc": "1"}, "compliant lacks_one"),
        ({"khu_vuc": "none"}, "lacks_two unknown foreign"),
        ({"chuc_danh": "VP_TK"}, "lacks_two unknown"),
        ({"nhom": "cadre"}, "compliant lacks_one foreign"),
        ({"ket_qua": "compliant"}, "compliant foreign"),
        ({"ket_qua": "not_compliant"}, "lacks_one lacks_two"),
        ({"ket_qua": "undetermined"}, "unknown"),
        ({"ket_qua": "counted"}, "compliant lacks_one lacks_two unknown foreign"),
        ({"ket_qua": "none"}, ""),
        ({"ket_qua": "none", "tieu_chi": "POLITICAL"}, "lacks_two unknown"),
        ({"thieu": "professional"}, "lacks_two"),
        ({"thieu_du_lieu": "it"}, "unknown"),
        ({"mat": "it"}, "lacks_two unknown"),
        ({"mat": "it", "ket_qua": "compliant"}, "lacks_two"),
        ({"mat": "it", "ket_qua": "undetermined"}, "unknown"),
        ({"mat": "it", "ket_qua": "not_compliant"}, ""),
        ({"chi_thieu": "1"}, "lacks_one"),
        ({"gioi_tinh": "F"}, "lacks_one"),
        ({"gioi_tinh": "unknown"}, "unknown"),
        ({"dan_toc": "unknown"}, "lacks_two unknown foreign"),
        ({"tuoi": "31-40"}, "compliant lacks_one"),
        ({"tuoi": "unknown"}, "lacks_two unknown foreign"),
        ({"q": "giang"}, "compliant foreign"),
        ({"q": "  GIÀNG   dơ"}, "compliant"),
        ({"q": "do anh"}, "lacks_two"),
        ({"q": "063 123 456"}, "unknown"),
        ({"q": "063123457"}, ""),
        ({"q": "%"}, ""),
    ],
    ids=str,
)
def test_a_filter_shows_exactly_the_people_it_names(people, province_staff, query, keys):
    client = client_of(province_staff)
    if keys is None:
        assert client.get(LIST, {"ngay": DAY.isoformat(), **query}).status_code == 400
        return
    assert set(names(client, **query)) == {people[key].full_name for key in keys.split()}


def test_an_ethnic_group_is_a_filter(people, province_staff):
    mong = people["compliant"].ethnic_group
    assert set(names(client_of(province_staff), dan_toc=mong.code)) == {"Giàng A Dơ", "Vàng Thị Mỷ"}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("ten", ["lacks_two", "unknown", "compliant", "lacks_one", "foreign"]),
        ("chuc_danh", ["compliant", "foreign", "lacks_one", "lacks_two", "unknown"]),
        ("xa", ["foreign", "compliant", "lacks_one", "lacks_two", "unknown"]),
        ("ket_qua", ["compliant", "foreign", "lacks_two", "lacks_one", "unknown"]),
    ],
)
def test_the_list_is_sorted_as_asked(people, province_staff, sort, order):
    assert names(client_of(province_staff), sap_xep=sort) == [people[key].full_name for key in order]


@pytest.mark.parametrize(
    "query",
    [
        {"huyen": "nonsense"},
        {"xa": "99999"},
        {"khu_vuc": "4"},
        {"ket_qua": "perhaps"},
        {"thieu": "nonsense"},
        {"sap_xep": "nonsense"},
        {"ngay": "31/02/2015"},
        {"tieu_chi": "NONSENSE"},
        {"q": "a\0b"},
        {"q": "a" * 101},
    ],
    ids=str,
)
def test_a_filter_that_is_none_answers_400_in_vietnamese(people, province_staff, query):
    answer = client_of(province_staff).get(LIST, {"ngay": DAY.isoformat(), **query})

    assert answer.status_code == 400
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "2", "abc", "99999999999999999999"])
def test_a_page_that_is_none_answers_404(people, province_staff, page):
    assert client_of(province_staff).get(LIST, {"ngay": DAY.isoformat(), "trang": page}).status_code == 404


def test_an_officer_sees_the_own_district_only(people, district_officer, foreign_officer, leader):
    assert len(names(client_of(district_officer))) == 4
    assert names(client_of(foreign_officer)) == ["Giàng Seo Sử"]
    assert len(names(client_of(leader))) == 5
    client = client_of(foreign_officer)
    assert client.get(LIST, {"ngay": DAY.isoformat(), "huyen": "085"}).status_code == 400
    assert client.get(LIST, {"ngay": DAY.isoformat(), "xa": LUNG_CAI}).status_code == 400
    assert names(client, q="giang a do") == []


def test_what_is_lacking_stands_beside_the_verdict(people, province_staff):
    page = client_of(province_staff).get(LIST, {"ngay": DAY.isoformat(), "q": "đỗ"}).content.decode()

    assert "Chưa đạt" in page
    assert page.count('<span class="tag not_met">') == 2


def test_each_filter_in_use_can_be_taken_off(people, province_staff):
    answer = client_of(province_staff).get(LIST, {"ngay": "2015-12-31", "xa": LUNG_CAI, "ket_qua": "compliant"})

    chips = dict(answer.context["selection"].chips())
    assert chips == {
        "Đơn vị cấp xã: Xã Lùng Cải": "?ngay=2015-12-31&ket_qua=compliant",
        "Kết quả: Đạt": f"?ngay=2015-12-31&xa={LUNG_CAI}",
    }


def test_before_the_first_roster_nobody_is_shown(people, province_staff):
    client = client_of(province_staff)

    assert names(client, ngay=(START - timedelta(days=1)).isoformat()) == []
    assert len(names(client, ngay=START.isoformat())) == 5


def test_people_left_behind_have_a_list(people, province_staff):
    UnitVersion.objects.filter(code=LUNG_CAI, start_date=UNKNOWN_START).update(end_date=date(2015, 6, 30))
    client = client_of(province_staff)

    assert "Giàng A Dơ" not in names(client)
    assert names(client, bo_lai="1") == ["Giàng A Dơ", "Vàng Thị Mỷ"]
    assert names(client, bo_lai="1", q="my") == ["Vàng Thị Mỷ"]


def test_the_export_holds_exactly_the_people_of_the_list(people, province_staff, foreign_officer):
    query = {"ngay": DAY.isoformat(), "ket_qua": "compliant"}

    for user, expected in ((province_staff, {"Giàng A Dơ", "Giàng Seo Sử"}), (foreign_officer, {"Giàng Seo Sử"})):
        answer = client_of(user).get(reverse("cadres:official-export"), query)
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert {row[5] for row in sheet.iter_rows(min_row=2, values_only=True)} == expected


def test_the_number_of_questions_does_not_grow_with_the_people(people, district_officer, django_assert_max_num_queries):
    client = client_of(district_officer)
    for number in range(60):
        hire(f"Người Thứ {number}", LUNG_PHINH, "VH_XH", *GOOD_CADRE)

    with django_assert_max_num_queries(17):
        page = client.get(LIST, {"ngay": DAY.isoformat()})

    assert page.context["page"].paginator.num_pages == 2


# columns, more filters, the file of what is shown


def test_columns_are_chosen_in_the_address_and_the_first_is_always_there(people, province_staff):
    client = client_of(province_staff)

    def heads(query: str = "") -> list[str]:
        page = client.get(f"{LIST}?ngay={DAY}{query}").content.decode()
        return [text_of(head) for head in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)][1:]

    usual = ["Họ và tên", "Ngày sinh", "Chức danh", "Đơn vị", "Huyện, thị xã, thành phố", "Khu vực", "Kết quả"]
    assert heads() == [*usual, "Còn thiếu"]
    assert heads("&cot=con_thieu&cot=tuoi") == ["Họ và tên", "Tuổi", "Còn thiếu"]
    row = client.get(f"{LIST}?ngay={DAY}&cot=tuoi&cot=gioi_tinh&cot=nhom&cot=dan_toc&q=my").content.decode()
    assert re.search(r'data-label="Tuổi">35</td>.*"Giới tính">Nữ<.*"Dân tộc">Mông<.*"Nhóm">Cán bộ', row, re.DOTALL)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("cot=luong", "không có cột “luong”"),
        ("cot=tuoi&cot=tuoi", "hai lần"),
        ("&".join(["cot=tuoi"] * 1000), "Địa chỉ đòi 1000 cột"),
        ("sap_xep=con_thieu", "không sắp xếp theo"),
    ],
)
def test_columns_that_cannot_be_shown_are_refused_in_words(people, province_staff, query, told):
    answer = client_of(province_staff).get(f"{LIST}?ngay={DAY}&{query}")
    assert (answer.status_code, told in text_of(answer.content.decode())) == (400, True)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({"thieu_thong_tin": "ngay_sinh"}, "lacks_two unknown foreign"),
        ({"thieu_thong_tin": "gioi_tinh"}, "unknown"),
        ({"thieu_thong_tin": "so_dinh_danh"}, "compliant lacks_one lacks_two foreign"),
        ({"thieu_thong_tin": "any", "huyen": "083"}, "foreign"),
        ({"nghi_huu": "unknown"}, "lacks_two unknown foreign"),
        ({"nghi_huu": "60", "ngay": "2030-01-01"}, ""),
        ({"dang_hoc": "1"}, ""),
        ({"dang_hoc": "0", "huyen": "083"}, "foreign"),
    ],
    ids=str,
)
def test_more_filters_show_exactly_the_people_they_name(people, province_staff, query, keys):
    assert set(names(client_of(province_staff), **query)) == {people[key].full_name for key in keys.split()}


def test_who_retires_is_found_up_to_the_last_day_of_the_months_to_come(people, province_staff):
    """A woman born on 12/03/1962 is 55 on 12/03/2017 (BLLĐ 2012 Điều 187) and works to the end of that month."""
    hire("Sùng Thị Chở", LUNG_CAI, "VH_XH", birth="12/03/1962", sex="F")
    client = client_of(province_staff)
    for day, months, is_found in (
        ("2016-09-30", "6", False),
        ("2016-10-01", "6", True),
        ("2017-03-31", "6", True),
        ("2017-04-01", "6", False),
        ("2017-04-01", "over", True),
        ("2017-03-31", "over", False),
    ):
        found = names(client, ngay=day, nghi_huu=months, q="sung thi cho")
        assert found == (["Sùng Thị Chở"] if is_found else []), (day, months)


def test_filters_offer_only_what_somebody_of_those_shown_has(people, province_staff):
    def offered(query: str, name: str) -> set[str]:
        page = client_of(province_staff).get(f"{LIST}?ngay={DAY}{query}").content.decode()
        field = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)[0]
        return set(re.findall(r'value="([^"]+)"', field))

    assert offered("", "chuc_danh") == {"BT_DU", "CT_UBND", "VP_TK"}
    assert offered(f"&xa={LUNG_CAI}", "chuc_danh") == {"BT_DU", "CT_UBND"}
    assert offered(f"&xa={LUNG_CAI}", "gioi_tinh") == {"M", "F"}
    assert offered("&gioi_tinh=F", "xa") == {LUNG_CAI}
    assert offered("&gioi_tinh=F", "gioi_tinh") == {"M", "F", "unknown"}  # a filter in use offers what it could be


def test_the_button_of_the_filters_narrows_the_list_of_who_may_tick(people, province_staff):
    sent = {"loc": "1", "q": "giang", "xa": LUNG_CAI, "gioi_tinh": "M", "hien": ""}
    answer = client_of(province_staff).post(f"{LIST}?ngay={DAY}&cot=tuoi&trang=2", sent)
    assert answer.url == f"{LIST}?ngay={DAY}&cot=tuoi&q=giang&xa={LUNG_CAI}&gioi_tinh=M"
    page = client_of(province_staff).get(answer.url).content.decode()
    assert re.search(r"<form method=\"post\" data-ticks.*name=\"loc\" value=\"1\".*</form>", page, re.DOTALL)


def test_the_button_of_the_columns_changes_the_columns_only(people, province_staff):
    sent = {"loc": "cot", "q": "giang", "cot": ["ten", "tuoi"], "hien": ""}
    answer = client_of(province_staff).post(f"{LIST}?ngay={DAY}&xa={LUNG_CAI}", sent)
    assert answer.url == f"{LIST}?ngay={DAY}&xa={LUNG_CAI}&cot=ten&cot=tuoi"


def test_the_file_is_the_list_as_shown_with_what_is_lacking_and_why(people, province_staff, foreign_officer):
    def rows(user, query: str) -> list[list[str]]:
        answer = client_of(user).get(f"{LIST}?ngay={DAY}{query}&tep=xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]

    found = rows(province_staff, "&huyen=085&thieu=professional&cot=chuc_danh&cot=con_thieu&sap_xep=-ten")
    head = " ".join(cell for row in found for cell in row)
    for told in ("Phạm vi: toàn tỉnh", "Số liệu ngày 31/12/2015", "Tiêu chí:", "Bộ lọc: Huyện, thị xã, thành phố: "):
        assert told in head
    columns = next(row for row in found if row[0] == "STT")
    assert columns == ["STT", "Họ và tên", "Chức danh", "Còn thiếu", "Lý do"]
    person = dict(zip(columns, found[-1], strict=True))
    assert person["Họ và tên"] == "Đỗ Văn Ảnh"
    assert "cần Trung cấp, đang có Sơ cấp" in person["Lý do"]
    of_officer = " ".join(cell for row in rows(foreign_officer, "") for cell in row)
    assert "Giàng Seo Sử" in of_officer
    assert "Giàng A Dơ" not in of_officer
