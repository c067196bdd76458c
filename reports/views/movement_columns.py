"""The columns of the list of who moved the rate: the person, the post on the day of the move, and what made it."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cadres.models import Appointment, Dimension, Qualification
from cadres.web.cells import linked
from cadres.web.lists import Column, Columns
from cadres.web.tags import ngay
from reports.movements import Move, Settled, by_what

LEFT = (Move.LEFT_COMPLIANT, Move.LEFT_OTHER)
BY_NAME = ("official__name_order", "official_id")


@dataclass
class Row:
    """One person of the list: the post on the day that the move is about, and what settled each dimension."""

    post: Any
    settled: list[tuple[Settled, Qualification | None]] = field(default_factory=list)
    lacking: list[Dimension] = field(default_factory=list)
    left: Appointment | None = None


def columns_of(request: HttpRequest, move: Move, dated: str) -> Columns:
    """The columns of the people of a move. `dated`: what links to a person carry."""

    def person(row: Row) -> SafeString:
        return linked("cadres:official-detail", row.post.official_id, row.post.official.full_name, dated)

    by_place = ("district_code", "commune_code", "position__order", *BY_NAME)
    people = (
        Column("ten", "Họ và tên", BY_NAME, cell=lambda row: row.post.official.full_name, page=person),
        Column(
            "ngay_sinh",
            "Ngày sinh",
            ("official__birth_date",),
            cell=lambda row: str(row.post.official.birth or ""),
        ),
        Column(
            "dan_toc",
            "Dân tộc",
            ("official__ethnic_group__name",),
            cell=lambda row: str(row.post.official.ethnic_group or ""),
            is_usual=False,
        ),
        Column("chuc_danh", "Chức danh", ("position__order",), cell=lambda row: str(row.post.position)),
        Column("xa", "Đơn vị", by_place, cell=lambda row: row.post.commune_name),
        Column("huyen", "Đơn vị cấp trên", by_place, cell=lambda row: row.post.district_name or ""),
        _why(move),
    )
    return Columns(request, people, default=BY_NAME[:1], tie=BY_NAME, may_choose=True)


def _why(move: Move) -> Column:
    """What made the move of each, under one name for all moves, so that a view that is kept serves any."""
    if move in LEFT:
        return Column("vi_sao", "Thôi giữ chức danh", cell=_left, is_long=True)
    if move == Move.BECAME:
        return Column("vi_sao", "Nhờ", cell=_settled, page=_settled_linked, is_long=True)
    return Column("vi_sao", "Còn thiếu", cell=_lacking, page=_lacking_tagged, is_long=True)


def _settled(row: Row) -> str:
    return "; ".join(f"{item.dimension}: {by_what(item, record)}" for item, record in row.settled)


def _settled_linked(row: Row) -> SafeString:
    """The same in short, with a link to the class."""
    made = ((item.dimension, _linked(item, record)) for item, record in row.settled)
    tags = format_html_join("; ", '<span class="tag good">{}</span> {}', made)
    return format_html('<span title="{}">{}</span>', _settled(row), tags)


def _linked(item: Settled, record: Any) -> str | SafeString:
    if record is None or not item.is_from_class:
        return by_what(item, record)
    training_class = record.certificate.enrolment.training_class
    at = reverse("courses:class-detail", args=[training_class.pk])
    number = f", số {record.number}" if record.number else ""
    since = f"{number}, từ {ngay(record.start_date)}"
    return format_html('{}, lớp <a href="{}">{}</a>{}', record, at, training_class.code, since)


def _lacking(row: Row) -> str:
    return "; ".join(str(dimension) for dimension in row.lacking) or "Đạt"


def _lacking_tagged(row: Row) -> SafeString:
    if not row.lacking:
        return mark_safe('<span class="tag good">Đạt</span>')
    tags = format_html_join(" ", '<span class="tag not_met">{}</span>', ((one,) for one in row.lacking))
    return format_html('<span title="{}">{}</span>', _lacking(row), tags)


def _left(row: Row) -> str:
    if row.left is None:
        return "không còn trong tổng số"
    why = f": {row.left.get_end_reason_display().lower()}" if row.left.end_reason else ""
    return f"từ hết ngày {ngay(row.left.end_date)}{why}"
