"""Accounts: a role says what a person may do, a scope says on which units."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from cadres import roles
from cadres.models.units import Unit
from cadres.periods import Period, PeriodQuerySet, ends_after_start, no_overlap


class AccountManager(UserManager["User"]):
    def create_user(self, username: str, *args: Any, **fields: Any) -> "User":
        """Django's, but an account may sign in unless it is said otherwise."""
        return super().create_user(username, *args, **{"is_staff": True, **fields})


class User(AbstractUser):
    role = models.CharField("vai trò", max_length=20, choices=list(roles.LABELS.items()))
    full_name = models.CharField("họ và tên", max_length=100)

    # Every account works in the admin site; what it may do there is roles.TABLE.
    is_staff = models.BooleanField("được đăng nhập", default=True)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    REQUIRED_FIELDS = ["role", "full_name"]

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def sees_every_unit(self) -> bool:
        return self.role in roles.SEES_EVERY_UNIT


class UserScope(Period):
    """A unit (with all below it) given to an account for a period."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="scopes", verbose_name="tài khoản")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị phụ trách")

    objects = PeriodQuerySet["UserScope"].as_manager()

    class Meta:
        verbose_name = "đơn vị phụ trách"
        verbose_name_plural = "đơn vị phụ trách"
        constraints = (
            ends_after_start("user_scope_ends_after_start"),
            no_overlap(
                "user_scope_once_a_day", "user", "unit", message="Đơn vị này đã được giao trong khoảng thời gian đó."
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.unit}"
