"""What is filled in to change a text of standards: the facts of the text, from when and why, and its grid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from tablib import Dataset

from cadres.catalogues.standards import RequirementResource
from cadres.catalogues.table import ROW, read_table
from cadres.models import JUDGED_GROUPS, Dimension, Level, Position, PositionGroup, Requirement, Standard
from cadres.models.standards import MOST_LEVELS
from cadres.roster.reading import UnreadableFileError
from cadres.standards.changing import Altered, Said, as_kept, facts_of
from cadres.standards.texts import Cell, Grid
from cadres.text import match_key, nfc
from cadres.web.fields import DayField

MINIMUM, RELAXED, ARTICLE = "muc", "giam", "dieu"  # beginnings of the names of a cell's fields
SEEN = "luoi"  # what the grid said when the page was handed out
ARTICLE_LENGTH = 200
JUDGED_CHOICES = [(group.value, group.label) for group in PositionGroup if group in JUDGED_GROUPS]


class ReasonForm(forms.Form):
    """Why a text is changed."""

    reason = forms.CharField(
        label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="Được giữ trong lịch sử."
    )


class TableField(forms.FileField):
    """A table of requirements, as the catalogue writes it; cleans to its rows."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        try:
            return read_table(file.name, file.read())
        except UnreadableFileError as error:
            raise ValidationError(str(error)) from error


class WithTable(forms.Form):
    """Cells may come from a workbook too."""

    table = TableField(
        label="Hoặc nhập các ô từ Excel",
        required=False,
        help_text="Bảng như tệp “Xuất Excel” của văn bản. Ô nào có dòng trong tệp thì theo tệp, ô khác theo lưới.",
    )


class AmendmentForm(WithTable, ReasonForm):
    day = DayField(label="Sửa đổi từ ngày", help_text="Trước ngày này mọi số liệu giữ nguyên.")
    decision = forms.CharField(label="Số quyết định, văn bản sửa đổi", max_length=300)
    field_order = ("day", "decision", "reason", "table")


class EndingForm(ReasonForm):
    day = DayField(label="Ngày hiệu lực cuối cùng")
    decision = forms.CharField(label="Số quyết định, văn bản bãi bỏ", max_length=300, required=False)
    field_order = ("day", "decision", "reason")


class FactsForm(WithTable, ReasonForm):
    """The facts of a text, a new one or one that is corrected."""

    code = forms.CharField(label="Mã", max_length=20, help_text="Ngắn, không dấu, ví dụ R2016.")
    name = forms.CharField(label="Tên văn bản", max_length=200)
    legal_basis = forms.CharField(label="Căn cứ pháp lý", max_length=300)
    position_group = forms.ChoiceField(label="Nhóm chức danh", choices=JUDGED_CHOICES)
    start_date = DayField(label="Hiệu lực từ ngày", required=False)
    end_date = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu chưa biết.")
    transition_until = DayField(
        label="Chuyển tiếp đến hết ngày",
        required=False,
        help_text="Người giữ chức danh từ trước được hoàn thiện tiêu chuẩn đến ngày này.",
    )
    field_order = (
        *("code", "name", "legal_basis", "position_group", "start_date", "end_date", "transition_until"),
        *("reason", "table"),
    )

    @classmethod
    def over(cls, text: Standard, data: Any, files: Any) -> "FactsForm":
        """A form that begins with what the text says of itself."""
        held = {name: getattr(text, name) for name in cls.base_fields if hasattr(text, name)}
        return cls(data, files, initial=held | {"start_date": text.known_start})

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if not all(char.isascii() and (char.isalnum() or char in "_-") for char in code):
            raise ValidationError("Mã chỉ gồm chữ không dấu, số và dấu gạch.")
        return code

    def facts(self) -> dict[str, Any]:
        """The facts as a change keeps them."""
        names = [name for name in self.fields if name not in ("reason", "table")]
        return as_kept({name: self.cleaned_data[name] for name in names})


class NewTextForm(FactsForm):
    start_date = DayField(label="Hiệu lực từ ngày")


class CopyForm(NewTextForm):
    """Of a text that follows another: for the same positions."""

    position_group = None  # type: ignore[assignment]


class LocalRulesForm(NewTextForm):
    """Of local rules: the group and the transition are those of the text that they are over."""

    position_group = None  # type: ignore[assignment]
    transition_until = None  # type: ignore[assignment]


class CorrectionOfText(FactsForm):
    """What a text had said of itself all along. Its code, by which commands call it, and its group stay."""

    code = None  # type: ignore[assignment]
    position_group = None  # type: ignore[assignment]


