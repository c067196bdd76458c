"""The batch that a page of an import is about."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from cadres.access import fetch_or_404
from cadres.models import ImportBatch
from cadres.web.permissions import account
from cadres.web.versions import to_be_changed


def batch_in(request: HttpRequest, pk: int, *states: ImportBatch.State) -> ImportBatch:
    """The batch in scope, locked by a POST. Raises Http404 out of scope, PermissionDenied in a state not named."""
    return _in_state(request, to_be_changed(request, ImportBatch.objects.select_related("unit")), pk, states)


def batch_looked_at(request: HttpRequest, pk: int, *states: ImportBatch.State) -> ImportBatch:
    """Like `batch_in`, not locked by a POST: for work that takes a turn first, as whoever writes does."""
    return _in_state(request, ImportBatch.objects.select_related("unit"), pk, states)


def _in_state(
    request: HttpRequest, batches: QuerySet[ImportBatch], pk: int, states: Collection[ImportBatch.State]
) -> ImportBatch:
    batch = fetch_or_404(batches, account(request), pk=pk)
    if batch.state not in states:
        raise PermissionDenied(f"Danh sách này {batch.get_state_display().lower()} nên không làm việc đó được.")
    return batch
