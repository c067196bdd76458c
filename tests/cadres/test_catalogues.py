"""Catalogues on screen, in and out."""

import io
from datetime import date

import openpyxl
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cadres.admin.standards import OnPagesOfTheirOwn
from cadres.models import Position, StaffQuota, Unit, UnitVersion, UnitZone, ValueSpelling
from tests import refusals
from tests.conftest import client_of, unit_of

CATALOGUES = [
    model_admin
    for model_admin in admin.site._registry.values()
    if hasattr(model_admin, "has_import_permission") and not isinstance(model_admin, OnPagesOfTheirOwn)
]


def workbook(*rows) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("bang.xlsx", file.getvalue())


def address(model: str, page: str, app: str = "cadres") -> str:
    return reverse(f"admin:{app}_{model}_{page}")


def upload(client, model: str, *rows):
    return client.post(address(model, "import"), {"table": workbook(*rows)})


ZONES = ("Mã xã", "Xã", "Khu vực", "Từ ngày", "Đến ngày", "Văn bản")
START, END = date(2013, 9, 19), date(2017, 4, 27)


def test_zones_come_in_by_commune_code_and_day(province_staff):
    client = client_of(province_staff)
    rows = [ZONES, ("02842", "", "III", "19/09/2013", "", "QĐ 447"), (2839, "", 2, START, END, "QĐ 447")]

    preview = upload(client, "unitzone", *rows)

    assert "Thêm 2" in preview.content.decode()
    assert not UnitZone.objects.exists()
    done = client.post(address("unitzone", "import_confirm"), follow=True)
    assert "Đã ghi: thêm 2, sửa 0, không đổi 0 dòng." in done.content.decode()
    assert unit_of("02842").zones.get().zone == 3
    zone = unit_of("02839").zones.get()
    assert (zone.zone, zone.start_date, zone.end_date, zone.origin) == (2, START, END, UnitZone.Origin.DECISION)


def test_an_error_names_the_row_that_excel_shows_and_nothing_is_written(province_staff):
    client = client_of(province_staff)
    rows = [
        ZONES,
        (),
        ("02842", "", "III", "19/09/2013"),
        ("99999", "", "III", "19/09/2013"),
        ("02839", "", "IV", "31/02/2013"),
    ]

    page = upload(client, "unitzone", *rows).content.decode()

    assert '<td class="number">4</td><td>Không có đơn vị nào mang mã “99999” vào ngày ghi ở cột Từ ngày.</td>' in page
    assert "“31/02/2013” không phải là ngày" in page
    client.post(address("unitzone", "import_confirm"))
    assert not UnitZone.objects.exists()


def test_an_overlap_is_told_in_the_words_of_the_constraint(province_staff):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, start_date=date(2012, 1, 1))

    page = upload(client_of(province_staff), "unitzone", ZONES, ("02842", "", "III", "19/09/2013")).content.decode()

    assert "Xã này đã có khu vực trong khoảng thời gian đó." in page


def test_ending_the_old_zone_and_opening_the_new_one_is_one_table(province_staff):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, start_date=date(2012, 1, 1))
    client = client_of(province_staff)

    page = upload(
        client,
        "unitzone",
        ZONES,
        ("02842", "", "II", "01/01/2012", "18/09/2013"),
        ("02842", "", "III", "19/09/2013"),
    ).content.decode()

    assert "Thêm 1" in page
    assert "Sửa 1" in page
    client.post(address("unitzone", "import_confirm"))
    assert list(unit_of("02842").zones.values_list("zone", "end_date")) == [(2, date(2013, 9, 18)), (3, None)]


def test_a_table_without_a_needed_column_says_which(province_staff):
    page = upload(client_of(province_staff), "unitzone", ("Mã xã", "Từ ngày"), ("02842", "19/09/2013"))

    assert "Bảng thiếu cột Khu vực." in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bang.xlsx", b"PK\x03\x04 damaged", "bị hỏng"),
        ("bang.docx", b"text", "không phải là bảng tính"),
        ("bang.csv", "Mã xã,Khu vực,Từ ngày\n".encode(), "không có dòng dữ liệu"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_line(province_staff, name, content, told):
    client = client_of(province_staff)

    page = client.post(address("unitzone", "import"), {"table": SimpleUploadedFile(name, content)})

    assert page.status_code == 200
    assert told in page.content.decode()


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda catalogue: catalogue.opts.model_name)
def test_importing_an_export_changes_nothing(province_staff, catalogue):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, decision="=1+1")
    client = client_of(province_staff)
    model, app = catalogue.opts.model_name, catalogue.opts.app_label
    exported = client.get(address(model, "export", app))
    assert exported.status_code == 200
    if not catalogue.model.objects.exists():
        return

    page = client.post(
        address(model, "import", app), {"table": SimpleUploadedFile("bang.xlsx", exported.getvalue())}
    ).content.decode()

    assert "không có gì để ghi" in page
    assert f"Không đổi {f'{catalogue.model.objects.count():,}'.replace(',', '.')}" in page


