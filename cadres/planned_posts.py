"""What the post that somebody is planned for would ask of the person: the same verdict, of a post that is supposed.

A person may be planned for several posts, and the verdict is of one post a person: they are asked in rounds, the first
planned post of everybody, then the second of those who have one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cadres.evaluation import DimensionVerdict, LevelSets, Rulebook, Supposed, Verdict, counted_dimensions, judged
from cadres.models import Appointment, Criterion, Dimension, Level, PlannedPost


@dataclass(frozen=True)
class Gap:
    """One dimension that the planned post asks for and the person does not prove: lower, or nothing on record."""

    dimension: Dimension
    required: Level
    held: Level | None
    is_unknown: bool

    def __str__(self) -> str:
        if self.held is not None and self.held.rank >= self.required.rank:
            field = "chưa ghi chuyên ngành" if self.is_unknown else "chuyên ngành chưa phù hợp"
            return f"{self.dimension}: có {self.held}, {field}"
        return (
            f"{self.dimension}: cần {self.required}, {'hồ sơ chưa ghi' if self.is_unknown else f'hiện là {self.held}'}"
        )


@dataclass(frozen=True)
class Prospect:
    """A planned post with the verdict that the person would have in it; None where nothing is asked of it that day."""

    planned: PlannedPost
    verdict: Verdict | None
    gaps: tuple[Gap, ...]


def prospects(
    planned: Iterable[PlannedPost], day: date, *, criterion: Criterion, rulebook: Rulebook | None = None
) -> list[Prospect]:
    """Each of the planned posts as if it were held on the day, in the order given; as many queries as one person has
    planned posts, and the rulebook's."""
    rulebook, planned = rulebook or Rulebook.load(), list(planned)
    levels = rulebook.level_sets(day)
    counted = counted_dimensions(criterion, rulebook.dimensions_asked(day))
    rounds: dict[int, list[PlannedPost]] = defaultdict(list)
    seen: dict[int, int] = defaultdict(int)
    for row in planned:
        rounds[seen[row.official_id]].append(row)
        seen[row.official_id] += 1
    found: dict[int, Prospect] = {}
    for rows in rounds.values():
        by_person = {row.official_id: row for row in rows}
        supposed = Supposed(posts=[_held(row, day) for row in rows])
        posts = judged(
            day,
            criterion=criterion,
            rulebook=rulebook,
            supposed=supposed,
            appointments=Appointment.objects.filter(official__in=by_person),
        ).filter(official__in=by_person)
        for post in posts:
            row = by_person[post.official_id]
            verdict = Verdict(post.verdict) if post.verdict else None
            found[row.pk] = Prospect(row, verdict, _gaps(post, levels, counted))
    return [found.get(row.pk, Prospect(row, None, ())) for row in planned]


def _held(planned: PlannedPost, day: date) -> Appointment:
    return Appointment(
        official_id=planned.official_id, position_id=planned.position_id, unit_id=planned.unit_id, start_date=day
    )


def _gaps(post: Any, levels: LevelSets, counted: Iterable[Dimension]) -> tuple[Gap, ...]:
    found = []
    for dimension in counted:
        verdict = levels.verdict(post, dimension)
        for asked, of in (("not_met", DimensionVerdict.NOT_MET), ("unknown", DimensionVerdict.UNKNOWN)):
            if verdict == of and (required := levels.level_in(getattr(post, asked), dimension)):
                held = levels.level_in(post.held, dimension)
                found.append(Gap(dimension, required, held, verdict == DimensionVerdict.UNKNOWN))
    return tuple(found)
