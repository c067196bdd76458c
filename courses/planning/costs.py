"""What training may cost: the cost norms of a day, and what a class of so many trainees comes to by them."""

from dataclasses import dataclass, field
from datetime import date

from courses.models import CostNorm, Programme


@dataclass(frozen=True)
class Norms:
    """The cost norms in force on one day, in đồng a trainee-day: those of single programmes, and those of kinds."""

    day: date
    of_programmes: dict[int, int] = field(default_factory=dict)  # by the programme's key
    of_kinds: dict[str, int] = field(default_factory=dict)  # by Programme.Kind

    def per_trainee_day(self, programme: Programme) -> int | None:
        """Đồng for one trainee on one day; None where neither the programme nor its kind has a norm that day.

        The norm that names the programme wins over the one of its kind.
        """
        own = self.of_programmes.get(programme.pk)
        return own if own is not None else self.of_kinds.get(programme.kind)


def norms_on(day: date) -> Norms:
    """The cost norms in force on the day, read with one query."""
    norms = Norms(day)
    for norm in CostNorm.objects.as_of(day):
        if norm.programme_id is not None:
            norms.of_programmes[norm.programme_id] = norm.per_trainee_day
        else:
            norms.of_kinds[norm.kind] = norm.per_trainee_day
    return norms


def estimate(programme: Programme, trainees: int, norms: Norms) -> int:
    """What so many trainees of the programme come to, in đồng: study days × trainees × norm.

    Without a norm nothing can be said, and the answer is 0: the caller tells by `norms.per_trainee_day(programme)`.
    """
    return programme.days * trainees * (norms.per_trainee_day(programme) or 0)
