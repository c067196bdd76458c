"""The menu on every page, ordered by task. An entry is shown to the roles whose permissions (cadres.roles) allow it.

What waits behind an entry is told by the table of tasks (reports/tasks/).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import mark_safe

from cadres.models import User
from cadres.web.addresses import carried, path_of
from cadres.web.escaping import escaped
from cadres.web.tags import so
from reports.tasks.shown import Shown, waiting_in_menu


@dataclass(frozen=True)
class Entry:
    label: str
    view: str
    permission: str  # "": any role
    is_dated: bool = False  # the page speaks of a day and a criterion, which its link carries

    def is_for(self, user: User) -> bool:
        return user.has_perm(self.permission) if self.permission else bool(user.roles_today)


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("Trang chủ", "reports:home", "", is_dated=True),)),
    (
        "Đội ngũ",
        (
            Entry("Cán bộ, công chức", "cadres:official-list", "cadres.view_official", is_dated=True),
            Entry(
                "Nhập danh sách Excel",
                "cadres:import-list",
                "cadres.view_importbatch",
            ),
            Entry("Quy hoạch", "courses:planned-list", "cadres.view_plannedpost", is_dated=True),
            Entry("Chuyển chức danh", "cadres:post-mapping", "cadres.change_unitsuccession"),
            Entry("Rà soát dữ liệu", "cadres:review", "cadres.view_setaside", is_dated=True),
            Entry(
                "Quyết định khi nhập",
                "cadres:decision-list",
                "cadres.view_importbatch",
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
            ),
            Entry("Kế hoạch", "courses:plan-list", "courses.view_trainingplan"),
            Entry("Chương trình", "admin:courses_programme_changelist", "courses.view_programme"),
            Entry(
                "Lớp học",
                "courses:class-list",
                "courses.view_trainingclass",
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
            Entry("Khám phá tỷ lệ", "reports:explorer", "cadres.view_official", is_dated=True),
            Entry("Ai làm thay đổi tỷ lệ", "reports:movements", "cadres.view_official", is_dated=True),
            Entry(
                "Số liệu công bố",
                "reports:publication-list",
                "cadres.view_publication",
            ),
            Entry("Kết quả đào tạo", "reports:training", "cadres.view_official", is_dated=True),
            Entry("Biểu mẫu", "reports:form-list", "cadres.view_official", is_dated=True),
            Entry("Cách tính", "reports:definition", "cadres.view_standard", is_dated=True),
            Entry(
                "Văn bản tiêu chuẩn",
                "cadres:standard-list",
                "cadres.view_standard",
                is_dated=True,
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
    """Context processor: the groups of entries that the account may use, with what waits and which one is open.

    `menu_alone`: the same without what waits, which takes longer to count than all else of a page that refuses.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "menu": lambda: _groups(request, user, waiting_in_menu(request)),
        "menu_alone": lambda: _groups(request, user, {}),
    }


def _groups(request: HttpRequest, user: User, waiting: dict[str, Shown]) -> list[dict[str, Any]]:
    allowed = [(title, [entry for entry in entries if entry.is_for(user)]) for title, entries in MENU]
    # The page belongs to the entry whose address is the longest beginning of its own; the home page only to itself.
    paths = {path_of(entry.view) for _, entries in allowed for entry in entries}
    begun = [path for path in paths if request.path.startswith(path) and path != "/"]
    current = request.path if request.path in paths else max(begun, key=len, default="")
    words = carried(request)

    def written(entry: Entry) -> str:
        """Without a template, which takes several times as long for the forty entries of every page."""
        path = path_of(entry.view)
        address = path + (words if entry.is_dated else "")
        mark = ' aria-current="page"' if path == current else ""
        link = f'<a href="{escaped(address)}"{mark}>{escaped(entry.label)}</a>'
        return f"<li>{link}{_told(waiting.get(entry.view))}</li>"

    return [
        {"title": title, "entries": mark_safe("".join(written(entry) for entry in entries))}
        for title, entries in allowed
        if entries
    ]


def _told(waiting: Shown | None) -> str:
    """What waits behind an entry: its number, and for who does not see it of what."""
    if waiting is None:
        return ""
    number = f'{so(waiting.number)}<span class="visually-hidden"> {escaped(waiting.told)}</span>'
    return f' <a class="waiting" href="{escaped(waiting.address)}">{number}</a>'
