"""Rosters that once broke the import, each with what is right; the shapes are those of public reports and lists."""

import json
import os
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cadres.models import Appointment, Official, OfficialIdentifier, Qualification, UnitVersion

DAY = date(2015, 12, 31)
CASES = Path(__file__).parent.parent / "data" / "rosters"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"


def taken_in(name: str, *, status: int = 0) -> dict[str, Any]:
    """What the import of the file into the empty registry says; it must end with the status."""
    said = StringIO()
    code = 0
    try:
        call_command(
            "import_roster", CASES / name, "--unit", "085", "--as-of", DAY.isoformat(), "--json",
            stdout=said, stderr=StringIO(),
        )  # fmt: skip
    except SystemExit as end:
        code = end.code
    result = json.loads(said.getvalue())
    assert code == status, os.linesep.join(f"{issue['row']}: {issue['message']}" for issue in result["issues"])
    return result


def names() -> list[str]:
    return list(Official.objects.order_by("pk").values_list("full_name", flat=True))


def issues(result: dict[str, Any], *severities: str) -> Counter[tuple[int, str, str]]:
    """The issues of these severities as (row, field, severity)."""
    return Counter(
        (issue["row"], issue["field"], issue["severity"])
        for issue in result["issues"]
        if issue["severity"] in (severities or ("error", "warning"))
    )


def communes() -> dict[str, str]:
    """The name of each person → that of the commune of the primary post."""
    posts = Appointment.objects.filter(is_primary=True).select_related("official")
    units = dict(UnitVersion.objects.as_of(DAY).values_list("unit_id", "name"))
    return {post.official.full_name: units[post.unit_id] for post in posts}


def posts() -> dict[str, list[str]]:
    """The name of each person → the codes of the posts, the primary one first."""
    held: dict[str, list[str]] = {}
    for post in Appointment.objects.order_by("official", "-is_primary", "pk").select_related("official", "position"):
        held.setdefault(post.official.full_name, []).append(post.position.code)
    return held


def levels(dimension: str) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for record in Qualification.objects.filter(level__dimension__code=dimension).select_related("official", "level"):
        held.setdefault(record.official.full_name, set()).add(record.level.code)
    return held


not_yet = pytest.mark.xfail(strict=True, reason="not mended yet")


def test_a_title_over_two_columns_titles_both_parts_of_the_name():
    result = taken_in("01_name_header_over_two_columns.xlsx")
    assert names() == ["Giàng Seo An", "Vàng Thị Súa", "Lý A Dơ"]
    assert issues(result) == {}


def test_people_belong_to_the_commune_of_the_group_row_above_however_it_is_written():
    result = taken_in("03_group_rows_mixed.xlsx")
    assert communes() == {
        "Giàng Seo An": "Xã Bản Phố", "Ma Văn Phú": "Xã Cốc Ly", "Ma Văn Quý": "Xã Nậm Lúc",
        "Ma Văn Sơn": "Thị trấn Bắc Hà",
    }  # fmt: skip
    assert issues(result) == {}


def test_a_vacant_post_is_nobody_and_is_counted():
    result = taken_in("05_vacant_posts.xlsx")
    assert names() == ["Giàng Seo An"]
    assert (result["rows"], result["vacancies"], issues(result)) == (1, 4, {})


def test_titles_are_understood_by_their_words():
    result = taken_in("07_titles_partly_unknown.xlsx")
    people = ["Giàng Seo An", "Giàng Seo Bảo", "Giàng Seo Cấn", "Giàng Seo Dia"]
    assert names() == people
    numbers = OfficialIdentifier.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"01007977700{number}" for number in range(1, 5)]
    assert levels("education") == {key: {"THPT"} for key in people}
    assert levels("professional") == {key: {"DH"} for key in people}
    assert levels("political_theory") == {key: {"TC"} for key in people}
    assert (result["unread"], issues(result)) == ([], {})


