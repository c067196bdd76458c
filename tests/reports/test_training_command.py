"""`manage.py training`: the contract's JSON, the table for people, and what cannot be computed."""

import json

import pytest
from django.core.management import call_command

from cadres.management.command import CommandFailed
from reports.training import TRAINING_BY
from tests import province, trained_province

pytestmark = pytest.mark.usefixtures("province_database")

PERIOD = ("--from", "2010-01-01", "--to", "2015-12-31")


@pytest.fixture
def people(db):
    return province.people()


@pytest.fixture
def classes(people):
    return trained_province.build(people)


def run(capsys, *arguments: str) -> dict:
    call_command("training", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_json_is_that_of_the_contract(classes, capsys):
    assert run(capsys, *PERIOD, "--by", "result") == {
        "from": "2010-01-01",
        "to": "2015-12-31",
        "turns": 9,
        "persons": 7,
        "money": {"central": 1100, "local": 628, "other": 0, "total": 1728},
        "groups": [
            {"code": "professional:TC", "name": "Trung cấp", "turns": 1, "persons": 1},
            {"code": "professional:DH", "name": "Đại học", "turns": 2, "persons": 2},
            {"code": "it:A", "name": "Chứng chỉ A hoặc ứng dụng CNTT cơ bản", "turns": 3, "persons": 3},
            {"code": "certificate", "name": "Bồi dưỡng, không nâng trình độ", "turns": 3, "persons": 3},
        ],
    }


def test_by_source_the_groups_carry_money(classes, capsys):
    assert run(capsys, *PERIOD, "--by", "source")["groups"] == [
        {"code": "central", "name": "Ngân sách trung ương", "money": 1100},
        {"code": "local", "name": "Ngân sách địa phương", "money": 628},
    ]


@pytest.mark.parametrize("by", [by for by in TRAINING_BY if by != "source"])
def test_turns_of_the_groups_add_up_to_the_whole(classes, capsys, by):
    result = run(capsys, *PERIOD, "--by", by)
    assert sum(group["turns"] for group in result["groups"]) == result["turns"] == 9


def test_one_kind_of_one_unit(classes, capsys):
    result = run(capsys, *PERIOD, "--kind", "degree", "--unit", "083")
    assert (result["turns"], result["groups"], result["money"]["total"]) == (0, [], 0)
    assert run(capsys, *PERIOD, "--kind", "certificate", "--unit", "083")["turns"] == 1


def test_period_without_options_is_the_year_of_the_latest_data(classes, capsys):
    result = run(capsys)
    assert (result["from"], result["to"]) == ("2014-01-01", province.DATA_BEGIN.isoformat())
    assert run(capsys, "--to", "2015-03-06")["from"] == "2015-01-01"


def test_names_of_a_period_without_classes(people, capsys):
    result = run(capsys, *PERIOD)
    assert (result["turns"], result["persons"], result["groups"]) == (0, 0, [])


def test_table_for_people(classes, capsys):
    call_command("training", *PERIOD, "--by", "group")
    text = capsys.readouterr().out
    assert "Các lớp kết thúc từ 01/01/2010 đến 31/12/2015" in text
    assert [line.split() for line in text.splitlines() if line.startswith("Tổng số")] == [
        ["Tổng", "số", "9", "7", "1.728"]
    ]
    assert "7 đồng của các lớp không ai hoàn thành" in text
    call_command("training", *PERIOD, "--by", "source")
    assert "9 lượt của 7 người." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2016-01-01"), "sau ngày cuối kỳ"),
        (("--unit", "99999"), "99999"),
        (("--kind", "seminar"), "--kind"),
        (("--by", "colour"), "--by"),
        (("--to", "31-12-2015"), "31-12-2015"),
    ],
)
def test_what_cannot_be_computed_ends_with_status_two_and_says_why(people, arguments, message):
    with pytest.raises(CommandFailed, match=message) as failure:
        call_command("training", "--to", "2015-12-31", *arguments)
    assert failure.value.returncode == 2
