"""Columns without which no row of a table can be written: where one is not found, that is said once and not a row."""

from collections.abc import Iterable, Iterator

from cadres.roster.columns import COLUMNS
from cadres.roster.header import Header
from cadres.roster.name_columns import NAME_FIELDS
from cadres.roster.rows import Notice, RawRow, UnreadColumn

LABELS = {column.field: column.label for column in COLUMNS}
POSITIONS = {"position", "concurrent_position"}
NEAR = 3  # columns named as what it may be


def needed_columns_not_found(rows: Iterable[RawRow], unread: Iterable[UnreadColumn]) -> Iterator[Notice]:
    """A notice for each table whose people have no post because no column has it, or half a name for that reason."""
    tables: dict[tuple[str, str], tuple[Header, bool]] = {}
    for row in rows:
        key = (row.sheet, row.header.key)
        _, has_posts = tables.get(key, (row.header, False))
        tables[key] = row.header, has_posts or bool(row.group_position)
    unread = list(unread)
    for (sheet, _), (header, has_posts) in tables.items():
        beside = [column for column in unread if column.sheet == sheet and not column.is_never_kept]
        if not (has_posts or header.fields & POSITIONS):
            yield _not_found(sheet, header, "position", beside)
        if header.fields & NAME_FIELDS == {"family_name"}:
            yield _not_found(sheet, header, "given_name", beside)


def _not_found(sheet: str, header: Header, name: str, beside: list[UnreadColumn]) -> Notice:
    label = LABELS[name]
    rows = f"{header.first + 1}" if header.first == header.last else f"{header.first + 1}–{header.last + 1}"
    near = [column for column in beside if column.suggested == name] or beside[:NEAR]
    found = " hay ".join(f"{column.column}{f' “{column.title}”' if column.title else ''}" for column in near)
    remedy = (
        f"Có phải cột {found}? Hãy chọn trường cho cột đó khi nhập trên trang web, hoặc sửa tiêu đề thành “{label}” "
        "rồi gửi lại."
        if found
        else f"Hãy thêm cột “{label}” rồi gửi lại."
    )
    return Notice(
        sheet,
        None,
        "column_not_found",
        f"Không thấy cột “{label}” trong các tiêu đề ở dòng {rows}. {remedy}",
        field=name,
    )
