"""The batch that a page of an import is about."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cadres.access import fetch_or_404
from cadres.models import ImportBatch
from cadres.web.permissions import account
from cadres.web.versions import to_be_changed


def batch_in(request: HttpRequest, pk: int, *states: ImportBatch.State) -> ImportBatch:
    """The batch in scope. Raises Http404 out of scope, PermissionDenied in another state than those named."""
    batches = to_be_changed(request, ImportBatch.objects.select_related("unit"))
    batch = fetch_or_404(batches, account(request), pk=pk)
    if batch.state not in states:
        raise PermissionDenied(f"Danh sách này {batch.get_state_display().lower()} nên không làm việc đó được.")
    return batch
