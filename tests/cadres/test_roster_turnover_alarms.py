"""Alarms for the people of a commune: most of a list are new, or most of those known are not in it; and never else."""

import json
from collections.abc import Iterable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from cadres.models import ImportBatch
from cadres.roster.batch import import_file, read_file, stage
from cadres.roster.decisions import choose_scope
from tests.cadres.workbooks import flat, in_words
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
CADRES = ("Bí thư Đảng ủy", "Chủ tịch UBND", "Phó Chủ tịch UBND", "Chủ tịch MTTQ", "Chủ tịch Hội Nông dân",
          "Bí thư Đoàn TNCS HCM", "Chủ tịch Hội Cựu chiến binh")  # fmt: skip
OTHERS = (
    "Văn phòng - thống kê",
    "Tài chính - kế toán",
    "Tư pháp - hộ tịch",
    "Văn hóa - xã hội",
    "Chỉ huy trưởng Quân sự",
)
BAN_PHO = "02866"


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def people(posts: Iterable[str] = CADRES + OTHERS, first: int = 1, **facts: Any) -> list[dict[str, Any]]:
    """One for each post, told apart by number; other numbers are other people."""
    return [
        {"Họ và tên": f"Giàng A {in_words(number)}", "Số CMND": f"0631{number:05}", "Chức danh": post, **facts}
        for number, post in enumerate(posts, start=first)
    ]


def run(tmp_path: Path, content: bytes, *options: str) -> tuple[int, dict[str, Any]]:
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(content)
    said, status = StringIO(), 0
    try:
        call_command("import_roster", path, "--json", *options, stdout=said, stderr=StringIO())
    except SystemExit as end:
        status = end.code
    return status, json.loads(said.getvalue())


def alarms(result: dict[str, Any]) -> list[tuple[str, str | None, int, int]]:
    return [(alarm["code"], alarm["unit"], alarm["count"], alarm["of"]) for alarm in result["alarms"]]


@pytest.fixture
def known(db) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(*people(), title="Tính đến 31/12/2014")), by=None)


LATER = "Tính đến 31/12/2015"


def test_a_list_of_other_people_raises_both_alarms_and_nothing_is_written_unless_they_are_accepted(known, tmp_path):
    content = flat(*people(first=51), title=LATER)
    status, result = run(tmp_path, content, "--dry-run")
    told = [("new", BAN_PHO, 12, 12), ("absent", BAN_PHO, 12, 12)]
    assert (status, alarms(result)[:2], result["scope"]) == (1, told, "full")
    assert result["alarms"][1]["message"] == ("Xã Bản Phố: 12 trong 12 người có trong hồ sơ không có trong danh sách.")
    status, result = run(tmp_path, content)
    assert (status, result["batch"], alarms(result)[:2]) == (1, None, told)
    assert list(ImportBatch.objects.all()) == [known]
    status, result = run(tmp_path, content, "--accept-alarms")
    assert (status, result["created"], result["missing"]) == (0, 12, 12)


@pytest.mark.parametrize(
    ("of_known", "of_others", "raised"),
    [
        (9, 3, []),  # 3 of 12 are new, 3 of 12 are absent: 25 %
        (8, 4, [("new", BAN_PHO, 4, 12), ("absent", BAN_PHO, 4, 12)]),  # 33 %
        (12, 5, []),  # 5 of 17: 29 %
        (12, 6, [("new", BAN_PHO, 6, 18)]),  # 33 %
        (7, 3, [("absent", BAN_PHO, 5, 12)]),  # 3 of 10 are new: 30 %, which is not more
    ],
)
def test_an_alarm_is_raised_from_more_than_three_in_ten_people_on(known, tmp_path, of_known, of_others, raised):
    others = people([OTHERS[0]] * of_others, first=51)
    _, result = run(tmp_path, flat(*people()[:of_known], *others, title=LATER), "--dry-run")
    assert [alarm for alarm in alarms(result) if alarm[0] in ("new", "absent")] == raised


def test_what_is_normal_raises_no_alarm(known, tmp_path):
    path = tmp_path / "xuat.xlsx"
    call_command("export_roster", path, "--as-of", "2014-12-31", stdout=StringIO(), stderr=StringIO())
    ta_cu_ty = people(first=71, Xã="Tả Củ Tỷ")
    for content in (
        path.read_bytes(),  # an export imported again
        flat(*ta_cu_ty, *people(), title=LATER),  # the first roster of a commune beside one that is known
        flat(*people()[:3], title=LATER),  # a supplement of three who are known
        flat(*people(["Phó Chủ tịch UBND"] * 3, first=81), title=LATER),  # of three who are new
        flat(*people(CADRES), title=LATER),  # a roster of one group
        flat(*people()[7:], title=LATER),  # of the other
    ):
        status, result = run(tmp_path, content, "--as-of", "2015-12-31", "--dry-run")
        assert (status, alarms(result)) == (0, []), result["alarms"]


