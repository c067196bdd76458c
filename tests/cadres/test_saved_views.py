"""Views of lists that were kept: opened by name, shared within the scope of each, and honest about what is gone."""

from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cadres.models import Change, SavedView
from tests.cadres.test_official_list import LIST, LUNG_CAI, people  # noqa: F401 (a fixture)
from tests.conftest import DAY, client_of
from tests.reports.pages import text_of

ADD = reverse("cadres:view-add")
AT = f"ngay={DAY}"
pytestmark = pytest.mark.usefixtures("people")


def keep(user, words: str, name: str = "Nữ Lùng Cải", **more) -> SavedView:
    """Keep a list by the link that the list itself has."""
    client = client_of(user)
    page = client.get(f"{LIST}?{words}").content.decode()
    link = next(unescape(part.split('"')[0]) for part in page.split('href="') if part.startswith(ADD))
    answer = client.post(link, {"name": name, **more})
    assert answer.status_code == 302, answer.content.decode()
    return SavedView.objects.get(account=user, name=name)


def shown(client, address: str):
    answer = client.get(address)
    return (
        answer.status_code,
        [post.official.full_name for post in answer.context["rows"]],
        text_of(answer.content.decode()),
    )


def address_of(view: SavedView, more: str = AT) -> str:
    return f"{LIST}?{'&'.join(filter(None, (view.query, f'khung_nhin={view.pk}', more)))}"


def test_a_view_keeps_filters_columns_and_order_but_neither_page_nor_day(district_officer):
    view = keep(district_officer, f"{AT}&xa={LUNG_CAI}&gioi_tinh=F&cot=tuoi&cot=con_thieu&sap_xep=-tuoi&trang=1")
    words = {"xa": [LUNG_CAI], "gioi_tinh": ["F"], "cot": ["tuoi", "con_thieu"], "sap_xep": ["-tuoi"]}
    assert parse_qs(view.query) == words
    with_day = keep(district_officer, f"{AT}&xa={LUNG_CAI}", name="Cuối năm 2015", with_day="on")
    assert parse_qs(with_day.query) == {"ngay": [str(DAY)], "xa": [LUNG_CAI]}


def test_a_view_is_opened_from_the_bar_of_its_list_and_says_its_name(district_officer):
    view = keep(district_officer, f"{AT}&gioi_tinh=F")
    client = client_of(district_officer)
    assert f"?gioi_tinh=F&khung_nhin={view.pk}" in unescape(client.get(LIST).content.decode())
    status, names, told = shown(client, address_of(view))
    assert (status, names) == (200, ["Vàng Thị Mỷ"])
    assert "Khung nhìn Nữ Lùng Cải" in told
    assert "trong phạm vi của bạn" not in told


def test_a_shared_view_shows_the_own_scope_and_says_so(province_staff, foreign_officer):
    own = keep(province_staff, f"{AT}&gioi_tinh=M", name="Của Sở")
    shared = keep(province_staff, f"{AT}&gioi_tinh=M", name="Nam", is_shared="on")
    client = client_of(foreign_officer)
    page = unescape(client.get(f"{LIST}?{AT}").content.decode())
    assert (f"khung_nhin={shared.pk}" in page, f"khung_nhin={own.pk}" in page) == (True, False)
    status, names, told = shown(client, address_of(shared))
    assert (status, names) == (200, ["Giàng Seo Sử"])
    assert "hiện trong phạm vi của bạn: Huyện Mường Khương" in told


def test_a_filter_of_a_shared_view_outside_the_scope_is_left_out_and_told(province_staff, foreign_officer):
    view = keep(province_staff, f"{AT}&huyen=085&xa={LUNG_CAI}&gioi_tinh=M", name="Bắc Hà", is_shared="on")
    status, names, told = shown(client_of(foreign_officer), address_of(view))
    assert (status, names) == (200, ["Giàng Seo Sử"])
    assert "Không dùng được trong khung nhìn này: bộ lọc “Huyện, thị xã, thành phố”; bộ lọc “Đơn vị cấp xã”" in told


def test_what_the_list_no_longer_has_is_told_in_words(province_staff):
    words = "ket_qua=perhaps&cot=ten&cot=luong&sap_xep=luong&bac_luong=3"
    view = SavedView.objects.create(account=province_staff, page="cadres:official-list", name="Cũ", query=words)
    status, names, told = shown(client_of(province_staff), address_of(view))
    assert (status, len(names)) == (200, 5)
    for what in ("bộ lọc “Kết quả”", "“bac_luong” (bộ lọc không còn nữa)", "cột “luong”", "thứ tự theo “luong”"):
        assert what in told
    assert client_of(province_staff).get(f"{LIST}?{AT}&ket_qua=perhaps").status_code == 400


