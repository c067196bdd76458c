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

    REGISTRATION = "ban-dang-ky-nhu-cau", "Bản đăng ký nhu cầu"
    OPENING = "quyet-dinh-mo-lop", "Quyết định mở lớp"
    PROPOSAL = "to-trinh-cu-nguoi", "Tờ trình cử người đi học"
    SENDING_DECISION = "quyet-dinh-cu-di-hoc", "Quyết định cử đi học"
    SUMMONS = "giay-trieu-tap", "Giấy triệu tập"
    COMMITMENT = "ban-cam-ket", "Bản cam kết"
    CLASS_LIST = "danh-sach-lop", "Danh sách lớp"
    ATTENDANCE = "phieu-diem-danh", "Phiếu điểm danh"
    RESULTS = "bang-ket-qua", "Bảng kết quả"
    RECOGNITION = "quyet-dinh-cong-nhan", "Quyết định công nhận kết quả, cấp chứng chỉ"
    CERTIFICATE_SHEET = "chung-chi", "Chứng chỉ"
    CERTIFICATES = "so-cap-chung-chi", "Sổ cấp chứng chỉ"
    SUPPORT = "danh-sach-ho-tro", "Danh sách chi hỗ trợ học viên"
    SETTLEMENT = "quyet-toan-lop", "Quyết toán lớp"
    REPAYMENT = "quyet-dinh-den-bu", "Quyết định đền bù chi phí đào tạo"
    TRANSCRIPT = "phieu-qua-trinh-dao-tao", "Phiếu quá trình đào tạo"
    PLAN = "ke-hoach", "Kế hoạch đào tạo, bồi dưỡng năm"


