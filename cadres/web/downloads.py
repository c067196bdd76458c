"""Files that a page hands out, to be kept and not shown."""

from dataclasses import replace
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase

from cadres.web.paper import head_of
from cadres.web.progress import come, told
from cadres.web.tables import WRITERS, Table

# What a file is, by the ending of its name.
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KEPT_IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger file is sent from the disk


def download(content: bytes, name: str) -> HttpResponse:
    """The content as a file of that name, whose ending says what it is."""
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[name.rpartition(".")[2]],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def download_file(file: IO[bytes], name: str) -> HttpResponseBase:
    """What was written to the file; a large one is sent from where it lies, and closed then."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size <= KEPT_IN_MEMORY:
        with file:
            return download(file.read(), name)
    return FileResponse(file, content_type=CONTENT_TYPES[name.rpartition(".")[2]], as_attachment=True, filename=name)


def download_table(request: HttpRequest, table: Table, stem: str, file_type: str) -> HttpResponse:
    """The table, with its agency and who made it, as a file of that type, xlsx or csv; who waits for it is told how
    far it has come. Raises Http404 for another type."""
    if file_type not in WRITERS:
        raise Http404
    file = cast(IO[bytes], SpooledTemporaryFile(max_size=KEPT_IN_MEMORY))  # noqa: SIM115 (the answer closes it)
    WRITERS[file_type](file, replace(table, rows=told(request, table.rows), **head_of(request)))
    return cast(HttpResponse, come(request, download_file(file, f"{stem}.{file_type}")))
