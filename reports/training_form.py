"""Mẫu số 1, "Tổng hợp kết quả đào tạo, bồi dưỡng cán bộ, công chức": counted, and as a workbook.

The form has rows for the whole administration; those of the communes are filled in here: 5 (cán bộ chuyên trách, công
chức cấp xã) and 6 (người hoạt động không chuyên trách). The unit is the turn (lượt).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from cadres.models import EthnicGroup, PositionGroup, Sex
from cadres.text import thousands
from cadres.web.tables import FONT
from courses.models import Enrolment, FundingSource
from reports.training import Money

# Columns of the form: the heading above several, its own heading.
COLUMNS: dict[str, tuple[str, str]] = {
    "D": ("Lý luận chính trị", "Cao cấp"),
    "E": ("Lý luận chính trị", "Trung cấp"),
    "F": ("Lý luận chính trị", "Sơ cấp"),
    "G": ("Lý luận chính trị", "Bồi dưỡng"),
    "H": ("Quản lý nhà nước", "CV cao cấp"),
    "I": ("Quản lý nhà nước", "CV chính"),
    "J": ("Quản lý nhà nước", "Chuyên viên"),
    "K": ("Quản lý nhà nước", "Cán sự"),
    "L": ("Chuyên môn", "Tiến sĩ (CK II)"),
    "M": ("Chuyên môn", "Thạc sĩ (CK I)"),
    "N": ("Chuyên môn", "Đại học"),
    "O": ("Chuyên môn", "Cao đẳng"),
    "P": ("Chuyên môn", "Trung cấp"),
    "Q": ("Chuyên môn", "Sơ cấp"),
    "R": ("Bồi dưỡng ngắn hạn", "Kiến thức, kỹ năng chuyên ngành"),
    "S": ("Bồi dưỡng ngắn hạn", "Kỹ năng lãnh đạo, quản lý"),
    "T": ("Bồi dưỡng ngắn hạn", "Tiếng dân tộc"),
    "U": ("Bồi dưỡng ngắn hạn", "Khác"),
    "V": ("", "Quốc phòng - an ninh"),
    "W": ("", "Ngoại ngữ"),
    "X": ("", "Tin học"),
    "Y": ("", "Tổng số"),
    "Z": ("Trong đó", "Người dân tộc thiểu số"),
    "AA": ("Trong đó", "Nữ"),
}
TOTAL, MINORITY, WOMEN = "Y", "Z", "AA"

# By the level that the class raised, by its dimension alone, or where it raised none by its subject area.
OF_LEVEL = {
    **{("political_theory", code): column for code, column in {"CN": "D", "CC": "D", "TC": "E", "SC": "F"}.items()},
    **{("state_management", code): column for code, column in zip(("CVCC", "CVC", "CV", "CS"), "HIJK", strict=True)},
    **{
        ("professional", code): column
        for code, column in zip(("TS", "THS", "DH", "CD", "TC", "SC"), "LMNOPQ", strict=True)
    },
}
OF_DIMENSION = {
    "position_training": "R",
    "ethnic_language": "T",
    "defence_security": "V",
    "foreign_language": "W",
    "it": "X",
    "education": "U",
}
OF_SUBJECT = {"LLCT": "G", "KNLD": "S", "TDT": "T", "QPAN": "V", "TH": "X", "HV": "U"}
SKILLS = "R"

# Number and name of the rows; those without a position group belong to other levels of the administration.
ROWS: tuple[tuple[str, str, str], ...] = (
    ("5", "Cán bộ, công chức cấp xã", ""),
    ("", "Cán bộ chuyên trách", PositionGroup.CADRE),
    ("", "Công chức cấp xã", PositionGroup.CIVIL_SERVANT),
    ("6", "Người hoạt động không chuyên trách", PositionGroup.NON_SPECIALIST),
)
NOBODY_KNOWN = "Chưa rõ chức danh khi khai giảng"


@dataclass
class FormCounts:
    """Turns by column of the form, of each position group; None is of those who held no post then."""

    by_group: dict[str | None, Counter[str]] = field(default_factory=dict)

    def of(self, *groups: str | None) -> Counter[str]:
        """The turns of these groups together."""
        return sum((self.by_group.get(group, Counter()) for group in groups), Counter())


def form_counts(counted: QuerySet[Enrolment]) -> FormCounts:
    """Count the turns (reports.training.turns) for the form, in one query."""
    programme = "training_class__programme__"
    minority = Q(official__ethnic_group__isnull=False) & ~Q(
        official__ethnic_group__code__in=(EthnicGroup.MAJORITY, EthnicGroup.FOREIGNER)
    )
    rows: Any = (
        counted.order_by()
        .annotate(is_minority=Case(When(minority, then=True), default=False))
        .values(
            "is_minority",
            sex=F("official__sex"),
            group=F("post_then__position__group"),
            subject=F(f"{programme}subject_area__code"),
            dimension=F(f"{programme}raises_to__dimension__code"),
            level=F(f"{programme}raises_to__code"),
        )
        .annotate(turns=Count("pk"))
    )
    found = FormCounts()
    for row in rows:
        counts = found.by_group.setdefault(row["group"], Counter())
        counts[_column(row["dimension"], row["level"], row["subject"])] += row["turns"]
        counts[TOTAL] += row["turns"]
        if row["is_minority"]:
            counts[MINORITY] += row["turns"]
        if row["sex"] == Sex.FEMALE:
            counts[WOMEN] += row["turns"]
    return found


def _column(dimension: str | None, level: str | None, subject: str) -> str:
    """The one column among D…X in which a turn is counted."""
    if dimension:
        return OF_LEVEL.get((dimension, level or "")) or OF_DIMENSION.get(dimension, "U")
    return OF_SUBJECT.get(subject, SKILLS)


def form_workbook(start: date, end: date, *, counts: FormCounts, scope: str, money: Money | None) -> bytes:
    """The form as .xlsx, landscape A4; `money` (None: not shown) is written in million đồng, as the form asks."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = "Mẫu số 1"
    last = get_column_letter(3 + len(COLUMNS))
    for row, text, size in (
        (1, "TỔNG HỢP KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC TRONG NƯỚC", 14),
        (2, f"Từ ngày {start:%d/%m/%Y} đến ngày {end:%d/%m/%Y}. Phạm vi: {scope}", 12),
    ):
        sheet.merge_cells(f"A{row}:{last}{row}")
        cell = sheet.cell(row, 1, text)
        cell.font, cell.alignment = Font(name=FONT, size=size, bold=row == 1), Alignment(horizontal="center")
    sheet.cell(1, 1).font = Font(name=FONT, size=14, bold=True)
    sheet["A3"] = "Mẫu số 1"
    sheet[f"{last}3"] = "Đơn vị tính: lượt"
    for corner in ("A3", f"{last}3"):
        sheet[corner].font = Font(name=FONT, size=11, italic=True)
    sheet[f"{last}3"].alignment = Alignment(horizontal="right")
    _write_heads(sheet)
    groups = (PositionGroup.CADRE, PositionGroup.CIVIL_SERVANT, PositionGroup.NON_SPECIALIST)
    rows = [
        *((number, name, counts.of(group) if group else counts.of(*groups[:2])) for number, name, group in ROWS),
        *([("", NOBODY_KNOWN, counts.of(None))] if counts.of(None) else []),
        ("", "Cộng", counts.of(*groups, None)),
    ]
    for place, (number, name, found) in enumerate(rows, start=7):
        sheet.merge_cells(f"B{place}:C{place}")
        sheet.cell(place, 1, number)
        sheet.cell(place, 2, name)
        for column in COLUMNS:
            sheet[f"{column}{place}"] = found[column] or None
        _frame(sheet, place, bold=bool(number) or name == "Cộng")
    _write_foot(sheet, 7 + len(rows), start, end, money)
    sheet.column_dimensions["A"].width = 5
    sheet.column_dimensions["B"].width = 26
    sheet.column_dimensions["C"].width = 6
    for column in COLUMNS:
        sheet.column_dimensions[column].width = 8
    sheet.page_setup.orientation = Worksheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write_heads(sheet: Worksheet) -> None:
    """Two rows of headings, those above several columns merged, and the row of column letters."""
    sheet["A4"], sheet["B4"] = "TT", "Đối tượng"
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("B4:C5")
    begun: dict[str, str] = {}
    for column, (above, own) in COLUMNS.items():
        if not above:
            sheet[f"{column}4"] = own
            sheet.merge_cells(f"{column}4:{column}5")
            continue
        sheet[f"{column}5"] = own
        begun.setdefault(above, column)
    for above, first in begun.items():
        last = [column for column, heads in COLUMNS.items() if heads[0] == above][-1]
        sheet[f"{first}4"] = above
        sheet.merge_cells(f"{first}4:{last}4")
    for place in range(1, 4 + len(COLUMNS)):
        sheet.cell(6, place, get_column_letter(place))
    for row in (4, 5, 6):
        _frame(sheet, row, bold=row != 6, centred=True)
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 32, 62


