"""Invented words for every tag of every kind: what an uploaded template is tried with, and the examples on its page.

A test holds them against the real contents: a tag that a paper offers is here, and no other.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from courses.documents.kinds import PLAN_TOTALS, SESSIONS_A_SHEET, Kind
from courses.documents.letterhead import BODY_ABOVE, ISSUER, ISSUER_HEAD, day_in_words, place_and_day
from courses.documents.wording import in_words

DAY = date(2016, 7, 6)
CLASS = {
    "ma": "QLNN-2016-1",
    "ten": "Bồi dưỡng kiến thức quản lý nhà nước",
    "loai_hinh": "bồi dưỡng",
    "hinh_thuc": "tập trung",
    "tu_ngay": date(2016, 8, 1),
    "den_ngay": date(2016, 8, 26),
    "so_tiet": 160,
    "dia_diem": "Hội trường huyện, Huyện Bắc Hà",
    "co_so": "Trường Chính trị tỉnh",
    "giang_vien": "Trần Thị Hoa",
    "quyet_dinh": "Quyết định số 20/QĐ-SNV",
}
PERSON = {
    "stt": 1,
    "ho_ten": "Vàng Seo Mẫu",
    "sinh_nam": date(1980, 3, 4),
    "sinh_nu": None,
    "dan_toc": "Mông",
    "chuc_danh": "Chủ tịch UBND",
    "xa": "Xã Bản Phố",
    "huyen": "Huyện Bắc Hà",
    "ghi_chu": "ghi chú",
}
LIST = {
    "co_quan_chu_quan": BODY_ABOVE,
    "co_quan": ISSUER,
    "noi_va_ngay": place_and_day(DAY),
    "tieu_de": "TIÊU ĐỀ",
    "dong_phu": ["Dòng phụ thứ nhất", "Dòng phụ thứ hai"],
    "pham_vi": "(trích: danh sách của huyện Bắc Hà, 2 trong 9 dòng)",
}
DECIDES = "GIÁM ĐỐC SỞ NỘI VỤ TỈNH LÀO CAI"
DECISION_BASIS = ["Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008", "Nghị định số 18/2010/NĐ-CP"]
SIGNER = {"chuc_vu": ISSUER_HEAD, "ho_ten": "Nguyễn Văn Mẫu"}
EXTRACT = "(trích: danh sách của huyện Bắc Hà, 2 trong 9 dòng)"
WITHOUT_ETHNIC = {key: value for key, value in PERSON.items() if key != "dan_toc"}
SAMPLES: dict[Kind, dict[str, Any]] = {
    Kind.REGISTRATION: {
        **LIST,
        "nam": "2016",
        "so_nguoi": 1,
        "tong_ket": "Đăng ký 1 lượt học của 1 người, 1 chương trình./.",
        "nguoi_ky": SIGNER,
        "danh_sach": [
            WITHOUT_ETHNIC
            | {
                "chuong_trinh": "Bồi dưỡng kiến thức quản lý nhà nước",
                "uu_tien": "Gấp",
                "ly_do": "chưa đạt chuẩn quản lý nhà nước",
            }
        ],
    },
    Kind.OPENING: {
        "co_quan_chu_quan": BODY_ABOVE,
        "co_quan": ISSUER,
        "so": "20/QĐ-SNV",
        "la_du_thao": True,
        "noi_va_ngay": place_and_day(DAY),
        "tham_quyen": DECIDES,
        "thi_hanh": "Chánh Văn phòng Sở",
        "lop": CLASS,
        "can_cu": DECISION_BASIS,
        "noi_de_nghi": "Trưởng phòng chuyên môn về đào tạo, bồi dưỡng",
        "so_hoc_vien": 40,
        "so_ngay": 20,
        "han_dang_ky": date(2016, 7, 20),
        "kinh_phi": 120_000_000,
        "nguon_kinh_phi": "ngân sách địa phương",
        "chi_tieu": [{"stt": 1, "don_vi": "Huyện Bắc Hà", "so_nguoi": 20}],
        "nguoi_ky": SIGNER,
    },
    Kind.PROPOSAL: {
        "co_quan_chu_quan": "UBND HUYỆN BẮC HÀ",
        "co_quan": "PHÒNG NỘI VỤ",
        "so": "15/TTr",
        "noi_va_ngay": place_and_day(DAY, place="Bắc Hà"),
        "ngay_to_trinh": day_in_words(DAY),
        "lop": CLASS,
        "can_cu": DECISION_BASIS,
        "don_vi": "huyện Bắc Hà",
        "pham_vi": EXTRACT,
        "so_nguoi": 2,
        "so_trong_danh_sach": 2,
        "nguoi_ky": {"chuc_vu": "TRƯỞNG PHÒNG", "ho_ten": "Nguyễn Văn Mẫu"},
        "danh_sach": [PERSON, PERSON],
    },
    Kind.SUMMONS: {
        "co_quan_chu_quan": "TỈNH ỦY LÀO CAI",
        "co_quan": "TRƯỜNG CHÍNH TRỊ TỈNH",
        "so": "30/GTT",
        "noi_va_ngay": place_and_day(DAY),
        "lop": CLASS,
        "can_cu": ["Quyết định số 125/QĐ-SNV ngày 06 tháng 7 năm 2016 của Giám đốc Sở Nội vụ tỉnh Lào Cai"],
        "noi_trieu_tap": "Trường Chính trị tỉnh",
        "co_mat_luc": "07 giờ 30, ngày 01 tháng 8 năm 2016",
        "pham_vi": EXTRACT,
        "so_trong_danh_sach": 2,
        "danh_sach": [PERSON, PERSON],
        "nguoi_ky": SIGNER,
    },
    Kind.COMMITMENT: {
        "lop": CLASS,
        "so_lan_cam_ket": 2,
        "van_ban_dao_tao": "Nghị định số 18/2010/NĐ-CP",
        "cac_ban": [
            {
                "ho_ten": "Vàng Seo Mẫu",
                "ngay_sinh": date(1980, 3, 4),
                "dan_toc": "Mông",
                "chuc_danh": "Chủ tịch UBND",
                "don_vi": "Xã Bản Phố, Huyện Bắc Hà",
                "so_thang": 48,
                "so_thang_bang_chu": "bốn mươi tám",
                "chi_phi": 24_000_000,
                "noi_va_ngay": place_and_day(DAY),
            }
        ],
    },
    Kind.RECOGNITION: {
        "co_quan_chu_quan": "TỈNH ỦY LÀO CAI",
        "co_quan": "TRƯỜNG CHÍNH TRỊ TỈNH",
        "so": "31/QĐ",
        "noi_va_ngay": place_and_day(DAY),
        "ngay_quyet_dinh": day_in_words(DAY),
        "lop": CLASS,
        "ten_giay": "chứng chỉ",
        "tham_quyen": "HIỆU TRƯỞNG TRƯỜNG CHÍNH TRỊ TỈNH",
        "noi_ban_hanh": "Trường Chính trị tỉnh",
        "can_cu": DECISION_BASIS,
        "pham_vi": EXTRACT,
        "so_nguoi": 40,
        "so_trong_danh_sach": 1,
        "danh_sach": [WITHOUT_ETHNIC | {"diem": Decimal("8.5"), "xep_loai": "Giỏi", "so_hieu": "CC-0012"}],
        "nguoi_ky": SIGNER,
    },
    Kind.CERTIFICATE_SHEET: {
        "lop": CLASS,
        "ten_giay": "CHỨNG CHỈ",
        "cac_giay": [
            {
                "co_quan_chu_quan": "TỈNH ỦY LÀO CAI",
                "co_quan": "TRƯỜNG CHÍNH TRỊ TỈNH",
                "ho_ten": "Vàng Seo Mẫu",
                "ngay_sinh": date(1980, 3, 4),
                "dan_toc": "Mông",
                "don_vi": "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà",
                "xep_loai": "Giỏi",
                "so_hieu": "CC-0012",
                "so_vao_so": "12",
                "noi_va_ngay": place_and_day(DAY),
                "nguoi_ky": SIGNER,
            }
        ],
    },
    Kind.SUPPORT: {
        **LIST,
        "lop": CLASS,
        "can_cu": ["Quyết định số 12/2016/QĐ-UBND"],
        "danh_sach": [
            {
                "stt": 1,
                "ho_ten": "Vàng Seo Mẫu",
                "chuc_danh": "Chủ tịch UBND",
                "xa": "Xã Bản Phố",
                "huyen": "Huyện Bắc Hà",
                "cach_tinh": "Tiền ăn: 5 ngày học × 50.000",
                "so_tien": 250_000,
                "ky_nhan": "",
            }
        ],
        "tong": {"so_tien": 250_000},
        "bang_chu": "Hai trăm năm mươi nghìn đồng",
    },
    Kind.SETTLEMENT: {
        **LIST,
        "lop": CLASS,
        "can_cu": DECISION_BASIS,
        "ngay_quyet_toan": date(2016, 9, 15),
        "danh_sach": [
            {
                "stt": 1,
                "nguon": "Ngân sách địa phương",
                "da_giao": 120_000_000,
                "quyet_toan": 118_500_000,
                "con_lai": 1_500_000,
                "chung_tu": "Quyết toán số 12 ngày 15/9/2016",
            }
        ],
        "tong": {"da_giao": 120_000_000, "quyet_toan": 118_500_000, "con_lai": 1_500_000},
        "mot_nguoi_mot_ngay": 148_125,
        "bang_chu": "Một trăm mười tám triệu năm trăm nghìn đồng",
    },
    Kind.REPAYMENT: {
        "co_quan_chu_quan": BODY_ABOVE,
        "co_quan": ISSUER,
        "tham_quyen": DECIDES,
        "thi_hanh": "Chánh Văn phòng Sở",
        "so": "210/QĐ-SNV",
        "la_du_thao": True,
        "noi_va_ngay": place_and_day(DAY),
        "lop": CLASS,
        "can_cu": DECISION_BASIS,
        "ho_ten": "Vàng Seo Mẫu",
        "ngay_sinh": date(1980, 3, 4),
        "don_vi": "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà",
        "truong_hop": "bỏ việc khi chưa phục vụ đủ cam kết",
        "tu_ngay": date(2016, 6, 1),
        "van_ban_dao_tao": "Nghị định số 18/2010/NĐ-CP",
        "chi_phi": 24_000_000,
        "so_thang_cam_ket": 48,
        "so_thang_da_phuc_vu": 12,
        "tinh_theo_thoi_gian": True,
        "so_tien_truoc_giam": 18_000_000,
        "so_nam_cong_tac": 10,
        "ty_le_giam": "15",
        "so_tien_giam": 2_700_000,
        "so_tien": 15_300_000,
        "so_tien_bang_chu": "Mười lăm triệu ba trăm nghìn đồng",
        "nguoi_ky": SIGNER,
    },
    Kind.TRANSCRIPT: {
        **LIST,
        "ho_ten": "Vàng Seo Mẫu",
        "ngay_sinh": date(1980, 3, 4),
        "gioi_tinh": "Nam",
        "dan_toc": "Mông",
        "don_vi": "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà",
        "danh_sach": [
            {
                "stt": 1,
                "truong": "Trường Chính trị tỉnh",
                "noi_dung": "Trung cấp lý luận chính trị – hành chính",
                "thoi_gian": "09/2014 – 06/2015",
                "hinh_thuc": "Tập trung",
                "van_bang": "Trung cấp; Số CC-0012",
            }
        ],
    },
    Kind.SENDING_DECISION: {
        "co_quan_chu_quan": BODY_ABOVE,
        "co_quan": ISSUER,
        "so": "125/QĐ-SNV",
        "noi_va_ngay": place_and_day(DAY),
        "la_du_thao": True,
        "ngay_quyet_dinh": day_in_words(DAY),
        "pham_vi": EXTRACT,
        "lop": CLASS,
        "can_cu": DECISION_BASIS,
        "noi_de_nghi": "Phòng Nội vụ huyện Bắc Hà",
        "so_nguoi": 40,
        "so_trong_danh_sach": 2,
        "nguon_kinh_phi": "ngân sách địa phương",
        "so_lan_cam_ket": 2,
        "van_ban_dao_tao": "Nghị định số 18/2010/NĐ-CP",
        "nguoi_ky": SIGNER,
        "danh_sach": [PERSON, PERSON],
    },
    Kind.CLASS_LIST: {**LIST, "lop": CLASS, "so_trong_danh_sach": 2, "danh_sach": [PERSON, PERSON]},
    Kind.ATTENDANCE: {
        **LIST,
        "lop": CLASS,
        "so_trong_danh_sach": 1,
        "chu_thich": "Ký hiệu: x: có mặt.",
        "cac_to": [
            {
                "so": 1,
                "cac_buoi": ["01/08\nsáng"] * SESSIONS_A_SHEET,
                "danh_sach": [
                    {key: PERSON[key] for key in ("stt", "ho_ten", "xa", "huyen", "chuc_danh", "ghi_chu")}
                    | {"cac_dau": ["x"] * SESSIONS_A_SHEET}
                ],
            }
        ],
    },
    Kind.RESULTS: {
        **LIST,
        "lop": CLASS,
        "so_trong_danh_sach": 1,
        "tong_ket": "Danh sách có 1 người: hoàn thành 1./.",
        "nguoi_dung_dau": "Nguyễn Văn Mẫu",
        "danh_sach": [
            {key: PERSON[key] for key in ("stt", "ho_ten", "chuc_danh", "xa", "huyen", "ghi_chu")}
            | {
                "ngay_sinh": date(1980, 3, 4),
                "so_buoi_vang": 1,
                "diem": Decimal("8.5"),
                "xep_loai": "Giỏi",
                "ket_qua": "Hoàn thành",
            }
        ],
    },
    Kind.CERTIFICATES: {
        **LIST,
        "tong_ket": "Sổ có 1 dòng./.",
        "nguoi_dung_dau": "Nguyễn Văn Mẫu",
        "cac_nhom": [
            {
                "ten": "Trường Chính trị tỉnh",
                "danh_sach": [
                    {
                        "stt": 1,
                        "so_vao_so": "12",
                        "so_hieu": "CC-0012",
                        "ho_ten": "Vàng Seo Mẫu",
                        "ngay_sinh": date(1980, 3, 4),
                        "don_vi": "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà",
                        "lop": "QLNN-2016-1",
                        "xep_loai": "Giỏi",
                        "ngay_cap": date(2016, 8, 30),
                        "nguoi_ky": "Nguyễn Văn Mẫu",
                        "ky_nhan": "",
                        "ghi_chu": "ghi chú",
                    }
                ],
            }
        ],
    },
    Kind.PLAN: {
        **LIST,
        "nam": "2016",
        "tong": dict.fromkeys(PLAN_TOTALS, 1),
        "tong_ket": "Tổng kinh phí 1.000.000 đồng.",
        "cac_nhom": [
            {
                "ten": "I. Bồi dưỡng: 1 lớp",
                "danh_sach": [
                    {
                        "stt": 1,
                        "noi_dung": "Bồi dưỡng kiến thức quản lý nhà nước",
                        "doi_tuong": "Công chức cấp xã",
                        "so_lop": 1,
                        "hoc_vien_mot_lop": 40,
                        "tong_hoc_vien": 40,
                        "so_ngay": 20,
                        "thoi_diem": "tháng 8",
                        "dia_diem": "Huyện Bắc Hà",
                        "don_vi": "Trường Chính trị tỉnh",
                        "kinh_phi_trung_uong": 0,
                        "kinh_phi_dia_phuong": 120_000_000,
                        "kinh_phi_khac": 0,
                        "ghi_chu": "ghi chú",
                    }
                ],
            }
        ],
    },
}


def sample(kind: Kind) -> dict[str, Any]:
    """Words for every tag of a kind, as a template gets them."""
    words: dict[str, Any] = in_words(SAMPLES[kind])
    return words


def bare(words: Any) -> Any:
    """The same with nothing in it: no text, no lines in the lists, nothing true. A paper may be like that."""
    if isinstance(words, dict):
        return {key: bare(value) for key, value in words.items()}
    return type(words)()


def tags_of(kind: Kind) -> Iterator[tuple[str, str]]:
    """Every tag of a kind with an example; of a list, its name with those of a line ("danh_sach → ho_ten")."""
    yield from _tags("", SAMPLES[kind])


def _tags(before: str, words: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, dict):
            yield from _tags(f"{before}{key}.", value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _tags(f"{before}{key} → ", value[0])
        elif isinstance(value, list):
            yield f"{before}{key} (danh sách)", str(in_words(value[0])).replace("\n", " ")
        elif isinstance(value, bool):
            yield f"{before}{key}", "đúng hoặc sai"
        else:
            yield f"{before}{key}", in_words(value)
