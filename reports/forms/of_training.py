"""Forms about what training did in a period: Mẫu số 1, Biểu 10-BTCTW, sổ cấp chứng chỉ; and kế hoạch of a year."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q, QuerySet

from cadres.models import PositionGroup, Unit, UnitVersion
from cadres.posts import POST_TOLD, units_below, with_post_on
from courses.documents import contents
from courses.documents.kinds import PLAN, PLAN_TOTALS
from courses.models import Certificate, Enrolment, FundingSource, StudyForm, TrainingPlan
from reports.forms.layout import ROMAN, Cell, Column, Form, Row
from reports.training import Money
from reports.training_form import COLUMNS, NOBODY_KNOWN, ROWS, FormCounts, form_counts, in_millions

CLASS = "training_class__"
RAISES = f"{CLASS}programme__raises_to__"


@dataclass(frozen=True)
class AskedOfPeriod:
    """What a form about a period is asked for: its turns (reports.training.turns), what that scope is called, the money
    where it may be seen, the certificates issued in it, and the paper's day."""

    start: date
    end: date
    turns: QuerySet[Enrolment]
    certificates: QuerySet[Certificate]
    money: Money | None
    scope: str
    made_on: date

    @property
    def lines(self) -> list[str]:
        return [
            f"Từ ngày {self.start:%d/%m/%Y} đến ngày {self.end:%d/%m/%Y}. Phạm vi: {self.scope}",
            f"(Tính lại từ hồ sơ ngày {self.made_on:%d/%m/%Y})",
        ]


# ---------------------------------------------------------------- Mẫu số 1


def results(asked: AskedOfPeriod) -> Form:
    """Mẫu số 1, Tổng hợp kết quả đào tạo, bồi dưỡng: the rows of the communes; turns by what they were about."""
    counts: FormCounts = form_counts(asked.turns)
    groups = (PositionGroup.CADRE, PositionGroup.CIVIL_SERVANT, PositionGroup.NON_SPECIALIST)
    rows = [
        *((number, name, counts.of(group) if group else counts.of(*groups[:2])) for number, name, group in ROWS),
        *([("", NOBODY_KNOWN, counts.of(None))] if counts.of(None) else []),
    ]

    def cells(found: Counter[str]) -> tuple[Cell, ...]:
        return tuple(found[column] or None for column in COLUMNS)

    notes = ["Cộng = hàng 5 + hàng 6" + (f" + {NOBODY_KNOWN.lower()}." if len(rows) > len(ROWS) else ".")]
    if asked.money is not None:
        sources = "; ".join(f"{source.label}: {in_millions(getattr(asked.money, source))}" for source in FundingSource)
        notes.append(f"Kinh phí (ĐVT: triệu đồng): {in_millions(asked.money.total)}. {sources}.")
    return Form(
        code="mau-so-1",
        mark="Mẫu số 1",
        title="TỔNG HỢP KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC TRONG NƯỚC",
        lines=asked.lines,
        columns=(
            Column(("TT",)),
            Column(("Đối tượng",), 50, "left"),
            *(Column(tuple(head for head in heads if head)) for heads in COLUMNS.values()),
        ),
        rows=[
            *(Row((number, name, *cells(found)), is_total=bool(number)) for number, name, found in rows),
            Row(("", "Cộng", *cells(counts.of(*groups, None))), is_total=True),
        ],
        day=asked.made_on,
        unit="lượt",
        numbers=["A", "B - C", *COLUMNS],
        notes=notes,
    )


# ---------------------------------------------------------------- Biểu 10-BTCTW


@dataclass(frozen=True)
class Line:
    """A row of the form about turns of one kind: the condition on them."""

    name: str
    condition: Q


def _level(dimension: str, *codes: str) -> Q:
    return Q(**{f"{RAISES}dimension__code": dimension, f"{RAISES}code__in": codes})


def _subject(*codes: str) -> Q:
    return Q(**{f"{CLASS}programme__subject_area__code__in": codes})


