"""The menu on every page, ordered by task. An entry is shown to the roles whose permissions (cadres.roles) allow it."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.timezone import localdate  # noqa: TID251

from cadres.access import writable_by
from cadres.models import ImportBatch, PublicationProposal, StandardChange, User
from cadres.roster.proposals import proposals
from cadres.standards.changing import changes_to_confirm
from cadres.walls import wide
from cadres.web.addresses import carried
from cadres.web.day import shown_day
from courses.needs.campaigns import submissions_waiting
from courses.seats import classes_waiting


def rosters_waiting(user: User, day: date) -> QuerySet[ImportBatch]:
    """The rosters that were read and wait for somebody to write them into the registry or drop them."""
    return writable_by(ImportBatch.objects.filter(state=ImportBatch.State.STAGED), user)


def decisions_waiting(user: User, day: date) -> QuerySet[Any, Any]:
    """What districts decided about reading rosters and waits for the province's answer."""
    return proposals() if user.has_perm("cadres.change_valuespelling") else proposals().none()


def standards_waiting(user: User, day: date) -> QuerySet[StandardChange]:
    """The changes of texts of standards that wait for this account to confirm them."""
    return changes_to_confirm(user)


def proposals_waiting(user: User, day: date) -> QuerySet[PublicationProposal]:
    """The figures that somebody else asks this account to publish."""
    if not user.has_perm("cadres.add_publication"):
        return PublicationProposal.objects.none()
    return PublicationProposal.objects.waiting().exclude(proposed_by=user.pk)


@dataclass(frozen=True)
class Entry:
    label: str
    view: str
    permission: str
    is_dated: bool = False  # the page speaks of a day and a criterion, which its link carries
    waiting: Callable[[User, date], QuerySet[Any, Any]] | None = None  # the rows that wait, on the day of the page
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
            Entry("Quy hoạch", "courses:planned-list", "cadres.view_plannedpost", is_dated=True),
            Entry("Chuyển chức danh", "cadres:post-mapping", "cadres.change_unitsuccession"),
            Entry("Rà soát dữ liệu", "cadres:review", "cadres.view_setaside", is_dated=True),
            Entry(
                "Quyết định khi nhập",
                "cadres:decision-list",
                "cadres.view_importbatch",
                waiting=decisions_waiting,
                waiting_label="quyết định chờ Sở Nội vụ",
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
                waiting=submissions_waiting,
                waiting_label="bản đăng ký đang chờ",
            ),
            Entry("Kế hoạch", "courses:plan-list", "courses.view_trainingplan"),
            Entry("Chương trình", "admin:courses_programme_changelist", "courses.view_programme"),
            Entry(
                "Lớp học",
                "courses:class-list",
                "courses.view_trainingclass",
                waiting=classes_waiting,
                waiting_label="lớp đang chờ",
            ),
            Entry("Người trong các lớp", "courses:enrolment-list", "courses.view_enrolment"),
            Entry("Chứng chỉ", "courses:certificate-list", "courses.view_certificate"),
            Entry("40 tiết", "courses:yearly-hours", "cadres.view_official", is_dated=True),
            Entry("Cam kết, đền bù", "courses:commitment-list", "courses.view_commitment"),
            Entry("Khen thưởng, xử lý", "courses:measure-list", "courses.view_trainingmeasure"),
            Entry("Đánh giá chất lượng", "courses:feedback-report", "courses.view_feedbacksheet"),
            Entry("Kiểm tra, giám sát", "courses:inspection-list", "courses.view_inspection"),
        ),
    ),
    (
        "Báo cáo",
        (
            Entry("Tỷ lệ đạt chuẩn", "reports:rates", "cadres.view_official", is_dated=True),
            Entry(
                "Số liệu công bố",
                "reports:publication-list",
                "cadres.view_publication",
                waiting=proposals_waiting,
                waiting_label="đề nghị chờ công bố",
            ),
            Entry("Kết quả đào tạo", "reports:training", "cadres.view_official", is_dated=True),
            Entry("Biểu mẫu", "reports:form-list", "cadres.view_official", is_dated=True),
            Entry("Cách tính", "reports:definition", "cadres.view_standard", is_dated=True),
            Entry(
                "Văn bản tiêu chuẩn",
                "cadres:standard-list",
                "cadres.view_standard",
                is_dated=True,
                waiting=standards_waiting,
                waiting_label="thay đổi chờ xác nhận",
            ),
        ),
    ),
    (
        "Hệ thống",
        (
            Entry("Bắt đầu", "cadres:getting-started", "cadres.change_installation", is_dated=True),
            Entry("Danh mục, tiêu chuẩn", "admin:index", "courses.view_subjectarea"),
            Entry("Mẫu văn bản", "courses:document-templates", "courses.view_documenttemplate"),
            Entry("Tài khoản", "cadres:account-list", "cadres.view_user"),
            Entry("Khu vực của xã", "cadres:zone-list", "cadres.change_unitzone"),
            Entry("Sắp xếp đơn vị", "cadres:reorganisation-list", "cadres.change_unitsuccession"),
            Entry("Cụm xã", "cadres:cluster-list", "cadres.change_unitversion", is_dated=True),
            Entry("Ngày mặc định, trang chủ", "cadres:default-day", "cadres.change_installation"),
            Entry("Nhật ký", "cadres:act-list", "cadres.view_act"),
            Entry("Nhật ký đăng nhập", "cadres:sign-in-list", "cadres.view_visit"),
            Entry("Tình trạng hệ thống", "health", "cadres.view_installation"),
        ),
    ),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the groups of entries that the account may use, with what waits and which one is open."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"menu": lambda: _groups(request, user)}


