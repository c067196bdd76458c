"""A plan in the making: drafted from the needs in one go, adjusted line by line, approved by a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet

from cadres.history import signed
from cadres.models import Appointment, Criterion, UnitVersion, User
from courses.models import DistrictSubmission, PlanLine, Programme, RegisteredNeed, TrainingClass, TrainingPlan
from courses.needs.computed import closing_programmes, programmes_by_district
from courses.planning.costs import estimate, norms_on
from courses.planning.money import APPROVED, note_author, put_decision_on, refuse_over_budget, totals
from courses.seats import MOST_IN_A_CLASS

LOCAL_SHARE = 60  # percent of a line's people in one district, from which on the class is held there


@signed
def save_plan(plan: TrainingPlan, *, by: User | None) -> TrainingPlan:
    """Write the head of a plan, a new one or a draft: year, title, budgets by source.

    Raises ValidationError where the year has a plan already, or the plan is approved.
    """
    plan.authors = locked_draft(plan).authors if plan.pk else []
    plan.full_clean()
    plan.save()
    note_author(plan, by=by)
    return plan


def create_plan(*, year: int, title: str, budgets: Mapping[str, int], by: User | None) -> TrainingPlan:
    """Open the plan of a year. `budgets`: source (FundingSource) → đồng; a source left out has none."""
    plan = TrainingPlan(year=year, title=title, **{f"budget_{source}": sum_ for source, sum_ in budgets.items()})
    return save_plan(plan, by=by)


@dataclass
class Demand:
    """How many people need a programme, and from which districts."""

    people: int = 0
    by_district: dict[int | None, int] = field(default_factory=dict)

    def add(self, district: int | None, people: int) -> None:
        self.people += people
        self.by_district[district] = self.by_district.get(district, 0) + people


def registered_demand(year: int) -> dict[Programme, Demand]:
    """What the districts have registered for the year and the province has accepted; people once a programme."""
    accepted = RegisteredNeed.objects.filter(
        submission__campaign__year=year, submission__state=DistrictSubmission.State.ACCEPTED
    )
    rows: Any = (
        accepted.order_by()
        .values("programme", "submission__district")
        .annotate(people=Count("official", distinct=True))
    )
    return _demand((row["programme"], row["submission__district"], row["people"]) for row in rows)


def computed_demand(
    day: date, *, criterion: Criterion, appointments: QuerySet[Appointment] | None = None
) -> dict[Programme, Demand]:
    """What people lack on the day, each need at the best programme that closes it; needs that none closes are left."""
    closing = closing_programmes(day, criterion=criterion)
    counted = programmes_by_district(closing, appointments=appointments)
    return _demand((programme.pk, district, people) for (programme, district), people in counted.items())


def _demand(rows: Iterable[tuple[int, int | None, int]]) -> dict[Programme, Demand]:
    found: dict[int, Demand] = {}
    for programme, district, people in rows:
        found.setdefault(programme, Demand()).add(district, people)
    programmes = Programme.objects.filter(pk__in=found).prefetch_related("target_positions")
    return {programme: found[programme.pk] for programme in programmes}


@signed
def draft_from_needs(
    plan: TrainingPlan, *, day: date, criterion: Criterion, replace: bool = False, by: User | None
) -> list[PlanLine]:
    """Fill a draft in one go: a line a programme, as many classes as the people need.

    The needs are those registered in the year's campaigns and accepted; where there are none, those computed on the
    day. At most 40 people a class, evenly; costs by the norms of the day (planning.costs), put on local money; the
    institution and the month are those of the programme's last class; the place is the district that most come from
    (60 %), else the province. All of it is a proposal, to be adjusted.

    Raises ValidationError for an approved plan, where there are lines already (unless they may be replaced) or classes
    hang on them, and where nobody needs anything.
    """
    plan = locked_draft(plan)
    note_author(plan, by=by)
    lines = plan.lines.all()
    if lines.exists() and not replace:
        raise ValidationError(
            f"Kế hoạch đã có {lines.count()} dòng. Lập lại từ nhu cầu sẽ xóa các dòng đó; hãy xác nhận trước khi lập.",
            "has_lines",
        )
    if TrainingClass.objects.filter(plan_line__plan=plan).exists():
        raise ValidationError("Đã có lớp mở theo các dòng của kế hoạch này, nên không lập lại được. Hãy sửa từng dòng.")
    demand = registered_demand(plan.year) or computed_demand(day, criterion=criterion)
    if not demand:
        raise ValidationError(
            f"Chưa có nhu cầu nào: năm {plan.year} chưa tiếp nhận bản đăng ký của đơn vị, và ngày {day:%d/%m/%Y} không "
            "có ai thiếu tiêu chuẩn mà một chương trình bù được. Hãy chọn ngày khác, hoặc thêm từng dòng."
        )
    lines.delete()
    norms = norms_on(day)
    ran_last = last_classes(demand)
    province = UnitVersion.objects.province_on(day)
    drafted = []
    for programme, wanted in demand.items():
        classes = -(-wanted.people // MOST_IN_A_CLASS)
        last = ran_last.get(programme.pk)
        line = PlanLine(
            plan=plan,
            programme=programme,
            target_group=target_group_of(programme),
            class_count=classes,
            seats=-(-wanted.people // classes),
            months=months_of(programme, classes, last),
            place_id=_place(wanted) or (province.unit_id if province else None),
            institution_id=last.institution_id if last else None,
        )
        line.cost_local = estimate(programme, line.trainees, norms)
        if norms.per_trainee_day(programme) is None:
            line.note = "Chưa có định mức chi."
        drafted.append(line)
    return PlanLine.objects.bulk_create(drafted)


def last_classes(programmes: Iterable[Programme]) -> dict[int, TrainingClass]:
    """Programme → the class of it that an institution ran last."""
    ran = TrainingClass.objects.filter(programme__in=list(programmes), institution__isnull=False)
    ran = ran.exclude(state=TrainingClass.State.CANCELLED)
    last = ran.order_by("programme_id", "-start_date", "-pk").distinct("programme_id")
    return {training_class.programme_id: training_class for training_class in last}


def target_group_of(programme: Programme) -> str:
    titles = ", ".join(position.title for position in programme.target_positions.all())
    return titles if 0 < len(titles) <= 200 else "Cán bộ, công chức cấp xã"


def months_of(programme: Programme, classes: int, last: TrainingClass | None) -> str:
    """When to begin: as last time; else degrees with the school year, the rest outside Tết and the year's end."""
    if last:
        return f"tháng {last.start_date.month}" if classes == 1 else f"từ tháng {last.start_date.month}"
    if programme.kind == Programme.Kind.DEGREE:
        return "tháng 9"
    return "tháng 4" if classes == 1 else "tháng 3–11"


