"""The plan of a year: frozen once approved, amended, and its money down to the classes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from courses.classes import cancel_class, commit_funding, save_class
from courses.models import (
    ClassFunding,
    PlanAmendment,
    PlanLine,
    Programme,
    TrainingClass,
    TrainingPlan,
)
from courses.planning import (
    add_line,
    amend_line,
    approve_amendment,
    approve_plan,
    begin_amendment,
    check_commitment,
    create_plan,
    delete_line,
    delete_plan,
    drop_amendment,
    drop_change,
    effective_lines,
    money_of_lines,
    save_line,
    save_plan,
    take_out,
    totals,
    totals_of_plans,
)
from tests import province
from tests.builders import (
    class_of_line,
    make_class,
    make_institution,
    make_programme,
)
from tests.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

SIGNED = date(2015, 12, 25)
MILLION = 1_000_000


@pytest.fixture
def people(db):
    """The small province; two people lack professional TC, one of them education THPT too."""
    Programme.objects.all().delete()
    return province.people()


def new_plan(**budgets: int) -> TrainingPlan:
    return create_plan(year=2016, title="Kế hoạch 2016", budgets=budgets, by=None)


def new_line(plan: TrainingPlan, programme: Programme | None = None, **columns) -> PlanLine:
    """Two classes of 40, at 30 million of local money altogether."""
    columns = {"class_count": 2, "seats": 40, "cost_local": 30 * MILLION} | columns
    return save_line(PlanLine(plan=plan, programme=programme or make_programme(), **columns), by=None)


@pytest.fixture
def approved(db) -> PlanLine:
    """A line of an approved plan with a budget of 100 million of local money."""
    line = new_line(new_plan(local=100 * MILLION))
    approve_plan(line.plan, number="QĐ 1", on=SIGNED, by=None)
    line.refresh_from_db()
    return line


def open_class(line: PlanLine, code: str = "L1", **columns) -> TrainingClass:
    return save_class(class_of_line(line, code=code, **columns), by=None)


def money(training_class: TrainingClass) -> dict[str, int]:
    return dict(training_class.funding.values_list("source", "committed"))


def test_a_year_has_one_plan(db):
    new_plan()

    with pytest.raises(ValidationError):
        new_plan()


# ---------------------------------------------------------------- approval freezes


def test_approval_puts_the_decision_on_the_plan(db, province_staff):
    line = new_line(new_plan(local=30 * MILLION))

    plan = approve_plan(line.plan, number=" QĐ 99/QĐ-UBND ", on=SIGNED, by=province_staff)

    assert (plan.state, plan.decision_number, plan.decision_date) == ("approved", "QĐ 99/QĐ-UBND", SIGNED)
    assert plan.approved_by == province_staff


def test_a_plan_is_approved_once_and_the_second_is_told_who_did_it(approved, province_staff):
    with pytest.raises(ValidationError, match="đã được phê duyệt theo QĐ 1 ngày 25/12/2015"):
        approve_plan(approved.plan, number="QĐ 2", on=SIGNED, by=province_staff)

    approved.plan.refresh_from_db()
    assert approved.plan.decision_number == "QĐ 1"


def test_every_write_to_a_frozen_plan_is_refused(approved):
    plan = approved.plan
    approved.seats = 50
    for write in (
        lambda: save_line(approved, by=None),
        lambda: save_line(PlanLine(plan=plan, programme=approved.programme, seats=30), by=None),
        lambda: delete_line(approved, by=None),
        lambda: save_plan(plan, by=None),
        lambda: delete_plan(plan, by=None),
    ):
        with pytest.raises(ValidationError, match="hãy lập điều chỉnh kế hoạch"):
            write()
    assert list(plan.lines.values_list("seats", flat=True)) == [40]


def test_a_plan_is_not_approved_without_lines_number_or_date(db):
    plan = new_plan(local=30 * MILLION)
    with pytest.raises(ValidationError, match="chưa có dòng nào"):
        approve_plan(plan, number="QĐ 1", on=SIGNED, by=None)
    new_line(plan)
    for number, on in ((" ", SIGNED), ("QĐ 1", None)):
        with pytest.raises(ValidationError, match="số và ngày"):
            approve_plan(plan, number=number, on=on, by=None)


def test_a_plan_over_its_budget_is_approved_only_where_that_is_meant(db):
    plan = new_plan(local=20 * MILLION, central=5 * MILLION)
    new_line(plan)

    with pytest.raises(ValidationError, match=r"Ngân sách địa phương vượt dự toán 10\.000\.000 đồng"):
        approve_plan(plan, number="QĐ 1", on=SIGNED, by=None)

    assert approve_plan(plan, number="QĐ 1", on=SIGNED, over_budget=True, by=None).state == "approved"


# ---------------------------------------------------------------- amendments


def test_an_amendment_changes_nothing_until_it_is_approved_and_then_replaces_the_line(approved):
    amendment = begin_amendment(approved.plan, reason="Thêm lớp", by=None)
    changed = amend_line(amendment, approved, class_count=3, cost_local=45 * MILLION, by=None)

    assert list(effective_lines(approved.plan)) == [approved]
    assert totals(approved.plan)["local"].planned == 30 * MILLION
    assert totals(approved.plan, amendment=amendment)["local"].planned == 45 * MILLION

    approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)

    assert list(effective_lines(approved.plan)) == [changed]
    assert (changed.replaces, changed.seats, changed.class_count) == (approved, 40, 3)
    approved.refresh_from_db()
    assert (approved.class_count, approved.cost_local) == (2, 30 * MILLION)  # what was decided before stays


def test_an_amendment_of_an_amendment_replaces_the_line_that_holds(approved):
    first = begin_amendment(approved.plan, reason="Một", by=None)
    once = amend_line(first, approved, seats=45, by=None)
    approve_amendment(first, number="QĐ 7", on=SIGNED, by=None)
    second = begin_amendment(approved.plan, reason="Hai", by=None)

    with pytest.raises(ValidationError, match="không còn hiệu lực"):
        amend_line(second, approved, seats=50, by=None)
    twice = amend_line(second, once, seats=50, by=None)
    approve_amendment(second, number="QĐ 8", on=SIGNED, by=None)

    assert second.number == 2
    assert list(effective_lines(approved.plan)) == [twice]


def test_a_line_is_changed_once_however_often_it_is_looked_at_in_an_amendment(approved):
    amendment = begin_amendment(approved.plan, reason="Sửa", by=None)
    changed = amend_line(amendment, approved, seats=45, by=None)

    assert amend_line(amendment, approved, months="quý II", by=None).pk == changed.pk
    assert amend_line(amendment, changed, class_count=3, by=None).pk == changed.pk

    changed.refresh_from_db()
    assert (changed.seats, changed.months, changed.class_count) == (45, "quý II", 3)


def test_an_amendment_adds_and_takes_out_lines(approved):
    amendment = begin_amendment(approved.plan, reason="Đổi", by=None)
    added = add_line(amendment, programme=make_programme(), seats=25, class_count=1, by=None)
    take_out(amendment, approved, by=None)

    approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)

    assert list(effective_lines(approved.plan)) == [added]
    assert totals(approved.plan)["local"].planned == 0


def test_what_an_amendment_says_can_be_taken_back_and_so_can_all_of_it(approved):
    amendment = begin_amendment(approved.plan, reason="Đổi", by=None)
    drop_change(amend_line(amendment, approved, seats=45, by=None), by=None)
    amend_line(amendment, approved, seats=46, by=None)

    drop_amendment(amendment, by=None)

    assert list(approved.plan.lines.all()) == [approved]
    assert begin_amendment(approved.plan, reason="Lại", by=None).number == 1


def test_amendments_are_for_approved_plans_one_at_a_time(approved):
    begin_amendment(approved.plan, reason="Một", by=None)
    with pytest.raises(ValidationError, match="chưa phê duyệt"):
        begin_amendment(approved.plan, reason="Hai", by=None)
    draft = create_plan(year=2017, title="Kế hoạch 2017", budgets={}, by=None)
    with pytest.raises(ValidationError, match="sửa thẳng các dòng"):
        begin_amendment(draft, reason="Sớm", by=None)


def test_an_approved_amendment_is_frozen(approved):
    amendment = begin_amendment(approved.plan, reason="Sửa", by=None)
    changed = amend_line(amendment, approved, seats=45, by=None)
    approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)

    for write in (
        lambda: amend_line(amendment, changed, seats=50, by=None),
        lambda: add_line(amendment, programme=approved.programme, seats=20, by=None),
        lambda: take_out(amendment, changed, by=None),
        lambda: drop_change(changed, by=None),
        lambda: drop_amendment(amendment, by=None),
        lambda: approve_amendment(amendment, number="QĐ 8", on=SIGNED, by=None),
    ):
        with pytest.raises(ValidationError, match="đã được phê duyệt theo QĐ 7"):
            write()
    assert PlanAmendment.objects.get().decision_number == "QĐ 7"


def test_an_amendment_without_a_change_is_not_approved(approved):
    amendment = begin_amendment(approved.plan, reason="Sửa", by=None)

    with pytest.raises(ValidationError, match="chưa thay đổi dòng nào"):
        approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)


def test_an_amendment_leaves_room_and_money_for_the_classes_set_up(approved):
    open_class(approved, "L1")
    open_class(approved, "L2")
    amendment = begin_amendment(approved.plan, reason="Giảm", by=None)

    with pytest.raises(ValidationError, match="Đã có 2 lớp"):
        amend_line(amendment, approved, class_count=1, by=None)
    with pytest.raises(ValidationError, match="Đã có 2 lớp"):
        take_out(amendment, approved, by=None)
    with pytest.raises(ValidationError, match=r"đã được giao 30\.000\.000 đồng"):
        amend_line(amendment, approved, cost_local=29 * MILLION, by=None)
    with pytest.raises(ValidationError, match="không đổi được chương trình"):
        amend_line(amendment, approved, programme=make_programme(), by=None)


def test_classes_set_up_while_an_amendment_is_made_are_held_at_its_approval(approved):
    amendment = begin_amendment(approved.plan, reason="Bỏ", by=None)
    take_out(amendment, approved, by=None)
    open_class(approved)

    with pytest.raises(ValidationError, match="Đã có 1 lớp"):
        approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)


def test_classes_go_over_to_the_line_that_replaces_theirs(approved):
    training_class = open_class(approved)
    amendment = begin_amendment(approved.plan, reason="Thêm", by=None)
    changed = amend_line(amendment, approved, class_count=3, cost_local=45 * MILLION, by=None)
    approve_amendment(amendment, number="QĐ 7", on=SIGNED, by=None)

    training_class.refresh_from_db()
    assert training_class.plan_line == changed
    with pytest.raises(ValidationError, match="đã được điều chỉnh"):
        open_class(approved, "L2")
    assert money(open_class(changed, "L2")) == {"local": 15 * MILLION}


# ---------------------------------------------------------------- money


def test_totals_go_from_plan_to_class_to_settlement_by_source(approved):
    first = open_class(approved, "L1")
    open_class(approved, "L2")
    first.funding.update(spent=14 * MILLION, settled_on=date(2016, 4, 1))

    local = totals(approved.plan)["local"]

    assert (local.budget, local.planned, local.committed, local.spent) == (
        100 * MILLION,
        30 * MILLION,
        30 * MILLION,
        14 * MILLION,
    )
    assert (local.left_of_budget, local.over_budget, local.left_of_plan) == (70 * MILLION, 0, 0)
    assert totals(approved.plan)["central"].planned == 0
    assert money_of_lines([approved]) == {approved.pk: (2, 30 * MILLION, 14 * MILLION)}


def test_a_cancelled_class_gives_back_its_place_and_the_money_it_has_not_spent(approved):
    first = open_class(approved, "L1")
    open_class(approved, "L2")
    with pytest.raises(ValidationError, match="đã lập đủ"):
        open_class(approved, "L3")

    cancel_class(first, reason="Thiếu người", day=DAY, by=None)

    assert totals(approved.plan)["local"].committed == 15 * MILLION
    assert money(open_class(approved, "L3")) == {"local": 15 * MILLION}


def test_the_totals_of_many_plans_are_two_queries_and_those_of_each(approved, django_assert_num_queries):
    open_class(approved)
    plan, other = approved.plan, create_plan(year=2017, title="Kế hoạch 2017", budgets={"other": 7}, by=None)
    new_line(other, cost_other=9)

    with django_assert_num_queries(2):
        sums = totals_of_plans([plan, other])

    assert sums == {plan.pk: totals(plan), other.pk: totals(other)}
    assert sums[other.pk]["other"].over_budget == 2


# ---------------------------------------------------------------- from a line to classes


def test_a_class_of_a_line_has_its_programme_seats_and_share_of_the_money(db):
    plan = new_plan(local=100 * MILLION, central=100 * MILLION)
    school = make_institution()
    line = new_line(plan, class_count=3, cost_local=100, cost_central=30, institution=school)
    approve_plan(plan, number="QĐ 1", on=SIGNED, by=None)

    classes = [open_class(line, f"L{number}") for number in range(3)]

    assert {item.programme for item in classes} == {line.programme}
    assert {(item.seats, item.state, item.institution) for item in classes} == {(40, "planned", school)}
    assert [money(item) for item in classes] == [
        {"local": 33, "central": 10},
        {"local": 33, "central": 10},
        {"local": 34, "central": 10},
    ]


def test_a_share_is_never_more_than_the_line_has_left(approved):
    first = open_class(approved, "L1")
    commit_funding(first, {"local": 20 * MILLION}, by=None)

    assert money(open_class(approved, "L2")) == {"local": 10 * MILLION}


def test_no_class_is_set_up_from_a_draft(db):
    with pytest.raises(ValidationError, match="chưa được phê duyệt"):
        open_class(new_line(new_plan()))


def test_a_class_that_ends_before_it_starts_is_not_set_up(approved):
    with pytest.raises(ValidationError):
        open_class(approved, end_date=date(2016, 3, 6))

    assert not TrainingClass.objects.exists()


def test_classes_of_a_line_get_no_more_than_the_line_has_by_source(approved):
    first, second = open_class(approved, "L1"), open_class(approved, "L2")

    check_commitment(first, {"local": 15 * MILLION})
    with pytest.raises(ValidationError, match=r"vượt 1 đồng so với 30\.000\.000 đồng"):
        check_commitment(first, {"local": 15 * MILLION + 1})
    with pytest.raises(ValidationError, match="Ngân sách trung ương"):
        check_commitment(second, {"central": 1})
    ClassFunding.objects.filter(training_class=second).update(committed=10 * MILLION)
    check_commitment(first, {"local": 20 * MILLION})


def test_a_class_outside_the_plan_has_no_such_limit(db):
    check_commitment(make_class(), {"local": 10**12})
