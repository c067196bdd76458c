"""How a roster file was read: its sheets, columns and unknown words, each to be put right by hand and remembered."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from cadres.access import fetch_or_404
from cadres.models import ImportBatch, Level, User
from cadres.roster.columns import COLUMNS
from cadres.roster.decisions import (
    choose_date_order,
    choose_day_and_unit,
    choose_scope,
    learn_spellings,
    map_columns,
    unknown_values,
)
from cadres.roster.declared import Declared
from cadres.roster.owners import decides_for_everybody, owners_of_file
from cadres.views.import_again import read_again
from cadres.views.import_batches import batch_to_write, may_write
from cadres.views.import_sheets import sheet_forms
from cadres.views.import_words import as_shown
from cadres.views.imports import PlaceForm
from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed

AUTOMATIC = "auto"
READABLE = (ImportBatch.State.STAGED, ImportBatch.State.FAILED, ImportBatch.State.WAITING)
MARK_COLUMNS = {
    "birth_date:M": "Năm sinh (cột Nam)",
    "birth_date:F": "Năm sinh (cột Nữ)",
    "sex:M": "Giới tính (đánh dấu x là Nam)",
    "sex:F": "Giới tính (đánh dấu x là Nữ)",
}


def targets() -> list[tuple[str, Any]]:
    """What a column may be declared to be, for a drop-down list: (target, name), marks of levels grouped at the end."""
    levels = list(
        Level.objects.order_by("dimension__order", "rank").values_list(
            "dimension__code", "dimension__name", "code", "name"
        )
    )
    dimensions = {dimension: name for dimension, name, _, _ in levels}
    fields = {column.field: column.label for column in COLUMNS if column.label} | dimensions
    marks = [(f"{dimension}:{code}", f"{about}: {name}") for dimension, about, code, name in levels]
    return [
        (AUTOMATIC, "Tự nhận theo tiêu đề"),
        ("", "Bỏ qua cột này"),
        *sorted(fields.items(), key=lambda field: field[1].casefold()),
        ("Cột đánh dấu x", [*MARK_COLUMNS.items(), *marks]),
    ]


@permission_needed("cadres.view_importbatch")
def import_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Sheets, columns and unknown words of a file; a POST declares columns, and the file is read again."""
    user = account(request)
    batch = fetch_or_404(ImportBatch.objects.select_related("unit", "created_by"), user, pk=pk)
    may_change = batch.state in READABLE and may_write(request, batch)
    sheets = batch.summary.get("sheets", [])
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied("Không sửa được cách đọc của danh sách này nữa.")
        return _declare(request, batch, sheets, user)
    mapped = _declared(batch, user).decisions
    names = _names(targets())
    words = unknown_values(batch) if batch.state == ImportBatch.State.STAGED else []
    return render(
        request,
        "cadres/import_reading.html",
        {
            "title": f"Cách đọc tệp {batch.file_name}",
            "batch": batch,
            "sheets": [
                sheet
                | {
                    "columns": [
                        column
                        | {
                            "place": f"{at}-{column['index']}",
                            "samples": as_shown(column["samples"]),
                            "mapping": (mapping := mapped.get((sheet["key"], column["key"]))),
                            "chosen": mapping.field if mapping else AUTOMATIC,
                            "name": names.get(column["target"], column["target"]),
                            "suggested_name": names.get(suggested, "")
                            if (suggested := column.get("suggested"))
                            else "",
                        }
                        for column in sheet["columns"]
                    ]
                }
                for at, sheet in enumerate(sheets)
            ],
            "skipped": batch.summary.get("skipped_sheets", []),
            "hidden": batch.summary.get("hidden_sheets", []),
            "sheet_forms": sheet_forms(batch) if may_change else [],
            "targets": targets() if may_change else [],
            "words": words,
            "may_change": may_change,
            "place_form": PlaceForm(
                user=user,
                day=batch.as_of or working_day(request),
                initial={"as_of": batch.chosen_day, "unit": batch.chosen_unit},
            )
            if may_change
            else None,
        },
    )


def _declared(batch: ImportBatch, user: User) -> Declared:
    """What holds for the columns of the file."""
    layouts = {sheet["key"] for sheet in batch.summary.get("sheets", ())}
    return Declared.load(owners_of_file(batch.chosen_unit, user), layouts=layouts)


def column_names() -> dict[str, str]:
    """Target of a column → what it is called."""
    return _names(targets())


