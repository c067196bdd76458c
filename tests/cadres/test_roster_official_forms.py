"""The heads of official forms and of districts' own lists, whole: what each column is, and that nothing is lost."""

from typing import Any

import pytest

from cadres.models import ColumnTitle
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.header import HeaderFinder
from cadres.roster.reading import Cell, Sheet

pytestmark = pytest.mark.django_db
NOT_KEPT = "không lưu"

# A form is its columns from the left, as `titles from the group down: what it means`.
FORMS = {
    "Mẫu 02/CL.CBCCX": """
        STT: row_number
        Họ và tên: full_name
        Ngày, tháng, năm sinh > Nam: birth_date:M
        Ngày, tháng, năm sinh > Nữ: birth_date:F
        Tháng, năm bắt đầu tham gia BHXH: insurance_since
        Đảng viên: party_joined_on
        Dân tộc: ethnic_group
        Tôn giáo: religion
        Đại biểu HĐND > Xã: council_deputy:xã
        Đại biểu HĐND > Huyện: council_deputy:huyện
        Đại biểu HĐND > Tỉnh: council_deputy:tỉnh
        Tham gia cấp ủy cấp xã: party_committee:xã
        Trình độ văn hoá > Tiểu học: education:TH
        Trình độ văn hoá > THCS: education:THCS
        Trình độ văn hoá > THPT: education:THPT
        Trình độ chuyên môn > Chưa qua ĐT: professional:CDT
        Trình độ chuyên môn > SC: professional:SC
        Trình độ chuyên môn > TC: professional:TC
        Trình độ chuyên môn > CĐ: professional:CD
        Trình độ chuyên môn > ĐH: professional:DH
        Trình độ chuyên môn > Thạc sỹ-tiến sỹ: professional:THS
        Trình độ lý luận chính trị > SC: political_theory:SC
        Trình độ lý luận chính trị > TC: political_theory:TC
        Trình độ lý luận chính trị > CC: political_theory:CC
        Trình độ lý luận chính trị > CN: political_theory:CN
        Trình độ QLNN > Chưa qua đào tạo: state_management:CHUA
        Trình độ QLNN > CV và tương đương: state_management:CV
        Trình độ QLNN > CVC và tương đương: state_management:CVC
        Tin học > Chứng chỉ A,B,C: it:A
        Tin học > TC: it:TC
        Ngoại ngữ > Chứng chỉ A,B,C: foreign_language:A
        Ngoại ngữ > ĐH: foreign_language:DH
        An ninh, quốc phòng: defence_security
        Chia theo độ tuổi > ≤30: không lưu
        Chia theo độ tuổi > 31-40: không lưu
        Chia theo độ tuổi > 51-60 > Tổng số: không lưu
        Chia theo độ tuổi > 51-60 > Nữ 51-55: không lưu
        Chia theo độ tuổi > 51-60 > Nam 56-60: không lưu
        Thời gian công tác có BHXH > <15 năm: không lưu
        Thời gian công tác có BHXH > 15-20: không lưu
        Ghi chú: note
    """,
    "BM04/BNV": """
        Stt: row_number
        Họ và tên: full_name
        Ngày tháng năm sinh > Nam: birth_date:M
        Ngày tháng năm sinh > Nữ: birth_date:F
        Chức vụ hoặc chức danh công tác: position
        Cơ quan, đơn vị đang làm việc: commune
        Thời gian giữ chức vụ, chức danh: appointed_on
        Mức lương hiện hưởng > Hệ số lương: không lưu
        Mức lương hiện hưởng > Bậc lương hiện hưởng: không lưu
        Phụ cấp > Chức vụ: không lưu
        Phụ cấp > Trách nhiệm: không lưu
        Phụ cấp > Khu vực: không lưu
        Phụ cấp > Vượt khung: không lưu
        Phụ cấp > Tổng phụ cấp theo %: không lưu
        Ghi chú: note
    """,
    "danh sách trích ngang": """
        TT: row_number
        Họ và tên khai sinh: full_name
        Năm sinh > Nam: birth_date:M
        Năm sinh > Nữ: birth_date:F
        Dân tộc: ethnic_group
        Quê quán: hometown
        Nơi ở hiện nay: residence
        Ngày vào Đảng > Dự bị: party_joined_on
        Ngày vào Đảng > Chính thức: party_official_on
        Trình độ > VH: education
        Trình độ > CM: professional
        Trình độ > LLCT: political_theory
        Trình độ > QLNN: state_management
        Trình độ > TH: it
        Trình độ > NN: foreign_language
        Chức vụ hiện nay: position
        Ghi chú: note
    """,
    "danh sách with everything in groups": """
        STT: row_number
        Thông tin cá nhân > Họ và tên > Họ đệm: family_name
        Thông tin cá nhân > Họ và tên > Tên: given_name
        Thông tin cá nhân > Ngày sinh: birth_date
        Thông tin cá nhân > Giới tính: sex
        Thông tin cá nhân > CCCD > Số: national_id
        Thông tin cá nhân > CCCD > Ngày cấp: không lưu
        Thông tin cá nhân > CCCD > Nơi cấp: không lưu
        Thông tin cá nhân > Quê quán > Xã: hometown
        Thông tin cá nhân > Quê quán > Huyện: hometown
        Thông tin cá nhân > Số ĐT: phone
        Đơn vị > Huyện: district
        Đơn vị > Xã: commune
        Chức vụ > Đảng: concurrent_position
        Chức vụ > Chính quyền: position
        Chức vụ > Đoàn thể: concurrent_position
        Trình độ > Văn hóa: education
        Trình độ > Chuyên môn > Trình độ: professional
        Trình độ > Chuyên môn > Chuyên ngành: field_of_study
        Trình độ > Chuyên môn > Hình thức đào tạo: study_mode
        Trình độ > Chuyên môn > Năm tốt nghiệp: không lưu
        Trình độ > Chuyên môn > Trường đào tạo: không lưu
        Trình độ > LLCT: political_theory
        Trình độ > QLNN: state_management
        Trình độ > Tin học: it
        Trình độ > Ngoại ngữ: foreign_language
        Bồi dưỡng > QP-AN: defence_security
        Đảng > Ngày vào: party_joined_on
        Đảng > Chính thức: party_official_on
        Tuyển dụng > Ngày tuyển dụng: recruited_on
        Tuyển dụng > Số QĐ: không lưu
        Thông tin vợ (chồng) > Họ và tên: không lưu
        Thông tin vợ (chồng) > Năm sinh: không lưu
    """,
    "a district's flat list": """
        STT: row_number
        Họ tên khai sinh: full_name
        Bí danh: không lưu
        Ngày tháng năm sinh: birth_date
        Nam/Nữ: sex
        Số CCCD: national_id
        Ngày cấp CCCD: không lưu
        Nơi cấp: không lưu
        DT: ethnic_group
        TG: religion
        Nguyên quán: hometown
        HKTT: residence
        SĐT: phone
        Chức danh, chức vụ: position
        Chức vụ kiêm nhiệm: concurrent_position
        Nơi công tác: commune
        Ngày giữ chức vụ: appointed_on
        Số quyết định bổ nhiệm: không lưu
        Ngày ký QĐ: không lưu
        Trình độ phổ thông: education
        Trình độ CM: professional
        Chuyên ngành ĐT: field_of_study
        Hệ ĐT: study_mode
        Trường ĐT: không lưu
        Năm TN: không lưu
        Lý luận CT: political_theory
        QL nhà nước: state_management
        CC tin học: it
        CC ngoại ngữ: foreign_language
        Tiếng DT: ethnic_language
        Ngày vào Đoàn: không lưu
        Ngày vào Đảng: party_joined_on
        Ngày vào Đảng chính thức: party_official_on
        Cấp ủy: party_committee
        ĐB HĐND: council_deputy
        Mã ngạch: không lưu
        Hệ số lương: không lưu
        Ngày hưởng: không lưu
        Tuổi: không lưu
        Số năm công tác: không lưu
        Ngày nghỉ hưu: không lưu
        Thành phần xuất thân: không lưu
        Khen thưởng, kỷ luật: không lưu
        Sức khỏe: không lưu
        GC: note
    """,
}  # fmt: skip