def test_positions_are_understood_as_the_law_and_the_party_write_them():
    result = taken_in("09_positions_written_out.xlsx", status=1)
    assert issues(result) == {(17, "position", "error"): 1}  # Bí thư Chi bộ
    held = [codes for _, codes in sorted(posts().items())]
    assert held == [
        [code]
        for code in (
            "CT_UBND", "PCT_UBND", "CT_HDND", "PCT_HDND", "CT_MTTQ", "BT_DOAN", "CT_HPN", "CT_HND", "CT_HCCB",
            "CHT_QS", "CHT_QS", "PBT_DU", "PCT_HDND", "PCT_UBND", "PCT_UBND", "CT_UBND", "DC_XD", "DC_XD", "CT_UBND",
            "VH_XH",
        )
    ]  # fmt: skip


def test_a_date_that_cannot_be_is_said_and_not_written():
    result = taken_in("10_impossible_times.xlsx")
    assert names() == ["Giàng Seo An", "Giàng Seo Bảo"]
    assert issues(result) == {
        (row, name, "warning"): 1 for row in (5, 6) for name in ("appointed_on", "party_joined_on")
    }
    assert not Official.objects.filter(party_joined_on__isnull=False).exists()
    assert not Appointment.objects.filter(stated_start__isnull=False).exists()


def test_the_second_line_of_a_person_is_read():
    taken_in("12_person_on_two_lines.xlsx")
    assert names() == ["Giàng Seo An", "Nguyễn Hoàng Long"]
    assert posts()["Giàng Seo An"] == ["BT_DU", "CT_HDND"]
    assert "DH" in levels("professional")["Giàng Seo An"]


def test_what_stands_around_a_name_does_not_reach_it():
    result = taken_in("14_honorifics_marks_in_names.xlsx", status=1)
    assert names() == [
        "Giàng Seo An", "Giàng Seo Bảo", "Lù Seo Cấn", "Giàng Seo Dia", "Giàng Seo Én", "Giàng Seo Ga", "Giàng Seo Hờ",
        "Giàng Seo Kha",
    ]  # fmt: skip
    assert issues(result, "error") == {(13, "full_name", "error"): 1}  # mojibake


def test_a_sheet_of_those_who_have_left_adds_nobody_in_post():
    result = taken_in("15_sheet_of_leavers.xlsx")
    assert names() == ["Giàng Seo An"]
    leavers = [issue for issue in result["issues"] if issue["sheet"] == "Nghỉ việc, nghỉ hưu 2015"]
    assert [(issue["row"], issue["severity"]) for issue in leavers] == [(3, "warning")]


def test_a_numbering_row_that_excel_made_negative_is_nobody():
    result = taken_in("16_numbering_row_minus.xlsx")
    assert (names(), result["rows"], issues(result)) == (["Giàng Seo An"], 1, {})


def test_dates_of_a_month_first_file_are_not_turned_round():
    result = taken_in("21_us_dates.csv", status=1)
    wrong = set(issues(result, "error"))
    ambiguous = {(4, "birth_date"), (4, "appointed_on"), (6, "appointed_on"), (7, "appointed_on")}
    assert {(row, name, "error") for row, name in ambiguous} <= wrong
    assert {row for row, _, _ in wrong} >= {4, 6, 7}
    births = set(Official.objects.values_list("full_name", "birth_date"))
    assert births <= {("Vàng Thị Súa", date(1985, 2, 28)), ("Ma Thị Phượng", date(1988, 11, 30))}


@pytest.mark.parametrize("name", ["22_excel_eq.csv", "22_html_as.xls"])
def test_what_other_programs_call_a_table_is_read(name):
    result = taken_in(name)
    # The number of the man in row 7 is a woman's.
    assert (result["created"], issues(result)) == (6, {(7, "national_id", "warning"): 1})
    numbers = set(OfficialIdentifier.objects.values_list("number", flat=True))
    assert numbers == {*(f"06377700{number}" for number in (1, 2, 3, 5, 6)), "010190777004"}


def test_a_table_goes_on_on_the_next_sheet():
    result = taken_in("23_table_goes_on_on_next_sheet.xlsx")
    assert names() == ["Giàng Seo An", "Giàng Seo Bảo", "Giàng Seo Cấn", "Giàng Seo Dê"]
    assert issues(result) == {}
