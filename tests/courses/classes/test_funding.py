"""The money of a class: given and settled by source."""

import pytest

from courses.classes import cancel_class, commit_funding, settle
from courses.models import ClassFunding, TrainingClass
from tests.conftest import DAY
from tests.courses.classes.march import AFTER, BEFORE, END, START, a_class, a_line, refusal

pytestmark = pytest.mark.django_db


def money_of(training_class: TrainingClass) -> dict[str, tuple[int, int]]:
    return {
        row.source: (row.committed, row.spent) for row in ClassFunding.objects.filter(training_class=training_class)
    }


def test_money_is_given_and_settled_by_source():
    training_class = a_class("running")

    commit_funding(training_class, {"central": 10_000_000, "local": 5_000_000, "other": 0}, by=None)
    settle(training_class, {"central": 9_000_000, "local": 5_000_000}, on=END, document="CT 12", by=None)

    assert money_of(training_class) == {"central": (10_000_000, 9_000_000), "local": (5_000_000, 5_000_000)}
    row = training_class.funding.get(source="central")
    assert (row.settled_on, row.document) == (END, "CT 12")


def test_a_spend_above_the_commitment_is_refused_with_both_sums_and_nothing_is_written():
    training_class = a_class("ended")
    commit_funding(training_class, {"central": 10_000_000, "local": 5_000_000}, by=None)

    told = refusal(
        lambda: settle(training_class, {"central": 10_000_000, "local": 5_000_001}, on=END, document="CT 12", by=None)
    )

    assert "Ngân sách địa phương: Quyết toán 5.000.001 đồng vượt kinh phí đã giao 5.000.000 đồng" in told
    assert money_of(training_class) == {"central": (10_000_000, 0), "local": (5_000_000, 0)}


def test_a_commitment_below_what_was_spent_is_refused():
    training_class = a_class("ended")
    commit_funding(training_class, {"local": 5_000_000}, by=None)
    settle(training_class, {"local": 4_000_000}, on=END, document="CT 12", by=None)

    assert "ít hơn số đã quyết toán 4.000.000 đồng" in refusal(
        lambda: commit_funding(training_class, {"local": 3_999_999}, by=None)
    )
    commit_funding(training_class, {"local": 4_000_000}, by=None)


@pytest.mark.parametrize(("day", "is_allowed"), [(BEFORE, False), (START, True), (END, True), (AFTER, True)])
def test_money_is_settled_from_the_first_day_on(day, is_allowed):
    training_class = a_class("running")
    commit_funding(training_class, {"local": 5}, by=None)

    if is_allowed:
        settle(training_class, {"local": 5}, on=day, document="CT", by=None)
    else:
        assert "ở trước ngày khai giảng" in refusal(
            lambda: settle(training_class, {"local": 5}, on=day, document="CT", by=None)
        )


@pytest.mark.parametrize("state", ["planned", "open", "cancelled"])
def test_a_class_that_has_not_started_settles_nothing(state):
    training_class = a_class(state)

    assert "Chỉ quyết toán lớp đang học hoặc đã kết thúc" in refusal(
        lambda: settle(training_class, {"local": 0}, on=END, document="CT", by=None)
    )


def test_a_cancelled_class_is_given_no_money():
    assert "Lớp đã hủy" in refusal(lambda: commit_funding(a_class("cancelled"), {"local": 1}, by=None))


def test_money_less_than_nothing_and_from_nowhere_is_refused():
    assert "từ 0 đồng trở lên" in refusal(lambda: commit_funding(a_class(), {"local": -1}, by=None))
    assert "Không có nguồn kinh phí" in refusal(lambda: commit_funding(a_class(), {"vàng": 1}, by=None))


def test_the_classes_of_a_plan_line_are_given_no_more_than_the_line_has():
    line = a_line(class_count=2, cost_local=10_000_000)
    first, second = (a_class(programme=line.programme, plan_line=line) for _ in range(2))
    commit_funding(first, {"local": 6_000_000}, by=None)

    assert "vượt 1 đồng so với 10.000.000 đồng" in refusal(
        lambda: commit_funding(second, {"local": 4_000_001}, by=None)
    )
    commit_funding(second, {"local": 4_000_000}, by=None)
    cancel_class(first, reason="Thiếu người", day=DAY, by=None)
    commit_funding(second, {"local": 10_000_000}, by=None)