TOGETHER = Q(**{f"{CLASS}form": StudyForm.FULL_TIME})
DEGREES = (
    Line("Chuyên môn: đại học", _level("professional", "DH")),
    Line("Chuyên môn: thạc sĩ", _level("professional", "THS")),
    Line("Chuyên môn: tiến sĩ", _level("professional", "TS")),
    Line("Chuyên môn: sơ cấp, trung cấp, cao đẳng", _level("professional", "SC", "TC", "CD")),
    *(
        Line(f"Lý luận chính trị: {name}, {how}", _level("political_theory", code) & condition)
        for name, code in (("trung cấp", "TC"), ("cao cấp", "CC"), ("cử nhân", "CN"))
        for how, condition in (("tập trung", TOGETHER), ("không tập trung", ~TOGETHER))
    ),
)
NO_LEVEL = Q(**{f"{CLASS}programme__raises_to": None})
FURTHER = (
    Line("Nghiệp vụ xây dựng Đảng", NO_LEVEL & _subject("XDD", "TG", "KTGS", "VPDU")),
    Line("Nghiệp vụ đoàn thể", NO_LEVEL & _subject("DT")),
    Line("Quản lý nhà nước", Q(**{f"{RAISES}dimension__code": "state_management"})),
    Line("Ngoại ngữ", Q(**{f"{RAISES}dimension__code": "foreign_language"})),
    Line("Tin học", Q(**{f"{RAISES}dimension__code": "it"})),
)
REST = "Khác (chuyên môn, kỹ năng, cập nhật kiến thức, tiếng dân tộc, quốc phòng - an ninh …)"


def party_results(asked: AskedOfPeriod) -> Form:
    """Biểu 10-BTCTW: turns and classes by kind and way of study. The registry is of communes, so the columns of the
    province's and districts' own officials stay empty. Each turn stands in one row."""
    provinces = set(UnitVersion.objects.filter(kind=UnitVersion.Kind.PROVINCE).values_list("unit", flat=True))
    rows: list[Row] = []
    taken = Q(pk__in=[])
    for roman, title, lines in (("I", "Đào tạo", DEGREES), ("II", "Bồi dưỡng", FURTHER)):
        own = [(line.name, _taught(asked.turns.filter(line.condition))) for line in lines]
        for line in lines:
            taken |= line.condition
        if roman == "II":
            own.append((REST, _taught(asked.turns.exclude(pk__in=asked.turns.filter(taken).values("pk")))))
        together = _added(found for _, found in own)
        rows.append(Row((roman, title, *_told(together, provinces)), is_total=True))
        rows += [Row((number, name, *_told(found, provinces))) for number, (name, found) in enumerate(own, start=1)]
    everything = _taught(asked.turns)
    return Form(
        code="10-btctw",
        mark="Biểu 10-BTCTW",
        title="THỐNG KÊ KẾT QUẢ ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ",
        lines=asked.lines,
        columns=(
            Column(("TT",)),
            Column(("Chương trình, hình thức",), 70, "left"),
            Column(("Cán bộ được đào tạo, bồi dưỡng", "Tổng số")),
            *(
                Column(("Cán bộ được đào tạo, bồi dưỡng", level, name), is_lacking=True)
                for level in ("Cấp tỉnh", "Cấp huyện")
                for name in ("Tổng số", "Lãnh đạo, quản lý")
            ),
            Column(("Cán bộ được đào tạo, bồi dưỡng", "Cấp xã")),
            Column(("Số lớp", "Tổng số")),
            Column(("Số lớp", "Tỉnh mở")),
            Column(("Số lớp", "Huyện, cụm, xã mở")),
        ),
        rows=[*rows, Row(("", "Tổng cộng", *_told(everything, provinces)), is_total=True)],
        day=asked.made_on,
        unit="lượt người, lớp",
        numbers=["A", "B", *(str(number) for number in range(1, 10))],
        notes=[
            "Tính lượt hoàn thành ở các lớp kết thúc trong kỳ, theo đơn vị nơi mở lớp.",
            "Các lớp đều ở trong nước; hồ sơ không ghi lớp liên kết hay ở nước ngoài.",
        ],
    )


Taught = dict[int, tuple[int | None, int]]  # key of a class → where it was held, and the turns completed in it


def _taught(turns: QuerySet[Enrolment]) -> Taught:
    rows: Any = turns.order_by().values_list("training_class", f"{CLASS}place").annotate(people=Count("pk"))
    return {key: (place, people) for key, place, people in rows}


def _added(parts: Iterable[Taught]) -> Taught:
    """A class whose turns stand in one row each is there once."""
    found: Taught = {}
    for part in parts:
        for key, (place, people) in part.items():
            found[key] = place, found.get(key, (place, 0))[1] + people
    return found


def _told(found: Taught, provinces: set[int]) -> tuple[Cell, ...]:
    people = sum(number for _, number in found.values()) or None
    of_province = sum(place in provinces for place, _ in found.values())
    return (
        people,
        *[None] * 4,
        people,
        len(found) or None,
        of_province or None,
        len(found) - of_province or None,
    )


