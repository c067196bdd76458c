"""Rosters in the browser, seen from the server: upload, preview, write, discard, export, and who may do which."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cadres.models import ImportBatch, ImportRow, Official
from tests.cadres.workbooks import flat, layout_b, layout_c
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(user, content: bytes, name: str = "danh-sach.xlsx", **fields):
    file = SimpleUploadedFile(name, content)
    return client_of(user).post(reverse("cadres:import-list"), {"file": file, **fields}, follow=True)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_roster_is_previewed_and_then_written(province_staff):
    page = upload(province_staff, layout_b())
    batch = ImportBatch.objects.get()
    assert page.redirect_chain[-1][0] == reverse("cadres:import-batch", args=[batch.pk])
    assert "Chưa có gì được ghi" in text_of(page)
    assert "Ghi 7 dòng" in text_of(page)
    assert "Hoàng Văn Cộng" in text_of(page)
    assert not Official.objects.exists()
    page = client_of(province_staff).post(reverse("cadres:import-commit", args=[batch.pk]), follow=True)
    assert "Đã ghi danh sách vào hồ sơ" in text_of(page)
    assert Official.objects.count() == 7


def test_each_row_shows_its_reason_and_can_be_filtered_by_outcome(province_staff):
    upload(province_staff, layout_c())
    address = reverse("cadres:import-batch", args=[ImportBatch.objects.get().pk])
    page = client_of(province_staff).get(address, {"ket_qua": "rejected"})
    assert "không phải là ngày có thật" in text_of(page)
    assert "Hoàng Thị Liên" not in text_of(page)
    assert "Tệp ghi 6 người nhưng đếm được 5" in text_of(page)


def test_a_change_is_shown_before_and_after(province_staff):
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}))
    client_of(province_staff).post(reverse("cadres:import-commit", args=[ImportBatch.objects.get().pk]))
    page = upload(
        province_staff,
        flat({"Họ và tên": "Giàng A Dơ", "Chức danh": "Bí thư Đảng ủy"}, title="Tính đến 31/12/2016"),
    )
    assert "<del>Chủ tịch UBND, Xã Bản Phố</del> → <ins>Bí thư Đảng ủy, Xã Bản Phố</ins>" in text_of(page)


def test_the_missing_are_listed(province_staff):
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao"}))
    client_of(province_staff).post(reverse("cadres:import-commit", args=[ImportBatch.objects.get().pk]))
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}))
    address = reverse("cadres:import-batch", args=[ImportBatch.objects.first().pk])
    assert "Lù Seo Pao" in text_of(client_of(province_staff).get(address, {"ket_qua": "missing"}))


def test_the_preview_is_paged(province_staff, django_assert_max_num_queries):
    upload(province_staff, flat(*({"Họ và tên": f"Giàng A {number:03d}"} for number in range(120))))
    address = reverse("cadres:import-batch", args=[ImportBatch.objects.get().pk])
    client = client_of(province_staff)
    with django_assert_max_num_queries(19):  # two of them count and log that pages are turned (cadres.web.pace)
        page = client.get(address, {"trang": 3})
    assert text_of(page).count("Giàng A 1") == 20
    assert client.get(address, {"trang": 4}).status_code == 404
    assert client.get(address, {"ket_qua": "gì đó"}).status_code == 400


def test_a_discarded_batch_leaves_the_registry_alone(province_staff):
    upload(province_staff, layout_b())
    address = reverse("cadres:import-discard", args=[ImportBatch.objects.get().pk])
    asked = client_of(province_staff).get(address)
    assert f"Bỏ {ImportBatch.objects.get().rows.count()} dòng, không ghi" in text_of(asked)
    assert ImportBatch.objects.get().state == "staged"
    page = client_of(province_staff).post(address, follow=True)
    assert "hồ sơ không thay đổi" in text_of(page)
    assert not Official.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"%PDF-1.4", "quyet-dinh.pdf", "là tệp PDF, không phải bảng tính"),
        (b"PK\x03\x04 hong", "danh-sach.xlsx", "bị hỏng"),
    ],
)
def test_a_bad_file_is_an_error_of_the_form(province_staff, content, name, message):
    page = upload(province_staff, content, name)
    assert page.status_code == 400
    assert message in text_of(page)
    assert not ImportBatch.objects.exists()


def test_the_day_chosen_wins_over_the_files(province_staff):
    upload(province_staff, layout_b(), as_of="2014-12-31")
    assert f"{ImportBatch.objects.get().as_of}" == "2014-12-31"


def test_what_changed_since_the_preview_is_shown_again(province_staff):
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}))
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}))
    newer, older = ImportBatch.objects.all()
    client = client_of(province_staff)
    client.post(reverse("cadres:import-commit", args=[older.pk]))
    page = client.post(reverse("cadres:import-commit", args=[newer.pk]), follow=True)
    assert "bản xem trước" in text_of(page).lower()
    assert Official.objects.count() == 1
    assert ImportRow.objects.get(batch=newer).outcome == "unchanged"


def test_an_officer_imports_for_the_own_district_only(district_officer, foreign_officer):
    people = ({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao", "Huyện": "Mường Khương", "Xã": "Pha Long"})
    page = upload(district_officer, flat(*people), unit="085")
    assert "Ghi 1 dòng" in text_of(page)
    assert "không thuộc đơn vị được nhập" in text_of(page)
    assert upload(district_officer, flat(*people), unit="083").status_code == 400
    batch = ImportBatch.objects.get()
    stranger = client_of(foreign_officer)
    assert stranger.get(reverse("cadres:import-batch", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("cadres:import-commit", args=[batch.pk])).status_code == 404
    assert stranger.post(reverse("cadres:import-discard", args=[batch.pk])).status_code == 404
    assert "danh-sach.xlsx" not in text_of(stranger.get(reverse("cadres:import-list")))
    batch.refresh_from_db()
    assert (batch.state, Official.objects.count()) == ("staged", 0)


def test_a_leader_looks_and_does_not_import(leader, province_staff):
    assert upload(leader, layout_b()).status_code in (400, 403, 405)
    assert not ImportBatch.objects.exists()
    upload(province_staff, layout_b())
    batch = ImportBatch.objects.get()
    client = client_of(leader)
    page = client.get(reverse("cadres:import-batch", args=[batch.pk]))
    assert page.status_code == 200
    assert "Ghi 7 dòng" not in text_of(page)
    assert client.post(reverse("cadres:import-commit", args=[batch.pk])).status_code == 403
    assert not Official.objects.exists()


def test_the_roster_of_the_day_is_exported_within_scope(province_staff, district_officer):
    people = ({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao", "Huyện": "Mường Khương", "Xã": "Pha Long"})
    upload(province_staff, flat(*people))
    client_of(province_staff).post(reverse("cadres:import-commit", args=[ImportBatch.objects.get().pk]))
    address = reverse("cadres:roster-export")
    whole = client_of(province_staff).get(address, {"ngay": "2015-12-31"})
    assert load_workbook(BytesIO(whole.content)).active.max_row == 3
    part = client_of(province_staff).get(address, {"ngay": "2015-12-31", "don_vi": "083", "dang": "csv"})
    assert "Lù Seo Pao" in part.content.decode("utf-8-sig")
    assert "Giàng A Dơ" not in part.content.decode("utf-8-sig")
    own = client_of(district_officer).get(address, {"ngay": "2015-12-31", "dang": "csv"})
    assert "Lù Seo Pao" not in own.content.decode("utf-8-sig")
    foreign = client_of(district_officer).get(address, {"ngay": "2015-12-31", "don_vi": "083"})
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("title", "message"), [("Danh sách", "không ghi ngày số liệu"), ("Tính đến 31/12/2199", "ở sau hôm nay")]
)
def test_a_file_whose_day_is_missing_is_kept_and_read_once_the_day_is_chosen(province_staff, title, message):
    page = upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}, title=title))
    batch = ImportBatch.objects.get()
    assert page.redirect_chain[-1][0] == reverse("cadres:import-reading", args=[batch.pk])
    assert message in text_of(page)
    client = client_of(province_staff)
    assert message in text_of(client.get(reverse("cadres:import-batch", args=[batch.pk])))
    page = client.post(
        reverse("cadres:import-place", args=[batch.pk]), {"as_of": "31/12/2015", "unit": ""}, follow=True
    )
    assert "Giàng A Dơ" in text_of(page)
    batch.refresh_from_db()
    assert (batch.state, f"{batch.as_of}") == ("staged", "2015-12-31")


def test_several_files_are_read_at_once_and_a_bad_one_stops_no_other(district_officer):
    files = [
        SimpleUploadedFile("bac-ha-1.xlsx", flat({"Họ và tên": "Giàng A Dơ"})),
        SimpleUploadedFile("hong.xlsx", b"PK\x03\x04 hong"),
        SimpleUploadedFile("bac-ha-2.xlsx", flat({"Họ và tên": "Lù Seo Pao"})),
    ]
    client = client_of(district_officer)
    page = client.post(reverse("cadres:import-list"), {"file": files, "unit": "085"}, follow=True)
    assert "Đã nhận 3 tệp, đọc được 2 tệp" in text_of(page)
    assert sorted(ImportBatch.objects.values_list("file_name", "state")) == [
        ("bac-ha-1.xlsx", "staged"), ("bac-ha-2.xlsx", "staged"), ("hong.xlsx", "failed"),
    ]  # fmt: skip
    assert "Không đọc được" in text_of(page)
    assert "bac-ha-1.xlsx" in text_of(client.get(reverse("cadres:import-list"), {"q": "ha-1"}))
    assert "bac-ha-1.xlsx" not in text_of(client.get(reverse("cadres:import-list"), {"tinh_trang": "failed"}))
    listed = client.get(reverse("cadres:import-list"), {"sap_xep": "-dong", "cot": ["ten", "dong", "van_de"]})
    assert [head.column.name for head in listed.context["heads"]] == ["ten", "van_de", "dong"]
    assert [batch.file_name for batch in listed.context["rows"]][-1] == "hong.xlsx"  # of which no row was read
    file = client.get(reverse("cadres:import-list"), {"q": "hong", "cot": ["ten", "van_de"], "tep": "csv"})
    (row,) = [line for line in file.content.decode().splitlines() if "hong.xlsx" in line]
    assert "bac-ha" not in file.content.decode()
    assert len(row) > len("1,hong.xlsx,")
    failed = ImportBatch.objects.get(state="failed")
    assert client.get(reverse("cadres:import-batch", args=[failed.pk])).status_code == 200
    client.post(reverse("cadres:import-discard", args=[failed.pk]))
    failed.refresh_from_db()
    assert failed.state == "discarded"
    assert client.get(reverse("cadres:import-batch", args=[failed.pk])).status_code == 200


def test_the_files_come_back_as_sent_and_with_the_errors_marked(province_staff):
    content = layout_c()
    upload(province_staff, content)
    batch = ImportBatch.objects.get()
    client = client_of(province_staff)
    kept = client.get(reverse("cadres:import-file-kept", args=[batch.pk]))
    assert b"".join(kept.streaming_content) == content
    assert kept["Content-Type"] == "application/octet-stream"
    marked = client.get(reverse("cadres:import-file-marked", args=[batch.pk]))
    sheet = load_workbook(BytesIO(b"".join(marked.streaming_content))).active
    assert "không phải là ngày có thật" in sheet["H9"].comment.text


def test_a_template_is_offered_with_the_people_of_the_unit(province_staff):
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}))
    client = client_of(province_staff)
    client.post(reverse("cadres:import-commit", args=[ImportBatch.objects.get().pk]))
    answer = client.get(reverse("cadres:roster-export"), {"dang": "mau", "don_vi": "085", "ngay": "2015-12-31"})
    cells = [cell for row in load_workbook(BytesIO(answer.content)).active.values for cell in row]
    assert "Giàng A Dơ" in cells
    assert client.get(reverse("cadres:roster-export"), {"dang": "la"}).status_code == 400


def test_people_are_found_in_a_preview_without_diacritics(province_staff):
    upload(province_staff, flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao"}))
    address = reverse("cadres:import-batch", args=[ImportBatch.objects.get().pk])
    page = text_of(client_of(province_staff).get(address, {"q": "giang"}))
    assert "Giàng A Dơ" in page
    assert "Lù Seo Pao" not in page


def test_a_file_that_was_written_month_first_is_asked_about_and_read_as_answered(province_staff):
    births = ("02/28/1985", "11/30/1988", "08/05/1979")
    page = upload(province_staff, flat(*({"Ngày sinh": birth} for birth in births)))
    assert "Tệp ghi tháng trước ngày?" in text_of(page)
    assert "(02/28/1985, 11/30/1988)" in text_of(page)
    address = reverse("cadres:import-date-order", args=[ImportBatch.objects.get().pk])

    def answered(order: str) -> list[str]:
        page = client_of(province_staff).post(address, {"date_order": order}, follow=True)
        assert "Tệp ghi tháng trước ngày?" not in text_of(page)
        rows = ImportRow.objects.order_by("pk").values_list("outcome", "understood")
        return [understood.get("birth", "") if outcome == "created" else "" for outcome, understood in rows]

    assert answered("mdy") == ["1985-02-28", "1988-11-30", "1979-08-05"]
    assert answered("dmy") == ["", "", "1979-05-08"]
    assert client_of(province_staff).post(address, {"date_order": "xyz"}).status_code == 400
