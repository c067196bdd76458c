"""Accounts: a role says what an account may do, and is granted for a time; an officer's grant names the unit."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy

from cadres import roles
from cadres.models.units import Unit
from cadres.periods import Period, PeriodQuerySet, ends_after_start, no_overlap
from cadres.proofs import SecretField


def day_of_roles() -> date:
    """The day on which roles are judged: the clock's. Who may act is a matter of today, not of the day looked at."""
    return timezone.localdate()


class AccountManager(UserManager["User"]):
    def create_user(self, username: str, *args: Any, **fields: Any) -> "User":
        """Django's, but an account may sign in unless it is said otherwise."""
        return super().create_user(username, *args, **{"is_staff": True, **fields})

    def create_superuser(self, username: str, *args: Any, **fields: Any) -> "User":
        """The first account of an installation (`createsuperuser`): an administrator, who opens the others."""
        user = self.create_user(username, *args, **fields)
        RoleGrant.objects.create(user=user, role=roles.ADMINISTRATOR)
        return user

    def who_may(self, permission: str) -> models.QuerySet["User"]:
        """The accounts that are not suspended and hold a role today that has the permission."""
        grants = RoleGrant.objects.held_now().filter(role__in=roles.roles_with(permission))
        return self.filter(is_active=True, pk__in=grants.values("user"))


class Granted(NamedTuple):
    """A role that an account holds, and the key of the unit it holds it for; None: for all that the role reaches.

    `below` are the keys of the units that ever lay one step below that unit. Known, they let PostgreSQL foresee how
    few rows a scope has; it thinks of half of all units where it is to find them out in the same query.
    """

    role: str
    unit: int | None
    below: tuple[int, ...] = ()


def grant_told() -> JSONObject:
    """The columns of a query of grants as `granted` reads them."""
    below = Unit.objects.filter(versions__parent=OuterRef("unit")).order_by("pk").values("pk").distinct()
    return JSONObject(role="role", unit="unit", below=ArraySubquery(below))


def granted(told: dict[str, Any]) -> Granted:
    return Granted(told["role"], told["unit"], tuple(told["below"]))


class User(AbstractUser):
    full_name = models.CharField("họ và tên", max_length=100)
    password = SecretField(gettext_lazy("password"), max_length=128)

    # Since when the account is asked for a code at each sign-in (cadres/sign_in/second_factor.py); empty: it is not.
    second_factor_since = models.DateTimeField("xác thực hai bước từ", null=True, blank=True, editable=False)

    # Every account works in the admin site; what it may do there is roles.TABLE.
    is_staff = models.BooleanField("được đăng nhập", default=True)

    # Whoever knows the password has to choose another before anything else; a one-time word is good until the moment.
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False)
    word_expires_at = models.DateTimeField("mật khẩu dùng một lần có hạn đến", null=True, blank=True)
    suspended_for = models.CharField("lý do tạm ngừng", max_length=300, blank=True)
    # Who has taken over what the account held; what it had under way is theirs to finish.
    succeeded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="đã giao cho",
    )

    # What is told by mail, each by itself, to whoever has an address (command `remind`).
    remind_of_work = models.BooleanField("nhắc việc chờ xử lý, việc đến hạn", default=True)
    remind_of_data = models.BooleanField("nhắc dữ liệu cần rà soát, danh sách chờ ghi", default=True)

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    REQUIRED_FIELDS = ["full_name"]

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

    @cached_property
    def grants_today(self) -> list[Granted]:
        """What the account holds now: known from the beginning of a request (cadres.backends), else asked once."""
        held = self.grants.held_now().order_by("role", "unit")
        return [granted(one) for one in held.values_list(grant_told(), flat=True)]

    @property
    def roles_today(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants_today)

    def has_role(self, role: str) -> bool:
        return role in self.roles_today

    @property
    def roles_told(self) -> str:
        """The roles of today in words."""
        return ", ".join(label for role, label in roles.LABELS.items() if role in self.roles_today)

    @property
    def sees_every_unit(self) -> bool:
        return not roles.SEES_EVERY_UNIT.isdisjoint(self.roles_today)


class GrantQuerySet(PeriodQuerySet["RoleGrant"]):
    def held_now(self) -> Self:
        return self.as_of(day_of_roles())


class RoleGrant(Period):
    """A role given to an account for a period; an officer's with the unit (and all below it) that it is given for."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name="tài khoản")
    role = models.CharField("vai trò", max_length=20, choices=list(roles.LABELS.items()))
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="đơn vị phụ trách"
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò được giao"
        verbose_name_plural = "vai trò được giao"
        constraints = (
            ends_after_start("role_grant_ends_after_start"),
            models.CheckConstraint(
                condition=Q(role__in=sorted(roles.OF_A_UNIT), unit__isnull=False)
                | (~Q(role__in=sorted(roles.OF_A_UNIT)) & Q(unit__isnull=True)),
                name="role_grant_unit_of_officers",
                violation_error_message="Cán bộ đơn vị cần đơn vị phụ trách; vai trò khác không gắn với đơn vị.",
            ),
            no_overlap(
                "role_grant_once_a_day",
                *("user", "role", "unit"),
                message="Vai trò này ở đơn vị này đã được giao trong khoảng thời gian đó.",
            ),
            no_overlap(
                "role_grant_of_all_once_a_day",
                *("user", "role"),
                condition=Q(unit__isnull=True),
                message="Vai trò này đã được giao trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.unit}" if self.unit else self.get_role_display()
