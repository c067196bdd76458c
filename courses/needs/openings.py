"""From a need to the classes that close it: those that take nominations, with the seats they have left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from courses.models import TrainingClass
from courses.needs.computed import Need
from courses.seats import taken_seats, takes_nominations


@dataclass(frozen=True)
class Opening:
    """A class that takes nominations on the day, and how many seats it has left."""

    training_class: TrainingClass
    left: int

    def __str__(self) -> str:
        seats = f"còn {self.left} chỗ" if self.left else "hết chỗ, vào danh sách chờ"
        return f"{self.training_class.code}, khai giảng {self.training_class.start_date:%d/%m/%Y}, {seats}"


def openings_for(needs: Iterable[Need], day: date) -> list[tuple[Need, list[Opening]]]:
    """Each need, in its order, with the open classes of the programmes that close it, the nearest start first.

    None for a need that the person studies for already. Two queries, whatever the number of needs.
    """
    needs = list(needs)
    wanted = {programme.pk for need in needs if not need.study for programme in need.programmes}
    classes = TrainingClass.objects.filter(takes_nominations(day), programme__in=wanted).order_by("start_date", "code")
    open_now = list(classes) if wanted else []
    taken = taken_seats(one.pk for one in open_now) if open_now else {}
    of_programme: dict[Any, list[Opening]] = {}
    for one in open_now:
        opening = Opening(one, max(one.seats - taken.get(one.pk, (0, 0))[0], 0))
        of_programme.setdefault(one.programme_id, []).append(opening)
    return [
        (
            need,
            []
            if need.study
            else [found for programme in need.programmes for found in of_programme.get(programme.pk, ())],
        )
        for need in needs
    ]
