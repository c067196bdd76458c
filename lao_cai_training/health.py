"""How the installation is: database, disk, queue of long work, last backup; for those who keep it and for a monitor.

`/suc-khoe/` answers everybody with one line and a status (503 where something is broken), which says nothing else; who
may look at the installation is shown each part, with what to do.
"""

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cadres.roster.long_work import errors_file, queue
from cadres.text import thousands
from lao_cai_training.instance import is_demonstration, last_backup

MAY_SEE = "cadres.view_installation"
GIGABYTE = 2**30
SOON_FULL = 10  # times what uploads leave free: less is to be looked at
BACKUP_EVERY = timedelta(days=2)
STARTING = timedelta(minutes=2)  # until what waits has been taken up
ERRORS_OF = timedelta(days=7)
ERRORS_SHOWN = 10
LONGEST_LOOKED_AT = 64 * 1024  # bytes at the end of the file of errors
ERROR_LINE = re.compile(r"(?m)^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d+ (?:ERROR|CRITICAL) \S+: (.*)$")


class State(IntEnum):
    """The worst of all is the state of the whole."""

    GOOD = 0
    TO_LOOK_AT = 1
    BROKEN = 2


LINE = {State.GOOD: "hoạt động tốt", State.TO_LOOK_AT: "hoạt động, có việc cần xem", State.BROKEN: "có sự cố"}
TAG = {State.GOOD: "good", State.TO_LOOK_AT: "warn", State.BROKEN: "bad"}


@dataclass(frozen=True)
class Part:
    """What was found of a part of the installation; `remedy` says what to do."""

    name: str
    state: State
    told: str
    remedy: str = ""

    @property
    def tag(self) -> str:
        return TAG[self.state]

    @property
    def line(self) -> str:
        return {State.GOOD: "Tốt", State.TO_LOOK_AT: "Cần xem", State.BROKEN: "Sự cố"}[self.state]


def database() -> Part:
    """Whether the database answers, which it is and how large."""
    name = "Cơ sở dữ liệu"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, size = cursor.fetchone()
    except DatabaseError:
        return Part(name, State.BROKEN, "Không trả lời.", "Kiểm tra máy chủ PostgreSQL và DATABASE_URL.")
    return Part(name, State.GOOD, f"PostgreSQL {version.split()[0]}, {thousands(size // 2**20)} MB.")


def disk() -> Part:
    """What is free where the installation writes, the folder for temporary files included."""
    name = "Ổ đĩa"
    places = {
        Path(place).stat().st_dev: shutil.disk_usage(place)
        for place in (tempfile.gettempdir(), settings.DATA_DIR)
        if Path(place).exists()
    }
    usage = min(places.values(), key=lambda usage: usage.free)
    told = f"Còn trống {usage.free / GIGABYTE:.1f} GB trong {usage.total / GIGABYTE:.1f} GB.".replace(".", ",", 2)
    remedy = "Giải phóng chỗ trống: chuyển bản sao lưu cũ đi nơi khác, xóa tệp tạm, hoặc dùng ổ đĩa lớn hơn."
    if usage.free < settings.LEAST_FREE:
        return Part(name, State.BROKEN, told + " Không nhận thêm tệp.", remedy)
    if usage.free < SOON_FULL * settings.LEAST_FREE:
        return Part(name, State.TO_LOOK_AT, told, remedy)
    return Part(name, State.GOOD, told)


def long_work() -> Part:
    """What waits in the queue, is at work, or was stopped."""
    name = "Hàng đợi việc dài"
    found = queue()
    told = (
        f"{found.running} việc đang làm, {found.waiting} việc đang chờ (nhiều nhất {settings.WORK_WAITING}), "
        f"{found.stopped} việc bị dừng giữa chừng."
    )
    if found.waiting and not found.running and found.oldest and timezone.now() - found.oldest > STARTING:
        remedy = "Có việc chờ mà không tiến trình nào làm: mở trang của tệp đang chờ thì việc được làm tiếp."
        return Part(name, State.TO_LOOK_AT, told, remedy)
    if found.stopped:
        remedy = "Mở các lần nhập có việc bị dừng rồi bấm làm lại; nếu lại bị dừng, xem bộ nhớ của máy chủ."
        return Part(name, State.TO_LOOK_AT, told, remedy)
    return Part(name, State.GOOD, told)


def errors() -> Part:
    """The errors of long work of the last days."""
    name = "Lỗi của việc dài"
    since = timezone.localtime(timezone.now() - ERRORS_OF).strftime("%Y-%m-%d %H:%M:%S")
    found = [f"{at}: {said}" for at, said in latest_errors() if at >= since]
    if not found:
        return Part(name, State.GOOD, f"Không có lỗi nào trong {ERRORS_OF.days} ngày.")
    return Part(name, State.TO_LOOK_AT, " · ".join(found), f"Chi tiết nằm trong tệp {errors_file().name} của DATA_DIR.")


def latest_errors() -> list[tuple[str, str]]:
    """When and what, of the last errors kept, the newest first."""
    try:
        with errors_file().open("rb") as file:
            file.seek(max(file.seek(0, 2) - LONGEST_LOOKED_AT, 0))
            kept = file.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return list(reversed(ERROR_LINE.findall(kept)))[:ERRORS_SHOWN]


def backup() -> Part:
    """When the last backup was made; a demonstration needs none."""
    name = "Sao lưu"
    made = last_backup()
    told = f"Lần gần nhất: {timezone.localtime(made):%H:%M %d/%m/%Y}." if made else "Chưa sao lưu lần nào."
    if is_demonstration() or (made and timezone.now() - made < BACKUP_EVERY):
        return Part(name, State.GOOD, told)
    return Part(name, State.TO_LOOK_AT, told, "Đặt lịch chạy lệnh backup mỗi đêm (README, “Backups”).")


PARTS: tuple[Callable[[], Part], ...] = (database, disk, long_work, errors, backup)


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """One line for everybody; the parts for whoever keeps the installation."""
    first = database()
    parts = [first] if first.state == State.BROKEN else [first, *(look() for look in PARTS[1:])]
    worst = max(part.state for part in parts)
    status = 503 if worst == State.BROKEN else 200
    if first.state == State.BROKEN or not request.user.has_perm(MAY_SEE):
        return HttpResponse(LINE[worst] + "\n", content_type="text/plain; charset=utf-8", status=status)
    return render(
        request,
        "health.html",
        {"title": "Tình trạng hệ thống", "parts": parts, "line": LINE[worst].capitalize()},
        status=status,
    )