class DimensionForm(forms.Form):
    """A new dimension with its levels, the lowest first; below them one that says that there is none."""

    name = forms.CharField(label="Tên mặt tiêu chuẩn", max_length=100, help_text="Ví dụ: Kỹ năng số.")
    code = forms.CharField(label="Mã", max_length=30, help_text="Ngắn, không dấu, ví dụ digital.")
    levels = forms.CharField(
        label="Các mức, thấp nhất trước",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Mỗi dòng một mức: mã, dấu hai chấm, tên. Ví dụ: CB: Cơ bản. "
        "Mức “Không có” đứng dưới mọi mức và được thêm sẵn.",
    )

    def clean_name(self) -> str:
        name = nfc(self.cleaned_data["name"]).strip()
        if match_key(name) in {match_key(known) for known in Dimension.objects.values_list("name", flat=True)}:
            raise ValidationError("Đã có mặt tiêu chuẩn này.")
        return name

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().lower()
        if not code.replace("_", "").isalnum() or not code.isascii():
            raise ValidationError("Mã chỉ gồm chữ không dấu, số và dấu gạch dưới.")
        if Dimension.objects.filter(code=code).exists():
            raise ValidationError("Mã này đã có.")
        return code

    def clean_levels(self) -> list[tuple[str, str]]:
        """Code and name of each level."""
        lines = [line for text in self.cleaned_data["levels"].splitlines() if (line := nfc(text).strip())]
        found = []
        for line in lines:
            code, colon, name = (part.strip() for part in line.partition(":"))
            if not (code and colon and name) or len(code) > 20 or len(name) > 100:
                raise ValidationError(f"“{line}”: hãy viết mã (không quá 20 ký tự), dấu hai chấm, tên của mức.")
            found.append((code, name))
        for what, values in (("Mã", [code for code, _ in found]), ("Tên", [name for _, name in found])):
            keys = [match_key(value) for value in values] + [match_key("KHONG" if what == "Mã" else "Không có")]
            if len(set(keys)) < len(keys):
                raise ValidationError(f"{what} của các mức phải khác nhau, và khác mức “Không có” (mã KHONG).")
        if len(found) + 1 > MOST_LEVELS:
            raise ValidationError(
                f"Mặt này có {len(found) + 1} mức, nhiều hơn {MOST_LEVELS} mức mà một lần đánh giá chứa được."
            )
        return found


# ---------------------------------------------------------------- the grid


@dataclass
class Edited:
    """A cell of the grid as the page offers it."""

    cell: Cell
    levels: Sequence[Level]
    shown: Requirement | None  # with what the page begins there
    own: Requirement | None  # what the text that is changed says there
    chosen: Said | None
    problem: str = ""

    @property
    def key(self) -> str:
        return f"{self.cell.position.pk}-{self.cell.dimension.pk}"

    @property
    def names(self) -> dict[str, str]:
        return {
            "minimum": f"{MINIMUM}-{self.key}",
            "relaxed": f"{RELAXED}-{self.key}",
            "article": f"{ARTICLE}-{self.key}",
        }

    @property
    def minimum(self) -> int | None:
        return self.chosen.minimum if self.chosen else None

    @property
    def relaxed(self) -> int | None:
        """The relaxed level where it is another one than the minimum."""
        return self.chosen.relaxed if self.chosen and self.chosen.relaxed != self.chosen.minimum else None

    @property
    def article(self) -> str:
        return self.chosen.article if self.chosen else ""

    @property
    def altered(self) -> Altered | None:
        before = Said.of(self.own)
        if before == self.chosen:
            return None
        return Altered(self.cell.position.pk, self.cell.dimension.pk, before, self.chosen)


