"""Who may open a page: an account that is signed in and whose role (roles.py) has the permission."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from cadres.models import User


def account(request: HttpRequest) -> User:
    """The account that is signed in; permission_needed has seen to it."""
    return cast(User, request.user)


def permission_needed(
    permission: str,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view for signed-in accounts whose role has the permission; others are sent to sign in, or get 403."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied("Vai trò của tài khoản này không được làm việc đó.")
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # so that a test can write down who may open what
        return guarded

    return decorate
