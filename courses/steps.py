"""The one way an enrolment changes its state: the rows are written and what happened is noted beside them."""

from collections.abc import Iterable
from typing import Any

from cadres.history import act, signed
from cadres.models import User
from courses.models import Enrolment, EnrolmentStep


@signed
def move(enrolments: Iterable[Enrolment], state: str, *, by: User | None, note: str = "", **columns: Any) -> int:
    """Bring enrolments into a state, and set `columns` of all of them; returns how many.

    The caller has looked at the state before, and holds the lock on the class where seats depend on it.
    """
    enrolments = list(enrolments)
    for enrolment in enrolments:
        for column, value in {"state": state, **columns}.items():
            setattr(enrolment, column, value)
    keys = [enrolment.pk for enrolment in enrolments]
    Enrolment.objects.filter(pk__in=keys).update(state=state, **columns)
    note_steps(enrolments, by=by, note=note)
    return len(enrolments)


def note_steps(enrolments: Iterable[Enrolment], *, by: User | None, note: str = "") -> None:
    """Note the state that each of the enrolments is in now."""
    with act(by=by):
        EnrolmentStep.objects.bulk_create(
            EnrolmentStep(enrolment=enrolment, state=enrolment.state, by=by, note=note) for enrolment in enrolments
        )