def test_no_exported_cell_is_a_formula(province_staff):
    UnitZone.objects.create(unit=unit_of("02842"), zone=2, decision="=1+1")

    exported = client_of(province_staff).get(address("unitzone", "export"))

    sheet = openpyxl.load_workbook(io.BytesIO(exported.getvalue())).active
    assert [(cell.value, cell.data_type) for cell in sheet["F"]] == [("Văn bản", "s"), ("=1+1", "s")]


def test_a_unit_goes_on_under_another_code_or_begins(province_staff):
    client = client_of(province_staff)
    before, commune = Unit.objects.count(), unit_of("02842")
    titles = ("Mã", "Tên", "Loại", "Mã đơn vị cấp trên", "Từ ngày", "Đến ngày", "Văn bản", "Tiếp nối mã")

    upload(
        client,
        "unitversion",
        titles,
        ("92842", "Xã Bản Phố Mới", "Xã", "15", "01/07/2025", "", "thử", "02842"),
        ("92843", "Xã Mới Tinh", "Xã", "15", "01/07/2025", "", "thử", ""),
    )
    client.post(address("unitversion", "import_confirm"))

    assert unit_of("92842", date(2025, 7, 1)) == commune
    assert Unit.objects.count() == before + 1


def test_a_spelling_that_means_something_already_is_refused_in_the_form(province_staff):
    spelling = ValueSpelling.objects.filter(field="professional", code="DH").first()
    data = {"field": "professional", "code": "TC", "spelling": spelling.spelling.upper()}

    page = client_of(province_staff).post(address("valuespelling", "add"), data)

    assert "Cách viết này đã được hiểu là một giá trị khác." in page.content.decode()


def test_only_the_province_brings_tables_in(district_officer, leader):
    """Who opens the pages of tables, and who takes them out: tests/test_access.py."""
    for user in (district_officer, leader):
        client = client_of(user)
        for catalogue in CATALOGUES:
            page = address(catalogue.opts.model_name, "import", catalogue.opts.app_label)
            assert client.post(page, {"table": workbook(("Mã",), ("x",))}).status_code == 403, page


REGISTERED = list(admin.site._registry.values())


@pytest.mark.parametrize("model_admin", REGISTERED, ids=lambda model_admin: model_admin.opts.label_lower)
def test_each_admin_list_asks_few_questions_and_answers_wrong_addresses_plainly(
    province_staff, model_admin, django_assert_max_num_queries, monkeypatch
):
    refusals.show_once(monkeypatch, *refusals.HANDLERS)
    client = client_of(province_staff)
    base = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    changelist = reverse(f"{base}_changelist")
    for code in ("02842", "02839", "02845"):
        UnitZone.objects.create(unit=unit_of(code), zone=2)

    with django_assert_max_num_queries(16):
        assert client.get(changelist).status_code == 200
    assert client.get(changelist, {"q": "Sa Pa \0"}).status_code == 400
    if hasattr(model_admin, "export_action"):
        assert client.get(reverse(f"{base}_export"), {"nonsense": "\0"}).status_code == 400
    for nonsense in ({"p": "abc"}, {"p": "9999"}, {"pk__exact": "abc"}, {"nonsense": "1"}, {"_to_field": "password"}):
        answer = client.get(changelist, nonsense)
        assert answer.status_code == 400, nonsense
    for nonsense_id in ("abc", "0", "99999999999999999999"):
        for page in ("change", "history", "delete"):
            answer = client.get(reverse(f"{base}_{page}", args=[nonsense_id]))
            assert answer.status_code in (403, 404), (page, nonsense_id)


def test_units_are_found_without_diacritics(province_staff):
    page = client_of(province_staff).get(address("unit", "changelist"), {"q": "sapa"}).content.decode()

    assert "Huyện Sa Pa" in page or "Thị xã Sa Pa" in page
    assert "Bản Phố" not in page


def test_the_unit_page_shows_its_names_and_zones(province_staff):
    unit = unit_of("02842")
    UnitZone.objects.create(unit=unit, zone=3, decision="QĐ 447")

    page = client_of(province_staff).get(reverse("admin:cadres_unit_change", args=[unit.pk])).content.decode()

    assert "02842" in page
    assert "QĐ 447" in page


def test_an_end_before_the_start_is_told_at_the_field(province_staff):
    data = {
        "unit": unit_of("02842").pk,
        "zone": "1",
        "origin": "decision",
        "start_date": "02/05/2015",
        "end_date": "01/05/2015",
    }

    page = client_of(province_staff).post(address("unitzone", "add"), data)

    assert "Ngày kết thúc phải từ ngày bắt đầu trở đi." in page.content.decode()
    assert not UnitZone.objects.exists()


