"""The pages of published figures in the small province (tests/province.py), and what home shows of them."""

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook

from cadres import roles
from cadres.models import Act, Criterion, Official, Publication, PublicationProposal, Qualification, RosterDay, Standard
from reports.publications import publish, withdraw
from reports.publications.publishing import PUBLISHED_BY
from tests import province
from tests.builders import it_is, make_appointment, make_official, make_qualification, position_of
from tests.conftest import client_of, correct, make_user, unit_of
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.usefixtures("province_database")

TODAY = date(2026, 11, 27)
HOME = "/?ngay=2015-12-31"
ADD = "/cong-bo/moi/?ngay=2015-12-31"
YEAR_ENDS = [date(year, 12, 31) for year in (2012, 2013, 2014)]


@pytest.fixture
def people(db):
    people = province.people()
    it_is(TODAY)
    return people


def published(day: date = province.DAY, **other) -> Publication:
    full = Criterion.objects.get(code="FULL")
    choices = {"day": day, "criterion": full, "decision": f"QĐ {day.year}", "on": TODAY, "by": None}
    return publish(**choices | other)


def path(publication: Publication, more: str = "") -> str:
    return f"/cong-bo/{publication.pk}/{more}"


def post(client, address: str, **typed) -> tuple[int, str]:
    shown = client.get(address).context["form"]["seen"].value() if "moi" in address else ""
    answer = client.post(address, {"seen": shown, "alone": "Chỉ có một người", **typed}, follow=True)
    return answer.status_code, text_of(answer.content.decode())


def test_it_is_shown_what_will_be_frozen_and_then_frozen(people, province_staff):
    client = client_of(province_staff)
    assert "/cong-bo/moi/?ngay=2015-12-31" in read(client, "/ty-le/?ngay=2015-12-31")
    shown = text_of(read(client, ADD))
    assert "Sẽ giữ nguyên: Toàn tỉnh, ngày 31/12/2015" in shown
    assert "4 / 8 người" in shown
    assert "QĐ 04/2004/QĐ-BNV" in shown
    _, text = post(client, ADD, decision="QĐ 12/QĐ-UBND", decided_on="2016-01-15")
    assert "Đã công bố Toàn tỉnh ngày 31/12/2015: 50,0 %" in text
    publication = Publication.objects.get()
    assert (publication.decision, publication.decided_on, publication.by) == (
        "QĐ 12/QĐ-UBND", date(2016, 1, 15), province_staff,
    )  # fmt: skip
    assert "đã được công bố" in text_of(read(client, ADD))


def test_a_unit_and_named_texts_can_be_published(people, province_staff):
    client = client_of(province_staff)
    address = f"{ADD}&pham_vi=085&van_ban=R2023_CB"
    assert "(được chọn)" in text_of(read(client, address))
    post(client, address, decision="QĐ 1")
    publication = Publication.objects.get()
    assert (publication.scope_name, publication.is_by_named_standards) == ("Huyện Bắc Hà", True)


def test_a_figure_is_published_by_another_than_who_proposed_it(people):
    proposer, approver = make_user("ho-so", roles.REGISTRY_STAFF), make_user("phe-duyet", roles.APPROVER)
    other = make_user("phe-duyet-2", (roles.REGISTRY_STAFF, roles.APPROVER))
    _, text = post(client_of(proposer), ADD, decision="QĐ 12")
    assert "Đã đề nghị công bố: Toàn tỉnh, ngày 31/12/2015" in text
    assert "đang chờ người phê duyệt" in post(client_of(proposer), ADD, decision="QĐ 12")[1]
    assert not Publication.objects.exists()
    proposal = PublicationProposal.objects.get()
    assert "1 đề nghị chờ công bố" in text_of(read(client_of(approver), "/cong-bo/"))
    address = f"/cong-bo/moi/{proposal.asked}&de_nghi={proposal.pk}"
    assert client_of(proposer).get(address).context["action"] == "Đề nghị công bố"
    shown = client_of(approver).get(address)
    assert shown.context["form"]["decision"].value() == "QĐ 12"
    _, text = post(client_of(approver), address, decision="QĐ 12")
    assert "Đã công bố Toàn tỉnh" in text
    proposal.refresh_from_db()
    assert proposal.publication == Publication.objects.get()
    assert client_of(approver).get(address).status_code == 404
    withdraw(proposal.publication, reason="Thử", by=None)
    post(client_of(other), ADD, decision="QĐ 13")
    assert PublicationProposal.objects.waiting().get().proposed_by == other
    own = f"/cong-bo/moi/{proposal.asked}&de_nghi={PublicationProposal.objects.waiting().get().pk}"
    assert client_of(other).get(own).context["action"] == "Đề nghị công bố"