def _write_foot(sheet: Worksheet, row: int, start: date, end: date, money: Money | None) -> None:
    if money is not None:
        years = str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
        labels = {source: source.label for source in FundingSource}
        parts = [f"{labels[source]}: {_millions(getattr(money, source.value))}" for source in FundingSource]
        sheet.cell(row + 1, 1, f"Kinh phí năm {years} (ĐVT: triệu đồng): {_millions(money.total)}. {'; '.join(parts)}.")
        sheet.cell(row + 1, 1).font = Font(name=FONT, size=11)
    for column, text in ((2, "Người lập biểu"), (2 + len(COLUMNS) - 3, "Thủ trưởng đơn vị")):
        cell = sheet.cell(row + 3, column, text)
        cell.font, cell.alignment = Font(name=FONT, size=12, bold=True), Alignment(horizontal="center")


def _millions(dong: int) -> str:
    """Đồng in million đồng with one decimal, rounded half up: 26.812,5."""
    tenths = (dong * 10 + 500_000) // 1_000_000
    return f"{thousands(tenths // 10)},{tenths % 10}"


def _frame(sheet: Worksheet, row: int, *, bold: bool = False, centred: bool = False) -> None:
    thin = Side(style="thin", color="999999")
    for place in range(1, 4 + len(COLUMNS)):
        cell = sheet.cell(row, place)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell.font = Font(name=FONT, size=10, bold=bold)
        is_name = place in (2, 3) and not centred
        cell.alignment = Alignment(horizontal="left" if is_name else "center", vertical="center", wrap_text=True)
        if isinstance(cell.value, int):
            cell.number_format = "#,##0"
