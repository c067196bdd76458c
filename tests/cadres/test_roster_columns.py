"""The table of columns: each text and date of it goes the whole way; a dimension is a column because it is there."""

import csv
import shutil
from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from cadres import reference_data
from cadres.evaluation import reasons
from cadres.models import Appointment, ColumnMapping, Criterion, Dimension, ImportBatch, Official, Position, Standard
from cadres.roster.batch import commit, import_file, read_file, report_of, stage
from cadres.roster.columns import COLUMNS, DATED, DATES, TEXTS, Column, Kind, exported, roster_columns
from cadres.roster.decisions import decide_rows, map_columns, same_person
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.template_workbook import HEADER_ROW, write_template
from cadres.roster.undo import undo
from cadres.roster.workbook_out import roster_rows, write_xlsx
from tests.builders import make_requirement
from tests.cadres import test_roster_groups as groups
from tests.cadres.test_whose_decisions import column_of
from tests.cadres.workbooks import flat
from tests.conftest import client_of

DAY = date(2015, 12, 31)
LATER = "Tính đến 31/12/2016"
DO = {"Họ và tên": "Giàng A Dơ", "Số CMND": "063111222"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def staged(cells: dict[str, str], title: str = "Tính đến 31/12/2015") -> ImportBatch:
    return stage(read_file("a.xlsx", flat(DO | cells, title=title)), by=None)


def exported_people(day: date = DAY) -> tuple[bytes, list[dict[str, str]]]:
    """The flat export as a file, and its rows by title."""
    stream = BytesIO()
    write_xlsx(roster_rows(day, Appointment.objects.all()), day, stream)
    header, *rows = load_workbook(stream).active.iter_rows(values_only=True)
    return stream.getvalue(), [dict(zip(header, row, strict=True)) for row in rows]


def template_cells(day: date) -> tuple[list[str], list[str]]:
    """The header of the template, and every word that its lists offer."""
    stream = BytesIO()
    write_template(roster_rows(day, Appointment.objects.all()), day, stream)
    people, _, names = load_workbook(stream)
    words = [word for row in names.iter_rows(min_row=2, values_only=True) for word in row if word]
    return [cell.value for cell in people[HEADER_ROW]], words


def test_the_table_names_each_field_and_each_exported_title_once():
    assert len({column.field for column in COLUMNS}) == len(COLUMNS)
    titles = [column.export for column in exported(COLUMNS)]
    assert len(set(titles)) == len(titles)


def test_what_we_write_ourselves_is_read_as_the_same_field():
    titles = Dictionaries.load().titles
    assert {column.title: titles.field(column.title) for column in COLUMNS if column.title} == {
        column.title: column.field for column in COLUMNS if column.title
    }


def test_every_dimension_is_a_column_and_only_levels_are_dimensions():
    levels = {column.field for column in roster_columns() if column.kind is Kind.LEVEL}
    assert levels == set(Dimension.objects.values_list("code", flat=True))


def test_a_column_can_be_shown_written_and_mended():
    """Each fact has a name on pages, and a text or date a column of Official; a date also its precision and a field."""
    held = {column.name for column in Official._meta.concrete_fields}
    assert [column.field for column in (*TEXTS, *DATED) if column.field not in held or not column.label] == []
    assert [column.field for column in DATED if column.precision not in held or not column.form] == []
    assert set(DATES) <= set(DATED)
    assert not [column.field for column in COLUMNS if column.kind is Kind.RULED and not column.label]


KEPT = [*TEXTS, *DATES]


def told(column: Column, *, later: bool = False) -> str:
    """What a file says in the column, and what a later one does: nothing that another column says."""
    number = KEPT.index(column)
    if column.kind is Kind.DATE:
        return f"08/{2003 + number}" if later else f"{2003 + number}"
    return f"{'Bốn năm' if later else 'Một hai'} {number}"


def held(column: Column, official: Official) -> str:
    return str(column.day_of(official) if column.kind is Kind.DATE else getattr(official, column.field))


def test_every_text_and_date_of_the_table_goes_the_whole_way(province_staff):
    """Read, previewed, compared, decided, written, exported, on the person's page and in the form."""
    first = {column.title: told(column) for column in KEPT}
    second = {column.title: told(column, later=True) for column in KEPT}
    client = client_of(province_staff)

    batch = staged(first)
    page = client.get(reverse("cadres:import-batch", args=[batch.pk])).content.decode()
    assert {column.field for column in KEPT if told(column) in page} == {
        column.field for column in KEPT if column.is_previewed
    }
    commit(batch, by=None)
    official = Official.objects.get()
    assert {column.title: held(column, official) for column in KEPT} == first
    for cells in (first, dict.fromkeys(first, "-"), {}):
        again = staged(cells).rows.get()
        assert (again.outcome, again.changes) == ("unchanged", [])

    batch = staged(second, title=LATER)
    row = batch.rows.get()
    assert row.outcome == "updated"
    assert sorted(row.changes, key=lambda change: change["field"]) == sorted(
        ({"field": column.field, "before": told(column), "after": told(column, later=True)} for column in KEPT),
        key=lambda change: change["field"],
    )
    page = client.get(reverse("cadres:import-row", args=[batch.pk, row.pk])).content.decode()
    assert [column.field for column in KEPT if column.label not in page or told(column, later=True) not in page] == []
    for column in KEPT:
        decide_rows(batch, {row.pk: same_person(official, keep=[column.field])}, by=None)
        changed = {change["field"] for change in batch.rows.get().changes}
        assert changed == {other.field for other in KEPT} - {column.field}
    decide_rows(batch, {row.pk: same_person(official, keep=[column.field for column in KEPT])}, by=None)
    assert batch.rows.get().outcome == "unchanged"
    decide_rows(batch, {row.pk: same_person(official)}, by=None)
    commit(batch, by=None)
    official.refresh_from_db()
    assert {column.title: held(column, official) for column in KEPT} == second

    content, (person,) = exported_people()
    template = template_cells(DAY)[0]
    for column in exported(KEPT):
        assert person[column.export] == told(column, later=True)
        assert column.export in template
    assert report_of(import_file(read_file("b.xlsx", content), by=None))["unchanged"] == 1

    page = client.get(reverse("cadres:official-detail", args=[official.pk])).content.decode()
    page = page.replace("<p>", "").replace("</p>", "")
    for column in KEPT:
        assert f"<dt>{column.page_label or column.label}</dt><dd>{told(column, later=True)}</dd>" in page
    edit = reverse("cadres:official-edit", args=[official.pk])
    page = client.get(edit).content.decode()
    names = {column.form or column.field: told(column) for column in KEPT}
    assert [name for name in names if f'name="{name}"' not in page] == []
    known = {"full_name": official.full_name, "sex": official.sex, "birth": str(official.birth or "")}
    client.post(edit, known | {"is_party_member": "unknown"} | names)
    official.refresh_from_db()
    assert {column.title: held(column, official) for column in KEPT} == first


def test_every_text_and_date_of_the_table_is_taken_back():
    """Of a file in which each person's row changes one column."""
    names = {column.field: f"Giàng A {chr(ord('A') + number)}" for number, column in enumerate(KEPT)}

    def rows(*, later: bool) -> list[dict[str, str]]:
        return [
            {
                "Họ và tên": names[column.field],
                "Số CMND": f"0631112{number:02}",
                column.title: told(column, later=later),
            }
            for number, column in enumerate(KEPT)
        ]

    def people() -> dict[str, dict[str, object]]:
        return {person["full_name"]: person for person in Official.objects.values()}

    import_file(read_file("a.xlsx", flat(*rows(later=False))), by=None)
    before = people()
    batch = import_file(read_file("b.xlsx", flat(*rows(later=True), title=LATER)), by=None)
    after = people()
    assert [column.field for column in KEPT if after[names[column.field]] == before[names[column.field]]] == []
    assert undo(batch, by=None).reversed == len(KEPT)
    assert people() == before


def test_a_text_longer_than_the_registry_holds_is_named_and_not_written():
    limited = [column for column in TEXTS if column.max_length]
    longest = {column.title: "á" * (column.max_length or 0) for column in limited}
    too_long = {title: f"{text}á" for title, text in longest.items()}
    result = report_of(import_file(read_file("a.xlsx", flat(DO | too_long)), by=None))
    assert {(issue["field"], issue["code"]) for issue in result["issues"]} == {
        (column.field, "too_long") for column in limited
    }
    official = Official.objects.get()
    assert [column.field for column in limited if getattr(official, column.field) != ""] == []
    result = report_of(import_file(read_file("b.xlsx", flat(DO | longest)), by=None))
    assert result["issues"] == []
    official.refresh_from_db()
    assert {column.title: getattr(official, column.field) for column in limited} == longest


# A dimension that no line of code knows


@pytest.fixture
def digital_skills(tmp_path, monkeypatch):
    """Rows for "Kỹ năng số" in the files of cadres/data, loaded as setup loads them."""
    shutil.copytree(reference_data.DATA, tmp_path / "data")
    further = {
        "levels": [
            ("digital", "Kỹ năng số", "KHONG", "0", "Không có"),
            ("digital", "Kỹ năng số", "CB", "1", "Kỹ năng số cơ bản"),
            ("digital", "Kỹ năng số", "NC", "2", "Kỹ năng số nâng cao"),
        ],
        "column_titles": [("digital", "KNS;Năng lực số")],
        "value_synonyms": [("digital", "CB", "Cơ bản;CB;x"), ("digital", "NC", "Nâng cao;NC")],
    }
    for name, rows in further.items():
        with (tmp_path / "data" / f"{name}.csv").open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
    monkeypatch.setattr(reference_data, "DATA", tmp_path / "data")
    reference_data.load()
    standard, position = Standard.objects.get(code="R2004"), Position.objects.get(code="CT_UBND")
    make_requirement(standard, position, "digital", "NC")


@pytest.mark.usefixtures("digital_skills")
@pytest.mark.parametrize(
    ("title", "cell", "name"),
    [
        ("KNS", "cơ bản", "Kỹ năng số cơ bản"),
        ("Năng lực số", "x", "Kỹ năng số cơ bản"),
        ("Kỹ năng số", "NC", "Kỹ năng số nâng cao"),
    ],
)
def test_a_dimension_of_data_is_read_exported_and_comes_back(title, cell, name):
    import_file(read_file("a.xlsx", flat(DO | {title: cell})), by=None)
    content, (person,) = exported_people()
    titles = list(person)
    assert person["Kỹ năng số"] == name
    assert titles[titles.index("Tiếng dân tộc") + 1] == "Kỹ năng số"
    result = report_of(import_file(read_file("b.xlsx", content), by=None))
    assert (result["unchanged"], [issue for issue in result["issues"] if issue["severity"] != "info"]) == (1, [])
    header, words = template_cells(DAY)
    assert header == titles
    assert {"Kỹ năng số cơ bản", "Kỹ năng số nâng cao"} <= set(words)


@pytest.mark.usefixtures("digital_skills")
def test_a_column_of_a_dimension_of_data_is_read_by_its_title_whatever_was_decided_for_everybody(province_staff):
    place = column_of(batch := staged({"Kỹ năng số": "NC"}), "Kỹ năng số")
    ColumnMapping.objects.create(layout_key=place[0], column_key=place[1], field="")  # as releases before wrote it
    assert staged({"Kỹ năng số": "NC"}).rows.get().understood["levels"]["digital"] == "NC"
    with pytest.raises(ValidationError, match="cột của tệp mẫu"):
        map_columns(batch, {place: ""}, by=province_staff)


@pytest.mark.usefixtures("digital_skills")
def test_a_second_line_in_the_column_of_a_dimension_of_data_says_a_further_level():
    header, person = (*groups.PLAIN, "KNS"), (*groups.DO, "CB")
    second = (*[None] * len(groups.DO), "NC")
    held, _ = groups.read(groups.HEAD, ("XÃ BẢN PHỐ",), header, person, second, groups.PAO).statements
    assert held.levels["digital"] == "NC"
    assert [issue for issue in held.issues if issue.code == "second_line"] == []


@pytest.mark.usefixtures("digital_skills")
def test_a_dimension_of_data_is_previewed_judged_and_listed(province_staff):
    client = client_of(province_staff)
    batch = staged({"KNS": "cơ bản", "Văn hóa": "12/12", "Chuyên môn": "ĐH", "LLCT": "TC"})
    page = client.get(reverse("cadres:import-batch", args=[batch.pk])).content.decode()
    assert "Kỹ năng số cơ bản" in page
    commit(batch, by=None)
    official = Official.objects.get()
    (lacking,) = [
        reason for reason in reasons(official, DAY, criterion=Criterion.objects.get(code="FULL"))
        if reason.verdict == "not_met"
    ]  # fmt: skip
    assert (lacking.dimension.name, lacking.held.name, lacking.required.name) == (
        "Kỹ năng số", "Kỹ năng số cơ bản", "Kỹ năng số nâng cao",
    )  # fmt: skip
    listed = client.get(reverse("cadres:official-list"), {"ngay": DAY.isoformat(), "thieu": "digital"})
    assert "Giàng A Dơ" in listed.content.decode()
    upward = staged({"KNS": "nâng cao"}, title=LATER).rows.get()
    assert upward.changes == [{"field": "digital", "before": "Kỹ năng số cơ bản", "after": "Kỹ năng số nâng cao"}]
