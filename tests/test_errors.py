"""What no page can make sense of is refused in one place, with words that say what to do."""

import pytest

from tests.conftest import client_of

pytestmark = pytest.mark.django_db

REMEDY = "Hãy nhập lại bằng bàn phím."


@pytest.mark.parametrize(
    "address",
    [
        "/can-bo/?q=%00",
        "/dao-tao/cam-ket/?q=Giàng%00A",
        "/bao-cao/dao-tao/luot/?chuc_danh=%00",
        "/dao-tao/lop/?%00=1",
        "/quan-tri/cadres/position/?q=%00",
        "/quan-tri/cadres/position/%00/change/",
    ],
)
def test_a_null_character_in_an_address_is_refused(province_staff, address):
    answer = client_of(province_staff).get(address)

    assert answer.status_code == 400
    assert REMEDY in answer.content.decode()


def test_a_null_character_in_a_form_is_refused(province_staff):
    answer = client_of(province_staff).post("/can-bo/them/", {"full_name": "Giàng A\x00 Dơ"})

    assert answer.status_code == 400
    assert REMEDY in answer.content.decode()
