"""What the sheets of a file hold: the people, group by group, totals, vacancies, and what nobody understands.

Nothing is understood here yet of what people state: they leave as raw rows (values).
"""

from collections.abc import Mapping
from datetime import date

from cadres.roster.column_meanings import ColumnMapping
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.needed_columns import needed_columns_not_found
from cadres.roster.reading import Sheet, UnreadableFileError
from cadres.roster.rows import Layout, Notice, RawRow, SheetUse
from cadres.roster.sheet_choices import Reading
from cadres.roster.sheet_titles import as_of_in
from cadres.roster.unit_names import UnitNames
from cadres.roster.walk import Walk
from cadres.text import first_named


def lay_out(
    file_name: str,
    sheets: list[Sheet],
    dictionaries: Dictionaries,
    *,
    needs_day: bool = True,
    needs_roster: bool = True,
    mapping: ColumnMapping | None = None,
    choices: Mapping[str, str] | None = None,
) -> Layout:
    """Sort every row of every visible sheet.

    Args: mapping says what was decided by hand of columns, by (layout key, column key): the field they hold, with a
    level or sex behind a colon where it needs one, or '' to leave the column out; it wins over the titles.
    `choices` says of sheets, by name, how a person wants them read (sheet_choices.Reading).
    Raises UnreadableFileError (with needs_roster) where no sheet has a roster, or (with needs_day) where sheets state
    different dates.
    """
    layout = Layout()
    days: list[date] = []
    covers: list[Walk] = []
    units = UnitNames(dictionaries)
    before: Walk | None = None
    for sheet in sheets:
        choice = (choices or {}).get(sheet.name, "")
        use = SheetUse(sheet.name, "read", is_hidden=sheet.is_hidden, choice=choice)
        layout.uses.append(use)
        walk = Walk(sheet, dictionaries, units, mapping or {})
        walk.takes_leavers = choice == Reading.PEOPLE
        header = walk.first
        if sheet.is_hidden and choice not in (Reading.READ, Reading.PEOPLE, Reading.ENDS):
            use.state = "hidden" if header else "other"
            if header is not None and choice != Reading.LEFT_OUT:
                layout.hidden_sheets.append(sheet.name)
            continue
        if header is None and before and walk.follow(before):
            header = walk.followed
        elif header is None and (header := walk.finder.guessed()) is not None:
            if header.names_people:
                walk.given = header
            elif choice != Reading.LEFT_OUT:
                layout.skipped_sheets.append(sheet.name)
                walk.show(header)
        people = walk.persons()
        use.persons, use.leavers = len(people), len(walk.leavers)
        if choice == Reading.LEFT_OUT and not walk.leavers:
            use.state = "left_out"
            continue
        layout.rows.extend(people)
        layout.totals.extend(walk.totals)
        layout.vacancies.extend(walk.vacancies)
        layout.notices.extend(walk.notices)
        if choice == Reading.ENDS:
            layout.leavers.extend(walk.leavers)
        elif choice != Reading.LEFT_OUT:
            layout.notices.extend(map(_left, walk.leavers))
        layout.columns |= walk.columns
        day = walk.as_of or as_of_in(sheet.name)
        layout.sheets.extend(walk.found(day))
        layout.unread.extend(walk.unread())
        if header is None and walk.has_unread_people:
            layout.notices.append(_unread_sheet(sheet.name))
        before = walk if walk.last_table else before
        if header is None:
            use.state = "other"
            covers.append(walk)
        elif day and header.names_people:
            days.append(day)
    if needs_roster and not any(table.is_understood for table in layout.sheets):
        raise UnreadableFileError(_no_roster(file_name, layout))
    _take_from_covers(layout, covers, days)
    layout.notices.extend(needed_columns_not_found(layout.rows, layout.unread))
    if needs_day and len(set(days)) > 1:
        stated = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(set(days)))
        raise UnreadableFileError(
            f"Tệp {file_name} ghi nhiều ngày số liệu khác nhau ({stated}). Hãy chọn ngày số liệu khi nhập (--as-of)."
        )
    layout.as_of = days[0] if days else None
    return layout


def _take_from_covers(layout: Layout, covers: list[Walk], days: list[date]) -> None:
    """The day and the district that only a cover sheet names hold for sheets that do not name their own."""
    if not days:
        days.extend(walk.as_of for walk in covers if walk.as_of)
    districts = {walk.title_district for walk in covers} - {""}
    if len(districts) == 1:
        district = districts.pop()
        for row in layout.rows:
            row.group_district = row.group_district or district


def _no_roster(file_name: str, layout: Layout) -> str:
    if layout.hidden_sheets:
        named = first_named([f"“{name}”" for name in layout.hidden_sheets], "trang khác")
        return (
            f"Tệp {file_name} chỉ có danh sách ở trang bị ẩn ({named}) nên không đọc. Hãy cho hiện trang đó (Unhide) "
            "rồi gửi lại, hoặc chọn đọc trang ẩn khi nhập trên trang web."
        )
    if layout.skipped_sheets:
        sheet = layout.skipped_sheets[0]
        columns = [column for found in layout.sheets if found.name == sheet for column in found.columns]
        known = first_named([f"“{column.title}”" for column in columns if column.field], "cột khác")
        only = f" (chỉ hiểu {known})" if known else ""
        return (
            f"Tệp {file_name} có vẻ là danh sách (trang “{sheet}”) nhưng không hiểu các tiêu đề cột{only}. Hãy ghi "
            "tiêu đề như tệp mẫu (Họ và tên, Ngày sinh, Chức danh…) hoặc chọn trường cho từng cột khi nhập trên trang "
            "web."
        )
    return (
        f"Tệp {file_name} không có danh sách cán bộ, công chức: không thấy dòng tiêu đề có cột họ tên và các cột "
        "khác. Hãy kiểm tra lại tệp hoặc dùng tệp mẫu."
    )


def _unread_sheet(name: str) -> Notice:
    return Notice(
        name,
        None,
        "unread_sheet",
        f"Trang “{name}” có những dòng giống danh sách nhưng không có dòng tiêu đề nên không được đọc. Hãy thêm dòng "
        "tiêu đề như ở trang trước rồi gửi lại.",
    )


def _left(row: RawRow) -> Notice:
    """What is said of somebody who has left."""
    name = " ".join(text for part in sorted(NAME_FIELDS) if (text := row.texts().get(part)))
    return Notice(
        row.sheet,
        row.row,
        "left_post",
        f"{name or 'Người này'} ở danh sách người đã nghỉ hay chuyển đi nên không được ghi là đang giữ chức danh.",
        field="full_name",
        column=row.title_of("full_name"),
        value=name,
    )
