"""“Bắt đầu”: the steps from a new installation to its first figure, what is done, what is left, and where."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.getting_started import Progress, communes_without_data, officers_of, progress
from cadres.models import ZonePeriod
from cadres.roster.samples import ERAS
from cadres.text import thousands
from cadres.web.day import working_day
from cadres.web.paging import shown_page
from cadres.web.permissions import permission_needed
from cadres.web.tags import ngay


@dataclass(frozen=True)
class Link:
    label: str
    address: str
    permission: str


@dataclass
class Step:
    """One step: what is there, what is left (empty: it is done), and where one does it."""

    title: str
    why: str
    there: str
    left: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@permission_needed("cadres.change_installation")
@require_safe
def getting_started(request: HttpRequest) -> HttpResponse:
    day = working_day(request)
    now = progress(day)
    page = shown_page(request, communes_without_data(day))
    officers = officers_of(list(page.object_list))
    missing = [
        {
            "commune": commune,
            "above": commune.above_name or "",
            "officers": officers[commune.unit_id],
        }
        for commune in page
    ]
    steps = list(_steps(now))
    may: Any = request.user.has_perm
    for step in steps:
        step.links = [link for link in step.links if may(link.permission)]
    return render(
        request,
        "cadres/getting_started.html",
        {
            "title": "Bắt đầu",
            "steps": steps,
            "done": sum(not step.left for step in steps),
            "page": page,
            "missing": missing,
            "without_data": now.without_data,
        },
    )


def _steps(now: Progress) -> list[Step]:
    return [_units(now), _zones(now), _standards(now), _accounts(now), _rosters(now), _publication(now)]


def _units(now: Progress) -> Step:
    named = ", ".join(f"{thousands(count)} {kind.lower()}" for kind, count in now.kinds)
    left = [] if now.communes else [f"Không có xã nào có hiệu lực ngày {ngay(now.day)}: hãy nạp hoặc nhập đơn vị."]
    if now.left_behind:
        left.append(f"{thousands(now.left_behind)} người còn ở đơn vị, chức danh đã hết hiệu lực: hãy sắp xếp.")
    return Step(
        "Đơn vị hành chính",
        "Danh sách xã, phường của ngày lấy số liệu; sáp nhập, chia tách thì sắp xếp một lần cho mọi người.",
        f"{thousands(now.communes)} đơn vị cấp xã" + (f" ({named})" if named else ""),
        left,
        [
            Link("Tên, mã đơn vị", reverse("admin:cadres_unitversion_changelist"), "cadres.view_unitversion"),
            Link("Sắp xếp đơn vị", reverse("cadres:reorganisation-list"), "cadres.change_unitsuccession"),
        ],
    )


def _zones(now: Progress) -> Step:
    period = ZonePeriod.objects.as_of(now.day).first()
    to = reverse("cadres:zone-period", args=[period.pk]) if period else reverse("cadres:zone-list")
    left = []
    if now.zones_missing:
        left.append(f"{thousands(now.zones_missing)} xã chưa có khu vực: hãy nhập danh sách của quyết định.")
    return Step(
        "Khu vực của xã",
        "Xã khu vực II, III được áp dụng mức giảm của tiêu chuẩn: thiếu khu vực thì tỷ lệ tính theo mức chung.",
        f"{thousands(now.communes - now.zones_missing)} / {thousands(now.communes)} xã đã có khu vực"
        + (f", giai đoạn {period}" if period else ""),
        left,
        [Link("Nhập khu vực", to, "cadres.change_unitzone")],
    )


def _standards(now: Progress) -> Step:
    lines, unchecked = now.compared.lines, now.compared.unchecked
    left = [] if lines else [f"Chưa có văn bản tiêu chuẩn nào áp dụng ngày {ngay(now.day)}."]
    if unchecked:
        left.append(f"{thousands(unchecked)} yêu cầu chưa đối chiếu với nguyên văn.")
    return Step(
        "Tiêu chuẩn chức danh",
        "Tỷ lệ chỉ đúng khi các yêu cầu đúng với văn bản: hãy đối chiếu từng dòng với nguyên văn.",
        f"{thousands(lines - unchecked)} / {thousands(lines)} yêu cầu của ngày này đã đối chiếu",
        left,
        [
            Link("Đối chiếu", reverse("cadres:requirement-list"), "cadres.view_requirement"),
            Link("Văn bản tiêu chuẩn", reverse("cadres:standard-list"), "cadres.view_standard"),
        ],
    )


def _accounts(now: Progress) -> Step:
    left = [f"Chưa ai giữ vai trò “{role}”." for role in now.roles_missing]
    if now.publishes_alone:
        left.append("Người đề nghị cũng là người duy nhất công bố được: hãy giao vai trò phê duyệt cho người thứ hai.")
    return Step(
        "Tài khoản",
        "Quản trị mở tài khoản; Sở giữ hồ sơ và phê duyệt do hai người; cán bộ đơn vị gửi danh sách của mình.",
        f"{thousands(now.accounts)} tài khoản đang có vai trò",
        left,
        [
            Link("Mở tài khoản", reverse("cadres:account-add"), "cadres.add_user"),
            Link("Các tài khoản", reverse("cadres:account-list"), "cadres.view_user"),
        ],
    )


def _rosters(now: Progress) -> Step:
    left = [] if now.communes else ["Chưa có xã nào để nhập danh sách."]
    if now.without_data:
        left.append(f"{thousands(now.without_data)} xã chưa có danh sách, ghi ở dưới.")
    if now.rosters_waiting:
        left.append(f"{thousands(now.rosters_waiting)} danh sách đã tải lên, chờ xem và ghi.")
    return Step(
        "Danh sách đầu tiên của từng xã",
        "Tải tệp Excel của đơn vị như họ gửi; xem cách đọc, rồi ghi. Xã có danh sách thì số liệu bắt đầu từ ngày đó.",
        f"{thousands(now.with_data)} / {thousands(now.communes)} xã đã có số liệu ngày {ngay(now.day)}",
        left,
        [
            Link("Nhập danh sách", reverse("cadres:import-list"), "cadres.add_importbatch"),
            Link("Tải mẫu để điền", reverse("cadres:roster-export") + "?dang=mau", "cadres.view_official"),
            *(Link(f"Xem thử: {era.label}", sample(era.key), "cadres.add_importbatch") for era in ERAS.values()),
        ],
    )


def sample(era: str) -> str:
    """The address of the sample roster of an era."""
    return reverse("cadres:roster-sample-file", args=[era])


def _publication(now: Progress) -> Step:
    return Step(
        "Công bố lần đầu",
        "Số liệu công bố được giữ nguyên cùng danh sách người; sau này tính lại thì thấy khác ở đâu.",
        f"{thousands(now.publications)} số liệu đã công bố",
        [] if now.publications else ["Chưa công bố số liệu nào."],
        [
            Link("Xem tỷ lệ", reverse("reports:rates"), "cadres.view_official"),
            Link("Đề nghị, công bố", reverse("reports:publication-add"), "cadres.view_publicationproposal"),
        ],
    )
