"""The report of training on screen and as files (figures: tests/trained_province.py), and the lists behind them."""

import csv
import re
from datetime import date
from html import unescape
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from courses.models import Enrolment
from reports.training import SOURCE, TRAINING_BY
from tests import province, trained_province
from tests.builders import make_official, make_programme
from tests.conftest import client_of, rolled_back
from tests.reports.pages import read, text_of
from tests.trained_province import run_class

pytestmark = pytest.mark.usefixtures("province_database")

PERIOD = "tu=2010-01-01&den=2015-12-31"
PAGE = f"/bao-cao/dao-tao/?{PERIOD}"
FIGURE = re.compile(r'<a [^>]*href="(/bao-cao/dao-tao/(luot|lop)/\?[^"]+)"[^>]*>\s*([\d.]+)\s*</a>')
TURNS = re.compile(r"([\d.]+) lượt của ([\d.]+) người")  # beside the heading of the list
MONEY = re.compile(r'id="count">([\d.]+) đồng, ([\d.]+) lớp')


@pytest.fixture(scope="module")
def taught(province_database):
    with rolled_back():
        yield trained_province.build(province.people())


@pytest.fixture
def classes(taught, db):
    return taught


@pytest.fixture
def people(db):
    return province.people()


def number(text: str) -> int:
    return int(text.replace(".", ""))


def figures_of(page: str) -> set[tuple[str, str, int]]:
    """(address of the list, of turns or of classes, number shown) of every figure of the page."""
    return {(unescape(address), kind, number(shown)) for address, kind, shown in FIGURE.findall(page)}


def follow(client, figures: set[tuple[str, str, int]]) -> None:
    """Compare each figure with the count of the list it leads to."""
    for address, kind, shown in sorted(figures):
        behind = read(client, address)
        if kind == "lop":
            assert number(MONEY.search(behind)[1]) == shown, address
        else:
            turns, persons = (number(count) for count in TURNS.search(behind).groups())
            assert (persons if "xem=nguoi" in address else turns) == shown, address


def test_figures_in_the_units_of_another_day_lead_to_their_turns_too(classes, province_staff):
    client, figures = client_of(province_staff), set()
    for more, named in (("theo=commune", "Xã Bắc Hà"), ("theo=district", "Tỉnh Lào Cai"), ("theo=kind&huyen=15", "9")):
        page = read(client, f"{PAGE}&don_vi=2025-07-01&{more}")
        assert named in text_of(page)
        assert len(figures_of(page)) > 3, more
        figures |= figures_of(page)
    follow(client, figures)
    read(client, f"{PAGE}&don_vi=2025-07-01&huyen=085", status=400)
    response = client.get(f"/bao-cao/dao-tao/ket-qua-dao-tao.csv?{PERIOD}&don_vi=2025-07-01&theo=commune")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [
        "Xã Mường Khương (Tỉnh Lào Cai)",
        "Xã Bắc Hà (Tỉnh Lào Cai)",
        "Lớp không ai hoàn thành",
        "Cộng",
    ]


def test_every_figure_leads_to_exactly_as_many_turns_people_or_dong(classes, province_staff):
    """Of each grouping, and of a district or a kind."""
    client, figures = client_of(province_staff), set()
    groupings = [f"&theo={by}" for by in ("kind", "result", "district", "zone", "sex", "year", SOURCE)]
    for more in (*groupings, "&huyen=085&theo=commune", "&loai=degree&theo=result", "&huyen=083&theo=sex"):
        found = figures_of(read(client, PAGE + more))
        assert len(found) > (5 if more in groupings else 3), more
        figures |= found
    follow(client, figures)


def test_figures_of_people_without_a_post_lead_to_their_lists(classes, province_staff):
    newcomer = make_official("Cư Seo Vần")
    run_class(make_programme(), date(2015, 3, 2), date(2015, 3, 6), completed=[newcomer], money=(4, 0))
    client, figures = client_of(province_staff), set()
    for by in ("district", "position", "zone"):
        page = read(client, f"{PAGE}&theo={by}")
        assert "Chưa rõ" in text_of(page)
        of_those = {figure for figure in figures_of(page) if "unknown" in figure[0]}
        assert len(of_those) > 1, by
        figures |= of_those
    follow(client, figures)