def test_who_publishes_alone_says_why_and_the_log_marks_it(people, province_staff):
    _, text = post(client_of(province_staff), ADD, decision="QĐ 1", alone="")
    assert "Vì sao một mình vừa lập vừa phê duyệt" in text
    assert not Publication.objects.exists()
    post(client_of(province_staff), ADD, decision="QĐ 1", alone="Sở chỉ có một người")
    reasons = set(Act.objects.values_list("reason", flat=True))
    assert "Một mình vừa lập vừa phê duyệt: Sở chỉ có một người" in reasons


def test_a_proposal_is_refused_for_a_reason_or_taken_back_by_who_made_it(people):
    proposer, approver = make_user("ho-so", roles.REGISTRY_STAFF), make_user("phe-duyet", roles.APPROVER)
    stranger = make_user("ho-so-2", roles.REGISTRY_STAFF)
    for who, status in ((stranger, 403), (approver, 302), (proposer, 302)):
        post(client_of(proposer), ADD, decision="QĐ 12")
        proposal = PublicationProposal.objects.waiting().get()
        answer = client_of(who).post(f"/cong-bo/de-nghi/{proposal.pk}/", {"reason": "Sai ngày"})
        assert answer.status_code == status
        assert PublicationProposal.objects.waiting().exists() == (status == 403)


@pytest.mark.parametrize(
    ("address", "typed", "words"),
    [
        (ADD, {"decision": " "}, "Hãy ghi số quyết định"),
        (ADD, {"decision": "QĐ 1", "seen": "5/2/2"}, "Số liệu vừa thay đổi"),
        ("/cong-bo/moi/?ngay=2014-12-30", {"decision": "QĐ 1"}, "chưa có số liệu"),
        ("/cong-bo/moi/?ngay=2099-12-31", {"decision": "QĐ 1"}, "chưa tới"),
        (f"{ADD}&van_ban=R2004&van_ban=R2023_CB", {"decision": "QĐ 1"}, "chỉ chọn được một văn bản"),
    ],
)
def test_what_cannot_be_published_is_said_on_the_page(people, province_staff, address, typed, words):
    _, text = post(client_of(province_staff), address, **typed)
    assert words in text
    assert not Publication.objects.exists()


def test_the_page_names_what_moved_the_figure(people, province_staff, leader):
    publication = published()
    take_away(theory_of(people["Giàng A Sử"]), province_staff)
    for user in (province_staff, leader):
        text = text_of(read(client_of(user), path(publication)))
        assert "50,0 %" in text
        assert "37,5 %" in text
        assert "Vì sao khác: 1 người" in text
        assert "Bằng của người khác" in text
        assert "Giàng A Sử" in text
        assert "Đạt → Chưa đủ dữ liệu" in text
    listed = text_of(read(client_of(leader), "/cong-bo/"))
    assert "1 người khác kết quả" in listed
    assert "Có thay đổi sau công bố" in listed


def theory_of(official: Official) -> Qualification:
    return Qualification.objects.get(official=official, level__dimension__code="political_theory")


def take_away(record: Qualification, by) -> None:
    """Correct the record as an error, on the page on which that is done."""
    correct(
        client_of(by), f"/can-bo/{record.official_id}/van-bang/{record.pk}/nhap-sai/", {"reason": "Bằng của người khác"}
    )
    record.refresh_from_db()
    assert record.is_error


def test_withdrawing_needs_a_reason_and_leaves_the_figure_marked(people, province_staff, leader):
    publication = published()
    client = client_of(province_staff)
    _, text = post(client, path(publication, "thu-hoi/"), reason=" ")
    assert "Hãy ghi lý do thu hồi" in text
    _, text = post(client, path(publication, "thu-hoi/"), reason="Sai số quyết định")
    assert "Đã thu hồi Toàn tỉnh ngày 31/12/2015" in text
    _, text = post(client, path(publication, "thu-hoi/"), reason="Lần nữa")
    assert "đã được thu hồi rồi" in text
    assert "Sai số quyết định" in text_of(read(client_of(leader), path(publication)))
    assert "Đã thu hồi" in text_of(read(client_of(leader), "/cong-bo/"))
    assert "0 số liệu" in text_of(read(client_of(leader), "/cong-bo/?tinh_trang=hieu_luc"))
    assert "Toàn tỉnh" in text_of(read(client_of(leader), "/cong-bo/?tinh_trang=thu_hoi&pham_vi=tinh"))


