"""A paper as the answer of a page: its file in the form asked for, or a page that says why it cannot be made."""

from collections.abc import Callable

from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpResponse

from cadres.web.downloads import download
from courses.documents.kinds import Kind
from courses.documents.word_templates import word_document
from courses.documents.wording import Content
from courses.documents.workbooks import SHEETS, workbook

WORD, EXCEL = "docx", "xlsx"
WRITERS: dict[str, Callable[[Content], bytes]] = {WORD: word_document, EXCEL: workbook}


def file_types(kind: Kind) -> list[str]:
    """The forms in which a paper of the kind is to be had: a workbook of those that hold a list."""
    return [WORD, EXCEL] if kind in SHEETS else [WORD]


def printed(kind: Kind, file_type: str, make: Callable[[], Content]) -> HttpResponse:
    """The file of a paper. Raises Http404 for a form in which there is none, BadRequest where it cannot be made."""
    if file_type not in file_types(kind):
        raise Http404(f"“{kind.label}” không có dạng tệp {file_type}.")
    try:
        content = make()
        return download(WRITERS[file_type](content), f"{content.stem}.{file_type}")
    except ValidationError as refusal:
        raise BadRequest(" ".join(refusal.messages)) from refusal
