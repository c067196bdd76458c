"""Which papers there are, and the columns of their tables. Words and workbooks are laid out from the same columns.

The keys are the tags that a template may name, so they are Vietnamese without marks: whoever changes a template in Word
reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import TextChoices


class Kind(TextChoices):
    """A kind of document; the value stands in addresses and names of files."""

    SENDING_DECISION = "quyet-dinh-cu-di-hoc", "Quyết định cử đi học"
    CLASS_LIST = "danh-sach-lop", "Danh sách lớp"
    ATTENDANCE = "phieu-diem-danh", "Phiếu điểm danh"
    RESULTS = "bang-ket-qua", "Bảng kết quả"
    CERTIFICATES = "so-cap-chung-chi", "Sổ cấp chứng chỉ"
    PLAN = "ke-hoach", "Kế hoạch đào tạo, bồi dưỡng năm"


# Those of one class; the register is also that of a year, the plan is of a year only.
OF_A_CLASS = (Kind.SENDING_DECISION, Kind.CLASS_LIST, Kind.ATTENDANCE, Kind.RESULTS, Kind.CERTIFICATES)
SESSIONS_A_SHEET = 12  # as many as fit beside the names on A4


@dataclass(frozen=True)
class Column:
    """A column of a table: the key of its values, its title (below that of a group), and its width in millimetres."""

    key: str
    title: str
    width: int
    group: str = ""
    align: str = "left"  # left, center or right


COMMUNE, DISTRICT = "xa", "huyen"
BORN = "Ngày, tháng, năm sinh"
MONEY = "Kinh phí (đồng)"

PEOPLE = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 44),
    Column("sinh_nam", "Nam", 22, BORN, "center"),
    Column("sinh_nu", "Nữ", 22, BORN, "center"),
    Column("dan_toc", "Dân tộc", 17, align="center"),
    Column("chuc_danh", "Chức danh", 38),
    Column(COMMUNE, "Đơn vị cấp xã", 36),
    Column(DISTRICT, "Huyện, thị xã, thành phố", 38),
    Column("ghi_chu", "Ghi chú", 23),
)
RESULTS = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 40),
    Column("ngay_sinh", "Ngày sinh", 22, align="center"),
    Column("chuc_danh", "Chức danh", 34),
    Column(COMMUNE, "Đơn vị", 30),
    Column(DISTRICT, "Huyện", 36),
    Column("so_buoi_vang", "Số buổi vắng", 13, align="center"),
    Column("diem", "Điểm", 13, align="center"),
    Column("xep_loai", "Xếp loại", 20, align="center"),
    Column("ket_qua", "Kết quả", 21, align="center"),
    Column("ghi_chu", "Ghi chú", 11),
)
# Beside the names of an attendance sheet stand its sessions.
ATTENDANCE = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 46),
    Column(COMMUNE, "Đơn vị", 36),
)
SESSION_WIDTH = 11
ATTENDANCE_END = (Column("ghi_chu", "Ghi chú", 26),)
CERTIFICATES = (
    Column("stt", "STT", 12, align="center"),
    Column("so_vao_so", "Số vào sổ", 19, align="center"),
    Column("so_hieu", "Số hiệu", 25, align="center"),
    Column("ho_ten", "Họ và tên", 38),
    Column("ngay_sinh", "Ngày sinh", 22, align="center"),
    Column("don_vi", "Chức danh, đơn vị", 42),
    Column("lop", "Lớp", 28),
    Column("xep_loai", "Kết quả", 17, align="center"),
    Column("ngay_cap", "Ngày cấp", 22, align="center"),
    Column("ky_nhan", "Ký nhận", 15),
    Column("ghi_chu", "Ghi chú", 12),
)
PLAN = (
    Column("stt", "TT", 8, align="center"),
    Column("noi_dung", "Nội dung, tên lớp", 40),
    Column("doi_tuong", "Đối tượng", 28),
    Column("so_lop", "Số lớp", 9, align="center"),
    Column("hoc_vien_mot_lop", "Học viên một lớp", 12, align="center"),
    Column("tong_hoc_vien", "Tổng học viên", 12, align="center"),
    Column("so_ngay", "Số ngày", 10, align="center"),
    Column("thoi_diem", "Thời điểm", 16, align="center"),
    Column("dia_diem", "Địa điểm", 17),
    Column("don_vi", "Đơn vị chủ trì", 21),
    Column("kinh_phi_trung_uong", "Trung ương", 24, MONEY, "right"),
    Column("kinh_phi_dia_phuong", "Địa phương", 24, MONEY, "right"),
    Column("kinh_phi_khac", "Nguồn khác", 19, MONEY, "right"),
    Column("ghi_chu", "Ghi chú", 12),
)
PLAN_TOTALS = ("so_lop", "tong_hoc_vien", "kinh_phi_trung_uong", "kinh_phi_dia_phuong", "kinh_phi_khac")

Columns = tuple[Column, ...]
COLUMNS: dict[Kind, Columns] = {
    Kind.SENDING_DECISION: PEOPLE,
    Kind.CLASS_LIST: PEOPLE,
    Kind.ATTENDANCE: (*ATTENDANCE, *ATTENDANCE_END),
    Kind.RESULTS: RESULTS,
    Kind.CERTIFICATES: CERTIFICATES,
    Kind.PLAN: PLAN,
}


def columns_of(kind: Kind, data: Mapping[str, Any]) -> Columns:
    """The columns of a paper's table: without that of districts where nobody on it is of one (from 1/7/2025), whose
    room the commune has then."""
    columns = COLUMNS[kind]
    beside = next((column for column in columns if column.key == DISTRICT), None)
    if beside is None or any(row[DISTRICT] for row in data["danh_sach"]):
        return columns
    return tuple(
        replace(column, width=column.width + beside.width) if column.key == COMMUNE else column
        for column in columns
        if column is not beside
    )
