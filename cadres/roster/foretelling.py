"""What a roster will do to the rate of its unit, told before it is written: the writing itself, tried and taken back.

What was told of a staged batch is kept with it until its preview changes. On the command line it is told of the file's
day alone, whether the file is written then or not.
"""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q

from cadres.effect import Foretold, foretell
from cadres.evaluation import Verdict, judged
from cadres.history import signed
from cadres.models import Criterion, ImportBatch, ImportEffect, RosterDay, Unit, User
from cadres.posts import units_below, year_ends_with_data
from cadres.rate import NOBODY, Rate, figures_of, rate_of
from cadres.review import CHECKS, Check, review_counts
from cadres.roster.batch import Progress, ReadFile, commit, communes_of, lock_batch, take_turns, unwatched, write_file
from cadres.walls import wide

CRITERION = "FULL"  # what is kept with a batch is told by this, whatever somebody looks at
REVIEW = "review"  # what of the told is about the checks of the data: code of a check → how often before and after


def review_of(batch: ImportBatch) -> list[tuple[Check, int, int]]:
    """What the file adds or settles of the checks of the data, as told with the rest: check, before, after."""
    kept = ImportEffect.objects.filter(batch=batch).first()
    found = kept.told.get(REVIEW, {}) if kept else {}
    return [(check, *found[check.code]) for check in CHECKS if check.code in found]


def foretold_of(batch: ImportBatch) -> Foretold | None:
    """What was told of the batch; None where nothing has been yet. Whatever changes its preview takes it away."""
    kept = ImportEffect.objects.filter(batch=batch).first()
    return Foretold.restored(kept.told) if kept else None


@wide()
@signed
def foretell_batch(batch: ImportBatch, *, by: User | None, progress: Progress = unwatched) -> ImportBatch:
    """Tell what writing the staged batch would do, on its day and on the year-ends of its communes, and keep it.

    Raises what `commit` raises, but for alarms, which are tried as if they were accepted.
    """
    take_turns()  # as whoever writes does, before the batch: who took them the other way round would wait for ever
    batch = lock_batch(batch, ImportBatch.State.STAGED)
    if not ImportEffect.objects.filter(batch=batch).exists():
        units = units_of(batch)
        before, after = _reviewed(batch, units), {}

        def write() -> None:
            commit(ImportBatch.objects.get(pk=batch.pk), by=by, accepts_alarms=True, progress=progress)
            after.update(_reviewed(batch, units))

        told = foretell(write, days=_days(batch, units), criterion=Criterion.objects.get(code=CRITERION), units=units)
        moved = {code: [number, after[code]] for code, number in before.items() if after[code] != number}
        ImportEffect.objects.create(batch=batch, told=told.as_json() | {REVIEW: moved})
    return batch


def _reviewed(batch: ImportBatch, units: Collection[int]) -> dict[str, int]:
    """How often each check is found on the day of the batch in the communes that it speaks of, as the rows are now."""
    assert batch.as_of is not None
    communes = set(units) if batch.unit is None else set(units_below(batch.unit, batch.as_of))
    return review_counts(batch.as_of, communes, now=batch.as_of)


def units_of(batch: ImportBatch) -> set[int]:
    """The units that a batch speaks of: the one it is limited to, else the communes of its rows."""
    return _units(batch.unit, set(batch.rows.exclude(unit=None).order_by().values_list("unit_id", flat=True)))


def _units(unit: Unit | None, communes: Collection[int]) -> set[int]:
    return {unit.pk} if unit else set(communes)


def _days(batch: ImportBatch, units: Collection[int]) -> list[date]:
    """The day of the batch, and the year-ends on which there are data of its communes."""
    assert batch.as_of is not None
    communes = batch.rows.exclude(unit=None).values("unit")
    first = RosterDay.objects.filter(unit__in=communes).aggregate(first=Min("day"))["first"]
    if first is None:
        return [batch.as_of]
    return [batch.as_of, *(end for end in year_ends_with_data(date.max) if end >= min(first, batch.as_of))]


# The command line


def effect_of_dry_run(read: ReadFile, *, by: User | None) -> dict[str, Any]:
    """Before and after, as `import_roster --json` prints it, of a file that is not written."""
    told = foretell(
        lambda: write_file(read, by=by, accepts_alarms=True, keeps_file=False),
        days=[read.day],
        criterion=Criterion.objects.get(code=CRITERION),
        units=_units(read.unit, communes_of(read)),
    )
    (day,) = told.days
    return {"before": _rate_json(day.before), "after": _rate_json(day.after)}


def with_effect(read: ReadFile, write: Callable[[], ImportBatch]) -> tuple[ImportBatch, dict[str, Any]]:
    """Write a file and say what came of it: before and after, as `import_roster --json` prints it."""
    units = _units(read.unit, communes_of(read))
    with transaction.atomic():
        before = _rate(read.day, units)
        batch = write()
        return batch, {"before": _rate_json(before), "after": _rate_json(_rate(read.day, units))}


def _rate(day: date, units: Collection[int]) -> Rate:
    posts = judged(day, criterion=Criterion.objects.get(code=CRITERION)).filter(
        Q(unit__in=units) | Q(district__in=units)
    )
    counts = posts.exclude(verdict=None).order_by().values_list("verdict").annotate(Count("pk"))
    return sum((rate_of(people, Verdict(verdict)) for verdict, people in counts), NOBODY)


def _rate_json(rate: Rate) -> dict[str, Any]:
    figures = figures_of(rate)
    return {name: figures[name] for name in ("total", "compliant", "rate")}
