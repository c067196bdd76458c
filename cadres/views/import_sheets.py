"""How the sheets of a file are read: which are left out, whether hidden ones are read, and what leavers are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cadres.models import Appointment, ImportBatch
from cadres.roster.decisions import choose_sheets
from cadres.roster.sheet_choices import Reading
from cadres.views.import_again import read_again
from cadres.views.import_batches import batch_to_write
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed

STATES = {
    "read": "được đọc",
    "left_out": "không đọc, theo lựa chọn",
    "hidden": "bị ẩn, không đọc",
    "other": "không có danh sách",
}


class SheetForm(forms.Form):
    """What to do with one sheet. The day and the reason are asked where its people are to leave their posts."""

    reading = forms.ChoiceField(label="Cách đọc", required=False)
    end_date = DayField(label="Ngày cuối giữ chức danh", required=False)
    end_reason = forms.ChoiceField(
        label="Lý do", choices=[("", "Chưa chọn"), *Appointment.EndReason.given()], required=False
    )

    def __init__(self, *args: Any, use: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use = use
        if use["leavers"] or use["choice"] in (Reading.PEOPLE, Reading.ENDS):
            offered = [Reading.LEFT_OUT, Reading.PEOPLE, Reading.ENDS]
        else:
            offered = [Reading.READ] if use["is_hidden"] else [Reading.LEFT_OUT]
            del self.fields["end_date"], self.fields["end_reason"]
        found = "Chưa chọn" if use["leavers"] else "Như trong tệp"
        choices = [("", found), *((reading.value, reading.label) for reading in offered)]
        self.fields["reading"].choices = choices  # type: ignore[attr-defined]

    @property
    def told(self) -> str:
        """What the sheet has, and what becomes of it."""
        persons, leavers = self.use["persons"], self.use["leavers"]
        parts = [f"{persons} người"] if persons else []
        if leavers:
            parts.append(f"{leavers} người đã nghỉ, chuyển đi: không ghi là đang giữ chức danh")
        elif not persons or self.use["state"] != "read":
            parts.append(STATES[self.use["state"]])
        return "; ".join(parts)

    @property
    def choice(self) -> dict[str, str]:
        """What was chosen, as it is kept with the batch."""
        wanted = self.cleaned_data
        if wanted["reading"] != Reading.ENDS:
            return {"reading": wanted["reading"]} if wanted["reading"] else {}
        day = wanted["end_date"].isoformat() if wanted["end_date"] else ""
        return {"reading": wanted["reading"], "end_date": day, "end_reason": wanted["end_reason"]}


def sheet_forms(batch: ImportBatch, data: Any = None) -> list[SheetForm]:
    """A form for each sheet of the file, in its order."""
    return [
        SheetForm(
            data,
            use=use,
            prefix=f"trang-{at}",
            initial={"end_date": batch.as_of} | dict(batch.sheet_choices.get(use["name"], {})),
        )
        for at, use in enumerate(batch.summary.get("uses", ()))
    ]


def leavers_to_ask_about(batch: ImportBatch) -> list[dict[str, Any]]:
    """The sheets with people who have left, of which nobody has said what becomes of them."""
    return [use for use in batch.summary.get("uses", ()) if use["leavers"] and not use["choice"]]


@require_POST
@permission_needed("cadres.change_importbatch")
def import_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose how the sheets of a file are read; the file is read again."""
    user = account(request)
    batch = batch_to_write(request, pk)
    choices: dict[str, dict[str, str]] = {}
    for form in sheet_forms(batch, request.POST):
        name = form.use["name"]
        if not form.is_valid():
            told = " ".join(str(error) for errors in form.errors.values() for error in errors)
            messages.error(request, f"Trang “{name}”: {told}")
            return redirect("cadres:import-reading", pk=pk)
        if form.choice != batch.sheet_choices.get(name, {}):
            choices[name] = form.choice
    if not choices:
        messages.info(request, "Chưa chọn khác đi trang nào nên không đọc lại tệp.")
        return redirect("cadres:import-reading", pk=pk)
    done = "Đã đọc lại tệp theo cách chọn cho các trang."
    read = read_again(request, lambda: choose_sheets(batch, choices, by=user), done)
    is_read = read is not None and read.state != ImportBatch.State.FAILED
    return redirect("cadres:import-batch" if is_read else "cadres:import-reading", pk=pk)
