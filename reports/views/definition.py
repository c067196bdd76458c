"""How a rate is computed: the criteria, the standards in force on the day, what they ask of each position."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.evaluation import Rulebook, requirements_on
from cadres.models import (
    JUDGED_GROUPS,
    AcceptedField,
    Criterion,
    Dimension,
    Position,
    PositionGroup,
    Requirement,
    Standard,
)
from cadres.standards.checking import compared_on, posts_without_fields
from cadres.web.day import working_day
from cadres.web.permissions import permission_needed


@dataclass(frozen=True)
class StandardTable:
    """One standard as a table: a row a position, a column a dimension that it asks for."""

    group: str
    standard: Standard | None
    dimensions: list[Dimension]
    rows: list[tuple[Position, list[Requirement | None]]]


@permission_needed("cadres.view_standard")
@require_safe
def definition(request: HttpRequest) -> HttpResponse:
    day = working_day(request)
    return render(
        request,
        "reports/definition.html",
        {
            "title": "Cách tính tỷ lệ đạt chuẩn",
            "all_criteria": Criterion.objects.prefetch_related("dimensions"),
            "tables": standard_tables(day),
            "compared": compared_on(day),
            "without_fields": [post.title for post in posts_without_fields(day)],
            "accepted_fields": AcceptedField.objects.as_of(day).select_related("position", "dimension"),
        },
    )


def standard_tables(day: date) -> list[StandardTable]:
    """For each group that is judged the standard in force on the day, or none, with its requirements."""
    rulebook = Rulebook.load()
    in_force = rulebook.standards_on(day)
    positions = list(Position.objects.as_of(day))
    cells = {
        (standard, position, item.dimension): item
        for (standard, position, _), item in requirements_on(day, in_force.values(), rulebook).items()
    }
    tables = []
    for group in JUDGED_GROUPS:
        standard = in_force.get(group)
        dimensions = sorted(
            {dimension for standard_id, _, dimension in cells if standard and standard_id == standard.pk},
            key=lambda dimension: dimension.order,
        )
        rows = [
            (position, [cells.get((standard.pk, position.pk, dimension)) for dimension in dimensions])
            for position in positions
            if standard and position.group == group
        ]
        tables.append(StandardTable(PositionGroup(group).label, standard, dimensions, rows))
    return tables
