"""The template workbook: the columns of the flat export, filled with a unit's people, to be mended and sent back.

Drop-down lists offer what the importer understands. Sent back unchanged it changes nothing, and its blank rows are
nobody. The commune's code stands only where the name alone would not tell the commune: whoever picks another commune
from the list need not know a code.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation

from cadres.models import Sex, UnitVersion, Zone
from cadres.roster.columns import MEMBER_WITHOUT_DATE, Column, Kind, exported
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.levels import STUDY_MODES
from cadres.roster.workbook_marks import ILLEGAL
from cadres.text import sort_key

LIST_SHEET, HELP_SHEET, NAMES_SHEET = "Danh sách", "Hướng dẫn", "Danh mục"
TITLE = "DANH SÁCH CÁN BỘ, CÔNG CHỨC CẤP XÃ"
HEADER_ROW = 4
BLANK_ROWS = 500  # for new people
MAX_PROMPT = 255

HELP = (
    "HƯỚNG DẪN ĐIỀN DANH SÁCH",
    "",
    "1. Trang “Danh sách” có sẵn những người đang có trong hồ sơ. Sửa trực tiếp ô nào sai hoặc đã thay đổi.",
    "2. Người mới: điền vào dòng trống ngay dưới người cuối cùng. Không cần điền cột STT, Mã xã và Đạt chuẩn.",
    "3. Bấm vào ô rồi bấm mũi tên bên cạnh để chọn trong danh sách có sẵn: xã, khu vực, giới tính, dân tộc, chức danh, "
    "các loại trình độ.",
    "4. Ngày ghi dạng ngày/tháng/năm, ví dụ 05/08/1979. Chỉ biết năm thì ghi năm, ví dụ 1979.",
    "5. Số định danh là 9 số của CMND hoặc 12 số của CCCD. Ghi đủ số 0 ở đầu; ô đã đặt sẵn là chữ nên số 0 không mất.",
    "6. Chưa biết thì để trống. Ô trống không làm mất thông tin đã có; muốn ghi là không có thì chọn “Không có” hoặc "
    "“Chưa qua đào tạo”.",
    "7. Người đã nghỉ hoặc chuyển đi: xóa cả dòng. Khi nhập, hệ thống liệt kê những người vắng trong danh sách để xác "
    "nhận; không ai bị xóa khỏi hồ sơ.",
    "8. Sửa ngày ở dòng “Tính đến …” thành ngày của số liệu.",
    "9. Không đổi tên cột. Có thể thêm cột, đổi thứ tự cột hoặc ẩn cột.",
    "10. Lưu lại rồi tải lên ở mục Nhập danh sách. Nếu có lỗi, hệ thống trả lại chính tệp này với ô lỗi tô màu.",
)

THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
FONT = "Times New Roman"
HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")


def write_template(
    rows: Iterable[list[str]],
    day: date,
    stream: IO[bytes],
    *,
    units: Collection[int] | None = None,
    place: str = "",
) -> None:
    """Write the template with the rows of roster_rows (none: an empty template).

    Args: units are the keys of the units whose communes are offered (None: all that exist on the day); place is the
    unit's name for the title.
    """
    dictionaries = Dictionaries.load()
    columns = exported(dictionaries.columns)
    lists = drop_down_lists(dictionaries, day, units)
    people = list(rows)
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(LIST_SHEET)
    first, last = HEADER_ROW + 1, HEADER_ROW + len(people) + BLANK_ROWS
    _set_up_page(sheet, columns, last)
    _add_lists(sheet, columns, lists, first, last)
    _frame_when_filled(sheet, columns, first + len(people), last)
    styles = _Styles(sheet, columns)
    for text, style in ((place, styles.plain), (TITLE, styles.title), (f"Tính đến {day:%d/%m/%Y}", styles.centred)):
        sheet.append([styles.cell(text, style)])
    for row in (2, 3):
        sheet.merged_cells.add(CellRange(min_row=row, max_row=row, min_col=1, max_col=len(columns)))
    sheet.append([styles.cell(column.export, styles.header) for column in columns])
    for number, *texts in _without_needless_codes(people, columns, dictionaries, day):
        values: list[str | int] = [int(number), *texts]
        sheet.append([styles.cell(value, style) for value, style in zip(values, styles.filled, strict=True)])
    for _ in range(BLANK_ROWS):
        sheet.append([styles.cell("", style) for style in styles.blank])
    _add_help(workbook)
    names = workbook.create_sheet(NAMES_SHEET)
    names.sheet_state = "hidden"
    named = [[column.export, *lists[column.field]] for column in columns if column.field in lists]
    for line in zip_longest(*named, fillvalue=""):
        names.append([styles.cell(str(word), styles.plain) for word in line])
    workbook.save(stream)


def drop_down_lists(
    dictionaries: Dictionaries, day: date, units: Collection[int] | None = None
) -> dict[str, list[str]]:
    """Field → the words to choose from, in the words of the catalogues and as of the day."""
    communes = [
        unit
        for unit in dictionaries.units
        if unit.kind in UnitVersion.COMMUNE_KINDS and unit.is_in_force(day) and (units is None or unit.pk in units)
    ]
    above = {unit.parent for unit in communes}
    districts = [
        unit
        for unit in dictionaries.units
        if unit.kind == UnitVersion.Kind.DISTRICT and unit.pk in above and unit.is_in_force(day)
    ]
    positions = [
        position
        for position in sorted(dictionaries.positions.values(), key=lambda position: position.order)
        if position.is_in_force(day)
    ]
    levels = sorted(dictionaries.levels.values(), key=lambda level: level.rank)
    lists = {
        "district": sorted({unit.name for unit in districts}, key=sort_key),
        "commune": sorted({unit.name for unit in communes}, key=sort_key),
        "zone": [str(zone.label) for zone in Zone],
        "sex": [str(sex.label) for sex in Sex],
        "ethnic_group": [group.name for _, group in sorted(dictionaries.ethnic_groups.items())],
        "position": [position.title for position in positions],
        "study_mode": list(dict.fromkeys(STUDY_MODES.values())),
        "party_joined_on": [MEMBER_WITHOUT_DATE],
    }
    for column in dictionaries.columns:
        if column.kind is Kind.LEVEL:
            lists[column.field] = [level.name for level in levels if level.dimension == column.field]
    return {field: words for field, words in lists.items() if words}


def _without_needless_codes(
    rows: Iterable[list[str]], columns: list[Column], dictionaries: Dictionaries, day: date
) -> Iterator[list[str]]:
    """The rows without the codes of communes that are told by their name in the district."""
    named = Counter(
        (above.name if above and above.kind == UnitVersion.Kind.DISTRICT else "", unit.name)
        for unit in dictionaries.units
        if unit.kind in UnitVersion.COMMUNE_KINDS and unit.is_in_force(day)
        for above in [dictionaries.unit_on(unit.parent, day) if unit.parent else None]
    )
    places = {column.field: at for at, column in enumerate(columns)}
    district, code, commune = (places[name] for name in ("district", "commune_code", "commune"))
    for row in rows:
        is_told = named[row[district], row[commune]] == 1
        yield [*row[:code], "", *row[code + 1 :]] if is_told else row


def _set_up_page(sheet: Any, columns: list[Column], last: int) -> None:
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.print_width
        if column.field == "full_name":
            sheet.freeze_panes = f"{get_column_letter(index + 1)}{HEADER_ROW + 1}"
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    sheet.oddFooter.center.text = "Trang &P/&N"


def _add_lists(sheet: Any, columns: list[Column], lists: dict[str, list[str]], first: int, last: int) -> None:
    listed = [column.field for column in columns if column.field in lists]
    for index, column in enumerate(columns, start=1):
        if column.field not in lists and not column.prompt:
            continue
        rule = DataValidation(type=None, allow_blank=True)
        if column.field in lists:
            words = get_column_letter(listed.index(column.field) + 1)
            rule = DataValidation(
                type="list",
                formula1=f"'{NAMES_SHEET}'!${words}$2:${words}${len(lists[column.field]) + 1}",
                allow_blank=True,
                showErrorMessage=not column.is_open,
                errorTitle="Không có trong danh mục",
                error=f"Hãy chọn {column.export.lower()} trong danh sách thả xuống.",
            )
        if column.prompt:
            rule.showInputMessage, rule.promptTitle, rule.prompt = True, column.export, column.prompt[:MAX_PROMPT]
        letter = get_column_letter(index)
        rule.add(f"{letter}{first}:{letter}{last}")
        sheet.data_validations.append(rule)


def _frame_when_filled(sheet: Any, columns: list[Column], first: int, last: int) -> None:
    """Frames around the blank rows as soon as something is written there, so that the others are not printed."""
    end = get_column_letter(len(columns))
    rule = Rule(type="expression", formula=[f"COUNTA($A{first}:${end}{first})>0"], dxf=DifferentialStyle(border=FRAME))
    sheet.conditional_formatting.add(f"A{first}:{end}{last}", rule)


def _add_help(workbook: Workbook) -> None:
    sheet: Any = workbook.create_sheet(HELP_SHEET)
    sheet.column_dimensions["A"].width = 110
    styles = _Styles(sheet)
    for number, line in enumerate(HELP):
        sheet.append([styles.cell(line, styles.wrapped if number else styles.title)])


class _Styles:
    """The styles of the template, made once: setting fonts and borders cell by cell takes most of the time."""

    def __init__(self, sheet: Any, columns: Iterable[Column] = ()) -> None:
        self._sheet = sheet
        middle = Alignment(vertical="center", wrap_text=True)
        centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self.plain = self._style(bold=True)
        self.title = self._style(size=14, bold=True, alignment=Alignment(horizontal="center"))
        self.centred = self._style(alignment=Alignment(horizontal="center"))
        self.wrapped = self._style(size=13, alignment=Alignment(vertical="top", wrap_text=True))
        self.header = self._style(bold=True, alignment=centre, border=FRAME, fill=HEADER_FILL)
        alignments = [centre if column.is_centred else middle for column in columns]
        self.filled = [self._style(alignment=alignment, border=FRAME) for alignment in alignments]
        self.blank = [self._style(alignment=alignment) for alignment in alignments]

    def _style(self, *, size: int = 11, bold: bool = False, **options: Any) -> Any:
        cell = WriteOnlyCell(self._sheet, "")
        cell.font = Font(name=FONT, size=size, bold=bold)
        for name, value in options.items():
            setattr(cell, name, value)
        cell.number_format = "@"  # what is typed stays as typed: no lost zeros, no dates turned round
        return cell._style

    def cell(self, value: str | int, style: Any) -> Any:
        """A cell in one of the styles; a text is typed as text, whatever it begins with."""
        cell = WriteOnlyCell(self._sheet, ILLEGAL.sub("", value) or None if isinstance(value, str) else value)
        if cell.value is not None and isinstance(value, str):
            cell.data_type = "s"
        cell._style = style
        return cell