def test_every_published_number_leads_to_as_many_names(people, province_staff, leader, district_officer):
    """To the officer the own district's; who sees the whole province is shown the same, and follows it in turns."""
    publication = published()
    links = re.compile(r'<a[^>]* href="(/cong-bo/\d+/danh-sach/[^"]*)"[^>]*>(?:\D*)?([\d.]+)(?: người)?</a>')

    def links_shown_to(client) -> list[tuple[str, str]]:
        every_link = set()  # those of the whole figure stand above each of its groupings
        for by in PUBLISHED_BY:
            found = links.findall(read(client, path(publication, f"?theo={by}")))
            assert len(found) > 5, by
            every_link |= set(found)
        return sorted(every_link)

    staff, reader, officer = (client_of(user) for user in (province_staff, leader, district_officer))
    whole = links_shown_to(staff)
    assert links_shown_to(reader) == whole
    for client, followed in ((staff, whole[::2]), (reader, whole[1::2]), (officer, links_shown_to(officer))):
        for address, number in followed:
            listed = read(client, unescape(address))
            assert re.search(rf'id="count">{number} người', listed), (address, number)


def test_it_is_told_in_the_units_of_another_day_as_it_was_published(people, province_staff, district_officer):
    publication = published()
    client, links = (
        client_of(province_staff),
        re.compile(r'href="(/cong-bo/\d+/danh-sach/\?xa=[^"]*)"[^>]*>([\d.]+)</a>'),
    )
    page = read(client, path(publication, "?don_vi=2025-07-01&theo=commune"))
    told = text_of(page)
    assert "đơn vị ngày 01/07/2025" in told
    assert "Xã Mường Khương Tỉnh Lào Cai 100,0 2 2 0 0 Xã Bắc Hà Tỉnh Lào Cai 33,3 6 2 2 2 Cộng 50,0 8 4 2 2" in told
    found = links.findall(page)
    assert len(found) == 8
    for address, number in found:
        assert re.search(rf'id="count">{number} người', read(client, unescape(address))), (address, number)
    assert "Xã Bắc Hà" not in read(client, path(publication, "?theo=commune"))
    rows = client.get(path(publication, "so-lieu.csv?don_vi=2025-07-01")).content.decode("utf-8-sig")
    assert "Xã Bắc Hà (Tỉnh Lào Cai),6,2,2,2" in rows
    own = text_of(read(client_of(district_officer), path(publication, "?don_vi=2025-07-01&theo=commune")))
    assert "Xã Bắc Hà Tỉnh Lào Cai 33,3 6 2 2 2" in own
    assert "Xã Mường Khương" not in own


def test_the_list_is_searched_narrowed_and_tells_the_reasons(people, leader):
    publication = published()
    client = client_of(leader)
    lan = text_of(read(client, path(publication, "danh-sach/?q=ly thi lan&cot=thieu&cot=ly_do")))
    assert "1 người" in lan
    assert "cần Trung cấp, có Sơ cấp" in lan
    assert "QĐ 04/2004/QĐ-BNV" in lan
    for query, number in (
        ("xa=02866", 3),
        ("chuc_danh=BT_DU", 3),
        ("ket_qua=undetermined", 2),
        ("thieu=professional", 2),
    ):
        assert f"{number} người" in text_of(read(client, path(publication, f"danh-sach/?{query}"))), query


def test_the_list_of_figures_is_searched_without_diacritics_and_handed_out_as_it_is_shown(people, leader):
    published()
    client = client_of(leader)
    assert "1 số liệu" in text_of(read(client, "/cong-bo/?q=toan tinh"))
    assert "Không có số liệu nào khớp" in text_of(read(client, "/cong-bo/?q=bac ha"))
    answer = client.get("/cong-bo/?q=toan tinh&cot=ngay&cot=tong&cot=tinh_trang&tep=xlsx")
    rows = [
        [str(cell) for cell in row if cell is not None] for row in load_workbook(BytesIO(answer.content)).active.values
    ]
    assert ["STT", "Số liệu ngày", "Người", "Tình trạng"] in rows
    assert rows[-1][2:] == ["8", "Đang công bố"]
    assert ["Phạm vi: toàn tỉnh."] in rows
    assert ["Bộ lọc: Tìm: toan tinh."] in rows
    assert not any("Số liệu ngày 3" in cell for row in rows[:5] for cell in row)


def test_files_hold_the_figure_its_groups_and_the_names(people, leader, district_officer):
    publication = published()

    def cells(user, more: str) -> list[tuple]:
        answer = client_of(user).get(path(publication, more))
        return list(load_workbook(BytesIO(answer.content)).active.values)

    rows = cells(leader, "so-lieu.xlsx")
    assert ("Tất cả", "Toàn tỉnh", 8, 4, 2, 2, 0, 50) in rows
    assert ("Chức danh", "Bí thư Đảng ủy", 3, 2, 1, 0, 0, 66.7) in rows
    names = {row[1] for row in cells(leader, "danh-sach/?tep=xlsx") if len(row) > 1}
    assert {"Lý Thị Lan", "Lù Seo Dơ"} <= names
    own = cells(district_officer, "danh-sach/?tep=xlsx")
    assert "Lù Seo Dơ" not in {row[1] for row in own}
    assert "Trích trong phạm vi: Huyện Bắc Hà." in {row[0] for row in own}
    assert ("Tất cả", "Toàn tỉnh", 6, 2, 2, 2, 0, 33.3) in cells(district_officer, "so-lieu.xlsx")


