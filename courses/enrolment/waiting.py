"""The waiting list of a class: in which order its people get seats.

The places in the list are those of the nominations, first come first served between units. Who of a unit takes the
unit's places first is the unit's own choice (`own_order`); whom it has not placed yet comes behind, as nominated.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import User
from cadres.walls import wide
from courses.models import Enrolment, TrainingClass
from courses.seats import lock_class, with_district


@wide()
def waiting_in_turn(training_class: TrainingClass) -> list[Any]:
    """The enrolments that wait, who is next first, each with `district_id`: the unit whose seats it takes."""
    waiting = with_district(training_class.enrolments.filter(state=Enrolment.State.WAITING), training_class)
    queued: list[Any] = list(waiting.order_by("queued_at", "pk"))
    turns = {unit: iter(people) for unit, people in _by_unit(queued).items()}
    return [next(turns[enrolment.district_id]) for enrolment in queued]


def _by_unit(queued: Sequence[Any]) -> dict[int | None, list[Any]]:
    """Unit → those of it in the unit's own order; `queued` are in the order of nomination, or of an earlier answer."""
    units: dict[int | None, list[Any]] = {}
    for enrolment in queued:
        units.setdefault(enrolment.district_id, []).append(enrolment)
    for people in units.values():
        people.sort(key=lambda enrolment: (enrolment.own_order is None, enrolment.own_order))
    return units


@wide()
@signed
def put_in_turn(training_class: TrainingClass, wanted: Sequence[int], *, by: User | None) -> None:
    """Let those of the keys (enrolments that wait) take the places that they hold among their unit in this order.

    Who is not named keeps the place. Raises ValidationError where one of them waits no longer.
    """
    training_class = lock_class(training_class)
    rank = {key: number for number, key in enumerate(wanted)}
    queued = waiting_in_turn(training_class)
    if rank.keys() - {enrolment.pk for enrolment in queued}:
        raise ValidationError("Danh sách chờ vừa thay đổi. Hãy xem lại thứ tự rồi sắp xếp lại.")
    for people in _by_unit(queued).values():
        named = iter(sorted((one for one in people if one.pk in rank), key=lambda one: rank[one.pk]))
        ordered = [next(named) if one.pk in rank else one for one in people]
        for number, enrolment in enumerate(ordered, 1):
            enrolment.own_order = number
        if any(one.pk in rank for one in people):
            Enrolment.objects.bulk_update(ordered, ["own_order"])
