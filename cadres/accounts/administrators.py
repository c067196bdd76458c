"""The last administrator cannot be lost: without one nobody could let anybody in any more."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from cadres import roles
from cadres.models import RoleGrant
from cadres.models.users import day_of_roles

A_DAY = timedelta(days=1)

LAST = (
    "Đây là người quản trị hệ thống cuối cùng. Hãy giao vai trò quản trị, không có ngày hết hạn, cho một tài khoản "
    "khác đang hoạt động rồi làm lại."
)


@contextmanager
def one_remains() -> Iterator[None]:
    """Within it roles are taken or accounts suspended, in a transaction; whoever does so at the same time waits.

    Raises ValidationError where there would be a day, from today on, on which nobody is an administrator.
    """
    held = RoleGrant.objects.filter(role=roles.ADMINISTRATOR)
    list(held.order_by("pk").select_for_update(of=("self",)))
    yield
    day = day_of_roles()
    if not _cover(held.filter(user__is_active=True).lasting_to(day).order_by("start_date"), day):
        raise ValidationError(LAST)


def _cover(grants: Iterable[RoleGrant], day: date) -> bool:
    """Whether one of the grants, in the order in which they begin, is in force on the day and on each day after it."""
    for grant in grants:
        if not grant.has_begun(day):
            return False
        if grant.end_date is None:
            return True
        day = max(day, grant.end_date + A_DAY)
    return False
