"""Files that a page hands out, to be kept and not shown."""

from django.http import Http404, HttpResponse

from cadres.web.tables import WRITERS, Table

# What a file is, by the ending of its name.
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(content: bytes, name: str) -> HttpResponse:
    """The content as a file of that name, whose ending says what it is."""
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def download_table(table: Table, stem: str, file_type: str) -> HttpResponse:
    """The table as a file of that type, xlsx or csv. Raises Http404 for another."""
    if file_type not in WRITERS:
        raise Http404
    return download(WRITERS[file_type](table), f"{stem}.{file_type}")