class CountOf(Subquery):
    """How many rows a queryset has, as a column of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def _groups(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    allowed = [(title, [entry for entry in entries if user.has_perm(entry.permission)]) for title, entries in MENU]
    waiting = _waiting([entry for _, entries in allowed for entry in entries], user, shown_day(request))
    groups: list[dict[str, Any]] = [
        {"title": title, "entries": [_shown(entry, request, waiting) for entry in entries]}
        for title, entries in allowed
    ]
    # The page belongs to the entry whose address is the longest beginning of its own; the home page only to itself.
    entries = [entry for group in groups for entry in group["entries"]]
    begun = [entry for entry in entries if request.path.startswith(entry["path"]) and entry["path"] != "/"]
    current = max(begun, key=lambda entry: len(entry["path"]), default=None)
    for entry in entries:
        entry["is_current"] = entry is current or request.path == entry["path"]
    return [group for group in groups if group["entries"]]


def _waiting(entries: list[Entry], user: User, day: date) -> dict[str, int]:
    """View of an entry → how many rows wait there; one query for the whole menu, which is on every page."""
    views = tuple(entry.view for entry in entries if entry.waiting)
    if not views:
        return {}
    standing = (tuple(user.grants_today), localdate())
    sql, params = _counting(views, user, day, standing)
    # Whether a class has a seat hangs on the people of others too; what is counted is the account's own.
    with wide(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    return dict(zip(views, found, strict=True))


@lru_cache(maxsize=1000)
def _counting(views: tuple[str, ...], user: User, day: date, standing: Hashable) -> tuple[str, tuple[Any, ...]]:
    """The query that counts what waits in these entries, and its parameters.

    It hangs on nothing but the arguments; `standing` is what of the account the rows in scope hang on. The same ones
    come with page after page, and Django takes longer to build the query than PostgreSQL to answer it.
    """
    waiting = {entry.view: entry.waiting for _, entries in MENU for entry in entries}
    counts = [CountOf(waiting[view](user, day).order_by().values("pk")) for view in views]  # type: ignore[misc]
    return User.objects.filter(pk=user.pk).values_list(*counts).query.sql_with_params()


def _shown(entry: Entry, request: HttpRequest, waiting: dict[str, int]) -> dict[str, Any]:
    path = _path_of(entry.view, get_script_prefix())
    return {
        "label": entry.label,
        "path": path,
        "address": path + (carried(request) if entry.is_dated else ""),
        "waiting": waiting.get(entry.view, 0),
        "waiting_label": entry.waiting_label,
    }


@cache
def _path_of(view: str, script_prefix: str) -> str:
    """The address of an entry, where the site lies below that prefix: the same on every page."""
    return reverse(view)
