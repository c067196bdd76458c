"""The roster commands: results, exit status, and one line for what cannot run."""

import json
from contextlib import nullcontext
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from openpyxl import load_workbook

from cadres.management.command import CommandFailed
from cadres.models import ImportBatch, Official
from tests.cadres.workbooks import exported_titles, flat, layout_c

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def clean(tmp_path) -> Path:
    path = tmp_path / "bac-ha.xlsx"
    path.write_bytes(flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao"}))
    return path


@pytest.fixture
def faulty(tmp_path) -> Path:
    path = tmp_path / "van-ban.xlsx"
    path.write_bytes(layout_c())
    return path


def run(*arguments, status: int = 0) -> str:
    """The standard output of a command that ends with the status."""
    output = StringIO()
    with pytest.raises(SystemExit) if status else nullcontext() as end:
        call_command(*map(str, arguments), stdout=output, stderr=StringIO())
    assert status == (end.value.code if end else 0)
    return output.getvalue()


def refused(*arguments) -> str:
    with pytest.raises(CommandFailed) as caught:
        call_command(*map(str, arguments), stdout=StringIO(), stderr=StringIO())
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_json_has_the_keys_of_the_contract(clean):
    result = json.loads(run("import_roster", clean, "--json"))
    assert list(result) == [
        "file", "as_of", "batch", "dry_run", "rows", "created", "updated", "unchanged", "review", "rejected", "missing",
        "totals", "issues", "unread", "vacancies", "alarms", "scope", "effect",
    ]  # fmt: skip
    assert (result["file"], result["as_of"], result["dry_run"]) == ("bac-ha.xlsx", "2015-12-31", False)
    assert result["batch"] == ImportBatch.objects.get().pk
    assert (result["rows"], result["created"]) == (2, 2)


def test_rejected_rows_end_with_status_1_and_the_rest_is_in(faulty):
    result = json.loads(run("import_roster", faulty, "--json", status=1))
    assert (result["created"], result["rejected"]) == (3, 2)
    assert Official.objects.count() == 3
    issue = next(issue for issue in result["issues"] if issue["code"] == "invalid_date")
    assert issue == {
        "sheet": "Sheet", "row": 9, "column": "Ngày sinh", "field": "birth_date", "value": "31/02/1979",
        "severity": "error", "code": "invalid_date",
        "message": "“31/02/1979” không phải là ngày có thật. Hãy sửa lại ngày.",
    }  # fmt: skip


def test_a_dry_run_reports_and_writes_nothing(clean):
    result = json.loads(run("import_roster", clean, "--dry-run", "--json"))
    assert (result["created"], result["batch"], result["dry_run"]) == (2, None, True)
    assert not Official.objects.exists()
    assert not ImportBatch.objects.exists()


def test_several_files_report_under_files(clean, faulty):
    result = json.loads(run("import_roster", clean, faulty, "--json", status=1))
    assert [report["file"] for report in result["files"]] == ["bac-ha.xlsx", "van-ban.xlsx"]


def test_the_day_of_the_command_line_wins(clean):
    result = json.loads(run("import_roster", clean, "--as-of", "2014-12-31", "--json"))
    assert result["as_of"] == "2014-12-31"


def test_words_for_people_name_sheet_row_and_column(faulty):
    assert "Lỗi: Sheet, dòng 9, cột “Ngày sinh”:" in run("import_roster", faulty, status=1)


def test_what_cannot_run_says_why_in_one_line_and_writes_nothing(clean, tmp_path):
    (tmp_path / "hong.xlsx").write_bytes(clean.read_bytes()[:500])
    assert "hỏng" in refused("import_roster", clean, tmp_path / "hong.xlsx")
    assert "không mở được" in refused("import_roster", tmp_path / "khong-co.xlsx").lower()
    assert "99999" in refused("import_roster", clean, "--unit", "99999")
    assert "“ai-do”" in refused("import_roster", clean, "--user", "ai-do")
    assert "2015-02-31" in refused("import_roster", clean, "--as-of", "2015-02-31")
    assert not Official.objects.exists()


def test_an_account_imports_within_its_scope(clean, foreign_officer):
    result = json.loads(run("import_roster", clean, "--user", foreign_officer.username, "--json", status=1))
    assert (result["rejected"], {issue["field"] for issue in result["issues"]}) == (2, {"commune"})


def test_the_error_workbook_is_the_districts_own_with_red_cells(faulty, tmp_path):
    run("import_roster", faulty, "--errors", tmp_path / "loi.xlsx", status=1)
    sheet = load_workbook(tmp_path / "loi.xlsx").active
    birth, commune, fine = sheet["H9"], sheet["C8"], sheet["H5"]
    assert birth.value == "31/02/1979"
    assert "không phải là ngày có thật" in birth.comment.text
    assert commune.comment is not None
    assert fine.comment is None
    assert sheet["I6"].value == 63123457  # a repaired number stays as the district wrote it


def test_an_export_has_its_header_in_row_1_and_is_limited_to_a_unit(clean, faulty, tmp_path):
    run("import_roster", clean)
    run("import_roster", faulty, status=1)
    run("export_roster", tmp_path / "tat-ca.xlsx", "--as-of", "2015-12-31")
    run("export_roster", tmp_path / "bac-ha.csv", "--unit", "085", "--as-of", "2015-12-31")
    sheet = load_workbook(tmp_path / "tat-ca.xlsx").active
    assert ([cell.value for cell in sheet[1]], sheet.max_row) == (exported_titles(), 6)
    text = (tmp_path / "bac-ha.csv").read_bytes()
    assert text.startswith("\ufeffSTT,Huyện,Mã xã".encode())
    assert text.decode("utf-8-sig").count("\r\n") == 3
    assert "đuôi" in refused("export_roster", tmp_path / "tat-ca.pdf")
    assert "99999" in refused("export_roster", tmp_path / "x.csv", "--unit", "99999")


def test_a_generated_roster_is_the_same_for_the_same_seed_and_imports_whole(tmp_path):
    for name in ("mot.xlsx", "hai.xlsx"):
        run("generate_roster", tmp_path / name, "--officials", 60, "--seed", 5)
    one, two = (list(load_workbook(tmp_path / name).active.values) for name in ("mot.xlsx", "hai.xlsx"))
    assert one == two
    result = json.loads(run("import_roster", tmp_path / "mot.xlsx", "--json"))
    assert (result["created"], result["issues"], result["as_of"]) == (60, [], f"{date(2015, 12, 31)}")
