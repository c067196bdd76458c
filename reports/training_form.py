"""Mẫu số 1, "Tổng hợp kết quả đào tạo, bồi dưỡng cán bộ, công chức": its columns and rows, and what they count.

The form has rows for the whole administration; those of the communes are filled in here: 5 (cán bộ chuyên trách, công
chức cấp xã) and 6 (người hoạt động không chuyên trách). The unit is the turn (lượt).
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When

from cadres.models import EthnicGroup, PositionGroup, Sex
from cadres.text import thousands
from courses.models import Enrolment

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


def in_millions(dong: int) -> str:
    """Đồng in million đồng with one decimal, rounded half up: 26.812,5."""
    tenths = (dong * 10 + 500_000) // 1_000_000
    return f"{thousands(tenths // 10)},{tenths % 10}"
