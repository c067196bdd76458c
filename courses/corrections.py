"""Papers of training put right: what had been printed before is named beside it, and stays in the history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.timezone import localtime

from cadres.effect import Effect
from cadres.forms import CorrectionForm
from cadres.history.words import Line, told, who
from cadres.models import Act, Change

TEMPLATE = "courses/correction.html"  # of the page of a correction


@dataclass(frozen=True)
class Correction:
    """One correction of a paper: what was printed before and what is now, when, by whom and why."""

    on: date
    by: str
    reason: str
    lines: tuple[Line, ...]


def corrections_of(papers: Iterable[Model]) -> dict[int, list[Correction]]:
    """Key of each of these rows of one table that was corrected → its corrections, the first first. Three queries."""
    keyed = {paper.pk: paper for paper in papers}
    found: dict[int, list[Correction]] = defaultdict(list)
    if not keyed:
        return found
    changes = Change.objects.filter(
        table_name=next(iter(keyed.values()))._meta.db_table,
        key__in=keyed,
        operation=Change.Operation.UPDATED,
        act__kind=Act.Kind.CORRECTION,
    )
    for change in told(changes.select_related("act__user").order_by("pk")):
        act = change.change.act
        found[change.change.key].append(Correction(localtime(act.at).date(), who(act), act.reason, change.lines))
    return found


def ask_to_confirm(form: CorrectionForm, *, day: date, effect: Effect | None = None) -> None:
    """Show what a correction of a paper changes, until it has been seen; raises ValidationError then.

    `effect` is that on a person's verdict; without one the paper is in no verdict.
    """
    form.ask_for(effect or Effect(day, None, None, changes=form.changes(), is_judged=False))
