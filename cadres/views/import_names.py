"""The names that a file spells otherwise than the registry: which spelling is right is for a person to say."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.models import ImportBatch
from cadres.roster.batch import BatchStateError
from cadres.roster.changes import respelt
from cadres.roster.decisions import decide_names, names_spelt_otherwise
from cadres.roster.matching import TAKE_NAME
from cadres.views.import_batches import batch_to_write
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of

TAKE, LEAVE, ALL = "sua", "giu", "tat_ca"


@permission_needed("cadres.change_importbatch")
def import_names(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a staged batch that spell a name otherwise; a POST decides about one, or about all of the file."""
    batch = batch_to_write(request, pk)
    if batch.state != ImportBatch.State.STAGED:
        raise PermissionDenied(f"Danh sách này {batch.get_state_display().lower()} nên không làm việc đó được.")
    rows = names_spelt_otherwise(batch)
    if request.method == "POST":
        _decide(request, batch)
        return redirect(request.get_full_path())
    page = shown_page(request, rows.select_related("official"))
    page.object_list = [
        (row, respelt(row.official.full_name, row.understood["full_name"]), TAKE_NAME in row.decision)
        for row in page.object_list
        if row.official
    ]
    taken = rows.filter(**{f"decision__{TAKE_NAME}": True}).count()
    return render(
        request,
        "cadres/import_names.html",
        {
            "title": "Họ tên ghi khác hồ sơ",
            "batch": batch,
            "page": page,
            "taken": taken,
            "left": page.paginator.count - taken,
            "TAKE": TAKE,
            "LEAVE": LEAVE,
            "ALL": ALL,
        },
    )


def _decide(request: HttpRequest, batch: ImportBatch) -> None:
    what, whom = request.POST.get("viec"), request.POST.get("dong", "")
    row = key_of(whom)
    if what not in (TAKE, LEAVE) or (row is None and whom != ALL):
        messages.error(request, "Hãy chọn một trong các cách.")
        return
    try:
        count = decide_names(batch, None if row is None else [row], take=what == TAKE, by=account(request))
    except (ValidationError, BatchStateError) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        return
    done = "sẽ được sửa theo danh sách khi ghi" if what == TAKE else "giữ như hồ sơ"
    messages.success(request, f"{count} họ tên {done}.")