def test_summary_is_in_the_words_of_the_province(classes, province_staff):
    text = text_of(read(client_of(province_staff), PAGE))
    assert "lượt, của 7 người 9" in text
    assert "người đạt đại học, cao đẳng 2" in text
    assert "người đạt trung cấp chuyên môn, lý luận chính trị 1" in text
    assert "lượt bồi dưỡng chức danh chủ chốt 3" in text
    assert "lượt bồi dưỡng công chức 2" in text
    assert "đồng, trong đó ngân sách địa phương 628, trung ương 1.100 1.728" in text


def test_groups_stand_beside_their_figures(classes, province_staff):
    text = text_of(read(client_of(province_staff), f"{PAGE}&theo=district"))
    assert "Huyện Bắc Hà 8 3 5 0 6 1.621" in text
    assert "Lớp không ai hoàn thành 0 0 0 0 0 7" in text
    assert "Cộng 9 3 6 0 7 1.728" in text


def test_period_is_the_year_of_the_working_day_where_none_is_named(classes, province_staff):
    text = text_of(read(client_of(province_staff), "/bao-cao/dao-tao/?ngay=2015-12-31"))
    assert "Các lớp kết thúc từ 01/01/2015 đến 31/12/2015" in text
    assert "2010–2015" in text
    assert "lượt, của 6 người 6" in text


def test_officer_sees_the_turns_of_the_own_people_and_no_money(classes, foreign_officer):
    client = client_of(foreign_officer)
    page = read(client, PAGE)
    text = text_of(page)
    assert "Phạm vi: Huyện Mường Khương." in text
    assert "lượt, của 1 người 1" in text
    assert "Kinh phí" not in text
    follow(client, figures_of(page))
    behind = text_of(read(client, f"/bao-cao/dao-tao/luot/?{PERIOD}"))
    assert "Lù Seo Dơ" in behind
    assert "Giàng A Sử" not in behind
    read(client, f"{PAGE}&theo={SOURCE}", status=400)
    read(client, f"{PAGE}&huyen=085", status=400)
    read(client, f"/bao-cao/dao-tao/lop/?{PERIOD}", status=403)


def test_list_shows_post_class_and_result(classes, people, province_staff):
    text = text_of(read(client_of(province_staff), f"/bao-cao/dao-tao/luot/?{PERIOD}&ket_qua=professional:DH"))
    assert "2 lượt của 2 người" in text
    assert "Trình độ đạt được: Đại học (Trình độ chuyên môn)" in text
    assert f"Giàng A Sử Bí thư Đảng ủy Xã Bản Phố {classes['law'].code}" in text
    assert "30/06/2014" in text


def test_a_wrong_address_is_refused_and_an_unknown_group_is_empty(classes, province_staff):
    client = client_of(province_staff)
    for address, status in (
        (f"{PAGE}&theo=mau", 400),
        (f"{PAGE}&loai=hoi-thao", 400),
        ("/bao-cao/dao-tao/?tu=2015-02-01&den=2015-01-31", 400),
        ("/bao-cao/dao-tao/?tu=hôm qua", 400),
        (f"{PAGE}&huyen=999", 400),
        (f"/bao-cao/dao-tao/ket-qua-dao-tao.pdf?{PERIOD}", 404),
        (f"/bao-cao/dao-tao/luot/?{PERIOD}&tep=pdf", 404),
        (f"/bao-cao/dao-tao/luot/?{PERIOD}&trang=9", 404),
        (f"/bao-cao/dao-tao/lop/?{PERIOD}&source=quy", 400),
        (f"/bao-cao/dao-tao/luot/?{PERIOD}&ket_qua=khong:co", 200),
    ):
        read(client, address, status=status)


def test_a_period_without_classes_says_what_to_do(people, province_staff):
    text = text_of(read(client_of(province_staff), "/bao-cao/dao-tao/?tu=2001-01-01&den=2001-12-31"))
    assert "Không có lớp nào kết thúc trong kỳ này" in text
    assert "danh sách lớp học" in text


# ---------------------------------------------------------------- files


def test_workbook_holds_what_the_page_shows(classes, province_staff):
    response = client_of(province_staff).get(f"/bao-cao/dao-tao/ket-qua-dao-tao.xlsx?{PERIOD}&theo=district")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[2:4]] == [
        "Phạm vi: toàn tỉnh.",
        "Các lớp kết thúc từ 01/01/2010 đến 31/12/2015.",
    ]
    assert (2, "Huyện Bắc Hà", 8, 3, 5, 0, 6, 1067, 554, 0, 1621) in rows
    assert rows[-1][1:] == ("Cộng", 9, 3, 6, 0, 7, 1100, 628, 0, 1728)