def _names(choices: list[tuple[str, Any]]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for target, name in choices:
        flat |= dict(name) if isinstance(name, list) else {target: name}
    return flat


def _declare(request: HttpRequest, batch: ImportBatch, sheets: list[dict[str, Any]], user: User) -> HttpResponse:
    allowed = set(_names(targets()))
    held = {place: mapping.field for place, mapping in _declared(batch, user).decisions.items()}
    columns: dict[tuple[str, str], str | None] = {}
    overtaken: list[str] = []
    names = _names(targets())
    for at, sheet in enumerate(sheets):
        for column in sheet["columns"]:
            place = f"{at}-{column['index']}"
            wanted = request.POST.get(place)
            key = (sheet["key"], column["key"])
            now = held.get(key, AUTOMATIC)
            shown = request.POST.get(f"was-{place}", now)  # what the page showed, and its reader may have left alone
            if wanted is None or wanted not in allowed or wanted in (now, shown):
                continue
            if shown != now:
                overtaken.append(f"“{column['title']}”: họ chọn {names.get(now, now)}, bạn chọn {names[wanted]}")
                continue
            columns[key] = None if wanted == AUTOMATIC else wanted
    if overtaken:
        messages.warning(
            request, f"Vừa có người khác chọn cách đọc, được giữ như họ chọn: {'; '.join(overtaken)}. Cần thì chọn lại."
        )
    if not columns and not overtaken:
        messages.info(request, "Chưa chọn khác đi cột nào nên không đọc lại tệp.")
    if not columns:
        return redirect("cadres:import-reading", pk=batch.pk)
    whose = "mọi đơn vị" if decides_for_everybody(user) else "đơn vị"
    done = f"Đã ghi nhớ {len(columns)} cột cho tệp cùng bố cục của {whose} và đọc lại tệp."
    read_again(request, lambda: map_columns(batch, columns, by=user), done)
    return redirect("cadres:import-batch" if "from_preview" in request.POST else "cadres:import-reading", pk=batch.pk)


@require_POST
@permission_needed("cadres.change_importbatch")
def import_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day or unit for a file, which is read again."""
    user = account(request)
    batch = batch_to_write(request, pk)
    form = PlaceForm(request.POST, user=user, day=batch.as_of or working_day(request))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("cadres:import-reading", pk=pk)
    day, unit = form.cleaned_data["as_of"], form.cleaned_data["unit"]
    read = read_again(
        request, lambda: choose_day_and_unit(batch, as_of=day, unit_code=unit, by=user), "Đã đọc lại tệp."
    )
    return redirect("cadres:import-batch" if (read or batch).as_of else "cadres:import-reading", pk=pk)


@require_POST
@permission_needed("cadres.change_importbatch")
def import_date_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the dates of a file are written month first; the file is read again."""
    user = account(request)
    batch = batch_to_write(request, pk)
    order = request.POST.get("date_order", "")
    if order not in ImportBatch.DateOrder.values:
        raise BadRequest("Hãy chọn ngày trong tệp được ghi theo thứ tự nào.")
    read_again(request, lambda: choose_date_order(batch, order, by=user), "Đã đọc lại tệp.")
    return redirect("cadres:import-batch", pk=pk)


@require_POST
@permission_needed("cadres.change_importbatch")
def import_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file is a list of; the preview is made anew."""
    user = account(request)
    batch = batch_to_write(request, pk)
    scope = request.POST.get("scope", "")
    if scope not in ("", *ImportBatch.Scope.values):
        raise BadRequest("Hãy chọn danh sách này là đầy đủ, chỉ cán bộ, chỉ công chức hay bổ sung.")
    read_again(request, lambda: choose_scope(batch, scope, by=user), "Đã so lại danh sách với hồ sơ.")
    return redirect("cadres:import-batch", pk=pk)


@require_POST
@permission_needed("cadres.change_importbatch")
def import_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Teach what the words not understood mean (`nhan`: that one means what is suggested); the file is read again."""
    user = account(request)
    batch = batch_to_write(request, pk)
    accepted = request.POST.get("nhan", "")
    back = "cadres:import-batch" if "xem_truoc" in request.POST else "cadres:import-reading"
    spellings = [
        (value.field, value.value, code)
        for at, value in enumerate(unknown_values(batch))
        if (code := value.suggested if accepted == str(at) else request.POST.get(f"tu-{at}"))
        and request.POST.get(f"viet-{at}") == value.value
    ]
    if not spellings:
        messages.info(request, "Chưa chọn nghĩa cho từ nào.")
        return redirect(back, pk=pk)
    whose = "mọi đơn vị" if decides_for_everybody(user) else "đơn vị"
    done = f"Đã ghi nhớ {len(spellings)} cách viết cho tệp của {whose} và đọc lại tệp."
    try:
        read_again(request, lambda: learn_spellings(batch, spellings, by=user), done)
    except IntegrityError:
        messages.error(request, "Vừa có người khác chọn nghĩa cho cùng một từ. Hãy xem lại rồi chọn tiếp.")
    return redirect(back, pk=pk)
