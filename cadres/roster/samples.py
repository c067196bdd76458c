"""Sample rosters to try the import with, one of each era: as a district sent it in 2015, as a commune sends it now.

The people are invented, and the file says so. The layouts are those that rosters have, not that of our own template.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from cadres.demonstration.names import draw_name

Row = list[str | int]


@dataclass(frozen=True)
class Era:
    """`groups`: heading of a part of the list → the posts in it, as such a list calls them."""

    key: str
    label: str
    day: date
    heads: tuple[str, ...]
    titles: tuple[str, ...]
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    file_name: str


_OF_2015 = (
    *("Bí thư Đảng ủy", "Chủ tịch UBND", "Phó CT UBND", "Chủ tịch UBMTTQ", "Bí thư ĐTN", "CT Hội LHPN", "CT Hội ND"),
    *("CT Hội CCB", "Văn phòng - Thống kê", "ĐC-NN-XD&MT", "Tài chính - Kế toán", "Tư pháp - Hộ tịch", "Văn hóa - XH"),
)
ERAS = {
    era.key: era
    for era in (
        Era(
            "2015",
            "Danh sách năm 2015",
            date(2015, 12, 31),
            ("UBND HUYỆN BẮC HÀ", "DANH SÁCH CÁN BỘ, CÔNG CHỨC CẤP XÃ (MẪU, NGƯỜI GIẢ ĐỊNH)"),
            (
                *("STT", "Họ và tên", "Nam", "Nữ", "Dân tộc", "Chức danh", "Trình độ văn hóa", "Chuyên môn"),
                *("Chuyên ngành", "LLCT", "Tin học", "Ngày vào Đảng"),
            ),
            (("Xã Bản Phố", _OF_2015), ("Thị trấn Bắc Hà", _OF_2015)),
            "danh-sach-mau-2015.xlsx",
        ),
        Era(
            "2026",
            "Danh sách từ 1/7/2025",
            date(2026, 9, 30),
            ("ĐẢNG ỦY - UBND XÃ BẮC HÀ", "DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BẮC HÀ (MẪU, NGƯỜI GIẢ ĐỊNH)"),
            (
                *("STT", "Họ và tên", "Nam", "Nữ", "Dân tộc", "Chức vụ, vị trí việc làm", "Trình độ học vấn"),
                *("Trình độ chuyên môn", "Chuyên ngành", "Lý luận chính trị", "QLNN", "Tin học", "Ngày vào Đảng"),
            ),
            (
                ("I. Thường trực Đảng ủy, HĐND, lãnh đạo UBND", (
                    *("Bí thư Đảng ủy", "Phó Bí thư Đảng ủy", "Chủ tịch UBND", "Phó Chủ tịch HĐND"),
                    *("Phó Chủ tịch UBND", "Phó Chủ tịch UBND"),
                )),
                ("II. Cơ quan Đảng ủy, Ủy ban MTTQ Việt Nam xã", (
                    *("Chánh Văn phòng Đảng ủy", "Trưởng Ban Xây dựng Đảng", "Chủ nhiệm UBKT Đảng ủy"),
                    *("Chủ tịch UBMTTQ Việt Nam", "Phó Chủ tịch UBMTTQ Việt Nam"),
                )),
                ("III. Văn phòng HĐND và UBND", (
                    *("Chánh Văn phòng HĐND và UBND", "Phó Chánh Văn phòng HĐND và UBND", "Chuyên viên văn phòng"),
                    "Chuyên viên tư pháp",
                )),
                ("IV. Phòng Kinh tế", (
                    *("Trưởng phòng Kinh tế", "Phó Trưởng phòng Kinh tế", "Chuyên viên tài chính"),
                    *("Chuyên viên nông nghiệp", "Chuyên viên xây dựng"),
                )),
                ("V. Phòng Văn hóa - Xã hội", (
                    *("Trưởng phòng Văn hóa - Xã hội", "Chuyên viên nội vụ", "Chuyên viên giáo dục và đào tạo"),
                    "Chuyên viên y tế",
                )),
                ("VI. Trung tâm Phục vụ hành chính công", (
                    "Giám đốc Trung tâm Phục vụ hành chính công", "Chuyên viên phục vụ hành chính công",
                )),
                ("VII. Ban Chỉ huy quân sự", ("Chỉ huy trưởng Ban CHQS", "Phó Chỉ huy trưởng Ban CHQS")),
            ),
            "danh-sach-mau-2026.xlsx",
        ),
    )
}  # fmt: skip
GROUPS = (("01", "Kinh"), ("02", "Tày"), ("07", "Nùng"), ("08", "Mông"), ("09", "Dao"), ("25", "Giáy"))
FIELDS = ("Luật", "Kế toán", "Nông nghiệp", "Hành chính", "Quản lý đất đai", "Công tác xã hội")


def write_sample(era: Era, stream: BinaryIO) -> int:
    """Write the sample roster of an era as a workbook; returns how many people are in it. Each time the same."""
    random = Random(f"sample {era.key}")
    workbook = Workbook()
    sheet = workbook.active
    for text in (*era.heads, f"(Tính đến ngày {era.day:%d/%m/%Y})"):
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
    sheet.append([])
    sheet.append(list(era.titles))
    for cell in sheet[sheet.max_row]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, horizontal="center")
    count = 0
    for heading, posts in era.groups:
        sheet.append(["", heading])
        sheet.cell(sheet.max_row, 2).font = Font(bold=True)
        for post in posts:
            count += 1
            sheet.append(_person(random, era, count, post))
    for number, title in enumerate(era.titles, 1):
        sheet.column_dimensions[sheet.cell(1, number).column_letter].width = max(10, min(len(title) + 6, 30))
    workbook.save(stream)
    return count


def _person(random: Random, era: Era, number: int, post: str) -> Row:
    is_woman = random.random() < (0.95 if "LHPN" in post else 0.3)
    code, group = random.choice(GROUPS)
    born = date(era.day.year - random.randint(27, 54), random.randint(1, 12), random.randint(1, 28))
    joined = born + timedelta(days=365 * random.randint(21, 26))
    is_recent = era.key != "2015"
    degree = random.choices(("ĐH", "ThS", "CĐ") if is_recent else ("ĐH", "TC", "CĐ"), (80, 10, 10))[0]
    birth = f"{born:%d/%m/%Y}"
    theory = random.choice(("Trung cấp", "Trung cấp", "Cao cấp" if is_recent else "Sơ cấp"))
    known: dict[str, str | int] = {
        "STT": number,
        "Họ và tên": draw_name(random, code, is_woman),
        "Nam": "" if is_woman else birth,
        "Nữ": birth if is_woman else "",
        "Dân tộc": group,
        **dict.fromkeys(("Chức danh", "Chức vụ, vị trí việc làm"), post),
        **dict.fromkeys(("Trình độ văn hóa", "Trình độ học vấn"), "12/12"),
        **dict.fromkeys(("Chuyên môn", "Trình độ chuyên môn"), degree),
        "Chuyên ngành": random.choice(FIELDS),
        **dict.fromkeys(("LLCT", "Lý luận chính trị"), theory),
        "QLNN": random.choice(("CV", "CV", "CVC")),
        "Tin học": "Ứng dụng CNTT cơ bản" if is_recent else random.choice(("A", "B")),
        "Ngày vào Đảng": f"{joined:%d/%m/%Y}",
    }
    return [known[title] for title in era.titles]
