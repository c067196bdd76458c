"""What is to be done about accounts (cadres/to_do.py). What an account holds is a matter of the clock's day."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from cadres.models import RoleGrant, User
from cadres.models.users import day_of_roles
from cadres.roles import MUST_HAVE_SECOND_FACTOR
from cadres.to_do import ToDo

SOON = timedelta(days=30)


def _without_role(user: User, day: date) -> QuerySet[User, Any]:
    return User.objects.filter(is_active=True).exclude(pk__in=RoleGrant.objects.held_now().values("user"))


def _losing_a_role(user: User, day: date) -> QuerySet[User, Any]:
    ending = RoleGrant.objects.held_now().ended_before(day_of_roles() + SOON)
    return User.objects.filter(is_active=True, pk__in=ending.values("user"))


def _without_second_factor(user: User, day: date) -> QuerySet[User, Any]:
    held = RoleGrant.objects.held_now().filter(role__in=MUST_HAVE_SECOND_FACTOR)
    return User.objects.filter(is_active=True, second_factor_since=None, pk__in=held.values("user"))


ACCOUNTS = {
    "chua_co_vai_tro": ToDo("tài khoản đang dùng chưa có vai trò", _without_role),
    "sap_het_vai_tro": ToDo("tài khoản có vai trò hết hạn trong 30 ngày", _losing_a_role),
    "chua_hai_buoc": ToDo("tài khoản phải xác thực hai bước mà chưa bật", _without_second_factor),
}