# ---------------------------------------------------------------- sổ cấp chứng chỉ


def certificates_of(certificates: QuerySet[Certificate], unit: Unit, day: date) -> QuerySet[Certificate]:
    """Those of people whose post was in the unit, or in what lies below it on the day, when their class started."""
    held = with_post_on(certificates, F(f"enrolment__{CLASS}start_date"), official="enrolment__official")
    return held.filter(post_then__unit__in=units_below(unit, day))


def register(asked: AskedOfPeriod) -> Form:
    """Sổ cấp văn bằng, chứng chỉ: what was issued in the period, withdrawn ones too, by institution, day and number."""
    entries = with_post_on(asked.certificates, F(f"enrolment__{CLASS}start_date"), official="enrolment__official")
    rows: list[Row] = []
    issuer, number, groups = None, 0, 0
    columns = (
        Column(("STT",)),
        Column(("Số vào sổ",), 16),
        Column(("Số hiệu",), 28),
        Column(("Họ và tên",), 32, "left"),
        Column(("Ngày sinh",)),
        Column(("Chức danh, đơn vị",), 46, "left"),
        Column(("Lớp",), 26),
        Column(("Xếp loại",)),
        Column(("Ngày cấp",)),
        Column(("Ký nhận",), 16),
        Column(("Ghi chú",), 22, "left"),
    )
    for entry in (
        entries.annotate(**POST_TOLD)
        .select_related("institution", "enrolment__official", f"enrolment__{CLASS.rstrip('_')}")
        .order_by("institution__name", "institution", "issued_on", "number")
    ):
        if entry.institution != issuer:
            issuer = entry.institution
            title = (ROMAN[groups] if groups < len(ROMAN) else str(groups + 1), issuer.name)
            rows.append(Row((*title, *[""] * (len(columns) - 2)), is_group=True))
            groups += 1
        number += 1
        enrolment = entry.enrolment
        rows.append(
            Row(
                (
                    number,
                    entry.book_entry,
                    entry.number,
                    enrolment.official.full_name,
                    str(enrolment.official.birth or ""),
                    ", ".join(filter(None, (entry.position_title, entry.commune_name))),
                    enrolment.training_class.code,
                    enrolment.get_grade_display() if enrolment.grade else "",
                    f"{entry.issued_on:%d/%m/%Y}",
                    "",
                    f"Thu hồi {entry.withdrawn_on:%d/%m/%Y}" if entry.withdrawn_on else "",
                )
            )
        )
    return Form(
        code="so-chung-chi",
        mark="",
        title="SỔ CẤP VĂN BẰNG, CHỨNG CHỈ",
        lines=asked.lines,
        columns=columns,
        rows=rows,
        day=asked.made_on,
        notes=[f"Sổ có {number} dòng."],
        signers=("NGƯỜI VÀO SỔ", "THỦ TRƯỞNG ĐƠN VỊ"),
    )


# ---------------------------------------------------------------- kế hoạch


def plan(year: int, *, made_on: date) -> Form:
    """Kế hoạch đào tạo, bồi dưỡng of a year, as its paper has it (courses.documents). Raises ValidationError without
    one, or where it has no line."""
    found = TrainingPlan.objects.filter(year=year).first()
    if found is None:
        raise ValidationError(f"Năm {year} chưa có kế hoạch.")
    data = contents.plan(found, day=made_on).data
    keys = [column.key for column in PLAN]
    rows: list[Row] = []
    for group in data["cac_nhom"]:
        roman, _, title = group["ten"].partition(". ")
        rows.append(Row((roman, title, *[""] * (len(keys) - 2)), is_group=True))
        rows += [Row(tuple(line[key] for key in keys)) for line in group["danh_sach"]]
    total = {**data["tong"], "noi_dung": "Tổng cộng"}
    shown = {*PLAN_TOTALS, "noi_dung"}
    rows.append(Row(tuple(total[key] if key in shown else "" for key in keys), is_total=True))
    texts = {"noi_dung", "doi_tuong", "thoi_diem", "dia_diem", "don_vi", "ghi_chu"}
    return Form(
        code="ke-hoach",
        mark="",
        title=data["tieu_de"],
        lines=data["dong_phu"],
        columns=[
            Column(
                tuple(head for head in (column.group, column.title) if head),
                column.width if column.key in texts else 0,
                column.align,
            )
            for column in PLAN
        ],
        rows=rows,
        day=found.decision_date or made_on,
        notes=[data["tong_ket"]],
    )
