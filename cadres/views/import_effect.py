"""What writing a roster would do to the rate, on its preview: worked out apart from the page, which is there at once.

The page asks for it by a POST (effect.js sends it and puts what comes back into its place; without scripts a button
does). A long file is tried by a process of the work queue, and the page asks again until it is there.
"""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.models import ImportBatch
from cadres.roster.batch import BatchChangedError, BatchStateError, Step, compare_again
from cadres.roster.foretelling import foretell_batch, foretold_of, review_of
from cadres.roster.long_work import State as WorkState
from cadres.roster.long_work import Work, begin, is_long_to_write, work_on
from cadres.views.import_batches import batch_looked_at
from cadres.web.permissions import account, permission_needed

FRAGMENT = "X-Fragment"  # the header by which effect.js asks for the part of the page alone
CONTRADICTS = "Danh sách mâu thuẫn với hồ sơ nên chưa tính được. Hãy tải lại tệp để xem trước lại."


def effect_shown(batch: ImportBatch, work: Work | None) -> dict[str, Any]:
    """What the part of the page needs: what was told, or whether `work` (of work_on) is about that."""
    foretold = foretold_of(batch)
    is_under_way = work is not None and work.progress.step == Step.FORETELLING and work.state != WorkState.STOPPED
    return {
        "foretold": foretold,
        "checks_moved": review_of(batch) if foretold else [],
        "is_under_way": is_under_way,
        "batch": batch,
    }


@permission_needed("cadres.change_importbatch")
def import_effect(request: HttpRequest, pk: int) -> HttpResponse:
    """What writing the batch would do; a POST works it out, once."""
    user = account(request)
    batch = batch_looked_at(request, pk, ImportBatch.State.STAGED)
    problem = ""
    if request.method == "POST":
        try:
            if is_long_to_write(batch):
                begin(batch, Step.FORETELLING, by=user)
            else:
                foretell_batch(batch, by=user)
        except BatchChangedError as error:
            compare_again(batch, by=user)
            problem = f"{error} Hãy tải lại trang."
        except BatchStateError as error:
            problem = str(error)
        except IntegrityError:
            problem = CONTRADICTS
    if FRAGMENT in request.headers:
        return render(request, "cadres/import_effect.html", effect_shown(batch, work_on(batch)) | {"problem": problem})
    if problem:
        messages.error(request, problem)
    return redirect("cadres:import-batch", pk=pk)