def test_a_first_roster_of_a_group_raises_no_alarm(tmp_path):
    import_file(read_file("a.xlsx", flat(*people(CADRES), title="Tính đến 31/12/2014")), by=None)
    assert alarms(run(tmp_path, flat(*people(), title=LATER), "--dry-run")[1]) == []
    assert alarms(run(tmp_path, flat(*people()[7:], title=LATER), "--dry-run")[1]) == []


def test_an_earlier_year_loaded_after_a_later_one_is_told_and_raises_no_alarm(known, tmp_path):
    status, result = run(tmp_path, flat(*people(first=51), title="Tính đến 31/12/2013"))
    assert (status, alarms(result), result["created"]) == (0, [], 12)
    (issue,) = [issue for issue in result["issues"] if issue["code"] == "earlier_roster"]
    assert (issue["severity"], "đã có số liệu sau ngày của danh sách này (đến 31/12/2014)" in issue["message"]) == (
        "info", True,
    )  # fmt: skip


def test_samples_and_a_generated_roster_in_an_empty_instance_raise_no_alarm(tmp_path):
    call_command("generate_roster", str(tmp_path / "g.xlsx"), officials=60, stderr=StringIO())
    files = [DATA / "bac-ha-2015.xlsx", DATA / "muong-khuong-2015.xlsx", tmp_path / "g.xlsx"]
    for file in files:
        assert alarms(run(tmp_path, file.read_bytes(), "--dry-run")[1]) == []


# What a file is a list of


def test_the_scope_says_of_whom_it_means_something_that_they_are_not_in_the_list(known, tmp_path):
    seven = flat(*people()[:4], *people()[7:10], title=LATER)  # 3 of 7 cadres and 2 of 5 others are not in it
    for scope, raised in (
        ("", [("absent", BAN_PHO, 5, 12)]),
        ("full", [("absent", BAN_PHO, 5, 12)]),
        ("cadres", [("absent", BAN_PHO, 3, 7)]),
        ("civil_servants", [("absent", BAN_PHO, 2, 5)]),
        ("some", []),
    ):
        status, result = run(tmp_path, seven, "--dry-run", *(["--scope", scope] if scope else []))
        assert (status, alarms(result), result["scope"]) == (int(bool(raised)), raised, scope or "full")
    three = flat(*people()[:3], title=LATER)  # that so few are all, somebody has to say
    assert alarms(run(tmp_path, three, "--dry-run", "--scope", "cadres")[1]) == [("absent", BAN_PHO, 4, 7)]
    with pytest.raises(CommandError, match="Tham số --scope không nhận giá trị 'het'"):
        run(tmp_path, three, "--scope", "het")


def test_on_the_preview_somebody_says_what_the_file_is_a_list_of(known, province_staff):
    batch = stage(read_file("b.xlsx", flat(*people()[:7], title=LATER)), by=province_staff)
    assert (batch.summary["scope"], batch.summary["alarms"]) == ("cadres", [])
    client, page = client_of(province_staff), reverse("cadres:import-batch", args=[batch.pk])
    assert '<option value="cadres" selected>Chỉ cán bộ</option>' in client.get(page).content.decode()
    answer = client.post(reverse("cadres:import-scope", args=[batch.pk]), {"scope": "full"}, follow=True)
    assert "5 trong 12 người có trong hồ sơ không có trong danh sách." in answer.content.decode()
    batch = choose_scope(batch, "some", by=province_staff)
    assert (batch.chosen_scope, batch.summary["alarms"]) == ("some", [])
    assert client.post(reverse("cadres:import-scope", args=[batch.pk]), {"scope": "het"}).status_code == 400


def test_a_day_to_come_is_an_alarm_on_the_command_line(tmp_path):
    year = date.today().year + 1  # noqa: DTZ011
    status, result = run(tmp_path, flat(*people(), title=f"Tính đến 31/12/{year}"))
    assert (status, alarms(result), result["batch"]) == (1, [("future_day", None, 1, 1)], None)
    assert result["alarms"][0]["message"] == f"Ngày số liệu 31/12/{year} ở sau hôm nay."
