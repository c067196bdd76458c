"""Who may not try for a while: an account from one address after a few wrong passwords, an address after very many.

Failures are kept by django-axes, for a day after the last. Each one more doubles the wait. An office shares one
address, so that the address by itself is stopped only at a count that people do not reach by mistyping; and never for
long. Nothing that is tried during a wait makes it longer. The way back from the command line: `unlock`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.timezone import now


@dataclass(frozen=True)
class Limit:
    """The failure from which on one has to wait, for how long then, and at most."""

    failures: int
    first_wait: timedelta
    longest_wait: timedelta

    def until(self, failures: int | None, last: datetime | None) -> datetime | None:
        """When the wait ends after so many failures, the last of them then; None: nobody has to wait."""
        if last is None or failures is None or failures < self.failures:
            return None
        doubled = self.first_wait * 2 ** min(failures - self.failures, 20)
        return last + min(doubled, self.longest_wait)


OF_ACCOUNT = Limit(settings.AXES_FAILURE_LIMIT, timedelta(minutes=1), timedelta(hours=1))  # from one address
OF_ADDRESS = Limit(100, timedelta(minutes=1), timedelta(minutes=15))


def locked_until(address: str, username: str) -> datetime | None:
    """Until when the account may not sign in from the address; None where it may."""
    own = Q(username=username)
    found = (
        _recent()
        .filter(ip_address=address or None)
        .aggregate(
            failures=Sum("failures_since_start"),
            last=Max("attempt_time"),
            own_failures=Sum("failures_since_start", filter=own),
            own_last=Max("attempt_time", filter=own),
        )
    )
    ends = (
        OF_ACCOUNT.until(found["own_failures"], found["own_last"]),
        OF_ADDRESS.until(found["failures"], found["last"]),
    )
    return max((end for end in ends if end and end > now()), default=None)


def locked_now(username: str = "") -> list[tuple[str, str, datetime]]:
    """Account (empty: all), address and end of every wait there is; with a name those of that account alone."""
    counted = {"failures": Sum("failures_since_start"), "last": Max("attempt_time")}
    pairs = _recent().order_by().values("username", "ip_address").annotate(**counted)
    addresses = _recent().order_by().values("ip_address").annotate(**counted)
    waits = [
        (row.get("username") or "", row["ip_address"] or "", limit.until(row["failures"], row["last"]))
        for limit, rows in ((OF_ACCOUNT, pairs), (OF_ADDRESS, addresses))
        for row in rows
    ]
    return [(name, address, end) for name, address, end in waits if end and end > now() and username in ("", name)]


def unlock(username: str = "", address: str = "") -> None:
    """Forget what was tried by that name, or from that address, or by that name from that address."""
    named = {"username": username, "ip_address": address}
    AccessAttempt.objects.filter(**{column: value for column, value in named.items() if value}).delete()


def _recent() -> QuerySet[AccessAttempt]:
    return AccessAttempt.objects.filter(attempt_time__gt=now() - settings.AXES_COOLOFF_TIME)


class Handler(AxesDatabaseHandler):
    """What django-axes counts, judged by the limits above (AXES_HANDLER)."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        username = (credentials or {}).get("username") or ""
        return locked_until(request.META.get("REMOTE_ADDR", ""), username) is not None
