"""How an account is signed in: Django's backend, with the permissions of the account's role."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from cadres import roles
from cadres.access import scopes_today
from cadres.models import User


class RoleBackend(ModelBackend):
    """Permissions come from the account's role (roles.TABLE); there are no group rows to keep in step."""

    def get_user(self, user_id: int) -> User | None:
        """The account with `given_units`, so that every question about its scope begins with keys that are known."""
        given = ArraySubquery(scopes_today().filter(user=OuterRef("pk")).values("unit"))
        user = User.objects.annotate(given_units=given).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return set(roles.permissions_of(user_obj.role))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