def test_an_officer_reads_an_extract_and_nothing_of_a_foreign_unit(people, district_officer):
    publication, foreign = published(), published(unit=unit_of("083"))
    client = client_of(district_officer)
    text = text_of(read(client, path(publication)))
    assert "Trích số liệu công bố của toàn tỉnh, phạm vi: Huyện Bắc Hà. Cả toàn tỉnh: 50,0 % (4 / 8 người)" in text
    assert "2 / 6 người" in text
    assert "Mường Khương" not in text
    assert "Thào A Chín" not in read(client, path(publication, "danh-sach/"))
    read(client, path(foreign), 404)
    assert "Mường Khương" not in read(client, "/cong-bo/")


def test_two_figures_beside_each_other_name_who_changed(people, leader):
    earlier = published(date(2015, 6, 30))
    make_qualification(people["Lý Thị Lan"], "professional", "TC", as_of=date(2015, 9, 1))
    later = published()
    client = client_of(leader)
    text = text_of(read(client, f"/cong-bo/so-sanh/?so={later.pk}&so={earlier.pk}&theo=position"))
    assert "1 người có kết quả khác nhau" in text
    assert "Lý Thị Lan Bí thư Đảng ủy Thị trấn Bắc Hà · Huyện Bắc Hà Chưa đạt Đạt" in text
    assert "Bí thư Đảng ủy 3 2 66,7 3 3 100,0" in text
    assert "đúng hai số liệu" in text_of(read(client, f"/cong-bo/so-sanh/?so={later.pk}", 400))


# ---------------------------------------------------------------- home


def verdicts_asked(client: Client) -> int:
    """How many verdicts the home page asks: each query names its judged posts once more for every day it is asked of.

    Counted as the page asks them: PostgreSQL is told no words of a question whose plan it keeps.
    """
    asked = 0

    def count(execute, sql, *given):
        nonlocal asked
        asked += str(sql).count('WITH RECURSIVE "appointment"')
        return execute(sql, *given)

    with connection.execute_wrapper(count):
        read(client, HOME)
    return asked


def test_home_with_published_years_asks_one_verdict(people, province_staff, district_officer):
    RosterDay.objects.update(day=YEAR_ENDS[0])
    clients = [client_of(user) for user in (province_staff, district_officer)]
    assert [verdicts_asked(client) for client in clients] == [4, 4]
    for day in (*YEAR_ENDS, province.DAY):
        published(day)
    assert [verdicts_asked(client) for client in clients] == [1, 1]


def test_home_shows_what_was_published_and_that_it_has_changed(people, province_staff):
    publication = published()
    client = client_of(province_staff)
    page = read(client, HOME)
    assert "4 / 8 người, đã công bố" in text_of(page)
    assert "có thay đổi sau công bố" not in text_of(page)
    take_away(
        Qualification.objects.get(official=people["Giàng A Sử"], level__dimension__code="political_theory"),
        province_staff,
    )
    text = text_of(read(client, HOME))
    assert "50,0 %" in text
    assert "có thay đổi sau công bố tính lại 37,5 %" in text
    assert "Có thay đổi sau công bố: 31/12/2015" in text
    withdraw(publication, reason="sai", by=None)
    assert "3 / 8 người" in text_of(read(client, HOME))
    assert "đã công bố" not in text_of(read(client, HOME))


def test_home_of_an_officer_shows_what_falls_to_the_own_district(people, district_officer):
    published(date(2014, 12, 31))
    published()
    make_appointment(make_official("Ma Seo Chứ"), position_of("VH_XH"), unit_of(province.BAN_PHO))
    text = text_of(read(client_of(district_officer), HOME))
    assert "2 / 6 người, đã công bố" in text
    assert "không đổi so với 31/12/2014" in text


def test_a_figure_by_another_criterion_or_by_named_texts_is_not_shown_on_home(people, province_staff):
    published(criterion=Criterion.objects.get(code="POLITICAL"))
    published(date(2014, 12, 31), standards=[Standard.objects.get(code="R2023_CB")])
    assert "đã công bố" not in text_of(read(client_of(province_staff), HOME))


def test_pages_ask_a_bounded_number_of_queries(people, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    publication = published()
    unit = unit_of(province.BAN_PHO)
    bounds = {"/cong-bo/": 16, path(publication): 26, path(publication, "danh-sach/"): 16, HOME: 24}
    for day in range(1, 10):
        make_appointment(make_official(), position_of("VH_XH"), unit)
        published(date(2015, 2, day))
    for address, most in bounds.items():
        with django_assert_max_num_queries(most):
            read(client, address)
