"""The answer to a request that makes no sense, sends too much or finds the disk full. 403 is Django's own, with our
template."""

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import page_not_found

from cadres.disk import is_full
from cadres.text import thousands

NULL = "\x00"
MEGABYTE = 2**20
# What is too much of one form, in words: what Django raises, and how much may be.
TOO_MUCH: tuple[tuple[type[Exception], str, int], ...] = (
    (
        TooManyFilesSent,
        "Gửi quá nhiều tệp một lúc: nhiều nhất {} tệp. Hãy gửi làm nhiều lần, hoặc nén các tệp thành một tệp .zip.",
        settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    ),
    (
        TooManyFieldsSent,
        "Biểu mẫu có quá nhiều ô: nhiều nhất {} ô. Hãy lọc danh sách cho ngắn lại rồi làm từng phần.",
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    ),
    (
        RequestDataTooBig,
        "Phần chữ của biểu mẫu quá dài: nhiều nhất {} MB. Hãy làm từng phần, hoặc gửi bằng tệp.",
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE,
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 in the shell, 413 where too much was sent. Only words of ours (BadRequest, TOO_MUCH) are shown.

    Django's own view renders the page without the request, so without menu and day.
    """
    for kind, told, most in TOO_MUCH:
        if isinstance(exception, kind):
            return _too_much(request, told.format(thousands(most)))
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own. Of an address that is not there nobody has read the form yet; the forms of the page would."""
    try:
        request.POST  # noqa: B018
    except tuple(kind for kind, _, _ in TOO_MUCH) as error:
        return bad_request(request, error)
    return page_not_found(request, exception)


def _too_much(request: HttpRequest, told: str) -> HttpResponse:
    return render(request, "413.html", {"told": told}, status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 507 where a disk is full; with a page that needs neither database nor account."""
    if is_full(sys.exception()):
        return HttpResponse(render_to_string("507.html"), status=507)
    return HttpResponse(render_to_string("500.html"), status=500)


class LargestPostMiddleware:
    """Refuse a form that is larger than may be, all files together, before anything of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.LARGEST_POST:
            most, one = settings.LARGEST_POST // MEGABYTE, settings.LARGEST_UPLOAD // MEGABYTE
            return _too_much(
                request,
                f"Các tệp gửi một lúc quá lớn: tất cả nhiều nhất {most} MB, mỗi tệp nhiều nhất {one} MB. Hãy gửi làm "
                "nhiều lần, hoặc tách thành nhiều tệp nhỏ hơn.",
            )
        return self.get_response(request)


class NullCharacterMiddleware:
    """Refuse a null character in an address or a form, before a view hands it on: PostgreSQL stores none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Not earlier, since the check against forged requests has then read the form. Raises BadRequest."""
        sent = (values for data in (request.GET, request.POST) for values in data.lists())
        if NULL in request.path or any(NULL in text for name, values in sent for text in (name, *values)):
            raise BadRequest("Địa chỉ hoặc biểu mẫu có ký tự không dùng được. Hãy nhập lại bằng bàn phím.")
