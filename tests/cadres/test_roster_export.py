"""The flat export: its columns and words, no formula in it, and importing it back, which changes nothing."""

import csv
from collections import Counter
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cadres import registry
from cadres.models import (
    Appointment,
    EthnicGroup,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    UnitZone,
)
from cadres.periods import PartialDate, add_months
from cadres.roster.batch import import_file, read_file, report_of
from cadres.roster.columns import COLUMNS, roster_columns
from cadres.roster.workbook_out import roster_rows, write_csv, write_xlsx
from tests.cadres.workbooks import exported_titles, flat, layout_b, layout_c
from tests.conftest import unit_of

DATA = Path(__file__).parent.parent / "data"
DAY = date(2015, 12, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(content: bytes, name: str = "a.xlsx", **options) -> dict:
    return report_of(import_file(read_file(name, content, **options), by=None))


def exported(day: date = DAY) -> list[dict[str, str]]:
    titles = exported_titles()
    return [dict(zip(titles, row, strict=True)) for row in roster_rows(day, Appointment.objects.all())]


def as_xlsx(day: date = DAY) -> bytes:
    stream = BytesIO()
    write_xlsx(roster_rows(day, Appointment.objects.all()), day, stream)
    return stream.getvalue()


def as_csv(day: date = DAY) -> bytes:
    stream = StringIO(newline="")
    write_csv(roster_rows(day, Appointment.objects.all()), stream)
    return stream.getvalue().encode("utf-8-sig")


def snapshot() -> dict[str, Any]:
    """Every table an import may touch."""
    models = (Official, OfficialIdentifier, Appointment, Qualification, UnitZone)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def assert_comes_back_unchanged(day: date = DAY) -> None:
    people = len(exported(day))
    before = snapshot()
    for name, content in (("a.xlsx", as_xlsx(day)), ("a.csv", as_csv(day))):
        result = bring(content, name, as_of=day)
        strange = [issue for issue in result["issues"] if issue["severity"] != "info"]
        assert (result["rows"], result["unchanged"], result["missing"]) == (people, people, 0), strange[:3]
        assert strange == []
    assert snapshot() == before


def test_the_columns_are_those_of_the_contract_and_the_words_those_of_the_catalogues():
    bring(
        flat(
            {
                "Họ và tên": "Hoàng Thị Liên", "Giới tính": "Nữ", "Ngày sinh": "8/1979", "Số CMND": "063111222",
                "Dân tộc": "Dao đỏ", "Tôn giáo": "Không", "Chức danh": "BT kiêm CT HĐND", "Ngày bổ nhiệm": "2011",
                "Khu vực": "3", "Văn hóa": "12/12", "Chuyên môn": "ĐHTC Luật", "LLCT": "CC", "QLNN": "CV",
                "Tin học": "B", "Ngoại ngữ": "Không", "Tiếng DT": "x", "Đảng viên": "x",
            }
        )
    )  # fmt: skip
    sheet = load_workbook(BytesIO(as_xlsx())).active
    header, row = sheet.iter_rows(values_only=True)
    # A dimension added as data has a column beyond the contract.
    beyond = {column.export for column in roster_columns()} - {column.export for column in COLUMNS}
    kept = [place for place, title in enumerate(header) if title not in beyond]
    assert tuple(header[place] for place in kept) == (
        "STT", "Huyện", "Mã xã", "Xã", "Khu vực", "Họ và tên", "Giới tính", "Ngày sinh", "Số định danh", "Dân tộc",
        "Tôn giáo", "Chức danh", "Ngày bổ nhiệm", "Trình độ học vấn", "Trình độ chuyên môn", "Chuyên ngành",
        "Hình thức đào tạo", "Lý luận chính trị", "Quản lý nhà nước", "Tin học", "Ngoại ngữ", "Tiếng dân tộc",
        "Ngày vào Đảng", "Đạt chuẩn",
    )  # fmt: skip
    assert tuple(row[place] for place in kept) == (
        1, "Huyện Bắc Hà", "02866", "Xã Bản Phố", "III", "Hoàng Thị Liên", "Nữ", "08/1979", "063111222", "Dao",
        "Không", "Bí thư Đảng ủy kiêm Chủ tịch HĐND", "2011", "Trung học phổ thông", "Đại học", "Luật", "Tại chức",
        "Cao cấp", "Chuyên viên và tương đương", "Chứng chỉ B", "Không có", "Giao tiếp được", "x", "Đạt",
    )  # fmt: skip


def test_what_is_unknown_is_an_empty_cell():
    bring(flat({"Ngày sinh": None, "Giới tính": None, "Dân tộc": None}))
    (row,) = exported()
    known = {name: value for name, value in row.items() if value}
    assert known == {
        "STT": "1", "Huyện": "Huyện Bắc Hà", "Mã xã": "02866", "Xã": "Xã Bản Phố", "Họ và tên": "Giàng A Số Một",
        "Chức danh": "Chủ tịch UBND", "Đạt chuẩn": "Chưa đủ dữ liệu",
    }  # fmt: skip
    assert_comes_back_unchanged()


def test_who_joined_the_party_after_the_day_was_no_member_on_it():
    bring(flat({"Ngày vào Đảng": "03/02/2004"}))
    for day, told in ((date(2004, 2, 2), ""), (date(2004, 2, 3), "03/02/2004")):
        Appointment.objects.update(start_date=date(2000, 1, 1))
        (row,) = exported(day)
        assert row["Ngày vào Đảng"] == told


@pytest.mark.parametrize("name", ["bac-ha-2015.xlsx", "muong-khuong-2015.xlsx"])
def test_a_sample_exported_comes_back_unchanged(name):
    bring((DATA / name).read_bytes())
    assert_comes_back_unchanged()


def test_the_hand_made_rosters_exported_come_back_unchanged():
    bring(layout_b())
    bring(layout_c())
    assert {"Chức danh": "Người hoạt động không chuyên trách", "Đạt chuẩn": ""}.items() <= next(
        row for row in exported() if row["Họ và tên"] == "Phàn Lở Mẩy"
    ).items()
    assert_comes_back_unchanged()


def test_no_exported_text_is_a_formula():
    called = {"Chuyên môn": "Đại học", "Chuyên ngành": "=cmd|' /C calc'!A0"}
    bring(flat(called | {"Tôn giáo": "+84", "Ngày bổ nhiệm": "2011"}, {"Tôn giáo": "#N/A"}))
    workbook = load_workbook(BytesIO(as_xlsx()))
    cells = [cell for row in workbook.active.iter_rows(min_row=2, min_col=2) for cell in row if cell.value is not None]
    days = [cell.value.date() for cell in cells if cell.data_type == "d"]
    assert days == [date(1979, 8, 5)] * 2
    assert {cell.data_type for cell in cells} == {"s", "d"}
    texts = [text for row in csv.reader(StringIO(as_csv().decode("utf-8-sig"))) for text in row]
    assert "'=cmd|' /C calc'!A0" in texts
    assert "'+84" in texts
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert_comes_back_unchanged()


def test_the_export_of_a_day_shows_that_day():
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Sơ cấp", "Số CMND": "063111222"}))
    later = {"Họ và tên": "Giàng A Dơ", "LLCT": "TC", "Số CMND": "010079000001", "Chức danh": "Bí thư Đảng ủy"}
    bring(flat(later, title="Tính đến 31/12/2016"))
    then, now = exported()[0], exported(date(2016, 12, 31))[0]
    columns = ("Số định danh", "Chức danh", "Lý luận chính trị")
    assert [then[name] for name in columns] == ["063111222", "Chủ tịch UBND", "Sơ cấp"]
    assert [now[name] for name in columns] == ["010079000001", "Bí thư Đảng ủy", "Trung cấp"]
    assert_comes_back_unchanged()
    assert_comes_back_unchanged(date(2016, 12, 31))


def test_the_number_of_queries_does_not_depend_on_the_people():
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            exported()
        return len(captured)

    bring(layout_b())
    few = queries()
    bring((DATA / "bac-ha-2015.xlsx").read_bytes())
    assert queries() == few


# Any small province

known_days = st.builds(
    PartialDate,
    st.dates(date(1950, 1, 1), date(1995, 12, 31)),
    st.just("day"),
) | st.builds(lambda year: PartialDate(date(year, 1, 1), "year"), st.integers(1950, 1995))
names = st.sampled_from(["Giàng A Dơ", "Vàng Thị Mỷ", "Lý Văn Hòa", "Lý Văn Hoà", "Trần Sẩn", "Trần Sần"])
people = st.fixed_dictionaries(
    {
        "name": names,
        "birth": st.none() | known_days,
        "sex": st.sampled_from(["", "M", "F"]),
        "group": st.sampled_from(["", "01", "08"]),
        "unit": st.sampled_from(["02866", "02854", "02839"]),
        "positions": st.lists(
            st.sampled_from(["BT_DU", "CT_HDND", "VP_TK", "KCT", "DC_XD"]), min_size=1, max_size=3, unique=True
        ),
        "stated": st.none() | known_days,
        "levels": st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=4),
        "member": st.sampled_from([None, True, False]),
        "joined": st.none() | known_days,
    }
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(province=st.lists(people, min_size=1, max_size=8))
def test_any_small_province_comes_back_unchanged(province):
    for model in (RosterDay, Official):
        model.objects.all().delete()
    for number, person in enumerate(province):
        _settle(number, person)
    assert_comes_back_unchanged()


def _settle(number: int, person: dict[str, Any]) -> None:
    birth, joined = person["birth"], person["joined"] if person["member"] else None
    if birth and joined and joined.last_day < add_months(birth.first_day, 12 * 18):
        joined = None
    if birth and person["stated"] and person["stated"].last_day < birth.first_day:
        person["stated"] = None
    official = Official.objects.create(
        full_name=person["name"],
        sex=person["sex"],
        birth_date=birth and birth.first_day,
        birth_precision=birth.precision if birth else "",
        ethnic_group=EthnicGroup.objects.filter(code=person["group"]).first(),
        is_party_member=person["member"],
        party_joined_on=joined and joined.first_day,
        party_joined_precision=joined.precision if joined else "",
    )
    # Name-sakes that nothing tells apart are for review by contract; a number tells them apart.
    OfficialIdentifier.objects.create(official=official, kind="CMND", number=f"{63000000 + number:09d}")
    for place, code in enumerate(person["positions"]):
        registry.appoint(
            official,
            Position.objects.get(code=code),
            unit_of(person["unit"]),
            start_date=date(2012, 1, 1),
            stated=person["stated"],
            is_primary=place == 0,
            by=None,
        )
    levels = list(Level.objects.filter(dimension__code__in=["education", "professional", "it"]))
    for index, has_field in person["levels"]:
        level = levels[index % len(levels)]
        is_degree = level.dimension.code == "professional" and level.rank > 0
        registry.record_qualification(
            official, level, as_of=DAY, by=None, field_of_study="Kế toán" if has_field and is_degree else ""
        )


def test_exported_verdicts_are_in_the_words_of_the_contract():
    bring((DATA / "bac-ha-2015.xlsx").read_bytes())
    assert set(Counter(row["Đạt chuẩn"] for row in exported())) <= {"Đạt", "Chưa đạt", "Chưa đủ dữ liệu"}