SESSIONS_A_SHEET = 10  # as many as fit beside the names on A4, in type of 13 points


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
    Column("ho_ten", "Họ và tên", 42),
    Column("sinh_nam", "Nam", 24, BORN, "center"),
    Column("sinh_nu", "Nữ", 24, BORN, "center"),
    Column("dan_toc", "Dân tộc", 18, align="center"),
    Column("chuc_danh", "Chức danh", 38),
    Column(COMMUNE, "Đơn vị cấp xã", 36),
    Column(DISTRICT, "Huyện, thị xã, thành phố", 36),
    Column("ghi_chu", "Ghi chú", 22),
)
RESULTS = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 40),
    Column("ngay_sinh", "Ngày sinh", 24, align="center"),
    Column("chuc_danh", "Chức danh", 32),
    Column(COMMUNE, "Đơn vị", 29),
    Column(DISTRICT, "Huyện", 30),
    Column("so_buoi_vang", "Số buổi vắng", 14, align="center"),
    Column("diem", "Điểm", 14, align="center"),
    Column("xep_loai", "Xếp loại", 22, align="center"),
    Column("ket_qua", "Kết quả", 22, align="center"),
    Column("ghi_chu", "Ghi chú", 13),
)
# Beside the names of an attendance sheet stand its sessions.
ATTENDANCE = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 46),
    Column(COMMUNE, "Đơn vị", 36),
)
SESSION_WIDTH = 14
ATTENDANCE_END = (Column("ghi_chu", "Ghi chú", 16),)
CERTIFICATES = (
    Column("stt", "STT", 12, align="center"),
    Column("so_vao_so", "Số vào sổ", 20, align="center"),
    Column("so_hieu", "Số hiệu", 26, align="center"),
    Column("ho_ten", "Họ và tên", 34),
    Column("ngay_sinh", "Ngày sinh", 24, align="center"),
    Column("don_vi", "Chức danh, đơn vị", 41),
    Column("lop", "Lớp", 24),
    Column("xep_loai", "Kết quả", 20, align="center"),
    Column("ngay_cap", "Ngày cấp", 24, align="center"),
    Column("ky_nhan", "Ký nhận", 15),
    Column("ghi_chu", "Ghi chú", 12),
)
OPENING_QUOTAS = (
    Column("stt", "STT", 14, align="center"),
    Column("don_vi", "Đơn vị được cử người", 106),
    Column("so_nguoi", "Chỉ tiêu (người)", 40, align="center"),
)
REGISTRATION = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 36),
    Column("sinh_nam", "Nam", 24, BORN, "center"),
    Column("sinh_nu", "Nữ", 24, BORN, "center"),
    Column("chuc_danh", "Chức danh", 32),
    Column(COMMUNE, "Đơn vị cấp xã", 30),
    Column("chuong_trinh", "Chương trình đăng ký", 36),
    Column("uu_tien", "Ưu tiên", 18, align="center"),
    Column("ly_do", "Lý do", 40),
)
RECOGNITION = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 42),
    Column("sinh_nam", "Nam", 24, BORN, "center"),
    Column("sinh_nu", "Nữ", 24, BORN, "center"),
    Column("chuc_danh", "Chức danh", 34),
    Column(COMMUNE, "Đơn vị cấp xã", 32),
    Column(DISTRICT, "Huyện, thị xã, thành phố", 32),
    Column("diem", "Điểm", 13, align="center"),
    Column("xep_loai", "Xếp loại", 17, align="center"),
    Column("so_hieu", "Số hiệu", 22, align="center"),
)
SUPPORT = (
    Column("stt", "STT", 12, align="center"),
    Column("ho_ten", "Họ và tên", 42),
    Column("chuc_danh", "Chức danh", 36),
    Column(COMMUNE, "Đơn vị cấp xã", 32),
    Column(DISTRICT, "Huyện, thị xã, thành phố", 32),
    Column("cach_tinh", "Cách tính (đồng)", 53),
    Column("so_tien", "Số tiền (đồng)", 26, align="right"),
    Column("ky_nhan", "Ký nhận", 20),
)
SETTLEMENT = (
    Column("stt", "STT", 14, align="center"),
    Column("nguon", "Nguồn kinh phí", 56),
    Column("da_giao", "Kinh phí được giao (đồng)", 38, align="right"),
    Column("quyet_toan", "Số quyết toán (đồng)", 38, align="right"),
    Column("con_lai", "Còn lại (đồng)", 38, align="right"),
    Column("chung_tu", "Chứng từ", 68),
)
SETTLEMENT_TOTALS = ("da_giao", "quyet_toan", "con_lai")
TRANSCRIPT = (
    Column("stt", "STT", 14, align="center"),
    Column("truong", "Tên trường, cơ sở đào tạo", 62),
    Column("noi_dung", "Chuyên ngành đào tạo, nội dung bồi dưỡng", 66),
    Column("thoi_gian", "Từ tháng, năm – đến tháng, năm", 36, align="center"),
    Column("hinh_thuc", "Hình thức", 28, align="center"),
    Column("van_bang", "Văn bằng, chứng chỉ, trình độ", 46),
)
PLAN = (
    Column("stt", "TT", 9, align="center"),
    Column("noi_dung", "Nội dung, tên lớp", 33),
    Column("doi_tuong", "Đối tượng", 38),
    Column("so_lop", "Số lớp", 9, align="center"),
    Column("hoc_vien_mot_lop", "Học viên một lớp", 12, align="center"),
    Column("tong_hoc_vien", "Tổng học viên", 12, align="center"),
    Column("so_ngay", "Số ngày", 11, align="center"),
    Column("thoi_diem", "Thời điểm", 15, align="center"),
    Column("dia_diem", "Địa điểm", 15),
    Column("don_vi", "Đơn vị chủ trì", 24),
    Column("kinh_phi_trung_uong", "Trung ương", 25, MONEY, "right"),
    Column("kinh_phi_dia_phuong", "Địa phương", 25, MONEY, "right"),
    Column("kinh_phi_khac", "Nguồn khác", 14, MONEY, "right"),
    Column("ghi_chu", "Ghi chú", 10),
)
PLAN_TOTALS = ("so_lop", "tong_hoc_vien", "kinh_phi_trung_uong", "kinh_phi_dia_phuong", "kinh_phi_khac")

Columns = tuple[Column, ...]
COLUMNS: dict[Kind, Columns] = {
    Kind.REGISTRATION: REGISTRATION,
    Kind.OPENING: OPENING_QUOTAS,
    Kind.PROPOSAL: PEOPLE,
    Kind.SENDING_DECISION: PEOPLE,
    Kind.SUMMONS: PEOPLE,
    Kind.COMMITMENT: (),
    Kind.CLASS_LIST: PEOPLE,
    Kind.ATTENDANCE: (*ATTENDANCE, *ATTENDANCE_END),
    Kind.RESULTS: RESULTS,
    Kind.RECOGNITION: RECOGNITION,
    Kind.CERTIFICATE_SHEET: (),
    Kind.CERTIFICATES: CERTIFICATES,
    Kind.SUPPORT: SUPPORT,
    Kind.SETTLEMENT: SETTLEMENT,
    Kind.REPAYMENT: (),
    Kind.TRANSCRIPT: TRANSCRIPT,
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
