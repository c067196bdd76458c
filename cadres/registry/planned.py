"""Quy hoạch: somebody is planned for a post, and is taken out again."""

from datetime import date

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import Official, PlannedPost, Position, Unit, User
from cadres.registry.writing import write


@signed
def plan_for(
    official: Official,
    position: Position,
    unit: Unit,
    *,
    start_date: date,
    end_date: date | None,
    term: str,
    decision: str,
    by: User | None,
) -> PlannedPost:
    """Put a person into the quy hoạch of a post, from the day of the decision to the end of the term.

    Raises ValidationError where the person holds that post on the day, or is planned for it on one of the days.
    """
    held = official.appointments.as_of(start_date).filter(position=position, unit=unit)
    if held.exists():
        raise ValidationError(f"{official} đang giữ chức danh này ở đơn vị này: quy hoạch là cho chức danh khác.")
    planned = PlannedPost(
        official=official,
        position=position,
        unit=unit,
        start_date=start_date,
        end_date=end_date,
        term=term,
        decision=decision,
    )
    write(planned)
    return planned


@signed
def take_out(planned: PlannedPost, *, last_day: date, reason: str, by: User | None) -> PlannedPost:
    """Take a person out of the quy hoạch: `last_day` is the last day of being in it.

    Raises ValidationError where that lies before the first day, or the term had ended by then.
    """
    planned.refresh_from_db(from_queryset=PlannedPost.objects.select_for_update())
    if not planned.has_begun(last_day):
        raise ValidationError(
            {"last_day": f"Người này vào quy hoạch từ ngày {planned.start_date:%d/%m/%Y}. Hãy chọn ngày từ đó trở đi."}
        )
    if planned.has_ended(last_day):
        raise ValidationError({"last_day": f"Quy hoạch này đã hết vào ngày {planned.end_date:%d/%m/%Y}."})
    planned.end_date, planned.taken_out_because = last_day, reason
    write(planned)
    return planned
