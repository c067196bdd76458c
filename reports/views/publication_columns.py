"""The columns of the list of published figures, each with what it would be now."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cadres.models import Publication
from cadres.rate import Rate
from cadres.web.lists import Column
from cadres.web.tags import luc, ngay, phan_tram, so
from reports.publications.changes import Recomputed

COMPARED = "so"  # the keys of two figures, in the address of the page that compares them


@dataclass(frozen=True)
class Row:
    """A published figure as the account sees it, with what it would be now where the history holds anything since."""

    publication: Publication
    rate: Rate
    is_touched: bool
    now: Recomputed | None

    @property
    def differs(self) -> bool:
        return self.now is not None and bool(self.now.changed_by)


def _linked(row: Row) -> SafeString:
    one = row.publication
    return format_html('<a href="{}">{}</a>', reverse("reports:publication-detail", args=[one.pk]), ngay(one.day))


def _published(row: Row) -> SafeString:
    counts = f"{so(row.rate.compliant)} / {so(row.rate.total)}"
    return format_html('<strong>{} %</strong> <span class="quiet">{}</span>', phan_tram(row.rate.percent), counts)


def _now(row: Row) -> SafeString:
    """What the figure would be now, and of how many people another result; a link where the page does not reckon it."""
    at = reverse("reports:publication-detail", args=[row.publication.pk])
    if not row.is_touched:
        return mark_safe('<span class="quiet">không đổi</span>')
    if row.now is None:
        return format_html('<a href="{}">xem</a>', at)
    counts = f"{so(row.now.rate.compliant)} / {so(row.now.rate.total)}"
    told = format_html('{} % <span class="quiet">{}</span>', phan_tram(row.now.rate.percent), counts)
    if not row.differs:
        return told
    return format_html('{}<br><a href="{}#khac">{} người khác kết quả</a>', told, at, so(row.now.changed_by))


def _state(row: Row) -> str:
    if row.publication.is_withdrawn:
        return f"Đã thu hồi: {row.publication.withdrawal.reason}"
    return "Có thay đổi sau công bố" if row.is_touched else "Đang công bố"


def _tagged(row: Row) -> SafeString:
    look = "bad" if row.publication.is_withdrawn else "warn" if row.is_touched else "good"
    told = _state(row)
    return format_html('<span class="tag {}" title="{}">{}</span>', look, told, told.partition(":")[0])


def _box(row: Row) -> SafeString:
    one = row.publication
    box = '<input type="checkbox" name="{}" value="{}" aria-label="Chọn {} để so sánh">'
    return format_html(box, COMPARED, one.pk, one)


LIST_COLUMNS = (
    Column("ngay", "Số liệu ngày", ("day",), cell=lambda row: row.publication.day, page=_linked),
    Column("pham_vi", "Phạm vi", ("scope_code",), cell=lambda row: row.publication.scope_name),
    Column("tieu_chi", "Tiêu chí", ("criterion__code",), cell=lambda row: row.publication.criterion.name),
    Column("tong", "Người", cell=lambda row: row.rate.total, is_number=True, is_usual=False),
    Column("dat", "Đạt", cell=lambda row: row.rate.compliant, is_number=True, is_usual=False),
    Column("ty_le", "Công bố (%)", cell=lambda row: row.rate.percent, page=_published, is_number=True),
    Column(
        "tinh_lai",
        "Tính lại bây giờ (%)",
        cell=lambda row: row.now and row.now.rate.percent,
        page=_now,
        is_number=True,
    ),
    Column(
        "khac",
        "Người khác kết quả",
        cell=lambda row: row.now and row.now.changed_by,
        is_number=True,
        is_usual=False,
    ),
    Column("quyet_dinh", "Quyết định", ("decided_on", "decision"), cell=lambda row: row.publication.decision),
    Column("ngay_qd", "Ngày quyết định", ("decided_on",), cell=lambda row: row.publication.decided_on),
    Column(
        "cong_bo", "Công bố lúc", ("published_at",), cell=lambda row: luc(row.publication.published_at), is_usual=False
    ),
    Column("ai", "Người công bố", ("by__full_name",), cell=lambda row: str(row.publication.by or ""), is_usual=False),
    Column("tinh_trang", "Tình trạng", cell=_state, page=_tagged),
    Column("so_sanh", "So sánh", page=_box),
)
