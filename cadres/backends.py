"""How an account is signed in: Django's backend, with the permissions of the roles that the account holds today."""

import json
from collections.abc import Hashable
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.http import HttpRequest

from cadres import roles
from cadres.kept_plans import planned_once
from cadres.models import RoleGrant, User
from cadres.models.users import day_of_roles, grant_told, granted
from cadres.proofs import can_be_asked, secret
from cadres.walls import keeping_for


class RoleBackend(ModelBackend):
    """Permissions come from the account's roles (roles.TABLE); there are no group rows to keep in step."""

    def get_user(self, user_id: int) -> User | None:
        """The account with what it holds today, so that every question about it begins with what is known."""
        proved = (connection.connection.info.backend_pid, settings.SECRET_KEY) if can_be_asked() else None
        sql, params = _asking(user_id, day_of_roles(), proved)
        with planned_once():
            user: Any = next(iter(User.objects.raw(sql, params)), None)
        if user is None or not user.is_active:
            return None
        user.password = user.hashed  # which the session is compared with
        user.grants_today = [granted(json.loads(one)) for one in user.held]
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Also a suspended one, which the sign-in refuses (cadres.sign_in): whoever knows the password is told why."""
        return True

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **given: Any
    ) -> Any:
        """Django's; a password hashed in an older way is hashed anew, and that is for the account alone to write."""
        key = User.objects.filter(username=username).values_list("pk", flat=True).first()
        with keeping_for(key or 0):
            return super().authenticate(request, username=username, password=password, **given)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """As `get_all_permissions` says, without a set of its own for each of the dozens of questions of a page."""
        may_ask = obj is None and user_obj.is_active and not user_obj.is_anonymous
        return may_ask and perm in roles.permissions_of(user_obj.roles_today)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return set(roles.permissions_of(user_obj.roles_today))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))


@lru_cache(maxsize=1000)
def _asking(user_id: int, day: date, proved: Hashable) -> tuple[str, tuple[Any, ...]]:
    """The query for an account with what it holds on the day, and its parameters.

    It is asked before every page, and Django takes far longer to build it than PostgreSQL to answer. `proved` is what
    the proof in it hangs on: the session of the database and our key; None where none is asked for.
    """
    grants = RoleGrant.objects.as_of(day).filter(user=OuterRef("pk")).order_by("role", "unit")
    held = ArraySubquery(grants.values(held=grant_told()))
    asked = User.objects.annotate(held=held, hashed=secret("password", user_id)).filter(pk=user_id).order_by()
    return asked.query.sql_with_params()
