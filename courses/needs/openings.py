"""From a need to the classes that close it: those that take nominations, with the seats they have left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from courses.models import Programme, TrainingClass
from courses.modules import progress_of
from courses.seats import taken_seats, takes_nominations
from courses.under_way import Study


class Closable(Protocol):
    """A need of whatever source: whose it is, what closes it, what the person studies already."""

    @property
    def official_id(self) -> int: ...
    @property
    def programmes(self) -> tuple[Programme, ...]: ...
    @property
    def study(self) -> Study | None: ...


N = TypeVar("N", bound=Closable)


@dataclass(frozen=True)
class Opening:
    """A class that takes nominations on the day, and how many seats it has left."""

    training_class: TrainingClass
    left: int

    def __str__(self) -> str:
        return f"{self.training_class.code}, khai giảng {self.training_class.start_date:%d/%m/%Y}, {self.seats_told}"

    @property
    def seats_told(self) -> str:
        return f"còn {self.left} chỗ" if self.left else "hết chỗ, vào danh sách chờ"


def openings_for(needs: Iterable[N], day: date) -> list[tuple[N, list[Opening]]]:
    """Each need, in its order, with the open classes of the programmes that close it, the nearest start first.

    None for a need that the person studies for already, and no class of modules that the person has finished. Two
    queries, where a class teaches modules four, whatever the number of needs.
    """
    needs = list(needs)
    wanted = {programme.pk for need in needs if not need.study for programme in need.programmes}
    classes = TrainingClass.objects.filter(takes_nominations(day), programme__in=wanted).order_by("start_date", "code")
    open_now = list(classes.prefetch_related("modules")) if wanted else []
    taken = taken_seats(one.pk for one in open_now) if open_now else {}
    in_modules = {one.programme_id for one in open_now if one.own_modules}
    begun = progress_of((need.official_id for need in needs), in_modules) if in_modules else {}
    of_programme: dict[int, list[Opening]] = {}
    for one in open_now:
        opening = Opening(one, max(one.seats - taken.get(one.pk, (0, 0))[0], 0))
        of_programme.setdefault(one.programme_id, []).append(opening)

    def of(need: N) -> list[Opening]:
        found = []
        for programme in () if need.study else need.programmes:
            told = begun.get((need.official_id, programme.pk))
            done = {item.module for item in told.finished} if told else set()
            for opening in of_programme.get(programme.pk, ()):
                own = opening.training_class.own_modules
                if not own or not done.issuperset(own):
                    found.append(opening)
        return found

    return [(need, of(need)) for need in needs]
