"""`manage.py forecast`: its JSON, the lines for people, and what cannot be computed."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from cadres.management.command import CommandFailed
from courses.models import Enrolment
from tests import province
from tests.builders import make_class, make_enrolment, make_programme

pytestmark = pytest.mark.usefixtures("province_database")

DAY = ("--as-of", "2015-12-31", "--years", "1")


@pytest.fixture
def people(db):
    found = province.people()
    run = make_class(make_programme("it:A"), start_date=date(2015, 9, 1), end_date=date(2016, 6, 30))
    make_enrolment(found["Trần Thị Ánh"], run, Enrolment.State.ATTENDING)
    return found


def run(capsys, *arguments: str) -> dict:
    call_command("forecast", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_steps_and_their_people_are_told(people, capsys):
    told = run(capsys, *DAY)
    (year,) = told.pop("years")
    assert [(group["code"], group["rate"], group["years"]) for group in told.pop("groups")] == [
        ("083", "100.0", ["100.0"]),
        ("085", "33.3", ["75.0"]),
    ]
    assert told == {
        "as_of": "2015-12-31", "criterion": "FULL", "total": 8, "compliant": 4, "not_compliant": 2, "undetermined": 2,
        "rate": "50.0", "history": [], "unnamed_seats": {},
    }  # fmt: skip
    assert (year["day"], year["total"], year["rate"], year["expected"]) == ("2016-12-31", 6, "83.3", None)
    steps = {step["code"]: step for step in year["steps"]}
    assert steps["retired"]["rate"] == "66.7"
    assert steps["study"] | {"name": ""} == {
        "code": "study", "name": "", "compliant": 1, "total": 0, "rate": "83.3",
        "officials": [people["Trần Thị Ánh"].pk],
    }  # fmt: skip


def test_of_one_unit_only_its_people_are_told(people, capsys):
    told = run(capsys, *DAY, "--unit", "085", "--by", "commune")
    assert told["years"][0]["rate"] == "75.0"
    assert {group["name"]: group["years"] for group in told["groups"]} == {
        "Thị trấn Bắc Hà": ["100.0"],
        "Xã Bản Phố": ["66.7"],
    }


def test_lines_for_people_say_that_there_is_too_little_history(people, capsys):
    call_command("forecast", *DAY)
    told = capsys.readouterr().out
    assert "31/12/2016: 83,3 % nếu mọi người học đều đạt" in told
    assert "Nghỉ hưu: 2 người, đạt +0, tổng số -2, còn 66,7 %" in told
    assert "Chưa có khoảng dự báo" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--years", "0"), "từ 1 đến 10 năm, không phải 0"), (("--criterion", "KHÔNG"), "Không có bộ tiêu chí “KHÔNG”")],
)
def test_what_cannot_be_computed_is_said_in_one_line(people, arguments, said):
    with pytest.raises(CommandFailed, match=said):
        call_command("forecast", *arguments)
