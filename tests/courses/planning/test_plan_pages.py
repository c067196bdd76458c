"""The pages of the plan: from an empty year over the draft and its approval to an amendment and classes."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.periods import PartialDate, Precision
from cadres.text import dong
from courses.models import CostNorm, PlanLine, Programme, TrainingClass, TrainingPlan
from courses.planning import approve_plan, create_plan, save_line
from tests import province
from tests.builders import make_appointment, make_official, make_programme, make_qualification, position_of
from tests.conftest import DAY, client_of, unit_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(province_staff):
    return client_of(province_staff)


@pytest.fixture
def plan(db) -> TrainingPlan:
    """A draft with a line of two classes, 30 million of local money in a budget of 100."""
    plan = create_plan(year=2016, title="Kế hoạch 2016", budgets={"local": 100_000_000}, by=None)
    programme = make_programme(title="Kỹ năng lãnh đạo")
    line = PlanLine(
        plan=plan, programme=programme, class_count=2, seats=40, cost_local=30_000_000, place=unit_of("085")
    )
    save_line(line, by=None)
    return plan


def page(plan: TrainingPlan, name: str = "plan-detail", *more: int | str) -> str:
    return reverse(f"courses:{name}", args=[plan.pk, *more])


def text_of(answer) -> str:
    return answer.content.decode()


def line_of(plan: TrainingPlan) -> PlanLine:
    return plan.lines.earliest("pk")


def fields_of(line: PlanLine, **changes) -> dict[str, object]:
    """What the form of a line posts."""
    return {
        "programme": line.programme_id,
        "target_group": line.target_group,
        "class_count": line.class_count,
        "seats": line.seats,
        "months": line.months,
        "place": line.place_id or "",
        "institution": "",
        "cost_central": "",
        "cost_local": f"{line.cost_local:,}".replace(",", "."),
        "cost_other": "",
        "note": "",
    } | changes


def test_from_an_empty_year_to_a_plan_drafted_from_the_needs(db, staff):
    Programme.objects.all().delete()
    province.build()
    make_programme("professional:TC", title="Trung cấp Luật", hours=80)
    CostNorm.objects.create(kind=Programme.Kind.CERTIFICATE, per_trainee_day=100_000)
    for name in ("Giàng A Một", "Giàng A Hai"):
        official = make_official(name, sex="M", birth=PartialDate(date(1985, 1, 1), Precision.YEAR))
        make_appointment(official, position_of("VP_TK"), unit_of(province.BAC_HA_TOWN))
        for dimension, level in (("education", "THPT"), ("professional", "SC"), ("it", "A")):
            make_qualification(official, dimension, level)
    assert "Chưa có kế hoạch nào" in text_of(staff.get(reverse("courses:plan-list")))

    answer = staff.post(
        reverse("courses:plan-add"),
        {"year": 2016, "title": "Kế hoạch 2016", "budget_local": "1.000.000", "budget_central": ""},
        follow=True,
    )
    plan = TrainingPlan.objects.get()
    assert (plan.budget_local, plan.budget_central) == (1_000_000, 0)
    assert "Lập từ nhu cầu" in text_of(answer)
    wanted = page(plan, "plan-proposal") + f"?ngay={DAY}&tinh=1&kinh_phi=1000000&nho_nhat=1&lon_nhat=40"
    shown = staff.get(wanted)
    assert "1 lớp" in text_of(shown)
    answer = staff.post(wanted, {"kept": shown.context["kept"], "lop": ["0"], "ghi": "1"}, follow=True)

    assert "Trung cấp Luật" in text_of(answer)
    assert "Kế hoạch vượt dự toán" not in text_of(answer)  # two lack it, one million pays for one
    assert [(line.trainees, line.cost_local) for line in plan.lines.all()] == [(1, 1_000_000)]


def test_lines_of_a_draft_are_added_changed_and_deleted(plan, staff):
    line = line_of(plan)
    staff.post(page(plan, "plan-line-edit", line.pk), fields_of(line, seats=35, cost_central="5.000.000"))
    staff.post(page(plan, "plan-line-add"), fields_of(line, class_count=1))

    line.refresh_from_db()
    assert (line.seats, line.cost_central, line.cost_local) == (35, 5_000_000, 30_000_000)
    assert plan.lines.count() == 2
    staff.post(page(plan, "plan-line-delete", line.pk), {"is_sure": "on"})
    assert plan.lines.count() == 1


def test_the_money_of_a_line_follows_the_norm_where_that_is_asked_for(plan, staff):
    line = line_of(plan)
    wanted = fields_of(line, class_count=3, seats=20, cost_central="1.000.000", is_by_norm="on")
    assert "× định mức chi, trừ phần của các nguồn kia." in text_of(staff.get(page(plan, "plan-line-edit", line.pk)))
    refused = staff.post(page(plan, "plan-line-edit", line.pk), wanted)
    assert "chưa có định mức chi" in text_of(refused)
    CostNorm.objects.create(kind=line.programme.kind, per_trainee_day=100_000)

    answer = staff.post(page(plan, "plan-line-edit", line.pk), wanted, follow=True)

    line.refresh_from_db()
    whole = line.programme.days * 60 * 100_000
    assert (line.cost_central, line.cost_local, line.total_cost) == (1_000_000, whole - 1_000_000, whole)
    assert f"60 học viên, {dong(whole)}." in text_of(answer)


def test_a_line_with_nonsense_comes_back_with_the_form(plan, staff):
    line = line_of(plan)
    for wrong in (
        {"seats": "0"},
        {"class_count": "-1"},
        {"cost_local": "nhiều"},
        {"place": "999999"},
        {"programme": ""},
    ):
        answer = staff.post(page(plan, "plan-line-edit", line.pk), fields_of(line, **wrong))
        assert "Chưa ghi gì" in text_of(answer), wrong
    assert line == line_of(plan)


def test_approval_needs_a_decision_and_freezes(plan, staff):
    assert "Chưa ghi gì" in text_of(staff.post(page(plan, "plan-approve"), {"number": "", "on": "2015-12-25"}))
    answer = staff.post(page(plan, "plan-approve"), {"number": "QĐ 99", "on": "2015-12-25"}, follow=True)

    assert "QĐ 99 ngày 25/12/2015" in text_of(answer)
    line = line_of(plan)
    refused = staff.post(page(plan, "plan-line-edit", line.pk), fields_of(line, seats=10))
    assert "hãy lập điều chỉnh kế hoạch" in text_of(refused)
    refused = staff.post(page(plan, "plan-approve"), {"number": "QĐ 100", "on": "2015-12-26"})
    assert "đã được phê duyệt theo QĐ 99" in text_of(refused)


def test_a_plan_over_its_budget_is_approved_only_with_a_tick(plan, staff):
    TrainingPlan.objects.update(budget_local=1)
    decision = {"number": "QĐ 99", "on": "2015-12-25"}

    refused = staff.post(page(plan, "plan-approve"), decision)
    assert "vượt dự toán 29.999.999 đồng" in text_of(refused)
    assert "Phê duyệt dù vượt dự toán" in text_of(refused)
    staff.post(page(plan, "plan-approve"), decision | {"over_budget": "on"})

    assert TrainingPlan.objects.get().state == "approved"


def test_an_amendment_shows_what_it_changes_and_holds_once_approved(plan, staff):
    approve_plan(plan, number="QĐ 1", on=date(2015, 12, 25), by=None)
    line = line_of(plan)
    staff.post(page(plan, "plan-amend"), {"reason": "Bổ sung kinh phí"})
    amendment = plan.amendments.get()
    staff.post(page(plan, "plan-line-edit", line.pk), fields_of(line, class_count=3))
    staff.post(page(plan, "plan-line-add"), fields_of(line, class_count=1, seats=25))

    shown = text_of(staff.get(page(plan)))
    assert "2 lớp × 40 người" in shown
    assert "3 lớp × 40 người" in shown
    assert "1 lớp × 25 người" in shown
    staff.post(
        page(plan, "amendment-approve", amendment.pk), {"number": "QĐ 7", "on": "2016-02-01", "alone": "Chỉ một người"}
    )

    answer = staff.get(page(plan))
    assert sorted((row.class_count, row.seats) for row in answer.context["lines"]) == [(1, 25), (3, 40)]
    assert "QĐ 7 ngày 01/02/2016" in text_of(answer)


def test_a_line_is_taken_out_by_an_amendment_and_a_change_is_dropped(plan, staff):
    approve_plan(plan, number="QĐ 1", on=date(2015, 12, 25), by=None)
    staff.post(page(plan, "plan-amend"), {"reason": "Bỏ"})
    staff.post(page(plan, "plan-line-delete", line_of(plan).pk), {"is_sure": "on"})
    change = plan.lines.get(amendment__isnull=False)
    assert change.class_count == 0

    staff.post(page(plan, "plan-line-delete", change.pk), {"is_sure": "on"})
    assert plan.lines.count() == 1
    staff.post(page(plan, "amendment-drop", plan.amendments.get().pk), {"is_sure": "on"})
    assert not plan.amendments.exists()


def test_a_class_is_set_up_from_a_line_with_its_money(plan, staff):
    approve_plan(plan, number="QĐ 1", on=date(2015, 12, 25), by=None)
    line = line_of(plan)
    address = f"{reverse('courses:class-add')}?dong={line.pk}"
    assert address in text_of(staff.get(page(plan)))
    offered = staff.get(address).context["form"]
    wanted = {field.name: field.value() for field in offered if field.value() is not None}

    staff.post(address, wanted | {"start_date": "2016-03-07", "end_date": "2016-03-11"})

    training_class = TrainingClass.objects.get()
    assert (training_class.plan_line, training_class.seats, training_class.place) == (line, 40, unit_of("085"))
    assert training_class.funding.get().committed == 15_000_000
    assert [(row.classes_made, row.given) for row in staff.get(page(plan)).context["lines"]] == [(1, 15_000_000)]


def test_only_who_may_see_money_of_classes_sees_it(plan, district_officer):
    shown = text_of(client_of(district_officer).get(page(plan)))

    assert "Kinh phí theo nguồn" in shown
    assert "Đã quyết toán" not in shown
    assert "Thêm dòng" not in shown


def test_the_workbook_has_the_layout_of_the_yearly_plan(plan, staff):
    answer = staff.get(page(plan, "plan-file", "xlsx"))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    [head] = [row for row in rows if row[0] == "TT"]
    assert head[:6] == ("TT", "Nội dung, tên lớp", "Đối tượng", "Số lớp", "Số học viên/lớp", "Tổng số học viên")
    assert rows[-2] == (
        *(1, "Kỹ năng lãnh đạo", None, 2, 40, 80, 5, None, "Huyện Bắc Hà", None),
        *(0, 30_000_000, 0, None),
    )
    assert rows[-1][1:6] == ("TỔNG CỘNG", None, 2, None, 80)


def test_queries_do_not_grow_with_lines(plan, staff):
    approve_plan(plan, number="QĐ 1", on=date(2015, 12, 25), by=None)

    def queries() -> list[int]:
        found = []
        for address in (page(plan), reverse("courses:plan-list"), page(plan, "plan-file", "xlsx")):
            staff.get(address)
            with CaptureQueriesContext(connection) as asked:
                staff.get(address)
            found.append(len(asked))
        return found

    before = queries()
    for _ in range(6):
        PlanLine.objects.create(plan=plan, programme=make_programme(), seats=30, place=unit_of("083"))

    assert queries() == before
    assert max(before) <= 20
