"""Signing in by the forms, as a browser does; the clock of what was tried before is moved in its rows."""

import time
from base64 import b32decode
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from cadres.models import Session, User, Visit

PASSWORD = "mật khẩu thử"  # of make_user
SIGN_IN, HOME = reverse("admin:login"), reverse("reports:home")


def try_password(client: Client, username: str, password: str, address: str = "10.0.0.1", **more: str) -> Any:
    return client.post(SIGN_IN, {"username": username, "password": password, **more}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    return client.get(reverse("cadres:own-account")).status_code == 200


def fail(username: str, times: int, address: str = "10.0.0.1") -> list[int]:
    """Try a wrong password so often; the answers."""
    return [try_password(Client(), username, "sai rồi", address).status_code for _ in range(times)]


def let_pass(minutes: float) -> None:
    """What was tried was tried so long before."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))


def idle(user: User, minutes: float) -> None:
    """The sessions of the account were last used so long before."""
    past = timedelta(minutes=minutes)
    Session.objects.filter(account=user).update(seen_at=F("seen_at") - past, expire_date=F("expire_date") - past)


def code_of(key: str, step: int = 0) -> str:
    """What a telephone with the key (as it is typed in) shows now, or so many half minutes later."""
    totp = TOTP(b32decode(key.replace(" ", "")))
    totp.time = time.time() + 30 * step
    return f"{totp.token():06d}"


def visits() -> list[tuple[str, str]]:
    return [(visit.kind, visit.username) for visit in Visit.objects.order_by("pk")]
