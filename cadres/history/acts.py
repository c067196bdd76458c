"""An act in one line, as the log tells it: “Sửa cán bộ, công chức: Lý Thị Mây”."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from cadres.history.words import OPERATIONS, Told, kind_of, told, what, who
from cadres.models import Act, Change
from cadres.text import thousands

COUNTED = 1_000  # changes of an act that are counted; of an act with more it is said that there are more
GROUPS_TOLD = 3  # kinds of change that a line names


@dataclass
class _Contents:
    """What an act changed, as far as it was counted."""

    total: int = 0
    people: int = 0
    is_cut: bool = False  # there is more than was counted
    first: int = 0  # the change after which the line is called
    groups: list[tuple[str, str, int]] = field(default_factory=list)  # table, operation, how many


@dataclass(frozen=True)
class ActLine:
    """An act: who, by what, in one line what."""

    act: Act
    who: str
    what: str
    line: str


def lines_of(acts: Sequence[int]) -> list[ActLine]:
    """The acts with these keys, in their order, each in one line; three queries, whatever the acts changed."""
    contents = _contents(acts)
    firsts = Change.objects.select_related("act__user").in_bulk([one.first for one in contents.values()])
    calls = dict(zip(firsts, told(firsts.values()), strict=True))
    return [_line(contents[act], calls[contents[act].first]) for act in acts if act in contents]


def _line(contents: _Contents, first: Told) -> ActLine:
    act = first.change.act
    return ActLine(act, who(act), what(act), _sentence(act, contents, first))


def _sentence(act: Act, contents: _Contents, first: Told) -> str:
    people = f"{'ít nhất ' if contents.is_cut else ''}{thousands(contents.people)}"
    if act.kind in (Act.Kind.IMPORT, Act.Kind.IMPORT_UNDO) and (file := act.context.get("file")):
        total = f"{'hơn ' if contents.is_cut else ''}{thousands(contents.total)}"
        return f"{what(act)} {file}: {people} hồ sơ, {total} thay đổi"
    head = _named(contents)
    if contents.people > 1:
        return f"{head}: {people} người"
    # A line with one person, or with one row, is called after it; after one of many it would be called wrongly.
    subject = first.person or (first.row if contents.people or contents.groups[0][2] == 1 else "")
    return f"{head}: {subject}" if subject else head


def _named(contents: _Contents) -> str:
    """What was done to which kinds of rows: “Thêm 12 lượt học, sửa lớp học…”. Where not all were counted, the rest is
    of the kind that came last, or of others."""
    *before, last = contents.groups
    named = [_counted(*group) for group in before] + [_counted(*last, more="hơn " if contents.is_cut else "")]
    head = ", ".join([named[0], *(one[0].lower() + one[1:] for one in named[1:GROUPS_TOLD])])
    return f"{head}…" if len(named) > GROUPS_TOLD else head


def _counted(table: str, operation: str, count: int, more: str = "") -> str:
    number = f"{more}{thousands(count)} " if count > 1 else ""
    return f"{OPERATIONS[operation]} {number}{kind_of(table)}"


def _contents(acts: Sequence[int]) -> dict[int, _Contents]:
    """Act → what it changed; of a large act only its beginning is read."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, c.table_name, c.operation, c.rows, c.people, c.first, c.first_of_person
            FROM unnest(%s::bigint[]) AS a (id) CROSS JOIN LATERAL (
                SELECT table_name, operation, count(*) AS rows, count(DISTINCT person) AS people, min(id) AS first,
                    min(id) FILTER (WHERE person IS NOT NULL) AS first_of_person
                FROM (
                    SELECT id, table_name, operation::text, person FROM history.change
                    WHERE act_id = a.id ORDER BY id LIMIT %s
                ) AS beginning
                GROUP BY GROUPING SETS ((table_name, operation), ())
            ) AS c
            WHERE c.rows > 0 ORDER BY a.id, c.first
            """,
            [list(acts), COUNTED + 1],
        )
        rows = cursor.fetchall()
    found: dict[int, _Contents] = defaultdict(_Contents)
    for act, table, operation, count, people, first, first_of_person in rows:
        contents = found[act]
        if table is None:
            contents.total, contents.is_cut = min(count, COUNTED), count > COUNTED
            contents.people, contents.first = min(people, COUNTED), first_of_person or first
        else:
            contents.groups.append((table, operation, min(count, COUNTED)))
    return found
