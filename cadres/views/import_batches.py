"""The batch that a page of an import is about."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.access import fetch_or_404, units_given, writable_by
from cadres.models import ImportBatch
from cadres.web.permissions import account
from cadres.web.versions import to_be_changed

CHANGE = "cadres.change_importbatch"


def batch_to_write(request: HttpRequest, pk: int) -> ImportBatch:
    """The batch that the account may work on, in any state. Raises Http404 of one that it may only look at, or not."""
    user = account(request)
    return fetch_or_404(writable_by(ImportBatch.objects.select_related("unit"), user), user, pk=pk)


def may_write(request: HttpRequest, batch: ImportBatch) -> bool:
    """Whether the account may work on a batch that it sees, and not only look at it."""
    user = account(request)
    if not user.has_perm(CHANGE):
        return False
    return units_given(user, CHANGE) is None or writable_by(ImportBatch.objects.filter(pk=batch.pk), user).exists()


def batch_in(request: HttpRequest, pk: int, *states: ImportBatch.State) -> ImportBatch:
    """The batch to be worked on, locked by a POST. Raises Http404 for others, PermissionDenied in a state not named."""
    return _in_state(request, to_be_changed(request, ImportBatch.objects.select_related("unit")), pk, states)


def batch_looked_at(request: HttpRequest, pk: int, *states: ImportBatch.State) -> ImportBatch:
    """Like `batch_in`, not locked by a POST: for work that takes a turn first, as whoever writes does."""
    return _in_state(request, ImportBatch.objects.select_related("unit"), pk, states)


def _in_state(
    request: HttpRequest, batches: QuerySet[ImportBatch], pk: int, states: Collection[ImportBatch.State]
) -> ImportBatch:
    batch = fetch_or_404(writable_by(batches, account(request)), account(request), pk=pk)
    if batch.state not in states:
        raise PermissionDenied(f"Danh sách này {batch.get_state_display().lower()} nên không làm việc đó được.")
    return batch
