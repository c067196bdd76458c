"""The lists of catalogues: searched, narrowed, sorted and handed out as every other list is."""

import io
from datetime import UTC, date, datetime
from html import unescape

import openpyxl
import pytest
from django.contrib.admin import site
from django.urls import reverse

from cadres.admin.lists import told as told_in
from cadres.history.words import told
from cadres.models import Change, Position, SavedView, UnitVersion, UnitZone, ValueSpelling
from tests.builders import make_appointment, make_commune, make_official, position_of
from tests.conftest import client_of, unit_of

pytestmark = pytest.mark.django_db

POSITIONS = reverse("admin:cadres_position_changelist")
ZONES = reverse("admin:cadres_unitzone_changelist")
LAWS = reverse("admin:cadres_requirement_changelist")


def cells_of(answer, place):
    """What a column of the list tells of each row."""
    told = answer.context["columns"].columns[place].cell
    return [str(told(row)) for row in answer.context["rows"]]


def titles(client, address, **query):
    return cells_of(client.get(address, query), 0)


def test_what_is_typed_without_diacritics_finds_each_word_wherever_it_stands(province_staff):
    found = titles(client_of(province_staff), POSITIONS, q="dang bi thu uy")

    assert "Bí thư Đảng ủy" in found
    assert all("Bí thư" in title for title in found)


def test_a_click_on_a_head_sorts_and_the_next_turns_it_round(province_staff):
    client = client_of(province_staff)
    codes = list(Position.objects.order_by("code").values_list("title", flat=True))

    assert titles(client, POSITIONS, sap_xep="code") == codes[:50]
    assert titles(client, POSITIONS, sap_xep="-code") == codes[::-1][:50]


def test_communes_sort_by_their_name_and_not_by_when_they_were_entered(province_staff):
    for code in ("02845", "02839", "02842"):
        UnitZone.objects.create(unit=unit_of(code), zone=2, decision="QĐ 447")
    names = titles(client_of(province_staff), ZONES, sap_xep="unit")

    in_order = UnitVersion.objects.filter(unit__zones__isnull=False).order_by("name").values_list("name", flat=True)
    assert names == list(dict.fromkeys(in_order))


@pytest.mark.parametrize(
    ("day", "word", "found"),
    [
        ("2014-12-31", "dang", 0),
        ("2015-01-01", "dang", 1),
        ("2015-12-31", "dang", 1),
        ("2016-01-01", "dang", 0),
        ("2014-12-31", "chua", 1),
        ("2015-01-01", "chua", 0),
        ("2014-12-31", "het", 0),
        ("2015-12-31", "het", 0),
        ("2016-01-01", "het", 1),
    ],
)
def test_dated_rows_are_narrowed_to_those_of_the_day_of_the_page(province_staff, day, word, found):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, start_date=date(2015, 1, 1), end_date=date(2015, 12, 31))

    assert len(titles(client_of(province_staff), ZONES, ngay=day, hieu_luc=word)) == found


def test_the_file_holds_what_the_page_shows_and_says_how_it_was_narrowed(province_staff):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, decision="QĐ 447")
    UnitZone.objects.create(unit=unit_of("02839"), zone=3, decision="QĐ 447")

    answer = client_of(province_staff).get(ZONES, {"zone": "3", "tep": "xlsx"})

    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.values for cell in row if cell]
    assert "Bộ lọc: Khu vực: III." in cells
    assert str(unit_of("02839")) in cells
    assert str(unit_of("02842")) not in cells


def test_a_table_to_be_read_in_again_holds_only_the_rows_of_the_list(province_staff):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, decision="QĐ 447")
    UnitZone.objects.create(unit=unit_of("02839"), zone=3, decision="QĐ 447")

    answer = client_of(province_staff).get(reverse("admin:cadres_unitzone_export"), {"zone": "3"})

    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row == 2


def test_an_address_of_an_earlier_version_leads_to_the_same_rows(province_staff):
    answer = client_of(province_staff).get(POSITIONS, {"group__exact": "cadre", "q": "bi thu"})

    assert answer.status_code == 302
    assert answer["Location"].endswith("?group=cadre&q=bi+thu")


def test_a_district_is_offered_and_told_no_other_unit(district_officer):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2)
    foreign = UnitVersion.objects.filter(kind="district").exclude(code="085").first()
    client = client_of(district_officer)

    page = client.get(ZONES)

    assert len(page.context["rows"]) == 1
    assert foreign.name not in page.content.decode()
    assert client.get(ZONES, {"huyen": foreign.unit_id}).status_code == 400


def test_a_dictionary_names_the_fields_of_a_roster_and_not_their_codes(province_staff):
    page = client_of(province_staff).get(reverse("admin:cadres_columntitle_changelist"), {"field": "full_name"})

    assert set(cells_of(page, 1)) == {"Họ và tên"}
    assert "full_name<" not in page.content.decode()


def test_the_history_of_a_dictionary_names_the_field_of_a_roster_and_not_its_code(province_staff):
    client = client_of(province_staff)
    spelling = {"spelling": "Sơ cấp kiểu cũ", "code": "SC", "field": "professional"}
    assert client.post(reverse("admin:cadres_valuespelling_add"), {**spelling, "_save": "1"}).status_code == 302
    row = ValueSpelling.objects.get(spelling="Sơ cấp kiểu cũ")

    page = client.get(reverse("admin:cadres_valuespelling_history", args=[row.pk])).content.decode()

    (change,) = told(Change.objects.filter(table_name=row._meta.db_table, key=row.pk))
    assert [line.new for line in change.lines if line.label == "Trường"] == ["Trình độ chuyên môn"]
    assert change.row == "Sơ cấp kiểu cũ"
    assert "Trình độ chuyên môn" in page
    assert "professional" not in page