def test_a_view_that_is_gone_or_not_shared_is_told_and_the_list_is_there(province_staff, foreign_officer):
    view = keep(province_staff, f"{AT}&gioi_tinh=M")
    for name in (str(view.pk), "999999", "abc", "9" * 30):
        status, names, told = shown(client_of(foreign_officer), f"{LIST}?{AT}&khung_nhin={name}")
        assert (status, names) == (200, ["Giàng Seo Sử"])
        assert "đã bị xóa, hoặc không còn dùng chung" in told


def test_a_view_is_renamed_shared_and_deleted_by_whom_it_is_only(province_staff, district_officer):
    view = keep(province_staff, f"{AT}&gioi_tinh=M", is_shared="on")
    edit, delete = (reverse(f"cadres:view-{deed}", args=[view.pk]) for deed in ("edit", "delete"))
    assert {client_of(district_officer).post(page, {"name": "Khác"}).status_code for page in (edit, delete)} == {404}
    client_of(province_staff).post(edit, {"name": "Nam giới"})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Nam giới", False)
    assert client_of(province_staff).post(delete).status_code == 302
    assert not SavedView.objects.filter(pk=view.pk).exists()
    changes = Change.objects.filter(table_name="cadres_savedview", key=view.pk)
    assert sorted(changes.values_list("operation", flat=True)) == ["D", "I", "U"]


def test_two_views_of_a_list_with_one_name_are_refused_in_words(province_staff):
    keep(province_staff, AT)
    answer = client_of(province_staff).post(
        f"{ADD}?danh_sach=cadres:official-list&dia_chi=gioi_tinh%3DM", {"name": "Nữ Lùng Cải"}
    )
    assert (answer.status_code, SavedView.objects.count()) == (200, 1)
    assert "đã có khung nhìn tên đó" in answer.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(account=province_staff, page="cadres:official-list", name="Nữ Lùng Cải")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("danh_sach=cadres:official-detail", 400),
        ("danh_sach=khong:co", 400),
        ("danh_sach=cadres:account-list", 403),
        (f"danh_sach=cadres:official-list&dia_chi=q%3D{'a' * 2100}", 400),
    ],
)
def test_what_is_no_list_of_the_account_cannot_be_kept(district_officer, query, status):
    assert client_of(district_officer).get(f"{ADD}?{query}").status_code == status


def test_more_than_fifty_views_of_a_list_are_refused_in_words(province_staff):
    SavedView.objects.bulk_create(
        SavedView(account=province_staff, page="cadres:official-list", name=f"Số {number}") for number in range(50)
    )
    answer = client_of(province_staff).post(f"{ADD}?danh_sach=cadres:official-list", {"name": "Một nữa"})
    assert "giữ nhiều nhất 50 khung nhìn" in answer.content.decode()
    assert SavedView.objects.count() == 50


def test_the_way_back_from_keeping_leads_to_the_view(province_staff):
    client = client_of(province_staff)
    answer = client.post(f"{ADD}?danh_sach=cadres:official-list&dia_chi=gioi_tinh%3DM", {"name": "Nam"})
    view = SavedView.objects.get()
    assert parse_qs(urlsplit(answer.url).query) == {"gioi_tinh": ["M"], "khung_nhin": [str(view.pk)]}


def test_a_view_of_the_findings_of_one_check_is_offered_by_that_check_only(province_staff):
    client = client_of(province_staff)
    seats, retired = (reverse("cadres:review-findings", args=[code]) for code in ("two_holders", "retired"))
    assert client.post(f"{ADD}?danh_sach=cadres:review-findings/retired&dia_chi=q%3DA", {"name": "Tên A"}).url
    view = SavedView.objects.get()
    offered = f"?q=A&khung_nhin={view.pk}"
    told = [offered in unescape(client.get(f"{page}?{AT}").content.decode()) for page in (seats, retired)]
    assert told == [False, True]
    assert unescape(client.post(reverse("cadres:view-edit", args=[view.pk]), {"name": "Khác"}).url).startswith(retired)
    for page in ("cadres:review-findings", "cadres:official-detail/1", "cadres:review-findings/retired/1"):
        assert client.get(f"{ADD}?danh_sach={page}").status_code == 400
