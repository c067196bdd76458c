"""The columns that lists of turns share: who, in which post and unit as the class began, of which class."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.posts import POST_TOLD, with_post_on
from cadres.web.addresses import path_of_row
from cadres.web.cells import in_full, linked
from cadres.web.lists import Column


@dataclass(frozen=True)
class TurnColumns:
    """The columns, for a list to arrange; `above` is shown where it is asked for."""

    person: Column
    birth: Column
    position: Column
    unit: Column
    above: Column
    programme: Column
    class_code: Column


def turn_columns(
    request: HttpRequest,
    path: str = "",
    *,
    person: Callable[[Any], str] | None = None,
    class_page: str = "courses:class-detail",
) -> TurnColumns:
    """Those of rows of which each is about a turn: `path` leads to it ("enrolment__"), nothing where the row is one.

    `person`: the page that the name of a row leads to; without it what the person has studied, for who sees people.
    The rows have their `official`, their class with its programme, and what `with_post_at_start` adds.
    """
    name = path.removesuffix("__")
    sees_people = request.user.has_perm("cadres.view_official")
    of_class = f"{path}training_class"

    def turn(row: Any) -> Any:
        return getattr(row, name) if name else row

    def named(row: Any) -> SafeString | str:
        official = turn(row).official
        if person is None and not sees_people:
            return str(official.full_name)
        at = person(row) if person else path_of_row("courses:official-training", official.pk)
        return format_html('<a href="{}">{}</a>', at, official.full_name)

    def class_named(row: Any) -> SafeString:
        found = turn(row).training_class
        return linked(class_page, found.pk, found.code)

    def title(row: Any) -> str:
        return str(turn(row).training_class.programme.title)

    return TurnColumns(
        person=Column(
            "ten",
            "Họ và tên",
            [f"{path}official__name_order"],
            cell=lambda row: turn(row).official.full_name,
            page=named,
        ),
        birth=Column(
            "ngay_sinh",
            "Ngày sinh",
            [f"{path}official__birth_date"],
            cell=lambda row: str(turn(row).official.birth or ""),
            is_usual=False,
        ),
        position=Column(
            "chuc_danh",
            "Chức danh",
            [POST_TOLD["position_title"], POST_TOLD["commune_name"]],
            cell=lambda row: row.position_title or "",
        ),
        unit=Column("xa", "Đơn vị", [POST_TOLD["commune_name"]], cell=lambda row: row.commune_name or ""),
        above=Column(
            "cap_tren",
            "Đơn vị cấp trên",
            [POST_TOLD["district_name"]],
            cell=lambda row: row.district_name or "",
            is_usual=False,
        ),
        programme=Column(
            "chuong_trinh",
            "Chương trình",
            [f"{of_class}__programme__title", f"{of_class}__code"],
            cell=title,
            page=lambda row: in_full(title(row)),
            is_long=True,
        ),
        class_code=Column(
            "lop", "Lớp", [f"{of_class}__code"], cell=lambda row: turn(row).training_class.code, page=class_named
        ),
    )


def with_post_at_start(rows: QuerySet[Any], path: str = "") -> QuerySet[Any]:
    """The rows with `position_title`, `commune_name`, `district_name`, of the post held as the class began."""
    start = F(f"{path}training_class__start_date")
    return with_post_on(rows, start, official=f"{path}official").annotate(**POST_TOLD)
