"""A proposal becomes the draft of its year's plan: a line for each course and place, paid from what sources have."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import User
from courses.models import FundingSource, PlanLine, Programme, ProposedPerson, TrainingClass, TrainingPlan
from courses.planning.draft import locked_draft
from courses.planning.money import note_author
from courses.planning.proposal.proposing import Proposal, ProposedClass

PAID_FIRST = (FundingSource.LOCAL, FundingSource.CENTRAL, FundingSource.OTHER)


@signed
def draft_from_proposal(
    plan: TrainingPlan, proposal: Proposal, *, replace: bool = False, by: User | None
) -> list[PlanLine]:
    """Put the classes of a proposal into the draft; lines that are there are replaced where that is meant (`replace`).

    The lines keep the names of those whom they were proposed for (ProposedPerson).

    Raises ValidationError for an approved plan, a proposal without a class, one that costs more than the plan's sources
    have together, where there are lines already, and where classes hang on them.
    """
    plan = locked_draft(plan)
    note_author(plan, by=by)
    if not proposal.classes:
        raise ValidationError("Phương án không có lớp nào, nên không có gì để đưa vào kế hoạch.")
    if proposal.cost > plan.total_budget:
        raise ValidationError(
            "Phương án tốn hơn dự toán của kế hoạch cộng mọi nguồn. Hãy ghi dự toán của kế hoạch trước."
        )
    lines = plan.lines.all()
    if lines.exists() and not replace:
        raise ValidationError(
            f"Kế hoạch đã có {lines.count()} dòng. Đưa phương án vào sẽ xóa các dòng đó; hãy xác nhận.",
            "has_lines",
        )
    if TrainingClass.objects.filter(plan_line__plan=plan).exists():
        raise ValidationError("Đã có lớp mở theo các dòng của kế hoạch này, nên không lập lại được. Hãy sửa từng dòng.")
    lines.delete()
    together: dict[tuple[int, int], list[ProposedClass]] = defaultdict(list)
    for one in proposal.classes:
        together[one.programme.pk, one.place].append(one)
    last = last_classes(classes[0].programme for classes in together.values())
    left: dict[str, int] = {source: plan.budget(source) for source in PAID_FIRST}
    drafted = []
    for (key, place), classes in together.items():
        programme = classes[0].programme
        ran = last.get(key)
        line = PlanLine(
            plan=plan,
            programme=programme,
            target_group=target_group_of(programme),
            class_count=len(classes),
            seats=max(one.seats for one in classes),
            months=months_of(programme, len(classes), ran),
            place_id=place,
            institution_id=ran.institution_id if ran else None,
            note=f"Theo phương án ngày {proposal.day:%d/%m/%Y}: {sum(one.seats for one in classes)} người",
        )
        for source, cost in _paid(sum(one.cost for one in classes), left).items():
            setattr(line, f"cost_{source}", cost)
        drafted.append(line)
    PlanLine.objects.bulk_create(drafted)
    ProposedPerson.objects.bulk_create(
        ProposedPerson(line=line, official_id=official, proposed_on=proposal.day)
        for line, classes in zip(drafted, together.values(), strict=True)
        for official in dict.fromkeys(official for one in classes for official in one.officials)
    )
    return drafted


def _paid(cost: int, left: dict[str, int]) -> dict[str, int]:
    """Source → what it pays of the cost, in the order of PAID_FIRST; takes it from what is `left`."""
    paid: dict[str, int] = {}
    for source in PAID_FIRST:
        paid[source] = min(cost, left[source])
        left[source] -= paid[source]
        cost -= paid[source]
    return paid


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
