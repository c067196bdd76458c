"""How far a file has come that somebody waits for.

The page makes a key up and asks for the file with it (files.js). While its rows are written, their number lies in a
file of DATA_DIR, named after the account and the key, and the page asks for it. The key comes back as a cookie with the
file: a browser tells the page in no other way that a file has come.
"""

import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from cadres.models import User
from cadres.web.permissions import account

R = TypeVar("R")

ASKED_WITH, COME = "theo_doi", "tep_da_lap"  # of the address; the cookie
KEY = re.compile("[0-9a-f]{32}")
A_WHILE = 0.5  # seconds between two words about the progress
LEFT_BEHIND = 60 * 60  # seconds after which nobody writes any more: the process was killed


def told(request: HttpRequest, rows: Iterable[R]) -> Iterable[R]:
    """The rows of a file as they are written; how many, is told to who waits for the file that the request asks for."""
    key = _key(request)
    return _counted(rows, _place(account(request), key)) if key else rows


def come(request: HttpRequest, file: HttpResponseBase) -> HttpResponseBase:
    """The file, which tells the page that waits for it that it has come."""
    if key := _key(request):
        file.set_cookie(COME, key, max_age=60, secure=request.is_secure(), samesite="Lax")
    return file


def written(key: str, by: User) -> int:
    """How many rows are written of the file that the account waits for; 0 before the first, and once it has come."""
    with suppress(FileNotFoundError, ValueError):
        return int(_place(by, key).read_text())
    return 0


def _key(request: HttpRequest) -> str:
    key = request.GET.get(ASKED_WITH, "")
    return key if KEY.fullmatch(key) else ""


def _place(by: User, key: str) -> Path:
    return Path(settings.DATA_DIR) / "files-under-way" / f"{by.pk}-{key}"


def _counted(rows: Iterable[R], place: Path) -> Iterator[R]:
    last = 0.0
    _forget_old(place.parent)
    try:
        for number, row in enumerate(rows, 1):
            if time.monotonic() - last >= A_WHILE:
                last = time.monotonic()
                with suppress(OSError):  # a full disk: the file itself may still find room
                    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    place.write_text(str(number))
            yield row
    finally:
        place.unlink(missing_ok=True)


def _forget_old(folder: Path) -> None:
    for place in folder.glob("*-*"):
        with suppress(FileNotFoundError):
            if time.time() - place.stat().st_mtime > LEFT_BEHIND:
                place.unlink()
