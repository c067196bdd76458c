"""What a column of a roster is: one table, which reading, comparing, export, template, pages and the form derive from.

A text or a date of a person that needs no rule of its own is a row here, a column of Official with its migration, and
nothing else. A dimension needs not even a row: it has a column because it is there, and is called as it is called;
in the table are only those that the contract calls otherwise or leaves out of the export.

Under which titles others write a column is not said here but in data/column_titles.csv: the dictionary that people
extend (ColumnTitle), and that a dimension, which is data, needs as well. What we write ourselves is read without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Model

from cadres.models import Appointment, Dimension, Official, Qualification
from cadres.periods import PartialDate

# The dimension whose cells and records tell a field and a mode of study beside the level.
DEGREES = "professional"


class Kind(Enum):
    """How a column is read and compared."""

    ROW = "which row it is or where it stands; no fact of a person"
    RULED = "a fact with rules of its own, in values and changes"
    TEXT = "a text of the person: the column of Official that is called like the field"
    DATE = "a date of the person as far as it is known: likewise, with its precision beside it"
    LEVEL = "a level of the dimension whose code is the field"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is and where it appears; where that is left empty it does not appear.

    `field` names it in dictionaries, statements, changes, issues and mappings, `label` on pages, `export` in the flat
    export and the template, which both have the order of the table.
    """

    field: str
    label: str
    kind: Kind
    export: str = ""
    width: int = 22  # in the export, characters
    print_width: int = 12  # in the template, which fits A4 across the page
    is_centred: bool = False  # in the template
    prompt: str = ""  # what the template says at the cell
    is_open: bool = False  # the template lets pass what is not in its drop-down list
    if_marked: str = ""  # why a text that is a mark and nothing else is not written
    is_previewed: bool = True  # pages show it of a person to be created
    model: type[Model] = Official  # whose column of that name holds a text, and limits its length
    precision: str = ""  # the column of Official that says how far a date is known
    form: str = ""  # what the person's form calls a date
    page_label: str = ""  # on the person's page, where that is short of space
    joined: str = ""  # what stands between the cells where several columns are read as one
    has_tiers: bool = False  # a column below it titled `Xã`, `Huyện`, `Tỉnh` is a mark column

    @property
    def title(self) -> str:
        """What we call it above a column or beside a field: a title that is read whatever the dictionary says."""
        return self.export or (self.label if self.kind in (Kind.TEXT, Kind.DATE) else "")

    @property
    def max_length(self) -> int | None:
        """How many characters the registry has room for, None where it sets no limit."""
        return next((held.max_length for held in self.model._meta.concrete_fields if held.name == self.field), None)

    def day_of(self, row: Any, prefix: str = "") -> PartialDate | None:
        """The date that an Official holds, or any row with the same columns, called with a prefix."""
        return PartialDate.of(getattr(row, prefix + self.field), getattr(row, prefix + self.precision))


DATE_PROMPT = "Ghi ngày/tháng/năm (05/08/1979). Chỉ biết tháng thì ghi 08/1979, chỉ biết năm thì ghi 1979."
MEMBER_WITHOUT_DATE = "x"

