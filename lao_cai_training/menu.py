"""The menu on every page, ordered by task. An entry is shown to the roles whose permissions (cadres.roles) allow it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cadres.access import visible_to
from cadres.models import ImportBatch, User
from cadres.working_day import carried, shown_day
from courses.campaigns import submissions_waiting
from courses.seats import classes_waiting


def rosters_waiting(user: User) -> int:
    """The rosters that were read and wait for somebody to write them into the registry or drop them."""
    return visible_to(ImportBatch.objects.filter(state=ImportBatch.State.STAGED), user).count()


@dataclass(frozen=True)
class Entry:
    label: str
    view: str
    permission: str
    is_dated: bool = False  # the page speaks of a day and a criterion, which its link carries
    waiting: Callable[[User], int] | None = None
    waiting_on: Callable[[User, date], int] | None = None  # where what waits depends on the day of the page
    waiting_label: str = ""


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("Trang chủ", "reports:home", "cadres.view_official", is_dated=True),)),
    (
        "Đội ngũ",
        (
            Entry("Cán bộ, công chức", "cadres:official-list", "cadres.view_official", is_dated=True),
            Entry(
                "Nhập danh sách Excel",
                "cadres:import-list",
                "cadres.view_importbatch",
                waiting=rosters_waiting,
                waiting_label="danh sách chờ ghi",
            ),
        ),
    ),
    (
        "Đào tạo",
        (
            Entry("Nhu cầu", "courses:needs", "cadres.view_official", is_dated=True),
            Entry(
                "Đăng ký nhu cầu",
                "courses:campaign-list",
                "courses.view_needcampaign",
                waiting_on=submissions_waiting,
                waiting_label="bản đăng ký đang chờ",
            ),
            Entry("Kế hoạch", "courses:plan-list", "courses.view_trainingplan"),
            Entry("Chương trình", "admin:courses_programme_changelist", "courses.view_programme"),
            Entry(
                "Lớp học",
                "courses:class-list",
                "courses.view_trainingclass",
                waiting_on=classes_waiting,
                waiting_label="lớp đang chờ",
            ),
            Entry("Chứng chỉ", "courses:certificate-list", "courses.view_certificate"),
            Entry("40 tiết", "courses:yearly-hours", "cadres.view_official", is_dated=True),
            Entry("Cam kết, đền bù", "courses:commitment-list", "courses.view_commitment"),
            Entry("Khen thưởng, xử lý", "courses:measure-list", "courses.view_trainingmeasure"),
        ),
    ),
    (
        "Báo cáo",
        (
            Entry("Tỷ lệ đạt chuẩn", "reports:rates", "cadres.view_official", is_dated=True),
            Entry("Kết quả đào tạo", "reports:training", "cadres.view_official", is_dated=True),
            Entry("Cách tính", "reports:definition", "cadres.view_standard", is_dated=True),
        ),
    ),
    (
        "Hệ thống",
        (
            Entry("Danh mục, tiêu chuẩn", "admin:index", "courses.view_subjectarea"),
            Entry("Mẫu văn bản", "courses:document-templates", "courses.view_documenttemplate"),
            Entry("Tài khoản", "admin:cadres_user_changelist", "cadres.view_user"),
        ),
    ),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the groups of entries that the account may use, with what waits and which one is open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"menu": lambda: _groups(request, user)}


def _groups(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = [
        {
            "title": title,
            "entries": [_shown(entry, request, user) for entry in entries if user.has_perm(entry.permission)],
        }
        for title, entries in MENU
    ]
    # The page belongs to the entry whose address is the longest beginning of its own; the home page only to itself.
    entries = [entry for group in groups for entry in group["entries"]]
    begun = [entry for entry in entries if request.path.startswith(entry["path"]) and entry["path"] != "/"]
    current = max(begun, key=lambda entry: len(entry["path"]), default=None)
    for entry in entries:
        entry["is_current"] = entry is current or request.path == entry["path"]
    return [group for group in groups if group["entries"]]


def _shown(entry: Entry, request: HttpRequest, user: User) -> dict[str, Any]:
    path = reverse(entry.view)
    waiting = entry.waiting(user) if entry.waiting else 0
    if entry.waiting_on:
        waiting = entry.waiting_on(user, shown_day(request))
    return {
        "label": entry.label,
        "path": path,
        "address": path + (carried(request) if entry.is_dated else ""),
        "waiting": waiting,
        "waiting_label": entry.waiting_label,
    }
