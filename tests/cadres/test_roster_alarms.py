"""Alarms of a file as a whole: when each is raised, when none is, and that nothing is written until it is accepted."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from cadres.models import ImportBatch
from cadres.roster.alarms import ALARMS, unaccepted
from cadres.roster.batch import (
    AlarmsError,
    accept_alarms,
    commit,
    compare_again,
    import_file,
    read_file,
    report_of,
    stage,
)
from cadres.roster.decisions import another_person, decide_rows
from tests.cadres.workbooks import flat
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
NAME, BIRTH, NUMBER, SEX = "Họ và tên", "Ngày sinh", "Số CMND", "Giới tính"
NAMES = ("Giàng A Sử", "Lù Seo Pao", "Vàng Thị Mỷ", "Sùng A Tủa", "Hoàng Văn Phúc", "Thào Thị Dí")
PEOPLE = [
    {NAME: name, NUMBER: f"06311122{place}", BIRTH: f"0{place + 1}/08/1979", "Chức danh": "Phó Chủ tịch UBND"}
    for place, name in enumerate(NAMES)
]


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def known(db) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(*PEOPLE)), by=None)


def slipped(column: str, people: list[dict[str, Any]] = PEOPLE) -> list[dict[str, Any]]:
    """The people with one column a row further down."""
    values = [person[column] for person in people]
    return [person | {column: value} for person, value in zip(people, values[-1:] + values[:-1], strict=True)]


def staged(*people: dict[str, Any], title: str = "Tính đến 31/12/2016", **options: Any) -> ImportBatch:
    return stage(read_file("b.xlsx", flat(*people, title=title, **options)), by=None)


def codes(batch: ImportBatch) -> list[str]:
    return [alarm["code"] for alarm in batch.summary["alarms"]]


def run(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    said, status = StringIO(), 0
    try:
        call_command("import_roster", path, "--json", *options, stdout=said, stderr=StringIO())
    except SystemExit as end:
        status = end.code
    return status, json.loads(said.getvalue())


# When


@pytest.mark.parametrize(
    ("people", "raised"),
    [
        pytest.param(PEOPLE, [], id="the same file"),
        pytest.param(slipped(NAME), ["names_changed"], id="the names slipped by a row"),
        pytest.param(slipped(NUMBER), ["names_changed", "facts_changed"], id="the numbers slipped by a row"),
        pytest.param(slipped(BIRTH), ["facts_changed"], id="the births slipped by a row"),
        pytest.param([person | {SEX: "Nữ"} for person in PEOPLE], ["facts_changed"], id="another sex for all"),
        pytest.param(slipped(NAME, PEOPLE[:4]) + PEOPLE[4:], ["names_changed"], id="four of six names"),
        pytest.param(slipped(NAME, PEOPLE[:3]) + PEOPLE[3:], [], id="half of the names"),
        pytest.param(slipped(NAME, PEOPLE[:4]), [], id="fewer than five people"),
        pytest.param([person | {NAME: person[NAME].upper()} for person in PEOPLE], [], id="capitals"),
        pytest.param([person | {BIRTH: "1979"} for person in PEOPLE], [], id="years of birth only"),
        pytest.param([{**person, NAME: person[NAME].split()[-1]} for person in PEOPLE], ["given_names_missing"],
                     id="given names only"),
        pytest.param([{**person, NAME: person[NAME].split()[0]} for person in PEOPLE[:3]], [], id="three short names"),
    ],
)  # fmt: skip
def test_an_alarm_is_raised_where_most_people_of_a_file_get_another_name_or_birth(known, people, raised):
    assert codes(staged(*people)) == raised


@pytest.mark.parametrize(
    ("without", "raised"),
    [
        pytest.param(("Chức danh",), "Không tìm thấy cột chức danh nên 6 dòng không được nhận.", id="positions"),
        pytest.param(("Xã",), "Không tìm thấy cột xã nên 6 dòng không được nhận.", id="communes"),
    ],
)
def test_an_alarm_is_raised_where_a_needed_column_is_not_there(without, raised):
    batch = staged(*PEOPLE, without=without)
    assert [(alarm["code"], alarm["message"]) for alarm in batch.summary["alarms"]] == [("unread_columns", raised)]
    assert staged(*PEOPLE[:5], PEOPLE[5] | {without[0]: None}).summary["alarms"] == []


@pytest.mark.parametrize(
    ("of_file", "raised"),
    [
        ({}, []),
        ({"unread": [{"title": "Lương", "kept": False}]}, []),
        ({"unread": [{"title": "Ghi chú thêm"}]}, []),
        (
            {"unread": [{"title": "Ghi chú"}, {"title": "Chức danhh", "suggested": "position"}]},
            [("unread_columns", 1, 2)],
        ),
        ({"notices": [{"code": "left_post", "row": 4}]}, []),
        ({"notices": [{"code": "unread_row", "row": 4}, {"code": "unread_row", "row": 9}]}, [("unread_rows", 2, 2)]),
    ],
)
def test_an_alarm_is_raised_by_what_a_file_holds_and_nobody_reads(of_file, raised):
    class NobodyPlanned:
        matches = turnover = conflicts = over_quota = ()

    found = [alarm for kind in ALARMS for alarm in kind.alarms(NobodyPlanned(), of_file)]
    assert [(alarm["code"], alarm["count"], alarm["of"]) for alarm in found] == raised


@pytest.mark.parametrize("name", ["bac-ha-2015.xlsx", "muong-khuong-2015.xlsx"])
def test_no_alarm_comes_from_a_sample_nor_from_the_same_again(name):
    read = read_file(name, (DATA / name).read_bytes())
    assert codes(import_file(read, by=None)) == codes(stage(read_file(name, read.content), by=None)) == []


def test_no_alarm_comes_from_a_supplement_an_earlier_year_or_an_export(known, tmp_path):
    path = tmp_path / "xuat.xlsx"
    call_command("export_roster", path, "--as-of", "2015-12-31", stdout=StringIO(), stderr=StringIO())
    assert run(path, "--as-of", "2015-12-31")[1]["alarms"] == []
    assert codes(staged(*PEOPLE[:3])) == codes(staged(*PEOPLE, title="Tính đến 31/12/2013")) == []


# The command line


def test_with_alarms_nothing_is_written_unless_they_are_accepted(known, tmp_path):
    path = tmp_path / "lech.xlsx"
    path.write_bytes(flat(*slipped(NAME), title="Tính đến 31/12/2016"))
    status, result = run(path, "--dry-run")
    assert (status, result["dry_run"], [alarm["code"] for alarm in result["alarms"]]) == (1, True, ["names_changed"])
    status, result = run(path)
    assert (status, result["dry_run"], result["batch"], result["review"]) == (1, False, None, 6)
    assert result["alarms"] == [
        {
            "code": "names_changed", "unit": None, "count": 6, "of": 6,
            "message": "6 trong 6 người có số định danh trong hồ sơ được ghi họ tên của người khác: có thể cột họ tên "
            "hoặc cột số định danh bị lệch dòng.",
        }
    ]  # fmt: skip
    assert list(ImportBatch.objects.all()) == [known]
    status, result = run(path, "--accept-alarms")
    batch = ImportBatch.objects.exclude(pk=known.pk).get()
    assert (status, result["batch"], len(result["alarms"])) == (1, batch.pk, 1)  # the rows are still to be reviewed
    assert [accepted["code"] for accepted in batch.summary["accepted_alarms"]] == ["names_changed"]


def test_without_json_the_command_says_why_nothing_was_written(known, tmp_path):
    path = tmp_path / "lech.xlsx"
    path.write_bytes(flat(*slipped(NAME)))
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_roster", path, stdout=said, stderr=StringIO())
    assert "Chưa ghi gì vì có cảnh báo về cả tệp: nếu tệp đúng, hãy nhập lại với --accept-alarms" in said.getvalue()
    assert "Cảnh báo về cả tệp: 6 trong 6 người" in said.getvalue()


# On screen


def test_a_staged_file_with_alarms_is_written_only_once_each_kind_was_accepted(known, province_staff):
    batch = staged(*slipped(NUMBER))
    with pytest.raises(AlarmsError):
        commit(batch, by=province_staff)
    with pytest.raises(AlarmsError):
        commit(accept_alarms(batch, ["names_changed"], by=province_staff), by=province_staff)
    commit(accept_alarms(batch, ["names_changed", "facts_changed"], by=province_staff), by=province_staff)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.COMMITTED
    assert {(accepted["code"], accepted["by"]) for accepted in batch.summary["accepted_alarms"]} == {
        ("names_changed", province_staff.username), ("facts_changed", province_staff.username),
    }  # fmt: skip


def test_what_was_accepted_is_not_what_has_grown_since():
    alarm = {"code": "absent", "unit": "02866", "count": 9, "of": 20, "message": "…"}
    assert unaccepted([alarm], [alarm | {"message": "khác", "by": "a", "at": "b"}]) == []
    assert unaccepted([alarm], [alarm | {"count": 8}]) == unaccepted([alarm], []) == [alarm]


def test_decisions_about_rows_change_the_alarms(known, province_staff):
    batch = staged(*slipped(NAME, PEOPLE[:4]), *PEOPLE[4:])
    assert codes(batch) == ["names_changed"]
    row = batch.rows.order_by("pk").first()
    decide_rows(batch, {row.pk: another_person()}, by=province_staff)
    batch.refresh_from_db()
    assert (codes(batch), batch.summary["alarms"][0]["count"] if codes(batch) else 0) == (["names_changed"], 3)
    assert codes(compare_again(batch, by=province_staff)) == ["names_changed"]


def test_on_screen_each_kind_of_alarm_is_ticked_before_the_file_is_written(known, province_staff):
    batch = staged(*slipped(NUMBER))
    client = client_of(province_staff)
    preview = client.get(reverse("cadres:import-batch", args=[batch.pk])).content.decode()
    assert preview.count("Cảnh báo về cả tệp.") == 2
    assert client.get(reverse("cadres:import-confirm", args=[batch.pk])).content.decode().count('name="xac_nhan"') == 2
    address = reverse("cadres:import-commit", args=[batch.pk])
    answer = client.post(address, {"xac_nhan": "names_changed"}, follow=True).content.decode()
    assert "hãy xác nhận từng cảnh báo. 6 trong 6 người có số định danh trong hồ sơ được ghi ngày sinh" in answer
    assert not ImportBatch.objects.filter(pk=batch.pk, state="committed").exists()
    page = client.post(address, {"xac_nhan": ["names_changed", "facts_changed"]}, follow=True).content.decode()
    assert "Đã ghi danh sách vào hồ sơ." in page
    assert page.count(f"Đã trả lời: {province_staff.username}") == 2
    assert report_of(ImportBatch.objects.get(pk=batch.pk))["alarms"] != []