COLUMNS = (
    Column("row_number", "Số thứ tự", Kind.ROW, export="STT", width=6, print_width=5, is_centred=True),
    Column("district", "Huyện", Kind.ROW, export="Huyện", width=20, print_width=13),
    Column(
        "commune_code", "Mã xã", Kind.ROW, export="Mã xã", width=9, print_width=8, is_centred=True,
        prompt="Để trống. Chỉ cần khi trong huyện có hai xã cùng tên.",
    ),
    Column("commune", "Xã", Kind.ROW, export="Xã", print_width=14),
    Column("zone", "Khu vực", Kind.ROW, export="Khu vực", width=9, print_width=7, is_centred=True),
    Column("full_name", "Họ và tên", Kind.RULED, export="Họ và tên", width=26, print_width=21),
    Column("family_name", "Họ và tên đệm", Kind.ROW, joined=" "),
    Column("given_name", "Tên", Kind.ROW),
    Column("sex", "Giới tính", Kind.RULED, export="Giới tính", width=9, print_width=7, is_centred=True),
    Column(
        "birth_date", "Ngày sinh", Kind.RULED, export="Ngày sinh", width=12, print_width=11, is_centred=True,
        prompt=DATE_PROMPT, precision="birth_precision", form="birth",
    ),
    Column(
        "national_id", "Số định danh", Kind.RULED, export="Số định danh", width=15, print_width=14, is_centred=True,
        prompt="9 số của CMND hoặc 12 số của CCCD, ghi cả số 0 ở đầu.",
    ),
    Column("ethnic_group", "Dân tộc", Kind.RULED, export="Dân tộc", width=12, print_width=9, is_open=True),
    Column(
        "religion", "Tôn giáo", Kind.TEXT, export="Tôn giáo", width=12, print_width=9, is_previewed=False,
        if_marked="Chỉ đánh dấu có tôn giáo, không ghi tôn giáo nào nên để trống.",
    ),
    Column(
        "position", "Chức danh", Kind.RULED, export="Chức danh", width=34, print_width=18, is_open=True,
        prompt="Chọn trong danh sách. Người giữ hai chức danh thì ghi: Bí thư Đảng ủy kiêm Chủ tịch HĐND.",
    ),
    Column("concurrent_position", "Chức danh kiêm nhiệm", Kind.RULED, joined="; "),
    Column("room", "Phòng, ban", Kind.ROW),
    Column(
        "appointed_on", "Ngày giữ chức danh", Kind.RULED, export="Ngày bổ nhiệm", width=13, print_width=11,
        is_centred=True, prompt=DATE_PROMPT,
    ),
    Column("term", "Nhiệm kỳ", Kind.RULED, model=Appointment),
    Column("education", "", Kind.LEVEL, export="Trình độ học vấn", print_width=13),
    Column("professional", "", Kind.LEVEL, export="Trình độ chuyên môn", width=20),
    Column("field_of_study", "Chuyên ngành", Kind.RULED, export="Chuyên ngành", print_width=14, model=Qualification),
    Column(
        "study_mode", "Hình thức đào tạo", Kind.RULED, export="Hình thức đào tạo", width=16, print_width=11,
        is_open=True, model=Qualification,
    ),
    Column("political_theory", "", Kind.LEVEL, export="Lý luận chính trị", width=18, print_width=10),
    Column("state_management", "", Kind.LEVEL, export="Quản lý nhà nước", width=26, print_width=14),
    Column("it", "", Kind.LEVEL, export="Tin học"),
    Column("foreign_language", "", Kind.LEVEL, export="Ngoại ngữ", width=16),
    Column("ethnic_language", "", Kind.LEVEL, export="Tiếng dân tộc", width=18),
    Column("position_training", "", Kind.LEVEL),
    Column("defence_security", "", Kind.LEVEL),
    Column(
        "party_joined_on", "Đảng viên", Kind.RULED, export="Ngày vào Đảng", width=13, print_width=11, is_centred=True,
        prompt=f"Ghi ngày vào Đảng. Là đảng viên mà không rõ ngày thì ghi {MEMBER_WITHOUT_DATE}.", is_open=True,
        precision="party_joined_precision", form="party_joined",
    ),
    Column(
        "party_official_on", "Ngày vào Đảng chính thức", Kind.DATE, precision="party_official_precision",
        form="party_official", page_label="Chính thức",
    ),
    Column("party_committee", "Cấp ủy", Kind.TEXT, has_tiers=True),
    Column("council_deputy", "Đại biểu HĐND", Kind.TEXT, has_tiers=True),
    Column(
        "recruited_on", "Ngày tuyển dụng", Kind.DATE, is_previewed=False, precision="recruited_precision",
        form="recruited", page_label="Tuyển dụng",
    ),
    Column(
        "insurance_since", "Tham gia BHXH từ", Kind.DATE, is_previewed=False, precision="insurance_precision",
        form="insurance", page_label="Tham gia BHXH",
    ),
    Column("hometown", "Quê quán", Kind.TEXT, is_previewed=False, joined=", "),
    Column("residence", "Nơi ở", Kind.TEXT, is_previewed=False, joined=", "),
    Column("phone", "Số điện thoại", Kind.TEXT, is_previewed=False),
    Column("note", "Ghi chú", Kind.TEXT, is_previewed=False),
    Column(
        "declared_compliant", "", Kind.ROW, export="Đạt chuẩn", width=16, print_width=11,
        prompt="Hệ thống tự tính, không cần sửa.",
    ),
)  # fmt: skip

TEXTS = [column for column in COLUMNS if column.kind is Kind.TEXT]
DATES = [column for column in COLUMNS if column.kind is Kind.DATE]
DATED = [column for column in COLUMNS if column.precision]  # with those that have rules of their own
DATE_FIELDS = {"appointed_on", *(column.field for column in DATED)}  # whose cells are dates
JOINED = {column.field: column.joined for column in COLUMNS if column.joined}
OF_TIERS = {column.field for column in COLUMNS if column.has_tiers}


def roster_columns() -> list[Column]:
    """The table, with a column for each dimension that is not in it, behind the other levels. One query."""
    return with_dimensions(Dimension.objects.values_list("code", "name"))


def with_dimensions(dimensions: Iterable[tuple[str, str]]) -> list[Column]:
    """The table with a column for each dimension (code, name) that is not in it, behind the other levels."""
    levels = [at for at, column in enumerate(COLUMNS) if column.kind is Kind.LEVEL]
    known = {column.field for column in COLUMNS}
    further = [Column(code, "", Kind.LEVEL, export=name) for code, name in dimensions if code not in known]
    return [*COLUMNS[: levels[-1] + 1], *further, *COLUMNS[levels[-1] + 1 :]]


def labels() -> dict[str, str]:
    """What each field is called: (field → name). One query."""
    return {column.field: column.label or column.export for column in roster_columns()}


def names_of_fields() -> dict[str, str]:
    """What the fields of a roster are called, a level by its dimension: those that have a name. One query."""
    dimensions = dict(Dimension.objects.values_list("code", "name"))
    named = {column.field: column.label or column.export for column in with_dimensions(dimensions.items())}
    return dimensions | {field: name for field, name in named.items() if name}


def exported(columns: Iterable[Column]) -> list[Column]:
    """The columns of the flat export and the template, in their order."""
    return [column for column in columns if column.export]
