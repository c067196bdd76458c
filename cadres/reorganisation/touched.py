"""What else a reorganisation touches: rows of other packages that name units that end, or people who go along.

A model whose rows go on for a time says which of them still do on a day, by a class method `going_on(day) -> Q`; what
leads from it to a unit or a person is known to Django. So this package asks about quotas and classes and imports none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from cadres.models import Official, Unit, UnitVersion
from cadres.reorganisation.planning import Plan

NAMED = 5  # rows of a kind


@dataclass(frozen=True)
class Touched:
    """Rows of one kind that go on beyond the day: how many, the first of them, and what leads from them to it."""

    kind: str
    by: str
    count: int
    first: list[str]


def touched(plan: Plan) -> list[Touched]:
    """The kinds of rows that name a unit that ends (a district that ends that day too), or people who go along."""
    there = UnitVersion.objects.as_of(plan.day).values("unit")
    ending = set(UnitVersion.objects.filter(end_date=plan.eve).exclude(unit__in=there).values_list("unit", flat=True))
    ending |= {plan.old[code].unit_id for code in plan.moving}
    people = plan.going().filter(is_primary=True).values("official")
    return [*_naming(Unit, ending, plan), *_naming(Official, people, plan)]


def _naming(model: type[Model], keys: Any, plan: Plan) -> Iterator[Touched]:
    for relation in model._meta.get_fields(include_hidden=True):
        other: Any = relation.related_model if relation.auto_created and relation.one_to_many else None
        if other is None or not hasattr(other, "going_on"):
            continue
        field = relation.field  # type: ignore[union-attr]
        rows: QuerySet[Any] = other._default_manager.filter(other.going_on(plan.day), **{f"{field.name}__in": keys})
        if count := rows.count():
            first = [str(row) for row in rows.order_by("pk")[:NAMED]]
            yield Touched(str(other._meta.verbose_name), str(field.verbose_name), count, first)
