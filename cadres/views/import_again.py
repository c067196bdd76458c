"""A roster file that is read again after somebody said how: what came of it is told in a message."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from cadres.models import ImportBatch
from cadres.roster.batch import BatchStateError


def read_again(request: HttpRequest, change: Callable[[], ImportBatch], done: str) -> ImportBatch | None:
    """The batch as `change` has read it; None where that was refused. `done` is said where the file can be read."""
    try:
        batch = change()
    except BatchStateError as error:
        messages.error(request, str(error))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if batch.state == ImportBatch.State.FAILED:
            messages.error(request, batch.problem)
        else:
            messages.success(request, done)
        return batch
    return None
