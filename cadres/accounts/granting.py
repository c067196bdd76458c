"""Roles are given to accounts for a time, end, and go from one account to the next."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from cadres.accounts.administrators import one_remains
from cadres.history import act, signed
from cadres.models import RoleGrant, Unit, User
from cadres.periods import UNKNOWN_START

A_DAY = timedelta(days=1)
# What is given to an account for a time, by the names that lead there; institutions are of training (courses).
GIVEN = ("grants", "institutions")


@signed
def give(
    user: User, *, role: str, unit: Unit | None, start_date: date, end_date: date | None, by: User | None
) -> RoleGrant:
    """Give the role for these days, both included (no end: until it is ended), an officer's for the unit.

    Raises ValidationError where the role has a unit too many or none, ends before it begins, or is held already.
    """
    grant = RoleGrant(user=user, role=role, unit=unit, start_date=start_date, end_date=end_date)
    grant.full_clean()
    with act(reason="Tự giao vai trò cho mình" if by == user else ""):
        grant.save()
    return grant


@signed
def end_grant(grant: RoleGrant, *, on: date, by: User | None) -> None:
    """The role is held to the end of that day; one that would not have begun by then is taken out.

    Raises ValidationError for the last administrator, and where the role ends before that day anyway.
    """
    with one_remains():
        grant = RoleGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
        if grant.has_ended(on):
            raise ValidationError({"on": f"Vai trò này đã hết hạn từ {grant.end_date:%d/%m/%Y}, trước ngày đó."})
        _end(grant, on)


@signed
def hand_over(user: User, *, to: User, on: date, by: User | None) -> list[Any]:
    """From that day on the successor holds what the account holds, with its ends; the account itself to the day before.

    What was done stays in the name of who did it; what is open is found by the unit or institution, or by whose
    successor somebody is (User.predecessors). Returns what was handed on. Raises ValidationError where there is
    nothing, where the successor is the account itself or suspended, and for the last administrator.
    """
    if to == user or not to.is_active:
        raise ValidationError({"to": "Hãy chọn một tài khoản khác đang hoạt động."})
    handed = []
    with one_remains():
        for name in GIVEN:
            for row in getattr(user, name).lasting_to(on).select_for_update(of=("self",)):
                handed.append(row)
                _hand_on(row, to, on)
        if not handed:
            raise ValidationError({"on": "Từ ngày đó tài khoản không còn vai trò nào để bàn giao."})
        user.succeeded_by = to
        user.save(update_fields=["succeeded_by"])
    return handed


def _hand_on(row: Any, to: User, on: date) -> None:
    """The row to the day before; one like it for the successor, which takes in what they hold of the same by then."""
    same = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    start, end = max(row.start_date, on), row.end_date
    others = type(row).objects.filter(user=to)
    held = [other for other in others if _what(other) == _what(row) and other.shares_a_day(start, end)]
    starts, ends = [start, *(other.start_date for other in held)], [end, *(other.end_date for other in held)]
    for other in held:
        other.delete()
    _end(row, on - A_DAY)
    lasting = None if None in ends else max(ends)
    type(row).objects.create(**same | {"user_id": to.pk, "start_date": min(starts), "end_date": lasting})


def _what(row: Any) -> tuple[Any, ...]:
    """What is given, whoever holds it and when."""
    beside = ("id", "user_id", "start_date", "end_date")
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields if field.attname not in beside)


def _end(row: Any, on: date) -> None:
    if row.start_date != UNKNOWN_START and not row.has_begun(on):
        row.delete()
    else:
        row.end_date = on
        row.save(update_fields=["end_date"])