def test_a_day_is_read_day_first(province_staff):
    data = {"unit": unit_of("02842").pk, "zone": "1", "origin": "decision", "start_date": "02/05/2015"}

    client_of(province_staff).post(address("unitzone", "add"), data)

    assert UnitZone.objects.get().start_date == date(2015, 5, 2)


def test_every_catalogue_stands_in_the_list_of_catalogues(province_staff):
    page = client_of(province_staff).get(reverse("admin:index")).content.decode()

    for model_admin in REGISTERED:
        assert reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist") in page


def test_a_start_that_is_unknown_is_empty_for_readers_too(leader, province_staff):
    version = UnitVersion.objects.as_of(START).get(code="02842")
    pages = (
        reverse("admin:cadres_unit_change", args=[version.unit_id]),
        reverse("admin:cadres_unitversion_change", args=[version.pk]),
        address("unitversion", "changelist") + "?q=02842",
    )

    for user in (leader, province_staff):
        for page in pages:
            shown = client_of(user).get(page).content.decode()
            assert "01/01/0001" not in shown
            assert "1/1/1" not in shown
            assert "Lùng Cải" in shown


ZONE_ROWS = {
    f"{rows}-{count}_FORMS": "0"
    for rows in ("versions", "relaxations", "classes", "roster_days")
    for count in ("TOTAL", "INITIAL")
}


@pytest.mark.parametrize(
    ("last_day_of_the_old", "told"),
    [
        ("", "Xã này đã có khu vực trong khoảng thời gian đó."),
        ("19/09/2013", "Xã này đã có khu vực"),
        ("18/09/2013", ""),
    ],
)
def test_dated_rows_of_one_page_may_follow_each_other_and_not_overlap(province_staff, last_day_of_the_old, told):
    unit = unit_of("02842")
    old = UnitZone.objects.create(unit=unit, zone=2, start_date=date(2012, 1, 1))
    row = {"origin": "decision", "decision": "QĐ 447"}
    rows = (
        {**row, "id": old.pk, "zone": "2", "start_date": "01/01/2012", "end_date": last_day_of_the_old},
        {**row, "zone": "3", "start_date": "19/09/2013"},
    )
    posted = {f"zones-{place}-{name}": value for place, fields in enumerate(rows) for name, value in fields.items()}
    data = {**ZONE_ROWS, "zones-TOTAL_FORMS": "2", "zones-INITIAL_FORMS": "1", **posted}

    answer = client_of(province_staff).post(reverse("admin:cadres_unit_change", args=[unit.pk]), data)

    assert told in answer.content.decode()
    assert unit.zones.count() == (1 if told else 2)


def test_classes_of_communes_come_in_by_code_and_day_and_never_twice_a_day(province_staff):
    client, titles = client_of(province_staff), ("Mã xã", "Loại", "Từ ngày", "Đến ngày", "Văn bản")
    upload(
        client, "unitclass", titles, ("02842", 2, "01/01/2012", "", "QĐ 12"), ("02839", "Loại 3", "01/01/2012", "", "")
    )
    client.post(address("unitclass", "import_confirm"))
    assert [unit_of(code).classes.get().size_class for code in ("02842", "02839")] == [2, 3]

    wrong = (("02842", "IV", "01/01/2013", "", ""), ("02839", 1, "01/01/2013", "", ""))
    told = upload(client, "unitclass", titles, *wrong).content.decode()

    assert "“IV” không có trong danh mục. Các giá trị dùng được: Loại 1, Loại 2, Loại 3." in told
    assert "Xã này đã được phân loại trong khoảng thời gian đó." in told


@pytest.mark.parametrize(
    ("day", "kind", "most"),
    [
        (date(2019, 6, 24), "commune", [25, 23, 21]),
        (date(2019, 6, 25), "commune", [23, 21, 19]),
        (date(2023, 7, 31), "ward", [23, 21, 19]),
        (date(2023, 8, 1), "ward", [23, 21, 19]),
        (date(2023, 8, 1), "township", [22, 20, 18]),
        (date(2025, 7, 1), "commune", []),
    ],
)
def test_the_law_says_how_many_people_a_commune_of_a_class_may_have(db, day, kind, most):
    quotas = StaffQuota.objects.as_of(day).filter(kind=kind).order_by("size_class")
    assert list(quotas.values_list("most", flat=True)) == most
    assert all("Điều" in quota.source for quota in quotas)


def test_heads_are_posts_of_one_person(db):
    one = Position.objects.filter(holders=1).values_list("code", flat=True)
    assert {"BT_DU", "CT_HDND", "CT_UBND", "CT_MTTQ", "CHT_QS"} <= set(one)
    assert not {"PBT_DU", "PCT_UBND", "VP_TK", "KCT"} & set(one)
    assert not Position.objects.exclude(holders=None).exclude(holders=1).exists()
