"""Every list whose columns are chosen: it sorts by each, shows each, keeps views, and leaves with its head."""

import csv

import pytest
from django.urls import reverse

from cadres.models import SavedView
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

# The list, and the words of its address that choose one of several; with what is kept of each.
LISTS = [
    ("cadres:official-list", {}),
    ("courses:need-people", {}),
    ("courses:asked-people", {}),
    ("courses:planned-list", {}),
    ("courses:submission-list", {}),
    ("courses:campaign-list", {}),
    ("courses:inspection-list", {}),
    ("courses:feedback-report", {}),
    ("courses:class-list", {}),
    ("courses:enrolment-list", {}),
    ("courses:certificate-list", {}),
    ("courses:yearly-hours", {}),
    *(("courses:measure-list", {"loai": shown}) for shown in ("khen", "xu_ly", "da_ghi", "so_tiet")),
    *(("courses:commitment-list", {"loai": shown}) for shown in ("dang_phuc_vu", "vi_pham", "den_bu", "can_ghi")),
]


@pytest.mark.parametrize(("name", "words"), LISTS, ids=str)
def test_a_list_has_columns_views_an_order_by_each_column_and_a_file_with_its_head(province_staff, name, words):
    client, address = client_of(province_staff), reverse(name)
    page = client.get(address, words)
    shown, columns = page.content.decode(), page.context["columns"]
    assert "Khung nhìn" in shown
    assert "Cột hiện trong danh sách và tệp" in shown
    sorted_by = [column.name for column in columns.columns if column.order or column.key]
    assert len(sorted_by) > len([column for column in columns.columns if column.name]) / 2

    for sort in sorted_by:
        assert client.get(address, {**words, "sap_xep": f"-{sort}", "tep": "csv"}).status_code == 200, sort
    told = [column for column in columns.columns if column.name and column.cell]
    chosen = {**words, "cot": [column.name for column in told], "q": "khong co ai", "tep": "csv"}
    (head,) = csv.reader(client.get(address, chosen).content.decode("utf-8-sig").splitlines())
    assert [label for label in head if label in {column.label for column in told}] == [column.label for column in told]
    assert client.get(address, {**words, "cot": "khong_co"}).status_code == 400

    view = SavedView.objects.create(
        account=province_staff, page=name, name="Của tôi", query=f"cot={told[1].name}&sap_xep=khong_co"
    )
    kept = client.get(f"{address}?{view.query}&{SavedView.NAME}={view.pk}").content.decode()
    assert "Của tôi" in kept
    assert "Không dùng được trong khung nhìn này: thứ tự theo “khong_co”" in kept
