"""How an account is signed in: Django's backend, with the permissions of the roles that the account holds today."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest

from cadres import roles
from cadres.models import RoleGrant, User
from cadres.models.users import grant_told, granted
from cadres.proofs import secret
from cadres.walls import keeping_for


class RoleBackend(ModelBackend):
    """Permissions come from the account's roles (roles.TABLE); there are no group rows to keep in step."""

    def get_user(self, user_id: int) -> User | None:
        """The account with what it holds today, so that every question about it begins with what is known."""
        grants = RoleGrant.objects.held_now().filter(user=OuterRef("pk")).order_by("role", "unit")
        held = ArraySubquery(grants.values(held=grant_told()))
        user = User.objects.annotate(held=held, hashed=secret("password", user_id)).filter(pk=user_id).first()
        if user is None or not user.is_active:
            return None
        user.password = user.hashed  # which the session is compared with
        user.grants_today = [granted(one) for one in user.held]
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

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not user_obj.is_active or user_obj.is_anonymous:
            return set()
        return set(roles.permissions_of(user_obj.roles_today))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
