"""The columns of the turns behind a figure of training, and of the people who took them."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from cadres.web.cells import linked
from cadres.web.lists import Column, Columns
from cadres.web.tags import ngay

OF_POSTS = ("chuc_danh", "xa", "huyen")  # the columns that sort by the post on the first day of the class


def columns_of_turns(request: HttpRequest, dated: str) -> Columns:
    """`dated`: what a link to a person carries."""

    def class_named(turn: Any) -> SafeString:
        return linked("courses:class-detail", turn.training_class_id, turn.training_class.programme.title)

    def person(turn: Any) -> SafeString:
        return _person(turn.official, dated)

    columns = (
        Column("ten", "Họ và tên", ["official__name_order"], cell=lambda turn: turn.official.full_name, page=person),
        Column("ngay_sinh", "Ngày sinh", cell=lambda turn: str(turn.official.birth or ""), is_usual=False),
        Column(
            "chuc_danh",
            "Chức danh khi khai giảng",
            ["position_title"],
            cell=lambda turn: turn.position_title or "",
            page=lambda turn: turn.position_title or "chưa có",
        ),
        Column("xa", "Xã", ["commune_name"], cell=lambda turn: turn.commune_name or ""),
        Column(
            "huyen",
            "Đơn vị cấp trên",
            ["district_name"],
            cell=lambda turn: turn.district_name or "",
            is_usual=False,
        ),
        Column("ma_lop", "Mã lớp", ["training_class__code"], cell=lambda turn: turn.training_class.code),
        Column(
            "lop",
            "Chương trình",
            ["training_class__programme__title"],
            cell=lambda turn: turn.training_class.programme.title,
            page=class_named,
            is_long=True,
        ),
        Column(
            "khai_giang",
            "Khai giảng",
            ["training_class__start_date"],
            cell=lambda turn: turn.training_class.start_date,
            is_usual=False,
        ),
        Column("be_giang", "Bế giảng", ["training_class__end_date"], cell=lambda turn: turn.training_class.end_date),
        Column("ket_qua", "Xếp loại", ["grade"], cell=lambda turn: turn.get_grade_display() or "Hoàn thành"),
        Column("chung_chi", "Số chứng chỉ", cell=lambda turn: turn.certificate.number if turn.certificate else ""),
        Column(
            "ngay_cap",
            "Ngày cấp",
            cell=lambda turn: ngay(turn.certificate.issued_on) if turn.certificate else "",
            is_usual=False,
        ),
    )
    newest = ("-training_class__end_date", "training_class__code")
    return Columns(request, columns, default=newest, tie=("official__name_order", "pk"), may_choose=True)


def columns_of_people(request: HttpRequest, dated: str) -> Columns:
    """Of rows (official, number of turns)."""
    columns = (
        Column(
            "ten",
            "Họ và tên",
            ["official__name_order"],
            cell=lambda row: row[0].full_name,
            page=lambda row: _person(row[0], dated),
        ),
        Column(
            "ngay_sinh", "Ngày sinh", ["official__birth_date"], cell=lambda row: str(row[0].birth or ""),
            page=lambda row: str(row[0].birth or "chưa rõ"),
        ),
        Column(
            "dan_toc", "Dân tộc", ["official__ethnic_group__name"], cell=lambda row: str(row[0].ethnic_group or ""),
            page=lambda row: str(row[0].ethnic_group or "chưa rõ"),
        ),
        Column("luot", "Lượt", ["turns"], cell=lambda row: row[1], is_number=True),
    )  # fmt: skip
    return Columns(request, columns, default=("official__name_order",), tie=("official",), may_choose=True)


def _person(official: Any, dated: str) -> SafeString:
    return linked("cadres:official-detail", official.pk, official.full_name, dated)