def test_comma_separated_text_by_source(classes, province_staff):
    response = client_of(province_staff).get(f"/bao-cao/dao-tao/ket-qua-dao-tao.csv?{PERIOD}&theo=source")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["1", "Ngân sách trung ương"]
    assert rows[-1][-1] == "1728"


def test_turns_as_a_workbook(classes, province_staff):
    address = f"/bao-cao/dao-tao/luot/?{PERIOD}&nhom=cadre"
    client = client_of(province_staff)
    response = client.get(f"{address}&tep=xlsx")
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert "Nhóm chức danh: Cán bộ." in [row[0] for row in rows]
    assert [row[0] for row in rows[-4:]] == [1, 2, 3, 4]
    assert rows[-1][2:4] == ("Bí thư Đảng ủy", "Xã Bản Phố")

    def shown(words: str, told) -> list:
        return [told(row) for row in client.get(f"{address}&{words}").context["rows"]]

    places = shown("sap_xep=xa", lambda turn: turn.commune_name)
    assert (places, len(places)) == (sorted(places), 4)
    assert shown("sap_xep=-xa", lambda turn: turn.commune_name) == places[::-1]
    everybody = client.get(f"/bao-cao/dao-tao/luot/?{PERIOD}&xem=nguoi&sap_xep=-luot").context["rows"]
    assert [turns for _, turns in everybody] == [2, 2, 1, 1, 1, 1, 1]
    name = shown("xem=nguoi", lambda row: row[0].full_name)[0]
    assert set(shown(f"q={name}", lambda turn: turn.official.full_name)) == {name}


def test_official_form_counts_every_turn_in_one_column(classes, province_staff):
    response = client_of(province_staff).get(f"/bieu-mau/mau-so-1.xlsx?{PERIOD}")
    sheet = load_workbook(BytesIO(response.content)).active
    (numbers,) = (row[0].row for row in sheet.iter_rows() if row[1].value == "B - C")
    heads = {sheet.cell(numbers, place).value: place for place in range(1, 27)}
    rows = {sheet.cell(row, 2).value: row for row in range(numbers + 1, numbers + 6)}

    def cell(name: str, column: str) -> int:
        return sheet.cell(rows[name], heads[column]).value or 0

    assert [cell("Cán bộ chuyên trách", column) for column in ("N", "S", "Y", "Z", "AA")] == [1, 3, 4, 3, 1]
    assert [cell("Công chức cấp xã", column) for column in ("N", "P", "X", "Y")] == [1, 1, 2, 4]
    assert cell("Cán bộ, công chức cấp xã", "Y") == 8
    assert cell("Người hoạt động không chuyên trách", "X") == 1
    inner = [column for column in heads if column not in ("A", "B - C", "Y", "Z", "AA")]
    for name in rows:
        assert sum(cell(name, column) for column in inner) == cell(name, "Y"), name
    assert cell("Cộng", "Y") == 9
    foot = [row[0].value for row in sheet.iter_rows(min_row=numbers + 6) if row[0].value]
    assert foot[1] == (
        "Kinh phí (ĐVT: triệu đồng): 0,0. Ngân sách trung ương: 0,0; Ngân sách địa phương: 0,0; Nguồn khác: 0,0."
    )


def test_number_of_queries_does_not_grow(classes, people, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    addresses = [
        *(f"{PAGE}&theo={by}" for by in TRAINING_BY),
        f"{PAGE}&theo=commune&huyen=085",
        f"/bao-cao/dao-tao/luot/?{PERIOD}&nhom=cadre&khu_vuc=3",
        f"/bao-cao/dao-tao/luot/?{PERIOD}&xem=nguoi",
        f"/bao-cao/dao-tao/lop/?{PERIOD}&huyen=085",
    ]
    for _ in range(3):
        run_class(make_programme(), date(2015, 7, 1), date(2015, 7, 3), completed=[*people.values()], money=(9, 9))
    assert Enrolment.objects.count() > 30  # a question for each would be more than the bound
    for address in addresses:
        with django_assert_max_num_queries(20):
            read(client, address)