@dataclass
class GridEdit:
    """The grid of a text as a form: what was chosen in each cell, and which cells that changes.

    `text` is the one whose lines are changed (None: a new one, whose cells all begin as `grid` says); `local`: a cell
    left empty says what the text below says.
    """

    grid: Grid
    text: Standard | None
    local: bool = False
    data: Mapping[str, Any] | None = None
    errors: list[str] = field(default_factory=list)
    rows: list[tuple[Position, list[Edited]]] = field(init=False)

    def __post_init__(self) -> None:
        levels: dict[int, list[Level]] = {}
        for level in Level.objects.order_by("dimension", "rank"):
            levels.setdefault(level.dimension_id, []).append(level)
        self.rows = [
            (position, [self._edited(cell, levels[cell.dimension.pk]) for cell in cells])
            for position, cells in self.grid.rows
        ]

    def _edited(self, cell: Cell, levels: Sequence[Level]) -> Edited:
        shown = cell.local if self.local else cell.base
        edited = Edited(cell, levels, shown, own=shown if self.text else None, chosen=Said.of(shown))
        if self.data is not None:
            self._choose(edited)
        return edited

    def _choose(self, edited: Edited) -> None:
        assert self.data is not None
        rank = {level.pk: level.rank for level in edited.levels}
        minimum, relaxed = (_key(self.data.get(edited.names[name])) for name in ("minimum", "relaxed"))
        article = nfc(str(self.data.get(edited.names["article"], ""))).strip()
        if edited.names["minimum"] not in self.data:
            return
        if minimum is None:
            edited.chosen = None
            if relaxed is not None:
                self._refuse(edited, "có mức giảm mà chưa có mức tối thiểu.")
            return
        relaxed = relaxed or minimum
        edited.chosen = Said(minimum, relaxed, article)
        if not {minimum, relaxed} <= rank.keys():
            self._refuse(edited, "mức đã chọn không có trong mặt này. Hãy chọn lại.")
        elif rank[relaxed] > rank[minimum]:
            self._refuse(edited, "mức giảm cao hơn mức tối thiểu.")
        elif len(article) > ARTICLE_LENGTH:
            self._refuse(edited, f"điều khoản dài quá {ARTICLE_LENGTH} ký tự.")

    def _refuse(self, edited: Edited, problem: str) -> None:
        edited.problem = problem
        self.errors.append(f"{edited.cell.position}, {edited.cell.dimension.name.lower()}: {problem}")

    @property
    def cells(self) -> Iterator[Edited]:
        return (edited for _, cells in self.rows for edited in cells)

    @property
    def seen(self) -> str:
        """What stands for the text and its grid as they are now, so that nobody's change is taken back unseen."""
        said = [(edited.key, vars(there)) for edited in self.cells if (there := Said.of(edited.shown))]
        facts = facts_of(self.text) if self.text else {}
        return sha256(repr((facts, said)).encode()).hexdigest()

    @property
    def is_overtaken(self) -> bool:
        """Whether the grid has become another one since the page was handed out."""
        return self.data is not None and self.data.get(SEEN) != self.seen

    def altered(self) -> list[Altered]:
        return [altered for edited in self.cells if (altered := edited.altered)]

    def take(self, dataset: Dataset, text_code: str) -> None:
        """Choose in the cells what the rows of a table say. Raises ValidationError, a sentence a row that is wrong.

        Dimensions that are no column of the grid have to be made one before.
        """
        resource = RequirementResource()
        resource.before_import(dataset)
        cells = {(edited.cell.position.pk, edited.cell.dimension.pk): edited for edited in self.cells}
        refused = []
        for row in dataset.dict:
            try:
                line = {name: resource.fields[name].clean(row) for name in TABLE_FIELDS if _has(row, resource, name)}
                if text_code and row[STANDARD] and str(row[STANDARD]) != text_code:
                    raise ValueError(f"văn bản “{row[STANDARD]}” không phải văn bản này ({text_code}).")
                edited = cells.get((line["position"].pk, line["dimension"].pk))
                if edited is None:
                    raise ValueError(f"{line['position']} không thuộc nhóm chức danh của văn bản.")
                if line["minimum"] is None or line["minimum_relaxed"] is None:
                    raise ValueError("thiếu mức tối thiểu hoặc mức giảm.")
                if line["minimum_relaxed"].rank > line["minimum"].rank:
                    raise ValueError("mức giảm cao hơn mức tối thiểu.")
            except (ValueError, AttributeError, ValidationError) as error:
                refused.append(f"Dòng {row[ROW]}: {_told(error)}")
                continue
            edited.chosen = Said(line["minimum"].pk, line["minimum_relaxed"].pk, line.get("article") or edited.article)
        if refused:
            raise ValidationError({"table": refused})


STANDARD = "Văn bản"
TABLE_FIELDS = ("position", "dimension", "minimum", "minimum_relaxed", "article")


def dimensions_in(dataset: Dataset) -> set[str]:
    """The codes of the dimensions that the rows of a table name."""
    return {str(row.get("Mặt tiêu chuẩn") or "") for row in dataset.dict}


def _has(row: Mapping[str, Any], resource: Any, name: str) -> bool:
    return resource.fields[name].column_name in row


def _told(error: Exception) -> str:
    if isinstance(error, AttributeError):
        return "thiếu chức danh hoặc mặt tiêu chuẩn."
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _key(text: Any) -> int | None:
    return int(text) if str(text or "").isdecimal() else None


def unasked(dimensions: Iterable[Dimension]) -> list[Dimension]:
    """The dimensions that may be added to a grid as columns: those that it has not."""
    known = {dimension.pk for dimension in dimensions}
    return [dimension for dimension in Dimension.objects.all() if dimension.pk not in known]
