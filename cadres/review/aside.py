"""A check set aside of one person for a time: not counted, and still told on a list of its own."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import Official, SetAside, User
from cadres.review.checks import Check


@signed
def set_aside(
    check: Check, official: Official, *, until: date | None, reason: str, day: date, by: User | None
) -> SetAside:
    """Do not count the check of this person from the day on, up to and including `until`.

    Raises ValidationError without a reason or an end, for an end before the day, and where it is set aside already.
    """
    _refuse(until, reason, day)
    row = SetAside(
        check_code=check.code, official=official, start_date=day, end_date=until, reason=reason.strip(), made_by=by
    )
    row.full_clean()
    row.save()
    return row


@signed
def set_aside_many(
    check: Check, officials: Iterable[int], *, until: date | None, reason: str, day: date, by: User | None
) -> None:
    """What set_aside does, of many people (keys) of whom the check is not set aside; raises as it does."""
    _refuse(until, reason, day)
    SetAside.objects.bulk_create(
        SetAside(
            check_code=check.code, official_id=key, start_date=day, end_date=until, reason=reason.strip(), made_by=by
        )
        for key in officials
    )


def _refuse(until: date | None, reason: str, day: date) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do để sang một bên."})
    if until is not None and until < day:
        raise ValidationError({"end_date": f"Ngày kết thúc đã qua: hãy chọn từ ngày {day:%d/%m/%Y} trở đi."})


@signed
def end_set_aside(row: SetAside, *, day: date, by: User | None) -> None:
    """Count the check again from the day on. One that began on the day, or after it, is taken away."""
    if row.begins_before(day):
        row.end_date = day - timedelta(days=1)
        row.save(update_fields=["end_date"])
    else:
        row.delete()
