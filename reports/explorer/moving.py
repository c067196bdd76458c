"""Who moved between the cells of two tables: who came into a cell, who left it, whose verdict changed in it.

The cells and verdicts of each person on both sides are joined in SQL, and only those come back by key for whom either
changed; so what is told of a cell adds up to the difference of its two rates exactly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, TextChoices

from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook, Verdict
from cadres.models import Criterion
from reports.explorer.crossing import InScope, Side, divided_on
from reports.rates import Divided, Group


class Step(TextChoices):
    """What happened to somebody of a cell between the two sides."""

    BECAME = "became", "Mới đạt, vẫn trong ô"
    CEASED = "ceased", "Không còn đạt, vẫn trong ô"
    OTHERWISE = "otherwise", "Đổi kết quả, trước và sau đều không đạt"
    CAME = "came", "Từ ô khác sang"
    WENT = "went", "Sang ô khác"
    NEW = "new", "Mới vào tổng số"
    LEFT = "left", "Không còn trong tổng số"


@dataclass(frozen=True)
class Place:
    """Where somebody stands on a side: the groups of the cell, and the verdict there."""

    row: Group
    column: Group
    verdict: str

    @property
    def cell(self) -> tuple[str, str]:
        return self.row.code, self.column.code

    @property
    def is_compliant(self) -> bool:
        return self.verdict == Verdict.COMPLIANT


@dataclass(frozen=True)
class Flow:
    """People (keys of officials) who went the same way; `before` or `after` is None where they were in no total."""

    before: Place | None
    after: Place | None
    people: tuple[int, ...]


# Each side is a query of ours; it keeps its WITH part, so PostgreSQL computes its verdicts once.
JOINED = """
    SELECT {columns}, array_agg(person)
    FROM (SELECT * FROM ({before}) AS judgement WHERE judged IS NOT NULL) AS was
    FULL JOIN (SELECT * FROM ({after}) AS judgement WHERE judged IS NOT NULL) AS now USING (person)
    WHERE ({told_before}) IS DISTINCT FROM ({told_after})
    GROUP BY {numbers}
"""


def flows(
    before: Side,
    after: Side,
    row: str,
    column: str,
    *,
    criterion: Criterion,
    in_scope: InScope,
    rulebook: Rulebook,
    units: Correspondence | None = None,
) -> list[Flow]:
    """Everybody whose cell or verdict differs between the sides, by the way gone; by two names of GROUPINGS.

    One query for both verdicts, and one a side for the names of units.
    """
    sides = []
    for side in (before, after):
        divided = divided_on(
            side, (row, column), criterion=criterion, in_scope=in_scope, rulebook=rulebook, units=units
        )
        query = divided.posts.order_by().values(*divided.columns, person=F("official"), judged=F("verdict")).query
        sides.append((divided, *query.sql_with_params()))
    (was, was_statement, was_parameters), (now, now_statement, now_parameters) = sides
    quoted = connection.ops.quote_name
    columns = [*was.columns, "judged"]
    telling = [was.telling(row), was.telling(column), "judged"]
    both = [f"{side}.{quoted(name)}" for side in ("was", "now") for name in columns]
    statement = JOINED.format(
        columns=", ".join(both),
        before=was_statement,
        after=now_statement,
        told_before=", ".join(f"was.{quoted(name)}" for name in telling),
        told_after=", ".join(f"now.{quoted(name)}" for name in telling),
        numbers=", ".join(str(number) for number in range(1, len(both) + 1)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*was_parameters, *now_parameters])
        found = [
            (dict(zip(columns, cells, strict=False)), dict(zip(columns, cells[len(columns) :], strict=False)), people)
            for *cells, people in cursor.fetchall()
        ]
    was.describe([of_side for of_side, _, _ in found if of_side["judged"]])
    now.describe([of_side for _, of_side, _ in found if of_side["judged"]])
    return [
        Flow(_place(was, of_was, row, column), _place(now, of_now, row, column), tuple(people))
        for of_was, of_now, people in found
    ]


def _place(divided: Divided, of_side: dict[str, Any], row: str, column: str) -> Place | None:
    if of_side["judged"] is None:
        return None
    parts = divided.parts(of_side)
    return Place(parts[row], parts[column], of_side["judged"])


def step_of(flow: Flow, cell: tuple[str, str]) -> Step | None:
    """What the way means for a cell (codes of its row and column); None where it does not touch it."""
    was_in = flow.before is not None and flow.before.cell == cell
    is_in = flow.after is not None and flow.after.cell == cell
    if was_in and is_in and flow.before and flow.after:
        if flow.before.verdict == flow.after.verdict:  # another unit took over the code
            return None
        if flow.before.is_compliant == flow.after.is_compliant:
            return Step.OTHERWISE
        return Step.BECAME if flow.after.is_compliant else Step.CEASED
    if is_in:
        return Step.CAME if flow.before else Step.NEW
    if was_in:
        return Step.WENT if flow.after else Step.LEFT
    return None


@dataclass(frozen=True)
class Told:
    """One step of a cell to or from one other cell: its groups (None: in no total, or the cell itself), how many
    people, and what they add to those of the cell who are compliant."""

    step: Step
    other: Place | None
    people: tuple[int, ...]
    difference: int


def told_of(cell: tuple[str, str], found: Sequence[Flow]) -> list[Told]:
    """What happened in a cell, by step and other cell, those with most people first within a step.

    The differences add up to the compliant people of the cell after, less those before.
    """
    by_way: dict[tuple[Step, tuple[str, str] | None], list[Flow]] = {}
    for flow in found:
        if step := step_of(flow, cell):
            other = flow.before if step == Step.CAME else flow.after if step == Step.WENT else None
            by_way.setdefault((step, other.cell if other else None), []).append(flow)
    told = []
    for (step, _), ways in by_way.items():
        other = ways[0].before if step == Step.CAME else ways[0].after if step == Step.WENT else None
        people = tuple(key for flow in ways for key in flow.people)
        told.append(Told(step, other, people, sum(_adds(flow, cell) * len(flow.people) for flow in ways)))
    return sorted(told, key=lambda one: (list(Step).index(one.step), -len(one.people)))


def _adds(flow: Flow, cell: tuple[str, str]) -> int:
    """What one person of the way adds to the compliant people of the cell: 1, 0 or −1."""

    def counts(place: Place | None) -> bool:
        return place is not None and place.cell == cell and place.is_compliant

    return counts(flow.after) - counts(flow.before)


def people_of(told: Iterable[Told]) -> list[int]:
    return [key for one in told for key in one.people]
