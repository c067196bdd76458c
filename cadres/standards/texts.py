"""What a text of standards says on a day: its grid, and the local rules that stand over it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from cadres.models import Dimension, Position, Requirement, Standard
from cadres.periods import PeriodQuerySet

Place = tuple[int, int]  # keys of a position and a dimension: where in the grid something is asked


@dataclass(frozen=True)
class Cell:
    """What is asked of a position in a dimension: by the text, and by the local rules over it, which prevail."""

    position: Position
    dimension: Dimension
    base: Requirement | None = None
    local: Requirement | None = None

    @property
    def counts(self) -> Requirement | None:
        return self.local or self.base

    @property
    def is_local(self) -> bool:
        return self.local is not None


@dataclass(frozen=True)
class Grid:
    """The cells of a text on a day: a row a position, a column a dimension in which something is asked."""

    day: date
    dimensions: list[Dimension]
    rows: list[tuple[Position, list[Cell]]]

    @property
    def cells(self) -> Iterable[Cell]:
        return (cell for _, cells in self.rows for cell in cells)


def lines_on(day: date, texts: Collection[Standard]) -> PeriodQuerySet[Requirement]:
    """What the texts say on the day, of positions of their group only: of others they ask nothing."""
    return (
        Requirement.objects.as_of(day)
        .filter(standard__in=texts, position__group__in={text.position_group for text in texts})
        .select_related("position", "dimension", "minimum", "minimum_relaxed", "standard", "checked_by")
    )


def local_rules_on(day: date, text: Standard) -> Standard | None:
    """The local rules over the text that are in force on the day."""
    return Standard.objects.as_of(day).filter(over=text).first()


def grid_of(text: Standard, day: date, *, also: Iterable[Dimension] = (), with_local: bool = True) -> Grid:
    """The grid of the text on the day: of local rules that of the text that they are over, with them; of another text
    with the local rules of the day, unless not `with_local`.

    A row is a position of its group that is in force on the day or is asked something; `also` are further columns.
    """
    base = text.over or text
    local = text if text.over_id else local_rules_on(day, text) if with_local else None
    said: dict[int, dict[Place, Requirement]] = {base.pk: {}}
    for line in lines_on(day, [one for one in (base, local) if one]):
        said.setdefault(line.standard_id, {})[line.position_id, line.dimension_id] = line
    by_base, by_local = said[base.pk], said.get(local.pk, {}) if local else {}
    lines = [*by_base.values(), *by_local.values()]
    dimensions = sorted({*(line.dimension for line in lines), *also}, key=lambda dimension: dimension.order)
    in_force = Position.objects.as_of(day).filter(group=text.position_group)
    positions = sorted({*in_force, *(line.position for line in lines)}, key=lambda position: position.order)
    return Grid(
        day=day,
        dimensions=dimensions,
        rows=[
            (
                position,
                [
                    Cell(
                        position,
                        dimension,
                        by_base.get((position.pk, dimension.pk)),
                        by_local.get((position.pk, dimension.pk)),
                    )
                    for dimension in dimensions
                ],
            )
            for position in positions
        ],
    )


def empty_grid(group: str, day: date, dimensions: Iterable[Dimension]) -> Grid:
    """The grid of a text that says nothing yet: the positions of the group on the day, and these columns."""
    columns = sorted(dimensions, key=lambda dimension: dimension.order)
    positions = Position.objects.as_of(day).filter(group=group)
    rows = [(position, [Cell(position, dimension) for dimension in columns]) for position in positions]
    return Grid(day, columns, rows)
