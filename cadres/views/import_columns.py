"""The columns of a file that are filled and not read, with what each may be, for the preview to ask about."""

from typing import Any

from openpyxl.utils import column_index_from_string

from cadres.models import ImportBatch
from cadres.roster.columns import labels
from cadres.views.import_words import as_shown


def unread_columns(batch: ImportBatch) -> list[dict[str, Any]]:
    """Each column that may matter, as told in the summary, with samples of it, the name of the field that its title
    resembles, and the name of its choice on the page of the file's columns ('' where it can be chosen nowhere)."""
    unread = [column for column in batch.summary.get("unread", ()) if column.get("kept") is not False]
    if not unread:
        return []
    names = labels()
    places = {
        (sheet["name"], column["index"]): (f"{at}-{column['index']}", column["samples"])
        for at, sheet in enumerate(batch.summary.get("sheets", ()))
        for column in sheet["columns"]
    }
    shown = []
    for column in unread:
        place, samples = places.get((column["sheet"], column_index_from_string(column["column"]) - 1), ("", []))
        label = names.get(column.get("suggested", ""), "")
        shown.append(column | {"place": place, "samples": as_shown(samples), "label": label})
    return shown