def columns_of(form: str) -> list[tuple[list[str], str]]:
    lines = [line.strip() for line in FORMS[form].strip().splitlines()]
    return [(titles.split(" > "), means) for titles, means in (line.split(": ", 1) for line in lines)]


def sheet_of(columns: list[tuple[list[str], str]], *, merged: bool, numbered: bool) -> tuple[Sheet, int]:
    """The head of a form as a sheet, with three people below it, and the number of its rows."""
    depth = max(len(path) for path, _ in columns)
    grid = [[path[row] if row < len(path) else "" for path, _ in columns] for row in range(depth)]
    spans = []
    for row in range(depth):
        left = 0
        while left < len(columns):
            path = columns[left][0]
            right = left
            while (
                row < len(path) - 1
                and right + 1 < len(columns)
                and columns[right + 1][0][: row + 1] == path[: row + 1]
                and len(columns[right + 1][0]) > row + 1
            ):
                right += 1
                grid[row][right] = ""
            bottom = depth - 1 if row == len(path) - 1 else row
            if row < len(path) and merged and (right > left or bottom > row):
                spans.append((row, left, bottom, right))
            left = right + 1
    rows: list[list[Cell]] = [list(line) for line in grid]
    if numbered:
        rows.append(["A", *(str(number) for number in range(1, len(columns)))])
    for number in range(1, 4):
        said: dict[str, Any] = {"row_number": float(number), "full_name": "Giàng Seo An", "family_name": "Giàng Seo"}
        said |= {"given_name": "An", "birth_date": "05/08/1979", "position": "Chủ tịch UBND"}
        rows.append([said.get(means, "x") for _, means in columns])
    return Sheet("DS", rows, spans), depth


@pytest.mark.parametrize("numbered", [False, True], ids=["", "numbered"])
@pytest.mark.parametrize("merged", [True, False], ids=["merged", "not merged"])
@pytest.mark.parametrize("form", FORMS)
def test_the_head_of_a_form_is_understood_column_by_column(form, merged, numbered):
    columns = columns_of(form)
    sheet, depth = sheet_of(columns, merged=merged, numbered=numbered)
    header = HeaderFinder(sheet, Dictionaries.load().titles, {}).first()
    assert header is not None
    assert (header.first, header.last) == (0, depth - 1)
    found = [column.target or (NOT_KEPT if column.not_kept else "") for column in header.columns]
    assert {
        " > ".join(path): is_read
        for (path, means), is_read in zip(columns, found, strict=True)
        if is_read != means
    } == {}  # fmt: skip


def test_a_title_that_people_add_is_understood_by_its_words_too():
    ColumnTitle.objects.create(field="professional", title="Tay nghề cao nhất")
    titles = Dictionaries.load().titles
    assert {text: titles.field(text) for text in ("Tay nghề", "Trình độ tay nghề", "TĐ tay nghề", "Nghề tay trái")} == {
        "Tay nghề": "professional", "Trình độ tay nghề": "professional", "TĐ tay nghề": "professional",
        "Nghề tay trái": "",
    }  # fmt: skip
