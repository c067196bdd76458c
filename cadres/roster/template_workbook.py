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

from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from cadres.models import Sex, UnitVersion, Zone
from cadres.roster.columns import MEMBER_WITHOUT_DATE, Column, Kind, exported
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.levels import STUDY_MODES
from cadres.text import sort_key
from cadres.workbooks import TEXT, Book, Look, Sheet

LIST_SHEET, HELP_SHEET, NAMES_SHEET = "Danh sách", "Hướng dẫn", "Danh mục"
TITLE = "DANH SÁCH CÁN BỘ, CÔNG CHỨC CẤP XÃ"
HEADER_ROW = 4
BLANK_ROWS = 500  # for new people
MAX_PROMPT, MAX_PROMPT_TITLE = 255, 32  # characters

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

BLACK = "000000"
PLAIN = Look(bold=True)
TITLED = Look(size=14, bold=True, align="center")
CENTRED = Look(align="center", wrapped=True)
HEADER = Look(bold=True, align="center", wrapped=True, edge=BLACK, colour="DDEBF7")
GUIDE = Look(size=13, wrapped=True)


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
    first, last = HEADER_ROW, HEADER_ROW + len(people) + BLANK_ROWS - 1  # rows, counted from 0
    looks = [CENTRED if column.is_centred else CENTRED._replace(align="left") for column in columns]
    framed = [look._replace(edge=BLACK) for look in looks]
    with Book(stream) as book:
        sheet = book.sheet(LIST_SHEET)
        _set_up_page(sheet, columns, last)
        _add_lists(sheet, columns, lists, first, last)
        _frame_when_filled(sheet, columns, first + len(people), last)
        _write(sheet, 0, [(place, PLAIN)])
        sheet.across(1, 0, len(columns) - 1, TITLE, TITLED)
        sheet.across(2, 0, len(columns) - 1, f"Tính đến {day:%d/%m/%Y}", CENTRED)
        _write(sheet, HEADER_ROW - 1, ((column.export, HEADER) for column in columns))
        row = first
        for number, *texts in _without_needless_codes(people, columns, dictionaries, day):
            values: list[str | int] = [int(number), *texts]
            _write(sheet, row, zip(values, framed, strict=True))
            row += 1
        for blank in range(row, last + 1):
            _write(sheet, blank, (("", look) for look in looks))
        guide = book.sheet(HELP_SHEET)
        guide.widths([110])
        for row, line in enumerate(HELP):
            _write(guide, row, [(line, GUIDE if row else TITLED)])
        names = book.sheet(NAMES_SHEET, is_hidden=True)
        named = [[column.export, *lists[column.field]] for column in columns if column.field in lists]
        for row, words in enumerate(zip_longest(*named, fillvalue="")):
            _write(names, row, ((str(word), PLAIN) for word in words))


def _write(sheet: Sheet, row: int, cells: Iterable[tuple[str | int, Look]]) -> None:
    """Cells of the format “text”: what is typed there stays as typed, no zero is lost and no date turned round."""
    for column, (value, look) in enumerate(cells):
        sheet.put(row, column, value, look, reads_days=False, number=TEXT)


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


def _set_up_page(sheet: Sheet, columns: list[Column], last: int) -> None:
    sheet.widths([column.print_width for column in columns])
    (name,) = (place for place, column in enumerate(columns) if column.field == "full_name")
    sheet.made.freeze_panes(HEADER_ROW, name + 1)
    sheet.made.autofilter(HEADER_ROW - 1, 0, last, len(columns) - 1)
    sheet.paper(repeated=(HEADER_ROW - 1, HEADER_ROW - 1), margin=0.4)


def _add_lists(sheet: Sheet, columns: list[Column], lists: dict[str, list[str]], first: int, last: int) -> None:
    """What a cell offers, and what it says of itself when one goes there."""
    listed = [column.field for column in columns if column.field in lists]
    for place, column in enumerate(columns):
        if column.field not in lists and not column.prompt:
            continue
        rule: dict[str, Any] = {"validate": "any"}
        if column.field in lists:
            words = listed.index(column.field)
            area = xl_range_abs(1, words, len(lists[column.field]), words)
            if len(lists[column.field]) == 1:
                area = f"{area}:{area}"
            rule = {
                "validate": "list",
                "source": f"='{NAMES_SHEET}'!{area}",
                "show_error": not column.is_open,
                "error_title": "Không có trong danh mục",
                "error_message": f"Hãy chọn {column.export.lower()} trong danh sách thả xuống.",
            }
        if column.prompt:
            rule |= {"input_title": column.export[:MAX_PROMPT_TITLE], "input_message": column.prompt[:MAX_PROMPT]}
        sheet.made.data_validation(first, place, last, place, rule)


def _frame_when_filled(sheet: Sheet, columns: list[Column], first: int, last: int) -> None:
    """Frames around the blank rows as soon as something is written there, so that the others are not printed."""
    end = xl_col_to_name(len(columns) - 1)
    sheet.frame_where(f"=COUNTA($A{first + 1}:${end}{first + 1})>0", first, 0, last, len(columns) - 1)
