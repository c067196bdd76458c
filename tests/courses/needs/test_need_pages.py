"""The pages of needs: each figure opens exactly the people it counts, and nobody out of scope is shown."""

import io
import re
from html import unescape

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Official, UnitZone, Zone
from courses.models import Programme
from tests import province
from tests.builders import make_appointment, make_official, make_programme, make_qualification, position_of
from tests.conftest import DAY, client_of, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

NEEDS, PEOPLE = reverse("courses:needs"), reverse("courses:need-people")
TABS = ("chuong_trinh", "huyen", "xa", "khu_vuc", "chuc_danh", "mat")


@pytest.fixture
def people(db) -> dict[str, Official]:
    """The small province, one more person of Mường Khương who lacks two things, and two programmes."""
    Programme.objects.all().delete()
    people = province.people()
    foreign = people["Má Seo Xa"] = make_official("Má Seo Xa")
    make_appointment(foreign, position_of("TC_KT"), unit_of(province.THANH_BINH))
    for dimension, level in (("education", "THPT"), ("professional", "SC"), ("it", "KHONG")):
        make_qualification(foreign, dimension, level)
    make_programme("professional:TC", title="Trung cấp Luật")
    make_programme("professional:DH", title="Đại học Luật", targets=("BT_DU",))
    return people


def shown(client, **query):
    answer = client.get(NEEDS, {"ngay": DAY.isoformat(), **query})
    assert answer.status_code == 200, answer.content.decode()
    return answer


def names(client, address: str = PEOPLE, **query) -> list[str]:
    """The names that the list shows, in its order."""
    answer = client.get(address, query or None)
    assert answer.status_code == 200, answer.content.decode()
    found = [post.official.full_name for post, _ in answer.context["rows"]]
    assert answer.context["page"].paginator.count == len(found)
    return found


def follow(client, figures: set[tuple[str, int]]) -> None:
    """Compare each figure with the names of the list that it leads to."""
    for address, count in sorted(figures):
        assert len(names(client, address)) == count, address


def test_every_figure_opens_a_list_of_as_many_people(people, province_staff):
    client, figures, one_step = client_of(province_staff), set(), set()
    for by in TABS:
        page = shown(client, theo=by)
        linked = {(address, count) for row in page.context["rows"] for count, address in row.figures if address}
        assert len(linked) > 2, by
        figures |= linked | {(address, count) for count, address in page.context["total_row"] if address}
        assert page.context["total"].people == 3
        figures.add((page.context["everybody"], 3))
        one_step.add(page.context["one_step"])
    follow(client, figures)
    for address in one_step:
        assert names(client, address) == ["Lý Thị Lan"]


def test_by_programme_each_need_is_counted_at_its_best_and_what_none_closes_comes_last(people, province_staff):
    rows = shown(client_of(province_staff)).context["rows"]

    assert [(row.name, row.figures[0][0]) for row in rows] == [
        ("Trung cấp Luật", 3),
        ("Chưa có chương trình nào", 2),  # education of one, informatics of another
    ]


def test_by_zone_each_zone_is_a_row_and_what_nothing_is_recorded_of_comes_last(people, province_staff):
    UnitZone.objects.filter(unit=unit_of(province.THANH_BINH)).update(zone=Zone.OUTSIDE)
    client = client_of(province_staff)

    rows = shown(client, theo="khu_vuc").context["rows"]

    assert [(row.name, row.figures[0][0]) for row in rows] == [("Khu vực I", 2), ("Ngoài khu vực", 1)]
    assert names(client, ngay=DAY.isoformat(), khu_vuc="0") == ["Má Seo Xa"]
    assert shown(client, theo="chuc_danh", khu_vuc="1").context["total"].people == 2

    UnitZone.objects.filter(unit=unit_of(province.BAC_HA_TOWN)).delete()
    rows = shown(client, theo="khu_vuc").context["rows"]
    assert [row.name for row in rows] == ["Ngoài khu vực", "Chưa có khu vực"]
    assert len(names(client, ngay=DAY.isoformat(), khu_vuc="none")) == 2


def test_an_officer_counts_the_own_people_only(people, district_officer):
    client = client_of(district_officer)

    for by in TABS:
        page = shown(client, theo=by)
        assert page.context["total"].people == 2
        assert "Mường Khương" not in page.content.decode()
    assert names(client, ngay=DAY.isoformat()) == ["Lý Thị Lan", "Hoàng Văn Páo"]
    assert client.get(PEOPLE, {"ngay": DAY.isoformat(), "huyen": "083"}).status_code == 400


def test_the_list_shows_what_is_lacking_and_what_closes_it_most_urgent_first(people, province_staff):
    answer = client_of(province_staff).get(PEOPLE, {"ngay": DAY.isoformat()})
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))

    assert [post.official.full_name for post, _ in answer.context["rows"]] == [
        "Lý Thị Lan",
        "Hoàng Văn Páo",
        "Má Seo Xa",
    ]
    assert "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp" in text
    assert "Trung cấp Luật và 1 chương trình khác học xong là đạt" in text
    assert "Trình độ học vấn phổ thông: chưa có chương trình" in text


