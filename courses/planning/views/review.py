"""“Kế hoạch và kết quả”: each line of a plan beside what its classes came to, on the page and as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.web.addresses import dated
from cadres.web.day import criterion_of, working_day
from cadres.web.downloads import download_table
from cadres.web.lists import FILE
from cadres.web.permissions import permission_needed
from cadres.web.tables import Cell, Table
from courses.models import TrainingPlan
from courses.planning.review import PlanResult, result_of
from courses.planning.views.plans import plan_of

COLUMNS = (
    *("Chương trình", "Lớp: kế hoạch", "Lớp: đã mở", "Lượt: kế hoạch", "Lượt: đã cử", "Lượt: hoàn thành"),
    *("Kinh phí: kế hoạch", "Kinh phí: đã giao", "Kinh phí: quyết toán", "Thành đạt chuẩn", "Vì sao ít hơn"),
)


@permission_needed("courses.view_classfunding")
@require_safe
def plan_result(request: HttpRequest, plan_pk: int) -> HttpResponse:
    plan, day = plan_of(request, plan_pk), working_day(request)
    result = result_of(plan, day, criterion=criterion_of(request))
    if FILE in request.GET:
        return download_table(request, _table(plan, result), f"ket-qua-ke-hoach-{plan.year}", request.GET[FILE])
    sums = ("classes", "sent", "completed", "given", "settled")
    return render(
        request,
        "courses/planning/plan_result.html",
        {
            "title": f"Kế hoạch năm {plan.year} và kết quả",
            "plan": plan,
            "result": result,
            "whole": {name: result.sum_of(name) for name in sums},
            "criterion": criterion_of(request),
            "dated": dated(request),
        },
    )


def _table(plan: TrainingPlan, result: PlanResult) -> Table:
    rows: list[list[Cell]] = [
        [
            *(one.line.programme.title, one.line.class_count, one.classes, one.line.trainees, one.sent, one.completed),
            *(one.line.total_cost, one.given, one.settled, len(one.made_compliant), "; ".join(one.why)),
        ]
        for one in result.lines
    ]
    whole: list[Cell] = [
        *("TỔNG CỘNG", sum(one.line.class_count for one in result.lines), result.sum_of("classes")),
        *(result.planned_turns, result.sum_of("sent"), result.sum_of("completed"), result.planned_cost),
        *(result.sum_of("given"), result.sum_of("settled"), result.made_compliant, ""),
    ]
    return Table(
        title=f"KẾ HOẠCH NĂM {plan.year} VÀ KẾT QUẢ",
        notes=[f"Số liệu đến ngày {result.day:%d/%m/%Y}. Mỗi người thành đạt chuẩn tính một lần. Kinh phí: đồng."],
        columns=list(COLUMNS),
        rows=[*rows, whole],
        sheet=f"Kết quả {plan.year}",
    )