def test_a_moment_is_told_by_the_clock_of_the_office():
    row = ValueSpelling(learnt_at=datetime(2015, 12, 31, 18, 30, tzinfo=UTC))

    assert told_in(site.get_model_admin(ValueSpelling), "learnt_at", row) == "01/01/2016 01:30"


def test_columns_of_a_catalogue_are_chosen_and_its_file_has_the_same_and_says_of_what_it_is(province_staff):
    client = client_of(province_staff)
    usual = client.get(LAWS).context["heads"]
    assert "Đối chiếu lúc" not in [head.column.label for head in usual]

    asked = {"cot": ["position", "checked_at"], "q": "bi thu dang uy"}
    assert [head.column.name for head in client.get(LAWS, asked).context["heads"]] == ["position", "checked_at"]
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(LAWS, {**asked, "tep": "xlsx"}).content)).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.values]
    assert ["STT", *(head.column.label for head in client.get(LAWS, asked).context["heads"])] in rows
    above = " ".join(str(cell) for row in rows[:8] for cell in row)
    assert "Phạm vi: toàn tỉnh." in above
    assert "Tìm: bi thu dang uy" in above
    assert client.get(LAWS, {"cot": ["luong"]}).status_code == 400
    assert client.get(LAWS, {"in": "1"}).status_code == 200


def test_a_catalogue_is_kept_as_somebody_wants_it_by_who_may_open_it(province_staff, district_officer):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2)
    client = client_of(province_staff)
    page = client.get(ZONES, {"zone": "2", "sap_xep": "unit"}).content.decode()
    keep = next(unescape(part.split('"')[0]) for part in page.split('href="') if part.startswith("/khung-nhin/luu/"))
    client.post(keep, {"name": "Khu vực II", "is_shared": "on"})
    view = SavedView.objects.get()
    assert (view.page, view.query) == ("admin:cadres_unitzone_changelist", "zone=2&sap_xep=unit")

    of_district = client_of(district_officer)
    shown = of_district.get(ZONES, {"zone": "2", "khung_nhin": view.pk}).content.decode()
    assert "Khung nhìn “Khu vực II” của" in shown
    assert "Huyện Bắc Hà" in shown
    questions = {"danh_sach": "admin:courses_feedbackquestion_changelist"}
    assert of_district.get("/khung-nhin/luu/", questions).status_code == 403

    SavedView.objects.filter(pk=view.pk).update(query="zone=9&mau=do&sap_xep=luong")
    gone = client.get(ZONES, {"zone": "9", "mau": "do", "sap_xep": "luong", "khung_nhin": view.pk})
    assert gone.status_code == 200
    for what in ("bộ lọc “Khu vực”", "“mau” (bộ lọc không còn nữa)", "thứ tự theo “luong”"):
        assert what in gone.content.decode()
    assert client.get(ZONES, {"mau": "do"}).status_code == 400


# ---------------------------------------------------------------- a row


def test_a_form_of_a_catalogue_is_written_by_the_parts_of_every_form(province_staff):
    page = client_of(province_staff).get(reverse("admin:courses_programme_add")).content.decode()

    assert '<div class="form two">' in page
    assert 'name="_save" value="1">Ghi</button>' in page
    of_django = ("vDateField", "related-widget-wrapper", "selector-available", "submit-row", "breadcrumbs-home")
    for foreign in ("---------", *of_django):
        assert foreign not in page


def test_a_form_asks_first_what_the_row_is_of_and_says_in_words_what_is_not_chosen(province_staff):
    page = client_of(province_staff).get(reverse("admin:cadres_unitzone_add")).content.decode()

    assert page.index('name="unit"') < page.index('name="zone"') < page.index('name="start_date"')
    assert '<option value="" selected>Chọn…</option>' in page
    unit = client_of(province_staff).get(reverse("admin:cadres_unit_add")).content.decode()
    assert '<option value="" selected>(để trống)</option>' in unit  # the cluster
    assert 'name="versions-0-code"' in unit


def test_who_may_only_look_reads_words_and_is_offered_nothing_to_write(leader):
    official = make_official("Giàng A Dơ")
    official.is_party_member = True
    official.save()

    page = client_of(leader).get(reverse("admin:cadres_official_change", args=[official.pk])).content.decode()

    form = page.split('id="official_form"')[1].split("</form>")[0]
    assert '<p class="field-name">Đảng viên</p><p>Có</p>' in form
    assert "<img" not in form
    assert "<button" not in form


def test_what_is_in_use_is_not_deleted_and_the_page_counts_what_uses_it_and_names_ten(
    province_staff, django_assert_max_num_queries
):
    position = position_of("BT_DU")
    held = [make_appointment(make_official("Giàng A Dơ"), position, make_commune()) for _ in range(12)]

    with django_assert_max_num_queries(100):
        answer = client_of(province_staff).get(reverse("admin:cadres_position_delete", args=[position.pk]))

    page = answer.content.decode()
    assert "Không xóa được" in page
    assert f"(12): {held[0]}; {held[1]};" in page
    assert page.count(f"{position}, ") == 10
    assert 'name="post"' not in page


def test_the_packages_of_the_source_have_no_pages_of_their_own(province_staff):
    answer = client_of(province_staff).get(reverse("admin:app_list", args=["cadres"]))

    assert answer["Location"] == reverse("admin:index")


def test_the_table_to_be_read_in_again_is_offered_to_who_reads_it_in(province_staff, leader):
    offered = reverse("admin:cadres_position_export")

    assert offered in client_of(province_staff).get(POSITIONS).content.decode()
    assert offered not in client_of(leader).get(POSITIONS).content.decode()
    assert reverse("admin:cadres_requirement_export") in client_of(province_staff).get(LAWS).content.decode()