def test_filters_mean_what_they_say(people, province_staff):
    client = client_of(province_staff)
    for query, expected in (
        ({"huyen": "083"}, ["Má Seo Xa"]),
        ({"xa": province.BAC_HA_TOWN}, ["Lý Thị Lan", "Hoàng Văn Páo"]),
        ({"huyen": "085", "xa": province.BAC_HA_TOWN}, ["Lý Thị Lan", "Hoàng Văn Páo"]),
        ({"chuc_danh": "TCA"}, ["Hoàng Văn Páo"]),
        ({"mat": "education"}, ["Hoàng Văn Páo"]),
        ({"mat": "it"}, ["Má Seo Xa"]),
        ({"chuong_trinh": "none"}, ["Hoàng Văn Páo", "Má Seo Xa"]),
        ({"chuong_trinh": "none", "mat": "it"}, ["Má Seo Xa"]),
        ({"chuong_trinh": "none", "mat": "professional"}, []),
        ({"chi_thieu": "1"}, ["Lý Thị Lan"]),
        ({"q": "ly thi"}, ["Lý Thị Lan"]),
    ):
        assert names(client, ngay=DAY.isoformat(), **query) == expected, query


@pytest.mark.parametrize(
    "query",
    [{"theo": "x"}, {"huyen": "999"}, {"chuong_trinh": "KHONG-CO"}, {"mat": "x"}, {"huyen": "083", "xa": "02839"}],
)
def test_a_filter_that_is_none_is_refused_in_words(people, province_staff, query):
    address = NEEDS if "theo" in query else PEOPLE

    answer = client_of(province_staff).get(address, {"ngay": DAY.isoformat(), **query})

    assert answer.status_code == 400
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_is_not_found(people, province_staff, number):
    assert client_of(province_staff).get(PEOPLE, {"ngay": DAY.isoformat(), "trang": number}).status_code == 404


def test_fifty_people_a_page_in_one_order(people, province_staff):
    for number in range(60):
        official = make_official(f"Vàng A {number:02}")
        make_appointment(official, position_of("TCA"), unit_of(province.BAN_PHO))
        make_qualification(official, "education", "TH")
    client, seen = client_of(province_staff), []
    for number in ("1", "2"):
        answer = client.get(PEOPLE, {"ngay": DAY.isoformat(), "trang": number})
        seen += [post.official.full_name for post, _ in answer.context["rows"]]
        assert answer.context["page"].paginator.count == 63

    assert len(seen) == len(set(seen)) == 63


def test_queries_do_not_grow_with_people(people, province_staff):
    client = client_of(province_staff)

    def queries() -> dict[str, int]:
        """Of the list, and of the figures by each grouping."""
        found = {}
        for address in (f"{PEOPLE}?ngay={DAY}", *(f"{NEEDS}?ngay={DAY}&theo={by}" for by in TABS)):
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            found[address] = len(asked)
        return found

    client.get(f"{PEOPLE}?ngay={DAY}")
    before = queries()
    for number in range(30):
        official = make_official(f"Vàng A {number:02}")
        make_appointment(official, position_of("TCA"), unit_of(province.BAN_PHO))
        make_qualification(official, "education", "TH")

    assert queries() == before
    assert max(before.values()) <= 20


def test_both_pages_download_as_workbooks(people, province_staff):
    client = client_of(province_staff)

    def rows(address: str, **words: str) -> list[tuple]:
        answer = client.get(address, {"ngay": DAY.isoformat(), **words})
        assert answer.status_code == 200
        return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    counted = rows(reverse("courses:needs-file", args=["xlsx"]), theo="huyen")
    listed = rows(PEOPLE, tep="xlsx")
    by_name = rows(PEOPLE, tep="xlsx", sap_xep="-ten", cot="con_thieu")

    assert [row[1:4] for row in counted[-2:]] == [("Huyện Mường Khương", 1, 0), ("Huyện Bắc Hà", 2, 1)]
    assert [(row[0], row[1], row[5]) for row in listed[-5:]] == [
        (1, "Lý Thị Lan", "Trình độ chuyên môn"),
        (2, "Hoàng Văn Páo", "Trình độ học vấn phổ thông"),
        (3, "Hoàng Văn Páo", "Trình độ chuyên môn"),
        (4, "Má Seo Xa", "Trình độ chuyên môn"),
        (5, "Má Seo Xa", "Tin học"),
    ]
    assert ("STT", "Họ và tên", "Còn thiếu", "Yêu cầu", "Hiện có") in by_name
    assert [row[1] for row in by_name[-5:]] == ["Má Seo Xa"] * 2 + ["Hoàng Văn Páo"] * 2 + ["Lý Thị Lan"]
    assert client.get(reverse("courses:needs-file", args=["pdf"])).status_code == 404


def test_where_nobody_lacks_anything_the_page_says_what_to_do(db, province_staff):
    Official.objects.all().delete()
    for address in (NEEDS, PEOPLE):
        assert "Hãy chọn ngày khác" in client_of(province_staff).get(address).content.decode()
