"""The columns of the list of imports: the file, its day, how far it is, and what became of its rows."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cadres.models import ImportBatch
from cadres.text import thousands
from cadres.views.import_words import STATE_TAGS
from cadres.web.lists import Column
from cadres.web.tags import luc, ngay


def _linked(batch: ImportBatch) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("cadres:import-batch", args=[batch.pk]), batch.file_name)


def _state(batch: Any) -> SafeString:
    """How far it is; of one that waits for its turn, which place it has (`turn`, put on the rows of a page)."""
    look, turn = STATE_TAGS.get(batch.state, ""), getattr(batch, "turn", None)
    place = format_html(' <span class="quiet">thứ {} trong hàng đợi</span>', turn) if turn else mark_safe("")
    return format_html('<span class="tag {}">{}</span>{}', look, batch.get_state_display(), place)


def _counted(name: str, label: str, key: str, *, is_usual: bool = True) -> Column:
    def told(batch: ImportBatch) -> int | None:
        return batch.summary.get(key)

    def page(batch: ImportBatch) -> str:
        number = told(batch)
        return "–" if number is None else thousands(number)

    order = [F(f"summary__{key}").asc(nulls_first=True)]
    return Column(name, label, order, cell=told, page=page, is_number=True, is_usual=is_usual)


OF_BATCHES = (
    Column("ten", "Tệp", ["file_name"], cell=lambda batch: batch.file_name, page=_linked),
    Column(
        "den",
        "Số liệu đến",
        ["as_of"],
        cell=lambda batch: batch.as_of,
        page=lambda batch: ngay(batch.as_of) or "–",
    ),
    Column("cua", "Đơn vị", cell=lambda batch: str(batch.unit or ""), is_usual=False),
    Column("tinh_trang", "Tình trạng", ["state"], cell=lambda batch: batch.get_state_display(), page=_state),
    Column("van_de", "Ghi chú", cell=lambda batch: batch.problem),
    _counted("dong", "Dòng", "rows"),
    _counted("them", "Thêm mới", "created"),
    _counted("doi", "Thay đổi", "updated"),
    _counted("khong_doi", "Không đổi", "unchanged", is_usual=False),
    _counted("xem_xet", "Cần xem xét", "review"),
    _counted("khong_nhan", "Không nhận", "rejected"),
    Column(
        "ai",
        "Người tải lên",
        ["created_by__full_name"],
        cell=lambda batch: str(batch.created_by or "dòng lệnh"),
    ),
    Column("luc", "Tải lên lúc", ["created_at"], cell=lambda batch: luc(batch.created_at)),
)
