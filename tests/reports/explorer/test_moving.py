"""Who moved between the cells of two tables (tests/province.py): what is told adds up, and is that of plain loops."""

from collections import Counter
from datetime import date
from itertools import permutations

import pytest

from cadres import registry
from cadres.evaluation import Rulebook
from cadres.models import Appointment, Criterion, Standard
from reports.explorer.crossing import Side, crossed
from reports.explorer.moving import Step, flows, told_of
from reports.rates import GROUPINGS
from tests import province
from tests.builders import make_appointment, make_official, make_qualification, position_of
from tests.conftest import DAY, unit_of
from tests.reports import naive

pytestmark = pytest.mark.usefixtures("province_database")

LATER = date(2016, 12, 31)
RETIRED, TRANSFERRED = Appointment.EndReason.RETIRED, Appointment.EndReason.TRANSFERRED


@pytest.fixture
def people(db):
    return province.people()


@pytest.fixture
def year(people, province_staff):
    """The year after: one becomes compliant, one goes to a town of another zone, one leaves, one is new."""
    make_qualification(people["Hoàng Văn Páo"], "professional", "TC", awarded=date(2016, 3, 1))
    make_qualification(people["Hoàng Văn Páo"], "education", "THPT", awarded=date(2016, 3, 1))
    moving = people["Giàng A Sử"].appointments.get()
    registry.end_appointment(moving, end_date=date(2016, 5, 31), reason=TRANSFERRED, by=province_staff)
    make_appointment(moving.official, moving.position, unit_of(province.BAC_HA_TOWN), start_date=date(2016, 6, 1))
    leaving = people["Nguyễn Văn Hùng"].appointments.get()
    registry.end_appointment(leaving, end_date=date(2016, 7, 31), reason=RETIRED, by=province_staff)
    make_appointment(
        make_official("Giàng Thị Mới"), position_of("VP_TK"), unit_of(province.BAN_PHO), start_date=date(2016, 8, 1)
    )
    return people


def found_between(before: Side, after: Side, row: str, column: str):
    return flows(before, after, row, column, **given())


def given() -> dict:
    return {
        "criterion": Criterion.objects.get(code="FULL"),
        "in_scope": lambda day: Appointment.objects.all(),
        "rulebook": Rulebook.load(),
    }


def test_of_a_cell_is_told_who_came_who_went_and_whose_verdict_changed(year):
    found = found_between(Side(DAY), Side(LATER), "commune", "zone")
    of_town = told_of((province.BAC_HA_TOWN, "1"), found)
    assert [(one.step, len(one.people)) for one in of_town] == [(Step.BECAME, 1), (Step.CAME, 1)]
    assert of_town[1].other.row.code == province.BAN_PHO
    of_commune = told_of((province.BAN_PHO, "3"), found)
    assert [(one.step, len(one.people)) for one in of_commune] == [(Step.WENT, 1), (Step.NEW, 1), (Step.LEFT, 1)]
    assert told_of(("02779", "2"), found) == []


def test_what_is_told_of_every_cell_is_that_of_the_loops_and_the_difference_of_its_rates(year):
    sides = Side(DAY), Side(LATER)
    for row, column in permutations(["commune", "zone", "position", "age", "sex"], 2):
        found = found_between(*sides, row, column)
        before, after = (crossed(side, row, column, **given()) for side in sides)
        stands = [standing(side, row, column) for side in sides]
        for cell in {*before.cells, *after.cells}:
            told = told_of(cell, found)
            difference = after.cell(*cell).compliant - before.cell(*cell).compliant
            assert sum(one.difference for one in told) == difference, (row, column, cell)
            assert Counter(key for one in told for key in one.people) == Counter(
                key
                for key in {*stands[0], *stands[1]}
                if stands[0].get(key) != stands[1].get(key)
                and cell in (stands[0].get(key, [None])[0], stands[1].get(key, [None])[0])
            ), (row, column, cell)


def standing(side: Side, row: str, column: str) -> dict[int, tuple[tuple[str, str], str]]:
    """Official → cell and verdict, by loops."""
    judged = naive.judge(naive.Registry(), side.day, given()["criterion"], side.standards)
    return {
        person.post.official_id: (
            (naive.groups_of(person, row, side.day), naive.groups_of(person, column, side.day)),
            person.verdict,
        )
        for person in judged
        if person.verdict
    }


def test_between_two_texts_on_one_day_nobody_changes_the_cell(people):
    supposed = Side(DAY, (Standard.objects.get(code="R2023_CB"),))
    found = found_between(Side(DAY), supposed, "district", "group")
    assert all(flow.before.cell == flow.after.cell for flow in found)
    assert all(flow.before.verdict != flow.after.verdict for flow in found)  # whom nothing happened to is not told of
    assert sum(len(flow.people) for flow in found) > 0


@pytest.mark.parametrize(("row", "column"), [("district", "zone"), ("sex", "age"), ("ethnic", "position")])
def test_sums_agree_down_and_across(people, row, column):
    table = crossed(Side(DAY), row, column, **given())
    assert table.total.total == 8
    assert sum(table.of_row(group.code).compliant for group in table.rows) == 4
    assert sum(table.of_column(group.code).compliant for group in table.columns) == 4


def test_by_dimension_there_are_sums_only_where_people_are_counted_once(people):
    table = crossed(Side(DAY), "district", "dimension", **given())
    assert table.total is None
    assert table.of_row("085") is None
    assert table.of_column("professional").total == 8
    assert crossed(Side(DAY), "dimension", "district", **given()).of_column("085") is None


def test_columns_stand_in_their_order_whatever_the_first_row_has(people):
    table = crossed(Side(DAY), "district", "age", **given())
    fixed = list(GROUPINGS["age"].names)
    codes = [group.code for group in table.columns]
    assert codes == sorted(codes, key=lambda code: fixed.index(code) if code in fixed else len(fixed))
