"""“Xuất dữ liệu về một người”: everything that is kept about somebody, for a request of that person."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from cadres import roles
from cadres.models import Visit
from tests.conftest import client_of, make_user
from tests.test_access import FOREIGN_NAME, FOREIGN_NUMBER, make_world

pytestmark = pytest.mark.django_db


def test_all_rows_about_a_person_and_nobody_else_s_go_out_once_it_is_noted_who_took_them():
    world = make_world()
    person = world.own["official"]
    client = client_of(make_user("tiep-dan", roles.REGISTRY_STAFF))
    client.get(f"/can-bo/{person.pk}/")
    shown = client.get(f"/can-bo/{person.pk}/").content.decode()
    assert f'href="/can-bo/{person.pk}/xuat-du-lieu/"' in shown

    answer = client.get(f"/can-bo/{person.pk}/xuat-du-lieu/")

    book = load_workbook(BytesIO(answer.content))
    sheets = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    texts = {name: "\n".join(str(value) for row in rows for value in row if value) for name, rows in sheets.items()}
    assert {
        *("Cán bộ, công chức", "Số định danh", "Chức danh đảm nhiệm", "Văn bằng, chứng chỉ", "Miễn tiêu chuẩn"),
        *("Lượt học", "Chứng chỉ", "Nhu cầu đăng ký", "Lịch sử", "Ai đã xem"),
    } <= sheets.keys()
    assert any(name.startswith("Cam kết") for name in sheets)
    assert person.full_name in texts["Cán bộ, công chức"]
    assert world.own["identifier"].number in texts["Số định danh"]
    assert "Chủ tịch UBND" in texts["Chức danh đảm nhiệm"]
    assert "LOP-1" in texts["Lượt học"]
    assert "Xem hồ sơ" in texts["Ai đã xem"]
    assert not [name for name, text in texts.items() if FOREIGN_NAME in text or FOREIGN_NUMBER in text]
    assert not [name for name, text in texts.items() if re.search(r"\b(by|Qualification|pk|id)\b", text)]  # English
    noted = Visit.objects.filter(kind=Visit.Kind.EXPORT).latest("pk")
    assert (noted.person_id, noted.username) == (person.pk, "tiep-dan")