def _place(wanted: Demand) -> int | None:
    """The key of the one district that has most of the people, if there is one."""
    district, people = max(wanted.by_district.items(), key=lambda item: item[1])
    return district if 100 * people >= LOCAL_SHARE * wanted.people else None


@signed
def save_line(line: PlanLine, *, by: User | None) -> PlanLine:
    """Write a line of a draft, a new or a changed one. Raises ValidationError where the plan is approved."""
    note_author(locked_draft(line.plan), by=by)
    line.full_clean()
    line.save()
    return line


@signed
def delete_line(line: PlanLine, *, by: User | None) -> None:
    """Take a line out of a draft. Raises ValidationError where the plan is approved, or classes hang on the line."""
    note_author(locked_draft(line.plan), by=by)
    if line.classes.exists():
        raise ValidationError(f"Đã có lớp mở theo dòng “{line.programme}”, nên không xóa được.")
    line.delete()


@signed
def delete_plan(plan: TrainingPlan, *, by: User | None) -> None:
    """Drop a draft with its lines. Raises ValidationError where it is approved, or classes hang on it."""
    plan = locked_draft(plan)
    if TrainingClass.objects.filter(plan_line__plan=plan).exists():
        raise ValidationError("Đã có lớp mở theo kế hoạch này, nên không xóa được.")
    plan.delete()


@signed
def approve_plan(
    plan: TrainingPlan, *, number: str, on: date, over_budget: bool = False, alone: str = "", by: User | None
) -> TrainingPlan:
    """Approve a draft by a decision; from then on its lines are frozen.

    Raises ValidationError where it is approved already (by whom and which decision), has no line, lacks number or date,
    or plans more than the budget of a source, unless that is meant (`over_budget`); and where the account had a hand in
    the draft, unless nobody else could approve it and `alone` says why.
    """
    plan = locked_draft(plan)
    if not plan.lines.exists():
        raise ValidationError("Kế hoạch chưa có dòng nào. Hãy lập từ nhu cầu, hoặc thêm từng dòng.")
    refuse_over_budget(totals(plan), over_budget)
    return put_decision_on(plan, number, on, alone=alone, by=by)


def locked_draft(plan: TrainingPlan) -> TrainingPlan:
    """The plan as it is now, locked until the transaction ends. Raises ValidationError where it is approved."""
    now = TrainingPlan.objects.select_for_update(of=("self",)).select_related("approved_by").get(pk=plan.pk)
    if now.state == APPROVED:
        raise ValidationError(
            f"Kế hoạch năm {now.year} đã được phê duyệt theo {now.decision_number} ngày {now.decision_date:%d/%m/%Y}"
            f"{f' ({now.approved_by})' if now.approved_by else ''}. Muốn thay đổi, hãy lập điều chỉnh kế hoạch.",
            "approved",
        )
    return now
