"""The pages of a reorganisation, as Sở walks them: what is known, what it would do, doing it, taking it back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cadres.models import Act, UnitVersion
from tests import province
from tests.builders import make_appointment, make_official, position_of
from tests.cadres.reorganisation.test_reorganise import HEADER, MERGED, World, places
from tests.conftest import client_of
from tests.forms import forms_of, forms_on
from tests.reports.pages import text_of

pytestmark = pytest.mark.django_db

LIST = reverse("cadres:reorganisation-list")
OF_2025 = reverse("cadres:reorganisation", args=["2025-07-01"])


def test_so_sees_what_the_reorganisation_of_2025_would_do_does_it_and_takes_it_back(province_staff):
    province.build()
    client = client_of(province_staff)
    listed = client.get(LIST).content.decode()
    assert "01/07/2025" in listed
    assert "Chưa làm" in listed
    shown = client.get(OF_2025).content.decode()
    assert "Thị trấn Bắc Hà (3)" in shown
    assert "Thực hiện sắp xếp, 9 người" in shown
    unchanged = UnitVersion.objects.as_of(date(2025, 6, 30)).communes().filter(unit__versions__start_date="2025-07-01")
    assert f"Ngoài ra {unchanged.count()} xã chỉ đổi tên hoặc cấp, vẫn là đơn vị cũ." in text_of(shown)
    assert places(date(2025, 7, 1)).get("Lý Thị Lan") != "Xã Bắc Hà"
    (form,) = [form for form in forms_on(client, OF_2025) if "decision" in form.fields]
    done = client.post(OF_2025, form.fields, follow=True).content.decode()
    assert "Đã sắp xếp đơn vị ngày 01/07/2025: 9 người theo đơn vị kế tục, trước 9, sau 9 người." in done
    assert places(date(2025, 7, 1))["Lý Thị Lan"] == "Xã Bắc Hà"
    again = text_of(client.get(OF_2025).content.decode())
    assert ": 9 người theo đơn vị kế tục." in again
    assert "Không còn gì phải làm" in again
    assert "Sẽ có gì thay đổi" not in again
    log = client.get(reverse("cadres:act-list")).content.decode()
    assert "Sắp xếp đơn vị" in log
    act = Act.objects.filter(kind=Act.Kind.REORGANISATION).first()
    back = client.get(reverse("cadres:act-take-back", args=[act.pk]))
    assert back["Location"] == reverse("cadres:reorganisation-take-back", args=["2025-07-01"])
    assert client.post(back["Location"], {"reason": ""}).status_code == 200  # a reason is asked for
    told = client.post(back["Location"], {"reason": "Làm thử"}, follow=True).content.decode()
    assert "Đã hoàn lại lần sắp xếp ngày 01/07/2025: 9 người trở về đơn vị cũ." in told
    assert client.get(back["Location"]).status_code == 404


def test_a_file_is_shown_before_it_is_carried_out_and_people_of_a_split_commune_are_asked_about(province_staff):
    World()
    client = client_of(province_staff)
    lines = [f"2018-07-01,{line}" for line in (*MERGED[:1], "A,Xã A,N2,Phường Hai,ward,D1,NQ 1")]
    file = SimpleUploadedFile("ke-tuc.csv", "\n".join((HEADER, *lines)).encode())
    shown = client.post(LIST, {"file": file, "day": "2018-07-01"})
    assert not UnitVersion.objects.filter(code="N").exists()
    assert "Xã A được chia tách" in shown.content.decode()
    form = next(form for form in forms_of(client, LIST, shown) if "decision" in form.fields)
    (choice,) = [name for name in form.fields if name.startswith("di_")]
    client.post(reverse("cadres:reorganisation", args=["2018-07-01"]), form.fields | {choice: "N2"})
    assert places(date(2018, 7, 1))["Người A"] == "Phường Hai"


def test_who_was_left_by_an_earlier_reorganisation_is_told_to_go_first(province_staff):
    make_appointment(
        make_official("Người Phố Mới"), position_of("BT_DU"), UnitVersion.objects.get(name="Phường Phố Mới").unit
    )
    page = client_of(province_staff).get(OF_2025).content.decode()
    assert "1 người còn ở đơn vị cũ của" in page
    assert reverse("cadres:reorganisation", args=["2020-03-01"]) in page


def test_what_stands_against_it_is_listed_and_nothing_can_be_sent(province_staff):
    World()
    client = client_of(province_staff)
    file = SimpleUploadedFile("a.csv", f"{HEADER}\n2018-07-01,A,Xã Khác,N,Xã N,,D1,".encode())
    page = client.post(LIST, {"file": file, "day": "2018-07-01"}).content.decode()
    assert "mã A là Xã A, không phải Xã Khác" in page
    assert "Thực hiện sắp xếp" not in page
    file = SimpleUploadedFile("a.csv", "tệp".encode("utf-16"))
    assert "không phải là CSV mã UTF-8" in client.post(LIST, {"file": file, "day": "2018-07-01"}).content.decode()
    assert client.get(reverse("cadres:reorganisation", args=["hom-nay"])).status_code == 404
