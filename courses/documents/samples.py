"""Invented words for every tag of every kind: what an uploaded template is tried with, and the examples on its page.

A test holds them against the real contents: a tag that a paper offers is here, and no other.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from courses.documents.contents import in_words
from courses.documents.kinds import PLAN_TOTALS, SESSIONS_A_SHEET, Kind
from courses.documents.letterhead import BODY_ABOVE, ISSUER, ISSUER_HEAD, day_in_words, place_and_day

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
SAMPLES: dict[Kind, dict[str, Any]] = {
    Kind.SENDING_DECISION: {
        "co_quan_chu_quan": BODY_ABOVE,
        "co_quan": ISSUER,
        "so": "125/QĐ-SNV",
        "noi_va_ngay": place_and_day(DAY),
        "la_du_thao": True,
        "ngay_quyet_dinh": day_in_words(DAY),
        "pham_vi": "(trích: danh sách của huyện Bắc Hà, 2 trong 9 dòng)",
        "lop": CLASS,
        "can_cu": ["Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008", "Nghị định số 18/2010/NĐ-CP"],
        "noi_de_nghi": "Phòng Nội vụ huyện Bắc Hà",
        "so_nguoi": 40,
        "so_trong_danh_sach": 2,
        "nguon_kinh_phi": "ngân sách địa phương",
        "so_lan_cam_ket": 2,
        "van_ban_dao_tao": "Nghị định số 18/2010/NĐ-CP",
        "nguoi_ky": {"chuc_vu": ISSUER_HEAD, "ho_ten": "Nguyễn Văn Mẫu"},
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
